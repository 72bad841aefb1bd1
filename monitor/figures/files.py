"""A figure as a file to take along: CSV with the same numbers, and names for the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from monitor.figures.spec import Figure

# What a spreadsheet takes for the start of a formula, also in the wide forms of East Asian scripts.
_FORMULA = tuple("=+-@|%＝＋－＠\t\r\n")


def as_data(text: str) -> str:
    """Return a text as a cell that no spreadsheet calculates: an apostrophe before a formula; a lone sign is none."""
    formula = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if formula and len(text.strip()) > 1 else text


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV: semicolons, UTF-8 with byte order mark."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def csv_bytes(figure: Figure, link: str) -> bytes:
    """Return the figure's table as CSV: semicolons, decimal comma, UTF-8 with byte order mark.

    Title, reading sentence, source, edition, link and notes stand below the table, so that a spreadsheet
    opens on the header row and nothing gets lost when the file is passed on.
    """
    content = figure.table()
    about = [
        ("Titel", figure.title),
        ("Leeszin", figure.sentence),
        ("Bron", f"{figure.source} ({figure.licence})"),
        ("Editie", figure.edition),
        ("Link", link),
        *(("Let op", note) for note in figure.notes),
    ]
    # Numbers stay numbers, also with a minus sign; whatever people wrote is data and never a formula.
    rows = ([c if n else as_data(c) for c, n in zip(row, content.numeric, strict=True)] for row in content.plain)
    return csv_of([content.headers, *rows, [], *([k, as_data(v)] for k, v in about)])


def file_name(figure: Figure, ending: str) -> str:
    """Return a file name that tells figure and edition apart."""
    return f"{figure.name}-editie-{figure.edition}.{ending}"
