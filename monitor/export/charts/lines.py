"""Lines over the years as a native chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from monitor.export.charts.model import (
    LONGEST,
    ChartSeries,
    NativeChart,
    fits,
    number_format,
    pick,
    provisional,
    unit_of,
)
from monitor.figures import style
from monitor.figures.spec import Row, Series, TrendFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.logbook.entry import clean
from monitor.notation import quantity

_MARKERS = ("circle", "square", "triangle", "diamond")
_BACK_TO_FRONT = ("overig", "land", "gekozen")


def trend_chart(figure: TrendFigure) -> NativeChart:
    """Lines over every year from the first to the last: others thin and grey, the benchmark black, the chosen in front.

    Nothing is joined over a break or an unknown value: the line goes on as a further series of the same look. Years
    for which the figure has no row at all (a survey every four years) are bridged, as on the screen.
    """
    present = {r.year for s in figure.series for r in s.rows}
    years = tuple(range(min(present), max(present) + 1))
    breaks = tuple(y for y, _ in figure.breaks)
    span = any(b.year - a.year > 1 for s in figure.series for p in s.pieces(breaks) for a, b in pairwise(p))
    chosen = [s.area for s in figure.series if s.role == "gekozen"]
    made: list[ChartSeries] = []
    for series in sorted(figure.series, key=lambda s: _BACK_TO_FRONT.index(s.role)):
        place = chosen.index(series.area) if series.role == "gekozen" else -1
        # Where blanks are bridged, an unknown value may only lie between two series.
        pieces = series.pieces(breaks) if span else _between(series.rows, breaks)
        made += [
            _line(series, piece, years, place, last=k == len(pieces) - 1)
            for k, piece in enumerate(pieces or [list(series.rows)])
        ]
    ticks = tuple(round_ticks([x for s in made for x in (*s.values, *s.lower, *s.upper)]))
    return NativeChart(
        kind="line",
        title=clean(figure.title),
        alt=clean(figure.alt),
        categories=tuple(str(y) for y in years),
        series=tuple(made),
        number_format=number_format(figure),
        axis_format=number_format(figure, decimals_of(ticks)),
        ticks=ticks,
        unit=unit_of(figure),
        key=_key(figure, made),
        longest_label=max((len(f"{s.name} {figure.text(s.values[k])}") for s in made for k in s.labelled), default=0),
        longest_tick=max((len(quantity(t, figure.unit, decimals_of(ticks))) for t in ticks), default=0),
        span=span,
    )


def _between(rows: Sequence[Row], breaks: Sequence[int]) -> list[list[Row]]:
    """Rows per piece between breaks, with the unknown ones, which stay a gap; pieces without a value are left out."""
    edges = [-math.inf, *sorted(breaks), math.inf]
    parts = [[r for r in rows if a <= r.year < b] for a, b in pairwise(edges)]
    return [p for p in parts if any(not math.isnan(r.value) for r in p)]


def _line(series: Series, piece: Sequence[Row], years: Sequence[int], place: int, last: bool) -> ChartSeries:
    """One piece of a line.

    Args:
        series: whose line.
        piece: the rows that may be joined.
        years: the categories.
        place: among the chosen regions; -1 for the others.
        last: the last piece carries the name; an earlier one says until when it runs.
    """
    by_year = {r.year: r for r in piece}
    rows = tuple(by_year.get(y) for y in years)
    ending = "" if last else f" (tot en met {piece[-1].year})"
    colour, dash, width, marker, size = style.OTHER, "solid", 0.9, "circle", 2
    if series.named:
        colour, width, size = style.DOT_EDGE, 1.5, 4
    if series.role == "land":
        colour, width, size = style.COUNTRY, 1.75, 4
    if place >= 0:
        (colour, dash), marker = style.SERIES[place % len(style.SERIES)], _MARKERS[place % len(_MARKERS)]
        width, size = 2.5, 7
    # Margins of the other regions would cover the lines.
    none = (math.nan,) * len(rows)
    return ChartSeries(
        name=fits(series.name, LONGEST - len(ending)) + ending,
        area=series.area,
        rows=rows,
        values=pick(rows, "value"),
        lower=pick(rows, "lower") if place >= 0 else none,
        upper=pick(rows, "upper") if place >= 0 else none,
        colour=colour,
        dash=dash,
        width=width,
        marker=marker,
        size=size,
        labels="einde" if last and (series.role != "overig" or series.named) else "geen",
        hollow=tuple(k for k, r in enumerate(rows) if r and r.limited),
    )


def _key(figure: TrendFigure, made: Sequence[ChartSeries]) -> tuple[str, ...]:
    said = []
    if any(s.role == "overig" and not s.named for s in figure.series):
        said.append("Dunne grijze lijnen: de andere regio’s.")
    if any(s.intervals for s in made):
        said.append("Streepje omhoog en omlaag: marge van 95%.")
    said += [f"Breuk in {year}: cijfers van daarvoor en daarna zijn niet te vergelijken." for year, _ in figure.breaks]
    if any(s.hollow for s in made):
        said.append("Open teken: beperkte dekking.")
    return (*said, *provisional(figure.rows))
