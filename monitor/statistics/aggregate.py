"""Add municipal figures up to regions: four classes, coverage, intervals.

``add_up`` is the one place where this happens: on dense arrays, a row per figure and year, a column per
municipality. It makes the 11 regions, COROP regions, provinces and any region that a user composes, for one figure
(``aggregate``) or for all at once (``panel.Panel``); ``layout.to_current`` does the step before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitor.definitions.models import AggregationClass
from monitor.errors import Refused, UnknownName
from monitor.nearest import nearest

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PLAIN, LIMITED = 0.8, 0.5
Z95 = 1.959963984540054
REGIONAL = ["area", "year", "value", "lower", "upper", "coverage", "members", "missing", "weight_year"]
# Coverage is a sum of floats: 0.5 exactly must not fail by its last digit.
_EPS = 1e-9


def coverage_word(coverage: float) -> str:
    """Return 'volledig', 'beperkt' or 'te laag' for a coverage between 0 and 1."""
    if coverage >= PLAIN - _EPS:
        return "volledig"
    return "beperkt" if coverage >= LIMITED - _EPS else "te laag"


def check_composition(composition: Mapping[str, Sequence[str]], known: Sequence[str] | set[str]) -> None:
    """Refuse a composition with a municipality that no figure knows.

    Raises:
        UnknownName: names the code and the region.
        Refused: the composition is empty or names a municipality twice.
    """
    valid = set(known)
    for region, codes in composition.items():
        if not codes:
            raise Refused(f"Regio '{region}' heeft geen gemeenten.", "Voeg minstens één gemeente toe.")
        if len(set(codes)) != len(codes):
            raise Refused(f"Regio '{region}' noemt een gemeente twee keer.", "Haal de dubbele weg.")
        for code in codes:
            if code not in valid:
                near = nearest(code, sorted(valid), most=3, alike=0.7)
                hint = f"Bedoelde u {', '.join(near)}?" if near else "Gebruik codes van de indeling 2023-2026."
                raise UnknownName(f"Gemeente {code} in '{region}' komt in geen enkel cijfer voor.", hint)


_ROWS = 200


@dataclass(frozen=True)
class Membership:
    """Which columns (municipalities) make up which area."""

    areas: tuple[str, ...]
    columns: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, composition: Mapping[str, Sequence[str]], municipalities: Sequence[str]) -> Membership:
        """Look up the municipalities of each area among the columns.

        Raises:
            KeyError: a municipality has no column.
        """
        place = {code: k for k, code in enumerate(municipalities)}
        columns = [place[c] for codes in composition.values() for c in codes]
        sizes = [len(codes) for codes in composition.values()]
        return cls(tuple(composition), np.array(columns, dtype=np.intp), np.cumsum([0, *sizes[:-1]], dtype=np.intp))

    def sums(self, numbers: NDArray[np.generic]) -> Floats:
        """Sum the columns of each area: (rows, municipalities) -> (rows, areas); always in the same order."""
        found: Floats = np.empty((len(numbers), len(self.starts)))
        # A few rows at a time: a municipality stands in several areas, so all rows at once would take a lot of memory.
        for first in range(0, len(numbers), _ROWS):
            part = slice(first, first + _ROWS)
            np.add.reduceat(numbers[part][:, self.columns], self.starts, axis=1, dtype=np.float64, out=found[part])
        return found

    def any(self, marks: Bools) -> Bools:
        """Whether any column of each area is marked."""
        found: Bools = np.logical_or.reduceat(marks[:, self.columns], self.starts, axis=1)
        return found

    def members(self, area: int) -> NDArray[np.intp]:
        """Columns of one area."""
        ends = np.append(self.starts[1:], len(self.columns))
        return self.columns[self.starts[area] : ends[area]]


@dataclass(frozen=True)
class Rows:
    """Municipal figures to add up: a row per figure and year, a column per municipality; NaN is unknown.

    ``value`` is the figure, or for ``verhouding`` its numerator; ``weight`` the weight, the denominator, or for
    ``som`` the inhabitants (for the coverage only). ``se``: standard errors, NaN without. ``weighted`` and ``ratio``
    say per row which class it has (neither: ``som``). ``factor``, ``low`` and ``high`` (bounds): per row.
    """

    value: Floats
    weight: Floats
    se: Floats
    weighted: Bools
    ratio: Bools
    factor: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Added:
    """What ``add_up`` gives, all of shape (rows, areas) except ``absent`` (rows, municipalities).

    ``known``: how many municipalities have a value.
    """

    value: Floats
    lower: Floats
    upper: Floats
    coverage: Floats
    absent: Bools
    has_weight: Bools
    known: Floats


def add_up(rows: Rows, membership: Membership) -> Added:
    """Add figures up to areas; see ``aggregate`` for the rules."""
    has: Bools = np.isfinite(rows.value) & np.isfinite(rows.weight)
    w = np.where(has, rows.weight, 0.0)
    weighted: Bools = rows.weighted[:, None]
    share = np.where(weighted, w, 1.0)
    carried = membership.sums(w)
    total = membership.sums(np.nan_to_num(rows.weight))
    top = membership.sums(np.where(has, np.nan_to_num(rows.value) * share, 0.0))
    no_weight = membership.any(np.isnan(rows.weight))
    absent_any = membership.any(np.logical_not(has))
    with np.errstate(divide="ignore", invalid="ignore"):
        # A member without a weight makes the coverage unknown; counting it as nothing would flatter it.
        coverage = np.where(~no_weight & (total > 0), carried / total, 0.0)
        mean = np.where(carried > 0, top / carried, np.nan)
    summed = np.where(absent_any, np.nan, top)
    value = np.where(weighted, mean, np.where(rows.ratio[:, None], rows.factor[:, None] * mean, summed))
    value = np.where(coverage >= LIMITED - _EPS, value, np.nan)
    lower = upper = np.full_like(value, np.nan)
    surveyed: Bools = np.asarray(np.isfinite(rows.se).any(axis=1))
    if surveyed.any():
        variance = membership.sums(np.where(has, (share * np.nan_to_num(rows.se)) ** 2, 0.0))
        unsure = membership.any(has & np.isnan(rows.se))
        with np.errstate(divide="ignore", invalid="ignore"):
            half = Z95 * np.sqrt(variance) / np.where(weighted, carried, 1.0)
        half = np.where(unsure | np.logical_not(surveyed)[:, None], np.nan, half)
        lower = np.clip(value - half, rows.low[:, None], rows.high[:, None])
        upper = np.clip(value + half, rows.low[:, None], rows.high[:, None])
    absent: Bools = np.logical_not(has)
    return Added(value, lower, upper, coverage, absent, membership.any(~np.isnan(rows.weight)), membership.sums(has))


def missing_codes(
    added: Added, membership: Membership, municipalities: Sequence[str], row: int, area: int
) -> tuple[str, ...]:
    """Codes of an area's municipalities that have no value or weight, in order."""
    columns = membership.members(area)
    return tuple(sorted(municipalities[k] for k in columns[added.absent[row, columns]]))


def _missing(added: Added, membership: Membership, codes: Sequence[str]) -> list[str]:
    """Per row and area the codes as ``missing_codes`` gives them, in one text; area by area, for that is quick."""
    gaps = membership.any(added.absent)
    found = [""] * gaps.size
    for area in np.flatnonzero(gaps.any(axis=0)):
        columns = sorted(membership.members(int(area)), key=lambda k: codes[k])
        names, absent = [codes[k] for k in columns], added.absent[:, columns]
        for row in np.flatnonzero(gaps[:, area]):
            found[row * gaps.shape[1] + area] = " ".join(compress(names, absent[row]))
    return found


def aggregate(
    kind: AggregationClass,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    composition: Mapping[str, Sequence[str]],
    *,
    numerators: pd.DataFrame | None = None,
    factor: float = 1.0,
    intervals: bool = False,
    bounds: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Add one figure up to regions.

    Args:
        kind: aggregation class.
        values: area, year, value, lower, upper of municipalities; for ``verhouding`` only its years count.
        weights: area, year, weight on the same layout. ``gewogen``: the weight; ``verhouding``: the
            denominator; ``som``: inhabitants, for the coverage only.
        composition: region -> municipal codes.
        numerators: area, year, value; for ``verhouding``.
        factor: multiplies a ratio, for example 100 for a percentage.
        intervals: combine the members' 95% intervals as independent errors (surveys only).
        bounds: what is possible, for example (0, 100); intervals are cut off there.

    Returns:
        One row per region and year: value, lower, upper (NaN where the class, the coverage or a missing
        interval forbids), coverage (0-1), members (count), missing (codes, separated by spaces) and
        weight_year (the year of the weights used; 0 without).

    Raises:
        Refused: class ``geen``; its members' spread can be shown instead.
    """
    if kind == "geen":
        raise Refused("Deze klasse wordt niet opgeteld of gemiddeld.", "Toon de spreiding van de gemeenten.")
    codes = sorted({c for members in composition.values() for c in members})
    years = sorted(int(y) for y in values["year"].unique())
    own = numerators if kind == "verhouding" and numerators is not None else values
    # Numerator and denominator are of one and the same year; no other year may stand in.
    weight_years = years if kind == "verhouding" else [nearest_year(weights["year"].unique(), y) for y in years]
    se = np.full((len(years), len(codes)), np.nan)
    if intervals and {"lower", "upper"} <= set(own.columns):
        se = (dense(own, "upper", years, codes) - dense(own, "lower", years, codes)) / (2 * Z95)
    low, high = bounds or (-np.inf, np.inf)
    n = len(years)
    rows = Rows(
        value=dense(own, "value", years, codes),
        weight=dense(weights, "weight", weight_years, codes),
        se=se,
        weighted=np.full(n, kind == "gewogen"),
        ratio=np.full(n, kind == "verhouding"),
        factor=np.full(n, factor),
        low=np.full(n, low),
        high=np.full(n, high),
    )
    membership = Membership.of(composition, codes)
    added = add_up(rows, membership)
    made = regional_frame(added, membership, codes, years, weight_years)
    return made.sort_values(["area", "year"], ignore_index=True)


def regional_frame(
    added: Added,
    membership: Membership,
    codes: Sequence[str],
    years: Sequence[int],
    weight_years: Sequence[int],
) -> pd.DataFrame:
    """Put sums of one or more figures in a frame: columns REGIONAL, rows in the order of rows x areas."""
    n, areas = added.value.shape
    sizes = np.diff(np.append(membership.starts, len(membership.columns)))
    used = np.where(added.has_weight, np.array(weight_years, dtype=np.int16)[:, None], 0)
    return pd.DataFrame(
        {
            "area": np.tile(np.array(membership.areas, dtype=object), n),
            "year": np.repeat(np.array(years, dtype=np.int64), areas),
            "value": added.value.ravel(),
            "lower": added.lower.ravel(),
            "upper": added.upper.ravel(),
            "coverage": added.coverage.ravel(),
            "members": np.tile(sizes, n),
            "missing": _missing(added, membership, codes),
            "weight_year": used.ravel().astype("int16"),
        }
    )[REGIONAL]


def dense(frame: pd.DataFrame, column: str, years: Sequence[int], codes: Sequence[str]) -> Floats:
    """Lay a long frame out as (years, codes); NaN where it has no row. A year may stand in ``years`` twice."""
    known = frame[frame["area"].isin(codes)]
    table = known.pivot(index="year", columns="area", values=column) if len(known) else pd.DataFrame()
    found: Floats = table.reindex(index=list(years), columns=list(codes)).to_numpy(dtype=np.float64)
    return found


def nearest_year(have: Sequence[int] | NDArray[np.int64], year: int) -> int:
    """The year of the weights for a figure: its own, else the nearest, of two the earlier.

    Raises:
        Refused: there are no weights.
    """
    if not len(have):
        raise Refused("Er zijn geen gewichten.", "Vul de hoeveelheid aan in quantities.yaml.")
    return int(min(have, key=lambda h: (abs(int(h) - year), int(h))))
