"""Maps as editable shapes on a slide: one shape per area, named after it with its number, in one group.

Names of regions stand beside the map, each with a line to its region, so that none lies on top of another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import shapely

from monitor.assessment import BENCHMARK_NAMES
from monitor.export import fit
from monitor.export.slides import template as tpl
from monitor.export.slides.frame import Box, Leaf
from monitor.export.slides.shapes import Drawing, Line, rings_of
from monitor.export.slides.shapes_legend import INCH, LABEL, POINT, legend
from monitor.figures import style
from monitor.figures.border_map import Places
from monitor.figures.border_spec import BorderFigure
from monitor.figures.geometry import Outlines, inner_point
from monitor.figures.spec import MapClass, MapFigure, RegionLabel
from monitor.notation import NBSP, UNIT_LABELS
from monitor.snapshot.derive import COUNTRY

# Degrees that the land of the country takes; the neighbours fill the rest of the box.
_WEST, _EAST, _SOUTH, _NORTH = 3.33, 7.25, 50.73, 53.56
_SQUEEZE = math.cos(math.radians((_SOUTH + _NORTH) / 2))
# Degrees of the neighbours that are shown beyond it.
_BEYOND = 0.1
_WHITE = "#FFFFFF"
# Regions in this western part of the land have their names to the left, all others to the right.
_WESTERN = 0.42


def add_map(leaf: Leaf, figure: MapFigure | BorderFigure, ground: Outlines | Places, region: str) -> None:
    """Draw a map in the place for the figure.

    Args:
        leaf: the slide.
        figure: what the map contains.
        ground: outlines that go with its kind of figure.
        region: slug of the region whose pack it is; its outline is the heaviest.
    """
    from monitor.export.slides.shapes_border import border_group

    box = leaf.room_for_figure()
    first = leaf.next_id()
    if isinstance(figure, BorderFigure):
        if not isinstance(ground, Places):
            raise ValueError("een kaart van over de grens vraagt de grenzen van beide kanten")
        group = border_group(figure, ground, box, first)
    else:
        if not isinstance(ground, Outlines):
            raise ValueError("een kaart vraagt grenzen")
        group = map_group(figure, ground, box, first, region)
    leaf.slide.shapes._spTree.append(group)
    leaf.replace(tpl.FIGURE, group)


def map_group(figure: MapFigure, outlines: Outlines, box: Box, first: int, region: str) -> Any:
    """The map of the country as a group (``p:grpSp``) that fills a box.

    Args:
        figure: what the map contains.
        outlines: of the edition.
        box: where it goes on the slide.
        first: first free id of a shape.
        region: slug of the region whose outline is the heaviest; empty for none.
    """
    drawing = Drawing(box.left, box.top, first)
    points = {n.region: inner_point(outlines.regions[n.region]) for n in figure.labels}
    sides = _sides(figure, points, box)
    at = _projection(box, sides)
    west, south, east, north = _window(box, at)
    # Names stand beside the map on white.
    window = shapely.box(max(west, _WEST - _BEYOND), south, min(east, _EAST + _BEYOND), north)
    for key, geometry in outlines.neighbours.items():
        names = {n.id: n.name for n in figure.neighbours}
        seen = geometry.intersection(window)
        drawing.outline(names.get(key, "Buurland"), _placed(seen, at), style.ABROAD, Line(_WHITE, 0.5))
    _municipalities(drawing, figure, outlines, at)
    ordered = sorted(outlines.regions.items(), key=lambda r: r[0] == region)
    for key, geometry in ordered:
        label = next((_name(n) for n in figure.labels if n.region == key), key)
        drawing.outline(f"Omtrek {label}", _placed(geometry, at), "", Line(_WHITE, 3.2 if key == region else 2.2))
        drawing.outline(f"Omtrek {label}", _placed(geometry, at), "", Line(style.TEXT, 2.2 if key == region else 1.0))
    margin = at([(_WEST, _NORTH)])[0][0] - sides[0], at([(_EAST + _BEYOND, _NORTH)])[0][0] + 8 * POINT
    below = _legend(drawing, figure, points, box, margin[0], sides[0])
    _callouts(drawing, figure, points, at, box, margin, below, region)
    return drawing.group(f"Kaart: {figure.title}", figure.alt, box.width, box.height)


def _legend(
    drawing: Drawing, figure: MapFigure, points: Mapping[str, tuple[float, float]], box: Box, x: float, side: float
) -> float:
    """The legend with as much below its classes as leaves room for the names there; returns its lower edge in EMU."""
    room = side / POINT - 6
    names = [_lines(n, figure, True) for n in figure.labels if _western(n, points)]
    counts = [sum(len(fit.wrapped(t, room, LABEL, True, fit.WIDEST)) for t in lines) for lines in names]
    bottom = box.top + box.height - sum((n + 0.2) * LABEL * fit.LINE * 0.9 * POINT for n in counts)

    def drawn(on: Drawing, told: Sequence[str]) -> float:
        return legend(on, _legend_rows(figure), told, (x, box.top), side + 1.1 * INCH, _heading(figure))

    ways = _told(figure)
    return drawn(drawing, next((w for w in ways if drawn(Drawing(0, 0, 1), w) <= bottom), ways[-1]))


def _western(label: RegionLabel, points: Mapping[str, tuple[float, float]]) -> bool:
    return points[label.region][0] < _WEST + _WESTERN * (_EAST - _WEST)


def _sides(figure: MapFigure, points: Mapping[str, tuple[float, float]], box: Box) -> tuple[float, float]:
    """Room for names left and right of the land, in EMU; never more than leaves half of the box for the land."""

    def room(western: bool) -> float:
        labels = [n for n in figure.labels if _western(n, points) == western]
        return (max((_wide(_lines(n, figure, western)) for n in labels), default=0) + 22) * POINT

    return min(room(True), box.width * 0.22), min(room(False), box.width * 0.34)


def _wide(lines: Sequence[str]) -> float:
    """Width of a name in points."""
    return max(fit.width(t, LABEL, True, fit.WIDEST) for t in lines)


def _projection(box: Box, sides: tuple[float, float]) -> Callable[[Any], Any]:
    """From degrees (n, 2) to EMU on the slide: the land as large as fits between the names."""
    import numpy as np

    wide, high = (_EAST - _WEST) * _SQUEEZE, _NORTH - _SOUTH
    scale = min((box.width - sum(sides)) / wide, box.height / high)
    left = box.left + sides[0] + max(box.width - sum(sides) - wide * scale, 0) / 2
    top = box.top + (box.height - high * scale) / 2

    def at(points: Any) -> Any:
        p = np.asarray(points)
        return np.column_stack((left + (p[:, 0] - _WEST) * _SQUEEZE * scale, top + (_NORTH - p[:, 1]) * scale))

    return at


def _window(box: Box, at: Callable[[Any], Any]) -> tuple[float, float, float, float]:
    """The degrees that the box shows: west, south, east, north."""
    (x0, y0), (x1, y1) = at([(_WEST, _NORTH), (_EAST, _SOUTH)]).tolist()
    across, down = (_EAST - _WEST) / (x1 - x0), (_NORTH - _SOUTH) / (y1 - y0)
    return (
        _WEST - (x0 - box.left) * across,
        _SOUTH - (box.top + box.height - y1) * down,
        _EAST + (box.left + box.width - x1) * across,
        _NORTH + (y0 - box.top) * down,
    )


def _placed(geometry: Any, at: Callable[[Any], Any]) -> list[Any]:
    return [at(ring) for ring in rings_of(geometry)]


def _municipalities(drawing: Drawing, figure: MapFigure, outlines: Outlines, at: Callable[[Any], Any]) -> None:
    """One shape per municipality, named after it with its number."""
    values, names = dict(figure.colours), dict(figure.names)
    classes = {code: figure.classes[place] for code, place in figure.classed}
    for code, geometry in outlines.municipalities.items():
        found = classes.get(code)
        told = figure.told(values[code]) if code in values else "buiten de elf regio’s"
        said = f"{names.get(code, code)}: {told}"
        inside, edge = (found.colour, _WHITE) if found else (style.UNKNOWN_FILL, style.UNKNOWN_LINE)
        drawing.outline(said, _placed(geometry, at), inside, Line(edge, 0.4), said)


def _name(label: RegionLabel) -> str:
    """The name of a region on one line."""
    return label.name.replace("-\n", "-").replace("\n", " ")


def _lines(label: RegionLabel, figure: MapFigure, split: bool) -> tuple[str, ...]:
    """The lines of a region's name: the name (``split``: on two lines), and its value with what limits it."""
    row = next((r for r in figure.numbered if r.area == label.region), None)
    limited = " (beperkte dekking)" if row and row.limited and label.text else ""
    outcome = row.outcome if row and label.text and _judging(figure) else None
    sign = f"{style.MARKS[outcome].sign}{NBSP}" if outcome else ""
    names = label.name.split("\n") if split else [_name(label)]
    return tuple(t for t in (*names, f"{sign}{label.text}{limited}") if t)


def _callouts(
    drawing: Drawing,
    figure: MapFigure,
    degrees: Mapping[str, tuple[float, float]],
    at: Callable[[Any], Any],
    box: Box,
    margin: tuple[float, float],
    below: float,
    region: str,
) -> None:
    """Names with values on both sides, each with a line to a point in its region.

    ``margin``: where names begin on the left and on the right; ``below``: where the legend on the left ends, in EMU.
    """
    land = at([(_WEST, _NORTH)])[0][0]
    for left in (True, False):
        x = margin[0 if left else 1]
        room = (land - x - 6 * POINT if left else box.left + box.width - x) / POINT
        chosen = [n for n in figure.labels if _western(n, degrees) == left]
        points = {n.region: at([degrees[n.region]])[0].tolist() for n in chosen}
        chosen.sort(key=lambda n: points[n.region][1])
        told = [
            [w for t in _lines(n, figure, left) for w in fit.wrapped(t, room, LABEL, True, fit.WIDEST)] for n in chosen
        ]
        heights = [(len(t) + 0.2) * LABEL * fit.LINE * 0.9 * POINT for t in told]
        top = below if left else box.top
        places = spread([points[n.region][1] for n in chosen], heights, top, box.top + box.height)
        for label, lines, high, y in zip(chosen, told, heights, places, strict=True):
            name, own, wide = _name(label), label.region == region, min(_wide(lines), room) * POINT
            edge = x + wide + 3 * POINT if left else x - 3 * POINT
            target = points[label.region]
            drawing.line(f"Lijn naar {name}", [[(edge, y), target]], Line(style.MUTED, 0.75))
            dot = 2.5 * POINT
            place = (round(target[0] - dot), round(target[1] - dot), round(2 * dot), round(2 * dot))
            drawing.box(f"Punt in {name}", place, style.TEXT, Line(_WHITE, 0.75), "ellipse")
            valued = len(fit.wrapped(_lines(label, figure, left)[-1], room, LABEL, True, fit.WIDEST))
            bold = len(lines) - valued if label.text else len(lines)
            text = [[(t, own or k >= bold)] for k, t in enumerate(lines)]
            place = (round(x), round(y - high / 2), round(wide), round(high))
            drawing.text(f"Naam {name}", place, text, LABEL, colour="tx2" if own else "tx1")


def spread(wished: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Middles of labels, as near as may be to where they are wished (ascending), none over another.

    Where they do not fit at all, they are moved together.
    """
    squeeze = min((bottom - top) / max(sum(heights), 1e-9), 1.0)
    halves = [h * squeeze / 2 for h in heights]
    places: list[float] = []
    edge = top
    for y, half in zip(wished, halves, strict=True):
        places.append(max(y, edge + half))
        edge = places[-1] + half
    edge = bottom
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], edge - halves[k])
        edge = places[k] - halves[k]
    return places


def _legend_rows(figure: MapFigure) -> list[tuple[MapClass, str]]:
    return [(c, figure.count_text(c.count)) for c in figure.classes]


def _judging(figure: MapFigure) -> bool:
    """Whether any region is judged; a map of what is not judged carries no signs."""
    return any(r.outcome not in (None, "niet te beoordelen") for r in figure.numbered)


def _heading(figure: MapFigure) -> str:
    """What the bounds of the classes are in."""
    gap = figure.compared and figure.unit == "procent"
    unit = "procentpunt" if gap else UNIT_LABELS[figure.unit]
    return f"Verschil met {figure.compared} ({unit})" if figure.compared else f"Eenheid: {unit}"


def _told(figure: MapFigure) -> list[list[str]]:
    """What stands below the classes, the fullest first: the country, the signs beside names, what colours mean."""
    country = next((r for r in figure.rows if r.area == COUNTRY and not math.isnan(r.value)), None)
    said = [f"{country.name} {figure.text(country.value)}"] if country else []
    found = {r.outcome for r in figure.numbered if r.outcome}
    # A sign stays with its word.
    signs = [f"{style.MARKS[o].sign}{NBSP}{o}" for o in style.MARKS if o in found]
    if not _judging(figure):
        return [[*said, *_white(figure)], said]
    brief = ", ".join(signs)
    full = f"Vergeleken met {figure.benchmark}: {brief}"
    return [[*said, full, *_white(figure)], [*said, brief, *_white(figure)], [*said, brief], [brief]]


def _white(figure: MapFigure) -> list[str]:
    """What white means on this map, and which colour is the better one."""
    blank = sum(1 for _, v in figure.colours if math.isnan(v))
    outside = ", of buiten de elf regio’s" if figure.compared == BENCHMARK_NAMES["vergelijkbaar"] else ""
    said = [f"Wit: geen cijfer{outside} ({blank})"] if blank else []
    if figure.level == "regios":
        said = ["Wit: buiten de elf regio’s"]
    if figure.compared and figure.favourable:
        said.append("Blauw: gunstiger; oranje: ongunstiger")
    if any("%-punt" in n.text for n in figure.labels):
        said.append("%-punt: procentpunt")
    return said
