"""Boundaries fetched from a local PDOK and GISCO: what is taken over, and what is refused with a name and a way out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
import shapely
import yaml
from shapely.geometry import mapping

from monitor import paths
from monitor.definitions import Definitions, Region
from monitor.definitions.reorganisations import Reorganisation, UnknownReorganisation
from monitor.errors import SourceInvalid, SourceUnavailable
from monitor.figures.geometry import read_detail
from monitor.refresh import boundaries
from monitor.refresh.boundaries import fresh_boundaries
from monitor.refresh.models import Step
from monitor.refresh.relayout import on_layout
from monitor.refresh.reorganised import brought, check_layout, entry, explain, layout_year, newer_codes, reorganised
from monitor.refresh.run import refresh_boundaries
from monitor.snapshot import store, swap
from monitor.snapshot.build import OLD_LAYOUT, finish
from monitor.sources import coverage, pdok
from monitor.sources.boundaries import draw, write_geometry
from monitor.sources.gisco import fetch_neighbours
from monitor.sources.outlines import Outlines, of_features, to_metres
from monitor.sources.pdok import fetch_outlines
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.web import Web
from tests.local_cbs import LocalCbs
from tests.local_cbs.answer import JSON, Answer, Asked
from tests.local_cbs.geo import from_snapshot
from tests.small_editions import AALTEN, AMSTERDAM, BERKELLAND, WINTERSWIJK, published, small, without
from tests.spec_table import definitions, edition

YEAR, TODAY = 2026, date(2026, 11, 22)
NEW, ITEMS = "GM2001", "/items"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
Shapes = dict[str, tuple[str, Any]]


# -- a PDOK and a GISCO -------------------------------------------------------------------------------------


@cache
def outlines() -> dict[str, Any]:
    """The shipped outlines, in detail: municipalities and neighbours."""
    return read_detail(edition().folder)


def country() -> Shapes:
    """Code -> name and outline of every municipality."""
    return {c: (edition().names[c], outlines()[c]) for c in edition().municipalities}


class Services:
    """What PDOK and GISCO answer: GeoJSON of the given outlines, a page at a time."""

    def __init__(self, shapes: Shapes, year: int = YEAR, size: int = 200) -> None:
        self.shapes, self.year, self.size = shapes, year, size
        self.told_year, self.loops, self.repeats, self.elsewhere = year, False, False, False
        self.without_neighbour = ""
        self.others: dict[str, Shapes] = {}
        self.revision = 0

    def copy(self) -> Services:
        """The server may keep these: a test has its own."""
        return self

    def answer(self, asked: Asked) -> Answer | None:
        """As ``LocalCbs`` asks it."""
        if asked.path.endswith("_4326_LEVL_3.geojson"):
            near = {c: (c, s) for c, s in outlines().items() if c[:2] in ("BE", "DE") and c != self.without_neighbour}
            about = [{"NUTS_ID": c, "NAME_LATN": n, "CNTR_CODE": c[:2]} for c, (n, _) in near.items()]
            return Answer(200, _page([{"properties": a} for a in about], [s for _, s in near.values()]), JSON)
        if not asked.path.endswith(ITEMS):
            return None
        assert asked.query["f"] == "json" and 0 < int(asked.query["limit"]) <= 1000
        collection = asked.path.split("/")[-2]
        shapes = self.others.get(collection, {}) if collection != "gemeente_gegeneraliseerd" else self.shapes
        chosen = list(shapes.items()) if asked.query["jaarcode"] == str(self.year) else []
        at = int(asked.query.get("cursor", 0))
        first = 0 if self.repeats else at
        page = chosen[first : first + self.size]
        about = [{"statcode": c, "statnaam": n, "jaarcode": self.told_year} for c, (n, _) in page]
        links = [{"rel": "self", "href": f"{asked.own}{asked.path}"}]
        if at + self.size < len(chosen) or self.loops:
            query = f"cursor={at if self.loops and at else at + self.size}&f=json&jaarcode={self.year}&limit=1000"
            host = asked.other_host if self.elsewhere else asked.own
            links.append({"rel": "next", "href": f"{host}{asked.path}?{query}"})
        rows = [{"properties": a} for a in about]
        return Answer(200, _page(rows, [s for _, (_, s) in page], links=links, numberReturned=len(page)), JSON)


@lru_cache(maxsize=1000)
def _written(outline: Any) -> str:
    return "null" if outline is None else str(shapely.to_geojson(outline))


def _page(rows: list[dict[str, Any]], outlines: list[Any], **more: Any) -> bytes:
    """A collection as text; outlines that were written before are not written again."""
    texts = [f'{json.dumps(r)[:-1]}, "geometry": {_written(o)}}}' for r, o in zip(rows, outlines, strict=True)]
    return f'{json.dumps({"type": "FeatureCollection", **more})[:-1]}, "features": [{", ".join(texts)}]}}'.encode()


@contextmanager
def serving(services: Services) -> Iterator[tuple[LocalCbs, Settings]]:
    """Serve; the settings try twice, without waiting."""
    with LocalCbs(maps=services, gzipped=False) as server:  # type: ignore[arg-type]
        yield server, Settings(pdok_url=server.url, gisco_url=server.url, attempts=2, wait=0, max_wait=0, timeout=5)


def fetched(services: Services, old: store.Snapshot | None = None, known: Definitions | None = None) -> Any:
    """What ``fresh_boundaries`` gives of these services."""
    with serving(services) as (_, settings):
        return fresh_boundaries(known or definitions(), old or edition(), services.year, settings, today=TODAY)


def refused(services: Services, *told: str, known: Definitions | None = None) -> str:
    """What is said when these services are refused, which must hold all that is told."""
    with pytest.raises(SourceInvalid) as failure:
        fetched(services, known=known)
    said = str(failure.value)
    assert all(part in said for part in told), said
    # One sentence; lines to copy stand below it.
    assert "\n" not in said.split("herindelingen.yaml:\n")[0] and "Traceback" not in said
    return said


# -- what is taken over -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The outlines of 2026, fetched and written once: steps, paths asked, entries, areas and the folder."""
    steps: list[Step] = []
    folder = tmp_path_factory.mktemp("omtrekken")
    with serving(Services(country())) as (server, settings):
        geometry, areas = fresh_boundaries(definitions(), edition(), YEAR, settings, steps.append, today=TODAY)
        asked = [s.path for s in server.requests]
    assert geometry is not None
    return steps, asked, geometry(folder), areas, folder


def test_boundaries_of_a_year_are_fetched_checked_and_written(first: Any) -> None:
    """Two pages of PDOK and a file of GISCO: three files, two manifest entries, and kilometres to the border."""
    steps, asked, entries, areas, folder = first
    assert len(asked) == 3 and asked[2].endswith("NUTS_RG_03M_2021_4326_LEVL_3.geojson")
    assert {p.name for p in folder.iterdir()} == {paths.MAP, paths.NEIGHBOURS, paths.DETAIL}
    made = read_detail(folder)
    assert sorted(c for c in made if c.startswith("GM")) == sorted(edition().municipalities)
    for map_file, count in ((paths.MAP, 342), (paths.NEIGHBOURS, entries["BUURLANDEN"]["rows"])):
        assert len(json.loads((folder / map_file).read_text())["features"]) == count
    ours = entries["GRENZEN"]
    assert (ours["year"], ours["retrieved"], ours["rows"], ours["licence"]) == (YEAR, "2026-11-22", 342, "CC BY 4.0")
    assert ours["url"].endswith(f"/items?jaarcode={YEAR}") and len(ours["sha256"]) == 64 and "2026" in ours["title"]
    assert entries["BUURLANDEN"]["year"] == 2021 and "EuroGeographics" in entries["BUURLANDEN"]["licence"]
    assert list(areas.columns) == list(edition().areas.columns) and areas["area"].is_monotonic_increasing
    had = edition().areas
    assert areas.drop(columns="border_km").equals(had.drop(columns="border_km"))
    # The same lines, but once simplified: the middle of a municipality hardly moves.
    assert (areas["border_km"] - had["border_km"]).abs().max() < 0.5
    assert [s.phase for s in steps][-1] == "controleren" and steps[-1].rows == 342 + 87 and "PDOK" in steps[0].now[0]


def test_the_same_outlines_are_not_written_again(first: Any) -> None:
    """Whoever has these features of this year already gets nothing to write, however they are paged."""
    sources = {**edition().manifest["sources"], **first[2]}
    had = replace(edition(), manifest={**edition().manifest, "sources": sources})
    assert fetched(Services(country(), size=1000), had) == (None, None)
    whole = _outlines(country())
    assert whole.fingerprint == sources["GRENZEN"]["sha256"] == _outlines(dict(reversed(country().items()))).fingerprint
    for other in ("Mokum", outlines()[AMSTERDAM].buffer(1e-6)):
        told = (other, outlines()[AMSTERDAM]) if isinstance(other, str) else ("Amsterdam", other)
        assert _outlines({**country(), AMSTERDAM: told}).fingerprint != whole.fingerprint


def test_simplified_outlines_hold_the_stated_limits() -> None:
    """Of the shipped edition itself: neighbours share their line, nothing overlaps or opens, areas stay."""
    made = read_detail(edition().folder)
    fine = [made[c] for c in edition().municipalities]
    assert shapely.coverage_is_valid(fine) and all(s.is_valid for s in fine)
    features = json.loads((edition().folder / paths.MAP).read_text())["features"]
    coarse = [shapely.make_valid(s) for s in to_metres(shapely.geometry.shape(f["geometry"]) for f in features)]
    assert 0 < sum(coverage.overlaps(coarse).values()) < coverage.ROUNDING
    assert coverage.COUNTRY[0] < sum(s.area for s in coarse) < coverage.COUNTRY[1]


def test_files_and_services_are_drawn_alike(tmp_path: Path) -> None:
    """``snapshot build`` writes what ships to the byte, through the same steps."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/data")
    entries = write_geometry(SHARED, tmp_path, edition().municipalities)
    for name in (paths.MAP, paths.NEIGHBOURS, paths.DETAIL):
        assert sha256((tmp_path / name).read_bytes()).hexdigest() == edition().manifest["files"][name]
    assert all(entries[k] == edition().manifest["sources"][k] for k in entries)
    with pytest.raises(SourceInvalid, match=r"342 gemeenten, geen 341.*GM0197"):
        write_geometry(SHARED, tmp_path, [c for c in edition().municipalities if c != AALTEN])


# -- faults of the service ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["http500", "drop", "cut"])
def test_a_second_page_that_fails_is_no_half_country(kind: str) -> None:
    """The first page came; the second does not, also not when asked again."""
    with serving(Services(country())) as (server, settings):
        server.fail(kind, ITEMS, after=1)
        with pytest.raises(SourceUnavailable, match="Gemeentegrenzen 2026"):
            fresh_boundaries(definitions(), edition(), YEAR, settings)
        assert len(server.requests) == 3


def test_a_second_page_that_recovers_is_fetched() -> None:
    """Once busy, then there: nobody notices."""
    with serving(Services(country())) as (server, settings):
        server.fail("http503", ITEMS, after=1, times=1)
        assert len(fetch_outlines(Web(settings), YEAR).codes) == 342


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("loops", "in een kring"),
        ("repeats", "een pagina komt twee keer"),
        ("elsewhere", "een andere dienst"),
    ],
)
def test_pages_that_lead_astray_are_refused(fault: str, told: str) -> None:
    """A next page that is the same, says the same or is somewhere else."""
    services = Services(country(), size=120)
    setattr(services, fault, True)
    refused(services, told)


@pytest.mark.parametrize(
    ("fault", "told"), [("loop", "kring"), ("repeat", "twee keer"), ("other_host", "andere"), ("null_value", "lijst")]
)
def test_the_local_cbs_is_understood(fault: str, told: str) -> None:
    """As PDOK pages, by cursor; first whole, then with a fault in the paging."""
    maps = from_snapshot(edition().folder, edition().areas, {}, (YEAR,))
    with LocalCbs(maps=maps) as server, patch.object(pdok, "_LIMIT", 150):
        settings = Settings(pdok_url=server.pdok_url, gisco_url=server.gisco_url, attempts=1)
        if fault == "loop":
            found = fetch_outlines(Web(settings), YEAR)
            assert found.codes == edition().municipalities and len(server.requests) == 3
            assert len(fetch_neighbours(Web(settings)).codes) == 87
        server.fail(fault, ITEMS)
        with pytest.raises(SourceInvalid, match=told):
            fetch_outlines(Web(settings), YEAR)


def test_a_web_page_instead_of_data() -> None:
    """Maintenance: status 200, but HTML."""
    with serving(Services(country())) as (server, settings):
        server.fail("html", ITEMS)
        with pytest.raises(SourceInvalid, match="webpagina in plaats van JSON"):
            fresh_boundaries(definitions(), edition(), YEAR, settings)


def test_an_answer_of_another_year_or_none() -> None:
    """PDOK has years apart; an answer of another one would put the wrong lines on the map."""
    services = Services(country())
    services.told_year = 2024
    refused(services, "hoort bij 2024, niet bij 2026")
    with serving(Services(country(), year=2027)) as (_, settings), pytest.raises(SourceInvalid, match="nog"):
        fetch_outlines(Web(settings), 2028)


def test_other_addresses_say_which_setting_to_look_at() -> None:
    """404 of either service names its setting."""
    for end, variable in ((ITEMS, "REGIOMONITOR_PDOK_URL"), (".geojson", "REGIOMONITOR_GISCO_URL")):
        with serving(Services(country())) as (server, settings):
            server.fail("http404", end)
            with pytest.raises(SourceInvalid, match=variable):
                fresh_boundaries(definitions(), edition(), YEAR, settings)


def test_a_neighbour_that_the_definitions_name_must_be_there() -> None:
    """NUTS 2024 has other codes: the map would lose a name."""
    services = Services(country())
    services.without_neighbour = definitions().neighbours[0].id
    refused(services, definitions().neighbours[0].id, "ontbreekt")


# -- faults of the outlines ---------------------------------------------------------------------------------


def changed(code: str, change: Callable[[Any], Any]) -> Services:
    """The country with one outline changed."""
    shapes = country()
    shapes[code] = (shapes[code][0], change(shapes[code][1]))
    return Services(shapes)


def test_a_municipality_that_is_missing_is_no_reorganisation() -> None:
    """341: nobody lies where it was, so the answer is not whole."""
    shapes = country()
    del shapes[WINTERSWIJK]
    refused(Services(shapes), "341 gemeenten", "Winterswijk ontbreekt")


def test_overlapping_outlines_are_named() -> None:
    """A municipality that reaches a kilometre into its neighbours."""
    said = refused(changed(WINTERSWIJK, lambda s: s.buffer(0.01)), "Winterswijk", "over elkaar")
    assert "Amsterdam" not in said


def test_slivers_are_mended() -> None:
    """A hair's breadth of overlap is what a publisher's rounding may leave: mended, then held to the full rule."""
    told = _outlines({**country(), WINTERSWIJK: ("Winterswijk", outlines()[WINTERSWIJK].buffer(1e-7))})
    assert not shapely.coverage_is_valid(told.metres)
    assert shapely.coverage_is_valid(coverage.mended(told, "Grenzen"))


def _outlines(shapes: Shapes) -> Outlines:
    about = [{"statcode": c, "statnaam": n} for c, (n, _) in shapes.items()]
    features = [{"properties": a, "geometry": mapping(s)} for a, (_, s) in zip(about, shapes.values(), strict=True)]
    return of_features(features, "statcode", "statnaam", "Grenzen")


def test_a_gap_is_named_with_who_lies_around_it() -> None:
    """Land that belongs to nobody, between neighbours or within one."""
    inner = outlines()[BERKELLAND].representative_point().buffer(0.01)
    refused(changed(BERKELLAND, lambda s: s.difference(inner)), "Berkelland", "gat van")
    # Open to Germany, so no hole; but nobody's land all the same.
    refused(changed(WINTERSWIJK, lambda s: s.buffer(-0.0015)), "Winterswijk", "een strook van niemand")


def test_a_gap_below_the_limit_is_water() -> None:
    """A pond of less than a hectare stays what it is."""
    inner = outlines()[BERKELLAND].representative_point().buffer(0.0004)
    whole = _outlines({**country(), BERKELLAND: ("Berkelland", outlines()[BERKELLAND].difference(inner))})
    land = shapely.union_all(_outlines(country()).metres)
    coverage.check_gaps(whole.names, whole.metres, land, "Grenzen")


def test_an_outline_that_shrank_along_the_coast_is_named() -> None:
    """No neighbour to overlap and no gap to see: half of an island is gone, or a sea of land came with it."""
    box = shapely.box(*outlines()["GM0448"].bounds)
    west, south, east, north = box.bounds
    half = shapely.box(west, south, east, south + 0.5 * (north - south))
    refused(changed("GM0448", lambda s: s.intersection(half)), "van Texel hoort meer dan 10%")
    west, south, east, north = outlines()["GM0448"].bounds
    more = shapely.box(west - 0.1, south, west + 0.05, north)
    refused(changed("GM0448", lambda s: s.union(more)), "Texel wijkt meer dan 25% af")


@pytest.mark.parametrize("outline", [None, shapely.Polygon(), shapely.Point(5, 52), shapely.box(2e5, 4e5, 2.1e5, 5e5)])
def test_an_outline_that_is_none_is_named(outline: Any) -> None:
    """Nothing, empty, a point, or metres instead of degrees."""
    refused(changed(AALTEN, lambda s: outline), "Aalten (GM0197)")


def test_a_country_of_another_size_is_refused() -> None:
    """All outlines moved to the equator still fit each other, and are not the Netherlands."""
    part = _outlines({c: v for c, v in country().items() if c < "GM1000"})
    near = Outlines((), (), ())
    with pytest.raises(SourceInvalid, match=r"km².*33\.000 km² en 42\.000"):
        draw(part, near)


# -- a reorganisation ---------------------------------------------------------------------------------------


def merged(code: str, name: str, *parts: str) -> Shapes:
    """The country after municipalities became one."""
    shapes = {c: v for c, v in country().items() if c not in parts}
    shapes[code] = (name, shapely.coverage_union_all([outlines()[p] for p in parts]))
    return shapes


def noted(*steps: tuple[str, str], regions: Callable[[Region], Region] = lambda r: r) -> Definitions:
    """The small definitions, with reorganisations of 2027 noted and regions changed."""
    d = small()
    made = [
        Reorganisation.model_validate(
            {
                "from": old,
                "name": edition().names[old],
                "date": "2027-01-01",
                "to": [{"code": new, "share": 1.0}],
                "source": "gebieden",
                "check": "Verzonnen voor een test.",
            }
        )
        for old, new in steps
    ]
    layout = d.layout.model_copy(update={"reorganisations": (*d.layout.reorganisations, *made)})
    return replace(d, layout=layout, regions=tuple(regions(r) for r in d.regions))


def test_a_reorganisation_is_named_before_it_bends_a_series() -> None:
    """Two municipalities became a new one: who, which region, which file, and an entry to paste that is right."""
    services = Services(merged(NEW, "Nieuwstad", AALTEN, WINTERSWIJK), year=2027)
    said = refused(services, "Aalten (GM0197)", "Nieuwstad (GM2001)", "de Achterhoek", "herindelingen.yaml")
    entries = yaml.safe_load(_entries(said))
    steps = [Reorganisation.model_validate({**e, "date": str(e["date"])}) for e in entries]
    assert [(s.vanished, s.to[0].code, s.to[0].share, s.date) for s in steps] == [
        (AALTEN, NEW, 1.0, "2027-01-01"),
        (WINTERSWIJK, NEW, 1.0, "2027-01-01"),
    ]


def _entries(said: str) -> str:
    """What a person copies: lines of YAML, as they stand."""
    return said.split("herindelingen.yaml:\n")[1]


def test_a_merger_into_a_municipality_that_keeps_its_code_is_named() -> None:
    """341 municipalities, and no new code: the map tells where the ground went."""
    services = Services(merged(WINTERSWIJK, "Winterswijk", AALTEN, WINTERSWIJK), year=2027)
    refused(services, "Aalten (GM0197) is er niet meer en ligt nu in Winterswijk (GM0294)", "de Achterhoek")


def test_what_is_unknown_is_called_unknown() -> None:
    """Of a table the codes come without names, and nothing says who went where."""
    codes = dict.fromkeys([*(set(edition().municipalities) - {AALTEN}), NEW], "")
    found = reorganised(definitions(), edition(), codes)
    assert [(r.code, r.gone, r.others, r.known) for r in found] == [(AALTEN, True, (), False), (NEW, False, (), False)]
    assert found[0].regions == ("achterhoek",) and not found[1].regions
    said = explain(definitions(), edition(), found)
    assert "GM2001 is nieuw" in said and "code: onbekend, share: onbekend" in said and "date: onbekend" in said
    with pytest.raises(ValueError):
        Reorganisation.model_validate(yaml.safe_load(entry(found[0], {}))[0])
    assert reorganised(definitions(), edition(), dict.fromkeys(edition().municipalities, "")) == ()


def test_split_municipalities_get_no_invented_share() -> None:
    """Ground says nothing about inhabitants."""
    codes = {c: "" for c in edition().municipalities if c != AALTEN}
    ground = {AALTEN: {WINTERSWIJK: 0.6, BERKELLAND: 0.39, "GM1509": 0.01}}
    (found,) = reorganised(definitions(), edition(), codes, ground)
    assert found.others == (WINTERSWIJK, BERKELLAND) and entry(found, {}).count("share: onbekend") == 2


def test_a_composition_is_named_too() -> None:
    """Lochem is no member of a region, but of a composition that is offered."""
    codes = {c: "" for c in edition().municipalities if c != "GM0262"}
    (found,) = reorganised(definitions(), edition(), codes)
    assert found.compositions == ("achterhoek-lochem",)
    assert "de samenstelling de Achterhoek met Lochem" in explain(definitions(), edition(), (found,), 2027)


def test_a_region_that_still_names_who_vanished_is_asked_to_change() -> None:
    """herindelingen.yaml knows it, regions.yaml does not yet."""
    services = Services(merged(NEW, "Nieuwstad", AALTEN, WINTERSWIJK), year=2027)
    known = noted((AALTEN, NEW), (WINTERSWIJK, NEW))
    refused(services, "de Achterhoek noemt die gemeente nog", "regions.yaml", known=known)


def test_a_split_of_which_nobody_knows_the_shares_may_be_given_up(before: store.Snapshot) -> None:
    """Under ``unknown``: its own figures end, those of who received a part stay without it; nothing is guessed."""
    d = noted(regions=lambda r: without(r, AALTEN))
    end = UnknownReorganisation.model_validate(
        {"from": AALTEN, "name": "Aalten", "date": "2027-01-01", "reason": "Verzonnen voor een test."}
    )
    known = few(replace(d, layout=d.layout.model_copy(update={"unknown": (*d.layout.unknown, end)})))
    codes = {c: n for c, n in edition().names.items() if c in edition().municipalities and c != AALTEN}
    (found,) = reorganised(known, before, codes, {AALTEN: {WINTERSWIJK: 0.6, BERKELLAND: 0.4}})
    assert found.known and found.others == (WINTERSWIJK, BERKELLAND)
    assert brought(known, edition().municipalities, 2027) == set(codes)
    areas = before.areas[before.areas["area"] != AALTEN]
    rows = on_layout(known, before, areas).observations
    assert AALTEN not in set(rows["area"])
    mine = rows[(rows["indicator"] == "inwoners") & (rows["area"] == WINTERSWIJK) & (rows["year"] == 2024)]
    assert mine["value"].tolist() == [_value(before, "inwoners", WINTERSWIJK, 2024)]


def test_an_older_year_is_no_reorganisation() -> None:
    """Boundaries of before 2023 have municipalities that vanished since."""
    shapes = {**country(), "GM0501": ("Brielle", outlines()["GM1992"])}
    del shapes["GM1992"]
    refused(Services(shapes, year=2022), "ouder dan die van de editie", "Brielle (GM0501, opgeheven op 2023-01-01)")


def test_a_date_that_does_not_fit_is_refused() -> None:
    """The entry says that Aalten is gone in 2027, PDOK still has it then."""
    known = noted((AALTEN, WINTERSWIJK), regions=lambda r: without(r, AALTEN))
    refused(Services(country(), year=2027), "kloppen niet met herindelingen.yaml: Aalten", known=known)
    assert brought(known, edition().municipalities, 2026) == set(edition().municipalities)


# -- the way out, from end to end ---------------------------------------------------------------------------


FEW = ("inwoners", "overgewicht", "mediaan-inkomen", "afstand-supermarkt")


def few(d: Definitions) -> Definitions:
    """With a sum, a mean with margins, a median and a mean of a register only."""
    return replace(d, indicators=tuple(i for i in d.indicators if i.id in FEW))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> store.Snapshot:
    """A small edition with real outlines, on the layout of 2026."""
    folder = tmp_path_factory.mktemp("grenzen") / "editie"
    weights = edition().weights
    weights = weights[weights["quantity"].astype(str).str.startswith("inwoners")]
    with swap.replacing(folder) as fresh:
        for name in (paths.MAP, paths.NEIGHBOURS, paths.DETAIL):
            (fresh / name).write_bytes((edition().folder / name).read_bytes())
        rows = published()
        rows = rows[rows["indicator"].isin(FEW)]
        finish(few(small()), rows, weights, edition().areas, edition().manifest["sources"], fresh, "2026-11")
    return store.read(folder)


def member(region: Region) -> Region:
    """The Achterhoek with the new municipality in the place of the two that it was made of."""
    if region.id != "achterhoek":
        return region
    changed = without(without(region, AALTEN), WINTERSWIJK)
    fresh = next(m for m in region.members if m.code == AALTEN).model_copy(update={"code": NEW, "name": "Nieuwstad"})
    return changed.model_copy(update={"members": (*changed.members, fresh)})


def test_with_the_entry_in_place_the_new_year_goes_through(before: store.Snapshot, tmp_path: Path) -> None:
    """Outlines, areas and every series on the new layout: the region's own figures do not change by it."""
    known = few(noted((AALTEN, NEW), (WINTERSWIJK, NEW), regions=member))
    services = Services(merged(NEW, "Nieuwstad", AALTEN, WINTERSWIJK), year=2027)
    folder = tmp_path / "editie"
    shutil.copytree(before.folder, folder)
    with serving(services) as (_, settings):
        with pytest.raises(SourceInvalid, match="Aalten"):
            refresh_boundaries(few(small()), folder, 2027, settings=settings)
        assert store.fingerprint(folder) == store.fingerprint(before.folder), "the old edition stays as it is"
        done = refresh_boundaries(known, folder, 2027, settings=settings, today=datetime(2027, 2, 1, tzinfo=UTC))
        again = refresh_boundaries(known, folder, 2027, settings=settings)
    after = store.read(folder)
    assert not done.unchanged and again.unchanged and after.edition == done.edition == again.edition
    log = store.changes(folder)
    assert "Aalten" in log
    assert "## Grenzen op de kaart\n\n- Nu: Gemeentegrenzen, gegeneraliseerd, indeling 2027 (" in log
    assert "opgehaald op 1 februari 2027); daarvoor: Gemeentegrenzen, gegeneraliseerd, indeling 2023-2026 (" in log
    row = after.areas.set_index("area").loc[NEW]
    assert (row["name"], row["corop"], row["province"]) == ("Nieuwstad", "CR14", "PV25") and row["border_km"] < 10
    assert len(after.municipalities) == 341 and AALTEN not in after.names and layout_year(after) == 2027
    assert len(json.loads((after.folder / paths.MAP).read_text())["features"]) == 341
    for year in (2016, 2024, 2026):
        parts = [_value(before, "inwoners", c, year) for c in (AALTEN, WINTERSWIJK)]
        assert _value(after, "inwoners", NEW, year) == sum(parts)
    people = [_value(before, "inwoners", c, 2024) for c in (AALTEN, WINTERSWIJK)]
    far = [_value(before, "afstand-supermarkt", c, 2024) for c in (AALTEN, WINTERSWIJK)]
    expected = sum(p * f for p, f in zip(people, far, strict=True)) / sum(people)
    assert _value(after, "afstand-supermarkt", NEW, 2024) == pytest.approx(expected)
    assert after.row("mediaan-inkomen", NEW, 2021) is None, "a median is never averaged"
    for indicator in ("inwoners", "afstand-supermarkt", "overgewicht"):
        old, new = (s.series(indicator, "achterhoek").set_index("year")["value"] for s in (before, after))
        assert len(old) and new.to_dict() == pytest.approx(old.to_dict())
    row = after.row("overgewicht", NEW, 2024)
    assert row and row["lower"] < row["value"] < row["upper"] and row["source"] and row["basis"] == "cbs"
    # The layout that was left stays known, per year: a revised table of 2024 has these codes.
    kept = after.weights[after.weights["quantity"] == "inwoners" + OLD_LAYOUT]
    assert {AALTEN, WINTERSWIJK} <= set(kept.loc[kept["year"] == 2024, "area"])
    assert newer_codes(known, after, _table({AALTEN: 2026, NEW: 2027})) == {}


def test_the_same_layout_brings_nothing_in_motion(before: store.Snapshot) -> None:
    """Only the areas are taken over."""
    areas = before.areas.assign(border_km=1.0)
    same = on_layout(small(), before, areas)
    assert same.observations is before.observations and same.weights is before.weights and same.areas is areas


def test_a_new_municipality_across_corop_areas_is_looked_up() -> None:
    """Where predecessors disagree PDOK says in which COROP, province and GGD region it lies."""
    old, parts = edition().areas.set_index("area"), ("GM0262", BERKELLAND)
    shapes = merged(NEW, "Nieuwstad", *parts)
    services = Services(shapes, year=2027)
    box = shapely.box(3, 50, 8, 54)
    services.others = {k: {c: (c, box)} for k, c in (("coropgebied_gegeneraliseerd", "CR14"),)}
    had = replace(edition(), areas=old.assign(corop=old["corop"].mask(old.index == "GM0262", "CR13")).reset_index())
    told = reorganised(noted((parts[0], NEW), (parts[1], NEW)), had, {c: n for c, (n, _) in shapes.items()})
    abroad = Outlines(("DE94B",), ("",), (outlines()["DE94B"],))
    with serving(services) as (_, settings):
        areas = boundaries._areas(Web(settings), had, _outlines(shapes), abroad, told, 2027).set_index("area")
        assert (areas.at[NEW, "corop"], areas.at[NEW, "ggd"]) == ("CR14", old.at[BERKELLAND, "ggd"])
        services.others["coropgebied_gegeneraliseerd"]["CR15"] = ("CR15", box)
    with serving(services) as (_, settings), pytest.raises(SourceInvalid, match="Nieuwstad"):
        boundaries._areas(Web(settings), had, _outlines(shapes), abroad, told, 2027)


def _value(snapshot: store.Snapshot, indicator: str, area: str, year: int) -> float:
    row = snapshot.row(indicator, area, year)
    assert row is not None, (indicator, area, year)
    return float(row["value"])


# -- tables -------------------------------------------------------------------------------------------------


def _table(last: dict[str, int], first: int = 2020) -> pd.DataFrame:
    """A table in which every municipality has a value up to a year; 2026 for those not named."""
    until = {**dict.fromkeys(edition().municipalities, 2026), **last}
    rows = [(c, y, 1.0) for c, end in until.items() for y in range(first, end + 1)]
    return pd.DataFrame(rows, columns=["area", "year", "value"])


def test_a_table_on_a_newer_layout_is_refused() -> None:
    """Also when it was recalculated and has the new code in old years only."""
    rows = pd.concat([_table({}), pd.DataFrame([("GM2001", 2023, 1.0)], columns=["area", "year", "value"])])
    with pytest.raises(SourceInvalid) as failure:
        check_layout(definitions(), edition(), "Tabel 80305ned", rows, names={NEW: "Nieuwstad"})
    said = str(failure.value)
    assert "Tabel 80305ned" in said and "Nieuwstad (GM2001)" in said and "herindelingen.yaml" in said


def test_codes_of_older_layouts_are_no_news() -> None:
    """Known ones, ones that vanished before all layouts that we know, codes without values, and 'onbekend'."""
    rows = _table({"GM0501": 2022, "GM0457": 2021}, first=2006)
    more = [("GM0304", 2012, 1.0), ("GM9999", 2024, 1.0), ("GM2001", 2024, float("nan")), ("GM0998  ", 2024, 1.0)]
    rows = pd.concat([rows, pd.DataFrame(more, columns=["area", "year", "value"])])
    assert newer_codes(definitions(), edition(), rows) == {}
    check_layout(definitions(), edition(), "Tabel 80305ned", rows)


def test_who_has_no_inhabitants_any_more_has_vanished() -> None:
    """A merger into a municipality that keeps its code brings no new code; only a full count can tell."""
    ends = {**dict.fromkeys(edition().municipalities, 2027), AALTEN: 2026}
    check_layout(definitions(), edition(), "Tabel X", _table(ends))
    with pytest.raises(SourceInvalid, match=r"zonder cijfer: Aalten \(GM0197\)"):
        check_layout(definitions(), edition(), "Tabel X", _table(ends), complete=True)


def test_a_noted_reorganisation_asks_for_the_boundaries_first() -> None:
    """The entry is there, the edition is still on the old layout: figures of 2027 would bend the series."""
    known = noted((AALTEN, WINTERSWIJK), regions=lambda r: without(r, AALTEN))
    ends = {**dict.fromkeys(edition().municipalities, 2027), AALTEN: 2026}
    with pytest.raises(SourceInvalid, match="Ververs eerst de gemeentegrenzen"):
        check_layout(known, edition(), "Tabel X", _table(ends))
    current = [c for c in edition().municipalities if c != AALTEN]
    check_layout(known, edition(), "Tabel X", _table(ends), current=current)
    check_layout(known, edition(), "Tabel X", _table({}))
