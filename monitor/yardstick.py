"""The yardstick: what CBS publishes for provinces, GGD regions and the country, made again from municipalities.

Both come from the edition: CBS's own figures (basis 'cbs') and the same municipal figures from which the 11 regions
are made, added up by the same function. What differs says how far a regional figure of ours can be off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.panel import Panel

# Where part of the municipalities has no figure, ours and CBS's are not the same figure.
COMPLETE = 0.95
# GGD regions and provinces have the code of the publisher; these levels are compared.
LEVELS = {"PV": "provincies", "GG": "GGD-regio’s", "NL": "Nederland"}
# Our half-width divided by CBS's must lie between these for at least this share of the areas, or there is a reason.
NARROWEST, WIDEST, ENOUGH = 0.88, 1.12, 0.95


@dataclass(frozen=True)
class Margins:
    """Our half-widths beside CBS's own in one year, over ``cells`` areas (the country left out).

    ``within``: the share (0-1) of areas where ours is NARROWEST to WIDEST times CBS's; ``median``, ``lowest`` and
    ``highest``: of ours divided by CBS's, without unit.
    """

    year: int
    cells: int
    within: float
    median: float
    lowest: float
    highest: float

    @property
    def agrees(self) -> bool:
        """Whether enough areas lie within."""
        return self.within >= ENOUGH


@dataclass(frozen=True)
class Measured:
    """How one indicator came out, over all years and areas.

    ``p95`` and ``largest`` are absolute differences in the indicator's unit; ``at`` is the area and year of the
    largest. ``years``: per year the number of cells, the 95th percentile and the largest difference.
    ``margins``: per year how our margins compare; empty where CBS publishes none.
    """

    indicator: Indicator
    against: str
    first: int
    last: int
    cells: int
    p95: float
    largest: float
    at: str
    years: tuple[tuple[int, int, float, float], ...]
    margins: tuple[Margins, ...]


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
                tuple(
                    (int(g["year"].iloc[0]), len(g), float(g["off"].quantile(0.95)), float(g["off"].max()))
                    for _, g in cells.groupby("year")
                ),
                _margins(cells),
            )
        )
    return tuple(made)


def _margins(cells: pd.DataFrame) -> tuple[Margins, ...]:
    """Compare the widths of the intervals of one indicator, per year."""
    ours, theirs = cells["upper"] - cells["lower"], cells["upper_cbs"] - cells["lower_cbs"]
    # The sample of the whole country is not the sum of what municipalities publish.
    usable = ours.notna() & (theirs > 0) & (cells["area"] != COUNTRY)
    ratio = (ours / theirs)[usable]
    return tuple(
        Margins(
            int(str(year)),
            len(r),
            float(r.between(NARROWEST, WIDEST).mean()),
            float(r.median()),
            float(r.min()),
            float(r.max()),
        )
        for year, r in ratio.groupby(cells["year"])
    )


def unsettled(measured: Sequence[Measured]) -> list[str]:
    """Where margins and reasons do not go together, in words; empty when all is well.

    A year in which too few margins agree must have a reason in the definition, and no other year may have one.
    """
    wrong = []
    for m in measured:
        beyond = {y.year for y in m.margins if not y.agrees}
        reasoned = set(m.indicator.margin_note.years) if m.indicator.margin_note else set()
        wrong += [f"{m.indicator.id} {y}: te vaak een andere marge zonder reden" for y in sorted(beyond - reasoned)]
        wrong += [f"{m.indicator.id} {y}: een reden, maar de marge klopt" for y in sorted(reasoned - beyond)]
    return wrong
