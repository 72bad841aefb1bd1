"""Round numbers along an axis, and how many decimals they need: the same on screen and on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence


def round_ticks(values: Sequence[float]) -> list[float]:
    """Return four to seven round numbers that span the known values; empty when none is known."""
    known = [v for v in values if not math.isnan(v)]
    if not known:
        return []
    low, high = min(known), max(known)
    raw = (high - low or abs(high) or 1.0) / 5
    unit = 10 ** math.floor(math.log10(raw))
    step = next(s * unit for s in (1, 2, 5, 10) if s * unit >= raw)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(k * step, 10) for k in range(first, last + 1)]


def decimals_of(ticks: Sequence[float]) -> int:
    """Return the decimals that tell all ticks apart: 0,45 needs two, also where the figure itself shows one."""
    return next((d for d in range(5) if all(abs(round(t, d) - t) < 1e-9 for t in ticks)), 5)
