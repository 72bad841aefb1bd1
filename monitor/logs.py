"""The log of the server: one line per event on stderr, for people or as JSON, and never about a person.

What a line can hold is listed in ``Line``: no address of a visitor, no query, no text that somebody wrote, no cookie.
Of a fault it has the kind and the places in the code, and not its message: a message often quotes what came in.
Whoever searches for a fault on a computer of their own sees messages with REGIOMONITOR_LOG_LEVEL=DEBUG.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from monitor.errors import SettingInvalid
from monitor.paths import ROOT

FORM, LEVEL = "REGIOMONITOR_LOG", "REGIOMONITOR_LOG_LEVEL"
FORMS = ("text", "json")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# Loggers of which we write the messages ourselves, and so know what is in them.
_OURS = ("regiomonitor", "monitor", "ui", "pages")
_MOST_FRAMES = 40
_log = logging.getLogger("regiomonitor.gebeurtenis")


@dataclass(frozen=True)
class Line:
    """What a line of the log can hold.

    ``time``: UTC. ``event``: what happened, or the name of the logger. ``page``: path of a page, without its query.
    ``ms``: how long it took. ``edition``: of the figures. ``outcome``: how it ended, in one word. ``message``: of our
    own code. ``error``: kind of a fault, with the ``places`` in the code, outermost first.
    """

    time: str
    level: str
    event: str
    page: str = ""
    ms: int | None = None
    edition: str = ""
    outcome: str = ""
    message: str = ""
    error: str = ""
    places: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """The fields that say something."""
        return {k: v for k, v in asdict(self).items() if v not in ("", None, ())}

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(self.told, ensure_ascii=False)

    def as_text(self) -> str:
        """One line for people; the places of a fault below it."""
        rest = {k: v for k, v in self.told.items() if k not in ("time", "level", "event", "message", "places")}
        head = " ".join((self.time, self.level, self.event, *(f"{k}={v}" for k, v in rest.items()), self.message))
        return "\n".join((head.rstrip(), *(f"    {place}" for place in self.places)))


def event(name: str, *, page: str = "", ms: float | None = None, edition: str = "", outcome: str = "") -> None:
    """Note that something happened; see ``Line``. There is no place for free text, so that none can get in."""
    told = {"name": name, "page": page, "ms": None if ms is None else round(ms), "edition": edition, "outcome": outcome}
    _log.info("%s", name, extra={"told": told})


class View:
    """One drawing of a page; noted at its end.

    Args:
        page: its path.
    """

    def __init__(self, page: str) -> None:
        self.page, self.edition, self.outcome = page, "", "goed"
        self._began = time.perf_counter()

    def end(self) -> None:
        """Note it, with how long it took."""
        ms = (time.perf_counter() - self._began) * 1000
        event("pagina", page=self.page, ms=ms, edition=self.edition, outcome=self.outcome)


# -- how a record becomes a line ----------------------------------------------------------------------------------


def line_of(record: logging.LogRecord, messages: bool = False) -> Line:
    """A record of ``logging`` as a line.

    Args:
        record: of any logger.
        messages: also what faults say; never where visitors come.
    """
    when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    told = getattr(record, "told", None)
    if told is not None:
        rest = {k: v for k, v in told.items() if k != "name"}
        return Line(when, record.levelname, told["name"], **rest)
    fault = record.exc_info[1] if record.exc_info else None
    error = "" if fault is None else f"{type(fault).__name__}: {fault}" if messages else type(fault).__name__
    return Line(
        when,
        record.levelname,
        record.name,
        message=" ".join(_said(record, messages).split()),
        error=error,
        places=_places(fault),
    )


def _said(record: logging.LogRecord, messages: bool) -> str:
    """What a record says: of a library only the words that are always the same, without what it fills in."""
    if messages or record.name.split(".")[0] in _OURS:
        return record.getMessage()
    return str(record.msg) if record.args else ""


def _places(fault: BaseException | None) -> tuple[str, ...]:
    """Where in the code a fault arose, and those that it came from."""
    found: list[str] = []
    while fault is not None and len(found) < _MOST_FRAMES:
        frames = traceback.extract_tb(fault.__traceback__)
        found[:0] = [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames] + [type(fault).__name__]
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return tuple(found[:_MOST_FRAMES])


def _short(file: str) -> str:
    """The path of a file of code, without where it stands on this machine."""
    path = PurePath(file)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])


class _Handler(logging.Handler):
    """Writes lines to stderr as it is at that moment."""

    def __init__(self, form: str, least: str) -> None:
        super().__init__()
        self.form, self.least = form, least

    @property
    def messages(self) -> bool:
        """Whether what faults say is written too."""
        return self.least == "DEBUG"

    def filter(self, record: logging.LogRecord) -> bool:
        """Of libraries only what is wrong."""
        return record.name.split(".")[0] in _OURS or record.levelno >= logging.WARNING or self.messages

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a log that cannot be written stops nothing."""
        try:
            line = line_of(record, self.messages)
            sys.stderr.write((line.as_json() if self.form == "json" else line.as_text()) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


# -- setting it up ------------------------------------------------------------------------------------------------


def setup(default: str = "") -> None:
    """Have everything that is logged in this process written as lines; once, and again after a change of setting.

    Args:
        default: form where the environment names none; empty: then nothing changes.

    Raises:
        SettingInvalid: the environment asks for a form or level that does not exist.
    """
    form = _one_of(FORM, FORMS, default)
    level = _one_of(LEVEL, LEVELS, "INFO")
    if form:
        _install(form, level)


def begin() -> None:
    """The same for the app, at every page view: a setting that does not exist is told in the log, and stops nobody."""
    try:
        setup("text")
    except SettingInvalid as error:
        known = any(isinstance(h, _Handler) for h in logging.getLogger().handlers)
        _install("text", "INFO")
        if not known:
            logging.getLogger("regiomonitor").warning("%s", error)


def _install(form: str, level: str) -> None:
    root = logging.getLogger()
    now = next((h for h in root.handlers if isinstance(h, _Handler)), None)
    if now is None or (now.form, now.least) != (form, level):
        if now is not None:
            root.removeHandler(now)
        root.addHandler(_Handler(form, level))
        for name in _OURS:
            logging.getLogger(name).setLevel(level)
    adopt()


def end() -> None:
    """Write no lines any more, as before ``setup``."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _Handler)]:
        root.removeHandler(handler)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def adopt() -> None:
    """Take over loggers that write by themselves, in a form of their own, with addresses of visitors in it."""
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger) and logger.name.split(".")[0] in _LOUD:
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
            logger.propagate = True


_LOUD = ("streamlit", "uvicorn", "websockets", "tornado")


def _one_of(variable: str, known: tuple[str, ...], default: str) -> str:
    said = os.environ.get(variable, "").strip()
    found = next((k for k in known if k.lower() == said.lower()), None)
    if said and found is None:
        raise SettingInvalid(f"Instelling {variable}: '{said[:40]}' bestaat niet.", f"Kies uit {', '.join(known)}.")
    return found or default
