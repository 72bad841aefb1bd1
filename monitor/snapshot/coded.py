"""Texts of long frames as numbers: few texts stand on many rows, and numbers are quick to hold against each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
# The columns of observations that hold texts.
TEXTS = ("indicator", "area", "status", "source", "basis", "missing")


def plain(categories: pd.Index) -> list[str]:
    """Categories as a list: pandas holds texts as Arrow strings, and those are slow to go through one by one."""
    return [str(k) for k in categories.tolist()]


def distinct(*numbers: Numbers) -> Numbers:
    """The numbers that occur in any of some columns, in order.

    By sorting: rows of an edition stand in order already, and ``numpy.unique`` goes by hash, 20 times as slow.
    """
    together = np.sort(np.concatenate(numbers), kind="stable")
    return together[np.flatnonzero(np.diff(together, prepend=together[:1] - 1))]


def among(numbers: Numbers, chosen: Numbers) -> NDArray[np.bool_]:
    """Per number whether it is one of those that ``chosen`` holds; as ``numpy.isin``, without hashing."""
    known = distinct(chosen)
    if not len(known):
        return np.zeros(len(numbers), dtype=bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, numbers), len(known) - 1)] == numbers
    return found


def numbered(*columns: pd.Series) -> tuple[list[Numbers], list[str]]:
    """Give the texts of several columns one numbering.

    Args:
        columns: texts or categories, none of them missing.

    Returns:
        Per column the number of each row, and the texts, in alphabetical order.
    """
    coded = [c.astype("category").cat for c in columns]
    used = [np.bincount(c.codes.to_numpy(), minlength=len(c.categories)) > 0 for c in coded]
    texts = [plain(c.categories) for c in coded]
    names = sorted(
        {t for known, u in zip(texts, used, strict=True) for t, there in zip(known, u, strict=True) if there}
    )
    place = {name: k for k, name in enumerate(names)}
    return [
        np.array([place.get(t, -1) for t in known] or [-1], dtype=np.int64)[c.codes.to_numpy()]
        for known, c in zip(texts, coded, strict=True)
    ], names


def category(numbers: NDArray[np.integer], names: Sequence[str]) -> pd.Categorical[str]:
    """A column of texts from the number of each row."""
    return pd.Categorical.from_codes(numbers, categories=pd.Index(list(names), dtype=str))


def stacked(frames: Sequence[pd.DataFrame], texts: Sequence[str]) -> pd.DataFrame:
    """Put frames with the same columns below each other, the texts as categories in alphabetical order.

    Args:
        frames: at least one; the others have the columns of the first.
        texts: which columns hold texts; the others hold numbers.
    """
    made: dict[str, object] = {}
    for column in frames[0].columns:
        if column in texts:
            numbers, names = numbered(*(f[column] for f in frames))
            made[column] = category(np.concatenate(numbers), names)
        else:
            made[column] = np.concatenate([f[column].to_numpy() for f in frames])
    return pd.DataFrame(made)
