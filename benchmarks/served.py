"""The app and a bare Streamlit page as servers, and a relay that counts what they send: for benchmarks/app.py."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load_serving import cpu_seconds, memory
from monitor.definitions import load
from monitor.figures import screen
from monitor.paths import ROOT, STATIC
from ui import data

# What is chosen in turn, on both pages by the same name; the first stands there at once.
CHOICES = {
    "Afstand tot ziekenhuis": "afstand-ziekenhuis",
    "Roken": "roken",
    "Afstand tot huisarts": "afstand-huisarts",
    "Bebouwd terrein": "bebouwd-terrein",
    "Werkloosheid": "werkloosheid",
    "Vertrouwen in instituties": "vertrouwen-instituties",
}
# What Streamlit itself needs to draw the same map: ready figures from a file, and nothing else.
BARE = """
import json
from pathlib import Path

import streamlit as st

figures = json.loads(Path("figuren.json").read_text(encoding="utf-8"))
chosen = st.selectbox("Cijfer", list(figures))
st.plotly_chart(figures[chosen], theme=None, config=CONFIG, key="kaart", height="stretch", on_select="rerun")
"""


@dataclass(frozen=True)
class Program:
    """Something that Streamlit runs: its script in its folder, and the path of the page with the map."""

    script: Path
    path: str


OURS = Program(ROOT / "serve.py", "kaart")


def bare(folder: Path) -> Program:
    """Write the bare page with its ready figures: the very ones that the app draws, and the same files of outlines."""
    d, definitions = data.read(), load()
    figures = {}
    for name, indicator in CHOICES.items():
        spec = d.composer.map(definitions.indicator(indicator), None, "gemeenten", None)
        figure = screen.map_figure(spec, d.layers)
        screen.number_labels(figure, spec, d.outlines)
        figures[name] = json.loads(figure.to_json())
    (folder / "figuren.json").write_text(json.dumps(figures), encoding="utf-8")
    (folder / "static").symlink_to(STATIC)
    script = folder / "kaal.py"
    script.write_text(BARE.replace("CONFIG", repr(screen.CONFIG)), encoding="utf-8")
    return Program(script, "")


@dataclass
class Running:
    """A server: its port, and the number of its process."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """Its address, with a slash at the end."""
        return f"http://127.0.0.1:{self.port}/"

    def spent(self) -> float:
        """Seconds of computing so far."""
        return cpu_seconds(self.pid)

    def memory(self) -> float:
        """What it has in memory now, in MB."""
        return memory(self.pid)


@contextmanager
def server(program: Program, *more: str) -> Iterator[Running]:
    """Start Streamlit on a free port, without waiting for it; ``more``: options."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    same = ["--browser.gatherUsageStats", "false", "--server.enableStaticServing", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(program.script), *options, *same, *more]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=program.script.parent, env=dict(os.environ), **quiet)
    try:
        yield Running(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def started_by(pid: int) -> Iterator[int]:
    """Every process that a process started, and what these started."""
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in (thread / "children").read_text(encoding="utf-8").split():
                yield int(child)
                yield from started_by(int(child))


def until(running: Running) -> None:
    """Wait until the server answers."""
    for _ in range(1500):
        try:
            urllib.request.urlopen(f"{running.address}_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("De app start niet.")


class Relay:
    """A relay in front of the server that counts what the server sends: the bytes on the wire, compressed or not."""

    def __init__(self, port: int) -> None:
        self.sent = 0
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
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
