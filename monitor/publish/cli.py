"""The command ``python -m monitor publish``: the edition in force as a static website."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.errors import ExportError


def add(commands: Any, say: Callable[[str], None] = print) -> None:
    """Add the command to the command line; ``say`` gets what it tells."""
    publish = commands.add_parser("publish", help="maak van de editie een website die zonder server werkt")
    publish.add_argument("--out", type=Path, required=True, metavar="MAP", help="waar de website komt, zoals site/")
    publish.add_argument(
        "--base", default="", metavar="ADRES", help="waar de website komt te staan, zoals https://voorbeeld.nl/monitor/"
    )
    publish.add_argument(
        "--app", default="", metavar="ADRES", help="waar de monitor zelf draait; pagina’s leiden daarheen"
    )
    publish.add_argument(
        "--workers",
        type=int,
        default=min(2, os.cpu_count() or 1),
        metavar="AANTAL",
        help="hoeveel processen (standaard 2)",
    )
    publish.add_argument(
        "--office",
        type=Path,
        metavar="BESTAND",
        help="wie de gegevens uitgeeft, voor data.overheid.nl (docs/publicatie.md)",
    )
    publish.add_argument("--all", action="store_true", help="maak elk bestand opnieuw, ook wat niet is veranderd")
    publish.set_defaults(run=lambda chosen: _publish(chosen, say))


def _publish(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    # Loads the drawing of figures, which other commands need not wait for.
    from monitor import paths
    from monitor.publish import extras
    from monitor.publish.build import Options, build
    from monitor.publish.office import read_office
    from monitor.screens.edition_age import made_on
    from monitor.snapshot import store

    for name, value in (("--base", chosen.base), ("--app", chosen.app)):
        check_address(name, value)
    if chosen.workers < 1:
        raise ExportError("--workers moet 1 of meer zijn.", "Laat de optie weg voor twee processen.")
    began = time.monotonic()
    office = read_office(chosen.office) if chosen.office else None
    done = build(chosen.out, Options(chosen.base, chosen.app, chosen.workers, office), everything=chosen.all)
    took = time.monotonic() - began
    if not (done.made or done.removed):
        say(f"De site in {chosen.out} was al bij: {done.total} bestanden ({took:.0f} s).")
    else:
        removed = f", {done.removed} weggehaald" if done.removed else ""
        say(f"De site staat in {chosen.out}: {done.total} bestanden, {done.made} gemaakt{removed} ({took:.0f} s).")
    for lack in extras.told(chosen.base, office, made_on(store.read_manifest(paths.snapshot_dir()))):
        say(lack)
    return 0


def check_address(option: str, value: str) -> None:
    """Refuse an address that no browser can follow; empty is none.

    Raises:
        ExportError: it has no https:// or http://, or no host.
    """
    parts = urlsplit(value)
    if value and (
        parts.scheme not in ("https", "http") or not parts.netloc or any(c.isspace() or c in '<>"' for c in value)
    ):
        raise ExportError(
            f"{option} {value} is geen adres.", "Schrijf het hele adres, zoals https://voorbeeld.nl/monitor/."
        )
