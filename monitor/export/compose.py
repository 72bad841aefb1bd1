"""Compose a pack from a basket: its figures, what was said, and the questions that follow."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor import assessment as asm
from monitor import dates, sentences
from monitor.definitions import Definitions, Finding, Goal, Region
from monitor.dialogue.hold import hold
from monitor.dialogue.matrix import ORDER, Voiced
from monitor.errors import ExportError
from monitor.export.basket import NAMES, Basket, Item, not_too_many
from monitor.export.catalogue import Catalogue, Found
from monitor.export.changed import changes
from monitor.export.exhibits import exhibit
from monitor.export.pack import Exhibit, Line, Materials, Pack
from monitor.export.questions import questions
from monitor.figures.spec import Figure, ListFigure, Table
from monitor.notation import listing, plain
from monitor.profile import Standing
from monitor.screens.number_voice import ordered
from monitor.screens.plan import PlanPage, compose_plan
from monitor.screens.region import inhabitants_of, population_of, population_year
from monitor.screens.striking import compose_striking
from monitor.state import State, home
from monitor.statistics.judge import Outcome

ATTRIBUTION = (
    "Cijfers: CBS en waar genoemd GGD’en, RIVM, politie en Eurostat; optellingen en oordelen: Regiomonitor Brede "
    "Welvaart. De cijfers van CBS vallen onder CC BY 4.0. Grenzen: CBS en Kadaster (CC BY 4.0), vereenvoudigd; "
    "buurlanden © EuroGeographics."
)


def compose_pack(
    materials: Materials,
    basket: Basket,
    base: str = "",
    today: dt.date | None = None,
    catalogue: Catalogue | None = None,
) -> Pack:
    """Make the content of a pack.

    Args:
        materials: definitions and edition.
        basket: what was chosen.
        base: address of the app, for links in the documents; empty when it is unknown.
        today: day on which the pack is made; the day in the Netherlands when None.
        catalogue: figures by reference, when there is one already.

    Raises:
        ExportError: a figure does not exist any more, there are too many, or the earlier edition is unknown.
        UnknownName: the region does not exist.
    """
    d, s = materials.definitions, materials.snapshot
    base = home(base)
    catalogue = catalogue or Catalogue(materials, today or dates.today())
    today = today or catalogue.today
    region = d.region(basket.region)
    goals = tuple(g for g in d.goals if basket.goal in (None, g.id))
    found = [_found(catalogue, item, k) for k, item in enumerate(not_too_many(basket.items), 1)]
    _, benchmark = asm.benchmark_area(region, basket.benchmark, s)
    held = catalogue.of_region(region, basket.benchmark)
    own = [x for x in held if _under(x.indicator.goals, goals)]
    said = ordered([Voiced(f, region, hold(d, s, f, region, basket.benchmark)) for f in d.findings_for(region.id)])
    voices = tuple(v for v in said if _about(v.finding.goals, goals, len(d.goals)))
    exhibits = varied(
        exhibit(catalogue, region, basket.benchmark, k, f, item.note, said, base)
        for k, (f, item) in enumerate(zip(found, basket.items, strict=True), 1)
    )
    summary = tuple(_line(x) for x in own if x.indicator.core)
    table = _summary_figure(catalogue, region, summary, benchmark, basket)
    stands = compose_striking(d, s, region, own, basket.benchmark)
    plan = _plan(catalogue, region, held, said, basket.benchmark, today, goals)
    told = {x.indicator.id for x in exhibits if x.indicator} | {x.indicator.id for x in summary}
    tensions = _tensions(d, region, told)
    return Pack(
        title=basket.title or usual_title(d, basket),
        region=region,
        goals=goals,
        benchmark=benchmark,
        edition=s.edition,
        made=today,
        base=base,
        meeting=basket.meeting,
        inhabitants=f"{inhabitants_of(population_of(s, region), region)} op 1 januari {population_year(s)}",
        lead=_lead(region, goals, benchmark, summary, voices),
        exhibits=exhibits,
        summary=summary,
        summary_figure=table,
        stands=stands,
        voices=voices,
        tensions=tensions,
        questions=questions(benchmark, voices, stands, summary, tensions, plan),
        changes=changes.since(materials, region, goals, basket.before) if basket.before else None,
        plan=plan,
        documents=tuple(NAMES[x] for x in basket.documents),
        sources=_sources([table, *(x.figure for x in exhibits)]),
        attribution=ATTRIBUTION,
    )


# So many findings stand beside a figure where there is little room.
BESIDE = 2


def varied(exhibits: Iterable[Exhibit]) -> tuple[Exhibit, ...]:
    """Exhibits that do not all start with the same findings: after contradictions, what did not stand anywhere yet."""
    shown: set[str] = set()
    made = []
    for x in exhibits:
        voices = sorted(x.voices, key=lambda v: (ORDER.index(v.stance), v.finding.id in shown, v.finding.common))
        shown |= {v.finding.id for v in voices[:BESIDE]}
        made.append(replace(x, voices=tuple(voices)))
    return tuple(made)


def _found(catalogue: Catalogue, item: Item, place: int) -> Found:
    try:
        return catalogue.find(item.figure)
    except ExportError as error:
        raise ExportError(f"Figuur {place} van het pakket: {error.message}", error.way_out) from None


def usual_title(definitions: Definitions, basket: Basket) -> str:
    """The title of a pack that was given none."""
    about = next((g.name for g in definitions.goals if g.id == basket.goal), "Brede welvaart")
    return f"{about} in {definitions.region(basket.region).spoken}"


def _under(own: Sequence[int], goals: Sequence[Goal]) -> bool:
    return any(g.id in own for g in goals)


def _about(own: Sequence[int], goals: Sequence[Goal], every: int) -> bool:
    """Whether a finding belongs to a pack: of a pack about one goal, not what is about all goals alike."""
    return _under(own, goals) and (len(goals) > 1 or len(own) < every)


def _line(x: Standing) -> Line:
    i = x.indicator
    return Line(
        i,
        x,
        str(x.year),
        sentences.shown(i, x.value) if not math.isnan(x.value) else "–",
        sentences.shown(i, x.benchmark) if not math.isnan(x.benchmark) else "–",
        x.judgement.told,
        _course(x),
    )


def _course(x: Standing) -> str:
    """The movement in a few words with its years, empty when not judged."""
    said = sentences.marker(x.course)
    return f"{said} ({x.course.first}-{x.course.last})" if said else ""


def _summary_figure(
    catalogue: Catalogue, region: Region, lines: Sequence[Line], benchmark: str, basket: Basket
) -> ListFigure:
    """The core figures as a table to take along: text for people, plain numbers for a file."""
    headers = ("Cijfer", "Jaar", region.name, benchmark, "Oordeel", "Door de jaren")
    cells = tuple((x.name, x.year, x.value, x.benchmark, x.judgement, x.change or "–") for x in lines)
    kept = tuple(
        (
            x.name,
            x.year,
            plain(x.standing.value, x.indicator.decimals),
            plain(x.standing.benchmark, x.indicator.decimals),
            x.judgement,
            x.change,
        )
        for x in lines
    )
    years = {(x.indicator.id, x.standing.year) for x in lines}
    used = [catalogue.snapshot.row(i, region.id, y) for i, y in years]
    state = State("vergelijken", (region.id,), compare=asm.in_link(basket.benchmark), goal=basket.goal)
    return ListFigure.of(
        f"samenvatting-{region.id}{f'-doel-{basket.goal}' if basket.goal else ''}",
        f"Kerncijfers van {region.spoken}",
        f"De kerncijfers van {region.spoken} naast {benchmark}, met het oordeel.",
        source=catalogue.composer.source_of(sorted(str(r["source"]) for r in used if r)),
        edition=catalogue.snapshot.edition,
        link=state.link(),
        notes=(),
        content=Table(headers, cells, kept, (False, False, True, True, False, False)),
    )


def _lead(
    region: Region, goals: Sequence[Goal], benchmark: str, summary: Sequence[Line], voices: Sequence[Voiced]
) -> str:
    """What the figures say, what was said, and how they compare: in numbers, without adding anything."""
    where = "bij dit doel" if len(goals) == 1 else "bij de drie doelen"
    outcomes = Counter(x.standing.judgement.outcome for x in summary)
    words: tuple[Outcome, ...] = ("ongunstiger", "gunstiger", "vergelijkbaar", "hoger", "lager", "niet te beoordelen")
    told = listing([f"{outcomes[w]} {w}" for w in words if outcomes[w]])
    judgements = [x.standing.judgement for x in summary]
    careful = sum(j.indicative or j.limited or j.provisional for j in judgements)
    years = sorted({x.standing.year for x in summary})
    if summary:
        figures = (
            f"Van de {len(summary)} kerncijfers {where} zijn er in {region.spoken}, vergeleken met {benchmark}, {told}."
            f"{f' Bij {careful} daarvan is het oordeel onder voorbehoud.' if careful else ''} De cijfers gaan over "
            f"{years[0]}{f' tot en met {years[-1]}' if len(years) > 1 else ''}."
        )
    else:
        figures = f"Voor {region.spoken} zijn er {where} geen kerncijfers."
    stances = Counter(v.stance for v in voices)
    findings = (
        f"Er zijn {len(voices)} bevindingen {where}, over deze regio of alle regio’s: cijfers spreken er "
        f"{stances['spreken tegen'] or 'geen'} tegen en bevestigen er {stances['bevestigen'] or 'geen'}; bij "
        f"{stances['meten niet']} is er geen cijfer dat het meet."
    )
    return f"{figures} {findings}"


def _plan(
    catalogue: Catalogue,
    region: Region,
    held: Sequence[Standing],
    said: Sequence[Voiced],
    benchmark: asm.BenchmarkId,
    today: dt.date,
    goals: Sequence[Goal],
) -> PlanPage:
    """The building blocks of the plan; of a pack about one goal only that goal."""
    plan = compose_plan(catalogue.definitions, catalogue.snapshot, region, held, said, benchmark, today)
    if len(goals) == len(catalogue.definitions.goals):
        return plan
    kept = {g.id for g in goals}
    monitoring = replace(plan.monitoring, goals=tuple(g for g in plan.monitoring.goals if g.goal and g.goal.id in kept))
    return replace(plan, goals=tuple(g for g in plan.goals if g.goal and g.goal.id in kept), monitoring=monitoring)


def _tensions(definitions: Definitions, region: Region, told: set[str]) -> tuple[Finding, ...]:
    """What the figures of a pack cannot show, each once."""
    found = {f.id: f for i in sorted(told) for f in definitions.tensions(i, [region.id])}
    return tuple(found.values())


def _sources(figures: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{f.source} ({f.licence})" for f in figures))
