"""What a table of the data package is: columns with their meaning, keys, links to other tables, terms of use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["tekst", "geheel getal", "getal", "jaar", "ja of nee", "datum", "adres"]
# Per column the cells from top to bottom, as text.
Content = Mapping[str, Sequence[str]]
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Terms:
    """Under which terms something may be used. ``name``: of the Open Definition, empty when it is none of those."""

    name: str
    title: str
    path: str


LICENCE_FILE = "LICENTIE.txt"
CBS = Terms(
    "CC-BY-4.0",
    "Cijfers van CBS en partners: Creative Commons Naamsvermelding 4.0 (CC BY 4.0)",
    "https://creativecommons.org/licenses/by/4.0/deed.nl",
)
EUROSTAT = Terms(
    "",
    "Cijfers van Eurostat: hergebruik met bronvermelding",
    "https://ec.europa.eu/eurostat/web/main/help/copyright-notice",
)
OWN = Terms("", f"Teksten van de Regiomonitor: zie {LICENCE_FILE}", LICENCE_FILE)


@dataclass(frozen=True)
class Column:
    """A column: what stands in it, and what may stand in it.

    ``options``: all values that exist. ``least`` and ``most``: bounds of a number. ``pattern``: what a text looks
    like as a whole.
    """

    name: str
    kind: Kind
    text: str
    required: bool = False
    options: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Link:
    """What stands in ``columns`` exists in ``targets`` of another table, or of the table itself."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


def link(column: str, table: str, target: str) -> Link:
    """A link by one column."""
    return Link((column,), table, (target,))


@dataclass(frozen=True)
class Table:
    """A table of the package. ``key``: the columns that tell its rows apart. ``group``: where the codebook puts it."""

    name: str
    title: str
    text: str
    group: Literal["Cijfers", "Uitleg bij de cijfers", "Gebieden en bronnen", "Wat er is gezegd"]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    links: tuple[Link, ...] = ()
    terms: tuple[Terms, ...] = (OWN,)

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"


def number(value: Any) -> str:
    """A number in full, shortest without loss: '54.2', '12', '0.00001'; empty when unknown. Keeps its precision."""
    if np.isnan(value):
        return ""
    # The sum takes the sign from a zero.
    return np.format_float_positional(value + type(value)(0), unique=True, trim="-")


def cell(value: object) -> str:
    """A value as a cell: empty for None, 'true' or 'false', a number in full, a text on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    # Also takes away non-breaking spaces, which a search for words would miss.
    return " ".join(str(value).split())


def content_of(table: Table, records: Iterable[Mapping[str, object]]) -> dict[str, list[str]]:
    """Lay records out by column.

    Raises:
        KeyError: a record lacks a column.
    """
    rows = list(records)
    return {c.name: [cell(r[c.name]) for r in rows] for c in table.columns}


def csv_bytes(table: Table, content: Content) -> bytes:
    """A table as CSV: comma, UTF-8 without mark, one line feed per row, the names of the columns on top.

    Raises:
        KeyError: the content lacks a column.
        ValueError: one column is longer than another.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in table.columns])
    writer.writerows(zip(*(content[c.name] for c in table.columns), strict=True))
    return out.getvalue().encode()
