"""One figure, every outlet: table, CSV, screen, paper, PowerPoint, Word and Excel give the same numbers.

Each reader below reads what a renderer wrote, as (name of the area, year) -> number, and knows nothing of the others.
"""

from __future__ import annotations

import io
import math
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Cm

from monitor.export.charts.native import native_chart
from monitor.export.charts.office import add_chart, chart_parts
from monitor.export.sheets.workbook import xlsx_bytes
from monitor.figures import files, html, paper, screen, svg
from monitor.figures.border_map import border_map
from monitor.figures.border_spec import BorderFigure
from monitor.figures.layers import Layers
from monitor.figures.spec import Figure, ListFigure, MapFigure, StripFigure, TrendFigure
from monitor.notation import parse
from tests import office_charts as office
from tests.office_charts import Drawn, Numbers
from tests.test_figures import Tables, first_number, read_csv, titles
from tests.test_workbook import every_kind, exhibit, header_row, sheet_of, table_of

KINDS = (
    "map of municipalities", "map of municipalities, difference", "map of regions", "map of regions, difference",
    "map of what regions do not have", "trend of a survey with a break", "trend with unknown years", "strip",
    "strip of what regions do not have", "strip with limited coverage", "border", "border trend",
)  # fmt: skip
LINK = "https://monitor.example.nl/"


# -- what must stand where ------------------------------------------------------------------------------------


def everything(figure: Figure) -> Numbers:
    """Every number in the rows; NaN for what is unknown. Tables hold all of it."""
    return {(r.name, r.year): r.value for r in figure.rows}


def on_drawings(figure: Figure) -> Numbers:
    """What a drawing on screen or paper shows: of a map what colours the municipalities, else every known number."""
    if isinstance(figure, MapFigure):
        names, year = dict(figure.names), figure.rows[0].year
        return {(names[code], year): v for code, v in figure.colours if not math.isnan(v)}
    if isinstance(figure, BorderFigure):
        return {(a.row.name, a.row.year): a.row.value for a in figure.mapped if not math.isnan(a.row.value)}
    return known(everything(figure))


def known(numbers: Numbers) -> Numbers:
    return {k: v for k, v in numbers.items() if not math.isnan(v)}


def agree(found: Numbers, wanted: Numbers) -> None:
    assert set(found) == set(wanted)
    for key, value in wanted.items():
        assert found[key] == value or (math.isnan(found[key]) and math.isnan(value)), key


# -- readers --------------------------------------------------------------------------------------------------


def _of_rows(figure: Figure, headers: list[str], rows: list[list[str]]) -> Numbers:
    value = next(k for k, h in enumerate(headers) if h.startswith("Waarde"))
    year = headers.index("Jaar")
    found: Numbers = {}
    for row in rows:
        key = (row[0], int(row[year]))
        assert key not in found, f"{key} stands there twice"
        found[key] = parse(row[value])
    return found


def html_table(figure: Figure) -> Numbers:
    head, *rows = Tables(html.table(figure.table(), figure.title)).rows
    return _of_rows(figure, head, rows)


def csv_file(figure: Figure) -> Numbers:
    file = read_csv(files.csv_bytes(figure, LINK))
    return _of_rows(figure, file.headers, file.rows)


@cache
def _boxes() -> Any:
    """Outlines as boxes: it takes a quarter of the time, and this test only reads names and numbers."""
    outlines = office.materials().outlines
    return replace(
        outlines,
        municipalities={k: g.envelope for k, g in outlines.municipalities.items()},
        regions={k: g.envelope for k, g in outlines.regions.items()},
        neighbours=dict(list(outlines.neighbours.items())[:1]),
    )


def on_paper(figure: Figure) -> Numbers:
    ground = _boxes() if isinstance(figure, MapFigure) else office.materials().ground(figure)
    said = titles(ET.fromstring(paper.svg(figure, ground, LINK)))
    year = figure.rows[0].year
    found: Numbers = {}
    for name, text in said.items():
        if name.startswith("lijn-"):
            for part in text.split("; "):
                point = re.fullmatch(r"(.+) (\d{4}): (.+)", part)
                assert point, part
                found[point[1], int(point[2])] = first_number(point[3])
        elif name.startswith(("gebied-", "gemeente-", "regio-", "vergelijking")):
            area, number = text.rsplit(": ", 1)
            found[area, year] = first_number(number)
    return known(found)


def on_screen(figure: Figure) -> Numbers:
    year = figure.rows[0].year
    found: Numbers = {}
    if isinstance(figure, MapFigure):
        names = dict(figure.names)
        for trace in screen.map_figure(figure, Layers("a", "b", "c")).data:
            if trace.name == "waarden":
                found |= {(names[c], year): float(z) for c, z in zip(trace.locations, trace.z, strict=True)}
    elif isinstance(figure, TrendFigure):
        for trace in screen.trend_figure(figure).data:
            if trace.meta:
                points = zip(trace.x, trace.y, strict=True)
                found |= {(trace.name, int(x)): float(y) for x, y in points if y is not None}
    elif isinstance(figure, StripFigure):
        root = ET.fromstring(svg.strip(figure))
        for said in (t.text or "" for t in root.iter("title")):
            if ": " in said:
                area, number = said.rsplit(": ", 1)
                found[area, year] = first_number(number)
        if figure.benchmark:
            label = root.findtext("text") or ""
            found[figure.benchmark.name, year] = first_number(label.removeprefix(figure.benchmark.name))
    elif isinstance(figure, BorderFigure):
        root = ET.fromstring(border_map(figure, office.materials().places))
        for said in (t.text or "" for t in root.iter() if t.tag.endswith("title")):
            area, number = said.rsplit(": ", 1)
            found[area, year] = first_number(number)
    return known(found)


def powerpoint(figure: Figure) -> Numbers:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    add_chart(slide, native_chart(figure), Cm(1), Cm(1), Cm(23), Cm(12), figure.alt)
    kept = io.BytesIO()
    deck.save(kept)
    return _chart_in(kept.getvalue(), "ppt", figure)


def word(figure: Figure) -> Numbers:
    from docx import Document

    from monitor.export.word.figure import chart

    made = native_chart(figure)
    assert made is not None
    document, kept = Document(), io.BytesIO()
    chart(document.part, 1, *chart_parts(made), figure.alt, (16.0, 9.0))
    document.save(kept)
    return _chart_in(kept.getvalue(), "word", figure)


def _chart_in(raw: bytes, folder: str, figure: Figure) -> Numbers:
    """The chart of a document and the workbook inside it, which must agree."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        (chart,) = (n for n in packed.namelist() if re.fullmatch(rf"{folder}/charts/chart\d*\.xml", n))
        (workbook,) = (n for n in packed.namelist() if n.startswith(f"{folder}/embeddings/"))
        drawn = Drawn(packed.read(chart))
        office.check_references(drawn, office.book(packed.read(workbook)))
    return drawn.numbers(figure)


@cache
def _workbook() -> tuple[Any, zipfile.ZipFile]:
    raw = xlsx_bytes(every_kind(), office.materials())
    return office.book(raw), zipfile.ZipFile(io.BytesIO(raw))


def excel_chart(figure: Figure) -> Numbers:
    """The chart of its sheet; sheets with a chart have them in the same order."""
    workbook, packed = _workbook()
    charts = [k for k in office.KINDS if k != "list"]
    place = next(k for k, kind in enumerate(charts, 1) if office.figure_of_kind(kind) is figure)
    drawn = Drawn(packed.read(f"xl/charts/chart{place}.xml"))
    office.check_references(drawn, workbook)
    return drawn.numbers(figure)


def excel_table(figure: Figure) -> Numbers:
    workbook, _ = _workbook()
    kind = next(k for k in office.KINDS if office.figure_of_kind(k) is figure)
    found: Numbers = {}
    for row in table_of(workbook[sheet_of(kind)]):
        name = re.sub(r" \(tot en met \d{4}\)$", "", row["Gebied"])
        if "Jaar" in row:
            value = next(v for k, v in row.items() if str(k).startswith("Waarde"))
            found[name, row["Jaar"]] = math.nan if value is None else float(value)
        else:
            found |= {(name, k): float(v) for k, v in row.items() if isinstance(k, int) and v is not None}
    return found


def excel_data(figure: Figure) -> Numbers:
    workbook, _ = _workbook()
    kind = next(k for k in office.KINDS if office.figure_of_kind(k) is figure)
    rows = [r for r in table_of(workbook["Gegevens"]) if f"Figuur {r['figuur']}" == sheet_of(kind)]
    return {(r["gebied"], r["jaar"]): math.nan if r["waarde"] is None else float(r["waarde"]) for r in rows}


Wanted = Callable[[Figure], Numbers]
OUTLETS: dict[str, tuple[Callable[[Figure], Numbers], Wanted]] = {
    "HTML table": (html_table, everything),
    "CSV": (csv_file, everything),
    "screen": (on_screen, on_drawings),
    "paper": (on_paper, on_drawings),
    "PowerPoint": (powerpoint, office.wanted),
    "Word": (word, office.wanted),
    "Excel chart": (excel_chart, office.wanted),
    "Excel table": (excel_table, everything),
    "Excel data": (excel_data, everything),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outlet", OUTLETS)
def test_every_outlet_gives_the_numbers_of_the_figure(outlet: str, kind: str) -> None:
    figure = office.figure_of_kind(kind)
    read, wanted = OUTLETS[outlet]
    expected = wanted(figure)
    assert len(known(expected)) > 3
    found = read(figure)
    if outlet == "Excel table" and isinstance(figure, TrendFigure):
        expected = known(expected)
    agree(found, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_outlets_agree_with_each_other_where_they_show_the_same(kind: str) -> None:
    """Without a yardstick of this test's own: what two outlets both show is one number."""
    figure = office.figure_of_kind(kind)
    if isinstance(figure, MapFigure) and figure.compared:
        pytest.skip("a map of differences shows differences, and its table values")
    base = html_table(figure)
    for outlet, (read, _) in OUTLETS.items():
        if isinstance(figure, MapFigure) and figure.level == "regios" and outlet in ("screen", "paper"):
            continue  # municipalities there carry the number of their region, and the table has regions only
        found = read(figure)
        assert set(found) <= set(base), outlet
        assert all(base[k] == v or (math.isnan(v) and math.isnan(base[k])) for k, v in found.items()), outlet


def test_a_list_is_the_same_in_html_csv_and_excel() -> None:
    made = every_kind()
    summary = made.summary_figure
    for figure in (office.a_list(), summary):
        head, *rows = Tables(html.table(figure.table(), figure.title)).rows
        file = read_csv(files.csv_bytes(figure, LINK))
        pack = replace(made, exhibits=(exhibit(1, figure),))
        sheet = office.book(xlsx_bytes(pack, office.materials()))["Figuur 1"]
        assert isinstance(figure, ListFigure)
        assert [c.value for c in sheet[header_row(sheet)]][: len(head)] == head == file.headers
        assert len(rows) == len(file.rows) == len(table_of(sheet))
        for shown, kept, cells in zip(rows, file.rows, table_of(sheet), strict=True):
            for k, (cell, is_number) in enumerate(zip(cells.values(), figure.content.numeric, strict=True)):
                if is_number and re.fullmatch(r"-?\d+(,\d+)?", kept[k]):
                    assert parse(shown[k]) == parse(kept[k]) == cell
                else:
                    assert (cell or "") == kept[k].strip().removeprefix("'")


def test_a_wrong_number_is_noticed() -> None:
    """The comparison can fail: one number changed in one outlet."""
    figure = office.figure_of_kind("strip")
    other = replace(figure, rows=(replace(figure.rows[0], value=figure.rows[0].value + 0.1), *figure.rows[1:]))
    for outlet in ("HTML table", "CSV", "PowerPoint", "Word"):
        read, wanted = OUTLETS[outlet]
        with pytest.raises(AssertionError):
            agree(read(other), wanted(figure))
