"""What the refresh that runs now is doing, and how the last one ended: a small file beside the editions."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from monitor import logs
from monitor.refresh.lock import held
from monitor.refresh.models import Step

State = Literal["bezig", "klaar", "ongewijzigd", "geweigerd", "mislukt", "afgebroken"]
STATES: tuple[State, ...] = ("bezig", "klaar", "ongewijzigd", "geweigerd", "mislukt", "afgebroken")
STATUS = ".verversen.json"
# Seconds between two notes of how far it is; a change of phase is noted at once.
_EVERY = 0.3


@dataclass(frozen=True)
class Status:
    """How a refresh is doing.

    ``started``: with time zone. ``message``: one Dutch sentence at the end, '' before. ``edition``: in force then.
    """

    state: State
    started: datetime
    step: Step
    message: str = ""
    edition: str = ""
    pid: int = 0


class Reporter:
    """Writes the status of one refresh; what cannot be written is no reason to stop it.

    Args:
        folder: the edition in force.
        now: the moment it started; None for the present.
    """

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self._path = folder.parent / STATUS
        self._started = now or datetime.now(UTC)
        self._step = Step("vragen")
        self._noted = -_EVERY
        self.tell(self._step)

    def tell(self, step: Step) -> None:
        """Note how far it is."""
        clock = time.monotonic()
        if step.phase == self._step.phase and clock - self._noted < _EVERY:
            self._step = step
            return
        self._step, self._noted = step, clock
        self._write("bezig")

    def end(self, state: State, message: str, edition: str = "") -> None:
        """Note how it ended."""
        self._write(state, message, edition)
        logs.event("verversing", outcome=state, edition=edition)

    def _write(self, state: State, message: str = "", edition: str = "") -> None:
        told = {
            "state": state,
            "started": self._started.isoformat(),
            "step": asdict(self._step),
            "message": message,
            "edition": edition,
            "pid": os.getpid(),
        }
        partial = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            partial.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            partial.replace(self._path)
        except OSError:
            partial.unlink(missing_ok=True)


def read_status(folder: Path) -> Status | None:
    """How the refresh around an edition is doing; None when there never was one or its note cannot be read.

    A note that says 'bezig' of a process that no longer lives becomes 'afgebroken'.
    """
    try:
        raw: dict[str, Any] = json.loads((folder.parent / STATUS).read_text(encoding="utf-8"))
        step = Step(**{**raw["step"], "now": tuple(raw["step"]["now"])})
        started = datetime.fromisoformat(raw["started"])
        state = raw["state"]
        if state not in STATES or started.tzinfo is None:
            return None
        if state == "bezig" and not held(folder):
            state = "afgebroken"
        return Status(
            cast(State, state), started, step, str(raw["message"]), str(raw["edition"]), int(raw.get("pid", 0))
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
