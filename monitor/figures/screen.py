"""Draw a FigureSpec for the screen with Plotly."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from monitor.figures import style
from monitor.figures.geometry import Outlines, inner_point
from monitor.figures.layers import ABROAD, REGIONS, Layers
from monitor.figures.spec import MapFigure, Row, Series, TrendFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.notation import quantity

_FONT = {"family": f"'{style.SANS}', 'Source Sans', Arial, sans-serif", "size": 14.5, "color": style.TEXT}
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
    figure = go.Figure()
    _neighbours(figure, layers, spec)
    coloured = {c for c, _ in spec.classed}
    inside = dict(spec.colours)
    blank = [c for c, _ in spec.names if c not in coloured]
    for said, codes in (
        ("geen cijfer", [c for c in blank if spec.level == "gemeenten" or c in inside]),
        ("buiten de elf regio’s", [c for c in blank if spec.level == "regios" and c not in inside]),
    ):
        if codes:
            _fill(figure, said, layers, codes, [0.0] * len(codes), style.UNKNOWN_FILL, spec, said, style.UNKNOWN_LINE)
    for group, members in spec.by_class():
        if members:
            codes, values = [c for c, _ in members], [v for _, v in members]
            _fill(figure, "waarden", layers, codes, values, group.colour, spec, [_told(v, spec) for v in values])
    _outlines(figure, layers)
    _labels(figure, spec)
    frame_map(figure, (style.LON[0], style.LAT[0], style.LON[1], style.LAT[1]))
    return figure


def frame_map(figure: go.Figure, bounds: tuple[float, float, float, float]) -> None:
    """Lay a map out without world, legend or tools; ``bounds`` are degrees west, south, east, north."""
    west, south, east, north = bounds
    figure.update_geos(
        projection_type="mercator",
        lonaxis_range=[west, east],
        lataxis_range=[south, north],
        visible=False,
        bgcolor="rgba(0,0,0,0)",
        domain={"x": [0, 1], "y": [0, 1]},
    )
    figure.update_layout(
        template="none",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        dragmode=False,
        font=_FONT,
        paper_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"bgcolor": "#FFFFFF", "bordercolor": style.INK, "font": {**_FONT, "size": 15}},
    )


def _fill(
    figure: go.Figure,
    name: str,
    layers: Layers,
    codes: list[str],
    values: list[float],
    colour: str,
    spec: MapFigure,
    told: str | list[str],
    edge: str = "#FFFFFF",
) -> None:
    """Municipalities in one colour; ``told`` is what the pointer shows, one text for all or one each."""
    text = told if isinstance(told, str) else "%{customdata}"
    figure.add_trace(
        go.Choropleth(
            name=name,
            geojson=layers.municipalities,
            locations=codes,
            z=values,
            colorscale=[[0, colour], [1, colour]],
            showscale=False,
            marker={"line": {"color": edge, "width": 0.6}},
            customdata=None if isinstance(told, str) else told,
            hovertemplate=f"<b>%{{properties.{spec.level}}}</b><br>{text}<extra></extra>",
            # A click on a municipality must not dim the others.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )


def _told(value: float, spec: MapFigure) -> str:
    return f"{spec.told(value)} verschil met {spec.compared}" if spec.compared else spec.text(value)


def _shape(figure: go.Figure, name: str, layer: Any, shape: str, fill: str, line: str, width: float) -> None:
    """A layer's one shape in one colour, that the pointer does not feel."""
    figure.add_trace(
        go.Choropleth(
            name=name,
            geojson=layer,
            locations=[shape],
            z=[0],
            colorscale=[[0, fill], [1, fill]],
            showscale=False,
            marker={"line": {"color": line, "width": width}},
            hoverinfo="skip",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )


def _neighbours(figure: go.Figure, layers: Layers, spec: MapFigure) -> None:
    _shape(figure, "buurlanden", layers.neighbours, ABROAD, style.ABROAD, style.ABROAD_LINE, 1)
    lons, lats, labels = zip(*((n.lon, n.lat, n.name) for n in spec.neighbours), strict=True)
    figure.add_trace(
        go.Scattergeo(
            name="namen buurlanden",
            lon=lons,
            lat=lats,
            mode="text",
            text=labels,
            textfont={"size": 11.5, "color": style.MUTED},
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scattergeo(
            name="landen",
            lon=[4.55, 7.1],
            lat=[50.9, 51.62],
            mode="text",
            text=["B E L G I Ë", "D U I T S L A N D"],
            textfont={"size": 12.5, "color": style.MUTED},
            hoverinfo="skip",
        )
    )


def _outlines(figure: go.Figure, layers: Layers) -> None:
    for colour, width in (("#FFFFFF", 3.4), (style.TEXT, 1.6)):
        _shape(figure, "grens regio", layers.regions, REGIONS, "rgba(0,0,0,0)", colour, width)


def _labels(figure: go.Figure, spec: MapFigure) -> None:
    """Names and values beside the regions; the stylesheet swaps them for numbers on a small screen."""
    position = {"left": "middle right", "right": "middle left", "center": "middle center"}
    texts = ["<b>" + "<br>".join(x.name.split("\n")) + f"</b><br>{x.text}".removesuffix("<br>") for x in spec.labels]
    figure.add_trace(
        go.Scattergeo(
            name="namen regio’s",
            lon=[x.lon for x in spec.labels],
            lat=[x.lat for x in spec.labels],
            mode="text",
            text=texts,
            textposition=[position[x.align] for x in spec.labels],
            textfont={"size": 14, "color": style.TEXT},
            hoverinfo="skip",
        )
    )


def number_labels(figure: go.Figure, spec: MapFigure, outlines: Outlines) -> None:
    """Add the numbers that stand for the names on a small screen, inside each region.

    They begin with a space of no width, by which the stylesheet tells them from names.
    """
    points = [inner_point(outlines.regions[x.region]) for x in spec.labels]
    figure.add_trace(
        go.Scattergeo(
            name="nummers regio’s",
            lon=[p[0] for p in points],
            lat=[p[1] for p in points],
            mode="text",
            text=[f"\u200b<b>{x.number}</b>" for x in spec.labels],
            textfont={"size": 15, "color": style.TEXT},
            hoverinfo="skip",
        )
    )


def trend_figure(spec: TrendFigure, small: bool = False) -> go.Figure:
    """Draw lines over the years; each line carries its area as ``meta`` and unknown years are left open.

    Args:
        spec: what it contains.
        small: for a narrow screen: names of the lines in the legend above instead of at their ends.
    """
    figure = go.Figure()
    years = sorted({r.year for s in spec.series for r in s.rows})
    breaks = tuple(y for y, _ in spec.breaks)
    chosen = [s for s in spec.series if s.role == "gekozen"]
    for series in (s for s in spec.series if s.role == "overig"):
        colour, width = (style.DOT_EDGE, 1.8) if series.named else (style.OTHER, 1.2)
        _line(figure, spec, series, colour, "solid", width, breaks)
    for k, series in enumerate(chosen):
        colour, dash = style.SERIES[k % len(style.SERIES)]
        _band(figure, series, colour, breaks)
        _line(figure, spec, series, colour, dash, 2.8, breaks)
    for series in (s for s in spec.series if s.role == "land"):
        _line(figure, spec, series, style.COUNTRY, "solid", 2.0, breaks)
    for year, reason in spec.breaks:
        before = max((y for y in years if y < year), default=year - 1)
        figure.add_vline(x=(before + year) / 2, line={"color": style.MUTED, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=(before + year) / 2,
            y=1.0,
            yref="paper",
            text="breuk",
            showarrow=False,
            yanchor="bottom",
            font={"size": 13, "color": style.MUTED},
            hovertext=reason,
        )
    if not small:
        _end_labels(figure, spec)
    figure.update_layout(
        template="none",
        margin={"l": 14, "r": 12 if small else max(170, 14 + round(7.2 * spec.longest_end)), "t": 28, "b": 34},
        height=380 if small else 460,
        showlegend=False,
        font=_FONT,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        hovermode="closest",
        separators=",.",
        hoverlabel={"bgcolor": "#FFFFFF", "bordercolor": style.INK, "font": {**_FONT, "size": 15}},
    )
    shown = years if len(years) <= (6 if small else 14) else years[:: math.ceil(len(years) / 6)]
    figure.update_xaxes(
        tickvals=shown,
        showgrid=False,
        fixedrange=True,
        linecolor=style.LINE,
        ticks="outside",
        tickcolor=style.LINE,
        range=[years[0] - 0.4, years[-1] + 0.4],
    )
    ticks = round_ticks([r.value for s in spec.series for r in s.rows])
    shown_decimals = decimals_of(ticks)
    figure.update_yaxes(
        tickvals=ticks,
        ticktext=[quantity(t, spec.unit, shown_decimals) for t in ticks],
        gridcolor="#E9ECEF",
        zeroline=False,
        fixedrange=True,
        automargin=True,
    )
    return figure


def _line(
    figure: go.Figure,
    spec: TrendFigure,
    series: Series,
    colour: str,
    dash: str,
    width: float,
    breaks: tuple[int, ...],
) -> None:
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
    figure.add_trace(
        go.Scatter(
            name=series.name,
            meta=series.area,
            x=x,
            y=y,
            mode="lines+markers",
            customdata=texts,
            line={"color": colour, "width": width, "dash": dash},
            marker={
                "size": 7 if series.role == "gekozen" else 5 if series.role == "land" else 3,
                "color": colour,
            },
            hovertemplate="%{customdata}<extra></extra>",
        )
    )


def _point(spec: TrendFigure, row: Row) -> str:
    margin = "" if math.isnan(row.lower) else f"<br>marge {spec.text(row.lower)} tot {spec.text(row.upper)}"
    limited = "<br>beperkte dekking" if row.limited else ""
    return f"<b>{row.name}</b> {row.year}<br>{spec.text(row.value)}{margin}{limited}"


def _band(figure: go.Figure, series: Series, colour: str, breaks: tuple[int, ...]) -> None:
    for piece in series.pieces(breaks):
        rows = [r for r in piece if not math.isnan(r.lower)]
        if len(rows) < 2:
            continue
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        figure.add_trace(
            go.Scatter(
                name=f"marge {series.name}",
                x=[r.year for r in rows] + [r.year for r in reversed(rows)],
                y=[r.upper for r in rows] + [r.lower for r in reversed(rows)],
                mode="lines",
                fill="toself",
                fillcolor=f"rgba({red},{green},{blue},0.13)",
                line={"width": 0},
                hoverinfo="skip",
            )
        )


def _end_labels(figure: go.Figure, spec: TrendFigure) -> None:
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
        return
    gap = 0.052 * ((max(values) - min(values)) or 1.0)
    placed = -math.inf
    for value, year, name, colour in sorted(ends):
        at = max(value, placed + gap)
        placed = at
        figure.add_annotation(
            x=year,
            y=at,
            text=f"<b>{name}</b> {spec.text(value)}",
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"size": 14.5, "color": colour},
        )
