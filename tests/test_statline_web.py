"""The way in which everything is asked over the web: patient, polite, limited, and with clear words when it fails."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from monitor.errors import MonitorError, SettingInvalid, SourceInvalid, SourceUnavailable
from monitor.sources.statline import web as web_module
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.web import NotThere, Web
from tests.local_cbs import LocalCbs

pytestmark = pytest.mark.usefixtures("nothing_around")

WHAT = "CBS-tabel 85012NED"
QUICK = Settings(timeout=2, attempts=3, wait=0.01, max_wait=0.05)
Answering = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def answering(how: Answering) -> Iterator[str]:
    """A server of which a test writes every byte; gives its address. ``how`` gets the request and its number."""
    asked: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(1)
            how(self, len(asked))

        def log_message(self, format: str, *args: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads, running.block_on_close = True, False
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def send(http: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    http.send_response_only(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        http.send_header(name.replace("_", "-"), value)
    http.end_headers()
    http.wfile.write(body)


def test_an_object_is_read_and_requests_are_counted() -> None:
    with answering(lambda http, n: send(http, b'\xef\xbb\xbf{"naam": "Zuidoost-Frysl\xc3\xa2n"}')) as url:
        web = Web(QUICK)
        assert web.get_json(url, WHAT) == {"naam": "Zuidoost-Fryslân"}
        assert web.sent == web.sent_here == 1
        web.close()


def test_parameters_join_those_of_the_address() -> None:
    seen: list[str] = []

    def answer(http: BaseHTTPRequestHandler, n: int) -> None:
        seen.append(http.path)
        send(http, b"{}")

    with answering(answer) as url:
        Web(QUICK).get_json(f"{url}/x?a=1", WHAT, {"$filter": "startswith(RegioS,'GM')"})
    assert seen == ["/x?a=1&%24filter=startswith%28RegioS%2C%27GM%27%29"]


# -- patience -------------------------------------------------------------------------------------------------


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    kept: list[float] = []
    monkeypatch.setattr(Web, "_sleep", lambda self, seconds: kept.append(seconds))
    return kept


def test_waits_grow_between_attempts(pauses: list[float]) -> None:
    with answering(lambda http, n: send(http, b"storing", 500)) as url, pytest.raises(SourceUnavailable):
        Web(replace(QUICK, attempts=5, wait=1.0, max_wait=5.0)).get_json(url, WHAT)
    assert len(pauses) == 4
    for pause, least, most in zip(pauses, (1, 2, 4, 5), (2, 3, 5, 5), strict=True):
        assert least <= pause <= most


def test_close_ends_a_pause_at_once() -> None:
    asked = threading.Event()

    def busy(http: BaseHTTPRequestHandler, n: int) -> None:
        send(http, b"druk", 503, Retry_After="100")
        asked.set()

    told: list[MonitorError] = []

    def ask(web: Web, url: str) -> None:
        try:
            web.get_json(url, WHAT)
        except MonitorError as error:
            told.append(error)

    with answering(busy) as url:
        web = Web(QUICK)
        thread = threading.Thread(target=ask, args=(web, url))
        begun = time.monotonic()
        thread.start()
        asked.wait(5)
        web.close()
        thread.join(5)
    assert not thread.is_alive() and time.monotonic() - begun < 5 and web.sent == 1
    assert "gestopt" in told[0].message


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "clock", "least", "most"),
    [
        ("7", None, 7, 7),
        ("0", None, 0.01, 0.05),
        ("99999999999999999999", None, 120, 120),
        ("-5", None, 0.01, 0.05),
        ("straks", None, 0.01, 0.05),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), NOW, 9, 9),
        # Our clock is years off; the service's own clock stands beside its date.
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), datetime(1999, 1, 1, tzinfo=UTC), 9, 9),
        (format_datetime(NOW - timedelta(hours=9), usegmt=True), NOW, 0.01, 0.05),
        (format_datetime(NOW + timedelta(days=365), usegmt=True), NOW, 120, 120),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_within_reason(
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    said: str,
    clock: datetime | None,
    least: float,
    most: float,
) -> None:
    if clock:
        monkeypatch.setattr(web_module, "datetime", SimpleNamespace(now=lambda zone: clock))

    def answer(http: BaseHTTPRequestHandler, n: int) -> None:
        if n > 1:
            return send(http, b"{}")
        send(http, b"druk", status, Retry_After=said, Date=format_datetime(NOW, usegmt=True))

    with answering(answer) as url:
        Web(QUICK).get_json(url, WHAT)
    assert len(pauses) == 1 and least <= pauses[0] <= most


def test_a_date_without_a_clock_of_the_service_and_a_clock_that_jumps(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    past = datetime(1970, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(web_module, "datetime", SimpleNamespace(now=lambda zone: past))

    def answer(http: BaseHTTPRequestHandler, n: int) -> None:
        if n > 1:
            return send(http, b"{}")
        send(http, b"druk", 503, Retry_After=format_datetime(NOW, usegmt=True))

    with answering(answer) as url:
        Web(QUICK).get_json(url, WHAT)
    assert pauses == [120], "never hours"


def test_a_body_that_drips_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(http: BaseHTTPRequestHandler, n: int) -> None:
        http.send_response_only(200)
        http.send_header("Content-Length", "100000")
        http.end_headers()
        try:
            for _ in range(500):
                http.wfile.write(b" ")
                http.wfile.flush()
                time.sleep(0.02)
        except OSError:
            http.close_connection = True

    begun = time.monotonic()
    # No single byte is late, also when this machine is busy.
    told = r"was na 1.5 seconden nog niet compleet .2 pogingen"
    with answering(drip) as url, pytest.raises(SourceUnavailable, match=told):
        Web(replace(QUICK, timeout=0.25, attempts=2)).get_json(url, WHAT)
    assert 3 <= time.monotonic() - begun < 9


def test_the_total_limit_does_not_look_at_the_clock_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 4e9)
    with answering(lambda http, n: send(http, b"{}")) as url:
        assert Web(QUICK).get_json(url, WHAT) == {}


def test_no_more_requests_at_once_than_set() -> None:
    busy: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def answer(http: BaseHTTPRequestHandler, n: int) -> None:
        with lock:
            busy.append(1)
            most.append(len(busy))
        time.sleep(0.03)
        with lock:
            busy.pop()
        send(http, b"{}")

    with answering(answer) as url:
        web = Web(replace(QUICK, parallel=2))
        threads = [threading.Thread(target=web.get_json, args=(url, WHAT)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(most) == 2 and web.sent == 8 and web.sent_here == 0


# -- what is refused ------------------------------------------------------------------------------------------


def test_an_answer_that_is_too_large_is_refused_before_it_is_kept() -> None:
    large = answering(lambda http, n: send(http, b" " * 3_000_000))
    with large as url, pytest.raises(SourceInvalid, match=r"groter dan 1 MB; geweigerd"):
        Web(replace(QUICK, max_bytes=1_000_000)).get_json(url, WHAT)


def test_a_small_answer_that_unpacks_into_a_large_one() -> None:
    import gzip

    packed = gzip.compress(b" " * 30_000_000)
    assert len(packed) < 50_000
    large = answering(lambda http, n: send(http, packed, Content_Encoding="gzip"))
    with large as url, pytest.raises(SourceInvalid, match="groter dan 1 MB; geweigerd"):
        Web(replace(QUICK, max_bytes=1_000_000)).get_json(url, WHAT)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<!DOCTYPE html><html>Log in</html>", "webpagina in plaats van JSON"),
        (b"  \n", "is leeg in plaats van JSON"),
        (b'{"value": [{"a": 1}, {"a"', "breekt halverwege de JSON af"),
        (b'{"value": "half', "breekt halverwege de JSON af"),
        (b'{"value": nee, "meer": 1}', "is geen geldige JSON"),
        (b"[1, 2]", "is geen JSON-object"),
        (b"[" * 100_000, "is geen geldige JSON"),
        (b'{"a": "\xff\xfe"', "breekt halverwege de JSON af"),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(body: bytes, told: str) -> None:
    with answering(lambda http, n: send(http, body)) as url:
        web = Web(QUICK)
        with pytest.raises(SourceInvalid, match=told) as caught:
            web.get_json(url, WHAT)
    assert web.sent == 3 and caught.value.message.startswith(f"{WHAT}: het antwoord van 127.0.0.1:")


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_not_asked_twice(status: int) -> None:
    with answering(lambda http, n: send(http, b"weg", status)) as url:
        web = Web(QUICK)
        with pytest.raises(NotThere, match=r"bestaat niet bij 127\.0\.0\.1"):
            web.get_json(url, WHAT)
    assert web.sent == 1


def test_redirects_on_the_same_host_are_followed_but_not_for_ever() -> None:
    def once(http: BaseHTTPRequestHandler, n: int) -> None:
        if http.path == "/":
            return send(http, b"", 302, Location="/verder")
        send(http, b'{"hier": 1}')

    with answering(once) as url:
        assert Web(QUICK).get_json(url, WHAT) == {"hier": 1}
    with answering(lambda http, n: send(http, b"", 301, Location="/")) as url:
        web = Web(QUICK)
        with pytest.raises(SourceInvalid, match="blijft doorverwijzen"):
            web.get_json(url, WHAT)
        assert web.sent == 6


# -- what the network does ------------------------------------------------------------------------------------


def failure(url: str, settings: Settings = QUICK) -> MonitorError:
    with pytest.raises(MonitorError) as caught:
        Web(settings).get_json(url, WHAT)
    assert "\n" not in str(caught.value) and caught.value.way_out
    assert not re.search(r"Error|Exception|object at|Errno", str(caught.value)), "no code in a sentence"
    return caught.value


def test_nobody_listens() -> None:
    with LocalCbs() as gone:
        url = gone.url
    told = failure(url)
    assert isinstance(told, SourceUnavailable)
    assert re.search(r"geen verbinding met 127.0.0.1:\d+: de verbinding wordt geweigerd .3 pogingen", told.message)


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    told = failure("https://opendata.invalid/x")
    assert isinstance(told, SourceUnavailable)
    assert told.message == f"{WHAT}: de naam opendata.invalid is niet te vinden (3 pogingen)."
    assert "DNS" in told.way_out


def test_an_address_that_is_none() -> None:
    told = failure("https://.cbs..nl/x")
    assert isinstance(told, SourceUnavailable) and "geen bruikbaar adres" in told.message


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalCbs() as gone:
        monkeypatch.setenv("https_proxy", gone.url)
    told = failure("https://opendata.invalid/x")
    assert isinstance(told, SourceUnavailable) and "de proxy op weg naar opendata.invalid" in told.message
    assert "HTTPS_PROXY" in told.way_out


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def answer(http: BaseHTTPRequestHandler, n: int) -> None:
        seen.append(http.path)
        send(http, b"{}")

    with answering(answer) as url:
        monkeypatch.setenv("http_proxy", url)
        Web(QUICK).get_json("http://opendata.invalid/x", WHAT)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        Web(QUICK).get_json(f"{url}/y", WHAT)
    assert seen == ["http://opendata.invalid/x", "/y"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody signed but itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(made), "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("openssl is not here")
    return made, key


def test_a_certificate_that_is_not_trusted_and_then_is(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with LocalCbs(tls=certificate) as server:
        url = f"{server.url}/ODataCatalog/"
        told = failure(url)
        assert isinstance(told, SourceUnavailable) and "wordt niet vertrouwd" in told.message
        assert "REQUESTS_CA_BUNDLE" in told.way_out and "pogingen" not in told.message, "no use to try again"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
        assert "value" in Web(QUICK).get_json(url, WHAT)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "weg.pem"))
        told = failure(url)
        assert isinstance(told, SourceUnavailable) and "REQUESTS_CA_BUNDLE" in told.message


def test_own_ca_bundle_is_given_to_every_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []

    def answer(self: object, request: object, **kwargs: object) -> None:
        asked.append(kwargs["verify"])
        raise requests.ConnectionError

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", answer)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "eigen-ca.pem"))
    failure("https://opendata.invalid", replace(QUICK, attempts=1))
    assert asked == [str(tmp_path / "eigen-ca.pem")]


# -- settings -------------------------------------------------------------------------------------------------


def test_settings_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment() == Settings()
    usual = Settings()
    assert (usual.base_url, usual.protocol, usual.timeout, usual.parallel) == ("https://opendata.cbs.nl", "v3", 30, 4)
    given = {
        "CBS_URL": "https://spiegel.example.nl/cbs/",
        "CBS_V4_URL": "https://spiegel.example.nl/v4",
        "CBS_PROTOCOL": "v4",
        "CBS_TIMEOUT": "7.5",
        "CBS_PARALLEL": "2",
        "PDOK_URL": "http://127.0.0.1:1/pdok",
        "GISCO_URL": "http://127.0.0.1:1/gisco",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"REGIOMONITOR_{name}", value)
    found = Settings.from_environment()
    assert (found.base_url, found.v4_url, found.protocol) == (given["CBS_URL"], given["CBS_V4_URL"], "v4")
    assert (found.timeout, found.parallel, found.limit) == (7.5, 2, 45)
    assert (found.pdok_url, found.gisco_url) == (given["PDOK_URL"], given["GISCO_URL"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("CBS_TIMEOUT", v) for v in ("snel", "0", "-1", "nan", "inf")),
        *(("CBS_PARALLEL", v) for v in ("veel", "0", "-1", "1.5")),
        *(("CBS_URL", v) for v in ("opendata.cbs.nl", "ftp://opendata.cbs.nl", "https://", "https://cbs.nl:poort")),
        ("CBS_PROTOCOL", "v5"),
        ("PDOK_URL", "pdok"),
    ],
)
def test_settings_that_cannot_work_name_their_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"REGIOMONITOR_{name}", value)
    with pytest.raises(SettingInvalid, match=f"REGIOMONITOR_{name}"):
        Settings.from_environment()
