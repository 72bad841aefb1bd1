"""``health``, ``backup`` and ``restore`` on the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor import paths
from monitor.dates import today

_PARTS = ("logboek", "edities", "eigen")


def add(commands: Any, say: Callable[[str], None] = print) -> None:
    """Add the commands to the command line; ``say`` gets what they tell."""
    looking = commands.add_parser("health", help="is alles in orde? afsluitcode 0: ja, 1: nee")
    looking.add_argument("--json", action="store_true", help="schrijf JSON")
    looking.add_argument("--strict", action="store_true", help="afsluitcode 1 ook bij ‘let op’")
    looking.set_defaults(run=lambda chosen: _health(chosen, say))

    copying = commands.add_parser("backup", help="maak een kopie van logboek, edities en eigen bevindingen")
    copying.add_argument("--out", type=Path, required=True, metavar="PLEK", help="een bestand (.zip) of een map")
    copying.add_argument("--keep", type=int, metavar="AANTAL", help="in een map: zoveel kopieën blijven staan")
    copying.set_defaults(run=lambda chosen: _backup(chosen, say))

    back = commands.add_parser("restore", help="zet een kopie terug")
    back.add_argument("--from", dest="source", type=Path, required=True, metavar="KOPIE", help="een bestand (.zip)")
    back.add_argument("--only", action="append", choices=_PARTS, default=[], help="alleen dit deel; mag vaker")
    back.add_argument("--force", action="store_true", help="ook over iets nieuwers heen; daarvan komt er een kopie")
    back.set_defaults(run=lambda chosen: _restore(chosen, say))


def _health(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    from monitor.operations.health import GRADES, health

    found = health(paths.snapshot_dir(), paths.own_dir(), today())
    if chosen.json:
        say(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        for check in found.checks:
            said = f"{check.message} {check.way_out}".strip()
            say(f"{check.grade:7} {check.name}: {said}")
    return int(GRADES.index(found.grade) >= (1 if chosen.strict else 2))


def _backup(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    from monitor.operations.archive import about_of
    from monitor.operations.backup import backup

    made, notes = backup(chosen.out, paths.snapshot_dir(), paths.own_dir(), keep=chosen.keep)
    about = ", ".join(f"{name}: {value}" for name, value in about_of(made).items())
    say(f"De kopie staat in {made.path} ({made.path.stat().st_size / 1e6:.1f} MB; {about}).")
    for note in notes:
        say(f"  Let op: {note}")
    return 0


def _restore(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    from monitor.operations.restore import PARTS, restore

    only = tuple(p for p in PARTS if p in chosen.only) or PARTS
    try:
        done = restore(chosen.source, paths.snapshot_dir(), paths.own_dir(), only, chosen.force)
    except KeyboardInterrupt:
        say("Afgebroken. Geef de opdracht nog eens: wat al goed staat, blijft staan, en er is niets kwijt.")
        return 1
    if done.safety:
        say(f"Hoe het was, staat in {done.safety}.")
    if done.versions is not None:
        say(f"Logboek: {done.versions} versies van aantekeningen.")
    if "edities" in only:
        say(f"Editie in gebruik: {done.edition or 'ongewijzigd'}; bewaarde edities erbij: {len(done.kept)}.")
    if "eigen" in only:
        say(f"Eigen bevindingen: {len(done.own)} bestanden teruggezet.")
    return 0
