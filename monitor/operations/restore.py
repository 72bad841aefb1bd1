"""Put a copy back. Everything is held against its checksums before anything changes, and nothing newer is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from monitor.errors import Refused, SnapshotError, SourceInvalid
from monitor.logbook.database import Database, database, head
from monitor.operations import archive
from monitor.operations.archive import Archive
from monitor.operations.backup import backup, log_rows, own_files
from monitor.operations.rows import Rows, from_lines, lost, put_rows
from monitor.refresh.editions import made_at
from monitor.refresh.lock import only_one
from monitor.snapshot import store, swap
from monitor.snapshot.compare import kept_beside

Part = Literal["logboek", "edities", "eigen"]
PARTS: tuple[Part, ...] = get_args(Part)
SAFETY = "voor-terugzetten-"


@dataclass
class Restored:
    """What was put back. ``safety``: the copy of how everything was before, when something gave way."""

    edition: str = ""
    kept: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    versions: int | None = None
    safety: Path | None = None


@dataclass(frozen=True)
class _Plan:
    """What a copy holds, read and found whole, of the parts that were asked for."""

    rows: Rows | None
    edition: dict[str, bytes]
    kept: dict[str, dict[str, bytes]]
    own: dict[str, bytes]


def restore(
    source: Path,
    folder: Path,
    own: Path,
    only: tuple[Part, ...] = PARTS,
    force: bool = False,
    moment: datetime | None = None,
) -> Restored:
    """Put a copy back, whole or some parts of it; doing it twice gives the same.

    Args:
        source: the copy.
        folder: where the edition in force is or comes; what was there goes to the kept editions.
        own: folder of own findings; files that the copy does not have stay.
        only: which parts.
        force: also where something newer gives way; a copy of how it was is then made first, beside the editions.
        moment: now, with time zone; None for the present.

    Raises:
        SourceUnavailable, SourceInvalid: the copy is not there, or damaged; nothing has changed.
        Refused: something newer would give way; nothing has changed.
        LogbookUnavailable: the log cannot be read or written; the log has not changed.
        SnapshotError: the edition cannot be kept or written.
    """
    found = archive.open_archive(source)
    plan = _read(found, only)
    newer = [*_newer_log(plan.rows), *_newer_edition(folder, plan.edition), *_newer_own(own, found, plan.own)]
    if newer and not force:
        raise Refused(
            f"Terugzetten zou overschrijven wat er na de kopie bij kwam: {'; '.join(newer)}.",
            "Er is niets veranderd. Weet u het zeker, geef dan --force: van nu komt er dan eerst een kopie.",
        )
    done = Restored()
    if newer:
        now = moment or datetime.now(UTC)
        done.safety = folder.parent / f"{SAFETY}{now.astimezone(UTC):%Y%m%d-%H%M%S}.zip"
        backup(done.safety, folder, own, now)
    if plan.rows is not None:
        done.versions = _put_log(plan.rows)
    if "edities" in only:
        with _alone(folder):
            _put_editions(plan, folder, done)
    for name, content in plan.own.items():
        if _put_own(own / name, content):
            done.own.append(name)
    return done


def _read(found: Archive, only: tuple[Part, ...]) -> _Plan:
    """Read everything that was asked for; a part that is damaged ends it here, before anything changes."""
    if "logboek" in only and found.log != head() and found.log > head():
        raise SourceInvalid("Het logboek in de kopie is van een nieuwere monitor.", "Werk de monitor eerst bij.")
    rows = from_lines(found.read(archive.LOG)) if "logboek" in only and archive.LOG in found.files else None
    edition: dict[str, bytes] = {}
    kept: dict[str, dict[str, bytes]] = {}
    if "edities" in only:
        edition = {n.removeprefix(archive.EDITION): found.read(n) for n in found.names(archive.EDITION)}
        for n in found.names(archive.KEPT):
            _, name, file = n.split("/")
            kept.setdefault(name, {})[file] = found.read(n)
    own = {n.removeprefix(archive.OWN): found.read(n) for n in found.names(archive.OWN)} if "eigen" in only else {}
    return _Plan(rows, edition, kept, own)


# -- the log ------------------------------------------------------------------------------------------------------


def _newer_log(rows: Rows | None) -> Iterator[str]:
    if rows is None:
        return
    count = lost(log_rows(), rows)
    if count:
        yield f"{count} versie{'' if count == 1 else 's'} van aantekeningen in het logboek"


def _put_log(rows: Rows) -> int:
    """Put the rows in; when the log holds just these already, it is left alone."""
    db: Database = database()
    count = len(rows.get("versions", []))
    now = log_rows(db)
    if count == len(now.get("versions", [])) and not lost(now, rows):
        return count
    put_rows(db, rows)
    return count


# -- the editions -------------------------------------------------------------------------------------------------


def _newer_edition(folder: Path, edition: dict[str, bytes]) -> Iterator[str]:
    if not edition:
        return
    try:
        now = store.read_manifest(folder)
    except SnapshotError:
        return
    with _unpacked(edition, None) as place:
        then = store.read_manifest(place)
    own, other = made_at(now.get("made")), made_at(then.get("made"))
    if now["edition"] != then["edition"] and own and other and own > other:
        yield f"editie {now['edition']}, die na editie {then['edition']} is gemaakt, is in gebruik"


def _put_editions(plan: _Plan, folder: Path, done: Restored) -> None:
    kept = kept_beside(folder)
    swap.clean_up(folder, kept)
    for name, files in plan.kept.items():
        if _there(kept / name, files):
            continue
        with _unpacked(files, folder.parent) as place:
            kept.mkdir(parents=True, exist_ok=True)
            if swap.shelve(place, kept):
                done.kept.append(name)
    if plan.edition and not _there(folder, plan.edition):
        with swap.replacing(folder, kept) as fresh:
            _write(fresh, plan.edition)
        done.edition = store.sound(folder) or ""


def _there(place: Path, files: dict[str, bytes]) -> bool:
    """Whether an edition stands there already, whole."""
    try:
        return store.sound(place) is not None and (place / store.MANIFEST).read_bytes() == files[store.MANIFEST]
    except (OSError, KeyError):
        return False


@contextmanager
def _unpacked(files: dict[str, bytes], beside: Path | None) -> Iterator[Path]:
    """An edition in a folder for the moment; held against its manifest.

    Raises:
        SourceInvalid: it is damaged.
    """
    if beside is not None:
        beside.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".nieuw-", dir=beside))
    try:
        place.chmod(0o755)
        _write(place, files)
        if store.sound(place) is None:
            raise SourceInvalid("Een editie in de kopie is niet heel.", "Er is niets veranderd. Kies een andere kopie.")
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _write(place: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (place / name).write_bytes(content)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No refresh meanwhile; where there is no edition at all there is none to refresh."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = only_one(folder)
        lock.__enter__()
    except SnapshotError:
        yield
        return
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


# -- own findings -------------------------------------------------------------------------------------------------


def _newer_own(own: Path, found: Archive, files: dict[str, bytes]) -> Iterator[str]:
    now = own_files(own)
    for name, content in files.items():
        if name in now and now[name] != content:
            when = datetime.fromtimestamp((own / name).stat().st_mtime, UTC)
            if when > found.made:
                yield f"bestand ‘{name}’ met eigen bevindingen is daarna veranderd"


def _put_own(path: Path, content: bytes) -> bool:
    """Write a file in one step; what stood there stays in the folder 'eerder'. Whether anything changed."""
    before = path.read_bytes() if path.is_file() else None
    if before == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    if before is not None:
        when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        aside = path.parent if path.parent.name == "eerder" else path.parent / "eerder"
        aside.mkdir(exist_ok=True)
        target = aside / f"{path.stem}-{when:%Y%m%d-%H%M%S}.yaml"
        if not target.exists():
            target.write_bytes(before)
    partial = path.with_name(f".{path.name}.deel")
    partial.write_bytes(content)
    partial.replace(path)
    return True
