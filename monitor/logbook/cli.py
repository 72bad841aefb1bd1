"""The command ``python -m monitor logbook``: bring the database of the log up to date, and copy it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add(commands: Any, say: Callable[[str], None] = print) -> None:
    """Add the command to the command line; ``say`` gets what it tells."""
    logbook = commands.add_parser("logbook", help="de database van het logboek")
    parts = logbook.add_subparsers(title="opdrachten", metavar="OPDRACHT", required=True)

    upgrade = parts.add_parser("upgrade", help="werk de database bij naar deze versie van de monitor")
    upgrade.set_defaults(run=lambda chosen: _upgrade(say))

    backup = parts.add_parser("backup", help="maak een kopie, ook terwijl de monitor draait (SQLite)")
    backup.add_argument("target", type=Path, metavar="BESTAND", help="waar de kopie komt")
    backup.set_defaults(run=lambda chosen: _backup(chosen, say))


def _upgrade(say: Callable[[str], None]) -> int:
    # Loads SQLAlchemy and Alembic, which other commands need not wait for.
    from monitor.logbook.database import database

    version = database().upgrade()
    say(f"De database van het logboek is bij: versie {version}.")
    return 0


def _backup(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    from monitor.logbook import database as db

    db.backup(db.database(), chosen.target)
    say(f"De kopie staat in {chosen.target}.")
    return 0
