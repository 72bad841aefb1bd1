"""The app as it is served: some processes behind the nginx of ``deploy/``, all on loopback, for load and tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from monitor.paths import ROOT

NGINX_FOLDER = ROOT / "deploy" / "nginx"
# All visitors come from one address here: what an office may do is not what is measured.
WIDE = {
    "RATE_PAGES": "5000", "BURST_PAGES": "5000", "RATE_SOCKETS": "5000", "BURST_SOCKETS": "5000",
    "OPEN_SOCKETS": "5000",
}  # fmt: skip
_TICKS = os.sysconf("SC_CLK_TCK")


def nginx() -> str | None:
    """Path of the installed nginx, or None; it is often not on the PATH of an ordinary user."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int) -> bool:
    """Whether an app answers on a port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@dataclass
class App:
    """One process of the app."""

    port: int
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; does not wait for it."""
        command = [sys.executable, str(ROOT / "deploy" / "container" / "start.py")]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=dict(self.environment), stdout=out, stderr=subprocess.STDOUT
            )

    def wait(self, seconds: float = 90.0) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: it does not in this time, or it ended.
        """
        latest = time.monotonic() + seconds
        while not healthy(self.port):
            if self.process is None or self.process.poll() is not None or time.monotonic() > latest:
                raise RuntimeError(f"the app on port {self.port} does not answer:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def end(self, kill: bool = False) -> None:
        """End the process; ``kill``: at once, as a machine that falls out."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else 0


@dataclass
class Serving:
    """The proxy with the processes behind it. ``port``: of the proxy."""

    port: int
    apps: list[App]
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    proxy: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the proxy without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def proxy_log(self) -> str:
        """What nginx complained about."""
        return (self.folder / "nginx.log").read_text(encoding="utf-8", errors="replace")

    def access(self) -> str:
        """The lines that nginx wrote per request."""
        return (self.folder / "access.log").read_text(encoding="utf-8", errors="replace")


def proxy_settings(folder: Path, port: int, servers: str, **more: str) -> dict[str, str]:
    """The environment of start.sh for a proxy on loopback."""
    own = {
        "PROXY_TMP": str(folder / "proxy"), "LISTEN": "127.0.0.1", "HTTP_PORT": str(port), "APP_SERVERS": servers,
        "SITE": str(folder / "publicatie"), "ACCESS_LOG": str(folder / "access.log"), "NGINX": nginx() or "nginx",
    }  # fmt: skip
    return {**os.environ, **own, **more}


def write_proxy(settings: Mapping[str, str], word: str = "schrijf") -> subprocess.CompletedProcess[str]:
    """Run start.sh with a word that ends by itself: 'schrijf' (write and test) or 'herlaad'."""
    return subprocess.run(
        [str(NGINX_FOLDER / "start.sh"), word], env=dict(settings), capture_output=True, text=True, timeout=30
    )


@contextmanager
def only_proxy(folder: Path, servers: str, port: int = 0, **more: str) -> Iterator[Serving]:
    """The proxy alone, in front of what is or is not there; ``port``: where it listens, 0 for a free one."""
    (folder / "publicatie").mkdir(exist_ok=True)
    port = port or free_port()
    settings = proxy_settings(folder, port, servers, **more)
    made = Serving(port, [], folder, settings)
    with (folder / "nginx.log").open("ab") as out:
        made.proxy = subprocess.Popen(
            [str(NGINX_FOLDER / "start.sh")], env=settings, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(200):
            if _answers(f"{made.url}/proxy-gezond"):
                break
            if made.proxy.poll() is not None:
                raise RuntimeError(f"nginx does not start:\n{made.proxy_log()}")
            time.sleep(0.05)
        yield made
    finally:
        made.proxy.send_signal(signal.SIGTERM)
        made.proxy.wait(timeout=15)


@contextmanager
def serving(
    processes: int, folder: Path, environment: Mapping[str, str] | None = None, port: int = 0, **settings: str
) -> Iterator[Serving]:
    """Start ``processes`` of the app and the proxy, wait until all answer, and end them afterwards.

    Args:
        processes: how many.
        folder: an empty folder for logs, own findings and the like.
        environment: on top of that of this process, for the app.
        port: where the proxy listens, 0 for a free one.
        settings: of the proxy, beside ``WIDE``.
    """
    (folder / "eigen").mkdir(exist_ok=True)
    base = {
        **os.environ,
        "REGIOMONITOR_OWN": str(folder / "eigen"),
        "REGIOMONITOR_DATABASE_URL": f"sqlite:///{folder / 'logboek.sqlite'}",
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_COOKIE_SECRET": "the same for all processes",
        **(environment or {}),
    }
    apps = []
    for k in range(processes):
        own = free_port()
        apps.append(App(own, {**base, "STREAMLIT_SERVER_PORT": str(own)}, folder / f"app-{k + 1}.log"))
    with ExitStack() as stack:
        for app in apps:
            app.start()
            stack.callback(app.end)
        for app in apps:
            app.wait()
        servers = " ".join(f"127.0.0.1:{app.port}" for app in apps)
        made = stack.enter_context(only_proxy(folder, servers, port, **{**WIDE, **settings}))
        made.apps = apps
        yield made


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def cpu_seconds(pid: int) -> float:
    """Processor time that a process used so far; 0 when it is gone."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / _TICKS


def memory(pid: int) -> float:
    """Megabytes that a process holds now; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def children(pid: int) -> list[int]:
    """The processes that a process started, as the workers of nginx."""
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except OSError:
        return []
