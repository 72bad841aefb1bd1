"""``refresh`` and ``editions`` on the command line."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from monitor import notation, paths
from monitor.dates import told_date
from monitor.definitions import load
from monitor.errors import MonitorError, SourceInvalid
from monitor.refresh.models import Outcome, Step

# Exit codes of ``refresh`` and ``import``.
REFRESHED, FAILED, UNCHANGED, REFUSED = 0, 1, 3, 4
CODES = (
    f"Afsluitcode {REFRESHED}: ververst; {UNCHANGED}: ongewijzigd; {REFUSED}: geweigerd, want de nieuwe cijfers passen "
    f"niet; {FAILED}: mislukt. Bij {UNCHANGED}, {REFUSED} en {FAILED} blijven de oude cijfers in gebruik."
)


def add(commands: Any) -> None:
    """Add the commands to the parser of ``python -m monitor``."""
    fresh = commands.add_parser("refresh", help="haal nieuwe cijfers op bij CBS", epilog=CODES)
    fresh.add_argument("--table", action="append", default=[], metavar="TABEL", help="alleen deze; mag vaker")
    fresh.add_argument("--without", action="append", default=[], metavar="TABEL", help="zonder deze; mag vaker")
    fresh.add_argument("--force", action="store_true", help="ook tabellen die volgens CBS niet veranderd zijn")
    fresh.add_argument("--check", action="store_true", help="vraag alleen of alle onderwerpen er nog zijn")
    fresh.add_argument(
        "--boundaries", type=int, metavar="JAAR", help="haal de grenzen van dit jaar op, en geen cijfers"
    )
    fresh.set_defaults(run=_refresh)

    shelf = commands.add_parser("editions", help="de edities: noemen, tonen, vergelijken, terugzetten")
    parts = shelf.add_subparsers(title="opdrachten", metavar="OPDRACHT", required=True)
    parts.add_parser("list", help="welke edities er zijn").set_defaults(run=_list)
    show = parts.add_parser("show", help="waar een editie uit bestaat en wat er veranderde")
    show.add_argument("edition", metavar="editie", nargs="?", help="standaard die in gebruik is")
    show.set_defaults(run=_show)
    diff = parts.add_parser("diff", help="wat er verschilt tussen twee edities")
    diff.add_argument("old", metavar="A")
    diff.add_argument("new", metavar="B")
    diff.set_defaults(run=_diff)
    back = parts.add_parser("use", help="zet een bewaarde editie terug", epilog=CODES)
    back.add_argument("edition", metavar="editie")
    back.set_defaults(run=_use)


def _refresh(chosen: argparse.Namespace) -> int:
    if chosen.check:
        return _check(chosen)
    from monitor.refresh.run import refresh, refresh_boundaries, told

    # A process that was started in the background ignores Ctrl-C unless told otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _stop)
    screen = Screen()
    definitions, folder = load(), paths.snapshot_dir()

    def work() -> Outcome:
        if chosen.boundaries:
            return refresh_boundaries(definitions, folder, chosen.boundaries, progress=screen.show)
        return refresh(
            definitions, folder, only=chosen.table, without=chosen.without, force=chosen.force, progress=screen.show
        )

    return concluded(work, screen, told)


def concluded(work: Callable[[], Outcome], screen: Screen, told: Callable[[Outcome], str]) -> int:
    """Run something that may make an edition; say what came of it and return the exit code.

    Args:
        work: gives an Outcome, or raises MonitorError.
        screen: where progress was shown.
        told: says in Dutch what an Outcome means.
    """
    try:
        outcome = work()
    except SourceInvalid as error:
        screen.clear()
        print(f"Geweigerd: {error}", file=sys.stderr)
        return REFUSED
    except MonitorError:
        screen.clear()
        raise
    screen.clear()
    print(told(outcome))
    for notice in outcome.notices:
        print(f"  Let op: {notice.text}")
    return UNCHANGED if outcome.unchanged else REFRESHED


def _stop(number: int, frame: object) -> None:
    """A timer or a container that stops us does what Ctrl-C does."""
    raise KeyboardInterrupt


class Screen:
    """Progress in a terminal: one line that is written over; a line per step where the output is a file."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._last: tuple[object, ...] = ()
        self._lock = threading.Lock()

    def show(self, step: Step) -> None:
        """Say where it is."""
        with self._lock:
            now = (step.phase, step.done)
            if self._live:
                print(f"\r\033[K{said(step)[:110]}", end="", flush=True)
            elif now != self._last:
                print(said(step), flush=True)
            self._last = now

    def clear(self) -> None:
        """Make room for the end."""
        if self._live and self._last:
            print("\r\033[K", end="", flush=True)


_PHASES = {
    "controleren": "Nieuwe cijfers controleren …",
    "rekenen": "Regio’s opnieuw berekenen …",
    "schrijven": "Nagaan wat er veranderd is, en opschrijven …",
    "klaar": "Klaar.",
}


def said(step: Step) -> str:
    """One line of progress: tables done, rows, what is going on and what is next."""
    if step.phase == "vragen":
        return f"Vragen wat er veranderd is: {step.done} van {step.total} tabellen"
    if step.phase != "ophalen":
        return _PHASES[step.phase]
    rows = f", {notation.number(step.rows, 0)} rijen" if step.rows else ""
    now = f"; nu {', '.join(step.now)}" if step.now else ""
    coming = f"; daarna {step.coming}" if step.coming else ""
    return f"Ophalen: {step.done} van {step.total} tabellen klaar{rows}{now}{coming}"


def _check(chosen: argparse.Namespace) -> int:
    from monitor.refresh.keys import check_keys
    from monitor.refresh.run import recorded

    known = recorded(paths.snapshot_dir())
    found = check_keys(load(), only=chosen.table, without=chosen.without, sources=known, say=print)
    for problem in found:
        print(f"Geweigerd: {problem}", file=sys.stderr)
    return REFUSED if found else REFRESHED


def _list(chosen: argparse.Namespace) -> int:
    from monitor.refresh.editions import editions

    folder = paths.snapshot_dir()
    found = editions(folder)
    if not found or not found[0].in_force:
        print(f"Let op: de cijfers in gebruik ({folder.name}) zijn beschadigd of ontbreken.", file=sys.stderr)
    for e in found:
        made = told_date(e.made.date()) if e.made else "datum onbekend"
        used = "  (in gebruik)" if e.in_force else ""
        print(f"{e.name:<20}  {made:<20}  {notation.number(e.size / 1e6, 1):>6} MB{used}")
    return REFRESHED if found else FAILED


def _show(chosen: argparse.Namespace) -> int:
    from monitor.refresh.describe import described
    from monitor.snapshot import compare, store

    folder = paths.snapshot_dir()
    edition = compare.read_edition(folder, chosen.edition) if chosen.edition else store.read(folder)
    print(described(load(), edition))
    return REFRESHED


def _diff(chosen: argparse.Namespace) -> int:
    from monitor.refresh.changelog import change_log
    from monitor.snapshot import compare

    definitions, folder = load(), paths.snapshot_dir()
    old, new = (compare.read_edition(folder, name) for name in (chosen.old, chosen.new))
    print(change_log(definitions, compare.compare(definitions, old, new), (), old, new, {}))
    return REFRESHED


def _use(chosen: argparse.Namespace) -> int:
    from monitor.refresh.editions import use

    before = use(paths.snapshot_dir(), chosen.edition)
    kept = f" Editie {before} is bewaard." if before else ""
    print(f"Editie {chosen.edition} is nu in gebruik.{kept}")
    return REFRESHED
