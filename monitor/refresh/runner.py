"""Start a refresh as a process of its own and stop one, wherever it was started; what it does it tells itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from monitor import logs
from monitor.errors import Refused
from monitor.paths import ROOT
from monitor.refresh.models import Step
from monitor.refresh.status import Status, read_status

COMMAND = "python -m monitor refresh"
# A process that does not end by itself after Ctrl-C is ended by the system; the old edition stays in force then too.
_PATIENCE = 15.0
# How the command ends, by its exit code (monitor/refresh/cli.py); anything else is a failure.
_CODES = {0: "klaar", 3: "ongewijzigd", 4: "geweigerd"}
_CRASHED = "Het verversen is misgegaan voordat het begon."
_ELSEWHERE = f"De verversing is niet vanuit de monitor te stoppen. Stop haar waar zij is gestart ('{COMMAND}', Ctrl-C)."


@dataclass(frozen=True)
class _Run:
    """A process that this one started; ``said``: the file with what it wrote."""

    process: subprocess.Popen[bytes]
    began: datetime
    said: IO[bytes]


_runs: dict[Path, _Run] = {}
_lock = threading.Lock()


def start(folder: Path, command: list[str] | None = None) -> None:
    """Start a refresh that goes on when the app ends.

    Args:
        folder: the edition in force.
        command: what to run instead of the refresh, for a test.

    Raises:
        Refused: one is running already.
    """
    with _lock:
        now = status(folder)
        if now is not None and now.state == "bezig":
            raise Refused("De cijfers worden al ververst.", "Wacht tot dat klaar is.")
        said = tempfile.TemporaryFile()  # noqa: SIM115  # it lives as long as the process
        process = subprocess.Popen(
            command or [sys.executable, "-m", "monitor", "refresh"],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _runs[folder] = _Run(process, datetime.now(UTC), said)
        # Whoever started a process has to take note of its end, or the system keeps it.
        threading.Thread(target=_see_off, args=(process,), daemon=True).start()


def _see_off(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process, and note it: what that process logs itself goes where nobody reads it."""
    code = process.wait()
    logs.event("verversing", outcome=_CODES.get(code, "mislukt"))


def status(folder: Path) -> Status | None:
    """How the refresh that runs now or ran last is doing; None when there never was one.

    Args:
        folder: the edition in force.
    """
    told = read_status(folder)
    run = _runs.get(folder)
    if run is None or (told is not None and (told.state == "bezig" or told.started >= run.began)):
        return told
    # Ours has not told anything yet: it is starting, or it ended without a word.
    if run.process.poll() is None:
        return Status("bezig", run.began, Step("vragen"), pid=run.process.pid)
    return Status("mislukt", run.began, Step("vragen"), _last_words(run) or _CRASHED)


def stop(folder: Path) -> None:
    """Ask the running refresh to end, as Ctrl-C does; nothing happens when none is running.

    Raises:
        Refused: it runs on another computer, or belongs to somebody else.
    """
    now = status(folder)
    if now is None or now.state != "bezig":
        return
    run = _runs.get(folder)
    ours = run is not None and run.process.pid == now.pid and run.process.poll() is None
    if not ours and not _is_refresh(now.pid):
        raise Refused(_ELSEWHERE)
    try:
        os.kill(now.pid, _ASK)
    except ProcessLookupError:
        return
    except OSError:
        raise Refused(_ELSEWHERE) from None
    threading.Thread(target=_insist, args=(folder, now), daemon=True).start()


# Windows has no Ctrl-C for a process without a window.
_ASK = signal.SIGTERM if os.name == "nt" else signal.SIGINT


def _insist(folder: Path, told: Status) -> None:
    """End a refresh that does not listen: a server that was started in the background hands its deafness on."""
    latest = time.monotonic() + _PATIENCE
    while time.monotonic() < latest:
        now = status(folder)
        if now is None or now.state != "bezig" or now.pid != told.pid:
            return
        time.sleep(0.2)
    try:
        os.kill(told.pid, signal.SIGTERM)
    except OSError:
        return


def _is_refresh(pid: int) -> bool:
    """Whether a process of this computer is a refresh: a number may have gone to another process meanwhile."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return False
    return pid > 1 and "monitor" in words and "refresh" in words


def _last_words(run: _Run) -> str:
    """The error that a process ended with, when it is one for people."""
    run.said.seek(0)
    lines = run.said.read()[-20_000:].decode("utf-8", "replace").splitlines()
    told = [line.removeprefix("Fout: ").strip() for line in lines if line.startswith("Fout: ")]
    return told[-1] if told else ""
