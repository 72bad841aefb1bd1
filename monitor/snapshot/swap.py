"""Put a new edition in the place of the one in force, in one step, and clean up after a process that was killed."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import SnapshotError
from monitor.snapshot import store

_NEW, _ASIDE = ".nieuw-", "-oud"


@contextmanager
def replacing(folder: Path, keep: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill; put it in place of ``folder`` in one step when the block succeeds.

    The new edition is read back and written through to the disk before the swap. When the block or the check fails,
    the edition in force stays untouched and the new files are removed.

    Args:
        folder: the edition in force (may be absent).
        keep: where the previous edition goes, below its edition name; None removes it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)  # on a full disk this fails now, and not after the swap
    fresh = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder.parent))
    fresh.chmod(0o755)
    swapped = False
    try:
        yield fresh
        store.read(fresh)
        _to_disk(fresh)
        _swap(fresh, folder)
        swapped = True
    finally:
        # After the swap ``fresh`` holds the previous edition, if there was one.
        if not swapped or keep is None or not fresh.exists() or shelve(fresh, keep):
            shutil.rmtree(fresh, ignore_errors=True)
        if keep is not None and keep.is_dir() and not any(keep.iterdir()):
            keep.rmdir()


def shelve(previous: Path, keep: Path) -> bool:
    """Move an edition to the kept ones; whether what is left of it may go.

    A damaged one is not kept. One that is kept already goes; another with the same name is kept beside it. What cannot
    be moved stays where it is, for ``clean_up``.
    """
    name = store.sound(previous)
    if name is None:
        return True
    mark = store.fingerprint(previous)
    for target in (keep / name, keep / f"{name}-{mark[:6]}"):
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

    An edition that was swapped out goes to the kept ones; a new one that was not put in force is removed.
    """
    for left in sorted(folder.parent.glob(f"{_NEW}*{_ASIDE}")):
        # Killed between two renames, where names cannot be exchanged.
        if not folder.exists() and store.sound(left) is not None:
            left.rename(folder)
    for left in sorted(folder.parent.glob(f"{_NEW}*")):
        if _was_in_force(left, folder):
            keep.mkdir(parents=True, exist_ok=True)
            if not shelve(left, keep):
                continue
        shutil.rmtree(left, ignore_errors=True)


def _was_in_force(left: Path, folder: Path) -> bool:
    """Whether a folder that was left holds the edition that the one in force followed."""
    try:
        return store.sound(left) is not None and store.read_manifest(folder).get("follows") == store.sound(left)
    except SnapshotError:
        # What is in force cannot be read: any whole edition is worth keeping.
        return store.sound(left) is not None


def _to_disk(folder: Path) -> None:
    """Make sure that a power cut after the swap finds whole files."""
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
        return
    if _exchange(fresh, folder):
        return
    # Without an exchange of names: two renames, and back again if the second fails.
    aside = fresh.with_name(fresh.name + _ASIDE)
    folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    aside.rename(fresh)


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
