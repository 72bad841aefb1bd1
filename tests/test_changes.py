"""What changed, in words: between two editions that were really made, and between years of the shipped one."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from monitor.definitions import Region
from monitor.errors import ExportError
from monitor.export.changed.changes import Changes, Choice, between_editions, between_years, choices, since
from monitor.export.changed.kinds import HEADINGS, MOST, years_spoken
from monitor.export.pack import Materials
from monitor.notation import number
from monitor.snapshot import store
from monitor.snapshot.compare import editions
from tests import small_editions as make
from tests.small_editions import AMSTERDAM, BERKELLAND, WINTERSWIJK, pick, small
from tests.spec_table import SHARED, definitions, edition, needs_shared

TWO = definitions().goals[1:2]
ALL = definitions().goals
NBSP = "\u00a0"


def achterhoek() -> Region:
    return definitions().region("achterhoek")


def told(changes: Changes) -> list[str]:
    """Every entry as 'kind | figure | sentences', with plain spaces."""
    return [f"{c.kind} | {c.indicator or '-'} | {c.sentence}".replace(NBSP, " ") for c in changes.entries]


def sentence_count(text: str) -> int:
    return len(re.findall(r"\.(?:\s|$)", text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of the example in force, with the one before it kept."""
    made = tmp_path_factory.mktemp("veranderd") / "data" / "snapshot"
    make.pair(made, make.example_old, make.example_new)
    return made


@pytest.fixture(scope="module")
def example(folder: Path) -> tuple[store.Snapshot, store.Snapshot]:
    return store.read(folder.parent / "edities" / "2026-08"), store.read(folder)


# --- Between editions: the example, line by line ---


def test_the_example_line_by_line(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    changes = between_editions(small(), *example, achterhoek(), ALL)
    assert told(changes) == [
        "nieuw | afstand-huisarts | Afstand tot huisarts: nieuw is het cijfer over 2025. In de Achterhoek ligt de "
        "dichtstbijzijnde huisarts gemiddeld op 1,6 km (2025); dat is verder dan in Nederland (1,2 km).",
        "herzien | afstand-supermarkt | Afstand tot supermarkt (2024): herzien van 1,3 km naar 1,5 km.",
        "herzien | afstand-openbaar-vervoer | Afstand tot halte of station (2022): het cijfer is nu definitief (was "
        "voorlopig) en bleef 0,7 km.",
        "herzien | mediaan-inkomen | Mediaan besteedbaar inkomen (2021): herzien voor Aalten (van € 29.800 naar "
        "€ 30.700); voor de regio wordt dit cijfer niet opgeteld.",
        "herzien | overgewicht-65 | Overgewicht, 65 jaar en ouder (2024): de marge is herzien: nu 57,5% tot 61,8%, was "
        "57,9% tot 61,4%; het cijfer zelf bleef 59,6%.",
        "vervallen | overgewicht | Overgewicht: het cijfer over 2016 (54,2%) is vervallen.",
        "grenzen | afstand-cafe | Afstand tot café (2024): nu 1,4 km, was 1,6 km. Het cijfer steunt op andere "
        "gemeenten: nu zonder Berkelland, eerder met alle gemeenten. Het oordeel tegenover Nederland is nu "
        "‘vergelijkbaar’; eerst was dat ‘ongunstiger’.",
    ]
    assert changes.counts == (("nieuw", 1), ("herzien", 4), ("vervallen", 1), ("grenzen", 1))
    assert changes.headline == (
        "Sinds editie 2026-08: 1 nieuw cijfer, 4 herzien, 1 vervallen en 1 met andere grenzen, indeling of telling"
    )
    assert (changes.before, changes.after, changes.since) == ("2026-08", "2026-12-01-abc123", "editie 2026-08")
    assert changes.summary == "1 nieuw cijfer, 4 herzien, 1 vervallen en 1 met andere grenzen, indeling of telling"
    assert changes.paragraph.replace(NBSP, " ") == (
        "Wat er sinds editie 2026-08 anders is in de cijfers van de drie doelen voor de Achterhoek: 1 nieuw cijfer, "
        "4 herzien, 1 vervallen en 1 met andere grenzen, indeling of telling. Nieuw: Afstand tot huisarts (2025: "
        "1,6 km). Herzien: Afstand tot supermarkt (2024: van 1,3 km naar 1,5 km), Afstand tot halte of station (2022: "
        "nu definitief), Mediaan besteedbaar inkomen (2021) en nog 1. Vervallen: Overgewicht (2016). Niet te "
        "vergelijken door andere grenzen of indeling: Afstand tot café (2024: nu 1,4 km, was 1,6 km). Het "
        "oordeel tegenover Nederland veranderde bij Afstand tot café (nu ‘vergelijkbaar’, eerst ‘ongunstiger’)."
    )


def test_the_numbers_of_the_example_by_hand(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    """Two kilometres in Winterswijk, times its share of the inhabitants; and Berkelland left out of the cafés."""
    weights = edition().weights
    weights = weights[(weights["quantity"] == "inwoners") & (weights["year"] == 2024)].set_index("area")["value"]
    own = weights.loc[list(achterhoek().codes)]
    old = edition().row("afstand-supermarkt", "achterhoek", 2024)["value"]
    assert (number(old, 1), number(old + 2.0 * own[WINTERSWIJK] / own.sum(), 1)) == ("1,3", "1,5")
    others = own.drop(BERKELLAND)
    values = {c: edition().row("afstand-cafe", c, 2024)["value"] for c in others.index}
    assert number(sum(values[c] * w for c, w in others.items()) / others.sum(), 1) == "1,4"


def test_a_goal_gets_its_own_figures_only(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    changes = between_editions(small(), *example, achterhoek(), TWO)
    assert {c.indicator for c in changes.entries} == {
        "afstand-huisarts", "afstand-supermarkt", "afstand-openbaar-vervoer", "afstand-cafe"
    }  # fmt: skip
    assert "de cijfers van doel 2 voor de Achterhoek" in changes.paragraph


def test_a_region_where_less_happened_is_told_less(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    changes = between_editions(small(), *example, definitions().region("twente"), TWO)
    assert [c.indicator for c in changes.entries] == ["afstand-huisarts", "afstand-openbaar-vervoer"]
    assert changes.paragraph.endswith("Bij cijfers die er al waren, bleef het oordeel tegenover Nederland gelijk.")


def test_nothing_changed_is_said(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    changes = between_editions(small(), example[0], example[0], achterhoek(), TWO)
    assert changes.entries == () and not any(n for _, n in changes.counts)
    assert changes.headline == "Sinds editie 2026-08 veranderde er niets" and changes.summary == "niets"
    assert changes.paragraph == (
        "Sinds editie 2026-08 is er niets veranderd in de cijfers van doel 2 voor de Achterhoek. Er is geen cijfer "
        "nieuw, herzien of vervallen, en de gemeenten zijn dezelfde. Vergeleken zijn 4 cijfers, over alle jaren."
    )


def test_the_other_way_round(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    back = between_editions(small(), example[1], example[0], achterhoek(), ALL)
    assert [c for c in told(back) if c.startswith(("nieuw", "vervallen"))] == [
        "nieuw | overgewicht | Overgewicht: er kwamen oudere jaren bij: 2016.",
        "vervallen | afstand-huisarts | Afstand tot huisarts: het cijfer over 2025 (1,6 km) is vervallen. Het nieuwste "
        "cijfer is nu dat van 2024: 1,5 km.",
    ]
    assert "herzien van 1,5 km naar 1,3 km" in told(back)[1]
    assert back.counts == (("nieuw", 1), ("herzien", 4), ("vervallen", 1), ("grenzen", 1))


# --- Between editions: one thing at a time ---


def changed(tmp_path: Path, old: make.Change, new: make.Change, region: str = "achterhoek") -> Changes:
    pair = make.pair(tmp_path / "snapshot", old, new)
    return between_editions(small(), *pair, definitions().region(region), ALL)


def as_it_was(rows: pd.DataFrame) -> pd.DataFrame:
    return rows


def test_a_revision_that_nobody_can_see_is_only_counted(tmp_path: Path) -> None:
    def new(rows: pd.DataFrame) -> pd.DataFrame:
        rows.loc[pick(rows, "afstand-supermarkt", 2024, WINTERSWIJK), "value"] += 0.01
        return rows

    changes = changed(tmp_path, as_it_was, new)
    assert changes.entries == () and changes.headline.endswith("veranderde er niets")
    assert "bij 1 cijfer verschoof alleen iets achter de laatste decimaal die te zien is." in changes.paragraph
    assert sentence_count(changes.paragraph) == 3


def test_a_figure_that_vanished_altogether(tmp_path: Path) -> None:
    def new(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[~pick(rows, "afstand-supermarkt")]

    (entry,) = told(changed(tmp_path, as_it_was, new))
    assert entry == (
        "vervallen | afstand-supermarkt | Afstand tot supermarkt: alle cijfers zijn vervallen. Het laatste was 1,3 km "
        "(2024)."
    )


def test_a_figure_that_is_new_altogether(tmp_path: Path) -> None:
    def old(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[~pick(rows, "overgewicht")]

    (entry,) = told(changed(tmp_path, old, as_it_was))
    assert entry == (
        "nieuw | overgewicht | Overgewicht is nieuw in de monitor, met de cijfers over 2016, 2020, 2022 en 2024. In de "
        "Achterhoek heeft 54,2% van de volwassenen overgewicht (2024); dat is meer dan in Nederland (50,0%)."
    )


def test_a_region_that_loses_too_many_members_loses_its_figure(tmp_path: Path) -> None:
    gone = achterhoek().codes[:5]

    def new(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[~(pick(rows, "afstand-supermarkt", 2024) & rows["area"].isin(gone))]

    (entry,) = told(changed(tmp_path, as_it_was, new))
    assert entry == (
        "vervallen | afstand-supermarkt | Afstand tot supermarkt: het cijfer over 2024 (1,3 km) is vervallen. Te "
        "weinig gemeenten hebben nog een cijfer: het is er niet voor Aalten, Berkelland, Bronckhorst, Doetinchem en "
        "Oost Gelre. Het nieuwste cijfer is nu dat van 2022: 1,3 km."
    )


def test_limited_coverage_stays_visible(tmp_path: Path) -> None:
    gone = (BERKELLAND, WINTERSWIJK, "GM0222")

    def new(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[~(pick(rows, "afstand-supermarkt", 2024) & rows["area"].isin(gone))]

    (entry,) = changed(tmp_path, as_it_was, new).of("grenzen")
    assert "nu zonder Berkelland, Doetinchem en Winterswijk, eerder met alle gemeenten." in entry.sentence
    assert "Beperkte dekking: het cijfer steunt op" in entry.sentence


def test_a_revision_of_the_country_that_changes_the_judgement_is_told(tmp_path: Path) -> None:
    def new(rows: pd.DataFrame) -> pd.DataFrame:
        rows.loc[pick(rows, "afstand-huisarts", 2024, AMSTERDAM), "value"] += 12.0
        return rows

    changes = changed(tmp_path, as_it_was, new)
    (entry,) = told(changes)
    assert entry == (
        "herzien | afstand-huisarts | Afstand tot huisarts (2024): het cijfer zelf bleef 1,5 km. Het oordeel tegenover "
        "Nederland is nu ‘gunstiger’; eerst was dat ‘ongunstiger’. Het cijfer van Nederland is herzien van 1,1 km naar "
        "1,7 km."
    )
    assert "Het oordeel tegenover Nederland veranderde bij Afstand tot huisarts (nu ‘gunstiger’" in changes.paragraph


def test_more_figures_than_one_reads_are_counted(tmp_path: Path) -> None:
    """All years of every figure but two are new, and core figures come first."""

    def old(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["indicator"].isin(["inwoners", "afstand-cafe"])]

    changes = changed(tmp_path, old, as_it_was)
    core = [definitions().indicator(c.indicator).core for c in changes.of("nieuw") if c.indicator]
    assert core == sorted(core, reverse=True) and len(core) == changes.count("nieuw") == MOST

    def older(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["indicator"] == "inwoners"]

    changes = changed(tmp_path / "meer", older, as_it_was)
    assert changes.count("nieuw") == MOST + 1 and len(changes.of("nieuw")) == MOST + 1
    assert changes.of("nieuw")[-1].sentence == "En nog 1 cijfer." and changes.of("nieuw")[-1].indicator is None
    assert " en nog 4." in changes.paragraph


def test_a_figure_without_a_definition_is_told_as_unknown(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    less = replace(small(), indicators=tuple(i for i in small().indicators if i.id != "overgewicht"))
    changes = between_editions(less, *example, achterhoek(), TWO)
    assert [c.sentence for c in changes.of("vervallen")] == [
        "Ook 1 cijfer dat de monitor nu niet beschrijft; bij welk doel, is niet bekend."
    ]
    assert changes.count("vervallen") == 0


def test_a_merger_is_told_once_and_its_figures_apart(tmp_path: Path) -> None:
    old = make.make(tmp_path / "a" / "snapshot", "2026-08")
    after = make.merged_definitions()
    new = make.make(tmp_path / "b" / "snapshot", "2027-02", make.merger, after, make.merged_areas())
    changes = between_editions(after, old, new, after.region("achterhoek"), TWO)
    assert told(changes)[0] == "grenzen | - | Op 1 januari 2027 ging Aalten op in Winterswijk."
    assert {c.kind for c in changes.entries} == {"grenzen"}
    # By hand, with CBS's inhabitants of 2024: (1,349 × 302.458 − Aalten + half a kilometre in Winterswijk) / the rest.
    assert (
        "Afstand tot supermarkt (2024): nu 1,4 km, was 1,3 km. Sindsdien zijn gemeenten heringedeeld."
        in (told(changes)[1])
    )
    other = between_editions(after, old, new, after.region("twente"), TWO)
    assert other.entries == ()
    unknown = make.merged_definitions(known=False)
    changes = between_editions(unknown, make.unnoted(old), new, unknown.region("achterhoek"), TWO)
    assert [c.sentence for c in changes.of("grenzen")][:2] == [
        "Aalten staat niet meer in de indeling van gemeenten; waar zij bij hoort, is niet bekend.",
        "De Achterhoek bestaat in de cijfers nu uit 7 gemeenten, eerder uit 8: welke dat eerder waren, is niet "
        "bewaard.",
    ]


# --- Between years: the shipped edition ---


def years(before: int, after: int, region: str = "achterhoek", goals: tuple = TWO) -> Changes:
    return between_years(definitions(), edition(), definitions().region(region), goals, before, after)


def test_the_achterhoek_between_2022_and_2024() -> None:
    """Nothing moved by a hundred metres, and the figure of halts has no new year."""
    changes = years(2022, 2024)
    assert changes.of("veranderd") == () and changes.of("herzien") == ()
    assert told(changes)[-4].startswith("vervallen | - | Nog zonder nieuw jaar in deze editie: Afstand tot halte of ")
    assert changes.paragraph.startswith(
        "Van de 34 cijfers van doel 2 voor de Achterhoek zijn er 12 te vergelijken tussen 2022 en 2024; daarvan "
        "veranderde er geen zeker en genoeg om ertoe te doen. 12 cijfers bleven ongeveer gelijk. Niet te vergelijken: "
        "22 cijfers, namelijk 10 door een breuk (2022), 2 zonder nieuw jaar en 10 nieuw in de monitor. Nieuw in de "
        "monitor: Afstand tot ziekenhuis"
    )


def test_the_achterhoek_between_2019_and_2021() -> None:
    """The café is the one thing of this goal that moved; by hand in the next test."""
    changes = years(2019, 2021)
    assert told(changes) == [
        "veranderd | afstand-cafe | Afstand tot café. In de Achterhoek steeg dit van 1,3 km in 2019 naar 1,5 km in "
        "2021. Dat is ongunstig. In Nederland bleef het ongeveer gelijk.",
    ]
    assert changes.headline == "Sinds 2019: 1 veranderd cijfer"
    assert (changes.since, changes.summary) == ("2019", "1 veranderd cijfer")
    assert changes.counts == (("veranderd", 1), ("nieuw", 0), ("vervallen", 0), ("grenzen", 0))


@needs_shared
def test_the_cafe_by_hand_from_what_cbs_published() -> None:
    """RMBW 2023: distance to a café per municipality; CBS, Gebieden in Nederland: inhabitants on 1 January."""
    codes = list(achterhoek().codes)
    raw = pd.read_csv(SHARED / "data" / "cbs" / "rmbw_2023_gemeenten.csv")
    raw = raw[(raw["indicator"] == "R_HN_SL_04") & raw["statcode"].isin(codes)]
    people = pd.read_csv(SHARED / "data" / "cbs" / "gebieden_in_nederland_2015_2026.csv")
    means = {}
    for year in (2019, 2021):
        value = raw[raw["jaar"] == year].set_index("statcode")["waarde"]
        weight = people[(people["jaar"] == year) & people["statcode"].isin(codes)].set_index("statcode")["inwoners"]
        assert len(value) == len(weight) == 8
        means[year] = (value * weight).sum() / weight.sum()
    assert {y: number(m, 1) for y, m in means.items()} == {2019: "1,3", 2021: "1,5"}
    assert means[2021] - means[2019] > 0.1, "the smallest difference that matters"


@needs_shared
def test_the_doctor_by_hand_from_what_cbs_published() -> None:
    """KWB 2022 and 2024: 1,4 and 1,5 km as shown, yet less than a hundred metres apart: no change is told."""
    codes = list(achterhoek().codes)
    old = pd.read_csv(SHARED / "data" / "cbs" / "reeksen" / "kwb_gemeenten_2012_2024.csv", dtype={"statcode": str})
    old = old[(old["indicator"] == "afstand_huisarts") & (old["jaar"] == 2022) & old["statcode"].isin(codes)]
    new = pd.read_csv(SHARED / "data" / "cbs" / "kwb_2024_gemeenten.csv", dtype=str)
    new = new[new["gemeentecode"].str.strip().isin(codes)]
    column = new["huisartsenpraktijk_gemiddelde_afstand_in_km"].str.replace(",", ".").astype(float)
    people = pd.read_csv(SHARED / "data" / "cbs" / "gebieden_in_nederland_2015_2026.csv")
    weight = {y: people[people["jaar"] == y].set_index("statcode")["inwoners"].loc[codes] for y in (2022, 2024)}
    before = old.set_index("statcode")["waarde"].astype(float).loc[codes]
    after = column.set_axis(new["gemeentecode"].str.strip()).loc[codes]
    first, last = ((v * weight[y]).sum() / weight[y].sum() for v, y in ((before, 2022), (after, 2024)))
    assert (number(first, 1), number(last, 1)) == ("1,4", "1,5") and 0 < last - first < 0.1
    assert "afstand-huisarts" not in {c.indicator for c in years(2022, 2024).entries}


def test_a_break_is_no_change_and_figures_with_the_same_one_are_told_together() -> None:
    changes = years(2019, 2024)
    first, *_ = changes.of("grenzen")
    assert first.sentence.startswith(
        "16 cijfers (Afstand tot huisarts, Afstand tot supermarkt, Afstand tot basisschool en nog 13): niet te "
        "vergelijken met eerdere cijfers, door een breuk in 2022. Vanaf 2022 houdt CBS er rekening mee"
    )
    assert changes.count("grenzen") == 19 and len(changes.of("grenzen")) == 4
    assert "Niet te vergelijken: 33 cijfers, namelijk 19 door een breuk (2022)," in changes.paragraph
    assert "is er 1 te vergelijken tussen 2019 en 2024; dat veranderde niet zeker" in changes.paragraph
    assert "cijfers, want in 2022 was er waarschijnlijk een breuk. " in "".join(told(changes))


def test_a_series_stopped_only_where_its_source_went_on() -> None:
    (stopped,) = years(2017, 2024).of("vervallen")
    assert stopped.indicator == "afstand-sportterrein"
    assert "De bron heeft latere jaren, maar dit cijfer niet meer." in stopped.sentence
    # Life satisfaction ends in 2022 because its whole source does: a new year may come.
    waiting = years(2022, 2026, goals=ALL)
    assert waiting.count("vervallen") == 0
    (entry,) = waiting.of("vervallen")
    assert entry.sentence.startswith("Nog zonder nieuw jaar in deze editie: ") and "weten wij niet" in entry.sentence
    # Its last value is of 2017: nothing that changed since a later year.
    for before in (2018, 2019, 2023):
        assert all(c.indicator != "afstand-sportterrein" for c in years(before, 2024).entries)


def test_a_region_that_lost_its_figure_while_others_have_one() -> None:
    changes = years(2020, 2024, "noord-en-oost-groningen", ALL)
    (entry,) = [c for c in changes.of("vervallen") if c.sentence.startswith("Zwaar belaste mantelzorgers")]
    why = "Over 2024 hebben te weinig gemeenten een cijfer: het is er niet voor "
    assert f"{why}Het Hogeland, Midden-Groningen, Pekela en Westerwolde." in entry.sentence


@needs_shared
def test_mergers_in_the_region_by_the_text_of_cbs() -> None:
    changes = years(2017, 2024, "noord-en-oost-groningen", ALL)
    areas = [c.sentence for c in changes.of("grenzen") if c.indicator is None and c.sentence.startswith("Op ")]
    assert areas == [
        "Op 1 januari 2018 gingen Bellingwedde en Vlagtwedde op in Westerwolde.",
        "Op 1 januari 2018 gingen Hoogezand-Sappemeer, Menterwolde en Slochteren op in Midden-Groningen.",
        "Op 1 januari 2019 gingen Bedum, De Marne en Eemsmond op in Het Hogeland.",
        "Op 1 januari 2019 werd Winsum verdeeld over Het Hogeland en Westerkwartier.",
        "Op 1 januari 2021 gingen Appingedam, Delfzijl en Loppersum op in Eemsdelta.",
    ]
    source = (SHARED / "data" / "cbs" / "herindelingen_2014_2026.txt").read_text(encoding="utf-8")
    for old, day, new in [
        ("GM0007 Bellingwedde", "01-01-2018", "Westerwolde"),
        ("GM0048 Vlagtwedde", "01-01-2018", "Westerwolde"),
        ("GM1987 Menterwolde", "01-01-2018", "Midden-Groningen"),
        ("GM0005 Bedum", "01-01-2019", "Het Hogeland"),
        ("GM0003 Appingedam", "01-01-2021", "Eemsdelta"),
    ]:
        assert re.search(rf"{old} \| Opgeheven per {day}, overgegaan naar: \|  - {new} ", source), old
    assert "in de regio waren er 5 herindelingen van gemeenten" in changes.paragraph
    assert not any("ging" in c.sentence for c in years(2021, 2024, "noord-en-oost-groningen", ALL).of("grenzen")[:1])


def test_every_figure_is_told_or_counted_once() -> None:
    """The counts of the kinds and of the rest in the paragraph add up to all figures."""
    for region, before, after in (
        ("achterhoek", 2022, 2026),
        ("zeeuws-vlaanderen", 2015, 2019),
        ("noord-en-oost-groningen", 2019, 2024),
    ):
        changes = years(before, after, region, ALL)
        start = re.match(r"Van de (\d+) cijfers .* zijn er (\d+) te vergelijken .*? er (\d+|geen) ", changes.paragraph)
        rest = re.search(r"Niet te vergelijken: (\d+) cijfers, namelijk ([^.;]+)", changes.paragraph)
        assert start and rest
        total, compared, moved = (int(n) if n != "geen" else 0 for n in start.groups())
        assert moved == changes.count("veranderd")
        assert total == len(definitions().indicators) == compared + int(rest[1])
        reasons = re.findall(r"(?:^|, | en )(\d+) (?:door|zonder|waarvan|nieuw|vervallen)", rest[2])
        assert sum(map(int, reasons)) == int(rest[1])
        calm = re.search(r"(\d+) cijfers? ble\w+ ongeveer gelijk", changes.paragraph)
        unsure = re.search(r"bij (\d+) cijfers? valt het verschil", changes.paragraph)
        assert moved + sum(int(m[1]) for m in (calm, unsure) if m) == compared


def test_an_earlier_year_must_be_earlier() -> None:
    with pytest.raises(ExportError, match="2024 ligt niet voor 2022"):
        years(2024, 2022)


# --- What holds for every text ---


SPANS = ((2014, 2019), (2019, 2024), (2023, 2024), (2025, 2026))
# Every third region, each with another span.
SOME = [(r, ALL, *SPANS[k % len(SPANS)]) for k, r in enumerate(definitions().regions)][::3]
EVERY = [(r, goals, *span) for r in definitions().regions for goals in (ALL, *((g,) for g in ALL)) for span in SPANS]


@pytest.mark.parametrize("asked", [SOME, pytest.param(EVERY, marks=pytest.mark.slow)], ids=["some", "every"])
def test_texts_between_years_are_plain_dutch(asked: list[tuple]) -> None:
    for region, goals, before, after in asked:
        check_texts(between_years(definitions(), edition(), region, goals, before, after))


def test_texts_between_editions_are_plain_dutch(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    for region in definitions().regions[::2]:
        for old, new in (example, example[::-1]):
            check_texts(between_editions(small(), old, new, region, ALL))


@cache
def forbidden() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names of code, signs of a broken text, and English words."""
    ids = sorted((i.id for i in definitions().indicators if "-" in i.id), key=len)
    code = re.compile(rf"\b(?:nan|None|NaN|GM\d{{4}}|CR\d\d|PV\d\d|RMBW-2023|{'|'.join(ids)})\b|[{{}}\[\]_]|\.\.| ,|  ")
    english = re.compile(r"\b(?:the|and|of the|new|changed|revised|value|since|year|edition|unknown)\b", re.IGNORECASE)
    return code, english


def check_texts(changes: Changes) -> None:
    """Plain Dutch sentences, kinds one after another, and a paragraph of three to six sentences."""
    code, english = forbidden()
    for text in (changes.paragraph, changes.headline, *(c.sentence for c in changes.entries)):
        assert not code.search(text) and not english.search(text), text
        assert text[0].isupper() or text[0].isdigit(), text
    assert 3 <= sentence_count(changes.paragraph) <= 6, changes.paragraph
    assert all(c.sentence.endswith(".") and c.kind in HEADINGS for c in changes.entries)
    order = [list(HEADINGS).index(c.kind) for c in changes.entries]
    assert order == sorted(order), "kinds are told one after another"
    for kind in HEADINGS:
        assert len([c for c in changes.of(kind) if c.indicator]) <= MOST


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([2024], "2024"),
        ([2022, 2024], "2022 en 2024"),
        ([2019, 2018, 2017, 2015], "2015 en 2017 t/m 2019"),
        ([2015, 2016, 2019], "2015, 2016 en 2019"),
        ([2015, 2016, 2017], "2015 t/m 2017"),
    ],
)
def test_years_as_one_says_them(given: list[int], said: str) -> None:
    assert years_spoken(given) == said


# --- Since: what a basket asks ---


def materials(folder: Path) -> Materials:
    return Materials(small(), store.read(folder))


def test_since_an_edition_or_a_year(folder: Path, example: tuple[store.Snapshot, store.Snapshot]) -> None:
    by_edition = since(materials(folder), achterhoek(), TWO, " 2026-08 ")
    assert by_edition == between_editions(small(), *example, achterhoek(), TWO)
    by_year = since(materials(folder), achterhoek(), TWO, "2022")
    # The last year of these figures in that edition is 2025, the doctor's.
    assert (by_year.before, by_year.after) == ("2022", "2025")
    assert by_year == between_years(small(), example[1], achterhoek(), TWO, 2022, 2025)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("2026-09", "Editie '2026-09' bestaat niet of is beschadigd"),
        ("2026-12-01-abc123", "Editie '2026-12-01-abc123' is de editie in gebruik"),
        ("../../etc", "Editie '../../etc' bestaat niet"),
        ("", "Editie '' bestaat niet"),
        ("2025", "Veranderingen sinds 2025 zijn niet te geven"),
        ("1999", "Veranderingen sinds 1999 zijn niet te geven"),
        ("２０２２", "Editie '２０２２' bestaat niet"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(folder: Path, asked: str, message: str) -> None:
    with pytest.raises(ExportError) as caught:
        since(materials(folder), achterhoek(), TWO, asked)
    assert message in caught.value.message
    assert "een jaar van 2013 tot en met 2024" in caught.value.way_out
    if not asked.isdigit() or len(asked) != 4:
        assert "2026-08" in caught.value.way_out


def test_a_damaged_edition_is_no_choice(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    make.pair(folder, make.example_old, make.example_new)
    (folder.parent / "edities" / "2026-08" / store.OBSERVATIONS).write_bytes(b"damaged")
    with pytest.raises(ExportError, match="beschadigd"):
        since(materials(folder), achterhoek(), TWO, "2026-08")
    assert choices(small(), store.read(folder), editions(folder), TWO)[0].value == "2024"


def test_choices_are_editions_and_then_years(folder: Path) -> None:
    offered = choices(small(), store.read(folder), editions(folder), TWO)
    assert offered[:3] == (
        Choice("2026-08", "Editie 2026-08"),
        Choice("2024", "Het jaar 2024"),
        Choice("2023", "Het jaar 2023"),
    )
    assert len(offered) == 11 and offered[-1].value == "2015"
    for choice in offered:
        since(materials(folder), achterhoek(), TWO, choice.value)
    shipped = choices(definitions(), edition(), [(edition().edition, edition().folder)])
    assert [c.value for c in shipped] == [str(y) for y in range(2025, 2015, -1)]
