"""The map of both sides of the border: which outlines it shows, and its drawing as SVG.

Shapes lie in a drawing that stretches; names stand on top of it at a place in percent and in pixels, so that they
keep their size. Every text is escaped; the drawing is one line, as Markdown asks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import shapely

from monitor.figures import style
from monitor.figures.border_spec import BorderArea, BorderFigure
from monitor.figures.classes import class_of
from monitor.figures.geometry import Outlines, inner_point, rings

Box = tuple[float, float, float, float]
# Pixels that the map takes at most; names are kept apart for the width that it gets on a wide screen.
WIDE, HIGH = 690, 640
_UNITS = 1000
# The part of the map that an area must take to be coloured, and to carry its name when it is not compared.
_VISIBLE, _NAMED = 0.001, 0.02
# Outlines of both sides lie this far apart at most, in degrees, for a line to be the border between countries.
_APART = 0.012
_SHAPE = (0.95, 1.45)


@dataclass(frozen=True)
class Places:
    """Outlines in degrees (EPSG:4326).

    ``areas``: COROP regions and the regions across the border that have figures; ``rest``: those that have none;
    ``municipalities`` by code; ``border``: the line between the Netherlands and its neighbours; ``extent``: how far
    the outlines of the neighbours go.
    """

    areas: Mapping[str, Any]
    rest: tuple[Any, ...]
    municipalities: Mapping[str, Any]
    border: Any
    extent: Box


def join(outlines: Outlines, corops: Mapping[str, Sequence[str]], neighbours: Sequence[str]) -> Places:
    """Join municipalities to COROP regions and lay the regions across the border beside them.

    Args:
        outlines: of an edition.
        corops: COROP code -> municipal codes.
        neighbours: NUTS ids of the regions across the border that have figures.
    """
    dutch = {c: shapely.union_all([outlines.municipalities[m] for m in codes]) for c, codes in corops.items()}
    abroad = {n: g for n, g in outlines.neighbours.items() if n in neighbours}
    country = shapely.union_all(list(dutch.values()))
    near = shapely.union_all(list(outlines.neighbours.values())).buffer(_APART)
    return Places(
        {**dutch, **abroad},
        tuple(g for n, g in outlines.neighbours.items() if n not in neighbours),
        outlines.municipalities,
        country.boundary.intersection(near),
        tuple(float(v) for v in shapely.total_bounds(list(outlines.neighbours.values()))),  # type: ignore[arg-type]
    )


def places_of(outlines: Outlines, areas: pd.DataFrame, neighbours: Sequence[str]) -> Places:
    """The same from the table of areas of an edition (columns ``area``, ``level``, ``corop``)."""
    municipal = areas[areas["level"] == "gemeente"]
    return join(outlines, {str(c): list(g["area"]) for c, g in municipal.groupby("corop")}, neighbours)


def window(places: Places, areas: Sequence[str]) -> Box:
    """What the map shows: the areas with a margin, in a shape that fits a screen: degrees west, south, east, north."""
    west, south, east, north = shapely.union_all([places.areas[a] for a in areas]).bounds
    # On a Mercator map a degree of latitude is longer than one of longitude.
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    margin = 0.05 * max(east - west, (north - south) * stretch)
    wide, high = east - west + 2 * margin, (north - south) * stretch + 2 * margin
    wide, high = max(wide, _SHAPE[0] * high), max(high, wide / _SHAPE[1])
    x, y = (west + east) / 2, (south + north) / 2
    half = high / stretch / 2
    left, bottom, right, top = places.extent
    return (
        round(max(x - wide / 2, left), 4),
        round(max(y - half, bottom), 4),
        round(min(x + wide / 2, right), 4),
        round(min(y + half, top), 4),
    )


def in_view(places: Places, box: Box) -> list[str]:
    """The areas with figures of which enough lies on the map to be seen."""
    frame = shapely.box(*box)
    return [a for a, g in places.areas.items() if g.intersection(frame).area > _VISIBLE * frame.area]


@dataclass(frozen=True)
class _Label:
    """A name with its value: the middle of its lines, in pixels on a map of ``WIDE``."""

    area: BorderArea
    lines: tuple[str, ...]
    x: float
    y: float
    half: float


def border_map(figure: BorderFigure, places: Places) -> str:
    """Draw the map as SVG: areas in the colour of their class, the region and the border between countries as lines."""
    west, south, east, north = figure.window
    low, high = _mercator(south), _mercator(north)
    height = _UNITS * (high - low) / (east - west)
    frame = shapely.box(west - 0.05, south - 0.05, east + 0.05, north + 0.05)

    def at(lon: float, lat: float) -> tuple[float, float]:
        return (lon - west) / (east - west) * _UNITS, (high - _mercator(lat)) / (high - low) * height

    def path(geometry: Any) -> str:
        parts = []
        for ring in rings(geometry.intersection(frame)):
            if len(ring) > 3:
                parts.append("M" + "L".join("{:.0f} {:.0f}".format(*at(*point)) for point in ring) + "Z")
        return "".join(parts)

    def line(geometry: Any) -> str:
        parts = [g for g in shapely.get_parts(shapely.line_merge(geometry)) if g.geom_type == "LineString"]
        return "".join("M" + "L".join("{:.0f} {:.0f}".format(*at(*p)) for p in g.coords) for g in parts)

    edge = 'vector-effect="non-scaling-stroke" stroke-linejoin="round"'
    rest = "".join(path(g) for g in places.rest)
    drawn = [f'<path d="{rest}" fill="{style.ABROAD}" stroke="#fff" stroke-width="1" {edge}/>']
    for area in figure.mapped:
        found = class_of(area.row.value, figure.classes)
        colour, stroke = (found.colour, "#fff") if found else (style.UNKNOWN_FILL, style.UNKNOWN_LINE)
        shape = path(places.areas[area.row.area])
        drawn.append(
            f'<path d="{shape}" fill="{colour}" stroke="{stroke}" stroke-width="1.2" {edge}>'
            f"<title>{escape(area.row.name)}: {escape(figure.text(area.row.value))}</title></path>"
        )
    between = line(places.border.intersection(frame))
    region = path(shapely.union_all([places.municipalities[c] for c in figure.outline]))
    for d, colour, width, dash in (
        (between, "#fff", 4.0, ""),
        (between, style.TEXT, 1.8, "5 4"),
        (region, "#fff", 4.6, ""),
        (region, style.TEXT, 2.4, ""),
    ):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        drawn.append(f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed} {edge}/>')
    labels = _labels(figure, places, at, height)
    shapes = (
        f'<svg x="0" y="0" width="100%" height="100%" viewBox="0 0 {_UNITS} {height:.0f}" preserveAspectRatio="none">'
        f"{''.join(drawn)}</svg>"
    )
    return (
        f'<div class="bmap" style="aspect-ratio:{_UNITS}/{height:.0f};max-width:{_wide(height):.0f}px">'
        f'<svg width="100%" height="100%" role="img" aria-label="{escape(figure.alt, quote=True)}">'
        f"{shapes}{labels}</svg></div>"
    )


def _wide(height: float) -> float:
    """Pixels that the map takes on a wide screen: the whole column, or less when it would become too high."""
    return min(WIDE, HIGH * _UNITS / height)


def _labels(figure: BorderFigure, places: Places, at: Any, height: float) -> str:
    """Names with values for a wide map, numbers for a narrow one; the stylesheet shows one of them."""
    frame = shapely.box(*figure.window)
    wide = _wide(height)
    tall = wide * height / _UNITS
    wished: list[_Label] = []
    narrow = []
    for area in sorted(figure.mapped, key=lambda a: not a.compared):
        seen = _polygon(places.areas[area.row.area].intersection(frame))
        if not area.compared and seen.area < _NAMED * frame.area:
            continue
        x, y = at(*inner_point(seen))
        if area.compared:
            narrow.append(
                f'<text class="nr" x="{100 * x / _UNITS:.1f}%" y="{100 * y / height:.1f}%" dy="5">{area.number}</text>'
            )
        lines = (area.row.name, figure.text(area.row.value)) if area.compared else (area.row.name,)
        half = max(len(t) for t in lines) * (3.9 if area.compared else 3.2) + 3
        px = min(max(x * wide / _UNITS, half + 2), wide - half - 2)
        py = min(max(y * wide / _UNITS, 20.0), tall - 20)
        wished.append(_Label(area, lines, px, py, half))
    texts = []
    for label in _apart(wished, tall):
        x, y = 100 * label.x / wide, 100 * label.y / tall
        css = "nm own" if label.area.place in ("eigen", "deels") else "nm" if label.area.compared else "nm far"
        first = -3 if len(label.lines) > 1 else 4
        spans = "".join(
            f'<tspan x="{x:.1f}%" dy="{first if k == 0 else 16}">{escape(t)}</tspan>' for k, t in enumerate(label.lines)
        )
        texts.append(f'<text class="{css}" x="{x:.1f}%" y="{y:.1f}%">{spans}</text>')
    return "".join(texts + narrow)


def _apart(labels: Sequence[_Label], tall: float) -> list[_Label]:
    """Shift names up or down until none overlaps; of areas that are not compared, one that fits nowhere is left out."""
    placed: list[_Label] = []
    for label in labels:
        high = 9 + 8 * (len(label.lines) - 1)
        for shift in (0, 14, -14, 28, -28, 42, -42, 56, -56):
            y = label.y + shift
            free = high <= y <= tall - high and all(
                abs(label.x - p.x) >= label.half + p.half or abs(y - p.y) >= high + 9 + 8 * (len(p.lines) - 1)
                for p in placed
            )
            if free:
                placed.append(_Label(label.area, label.lines, label.x, y, label.half))
                break
        else:
            if label.area.compared:
                placed.append(label)
    return placed


def _polygon(geometry: Any) -> Any:
    """The polygons of what a cut left."""
    parts = [g for g in shapely.get_parts(geometry) if g.geom_type == "Polygon"]
    return shapely.multipolygons(parts)


def _mercator(latitude: float) -> float:
    """Mercator ordinate of a latitude, in degrees."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
