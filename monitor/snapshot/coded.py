"""Texts of long frames as numbers: few texts stand on many rows, and numbers are quick to hold against each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
# The columns of observations that hold texts.
TEXTS = ("indicator", "area", "status", "source", "basis", "missing")


def numbered(*columns: pd.Series) -> tuple[list[Numbers], list[str]]:
    """Give the texts of several columns one numbering.

    Args:
        columns: texts or categories, none of them missing.

    Returns:
        Per column the number of each row, and the texts, in alphabetical order.
    """
    coded = [c.astype("category").cat for c in columns]
    used = [np.bincount(c.codes.to_numpy(), minlength=len(c.categories)) > 0 for c in coded]
    texts = [[str(k) for k in c.categories] for c in coded]
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
