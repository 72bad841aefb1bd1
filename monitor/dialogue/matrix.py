"""All findings held against all figures, per region; and a table of themes by regions made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.assessment import BenchmarkId
from monitor.definitions import Definitions, Finding, Region
from monitor.definitions.models import Theme
from monitor.dialogue.hold import Held, Verdict, hold
from monitor.snapshot.store import Snapshot

# Contradictions first: those are what a board has to talk about.
ORDER: tuple[Verdict, ...] = ("spreken tegen", "bevestigen", "meten niet")


@dataclass(frozen=True)
class Voiced:
    """A finding held against its figures in one region; ``held``: one entry per figure."""

    finding: Finding
    region: Region
    held: tuple[Held, ...]

    @property
    def stance(self) -> Verdict:
        """What the figures together say: one contradiction outweighs confirmations, and those outweigh the rest."""
        return stance(self.held)

    @property
    def mixed(self) -> bool:
        """Whether one figure contradicts what another confirms."""
        return {"spreken tegen", "bevestigen"} <= {h.verdict for h in self.held}


def stance(held: Sequence[Held]) -> Verdict:
    """Sum up verdicts on one finding: the first of ``ORDER`` that occurs; without figures it is not measured."""
    verdicts = {h.verdict for h in held}
    return next((v for v in ORDER if v in verdicts), "meten niet")


def hold_all(
    definitions: Definitions,
    snapshot: Snapshot,
    benchmark: BenchmarkId = "nederland",
    findings: Iterable[Finding] | None = None,
) -> tuple[Voiced, ...]:
    """Hold every finding against its figures in every region that it concerns.

    Args:
        definitions: regions and figures.
        snapshot: the edition in force.
        benchmark: what a level is compared with.
        findings: to hold; the definitions' own when None.
    """
    asked = definitions.findings if findings is None else findings
    return tuple(
        Voiced(f, r, hold(definitions, snapshot, f, r, benchmark))
        for f in asked
        for r in definitions.regions
        if f.concerns(r.id)
    )


@dataclass(frozen=True)
class Line:
    """A theme: per region how many findings the figures contradict, confirm and do not measure.

    ``total``: each finding once over all regions: contradicted in at least one of them, else confirmed in at least
    one, else not measured.
    """

    theme: Theme
    cells: Mapping[str, Counter[Verdict]]
    total: Counter[Verdict]


def by_theme(definitions: Definitions, voiced: Sequence[Voiced]) -> tuple[Line, ...]:
    """Count findings per theme and region; a finding counts under each of its themes.

    Returns:
        Themes with at least one finding, those with most contradictions (over all regions) first.
    """
    lines = []
    for theme in definitions.themes:
        own = [v for v in voiced if theme.id in v.finding.themes]
        if not own:
            continue
        cells = {r.id: Counter(v.stance for v in own if v.region.id == r.id) for r in definitions.regions}
        lines.append(Line(theme, cells, Counter(s for _, s in over_regions(own))))
    return tuple(sorted(lines, key=lambda x: -sum(c["spreken tegen"] for c in x.cells.values())))


def over_regions(voiced: Sequence[Voiced]) -> tuple[tuple[Finding, Verdict], ...]:
    """One verdict per finding over all its regions, in the order of the findings."""
    held: dict[str, list[Held]] = {}
    findings: dict[str, Finding] = {}
    for v in voiced:
        findings[v.finding.id] = v.finding
        held.setdefault(v.finding.id, []).extend(v.held)
    return tuple((findings[k], stance(h)) for k, h in held.items())


def regions_by_verdict(voiced: Sequence[Voiced], finding: str, indicator: str) -> dict[Verdict, list[Region]]:
    """Where one figure contradicts, confirms or does not measure one finding."""
    found: dict[Verdict, list[Region]] = {v: [] for v in ORDER}
    for v in voiced:
        if v.finding.id == finding:
            for h in v.held:
                if h.indicator == indicator:
                    found[h.verdict].append(v.region)
    return found
