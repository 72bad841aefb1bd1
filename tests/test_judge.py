"""What may be said about a value against a benchmark, and about a change between two years."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from monitor.statistics.change import Change, change, comparable_years
from monitor.statistics.judge import Judgement, Rule, judge
from tests.spec_table import cases, num

METHODS = {
    "count": ("register", None),
    "survey": ("enquete", None),
    "estimate": ("modelschatting", None),
    "labour": ("modelschatting", "register"),
}


def rule(case: dict[str, str]) -> Rule:
    """The rule in a row: columns class, method, direction and relevant, each with its usual value."""
    method, judge_as = METHODS[case.get("method", "count")]
    direction = {"+": "hoger-gunstig", "-": "lager-gunstig", "0": "geen"}[case.get("direction", "+")]
    return Rule(case.get("class", "gewogen"), method, direction, float(case.get("relevant", "1")), judge_as)


def judged(case: dict[str, str]) -> Judgement:
    """The judgement of a row: columns value, nl, lower, upper, coverage and province (half-width)."""
    return judge(
        rule(case),
        num(case["value"]),
        num(case["nl"]),
        lower=num(case.get("lower", "-")),
        upper=num(case.get("upper", "-")),
        coverage=float(case.get("coverage", "1")),
        province_half_width=num(case.get("province", "-")),
    )


# --- The word: which way is better (the relevant difference is 1) ---

DIRECTIONS = """
    case                 | direction | value | nl | outcome
    higher is better     | +         | 55    | 50 | gunstiger
    higher is better too | +         | 45    | 50 | ongunstiger
    lower is better      | -         | 55    | 50 | ongunstiger
    lower is better too  | -         | 45    | 50 | gunstiger
    no direction, above  | 0         | 55    | 50 | hoger
    no direction, below  | 0         | 45    | 50 | lager
    too small, above     | +         | 50.9  | 50 | vergelijkbaar
    too small, below     | -         | 49.1  | 50 | vergelijkbaar
    too small, neutral   | 0         | 50.9  | 50 | vergelijkbaar
    equal                | +         | 50    | 50 | vergelijkbaar
"""


@pytest.mark.parametrize("case", cases(DIRECTIONS))
def test_the_direction_gives_the_word(case: dict[str, str]) -> None:
    got = judged(case)
    assert (got.outcome, got.word) == (case["outcome"], case["outcome"])
    assert got.difference == pytest.approx(num(case["value"]) - num(case["nl"]))
    assert got.reason and not got.indicative and not got.limited


# --- Certain enough: each method has its own test ---

CERTAIN = """
    case                            | method   | value | nl | lower | upper | province | word
    survey, outside the interval    | survey   | 55    | 50 | 52    | 58    | -        | gunstiger
    survey, below the interval      | survey   | 45    | 50 | 42    | 48    | -        | ongunstiger
    survey, within the interval     | survey   | 55    | 50 | 49    | 61    | -        | vergelijkbaar
    survey, on the bound            | survey   | 55    | 50 | 50    | 60    | -        | vergelijkbaar
    survey, certain but too small   | survey   | 50.5  | 50 | 50.2  | 50.8  | -        | vergelijkbaar
    survey, other margins           | survey   | 55    | 50 | 52    | 58    | 9        | gunstiger
    estimate, beyond the province   | estimate | 55    | 50 | -     | -     | 4        | indicatief gunstiger
    estimate, below the province    | estimate | 45    | 50 | -     | -     | 4        | indicatief ongunstiger
    estimate, within the province   | estimate | 55    | 50 | -     | -     | 6        | indicatief vergelijkbaar
    estimate, exactly the margin    | estimate | 55    | 50 | -     | -     | 5        | indicatief vergelijkbaar
    estimate, certain but too small | estimate | 50.5  | 50 | -     | -     | 0.1      | indicatief vergelijkbaar
    count needs no margin           | count    | 55    | 50 | -     | -     | -        | gunstiger
    count ignores margins           | count    | 55    | 50 | 40    | 60    | 9        | gunstiger
    labour follows the count        | labour   | 55    | 50 | -     | -     | -        | gunstiger
    labour ignores the province     | labour   | 55    | 50 | -     | -     | 9        | gunstiger
"""


@pytest.mark.parametrize("case", cases(CERTAIN))
def test_a_difference_must_be_certain_enough(case: dict[str, str]) -> None:
    got = judged(case)
    assert got.word == case["word"]
    assert got.indicative == case["word"].startswith("indicatief")
    # Comparable because of the margin is another thing than comparable because it is small.
    assert got.uncertain == (case["word"].endswith("vergelijkbaar") and "too small" not in case["case"])


# --- Large enough: the boundary of the relevant difference ---

BOUNDARY = """
    case                        | relevant | value | nl    | outcome
    exactly the difference      | 1        | 51    | 50    | gunstiger
    exactly, downwards          | 1        | 49    | 50    | ongunstiger
    a hair less                 | 1        | 50.99 | 50    | vergelijkbaar
    0.0999... must count as 0.1 | 0.1      | 50.3  | 50.2  | gunstiger
    the same, downwards         | 0.1      | 50.2  | 50.3  | ongunstiger
    large unit                  | 17000    | 34000 | 17000 | gunstiger
"""


@pytest.mark.parametrize("case", cases(BOUNDARY))
def test_a_difference_matters_from_the_smallest_relevant_one(case: dict[str, str]) -> None:
    assert judged(case).outcome == case["outcome"]


def test_without_a_relevant_difference_equal_is_still_comparable() -> None:
    equal = judged({"relevant": "0", "value": "50", "nl": "50"})
    assert equal.outcome == "vergelijkbaar"
    assert judged({"relevant": "0", "value": "50.1", "nl": "50"}).outcome == "gunstiger"


# --- Refusals: 'niet te beoordelen', each with its own reason ---

REFUSALS = """
    case                         | class   | method   | value | nl | lower | province | coverage | the reason ends with
    medians are not averaged     | geen    | count    | 55    | 50 | -     | -        | 1        | opgeteld of gemiddeld
    too few municipalities       | gewogen | count    | -     | 50 | -     | -        | 0.49     | hebben een cijfer
    no value                     | gewogen | count    | -     | 50 | -     | -        | 1        | er is geen cijfer
    no value, limited coverage   | gewogen | count    | -     | 50 | -     | -        | 0.6      | er is geen cijfer
    a number of people           | som     | count    | 55    | 50 | -     | -        | 1        | van een ander gebied
    a number that is not known   | som     | count    | -     | 50 | -     | -        | 0.6      | van een ander gebied
    no benchmark                 | gewogen | count    | 55    | -  | -     | -        | 1        | om mee te vergelijken
    survey without margin        | gewogen | survey   | 55    | 50 | -     | 1        | 1        | geeft hier geen marge
    estimate, province no margin | gewogen | estimate | 55    | 50 | 54    | -        | 1        | provincie geen marge
"""


@pytest.mark.parametrize("case", cases(REFUSALS))
def test_what_cannot_be_judged_is_refused_with_the_reason(case: dict[str, str]) -> None:
    got = judged({**case, "upper": case["lower"]})
    assert (got.outcome, got.word) == ("niet te beoordelen", "niet te beoordelen")
    assert got.reason.endswith(case["the reason ends with"])
    assert math.isnan(got.difference) and not got.indicative


def test_a_survey_with_half_an_interval_is_refused() -> None:
    for lower, upper in (("52", "-"), ("-", "58")):
        got = judged({"method": "survey", "value": "55", "nl": "50", "lower": lower, "upper": upper})
        assert got.outcome == "niet te beoordelen"


# --- Limited coverage goes along with every outcome ---

LIMITED = """
    case     | value | coverage | limited
    full     | 55    | 1        | no
    edge     | 55    | 0.8      | no
    below    | 55    | 0.79     | yes
    half     | 55    | 0.5      | yes
    no value | -     | 0.6      | yes
    too low  | -     | 0.3      | no
"""


@pytest.mark.parametrize("case", cases(LIMITED))
def test_limited_coverage_is_flagged(case: dict[str, str]) -> None:
    assert judged({**case, "nl": "50"}).limited == (case["limited"] == "yes")


# --- Change between two named years (the relevant difference is 1) ---


def changed(case: dict[str, str], series: str, breaks: tuple[int, ...] = ()) -> Change:
    """The change in a series written as 'year: value ± half-width', steps separated by commas."""
    points = []
    for step in series.split(","):
        year, said = step.split(":")
        value, _, half = said.partition("±")
        width = num(half.strip())
        points.append((int(year), num(value.strip()), num(value.strip()) - width, num(value.strip()) + width))
    frame = pd.DataFrame(points, columns=["year", "value", "lower", "upper"])
    return change(rule(case), frame.sample(frac=1, random_state=1), breaks)


MOVEMENTS = """
    case                         | method   | series                        | movement           | years
    count, up                    | count    | 2016: 50, 2024: 52            | gestegen           | 2016-2024
    count, down                  | count    | 2016: 50, 2024: 48            | gedaald            | 2016-2024
    count, too small             | count    | 2016: 50, 2024: 50.9          | ongeveer gelijk    | 2016-2024
    count, exactly relevant      | count    | 2016: 50.2, 2024: 51.2        | gestegen           | 2016-2024
    years between do not count   | count    | 2016: 50, 2020: 90, 2024: 52  | gestegen           | 2016-2024
    last year has no value       | count    | 2016: 50, 2020: 52, 2024: -   | gestegen           | 2016-2020
    one year                     | count    | 2024: 50                      | niet te beoordelen | 0-0
    survey, 5 against sqrt(9+16) | survey   | 2016: 50 ± 3, 2024: 55 ± 4    | ongeveer gelijk    | 2016-2024
    survey, just beyond          | survey   | 2016: 50 ± 3, 2024: 55.1 ± 4  | gestegen           | 2016-2024
    survey, beyond, down         | survey   | 2016: 55.1 ± 3, 2024: 50 ± 4  | gedaald            | 2016-2024
    survey, intervals overlap    | survey   | 2016: 50 ± 3, 2024: 56 ± 4    | gestegen           | 2016-2024
    survey, certain but small    | survey   | 2016: 50 ± .1, 2024: 50.5 ± 0 | ongeveer gelijk    | 2016-2024
    survey without margin        | survey   | 2016: 50, 2024: 55 ± 4        | niet te beoordelen | 2016-2024
    estimate                     | estimate | 2016: 50, 2024: 60            | niet te beoordelen | 2016-2024
    labour follows the count     | labour   | 2016: 50, 2024: 60            | gestegen           | 2016-2024
"""


@pytest.mark.parametrize("case", cases(MOVEMENTS))
def test_a_change_is_judged_by_the_same_idea(case: dict[str, str]) -> None:
    got = changed(case, case["series"])
    assert (got.movement, f"{got.first}-{got.last}") == (case["movement"], case["years"])
    assert got.reason


def test_a_change_that_reads_as_the_relevant_difference_counts() -> None:
    # 50.3 - 50.2 is 0.0999... in the machine.
    assert changed({"relevant": "0.1"}, "2016: 50.2, 2024: 50.3").movement == "gestegen"


def test_a_figure_that_is_not_added_up_has_no_change_for_a_region() -> None:
    got = changed({"class": "geen"}, "2016: 50, 2024: 60")
    assert got.movement == "niet te beoordelen" and "bestaat niet voor een regio" in got.reason


def test_nothing_changed_is_never_a_rise_or_a_fall() -> None:
    assert changed({"relevant": "0"}, "2016: 50, 2024: 50").movement == "ongeveer gelijk"


BREAKS = """
    case                           | years               | breaks    | comparable
    no break                       | 2016 2020 2022 2024 |           | 2016 2020 2022 2024
    health                         | 2016 2020 2022 2024 | 2022      | 2022 2024
    the last break decides         | 2016 2020 2022 2024 | 2020 2024 | 2024
    break between two measurements | 2016 2020 2024      | 2022      | 2024
    break before the series        | 2016 2020           | 2010      | 2016 2020
    break still to come            | 2016 2020           | 2022      | 2016 2020
    any order                      | 2024 2016 2022      | 2022      | 2022 2024
    nothing                        |                     | 2022      |
"""


@pytest.mark.parametrize("case", cases(BREAKS))
def test_a_break_splits_the_years(case: dict[str, str]) -> None:
    years, breaks, comparable = ([int(y) for y in case[k].split()] for k in ("years", "breaks", "comparable"))
    assert comparable_years(years, breaks) == comparable


def test_a_change_is_only_named_within_one_side_of_a_break() -> None:
    series = "2016: 76, 2020: 79, 2022: 70, 2024: 74"
    got = changed({}, series, breaks=(2022,))
    assert (got.movement, got.first, got.last, got.difference) == ("gestegen", 2022, 2024, 4)
    assert changed({}, series, breaks=(2024,)).movement == "niet te beoordelen"
