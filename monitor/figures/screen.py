"""Draw a FigureSpec for the screen with Plotly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from monitor.figures import style
from monitor.figures.geometry import Outlines, inner_point
from monitor.figures.layers import ABROAD, REGIONS, Layers
from monitor.figures.spec import MapFigure, Row, Series, TrendFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.notation import quantity

_FONT = {"family": f"'{style.SANS}', 'Source Sans', Arial, sans-serif", "size": 14.5, "color": style.TEXT}
_LOOK: dict[str, Any] = {
    "template": "none",
    "showlegend": False,
    "font": _FONT,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "hoverlabel": {"bgcolor": "#FFFFFF", "bordercolor": style.INK, "font": {**_FONT, "size": 15}},
}
# Plotly asks for a world map before it draws outlines; the app serves an empty one (static/).
CONFIG: dict[str, Any] = {
    "topojsonURL": "app/static/kaart/",
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
    "locale": "nl",
}


def map_figure(spec: MapFigure, layers: Layers) -> go.Figure:
    """Draw a map of the country.

    Outlines do not travel with the figure: the browser fetches each layer once.

    Args:
        spec: what it contains.
        layers: GeoJSON of municipalities, neighbours and regions; features have an id.

    Returns:
        A Plotly figure; a trace 'waarden' per class holds the values as ``z`` and the codes as ``locations``.
    """
    coloured = {c for c, _ in spec.classed}
    inside = dict(spec.colours)
    blank = [c for c, _ in spec.names if c not in coloured]
    traces = _neighbours(layers, spec)
    for said, codes in (
        ("geen cijfer", [c for c in blank if spec.level == "gemeenten" or c in inside]),
        ("buiten de elf regio’s", [c for c in blank if spec.level == "regios" and c not in inside]),
    ):
        if codes:
            numbers = [0.0] * len(codes)
            traces.append(_fill(said, layers, codes, numbers, style.UNKNOWN_FILL, spec, said, style.UNKNOWN_LINE))
    for group, members in spec.by_class():
        if members:
            codes, values = [c for c, _ in members], [v for _, v in members]
            told = [_told(v, spec) for v in values]
            traces.append(_fill("waarden", layers, codes, values, group.colour, spec, told))
    traces += [*_outlines(layers), _labels(spec)]
    # Made in one go: a figure that grows trace by trace and setting by setting takes four times as long.
    return go.Figure(traces, map_layout((style.LON[0], style.LAT[0], style.LON[1], style.LAT[1])))


def map_layout(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    """The layout of a map without world, legend or tools; ``bounds`` are degrees west, south, east, north."""
    west, south, east, north = bounds
    return {
        "geo": {
            "projection": {"type": "mercator"},
            "lonaxis": {"range": [west, east]},
            "lataxis": {"range": [south, north]},
            "visible": False,
            "bgcolor": "rgba(0,0,0,0)",
            "domain": {"x": [0, 1], "y": [0, 1]},
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "dragmode": False,
        **_LOOK,
    }


def _fill(
    name: str,
    layers: Layers,
    codes: list[str],
    values: list[float],
    colour: str,
    spec: MapFigure,
    told: str | list[str],
    edge: str = "#FFFFFF",
) -> dict[str, Any]:
    """Municipalities in one colour; ``told`` is what the pointer shows, one text for all or one each."""
    text = told if isinstance(told, str) else "%{customdata}"
    return {
        **_area(name, layers.municipalities, codes, values, colour, edge, 0.6),
        "customdata": None if isinstance(told, str) else told,
        "hovertemplate": f"<b>%{{properties.{spec.level}}}</b><br>{text}<extra></extra>",
    }


def _area(
    name: str, layer: Any, codes: list[str], values: list[float], fill: str, line: str, width: float
) -> dict[str, Any]:
    """Shapes of a layer in one colour."""
    return {
        "type": "choropleth",
        "name": name,
        "geojson": layer,
        "locations": codes,
        "z": values,
        "colorscale": [[0, fill], [1, fill]],
        "showscale": False,
        "marker": {"line": {"color": line, "width": width}},
        # A click on a municipality must not dim the others.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }


def _told(value: float, spec: MapFigure) -> str:
    return f"{spec.told(value)} verschil met {spec.compared}" if spec.compared else spec.text(value)


def _shape(name: str, layer: Any, shape: str, fill: str, line: str, width: float) -> dict[str, Any]:
    """A layer's one shape in one colour, that the pointer does not feel."""
    return {**_area(name, layer, [shape], [0], fill, line, width), "hoverinfo": "skip"}


def _words(
    name: str, lon: Sequence[float], lat: Sequence[float], text: list[str], size: float, colour: str
) -> dict[str, Any]:
    """Texts on a map, that the pointer does not feel."""
    return {
        "type": "scattergeo",
        "name": name,
        "lon": lon,
        "lat": lat,
        "mode": "text",
        "text": text,
        "textfont": {"size": size, "color": colour},
        "hoverinfo": "skip",
    }


def _neighbours(layers: Layers, spec: MapFigure) -> list[dict[str, Any]]:
    lons, lats, labels = zip(*((n.lon, n.lat, n.name) for n in spec.neighbours), strict=True)
    countries = ["B E L G I Ë", "D U I T S L A N D"]
    return [
        _shape("buurlanden", layers.neighbours, ABROAD, style.ABROAD, style.ABROAD_LINE, 1),
        _words("namen buurlanden", lons, lats, list(labels), 11.5, style.MUTED),
        _words("landen", [4.55, 7.1], [50.9, 51.62], countries, 12.5, style.MUTED),
    ]


def _outlines(layers: Layers) -> list[dict[str, Any]]:
    return [
        _shape("grens regio", layers.regions, REGIONS, "rgba(0,0,0,0)", colour, width)
        for colour, width in (("#FFFFFF", 3.4), (style.TEXT, 1.6))
    ]


def _labels(spec: MapFigure) -> dict[str, Any]:
    """Names and values beside the regions; the stylesheet swaps them for numbers on a small screen."""
    position = {"left": "middle right", "right": "middle left", "center": "middle center"}
    texts = ["<b>" + "<br>".join(x.name.split("\n")) + f"</b><br>{x.text}".removesuffix("<br>") for x in spec.labels]
    lons, lats = [x.lon for x in spec.labels], [x.lat for x in spec.labels]
    return {
        **_words("namen regio’s", lons, lats, texts, 14, style.TEXT),
        "textposition": [position[x.align] for x in spec.labels],
    }


def number_labels(figure: go.Figure, spec: MapFigure, outlines: Outlines) -> None:
    """Add the numbers that stand for the names on a small screen, inside each region.

    They begin with a space of no width, by which the stylesheet tells them from names.
    """
    points = [inner_point(outlines.regions[x.region]) for x in spec.labels]
    texts = [f"\u200b<b>{x.number}</b>" for x in spec.labels]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    figure.add_trace(_words("nummers regio’s", lons, lats, texts, 15, style.TEXT))


def trend_figure(spec: TrendFigure, small: bool = False) -> go.Figure:
    """Draw lines over the years; each line carries its area as ``meta`` and unknown years are left open.

    Args:
        spec: what it contains.
        small: for a narrow screen: names of the lines in the legend above instead of at their ends.
    """
    traces: list[dict[str, Any]] = []
    years = sorted({r.year for s in spec.series for r in s.rows})
    breaks = tuple(y for y, _ in spec.breaks)
    chosen = [s for s in spec.series if s.role == "gekozen"]
    for series in (s for s in spec.series if s.role == "overig"):
        colour, width = (style.DOT_EDGE, 1.8) if series.named else (style.OTHER, 1.2)
        traces.append(_line(spec, series, colour, "solid", width, breaks))
    for k, series in enumerate(chosen):
        colour, dash = style.SERIES[k % len(style.SERIES)]
        traces += [*_bands(series, colour, breaks), _line(spec, series, colour, dash, 2.8, breaks)]
    for series in (s for s in spec.series if s.role == "land"):
        traces.append(_line(spec, series, style.COUNTRY, "solid", 2.0, breaks))
    rules, said = _broken(spec, years)
    return go.Figure(
        traces,
        {
            **_LOOK,
            "margin": {"l": 14, "r": 12 if small else max(170, 14 + round(7.2 * spec.longest_end)), "t": 28, "b": 34},
            "height": 380 if small else 460,
            "plot_bgcolor": "rgba(0,0,0,0)",
            "dragmode": False,
            "hovermode": "closest",
            "separators": ",.",
            "shapes": rules,
            "annotations": said if small else [*said, *_end_labels(spec)],
            "xaxis": _years_axis(years, small),
            "yaxis": _values_axis(spec),
        },
    )


def _broken(spec: TrendFigure, years: list[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The dotted rules of what interrupts the lines, and the word above each."""
    rules, said = [], []
    for year, reason in spec.breaks:
        before = max((y for y in years if y < year), default=year - 1)
        x = (before + year) / 2
        line = {"color": style.MUTED, "width": 1, "dash": "dot"}
        rules.append(
            {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "y domain", "line": line}
        )
        said.append(
            {
                "x": x,
                "y": 1.0,
                "yref": "paper",
                "text": "breuk",
                "showarrow": False,
                "yanchor": "bottom",
                "font": {"size": 13, "color": style.MUTED},
                "hovertext": reason,
            }
        )
    return rules, said


def _years_axis(years: list[int], small: bool) -> dict[str, Any]:
    shown = years if len(years) <= (6 if small else 14) else years[:: math.ceil(len(years) / 6)]
    return {
        "tickvals": shown,
        "showgrid": False,
        "fixedrange": True,
        "linecolor": style.LINE,
        "ticks": "outside",
        "tickcolor": style.LINE,
        "range": [years[0] - 0.4, years[-1] + 0.4],
    }


def _values_axis(spec: TrendFigure) -> dict[str, Any]:
    ticks = round_ticks([r.value for s in spec.series for r in s.rows])
    decimals = decimals_of(ticks)
    return {
        "tickvals": ticks,
        "ticktext": [quantity(t, spec.unit, decimals) for t in ticks],
        "gridcolor": "#E9ECEF",
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def _line(
    spec: TrendFigure, series: Series, colour: str, dash: str, width: float, breaks: tuple[int, ...]
) -> dict[str, Any]:
    x: list[int | None] = []
    y: list[float | None] = []
    texts: list[str | None] = []
    for piece in series.pieces(breaks):
        for row in piece:
            x.append(row.year)
            y.append(row.value)
            texts.append(_point(spec, row))
        x.append(None)
        y.append(None)
        texts.append(None)
    return {
        "type": "scatter",
        "name": series.name,
        "meta": series.area,
        "x": x,
        "y": y,
        "mode": "lines+markers",
        "customdata": texts,
        "line": {"color": colour, "width": width, "dash": dash},
        "marker": {"size": 7 if series.role == "gekozen" else 5 if series.role == "land" else 3, "color": colour},
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _point(spec: TrendFigure, row: Row) -> str:
    margin = "" if math.isnan(row.lower) else f"<br>marge {spec.text(row.lower)} tot {spec.text(row.upper)}"
    limited = "<br>beperkte dekking" if row.limited else ""
    return f"<b>{row.name}</b> {row.year}<br>{spec.text(row.value)}{margin}{limited}"


def _bands(series: Series, colour: str, breaks: tuple[int, ...]) -> list[dict[str, Any]]:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    pieces = ([r for r in piece if not math.isnan(r.lower)] for piece in series.pieces(breaks))
    return [
        {
            "type": "scatter",
            "name": f"marge {series.name}",
            "x": [r.year for r in rows] + [r.year for r in reversed(rows)],
            "y": [r.upper for r in rows] + [r.lower for r in reversed(rows)],
            "mode": "lines",
            "fill": "toself",
            "fillcolor": f"rgba({red},{green},{blue},0.13)",
            "line": {"width": 0},
            "hoverinfo": "skip",
        }
        for rows in pieces
        if len(rows) >= 2
    ]


def _end_labels(spec: TrendFigure) -> list[dict[str, Any]]:
    """Names at the line ends, pushed apart where they would overlap."""
    ends = []
    chosen = [s for s in spec.series if s.role == "gekozen"]
    for series in [*chosen, *(s for s in spec.series if s.role == "land" or s.named)]:
        known = [r for r in series.rows if not math.isnan(r.value)]
        if not known:
            continue
        plain = style.COUNTRY if series.role == "land" else style.MUTED
        colour = style.SERIES[chosen.index(series) % len(style.SERIES)][0] if series.role == "gekozen" else plain
        ends.append((known[-1].value, known[-1].year, series.name, colour))
    values = [r.value for s in spec.series for r in s.rows if not math.isnan(r.value)]
    if not ends or not values:
        return []
    gap = 0.052 * ((max(values) - min(values)) or 1.0)
    placed = -math.inf
    labels = []
    for value, year, name, colour in sorted(ends):
        placed = max(value, placed + gap)
        labels.append(
            {
                "x": year,
                "y": placed,
                "text": f"<b>{name}</b> {spec.text(value)}",
                "showarrow": False,
                "xanchor": "left",
                "xshift": 10,
                "font": {"size": 14.5, "color": colour},
            }
        )
    return labels
