"""A figure as a file to take along: CSV with the same numbers, and names for the files."""

from __future__ import annotations

import csv
import io

from monitor.figures.spec import Figure


def csv_bytes(figure: Figure, link: str) -> bytes:
    """Return the figure's table as CSV: semicolons, decimal comma, UTF-8 with byte order mark.

    Title, reading sentence, source, edition, link and notes stand below the table, so that a spreadsheet
    opens on the header row and nothing gets lost when the file is passed on.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    content = figure.table()
    writer.writerow(content.headers)
    writer.writerows(content.plain)
    writer.writerow([])
    about = [
        ("Titel", figure.title),
        ("Leeszin", figure.sentence),
        ("Bron", f"{figure.source} ({figure.licence})"),
        ("Editie", figure.edition),
        ("Link", link),
        *(("Let op", note) for note in figure.notes),
    ]
    writer.writerows(about)
    return out.getvalue().encode("utf-8-sig")


def file_name(figure: Figure, ending: str) -> str:
    """Return a file name that tells figure and edition apart."""
    return f"{figure.name}-editie-{figure.edition}.{ending}"
