"""A refresh that is killed (kill -9) at any moment: what is in force is whole, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import paths
from monitor.refresh.lock import held
from monitor.refresh.status import read_status
from monitor.snapshot import compare, store
from tests import refreshing
from tests.local_cbs import LocalCbs
from tests.refresh_child import MOMENTS
from tests.refreshing import AMSTERDAM, HEALTH, content, left, run, serve

SEED = 7


class Child:
    """The process that is killed, and starts again."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.refresh_child"],
            cwd=paths.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def refresh(self, folder: Path, url: str, moment: str = "", after: float | None = None) -> int:
        """Refresh; kill it ``after`` so many seconds. Returns the exit code, minus a signal."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{folder}\t{url}\t{moment}\n")
        self.process.stdin.flush()
        pid = int(self._line())
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):  # it had finished
                os.kill(pid, signal.SIGKILL)
        return int(self._line().removeprefix("done "))

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    made = Child()
    yield made
    made.end()


@pytest.fixture(scope="module")
def cbs(template: Path) -> Iterator[LocalCbs]:
    refreshing.ready(template, template / "eerst")
    with serve(refreshing.tables(str(template))) as server:
        server.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
        yield server


def whole_after(folder: Path, before: dict[str, bytes], new: dict[str, bytes]) -> str:
    """Which edition is in force after a kill, 'old' or 'new', byte by byte; whatever is wrong fails."""
    now = content(folder)
    assert now in (before, new)
    store.read(folder)
    assert not held(folder), "the lock outlived its process"
    status = read_status(folder)
    assert status is None or status.state != "bezig"
    return "old" if now == before else "new"


def recovered(folder: Path, cbs: LocalCbs, before: dict[str, bytes], new: dict[str, bytes]) -> None:
    """The next refresh puts everything right: the new edition in force, the old one kept, nothing left behind."""
    run(folder, cbs)
    assert content(folder) == new
    name = store.read(folder).manifest["follows"]
    assert content(folder.parent / "edities" / name) == before
    assert left(folder) == ["edities", "snapshot"]
    assert [n for n, _ in compare.editions(folder)][:2] == [store.read(folder).edition, name]


@pytest.fixture(scope="module")
def outcome(template: Path, cbs: LocalCbs, child: Child) -> tuple[dict[str, bytes], float]:
    """The new edition as it is when nobody kills anything, and how long that takes."""
    folder = refreshing.ready(template, template / "ongestoord")
    begun = time.monotonic()
    assert child.refresh(folder, cbs.url) == 0
    return content(folder), time.monotonic() - begun


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_chosen_moment(
    moment: str, template: Path, tmp_path: Path, cbs: LocalCbs, child: Child, outcome: tuple[dict[str, bytes], float]
) -> None:
    folder = refreshing.ready(template, tmp_path)
    before = content(folder)
    assert child.refresh(folder, cbs.url, moment) == -signal.SIGKILL
    assert whole_after(folder, before, outcome[0]) == ("new" if moment == "after the swap" else "old")
    recovered(folder, cbs, before, outcome[0])


def killed_at_random(times: int, template: Path, tmp_path: Path, cbs: LocalCbs, child: Child, outcome) -> None:
    new, seconds = outcome
    chance = random.Random(SEED)
    found: list[str] = []
    for k in range(times):
        folder = refreshing.ready(template, tmp_path / str(k))
        before = content(folder)
        child.refresh(folder, cbs.url, after=chance.uniform(0.0, 1.1 * seconds))
        found.append(whole_after(folder, before, new))
        if k % 5 == 0:
            recovered(folder, cbs, before, new)
        shutil.rmtree(tmp_path / str(k))
    assert "old" in found, "every one of them had finished: nothing was killed halfway"


def test_killed_twenty_times_at_random_moments(template, tmp_path, cbs, child, outcome) -> None:
    killed_at_random(20, template, tmp_path, cbs, child, outcome)


@pytest.mark.slow
def test_killed_a_hundred_times_at_random_moments(template, tmp_path, cbs, child, outcome) -> None:
    killed_at_random(100, template, tmp_path, cbs, child, outcome)
