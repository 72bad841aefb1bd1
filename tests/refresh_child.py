"""A process that refreshes on demand, to be killed at any moment: ``python -m tests.refresh_child``.

Reads lines ``FOLDER<tab>URL<tab>MOMENT`` and answers with the process id of a fork that refreshes there; ``MOMENT`` is
empty or the name of a function at whose beginning the fork ends itself without any clean-up. Answers ``done CODE`` when
the fork ended, with minus the signal that killed it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.refresh import install
from monitor.snapshot import store, swap
from monitor.sources.statline.settings import Settings
from tests import refreshing

#: Where a fork can be told to end: module and function.
MOMENTS: dict[str, tuple[Any, str]] = {
    "before the frames": (store, "write_frames"),
    "before the seal": (store, "seal"),
    "before the change log": (install, "change_log"),
    "before the swap": (swap, "_swap"),
    "after the swap": (swap, "shelve"),
}


def _end(*_: object, **__: object) -> None:
    os.kill(os.getpid(), 9)


def _refresh(folder: Path, url: str, moment: str) -> None:
    if moment:
        setattr(*MOMENTS[moment], _end)
    settings = Settings(base_url=url, timeout=5, attempts=2, wait=0.01, max_wait=0.02)
    refreshing.refresh(refreshing.small(), folder, settings=settings, today=refreshing.MOMENT)


def _forked(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until the input ends."""
    refreshing.small()
    _say("ready")
    for line in sys.stdin:
        folder, url, moment = line.rstrip("\n").split("\t")
        pid = _forked(lambda: _refresh(Path(folder), url, moment))  # noqa: B023  (used before the next line)
        _say(pid)
        _, status = os.waitpid(pid, 0)
        _say(f"done {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
