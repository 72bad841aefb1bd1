"""Faults of the database of the log: what one means to a reader, and what the manager may read about it."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from monitor.errors import MonitorError


class LogbookUnavailable(MonitorError):
    """The database of the log cannot be reached, is busy, full, read-only or damaged."""


class LogbookFault(Exception):
    """A fault of the software and not of the database. Its message holds no text of a user and no password."""


class Clash(LogbookFault):
    """The database refused a row that does not fit the others: as a rule because it is there already."""


LATER = "Probeer het over een minuut opnieuw."
MANAGER = "Vraag de beheerder om hulp."
_TOLD = {
    "bezet": ("Het logboek is even bezet.", LATER),
    "lezen": ("Het logboek kan nu alleen gelezen worden.", MANAGER),
    "vol": ("De schijf van het logboek is vol.", MANAGER),
    "stuk": ("De database van het logboek is beschadigd.", MANAGER),
    "rechten": ("De monitor heeft geen toegang tot de tabellen van het logboek.", MANAGER),
    "weg": ("Het logboek is nu niet bereikbaar.", f"{LATER} Blijft het zo, vraag dan de beheerder om hulp."),
}
_SQLITE = {
    "SQLITE_BUSY": "bezet", "SQLITE_LOCKED": "bezet", "SQLITE_READONLY": "lezen", "SQLITE_PERM": "lezen",
    "SQLITE_FULL": "vol", "SQLITE_CORRUPT": "stuk", "SQLITE_NOTADB": "stuk", "SQLITE_CANTOPEN": "weg",
    "SQLITE_IOERR": "weg", "SQLITE_PROTOCOL": "weg", "SQLITE_NOMEM": "weg", "SQLITE_NOLFS": "weg",
}  # fmt: skip
# By state, whatever class the driver gives it.
_POSTGRES = {
    "55P03": "bezet", "57014": "bezet", "53300": "bezet", "40P01": "bezet", "25006": "lezen", "53100": "vol",
    "42501": "rechten", "3F000": "rechten", "XX000": "weg", "XX001": "stuk", "XX002": "stuk",
}  # fmt: skip
_SYSTEM = {28: "vol", 122: "vol", 30: "lezen", 13: "lezen"}
_LONGEST = 200


def unavailable(kind: str) -> LogbookUnavailable:
    """Return a kind of fault in plain words."""
    return LogbookUnavailable(*_TOLD[kind])


def kind_of(error: BaseException) -> str | None:
    """Return what a fault means to a reader: a key of what ``unavailable`` knows. None: the software is at fault."""
    if isinstance(error, (NoConnectionLeft, DisconnectionError)):
        return "bezet" if isinstance(error, NoConnectionLeft) else "weg"
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        name = str(getattr(origin, "sqlite_errorname", ""))
        return next((k for prefix, k in _SQLITE.items() if name.startswith(prefix)), None)
    if isinstance(error, OSError):
        return _SYSTEM.get(error.errno or 0, "weg")
    if not isinstance(error, DBAPIError):
        return None
    known = _POSTGRES.get(str(getattr(origin, "sqlstate", "")))
    return known or ("weg" if isinstance(error, OperationalError) or error.connection_invalidated else None)


def described(error: BaseException, password: str | None) -> str:
    """Return type, code and first line of a fault, for the log of the server.

    What PostgreSQL adds in later lines, and what it says of a value, can hold what somebody wrote: that is left out.
    """
    origin = (error.orig if isinstance(error, StatementError) else None) or error
    code = str(getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None) or "")
    text = origin.strerror or "" if isinstance(origin, OSError) else str(origin)
    first = next(iter(text.strip().splitlines()), "")
    if type(origin).__name__ == "DataError" or code.startswith("22"):
        first = ""
    if password:
        first = first.replace(password, "***")
    return ": ".join(part for part in (f"{type(origin).__name__} {code}".strip(), first[:_LONGEST]) if part)
