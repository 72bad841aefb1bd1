"""A refresh from the local CBS, which answers as slowly as the real one: time against the plain way, and memory."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from monitor import paths
from monitor.definitions import load
from monitor.refresh.plan import plan
from tests.local_cbs import LocalCbs, Table, grow, shipped
from tests.local_cbs.table import GEO, Code

LATENCY = 150  # milliseconds per request
_MORE = 10


def _made(how: str, file: Path) -> None:
    """Write the tables of the local CBS to a file; in a process of its own, for it takes time and memory."""
    subprocess.run([sys.executable, "-m", "benchmarks.refresh", how, str(file)], cwd=paths.ROOT, check=True)


def _tables(how: str) -> dict[str, Table]:
    """The tables of the edition, ten times as long, or with ten times as many regions that nobody asks for."""
    longer: dict[str, Callable[[Table], Table]] = {
        "zelf": lambda t: t,
        "jaren": lambda t: grow(t, _MORE),
        "buurten": lambda t: _with_quarters(t, _MORE),
    }
    return {name: longer[how](table) for name, table in shipped().items()}


def _with_quarters(table: Table, factor: int) -> Table:
    """The same table with the rows of quarters beside those of municipalities, as StatLine has them."""
    region = next(d for d in table.dimensions if d.kind == GEO)
    rows = table.rows.astype({d.key: str for d in table.dimensions}).drop(columns="ID", errors="ignore")
    parts, more = [rows], []
    for n in range(1, factor):
        moved = {c.key: f"BU{n:03d}{at:05d}".ljust(region.width) for at, c in enumerate(region.codes)}
        parts.append(rows.assign(**{region.key: rows[region.key].map(moved)}))
        more += [Code(key, "Proefgebied") for key in moved.values()]
    wider = replace(region, codes=(*region.codes, *more))
    dimensions = [wider if d is region else d for d in table.dimensions]
    together = pd.concat(parts, ignore_index=True)
    return Table(table.id, table.title, dimensions, list(table.topics), together, table.modified, "", table.summary)


@contextmanager
def _served(how: str) -> Iterator[tuple[LocalCbs, Path]]:
    """A local CBS with tables, and a copy of the edition to refresh."""
    with tempfile.TemporaryDirectory() as place:
        file, folder = Path(place) / "tabellen", Path(place) / "data" / "snapshot"
        _made(how, file)
        shutil.copytree(paths.snapshot_dir(), folder)
        with file.open("rb") as content, LocalCbs(pickle.load(content), latency=LATENCY) as cbs:
            yield cbs, folder


def _taken(cbs: LocalCbs, folder: Path, how: str) -> tuple[float, float, int]:
    """Seconds, megabytes and rows that came in, of one refresh in a process of its own."""
    cbs.forget()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.refresh_child", str(folder), how],
        cwd=paths.ROOT, env={**os.environ, **cbs.environment}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout)
    return float(told["seconds"]), float(told["megabytes"]), int(told["rows"])


def _against_plain(how: str, what: str) -> Iterator[tuple[str, str, str]]:
    """Rows about one set of tables."""
    with _served(how) as (cbs, folder):
        tables = len(plan(load(), {}))
        plain, _, _ = _taken(cbs, folder, "plain")
        ours, megabytes, rows = _taken(cbs, folder, "refresh")
        requests = len(cbs.requests)
        _taken(cbs, folder, "again")
        again = len(cbs.requests) / tables
    times = (
        f"{plain / ours:.1f}× ({ours:.1f} s tegen {plain:.1f} s; {tables} tabellen, {requests} verzoeken, {rows} rijen)"
    )
    times = times.replace(".", ",")
    yield (f"verversen van {what}, tegen `cbsodata.get_data` per tabel, {LATENCY} ms per verzoek", times, "≥ 4×")
    yield ("idem, geheugen", f"{megabytes:.0f} MB", "≤ 300 MB")
    yield ("idem, verzoeken per tabel als er niets veranderd is", f"{again:.1f}".replace(".", ","), "≤ 1")


def measure() -> Sequence[tuple[str, str, str]]:
    """Return rows of the table: what, measured, asked."""
    rows = [*_against_plain("zelf", "alle tabellen")]
    rows += _against_plain("buurten", "dezelfde tabellen met tien keer zoveel rijen waarvan wij er negen niet vragen")
    with _served("jaren") as (cbs, folder):
        seconds, megabytes, came = _taken(cbs, folder, "whole")
    told = f"{megabytes:.0f} MB ({came} rijen, {seconds:.0f} s)"
    return [*rows, ("geheugen bij tien keer zoveel jaren in alle tabellen, alles vanaf 1900 gevraagd", told, "gemeld")]


if __name__ == "__main__":
    with Path(sys.argv[2]).open("wb") as target:
        pickle.dump(_tables(sys.argv[1]), target)
