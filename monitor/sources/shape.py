"""The one shape in which every source returns figures."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Protocol

import pandas as pd

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.errors import SourceInvalid

FIGURES = ["area", "year", "value", "lower", "upper"]
LEVELS = ("GM", "GG", "PV", "NL")


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
    """Add up the measures of a spec: ``scale * (sum of measures - sum of minus_if_any)``.

    An area that lacks one of the measures has no value; one that lacks a measure to subtract (a municipality
    without tidal water) subtracts nothing. Intervals survive only for a single measure.

    Raises:
        SourceInvalid: the spec asks years that the table does not hold, or an area occurs twice.
    """
    total: pd.DataFrame | None = None
    signed = [(m, 1.0) for m in spec.measures] + [(m, -1.0) for m in spec.minus_if_any]
    for measure, sign in signed:
        part = read_one(measure)
        if spec.years:
            part = part[part["year"].isin(spec.years)]
        part = part.set_index(["area", "year"])
        if not part.index.is_unique:
            area, year = part.index[part.index.duplicated()][0]
            raise SourceInvalid(
                f"Tabel {table.id}: {measure} staat twee keer in voor {area}, {year}.",
                "Controleer het bestand.",
            )
        if total is None:
            total = part
        elif sign > 0:
            total = (total + part).dropna(subset=["value"])
        else:
            total = total.sub(part.reindex(total.index).fillna(0.0))
    if total is None:
        raise SourceInvalid(f"Tabel {table.id}: geen onderwerp gevraagd.", "Vul 'measures' in.")
    result = (total * spec.scale).reset_index()[FIGURES]
    missing = sorted(set(spec.years or ()) - set(result["year"]))
    if missing or result.empty:
        asked = ", ".join(map(str, missing)) or "alle jaren"
        raise SourceInvalid(
            f"Tabel {table.id} heeft geen cijfers voor {'/'.join(spec.measures)} in {asked}.",
            "Controleer 'years' en 'measures' in de definities.",
        )
    return result
