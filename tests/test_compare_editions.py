"""Two editions side by side: every cell that changed is told once, as what it is."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitor.errors import MonitorError, UnknownName
from monitor.notation import rounded
from monitor.snapshot import store, swap
from monitor.snapshot.compare import (
    KINDS,
    Comparison,
    as_shown,
    compare,
    differences,
    editions,
    kept_beside,
    read_edition,
)
from monitor.snapshot.territory import Territory
from tests import small_editions as make
from tests.small_editions import AALTEN, AMSTERDAM, BERKELLAND, WINTERSWIJK, small
from tests.spec_table import cases, definitions, edition

HAAKSBERGEN = "GM0158"
KEYS = ["indicator", "area", "year"]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[store.Snapshot, store.Snapshot]:
    """The two editions of the example; nobody changes them."""
    folder = tmp_path_factory.mktemp("voorbeeld") / "data" / "snapshot"
    return make.pair(folder, make.example_old, make.example_new)


@pytest.fixture(scope="module")
def found(example: tuple[store.Snapshot, store.Snapshot]) -> Comparison:
    return compare(small(), *example)


@pytest.fixture(scope="module")
def mergers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, store.Snapshot]:
    """Before a merger, after it, and after it with a revision elsewhere."""
    after = make.merged_definitions()
    parent = tmp_path_factory.mktemp("herindeling")
    return {
        "before": make.make(parent / "a" / "snapshot", "2026-08"),
        "after": make.make(parent / "b" / "snapshot", "2027-02", make.merger, after, make.merged_areas()),
        "revised": make.make(
            parent / "c" / "snapshot", "2027-03", make.merger_and_revision, after, make.merged_areas()
        ),
    }


def cell(comparison: Comparison, indicator: str, area: str, year: int) -> pd.Series:
    """The one changed cell; fails when it did not change or stands there twice."""
    rows = comparison.cells
    rows = rows[(rows["indicator"] == indicator) & (rows["area"] == area) & (rows["year"] == year)]
    assert len(rows) == 1, (indicator, area, year, len(rows))
    return rows.iloc[0]


# --- What the deliberate differences are called ---

CALLED = """
    what was done                      | indicator                | area       | year | kind      | ground  | visible
    a year that the old one lacks      | afstand-huisarts         | GM0197     | 2025 | nieuw     | -       | ja
    its region                         | afstand-huisarts         | achterhoek | 2025 | nieuw     | -       | ja
    its country                        | afstand-huisarts         | NL01       | 2025 | nieuw     | -       | ja
    a year that the new one lacks      | overgewicht              | achterhoek | 2016 | vervallen | -       | ja
    as published for the country       | overgewicht              | NL01       | 2016 | vervallen | -       | ja
    a value changed by two kilometres  | afstand-supermarkt       | GM0294     | 2024 | herzien   | -       | ja
    its region                         | afstand-supermarkt       | achterhoek | 2024 | herzien   | -       | ja
    the eleven together                | afstand-supermarkt       | npvr       | 2024 | herzien   | -       | nee
    a value changed by one metre       | afstand-supermarkt       | GM0294     | 2019 | herzien   | -       | nee
    a margin                           | overgewicht-65           | GM0294     | 2024 | herzien   | -       | ja
    a status                           | afstand-openbaar-vervoer | achterhoek | 2022 | herzien   | -       | ja
    a figure that is not added up      | mediaan-inkomen          | GM0197     | 2021 | herzien   | -       | ja
    a municipality without its value   | afstand-cafe             | GM1859     | 2024 | vervallen | -       | ja
    a region that misses a member      | afstand-cafe             | achterhoek | 2024 | grenzen   | dekking | ja
"""


@pytest.mark.parametrize("case", cases(CALLED, "what was done", "area", "year"))
def test_a_difference_gets_its_name(found: Comparison, case: dict[str, str]) -> None:
    row = cell(found, case["indicator"], case["area"], int(case["year"]))
    assert (row["kind"], row["ground"]) == (case["kind"], case["ground"].strip("-"))
    assert bool(row["visible"]) is (case["visible"] == "ja")


def test_a_cell_tells_both_sides(found: Comparison) -> None:
    row = cell(found, "afstand-openbaar-vervoer", "achterhoek", 2022)
    assert (row["status_before"], row["status_after"]) == ("voorlopig", "definitief")
    assert row["value_before"] == row["value_after"] == edition().row(*row[KEYS])["value"]
    row = cell(found, "afstand-cafe", "achterhoek", 2024)
    assert (row["missing_before"], row["missing_after"]) == ("", BERKELLAND)
    row = cell(found, "afstand-huisarts", AALTEN, 2025)
    assert np.isnan(row["value_before"]) and row["status_before"] == "" and row["status_after"] == "definitief"


def test_the_counts_by_figure_are_those_of_the_cells(found: Comparison) -> None:
    table = found.by_indicator.set_index(["indicator", "kind"])
    assert table["cells"].sum() == len(found.cells) == sum(found.counts.values())
    assert table.loc[("overgewicht", "vervallen"), "years"] == (2016,)
    # Berkelland alone; the region, COROP region, province, eleven and country rest on the others now.
    assert table.loc[("afstand-cafe", "vervallen"), "cells"] == 1
    assert set(found.of("grenzen")["area"]) == {"achterhoek", "npvr", "CR14", "PV25", "NL01"} - published_areas(found)
    assert not found.unchanged


def published_areas(comparison: Comparison) -> set[str]:
    """Areas for which the café figure of 2024 was published, and so does not rest on Berkelland."""
    rows = comparison.territory.editions[1].indicator("afstand-cafe")
    return set(rows.loc[(rows["year"] == 2024) & (rows["basis"] == "cbs"), "area"].astype(str))


# --- What always holds ---


def test_an_edition_beside_itself_is_unchanged(example: tuple[store.Snapshot, store.Snapshot]) -> None:
    for s in example:
        same = compare(small(), s, s)
        assert same.unchanged and set(same.counts.values()) == {0} and same.by_indicator.empty
    shipped = compare(definitions(), edition(), edition())
    assert shipped.unchanged
    assert None not in shipped.territory.compositions[0].values(), "every region is made of its own municipalities"


def plainly(snapshot: store.Snapshot) -> dict[tuple[str, str, int], tuple[object, ...]]:
    """Every cell with a value, the plain way."""
    rows = snapshot.observations[snapshot.observations["value"].notna()]
    told = rows[["indicator", "area", "year", "value", "lower", "upper", "status"]].astype(object)
    told = told.where(told.notna(), None)
    return {(str(i), str(a), int(y)): tuple(rest) for i, a, y, *rest in told.itertuples(index=False)}


def test_every_changed_cell_is_in_exactly_one_kind(
    example: tuple[store.Snapshot, store.Snapshot], found: Comparison, mergers: dict[str, store.Snapshot]
) -> None:
    after = make.merged_definitions()
    pairs = [(small(), *example), *((after, mergers["before"], mergers[k]) for k in ("after", "revised"))]
    for made_with, old, new in pairs:
        one, other = plainly(old), plainly(new)
        expected = {k for k in one.keys() | other.keys() if one.get(k) != other.get(k)}
        comparison = compare(made_with, old, new)
        told = [(str(i), str(a), int(y)) for i, a, y in comparison.cells[KEYS].itertuples(index=False)]
        assert len(told) == len(set(told)) and set(told) == expected
        assert set(comparison.cells["kind"]) <= set(KINDS)
        kinds = [set(map(tuple, comparison.of(k)[KEYS].itertuples(index=False))) for k in KINDS]
        assert sum(map(len, kinds)) == len(set().union(*kinds)) == len(expected)


def test_the_other_way_round_new_is_withdrawn_and_the_rest_stays(
    example: tuple[store.Snapshot, store.Snapshot], mergers: dict[str, store.Snapshot]
) -> None:
    after = make.merged_definitions()
    for made_with, old, new in [(small(), *example), (after, mergers["before"], mergers["revised"])]:
        forth, back = (c.cells.set_index(KEYS) for c in (compare(made_with, old, new), compare(made_with, new, old)))
        turned = {"nieuw": "vervallen", "vervallen": "nieuw"}
        assert list(forth.index) == list(back.index)
        assert list(forth["kind"].replace(turned)) == list(back["kind"])
        assert list(forth["ground"]) == list(back["ground"]) and list(forth["visible"]) == list(back["visible"])
        for column in ("value", "lower", "upper"):
            np.testing.assert_array_equal(forth[f"{column}_before"], back[f"{column}_after"])


def test_what_is_shown_is_rounded_as_everywhere() -> None:
    random = np.random.default_rng(20261101)
    values = np.round(np.concatenate([random.uniform(-1e6, 1e6, 400), random.uniform(-3, 3, 400)]), 9)
    ties = np.array([0.25, -0.25, 1.005, 2.675, 0.5, -0.5, 15.0, 1450.0, 54.25, 0.0])
    for decimals in range(-3, 4):
        for value in (*values, *ties):
            shown = as_shown(np.array([value]), np.array([10.0**decimals]))[0] / 10.0**decimals
            assert shown == pytest.approx(rounded(value, decimals), rel=1e-12, abs=1e-12), (value, decimals)


def test_the_order_of_rows_does_not_matter_and_a_double_is_refused() -> None:
    rows = make.published()
    assert differences(rows, rows.sample(frac=1.0, random_state=1)).empty
    assert set(differences(rows, rows.iloc[:0])["kind"]) == {"vervallen"}
    assert set(differences(rows.iloc[:0], rows)["kind"]) == {"nieuw"}
    with pytest.raises(ValueError, match="twee keer"):
        differences(rows, pd.concat([rows, rows.iloc[:1]]))


def test_noise_behind_the_ninth_decimal_is_no_change() -> None:
    rows = make.published()
    moved = rows.assign(value=rows["value"] + 2e-9)
    assert differences(rows, moved).empty
    assert len(differences(rows, rows.assign(value=rows["value"] + 2e-8))) == rows["value"].notna().sum()


# --- Boundaries ---


def test_after_a_merger_nothing_is_called_a_revision(mergers: dict[str, store.Snapshot]) -> None:
    comparison = compare(make.merged_definitions(), mergers["before"], mergers["after"])
    t = comparison.territory
    (gone,) = t.vanished
    assert (gone.code, gone.name, gone.date, gone.into) == (AALTEN, "Aalten", "2027-01-01", (WINTERSWIJK,))
    assert t.appeared == () and t.recomposed == (), "a merger inside a region leaves its ground as it was"
    assert {k for k, n in comparison.counts.items() if n} == {"grenzen"}
    assert cell(comparison, "afstand-huisarts", AALTEN, 2024)["ground"] == "gemeente"
    assert cell(comparison, "inwoners", WINTERSWIJK, 2024)["ground"] == "gemeente"
    row = cell(comparison, "afstand-supermarkt", "achterhoek", 2024)
    assert (row["ground"], row["members_before"], row["members_after"]) == ("samenstelling", 8, 7)
    assert "twente" not in set(comparison.cells["area"])
    assert t.same_ground("achterhoek") is True and t.same_members("achterhoek") is False
    assert t.same_members("twente") is True


def test_a_merger_somewhere_does_not_hide_a_revision_elsewhere(mergers: dict[str, store.Snapshot]) -> None:
    comparison = compare(make.merged_definitions(), mergers["before"], mergers["revised"])
    assert cell(comparison, "afstand-huisarts", AMSTERDAM, 2024)["kind"] == "herzien"
    # The country has one municipality less, and Amsterdam's revision is in it.
    assert cell(comparison, "afstand-huisarts", "NL01", 2024)["kind"] == "herzien"
    assert cell(comparison, "afstand-huisarts", "NL01", 2022)["kind"] == "grenzen"
    assert cell(comparison, "afstand-huisarts", "achterhoek", 2024)["kind"] == "grenzen"


def test_without_the_table_of_reorganisations_nobody_knows_where_a_municipality_went(
    mergers: dict[str, store.Snapshot],
) -> None:
    comparison = compare(make.merged_definitions(known=False), make.unnoted(mergers["before"]), mergers["after"])
    t = comparison.territory
    assert [(v.code, v.date, v.into) for v in t.vanished] == [(AALTEN, "", ())]
    assert t.compositions[0]["achterhoek"] is None and t.same_ground("achterhoek") is False
    changed = {r.area: r for r in t.recomposed}
    assert set(changed) == {"achterhoek", "npvr", "CR14", "GG1413", "PV25", "NL01"}
    region, corop = changed["achterhoek"], changed["CR14"]
    assert (region.lost, region.gained, region.members_before, region.members_after) == ((), (), 8, 7)
    assert (corop.lost, corop.members_before, corop.members_after) == ((AALTEN,), 11, 10)
    assert cell(comparison, "overgewicht", "achterhoek", 2024)["kind"] == "grenzen"


def test_a_region_that_changed_one_municipality_for_another_is_noticed(tmp_path: Path) -> None:
    """As many members before and after: the sum of their inhabitants tells that they are others."""
    d = small()
    region = d.region("achterhoek")
    twente = d.region("twente").members[0]
    swapped = make.without(region, AALTEN)
    swapped = swapped.model_copy(
        update={"members": (*swapped.members, twente.model_copy(update={"membership": "lid"}))}
    )
    other = replace(d, regions=tuple(swapped if r.id == region.id else r for r in d.regions))
    old = make.make(tmp_path / "snapshot", "2026-08", made_with=other)
    new = make.make(tmp_path / "snapshot", "2026-11")
    noted = compare(d, old, new)
    (region,) = (r for r in noted.territory.recomposed if r.area == "achterhoek")
    assert (region.lost, region.gained) == ((twente.code,), (AALTEN,))
    comparison = compare(d, make.unnoted(old), new)
    assert comparison.territory.compositions[0]["achterhoek"] is None
    assert comparison.territory.same_ground("achterhoek") is False
    assert set(comparison.cells["kind"]) == {"grenzen"}
    assert set(comparison.cells["area"]) <= {"achterhoek", "npvr"}


def test_a_member_that_takes_in_a_municipality_from_outside_makes_other_ground() -> None:
    """Aalten, of the Achterhoek, becomes part of Haaksbergen, of Twente: Twente's municipalities are the same."""
    d = make.merged_definitions()
    (*others, last) = d.layout.reorganisations
    moved = last.model_copy(update={"to": (last.to[0].model_copy(update={"code": HAAKSBERGEN}),)})
    d = replace(d, layout=d.layout.model_copy(update={"reorganisations": (*others, moved)}))
    t = Territory(d, edition(), replace(edition(), areas=make.merged_areas()))
    assert t.vanished[0].into == (HAAKSBERGEN,)
    assert t.same_members("twente") is False and t.same_ground("twente") is False
    (twente,) = (r for r in t.recomposed if r.area == "twente")
    assert (twente.lost, twente.gained, twente.known) == ((), (), True)
    assert t.same_ground("NL01") is True and t.same_members("NL01") is False
    assert t.same_ground("zuid-limburg") is True and t.same_members("zuid-limburg") is True


def test_a_new_year_on_a_new_layout_is_new(tmp_path: Path, mergers: dict[str, store.Snapshot]) -> None:
    def later(rows: pd.DataFrame) -> pd.DataFrame:
        rows = make.merger(rows)
        extra = rows[make.pick(rows, "afstand-huisarts", 2024)].assign(year=2026)
        return pd.concat([rows, extra], ignore_index=True)

    after = make.merged_definitions()
    new = make.make(tmp_path / "snapshot", "2027-04", later, after, make.merged_areas())
    comparison = compare(after, mergers["before"], new)
    rows = comparison.cells[(comparison.cells["indicator"] == "afstand-huisarts") & (comparison.cells["year"] == 2026)]
    assert set(rows["kind"]) == {"nieuw"} and {"achterhoek", WINTERSWIJK, "NL01"} <= set(rows["area"])
    assert cell(comparison, "afstand-huisarts", AALTEN, 2024)["kind"] == "grenzen"


# --- Which editions there are ---


def tiny(folder: Path, name: str, keep: Path | None = None, made: str = "") -> None:
    """Put an edition of one row in force."""
    rows = make.published().iloc[:1]
    areas = edition().areas.iloc[:1]
    with swap.replacing(folder, keep) as fresh:
        for geometry in (store.MAP, store.NEIGHBOURS, store.DETAIL):
            (fresh / geometry).write_bytes(b"-")
        store.write_frames(fresh, rows, edition().weights.iloc[:1], areas)
        noted = {"made": made} if made else {}
        store.seal(fresh, {"edition": name, "relevant_differences": {}, "sources": {}, **noted})


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Three editions: the last one in force, and what else lies beside it."""
    folder = tmp_path / "data" / "snapshot"
    for name in ("2026-05", "2026-08", "2026-12-01-abc123"):
        tiny(folder, name, kept_beside(folder))
    return folder


def test_editions_are_listed_the_one_in_force_first(kept: Path) -> None:
    beside = kept.parent / "edities"
    assert editions(kept) == [
        ("2026-12-01-abc123", kept),
        ("2026-08", beside / "2026-08"),
        ("2026-05", beside / "2026-05"),
    ]
    # When a kept one is in force, because the edition itself is damaged, the others are found all the same.
    assert [name for name, _ in editions(beside / "2026-08")] == ["2026-08", "2026-05"]


def test_what_is_damaged_or_no_edition_is_left_out(kept: Path) -> None:
    beside = kept.parent / "edities"
    (beside / "2026-05" / store.OBSERVATIONS).write_bytes(b"damaged")
    (beside / "leeg").mkdir()
    (beside / "bestand").write_text("-", encoding="utf-8")
    (beside / ".nieuw-1").mkdir()
    assert [name for name, _ in editions(kept)] == ["2026-12-01-abc123", "2026-08"]
    (kept / store.MANIFEST).write_text("{", encoding="utf-8")
    assert [name for name, _ in editions(kept)] == ["2026-08"]
    assert editions(kept.parent / "nergens") == [("2026-08", beside / "2026-08")]


def test_an_edition_without_others_is_alone(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    tiny(folder, "2026-11")
    assert editions(folder) == [("2026-11", folder)]


def test_two_editions_of_one_day_go_by_their_moment_also_when_files_were_copied(tmp_path: Path) -> None:
    """The end of a name is a fingerprint, and copying changes the times of files: neither tells which is newer."""
    folder = tmp_path / "data" / "snapshot"
    day, beside = "2026-12-01", kept_beside(folder)
    for name, clock in ((f"{day}-ffffff", "08:00"), (f"{day}-000000", "16:00"), ("2026-12-02-aaaaaa", "08:00")):
        tiny(folder, name, beside, f"{name[:10]}T{clock}:00+00:00")
    os.utime(beside / f"{day}-000000", (0, 0))
    assert [name for name, _ in editions(folder)] == ["2026-12-02-aaaaaa", f"{day}-000000", f"{day}-ffffff"]
    (folder / store.OBSERVATIONS).write_bytes(b"damaged")
    assert store.newest_readable(folder, beside).edition == f"{day}-000000"


def test_an_unknown_edition_is_refused_by_name(kept: Path) -> None:
    assert read_edition(kept, "2026-08").edition == "2026-08"
    for name in ("2026-09", "../snapshot", "", "2026-08/../2026-05"):
        with pytest.raises(UnknownName) as caught:
            read_edition(kept, name)
        assert f"'{name}'" in caught.value.message and "2026-12-01-abc123, 2026-08, 2026-05" in caught.value.way_out
    with pytest.raises(MonitorError, match="Bedoelde u '2026-08'"):
        read_edition(kept, "2026-09")


def test_sound_agrees_with_reading(kept: Path) -> None:
    assert store.sound(kept) == store.read(kept).edition
    manifest = json.loads((kept / store.MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][store.AREAS] = "0" * 64
    (kept / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert store.sound(kept) is None
    with pytest.raises(MonitorError):
        store.read(kept)
