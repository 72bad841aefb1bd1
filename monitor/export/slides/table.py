"""Native, editable tables on a slide: columns as wide as their texts, rows cut off at what fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.export import fit
from monitor.export.fit import Paragraph, Run
from monitor.export.slides import template as tpl
from monitor.export.slides.frame import Box, Leaf
from monitor.export.slides.text import NAMESPACES, QUIET, RULE, attribute, fill, paragraph_xml
from monitor.figures import style
from monitor.figures.spec import Table

_POINT = 12700
# Points: the largest and the smallest type of a table, the smallest that goes before broken lines, the white
# around a text, and how much more a row gets where there is room.
_SIZES, _EVEN = (16.0, 12.0), 13.0
_SIDE, _TIGHT, _ABOVE, _AIR = 7.0, 1.0, 2.6, 7.0
# A table style that draws nothing by itself, which every version of Office knows by this name.
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
# Longest first: 'ongunstiger' holds 'gunstiger'.
_OUTCOMES = sorted(style.MARKS, key=len, reverse=True)
_JUDGED, _REGION = "oordeel", "Regio"
_BLANK = ("", "–")


@dataclass(frozen=True)
class _Grid:
    """A table as it will be drawn, in points: its size of type, columns, rows and their heights."""

    size: float
    widths: list[float]
    rows: list[list[tuple[Run, ...]]]
    heights: list[float]


def add_table(leaf: Leaf, title: str, alt: str, content: Table, region: str, *, every_row: bool = False) -> int:
    """Draw a table in the place for the figure.

    Args:
        leaf: the slide.
        title: name of the table.
        alt: text for who cannot see it.
        content: headers and cells; a column whose header is 'Oordeel' gets the signs of judgements.
        region: name of the region whose pack it is; its rows are bold, or first when not all rows fit.
        every_row: where there is little room, up to two columns go before any row does.

    Returns:
        How many rows did not fit; the last row of the table says so.
    """
    from pptx.oxml import parse_xml

    box = leaf.room_for_figure()
    wide, high = box.width / _POINT, box.height / _POINT
    ranked = _columns(content, wide)
    columns = sorted(ranked)
    own = [_REGION in content.headers and c[content.headers.index(_REGION)] == region for c in content.cells]

    def rows(order: Sequence[int], bold: bool) -> list[list[tuple[Run, ...]]]:
        head: list[tuple[Run, ...]] = [(Run(fit.tidy(content.headers[c]), True),) for c in columns]
        return [
            head, *([_cell(content.headers[c], content.cells[r][c], bold and own[r]) for c in columns] for r in order)
        ]  # fmt: skip

    order = list(range(len(content.cells)))
    grid, kept = _grid(rows(order, True), wide, high)
    fewer = range(len(ranked) - 1, max(len(ranked) - 3, 1), -1) if every_row and kept < len(order) else ()
    for n in fewer:
        columns = sorted(ranked[:n])
        grid, kept = _grid(rows(order, True), wide, high - _line(_SIZES[1]))
        if kept == len(order):
            break
    if kept < len(order):
        grid, kept = _grid(rows(sorted(order, key=lambda r: not own[r]), False), wide, high)
    numeric = [content.numeric[c] for c in columns]
    element = parse_xml(
        _table_xml(
            grid,
            numeric,
            _rest(len(order) - kept, len(content.headers) - len(columns)),
            box,
            (leaf.next_id(), title, alt),
        )
    )
    leaf.slide.shapes._spTree.append(element)
    leaf.replace(tpl.FIGURE, element)
    return len(order) - kept


def sign_of(text: str) -> style.Mark | None:
    """The mark of the judgement that a cell holds; None when it holds none."""
    found = next((o for o in _OUTCOMES if re.search(rf"\b{o}\b", text)), None)
    return style.MARKS[found] if found else None


def _cell(header: str, text: str, bold: bool) -> tuple[Run, ...]:
    """A cell; a judgement as its sign in colour and its word."""
    flat = fit.tidy(text)
    mark = sign_of(flat) if header.casefold() == _JUDGED else None
    return (Run(f"{mark.sign} ", colour=mark.colour), Run(flat, bold)) if mark else (Run(flat, bold),)


def _columns(content: Table, room: float) -> list[int]:
    """The columns that fit at the smallest type, the most telling first.

    Those are the first and the judgement; those that are empty in most rows come last.
    """

    def blank(c: int) -> bool:
        return 2 * sum(row[c] in _BLANK for row in content.cells) > len(content.cells)

    places = range(len(content.headers))
    first = [c for c in places if c == 0 or content.headers[c].casefold() == _JUDGED]
    ranked = [*first, *sorted((c for c in places if c not in first), key=blank)]
    used = 0.0
    kept: list[int] = []
    for c in ranked:
        told = (content.headers[c], *(row[c] for row in content.cells))
        words = [w for t in told for w in fit.pieces(fit.tidy(t))]
        widest = max((fit.width(w, _SIZES[1], True, fit.WIDEST) for w in words), default=0)
        used += min(widest, room / 4) + 2 * _SIDE
        if used > room and kept:
            break
        kept.append(c)
    return kept


def _grid(rows: list[list[tuple[Run, ...]]], wide: float, high: float) -> tuple[_Grid, int]:
    """The table in the largest type that suits it, and how many rows below its head it has.

    A little smaller without broken lines is better than larger with some; when not even the smallest type fits, rows
    go.
    """
    sizes = [_SIZES[0] - k / 2 for k in range(int(2 * (_SIZES[0] - _SIZES[1])) + 1)]
    tried = [_sized(rows, wide, size) for size in sizes]
    fits = [g for g in tried if sum(g.heights) <= high]
    even = [g for g in fits if g.size >= _EVEN and max(g.heights) == min(g.heights)]
    if fits:
        return _airy((even or fits)[0], high), len(rows) - 1
    tight = _sized(rows, wide, _SIZES[1], _TIGHT)
    if sum(tight.heights) <= high:
        return tight, len(rows) - 1
    last = tried[-1]
    # One row is kept free for what is told about the rest.
    room, kept = high - _line(last.size), 0
    while kept < len(rows) and sum(last.heights[: kept + 1]) <= room:
        kept += 1
    kept = max(kept, 1)
    return _Grid(last.size, last.widths, rows[:kept], last.heights[:kept]), kept - 1


def _airy(grid: _Grid, high: float) -> _Grid:
    """The table with more white between its rows, as far as there is room."""
    more = min((high - sum(grid.heights)) / len(grid.heights), _AIR)
    return _Grid(grid.size, grid.widths, grid.rows, [h + more for h in grid.heights])


def _sized(rows: list[list[tuple[Run, ...]]], wide: float, size: float, above: float = _ABOVE) -> _Grid:
    widths = _widths(rows, wide, size)
    return _Grid(size, widths, rows, [_height(row, widths, size, above) for row in rows])


def _line(size: float) -> float:
    """Height of a row of one line."""
    return size * fit.LINE + 2 * _ABOVE


def _height(row: Sequence[tuple[Run, ...]], widths: Sequence[float], size: float, above: float) -> float:
    counts = [fit.lines(c, w - 2 * _SIDE, size, fit.WIDEST) for c, w in zip(row, widths, strict=True)]
    return max(counts) * size * fit.LINE + 2 * above


def _widths(rows: Sequence[Sequence[tuple[Run, ...]]], room: float, size: float) -> list[float]:
    """Widths of columns that together take the room: each its own text where that fits, else wide ones give way."""

    def wide(runs: Sequence[Run]) -> float:
        return sum(fit.width(r.text, size, r.bold, fit.WIDEST) for r in runs) + 2 * _SIDE + 0.5

    def word(runs: Sequence[Run]) -> float:
        pieces = [fit.width(w, size, r.bold, fit.WIDEST) for r in runs for w in fit.pieces(r.text)]
        return max(pieces, default=0) + 2 * _SIDE + 0.5

    columns = list(zip(*rows, strict=True))
    natural = [max(wide(c) for c in column) for column in columns]
    least = [min(max(word(c) for c in column), room / 3) for column in columns]
    if sum(natural) <= room:
        # What is left goes to all alike: the table is as wide as its place.
        extra = (room - sum(natural)) / len(natural)
        return [n + extra for n in natural]
    low, high = 0.0, max(natural)
    for _ in range(40):
        level = (low + high) / 2
        taken = sum(min(n, max(level, m)) for n, m in zip(natural, least, strict=True))
        low, high = (level, high) if taken <= room else (low, level)
    widths = [min(n, max(low, m)) for n, m in zip(natural, least, strict=True)]
    return [w * room / sum(widths) for w in widths]


def _rest(rows: int, columns: int) -> str:
    """What did not fit, in words; empty when everything did."""
    said = []
    if rows:
        said.append(f"{rows} {'rij' if rows == 1 else 'rijen'}")
    if columns:
        said.append(f"{columns} {'kolom' if columns == 1 else 'kolommen'}")
    return f"en nog {' en '.join(said)}, zie werkboek" if said else ""


def _table_xml(grid: _Grid, numeric: Sequence[bool], rest: str, box: Box, about: tuple[int, str, str]) -> str:
    rows = []
    for k, (row, tall) in enumerate(zip(grid.rows, grid.heights, strict=True)):
        last = k == len(grid.rows) - 1 and not rest
        rule = ("tx2", 19050) if k == 0 else ("tx2" if last else RULE, 9525)
        cells = "".join(_cell_xml(c, grid.size, n, rule) for c, n in zip(row, numeric, strict=True))
        rows.append(f'<a:tr h="{round(tall * _POINT)}">{cells}</a:tr>')
    if rest:
        told = _cell_xml((Run(rest, colour=QUIET),), grid.size, False, ("tx2", 9525), span=len(grid.widths))
        empty = _cell_xml((), grid.size, False, ("tx2", 9525), merged=True) * (len(grid.widths) - 1)
        rows.append(f'<a:tr h="{round(_line(grid.size) * _POINT)}">{told}{empty}</a:tr>')
    widths = [round(w * _POINT) for w in grid.widths]
    columns = "".join(f'<a:gridCol w="{w}"/>' for w in widths)
    high = round((sum(grid.heights) + (_line(grid.size) if rest else 0)) * _POINT)
    identity, name, alt = about
    return (
        f'<p:graphicFrame {NAMESPACES}><p:nvGraphicFramePr><p:cNvPr id="{identity}" name={attribute("Tabel: " + name)} '
        f'descr={attribute(alt)}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{box.left}" y="{box.top}"/><a:ext cx="{sum(widths)}" cy="{high}"/>'
        '</p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
        f'<a:tblPr firstRow="1"><a:tableStyleId>{_PLAIN}</a:tableStyleId></a:tblPr><a:tblGrid>'
        f"{columns}</a:tblGrid>{''.join(rows)}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _cell_xml(
    runs: tuple[Run, ...], size: float, numeric: bool, rule: tuple[str, int], *, span: int = 1, merged: bool = False
) -> str:
    text = paragraph_xml(Paragraph(runs), size, size, lambda _: "", first=True, align="r" if numeric else "l", line=90)
    over = f' gridSpan="{span}"' if span > 1 else ' hMerge="1"' if merged else ""
    side, above = round(_SIDE * _POINT), round(_TIGHT * _POINT)
    return (
        f'<a:tc{over}><a:txBody><a:bodyPr/><a:lstStyle/>{text}</a:txBody><a:tcPr marL="{side}" marR="{side}" '
        f'marT="{above}" marB="{above}" anchor="ctr"><a:lnB w="{rule[1]}">{fill(rule[0])}</a:lnB><a:noFill/>'
        "</a:tcPr></a:tc>"
    )
