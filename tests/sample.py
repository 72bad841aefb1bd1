"""A few of the many indicators: so chosen that every kind occurs, so that a test need not try them all."""

from __future__ import annotations

from functools import cache

from monitor.definitions import Indicator
from tests.spec_table import definitions, edition


def kinds(i: Indicator) -> set[tuple[str, object]]:
    """What makes an indicator behave, or look, other than another."""
    snapshot = edition()
    years = snapshot.years(i.id)
    regions = [r.id for r in definitions().regions]
    last = snapshot.indicator(i.id)
    last = last[(last["year"] == years[-1]) & last["area"].isin(regions) & last["value"].notna()]
    return {
        ("unit", i.unit),
        ("class", i.aggregation.kind),
        ("method", i.method),
        ("direction", i.direction),
        ("decimals", i.decimals),
        ("break", any(years[0] < b.year <= years[-1] for b in i.breaks)),
        ("years", min(len(years), 3)),
        ("age group", i.part_of is not None),
        ("no trend", i.no_trend is not None),
        ("judged as", i.judge_as),
        ("regions", "none" if last.empty else "some" if len(last) < len(regions) else "all"),
        ("survey with a break", i.method == "enquete" and bool(i.breaks)),
    }


@cache
def by_kind() -> tuple[Indicator, ...]:
    """The fewest indicators, chosen one by one, that together are of every kind there is."""
    of = {i.id: kinds(i) for i in definitions().indicators}
    missing = set().union(*of.values())
    chosen: list[Indicator] = []
    while missing:
        chosen.append(max(definitions().indicators, key=lambda i: len(of[i.id] & missing)))
        missing -= of[chosen[-1].id]
    return tuple(chosen)
