"""The map of a figure and its lines as inline SVG: small, without a viewer program, legible on a phone.

A drawing carries a title and a description with the figure's alt text. Every text is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from monitor.figures import style
from monitor.figures.spec import MapFigure, Series, TrendFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.notation import quantity
from monitor.publish.shapes import HEIGHT, WIDTH, Shapes, at

_ANCHORS = {"left": "start", "right": "end", "center": "middle"}
_COUNTRIES = (("BELGIË", 4.55, 50.9), ("DUITSLAND", 7.1, 51.62))
_DASHES = {
    "solid": "",
    "dash": ' stroke-dasharray="9 5"',
    "dot": ' stroke-dasharray="2 4"',
    "dashdot": ' stroke-dasharray="9 4 2 4"',
}
# Sizes of the drawing of lines: on a wide screen and on a phone.
_WIDE, _SMALL = (1000, 430), (340, 300)
Scale = Callable[[float], float]


def _named(css: str, key: str, box: str, title: str, alt: str, drawn: str, size: str = "") -> str:
    """An SVG with its title and what it says."""
    return (
        f'<svg class="{css}" viewBox="{box}"{size} role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(alt)}</desc>{drawn}</svg>'
    )


def country_map(figure: MapFigure, shapes: Shapes, key: str = "kaart") -> str:
    """A map of the country in classes, with the 11 regions and their values; on a phone with their numbers.

    Args:
        figure: what it contains.
        shapes: the outlines.
        key: begin of the ids in it, unique on a page.
    """
    names = dict(figure.names)
    drawn = [f'<path class="ab" d="{shapes.abroad}"/>']
    classed = {c for c, _ in figure.classed}
    blank = [c for c in shapes.municipalities if c not in classed]
    drawn.append(f'<g class="no">{"".join(_area(shapes, c, names, "geen cijfer") for c in blank)}</g>')
    for group, members in figure.by_class():
        areas = "".join(_area(shapes, c, names, figure.told(v)) for c, v in members if c in shapes.municipalities)
        drawn.append(f'<g class="mu" fill="{group.colour}">{areas}</g>')
    outlines = "".join(shapes.regions[x.region] for x in figure.labels)
    drawn.append(f'<path class="r0" d="{outlines}"/><path class="r1" d="{outlines}"/>')
    for name, lon, lat in _COUNTRIES:
        x, y = at(lon, lat)
        drawn.append(f'<text class="co" x="{x:.0f}" y="{y:.0f}">{name}</text>')
    drawn += [_label(x.name.split("\n"), x.text, x.lon, x.lat, x.align) for x in figure.labels]
    drawn += [
        f'<text class="nr" x="{shapes.centres[x.region][0]}" y="{shapes.centres[x.region][1] + 12}">{x.number}</text>'
        for x in figure.labels
    ]
    return _named("map", key, f"-30 0 {WIDTH + 60} {HEIGHT}", figure.title, figure.alt, "".join(drawn))


def _area(shapes: Shapes, code: str, names: dict[str, str], told: str) -> str:
    return (
        f'<path d="{shapes.municipalities[code]}"><title>{escape(names.get(code, code))}: {escape(told)}</title></path>'
    )


def _label(lines: Sequence[str], value: str, lon: float, lat: float, align: str) -> str:
    x, y = at(lon, lat)
    css = ' class="va"'
    first = y - 11 * (len(lines) + bool(value) - 1)
    spans = "".join(
        f'<tspan{css if k >= len(lines) else ""} x="{x:.0f}" dy="{0 if k == 0 else 21}">{escape(text)}</tspan>'
        for k, text in enumerate([*lines, *([value] if value else [])])
    )
    return f'<text class="nm" x="{x:.0f}" y="{first:.0f}" text-anchor="{_ANCHORS[align]}">{spans}</text>'


def lines(figure: TrendFigure, key: str = "trend", small: bool = True) -> str:
    """Lines over the years, drawn for a wide screen and for a phone; the stylesheet shows one of the two.

    ``small``: whether the drawing for a phone comes along.
    """
    narrow = _lines(figure, f"{key}-s", _SMALL, small=True) if small else ""
    return _lines(figure, f"{key}-b", _WIDE, small=False) + narrow


def _lines(figure: TrendFigure, key: str, size: tuple[int, int], small: bool) -> str:
    width, height = size
    years = sorted({r.year for s in figure.series for r in s.rows})
    values = [r.value for s in figure.series for r in s.rows if not math.isnan(r.value)]
    ticks = round_ticks(values)
    if not ticks:
        return ""
    shown = decimals_of(ticks)
    told = [quantity(t, figure.unit, shown) for t in ticks]
    left = 16 + round(8.2 * max(len(t) for t in told))
    right = width - (14 if small else max(120, 20 + round(7.4 * figure.longest_end)))
    top, bottom = 24, height - 30
    low, high = ticks[0], ticks[-1]

    def x(year: float) -> float:
        return left + 8 + (right - left - 16) * (year - years[0]) / ((years[-1] - years[0]) or 1)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / ((high - low) or 1)

    drawn = []
    for tick, said in zip(ticks, told, strict=True):
        drawn.append(f'<path class="gr" d="M{left} {y(tick):.0f}H{right}"/>')
        drawn.append(f'<text class="ax" x="{left - 6}" y="{y(tick) + 5:.0f}" text-anchor="end">{escape(said)}</text>')
    step = max(1, math.ceil(len(years) / (5 if small else 12)))
    for year in years[::-step][::-1]:
        drawn.append(f'<text class="ax" x="{x(year):.0f}" y="{bottom + 20}" text-anchor="middle">{year}</text>')
    breaks = tuple(b for b, _ in figure.breaks)
    for b in breaks:
        before = max((v for v in years if v < b), default=b - 1)
        at_ = x((before + b) / 2)
        drawn.append(
            f'<path class="br" d="M{at_:.0f} {top}V{bottom}"/><text class="ax" x="{at_:.0f}" y="{top - 8}" text-anchor="middle">breuk</text>'
        )
    drawn += [_series(s, figure, breaks, x, y) for s in _back_to_front(figure)]
    if not small:
        drawn.append(_ends(figure, x, y, bottom))
    css = "tr small" if small else "tr wide"
    return _named(css, key, f"0 0 {width} {height}", figure.title, figure.alt, "".join(drawn))


def _back_to_front(figure: TrendFigure) -> list[Series]:
    order = {"overig": 0, "land": 1, "gekozen": 2}
    return sorted(figure.series, key=lambda s: order[s.role])


def _look(series: Series, figure: TrendFigure) -> tuple[str, float, str]:
    """Colour, width and dashes of a line."""
    if series.role == "land":
        return style.COUNTRY, 2.0, ""
    if series.role == "overig":
        return (style.DOT_EDGE, 1.8, "") if series.named else (style.OTHER, 1.2, "")
    chosen = [s for s in figure.series if s.role == "gekozen"]
    colour, dash = style.SERIES[chosen.index(series) % len(style.SERIES)]
    return colour, 2.8, _DASHES[dash]


def _series(series: Series, figure: TrendFigure, breaks: tuple[int, ...], x: Scale, y: Scale) -> str:
    colour, width, dash = _look(series, figure)
    pieces = series.pieces(breaks)
    d = "".join(
        "M" + "L".join(f"{x(r.year):.0f} {y(r.value):.0f}" for r in piece) if len(piece) > 1 else "" for piece in pieces
    )
    alone = [p[0] for p in pieces if len(p) == 1]
    points = alone if series.role == "overig" else [r for p in pieces for r in p]
    dots = "".join(
        f'<circle cx="{x(r.year):.0f}" cy="{y(r.value):.0f}" r="{2 if series.role == "overig" else 3.5}" fill="{colour}">'
        f"<title>{escape(series.name)} {r.year}: {escape(figure.text(r.value))}</title></circle>"
        for r in points
    )
    line = f'<path fill="none" stroke="{colour}" stroke-width="{width}"{dash} d="{d}"/>' if d else ""
    return f"<g>{line}{dots}</g>"


def _ends(figure: TrendFigure, x: Scale, y: Scale, bottom: int) -> str:
    """Names and values at the ends of the lines, pushed apart where they would overlap."""
    ends = []
    for series in figure.series:
        known = [r for r in series.rows if not math.isnan(r.value)]
        if known and (series.role != "overig" or series.named):
            ends.append((y(known[-1].value), x(known[-1].year), series, known[-1]))
    ends.sort(key=lambda e: e[0])
    placed: list[float] = []
    for place, *_ in ends:
        placed.append(max(place, placed[-1] + 19) if placed else place)
    over = placed[-1] - bottom if placed else 0
    shift = max(0.0, over)
    made = []
    for (_, at_, series, row), where in zip(ends, placed, strict=True):
        colour = style.MUTED if series.role == "overig" else _look(series, figure)[0]
        made.append(
            f'<text class="en" x="{at_ + 10:.0f}" y="{where - shift + 5:.0f}" fill="{colour}"><tspan class="va">'
            f"{escape(series.name)}</tspan> {escape(figure.text(row.value))}</text>"
        )
    return "".join(made)
