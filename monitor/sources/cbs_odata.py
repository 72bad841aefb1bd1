"""CBS StatLine tables as the OData v3 service returns them (TypedDataSet rows).

The same reader serves a stored file and a fresh download (see ``statline``): codes are kept, padding is
stripped here, and a topic is found by its key, with or without the number that CBS puts behind it.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches

import pandas as pd

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.errors import SourceInvalid
from monitor.sources.shape import FIGURES, LEVELS, combine

# Gezondheidsmonitor: the value and the bounds of its 95% interval.
VALUE, LOWER, UPPER = "MW00000", "MOG0095", "MBG0095"


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
        self._kept: dict[tuple[tuple[str, str | tuple[str, ...]], ...], pd.DataFrame] = {}
        for column in ["RegioS", *table.filters]:
            self._need(column, rows)

    def _filtered(self, spec: SourceSpec) -> pd.DataFrame:
        """The rows of one value per dimension, or of several that are to be added up."""
        filters = {**self.table.filters, **spec.filters}
        key = tuple(sorted(filters.items()))
        if key not in self._kept:
            kept = self.rows
            for column, code in filters.items():
                self._need(column, kept)
                kept = kept[_stripped(kept[column]).isin([code] if isinstance(code, str) else code).to_numpy()]
            if kept.empty:
                raise SourceInvalid(
                    f"Tabel {self.table.id} heeft geen rijen voor {filters}.",
                    "Controleer 'filters' in de definities.",
                )
            self._kept[key] = self._placed(kept)
        return self._kept[key]

    def _need(self, column: str, rows: pd.DataFrame) -> None:
        if column not in rows.columns:
            near = get_close_matches(column, rows.columns, n=3, cutoff=0.4)
            raise SourceInvalid(
                f"Tabel {self.table.id} heeft geen kolom '{column}'.",
                f"Het meest lijken: {', '.join(near) or '-'}.",
            )

    def column(self, topic: str) -> str:
        """Return the column of a topic key: 'Overgewicht' finds 'Overgewicht_9' wherever it stands.

        Raises:
            SourceInvalid: no column, or more than one, has this key.
        """
        found = [c for c in self.rows.columns if c == topic or re.fullmatch(re.escape(topic) + r"_\d+", c)]
        if len(found) != 1:
            self._need(topic, self.rows)
            raise SourceInvalid(f"Tabel {self.table.id}: onderwerp '{topic}' is niet eenduidig: {found}.")
        return found[0]

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES``; intervals where the table has margins."""
        rows = self._filtered(spec)
        parts = math.prod(len(c) for c in spec.filters.values() if not isinstance(c, str))
        return combine(spec, lambda topic: _added(self._one(rows, topic), parts), self.table)

    def _one(self, rows: pd.DataFrame, topic: str) -> pd.DataFrame:
        column = self.column(topic)
        if not self.table.margins:
            return self._plain(rows, column)
        parts = {code: self._plain(rows[rows["Marges"] == code], column) for code in (VALUE, LOWER, UPPER)}
        key = ["area", "year"]
        merged = parts[VALUE].drop(columns=["lower", "upper"])
        for code, name in ((LOWER, "lower"), (UPPER, "upper")):
            bound = parts[code][[*key, "value"]].rename(columns={"value": name})
            merged = merged.merge(bound, on=key, how="left")
        return merged[FIGURES]

    def _placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of whole years of known levels, with ``area`` and ``year`` beside the topics; once for all topics."""
        if "Perioden" in rows.columns:
            period = _stripped(rows["Perioden"])
            years = {p: int(p[:4]) for p in period.cat.categories if re.fullmatch(r"\d{4}JJ00", p)}
            rows = rows[period.isin(list(years)).to_numpy()]
            year = _stripped(rows["Perioden"]).astype(object).map(years).astype("int64")
        elif self.table.year:
            year = pd.Series(self.table.year, index=rows.index, dtype="int64")
        else:
            raise SourceInvalid(f"Tabel {self.table.id} heeft geen perioden.", "Zet 'year' in sources.yaml.")
        if self.table.margins:
            self._need("Marges", rows)
            rows = rows.assign(Marges=_stripped(rows["Marges"]))
        area = _stripped(rows["RegioS"])
        known = area.isin([a for a in area.cat.categories if a[:2] in LEVELS]).to_numpy()
        return rows.assign(area=area.astype(str), year=year)[known]

    def _plain(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        value = pd.to_numeric(rows[column])
        frame = rows[["area", "year"]].assign(value=value, lower=float("nan"), upper=float("nan"))
        return frame[value.notna()][FIGURES].reset_index(drop=True)


def _stripped(codes: pd.Series) -> pd.Series:
    """Codes without padding, as a category: there are few of them, and many rows."""
    found = codes.astype("category")
    names = [str(c).strip() for c in found.cat.categories]
    if len(set(names)) < len(names):
        return codes.astype(str).str.strip().astype("category")
    return found.cat.rename_categories(names)


def _added(figures: pd.DataFrame, parts: int) -> pd.DataFrame:
    """Add up the rows of several codes per area and year; one code missing = no value."""
    if parts == 1:
        return figures
    grouped = figures.groupby(["area", "year"], as_index=False)["value"].agg(["sum", "count"])
    whole = grouped[grouped["count"] == parts].rename(columns={"sum": "value"})
    return whole.assign(lower=float("nan"), upper=float("nan"))[FIGURES].reset_index(drop=True)
