"""From published figures to everything that the monitor shows: regions, COROP, provinces, the country."""

from __future__ import annotations

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.snapshot.store import OBSERVATION_COLUMNS
from monitor.statistics.aggregate import aggregate, check_composition

COUNTRY, ELEVEN = "NL01", "npvr"
# A national figure from municipalities is biased when only the large ones have values.
NATIONAL_COVERAGE = 0.95
_MIN_COROPS = 30


def compositions(definitions: Definitions, areas: pd.DataFrame) -> dict[str, list[str]]:
    """Return area -> municipalities for the 11 regions, the 11 together, COROP regions, provinces, country.

    Raises:
        UnknownName: a region names a municipality that is not in the current layout.
    """
    municipal = areas[areas["level"] == "gemeente"]
    made: dict[str, list[str]] = {r.id: list(r.codes) for r in definitions.regions}
    check_composition(made, set(municipal["area"]))
    made[ELEVEN] = [c for r in definitions.regions for c in r.codes]
    for level in ("corop", "province"):
        made.update({str(k): list(g["area"]) for k, g in municipal.groupby(level)})
    made[COUNTRY] = list(municipal["area"])
    return made


def regional(
    indicator: Indicator, published: pd.DataFrame, weights: pd.DataFrame, composition: dict[str, list[str]]
) -> pd.DataFrame:
    """Add one indicator's municipal figures up to the given areas.

    Args:
        indicator: its definition.
        published: rows of this indicator (any level).
        weights: quantity, area, year, value.
        composition: area -> municipal codes.

    Returns:
        Columns REGIONAL of ``statistics.aggregate``; empty for class ``geen``.
    """
    a = indicator.aggregation
    values = published[published["area"].astype(str).str.startswith("GM")]
    if a.kind == "geen" or values.empty:
        return pd.DataFrame(columns=["area", "year", "value", "coverage", "members", "missing", "weight_year"])

    def quantity(name: str) -> pd.DataFrame:
        rows = weights[weights["quantity"] == name][["area", "year", "value"]]
        return rows.astype({"area": str})

    weight = quantity(a.denominator or a.weight or "inwoners").rename(columns={"value": "weight"})
    return aggregate(
        a.kind,
        values.astype({"area": str}),
        weight[weight["area"].str.startswith("GM")],
        composition,
        numerators=quantity(a.numerator) if a.numerator else None,
        factor=a.factor,
        intervals=indicator.method == "enquete",
        bounds=(0.0, 100.0) if indicator.unit == "procent" else None,
    )


def derive(
    definitions: Definitions, published: pd.DataFrame, weights: pd.DataFrame, areas: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, dict[str, float | int]]]:
    """Add derived rows to published ones.

    Args:
        definitions: indicators and regions.
        published: rows with basis 'cbs' (columns OBSERVATION_COLUMNS).
        weights: quantity, area, year, value.
        areas: the current layout.

    Returns:
        All observations, and per indicator the smallest relevant difference: a quarter of the (population)
        standard deviation between COROP regions in the last year in which at least 30 have a value.
    """
    composition = compositions(definitions, areas)
    corops = [a for a in composition if a.startswith("CR")]
    parts = [published]
    relevant: dict[str, dict[str, float | int]] = {}
    for indicator in definitions.indicators:
        own = published[published["indicator"] == indicator.id]
        made = regional(indicator, own, weights, composition)
        if made.empty:
            continue
        about = own.groupby("year").agg(status=("status", "first"), source=("source", "first"))
        made = made.join(about, on="year").assign(indicator=indicator.id, basis="gemeenten")
        taken = pd.MultiIndex.from_frame(own[own["value"].notna()][["area", "year"]])
        made = made[~pd.MultiIndex.from_frame(made[["area", "year"]]).isin(taken)]
        made = _country(indicator, own, made, weights)
        relevant.update(_relevant(indicator.id, made[made["area"].isin(corops)]))
        parts.append(made[OBSERVATION_COLUMNS])
    return pd.concat(parts, ignore_index=True), relevant


def _country(indicator: Indicator, own: pd.DataFrame, made: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Settle the national value where CBS's own is not in the snapshot: provinces first, then municipalities."""
    national = made["area"] == COUNTRY
    thin = national & (made["coverage"] < NATIONAL_COVERAGE)
    made.loc[thin, ["value", "lower", "upper"]] = np.nan
    provinces = own[own["area"].astype(str).str.startswith("PV") & own["value"].notna()]
    if provinces.empty or indicator.aggregation.kind != "gewogen":
        return made
    population = weights[weights["quantity"] == "inwoners"][["area", "year", "value"]].astype({"area": str})
    population = population[population["area"].str.startswith("PV")].rename(columns={"value": "weight"})
    codes = sorted(population["area"].unique())
    mean = aggregate("gewogen", provinces.astype({"area": str}), population, {COUNTRY: codes})
    mean = mean[(mean["missing"] == "") & (mean["members"] == 12)].set_index("year")
    better = national & made["year"].isin(mean.index)
    for column in ("value", "lower", "upper", "coverage", "members", "missing", "weight_year"):
        made.loc[better, column] = made.loc[better, "year"].map(mean[column])
    made.loc[better, "basis"] = "provincies"
    return made


def _relevant(indicator: str, corops: pd.DataFrame) -> dict[str, dict[str, float | int]]:
    known = corops[corops["value"].notna()]
    counts = known.groupby("year").size()
    years = counts[counts >= _MIN_COROPS].index
    if not len(years):
        return {}
    year = int(max(years))
    values = known.loc[known["year"] == year, "value"]
    return {indicator: {"value": float(values.std(ddof=0) / 4), "year": year, "corops": len(values)}}
