"""Frames as JSON, quickly: columns are encoded as a whole, rows are put together with one template."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd


def text(value: Any) -> str:
    """A value as JSON, with letters such as ë as they are."""
    return json.dumps(value, ensure_ascii=False)


def _cells(column: pd.Series, whole: bool) -> Sequence[str]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        words = np.array([text(str(c)) for c in column.cat.categories] + ["null"], dtype=object)
        return words[column.cat.codes.to_numpy()].tolist()
    if pd.api.types.is_integer_dtype(column.dtype):
        return [str(v) for v in column.tolist()]
    if pd.api.types.is_float_dtype(column.dtype):
        values = column.to_numpy()
        if whole:
            missing = np.isnan(values)
            numbers = np.where(missing, 0, values).astype(np.int64).tolist()
            cells = [str(v) for v in numbers]
            for at in np.flatnonzero(missing):
                cells[at] = "null"
            return cells
        encoded = json.dumps(values.tolist()).replace("NaN", "null")
        return encoded[1:-1].split(", ") if len(values) else []
    return [text(v) for v in column.where(column.notna(), None).tolist()]


def rows(frame: pd.DataFrame, whole: set[str] | frozenset[str] = frozenset()) -> str:
    """The rows of a frame as a JSON list; ``whole``: float columns that go out without a decimal point."""
    if frame.empty:
        return "[]"
    names = [text(str(c)).replace("%", "%%") for c in frame.columns]
    template = "{" + ",".join(f"{n}:%s" for n in names) + "}"
    columns = [_cells(frame[c], str(c) in whole) for c in frame.columns]
    return "[" + ",".join([template % row for row in zip(*columns, strict=True)]) + "]"


def as_texts(column: pd.Series, decimals: int) -> list[str]:
    """Numbers as UntypedDataSet gives them: text of eight places at least, a point for what is not known."""
    return [("." if np.isnan(v) else f"{v:.{decimals}f}").rjust(8) for v in column.to_numpy(dtype=float)]
