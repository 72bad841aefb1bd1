"""A copy of log, editions and own findings, and putting it back: whole or not at all, never over something newer."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.__main__ import main
from monitor.access import Identity
from monitor.errors import MonitorError, Refused, SourceInvalid, SourceUnavailable
from monitor.logbook import store as log
from monitor.logbook.database import database
from monitor.logbook.entry import Draft
from monitor.operations import archive
from monitor.operations import restore as module
from monitor.operations.backup import backup, log_rows
from monitor.operations.restore import restore
from monitor.snapshot import store
from tests import postgres
from tests.spec_table import SNAPSHOT

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WRITER = Identity("uitgever sleutel", "medewerker A", frozenset({"achterhoek", "twente"}))
DRAFT = Draft("achterhoek", date(2026, 3, 12), "Een buurtbus.\n\nTwee keer.", "Op zaterdag vol ‘é’.", goal=2)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.running(programs) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with an edition, an earlier one, own findings and a log in either database."""
    if request.param == "postgresql":
        address = postgres.new_database(request.getfixturevalue("server"), tmp_path.name)
    else:
        address = f"sqlite:///{tmp_path / 'log' / 'logboek.sqlite'}"
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", address)
    return filled(tmp_path, monkeypatch)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same on SQLite alone."""
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'log' / 'logboek.sqlite'}")
    return filled(tmp_path, monkeypatch)


def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "data"
    shutil.copytree(SNAPSHOT, place / "snapshot")
    another(place / "edities" / "2026-08-01", "2026-08-01", "2026-08-01T06:00:00+00:00")
    own = place / "eigen"
    (own / "eerder").mkdir(parents=True)
    (own / "bureau.yaml").write_text("# leeg\n", encoding="utf-8")
    (own / "eerder" / "bureau-20260101-000000.yaml").write_text("[]\n", encoding="utf-8")
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(place / "snapshot"))
    monkeypatch.setenv("REGIOMONITOR_OWN", str(own))
    first = note("een")
    log.change(database(), first, 1, replace(DRAFT, changes="De bus rijdt ook op zondag."), WRITER, NOW)
    log.withdraw(database(), note("twee"), 1, "Dubbel.", WRITER, NOW)
    return place


def another(folder: Path, name: str, made: str) -> Path:
    """An edition with the figures of the shipped one under another name."""
    shutil.copytree(SNAPSHOT, folder)
    manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    store.seal(folder, {**manifest, "edition": name, "made": made})
    return folder


def note(key: str) -> int:
    return log.add(database(), DRAFT, key, WRITER, NOW).id


def copied(place: Path, name: str = "kopie.zip", **rest: object) -> Path:
    made, notes = backup(place.parent / name, place / "snapshot", place / "eigen", NOW, **rest)  # type: ignore[arg-type]
    assert not notes
    return made.path


def back(place: Path, source: Path, **rest: object) -> module.Restored:
    return restore(source, place / "snapshot", place / "eigen", **rest)  # type: ignore[arg-type]


def files(place: Path) -> dict[str, bytes]:
    """Everything that is kept as files, but locks."""
    found = (p for p in place.rglob("*") if p.is_file() and not p.name.startswith(".verversen"))
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in found}


# -- there and back -----------------------------------------------------------------------------------------------


def test_everything_comes_back_on_an_empty_machine(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rows, source = files(office), log_rows(), copied(office)
    assert len(rows["versions"]) == 4 and len(rows["entries"]) == 2
    address = os.environ["REGIOMONITOR_DATABASE_URL"]
    fresh = (
        postgres.new_database(address, "leeg" + address[-6:]) if "postgres" in address else f"sqlite:///{tmp_path}/n"
    )
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", fresh)
    new = tmp_path / "nieuw"
    done = back(new, source)
    assert files(new) == before and log_rows() == rows
    assert (done.edition, done.kept, done.versions) == ("2026-11", ["2026-08-01"], 4) and done.safety is None
    assert sorted(done.own) == ["bureau.yaml", "eerder/bureau-20260101-000000.yaml"]
    # A second time there is nothing to do, and what is written from here on gets a number of its own.
    again = back(new, source)
    assert not again.kept and not again.own and not again.edition and files(new) == before
    assert note("drie") > max(r["id"] for r in rows["entries"])


def test_what_came_after_the_copy_is_not_lost(office: Path) -> None:
    source, rows = copied(office), log_rows()
    note("later")
    with pytest.raises(Refused, match="1 versie van aantekeningen"):
        back(office, source)
    assert len(log_rows()["versions"]) == 5
    done = back(office, source, force=True, moment=NOW)
    assert log_rows() == rows and done.safety and done.safety.name == "voor-terugzetten-20261122-090000.zip"
    # And from the copy that was made first everything comes back.
    back(office, done.safety)
    assert len(log_rows()["versions"]) == 5


def test_a_copy_is_the_same_text_whichever_database(office: Path) -> None:
    said = archive.open_archive(copied(office)).read(archive.LOG).decode()
    assert said.count("\n") == 6 and '"tabel": "entries"' in said
    assert '"written": "2026-11-22T09:00:00+00:00"' in said and "Op zaterdag vol ‘é’." in said


# -- nothing newer gives way --------------------------------------------------------------------------------------


def test_a_newer_edition_and_newer_findings_stay(small: Path) -> None:
    source = copied(small)
    shutil.rmtree(small / "snapshot")
    another(small / "snapshot", "2027-02-01", "2027-02-01T06:00:00+00:00")
    changed = small / "eigen" / "bureau.yaml"
    changed.write_text("# nieuwer\n", encoding="utf-8")
    os.utime(changed, (NOW.timestamp() + 60, NOW.timestamp() + 60))
    before = files(small)
    with pytest.raises(Refused) as refused:
        back(small, source)
    assert "2027-02-01" in str(refused.value) and "bureau.yaml" in str(refused.value)
    assert files(small) == before
    done = back(small, source, force=True, moment=NOW)
    assert done.safety and store.sound(small / "snapshot") == "2026-11"
    assert store.sound(small / "edities" / "2027-02-01") == "2027-02-01", "what was in force is kept"
    assert any(p.read_text(encoding="utf-8") == "# nieuwer\n" for p in (small / "eigen" / "eerder").glob("*.yaml"))


def test_an_older_edition_gives_way_and_is_kept(small: Path) -> None:
    source = copied(small)
    shutil.rmtree(small / "snapshot")
    another(small / "snapshot", "2026-05-01", "2026-05-01T06:00:00+00:00")
    assert back(small, source).edition == "2026-11"
    assert store.sound(small / "edities" / "2026-05-01") == "2026-05-01"


def test_only_a_part(small: Path) -> None:
    source = copied(small)
    (small / "eigen" / "bureau.yaml").unlink()
    shutil.rmtree(small / "edities")
    done = back(small, source, only=("eigen",))
    assert done.own == ["bureau.yaml"] and done.versions is None and not (small / "edities").exists()


def test_a_damaged_edition_is_mended_from_a_copy(small: Path) -> None:
    source = copied(small)
    (small / "snapshot" / store.AREAS).write_bytes(b"stuk")
    with pytest.raises(MonitorError):
        copied(small, "tweede.zip")
    assert not (small.parent / "tweede.zip").exists()
    back(small, source)
    assert store.sound(small / "snapshot") == "2026-11"


# -- a copy that is not right -------------------------------------------------------------------------------------


def spoilt(source: Path, name: str, content: bytes | None, extra: tuple[str, bytes] | None = None) -> Path:
    """A copy of which a part is other, gone (None), or too much."""
    made = source.with_name("bedorven.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            kept = content if part == name else old.read(part)
            if kept is not None:
                new.writestr(part, kept)
        if extra:
            new.writestr(*extra)
    return made


def test_a_copy_that_is_not_right_changes_nothing(small: Path) -> None:
    source = copied(small)
    whole = source.read_bytes()
    about = json.loads(zipfile.ZipFile(source).read(archive.CONTENTS))
    other = {**about, "bestanden": {**about["bestanden"], "eigen/../../weg.yaml": "0" * 64}}
    note("later")  # there is something to lose
    before, rows = files(small), log_rows()
    cut, text, gone = small.parent / "half.zip", small.parent / "tekst.zip", small.parent / "weg.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    text.write_bytes(b"geen kopie")
    middle = bytearray(whole)
    middle[len(middle) // 3] ^= 0xFF
    flipped = small.parent / "bit.zip"
    flipped.write_bytes(bytes(middle))
    cases = [cut, text, gone, flipped]
    for case in cases:
        with pytest.raises((SourceInvalid, SourceUnavailable)):
            back(small, case, force=True)
    for name, content, extra in (
        (archive.LOG, b'{"tabel": "weg"}\n', None),
        ("editie/areas.parquet", b"iets anders", None),
        ("eigen/bureau.yaml", None, None),
        ("eigen/bureau.yaml", b"# anders\n", None),  # sound in itself: only its checksum tells
        (archive.CONTENTS, b"{}", None),
        (archive.CONTENTS, json.dumps({**about, "vorm": 2}).encode(), None),
        (archive.CONTENTS, json.dumps(other).encode(), ("eigen/../../weg.yaml", b"x")),
        ("", b"", ("eigen/erbij.yaml", b"x")),
    ):
        with pytest.raises(SourceInvalid):
            back(small, spoilt(source, name, content, extra), force=True)
    assert files(small) == before and log_rows() == rows
    assert not (small.parent.parent / "weg.yaml").exists()


@pytest.mark.parametrize("step", ["put_rows", "_put_editions", "_put_own", "_write"])
def test_broken_off_halfway_nothing_is_lost(small: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    source, rows = copied(small), log_rows()
    note("later")
    shutil.rmtree(small / "snapshot")
    another(small / "snapshot", "2027-02-01", "2027-02-01T06:00:00+00:00")
    (small / "eigen" / "bureau.yaml").unlink()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, stop)
        with pytest.raises(KeyboardInterrupt):
            back(small, source, force=True, moment=NOW)
    assert store.sound(small / "snapshot") in ("2026-11", "2027-02-01")
    assert len(log_rows()["versions"]) in (4, 5)
    # How it was stands in the copy that is made first, and doing it again ends well.
    if step != "_write":
        kept = archive.open_archive(small / "voor-terugzetten-20261122-090000.zip")
        assert kept.edition == "2027-02-01"
    back(small, source, force=True, moment=NOW.replace(hour=10))
    assert store.sound(small / "snapshot") == "2026-11" and log_rows() == rows
    assert not [p for p in small.iterdir() if p.name.startswith((".nieuw-", ".vorige-"))]


def test_the_log_is_replaced_in_one_transaction(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.operations import rows as part

    source = copied(small)
    note("later")
    before = log_rows()

    def half(rows: list[object]) -> Iterator[list[object]]:
        yield rows[:1]
        raise KeyboardInterrupt

    monkeypatch.setattr(part, "_parts", half)
    with pytest.raises(KeyboardInterrupt):
        back(small, source, force=True, moment=NOW)
    assert log_rows() == before


# -- the commands -------------------------------------------------------------------------------------------------


def test_the_commands(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf = small.parent / "kopieen"
    for hour in (9, 10, 11):
        backup(shelf, small / "snapshot", small / "eigen", NOW.replace(hour=hour), keep=2)
    assert [p.name for p in sorted(shelf.iterdir())] == [
        "regiomonitor-20261122-100000.zip",
        "regiomonitor-20261122-110000.zip",
    ]
    assert main(["backup", "--out", str(shelf)]) == 0
    said = capsys.readouterr().out
    assert "De kopie staat in" in said and "bewaarde edities: 1" in said
    newest = str(sorted(shelf.iterdir())[-1])
    (small / "eigen" / "bureau.yaml").unlink()
    assert main(["restore", "--from", newest, "--only", "eigen"]) == 0
    assert "1 bestanden teruggezet" in capsys.readouterr().out
    note("later")
    assert main(["restore", "--from", newest]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["restore", "--from", newest, "--force"]) == 0
    assert "voor-terugzetten-" in capsys.readouterr().out
    assert main(["backup", "--out", str(small.parent / "x.zip"), "--keep", "3"]) == 1
    assert "Noem een map" in capsys.readouterr().err


def test_an_empty_log_is_copied_and_put_back(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{small.parent / 'leeg' / 'logboek.sqlite'}")
    source = copied(small)
    assert not (small.parent / "leeg").exists(), "copying makes no database"
    assert back(small, source).versions == 0
