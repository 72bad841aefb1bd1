"""Building blocks for the plan of a region: figures, findings, running programmes and what is lacking, per goal.

The order is that of the programme's own outline of a plan: present situation and tasks, then present efforts and what
is missing. What only the region can write is not made up here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from monitor import assessment as asm
from monitor.definitions import Definitions, Finding, Goal, Region, Theme
from monitor.definitions.models import FindingKind
from monitor.definitions.programmes import Programme
from monitor.dialogue.hold import Held
from monitor.dialogue.matrix import ORDER, Voiced
from monitor.profile import Standing
from monitor.screens.plan_monitoring import Monitoring, compose_monitoring, tensions
from monitor.screens.programmes import GoalProgrammes, dated, per_goal
from monitor.screens.striking import MOST, PER_THEME, Stands, compose_striking
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import PLAIN

TASKS: tuple[FindingKind, ...] = ("opgave", "knelpunt")
FIGURES_RULE = (
    "Welke cijfers: per doel alleen cijfers met een betere kant en een dekking van 80% of meer, en alleen verschillen "
    "en veranderingen die zeker en groot genoeg zijn. De grootste staan voorop, gemeten in de spreiding tussen de 40 "
    f"COROP-gebieden; hoogstens {MOST} per lijst en {PER_THEME} per thema."
)
FINDINGS_RULE = (
    "Welke bevindingen: alle opgaven en knelpunten van deze regio en van alle regio’s samen. Voorop staat wat cijfers "
    "tegenspreken, dan wat zij bevestigen, dan wat zij niet meten; daarbinnen eerst wat over deze regio zelf gaat."
)
MISSING_RULE = (
    "Wat mist: een thema staat hier als er een opgave, knelpunt of ongunstig cijfer bij is, en het register bij dat "
    "thema geen traject noemt dat nog kan lopen. Een traject in voorbereiding, of waarvan de stand onbekend is, telt "
    "als mogelijk lopend. Afgeronde trajecten tellen niet mee, en trajecten waarvan de einddatum voorbij is ook niet. "
    "Een opgave met meer thema’s staat er alleen als bij geen daarvan iets loopt. Trajecten "
    "zonder vast thema, zoals het programma zelf, tellen bij geen enkel thema."
)


@dataclass(frozen=True)
class Missing:
    """A theme without a running programme in the register, with what calls for one.

    ``worse``: unfavourable figures, the largest difference first. A question to the region, never a conclusion.
    """

    theme: Theme
    tasks: tuple[Finding, ...]
    worse: tuple[Standing, ...]

    @property
    def question(self) -> str:
        """What is asked of the region."""
        return f"In het register staat geen traject dat nog kan lopen bij het thema {self.theme.name}. Klopt dat?"


@dataclass(frozen=True)
class GoalPlan:
    """The blocks of one goal; of what belongs to all goals ``goal`` and ``stands`` are None.

    ``tensions``: what a figure that is told here cannot show. ``others``: how many findings of another kind there are
    about this region: needs, ideas, stories and traits.
    """

    goal: Goal | None
    stands: Stands | None
    tensions: tuple[Finding, ...]
    tasks: tuple[Voiced, ...]
    programmes: GoalProgrammes
    missing: tuple[Missing, ...]
    others: int


@dataclass(frozen=True)
class PlanPage:
    """Everything on the page.

    ``names``: of figures by id. ``filled``: whether the region's register holds anything. ``overdue``: programmes whose
    known end has passed since their source.
    """

    region: Region
    benchmark: str
    names: dict[str, str]
    goals: tuple[GoalPlan, ...]
    filled: bool
    dated: str
    overdue: tuple[Programme, ...]
    monitoring: Monitoring
    today: dt.date


def compose_plan(
    definitions: Definitions,
    snapshot: Snapshot,
    region: Region,
    standings: Sequence[Standing],
    voiced: Sequence[Voiced],
    benchmark: asm.BenchmarkId,
    today: dt.date,
) -> PlanPage:
    """Gather the building blocks of a region.

    Args:
        definitions: goals, themes, findings and registers.
        snapshot: the edition in force.
        region: whose plan.
        standings: its figures in their last year, against the benchmark.
        voiced: findings held against the figures, against the same benchmark; those of other regions are passed over.
        benchmark: what is compared with.
        today: decides which programmes are past their end.
    """
    own = definitions.programmes_for(region.id)
    tasks = tasks_of(voiced, region)
    uncovered = without_programme(definitions, own, today)
    rest = [f for f in definitions.findings_for(region.id) if f.kind not in (*TASKS, "spanning")]
    goals = []
    for block in per_goal(definitions.goals, own):
        figures = [s for s in standings if block.goal and block.goal.id in s.indicator.goals]
        stands = compose_striking(definitions, snapshot, region, figures, benchmark) if block.goal else None
        mine = tuple(v for v in tasks if _belongs(v.finding, block.goal, len(definitions.goals)))
        missing = missing_themes(uncovered, [v.finding for v in mine], figures) if own else ()
        told = _tensions(definitions, region, stands)
        others = sum(_belongs(f, block.goal, len(definitions.goals)) for f in rest)
        goals.append(GoalPlan(block.goal, stands, told, mine, block, missing, others))
    return PlanPage(
        region=region,
        benchmark=asm.benchmark_area(region, benchmark, snapshot)[1],
        names={i.id: i.full_name for i in definitions.indicators},
        goals=tuple(goals),
        filled=bool(own),
        dated=dated(own),
        overdue=tuple(p for p in own if p.overdue(today)),
        monitoring=compose_monitoring(definitions, snapshot, region, tasks, benchmark),
        today=today,
    )


def tasks_of(voiced: Sequence[Voiced], region: Region) -> tuple[Voiced, ...]:
    """Tasks and bottlenecks of a region, by ``FINDINGS_RULE``."""
    own = [v for v in voiced if v.region.id == region.id and v.finding.kind in TASKS]
    return tuple(sorted(own, key=lambda v: (ORDER.index(v.stance), v.finding.common)))


def told_first(voiced: Voiced) -> Held:
    """The verdict that stands for a finding: its first figure with the stance of the whole."""
    return in_order(voiced.held)[0]


def in_order(held: Sequence[Held]) -> tuple[Held, ...]:
    """Verdicts with contradictions first."""
    return tuple(sorted(held, key=lambda h: ORDER.index(h.verdict)))


def _belongs(finding: Finding, goal: Goal | None, goals: int) -> bool:
    """Whether a finding stands under a goal; what is about all goals stands apart."""
    every = len(finding.goals) == goals
    return every if goal is None else goal.id in finding.goals and not every


def without_programme(definitions: Definitions, own: Sequence[Programme], today: dt.date) -> tuple[Theme, ...]:
    """Themes for which the register holds no programme that may still run, by ``MISSING_RULE``."""
    covered = {t for p in own if p.runs(today) for t in p.themes}
    return tuple(t for t in definitions.themes if t.id not in covered)


def missing_themes(
    uncovered: Sequence[Theme], tasks: Sequence[Finding], figures: Sequence[Standing]
) -> tuple[Missing, ...]:
    """What calls for a programme under an uncovered theme, by ``MISSING_RULE``; a finding under its first theme only.

    Args:
        uncovered: themes without a running programme.
        tasks: tasks and bottlenecks of a goal.
        figures: all figures of that goal.
    """
    names = {t.id for t in uncovered}
    alone = [f for f in tasks if f.themes and set(f.themes) <= names]
    worse = [
        s for s in figures if s.judgement.outcome == "ongunstiger" and s.coverage >= PLAIN and not s.indicator.part_of
    ]
    worse.sort(key=lambda s: -abs(s.distance))
    made = []
    for theme in uncovered:
        called = tuple(f for f in alone if f.themes[0] == theme.id)
        figures_ = tuple(s for s in worse if s.indicator.theme == theme.id)
        if called or figures_:
            made.append(Missing(theme, called, figures_))
    return tuple(made)


def _tensions(definitions: Definitions, region: Region, stands: Stands | None) -> tuple[Finding, ...]:
    """What the figures that are told cannot show."""
    if stands is None:
        return ()
    told = {s.indicator.id for part in (stands.worse, stands.better, stands.worsened, stands.improved) for s in part}
    return tensions(definitions, region, told)
