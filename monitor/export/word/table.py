"""Tables in Word documents: real ones with headers that repeat, and the two-column block of a form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.export.word.xml import attribute, paragraph

# What a cell needs beside its text, and what a character of table text takes; twentieths of a point.
_PADDING, _CHARACTER = 230, 112
# A cell longer than this wraps anyway and asks for no more room.
_LONG, _LONG_WORD = 46, 17
# Where Word may begin a new line; not at a space that keeps a number and its unit together.
_BREAK = re.compile(r"[ \n]|(?<=[-–/])")


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    widths: Sequence[int],
    title: str,
    about: str = "",
) -> str:
    """A table whose first row is a header and repeats on every page; the first column names the row.

    Args:
        headers: finished runs, one per column.
        rows: finished runs per cell; lines of a cell are kept on one page.
        numeric: which columns are numbers, at the right.
        widths: of the columns, in twentieths of a point.
        title: for who cannot see the table.
        about: likewise, what it says.
    """
    head = "".join(
        _cell(paragraph(h, "Tabelkopgetal" if n else "Tabelkop"), w)
        for h, n, w in zip(headers, numeric, widths, strict=True)
    )
    body = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            _cell(paragraph(c, "Tabelgetal" if n else "Tabeltekst"), w)
            for c, n, w in zip(row, numeric, widths, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    repeated = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
    return _table("Regiotabel", widths, repeated + body, title, about, header=True)


def form(rows: Sequence[Sequence[str]], widths: Sequence[int], title: str, lined: bool = False) -> str:
    """Cells side by side, for a form.

    Args:
        rows: finished paragraphs per cell; a row is kept on one page.
        widths: of the columns, in twentieths of a point.
        title: for who cannot see the form.
        lined: with lines around and between columns.
    """
    body = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(_cell(c, w) for c, w in zip(row, widths, strict=True))
        + "</w:tr>"
        for row in rows
    )
    return _table("Formulierkader" if lined else "Formulier", widths, body, title, "", header=False)


def _table(style: str, widths: Sequence[int], rows: str, title: str, about: str, header: bool) -> str:
    first = int(header)
    description = f"<w:tblDescription w:val={attribute(about)}/>" if about else ""
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{0x00A0 if header else 0:04X}" w:firstRow="{first}" '
        f'w:lastRow="0" w:firstColumn="{first}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={attribute(title)}/>{description}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _cell(content: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def shared(weights: Sequence[float], total: int) -> tuple[int, ...]:
    """Divide a width over columns by weight; together they are exactly as wide."""
    whole = sum(weights)
    made = [int(total * w / whole) for w in weights]
    made[0] += total - sum(made)
    return tuple(made)


def fitted(headers: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> tuple[int, ...]:
    """Divide a width over columns by what stands in them: first the longest word, then the longest text."""
    columns = list(zip(headers, *rows, strict=True))
    least = [_least(c) for c in columns]
    wanted = [_PADDING + _CHARACTER * max(min(len(text), _LONG) for text in c) for c in columns]
    if sum(least) >= total:
        return shared(least, total)
    spare = total - sum(least)
    more = [max(w - x, 0) for w, x in zip(wanted, least, strict=True)]
    if sum(more) <= spare:
        return shared([x + m + 1 for x, m in zip(least, more, strict=True)], total)
    return shared([x + spare * m / sum(more) for x, m in zip(least, more, strict=True)], total)


def fitting(headers: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> int:
    """How many columns, from the left, fit a width without breaking words; at least one."""
    taken = 0
    for k, column in enumerate(zip(headers, *rows, strict=True)):
        taken += _least(column)
        if taken > total:
            return max(k, 1)
    return len(headers)


def _least(column: Sequence[str]) -> int:
    """The width that a column needs for its longest word; a very long word may be broken."""
    words = (w for text in column for w in _BREAK.split(text))
    return _PADDING + _CHARACTER * max(min(max(map(len, words), default=1), _LONG_WORD), 1)
