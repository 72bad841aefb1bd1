"""Trend tests on one series of five or more comparable years.

Register figures: Mann-Kendall with the slope of Theil and Sen. The p-value is exact, also with equal values: the
number of inversions of a series whose years are distinct follows the Gaussian multinomial coefficients. Surveys: a
straight line weighted by the published margins. The tests hold these against scipy.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from statistics import NormalDist, median

ENOUGH_YEARS = 5
LEVEL = 0.05
_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class Slope:
    """A slope per year with its two-sided p-value.

    ``lower`` and ``upper``: 95% interval, NaN for Mann-Kendall. ``chance``: how often the test calls a series without
    a trend significant; below 0.05 where few outcomes are possible, as with five years.
    """

    value: float
    p: float
    chance: float
    lower: float = math.nan
    upper: float = math.nan

    @property
    def significant(self) -> bool:
        """Whether chance alone gives this less than once in twenty times."""
        return self.p <= LEVEL


def mann_kendall(years: Sequence[int], values: Sequence[float]) -> Slope:
    """Test whether values go one way more often than chance would, and take the median of all slopes.

    Args:
        years: distinct, in order.
        values: one per year, without gaps; at least two.

    Returns:
        The slope of Theil and Sen (unit per year) with the exact two-sided p-value of Mann and Kendall.
    """
    pairs = list(combinations(zip(years, values, strict=True), 2))
    slopes = [(b - a) / (later - earlier) for (earlier, a), (later, b) in pairs]
    score = sum(1 if s > 0 else -1 for s in slopes if s != 0)
    counts = _inversions(tuple(sorted(Counter(values).values())))
    return Slope(median(slopes), _two_sided(counts, abs(score)), _attained(counts))


@cache
def _inversions(ties: tuple[int, ...]) -> tuple[int, ...]:
    """In how many orders of values, of which groups of these sizes are equal, k pairs fall: entry k.

    The product over i of (1 - q^i), divided by the same for each group: built up group by group.
    """
    made = [1]
    total = 0
    for size in ties:
        # Merging a group of equals into what is there: the Gaussian binomial of total + size over size.
        made = _times(made, _binomial(total + size, size))
        total += size
    return tuple(made)


@cache
def _binomial(n: int, k: int) -> list[int]:
    """The Gaussian binomial coefficient as a polynomial in q, by Pascal's rule."""
    if k in (0, n):
        return [1]
    left, right = _binomial(n - 1, k - 1), [0] * k + _binomial(n - 1, k)
    size = max(len(left), len(right))
    return [(left[j] if j < len(left) else 0) + (right[j] if j < len(right) else 0) for j in range(size)]


def _times(a: list[int], b: list[int]) -> list[int]:
    made = [0] * (len(a) + len(b) - 1)
    for j, x in enumerate(a):
        for k, y in enumerate(b):
            made[j + k] += x * y
    return made


def _two_sided(counts: tuple[int, ...], score: int) -> float:
    """Share of all orders whose score (untied pairs minus twice the falling ones) is at least as far from zero."""
    untied = len(counts) - 1
    return sum(n for k, n in enumerate(counts) if abs(untied - 2 * k) >= score) / sum(counts)


@cache
def _attained(counts: tuple[int, ...]) -> float:
    """How often the test at the 5% level rejects when there is no trend: the largest attainable p below it."""
    scores = {abs(len(counts) - 1 - 2 * k) for k in range(len(counts))}
    return max((p for p in (_two_sided(counts, s) for s in scores) if p <= LEVEL), default=0.0)


def weighted_line(years: Sequence[int], values: Sequence[float], half_widths: Sequence[float]) -> Slope:
    """Fit a straight line, each year weighted by its margin, and test whether it goes up or down.

    The standard error follows from the margins, and the normal distribution with it; where the years scatter more than
    these allow, it grows with the root of chi-squared over its degrees of freedom, and Student's t takes its place.

    Args:
        years: distinct, in order, at least three.
        values: one per year.
        half_widths: half the 95% interval per year, above zero.
    """
    weights = [(_Z95 / h) ** 2 for h in half_widths]
    total = math.fsum(weights)
    mid = math.fsum(w * x for w, x in zip(weights, years, strict=True)) / total
    level = math.fsum(w * y for w, y in zip(weights, values, strict=True)) / total
    spread = math.fsum(w * (x - mid) ** 2 for w, x in zip(weights, years, strict=True))
    triples = list(zip(weights, years, values, strict=True))
    slope = math.fsum(w * (x - mid) * (y - level) for w, x, y in triples) / spread
    chi2 = math.fsum(w * (y - level - slope * (x - mid)) ** 2 for w, x, y in triples)
    freedom = len(years) - 2
    excess = chi2 / freedom
    error = math.sqrt(max(1.0, excess) / spread)
    ratio = abs(slope) / error
    if excess > 1:
        p, reach = _student(ratio, freedom), _student_bound(freedom)
    else:
        p, reach = 2 * (1 - _NORMAL.cdf(ratio)), _Z95
    return Slope(slope, p, LEVEL, slope - reach * error, slope + reach * error)


def _student(t: float, freedom: int) -> float:
    """Two-sided p-value of Student's t for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0
    for k in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine**2 * (k - 1) / k
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return 1.0 - inside


@cache
def _student_bound(freedom: int) -> float:
    """The value that Student's t exceeds on either side once in twenty times."""
    low, high = 1.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _student(middle, freedom) > LEVEL else (low, middle)
    return low
