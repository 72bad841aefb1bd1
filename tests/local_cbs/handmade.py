"""Small tables made by hand, for the exact forms of the protocol. All numbers are invented: test data."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from tests.local_cbs.table import PLAIN, Code, Dimension, Table, Topic, periods, regions

NAMES = {
    "NL01": "Nederland",
    "LD01": "Noord-Nederland (LD)",
    "PV20": "Groningen (PV)",
    "GM0014": "Groningen (gemeente)",
    "GM0037": "Stadskanaal",
    "GM0047": "Veendam",
    "GM1895": "Oldambt",
}


def small(years: tuple[int, ...] = (2020, 2022), name: str = "90001NED") -> Table:
    """Seven regions in some years and a half-year; a missing value, a topic without values. Invented test data."""
    keys = [f"{y}JJ00" for y in years] + [f"{max(years)}HJ01"]
    dims = [regions(NAMES), periods(keys, {max(years): "voorlopig"})]
    topics = [
        Topic("AnderOnderwerp_1", "Een ander onderwerp", "aantal", group="Proef"),
        Topic("Meting_2", "Meting", "%", 1, "Proef"),
        Topic("MetingTotaal_3", "Meting, totaal", "%", 1, "Proef"),
        Topic("Leeg_4", "Zonder cijfers", "aantal", group="Proef"),
    ]
    rows = _grid(dims)
    n = np.arange(len(rows), dtype=float)
    rows["AnderOnderwerp_1"], rows["Meting_2"], rows["MetingTotaal_3"] = 1000 + n, 40.5 + n, 90.5 + n
    rows["Leeg_4"] = np.nan
    rows.loc[4, "Meting_2"] = np.nan
    return Table(name, "Proeftabel met verzonnen cijfers", dims, topics, rows, "2024-11-05T02:00:00")


def with_groups(name: str = "90002NED") -> Table:
    """Ages of which one code begins with another, and margins; no Perioden. Invented test data."""
    ages = Dimension(
        "Leeftijd",
        "Leeftijd",
        tuple(Code(c.ljust(6), t) for c, t in {"10000": "Totaal", "100005": "Een deel", "80200": "65+"}.items()),
        PLAIN,
    )
    margins = Dimension("Marges", "Marges", tuple(Code(c, c) for c in ("MW00000", "MOG0095", "MBG0095")))
    dims = [ages, margins, regions(NAMES, 7)]
    rows = _grid(dims)
    step = rows["Marges"].map({"MW00000": 0.0, "MOG0095": -2.0, "MBG0095": 2.0}).astype(float)
    rows["Meting_1"] = 50.0 + step + np.arange(len(rows)) % len(NAMES)
    return Table(name, "Proeftabel met leeftijden, verzonnen", dims, [Topic("Meting_1", "Meting", "%", 1)], rows)


def large(count: int = 25_000, name: str = "90003ned") -> Table:
    """More rows than one page holds. Invented test data."""
    years = range(2000, 2000 + max(1, -(-count // 500)))
    names = {"NL01": "Nederland"} | {f"GM{n:04d}": f"Proefgemeente {n}" for n in range(1, 500)}
    dims = [regions(names), periods([f"{y}JJ00" for y in years])]
    rows = _grid(dims).iloc[:count].reset_index(drop=True)
    rows["Aantal_1"] = np.arange(len(rows), dtype=float)
    rows["Deel_2"] = np.arange(len(rows)) / 8
    topics = [Topic("Aantal_1", "Aantal"), Topic("Deel_2", "Deel", "%", 1)]
    return Table(name, "Lange proeftabel, verzonnen", dims, topics, rows)


def _grid(dims: list[Dimension]) -> pd.DataFrame:
    return pd.DataFrame(list(product(*([c.key for c in d.codes] for d in dims))), columns=[d.key for d in dims])


def grow(table: Table, factor: int) -> Table:
    """The same table with ``factor`` times as many rows, for benchmarks.

    With Perioden: older years, from the year before the first, with the figures of the first; without: other regions.
    The rows that were there stay as they are.
    """
    grown = table.copy()
    if factor <= 1:
        return grown
    time, region = table.time, table.region
    parts = [table.rows.astype({d.key: str for d in table.dimensions})]
    if time is not None:
        years = {int(c.key[:4]) for c in time.codes}
        span = max(years) - min(years) + 1
        extra: dict[str, Code] = {}
        for n in range(1, factor):
            # Whole blocks of years before the first; a block keeps its half-years and quarters.
            moved = {c.key: f"{int(c.key[:4]) - n * span:04d}{c.key[4:]}" for c in time.codes}
            parts.append(parts[0].assign(Perioden=parts[0]["Perioden"].map(moved)))
            extra |= {k: Code(k, k[:4], status="Definitief", group=k[4:6]) for k in moved.values()}
        wider = Dimension(time.key, time.title, (*extra.values(), *time.codes), time.kind, time.groups)
        dims = [wider if d is time else d for d in table.dimensions]
    else:
        assert region is not None
        extra = {}
        for n in range(1, factor):
            moved = {c.key: f"WK{n:03d}{at:05d}".ljust(region.width) for at, c in enumerate(region.codes)}
            parts.append(parts[0].assign(**{region.key: parts[0][region.key].map(moved)}))
            extra |= {k: Code(k, "Proefgebied", group="Wijken") for k in moved.values()}
        wider = Dimension(region.key, region.title, (*region.codes, *extra.values()), region.kind, region.groups)
        dims = [wider if d is region else d for d in table.dimensions]
    rows = pd.concat(parts, ignore_index=True).drop(columns="ID")
    return Table(table.id, table.title, dims, list(table.topics), rows, table.modified, "", table.summary)
