"""What the checks look at: old and new figures laid beside each other, and the words to tell of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from monitor import sentences
from monitor.definitions import Definitions, Indicator
from monitor.definitions.models import Quantity, Unit
from monitor.definitions.statline import live_specs
from monitor.notation import UNIT_LABELS, difference, listing, number
from monitor.refresh.models import Notice, Severity
from monitor.statistics.aggregate import Bools, Floats

# So many areas are told in one sentence; the others are counted.
MOST = 3
# What is smaller is no difference: an edition keeps nine decimals.
NOISE = 1e-9

# Which figures may lie below zero, and why; any other that has been below zero before may be so again.
BELOW_ZERO = {
    "bevolkingsgroei": "een gemeente kan krimpen",
    "natuurlijke-aanwas": "er kunnen meer mensen sterven dan er geboren worden",
    "binnenlands-verhuissaldo": "er kunnen meer mensen vertrekken dan er komen",
    "buitenlands-migratiesaldo": "er kunnen meer mensen vertrekken dan er komen",
    "mediaan-vermogen": "een huishouden kan meer schuld hebben dan bezit",
}


@dataclass(frozen=True)
class Subject:
    """An indicator or a quantity, as far as the checks care.

    ``unit``: None for a quantity, which ``spoken`` counts. ``kind``: aggregation class. ``table``: source id.
    ``indicator``: id, '' for a quantity. ``below_zero``: whether its values may be.
    """

    id: str
    name: str
    unit: Unit | None
    spoken: str
    decimals: int
    kind: str
    table: str
    indicator: str
    breaks: tuple[int, ...]
    below_zero: bool
    show: Callable[[float], str]

    @property
    def step(self) -> float:
        """The smallest difference that the figure shows."""
        return float(10.0**-self.decimals)

    def difference(self, value: float) -> str:
        """A difference with sign and unit."""
        if self.unit is not None:
            return difference(value, self.unit, self.decimals)
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{self.show(abs(value))}"

    def notice(self, severity: Severity, text: str, area: str = "", year: int | None = None) -> Notice:
        """A notice about this figure; ``text`` follows its name and a colon."""
        return Notice(severity, self.table, f"{self.name}: {text}", self.indicator, area, year)


@dataclass(frozen=True, eq=False)
class Cells:
    """Old and new values on one grid.

    ``names``, ``years``: of each row, ordered by both; ``areas``: of each column, with ``levels`` (first two letters
    of the code). ``before``, ``after``: (rows, columns), NaN where there is no value. ``sources``: per name the tables.
    """

    names: tuple[str, ...]
    years: np.ndarray
    areas: tuple[str, ...]
    before: Floats
    after: Floats

    @cached_property
    def levels(self) -> np.ndarray:
        """The level of each column: 'GM', 'PV', 'GG', 'NL'."""
        return np.array([a[:2] for a in self.areas])

    @cached_property
    def spans(self) -> dict[str, slice]:
        """Where the rows of each name stand, in order of year."""
        starts = [k for k, n in enumerate(self.names) if k == 0 or n != self.names[k - 1]]
        ends = [*starts[1:], len(self.names)]
        return {self.names[a]: slice(a, b) for a, b in zip(starts, ends, strict=True)}

    @cached_property
    def municipal(self) -> Bools:
        """Which columns are municipalities."""
        found: Bools = self.levels == "GM"
        return found

    @cached_property
    def fresh(self) -> Bools:
        """Where the new edition has a value that the old one does not have."""
        found: Bools = ~np.isnan(self.after) & ~(np.abs(self.after - self.before) <= NOISE)
        return found


def lay(before: pd.DataFrame, after: pd.DataFrame, key: str) -> Cells:
    """Lay two frames on one grid.

    Args:
        before: ``key``, area, year, value.
        after: the same.
        key: the column that names the figure.
    """
    split = len(before)
    name, names = _factorized(before[key], after[key])
    area, areas = _factorized(before["area"], after["area"])
    year = np.concatenate([f["year"].to_numpy(dtype=np.int64) for f in (before, after)])
    row = name * 10_000 + year
    keys, at = np.unique(row, return_inverse=True)
    sides = []
    for part, frame in ((slice(0, split), before), (slice(split, None), after)):
        values = np.full((len(keys), len(areas)), np.nan)
        values[at[part], area[part]] = frame["value"].to_numpy(dtype=np.float64)
        sides.append(values)
    return Cells(tuple(names[k // 10_000] for k in keys), keys % 10_000, tuple(areas), sides[0], sides[1])


def _factorized(*columns: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Texts of several columns, one after another, as numbers into their alphabetical list."""
    coded = [c.astype("category") for c in columns]
    names = sorted({str(k) for c in coded for k in c.cat.categories})
    place = {n: k for k, n in enumerate(names)}
    parts = [
        np.array([place[str(k)] for k in c.cat.categories], dtype=np.int64)[c.cat.codes.to_numpy()]
        if len(c)
        else np.empty(0, dtype=np.int64)
        for c in coded
    ]
    return np.concatenate(parts), names


@dataclass(frozen=True, eq=False)
class Case:
    """One kind of figures (indicators or quantities) to examine.

    ``subjects``: by name, in the order of the definitions. ``current``: codes of the municipalities that exist, empty
    when unknown. ``called``: area code -> name.
    """

    subjects: Mapping[str, Subject]
    cells: Cells
    called: Mapping[str, str]
    current: frozenset[str]

    def name(self, area: str) -> str:
        """An area by its name, by its code where it has none."""
        return self.called.get(area, area)

    def some(self, areas: Iterable[str], what: str = "gemeenten") -> str:
        """The first areas by name, the others counted."""
        return some([self.name(a) for a in areas], what)


def some(told: Sequence[str], what: str = "gemeenten", most: int = MOST) -> str:
    """The first of some, the others counted: 'A, B, C en nog 12 gemeenten'; the last word in plural."""
    rest = len(told) - most
    if rest <= 0:
        return listing(list(told))
    one = {"gemeenten": "gemeente", "gebieden": "gebied", "cijfers": "cijfer", "jaren": "jaar"}.get(what, what)
    return f"{', '.join(told[:most])} en nog {rest} {one if rest == 1 else what}"


def counted(number_: int, one: str, more: str) -> str:
    """A number of things: '1 gemeente', '12 gemeenten'."""
    return f"1 {one}" if number_ == 1 else f"{number(number_, 0)} {more}"


def of_indicators(
    definitions: Definitions, before: pd.DataFrame, after: pd.DataFrame, areas: pd.DataFrame | None
) -> Case:
    """The case of published rows of indicators; figures that no definition describes are left out."""
    found = set(before["indicator"].astype(str).unique()) | set(after["indicator"].astype(str).unique())
    tables = _tables(before) | _tables(after)
    low = set(before.loc[before["value"] < 0, "indicator"].astype(str).unique())
    subjects = {i.id: _indicator(i, tables.get(i.id, ""), i.id in low) for i in definitions.indicators if i.id in found}
    known = set(subjects)
    # Only the columns that are looked at: what is copied here is large, and memory is scarce at this moment.
    frames = [f.loc[f["indicator"].isin(known), ["indicator", "area", "year", "value"]] for f in (before, after)]
    return Case(subjects, lay(frames[0], frames[1], "indicator"), *_areas(definitions, areas))


def of_quantities(
    definitions: Definitions, before: pd.DataFrame, after: pd.DataFrame, areas: pd.DataFrame | None
) -> Case:
    """The case of quantities; those of an edition on an older layout (a name with '@') are left out."""
    found = set(before["quantity"].astype(str).unique()) | set(after["quantity"].astype(str).unique())
    subjects = {q.id: _quantity(definitions, q) for q in definitions.quantities if q.id in found}
    frames = [f[f["quantity"].isin(set(subjects))] for f in (before, after)]
    return Case(subjects, lay(frames[0], frames[1], "quantity"), *_areas(definitions, areas))


def _tables(rows: pd.DataFrame) -> dict[str, str]:
    one = rows.drop_duplicates("indicator", keep="last")
    return {str(i): str(s) for i, s in zip(one["indicator"], one["source"], strict=True)}


def _indicator(i: Indicator, table: str, was_below: bool) -> Subject:
    def show(value: float) -> str:
        return sentences.shown(i, value) if math.isfinite(value) else "geen getal"

    below = was_below or i.id in BELOW_ZERO
    breaks = tuple(b.year for b in i.breaks)
    spoken = UNIT_LABELS[i.unit]
    kind = i.aggregation.kind
    return Subject(i.id, i.full_name, i.unit, spoken, i.decimals, kind, table, i.id, breaks, below, show)


def _quantity(definitions: Definitions, q: Quantity) -> Subject:
    def show(value: float) -> str:
        return f"{number(value, 0)} {q.unit}" if math.isfinite(value) else "geen getal"

    tables = [s.table for s in (*live_specs(definitions, q), *q.sources)]
    name = q.name[:1].upper() + q.name[1:]
    return Subject(q.id, name, None, q.unit, 0, "som", tables[0] if tables else "", "", (), False, show)


def _areas(definitions: Definitions, areas: pd.DataFrame | None) -> tuple[dict[str, str], frozenset[str]]:
    names = {r.vanished: r.name for r in definitions.layout.reorganisations}
    names |= {m.code: m.name for r in definitions.regions for m in r.members}
    names |= {"NL01": "Nederland"}
    if areas is None:
        return names, frozenset()
    names |= dict(zip(areas["area"].astype(str), areas["name"].astype(str), strict=True))
    return names, frozenset(areas.loc[areas["level"] == "gemeente", "area"].astype(str))
