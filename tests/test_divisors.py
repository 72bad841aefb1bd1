"""Figures that are divided by the counts of another table follow when only that table changes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor.definitions import Definitions
from monitor.refresh.models import Outcome
from monitor.refresh.run import refresh
from monitor.snapshot import store
from monitor.snapshot.coded import TEXTS
from tests import refreshing, small_editions
from tests.local_cbs import LocalCbs
from tests.local_cbs.edition import from_edition
from tests.refreshing import MOMENT, WINTERSWIJK
from tests.spec_table import definitions, edition

PEOPLE, BIRTHS = "03759ned", "37259ned"
TOPIC, BORN = "BevolkingOp1Januari", "LevendGeborenKinderen"
YEAR = 2023


@cache
def few() -> Definitions:
    """Inhabitants and births per 1,000 of them, each from its own table."""
    d = definitions()
    return replace(
        d,
        indicators=tuple(i for i in d.indicators if i.id in ("inwoners", "geboorten")),
        quantities=tuple(q for q in d.quantities if q.id == "inwoners"),
        statline=tuple(t for t in d.statline if t.id in (PEOPLE, BIRTHS)),
        cross_border=(),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An edition that was refreshed once, and is as the local CBS has it."""
    folder = tmp_path / "data" / "snapshot"
    rows = edition().observations
    rows = rows[rows["indicator"].isin(["inwoners", "geboorten"]) & (rows["basis"] == "cbs")]
    small_editions.make(folder, "2026-11", lambda _: rows.astype(dict.fromkeys(TEXTS, str)), few())
    return folder


@pytest.fixture
def cbs(folder: Path):
    with LocalCbs(from_edition(store.read(folder), few())) as server:
        run(folder, server)
        server.forget()
        yield server


def run(folder: Path, cbs: LocalCbs, **options: object) -> Outcome:
    return refresh(few(), folder, settings=refreshing.settings(cbs, timeout=20), today=MOMENT, **options)  # type: ignore[arg-type]


def born_per_1000(folder: Path, year: int = YEAR) -> float:
    return float(store.read(folder).row("geboorten", WINTERSWIJK, year)["value"])


def by_hand(cbs: LocalCbs, year: int = YEAR) -> float:
    """From what the server holds now."""
    found = []
    for name, topic in ((BIRTHS, BORN), (PEOPLE, TOPIC)):
        table = cbs.tables[name]
        rows = table.rows[cbs.rows(name, WINTERSWIJK, year)]
        if name == PEOPLE:
            rows = rows[(rows["Geslacht"].str.strip() == "T001038") & (rows["Leeftijd"].str.strip() == "10000")]
        found.append(float(rows[table.topic(topic).column].iloc[0]))
    return 1000 * found[0] / found[1]


def test_revised_inhabitants_reach_the_figures_per_inhabitant(folder: Path, cbs: LocalCbs) -> None:
    before = born_per_1000(folder)
    assert before == pytest.approx(by_hand(cbs))
    cbs.revise(PEOPLE, WINTERSWIJK, TOPIC, 2000.0, year=YEAR)
    assert not run(folder, cbs).unchanged
    assert born_per_1000(folder) == pytest.approx(by_hand(cbs)) != pytest.approx(before)
    cbs.forget()
    assert run(folder, cbs).unchanged
    assert len(cbs.requests) == len(cbs.tables), "once is enough"


def test_a_table_that_was_left_out_follows_the_next_time(folder: Path, cbs: LocalCbs) -> None:
    cbs.revise(PEOPLE, WINTERSWIJK, TOPIC, 2000.0, year=YEAR)
    run(folder, cbs, only=[PEOPLE])
    assert born_per_1000(folder) != pytest.approx(by_hand(cbs))
    assert run(folder, cbs).tables == (BIRTHS.upper(),)
    assert born_per_1000(folder) == pytest.approx(by_hand(cbs))


def test_a_year_that_waits_for_inhabitants_is_told_and_comes_with_them(folder: Path, cbs: LocalCbs) -> None:
    last = max(store.read(folder).indicator("inwoners")["year"])
    year = int(last) + 1
    years = {int(y) for y in store.read(folder).indicator("geboorten")["year"]}
    for missing in range(max(years) + 1, year + 1):
        cbs.add_year(BIRTHS, missing)
    first = run(folder, cbs)
    (told,) = [n.text for n in first.notices if "er nog niet" in n.text]
    assert "Geboorten" in told and str(year) in told and str(last) not in told
    cbs.add_year(PEOPLE, year)
    run(folder, cbs)
    assert born_per_1000(folder, year) == pytest.approx(by_hand(cbs, year))
