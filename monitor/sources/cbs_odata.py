"""CBS StatLine tables as the OData v3 service returns them (TypedDataSet rows).

The same reader serves a stored file and a fresh download (see ``statline``): codes are kept, padding is
stripped here, and a topic is found by its key, with or without the number that CBS puts behind it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.errors import SourceInvalid
from monitor.sources.shape import FIGURES, LEVELS, Floats, add_up, hold_years, twice

# Gezondheidsmonitor: the value and the bounds of its 95% interval.
VALUE, LOWER, UPPER = "MW00000", "MOG0095", "MBG0095"
_WHOLE_YEAR = re.compile(r"\d{4}JJ00")


@dataclass(frozen=True, eq=False)
class _Block:
    """The rows of one value per dimension, and the cells (area and year) that they fill.

    ``rows``: which rows of the table; ``cell``: per row its cell. ``area``, ``year``: per cell, in the order in which
    they come in the table; the area as a number.
    """

    rows: NDArray[np.intp]
    cell: NDArray[np.intp]
    area: NDArray[np.intp]
    year: NDArray[np.int64]


class ODataReader:
    """Figures from TypedDataSet rows of one table.

    Args:
        table: its definition; ``filters`` picks one value per dimension (a spec may pick another), ``margins``
            says that the dimension Marges holds value and bounds, ``year`` serves tables without Perioden.
        rows: TypedDataSet rows: a column per dimension (padded codes) and per topic (numbers, missing = NaN).
    """

    def __init__(self, table: SourceTable, rows: pd.DataFrame) -> None:
        self.table = table
        self.rows = rows
        self._blocks: dict[tuple[tuple[str, str | tuple[str, ...]], ...], _Block] = {}
        self._codes: dict[str, pd.Series] = {}
        for column in ["RegioS", *table.filters]:
            self._need(column)

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES``; intervals where the table has margins."""
        return self.read_all([spec])[FIGURES].astype({"area": str})

    def read_all(self, specs: Sequence[SourceSpec]) -> pd.DataFrame:
        """Return the figures of several specs in one go.

        Args:
            specs: what to read.

        Returns:
            ``FIGURES`` (area as a category) and ``entry``: the number of the spec, in their order.

        Raises:
            SourceInvalid: a column, code or year is not there, or an area occurs twice.
        """
        parts = [self._one(spec) for spec in specs]
        sizes = [len(year) for _, year, _ in parts]
        numbers = np.concatenate([n for _, _, n in parts]) if parts else np.empty((0, 3))
        area = np.concatenate([a for a, _, _ in parts]) if parts else np.empty(0, dtype=np.intp)
        return pd.DataFrame(
            {
                "area": pd.Categorical.from_codes(area, categories=self._stripped("RegioS").cat.categories),
                "year": np.concatenate([y for _, y, _ in parts]) if parts else np.empty(0, dtype=np.int64),
                "value": numbers[:, 0],
                "lower": numbers[:, 1],
                "upper": numbers[:, 2],
                "entry": np.repeat(np.arange(len(parts)), sizes),
            }
        )

    def column(self, topic: str) -> str:
        """Return the column of a topic key: 'Overgewicht' finds 'Overgewicht_9' wherever it stands.

        Raises:
            SourceInvalid: no column, or more than one, has this key.
        """
        found = [c for c in self.rows.columns if c == topic or re.fullmatch(re.escape(topic) + r"_\d+", c)]
        if len(found) != 1:
            self._need(topic)
            raise SourceInvalid(f"Tabel {self.table.id}: onderwerp '{topic}' is niet eenduidig: {found}.")
        return found[0]

    def _need(self, column: str) -> None:
        if column not in self.rows.columns:
            near = get_close_matches(column, self.rows.columns, n=3, cutoff=0.4)
            raise SourceInvalid(
                f"Tabel {self.table.id} heeft geen kolom '{column}'.",
                f"Het meest lijken: {', '.join(near) or '-'}.",
            )

    def _one(self, spec: SourceSpec) -> tuple[NDArray[np.intp], NDArray[np.int64], Floats]:
        """Area, year and numbers of the cells that have a value for a spec."""
        block = self._block(spec)
        parts = math.prod(len(c) for c in spec.filters.values() if not isinstance(c, str))
        asked = np.isin(block.year, spec.years) if spec.years else np.ones(len(block.year), dtype=bool)
        total = add_up(spec, lambda topic: self._laid(block, topic, asked, parts), self.table)
        known = np.flatnonzero(~np.isnan(total[:, 0]))
        hold_years(spec, np.unique(block.year[known]), self.table)
        return block.area[known], block.year[known], total[known]

    def _laid(self, block: _Block, topic: str, asked: NDArray[np.bool_], parts: int) -> Floats:
        """Value, lower and upper of a topic per cell; NaN outside the cells that are asked."""
        values = pd.to_numeric(self.rows[self.column(topic)]).to_numpy(dtype=np.float64)[block.rows]
        known = ~np.isnan(values) & asked[block.cell]
        found = np.full((len(block.area), 3), np.nan)
        if not self.table.margins:
            found[:, 0] = self._placed(block, topic, values, known, parts)
            return found
        margins = self._stripped("Marges")
        for k, code in enumerate((VALUE, LOWER, UPPER) if parts == 1 else (VALUE,)):
            found[:, k] = self._placed(block, topic, values, known & (margins == code).to_numpy()[block.rows], parts)
        return found

    def _placed(self, block: _Block, topic: str, values: Floats, known: NDArray[np.bool_], parts: int) -> Floats:
        """The values of the known rows per cell: added up over the codes that are asked, one missing = no value."""
        at = block.cell[known]
        count = np.bincount(at, minlength=len(block.area))
        if parts > 1:
            total = np.bincount(at, weights=values[known], minlength=len(block.area))
            return np.where(count == parts, total, np.nan)
        if (count > 1).any():
            cell = int(np.flatnonzero(count > 1)[0])
            area = str(self._stripped("RegioS").cat.categories[block.area[cell]])
            raise twice(self.table, topic, area, int(block.year[cell]))
        found = np.full(len(block.area), np.nan)
        found[at] = values[known]
        return found

    def _block(self, spec: SourceSpec) -> _Block:
        """The rows of one value per dimension, or of several that are to be added up."""
        filters = {**self.table.filters, **spec.filters}
        key = tuple(sorted(filters.items()))
        if key not in self._blocks:
            kept = np.ones(len(self.rows), dtype=bool)
            for column, code in filters.items():
                kept &= self._stripped(column).isin([code] if isinstance(code, str) else code).to_numpy()
            if not kept.any():
                raise SourceInvalid(
                    f"Tabel {self.table.id} heeft geen rijen voor {filters}.",
                    "Controleer 'filters' in de definities.",
                )
            area, year = self._where
            rows = np.flatnonzero(kept & (area >= 0) & (year >= 0))
            _, first, cell = np.unique(area[rows] * 10_000 + year[rows], return_index=True, return_inverse=True)
            # In the order of the table.
            order = np.argsort(first)
            cell = np.argsort(order)[cell]
            first = rows[first[order]]
            self._blocks[key] = _Block(rows, cell, area[first], year[first])
        return self._blocks[key]

    @cached_property
    def _where(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Per row the number of its area and its year; -1 for other levels, and for what is not a whole year."""
        if "Perioden" in self.rows.columns:
            periods = self._stripped("Perioden").cat
            years = [int(p[:4]) if _WHOLE_YEAR.fullmatch(p) else -1 for p in periods.categories]
            year = np.array([*years, -1], dtype=np.int64)[periods.codes]
        elif self.table.year:
            year = np.full(len(self.rows), self.table.year, dtype=np.int64)
        else:
            raise SourceInvalid(f"Tabel {self.table.id} heeft geen perioden.", "Zet 'year' in sources.yaml.")
        areas = self._stripped("RegioS").cat
        known = [k if a[:2] in LEVELS else -1 for k, a in enumerate(areas.categories)]
        return np.array([*known, -1], dtype=np.intp)[areas.codes], year

    def _stripped(self, column: str) -> pd.Series:
        """Codes without padding, as a category: there are few of them, and many rows."""
        if column not in self._codes:
            self._need(column)
            found = self.rows[column].astype("category")
            names = [str(c).strip() for c in found.cat.categories]
            distinct = len(set(names)) == len(names)
            self._codes[column] = (
                found.cat.rename_categories(names)
                if distinct
                else self.rows[column].astype(str).str.strip().astype("category")
            )
        return self._codes[column]
