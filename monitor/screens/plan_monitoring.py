"""What a region can follow in its action agenda: figures with their rhythm, and tasks that no figure measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.dialogue.matrix import Voiced
from monitor.figures.spec import ListFigure, Table
from monitor.notation import UNKNOWN, difference, trailing
from monitor.snapshot.store import Snapshot
from monitor.state import State
from monitor.statistics.change import comparable_years

# So many intervals between the last years must be equal before we speak of a rhythm.
_STEPS = 3
CHANGING = "wisselend"
RULE = (
    "Welke cijfers te volgen zijn: de kerncijfers van het doel, en cijfers die bij een opgave of knelpunt van de regio "
    "zijn genoemd. ‘Volgend cijfer’ is onze verwachting: het laatste jaar in deze editie plus de tijd die er de "
    "laatste drie keer tussen zat. De uitgever beslist; bij ‘is er al’ heeft die het jaar al gepubliceerd. Bij een "
    "kleiner verschil dan ‘telt vanaf’ zeggen wij niet dat er iets veranderde."
)


@dataclass(frozen=True)
class Follow:
    """One figure to follow. ``named``: the tasks that name it; ``years``: comparable ones."""

    indicator: Indicator
    years: tuple[int, ...]
    rhythm: str
    following: str
    method: str
    threshold: str
    named: tuple[Finding, ...]
    tension: str


@dataclass(frozen=True)
class GoalMonitoring:
    """What can be followed at a goal: ``core`` figures and ``named`` ones; ``silent``: tasks that no figure measures.

    ``goal`` None: tasks of all goals, with no figures of their own.
    """

    goal: Goal | None
    core: tuple[Follow, ...]
    named: tuple[Follow, ...]
    silent: tuple[Finding, ...]


@dataclass(frozen=True)
class Monitoring:
    """All goals, the tensions of the figures in them, and the same as a table to take along."""

    goals: tuple[GoalMonitoring, ...]
    tensions: tuple[Finding, ...]
    figure: ListFigure


def compose_monitoring(
    definitions: Definitions, snapshot: Snapshot, region: Region, tasks: Sequence[Voiced], benchmark: asm.BenchmarkId
) -> Monitoring:
    """Gather what can be followed, by ``RULE``.

    Args:
        definitions: figures and goals.
        snapshot: the edition in force.
        region: whose agenda.
        tasks: its tasks and bottlenecks, held against the figures.
        benchmark: for the link of the table.
    """
    named: dict[str, list[Finding]] = {}
    for v in tasks:
        for x in v.finding.indicators:
            if x.expects != "meet-niet":
                named.setdefault(x.id, []).append(v.finding)
    every = len(definitions.goals)
    goals = []
    for goal in definitions.goals:
        own = [i for i in definitions.indicators if goal.id == min(i.goals) and not i.part_of]
        followed = [
            follow(definitions, snapshot, region, i, named.get(i.id, ())) for i in own if i.core or named.get(i.id)
        ]
        silent = [f for f in _silent(tasks) if goal.id in f.goals and len(f.goals) < every]
        goals.append(
            GoalMonitoring(
                goal,
                tuple(f for f in followed if f.indicator.core),
                tuple(f for f in followed if not f.indicator.core),
                tuple(silent),
            )
        )
    goals.append(GoalMonitoring(None, (), (), tuple(f for f in _silent(tasks) if len(f.goals) == every)))
    ids = {f.indicator.id for g in goals for f in (*g.core, *g.named)}
    return Monitoring(tuple(goals), tensions(definitions, region, ids), _figure(snapshot, region, goals, benchmark))


def tensions(definitions: Definitions, region: Region, indicators: set[str]) -> tuple[Finding, ...]:
    """Tensions of a region that concern any of these figures: what they cannot show."""
    return tuple(
        f
        for f in definitions.findings_for(region.id)
        if f.kind == "spanning" and any(x.id in indicators for x in f.indicators)
    )


def _silent(tasks: Sequence[Voiced]) -> list[Finding]:
    """Tasks about which no figure says anything in this region."""
    return [v.finding for v in tasks if v.stance == "meten niet"]


def follow(
    definitions: Definitions, snapshot: Snapshot, region: Region, indicator: Indicator, named: Sequence[Finding]
) -> Follow:
    """What has to be known to follow a figure in a region."""
    published = snapshot.years(indicator.id)
    years = comparable_years(published, [b.year for b in indicator.breaks])
    step = rhythm(published)
    newer = [t.newer.year for s in indicator.sources for t in [definitions.table(s.table)] if t.newer]
    relevant = asm.rule_for(indicator, snapshot).relevant
    judged = indicator.aggregation.kind in ("gewogen", "verhouding")
    unit = trailing(indicator.unit)
    size = difference(relevant, indicator.unit, indicator.decimals).lstrip("+")
    return Follow(
        indicator,
        tuple(years),
        "elk jaar" if step == 1 else f"elke {step} jaar" if step else CHANGING,
        following(published, newer),
        sentences.method(indicator),
        f"{size} {unit}".strip() if judged else "geen oordeel voor een regio",
        tuple(named),
        sentences.tension(definitions.tensions(indicator.id, [region.id])),
    )


def rhythm(years: Sequence[int]) -> int:
    """Years between two figures, when the last three intervals are equal; else 0.

    An edition does not hold every year that was ever published: with fewer intervals nothing is said.
    """
    steps = [b - a for a, b in pairwise(years)][-_STEPS:]
    return steps[0] if len(steps) == _STEPS and len(set(steps)) == 1 else 0


def following(years: Sequence[int], newer: Sequence[int]) -> str:
    """Over which year the next figure is likely to be; 'onbekend' without a rhythm.

    ``newer``: later years that the publisher is known to have already.
    """
    there = [y for y in newer if years and y > years[-1]]
    if there:
        return f"over {max(there)} (is er al)"
    step = rhythm(years)
    return f"over {years[-1] + step}" if step else UNKNOWN


def _figure(
    snapshot: Snapshot, region: Region, goals: Sequence[GoalMonitoring], benchmark: asm.BenchmarkId
) -> ListFigure:
    headers = (
        "Doel", "Cijfer", "Laatste jaar", "Vergelijkbare jaren", "Ritme", "Volgend cijfer", "Soort", "Telt vanaf",
        "Opgaven en knelpunten die het noemen",
    )  # fmt: skip
    rows = []
    for g in goals:
        name = f"{g.goal.id} · {g.goal.name}" if g.goal else "alle doelen"
        for f in (*g.core, *g.named):
            called = "; ".join(x.title for x in f.named) or "–"
            last = str(f.years[-1]) if f.years else "–"
            about = (f.rhythm, f.following, f.method, f.threshold)
            rows.append((name, f.indicator.full_name, last, str(len(f.years)), *about, called))
        rows += [(name, "geen cijfer", "–", "–", "–", "–", "reflectie in het logboek", "–", x.title) for x in g.silent]
    cells = tuple(rows)
    return ListFigure.of(
        f"plan-monitoring-{region.id}{asm.file_suffix(benchmark)}",
        f"Wat {region.spoken} kan volgen",
        "Per doel: de cijfers die te volgen zijn, en de opgaven waar geen cijfer bij is.",
        source="Bron: CBS en anderen, bewerking Regiomonitor",
        edition=snapshot.edition,
        link=State("plan", (region.id,), compare=asm.in_link(benchmark)).link(),
        notes=(RULE,),
        content=Table(headers, cells, cells, (False, False, True, True, *(False,) * (len(headers) - 4))),
    )
