"""The local CBS behaves as CBS does: its protocol, its limits, and the figures of the edition that it gives back."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import cbsodata
import numpy as np
import pandas as pd
import pytest
import requests
import shapely

from monitor.definitions.statline import live_specs
from monitor.snapshot.build import Collector
from monitor.snapshot.layout import to_current
from monitor.sources.cbs_odata import ODataReader
from tests.local_cbs import LocalCbs, grow, handmade, records, shipped, shipped_maps
from tests.local_cbs.geo import CRS84, RD
from tests.local_cbs.query import BadQuery, matching
from tests.spec_table import SHARED as SHARED_FOLDER
from tests.spec_table import cases, definitions, edition, needs_shared

SMALL, GROUPS, LARGE = "90001NED", "90002NED", "90003ned"


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def cbs() -> Iterator[LocalCbs]:
    """Small tables, read only."""
    with LocalCbs([handmade.small(), handmade.with_groups(), handmade.large()]) as server:
        yield server


@pytest.fixture
def own() -> Iterator[LocalCbs]:
    """Small tables, to edit and to break; four rows a page."""
    with LocalCbs([handmade.small(), handmade.with_groups()], page_size=4, v4_page_size=5) as server:
        yield server


@pytest.fixture
def client(cbs: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> LocalCbs:
    """The server, to which the unmodified ``cbsodata`` talks."""
    monkeypatch.setattr(cbsodata.cbsodata3, "CBSOPENDATA", cbsodata.cbsodata3.CBSOPENDATA)
    monkeypatch.setattr(cbsodata.options, "use_https", False)
    cbsodata.options.catalog_url = cbs.url.removeprefix("http://")
    return cbs


def feed(server: LocalCbs, table: str, entity: str, **query: str) -> requests.Response:
    params = {f"${k}": v for k, v in {"format": "json", **query}.items()}
    return requests.get(f"{server.url}/ODataFeed/odata/{table}/{entity}", params=params, timeout=10)


def v4(server: LocalCbs, table: str, entity: str, **query: str) -> requests.Response:
    params = {f"${k}": v for k, v in query.items()}
    return requests.get(f"{server.v4_url}/CBS/{table}/{entity}", params=params, timeout=10)


# cbsodata as it is


def test_cbsodata_gets_the_data_with_the_titles_of_the_codes(client: LocalCbs) -> None:
    rows = cbsodata.get_data(SMALL)
    assert len(rows) == 7 * 3
    assert rows[0]["RegioS"] == "Nederland" and rows[0]["Perioden"] == "2020" and rows[0]["Meting_2"] == 40.5
    assert rows[4]["Meting_2"] is None


def test_cbsodata_selects_and_filters(client: LocalCbs) -> None:
    rows = cbsodata.get_data(SMALL, select=["RegioS", "Meting_2"], filters="Perioden eq '2022JJ00'")
    assert len(rows) == 7 and set(rows[0]) == {"RegioS", "Meting_2"}


def test_cbsodata_gets_what_the_table_is_about(client: LocalCbs) -> None:
    info = cbsodata.get_info(SMALL)
    assert info["Identifier"] == SMALL and info["Modified"] == "2024-11-05T02:00:00" and info["Period"] == "2020 - 2022"
    properties = cbsodata.get_meta(SMALL, "DataProperties")
    kinds = {p["Key"]: p["Type"] for p in properties}
    assert kinds["RegioS"] == "GeoDimension" and kinds["Perioden"] == "TimeDimension" and kinds["Meting_2"] == "Topic"
    group = next(p for p in properties if p["Type"] == "TopicGroup")
    assert next(p for p in properties if p["Key"] == "Meting_2")["ParentID"] == group["ID"]


def test_cbsodata_lists_the_tables(client: LocalCbs) -> None:
    assert [t["Identifier"] for t in cbsodata.get_table_list()] == [SMALL, GROUPS, LARGE]
    assert cbsodata.get_table_list(select=["Identifier"], filters=f"Identifier eq '{LARGE}'") == [{"Identifier": LARGE}]


def test_cbsodata_follows_the_pages(client: LocalCbs) -> None:
    client.forget()
    rows = cbsodata.get_data(LARGE, select=["ID", "Aantal_1"])
    assert [r["Aantal_1"] for r in rows] == list(range(25_000))
    assert [s.query.get("$skip") for s in client.paths("/TypedDataSet")] == [None, "10000", "20000"]


# v3


def test_the_service_document_names_every_entity(cbs: LocalCbs) -> None:
    value = feed(cbs, GROUPS, "").json()["value"]
    names = [v["name"] for v in value]
    assert names[:5] == ["TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "CategoryGroups"]
    assert names[5:] == ["Leeftijd", "Marges", "RegioS"]
    assert all(v["url"] == f"{cbs.url}/ODataFeed/odata/{GROUPS}/{v['name']}" for v in value)


def test_codes_are_padded_in_the_dimension_as_in_the_data(cbs: LocalCbs) -> None:
    keys = {r["Key"] for r in feed(cbs, GROUPS, "RegioS").json()["value"]}
    rows = feed(cbs, GROUPS, "TypedDataSet").json()["value"]
    assert {r["RegioS"] for r in rows} == keys and "NL01   " in keys
    assert {r["Leeftijd"] for r in rows} == {"10000 ", "100005", "80200 "}
    assert feed(cbs, GROUPS, "TypedDataSet", filter="RegioS eq 'NL01'").json()["value"] == []


def test_periods_tell_their_status(cbs: LocalCbs) -> None:
    status = {r["Key"]: r["Status"] for r in feed(cbs, SMALL, "Perioden").json()["value"]}
    assert status == {"2020JJ00": "Definitief", "2022JJ00": "Voorlopig", "2022HJ01": "Voorlopig"}


@pytest.mark.parametrize(
    "case",
    cases("""
        filter                                                                     | rows
        RegioS eq 'GM0014'                                                         | 3
        substringof('GM',RegioS)                                                   | 12
        substringof('GM',RegioS) eq true and Perioden eq '2022JJ00'                | 4
        startswith(RegioS,'PV') or startswith(RegioS,'NL')                         | 6
        not (startswith(RegioS,'GM') or startswith(RegioS,'NL01'))                 | 6
        (RegioS eq 'NL01  ' or RegioS eq 'PV20  ') and (Perioden ge '2021JJ00')    | 4
        Perioden lt '2022' and Meting_2 gt 42                                      | 6
        Meting_2 eq null                                                           | 1
        ID le 4 and ID ne 2                                                        | 4
        RegioS eq 'O''s'                                                           | 0
    """),
)
def test_filters(cbs: LocalCbs, case: dict[str, str]) -> None:
    answer = feed(cbs, SMALL, "TypedDataSet", filter=case["filter"])
    assert answer.status_code == 200 and len(answer.json()["value"]) == int(case["rows"])
    count = requests.get(
        f"{cbs.url}/ODataFeed/odata/{SMALL}/TypedDataSet/$count", params={"$filter": case["filter"]}, timeout=10
    )
    assert count.content.decode("utf-8-sig") == case["rows"]


@pytest.mark.parametrize(
    "filters", ["Regio eq 'GM0014'", "RegioS eq", "RegioS 'x'", "(RegioS eq 'x'", "length(RegioS)"]
)
def test_a_filter_that_cannot_be_understood_is_refused(cbs: LocalCbs, filters: str) -> None:
    answer = feed(cbs, SMALL, "TypedDataSet", filter=filters)
    assert answer.status_code == 400 and answer.json()["odata.error"]["message"]["value"]


def test_an_unknown_column_is_refused(cbs: LocalCbs) -> None:
    answer = feed(cbs, SMALL, "TypedDataSet", select="RegioS,Meting_3")
    assert answer.status_code == 400 and "Meting_3" in answer.json()["odata.error"]["message"]["value"]


def test_rows_are_ordered_skipped_and_cut(cbs: LocalCbs) -> None:
    rows = feed(cbs, SMALL, "TypedDataSet", orderby="Perioden desc,RegioS", top="3", skip="1", select="RegioS,Perioden")
    assert rows.json()["value"] == [
        {"RegioS": r, "Perioden": "2022JJ00"} for r in ("GM0037", "GM0047", "GM1895")
    ]  # fmt: skip


def test_the_table_for_readers_holds_texts(cbs: LocalCbs) -> None:
    rows = feed(cbs, SMALL, "UntypedDataSet", top="5").json()["value"]
    assert rows[0]["Meting_2"] == "    40.5" and rows[4]["Meting_2"].strip() == "."


@pytest.mark.parametrize("table", ["90001ned", "80305ned", "90003NED"])
def test_upper_and_lower_case_matter_in_a_table_id(cbs: LocalCbs, table: str) -> None:
    answer = feed(cbs, table, "TableInfos")
    assert answer.status_code == 404 and "html" in answer.headers["Content-Type"]


def test_an_unknown_entity_is_not_found(cbs: LocalCbs) -> None:
    answer = feed(cbs, SMALL, "Leeftijd")
    assert answer.status_code == 404 and answer.text.startswith("<")


def test_the_api_variant_refuses_more_than_ten_thousand_rows(cbs: LocalCbs) -> None:
    url = f"{cbs.url}/ODataApi/odata/{LARGE}/TypedDataSet"
    refused = requests.get(url, timeout=10)
    assert refused.status_code >= 400 and "odata.error" in refused.json()
    assert len(requests.get(url, params={"$top": "10000"}, timeout=10).json()["value"]) == 10_000
    assert len(requests.get(f"{cbs.url}/ODataApi/odata/{SMALL}/TypedDataSet", timeout=10).json()["value"]) == 21


def test_the_feed_gives_no_json_to_who_does_not_ask_for_it(cbs: LocalCbs) -> None:
    url = f"{cbs.url}/ODataFeed/odata/{SMALL}/TypedDataSet"
    assert requests.get(url, timeout=10).text.startswith("<?xml")
    assert requests.get(url, headers={"Accept": "application/json"}, timeout=10).json()["value"]


# v4


def test_v4_describes_the_table(cbs: LocalCbs) -> None:
    names = [v["name"] for v in v4(cbs, GROUPS, "").json()["value"]]
    assert {"Observations", "MeasureCodes", "Dimensions", "LeeftijdCodes", "RegioSCodes", "Properties"} <= set(names)
    assert v4(cbs, GROUPS, "Properties").json()["Identifier"] == GROUPS
    dims = {d["Identifier"]: d["Kind"] for d in v4(cbs, SMALL, "Dimensions").json()["value"]}
    assert dims == {"RegioS": "GeoDimension", "Perioden": "TimeDimension"}
    assert [c["Status"] for c in v4(cbs, SMALL, "PeriodenCodes").json()["value"]] == [
        "Definitief",
        "Voorlopig",
        "Voorlopig",
    ]


def test_v4_measures_have_other_names_and_the_same_titles_and_units(cbs: LocalCbs) -> None:
    measures = v4(cbs, SMALL, "MeasureCodes").json()["value"]
    topics = [p for p in feed(cbs, SMALL, "DataProperties").json()["value"] if p["Type"] == "Topic"]
    assert [(m["Title"], m["Unit"]) for m in measures] == [(t["Title"], t["Unit"]) for t in topics]
    assert not {m["Identifier"] for m in measures} & {t["Key"] for t in topics}


def test_v4_gives_the_same_figures_as_v3(cbs: LocalCbs) -> None:
    names = {m["Title"]: m["Identifier"] for m in v4(cbs, SMALL, "MeasureCodes").json()["value"]}
    asked = f"Measure in ('{names['Meting']}') and startswith(RegioS,'GM') and Perioden eq '2022JJ00'"
    found = v4(cbs, SMALL, "Observations", filter=asked, count="true").json()
    v3_rows = feed(cbs, SMALL, "TypedDataSet", filter="startswith(RegioS,'GM') and Perioden eq '2022JJ00'").json()[
        "value"
    ]
    assert {r["RegioS"]: r["Value"] for r in found["value"]} == {r["RegioS"]: r["Meting_2"] for r in v3_rows}
    assert found["@odata.count"] == 4
    missing = v4(cbs, SMALL, "Observations", filter=f"Measure eq '{names['Meting']}' and Value eq null").json()["value"]
    assert [(r["Value"], r["ValueAttribute"]) for r in missing] == [(None, "Unknown")]


def test_v4_pages_hold_every_observation_once(own: LocalCbs) -> None:
    url: str | None = f"{own.v4_url}/CBS/{SMALL}/Observations"
    ids: list[int] = []
    pages = 0
    while url:
        page = requests.get(url, timeout=10).json()
        ids += [r["Id"] for r in page["value"]]
        url, pages = page.get("@odata.nextLink"), pages + 1
    assert ids == list(range(21 * 4)) and pages == 17


def test_v4_refuses_what_it_does_not_know(cbs: LocalCbs) -> None:
    assert v4(cbs, "90001ned", "Properties").status_code == 404
    assert v4(cbs, SMALL, "Nergens").status_code == 404
    refused = v4(cbs, SMALL, "Observations", filter="Regio eq 'x'")
    assert refused.status_code == 400 and "error" in refused.json()


# Figures of the edition


@pytest.mark.parametrize("table", ["86137NED", "83674NED", "81528NED"])
def test_the_table_reads_back_as_what_the_edition_published(table: str) -> None:
    served = shipped(table)[table]
    live = next(t for t in definitions().statline if t.id == table)
    source = live.as_source(definitions().table(live.source))
    reader = ODataReader(source, served.rows.astype({d.key: str for d in served.dimensions}))
    current = set(edition().municipalities)
    collector = Collector(definitions(), lambda _: reader, current, known_weights=edition().weights)
    published = edition().observations
    published = published[(published["source"] == live.source) & (published["basis"] == "cbs")].astype({"area": str})
    held = 0
    asked = [(i, s) for i in definitions().indicators for s in live_specs(definitions(), i) if s.table == live.source]
    # Every third figure of a table with many: reading them all takes its time.
    for indicator, spec in asked[::3] if len(asked) > 5 else asked:
        weight = collector.raw_quantity(indicator.aggregation.weight or "inwoners")
        weight = weight.rename(columns={"value": "weight"})
        figures = to_current(
            reader.read(spec), weight, definitions().layout, current, indicator.aggregation.kind
        ).set_index(["area", "year"])
        wanted = published[published["indicator"] == indicator.id].set_index(["area", "year"])
        assert set(figures.index) == set(wanted.index), indicator.id
        for column in ("value", "lower", "upper"):
            before, after = wanted[column], figures[column].reindex(wanted.index)
            # An edition keeps nine decimals.
            np.testing.assert_allclose(after.to_numpy(), before.to_numpy(), rtol=0, atol=1.5e-9)
        held += len(wanted)
    assert held > 2500


@pytest.mark.slow
def test_every_table_of_the_definitions_with_figures_is_there() -> None:
    published = edition().observations
    used = set(published.loc[published["basis"] == "cbs", "source"].astype(str))
    assert {t.id for t in definitions().statline if t.source in used} <= set(shipped())


def test_what_stands_around_the_figures_would_be_noticed() -> None:
    served = shipped("86137NED")["86137NED"]
    assert {"OvergewichtTotaal", "AnderOnderwerp", "ErvarenGezondheidGoedZeerGoedTotaal"} & {
        t.key for t in served.topics
    }
    codes = {c.key.strip() for c in served.dimension("RegioS").codes}
    assert {"LD01", "CR01", "ES01"} <= codes
    ages = {c.key.strip() for c in served.dimension("Leeftijd").codes}
    assert "10000" in ages and "100005" in ages
    other = served.rows[served.rows["Leeftijd"].astype(str) == "100005"]
    assert (other[served.topic("Overgewicht").column].dropna() >= 100_000).all() and len(other)


@needs_shared
def test_files_of_the_service_are_served_as_they_are() -> None:
    from tests.local_cbs.files import from_files

    with LocalCbs(from_files(SHARED_FOLDER / "data" / "cbs" / "odata-v3", ("85012NED", "81528NED"))) as server:
        rows = feed(server, "85012NED", "TypedDataSet", filter="RegioS eq 'NL01  ' and Leeftijd eq '10000'").json()[
            "value"
        ]
        assert (
            rows[0]["Overgewicht_9"] == 49.4 and feed(server, "81528NED", "TableInfos").json()["value"][0]["Modified"]
        )


# Edits


def test_edits_change_what_is_served_and_when_it_was_published(own: LocalCbs) -> None:
    before = feed(own, SMALL, "TableInfos").json()["value"][0]["Modified"]
    own.revise(SMALL, "GM0014", "Meting", 2.0, year=2022)
    rows = feed(own, SMALL, "TypedDataSet", filter="RegioS eq 'GM0014'").json()["value"]
    assert [r["Meting_2"] for r in rows] == [49.5, 52.5, 53.5]
    assert feed(own, SMALL, "TableInfos").json()["value"][0]["Modified"] != before
    own.rename(SMALL, "Meting", "Anders")
    own.unit(SMALL, "Anders", "x 1 000")
    topic = next(p for p in feed(own, SMALL, "DataProperties").json()["value"] if p["Key"] == "Anders_2")
    assert topic["Unit"] == "x 1 000"
    assert own.lose(SMALL, 0.5) == ["GM0014", "GM0037"]
    left = feed(own, SMALL, "TypedDataSet", top="99", select="RegioS").json()
    assert left["value"][3]["RegioS"] == "LD01  "
    own.merge_codes(SMALL, "GM9001", "Nieuwstad", ["GM0047", "GM1895"], 2022)
    codes = [r["Key"] for r in feed(own, SMALL, "RegioS").json()["value"]]
    assert codes[-1] == "GM9001"
    own.add_year(SMALL, 2023, 2.0)
    last = feed(own, SMALL, "TypedDataSet", filter="Perioden eq '2023JJ00' and RegioS eq 'NL01  '").json()["value"]
    assert last[0]["Anders_2"] == 2 * 41.5
    own.withdraw(SMALL)
    assert feed(own, SMALL, "TableInfos").status_code == 404


def test_edits_stay_within_their_server() -> None:
    table = handmade.small()
    with LocalCbs([table]) as server:
        server.change(SMALL, "Meting", None)
        assert feed(server, SMALL, "TypedDataSet").json()["value"][0]["Meting_2"] is None
    assert records(table)[0]["Meting_2"] == 40.5


def test_a_grown_table_has_the_old_rows_and_more_of_them() -> None:
    for table in (handmade.small(), handmade.with_groups()):
        grown = grow(table, 10)
        assert len(grown.rows) == 10 * len(table.rows)
        keys = [d.key for d in table.dimensions]
        assert not grown.rows.duplicated(keys).any()
        pd.testing.assert_frame_equal(
            grown.rows[table.columns].head(len(table.rows)).astype(dict.fromkeys(keys, str)),
            table.rows[table.columns].astype(dict.fromkeys(keys, str)),
        )


# Faults


def rows_url(server: LocalCbs) -> str:
    return f"{server.url}/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json"


@pytest.mark.parametrize(("kind", "status"), [("http500", 500), ("http503", 503), ("http403", 403), ("http429", 429)])
def test_a_status_comes_as_often_as_said(own: LocalCbs, kind: str, status: int) -> None:
    own.fail(kind, on="/TypedDataSet", times=2, after=1, retry_after=3)
    seen = [requests.get(rows_url(own), timeout=5) for _ in range(4)]
    assert [a.status_code for a in seen] == [200, status, status, 200]
    assert seen[1].headers["Retry-After"] == "3" and feed(own, SMALL, "TableInfos").status_code == 200


@pytest.mark.parametrize("kind", ["hang", "drip", "drop", "cut", "cut_chunked", "broken_gzip", "invalid_json", "html"])
def test_a_broken_answer_is_no_answer(own: LocalCbs, kind: str) -> None:
    own.fail(kind, table=SMALL)
    with pytest.raises((requests.RequestException, ValueError)):
        # A slow stream never lets a read wait long: the whole of it has to be limited.
        answer = requests.get(rows_url(own), timeout=0.3, stream=True)
        end, content = time.monotonic() + 0.3, b""
        for piece in answer.iter_content(1):
            content += piece
            if time.monotonic() > end:
                raise requests.Timeout
        json.loads(content)
    own.heal()
    assert requests.get(rows_url(own), timeout=5).json()["value"]


def test_a_redirect_leads_elsewhere(own: LocalCbs) -> None:
    own.fail("redirect")
    answer = requests.get(rows_url(own), timeout=5, allow_redirects=False)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(own.other_host)


@pytest.mark.parametrize(
    "case",
    cases("""
        fault       | rows | next
        short       | 4    | -
        relative    | 4    | /ODataFeed/
        plain_http  | 4    | http://127.0.0.1/
        other_host  | 4    | http://127.0.0.2:9/
        empty_pages | 0    | http://127.0.0.1:
        empty       | 0    | -
    """),
)
def test_faults_of_paging(own: LocalCbs, case: dict[str, str]) -> None:
    own.fail(case["fault"], on="/TypedDataSet")
    page = requests.get(rows_url(own), timeout=5).json()
    assert len(page["value"]) == int(case["rows"])
    assert page.get("odata.nextLink", "-").startswith(case["next"])


def test_pages_that_repeat_or_go_round(own: LocalCbs) -> None:
    own.fail("repeat", on="/TypedDataSet")
    first = requests.get(rows_url(own), timeout=5).json()
    again = requests.get(first["odata.nextLink"], timeout=5).json()
    assert again["value"] == first["value"] and again["odata.nextLink"] != first["odata.nextLink"]
    own.heal()
    own.fail("loop", on="/TypedDataSet")
    link = requests.get(rows_url(own), timeout=5).json()["odata.nextLink"]
    assert requests.get(link, timeout=5).json()["odata.nextLink"] == link


def test_columns_and_lists_that_are_not_there(own: LocalCbs) -> None:
    own.fail("narrow", on="/TypedDataSet", times=1)
    own.fail("null_value", on="/TypedDataSet", after=0)
    assert "Leeg_4" not in requests.get(rows_url(own), timeout=5).json()["value"][0]
    assert requests.get(rows_url(own), timeout=5).json()["value"] is None


# The server itself


def test_what_was_asked_is_remembered_with_its_peak(own: LocalCbs) -> None:
    own.latency = 120
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: feed(own, SMALL, "TableInfos"), range(6)))
    assert 2 <= own.peak <= 6 and len(own.paths("/TableInfos", table=SMALL)) == 6
    assert own.requests[0].headers["user-agent"].startswith("python-requests")
    own.forget()
    assert own.requests == [] and own.peak == 0


def test_answers_are_packed_for_who_can_unpack_them(own: LocalCbs) -> None:
    packed = requests.get(rows_url(own), timeout=5)
    plain = requests.get(rows_url(own), timeout=5, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json() and len(gzip.compress(plain.content)) < len(plain.content)


def test_nothing_is_left_when_the_server_ends() -> None:
    before = set(threading.enumerate())
    session = requests.Session()
    with LocalCbs([handmade.small()]) as server:
        server.fail("hang", on="/RegioS")
        feed(server, SMALL, "TableInfos")
        session.get(rows_url(server), timeout=5)  # stays open
        with pytest.raises(requests.RequestException):
            requests.get(f"{server.url}/ODataFeed/odata/{SMALL}/RegioS", timeout=0.2)
        port = int(server.url.rpartition(":")[2])
    assert set(threading.enumerate()) <= before
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_ten_thousand_rows_take_no_time_to_write(cbs: LocalCbs) -> None:
    start = time.process_time()
    answer = feed(cbs, LARGE, "TypedDataSet", filter="ID lt 10000 and ID ge 0")
    assert len(answer.json()["value"]) == 10_000
    # Writing, packing, unpacking and reading in one process; a slow machine gets room.
    assert time.process_time() - start < 0.5


def test_a_filter_on_a_frame_names_what_it_does_not_know() -> None:
    with pytest.raises(BadQuery, match="Onbekend"):
        matching({"$filter": "Onbekend eq 1"}, handmade.small().rows)


# PDOK and GISCO


@pytest.fixture(scope="module")
def land() -> Iterator[LocalCbs]:
    maps = shipped_maps().copy().merge(2027, "GM9001", "Nieuwstad", ["GM0294", "GM1586"])
    with LocalCbs(maps=maps) as server:
        yield server


def items(server: LocalCbs, **query: str) -> requests.Response:
    url = f"{server.pdok_url}/cbs/gebiedsindelingen/ogc/v1/collections/gemeente_gegeneraliseerd/items"
    return requests.get(url, params={"f": "json", **query}, timeout=20)


def test_pdok_pages_by_cursor_until_every_municipality_was_there(land: LocalCbs) -> None:
    answer = items(land, jaarcode="2026", limit="100")
    assert answer.headers["Content-Crs"] == f"<{CRS84}>" and answer.headers["Content-Type"] == "application/geo+json"
    codes: list[str] = []
    while True:
        page = answer.json()
        assert page["numberReturned"] == len(page["features"])
        codes += [f["properties"]["statcode"] for f in page["features"]]
        links = [x["href"] for x in page["links"] if x["rel"] == "next"]
        if not links:
            break
        answer = requests.get(links[0], timeout=20)
    assert sorted(codes) == sorted(edition().municipalities) and len(codes) == 342
    assert len(items(land, jaarcode="2026").json()["features"]) == 10  # the default of the service
    assert items(land, jaarcode="2031", limit="1000").json()["features"] == []
    assert items(land, jaar="2026").status_code == 400


def test_pdok_gives_metres_when_asked(land: LocalCbs) -> None:
    degrees = items(land, jaarcode="2026", statcode="GM0294").json()["features"][0]
    metres = items(land, jaarcode="2026", statcode="GM0294", crs=RD).json()["features"][0]
    assert degrees["properties"]["statnaam"] == "Winterswijk"
    x, y = shapely.from_geojson(json.dumps(metres["geometry"])).centroid.coords[0]
    lon, lat = shapely.from_geojson(json.dumps(degrees["geometry"])).centroid.coords[0]
    assert 6 < lon < 7 and 51 < lat < 52.5 and 240_000 < x < 255_000 and 435_000 < y < 450_000


def test_pdok_has_a_year_with_a_reorganisation(land: LocalCbs) -> None:
    features = items(land, jaarcode="2027", limit="1000").json()["features"]
    codes = {f["properties"]["statcode"] for f in features}
    assert codes == set(edition().municipalities) - {"GM0294", "GM1586"} | {"GM9001"}
    assert {f["properties"]["jaarcode"] for f in features} == {2027}


def test_gisco_gives_the_regions_across_the_border(land: LocalCbs) -> None:
    path = "/distribution/v2/nuts/geojson/NUTS_RG_03M_2021_4326_LEVL_3.geojson"
    answer = requests.get(land.gisco_url + path, timeout=20).json()
    about = [f["properties"] for f in answer["features"]]
    assert {n.id for n in definitions().neighbours} <= {p["NUTS_ID"] for p in about}
    assert {p["CNTR_CODE"] for p in about} == {"BE", "DE", "FR"} and {p["LEVL_CODE"] for p in about} == {3}
    assert requests.get(land.gisco_url + path.replace("2021", "2019"), timeout=20).status_code == 404
