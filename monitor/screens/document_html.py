"""Tables in a Markdown document: read, and as HTML that scrolls inside its own box on a narrow screen."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape

_ROW = re.compile(r"^\|.*\|\s*$")
_RULE = re.compile(r"^\|[\s:|-]+\|\s*$")
_NUMBER = re.compile(r"^[+-]?[\d.]*\d(,\d+)?( - [\d.,]+)?%?$")
_LONG = 24
_HARD = "\N{NO-BREAK SPACE}"
_OUTCOMES = ("oordeel", "verandering")


@dataclass(frozen=True)
class Table:
    """A table of a document: the heading it stands under, the names of its columns and its rows of text."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def dicts(self) -> list[dict[str, str]]:
        """The rows as column -> text.

        Raises:
            ValueError: a row has more or fewer cells than there are columns.
        """
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def split(text: str) -> list[str | Table]:
    """Cut a Markdown text into pieces of text and tables, in order."""
    pieces: list[str | Table] = []
    held: list[str] = []
    lines = text.splitlines()
    heading = ""
    k = 0
    while k < len(lines):
        if lines[k].startswith("#"):
            heading = lines[k].lstrip("# ")
        if _ROW.match(lines[k]) and k + 1 < len(lines) and _RULE.match(lines[k + 1]):
            end = k + 2
            while end < len(lines) and _ROW.match(lines[end]):
                end += 1
            if held:
                pieces.append("\n".join(held))
                held = []
            pieces.append(Table(heading, _cells(lines[k]), tuple(_cells(line) for line in lines[k + 2 : end])))
            k = end
        else:
            held.append(lines[k])
            k += 1
    return [*pieces, "\n".join(held)] if held else pieces


def tables(text: str) -> list[Table]:
    """The tables of a Markdown text."""
    return [p for p in split(text) if isinstance(p, Table)]


def with_tables(text: str) -> str:
    """The Markdown text with each table as HTML, in a box that scrolls and that the keyboard reaches."""
    made: list[str] = []
    seen: Counter[str] = Counter()
    for piece in split(text):
        if isinstance(piece, Table):
            seen[piece.heading] += 1
            again = seen[piece.heading]
            name = f"Tabel: {piece.heading}" + (f" ({again})" if again > 1 else "")
            made.append(f"\n{table_html(piece, name)}\n")
        else:
            made.append(piece)
    return "\n".join(made)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def table_html(t: Table, name: str) -> str:
    """A table in a box that scrolls and that the keyboard reaches; ``name``: what the box is called."""
    head = "".join(f'<th scope="col">{escape(c[:1].upper() + c[1:])}</th>' for c in t.columns)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(map(_cell, t.columns[1:], rest))}</tr>'
        for first, *rest in t.rows
    )
    return (
        f'<div class="scroll doc" role="region" tabindex="0" aria-label="{escape(name, quote=True)}"><table class="twin">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(column: str, text: str) -> str:
    # A number or two bounds may not break in two on a narrow screen, and a sentence may not become a column of words.
    kind = ' class="whole"' if _NUMBER.match(text) else ' class="long"' if len(text) > _LONG else ""
    if column == "reeks":  # 'year: value ± half-width; ...' breaks between years only
        text = text.replace(" ", _HARD).replace(f";{_HARD}", "; ")
    shown = f"<b>{escape(text)}</b>" if column in _OUTCOMES else escape(text)
    return f"<td{kind}>{shown}</td>"
