"""Whole editions for the app: the shipped one under another name, with other figures, in a folder of a test's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from monitor.snapshot import store
from tests.spec_table import SNAPSHOT, edition

Change = Callable[[pd.DataFrame], pd.DataFrame]


def shipped_in(folder: Path, **told: Any) -> Path:
    """A copy of the shipped edition in force, with other words in its manifest; returns its folder."""
    target = folder / "snapshot"
    shutil.copytree(SNAPSHOT, target)
    return _tell(target, told) if told else target


def kept(
    folder: Path, name: str, change: Change | None = None, areas: pd.DataFrame | None = None, log: str = "", **told: Any
) -> Path:
    """Keep an earlier edition beside the one in force (``folder``); returns where."""
    target = folder.parent / "edities" / name
    target.mkdir(parents=True)
    for part in store.FILES:
        shutil.copy(SNAPSHOT / part, target / part)
    if change is not None or areas is not None:
        rows = edition().observations.copy()
        store.write_frames(target, change(rows) if change else rows, edition().weights, edition().areas)
        if areas is not None:
            areas.to_parquet(target / store.AREAS, compression="zstd", index=False)
    if log:
        (target / store.CHANGES).write_text(log, encoding="utf-8")
    shutil.copy(SNAPSHOT / store.MANIFEST, target / store.MANIFEST)
    return _tell(target, {"edition": name, **told})


def _tell(target: Path, told: dict[str, Any]) -> Path:
    manifest = json.loads((target / store.MANIFEST).read_text(encoding="utf-8"))
    store.seal(target, {**manifest, **told})
    return target


def damage(folder: Path, name: str = store.OBSERVATIONS) -> None:
    """Change some bytes in the middle of a file, as a bad disk does."""
    path = folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = b"\0" * 64
    path.write_bytes(bytes(content))
