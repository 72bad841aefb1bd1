"""Outlines of areas in memory, whatever they came from: a file, PDOK or GISCO."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from pyproj import Transformer
from shapely.geometry import shape

from monitor.errors import SourceInvalid

_TO_RD = Transformer.from_crs(4326, 28992, always_xy=True).transform
_TO_WGS = Transformer.from_crs(28992, 4326, always_xy=True).transform
_DAMAGED = "Probeer het later opnieuw; de grenzen die er al zijn blijven in gebruik."


def to_metres(shapes: Iterable[Any]) -> list[Any]:
    """Degrees (EPSG:4326) to metres (EPSG:28992, RD)."""
    return [shapely.transform(s, _TO_RD, interleaved=False) for s in shapes]


def to_degrees(shapes: Iterable[Any]) -> list[Any]:
    """Metres (EPSG:28992, RD) to degrees (EPSG:4326)."""
    return [shapely.transform(s, _TO_WGS, interleaved=False) for s in shapes]


def polygons(geometry: Any) -> Any:
    """Keep the polygons of whatever a step left: lines and points have no area to colour."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [g for g in shapely.get_parts(geometry) if g.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


@dataclass(frozen=True, eq=False)
class Outlines:
    """Areas with their outlines, ordered by code: shapely polygons in degrees (EPSG:4326), x before y."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: tuple[Any, ...]

    @cached_property
    def metres(self) -> list[Any]:
        """The outlines in RD metres."""
        return to_metres(self.shapes)

    @cached_property
    def named(self) -> dict[str, str]:
        """Code -> name."""
        return dict(zip(self.codes, self.names, strict=True))

    @property
    def fingerprint(self) -> str:
        """Changes when a code, a name or a coordinate does, and not with the order in which the areas came."""
        digest = hashlib.sha256()
        for code, name, outline in zip(self.codes, self.names, self.shapes, strict=True):
            digest.update(f"{code}\0{name}\0".encode())
            digest.update(shapely.to_wkb(outline, byte_order=1))
        return digest.hexdigest()


def of_features(features: Iterable[Mapping[str, Any]], code: str, name: str, what: str) -> Outlines:
    """Make outlines of GeoJSON features; geometry that crosses itself is mended.

    Args:
        features: with ``properties`` and ``geometry`` (Polygon or MultiPolygon, degrees).
        code: the property that holds the code.
        name: the property that holds the name.
        what: how a message names the source.

    Raises:
        SourceInvalid: a feature lacks its code or geometry, a code occurs twice, or no area is left of an outline.
    """
    found: dict[str, tuple[str, Any]] = {}
    for feature in features:
        own, told, outline = _one(feature, code, name, what)
        if own in found:
            raise SourceInvalid(f"{what}: {told} ({own}) komt er twee keer in voor.", _DAMAGED)
        found[own] = told, outline
    if not found:
        raise SourceInvalid(f"{what}: er staat geen enkel gebied in.", _DAMAGED)
    codes = tuple(sorted(found))
    return Outlines(codes, tuple(found[c][0] for c in codes), tuple(found[c][1] for c in codes))


def _one(feature: Mapping[str, Any], code: str, name: str, what: str) -> tuple[str, str, Any]:
    try:
        own = str(feature["properties"][code]).strip()
        told = str(feature["properties"].get(name) or own)
    except (KeyError, TypeError, AttributeError):
        raise SourceInvalid(f"{what}: een gebied heeft geen '{code}'.", _DAMAGED) from None
    try:
        outline = polygons(shapely.make_valid(shape(feature["geometry"])))
        whole = not outline.is_empty and all(abs(b) <= 180 for b in outline.bounds)
    except (shapely.errors.ShapelyError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        whole = False
    if not whole:
        raise SourceInvalid(f"{what}: de omtrek van {told} ({own}) is leeg, kapot of niet in graden.", _DAMAGED)
    return own, told, outline


def of_file(path: Path, code: str, name: str) -> Outlines:
    """Read outlines from a GeoJSON file.

    Raises:
        SourceInvalid: the file is missing, damaged or holds an unusable feature.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SourceInvalid(f"Grenzenbestand {path.name} ontbreekt of is beschadigd.", "Controleer --from.") from None
    return of_features(features, code, name, f"Grenzenbestand {path.name}")
