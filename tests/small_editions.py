"""Small editions with deliberate differences, really made: published rows, added up, written, sealed and swapped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from monitor import paths
from monitor.definitions import Definitions, Region
from monitor.definitions.reorganisations import Reorganisation
from monitor.snapshot import store, swap
from monitor.snapshot.build import finish
from tests.spec_table import definitions, edition

# Of every class and method, with a break, core and not; a sum that tells which municipalities a region has.
CHOSEN = (
    "inwoners", "overgewicht", "overgewicht-65", "mediaan-inkomen", "afstand-huisarts", "afstand-supermarkt",
    "afstand-cafe", "afstand-openbaar-vervoer",
)  # fmt: skip
TEXTS = ("indicator", "area", "status", "source", "basis", "missing")
AALTEN, WINTERSWIJK, AMSTERDAM, BERKELLAND = "GM0197", "GM0294", "GM0363", "GM1859"
Rows = pd.DataFrame
Change = Callable[[Rows], Rows]


def small() -> Definitions:
    """The shipped definitions with the chosen indicators only."""
    return replace(
        definitions(), indicators=tuple(i for i in definitions().indicators if i.id in CHOSEN), cross_border=()
    )


def published() -> Rows:
    """What was published of the chosen indicators."""
    rows = edition().observations
    rows = rows[rows["indicator"].isin(CHOSEN) & (rows["basis"] == "cbs")]
    return rows.astype(dict.fromkeys(TEXTS, str))


def pick(rows: Rows, indicator: str, year: int | None = None, area: str | None = None) -> pd.Series:
    """Which rows are of an indicator, a year, an area."""
    chosen = rows["indicator"] == indicator
    if year is not None:
        chosen &= rows["year"] == year
    if area is not None:
        chosen &= rows["area"] == area
    return chosen


def make(
    folder: Path,
    name: str,
    change: Change = lambda rows: rows,
    made_with: Definitions | None = None,
    areas: pd.DataFrame | None = None,
) -> store.Snapshot:
    """Put a small edition in force; the one before it is kept."""
    weights = edition().weights
    weights = weights[weights["quantity"].astype(str).isin(["inwoners", "inwoners-18-plus", "inwoners-65-plus"])]
    with swap.replacing(folder, folder.parent / "edities") as fresh:
        for geometry in (paths.MAP, paths.NEIGHBOURS, paths.DETAIL):
            (fresh / geometry).write_bytes(b"-")
        rows = change(published().copy())
        chosen = areas if areas is not None else edition().areas
        finish(made_with or small(), rows, weights, chosen, edition().manifest["sources"], fresh, name)
    return store.read(folder)


def unnoted(snapshot: store.Snapshot) -> store.Snapshot:
    """The same edition as it was made before editions noted which municipalities their regions have."""
    return replace(snapshot, manifest={k: v for k, v in snapshot.manifest.items() if k != "compositions"})


def pair(folder: Path, old: Change, new: Change) -> tuple[store.Snapshot, store.Snapshot]:
    """Two editions after one another: '2026-08', kept, and '2026-12-01-abc123', in force."""
    make(folder, "2026-08", old)
    later = make(folder, "2026-12-01-abc123", new)
    return store.read(folder.parent / "edities" / "2026-08"), later


# --- The differences of the example ---


def example_old(rows: Rows) -> Rows:
    """The halts of 2022 were provisional."""
    rows.loc[pick(rows, "afstand-openbaar-vervoer", 2022), "status"] = "voorlopig"
    return rows


def example_new(rows: Rows) -> Rows:
    """A new year, a dropped one, a revision, one too small to see, a margin, a missing member, a median."""
    extra = rows[pick(rows, "afstand-huisarts", 2024)].copy()
    extra["year"], extra["value"] = 2025, extra["value"] + 0.1
    rows = rows[~pick(rows, "overgewicht", 2016)]
    rows.loc[pick(rows, "afstand-supermarkt", 2024, WINTERSWIJK), "value"] += 2.0
    rows.loc[pick(rows, "afstand-supermarkt", 2019, WINTERSWIJK), "value"] += 0.001
    rows.loc[pick(rows, "overgewicht-65", 2024, WINTERSWIJK), ["lower", "upper"]] += [-9.0, 9.0]
    rows = rows[~pick(rows, "afstand-cafe", 2024, BERKELLAND)]
    rows.loc[pick(rows, "mediaan-inkomen", 2021, AALTEN), "value"] += 900.0
    return pd.concat([rows, extra], ignore_index=True)


# --- A merger: Aalten becomes part of Winterswijk ---


def without(region: Region, code: str) -> Region:
    """A region with one municipality less."""
    return region.model_copy(update={"members": tuple(m for m in region.members if m.code != code)})


def merged_definitions(*, known: bool = True) -> Definitions:
    """Definitions after the merger; ``known``: the table of reorganisations has it."""
    d = small()
    step = Reorganisation.model_validate(
        {
            "from": AALTEN,
            "name": "Aalten",
            "date": "2027-01-01",
            "to": [{"code": WINTERSWIJK, "share": 1.0}],
            "source": "gebieden",
            "check": "Verzonnen voor een test.",
        }
    )
    layout = d.layout.model_copy(update={"reorganisations": (*d.layout.reorganisations, step)})
    regions = tuple(without(r, AALTEN) if r.id == "achterhoek" else r for r in d.regions)
    return replace(d, regions=regions, layout=layout if known else d.layout)


def merger(rows: Rows) -> Rows:
    """Winterswijk has the inhabitants of both, and a mean between their distances to a supermarket."""
    own, other = (rows[pick(rows, "inwoners", None, c)].set_index("year")["value"] for c in (WINTERSWIJK, AALTEN))
    chosen = pick(rows, "inwoners", None, WINTERSWIJK)
    rows.loc[chosen, "value"] = (own + other).loc[rows.loc[chosen, "year"]].to_numpy()
    rows.loc[pick(rows, "afstand-supermarkt", 2024, WINTERSWIJK), "value"] += 0.5
    return rows[rows["area"] != AALTEN]


def merger_and_revision(rows: Rows) -> Rows:
    """The same, while Amsterdam's distance to a doctor was revised."""
    rows.loc[pick(rows, "afstand-huisarts", 2024, AMSTERDAM), "value"] += 1.0
    return merger(rows)


def merged_areas() -> pd.DataFrame:
    """The layout after the merger."""
    areas = edition().areas
    return areas[areas["area"] != AALTEN].reset_index(drop=True)
