"""The one shape in which every source returns figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.errors import SourceInvalid

FIGURES = ["area", "year", "value", "lower", "upper"]
LEVELS = ("GM", "GG", "PV", "NL")
Floats = NDArray[np.float64]
_CELL, _NUMBERS = FIGURES[:2], FIGURES[2:]


class Reader(Protocol):
    """A publisher's table, opened: gives figures for a spec, in the shape ``FIGURES``."""

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return area (code without padding), year, value, lower, upper; rows without value left out."""


def tidy(area: pd.Series, year: pd.Series | int, value: pd.Series) -> pd.DataFrame:
    """Make a frame of shape ``FIGURES`` without intervals; codes stripped, only known levels."""
    frame = pd.DataFrame({"area": area.astype(str).str.strip(), "year": year, "value": pd.to_numeric(value)})
    frame["lower"] = float("nan")
    frame["upper"] = float("nan")
    frame = frame[frame["area"].str[:2].isin(LEVELS) & frame["value"].notna()]
    return frame.astype({"year": "int64"})[FIGURES].reset_index(drop=True)


def named(rows: dict[str, pd.DataFrame], name: str, table: SourceTable) -> pd.DataFrame:
    """The rows of one figure of a long file.

    Raises:
        SourceInvalid: the file does not hold it; the nearest names are given.
    """
    if name not in rows:
        near = get_close_matches(name, rows, n=3, cutoff=0.4)
        raise SourceInvalid(
            f"Tabel {table.id} heeft geen cijfer '{name}'.", f"Het meest lijken: {', '.join(near) or '-'}."
        )
    return rows[name]


def combine(spec: SourceSpec, read_one: Callable[[str], pd.DataFrame], table: SourceTable) -> pd.DataFrame:
    """Add up the measures of a spec, as ``add_up`` does, from one frame of shape ``FIGURES`` per measure.

    Raises:
        SourceInvalid: the spec asks years that the table does not hold, or an area occurs twice.
    """
    found: dict[str, pd.DataFrame] = {}
    for measure in dict.fromkeys((*spec.measures, *spec.minus_if_any)):
        part = read_one(measure)
        part = part[part["year"].isin(spec.years)] if spec.years else part
        found[measure] = part = part.set_index(["area", "year"])
        if not part.index.is_unique:
            raise twice(table, measure, *part.index[part.index.duplicated()][0])
    index = found[spec.measures[0]].index if spec.measures else pd.MultiIndex.from_arrays([[], []], names=_CELL)
    total = add_up(spec, lambda measure: found[measure].reindex(index)[_NUMBERS].to_numpy(dtype=np.float64), table)
    made = pd.DataFrame(total, columns=_NUMBERS, index=index).dropna(subset=["value"]).reset_index()[FIGURES]
    hold_years(spec, made["year"].unique(), table)
    return made


def add_up(spec: SourceSpec, laid: Callable[[str], Floats], table: SourceTable) -> Floats:
    """Add up the measures of a spec: ``scale * (sum of measures - sum of minus_if_any)``.

    An area that lacks one of the measures has no value; one that lacks a measure to subtract (a municipality
    without tidal water) subtracts nothing. Intervals survive only for a single measure.

    Args:
        spec: what to add up.
        laid: value, lower and upper of a measure (cells, 3) over the same cells each time; NaN is unknown.
        table: for the message.

    Raises:
        SourceInvalid: no measure is asked.
    """
    if not spec.measures:
        raise SourceInvalid(f"Tabel {table.id}: geen onderwerp gevraagd.", "Vul 'measures' in.")
    total = laid(spec.measures[0])
    for measure in spec.measures[1:]:
        total = total + laid(measure)
    for measure in spec.minus_if_any:
        total = total - np.nan_to_num(laid(measure))
    return total * spec.scale


def hold_years(spec: SourceSpec, years: Iterable[int], table: SourceTable) -> None:
    """Hold that there are figures, of all years that a spec asks.

    Raises:
        SourceInvalid: there are none, or none of a year that is asked.
    """
    there = {int(y) for y in years}
    missing = sorted(set(spec.years or ()) - there)
    if missing or not there:
        asked = ", ".join(map(str, missing)) or "alle jaren"
        raise SourceInvalid(
            f"Tabel {table.id} heeft geen cijfers voor {'/'.join(spec.measures)} in {asked}.",
            "Controleer 'years' en 'measures' in de definities.",
        )


def twice(table: SourceTable, measure: str, area: str, year: int) -> SourceInvalid:
    """The error for a figure that stands in a table more than once."""
    return SourceInvalid(
        f"Tabel {table.id}: {measure} staat twee keer in voor {area}, {year}.", "Controleer het bestand."
    )
