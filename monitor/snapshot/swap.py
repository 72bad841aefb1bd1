"""Put a new edition in the place of the one in force, in one step, and clean up after a process that was killed."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path

from monitor.disk import why
from monitor.errors import SnapshotError
from monitor.snapshot import store

# What a folder holds whose name begins so: an edition that was never in force, or one that was and is not kept yet.
_NEW, _BEFORE = ".nieuw-", ".vorige-"


@contextmanager
def replacing(folder: Path, keep: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill; put it in place of ``folder`` in one step when the block succeeds.

    The new edition is read back and written through to the disk before the swap. When the block or the check fails,
    the edition in force stays untouched and the new files are removed.

    Args:
        folder: the edition in force (may be absent).
        keep: where the previous edition goes, below its edition name; None removes it.

    Raises:
        SnapshotError: the previous edition could not be moved there; said before the block, and nothing changes.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)  # on a full disk this fails now, and not after the swap
    fresh = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder.parent))
    fresh.chmod(0o755)
    previous: Path | None = None
    try:
        if keep is not None and store.sound(folder) is not None:
            _can_keep(fresh, keep)
        yield fresh
        store.read(fresh)
        _to_disk(fresh)
        previous = _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if previous is not None and (keep is None or shelve(previous, keep)):
            shutil.rmtree(previous, ignore_errors=True)
        if keep is not None and keep.is_dir() and not any(keep.iterdir()):
            with suppress(OSError):
                keep.rmdir()


def _can_keep(fresh: Path, keep: Path) -> None:
    """Refuse where no folder can be moved to the kept editions: tried with the new one, which is still empty."""
    trial = keep / fresh.name
    try:
        fresh.rename(trial)
        trial.rename(fresh)
    except OSError as error:
        reason, way_out = why(error)
        raise SnapshotError(
            f"De editie in gebruik kan niet worden bewaard in {keep}: {reason}.", f"Er is niets veranderd. {way_out}"
        ) from error


def waiting(folder: Path) -> dict[str, Path]:
    """Editions that were in force and could not be moved to the kept ones yet: name -> where they are.

    Args:
        folder: the edition in force.
    """
    left = sorted(folder.parent.glob(f"{_BEFORE}*"))
    return {name: place for place in left if (name := store.sound(place)) is not None}


def shelve(previous: Path, keep: Path) -> bool:
    """Move an edition to the kept ones; whether what is left of it may go.

    A damaged one is not kept. One that is kept already goes; another with the same name is kept beside it. What cannot
    be moved stays where it is, for the next ``clean_up``.
    """
    name = store.sound(previous)
    if name is None:
        return True
    mark = store.fingerprint(previous)
    names = chain([name, f"{name}-{mark[:6]}"], (f"{name}-{mark[:6]}-{k}" for k in count(2)))
    for target in (keep / n for n in names):
        if not target.exists():
            try:
                previous.rename(target)
            except OSError:
                return False
            return True
        if store.sound(target) is not None and store.fingerprint(target) == mark:
            return True
    return False


def clean_up(folder: Path, keep: Path) -> None:
    """Finish or undo what a killed process left beside the edition in force; only with the lock in hand.

    An edition that was in force goes to the kept ones, and stays where it is as long as it cannot; a new one that was
    not put in force is removed.
    """
    for left in sorted(folder.parent.glob(f"{_BEFORE}*")):
        if not folder.exists() and store.sound(left) is not None:
            left.rename(folder)  # killed between two renames, where names cannot be exchanged
            continue
        with suppress(OSError):
            keep.mkdir(parents=True, exist_ok=True)
        if shelve(left, keep):
            shutil.rmtree(left, ignore_errors=True)
    for left in (*folder.parent.glob(f"{_NEW}*"), *keep.glob(f"{_NEW}*")):
        shutil.rmtree(left, ignore_errors=True)


def _to_disk(folder: Path) -> None:
    """Make sure that a power cut after the swap finds whole files."""
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(fresh: Path, folder: Path) -> Path | None:
    """Put a new edition in the place of the one in force; return where that is now, None when there was none."""
    if not folder.exists():
        fresh.rename(folder)
        return None
    # From here on the name tells who finds it after a kill that it may hold the only copy of what was in force.
    previous = fresh.with_name(fresh.name.replace(_NEW, _BEFORE))
    fresh.rename(previous)
    try:
        if _exchange(previous, folder):
            return previous
    except OSError:
        previous.rename(fresh)
        raise
    # Without an exchange of names: two renames, and back again if the second fails.
    previous.rename(fresh)
    folder.rename(previous)
    try:
        fresh.rename(folder)
    except OSError:
        previous.rename(folder)
        raise
    return previous


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two folders atomically (Linux renameat2); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    at_fdcwd, exchange = -100, 2
    if renameat2(at_fdcwd, os.fsencode(a), at_fdcwd, os.fsencode(b), exchange) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), b.name)
