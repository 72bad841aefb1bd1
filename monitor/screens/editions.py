"""Content of the page of editions: which there are and how old, their sources, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import pandas as pd
from pyarrow import parquet

from monitor.dates import told_date, told_noted
from monitor.definitions import Definitions
from monitor.errors import SnapshotError
from monitor.notation import alphabetical
from monitor.refresh.changelog_counts import counts_of
from monitor.refresh.changelog_sources import outline_lines, table_code
from monitor.screens.edition_age import Age, age_of
from monitor.snapshot import store, swap
from monitor.snapshot.compare import KINDS, Comparison, Kind, compare, editions, kept_beside, read_edition

PAGE = "edities"
UNKNOWN = "onbekend"


@dataclass(frozen=True)
class Kept:
    """One edition on the list.

    ``in_force``: readers see it without asking for another. ``bytes``: size of its files; ``figures``: how many values
    it holds; ``newer``: how many of its source tables differ from those of the edition below it in the list, None for
    the last. ``log``: it has a change log. ``made``: when it was made, with the time where that was noted.
    """

    name: str
    folder: Path
    in_force: bool
    age: Age
    bytes: int
    figures: int
    newer: int | None
    tables: int
    log: bool
    made: str


@dataclass(frozen=True)
class Shelf:
    """All editions, the one in force first and then newest first.

    ``damaged``: names of those that cannot be read. ``waiting``: of those that could not be moved to the kept ones yet.
    """

    editions: tuple[Kept, ...]
    damaged: tuple[str, ...]
    waiting: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of those that can be read."""
        return tuple(e.name for e in self.editions)


@dataclass(frozen=True)
class Source:
    """One source of an edition, as text; ``modified``: when the publisher last changed it."""

    publisher: str
    title: str
    table: str
    page: str
    modified: str
    retrieved: str
    licence: str


@dataclass(frozen=True)
class Line:
    """How many values of a figure differ, per kind, and over which years."""

    name: str
    indicator: str | None
    counts: Mapping[Kind, int]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Difference:
    """What differs between two editions.

    ``headline``, ``explained``: what differs in the words of the change log. ``counts``: values per kind, of which a
    reader can see that they differ. ``lines``: per indicator, most changed first. ``revised``, ``withdrawn``: names of
    indicators of which the publisher itself changed or took back values. ``outlines``: which other outlines the map is
    drawn from. ``areas``: municipalities that are gone or new, and areas that are made up otherwise.
    """

    before: str
    after: str
    counts: Mapping[Kind, int]
    lines: tuple[Line, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]
    headline: str
    explained: str
    outlines: tuple[str, ...]
    areas: tuple[str, ...]


def shelf_of(folder: Path, today: date) -> Shelf:
    """List the editions around the one in force (``folder``)."""
    found = editions(folder)
    manifests: dict[str, dict[str, Any]] = {}
    for name, place in list(found):
        try:
            manifests[name] = store.read_manifest(place)
        except SnapshotError:  # it went while we looked
            found.remove((name, place))
    made = []
    for k, (name, place) in enumerate(found):
        below = found[k + 1][0] if k + 1 < len(found) else None
        sources = manifests[name]["sources"]
        newer = _newer(sources, manifests[below]["sources"]) if below else None
        files = [p.stat().st_size for p in place.iterdir() if p.is_file()]
        age, log = age_of(manifests[name], today), bool(store.changes(place))
        at = told_noted(manifests[name].get("made")) or age.made
        made.append(Kept(name, place, place == folder, age, sum(files), _figures(place), newer, len(sources), log, at))
    damaged = _damaged(folder, {p for _, p in found}, set(manifests))
    return Shelf(tuple(made), damaged, tuple(swap.waiting(folder)))


def _newer(sources: Mapping[str, Any], before: Mapping[str, Any]) -> int:
    """How many tables are new or hold something else than before."""
    return sum(before.get(t, {}).get("sha256") != entry.get("sha256") for t, entry in sources.items())


def _figures(folder: Path) -> int:
    try:
        return int(parquet.read_metadata(folder / store.OBSERVATIONS).num_rows)
    except (OSError, ValueError):
        return 0


def _damaged(folder: Path, sound: set[Path], names: set[str]) -> tuple[str, ...]:
    kept = kept_beside(folder)
    others = [p for p in kept.iterdir() if p.is_dir() and not p.name.startswith(".")] if kept.is_dir() else []
    return tuple(sorted(p.name for p in others if p not in sound and store.sound(p) is None and p.name not in names))


def sources_of(manifest: Mapping[str, Any]) -> tuple[Source, ...]:
    """The sources of an edition, by publisher and title."""
    made = [
        Source(
            str(s.get("publisher") or ""), str(s.get("title") or table), table_code(table, s), _web(s.get("page")),
            _day(s.get("modified")), _day(s.get("retrieved")), str(s.get("licence") or ""),
        )
        for table, s in manifest["sources"].items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda s: (alphabetical(s.publisher), alphabetical(s.title))))


def _web(value: object) -> str:
    address = str(value or "")
    return address if address.startswith("https://") else ""


def _day(value: object) -> str:
    """The day of an ISO date or moment, as people write it."""
    try:
        return told_date(date.fromisoformat(str(value or "")[:10]))
    except ValueError:
        return UNKNOWN


def difference_of(definitions: Definitions, folder: Path, before: str, after: str) -> Difference:
    """Compare two editions by name.

    Raises:
        UnknownName: one of them does not exist (any more).
        SnapshotError: one of them cannot be read.
    """
    old, new = read_edition(folder, before), read_edition(folder, after)
    found = compare(definitions, old, new)
    counts = counts_of(found)
    cells = counts.seen
    own = cells["basis_before"].isin(store.PUBLISHED) | cells["basis_after"].isin(store.PUBLISHED)
    names = _names(definitions)
    return Difference(
        before,
        after,
        counts.values,
        _lines(cells, names),
        _named(cells[own], "herzien", names),
        _named(cells[own], "vervallen", names),
        counts.headline,
        counts.explained,
        tuple(line.removeprefix("- ").replace("**", "") for line in outline_lines(old, new)),
        _areas(definitions, found),
    )


def _names(definitions: Definitions) -> dict[str, str]:
    return {i.id: i.full_name for i in definitions.indicators} | {f.id: f.name for f in definitions.cross_border}


def _named(cells: pd.DataFrame, kind: Kind, names: Mapping[str, str]) -> tuple[str, ...]:
    found = {str(i) for i in cells.loc[cells["kind"] == kind, "indicator"]}
    return tuple(sorted((names.get(i, i) for i in found), key=alphabetical))


def _lines(cells: pd.DataFrame, names: Mapping[str, str]) -> tuple[Line, ...]:
    made: dict[str, tuple[dict[Kind, int], set[int]]] = {}
    for (indicator, kind), own in cells.groupby(["indicator", "kind"], sort=True)["year"]:
        counts, all_years = made.setdefault(str(indicator), (dict.fromkeys(KINDS, 0), set()))
        counts[cast(Kind, kind)] = len(own)
        all_years.update(int(y) for y in own.unique())
    lines = [Line(names.get(i, i), i if i in names else None, c, tuple(sorted(y))) for i, (c, y) in made.items()]
    return tuple(sorted(lines, key=lambda x: (-sum(x.counts.values()), alphabetical(x.name))))


def _areas(definitions: Definitions, found: Comparison) -> tuple[str, ...]:
    """What changed in the areas themselves, in sentences."""
    t = found.territory
    said = [f"{v.name} is geen gemeente meer." for v in t.vanished]
    names = t.editions[1].names
    said += [f"{names.get(code, code)} is een nieuwe gemeente." for code in t.appeared]
    regions = {r.id: r for r in definitions.regions}
    for r in t.recomposed:
        if r.area in regions:
            spoken = regions[r.area].spoken
            said.append(f"{spoken[0].upper()}{spoken[1:]} bestaat uit andere gemeenten.")
    return tuple(said)


def differs_in(today: Definitions, used: Definitions) -> Sequence[str]:
    """How regions are spoken of that an edition (``used``) adds up from other municipalities than today."""
    own = {r.id: set(r.codes) for r in used.regions}
    return [r.spoken for r in today.regions if own.get(r.id, set(r.codes)) != set(r.codes)]
