"""The sheet of lines over the years: a table of areas and years, and a chart that draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor.export.charts.model import ChartSeries, NativeChart
from monitor.export.charts.xml import Cells, chart_xml
from monitor.export.pack import Exhibit
from monitor.export.sheets.base import Book, Page, range_of
from monitor.export.sheets.cells import FONT, SIDEWAYS, Column, fitted
from monitor.export.sheets.figure import EMU, NO_VALUE, Drawn, new_page, place, top, words
from monitor.figures.spec import TrendFigure
from monitor.notation import listing

# Pixels of the chart, and of chart and text beside each other.
_WIDE, _HIGH, _SIDE_BY_SIDE = 640, 400, 1150
# Characters of a value at least, and where there are more years than this.
_YEAR, _MANY, _NARROW = 8, 14, 5


def trend_sheet(book: Book, exhibit: Exhibit, figure: TrendFigure, chart: NativeChart) -> Drawn:
    """Areas in rows and years in columns, with the margins of the chosen areas; below it the chart and what is said.

    On paper the chart begins a page of its own.
    """
    ranks = {s.area: ("gekozen", "land", "overig").index(s.role) for s in figure.series}
    order = sorted(range(len(chart.series)), key=lambda k: ranks[chart.series[k].area])
    listed = [chart.series[k] for k in order]
    years, d = chart.categories, figure.decimals
    columns, starts = fitted(_columns(figure, chart, listed), SIDEWAYS)
    page = new_page(book, exhibit)
    last = page.under(columns, starts, _SIDE_BY_SIDE)
    header = top(page, exhibit, (0, last))
    below = page.table(header, 0, columns)
    for k, year in enumerate(years, 1):
        page.sheet.write_number(header, k, int(year), page.book.number_head)
    below = page.block(below, (0, last), f"Waarden: {figure.caption}", "stil")
    margins, row = _margins(page, below + 1, chart, listed, d)

    def across(line: int) -> str:
        return range_of(page.name, (line, 1), (line, len(years)))

    lines = {id(s): header + 1 + k for k, s in enumerate(listed)}
    cells = Cells(
        across(header),
        tuple(range_of(page.name, (lines[id(s)], 0), (lines[id(s)], 0)) for s in chart.series),
        tuple(across(lines[id(s)]) for s in chart.series),
        tuple(across(margins[id(s)]) if id(s) in margins else "" for s in chart.series),
        tuple(across(margins[id(s)] + 1) if id(s) in margins else "" for s in chart.series),
    )
    place(page, chart, (row, 0), (_WIDE, _HIGH))
    beside = page.reach(0, 0, _WIDE + 16) + 1
    end = words(page, exhibit, row, (beside, last), _empty_years(figure, years))
    end = max(end, page.below(row, 0.75 * _HIGH))
    page.freeze(header, repeat=not page.on_one_page(row, last + 1))
    if len(starts) == 1 and page.on_one_page(end, last + 1):
        page.paper((0, 0, end - 1, last))
    else:
        # The text below the table would be cut in two.
        lowest = row - 2 if margins else header + len(listed)
        parts = page.parts(header, (lowest, row - 2), max(last, len(columns) - 1), starts)
        page.paper(*parts, (row, 0, end - 1, last))
    return Drawn(chart_xml(chart, cells, _WIDE * EMU, _HIGH * EMU, FONT))


def _columns(figure: TrendFigure, chart: NativeChart, listed: Sequence[ChartSeries]) -> list[Column]:
    final = {s.area: s for s in chart.series}
    remarks = Column("Opmerking", [_line_remark(figure, s, final[s.area] is s) for s in listed])
    wide = _YEAR if len(chart.categories) <= _MANY else _NARROW
    years = (Column(y, [s.values[n] for s in listed], figure.decimals, wide) for n, y in enumerate(chart.categories))
    return [Column("Gebied", [s.name for s in listed]), *years, *([] if remarks.empty else [remarks])]


def _margins(
    page: Page, row: int, chart: NativeChart, listed: Sequence[ChartSeries], decimals: int
) -> tuple[dict[int, int], int]:
    """Write the 95% intervals of the chosen lines, and the lengths that the chart draws.

    Returns:
        Series (by identity) -> the row of its length downwards, the one upwards stands below it; the first row after.
    """
    found: dict[int, int] = {}
    with_margin = [s for s in listed if s.intervals]
    if with_margin:
        page.text(row, 0, "Marges van 95%", "vet")
        row += 1
    for s in with_margin:
        lines = (("ondergrens 95%", s.lower), ("bovengrens 95%", s.upper), ("omlaag", s.down), ("omhoog", s.up))
        for k, (what, values) in enumerate(lines):
            quiet = k > 1
            page.block(row + k, (0, 0), f"{s.name}: {what}", "stil" if quiet else "tekst")
            for n, v in enumerate(values, 1):
                if not math.isnan(v):
                    page.sheet.write_number(row + k, n, v, page.book.number(max(decimals, 0), quiet))
        found[id(s)] = row + 2
        row += len(lines)
    return found, row + 1


def _line_remark(figure: TrendFigure, series: ChartSeries, last: bool) -> str:
    """Years in which an area has no value, rests on a part, or is not final.

    ``last``: of a line in pieces only the last one tells which years are not known.
    """
    measured = {r.year for s in figure.series for r in s.rows if not math.isnan(r.value)}
    known = {r.year for s in figure.series if s.area == series.area for r in s.rows if not math.isnan(r.value)}
    own = [r for r in series.rows if r is not None and not math.isnan(r.value)]
    said = [
        (NO_VALUE, sorted(measured - known) if last else []),
        ("beperkte dekking", [r.year for r in own if r.limited]),
        ("nog niet definitief", [r.year for r in own if r.status not in ("", "definitief")]),
    ]
    return "; ".join(f"{word}: {', '.join(map(str, years))}" for word, years in said if years)


def _empty_years(figure: TrendFigure, years: Sequence[str]) -> str:
    """Which columns are empty because nobody was measured in that year."""
    measured = {str(r.year) for s in figure.series for r in s.rows if not math.isnan(r.value)}
    absent = [y for y in years if y not in measured]
    told = f"Over {listing(absent)} is er voor geen enkel gebied een cijfer. " if absent else ""
    parts = "Een regel met ‘tot en met’ loopt tot een breuk of een onbekend jaar. "
    split = any(len(s.pieces(tuple(y for y, _ in figure.breaks))) > 1 for s in figure.series)
    return f"{told}{parts if split else ''}".strip()
