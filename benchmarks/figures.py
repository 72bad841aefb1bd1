"""Adding up and judging all figures: ours beside a plain pandas groupby.apply, and the same at ten times the rows."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from monitor import assessment as asm
from monitor import paths
from monitor.definitions import Definitions, load
from monitor.profile import Everything, against, assess_all
from monitor.snapshot import store
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import LIMITED, Z95, nearest_year
from monitor.statistics.judge import judge

REPEATS = 7


def seconds(work: Callable[[], object], repeats: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the median time of a piece of work; ``clock``: ``time.process_time`` for what it computes alone."""
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def ours(definitions: Definitions, snapshot: Snapshot) -> Everything:
    """All indicators, years and the 11 regions, from the long frames to judgements."""
    composition = {r.id: list(r.codes) for r in definitions.regions}
    held = {r.id: against(r, "nederland", snapshot) for r in definitions.regions}
    return assess_all(definitions, snapshot, composition, held)


def plain(definitions: Definitions, snapshot: Snapshot) -> pd.DataFrame:
    """The same as anyone would write it first: a long frame with weights, groupby, and a function per group."""
    by_id = {i.id: i for i in definitions.indicators}
    region_of = {c: r.id for r in definitions.regions for c in r.codes}
    rows = snapshot.observations.astype({"indicator": str, "area": str, "basis": str})
    municipal = rows[rows["area"].isin(region_of)]
    weights = snapshot.weights.astype({"quantity": str, "area": str})
    years = weights.groupby("quantity")["year"].unique()
    parts = []
    for name, own in municipal.groupby("indicator"):
        a = by_id[str(name)].aggregation
        if a.kind == "geen":
            continue
        quantity = weights[weights["quantity"] == (a.denominator or a.weight or "inwoners")]
        for year in own["year"].unique():
            at = year if a.kind == "verhouding" else nearest_year(years[quantity["quantity"].iloc[0]], int(year))
            weight = quantity[quantity["year"] == at].set_index("area")["value"]
            grid = pd.DataFrame({"area": list(region_of), "region": list(region_of.values())})
            grid["indicator"], grid["year"] = name, year
            grid["weight"] = grid["area"].map(weight)
            source = own[own["year"] == year].set_index("area")
            for column in ("value", "lower", "upper"):
                grid[column] = grid["area"].map(source[column])
            if a.kind == "verhouding":
                top = weights[(weights["quantity"] == a.numerator) & (weights["year"] == year)]
                grid["value"] = grid["area"].map(top.set_index("area")["value"])
            parts.append(grid)
    long = pd.concat(parts, ignore_index=True)
    country = rows[rows["area"] == COUNTRY].set_index(["indicator", "year"])["value"].to_dict()
    provinces = {r.id: r.province for r in definitions.regions}
    published = rows[rows["area"].isin(set(provinces.values())) & (rows["basis"] == "cbs")]
    half = ((published["upper"] - published["lower"]) / 2).set_axis(
        pd.MultiIndex.from_frame(published[["indicator", "area", "year"]])
    )
    widths = half.to_dict()
    rules = {i.id: asm.rule_for(i, snapshot) for i in definitions.indicators}

    def one(group: pd.DataFrame) -> pd.Series:
        name, year, region = group["indicator"].iloc[0], group["year"].iloc[0], group["region"].iloc[0]
        a = by_id[name].aggregation
        known = group[group["value"].notna() & group["weight"].notna()]
        total = group["weight"].sum() if group["weight"].notna().all() else math.nan
        coverage = known["weight"].sum() / total if total > 0 else 0.0
        lower = upper = math.nan
        if a.kind == "som":
            value = known["value"].sum() if len(known) == len(group) else math.nan
        elif a.kind == "verhouding":
            value = a.factor * known["value"].sum() / known["weight"].sum() if len(known) else math.nan
        else:
            value = np.average(known["value"], weights=known["weight"]) if len(known) else math.nan
        if coverage < LIMITED:
            value = math.nan
        if by_id[name].method == "enquete" and len(known):
            se = (known["upper"] - known["lower"]) / (2 * Z95)
            width = Z95 * np.sqrt(((known["weight"] * se) ** 2).sum(skipna=False)) / known["weight"].sum()
            lower, upper = max(value - width, 0.0), min(value + width, 100.0)
        j = judge(
            rules[name],
            value,
            country.get((name, year), math.nan),
            lower=lower,
            upper=upper,
            coverage=coverage,
            province_half_width=widths.get((name, provinces[region], year), math.nan),
        )
        return pd.Series({"value": value, "lower": lower, "upper": upper, "outcome": j.outcome})

    return long.groupby(["indicator", "year", "region"])[list(long.columns)].apply(one)


def tenfold(definitions: Definitions, snapshot: Snapshot) -> tuple[Definitions, Snapshot]:
    """The same edition ten times over: every indicator ten times, under other names."""
    copies = [i.model_copy(update={"id": f"{i.id}-{k}"}) if k else i for i in definitions.indicators for k in range(10)]
    names = snapshot.observations["indicator"].astype(str)
    frames = [snapshot.observations.assign(indicator=(names + f"-{k}" if k else names).to_numpy()) for k in range(10)]
    long = pd.concat(frames, ignore_index=True)
    for column in ("indicator", "area"):
        long[column] = long[column].astype(str).astype("category")
    long = long.sort_values(["indicator", "area", "year"], ignore_index=True)
    relevant = snapshot.manifest["relevant_differences"]
    more = {f"{i}-{k}" if k else i: v for i, v in relevant.items() for k in range(10)}
    manifest = {**snapshot.manifest, "relevant_differences": more}
    return (
        replace(definitions, indicators=tuple(copies)),
        Snapshot(snapshot.folder, long, snapshot.weights, snapshot.areas, manifest),
    )


def agree(everything: Everything, frame: pd.DataFrame) -> int:
    """Check that both ways give the same values; return the number of cells.

    Raises:
        SystemExit: they differ, so that their times may not be compared.
    """
    column = {a: k for k, a in enumerate(everything.areas)}
    row = {key: k for k, key in enumerate(everything.keys)}
    at = [(row[str(i), int(y)], column[str(r)]) for i, y, r in frame.index]
    got = np.array([everything.added.value[r, c] for r, c in at])
    if not np.allclose(got, frame["value"].to_numpy(dtype=float), equal_nan=True, rtol=1e-9):
        raise SystemExit("De twee manieren geven verschillende cijfers; hun tijden zijn niet te vergelijken.")
    return len(at)


def measure() -> list[tuple[str, str, str]]:
    """Return rows of the table: what, measured, asked."""
    definitions = load()
    start = time.perf_counter()
    snapshot = store.read(paths.snapshot_dir())
    reading = time.perf_counter() - start
    snapshot.years("overgewicht")
    cells = agree(ours(definitions, snapshot), plain(definitions, snapshot))
    fast = seconds(lambda: ours(definitions, snapshot), REPEATS)
    slow = seconds(lambda: plain(definitions, snapshot), 1)
    many, large = tenfold(definitions, snapshot)
    large.years("overgewicht")
    # In computing: on a machine that others use, the longer of two pieces of work is interrupted more often.
    one = seconds(lambda: ours(definitions, snapshot), REPEATS, time.process_time)
    ten = seconds(lambda: ours(many, large), 5, time.process_time)
    size = sum(p.stat().st_size for p in snapshot.folder.iterdir()) / 1e6
    return [
        (f"alles optellen en beoordelen ({cells} regiocijfers)", f"{1000 * fast:.0f} ms", "< 150 ms"),
        ("hetzelfde met een gewone pandas groupby.apply", f"{1000 * slow:.0f} ms", ""),
        ("verhouding", f"{slow / fast:.0f} keer zo snel", "≥ 20 keer"),
        ("tien keer zoveel rijen", f"{ten / one:.1f} keer zo veel rekentijd", "ongeveer 10"),
        (f"editie lezen, de eerste keer ({len(snapshot.observations)} waarnemingen)", f"{reading:.2f} s", "< 0,5 s"),
        ("grootte van de editie", f"{size:.1f} MB", "< 15 MB"),
    ]
