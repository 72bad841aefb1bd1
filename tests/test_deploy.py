"""The proxy of deploy/ as it really runs: in front of processes that say who they are, and of the app in a browser."""

from __future__ import annotations

import gzip
import http.client
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.load_serving import Serving, free_port, nginx, only_proxy, proxy_settings, write_proxy
from monitor.paths import ROOT
from tests.conftest import Server

needs_nginx = pytest.mark.skipif(nginx() is None, reason="no nginx: apt-get install nginx-light")


# -- the proxy in front of processes that only say who they are ------------------------------------------------------


class _App(BaseHTTPRequestHandler):
    """Says its port, what it got, and a page as Streamlit sends it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body = "text/html; charset=utf-8", self._page()
        if self.path.startswith("/static/"):
            kind, body = "text/javascript", b"// " + b"x" * 5000
        elif self.path.startswith("/gekregen"):
            kind, body = "text/plain", "\n".join(f"{k}: {v}" for k, v in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "_streamlit_xsrf=2|x; Path=/; SameSite=Lax")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def _page(self) -> bytes:
        port = self.server.server_address[1]
        filler = "<p>" + "welvaart " * 200 + "</p>"
        return (
            f'<html lang="en"><title>Streamlit</title><noscript>You need JavaScript</noscript>{port}{filler}</html>'
        ).encode()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def fake_app(port: int = 0) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", port), _App)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class Answer:
    """An answer with its headers; more of one name are joined by a line end."""

    def __init__(self, raw: http.client.HTTPResponse) -> None:
        self.status, self.body = raw.status, raw.read()
        self.headers: dict[str, str] = {}
        for name, value in raw.getheaders():
            key = name.lower()
            self.headers[key] = f"{self.headers[key]}\n{value}" if key in self.headers else value

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


def ask(proxy: Serving, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)
    try:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        return Answer(connection.getresponse())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """A folder like that of the publication, which the workers of nginx may read."""
    folder = Path(tempfile.mkdtemp(prefix="regiomonitor-site-"))
    folder.chmod(0o755)
    for name in ("", "regio/achterhoek/", "insluiten/roken/"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text(f"<p>{name or 'begin'}</p>" + "welvaart " * 200, encoding="utf-8")
    (folder / "vast").mkdir()
    (folder / "vast" / "stijl.0123456789ab.css").write_text("p{color:#154273}" * 100, encoding="utf-8")
    (folder / "404.html").write_text("<h1>Niet gevonden in de publicatie</h1>", encoding="utf-8")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[tuple[Serving, list[int]]]:
    """The proxy with two processes and a third that is gone; it trusts what loopback says of the visitor."""
    with fake_app() as first, fake_app() as second:
        servers = f"127.0.0.1:{first} 127.0.0.1:{second} 127.0.0.1:{free_port()}"
        with only_proxy(
            tmp_path_factory.mktemp("proxy"), servers, SITE=str(site), TRUSTED_PROXIES="127.0.0.1", RATE_SOCKETS="1",
            BURST_SOCKETS="3",
        ) as proxy:  # fmt: skip
            yield proxy, [first, second]


@needs_nginx
def test_every_answer_carries_the_headers_and_pages_are_in_dutch(two: tuple[Serving, list[int]]) -> None:
    proxy, _ = two
    page = ask(proxy, "/kaart?indicator=roken", Accept_Encoding="gzip")
    assert page.status == 200 and page.headers["content-encoding"] == "gzip"
    assert '<html lang="nl">' in page.text and "<title>Regiomonitor Brede Welvaart</title>" in page.text
    assert "De monitor werkt alleen met JavaScript" in page.text and 'href="/publicatie/"' in page.text
    assert "<template>You need JavaScript</template>" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "'unsafe-eval'" not in policy
    assert not re.search(r"https?:|\*", policy)
    for path in (
        "/kaart",
        "/publicatie/",
        "/static/js/a.js",
        "/_stcore/metrics",
        "/app/static/x.svg",
        "/_stcore/health",
    ):
        got = ask(proxy, path).headers
        assert got["x-content-type-options"] == "nosniff" and got["x-frame-options"] == "DENY", path
        assert got["referrer-policy"] and got["permissions-policy"] and "strict-transport-security" not in got, path
        assert got["server"] == "nginx", "no version"
    secure = ask(proxy, "/kaart", X_Forwarded_Proto="https").headers
    assert secure["strict-transport-security"].startswith("max-age=31536000")
    assert secure["set-cookie"].count("Secure") == 2 or secure["set-cookie"].lower().count("secure") == 2


@needs_nginx
def test_what_a_visitor_says_of_itself_does_not_reach_the_app(tmp_path: Path) -> None:
    with fake_app() as app, only_proxy(tmp_path, f"127.0.0.1:{app}") as proxy:
        got = ask(
            proxy, "/gekregen", X_Forwarded_For="10.9.8.7", X_Forwarded_Proto="https", Forwarded="for=1.2.3.4",
            X_Real_IP="10.9.8.7", Cookie="plaats=p9",
        )  # fmt: skip
        assert "10.9.8.7" not in got.text and "1.2.3.4" not in got.text
        assert "X-Forwarded-Proto: http\n" in got.text and f"Host: 127.0.0.1:{proxy.port}" in got.text
        assert "strict-transport-security" not in got.headers


@needs_nginx
def test_a_visitor_stays_where_it_is_and_moves_when_that_is_gone(two: tuple[Serving, list[int]]) -> None:
    proxy, ports = two
    for number, port in enumerate(ports, start=1):
        for _ in range(4):
            got = ask(proxy, "/kaart", Cookie=f"a=b; plaats=p{number}")
            assert (
                str(port) in got.text
                and f"plaats=p{number}; Path=/; HttpOnly; SameSite=Lax" in got.headers["set-cookie"]
            )
    # The third is gone: another one answers, always the same, and becomes the place.
    places = {
        re.search(r"plaats=(p\d)", ask(proxy, "/kaart", Cookie="plaats=p3").headers["set-cookie"])[1] for _ in range(6)
    }
    assert len(places) == 1 and places <= {"p1", "p2"}
    # Newcomers go to those that are there; a made-up place is no place.
    for cookie in ("", "plaats=p77", "plaats=../etc"):
        assert ask(proxy, "/kaart", Cookie=cookie).status == 200


@needs_nginx
def test_what_is_not_for_visitors_and_what_is_too_much(two: tuple[Serving, list[int]]) -> None:
    proxy, _ = two
    for path in (
        "/_stcore/metrics",
        "/kaart/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/interact",
    ):
        got = ask(proxy, path)
        assert got.status == 404 and "Deze pagina is er niet" in got.text, path
    sizes = {10 * 1024 * 1024 + 2000: 204, 12 * 1024 * 1024: 413}
    for size, status in sizes.items():
        got = ask(proxy, "/_stcore/upload_file/s/f", "PUT", b"x" * size, Cookie="plaats=p1")
        assert got.status == status, size
    assert ask(proxy, "/kaart", "PUT", b"x" * 70_000).status == 413
    busy = [ask(proxy, "/_stcore/stream") for _ in range(12)]
    refused = [b for b in busy if b.status == 429]
    assert refused and "Het is nu erg druk" in refused[0].text and refused[0].headers["retry-after"]


@needs_nginx
def test_the_site_is_compressed_kept_and_framed_only_where_it_may(two: tuple[Serving, list[int]]) -> None:
    proxy, _ = two
    page = ask(proxy, "/publicatie/regio/achterhoek/", Accept_Encoding="gzip")
    assert page.status == 200 and page.headers["content-encoding"] == "gzip" and "regio/achterhoek" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    embed = ask(proxy, "/publicatie/insluiten/roken/")
    assert "frame-ancestors *" in embed.headers["content-security-policy"] and "x-frame-options" not in embed.headers
    kept = ask(proxy, "/publicatie/vast/stijl.0123456789ab.css", Accept_Encoding="gzip")
    assert kept.status == 200 and "immutable" in kept.headers["cache-control"] and kept.headers["content-encoding"]
    assert "immutable" in ask(proxy, "/static/js/a.js").headers["cache-control"]
    gone = ask(proxy, "/publicatie/bestaat/niet/")
    assert gone.status == 404 and "Niet gevonden in de publicatie" in gone.text
    for escape in ("/publicatie/../nginx.conf", "/publicatie/%2e%2e/%2e%2e/etc/passwd", "/publicatie../x"):
        assert "root:" not in ask(proxy, escape).text


@needs_nginx
def test_without_any_process_it_says_so_in_dutch(tmp_path: Path, site: Path) -> None:
    with only_proxy(tmp_path, f"127.0.0.1:{free_port()}", SITE=str(site)) as proxy:
        got = ask(proxy, "/kaart")
        assert got.status in (502, 503) and "De monitor is even niet bereikbaar" in got.text
        assert got.headers["retry-after"] and "nosniff" in got.headers["x-content-type-options"]
        assert ask(proxy, "/publicatie/").status == 200
        # A line per request, without who asked and without what was asked for.
        ask(proxy, "/kaart?zoek=geheim", Referer="http://elders/geheim", User_Agent="herkenbaar")
        assert '"pad":"/kaart"' in proxy.access()
        assert not re.search('geheim|herkenbaar|127.0.0.1","', proxy.access())


@needs_nginx
def test_settings_with_tls_behind_a_proxy_and_wrong_ones(tmp_path: Path) -> None:
    certificate, key = tmp_path / "a.pem", tmp_path / "k.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
         "-days", "2", "-subj", "/CN=monitor.voorbeeld.nl"], check=True, capture_output=True,
    )  # fmt: skip
    base = proxy_settings(tmp_path, free_port(), "127.0.0.1:8501 127.0.0.1:8502")
    good = {
        "TLS_CERT": str(certificate), "TLS_KEY": str(key), "HTTPS_PORT": str(free_port()),
        "SERVER_NAME": "monitor.voorbeeld.nl", "TRUSTED_PROXIES": "10.0.0.0/8 192.168.1.4", "CSP_REPORT_ONLY": "1",
    }  # fmt: skip
    done = write_proxy({**base, **good})
    assert done.returncode == 0, done.stderr
    written = {p.name: p.read_text() for p in (tmp_path / "proxy" / "conf").iterdir()}
    assert "return 301 https://" in written["listen.conf"] and "TLSv1.3" in written["listen.conf"]
    assert "Content-Security-Policy-Report-Only" in written["page.conf"]
    assert written["trusted.conf"].split() == ["10.0.0.0/8", "1;", "192.168.1.4", "1;"]
    assert not any(re.search("@[A-Z_]+@", text) for text in written.values())
    for wrong in ({"SERVER_NAME": "x; include /etc/passwd"}, {"RATE_PAGES": "veel"}, {"TLS_CERT": "/is/er/niet.pem"}):
        done = write_proxy({**base, **wrong})
        assert done.returncode != 0 and done.stderr.startswith("Fout: "), wrong


# -- in a browser ------------------------------------------------------------------------------------------------

VIOLATIONS = "window.bezwaren=[];document.addEventListener('securitypolicyviolation'," \
    "e=>window.bezwaren.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}`))"  # fmt: skip


def look(page: Any, path: str) -> list[str]:
    page.goto(path)
    page.locator("footer.foot").wait_for()
    page.wait_for_timeout(1000)
    return [*page.evaluate("window.bezwaren")]


@needs_nginx
@pytest.mark.browser
def test_a_page_lives_behind_the_proxy_within_its_policy(server: Server, new_page: Any, tmp_path: Path) -> None:
    with only_proxy(tmp_path, server.host) as proxy:
        page = new_page(Server(f"127.0.0.1:{proxy.port}", server.log))
        page.context.add_init_script(VIOLATIONS)
        assert look(page, "/kaart?indicator=roken") == []
        # A choice goes over the websocket and comes back.
        box = page.get_by_role("combobox", name="Cijfer")
        box.click()
        box.fill("Overgewicht")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("indicator=overgewicht"))
        assert page.evaluate("window.bezwaren") == []
        assert '"pad":"/_stcore/stream","status":101' in _closed(page, proxy)


def _closed(page: Any, proxy: Serving) -> str:
    """What nginx noted, once the connection of the page is closed: its line comes then."""
    page.goto("about:blank")
    for _ in range(50):
        if "/_stcore/stream" in proxy.access():
            break
        page.wait_for_timeout(100)
    return proxy.access()


@needs_nginx
@pytest.mark.slow
@pytest.mark.browser
def test_no_page_asks_what_its_policy_forbids(server: Server, new_page: Any, tmp_path: Path) -> None:
    pages = sorted(p.stem for p in (ROOT / "pages").glob("*.py"))
    with only_proxy(tmp_path, server.host) as proxy:
        page = new_page(Server(f"127.0.0.1:{proxy.port}", server.log))
        page.context.add_init_script(VIOLATIONS)
        found = {path: look(page, f"/{path}?zoek=huisarts" if path == "zoeken" else f"/{path}") for path in pages}
        assert len(found) > 15 and {p: f for p, f in found.items() if f} == {}
