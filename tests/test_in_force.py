"""What is said of a figure belongs to the table that it comes from: after a refresh only what is still true is said."""

from __future__ import annotations

import re
import time
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from monitor.assessment import value_of
from monitor.definitions import Definitions, Indicator
from monitor.definitions.in_force import in_force
from monitor.definitions.models import Break, Newer
from monitor.definitions.statline import check_statline, live_specs
from monitor.errors import DefinitionError
from monitor.figures.compose import Composer
from monitor.screens.method import compose_entry
from monitor.snapshot.store import Snapshot, read
from tests import refreshing
from tests.spec_table import definitions, edition

YEAR_OR_ROUNDING = re.compile(r"\b(19|20)\d\d\b|afgerond")
HEALTH = {"83674NED", "85012NED", "85563NED", "86137NED"}
# Figures of which a caveat names a year or a rounding that stays true whatever is fetched.
STAYS = {
    "huizen werden in dat ene jaar duurder: dat blijft waar, uit welke tabel het vermogen ook komt": "mediaan-vermogen",
    "Weesp hield in 2022 op te bestaan: CBS zelf heeft er over dat jaar geen cijfer van; de rest is geschiedenis": (
        "bevolkingsgroei natuurlijke-aanwas geboorten sterfte binnenlands-verhuissaldo buitenlands-migratiesaldo"
    ),
    "elk jaar heeft een eigen tabel, en die is dezelfde als die is meegeleverd": (
        "ervaren-gezondheid ervaren-gezondheid-18-64 ervaren-gezondheid-65 overgewicht overgewicht-18-64 "
        "langdurige-aandoening langdurige-aandoening-18-64 lichamelijke-beperking obesitas roken roken-18-64 roken-65 "
        "overmatig-alcohol wekelijks-sporten wekelijks-sporten-18-64 wekelijks-sporten-65 beweegrichtlijn mantelzorg "
        "mantelzorg-18-64 zwaarbelaste-mantelzorgers angst-depressie angst-depressie-18-64 angst-depressie-65"
    ),
}


def fetched(*moves: tuple[str, str], until: int | None = None) -> Snapshot:
    """The shipped edition in which all published rows of figures come from a table that was fetched.

    Args:
        moves: figure and table.
        until: the year that their last year becomes; None leaves it.
    """
    old = edition()
    rows = old.observations.astype({"source": str})
    sources = dict(old.manifest["sources"])
    for name, table in moves:
        chosen = (rows["indicator"] == name) & (rows["basis"] == "cbs")
        rows.loc[chosen, "source"] = table
        if until:
            rows.loc[chosen & (rows["year"] == rows.loc[chosen, "year"].max()), "year"] = until
        about = {"title": f"Naam van {table} bij CBS", "statline": {"id": table}}
        sources[table] = {**sources.get(table, {}), **about}
    rows = rows.sort_values(["indicator", "area", "year"], ignore_index=True)
    rows["source"] = rows["source"].astype("category")
    return Snapshot(old.folder, rows, old.weights, old.areas, {**old.manifest, "sources": sources})


@cache
def distances() -> Snapshot:
    return fetched(("afstand-supermarkt", "80305NED"), ("afstand-huisarts", "80305NED"))


def others(changed: Definitions, table: str, *names: str) -> bool:
    """Whether all figures but these are the very same as before, apart from what the same table already served."""
    rows = edition().observations
    served = {*names, *rows.loc[rows["source"] == table, "indicator"].astype(str)}
    pairs = zip(definitions().indicators, changed.indicators, strict=True)
    return all(a is b for a, b in pairs if a.id not in served)


def tables_of(i: Indicator) -> tuple[set[str], set[str]]:
    """Source tables that a figure can have: stored and to be fetched; of a ratio those of its quantities."""
    d = definitions()
    a = i.aggregation
    entries = [i, *(d.quantity(str(q)) for q in (a.numerator, a.denominator) if q and a.kind == "verhouding")]
    return {s.table for e in entries for s in e.sources}, {s.table for e in entries for s in live_specs(d, e)}


# --- What ships ---


def test_the_shipped_edition_gives_the_very_same_definitions() -> None:
    assert in_force(definitions(), edition()) is definitions()


def test_it_takes_next_to_no_time() -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        in_force(definitions(), distances())
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1


def test_every_table_that_a_text_is_about_is_one_of_the_figure() -> None:
    for i in definitions().indicators:
        stored, live = tables_of(i)
        assert {t for named in i.only_with.values() for t in named} <= stored, i.id
        assert {t for named in i.only_without.values() for t in named} <= live, i.id


def test_a_caveat_with_a_year_or_a_rounding_goes_with_its_table_or_stays_for_a_reason() -> None:
    stays = {name for names in STAYS.values() for name in names.split()}
    named = {
        i.id
        for i in definitions().indicators
        if tables_of(i)[1]
        and YEAR_OR_ROUNDING.search(i.caveat or "")
        and not {"caveat"} & {*i.only_with, *i.only_without}
    }
    assert named == stays


def test_the_health_monitor_has_a_table_per_year() -> None:
    """The reason above: a refresh brings the same table again, never another in its place."""
    names = STAYS["elk jaar heeft een eigen tabel, en die is dezelfde als die is meegeleverd"].split()
    for i in (definitions().indicator(n) for n in names):
        assert {s.table for s in i.sources} == {s.table for s in live_specs(definitions(), i)} <= HEALTH


def test_a_threshold_because_of_rounding_to_whole_percents_goes_with_its_table() -> None:
    rounded = [
        i
        for i in definitions().indicators
        if i.live and i.relevant_difference and "afgerond op hele procenten" in i.relevant_difference.reason
    ]
    assert len(rounded) == 3
    assert all("relevant_difference" in i.only_with for i in rounded)


def test_what_is_left_was_said_before_or_tells_of_the_other_table() -> None:
    """No sentence comes out of nothing: what is left of a caveat stands in it, apart from these."""
    told_anew = {
        "arbeidsongeschiktheid",
        "ww-uitkering",
        "woningen",
        "vaak-onveilig",
        "sociale-cohesie",
        "afstand-basisschool",
        "laag-inkomen",
    }
    for i in definitions().indicators:
        left = i.otherwise.caveat
        if left and i.id not in told_anew:
            for sentence in re.split(r"(?<=\.)\s", left):
                assert sentence.rstrip(".")[3:] in str(i.caveat), i.id


# --- After a refresh ---


def test_the_caveat_of_a_table_that_gave_way_is_gone_on_methode_and_at_the_figure() -> None:
    true = in_force(definitions(), distances())
    assert others(true, "80305NED", "afstand-supermarkt", "afstand-huisarts")
    shown = []
    for d, snapshot in ((definitions(), edition()), (true, distances())):
        i = d.indicator("afstand-supermarkt")
        method = dict(compose_entry(d, snapshot, i, ()).parts)
        notes = Composer(d, snapshot).notes(i, value_of(snapshot, i, "achterhoek", 2024))
        shown.append((" ".join(method.values()), " ".join(notes)))
        assert "100 meter" in method["Vanaf welk verschil het ertoe doet"]
    for before, after in zip(*shown, strict=True):
        assert "beschrijft waarschijnlijk 2023" in before and "beschrijft waarschijnlijk 2023" not in after


def test_the_others_keep_theirs() -> None:
    true = in_force(definitions(), distances())
    assert "beschrijft waarschijnlijk" in str(true.indicator("afstand-apotheek").caveat)
    assert true.indicator("afstand-supermarkt").breaks == definitions().indicator("afstand-supermarkt").breaks


def test_methode_names_the_tables_that_the_figures_come_from() -> None:
    true = in_force(definitions(), distances())
    entry = compose_entry(true, distances(), true.indicator("afstand-supermarkt"), ())
    (source,) = entry.sources
    assert (source.table.id, source.table.title) == ("80305NED", "Naam van 80305NED bij CBS")
    assert source.topics == "AfstandTotGroteSupermarkt" and source.years.startswith("2015") and "2024" in source.years
    assert "Naam van 80305NED bij CBS" in Composer(true, distances()).source_of(["80305NED"])


def test_a_newer_year_is_no_longer_announced_once_the_edition_has_it() -> None:
    assert definitions().table("37259NED").newer == Newer(
        year=2024, table="37259ned Bevolkingsontwikkeling; levend geborenen, overledenen en migratie per regio"
    )
    still, there = (
        in_force(definitions(), fetched(("geboorten", "37259NED"), until=u)).table("37259NED") for u in (2023, 2024)
    )
    assert still.newer and not there.newer
    assert still.title == there.title == "Naam van 37259NED bij CBS"


def test_statuses_on_methode_are_those_of_the_rows() -> None:
    """81528NED ships with 2024 as provisional; a later download may say otherwise."""
    snapshot = fetched(("aardgasverbruik", "81528NED"))
    rows = snapshot.observations.assign(status="definitief")
    rows.loc[rows["year"] == 2024, "status"] = "nader voorlopig"
    assert in_force(definitions(), replace(snapshot, observations=rows)).table("81528NED").status == {
        2024: "nader voorlopig"
    }


GONE = [
    ("aandeel-15-25", "70072NED", ""),
    ("leegstand", "82900NED", ""),
    ("bedrijfsvestigingen", "70072NED", ""),
    ("nieuwbouw", "70072NED", "Eén groot plan kan het cijfer van een jaar bepalen."),
    ("uitkeringen", "70072NED", "In een regio met veel ouderen is het cijfer lager, omdat wie AOW heeft niet meetelt."),
    ("huizenprijs", "83625NED", "Niet gecorrigeerd voor het soort huis."),
    ("aardgasverbruik", "81528NED", ""),
    ("afstand-openbaar-groen", "80305NED", "Per gemeente afgerond op een tiende kilometer."),
    ("aandeel-65-plus", "70072NED", ""),
    ("natuur-en-bos", "70262NED", ""),
]


@pytest.mark.parametrize(("name", "table", "left"), GONE, ids=[g[0] for g in GONE])
def test_of_a_caveat_only_what_is_still_true_is_left(name: str, table: str, left: str) -> None:
    true = in_force(definitions(), fetched((name, table)))
    assert (true.indicator(name).caveat or "") == left
    assert others(true, table, name)


def test_a_threshold_for_rounding_makes_way_for_the_usual_rule() -> None:
    snapshot = fetched(("leegstand", "82900NED"))
    true = in_force(definitions(), snapshot)
    told = dict(compose_entry(true, snapshot, true.indicator("leegstand"), ()).parts)
    assert "een kwart van de standaardafwijking" in told["Vanaf welk verschil het ertoe doet"]


def test_a_survey_without_margins_becomes_one_with_margins() -> None:
    """Only years of another table came: the older ones stay, and keep no margin."""
    old = edition()
    rows = old.observations.astype({"source": str})
    rows.loc[(rows["indicator"] == "vaak-onveilig") & (rows["year"] == 2021), "source"] = "85146NED"
    sources = {**old.manifest["sources"], "85146NED": {"title": "Veiligheidsmonitor", "statline": {}}}
    snapshot = replace(old, observations=rows, manifest={**old.manifest, "sources": sources})
    i = in_force(definitions(), snapshot).indicator("vaak-onveilig")
    assert (i.method, i.relevant_difference) == ("enquete", definitions().indicator(i.id).relevant_difference)
    assert "geen marge" not in str(i.method_note).partition("2021")[0]
    assert [s.table for s in i.sources] == ["RMBW-2023", "85146NED"]
    assert "31 tot 52" not in str(i.caveat)


def test_the_break_of_crimes_moves_to_where_the_tables_meet() -> None:
    old = edition()
    rows = old.observations.astype({"source": str})
    crimes = (rows["indicator"] == "geregistreerde-misdrijven") & (rows["basis"] == "cbs") & (rows["year"] >= 2015)
    rows.loc[crimes, "source"] = "83648NED"
    sources = {**old.manifest["sources"], "83648NED": {"title": "Criminaliteit", "statline": {}}}
    snapshot = replace(old, observations=rows, manifest={**old.manifest, "sources": sources})
    i = in_force(definitions(), snapshot).indicator("geregistreerde-misdrijven")
    assert [b.year for b in i.breaks] == [2015] and i.caveat is None
    assert i.breaks != definitions().indicator(i.id).breaks and isinstance(i.breaks[0], Break)


def test_another_edition_of_the_regional_monitor_is_named_as_source() -> None:
    old = edition()
    rows = old.observations.astype({"source": str})
    rows.loc[rows["source"] == "RMBW-2023", "source"] = "RMBW-2026"
    true = in_force(definitions(), replace(old, observations=rows))
    assert [s.table for s in true.indicator("afstand-cafe").sources] == ["RMBW-2026", "KWB-2024"]
    assert true.indicator("vaak-onveilig").method == "modelschatting"
    assert "2021" not in str(true.indicator("levensverwachting").caveat)


def test_a_figure_without_rows_stays_as_it_is() -> None:
    old = edition()
    rows: pd.DataFrame = old.observations
    empty = replace(old, observations=rows[rows["indicator"] != "afstand-supermarkt"])
    assert in_force(definitions(), empty) is definitions()


def test_a_real_refresh_says_what_is_true_of_the_fetched_figures(tmp_path: Path) -> None:
    folder, title = refreshing.ready(tmp_path / "eerst", tmp_path), "Nabijheid voorzieningen; regio"
    made = deepcopy(refreshing.tables(str(tmp_path / "eerst")))
    made[refreshing.DISTANCE].title = title
    with refreshing.serve(made) as cbs:
        cbs.revise(refreshing.DISTANCE, refreshing.WINTERSWIJK, "AfstandTotGroteSupermarkt", 0.5)
        refreshing.run(folder, cbs)
    snapshot = read(folder)
    true = in_force(refreshing.small(), snapshot)
    for name in ("afstand-huisarts", "afstand-supermarkt"):
        assert refreshing.small().indicator(name).caveat and not true.indicator(name).caveat
        assert {s.table for s in true.indicator(name).sources} == {"80305NED"}
    assert true.indicator("overgewicht").caveat == definitions().indicator("overgewicht").caveat
    # The manifest has the title of the service, and no longer the narrow one of the file that ships.
    assert "2013-2019" in definitions().table("80305NED").title
    assert true.table("80305NED").title == snapshot.manifest["sources"]["80305NED"]["title"] == title


# --- What definitions may say ---


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("afstand-supermarkt", {"only_with": {"caveat": ("KWB-2042",)}}, "'KWB-2042' bestaat niet"),
        ("afstand-supermarkt", {"only_without": {"caveat": ("KWB-2024",)}}, "'KWB-2024' bestaat niet"),
        ("afstand-supermarkt", {"only_with": {"method": ("KWB-2024",)}}, "geen soort cijfer"),
        ("afstand-supermarkt", {"only_with": {"method_note": ("KWB-2024",)}}, "'method_note' heeft zelf geen inhoud"),
        ("werkloosheid", {"only_with": {"method_note": ("RMBW-2023",)}}, "otherwise"),
    ],
    ids=["unknown table", "table that is not fetched", "no method left", "nothing to drop", "no reason left"],
)
def test_a_condition_that_cannot_be_is_refused(name: str, change: dict[str, object], told: str) -> None:
    d = definitions()
    changed = tuple(i.model_copy(update=change) if i.id == name else i for i in d.indicators)
    with pytest.raises(DefinitionError) as caught:
        check_statline(replace(d, indicators=changed))
    assert f"'{name}'" in caught.value.message and told in str(caught.value)
