"""Boundaries: municipalities (CBS/Kadaster) and the regions across the border (Eurostat GISCO).

Simplified once, as a coverage, so that neighbours keep their common line and no gaps appear.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry import mapping, shape

from monitor.errors import SourceInvalid
from monitor.paths import DETAIL, MAP, NEIGHBOURS

MUNICIPAL_FILE = "geo/gemeenten_cbs_gegeneraliseerd_lijnen2022_codes2025.geojson"
NEIGHBOUR_FILE = "geo/nuts3_2021_be_de.geojson"
# What a map of the country shows: degrees west, south, east, north.
EXTENT = (2.9, 50.5, 7.65, 53.75)
_MAP_TOLERANCE, _DETAIL_TOLERANCE = 400.0, 60.0
_TO_RD = Transformer.from_crs(4326, 28992, always_xy=True).transform
_TO_WGS = Transformer.from_crs(28992, 4326, always_xy=True).transform


def _load(path: Path, code: str) -> tuple[list[str], list[Any], list[dict[str, Any]]]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError):
        raise SourceInvalid(f"Grenzenbestand {path.name} ontbreekt of is beschadigd.", "Controleer --from.") from None
    features.sort(key=lambda f: f["properties"][code])
    shapes = [shapely.make_valid(shape(f["geometry"])) for f in features]
    return [f["properties"][code] for f in features], shapes, [f["properties"] for f in features]


def _simplify(shapes: list[Any], tolerance: float, decimals: int) -> list[Any]:
    """Simplify a coverage in metres (RD) and give it back in degrees, rings clockwise outside."""
    metres = [shapely.transform(s, _TO_RD, interleaved=False) for s in shapes]
    simple = shapely.coverage_simplify(metres, tolerance)
    degrees = [shapely.transform(s, _TO_WGS, interleaved=False) for s in simple]
    rounded = [shapely.transform(s, lambda xy: xy.round(decimals)) for s in degrees]
    polygons = [_polygons(shapely.make_valid(s)) for s in rounded]
    return [shapely.orient_polygons(p, exterior_cw=True) for p in polygons]


def _polygons(geometry: Any) -> Any:
    """Keep the polygons of whatever rounding left: lines and points have no area to colour."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [g for g in shapely.get_parts(geometry) if g.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def _write(path: Path, ids: list[str], shapes: list[Any], extra: list[dict[str, Any]]) -> None:
    features = [
        {"type": "Feature", "id": i, "properties": e, "geometry": mapping(s)}
        for i, s, e in zip(ids, shapes, extra, strict=True)
        if not s.is_empty
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


def border_distances(root: Path) -> dict[str, float]:
    """Kilometres from the middle of each municipality to Belgium or Germany, to one decimal.

    The middle is the centre of the largest circle within the outline. Water borders count like any other; the coast
    does not.

    Raises:
        SourceInvalid: a file is missing or damaged.
    """
    codes, shapes, _ = _load(root / MUNICIPAL_FILE, "statcode")
    _, foreign, _ = _load(root / NEIGHBOUR_FILE, "NUTS_ID")
    abroad = shapely.union_all([shapely.transform(s, _TO_RD, interleaved=False) for s in foreign])
    shapely.prepare(abroad)
    metres = [shapely.transform(s, _TO_RD, interleaved=False) for s in shapes]
    middles = [shapely.get_point(shapely.maximum_inscribed_circle(m, tolerance=100), 0) for m in metres]
    return {c: round(float(shapely.distance(p, abroad)) / 1000, 1) for c, p in zip(codes, middles, strict=True)}


def write_geometry(root: Path, folder: Path) -> dict[str, dict[str, Any]]:
    """Write the outlines that ship with an edition.

    Writes ``municipalities.geojson`` (342, for a national map), ``neighbours.geojson`` (Belgium and Germany
    within the map's extent) and ``detail.parquet`` (area, wkb: municipalities for a regional map and the
    neighbours). All EPSG:4326, degrees.

    Returns:
        Manifest entries of the two sources.

    Raises:
        SourceInvalid: a file is missing or does not hold 342 municipalities.
    """
    codes, shapes, _ = _load(root / MUNICIPAL_FILE, "statcode")
    if len(codes) != 342:
        raise SourceInvalid(
            f"{MUNICIPAL_FILE} heeft {len(codes)} gemeenten, geen 342.", "Gebruik de indeling 2023-2026."
        )
    _write(folder / MAP, codes, _simplify(shapes, _MAP_TOLERANCE, 3), [{} for _ in codes])
    detail = _simplify(shapes, _DETAIL_TOLERANCE, 4)

    ids, foreign, about = _load(root / NEIGHBOUR_FILE, "NUTS_ID")
    window = shapely.box(*EXTENT)
    inside = [
        (i, s.intersection(window), a) for i, s, a in zip(ids, foreign, about, strict=True) if s.intersects(window)
    ]
    near = [shapely.orient_polygons(_polygons(s), exterior_cw=True) for _, s, _ in inside]
    near = [shapely.transform(s, lambda xy: xy.round(3)) for s in near]
    _write(
        folder / NEIGHBOURS,
        [i for i, _, _ in inside],
        near,
        [{"country": a["CNTR_CODE"]} for _, _, a in inside],
    )

    frame = pd.DataFrame(
        {"area": codes + [i for i, _, _ in inside], "wkb": [shapely.to_wkb(s) for s in [*detail, *near]]}
    )
    frame.to_parquet(folder / DETAIL, compression="zstd", index=False)
    return {
        "GRENZEN": {
            "publisher": "CBS en Kadaster",
            "title": "Gemeentegrenzen, gegeneraliseerd, indeling 2023-2026",
            "page": "https://www.pdok.nl/introductie/-/article/cbs-gebiedsindelingen",
            "licence": "CC BY 4.0",
            "rows": len(codes),
            "sha256": hashlib.sha256((root / MUNICIPAL_FILE).read_bytes()).hexdigest(),
            "modified": None,
            "retrieved": None,
        },
        "BUURLANDEN": {
            "publisher": "Eurostat GISCO, (c) EuroGeographics",
            "title": "Grenzen van NUTS 3-gebieden 2021 in België en Duitsland",
            "page": "https://ec.europa.eu/eurostat/web/gisco/geodata/statistical-units",
            "licence": "(c) EuroGeographics voor de bestuurlijke grenzen; voor commercieel gebruik toestemming vragen",
            "rows": len(inside),
            "sha256": hashlib.sha256((root / NEIGHBOUR_FILE).read_bytes()).hexdigest(),
            "modified": None,
            "retrieved": None,
        },
    }
