"""The workbook to look at: every text has the room it needs, and every page of paper can be read.

What a text needs is worked out here from the widths of letters alone, not from how sheets are laid out.
"""

from __future__ import annotations

import itertools
import math
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from openpyxl.utils import range_boundaries

from monitor.export import fit
from monitor.export.basket import LONGEST_NOTE, Basket, Item
from monitor.export.catalogue import Catalogue
from monitor.export.choose import basket_for
from monitor.export.compose import compose_pack
from monitor.export.pack import Pack
from monitor.export.reference import Reference
from monitor.export.sheets.cells import SIDEWAYS, Column, fitted, in_pixels
from monitor.export.sheets.workbook import xlsx_bytes
from monitor.figures.spec import ListFigure, MapFigure, TrendFigure
from tests import office_charts as office
from tests.office_charts import materials
from tests.test_export_charts import BAD
from tests.test_pack import DAY, REFERENCES
from tests.test_workbook import every_kind, exhibit, header_row, table_of

PACKS = ("every kind", "all goals", "basket", "bad texts")
NOTE = (
    "=1+1 & <b>let op</b>: " + "Wat vraagt dit van onze grensoverschrijdendesamenwerkingsverbanden en scholen? " * 9
)[:LONGEST_NOTE]
# Points of a character of the text, and the fewest with which it may come on paper.
LETTER, LEGIBLE = 10.0, 8.0
# Points of A4 between margins of 1 cm: across and down, standing and on its side.
PAPER = {"portrait": (538.0, 748.0), "landscape": (785.0, 501.0)}


@cache
def pack(name: str) -> Pack:
    if name == "every kind":
        return every_kind()
    if name == "all goals":
        return compose_pack(
            materials(), basket_for(materials(), "zeeuws-vlaanderen", None), today=DAY, catalogue=catalogue()
        )
    if name == "bad texts":
        kinds = ("list", "strip", "trend of a survey with a break", "map of a count")
        more = {"note": "\n".join(BAD * 9), "conclusion": BAD[3] * 2, "method": BAD[3] * 3, "question": NOTE}
        figures = [office.figure_of_kind(k) for k in kinds]
        shown = tuple(exhibit(k, f, **more) for k, f in enumerate(figures, 1))
        return replace(every_kind(), title=BAD[3], lead=NOTE, exhibits=shown)
    items = tuple(Item(Reference.read(t), NOTE if k % 3 == 0 else "") for k, t in enumerate(REFERENCES))
    return compose_pack(materials(), Basket("achterhoek", items=items), today=DAY, catalogue=catalogue())


@cache
def catalogue() -> Catalogue:
    return Catalogue(materials(), DAY)


@cache
def raw(name: str) -> bytes:
    return xlsx_bytes(pack(name), materials())


@cache
def opened(name: str) -> Any:
    return office.book(raw(name))


def widths(sheet: Any) -> dict[int, float]:
    """Column -> pixels."""
    found: dict[int, float] = {}
    for d in sheet.column_dimensions.values():
        found |= dict.fromkeys(range(d.min, d.max + 1), d.width * 7)
    return found


def high(sheet: Any, row: int) -> float:
    """Points of a row."""
    return sheet.row_dimensions[row].height or sheet.sheet_format.defaultRowHeight


def areas(sheet: Any) -> list[tuple[int, int, int, int]]:
    """What is printed: (first column, first row, last column, last row) of each area, from 1."""
    said = sheet.print_area or sheet.dimensions
    return [range_boundaries(a.rpartition("!")[2].replace("$", "")) for a in str(said).split(",")]


def scale(sheet: Any, area: tuple[int, int, int, int]) -> float:
    """How large a sheet comes on paper: its widest area on the width of a page."""
    across, _ = PAPER[sheet.page_setup.orientation]
    known = widths(sheet)
    wide = max(sum(known.get(k, 64) for k in range(a, b + 1)) for a, _, b, _ in [area])
    return min(1.0, across / (0.75 * wide))


# -- room for texts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_text_has_the_room_it_needs(name: str) -> None:
    seen = 0
    for sheet in opened(name):
        known = widths(sheet)
        merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
        for cell in (c for row in sheet for c in row if isinstance(c.value, str)):
            m = merged.get((cell.row, cell.column))
            columns = range(m.min_col, m.max_col + 1) if m else [cell.column]
            rows = range(m.min_row, m.max_row + 1) if m else [cell.row]
            room = 0.75 * (sum(known.get(k, 64) for k in columns) - 6 - 9 * int(cell.alignment.indent))
            size, bold = cell.font.size, bool(cell.font.bold)
            count = sum(fit.lines((fit.Run(t, bold),), room, size) for t in cell.value.split("\n"))
            needed, there = 1.2 * size * count, sum(high(sheet, r) for r in rows)
            assert needed <= there, f"{sheet.title} {cell.coordinate}: {cell.value[:60]!r}"
            assert cell.alignment.wrap_text, f"{sheet.title} {cell.coordinate} runs on over its neighbour"
            seen += count > 1
    assert seen > 50


@pytest.mark.parametrize("name", PACKS)
def test_no_number_is_wider_than_its_column(name: str) -> None:
    seen = 0
    for sheet in opened(name):
        known = widths(sheet)
        for cell in (c for row in sheet for c in row if isinstance(c.value, int | float)):
            shown = re.search(r"#,##0(\.0+)?", cell.number_format)
            decimals = len(shown[1] or " ") - 1 if shown else 0
            text = f"{cell.value:,.{decimals}f}" if shown else f"{cell.value}"
            assert fit.width(text, LETTER) / 0.75 + 6 <= known[cell.column], f"{sheet.title} {cell.coordinate}: {text}"
            seen += 1
    assert seen > 500


def test_no_row_is_higher_than_a_row_can_be_and_every_one_has_its_height() -> None:
    for name in PACKS:
        for sheet in opened(name):
            assert sheet.sheet_format.customHeight, "a program may not make rows lower than their texts"
            assert all(high(sheet, r) <= 409 for r in range(1, sheet.max_row + 1))


def test_texts_stand_in_a_letter_that_is_there_everywhere() -> None:
    for sheet in opened("every kind"):
        assert {c.font.name for row in sheet for c in row} == {"Arial"}


# -- paper ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_page_can_be_read(name: str) -> None:
    for sheet in opened(name):
        assert (sheet.page_setup.fitToWidth or 1) == 1 and sheet.page_setup.fitToHeight == 0
        for area in areas(sheet):
            assert LETTER * scale(sheet, area) >= LEGIBLE, f"{sheet.title} {area}"


@pytest.mark.parametrize("name", PACKS)
def test_everything_is_printed_but_what_helps_the_chart_and_codes(name: str) -> None:
    for sheet in opened(name):
        places = areas(sheet)
        for cell in (c for row in sheet for c in row if c.value is not None):
            inside = any(a <= cell.column <= b and r <= cell.row <= s for a, r, b, s in places)
            if not inside:
                above = [sheet.cell(r, cell.column).value for r in range(1, cell.row + 1)]
                helping = {"Hulp bij de grafiek", "Naam in de grafiek", "Marge omlaag", "Marge omhoog"}
                codes = {"indicator id", "gebied code"}
                assert helping & set(above) or codes & set(above), f"{sheet.title} {cell.coordinate}: {cell.value!r}"


def test_parts_on_pages_of_their_own_are_not_joined() -> None:
    """Excel makes one area of two that together are a rectangle."""
    seen = 0
    for name in PACKS:
        for sheet in opened(name):
            for one, other in itertools.pairwise(areas(sheet)):
                beside = one[2] + 1 == other[0] and (one[1], one[3]) == (other[1], other[3])
                below = one[3] + 1 == other[1] and (one[0], one[2]) == (other[0], other[2])
                assert not beside and not below, f"{sheet.title} {one} {other}"
                seen += 1
    assert seen > 10


def test_a_text_stays_within_one_page() -> None:
    """A merged text that runs from one page into the next is cut in two."""
    for name in PACKS:
        for sheet in opened(name):
            for m in sheet.merged_cells.ranges:
                assert any(a <= m.min_col and m.max_col <= b for a, _, b, _ in areas(sheet)), f"{sheet.title} {m}"


@pytest.mark.parametrize("name", ["every kind", "all goals", "basket"])
def test_a_chart_stands_on_one_page(name: str) -> None:
    seen = 0
    for sheet in opened(name):
        for chart in sheet._charts:
            start, end = chart.anchor._from, chart.anchor.to
            (area,) = [
                a for a in areas(sheet)
                if a[0] <= start.col + 1 and end.col + 1 <= a[2] and a[1] <= start.row + 1 and end.row + 1 <= a[3]
            ]  # fmt: skip
            down = PAPER[sheet.page_setup.orientation][1] / scale(sheet, area)
            assert sum(high(sheet, r) for r in range(area[1], end.row + 2)) <= down, f"{sheet.title}: cut in two"
            seen += 1
    assert seen >= 5


def test_chart_and_table_are_in_sight_together() -> None:
    """On a screen of 1280 pixels the chart and the first columns of its table stand beside each other."""
    p = pack("every kind")
    for x in p.exhibits:
        if isinstance(x.figure, ListFigure | TrendFigure):
            continue
        sheet = opened("every kind")[f"Figuur {x.number}"]
        known = widths(sheet)
        headers = [c.value for c in sheet[sheet.auto_filter.ref][0]]
        value = next(k for k, h in enumerate(headers) if h.startswith("Waarde"))
        first = range_boundaries(sheet.auto_filter.ref)[0]
        assert sum(known[k] for k in range(1, first + value + 1)) <= 1240
        assert sheet._charts[0].anchor._from.row >= header_row(sheet), "what stays in sight would cut the chart"


def test_regions_and_the_country_come_first_on_the_sheet_of_a_map() -> None:
    p = pack("every kind")
    x = next(x for x in p.exhibits if isinstance(x.figure, MapFigure) and x.figure.level == "gemeenten")
    rows = table_of(opened("every kind")[f"Figuur {x.number}"])
    kinds = [r["Soort"] for r in rows]
    assert kinds[:12].count("regio") == 11 and kinds[:12].count("land") == 1
    assert set(kinds[12:]) == {"gemeente"} and len(kinds) == 12 + 342


# -- parts ----------------------------------------------------------------------------------------------------


def test_years_in_a_list_have_no_dot_for_thousands() -> None:
    p, seen = pack("basket"), 0
    for x in (x for x in p.exhibits if isinstance(x.figure, ListFigure)):
        sheet = opened("basket")[f"Figuur {x.number}"]
        for row in sheet[sheet.auto_filter.ref]:
            for cell in row:
                if cell.data_type == "n" and isinstance(cell.value, int) and 1990 < cell.value < 2040:
                    header = str(sheet.cell(header_row(sheet), cell.column).value)
                    if "jaar" in header.casefold():
                        assert cell.number_format == "0", f"{sheet.title} {cell.coordinate}"
                        seen += 1
    assert seen > 100


def test_a_long_note_is_whole_and_stays_text() -> None:
    sheet = opened("basket")["Figuur 1"]
    (cell,) = [c for row in sheet for c in row if c.value == NOTE]
    assert cell.data_type == "s"


@pytest.mark.parametrize(("lengths", "pages"), [((10, 20, 30), 1), ((300, 300, 300, 300), 1), ((200,) * 14, 4)])
def test_columns_are_divided_over_pages(lengths: tuple[int, ...], pages: int) -> None:
    columns = [Column(f"k{k}", ["woord " * (n // 6), None]) for k, n in enumerate(lengths)]
    made, starts = fitted(columns, SIDEWAYS)
    assert len(starts) <= pages and starts[0] == 0
    for a, b in zip(starts, [*starts[1:], len(made)], strict=True):
        repeated = made[0].pixels if a else 0
        assert repeated + sum(c.pixels for c in made[a:b]) <= SIDEWAYS
    assert all(c.pixels <= in_pixels(44) for c in made)


def test_a_number_keeps_its_width_where_texts_give_way() -> None:
    columns = [Column("bedrag", [1_234_567_890.5], 1), *(Column(f"k{k}", ["tekst " * 60]) for k in range(5))]
    made, _ = fitted(columns, SIDEWAYS)
    assert made[0].pixels == columns[0].pixels >= 14 * 7
    assert math.isclose(made[0].cells[0], 1_234_567_890.5)


# -- as LibreOffice shows it ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice staat niet op deze machine")
def test_on_paper_letters_are_legible_and_no_note_is_cut_off(tmp_path: Any) -> None:
    import pymupdf

    for k, name in enumerate(("all goals", "basket")):
        (tmp_path / f"{k}.xlsx").write_bytes(raw(name))
        program = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profiel", "--headless", "--convert-to", "pdf"]
        asked = [*program, "--outdir", str(tmp_path), str(tmp_path / f"{k}.xlsx")]
        subprocess.run(asked, check=True, capture_output=True, timeout=300)
        text = ""
        with pymupdf.open(tmp_path / f"{k}.pdf") as paper:
            for page in paper:
                spans = [s for b in page.get_text("dict")["blocks"] for n in b.get("lines", []) for s in n["spans"]]
                assert min(s["size"] for s in spans) >= LEGIBLE - 0.1, f"{name}, page {page.number + 1}"
                text += page.get_text()
        said = re.sub(r"\s", "", text)
        for x in pack(name).exhibits:
            for told in (x.note, x.question, x.method, *x.figure.notes, x.conclusion):
                assert re.sub(r"\s", "", told) in said, f"{name}, figure {x.number}: {told[:60]}"
