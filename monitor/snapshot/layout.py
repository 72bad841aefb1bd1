"""Bring figures on an older municipal layout to the current one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitor.definitions.models import AggregationClass
from monitor.definitions.reorganisations import Layout
from monitor.snapshot.coded import category
from monitor.sources.shape import FIGURES
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
    by: str | None = None,
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
        by: a column of small numbers that tells figures of several kinds apart; None where there is one.

    Returns:
        Shape ``FIGURES`` with current municipal codes, and the column ``by``; area of the type that it had.
    """
    coded, names = _coded(figures, by)
    known = _years_of(weights, coded) if weights is not None else None
    codes = {names[k] for k in np.unique(coded["area"]) if names[k].startswith("GM")}
    codes |= set(known["area"].unique()) if known is not None else set()
    if codes <= current:
        return figures
    # Only what vanished, and what it went into, is looked at: most municipalities stay what they were.
    parts = current_parts(layout, current, codes - current)
    itself = sorted(set(parts["successor"]) & codes)
    parts = pd.concat([parts, pd.DataFrame({"area": itself, "successor": itself, "share": 1.0})], ignore_index=True)
    names += sorted({*parts["area"], *parts["successor"]} - set(names))
    place = {name: k for k, name in enumerate(names)}
    parts = parts.assign(area=parts["area"].map(place), successor=parts["successor"].map(place))
    if known is not None:
        known = known[known["area"].isin({names[k] for k in parts["area"]})]
        known = known.assign(area=known["area"].map(place))
    municipal = np.array([n.startswith("GM") for n in names], dtype=bool)[coded["area"]]
    own = coded[municipal]
    pieces = _pieces(own, known, parts, _among(names, current))
    moved = own["cell"].isin(pieces["into"])
    made = [own[_among(names, current)[own["area"]] & ~moved & own["value"].notna()]]
    if kind != "geen" and len(pieces):
        added = _sum(pieces) if kind == "som" else _mean(pieces, known)
        rest, year = np.divmod(added["into"], _YEARS)
        made.append(added.assign(by=rest // _AREAS, area=rest % _AREAS, year=year)[added["value"].notna()])
    made.append(coded[~municipal])
    return _named(pd.concat([m[_CODED] for m in made], ignore_index=True), names, figures, by)


_AREAS, _YEARS = 100_000, 10_000
_CODED = ["area", "year", "value", "lower", "upper", "by"]


def _coded(figures: pd.DataFrame, by: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Figures with the area as a number, and one number per kind, area and year (``cell``); and the areas' codes."""
    areas = figures["area"].astype("category").cat
    coded = figures[FIGURES].assign(
        area=areas.codes.to_numpy(dtype=np.int64),
        year=figures["year"].to_numpy(dtype=np.int64),
        by=0 if by is None else figures[by].to_numpy(dtype=np.int64),
    )
    return coded.assign(cell=_cell(coded["by"], coded["area"], coded["year"])), [str(a) for a in areas.categories]


def _cell(by: pd.Series, area: pd.Series, year: pd.Series) -> pd.Series:
    return (by * _AREAS + area) * _YEARS + year


def _named(made: pd.DataFrame, names: list[str], like: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """The reverse of ``_coded``."""
    area = pd.Series(category(made["area"].to_numpy(), names), index=made.index)
    area = area if isinstance(like["area"].dtype, pd.CategoricalDtype) else area.astype(like["area"].dtype)
    made = made.assign(area=area)
    return (made if by is None else made.rename(columns={"by": by}))[list(like.columns)]


def _among(names: list[str], chosen: set[str]) -> NDArray[np.bool_]:
    """Per name whether it is one of some."""
    return np.array([n in chosen for n in names], dtype=bool)


def _years_of(weights: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """The weights of municipalities in the years of the figures: area, year, weight where there is one."""
    known = weights[weights["year"].isin(coded["year"].unique())]
    known = known[known["area"].str.startswith("GM").to_numpy(dtype=bool)]
    return known.astype({"area": str, "year": "int64"})


def _pieces(
    own: pd.DataFrame, known: pd.DataFrame | None, parts: pd.DataFrame, current: NDArray[np.bool_]
) -> pd.DataFrame:
    """What merged and split municipalities are made of: a row per old code and current code (``into``, a cell).

    Args:
        own: municipal figures, coded.
        known: weights of the municipalities that ``parts`` names, coded; their years and areas existed.
        parts: area, successor and share, coded.
        current: per code whether it is of the current layout.
    """
    columns = ["by", "area", "year"]
    alive = own.loc[own["area"].isin(parts["area"]), columns]
    if known is not None:
        asked = own[["by", "year"]].drop_duplicates()
        alive = pd.concat([alive, known[["area", "year"]].merge(asked, on="year")[columns]])
    pieces = alive.drop_duplicates().merge(parts, on="area")
    pieces["into"] = _cell(pieces["by"], pieces["successor"], pieces["year"])
    pieces["cell"] = _cell(pieces["by"], pieces["area"], pieces["year"])
    gone = pieces.loc[~current[pieces["area"]], "into"]
    return pieces[pieces["into"].isin(gone)].merge(own[["cell", "value", "lower", "upper"]], on="cell", how="left")


def _sum(pieces: pd.DataFrame) -> pd.DataFrame:
    pieces = pieces.assign(part=pieces["value"] * pieces["share"])
    g = pieces.groupby("into", as_index=False).agg(
        value=("part", "sum"), n=("part", "count"), expected=("area", "size")
    )
    g["value"] = g["value"].where(g["n"] == g["expected"])
    return g.assign(lower=np.nan, upper=np.nan)


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
    g = pieces.groupby("into", as_index=False).agg(
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
    return g
