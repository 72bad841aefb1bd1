"""One value of one area, with what may be said about it. Screens, exports and command line all ask this.

Values, benchmark and judgement come together here and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from monitor.definitions import Definitions, Indicator, Region, SourceTable
from monitor.errors import UnknownName
from monitor.notation import rounded
from monitor.snapshot.derive import COUNTRY, ELEVEN
from monitor.snapshot.store import Snapshot
from monitor.statistics.change import Change, change
from monitor.statistics.judge import Judgement, Rule, judge

BenchmarkId = Literal["nederland", "provincie", "elf-regios"]
BENCHMARKS: tuple[BenchmarkId, ...] = ("nederland", "provincie", "elf-regios")
_BASIS = {
    "cbs": "zoals CBS het publiceert",
    "provincies": "gemiddelde van de 12 provincies, gewogen naar inwoners",
    "gemeenten": "berekend uit de gemeenten",
}


@dataclass(frozen=True)
class Value:
    """One observation, ready to show. NaN means unknown; coverage is 0-1."""

    area: str
    name: str
    year: int
    value: float
    lower: float
    upper: float
    coverage: float
    missing: tuple[str, ...]
    status: str
    source: str
    basis: str
    weight_year: int

    @property
    def basis_text(self) -> str:
        """How the value came about, in words."""
        return _BASIS.get(self.basis, "")


@dataclass(frozen=True)
class Assessment:
    """A region's value, the benchmark and the judgement."""

    indicator: Indicator
    value: Value
    benchmark: Value
    benchmark_id: BenchmarkId
    judgement: Judgement


def rule_for(indicator: Indicator, snapshot: Snapshot) -> Rule:
    """Return the judgement rule of an indicator: its own smallest relevant difference, else the edition's.

    The edition's is rounded to what the figure shows, and is at least one step of that: the number that a reader
    sees in a legend is the number that decides.
    """
    own = indicator.relevant_difference
    computed = rounded(snapshot.relevant_difference(indicator.id), indicator.decimals)
    relevant = own.value if own else max(computed, 10.0**-indicator.decimals)
    return Rule(
        kind=indicator.aggregation.kind,
        method=indicator.method,
        direction=indicator.direction,
        relevant=0.0 if math.isnan(relevant) else relevant,
        judge_as=indicator.judge_as,
    )


def value_of(snapshot: Snapshot, indicator: Indicator, area: str, year: int, name: str = "") -> Value:
    """Return an observation; an unknown one has value NaN and coverage 0."""
    row = snapshot.row(indicator.id, area, year)
    label = name or snapshot.names.get(area, area)
    if row is None:
        return Value(area, label, year, math.nan, math.nan, math.nan, 0.0, (), "", "", "", 0)
    return Value(
        area,
        label,
        year,
        float(row["value"]),
        float(row["lower"]),
        float(row["upper"]),
        float(row["coverage"]),
        tuple(str(row["missing"]).split()),
        str(row["status"]),
        str(row["source"]),
        str(row["basis"]),
        int(row["weight_year"]),
    )


def benchmark_area(region: Region, benchmark: BenchmarkId, snapshot: Snapshot) -> tuple[str, str]:
    """Return code and name of a benchmark, as it stands in a sentence."""
    if benchmark == "provincie":
        return region.province, f"de provincie {snapshot.names[region.province]}"
    if benchmark == "elf-regios":
        return ELEVEN, "de elf regio’s samen"
    return COUNTRY, "Nederland"


def assess(
    snapshot: Snapshot,
    indicator: Indicator,
    region: Region,
    year: int | None = None,
    benchmark: BenchmarkId = "nederland",
) -> Assessment:
    """Judge a region's value.

    Args:
        snapshot: the edition in force.
        indicator: the figure.
        region: one of the 11.
        year: a year of the indicator; None for the last.
        benchmark: what to hold it against.

    Raises:
        UnknownName: the indicator has no figures for that year.
    """
    chosen = check_year(snapshot, indicator, year)
    own = value_of(snapshot, indicator, region.id, chosen, region.name)
    code, name = benchmark_area(region, benchmark, snapshot)
    other = value_of(snapshot, indicator, code, chosen, name)
    province = value_of(snapshot, indicator, region.province, chosen)
    half = (province.upper - province.lower) / 2 if province.basis == "cbs" else math.nan
    judgement = judge(
        rule_for(indicator, snapshot),
        own.value,
        other.value,
        lower=own.lower,
        upper=own.upper,
        coverage=own.coverage,
        province_half_width=half,
    )
    return Assessment(indicator, own, other, benchmark, judgement)


def check_year(snapshot: Snapshot, indicator: Indicator, year: int | None) -> int:
    """Return the year, or the last one for None.

    Raises:
        UnknownName: there are no figures for that year; the years that exist are named.
    """
    years = snapshot.years(indicator.id)
    if not years:
        raise UnknownName(f"'{indicator.id}' heeft in deze editie geen cijfers.", "Kies een andere indicator.")
    if year is None:
        return years[-1]
    if year not in years:
        raise UnknownName(
            f"'{indicator.id}' heeft geen cijfers over {year}.", f"Wel over: {', '.join(map(str, years))}."
        )
    return year


def change_of(snapshot: Snapshot, indicator: Indicator, area: str) -> Change:
    """Say how an area's value changed between its first and last comparable year."""
    return change(
        rule_for(indicator, snapshot), snapshot.series(indicator.id, area), [b.year for b in indicator.breaks]
    )


def spread(snapshot: Snapshot, indicator: Indicator, region: Region, year: int) -> list[Value]:
    """Return the region's municipalities that have a value, lowest first."""
    values = [value_of(snapshot, indicator, m.code, year, m.name) for m in region.members if m.membership == "lid"]
    return sorted((v for v in values if not math.isnan(v.value)), key=lambda v: v.value)


def source_table(definitions: Definitions, value: Value) -> SourceTable | None:
    """Return the table that a value comes from; None for an unknown value."""
    return definitions.table(value.source) if value.source else None
