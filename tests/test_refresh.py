"""A refresh from a local CBS, end to end: what is asked, what comes in, what stays, and what the command says."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitor import __main__ as command
from monitor.definitions.statline import Topic
from monitor.errors import UnknownName
from monitor.refresh import cli
from monitor.refresh import run as refresh_run
from monitor.refresh.models import Step
from monitor.refresh.plan import plan
from monitor.refresh.run import refresh
from monitor.refresh.status import read_status
from monitor.snapshot import store
from monitor.sources.statline.service import Expected
from tests import refreshing
from tests.local_cbs import LocalCbs, shipped
from tests.refreshing import AMSTERDAM, DISTANCE, HEALTH, MOMENT, WINTERSWIJK, content, left, run, serve, small
from tests.spec_table import definitions, edition

# --- Nothing new ---


def test_what_did_not_change_costs_one_request_per_table(folder: Path, cbs: LocalCbs) -> None:
    before = content(folder)
    assert run(folder, cbs).unchanged
    assert [s.path.rpartition("/")[2] for s in cbs.requests] == ["TableInfos", "TableInfos"]
    assert content(folder) == before


def test_a_publication_without_another_figure_is_looked_at_once(folder: Path, cbs: LocalCbs) -> None:
    before = content(folder)
    cbs.touch(HEALTH)
    first = run(folder, cbs)
    assert first.unchanged and first.tables == (HEALTH,)
    assert content(folder) == before
    cbs.forget()
    assert run(folder, cbs).tables == () and len(cbs.requests) == 2
    # Once another edition is in force, what was seen for the old one says nothing.
    cbs.revise(DISTANCE, WINTERSWIJK, "AfstandTotGroteSupermarkt", 0.5)
    assert not run(folder, cbs).unchanged
    cbs.forget()
    assert run(folder, cbs).tables == (HEALTH,)


def test_force_fetches_all_the_same(folder: Path, cbs: LocalCbs) -> None:
    done = run(folder, cbs, force=True)
    assert done.unchanged and set(done.tables) == {HEALTH, "80305NED"}
    assert (
        set(done.codes) == {HEALTH, DISTANCE}
        and DISTANCE in (said := refresh_run.told(done))
        and "80305NED" not in said
    )


# --- A revision ---


def test_a_revised_municipality_moves_its_region_and_nothing_else(folder: Path, cbs: LocalCbs) -> None:
    old = store.read(folder)
    before = content(folder)
    assert cbs.revise(HEALTH, WINTERSWIJK, "Overgewicht", 2.0, Leeftijd="10000")
    done = run(folder, cbs)
    new = store.read(folder)
    assert done.comparison is not None and done.previous == old.edition and done.edition == new.edition
    cells = done.comparison.cells
    assert set(cells["indicator"]) == {"overgewicht"} and set(cells["year"]) == {2024}
    assert set(cells["area"]) == {WINTERSWIJK, "achterhoek", "npvr", "CR14"} and set(cells["kind"]) == {"herzien"}
    # By hand: two points, times Winterswijk's share of the Achterhoek's inhabitants on 1 January 2024.
    moved = new.row("overgewicht", "achterhoek", 2024)["value"] - old.row("overgewicht", "achterhoek", 2024)["value"]
    w = old.weights[(old.weights["quantity"] == "inwoners") & (old.weights["year"] == 2024)].set_index("area")["value"]
    codes = small().region("achterhoek").codes
    assert moved == pytest.approx(2.0 * w[WINTERSWIJK] / sum(w[c] for c in codes), abs=1e-6)
    # The previous edition is kept as it was, and the new one says what it followed and when it was made.
    assert content(folder.parent / "edities" / old.edition) == before
    assert new.manifest["follows"] == old.edition and new.manifest["made"] == "2026-12-01T06:00:00+00:00"
    assert new.edition.startswith("2026-12-01-")
    entry = new.manifest["sources"][HEALTH]
    assert entry["modified"] == cbs.tables[HEALTH].modified and entry["retrieved"] == "2026-12-01"
    log = store.changes(folder)
    assert "Overgewicht" in log and "Achterhoek" in log and "nan" not in log


def test_only_needed_columns_codes_regions_and_years_are_asked(folder: Path, cbs: LocalCbs) -> None:
    cbs.touch(HEALTH)
    cbs.touch(DISTANCE)
    run(folder, cbs)
    health, distance = (
        next(s for s in cbs.requests if s.path.endswith(f"{t}/TypedDataSet")) for t in (HEALTH, DISTANCE)
    )
    columns = set(health.query["$select"].split(","))
    assert {c.rstrip("0123456789").rstrip("_") for c in columns} == {
        "RegioS", "Leeftijd", "Marges", "Overgewicht"
    } - ({"Perioden"} - columns)  # fmt: skip
    for part in ("'GM'", "'PV'", "'NL'", "10000", "80200"):
        assert part in health.query["$filter"], part
    assert "53115" not in health.query["$filter"]
    assert "Perioden" in distance.query["$filter"] and "'GM'" in distance.query["$filter"]
    assert all("regiomonitor-brede-welvaart/" in s.headers["user-agent"] for s in cbs.requests)


def test_a_new_year_comes_in_with_its_status(folder: Path, cbs: LocalCbs) -> None:
    cbs.add_year(DISTANCE, 2025, 1.02)
    cbs.status(DISTANCE, 2025, "Voorlopig")
    done = run(folder, cbs)
    new = store.read(folder)
    row = new.row("afstand-huisarts", "achterhoek", 2025)
    assert row is not None and row["status"] == "voorlopig" and row["coverage"] == pytest.approx(1.0)
    assert done.comparison is not None and set(done.comparison.of("nieuw")["year"]) == {2025}
    assert "2025" in store.changes(folder)


@pytest.mark.parametrize("protocol", ["v3", "v4"])
def test_a_year_of_which_cbs_has_a_part_does_not_come_in(folder: Path, cbs: LocalCbs, protocol: str) -> None:
    """As with solar panels: the last period is a whole year by its code, and holds the state of half a year."""
    cbs.add_year(DISTANCE, 2025, 1.02)
    cbs.tables[DISTANCE].period = "2006 - 2025 (t/m Q2)"
    chosen = refreshing.settings(cbs, protocol=protocol)
    assert run(folder, cbs, settings=chosen).unchanged
    assert store.read(folder).row("afstand-huisarts", AMSTERDAM, 2025) is None
    cbs.tables[DISTANCE].period = "2006 - 2025"
    cbs.touch(DISTANCE)
    assert not run(folder, cbs, settings=chosen).unchanged
    assert store.read(folder).row("afstand-huisarts", AMSTERDAM, 2025) is not None


def test_same_figures_same_edition_whatever_came_in_first(folder: Path, cbs: LocalCbs, tmp_path: Path) -> None:
    other = tmp_path / "tweede" / "data" / "snapshot"
    shutil.copytree(folder, other)
    cbs.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    cbs.revise(DISTANCE, AMSTERDAM, "AfstandTotHuisartsenpraktijk", 0.2)
    run(folder, cbs)
    cbs.forget()
    cbs.latency = 30
    run(other, cbs, settings=refreshing.settings(cbs, parallel=1))
    assert content(folder) == content(other)
    assert cbs.peak == 1


def test_several_at_a_time_but_never_more_than_asked(folder: Path, cbs: LocalCbs) -> None:
    cbs.latency = 40
    run(folder, cbs, force=True, settings=refreshing.settings(cbs, parallel=2))
    assert cbs.peak == 2


def test_an_age_group_goes_to_its_own_figure(folder: Path, cbs: LocalCbs) -> None:
    old = store.read(folder)
    cbs.revise(HEALTH, WINTERSWIJK, "Overgewicht", 2.0, Leeftijd="80200")
    run(folder, cbs)
    new = store.read(folder)
    for name, moved in (("overgewicht-65", 2.0), ("overgewicht", 0.0)):
        before, after = (s.row(name, WINTERSWIJK, 2024)["value"] for s in (old, new))
        assert after - before == pytest.approx(moved), name


def test_the_second_protocol_gives_the_same_edition(folder: Path, cbs: LocalCbs, tmp_path: Path) -> None:
    other = tmp_path / "v4" / "data" / "snapshot"
    shutil.copytree(folder, other)
    cbs.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    cbs.revise(DISTANCE, AMSTERDAM, "AfstandTotHuisartsenpraktijk", 0.2)
    run(folder, cbs)
    run(other, cbs, settings=refreshing.settings(cbs, protocol="v4"))
    assert any("/odata/v1/" in s.path for s in cbs.requests)
    one, two = store.read(folder), store.read(other)
    assert one.edition == two.edition
    pd.testing.assert_frame_equal(one.observations, two.observations)


# --- What is asked for ---


def test_one_table_and_all_but_one(folder: Path, cbs: LocalCbs) -> None:
    cbs.touch(HEALTH)
    cbs.touch(DISTANCE)
    assert run(folder, cbs, only=[HEALTH.lower()]).tables == (HEALTH,)
    assert run(folder, cbs, without=[HEALTH]).tables == ("80305NED",)
    with pytest.raises(UnknownName, match="KWB-2024"):
        run(folder, cbs, only=["KWB-2024"])


def test_a_figure_that_was_added_since_is_fetched_though_cbs_changed_nothing(folder: Path, cbs: LocalCbs) -> None:
    less = replace(small(), indicators=tuple(i for i in small().indicators if i.id != "overgewicht-65"))
    cbs.touch(HEALTH)
    refresh(less, folder, settings=refreshing.settings(cbs), today=MOMENT)
    done = run(folder, cbs)
    assert HEALTH in done.tables
    assert run(folder, cbs).tables == ()


def test_uncertain_tables_are_fetched_only_when_named() -> None:
    d = small()
    doubtful = tuple(t.model_copy(update={"known": "onbevestigd"}) if t.id == HEALTH else t for t in d.statline)
    d = replace(d, statline=doubtful)
    assert [p.live.id for p in plan(d, {})] == [DISTANCE]
    assert [p.live.id for p in plan(d, {}, [HEALTH])] == [HEALTH]


def test_what_a_first_download_said_of_a_topic_is_held_against_the_next(folder: Path) -> None:
    nameless = (t.model_copy(update={"topics": dict.fromkeys(t.topics, Topic())}) for t in small().statline)
    d = replace(small(), statline=tuple(nameless))
    sources = store.read(folder).manifest["sources"]
    asked = {p.live.id: p.request.expected for p in plan(d, sources)}
    assert asked[HEALTH]["Overgewicht"] == Expected(**sources[HEALTH]["statline"]["topics"]["Overgewicht"])
    assert all(known.title and known.unit and known.group for known in asked[HEALTH].values())
    assert plan(d, {})[0].request.expected["Overgewicht"] == Expected()


# --- Progress and the note of how it is doing ---


def test_progress_counts_tables_and_rows_and_names_what_is_next(folder: Path, cbs: LocalCbs) -> None:
    steps: list[Step] = []
    cbs.touch(DISTANCE)
    cbs.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    run(folder, cbs, progress=steps.append, settings=refreshing.settings(cbs, parallel=1))
    phases = list(dict.fromkeys(s.phase for s in steps))
    assert phases == ["vragen", "ophalen", "controleren", "rekenen", "schrijven", "klaar"]
    fetching = [s for s in steps if s.phase == "ophalen"]
    assert fetching[0].coming and fetching[-1].done == fetching[-1].total == 2 and not fetching[-1].coming
    rows = [s.rows for s in fetching]
    assert rows == sorted(rows) and rows[-1] > 1000
    assert all(s.done <= s.total for s in steps)
    assert "Ophalen: 0 van 2 tabellen klaar" in cli.said(fetching[0])
    status = read_status(folder)
    assert status is not None and status.state == "klaar" and status.edition == store.read(folder).edition
    assert status.message.startswith("Ververst: ")


def test_ctrl_c_leaves_the_old_edition_in_force(folder: Path, cbs: LocalCbs) -> None:
    before, beside = content(folder), left(folder)
    cbs.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)

    def stop_at(phase: str):
        def stop(step: Step) -> None:
            if step.phase == phase:
                raise KeyboardInterrupt

        return stop

    for phase in ("vragen", "controleren", "rekenen", "schrijven"):
        with pytest.raises(KeyboardInterrupt):
            run(folder, cbs, progress=stop_at(phase))
        assert content(folder) == before, phase
        assert left(folder) == beside, phase
        status = read_status(folder)
        assert status is not None and status.state == "afgebroken"


# --- The whole edition ---


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("heel") / "data" / "snapshot"
    shutil.copytree(edition().folder, target)
    return target


def test_every_table_of_the_shipped_definitions_goes_through(whole: Path) -> None:
    """All tables at once, from the figures that ship: the values stay, the tables they come from may change."""
    old = store.read(whole)
    with serve(shipped()) as cbs:
        done = refresh(definitions(), whole, settings=refreshing.settings(cbs, timeout=10), today=MOMENT)
    new = store.read(whole)
    assert not done.unchanged and done.comparison is not None
    keys = ["indicator", "area", "year"]
    frames = [s.observations.astype({"indicator": str, "area": str}).set_index(keys) for s in (old, new)]
    both = frames[0].add_suffix("_old").join(frames[1], how="outer")
    # Regions are weighted by the ages that came in, where a figure has such a denominator of its own.
    reweighted = [i.id for i in definitions().indicators if i.aggregation.own_weight]
    both = both[~(both.index.get_level_values("indicator").isin(reweighted) & (both["basis"] != "cbs"))]
    same = np.isclose(both["value"], both["value_old"], rtol=1e-6, atol=1e-6, equal_nan=True)
    assert same.mean() > 0.999
    fetched = {t.source for t in definitions().statline if t.known != "onbevestigd"}
    assert set(done.tables) == fetched
    for table in fetched:
        assert new.manifest["sources"][table]["statline"]["topics"], table


def test_a_ratio_says_from_which_table_its_numerator_comes(whole: Path) -> None:
    """65-plus by year: what was fetched, not the table that happens to stand first in the definitions."""
    new = store.read(whole)
    rows = new.series("aandeel-65-plus", "NL01")
    assert set(rows.loc[rows["year"] >= 2020, "source"].astype(str)) == {"70072NED"}


# --- The command ---


@pytest.fixture
def asked(folder: Path, cbs: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> LocalCbs:
    """The command line on the small edition and the local CBS."""
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    for name, value in cbs.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli, "load", small)
    monkeypatch.setattr(cli.signal, "signal", lambda *a: None)
    return cbs


def test_the_command_says_what_happened_and_exits_accordingly(
    asked: LocalCbs, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["refresh"]) == cli.UNCHANGED == 3
    assert "Niets veranderd" in capsys.readouterr().out
    asked.revise(HEALTH, WINTERSWIJK, "Overgewicht", 2.0)
    assert command.main(["refresh", "--table", HEALTH]) == cli.REFRESHED == 0
    said = capsys.readouterr()
    assert "Ververst: " in said.out and said.err == "" and "%" not in said.out.splitlines()[-1][:3]
    asked.unit(HEALTH, "Overgewicht", "x 1 000")
    before = content(folder)
    assert command.main(["refresh"]) == cli.REFUSED == 4
    said = capsys.readouterr()
    assert said.err.startswith("Geweigerd: ") and "Overgewicht" in said.err and said.err.count("\n") == 1
    monkeypatch.setenv("REGIOMONITOR_CBS_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("REGIOMONITOR_CBS_TIMEOUT", "0.2")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert command.main(["refresh"]) == cli.FAILED == 1
    said = capsys.readouterr()
    assert said.err.startswith("Fout: ") and "Traceback" not in said.err
    assert content(folder) == before


def test_check_names_every_topic_that_does_not_fit_and_changes_nothing(
    asked: LocalCbs, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(folder)
    assert command.main(["refresh", "--check"]) == 0
    assert "alle in orde" in capsys.readouterr().out
    asked.rename(HEALTH, "Overgewicht", "TeZwaar")
    asked.withdraw(DISTANCE)
    assert command.main(["refresh", "--check"]) == 4
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and any("Overgewicht" in s for s in said) and any(DISTANCE in s for s in said)
    assert content(folder) == before
    assert not any(s.path.endswith("TypedDataSet") for s in asked.requests)


def test_editions_are_named_shown_compared_and_put_back(
    asked: LocalCbs, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store.read(folder).edition
    before = content(folder)
    asked.revise(HEALTH, WINTERSWIJK, "Overgewicht", 2.0)
    run(folder, asked)
    second = store.read(folder).edition

    def told(*arguments: str) -> str:
        assert command.main(["editions", *arguments]) == 0
        return capsys.readouterr().out

    lines = told("list").splitlines()
    assert lines[0].startswith(second) and "in gebruik" in lines[0] and "1 december 2026" in lines[0]
    assert lines[1].startswith(first) and "in gebruik" not in lines[1]
    shown = told("show")
    assert second in shown and HEALTH in shown and "Overgewicht" in shown
    assert "Overgewicht" in told("diff", first, second)
    assert f"Editie {first} is nu in gebruik" in told("use", first)
    assert content(folder) == before
    assert told("list").startswith(f"{first} ")
    assert content(folder.parent / "edities" / second)
    assert command.main(["editions", "use", "2031-01"]) == 1
    assert "bestaat niet" in capsys.readouterr().err
    assert command.main(["editions", "use", first]) == 1
    assert "al in gebruik" in capsys.readouterr().err
    # And forth again: nothing was lost.
    told("use", second)
    assert store.read(folder).edition == second
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["follows"] == first
