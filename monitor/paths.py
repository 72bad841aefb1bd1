"""Where the project keeps its files."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFINITIONS = ROOT / "data" / "definitions"
FINDINGS = ROOT / "data" / "findings"
PROGRAMMES = ROOT / "data" / "trajecten"
STATIC = ROOT / "static"
# Outlines in an edition: municipalities for a national map, regions across the border, detail for one region.
MAP, NEIGHBOURS, DETAIL = "municipalities.geojson", "neighbours.geojson", "detail.parquet"


def snapshot_dir() -> Path:
    """Return the folder of the edition in force; REGIOMONITOR_SNAPSHOT overrides it."""
    return Path(os.environ.get("REGIOMONITOR_SNAPSHOT", ROOT / "data" / "snapshot"))


def own_dir() -> Path:
    """Return the folder of an office's own findings; REGIOMONITOR_OWN overrides it."""
    return Path(os.environ.get("REGIOMONITOR_OWN", ROOT / "data" / "eigen"))
