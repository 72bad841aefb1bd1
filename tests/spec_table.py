"""Text tables for tests: one row per case, so that a test reads as its own documentation.

Cells are separated by ``|``; the first row names the columns; ``-`` means: not known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from monitor.definitions import Definitions, load
from monitor.snapshot import store

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "data" / "snapshot"
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="de map 'shared' met bronbestanden staat niet naast het project"
)


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a text table as dicts of text."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]
    head, *body = lines
    return [dict(zip(head, line, strict=True)) for line in body]


def cases(text: str, *named_by: str) -> list[object]:
    """Return the rows as pytest parameters, named by the given columns or else the first."""
    made = []
    for row in rows(text):
        name = ", ".join(row[k] for k in named_by or list(row)[:1])
        made.append(pytest.param(row, id=name.replace(" ", "-")))
    return made


def some(values: Iterable[object], step: int) -> list[object]:
    """Return pytest parameters for values, of which each ``step``-th is in the quick run: make test-all has them all.

    Args:
        values: one value per parameter, or a tuple (of pytest: a parameter with a name) for several.
        step: the first is always in.
    """
    made = []
    for k, value in enumerate(values):
        given = getattr(value, "values", value if isinstance(value, tuple) else (value,))
        made.append(pytest.param(*given, id=getattr(value, "id", None), marks=[pytest.mark.slow] if k % step else []))
    return made


def num(text: str) -> float:
    """Return the number in a cell; NaN for ``-`` or nothing."""
    return math.nan if text in ("", "-") else float(text)


def frame(text: str) -> pd.DataFrame:
    """Return a text table as a frame: ``area`` stays text, ``year`` whole, the rest numbers."""
    made = pd.DataFrame(rows(text))
    for column in made.columns.drop("area"):
        made[column] = made[column].map(num)
    return made.astype({"year": "int64"})


@cache
def edition() -> store.Snapshot:
    """Return the edition that ships with the project."""
    return store.read(SNAPSHOT)


@cache
def definitions() -> Definitions:
    """Return the definitions that ship with the project."""
    return load(ROOT / "data" / "definitions", ROOT / "data" / "findings")
