"""Figures on today's municipal layout put back on the layout of each year, so that bringing them over gives them again.

The reverse of ``monitor.snapshot.layout.to_current``; there are many answers, this gives a plain one: the parts of a
merged municipality all have its value (a mean), or share it (a sum).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.definitions.reorganisations import Layout
from monitor.snapshot.layout import current_parts
from monitor.statistics.aggregate import Z95

COLUMNS = ["area", "year", "value", "lower", "upper"]


Pieces = dict[str, list[tuple[str, float]]]


class Territory:
    """Which parts today's municipalities had in each year; worked out once per set of codes."""

    def __init__(self, layout: Layout, current: set[str]) -> None:
        self.layout, self.current = layout, current
        self._known: dict[frozenset[str], tuple[Pieces, Pieces]] = {}
        self._gone: dict[tuple[str, int], set[str]] = {}
        self._weights: dict[str, dict[int, dict[str, float]]] = {}

    def pieces(self, codes: frozenset[str]) -> tuple[Pieces, Pieces]:
        """Per municipality of today its parts among these codes, and per code what it became; with shares."""
        if codes not in self._known:
            parts: Pieces = {}
            became: Pieces = {}
            for code, successor, share in current_parts(self.layout, self.current, set(codes)).itertuples(index=False):
                parts.setdefault(successor, []).append((code, share))
                became.setdefault(code, []).append((successor, share))
            self._known[codes] = parts, became
        return self._known[codes]

    def add(self, name: str, quantity: pd.DataFrame) -> None:
        """Remember a weight (area, year, value, on the layout of each year), for the years with an old layout."""
        if name in self._weights:
            return
        rows = quantity[quantity["area"].str.startswith("GM")]
        years = rows.loc[~rows["area"].isin(self.current), "year"].unique()
        self._weights[name] = {
            int(y): dict(zip(g["area"], g["value"], strict=True)) for y, g in rows.groupby("year") if y in years
        }

    def to_reporting(self, figures: pd.DataFrame, weight: str, kind: str) -> pd.DataFrame:
        """Municipal figures with the codes of their own year.

        Args:
            figures: area, year, value, lower, upper, on the current layout.
            weight: name of the weight, which was added before.
            kind: the aggregation class of the figures.
        """
        weights = self._weights[weight]
        areas, years = figures["area"].to_numpy(dtype=object), figures["year"].to_numpy()
        numbers = figures[COLUMNS[2:]].to_numpy(dtype=float)
        wanted: dict[int, dict[str, _Row]] = {}
        kept = np.ones(len(figures), dtype=bool)
        for n in np.flatnonzero(np.isin(years, list(weights))):
            area, year = areas[n], int(years[n])
            if area in self._touched(weights, weight, year):
                kept[n] = False
                wanted.setdefault(year, {})[area] = _Row(*map(float, numbers[n]))
        if kind == "geen" or not wanted:
            return figures[kept]
        made = [
            (code, year, *values)
            for year, rows in wanted.items()
            for code, values in _Solver(*self.pieces(frozenset(weights[year])), rows, weights[year], kind == "som")
            .solve()
            .items()
        ]
        return pd.concat([figures[kept], pd.DataFrame(made, columns=COLUMNS)], ignore_index=True)

    def _touched(self, weights: dict[int, dict[str, float]], name: str, year: int) -> set[str]:
        """Municipalities of today that had other codes in a year."""
        if (name, year) not in self._gone:
            parts, _ = self.pieces(frozenset(weights[year]))
            self._gone[name, year] = {s for s, p in parts.items() if any(c not in self.current for c, _ in p)}
        return self._gone[name, year]


@dataclass(frozen=True)
class _Row:
    value: float
    lower: float
    upper: float


class _Solver:
    """Values for the parts of touched municipalities: first those that went to several, then the rest."""

    def __init__(
        self, pieces: Pieces, became: Pieces, wanted: dict[str, _Row], weight: dict[str, float], som: bool
    ) -> None:
        self.pieces, self.became, self.wanted, self.weight, self.som = pieces, became, wanted, weight, som
        self.value: dict[str, float] = {}
        self.error: dict[str, float] = {}
        self.bounds: dict[str, tuple[float, float]] = {}

    def solve(self) -> dict[str, tuple[float, float, float]]:
        """Per code of the year: value, lower, upper."""
        split = {c for s in self.wanted for c, _ in self.pieces.get(s, ()) if len(self.became[c]) > 1}
        for code in sorted(split):
            self._guess(code)
        for successor, row in self.wanted.items():
            self._fit(successor, row, split)
        made = {}
        for code, value in self.value.items():
            half = Z95 * self.error.get(code, math.nan)
            low, high = self.bounds.get(code, (value - half, value + half))
            made[code] = (value, low, high)
        return made

    def _parts(self, successor: str) -> list[tuple[str, float]]:
        return [(code, self.weight[code] * share) for code, share in self.pieces.get(successor, ())]

    def _guess(self, code: str) -> None:
        """A value for a code that went to several: what it weighs in each, or the mean of them."""
        rows = [(self.wanted[s], s, share) for s, share in self.became[code] if s in self.wanted]
        if self.som:
            whole = sum(r.value * self.weight[code] * share / sum(w for _, w in self._parts(s)) for r, s, share in rows)
            self.value[code] = float(math.floor(whole)) if whole > 1 else whole
            return
        self.value[code] = sum(r.value for r, _, _ in rows) / len(rows)
        self.error[code] = 0.5 * min(self._equal_error(s, r) for r, s, _ in rows)

    def _equal_error(self, successor: str, row: _Row) -> float:
        parts = self._parts(successor)
        square = math.sqrt(sum(w * w for _, w in parts)) or 1.0
        return float((row.upper - row.lower) / 2 * sum(w for _, w in parts) / (Z95 * square))

    def _fit(self, successor: str, row: _Row, split: set[str]) -> None:
        """Values for the other parts, so that together they give the value of the municipality of today."""
        parts = self._parts(successor)
        free = [(c, w) for c, w in parts if c not in split]
        if not free:
            return
        free_weight = sum(w for _, w in free)
        if self.som:
            shares = dict(self.pieces[successor])
            rest = row.value - sum(self.value[c] * shares[c] for c, _ in parts if c in split)
            for code, weight in free[1:]:
                self.value[code] = float(math.floor(rest * weight / free_weight))
                rest -= self.value[code]
                free_weight -= weight
            self.value[free[0][0]] = rest
            return
        if len(parts) == 1:
            self.value[free[0][0]], self.bounds[free[0][0]] = row.value, (row.lower, row.upper)
            return
        total = sum(w for _, w in parts)
        taken = sum(self.value[c] * w for c, w in parts if c in split)
        value = (row.value * total - taken) / free_weight if taken else row.value
        half = (row.upper - row.lower) / 2 * total / Z95
        rest = half**2 - sum((w * self.error[c]) ** 2 for c, w in parts if c in split)
        error = math.sqrt(rest / sum(w * w for _, w in free)) if rest >= 0 else math.nan
        for code, _ in free:
            self.value[code], self.error[code] = value, error
