"""From published figures to everything that the monitor shows: regions, COROP, provinces, the country."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.snapshot.store import OBSERVATION_COLUMNS
from monitor.statistics.aggregate import aggregate, check_composition
from monitor.statistics.panel import Panel
from monitor.structure import Likeness, outside

COUNTRY, ELEVEN = "NL01", "npvr"
# A national figure from municipalities is biased when only the large ones have values.
NATIONAL_COVERAGE = 0.95
_MIN_COROPS = 30


def with_candidate(region: str, code: str) -> str:
    """The name under which a region stands in an edition when a candidate municipality is counted in."""
    return f"{region}+{code}"


def comparable_to(region: str) -> str:
    """The name under which the regions that resemble a region stand in an edition, taken together."""
    return f"{region}~"


@dataclass(frozen=True)
class Derived:
    """What an edition holds beside what was published.

    ``observations``: published and derived rows. ``relevant``: per indicator the smallest relevant difference: a
    quarter of the (population) standard deviation between COROP regions in the last year in which at least 30 have a
    value. ``comparable``: per region the COROP regions outside the programme that resemble it most.
    """

    observations: pd.DataFrame
    relevant: dict[str, dict[str, float | int]]
    comparable: dict[str, list[str]]


def compositions(definitions: Definitions, areas: pd.DataFrame) -> dict[str, list[str]]:
    """Return area -> municipalities for the 11 regions, the 11 together, COROP regions, provinces, country.

    A region stands here once more with each of its candidates, under ``with_candidate``.

    Raises:
        UnknownName: a region names a municipality that is not in the current layout.
    """
    municipal = areas[areas["level"] == "gemeente"]
    made: dict[str, list[str]] = {r.id: list(r.codes) for r in definitions.regions}
    check_composition(made, set(municipal["area"]))
    made.update({with_candidate(r.id, m.code): [*r.codes, m.code] for r in definitions.regions for m in r.candidates})
    made[ELEVEN] = [c for r in definitions.regions for c in r.codes]
    for level in ("corop", "province"):
        made.update({str(k): list(g["area"]) for k, g in municipal.groupby(level)})
    made[COUNTRY] = list(municipal["area"])
    return made


def derive(definitions: Definitions, published: pd.DataFrame, weights: pd.DataFrame, areas: pd.DataFrame) -> Derived:
    """Add derived rows to published ones.

    Args:
        definitions: indicators and regions.
        published: rows with basis 'cbs' (columns OBSERVATION_COLUMNS).
        weights: quantity, area, year, value.
        areas: the current layout, with ``border_km``.

    """
    composition = compositions(definitions, areas)
    corops = [a for a in composition if a.startswith("CR")]
    parts = [published]
    relevant: dict[str, dict[str, float | int]] = {}
    codes = composition[COUNTRY]
    panel = Panel.of(definitions.indicators, published, weights, codes)
    regional = {str(k): g for k, g in panel.regional(composition).groupby("indicator")}
    provincial = {
        q: _of_provinces(weights, q, composition)
        for q in sorted({i.aggregation.weight for i in definitions.indicators if i.aggregation.weight})
    }
    about = published.groupby(["indicator", "year"], observed=True)[["status", "source"]].first()
    by_indicator = {str(k): g for k, g in published.groupby("indicator", observed=True)}
    for indicator in definitions.indicators:
        made = regional.get(indicator.id)
        if made is None:
            continue
        own = by_indicator[indicator.id]
        made = made.join(about, on=["indicator", "year"]).assign(basis="gemeenten")
        taken = pd.MultiIndex.from_frame(own[own["value"].notna()][["area", "year"]])
        made = made[~pd.MultiIndex.from_frame(made[["area", "year"]]).isin(taken)]
        made = _country(indicator, own, made, provincial.get(str(indicator.aggregation.weight)))
        relevant.update(_relevant(indicator.id, made[made["area"].isin(corops)]))
        parts.append(made[OBSERVATION_COLUMNS])
    observations = pd.concat(parts, ignore_index=True)
    comparable = _comparable(definitions, observations, weights, areas, composition)
    together = {comparable_to(r): [c for a in found for c in composition[a]] for r, found in comparable.items()}
    if together:
        more = panel.regional(together).join(about, on=["indicator", "year"]).assign(basis="gemeenten")
        observations = pd.concat([observations, more[OBSERVATION_COLUMNS]], ignore_index=True)
    return Derived(observations, relevant, comparable)


def _comparable(
    definitions: Definitions,
    observations: pd.DataFrame,
    weights: pd.DataFrame,
    areas: pd.DataFrame,
    composition: dict[str, list[str]],
) -> dict[str, list[str]]:
    """Per region the COROP regions that resemble it most; none where a feature is unknown."""
    corops = [a for a in composition if a.startswith("CR")]
    regions = [r.id for r in definitions.regions]
    used = {f.indicator for g in definitions.structure for f in g.features if f.indicator}
    rows = observations[observations["indicator"].isin(used) & observations["area"].isin([*regions, *corops])]
    rows = rows[rows["year"] == rows.groupby("indicator")["year"].transform("max")]
    pairs = zip(rows["indicator"], rows["area"], strict=True)
    values = {(str(i), str(a)): float(v) for (i, a), v in zip(pairs, rows["value"], strict=True)}
    likeness = Likeness(
        definitions,
        areas,
        last_inhabitants(weights),
        {a: composition[a] for a in (*regions, *corops)},
        lambda indicator, area: values.get((indicator, area), math.nan),
    )
    candidates = outside(definitions, areas)
    found = {r: [m.area for m in likeness.most_like(r, candidates)] for r in regions}
    return {r: codes for r, codes in found.items() if codes}


def last_inhabitants(weights: pd.DataFrame) -> dict[str, float]:
    """Inhabitants per area on 1 January of the last year."""
    rows = weights[weights["quantity"] == "inwoners"]
    last = rows[rows["year"] == rows["year"].max()]
    return {str(a): float(v) for a, v in zip(last["area"], last["value"], strict=True)}


def _country(
    indicator: Indicator,
    own: pd.DataFrame,
    made: pd.DataFrame,
    weight: pd.DataFrame | None,
) -> pd.DataFrame:
    """Settle the national value where CBS's own is not in the snapshot: provinces first, then municipalities.

    Provinces are weighted like municipalities, with the indicator's own weight: by inhabitants a figure per square
    kilometre would be that of the cities.
    """
    national = made["area"] == COUNTRY
    thin = national & (made["coverage"] < NATIONAL_COVERAGE)
    made.loc[thin, ["value", "lower", "upper"]] = np.nan
    provinces = own[own["area"].astype(str).str.startswith("PV") & own["value"].notna()]
    if provinces.empty or weight is None or indicator.aggregation.kind != "gewogen":
        return made
    codes = sorted(weight["area"].unique())
    mean = aggregate("gewogen", provinces.astype({"area": str}), weight, {COUNTRY: codes})
    mean = mean[(mean["missing"] == "") & (mean["members"] == 12)].set_index("year")
    better = national & made["year"].isin(mean.index)
    for column in ("value", "lower", "upper", "coverage", "members", "missing", "weight_year"):
        made.loc[better, column] = made.loc[better, "year"].map(mean[column])
    made.loc[better, "basis"] = "provincies"
    return made


def _of_provinces(weights: pd.DataFrame, quantity: str, composition: dict[str, list[str]]) -> pd.DataFrame:
    """A quantity per province, as published or else summed over its municipalities: area, year, weight."""
    rows = weights[weights["quantity"] == quantity].astype({"area": str})
    found = rows[rows["area"].str.startswith("PV")]
    if found.empty:
        province = {c: p for p, codes in composition.items() if p.startswith("PV") for c in codes}
        municipal = rows.assign(area=rows["area"].map(province)).dropna(subset=["area"])
        found = municipal.groupby(["area", "year"])[["value"]].sum().reset_index()
    return found[["area", "year", "value"]].rename(columns={"value": "weight"})


def _relevant(indicator: str, corops: pd.DataFrame) -> dict[str, dict[str, float | int]]:
    known = corops[corops["value"].notna()]
    counts = known.groupby("year").size()
    years = counts[counts >= _MIN_COROPS].index
    if not len(years):
        return {}
    year = int(max(years))
    values = known.loc[known["year"] == year, "value"]
    return {indicator: {"value": float(values.std(ddof=0) / 4), "year": year, "corops": len(values)}}
