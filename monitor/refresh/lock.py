"""One refresh at a time, also between the app, a terminal and a timer; a killed process holds nothing back."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import MonitorError, SnapshotError
from monitor.snapshot import compare, store, swap

LOCK = ".verversen.slot"
_TRIES, _PAUSE = 5, 0.05
_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)


class Busy(MonitorError):
    """Another process is making an edition."""


def _take(descriptor: int) -> bool:
    """Lock an open file for this process; False when another has it. The system frees it when the process ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock on the editions around ``folder`` (the edition in force).

    Raises:
        Busy: another process holds it.
        SnapshotError: there is no edition; nothing is written there.
    """
    _refuse_nowhere(folder)
    # Without the folder of a process that this one starts: an inherited descriptor would keep the lock.
    descriptor = os.open(folder.parent / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    try:
        # ``held`` takes the lock for an instant to see whether it is free: so try more than once.
        for _ in range(_TRIES):
            if _take(descriptor):
                break
            time.sleep(_PAUSE)
        else:
            raise Busy(
                "De cijfers worden al ververst, door een ander venster of een ander proces.",
                "Wacht tot dat klaar is; tot dan blijven de cijfers zoals zij zijn.",
            )
        yield
    finally:
        os.close(descriptor)


def _refuse_nowhere(folder: Path) -> None:
    """A mistake in the name of the folder must not leave files anywhere."""
    kept = compare.kept_beside(folder)
    if not ((folder / store.MANIFEST).exists() or swap.waiting(folder) or store.sound_ones(kept)):
        raise SnapshotError(f"In de map {folder.absolute()} staan geen cijfers.", store.way_out(folder))


def held(folder: Path) -> bool:
    """Whether a process holds the lock now."""
    try:
        descriptor = os.open(folder.parent / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _take(descriptor)
    finally:
        os.close(descriptor)
