"""``python -m monitor health``: each check can fail, and says what to do."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.__main__ import main
from monitor.logbook.database import database
from monitor.operations import health as module
from monitor.operations.health import Check, health
from monitor.refresh.models import Step
from monitor.refresh.status import Reporter
from monitor.snapshot import store
from tests.spec_table import SNAPSHOT, definitions

TODAY = date(2026, 11, 22)
PLENTY = 50_000_000_000


@pytest.fixture
def edition_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped edition in a folder of its own, with a log and own findings beside it."""
    folder = tmp_path / "snapshot"
    shutil.copytree(SNAPSHOT, folder)
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    monkeypatch.setenv("REGIOMONITOR_OWN", str(tmp_path / "eigen"))
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'logboek.sqlite'}")
    monkeypatch.setattr(module, "load", definitions)  # the same as it would read, only once
    return folder


def looked(folder: Path, today: date = TODAY, free: int = PLENTY) -> dict[str, Check]:
    return {c.name: c for c in health(folder, folder.parent / "eigen", today, lambda _: free).checks}


def test_all_is_well(edition_folder: Path) -> None:
    found = looked(edition_folder)
    assert {c.grade for c in found.values()} == {"goed"}, found
    assert set(found) == {"editie", "definities", "leeftijd", "bewaarde edities", "logboek", "schijf", "verversing"}
    assert not (edition_folder.parent / "logboek.sqlite").exists(), "looking makes nothing"


def test_a_damaged_edition_is_a_fault(edition_folder: Path) -> None:
    with (edition_folder / store.WEIGHTS).open("ab") as file:
        file.write(b"x")
    found = looked(edition_folder)["editie"]
    assert found.grade == "fout" and "weights.parquet" in found.message and "editions" in found.way_out


def test_an_old_edition_asks_for_new_figures(edition_folder: Path) -> None:
    assert looked(edition_folder, date(2027, 11, 1))["leeftijd"].grade == "goed"
    old = looked(edition_folder, date(2028, 1, 1))["leeftijd"]
    assert old.grade == "let op" and "refresh" in old.way_out and "maanden oud" in old.message


@pytest.mark.parametrize("state", ["mislukt", "geweigerd", "afgebroken", "klaar", "ongewijzigd"])
def test_the_last_refresh_is_told(edition_folder: Path, state: str) -> None:
    Reporter(edition_folder, datetime(2026, 11, 21, tzinfo=UTC)).end(state, "Tabel 1 past niet.")  # type: ignore[arg-type]
    found = looked(edition_folder)["verversing"]
    assert found.grade == ("goed" if state in ("klaar", "ongewijzigd") else "let op")
    assert "2026-11-21" in found.message and ("Tabel 1" in found.message) == (found.grade == "let op")


def test_a_refresh_that_was_killed_is_told(edition_folder: Path) -> None:
    Reporter(edition_folder).tell(Step("ophalen", 1, 3))  # says 'bezig', and nobody holds the lock
    assert looked(edition_folder)["verversing"].grade == "let op"


def test_an_edition_that_could_not_be_kept_yet_is_told(edition_folder: Path) -> None:
    shutil.copytree(SNAPSHOT, edition_folder.parent / ".vorige-abc")
    kept = edition_folder.parent / "edities" / "stuk"
    kept.mkdir(parents=True)
    (kept / store.MANIFEST).write_text("{", encoding="utf-8")
    told = [c for c in health(edition_folder, edition_folder, TODAY).checks if c.name == "bewaarde edities"]
    assert [c.grade for c in told] == ["let op", "let op"]
    assert "stuk" in told[0].message and ".vorige-abc" in told[1].message


def test_the_disk(edition_folder: Path) -> None:
    assert looked(edition_folder, free=400_000_000)["schijf"].grade == "let op"
    full = looked(edition_folder, free=50_000_000)["schijf"]
    assert full.grade == "fout" and "50 MB vrij" in full.message


def test_the_log(edition_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = edition_folder.parent / "logboek.sqlite"
    sqlite3.connect(file).close()
    file.write_bytes(b"")
    assert looked(edition_folder)["logboek"].grade == "let op", "a database without tables"
    database().upgrade()
    assert looked(edition_folder)["logboek"].grade == "goed"
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", "postgresql+psycopg://x:geheim@127.0.0.1:9/niets?connect_timeout=1")
    gone = looked(edition_folder)["logboek"]
    assert gone.grade == "fout" and "geheim" not in gone.message + gone.way_out
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", "mysql://nee")
    assert looked(edition_folder)["logboek"].grade == "fout"


def test_a_broken_definition_is_a_fault(edition_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.errors import DefinitionError

    def broken() -> None:
        raise DefinitionError("wonen.yaml ontbreekt.", "Zet het bestand terug.")

    monkeypatch.setattr(module, "load", broken)
    assert looked(edition_folder)["definities"].message == "wonen.yaml ontbreekt."


def test_the_command(edition_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["staat"] in ("goed", "let op") and said["editie"] == "2026-11"
    assert all({"naam", "staat", "melding", "uitweg"} == set(part) for part in said["onderdelen"])
    Reporter(edition_folder).end("mislukt", "Geen verbinding.")
    assert main(["health"]) == 0, "what was in force still is"
    assert "let op  verversing" in capsys.readouterr().out
    assert main(["health", "--strict"]) == 1
    (edition_folder / store.MANIFEST).write_text("{", encoding="utf-8")
    assert main(["health"]) == 1
    assert "fout" in capsys.readouterr().out
