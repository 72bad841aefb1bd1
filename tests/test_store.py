"""An edition is whole or it is refused; a new one takes its place in one step."""

from __future__ import annotations

import json
import shutil
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from monitor.errors import SnapshotError
from monitor.snapshot import store, swap
from tests.spec_table import cases, edition

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="alleen Linux wisselt twee mappen in één stap")


def fill(folder: Path, name: str, value: float) -> None:
    """Write a small edition: one municipality, one value, the same value in every file."""
    observations = pd.DataFrame(
        {
            "indicator": ["overgewicht"],
            "area": ["GM0197"],
            "year": [2024],
            "value": [value],
            "lower": [value - 1],
            "upper": [value + 1],
            "status": ["definitief"],
            "source": ["T"],
            "basis": ["cbs"],
            "coverage": [1.0],
            "members": [1],
            "missing": [""],
            "weight_year": [0],
        }
    )
    weights = pd.DataFrame({"quantity": ["inwoners"], "area": ["GM0197"], "year": [2024], "value": [value]})
    areas = pd.DataFrame(
        {"area": ["GM0197"], "name": [name], "level": ["gemeente"], "corop": [""], "province": [""], "ggd": [""]}
    )
    store.write_frames(folder, observations, weights, areas)
    for geometry in (store.MAP, store.NEIGHBOURS, store.DETAIL):
        (folder / geometry).write_text(f"{name} {value}", encoding="utf-8")
    store.seal(folder, {"edition": name, "relevant_differences": {}, "sources": {}})


def put(folder: Path, name: str, value: float, keep: Path | None = None) -> None:
    """Put a small edition in force."""
    with swap.replacing(folder, keep) as fresh:
        fill(fresh, name, value)


def content(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first edition in force, alone in its parent folder."""
    made = tmp_path / "data" / "snapshot"
    put(made, "een", 1.0)
    return made


def damage_byte(path: Path) -> None:
    """Change one byte in the middle."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))


# --- Reading ---


def test_the_shipped_edition_reads() -> None:
    assert edition().edition
    assert len(edition().observations) > 200_000 and len(edition().municipalities) == 342


def test_what_is_written_is_read_back(folder: Path) -> None:
    read = store.read(folder)
    assert read.edition == "een" and read.names == {"GM0197": "een"} and read.municipalities == ("GM0197",)
    row = read.row("overgewicht", "GM0197", 2024)
    assert row is not None and (row["value"], row["lower"], row["upper"]) == (1.0, 0.0, 2.0)
    assert read.row("overgewicht", "GM0197", 2023) is None and read.row("onbekend", "GM0197", 2024) is None
    assert read.years("overgewicht") == [2024] and read.years("onbekend") == []
    assert len(read.series("overgewicht", "GM0197")) == 1 and read.series("overgewicht", "GM9999").empty


# --- Looking up without taking the frame apart ---

LOOKED_UP = """
    case                     | indicator          | area                 | rows
    a municipality           | overgewicht        | GM0294               | 4
    a region                 | afstand-ziekenhuis | noard-fryslan        | 1
    a region with one more   | afstand-ziekenhuis | noard-fryslan+GM0080 | 1
    a province               | fijnstof           | PV25                 | 4
    the first indicator      | aandeel-0-15       | GM0014               | 7
    the last one             | zwemwater-kust     | GM0010               | 0
    no such indicator        | geluk              | GM0294               | 0
    no such area             | overgewicht        | GM9999               | 0
    a figure without regions | mediaan-inkomen    | achterhoek           | 0
"""


@pytest.mark.parametrize("case", cases(LOOKED_UP))
def test_a_look_up_gives_what_a_filter_would(case: dict[str, str]) -> None:
    name, area = case["indicator"], case["area"]
    frame = edition().observations
    plain = frame[(frame["indicator"] == name) & (frame["area"] == area)]
    assert len(plain) == int(case["rows"])
    pd.testing.assert_frame_equal(edition().series(name, area), plain)
    pd.testing.assert_frame_equal(edition().indicator(name), frame[frame["indicator"] == name])
    for expected in plain.to_dict("records"):
        got = edition().row(name, area, expected["year"])
        assert got is not None and list(got) == list(expected)
        assert all(got[k] == v or (got[k] != got[k] and v != v) for k, v in expected.items())
    assert edition().row(name, area, 1999) is None


@pytest.mark.parametrize(("area", "basis"), [("PV25", None), ("PV25", "cbs"), ("NL01", "provincies"), ("GM9999", None)])
def test_all_figures_of_an_area_at_once(area: str, basis: str | None) -> None:
    frame = edition().observations
    plain = frame[(frame["area"] == area) & ((frame["basis"] == basis) if basis else True)]
    keys = zip(plain["indicator"].astype(str), plain["year"], strict=True)
    expected = dict(zip(keys, plain["value"], strict=True))
    got = edition().cells(area, "value", basis)
    assert got.keys() == expected.keys() and (len(got) > 50) == (area != "GM9999")
    assert all(got[k] == pytest.approx(v, nan_ok=True) for k, v in expected.items())


def test_the_years_of_a_figure_are_those_in_which_a_municipality_has_one() -> None:
    frame = edition().observations
    known = frame[frame["area"].astype(str).str.startswith("GM") & frame["value"].notna()]
    for name, years in known.groupby("indicator", observed=True)["year"]:
        assert edition().years(str(name)) == sorted(set(years))


@pytest.mark.parametrize("year", [12024, -7976, 0])
def test_a_year_beyond_all_years_is_no_row(year: int) -> None:
    """Nor that of the area before or after it."""
    assert edition().row("overgewicht", "GM0197", year) is None


def test_rows_out_of_order_are_refused() -> None:
    """The look-up rests on the order of the rows; a frame without it must not give another area's figure."""
    shuffled = replace(edition(), observations=edition().observations.iloc[::-1].reset_index(drop=True))
    with pytest.raises(SnapshotError, match="niet op volgorde"):
        shuffled.row("overgewicht", "GM0197", 2024)
    twice = pd.concat([edition().observations.iloc[:5], edition().observations.iloc[4:]], ignore_index=True)
    with pytest.raises(SnapshotError, match="twee keer"):
        replace(edition(), observations=twice).row("overgewicht", "GM0197", 2024)


def test_what_nobody_can_see_does_not_change_the_bytes(tmp_path: Path) -> None:
    """Sums differ between machines in their last digits; values are kept to nine decimals."""
    contents = []
    for k, value in enumerate((54.123456789, 54.123456789 + 4e-12, 54.12345679)):
        folder = tmp_path / str(k)
        folder.mkdir()
        fill(folder, "een", value)
        contents.append((folder / store.OBSERVATIONS).read_bytes())
    assert contents[0] == contents[1] != contents[2]


def missing(name: str) -> Callable[[Path], None]:
    """Damage: a file is gone."""

    def damage(folder: Path) -> None:
        (folder / name).unlink()

    return damage


def flipped(name: str) -> Callable[[Path], None]:
    """Damage: one byte of a file is different."""

    def damage(folder: Path) -> None:
        damage_byte(folder / name)

    return damage


def manifest(text: str | bytes) -> Callable[[Path], None]:
    """Damage: the manifest holds something else."""

    def damage(folder: Path) -> None:
        (folder / store.MANIFEST).write_bytes(text.encode() if isinstance(text, str) else text)

    return damage


def consistent_rubbish(folder: Path) -> None:
    """Damage: a file that is no Parquet, with a manifest that fits it."""
    (folder / store.AREAS).write_bytes(b"geen parquet")
    store.seal(folder, {"edition": "een", "relevant_differences": {}, "sources": {}})


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    **{f"{name} is gone": (missing(name), f"snapshot/{name} ontbreekt") for name in store.FILES},
    **{f"a byte of {name}": (flipped(name), f"snapshot/{name} is beschadigd") for name in store.FILES},
    "manifest is gone": (missing(store.MANIFEST), "De cijfers ontbreken (snapshot/manifest.json)"),
    "folder is gone": (shutil.rmtree, "De cijfers ontbreken (snapshot/manifest.json)"),
    "manifest is half": (manifest('{"edition": "een", "fil'), "snapshot/manifest.json is beschadigd"),
    "manifest is empty": (manifest(""), "snapshot/manifest.json is beschadigd"),
    "manifest is a list": (manifest("[]"), "snapshot/manifest.json is beschadigd"),
    "manifest is no text": (manifest(b"\xff\xfe\x00"), "snapshot/manifest.json is beschadigd"),
    "manifest without files": (manifest('{"edition": "een"}'), "snapshot/manifest.json is beschadigd"),
    "manifest knows no file": (manifest('{"edition": "een", "files": {}}'), "is beschadigd"),
    "manifest, files a list": (manifest('{"edition": "een", "files": []}'), "is beschadigd"),
    "rubbish that fits": (consistent_rubbish, "niet te lezen"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_edition_is_refused_with_the_way_out(folder: Path, name: str) -> None:
    damage, says = DAMAGES[name]
    damage(folder)
    with pytest.raises(SnapshotError) as caught:
        store.read(folder)
    assert says in caught.value.message
    assert "REGIOMONITOR_SNAPSHOT" in caught.value.way_out and "editions use" in caught.value.way_out
    assert "git checkout" not in caught.value.way_out, "there it helps only for the project's own place"
    assert "Error" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_manifest_without_an_edition_name_is_refused(folder: Path) -> None:
    written = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    del written["edition"]
    (folder / store.MANIFEST).write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(SnapshotError):
        store.read(folder)


def test_the_fingerprint_changes_exactly_with_the_edition(folder: Path) -> None:
    first = store.fingerprint(folder)
    assert store.fingerprint(folder) == first
    put(folder, "twee", 2.0)
    second = store.fingerprint(folder)
    assert second != first
    put(folder, "een", 1.0)
    assert store.fingerprint(folder) == first
    (folder / store.MANIFEST).unlink()
    with pytest.raises(SnapshotError, match="ontbreken"):
        store.fingerprint(folder)


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        fill(tmp_path / name, "een", 1.0)
        time.sleep(0.01)
    assert content(tmp_path / "a") == content(tmp_path / "b")


# --- Replacing ---


@pytest.fixture(params=["exchange", "two renames"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Swap by exchanging names, or by two renames where the system cannot."""
    if request.param == "two renames":
        monkeypatch.setattr(swap, "_exchange", lambda a, b: False)
    return str(request.param)


def test_a_new_edition_takes_the_place_and_the_previous_one_is_kept(folder: Path, either_way: str) -> None:
    before = content(folder)
    keep = folder.parent / "edities"
    put(folder, "twee", 2.0, keep)
    assert store.read(folder).edition == "twee"
    assert [p.name for p in keep.iterdir()] == ["een"] and content(keep / "een") == before
    assert store.read(keep / "een").edition == "een"
    put(folder, "drie", 3.0, keep)
    assert store.read(folder).edition == "drie"
    assert sorted(p.name for p in keep.iterdir()) == ["een", "twee"]
    assert sorted(p.name for p in folder.parent.iterdir()) == ["edities", "snapshot"]


def test_without_a_place_to_keep_it_the_previous_edition_goes(folder: Path, either_way: str) -> None:
    put(folder, "twee", 2.0)
    assert store.read(folder).edition == "twee"
    assert [p.name for p in folder.parent.iterdir()] == ["snapshot"]


def test_the_first_edition_needs_no_previous_one(tmp_path: Path, either_way: str) -> None:
    put(tmp_path / "nieuw" / "snapshot", "een", 1.0, tmp_path / "edities")
    assert store.read(tmp_path / "nieuw" / "snapshot").edition == "een"
    assert [p.name for p in (tmp_path / "nieuw").iterdir()] == ["snapshot"]


def fail_at_once(fresh: Path) -> None:
    raise RuntimeError("de bron viel weg")


def fail_halfway(fresh: Path) -> None:
    (fresh / store.OBSERVATIONS).write_bytes(b"half")
    raise RuntimeError("de bron viel weg")


def interrupt(fresh: Path) -> None:
    fill(fresh, "twee", 2.0)
    raise KeyboardInterrupt


def leave_a_file_out(fresh: Path) -> None:
    fill(fresh, "twee", 2.0)
    (fresh / store.WEIGHTS).unlink()


def forget_the_manifest(fresh: Path) -> None:
    fill(fresh, "twee", 2.0)
    (fresh / store.MANIFEST).unlink()


def change_after_sealing(fresh: Path) -> None:
    fill(fresh, "twee", 2.0)
    damage_byte(fresh / store.MAP)


FAILURES: list[tuple[Callable[[Path], None], type[BaseException]]] = [
    (fail_at_once, RuntimeError),
    (fail_halfway, RuntimeError),
    (interrupt, KeyboardInterrupt),
    (leave_a_file_out, SnapshotError),
    (forget_the_manifest, SnapshotError),
    (change_after_sealing, SnapshotError),
]


@pytest.mark.parametrize(("fail", "error"), FAILURES, ids=[f.__name__ for f, _ in FAILURES])
def test_a_failure_leaves_the_edition_in_force_untouched(
    folder: Path, fail: Callable[[Path], None], error: type[BaseException], either_way: str
) -> None:
    before = content(folder)
    with pytest.raises(error), swap.replacing(folder, folder.parent / "edities") as fresh:
        fail(fresh)
    assert content(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == ["snapshot"]


def test_when_the_second_rename_fails_the_old_edition_comes_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(folder)
    monkeypatch.setattr(swap, "_exchange", lambda a, b: False)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.startswith(".nieuw-") and Path(target) == folder:
            raise OSError(28, "schijf vol")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="schijf vol"):
        put(folder, "twee", 2.0)
    monkeypatch.undo()
    assert content(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == ["snapshot"]


def test_a_kept_edition_is_never_overwritten(folder: Path) -> None:
    keep = folder.parent / "edities"
    before = content(folder)
    put(folder, "twee", 2.0, keep)
    put(folder, "een", 9.0, keep)
    put(folder, "drie", 3.0, keep)
    assert content(keep / "een") == before


@pytest.mark.parametrize("text", ["{half", "{}"])
def test_a_damaged_edition_can_be_replaced(folder: Path, text: str) -> None:
    # What the error message of a damaged manifest advises: make it anew with refresh.
    (folder / store.MANIFEST).write_text(text, encoding="utf-8")
    put(folder, "twee", 2.0, folder.parent / "edities")
    assert store.read(folder).edition == "twee"


@linux
def test_on_linux_two_folders_change_names_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "was").write_text(name)
    assert swap._exchange(tmp_path / "a", tmp_path / "b")
    assert [(tmp_path / n / "was").read_text() for n in ("a", "b")] == ["b", "a"]


# --- Reading while the edition changes ---

WHOLE = {("een", 1.0, 1.0, "een"), ("twee", 2.0, 2.0, "twee")}


def parts(read: store.Snapshot) -> tuple[str, float, float, str]:
    """What an edition says in its manifest, its observations, its weights and its areas."""
    return (
        read.edition,
        float(read.observations["value"].iloc[0]),
        float(read.weights["value"].iloc[0]),
        read.names["GM0197"],
    )


@linux
def test_readers_see_whole_editions_while_they_are_swapped(folder: Path) -> None:
    seen: set[tuple[str, float, float, str]] = set()
    errors: list[BaseException] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            try:
                seen.add(parts(store.read(folder)))
            except BaseException as error:
                errors.append(error)

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for k in range(20):
            put(folder, *(("twee", 2.0) if k % 2 == 0 else ("een", 1.0)))
            time.sleep(0.01)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not errors, f"{len(errors)} times, first: {errors[0]!r}"
    assert seen == WHOLE


@linux
@pytest.mark.parametrize("moment", range(len(store.FILES) + 4))
def test_a_swap_at_any_moment_of_reading_gives_one_whole_edition(
    folder: Path, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap falls before the first, second, third ... file that a reader opens."""
    other = folder.parent / "anders"
    other.mkdir()
    fill(other, "twee", 2.0)
    opened = 0
    read_bytes_, read_text_, read_parquet_ = Path.read_bytes, Path.read_text, pd.read_parquet

    def step() -> None:
        nonlocal opened
        if opened == moment:
            swap._exchange(other, folder)
        opened += 1

    def read_bytes(self: Path) -> bytes:
        step()
        return read_bytes_(self)

    def read_text(self: Path, *args: object, **more: object) -> str:
        step()
        return read_text_(self, *args, **more)  # type: ignore[arg-type]

    def read_parquet(*args: object, **more: object) -> pd.DataFrame:
        step()
        return read_parquet_(*args, **more)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    monkeypatch.setattr(Path, "read_text", read_text)
    monkeypatch.setattr(pd, "read_parquet", read_parquet)
    read = store.read(folder)
    monkeypatch.undo()
    assert opened > len(store.FILES), "the reader opens its files in another way; hook that way"
    assert parts(read) in WHOLE
