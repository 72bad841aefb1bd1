"""The two tables of the page Balans as figures: for the table twin and for a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor import assessment as asm
from monitor.definitions import Indicator
from monitor.figures.gather import Gatherer
from monitor.figures.spec import ListFigure, Table
from monitor.state import State

if TYPE_CHECKING:
    from monitor.screens.balance import Line, Placed, Weighting

EXAMPLE = "Dit is een rekenvoorbeeld. De monitor rangschikt regio’s niet."


def _source(gatherer: Gatherer, indicators: Sequence[Indicator]) -> str:
    """Source line of the figures in their last year, as their municipalities have it."""
    snapshot = gatherer.snapshot
    place = gatherer.definitions.regions[0].codes[0]
    return gatherer.source([asm.value_of(snapshot, i, place, max(snapshot.years(i.id), default=0)) for i in indicators])


def count_figure(
    gatherer: Gatherer, lines: Sequence[Line], kinds: Sequence[str], benchmark: asm.BenchmarkId, spoken: str
) -> ListFigure:
    """How often each outcome occurs: a row per region and goal, a column per outcome."""
    goals = gatherer.definitions.goals
    rows = [
        (line.region.name, f"{goal.id} · {goal.name}", *map(str, counts), str(sum(counts)))
        for line in lines
        for goal, counts in zip(goals, line.goals, strict=True)
    ]
    links = tuple(line.link for line in lines for _ in goals)
    headers = ("Regio", "Doel", *(k[0].upper() + k[1:] for k in kinds), "Alle cijfers")
    numeric = (False, False, *(True for _ in kinds), True)
    counted = [i for i in gatherer.definitions.indicators if not i.part_of]
    return ListFigure.of(
        f"balans-{benchmark}",
        f"Oordelen per regio en doel, vergeleken met {spoken}",
        f"Per regio en doel: hoeveel cijfers gunstiger, vergelijkbaar of ongunstiger zijn dan {spoken}, hoeveel "
        "hoger of lager zonder betere kant, en hoeveel niet te beoordelen.",
        source=_source(gatherer, counted),
        edition=gatherer.snapshot.edition,
        link=State("balans", compare=None if benchmark == "nederland" else benchmark).link(),
        notes=("Een cijfer dat bij meer doelen hoort, telt bij elk van die doelen.",),
        content=Table(headers, tuple(rows), tuple(rows), numeric, links),
    )


def place_figure(
    gatherer: Gatherer, placed: Sequence[Placed], weightings: Sequence[Weighting], figures: Sequence[Indicator]
) -> ListFigure:
    """The places of the example: a row per region, a column per weighting."""
    rows = tuple((p.region.name, *map(str, p.places), str(p.best), str(p.worst)) for p in placed)
    headers = ("Regio", *(w.name for w in weightings), "Beste plaats", "Laagste plaats")
    made = ListFigure.of(
        "balans-gewichten",
        "Rekenvoorbeeld: plaats van elke regio bij andere gewichten",
        "De plaats van een regio hangt af van de gewichten die iemand kiest.",
        source=_source(gatherer, figures),
        edition=gatherer.snapshot.edition,
        link=State("balans").link(),
        notes=(EXAMPLE, f"Gemaakt van: {', '.join(i.name for i in figures)}."),
        content=Table(
            headers,
            rows,
            rows,
            (False, *(True for _ in headers[1:])),
            tuple(f"regio?regio={p.region.id}" for p in placed),
        ),
    )
    return replace(made, part="rangorde")
