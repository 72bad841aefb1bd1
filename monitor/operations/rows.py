"""The rows of the log as text, one JSON object a line: the same for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Table, delete, func, insert, select, text

from monitor.errors import SourceInvalid
from monitor.logbook.database import Database
from monitor.logbook.tables import Moment, entries, versions

TABLES: tuple[Table, ...] = (entries, versions)
Rows = dict[str, list[dict[str, Any]]]
_SOME = 500


def read_rows(db: Database) -> Rows:
    """All rows of the log, as they were at one moment, by table; ordered by key.

    Raises:
        LogbookUnavailable: as ``Database.read``.
    """
    with db.read() as c:
        if not db.file:
            # One picture for both tables; SQLite gives that to whoever reads within one transaction.
            c.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        return {t.name: [dict(r._mapping) for r in c.execute(select(t).order_by(*t.primary_key))] for t in TABLES}


def as_lines(rows: Rows) -> bytes:
    """Rows as JSON lines; the same rows, the same bytes."""
    made = (json.dumps({"tabel": t, **_plain(row)}, ensure_ascii=False) for t in rows for row in rows[t])
    return "".join(f"{line}\n" for line in made).encode("utf-8")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in row.items()}


def from_lines(content: bytes) -> Rows:
    """The reverse of ``as_lines``.

    Raises:
        SourceInvalid: a line is no row of a table that we know; names the line.
    """
    rows: Rows = {t.name: [] for t in TABLES}
    tables = {t.name: t for t in TABLES}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        try:
            said = json.loads(line)
            table = tables[said.pop("tabel")]
            rows[table.name].append({k: _typed(table.c[k].type, v) for k, v in said.items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SourceInvalid(
                f"Regel {number} van het logboek in de kopie is niet te lezen.", "Kies een andere kopie."
            ) from None
    return rows


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def lost(now: Rows, then: Rows) -> int:
    """How many versions of entries are there now that the other has not, or has otherwise."""
    there = {_mark(row) for row in then.get(versions.name, [])}
    return sum(_mark(row) not in there for row in now.get(versions.name, []))


def _mark(row: dict[str, Any]) -> str:
    return json.dumps(_plain(row), sort_keys=True, default=str)


def put_rows(db: Database, rows: Rows) -> None:
    """Put rows in the place of all that are there, in one transaction: broken off, the old ones are still there.

    Raises:
        LogbookUnavailable: as ``Database.write``.
    """
    with db.write() as c:
        for table in reversed(TABLES):
            c.execute(delete(table))
        for table in TABLES:
            for some in _parts(rows.get(table.name, [])):
                c.execute(insert(table), some)
        if not db.file:
            _continue_numbers(c)


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), _SOME):
        yield rows[start : start + _SOME]


def _continue_numbers(c: Connection) -> None:
    """PostgreSQL gives numbers from a counter of its own, which does not see those that we put in."""
    last = c.execute(select(func.max(entries.c.id))).scalar_one_or_none() or 0
    c.execute(
        text("SELECT setval(pg_get_serial_sequence('entries', 'id'), :n, :used)"), {"n": max(last, 1), "used": last > 0}
    )
