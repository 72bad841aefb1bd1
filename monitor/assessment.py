"""One value of one area, with what may be said about it. Screens, exports and command line all ask this.

Values, benchmark and judgement come together here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from monitor.definitions import Definitions, Indicator, Member, Region, SourceTable
from monitor.errors import UnknownName
from monitor.notation import rounded
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to, with_candidate
from monitor.snapshot.store import Snapshot
from monitor.statistics.change import Change, change
from monitor.statistics.judge import ALONE, REASONS, UNUSABLE, Judgement, Rule, judge

BenchmarkId = Literal["nederland", "provincie", "elf-regios", "vergelijkbaar"]
BENCHMARKS: tuple[BenchmarkId, ...] = ("nederland", "provincie", "elf-regios", "vergelijkbaar")
# What stands in a sentence about several regions at once.
BENCHMARK_NAMES: dict[BenchmarkId, str] = {
    "nederland": "Nederland",
    "provincie": "de eigen provincie",
    "elf-regios": "de elf regio’s samen",
    "vergelijkbaar": "vergelijkbare regio’s",
}
FINAL = "definitief"
_BASIS = {
    "cbs": "zoals CBS het publiceert",
    "provincies": "gewogen gemiddelde van de 12 provincies",
    "gemeenten": "berekend uit de gemeenten",
}


def benchmark_id(name: str | None) -> BenchmarkId:
    """The benchmark of a link; the Netherlands when it names none."""
    return next((b for b in BENCHMARKS if b == name), "nederland")


def in_link(benchmark: BenchmarkId) -> str | None:
    """A benchmark as it stands in a link: the default one not at all."""
    return None if benchmark == "nederland" else benchmark


def file_suffix(benchmark: BenchmarkId) -> str:
    """What tells files with another benchmark apart by their name."""
    return "" if benchmark == "nederland" else f"-{benchmark}"


@dataclass(frozen=True)
class Value:
    """One observation, ready to show. NaN means unknown; coverage is 0-1; ``known`` municipalities have a value."""

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
    known: int = 1

    @property
    def provisional(self) -> bool:
        """Whether the publisher may still revise it."""
        return self.status not in ("", FINAL)

    @property
    def half_width(self) -> float:
        """Half the 95% interval, NaN without."""
        return (self.upper - self.lower) / 2

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
        int(row["members"]) - len(str(row["missing"]).split()),
    )


def benchmark_area(region: Region, benchmark: BenchmarkId, snapshot: Snapshot) -> tuple[str, str]:
    """Return code and name of a benchmark, as it stands in a sentence."""
    if benchmark == "vergelijkbaar":
        return comparable_to(region.id), "vergelijkbare regio’s"
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
    return _judged(snapshot, indicator, region.province, own, code, name, benchmark)


def _judged(
    snapshot: Snapshot, indicator: Indicator, province_code: str, own: Value, code: str, name: str, kind: BenchmarkId
) -> Assessment:
    """Hold a regional value against its benchmark."""
    other = value_of(snapshot, indicator, code, own.year, name)
    province = value_of(snapshot, indicator, province_code, own.year)
    half = province.half_width if province.basis == "cbs" else math.nan
    judgement = judge(
        rule_for(indicator, snapshot),
        own.value,
        other.value,
        lower=own.lower,
        upper=own.upper,
        coverage=own.coverage,
        province_half_width=half,
        unusable=bool(indicator.unusable_for(own.area)),
        members=own.known,
        # The other benchmarks hold the region itself, or are the whole country.
        benchmark_half_width=other.half_width if kind == "vergelijkbaar" else math.nan,
        provisional=own.provisional,
    )
    return Assessment(indicator, own, other, kind, judgement)


def assess_with(
    snapshot: Snapshot, indicator: Indicator, region: Region, candidate: Member, year: int, benchmark: BenchmarkId
) -> Assessment:
    """Judge a region's value as it would be with a candidate municipality counted in."""
    name = f"{region.name} met {candidate.name}"
    own = value_of(snapshot, indicator, with_candidate(region.id, candidate.code), year, name)
    return _judged(snapshot, indicator, region.province, own, *benchmark_area(region, benchmark, snapshot), benchmark)


def assess_municipality(
    snapshot: Snapshot,
    indicator: Indicator,
    code: str,
    year: int,
    benchmark: tuple[str, str] = (COUNTRY, "Nederland"),
    *,
    sample: bool = False,
) -> Assessment:
    """Judge a municipality's value against a benchmark: code and name of its area.

    ``sample``: the benchmark is a sample of other people, whose margin counts as well.

    An estimate without a margin is not judged: for a single municipality not even the province's margin says how
    certain it is. Nor is a figure of class ``geen``, for which no smallest relevant difference exists.
    """
    own = value_of(snapshot, indicator, code, year)
    other = value_of(snapshot, indicator, benchmark[0], year, benchmark[1])
    rule = rule_for(indicator, snapshot)
    judgement = judge(
        rule,
        own.value,
        other.value,
        lower=own.lower,
        upper=own.upper,
        coverage=own.coverage,
        unusable=bool(indicator.unusable_for(code, (code,))),
        members=own.known,
        benchmark_half_width=other.half_width if sample else math.nan,
        provisional=own.provisional,
    )
    if judgement.reason == REASONS[ALONE]:
        judgement = replace(judgement, reason="het is een schatting zonder marge")
    if rule.kind == "geen":
        judgement = replace(judgement, reason="voor dit cijfer is niet te zeggen welk verschil ertoe doet")
    return Assessment(indicator, own, other, "nederland", judgement)


def years_for(snapshot: Snapshot, indicator: Indicator, areas: Sequence[str]) -> list[int]:
    """Years in which at least one of these areas has a value, in order."""
    rows = snapshot.indicator(indicator.id)
    rows = rows[rows["area"].isin(list(areas)) & rows["value"].notna()]
    return sorted(int(y) for y in rows["year"].unique())


def nearest_year(years: Sequence[int], asked: int) -> int | None:
    """The year nearest to the one asked for, of two the later; None when there are none."""
    return min(years, key=lambda y: (abs(y - asked), -y)) if years else None


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


def trend_refused(indicator: Indicator) -> str:
    """Why a change of this figure is never judged, as it stands in a sentence; empty when it may be."""
    why = indicator.no_trend or ""
    return why[:1].lower() + why[1:].rstrip(".")


def change_of(
    snapshot: Snapshot, indicator: Indicator, area: str, since: int | None = None, until: int | None = None
) -> Change:
    """Say what an area's years tell: a trend, or with fewer years (or ``since``) a change between two of them.

    ``until``: the last year that counts; None for all.
    """
    breaks = [b.year for b in indicator.breaks]
    series = snapshot.series(indicator.id, area)
    if until is not None:
        series = series[series["year"] <= until]
    refused = REASONS[UNUSABLE] if indicator.unusable_for(area) else trend_refused(indicator)
    return change(rule_for(indicator, snapshot), series, breaks, refused, since)


def spread(snapshot: Snapshot, indicator: Indicator, region: Region, year: int) -> list[Value]:
    """Return the region's municipalities that have a value, lowest first."""
    values = [value_of(snapshot, indicator, m.code, year, m.name) for m in region.members if m.membership == "lid"]
    return sorted((v for v in values if not math.isnan(v.value)), key=lambda v: v.value)


def source_table(definitions: Definitions, value: Value) -> SourceTable | None:
    """Return the table that a value comes from; None for an unknown value."""
    return definitions.table(value.source) if value.source else None
