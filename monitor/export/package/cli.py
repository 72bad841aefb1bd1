"""The command ``python -m monitor export package``: the figures as a data package."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add(parts: Any, say: Callable[[str], None] = print) -> None:
    """Add the command to ``export``; ``say`` gets what it tells."""
    package = parts.add_parser(
        "package",
        help="de cijfers als datapakket: CSV met beschrijving, licentie en bronvermelding",
        description="Schrijf de cijfers als datapakket (Frictionless, CSV on the Web), voor gebruik zonder de monitor.",
        epilog="Controleren: frictionless validate MAP/datapackage.json. Meer: docs/datapakket.md.",
    )
    package.add_argument("--out", type=Path, required=True, metavar="MAP", help="waar het pakket komt")
    package.add_argument(
        "--region", metavar="REGIO", help="alleen deze regio, bijvoorbeeld achterhoek (standaard alle)"
    )
    package.add_argument("--zip", action="store_true", help="schrijf één zipbestand in de map")
    package.set_defaults(run=lambda chosen: _package(chosen, say))


def _package(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    # Loads the edition and the figures, which other commands need not wait for.
    from monitor import paths
    from monitor.definitions import load
    from monitor.definitions.in_force import in_force
    from monitor.export.package.package import make_package, zip_bytes
    from monitor.export.write import write_all
    from monitor.notation import number
    from monitor.snapshot import store

    snapshot = store.read(paths.snapshot_dir())
    package = make_package(in_force(load(), snapshot), snapshot, chosen.region)
    files = package.files
    if chosen.zip:
        files = {f"{package.name}-editie-{package.edition}.zip": zip_bytes(files)}
    written = write_all(chosen.out, files)
    size = number(sum(map(len, files.values())) / 1e6, 1)
    where = written[0] if chosen.zip else chosen.out
    say(
        f"Het datapakket van editie {package.edition} staat in {where}: {package.tables} tabellen, "
        f"{number(package.rows, 0)} regels, {size} MB."
    )
    return 0
