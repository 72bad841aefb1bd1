"""Whether newly fetched figures can be true: what is impossible refuses a refresh, what is unlikely is told.

The rules with examples, and what was measured to choose their limits: docs/verversen-controles.md.
"""

from __future__ import annotations

import pandas as pd

from monitor.definitions import Definitions
from monitor.definitions.statline import live_specs
from monitor.refresh.models import Notice, Severity
from monitor.refresh.plausible_case import Case, of_indicators, of_quantities
from monitor.refresh.plausible_cover import coverage, unknown_areas
from monitor.refresh.plausible_jumps import jumps, shifts, units
from monitor.refresh.plausible_ranges import ranges, twice
from monitor.refresh.plausible_totals import means, sums

_QUANTITY = ["quantity", "area", "year", "value"]
_ORDER: dict[Severity, int] = {"onmogelijk": 0, "onwaarschijnlijk": 1, "opmerking": 2}


def examine(
    definitions: Definitions,
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    quantities_before: pd.DataFrame | None = None,
    quantities_after: pd.DataFrame | None = None,
    areas: pd.DataFrame | None = None,
) -> tuple[Notice, ...]:
    """Hold newly fetched figures against the old ones, against their units, and against CBS's own totals.

    Args:
        definitions: what the figures are.
        before: published rows (``store.OBSERVATION_COLUMNS``) of the edition in force that would give way.
        after: the rows that would take their place, of the same indicators.
        quantities_before: quantity, area, year, value: those of the edition in force. They are the weights too.
        quantities_after: those that were fetched, for the same area and year in place of the old ones.
        areas: the layout of municipalities, as in an edition; without it there are no names, no provinces to hold
            sums against, and no unknown municipalities.

    Returns:
        What was found, the impossible first, in the order of the definitions. Empty when all is well.
    """
    empty = pd.DataFrame(columns=_QUANTITY).astype({"year": "int64", "value": "float64"})
    old_counts = empty if quantities_before is None else quantities_before[_QUANTITY]
    new_counts = empty if quantities_after is None else quantities_after[_QUANTITY]
    fetched = old_counts["quantity"].isin(set(new_counts["quantity"].astype(str)))
    own = of_indicators(definitions, before, after, areas)
    counts = of_quantities(definitions, old_counts[fetched], new_counts, areas)
    found = _of_one(definitions, own, after[after["indicator"].isin(set(own.subjects))], "indicator", areas)
    counted = new_counts[new_counts["quantity"].isin(set(counts.subjects))]
    found += _once(definitions, found, _of_one(definitions, counts, counted, "quantity", areas), counts)
    layout = _layout(after) if areas is None else areas
    together = _in_place(old_counts, new_counts)
    found += means(definitions, own, (before, after), (old_counts if len(old_counts) else together, together), layout)
    place = {name: k for k, name in enumerate([*own.subjects, *counts.subjects])}
    names = {s.name: k for k, s in enumerate([*own.subjects.values(), *counts.subjects.values()])}

    def rank(n: Notice) -> tuple[int, int]:
        return _ORDER[n.severity], place.get(n.indicator, names.get(_figure(n), len(place)))

    return tuple(sorted(found, key=rank))


def _of_one(
    definitions: Definitions, case: Case, rows: pd.DataFrame, key: str, areas: pd.DataFrame | None
) -> list[Notice]:
    found = [*twice(case, rows, key), *ranges(case, rows, key)]
    others = units(case)
    found += [*coverage(case, definitions), *unknown_areas(case), *others]
    # With another unit everything jumps.
    told = {_figure(n) for n in others}
    found += [n for n in (*jumps(case), *shifts(case)) if _figure(n) not in told]
    provinces = {}
    if areas is not None:
        municipal = areas[areas["level"] == "gemeente"]
        provinces = dict(zip(municipal["area"].astype(str), municipal["province"].astype(str), strict=True))
    since = max((int(r.date[:4]) for r in definitions.layout.reorganisations), default=0)
    return [*found, *sums(case, provinces, since)]


def _once(definitions: Definitions, told: list[Notice], found: list[Notice], counts: Case) -> list[Notice]:
    """What was found of quantities, without what was told already of the indicator that is the same count.

    The inhabitants of 1 January are an indicator and a weight, read from the same column.
    """
    sums = [i for i in definitions.indicators if i.aggregation.kind == "som"]
    same: dict[str, str] = {}
    for q in (q for q in definitions.quantities if q.id in counts.subjects):
        columns = {(s.table, *s.measures) for s in live_specs(definitions, q)}
        twin = next((i.id for i in sums if columns & {(s.table, *s.measures) for s in live_specs(definitions, i)}), "")
        same[counts.subjects[q.id].name] = twin

    def known(n: Notice) -> bool:
        twin = same.get(_figure(n), "")
        return bool(twin) and any(
            (t.indicator, t.severity, t.area, t.year, _words(t)) == (twin, n.severity, n.area, n.year, _words(n))
            for t in told
        )

    return [n for n in found if not known(n)]


def _words(notice: Notice) -> str:
    """The beginning of what is said of a figure, before any value, which a quantity has with another unit."""
    return notice.text.partition(": ")[2].partition(":")[0].partition("(")[0].rstrip(". ")


def _figure(notice: Notice) -> str:
    """The name of the figure that a notice is about."""
    return notice.text.partition(": ")[0]


def _layout(rows: pd.DataFrame) -> pd.DataFrame:
    """The municipalities that occur, without province or GGD region."""
    codes = sorted({str(a) for a in rows["area"].unique() if str(a).startswith("GM")})
    return pd.DataFrame({"area": codes, "level": "gemeente", "province": "", "ggd": ""})


def _in_place(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Quantities with the new ones in the place of the old ones."""
    if new.empty:
        return old
    both = pd.concat([new.astype({"quantity": str, "area": str}), old.astype({"quantity": str, "area": str})])
    return both.drop_duplicates(["quantity", "area", "year"], ignore_index=True)
