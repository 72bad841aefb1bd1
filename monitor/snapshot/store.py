"""Read an edition, check it against its manifest, and put a new one in its place in one step."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet

from monitor.errors import SnapshotError
from monitor.paths import DETAIL, MAP, NEIGHBOURS, ROOT
from monitor.snapshot.coded import TEXTS, category, numbered

OBSERVATIONS, WEIGHTS, AREAS, MANIFEST = (
    "observations.parquet",
    "weights.parquet",
    "areas.parquet",
    "manifest.json",
)
FILES = (OBSERVATIONS, WEIGHTS, AREAS, MAP, NEIGHBOURS, DETAIL)
# What changed since the edition before it, in Dutch; the first edition has none.
CHANGES = "wijzigingen.md"
OBSERVATION_COLUMNS = [
    "indicator", "area", "year", "value", "lower", "upper", "status", "source", "basis",
    "coverage", "members", "missing", "weight_year",
]  # fmt: skip
# What a publisher gave, apart from what was derived from it.
PUBLISHED = ("cbs", "eurostat")
_ATTEMPTS = 20
_WAY_OUT = (
    "Is er eerder ververst, zet dan een bewaarde editie terug: 'python -m monitor editions list' noemt ze, "
    "'editions use NAAM' zet er een terug."
)


class _Index:
    """Finds rows in the long frame, which is ordered by indicator, area and year, without taking it apart."""

    def __init__(self, observations: pd.DataFrame) -> None:
        # pandas gives the categories of text as Arrow strings; a plain list is faster to look in.
        coded = {c: observations[c].cat for c in ("indicator", "area")}
        self._place = {c: {str(k): n for n, k in enumerate(cat.categories)} for c, cat in coded.items()}
        self._areas = np.array([str(a) for a in coded["area"].categories], dtype=object)
        self._width = len(self._areas)
        self._year = observations["year"].to_numpy(dtype=np.int64)
        pair = coded["indicator"].codes.to_numpy(dtype=np.int64) * self._width + coded["area"].codes.to_numpy()
        self._pair, self._key = pair, pair * 10_000 + self._year
        if np.any(np.diff(self._key) <= 0):
            raise SnapshotError("De waarnemingen staan niet op volgorde, of een staat er twee keer in.", _WAY_OUT)
        self._columns: dict[str, Any] = {}
        for column in observations.columns:
            values = observations[column]
            if isinstance(values.dtype, pd.CategoricalDtype):
                self._columns[column] = ([str(k) for k in values.cat.categories], values.cat.codes.to_numpy())
            else:
                self._columns[column] = (None, values.to_numpy())

    def span(self, indicator: str, area: str | None = None) -> slice:
        """Where the rows of an indicator, or of one of its areas, stand."""
        first = self._place["indicator"].get(indicator)
        if first is None:
            return slice(0, 0)
        low, high = first * self._width, (first + 1) * self._width
        if area is not None:
            second = self._place["area"].get(area)
            if second is None:
                return slice(0, 0)
            low, high = low + second, low + second + 1
        return slice(int(np.searchsorted(self._pair, low)), int(np.searchsorted(self._pair, high)))

    def record(self, indicator: str, area: str, year: int) -> dict[str, Any] | None:
        """The row of one observation."""
        first, second = self._place["indicator"].get(indicator), self._place["area"].get(area)
        if first is None or second is None or not 0 <= year < 10_000:
            return None
        key = (first * self._width + second) * 10_000 + int(year)
        at = int(np.searchsorted(self._key, key))
        if at == len(self._key) or self._key[at] != key:
            return None
        return {
            column: values[at].item() if names is None else names[values[at]]
            for column, (names, values) in self._columns.items()
        }

    def cells(self, area: str, column: str, basis: str | None) -> dict[tuple[str, int], float]:
        """One column of all figures of an area."""
        second = self._place["area"].get(area)
        if second is None:
            return {}
        chosen = self._pair % self._width == second
        if basis is not None:
            names, codes = self._columns["basis"]
            chosen &= codes == (names.index(basis) if basis in names else -1)
        at = np.flatnonzero(chosen)
        indicators, codes = self._columns["indicator"]
        numbers = self._columns[column][1]
        return {(indicators[codes[k]], int(self._year[k])): float(numbers[k]) for k in at}

    def municipal_years(self) -> dict[str, list[int]]:
        """Per indicator the years for which any municipality has a value."""
        municipal = np.array([a.startswith("GM") for a in self._areas], dtype=bool)
        known = municipal[self._pair % self._width] & ~np.isnan(self._columns["value"][1])
        pairs = np.unique(self._pair[known] // self._width * 10_000 + self._year[known])
        found: dict[str, list[int]] = {}
        names = list(self._place["indicator"])
        for pair in pairs:
            found.setdefault(names[pair // 10_000], []).append(int(pair % 10_000))
        return found


@dataclass(frozen=True)
class Snapshot:
    """An edition in memory; treat the frames as read-only.

    ``observations``: one row per indicator x area x year (columns ``OBSERVATION_COLUMNS``), all levels.
    ``weights``: quantity, area, year, value. ``areas``: area, name, level, corop, province, ggd, border_km.
    """

    folder: Path
    observations: pd.DataFrame
    weights: pd.DataFrame
    areas: pd.DataFrame
    manifest: dict[str, Any]

    @property
    def edition(self) -> str:
        """Name of the edition."""
        return str(self.manifest["edition"])

    @cached_property
    def names(self) -> dict[str, str]:
        """Area code -> name."""
        return dict(zip(self.areas["area"], self.areas["name"], strict=True))

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """Codes of the current layout (342)."""
        return tuple(self.areas.loc[self.areas["level"] == "gemeente", "area"])

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.observations)

    @cached_property
    def _years(self) -> dict[str, list[int]]:
        return self._index.municipal_years()

    def indicator(self, indicator: str) -> pd.DataFrame:
        """All rows of an indicator; empty when it has none."""
        return self.observations.iloc[self._index.span(indicator)]

    def series(self, indicator: str, area: str) -> pd.DataFrame:
        """Rows of an indicator for one area, ordered by year; empty when it has none."""
        return self.observations.iloc[self._index.span(indicator, area)]

    def row(self, indicator: str, area: str, year: int) -> dict[str, Any] | None:
        """One observation as a dict, or None."""
        return self._index.record(indicator, area, year)

    def cells(self, area: str, column: str, basis: str | None = None) -> dict[tuple[str, int], float]:
        """One column of all figures of an area: (indicator, year) -> number; ``basis`` keeps only such rows."""
        return self._index.cells(area, column, basis)

    def years(self, indicator: str) -> list[int]:
        """Years for which any municipality has a value, in order."""
        return self._years.get(indicator, [])

    @cached_property
    def statuses(self) -> dict[tuple[str, int], str]:
        """(indicator, year) -> status of what was published for it."""
        rows = self.observations[self.observations["basis"] == "cbs"]
        one = rows.drop_duplicates(["indicator", "year"])[["indicator", "year", "status"]]
        return {(str(i), int(y)): str(s) for i, y, s in one.itertuples(index=False)}

    def comparable(self, region: str) -> tuple[str, ...]:
        """COROP regions outside the programme that resemble a region most, nearest first; empty without."""
        return tuple(self.manifest.get("comparable", {}).get(region, ()))

    def relevant_difference(self, indicator: str) -> float:
        """A quarter of the standard deviation between COROP regions, as computed for this edition; NaN without."""
        entry = self.manifest["relevant_differences"].get(indicator)
        return float(entry["value"]) if entry else float("nan")


def fingerprint(folder: Path) -> str:
    """Return the hash of the manifest: changes exactly when another edition is in force."""
    return hashlib.sha256(_bytes(folder, MANIFEST)).hexdigest()


def read(folder: Path) -> Snapshot:
    """Read an edition and check every file against the manifest.

    All files are read before any is used, and read again when another edition came into force meanwhile, so
    that editions never mix.

    Raises:
        SnapshotError: a file is missing, damaged or not the one that the manifest describes.
    """
    for _ in range(_ATTEMPTS):
        before = _bytes(folder, MANIFEST)
        try:
            return _parse(folder, before)
        except SnapshotError:
            if _bytes(folder, MANIFEST) == before:
                raise
    raise SnapshotError(f"De cijfers in {folder.name} veranderen steeds.", "Probeer het over een minuut opnieuw.")


def way_out(folder: Path) -> str:
    """What to do about an edition that is missing or damaged; only what ships with the project can come from there."""
    ours = folder.resolve().is_relative_to(ROOT / "data")
    otherwise = (
        "'git checkout -- data/snapshot'"
        if ours
        else "kijk of REGIOMONITOR_SNAPSHOT de goede map noemt, of zet een reservekopie terug"
    )
    return f"{_WAY_OUT} Anders: {otherwise}."


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError:
        if name == MANIFEST:
            raise SnapshotError(f"De cijfers ontbreken ({folder.name}/{name}).", way_out(folder)) from None
        raise SnapshotError(f"Bestand {folder.name}/{name} ontbreekt.", way_out(folder)) from None


def _frame(content: bytes) -> pd.DataFrame:
    """Read Parquet without threads: a short command could end before they do, and then aborts at its exit."""
    table = parquet.ParquetFile(io.BytesIO(content)).read(use_threads=False)
    frame: pd.DataFrame = table.to_pandas(use_threads=False)
    return frame


def _whole(folder: Path, raw_manifest: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the content of every file that it describes."""
    try:
        manifest = json.loads(raw_manifest.decode("utf-8"))
        there = (*FILES, *(n for n in (CHANGES,) if n in manifest["files"]))
        expected = {name: str(manifest["files"].get(name)) for name in there}
        whole = isinstance(manifest["edition"], str) and all(
            isinstance(manifest[part], dict) for part in ("relevant_differences", "sources")
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        whole, expected = False, {}
    if not whole:
        raise SnapshotError(f"{folder.name}/{MANIFEST} is beschadigd.", way_out(folder))
    contents = {name: _bytes(folder, name) for name in expected}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != expected[name]:
            raise SnapshotError(f"Bestand {folder.name}/{name} is beschadigd of gewijzigd.", way_out(folder))
    return manifest, contents


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an edition, when all its files are what it says.

    Raises:
        SnapshotError: as ``read``.
    """
    return _whole(folder, _bytes(folder, MANIFEST))[0]


def changes(folder: Path) -> str:
    """The change log of an edition (Markdown, Dutch); empty when it has none."""
    try:
        return (folder / CHANGES).read_text(encoding="utf-8")
    except OSError:
        return ""


def sound(folder: Path) -> str | None:
    """Name of an edition whose files are what its manifest says, without reading figures; None for a damaged one."""
    try:
        return str(read_manifest(folder)["edition"])
    except SnapshotError:
        return None


def sound_ones(kept: Path) -> list[tuple[str, Path]]:
    """Names and folders of the kept editions that are whole: by the moment of making, newest first.

    An edition that did not note its moment counts as made on the day that its name begins with.
    """
    found = []
    for place in kept.iterdir() if kept.is_dir() else ():
        if place.name.startswith(".") or sound(place) is None:
            continue
        manifest = read_manifest(place)
        name = str(manifest["edition"])
        found.append((str(manifest.get("made") or name[:10]), name, place))
    return [(name, place) for _, name, place in sorted(found, reverse=True)]


def damaged_ones(kept: Path) -> dict[str, str]:
    """The kept editions that are not whole: name of the folder -> what is wrong, as a Dutch sentence."""
    found = {}
    for place in sorted(kept.iterdir()) if kept.is_dir() else ():
        if place.is_dir() and not place.name.startswith("."):
            try:
                read_manifest(place)
            except SnapshotError as error:
                found[place.name] = error.message
    return found


def _parse(folder: Path, raw_manifest: bytes) -> Snapshot:
    manifest, contents = _whole(folder, raw_manifest)
    try:
        frames = [_frame(contents[n]) for n in (OBSERVATIONS, WEIGHTS, AREAS)]
    except Exception as error:  # pyarrow raises many kinds; each means the same to the user
        raise SnapshotError(f"De cijfers in {folder.name} zijn niet te lezen.", way_out(folder)) from error
    return Snapshot(folder, frames[0], frames[1], frames[2], manifest)


def write_frames(folder: Path, observations: pd.DataFrame, weights: pd.DataFrame, areas: pd.DataFrame) -> None:
    """Write the three frames as Parquet (zstd, categoricals); same frames, same bytes."""
    keys = ["indicator", "area", "year"]
    small = {"year": "int16", "coverage": "float32", "members": "int16", "weight_year": "int16"}
    # First smaller, then in order: the sorted rows are a second copy.
    long = _coded(observations[OBSERVATION_COLUMNS], TEXTS).astype(small).sort_values(keys, ignore_index=True)
    # Sums may differ in their last digits between machines; what nobody can see must not change the bytes.
    long[["value", "lower", "upper"]] = long[["value", "lower", "upper"]].round(9)
    long.to_parquet(folder / OBSERVATIONS, compression="zstd", index=False)
    counts = _coded(weights[["quantity", "area", "year", "value"]], ["quantity", "area"])
    counts = counts.sort_values(["quantity", "area", "year"], ignore_index=True)
    counts.astype({"year": "int16"}).to_parquet(folder / WEIGHTS, compression="zstd", index=False)
    areas.to_parquet(folder / AREAS, compression="zstd", index=False)


def _coded(frame: pd.DataFrame, texts: Sequence[str]) -> pd.DataFrame:
    """The same with texts as categories: only those that occur, in alphabetical order."""
    made = {}
    for column in texts:
        (numbers,), names = numbered(frame[column])
        made[column] = category(numbers, names)
    return frame.assign(**made)


def seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest with the checksum of every file; last, so that a half-written folder has none."""
    there = [name for name in (*FILES, CHANGES) if name in FILES or (folder / name).exists()]
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in there}
    text = json.dumps({**manifest, "files": sums}, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def readable(folder: Path) -> Snapshot | None:
    """An edition, or None for a damaged one."""
    try:
        return read(folder)
    except SnapshotError:
        return None


def newest_readable(folder: Path, kept: Path) -> Snapshot:
    """Return the edition in force, or the newest kept one when that is damaged.

    Raises:
        SnapshotError: about the edition in force, when no kept one can be read either.
    """
    try:
        return read(folder)
    except SnapshotError:
        for _, candidate in sound_ones(kept):
            if (found := readable(candidate)) is not None:
                return found
        raise
