"""Read a spreadsheet that somebody uploads: .xlsx or .csv, as text, without trusting it.

Nothing is evaluated: a formula is the text of that formula. A file that would unpack to more than it may, that holds
XML entities, or that is something else than it says, is refused with one clear sentence.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from monitor.dialogue.own import MOST_BYTES
from monitor.dialogue.own_columns import key_of
from monitor.errors import SourceInvalid
from monitor.sources.csv_text import decoded

MOST_ROWS = 2_000
MOST_COLUMNS = 60
# Ample for 2,000 rows with the longest texts.
MOST_UNPACKED = 20 * 1024 * 1024
# What a reader must hold in memory at once: the text of all cells, and every part that is no sheet.
MOST_SHARED, MOST_OTHER = 5 * 1024 * 1024, 1024 * 1024
# Filled or not: more than 2,000 rows of 60 columns.
MOST_CELLS = 150_000
# The last row that is looked at: a sheet with empty rows below that takes minutes to read.
LAST_ROW = 20_000
MOST_CELL = 32_767
SHEET = "Bevindingen"
# The headings stand in one of the first so many rows.
_TOP = 10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# So many bytes of a part are read to see with what it begins.
_HEAD = 4_096
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_TRY_AGAIN = "Bewaar het blad als Excel-werkmap (.xlsx) of als CSV en probeer het opnieuw."


@dataclass(frozen=True)
class Row:
    """A row: its number as the spreadsheet shows it, and the text of its cells in the order of the headings."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What was read: headings, filled rows, merged cells below the headings, and other sheets that were passed over."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    merged: tuple[tuple[str, int, int], ...] = ()
    others: tuple[str, ...] = ()


def read_sheet(content: bytes, name: str) -> Sheet:
    """Read an uploaded file.

    Args:
        content: the bytes of the file; what it is, is told by these and not by its name.
        name: as the user knows it, for the messages.

    Raises:
        SourceInvalid: empty, too large, no spreadsheet, protected, of an old kind, or without headings.
    """
    if not content.strip():
        raise SourceInvalid(f"‘{name}’ is leeg.", "Vul het sjabloon in en kies het bestand opnieuw.")
    if len(content) > MOST_BYTES:
        raise SourceInvalid(f"‘{name}’ is groter dan 10 MB.", "Verdeel het over meer bestanden, of haal plaatjes weg.")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SourceInvalid(f"‘{name}’ is beveiligd met een wachtwoord.", "Bewaar het zonder wachtwoord.")
        raise SourceInvalid(f"‘{name}’ is een oud Excel-bestand (.xls).", "Bewaar het als Excel-werkmap (.xlsx).")
    if content.startswith(b"PK"):
        return _workbook(content, name)
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise SourceInvalid(f"‘{name}’ is geen Excel-bestand, ook al heet het zo.", _TRY_AGAIN)
    return _text(content, name)


# -- Excel --------------------------------------------------------------------------------------------------------


def _workbook(content: bytes, name: str) -> Sheet:
    # Reading it loads a large library; a visitor who only looks need not wait for it.
    from defusedxml import DefusedXmlException
    from openpyxl import DEFUSEDXML, load_workbook

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml ontbreekt: een werkmap zou niet veilig te lezen zijn")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _unpacks_safely(archive, name)
        with warnings.catch_warnings():
            # What Excel keeps beside the cells and the library passes over is of no use to us.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            return _chosen(book, archive, name)
    except SourceInvalid:
        raise
    except MemoryError:
        raise
    except Exception as error:
        # Whatever a damaged file does to the reader, the user hears that the file cannot be read.
        causes = list(_causes(error))
        if any(isinstance(c, DefusedXmlException) for c in causes):
            raise _refers_elsewhere(name) from None
        if any(isinstance(c, RuntimeError) and "encrypted" in str(c) for c in causes):
            raise SourceInvalid(f"‘{name}’ is beveiligd met een wachtwoord.", "Bewaar het zonder wachtwoord.") from None
        raise SourceInvalid(f"‘{name}’ is geen Excel-werkmap die wij kunnen lezen.", _TRY_AGAIN) from None


def _refers_elsewhere(name: str) -> SourceInvalid:
    return SourceInvalid(
        f"‘{name}’ verwijst in zijn binnenste naar andere inhoud; dat openen wij niet, voor de veiligheid.",
        "Kopieer de cellen naar een leeg sjabloon.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from: the library wraps what happens inside it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _unpacks_safely(archive: zipfile.ZipFile, name: str) -> None:
    """Look at the directory before anything is unpacked; reading never gives more than it says there."""
    parts = archive.infolist()
    names = {p.filename for p in parts}
    if any(p.filename == "mimetype" for p in parts) or "xl/workbook.xml" not in names:
        raise SourceInvalid(f"‘{name}’ is geen Excel-werkmap.", _TRY_AGAIN)
    if sum(p.file_size for p in parts) > MOST_UNPACKED or len(parts) > 2_000:
        raise _too_large(name)
    for part in parts:
        with archive.open(part) as opened:
            head = opened.read(_HEAD)
        if not _is_xml(head):
            continue
        root = _first_element(head)
        # A workbook has no document type; one that has it wants to define entities. Not every reader refuses those.
        if not root:
            raise _refers_elsewhere(name)
        most = {"worksheet": MOST_UNPACKED, "sst": MOST_SHARED}.get(root, MOST_OTHER)
        if part.file_size > most:
            raise _too_large(name)
        if root == "worksheet" and part.file_size > MOST_OTHER and len(_CELL.findall(archive.read(part))) > MOST_CELLS:
            raise _too_large(name)


def _too_large(name: str) -> SourceInvalid:
    return SourceInvalid(
        f"‘{name}’ is uitgepakt veel te groot voor een blad met bevindingen.",
        "Kopieer alleen de ingevulde rijen naar een leeg sjabloon.",
    )


def _plain(head: bytes) -> bytes:
    """The beginning of a part without its mark of encoding; text of two bytes a sign becomes one byte a sign."""
    left = head.replace(b"\0", b"")
    return left.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()


def _is_xml(head: bytes) -> bool:
    return _plain(head).startswith(b"<")


def _first_element(head: bytes) -> str:
    """The name of the first element of XML; empty when something else comes before it than a declaration or comment.

    A document type can only stand there, so the rest need not be read. A part that hides its beginning behind a long
    comment or another encoding has no first element either.
    """
    left = _plain(head)
    while left.startswith((b"<?", b"<!--")):
        end = b"?>" if left.startswith(b"<?") else b"-->"
        left = left.partition(end)[2].lstrip()
    found = _ELEMENT.match(left)
    return found[1].decode("ascii") if found else ""


def _chosen(book: Any, archive: zipfile.ZipFile, name: str) -> Sheet:
    """The sheet called Bevindingen, else the first one."""
    sheets = list(book.worksheets)
    if not sheets:
        raise SourceInvalid(f"In ‘{name}’ staat geen werkblad.", _TRY_AGAIN)
    sheet = next((s for s in sheets if s.title.strip().casefold() == SHEET.casefold()), sheets[0])
    # What a file says of its own size may be wrong; rows beyond it would be lost without a word.
    sheet.reset_dimensions()
    path = getattr(sheet, "_worksheet_path", "")
    merged = _merged(archive, path)
    rows = ((number, cells) for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1))
    found = _table(((n, *_cells(cells)) for n, cells in rows), name)
    others = tuple(s.title for s in sheets if s is not sheet and s.title != "Uitleg")
    return Sheet(sheet.title, found[0], found[1], tuple(m for m in merged if m[2] > found[2]), others)


def _merged(archive: zipfile.ZipFile, path: str) -> list[tuple[str, int, int]]:
    """Merged cells as (reference, first row, last row); a reader of rows does not tell them."""
    try:
        part = archive.read(path.lstrip("/"))
    except KeyError:
        return []
    found = _MERGED.findall(part)[:200]
    return [(f"{a.decode()}{b.decode()}:{c.decode()}{d.decode()}", int(b), int(d)) for a, b, c, d in found]


def _cells(cells: Iterable[Any]) -> tuple[list[str], list[int]]:
    """The cells of a row as text, and the places of those that hold a formula."""
    texts, formulas = [], []
    for place, cell in enumerate(cells):
        value = cell.value
        if getattr(cell, "data_type", "") == "f":
            formulas.append(place)
            # A formula that spans cells is an object that holds its text.
            value = getattr(value, "text", value)
        texts.append(_as_text(value))
    return texts, formulas


def _as_text(value: Any) -> str:
    """A cell as text in Dutch notation: a day as 2026-03-04, a number with a comma."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        # In a Dutch spreadsheet '1,3' for goals 1 and 3 becomes the number 1.3.
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return str(value)[:MOST_CELL].strip()


# -- CSV ----------------------------------------------------------------------------------------------------------


def _text(content: bytes, name: str) -> Sheet:
    text = _decoded(content, name)
    try:
        mark = max((";", ",", "\t"), key=lambda m: _known_at_top(text, m))
        headings, rows, _ = _table(_records(text, mark), name)
    except csv.Error:
        raise SourceInvalid(
            f"‘{name}’ is geen CSV die wij kunnen lezen.", "Kijk of er ergens een los aanhalingsteken staat."
        ) from None
    return Sheet(name, headings, rows)


def _known_at_top(text: str, mark: str) -> int:
    """How many columns the first rows name when the cells are separated by this mark."""
    try:
        top = list(islice(_records(text, mark), _TOP))
    except csv.Error:
        return 0
    return max((sum(key_of(c) is not None for c in cells) for _, cells, _ in top), default=0)


def _decoded(content: bytes, name: str) -> str:
    text = decoded(content)
    if text is None:
        raise SourceInvalid(
            f"‘{name}’ is geen rekenblad, of heeft tekens die wij niet kunnen lezen.",
            "Kies een .xlsx of een .csv; bewaar een CSV als ‘CSV UTF-8’.",
        )
    return text


def _records(text: str, mark: str) -> Iterator[tuple[int, list[str], list[int]]]:
    for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1):
        if number == 1 and len(record) <= 2 and record and record[0].startswith("sep="):
            continue
        cells = [c.strip() for c in record[:MOST_COLUMNS]]
        yield number, cells, [k for k, c in enumerate(cells) if c.startswith("=")]


# -- Both ---------------------------------------------------------------------------------------------------------


def _table(
    records: Iterable[tuple[int, list[str], list[int]]], name: str
) -> tuple[tuple[str, ...], tuple[Row, ...], int]:
    """Headings, filled rows and the number of the row of headings: that with the most names that we know."""
    looked = 0
    rows: list[Row] = []
    headings: tuple[str, ...] = ()
    at = 0
    for number, cells, formulas in records:
        if number > LAST_ROW:
            raise SourceInvalid(
                f"‘{name}’ loopt door tot na rij {LAST_ROW // 1000}.000, ook al zijn die rijen leeg.",
                "Kopieer alleen de ingevulde rijen naar een leeg sjabloon.",
            )
        if not headings:
            looked += 1
            known = sum(key_of(c) is not None for c in cells)
            if known >= 3:
                headings, at = _trimmed(cells), number
            elif looked >= _TOP:
                break
            continue
        width = max((k + 1 for k, c in enumerate(cells) if c), default=0)
        if not width:
            continue
        if len(rows) >= MOST_ROWS:
            raise SourceInvalid(f"‘{name}’ heeft meer dan 2.000 rijen.", "Verdeel het blad over meer bestanden.")
        whole = (*cells[: max(width, len(headings))], *[""] * (len(headings) - len(cells)))
        rows.append(Row(number, tuple(whole), tuple(formulas)))
    if not headings:
        raise SourceInvalid(
            f"In de eerste tien rijen van ‘{name}’ staan de kolommen van het sjabloon niet.",
            "Zet bovenaan de namen soort, titel, samenvatting en de andere kolommen; het sjabloon heeft ze.",
        )
    if not rows:
        raise SourceInvalid(f"In ‘{name}’ staan alleen de namen van de kolommen.", "Vul ten minste één rij in.")
    return headings, tuple(rows), at


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    last = max((k for k, c in enumerate(cells) if c), default=-1)
    return tuple(cells[: last + 1])
