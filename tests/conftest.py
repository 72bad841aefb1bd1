"""Shared fixtures: the shipped edition, a running server and a watched browser page."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Without a graphics card putting layers together in software takes half of the time; WebGL still draws.
    "--disable-gpu-compositing",
]
# Streamlit asks these below the path of a page that is opened first, gets 404, and then asks them at the root.
KNOWN_PROBE = re.compile(r"^/[a-z-]+/_stcore/(health|host-config)$")
# Without a graphics card what WebGL paints costs more than all the rest of a page: it is set up, and paints nothing.
PAINTS_NOTHING = """for (const made of [self.WebGLRenderingContext, self.WebGL2RenderingContext])
    for (const name of ['clear', 'drawArrays', 'drawArraysInstanced', 'drawElements', 'drawElementsInstanced',
                        'drawRangeElements', 'blitFramebuffer'])
        if (made && name in made.prototype) made.prototype[name] = () => {};"""


# -- the shipped edition ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def definitions() -> Any:
    """Definitions and findings that ship."""
    from monitor.definitions import load

    return load()


@pytest.fixture(scope="session")
def snapshot() -> Any:
    """The edition that ships, whatever REGIOMONITOR_SNAPSHOT says."""
    from monitor.snapshot import store

    return store.read(ROOT / "data" / "snapshot")


@pytest.fixture(scope="session")
def composer(definitions: Any, snapshot: Any) -> Any:
    """Makes figures from the shipped edition."""
    from monitor.figures.compose import Composer

    return Composer(definitions, snapshot)


@pytest.fixture(scope="session")
def outlines(definitions: Any, snapshot: Any) -> Any:
    """Polygons of the shipped edition."""
    from monitor.figures.geometry import read_outlines

    return read_outlines(snapshot.folder, {r.id: r.codes for r in definitions.regions})


@pytest.fixture(scope="session", autouse=True)
def own_logbook(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes what the user of this machine added, and no setting of theirs reaches a test."""
    os.environ["REGIOMONITOR_OWN"] = str(tmp_path_factory.mktemp("eigen"))
    os.environ["REGIOMONITOR_DATABASE_URL"] = f"sqlite:///{tmp_path_factory.mktemp('logboek') / 'logboek.sqlite'}"
    for name in ("REGIOMONITOR_SINGLE_USER", "REGIOMONITOR_REGIONS_CLAIM"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """Streamlit's ``AppTest`` looks for components in all installed packages at every start: most of a short test."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def log_of_one_test() -> Iterator[None]:
    """A page that a test draws sets up the log of the server: it does not stay for the next test."""
    yield
    if logs := sys.modules.get("monitor.logs"):
        logs.end()


# -- a small edition and the local CBS that it is refreshed from ---------------------------------------------------


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small edition of ``tests.refreshing`` is made, once per worker."""
    return tmp_path_factory.mktemp("verversen")


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """The small edition in force, of this test alone."""
    from tests import refreshing

    return refreshing.ready(template, tmp_path)


@pytest.fixture
def cbs(template: Path) -> Iterator[Any]:
    """A local CBS with the figures of the small edition."""
    from tests import refreshing

    with refreshing.serve(refreshing.tables(str(template))) as running:
        yield running


@pytest.fixture
def nothing_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the network of this machine, and none of the services, reaches a test that asks for this."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("CBS_URL", "CBS_V4_URL", "CBS_PROTOCOL", "CBS_TIMEOUT", "CBS_PARALLEL", "PDOK_URL", "GISCO_URL"):
        monkeypatch.delenv(f"REGIOMONITOR_{name}", raising=False)


# -- Chromium -----------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """Path of the installed Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without Chromium a browser test skips; on the build server, where it has to be there, it fails."""
    if item.get_closest_marker("browser") is None or chromium():
        return
    message = "no Chromium on the PATH: this test opens the app in a browser"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


# The longest first: none of them is then still at work when the others are done (``make test`` gives files out in
# this order, and one worker does all of a file).
LONGEST = (
    "test_browser",
    "test_accessibility",
    "test_navigation",
    "test_print",
    "test_compare_browser",
    "test_composed_browser",
    "test_logbook_browser",
    "test_basket_browser",
    "test_compare",
    "test_border",
    "test_benchmarks",
    "test_editions_page",
    "test_own_browser",
    "test_figures",
    "test_pages",
    "test_package",
    "test_screens",
    "test_refresh",
    "test_boundaries_live",
    "test_refresh_kill",
    "test_logbook_database",
    "test_slides",
    "test_basket_app",
    "test_panel",
    "test_architecture",
    "test_snapshot",
    "test_changes",
    "test_cli",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; and on the build server a browser test that fails gets one more chance.

    That chance is named in the output; elsewhere there is none.
    """
    rank = {name: k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
    if os.environ.get("CI"):
        for item in items:
            if item.get_closest_marker("browser") is not None:
                item.add_marker(pytest.mark.flaky(reruns=1))


# -- server -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A running app."""

    host: str
    log: Path
    shared: bool = False  # by all tests of a worker

    @property
    def url(self) -> str:
        """Address without a slash at the end."""
        return f"http://{self.host}"

    def said(self) -> str:
        """What the server wrote so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)


@contextmanager
def running_server(
    snapshot_folder: Path | None = None,
    patience: float = 60.0,
    settings: Mapping[str, str] | None = None,
    more_options: Sequence[str] = (),
    port: int | None = None,
) -> Iterator[Server]:
    """Start the app on a free loopback port and end it afterwards, also when the block fails.

    Args:
        snapshot_folder: REGIOMONITOR_SNAPSHOT for this server; None for the edition that ships.
        patience: seconds until it has to answer.
        settings: more environment for this server.
        more_options: more options for Streamlit; the last of two counts.
        port: where to listen, for who has to know it beforehand.
    """
    environment = {k: v for k, v in os.environ.items() if k != "REGIOMONITOR_SNAPSHOT"}
    if snapshot_folder is not None:
        environment["REGIOMONITOR_SNAPSHOT"] = str(snapshot_folder)
    environment |= settings or {}
    port = port or _free_port()
    options = ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.port", str(port), *more_options]
    with tempfile.TemporaryDirectory(prefix="regiomonitor-test-") as folder:
        log = Path(folder) / "server.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", *options],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            server = Server(f"127.0.0.1:{port}", log)
            latest = time.monotonic() + patience
            while not _healthy(port):
                if process.poll() is not None or time.monotonic() > latest:
                    raise RuntimeError(f"the app did not start:\n{server.said()}")
                time.sleep(0.1)
            yield server
        finally:
            _end(process)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app with the edition that ships; one per worker."""
    with running_server() as running:
        yield replace(running, shared=True)


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Start a server of a test's own: ``start_server()``, or with what ``running_server`` takes."""
    with ExitStack() as stack:
        yield lambda *given, **named: stack.enter_context(running_server(*given, **named))


# -- browser ------------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """What went wrong on a page while a test looked at it."""

    hosts: set[str]
    faults: list[str] = field(default_factory=list)

    def request(self, url: str) -> None:
        """Note a request that leaves the servers of this test."""
        address = urlsplit(url)
        if address.scheme in ("data", "blob"):
            return
        if address.netloc not in self.hosts:
            self.faults.append(f"request to another host: {url[:200]}")

    def console(self, kind: str, text: str, url: str) -> None:
        """Note an error in the console, but for the two probes that Streamlit is known for."""
        address = urlsplit(url)
        known = address.netloc in self.hosts and KNOWN_PROBE.match(address.path) and "404" in text
        if kind == "error" and not known:
            self.faults.append(f"console: {text[:300]} ({url})")

    def failed(self, text: str) -> None:
        """Note an error of a script, but for the one of Plotly that nobody sees.

        It fetches outlines and then draws, also when the drawing has been taken away meanwhile: it then misses the
        settings of that drawing. Rare, on a busy machine, and only for a drawing that is no longer there.
        """
        if "reading 'typesetMath'" not in text:
            self.faults.append(f"page error: {text[:300]}")

    def attach(self, page: Any) -> Callable[[], None]:
        """Listen to a page; what is returned stops it."""
        heard = {
            "console": lambda m: self.console(m.type, m.text, str(m.location.get("url", ""))),
            "pageerror": lambda e: self.failed(str(e)),
            "request": lambda r: self.request(r.url),
            "websocket": lambda w: self.request(w.url),
        }
        for event, hear in heard.items():
            page.on(event, hear)

        def stop() -> None:
            for event, hear in heard.items():
                page.remove_listener(event, hear)

        return stop


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. Per module: while it runs, its event loop runs in this thread."""
    from playwright.sync_api import expect, sync_playwright

    # Five seconds if nobody says so: too little for a page on a busy machine.
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield running
        running.close()


class Tabs:
    """Opens pages, and keeps one of the shared server for the tests of a module that come after.

    A page that is opened anew reads and compiles all scripts of Streamlit once more: most of what a visit costs.
    """

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.kept: Any = None

    def fresh(self, server: Server, paints: bool = False) -> Any:
        """A page that nobody used; ``paints``: WebGL paints as well."""
        context = self.browser.new_context(
            locale="nl-NL", base_url=server.url, accept_downloads=True, reduced_motion="reduce"
        )
        if not paints:
            context.add_init_script(PAINTS_NOTHING)
        return context.new_page()

    def take(self, server: Server) -> Any:
        """The kept page if it is of this server, or a fresh one; nobody else gets it meanwhile."""
        if not server.shared or self.kept is None:
            return self.fresh(server)
        page, self.kept = self.kept, None
        return page

    def give_back(self, server: Server, page: Any) -> None:
        """Empty a page of what a test left in it, and keep it; close it if that fails or there is one already."""
        from playwright.sync_api import Error

        with suppress(Error):
            if server.shared and self.kept is None and page.url.startswith(server.url):
                # A tab remembers by itself what its pages kept for the session.
                page.evaluate("sessionStorage.clear()")
                page.goto("about:blank")
                held = {"origin": server.url, "storageTypes": "cookies,local_storage,indexeddb,cache_storage"}
                session = page.context.new_cdp_session(page)
                session.send("Storage.clearDataForOrigin", held)
                session.detach()
                page.context.clear_cookies()
                self.kept = page
                return
        page.context.close()


@pytest.fixture(scope="module")
def tabs(browser: Any) -> Tabs:
    """The pages of a module."""
    return Tabs(browser)


@pytest.fixture
def new_page(tabs: Tabs, start_server: Callable[..., Server]) -> Iterator[Callable[..., Any]]:
    """Open an empty page for a server: ``new_page(server, width, height)``; faults fail the test at its end.

    No cookie and nothing kept of another test is in it. ``paints=True``: what WebGL draws is painted too.
    It asks for ``start_server`` so that a page closes before the server it looks at.
    """
    watch = Watch(set())
    with ExitStack() as stack:

        def make(server: Server, width: int = 1280, height: int = 900, paints: bool = False) -> Any:
            watch.hosts.add(server.host)
            page = tabs.fresh(server, paints=True) if paints else tabs.take(server)
            stack.callback(page.context.close) if paints else stack.callback(tabs.give_back, server, page)
            page.set_viewport_size({"width": width, "height": height})
            page.set_default_timeout(60_000)
            stack.callback(watch.attach(page))
            return page

        make.watch = watch  # type: ignore[attr-defined]  # for a test with a second server
        yield make
    if watch.faults:
        pytest.fail("faults in the browser:\n" + "\n".join(dict.fromkeys(watch.faults)), pytrace=False)


@pytest.fixture
def page(new_page: Callable[..., Any], server: Server) -> Any:
    """A page of 1280 x 900 for the shared server."""
    return new_page(server)
