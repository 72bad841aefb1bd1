"""An edition brought to a newer municipal layout, so that figures of the new layout can be put beside it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.snapshot.build import OLD_LAYOUT, published_ratios
from monitor.snapshot.layout import current_parts, to_current
from monitor.snapshot.store import OBSERVATION_COLUMNS, PUBLISHED, Snapshot
from monitor.sources.shape import FIGURES

_TEXTS = ("indicator", "area", "status", "source", "basis", "missing")
_QUANTITY = ["quantity", "area", "year", "value"]


def on_layout(definitions: Definitions, old: Snapshot, areas: pd.DataFrame) -> Snapshot:
    """The published figures and the weights of an edition on another municipal layout.

    Merged municipalities as ``to_current`` does it: sums added up, means weighted, of class ``geen`` nothing left;
    ratios calculated anew. The weights of the layout that is left stay under their name with ``OLD_LAYOUT`` behind
    it, for the years that were reported on it.

    Args:
        definitions: indicators, quantities and reorganisations, the new one among them.
        old: the edition.
        areas: the new layout (columns of ``areas.parquet``).

    Returns:
        An edition in memory to build a new one on: ``observations`` holds the published rows only (regions are
        added up again when it is installed); with the same layout the old one, with the new areas.
    """
    current = set(areas.loc[areas["level"] == "gemeente", "area"])
    if current == set(old.municipalities):
        return replace(old, areas=areas)
    # Only these are looked at: the others stay as they are, and there are many.
    gone = set(old.municipalities) - current
    touched = gone | set(current_parts(definitions.layout, current, gone)["successor"])
    weights = _weights(definitions, old, current, touched)
    rows = old.observations[old.observations["basis"].isin(PUBLISHED)].astype(dict.fromkeys(_TEXTS, str))
    counts = {str(k): g for k, g in old.weights.astype({"quantity": str, "area": str}).groupby("quantity")}
    known = {i.id: i for i in definitions.indicators}
    parts = []
    for name, own in rows.groupby("indicator"):
        indicator = known.get(str(name))
        if indicator is None or not own["area"].str.startswith("GM").any():
            parts.append(own)
        elif indicator.aggregation.kind == "verhouding":
            parts.append(published_ratios(definitions, indicator, weights))
        else:
            here = own["area"].isin(touched)
            parts += [own[~here], _moved(definitions, indicator, own[here], counts, current, touched)]
    published = pd.concat([p[OBSERVATION_COLUMNS] for p in parts], ignore_index=True)
    return replace(old, observations=published, weights=weights, areas=areas)


def _moved(
    definitions: Definitions,
    indicator: Indicator,
    own: pd.DataFrame,
    counts: dict[str, pd.DataFrame],
    current: set[str],
    touched: set[str],
) -> pd.DataFrame:
    """Published rows of one indicator on the new layout, with status and source as they were."""
    weight = counts.get(indicator.aggregation.weight or "inwoners", pd.DataFrame(columns=_QUANTITY))
    weight = weight[weight["area"].isin(touched)].rename(columns={"value": "weight"})
    moved = to_current(own[FIGURES], weight, definitions.layout, current, indicator.aggregation.kind)
    rest = [c for c in OBSERVATION_COLUMNS if c not in FIGURES]
    made = moved.merge(own[["area", "year", *rest]], on=["area", "year"], how="left")
    # A new code has no row of its own: status and source of that year, as of the municipalities it was made of.
    fill = own[own["area"].str.startswith("GM")].drop_duplicates("year").set_index("year")
    for column in rest:
        made[column] = made[column].where(made[column].notna(), made["year"].map(fill[column]))
    return made.astype({c: own[c].dtype for c in rest})


def _weights(definitions: Definitions, old: Snapshot, current: set[str], touched: set[str]) -> pd.DataFrame:
    """All quantities on the new layout, and the old layout of the years that were reported on it."""
    counts = {
        str(k): g[["area", "year", "value"]]
        for k, g in old.weights.astype({"quantity": str, "area": str, "year": "int64"}).groupby("quantity")
    }
    nothing = pd.DataFrame(columns=["area", "year", "value"])
    existing = counts.get("inwoners", nothing).rename(columns={"value": "weight"})
    existing = existing[existing["area"].isin(touched)]
    parts = []
    for name, rows in counts.items():
        if name.endswith(OLD_LAYOUT):
            parts.append(rows.assign(quantity=name))
            continue
        here = rows["area"].isin(touched)
        figures = rows[here].assign(lower=float("nan"), upper=float("nan"))[FIGURES]
        moved = to_current(figures, existing, definitions.layout, current, "som")
        parts += [rows[~here].assign(quantity=name), moved[["area", "year", "value"]].assign(quantity=name)]
        municipal = rows[rows["area"].str.startswith("GM")]
        told = counts.get(name + OLD_LAYOUT, nothing)["year"]
        gone = municipal.loc[~municipal["area"].isin(current), "year"]
        left = municipal[municipal["year"].isin(gone) & ~municipal["year"].isin(told)]
        parts.append(left.assign(quantity=name + OLD_LAYOUT))
    return pd.concat([p[_QUANTITY] for p in parts], ignore_index=True)
