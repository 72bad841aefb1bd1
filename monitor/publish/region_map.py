"""The map of one region with its municipalities and their names, as inline SVG; each municipality is a link."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import shapely

from monitor.definitions import Region
from monitor.figures.geometry import inner_point
from monitor.publish import links
from monitor.publish.shapes import path

_WIDTH, _TOLERANCE, _LETTER = 480, 0.8, 14


def region_map(region: Region, detail: dict[str, Any], names: dict[str, str]) -> str:
    """Members filled, candidates light, other municipalities and countries grey.

    Args:
        region: of which.
        detail: area code -> polygon in degrees.
        names: area code -> name.
    """
    candidates = {m.code for m in region.candidates}
    shown = [c for c in (*region.codes, *sorted(candidates)) if c in detail]
    west, south, east, north = shapely.total_bounds([detail[c] for c in shown])
    margin = 0.07 * max(east - west, north - south)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    top, scale = _mercator(north), _WIDTH / (east - west)
    height = round((top - _mercator(south)) * scale)
    window = shapely.box(west, south, east, north)

    def flat(geometry: Any) -> Any:
        return shapely.transform(geometry, lambda p: [((x - west) * scale, (top - _mercator(y)) * scale) for x, y in p])

    inside = {c: g for c, g in detail.items() if g.intersects(window)}
    codes = sorted(inside)
    simple = dict(
        zip(
            codes,
            shapely.coverage_simplify([flat(inside[c].intersection(window)) for c in codes], _TOLERANCE),
            strict=True,
        )
    )
    around = "".join(
        f'<path class="{"ou" if c[:2] == "GM" else "ab"}" d="{path(simple[c])}"/>' for c in codes if c not in shown
    )
    areas = "".join(
        f'<a href="/{links.municipality(c)}" aria-label="{escape(names[c], quote=True)}">'
        f'<path class="{"ca" if c in candidates else "in"}" d="{path(simple[c])}"><title>{escape(names[c])}</title></path></a>'
        for c in shown
    )
    whole = path(shapely.union_all([simple[c] for c in region.codes if c in simple]))
    texts = _texts([(names[c], *flat_point(flat, detail[c]), detail[c].area, c in candidates) for c in shown])
    return (
        f'<svg class="map reg" viewBox="0 0 {_WIDTH} {height}" role="group" aria-label="Kaart van {escape(region.spoken, quote=True)} '
        f'met de gemeenten">{around}{areas}<path class="r1" d="{whole}"/>{texts}</svg>'
    )


def flat_point(flat: Any, geometry: Any) -> tuple[float, float]:
    """A point well inside an area, in units of the drawing."""
    point = flat(shapely.Point(*inner_point(geometry)))
    return point.x, point.y


def _texts(places: list[tuple[str, float, float, float, bool]]) -> str:
    """Names, moved up or down until none overlaps; one that fits nowhere is left to the list of municipalities."""
    placed: list[tuple[float, float, float]] = []
    made = []
    for name, x, y, _, candidate in sorted(places, key=lambda p: (p[4], -p[3])):
        half, height = 0.26 * _LETTER * len(name) + 3, _LETTER + 4
        x = min(max(x, half + 2), _WIDTH - half - 2)
        for shift in (0, height, -height, 2 * height, -2 * height):
            if all(abs(x - a) > half + b or abs(y + shift - c) > height for a, b, c in placed):
                placed.append((x, half, y + shift))
                css = "gc" if candidate else "gn2"
                made.append(f'<text class="{css}" x="{x:.0f}" y="{y + shift + 5:.0f}">{escape(name)}</text>')
                break
    return f'<g aria-hidden="true">{"".join(made)}</g>'


def _mercator(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
