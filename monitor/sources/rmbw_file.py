"""Read an edition's download of the Regionale Monitor Brede Welvaart, CSV or XLSX, into one table of text and numbers.

Nothing is evaluated and nothing is interpreted here but the form: encoding, separator, sheet, headings and notation of
numbers. What the rows mean is the matter of ``rmbw_place``. docs/rmbw.md says what is known of CBS's own form.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from monitor.errors import SourceInvalid, SourceUnavailable
from monitor.notation import listing
from monitor.sources import rmbw_book
from monitor.sources.csv_text import decoded
from monitor.sources.rmbw_numbers import Notation, clean, decide, is_nothing, number

MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = 1_000_000
# The headings stand in one of the first so many rows.
_TOP = 25
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NUMBERS = ("value", "lower", "upper")
_TEXTS = ("code", "label", "theme", "area", "year")
COLUMNS = ["row", "file", *_TEXTS, *_NUMBERS]
# Per field the headings that mean it, the surest first, without capitals and signs.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "area": (
        "statcode", "regiocode", "gebiedscode", "gebiedcode", "regios", "regioscode", "gemeentecode", "provinciecode",
        "gmcode", "areacode", "regioncode", "geocode", "coderegio", "regio", "gebied", "region", "area",
    ),
    "year": ("jaar", "year", "perioden", "periode", "verslagjaar", "period", "tijd", "time"),
    "value": ("waarde", "value", "cijfer", "obsvalue"),
    "lower": (
        "ondergrens", "lower", "onder", "lowerbound", "ondergrens95", "ondergrens95interval", "min95", "ll", "cilower",
    ),
    "upper": (
        "bovengrens", "upper", "boven", "upperbound", "bovengrens95", "bovengrens95interval", "max95", "ul", "ciupper",
    ),
    "code": (
        "indicatorcode", "indicatorid", "codeindicator", "indicator", "indicatoren", "measurecode", "measure", "code",
    ),
    "label": (
        "label", "labelnl", "labelen", "indicatornaam", "naamindicator", "indicatorlabel", "naam", "onderwerp",
        "omschrijving", "title", "name",
    ),
    "theme": ("thema", "theme", "themanl", "themeen", "themaen", "themanaam", "themalabel"),
}  # fmt: skip
_DUTCH = {
    "area": "gebied (statcode)",
    "year": "jaar",
    "value": "waarde",
    "code": "indicator (code of label)",
}
_AREA = re.compile(r"(?:GM|PV|GG|CR|LD|NL)\s*\d*|\d{4}", re.IGNORECASE)
_SAVE_AS = "Bewaar het in Excel als ‘CSV UTF-8’ of als Excel-werkmap (.xlsx)."


@dataclass(frozen=True, eq=False)
class Download:
    """The rows of an edition as they stand in one or more files.

    ``rows``: columns ``COLUMNS``. row: number in its file (in a workbook: of the sheet); file: its name; code, label,
    theme, area, year: stripped text, '' where the file has none; value, lower, upper: float, NaN where the file says
    that there is no figure. ``sha256``: of the content of all files.
    """

    rows: pd.DataFrame
    names: tuple[str, ...]
    sha256: str


def read_files(paths: Iterable[Path], notation: Notation | None = None) -> Download:
    """Read the files of one edition.

    Args:
        paths: one file, or those for municipalities and provinces apart.
        notation: of numbers as text; None tells it from each file.

    Raises:
        SourceUnavailable: a file does not exist or cannot be opened.
        SourceInvalid: a file is no table, lacks a column, or holds what is no number; file, row and column are named.
    """
    chosen = tuple(paths)
    digest = hashlib.sha256()
    parts = []
    for path in chosen:
        content = _content(path)
        digest.update(content)
        parts.append(_read(path, content, notation))
    return Download(pd.concat(parts, ignore_index=True), tuple(p.name for p in chosen), digest.hexdigest())


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise SourceInvalid(f"‘{path.name}’ is een map.", "Noem het bestand dat u van CBS haalde.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SourceInvalid(f"‘{path.name}’ is groter dan {MOST_BYTES >> 20} MB.", "Verdeel het over bestanden.")
        content = path.read_bytes()
    except OSError as error:
        why = "bestaat niet" if isinstance(error, FileNotFoundError) else "is niet te openen"
        raise SourceUnavailable(f"Bestand ‘{path.name}’ {why}.", "Kijk of de naam en de map kloppen.") from None
    if not content.strip():
        raise SourceInvalid(f"‘{path.name}’ is leeg.", "Haal het bestand opnieuw op bij CBS.")
    return content


def _read(path: Path, content: bytes, notation: Notation | None) -> pd.DataFrame:
    name = path.name
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise rmbw_book.protected(name)
        raise SourceInvalid(f"‘{name}’ is een oud Excel-bestand (.xls).", "Bewaar het als Excel-werkmap (.xlsx).")
    if content.startswith(b"PK"):
        return _from_book(path, notation)
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise SourceInvalid(f"‘{name}’ is geen Excel-bestand, ook al heet het zo.", _SAVE_AS)
    text = _decoded(content, name)
    mark = max((";", ",", "\t", "|"), key=lambda m: _most_known(text, m))
    try:
        table = _Table.found(_records(text, mark), name)
        if table is None:
            raise _no_headings(name, islice(_records(text, mark), _TOP))
        return table.typed(notation)
    except csv.Error:
        raise SourceInvalid(
            f"‘{name}’ is geen CSV die wij kunnen lezen.", "Kijk of er ergens een los aanhalingsteken staat."
        ) from None


def _decoded(content: bytes, name: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SourceInvalid(f"‘{name}’ heeft de verkeerde codering (UTF-16).", _SAVE_AS)
    text = decoded(content)
    if text is None:
        raise SourceInvalid(f"‘{name}’ is geen tabel, of heeft een codering die wij niet kennen.", _SAVE_AS)
    start = text.lstrip()[:1]
    if start in ("<", "{", "["):
        what = "een webpagina" if start == "<" else "JSON"
        raise SourceInvalid(f"‘{name}’ is {what}, geen tabel.", "Haal de cijfers bij CBS op als CSV of Excel.")
    return text


def _records(text: str, mark: str) -> Iterator[tuple[int, list[Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    for record in reader:
        if reader.line_num == 1 and len(record) <= 2 and record and record[0].startswith("sep="):
            continue
        yield reader.line_num, record


def _most_known(text: str, mark: str) -> int:
    """How many columns the first rows name when the cells are separated by this mark."""
    try:
        return max((len(_fields(cells)) for _, cells in islice(_records(text, mark), _TOP)), default=0)
    except csv.Error:
        return 0


def _from_book(path: Path, notation: Notation | None) -> pd.DataFrame:
    """Every sheet with the columns of an edition; a book may hold one per level, and others with explanation."""
    parts, tops = [], []
    for title, rows in rmbw_book.sheets(path):
        top = list(islice(rows, _TOP))
        table = _Table.found(chain(top, rows), path.name, title)
        tops += top
        if table is not None:
            parts.append(table.typed(notation))
    if not parts:
        raise _no_headings(path.name, iter(tops))
    return pd.concat(parts, ignore_index=True)


# -- Headings -----------------------------------------------------------------------------------------------------


def _plain(heading: object) -> str:
    return re.sub(r"[^0-9a-z]", "", str(heading or "").casefold())


def _fields(cells: list[Any]) -> dict[str, list[int]]:
    """Field -> the places of the columns that may hold it, the surest first."""
    plain = [_plain(c) for c in cells]
    found = {}
    for field, names in _HEADINGS.items():
        places = [k for n in names for k, p in enumerate(plain) if p == n]
        if places:
            found[field] = places
    return found


def _missing(fields: dict[str, list[int]]) -> list[str]:
    lacking = [f for f in ("area", "year", "value") if f not in fields]
    return [*lacking, *(["code"] if not {"code", "label"} & set(fields) else [])]


def _no_headings(name: str, top: Iterator[tuple[int, list[Any]]]) -> SourceInvalid:
    """What is said when the columns of an edition are not all there: which ones are missing."""
    best = max((_fields(cells) for _, cells in top), key=len, default={})
    if len(best) < 2:
        return SourceInvalid(
            f"‘{name}’ is geen tabel van de Regionale Monitor Brede Welvaart: de namen van de kolommen ontbreken.",
            "Bovenaan horen kolommen te staan als statcode, jaar, indicator en waarde.",
        )
    lacking = listing([_DUTCH[f] for f in _missing(best)])
    return SourceInvalid(
        f"In ‘{name}’ ontbreekt een kolom: {lacking}.", "Elke rij hoort één cijfer te zijn: gebied, jaar en waarde."
    )


@dataclass(frozen=True)
class _Table:
    """A table with its headings found; rows are still to be read."""

    name: str
    sheet: str
    heading: int
    width: int
    places: dict[str, int]
    headings: dict[str, str]
    first: list[tuple[int, list[Any]]]
    rest: Iterator[tuple[int, list[Any]]]

    @classmethod
    def found(cls, records: Iterator[tuple[int, list[Any]]], name: str, sheet: str = "") -> _Table | None:
        """Look for the headings in the first rows; None without all that are needed.

        Raises:
            SourceInvalid: a column stands twice.
        """
        top = list(islice(records, _TOP))
        for at, (heading, cells) in enumerate(top):
            fields = _fields(cells)
            places = _chosen(fields, cells, [c for _, c in top[at + 1 :]], name)
            if not _missing({k: [v] for k, v in places.items()}):
                headings = {f: str(cells[k]).strip() for f, k in places.items()}
                last = max((k + 1 for k, c in enumerate(cells) if str(c or "").strip()), default=0)
                return cls(name, sheet, heading, last, places, headings, top[at + 1 :], records)
        return None

    def typed(self, notation: Notation | None) -> pd.DataFrame:
        """Read all rows and make numbers of what are numbers."""
        at, cells = self._collected()
        frame = pd.DataFrame({"row": at, "file": self.name})
        for field in _TEXTS:
            frame[field] = pd.Series(cells.get(field, [""] * len(at)), dtype=object).map(_as_text)
        told = {f: [clean(c) if isinstance(c, str) else c for c in cells[f]] for f in _NUMBERS if f in cells}
        texts = (c for column in told.values() for c in column if isinstance(c, str) and not is_nothing(c))
        chosen = notation or decide(texts, self.name)
        for field in _NUMBERS:
            frame[field] = self._numbers(field, told[field], at, chosen) if field in told else np.nan
        return frame[COLUMNS]

    def _collected(self) -> tuple[list[int], dict[str, list[Any]]]:
        at: list[int] = []
        columns: dict[str, list[Any]] = {f: [] for f in self.places}
        pairs = [(columns[f], k) for f, k in self.places.items()]
        for number_, cells in chain(self.first, self.rest):
            if not any(c is not None and c != "" for c in cells):
                continue
            if len(cells) > self.width and any(str(c or "").strip() for c in cells[self.width :]):
                raise SourceInvalid(
                    f"{self._where(number_)} heeft meer cellen dan er kolommen zijn.",
                    "Staat er een tekst met het scheidingsteken in, zet die dan tussen aanhalingstekens.",
                )
            if len(at) >= MOST_ROWS:
                raise SourceInvalid(f"‘{self.name}’ heeft meer dan een miljoen rijen.", "Verdeel het over bestanden.")
            at.append(number_)
            for column, k in pairs:
                column.append(cells[k] if k < len(cells) else "")
        if not at:
            raise SourceInvalid(f"In ‘{self.name}’ staan alleen de namen van de kolommen.", "Haal het opnieuw op.")
        return at, columns

    def _numbers(self, field: str, cells: list[Any], at: list[int], notation: Notation) -> list[float]:
        known: dict[str, float] = {}
        found = []
        for cell, row in zip(cells, at, strict=True):
            if isinstance(cell, str):
                if cell not in known:
                    value = np.nan if is_nothing(cell) else number(cell, notation)
                    if value is None:
                        raise self._no_number(field, cell, row)
                    known[cell] = value
                found.append(known[cell])
            elif cell is None:
                found.append(np.nan)
            elif isinstance(cell, bool) or not isinstance(cell, int | float):
                raise self._no_number(field, cell, row)
            else:
                found.append(float(cell))
        return found

    def _no_number(self, field: str, cell: object, row: int) -> SourceInvalid:
        return SourceInvalid(
            f"{self._where(row)}, kolom ‘{self.headings[field]}’: ‘{str(cell)[:40]}’ is geen getal.",
            "Verbeter die cel, of laat haar leeg als er geen cijfer is.",
        )

    def _where(self, row: int) -> str:
        sheet = f", blad ‘{self.sheet}’" if self.sheet else ""
        return f"‘{self.name}’{sheet}, rij {row}"


def _chosen(fields: dict[str, list[int]], headings: list[Any], below: list[list[Any]], name: str) -> dict[str, int]:
    """The column of each field; 'code' is that of an area or of an indicator, as its cells tell."""
    chosen: dict[str, int] = {}
    for field, places in fields.items():
        twins = [k for k in places if _plain(headings[k]) == _plain(headings[places[0]])]
        if len(twins) > 1 and field not in ("label", "theme") and not _missing(fields):
            raise SourceInvalid(
                f"In ‘{name}’ staat de kolom ‘{headings[places[0]]}’ er twee keer in.", "Haal er één weg."
            )
        chosen[field] = places[0]
    code = chosen.get("code")
    if "area" not in chosen and code is not None and _plain(headings[code]) == "code":
        cells = [str(c[code]).strip() for c in below if code < len(c)]
        if cells and all(_AREA.fullmatch(c) for c in cells if c):
            chosen["area"] = chosen.pop("code")
    return chosen


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return str(cell.year)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
