"""Rows of the sheets of a workbook (.xlsx) that a publisher offers, read without trusting it.

Values only: a formula gives the outcome that was stored with it, and macros are not looked at.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.errors import SourceInvalid

# Ample for 600,000 rows; what a reader must hold in memory at once is less.
MOST_UNPACKED, MOST_SHARED, MOST_PARTS = 400 * 1024 * 1024, 60 * 1024 * 1024, 2_000
MOST_COLUMNS = 60
_HEAD = 4_096
# Nothing but a declaration and comments stands before the first element: a document type could define entities.
_SAFE = re.compile(rb"\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*<[A-Za-z_]", re.DOTALL)
_AGAIN = "Bewaar het blad als Excel-werkmap (.xlsx) of als CSV en probeer het opnieuw."

Rows = Iterator[tuple[int, list[Any]]]


def sheets(path: Path) -> Iterator[tuple[str, Rows]]:
    """Give the name and the rows (number as Excel shows it, cells) of every sheet.

    Raises:
        SourceInvalid: no workbook, protected, too large when unpacked, or with content that refers elsewhere.
    """
    # Reading it loads a large library, which other commands need not wait for.
    from openpyxl import DEFUSEDXML, load_workbook

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml ontbreekt: een werkmap zou niet veilig te lezen zijn")
    try:
        with zipfile.ZipFile(path) as archive:
            _unpacks_safely(archive, path.name)
        with warnings.catch_warnings():
            # What Excel keeps beside the cells and the library passes over is of no use to us.
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                for sheet in book.worksheets:
                    # What a file says of its own size may be wrong; rows beyond it would be lost without a word.
                    sheet.reset_dimensions()
                    yield sheet.title, _rows(sheet, path.name)
            finally:
                book.close()
    except (SourceInvalid, MemoryError, OSError):
        raise
    except Exception as error:
        raise _unreadable(error, path.name) from None


def _unreadable(error: Exception, name: str) -> SourceInvalid:
    """Whatever a damaged file does to the reader, the user hears that the file cannot be read."""
    if "encrypted" in str(error):
        return protected(name)
    return SourceInvalid(f"‘{name}’ is beschadigd, of geen Excel-werkmap.", _AGAIN)


def protected(name: str) -> SourceInvalid:
    """What is said of a file with a password."""
    return SourceInvalid(f"‘{name}’ is beveiligd met een wachtwoord.", "Bewaar het zonder wachtwoord.")


def _rows(sheet: Any, name: str) -> Rows:
    rows = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1)
    while True:
        try:
            # A part is read as its rows are asked for, so here it turns out to be damaged.
            number, cells = next(rows)
        except StopIteration:
            return
        except (MemoryError, OSError):
            raise
        except Exception as error:
            raise _unreadable(error, name) from None
        yield number, list(cells)


def _unpacks_safely(archive: zipfile.ZipFile, name: str) -> None:
    """Look at the directory before anything is unpacked; reading never gives more than it says there."""
    parts = archive.infolist()
    if "xl/workbook.xml" not in {p.filename for p in parts}:
        raise SourceInvalid(
            f"‘{name}’ is een ingepakt bestand, geen Excel-werkmap.", "Pak het uit en kies het bestand dat erin zit."
        )
    large = sum(p.file_size for p in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS
    if large or any(p.file_size > MOST_SHARED for p in parts if "sharedStrings" in p.filename):
        raise SourceInvalid(f"‘{name}’ is uitgepakt veel te groot voor een editie.", "Bewaar het als CSV.")
    for part in parts:
        with archive.open(part) as opened:
            # Text of two bytes a sign becomes one byte a sign.
            head = opened.read(_HEAD).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
        if head.lstrip().startswith(b"<") and not _SAFE.match(head):
            raise SourceInvalid(
                f"‘{name}’ verwijst in zijn binnenste naar andere inhoud; dat openen wij niet, voor de veiligheid.",
                "Kopieer de cellen naar een nieuwe werkmap.",
            )
