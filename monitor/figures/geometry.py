"""Outlines of an edition: polygons for maps, drawn by every outlet from one reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from shapely.geometry import mapping, shape

from monitor.errors import SnapshotError
from monitor.paths import DETAIL, MAP, NEIGHBOURS

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Outlines:
    """Polygons in degrees (EPSG:4326): municipalities by code, neighbours by NUTS id, regions by slug."""

    municipalities: Mapping[str, Any]
    neighbours: Mapping[str, Any]
    regions: Mapping[str, Any]


def read_outlines(folder: Path, regions: Mapping[str, Sequence[str]]) -> Outlines:
    """Read an edition's outlines and join municipalities to regions.

    Args:
        folder: the edition.
        regions: slug -> municipal codes.

    Raises:
        SnapshotError: a file is missing or damaged.
    """
    municipalities, neighbours = _read(folder / MAP), _read(folder / NEIGHBOURS)
    # An earlier edition may have another layout than the regions of today.
    joined = {
        s: shapely.union_all([municipalities[c] for c in codes if c in municipalities]) for s, codes in regions.items()
    }
    return Outlines(municipalities, neighbours, joined)


def read_detail(folder: Path) -> dict[str, Any]:
    """Read the detailed outlines for the map of one region: area code -> polygon."""
    frame = pd.read_parquet(folder / DETAIL)
    return {a: shapely.from_wkb(w) for a, w in zip(frame["area"], frame["wkb"], strict=True)}


def _read(path: Path) -> dict[str, Any]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {f["id"]: shape(f["geometry"]) for f in features}
    except (OSError, ValueError, KeyError):
        raise SnapshotError(f"Bestand {path.name} is niet te lezen.", "Zet data/snapshot terug met git.") from None


def collection(shapes: Mapping[str, Any], properties: Mapping[str, dict[str, str]] | None = None) -> dict[str, Any]:
    """Return polygons as GeoJSON, outer rings clockwise as Plotly wants them; the id of a feature is its key."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": key,
                "properties": (properties or {}).get(key, {}),
                "geometry": mapping(shapely.orient_polygons(geometry, exterior_cw=True)),
            }
            for key, geometry in shapes.items()
        ],
    }


def together(shapes: Iterable[Any]) -> Any:
    """Return polygons as one multipolygon that keeps the lines between them."""
    return shapely.multipolygons([p for g in shapes for p in shapely.get_parts(g) if p.geom_type == "Polygon"])


def rings(geometry: Any) -> list[Ring]:
    """Return the outer rings of a polygon or multipolygon as lists of (lon, lat)."""
    parts = shapely.get_parts(geometry) if geometry.geom_type.startswith("Multi") else [geometry]
    return [[(float(x), float(y)) for x, y in p.exterior.coords] for p in parts if p.geom_type == "Polygon"]


def polygons(geometry: Any) -> list[list[Ring]]:
    """Return each polygon as its outer ring followed by its holes."""
    parts = shapely.get_parts(geometry) if geometry.geom_type.startswith("Multi") else [geometry]
    return [
        [[(float(x), float(y)) for x, y in r.coords] for r in (p.exterior, *p.interiors)]
        for p in parts
        if p.geom_type == "Polygon"
    ]


def line(geometries: Iterable[Any]) -> tuple[list[float | None], list[float | None]]:
    """Return outer rings as one broken line: longitudes and latitudes with None between rings."""
    lon: list[float | None] = []
    lat: list[float | None] = []
    for geometry in geometries:
        for ring in rings(geometry):
            lon += [x for x, _ in ring] + [None]
            lat += [y for _, y in ring] + [None]
    return lon, lat


def inner_point(geometry: Any) -> tuple[float, float]:
    """Return a point that lies well inside: for a name."""
    largest = max(shapely.get_parts(geometry), key=lambda p: p.area) if geometry.geom_type != "Polygon" else geometry
    point = shapely.get_point(shapely.maximum_inscribed_circle(largest), 0)
    return float(point.x), float(point.y)


def touching(shapes: Mapping[str, Any], within: float = 0.002) -> dict[str, frozenset[str]]:
    """Return per shape the shapes that lie against it.

    Args:
        shapes: code -> polygon in degrees.
        within: how far apart they may be, in degrees; simplified outlines do not everywhere meet.
    """
    codes, geometries = list(shapes), list(shapes.values())
    first, second = shapely.STRtree(geometries).query(geometries, predicate="dwithin", distance=within)
    found: dict[str, set[str]] = {c: set() for c in codes}
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        if a != b:
            found[codes[a]].add(codes[b])
    return {code: frozenset(others) for code, others in found.items()}
