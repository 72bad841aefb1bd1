"""Rows of a table, put away as columns while a page is read: never is there more than one page of rows as such."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.errors import SourceInvalid
from monitor.sources.statline.failures import LATER
from monitor.sources.statline.web import Unreadable

_NAN = float("nan")
_NUMBERS = {int, float, type(None)}
MOST_PAGES = 2000  # of 10 000 rows (v3) or 100 000 (v4); no table comes near


class _Known:
    """The codes of a column so far, and the number of each; padding ('NL01  ') makes no other code."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self._served: dict[str, int] = {}

    def numbers(self, served: list[object]) -> list[int | None]:
        """The number of each code, a new one when it was not there before; None for what is no code."""
        for code in dict.fromkeys(served):
            if code not in self._served and isinstance(code, str) and code.strip():
                self._served[code] = self.codes.setdefault(code.strip(), len(self.codes))
        return list(map(self._served.get, served))  # type: ignore[arg-type]


class _Page:
    """The columns of one page; thrown away when the page turns out to be unreadable.

    Column by column: a call of Python for each row or value takes twice the time.
    """

    def __init__(self, rows: list[Any], figures: Sequence[str], known: Mapping[str, _Known]) -> None:
        if any(kind is not dict for kind in set(map(type, rows))):
            raise Unreadable("is geen geldige JSON: er staan andere dingen tussen de rijen")
        self.rows = len(rows)
        self.codes = {name: self._coded(rows, name, column) for name, column in known.items()}
        self.figures = {name: self._numbers(rows, name) for name in figures}

    @staticmethod
    def _coded(rows: list[dict[str, Any]], name: str, known: _Known) -> array[int]:
        try:
            found = known.numbers([row.get(name) for row in rows])
        except TypeError:  # a list or an object where a code should be
            found = [None]
        if None in found:
            raise Unreadable(f"heeft een rij zonder code in '{name}'")
        return array("i", found)  # type: ignore[arg-type]

    @staticmethod
    def _numbers(rows: list[dict[str, Any]], name: str) -> array[float]:
        values = [row.get(name, False) for row in rows]
        if not set(map(type, values)) <= _NUMBERS:
            if any(name not in row for row in rows):
                raise Unreadable(f"mist de kolom '{name}'")
            wrong = next(v for v in values if type(v) not in _NUMBERS)
            raise Unreadable(f"heeft in '{name}' geen getal maar '{str(wrong)[:40]}'")
        return array("d", [_NAN if v is None else v for v in values])


class Columns:
    """What the pages of a table hold.

    Args:
        name: of the table, opens the sentence when something does not fit.
        codes: columns with codes.
        figures: columns with numbers.
    """

    def __init__(self, name: str, codes: Sequence[str], figures: Sequence[str]) -> None:
        self.name = name
        self._codes = {column: array("i") for column in codes}
        self._figures = {column: array("d") for column in figures}
        self._known = {column: _Known() for column in codes}
        self._pages: set[int] = set()
        self.expected: int | None = None  # rows to come according to the service
        self.rows = 0

    def read(self, text: str) -> tuple[dict[str, Any], _Page]:
        """Read a page: what it says besides its rows, and its rows. A ValueError when it cannot be read."""
        found = json.loads(text)
        if not isinstance(found, dict) or not isinstance(found.get("value"), list):
            raise Unreadable("is geen volledige, geldige JSON met rijen")
        rows, found["value"] = found["value"], []
        return found, _Page(rows, list(self._figures), self._known)

    def add(self, page: _Page, more: bool) -> None:
        """Add a page to those before.

        Args:
            page: as read.
            more: whether another page follows.

        Raises:
            SourceInvalid: pages repeat, or go on for ever.
        """
        self.rows += page.rows
        said = hash(tuple(column.tobytes() for column in page.codes.values()))
        surplus = self.expected is not None and self.rows > self.expected
        endless = more and (not page.rows or len(self._pages) + 1 >= MOST_PAGES)
        if said in self._pages or surplus or endless:
            message = f"{self.name}: de pagina’s herhalen zich of houden niet op (na {self.rows} rijen)."
            raise SourceInvalid(message, LATER)
        self._pages.add(said)
        for name, codes in page.codes.items():
            self._codes[name].extend(codes)
        for name, figures in page.figures.items():
            self._figures[name].extend(figures)

    def codes(self, column: str) -> pd.Categorical[str]:
        """A column of codes, without padding."""
        numbers = np.frombuffer(self._codes[column], dtype=np.int32)
        return pd.Categorical.from_codes(numbers, categories=pd.Index(list(self._known[column].codes), dtype=str))

    def figures(self, column: str) -> npt.NDArray[np.float64]:
        """A column of numbers; NaN is unknown."""
        return np.frombuffer(self._figures[column], dtype=np.float64)

    def combinations(self, columns: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Number the combinations of codes: per row its number, and per combination the first row that has it."""
        _, first, place = np.unique(self._keys(columns), return_index=True, return_inverse=True)
        return place, first

    def hold(self) -> None:
        """Hold that all rows came, and that each combination of codes occurs once.

        Raises:
            SourceInvalid: rows are missing or stand there twice.
        """
        keys = self._keys(list(self._codes))
        keys.sort()
        if (keys[1:] == keys[:-1]).any() or self.expected not in (None, self.rows):
            said = "onbekend aantal" if self.expected is None else self.expected
            told = f"{self.rows} rijen ontvangen, {said} aangekondigd"
            raise SourceInvalid(f"{self.name}: er ontbreken rijen of rijen staan er dubbel ({told}).", LATER)

    def _keys(self, columns: Sequence[str]) -> npt.NDArray[np.int64]:
        """One number per combination of codes."""
        keys = np.zeros(self.rows, dtype=np.int64)
        for name in columns:
            keys *= max(len(self._known[name].codes), 1)
            keys += np.frombuffer(self._codes[name], dtype=np.int32)
        return keys
