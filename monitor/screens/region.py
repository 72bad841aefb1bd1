"""What the page of one region contains: figures and voices per goal, paired so that the eye compares them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.assessment import BenchmarkId
from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.definitions.models import Theme
from monitor.dialogue.hold import Held, hold
from monitor.figures import svg
from monitor.figures.compose import Composer
from monitor.figures.spec import Row, StripFigure
from monitor.notation import listing, number
from monitor.snapshot.store import Snapshot
from monitor.statistics.judge import Outcome

Voice = tuple[Finding, tuple[Held, ...]]


@dataclass(frozen=True)
class Aside:
    """A value beside a figure of the region: an age group, or the region with a candidate counted in."""

    label: str
    row: Row
    text: str
    benchmark: str


@dataclass(frozen=True)
class Pair:
    """A figure and what was said about it; ``groups`` are age groups, ``candidates`` other compositions.

    ``tension``: what was said that the figure cannot show and that stands elsewhere on the page.
    """

    indicator: Indicator
    figure: StripFigure
    spark: str
    how: str
    voices: tuple[Voice, ...]
    groups: tuple[Aside, ...]
    candidates: tuple[Aside, ...]
    tension: str


@dataclass(frozen=True)
class Also:
    """A figure that is told in one line: value as text ('–' without) and the judgement in ``row``."""

    indicator: Indicator
    row: Row
    text: str
    tension: str = ""


@dataclass(frozen=True)
class GoalBlock:
    """One goal: pairs of figure and voice, other figures per theme, and voices that no figure here goes with."""

    goal: Goal
    pairs: tuple[Pair, ...]
    also: tuple[tuple[Theme, tuple[Also, ...]], ...]
    others: tuple[Voice, ...]


@dataclass(frozen=True)
class RegionPage:
    """Everything on the page of a region.

    ``counts`` are over the core figures, of which there are ``core``. ``common`` are the voices that belong to
    several goals and no figure; ``everywhere`` those of all regions that stand beside no figure here.
    """

    summary: str
    inhabitants: str
    population: dict[str, float]
    core: int
    counts: tuple[tuple[Outcome, int], ...]
    benchmark: str
    rows: tuple[Row, ...]
    goals: tuple[GoalBlock, ...]
    common: tuple[Voice, ...]
    everywhere: tuple[Voice, ...]


def compose_region(
    definitions: Definitions, snapshot: Snapshot, composer: Composer, region: Region, benchmark: BenchmarkId
) -> RegionPage:
    """Gather a region's page.

    A figure gets a block when it is a core figure, or when something was said of it in this region; the others are
    told in one line. Every finding stands on the page once: beside the first figure that it concerns, core figures
    first, else under its goal, and when it concerns several goals and no figure, at the end.
    """
    waiting = [(f, hold(definitions, snapshot, f, region, benchmark)) for f in definitions.findings_for(region.id)]
    # An earlier edition may lack a figure: it gets no block, and what was said of it stands without one.
    whole = [i for i in definitions.indicators if not i.part_of and snapshot.years(i.id)]
    blocks = {i.id: composer.strip(i, region, None, benchmark) for i in whole if i.core}
    beside: dict[tuple[int, str], list[Voice]] = {}
    rest: list[Voice] = []
    for voice in waiting:
        place = _place(definitions, snapshot, voice[0])
        if place is None:
            rest.append(voice)
            continue
        beside.setdefault(place, []).append(voice)
        if place[1] not in blocks:
            blocks[place[1]] = composer.strip(definitions.indicator(place[1]), region, None, benchmark)
    goals = []
    for goal in definitions.goals:
        own = [i for i in whole if goal.id in i.goals]
        # What was said of a figure stands in one goal; the figure itself stands there too.
        shown = [i for i in own if (i.core and goal.id == min(i.goals)) or (goal.id, i.id) in beside]
        pairs = tuple(
            _pair(definitions, snapshot, composer, i, region, blocks[i.id], benchmark, beside.get((goal.id, i.id), []))
            for i in shown
        )
        also = [
            (theme, tuple(_also(composer, i, region, benchmark) for i in own if i.theme == theme.id and i not in shown))
            for theme in definitions.themes
        ]
        others = tuple(v for v in rest if v[0].goals == (goal.id,) and not v[0].common)
        goals.append(GoalBlock(goal, pairs, tuple((t, a) for t, a in also if a), others))
    core = {k: f for k, f in blocks.items() if definitions.indicator(k).core}
    outcomes = Counter(
        f.region.outcome if f.region and f.region.outcome else "niet te beoordelen" for f in core.values()
    )
    population = population_of(snapshot, region)
    _, name = asm.benchmark_area(region, benchmark, snapshot)
    return RegionPage(
        summary=_summary(definitions, snapshot, core, region, name),
        inhabitants=inhabitants_of(population, region),
        population=population,
        core=len(core),
        counts=tuple((o, outcomes[o]) for o in _ORDER if outcomes[o]),
        benchmark=name,
        rows=tuple(p.figure.region for g in goals for p in g.pairs if p.figure.region),
        goals=tuple(goals),
        common=tuple(v for v in rest if len(v[0].goals) > 1 and not v[0].common),
        everywhere=tuple(v for v in rest if v[0].common),
    )


# So many differences are named in the summary; the rest is counted.
_TOLD = 4
_ORDER: tuple[Outcome, ...] = ("ongunstiger", "vergelijkbaar", "gunstiger", "hoger", "lager", "niet te beoordelen")


def _place(definitions: Definitions, snapshot: Snapshot, finding: Finding) -> tuple[int, str] | None:
    """The goal and figure beside which a finding stands.

    A finding about all regions goes only beside a core figure: else every page would carry it beside another.
    """
    concerned = [definitions.indicator(x.id) for x in finding.indicators]
    concerned = [definitions.indicator(i.part_of) if i.part_of else i for i in concerned]
    usable = [i for i in concerned if (i.core or not finding.common) and snapshot.years(i.id)]
    for i in sorted(usable, key=lambda i: not i.core):
        goals = [g for g in finding.goals if g in i.goals]
        if goals:
            return goals[0], i.id
    return None


def _pair(
    definitions: Definitions,
    snapshot: Snapshot,
    composer: Composer,
    i: Indicator,
    region: Region,
    figure: StripFigure,
    benchmark: BenchmarkId,
    voices: list[Voice],
) -> Pair:
    if i.aggregation.kind == "geen":
        spark = '<p class="nosp">Geen lijn: dit cijfer bestaat niet voor een regio.</p>'
    else:
        trend = composer.trend(i, [region], benchmark)
        own = next(s for s in trend.series if s.role == "gekozen")
        land = next(s for s in trend.series if s.role == "land")
        said = sentences.marker(asm.change_of(snapshot, i, region.id))
        spark = svg.sparkline(own, land, [y for y, _ in trend.breaks], trend.sentence, said)
    year = figure.rows[0].year
    shown = asm.value_of(snapshot, i, region.id, year)
    if not shown.status:
        shown = asm.value_of(snapshot, i, region.codes[0], year)
    parts = [p for p in definitions.indicators if p.part_of == i.id and snapshot.years(p.id)]
    groups = [_also(composer, p, region, benchmark) for p in parts]
    return Pair(
        i,
        figure,
        spark,
        sentences.year_and_method(i, shown),
        tuple(voices),
        tuple(_group(snapshot, g, region, benchmark) for g in groups),
        _candidates(snapshot, composer, i, region, year, benchmark),
        sentences.tension([f for f in definitions.tensions(i.id, [region.id]) if f not in {v[0] for v in voices}]),
    )


def _group(snapshot: Snapshot, also: Also, region: Region, benchmark: BenchmarkId) -> Aside:
    code, name = asm.benchmark_area(region, benchmark, snapshot)
    value = asm.value_of(snapshot, also.indicator, code, also.row.year).value
    told = "" if math.isnan(value) else f"{name} {sentences.shown(also.indicator, value)}"
    return Aside(str(also.indicator.group), also.row, also.text, told)


def _candidates(
    snapshot: Snapshot, composer: Composer, i: Indicator, region: Region, year: int, benchmark: BenchmarkId
) -> tuple[Aside, ...]:
    """The region's value with each of its candidates counted in; none for figures without a regional value."""
    if i.aggregation.kind == "geen":
        return ()
    made = []
    for candidate in region.candidates:
        a = asm.assess_with(snapshot, i, region, candidate, year, benchmark)
        row = composer.row(i, a.value, a, region.id)
        made.append(Aside(candidate.name, row, sentences.shown(i, a.value.value), ""))
    return tuple(made)


def _also(composer: Composer, i: Indicator, region: Region, benchmark: BenchmarkId) -> Also:
    a = asm.assess(composer.snapshot, i, region, None, benchmark)
    row = composer.row(i, a.value, a, region.id)
    tension = composer.tension(i, region.id)
    if i.aggregation.kind != "geen":
        return Also(i, row, "–" if math.isnan(a.value.value) else sentences.shown(i, a.value.value), tension)
    spread = asm.spread(composer.snapshot, i, region, a.value.year)
    text = f"{sentences.shown(i, spread[0].value)} tot {sentences.shown(i, spread[-1].value)}" if spread else "–"
    return Also(i, row, text, tension)


def inhabitants_of(population: Mapping[str, float], region: Region) -> str:
    """How many people live in a region, as text; ``population`` as from ``population_of``."""
    return f"{number(sum(population[c] for c in region.codes), 0)} inwoners"


def population_year(snapshot: Snapshot) -> int:
    """The last year for which inhabitants are known."""
    w = snapshot.weights
    return int(w.loc[w["quantity"] == "inwoners", "year"].max())


def population_of(snapshot: Snapshot, region: Region) -> dict[str, float]:
    """Inhabitants of members and candidates on 1 January of the last year."""
    w = snapshot.weights
    rows = w[(w["quantity"] == "inwoners") & (w["year"] == population_year(snapshot))]
    counts = dict(zip(rows["area"].astype(str), rows["value"], strict=True))
    return {m.code: float(counts.get(m.code, math.nan)) for m in region.members}


def _summary(
    definitions: Definitions, snapshot: Snapshot, figures: dict[str, StripFigure], region: Region, benchmark: str
) -> str:
    """Two sentences: what is less and what is more favourable than the benchmark, the largest differences first."""

    def told(outcome: str) -> str:
        said = []
        for key, figure in figures.items():
            own, other, indicator = figure.region, figure.benchmark, definitions.indicator(key)
            if own is None or other is None or own.outcome != outcome:
                continue
            words = indicator.when_worse if outcome == "ongunstiger" else indicator.when_better
            hint = "waarschijnlijk " if own.word.startswith("indicatief") else ""
            said.append((abs(own.value - other.value) / asm.rule_for(indicator, snapshot).relevant, f"{hint}{words}"))
        said.sort(key=lambda pair: -pair[0])
        words_ = [words for _, words in said[:_TOLD]]
        if len(said) > _TOLD:
            return f"{', '.join(words_)}; en nog {len(said) - _TOLD}"
        return listing(words_)

    worse, better = told("ongunstiger"), told("gunstiger")
    sentences_ = []
    if worse:
        sentences_.append(f"Minder goed dan in {benchmark}: {worse}.")
    if better:
        sentences_.append(f"Beter dan in {benchmark}: {better}.")
    return " ".join(sentences_) or f"Op geen van deze cijfers wijkt {region.spoken} duidelijk af van {benchmark}."
