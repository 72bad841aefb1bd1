"""What stands out in a region: its clearest differences and changes, by one stated rule, each in a sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Indicator, Region
from monitor.profile import Standing, distance
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import PLAIN
from monitor.statistics.judge import Outcome

MOST, PER_THEME = 5, 2
RULE = (
    "Hoe gekozen: uit alle cijfers, niet alleen die in de tabel hieronder. "
    "Alleen cijfers met een betere kant en een dekking van 80% of meer, en alleen verschillen en "
    f"veranderingen die zeker en groot genoeg zijn. Daarvan staan de {MOST} grootste er, gemeten in de spreiding "
    f"tussen de 40 COROP-gebieden; hoogstens {PER_THEME} per thema, zodat één onderwerp de lijst niet vult."
)


@dataclass(frozen=True)
class Striking:
    """One figure that stands out: ``size`` in standard deviations between COROP regions."""

    indicator: Indicator
    outcome: Outcome
    sentence: str
    size: float
    tension: str = ""


@dataclass(frozen=True)
class Stands:
    """What stands out in a region: differences from the benchmark and changes over the years, clearest first."""

    worse: tuple[Striking, ...]
    better: tuple[Striking, ...]
    worsened: tuple[Striking, ...]
    improved: tuple[Striking, ...]


def compose_striking(
    definitions: Definitions,
    snapshot: Snapshot,
    region: Region,
    standings: Sequence[Standing],
    benchmark: asm.BenchmarkId,
    since: int | None = None,
) -> Stands:
    """Choose what stands out, by ``RULE``."""
    usable = [s for s in standings if s.coverage >= PLAIN and not s.indicator.part_of]

    def said_difference(s: Standing) -> str:
        return sentences.reading(asm.assess(snapshot, s.indicator, region, s.year, benchmark), region)

    def said_change(s: Standing) -> str:
        c = asm.change_of(snapshot, s.indicator, region.id, since)
        ends = [asm.value_of(snapshot, s.indicator, region.id, y).value for y in (c.first, c.last)]
        country = asm.change_of(snapshot, s.indicator, COUNTRY, since)
        told = (sentences.movement(s.indicator, region, c, ends[0], ends[1]), sentences.country_too(c, country))
        return " ".join([f"{s.indicator.caption}.", *(t for t in told if t)])

    def tension(indicator: Indicator) -> str:
        return sentences.tension(definitions.tensions(indicator.id, [region.id]))

    def differences(outcome: Outcome) -> tuple[Striking, ...]:
        found = [(abs(s.distance), s) for s in usable if s.judgement.outcome == outcome]
        return _clearest(found, outcome, said_difference, tension)

    def changes(outcome: Outcome) -> tuple[Striking, ...]:
        found = [
            (change_size(snapshot, s), s) for s in usable if s.course.tone == outcome and _covered(snapshot, region, s)
        ]
        return _clearest(found, outcome, said_change, tension)

    return Stands(
        *(differences(o) for o in ("ongunstiger", "gunstiger")), *(changes(o) for o in ("ongunstiger", "gunstiger"))
    )


def change_size(snapshot: Snapshot, standing: Standing) -> float:
    """How large a judged change is, in standard deviations between COROP regions; NaN when not judged."""
    c = standing.course
    if c.movement == "niet te beoordelen":
        return math.nan
    moved = c.difference if c.slope is None else c.slope.value * (c.last - c.first)
    return abs(distance(snapshot, standing.indicator, moved))


def _covered(snapshot: Snapshot, region: Region, s: Standing) -> bool:
    """Whether all years of a change have the coverage that the rule asks."""
    name, c = s.indicator.id, s.course
    rows = (snapshot.row(name, region.id, y) for y in snapshot.years(name) if c.first <= y <= c.last)
    return all(row["coverage"] >= PLAIN - 1e-6 for row in rows if row and not math.isnan(row["value"]))


def _clearest(
    found: Sequence[tuple[float, Standing]],
    outcome: Outcome,
    tell: Callable[[Standing], str],
    tension: Callable[[Indicator], str],
) -> tuple[Striking, ...]:
    taken: Counter[str] = Counter()
    made = []
    for size, s in sorted((p for p in found if not math.isnan(p[0])), key=lambda p: -p[0]):
        if taken[s.indicator.theme] == PER_THEME:
            continue
        taken[s.indicator.theme] += 1
        made.append(Striking(s.indicator, outcome, tell(s), size, tension(s.indicator)))
        if len(made) == MOST:
            break
    return tuple(made)
