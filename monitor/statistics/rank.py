"""Places in an order, only as far as they are certain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.statistics.judge import too_small


@dataclass(frozen=True)
class Place:
    """Between which places a value lies: ``best`` (1 is first) to ``worst``, of ``of`` known values."""

    best: int
    worst: int
    of: int


def clearly_apart(a: float, b: float, half_a: float, half_b: float, relevant: float) -> bool:
    """Whether two values differ by the idea of every judgement: certain enough, and large enough to matter.

    Args:
        a: a value.
        b: the other, in the same unit.
        half_a: half the 95% interval of ``a``: 0 for a count, NaN when it is unknown.
        half_b: that of ``b``.
        relevant: the smallest difference that matters.
    """
    return not too_small(a - b, relevant) and abs(a - b) > math.hypot(half_a, half_b)


def places(
    values: Sequence[float], half_widths: Sequence[float], relevant: float, *, high_first: bool
) -> list[Place | None]:
    """Give each value the range of places that it may take.

    Above it certainly stand those that are clearly ahead, below it those that are clearly behind; all others may
    stand on either side.

    Args:
        values: one per area; NaN has no place.
        half_widths: see ``clearly_apart``.
        relevant: the smallest difference that matters.
        high_first: whether the highest value stands first.
    """
    known = [k for k, v in enumerate(values) if not math.isnan(v)]
    found: list[Place | None] = [None] * len(values)
    for k in known:
        ahead = behind = 0
        for other in known:
            if clearly_apart(values[k], values[other], half_widths[k], half_widths[other], relevant):
                better = (values[other] > values[k]) == high_first
                ahead, behind = ahead + better, behind + (not better)
        found[k] = Place(1 + ahead, len(known) - behind, len(known))
    return found
