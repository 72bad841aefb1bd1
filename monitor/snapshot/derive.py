"""From published figures to everything that the monitor shows: regions, COROP, provinces, the country."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.definitions import Definitions
from monitor.snapshot.coded import TEXTS, Numbers, among, category, numbered, stacked
from monitor.snapshot.store import OBSERVATION_COLUMNS
from monitor.statistics.aggregate import check_composition
from monitor.statistics.panel import Panel
from monitor.structure import Likeness, outside

COUNTRY, ELEVEN = "NL01", "npvr"
# A national figure from municipalities is biased when only the large ones have values.
NATIONAL_COVERAGE = 0.95
_MIN_COROPS, _PROVINCES = 30, 12
_MOST_YEARS = 10_000


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
    panel = Panel.of(definitions.indicators, published, weights, composition[COUNTRY])
    made = _told(published, panel.regional(composition))
    # What was published stands; nothing is added up beside it.
    held, cells = _cells(published[published["value"].notna()], made)
    made = made[~among(cells, held)]
    made = _country(definitions, published, made, _of_provinces(weights, composition))
    relevant = _relevant(made[made["area"].isin([a for a in composition if a.startswith("CR")])])
    observations = stacked([published[OBSERVATION_COLUMNS], made], TEXTS)
    comparable = _comparable(definitions, observations, weights, areas, composition)
    together = {comparable_to(r): [c for a in found for c in composition[a]] for r, found in comparable.items()}
    if together:
        observations = stacked([observations, _told(published, panel.regional(together))], TEXTS)
    return Derived(observations, relevant, comparable)


def _told(published: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Figures that were added up, with status and source of what was published of that year."""
    held, years = _years(published, made)
    known, first = np.unique(held, return_index=True)
    place = first[np.searchsorted(known, years)]
    columns = {}
    for column in ("status", "source"):
        (codes,), names = numbered(published[column])
        columns[column] = category(codes[place], names)
    basis = category(np.zeros(len(made), dtype=np.int64), ["gemeenten"])
    return made.assign(**columns, basis=basis)[OBSERVATION_COLUMNS]


def _years(*frames: pd.DataFrame) -> list[Numbers]:
    """One number per indicator and year, the same in all frames."""
    indicators, _ = numbered(*(f["indicator"] for f in frames))
    return [i * _MOST_YEARS + f["year"].to_numpy(dtype=np.int64) for i, f in zip(indicators, frames, strict=True)]


def _cells(*frames: pd.DataFrame) -> list[Numbers]:
    """One number per indicator, year and area, the same in all frames."""
    areas, names = numbered(*(f["area"] for f in frames))
    return [y * len(names) + a for y, a in zip(_years(*frames), areas, strict=True)]


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
    definitions: Definitions, published: pd.DataFrame, made: pd.DataFrame, provincial: pd.DataFrame
) -> pd.DataFrame:
    """Settle national values where CBS's own are not in the snapshot: provinces first, then municipalities.

    Provinces are weighted like municipalities, with the indicator's own weight: by inhabitants a figure per square
    kilometre would be that of the cities.

    Args:
        definitions: which indicators are weighted, and by what.
        published: all published rows.
        made: what was added up, the national rows among them.
        provincial: quantity, area, year, value of provinces.
    """
    national = (made["area"] == COUNTRY).to_numpy()
    made = made.reset_index(drop=True)
    made.loc[national & (made["coverage"] < NATIONAL_COVERAGE).to_numpy(), ["value", "lower", "upper"]] = np.nan
    asked = set(made.loc[national, "indicator"].unique())
    weighed = set(provincial["quantity"].unique())
    able = [
        i
        for i in definitions.indicators
        if i.id in asked and i.aggregation.kind == "gewogen" and i.aggregation.weight in weighed
    ]
    codes = sorted(provincial["area"].unique())
    own = published[published["area"].isin(codes) & published["indicator"].isin({i.id for i in able})]
    if own.empty:
        return made
    mean = Panel.of(able, own, provincial, codes).regional({COUNTRY: codes})
    mean = mean[(mean["missing"] == "") & (mean["members"] == _PROVINCES)]
    mean = mean.assign(lower=np.nan, upper=np.nan)
    wanted, known = _years(made[national], mean)
    order = np.argsort(known)
    at = np.flatnonzero(national)[np.isin(wanted, known)]
    place = order[np.searchsorted(known[order], wanted[np.isin(wanted, known)])]
    for column in ("value", "lower", "upper", "coverage", "members", "missing", "weight_year"):
        made.loc[at, column] = mean[column].to_numpy()[place]
    basis = np.zeros(len(made), dtype=np.int64)
    basis[at] = 1
    return made.assign(basis=category(basis, ["gemeenten", "provincies"]))


def _of_provinces(weights: pd.DataFrame, composition: dict[str, list[str]]) -> pd.DataFrame:
    """Quantities per province, as published or else summed over its municipalities: quantity, area, year, value."""
    rows = weights[["quantity", "area", "year", "value"]].astype({"quantity": str})
    province = {c: p for p, codes in composition.items() if p.startswith("PV") for c in codes}
    published = rows[rows["area"].isin([a for a in rows["area"].unique() if a.startswith("PV")])]
    rest = rows[rows["area"].isin(list(province)) & ~rows["quantity"].isin(set(published["quantity"]))]
    rest = rest.assign(area=rest["area"].astype(str).map(province))
    summed = rest.groupby(["quantity", "area", "year"])[["value"]].sum().reset_index()
    return pd.concat([published.astype({"area": str}), summed], ignore_index=True)


def _relevant(corops: pd.DataFrame) -> dict[str, dict[str, float | int]]:
    """The smallest relevant difference per indicator; see ``Derived``."""
    known = corops[corops["value"].notna()]
    names = known["indicator"].to_numpy()
    (years,) = _years(known)
    there, counts = np.unique(years, return_counts=True)
    enough = there[counts >= _MIN_COROPS]
    # Of each indicator the last.
    last = enough[np.append(np.diff(enough // _MOST_YEARS) > 0, True)] if len(enough) else enough
    found: dict[str, dict[str, float | int]] = {}
    for year in last:
        values = pd.Series(known["value"].to_numpy()[years == year])
        deviation = float(values.std(ddof=0) / 4)
        found[str(names[years == year][0])] = {
            "value": deviation,
            "year": int(year % _MOST_YEARS),
            "corops": len(values),
        }
    return found
