"""StatLine over v3 and v4, against a local server that speaks as CBS does and can be told to fail."""

from __future__ import annotations

import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

from monitor import __version__
from monitor.errors import MonitorError, SourceInvalid, SourceUnavailable
from monitor.sources.statline import columns, connect
from monitor.sources.statline.service import About, Download, Expected, Request, StatLine, published_at
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.topics import group_paths
from monitor.sources.statline.v3 import StatLineV3
from monitor.sources.statline.v4 import StatLineV4
from monitor.sources.statline.web import own_address
from tests.local_cbs import Code, Dimension, LocalCbs, Table, Topic, periods, regions

pytestmark = pytest.mark.usefixtures("nothing_around")

ROOT = Path(__file__).parent.parent
ID = "85012NED"
NAMES = {
    "NL01": "Nederland",
    "PV20": "Groningen",
    "GM0005": "Een",
    "GM0014": "Twee",
    "GM1680": "Drie",
    "GM1699": "Vier",
}
# Where the rows come from, per protocol.
DATA = {"v3": "/TypedDataSet", "v4": "/Observations"}
DESCRIPTION = {"v3": "/DataProperties", "v4": "/MeasureCodes"}
INFO = {"v3": "/TableInfos", "v4": "/Properties"}
REQUEST = Request(
    ID,
    ("Overgewicht", "Roker"),
    ("NL", "PV", "GM"),
    {"Leeftijd": ("20300",)},
    expected={"Overgewicht": Expected("Overgewicht", "%"), "Roker": Expected("Rokers", "% van 18 jaar of ouder")},
)
ABOUT = About(ID, "Gezondheid", "2026-02-03T02:00:00")


def small_table() -> Table:
    """Six regions, three whole years and a quarter, three ages; padded codes and unknown values."""
    region = regions(NAMES, width=7)
    period = periods(["2018JJ00", "2020JJ00", "2021KW01", "2022JJ00"], {2020: "nader voorlopig", 2022: "voorlopig"})
    ages = (Code("10000 ", "Totaal"), Code("20300 ", "18 tot 65 jaar"), Code("203001", "18 tot 30 jaar"))
    age = Dimension("Leeftijd", "Leeftijd", ages)
    keys = [(a.key, r.key, p.key) for a in ages for r in region.codes for p in period.codes]
    rows = pd.DataFrame(keys, columns=["Leeftijd", "RegioS", "Perioden"])
    rows["Overgewicht_1"] = 40.5 + np.arange(len(rows))
    rows["Roker_2"] = np.arange(len(rows)) / 10
    rows["Leeg_3"] = float("nan")
    rows.loc[(rows["RegioS"] == "GM0014 ") & (rows["Perioden"] == "2020JJ00"), "Overgewicht_1"] = float("nan")
    topics = [
        Topic("Overgewicht_1", "Overgewicht", "%", 1, "Gewicht"),
        Topic("Roker_2", "Rokers", "% van 18 jaar of ouder", 1, "Gezond leven / Leefstijl"),
        Topic("Leeg_3", "Leeg", "aantal"),
    ]
    return Table(ID, "Gezondheid", [age, region, period], topics, rows)


@pytest.fixture
def server() -> Iterator[LocalCbs]:
    with LocalCbs([small_table()], page_size=7, v4_page_size=14) as running:
        running.hang_for = 5
        yield running


@pytest.fixture(params=["v3", "v4"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def quick(server: LocalCbs, protocol: str = "v3", **other: object) -> Settings:
    usual = Settings(server.url, server.v4_url, timeout=2, attempts=3, wait=0.01, max_wait=0.05)
    return replace(usual, protocol=protocol, **other)  # type: ignore[arg-type]


@pytest.fixture
def statline(server: LocalCbs, protocol: str) -> StatLine:
    return connect(quick(server, protocol))


def fetch(server: LocalCbs, request: Request = REQUEST, protocol: str = "v3", **other: object) -> Download:
    return connect(quick(server, protocol, **other)).fetch(request, ABOUT)


# -- what a good answer becomes -------------------------------------------------------------------------------


def test_the_setting_chooses_the_protocol(server: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(connect(Settings()), StatLineV3) and isinstance(connect(Settings(protocol="v4")), StatLineV4)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    assert connect().about(ID).title == "Gezondheid" and server.requests[-1].path.endswith("/TableInfos")
    monkeypatch.setenv("REGIOMONITOR_CBS_PROTOCOL", "V4")
    assert connect().about(ID).title == "Gezondheid" and server.requests[-1].path.endswith("/Properties")


def test_about_takes_one_request(statline: StatLine, server: LocalCbs) -> None:
    about = statline.about(ID)
    assert about.table == ID and about.title == "Gezondheid" and about.period == "2018 - 2022"
    assert about.modified.startswith("2026-02-03T02:00:00")
    assert len(server.requests) == 1


def test_both_protocols_give_the_same_rows(server: LocalCbs) -> None:
    three, four = (fetch(server, protocol=p).rows for p in ("v3", "v4"))
    order = ["RegioS", "Perioden"]
    texts = dict.fromkeys(["Leeftijd", *order], str)
    old, new = (f.astype(texts).sort_values(order, ignore_index=True) for f in (three, four))
    pd.testing.assert_frame_equal(old, new[old.columns])
    assert len(old) == 6 * 3


def test_rows_hold_codes_without_padding_and_numbers(statline: StatLine) -> None:
    rows = statline.fetch(REQUEST).rows
    assert list(rows) == ["Leeftijd", "RegioS", "Perioden", "Overgewicht", "Roker"]
    assert set(rows["RegioS"]) == set(NAMES) and set(rows["Leeftijd"]) == {"20300"}
    assert set(rows["Perioden"]) == {"2018JJ00", "2020JJ00", "2022JJ00"}, "a quarter is of no use"
    assert all(isinstance(rows[c].dtype, pd.CategoricalDtype) for c in ("Leeftijd", "RegioS", "Perioden"))
    unknown = rows["Overgewicht"].isna()
    assert rows.loc[unknown, ["RegioS", "Perioden"]].to_numpy().tolist() == [["GM0014", "2020JJ00"]]
    first = rows[(rows["RegioS"] == "NL01") & (rows["Perioden"] == "2018JJ00")]
    assert first["Overgewicht"].item() == 40.5 + 24 and first["Roker"].item() == 2.4


def test_a_topic_without_any_value_is_a_column_of_numbers(statline: StatLine) -> None:
    request = replace(REQUEST, topics=("Leeg",), expected={"Leeg": Expected("Leeg", "aantal")})
    leeg = statline.fetch(request).rows["Leeg"]
    assert leeg.isna().all() and leeg.dtype == "float64"


def test_topics_and_statuses_are_told(statline: StatLine, protocol: str) -> None:
    download = statline.fetch(REQUEST)
    assert download.about.title == "Gezondheid"
    roker = download.topics["Roker"]
    assert (roker.title, roker.unit) == ("Rokers", "% van 18 jaar of ouder")
    assert roker.column == {"v3": "Roker_2", "v4": "M000108"}[protocol]
    assert download.statuses == {2018: "definitief", 2020: "nader voorlopig", 2022: "voorlopig"}


def test_describe_gives_topics_only(statline: StatLine, protocol: str) -> None:
    found = statline.describe(ID)
    assert [d.title for d in found] == ["Overgewicht", "Rokers", "Leeg"], "no dimension, no topic group"
    assert found[0].key == {"v3": "Overgewicht", "v4": "M000101"}[protocol]
    assert [d.group for d in found] == ["Gewicht", "Gezond leven / Leefstijl", ""]


@pytest.mark.parametrize("protocol", ["v3", "v4"])
def test_number_of_requests(server: LocalCbs, protocol: str) -> None:
    server.page_size = server.v4_page_size = 1000
    download = fetch(server, protocol=protocol)
    assert download.requests == len(server.requests) == {"v3": 4, "v4": 6}[protocol]
    assert not server.paths("/Leeftijd") and not server.paths("/LeeftijdCodes") and not server.paths("/RegioS")


def test_a_table_without_periods_asks_for_none(server: LocalCbs, protocol: str) -> None:
    table = small_table()
    rows = table.rows[table.rows["Perioden"] == "2018JJ00"].drop(columns="Perioden")
    server.tables[ID] = Table(ID, table.title, table.dimensions[:2], table.topics, rows)
    download = fetch(server, protocol=protocol)
    assert len(download.rows) == 6 and "Perioden" not in download.rows and not download.statuses
    with_year = fetch(server, replace(REQUEST, since=2020), protocol)
    assert len(with_year.rows) == 6, "no periods: nothing to choose from"


def test_only_what_is_needed_is_asked(server: LocalCbs) -> None:
    fetch(server, replace(REQUEST, topics=("Roker",), levels=("GM",), since=2020))
    asked = server.paths("/TypedDataSet")[0].query
    assert asked["$select"] == "Leeftijd,RegioS,Perioden,Roker_2"
    told = "startswith(Leeftijd,'20300') and startswith(RegioS,'GM') and Perioden ge '2020' and "
    assert asked["$filter"] == told + "substringof('JJ',Perioden)"
    assert server.paths("/$count")[0].query["$filter"] == asked["$filter"]
    assert len(urlencode(asked)) < 1500


@pytest.mark.parametrize("protocol", ["v3", "v4"])
def test_several_codes_levels_and_a_first_year(server: LocalCbs, protocol: str) -> None:
    request = replace(REQUEST, filters={"Leeftijd": ("10000", "203001")}, levels=("NL", "GM"), since=2020)
    rows = fetch(server, request, protocol).rows
    assert set(rows["Leeftijd"]) == {"10000", "203001"} and set(rows["Perioden"]) == {"2020JJ00", "2022JJ00"}
    assert set(rows["RegioS"]) == {"NL01", "GM0005", "GM0014", "GM1680", "GM1699"} and len(rows) == 2 * 2 * 5


def test_without_filters_all_comes(server: LocalCbs, protocol: str) -> None:
    rows = fetch(server, replace(REQUEST, filters={}), protocol).rows
    assert set(rows["Leeftijd"]) == {"10000", "20300", "203001"} and len(rows) == 3 * 3 * 6


def test_since_in_the_first_year_needs_no_filter(server: LocalCbs) -> None:
    fetch(server, replace(REQUEST, since=2018))
    assert " ge " not in server.paths("/TypedDataSet")[0].query["$filter"]


def test_all_pages_are_followed_and_progress_is_told(server: LocalCbs, protocol: str) -> None:
    told: list[tuple[int, int | None]] = []
    connect(quick(server, protocol)).fetch(REQUEST, ABOUT, lambda *said: told.append(said))
    size, total = {"v3": (7, 36), "v4": (14, 72)}[protocol]  # the code 203001 comes along, and is dropped here
    steps = [*range(size, total, size), total]
    assert told == [(step, total) for step in steps]
    assert [s.query.get("$skip") for s in server.paths(DATA[protocol])] == [None, *(str(s) for s in steps[:-1])]


def test_what_progress_raises_stops_the_download(server: LocalCbs, protocol: str) -> None:
    def stop(rows: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        connect(quick(server, protocol)).fetch(REQUEST, ABOUT, stop)
    assert len(server.paths(DATA[protocol])) == 1


def test_requests_name_the_software_accept_compression_and_share_a_connection(server: LocalCbs, protocol: str) -> None:
    fetch(server, protocol=protocol)
    agents = {seen.headers["user-agent"] for seen in server.requests}
    assert agents == {f"regiomonitor-brede-welvaart/{__version__}"}
    assert all("gzip" in seen.headers["accept-encoding"] for seen in server.requests)
    assert len({seen.client for seen in server.requests}) == 1


@pytest.mark.parametrize("kind", ["http404", "http500", "html", "drop"])
def test_service_without_count_is_still_read(server: LocalCbs, protocol: str, kind: str) -> None:
    server.fail(kind, "/$count")
    assert len(fetch(server, protocol=protocol).rows) == 18
    assert len(server.paths("/$count")) == 1


def test_a_service_that_ignores_the_filter_does_no_harm(server: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.sources.statline.table.conditions", lambda *_: [])
    rows = fetch(server, replace(REQUEST, levels=("GM",), since=2020)).rows
    assert set(rows["Leeftijd"]) == {"20300"} and len(rows) == 4 * 2 and rows["RegioS"].str.startswith("GM").all()


def test_rows_are_never_kept_as_rows() -> None:
    """Twenty pages of 1 000 rows: what is kept is a number per cell, and a page of rows at most is there besides."""
    page = ",".join(f'{{"RegioS":"GM{i % 400:04d} ","Perioden":"%sJJ00","A_1":{i}.5,"B_2":null}}' for i in range(1000))
    text = f'{{"value":[{page}],"odata.nextLink":"x"}}'
    kept = columns.Columns("CBS-tabel", ["RegioS", "Perioden"], ["A_1", "B_2"])
    kept.add(kept.read(text.replace("%s", "1999"))[1], more=True)
    tracemalloc.start()
    for year in range(2000, 2020):
        kept.add(kept.read(text.replace("%s", str(year)))[1], more=True)
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.rows == 21_000
    assert size < 20_000 * (2 * 4 + 2 * 8) * 1.5, "a code takes four bytes and a number eight"
    assert peak < size + 600_000, "as dictionaries the rows would take nine million"


# -- faults that pass -----------------------------------------------------------------------------------------

PASSING = ["http500", "http503", "http429", "invalid_json", "cut", "cut_chunked", "broken_gzip", "drop", "html"]


@pytest.mark.parametrize("kind", PASSING)
def test_passing_fault_is_retried(server: LocalCbs, protocol: str, kind: str) -> None:
    server.fail(kind, DATA[protocol], after=1, times=1)
    told: list[int] = []
    download = connect(quick(server, protocol)).fetch(REQUEST, ABOUT, lambda rows, _: told.append(rows))
    assert len(download.rows) == 18
    assert told == sorted(set(told)), "a page tried twice counts once"
    assert len(server.paths(DATA[protocol])) == 6 + 1 and download.requests == len(server.requests)


def test_passing_fault_in_the_description_is_retried(server: LocalCbs, protocol: str) -> None:
    server.fail("http500", DESCRIPTION[protocol], times=2)
    assert len(fetch(server, protocol=protocol).rows) == 18
    assert len(server.paths(DESCRIPTION[protocol])) == 3


# -- faults that stay -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "error", "text", "after"),
    [
        ("http500", SourceUnavailable, "meldt drukte of storing (500; 3 pogingen)", 0),
        ("http500", SourceUnavailable, "storing (500", 1),
        ("http429", SourceUnavailable, "drukte of storing (429", 0),
        ("drop", SourceUnavailable, "brak af", 0),
        ("cut", SourceUnavailable, "brak af", 0),
        ("cut_chunked", SourceUnavailable, "brak af", 0),
        ("broken_gzip", SourceUnavailable, "brak af", 0),
        ("invalid_json", SourceInvalid, "breekt halverwege de JSON af", 0),
        ("html", SourceInvalid, "is een webpagina in plaats van JSON", 0),
        ("null_value", SourceInvalid, "geen volledige, geldige JSON", 0),
        ("narrow", SourceInvalid, "", 0),
    ],
)
def test_lasting_fault_is_an_error_after_all_attempts(
    server: LocalCbs, protocol: str, kind: str, error: type[MonitorError], text: str, after: int
) -> None:
    server.fail(kind, DATA[protocol], after=after)
    with pytest.raises(error, match=f"CBS-tabel {ID}: ") as caught:
        fetch(server, protocol=protocol)
    assert text in caught.value.message and caught.value.way_out and "\n" not in str(caught.value)
    assert len(server.paths(DATA[protocol])) == after + 3


def test_a_column_that_is_described_but_not_served(server: LocalCbs) -> None:
    server.fail("narrow", "/TypedDataSet")
    with pytest.raises(SourceInvalid, match=r"mist de kolom 'Roker_2' .3 pogingen"):
        fetch(server)


def test_timeout_gives_up_after_all_attempts(server: LocalCbs, protocol: str) -> None:
    server.fail("hang", DATA[protocol])
    with pytest.raises(SourceUnavailable, match=rf"{ID}.*niet binnen 0.2 seconden .3 pogingen"):
        fetch(server, protocol=protocol, timeout=0.2)
    assert len(server.paths(DATA[protocol])) == 3


def test_refused_access_is_not_retried(server: LocalCbs, protocol: str) -> None:
    server.fail("http403")
    with pytest.raises(SourceUnavailable, match=r"weigert toegang .403."):
        fetch(server, protocol=protocol)
    assert len(server.requests) == 1


def test_rejected_filter_is_not_retried(server: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.sources.statline.table.conditions", lambda *_: ["RegioS is 'GM0014'"])
    with pytest.raises(SourceInvalid, match=r"wijst de vraag af .400."):
        fetch(server)
    assert len(server.paths("/TypedDataSet")) == 1


# -- the table itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", ["about", "describe", "fetch"])
def test_wrong_case_or_withdrawn_table_is_told_at_once(statline: StatLine, server: LocalCbs, ask: str) -> None:
    asked = {"about": lambda: statline.about("85012ned"), "describe": lambda: statline.describe("85012ned")}
    asked["fetch"] = lambda: statline.fetch(replace(REQUEST, table="85012ned"))
    with pytest.raises(SourceInvalid, match=r"CBS-tabel 85012ned bestaat niet .meer. bij 127\.0\.0\.1") as caught:
        asked[ask]()
    assert "moet het '85012NED' zijn" in caught.value.way_out and "ingetrokken" in caught.value.way_out
    assert len(server.requests) == 1


def test_table_withdrawn_between_two_questions(statline: StatLine, server: LocalCbs) -> None:
    about = statline.about(ID)
    server.withdraw(ID)
    with pytest.raises(SourceInvalid, match=r"bestaat niet .meer."):
        statline.fetch(REQUEST, about)


@pytest.mark.parametrize("table", ["../Tables?", "", "85012NED/x", "a b"])
def test_no_table_code(statline: StatLine, server: LocalCbs, table: str) -> None:
    with pytest.raises(SourceInvalid, match="geen CBS-tabelcode"):
        statline.about(table)
    assert not server.requests


@pytest.mark.parametrize("protocol", ["v3", "v4"])
def test_empty_description_is_an_error(server: LocalCbs, protocol: str) -> None:
    server.fail("empty", DESCRIPTION[protocol])
    with pytest.raises(SourceInvalid, match="is leeg"):
        fetch(server, protocol=protocol)
    server.fail("empty", "/TableInfos")
    with pytest.raises(SourceInvalid, match="TableInfos is leeg of onvolledig"):
        connect(quick(server)).about(ID)


def test_no_rows_is_an_error(server: LocalCbs, protocol: str) -> None:
    with pytest.raises(SourceInvalid, match=r"geen enkele rij .gebieden GG; vanaf het eerste jaar"):
        fetch(server, replace(REQUEST, levels=("GG",), filters={}), protocol)
    with pytest.raises(SourceInvalid, match="geen jaren vanaf 2030") as caught:
        fetch(server, replace(REQUEST, since=2030), protocol)
    assert "2022" in caught.value.way_out
    server.fail("empty", DATA[protocol])
    server.fail("http404", "/$count")
    with pytest.raises(SourceInvalid, match="geen enkele rij"):
        fetch(server, protocol=protocol)


def test_no_topics_asked(statline: StatLine) -> None:
    with pytest.raises(SourceInvalid, match="geen onderwerp gevraagd"):
        statline.fetch(replace(REQUEST, topics=()), ABOUT)


def test_no_regions(server: LocalCbs, protocol: str) -> None:
    table = small_table()
    rows = table.rows.drop_duplicates(["Leeftijd", "Perioden"]).drop(columns="RegioS")
    dims = [table.dimensions[0], table.dimensions[2]]
    server.tables[ID] = Table(ID, table.title, dims, table.topics, rows)
    with pytest.raises(SourceInvalid, match="heeft geen dimensie 'RegioS'"):
        fetch(server, protocol=protocol)


def test_regions_under_another_name(server: LocalCbs, protocol: str) -> None:
    table = small_table()
    rows = table.rows.rename(columns={"RegioS": "Gemeenten"})
    dims = [replace(d, key="Gemeenten") if d.key == "RegioS" else d for d in table.dimensions]
    server.tables[ID] = Table(ID, table.title, dims, table.topics, rows)
    assert set(fetch(server, protocol=protocol).rows["RegioS"]) == set(NAMES)


# -- topics and codes -----------------------------------------------------------------------------------------


def test_topics_are_found_wherever_they_stand(server: LocalCbs) -> None:
    table = server.tables[ID]
    turned = {"Overgewicht_1": "Overgewicht_9", "Roker_2": "Roker_4"}
    table.topics = [replace(t, column=turned.get(t.column, t.column)) for t in reversed(table.topics)]
    table.rows = table.rows.rename(columns=turned)
    rows = fetch(server).rows
    assert rows["Roker"].max() < 10 < rows["Overgewicht"].min()


def test_a_topic_may_be_asked_with_its_number(server: LocalCbs) -> None:
    assert list(fetch(server, replace(REQUEST, topics=("Roker_2",))).rows)[-1] == "Roker_2"


def test_missing_topic_names_the_nearest(server: LocalCbs) -> None:
    with pytest.raises(SourceInvalid, match="85012NED heeft geen onderwerp 'Overgewichten'") as caught:
        fetch(server, replace(REQUEST, topics=("Overgewichten",)))
    assert "Overgewicht" in caught.value.way_out
    assert not server.paths("/TypedDataSet"), "no rows are asked for once a topic is known to be missing"


def test_renamed_topic_is_recognised_by_its_title(server: LocalCbs) -> None:
    server.rename(ID, "Roker", "RooktWelEens")
    with pytest.raises(SourceInvalid, match="heeft geen onderwerp 'Roker' meer") as caught:
        fetch(server)
    assert "Hernoemd? 'Rokers' heet er nu 'RooktWelEens'" in caught.value.way_out


def test_dropped_topic(server: LocalCbs, protocol: str) -> None:
    server.drop(ID, "Roker")
    with pytest.raises(SourceInvalid, match="heeft geen onderwerp"):
        fetch(server, protocol=protocol)


def test_two_topics_with_one_key(server: LocalCbs) -> None:
    server.rename(ID, "Roker", "Overgewicht")
    with pytest.raises(SourceInvalid, match="meer dan één onderwerp 'Overgewicht'") as caught:
        fetch(server)
    assert "Overgewicht_1, Overgewicht_2" in caught.value.way_out


def test_changed_unit_and_title_are_refused(server: LocalCbs, protocol: str) -> None:
    server.unit(ID, "Roker", "aantal x 1 000")
    with pytest.raises(SourceInvalid) as caught:
        fetch(server, protocol=protocol)
    told = f"CBS-tabel {ID}: de eenheid van onderwerp 'Roker' is veranderd van '% van 18 jaar of ouder' in "
    assert caught.value.message == told + "'aantal x 1 000'."
    server.unit(ID, "Roker", "% van 18 jaar of ouder")
    server.retitle(ID, "Roker", "Dagelijkse rokers")
    with pytest.raises(SourceInvalid, match="Rokers") as caught:
        fetch(server, protocol=protocol)
    assert "'Dagelijkse rokers'" in str(caught.value) and "Roker" in caught.value.message


def test_what_we_never_saw_is_not_held(server: LocalCbs) -> None:
    server.unit(ID, "Roker", "iets anders")
    request = replace(REQUEST, expected={"Overgewicht": Expected(None, "%")})
    assert fetch(server, request).topics["Roker"].unit == "iets anders"


def test_v4_needs_the_title(server: LocalCbs) -> None:
    request = replace(REQUEST, expected={"Overgewicht": Expected("Overgewicht", "%")})
    with pytest.raises(SourceInvalid, match="van onderwerp 'Roker' is geen titel bekend") as caught:
        fetch(server, request, "v4")
    assert "statline.yaml" in caught.value.way_out and "v3" in caught.value.way_out


def test_v4_tells_two_measures_with_one_title_apart_by_unit(server: LocalCbs) -> None:
    server.retitle(ID, "Leeg", "Overgewicht")
    assert len(fetch(server, protocol="v4").rows) == 18
    vague = replace(REQUEST, topics=("Overgewicht",), expected={"Overgewicht": Expected("Overgewicht", None)})
    with pytest.raises(SourceInvalid, match="meer dan één onderwerp 'Overgewicht'") as caught:
        fetch(server, vague, "v4")
    assert "(%, groep 'Gewicht')" in caught.value.way_out and "(aantal)" in caught.value.way_out
    assert "de eenheid" in caught.value.way_out


def namesakes(server: LocalCbs, *groups: str) -> Request:
    """Overgewicht, Roker and Leeg get one title and unit, and these groups; a request for the first two."""
    table = server.tables[ID]
    table.topics = [replace(t, title="Afstand", unit="km", group=g) for t, g in zip(table.topics, groups, strict=True)]
    table.changed()
    known = {t.key: Expected("Afstand", "km", t.group) for t in table.topics[:2]}
    return replace(REQUEST, expected=known)


@pytest.mark.parametrize(
    "groups", [("Zorg / Arts", "Zorg / Ziekenhuis", "School"), ("Arts", "Winkel / Klein", ""), ("", "Arts", "School")]
)
def test_v4_tells_namesakes_apart_by_their_group(server: LocalCbs, groups: tuple[str, ...]) -> None:
    request = namesakes(server, *groups)
    three, four = (fetch(server, request, p) for p in ("v3", "v4"))
    assert {k: t.group for k, t in three.topics.items()} == dict(zip(("Overgewicht", "Roker"), groups, strict=False))
    assert {k: t.group for k, t in four.topics.items()} == {k: t.group for k, t in three.topics.items()}
    for key in ("Overgewicht", "Roker"):
        assert four.rows[key].sum() == pytest.approx(three.rows[key].sum()), key
    assert four.rows["Roker"].max() < 10 < four.rows["Overgewicht"].min()


def test_v4_knows_a_group_by_its_last_titles_too(server: LocalCbs) -> None:
    request = namesakes(server, "Voorzieningen / Zorg / Arts", "Ziekenhuis", "Voorzieningen / School")
    known = {"Overgewicht": Expected("Afstand", "km", "Zorg / Arts"), "Roker": Expected("Afstand", "km", "Ziekenhuis")}
    rows = fetch(server, replace(request, expected=known), "v4").rows
    assert rows["Roker"].max() < 10 < rows["Overgewicht"].min()


def test_v4_refuses_namesakes_without_a_known_group(server: LocalCbs) -> None:
    request = namesakes(server, "Zorg / Arts", "Arts '24", "School")
    without = {"Overgewicht": Expected("Afstand", "km"), "Roker": Expected("Afstand", "km")}
    with pytest.raises(SourceInvalid, match=r"meer dan één onderwerp 'Afstand' .Overgewicht.") as caught:
        fetch(server, replace(request, expected=without), "v4")
    way_out = caught.value.way_out
    assert "M000101 (km, groep 'Zorg / Arts')" in way_out and "v3" in way_out and "--force" in way_out
    assert "bij Overgewicht de regel group: 'Zorg / Arts' of group: 'Arts ''24' of group: 'School'" in way_out
    assert not server.paths("/Observations")


def test_v4_refuses_namesakes_when_the_group_is_another_or_the_same(server: LocalCbs) -> None:
    request = namesakes(server, "Arts", "Ziekenhuis", "School")
    gone = {**request.expected, "Roker": Expected("Afstand", "km", "Kliniek")}
    with pytest.raises(SourceInvalid, match="en geen daarvan staat nog in de groep 'Kliniek'") as caught:
        fetch(server, replace(request, expected=gone), "v4")
    assert "group: 'Ziekenhuis'" in caught.value.way_out
    request = namesakes(server, "Arts", "Arts", "Arts")
    with pytest.raises(SourceInvalid, match="meer dan één onderwerp 'Afstand'") as caught:
        fetch(server, request, "v4")
    assert "groepen verschillen niet" in caught.value.way_out and "group:" not in caught.value.way_out


def test_a_namesake_does_not_pass_for_one_that_is_gone(server: LocalCbs) -> None:
    request = namesakes(server, "Arts", "Ziekenhuis", "School")
    for topic in ("Roker", "Leeg"):
        server.drop(ID, topic)
    with pytest.raises(SourceInvalid, match="nog maar één onderwerp 'Afstand' voor 'Overgewicht' en 'Roker'"):
        fetch(server, request, "v4")


def test_another_group_alone_is_no_reason_to_refuse(server: LocalCbs, protocol: str) -> None:
    moved = {k: replace(e, group="Een andere groep") for k, e in REQUEST.expected.items()}
    assert len(fetch(server, replace(REQUEST, expected=moved), protocol).rows) == 18


def test_groups_that_are_not_listed_or_stand_in_a_ring(server: LocalCbs) -> None:
    server.fail("http404", "/MeasureGroups")
    assert {d.group for d in connect(quick(server, "v4")).describe(ID)} == {""}
    ring = [{"Id": 1, "Title": "Een", "ParentId": 2}, {"Id": 2, "Title": "Twee", "ParentId": 1}]
    assert group_paths([*ring, {"Id": 3, "Title": "Drie", "ParentId": 9}], "Id", "ParentId") == {
        "1": "Twee / Een", "2": "Een / Twee", "3": "Drie"
    }  # fmt: skip


def test_a_moment_of_publication_has_one_form(server: LocalCbs) -> None:
    assert {connect(quick(server, p)).about(ID).modified for p in ("v3", "v4")} == {"2026-02-03T02:00:00"}
    same = ("2026-07-03T02:00:00", "2026-07-03T02:00:00+02:00", "2026-07-03T00:00:00Z")
    assert {published_at(text) for text in same} == {same[0]}
    assert [published_at(text) for text in ("", "2026-07-03", "onbekend")] == ["", "2026-07-03", "onbekend"]


def test_unknown_dimension_and_code_name_the_nearest(server: LocalCbs, protocol: str) -> None:
    with pytest.raises(SourceInvalid, match="geen dimensie 'Leeftyd'") as caught:
        fetch(server, replace(REQUEST, filters={"Leeftyd": ("20300",)}), protocol)
    assert "Leeftijd" in caught.value.way_out
    with pytest.raises(SourceInvalid, match="in dimensie 'Leeftijd' geen code '20301'") as caught:
        fetch(server, replace(REQUEST, filters={"Leeftijd": ("20300", "20301")}), protocol)
    assert "20300 (18 tot 65 jaar)" in caught.value.way_out


def test_known_code_without_rows(server: LocalCbs, protocol: str) -> None:
    table = server.tables[ID]
    table.rows = table.rows[table.rows["Leeftijd"] != "20300 "].reset_index(drop=True)
    with pytest.raises(SourceInvalid, match="geen enkele rij bij code '20300' van dimensie 'Leeftijd'"):
        fetch(server, protocol=protocol)


# -- pages that do not fit together ---------------------------------------------------------------------------


def test_pages_that_end_early(server: LocalCbs, protocol: str) -> None:
    server.fail("short", DATA[protocol])
    with pytest.raises(SourceInvalid, match=r"er ontbreken rijen .* .\d+ rijen ontvangen, \d+ aangekondigd"):
        fetch(server, protocol=protocol)


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("kind", ["repeat", "empty_pages", "loop"])
def test_endless_pages_are_stopped(server: LocalCbs, protocol: str, kind: str, counts: bool) -> None:
    if not counts:
        server.fail("http404", "/$count")
    server.fail(kind, DATA[protocol])
    with pytest.raises(SourceInvalid, match=r"herhalen zich of houden niet op|in een kring"):
        fetch(server, protocol=protocol)
    assert len(server.paths(DATA[protocol])) <= 3


def test_number_of_pages_has_a_limit(server: LocalCbs, protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MOST_PAGES", 4)
    with pytest.raises(SourceInvalid, match="houden niet op"):
        fetch(server, protocol=protocol)
    assert len(server.paths(DATA[protocol])) == 4


@pytest.mark.parametrize("counts", [True, False])
def test_repeated_rows_are_refused(server: LocalCbs, protocol: str, counts: bool) -> None:
    if not counts:
        server.fail("http404", "/$count")
    table = server.tables[ID]
    table.rows = pd.concat([table.rows, table.rows[24:26]], ignore_index=True)
    told = "rijen ontvangen, 3" if counts and protocol == "v3" else "rijen ontvangen"
    with pytest.raises(SourceInvalid, match=f"staan er dubbel .*{told}"):
        fetch(server, protocol=protocol)


def test_rows_without_code_or_number(server: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> None:
    served: dict[str, str] = {}
    real = columns.json.loads

    def bent(text: str, **more: object) -> object:
        return real(text.replace(*served["turn"].split("|"), 1), **more)  # type: ignore[arg-type]

    monkeypatch.setattr(columns.json, "loads", bent)
    for turn, told in (
        ('"RegioS":"NL01   "|"RegioS":null', "rij zonder code in 'RegioS'"),
        ('"Roker_2":2.4|"Roker_2":"veel"', "in 'Roker_2' geen getal maar 'veel'"),
        ('"Roker_2":2.4|"Roker_2":true', "in 'Roker_2' geen getal maar 'True'"),
    ):
        served["turn"] = turn
        with pytest.raises(SourceInvalid, match=told):
            fetch(server, attempts=1)


def test_next_page_on_another_host_is_refused(server: LocalCbs, protocol: str) -> None:
    with LocalCbs([small_table()]) as other:
        server.other_host = other.url
        server.fail("other_host", DATA[protocol])
        with pytest.raises(SourceInvalid, match=r"andere dienst, 127\.0\.0\.1:\d+; geweigerd"):
            fetch(server, protocol=protocol)
        assert not other.requests, "the other host must not be asked anything"


def test_next_page_on_another_port_is_refused(server: LocalCbs, protocol: str) -> None:
    server.fail("plain_http", DATA[protocol])
    with pytest.raises(SourceInvalid, match=r"andere dienst, 127.0.0.1; geweigerd"):
        fetch(server, protocol=protocol)


def test_redirect_to_another_host_is_refused_before_it_is_asked(server: LocalCbs, protocol: str) -> None:
    with LocalCbs([small_table()]) as other:
        server.other_host = other.url
        server.fail("redirect", DATA[protocol])
        with pytest.raises(SourceInvalid, match="andere dienst"):
            fetch(server, protocol=protocol)
        assert not other.requests


def test_next_page_without_host(server: LocalCbs) -> None:
    server.fail("relative")
    with pytest.raises(SourceInvalid, match="onbruikbaar adres"):
        fetch(server)
    assert len(fetch(server, protocol="v4").rows) == 18, "in v4 a link may be relative"


def test_http_link_to_the_own_host_is_read_over_https() -> None:
    link = "http://opendata.cbs.nl/ODataFeed/odata/85012NED/TypedDataSet?$skip=10000"
    assert own_address(link, "https://opendata.cbs.nl", "CBS-tabel") == link.replace("http:", "https:")
    with pytest.raises(SourceInvalid, match="geweigerd"):
        own_address(link.replace("cbs.nl", "cbs.nl.example.org"), "https://opendata.cbs.nl", "CBS-tabel")
    with pytest.raises(SourceInvalid, match="onbruikbaar adres"):
        own_address("http://opendata.cbs.nl:poort/", "https://opendata.cbs.nl", "CBS-tabel")


# -- side by side ---------------------------------------------------------------------------------------------


def test_shared_cbsodata_is_left_alone_and_downloads_run_side_by_side(server: LocalCbs) -> None:
    import cbsodata.cbsodata3 as shared
    import requests

    before = (shared.Session, shared.options.use_https, shared.options.catalog_url)
    assert before == (requests.Session, True, "opendata.cbs.nl")
    results: dict[str, tuple[int, int]] = {}
    together = threading.Barrier(2, timeout=5)
    statline = connect(quick(server))

    def run(level: str) -> None:
        def meet(rows: int, total: int | None) -> None:
            if rows <= 7:
                together.wait()  # both are inside their download at this moment
                assert (shared.Session, shared.options.use_https, shared.options.catalog_url) == before

        download = statline.fetch(replace(REQUEST, levels=(level,)), ABOUT, meet)
        results[level] = (len(download.rows), download.requests)

    threads = [threading.Thread(target=run, args=(level,)) for level in ("GM", "PV")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {"GM": (12, 3 + 4), "PV": (3, 3 + 1)}, "each counts its own requests"
    assert (shared.Session, shared.options.use_https, shared.options.catalog_url) == before


def test_cbsodata_itself_talks_to_the_server(server: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unmodified, as anybody would use it: what our client is compared with is what CBS's own client gives."""
    import cbsodata

    options = cbsodata.cbsodata3.options
    monkeypatch.setattr(cbsodata.cbsodata3, "CBSOPENDATA", server.url.removeprefix("http://"))
    monkeypatch.setitem(options.__dict__, "use_https", False)
    rows = pd.DataFrame(cbsodata.get_data(ID))
    assert len(rows) == 3 * 6 * 4 and set(rows["RegioS"]) == set(NAMES.values())
    theirs = rows[(rows["Leeftijd"] == "18 tot 65 jaar") & (rows["RegioS"] == "Drie") & (rows["Perioden"] == "2022")]
    ours = fetch(server).rows
    ours = ours[(ours["RegioS"] == "GM1680") & (ours["Perioden"] == "2022JJ00")]
    assert theirs["Overgewicht_1"].item() == ours["Overgewicht"].item()


def test_import_needs_neither_streamlit_nor_cbsodata() -> None:
    code = (
        "import sys, monitor.sources.statline.v3, monitor.sources.statline.v4;"
        "print(sorted({'streamlit', 'cbsodata'} & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
