"""The app in a real browser: time from process start to the first map, and bytes when the indicator changes."""

from __future__ import annotations

import contextlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from monitor.paths import ROOT

REPEATS = 5
# A bare page: what Streamlit itself needs to show one chart.
BARE = """
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Bar(x=["a", "b", "c"], y=[1, 3, 2])))
"""
FLAGS = ["--no-sandbox", "--disable-background-networking"]


@contextmanager
def server(script: Path, folder: Path) -> Iterator[str]:
    """Start Streamlit on a free port; give its address without waiting for it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    quiet = ["--browser.gatherUsageStats", "false"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options, *quiet]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=20)


def until(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("De app start niet.")


def first_sight(browser: Browser, script: Path, folder: Path, path: str, drawn: str) -> float:
    """Seconds from starting the process to the moment that ``drawn`` (CSS) is visible in a new browser window."""
    start = time.perf_counter()
    with server(script, folder) as address:
        until(address)
        page = browser.new_context().new_page()
        page.goto(address + path, wait_until="commit")
        page.wait_for_selector(drawn, state="visible", timeout=90_000)
        seconds = time.perf_counter() - start
        page.context.close()
    return seconds


class Relay:
    """A relay in front of the server that counts what the server sends: the bytes on the wire, compressed or not."""

    def __init__(self, port: int) -> None:
        self.sent = 0
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            threading.Thread(target=self._copy, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._copy, args=(server, client, True), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, count: bool) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(65536):
                if count:
                    self.sent += len(content)
                target.sendall(content)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Stop listening."""
        self._listening.close()


def socket_bytes(browser: Browser) -> tuple[list[int], list[int]]:
    """Bytes from the server when the reader chooses another indicator: on the wire, and unpacked."""
    wire, unpacked = [], []
    with server(ROOT / "app.py", ROOT) as address:
        until(address)
        relay = Relay(int(address.rstrip("/").rsplit(":", 1)[1]))
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        received: list[int] = []

        def frame(payload: str | bytes) -> None:
            received.append(len(payload))

        page.on("websocket", lambda ws: ws.on("framereceived", frame))
        page.goto(f"http://127.0.0.1:{relay.port}/kaart?indicator=overgewicht")
        page.wait_for_selector("footer.foot", timeout=90_000)
        page.wait_for_timeout(2000)
        box = page.get_by_role("combobox", name="Cijfer")
        for name in ("Roken", "Afstand tot huisarts", "Bebouwd terrein", "Werkloosheid", "Vertrouwen in instituties"):
            box.click()
            box.fill(name)
            page.wait_for_timeout(500)
            received.clear()
            relay.sent = 0
            page.keyboard.press("Enter")
            page.wait_for_timeout(3500)
            wire.append(relay.sent)
            unpacked.append(sum(received))
        relay.close()
    return wire, unpacked


def measure() -> list[tuple[str, str, str]]:
    """Return rows of the table: what, measured, asked."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return [("schermmetingen", "niet gemeten: chromium ontbreekt", "")]
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        script = Path(folder) / "kaal.py"
        script.write_text(BARE, encoding="utf-8")
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        # In turn, so that a slower moment of the machine hits both.
        for _ in range(REPEATS):
            bare.append(first_sight(browser, script, Path(folder), "", ".js-plotly-plot .barlayer path"))
            ours.append(first_sight(browser, ROOT / "app.py", ROOT, "kaart", ".js-plotly-plot .choroplethlayer path"))
        wire, unpacked = socket_bytes(browser)
        browser.close()
    plain, own = statistics.median(bare), statistics.median(ours)
    return [
        ("van start van het proces tot de eerste kaart", f"{own:.1f} s", ""),
        ("kale Streamlit-pagina met één Plotly-figuur", f"{plain:.1f} s", ""),
        ("verhouding", f"{own / plain:.2f}", "≤ 1,5"),
        ("over de lijn bij een ander cijfer, de grootste van vijf", f"{max(wire) / 1000:.0f} kB", "≤ 40 kB"),
        ("idem, uitgepakt", f"{max(unpacked) / 1000:.0f} kB", ""),
    ]
