"""Making the documents of a meeting: one pack cold and warm, and those of all regions at once."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import seconds
from monitor import paths
from monitor.definitions import load
from monitor.export.choose import basket_for
from monitor.export.make import make_files
from monitor.export.pack import Materials
from monitor.snapshot import store

_COLD_RUNS = 3


def command(*arguments: str) -> float:
    """Seconds that a command takes, from the start of its process to its end."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "monitor", "export", "pack", *arguments],
        cwd=paths.ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - start


def slides(files: dict[str, bytes]) -> int:
    """How many slides the presentation among the files has."""
    from pptx import Presentation

    content = next(c for n, c in files.items() if n.endswith(".pptx"))
    return len(Presentation(io.BytesIO(content)).slides)


def measure() -> Sequence[tuple[str, str, str]]:
    """Return rows of the table: what, measured, asked."""
    materials = Materials(load(), store.read(paths.snapshot_dir()))
    basket = basket_for(materials, "achterhoek", 2)
    files = make_files(materials, basket)
    # A catalogue of figures of its own each time: nothing is kept from the run before but what is loaded.
    warm = seconds(lambda: make_files(materials, basket), 5)
    with tempfile.TemporaryDirectory() as folder:
        one = ["--region", "achterhoek", "--goal", "2", "--out", str(Path(folder) / "een")]
        cold = min(command(*one) for _ in range(_COLD_RUNS))
        every = command("--region", "alle", "--out", str(Path(folder) / "alle"))
    what = f"{slides(files)} dia’s, oplegger, werkboek en factsheet"
    return [
        (f"stukken van één regio ({what}), van start van het proces tot geschreven", f"{cold:.1f} s", "≤ 4 s"),
        ("idem, in een proces dat al draait", f"{warm:.2f} s", "≤ 1,5 s"),
        (f"alle 11 regio’s, op {os.cpu_count()} kernen", f"{every:.1f} s", "≤ 20 s"),
    ]
