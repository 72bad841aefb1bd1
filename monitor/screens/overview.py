"""What the start page contains: what stands out, one pair of figure and voice per goal, and the 11 regions."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.assessment import BenchmarkId
from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.dialogue.hold import Verdict, hold
from monitor.figures.compose import Composer
from monitor.figures.spec import Row
from monitor.notation import number
from monitor.profile import distance
from monitor.snapshot.derive import COUNTRY, ELEVEN, last_inhabitants
from monitor.snapshot.store import Snapshot
from monitor.state import State
from monitor.statistics.judge import Outcome

# The scale of a strip: this many standard deviations between COROP regions on either side of the country.
SCALE = 3.0


@dataclass(frozen=True)
class Mark:
    """One figure of a region on the scale of its goal.

    ``place``: distance from the benchmark in standard deviations between COROP regions, positive is favourable; NaN
    when the figure is not judged.
    """

    indicator: Indicator
    row: Row
    text: str
    place: float
    tension: str


@dataclass(frozen=True)
class Line:
    """One region: inhabitants, the address of its page, and per goal its marks."""

    region: Region
    inhabitants: str
    link: str
    goals: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True)
class Highlight:
    """One goal: a figure over the 11 regions, and what was said about it everywhere.

    ``verdicts`` counts in how many regions the figures confirm, contradict or do not measure the voice.
    ``tension``: what was said that the figure cannot show.
    """

    goal: Goal
    indicator: Indicator
    sentence: str
    rows: tuple[Row, ...]
    voice: Finding | None
    verdicts: tuple[tuple[Verdict, int], ...]
    tension: str


@dataclass(frozen=True)
class Overview:
    """Everything on the start page; ``benchmark`` is the name of what regions are compared with."""

    benchmark: str
    headline: str
    lead: str
    highlights: tuple[Highlight, ...]
    lines: tuple[Line, ...]
    shown: tuple[tuple[Indicator, ...], ...]


def compose_overview(
    definitions: Definitions, snapshot: Snapshot, composer: Composer, benchmark: BenchmarkId = "nederland"
) -> Overview:
    """Gather the start page: the core figures that have a direction, each in its last year, against a benchmark."""
    name = asm.BENCHMARK_NAMES[benchmark]
    core = [
        tuple(
            i
            for i in definitions.indicators
            # An earlier edition may lack a figure.
            if i.core and min(i.goals) == goal.id and i.direction != "geen" and snapshot.years(i.id)
        )
        for goal in definitions.goals
    ]
    rows = {i.id: composer.region_rows(i, snapshot.years(i.id)[-1], benchmark) for group in core for i in group}
    spoken = {x.id for f in definitions.findings if f.common for x in f.indicators}
    lines = []
    counts = last_inhabitants(snapshot.weights)
    for k, region in enumerate(definitions.regions):
        marks = tuple(tuple(_mark(composer, i, region, benchmark, rows[i.id][k]) for i in group) for group in core)
        people = sum(counts.get(c, math.nan) for c in region.codes)
        link = State("regio", (region.id,), compare=asm.in_link(benchmark)).link()
        lines.append(Line(region, f"{number(people, -3)} inwoners", link, marks))
    directed = [i for group in core for i in group]
    return Overview(
        benchmark=name,
        headline=_headline([i for i in directed if i.id in spoken] or directed, rows, name),
        lead=_lead(definitions, counts),
        highlights=tuple(
            _highlight(definitions, snapshot, composer, goal, benchmark)
            for goal in definitions.goals
            if _highlights(definitions, snapshot, goal)
        ),
        lines=tuple(lines),
        shown=tuple(core),
    )


def _mark(composer: Composer, i: Indicator, region: Region, benchmark: BenchmarkId, row: Row) -> Mark:
    a = asm.assess(composer.snapshot, i, region, row.year, benchmark)
    place = distance(composer.snapshot, i, a.judgement.difference)
    return Mark(i, row, sentences.shown(i, row.value), place, composer.tension(i, region.id))


def _count(rows: tuple[Row, ...], outcome: Outcome) -> int:
    return sum(r.outcome == outcome for r in rows)


def _headline(indicators: list[Indicator], rows: dict[str, tuple[Row, ...]], benchmark: str) -> str:
    """Of the figures that were spoken of everywhere: what is less and what is more favourable in most regions."""
    if not indicators:
        return "De cijfers van deze pagina zijn in deze editie onbekend"
    worst = max(indicators, key=lambda i: _count(rows[i.id], "ongunstiger"))
    best = max(indicators, key=lambda i: _count(rows[i.id], "gunstiger"))
    worse, better = _count(rows[worst.id], "ongunstiger"), _count(rows[best.id], "gunstiger")
    total = len(rows[worst.id])
    told = []
    if worse:
        told.append(f"{worst.when_worse} in {worse} van de {total} regio’s")
    if better:
        told.append(f"{best.when_better} in {better}{'' if told else f' van de {total} regio’s'}")
    said = ", maar ".join(told) or f"de elf regio’s wijken op deze cijfers niet duidelijk af van {benchmark}"
    return said[0].upper() + said[1:]


def _lead(definitions: Definitions, counts: dict[str, float]) -> str:
    people = sum(counts.get(c, math.nan) for r in definitions.regions for c in r.codes)
    share = 100 * people / counts[COUNTRY] if COUNTRY in counts else math.nan
    return (
        f"In de elf regio’s van het Nationaal Programma Vitale Regio’s wonen {number(people / 1e6, 1)} miljoen mensen, "
        f"{number(share, 0)}% van alle inwoners van Nederland."
    )


def _highlights(definitions: Definitions, snapshot: Snapshot, goal: Goal) -> list[Indicator]:
    """The core figures of a goal that the edition has."""
    return [i for i in definitions.indicators if i.core and min(i.goals) == goal.id and snapshot.years(i.id)]


def _highlight(
    definitions: Definitions, snapshot: Snapshot, composer: Composer, goal: Goal, benchmark: BenchmarkId
) -> Highlight:
    """One core figure of a goal: of which a voice of all regions says something that figures can confirm or deny.

    Where no voice does, one that was spoken of and that differs from the country in most regions.
    """
    group = _highlights(definitions, snapshot, goal)
    rows = {i.id: composer.region_rows(i, snapshot.years(i.id)[-1], benchmark) for i in group}
    spoken: dict[str, tuple[bool, Finding]] = {}
    for f in definitions.findings:
        if f.common and goal.id in f.goals and f.origin == "dialoog":
            for x in f.indicators:
                expected = x.expects != "meet-niet"
                if x.id not in spoken or (expected and not spoken[x.id][0]):
                    spoken[x.id] = (expected, f)

    def verdicts_on(i: Indicator) -> Counter[Verdict]:
        counted: Counter[Verdict] = Counter()
        if i.id in spoken:
            for region in definitions.regions:
                held = hold(definitions, snapshot, spoken[i.id][1], region, benchmark)
                counted.update(h.verdict for h in held if h.indicator == i.id)
        return counted

    def weight(i: Indicator) -> tuple[int, bool, bool, int]:
        counted = verdicts_on(i)
        differs = sum(r.outcome not in ("vergelijkbaar", "niet te beoordelen") for r in rows[i.id])
        measured = counted["bevestigen"] + counted["spreken tegen"]
        return measured, i.id in spoken, i.direction != "geen", differs

    chosen = max(group, key=weight)
    own = rows[chosen.id]
    voice = spoken[chosen.id][1] if chosen.id in spoken else None
    verdicts = verdicts_on(chosen)
    return Highlight(
        goal,
        chosen,
        _told(chosen, own, asm.BENCHMARK_NAMES[benchmark]),
        tuple(sorted(own, key=lambda r: _RANK.get(r.outcome or "niet te beoordelen", 9))),
        voice,
        tuple((v, verdicts[v]) for v in ("bevestigen", "spreken tegen", "meten niet") if verdicts[v]),
        composer.tension(chosen, ELEVEN),
    )


def _told(i: Indicator, rows: tuple[Row, ...], benchmark: str) -> str:
    """How often each outcome occurs, and the most frequent one in words."""
    counted = [(o, _count(rows, o)) for o in _RANK if _count(rows, o)]
    words: dict[Outcome, str | None] = {
        "ongunstiger": i.when_worse,
        "gunstiger": i.when_better,
        "hoger": f"{i.name.lower()}: {i.more} dan in {benchmark}",
        "lager": f"{i.name.lower()}: {i.less} dan in {benchmark}",
    }
    differing = [(n, words.get(o)) for o, n in counted if words.get(o)]
    if not differing:
        return f"{i.name}: geen regio wijkt duidelijk af van {benchmark}."
    n, said = max(differing, key=lambda pair: pair[0])
    listed = ", ".join(f"{count} {outcome}" for outcome, count in counted)
    return f"In {n} van de {len(rows)} regio’s: {said}. ({rows[0].year}: {listed}.)"


_RANK: dict[Outcome, int] = {
    "ongunstiger": 0,
    "hoger": 1,
    "vergelijkbaar": 2,
    "lager": 3,
    "gunstiger": 4,
    "niet te beoordelen": 5,
}
