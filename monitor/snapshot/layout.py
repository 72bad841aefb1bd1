"""Bring figures on an older municipal layout to the current one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from monitor.definitions.models import AggregationClass, Layout
from monitor.statistics.aggregate import Z95


def current_parts(layout: Layout, current: set[str], codes: set[str]) -> pd.DataFrame:
    """Say which part of each old code lies in which current code.

    Chains are followed: a successor that vanished later passes its part on.

    Args:
        layout: reorganisations with shares of inhabitants.
        current: codes of the current layout.
        codes: codes that occur in the figures.

    Returns:
        Frame area (old code), successor (current code), share (0-1]. A code whose successor is unknown has
        no row: its figures are left out, never guessed.
    """
    steps = {r.vanished: r.to for r in layout.reorganisations}
    rows: list[tuple[str, str, float]] = []
    for code in sorted(codes):
        todo = [(code, 1.0)]
        for _ in range(len(steps) + 1):
            open_ = [(c, s) for c, s in todo if c not in current and c in steps]
            if not open_:
                break
            todo = [(c, s) for c, s in todo if c in current or c not in steps]
            todo += [(t.code, s * t.share) for c, s in open_ for t in steps[c]]
        rows += [(code, c, s) for c, s in todo if c in current]
    return pd.DataFrame(rows, columns=["area", "successor", "share"])


def to_current(
    figures: pd.DataFrame,
    weights: pd.DataFrame | None,
    layout: Layout,
    current: set[str],
    kind: AggregationClass,
) -> pd.DataFrame:
    """Bring municipal figures to the current layout; other levels pass unchanged.

    Merged municipalities: sum (``som``) or mean weighted by inhabitants or the indicator's own weight
    (``gewogen``), with standard errors combined as independent. Split ones: by the share of inhabitants.
    A merged municipality that lacks the value of one of its parts has no value; for ``geen`` any merged
    municipality has none.

    Args:
        figures: shape ``FIGURES``, codes of the reporting year.
        weights: area, year, weight on the layout of the reporting year; not needed for ``som``.
        layout: the reorganisations.
        current: codes of the current layout.
        kind: the aggregation class of the figures.

    Returns:
        Shape ``FIGURES`` with current municipal codes.
    """
    municipal = figures["area"].str.startswith("GM")
    rest, own = figures[~municipal], figures[municipal]
    vanished = set(own["area"]) - current
    if not vanished:
        return figures
    parts = current_parts(layout, current, set(own["area"]))
    moved = own.merge(parts, on="area")
    touched = moved[moved["area"].isin(vanished)][["successor", "year"]].drop_duplicates()
    moved = moved.merge(touched.assign(merged=True), on=["successor", "year"], how="left")
    whole = moved[moved["merged"].isna()]
    mixed = moved[moved["merged"].notna()]
    kept = whole[figures.columns]
    if kind == "geen":
        return pd.concat([kept, rest], ignore_index=True)
    expected = _expected(parts, vanished, touched, weights, own)
    done = _sum(mixed) if kind == "som" else _mean(mixed, weights)
    done = done.merge(expected, on=["area", "year"])
    done = done[done["n"] == done["expected"]]
    return pd.concat([kept, done[figures.columns], rest], ignore_index=True)


def _expected(
    parts: pd.DataFrame,
    vanished: set[str],
    touched: pd.DataFrame,
    weights: pd.DataFrame | None,
    own: pd.DataFrame,
) -> pd.DataFrame:
    """How many parts each merged municipality should have in a year: those that existed in that year."""
    existing = own if weights is None else weights
    alive = existing[["area", "year"]].drop_duplicates().merge(parts, on="area")
    alive = alive.merge(touched, on=["successor", "year"])
    counts = alive.groupby(["successor", "year"], as_index=False).size()
    return counts.rename(columns={"successor": "area", "size": "expected"})


def _sum(mixed: pd.DataFrame) -> pd.DataFrame:
    mixed = mixed.assign(value=mixed["value"] * mixed["share"])
    grouped = mixed.groupby(["successor", "year"], as_index=False).agg(value=("value", "sum"), n=("value", "count"))
    return grouped.rename(columns={"successor": "area"}).assign(lower=np.nan, upper=np.nan)


def _mean(mixed: pd.DataFrame, weights: pd.DataFrame | None) -> pd.DataFrame:
    if weights is None:
        raise ValueError("een gewogen gemiddelde vraagt gewichten op de oude indeling")
    mixed = mixed.merge(weights, on=["area", "year"])
    w = mixed["weight"] * mixed["share"]
    se = (mixed["upper"] - mixed["lower"]) / (2 * Z95)
    mixed = mixed.assign(w=w, wv=w * mixed["value"], wse2=(w * se) ** 2, has=se.notna())
    g = mixed.groupby(["successor", "year"], as_index=False).agg(
        w=("w", "sum"), wv=("wv", "sum"), wse2=("wse2", "sum"), has=("has", "all"), n=("value", "count")
    )
    g["value"] = g["wv"] / g["w"]
    half = np.where(g["has"], Z95 * np.sqrt(g["wse2"]) / g["w"], np.nan)
    g["lower"], g["upper"] = g["value"] - half, g["value"] + half
    return g.rename(columns={"successor": "area"})
