"""Refresh one table from a local CBS server: what comes in, what stays, and what happens when it fails."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from monitor import __main__ as command
from monitor import paths
from monitor.definitions import load
from monitor.errors import MonitorError, SourceInvalid, SourceUnavailable, UnknownName
from monitor.snapshot import store
from monitor.snapshot.refresh import Refreshed, refresh
from monitor.sources.cbs_live import Settings
from tests.cbs_server import CbsServer, Seen

TABLE = "86137NED"
ADULTS, BELOW_65, FROM_65, FROM_75 = "10000", "53115", "80200", "21700"
MARGINS = {"value": "MW00000", "lower": "MOG0095", "upper": "MBG0095"}


def columns(table: str) -> dict[str, str]:
    """Every topic of a table that an indicator uses, and the numbered column in which CBS gives it."""
    topics = dict.fromkeys(m for i in load().indicators for s in i.sources if s.table == table for m in s.measures)
    return {topic: f"{topic}_{n}" for n, topic in enumerate(topics, start=1)}


OVERWEIGHT = columns(TABLE)["Overgewicht"]


def typed_rows(snapshot: store.Snapshot, source: str) -> pd.DataFrame:
    """The shipped figures of a table in the form of CBS's TypedDataSet: padded codes, a row per margin and age."""
    rows = snapshot.observations
    rows = rows[(rows["source"] == source) & (rows["basis"] == "cbs")].astype({"indicator": str, "area": str})
    areas, column, ages = sorted(rows["area"].unique()), columns(source), {}
    for indicator in load().indicators:
        for spec in indicator.sources:
            if spec.table == source:
                ages.setdefault(spec.filters.get("Leeftijd", ADULTS), {})[indicator.id] = column[spec.measures[0]]
    ages[FROM_75] = ages[ADULTS]  # an age group that nobody asks for and that must not get in
    made = []
    for part, code in MARGINS.items():
        wide = rows.pivot(index="area", columns="indicator", values=part).reindex(areas)
        for age, topics in ages.items():
            frame = pd.DataFrame({"RegioS": [a.ljust(6) for a in areas], "Marges": code, "Leeftijd": age.ljust(8)})
            for indicator, topic in topics.items():
                frame[topic] = wide[indicator].to_numpy() + (5.0 if age == FROM_75 else 0.0)
            made.append(frame)
    joined = pd.concat(made, ignore_index=True)
    joined.insert(0, "ID", range(len(joined)))
    return joined


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped edition, to refresh."""
    target = tmp_path / "data" / "snapshot"
    shutil.copytree(paths.ROOT / "data" / "snapshot", target)
    return target


@pytest.fixture
def rows(folder: Path) -> pd.DataFrame:
    return typed_rows(store.read(folder), TABLE)


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def settings(server: CbsServer) -> Settings:
    return Settings(base_url=server.url, timeout=2, attempts=2, wait=0.01, max_wait=0.02)


def run(folder: Path, server: CbsServer):
    return refresh(load(), folder, TABLE, settings=settings(server), today=date(2026, 12, 1))


def serve(rows: pd.DataFrame) -> CbsServer:
    return CbsServer({TABLE: rows}, infos={TABLE: {"Title": "Gezondheidsmonitor", "Modified": "2026-12-01T02:00:00"}})


@dataclass(frozen=True)
class Revision:
    """A refresh in which Winterswijk got two points more overweight among adults."""

    folder: Path
    before: dict[str, bytes]
    done: Refreshed
    asked: list[Seen]


@pytest.fixture(scope="module")
def revision(tmp_path_factory: pytest.TempPathFactory) -> Revision:
    """One refresh that several tests look at: adding everything up again takes seconds."""
    folder = tmp_path_factory.mktemp("herziening") / "data" / "snapshot"
    shutil.copytree(paths.ROOT / "data" / "snapshot", folder)
    before, rows = content(folder), typed_rows(store.read(folder), TABLE)
    area = rows["RegioS"].str.strip() == "GM0294"
    rows.loc[area & (rows["Leeftijd"].str.strip() == ADULTS), OVERWEIGHT] += 2.0
    with serve(rows) as server:
        done = run(folder, server)
        return Revision(folder, before, done, server.paths("/TypedDataSet"))


def test_same_figures_make_no_new_edition(folder: Path, rows: pd.DataFrame) -> None:
    before = content(folder)
    with serve(rows) as server:
        done = run(folder, server)
    assert done.unchanged
    assert content(folder) == before


def test_the_fake_service_gives_all_topics_and_ages_of_the_table(rows: pd.DataFrame) -> None:
    used = [s for i in load().indicators for s in i.sources if s.table == TABLE]
    assert len(used) == 25 and len({s.measures for s in used}) == 11
    assert set(rows["Leeftijd"].str.strip()) == {ADULTS, BELOW_65, FROM_65, FROM_75}
    assert {s.filters.get("Leeftijd", ADULTS) for s in used} == {ADULTS, BELOW_65, FROM_65}
    assert rows[list(columns(TABLE).values())].notna().any().all()


def test_a_revised_municipality_moves_its_region_and_nothing_else(revision: Revision) -> None:
    old, new, done = store.read(paths.ROOT / "data" / "snapshot"), store.read(revision.folder), revision.done
    assert (done.new, done.changed, done.gone) == (0, 1, 0)
    assert new.edition.startswith("2026-12-01-") and new.edition != old.edition
    moved = new.row("overgewicht", "achterhoek", 2024)["value"] - old.row("overgewicht", "achterhoek", 2024)["value"]
    # By hand: two points, times Winterswijk's share of the Achterhoek's inhabitants on 1 January 2024.
    w = old.weights[(old.weights["quantity"] == "inwoners") & (old.weights["year"] == 2024)].set_index("area")["value"]
    codes = load().region("achterhoek").codes
    assert moved == pytest.approx(2.0 * w["GM0294"] / sum(w[c] for c in codes))
    assert new.row("overgewicht", "twente", 2024) == pytest.approx(old.row("overgewicht", "twente", 2024), nan_ok=True)
    # Nothing else: only the region, COROP region and other areas that Winterswijk is part of, in this one figure.
    keys = ["indicator", "area", "year"]
    both = new.observations.astype(dict.fromkeys(keys[:2], str)).merge(
        old.observations.astype(dict.fromkeys(keys[:2], str)), on=keys, how="outer", suffixes=("", "_old")
    )
    assert len(both) == len(old.observations) == len(new.observations)
    changed = both[~np.isclose(both["value"], both["value_old"], rtol=0, atol=1e-8, equal_nan=True)]
    assert set(changed["indicator"]) == {"overgewicht"} and set(changed["year"]) == {2024}
    assert set(changed["area"]) == {"GM0294", "achterhoek", "npvr", "CR14"}
    entry = new.manifest["sources"][TABLE]
    assert entry["modified"] == "2026-12-01T02:00:00" and entry["retrieved"] == "2026-12-01"


def test_the_previous_edition_is_kept(revision: Revision) -> None:
    assert content(revision.folder.parent / "edities" / "2026-11") == revision.before
    assert content(revision.folder) != revision.before


def test_only_the_ages_that_figures_use_are_asked_for_and_codes_stay_codes(revision: Revision) -> None:
    ages = " or ".join(f"startswith(Leeftijd,'{age}')" for age in (ADULTS, BELOW_65, FROM_65))
    assert revision.asked and all(seen.query["$filter"] == f"({ages})" for seen in revision.asked)
    areas = set(store.read(revision.folder).indicator("overgewicht").query("source == @TABLE")["area"].astype(str))
    assert {"GM0294", "PV25", "NL01"} <= areas


@pytest.mark.slow
def test_an_age_group_goes_to_its_own_figure(folder: Path, rows: pd.DataFrame) -> None:
    old = store.read(folder)
    older = (rows["Leeftijd"].str.strip() == FROM_65) & (rows["RegioS"].str.strip() == "GM0294")
    rows.loc[older, OVERWEIGHT] += 2.0
    with serve(rows) as server:
        done = run(folder, server)
    assert (done.new, done.changed, done.gone) == (0, 1, 0)
    new = store.read(folder)
    for name, moved in (("overgewicht-65", 2.0), ("overgewicht-18-64", 0.0), ("overgewicht", 0.0)):
        before, after = (s.row(name, "GM0294", 2024)["value"] for s in (old, new))
        assert after - before == pytest.approx(moved), name
    assert_frame_equal(new.indicator("overgewicht"), old.indicator("overgewicht"))


@pytest.mark.parametrize("fault", ["http500", "timeout", "truncated", "drop", "html", "half", "empty"])
def test_a_failing_service_leaves_the_old_edition(folder: Path, rows: pd.DataFrame, fault: str) -> None:
    before = content(folder)
    rows.loc[rows["RegioS"].str.startswith("GM0294"), OVERWEIGHT] += 1.0
    server = CbsServer({TABLE: rows}, infos={TABLE: {"Title": "x", "Modified": "y"}}, page_size=500, hang=3)
    with server:
        server.fail(fault)
        quick = Settings(base_url=server.url, timeout=0.3, attempts=2, wait=0.01, max_wait=0.02)
        with pytest.raises((SourceUnavailable, SourceInvalid)) as caught:
            refresh(load(), folder, TABLE, settings=quick)
    assert caught.value.way_out
    assert content(folder) == before
    assert sorted(p.name for p in folder.parent.iterdir()) == ["snapshot"], "something was left behind"


def test_a_table_that_lost_its_municipalities_is_refused(folder: Path, rows: pd.DataFrame) -> None:
    before = content(folder)
    with (
        serve(rows[~rows["RegioS"].str.startswith("GM1")].reset_index(drop=True)) as server,
        pytest.raises(SourceInvalid, match="niveau GM"),
    ):
        run(folder, server)
    assert content(folder) == before


def test_an_impossible_value_is_refused_by_name(folder: Path, rows: pd.DataFrame) -> None:
    rows.loc[(rows["RegioS"].str.strip() == "GM0197") & (rows["Marges"] == "MW00000"), OVERWEIGHT] = -4.0
    with serve(rows) as server, pytest.raises(SourceInvalid, match="GM0197"):
        run(folder, server)


def test_a_renamed_topic_is_named(folder: Path, rows: pd.DataFrame) -> None:
    with (
        serve(rows.rename(columns={OVERWEIGHT: "Zwaarlijvigheid_10"})) as server,
        pytest.raises(SourceInvalid) as caught,
    ):
        run(folder, server)
    assert "Overgewicht" in str(caught.value) and TABLE in str(caught.value)


def test_a_topic_on_another_place_is_still_found(folder: Path, rows: pd.DataFrame) -> None:
    with serve(rows.rename(columns={OVERWEIGHT: "Overgewicht_99"})) as server:
        assert run(folder, server).unchanged


@pytest.mark.parametrize("table", ["99999NED", "KWB-2024", "70262NED"])
def test_a_table_that_cannot_be_refreshed_is_refused(folder: Path, table: str) -> None:
    with pytest.raises(UnknownName):
        refresh(load(), folder, table, settings=Settings(base_url="http://127.0.0.1:9"))


def test_a_damaged_edition_stops_before_anything_is_fetched(folder: Path, rows: pd.DataFrame) -> None:
    (folder / store.WEIGHTS).write_bytes(b"")
    with serve(rows) as server, pytest.raises(MonitorError):
        run(folder, server)
    assert not server.requests


def test_a_damaged_edition_is_restored_from_the_kept_one(folder: Path, rows: pd.DataFrame) -> None:
    shutil.copytree(folder, folder.parent / "edities" / "2026-11")
    (folder / store.OBSERVATIONS).write_bytes(b"damaged")
    with serve(rows) as server:
        run(folder, server)
    assert store.read(folder).row("overgewicht", "achterhoek", 2024)["value"] == pytest.approx(54.19, abs=0.01)


def test_years_on_an_old_layout_can_be_refreshed(folder: Path) -> None:
    """2016: the shipped edition keeps the weights of the old municipalities, so a download fits again."""
    shared = paths.ROOT.parent / "shared" / "data" / "cbs" / "odata-v3" / "83674NED.csv"
    if not shared.is_file():
        pytest.skip("bronbestanden ontbreken: ../shared is er niet")
    raw = pd.read_csv(shared, dtype={"RegioS": str, "Perioden": str, "Leeftijd": str})
    with CbsServer({"83674NED": raw}, infos={"83674NED": {"Title": "t", "Modified": "m"}}) as server:
        done = refresh(load(), folder, "83674NED", settings=settings(server))
    assert done.unchanged


def test_command_says_what_happened(
    folder: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    with serve(rows) as server:
        monkeypatch.setenv("REGIOMONITOR_CBS_URL", server.url)
        assert command.main(["refresh", "--table", TABLE]) == command.UNCHANGED
        assert "Niets veranderd" in capsys.readouterr().out
        server.fail("http500")
        monkeypatch.setenv("REGIOMONITOR_CBS_TIMEOUT", "1")
        monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: settings(server)))
        assert command.main(["refresh", "--table", TABLE]) == command.FAILED
    said = capsys.readouterr()
    assert said.err.startswith("Fout: ") and "Traceback" not in said.err
    assert np.isfinite(store.read(folder).row("overgewicht", "achterhoek", 2024)["value"])
