"""Municipalities that vanished between 2006 and 2015: held against CBS's own counts, and used in a refresh."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from monitor.definitions import Definitions, load
from monitor.definitions.reorganisations import Layout
from monitor.errors import DefinitionError
from monitor.refresh.models import Outcome
from monitor.refresh.reorganised import newer_codes
from monitor.refresh.run import refresh
from monitor.snapshot import store
from monitor.snapshot.layout import current_parts
from monitor.snapshot.store import Snapshot
from tests import refreshing, small_editions
from tests.local_cbs import Code, Dimension, LocalCbs, Table
from tests.local_cbs.edition import from_edition
from tests.refreshing import DISTANCE, MOMENT
from tests.spec_table import ROOT, SHARED, cases, definitions, edition, needs_shared

SERIES = SHARED / "data" / "cbs" / "reeksen"
OLDER = "herindelingen_2006_2015.yaml"
PEOPLE = "70072ned"


@cache
def counts() -> pd.DataFrame:
    """Inhabitants of municipalities on 31 December, a column per year, empty where there was none (CBS, 37230ned)."""
    rows = pd.read_csv(SERIES / "bevolking_31december_37230_2002_2024.csv")
    return rows[rows["statcode"].str.startswith("GM")].pivot(index="statcode", columns="jaar", values="waarde")


@cache
def country() -> dict[int, float]:
    """Inhabitants of the Netherlands on 31 December (CBS, 37230ned)."""
    rows = pd.read_csv(SERIES / "bevolking_31december_37230_2002_2024.csv")
    rows = rows[rows["statcode"] == "NL01"]
    return dict(zip(rows["jaar"], rows["waarde"], strict=True))


def shipped() -> Layout:
    return definitions().layout


def older() -> list[str]:
    return [r.vanished for r in shipped().reorganisations if "2006-01-01" < r.date <= "2015-01-01"]


def moved(layout: Layout, year: int, current: set[str]) -> pd.Series:
    """Inhabitants at the end of a year on another layout, by the table of reorganisations."""
    there = counts()[year].dropna()
    parts = current_parts(layout, current, set(there.index))
    return (parts["share"] * parts["area"].map(there)).groupby(parts["successor"]).sum()


def without(layout: Layout, code: str) -> Layout:
    rest = tuple(r for r in layout.reorganisations if r.vanished != code)
    return layout.model_copy(update={"reorganisations": rest})


def into(layout: Layout, code: str, other: str) -> Layout:
    """The same table, in which a municipality went to another than it did."""
    changed = tuple(
        r.model_copy(update={"to": (r.to[0].model_copy(update={"code": other, "share": 1.0}),)})
        if r.vanished == code
        else r
        for r in layout.reorganisations
    )
    return layout.model_copy(update={"reorganisations": changed})


# --- Nobody is lost, nobody counts twice ---


@needs_shared
def test_every_municipality_that_ended_between_2006_and_2015_has_an_entry_of_its_own_year() -> None:
    ended = {
        str(code): year
        for year in range(2007, 2016)
        for code in counts().index[counts()[year - 1].notna() & counts()[year].isna()]
    }
    assert set(ended) == set(older()) and len(older()) == 86
    # Groenlo took another name in May 2006; CBS keeps the layout of 1 January all year.
    dates = {r.vanished: r.date for r in shipped().reorganisations}
    assert {c for c, year in ended.items() if dates[c][:4] != str(year)} == {"GM0240"}
    assert {c for c in ended if not dates[c].endswith("-01-01")} == {"GM0240", "GM0600"}


def lost(layout: Layout, year: int) -> float:
    """Inhabitants of the country that are in no municipality of today."""
    return country()[year] - float(moved(layout, year, set(edition().municipalities)).sum())


@needs_shared
@pytest.mark.parametrize("year", range(2006, 2015))
def test_all_inhabitants_of_the_country_live_in_a_municipality_of_today(year: int) -> None:
    """But for Haaren, which nobody can divide; shares are written in millionths."""
    assert lost(shipped(), year) == pytest.approx(float(counts()[year]["GM0788"]), abs=0.5)


@needs_shared
def test_that_test_sees_a_missing_entry_and_a_wrong_share() -> None:
    there = counts()[2009]
    haaren = float(there["GM0788"])
    for code in older():
        if there.notna()[code]:
            assert abs(lost(without(shipped(), code), 2009) - haaren) > 500, code
    r = next(r for r in shipped().reorganisations if r.vanished == "GM0993")
    half = r.model_copy(update={"to": (r.to[0].model_copy(update={"share": 0.45}), r.to[1])})
    changed = tuple(half if x is r else x for x in shipped().reorganisations)
    assert abs(lost(shipped().model_copy(update={"reorganisations": changed}), 2009) - haaren) > 500


# --- Held against counts of CBS that had no part in it ---

# What CBS tells of each municipality in the regions of 03759ned: inhabitants handed over on the day, added up.
TOLD = """
    municipality        | code   | year | handed over          | own
    Lansingerland       | GM1621 | 2007 | 16694 20856 10377    | 0
    Leudal              | GM1640 | 2007 | 9905 12257 6193 8463 | 0
    Maasgouw            | GM1641 | 2007 | 8326 13587 2584      | 0
    Koggenland          | GM1598 | 2007 | 6920 14294           | 0
    Medemblik           | GM0420 | 2007 | 10596 8229           | 7744
    Nieuwkoop           | GM0569 | 2007 | 8964 6961            | 11062
    Binnenmaas          | GM0585 | 2007 | 9035                 | 19614
    Roermond            | GM0957 | 2007 | 8790                 | 45458
    Roerdalen           | GM1669 | 2007 | 10909                | 10411
    Kaag en Braassem    | GM1884 | 2009 | 14628 10784          | 0
    Bloemendaal         | GM0377 | 2009 | 5185                 | 16884
    Oldambt             | GM1895 | 2010 | 6963 14252 18271     | 0
    Zuidplas            | GM1892 | 2010 | 8275 21604 10531     | 0
    Peel en Maas        | GM1894 | 2010 | 19654 4263 13094 6047 | 0
    Súdwest-Fryslân     | GM1900 | 2011 | 9974 10971 33573 11849 16078 | 0
    Stichtse Vecht      | GM1904 | 2011 | 14736 8562 39752     | 0
    Bodegraven-Reeuwijk | GM1901 | 2011 | 19432 13296          | 0
    Eijsden-Margraten   | GM1903 | 2011 | 11565 13375          | 0
    De Ronde Venen      | GM0736 | 2011 | 8791                 | 34213
    Medemblik           | GM0420 | 2011 | 6518 8746            | 27627
    Oss                 | GM0828 | 2011 | 6685                 | 77516
    Hollands Kroon      | GM1911 | 2012 | 14304 12272 8562 12565 | 0
    Schagen             | GM0441 | 2013 | 16122 11519          | 18566
    Goeree-Overflakkee  | GM1924 | 2013 | 8526 11329 18070 10334 | 0
    Molenwaard          | GM1927 | 2013 | 9894 9770 9526       | 0
    De Friese Meren     | GM1921 | 2014 | 783 10186 13524 26921 | 0
    Heerenveen          | GM0074 | 2014 | 6018 580             | 43301
    Alphen aan den Rijn | GM0484 | 2014 | 15177 18484          | 73124
    Krimpenerwaard      | GM1931 | 2015 | 10186 14143 8241 11898 9740 | 0
    Nissewaard          | GM1930 | 2015 | 12381 72740          | 0
    Groesbeek           | GM0241 | 2015 | 5879 9416            | 18963
    Alkmaar             | GM0361 | 2015 | 6406 5452            | 95248
"""


@needs_shared
@pytest.mark.parametrize("case", cases(TOLD), ids=lambda c: f"{c['municipality']} {c['year']}")
def test_a_new_municipality_has_the_inhabitants_that_cbs_says_were_handed_over(case: dict[str, str]) -> None:
    year = int(case["year"])
    alive = set(counts()[year].dropna().index)
    told = sum(map(int, case["handed over"].split())) + int(case["own"])
    assert moved(shipped(), year - 1, alive)[case["code"]] == pytest.approx(told, rel=0.006)


def on_new_year(year: int) -> pd.Series:
    """Inhabitants per municipality on 1 January as CBS counted them on the layout of that day."""
    if year < 2015:
        rows = pd.read_csv(SERIES / "bevolkingsontwikkeling_37259_2012_2023.csv")
        rows = rows[(rows["indicator"] == "bevolking_1_januari") & (rows["jaar"] == year)]
        rows = rows[rows["statcode"].str.startswith("GM") & rows["waarde"].notna()]
        return rows.set_index("statcode")["waarde"]
    rows = pd.read_csv(SHARED / "data" / "cbs" / "gebieden_in_nederland_2015_2026.csv")
    return rows[rows["jaar"] == year].set_index("statcode")["inwoners"].astype(float)


# Moved borders without a merger, which CBS's text names: 170 from Haarlemmermeer to Amsterdam in 2014 is the largest.
@needs_shared
@pytest.mark.parametrize(("year", "at_most"), [(2012, 20), (2013, 1), (2014, 175), (2015, 1)])
def test_of_the_last_day_the_table_makes_what_cbs_counted_on_new_year(year: int, at_most: float) -> None:
    new = on_new_year(year)
    made = moved(shipped(), year - 1, set(new.index))
    assert set(made.index) == set(new.index) and len(new) > 390
    assert (made - new).abs().max() <= at_most
    assert ((made - new).abs() < 0.5).mean() > 0.97


@needs_shared
def test_that_test_sees_who_went_elsewhere() -> None:
    new = on_new_year(2012)
    wrong = into(shipped(), "GM0412", "GM0441")  # Niedorp to Schagen
    assert (moved(wrong, 2011, set(new.index)) - new).abs().max() > 10_000


@needs_shared
def test_the_check_of_each_entry_names_counts_that_cbs_has() -> None:
    known = {f"{round(v):,}".replace(",", ".") for v in counts().to_numpy().ravel() if v == v}
    for r in shipped().reorganisations:
        if r.vanished in older():
            assert r.source in ("03759ned", "cbs-tekst") and len(r.check) > 40
            after = re.findall(r"\), [^();]+? ([\d.]+) \(eind \d{4}\)", r.check)
            assert after and set(after) <= known, r.name
            grown = [abs(float(p.replace(",", "."))) for p in re.findall(r"([+-]\d,\d\d)%(?! in 2008)", r.check)]
            assert max(grown) < (3.2 if r.to[0].code == "GM1621" else 1.4), r.name


# --- What the files may not say ---

MISTAKES = {
    "twice": ("- from: GM0429", "- from: GM0478", "GM0478"),
    "ended before": ("{code: GM1640, share: 1.0}", "{code: GM0240, share: 1.0}", "GM0240"),
    "shares": ("share: 0.551517", "share: 0.451517", "GM0993"),
    "source": ("source: 03759ned", "source: verzonnen", "source"),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
def test_a_wrong_entry_is_told_with_its_file_and_its_code(mistake: tuple[str, str, str], tmp_path: Path) -> None:
    old, new, named = mistake
    folder = tmp_path / "definitions"
    shutil.copytree(ROOT / "data" / "definitions", folder)
    text = (folder / OLDER).read_text(encoding="utf-8")
    (folder / OLDER).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=named) as caught:
        load(folder, ROOT / "data" / "findings")
    assert OLDER in str(caught.value)


def test_no_year_of_the_inhabitants_is_fetched_twice() -> None:
    people = definitions().quantity("inwoners")
    (now,) = (s for s in people.live if s.table == "03759NED")
    (then,) = (s for s in people.live if s.table == "70072NED")
    assert (then.since, then.until, now.since, now.until) == (2006, 2014, 2015, None)


# --- A refresh with the codes of 2006 ---

INDICATORS = ("afstand-huisarts", "afstand-supermarkt", "vrijwilligerswerk")
TOPICS = {"afstand-huisarts": "AfstandTotHuisartsenpraktijk", "afstand-supermarkt": "AfstandTotGroteSupermarkt"}
SILENT = ("GM0715", "GM0677")  # Terneuzen and Hulst: without them Zeeuws-Vlaanderen is a fifth of itself


@cache
def few() -> Definitions:
    d = definitions()
    people = d.quantity("inwoners")
    live = tuple(s for s in people.live if s.table == "70072NED")
    return replace(
        d,
        indicators=tuple(i for i in d.indicators if i.id in INDICATORS),
        quantities=(people.model_copy(update={"live": live}),),
        statline=tuple(t for t in d.statline if t.id in (DISTANCE, PEOPLE)),
        cross_border=(),
    )


def people(year: int) -> dict[str, float]:
    """What the local CBS serves as inhabitants of 2006 and 2013; those of the last day of the year stand in."""
    return {str(c): float(v) for c, v in counts()[year].dropna().items()}


def kilometres(topic: str) -> dict[str, float]:
    """Invented distances on the layout of 2006: a municipality differs from its neighbours."""
    shift = 0.4 if topic == TOPICS["afstand-supermarkt"] else 0.0
    made = {c: round(0.6 + int(c[2:]) * 7 % 31 / 10 + shift, 1) for c in people(2006)}
    return {c: v for c, v in made.items() if not (shift and c in SILENT)}


def with_year(table: Table, year: int, figures: dict[str, dict[str, float]]) -> Table:
    """A table with a year before the others, on a layout of its own: per topic a value per municipality."""
    region, time = table.region, table.time
    assert region is not None and time is not None
    known = {c.key.strip() for c in region.codes}
    codes = sorted(set().union(*figures.values()))
    more = tuple(Code(c.ljust(region.width), c, group="Gemeenten") for c in codes if c not in known)
    period = Code(f"{year}JJ00", str(year), status="Definitief", group="JJ")
    rows = pd.DataFrame({d.key: d.codes[0].key for d in table.dimensions}, index=range(len(codes)))
    rows[region.key], rows[time.key] = [c.ljust(region.width) for c in codes], period.key
    for topic, values in figures.items():
        rows[table.topic(topic).column] = [values.get(c, float("nan")) for c in codes]
    dims = [
        Dimension(d.key, d.title, (*d.codes, *more), d.kind, d.groups)
        if d is region
        else Dimension(d.key, d.title, (period, *(c for c in d.codes if c.key != period.key)), d.kind, d.groups)
        if d is time
        else d
        for d in table.dimensions
    ]
    old = table.rows.astype({d.key: str for d in dims}).drop(columns="ID")
    old = old[old[time.key] != period.key]
    joined = pd.concat([rows.reindex(columns=old.columns), old], ignore_index=True)
    return Table(table.id, table.title, dims, list(table.topics), joined, table.modified, "", table.summary)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oud") / "data" / "snapshot"
    rows = edition().observations
    chosen = rows[rows["indicator"].isin(INDICATORS) & (rows["basis"] == "cbs")]
    chosen = chosen.astype(dict.fromkeys(small_editions.TEXTS, str))
    small_editions.make(folder, "2026-11", lambda _: chosen, few())
    return folder


@pytest.fixture(scope="module")
def done(start: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome, Outcome]:
    """The edition refreshed from a CBS that has 2006, and what a second refresh says."""
    served = from_edition(store.read(start), few())
    tables = {
        DISTANCE: with_year(served[DISTANCE], 2006, {t: kilometres(t) for t in TOPICS.values()}),
        PEOPLE: with_year(
            with_year(served[PEOPLE], 2013, {"TotaleBevolking": people(2013)}),
            2006,
            {"TotaleBevolking": people(2006)},
        ),
    }
    folder = tmp_path_factory.mktemp("vers") / "data" / "snapshot"
    shutil.copytree(start, folder)
    with LocalCbs(tables) as cbs:
        options = {"settings": refreshing.settings(cbs, timeout=20), "today": MOMENT}
        outcomes = [refresh(few(), folder, **options) for _ in range(2)]  # type: ignore[arg-type]
    return folder, outcomes[0], outcomes[1]


@pytest.fixture(scope="module")
def new(done: tuple[Path, Outcome, Outcome]) -> Snapshot:
    return store.read(done[0])


def mean(topic: str, parts: dict[str, float]) -> float:
    """The mean per inhabitant of municipalities of 2006, by hand; ``parts``: code -> which part of it."""
    told = {c: people(2006)[c] * share for c, share in parts.items()}
    return sum(kilometres(topic)[c] * w for c, w in told.items()) / sum(told.values())


# Which municipalities of 2006 lie where: from CBS's text, not from our file.
BY_HAND = """
    area                 | made of
    GM0441               | GM0441 GM0395 GM0476
    GM1911               | GM0366 GM0412 GM0462 GM0463
    kop-van-noord-holland | GM0400 GM0448 GM0441 GM0395 GM0476 GM0366 GM0412 GM0462 GM0463
    GM1586               | GM0240
    achterhoek           | GM0197 GM1859 GM1876 GM0222 GM1955 GM0240 GM1509 GM0294
    GM0420               | GM0420 GM0529 GM0466 GM0364 GM0459
    GM0074               | GM0074 GM0055*6018/19478 GM0051*580/27501
    GM0984               | GM0984 GM0993*3504/7813
"""


@needs_shared
@pytest.mark.parametrize("indicator", list(TOPICS))
@pytest.mark.parametrize("case", cases(BY_HAND), ids=lambda c: c["area"])
def test_a_figure_of_2006_is_the_mean_of_the_municipalities_of_then(
    case: dict[str, str], indicator: str, new: Snapshot
) -> None:
    parts = {}
    for word in case["made of"].split():
        code, _, share = word.partition("*")
        top, _, bottom = share.partition("/")
        parts[code] = int(top) / int(bottom) if share else 1.0
    row = new.row(indicator, case["area"], 2006)
    assert row is not None and row["value"] == pytest.approx(mean(TOPICS[indicator], parts), abs=1e-5)
    if not case["area"].startswith("GM"):
        assert row["weight_year"] == 2006 and row["coverage"] == pytest.approx(1.0)


@needs_shared
def test_a_region_has_2006_only_where_enough_of_it_has(new: Snapshot) -> None:
    for region in few().regions:
        rows = [new.row(i, region.id, 2006) for i in TOPICS]
        there = [r is not None and r["value"] == r["value"] for r in rows]
        assert there == [True, region.id != "zeeuws-vlaanderen"], region.id


@needs_shared
def test_the_weights_of_2006_are_kept_on_both_layouts(new: Snapshot) -> None:
    rows = new.weights[new.weights["year"] == 2006].astype({"quantity": str, "area": str})
    then = rows[rows["quantity"] == "inwoners@rapportagejaar"].set_index("area")["value"]
    now = rows[rows["quantity"] == "inwoners"].set_index("area")["value"]
    assert then.to_dict() == people(2006) and len(then) == 458
    assert now["GM1911"] == sum(people(2006)[c] for c in ("GM0366", "GM0412", "GM0462", "GM0463"))
    assert now.sum() == pytest.approx(country()[2006] - people(2006)["GM0788"], abs=0.5)
    assert set(now.index) == set(new.municipalities)


@needs_shared
def test_a_second_refresh_changes_nothing(done: tuple[Path, Outcome, Outcome]) -> None:
    assert not done[1].unchanged and done[2].unchanged


@needs_shared
def test_later_years_stay_and_older_figures_are_weighted_by_their_own_year(
    start: Path, done: tuple[Path, Outcome, Outcome], new: Snapshot
) -> None:
    old = store.read(start)
    for i in TOPICS:
        for area in ("achterhoek", "GM1911", "NL01"):
            for year in (2015, 2019):
                before, after = old.row(i, area, year), new.row(i, area, year)
                assert (before is None) == (after is None)
                assert before is None or after["value"] == pytest.approx(before["value"])  # type: ignore[index]
    before, after = (s.row("vrijwilligerswerk", "achterhoek", 2013) for s in (old, new))
    assert before is not None and after is not None
    assert (before["weight_year"], after["weight_year"]) == (2015, 2013)
    assert "Voor 2013 zijn er nu inwoners op 1 januari." in store.changes(done[0])


@needs_shared
def test_a_code_of_2006_is_no_new_municipality(start: Path, new: Snapshot) -> None:
    rows = pd.DataFrame({"area": [*older(), "GM9001"], "year": 2010, "value": 1.0})
    assert newer_codes(few(), store.read(start), rows) == {}
    assert newer_codes(few(), new, rows) == {"GM9001": 2010}
