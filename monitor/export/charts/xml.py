"""Draw a native chart as DrawingML: the one drawing that PowerPoint, Word and Excel share.

The numbers stand in cells; the drawing refers to them and keeps a copy, as Office itself does. ``Cells`` says where.
Order of elements and their meaning: ECMA-376 part 1, chapter 21.2 (DrawingML charts).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from monitor.export.charts.model import ChartSeries, NativeChart
from monitor.export.charts.room import POINT, Room, lines_high, pushed_apart, room_of
from monitor.figures import style

_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_DASHES = {"solid": "solid", "dash": "dash", "dot": "sysDot", "dashdot": "dashDot"}
_CATEGORY_AXIS, _VALUE_AXIS = 111_111_111, 222_222_222


@dataclass(frozen=True)
class Cells:
    """Where the numbers of a chart stand: references such as "Gegevens!$B$2:$B$12", per series where it is a tuple.

    ``down`` and ``up`` hold the lengths of the error bars; empty text for a series without.
    """

    categories: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    down: tuple[str, ...]
    up: tuple[str, ...]


def chart_xml(
    chart: NativeChart, cells: Cells, width: int, height: int, font: str, relation: str = "", points: float = 10.0
) -> bytes:
    """Return the part 'c:chartSpace' of a chart.

    Args:
        chart: what it contains.
        cells: where its numbers stand.
        width: of the frame it is drawn in, in EMU; names and labels get room by it.
        height: likewise.
        font: family of its letters, or '+mn-lt' for that of the theme of the document.
        relation: id of the relation to the embedded workbook; empty when the cells lie in the document itself.
        points: size of its letters; never below 10, and 10 where many bars leave no room for more.
    """
    room = room_of(chart, width, height, points)
    plot = _lines(chart, cells, room) if chart.kind == "line" else _bars(chart, cells, room)
    outside = f'<c:externalData r:id="{relation}"><c:autoUpdate val="0"/></c:externalData>' if relation else ""
    blanks = "span" if chart.span else "gap"
    made = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {_SPACES}>'
        '<c:date1904 val="0"/><c:lang val="nl-NL"/><c:roundedCorners val="0"/>'
        f'<c:chart>{_said(room, room.unit, 0.0, bold=True)}<c:autoTitleDeleted val="0"/>'
        f"<c:plotArea>{_layout(room)}{plot}{_axes(chart, room)}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="{blanks}"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{_size(room)}">{_fill(style.TEXT)}'
        f'<a:latin typeface="{escape(font)}"/></a:defRPr></a:pPr><a:endParaRPr lang="nl-NL"/></a:p></c:txPr>'
        f"{outside}</c:chartSpace>"
    )
    return made.encode("utf-8")


# -- pieces -------------------------------------------------------------------------------------------------


def _size(room: Room) -> int:
    return round(100 * room.points)


def _layout(room: Room) -> str:
    places = (("x", room.left), ("y", room.top), ("w", room.across), ("h", room.down))
    sizes = "".join(f'<c:{name} val="{value:.5f}"/>' for name, value in places)
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{sizes}</c:manualLayout></c:layout>"
    )


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour.lstrip("#")}"/></a:solidFill>'


def _stroke(colour: str, points: float, dash: str = "solid") -> str:
    return (
        f'<a:ln w="{round(points * POINT)}" cap="flat">{_fill(colour)}<a:prstDash val="{_DASHES[dash]}"/>'
        "<a:round/></a:ln>"
    )


def _texts(reference: str, texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{k}"><c:v>{escape(t)}</c:v></c:pt>' for k, t in enumerate(texts))
    return (
        f'<c:strRef><c:f>{escape(reference)}</c:f><c:strCache><c:ptCount val="{len(texts)}"/>{points}'
        "</c:strCache></c:strRef>"
    )


def _numbers(reference: str, values: Sequence[float], code: str = "General") -> str:
    """Numbers with where they stand; an unknown one is left out, which is how a chart knows it."""
    known = ((k, v) for k, v in enumerate(values) if not math.isnan(v))
    points = "".join(f'<c:pt idx="{k}"><c:v>{v!r}</c:v></c:pt>' for k, v in known)
    return (
        f"<c:numRef><c:f>{escape(reference)}</c:f><c:numCache><c:formatCode>{escape(code)}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def _words(room: Room, colour: str, bold: bool = False, tilted: bool = False) -> str:
    weight, turned = ' b="1"' if bold else ' b="0"', -2_700_000 if tilted else 0
    return (
        f'<c:txPr><a:bodyPr rot="{turned}" wrap="none" anchor="ctr"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{_size(room)}"{weight}>{_fill(colour)}</a:defRPr></a:pPr><a:endParaRPr lang="nl-NL"/></a:p>'
        "</c:txPr>"
    )


def _head(chart: NativeChart, cells: Cells, k: int) -> str:
    series = chart.series[k]
    return f'<c:idx val="{k}"/><c:order val="{k}"/><c:tx>{_texts(cells.names[k], [series.name])}</c:tx>'


def _data(chart: NativeChart, cells: Cells, k: int) -> str:
    series = chart.series[k]
    categories = (
        _numbers(cells.categories, [int(c) for c in chart.categories])
        if chart.kind == "line"
        else _texts(cells.categories, chart.categories)
    )
    return f"<c:cat>{categories}</c:cat><c:val>{_numbers(cells.values[k], series.values, chart.number_format)}</c:val>"


def _margins(series: ChartSeries, cells: Cells, k: int, colour: str) -> str:
    """Error bars, each of its own length on either side."""
    if not series.intervals:
        return ""
    # A lying bar has one direction, which Office does not name.
    direction = "" if series.looks else '<c:errDir val="y"/>'
    return (
        f'<c:errBars>{direction}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{_numbers(cells.up[k], series.up)}</c:plus><c:minus>{_numbers(cells.down[k], series.down)}</c:minus>"
        f"<c:spPr>{_stroke(colour, 1.0)}</c:spPr></c:errBars>"
    )


def _shown(value: bool, name: bool = False) -> str:
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{int(value)}"/><c:showCatName val="0"/>'
        f'<c:showSerName val="{int(name)}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def _moved(across: float = 0.0, down: float = 0.0) -> str:
    """Move a label from its own place, in parts of the frame."""
    if not across and not down:
        return ""
    return f'<c:layout><c:manualLayout><c:x val="{across:.5f}"/><c:y val="{down:.5f}"/></c:manualLayout></c:layout>'


def _leaders(drawn: bool) -> str:
    """Whether a thin line leads from a label that was moved to its point; beside a margin it would look like one."""
    look = f"<c15:leaderLines><c:spPr>{_stroke(style.DOT_EDGE, 0.5)}</c:spPr></c15:leaderLines>" if drawn else ""
    return (
        '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
        'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
        f'<c15:showLeaderLines val="{int(drawn)}"/>{look}</c:ext></c:extLst>'
    )


# -- lines ----------------------------------------------------------------------------------------------------


def _lines(chart: NativeChart, cells: Cells, room: Room) -> str:
    pushed = pushed_apart(chart, room)
    made = [_line(chart, cells, room, k, pushed) for k in range(len(chart.series))]
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{"".join(made)}<c:marker val="1"/>'
        f'<c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/></c:lineChart>'
    )


def _line(chart: NativeChart, cells: Cells, room: Room, k: int, pushed: dict[int, float]) -> str:
    series = chart.series[k]
    hollow = "".join(
        f'<c:dPt><c:idx val="{p}"/>{_marker(series, style.UNKNOWN_FILL, 4)}<c:bubble3D val="0"/></c:dPt>'
        for p in series.hollow
    )
    return (
        f"<c:ser>{_head(chart, cells, k)}<c:spPr>{_stroke(series.colour, series.width, series.dash)}</c:spPr>"
        f"{_marker(series, series.colour)}{hollow}{_line_labels(chart, room, k, pushed)}"
        f'{_margins(series, cells, k, series.colour)}{_data(chart, cells, k)}<c:smooth val="0"/></c:ser>'
    )


def _marker(series: ChartSeries, fill: str, smallest: int = 2) -> str:
    return (
        f'<c:marker><c:symbol val="{series.marker}"/><c:size val="{max(series.size, smallest)}"/>'
        f"<c:spPr>{_fill(fill)}{_stroke(series.colour, 1.0)}</c:spPr></c:marker>"
    )


def _line_labels(chart: NativeChart, room: Room, k: int, pushed: dict[int, float]) -> str:
    """Name and value at the end of a line."""
    series = chart.series[k]
    if not series.labelled:
        return ""
    colour = style.MUTED if series.colour == style.DOT_EDGE else series.colour
    made = "".join(
        f'<c:dLbl><c:idx val="{p}"/>{_moved(0.0, pushed.get(k, 0.0))}'
        f'<c:numFmt formatCode="{escape(chart.number_format)}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
        f'{_words(room, colour, bold=True)}<c:dLblPos val="r"/>{_shown(True, True)}'
        "<c:separator> </c:separator></c:dLbl>"
        for p in series.labelled
    )
    return f"<c:dLbls>{made}{_shown(False)}{_leaders(True)}</c:dLbls>"


# -- bars -----------------------------------------------------------------------------------------------------


def _bars(chart: NativeChart, cells: Cells, room: Room) -> str:
    (series,) = chart.series
    many = chart.kind == "column"
    points = "".join(
        f'<c:dPt><c:idx val="{k}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"<c:spPr>{_fill(look.fill)}{_stroke(look.fill, 0.1) if many else _stroke(look.edge, 1.0)}</c:spPr></c:dPt>"
        for k, look in enumerate(series.looks)
        if not math.isnan(series.values[k])
    )
    return (
        f'<c:barChart><c:barDir val="{"col" if many else "bar"}"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f"<c:ser>{_head(chart, cells, 0)}<c:spPr>{_fill(series.colour)}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{points}{_bar_labels(chart, room)}{_margins(series, cells, 0, style.TEXT)}'
        f'{_data(chart, cells, 0)}</c:ser><c:gapWidth val="{0 if many else 45}"/>'
        f'<c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/></c:barChart>'
    )


def _bar_labels(chart: NativeChart, room: Room) -> str:
    """The value behind its bar, and behind the margin where there is one."""
    (series,) = chart.series
    if not series.labelled:
        return ""
    span = chart.ticks[-1] - chart.ticks[0]
    common = (
        f'<c:numFmt formatCode="{escape(chart.number_format)}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
        f'{_words(room, style.TEXT)}<c:dLblPos val="outEnd"/>{_shown(True)}'
    )
    # Clear of the cap of the margin.
    gap = 6 / room.width
    moved = {
        k: (series.up[k] if series.values[k] >= 0 else -series.down[k]) / span * room.across + gap
        for k in series.labelled
        if not math.isnan(series.up[k])
    }
    made = "".join(f'<c:dLbl><c:idx val="{k}"/>{_moved(across)}{common}</c:dLbl>' for k, across in moved.items())
    return f"<c:dLbls>{made}{common}{_leaders(False)}</c:dLbls>"


# -- axes -----------------------------------------------------------------------------------------------------


def _axes(chart: NativeChart, room: Room) -> str:
    lying = chart.kind == "bar"
    # The first bar stands on top, and the numbers below the last.
    orientation, crosses = ("maxMin", "max") if lying else ("minMax", "autoZero")
    names = "none" if chart.kind == "column" else "low"
    low, high = chart.ticks[0], chart.ticks[-1]
    # What lies below the plot is the title of the axis there, whichever that is.
    key = _said(room, room.key, 1 - lines_high(room, room.key))
    return (
        f'<c:catAx><c:axId val="{_CATEGORY_AXIS}"/><c:scaling><c:orientation val="{orientation}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/>'
        f"{'' if lying else key}"
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="{names}"/><c:spPr>{_stroke(style.DOT_EDGE, 0.75)}</c:spPr>'
        f"{_words(room, style.TEXT, tilted=room.tilted)}"
        f'<c:crossAx val="{_VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        f'<c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="{_VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{high!r}"/>'
        f'<c:min val="{low!r}"/></c:scaling><c:delete val="0"/><c:axPos val="{"b" if lying else "l"}"/>'
        f"<c:majorGridlines><c:spPr>{_stroke(style.LINE, 0.5)}</c:spPr></c:majorGridlines>"
        f"{key if lying else ''}"
        f'<c:numFmt formatCode="{escape(chart.axis_format)}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_words(room, style.MUTED)}<c:crossAx val="{_CATEGORY_AXIS}"/><c:crosses val="{crosses}"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{_step(chart)!r}"/></c:valAx>'
    )


def _step(chart: NativeChart) -> float:
    return round(chart.ticks[1] - chart.ticks[0], 10) if len(chart.ticks) > 1 else 1.0


def _said(room: Room, lines: Sequence[str], top: float, bold: bool = False) -> str:
    """Text in the frame, from its left side, as a title of the chart: it goes along when the chart is copied."""
    if not lines:
        return ""
    colour, weight = (style.TEXT, ' b="1"') if bold else (style.MUTED, ' b="0"')
    look = f'sz="{_size(room)}"{weight}'
    paragraphs = "".join(
        f'<a:p><a:pPr algn="l"><a:defRPr {look}>{_fill(colour)}</a:defRPr></a:pPr>'
        f'<a:r><a:rPr lang="nl-NL" {look}>{_fill(colour)}</a:rPr><a:t>{escape(line)}</a:t></a:r></a:p>'
        for line in lines
    )
    return (
        f'<c:title><c:tx><c:rich><a:bodyPr rot="0" vert="horz" anchor="t"/><a:lstStyle/>{paragraphs}</c:rich></c:tx>'
        '<c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="0.002"/><c:y val="{top:.5f}"/></c:manualLayout></c:layout><c:overlay val="0"/></c:title>'
    )
