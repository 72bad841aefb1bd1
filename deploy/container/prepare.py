"""Before the first start and after every new version: the figures that ship in an empty volume, the log up to date.

May run as often as one likes, and in more places at once: what is there stays.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from monitor import paths  # noqa: E402
from monitor.errors import MonitorError  # noqa: E402
from monitor.logbook.database import database  # noqa: E402
from monitor.snapshot import store, swap  # noqa: E402

SHIPPED = ROOT / "data" / "snapshot"


def figures(folder: Path) -> str:
    """Put the edition that ships where there is none yet; gives the sentence about it.

    Raises:
        MonitorError: it cannot be written there.
    """
    if (folder / store.MANIFEST).exists() or folder.resolve() == SHIPPED.resolve():
        return f"De cijfers in {folder} blijven zoals zij zijn."
    with swap.replacing(folder) as fresh:
        for path in sorted(SHIPPED.iterdir()):
            shutil.copyfile(path, fresh / path.name)
    return f"De meegeleverde cijfers staan nu in {folder}."


def main() -> int:
    """Prepare, and say what was done."""
    try:
        print(figures(paths.snapshot_dir()))
        version = database().upgrade()
        print(f"De database van het logboek is bij: versie {version}.")
    except MonitorError as error:
        print(f"Fout: {error.message} {error.way_out}".strip(), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Fout: {paths.snapshot_dir()} is niet te schrijven ({error.strerror}).", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
