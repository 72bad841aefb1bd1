"""Compare two editions cell by cell: what is new, revised, withdrawn, or changed by boundaries, apart from each other.

A cell is one value of an indicator in an area and a year. Every cell that changed is of exactly one kind; exchanging
the editions makes of new withdrawn and the reverse, and leaves the other two as they are.

- ``nieuw``, ``vervallen``: a value in one of the editions only.
- ``herzien``: value, margin or status differ.
- ``grenzen``: the same, where it comes from other ground: a reorganised municipality, a region of other
  municipalities, or a regional value that rests on other members because some lack a value. Whether such a value was
  revised as well cannot be told, and is not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from monitor.definitions import Definitions
from monitor.errors import UnknownName
from monitor.nearest import meant
from monitor.snapshot import store
from monitor.snapshot.coded import distinct, plain
from monitor.snapshot.territory import Territory
from monitor.statistics.aggregate import Bools, Floats

Kind = Literal["nieuw", "herzien", "vervallen", "grenzen"]
KINDS: tuple[Kind, ...] = ("nieuw", "herzien", "vervallen", "grenzen")
Ground = Literal["", "gemeente", "samenstelling", "dekking"]
KEPT = "edities"
_NUMBERS = ("value", "lower", "upper")
_TEXTS = ("status", "basis", "missing")
# An edition keeps nine decimals, and what is added up from kept figures may differ in the last of them.
_NOISE = 5e-9


@dataclass(frozen=True)
class Comparison:
    """What differs between two editions.

    ``before``, ``after``: their names. ``cells``: one row per changed cell, ordered by indicator, area and year, with
    columns indicator, area, year, kind (``Kind``), ground (``Ground``: why a cell is of kind grenzen), visible, and
    for each of value, lower, upper, status, basis, missing and members one column with ``_before`` and one with
    ``_after`` behind it (NaN or empty where the edition has no such row). ``visible`` is False for a revision that
    nobody can see: value and margin read the same at the decimals that the figure shows, and the status is the same.
    ``territory``: which municipalities vanished and which areas are made up otherwise.
    """

    before: str
    after: str
    cells: pd.DataFrame
    territory: Territory

    def of(self, kind: Kind) -> pd.DataFrame:
        """The changed cells of one kind."""
        return self.cells[self.cells["kind"] == kind]

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many cells changed, per kind."""
        found = self.cells["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}

    @property
    def unchanged(self) -> bool:
        """Whether both editions say the same, about the same areas."""
        t = self.territory
        return self.cells.empty and not (t.vanished or t.appeared or t.recomposed)

    @cached_property
    def by_indicator(self) -> pd.DataFrame:
        """One row per indicator and kind: indicator, kind, cells, areas (numbers of them) and years (tuple)."""
        grouped = self.cells.groupby(["indicator", "kind"], sort=True)
        return grouped.agg(
            cells=("area", "size"),
            areas=("area", "nunique"),
            years=("year", lambda years: tuple(sorted({int(y) for y in years}))),
        ).reset_index()


def kept_beside(folder: Path) -> Path:
    """Where earlier editions are kept, beside the edition in force (or around one of them)."""
    return folder.parent if folder.parent.name == KEPT else folder.parent / KEPT


def editions(folder: Path) -> list[tuple[str, Path]]:
    """Editions that can be read, as name and folder: the one in force first, then the kept ones, newest first.

    A damaged one is left out, as is a kept copy of the edition in force.

    Args:
        folder: of the edition in force.
    """
    found: dict[str, Path] = {}
    for name, place in [(store.sound(folder), folder), *store.sound_ones(kept_beside(folder))]:
        if name is not None:
            found.setdefault(name, place)
    return list(found.items())


def read_edition(folder: Path, name: str) -> store.Snapshot:
    """Read an edition by name.

    Args:
        folder: of the edition in force.
        name: of any that ``editions`` gives.

    Raises:
        UnknownName: it does not exist or is damaged, and how; those that can be read are named.
        SnapshotError: it cannot be read after all.
    """
    found = dict(editions(folder))
    if name not in found:
        raise not_there(folder, name, found)
    return store.read(found[name])


def not_there(folder: Path, name: str, others: Collection[str]) -> UnknownName:
    """What is said of a name that no sound edition has.

    Args:
        folder: of the edition in force.
        name: as asked.
        others: names that would do.
    """
    hint = f"Wel: {', '.join(others)}." if others else "Er is geen andere editie die te lezen is."
    wrong = store.damaged_ones(kept_beside(folder)).get(name)
    if wrong is not None:
        return UnknownName(f"Editie '{name}' is beschadigd. {wrong}", hint)
    now = "" if store.sound(folder) else " De editie in gebruik is beschadigd."
    return UnknownName(f"Editie '{name}' bestaat niet.{now}", f"{meant(name, others, '')} {hint}".strip())


def compare(definitions: Definitions, old: store.Snapshot, new: store.Snapshot) -> Comparison:
    """Compare two editions, both read with the same definitions."""
    territory = Territory(definitions, old, new)
    cells = differences(old.observations, new.observations)
    cells.insert(4, "ground", pd.Series(_ground(cells, territory), dtype=object))
    cells.loc[cells["ground"] != "", "kind"] = "grenzen"
    cells.insert(5, "visible", _visible(definitions, cells))
    return Comparison(old.edition, new.edition, cells, territory)


def _ground(cells: pd.DataFrame, t: Territory) -> list[Ground]:
    """Per changed cell why it comes from other ground; empty when it does not."""
    if cells.empty:
        return []
    about = {str(a): _Area.of(str(a), t) for a in cells["area"].unique()}
    # Where the other edition does not have the figure of that year at all, it is new, whatever the ground.
    both = _figures(t.editions[0]) & _figures(t.editions[1])
    revised: dict[tuple[str, int], set[str]] = {}
    if t.touched:
        own = cells[(cells["kind"] == "herzien") & ~cells["area"].isin(t.touched)]
        for indicator, area, year in own[["indicator", "area", "year"]].itertuples(index=False):
            revised.setdefault((indicator, year), set()).add(area)
    # Most cells lie in areas that are what they were, and rest on the same municipalities.
    asks = ~cells["area"].isin([a for a, x in about.items() if x.same_members and not (x.one_only or x.touched)])
    asks |= cells["missing_before"] != cells["missing_after"]
    found: list[Ground] = [""] * len(cells)
    for place, cell in zip(np.flatnonzero(asks), cells[asks].itertuples(index=False), strict=True):
        figure = (str(cell.indicator), int(str(cell.year)))
        if figure in both:
            found[place] = _ground_of(cell, about[str(cell.area)], t, revised.get(figure, set()))
    return found


@dataclass(frozen=True)
class _Area:
    """An area in both editions; ``same_ground`` and ``same_members`` are None when unknown."""

    municipal: bool
    one_only: bool
    touched: bool
    same_ground: bool | None
    same_members: bool | None
    members: frozenset[str]

    @classmethod
    def of(cls, area: str, t: Territory) -> _Area:
        there = [area in s.names or area in s.observations["area"].cat.categories for s in t.editions]
        same = (t.same_ground(area), t.same_members(area))
        return cls(area.startswith("GM"), there[0] != there[1], area in t.touched, *same, t.members(area))


def _ground_of(cell: Any, area: _Area, t: Territory, revised: set[str]) -> Ground:
    """Why one cell comes from other ground.

    Args:
        cell: a row of ``differences``.
        area: what is known of its area.
        t: the ground of both editions.
        revised: untouched municipalities whose own value of this figure and year was revised.
    """
    if area.municipal:
        return "gemeente" if area.touched or area.one_only else ""
    if area.one_only:
        return "samenstelling"
    if not {cell.basis_before, cell.basis_after} <= {"gemeenten", ""}:
        return ""  # what was published does not depend on what we add up
    if area.same_ground is False:
        return "samenstelling"
    if cell.kind != "herzien":
        return ""
    if area.same_members:
        return "" if t.ground(cell.missing_before.split()) == t.ground(cell.missing_after.split()) else "dekking"
    if area.same_ground is None:
        return "samenstelling" if cell.members_before != cell.members_after else ""
    # The same ground by merged municipalities: a revision only where another member was revised itself.
    return "samenstelling" if revised.isdisjoint(area.members) else ""


def _figures(snapshot: store.Snapshot) -> set[tuple[str, int]]:
    """Every indicator and year for which any area has a value."""
    known = snapshot.observations[snapshot.observations["value"].notna()].drop_duplicates(["indicator", "year"])
    return {(str(i), int(y)) for i, y in zip(known["indicator"], known["year"], strict=True)}


def _visible(definitions: Definitions, cells: pd.DataFrame) -> Bools:
    """Whether a reader can see that a cell changed: at the decimals that its figure shows."""
    known = {i.id: i.decimals for i in definitions.indicators}
    known |= {f.id: f.decimals for f in definitions.cross_border}
    scale: Floats = np.power(10.0, cells["indicator"].map(known).fillna(9).to_numpy(dtype=np.float64))
    seen: Bools = cells["status_before"].to_numpy() != cells["status_after"].to_numpy()
    for column in _NUMBERS:
        a, b = (as_shown(cells[f"{column}_{side}"].to_numpy(dtype=np.float64), scale) for side in ("before", "after"))
        seen = seen | ~((a == b) | (np.isnan(a) & np.isnan(b)))
    return seen


def as_shown(values: Floats, scale: Floats | float) -> Floats:
    """Round half away from zero, as ``notation.rounded`` does, many at once.

    Args:
        values: in the unit of the figure.
        scale: ten to the power of its decimals, for all or for each value.

    Returns:
        Whole numbers of the smallest step that the figure shows.
    """
    # Nine decimals are what an edition keeps; more would be noise that decides ties.
    steps = np.round(np.abs(values) * scale, 9)
    found: Floats = np.sign(values) * np.floor(steps + 0.5)
    return found


def differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Say which cells differ between two frames of observations; the one place where editions are held together.

    Args:
        before: observations (``store.OBSERVATION_COLUMNS``), any order, each cell once.
        after: the same, later.

    Returns:
        The frame that ``Comparison.cells`` describes, without ground and visible; kinds nieuw, herzien, vervallen.
        A cell without a value in both is no change, whatever its margin.

    Raises:
        ValueError: a cell stands twice in one of the frames.
    """
    names: tuple[dict[str, int], dict[str, int]] = ({}, {})
    keys = [_keys(frame, names) for frame in (before, after)]
    if any((np.diff(np.sort(k)) == 0).any() for k in keys):
        raise ValueError("een cel staat er twee keer in")
    cells = distinct(*keys)
    sides = [_Side(frame, key, cells) for frame, key in zip((before, after), keys, strict=True)]
    old, new = sides
    numbers = {c: (old.number(c), new.number(c)) for c in _NUMBERS}
    has_old, has_new = (~np.isnan(v) for v in numbers["value"])
    moved = np.zeros(len(cells), dtype=bool)
    for a, b in numbers.values():
        with np.errstate(invalid="ignore"):
            moved |= (np.abs(a - b) > _NOISE) | (np.isnan(a) != np.isnan(b))
    statuses = {"": 0}
    moved |= old.coded("status", statuses) != new.coded("status", statuses)
    found = [has_old & ~has_new, has_new & ~has_old, has_old & has_new & moved]
    kind = np.select(found, ["vervallen", "nieuw", "herzien"], "")
    at = np.flatnonzero(kind != "")
    pair, year = np.divmod(cells[at], _YEARS)
    first, second = np.divmod(pair, _AREAS)
    made: dict[str, object] = {
        "indicator": np.array(list(names[0]), dtype=object)[first],
        "area": np.array(list(names[1]), dtype=object)[second],
        "year": year,
        "kind": kind[at].astype(object),
    }
    for column in (*_NUMBERS, *_TEXTS, "members"):
        for side, name in ((old, "before"), (new, "after")):
            made[f"{column}_{name}"] = side.text(column, at) if column in _TEXTS else side.number(column)[at]
    return pd.DataFrame(made).sort_values(["indicator", "area", "year"], ignore_index=True)


_AREAS, _YEARS = 1_000_000, 10_000


def _keys(frame: pd.DataFrame, names: tuple[dict[str, int], dict[str, int]]) -> np.ndarray:
    """One number per row for its indicator, area and year; the same in every frame that shares ``names``."""
    codes = []
    for column, known in zip(("indicator", "area"), names, strict=True):
        values = frame[column].astype("category")
        place = np.array([known.setdefault(c, len(known)) for c in plain(values.cat.categories)], dtype=np.int64)
        codes.append(place[values.cat.codes.to_numpy()] if len(values) else np.empty(0, dtype=np.int64))
    keys: np.ndarray = (codes[0] * _AREAS + codes[1]) * _YEARS + frame["year"].to_numpy(dtype=np.int64)
    return keys


class _Side:
    """One of the two frames, laid along the cells of both."""

    def __init__(self, frame: pd.DataFrame, keys: np.ndarray, cells: np.ndarray) -> None:
        self.frame = frame
        self.row = np.full(len(cells), -1, dtype=np.int64)
        self.row[np.searchsorted(cells, keys)] = np.arange(len(keys))

    def number(self, column: str) -> Floats:
        """A column of numbers, NaN where the frame has no such row."""
        values = np.append(self.frame[column].to_numpy(dtype=np.float64), np.nan)
        found: Floats = values[self.row]
        return found

    def coded(self, column: str, known: dict[str, int]) -> np.ndarray:
        """A column of text as numbers by ``known``, which grows; that of no text where the frame has no such row."""
        values = self.frame[column].astype("category")
        place = [known.setdefault(c, len(known)) for c in plain(values.cat.categories)]
        codes = np.append(values.cat.codes.to_numpy().astype(np.int64), -1)
        found: np.ndarray = np.array([*place, known[""]], dtype=np.int64)[codes[self.row]]
        return found

    def text(self, column: str, at: np.ndarray) -> np.ndarray:
        """Some places of a column of text, empty where the frame has no such row."""
        known = {"": 0}
        codes = self.coded(column, known)[at]
        found: np.ndarray = np.array(list(known), dtype=object)[codes]
        return found
