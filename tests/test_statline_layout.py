"""Tables that have today's municipalities in every year ('indeling 2025'), fetched from a local CBS from end to end."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor import paths
from monitor.definitions import Definitions
from monitor.definitions.in_force import in_force
from monitor.definitions.models import LiveSpec
from monitor.definitions.statline import Topic
from monitor.errors import SourceInvalid
from monitor.refresh.merge import Gathered, merged_published
from monitor.refresh.models import Outcome
from monitor.refresh.plan import plan
from monitor.refresh.run import refresh
from monitor.snapshot import store, swap
from monitor.snapshot.build import finish
from monitor.sources.statline import connect
from tests import refreshing
from tests.local_cbs import LocalCbs
from tests.local_cbs.edition import from_edition
from tests.local_cbs.table import Table
from tests.refreshing import MOMENT, content
from tests.small_editions import TEXTS
from tests.spec_table import definitions, edition

INCOME, WEALTH, WORK = "86161NED", "86160NED", "86271NED"
MEDIAN = "MediaanGestandaardiseerdInkomen"
INDICATORS = ("mediaan-inkomen", "mediaan-vermogen", "laag-inkomen", "netto-arbeidsparticipatie", "werkloosheid")
# Merged in 2022 and 2018: in earlier years they did not exist. The second lies in Noard-Fryslân.
DIJK_EN_WAARD, WAADHOEKE = "GM1980", "GM1949"
ENDED = "GM0416"  # Langedijk, of which Dijk en Waard was made


@cache
def small() -> Definitions:
    """The shipped definitions with some figures from tables on one layout.

    The median income is fetched here only: amounts of their own year in the place of those of one price level.
    """
    d = definitions()
    median = {
        "live": (LiveSpec(table=INCOME, measures=(MEDIAN,), scale=1000, since=2013, replaces=("RMBW-2023",)),),
        "only_without": {"caveat": (INCOME,)},
    }
    d = replace(
        d,
        indicators=tuple(i.model_copy(update=median) if i.id == "mediaan-inkomen" else i for i in d.indicators),
        statline=tuple(
            t.model_copy(update={"topics": {**t.topics, MEDIAN: Topic()}}) if t.id == INCOME else t for t in d.statline
        ),
    )
    return replace(
        d,
        indicators=tuple(i for i in d.indicators if i.id in INDICATORS),
        quantities=tuple(
            q.model_copy(update={"live": ()}) for q in d.quantities if q.id in ("inwoners", "huishoudens")
        ),
        statline=tuple(t for t in d.statline if t.id in (INCOME, WEALTH, WORK)),
        cross_border=(),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small edition of what ships."""
    old = edition()
    rows = old.observations
    rows = rows[rows["indicator"].isin(INDICATORS) & (rows["basis"] == "cbs")].astype(dict.fromkeys(TEXTS, str))
    names = old.weights["quantity"].astype(str).str.partition("@")[0]
    weights = old.weights[names.isin(["inwoners", "huishoudens"])]
    folder = tmp_path_factory.mktemp("indeling") / "data" / "snapshot"
    with swap.replacing(folder, folder.parent / "edities") as fresh:
        for geometry in (paths.MAP, paths.NEIGHBOURS, paths.DETAIL):
            (fresh / geometry).write_bytes(b"-")
        finish(small(), rows, weights, old.areas, old.manifest["sources"], fresh, "2026-11")
    return folder


@pytest.fixture(scope="module")
def tables(made: Path) -> dict[str, Table]:
    return from_edition(store.read(made), small())


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "data" / "snapshot")
    return tmp_path / "data" / "snapshot"


@pytest.fixture
def cbs(tables: dict[str, Table]):
    with LocalCbs(tables) as server:
        yield server


def run(folder: Path, cbs: LocalCbs, *only: str, d: Definitions | None = None) -> Outcome:
    return refresh(d or small(), folder, settings=refreshing.settings(cbs, timeout=20), today=MOMENT, only=only)


def value(folder: Path, indicator: str, area: str, year: int) -> float | None:
    row = store.read(folder).row(indicator, area, year)
    return None if row is None else float(row["value"])


def test_the_local_cbs_has_the_municipalities_of_today_in_old_years(tables: dict[str, Table]) -> None:
    for table in (INCOME, WEALTH, WORK):
        rows = tables[table].rows
        old = set(rows.loc[rows["Perioden"].str.strip() == "2016JJ00", "RegioS"].str.strip())
        assert DIJK_EN_WAARD in old or table == INCOME, table
        assert ENDED not in set(rows["RegioS"].str.strip())


def test_every_year_comes_in_as_it_stands_in_the_table(folder: Path, cbs: LocalCbs) -> None:
    old = store.read(folder)
    run(folder, cbs)
    new = store.read(folder)
    for area in (DIJK_EN_WAARD, WAADHOEKE, "PV21"):
        for year in (2016, 2021):
            row = new.row("mediaan-vermogen", area, year)
            before = old.row("mediaan-vermogen", area, year)
            assert row is not None and before is not None, (area, year)
            assert (row["source"], row["value"]) == (WEALTH, pytest.approx(before["value"]))
    # No weight is needed, so also years before the first that has weights; a median of a region is not made of them.
    assert new.row("mediaan-vermogen", DIJK_EN_WAARD, 2013)["source"] == WEALTH
    assert new.row("mediaan-vermogen", "noard-fryslan", 2016) is None


def test_a_municipality_of_today_can_be_revised_in_a_year_before_it_existed(folder: Path, cbs: LocalCbs) -> None:
    before = store.read(folder)
    assert cbs.revise(WORK, WAADHOEKE, "NettoArbeidsparticipatie", 4.0, year=2016)
    done = run(folder, cbs, WORK)
    after = store.read(folder)
    cells = done.comparison.cells
    assert set(cells["indicator"]) == {"netto-arbeidsparticipatie"} and set(cells["year"]) == {2016}
    assert WAADHOEKE in set(cells["area"]) and "noard-fryslan" in set(cells["area"])
    moved = [s.row("netto-arbeidsparticipatie", "noard-fryslan", 2016)["value"] for s in (after, before)]
    w = before.weights[(before.weights["quantity"] == "inwoners") & (before.weights["year"] == 2016)]
    w = w.astype({"area": str}).set_index("area")["value"]
    share = w[WAADHOEKE] / sum(w[c] for c in small().region("noard-fryslan").codes)
    assert moved[0] - moved[1] == pytest.approx(4.0 * share, abs=1e-6)


def test_read_as_the_layout_of_each_year_the_merged_would_lose_their_past(folder: Path, cbs: LocalCbs) -> None:
    """What the field ``layout`` is for: without it there is no median of a municipality before it existed."""
    d = small()
    wrong = tuple(t.model_copy(update={"layout": "rapportagejaar"}) for t in d.statline)
    before = value(folder, "mediaan-vermogen", DIJK_EN_WAARD, 2016)
    run(folder, cbs, WEALTH, d=replace(d, statline=wrong))
    assert before is not None and value(folder, "mediaan-vermogen", DIJK_EN_WAARD, 2016) is None


def test_amounts_of_their_own_year_take_the_place_of_all_others(folder: Path, cbs: LocalCbs) -> None:
    run(folder, cbs)
    new = store.read(folder)
    rows = new.observations[(new.observations["indicator"] == "mediaan-inkomen") & (new.observations["basis"] == "cbs")]
    assert set(rows["source"]) == {INCOME} and rows["year"].min() == 2013
    assert "prijspeil" in str(small().indicator("mediaan-inkomen").caveat)
    assert in_force(small(), new).indicator("mediaan-inkomen").caveat is None


def test_whatever_edition_of_the_regional_monitor_came_in_gives_way(folder: Path, cbs: LocalCbs) -> None:
    """Its amounts are of one price level, so years of it may not stay before those of StatLine."""
    old = store.read(folder)
    rows = old.observations.astype({"source": str})
    rows.loc[rows["indicator"] == "mediaan-inkomen", "source"] = "RMBW-2025"
    sources = {**old.manifest["sources"], "RMBW-2025": {"title": "Regionale Monitor"}}
    later = replace(old, observations=rows, manifest={**old.manifest, "sources": sources})
    about = in_force(small(), later).indicator("mediaan-inkomen")
    assert about.caveat == small().indicator("mediaan-inkomen").caveat
    (income,) = plan(small(), {}, only=[INCOME])
    service = connect(refreshing.settings(cbs, timeout=20))
    gathered = Gathered(small(), later)
    gathered.add(income, service.fetch(income.request), "2026-12-01")
    merged = merged_published(rows[rows["basis"] == "cbs"], gathered.fresh())
    assert set(merged.loc[merged["indicator"] == "mediaan-inkomen", "source"]) == {INCOME}


def test_four_groups_are_one_figure(folder: Path, cbs: LocalCbs) -> None:
    before = {code: value(folder, "laag-inkomen", code, 2022) for code in ("GM0197", "GM0222")}
    assert cbs.revise(INCOME, "GM0197", "GestandaardiseerdInkomen3e10Groep", 2.0, year=2022)
    run(folder, cbs, INCOME)
    assert value(folder, "laag-inkomen", "GM0197", 2022) == before["GM0197"] + 2.0
    assert value(folder, "laag-inkomen", "GM0222", 2022) == before["GM0222"]


def test_a_guess_takes_part_only_when_asked_and_a_wrong_one_changes_nothing(folder: Path, cbs: LocalCbs) -> None:
    assert [p.live.id for p in plan(small(), {})] == [INCOME, WEALTH]
    cbs.rename(WORK, "Werkloosheidspercentage", "WerklozenRelatief")
    before = content(folder)
    with pytest.raises(SourceInvalid) as caught:
        run(folder, cbs, WORK)
    told = str(caught.value)
    assert WORK in told and "Werkloosheidspercentage" in told and content(folder) == before


def test_a_municipality_that_no_longer_exists_is_left_out(folder: Path, cbs: LocalCbs) -> None:
    """The table may stand on the layout of some years ago; who merged since has no figure until there is a newer."""
    rows = cbs.tables[WEALTH].rows
    width = len(rows["RegioS"].iloc[0])
    rows["RegioS"] = rows["RegioS"].cat.rename_categories({DIJK_EN_WAARD.ljust(width): ENDED.ljust(width)})
    run(folder, cbs, WEALTH)
    new = store.read(folder)
    assert ENDED not in set(new.observations["area"].astype(str))
    assert new.row("mediaan-vermogen", DIJK_EN_WAARD, 2016) is None
