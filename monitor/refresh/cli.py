"""``refresh`` and ``editions`` on the command line."""

from __future__ import annotations

import argparse
import re
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor import notation, paths
from monitor.dates import today, told_noted
from monitor.definitions import load
from monitor.errors import MonitorError, SnapshotError, SourceInvalid
from monitor.notation import listing
from monitor.refresh.models import Outcome, Step
from monitor.refresh.plan import plan
from monitor.snapshot import compare, store, swap

# Exit codes of ``refresh`` and ``import``; a command that cannot be is the parser's own.
REFRESHED, FAILED, WRONG, UNCHANGED, REFUSED = 0, 1, 2, 3, 4
CODES = (
    f"Afsluitcode {REFRESHED}: ververst; {UNCHANGED}: ongewijzigd; {REFUSED}: geweigerd, want de nieuwe cijfers passen "
    f"niet; {FAILED}: mislukt; {WRONG}: de opdracht kan zo niet. Alleen bij {REFRESHED} veranderen de cijfers in "
    f"gebruik."
)


def add(commands: Any) -> None:
    """Add the commands to the parser of ``python -m monitor``."""
    fresh = commands.add_parser("refresh", help="haal nieuwe cijfers op bij CBS", epilog=CODES)
    fresh.add_argument("--table", action="append", default=[], metavar="TABEL", help="alleen deze; mag vaker")
    fresh.add_argument("--without", action="append", default=[], metavar="TABEL", help="zonder deze; mag vaker")
    fresh.add_argument("--force", action="store_true", help="ook tabellen die volgens CBS niet veranderd zijn")
    fresh.add_argument("--check", action="store_true", help="vraag alleen of alle onderwerpen er nog zijn")
    fresh.add_argument(
        "--boundaries", type=_year, metavar="JAAR", help="haal de grenzen van dit jaar op, en geen cijfers"
    )
    fresh.set_defaults(run=_refresh, refuse=fresh.error)

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


def _year(text: str) -> int:
    """A year of outlines, as argparse wants it."""
    if not re.fullmatch(r"20\d\d", text):
        raise argparse.ArgumentTypeError(f"'{text}' kan niet, noem een jaar zoals {today().year}")
    return int(text)


# What an option does not go together with, for it would be passed over.
_ALONE = {"check": ("boundaries", "force"), "boundaries": ("table", "without", "force")}


def _refuse_mix(chosen: argparse.Namespace) -> None:
    """End with a sentence about options that do not go together, rather than pass one over."""
    given = {o for o in ("check", "boundaries", "table", "without", "force") if getattr(chosen, o)}
    for option, others in _ALONE.items():
        clash = [f"--{o}" for o in others if o in given]
        if option in given and clash:
            chosen.refuse(f"--{option} gaat niet samen met {listing(clash)}")
    if chosen.table and chosen.without and not plan(load(), {}, chosen.table, chosen.without):
        chosen.refuse("met deze --table en --without blijft er geen tabel over")


def _refresh(chosen: argparse.Namespace) -> int:
    _refuse_mix(chosen)
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

    return concluded(work, screen, told, "" if chosen.boundaries else _LEAVE_OUT)


_LEAVE_OUT = "Met --without TABEL laat u een tabel weg."


def concluded(work: Callable[[], Outcome], screen: Screen, told: Callable[[Outcome], str], advice: str = "") -> int:
    """Run something that may make an edition; say what came of it and return the exit code.

    Args:
        work: gives an Outcome, or raises MonitorError.
        screen: where progress was shown.
        told: says in Dutch what an Outcome means.
        advice: said after a refusal: what helps for this command.
    """
    try:
        outcome = work()
    except SourceInvalid as error:
        screen.clear()
        print(f"Geweigerd: {error} {advice}".rstrip(), file=sys.stderr)
        return REFUSED
    except MonitorError:
        screen.clear()
        raise
    screen.clear()
    print(told(outcome))
    for notice in outcome.notices:
        print(f"  Let op: {notice.text}")
    _tell_waiting(paths.snapshot_dir())
    return UNCHANGED if outcome.unchanged else REFRESHED


def _tell_waiting(folder: Path) -> None:
    """Say which editions are not among the kept ones yet, and where they are."""
    for name, place in swap.waiting(folder).items():
        print(
            f"Let op: editie {name} kon niet bij de bewaarde edities worden gezet en staat nu in {place.absolute()}. "
            "De volgende verversing probeert het opnieuw.",
            file=sys.stderr,
        )


def _stop(number: int, frame: object) -> None:
    """A timer or a container that stops us does what Ctrl-C does."""
    raise KeyboardInterrupt


class Screen:
    """Progress in a terminal: one line that is written over; a line per phase where the output is a file."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._last = ""
        self._lock = threading.Lock()

    def show(self, step: Step) -> None:
        """Say where it is."""
        with self._lock:
            if self._live:
                print(f"\r\033[K{said(step)[:110]}", end="", flush=True)
            elif step.phase != self._last:
                print(_PHASES[step.phase], flush=True)
            self._last = step.phase

    def clear(self) -> None:
        """Make room for the end."""
        if self._live and self._last:
            print("\r\033[K", end="", flush=True)


_PHASES = {
    "vragen": "Vragen wat er veranderd is …",
    "ophalen": "Ophalen …",
    "controleren": "Nieuwe cijfers controleren …",
    "rekenen": "Regio’s opnieuw berekenen …",
    "schrijven": "Nagaan wat er veranderd is, en opschrijven …",
    "klaar": "Klaar.",
}


def said(step: Step) -> str:
    """One line of progress: tables done, rows, what is going on and what is next."""
    if step.phase == "vragen":
        return f"Vragen wat er veranderd is: {_tables(step)}"
    if step.phase != "ophalen":
        return _PHASES[step.phase]
    rows = f", {notation.number(step.rows, 0)} rijen" if step.rows else ""
    now = f"; nu {', '.join(step.now)}" if step.now else ""
    coming = f"; daarna {step.coming}" if step.coming else ""
    return f"Ophalen: {_tables(step)} klaar{rows}{now}{coming}"


def _tables(step: Step) -> str:
    return f"{step.done} van {step.total} {'tabel' if step.total == 1 else 'tabellen'}"


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
    try:
        store.read_manifest(folder)
    except SnapshotError as error:
        print(f"Let op: de cijfers in gebruik ({folder.absolute()}) zijn niet te lezen. {error}", file=sys.stderr)
    for e in found:
        made = told_noted(store.read_manifest(e.folder).get("made")) or "datum onbekend"
        used = "  (in gebruik)" if e.in_force else ""
        print(f"{e.name:<20}  {made:<24}  {notation.number(e.size / 1e6, 1):>6} MB{used}")
    for name, wrong in store.damaged_ones(compare.kept_beside(folder)).items():
        print(f"{name:<20}  beschadigd: {wrong}")
    _tell_waiting(folder)
    return REFRESHED if found else FAILED


def _show(chosen: argparse.Namespace) -> int:
    from monitor.refresh.describe import described

    folder = paths.snapshot_dir()
    edition = compare.read_edition(folder, chosen.edition) if chosen.edition else store.read(folder)
    print(described(load(), edition))
    return REFRESHED


def _diff(chosen: argparse.Namespace) -> int:
    from monitor.refresh.changelog import change_log

    definitions, folder = load(), paths.snapshot_dir()
    old, new = (compare.read_edition(folder, name) for name in (chosen.old, chosen.new))
    print(change_log(definitions, compare.compare(definitions, old, new), (), old, new, {}))
    return REFRESHED


def _use(chosen: argparse.Namespace) -> int:
    from monitor.refresh.editions import use

    folder = paths.snapshot_dir()
    before = use(folder, chosen.edition)
    kept = f" Editie {before} is bewaard." if before and before not in swap.waiting(folder) else ""
    print(f"Editie {chosen.edition} is nu in gebruik.{kept}")
    _tell_waiting(folder)
    return REFRESHED
