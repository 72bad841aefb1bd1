"""Make a copy of the log, the editions and the own findings, also while the monitor runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import MonitorError, Refused
from monitor.logbook.database import Database, database
from monitor.operations import archive
from monitor.operations.archive import Archive
from monitor.operations.rows import Rows, as_lines, read_rows
from monitor.snapshot import store, swap
from monitor.snapshot.compare import kept_beside

_BEGIN = "regiomonitor-"


def backup(
    target: Path, folder: Path, own: Path, moment: datetime | None = None, keep: int | None = None
) -> tuple[Archive, tuple[str, ...]]:
    """Make a copy.

    Args:
        target: a file ending in .zip; or a folder, in which it gets a name with its moment.
        folder: of the edition in force.
        own: folder of own findings.
        moment: of making, with time zone; None for now.
        keep: in a folder, so many of the newest copies stay; None for all.

    Returns:
        The copy, and Dutch sentences about what could not be taken along.

    Raises:
        MonitorError: the edition in force or the log cannot be read: then there is no copy, rather than half a one.
        Refused: what is asked cannot be.
    """
    moment = moment or datetime.now(UTC)
    single = target.suffix.lower() == ".zip"
    if keep is not None and (single or keep < 1):
        raise Refused(
            "Oude kopieën opruimen kan alleen in een map, en ten minste één blijft.", "Noem een map bij --out."
        )
    file = target if single else target / f"{_BEGIN}{moment.astimezone(UTC):%Y%m%d-%H%M%S}.zip"
    parts: dict[str, bytes] = {archive.LOG: as_lines(log_rows())}
    parts |= {f"{archive.EDITION}{n}": c for n, c in archive.edition_files(folder).items()}
    notes: list[str] = []
    for name, place in _kept(folder):
        try:
            parts |= {f"{archive.KEPT}{name}/{n}": c for n, c in archive.edition_files(place).items()}
        except MonitorError as error:
            notes.append(f"Editie {name} gaat niet mee: {error.message}")
    damaged = store.damaged_ones(kept_beside(folder))
    notes += [f"Editie {name} gaat niet mee: {why}" for name, why in damaged.items()]
    parts |= {f"{archive.OWN}{n}": c for n, c in own_files(own).items()}
    made = archive.write(file, parts, store.sound(folder) or "", moment)
    if keep is not None:
        for old in sorted(target.glob(f"{_BEGIN}*.zip"))[:-keep]:
            old.unlink(missing_ok=True)
    return made, tuple(notes)


def log_rows(db: Database | None = None) -> Rows:
    """All rows of the log; none where nothing was ever noted.

    Raises:
        LogbookUnavailable: it cannot be read.
    """
    db = db or database()
    return {} if db.unborn else read_rows(db)


def _kept(folder: Path) -> Iterator[tuple[str, Path]]:
    """The kept editions, and those that wait for their place: name of the folder to be and where it is now."""
    yield from ((place.name, place) for _, place in store.sound_ones(kept_beside(folder)))
    yield from swap.waiting(folder).items()


def own_files(own: Path) -> dict[str, bytes]:
    """The files of own findings with their earlier versions; names as below the folder."""
    places = (*own.glob("*"), *own.glob("eerder/*")) if own.is_dir() else ()
    chosen = sorted(p for p in places if p.is_file() and p.suffix in (".yaml", ".yml") and p.name[0] != ".")
    return {p.relative_to(own).as_posix(): p.read_bytes() for p in chosen}
