"""What may be said of a series of years: a trend from five comparable years on, else a change between two.

By the idea of every judgement: certain enough, and large enough to matter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from monitor.statistics.judge import Outcome, Rule, too_small
from monitor.statistics.trend import ENOUGH_YEARS, Slope, mann_kendall, weighted_line

Movement = Literal["gestegen", "gedaald", "ongeveer gelijk", "niet te beoordelen"]
Test = Literal["Mann-Kendall", "gewogen lijn", "verandering", ""]
Point = tuple[int, float, float]

TOO_SMALL = "het verschil is te klein om ertoe te doen"
CONSTANT = "alle jaren zijn gelijk"
_ROUNDING = 0.05
WITHIN = "het verschil valt binnen de marges"
SCATTERED = "de jaren wisselen te veel om van een trend te spreken"


@dataclass(frozen=True)
class Change:
    """What may be said of the change from ``first`` to ``last`` (years; 0 when there are no two).

    ``difference`` is last minus first. ``test``: by which test it was judged, with ``slope`` and the number of
    ``points`` where that is a trend. ``tone``: the outcome that the direction of the figure gives to it.
    """

    movement: Movement
    reason: str
    first: int = 0
    last: int = 0
    difference: float = math.nan
    test: Test = ""
    points: int = 0
    slope: Slope | None = None
    tone: Outcome = "niet te beoordelen"

    @property
    def uncertain(self) -> bool:
        """'ongeveer gelijk' because margins or years leave room for more, not because the change is small."""
        return self.reason in (WITHIN, SCATTERED)


def comparable_years(years: Sequence[int], breaks: Sequence[int]) -> list[int]:
    """Return the years after the last break that lies among them, in order."""
    ordered = sorted(years)
    start = max((b for b in breaks if ordered and b <= ordered[-1]), default=0)
    return [y for y in ordered if y >= start]


def change(
    rule: Rule, series: pd.DataFrame, breaks: Sequence[int] = (), refused: str = "", since: int | None = None
) -> Change:
    """Say how a series changed; see ``course``.

    Args:
        rule: the indicator's rule.
        series: year, value, lower, upper of one area, any order; unknown values are left out.
        breaks: see ``course``.
        refused: see ``course``.
        since: see ``course``.
    """
    known = series[series["value"].notna()].sort_values("year")
    points = [(int(y), float(v), float(u - w)) for y, v, u, w in known[["year", "value", "upper", "lower"]].to_numpy()]
    return course(rule, points, breaks, refused, since)


def course(
    rule: Rule, points: Sequence[Point], breaks: Sequence[int] = (), refused: str = "", since: int | None = None
) -> Change:
    """Say how a series changed between its first and last comparable year.

    Args:
        rule: the indicator's rule. Model estimates carry no margin over time and are not judged.
        points: (year, value, width of the 95% interval or NaN) of one area, in order of year.
        breaks: years from which values cannot be compared with earlier ones.
        refused: why a change of this figure is never judged (the weather, inflation); empty when it may be.
        since: the year to compare the last one with, for a change between two chosen years; None for the whole
            series and its trend.

    Returns:
        The change; 'niet te beoordelen' comes with its reason.
    """
    if rule.kind == "geen":
        return Change("niet te beoordelen", "dit cijfer bestaat niet voor een regio")
    years = comparable_years([y for y, _, _ in points], breaks)
    told = [p for p in points if p[0] in years]
    if since is not None:
        if since not in years[:-1]:
            return Change("niet te beoordelen", _not_since(since, [y for y, _, _ in points], years))
        told = [told[years.index(since)], told[-1]]
    if not points:
        return Change("niet te beoordelen", "er is over geen enkel jaar een cijfer")
    if len(told) < 2:
        return Change("niet te beoordelen", "er zijn te weinig jaren die met elkaar te vergelijken zijn")
    (first, before, _), (last, after, _) = told[0], told[-1]
    difference = after - before
    method = rule.judge_as or rule.method
    why = refused or ("het is een schatting zonder marge" if method == "modelschatting" else "")
    if why:
        return Change("niet te beoordelen", why, first, last, difference)
    survey = method == "enquete"
    if survey and any(math.isnan(w) for _, _, w in told):
        return Change("niet te beoordelen", "de enquête geeft hier geen marge", first, last, difference)
    if since is None and len(told) >= ENOUGH_YEARS:
        return _trend(rule, told, survey)
    if too_small(difference, rule.relevant):
        return Change("ongeveer gelijk", TOO_SMALL, first, last, difference, "verandering", 2, None, "vergelijkbaar")
    # Two independent samples: half-widths combine as a root of squares.
    if survey and abs(difference) <= math.hypot(told[0][2] / 2, told[-1][2] / 2):
        return Change("ongeveer gelijk", WITHIN, first, last, difference, "verandering", 2, None, "vergelijkbaar")
    movement, tone = _moved(rule, difference)
    return Change(movement, "het verschil is groot genoeg", first, last, difference, "verandering", 2, None, tone)


def _not_since(since: int, years: Sequence[int], comparable: Sequence[int]) -> str:
    if since in years and comparable and since < comparable[0]:
        return f"tussen {since} en {comparable[-1]} zit een breuk"
    if comparable and since >= comparable[-1]:
        return f"na {since} is er geen cijfer"
    return f"over {since} is er geen cijfer"


def _trend(rule: Rule, points: Sequence[Point], survey: bool) -> Change:
    """Test five or more comparable years."""
    years, values = [y for y, _, _ in points], [v for _, v, _ in points]
    first, last, n = years[0], years[-1], len(years)
    # CBS rounds bounds to 0.1: no margin is smaller than what rounding hides.
    halves = [max(w / 2, _ROUNDING) for _, _, w in points]
    slope = weighted_line(years, values, halves) if survey else mann_kendall(years, values)
    test: Test = "gewogen lijn" if survey else "Mann-Kendall"
    difference = values[-1] - values[0]
    if len(set(values)) == 1:
        why = CONSTANT
    elif too_small(slope.value * (last - first), rule.relevant):
        why = TOO_SMALL
    elif not slope.significant:
        why = SCATTERED
    else:
        movement, tone = _moved(rule, slope.value)
        return Change(movement, "de jaren wijzen één kant op", first, last, difference, test, n, slope, tone)
    return Change("ongeveer gelijk", why, first, last, difference, test, n, slope, "vergelijkbaar")


def _moved(rule: Rule, difference: float) -> tuple[Movement, Outcome]:
    """Which way it went, and what the direction of the figure makes of that."""
    up = difference > 0
    movement: Movement = "gestegen" if up else "gedaald"
    if rule.direction == "geen":
        return movement, "hoger" if up else "lager"
    return movement, "gunstiger" if up == (rule.direction == "hoger-gunstig") else "ongunstiger"
