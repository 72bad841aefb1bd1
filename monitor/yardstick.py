"""The yardstick: what CBS publishes for provinces, GGD regions and the country, made again from municipalities.

Both come from the edition: CBS's own figures (basis 'cbs') and the same municipal figures from which the 11 regions
are made, added up by the same function. What differs says how far a regional figure of ours can be off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.panel import Panel

# Where part of the municipalities has no figure, ours and CBS's are not the same figure.
COMPLETE = 0.95
# GGD regions and provinces have the code of the publisher; these levels are compared.
LEVELS = {"PV": "provincies", "GG": "GGD-regio’s", "NL": "Nederland"}


@dataclass(frozen=True)
class Measured:
    """How one indicator came out, over all years and areas.

    ``p95`` and ``largest`` are absolute differences in the indicator's unit; ``at`` is the area and year of the
    largest. ``narrow`` and ``wide``: the lowest and highest ratio of our half-width to CBS's (NaN without margins).
    ``years``: per year the number of cells, the 95th percentile and the largest difference.
    """

    indicator: Indicator
    against: str
    first: int
    last: int
    cells: int
    p95: float
    largest: float
    at: str
    narrow: float
    wide: float
    years: tuple[tuple[int, int, float, float], ...]


def composition(snapshot: Snapshot) -> dict[str, list[str]]:
    """Provinces, GGD regions and the country by their municipalities of now.

    A GGD region that is a whole province stands here once, as the province: the same cell is not counted twice.
    """
    municipal = snapshot.areas[snapshot.areas["level"] == "gemeente"]
    made = {COUNTRY: sorted(municipal["area"])}
    for column in ("province", "ggd"):
        for code, group in municipal.groupby(column):
            members = sorted(group["area"])
            if members not in made.values():
                made[str(code)] = members
    return made


def compared(definitions: Definitions, snapshot: Snapshot) -> pd.DataFrame:
    """Lay our figure beside CBS's for every indicator, area and year that has both.

    Returns:
        indicator, area, year, value, lower, upper, coverage, and value_cbs, lower_cbs, upper_cbs, off (absolute
        difference).
    """
    panel = Panel.of(definitions.indicators, snapshot.observations, snapshot.weights, snapshot.municipalities)
    made = panel.regional(composition(snapshot))
    made = made[made["value"].notna() & (made["coverage"] >= COMPLETE)]
    rows = snapshot.observations
    published = rows[(rows["basis"] == "cbs") & rows["area"].isin(made["area"].unique()) & rows["value"].notna()]
    keys = ["indicator", "area", "year"]
    plain = published.astype({"indicator": str, "area": str})[[*keys, "value", "lower", "upper"]]
    both = made.merge(plain, on=keys, suffixes=("", "_cbs"))
    return both.assign(off=(both["value"] - both["value_cbs"]).abs())


def measure(definitions: Definitions, snapshot: Snapshot) -> tuple[Measured, ...]:
    """Measure every indicator for which CBS publishes more than municipalities.

    Figures that we make ourselves at every level (class ``verhouding``) and plain counts compare with themselves and
    are left out.
    """
    both = compared(definitions, snapshot)
    made = []
    for i in definitions.indicators:
        cells = both[both["indicator"] == i.id]
        if i.aggregation.kind != "gewogen" or cells.empty:
            continue
        worst = cells.nlargest(1, "off").to_dict("records")[0]
        ours = (cells["upper"] - cells["lower"]).to_numpy()
        theirs = (cells["upper_cbs"] - cells["lower_cbs"]).to_numpy()
        # The sample of the whole country is not the sum of what municipalities publish.
        usable = ~np.isnan(ours) & ~np.isnan(theirs) & (theirs > 0) & (cells["area"] != COUNTRY).to_numpy()
        ratio = ours[usable] / theirs[usable]
        levels = [name for start, name in LEVELS.items() if cells["area"].str.startswith(start).any()]
        made.append(
            Measured(
                i,
                " en ".join(levels) if len(levels) < 3 else ", ".join(levels),
                int(cells["year"].min()),
                int(cells["year"].max()),
                len(cells),
                float(cells["off"].quantile(0.95)),
                float(worst["off"]),
                f"{snapshot.names.get(str(worst['area']), worst['area'])} {worst['year']}",
                float(ratio.min()) if len(ratio) else float("nan"),
                float(ratio.max()) if len(ratio) else float("nan"),
                tuple(
                    (int(g["year"].iloc[0]), len(g), float(g["off"].quantile(0.95)), float(g["off"].max()))
                    for _, g in cells.groupby("year")
                ),
            )
        )
    return tuple(made)
