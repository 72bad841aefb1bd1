"""What stands in the cells of a workbook, and how much room it takes: widths of columns, heights of rows, paper.

A workbook has no layout of its own: a program that opens it gives a row the height that stands in the file, and cuts
off what does not fit. So texts are measured here, on the safe side. Its letter is Arial: the one that is there, or has
a stand-in of the same widths, wherever a workbook is opened. Source Sans 3 rarely is, and cells cannot bring it along.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from monitor.export import fit
from monitor.logbook.entry import clean

FONT, SIZE = "Arial", 10.0
# The longest text that a cell can hold.
_LONGEST = 32_767
# Width of a column: pixels per character, and around them. So it is in Excel for this letter at this size.
_DIGIT, _AROUND = 7, 5
# Pixels that text keeps free at the sides of a cell.
_SIDES = 8
# Pixels that texts in a table stand in from the left.
INDENT = 11
# Of the width of a cell this much is counted on: on screen letters fall on whole pixels.
_SAFE = 0.96
# Height of a line in parts of its size, and room in a row besides its lines, in points.
_LINE, _AIR = 1.275, 3.0
ROW_HIGH = 15.75
# Higher than this (409 points) no row can be.
TALLEST = 396.0
# Pixels across A4 at which the letters come on paper with 8 points or more, also where columns come out 6% wider.
UPRIGHT, SIDEWAYS = 840, 1200
# Columns of text are not made wider than this many characters, nor narrower than pixels by the length of their texts.
_WIDEST = 44
_COMFORT = ((24, 100), (60, 130), (120, 155), (_LONGEST, 240))
# A longer word than this may be broken, and any word after a hyphen.
_WORD = 170
_WORDS = re.compile(r"[^\s-]+-?|-")
Cell = str | float | None


@lru_cache(maxsize=4096)
def cell_text(text: str) -> str:
    """A text that a cell can hold: no control characters, and not longer than Excel takes."""
    kept = clean(text)
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"


def blank(cell: Cell) -> bool:
    """Whether a cell stays empty: nothing to say, or a number that is not known."""
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))


@lru_cache(maxsize=16_384)
def lines(text: str, pixels: int, size: float = SIZE, bold: bool = False) -> int:
    """In how many lines a text falls in a cell of so many pixels."""
    room = max(pixels - _SIDES, 10) * 0.75 * _SAFE
    return sum(fit.lines((fit.Run(part, bold),), room, size) for part in text.split("\n"))


def height(text: str, pixels: int, size: float = SIZE, bold: bool = False) -> float:
    """Height in points that a row needs for a text in a cell of so many pixels; a whole number of pixels."""
    count = lines(text, pixels, size, bold)
    return ROW_HIGH if count == 1 and size == SIZE else math.ceil((count * size * _LINE + _AIR) / 0.75) * 0.75


def in_characters(pixels: int) -> float:
    """Width of a column as it stands in a file."""
    return (pixels - _AROUND) / _DIGIT


def in_pixels(characters: float) -> int:
    """Pixels of a column of so many characters."""
    return int(characters * _DIGIT + 0.5) + _AROUND


@dataclass(frozen=True)
class Column:
    """One column of a table on a sheet.

    Attributes:
        header: its name.
        cells: texts or numbers; None and NaN stay empty.
        decimals: of its numbers, one for all or one per cell; negative ones as 0.
        width: in characters; 0 for what its texts need.
        quiet: helps the chart, and is not meant to be read.
        year: numbers are years, without a dot for thousands.
    """

    header: str
    cells: Sequence[Cell]
    decimals: int | Sequence[int] = 0
    width: float = 0
    quiet: bool = False
    year: bool = False

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(blank(c) for c in self.cells)

    @cached_property
    def numeric(self) -> bool:
        """Whether it holds numbers alone, which stand on the right."""
        held = [c for c in self.cells if not blank(c)]
        return bool(held) and not any(isinstance(c, str) for c in held)

    @cached_property
    def pixels(self) -> int:
        """Its width: never less than its numbers and the words of its header need."""
        words = max((fit.width(w, SIZE, bold=True) for w in _WORDS.findall(self.header)), default=0.0)
        least = math.ceil(words / 0.75) + _SIDES + (0 if self.numeric else INDENT)
        if self.numeric or not self.width:
            least = max(least, in_pixels(self._longest))
        return max(in_pixels(self.width), least) if self.width else min(max(least, 75), in_pixels(_WIDEST))

    @cached_property
    def _longest(self) -> float:
        """Characters of its longest cell, with some room."""
        said = max((len(c) for c in self.cells if isinstance(c, str)), default=-4) + 4
        numbers = ((c, n) for n, c in enumerate(self.cells) if isinstance(c, int | float) and not blank(c))
        return max(said, max((len(self._written(c, n)) + 2.5 for c, n in numbers), default=0))

    def _written(self, number: float, row: int) -> str:
        return f"{number:.0f}" if self.year else f"{number:,.{self.digits(row)}f}"

    @cached_property
    def narrowest(self) -> int:
        """Pixels below which it cannot be read well; columns of numbers keep their width."""
        if self.numeric:
            return self.pixels
        texts = [c for c in self.cells if isinstance(c, str)]
        longest = max(map(len, texts), default=0)
        words = max((fit.width(w, SIZE) for w in {w for t in texts for w in _WORDS.findall(t)}), default=0.0)
        wanted = next(p for most, p in _COMFORT if longest <= most)
        wanted = max(wanted, min(math.ceil(words / 0.72) + _SIDES + INDENT, _WORD))
        header = replace(self, cells=(), width=0).pixels
        return min(self.pixels, max(wanted, header))

    def digits(self, row: int) -> int:
        """Decimals of the number in a row."""
        return max(self.decimals if isinstance(self.decimals, int) else self.decimals[row], 0)


def fitted(columns: Sequence[Column], page: int, repeated: int = 1) -> tuple[list[Column], list[int]]:
    """Columns as wide as fits the fewest pages beside each other.

    Args:
        columns: of one table; those with text may become narrower, and their texts wrap.
        page: pixels across a page.
        repeated: how many of the first columns stand on every page again.

    Returns:
        The columns, and with which of them each page begins; the first with 0.
    """
    for pages in range(1, len(columns) + 1):
        for most in range(in_pixels(_WIDEST), 80, -10):
            wide = [c.pixels if c.numeric else min(c.pixels, max(c.narrowest, most)) for c in columns]
            if len(starts := _starts(wide, page, repeated)) <= pages:
                return [_as_wide(c, w) for c, w in zip(columns, wide, strict=True)], starts
    return list(columns), [0]


def _as_wide(column: Column, pixels: int) -> Column:
    return column if pixels == column.pixels else replace(column, width=in_characters(pixels))


def _starts(widths: Sequence[int], page: int, repeated: int) -> list[int]:
    """With which column each page begins; a column is never split."""
    starts, used = [0], 0
    for k, w in enumerate(widths):
        if used and used + w > page:
            starts.append(k)
            used = sum(widths[:repeated]) if k >= repeated else 0
        used += w
    return starts
