"""The sheet of one figure: a chart that draws the cells of the table beside it, and all that belongs to the figure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.export.charts.model import NativeChart
from monitor.export.charts.native import native_chart
from monitor.export.charts.xml import Cells, chart_xml
from monitor.export.pack import Exhibit
from monitor.export.sheets.base import Book, Page, range_of
from monitor.export.sheets.cells import FONT, SIDEWAYS, UPRIGHT, Column, blank, fitted, in_characters, in_pixels
from monitor.figures.border_spec import COUNTRIES, PLACES, BorderFigure
from monitor.figures.spec import Figure, ListFigure, MapFigure, Row, StripFigure, TrendFigure
from monitor.notation import UNIT_LABELS, listing, parse, rounded
from monitor.snapshot.derive import COUNTRY

EMU = 9_525
# Columns that carry a chart and what is said about it: how many, beside a table and on a page of their own; how wide.
_BESIDE, _ALONE, _LEFT_WIDE, _GAP = 8, 9, 11, 3
# Rows of a table that come on one page with what stands beside them.
_FEW = 24
# Pixels of the names of what is told about a figure, and room between two of these.
_LABEL, _APART = 66, 5.0
_NUMBER = re.compile(r"-?\d+(,\d+)?")
_YEAR, _YEARS = re.compile(r"(19|20)\d\d"), re.compile(r"jaar\b|\bvanaf$|\btot$", re.IGNORECASE)
NO_VALUE = "geen cijfer"
# A long address on more lines is cut off by LibreOffice.
_LINKED = "Deze figuur in de monitor"
_KINDS = {"GM": "gemeente", "PV": "provincie"}


@dataclass(frozen=True)
class Drawn:
    """A chart that stands on a sheet: its part of the file, in the order in which the sheets were made."""

    xml: bytes


def name_of(exhibit: Exhibit) -> str:
    """Name of the sheet of a figure."""
    return f"Figuur {exhibit.number}"


def add_figure(book: Book, exhibit: Exhibit, names: dict[str, str]) -> Drawn | None:
    """Add the sheet of a figure; returns its chart, None when the figure is a table or nothing in it is known.

    Args:
        book: the workbook.
        exhibit: the figure with all that stands beside it.
        names: code of a municipality -> name, for what is missing.
    """
    figure = exhibit.figure
    chart = native_chart(figure)
    if chart and chart.kind == "line" and isinstance(figure, TrendFigure):
        from monitor.export.sheets.trend import trend_sheet

        return trend_sheet(book, exhibit, figure, chart)
    if chart:
        return _bars_sheet(book, exhibit, chart, names)
    _table_sheet(book, exhibit, names)
    return None


def new_page(book: Book, exhibit: Exhibit, upright: bool = False) -> Page:
    """The sheet of a figure, still empty."""
    return Page(book, name_of(exhibit), f"{name_of(exhibit)}. {exhibit.figure.title}", upright)


def top(page: Page, exhibit: Exhibit, columns: tuple[int, int]) -> int:
    """Title and conclusion over these columns, above the table; returns the row of its headers."""
    row = page.block(0, columns, f"{name_of(exhibit)}. {exhibit.figure.title}", "titel", air=3)
    return page.block(row, columns, exhibit.conclusion, "zin") + 1


def words(page: Page, exhibit: Exhibit, row: int, columns: tuple[int, int], *remarks: str) -> int:
    """What belongs to the figure: note, method, source, terms, edition, link and what a reader has to know.

    Args:
        page: the sheet; its columns have their widths.
        exhibit: the figure.
        row: where it begins.
        columns: the first and the last that it may take.
        remarks: what an empty cell says.

    Returns:
        The first row below.
    """
    figure, (first, last) = exhibit.figure, columns
    label = page.reach(first, first, _LABEL)
    parts = [
        ("Notitie", exhibit.note, ""),
        ("Lege cel", " ".join(r for r in remarks if r), ""),
        ("Vraag", exhibit.question, ""),
        ("Methode", exhibit.method, ""),
        ("Let op", "\n".join(f"• {n}" for n in figure.notes), ""),
        ("Bron", f"{figure.source.removeprefix('Bron: ')} ({figure.licence}). Editie {figure.edition}.", ""),
        ("Link", _LINKED if exhibit.address.startswith("http") else exhibit.address, exhibit.address),
    ]
    for name, text, address in parts:
        if text:
            page.block(row, (first, label), name, "vet")
            row = page.block(row, (label + 1, max(last, label + 1)), text, "tekst", address, _APART)
    return row


def _table_sheet(book: Book, exhibit: Exhibit, names: dict[str, str]) -> None:
    """A figure without a chart: its table, with all that is said below it."""
    figure = exhibit.figure
    if isinstance(figure, ListFigure):
        columns = list_columns(figure)
        remark = "Een lege cel in een kolom met getallen betekent: geen cijfer."
        told = remark if any(c.numeric and any(map(blank, c.cells)) for c in columns) else ""
    else:
        columns, told = area_columns(figure, figure.rows, names), "Van deze figuur is geen enkel cijfer bekend."
    columns, starts = fitted(columns, SIDEWAYS)
    page = new_page(book, exhibit)
    last = page.under(columns, starts)
    header = top(page, exhibit, (0, last))
    below = page.table(header, 0, columns)
    page.freeze(header)
    end = words(page, exhibit, below + 1, (0, last), told)
    page.paper(*page.parts(header, (below - 1, end - 1), max(last, len(columns) - 1), starts))


# -- bars -----------------------------------------------------------------------------------------------------


def area_columns(figure: Figure, rows: Sequence[Row], names: dict[str, str]) -> list[Column]:
    """The table of areas in one year: a column only where it says something."""
    unit, d = UNIT_LABELS[figure.unit], figure.decimals
    made = [Column("Gebied", [r.name for r in rows], width=27)]
    if isinstance(figure, BorderFigure):
        about = {id(a.row): a for a in figure.areas}
        made.append(Column("Land", [COUNTRIES[about[id(r)].country] for r in rows]))
        made.append(Column("Ligging", [PLACES[about[id(r)].place] for r in rows]))
    else:
        made.append(Column("Soort", [_kind(figure, r) for r in rows]))
    made.append(Column("Jaar", [r.year for r in rows], year=True, width=6))
    made.append(Column(f"Waarde ({unit})", [r.value for r in rows], d, 10))
    optional = [
        Column("Ondergrens 95%", [r.lower for r in rows], d, 10),
        Column("Bovengrens 95%", [r.upper for r in rows], d, 10),
        Column("Dekking (%)", [coverage(r) for r in rows] if any(r.coverage < 1 - 1e-6 for r in rows) else []),
        Column("Oordeel", [r.word for r in rows]),
        Column("Opmerking", [remark(r, names) for r in rows]),
    ]
    return made + [c for c in optional if not c.empty]


def _kind(figure: Figure, row: Row) -> str:
    """What kind of area a row is about, to filter by."""
    own: tuple[Row | None, ...] = ()
    if isinstance(figure, MapFigure):
        own = figure.numbered
    elif isinstance(figure, StripFigure):
        own = (figure.region,)
    if any(r is not None and r.area == row.area for r in own):
        return "regio"
    return "land" if row.area == COUNTRY else _KINDS.get(row.area[:2], "vergelijking")


def coverage(row: Row) -> float:
    """Coverage in whole percentages, as the tables on screen have it; NaN where there is no value."""
    return math.nan if math.isnan(row.value) else rounded(100 * row.coverage, 0)


def remark(row: Row, names: dict[str, str]) -> str:
    """What a reader has to know of one number: unknown, resting on a part, not final."""
    said = []
    if math.isnan(row.value):
        said.append(NO_VALUE)
    elif row.limited:
        said.append("beperkte dekking")
    if row.missing:
        said.append(f"zonder {listing([names.get(c, c) for c in row.missing])}")
    if row.status not in ("", "definitief") and not math.isnan(row.value):
        said.append(f"{row.status} cijfer")
    return ", ".join(said)


def _bars_sheet(book: Book, exhibit: Exhibit, chart: NativeChart, names: dict[str, str]) -> Drawn:
    """The chart and all that is said on the left, the table on the right; what helps the chart stands beyond.

    On paper the left part is a page of its own, and the table follows.
    """
    figure, (series,) = exhibit.figure, chart.series
    drawn = [r for r in series.rows if r is not None]
    inside = {id(r) for r in drawn}
    rows = [*drawn, *(r for r in figure.rows if id(r) not in inside)]
    columns = area_columns(figure, rows, names)
    value = next(k for k, c in enumerate(columns) if c.header.startswith("Waarde"))
    rest = [None] * (len(rows) - len(drawn))
    if not _same(series.values, [r.value for r in drawn]):
        value += 1
        columns.insert(value, Column(series.name, [*series.values, *rest], figure.decimals, 12))
    shape = _shape(columns)
    columns = shape.columns
    page = new_page(book, exhibit, shape.upright)
    page.columns(0, [_LEFT_WIDE] * shape.left + [_GAP])
    first = shape.left + 1
    right = first + len(columns) - 1
    page.columns(first, [in_characters(c.pixels) for c in columns])
    # What is said of the figure runs on below the table when that is on the same page.
    across = (0, right if shape.together else shape.left - 1)
    header = top(page, exhibit, across)
    end = page.table(header, first, columns)
    page.freeze(header, 0, repeat=not shape.together)
    helping, last = right + 2, header + len(drawn)
    _help(page, header, helping, chart, rest, figure.decimals)

    def down(column: int) -> str:
        return range_of(page.name, (header + 1, column), (last, column))

    margins = (down(helping + 1), down(helping + 2)) if series.intervals else ("", "")
    value += first
    name = range_of(page.name, (header, value), (header, value))
    cells = Cells(down(helping), (name,), (down(value),), (margins[0],), (margins[1],))
    high = 420 if chart.kind == "column" else 110 + (26 if shape.together else 28) * max(len(drawn), 4)
    # Below the headers: a chart that begins in what stays in sight is cut in two when the sheet moves.
    wide = page.across(0, shape.left - 1) - 16
    place(page, chart, (header + 1, 0), (wide, high))
    row = page.below(header + 1, 0.75 * high + 12)
    said = words(page, exhibit, max(row, end + 1) if shape.together else row, across, _unknown(figure))
    if shape.together:
        page.paper((0, 0, said - 1, right))
    else:
        page.paper((0, 0, said - 1, across[1]), (header, first, end - 1, right))
    # The name of the series is what stands in the cell that it refers to.
    chart = replace(chart, series=(replace(series, name=columns[value - first].header),))
    return Drawn(chart_xml(chart, cells, wide * EMU, high * EMU, FONT))


@dataclass(frozen=True)
class _Shape:
    """How chart and table share the paper. ``together``: on one page; ``left``: columns that carry the chart."""

    columns: list[Column]
    upright: bool
    together: bool
    left: int


def _shape(columns: list[Column]) -> _Shape:
    """Chart and table beside each other on one page where that is legible, and else each on pages of its own."""
    room = SIDEWAYS - _BESIDE * in_pixels(_LEFT_WIDE) - in_pixels(_GAP)
    if len(columns[0].cells) <= _FEW:
        beside, starts = fitted(columns, room)
        if len(starts) == 1:
            return _Shape(beside, False, True, _BESIDE)
    narrow, starts = fitted(columns, UPRIGHT)
    if len(starts) == 1:
        return _Shape(narrow, True, False, _ALONE)
    return _Shape(fitted(columns, SIDEWAYS)[0], False, False, _ALONE)


def _help(page: Page, header: int, column: int, chart: NativeChart, rest: Sequence[None], decimals: int) -> None:
    """Beyond the table: the names as the chart has them, and how long its margins are."""
    (series,) = chart.series
    helpers = [Column("Naam in de grafiek", [*chart.categories, *rest], quiet=True)]
    if series.intervals:
        helpers.append(Column("Marge omlaag", [*series.down, *rest], decimals, quiet=True))
        helpers.append(Column("Marge omhoog", [*series.up, *rest], decimals, quiet=True))
    page.columns(column - 1, [_GAP])
    page.table(header, column, helpers, filtered=False)
    page.text(header - 1, column, "Hulp bij de grafiek", "stil")


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    return all(x == y or (math.isnan(x) and math.isnan(y)) for x, y in zip(a, b, strict=True))


def _unknown(figure: Figure) -> str:
    return "Er is voor dat gebied geen cijfer." if any(math.isnan(r.value) for r in figure.rows) else ""


def place(page: Page, chart: NativeChart, cell: tuple[int, int], size: tuple[int, int]) -> None:
    """Reserve room for a chart: from a cell on, so many pixels wide and high.

    The drawing itself is put in when the file is whole.
    """
    reserved = page.book.book.add_chart({"type": "bar"})
    reserved.add_series({"values": f"='{page.name}'!$A$1:$A$1"})
    reserved.set_size({"width": size[0], "height": size[1]})
    page.sheet.insert_chart(*cell, reserved, {"description": chart.alt, "object_position": 3})


# -- lists ----------------------------------------------------------------------------------------------------


def list_columns(figure: ListFigure) -> list[Column]:
    """The columns of a list: what holds numbers as numbers, each with its own decimals."""
    content = figure.content
    made = []
    for k, (header, numeric) in enumerate(zip(content.headers, content.numeric, strict=True)):
        texts = [row[k] for row in content.plain]
        if numeric and all(not t or _NUMBER.fullmatch(t) for t in texts):
            decimals = [len(t.partition(",")[2]) for t in texts]
            year = bool(_YEARS.search(header)) and all(not t or _YEAR.fullmatch(t) for t in texts)
            made.append(Column(header, [parse(t) if t else None for t in texts], decimals, year=year))
        else:
            made.append(Column(header, texts))
    return made
