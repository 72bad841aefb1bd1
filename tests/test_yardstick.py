"""The yardstick: from municipal figures the software must reproduce what CBS itself publishes.

CBS's own provinces, GGD regions and country are in the edition as published (basis 'cbs'). Here they are made
once more from the municipalities, by the same function that makes the regions, and laid beside each other.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from monitor.statistics.aggregate import aggregate
from tests.spec_table import SHARED, cases, definitions, edition, needs_shared

KEY = ["area", "year"]
FIGURES = [*KEY, "value", "lower", "upper"]


@cache
def published(indicator: str) -> pd.DataFrame:
    """What CBS publishes of an indicator, all levels."""
    rows = edition().observations.astype(dict.fromkeys(("indicator", "area", "basis"), str))
    return rows[(rows["indicator"] == indicator) & (rows["basis"] == "cbs")][FIGURES].reset_index(drop=True)


@cache
def weights(quantity: str) -> pd.DataFrame:
    """A quantity, all levels: area, year, weight."""
    rows = edition().weights.astype(dict.fromkeys(("quantity", "area"), str))
    return rows[rows["quantity"] == quantity].rename(columns={"value": "weight"})[[*KEY, "weight"]]


@cache
def composition() -> dict[str, list[str]]:
    """Provinces, GGD regions and country by their municipalities of now.

    A GGD region that is a whole province stands here once, as the province: the same cell is not counted twice.
    """
    areas = edition().areas
    municipal = areas[areas["level"] == "gemeente"]
    made: dict[str, list[str]] = {"NL01": sorted(municipal["area"])}
    for column in ("province", "ggd"):
        for code, group in municipal.groupby(column):
            members = sorted(group["area"])
            if members not in made.values():
                made[str(code)] = members
    return made


@cache
def compared(indicator: str) -> pd.DataFrame:
    """Made from municipalities beside published: value, lower, upper and the same with _cbs."""
    rows = published(indicator)
    people = weights("inwoners")
    made = aggregate(
        "gewogen",
        rows[rows["area"].str.startswith("GM")],
        people[people["area"].str.startswith("GM")],
        composition(),
        intervals=True,
        bounds=(0.0, 100.0),
    )
    both = made.merge(rows, on=KEY, suffixes=("", "_cbs"))
    both["off"] = (both["value"] - both["value_cbs"]).abs()
    both["half"] = (both["upper"] - both["lower"]) / 2
    both["half_cbs"] = (both["upper_cbs"] - both["lower_cbs"]) / 2
    return both


def cells(indicator: str) -> pd.DataFrame:
    """The provinces and GGD regions, without the country."""
    both = compared(indicator)
    return both[both["area"] != "NL01"]


# --- The surveys: health and overweight, four years ---


def test_there_are_enough_cells_to_measure_by() -> None:
    # 12 provinces and 25 GGD regions, of which 6 are a whole province: 31 areas, 4 years.
    assert len(composition()) == 1 + 12 + 25 - 6
    for indicator in ("ervaren-gezondheid", "overgewicht"):
        assert len(cells(indicator)) == 31 * 4
        assert cells(indicator)["year"].value_counts().to_dict() == dict.fromkeys((2016, 2020, 2022, 2024), 31)
        assert (cells(indicator)["coverage"] > 0.99).all()


# Percentage points between ours and CBS's: at least this share of the cells within that distance, all within the
# last. CBS rounds to 0.1; we weight by all inhabitants, CBS by adults, which a student city feels (Groningen 0.29).
# Overweight: 113 of 124 cells within 0.15. Counting the six provinces that are also a GGD region twice, as 148 cells,
# would make it 132, or 89.2%: Groningen is off in all four years.
DISTANCES = """
    indicator          | share | within | all within
    ervaren-gezondheid | 0.98  | 0.15   | 0.35
    overgewicht        | 0.90  | 0.15   | 0.35
"""


@pytest.mark.parametrize("case", cases(DISTANCES))
def test_provinces_and_ggd_regions_come_out_as_cbs_publishes_them(case: dict[str, str]) -> None:
    off = cells(case["indicator"])["off"]
    assert (off <= float(case["within"])).mean() >= float(case["share"])
    assert off.max() <= float(case["all within"])


@pytest.mark.parametrize("indicator", ["ervaren-gezondheid", "overgewicht"])
def test_there_is_no_lean_to_one_side(indicator: str) -> None:
    both = cells(indicator)
    assert abs((both["value"] - both["value_cbs"]).mean()) < 0.05


@pytest.mark.parametrize("indicator", ["ervaren-gezondheid", "overgewicht"])
def test_the_country_comes_out_to_the_tenth(indicator: str) -> None:
    country = compared(indicator)[compared(indicator)["area"] == "NL01"]
    assert len(country) == 4 and (country["off"] < 0.1).all()


@pytest.mark.parametrize("indicator", ["ervaren-gezondheid", "overgewicht"])
def test_margins_are_as_wide_as_those_of_cbs(indicator: str) -> None:
    # The members' errors are taken as independent: that must not make the margins too narrow or too wide.
    both = cells(indicator)
    ratio = both["half"] / both["half_cbs"]
    assert ratio.between(0.88, 1.12).mean() >= 0.90
    assert ratio.median() == pytest.approx(1, abs=0.03)


# --- Estimates of the RMBW: provinces with almost all municipalities ---

ESTIMATES = """
    indicator                 | coverage | cells | all within | mean within
    tevredenheid-leven        | 0.95     | 9     | 0.25       | 0.10
    vrijwilligerswerk         | 0.95     | 20    | 1.10       | 0.36
    netto-arbeidsparticipatie | 0.95     | 120   | 0.20       | 0.05
    werkloosheid              | 0.95     | 120   | 0.25       | 0.05
    geregistreerde-misdrijven | 0.95     | 119   | 1.10       | 0.32
"""


@pytest.mark.parametrize("case", cases(ESTIMATES))
def test_provinces_of_the_rmbw_come_out_where_the_municipalities_are_there(case: dict[str, str]) -> None:
    both = cells(case["indicator"])
    both = both[both["area"].str.startswith("PV") & (both["coverage"] >= float(case["coverage"]))]
    assert len(both) == int(case["cells"])
    assert both["off"].max() <= float(case["all within"]) and both["off"].mean() <= float(case["mean within"])


@pytest.mark.parametrize("indicator", ["tevredenheid-leven", "vrijwilligerswerk"])
def test_an_estimate_lies_within_the_margin_that_cbs_gives_for_the_province(indicator: str) -> None:
    both = cells(indicator)
    both = both[both["area"].str.startswith("PV") & (both["coverage"] >= 0.8)]
    assert len(both) >= 118 and both["half_cbs"].notna().all()
    assert (both["off"] <= both["half_cbs"]).all()


# --- Counts: built-up land and inhabitants ---

# In 2015 and 2017 Vianen lay in Zuid-Holland (now Utrecht), and Haaren in Noord-Brabant cannot be divided.
MOVED = {"PV26", "PV28", "PV30"}


@pytest.mark.parametrize("year", [2015, 2017])
@pytest.mark.parametrize("quantity", ["bebouwde-oppervlakte", "landoppervlakte"])
def test_hectares_of_municipalities_add_up_to_the_province(quantity: str, year: int) -> None:
    count = weights(quantity)
    count = count[count["year"] == year].set_index("area")["weight"]
    off = {p: count[c].sum() - count[p] for p, c in composition().items() if p.startswith("PV")}
    # Hectares are whole numbers, so a province of 60 municipalities may be a few off.
    assert all(abs(d) <= 5 for p, d in off.items() if p not in MOVED)
    vianen = {"bebouwde-oppervlakte": (600, 700), "landoppervlakte": (10_000, 11_000)}[quantity]
    assert vianen[0] < off["PV26"] < vianen[1] and abs(off["PV26"] + off["PV28"]) <= 10
    haaren = {"bebouwde-oppervlakte": (350, 450), "landoppervlakte": (5_500, 6_000)}[quantity]
    assert haaren[0] < -off["PV30"] < haaren[1]


@pytest.mark.parametrize("year", [2015, 2017])
def test_the_share_of_built_up_land_in_a_province_is_the_published_one(year: int) -> None:
    built, land = (weights(q) for q in ("bebouwde-oppervlakte", "landoppervlakte"))
    numerators = built.rename(columns={"weight": "value"})
    values = published("bebouwd-terrein")
    made = aggregate("verhouding", values, land, composition(), numerators=numerators, factor=100.0)
    both = made.merge(values, on=KEY, suffixes=("", "_cbs"))
    both = both[(both["year"] == year) & both["area"].str.startswith("PV")].set_index("area")
    off = (both["value"] - both["value_cbs"]).abs()
    assert len(off) == 12
    assert (off.drop(list(MOVED)) < 0.01).all() and (off < 0.8).all()


@pytest.mark.parametrize("year", range(2015, 2027))
def test_inhabitants_of_municipalities_add_up_to_province_and_country(year: int) -> None:
    count = weights("inwoners")
    count = count[count["year"] == year].set_index("area")["weight"]
    assert count[[p for p in count.index if p.startswith("PV")]].sum() == count["NL01"]
    for province, members in composition().items():
        if province.startswith("PV") and (province not in MOVED or year >= 2021):
            assert count[members].sum() == pytest.approx(count[province], rel=0.004), province
    if year >= 2021:
        assert count[composition()["NL01"]].sum() == count["NL01"]


@needs_shared
def test_inhabitants_are_those_of_the_population_table() -> None:
    """The edition takes them from the list of areas; table 03759ned says the same for every municipality."""
    table = pd.read_csv(SHARED / "data" / "cbs" / "03759ned_bevolking_2019_2026.csv")
    table = table[table["maat"] == "bevolking_1_januari"]
    other = pd.DataFrame(
        {
            "area": table["RegioS"].str.strip(),
            "year": table["Perioden"].str[:4].astype("int64"),
            "other": table["waarde"].astype(float),
        }
    )
    both = weights("inwoners").merge(other, on=KEY)
    both = both[both["area"].isin([*composition(), *composition()["NL01"]])]
    assert len(both) > 2000
    # Municipalities that took part in a reorganisation are made from parts; all others are equal to the person.
    same = (both["weight"] - both["other"]).abs() < 0.5
    assert same.mean() > 0.99
    assert same[both["year"] >= 2023].all() and same[both["area"] == "NL01"].all()


# --- Outside the software: numpy and scipy ---


def test_one_weighted_mean_by_numpy() -> None:
    rows = published("overgewicht").set_index(KEY)["value"]
    people = weights("inwoners").set_index(KEY)["weight"]
    members = [m for m in composition()["PV25"] if not math.isnan(rows.get((m, 2024), math.nan))]
    assert len(members) == 51
    mean = np.average([rows[(m, 2024)] for m in members], weights=[people[(m, 2024)] for m in members])
    ours = compared("overgewicht").set_index(KEY)["value"]
    assert ours[("PV25", 2024)] == pytest.approx(mean)
    assert mean == pytest.approx(rows[("PV25", 2024)], abs=0.15)


def test_one_interval_by_hand_with_scipy() -> None:
    """The Achterhoek 2024: standard errors from the published bounds, combined as independent."""
    achterhoek = definitions().region("achterhoek").codes
    rows = published("overgewicht")
    rows = rows[(rows["year"] == 2024) & rows["area"].isin(achterhoek)].merge(weights("inwoners"), on=KEY)
    assert len(rows) == 8
    z = stats.norm.ppf(0.975)
    share = rows["weight"] / rows["weight"].sum()
    error = np.sqrt((share**2 * ((rows["upper"] - rows["lower"]) / (2 * z)) ** 2).sum())
    mean = (share * rows["value"]).sum()
    low, high = stats.norm.interval(0.95, loc=mean, scale=error)
    shipped = edition().row("overgewicht", "achterhoek", 2024)
    assert shipped is not None
    assert [shipped["lower"], shipped["value"], shipped["upper"]] == pytest.approx([low, mean, high])


def test_three_municipalities_with_pencil_and_paper() -> None:
    # 20,000 people 50% ± 2, 30,000 people 54% ± 3, 50,000 people 58% ± 1.
    # Mean: (20 x 50 + 30 x 54 + 50 x 58) / 100 = 55.2.
    # Half-width: sqrt((0.2 x 2)^2 + (0.3 x 3)^2 + (0.5 x 1)^2) = sqrt(0.16 + 0.81 + 0.25) = 1.10454.
    values = pd.DataFrame(
        {
            "area": ["GM0001", "GM0002", "GM0003"],
            "year": 2024,
            "value": [50.0, 54.0, 58.0],
            "lower": [48.0, 51.0, 57.0],
            "upper": [52.0, 57.0, 59.0],
        }
    )
    people = pd.DataFrame({"area": values["area"], "year": 2024, "weight": [20_000, 30_000, 50_000]})
    made = aggregate("gewogen", values, people, {"streek": list(values["area"])}, intervals=True).iloc[0]
    assert [made["lower"], made["value"], made["upper"]] == pytest.approx([54.09546, 55.2, 56.30454], abs=1e-5)
