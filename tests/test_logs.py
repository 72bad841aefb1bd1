"""The log of the server: lines that a program can read, and nothing about a person in them."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

import pytest

from monitor import logs
from monitor.__main__ import main
from monitor.errors import SettingInvalid
from monitor.refresh import cli as refresh_cli
from monitor.refresh import runner
from monitor.refresh.status import Reporter
from tests.test_pages import visit

SECRET = "jan.devries@example.org 06-12345678"


@pytest.fixture(autouse=True)
def no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine, and the log set up anew."""
    for name in (logs.FORM, logs.LEVEL):
        monkeypatch.delenv(name, raising=False)


def lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def begun(monkeypatch: pytest.MonkeyPatch, form: str = "json", level: str = "") -> None:
    monkeypatch.setenv(logs.FORM, form)
    monkeypatch.setenv(logs.LEVEL, level)
    logs.setup()


# -- the form -----------------------------------------------------------------------------------------------------


def test_an_event_is_one_line_of_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    begun(monkeypatch)
    begun(monkeypatch)  # twice makes no double lines
    logs.event("pagina", page="kaart", ms=12.6, edition="2026-11", outcome="goed")
    (line,) = lines(capsys.readouterr().err)
    moment = datetime.fromisoformat(line.pop("time"))
    assert moment.utcoffset() is not None and not moment.utcoffset()  # UTC
    assert line == {
        "level": "INFO", "event": "pagina", "page": "kaart", "ms": 13, "edition": "2026-11", "outcome": "goed",
    }  # fmt: skip


def test_text_for_people_and_levels(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    begun(monkeypatch, "text")
    begun(monkeypatch, "text", "warning")  # a change of level alone
    logs.event("pagina", page="kaart")
    logging.getLogger("monitor.x").warning("vol")
    said = capsys.readouterr().err
    assert "pagina" not in said and said.endswith("WARNING monitor.x vol\n")


def test_a_setting_that_does_not_exist(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(logs.FORM, "xml")
    with pytest.raises(SettingInvalid, match="REGIOMONITOR_LOG"):
        logs.setup()
    assert main(["check"]) == 1 and "Kies uit text, json" in capsys.readouterr().err
    logs.begin()
    logs.begin()
    assert capsys.readouterr().err.count("'xml' bestaat niet") == 1, "the app goes on, and says it once"


def test_the_command_line_logs_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.setup()
    logs.event("verversing", outcome="klaar")
    assert not capsys.readouterr().err


# -- what happens is noted ----------------------------------------------------------------------------------------


def test_every_view_of_a_page_is_noted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    begun(monkeypatch)
    visit("zoeken", zoek=SECRET)
    visit("eigen-bevindingen", regio="twente", zoek=SECRET)
    said = capsys.readouterr().err
    found = [line for line in lines(said) if line["event"] == "pagina"]
    assert [(v["page"], v["outcome"], v["edition"]) for v in found] == [
        ("zoeken", "goed", "2026-11"), ("eigen-bevindingen", "goed", "2026-11"),
    ]  # fmt: skip
    assert all(v["ms"] > 0 and set(v) == {"time", "level", "event", "page", "ms", "edition", "outcome"} for v in found)
    for part in SECRET.split():
        assert part not in said


def test_a_fault_is_noted_with_its_places_and_without_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ui import frame

    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(frame, "parse", broken)
    begun(monkeypatch)
    page = visit("kaart", zoek=SECRET)
    said = capsys.readouterr().err
    assert "Er ging iets mis" in page.markdown[-1].value and SECRET not in page.markdown[-1].value
    fault, view = lines(said)[-2:]
    assert fault["error"] == "ValueError" and fault["level"] == "ERROR" and view["outcome"] == "fout"
    assert any(place.startswith("ui/frame.py:") for place in fault["places"]) and fault["places"][-1] == "ValueError"
    for part in (*SECRET.split(), str(logs.ROOT), "site-packages"):
        assert part not in said


def test_how_a_refresh_ended_is_noted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    begun(monkeypatch)
    Reporter(tmp_path / "snapshot").end("geweigerd", f"Van {SECRET}", "2026-11")
    (line,) = lines(capsys.readouterr().err)
    assert line["event"] == "verversing" and line["outcome"] == "geweigerd" and line["edition"] == "2026-11"
    assert "message" not in line
    codes = {refresh_cli.REFRESHED: "klaar", refresh_cli.UNCHANGED: "ongewijzigd", refresh_cli.REFUSED: "geweigerd"}
    assert codes == runner._CODES


# -- nothing about a person ---------------------------------------------------------------------------------------


def record(name: str, message: str, *arguments: object, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord(name, level, "/x/y.py", 1, message, arguments, None)


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (record("uvicorn.access", '%s - "%s %s" %d', "203.0.113.9:1", "GET", f"/?zoek={SECRET}", 404), "%s - %s"),
        (record("streamlit.runtime", f"Session {SECRET}"), ""),
        (record("tornado.access", "404 GET /kaart?zoek=x (%s) 1ms", "203.0.113.9"), "404 GET"),
        (record("monitor.logbook.database", "database of the log: %s", "OperationalError"), "OperationalError"),
    ],
    ids=lambda x: x.name if isinstance(x, logging.LogRecord) else None,
)
def test_of_a_library_only_its_own_words(made: logging.LogRecord, shown: str) -> None:
    said = logs.line_of(made).as_json()
    for part in (*SECRET.split(), "203.0.113.9"):
        assert part not in said
    assert shown.split(" - ")[0] in said


def test_libraries_that_write_by_themselves_are_taken_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import streamlit.logger

    loud = streamlit.logger.get_logger("streamlit.proef")
    assert not loud.propagate
    begun(monkeypatch)
    assert loud.propagate and not loud.handlers
    loud.info("gewoon")
    loud.error("fout bij %s", SECRET)
    (line,) = lines(capsys.readouterr().err)
    assert line["message"] == "fout bij %s" and line["event"] == "streamlit.proef"


def test_an_event_has_no_place_for_free_text() -> None:
    with pytest.raises(TypeError):
        logs.event("pagina", query=SECRET)  # type: ignore[call-arg]
    assert set(logs.Line.__dataclass_fields__) == {
        "time", "level", "event", "page", "ms", "edition", "outcome", "message", "error", "places",
    }  # fmt: skip


def test_messages_of_faults_only_at_debug(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for level, seen in (("INFO", False), ("DEBUG", True)):
        begun(monkeypatch, "json", level)
        try:
            raise ValueError("proef-bericht") from KeyError("binnenste")
        except ValueError:
            logging.getLogger("regiomonitor").exception("mis")
        said = capsys.readouterr().err
        assert ("proef-bericht" in said) is seen and "KeyError" in said
