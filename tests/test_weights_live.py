"""Inhabitants by age as weights: what is asked, how they add up, and what an edition that has them says and reckons."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np
import pandas as pd
import pytest
import yaml

from monitor.check import check
from monitor.definitions import Definitions, Indicator, load
from monitor.definitions.in_force import in_force
from monitor.definitions.models import Aggregation
from monitor.errors import DefinitionError
from monitor.export.package import definitions as packaged
from monitor.refresh.plan import TablePlan, plan
from monitor.refresh.run import refresh
from monitor.screens.method import compose_entry
from monitor.snapshot import store
from monitor.snapshot.store import Snapshot
from monitor.sources.statline.service import PERIOD, REGION
from monitor.sources.statline.table import Dimension, conditions
from tests import refreshing, small_editions
from tests.local_cbs import LocalCbs, ages
from tests.local_cbs.edition import from_edition
from tests.local_cbs.table import Table
from tests.refreshing import MOMENT, WINTERSWIJK
from tests.spec_table import ROOT, SNAPSHOT, definitions, edition

PEOPLE = "03759ned"
OWN = {
    "inwoners-15-plus": (15, 200),
    "inwoners-15-tot-75": (15, 74),
    "inwoners-18-plus": (18, 200),
    "inwoners-18-64": (18, 64),
}
YEARS_OF_AGE = {"22000": 95, **{str(10_000 + 100 * a): a for a in range(1, 95)}}
INDICATORS = ("inwoners", "overgewicht", "overgewicht-65")


def few() -> Definitions:
    """The shipped definitions with a few figures, and the table of inhabitants only."""
    d = definitions()
    names = ("inwoners", "inwoners-65-plus", *OWN)
    return replace(
        d,
        indicators=tuple(i for i in d.indicators if i.id in INDICATORS),
        quantities=tuple(
            q.model_copy(update={"live": ()}) if q.id == "inwoners-65-plus" else q
            for q in d.quantities
            if q.id in names
        ),
        statline=tuple(t for t in d.statline if t.id == PEOPLE),
        cross_border=(),
    )


def weight(snapshot: Snapshot, quantity: str, year: int) -> dict[str, float]:
    rows = snapshot.weights[(snapshot.weights["quantity"] == quantity) & (snapshot.weights["year"] == year)]
    return dict(zip(rows["area"].astype(str), rows["value"].astype(float), strict=True))


def as_served(table: Table, area: str, year: int, first: int, last: int) -> float:
    """Added up by hand over the rows of the server."""
    rows = table.rows[(table.rows["RegioS"] == area.ljust(6)) & (table.rows["Perioden"] == f"{year}JJ00")]
    age = rows["Leeftijd"].astype(str).str.strip().map(YEARS_OF_AGE)
    return float(rows.loc[age.between(first, last), table.topic(ages.TOPIC).column].sum())


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gewichten") / "data" / "snapshot"
    small_editions.make(folder, "2026-11", lambda rows: rows[rows["indicator"].isin(INDICATORS)], few())
    return folder


@pytest.fixture(scope="module")
def served(start: Path) -> dict[str, Table]:
    return from_edition(store.read(start), few())


def refreshed(start: Path, target: Path, served: dict[str, Table], **options: object) -> tuple[Path, LocalCbs]:
    folder = target / "data" / "snapshot"
    shutil.copytree(start, folder)
    with LocalCbs(served) as cbs:
        refresh(few(), folder, settings=refreshing.settings(cbs, timeout=20, **options), today=MOMENT)
    return folder, cbs


@pytest.fixture(scope="module")
def done(start: Path, served: dict[str, Table], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LocalCbs]:
    return refreshed(start, tmp_path_factory.mktemp("v3"), served)


@pytest.fixture(scope="module")
def new(done: tuple[Path, LocalCbs]) -> Snapshot:
    return store.read(done[0])


# --- What is asked ---


def test_the_codes_of_each_weight_are_the_ages_of_its_name() -> None:
    for name, (first, last) in OWN.items():
        quantity = definitions().quantity(name)
        assert not quantity.sources
        (spec,) = quantity.live
        codes = spec.filters["Leeftijd"]
        assert list(codes) == sorted({c for c, age in YEARS_OF_AGE.items() if first <= age <= last}), name
    assert definitions().quantity("inwoners").live[0].filters == {}


def test_which_figures_have_their_own_denominator() -> None:
    for i in definitions().indicators:
        a = i.aggregation
        told = {
            "volwassenen": "inwoners-18-plus",
            "18 tot 65 jaar": "inwoners-18-64",
            "15 tot 75 jaar": "inwoners-15-tot-75",
            "15 jaar en ouder": "inwoners-15-plus",
        }
        named = [q for words, q in told.items() if words in (a.substitute_weight or "")]
        assert ([a.own_weight] if a.own_weight else []) == named, i.id


@pytest.mark.parametrize("asked", plan(definitions(), {}), ids=lambda p: p.live.id)
@pytest.mark.parametrize("protocol", ["v3", "v4"])
def test_no_address_is_longer_than_2_kb(asked: TablePlan, protocol: str) -> None:
    """Written as each protocol writes it, with the longest numbers that keys and measures have."""
    r = asked.request
    dims = [*(Dimension(f, f) for f in r.filters), Dimension("RegioS", REGION), Dimension("Perioden", PERIOD)]
    periods = ["1990JJ00", "2024JJ00", "2024KW01"]
    if protocol == "v3":
        filters = " and ".join(conditions("t", r, dims, periods, "substringof('{text}',{column})"))
        select = ",".join([*(d.served for d in dims), *(f"{t}_999" for t in r.topics)])
        sent = urlencode({"$format": "json", "$select": select, "$filter": filters, "$skip": "1000000"})
        address = f"https://opendata.cbs.nl/ODataFeed/odata/{r.table}/TypedDataSet?{sent}"
    else:
        parts = conditions("t", r, dims, periods, "contains({column},'{text}')")
        measures = " or ".join("Measure eq 'M0000000'" for _ in r.topics)
        select = ",".join(["Measure", "Value", *(d.served for d in dims)])
        sent = urlencode({"$filter": " and ".join([*parts, f"({measures})"]), "$select": select}, quote_via=quote)
        address = f"https://datasets.cbs.nl/odata/v1/CBS/{r.table}/Observations?{sent}"
    assert len(address) < 2000


def test_few_codes_are_asked_one_by_one_and_many_as_a_range() -> None:
    (people,) = (p for p in plan(definitions(), {}) if p.live.id == PEOPLE)
    dims = [Dimension("Leeftijd", "Leeftijd")]
    (many,) = conditions("t", people.request, dims, [], "")
    assert many == "Leeftijd ge '10000' and Leeftijd lt '22001'"
    ten = replace(people.request, filters={"Leeftijd": tuple(str(11500 + 100 * k) for k in range(10))})
    assert conditions("t", ten, dims, [], "")[0].count("startswith") == 10


# --- What comes in ---


def test_each_weight_is_the_sum_of_its_ages(
    done: tuple[Path, LocalCbs], new: Snapshot, served: dict[str, Table]
) -> None:
    for name, (first, last) in OWN.items():
        for year in ages.YEARS:
            for area in (WINTERSWIJK, "PV25"):
                assert weight(new, name, year)[area] == as_served(served[PEOPLE], area, year, first, last) > 0, name
    # By hand, without the server: 18..94 and 95 or older of the invented shares.
    people = weight(new, "inwoners", 2024)[WINTERSWIJK]
    tilt = (294 % 7 - 3) / 100
    shares = [1 + tilt * (a - 45) / 10 for a in range(96)]
    assert weight(new, "inwoners-18-plus", 2024)[WINTERSWIJK] == sum(people * s / sum(shares) // 1 for s in shares[18:])


def test_all_ages_together_are_still_the_inhabitants(start: Path, new: Snapshot) -> None:
    old = store.read(start)
    for year in (2015, 2020, 2024, 2026):
        assert weight(new, "inwoners", year) == pytest.approx(weight(old, "inwoners", year))


def test_what_the_range_brought_along_is_left_out(done: tuple[Path, LocalCbs], served: dict[str, Table]) -> None:
    codes = {c.key.strip() for c in served[PEOPLE].dimension("Leeftijd").codes}  # type: ignore[union-attr]
    assert {"11400", "220005", "100005"} <= codes
    sent = [s for s in done[1].requests if s.path.endswith("TypedDataSet")]
    assert sent and all("Leeftijd ge '10000' and Leeftijd lt '22001'" in s.query["$filter"] for s in sent)


def test_the_second_protocol_gives_the_same_weights(
    start: Path, served: dict[str, Table], new: Snapshot, tmp_path: Path
) -> None:
    folder, cbs = refreshed(start, tmp_path, served, protocol="v4")
    assert any("/odata/v1/" in s.path for s in cbs.requests)
    pd.testing.assert_frame_equal(store.read(folder).weights, new.weights)


# --- What it does ---


@pytest.mark.parametrize(("year", "of"), [(2024, 2024), (2022, 2023), (2016, 2023)])
def test_a_region_is_weighted_by_adults_of_the_nearest_year(
    start: Path, new: Snapshot, served: dict[str, Table], year: int, of: int
) -> None:
    codes = few().region("achterhoek").codes
    values = [new.row("overgewicht", c, year)["value"] for c in codes]  # type: ignore[index]
    adults = [as_served(served[PEOPLE], c, of, 18, 200) for c in codes]
    row, before = new.row("overgewicht", "achterhoek", year), store.read(start).row("overgewicht", "achterhoek", year)
    assert row is not None and before is not None
    assert row["value"] == pytest.approx(np.average(values, weights=adults), abs=1e-8)
    assert row["weight_year"] == of and before["weight_year"] == year
    assert row["value"] != pytest.approx(before["value"], abs=1e-6)
    assert row["coverage"] == 1.0


def test_other_figures_do_not_move(start: Path, new: Snapshot) -> None:
    keys = ["indicator", "area", "year"]
    frames = [s.observations.astype(dict.fromkeys(keys[:2], str)) for s in (store.read(start), new)]
    kept = [f[(f["indicator"] != "overgewicht") | f["area"].str.startswith("GM")] for f in frames]
    for column in ("value", "lower", "upper"):
        a, b = (f.set_index(keys)[column].sort_index() for f in kept)
        pd.testing.assert_series_equal(a, b)


def test_methode_names_the_weight_and_no_stand_in(start: Path, new: Snapshot) -> None:
    told = []
    for snapshot in (store.read(start), new):
        true = in_force(few(), snapshot)
        told.append(
            dict(compose_entry(true, snapshot, true.indicator("overgewicht"), ()).parts)["Van gemeente naar regio"]
        )
    assert "Vervangend gewicht" in told[0] and "inwoners op 1 januari" in told[0]
    assert "Vervangend gewicht" not in told[1] and "gewogen naar inwoners van 18 jaar en ouder" in told[1]


def test_the_change_log_says_why_regions_moved(done: tuple[Path, LocalCbs]) -> None:
    said = store.changes(done[0])
    assert "gewogen naar inwoners van 18 jaar en ouder, in de vorige editie naar inwoners op 1 januari" in said


def test_the_data_package_names_only_weights_that_are_there(new: Snapshot) -> None:
    for snapshot, there in ((edition(), False), (new, True)):
        d = in_force(definitions(), snapshot)
        names = packaged.quantities(d, snapshot)["hoeveelheid"]
        assert set(names) >= {"inwoners", "inwoners-65-plus"} and (set(OWN) <= set(names)) is there
        assert {str(i.aggregation.weight) for i in d.indicators if i.aggregation.kind == "gewogen"} >= (
            {"inwoners-18-plus"} if there else {"inwoners"}
        )


def test_the_check_is_content_before_and_after(new: Snapshot) -> None:
    """The figures that ship, with the weights of the refreshed edition beside them."""
    counts = new.weights[new.weights["quantity"].isin(list(OWN))]
    texts = {"quantity": str, "area": str}
    together = pd.concat([edition().weights.astype(texts), counts.astype(texts)], ignore_index=True)
    for snapshot in (edition(), replace(edition(), weights=together)):
        assert not check(in_force(definitions(), snapshot), snapshot).problems


# --- When it counts ---


def held(new: Snapshot, keep: pd.Series) -> Indicator:
    return in_force(few(), replace(new, weights=new.weights[keep])).indicator("overgewicht")


def test_a_weight_that_is_not_whole_leaves_the_stand_in(new: Snapshot) -> None:
    w = new.weights
    own = w["quantity"] == "inwoners-18-plus"
    assert held(new, own | True).aggregation.weight == "inwoners-18-plus"
    others = [c for c in new.municipalities if all(c not in r.codes for r in few().regions)]
    cases = {
        "no rows at all": ~own,
        "a member of a region": ~(own & (w["area"] == WINTERSWIJK)),
        "in one of the years": ~(own & (w["area"] == WINTERSWIJK) & (w["year"] == 2023)),
        "more than one in twenty": ~(own & w["area"].isin(others[:20])),
    }
    for case, keep in cases.items():
        assert held(new, keep) is few().indicator("overgewicht"), case
    assert held(new, ~(own & w["area"].isin(others[:10]))).aggregation.weight == "inwoners-18-plus"


def test_the_shipped_edition_weighs_as_before() -> None:
    assert in_force(definitions(), edition()) is definitions()
    assert not set(OWN) & set(edition().weights["quantity"].astype(str).unique())
    assert store.read_manifest(SNAPSHOT)["edition"] == edition().edition


def test_what_is_only_fetched_needs_a_table_and_a_stand_in(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="own_weight"):
        Aggregation.model_validate({"class": "gewogen", "weight": "inwoners", "own_weight": "x", "reason": "r"})
    shutil.copytree(ROOT / "data" / "definitions", tmp_path / "definitions")
    path = tmp_path / "definitions" / "quantities.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry in entries:
        if entry["id"] == "inwoners-18-plus":
            del entry["live"]
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError, match="'live' ook"):
        load(tmp_path / "definitions", ROOT / "data" / "findings")
