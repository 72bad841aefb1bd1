"""All figures at once: every indicator and year as dense rows, added up and judged in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitor.definitions.models import Indicator
from monitor.statistics.aggregate import (
    Z95,
    Added,
    Bools,
    Floats,
    Membership,
    Rows,
    add_up,
    nearest_year,
    regional_frame,
)


@dataclass(frozen=True)
class Panel:
    """Municipal figures of all indicators that may be added up.

    ``keys``: the (indicator, year) of each row; ``codes``: the municipality of each column; ``weight_years``: per
    row the year of its weights.
    """

    keys: tuple[tuple[str, int], ...]
    codes: tuple[str, ...]
    rows: Rows
    weight_years: tuple[int, ...]

    @classmethod
    def of(
        cls,
        indicators: Sequence[Indicator],
        observations: pd.DataFrame,
        weights: pd.DataFrame,
        codes: Sequence[str],
    ) -> Panel:
        """Lay out the published figures of an edition.

        Args:
            indicators: definitions; those of class ``geen`` are left out.
            observations: indicator, area, year, value, lower, upper; other levels than ``codes`` are ignored.
            weights: quantity, area, year, value.
            codes: the municipalities.
        """
        figures = _Cells(observations, "indicator", codes)
        counts = _Cells(weights, "quantity", codes)
        able = [i for i in indicators if i.aggregation.kind != "geen" and i.id in figures.years]
        keys = [(i, year) for i in able for year in figures.years[i.id]]
        weight_years: list[int] = []
        figure, top, base = [], [], []
        for i, year in keys:
            a = i.aggregation
            quantity = a.denominator or a.weight or "inwoners"
            # Numerator and denominator are of one and the same year; no other year may stand in.
            ratio = a.kind == "verhouding"
            best = year if ratio else nearest_year(counts.years.get(quantity, ()), year)
            weight_years.append(best)
            base.append(counts.row(quantity, best))
            figure.append(figures.row(i.id, year))
            top.append(counts.row(a.numerator or "", year))
        ratio_rows = np.array([i.aggregation.kind == "verhouding" for i, _ in keys], dtype=bool)
        value = np.where(ratio_rows[:, None], counts.values("value")[top], figures.values("value")[figure])
        survey = np.array([i.method == "enquete" for i, _ in keys], dtype=bool)
        width = (figures.values("upper")[figure] - figures.values("lower")[figure]) / (2 * Z95)
        shares = np.array([i.unit == "procent" for i, _ in keys], dtype=bool)
        rows = Rows(
            value=value,
            weight=counts.values("value")[base],
            se=np.where((survey & ~ratio_rows)[:, None], width, np.nan),
            weighted=np.array([i.aggregation.kind == "gewogen" for i, _ in keys], dtype=bool),
            ratio=ratio_rows,
            factor=np.array([i.aggregation.factor for i, _ in keys], dtype=np.float64),
            low=np.where(shares, 0.0, -np.inf),
            high=np.where(shares, 100.0, np.inf),
        )
        return cls(tuple((i.id, y) for i, y in keys), tuple(codes), rows, tuple(weight_years))

    def last(self) -> Panel:
        """The same with only the last year of each indicator: for what needs no years, as many variants at once."""
        place = {indicator: row for row, (indicator, _) in enumerate(self.keys)}
        kept = list(place.values())
        rows = Rows(**{f.name: getattr(self.rows, f.name)[kept] for f in fields(Rows)})
        return Panel(tuple(self.keys[k] for k in kept), self.codes, rows, tuple(self.weight_years[k] for k in kept))

    def only(self, codes: Iterable[str]) -> Panel:
        """The same with only some municipalities, in the order of the panel: adding up a few then takes less time."""
        chosen = set(codes)
        kept = [k for k, code in enumerate(self.codes) if code in chosen]
        cut = {n: getattr(self.rows, n)[:, kept] for n in ("value", "weight", "se")}
        return Panel(self.keys, tuple(self.codes[k] for k in kept), replace(self.rows, **cut), self.weight_years)

    def add_up(self, composition: Mapping[str, Sequence[str]]) -> Added:
        """Add all figures up to areas: arrays (rows of ``keys``, areas in the order of the composition)."""
        return add_up(self.rows, Membership.of(composition, self.codes))

    def regional(self, composition: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """The same as a frame: indicator and the columns REGIONAL."""
        membership = Membership.of(composition, self.codes)
        added = add_up(self.rows, membership)
        frame = regional_frame(added, membership, self.codes, [y for _, y in self.keys], self.weight_years)
        frame.insert(0, "indicator", np.repeat([i for i, _ in self.keys], len(membership.areas)))
        return frame


class _Cells:
    """A long frame scattered over rows (key, year) and one column per municipality.

    The last row is empty: what does not exist points there.
    """

    def __init__(self, frame: pd.DataFrame, key: str, codes: Sequence[str]) -> None:
        keys, areas = frame[key].astype("category").cat, frame["area"].astype("category").cat
        names = [str(k) for k in keys.categories]
        place = {c: k for k, c in enumerate(codes)}
        column = np.array([place.get(str(a), -1) for a in areas.categories], dtype=np.int32)[areas.codes]
        year = frame["year"].to_numpy(dtype=np.int32)
        first = int(year.min()) if len(year) else 0
        span = int(year.max()) - first + 1 if len(year) else 1
        cell = keys.codes.to_numpy().astype(np.int32) * span + (year - first)
        known: Bools = (column >= 0) & frame["value"].notna().to_numpy()
        used = np.zeros(len(keys.categories) * span + 1, dtype=bool)
        used[cell[known]] = True
        number = np.cumsum(used) - 1
        self._frame, self._known = frame, known
        self._at: NDArray[np.intp] = number[cell[known]].astype(np.intp) * len(codes) + column[known]
        self._shape = (int(used.sum()) + 1, len(codes))
        self._filled: dict[str, Floats] = {}
        self.years: dict[str, list[int]] = {}
        self._rows: dict[tuple[str, int], int] = {}
        for flat in np.flatnonzero(used):
            name, year_ = names[int(flat) // span], first + int(flat) % span
            self.years.setdefault(name, []).append(year_)
            self._rows[name, year_] = int(number[flat])

    def row(self, key: str, year: int) -> int:
        """Row of a key in a year; the empty row when there is none."""
        return self._rows.get((key, year), self._shape[0] - 1)

    def values(self, column: str) -> Floats:
        """The numbers of a column as (rows, municipalities)."""
        if column not in self._filled:
            flat = np.full(self._shape[0] * self._shape[1], np.nan)
            flat[self._at] = self._frame[column].to_numpy(dtype=np.float64)[self._known]
            self._filled[column] = flat.reshape(self._shape)
        return self._filled[column]
