"""Run all measurements and write the table: ``python -m benchmarks``."""

from __future__ import annotations

import os
import platform

from benchmarks import app, comparison, export, figures, pack, refresh, search
from monitor.paths import ROOT

HEAD = """# Snelheid

Gemeten met `make bench`, alles in één keer op één machine. De machine kan het druk hebben; de verhoudingen tellen.
"""


def main() -> None:
    """Measure, print and write docs/snelheid.md."""
    parts = (figures, comparison, search, pack, export, refresh, app)
    rows = [row for part in parts for row in part.measure()]
    machine = f"{os.cpu_count()} kernen, Python {platform.python_version()}, belasting vooraf {os.getloadavg()[1]:.1f}"
    table = "\n".join(f"| {what} | {measured} | {asked} |" for what, measured, asked in rows)
    text = f"{HEAD}\n{machine}.\n\n| wat | gemeten | gevraagd |\n|---|---|---|\n{table}\n"
    (ROOT / "docs" / "snelheid.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
