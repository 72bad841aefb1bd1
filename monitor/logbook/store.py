"""Entries of the log: add, change, withdraw, put back, find. Every version is kept; nothing is ever deleted."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, or_, select, update

from monitor.access import Identity
from monitor.errors import MonitorError, Refused
from monitor.logbook.database import Database, database
from monitor.logbook.entry import Draft, Entry, Version
from monitor.logbook.faults import Clash
from monitor.logbook.tables import entries, versions

_CURRENT = versions.alias("current")
_FIRST = versions.alias("first")
_log = logging.getLogger(__name__)


class Conflict(MonitorError):
    """Somebody else changed the entry meanwhile. ``current``: as it stands now."""

    def __init__(self, current: Entry) -> None:
        super().__init__("Iemand anders heeft deze aantekening intussen gewijzigd.")
        self.current = current


@dataclass(frozen=True)
class Wanted:
    """Which entries somebody asks for; empty and None ask nothing.

    ``near_indicators``, ``near_findings``: what belongs to the goal; an entry without a goal of its own is about the
    goal of its figure or finding. ``withdrawn``: those as well.
    """

    regions: tuple[str, ...] = ()
    goal: int | None = None
    indicator: str | None = None
    finding: str | None = None
    near_indicators: frozenset[str] = frozenset()
    near_findings: frozenset[str] = frozenset()
    withdrawn: bool = False


@dataclass(frozen=True)
class Counts:
    """How many entries a region has: in all, and per figure and finding that they name."""

    total: int = 0
    indicators: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)


def add(db: Database, draft: Draft, key: str, who: Identity, now: datetime) -> Entry:
    """Note something new. The same key again, after a failure or a double click, gives the entry that there is.

    Args:
        db: the database.
        draft: cleaned and checked.
        key: made by the form.
        who: the author.
        now: with time zone.

    Raises:
        Refused: the author may not write for the region.
        Conflict: the key was used for another text.
        LogbookUnavailable: nothing was saved as far as is known; doing it again is safe.
        LogbookFault: likewise; doing it again does not help.
    """
    _may(who, draft.region)
    try:
        with db.write() as c:
            found = _by_key(c, key)
            if found is None:
                made = insert(entries).values(key=key, region=draft.region, version=1).returning(entries.c.id)
                entry = int(c.execute(made).scalar_one())
                _append(c, entry, Version(1, draft, who.name, now), who)
                return _one(c, entry)
    except Clash:  # the other half of a double click was first
        with db.read() as c:
            found = _by_key(c, key)
        if found is None:
            raise
    if found.current.draft != draft:
        raise Conflict(found)
    return found


def change(db: Database, entry: int, expected: int, draft: Draft, who: Identity, now: datetime) -> Entry:
    """Write a new version of an entry.

    Args:
        db: the database.
        entry: its id.
        expected: the version that the author started from.
        draft: cleaned and checked.
        who: the author.
        now: with time zone.

    Raises:
        Refused: not allowed, or the entry is withdrawn or of another region.
        Conflict: somebody else wrote a version meanwhile.
        LogbookUnavailable: see ``add``.
    """

    def checked(current: Entry) -> Version:
        if current.region != draft.region:
            raise Refused("De regio van een aantekening kan niet veranderen.")
        if current.current.withdrawn:
            raise Refused("Deze aantekening is ingetrokken.", "Zet haar eerst terug.")
        return Version(expected + 1, draft, who.name, now)

    return _step(db, entry, expected, who, checked)


def withdraw(db: Database, entry: int, expected: int, reason: str, who: Identity, now: datetime) -> Entry:
    """Withdraw an entry, with the reason. It stays in the database; see ``change`` for what may go wrong."""
    return _step(
        db, entry, expected, who, lambda e: Version(expected + 1, e.current.draft, who.name, now, True, reason)
    )


def put_back(db: Database, entry: int, expected: int, who: Identity, now: datetime) -> Entry:
    """Put a withdrawn entry back; see ``change`` for what may go wrong."""
    return _step(db, entry, expected, who, lambda e: Version(expected + 1, e.current.draft, who.name, now))


def find(db: Database, wanted: Wanted) -> tuple[Entry, ...]:
    """Return the entries that fit, newest first."""
    query = _query().where(*_conditions(wanted))
    query = query.order_by(_CURRENT.c.date.desc(), _FIRST.c.written.desc(), entries.c.id.desc())
    with db.read() as c:
        return tuple(_entry(row) for row in c.execute(query))


def indicators(db: Database, wanted: Wanted) -> frozenset[str]:
    """Return the figures that entries are about, whichever of them is asked for."""
    query = select(_CURRENT.c.indicator).select_from(entries.join(_CURRENT, _is_current())).distinct()
    with db.read() as c:
        return frozenset(c.execute(query.where(*_conditions(replace(wanted, indicator=None)))).scalars()) - {None}


def histories(db: Database, ids: Iterable[int]) -> dict[int, tuple[Version, ...]]:
    """Return all versions of some entries, oldest first."""
    query = (
        select(versions, entries.c.region)
        .join(entries, entries.c.id == versions.c.entry)
        .where(versions.c.entry.in_(list(ids)))
        .order_by(versions.c.entry, versions.c.number)
    )
    found: dict[int, list[Version]] = {}
    with db.read() as c:
        for row in c.execute(query):
            found.setdefault(row.entry, []).append(_version(row))
    return {k: tuple(v) for k, v in found.items()}


def counts_for(region: str) -> Counts | None:
    """Return how many entries a region has, for a line on another page. None when the log cannot be read; never raises.

    Does not make a database where there is none, does not try again right after a failure, and does not wait for who is
    bringing the database up to date: the page does not wait.
    """
    try:
        db = database()
        if db.unborn:
            return Counts()
        if db.resting:
            return None
        columns = (_CURRENT.c.indicator, _CURRENT.c.finding)
        query = select(*columns).select_from(entries.join(_CURRENT, _is_current()))
        with db.read(wait=False) as c:
            rows = c.execute(query.where(*_conditions(Wanted((region,))))).all()
    except MonitorError:
        return None
    except Exception:
        _log.exception("could not count the entries of a region")
        return None
    figures, findings = (Counter(r[k] for r in rows if r[k] is not None) for k in range(2))
    return Counts(len(rows), dict(figures), dict(findings))


def _may(who: Identity, region: str) -> None:
    if not who.may_write(region):
        raise Refused("U mag voor deze regio niet schrijven.", "Vraag de beheerder om toegang voor deze regio.")


def _step(db: Database, entry: int, expected: int, who: Identity, made: Callable[[Entry], Version]) -> Entry:
    """Add a version to an entry, if it is still the one that the author started from."""
    with db.write() as c:
        current = _one(c, entry)
        _may(who, current.region)
        if current.current.number == expected:
            wanted = made(current)
            here = and_(entries.c.id == entry, entries.c.version == expected)
            if c.execute(update(entries).where(here).values(version=expected + 1)).rowcount == 1:
                _append(c, entry, wanted, who)
                return _one(c, entry)
            current = _one(c, entry)
        else:
            try:
                wanted = made(_at(c, current, expected))
            except Refused:  # for how it was then; it is how it is now that the author has to see
                raise Conflict(current) from None
        # The same step again, because its confirmation got lost on the way.
        if _same(current.current, wanted) and _subject(c, entry, current.current.number) == who.subject:
            return current
        raise Conflict(current)


def _same(a: Version, b: Version) -> bool:
    return (a.number, a.draft, a.withdrawn, a.reason) == (b.number, b.draft, b.withdrawn, b.reason)


def _append(c: Connection, entry: int, v: Version, who: Identity) -> None:
    d = v.draft
    c.execute(
        insert(versions).values(
            entry=entry, number=v.number, date=d.day, goal=d.goal, indicator=d.indicator, finding=d.finding,
            tried=d.tried, learned=d.learned, changes=d.changes, follow_up=d.follow_up, look_again=d.look_again,
            withdrawn=v.withdrawn, reason=v.reason, subject=who.subject, author=v.author, written=v.written,
        )
    )  # fmt: skip


def _is_current() -> ColumnElement[bool]:
    return and_(_CURRENT.c.entry == entries.c.id, _CURRENT.c.number == entries.c.version)


def _query() -> Select[Any]:
    """Entries with their current version, and when and by whom they were first written."""
    first = and_(_FIRST.c.entry == entries.c.id, _FIRST.c.number == 1)
    return (
        select(_CURRENT, entries.c.region, _FIRST.c.written.label("first_written"), _FIRST.c.author.label("founder"))
        .select_from(entries)
        .join(_CURRENT, _is_current())
        .join(_FIRST, first)
    )


def _conditions(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    v = _CURRENT.c
    made: list[ColumnElement[bool]] = []
    if not wanted.withdrawn:
        made.append(v.withdrawn.is_(False))
    if wanted.regions:
        made.append(entries.c.region.in_(wanted.regions))
    if wanted.indicator is not None:
        made.append(v.indicator == wanted.indicator)
    if wanted.finding is not None:
        made.append(v.finding == wanted.finding)
    if wanted.goal is not None:
        near = or_(v.indicator.in_(sorted(wanted.near_indicators)), v.finding.in_(sorted(wanted.near_findings)))
        made.append(or_(v.goal == wanted.goal, and_(v.goal.is_(None), near)))
    return made


def _one(c: Connection, entry: int) -> Entry:
    row = c.execute(_query().where(entries.c.id == entry)).one_or_none()
    if row is None:
        raise Refused("Deze aantekening bestaat niet.")
    return _entry(row)


def _at(c: Connection, current: Entry, number: int) -> Entry:
    """An entry as it was at a version; as it stands when there never was such a version."""
    query = select(versions).add_columns(entries.c.region).join(entries, entries.c.id == versions.c.entry)
    row = c.execute(query.where(versions.c.entry == current.id, versions.c.number == number)).one_or_none()
    return current if row is None else replace(current, current=_version(row))


def _by_key(c: Connection, key: str) -> Entry | None:
    row = c.execute(_query().where(entries.c.key == key)).one_or_none()
    return _entry(row) if row is not None else None


def _subject(c: Connection, entry: int, number: int) -> str:
    query = select(versions.c.subject).where(versions.c.entry == entry, versions.c.number == number)
    return str(c.execute(query).scalar_one())


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.entry, _version(row), row.first_written, row.founder)


def _version(row: Row[Any]) -> Version:
    draft = Draft(
        row.region, row.date, row.tried, row.learned, row.changes, row.follow_up, row.look_again, row.goal,
        row.indicator, row.finding,
    )  # fmt: skip
    return Version(row.number, draft, row.author, row.written, row.withdrawn, row.reason)
