"""What CBS does to a table between two refreshes, each in one line of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from tests.local_cbs.table import Code, Dimension, Table


class Edits:
    """Edits of the tables that a server has; each gives its table a new Modified unless ``quiet``."""

    tables: dict[str, Table]
    _edits: int = 0

    def touch(self, table: str, modified: str | None = None) -> None:
        """Publish anew: another moment of publication, nothing else."""
        self._edits += 1
        self.tables[table].modified = modified or f"2026-11-{1 + self._edits % 28:02d}T02:00:{self._edits % 60:02d}"
        self.tables[table].changed()

    def withdraw(self, table: str) -> None:
        """The table is not there any more."""
        del self.tables[table]

    def rows(self, table: str, area: str = "", year: int | None = None, **codes: str) -> np.ndarray:
        """Which rows are of an area, a year and other codes, padding aside: a mask."""
        t = self.tables[table]
        mask = np.ones(len(t.rows), dtype=bool)
        wanted = {**codes, **({t.region.key: area} if area and t.region else {})}
        for key, code in wanted.items():
            mask &= t.rows[key].astype(str).str.strip().to_numpy() == code
        if year is not None and t.time:
            mask &= t.rows[t.time.key].astype(str).str[:4].to_numpy() == str(year)
        return mask

    def change(
        self,
        table: str,
        topic: str,
        how: Callable[[np.ndarray], np.ndarray] | float | None,
        area: str = "",
        year: int | None = None,
        quiet: bool = False,
        **codes: str,
    ) -> int:
        """Change cells: a function of the old values, a number, or None for null; returns how many rows."""
        t = self.tables[table]
        column = t.topic(topic).column
        mask = self.rows(table, area, year, **codes)
        old = t.rows.loc[mask, column].to_numpy(dtype=float)
        if not len(old):
            raise KeyError(f"{table}: no rows for {area} {year or ''} {codes or ''}")
        t.rows.loc[mask, column] = how(old) if callable(how) else (np.nan if how is None else how)
        self._done(table, quiet)
        return int(mask.sum())

    def revise(
        self,
        table: str,
        area: str,
        topic: str,
        delta: float,
        year: int | None = None,
        quiet: bool = False,
        **codes: str,
    ) -> int:
        """Add ``delta`` to the figures of an area (of one year, and of the codes given, or of all)."""
        return self.change(table, topic, lambda old: old + delta, area, year, quiet, **codes)

    def rename(self, table: str, old: str, new: str) -> None:
        """Another key for a topic (without number; the number stays)."""
        t = self.tables[table]
        topic = t.topic(old)
        column = new + topic.column[len(topic.key) :]
        t.topics = [replace(x, column=column) if x is topic else x for x in t.topics]
        t.rows = t.rows.rename(columns={topic.column: column})
        self._done(table)

    def retitle(self, table: str, topic: str, title: str) -> None:
        """Another title for a topic."""
        self._topic(table, topic, title=title)

    def unit(self, table: str, topic: str, unit: str) -> None:
        """Another unit for a topic."""
        self._topic(table, topic, unit=unit)

    def drop(self, table: str, topic: str) -> None:
        """A topic that is not published any more."""
        t = self.tables[table]
        gone = t.topic(topic)
        t.topics = [x for x in t.topics if x is not gone]
        t.rows = t.rows.drop(columns=[gone.column])
        self._done(table)

    def lose(self, table: str, what: float | Iterable[str], year: int | None = None, level: str = "GM") -> list[str]:
        """Leave out areas: these codes, or this share of the municipalities; returns the codes."""
        t = self.tables[table]
        assert t.region is not None
        codes = t.rows[t.region.key].astype(str).str.strip()
        known = sorted({c for c in codes if c.startswith(level)})
        gone = known[: round(float(what) * len(known))] if isinstance(what, int | float) else list(what)
        mask = codes.isin(gone).to_numpy()
        if year is not None and t.time:
            mask &= t.rows[t.time.key].astype(str).str[:4].to_numpy() == str(year)
        t.rows = t.rows[~mask].reset_index(drop=True)
        self._done(table)
        return gone

    def merge_codes(self, table: str, new: str, name: str, old: Iterable[str], year: int) -> None:
        """A reorganisation: from ``year`` on, rows of the old codes make way for one of the new code (their mean)."""
        t = self.tables[table]
        region, time = t.region, t.time
        assert region is not None
        key = new.ljust(region.width)
        codes = t.rows[region.key].astype(str).str.strip()
        mask = codes.isin(list(old)).to_numpy(copy=True)
        if time:
            mask &= t.rows[time.key].astype(str).str[:4].astype(int).to_numpy() >= year
        others = [d.key for d in t.dimensions if d is not region]
        topics = [x.column for x in t.topics]
        gone = t.rows[mask]
        made = (
            gone.groupby(others, observed=True)[topics].mean().reset_index()
            if others
            else gone[topics].mean().to_frame().T
        )
        made[region.key] = key
        self._with_code(t, region, Code(key, name, group="Gemeenten"))
        self._append(t, made, t.rows[~mask])
        self._done(table)

    def add_year(self, table: str, year: int, grow: Mapping[str, float] | float = 1.0) -> None:
        """A new year: the rows of the last one again, values times ``grow``."""
        t = self.tables[table]
        assert t.time is not None
        key, last = f"{year}JJ00", max(c.key for c in t.time.codes if c.key.endswith("JJ00"))
        made = t.rows[t.rows[t.time.key] == last].copy()
        for topic in t.topics:
            made[topic.column] *= grow.get(topic.key, 1.0) if isinstance(grow, Mapping) else grow
        made[t.time.key] = key
        self._with_code(t, t.time, Code(key, str(year), status="Voorlopig", group="JJ"))
        self._append(t, made, t.rows)
        self._done(table)

    def status(self, table: str, year: int, status: str) -> None:
        """Another status for a year: Definitief, Voorlopig or NaderVoorlopig."""
        t = self.tables[table]
        assert t.time is not None
        codes = tuple(replace(c, status=status) if c.key[:4] == str(year) else c for c in t.time.codes)
        time = t.time
        t.dimensions = [replace(d, codes=codes) if d is time else d for d in t.dimensions]
        self._done(table)

    def _topic(self, table: str, topic: str, **fields: str) -> None:
        t = self.tables[table]
        which = t.topic(topic)
        t.topics = [replace(x, **fields) if x is which else x for x in t.topics]  # type: ignore[arg-type]
        self._done(table)

    @staticmethod
    def _with_code(t: Table, dimension: Dimension, code: Code) -> None:
        if code.key not in {c.key for c in dimension.codes}:
            wider = replace(dimension, codes=(*dimension.codes, code))
            t.dimensions = [wider if d is dimension else d for d in t.dimensions]

    @staticmethod
    def _append(t: Table, made: pd.DataFrame, kept: pd.DataFrame) -> None:
        keys = [d.key for d in t.dimensions]
        made = made.assign(ID=np.arange(len(made)) + int(kept["ID"].max()) + 1)
        joined = pd.concat([kept.astype(dict.fromkeys(keys, str)), made.astype(dict.fromkeys(keys, str))])
        for d in t.dimensions:
            joined[d.key] = pd.Categorical(joined[d.key], categories=[c.key for c in d.codes])
        t.rows = joined[t.columns].reset_index(drop=True)

    def _done(self, table: str, quiet: bool = False) -> None:
        if quiet:
            self.tables[table].changed()
        else:
            self.touch(table)
