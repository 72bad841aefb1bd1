"""What can be fetched from StatLine: every name exists, measures what we say, and nothing is joined that differs."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from monitor.definitions import Indicator
from monitor.definitions.models import LiveSpec, Quantity
from monitor.definitions.statline import LiveTable, live_specs
from monitor.refresh.plan import plan
from tests.spec_table import definitions

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data" / "cbs"
DOC = ROOT / "docs" / "statline.md"

# Id -> title in CBS's catalogue of regional tables (mid 2026), for where the list itself is not at hand.
CATALOGUE = {
    "03759ned": "Bevolking op 1 januari en gemiddeld; geslacht, leeftijd en regio",
    "37259ned": "Bevolkingsontwikkeling; levend geborenen, overledenen en migratie per regio",
    "70072ned": "Regionale kerncijfers Nederland",
    "70262ned": "Bodemgebruik; uitgebreide gebruiksvorm, per gemeente",
    "71486ned": "Huishoudens; samenstelling, grootte, regio, 1 januari",
    "80305ned": "Nabijheid voorzieningen; afstand locatie, regionale cijfers",
    "81528NED": "Energieverbruik particuliere woningen; woningtype en regio's",
    "82550NED": "Voorraad woningen; gemiddeld oppervlak; woningtype, bouwjaarklasse, regio",
    "82900NED": "Voorraad woningen; eigendom, type verhuurder, bewoning, regio",
    "83625NED": "Bestaande koopwoningen; gemiddelde verkoopprijzen, regio",
    "83648NED": "Geregistreerde criminaliteit; soort misdrijf, regio",
    "83674NED": "Gezondheidsmonitor; bevolking 19 jaar of ouder, regio, 2016",
    "85005NED": "Zonnestroom; vermogen en vermogensklasse, bedrijven en woningen, regio",
    "85012NED": "Gezondheidsmonitor; bevolking 18 jaar of ouder, regio, 2020",
    "85035NED": "Woningvoorraad; woningtype op 1 januari, regio",
    "85098NED": "Indicatoren jeugdzorg in natura; gemeenten",
    "85146NED": "Veiligheidsmonitor; kerncijfers, regio",
    "85525NED": "Bevolking; hoogstbehaald onderwijsniveau en regio",
    "85563NED": "Gezondheidsmonitor; bevolking 18 jaar of ouder, regio, 2022",
    "86050NED": "Wmo-cliënten; type maatwerkvoorziening (detail), regio",
    "86137NED": "Gezondheidsmonitor; bevolking 18 jaar of ouder, regio, 2024",
    "86160NED": "Vermogen van huishoudens; huishoudenskenmerken, regio (indeling 2025)",
    "86161NED": "Inkomen van huishoudens; huishoudenskenmerken, regio (indeling 2025)",
    "86271NED": "Arbeidsdeelname; regionale indeling 2025",
}

# Keys that stand in their table more than once: only with their number is it clear which one is meant.
DOUBLE = {
    "80305ned": {"Binnen5Km", "AfstandTotZiekenhuis", "AfstandTotSchool"},
    "70072ned": {
        "JongerDan5Jaar",
        *(f"k_{a}Tot{b}Jaar" for a, b in ((5, 10), (10, 15), (15, 20), (20, 25), (25, 45), (65, 80))),
        "k_80JaarOfOuder",
    },
    "71486ned": {"TotaalParticuliereHuishoudens", "Eenpersoonshuishouden"},
}

# (table that gives way, table that is fetched) -> why both say the same. Nothing else may give way.
SAME = {
    ("KWB-REEKS", "80305NED"): "Groningen 2015: 15 afstanden na afronding gelijk; huisarts 1.128 van 1.128 gelijk",
    ("KWB-2024", "80305NED"): "dezelfde statistiek; het jaar 2024 beschrijft daar waarschijnlijk 2023",
    ("KWB-REEKS", "70072NED"): "Groningen 2017-2019: voorraad, vestigingen, WOZ, koop en huishoudensgrootte gelijk",
    ("KWB-2024", "70072NED"): "zelfde begrippen; aantallen in plaats van afgeronde procenten, dus nooit naast elkaar",
    ("KWB-REEKS", "71486NED"): "huishoudens op 1 januari; aantallen in plaats van afgeronde procenten",
    ("KWB-2024", "71486NED"): "huishoudens op 1 januari; aantallen in plaats van afgeronde procenten",
    ("KWB-REEKS", "82900NED"): "woningen zonder ingeschreven bewoner; aantallen in plaats van hele procenten",
    ("KWB-2024", "82900NED"): "woningen zonder ingeschreven bewoner; aantallen in plaats van hele procenten",
    ("60039FVW", "70072NED"): "80 jaar of ouder op 1 januari; het percentage in dat bestand komt uit 70072ned",
    ("80794NED", "70072NED"): "de cijfers in dat bestand komen uit 70072ned zelf",
    ("81955NED", "70072NED"): "Groningen 2016: 1.717 nieuwe woningen en 274.719 in voorraad, in beide",
    ("POLITIE", "83648NED"): "alle misdrijven bij de politie; zo staan alle jaren weer in één telling",
    ("82972NED", "85098NED"): "de opvolger met dezelfde titel en dezelfde onderwerpen, ook vanaf 2015",
    ("INKOMEN-2024", "86161NED"): "dat bestand is een download van 86161NED",
    ("KWB-REEKS", "86161NED"): "zelfde plaats op de rij van inkomens; vier groepen opgeteld, dus nooit ernaast",
    ("KWB-REEKS", "82550NED"): "Hof van Twente 2021: 86%, tussen de 86 van 2019 en de 85 van 2022",
    ("KWB-2024", "82550NED"): "eengezinswoningen in het adressenregister; aantallen in plaats van hele procenten",
    ("KWB-2024", "85035NED"): "vrijstaande woningen in het adressenregister; aantallen in plaats van hele procenten",
    ("KWB-REEKS", "86050NED"): "2022 in vijf van vijf vergeleken gemeenten gelijk",
}

# Codes of dimensions, each seen in a stored table, its metadata or public code that reads it (docs/statline.md).
CODES = {
    ("03759NED", "Geslacht"): {"T001038"},
    ("03759NED", "Leeftijd"): {"10000", "22000", *(str(10_000 + 100 * age) for age in range(15, 95))},
    ("03759NED", "BurgerlijkeStaat"): {"T001019"},
    ("37259NED", "Geslacht"): {"T001038"},
    ("71486NED", "LeeftijdReferentiepersoon"): {"10000"},
    ("82550NED", "Woningtype"): {"ZW10290"},
    ("82550NED", "Bouwjaarklasse"): {"T001018"},
    ("82900NED", "StatusVanBewoning"): {"A028726"},
    ("83648NED", "SoortMisdrijf"): {"T001161"},
    ("85035NED", "Woningtype"): {"ZW10320"},
    ("85035NED", "Woningkenmerk"): {"T001727"},
    ("85525NED", "Geslacht"): {"T001038"},
    ("85525NED", "Leeftijd"): {"52052"},
    ("86160NED", "KenmerkenVanHuishoudens"): {"1050010"},
    ("86161NED", "Populatie"): {"1050010"},
    ("86161NED", "KenmerkenVanHuishoudens"): {"1050010"},
}

# Codes of tables that nobody is known to have read: seen in another table with the same title for it.
GUESSED = {
    ("86050NED", "TypeMaatwerkvoorziening"): {"T001024"},
    ("86271NED", "Persoonskenmerken"): {"T009002"},
}

# What one of our units is, from the unit that a topic has in StatLine.
FROM_COUNT = {"procent": 100.0, "per-1000-inwoners": 1000.0, "per-1000-woningen": 1000.0}
PLAIN = {
    "per 1 000 inwoners": "per-1000-inwoners",
    "%": "procent",
    "km": "km",
    "euro": "euro",
    "kWh": "kwh",
    "m3": "m3",
    "aantal": "aantal",
}


def entries() -> list[Indicator | Quantity]:
    d = definitions()
    return [*d.indicators, *d.quantities]


def served() -> dict[str, LiveTable]:
    return {t.source: t for t in definitions().statline}


def asked() -> list[tuple[Indicator | Quantity, LiveSpec]]:
    return [(e, s) for e in entries() for s in live_specs(definitions(), e)]


@cache
def header(table: str) -> list[str]:
    """Columns of a stored answer of the table; skips without."""
    path = SHARED / "odata-v3" / f"{table}.csv"
    if not path.exists():
        pytest.skip("de bronbestanden staan hier niet")
    with path.open(encoding="utf-8") as stored:
        return next(csv.reader(stored))


def test_every_table_is_one_of_the_catalogue() -> None:
    assert {t.id for t in definitions().statline} == set(CATALOGUE)
    assert len(served()) == len(definitions().statline)


def test_the_catalogue_is_the_real_one() -> None:
    path = SHARED / "cbs_tabellen_regionaal.csv"
    if not path.exists():
        pytest.skip("de bronbestanden staan hier niet")
    with path.open(encoding="utf-8") as listed:
        real = {row["tabel"]: row["titel"] for row in csv.DictReader(listed)}
    assert {i: real.get(i) for i in CATALOGUE} == CATALOGUE


@pytest.mark.parametrize("table", definitions().statline, ids=lambda t: t.id)
def test_a_table_says_where_it_stands_and_how_we_know_its_keys(table: LiveTable) -> None:
    source = definitions().table(table.source)
    assert source.page == f"https://opendata.cbs.nl/statline/#/CBS/nl/dataset/{table.id}/table"
    if not source.file:
        assert source.page_name == CATALOGUE[table.id]
        assert source.reader == "odata"
    if table.known != "tabel":
        assert table.known_note
    assert "GM" in table.levels


def test_every_topic_is_asked_and_every_ask_has_a_topic() -> None:
    used = {(s.table, m) for _, s in asked() for m in (*s.measures, *s.minus_if_any)}
    there = {(t.source, k) for t in definitions().statline for k in t.topics}
    assert used == there


@pytest.mark.parametrize("table", [t for t in definitions().statline if t.known == "tabel"], ids=lambda t: t.id)
def test_a_sure_key_stands_once_in_the_stored_table(table: LiveTable) -> None:
    columns = header(table.id)
    for key in table.topics:
        assert len([c for c in columns if re.fullmatch(re.escape(key) + r"_\d+", c)]) == 1, key
    for name in definitions().table(table.source).filters:
        assert name in columns


@pytest.mark.parametrize("table", definitions().statline, ids=lambda t: t.id)
def test_a_key_has_its_number_only_where_the_table_has_it_twice(table: LiveTable) -> None:
    numbered = {k.rpartition("_")[0] for k in table.topics if re.search(r"_\d+$", k)}
    assert numbered == DOUBLE.get(table.id, set())


def test_codes_of_dimensions_are_those_that_were_seen() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for p in plan(definitions(), {}, only=[t.id for t in definitions().statline]):
        if p.live.known != "tabel":
            for name, codes in p.request.filters.items():
                if name != "Marges":
                    found.setdefault((p.live.source, name), set()).update(codes)
    assert found == CODES | GUESSED
    assert {table for table, _ in GUESSED} == {t.id for t in definitions().statline if t.known == "onbevestigd"}


def test_the_usual_refresh_asks_every_table_once() -> None:
    ids = [p.live.id for p in plan(definitions(), {})]
    assert sorted(ids) == sorted(t.id for t in definitions().statline if t.known != "onbevestigd")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("entry", "spec"),
    [(i, s) for i in definitions().indicators for s in i.live],
    ids=lambda v: getattr(v, "id", None) or "",
)
def test_what_is_fetched_comes_out_in_the_unit_of_the_figure(entry: Indicator, spec: LiveSpec) -> None:
    topics = served()[spec.table].topics
    units = {topics[m].unit for m in spec.measures}
    assert len(units) == 1, "onderwerpen met verschillende eenheden worden niet opgeteld"
    (unit,) = units
    if spec.per:
        assert spec.scale == FROM_COUNT[entry.unit]
        assert unit in (None, "aantal")
        counted = {"per-1000-inwoners": "inwoners", "per-1000-woningen": "woningen"}
        assert spec.per == counted.get(entry.unit, spec.per)
    elif unit == "1 000 euro" or (entry.unit == "euro" and spec.scale != 1):
        assert (entry.unit, spec.scale) == ("euro", 1000.0)
    else:
        assert spec.scale == 1.0
        assert unit is None or PLAIN[unit] == entry.unit


@pytest.mark.parametrize("entry", [e for e in entries() if e.live], ids=lambda e: e.id)
def test_only_what_says_the_same_gives_way(entry: Indicator | Quantity) -> None:
    own = {s.table for s in entry.sources}
    for spec in entry.live:
        for old in spec.replaces:
            assert (old, spec.table) in SAME
            assert old in own, "wat wijkt, moet een bron van dit cijfer zijn"


def test_every_reason_for_giving_way_is_needed() -> None:
    assert {(old, s.table) for e in entries() for s in e.live for old in s.replaces} == set(SAME)


def test_no_two_fetched_tables_bring_the_same_figure_of_the_same_level() -> None:
    """They would give two values for one area and year; tables of one year each may stand side by side."""
    for entry in entries():
        places = [
            (level, definitions().table(s.table).year)
            for s in live_specs(definitions(), entry)
            for level in s.levels or served()[s.table].levels
        ]
        assert len(places) == len(set(places)), entry.id


@pytest.mark.parametrize("entry", [e for e in entries() if e.live], ids=lambda e: e.id)
def test_municipalities_from_2015_on_and_only_distances_and_their_weight_from_2006(entry: Indicator | Quantity) -> None:
    for spec in entry.live:
        since = spec.since or served()[spec.table].since
        assert since
        older = spec.table == "80305NED" or (entry.id == "inwoners" and spec.until == 2014)
        # A median on one layout for all years needs no weights and no reorganisations.
        median = isinstance(entry, Indicator) and entry.aggregation.kind == "geen"
        older = older or (median and served()[spec.table].layout == "huidig")
        if "GM" in (spec.levels or served()[spec.table].levels) and not older:
            assert since >= 2015
        else:
            assert since >= 2006


def test_distances_go_back_to_2006_but_not_where_cbs_swapped_two_schools() -> None:
    first = {
        i.id: min(s.since or 0 for s in i.live)
        for i in definitions().indicators
        if any(s.table == "80305NED" for s in i.live)
    }
    # In 2017 vmbo and havo/vwo stand in each other's place: 3,5 and 5,0 km in Fryslân became 5,0 and 3,5.
    late = {"afstand-vmbo": 2018, "afstand-havo-vwo": 2018}
    assert len(first) == 33
    assert {k: v for k, v in first.items() if v != 2006} == late


@pytest.mark.parametrize(
    ("indicator", "topic"),
    [
        ("afstand-ziekenhuis", "AfstandTotZiekenhuis_7"),
        ("afstand-ziekenhuis-zonder-poli", "AfstandTotZiekenhuis_11"),
        ("afstand-basisschool", "AfstandTotSchool_56"),
        ("afstand-voortgezet-onderwijs", "AfstandTotSchool_60"),
        ("afstand-vmbo", "AfstandTotSchool_64"),
        ("afstand-havo-vwo", "AfstandTotSchool_68"),
        ("huisartsen-binnen-5-km", "Binnen5Km_4"),
    ],
)
def test_look_alikes_are_told_apart(indicator: str, topic: str) -> None:
    assert {m for s in definitions().indicator(indicator).live for m in s.measures} == {topic}


@pytest.mark.parametrize(
    "indicator",
    [
        "mediaan-inkomen",
        "inkomen-per-inwoner",
        "sociaal-minimum",
        "schuld-per-huishouden",
        "woninginbraken",
        "vernielingen",
        "geweldsmisdrijven",
        "slachtofferschap",
        "jonge-woningen",
        "bevolkingsdichtheid",
    ],
)
def test_what_measures_something_else_is_not_coupled(indicator: str) -> None:
    assert not definitions().indicator(indicator).live


def test_a_median_that_is_fetched_is_never_averaged() -> None:
    entry = definitions().indicator("mediaan-vermogen")
    assert entry.live and entry.aggregation.kind == "geen"


def test_amounts_of_their_own_year_draw_no_trend() -> None:
    """Incomes of StatLine are not corrected for inflation; those of the Regionale Monitor are, and keep their trend."""
    mean = definitions().indicator("gemiddeld-inkomen")
    assert mean.live and "inflatie" in str(mean.no_trend)


def test_a_table_on_one_layout_is_not_divided_by_counts_of_another() -> None:
    """Counts stand on the layout of each year: a merged municipality would lose its years before."""
    one_layout = {t.source for t in definitions().statline if t.layout == "huidig"}
    assert one_layout >= {"86160NED", "86161NED", "86271NED"}
    assert [e.id for e, s in asked() if s.table in one_layout and (s.per or isinstance(e, Quantity))] == []
    for table in definitions().statline:
        if "indeling 20" in CATALOGUE[table.id]:
            assert table.layout == "huidig", table.id


def test_the_page_for_data_managers_names_every_table_and_every_figure_that_is_not_coupled() -> None:
    text = DOC.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 140
    assert [t.id for t in definitions().statline if t.id not in text] == []
    weighed = {q.id for q in definitions().quantities if live_specs(definitions(), q)}
    loose = [
        i.name
        for i in definitions().indicators
        if not live_specs(definitions(), i) and i.aggregation.numerator not in weighed
    ]
    assert [name for name in loose if name not in text] == []
    for table in definitions().statline:
        row = next(line for line in text.splitlines() if line.startswith(f"| {table.id} "))
        assert f"| {table.known} |" in row


def test_titles_of_the_export_of_70072ned_are_those_of_cbs() -> None:
    path = SHARED / "70072ned_regionale_kerncijfers_2025.csv"
    if not path.exists():
        pytest.skip("de bronbestanden staan hier niet")
    with path.open(encoding="utf-8-sig") as stored:
        names = [h.rpartition("/")[2] for h in next(csv.reader(stored, delimiter=";"))]
    known = [t for t in served()["70072NED"].topics.values() if t.title]
    assert len(known) == 10
    for topic in known:
        told = f"{topic.title} ({topic.unit})" if topic.unit else f"{topic.title} ("
        assert any(n.startswith(told) for n in names), told
