"""The command ``python -m monitor export``: documents for a meeting, and the figures as a data package."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.assessment import BENCHMARKS
from monitor.export.package import cli as package_cli
from monitor.export.slides import template_cli

EVERY = "alle"


def add(commands: Any, say: Callable[[str], None] = print) -> None:
    """Add the command to the command line; ``say`` gets what it tells."""
    exporting = commands.add_parser("export", help="stukken voor een vergadering, of de cijfers als datapakket")
    parts = exporting.add_subparsers(title="opdrachten", metavar="OPDRACHT", required=True)
    _add_pack(parts, say)
    template_cli.add(parts, say)
    package_cli.add(parts, say)


def _add_pack(parts: Any, say: Callable[[str], None]) -> None:
    pack = parts.add_parser(
        "pack",
        help="maak de stukken voor een vergadering: presentatie, oplegger, werkboek, PDF",
        epilog="Zonder --basket kiest de monitor zelf de figuren, volgens de regel op de pagina AB-pakket.",
    )
    chosen = pack.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--region", metavar="REGIO", help=f"bijvoorbeeld achterhoek, of ‘{EVERY}’ voor alle elf")
    chosen.add_argument(
        "--basket", type=Path, metavar="BESTAND", help="een pakket dat op de pagina AB-pakket is bewaard"
    )
    pack.add_argument("--goal", type=int, choices=(1, 2, 3), metavar="DOEL", help="1, 2 of 3; standaard alle doelen")
    pack.add_argument("--out", type=Path, required=True, metavar="MAP", help="waar de stukken komen")
    pack.add_argument("--benchmark", choices=BENCHMARKS, help="waarmee vergelijken (standaard nederland)")
    pack.add_argument(
        "--since", default="", metavar="JAAR", help="vertel wat er sinds dit jaar, of deze editie, is veranderd"
    )
    pack.add_argument(
        "--documents",
        metavar="NAMEN",
        default="",
        help="gescheiden door komma’s; standaard presentatie, oplegger, werkboek en factsheet",
    )
    pack.add_argument("--template", type=Path, metavar="BESTAND", help="eigen huisstijl voor de presentatie (.pptx)")
    pack.add_argument("--base", default="", metavar="ADRES", help="adres van de monitor, voor links in de stukken")
    pack.set_defaults(run=lambda chosen: _pack(chosen, say))


def _pack(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    # Loads every renderer, which other commands need not wait for.
    from monitor.export import command

    command.run(
        command.Asked(
            region=chosen.region,
            basket=chosen.basket,
            goal=chosen.goal,
            benchmark=chosen.benchmark,
            since=chosen.since,
            documents=tuple(n.strip() for n in chosen.documents.split(",") if n.strip()),
            template=chosen.template,
            base=chosen.base,
        ),
        chosen.out,
        say,
    )
    return 0
