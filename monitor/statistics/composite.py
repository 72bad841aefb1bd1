"""One number made of many, and what weights do to it: the arithmetic of an example that shows why there is none here.

Pure functions on arrays. Nothing in the monitor is ranked by these; only the page Balans shows them, as an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.statistics.aggregate import Floats

Places = NDArray[np.int64]


def spread_over(groups: Sequence[Sequence[int]], shares: Mapping[int, float]) -> Floats:
    """Divide the share of every group equally among its figures.

    Args:
        groups: per figure the groups that it belongs to; a figure in several receives a part of each.
        shares: group -> its share; a group without figures is left out.

    Returns:
        (figures), adding up to 1.
    """
    member = np.array([[g in own for g in shares] for own in groups], dtype=np.float64)
    sizes = member.sum(axis=0)
    share = np.where(sizes > 0, np.array(list(shares.values()), dtype=np.float64), 0.0)
    found: Floats = (member / np.where(sizes > 0, sizes, 1.0)) @ share
    found /= found.sum()
    return found


def composite(distances: Floats, weights: Floats) -> Floats:
    """Weighted mean over figures.

    Args:
        distances: (areas, figures), in standard deviations, positive is favourable.
        weights: (figures) or (figures, weightings); each weighting is brought to a sum of 1.

    Returns:
        (areas) or (areas, weightings).
    """
    found: Floats = distances @ (weights / weights.sum(axis=0))
    return found


def places(scores: Floats) -> Places:
    """Place of every area, 1 for the highest; equal scores share the better place.

    Args:
        scores: (areas) or (areas, weightings).
    """
    # What differs only by rounding of the machine is equal.
    same = np.round(scores, 9)
    found: Places = 1 + (same[None, ...] > same[:, None, ...]).sum(axis=1)
    return found


def grid(groups: int, steps: int, least: int) -> NDArray[np.int64]:
    """All ways to divide ``steps`` parts over a number of groups, each receiving at least ``least``.

    Returns:
        (combinations, groups), whole numbers of parts.
    """
    if groups == 1:
        return np.array([[steps]], dtype=np.int64)
    rows = [
        [first, *rest]
        for first in range(least, steps - least * (groups - 1) + 1)
        for rest in grid(groups - 1, steps - first, least).tolist()
    ]
    return np.array(rows, dtype=np.int64)
