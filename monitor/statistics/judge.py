"""Judgement: what may be said about a value against a benchmark. The one function for all outlets.

A difference must be certain enough *and* matter. It matters from the indicator's smallest relevant
difference (default: a quarter of the standard deviation between the 40 COROP regions).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.definitions.models import AggregationClass, Direction, Method
from monitor.statistics.aggregate import LIMITED, PLAIN, Bools, Floats

Outcome = Literal["gunstiger", "vergelijkbaar", "ongunstiger", "hoger", "lager", "niet te beoordelen"]


LIMITED_COVERAGE, PROVISIONAL = "beperkte dekking", "voorlopig cijfer"


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
    coverage, and ``provisional`` a status that is not final; both are said wherever the outcome goes. ``uncertain``:
    'vergelijkbaar' because the difference lies within a margin, not because it is small.
    """

    outcome: Outcome
    reason: str
    difference: float
    indicative: bool = False
    limited: bool = False
    uncertain: bool = False
    provisional: bool = False

    @property
    def word(self) -> str:
        """The outcome as it stands on screen."""
        return f"indicatief {self.outcome}" if self.indicative else self.outcome

    @property
    def told(self) -> str:
        """The outcome with what a reader has to know of it: 'ongunstiger (beperkte dekking, voorlopig cijfer)'."""
        marks = [LIMITED_COVERAGE] * self.limited + [PROVISIONAL] * self.provisional
        return f"{self.word} ({', '.join(marks)})" if marks else self.word


def too_small(difference: float, relevant: float) -> bool:
    """Whether a difference does not matter; with a hair of room, so that 54.2 - 50.2 counts as 4.0."""
    return difference == 0 or abs(difference) < relevant - 1e-9


# The outcomes and reasons by number: many judgements at once are told as numbers, one as words.
OUTCOMES: tuple[Outcome, ...] = (
    "gunstiger", "vergelijkbaar", "ongunstiger", "hoger", "lager", "niet te beoordelen",
)  # fmt: skip
REASONS = (
    "dit cijfer mag niet worden opgeteld of gemiddeld",
    "een aantal is niet te vergelijken met dat van een ander gebied",
    "dit cijfer is voor deze regio niet bruikbaar",
    "te weinig gemeenten hebben een cijfer",
    "er is geen cijfer",
    "er is geen cijfer om mee te vergelijken",
    "de enquête geeft hier geen marge",
    "het is een schatting die op één gemeente steunt",
    "CBS geeft voor de provincie geen marge",
    "het verschil is te klein om ertoe te doen",
    "het verschil valt binnen de marge van de enquête",
    "het verschil valt binnen de marge die CBS voor de provincie geeft",
    "het verschil valt buiten de marge en is groot genoeg",
    "het verschil is groter dan de marge van de provincie",
    "het verschil is groot genoeg",
)
_REFUSED = OUTCOMES.index("niet te beoordelen")
# The first ones refuse, the next three say that there is no difference that counts.
UNUSABLE = REASONS.index("dit cijfer is voor deze regio niet bruikbaar")
ALONE = REASONS.index("het is een schatting die op één gemeente steunt")
NO_PROVINCE_MARGIN = REASONS.index("CBS geeft voor de provincie geen marge")
_COMPARABLE = range(NO_PROVINCE_MARGIN + 1, NO_PROVINCE_MARGIN + 4)
_UNCERTAIN = _COMPARABLE[1:]


@dataclass(frozen=True)
class Judged:
    """Many judgements: ``outcome`` and ``reason`` number the entries of OUTCOMES and REASONS."""

    outcome: NDArray[np.int8]
    reason: NDArray[np.int8]
    difference: Floats
    indicative: Bools
    limited: Bools
    provisional: Bools


def judge_many(
    rules: Sequence[Rule],
    value: Floats,
    benchmark: Floats,
    lower: Floats,
    upper: Floats,
    coverage: Floats,
    province_half_width: Floats,
    unusable: Bools | None = None,
    *,
    members: Floats | None = None,
    benchmark_half_width: Floats | None = None,
    provisional: Bools | None = None,
) -> Judged:
    """Judge values against benchmarks, each row by its rule.

    Args:
        rules: one per row.
        value: (rows, areas); the other arrays have this shape or one that spreads to it. For their meaning see
            ``judge``.
        benchmark: value of the benchmark.
        lower: lower bound of the 95% interval.
        upper: upper bound.
        coverage: share of the weight with a value, 0-1.
        province_half_width: half the width of the interval of the area's province.
        unusable: where the definition calls the figure unusable; None for nowhere.
        members: municipalities with a value; None for more than one.
        benchmark_half_width: half the interval of a benchmark that is itself a sample of other people; NaN and None
            for none.
        provisional: where the status is not final; None for nowhere.
    """

    def per_row(marks: list[bool]) -> Bools:
        return np.array(marks, dtype=bool)[:, None]

    methods = [r.judge_as or r.method for r in rules]
    survey, estimate = (per_row([m == name for m in methods]) for name in ("enquete", "modelschatting"))
    none, count = (per_row([r.kind == kind for r in rules]) for kind in ("geen", "som"))
    relevant = np.array([r.relevant for r in rules], dtype=np.float64)[:, None]
    difference = value - benchmark
    # With a hair of room, so that 54.2 - 50.2 counts as 4.0.
    size = np.abs(difference)
    small = (difference == 0) | (size < relevant - 1e-9)
    shape = np.broadcast(value, benchmark, coverage).shape
    nowhere = np.zeros((1, 1), dtype=bool)
    alone = nowhere if members is None else members <= 1
    # Two independent samples: half-widths combine as a root of squares.
    own_side = np.where(difference > 0, value - lower, upper - value)
    other_side = np.zeros((1, 1)) if benchmark_half_width is None else np.nan_to_num(benchmark_half_width)
    # The first that holds decides, in this order.
    tests = (
        none,
        count,
        nowhere if unusable is None else unusable,
        coverage < LIMITED - 1e-9,
        np.isnan(value),
        np.isnan(benchmark),
        survey & (np.isnan(lower) | np.isnan(upper)),
        estimate & alone,
        estimate & np.isnan(province_half_width),
        small,
        survey & (size <= np.hypot(own_side, other_side) + 1e-9),
        estimate & (size <= province_half_width),
        survey,
        estimate,
    )
    reason = _first(tests, range(len(tests)), len(tests), shape)
    refused = reason <= NO_PROVINCE_MARGIN
    comparable = (reason >= _COMPARABLE[0]) & (reason <= _COMPARABLE[-1])
    upward = difference > 0
    neutral = per_row([r.direction == "geen" for r in rules])
    better = upward == per_row([r.direction == "hoger-gunstig" for r in rules])
    cases = (refused, comparable, neutral & upward, neutral & ~upward, ~neutral & better)
    outcome = _first(cases, (_REFUSED, 1, 3, 4, 0), 2, shape)
    plain, enough = np.asarray(coverage) >= PLAIN - 1e-9, np.asarray(coverage) >= LIMITED - 1e-9
    return Judged(
        outcome,
        reason,
        np.where(refused, np.nan, difference),
        np.broadcast_to(estimate, shape) & ~refused,
        np.broadcast_to(enough & ~plain, shape),
        np.broadcast_to(nowhere if provisional is None else provisional, shape),
    )


def _first(tests: Sequence[Bools], numbers: Sequence[int], otherwise: int, shape: tuple[int, ...]) -> NDArray[np.int8]:
    """The number of the first test that holds; what numpy.select does, in a tenth of its time for a single value."""
    found = np.full(shape, otherwise, dtype=np.int8)
    for test, number in zip(reversed(tests), reversed(numbers), strict=True):
        np.copyto(found, number, where=test)
    return found


def judge(
    rule: Rule,
    value: float,
    benchmark: float,
    *,
    lower: float = math.nan,
    upper: float = math.nan,
    coverage: float = 1.0,
    province_half_width: float = math.nan,
    unusable: bool = False,
    members: int = 2,
    benchmark_half_width: float = math.nan,
    provisional: bool = False,
) -> Judgement:
    """Judge one value against a benchmark.

    Args:
        rule: what the indicator lays down.
        value: the value, in the indicator's unit; NaN when there is none.
        benchmark: value of the benchmark; NaN when there is none.
        lower: lower bound of the 95% interval (surveys), NaN without.
        upper: upper bound, likewise.
        coverage: share of the region's weight that has a value, 0-1.
        province_half_width: half the width of the interval that CBS publishes for the region's province
            (model estimates), NaN when it publishes none.
        unusable: the definition calls the figure unusable for this region.
        members: how many municipalities have a value. An estimate that rests on one is not judged: the margin of the
            province says nothing of a single municipality.
        benchmark_half_width: half the width of the interval of a benchmark that is a sample of other people, as that
            of comparable regions; NaN for a country or for an area that the region is part of.
        provisional: the figure is not final; it is judged, and the judgement says so.

    Returns:
        The judgement; 'niet te beoordelen' always comes with its reason.
    """
    numbers = (value, benchmark, lower, upper, coverage, province_half_width)
    cells = np.array(numbers, dtype=np.float64)[:, None, None]
    many = judge_many(
        [rule],
        *(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]),
        np.array([[unusable]]),
        members=np.array([[members]], dtype=np.float64),
        benchmark_half_width=np.array([[benchmark_half_width]]),
        provisional=np.array([[provisional]]),
    )
    return said(many, 0, 0)


def said(many: Judged, row: int, area: int) -> Judgement:
    """One of many judgements, in words."""
    reason = int(many.reason[row, area])
    return Judgement(
        OUTCOMES[many.outcome[row, area]],
        REASONS[reason],
        float(many.difference[row, area]),
        bool(many.indicative[row, area]),
        bool(many.limited[row, area]),
        reason in _UNCERTAIN,
        bool(many.provisional[row, area]) and not np.isnan(many.difference[row, area]),
    )
