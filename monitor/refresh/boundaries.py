"""Outlines of a year, fetched, held against the edition in force, and made ready to write."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import shapely

from monitor.definitions import Definitions
from monitor.errors import SourceInvalid
from monitor.figures.geometry import read_detail
from monitor.refresh.models import Geometry, Progress, Step
from monitor.refresh.reorganised import Reorganised, brought, refuse_unknown, reorganised, vanishing
from monitor.snapshot.store import Snapshot
from monitor.sources import coverage, gisco, pdok
from monitor.sources.boundaries import (
    Drawn,
    distances,
    draw,
    entry_of_municipalities,
    entry_of_neighbours,
)
from monitor.sources.outlines import Outlines, to_metres
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.web import Web

# How much a municipality may differ in size from the edition in force without a reorganisation.
_CHANGE = 0.25
# Of a municipality that is not there any more, this much of its ground must lie in others; else it is just missing.
_COVERED = 0.5
_LEVELS: dict[str, pdok.Collection] = {
    "corop": "coropgebied_gegeneraliseerd",
    "province": "provincie_gegeneraliseerd",
    "ggd": "ggdregio_gegeneraliseerd",
}
_LATER = "De grenzen die er al zijn blijven in gebruik. Probeer het later opnieuw of kies een ander jaar."


def fresh_boundaries(
    definitions: Definitions,
    old: Snapshot,
    year: int,
    settings: Settings | None = None,
    progress: Progress | None = None,
    *,
    today: date | None = None,
    web: Web | None = None,
) -> tuple[Geometry | None, pd.DataFrame | None]:
    """Fetch the municipal boundaries of a year from PDOK and the neighbours from GISCO, and check them.

    Args:
        definitions: regions, neighbours and reorganisations.
        old: the edition in force.
        year: of the municipal layout, as of 1 January.
        settings: how to reach the services; from the environment if None.
        progress: told what is fetched.
        today: date of retrieval for the manifest; the day of the call if None.
        web: asks, instead of one made with ``settings``.

    Returns:
        What writes the outlines into a folder and returns the manifest entries GRENZEN and BUURLANDEN, and the areas
        of the new layout (columns of ``areas.parquet``, kilometres to the border computed anew). Both None when the
        edition has these outlines already.

    Raises:
        SourceUnavailable: PDOK or GISCO cannot be reached.
        SourceInvalid: other municipalities than the edition has and herindelingen.yaml explains; overlap, gap or an
            impossible size; an answer of another year or form.
    """
    web = web or Web(settings or Settings.from_environment())
    say = progress or (lambda step: None)
    ours, theirs = f"Gemeentegrenzen {year} (PDOK)", "Grenzen van buurlanden (GISCO)"
    say(Step("ophalen", 0, 2, 0, (ours,), theirs))
    municipalities = pdok.fetch_outlines(web, year, progress=lambda n: say(Step("ophalen", 0, 2, n, (ours,), theirs)))
    counted = len(municipalities.codes)
    say(Step("ophalen", 1, 2, counted, (theirs,)))
    neighbours = gisco.fetch_neighbours(web, tuple(n.id for n in definitions.neighbours))
    say(Step("controleren", 2, 2, counted + len(neighbours.codes)))
    if _unchanged(old, municipalities, neighbours, year):
        return None, None
    before = _land(old)
    changed = _hold(definitions, old, before, municipalities, year)
    whole = coverage.mended(municipalities, ours)
    _hold_ground(before, municipalities, whole, changed, ours)
    drawn = draw(municipalities, neighbours, whole)
    areas = _areas(web, old, municipalities, neighbours, changed, year)
    when = (today or date.today()).isoformat()
    common = {"retrieved": when}
    entries = {
        "GRENZEN": {
            **entry_of_municipalities(municipalities),
            **common,
            "title": f"Gemeentegrenzen, gegeneraliseerd, indeling {year}",
            "year": year,
            "url": f"{pdok.page_url(web.settings.pdok_url)}?jaarcode={year}",
        },
        "BUURLANDEN": {
            **entry_of_neighbours(neighbours, drawn),
            **common,
            "year": gisco.NUTS_YEAR,
            "url": gisco.file_url(web.settings.gisco_url),
        },
    }
    return partial(_put, drawn, entries), areas


def _put(drawn: Drawn, entries: dict[str, dict[str, Any]], folder: Path) -> dict[str, dict[str, Any]]:
    drawn.write(folder)
    return entries


def _unchanged(old: Snapshot, municipalities: Outlines, neighbours: Outlines, year: int) -> bool:
    sources = old.manifest["sources"]
    ours, theirs = sources.get("GRENZEN", {}), sources.get("BUURLANDEN", {})
    same = ours.get("sha256") == municipalities.fingerprint and theirs.get("sha256") == neighbours.fingerprint
    return bool(same and ours.get("year") == year)


def _hold(
    definitions: Definitions, old: Snapshot, before: dict[str, Any], fresh: Outlines, year: int
) -> tuple[Reorganised, ...]:
    """Hold the municipalities against those of the edition; give what a known reorganisation changed."""
    what = f"Gemeentegrenzen {year} (PDOK)"
    codes = set(fresh.codes)
    older = vanishing(definitions)
    back = sorted(c for c in codes - set(old.municipalities) if c in older)
    if back:
        told = coverage.some([f"{fresh.named[c]} ({c}, opgeheven op {older[c]})" for c in back])
        raise SourceInvalid(f"{what}: deze indeling is ouder dan die van de editie: {told}.", "Kies een later jaar.")
    gone = sorted(set(old.municipalities) - codes)
    ground = _ground(before, fresh, gone)
    lost = [old.names[c] for c in gone if c in ground and sum(ground[c].values()) < _COVERED]
    if lost:
        told = f"er zijn {len(codes)} gemeenten; {coverage.some(lost)} ontbreekt, en niemand anders ligt daar nu"
        raise SourceInvalid(f"{what}: {told}.", _LATER)
    changed = reorganised(definitions, old, fresh.named, ground)
    refuse_unknown(definitions, old, changed, year)
    # All that is new is explained by now; of one that nobody knows the origin of, herindelingen.yaml has no code.
    other = (codes ^ brought(definitions, old.municipalities, year)) - {r.code for r in changed if not r.gone}
    if other:
        wrong = coverage.some([fresh.named.get(c) or old.names.get(c, c) for c in sorted(other)])
        raise SourceInvalid(
            f"{what}: de gemeenten kloppen niet met herindelingen.yaml: {wrong}.",
            "Controleer de datum en de codes van de herindeling in data/definitions/herindelingen.yaml.",
        )
    return changed


def _hold_ground(
    before: dict[str, Any], fresh: Outlines, whole: list[Any], changed: tuple[Reorganised, ...], what: str
) -> None:
    """Hold outlines (``whole``, metres) against those of the edition: no land lost, none much larger or smaller."""
    if not before:
        return
    coverage.check_gaps(fresh.names, whole, shapely.union_all(list(before.values())), what)
    others = {c for r in changed for c in (r.code, *r.others)}
    same = [k for k, c in enumerate(fresh.codes) if c in before and c not in others]
    was, now = [before[fresh.codes[k]] for k in same], [whole[k] for k in same]
    names = [fresh.names[k] for k in same]
    coverage.check_kept(fresh, whole, before, coverage.LOST, what)
    coverage.check_changed(names, was, now, _CHANGE, what, "die in de editie")


def _land(old: Snapshot) -> dict[str, Any]:
    """The municipalities of the edition, metres; empty when its outlines cannot be read."""
    try:
        shapes = read_detail(old.folder)
    except (OSError, ValueError, KeyError, pa.ArrowException, shapely.errors.ShapelyError):
        return {}
    own = [c for c in old.municipalities if c in shapes]
    return dict(zip(own, (shapely.make_valid(s) for s in to_metres(shapes[c] for c in own)), strict=True))


def _ground(before: dict[str, Any], fresh: Outlines, gone: list[str]) -> dict[str, dict[str, float]]:
    """Per municipality that is not there any more: which part of its ground lies in which other."""
    tree = shapely.STRtree(fresh.metres)
    found: dict[str, dict[str, float]] = {}
    for code in (c for c in gone if c in before):
        was = before[code]
        near = [int(k) for k in tree.query(was, predicate="intersects")]
        found[code] = {
            fresh.codes[k]: float(shapely.intersection(shapely.make_valid(fresh.metres[k]), was).area / was.area)
            for k in near
        }
    return found


def _areas(
    web: Web,
    old: Snapshot,
    municipalities: Outlines,
    neighbours: Outlines,
    changed: tuple[Reorganised, ...],
    year: int,
) -> pd.DataFrame:
    """The areas of the new layout; a new municipality gets the COROP, province and GGD region of its predecessors."""
    own = old.areas.set_index("area")
    kept = old.areas[~old.areas["area"].isin([r.code for r in changed if r.gone])]
    rows = []
    for one in (r for r in changed if not r.gone):
        row: dict[str, Any] = {"area": one.code, "name": one.name, "level": "gemeente"}
        middle = municipalities.shapes[municipalities.codes.index(one.code)].representative_point()
        for level, collection in _LEVELS.items():
            values = {str(own.at[c, level]) for c in one.others}
            row[level] = values.pop() if len(values) == 1 else _lookup(web, year, collection, middle, one.name)
        rows.append(row)
    areas = pd.concat([kept, pd.DataFrame(rows)], ignore_index=True) if rows else kept.copy()
    near = distances(municipalities, neighbours)
    areas["border_km"] = areas["area"].map(near).astype("float64")
    names = areas["area"].map(municipalities.named)
    areas["name"] = names.where(names.notna(), areas["name"])
    return areas.astype(old.areas.dtypes.to_dict()).sort_values("area", ignore_index=True)[list(old.areas.columns)]


def _lookup(web: Web, year: int, collection: pdok.Collection, middle: Any, name: str) -> str:
    """In which area of PDOK a new municipality lies, where its predecessors were of more than one."""
    found = pdok.fetch_outlines(web, year, collection)
    inside = [c for c, s in zip(found.codes, found.shapes, strict=True) if s.intersects(middle)]
    if len(inside) != 1:
        raise SourceInvalid(f"PDOK zegt niet in welk gebied de nieuwe gemeente {name} ligt ({collection}).", _LATER)
    return inside[0]
