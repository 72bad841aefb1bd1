"""The live CBS source, against a local stand-in for the service."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import requests

from monitor import __version__
from monitor.errors import MonitorError, SourceInvalid, SourceUnavailable
from monitor.sources import cbs_live
from monitor.sources.cbs_live import Settings, fetch

sys.path.insert(0, str(Path(__file__).parent))
from cbs_server import CbsServer

ROOT = Path(__file__).parent.parent


def small_table() -> pd.DataFrame:
    """Seven regions in two years; padded codes, a missing value and a topic without any value."""
    regions = ["NL01  ", "PV20  ", "GM0005", "GM0014", "GM0034", "GM1680", "GM1699"]
    rows = [
        {"RegioS": region, "Perioden": f"{year}JJ00", "Overgewicht_10": 40.5 + i, "Roker_11": 10.0 + i}
        for year in (2020, 2022)
        for i, region in enumerate(regions)
    ]
    frame = pd.DataFrame(rows)
    frame.insert(0, "ID", range(len(frame)))
    frame.loc[3, "Overgewicht_10"] = float("nan")
    frame["Leeg_12"] = float("nan")
    return frame


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REGIOMONITOR_CBS_URL", "REGIOMONITOR_CBS_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[CbsServer]:
    info = {"ID": 0, "Identifier": "85012NED", "Title": "Gezondheid", "Modified": "2024-11-05T02:00:00"}
    with CbsServer({"85012NED": small_table()}, infos={"85012NED": info}, page_size=5) as running:
        yield running


@pytest.fixture
def quick(server: CbsServer) -> Settings:
    return Settings(base_url=server.url, timeout=2, attempts=3, wait=0.01, max_wait=0.05)


# What a good answer becomes


def test_rows_info_and_properties_as_served(quick: Settings) -> None:
    download = fetch("85012NED", settings=quick)
    assert download.table == "85012NED"
    assert list(download.rows.columns) == list(small_table().columns)
    pd.testing.assert_frame_equal(download.rows, small_table())
    assert download.info["Title"] == "Gezondheid" and download.info["Modified"] == "2024-11-05T02:00:00"
    units = download.properties.set_index("Key")["Unit"]
    assert units["Overgewicht_10"] == "%"
    assert download.properties.set_index("Key")["Type"]["RegioS"] == "GeoDimension"


def test_codes_keep_their_padding_and_missing_is_nan(quick: Settings) -> None:
    rows = fetch("85012NED", settings=quick).rows
    assert set(rows["RegioS"].str.len()) == {6} and "NL01  " in set(rows["RegioS"])
    assert rows["Overgewicht_10"].isna().sum() == 1 and rows["Overgewicht_10"].dtype == "float64"
    assert rows["Leeg_12"].isna().all() and rows["Leeg_12"].dtype == "float64"


def test_all_pages_are_followed_and_progress_is_told(server: CbsServer, quick: Settings) -> None:
    told: list[int] = []
    rows = fetch("85012NED", settings=quick, progress=told.append).rows
    assert len(rows) == 14 and told == [5, 10, 14]
    assert [seen.query.get("$skip") for seen in server.paths("/TypedDataSet")] == [None, "5", "10"]


def test_columns_and_filter_are_left_to_the_service(server: CbsServer, quick: Settings) -> None:
    wanted = "(substringof('GM',RegioS) or RegioS eq 'NL01  ') and Perioden eq '2022JJ00'"
    rows = fetch("85012NED", columns=("RegioS", "Overgewicht_10"), filters=wanted, settings=quick).rows
    assert list(rows.columns) == ["RegioS", "Overgewicht_10"]
    assert rows["RegioS"].tolist() == ["NL01  ", "GM0005", "GM0014", "GM0034", "GM1680", "GM1699"]
    first = server.paths("/TypedDataSet")[0].query
    assert first["$select"] == "RegioS,Overgewicht_10" and first["$filter"] == wanted
    assert server.paths("/$count")[0].query["$filter"] == wanted


def test_startswith_filter(quick: Settings) -> None:
    rows = fetch("85012NED", filters="startswith(RegioS,'PV') eq true", settings=quick).rows
    assert set(rows["RegioS"]) == {"PV20  "}


def test_one_column_as_a_plain_string(quick: Settings) -> None:
    assert list(fetch("85012NED", columns="Perioden", settings=quick).rows.columns) == ["Perioden"]


def test_requests_name_the_software_and_accept_compression(server: CbsServer, quick: Settings) -> None:
    fetch("85012NED", settings=quick)
    assert {seen.headers["User-Agent"] for seen in server.requests} == {f"regiomonitor-brede-welvaart/{__version__}"}
    assert all("gzip" in seen.headers["Accept-Encoding"] for seen in server.requests)


@pytest.mark.parametrize("mode", ["ok", "http500", "html", "drop"])
def test_service_without_count_is_still_read(server: CbsServer, quick: Settings, mode: str) -> None:
    server.counts = mode != "ok"
    server.fail(mode, only="/$count")
    assert len(fetch("85012NED", settings=quick).rows) == 14
    assert len(server.paths("/$count")) == 1


# Faults that pass


@pytest.mark.parametrize("mode", ["http500_once", "http429_once", "truncated_once", "drop_once", "half_once"])
def test_passing_fault_is_retried(server: CbsServer, quick: Settings, mode: str) -> None:
    server.fail(mode, only="/TypedDataSet")
    told: list[int] = []
    rows = fetch("85012NED", settings=quick, progress=told.append).rows
    pd.testing.assert_frame_equal(rows, small_table())
    assert told == [5, 10, 14], "a page tried twice must count once"
    assert len(server.paths("/TypedDataSet")) == 4


def test_passing_fault_in_the_description_is_retried(server: CbsServer, quick: Settings) -> None:
    server.fail("http500_once", only="/TableInfos")
    assert fetch("85012NED", settings=quick).info["Title"] == "Gezondheid"
    assert len(server.paths("/TableInfos")) == 2


def test_waits_grow_between_attempts(server: CbsServer, quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", pauses.append)
    server.fail("http500")
    with pytest.raises(SourceUnavailable):
        fetch("85012NED", settings=replace(quick, attempts=5, wait=1.0, max_wait=5.0))
    assert len(pauses) == 4
    for pause, least, most in zip(pauses, (1, 2, 4, 5), (2, 3, 5, 5), strict=True):
        assert least <= pause <= most


# Faults that stay


def test_timeout_gives_up_after_all_attempts(server: CbsServer, quick: Settings) -> None:
    server.fail("timeout")
    begin = time.monotonic()
    with pytest.raises(SourceUnavailable, match=r"85012NED.*niet binnen 0.2 seconden.*3 pogingen") as caught:
        fetch("85012NED", settings=replace(quick, timeout=0.2))
    assert time.monotonic() - begin < 3, "the server hangs for 5 s per request"
    assert len(server.requests) == 3 and caught.value.way_out


@pytest.mark.parametrize(
    ("mode", "error", "text"),
    [
        ("http500", SourceUnavailable, "500"),
        ("drop", SourceUnavailable, "brak af"),
        ("truncated", SourceInvalid, "JSON"),
        ("html", SourceInvalid, "JSON"),
        ("null_value", SourceInvalid, "JSON"),
        ("half", SourceUnavailable, "500"),
    ],
)
def test_lasting_fault_is_an_error_after_all_attempts(
    server: CbsServer, quick: Settings, mode: str, error: type[MonitorError], text: str
) -> None:
    server.fail(mode, only="/TypedDataSet")
    with pytest.raises(error, match="85012NED") as caught:
        fetch("85012NED", settings=quick)
    assert text in caught.value.message and caught.value.way_out
    assert len(server.paths("/TypedDataSet")) == (4 if mode == "half" else 3)


def test_no_connection(server: CbsServer, quick: Settings) -> None:
    with CbsServer({}) as gone:
        url = gone.url
    with pytest.raises(SourceUnavailable, match=r"geen verbinding met 127.0.0.1"):
        fetch("85012NED", settings=replace(quick, base_url=url))


def test_unknown_table_is_told_at_once(server: CbsServer, quick: Settings) -> None:
    with pytest.raises(SourceInvalid, match="CBS-tabel 85012ned bestaat niet") as caught:
        fetch("85012ned", settings=quick)
    assert "hoofdletters" in caught.value.way_out
    assert len(server.requests) == 1


def test_no_table_code(server: CbsServer, quick: Settings) -> None:
    with pytest.raises(SourceInvalid, match="geen CBS-tabelcode"):
        fetch("../Tables?", settings=quick)
    assert not server.requests


def test_refused_access_is_not_retried(server: CbsServer, quick: Settings) -> None:
    server.fail("forbidden")
    with pytest.raises(SourceUnavailable, match=r"weigert toegang .403."):
        fetch("85012NED", settings=quick)
    assert len(server.requests) == 1


def test_rejected_filter_is_not_retried(server: CbsServer, quick: Settings) -> None:
    with pytest.raises(SourceInvalid, match=r"wijst de vraag af .400."):
        fetch("85012NED", filters="RegioS is 'GM0014'", settings=quick)
    assert len(server.paths("/TypedDataSet")) == 1


def test_missing_column_names_the_nearest(server: CbsServer, quick: Settings) -> None:
    with pytest.raises(SourceInvalid, match="85012NED heeft geen kolom 'Overgewicht_9'") as caught:
        fetch("85012NED", columns=["RegioS", "Overgewicht_9"], settings=quick)
    assert "Overgewicht_10" in caught.value.way_out
    assert not server.paths("/TypedDataSet"), "no rows are asked for once a column is known to be missing"


def test_column_described_but_not_served(server: CbsServer, quick: Settings) -> None:
    server.fail("narrow", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="85012NED heeft geen kolom 'Overgewicht_10'"):
        fetch("85012NED", columns=["RegioS", "Overgewicht_10"], settings=quick)


@pytest.mark.parametrize("entity", ["/TableInfos", "/DataProperties"])
def test_empty_description_is_an_error(server: CbsServer, quick: Settings, entity: str) -> None:
    server.fail("empty", only=entity)
    with pytest.raises(SourceInvalid, match="leeg of onvolledig"):
        fetch("85012NED", settings=quick)


def test_no_rows_is_an_error(server: CbsServer, quick: Settings) -> None:
    with pytest.raises(SourceInvalid, match="geen enkele rij bij het filter RegioS eq 'GM9999'"):
        fetch("85012NED", filters="RegioS eq 'GM9999'", settings=quick)
    server.fail("empty", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="geen enkele rij"):
        fetch("85012NED", settings=quick)


# Pages that do not fit together


def test_pages_that_end_early(server: CbsServer, quick: Settings) -> None:
    server.fail("short", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="5 rijen ontvangen, 14 aangekondigd"):
        fetch("85012NED", settings=quick)


@pytest.mark.parametrize("mode", ["repeat", "empty_pages"])
def test_endless_pages_are_stopped(server: CbsServer, quick: Settings, mode: str) -> None:
    server.fail(mode, only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="herhalen zich of houden niet op"):
        fetch("85012NED", settings=quick)
    assert len(server.paths("/TypedDataSet")) <= 3


def test_circle_of_pages_is_stopped_without_count(server: CbsServer, quick: Settings) -> None:
    server.counts = False
    server.fail("circle", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="in een kring"):
        fetch("85012NED", settings=quick)
    assert len(server.paths("/TypedDataSet")) == 2


def test_number_of_pages_has_a_limit(server: CbsServer, quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    server.counts = False
    monkeypatch.setattr(cbs_live, "_MAX_PAGES", 12)
    server.fail("repeat", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="in een kring"):
        fetch("85012NED", settings=quick)
    assert len(server.paths("/TypedDataSet")) == 10


def test_repeated_rows_show_without_count(server: CbsServer, quick: Settings) -> None:
    server.counts = False
    table = small_table()
    server.tables["85012NED"] = pd.concat([table[:5], table[:5]])
    with pytest.raises(SourceInvalid, match=r"staan er dubbel .10 rijen ontvangen, onbekend aantal"):
        fetch("85012NED", settings=quick)


def test_next_page_on_another_host_is_refused(server: CbsServer, quick: Settings) -> None:
    with CbsServer(server.tables) as other:
        server.other_host = other.url
        server.fail("other_host", only="/TypedDataSet")
        with pytest.raises(SourceInvalid, match=r"andere dienst, 127\.0\.0\.1:\d+; geweigerd"):
            fetch("85012NED", settings=quick)
        assert not other.requests, "the other host must not be asked anything"


def test_next_page_on_another_port_is_refused(server: CbsServer, quick: Settings) -> None:
    server.fail("plain_http", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match=r"andere dienst, 127.0.0.1; geweigerd"):
        fetch("85012NED", settings=quick)


def test_redirect_to_another_host_is_refused(server: CbsServer, quick: Settings) -> None:
    with CbsServer(server.tables) as other:
        server.other_host = other.url
        server.fail("redirect", only="/TypedDataSet")
        with pytest.raises(SourceInvalid, match="andere dienst"):
            fetch("85012NED", settings=quick)


def test_next_page_without_host_is_an_error(server: CbsServer, quick: Settings) -> None:
    server.fail("relative", only="/TypedDataSet")
    with pytest.raises(SourceInvalid, match="onbruikbaar adres"):
        fetch("85012NED", settings=quick)


def test_http_link_to_the_own_host_is_read_over_https() -> None:
    pages = cbs_live._Pages("CBS-tabel", Settings(), None, None)  # type: ignore[arg-type]
    link = "http://opendata.cbs.nl/ODataFeed/odata/85012NED/TypedDataSet?$skip=10000"
    assert pages._own(link) == link.replace("http:", "https:")
    with pytest.raises(SourceInvalid, match="geweigerd"):
        pages._own(link.replace("cbs.nl", "cbs.nl.example.org"))


# Surroundings


def test_settings_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment() == Settings()
    assert Settings().base_url == "https://opendata.cbs.nl" and Settings().timeout == 30
    monkeypatch.setenv("REGIOMONITOR_CBS_URL", "https://spiegel.example.nl/cbs/")
    monkeypatch.setenv("REGIOMONITOR_CBS_TIMEOUT", "7.5")
    assert Settings.from_environment() == Settings(base_url="https://spiegel.example.nl/cbs/", timeout=7.5)
    for value in ("snel", "0", "-1", "nan"):
        monkeypatch.setenv("REGIOMONITOR_CBS_TIMEOUT", value)
        with pytest.raises(SourceInvalid):
            Settings.from_environment()
    with pytest.raises(SourceInvalid, match="geen webadres"):
        Settings(base_url="opendata.cbs.nl")


def test_environment_is_used_without_settings(server: CbsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_CBS_URL", server.url + "/")
    assert len(fetch("85012NED").rows) == 14
    assert server.requests[0].path == "/ODataFeed/odata/85012NED/TableInfos"


def test_proxy_from_the_environment_is_used(
    server: CbsServer, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    rows = fetch("85012NED", settings=replace(quick, base_url="http://opendata.invalid")).rows
    assert len(rows) == 14, "the stand-in, asked as a proxy, answers for the host that does not exist"
    assert {seen.headers["Host"] for seen in server.requests} == {"opendata.invalid"}


def test_own_ca_bundle_from_the_environment_is_used(
    quick: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[object] = []

    def send(self: object, request: object, **kwargs: object) -> None:
        asked.append(kwargs["verify"])
        raise requests.ConnectionError

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", send)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "eigen-ca.pem"))
    with pytest.raises(SourceUnavailable):
        fetch("85012NED", settings=replace(quick, base_url="https://opendata.invalid", attempts=1))
    assert asked == [str(tmp_path / "eigen-ca.pem")]


def test_shared_cbsodata_is_left_alone_and_downloads_run_side_by_side(server: CbsServer, quick: Settings) -> None:
    import cbsodata.cbsodata3 as shared

    before = (shared.Session, shared.options.use_https, shared.options.catalog_url)
    assert before == (requests.Session, True, "opendata.cbs.nl")
    results: dict[str, int] = {}
    together = threading.Barrier(2, timeout=5)

    with CbsServer({"85012NED": small_table()[:4]}) as other:

        def run(url: str) -> None:
            def meet(rows: int) -> None:
                if rows <= 5:
                    together.wait()  # both are inside their download at this moment
                    assert (shared.Session, shared.options.use_https, shared.options.catalog_url) == before

            results[url] = len(fetch("85012NED", settings=replace(quick, base_url=url), progress=meet).rows)

        threads = [threading.Thread(target=run, args=(url,)) for url in (server.url, other.url)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == {server.url: 14, other.url: 4}
    assert (shared.Session, shared.options.use_https, shared.options.catalog_url) == before


def test_what_progress_raises_stops_the_download(server: CbsServer, quick: Settings) -> None:
    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("85012NED", settings=quick, progress=stop)
    assert len(server.paths("/TypedDataSet")) == 1


def test_import_needs_neither_streamlit_nor_cbsodata() -> None:
    code = (
        "import sys, monitor.sources.cbs_live;"
        "print(sorted({'streamlit', 'cbsodata'} & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
