"""The trend tests against other people's work: scipy, published tables, and every order of the values written out."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from monitor import assessment as asm
from monitor.profile import of_regions
from monitor.sentences import marker, movement
from monitor.statistics.change import WITHIN, Change, change
from monitor.statistics.trend import LEVEL, Slope, mann_kendall, weighted_line
from tests.spec_table import cases, definitions, edition, num, rows
from tests.test_judge import rule

PROVINCES = [f"PV{n}" for n in range(20, 32)]
PUBLISHED = (
    *("tevredenheid-leven", "tevredenheid-vrije-tijd", "vertrouwen-anderen"),
    *("vertrouwen-instituties", "vrijwilligerswerk", "contact-familie-vrienden"),
)


def score(values: tuple[float, ...]) -> int:
    """How many pairs rise minus how many fall."""
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


@cache
def every_order(values: tuple[float, ...]) -> tuple[int, ...]:
    """The score of every order of the values."""
    return tuple(score(order) for order in permutations(values))


# --- Mann-Kendall and Theil-Sen ---


@pytest.mark.parametrize("n", range(5, 13))
def test_mann_kendall_and_its_slope_are_those_of_scipy(n: int) -> None:
    """Distinct values, years with gaps: from a straight line to pure noise."""
    made = np.random.default_rng(n)
    for drift in (-3, -0.4, 0, 0.4, 3):
        for _ in range(12):
            years = sorted(made.choice(np.arange(2000, 2026), n, replace=False).tolist())
            values = (drift * np.arange(n) + made.normal(size=n)).tolist()
            ours = mann_kendall(years, values)
            theirs = stats.kendalltau(years, values, method="exact")
            assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)
            assert ours.value == pytest.approx(stats.theilslopes(values, years).slope, rel=1e-12)
            assert ours.significant == (theirs.pvalue <= 0.05)


# Probabilities that a score is at least so high, as printed for Kendall's S (Kendall, Rank Correlation Methods; the
# same table stands in Gilbert 1987, table A18): one-sided, three decimals or two figures.
TABLE = """
    years | scores and probabilities
    5     | 0 .592, 2 .408, 4 .242, 6 .117, 8 .042, 10 .0083
    6     | 1 .500, 3 .360, 5 .235, 7 .136, 9 .068, 11 .028, 13 .0083, 15 .0014
    7     | 1 .500, 3 .386, 5 .281, 7 .191, 9 .119, 11 .068, 13 .035, 15 .015, 17 .0054, 19 .0014
    8     | 0 .548, 2 .452, 4 .360, 6 .274, 8 .199, 10 .138, 12 .089, 14 .054, 16 .031, 18 .016, 20 .0071, 22 .0028
    9     | 0 .540, 2 .460, 4 .381, 6 .306, 8 .238, 10 .179, 12 .130, 14 .090, 16 .060, 18 .038, 20 .022, 22 .012
    10    | 1 .500, 3 .431, 5 .364, 7 .300, 9 .242, 11 .190, 13 .146, 15 .108, 17 .078, 19 .054, 21 .036, 23 .023
"""


def with_score(n: int, wanted: int) -> list[int]:
    """An order of 1 to n with a score: each value that sinks to the front costs two per place."""
    order, falling = list(range(n)), (n * (n - 1) // 2 - wanted) // 2
    for k in range(n):
        step = min(k, falling)
        order.insert(k - step, order.pop(k))
        falling -= step
    assert score(tuple(order)) == wanted
    return order


@pytest.mark.parametrize("case", cases(TABLE))
def test_mann_kendall_gives_the_printed_probabilities(case: dict[str, str]) -> None:
    n = int(case["years"])
    for pair in case["scores and probabilities"].split(","):
        wanted, printed = pair.split()
        got = mann_kendall(range(2000, 2000 + n), with_score(n, int(wanted))).p
        # The printed one is rounded to its last digit; two sides hold twice as much, and never more than everything.
        room = 2 * 0.51 * 10.0 ** -(len(printed) - 1)
        assert got == pytest.approx(min(1.0, 2 * float(printed)), abs=room), pair


TIES = """
    case                    | values
    one pair                | 1 1 2 3 4
    a pair far apart        | 1 2 3 4 1
    two pairs               | 1 1 2 2 3
    three equal             | 2 1 2 3 2
    four equal              | 5 5 5 5 9
    two against three       | 1 1 2 2 2
    pairs in six years      | 1 2 1 2 3 3
    three and two           | 4 4 4 7 7 1
    six years, one other    | 3 3 3 3 3 8
    seven years, a pair     | 1 2 3 4 5 6 6
    seven years, three      | 7 5 5 5 3 2 1
    seven years, two values | 0 0 0 0 1 1 1
    all equal               | 3 3 3 3 3
    nothing equal           | 3 1 4 2 5 7 6
"""


@pytest.mark.parametrize("case", cases(TIES))
def test_with_equal_values_the_probability_is_that_of_all_orders_written_out(case: dict[str, str]) -> None:
    values = tuple(float(v) for v in case["values"].split())
    n, all_scores = len(values), every_order(tuple(sorted(values)))
    for order in (values, values[::-1], tuple(sorted(values)), (*values[1:], values[0])):
        wanted = abs(score(order))
        share = sum(abs(s) >= wanted for s in all_scores) / len(all_scores)
        assert mann_kendall(range(2010, 2010 + n), order).p == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize("case", cases(TIES))
def test_chance_is_how_often_the_test_rejects_among_all_orders(case: dict[str, str]) -> None:
    """No simulation: every order of these values, each as likely as the other when nothing changes."""
    values = tuple(sorted(float(v) for v in case["values"].split()))
    years = range(2010, 2010 + len(values))
    all_scores = every_order(values)
    sizes = np.sort(np.abs(all_scores))
    as_far = len(sizes) - np.searchsorted(sizes, sizes)
    rejected = int((as_far / len(sizes) <= LEVEL).sum())
    got = mann_kendall(years, values)
    assert got.chance == pytest.approx(rejected / len(all_scores), rel=1e-12)
    assert got.chance <= LEVEL


@pytest.mark.parametrize("n", range(5, 13))
def test_chance_of_distinct_values_follows_from_counting_inversions(n: int) -> None:
    """In how many orders k pairs fall is a product of 1 + q + ... + q^(i-1); 12 years have 479 million orders."""
    counts = np.array([1.0])
    for i in range(1, n + 1):
        counts = np.convolve(counts, np.ones(i))
    share = counts / math.factorial(n)
    s = np.abs(len(counts) - 1 - 2 * np.arange(len(counts)))
    p = np.array([share[s >= one].sum() for one in s])
    got = mann_kendall(range(n), list(range(n)))
    assert got.chance == pytest.approx(share[p <= LEVEL + 1e-12].sum(), rel=1e-9)
    assert 0 < got.chance <= LEVEL and got.p == pytest.approx(2 / math.factorial(n))


def test_the_test_of_mann_and_kendall_has_no_side() -> None:
    """Upside down or back to front: the same probability, the other sign."""
    values = [4.0, 2.5, 6.0, 6.0, 7.5, 9.0]
    one = mann_kendall(range(6), values)
    for other in (mann_kendall(range(6), values[::-1]), mann_kendall(range(6), [-v for v in values])):
        assert (other.p, other.chance, other.value) == pytest.approx((one.p, one.chance, -one.value))


def test_gaps_between_years_change_the_slope_and_not_the_probability() -> None:
    near, wide = (mann_kendall([y * k for y in range(5)], [1, 2, 3, 4, 5]) for k in (1, 4))
    assert near.p == wide.p and near.value == pytest.approx(4 * wide.value)


def test_five_years_are_significant_only_when_all_point_one_way() -> None:
    significant = {s for order in permutations(range(5)) if mann_kendall(range(5), order).significant for s in [order]}
    assert significant == {(0, 1, 2, 3, 4), (4, 3, 2, 1, 0)}


# --- The weighted line ---


def fitted(years: list[int], values: list[float], halves: list[float], absolute: bool) -> tuple[float, float]:
    """Slope and standard error by scipy; ``absolute``: the margins are taken at their word."""
    errors = np.array(halves) / stats.norm.ppf(0.975)
    x = np.array(years, dtype=float) - np.mean(years)
    found, spread = optimize.curve_fit(
        lambda t, a, b: a + b * t, x, values, p0=(float(np.mean(values)), 0.0), sigma=errors, absolute_sigma=absolute
    )
    return float(found[1]), float(np.sqrt(spread[1, 1]))


def scatter(years: list[int], values: list[float], halves: list[float]) -> float:
    """Chi-squared over its degrees of freedom of the weighted straight line, by numpy."""
    w = stats.norm.ppf(0.975) / np.array(halves)
    x = np.array(years, dtype=float) - np.mean(years)
    line = np.polyval(np.polyfit(x, values, 1, w=w), x)
    return float((((np.array(values) - line) * w) ** 2).sum() / (len(years) - 2))


def check_line(got: Slope, years: list[int], values: list[float], halves: list[float]) -> bool:
    """Hold a line against scipy; whether the scatter was larger than the margins allow."""
    wide = scatter(years, values, halves) > 1
    slope, error = fitted(years, values, halves, absolute=not wide)
    assert got.value == pytest.approx(slope, rel=1e-5, abs=1e-9)
    # Known margins: the normal; scatter beyond them is estimated from the years, and Student's t takes its place.
    law = stats.t(len(years) - 2) if wide else stats.norm
    assert (got.upper - got.lower) / 2 == pytest.approx(law.ppf(0.975) * error, rel=1e-4)
    assert (got.upper + got.lower) / 2 == pytest.approx(got.value)
    assert got.p == pytest.approx(2 * law.sf(abs(slope) / error), rel=1e-3, abs=1e-12)
    return wide


@pytest.mark.parametrize("n", [3, 5, 7, 10])
def test_a_weighted_line_is_that_of_scipy_with_scatter_within_and_beyond_the_margins(n: int) -> None:
    made = np.random.default_rng(100 + n)
    seen = set()
    for noise, drift in product((0.2, 1.0, 4.0), (0.0, 0.6)):
        for _ in range(6):
            years = sorted(made.choice(np.arange(2005, 2026), n, replace=False).tolist())
            halves = made.uniform(0.5, 3.0, n).tolist()
            errors = np.array(halves) / 1.96
            values = (50 + drift * np.arange(n) + noise * errors * made.normal(size=n)).tolist()
            seen.add(check_line(weighted_line(years, values, halves), years, values, halves))
    assert seen == {True, False}


def test_margins_alone_decide_when_years_lie_on_the_line() -> None:
    """Twice the margin: the same line with an interval twice as wide."""
    years, values = [2014, 2016, 2018, 2020, 2022], [50.0, 51.0, 52.0, 53.0, 54.0]
    narrow, wide = (weighted_line(years, values, [h] * 5) for h in (1.0, 2.0))
    assert narrow.value == pytest.approx(0.5) and wide.value == pytest.approx(0.5)
    assert wide.upper - wide.lower == pytest.approx(2 * (narrow.upper - narrow.lower))


def test_a_year_with_a_narrow_margin_pulls_the_line() -> None:
    years, values = [2014, 2016, 2018, 2020, 2022], [50.0, 50.0, 50.0, 50.0, 60.0]
    sure, unsure = (weighted_line(years, values, [2.0] * 4 + [h]) for h in (0.5, 8.0))
    assert sure.value > 3 * unsure.value > 0


@pytest.mark.parametrize("indicator", PUBLISHED)
def test_the_line_through_the_years_that_cbs_publishes_for_provinces_is_that_of_scipy(indicator: str) -> None:
    held: list[bool] = []
    for province in PROVINCES:
        own = edition().series(indicator, province)
        own = own[(own["basis"] == "cbs") & own["lower"].notna() & own["value"].notna()]
        years, values = own["year"].tolist(), own["value"].tolist()
        halves = ((own["upper"] - own["lower"]) / 2).tolist()
        assert len(years) >= 5, province
        held.append(check_line(weighted_line(years, values, halves), years, values, halves))
    assert len(held) == 12


def test_both_tests_agree_on_the_side_of_what_cbs_publishes() -> None:
    """Of a clear line: where the weighted line is significant, Theil and Sen point the same way."""
    clear = 0
    for indicator, province in product(PUBLISHED, PROVINCES):
        own = edition().series(indicator, province)
        own = own[(own["basis"] == "cbs") & own["lower"].notna()]
        halves = ((own["upper"] - own["lower"]) / 2).tolist()
        line = weighted_line(own["year"].tolist(), own["value"].tolist(), halves)
        if line.significant:
            clear += 1
            assert line.value * mann_kendall(own["year"].tolist(), own["value"].tolist()).value > 0
    assert clear >= 10


# --- What may be said of a series ---


def told(case: dict[str, str]) -> Change:
    """The change in a series; columns break, since and refused.

    '18: 50 51 52 ± 3, 24: 55': from 2018 on year by year with half-width 3, and one value without margin.
    """
    points = []
    for step in case["series"].split(","):
        if not step.strip(" -"):
            continue
        first, said = step.split(":")
        values, _, half = said.partition("±")
        width = num(half.strip())
        for k, value in enumerate(num(v) for v in values.split()):
            points.append((int(first) + k, value, value - width, value + width))
    frame = pd.DataFrame(points, columns=["year", "value", "lower", "upper"]).astype({"value": float})
    if len(frame):
        frame = frame.sample(frac=1, random_state=2)
    breaks = [int(b) for b in case.get("break", "-").replace("-", "").split()]
    since = None if case.get("since", "-") == "-" else int(case["since"])
    refused = "" if case.get("refused", "-") == "-" else case["refused"]
    return change(rule(case), frame, breaks, refused, since)


UP = "2018: 50 50.5 51 51.5 52"
# How a table says what came of it, and by which test, over how many points.
MOVED = {"up": "gestegen", "down": "gedaald", "same": "ongeveer gelijk", "no": "niet te beoordelen"}
TESTS = {"MK": ("Mann-Kendall", 5), "line": ("gewogen lijn", 5), "two": ("verandering", 2), "-": ("", 0)}


def years_of(c: Change) -> str:
    return f"{c.first}-{c.last}" if c.first else "-"


SERIES = """
    case                       | method   | series                         | break | test | went | years | reason
    constant, count            | count    | 18: 5 5 5 5 5                  | -     | MK   | same | 18-22 | zijn gelijk
    constant, survey           | survey   | 18: 5 5 5 5 5 ± 1              | -     | line | same | 18-22 | zijn gelijk
    constant, two years        | count    | 18: 5, 22: 5                   | -     | two  | same | 18-22 | te klein
    no years at all            | count    | -                              | -     | -    | no   | -     | geen enkel
    all years missing          | count    | 18: - - - - -                  | -     | -    | no   | -     | geen enkel
    all missing, survey        | survey   | 18: -, 20: -, 22: -            | 20    | -    | no   | -     | geen enkel
    one year                   | count    | 18: 5                          | -     | -    | no   | -     | te weinig
    one of five has a value    | count    | 18: - 5 - - -                  | -     | -    | no   | -     | te weinig
    exactly five               | count    | 18: 50 50.5 51 51.5 52         | -     | MK   | up   | 18-22 | één kant
    one of five is missing     | count    | 18: 50 50.5 - 51.5 52          | -     | two  | up   | 18-22 | genoeg
    break leaves four          | count    | 18: 50 50.5 51 51.5 52         | 19    | two  | up   | 19-22 | genoeg
    break leaves one           | count    | 18: 50 50.5 51 51.5 52         | 22    | -    | no   | -     | te weinig
    break at the first year    | count    | 18: 50 50.5 51 51.5 52         | 18    | MK   | up   | 18-22 | één kant
    break after the last year  | count    | 18: 50 50.5 51 51.5 52         | 23    | MK   | up   | 18-22 | één kant
    break between two years    | count    | 12: 9, 14: 50 51 52 53 54      | 13    | MK   | up   | 14-18 | één kant
    the last year is missing   | count    | 18: 50 50.5 51 51.5 52 -       | -     | MK   | up   | 18-22 | één kant
    one way, too small         | count    | 18: 50 50.1 50.2 50.3 50.4     | -     | MK   | same | 18-22 | te klein
    just large enough          | count    | 18: 50 50.25 50.5 50.75 51     | -     | MK   | up   | 18-22 | één kant
    large, but to and fro      | count    | 18: 50 58 51 59 57             | -     | MK   | same | 18-22 | wisselen
    large and certain          | survey   | 18: 50 51 52 53 54 ± 1         | -     | line | up   | 18-22 | één kant
    large, uncertain           | survey   | 18: 50 51 52 53 54 ± 9         | -     | line | same | 18-22 | wisselen
    a year without margin      | survey   | 18: 50, 19: 51 52 53 54 ± 1    | -     | -    | no   | 18-22 | geen marge
    no margin before the break | survey   | 17: 40, 18: 50 ± 1, 22: 54 ± 1 | 18    | two  | up   | 18-22 | genoeg
    estimate                   | estimate | 18: 50 50.5 51 51.5 52         | -     | -    | no   | 18-22 | zonder marge
    estimate with margins      | estimate | 18: 50 51 52 53 54 ± 1         | -     | -    | no   | 18-22 | zonder marge
    labour is as a count       | labour   | 18: 50 50.5 51 51.5 52         | -     | MK   | up   | 18-22 | één kant
"""


@pytest.mark.parametrize("case", cases(SERIES))
def test_from_five_comparable_years_on_a_trend_else_a_change_else_the_reason(case: dict[str, str]) -> None:
    got = told(case)
    assert (got.movement, years_of(got)) == (MOVED[case["went"]], case["years"])
    assert (got.test, got.points) == TESTS[case["test"]] and case["reason"] in got.reason
    assert (got.slope is not None) == (case["test"] in ("MK", "line"))
    assert math.isnan(got.difference) == (got.first == 0)


TONES = """
    case                      | direction | series               | went     | tone
    higher is better, up      | +         | 2018: 50 51 52 53 54 | up       | gunstiger
    higher is better, down    | +         | 2018: 54 53 52 51 50 | down     | ongunstiger
    lower is better, up       | -         | 2018: 50 51 52 53 54 | up       | ongunstiger
    lower is better, down     | -         | 2018: 54 53 52 51 50 | down     | gunstiger
    no better side, up        | 0         | 2018: 50 51 52 53 54 | up       | hoger
    no better side, down      | 0         | 2018: 54 53 52 51 50 | down     | lager
    two years, up             | +         | 2018: 50, 2022: 54   | up       | gunstiger
    two years, lower better   | -         | 2018: 50, 2022: 54   | up       | ongunstiger
    two years, no better side | 0         | 2018: 54, 2022: 50   | down     | lager
    too small                 | -         | 2018: 50, 2022: 50.5 | same     | vergelijkbaar
    to and fro                | +         | 2018: 50 58 51 59 57 | same     | vergelijkbaar
"""


@pytest.mark.parametrize("case", cases(TONES))
def test_the_direction_gives_a_movement_its_tone(case: dict[str, str]) -> None:
    got = told(case)
    assert (got.movement, got.tone) == (MOVED[case["went"]], case["tone"])


CHOSEN = """
    case                     | method   | series                           | break | since | went | years | reason
    a year in the middle     | count    | 18: 50 50.5 51 51.5 52           | -     | 20    | up   | 20-22 | genoeg
    the first year           | count    | 18: 50 50.5 51 51.5 52           | -     | 18    | up   | 18-22 | genoeg
    the year before the last | count    | 18: 50 50.5 51 51.5 52           | -     | 21    | same | 21-22 | te klein
    years between skipped    | count    | 18: 50 90 10, 22: 52             | -     | 18    | up   | 18-22 | genoeg
    before a break           | count    | 18: 50 50.5 51 51.5 52           | 20    | 19    | no   | -     | 19 en 22 zit
    the year of the break    | count    | 18: 50 50.5 51 51.5 52           | 20    | 20    | up   | 20-22 | genoeg
    a year without a figure  | count    | 18: 50, 20: 51, 22: 52           | -     | 19    | no   | -     | over 19
    that year is unknown     | count    | 18: 50 -, 22: 52                 | -     | 19    | no   | -     | over 19
    before the series        | count    | 18: 50 50.5 51 51.5 52           | -     | 1     | no   | -     | over 1 is
    before series and break  | count    | 18: 50 50.5 51 51.5 52           | 20    | 1     | no   | -     | over 1 is
    the last year            | count    | 18: 50 50.5 51 51.5 52           | -     | 22    | no   | -     | na 22
    after the last year      | count    | 18: 50 50.5 51 51.5 52           | -     | 24    | no   | -     | na 24
    no figures at all        | count    | -                                | -     | 20    | no   | -     | over 20
    both margins count       | survey   | 16: 40, 18: 50 ± 3, 22: 55 ± 4   | -     | 18    | same | 18-22 | binnen
    beyond both margins      | survey   | 16: 40, 18: 50 ± 3, 22: 55.1 ± 4 | -     | 18    | up   | 18-22 | genoeg
    chosen year, no margin   | survey   | 16: 40, 18: 50 ± 3, 22: 55 ± 4   | -     | 16    | no   | 16-22 | geen marge
    estimate                 | estimate | 18: 50 50.5 51 51.5 52           | -     | 18    | no   | 18-22 | zonder marge
"""


@pytest.mark.parametrize("case", cases(CHOSEN))
def test_a_year_that_the_reader_chose_is_compared_with_the_last_or_refused(case: dict[str, str]) -> None:
    got = told(case)
    assert (got.movement, years_of(got)) == (MOVED[case["went"]], case["years"])
    assert case["reason"] in got.reason
    assert got.slope is None and got.test in ("", "verandering"), "two years are not a trend"


@pytest.mark.parametrize("since", ["-", "2018", "2020"])
def test_a_figure_whose_change_is_never_judged_gives_its_reason_and_its_years(since: str) -> None:
    got = told({"series": UP, "since": since, "refused": "het weer bepaalt dit"})
    assert (got.movement, got.tone, got.reason) == ("niet te beoordelen", "niet te beoordelen", "het weer bepaalt dit")
    assert got.last == 2022 and got.difference > 0 and got.slope is None


def test_a_figure_that_is_not_added_up_has_no_trend_for_a_region() -> None:
    for since in ("-", "2018"):
        got = told({"class": "geen", "series": UP, "since": since})
        assert (got.movement, got.first) == ("niet te beoordelen", 0) and "bestaat niet" in got.reason


def test_the_order_of_the_rows_does_not_matter() -> None:
    """``told`` shuffles; here the same series in order and back to front."""
    years = [2018, 2019, 2020, 2021, 2022]
    frame = pd.DataFrame({"year": years, "value": [50, 50.5, 51, 51.5, 52.0], "lower": math.nan, "upper": math.nan})
    assert repr(change(rule({}), frame)) == repr(change(rule({}), frame.iloc[::-1])) == repr(told({"series": UP}))


def test_a_trend_is_as_large_as_its_slope_over_all_years_not_as_its_ends() -> None:
    """One odd year at the end does not make a trend that is not there: the slope decides whether it matters."""
    flat = "2015: 50 50.01 50.02 50.03 50.04 50.05 50.06 58"
    got = told({"series": flat})
    assert got.difference == pytest.approx(8) and got.slope and got.slope.significant
    assert (got.movement, got.reason) == ("ongeveer gelijk", "het verschil is te klein om ertoe te doen")


def test_a_survey_year_with_a_margin_of_nothing_does_not_end_in_an_error() -> None:
    """CBS rounds bounds to 0.1: a share near 0 or 100 may have equal bounds. With two years this already works."""
    two = told({"method": "survey", "series": "2018: 50 ± 0, 2022: 54 ± 1"})
    assert two.movement == "gestegen"
    assert told({"method": "survey", "series": "2018: 50 ± 0, 2019: 51 52 53 54 ± 1"})


def test_a_movement_never_contradicts_its_two_ends_in_this_edition() -> None:
    """'Gestegen' beside a lower last year would puzzle a reader; the slope could say so, these figures do not."""
    seen = 0
    for own in of_regions(definitions(), edition()).values():
        for s in own:
            c = s.course
            if c.slope and c.movement in ("gestegen", "gedaald"):
                seen += 1
                assert (c.difference > 0) == (c.movement == "gestegen"), s.indicator.id
    assert seen > 100


def test_a_sentence_never_says_that_a_figure_rose_from_a_higher_to_a_lower_number() -> None:
    """Eight years up and one odd last year: the slope rises, the last year lies below the first."""
    c = told({"series": "2014: 2 3 4 5 6 7 8 9 1"})
    assert (c.movement, c.difference) == ("gestegen", -1)
    figure, region = definitions().indicator("werkloosheid"), definitions().region("twente")
    assert "steeg dit van 2,0% in 2014 naar 1,0% in 2022" not in movement(figure, region, c, 2.0, 1.0)


def test_the_tables_above_hold_every_outcome() -> None:
    movements = {r["went"] for text in (SERIES, TONES, CHOSEN) for r in rows(text)}
    assert movements == set(MOVED)


def test_the_mark_below_a_line_says_what_the_sentence_says() -> None:
    """Over every figure of every region: 'ongeveer gelijk' and 'geen duidelijke trend' in both or in neither."""
    seen = set()
    for region in definitions().regions:
        for i in definitions().indicators:
            c = asm.change_of(edition(), i, region.id)
            if c.movement != "ongeveer gelijk" or c.reason in ("alle jaren zijn gelijk", WITHIN):
                continue
            ends = [asm.value_of(edition(), i, region.id, y).value for y in (c.first, c.last)]
            told = movement(i, region, c, *ends)
            said = marker(c)
            assert ("geen duidelijke trend" in told) == (said == "→ geen duidelijke trend"), (region.id, i.id, told)
            seen.add(said)
    assert seen == {"→ geen duidelijke trend", "→ ongeveer gelijk"}
