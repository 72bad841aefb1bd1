"""Judgement: what may be said about a value against a benchmark. The one function for all outlets.

A difference must be certain enough *and* matter. It matters from the indicator's smallest relevant
difference (default: a quarter of the standard deviation between the 40 COROP regions).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from monitor.definitions.models import AggregationClass, Direction, Method
from monitor.statistics.aggregate import LIMITED, coverage_word

Outcome = Literal["gunstiger", "vergelijkbaar", "ongunstiger", "hoger", "lager", "niet te beoordelen"]


@dataclass(frozen=True)
class Rule:
    """What an indicator lays down for its judgement.

    ``relevant`` is in the indicator's unit; ``judge_as`` makes an estimate without any published margin
    follow the register rule.
    """

    kind: AggregationClass
    method: Method
    direction: Direction
    relevant: float
    judge_as: Literal["register"] | None = None


@dataclass(frozen=True)
class Judgement:
    """The outcome and why. ``difference`` is value minus benchmark, NaN when there is none.

    ``indicative``: the word 'indicatief' goes before the outcome. ``limited``: the value has limited
    coverage, which is said wherever the outcome goes. ``uncertain``: 'vergelijkbaar' because the difference lies
    within a margin, not because it is small.
    """

    outcome: Outcome
    reason: str
    difference: float
    indicative: bool = False
    limited: bool = False
    uncertain: bool = False

    @property
    def word(self) -> str:
        """The outcome as it stands on screen."""
        return f"indicatief {self.outcome}" if self.indicative else self.outcome


def too_small(difference: float, relevant: float) -> bool:
    """Whether a difference does not matter; with a hair of room, so that 54.2 - 50.2 counts as 4.0."""
    return difference == 0 or abs(difference) < relevant - 1e-9


def judge(
    rule: Rule,
    value: float,
    benchmark: float,
    *,
    lower: float = math.nan,
    upper: float = math.nan,
    coverage: float = 1.0,
    province_half_width: float = math.nan,
) -> Judgement:
    """Judge a value against a benchmark.

    Args:
        rule: what the indicator lays down.
        value: the value, in the indicator's unit; NaN when there is none.
        benchmark: value of the benchmark; NaN when there is none.
        lower: lower bound of the 95% interval (surveys), NaN without.
        upper: upper bound, likewise.
        coverage: share of the region's weight that has a value, 0-1.
        province_half_width: half the width of the interval that CBS publishes for the region's province
            (model estimates), NaN when it publishes none.

    Returns:
        The judgement; 'niet te beoordelen' always comes with its reason.
    """
    limited = coverage_word(coverage) == "beperkt"

    def refuse(reason: str) -> Judgement:
        return Judgement("niet te beoordelen", reason, math.nan, limited=limited)

    if rule.kind == "geen":
        return refuse("dit cijfer mag niet worden opgeteld of gemiddeld")
    if coverage < LIMITED - 1e-9:
        return refuse("te weinig gemeenten hebben een cijfer")
    if math.isnan(value):
        return refuse("er is geen cijfer")
    if math.isnan(benchmark):
        return refuse("er is geen cijfer om mee te vergelijken")
    method: Method = rule.judge_as or rule.method
    if method == "enquete" and (math.isnan(lower) or math.isnan(upper)):
        return refuse("de enquête geeft hier geen marge")
    if method == "modelschatting" and math.isnan(province_half_width):
        return refuse("CBS geeft voor de provincie geen marge")

    difference = value - benchmark
    indicative = method == "modelschatting"

    def say(outcome: Outcome, reason: str, uncertain: bool = False) -> Judgement:
        return Judgement(outcome, reason, difference, indicative, limited, uncertain)

    if too_small(difference, rule.relevant):
        return say("vergelijkbaar", "het verschil is te klein om ertoe te doen")
    if method == "enquete" and lower <= benchmark <= upper:
        return say("vergelijkbaar", "het verschil valt binnen de marge van de enquête", True)
    if method == "modelschatting" and abs(difference) <= province_half_width:
        return say("vergelijkbaar", "het verschil valt binnen de marge die CBS voor de provincie geeft", True)
    reason = {
        "enquete": "het verschil valt buiten de marge en is groot genoeg",
        "modelschatting": "het verschil is groter dan de marge van de provincie",
        "register": "het verschil is groot genoeg",
    }[method]
    if rule.direction == "geen":
        return say("hoger" if difference > 0 else "lager", reason)
    better = (difference > 0) == (rule.direction == "hoger-gunstig")
    return say("gunstiger" if better else "ongunstiger", reason)
