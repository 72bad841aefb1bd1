"""Values that cannot be: no number, outside the range of their unit, outside their own margin, or there twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from monitor.notation import number
from monitor.refresh.models import Notice
from monitor.refresh.plausible_case import NOISE, Case, Subject, counted
from monitor.statistics.aggregate import Bools, Floats

# The ends of a scale, by unit. Every other unit counts or measures something, and starts at nought.
SCALES: dict[str, tuple[float, float]] = {
    "procent": (0.0, 100.0),
    "score": (0.0, 10.0),
    "klasse": (1.0, 4.0),
    "jaar": (0.0, 120.0),
}


def bounds(subject: Subject) -> tuple[float, float]:
    """The lowest and the highest value that a figure can have."""
    low, high = SCALES.get(subject.unit or "", (0.0, np.inf))
    return (-np.inf if subject.below_zero else low), high


def ranges(case: Case, rows: pd.DataFrame, key: str) -> list[Notice]:
    """Values that are no number, that the unit does not allow, or that lie outside their own margin: ``onmogelijk``.

    One notice per figure and fault, about the value that is furthest off; the others are counted. Examples:
    docs/verversen-controles.md.

    Args:
        case: what the figures are.
        rows: the new rows: ``key``, area, year, value, and lower and upper where there are margins.
        key: the column that names the figure.
    """
    # Everything sound is found at once; only what is not, is looked at by figure.
    value = rows["value"].to_numpy(dtype=np.float64)
    names = rows[key].astype("category").cat
    limits = [bounds(case.subjects[str(n)]) if str(n) in case.subjects else (-np.inf, np.inf) for n in names.categories]
    low, high = np.array(limits, dtype=np.float64).reshape(-1, 2)[names.codes.to_numpy()].T
    finite = np.isfinite(value)
    known = np.where(finite, value, 0.0)
    off: dict[str, Floats] = {"bereik": np.where(finite, np.fmax(low - known, known - high), np.inf)}
    if "lower" in rows:
        lower, upper = (rows[c].to_numpy(dtype=np.float64) for c in ("lower", "upper"))
        wrong: Bools = np.isinf(lower) | np.isinf(upper)
        off["marge"] = np.where(wrong, np.inf, np.fmax(np.fmax(lower - known, known - upper), -np.inf))
    found: list[Notice] = []
    for fault, size in off.items():
        at = np.flatnonzero(size > NOISE)
        if len(at):
            part = rows.iloc[at].assign(off=size[at])
            found += [_notice(case, fault, str(n), g) for n, g in part.groupby(key, observed=True, sort=True)]
    return found


def _notice(case: Case, fault: str, name: str, rows: pd.DataFrame) -> Notice:
    subject = case.subjects[name]
    worst = rows.sort_values("off", ascending=False, kind="stable").iloc[0]
    area, year, value = str(worst["area"]), int(worst["year"]), float(worst["value"])
    told = _exact(value)
    where = f"{case.name(area)} in {year}"
    if fault == "marge":
        why = f"{where} heeft {told}, maar de marge loopt van {_exact(worst['lower'])} tot {_exact(worst['upper'])}"
    elif np.isfinite(value):
        low, high = bounds(subject)
        limit = f"lager dan {_exact(low)}" if value < low else f"hoger dan {_exact(high)}"
        why = f"{where} heeft {told}, en dat kan niet {limit} zijn"
    else:
        why = f"{where} heeft een waarde die geen getal is"
    rest = len(rows) - 1
    more = f"; hetzelfde geldt voor nog {counted(rest, 'waarde', 'waarden')}" if rest else ""
    return subject.notice("onmogelijk", f"{why}{more}.", area, year)


def _exact(value: float) -> str:
    """A value as it came, with at most three decimals; a limit must not be rounded onto the value beyond it."""
    if not np.isfinite(value):
        return "een waarde die geen getal is"
    decimals = next((d for d in range(4) if abs(round(value, d) - value) < 1e-9), 3)
    return number(value, decimals)


def twice(case: Case, rows: pd.DataFrame, key: str) -> list[Notice]:
    """The same area and year twice in one figure: ``onmogelijk``."""
    found = []
    again = rows[rows.duplicated([key, "area", "year"])]
    for name, part in again.groupby(key, observed=True, sort=True):
        area, year = str(part["area"].iloc[0]), int(part["year"].iloc[0])
        rest = f" en nog {counted(len(part) - 1, 'waarde', 'waarden')}" if len(part) > 1 else ""
        told = f"{case.name(area)} in {year}{rest} {'staan' if rest else 'staat'} er twee keer in."
        found.append(case.subjects[str(name)].notice("onmogelijk", told, area, year))
    return found
