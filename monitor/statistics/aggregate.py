"""Add municipal figures up to regions: four classes, coverage, intervals.

Pure functions on frames. The same function makes the 11 regions, COROP regions, provinces and any region
that a user composes; ``layout.to_current`` does the step before it (old municipal layouts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd

from monitor.definitions.models import AggregationClass
from monitor.errors import Refused, UnknownName

PLAIN, LIMITED = 0.8, 0.5
Z95 = 1.959963984540054
REGIONAL = ["area", "year", "value", "lower", "upper", "coverage", "members", "missing", "weight_year"]
# Coverage is a sum of floats: 0.5 exactly must not fail by its last digit.
_EPS = 1e-9


def coverage_word(coverage: float) -> str:
    """Return 'volledig', 'beperkt' or 'te laag' for a coverage between 0 and 1."""
    if coverage >= PLAIN - _EPS:
        return "volledig"
    return "beperkt" if coverage >= LIMITED - _EPS else "te laag"


def check_composition(composition: Mapping[str, Sequence[str]], known: Sequence[str] | set[str]) -> None:
    """Refuse a composition with a municipality that no figure knows.

    Raises:
        UnknownName: names the code and the region.
        Refused: the composition is empty or names a municipality twice.
    """
    valid = set(known)
    for region, codes in composition.items():
        if not codes:
            raise Refused(f"Regio '{region}' heeft geen gemeenten.", "Voeg minstens één gemeente toe.")
        if len(set(codes)) != len(codes):
            raise Refused(f"Regio '{region}' noemt een gemeente twee keer.", "Haal de dubbele weg.")
        for code in codes:
            if code not in valid:
                near = get_close_matches(code, sorted(valid), n=3, cutoff=0.7)
                hint = f"Bedoelde u {', '.join(near)}?" if near else "Gebruik codes van de indeling 2023-2026."
                raise UnknownName(f"Gemeente {code} in '{region}' komt in geen enkel cijfer voor.", hint)


def aggregate(
    kind: AggregationClass,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    composition: Mapping[str, Sequence[str]],
    *,
    numerators: pd.DataFrame | None = None,
    factor: float = 1.0,
    intervals: bool = False,
    bounds: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Add municipal figures up to regions.

    Args:
        kind: aggregation class.
        values: area, year, value, lower, upper of municipalities; for ``verhouding`` only its years count.
        weights: area, year, weight on the same layout. ``gewogen``: the weight; ``verhouding``: the
            denominator; ``som``: inhabitants, for the coverage only.
        composition: region -> municipal codes.
        numerators: area, year, value; for ``verhouding``.
        factor: multiplies a ratio, for example 100 for a percentage.
        intervals: combine the members' 95% intervals as independent errors (surveys only).
        bounds: what is possible, for example (0, 100); intervals are cut off there.

    Returns:
        One row per region and year: value, lower, upper (NaN where the class, the coverage or a missing
        interval forbids), coverage (0-1), members (count), missing (codes, separated by spaces) and
        weight_year (the year of the weights used).

    Raises:
        Refused: class ``geen``; its members' spread can be shown instead.
    """
    if kind == "geen":
        raise Refused("Deze klasse wordt niet opgeteld of gemiddeld.", "Toon de spreiding van de gemeenten.")
    pairs = pd.DataFrame([(r, c) for r, codes in composition.items() for c in codes], columns=["region", "area"])
    years = sorted(values["year"].unique())
    grid = pairs.merge(pd.DataFrame({"year": years}), how="cross")
    # Numerator and denominator are of one and the same year; no other year may stand in.
    own_year = kind == "verhouding"
    weighted = weights.assign(weight_year=weights["year"]) if own_year else nearest_weights(weights, years)
    grid = grid.merge(weighted, on=["area", "year"], how="left")
    own = numerators if kind == "verhouding" and numerators is not None else values
    columns = [c for c in ("area", "year", "value", "lower", "upper") if c in own.columns]
    grid = grid.merge(own[columns], on=["area", "year"], how="left")
    return _regional(kind, grid, factor, intervals, bounds)


def nearest_weights(weights: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Give every year its weights: those of the year itself, else of the nearest year (the earlier of two).

    Args:
        weights: area, year, weight.
        years: the years of the figures.

    Returns:
        area, year, weight, weight_year.
    """
    have = sorted(weights["year"].unique())
    if not have:
        raise Refused("Er zijn geen gewichten.", "Vul de hoeveelheid aan in quantities.yaml.")
    parts = []
    for year in years:
        best = min(have, key=lambda h: (abs(h - year), h))
        parts.append(weights[weights["year"] == best].assign(year=year, weight_year=best))
    return pd.concat(parts, ignore_index=True) if parts else weights.assign(weight_year=weights["year"])


def _regional(
    kind: AggregationClass,
    grid: pd.DataFrame,
    factor: float,
    intervals: bool,
    bounds: tuple[float, float] | None,
) -> pd.DataFrame:
    has = grid["value"].notna() & grid["weight"].notna()
    w = grid["weight"].where(has)
    grid = grid.assign(
        has=has,
        w=w,
        wv=grid["value"].where(has) * (1.0 if kind in ("som", "verhouding") else w),
        absent=np.where(has, "", grid["area"]),
        no_weight=grid["weight"].isna(),
    )
    if intervals and {"lower", "upper"} <= set(grid.columns):
        se = (grid["upper"] - grid["lower"]) / (2 * Z95)
        share = 1.0 if kind == "som" else w
        grid = grid.assign(wse2=(share * se) ** 2, no_se=has & se.isna())
    else:
        grid = grid.assign(wse2=np.nan, no_se=True)
    g = grid.groupby(["region", "year"], sort=False).agg(
        w=("w", "sum"),
        all_weight=("weight", "sum"),
        wv=("wv", "sum"),
        wse2=("wse2", "sum"),
        no_se=("no_se", "any"),
        no_weight=("no_weight", "any"),
        present=("has", "sum"),
        members=("area", "size"),
        missing=("absent", lambda s: " ".join(sorted(c for c in s if c))),
        weight_year=("weight_year", "max"),
    )
    g = g.reset_index().rename(columns={"region": "area"})
    # A member without a weight makes the coverage unknown; counting it as nothing would flatter it.
    g["coverage"] = (g["w"] / g["all_weight"]).where(~g["no_weight"] & (g["all_weight"] > 0), 0.0)
    if kind == "som":
        value = g["wv"].where(g["present"] == g["members"])
    elif kind == "verhouding":
        value = factor * g["wv"] / g["w"].replace(0.0, np.nan)
    else:
        value = g["wv"] / g["w"].replace(0.0, np.nan)
    g["value"] = value.where(g["coverage"] >= LIMITED - _EPS)
    divisor = 1.0 if kind == "som" else g["w"].replace(0.0, np.nan)
    half = (Z95 * np.sqrt(g["wse2"]) / divisor).where(~g["no_se"])
    low, high = bounds or (-np.inf, np.inf)
    g["lower"] = (g["value"] - half).clip(low, high)
    g["upper"] = (g["value"] + half).clip(low, high)
    g["weight_year"] = g["weight_year"].fillna(0).astype("int16")
    return g[REGIONAL].sort_values(["area", "year"], ignore_index=True)
