"""OData queries on frames: ``$filter``, ``$select``, ``$orderby``, ``$top`` and ``$skip`` as CBS understands them.

One parser serves both versions: v3 has ``substringof('x',Key)``, v4 has ``contains(Key,'x')`` and ``in``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class BadQuery(Exception):
    """The service does not understand this query; it answers 400."""


_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "eq": np.equal,
    "ne": np.not_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "lt": np.less,
    "le": np.less_equal,
}
_FUNCTIONS = {"substringof", "startswith", "endswith", "contains"}


@dataclass(frozen=True)
class _Column:
    name: str


@dataclass(frozen=True)
class _Value:
    value: str | float | bool | None


class _Filter:
    """A parser that works out the filter on the frame while it reads it."""

    def __init__(self, text: str, frame: pd.DataFrame) -> None:
        self.frame, self.tokens = frame, self._split(text)

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, end = [], 0
        while match := _TOKEN.match(text, end):
            tokens.append(match[1])
            end = match.end()
        if text[end:].strip():
            raise BadQuery(f"Syntax error at position {end} in '{text}'.")
        return tokens

    def _next(self, *expected: str) -> str:
        if not self.tokens or (expected and self.tokens[0].lower() not in expected):
            found = self.tokens[0] if self.tokens else "the end"
            raise BadQuery(f"Syntax error: found {found}, expected {' or '.join(expected) or 'an expression'}.")
        return self.tokens.pop(0)

    def mask(self) -> Mask:
        found = self._either()
        if self.tokens:
            raise BadQuery(f"Syntax error: unexpected {self.tokens[0]}.")
        return found

    def _either(self) -> Mask:
        found = self._both()
        while self.tokens and self.tokens[0].lower() == "or":
            self._next()
            found = found | self._both()
        return found

    def _both(self) -> Mask:
        found = self._one()
        while self.tokens and self.tokens[0].lower() == "and":
            self._next()
            found = found & self._one()
        return found

    def _one(self) -> Mask:
        head = self.tokens[0].lower() if self.tokens else ""
        if head == "not":
            self._next()
            return ~self._one()
        if head == "(":
            self._next()
            inside = self._either()
            self._next(")")
            return inside
        if head in _FUNCTIONS:
            return self._function()
        return self._comparison()

    def _function(self) -> Mask:
        name = self._next().lower()
        self._next("(")
        first = self._operand()
        self._next(",")
        second = self._operand()
        self._next(")")
        column, text = (second, first) if name == "substringof" else (first, second)
        if not (isinstance(column, _Column) and isinstance(text, _Value) and isinstance(text.value, str)):
            raise BadQuery(f"The arguments of {name} do not fit.")
        wanted = text.value
        found = self._texts(
            column.name,
            {
                "substringof": lambda s: wanted in s,
                "contains": lambda s: wanted in s,
                "startswith": lambda s: s.startswith(wanted),
                "endswith": lambda s: s.endswith(wanted),
            }[name],
        )
        if len(self.tokens) > 1 and self.tokens[0] == "eq" and self.tokens[1] in ("true", "false"):
            self._next()
            return found if self._next() == "true" else ~found
        return found

    def _comparison(self) -> Mask:
        left = self._operand()
        operator = self._next(*_COMPARE, "in").lower()
        if operator == "in":
            self._next("(")
            found = self._compare(left, "eq", self._operand())
            while self._next(",", ")") == ",":
                found = found | self._compare(left, "eq", self._operand())
            return found
        return self._compare(left, operator, self._operand())

    def _operand(self) -> _Column | _Value:
        token = self._next()
        if token.startswith("'"):
            return _Value(token[1:-1].replace("''", "'"))
        if token.lower() in ("true", "false", "null"):
            return _Value({"true": True, "false": False, "null": None}[token.lower()])
        if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?[dDmMlLfF]?", token):
            return _Value(float(token.rstrip("dDmMlLfF")))
        if token in self.frame.columns:
            return _Column(token)
        raise BadQuery(f"Could not find a property named '{token}' on this type.")

    def _texts(self, name: str, test: Callable[[str], bool]) -> Mask:
        column = self.frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            hits = np.array([test(str(c)) for c in column.cat.categories] + [False], dtype=bool)
            return hits[column.cat.codes.to_numpy()]
        if pd.api.types.is_numeric_dtype(column.dtype):
            raise BadQuery(f"Property '{name}' is not a text.")
        return np.array([isinstance(v, str) and test(v) for v in column], dtype=bool)

    def _compare(self, left: _Column | _Value, operator: str, right: _Column | _Value) -> Mask:
        if isinstance(left, _Value) and isinstance(right, _Column):
            turned = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}
            left, right, operator = right, left, turned.get(operator, operator)
        if not (isinstance(left, _Column) and isinstance(right, _Value)):
            raise BadQuery("Only a property compared with a value is understood.")
        value, column = right.value, self.frame[left.name]
        if value is None:
            missing = column.isna().to_numpy()
            return missing if operator == "eq" else ~missing
        compare = _COMPARE[operator]
        if isinstance(value, str):
            return self._texts(left.name, lambda s: bool(compare(s, value)) if operator in ("eq", "ne") else
                               _ordered(s, value, operator))  # fmt: skip
        if not pd.api.types.is_numeric_dtype(column.dtype):
            raise BadQuery(f"Property '{left.name}' cannot be compared with a number.")
        found: Mask = compare(column.to_numpy(), value)
        return found


def _ordered(text: str, value: str, operator: str) -> bool:
    return {"gt": text > value, "ge": text >= value, "lt": text < value, "le": text <= value}[operator]


def select(query: dict[str, str], columns: list[str]) -> list[str]:
    """The columns of ``$select``, in the table's own order as the service gives them."""
    if "$select" not in query:
        return columns
    asked = [c.strip() for c in query["$select"].split(",") if c.strip()]
    if "*" in asked:
        return columns
    for column in asked:
        if column not in columns:
            raise BadQuery(f"Could not find a property named '{column}' on this type.")
    return [c for c in columns if c in asked]


def number(query: dict[str, str], name: str) -> int | None:
    """A whole number such as ``$top``; None when not asked."""
    if name not in query:
        return None
    if not re.fullmatch(r"\d+", query[name]):
        raise BadQuery(f"The value of {name} is not a number: '{query[name]}'.")
    return int(query[name])


def matching(query: dict[str, str], frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Row numbers that fit ``$filter``, ordered by ``$orderby``."""
    at = np.flatnonzero(_Filter(query["$filter"], frame).mask()) if "$filter" in query else np.arange(len(frame))
    if "$orderby" in query:
        parts = [p.split() for p in query["$orderby"].split(",")]
        for name in (p[0] for p in parts):
            if name not in frame.columns:
                raise BadQuery(f"Could not find a property named '{name}' on this type.")
        ascending = [len(p) < 2 or p[1].lower() != "desc" for p in parts]
        chosen = frame.iloc[at][[p[0] for p in parts]].reset_index(drop=True)
        # Codes by their letters, whatever the order in which the dimension lists them.
        chosen = chosen.astype({c: str for c in chosen if isinstance(chosen[c].dtype, pd.CategoricalDtype)})
        order = chosen.sort_values([p[0] for p in parts], ascending=ascending, kind="stable").index
        at = at[order.to_numpy()]
    return at
