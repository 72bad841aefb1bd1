"""Figures as drawings on a page: every number becomes a place from 0 to 100, and every text stands ready.

Templates draw what stands here and compute nothing. Shapes and colours are those of paper (``monitor.figures.style``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import shapely

from monitor.export.pdf.typesetting import Exact
from monitor.figures import style
from monitor.figures.border_map import Places
from monitor.figures.border_spec import COUNTRIES, BorderFigure
from monitor.figures.classes import class_of
from monitor.figures.geometry import Outlines, inner_point, polygons
from monitor.figures.spec import MapFigure, Row, Series, StripFigure, TrendFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.notation import number, quantity

Drawing = dict[str, Any]
# Degrees that the map of the country shows: without the sea where names stand on a larger map.
_VIEW = (3.25, 50.72, 7.3, 53.58)
_UNITS = 1000
# Dots closer than this touch, in hundredths of the width.
_TOUCH = 2.5
_DASHES: dict[str, Any] = {"solid": None, "dash": "dashed", "dot": "dotted", "dashdot": "dash-dotted"}


def strip(figure: StripFigure) -> Drawing:
    """One region on one scale: dots, band, rule, mark with interval, and the scale below them."""
    own, other = figure.region, figure.benchmark
    rows = [*figure.municipalities, *(r for r in (own, other) if r)]
    known = [v for r in rows for v in (r.value, r.lower, r.upper) if not math.isnan(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)

    def at(value: float) -> float:
        return 50.0 if high <= low else round(3 + 94 * (value - low) / (high - low), 2)

    ticks = [t for t in round_ticks(known) if low <= t <= high]
    band = None
    if other and figure.relevant > 0:
        band = [min(100.0, max(0.0, at(other.value + s * figure.relevant))) for s in (-1, 1)]
    shown = own and not math.isnan(own.value)
    said = {
        "benchmark": f"{other.name} {figure.text(other.value)}" if other else "",
        "region": f"{own.name} {figure.text(own.value)}{f', {own.word}' if own.word else ''}" if own else "",
    }
    return {
        "dots": _stacked([at(m.value) for m in figure.municipalities]),
        "band": band,
        "benchmark": at(other.value) if other else None,
        "mark": _mark(own, at) if shown and own else None,
        "said": said,
        "ticks": [{"at": at(t), "text": number(t, decimals_of(ticks))} for t in ticks],
    }


def _stacked(places: Sequence[float]) -> list[tuple[float, int]]:
    """Dots that would hide each other apart: place and level, 0 on the line, 1 above and -1 below it."""
    made: list[tuple[float, int]] = []
    for at in sorted(places):
        taken = [level for other, level in made if at - other < _TOUCH]
        made.append((at, next((level for level in (0, 1, -1) if level not in taken), 0)))
    return made


def _mark(row: Row, at: Any) -> Drawing:
    limits = None if math.isnan(row.lower) else [at(row.lower), at(row.upper)]
    outcome = row.outcome or "niet te beoordelen"
    return {"at": at(row.value), "outcome": outcome, "limited": row.limited, "range": limits}


def spread(figure: StripFigure) -> str:
    """The municipalities of a strip in words: 'Gemeenten: van 0,9 km in Doetinchem tot 2,0 km in Bronckhorst.'."""
    ordered = sorted(figure.municipalities, key=lambda m: m.value)
    if len(ordered) < 2:
        return ""
    low, high = ordered[0], ordered[-1]
    return f"Gemeenten: van {figure.text(low.value)} in {low.name} tot {figure.text(high.value)} in {high.name}."


def trend(figure: TrendFigure) -> Drawing:
    """Lines over the years: the other regions thin, the chosen ones with dash and name, the benchmark black."""
    rows = [r for s in figure.series for r in s.rows]
    years = sorted({r.year for r in rows})
    ticks = round_ticks([v for r in rows for v in (r.value, r.lower, r.upper)])
    low, high = (ticks[0], ticks[-1]) if ticks else (0.0, 1.0)
    first, last = (years[0], years[-1]) if years else (0, 1)

    def x(year: float) -> float:
        return 50.0 if last == first else round(2 + 96 * (year - first) / (last - first), 2)

    def y(value: float) -> float:
        return 50.0 if high <= low else round(100 * (value - low) / (high - low), 2)

    breaks = tuple(b for b, _ in figure.breaks)
    lines = []
    for series, look in _looks(figure.series):
        lines += [_line(piece, look, series.role == "gekozen", x, y) for piece in series.pieces(breaks)]
    between = [(max((w for w in years if w < b), default=b - 1) + b) / 2 for b in breaks]
    return {
        "lines": lines,
        "ends": _ends(figure, x, y),
        "scale": [{"at": y(t), "text": quantity(t, figure.unit, decimals_of(ticks))} for t in ticks],
        "years": [{"at": x(w), "text": str(w)} for w in years],
        "breaks": [x(b) for b in between],
    }


Look = tuple[str, str, float]


def _looks(series: Sequence[Series]) -> list[tuple[Series, Look]]:
    """The lines in the order of drawing, each with colour, dash and width in points."""
    chosen = [s for s in series if s.role == "gekozen"]
    made: list[tuple[Series, Look]] = []
    for s in series:
        if s.role == "overig":
            made.append((s, (style.DOT_EDGE, "solid", 1.0) if s.named else (style.OTHER, "solid", 0.7)))
    for k, s in enumerate(chosen):
        made.append((s, (*style.SERIES[k % len(style.SERIES)], 1.8)))
    return made + [(s, (style.COUNTRY, "solid", 1.2)) for s in series if s.role == "land"]


def _line(piece: Sequence[Row], look: Look, chosen: bool, x: Any, y: Any) -> Drawing:
    colour, dash, width = look
    margin = [r for r in piece if not math.isnan(r.lower)] if chosen else []
    edge = [(x(r.year), y(r.upper)) for r in margin] + [(x(r.year), y(r.lower)) for r in reversed(margin)]
    return {
        "points": [(x(r.year), y(r.value)) for r in piece],
        "colour": colour,
        "dash": _DASHES[dash],
        "width": width,
        "dots": width > 1 or len(piece) == 1,
        "band": edge if len(margin) > 1 else [],
    }


def _ends(figure: TrendFigure, x: Any, y: Any) -> list[Drawing]:
    """Names with the last value, from low to high; the template keeps them apart."""
    found = []
    for s, (colour, _, _) in _looks(figure.series):
        known = [r for r in s.rows if not math.isnan(r.value)]
        if known and (s.role != "overig" or s.named):
            last, paint = known[-1], style.MUTED if s.role == "overig" else colour
            text = f"{s.name} {figure.text(last.value)}"
            found.append({"x": x(last.year), "y": y(last.value), "text": text, "colour": paint})
    return sorted(found, key=lambda e: (e["y"], e["text"]))


def country(figure: MapFigure, outlines: Outlines, own: str) -> Drawing:
    """A map of the country: one drawing of outlines, numbers inside the regions, and what the classes mean.

    ``own``: the region whose outline is drawn thick.
    """
    frame = _Frame(_VIEW)
    groups: dict[int | None, list[str]] = {}
    classed = dict(figure.classed)
    for code in outlines.municipalities:
        groups.setdefault(classed.get(code), []).append(code)
    paths = _paths(_Held(outlines))
    parts = [frame.shape(paths["buren"], style.ABROAD, style.ABROAD_LINE, 1.5)]
    for place, codes in groups.items():
        fill = style.UNKNOWN_FILL if place is None else figure.classes[place].colour
        edge = style.UNKNOWN_LINE if place is None else "#FFFFFF"
        parts.append(frame.shape("".join(paths[c] for c in codes), fill, edge, 1.2))
    every = "".join(paths[r] for r in outlines.regions)
    parts += [frame.shape(every, "none", "#FFFFFF", 6), frame.shape(every, "none", style.TEXT, 2.6)]
    if own in outlines.regions:
        parts.append(frame.shape(paths[own], "none", style.TEXT, 7))
    places = []
    for label in figure.labels:
        x, y = frame.percent(*_inside(_Held(outlines), label.region))
        places.append({"number": label.number, "x": x, "y": y, "own": label.region == own})
    return {
        "outlines": frame.drawing(parts),
        "shape": round(frame.height / _UNITS, 4),
        "places": places,
        "classes": [{"colour": c.colour, "text": f"{c.label} · {figure.count_text(c.count)}"} for c in figure.classes],
    }


def border(figure: BorderFigure, places: Places) -> Drawing:
    """The map of both sides of the border, with the numbers of the areas that the figure compares."""
    frame = _Frame(figure.window)
    groups: dict[int | None, list[Any]] = {}
    for area in figure.mapped:
        found = class_of(area.row.value, figure.classes)
        place = figure.classes.index(found) if found else None
        groups.setdefault(place, []).append(places.areas[area.row.area])
    parts = [frame.shape("".join(map(frame.path, places.rest)), style.ABROAD, "#FFFFFF", 2)]
    for place, shapes in groups.items():
        fill = style.UNKNOWN_FILL if place is None else figure.classes[place].colour
        edge = style.UNKNOWN_LINE if place is None else "#FFFFFF"
        parts.append(frame.shape("".join(map(frame.path, shapes)), fill, edge, 2))
    lines = [g for g in shapely.get_parts(shapely.line_merge(places.border)) if g.geom_type == "LineString"]
    between = "".join(frame.line(g.coords) for g in lines)
    region = frame.path(shapely.union_all([places.municipalities[c] for c in figure.outline]))
    parts += [frame.shape(between, "none", "#FFFFFF", 7), frame.shape(between, "none", style.TEXT, 3, "9 7")]
    parts += [frame.shape(region, "none", "#FFFFFF", 8), frame.shape(region, "none", style.TEXT, 4.5)]
    view = shapely.box(*figure.window)
    marked = []
    for area in figure.compared:
        seen = places.areas[area.row.area].intersection(view)
        if seen.area > 0:
            x, y = frame.percent(*inner_point(seen))
            marked.append({"number": area.number, "x": x, "y": y, "own": area.place in ("eigen", "deels")})
    return {
        "outlines": frame.drawing(parts),
        "shape": round(frame.height / _UNITS, 4),
        "places": marked,
        "classes": [{"colour": c.colour, "text": c.label} for c in figure.classes],
    }


class _Frame:
    """A window in degrees (west, south, east, north) as a drawing of ``_UNITS`` wide."""

    def __init__(self, window: tuple[float, float, float, float]) -> None:
        self.west, south, east, self.north = window
        self._scale = _UNITS / (east - self.west)
        # At these latitudes a degree of latitude is longer than one of longitude by about this factor.
        self._stretch = self._scale / math.cos(math.radians((south + self.north) / 2))
        self.height = (self.north - south) * self._stretch

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self._scale, (self.north - lat) * self._stretch

    def percent(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = self.at(lon, lat)
        return round(100 * x / _UNITS, 2), round(100 * y / self.height, 2)

    def line(self, points: Any, close: str = "") -> str:
        return "M" + "L".join("{:.0f} {:.0f}".format(*self.at(*p)) for p in points) + close

    def path(self, geometry: Any) -> str:
        return "".join(self.line(ring, "Z") for polygon in polygons(geometry) for ring in polygon)

    def shape(self, path: str, fill: str, edge: str, width: float, dash: str = "") -> str:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        return (
            f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{edge}" stroke-width="{width}" '
            f'stroke-linejoin="round"{dashed}/>'
        )

    def drawing(self, parts: Sequence[str]) -> Exact:
        box = f"0 0 {_UNITS} {self.height:.0f}"
        return Exact(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(parts)}</svg>')


class _Held:
    """Outlines as a key: they hold shapes, and are told apart as objects, which the caches below keep alive."""

    def __init__(self, outlines: Outlines) -> None:
        self.outlines = outlines

    def __hash__(self) -> int:
        return id(self.outlines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.outlines is self.outlines


@lru_cache(maxsize=2)
def _paths(held: _Held) -> Mapping[str, str]:
    """Every outline of the country as a path: municipalities by code, regions by slug, and 'buren'."""
    frame, outlines = _Frame(_VIEW), held.outlines
    paths = {k: frame.path(g) for group in (outlines.municipalities, outlines.regions) for k, g in group.items()}
    return paths | {"buren": "".join(map(frame.path, outlines.neighbours.values()))}


@lru_cache(maxsize=32)
def _inside(held: _Held, region: str) -> tuple[float, float]:
    return inner_point(held.outlines.regions[region])


def regions_table(figure: MapFigure, own: str) -> list[Drawing]:
    """What the numbers on a map stand for: region, value and judgement."""
    value = {label.region: label.text for label in figure.labels}
    return [
        {
            "number": k,
            "name": r.name,
            "value": value.get(r.area, "") or figure.text(r.value),
            "judged": {"outcome": r.outcome or "niet te beoordelen", "word": r.word or "–", "limited": r.limited},
            "own": r.area == own,
        }
        for k, r in enumerate(figure.numbered, 1)
    ]


def border_table(figure: BorderFigure) -> list[Drawing]:
    """What the numbers on the map of the border stand for, and the countries as a whole."""
    return [
        {
            "number": a.number or None,
            "name": a.row.name,
            "about": "land als geheel" if a.place == "land" else COUNTRIES[a.country],
            "value": figure.text(a.row.value),
            "own": a.place in ("eigen", "deels"),
        }
        for a in (*figure.compared, *figure.countries)
    ]
