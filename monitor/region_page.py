"""What the page of one region contains: figures and voices per goal, paired so that the eye compares them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.assessment import BenchmarkId
from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.dialogue.hold import Held, hold
from monitor.figures import svg
from monitor.figures.compose import Composer
from monitor.figures.spec import Row, StripFigure
from monitor.notation import listing, number
from monitor.snapshot.store import Snapshot
from monitor.statistics.judge import Outcome

Voice = tuple[Finding, tuple[Held, ...]]


@dataclass(frozen=True)
class Pair:
    """A figure and what was said about it."""

    indicator: Indicator
    figure: StripFigure
    spark: str
    how: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True)
class GoalBlock:
    """One goal: pairs of figure and voice, and voices that no figure here goes with."""

    goal: Goal
    pairs: tuple[Pair, ...]
    others: tuple[Voice, ...]


@dataclass(frozen=True)
class RegionPage:
    """Everything on the page of a region; ``common`` are the voices that belong to several goals and no figure."""

    summary: str
    inhabitants: str
    population: dict[str, float]
    counts: tuple[tuple[Outcome, int], ...]
    benchmark: str
    rows: tuple[Row, ...]
    goals: tuple[GoalBlock, ...]
    common: tuple[Voice, ...]


def compose_region(
    definitions: Definitions, snapshot: Snapshot, composer: Composer, region: Region, benchmark: BenchmarkId
) -> RegionPage:
    """Gather a region's page.

    Every finding stands on the page once: beside the first figure that it concerns, else under its goal, and
    when it concerns several goals and no figure, at the end.
    """
    figures = {i.id: composer.strip(i, region, None, benchmark) for i in definitions.indicators}
    waiting = [(f, hold(definitions, snapshot, f, region)) for f in definitions.findings_for(region.id)]
    blocks = []
    for goal in definitions.goals:
        pairs = []
        for i in (i for i in definitions.indicators if goal.id in i.goals):
            here = [(f, h) for f, h in waiting if goal.id in f.goals and i.id in {x.id for x in f.indicators}]
            waiting = [v for v in waiting if v not in here]
            pairs.append(_pair(snapshot, composer, i, region, figures[i.id], tuple(here)))
        blocks.append((goal, tuple(pairs)))
    goals = tuple(
        GoalBlock(goal, pairs, tuple(v for v in waiting if v[0].goals == (goal.id,))) for goal, pairs in blocks
    )
    common = tuple(v for v in waiting if len(v[0].goals) > 1)
    outcomes = Counter(
        f.region.outcome if f.region and f.region.outcome else "niet te beoordelen" for f in figures.values()
    )
    order: tuple[Outcome, ...] = (
        "ongunstiger",
        "vergelijkbaar",
        "gunstiger",
        "hoger",
        "lager",
        "niet te beoordelen",
    )
    population = _population(snapshot, region)
    total = sum(population[c] for c in region.codes)
    _, name = asm.benchmark_area(region, benchmark, snapshot)
    return RegionPage(
        summary=_summary(definitions, figures, region, name),
        inhabitants=f"{number(total, 0)} inwoners",
        population=population,
        counts=tuple((o, outcomes[o]) for o in order if outcomes[o]),
        benchmark=name,
        rows=tuple(f.region for f in figures.values() if f.region),
        goals=goals,
        common=common,
    )


def _pair(
    snapshot: Snapshot,
    composer: Composer,
    i: Indicator,
    region: Region,
    figure: StripFigure,
    voices: tuple[Voice, ...],
) -> Pair:
    if i.aggregation.kind == "geen":
        spark = '<p class="nosp">Geen lijn: dit cijfer bestaat niet voor een regio.</p>'
    else:
        trend = composer.trend(i, [region])
        own = next(s for s in trend.series if s.role == "gekozen")
        land = next(s for s in trend.series if s.role == "land")
        spark = svg.sparkline(own, land, [y for y, _ in trend.breaks], trend.sentence)
    year = figure.rows[0].year
    shown = asm.value_of(snapshot, i, region.id, year)
    if not shown.status:
        shown = asm.value_of(snapshot, i, region.codes[0], year)
    return Pair(i, figure, spark, sentences.year_and_method(i, shown), voices)


def _population(snapshot: Snapshot, region: Region) -> dict[str, float]:
    """Inhabitants of members and candidates on 1 January of the last year."""
    w = snapshot.weights
    rows = w[(w["quantity"] == "inwoners") & (w["year"] == w.loc[w["quantity"] == "inwoners", "year"].max())]
    counts = dict(zip(rows["area"].astype(str), rows["value"], strict=True))
    return {m.code: float(counts.get(m.code, math.nan)) for m in region.members}


def _summary(definitions: Definitions, figures: dict[str, StripFigure], region: Region, benchmark: str) -> str:
    """Two sentences: what is less and what is more favourable than the benchmark, in words per figure."""

    def told(outcome: str) -> list[str]:
        said = []
        for key, figure in figures.items():
            own, indicator = figure.region, definitions.indicator(key)
            if own is None or own.outcome != outcome:
                continue
            words = indicator.when_worse if outcome == "ongunstiger" else indicator.when_better
            hint = "waarschijnlijk " if own.word.startswith("indicatief") else ""
            said.append(f"{hint}{words}")
        return said

    worse, better = told("ongunstiger"), told("gunstiger")
    sentences_ = []
    if worse:
        sentences_.append(f"Minder goed dan in {benchmark}: {listing(worse)}.")
    if better:
        sentences_.append(f"Beter dan in {benchmark}: {listing(better)}.")
    return " ".join(sentences_) or f"Op geen van deze cijfers wijkt {region.spoken} duidelijk af van {benchmark}."
