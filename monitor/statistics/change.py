"""Change between two named years, judged by the same idea: certain enough and large enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from monitor.statistics.judge import Rule, too_small

Movement = Literal["gestegen", "gedaald", "ongeveer gelijk", "niet te beoordelen"]


@dataclass(frozen=True)
class Change:
    """What may be said of the change from ``first`` to ``last`` (years; 0 when there are no two)."""

    movement: Movement
    reason: str
    first: int = 0
    last: int = 0
    difference: float = math.nan


def comparable_years(years: Sequence[int], breaks: Sequence[int]) -> list[int]:
    """Return the years after the last break that lies among them, in order."""
    ordered = sorted(years)
    start = max((b for b in breaks if ordered and b <= ordered[-1]), default=0)
    return [y for y in ordered if y >= start]


def change(rule: Rule, series: pd.DataFrame, breaks: Sequence[int] = (), refused: str = "") -> Change:
    """Say how a series changed between its first and last comparable year.

    Args:
        rule: the indicator's rule. Model estimates carry no margin over time and are not judged.
        series: year, value, lower, upper of one area, any order.
        breaks: years from which values cannot be compared with earlier ones.
        refused: why a change of this figure is never judged (the weather, inflation); empty when it may be.

    Returns:
        The change; 'niet te beoordelen' comes with its reason.
    """
    if rule.kind == "geen":
        return Change("niet te beoordelen", "dit cijfer bestaat niet voor een regio")
    known = series[series["value"].notna()].set_index("year").sort_index()
    bounds = {int(y): (float(v), float(u - w)) for y, v, u, w in known[["value", "upper", "lower"]].itertuples()}
    years = comparable_years([int(y) for y in known.index], breaks)
    if len(years) < 2:
        return Change("niet te beoordelen", "er zijn te weinig jaren die met elkaar te vergelijken zijn")
    first, last = years[0], years[-1]
    (value_first, width_first), (value_last, width_last) = bounds[first], bounds[last]
    difference = value_last - value_first
    method = rule.judge_as or rule.method
    if refused:
        return Change("niet te beoordelen", refused, first, last, difference)
    if method == "modelschatting":
        return Change("niet te beoordelen", "het is een schatting zonder marge", first, last, difference)
    if too_small(difference, rule.relevant):
        return Change("ongeveer gelijk", "het verschil is te klein om ertoe te doen", first, last, difference)
    if method == "enquete":
        # Two independent samples: half-widths combine as a root of squares.
        half = math.hypot(width_first / 2, width_last / 2)
        if math.isnan(half):
            return Change("niet te beoordelen", "de enquête geeft hier geen marge", first, last, difference)
        if abs(difference) <= half:
            return Change("ongeveer gelijk", "het verschil valt binnen de marges", first, last, difference)
    return Change("gestegen" if difference > 0 else "gedaald", "het verschil is groot genoeg", first, last, difference)
