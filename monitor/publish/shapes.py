"""Outlines as paths of a small drawing: simplified together, on whole units, each step from the point before it.

Neighbouring municipalities keep one border between them: they are simplified as a coverage, and the same point is
always rounded to the same unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from monitor.figures import style
from monitor.figures.geometry import Outlines, inner_point, rings

# Units of the drawing: its width; about 420 metres each.
WIDTH = 900
# How much may be cut off a corner: of municipalities as an area of square units, of the neighbours as a distance.
_TOLERANCE, _ABROAD = 1.2, 2.5
Point = tuple[int, int]


def _mercator(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


_SCALE = WIDTH / (style.LON[1] - style.LON[0])
_TOP = _mercator(style.LAT[1])
HEIGHT = round((_TOP - _mercator(style.LAT[0])) * _SCALE)


def at(lon: float, lat: float) -> tuple[float, float]:
    """Place of a point in the drawing: degrees to units from the left and from the top."""
    return (lon - style.LON[0]) * _SCALE, (_TOP - _mercator(lat)) * _SCALE


def _flat(geometry: Any) -> Any:
    return shapely.transform(geometry, lambda points: [at(x, y) for x, y in points])


@dataclass(frozen=True)
class Shapes:
    """Paths (the ``d`` of an SVG path) of municipalities by code, of regions by slug and of all that lies abroad.

    ``centres``: a point well inside each region, in units.
    """

    municipalities: Mapping[str, str]
    regions: Mapping[str, str]
    abroad: str
    centres: Mapping[str, Point]

    @classmethod
    def of(cls, outlines: Outlines) -> Shapes:
        """Simplify the outlines of an edition."""
        codes = sorted(outlines.municipalities)
        simple = shapely.coverage_simplify([_flat(outlines.municipalities[c]) for c in codes], _TOLERANCE)
        flat = dict(zip(codes, simple, strict=True))
        # Joined from the simplified municipalities, so that the line of a region runs along theirs.
        members = {
            slug: [c for c in codes if _lies_in(outlines.municipalities[c], g)] for slug, g in outlines.regions.items()
        }
        regions = {slug: shapely.union_all([flat[c] for c in own]) for slug, own in members.items()}
        inside = {slug: at(*inner_point(g)) for slug, g in outlines.regions.items()}
        abroad = [_flat(g).simplify(_ABROAD) for _, g in sorted(outlines.neighbours.items())]
        window = shapely.box(-30, -30, WIDTH + 30, HEIGHT + 30)
        return cls(
            {c: path(g) for c, g in flat.items()},
            {slug: path(g) for slug, g in regions.items()},
            "".join(path(g.intersection(window)) for g in abroad),
            {slug: (round(x), round(y)) for slug, (x, y) in inside.items()},
        )


def _lies_in(part: Any, whole: Any) -> bool:
    return bool(whole.intersects(part.representative_point()))


def path(geometry: Any) -> str:
    """A polygon in units as a path on whole units; rings that shrink to a line are left out."""
    return "".join(_ring([(round(x), round(y)) for x, y in ring]) for ring in rings(geometry))


def _ring(points: list[Point]) -> str:
    """One ring, closed: where it begins, and from there the steps."""
    kept = [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]
    if len(set(kept)) < 3:
        return ""
    steps = []
    for (x0, y0), (x1, y1) in zip(kept, kept[1:-1] if kept[0] == kept[-1] else kept[1:], strict=False):
        dx, dy = x1 - x0, y1 - y0
        steps.append(f"{dx}{'' if dy < 0 else ' '}{dy}")
    joined = steps[0] + "".join(s if s.startswith("-") else f" {s}" for s in steps[1:])
    return f"M{kept[0][0]} {kept[0][1]}l{joined}z"
