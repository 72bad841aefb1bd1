"""What the sheets of a workbook share: how cells look, tables, blocks of text, and printing.

Every text goes in as text (``write_string``): nothing that people wrote is ever calculated. Rows and columns count
from 0, as xlsxwriter does.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Literal

from monitor.export.charts.model import DUTCH
from monitor.export.sheets.cells import (
    FONT,
    INDENT,
    ROW_HIGH,
    SIZE,
    TALLEST,
    Cell,
    Column,
    blank,
    cell_text,
    height,
    in_characters,
    in_pixels,
)
from monitor.figures import style

Look = Literal["kop", "cel", "stille cel", "tekst", "stil", "titel", "zin", "vet", "link", "link in cel"]
Area = tuple[int, int, int, int]
_HEAD = {"bold": True, "bg_color": style.SURFACE, "font_color": style.INK, "bottom": 2, "valign": "top"}
_RULE = {"bottom": 1, "bottom_color": style.LINE, "valign": "top"}
# Room between a text and the number before it.
_TEXT = {**_RULE, "align": "left", "indent": 1}
_LOOKS: dict[Look, dict[str, Any]] = {
    "kop": {**_HEAD, "align": "left", "indent": 1},
    "cel": _TEXT,
    "stille cel": {**_TEXT, "font_color": style.MUTED},
    "tekst": {"valign": "top"},
    "stil": {"font_color": style.MUTED, "valign": "top"},
    "titel": {"bold": True, "font_size": 14, "font_color": style.INK, "valign": "top"},
    "zin": {"font_size": 11, "valign": "top"},
    "vet": {"bold": True, "valign": "top"},
    "link": {"font_color": style.INK, "underline": 1, "valign": "top"},
    "link in cel": {**_TEXT, "font_color": style.INK, "underline": 1},
}
# Pixels that a table needs for the text above and below it; narrower ones get columns beside them.
_NARROWEST, _EXTRA = 940, 11
# Points in a header below its text, for the button of its filter.
_BUTTON = 12.0
# Points on paper from top to bottom, standing and on its side, and pixels from left to right.
_PAPER = {True: (745.0, 717), False: (500.0, 1046)}


class Book:
    """A workbook being made, with its ways of writing; each is made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._formats: dict[tuple[Any, ...], Any] = {}

    def look(self, name: Look, first: bool = False) -> Any:
        """How a text looks; ``first``: of a group of rows, with a line above."""
        key = (name, first)
        return self._formats.get(key) or self._format(key, {"text_wrap": True, **_LOOKS[name], **_above(first)})

    def number(self, decimals: int, quiet: bool = False, year: bool = False, left: bool = False) -> Any:
        """How a number looks: a Dutch Excel shows 1.234,5. ``left``: among texts."""
        key = (decimals, quiet, year, left)
        if key in self._formats:
            return self._formats[key]
        code = "0" if year else f"{DUTCH}#,##0" + ("." + "0" * decimals if decimals else "")
        side = {"align": "left", "indent": 1} if left else {"align": "right"}
        colour = style.MUTED if quiet else style.TEXT
        return self._format(key, {**_RULE, **side, "num_format": code, "font_color": colour})

    @cached_property
    def number_head(self) -> Any:
        """The header of a column with numbers."""
        return self._format(("kop", "getal"), {**_HEAD, "text_wrap": True, "align": "right"})

    def _format(self, key: tuple[Any, ...], options: dict[str, Any]) -> Any:
        font = {"font_name": FONT, "font_size": SIZE, "font_color": style.TEXT}
        self._formats[key] = self.book.add_format({**font, **options})
        return self._formats[key]


def _above(first: bool) -> dict[str, Any]:
    return {"top": 1, "top_color": style.MUTED} if first else {}


class Page:
    """One sheet. ``upright``: printed on standing paper."""

    def __init__(self, book: Book, name: str, title: str, upright: bool = False) -> None:
        self.book, self.name, self.upright = book, name, upright
        self._high: dict[int, float] = {}
        self._wide: dict[int, int] = {}
        # Rows up to this one belong to a table: a text beside it takes several of them, and stretches none.
        self._shared = 0
        self.sheet = book.book.add_worksheet(name)
        self.sheet.hide_gridlines(2)
        (self.sheet.set_portrait if upright else self.sheet.set_landscape)()
        self.sheet.set_paper(9)
        self.sheet.set_default_row(ROW_HIGH)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        # In a footer an ampersand begins a code.
        shown = textwrap.shorten(cell_text(title), 90 if not upright else 60, placeholder="…").replace("&", "&&")
        self.sheet.set_footer(f"&L{shown}&R{name.replace('&', '&&')}, blad &P van &N")

    # -- room -------------------------------------------------------------------------------------------------

    def columns(self, first: int, widths: Sequence[float]) -> None:
        """Set how wide columns are, in characters."""
        for k, w in enumerate(widths, first):
            self._wide[k] = in_pixels(w)
            self.sheet.set_column(k, k, w)

    def across(self, first: int, last: int) -> int:
        """Pixels from one column up to and including another."""
        return sum(self._wide.get(k, 64) for k in range(first, last + 1))

    def under(self, columns: Sequence[Column], starts: Sequence[int], least: int = _NARROWEST) -> int:
        """Set the widths of the columns of a table; returns the column up to which a text above or below it may run.

        Args:
            columns: of the table, from the first of the sheet on.
            starts: with which column each page begins that the table takes.
            least: pixels that a text gets at least.
        """
        self.columns(0, [in_characters(c.pixels) for c in columns])
        return starts[1] - 1 if len(starts) > 1 else self.reach(0, len(columns) - 1, least)

    def reach(self, first: int, last: int, least: int) -> int:
        """The first column, from the one given on, with which the columns have at least so many pixels together."""
        while self.across(first, last) < least:
            last += 1
            if last not in self._wide:
                self.columns(last, [_EXTRA])
        return last

    def high(self, row: int) -> float:
        """Height of a row in points."""
        return self._high.get(row, ROW_HIGH)

    def stretch(self, row: int, points: float) -> None:
        """Make a row at least so high."""
        if points > self.high(row):
            self._high[row] = points
            self.sheet.set_row(row, points)

    def below(self, row: int, points: float) -> int:
        """The first row that begins so many points below the top of a row."""
        while points > 0:
            points -= self.high(row)
            row += 1
        return row

    # -- texts ------------------------------------------------------------------------------------------------

    def text(self, row: int, column: int, text: str, look: Look = "tekst") -> None:
        """A text in a cell; nothing when there is none."""
        if text:
            self.sheet.write_string(row, column, cell_text(text), self.book.look(look))

    def link(self, row: int, column: int, address: str, text: str, inside: bool = False) -> None:
        """A text that leads to a page on the web or in this workbook; the text alone where the address is no link.

        ``inside``: in a table.
        """
        look = self.book.look("link in cel" if inside else "link")
        leads = address.startswith(("https://", "http://", "internal:")) and len(address) < 2000
        if not leads or self.sheet.write_url(row, column, address, look, cell_text(text)):
            self.text(row, column, text, "cel" if inside else "tekst")

    def block(
        self, row: int, columns: tuple[int, int], text: str, look: Look = "tekst", address: str = "", air: float = 0.0
    ) -> int:
        """A text over several columns, with all the height it needs; returns the first row after it.

        Args:
            row: where it begins. Beside a table it takes several rows, elsewhere one of its own.
            columns: the first and the last.
            text: what it says.
            look: how it looks.
            address: where it leads to.
            air: points kept free below it.
        """
        if not text:
            return row
        kept, (first, last) = cell_text(text), columns
        about = _LOOKS[look]
        needed = air + height(
            kept, self.across(first, last), about.get("font_size", SIZE), look in ("titel", "vet", "kop")
        )
        count = self._rows(row, needed)
        if first < last or count > 1:
            self.sheet.merge_range(row, first, row + count - 1, last, "", self.book.look(look))
        if address:
            self.link(row, first, address, kept)
        else:
            self.text(row, first, kept, look)
        return row + count

    def _rows(self, row: int, points: float) -> int:
        """How many rows a text of a height takes from a row on."""
        if row < self._shared:
            return self.below(row, points) - row
        count = math.ceil(points / TALLEST)
        for k in range(count):
            self.stretch(row + k, math.ceil(points / count / 0.75) * 0.75)
        return count

    # -- tables -----------------------------------------------------------------------------------------------

    def table(
        self,
        row: int,
        column: int,
        columns: Sequence[Column],
        *,
        filtered: bool = True,
        firsts: Collection[int] = (),
    ) -> int:
        """Write columns beside each other under their headers; returns the first row below.

        Args:
            row: of the headers.
            column: of the first column.
            columns: all of the same length.
            filtered: whether each header gets a filter; a sheet can have one table with filters.
            firsts: rows of the table, from 0, that begin a group.
        """
        count = len(columns[0].cells)
        self.columns(column, [in_characters(c.pixels) for c in columns])
        for k, c in enumerate(columns, column):
            head = self.book.number_head if c.numeric else self.book.look("kop")
            self.sheet.write_string(row, k, cell_text(c.header), head)
            room = c.pixels - (0 if c.numeric else INDENT)
            self.stretch(row, height(c.header, room, bold=True) + (_BUTTON if filtered else 0.0))
            for n, cell in enumerate(c.cells):
                self._cell((row + 1 + n, k), cell, c, n, n in firsts)
        if filtered and count:
            self.sheet.autofilter(row, column, row + count, column + len(columns) - 1)
        self._shared = max(self._shared, row + 1 + count)
        return row + 1 + count

    def _cell(self, place: tuple[int, int], cell: Cell, of: Column, number: int, first: bool) -> None:
        look: Look = "stille cel" if of.quiet else "cel"
        if cell is None or blank(cell):
            self.sheet.write_blank(*place, None, self.book.look(look, first))
        elif isinstance(cell, str):
            kept = cell_text(cell)
            self.sheet.write_string(*place, kept, self.book.look(look, first))
            self.stretch(place[0], height(kept, of.pixels - INDENT))
        else:
            form = self.book.number(of.digits(number), of.quiet, of.year, left=not of.numeric)
            self.sheet.write_number(*place, cell, form)

    # -- paper ------------------------------------------------------------------------------------------------

    def freeze(self, header: int, columns: int = 1, repeat: bool = True) -> None:
        """Keep headers and the first columns in sight; ``repeat``: the headers on every page of paper as well."""
        self.sheet.freeze_panes(header + 1, columns)
        if repeat:
            self.sheet.repeat_rows(header)

    def on_one_page(self, rows: int, columns: int) -> bool:
        """Whether the first so many rows come on one page, that is as wide as the first so many columns."""
        down, wide = _PAPER[self.upright]
        scale = min(1.0, wide / (1.06 * self.across(0, columns - 1)))
        return scale * sum(map(self.high, range(rows))) < down

    def parts(self, header: int, rows: tuple[int, int], last: int, starts: Sequence[int]) -> list[Area]:
        """What is printed of a table: parts beside each other, each as wide as a page, all with its first column.

        Args:
            header: row of its headers.
            rows: the last one of the table, and the last with text below it, which is another.
            last: its last column, or that of a text that is wider.
            starts: with which column each part begins.
        """
        if len(starts) > 1:
            self.sheet.repeat_columns(0)
        ends = [*(k - 1 for k in starts[1:]), last]
        # Excel joins areas that make one rectangle together: beside each other they end in different rows.
        more = [(header, a, rows[0] + k % 2, b) for k, (a, b) in enumerate(zip(starts[1:], ends[1:], strict=True))]
        return [(0, 0, rows[1], ends[0]), *more]

    def paper(self, *areas: Area) -> None:
        """What is printed: each area (first row and column, last row and column) begins on a page of its own."""
        places = ",".join(range_of(self.name, a[:2], a[2:]) for a in areas)
        name = self.name if self.name.isalnum() else f"'{self.name}'"
        self.book.book.define_name(f"{name}!_xlnm.Print_Area", f"={places}")


def range_of(sheet: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    """A reference to cells on a sheet: (row, column) of the first and the last."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cells = [xl_rowcol_to_cell(*place, row_abs=True, col_abs=True) for place in (first, last)]
    return f"'{sheet}'!{cells[0]}" if first == last else f"'{sheet}'!{cells[0]}:{cells[1]}"
