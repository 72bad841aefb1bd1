"""A native chart in PowerPoint or Word: the drawing, and the workbook with its numbers that Office opens to edit."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import Any

from monitor.export.charts.model import NativeChart
from monitor.export.charts.room import CM
from monitor.export.charts.xml import Cells, chart_xml
from monitor.figures import style
from monitor.logbook.entry import clean

# The font of the document's theme, so that a chart on the slides of a region takes their letters.
THEME_FONT = "+mn-lt"
# What who edits the numbers sees below them.
_SHEET = "Gegevens"
RELATION = "rId1"
# Points of the letters of a chart on slides.
_ON_SLIDES = 12.0
# So that the same chart gives the same bytes.
_EPOCH = dt.datetime(2000, 1, 1)


def chart_parts(
    chart: NativeChart, width: int = 16 * CM, height: int = 9 * CM, font: str = style.SANS, points: float = 10.0
) -> tuple[bytes, bytes]:
    """Return the chart part and the embedded workbook, for a document that is not made with python-pptx.

    The chart part is content type 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml', related from the
    document by type '.../officeDocument/2006/relationships/chart'. Its last element is
    ``<c:externalData r:id="rId1">``: the chart part itself must have a relation with exactly that id (``RELATION``),
    of type '.../officeDocument/2006/relationships/package', to the workbook, stored for example as
    '/word/embeddings/Microsoft_Excel_Sheet1.xlsx' with content type
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'. Without that relation Word asks to repair.

    Args:
        chart: what it contains.
        width: of the frame that it will be drawn in, in EMU; 16 cm by 9 cm fits between the margins of A4.
        height: likewise.
        font: family of its letters.
        points: size of its letters.
    """
    return chart_xml(chart, cells_of(chart), width, height, font, RELATION, points), _workbook(chart)


def add_chart(
    slide: Any, chart: NativeChart, left: int, top: int, width: int, height: int, alt: str, font: str = THEME_FONT
) -> Any:
    """Draw a native, editable chart on a slide of python-pptx and return its graphic frame.

    Args:
        slide: of python-pptx.
        chart: what it contains.
        left: place and size on the slide, in EMU.
        top: likewise.
        width: likewise.
        height: likewise.
        alt: text for who cannot see the chart.
        font: family of its letters; that of the theme when not given.
    """
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.oxml.shapes.graphfrm import CT_GraphicalObjectFrame
    from pptx.parts.chart import ChartPart
    from pptx.parts.embeddedpackage import EmbeddedXlsxPart

    drawn, numbers = chart_parts(chart, width, height, font, _ON_SLIDES)
    package = slide.part.package
    name = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(name, CONTENT_TYPE.DML_CHART, package, drawn)
    # The first relation of a new part gets the id that the drawing names.
    given = part.relate_to(EmbeddedXlsxPart.new(numbers, package), RELATIONSHIP_TYPE.PACKAGE)
    if given != RELATION:
        raise ValueError("het werkboek van de grafiek heeft een ander kenmerk gekregen")
    number = 1 + max((int(i) for i in slide.shapes._spTree.xpath("//@id") if i.isdigit()), default=1)
    made = CT_GraphicalObjectFrame.new_chart_graphicFrame(
        number, f"Grafiek {number}", slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART), left, top, width, height
    )
    slide.shapes._spTree.append(made)
    made.nvGraphicFramePr.cNvPr.set("descr", clean(alt))
    return slide.shapes[-1]


def cells_of(chart: NativeChart, sheet: str = _SHEET) -> Cells:
    """Where the numbers stand in the embedded workbook: categories in column A, a column per series, then margins."""
    last = len(chart.categories) + 1
    column = {name: _letters(k) for k, name in enumerate(_columns(chart))}

    def down(name: tuple[int, str]) -> str:
        found = column.get(name)
        return f"{sheet}!${found}$2:${found}${last}" if found else ""

    places = range(len(chart.series))
    return Cells(
        categories=f"{sheet}!$A$2:$A${last}",
        names=tuple(f"{sheet}!${column[k, 'waarde']}$1" for k in places),
        values=tuple(down((k, "waarde")) for k in places),
        down=tuple(down((k, "marge omlaag")) for k in places),
        up=tuple(down((k, "marge omhoog")) for k in places),
    )


def _columns(chart: NativeChart) -> list[tuple[int, str]]:
    """(series, what) per column: -1 are the categories."""
    values = [(k, "waarde") for k in range(len(chart.series))]
    margins = [(k, w) for k, s in enumerate(chart.series) if s.intervals for w in ("marge omlaag", "marge omhoog")]
    return [(-1, "categorie"), *values, *margins]


def _letters(column: int) -> str:
    """Name of a column by its place from 0: A, B, ..., Z, AA."""
    return (_letters(column // 26 - 1) if column > 25 else "") + chr(65 + column % 26)


def _workbook(chart: NativeChart) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _EPOCH})
    sheet = book.add_worksheet(_SHEET)
    number = book.add_format({"num_format": chart.number_format})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(_columns(chart)), 16)
    sheet.write_string(0, 0, "Jaar" if chart.kind == "line" else "Gebied")
    for row, category in enumerate(chart.categories, 1):
        if chart.kind == "line":
            sheet.write_number(row, 0, int(category))
        else:
            sheet.write_string(row, 0, category)
    for place, (k, what) in enumerate(_columns(chart)[1:], 1):
        series = chart.series[k]
        values = {"waarde": series.values, "marge omlaag": series.down, "marge omhoog": series.up}[what]
        sheet.write_string(0, place, series.name if what == "waarde" else f"{series.name}: {what}")
        for row, value in enumerate(values, 1):
            if not math.isnan(value):
                sheet.write_number(row, place, value, number)
    book.close()
    return out.getvalue()
