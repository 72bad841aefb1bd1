"""A StatLine table in memory: what it is about, its dimensions, its topics and its rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

#: Kinds of dimension, as DataProperties calls them.
PLAIN, GEO, TIME = "Dimension", "GeoDimension", "TimeDimension"

_revisions = itertools.count(1)


@dataclass(frozen=True)
class Code:
    """One code of a dimension; ``key`` is padded as in the data. ``status`` is for periods only."""

    key: str
    title: str
    description: str = ""
    group: str | None = None
    status: str = ""


@dataclass(frozen=True)
class Dimension:
    """A dimension with its codes; ``groups``: names of the groups that its codes belong to."""

    key: str
    title: str
    codes: tuple[Code, ...]
    kind: str = PLAIN
    groups: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """To how many characters the codes are padded."""
        return max((len(c.key) for c in self.codes), default=0)


@dataclass(frozen=True)
class Topic:
    """A topic; ``column``: its key with the number that StatLine puts behind it. ``measure``: its name in v4.

    ``group``: the titles of the groups around it, from outside in, joined by ' / '.
    """

    column: str
    title: str
    unit: str = "aantal"
    decimals: int = 0
    group: str = ""
    measure: str = ""

    @property
    def key(self) -> str:
        """The key without its number."""
        return re.sub(r"_\d+$", "", self.column)


def outer_groups(topics: Iterable[Topic]) -> list[tuple[str, str, str]]:
    """All groups of topics, the outer ones first: path, path of the group around it ('' for none) and own title."""
    paths = dict.fromkeys(
        " / ".join(parts[:depth])
        for parts in (t.group.split(" / ") for t in topics if t.group)
        for depth in range(1, len(parts) + 1)
    )
    return [(path, *path.rpartition(" / ")[::2]) for path in paths]


@dataclass
class Table:
    """A table. ``rows``: ID, a text column per dimension (padded codes), a float column per topic (NaN = null).

    ``revision`` becomes another number whenever ``changed`` is called, so that nobody answers from an old copy.
    """

    id: str
    title: str
    dimensions: list[Dimension]
    topics: list[Topic]
    rows: pd.DataFrame
    modified: str = "2026-02-03T02:00:00"
    period: str = ""
    summary: str = ""
    revision: int = field(default_factory=lambda: next(_revisions))
    _whole: dict[str, tuple[int, bool]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for dimension in self.dimensions:
            keys = [c.key for c in dimension.codes]
            column = self.rows[dimension.key]
            self.rows[dimension.key] = pd.Categorical(column.astype(str), categories=keys)
            if self.rows[dimension.key].isna().any():
                unknown = sorted(set(column.astype(str)) - set(keys))[:3]
                raise ValueError(f"{self.id}: codes without an entry in {dimension.key}: {unknown}")
        if "ID" not in self.rows:
            self.rows.insert(0, "ID", np.arange(len(self.rows)))
        self.topics = [t if t.measure else replace(t, measure=f"M{n * 7 + 101:06d}") for n, t in enumerate(self.topics)]
        self.period = self.period or self._years()

    def changed(self) -> None:
        """Say that rows or description became others."""
        self.revision = next(_revisions)

    def copy(self) -> Self:
        """The same table, of which the rows may be changed without changing these."""
        return replace(
            self, dimensions=list(self.dimensions), topics=list(self.topics), rows=self.rows.copy(), _whole={}
        )

    def dimension(self, key: str) -> Dimension | None:
        """The dimension of this key, or None."""
        return next((d for d in self.dimensions if d.key == key), None)

    @property
    def region(self) -> Dimension | None:
        """The dimension of the regions, or None."""
        return next((d for d in self.dimensions if d.kind == GEO), None)

    @property
    def time(self) -> Dimension | None:
        """The dimension of the periods, or None."""
        return next((d for d in self.dimensions if d.kind == TIME), None)

    def topic(self, name: str) -> Topic:
        """The topic of this key, with or without its number; KeyError names those that exist."""
        for topic in self.topics:
            if name in (topic.key, topic.column):
                return topic
        raise KeyError(f"{self.id} has no topic {name}: {', '.join(t.key for t in self.topics)}")

    @property
    def columns(self) -> list[str]:
        """ID, dimensions and topics in the order in which the service gives them."""
        return ["ID", *(d.key for d in self.dimensions), *(t.column for t in self.topics)]

    def whole(self, column: str) -> bool:
        """Whether all numbers of a topic are whole, so that they go out without a decimal point."""
        known = self._whole.get(column)
        if known is None or known[0] != self.revision:
            values = self.rows[column].to_numpy(dtype=float)
            values = values[~np.isnan(values)]
            known = (self.revision, bool(len(values)) and bool((values == np.round(values)).all()))
            self._whole[column] = known
        return known[1]

    def _years(self) -> str:
        if self.time is None:
            return ""
        years = [c.key[:4] for c in self.time.codes if "JJ" in c.key]
        return f"{min(years)} - {max(years)}" if years else ""


def period_title(key: str) -> str:
    """The words for a period: 2024JJ00, 2024HJ01, 2024KW03, 2024MM11."""
    year, kind, part = key[:4], key[4:6], int(key[6:8])
    said = {"HJ": f"{year} {part}e halfjaar", "KW": f"{year} {part}e kwartaal", "MM": f"{year} maand {part}"}
    return said.get(kind, year)


def periods(keys: Iterable[str], status: dict[int, str] | None = None) -> Dimension:
    """The dimension Perioden; ``status``: per year 'voorlopig' or 'nader voorlopig'."""
    told = {"voorlopig": "Voorlopig", "nader voorlopig": "NaderVoorlopig"}
    codes = tuple(
        Code(k, period_title(k), status=told.get((status or {}).get(int(k[:4]), ""), "Definitief"), group=k[4:6])
        for k in keys
    )
    return Dimension("Perioden", "Perioden", codes, TIME, groups=tuple(dict.fromkeys(k[4:6] for k in keys)))


def regions(names: dict[str, str], width: int = 6, key: str = "RegioS") -> Dimension:
    """The dimension of the regions: code without padding -> name."""
    kinds = {"NL": "Nederland", "LD": "Landsdelen", "PV": "Provincies", "GG": "GGD-regio's", "GM": "Gemeenten"}
    kinds |= {"CR": "COROP-gebieden", "ES": "RES-regio's"}
    codes = tuple(Code(c.ljust(width), n, group=kinds.get(c[:2], "Overig")) for c, n in names.items())
    return Dimension(key, "Regio's", codes, GEO, groups=tuple(dict.fromkeys(c.group or "" for c in codes)))


def records(table: Table) -> list[dict[str, Any]]:
    """The rows as dicts, for a quick look in a test."""
    frame = table.rows[table.columns]
    return frame.astype(object).where(frame.notna(), None).to_dict("records")
