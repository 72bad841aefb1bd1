"""Adding municipal figures up to a region: what comes out, what is refused, and what is said about it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from monitor.errors import Refused, UnknownName
from monitor.statistics.aggregate import aggregate, check_composition, coverage_word
from tests.spec_table import cases, frame, num

REGION = {"streek": ["GM0001", "GM0002"]}
TWO = frame("""
    area   | year | value
    GM0001 | 2020 | 10
    GM0002 | 2020 | 30
""")
WEIGHTS = frame("""
    area   | year | weight
    GM0001 | 2020 | 100
    GM0002 | 2020 | 300
""")


def one(kind: str, values: pd.DataFrame, weights: pd.DataFrame, region: dict | None = None, **more) -> pd.Series:
    """The single regional row that comes out."""
    made = aggregate(kind, values, weights, region or REGION, **more)
    assert len(made) == 1
    return made.iloc[0]


# --- The four classes ---

CLASSES = """
    class      | first | second | factor | expected | why
    som        | 10    | 30     | 1      | 40       | 10 + 30
    som        | 10    | -      | 1      | -        | one missing = no value
    som        | -     | 30     | 1      | -        | even when the other has 300 of 400 inhabitants
    gewogen    | 10    | 30     | 1      | 25       | (100 x 10 + 300 x 30) / 400; the plain mean is 20
    gewogen    | -     | 30     | 1      | 30       | 300 of 400 is enough, but only the second counts
    verhouding | 10    | 30     | 100    | 10       | 100 x (10 + 30) / (100 + 300)
    verhouding | 50    | 30     | 100    | 20       | 80 / 400; the mean of 50% and 10% is 30
    verhouding | -     | 30     | 100    | 10       | a missing numerator takes its denominator along
"""


@pytest.mark.parametrize("case", cases(CLASSES))
def test_each_class_adds_up_its_own_way(case: dict[str, str]) -> None:
    values = TWO.assign(value=[num(case["first"]), num(case["second"])])
    ratio = case["class"] == "verhouding"
    got = one(case["class"], values, WEIGHTS, numerators=values if ratio else None, factor=float(case["factor"]))
    assert got["value"] == pytest.approx(num(case["expected"]), nan_ok=True)
    assert got["members"] == 2
    assert got["missing"] == " ".join(c for c, k in (("GM0001", "first"), ("GM0002", "second")) if case[k] == "-")


def test_class_geen_is_refused_and_the_way_out_is_the_spread() -> None:
    with pytest.raises(Refused, match="spreiding van de gemeenten"):
        aggregate("geen", TWO, WEIGHTS, REGION)


def test_a_figure_per_area_is_weighted_by_land_not_by_people() -> None:
    # A town of 10 km2 that is 60% built, and 90 km2 of countryside that is 5% built: 6 + 4.5 of 100 km2.
    built = TWO.assign(value=[60.0, 5.0])
    land = WEIGHTS.assign(weight=[10.0, 90.0])
    people = WEIGHTS.assign(weight=[90_000.0, 10_000.0])
    assert one("gewogen", built, land)["value"] == pytest.approx(10.5)
    assert one("gewogen", built, people)["value"] == pytest.approx(54.5)


def test_numerator_and_denominator_are_of_one_year() -> None:
    denominators = WEIGHTS.assign(year=2019)
    got = one("verhouding", TWO, denominators, numerators=TWO)
    assert math.isnan(got["value"]) and got["coverage"] == 0


# --- Coverage ---

COVERAGE = """
    present | absent | coverage | word     | value
    100     | 0      | 1        | volledig | yes
    80      | 20     | 0.8      | volledig | yes
    79.9    | 20.1   | 0.799    | beperkt  | yes
    50      | 50     | 0.5      | beperkt  | yes
    49.9    | 50.1   | 0.499    | te laag  | no
    1       | 99     | 0.01     | te laag  | no
"""


@pytest.mark.parametrize("kind", ["gewogen", "verhouding"])
@pytest.mark.parametrize("case", cases(COVERAGE))
def test_coverage_decides_whether_there_is_a_value(case: dict[str, str], kind: str) -> None:
    values = TWO.assign(value=[7.0, math.nan])
    weights = WEIGHTS.assign(weight=[float(case["present"]), float(case["absent"])])
    got = one(kind, values, weights, numerators=values if kind == "verhouding" else None)
    assert got["coverage"] == pytest.approx(float(case["coverage"]))
    assert coverage_word(got["coverage"]) == case["word"]
    assert (not math.isnan(got["value"])) == (case["value"] == "yes")
    assert got["missing"] == "GM0002"


@pytest.mark.parametrize(("coverage", "word"), [(0.8 - 1e-12, "volledig"), (0.5 - 1e-12, "beperkt"), (0.0, "te laag")])
def test_the_last_digit_of_a_sum_does_not_decide(coverage: float, word: str) -> None:
    assert coverage_word(coverage) == word


def test_missing_members_are_all_named_in_order_whatever_the_order_of_the_composition() -> None:
    region = {"streek": ["GM0009", "GM0001", "GM0005"]}
    weights = frame("""
        area   | year | weight
        GM0001 | 2020 | 900
        GM0005 | 2020 | 50
        GM0009 | 2020 | 50
    """)
    got = one("gewogen", TWO, weights, region)
    assert got["missing"] == "GM0005 GM0009" and got["members"] == 3
    assert got["value"] == pytest.approx(10) and got["coverage"] == pytest.approx(0.9)


def test_a_member_without_a_weight_is_not_counted_as_nothing() -> None:
    # Its share of the weight is unknown, so the coverage is too: no value rather than a flattering one.
    got = one("gewogen", TWO, WEIGHTS[WEIGHTS["area"] == "GM0001"])
    assert math.isnan(got["value"]) and got["coverage"] == 0 and got["missing"] == "GM0002"


# --- Weights of another year ---

WEIGHT_YEARS = """
    figure | weights        | used
    2018   | 2016 2018 2020 | 2018
    2013   | 2015 2020      | 2015
    2025   | 2015 2020      | 2020
    2017   | 2015 2020      | 2015
    2018   | 2015 2020      | 2020
    2018   | 2016 2020      | 2016
"""


@pytest.mark.parametrize("case", cases(WEIGHT_YEARS))
def test_the_nearest_weight_year_is_used_and_named_and_the_earlier_of_two(case: dict[str, str]) -> None:
    # Each weight year makes another mean: weight of the first municipality = the year itself, second = 1.
    years = [int(y) for y in case["weights"].split()]
    weights = pd.DataFrame(
        [{"area": a, "year": y, "weight": w} for y in years for a, w in (("GM0001", y - 2000), ("GM0002", 1))]
    )
    got = one("gewogen", TWO.assign(year=int(case["figure"])), weights)
    used = int(case["used"])
    assert got["weight_year"] == used
    assert got["value"] == pytest.approx(((used - 2000) * 10 + 30) / (used - 2000 + 1))


def test_no_weights_at_all_is_refused() -> None:
    with pytest.raises(Refused, match="geen gewichten"):
        aggregate("gewogen", TWO, WEIGHTS.iloc[:0], REGION)


# --- Intervals ---

MARGINS = frame("""
    area   | year | value | lower | upper
    GM0001 | 2020 | 40    | 37    | 43
    GM0002 | 2020 | 70    | 62    | 78
""")
TWO_TO_ONE = WEIGHTS.assign(weight=[200.0, 100.0])


def test_independent_errors_add_up_as_squares() -> None:
    # Half-widths 3 and 8, weights 2 : 1 -> sqrt((2 x 3)^2 + (1 x 8)^2) / 3 = 10 / 3; mean (80 + 70) / 3 = 50.
    got = one("gewogen", MARGINS, TWO_TO_ONE, intervals=True)
    assert [got["lower"], got["value"], got["upper"]] == pytest.approx([50 - 10 / 3, 50, 50 + 10 / 3])


def test_only_members_with_a_value_carry_the_interval() -> None:
    values = MARGINS.assign(value=[40.0, math.nan], lower=[37.0, math.nan], upper=[43.0, math.nan])
    got = one("gewogen", values, TWO_TO_ONE, intervals=True)
    assert [got["lower"], got["value"], got["upper"]] == pytest.approx([37, 40, 43])


NO_INTERVAL = """
    case                       | lower | intervals
    a member lacks one         | -     | yes
    the indicator is no survey | 62    | no
"""


@pytest.mark.parametrize("case", cases(NO_INTERVAL))
def test_without_every_margin_there_is_no_interval(case: dict[str, str]) -> None:
    values = MARGINS.assign(lower=[37.0, num(case["lower"])])
    got = one("gewogen", values, TWO_TO_ONE, intervals=case["intervals"] == "yes")
    assert got["value"] == pytest.approx(50)
    assert math.isnan(got["lower"]) and math.isnan(got["upper"])


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [(99.0, 96.0, 100.0), (1.0, 0.0, 4.0), (50.0, 47.0, 53.0)],
    ids=["top", "bottom", "inside"],
)
def test_an_interval_stays_within_what_is_possible(value: float, lower: float, upper: float) -> None:
    alone = MARGINS.iloc[:1].assign(value=value, lower=value - 3, upper=value + 3)
    got = one("gewogen", alone, TWO_TO_ONE, {"streek": ["GM0001"]}, intervals=True, bounds=(0.0, 100.0))
    assert [got["lower"], got["upper"]] == pytest.approx([lower, upper])


def test_the_interval_of_a_sum_is_that_of_the_sum() -> None:
    # 40 ± 3 and 70 ± 4 make 110 ± 5, whatever the inhabitants are.
    got = one("som", MARGINS.assign(upper=[43.0, 74.0], lower=[37.0, 66.0]), TWO_TO_ONE, intervals=True)
    assert [got["lower"], got["value"], got["upper"]] == pytest.approx([105, 110, 115])


# --- Several regions and years at once ---


def test_regions_may_overlap_and_years_do_not_mix() -> None:
    values = frame("""
        area   | year | value
        GM0001 | 2019 | 1
        GM0002 | 2019 | 2
        GM0001 | 2020 | 10
        GM0002 | 2020 | 30
    """)
    regions = {"beide": ["GM0001", "GM0002"], "een": ["GM0001"]}
    weights = pd.concat([WEIGHTS, WEIGHTS.assign(year=2019, weight=[1.0, 1.0])])
    got = aggregate("gewogen", values.sample(frac=1, random_state=4), weights, regions)
    found = {(a, y): v for a, y, v in got[["area", "year", "value"]].itertuples(index=False)}
    assert found == {("beide", 2019): 1.5, ("beide", 2020): 25.0, ("een", 2019): 1.0, ("een", 2020): 10.0}


# --- Compositions ---

KNOWN = {"GM0001", "GM0002", "GM1509"}
COMPOSITIONS = """
    case                | codes                | error       | names
    good                | GM0001 GM0002        | -           | -
    unknown code        | GM0001 GM7777        | UnknownName | GM7777
    unknown code region | GM0001 GM7777        | UnknownName | 'streek'
    typing error        | GM1590               | UnknownName | Bedoelde u GM1509
    empty               |                      | Refused     | 'streek' heeft geen gemeenten
    double              | GM0001 GM0002 GM0001 | Refused     | twee keer
"""


@pytest.mark.parametrize("case", cases(COMPOSITIONS))
def test_a_composition_is_checked_by_name(case: dict[str, str]) -> None:
    composition = {"streek": case["codes"].split()}
    if case["error"] == "-":
        check_composition(composition, KNOWN)
        return
    expected = {"UnknownName": UnknownName, "Refused": Refused}[case["error"]]
    with pytest.raises(expected) as caught:
        check_composition(composition, KNOWN)
    assert case["names"] in str(caught.value) and caught.value.way_out
