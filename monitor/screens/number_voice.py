"""What the page Cijfer en verhaal contains: where figures and what was said clash, agree, or pass each other by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Finding, Indicator, Region
from monitor.definitions.models import Expectation
from monitor.dialogue.hold import Verdict
from monitor.dialogue.matrix import ORDER, Line, Voiced, by_theme, over_regions, regions_by_verdict
from monitor.figures.spec import ListFigure, Table
from monitor.snapshot.store import Snapshot
from monitor.state import State

PAGE = "cijfer-en-verhaal"
# What a finding expects of a figure, as it stands after "Verwacht:".
EXPECTED: dict[Expectation, str] = {
    "gunstig": "gunstiger dan {b}",
    "ongunstig": "ongunstiger dan {b}",
    "hoger": "hoger dan {b}",
    "lager": "lager dan {b}",
    "stijgt": "door de jaren gestegen",
    "daalt": "door de jaren gedaald",
    "meet-niet": "meet dit niet",
}
WHY = (
    "Botsen cijfer en verhaal, dan heeft niet één van de twee ongelijk. Het cijfer kan iets anders meten, een "
    "gemiddelde zijn waarin een dorp verdwijnt, of achterlopen op wat mensen nu merken. Het verhaal kan over een ander "
    "deel van de regio gaan. Juist daarover kan een bestuur met inwoners praten."
)


@dataclass(frozen=True)
class Held:
    """One figure of a finding: what is expected of it, and per verdict the regions."""

    indicator: Indicator
    expected: str
    tension: str
    regions: dict[Verdict, list[Region]]


@dataclass(frozen=True)
class Clash:
    """A finding with the figures that decide anything about it somewhere, contradictions first."""

    finding: Finding
    figures: tuple[Held, ...]

    @property
    def places(self) -> int:
        """In how many regions at least one figure contradicts it."""
        return len({r.id for f in self.figures for r in f.regions["spreken tegen"]})


@dataclass(frozen=True)
class NumberVoice:
    """The page. ``counts``: findings per verdict under the present choice.

    Without a region ``clashes`` holds what figures contradict somewhere and ``agreed`` what they only confirm.
    ``chosen``: what is told one by one, contradictions first; ``untold``: findings without a theme, which stand in no
    row of the table; ``tested``: those that expect something of a figure.
    """

    lead: str
    counts: Counter[Verdict]
    clashes: tuple[Clash, ...]
    agreed: tuple[Clash, ...]
    lines: tuple[Line, ...]
    chosen: tuple[Voiced, ...]
    untold: int
    tested: int
    benchmark: str
    figure: ListFigure


def compose_number_voice(
    definitions: Definitions,
    snapshot: Snapshot,
    voiced: Sequence[Voiced],
    state: State,
) -> NumberVoice:
    """Gather the page.

    Args:
        definitions: regions, themes and figures.
        snapshot: the edition in force.
        voiced: every finding held in every region (``matrix.hold_all``) against the benchmark of the state.
        state: region and theme narrow what is told; the table always holds all.
    """
    benchmark = asm.benchmark_id(state.compare)
    region = definitions.region(state.regions[0]) if state.regions else None
    asked = [v for v in voiced if state.theme is None or state.theme in v.finding.themes]
    if region:
        asked = [v for v in asked if v.region.id == region.id]
    name = asm.benchmark_area(region, benchmark, snapshot)[1] if region else asm.BENCHMARK_NAMES[benchmark]
    counts = Counter(verdict for _, verdict in over_regions(asked))
    told = () if region else decided(definitions, asked, name)
    lines = by_theme(definitions, voiced)
    most = lines[0].theme.name if counts["spreken tegen"] and not (region or state.theme) else ""
    return NumberVoice(
        lead=_lead(counts, region, most),
        counts=counts,
        clashes=tuple(c for c in told if c.places),
        agreed=tuple(c for c in told if not c.places),
        lines=lines,
        chosen=ordered(asked) if region else (),
        untold=len({v.finding.id for v in voiced if not v.finding.themes}),
        tested=len({v.finding.id for v in voiced if any(x.expects != "meet-niet" for x in v.finding.indicators)}),
        benchmark=name,
        figure=_figure(definitions, snapshot, asked, state, name),
    )


def _lead(counts: Counter[Verdict], region: Region | None, most: str) -> str:
    total = sum(counts.values())
    if not total:
        return "Bij deze keuze is er geen bevinding."
    where = f"in {region.spoken}" if region else "in ten minste één regio"
    return (
        f"Van {total} bevindingen spreken de cijfers er {counts['spreken tegen']} tegen {where} en bevestigen zij er "
        f"{counts['bevestigen']}. Over {counts['meten niet']} zeggen de cijfers niets."
        f"{f' Het vaakst botst het bij {most.lower()}.' if most else ''}"
    )


@dataclass(frozen=True)
class OneFinding:
    """A finding by itself: held in the chosen region (None without), and what figures decide in any region."""

    own: Voiced | None
    decided: tuple[Clash, ...]


def compose_finding(definitions: Definitions, voiced: Sequence[Voiced], finding: Finding, state: State) -> OneFinding:
    """Gather what the figures say to one finding; ``voiced`` and ``state`` as in ``compose_number_voice``."""
    held = [v for v in voiced if v.finding.id == finding.id]
    own = next((v for v in held if v.region.id in state.regions[:1]), None)
    return OneFinding(own, decided(definitions, held, asm.BENCHMARK_NAMES[asm.benchmark_id(state.compare)]))


def decided(definitions: Definitions, voiced: Sequence[Voiced], benchmark: str) -> tuple[Clash, ...]:
    """Findings that a figure contradicts or confirms somewhere; those contradicted in most regions first.

    Args:
        definitions: the figures.
        voiced: findings held in their regions.
        benchmark: its name, as it stands in a sentence.
    """
    found = []
    for finding in {v.finding.id: v.finding for v in voiced}.values():
        figures = [
            Held(
                definitions.indicator(x.id),
                EXPECTED[x.expects].format(b=benchmark),
                sentences.tension(definitions.tensions(x.id)),
                regions_by_verdict(voiced, finding.id, x.id),
            )
            for x in finding.indicators
            if x.expects != "meet-niet"
        ]
        decided = [f for f in figures if f.regions["spreken tegen"] or f.regions["bevestigen"]]
        if decided:
            found.append(Clash(finding, tuple(sorted(decided, key=lambda f: -len(f.regions["spreken tegen"])))))
    return tuple(sorted(found, key=lambda c: -c.places))


def ordered(voiced: Sequence[Voiced]) -> tuple[Voiced, ...]:
    """Contradictions first, then confirmations; within each, what was said about this region before what is shared."""
    return tuple(sorted(voiced, key=lambda v: (ORDER.index(v.stance), v.finding.common)))


def _figure(
    definitions: Definitions, snapshot: Snapshot, voiced: Sequence[Voiced], state: State, benchmark: str
) -> ListFigure:
    """Everything in a file: one row per finding, region and figure, contradictions first."""
    headers = ("Bevinding", "Soort", "Herkomst", "Regio", "Cijfer", "Verwacht", "De cijfers", "Toelichting", "Bron")
    rows = []
    for v in ordered(voiced):
        f = v.finding
        expected = {x.id: EXPECTED[x.expects].format(b=benchmark) for x in f.indicators}
        for h in sorted(v.held, key=lambda h: ORDER.index(h.verdict)):
            figure = definitions.indicator(h.indicator).full_name if h.indicator else ""
            source = f"{f.source.title}, {f.source.section}"
            said = expected.get(h.indicator, "")
            rows.append((f.title, f.kind, f.origin, v.region.name, figure, said, h.verdict, h.reason, source))
    cells = tuple(rows)
    return ListFigure.of(
        f"cijfer-en-verhaal{''.join(f'-{r}' for r in state.regions[:1])}{f'-{state.theme}' if state.theme else ''}"
        f"{asm.file_suffix(asm.benchmark_id(state.compare))}",
        "Wat er gezegd is, en wat de cijfers erbij zeggen",
        f"Elke bevinding per regio en cijfer, vergeleken met {benchmark}.",
        source="Bron: de stukken in de laatste kolom; cijfers van CBS en anderen, bewerking Regiomonitor",
        edition=snapshot.edition,
        link=state.link(),
        notes=(WHY,),
        content=Table(headers, cells, cells, (False,) * len(headers)),
    )
