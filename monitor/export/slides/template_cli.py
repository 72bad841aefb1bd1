"""The command ``python -m monitor export template``: the house template, as an example for a region's own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add(parts: Any, say: Callable[[str], None] = print) -> None:
    """Add the command to ``export``; ``say`` gets what it tells."""
    template = parts.add_parser(
        "template",
        help="het sjabloon voor dia’s, als voorbeeld voor een eigen huisstijl",
        description=(
            "Bewaart het sjabloon waarop de monitor dia’s schrijft. Verander daarin letter, kleuren, logo en maat, en "
            "laat de namen van de indelingen en vakken staan."
        ),
    )
    template.add_argument("--out", type=Path, required=True, metavar="BESTAND", help="waar het komt: huisstijl.pptx")
    template.set_defaults(run=lambda chosen: _write(chosen, say))


def _write(chosen: argparse.Namespace, say: Callable[[str], None]) -> int:
    # Loads what other commands need not wait for.
    from monitor.errors import ExportError
    from monitor.export.slides.template import EXPECTED, read_template
    from monitor.export.write import write_all

    target: Path = chosen.out
    if target.suffix.lower() != ".pptx":
        raise ExportError(f"‘{target.name}’ eindigt niet op .pptx.", "Kies bijvoorbeeld: --out huisstijl.pptx")
    write_all(target.parent, {target.name: read_template(None).content})
    say(f"Het sjabloon staat in {target}. Indelingen: {', '.join(EXPECTED)}.")
    return 0
