"""The edition that ships: what is in it, what is kept out of it, and that it can be made again."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitor.assessment import assess, change_of, rule_for
from monitor.snapshot.build import build
from monitor.snapshot.derive import NATIONAL_COVERAGE, derive
from monitor.snapshot.store import FILES, OBSERVATION_COLUMNS
from tests.spec_table import SHARED, SNAPSHOT, cases, definitions, edition, needs_shared, num

REGIONS = [r.id for r in definitions().regions]


@cache
def observations() -> pd.DataFrame:
    """The long frame with plain text columns."""
    return edition().observations.astype(
        dict.fromkeys(("indicator", "area", "status", "source", "basis", "missing"), str)
    )


def value(indicator: str, area: str, year: int) -> float:
    """One value; NaN when there is no row."""
    row = edition().row(indicator, area, year)
    return math.nan if row is None else float(row["value"])


def inhabitants(year: int) -> pd.Series:
    """Inhabitants on 1 January by area."""
    weights = edition().weights.astype({"quantity": str, "area": str})
    chosen = weights[(weights["quantity"] == "inwoners") & (weights["year"] == year)]
    return chosen.set_index("area")["value"]


# --- The contract of the frame ---


def test_the_long_frame_has_the_columns_and_types_of_the_contract() -> None:
    types = edition().observations.dtypes.astype(str).to_dict()
    assert list(types) == OBSERVATION_COLUMNS
    assert {k: types[k] for k in ("year", "members", "weight_year")} == {
        "year": "int16",
        "members": "int16",
        "weight_year": "int16",
    }
    assert {types[k] for k in ("value", "lower", "upper")} == {"float64"} and types["coverage"] == "float32"
    assert {types[k] for k in ("indicator", "area", "status", "source", "basis", "missing")} == {"category"}


def test_one_row_per_indicator_area_and_year_in_order() -> None:
    keys = observations()[["indicator", "area", "year"]]
    assert not keys.duplicated().any()
    assert keys.equals(keys.sort_values(["indicator", "area", "year"], ignore_index=True))


def test_all_indicators_and_every_municipality_of_the_current_layout() -> None:
    defined = {x.id for x in (*definitions().indicators, *definitions().cross_border)}
    assert set(observations()["indicator"]) == defined
    assert len(edition().municipalities) == 342
    municipal = observations()[observations()["area"].str.startswith("GM")]
    assert set(municipal["area"]) == set(edition().municipalities)


LEVELS = """
    level     | areas
    gemeente  | 342
    corop     | 40
    provincie | 12
    ggd       | 25
    land      | 1
"""


@pytest.mark.parametrize("case", cases(LEVELS))
def test_areas_of_every_level(case: dict[str, str]) -> None:
    assert (edition().areas["level"] == case["level"]).sum() == int(case["areas"])


def test_every_area_has_a_name_and_every_municipality_its_province_corop_and_ggd() -> None:
    areas = edition().areas.set_index("area")
    with_one_more = {f"{r.id}+{m.code}" for r in definitions().regions for m in r.candidates}
    assert len(with_one_more) >= 5
    comparable = {f"{r}~" for r in REGIONS}
    abroad = {"BE", "DE", *(n.id for n in definitions().neighbours)}
    own = {*areas.index, *REGIONS, *with_one_more, *comparable, *abroad, "npvr"}
    assert set(observations()["area"]) == own
    municipal = areas[areas["level"] == "gemeente"]
    for column, level in (("province", "provincie"), ("corop", "corop"), ("ggd", "ggd")):
        assert set(municipal[column]) == set(areas.index[areas["level"] == level])
    assert (areas["name"] != "").all()


def test_status_source_and_basis_are_known_words() -> None:
    assert set(observations()["status"]) <= {"definitief", "voorlopig", "nader voorlopig"}
    assert set(observations()["basis"]) == {"cbs", "eurostat", "provincies", "gemeenten"}
    assert set(observations()["source"]) <= {t.id for t in definitions().tables}
    assert set(observations()["source"]) <= set(edition().manifest["sources"])
    bounded = observations()[observations()["lower"].notna()]
    assert ((bounded["lower"] <= bounded["value"]) & (bounded["value"] <= bounded["upper"])).all()


def test_percentages_are_percentages() -> None:
    shares = [i.id for i in definitions().indicators if i.unit == "procent"]
    found = observations()[observations()["indicator"].isin(shares)]
    for column in ("value", "lower", "upper"):
        assert found[column].dropna().between(0, 100).all()


# --- Regions ---


def test_every_region_has_a_row_for_every_year_with_coverage_members_and_what_is_missing() -> None:
    members = {r.id: r.codes for r in definitions().regions}
    for indicator in definitions().indicators:
        rows = observations()[(observations()["indicator"] == indicator.id) & observations()["area"].isin(REGIONS)]
        if indicator.aggregation.kind == "geen":
            assert rows.empty
            continue
        asked = {(r, y) for r in REGIONS for y in edition().years(indicator.id)}
        assert set(zip(rows["area"], rows["year"], strict=True)) == asked
        for row in rows.itertuples():
            missing = set(row.missing.split())
            assert row.members == len(members[row.area]) and missing <= set(members[row.area])
            assert 0 <= row.coverage <= 1 and (row.coverage == 1) == (not missing)


def test_no_added_up_value_rests_on_less_than_half_and_what_is_refused_stays_visible() -> None:
    made = observations()[observations()["basis"] == "gemeenten"]
    assert (made["coverage"] >= 0.5)[made["value"].notna()].all()
    refused = made[made["value"].isna()]
    assert (refused["coverage"] < 0.5).all()
    # In 2022 half of the inhabitants around Tiel and three quarters around Hilversum are without a life satisfaction;
    # in 2019 the city of Groningen and Westerkwartier are without a WOZ value.
    cells = set(zip(refused["indicator"], refused["area"], refused["year"], strict=True))
    assert {c for c in cells if c[0] in ("tevredenheid-leven", "woz-waarde")} == {
        ("tevredenheid-leven", "CR16", 2022),
        ("tevredenheid-leven", "CR24", 2022),
        ("woz-waarde", "CR03", 2019),
        ("woz-waarde", "PV20", 2019),
    }
    # For the 11 regions only what CBS gives for some tens of municipalities, and carers in small samples.
    few = {"slachtofferschap", "vaak-onveilig", "tevredenheid-woning", "tevredenheid-woonomgeving"}
    assert {i for i, a, _ in cells if a in REGIONS} == few | {"zwaarbelaste-mantelzorgers"}


def test_a_sum_has_a_value_only_when_no_municipality_lacks() -> None:
    sums = [i.id for i in definitions().indicators if i.aggregation.kind == "som"]
    made = observations()[observations()["indicator"].isin(sums) & (observations()["basis"] == "gemeenten")]
    assert set(sums) == {"woningen", "inwoners"} and len(made) > 500
    assert ((made["missing"] == "") == made["value"].notna()).all()


def test_a_region_with_a_candidate_is_the_region_and_one_municipality_more() -> None:
    for region in definitions().regions:
        for candidate in region.candidates:
            rows = observations()[observations()["area"] == f"{region.id}+{candidate.code}"].set_index(
                ["indicator", "year"]
            )
            own = observations()[observations()["area"] == region.id].set_index(["indicator", "year"])
            assert rows.index.equals(own.index) and len(rows) > 400
            assert (rows["members"] == own["members"] + 1).all()
            people = inhabitants(2026)
            expected = sum(people[c] for c in (*region.codes, candidate.code))
            assert rows.loc[("inwoners", 2026), "value"] == pytest.approx(expected)


LIMITED = """
    case                        | indicator                 | region            | year | coverage | missing
    three of Noard-Fryslan      | tevredenheid-leven        | noard-fryslan     | 2022 | 0.664    | GM0059 GM0072 GM1891
    Zeeuws-Vlaanderen but Sluis | vrijwilligerswerk         | zeeuws-vlaanderen | 2022 | 0.780    | GM1714
    Waadhoeke 2017              | geregistreerde-misdrijven | noard-fryslan     | 2017 | 0.753    | GM1949
    all but Smallingerland      | vrijwilligerswerk         | zuidoost-fryslan  | 2022 | 0.704    | GM0090
"""


@pytest.mark.parametrize("case", cases(LIMITED))
def test_limited_coverage_is_told_with_the_municipalities_that_lack(case: dict[str, str]) -> None:
    region = definitions().region(case["region"])
    assessed = assess(edition(), definitions().indicator(case["indicator"]), region, int(case["year"]))
    assert assessed.value.coverage == pytest.approx(float(case["coverage"]), abs=0.001)
    assert " ".join(assessed.value.missing) == case["missing"]
    assert assessed.judgement.limited and not math.isnan(assessed.value.value)


def test_a_median_is_not_made_for_any_region_but_its_municipalities_are_there() -> None:
    never = [i.id for i in definitions().indicators if i.aggregation.kind == "geen"]
    assert len(never) == 6
    for name in never:
        areas = observations().loc[observations()["indicator"] == name, "area"]
        assert set(areas.str[:2]) <= {"GM", "PV"} and areas.str.startswith("GM").any(), name
    spread = observations()[
        (observations()["indicator"] == "mediaan-inkomen") & observations()["area"].str.startswith("GM")
    ]
    assert len(spread) > 3000


# --- Figures that were looked up beforehand ---

FACTS = """
    case                         | indicator                 | area                 | year | about    | within
    overweight, Achterhoek       | overgewicht               | achterhoek           | 2022 | 54.2     | 0.05
    overweight, the Netherlands  | overgewicht               | NL01                 | 2022 | 50.3     | 0
    health, the Netherlands 2020 | ervaren-gezondheid        | NL01                 | 2020 | 79.1     | 0
    health, the Netherlands 2022 | ervaren-gezondheid        | NL01                 | 2022 | 70.0     | 0
    health, the Netherlands 2024 | ervaren-gezondheid        | NL01                 | 2024 | 74.1     | 0
    built-up, not 34 by people   | bebouwd-terrein           | zuid-limburg         | 2017 | 23       | 0.5
    hospital, Noard-Fryslan      | afstand-ziekenhuis        | noard-fryslan        | 2024 | 16.4     | 0.05
    hospital, the Netherlands    | afstand-ziekenhuis        | NL01                 | 2024 | 4.9      | 0.05
    hospital, Achterhoek         | afstand-ziekenhuis        | achterhoek           | 2024 | 6.8      | 0.05
    65+ from counts, Achterhoek  | aandeel-65-plus           | achterhoek           | 2025 | 25.6     | 0.05
    crimes without Leeuwarden    | geregistreerde-misdrijven | noard-fryslan        | 2022 | 23.2     | 0.05
    crimes with Leeuwarden       | geregistreerde-misdrijven | noard-fryslan+GM0080 | 2022 | 35.6     | 0.05
    hospital with Leeuwarden     | afstand-ziekenhuis        | noard-fryslan+GM0080 | 2024 | 11.7     | 0.05
    no such year                 | overgewicht               | achterhoek           | 2021 | -        | 0
    inhabitants, Netherlands     | inwoners                  | NL01                 | 2025 | 18044027 | 0
"""


@pytest.mark.parametrize("case", cases(FACTS, "case"))
def test_known_figures(case: dict[str, str]) -> None:
    got = value(case["indicator"], case["area"], int(case["year"]))
    assert got == pytest.approx(num(case["about"]), abs=float(case["within"]) + 1e-9, nan_ok=True)


def test_the_achterhoek_has_more_overweight_than_the_netherlands() -> None:
    a = assess(edition(), definitions().indicator("overgewicht"), definitions().region("achterhoek"), 2022)
    assert (a.judgement.word, a.benchmark.value, a.benchmark.basis) == ("ongunstiger", 50.3, "cbs")
    assert a.value.lower < 54.2 < a.value.upper and a.value.lower > 50.3


def test_weighting_built_up_land_by_people_would_tell_another_story() -> None:
    codes = list(definitions().region("zuid-limburg").codes)
    people = [
        edition().weights.query("quantity == 'inwoners' and area == @c and year == 2017")["value"].item() for c in codes
    ]
    by_people = np.average([value("bebouwd-terrein", c, 2017) for c in codes], weights=people)
    assert by_people == pytest.approx(34, abs=1) and value("bebouwd-terrein", "zuid-limburg", 2017) < 24


# Population on 1 January as CBS publishes it (StatLine, table 37296ned).
POPULATION = """
    year | inhabitants
    2015 | 16900726
    2016 | 16979120
    2017 | 17081507
    2018 | 17181084
    2019 | 17282163
    2020 | 17407585
    2021 | 17475415
    2022 | 17590672
    2023 | 17811291
    2024 | 17942942
    2025 | 18044027
"""


@pytest.mark.parametrize("case", cases(POPULATION))
def test_inhabitants_of_the_netherlands(case: dict[str, str]) -> None:
    people, total = inhabitants(int(case["year"])), int(case["inhabitants"])
    assert people["NL01"] == total
    assert people[people.index.str.startswith("PV")].sum() == total
    # Until 2020 the inhabitants of Haaren (13,500 to 14,400), which cannot be divided, are in no municipality of now.
    lost = total - people[list(edition().municipalities)].sum()
    assert (13_000 < lost < 14_500) if int(case["year"]) <= 2020 else lost == 0


# --- The Netherlands: one value per year, and where it comes from ---

COUNTRY = """
    indicator                 | years                                             | basis
    overgewicht               | 2016 2020 2022 2024                               | cbs
    ervaren-gezondheid        | 2016 2020 2022 2024                               | cbs
    bebouwd-terrein           | 2015 2017                                         | cbs
    aandeel-65-plus           | 2025                                              | cbs
    aandeel-65-plus           | 2015 2016 2017 2018 2019                          | gemeenten
    geregistreerde-misdrijven | 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 | provincies
    geregistreerde-misdrijven | 2023 2024                                         | gemeenten
    tevredenheid-leven        | 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 | provincies
    vrijwilligerswerk         | 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 | provincies
    netto-arbeidsparticipatie | 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 | provincies
    netto-arbeidsparticipatie | 2023                                              | gemeenten
    werkloosheid              | 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 | provincies
    werkloosheid              | 2023                                              | gemeenten
    afstand-ziekenhuis        | 2024                                              | gemeenten
    woz-waarde                | 2015 2017 2018 2019 2022 2023 2024                | gemeenten
    fijnstof                  | 2015 2019 2020 2021                               | provincies
    aardgasverbruik           | 2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 | cbs
    vaak-onveilig             | 2021                                              | provincies
    tevredenheid-woonomgeving | 2015 2018 2021                                    | provincies
"""


@pytest.mark.parametrize("case", cases(COUNTRY, "indicator", "basis"))
def test_where_the_national_value_comes_from(case: dict[str, str]) -> None:
    rows = observations()[(observations()["area"] == "NL01") & (observations()["indicator"] == case["indicator"])]
    assert rows.loc[rows["basis"] == case["basis"], "year"].tolist() == [int(y) for y in case["years"].split()]
    assert rows.loc[rows["basis"] == case["basis"], "value"].notna().all()
    enough = 1.0 if case["basis"] != "gemeenten" else NATIONAL_COVERAGE
    assert (rows.loc[rows["basis"] == case["basis"], "coverage"] >= enough).all()


def test_provinces_weigh_as_the_municipalities_do() -> None:
    """The country from provinces: per square kilometre by land, per household by households, else the cities decide."""
    weights = edition().weights.astype({"quantity": str, "area": str})
    for name, quantity, year in (("fijnstof", "landoppervlakte", 2015), ("schuld-per-huishouden", "huishoudens", 2022)):
        count = weights[(weights["quantity"] == quantity) & (weights["year"] == year)].set_index("area")["value"]
        province = edition().areas.set_index("area")["province"]
        if not count.index.str.startswith("PV").any():
            count = count[[c for c in count.index if c in edition().municipalities]]
            count = count.groupby(province[count.index]).sum()
        codes = sorted(c for c in count.index if c.startswith("PV"))
        assert len(codes) == 12
        mean = np.average([value(name, p, year) for p in codes], weights=count[codes])
        assert value(name, "NL01", year) == pytest.approx(mean), name
        people = inhabitants(year)[codes]
        assert abs(mean - np.average([value(name, p, year) for p in codes], weights=people)) > 50, name


def national(keep: str) -> pd.Series:
    """The national overweight of 2024 when only some of the published rows are there."""
    own = observations()[(observations()["indicator"] == "overgewicht") & (observations()["basis"] == "cbs")]
    area = own["area"]
    kept = {
        "country, provinces, municipalities": area == area,
        "provinces, municipalities": area != "NL01",
        "11 provinces, municipalities": ~area.isin(["NL01", "PV20"]),
        "municipalities": area.str.startswith("GM"),
        "94% of the municipalities": area.str.startswith("GM") & ~area.isin(["GM0363", "GM0599"]),
    }[keep]
    rows = derive(definitions(), own[kept], edition().weights, edition().areas).observations
    found = rows[(rows["area"] == "NL01") & (rows["year"] == 2024)]
    assert len(found) == 1
    return found.iloc[0]


# 50.0 is what CBS publishes; the other two are weighted by inhabitants of 2024, worked out below.
ORDER = """
    published                          | basis      | value
    country, provinces, municipalities | cbs        | published
    provinces, municipalities          | provincies | from provinces
    11 provinces, municipalities       | gemeenten  | from municipalities
    municipalities                     | gemeenten  | from municipalities
    94% of the municipalities          | gemeenten  | none
"""


@pytest.mark.parametrize("case", cases(ORDER))
def test_the_order_of_national_values(case: dict[str, str]) -> None:
    people = inhabitants(2024)

    def mean(start: str) -> float:
        of = {a: value("overgewicht", a, 2024) for a in people.index if a.startswith(start)}
        known = [a for a, v in of.items() if not math.isnan(v)]
        return float(np.average([of[a] for a in known], weights=people[known]))

    expected = {
        "published": 50.0,
        "from provinces": mean("PV"),
        "from municipalities": mean("GM"),
        "none": math.nan,
    }[case["value"]]
    got = national(case["published"])
    assert (got["basis"], got["value"]) == (case["basis"], pytest.approx(expected, nan_ok=True))
    if case["value"] == "none":
        assert got["coverage"] < NATIONAL_COVERAGE and {"GM0363", "GM0599"} <= set(got["missing"].split())


# --- Breaks and seams ---

BREAKS = """
    indicator                 | break | comparable in the Achterhoek
    ervaren-gezondheid        | 2022  | 2022-2024
    geregistreerde-misdrijven | 2023  | 2023-2024
    overgewicht               | -     | 2016-2024
"""


@pytest.mark.parametrize("case", cases(BREAKS))
def test_a_break_keeps_years_apart(case: dict[str, str]) -> None:
    indicator = definitions().indicator(case["indicator"])
    assert [b.year for b in indicator.breaks] == ([] if case["break"] == "-" else [int(case["break"])])
    assert all(b.reason for b in indicator.breaks)
    got = change_of(edition(), indicator, "achterhoek")
    assert f"{got.first}-{got.last}" == case["comparable in the Achterhoek"]


def test_health_fell_everywhere_at_once_in_2022_which_is_why_there_is_a_break() -> None:
    fell = [
        value("ervaren-gezondheid", c, 2022) < value("ervaren-gezondheid", c, 2020) - 2
        for c in edition().municipalities
        if not math.isnan(value("ervaren-gezondheid", c, 2022))
    ]
    assert len(fell) == 340 and np.mean(fell) > 0.99


def test_crimes_change_source_where_the_break_is() -> None:
    rows = observations()[observations()["indicator"] == "geregistreerde-misdrijven"]
    assert set(rows.loc[rows["year"] <= 2022, "source"]) == {"RMBW-2023"}
    assert set(rows.loc[rows["year"] >= 2023, "source"]) == {"POLITIE"}
    assert set(rows.loc[rows["year"] == 2024, "status"]) == {"voorlopig"}
    assert set(rows.loc[rows["year"] < 2024, "status"]) == {"definitief"}
    whole = rows[(rows["year"] <= 2022) & rows["area"].str.startswith("GM")]["value"]
    assert (whole == whole.round()).all()


def test_exact_counts_and_whole_percents_of_65_plus_are_not_joined() -> None:
    assert edition().years("aandeel-65-plus") == [2015, 2016, 2017, 2018, 2019, 2025]


def test_the_relevant_difference_is_a_quarter_of_the_spread_between_corop_regions() -> None:
    for indicator in definitions().indicators:
        entry = edition().manifest["relevant_differences"].get(indicator.id)
        if indicator.aggregation.kind == "geen":
            assert entry is None
            continue
        if entry is None:
            few = edition().observations
            few = few[(few["indicator"] == indicator.id) & few["area"].astype(str).str.startswith("CR")]
            assert few[few["value"].notna()].groupby("year").size().max() < 30, indicator.id
            continue
        corop = observations()[
            (observations()["indicator"] == indicator.id)
            & (observations()["year"] == entry["year"])
            & observations()["area"].str.startswith("CR")
        ]["value"].dropna()
        assert len(corop) == entry["corops"] >= 30
        assert entry["value"] == pytest.approx(float(np.std(corop)) / 4)
        # What decides is what a legend shows: rounded, at least one step of the last decimal, or a stated choice.
        own, used = indicator.relevant_difference, rule_for(indicator, edition()).relevant
        step = 10.0**-indicator.decimals
        assert used == pytest.approx(own.value if own else max(round(entry["value"] / step), 1) * step)
        assert own is None or own.reason
        assert entry["year"] == edition().years(indicator.id)[-1]


def test_a_relevant_difference_is_never_rounded_away() -> None:
    # A quarter of the spread in the WOZ value is 17,000 euro; shown in hundreds of thousands that would be nothing.
    coarse = definitions().indicator("woz-waarde").model_copy(update={"decimals": -5})
    assert rule_for(coarse, edition()).relevant == 100_000


# --- The manifest ---


def test_the_manifest_says_of_every_source_what_it_is_and_on_what_terms() -> None:
    manifest = edition().manifest
    assert set(manifest["files"]) == set(FILES) == {p.name for p in SNAPSHOT.iterdir()} - {"manifest.json"}
    for key, source in manifest["sources"].items():
        for field in ("publisher", "title", "page", "licence"):
            assert source[field], (key, field)
        assert source["rows"] > 0 and len(source["sha256"]) == 64
    assert "EuroGeographics" in manifest["sources"]["BUURLANDEN"]["licence"]
    assert manifest["licence"].startswith("CC BY 4.0, bron: CBS")
    assert manifest["sources"]["BUURLANDEN"]["licence"] != manifest["sources"]["GRENZEN"]["licence"] == "CC BY 4.0"


def test_the_edition_is_small_enough_for_git() -> None:
    assert sum(p.stat().st_size for p in SNAPSHOT.iterdir()) < 3_000_000


# --- Made again ---


@needs_shared
def test_the_same_sources_give_the_same_bytes_and_those_that_ship(tmp_path: Path) -> None:
    first, second = tmp_path / "een" / "snapshot", tmp_path / "twee" / "snapshot"
    for folder in (first, second):
        build(definitions(), SHARED / "data", folder, "2026-11", "2026-11-21")
    for name in (*FILES, "manifest.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    if edition().edition == "2026-11":
        different = [n for n in (*FILES, "manifest.json") if (first / n).read_bytes() != (SNAPSHOT / n).read_bytes()]
        assert not different
