"""All figures at once: the same numbers and judgements as one by one, and as plain arithmetic."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from monitor.assessment import BENCHMARKS, BenchmarkId, assess, assess_with, rule_for
from monitor.definitions import Indicator
from monitor.profile import Against, against, assess_all
from monitor.snapshot.derive import compositions
from monitor.statistics.aggregate import REGIONAL, Membership, aggregate
from monitor.statistics.judge import OUTCOMES, REASONS, Rule, judge, judge_many, said
from monitor.statistics.panel import Panel
from tests.spec_table import cases, definitions, edition

KEY = ["area", "year"]
ADDITIVE = [i for i in definitions().indicators if i.aggregation.kind != "geen"]
OWN = {"eigen streek": ["GM0294", "GM0197", "GM0153"], "met Waddeneilanden": ["GM0088", "GM0096", "GM0060", "GM0093"]}


@cache
def panel() -> Panel:
    """The municipal figures of the shipped edition."""
    return Panel.of(definitions().indicators, edition().observations, edition().weights, edition().municipalities)


@cache
def composition() -> dict[str, list[str]]:
    """The areas of an edition, and two that a user made up."""
    return {**compositions(definitions(), edition().areas), **OWN}


@cache
def at_once() -> dict[str, pd.DataFrame]:
    """Everything added up in one go, per indicator."""
    made = panel().regional(composition())
    return {str(k): g.drop(columns="indicator") for k, g in made.groupby("indicator")}


@cache
def municipal(kind: str) -> dict[str, pd.DataFrame]:
    """Municipal rows per indicator, or per quantity."""
    frame = edition().observations if kind == "indicator" else edition().weights
    rows = frame.astype({kind: str, "area": str})
    rows = rows[rows["area"].isin(edition().municipalities)]
    return {str(k): g.reset_index(drop=True) for k, g in rows.groupby(kind)}


def one_by_one(i: Indicator, areas: dict[str, list[str]]) -> pd.DataFrame:
    """The same through ``aggregate``."""
    a = i.aggregation
    weights = municipal("quantity")[a.denominator or a.weight or "inwoners"].rename(columns={"value": "weight"})
    tops = municipal("quantity").get(a.numerator or "")
    bounds = (0.0, 100.0) if i.unit == "procent" else None
    return aggregate(
        *(a.kind, municipal("indicator")[i.id], weights, areas),
        numerators=tops,
        factor=a.factor,
        intervals=i.method == "enquete",
        bounds=bounds,
    )


# --- Added up ---


def test_everything_at_once_is_everything_one_by_one() -> None:
    assert set(at_once()) == {i.id for i in ADDITIVE}
    for i in ADDITIVE:
        ours = at_once()[i.id].sort_values(KEY, ignore_index=True)
        assert list(ours.columns) == REGIONAL
        assert_frame_equal(ours, one_by_one(i, composition()), check_dtype=False, obj=i.id)


SAMPLE = """
    case                    | indicator
    survey by people        | overgewicht
    survey by people of 65+ | overgewicht-65
    estimate                | vertrouwen-instituties
    per household           | schuld-per-huishouden
    per dwelling            | woz-waarde
    per square kilometre    | fijnstof
    count per 1,000         | sterfte
    distance                | afstand-treinstation
    weights of another year | bruto-arbeidsparticipatie
"""


@pytest.mark.parametrize("case", cases(SAMPLE))
def test_a_weighted_mean_is_what_pandas_makes_of_it(case: dict[str, str]) -> None:
    """Written out once more with groupby: no code of ours between the municipal rows and the mean."""
    i = definitions().indicator(case["indicator"])
    rows = municipal("indicator")[i.id][["area", "year", "value", "lower", "upper"]]
    count = municipal("quantity")[str(i.aggregation.weight)]
    have = sorted(count["year"].unique())
    rows = rows.assign(counted=[min(have, key=lambda h: (abs(h - y), h)) for y in rows["year"]])
    rows = rows.merge(count.rename(columns={"year": "counted", "value": "w"}), on=["area", "counted"])
    belongs = pd.DataFrame([(r, c) for r, codes in composition().items() for c in codes], columns=["region", "area"])
    rows = rows.dropna(subset=["value", "w"]).merge(belongs, on="area")
    error = (rows["upper"] - rows["lower"]) / 2
    rows = rows.assign(wv=rows["w"] * rows["value"], we2=(rows["w"] * error) ** 2)
    summed = rows.groupby(["region", "year"])[["w", "wv", "we2"]].sum()
    ours = at_once()[i.id].set_index(KEY).rename_axis(["region", "year"])
    both = ours.join(summed, how="left").dropna(subset=["value"])
    assert len(both) > 60
    assert np.allclose(both["value"], both["wv"] / both["w"], rtol=1e-12)
    if i.method == "enquete":
        half = np.sqrt(both["we2"]) / both["w"]
        inside = both["lower"].gt(0) & both["upper"].lt(100) & both["lower"].notna()
        assert inside.sum() > 60
        assert np.allclose((both["upper"] - both["lower"])[inside] / 2, half[inside], rtol=1e-9)
    else:
        assert both["lower"].isna().all()


RATIOS = """
    indicator          | top                   | bottom          | factor
    bebouwd-terrein    | bebouwde-oppervlakte  | landoppervlakte | 100
    natuur-per-inwoner | natuuroppervlakte     | inwoners        | 1000
    aandeel-65-plus    | inwoners-65-plus      | inwoners        | 100
    lager-opgeleiden   | opleiding-laag        | opleiding-alle  | 100
"""


@pytest.mark.parametrize("case", cases(RATIOS))
def test_a_ratio_is_a_sum_over_a_sum_of_the_same_year(case: dict[str, str]) -> None:
    top, bottom = (municipal("quantity")[case[k]].set_index(KEY)["value"] for k in ("top", "bottom"))
    for row in at_once()[case["indicator"]].itertuples():
        members = [(c, row.year) for c in composition()[row.area]]
        known = [m for m in members if m in top.index and m in bottom.index]
        if math.isnan(row.value):
            assert len(known) < len(members)
            continue
        expected = float(case["factor"]) * top[known].sum() / bottom[known].sum()
        assert row.value == pytest.approx(expected, rel=1e-12) and row.weight_year == row.year


def test_a_ratio_takes_no_denominator_of_another_year_and_a_mean_takes_the_nearest() -> None:
    """Inhabitants of 2020 only: the share of 65+ in 2019 has no value, a mean of 2019 is weighted by those of 2020."""
    people = edition().weights.astype({"quantity": str})
    people = people[(people["quantity"] != "inwoners") | (people["year"] == 2020)]
    two = [definitions().indicator(n) for n in ("aandeel-65-plus", "sterfte")]
    made = Panel.of(two, edition().observations, people, edition().municipalities).regional({"x": ["GM0294", "GM0197"]})
    made = made[made["year"] == 2019].set_index("indicator")
    share, mean = made.loc["aandeel-65-plus"], made.loc["sterfte"]
    assert math.isnan(share["value"]) and share["coverage"] == 0 and share["missing"] == "GM0197 GM0294"
    assert mean["weight_year"] == 2020 and not math.isnan(mean["value"])


@pytest.mark.parametrize("name", [i.id for i in ADDITIVE if i.aggregation.kind == "som"])
def test_a_sum_is_a_sum_and_nothing_when_one_lacks(name: str) -> None:
    rows = municipal("indicator")[name].dropna(subset=["value"]).set_index(KEY)["value"]
    made = at_once()[name]
    assert len(made) > 500
    for row in made.itertuples():
        members = [(c, row.year) for c in composition()[row.area]]
        lacks = [c for c, y in members if (c, y) not in rows.index]
        assert math.isnan(row.value) if lacks else row.value == pytest.approx(rows[members].sum())
        assert row.missing.split() == sorted(lacks)


def test_a_composition_of_a_user_is_added_up_like_any_other() -> None:
    """The Achterhoek as a user would compose it is the Achterhoek, in another order and under another name."""
    codes = list(definitions().region("achterhoek").codes)
    made = panel().regional({"van mij": codes[::-1]})
    assert set(made["area"]) == {"van mij"} and len(made) == len(panel().keys) > 400
    for row in made.itertuples():
        shipped = edition().row(row.indicator, "achterhoek", row.year)
        assert shipped is not None
        for field in ("value", "lower", "upper"):
            assert getattr(row, field) == pytest.approx(shipped[field], rel=1e-9, abs=2e-9, nan_ok=True), row.indicator
        assert row.coverage == pytest.approx(shipped["coverage"], rel=1e-6) and row.missing == shipped["missing"]


def test_one_municipality_is_itself() -> None:
    made = panel().regional({"alleen Aalten": ["GM0197"]}).set_index(["indicator", "year"])
    for i in ADDITIVE:
        for year in edition().years(i.id):
            own = edition().row(i.id, "GM0197", year)
            value = made.loc[(i.id, year), "value"]
            assert value == pytest.approx(own["value"] if own else math.nan, nan_ok=True), (i.id, year)


def test_a_municipality_that_no_figure_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        panel().add_up({"nergens": ["GM9999"]})


def test_figures_that_may_not_be_added_up_are_not_laid_out() -> None:
    never = {i.id for i in definitions().indicators if i.aggregation.kind == "geen"}
    assert never and not never & {k for k, _ in panel().keys}


def test_sums_of_a_membership_keep_the_order_of_areas_and_rows() -> None:
    """Powers of two: a sum says which columns went in, and overlapping or shuffled areas do not mix."""
    codes = [f"GM{k:04d}" for k in range(8)]
    areas = {"z": codes[6:], "a": [codes[3], codes[0]], "m": codes, "een": [codes[5]], "weer": [codes[0], codes[3]]}
    numbers = np.array([[2.0**k for k in range(8)], [1.0] * 8])
    membership = Membership.of(areas, codes)
    assert membership.areas == ("z", "a", "m", "een", "weer")
    assert membership.sums(numbers).tolist() == [[192.0, 9.0, 255.0, 32.0, 9.0], [2.0, 2.0, 8.0, 1.0, 2.0]]
    assert [membership.members(k).tolist() for k in range(5)] == [[6, 7], [3, 0], list(range(8)), [5], [0, 3]]
    marks = np.array([[True] + [False] * 7])
    assert membership.any(marks).tolist() == [[False, True, True, False, True]]


# --- Judged ---


def test_many_judgements_at_once_are_those_one_by_one() -> None:
    """Every combination of class, method and direction, with values on, around and beyond the bounds."""
    kinds = [("gewogen", "register"), ("gewogen", "enquete"), ("verhouding", "register"), ("gewogen", "modelschatting")]
    kinds += [("som", "register"), ("geen", "register")]
    rules = [
        Rule(kind, method, direction, relevant, judge_as)  # type: ignore[arg-type]
        for kind, method in kinds
        for direction in ("hoger-gunstig", "lager-gunstig", "geen")
        for relevant in (0.0, 1.0)
        for judge_as in ((None, "register") if method == "modelschatting" else (None,))
    ]
    nan = math.nan
    grid = [
        (value, benchmark, lower, upper, coverage, half)
        for value in (nan, 49.0, 49.1, 50.0, 51.0, 54.2)
        for benchmark in (nan, 50.0, 50.2)
        for lower, upper in ((nan, nan), (48.0, 52.0), (50.5, 55.0), (nan, 52.0))
        for coverage in (0.49, 0.5, 0.79, 0.8, 1.0)
        for half in (nan, 0.5, 3.0)
    ]
    columns = [np.array([cell[k] for cell in grid])[None, :] for k in range(6)]
    # Every seventh cell is one for which the definition calls the figure unusable, and so on.
    unusable, provisional = (np.array([[a % n == 0 for a in range(len(grid))]]) for n in (7, 11))
    members = np.array([[1.0 if a % 4 == 0 else 4.0 for a in range(len(grid))]])
    other_half = np.array([[1.5 if a % 2 else nan for a in range(len(grid))]])
    many = judge_many(
        *(rules, *(np.repeat(c, len(rules), axis=0) for c in columns)), unusable=unusable, members=members,
        benchmark_half_width=other_half, provisional=provisional,
    )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for r, rule in enumerate(rules):
        # A fifth of the cells for each rule, and each cell for a fifth of the rules.
        for a in range(r % 5, len(grid), 5):
            value, benchmark, lower, upper, coverage, half = grid[a]
            one = judge(
                *(rule, value, benchmark), lower=lower, upper=upper, coverage=coverage, province_half_width=half,
                unusable=a % 7 == 0, members=1 if a % 4 == 0 else 4, benchmark_half_width=1.5 if a % 2 else nan,
                provisional=a % 11 == 0,
            )  # fmt: skip
            other = said(many, r, a)
            # NaN is not itself: compare as text.
            assert repr(one) == repr(other)
            seen.add((one.outcome, one.reason))
    assert {o for o, _ in seen} == set(OUTCOMES) and {r for _, r in seen} == set(REASONS)


@pytest.mark.parametrize(
    "benchmark", [BENCHMARKS[0], *(pytest.param(b, marks=pytest.mark.slow) for b in BENCHMARKS[1:])]
)
def test_everything_judged_at_once_is_what_each_page_says(benchmark: BenchmarkId) -> None:
    """All figures of the 11 regions in their last year, and of a region with a candidate: one judgement everywhere."""
    regions = definitions().regions
    areas = {r.id: list(r.codes) for r in regions}
    held = {r.id: against(r, benchmark, edition()) for r in regions}
    candidates = [(r, m) for r in regions for m in r.candidates]
    areas.update({f"{r.id}+{m.code}": [*r.codes, m.code] for r, m in candidates})
    held.update({f"{r.id}+{m.code}": held[r.id] for r, m in candidates})
    everything = assess_all(definitions(), edition(), areas, held, panel())
    row = {key: k for k, key in enumerate(everything.keys)}
    seen: set[str] = set()
    for i in ADDITIVE:
        year = edition().years(i.id)[-1]
        singles = [assess(edition(), i, r, year, benchmark) for r in regions]
        singles += [assess_with(edition(), i, r, m, year, benchmark) for r, m in candidates]
        for area, single in enumerate(singles):
            many = said(everything.judged, row[i.id, year], area)
            one = single.judgement
            assert (many.told, many.reason) == (one.told, one.reason), (i.id, area)
            assert many.difference == pytest.approx(one.difference, abs=1e-8, nan_ok=True)
            seen.add(one.outcome)
    assert seen == set(OUTCOMES)


def test_comparable_regions_added_up_here_are_those_of_the_edition() -> None:
    """The benchmark may stand in the same composition: then it is what the edition holds."""
    codes = definitions().region("twente").codes
    like = edition().comparable("twente")
    municipal = edition().areas[edition().areas["level"] == "gemeente"]
    together = municipal.loc[municipal["corop"].isin(like), "area"].tolist()
    held = {"twente": Against("gelijk", "PV23", sample=True)}
    here = assess_all(definitions(), edition(), {"twente": codes, "gelijk": together}, held, panel())
    held = {"twente": against(definitions().region("twente"), "vergelijkbaar", edition())}
    there = assess_all(definitions(), edition(), {"twente": codes}, held, panel())
    assert len(like) == 5 and np.allclose(here.benchmark[:, 0], there.benchmark[:, 0], equal_nan=True)
    assert (here.judged.reason[:, 0] == there.judged.reason[:, 0]).all()


def test_a_relevant_difference_of_nothing_never_decides_for_a_region() -> None:
    """Figures without a smallest relevant difference have no value for any region, so none is judged by zero."""
    for i in ADDITIVE:
        if rule_for(i, edition()).relevant > 0:
            continue
        rows = edition().indicator(i.id)
        regional = rows[rows["area"].astype(str).isin([r.id for r in definitions().regions])]
        assert len(regional) and regional["value"].isna().all(), i.id


def test_an_edition_without_municipal_figures_has_nothing_to_add_up() -> None:
    rows = edition().observations
    bare = rows[~rows["area"].astype(str).str.startswith("GM")]
    empty = Panel.of(definitions().indicators, bare, edition().weights, edition().municipalities)
    assert empty.keys == () and empty.regional({"x": ["GM0294"]}).empty
