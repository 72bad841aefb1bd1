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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On the build server a browser test that fails gets one more chance, named in the output; elsewhere none."""
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
        yield running


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

    def attach(self, page: Any) -> None:
        """Listen to a page."""
        page.on("console", lambda m: self.console(m.type, m.text, str(m.location.get("url", ""))))
        page.on("pageerror", lambda e: self.failed(str(e)))
        page.on("request", lambda r: self.request(r.url))
        page.on("websocket", lambda w: self.request(w.url))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. Per module: while it runs, its event loop runs in this thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Any, start_server: Callable[..., Server]) -> Iterator[Callable[..., Any]]:
    """Open a fresh page for a server: ``new_page(server, width, height)``; faults fail the test at its end.

    It asks for ``start_server`` so that a page closes before the server it looks at.
    """
    watch = Watch(set())
    with ExitStack() as stack:

        def make(server: Server, width: int = 1280, height: int = 900) -> Any:
            watch.hosts.add(server.host)
            context = browser.new_context(
                locale="nl-NL",
                viewport={"width": width, "height": height},
                base_url=server.url,
                accept_downloads=True,
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(30_000)
            watch.attach(page)
            return page

        make.watch = watch  # type: ignore[attr-defined]  # for a test with a second server
        yield make
    if watch.faults:
        pytest.fail("faults in the browser:\n" + "\n".join(dict.fromkeys(watch.faults)), pytrace=False)


@pytest.fixture
def page(new_page: Callable[..., Any], server: Server) -> Any:
    """A page of 1280 x 900 for the shared server."""
    return new_page(server)
