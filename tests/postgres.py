"""A PostgreSQL server of the tests' own: in a temporary folder, on a free loopback port, never as root."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

USER = "monitor"


def programs() -> Path | None:
    """The folder with initdb and postgres: Debian's newest, or else that of the PATH. None where there is none."""
    debian = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda p: [int(n) for n in re.findall(r"\d+", p.parent.name)])
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


def _runner() -> pwd.struct_passwd | None:
    """As whom to run: PostgreSQL refuses root. None for the user of the tests."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """Start a server and end it afterwards; gives the address of an empty database, as the monitor's setting."""
    runner = _runner()
    as_user = {"user": runner.pw_uid, "group": runner.pw_gid, "extra_groups": []} if runner else {}
    # Short: the path of a socket may not be long.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if runner:
            os.chown(folder, runner.pw_uid, runner.pw_gid)
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        data, port = folder / "data", _free_port()
        made = subprocess.run(
            [bin_folder / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=60, **as_user,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        # fsync stays on: what the tests ask is whether a confirmed entry survives.
        options = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB"]
        log = folder / "log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, *options],
                cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, **as_user,
            )  # fmt: skip
        try:
            _wait(port, server, log)
            yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once; nobody needs the data any more
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    latest = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user={USER} dbname=postgres connect_timeout=2").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > latest:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)


def new_database(address: str, name: str) -> str:
    """Make an empty database on a server; returns its address."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{address.rsplit('/', 1)[0]}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
