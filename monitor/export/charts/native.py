"""The one description of an Office chart, from every kind of figure: PowerPoint, Word and Excel only draw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from monitor.export.charts.bars import border_chart, map_chart, strip_chart
from monitor.export.charts.lines import trend_chart
from monitor.export.charts.model import ChartSeries, Look, NativeChart
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import Figure, MapFigure, StripFigure, TrendFigure

__all__ = ["ChartSeries", "Look", "NativeChart", "native_chart"]

_MAKERS: dict[type[Figure], Callable[[Any], NativeChart]] = {
    TrendFigure: trend_chart,
    StripFigure: strip_chart,
    MapFigure: map_chart,
    BorderFigure: border_chart,
}


def native_chart(figure: Figure) -> NativeChart | None:
    """Return the chart that Office documents draw of a figure.

    None for a list, which is a table, and for a figure without a single known value: there is nothing to draw then,
    and the document says so in words.
    """
    maker = _MAKERS.get(type(figure))
    made = maker(figure) if maker and figure.rows else None
    return made if made and made.known else None
