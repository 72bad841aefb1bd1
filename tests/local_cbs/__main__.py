"""Look around on a local CBS: ``python -m tests.local_cbs --port 8899``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.local_cbs import LocalCbs, handmade, shipped, shipped_maps
from tests.local_cbs.files import from_files


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.local_cbs", description="A local CBS, PDOK and GISCO.")
    parser.add_argument("--port", type=int, default=0, help="port; any free one when not given")
    parser.add_argument("--latency", type=float, default=0, help="milliseconds before each answer")
    parser.add_argument("--from", dest="source", default="edition", help="'edition', or a folder with CSV files")
    parser.add_argument("--grow", type=int, default=1, help="so many times as many rows")
    chosen = parser.parse_args(arguments)
    tables = shipped() if chosen.source == "edition" else from_files(Path(chosen.source))
    tables = {**tables, **{t.id: t for t in (handmade.small(), handmade.with_groups())}}
    if chosen.grow > 1:
        tables = {k: handmade.grow(t, chosen.grow) for k, t in tables.items()}
    with LocalCbs(tables, maps=shipped_maps(), latency=chosen.latency, port=chosen.port) as cbs:
        for name, value in cbs.environment.items():
            sys.stdout.write(f"{name}={value}\n")
        sys.stdout.write("\n".join(f"  {t.id:10} {len(t.rows):7} {t.title}" for t in cbs.tables.values()) + "\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
