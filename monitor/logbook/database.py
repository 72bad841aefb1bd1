"""The database of the log: SQLite in a folder of its own, or PostgreSQL by one setting; upgraded on first use.

Every fault of the database becomes one ``LogbookUnavailable`` with a Dutch sentence and a way out, and one line in the
log of the server. A fault of the software becomes a ``LogbookFault``; both are told apart in ``faults``.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from monitor.logbook import faults
from monitor.logbook.faults import Clash, LogbookFault, LogbookUnavailable
from monitor.paths import ROOT

_log = logging.getLogger(__name__)

SETTING = "REGIOMONITOR_DATABASE_URL"
DEFAULT = ROOT / "data" / "logboek" / "logboek.sqlite"
MIGRATIONS = Path(__file__).parent / "migrations"
# Seconds to wait for a lock, or for the server; somebody waits at a screen.
PATIENCE = 4.0
# Seconds to wait while another process brings the database up to date.
UPGRADE_PATIENCE = 60.0
# After a failure pages that only count do not try again for so many seconds.
REST = 15.0
_ADVISORY = 7_240_115_021
_alembic = threading.Lock()  # Alembic keeps its context in a global


class Database:
    """One database; thread-safe. ``patience``: seconds to wait for a lock or for the server."""

    def __init__(self, url: URL, patience: float = PATIENCE) -> None:
        self.url = url
        self.patience = patience
        self.engine = _engine(url, patience)
        self._ready = False
        self._lock = threading.Lock()
        self._rest_until = 0.0
        self._why = ""

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(str(self.url.database)) if self.url.get_backend_name() == "sqlite" else None

    @property
    def resting(self) -> bool:
        """Whether it failed a moment ago."""
        return time.monotonic() < self._rest_until

    @property
    def unborn(self) -> bool:
        """Whether nothing was ever noted here: its file does not exist yet."""
        return not self._ready and self.file is not None and not self.file.exists()

    @contextmanager
    def read(self, wait: bool = True) -> Iterator[Connection]:
        """A connection to read with; ``wait``: see ``prepare``.

        Raises:
            LogbookUnavailable: see there.
            LogbookFault: see there.
        """
        with self._told():
            self.prepare(wait)
            with self.engine.connect() as connection:
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction that is kept when the block ends well, and undone when it does not.

        Raises:
            LogbookUnavailable: see there; the caller may do the same again.
            Clash: a row is there already.
            LogbookFault: see there.
        """
        with self._told():
            self.prepare()
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection

    def prepare(self, wait: bool = True) -> None:
        """Bring the database up to date, once per process.

        Args:
            wait: False for who does not wait while somebody else, in this process or another, is doing so.

        Raises:
            LogbookUnavailable: see there. Right after a failure at once: of many who wait, one tries.
        """
        if self._ready:
            return
        if not self._lock.acquire(blocking=wait):
            raise faults.unavailable("bezet")
        try:
            if self._ready:
                return
            if self.resting:
                raise faults.unavailable(self._why)
            with self._told():
                self._upgrade(UPGRADE_PATIENCE if wait else self.patience)
            self._ready = True
        finally:
            self._lock.release()

    def reached(self) -> bool:
        """Whether it answers and is of the version of this software; changes nothing, and does not make a database.

        Raises:
            LogbookUnavailable: it does not answer, or was made by newer software.
        """
        with self._told(), self.engine.connect() as connection:
            return _revision(connection) == head()

    def upgrade(self) -> str:
        """Bring the database up to date and return its version.

        Raises:
            LogbookUnavailable: see there.
        """
        with self._told():
            self.prepare()
        return head()

    def _upgrade(self, patience: float) -> None:
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _make_file(self.file, patience)
        engine = _engine(self.url, patience)
        try:
            with engine.connect() as connection:
                if _revision(connection) == head():
                    return
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                if not self.file:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ADVISORY})
                if _revision(connection) != head():
                    with _alembic:
                        command.upgrade(_config(connection), "head")
        finally:
            engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell faults apart. The error that the driver gave is not passed on: it can hold what somebody wrote."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            kind, what = faults.kind_of(error), faults.described(error, self.url.password)
            if isinstance(error, IntegrityError):
                raise Clash(what) from None
            if kind is None:
                raise LogbookFault(what) from None
            _log.warning("database of the log: %s", what)
            self._rest_until, self._why = time.monotonic() + REST, kind
            raise faults.unavailable(kind) from None


def database() -> Database:
    """Return the database that is set; one per address in this process.

    Raises:
        LogbookUnavailable: the setting is no address of a database that the monitor knows.
    """
    return _database(os.environ.get(SETTING, "").strip() or f"sqlite:///{DEFAULT}")


@lru_cache(maxsize=4)
def _database(address: str) -> Database:
    try:
        url = make_url(address)
        # What servers are often called by; the driver is always psycopg.
        if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
            return Database(url.set(drivername="postgresql+psycopg"))
        if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:"):
            return Database(url)
    except (ArgumentError, NoSuchModuleError, ValueError):
        pass
    raise LogbookUnavailable(
        f"De instelling {SETTING} is geen adres van een database die de monitor kent.",
        "Gebruik sqlite:///bestand of postgresql+psycopg://gebruiker:wachtwoord@adres/naam (docs/logboek.md).",
    )


@cache
def head() -> str:
    """The version that this software works with."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def backup(db: Database, target: Path) -> None:
    """Copy an SQLite database to a file while it is in use.

    Raises:
        LogbookUnavailable: it is not SQLite, or cannot be read or written.
    """
    if not db.file:
        raise LogbookUnavailable("Van PostgreSQL maakt u een kopie met pg_dump.")
    with db._told():
        db.prepare()
        source = sqlite3.connect(_uri(db.file, "ro"), uri=True)
        partial = target.with_name(f"{target.name}.deel")
        copy = sqlite3.connect(partial)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
        partial.replace(target)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    """The version of a database; None for an empty one.

    Raises:
        LogbookUnavailable: it was made by newer software.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {s.revision for s in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise LogbookUnavailable(
            "De database van het logboek is gemaakt door een nieuwere versie van de monitor.",
            "Vraag de beheerder om de monitor bij te werken.",
        )
    return found


def _uri(file: Path, mode: str) -> str:
    return f"file:{quote(str(file.absolute()))}?mode={mode}"


def _make_file(file: Path, patience: float) -> None:
    """Make the file where there is none, and have it keep a log of writes (WAL), so that readers never wait."""
    connection = sqlite3.connect(_uri(file, "rwc"), uri=True, timeout=patience, isolation_level=None)
    latest = time.monotonic() + patience
    try:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # Two processes that start at once: SQLite does not wait here by itself.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                    raise
                time.sleep(0.02)
    finally:
        connection.close()


def _engine(url: URL, patience: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        wait = int(patience * 1000)
        # An entry that was confirmed must survive: that does not depend on how the server was set up.
        options = f"-c lock_timeout={wait} -c statement_timeout={2 * wait} -c synchronous_commit=on -c timezone=UTC"
        return create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=4,
            max_overflow=4,
            pool_timeout=patience,
            connect_args={"connect_timeout": max(2, int(min(patience, PATIENCE))), "options": options},
        )
    file = Path(str(url.database))

    def connect() -> sqlite3.Connection:
        # 'rw': a file that has gone is an error, and never an empty log that nobody asked for.
        return sqlite3.connect(
            _uri(file, "rw"), uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )

    # No pool: an open connection would go on writing to a file that was taken away.
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """Start a transaction; one that writes takes its place in the queue at once, not halfway."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
