"""Everything that can go wrong with a refresh: the old edition stays as it was, byte by byte, with one line why.

The table in docs/verversen.md says the same to a data manager; this test reads it.
"""

from __future__ import annotations

import errno
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import paths
from monitor.errors import MonitorError, SnapshotError, SourceInvalid, SourceUnavailable
from monitor.refresh import editions as shelf
from monitor.refresh.lock import Busy, only_one
from monitor.refresh.status import read_status
from monitor.snapshot import store
from tests import refreshing
from tests.local_cbs import LocalCbs
from tests.refreshing import AMSTERDAM, DISTANCE, HEALTH, MOMENT, WINTERSWIJK, content, left, run, serve, settings

ROWS = "/TypedDataSet"
GP = "AfstandTotHuisartsenpraktijk"


@dataclass(frozen=True)
class Fault:
    """``cause``: what goes wrong. ``error`` and ``says``: what the user hears. ``options``: of the server."""

    cause: Callable[[LocalCbs], object]
    error: type[MonitorError]
    says: str
    options: dict[str, object] = field(default_factory=dict)


PAGES = {"page_size": 500}


def merged(server: LocalCbs) -> None:
    """A new year, in which two municipalities have become one."""
    server.add_year(DISTANCE, 2026)
    server.merge_codes(DISTANCE, "GM9001", "Nieuwstad", ["GM0294", "GM1586"], 2026)


#: By the name in docs/verversen.md.
FAULTS = {
    "Time-out": Fault(lambda c: c.fail("hang"), SourceUnavailable, "seconden"),
    "Antwoord dat druppelt": Fault(lambda c: c.fail("drip"), SourceUnavailable, "seconden"),
    "Te veel vragen (429)": Fault(lambda c: c.fail("http429", retry_after=1), SourceUnavailable, "429"),
    "Storing (500)": Fault(lambda c: c.fail("http500", on=ROWS), SourceUnavailable, "500"),
    "Storing (503)": Fault(lambda c: c.fail("http503"), SourceUnavailable, "503"),
    "Storing op de tweede bladzijde": Fault(
        lambda c: c.fail("http500", on=ROWS, after=1), SourceUnavailable, "500", PAGES
    ),
    "Afgebroken antwoord": Fault(lambda c: c.fail("cut", on=ROWS), SourceUnavailable, "CBS-tabel"),
    "Verbinding verbroken": Fault(lambda c: c.fail("drop"), SourceUnavailable, "verbinding"),
    "Ongeldige JSON": Fault(lambda c: c.fail("invalid_json", on=ROWS), SourceInvalid, "JSON"),
    "HTML-foutpagina met status 200": Fault(lambda c: c.fail("html", on=ROWS), SourceInvalid, "webpagina"),
    "Toegang geweigerd (403)": Fault(lambda c: c.fail("http403"), SourceUnavailable, "403"),
    "Kring van vervolgpagina’s": Fault(lambda c: c.fail("loop", on=ROWS), SourceInvalid, "kring", PAGES),
    "Dubbele pagina’s": Fault(lambda c: c.fail("repeat", on=ROWS), SourceInvalid, "herhalen", PAGES),
    "Ontbrekende pagina’s": Fault(lambda c: c.fail("short", on=ROWS), SourceInvalid, "rijen", PAGES),
    "Vervolg bij een andere dienst": Fault(lambda c: c.fail("other_host", on=ROWS), SourceInvalid, "andere", PAGES),
    "Hernoemde kolom": Fault(lambda c: c.rename(HEALTH, "Overgewicht", "TeZwaar"), SourceInvalid, "Overgewicht"),
    "Andere titel": Fault(lambda c: c.retitle(HEALTH, "Overgewicht", "Ondergewicht"), SourceInvalid, "Ondergewicht"),
    "Andere eenheid": Fault(lambda c: c.unit(HEALTH, "Overgewicht", "x 1 000"), SourceInvalid, "x 1 000"),
    "Ingetrokken tabel": Fault(lambda c: c.withdraw(HEALTH), SourceInvalid, HEALTH),
    "Verkeerde hoofdletters in de tabelcode": Fault(
        lambda c: c.tables.update({DISTANCE.upper(): c.tables.pop(DISTANCE)}), SourceInvalid, "Hoofdletters"
    ),
    "Ontbrekende gemeenten": Fault(lambda c: c.lose(HEALTH, 0.2), SourceInvalid, "missen"),
    "Onmogelijke waarde": Fault(
        lambda c: c.change(HEALTH, "Overgewicht", -4.0, WINTERSWIJK, Leeftijd="10000"), SourceInvalid, "Winterswijk"
    ),
    "Duizend keer zo groot zonder andere eenheid": Fault(
        lambda c: c.change(DISTANCE, GP, lambda old: old * 1000), SourceInvalid, "eenheid"
    ),
    "Herindeling die nog niet bekend is": Fault(
        lambda c: merged(c),
        SourceInvalid,
        "GM9001",
    ),
}  # fmt: skip


def news(server: LocalCbs) -> None:
    """Something to fetch in both tables."""
    server.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    server.revise(DISTANCE, AMSTERDAM, GP, 0.1)


def refused(folder: Path, error: type[BaseException], attempt: Callable[[], object]) -> str:
    """Try; return the one line that a user reads, after seeing that nothing changed and nothing was left behind."""
    before, beside = content(folder), left(folder)
    with pytest.raises(error) as caught:
        attempt()
    assert content(folder) == before
    assert left(folder) == beside, "something was left behind"
    said = str(caught.value)
    assert "\n" not in said and "Traceback" not in said and said.rstrip().endswith((".", "?", ")"))
    return said


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_leaves_the_old_edition(template: Path, folder: Path, name: str) -> None:
    fault = FAULTS[name]
    with serve(refreshing.tables(str(template)), **fault.options) as server:
        server.hang_for, server.drip_every = 2.0, 0.3
        news(server)
        fault.cause(server)
        said = refused(folder, fault.error, lambda: run(folder, server))
    assert fault.says in said, said
    status = read_status(folder)
    assert status is not None and status.message == said
    assert status.state == ("geweigerd" if fault.error is SourceInvalid else "mislukt")


def test_connection_refused(folder: Path, cbs: LocalCbs) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        nowhere = settings(cbs)
        nowhere = type(nowhere)(base_url=nobody, timeout=0.5, attempts=2, wait=0.01, max_wait=0.02)
        said = refused(folder, SourceUnavailable, lambda: run(folder, cbs, settings=nowhere))
    assert "127.0.0.1" in said


def test_a_name_that_cannot_be_found(folder: Path, cbs: LocalCbs) -> None:
    nowhere = type(settings(cbs))(base_url="http://cbs.invalid", timeout=0.5, attempts=2, wait=0.01, max_wait=0.02)
    said = refused(folder, SourceUnavailable, lambda: run(folder, cbs, settings=nowhere))
    assert "cbs.invalid" in said and "naam" in said


@pytest.mark.parametrize("kind", ["http429", "http500", "http503", "cut", "drop", "invalid_json", "html"])
def test_what_passes_is_survived(folder: Path, cbs: LocalCbs, kind: str) -> None:
    news(cbs)
    cbs.fail(kind, times=1, retry_after=0 if kind == "http429" else "")
    assert not run(folder, cbs, settings=settings(cbs, attempts=4)).unchanged


# --- The disk ---


@pytest.mark.parametrize("at", [store.OBSERVATIONS, paths.DETAIL, store.CHANGES, store.MANIFEST])
def test_a_full_disk(folder: Path, cbs: LocalCbs, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    news(cbs)
    write_bytes, write_text = Path.write_bytes, Path.write_text
    to_parquet = store.pd.DataFrame.to_parquet

    def full(path: Path) -> None:
        if Path(path).name == at and ".nieuw-" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    def bytes_(self: Path, data: bytes) -> int:
        full(self)
        return write_bytes(self, data)

    def text_(self: Path, *arguments: object, **options: object) -> int:
        full(self)
        return write_text(self, *arguments, **options)  # type: ignore[arg-type]

    def parquet_(self: object, path: Path, **options: object) -> None:
        full(path)
        to_parquet(self, path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_bytes", bytes_)
    monkeypatch.setattr(Path, "write_text", text_)
    monkeypatch.setattr(store.pd.DataFrame, "to_parquet", parquet_)
    said = refused(folder, MonitorError, lambda: run(folder, cbs))
    assert "schijf" in said and "vol" in said


# --- Two at once ---


def test_two_refreshes_at_once(folder: Path, cbs: LocalCbs) -> None:
    news(cbs)
    with only_one(folder):
        said = refused(folder, Busy, lambda: run(folder, cbs))
        refused(folder, Busy, lambda: shelf.use(folder, "2026-11"))
    assert "al ververst" in said and not cbs.requests
    assert not run(folder, cbs).unchanged


def test_the_second_of_two_is_told_and_the_first_goes_through(folder: Path, cbs: LocalCbs) -> None:
    news(cbs)
    cbs.latency = 150
    done: list[object] = []
    first = threading.Thread(target=lambda: done.append(run(folder, cbs)))
    first.start()
    while not cbs.requests:
        time.sleep(0.01)
    with pytest.raises(Busy):
        run(folder, cbs)
    first.join()
    assert len(done) == 1 and store.read(folder).manifest["follows"]


# --- Damage and clocks ---


def test_a_damaged_edition_is_replaced_on_top_of_the_newest_kept_one(folder: Path, cbs: LocalCbs) -> None:
    news(cbs)
    run(folder, cbs)
    kept = store.read(folder).manifest["follows"]
    (folder / store.OBSERVATIONS).write_bytes(b"damaged")
    done = run(folder, cbs)
    assert done.previous == kept
    new = store.read(folder)
    assert new.row("overgewicht", AMSTERDAM, 2024)["value"] == pytest.approx(
        store.read(folder.parent / "edities" / kept).row("overgewicht", AMSTERDAM, 2024)["value"] + 1.0
    )


def test_damage_without_a_kept_edition_stops_before_anything_is_fetched(folder: Path, cbs: LocalCbs) -> None:
    shutil.rmtree(folder.parent / "edities")
    (folder / store.WEIGHTS).write_bytes(b"")
    said = refused(folder, SnapshotError, lambda: run(folder, cbs))
    assert store.WEIGHTS in said and not cbs.requests


def test_a_clock_that_jumps_back_does_not_mix_up_the_editions(folder: Path, cbs: LocalCbs) -> None:
    cbs.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    first = run(folder, cbs)
    cbs.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    second = run(folder, cbs, today=MOMENT - timedelta(days=400))
    assert second.edition < first.edition, "the name follows the clock"
    new = store.read(folder)
    assert new.edition == second.edition and new.manifest["follows"] == first.edition
    names = [e.name for e in shelf.editions(folder)]
    assert names[:2] == [second.edition, first.edition] and shelf.editions(folder)[0].in_force
    # A clock far ahead changes nothing about what is fetched: CBS's own moments of publication decide.
    cbs.forget()
    assert run(folder, cbs, today=MOMENT + timedelta(days=4000)).unchanged
    assert len(cbs.requests) == 2


def test_a_clock_that_jumps_while_fetching(folder: Path, cbs: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs and pauses go by a clock that nobody can set."""
    news(cbs)
    cbs.fail("http503", times=1, retry_after="date")
    clock = iter([0.0, 4e9])
    monkeypatch.setattr(time, "time", lambda: next(clock, 4e9))
    begun = time.monotonic()
    assert not run(folder, cbs, settings=settings(cbs, attempts=4)).unchanged
    assert time.monotonic() - begun < 20


# --- The table for the data manager ---


def test_the_manual_names_every_fault() -> None:
    text = (paths.ROOT / "docs" / "verversen.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([^|]+?) +\| +[^|]+\| +(\d)[^|]*\|", text, re.M))
    codes = {SourceInvalid: "4", SourceUnavailable: "1"}
    assert {k: told.get(k) for k in FAULTS} == {k: codes[f.error] for k, f in FAULTS.items()}
    for name in ("Verbinding geweigerd", "Naam niet te vinden", "Volle schijf", "Twee keer tegelijk", "Kill -9"):
        assert told.get(name) == "1", name
