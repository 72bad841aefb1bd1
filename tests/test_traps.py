"""One test per trap that was found in the figures beforehand (shared/data/HERKOMST.md), on the edition that ships.

Each test names its trap in its first line, and fails when somebody steps into it again.
"""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

from monitor import sentences
from monitor.assessment import assess, assess_municipality, change_of, value_of
from monitor.definitions import Indicator
from monitor.figures.compose import Composer
from monitor.snapshot.build import Collector
from monitor.sources import Library
from monitor.statistics.change import comparable_years
from tests.spec_table import SHARED, cases, definitions, edition, needs_shared, num

KEY = ["area", "year"]


@cache
def observations() -> pd.DataFrame:
    """The long frame with plain text columns."""
    return edition().observations.astype(dict.fromkeys(("indicator", "area", "status", "source", "basis"), str))


def rows_of(indicator: str, level: str = "") -> pd.DataFrame:
    """Rows of an indicator, of one level by the beginning of its codes."""
    rows = observations()[observations()["indicator"] == indicator]
    return rows[rows["area"].str.startswith(level)]


def value(indicator: str, area: str, year: int) -> float:
    """One value; NaN when there is no row."""
    row = edition().row(indicator, area, year)
    return math.nan if row is None else float(row["value"])


def weights(quantity: str) -> pd.DataFrame:
    """A quantity: area, year, weight."""
    rows = edition().weights.astype({"quantity": str, "area": str})
    return rows[rows["quantity"] == quantity].rename(columns={"value": "weight"})[[*KEY, "weight"]]


@cache
def province_of() -> dict[str, str]:
    """Municipality -> province."""
    areas = edition().areas[edition().areas["level"] == "gemeente"]
    return dict(zip(areas["area"], areas["province"], strict=True))


def by_weight(indicator: str, quantity: str) -> pd.DataFrame:
    """Provinces from municipalities by some weight, beside what CBS publishes."""
    own = rows_of(indicator, "GM")[[*KEY, "value"]].dropna()
    count = weights(quantity)
    have = sorted(count["year"].unique())
    own = own.assign(counted=[min(have, key=lambda h: (abs(h - y), h)) for y in own["year"]])
    own = own.merge(count.rename(columns={"year": "counted"}), on=["area", "counted"])
    own = own.assign(province=own["area"].map(province_of()), wv=own["weight"] * own["value"])
    made = own.groupby(["province", "year"])[["wv", "weight"]].sum()
    made = (made["wv"] / made["weight"]).rename("made").reset_index().rename(columns={"province": "area"})
    return made.merge(rows_of(indicator, "PV")[[*KEY, "value"]].dropna(), on=KEY)


# --- Weights and means ---

WRONG_WEIGHT = """
    figure                   | wrong weight | off by at least | right weight    | off by at most
    bebouwd-terrein          | inwoners     | 15              | landoppervlakte | 0.8
    natuur-en-bos            | inwoners     | 5               | landoppervlakte | 0.9
    fijnstof                 | inwoners     | 550             | landoppervlakte | 60
    schuld-per-huishouden    | inwoners     | 1500            | huishoudens     | 500
    zonnevermogen-per-woning | inwoners     | 25              | woningen        | 9
"""


@pytest.mark.parametrize("case", cases(WRONG_WEIGHT))
def test_a_figure_is_added_up_by_its_own_weight(case: dict[str, str]) -> None:
    """Trap 'wrong weight': inhabitants instead of land, households or dwellings is far off CBS's provinces."""
    a = definitions().indicator(case["figure"]).aggregation
    assert (a.weight or a.denominator) == case["right weight"]
    wrong, right = (by_weight(case["figure"], case[k]) for k in ("wrong weight", "right weight"))
    assert len(right) == len(wrong) >= 24
    assert (wrong["made"] - wrong["value"]).abs().max() > float(case["off by at least"])
    assert (right["made"] - right["value"]).abs().max() < float(case["off by at most"])


def test_weights_exist_only_from_2015_and_an_older_figure_says_so() -> None:
    """Trap 'weights': inhabitants start in 2015, the RMBW in 2013; what stands in is told."""
    assert weights("inwoners")["year"].min() == 2015
    row = edition().row("vrijwilligerswerk", "achterhoek", 2013)
    assert row is not None and row["weight_year"] == 2015
    indicator = definitions().indicator("vrijwilligerswerk")
    said = sentences.weight(indicator, value_of(edition(), indicator, "achterhoek", 2013), "inwoners op 1 januari")
    assert "2015" in said and "van 2013 zijn die er niet" in said


def test_gross_domestic_product_is_left_out() -> None:
    """Trap 'RMBW, GDP': one municipality only, and constant prices beside nominal ones."""
    for i in definitions().indicators:
        assert "09_E_V_03" not in {m for s in i.sources for m in s.measures}
        assert not re.search(r"\bbbp\b|binnenlands product", f"{i.name} {i.caption}", re.IGNORECASE)


NATIONAL = """
    figure                    | provinces | municipalities that have one
    tevredenheid-woonomgeving | 83.8      | 79.7
    tevredenheid-woning       | 85.6      | 81.1
    slachtofferschap          | 334       | 432
"""


@pytest.mark.parametrize("case", cases(NATIONAL))
def test_the_country_comes_from_provinces_where_only_large_municipalities_have_a_figure(case: dict[str, str]) -> None:
    """Trap 'national mean from municipalities': cities are not the country."""
    row = edition().row(case["figure"], "NL01", 2021)
    assert row is not None and row["basis"] == "provincies"
    assert row["value"] == pytest.approx(num(case["provinces"]), rel=0.002)
    own = rows_of(case["figure"], "GM")
    own = own[own["year"] == 2021].merge(weights("inwoners"), on=KEY).dropna(subset=["value"])
    biased = np.average(own["value"], weights=own["weight"])
    assert len(own) < 60 and biased == pytest.approx(num(case["municipalities that have one"]), rel=0.003)
    assert abs(biased - row["value"]) > 4


def test_the_country_is_one_value_wherever_it_stands() -> None:
    """Trap 'the Netherlands': a line from municipalities beside a judgement from provinces; here they are one."""
    composer = Composer(definitions(), edition())
    region = definitions().region("twente")
    for name in ("vertrouwen-instituties", "geregistreerde-misdrijven", "overgewicht", "fijnstof"):
        indicator = definitions().indicator(name)
        trend = composer.trend(indicator, [region])
        land = next(s for s in trend.series if s.role == "land")
        for row in land.rows:
            if not math.isnan(row.value):
                a = assess(edition(), indicator, region, row.year)
                assert row.value == pytest.approx(a.benchmark.value, abs=0.5 * 10.0**-indicator.decimals), name
    assert value("vertrouwen-instituties", "NL01", 2022) == pytest.approx(61.3, abs=0.05)


# --- Survey, estimate, register ---


def test_an_estimate_without_margins_has_no_interval_and_no_trend() -> None:
    """Trap 'RMBW, survey-based without margins': no interval of ours, no verdict on change, 'indicatief' before it."""
    estimates = [
        i
        for i in definitions().indicators
        if i.aggregation.kind == "gewogen" and any(s.table == "RMBW-2023" for s in i.sources) and i.method != "register"
    ]
    assert len(estimates) >= 11
    for i in estimates:
        assert i.method == "modelschatting", i.id
        assert rows_of(i.id).query("basis == 'gemeenten'")["lower"].isna().all()
        assert rows_of(i.id, "GM")["lower"].isna().all()
        if i.judge_as is None:
            for region in definitions().regions:
                assert change_of(edition(), i, region.id).movement == "niet te beoordelen"
                j = assess(edition(), i, region).judgement
                assert j.outcome == "niet te beoordelen" or j.word.startswith("indicatief"), (i.id, region.id)


@pytest.mark.parametrize(
    "name",
    ["netto-arbeidsparticipatie", "bruto-arbeidsparticipatie", "werkloosheid", "hoogopgeleiden", "lager-opgeleiden"],
)
def test_labour_and_education_are_called_an_estimate_though_they_follow_the_register_rule(name: str) -> None:
    """Trap 'labour, education': no margin anywhere, so 'schatting' wherever the figure is told."""
    i = definitions().indicator(name)
    assert (i.method, i.judge_as) == ("modelschatting", "register")
    assert re.search(r"schatting|geschat", str(i.method_note)) and "regel voor registraties" in str(i.method_note)
    a = assess(edition(), i, definitions().region("zuid-limburg"))
    assert "naar schatting" in sentences.reading(a, definitions().region("zuid-limburg"))
    assert sentences.method(i) == "schatting" and not a.judgement.indicative
    assert a.judgement.outcome != "niet te beoordelen" and math.isnan(a.value.lower)


LABOUR = """
    year | net participation
    2020 | 69.6
    2021 | 70.4
    2022 | 72.2
"""


@pytest.mark.parametrize("case", cases(LABOUR))
def test_labour_is_already_revised_so_there_is_no_break(case: dict[str, str]) -> None:
    """Trap 'labour 2020-2022': the figures are on one definition; a break would hide a real change."""
    assert value("netto-arbeidsparticipatie", "NL01", int(case["year"])) == pytest.approx(
        num(case["net participation"]), abs=0.05
    )
    for name in ("netto-arbeidsparticipatie", "bruto-arbeidsparticipatie", "werkloosheid"):
        assert definitions().indicator(name).breaks == ()


# --- Status ---

STATUS = """
    figure                    | year | status
    aardgasverbruik           | 2021 | definitief
    aardgasverbruik           | 2022 | nader voorlopig
    aardgasverbruik           | 2023 | nader voorlopig
    aardgasverbruik           | 2024 | voorlopig
    zonnevermogen-totaal      | 2023 | definitief
    zonnevermogen-totaal      | 2024 | nader voorlopig
    geregistreerde-misdrijven | 2023 | definitief
    geregistreerde-misdrijven | 2024 | voorlopig
    gemiddeld-inkomen         | 2024 | voorlopig
    overgewicht               | 2024 | definitief
    bijstand                  | 2024 | definitief
"""


@pytest.mark.parametrize("case", cases(STATUS, "figure", "year"))
def test_a_status_is_of_a_source_and_a_year(case: dict[str, str]) -> None:
    """Trap 'status': no file carries it; it is set per source and year and goes along to every level."""
    rows = rows_of(case["figure"])
    rows = rows[rows["year"] == int(case["year"])]
    assert set(rows["status"]) == {case["status"]} and {"GM", "NL"} <= set(rows["area"].str[:2])
    assert "achterhoek" in set(rows["area"])


# --- Energy ---


def test_solar_power_of_half_a_year_is_left_out() -> None:
    """Trap '85005NED': 2025JJ00 is the state at 30 June; and the sectors were separated otherwise since 2021."""
    used = [(i, s) for i in definitions().indicators for s in i.sources if s.table == "85005NED"]
    assert len(used) == 2
    for i, spec in used:
        assert 2025 not in (spec.years or (2025,)) and 2025 not in edition().years(i.id)
        assert "30 juni 2025" in str(i.caveat)
    # Total and dwellings are two rows of one table; dwellings are the lesser.
    filters = {i.id: s.filters["SectorEnVermogensklasse"] for i, s in used}
    assert filters == {"zonnevermogen-per-woning": "E007037", "zonnevermogen-totaal": "E007161"}
    dwellings = definitions().indicator("zonnevermogen-per-woning")
    assert [b.year for b in dwellings.breaks] == [2023]
    spec = next(s for i, s in used if i.id == "zonnevermogen-per-woning")
    assert min(spec.years or ()) >= 2021


def test_gas_follows_the_weather_and_smart_meters_since_2022() -> None:
    """Trap '81528NED': no trend is judged, 2022 is a break, and nothing before the weights of 2015 is shown."""
    for name in ("aardgasverbruik", "elektriciteitslevering"):
        i = definitions().indicator(name)
        assert i.no_trend and [b.year for b in i.breaks] == [2022]
        assert min(edition().years(name)) == 2015  # before it, rounded to 50, and without Hollands Kroon
        for region in definitions().regions:
            got = change_of(edition(), i, region.id)
            assert got.movement == "niet te beoordelen" and got.first == 2022
            assert got.reason.rstrip(".") == (i.no_trend[0].lower() + i.no_trend[1:]).rstrip(".")
    assert re.search(r"weer|winter", str(definitions().indicator("aardgasverbruik").no_trend))
    assert not math.isnan(value("aardgasverbruik", "kop-van-noord-holland", 2015))  # Hollands Kroon is in it


# --- Gezondheidsmonitor ---


def test_perceived_health_has_a_break_in_2022() -> None:
    """Trap 'Gezondheidsmonitor': 79.1, 70.0, 74.1, falling in all but all municipalities: another way of asking."""
    assert [value("ervaren-gezondheid", "NL01", y) for y in (2020, 2022, 2024)] == [79.1, 70.0, 74.1]
    wide = rows_of("ervaren-gezondheid", "GM").pivot(index="area", columns="year", values="value")
    both = wide[[2020, 2022]].dropna()
    assert len(both) >= 338 and (both[2022] < both[2020]).mean() > 0.99
    for name in ("ervaren-gezondheid", "ervaren-gezondheid-18-64", "ervaren-gezondheid-65"):
        i = definitions().indicator(name)
        assert [b.year for b in i.breaks] == [2022]
        assert comparable_years(edition().years(name), [2022]) == [2022, 2024]


def test_overburdened_carers_have_a_break_in_2022() -> None:
    """Trap 'Gezondheidsmonitor': 13.5 to 18.7 in two years, everywhere at once."""
    assert [value("zwaarbelaste-mantelzorgers", "NL01", y) for y in (2020, 2022)] == [13.5, 18.7]
    i = definitions().indicator("zwaarbelaste-mantelzorgers")
    assert [b.year for b in i.breaks] == [2022] and "Waarschijnlijk" in i.breaks[0].reason
    assert change_of(edition(), i, "achterhoek").first == 2022


def test_limitations_of_2024_are_of_the_elderly_only_and_left_out() -> None:
    """Trap 'Gezondheidsmonitor': 14.5 to 22.8 is not a rise; the topic of 2024 is about people of 65 and older."""
    i = definitions().indicator("lichamelijke-beperking")
    assert edition().years(i.id) == [2016, 2020] and value(i.id, "NL01", 2020) == 14.5
    assert "65 jaar en ouder" in str(i.caveat) and "2024" in str(i.caveat)


def test_smoking_starts_in_2020_and_2016_is_about_people_from_19() -> None:
    """Trap 'Gezondheidsmonitor': smoking is not in 83674NED, and the first year asked people from 19."""
    assert edition().years("roken") == [2020, 2022, 2024]
    family = [i for i in definitions().indicators if any(s.table == "83674NED" for s in i.sources)]
    younger = [i for i in family if i.group != "65 jaar en ouder"]
    assert len(younger) > 10 and len(family) > len(younger)
    assert all("19" in str(i.caveat) for i in younger), [i.id for i in younger if "19" not in str(i.caveat)]


def test_weekly_sport_lacks_the_province_of_utrecht_in_2020() -> None:
    """Trap 'Gezondheidsmonitor': 25 of 26 municipalities have no figure, so the province is not made from the rest."""
    members = [c for c, p in province_of().items() if p == "PV26"]
    absent = [c for c in members if math.isnan(value("wekelijks-sporten", c, 2020))]
    assert len(members) == 26 and len(absent) >= 25
    row = edition().row("wekelijks-sporten", "PV26", 2020)
    assert row is not None and row["basis"] != "cbs" and math.isnan(row["value"])
    assert "Utrecht" in str(definitions().indicator("wekelijks-sporten").caveat)


# --- Crimes ---


def test_crimes_of_the_rmbw_and_of_the_police_meet_at_a_break() -> None:
    """Trap 'registered crimes': another count from 2023; no sentence bridges the seam."""
    i = definitions().indicator("geregistreerde-misdrijven")
    assert [b.year for b in i.breaks] == [2023]
    rows = rows_of(i.id)
    assert set(rows.loc[rows["year"] <= 2022, "source"]) == {"RMBW-2023"}
    assert set(rows.loc[rows["year"] >= 2023, "source"]) == {"POLITIE"}
    for region in definitions().regions:
        assert change_of(edition(), i, region.id).first == 2023
    lines = Composer(definitions(), edition()).trend(i, [definitions().region("twente")])
    for series in lines.series:
        for piece in series.pieces(tuple(y for y, _ in lines.breaks)):
            assert not piece[0].year <= 2022 < piece[-1].year


def test_waadhoeke_has_no_crimes_in_2017() -> None:
    """Trap 'registered crimes': Waadhoeke 2017 is missing, not zero; Noard-Fryslân then rests on less."""
    assert edition().row("geregistreerde-misdrijven", "GM1949", 2017) is None
    assert value("geregistreerde-misdrijven", "GM1949", 2016) > 20 < value("geregistreerde-misdrijven", "GM1949", 2018)
    region, i = definitions().region("noard-fryslan"), definitions().indicator("geregistreerde-misdrijven")
    a = assess(edition(), i, region, 2017)
    assert a.value.missing == ("GM1949",) and a.judgement.limited
    said = sentences.coverage(a.value, edition().names, "inwoners")
    assert said.startswith("Beperkte dekking") and "Waadhoeke" in said


# --- Land and air ---


def test_green_blue_space_has_five_years_and_an_unstated_unit() -> None:
    """Trap 'green-blue space': 2013, 2015, 2018, 2020 and 2021 only; that the unit is inferred is told."""
    assert edition().years("groenblauwe-ruimte") == [2013, 2015, 2018, 2020, 2021]
    i = definitions().indicator("groenblauwe-ruimte")
    assert i.unit == "m2-per-inwoner" and "noemt geen eenheid" in str(i.caveat)


def test_nature_per_inhabitant_is_computed_so_that_a_zero_is_a_zero() -> None:
    """Trap 'R_HN_MIL_02': its zeros may be rounded or missing; hectares and inhabitants say which."""
    i = definitions().indicator("natuur-per-inwoner")
    assert not i.sources and (i.aggregation.numerator, i.aggregation.denominator) == ("natuuroppervlakte", "inwoners")
    assert set(rows_of(i.id, "GM")["source"]) == {"70262NED"}
    hectares, people = (weights(q).set_index(KEY)["weight"] for q in ("natuuroppervlakte", "inwoners"))
    for name in ("GM0392", "GM0513", "GM0546", "GM0637"):  # Haarlem, Gouda, Leiden, Zoetermeer: 0 in the RMBW
        own = value(i.id, name, 2017)
        assert own == pytest.approx(1000 * hectares[name, 2017] / people[name, 2017]) and 0 <= own < 2
    assert len(rows_of(i.id, "GM").query("year == 2017").dropna(subset=["value"])) > 335


EXTREMES = """
    what                         | figure         | area              | at least
    a café from Schiermonnikoog  | afstand-cafe   | GM0088            | 23.9
    greenhouse gas, Amer plant   | broeikasgassen | GM0779            | 271
    fine dust, Velsen            | fijnstof       | GM0453            | 11800
    industry, Zeeuws-Vlaanderen  | broeikasgassen | zeeuws-vlaanderen | 75
"""


@pytest.mark.parametrize("case", cases(EXTREMES))
def test_a_real_extreme_is_kept(case: dict[str, str]) -> None:
    """Trap 'real extremes, not errors': they stand in the edition as published."""
    found = edition().series(case["figure"], case["area"])
    assert found["value"].max() >= num(case["at least"]) - 0.05
    if case["area"].startswith("GM"):
        assert found["value"].max() == rows_of(case["figure"], "GM")["value"].max()


# --- Distances ---


def test_hospitals_with_and_without_outpatient_clinics_are_two_figures_that_are_never_joined() -> None:
    """Traps 'KWB 2024' and 'hospital distance': 16.4 and 19.7 km, and the older series is the one without clinics."""
    assert value("afstand-ziekenhuis", "noard-fryslan", 2024) == pytest.approx(16.4, abs=0.05)
    assert value("afstand-ziekenhuis-zonder-poli", "noard-fryslan", 2024) == pytest.approx(19.7, abs=0.05)
    assert edition().years("afstand-ziekenhuis") == [2024]
    assert edition().years("afstand-ziekenhuis-zonder-poli") == [2022, 2024]
    assert [value("afstand-ziekenhuis-zonder-poli", "achterhoek", y) for y in (2022, 2024)] == pytest.approx(
        [9.9, 9.9], abs=0.05
    )
    assert value("afstand-ziekenhuis", "achterhoek", 2024) == pytest.approx(6.8, abs=0.05)
    for name, word in (("afstand-ziekenhuis", "incl"), ("afstand-ziekenhuis-zonder-poli", "excl")):
        (topic,) = (m for s in definitions().indicator(name).sources if s.table == "KWB-2024" for m in s.measures)
        assert f"_{word}_buitenpoli" in topic


def test_every_distance_says_that_what_lies_across_the_border_does_not_count() -> None:
    """Trap 'distances at the border': the note stands with every distance, and is shown for a border region."""
    distances = [i for i in definitions().indicators if 2 in i.goals and (i.unit == "km" or "binnen-5-km" in i.id)]
    assert len(distances) >= 30
    composer = Composer(definitions(), edition())
    border, inland = definitions().region("zeeuws-vlaanderen"), definitions().region("noard-fryslan")
    assert border.borders and not inland.borders
    for i in distances:
        assert i.border_note and re.search(r"Duitsland|België|grens", i.border_note), i.id
        assert "telt bij CBS niet mee" in i.border_note or "niet mee" in i.border_note, i.id
        assert i.border_note in composer.strip(i, border).notes, i.id
    assert distances[0].border_note not in composer.strip(distances[0], inland).notes


# --- Age ---


def test_shares_from_counts_never_join_whole_percents() -> None:
    """Trap 'age shares': 25.0 to 25.6 in the Achterhoek would be a jump of rounding only."""
    assert value("aandeel-65-plus", "achterhoek", 2025) == pytest.approx(25.6, abs=0.05)
    for name in ("aandeel-65-plus", "aandeel-80-plus"):
        i = definitions().indicator(name)
        tables = {s.table for s in i.sources} | {
            s.table for q in (i.aggregation.numerator,) if q for s in definitions().quantity(q).sources
        }
        assert tables == {"60039FVW", "70072NED"}, name
        # Tenths at least (80+ until 2019), so one value in ten is whole by chance.
        own = rows_of(name, "GM")["value"]
        assert (own == own.round()).mean() < 0.12
    for name in ("aandeel-0-15", "aandeel-15-25", "aandeel-25-45"):
        own = rows_of(name, "GM")
        assert set(own["source"]) <= {"KWB-REEKS", "KWB-2024"}
        merged = own["value"] != own["value"].round()
        assert merged.mean() < 0.12  # only municipalities that were put together later
        assert "hele procenten" in str(definitions().indicator(name).caveat)


# --- Coverage ---


def test_the_edge_of_coverage_runs_between_twente_and_zuid_limburg() -> None:
    """Trap 'coverage edge': 49.7% is refused, 50.3% is shown and called limited."""
    i = definitions().indicator("vaak-onveilig")
    twente, limburg = (assess(edition(), i, definitions().region(r), 2021) for r in ("twente", "zuid-limburg"))
    assert 0.49 < twente.value.coverage < 0.5 <= limburg.value.coverage < 0.51
    assert math.isnan(twente.value.value) and twente.judgement.outcome == "niet te beoordelen"
    assert twente.judgement.reason == "te weinig gemeenten hebben een cijfer"
    assert not math.isnan(limburg.value.value) and limburg.judgement.limited
    said = [sentences.coverage(a.value, edition().names, "inwoners") for a in (twente, limburg)]
    assert said[0].startswith("Te weinig dekking") and said[1].startswith("Beperkte dekking")


# --- Names and forms of files ---


def test_names_with_gemeente_behind_them_find_their_municipality() -> None:
    """Trap '70072ned 2025': 'Groningen (gemeente)' is Groningen; and all 342 have a figure."""
    rows = rows_of("aandeel-80-plus", "GM").query("year == 2025")
    assert len(rows) == 342 and rows["value"].notna().all()
    for code in ("GM0014", "GM0344"):  # Groningen and Utrecht share their name with a province
        assert value("aandeel-80-plus", code, 2025) > 0
    assert value("aandeel-65-plus", "NL01", 2025) == pytest.approx(20.8, abs=0.15)


def test_broken_quotes_lose_no_municipality() -> None:
    """Trap 'inkomen_huishoudens_2024.csv': doubled quotes at random places, names instead of codes."""
    rows = rows_of("gemiddeld-inkomen", "GM")
    # Of these the file itself has no mean: Ameland, Schiermonnikoog, Vlieland, Rozendaal, Renswoude.
    unknown = {"GM0060", "GM0088", "GM0096", "GM0277", "GM0339"}
    assert set(edition().municipalities) - set(rows["area"]) == unknown
    assert rows["value"].between(30_000, 160_000).all()
    # As they stand in the file: Aa en Hunze 42.5, Aalsmeer 52, Aalten 40.4, the Netherlands 41.9 thousand euro.
    found = {c: value("gemiddeld-inkomen", c, 2024) for c in ("GM1680", "GM0358", "GM0197", "NL01")}
    assert found == {"GM1680": 42_500, "GM0358": 52_000, "GM0197": 40_400, "NL01": 41_900}


def test_two_spellings_of_neighbourhood_are_one_word() -> None:
    """Trap 'rmbw_2023_provincies.csv': provinces join by an English label that is spelled in two ways."""
    spelled = [
        (i.id, s.province_label)
        for i in definitions().indicators
        for s in i.sources
        if s.province_label and re.search(r"neighbou?rhood", s.province_label)
    ]
    assert spelled
    for name, _ in spelled:
        assert len(rows_of(name, "PV").query("basis == 'cbs'").dropna(subset=["value"])) >= 12, name


@needs_shared
@pytest.mark.parametrize("spelling", ["neighborhood", "neighbourhood"])
def test_either_spelling_finds_the_provinces(spelling: str) -> None:
    """Trap 'rmbw_2023_provincies.csv', in the reader itself."""
    i = definitions().indicator("vaak-onveilig")
    (spec,) = i.sources
    label = re.sub(r"neighbou?rhood", spelling, str(spec.province_label))
    found = (
        Library(definitions(), SHARED / "data")
        .reader(spec.table)
        .read(spec.model_copy(update={"province_label": label}))
    )
    assert found["area"].str.startswith("PV").sum() >= 12


# --- Municipalities that are no more ---


def test_haaren_is_missing_and_not_guessed() -> None:
    """Trap 'old municipalities': Haaren was divided over four; nothing of it is spread over them."""
    assert [u.vanished for u in definitions().layout.unknown] == ["GM0788"]
    assert "GM0788" not in set(observations()["area"]) and "GM0788" not in {
        r.vanished for r in definitions().layout.reorganisations
    }
    people = weights("inwoners").set_index(KEY)["weight"]
    for year in (2015, 2020):
        lost = people["NL01", year] - sum(people[c, year] for c in edition().municipalities)
        assert 13_000 < lost < 14_500
    assert sum(people[c, 2021] for c in edition().municipalities) == people["NL01", 2021]


@needs_shared
def test_no_old_code_is_left_over_and_no_inhabitant_is_counted_twice() -> None:
    """Trap 'old municipalities': of every year all codes but Haaren's lead to a municipality of now."""
    library = Library(definitions(), SHARED / "data")
    current = set(edition().municipalities)
    raw = Collector(definitions(), library.reader, current).raw_quantity("inwoners")
    old = set(raw.loc[raw["area"].str.startswith("GM"), "area"]) - current
    known = {r.vanished for r in definitions().layout.reorganisations}
    assert old - known == {"GM0788"} and len(old) > 60


# --- The series of KWB, prices and estimates of 2023 ---


def test_house_prices_are_nominal_so_no_trend_is_judged() -> None:
    """Trap 'huizenprijzen': nominal euros and a mean over whatever was sold."""
    for name in ("huizenprijs", "woz-waarde"):
        i = definitions().indicator(name)
        assert i.no_trend and "inflatie" in i.no_trend and i.direction == "geen"
        assert change_of(edition(), i, "achterhoek").movement == "niet te beoordelen"


def test_dwellings_are_the_opening_stock() -> None:
    """Trap 'woningvoorraad': the opening stock is that of 1 January, as in the KWB; not the closing stock."""
    quantity = definitions().quantity("woningen")
    spec = next(s for s in quantity.sources if s.table == "81955NED")
    assert spec.measures == ("woningen_beginstand_voorraad",)
    stock = weights("woningen").set_index(KEY)["weight"]
    total = [sum(stock.get((c, y), 0.0) for c in edition().municipalities) for y in (2015, 2016, 2017)]
    assert total == sorted(total) and 1.003 < total[1] / total[0] < 1.015


def test_a_municipality_is_not_judged_where_nothing_says_how_certain_it_is() -> None:
    """Traps 'RMBW without margins' and 'RMBW, GDP': 31 to 52 municipalities, estimates, no margin: no verdict."""
    few: list[Indicator] = [
        definitions().indicator(n) for n in ("vaak-onveilig", "slachtofferschap", "sociale-cohesie")
    ]
    for i in few:
        rows = rows_of(i.id, "GM")
        assert rows.dropna(subset=["value"]).groupby("year").size().between(30, 55).all()
        for code in rows.loc[rows["year"] == 2021, "area"]:
            assert assess_municipality(edition(), i, code, 2021).judgement.outcome == "niet te beoordelen"


@pytest.mark.parametrize(("name", "value"), [("binnenlands-verhuissaldo", -53.6), ("buitenlands-migratiesaldo", 56.7)])
def test_moves_of_noord_en_oost_groningen_are_shown_and_never_judged_or_the_headline(name: str, value: float) -> None:
    """Trap: who registers in Ter Apel and then moves on counts as a move from abroad and as one to elsewhere."""
    indicator = definitions().indicator(name)
    region = definitions().region("noord-en-oost-groningen")
    a = assess(edition(), indicator, region, 2023)
    assert round(a.value.value, 1) == value
    assert a.judgement.outcome == "niet te beoordelen" and "niet bruikbaar" in a.judgement.reason
    assert assess(edition(), indicator, definitions().region("twente"), 2023).judgement.outcome != "niet te beoordelen"
    figure = Composer(definitions(), edition()).map(indicator, 2023, "gemeenten", None)
    assert region.name not in figure.headline and "van de 10 regio’s" in figure.headline
