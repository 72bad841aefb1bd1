"""Bring figures on an older municipal layout to the current one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from monitor.definitions.models import AggregationClass
from monitor.definitions.reorganisations import Layout
from monitor.statistics.aggregate import PLAIN, Z95


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
    A sum that lacks one of its parts has no value; a mean has one when the parts with a value carry at least
    80% of the weight, as for a region. For ``geen`` a merged municipality has none.

    Args:
        figures: shape ``FIGURES``, codes of the reporting year.
        weights: area, year, weight on the layout of the reporting year. For ``som`` it only tells which
            municipalities existed; None takes those that have a figure.
        layout: the reorganisations.
        current: codes of the current layout.
        kind: the aggregation class of the figures.

    Returns:
        Shape ``FIGURES`` with current municipal codes.
    """
    areas = pd.Index(figures["area"].unique())
    municipal = figures["area"].isin(areas[areas.str.startswith("GM")])
    rest, own = figures[~municipal], figures[municipal]
    alive = own[["area", "year"]]
    if weights is not None:
        known = weights[weights["year"].isin(own["year"].unique())]
        alive = pd.concat([alive, known.loc[known["area"].str.startswith("GM"), ["area", "year"]]])
    codes = set(alive["area"].unique())
    if codes <= current:
        return figures
    # Only what vanished, and what it went into, is looked at: most municipalities stay what they were.
    parts = current_parts(layout, current, codes - current)
    concerned = alive["area"].isin({*parts["area"], *parts["successor"]})
    itself = pd.DataFrame({"area": sorted(set(parts["successor"]) & codes)})
    parts = pd.concat([parts, itself.assign(successor=itself["area"], share=1.0)], ignore_index=True)
    pieces = alive[concerned].drop_duplicates().merge(parts, on="area")
    gone = pieces.loc[~pieces["area"].isin(current), ["successor", "year"]].drop_duplicates()
    pieces = pieces.merge(gone, on=["successor", "year"]).merge(own, on=["area", "year"], how="left")
    moved = pd.MultiIndex.from_frame(own[["area", "year"]]).isin(pd.MultiIndex.from_frame(gone))
    made = [own[own["area"].isin(current) & ~moved & own["value"].notna()]]
    if kind != "geen" and len(pieces):
        added = _sum(pieces) if kind == "som" else _mean(pieces, weights)
        made.append(added.loc[added["value"].notna(), figures.columns])
    return pd.concat([*made, rest], ignore_index=True)


def _sum(pieces: pd.DataFrame) -> pd.DataFrame:
    pieces = pieces.assign(part=pieces["value"] * pieces["share"])
    g = pieces.groupby(["successor", "year"], as_index=False).agg(
        value=("part", "sum"), n=("part", "count"), expected=("area", "size")
    )
    g["value"] = g["value"].where(g["n"] == g["expected"])
    return g.rename(columns={"successor": "area"}).assign(lower=np.nan, upper=np.nan)


def _mean(pieces: pd.DataFrame, weights: pd.DataFrame | None) -> pd.DataFrame:
    if weights is None:
        raise ValueError("een gewogen gemiddelde vraagt gewichten op de oude indeling")
    pieces = pieces.merge(weights[["area", "year", "weight"]], on=["area", "year"], how="left")
    all_weight = pieces["weight"] * pieces["share"]
    w = all_weight.where(pieces["value"].notna())
    se = (pieces["upper"] - pieces["lower"]) / (2 * Z95)
    pieces = pieces.assign(
        all_weight=all_weight,
        w=w,
        wv=w * pieces["value"],
        wse2=(w * se) ** 2,
        no_se=w.notna() & se.isna(),
        no_weight=all_weight.isna(),
    )
    g = pieces.groupby(["successor", "year"], as_index=False).agg(
        all_weight=("all_weight", "sum"),
        w=("w", "sum"),
        wv=("wv", "sum"),
        wse2=("wse2", "sum"),
        no_weight=("no_weight", "any"),
        no_se=("no_se", "any"),
        expected=("area", "size"),
        lower=("lower", "first"),
        upper=("upper", "first"),
    )
    # A part without a weight may be of any size: what the others carry is then not known.
    enough = (g["w"] >= PLAIN * g["all_weight"] - 1e-9) & ~g["no_weight"]
    g["value"] = (g["wv"] / g["w"].replace(0.0, np.nan)).where(enough)
    half = (Z95 * np.sqrt(g["wse2"]) / g["w"].replace(0.0, np.nan)).where(~g["no_se"])
    # One part only is another code for the same municipality: its published bounds stay as they are.
    single = g["expected"] == 1
    g["lower"] = g["lower"].where(single, g["value"] - half)
    g["upper"] = g["upper"].where(single, g["value"] + half)
    return g.rename(columns={"successor": "area"})
