"""One refresh over v3, then one over v4 with what v3 said of the topics: the same figures."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from monitor.definitions import Definitions
from monitor.definitions.statline import live_specs
from monitor.errors import SourceInvalid
from monitor.refresh.keys import check_keys
from monitor.refresh.models import Outcome
from monitor.refresh.run import SEEN, recorded, refresh
from monitor.snapshot import store
from tests import refreshing, small_editions
from tests.local_cbs import LocalCbs, shipped
from tests.refreshing import DISTANCE, MOMENT, serve, small
from tests.spec_table import definitions, edition

HOSPITALS = ("AfstandTotZiekenhuis_7", "AfstandTotZiekenhuis_11")
Run = Callable[[Path, LocalCbs, str], Outcome]


def distances() -> Definitions:
    """The small definitions, with every indicator of a topic that has namesakes in its table."""
    d = definitions()
    asked = [(i, m) for i in d.indicators for s in live_specs(d, i) if s.table == "80305NED" for m in s.measures]
    chosen = {i.id for i, measure in asked if measure[-1].isdigit()} | set(refreshing.INDICATORS)
    indicators = tuple(i for i in d.indicators if i.id in chosen)
    return replace(small(), indicators=indicators, statline=tuple(t for t in d.statline if t.id == DISTANCE))


def grouped(d: Definitions) -> Definitions:
    """The same, with the innermost group of each namesake written in statline.yaml."""
    groups = {k: f"Onderwerpen {k.rpartition('_')[2]}" for k in d.statline[0].topics if k[-1].isdigit()}
    topics = {k: t.model_copy(update={"group": groups.get(k)}) for k, t in d.statline[0].topics.items()}
    return replace(d, statline=(d.statline[0].model_copy(update={"topics": topics}),))


def runner(d: Definitions) -> Run:
    def run(folder: Path, cbs: LocalCbs, protocol: str) -> Outcome:
        return refresh(d, folder, settings=refreshing.settings(cbs, timeout=20, protocol=protocol), today=MOMENT)

    return run


def told(folder: Path, sources: dict[str, dict[str, object]]) -> None:
    """Let an edition know what another refresh wrote down of the topics, and no moment of publication."""
    tables = {k: {"modified": None, "statline": v["statline"]} for k, v in sources.items() if "statline" in v}
    noted = {"edition": store.read(folder).edition, "tables": tables}
    (folder.parent / SEEN).write_text(json.dumps(noted, ensure_ascii=False), encoding="utf-8")


def both_ways(folder: Path, cbs: LocalCbs, run: Run) -> store.Snapshot:
    """Refresh one copy over v3 and another over v4, hold them equal, and switch the first over; return the first."""
    other = folder.parent.parent / "v4" / "data" / "snapshot"
    shutil.copytree(folder, other)
    assert not run(folder, cbs, "v3").unchanged
    three = store.read(folder)
    told(other, three.manifest["sources"])
    cbs.forget()
    assert not run(other, cbs, "v4").unchanged
    assert cbs.requests and all("/odata/v1/" in s.path for s in cbs.requests)
    four = store.read(other)
    pd.testing.assert_frame_equal(three.observations, four.observations)
    pd.testing.assert_frame_equal(three.weights, four.weights)
    for table, entry in three.manifest["sources"].items():
        twin = four.manifest["sources"][table]
        assert (entry.get("statline"), entry["modified"]) == (twin.get("statline"), twin["modified"]), table
    # Switching is only a setting: nothing is fetched again, one question per table.
    cbs.forget()
    assert run(folder, cbs, "v4").unchanged
    assert {s.path.rpartition("/")[2] for s in cbs.requests} == {"Properties"}
    return three


def test_distances_come_over_both_protocols(tmp_path: Path) -> None:
    folder, d = tmp_path / "data" / "snapshot", distances()
    small_editions.make(folder, "2026-11", lambda rows: rows[rows["indicator"].isin(refreshing.INDICATORS)], small())
    run = runner(d)
    with serve(shipped(DISTANCE)) as cbs:
        with pytest.raises(SourceInvalid, match="is geen titel bekend"):
            run(folder, cbs, "v4")
        made = both_ways(folder, cbs, run)
        topics = made.manifest["sources"]["80305NED"]["statline"]["topics"]
        assert len({topics[t]["title"] for t in HOSPITALS}) == 1 and len({topics[t]["group"] for t in HOSPITALS}) == 2
        settings = refreshing.settings(cbs, timeout=20, protocol="v4")
        assert check_keys(d, sources=recorded(folder), settings=settings) == []
        assert check_keys(d, sources=recorded(folder), settings=replace(settings, protocol="v3")) == []
        for topic in topics.values():
            del topic["group"]
        cbs.touch(DISTANCE)
        told(folder, made.manifest["sources"])
        with pytest.raises(SourceInvalid, match="meer dan één onderwerp"):
            run(folder, cbs, "v4")
        found = check_keys(d, sources=recorded(folder), settings=settings)
        hospitals = [f for f in found if "'Afstand tot ziekenhuis' (AfstandTotZiekenhuis_7)" in f]
        assert len(found) == 7 and "group: 'Onderwerpen / Onderwerpen 7' of group: " in hospitals[0]
        assert check_keys(grouped(d), sources=recorded(folder), settings=settings) == []


@pytest.mark.slow
def test_all_tables_come_over_both_protocols(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "snapshot"
    shutil.copytree(edition().folder, folder)
    d = definitions()
    with serve(shipped()) as cbs:
        made = both_ways(folder, cbs, runner(d))
    fetched = {t.source for t in d.statline if t.known != "onbevestigd"}
    assert {k for k, v in made.manifest["sources"].items() if "statline" in v} == fetched and len(fetched) == 22
