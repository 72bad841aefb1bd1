"""Compose lines over the years."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor import assessment as asm
from monitor import sentences
from monitor.assessment import BenchmarkId
from monitor.definitions import Indicator, Region
from monitor.errors import Refused
from monitor.figures.gather import Gatherer
from monitor.figures.spec import Role, Series, TrendFigure
from monitor.snapshot.derive import COUNTRY
from monitor.state import State


def compose_trend(
    g: Gatherer, indicator: Indicator, regions: Sequence[Region], benchmark: BenchmarkId = "nederland"
) -> TrendFigure:
    """Lines over the years: the chosen regions, the others thin, the Netherlands.

    Raises:
        Refused: the figure may not be added up to regions.
    """
    if indicator.aggregation.kind == "geen":
        raise Refused(
            f"{indicator.name} bestaat niet voor een regio. {indicator.aggregation.reason}",
            "Bekijk de gemeenten op de kaart.",
        )
    chosen = [r.id for r in regions]
    series = [_series(g, indicator, r.id, r.name, "gekozen") for r in regions]
    series += [_series(g, indicator, r.id, r.name, "overig") for r in g.definitions.regions if r.id not in chosen]
    code, name = COUNTRY, "Nederland"
    if benchmark != "nederland" and regions:
        code, name = asm.benchmark_area(regions[0], benchmark, g.snapshot)
        name = name.removeprefix("de provincie ") if benchmark == "provincie" else name.removeprefix("de ").capitalize()
    series.append(_series(g, indicator, code, name, "land"))
    years = g.snapshot.years(indicator.id)
    breaks = tuple((b.year, b.reason) for b in indicator.breaks if years[0] < b.year <= years[-1])
    said = " ".join(_movements(g, indicator, regions))
    if len(years) == 1:
        said = f"Van dit cijfer is er één jaar ({years[0]}); over een verandering is niets te zeggen."
    elif not regions:
        said = "Kies een of meer regio’s om hun lijn in kleur te zien."
    # Without a change to tell, the text for who cannot see the lines has no number yet.
    told = len(years) > 1 and any(c.isdigit() for c in said)
    last = "" if told else _last(series, indicator)
    first_chosen = (chosen or [COUNTRY])[0]
    shown = [asm.value_of(g.snapshot, indicator, first_chosen, y) for y in reversed(years)]
    country = asm.value_of(g.snapshot, indicator, COUNTRY, years[-1]) if code == COUNTRY else None
    return TrendFigure(
        name=f"trend-{indicator.id}-{years[0]}-{years[-1]}",
        title=f"{indicator.caption}, {years[0]}-{years[-1]}" if len(years) > 1 else f"{indicator.caption}, {years[0]}",
        sentence=said,
        alt=f"Lijnen per regio door de jaren. {said} {last}Alle waarden staan in de tabel.",
        unit=indicator.unit,
        decimals=indicator.decimals,
        caption=indicator.caption,
        rows=tuple(r for s in _table_order(series) for r in s.rows),
        source=g.source(shown),
        edition=g.snapshot.edition,
        link=State(
            "trends",
            tuple(chosen),
            indicator.id,
            None,
            None,
            None if benchmark == "nederland" else benchmark,
        ).link(),
        notes=(
            *(f"Breuk in {y}. {reason}" for y, reason in breaks),
            *_tests(g, indicator, regions),
            *g.notes(indicator, shown[0], country),
        ),
        series=tuple(series),
        breaks=breaks,
    )


def _series(g: Gatherer, indicator: Indicator, area: str, name: str, role: Role) -> Series:
    frame = g.snapshot.series(indicator.id, area)
    values = [asm.value_of(g.snapshot, indicator, area, int(y), name) for y in frame["year"]]
    region = area if role != "land" else ""
    return Series(area, name, role, tuple(g.row(indicator, v, region=region) for v in values))


def _movements(g: Gatherer, indicator: Indicator, regions: Sequence[Region]) -> list[str]:
    said = []
    for region in regions:
        c = asm.change_of(g.snapshot, indicator, region.id)
        first = asm.value_of(g.snapshot, indicator, region.id, c.first).value
        last = asm.value_of(g.snapshot, indicator, region.id, c.last).value
        said.append(sentences.movement(indicator, region, c, first, last))
    if len(regions) == 1:
        own, country = (asm.change_of(g.snapshot, indicator, area) for area in (regions[0].id, COUNTRY))
        said.append(sentences.country_too(own, country))
    return [s for s in said if s]


def _tests(g: Gatherer, indicator: Indicator, regions: Sequence[Region]) -> list[str]:
    """By which test the trends of the chosen regions were judged."""
    told = [(r.name, sentences.test_of(indicator, asm.change_of(g.snapshot, indicator, r.id))) for r in regions]
    return [f"Trend {name}: {said}." for name, said in told if said]


def _table_order(series: Sequence[Series]) -> list[Series]:
    rank = {"gekozen": 0, "land": 1, "overig": 2}
    return sorted(series, key=lambda s: rank[s.role])


def _last(series: Sequence[Series], indicator: Indicator) -> str:
    """The last value of the first line that has one: of a single year the sentence of a change says no number."""
    for s in series:
        known = [r for r in s.rows if not math.isnan(r.value)]
        if known:
            return f"{s.name}: {sentences.shown(indicator, known[-1].value)} ({known[-1].year}). "
    return ""
