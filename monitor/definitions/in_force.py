"""The definitions as they are true for an edition: what is said of figures belongs to the tables that they come from.

Some texts are about one table: how it rounds, which years it lacks, where it ends. A refresh may put another table in
its place; then those texts go, or say what is left of them (``only_with``, ``only_without``, ``otherwise``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, cast, get_args

import numpy as np
import pandas as pd

from monitor.definitions.loader import RMBW, Definitions
from monitor.definitions.models import Dated, Indicator, SourceSpec, SourceTable, Status
from monitor.definitions.statline import live_specs
from monitor.snapshot.store import PUBLISHED, Snapshot

_FIRST = 1900
# So much of the municipalities must have a weight before it takes the place of a stand-in.
ENOUGH = 0.95


@dataclass(frozen=True)
class _Held:
    """What an edition holds of published rows.

    ``tables``: per indicator the source tables of its rows. ``fetched``: tables that came from StatLine.
    ``last``: per table the last year. ``unsettled``: per table the years that are not final. ``counted``: the own
    denominators of indicators that the edition has.
    """

    tables: dict[str, frozenset[str]]
    fetched: dict[str, dict[str, Any]]
    last: dict[str, int]
    unsettled: dict[str, dict[int, Status]]
    counted: frozenset[str] = frozenset()


def in_force(definitions: Definitions, snapshot: Snapshot) -> Definitions:
    """Return the definitions as they are true for an edition; the very same object when nothing differs.

    Fields about tables that gave way say what is left of them. An indicator is weighted by its own denominator where
    the edition holds that; nothing is then said of a stand-in. The sources of an indicator are those that its rows
    come from. A fetched table has the title that StatLine gives it, the statuses of its rows, and no mention of a
    newer year that the edition has by now. An indicator without rows stays as it is.

    Args:
        definitions: as they stand in the files.
        snapshot: the edition; only its ``observations``, ``weights``, municipalities and the ``sources`` of its
            manifest are used.
    """
    held = replace(_held(snapshot), counted=_counted(definitions, snapshot))
    indicators = tuple(_indicator(definitions, i, held) for i in definitions.indicators)
    tables = tuple(_table(t, held) for t in definitions.tables)
    before = chain(definitions.indicators, definitions.tables)
    same = all(a is b for a, b in zip(before, chain(indicators, tables), strict=True))
    return definitions if same else replace(definitions, indicators=indicators, tables=tables)


def _indicator(definitions: Definitions, i: Indicator, held: _Held) -> Indicator:
    tables = held.tables.get(i.id, frozenset())
    if not tables:
        return i
    fetched = tables & held.fetched.keys()
    gone: list[Dated] = [f for f, named in i.only_with.items() if tables.isdisjoint(named)]
    gone += [f for f, named in i.only_without.items() if not fetched.isdisjoint(named)]
    update: dict[str, Any] = {f: getattr(i.otherwise, f) for f in gone}
    if i.sources and (fetched or not tables <= {s.table for s in i.sources}):
        update["sources"] = _sources(definitions, i, tables, fetched)
    own = i.aggregation.own_weight
    if own in held.counted:
        update["aggregation"] = i.aggregation.model_copy(
            update={"weight": own, "own_weight": None, "substitute_weight": None}
        )
    return i.model_copy(update=update) if update else i


def _sources(
    definitions: Definitions, i: Indicator, tables: frozenset[str], fetched: frozenset[str]
) -> tuple[SourceSpec, ...]:
    """Where the rows of an edition come from: stored tables that stayed, and what was fetched."""
    stored = [s if s.table in tables else _another_edition(s, tables) for s in i.sources]
    made: dict[tuple[str, tuple[str, ...]], SourceSpec] = {
        (s.table, s.measures): s for s in stored if s.table in tables - fetched
    }
    for spec in live_specs(definitions, i):
        if spec.table in fetched:
            made.setdefault((spec.table, spec.measures), spec)
    return tuple(made.values()) or i.sources


def _another_edition(spec: SourceSpec, tables: frozenset[str]) -> SourceSpec:
    """The same of the edition of the Regionale Monitor Brede Welvaart that was imported since."""
    if not RMBW.fullmatch(spec.table):
        return spec
    newest = max((t for t in tables if RMBW.fullmatch(t)), default=spec.table)
    return spec.model_copy(update={"table": newest})


def _table(table: SourceTable, held: _Held) -> SourceTable:
    entry = held.fetched.get(table.id)
    if entry is None or table.id not in held.last:
        return table
    update: dict[str, Any] = {"title": str(entry.get("title") or table.title), "status": held.unsettled[table.id]}
    if table.newer and table.newer.year <= held.last[table.id]:
        update["newer"] = None
    differs = any(getattr(table, f) != value for f, value in update.items())
    return table.model_copy(update=update) if differs else table


def _held(snapshot: Snapshot) -> _Held:
    """Find out by counting codes: a few milliseconds for a whole edition."""
    rows = snapshot.observations
    fetched = {str(k): e for k, e in snapshot.manifest["sources"].items() if "statline" in e}
    (basis, based), (indicator, names), (source, sources), (status, statuses) = (
        _coded(rows[c]) for c in ("basis", "indicator", "source", "status")
    )
    given = np.flatnonzero(np.array([name in PUBLISHED for name in based], dtype=bool)[basis])
    tables: dict[str, set[str]] = {}
    for k, t in _pairs(indicator[given], source[given], len(sources)):
        tables.setdefault(names[k], set()).add(sources[t])
    last: dict[str, int] = {}
    unsettled: dict[str, dict[int, Status]] = {t: {} for t in fetched}
    if fetched:
        given = given[np.array([name in fetched for name in sources], dtype=bool)[source[given]]]
        years = rows["year"].to_numpy()[given].astype(np.int64) - _FIRST
        for k, t in _pairs(years * len(statuses) + status[given], source[given], len(sources)):
            year, name = _FIRST + k // len(statuses), statuses[k % len(statuses)]
            last[sources[t]] = max(year, last.get(sources[t], 0))
            if name in get_args(Status) and name != "definitief":
                unsettled[sources[t]][year] = cast(Status, name)
    return _Held({k: frozenset(v) for k, v in tables.items()}, fetched, last, unsettled)


def _counted(definitions: Definitions, snapshot: Snapshot) -> frozenset[str]:
    """Which own denominators of indicators the edition has for enough municipalities, in each of their years.

    Enough is 95% of all, and every one of the eleven regions: where a member has no weight, a region has no value.
    """
    asked = {i.aggregation.own_weight for i in definitions.indicators} - {None}
    rows = snapshot.weights[snapshot.weights["quantity"].isin(asked)]
    rows = rows[rows["value"].notna() & rows["area"].isin(snapshot.municipalities)]
    if rows.empty:
        return frozenset()
    own = {code for r in definitions.regions for code in r.codes}
    cells = [rows["quantity"].astype(str), rows["year"]]
    there, ours = (flags.groupby(cells).sum() for flags in (rows["area"].notna(), rows["area"].isin(own)))
    enough = (there >= ENOUGH * len(snapshot.municipalities)) & (ours >= len(own))
    whole = enough.groupby(level=0).all()
    return frozenset(str(q) for q in whole.index[whole])


def _coded(column: pd.Series) -> tuple[np.ndarray, Sequence[str]]:
    """A column as numbers, and the text of each number."""
    coded = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype(str).astype("category")
    return coded.cat.codes.to_numpy(), [str(c) for c in coded.cat.categories]


def _pairs(first: np.ndarray, second: np.ndarray, width: int) -> list[tuple[int, int]]:
    """Which pairs of codes occur, in order."""
    if not len(first):
        return []
    found = np.flatnonzero(np.bincount(first.astype(np.int64) * width + second))
    return [(int(k) // width, int(k) % width) for k in found]
