"""The proposal for a pack: which figures of a region and its goals go in when nobody has chosen yet, by one rule."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor import assessment as asm
from monitor import profile
from monitor.definitions import Region
from monitor.export.basket import Basket, Item
from monitor.export.pack import Materials
from monitor.export.reference import Reference
from monitor.profile import Standing
from monitor.state import State

# Seven figures make twelve slides, with title, summary, number and voice, questions and sources.
STRIPS, LINES = 4, 2
RULE = (
    "Hoe gekozen: alleen kerncijfers. Eerst het cijfer dat het verst van de vergelijking ligt, op de kaart. Van de "
    f"andere de {STRIPS} die het verst afwijken, met hun gemeenten; bij alle doelen samen zoveel mogelijk verdeeld "
    f"over de doelen. Dan {LINES} cijfers door de jaren: waar de verandering zeker en groot genoeg is gaat voor, "
    "daarna waar de meeste jaren te vergelijken zijn. Afwijkingen zijn gemeten in de spreiding tussen de 40 "
    "COROP-gebieden."
)


def basket_for(
    materials: Materials, region: str, goal: int | None = None, benchmark: asm.BenchmarkId = "nederland"
) -> Basket:
    """Propose a basket by ``RULE``.

    Args:
        materials: definitions and edition.
        region: slug.
        goal: 1, 2 or 3; None for all goals.
        benchmark: what is compared with.

    Raises:
        UnknownName: the region does not exist.
    """
    d, s = materials.definitions, materials.snapshot
    chosen = d.region(region)
    against = {chosen.id: profile.against(chosen, benchmark, s)}
    held = profile.profiles(d, s, {chosen.id: chosen.codes}, against, materials.panel)
    core = [x for x in held[chosen.id] if x.indicator.core and (goal is None or goal in x.indicator.goals)]
    far = sorted(core, key=_far)
    compare = asm.in_link(benchmark)
    mapped = far[:1] if far and not math.isnan(far[0].distance) else []
    rest = far[len(mapped) :]
    made = [_map(x) for x in mapped]
    made += [_strip(chosen, x, compare) for x in _spread(rest, goal is None)]
    made += [_line(chosen, x, compare) for x in sorted(rest, key=_course)[:LINES]]
    return Basket(chosen.id, goal, benchmark, items=tuple(Item(r) for r in made))


def _far(s: Standing) -> float:
    """Furthest from the benchmark first, what is not judged last."""
    return math.inf if math.isnan(s.distance) else -abs(s.distance)


def _course(s: Standing) -> tuple[bool, int]:
    """What changed for certain first, then what can be followed longest."""
    return s.course.movement not in ("gestegen", "gedaald"), -s.course.points


def _spread(far: Sequence[Standing], over_goals: bool) -> list[Standing]:
    """The furthest ones; over all goals, the furthest of each goal before the second of any."""
    if not over_goals:
        return list(far[:STRIPS])
    seen: dict[int, int] = {}
    ranked = []
    for k, s in enumerate(far):
        goal = min(s.indicator.goals)
        seen[goal] = seen.get(goal, 0) + 1
        ranked.append((seen[goal], k, s))
    return [s for _, _, s in sorted(ranked, key=lambda r: r[:2])[:STRIPS]]


def _map(s: Standing) -> Reference:
    return Reference(State("kaart", (), s.indicator.id, s.year, "gemeenten").link())


def _strip(region: Region, s: Standing, compare: str | None) -> Reference:
    return Reference(State("regio", (region.id,), s.indicator.id, s.year, None, compare).link())


def _line(region: Region, s: Standing, compare: str | None) -> Reference:
    return Reference(State("trends", (region.id,), s.indicator.id, None, None, compare).link())
