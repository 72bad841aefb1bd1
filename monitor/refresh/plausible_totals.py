"""Sums and means of municipalities, held against what CBS itself publishes for provinces and the country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from monitor.definitions import Definitions
from monitor.notation import number
from monitor.refresh.models import Notice, Severity
from monitor.refresh.plausible_case import Case, Subject, counted
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import Bools, Floats
from monitor.yardstick import COMPLETE, compared

# A sum differs from CBS's own by more than this share: municipalities are missing, or counted twice.
SUM = 0.01
# A mean may differ from CBS's own by so many times the largest difference that the edition in force has.
TIMES = 1.5
# With fewer figures to measure by, a mean may differ by this share of it, or by two steps of what is shown.
CELLS, SHARE, STEPS = 10, 0.10, 2.0


def sums(case: Case, province_of: dict[str, str], since: int) -> list[Notice]:
    """Sums of municipalities that are not what CBS publishes for the country or a province.

    A sum says something when at least 95% of the municipalities have a value. More than 1% too much is
    ``onmogelijk``; more than 1% too little as well, apart from the share of what is missing. On the layout of before
    ``since``, provinces had other borders: there a difference that the edition in force has too is not told, and
    another one is ``onwaarschijnlijk``.

    Args:
        case: figures of class ``som`` and quantities; others are left out.
        province_of: municipality -> province; empty when unknown.
        since: the first year on the current layout.
    """
    found = []
    for subject in (s for s in case.subjects.values() if s.kind == "som" and s.id in case.cells.spans):
        off = list(_off(case, subject, province_of))
        certain = [x for x in off if x.area == COUNTRY or x.year >= since]
        doubtful = [x for x in off if not (x.area == COUNTRY or x.year >= since)]
        found += [_sum_notice(case, subject, "onmogelijk", certain)] if certain else []
        found += [_sum_notice(case, subject, "onwaarschijnlijk", doubtful)] if doubtful else []
    return found


@dataclass(frozen=True)
class _Off:
    """A sum of municipalities that is not what CBS publishes."""

    area: str
    year: int
    ours: float
    told: float

    @property
    def share(self) -> float:
        """By which share of what CBS publishes; above zero when ours is too much."""
        return (self.ours - self.told) / self.told


def _off(case: Case, subject: Subject, province_of: dict[str, str]) -> Iterator[_Off]:
    c = case.cells
    span = c.spans[subject.id]
    place = {a: k for k, a in enumerate(c.areas)}
    belongs = np.array([province_of.get(a, "") for a in c.areas])
    for area in (COUNTRY, *sorted(set(province_of.values()))):
        if area not in place:
            continue
        members = c.municipal if area == COUNTRY else belongs == area
        # On the layout of an old year there are more municipalities than now; more than whole is whole.
        whole = len(case.current) if area == COUNTRY and case.current else int(members.sum())
        ours, told = c.after[span][:, members], c.after[span, place[area]]
        missing = np.maximum(1 - (~np.isnan(ours)).sum(axis=1) / max(whole, 1), 0.0)
        off = _relative(np.nansum(ours, axis=1), told)
        earlier = _relative(np.nansum(c.before[span][:, members], axis=1), c.before[span, place[area]])
        for k in np.flatnonzero(off_by(off, missing) & ~(np.abs(off - earlier) <= SUM)):
            yield _Off(area, int(c.years[span][k]), float(np.nansum(ours[k])), float(told[k]))


def off_by(share: Floats, missing: Floats) -> Bools:
    """Whether sums are too far from what CBS publishes.

    Args:
        share: (ours - CBS's) / CBS's; NaN when unknown.
        missing: the share of municipalities without a value, 0-1; above 5% a sum says nothing.
    """
    found: Bools = (missing <= 1 - COMPLETE) & ((share > SUM) | (share < -SUM - missing))
    return found


def _relative(ours: Floats, told: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(told > 0, (ours - told) / told, np.nan)
    return found


def _sum_notice(case: Case, subject: Subject, severity: Severity, off: list[_Off]) -> Notice:
    worst = max(off, key=lambda x: abs(x.share))
    area = case.name(worst.area)
    text = f"de gemeenten tellen voor {area} in {worst.year} op tot {subject.show(worst.ours)}, CBS zelf geeft "
    size = number(100 * abs(worst.share), 1)
    text += f"{subject.show(worst.told)} ({size}% {'te veel' if worst.share > 0 else 'te weinig'})"
    rest = len(off) - 1
    text += f"; zo is het ook bij nog {counted(rest, 'optelling', 'optellingen')}" if rest else ""
    return subject.notice(severity, f"{text}.", worst.area, worst.year)


def means(
    definitions: Definitions,
    case: Case,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    weights: tuple[pd.DataFrame, pd.DataFrame],
    areas: pd.DataFrame,
) -> list[Notice]:
    """Weighted means of municipalities that lie further from what CBS publishes than they ever did.

    Measured with the yardstick of the monitor (monitor/yardstick.py), at a coverage of at least 95% of the weight.
    Allowed is 1.5 times the largest difference of that figure in the edition in force; where that has fewer than ten
    to measure by, a tenth of the value or two steps of what is shown. Anything beyond: ``onwaarschijnlijk``.

    Args:
        definitions: classes and weights.
        case: for the words.
        frames: published rows before and after.
        weights: quantities before and after: quantity, area, year, value.
        areas: the layout, as in an edition.
    """
    old, new = (_compared(definitions, rows, counts, areas) for rows, counts in zip(frames, weights, strict=True))
    if new.empty:
        return []
    known = {str(name): g["off"].to_numpy(dtype=np.float64) for name, g in old.groupby("indicator")}
    keys = ["indicator", "area", "year"]
    told = new.merge(old[[*keys, "off"]], on=keys, how="left", suffixes=("", "_before"))
    found = []
    for name, own in told.groupby("indicator", sort=True):
        subject = case.subjects[str(name)]
        allowed = allowance(known.get(str(name), np.empty(0)), own["value_cbs"].to_numpy(), subject.step)
        # A figure that was as far off before is nothing new.
        beyond = (own["off"].to_numpy() > allowed) & ~(own["off"] <= own["off_before"] + subject.step / 2).to_numpy()
        if beyond.any():
            found.append(_mean_notice(case, subject, own[beyond]))
    return found


def allowance(earlier: Floats, told: Floats, step: float) -> Floats:
    """How far each mean may lie from what CBS publishes.

    Args:
        earlier: the differences that the edition in force has.
        told: what CBS publishes.
        step: the smallest difference that the figure shows.
    """
    if len(earlier) >= CELLS:
        return np.full(len(told), max(TIMES * float(earlier.max()), step))
    return np.maximum(SHARE * np.abs(told), STEPS * step)


def _compared(definitions: Definitions, rows: pd.DataFrame, counts: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    there = set(counts["quantity"].astype(str).unique())
    weighted = {i.id for i in definitions.indicators if i.aggregation.weight in there}
    rows = rows[rows["indicator"].isin(weighted) & np.isfinite(rows["value"])]
    if rows.empty or counts.empty:
        return pd.DataFrame(columns=["indicator", "area", "year", "value", "value_cbs", "off"])
    return compared(definitions, Snapshot(Path(), rows, counts, areas, {}))


def _mean_notice(case: Case, subject: Subject, off: pd.DataFrame) -> Notice:
    worst = off.sort_values("off", ascending=False, kind="stable").iloc[0]
    area, year = str(worst["area"]), int(worst["year"])
    ours, told = subject.show(float(worst["value"])), subject.show(float(worst["value_cbs"]))
    text = f"de gemeenten geven voor {case.name(area)} in {year} samen {ours}, CBS zelf geeft {told}"
    rest = len(off) - 1
    text += f"; zo is het ook bij nog {counted(rest, 'gebied of jaar', 'gebieden of jaren')}" if rest else ""
    return subject.notice("onwaarschijnlijk", f"{text}.", area, year)
