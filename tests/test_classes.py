"""Classes of a map: every value falls in the class that its legend says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest

from monitor.assessment import rule_for
from monitor.definitions import Indicator
from monitor.definitions.models import Direction
from monitor.figures.classes import around, class_of, natural
from monitor.figures.spec import MapClass
from monitor.figures.style import DIVERGING, DIVERGING_NEUTRAL, SEQUENCE
from monitor.notation import rounded
from tests.spec_table import cases, definitions, edition, num


def within_deviation(groups: Sequence[Sequence[float]]) -> float:
    """How far values lie from the mean of their own class: what natural breaks make as small as can be."""
    return sum((v - sum(g) / len(g)) ** 2 for g in groups for v in g)


def best_division(values: list[float], n: int) -> float:
    """The smallest deviation of all divisions into n classes, by trying them all."""
    if n == 1:
        return within_deviation([values])
    tried = (within_deviation([values[:k]]) + best_division(values[k:], n - 1) for k in range(1, len(values) - n + 2))
    return min(tried)


# --- Natural classes ---

# The text of a legend: the classes from low to high, with how many areas fall in each.
NATURAL = """
    case                        | values                  | legend
    three clear groups and more | 1 1 2 10 11 20 21 30 40 | 1 – 2: 3, 10 – 11: 2, 20 – 21: 2, 30: 1, 40: 1
    fewer values than classes   | 5 6 8                   | 5: 1, 6: 1, 8: 1
    as many as classes          | 1 2 3 4 5               | 1: 1, 2: 1, 3: 1, 4: 1, 5: 1
    one value                   | 7                       | 7: 1
    one value, many areas       | 7 7 7                   | 7: 3
    two values, many areas      | 7 9 7 7                 | 7: 3, 9: 1
    unknown is left out         | 7 - 9 -                 | 7: 1, 9: 1
    all unknown                 | - -                     |
    nothing                     |                         |
    below zero                  | -3 -1 0                 | −3: 1, −1: 1, 0: 1
"""


@pytest.mark.parametrize("case", cases(NATURAL))
def test_natural_classes(case: dict[str, str]) -> None:
    made = natural([num(v) for v in case["values"].split()], 0)
    assert ", ".join(f"{c.label}: {c.count}" for c in made) == case["legend"]


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_no_other_division_is_more_natural(n: int) -> None:
    values = sorted([3.1, 3.4, 3.5, 5.0, 5.2, 8.8, 9.0, 9.1, 9.3, 14.0, 14.5, 21.0])
    groups = [[v for v in values if c.lower <= v <= c.upper] for c in natural(values, 1, most=n)]
    assert len(groups) == n
    assert within_deviation(groups) == pytest.approx(best_division(values, n))


def check_division(values: list[float], made: tuple[MapClass, ...]) -> None:
    """Classes follow each other without overlap, count every value once, and hold what they say."""
    known = [v for v in values if not math.isnan(v)]
    assert 1 <= len(made) <= 5
    assert sum(c.count for c in made) == len(known)
    assert [c.lower for c in made] == sorted(c.lower for c in made)
    for low, high in pairwise(made):
        assert low.upper < high.edge < high.lower
    assert (made[0].lower, made[-1].upper) == (min(known), max(known))
    for c in made:
        assert c.count == sum(class_of(v, made) is c for v in known) >= 1
        assert all(c.lower <= v <= c.upper for v in known if class_of(v, made) is c)
    assert len({c.colour for c in made}) == len(made)


def municipal_values(indicator: Indicator, year: int) -> list[float]:
    """The figures of all municipalities, as published."""
    found = edition().indicator(indicator.id)
    found = found[(found["year"] == year) & found["area"].astype(str).str.startswith("GM")]
    return [float(v) for v in found["value"]]


@pytest.mark.parametrize("theme", [t.id for t in definitions().themes])
def test_every_municipality_falls_in_the_class_of_the_legend(theme: str) -> None:
    for indicator in definitions().indicators:
        if indicator.theme != theme:
            continue
        for year in edition().years(indicator.id):
            values = [rounded(v, indicator.decimals) for v in municipal_values(indicator, year)]
            made = natural(values, indicator.decimals)
            check_division(values, made)
            # Bathing water has four classes at most, and every class of it is one of the map.
            different = len({v for v in values if not math.isnan(v)})
            assert len(made) == min(5, different) and (different >= 5 or indicator.unit == "klasse"), indicator.id


def test_colours_run_from_light_to_dark_with_both_ends() -> None:
    for n in range(2, 6):
        colours = [c.colour for c in natural([float(v) for v in range(n)], 0)]
        places = [SEQUENCE.index(c) for c in colours]
        assert places == sorted(places) and (places[0], places[-1]) == (0, 4)


def test_an_unknown_value_has_no_class_and_a_value_off_the_scale_the_nearest() -> None:
    made = natural([1, 5, 9], 0)
    assert class_of(math.nan, made) is None and class_of(5, ()) is None
    assert class_of(-99, made) is made[0] and class_of(99, made) is made[-1]


# --- Steps around the Netherlands: the relevant difference is 1 ---

STEPS = """
    difference | step
    -9         | 0
    -4         | 0
    -3.9       | 1
    -1         | 1
    -0.9       | 2
    0          | 2
    0.9        | 2
    1          | 3
    3.9        | 3
    4          | 4
    9          | 4
    -          | none
"""


@pytest.mark.parametrize("direction", ["hoger-gunstig", "lager-gunstig", "geen"])
@pytest.mark.parametrize("case", cases(STEPS))
def test_a_difference_falls_in_the_step_of_its_size(case: dict[str, str], direction: Direction) -> None:
    made, places = around([num(case["difference"]), 0.0], 1.0, direction, "procent", 1)
    expected = None if case["step"] == "none" else int(case["step"])
    assert places == [expected, 2]
    assert [c.count for c in made] == [(k == expected) + (k == 2) for k in range(5)]


# A region is judged, and its step says the same as its judgement, whatever the size of the difference.
JUDGED = """
    difference | outcome            | step
    0.9        | gunstiger          | 3
    -0.9       | lager              | 1
    1          | vergelijkbaar      | 2
    -6         | vergelijkbaar      | 2
    4          | hoger              | 4
    -4         | ongunstiger        | 0
    -3.9       | ongunstiger        | 1
    2          | niet te beoordelen | none
    -          | niet te beoordelen | none
"""


@pytest.mark.parametrize("case", cases(JUDGED, "difference", "outcome"))
def test_the_step_of_a_region_agrees_with_its_judgement(case: dict[str, str]) -> None:
    outcomes = [case["outcome"], "vergelijkbaar"]
    _, places = around([num(case["difference"]), 0.0], 1.0, "hoger-gunstig", "procent", 1, outcomes)  # type: ignore[arg-type]
    assert places == [None if case["step"] == "none" else int(case["step"]), 2]


def test_the_step_begins_where_the_legend_says() -> None:
    """The rule rounds the relevant difference to what the legend shows: 1.106 becomes 1.1."""
    assert edition().relevant_difference("overgewicht") == pytest.approx(1.106, abs=0.001)
    relevant = rule_for(definitions().indicator("overgewicht"), edition()).relevant
    made, places = around([1.1], relevant, "geen", "procent", 1)
    assert made[3].label.startswith("1,1") and places == [3]


def test_favourable_has_one_colour_whichever_way_is_better() -> None:
    up, _ = around([0.0], 1.0, "hoger-gunstig", "procent", 1, ["vergelijkbaar"])
    down, _ = around([0.0], 1.0, "lager-gunstig", "procent", 1, ["vergelijkbaar"])
    neutral, _ = around([0.0], 1.0, "geen", "procent", 1, ["vergelijkbaar"])
    assert [c.colour for c in up] == list(DIVERGING)
    assert [c.colour for c in down] == list(reversed(DIVERGING))
    assert [c.colour for c in neutral] == list(DIVERGING_NEUTRAL)
    for one, other in zip(up, down, strict=True):
        assert (one.lower, one.upper, one.count) == (other.lower, other.upper, other.count)
    colour = {c.label: c.colour for c in up}
    assert colour == {c.label: c.colour for c in down} and len(colour) == 5


LABELS = """
    direction     | judged | lowest                                    | middle                              | highest
    hoger-gunstig | yes    | veel ongunstiger: 4,4 procentpunt of meer | vergelijkbaar                       | veel gunstiger: 4,4 procentpunt of meer
    lager-gunstig | yes    | veel gunstiger: 4,4 procentpunt of meer   | vergelijkbaar                       | veel ongunstiger: 4,4 procentpunt of meer
    geen          | yes    | veel lager: 4,4 procentpunt of meer       | vergelijkbaar                       | veel hoger: 4,4 procentpunt of meer
    lager-gunstig | no     | 4,4 procentpunt of meer lager             | minder dan 1,1 procentpunt verschil | 4,4 procentpunt of meer hoger
"""  # noqa: E501


@pytest.mark.parametrize("case", cases(LABELS, "direction", "judged"))
def test_only_what_is_judged_is_called_favourable(case: dict[str, str]) -> None:
    outcomes = ["vergelijkbaar"] if case["judged"] == "yes" else None
    made, _ = around([0.0], 1.1, case["direction"], "procent", 1, outcomes)  # type: ignore[arg-type]
    labels = [c.label.replace("\u00a0", " ") for c in made]
    assert [labels[0], labels[2], labels[4]] == [case["lowest"], case["middle"], case["highest"]]


def test_without_differences_or_without_a_relevant_difference_there_are_no_steps() -> None:
    assert around([math.nan], 1.0, "geen", "km", 1) == ((), [None])
    assert around([], 1.0, "geen", "km", 1) == ((), [])
    assert around([1.0], 0.0, "geen", "km", 1) == ((), [None])


# Figures that CBS gives for some tens of larger municipalities only.
FEW = {"vaak-onveilig", "slachtofferschap", "tevredenheid-woning", "tevredenheid-woonomgeving"}


@pytest.mark.parametrize("theme", [t.id for t in definitions().themes])
def test_steps_count_every_municipality_once_within_their_bounds(theme: str) -> None:
    seen = 0
    for indicator in definitions().indicators:
        if indicator.theme != theme or indicator.aggregation.kind == "geen":
            continue
        seen += 1
        year = edition().years(indicator.id)[-1]
        country = edition().row(indicator.id, "NL01", year)
        assert country is not None
        values = municipal_values(indicator, year)
        differences = [rounded(v - country["value"], indicator.decimals) for v in values]
        relevant = rule_for(indicator, edition()).relevant
        made, places = around(differences, relevant, indicator.direction, indicator.unit, indicator.decimals)
        known = [d for d in differences if not math.isnan(d)]
        if not relevant:
            # Too few municipalities for any region: no difference between regions, so no steps.
            assert made == () and indicator.id in FEW
            continue
        assert len(made) == 5 and sum(c.count for c in made) == len(known), indicator.id
        assert len(known) > (30 if indicator.id in FEW else 100), indicator.id
        for d, place in zip(differences, places, strict=True):
            assert (place is None) == math.isnan(d)
            assert place is None or made[place].lower <= d <= made[place].upper, indicator.id
    assert seen
