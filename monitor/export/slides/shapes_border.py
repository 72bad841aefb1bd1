"""Both sides of the border as editable shapes: the map with numbers, and beside it what the numbers stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from monitor.export import fit
from monitor.export.slides.frame import Box
from monitor.export.slides.shapes import Drawing, Line, rings_of
from monitor.export.slides.shapes_legend import INCH, LABEL, POINT, legend
from monitor.figures import style
from monitor.figures.border_map import Places
from monitor.figures.border_spec import COUNTRIES, BorderFigure
from monitor.figures.classes import class_of
from monitor.figures.geometry import inner_point

_WHITE = "#FFFFFF"
# The most that the map takes of the width; the list stands in the rest.
_MOST = 0.56
_OWN = ("eigen", "deels")
# The smallest height of a line, in parts of its size.
_LEAST = 1.1


def border_group(figure: BorderFigure, places: Places, box: Box, first: int) -> Any:
    """The map of both sides as a group (``p:grpSp``) that fills a box; see ``shapes_map.map_group``."""
    drawing = Drawing(box.left, box.top, first)
    west, south, east, north = figure.window
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min(box.width * _MOST / ((east - west) * squeeze), box.height / (north - south))
    wide = (east - west) * squeeze * scale

    def at(points: Any) -> Any:
        p = np.asarray(points)
        return np.column_stack((box.left + (p[:, 0] - west) * squeeze * scale, box.top + (north - p[:, 1]) * scale))

    _areas(drawing, figure, places, at)
    _numbers(drawing, figure, places, at)
    x = box.left + wide + 0.25 * INCH
    room = box.left + box.width - x
    y = legend(drawing, [(c, "") for c in figure.classes], [], (x, box.top), room)
    _listing(drawing, figure, (x, y + 0.15 * INCH), (room, box.top + box.height - y - 0.15 * INCH))
    return drawing.group(f"Kaart: {figure.title}", figure.alt, box.width, box.height)


def _areas(drawing: Drawing, figure: BorderFigure, places: Places, at: Any) -> None:
    """Areas in the colour of their class, named with their number; the region and the border as lines."""
    frame = shapely.box(*figure.window)

    def placed(geometry: Any) -> list[Any]:
        return [at(ring) for ring in rings_of(geometry.intersection(frame))]

    for geometry in places.rest:
        drawing.outline("Buurland", placed(geometry), style.ABROAD, Line(_WHITE, 0.5))
    for area in figure.mapped:
        found = class_of(area.row.value, figure.classes)
        said = f"{area.row.name}: {figure.text(area.row.value)}"
        inside, edge = (found.colour, _WHITE) if found else (style.UNKNOWN_FILL, style.UNKNOWN_LINE)
        drawing.outline(said, placed(places.areas[area.row.area]), inside, Line(edge, 0.75), said)
    between = shapely.line_merge(places.border.intersection(frame))
    pieces = [at(np.asarray(g.coords)[:, :2]) for g in shapely.get_parts(between) if g.geom_type == "LineString"]
    drawing.line("Landsgrens", pieces, Line(_WHITE, 3))
    drawing.line("Landsgrens", pieces, Line(style.TEXT, 1.25, "dash"))
    region = placed(shapely.union_all([places.municipalities[c] for c in figure.outline]))
    drawing.outline("Omtrek van de regio", region, "", Line(_WHITE, 3.6))
    drawing.outline("Omtrek van de regio", region, "", Line(style.TEXT, 2.2))


def _numbers(drawing: Drawing, figure: BorderFigure, places: Places, at: Any) -> None:
    """A number on every area that is compared."""
    frame = shapely.box(*figure.window)
    half = round(0.85 * LABEL * POINT)
    for area in figure.compared:
        seen = places.areas[area.row.area].intersection(frame)
        parts = [g for g in shapely.get_parts(seen) if g.geom_type == "Polygon"]
        if not parts:
            continue
        x, y = at([inner_point(shapely.multipolygons(parts))])[0].tolist()
        place = (round(x) - half, round(y) - half, 2 * half, 2 * half)
        drawing.box(f"Rondje {area.number}", place, _WHITE, Line(style.TEXT, 0.75), "ellipse")
        drawing.text(f"Nummer {area.number}", place, [[(str(area.number), True)]], LABEL - 1, align="ctr")


def _listing(drawing: Drawing, figure: BorderFigure, corner: tuple[float, float], room: tuple[float, float]) -> None:
    """What the numbers stand for, high to low, with the countries as a whole below."""
    told = [(f"{a.number}  {a.row.name}", a.row.value, COUNTRIES[a.country], a.place in _OWN) for a in figure.compared]
    told += [(a.row.name, a.row.value, "hele land", False) for a in figure.countries]
    rows = _rows([(n, figure.text(v), c, own) for n, v, c, own in told], room[0] / POINT, room[1] / POINT)
    count = sum(len(r) for r in rows)
    line = min(1.3 * LABEL * POINT, room[1] / max(count, 1))
    gap = min(0.5 * LABEL * POINT, max(room[1] - line * count, 0) / max(len(rows), 1))
    x, y = corner
    for (name, *_), lines in zip(told, rows, strict=True):
        high = line * len(lines)
        drawing.text(f"Rij {name.strip()}", (round(x), round(y), round(room[0]), round(high)), lines, LABEL)
        y += high + gap


def _rows(told: Sequence[tuple[str, str, str, bool]], wide: float, high: float) -> list[list[list[tuple[str, bool]]]]:
    """The lines of every row in the fullest way that fits: on one line, with the country below, without it.

    Args:
        told: name, value, country, and whether it is of the region itself.
        wide: room in points.
        high: likewise.
    """

    def one(value: Callable[[str, str], str]) -> list[list[list[tuple[str, bool]]]]:
        return [[[(f"{name}  ", bold), (value(text, country), False)]] for name, text, country, bold in told]

    def fits(rows: list[list[list[tuple[str, bool]]]]) -> bool:
        widths = [sum(fit.width(t, LABEL, bold, fit.WIDEST) for t, bold in line) for row in rows for line in row]
        return max(widths, default=0.0) <= wide and sum(len(r) for r in rows) * _LEAST * LABEL <= high

    two = [[[(name, bold)], [(f"{text}, {country}", False)]] for name, text, country, bold in told]
    ways = (one(lambda text, country: f"{text}, {country}"), two, one(lambda text, country: text))
    return next((rows for rows in ways if fits(rows)), ways[-1])
