"""Places in an order, only as far as they are certain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import rankdata

from monitor.statistics.rank import Place, clearly_apart, places
from tests.spec_table import cases, num


def ranged(found: list[Place | None]) -> str:
    """Places as in a table: '1, 2-3, -'."""
    return ", ".join("-" if p is None else str(p.best) if p.best == p.worst else f"{p.best}-{p.worst}" for p in found)


def placed(case: dict[str, str]) -> list[Place | None]:
    """The places of a row: values, half-widths (0 each when left out), relevant difference and which end is first."""
    values = [num(v) for v in case["values"].split()]
    halves = [num(h) for h in case.get("halves", "").split()] or [0.0] * len(values)
    return places(values, halves, float(case.get("relevant", "1")), high_first=case.get("first", "high") == "high")


# --- Counts: no margin, only the difference that matters ---

COUNTS = """
    case                                 | values         | first | relevant | places
    far apart, highest first             | 10 30 20       | high  | 1        | 3, 1, 2
    far apart, lowest first              | 10 30 20       | low   | 1        | 1, 3, 2
    two equal at the top                 | 30 30 10       | high  | 1        | 1-2, 1-2, 3
    two equal at the bottom              | 30 10 10       | high  | 1        | 1, 2-3, 2-3
    all equal                            | 5 5 5 5        | high  | 1        | 1-4, 1-4, 1-4, 1-4
    all nearer than the difference       | 5 5.3 5.6 5.9  | high  | 1        | 1-4, 1-4, 1-4, 1-4
    exactly the difference               | 5 6            | high  | 1        | 2, 1
    a hair less                          | 5 5.99         | high  | 1        | 1-2, 1-2
    0.0999... counts as 0.1              | 50.2 50.3      | high  | 0.1      | 2, 1
    a chain: ends apart, neighbours not  | 5 5.6 6.2      | high  | 1        | 2-3, 1-3, 1-2
    a chain, lowest first                | 5 5.6 6.2      | low   | 1        | 1-2, 1-3, 2-3
    one unknown                          | 10 - 30        | high  | 1        | 2, -, 1
    unknown at both ends                 | - 10 30 -      | low   | 1        | -, 1, 2, -
    a single value                       | 7              | high  | 1        | 1
    a single known value                 | - 7 -          | high  | 1        | -, 1, -
    nothing known                        | - -            | high  | 1        | -, -
    below zero                           | -3 -1 2        | high  | 1        | 3, 2, 1
    without a difference that matters    | 1 1.001 1      | high  | 0        | 2-3, 1, 2-3
"""


@pytest.mark.parametrize("case", cases(COUNTS))
def test_a_place_reaches_as_far_as_those_that_do_not_differ_enough(case: dict[str, str]) -> None:
    assert ranged(placed(case)) == case["places"]


# --- Surveys: the margins count as well ---

SURVEYS = """
    case                                      | values    | halves    | relevant | places
    intervals far apart                       | 10 30     | 2 2       | 1        | 2, 1
    5 against the root of 9 and 16            | 50 55     | 3 4       | 1        | 1-2, 1-2
    just beyond it                            | 50 55.1   | 3 4       | 1        | 2, 1
    overlapping intervals may still be apart  | 50 56     | 3 4       | 1        | 2, 1
    certain but too small                     | 50 50.9   | 0.1 0.1   | 1        | 1-2, 1-2
    all overlap                               | 50 52 54  | 9 9 9     | 1        | 1-3, 1-3, 1-3
    one wide margin                           | 10 20 30  | 1 15 1    | 1        | 2-3, 1-3, 1-2
    one certain, two not                      | 10 50 52  | 1 4 4     | 1        | 3, 1-2, 1-2
    a margin that is not known                | 10 50 90  | 1 - 1     | 1        | 2-3, 1-3, 1-2
    no margin known                           | 10 50 90  | - - -     | 1        | 1-3, 1-3, 1-3
    unknown value with a margin               | 10 - 90   | 1 1 1     | 1        | 2, -, 1
"""


@pytest.mark.parametrize("case", cases(SURVEYS))
def test_what_the_margins_cannot_tell_apart_shares_its_places(case: dict[str, str]) -> None:
    assert ranged(placed(case)) == case["places"]


def test_how_many_there_are_counts_the_known_ones() -> None:
    assert [p.of for p in placed({"values": "1 - 9 - 5"}) if p] == [3, 3, 3]


def test_every_value_has_an_answer_in_its_own_place() -> None:
    assert places([], [], 1.0, high_first=True) == []
    assert len(placed({"values": "- 3 -"})) == 3


# --- Held against scipy ---


def random_case(seed: int) -> tuple[list[float], list[float], float]:
    """Eleven values with ties, unknowns and margins."""
    made = np.random.default_rng(seed)
    values = np.round(made.normal(50, 5, 11), int(made.integers(0, 3)))
    values[made.random(11) < 0.15] = math.nan
    halves = made.choice([0.0, 1.0, 4.0, math.nan], p=[0.4, 0.3, 0.2, 0.1], size=11)
    return values.tolist(), halves.tolist(), float(made.choice([0.0, 0.5, 2.0, 6.0]))


@pytest.mark.parametrize("high_first", [True, False], ids=["highest first", "lowest first"])
def test_the_plain_rank_always_lies_inside_the_range(high_first: bool) -> None:
    certain = spread = 0
    for seed in range(300):
        values, halves, relevant = random_case(seed)
        found = places(values, halves, relevant, high_first=high_first)
        known = [v for v in values if not math.isnan(v)]
        signed = [-v for v in known] if high_first else known
        lowest, highest = iter(rankdata(signed, method="min")), iter(rankdata(signed, method="max"))
        for value, p in zip(values, found, strict=True):
            assert (p is None) == math.isnan(value)
            if p is not None:
                assert 1 <= p.best <= next(lowest) <= next(highest) <= p.worst <= p.of == len(known)
                certain, spread = certain + (p.best == p.worst), spread + (p.best < p.worst)
    assert certain > 100 and spread > 100


@pytest.mark.parametrize("high_first", [True, False], ids=["highest first", "lowest first"])
def test_without_margins_and_threshold_a_range_is_the_rank_of_scipy(high_first: bool) -> None:
    for seed in range(100):
        values = [v for v in random_case(seed)[0] if not math.isnan(v)]
        found = places(values, [0.0] * len(values), 0.0, high_first=high_first)
        signed = [-v for v in values] if high_first else values
        told = [(p.best, p.worst) for p in found if p]
        assert told == list(zip(rankdata(signed, method="min"), rankdata(signed, method="max"), strict=True))


def test_the_other_end_first_turns_the_places_round() -> None:
    for seed in range(60):
        values, halves, relevant = random_case(seed)
        one, other = (places(values, halves, relevant, high_first=h) for h in (True, False))
        for p, q in zip(one, other, strict=True):
            assert (p is None) == (q is None)
            if p and q:
                assert (q.best, q.worst) == (p.of + 1 - p.worst, p.of + 1 - p.best)


def test_the_order_of_the_areas_does_not_matter() -> None:
    for seed in range(60):
        values, halves, relevant = random_case(seed)
        turned = places(values[::-1], halves[::-1], relevant, high_first=True)
        assert turned[::-1] == places(values, halves, relevant, high_first=True)


def test_a_wider_margin_never_narrows_a_range() -> None:
    for seed in range(60):
        values, halves, relevant = random_case(seed)
        wider = [h + 3 for h in halves]
        for p, q in zip(*(places(values, h, relevant, high_first=True) for h in (halves, wider)), strict=True):
            if p and q:
                assert q.best <= p.best and q.worst >= p.worst


def test_two_values_are_apart_by_the_same_rule_on_either_side() -> None:
    for seed in range(60):
        values, halves, relevant = random_case(seed)
        (a, b), (h, k) = values[:2], halves[:2]
        if not (math.isnan(a) or math.isnan(b)):
            assert clearly_apart(a, b, h, k, relevant) == clearly_apart(b, a, k, h, relevant)
    assert not clearly_apart(1.0, 2.0, math.nan, 0.0, 0.5), "an unknown margin tells nothing apart"
    assert not clearly_apart(3.0, 3.0, 0.0, 0.0, 0.0), "nothing is not a difference"
