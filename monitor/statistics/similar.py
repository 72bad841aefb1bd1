"""How much areas resemble each other on structural features: pure functions on arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from monitor.statistics.aggregate import Floats


def standardise(values: Floats, reference: Sequence[int]) -> Floats:
    """Express features in standard deviations of a reference set.

    Args:
        values: (areas, features), in their own units; NaN is unknown.
        reference: rows of the areas whose mean is 0 and whose (population) standard deviation is 1.

    Returns:
        The same shape; 0 for a feature in which the reference does not differ.
    """
    base = values[list(reference)]
    spread = base.std(axis=0)
    flat = spread == 0
    scaled: Floats = (values - base.mean(axis=0)) / np.where(flat, 1.0, spread)
    scaled[:, flat & ~np.isnan(spread)] = 0.0
    return scaled


def distances(scaled: Floats, groups: Sequence[int]) -> Floats:
    """Distance between every two areas; every group of features counts the same, however many it holds.

    Root of the mean over groups of the mean squared difference within a group.

    Args:
        scaled: (areas, features), standardised.
        groups: per feature the number of its group, from 0.

    Returns:
        (areas, areas); NaN where an area lacks a feature: what is unknown does not resemble anything.
    """
    squared = (scaled[:, None, :] - scaled[None, :, :]) ** 2
    numbers = np.array(groups)
    means = [squared[:, :, numbers == g].mean(axis=2) for g in range(max(groups) + 1)]
    found: Floats = np.sqrt(np.mean(means, axis=0))
    return found


def nearest(row: Floats, candidates: Sequence[int], count: int) -> list[int]:
    """The candidates nearest to an area, nearest first; those with an unknown distance never.

    Args:
        row: distance to every area.
        candidates: which areas may be chosen.
        count: how many.
    """
    known = [c for c in candidates if not np.isnan(row[c])]
    return sorted(known, key=lambda c: (row[c], c))[:count]
