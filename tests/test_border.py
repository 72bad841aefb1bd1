"""Both sides of the border: definitions, Eurostat's figures, the map's geometry, the page and its files."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from monitor.check import check
from monitor.definitions import Definitions, load
from monitor.errors import DefinitionError, SourceInvalid, UnknownName
from monitor.figures import paper, screen
from monitor.figures.border_map import Places, border_map, in_view, join
from monitor.figures.files import csv_bytes
from monitor.figures.geometry import read_detail, read_outlines
from monitor.refresh.run import refresh
from monitor.screens import border_html as html
from monitor.screens.border import LIMITS, BorderPage, border_years, compose_border, figure_of
from monitor.snapshot import store
from monitor.snapshot.border import border_rows
from monitor.snapshot.build import build
from monitor.sources import Library
from monitor.sources.eurostat import EurostatReader
from tests import refreshing
from tests.local_cbs import LocalCbs, shipped
from tests.spec_table import ROOT, SHARED, cases, definitions, edition, needs_shared
from tests.test_browser import SIZES, THOROUGH, browser_test, faults_of
from tests.test_browser import visit as open_page
from tests.test_pages import Plain, check_sound, control, flat, markup, read, url, visit

FIGURES = [f.id for f in definitions().cross_border]
BORDERS = {b.id: b for b in definitions().border_regions}
GDP, EU, MEDIAN = "bbp-per-inwoner-koopkracht", "bbp-per-inwoner-eu", "mediane-leeftijd"
AGES = ["leeftijd-0-14", "leeftijd-15-24", "leeftijd-25-44", "leeftijd-45-64", "leeftijd-65-plus"]


@cache
def places() -> Places:
    """Outlines of both sides, of the shipped edition."""
    snapshot, d = edition(), definitions()
    outlines = read_outlines(snapshot.folder, {r.id: r.codes for r in d.regions})
    return join(outlines, corops(), [n.id for n in d.neighbours])


@cache
def corops() -> dict[str, list[str]]:
    municipal = edition().areas[edition().areas["level"] == "gemeente"]
    return {str(c): list(g["area"]) for c, g in municipal.groupby("corop")}


@cache
def page(region: str, figure: str = GDP, year: int | None = None) -> BorderPage:
    d = definitions()
    return compose_border(d, edition(), places(), d.region(region), figure_of(d, figure), year)


def values(figure: str) -> pd.DataFrame:
    """Year by area, of all areas of one figure."""
    rows = edition().indicator(figure).astype({"area": str})
    return rows.pivot(index="year", columns="area", values="value")


# --- What is defined ---


def test_every_figure_says_what_it_is_and_what_it_cannot_say() -> None:
    assert {GDP, EU, MEDIAN, *AGES, "leeftijd-80-plus"} <= set(FIGURES)
    assert FIGURES[0] == GDP, "the page opens with it"
    for f in definitions().cross_border:
        assert f.not_comparable and all(t.endswith(".") for t in f.not_comparable), f.id
        assert f.description.endswith(".") and f.why.endswith("."), f.id
        assert definitions().table(f.source.table).publisher == "Eurostat"


def test_every_region_on_the_border_has_its_two_sides_and_no_other_region() -> None:
    assert set(BORDERS) == {r.id for r in definitions().regions if r.borders} and len(BORDERS) == 8


@pytest.mark.parametrize("region", BORDERS)
def test_own_corops_are_those_of_its_municipalities(region: str) -> None:
    """The first kind has most of its inhabitants in the region, the second kind has not."""
    codes = set(definitions().region(region).codes)
    touched = {c for c, members in corops().items() if codes & set(members)}
    assert set(BORDERS[region].own) == touched
    weights = edition().weights.astype({"quantity": str, "area": str})
    people = weights[(weights["quantity"] == "inwoners") & (weights["year"] == 2024)].set_index("area")["value"]
    for code in touched:
        share = people[[c for c in corops()[code] if c in codes]].sum() / people[corops()[code]].sum()
        assert (share >= 0.5) == (code in BORDERS[region].corop), (code, share)


@cache
def in_metres() -> dict[str, object]:
    to_rd = Transformer.from_crs(4326, 28992, always_xy=True).transform
    return {a: shapely.transform(g, to_rd, interleaved=False) for a, g in read_detail(edition().folder).items()}


# Outlines of both sides are simplified apart: up to this far apart they touch, and from there on they do not.
TOUCHES, APART = 500.0, 2000.0


@pytest.mark.parametrize("region", BORDERS)
def test_adjoining_is_what_touches_on_the_map(region: str) -> None:
    """By distance in metres between the outlines of the COROP regions and every region across the border."""
    shapes = in_metres()
    own = shapely.union_all([shapes[m] for c in BORDERS[region].own for m in corops()[c]])
    distance = {a: own.distance(g) for a, g in shapes.items() if not a.startswith("GM")}
    near = {a for a, metres in distance.items() if metres < TOUCHES}
    assert near == set(BORDERS[region].adjoining)
    between = {a: m for a, m in distance.items() if TOUCHES <= m < APART}
    assert not between, "too near to tell: look at the map"


BAD_FIGURES = """
    case             | old                                       | new                                | told
    no value         | "brengt de economie per inwoner {value} op" | "brengt veel op"                 | 'bbp-per-inwoner-koopkracht', veld '(geheel)': 'clause' moet {value} bevatten
    unknown table    | table: nama_10r_3gdp, measures: [bbp_pps_per_inwoner] | table: nama_10r_3gdb, measures: [bbp_pps_per_inwoner] | veld 'source.table': 'nama_10r_3gdb' staat er niet bij. Bedoelde u 'nama_10r_3gdp'?
    a CBS table      | table: demo_r_pjanind3, measures: [MEDAGEPOP] | table: KWB-2024, measures: [MEDAGEPOP] | 'mediane-leeftijd', veld 'source.table': 'KWB-2024' staat er niet bij
    unknown unit     | unit: koopkracht-euro                     | unit: dollar                       | veld 'unit': mag alleen
    unknown field    | unit: koopkracht-euro                     | eenheid: koopkracht-euro           | 'bbp-per-inwoner-koopkracht', veld
    id of a figure   | id: mediane-leeftijd                      | id: aandeel-65-plus                | over_de_grens.yaml, 'aandeel-65-plus', veld 'id': zo heet ook een indicator
    twice            | id: mediane-leeftijd                      | id: bbp-per-inwoner-eu             | over_de_grens.yaml: 'bbp-per-inwoner-eu' staat er twee keer in
"""  # noqa: E501
BAD_REGIONS = """
    case               | old                          | new                          | told
    unknown region     | id: twente                   | id: twnte                    | 'twnte', veld 'id': 'twnte' staat er niet bij. Bedoelde u 'twente'?
    not at the border  | id: twente                   | id: noard-fryslan            | 'noard-fryslan', veld 'id'
    unknown neighbour  | adjoining: [DE94B, DEA34]    | adjoining: [DE94B, DEA37]    | 'twente', veld 'adjoining': 'DEA37' staat er niet bij
    wrong country      | adjoining: [DE94B, DEA34]    | adjoining: [DE94B, BE251]    | 'twente', veld 'adjoining': noemt BE, DE, terwijl de regio volgens regions.yaml grenst aan DE
    not a COROP        | corop: [CR12]                | corop: [GM12]                | veld 'corop.0': heeft niet de juiste vorm
    no COROP           | corop: [CR12]                | corop: []                    | 'twente', veld 'corop'
    one left out       | id: twente                   | id: achterhoek               | border_regions.yaml: 'achterhoek' staat er twee keer in
"""  # noqa: E501


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scratch copy of the definitions."""
    shutil.copytree(ROOT / "data" / "definitions", tmp_path / "definitions")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> Callable[[], Definitions]:
    path = folder / "definitions" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return lambda: load(folder / "definitions", ROOT / "data" / "findings")


@pytest.mark.parametrize("case", cases(BAD_FIGURES))
def test_a_wrong_figure_is_told_with_file_entry_and_field(case: dict[str, str], folder: Path) -> None:
    with pytest.raises(DefinitionError) as found:
        change(folder, "over_de_grens.yaml", case["old"], case["new"])()
    assert "over_de_grens.yaml" in str(found.value) and case["told"] in str(found.value)
    assert found.value.way_out.endswith((".", "?"))


@pytest.mark.parametrize("case", cases(BAD_REGIONS))
def test_a_wrong_region_is_told_with_file_entry_and_field(case: dict[str, str], folder: Path) -> None:
    with pytest.raises(DefinitionError) as found:
        change(folder, "border_regions.yaml", case["old"], case["new"])()
    assert "border_regions.yaml" in str(found.value) and case["told"] in str(found.value)


def test_a_region_on_the_border_may_not_be_left_out(folder: Path) -> None:
    whole = (folder / "definitions" / "border_regions.yaml").read_text(encoding="utf-8")
    entry = re.search(r"- id: twente\n(?:  .*\n)+", whole)
    assert entry
    with pytest.raises(DefinitionError, match="'twente' staat er niet bij"):
        change(folder, "border_regions.yaml", entry[0], "")()


def test_what_a_field_may_be_stands_in_the_module_that_the_message_names(folder: Path) -> None:
    with pytest.raises(DefinitionError, match=r"monitor/definitions/border\.py"):
        change(folder, "border_regions.yaml", "corop: [CR12]", "corop: [X]")()


# --- What the edition holds ---


def test_the_edition_agrees_with_the_definitions_and_says_so_when_it_does_not() -> None:
    report = check(definitions(), edition())
    assert dict(report.counts)["cijfers van over de grens"] == len(FIGURES) and not report.problems
    rows = edition().observations
    thin = replace(edition(), observations=rows[~((rows["indicator"] == MEDIAN) & (rows["area"] == "DEA34"))])
    assert f"cijfer over de grens '{MEDIAN}' heeft geen waarde voor DEA34" in check(definitions(), thin).problems
    fewer = replace(definitions(), cross_border=definitions().cross_border[1:])
    assert any(GDP in p and "geen definitie" in p for p in check(fewer, edition()).problems)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_area_has_a_value_and_says_where_it_comes_from(figure: str) -> None:
    rows = edition().indicator(figure).astype(dict.fromkeys(("area", "basis", "source"), str))
    abroad = {n.id for n in definitions().neighbours}
    assert set(rows["area"]) == {*corops(), *abroad, "NL01", "BE", "DE"}
    assert set(rows["basis"]) == {"eurostat"}
    assert set(rows["source"]) == {figure_of(definitions(), figure).source.table}
    assert (rows["coverage"] == 1).all() and rows["lower"].isna().all()


YEARS = """
    figure                     | first | last
    bbp-per-inwoner-koopkracht | 2000  | 2020
    mediane-leeftijd           | 2014  | 2022
    leeftijd-80-plus           | 2014  | 2022
"""


@pytest.mark.parametrize("case", cases(YEARS))
def test_years_are_those_with_a_value_on_both_sides(case: dict[str, str]) -> None:
    found = border_years(definitions(), edition(), figure_of(definitions(), case["figure"]))
    assert found == list(range(int(case["first"]), int(case["last"]) + 1))


# --- Numbers against something that is not ours ---


def test_the_ages_together_are_everybody() -> None:
    """Five shares that each are rounded to a tenth: at most 0.3 from 100."""
    total = sum(values(a) for a in AGES).stack().dropna()
    assert len(total) > 500 and (total - 100).abs().max() <= 0.3


def test_of_all_people_those_over_80_are_part_of_those_over_65() -> None:
    older, old = values("leeftijd-80-plus").stack().dropna(), values("leeftijd-65-plus").stack().dropna()
    assert len(old) > 500 and (older < old[older.index]).all()


def test_prices_differ_by_country_and_not_by_region() -> None:
    """Euros per KKS: within a country and a year the same for every area, up to rounding.

    The share of the Union is in plain euros, KKS are euros of equal purchasing power. Their quotient is the price
    level, that is measured by country. Shares are whole percents (0.7% of 72) and KKS hundreds (0.35% of 14,100).
    """
    quotient = values(EU) / values(GDP)
    levels = {}
    for country in ("NL", "BE", "DE"):
        areas = [a for a in quotient if a.startswith("CR" if country == "NL" else country)]
        own = quotient[[*areas, "NL01"] if country == "NL" else areas].loc[2000:2020]
        level = own.median(axis=1)
        assert own.div(level, axis=0).sub(1).abs().stack().dropna().max() < 0.013, country
        levels[country] = level[2020]
    assert levels["NL"] > levels["BE"] * 1.03 > levels["DE"], "the Netherlands are dearest"


@needs_shared
def test_the_share_of_the_union_is_in_plain_euros() -> None:
    """Euros divided by the share is the mean of the Union: 30.000 euro in 2020, for every area up to rounding."""
    table = SHARED / "data" / "cbs" / "reeksen" / "eurostat_nuts3_nl_en_grens_be_de.csv"
    rows = pd.read_csv(table)
    euro = rows[rows["indicator"] == "bbp_euro_per_inwoner"].set_index(["statcode", "jaar"])["waarde"]
    share = rows[rows["indicator"] == "bbp_per_inwoner_pct_eu27"].set_index(["statcode", "jaar"])["waarde"]
    mean = (100 * euro / share).rename("mean").reset_index()
    middle = mean.groupby("jaar")["mean"].median()
    assert (mean["mean"] / mean["jaar"].map(middle) - 1).abs().max() < 0.01
    assert middle[2020] == pytest.approx(30_000, rel=0.005)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_country_lies_between_its_lowest_and_highest_region(figure: str) -> None:
    table = values(figure)
    dutch = table[list(corops())].dropna(how="all")
    country = table["NL01"].loc[dutch.index]
    assert (dutch.min(axis=1) < country).all() and (country < dutch.max(axis=1)).all()


def test_the_share_of_older_people_is_that_of_cbs() -> None:
    """CBS counts municipalities on 1 January, we add them up; Eurostat gives a tenth of a percent for NUTS 3 of 2021.

    Measured over 2015-2019: half of the 200 pairs at most 0.03 percent points apart, the Netherlands 0.05. Groningen
    lies apart (0.34): its municipalities were reorganised over the border between COROP regions.
    """
    ours, theirs = values("aandeel-65-plus"), values("leeftijd-65-plus")
    years = [y for y in ours.index if y in theirs.index]
    assert len(years) >= 5
    gap = (ours.loc[years] - theirs.loc[years]).abs()
    assert gap[list(corops())].stack().median() < 0.04 and gap[list(corops())].stack().max() < 0.35
    assert gap[[c for c in corops() if c not in ("CR01", "CR03")]].stack().max() < 0.2
    assert gap["NL01"].max() <= 0.051


FACTS = """
    area  | figure                     | year | value
    CR14  | bbp-per-inwoner-koopkracht | 2020 | 28800
    DEA34 | bbp-per-inwoner-koopkracht | 2020 | 35100
    NL01  | bbp-per-inwoner-koopkracht | 2020 | 39200
    DE    | bbp-per-inwoner-koopkracht | 2020 | 37000
    BE211 | bbp-per-inwoner-koopkracht | 2020 | 43000
    CR31  | mediane-leeftijd           | 2022 | 50.0
    CR39  | leeftijd-65-plus           | 2022 | 25.3
"""


@pytest.mark.parametrize("case", cases(FACTS, "area", "figure"))
def test_a_value_is_the_one_in_the_table(case: dict[str, str]) -> None:
    row = edition().row(case["figure"], case["area"], int(case["year"]))
    assert row is not None and row["value"] == float(case["value"])


# --- Reading the table ---

TABLE = definitions().table("demo_r_pjanind3")
HEAD = "tabel_of_bron,indicator,statcode,jaar,waarde\n"
ROWS = HEAD + "".join(
    f"Eurostat demo_r_pjanind3,X,{code},2020,{value}\n"
    for code, value in (
        ("NL111", 1.5), ("NL11", 9), ("NL1", 9), ("NL", 2.5), ("NLZZZ", 9), ("BE", 3.5), ("DEA34", 4.5), ("DE", 5.5),
    )
)  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., EurostatReader]:
    """A reader of a small table; ``pairs`` are the lines of the list of COROP regions."""

    def made(rows: str = ROWS, pairs: list[str] | None = None) -> EurostatReader:
        lines = pairs if pairs is not None else [f"CR{k:02},NL{110 + k}" for k in range(1, 41)]
        (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
        (tmp_path / "pairs.csv").write_text("corop,nuts3_2021\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return EurostatReader(TABLE.model_copy(update={"file": "rows.csv", "extra_file": "pairs.csv"}), tmp_path)

    return made


def spec(measure: str = "X", **more: object):  # type: ignore[no-untyped-def]
    from monitor.definitions.models import SourceSpec

    return SourceSpec(table=TABLE.id, measures=(measure,), **more)  # type: ignore[arg-type]


def test_dutch_regions_become_corops_and_others_keep_their_id(table: Callable[..., EurostatReader]) -> None:
    found = table().read(spec()).set_index("area")["value"].to_dict()
    assert found == {"CR01": 1.5, "NL01": 2.5, "BE": 3.5, "DEA34": 4.5, "DE": 5.5}


def test_other_tables_in_the_file_are_left_alone(table: Callable[..., EurostatReader]) -> None:
    with pytest.raises(SourceInvalid, match="heeft geen rijen van tabel demo_r_pjanind3"):
        table(HEAD + "Eurostat nama_10r_3gdp,X,DE,2020,1\n")


def test_what_the_table_lacks_is_told(table: Callable[..., EurostatReader]) -> None:
    with pytest.raises(SourceInvalid, match="heeft geen cijfer 'Y'"):
        table().read(spec("Y"))
    with pytest.raises(SourceInvalid, match="2021"):
        table().read(spec(years=(2020, 2021)))
    twice = ROWS + "Eurostat demo_r_pjanind3,X,DE,2020,6\n"
    with pytest.raises(SourceInvalid, match="twee keer in voor DE, 2020"):
        table(twice).read(spec())


def test_a_list_of_corops_that_does_not_fit_is_refused(table: Callable[..., EurostatReader]) -> None:
    with pytest.raises(SourceInvalid, match="heeft 1 regels"):
        table(pairs=["CR01,NL111"])
    with pytest.raises(SourceInvalid, match="twee keer"):
        table(pairs=[f"CR01,NL{110 + k}" for k in range(1, 41)])
    with pytest.raises(SourceInvalid, match="NL111 hoort bij geen COROP-gebied"):
        table(pairs=[f"CR{k:02},NL{300 + k}" for k in range(1, 41)])


# --- A further figure is one entry ---

ENTRY = """
- id: grijze-druk
  name: "Ouderen naast werkenden"
  caption: "Inwoners van 65 jaar en ouder per 100 van 15 tot 65 jaar (%)"
  clause: "zijn er {value} zoveel 65-plussers als mensen van 15 tot 65 jaar"
  unit: procent
  decimals: 1
  description: "Een proef met een kolom die al in de tabel staat."
  why: "Een proef."
  not_comparable: ["De proefzin over grijze druk."]
  source: {table: demo_r_pjanind3, measures: [OLDDEP1]}
"""


@needs_shared
def test_a_further_eurostat_figure_is_one_entry(folder: Path) -> None:
    """From an entry in YAML to the edition, the page, the map, the lines and the files; nothing else."""
    used = {m for f in definitions().cross_border for m in f.source.measures}
    assert "OLDDEP1" not in used
    assert not any("OLDDEP1" in p.read_text(encoding="utf-8") for p in (ROOT / "monitor").rglob("*.py"))
    path = folder / "definitions" / "over_de_grens.yaml"
    path.write_text(path.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    whole = load(folder / "definitions", ROOT / "data" / "findings")
    figure = figure_of(whole, "grijze-druk")
    assert len(whole.cross_border) == len(FIGURES) + 1

    # Without indicators the whole edition takes seconds.
    small = replace(
        whole,
        indicators=(),
        quantities=(whole.quantity("inwoners"),),
        tables=tuple(
            t
            for t in whole.tables
            if t.id in {"GEBIEDEN", figure.source.table, "nama_10r_3gdp"}
            or t.id in {s.table for s in whole.quantity("inwoners").sources}
        ),
        findings=(),
    )
    made = build(small, SHARED / "data", folder / "snapshot", "proef")
    assert "OLDDEP1" not in str(made.manifest["sources"]) and figure.source.table in made.manifest["sources"]
    d = small
    shown = compose_border(d, made, places(), d.region("zuid-limburg"), figure)
    row = made.row("grijze-druk", "CR39", 2022)
    assert row is not None and f"{row['value']:.1f}".replace(".", ",") in shown.headline
    assert shown.headline.startswith("In het COROP-gebied Zuid-Limburg zijn er") and shown.year == 2022
    assert "De proefzin over grijze druk." in html.limits(shown)
    assert "Aken" in html.strip(shown.figure) and "Aken" in border_map(shown.figure, places())
    assert len(shown.trend.series) == 9 and b"<svg" in paper.svg(shown.figure, places(), "link")
    assert "demo_r_pjanind3" in csv_bytes(shown.figure, "link").decode("utf-8-sig")


@needs_shared
def test_the_rows_of_the_edition_are_those_of_the_source() -> None:
    library = Library(definitions(), SHARED / "data")
    fresh = border_rows(definitions(), library.reader)
    rows = edition().observations
    assert len(fresh) == (rows["basis"] == "eurostat").sum()


@pytest.mark.slow
def test_a_refresh_of_a_cbs_table_keeps_what_lies_across_the_border(tmp_path: Path) -> None:
    """One municipality is revised, so that a new edition is made."""
    target = tmp_path / "data" / "snapshot"
    shutil.copytree(ROOT / "data" / "snapshot", target)
    with LocalCbs(shipped("86137NED")) as cbs:
        cbs.revise("86137NED", "GM0294", "Overgewicht", 2.0)
        done = refresh(definitions(), target, only=["86137NED"], settings=refreshing.settings(cbs, timeout=10))
    assert not done.unchanged
    kept = [s.observations[s.observations["basis"] == "eurostat"] for s in (edition(), store.read(target))]
    before, after = (k[["area", "year", "value", "source"]].astype({"area": str, "source": str}) for k in kept)
    assert len(before) > 6000
    pd.testing.assert_frame_equal(before.reset_index(drop=True), after.reset_index(drop=True))


# --- What the page contains ---


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("region", BORDERS)
def test_every_region_has_every_figure(region: str, figure: str) -> None:
    p, border = page(region, figure), BORDERS[region]
    drawn = p.figure
    assert {a.row.area for a in drawn.compared} == {*border.own, *border.adjoining}
    known = [a.row.value for a in drawn.compared if not math.isnan(a.row.value)]
    assert known == sorted(known, reverse=True) and len(known) == len(drawn.compared), "the last year that is whole"
    assert [a.number for a in drawn.compared] == list(range(1, len(drawn.compared) + 1))
    countries = {"NL", *definitions().region(region).borders}
    assert {a.country for a in drawn.countries} == countries
    assert all(re.search(r"\d", p.headline) and str(p.year) in p.headline for _ in [0])
    for text in (p.headline, p.lead, p.same, p.trend.sentence, *p.limits, *drawn.notes):
        assert not re.search(r"\d\.\d{1,2}(?!\d)|\d,\d{3}|nan|None", text), text
    assert {s.area for s in p.trend.series} == {*border.own, *border.adjoining, "NL01"}
    assert [s.role for s in p.trend.series].count("gekozen") == len(border.own)
    assert all(s.named for s in p.trend.series if s.role == "overig")
    assert set(p.definition.not_comparable) <= set(p.limits) and set(LIMITS) <= set(p.limits)


HEADLINES = """
    region                  | figure                     | year | headline
    achterhoek              | bbp-per-inwoner-koopkracht | -    | In het COROP-gebied Achterhoek brengt de economie per inwoner 28.800 KKS op, over de grens 28.500 tot 35.100 KKS (2020)
    zuid-limburg            | leeftijd-65-plus           | -    | In het COROP-gebied Zuid-Limburg is 25,3% van de inwoners 65 jaar of ouder, over de grens 19,3 tot 21,8% (2022)
    noord-en-oost-groningen | mediane-leeftijd           | -    | In de COROP-gebieden Delfzijl en omgeving en Oost-Groningen is de helft van de inwoners ouder dan 48,9 tot 49,1 jaar, over de grens 44,3 tot 46,6 jaar (2022)
    zeeuws-vlaanderen       | bbp-per-inwoner-koopkracht | 2001 | In het COROP-gebied Zeeuwsch-Vlaanderen brengt de economie per inwoner 23.600 KKS op (2001); over de grens is er geen cijfer
"""  # noqa: E501


@pytest.mark.parametrize("case", cases(HEADLINES))
def test_the_sentence_above_the_page(case: dict[str, str]) -> None:
    year = None if case["year"] == "-" else int(case["year"])
    assert flat(page(case["region"], case["figure"], year).headline) == case["headline"]


def test_how_the_corops_relate_to_the_region_is_said() -> None:
    assert page("twente").same == "Het COROP-gebied Twente heeft dezelfde gemeenten als de regio."
    assert "horen ook Brummen, Lochem en Zutphen" in page("achterhoek").same and "26%" in page("achterhoek").same
    assert "Groningen en Westerkwartier" in page("noord-en-oost-groningen").same
    assert "water van de Schelde" in page("zeeuws-vlaanderen").same


def test_a_median_is_never_averaged_and_no_sum_is_made() -> None:
    """Every number on the page is one that Eurostat gives for that very area."""
    for region in BORDERS:
        for a in page(region, MEDIAN).figure.areas:
            row = edition().row(MEDIAN, a.row.area, a.row.year)
            assert row is not None and row["value"] == pytest.approx(a.row.value)
    assert "niet gemiddeld" in " ".join(page("twente", MEDIAN).figure.notes)


def test_a_missing_year_interrupts_the_line_and_is_told() -> None:
    trend = page("zuid-limburg").trend
    maaseik = next(s for s in trend.series if s.name == "Maaseik")
    assert [piece[0].year for piece in maaseik.pieces(())] == [2003, 2017]
    told = " ".join(trend.notes)
    assert "Maaseik en Tongeren hebben geen cijfer over 2000 tot en met 2002 en 2009 tot en met 2016." in told
    assert "Over 2021 is er al wel een cijfer voor" in told
    assert not html.remarks(page("achterhoek"))
    assert "2021" not in {str(r.year) for r in trend.rows}


def test_an_area_without_a_value_is_white_and_named() -> None:
    p = page("zuid-limburg", GDP, 2010)
    blank = [a.row.name for a in p.figure.compared if math.isnan(a.row.value)]
    assert blank == ["Maaseik", "Tongeren"] or set(blank) == {"Maaseik", "Tongeren"}
    assert "Wit: geen cijfer over dit jaar (" in html.legend(p.figure) and "Tongeren" in html.legend(p.figure)
    assert html.strip(p.figure).count("geen cijfer") == 2
    assert 'fill="#FFFFFF"' in border_map(p.figure, places())
    assert [r[4] for r in p.figure.table().cells if r[0] == "Tongeren"] == ["onbekend"]


def test_what_is_asked_and_does_not_exist_is_refused_in_words() -> None:
    d = definitions()
    with pytest.raises(UnknownName, match="Noard-Fryslân ligt niet aan de grens"):
        compose_border(d, edition(), places(), d.region("noard-fryslan"), d.cross_border[0])
    with pytest.raises(UnknownName, match=r"Over 2021 heeft dit cijfer geen waarde\. Er zijn cijfers tot en met 2020"):
        compose_border(d, edition(), places(), d.region("twente"), d.cross_border[0], 2021)
    with pytest.raises(UnknownName, match="Onbekend cijfer over de grens 'x'"):
        figure_of(d, "x")


# --- The map ---


@pytest.mark.parametrize("region", BORDERS)
def test_the_map_shows_both_sides_with_names(region: str) -> None:
    figure = page(region).figure
    drawn = border_map(figure, places())
    assert drawn.count("\n") == 0 and len(drawn) < 60_000
    root = ET.fromstring(drawn.replace("&nbsp;", " "))
    titles = [t.text or "" for t in root.iter("title")]
    assert len(titles) == len(figure.mapped)
    for a in figure.compared:
        assert f"{a.row.name}: {figure.text(a.row.value)}" in titles
    texts = ["".join(t.itertext()) for t in root.iter("text")]
    for a in figure.compared:
        assert any(a.row.name in t for t in texts) and str(a.number) in texts
    west, south, east, north = figure.window
    for a in figure.compared:
        inside = places().areas[a.row.area].intersection(shapely.box(west, south, east, north))
        assert not inside.is_empty
    assert set(in_view(places(), figure.window)) | {a.row.area for a in figure.compared} == {
        a.row.area for a in figure.mapped
    }


@pytest.mark.parametrize("region", BORDERS)
def test_names_on_the_map_do_not_overlap(region: str) -> None:
    """By their boxes at the width for which they are placed."""
    from monitor.figures import border_map as module

    figure = page(region).figure
    boxes: list[tuple[float, float, float, float]] = []
    original = module._apart

    def caught(labels, tall):  # type: ignore[no-untyped-def]
        made = original(labels, tall)
        boxes.extend((m.x - m.half, m.y - 8 * len(m.lines), m.x + m.half, m.y + 8 * len(m.lines)) for m in made)
        return made

    module._apart = caught
    try:
        border_map(figure, places())
    finally:
        module._apart = original
    assert len(boxes) >= len(figure.compared)
    for k, a in enumerate(boxes):
        assert a[0] >= 0 and a[2] <= module.WIDE
        for b in boxes[:k]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_colours_go_with_the_legend() -> None:
    figure = page("zuid-limburg", "leeftijd-65-plus").figure
    assert sum(c.count for c in figure.classes) == sum(not math.isnan(a.row.value) for a in figure.mapped)
    assert len(figure.classes) == 5


def test_texts_from_definitions_cannot_become_markup() -> None:
    p = page("twente")
    row = replace(p.figure.areas[0].row, name="<script>x</script>")
    areas = (replace(p.figure.areas[0], row=row), *p.figure.areas[1:])
    bad = replace(p.figure, title="<b>", caption="<i>", alt='"><script>', areas=areas)
    for made in (html.strip(bad), html.legend(bad), border_map(bad, places())):
        assert "<script>" not in made and "<i>" not in made.replace("<i style", "")


# --- Files ---


def test_the_table_and_the_file_hold_every_number_with_source_and_terms() -> None:
    p = page("midden-limburg")
    table = p.figure.table()
    assert table.headers == ("Gebied", "Land", "Ligging", "Jaar", "Waarde (euro van gelijke koopkracht (KKS))")
    assert len(table.cells) == len(p.figure.areas)
    assert {c[2] for c in table.cells} >= {"in de regio", "over de grens", "land als geheel"}
    lines = list(csv.reader(io.StringIO(csv_bytes(p.figure, "link").decode("utf-8-sig")), delimiter=";"))
    assert ["Midden-Limburg", "Nederland", "in de regio", "2020", "33100"] in lines
    told = {r[0]: r[1] for r in lines if len(r) == 2}
    assert "nama_10r_3gdp" in told["Bron"] and told["Bron"].endswith("(hergebruik met bronvermelding)")
    assert "CC BY" not in told["Bron"] and told["Titel"] == p.figure.title


def test_on_paper_every_area_has_its_name_and_number() -> None:
    p = page("noord-limburg")
    drawn = paper.svg(p.figure, places(), "adres").decode("utf-8")
    for a in p.figure.compared:
        assert f"{a.row.name}: {p.figure.text(a.row.value)}" in drawn
    for said in ("adres", "Eurostat", "Editie", p.figure.title.split(":")[0]):
        assert said in drawn
    assert paper.png(p.figure, places(), "")[:4] == b"\x89PNG"
    with pytest.raises(ValueError, match="beide kanten"):
        paper.svg(p.figure, None, "")


def test_lines_carry_the_names_of_the_other_side() -> None:
    trend = page("zuid-limburg").trend
    ends = [str(a.text) for a in screen.trend_figure(trend).layout.annotations]
    assert len(ends) == 9 and any("Oost-België" in e for e in ends)
    small = screen.trend_figure(trend, small=True)
    assert not small.layout.annotations
    from monitor.figures.html import lines_legend

    assert all(s.name in lines_legend(trend) for s in trend.series)
    assert "Oost-Belgi" in paper.svg(trend, None, "").decode("utf-8")


# --- The page ---


@pytest.mark.parametrize(
    "region", [pytest.param(b, marks=[pytest.mark.slow] if k % 3 else []) for k, b in enumerate(BORDERS)]
)
def test_the_page_of_every_region(region: str) -> None:
    test = visit("over-de-grens", regio=region)
    plain = check_sound(test)
    p = page(region)
    assert flat(p.headline) == flat(plain.headings[0])
    for text in (p.lead, p.same, p.trend.sentence, *p.limits):
        assert flat(text) in plain.text
    for title in ("Op één schaal", "Door de jaren heen", "Wat dit cijfer is", "Wat u hier niet kunt vergelijken"):
        assert title in plain.text
    assert 'class="bmap"' in markup(test) and markup(test).count('<table class="bs">') == 1
    assert [b.label for b in test.get("download_button")] == ["Afbeelding (PNG)", "Tekening (SVG)", "Cijfers (CSV)"] * 2
    assert "Editie" in plain.text and "Bron: Eurostat" in plain.text


def test_number_and_voice_stand_on_the_same_page() -> None:
    text = check_sound(visit("over-de-grens", regio="zuid-limburg")).text
    assert "Boodschappen halen veel Zuid-Limburgers wel over de grens" in text
    assert "Wat er over de grens is gezegd in Zuid-Limburg" in text
    for region in (b.id for b in definitions().border_regions):
        found = [f for f in definitions().findings if "grens" in f.title.lower() and f.concerns(region)]
        shown_ = check_sound(visit("over-de-grens", regio=region)).text
        assert found and all(flat(f.title) in flat(shown_) for f in found), region


def test_choices_stand_in_the_link() -> None:
    test = visit("over-de-grens", regio="achterhoek")
    control(test, "selectbox", "Cijfer").set_value(MEDIAN).run()
    assert url(test)["grenscijfer"] == [MEDIAN] and "ouder dan 48,9" in flat(read(test).headings[0])
    control(test, "selectbox", "Jaar").set_value("2015").run()
    assert url(test)["jaar"] == ["2015"] and "(2015)" in read(test).headings[0]
    control(test, "selectbox", "Regio aan de grens").set_value("twente").run()
    assert url(test)["regio"] == ["twente"] and "Twente" in check_sound(test).headings[0]
    control(test, "selectbox", "Cijfer").set_value(GDP).run()
    assert "jaar" not in url(test)
    offered = control(test, "selectbox", "Regio aan de grens").options
    assert len(offered) == 8 and "Noard-Fryslân" not in offered


ASKED = """
    case                  | query                                   | headline                                    | told
    nothing               |                                         | COROP-gebied Achterhoek                     |
    not at the border     | regio=noard-fryslan                     | Noard-Fryslân ligt niet aan de grens        | Kies er een
    with an article       | regio=kop-van-noord-holland             | De Kop van Noord-Holland ligt niet aan de   | Zeeuws-Vlaanderen
    unknown region        | regio=friesland                         | COROP-gebied Achterhoek                     | Niet herkend in de link: regio ‘friesland’
    unknown figure        | regio=twente&grenscijfer=mediaan        | COROP-gebied Twente brengt                  | Niet herkend in de link: grenscijfer ‘mediaan’
    a year it lacks       | regio=twente&jaar=2021                  | (2020)                                      | Over 2021 heeft dit cijfer geen waarde.
    not a year            | regio=twente&jaar=gisteren              | (2020)                                      | Niet herkend in de link: jaar ‘gisteren’
    a year                | regio=twente&jaar=2005                  | (2005)                                      |
    a region and another  | regio=twente&regio=zuid-limburg         | Twente                                      |
    an indicator comes too | regio=twente&indicator=overgewicht     | Twente brengt                               |
"""  # noqa: E501


@pytest.mark.parametrize("case", cases(ASKED))
def test_a_link_is_read_with_care(case: dict[str, str]) -> None:
    query: dict[str, list[str]] = {}
    for pair in filter(None, case["query"].split("&")):
        key, value = pair.split("=")
        query.setdefault(key, []).append(value)
    plain: Plain = check_sound(visit("over-de-grens", **query))  # type: ignore[arg-type]
    assert case["headline"] in flat(plain.headings[0])
    assert case["told"] in plain.text
    if not case["told"]:
        assert "Niet herkend" not in plain.text and "heeft dit cijfer geen waarde" not in plain.text


def test_the_table_twin_is_sent_when_it_is_opened() -> None:
    test = visit("over-de-grens", regio="achterhoek")
    assert "twin" not in markup(test)


# --- In a browser ---


@browser_test
@pytest.mark.parametrize("size", THOROUGH)
def test_the_page_fits_is_dutch_and_names_what_it_shows(new_page: Any, server: Any, size: str) -> None:
    """Every region fits the screen; on a phone the map has numbers, and the rows beside it the same numbers."""
    opened = new_page(server, *SIZES[size])
    for region in ("noord-en-oost-groningen", "zuid-limburg", "zeeuws-vlaanderen"):
        open_page(opened, f"/over-de-grens?regio={region}")
        opened.locator(".bmap").wait_for()
        widths = opened.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(e => [e.scrollWidth, e.clientWidth])"
        )
        assert all(inner <= outer for inner, outer in widths), (region, widths)
        assert not faults_of(opened.get_by_test_id("stMain").inner_text()), region
        seen = opened.locator(".bmap text").evaluate_all(
            "all => all.filter(e => getComputedStyle(e).display !== 'none').map(e => "
            "[e.textContent, e.getAttribute('class'), parseFloat(getComputedStyle(e).fontSize)])"
        )
        compared = page(region).figure.compared
        if size == "phone":
            assert [int(text) for text, _, _ in seen] != [] and {text for text, _, _ in seen} == {
                str(a.number) for a in compared
            }
            ranks = opened.locator("table.bs .rk").all_inner_texts()
            assert ranks == [str(a.number) for a in compared]
        else:
            assert all(any(a.row.name in text for text, _, _ in seen) for a in compared)
        assert all(points >= 12 for _, _, points in seen)
        box = opened.locator(".bmap").bounding_box()
        assert box["width"] > 300 and 200 < box["height"] < 800


@browser_test
def test_the_table_twin_opens(new_page: Any, server: Any) -> None:
    opened = new_page(server)
    open_page(opened, "/over-de-grens?regio=achterhoek")
    opened.get_by_text("Alle cijfers in een tabel").first.click()
    twin = opened.locator("table.twin")
    twin.wait_for()
    assert "over de grens" in twin.inner_text() and "35.100" in twin.inner_text()


@browser_test
def test_on_a_sheet_of_paper_map_and_scale_remain(new_page: Any, server: Any) -> None:
    opened = new_page(server)
    open_page(opened, "/over-de-grens?regio=zuid-limburg")
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 688, "height": 1000})
    for part in (".bmap", "table.bs", "ul.plainlist", ".voices"):
        assert opened.locator(part).first.is_visible(), part
    assert not opened.locator(".stDownloadButton").first.is_visible()
    box = opened.locator(".bmap").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 688
