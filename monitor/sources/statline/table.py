"""What both protocols do alike: ask for no more than is needed, and make a download of what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from monitor.definitions.statline import STATLINE_FILE
from monitor.errors import MonitorError, SourceInvalid
from monitor.nearest import nearest
from monitor.sources.statline.service import PERIOD, REGION, Request
from monitor.sources.statline.web import NotThere, Web

WHOLE_YEAR = re.compile(r"(\d{4})JJ00")
_STATUSES = {"definitief": "definitief", "voorlopig": "voorlopig", "nadervoorlopig": "nader voorlopig"}
_TABLE_ID = re.compile(r"[A-Za-z0-9_-]+")
# More codes of a dimension than this are asked as a range: an address over 2 kB is refused by some services.
_MOST_CODES = 10
# Codes with their titles, as the service lists them.
Codes = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Dimension:
    """A dimension under the name that the service gives it, and the one that a download has."""

    served: str
    name: str


def named(table: str) -> str:
    """How a table is called in a sentence.

    Raises:
        SourceInvalid: this cannot be the id of a table.
    """
    if not _TABLE_ID.fullmatch(table):
        raise SourceInvalid(f"'{table}' is geen CBS-tabelcode.", "Geef een code als 85012NED.")
    return f"CBS-tabel {table}"


def gone(table: str, error: NotThere) -> SourceInvalid:
    """The error for a table that the service does not know."""
    host = error.message.rpartition(" bij ")[2].rstrip(".")
    swapped = table[:-3] + table[-3:].swapcase()
    case = f"Hoofdletters en kleine letters tellen: moet het '{swapped}' zijn? " if swapped != table else ""
    way_out = (
        f"{case}Anders heeft CBS de tabel ingetrokken of vervangen; zoek haar opvolger in StatLine en zet die in "
        f"{STATLINE_FILE}."
    )
    return SourceInvalid(f"CBS-tabel {table} bestaat niet (meer) bij {host}.", way_out)


def dimensions(kinds: Iterable[tuple[str, str]]) -> tuple[Dimension, ...]:
    """Dimensions from (name, kind): the one of regions and the one of time get one name in every table."""
    ours = {"GeoDimension": REGION, "GeoDetail": REGION, "TimeDimension": PERIOD}
    return tuple(Dimension(name, ours.get(kind, name)) for name, kind in kinds)


def statuses(periods: Iterable[tuple[str, object]]) -> dict[int, str]:
    """Status per whole year, as far as the service says; from (code, status)."""
    found = {}
    for code, status in periods:
        year = WHOLE_YEAR.fullmatch(code.strip())
        said = _STATUSES.get(re.sub(r"\s", "", str(status or "")).lower())
        if year and said:
            found[int(year[1])] = said
    return found


def conditions(
    name: str, request: Request, dims: Sequence[Dimension], periods: Sequence[str], within: str
) -> list[str]:
    """What rows must meet, as the service's filter language has it; short, for it goes into an address.

    Codes are padded in v3 to a length that the table alone knows, so they are asked by how they begin, and many by the
    first and the last of them; ``narrowed`` drops what came along too much.

    Args:
        name: of the table.
        request: what is asked.
        dims: of the table.
        periods: the codes of its periods.
        within: how the protocol asks for a text within a text, with {} for text and column.

    Raises:
        SourceInvalid: there is no year to ask.
    """
    asked = []
    for dimension in dims:
        codes = request.levels if dimension.name == REGION else request.filters.get(dimension.served, ())
        asked += [_of_codes(dimension.served, codes)] if codes else []
    years = [int(y[1]) for y in map(WHOLE_YEAR.fullmatch, periods) if y]
    time = next((d.served for d in dims if d.name == PERIOD), "")
    if time and request.since and years and max(years) < request.since:
        way_out = f"Haal 'since' weg of maak het kleiner; het laatste jaar is {max(years)}."
        raise SourceInvalid(f"{name} heeft geen jaren vanaf {request.since}.", way_out)
    if time and request.since and min(years, default=0) < request.since:
        asked.append(f"{time} ge '{request.since}'")
    if time and years and len(years) < len(periods):  # quarters and months, that we have no use for
        asked.append(within.format(text="JJ", column=time))
    return asked


def _of_codes(column: str, codes: Sequence[str]) -> str:
    """The condition that a row has one of these codes; of many the range that they lie in.

    Padding sorts before every other character, so a padded code lies between itself and the next code of its length.
    """
    if len(codes) > _MOST_CODES:
        first, last = min(codes), max(codes)
        beyond = last[:-1] + chr(ord(last[-1]) + 1)
        return f"{column} ge '{_quoted(first)}' and {column} lt '{_quoted(beyond)}'"
    parts = [f"startswith({column},'{_quoted(code)}')" for code in codes]
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def narrowed(
    name: str, rows: pd.DataFrame, request: Request, dims: Sequence[Dimension], years_only: bool, codes: Codes
) -> pd.DataFrame:
    """Drop the rows that came along though they were not asked, and hold that what was asked is there.

    Args:
        name: of the table.
        rows: as served; a column of codes per dimension.
        request: what was asked.
        dims: of the table.
        years_only: whether quarters and months go.
        codes: gives the codes of a dimension; asked only when one of the request gave no rows.

    Raises:
        SourceInvalid: no rows, or none for a code that was asked.
    """
    ours = {d.served: d.name for d in dims}
    for column, asked in request.filters.items():
        rows = _only(rows, ours[column], lambda code, asked=asked: code in asked)  # type: ignore[misc]
        for code in asked:
            if code not in rows[ours[column]].cat.categories:
                raise _no_rows_for(name, column, code, codes(column))
    if request.levels:
        rows = _only(rows, REGION, lambda code: code.startswith(request.levels))
    if PERIOD in rows and (request.since or years_only):
        since = str(request.since or "")
        rows = _only(rows, PERIOD, lambda c: c[:4] >= since and (not years_only or bool(WHOLE_YEAR.fullmatch(c))))
    if rows.empty:
        asked_for = f"gebieden {', '.join(request.levels) or 'alle'}; vanaf {request.since or 'het eerste jaar'}"
        message = f"{name} geeft geen enkele rij ({asked_for})."
        raise SourceInvalid(message, "Controleer de tabelcode, 'levels' en 'since'.")
    return rows


def _only(rows: pd.DataFrame, column: str, test: Callable[[str], bool]) -> pd.DataFrame:
    """The rows of which the code passes a test; tried once per code, not per row."""
    held = rows[column].cat
    passes = np.array([test(str(code)) for code in held.categories], dtype=bool)
    kept = rows if passes.all() else rows[passes[held.codes]].reset_index(drop=True)
    return kept.assign(**{column: kept[column].cat.remove_unused_categories()})


def _no_rows_for(name: str, column: str, code: str, known: Mapping[str, str]) -> SourceInvalid:
    if known and code not in known:
        near = ", ".join(f"{c} ({known[c]})" for c in nearest(code, known, 3)) or "geen"
        message = f"{name} heeft in dimensie '{column}' geen code '{code}'."
        return SourceInvalid(message, f"Het meest lijken: {near}. Pas 'filters' aan.")
    message = f"{name} geeft geen enkele rij bij code '{code}' van dimensie '{column}'."
    return SourceInvalid(message, "Controleer 'filters', en de gevraagde jaren en gebieden.")


def count(web: Web, url: str, name: str, params: Mapping[str, str]) -> int | None:
    """How many rows the service announces; None when it does not say. Asked once, for it can be done without."""
    try:
        return web.get(url, name, lambda text: int(text.strip()), params, attempts=1)
    except MonitorError:
        return None


def text_of(record: Mapping[str, Any], field: str) -> str:
    """A text of a record, '' when it is not given."""
    value = record.get(field)
    return "" if value is None else str(value).strip()


def _quoted(code: str) -> str:
    return code.replace("'", "''")
