"""What the page Balans contains: how often regions do better, alike or worse, and why one number would hide that.

The example of a composite takes real figures and several weightings; nothing else in the monitor uses it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from monitor import sentences
from monitor.assessment import BENCHMARK_NAMES, BenchmarkId
from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.figures.gather import Gatherer
from monitor.figures.spec import ListFigure
from monitor.notation import listing, number
from monitor.profile import Standing
from monitor.screens.balance_figures import count_figure, place_figure
from monitor.statistics.composite import composite, grid, places, spread_over
from monitor.statistics.judge import Outcome

Standings = Mapping[str, Sequence[Standing]]
# What the page counts. Higher and lower are one kind: neither is better.
Kind = Literal["gunstiger", "vergelijkbaar", "ongunstiger", "hoger of lager", "niet te beoordelen"]
KINDS: tuple[Kind, ...] = ("gunstiger", "vergelijkbaar", "ongunstiger", "hoger of lager", "niet te beoordelen")
# A board that finds one goal more important would sooner count it twice than ten times.
HEAVIER = 2.0
# Weights in steps of 5%. A goal of less than 10% would be left out, which no board of this programme would do.
STEPS, LEAST = 20, 2
# Two figures together are 'ordinary' within the default smallest relevant difference: a quarter of a deviation.
ORDINARY = 0.25


@dataclass(frozen=True)
class Line:
    """One region: per goal how often each of KINDS occurs, and where the row leads."""

    region: Region
    link: str
    goals: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Unknown:
    """Why some figures are not judged: a reason, and the figures with the number of regions it holds for."""

    reason: str
    figures: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Weighting:
    """A way to weigh figures: heading of a column, and how it stands in a sentence ('als ...')."""

    name: str
    told: str


@dataclass(frozen=True)
class Placed:
    """One region in the example: its place under each weighting, and from best to worst over all of the grid."""

    region: Region
    places: tuple[int, ...]
    best: int
    worst: int


@dataclass(frozen=True)
class Cancelled:
    """Two figures of a region that are both far from the Netherlands and together look ordinary."""

    region: Region
    better: Standing
    worse: Standing
    sentence: str
    tensions: tuple[str, str]

    @property
    def mean(self) -> float:
        """Their mean distance, in standard deviations."""
        return (self.better.distance + self.worse.distance) / 2


@dataclass(frozen=True)
class Balance:
    """Everything on the page.

    ``figures``: what the example is made of. ``most``: the region whose place changes most. ``tried``: how many
    divisions of weight were tried. ``lost``: what else one number loses, as sentences.
    """

    benchmark: str
    lead: str
    counted: str
    goals: tuple[Goal, ...]
    lines: tuple[Line, ...]
    unknown: tuple[Unknown, ...]
    figures: tuple[Indicator, ...]
    basis: str
    moved: str
    weightings: tuple[Weighting, ...]
    placed: tuple[Placed, ...]
    most: Placed
    tried: int
    reach: str
    cancelled: Cancelled | None
    lost: tuple[str, ...]
    counts: ListFigure
    ranking: ListFigure


def compose_balance(
    definitions: Definitions, gatherer: Gatherer, held: Standings, country: Standings, benchmark: BenchmarkId
) -> Balance:
    """Gather the page.

    Args:
        definitions: indicators, regions, goals, findings.
        gatherer: names the sources.
        held: all figures of the 11 regions against the chosen benchmark (``profile.of_regions``).
        country: the same against the Netherlands, for the example: regions that are each held against another
            province do not stand in one ranking.
        benchmark: the one that was chosen.
    """
    lines = tuple(_line(definitions, region, held[region.id], benchmark) for region in definitions.regions)
    figures, left_out = example_figures(definitions, country)
    distances = np.array([[_by_id(country[r.id])[i.id].distance for i in figures] for r in definitions.regions])
    weightings, weights = _weightings(definitions.goals, figures)
    under = places(composite(distances, weights))
    shares = grid(len(definitions.goals), STEPS, LEAST)
    anywhere = places(composite(distances, _of_goals(definitions.goals, figures, shares)))
    placed = tuple(
        Placed(region, tuple(int(p) for p in under[k]), int(anywhere[k].min()), int(anywhere[k].max()))
        for k, region in enumerate(definitions.regions)
    )
    most = max(placed, key=lambda p: max(p.places) - min(p.places))
    return Balance(
        benchmark=BENCHMARK_NAMES[benchmark],
        lead=_lead(lines, placed, BENCHMARK_NAMES[benchmark]),
        counted=_counted(definitions),
        goals=definitions.goals,
        lines=lines,
        unknown=_unknown(definitions, held),
        figures=figures,
        basis=_basis(definitions, figures, int((gatherer.snapshot.areas["level"] == "corop").sum())),
        moved=_moved(most, weightings),
        weightings=weightings,
        placed=placed,
        most=most,
        tried=len(shares),
        reach=_reach(
            placed, len(shares), [definitions.regions[k] for k in np.flatnonzero((anywhere == 1).any(axis=1))]
        ),
        cancelled=_cancelled(gatherer, country, figures),
        lost=_lost(definitions, lines, country, figures, left_out),
        counts=count_figure(gatherer, lines, KINDS, benchmark, BENCHMARK_NAMES[benchmark]),
        ranking=place_figure(gatherer, placed, weightings, figures),
    )


def whole(definitions: Definitions) -> tuple[Indicator, ...]:
    """The figures that are counted: all but those for a part of the people."""
    return tuple(i for i in definitions.indicators if not i.part_of)


def kind_of(outcome: Outcome) -> Kind:
    """How an outcome is counted."""
    if outcome == "hoger" or outcome == "lager":
        return "hoger of lager"
    return outcome


def _by_id(standings: Sequence[Standing]) -> dict[str, Standing]:
    return {s.indicator.id: s for s in standings}


def _line(definitions: Definitions, region: Region, standings: Sequence[Standing], benchmark: BenchmarkId) -> Line:
    """Count the outcomes of a region; a figure without a regional value is not judged."""
    known = _by_id(standings)
    goals = []
    for goal in definitions.goals:
        own = [known.get(i.id) for i in whole(definitions) if goal.id in i.goals]
        counted = Counter(kind_of(s.judgement.outcome) if s else "niet te beoordelen" for s in own)
        goals.append(tuple(counted[k] for k in KINDS))
    compared = "" if benchmark == "nederland" else f"&vergelijk={benchmark}"
    return Line(region, f"regio?regio={region.id}{compared}", tuple(goals))


def _unknown(definitions: Definitions, held: Standings) -> tuple[Unknown, ...]:
    """The reasons why figures are not judged, the most frequent first."""
    found: dict[str, Counter[str]] = {}
    for standings in held.values():
        known = _by_id(standings)
        for i in whole(definitions):
            s = known.get(i.id)
            if i.aggregation.kind == "geen":
                found.setdefault(i.aggregation.reason.rstrip("."), Counter())[i.name] += 1
            elif s is None or s.judgement.outcome == "niet te beoordelen":
                reason = s.judgement.reason if s else "er is geen cijfer"
                found.setdefault(reason, Counter())[i.name] += 1
    ordered = sorted(found.items(), key=lambda pair: -pair[1].total())
    return tuple(Unknown(reason[0].upper() + reason[1:], tuple(names.items())) for reason, names in ordered)


def example_figures(definitions: Definitions, country: Standings) -> tuple[tuple[Indicator, ...], tuple[str, ...]]:
    """Core figures with a better side that are judged in every region, and the names of those that are not."""
    asked = [i for i in whole(definitions) if i.core and i.direction != "geen"]
    known = [_by_id(standings) for standings in country.values()]
    kept = tuple(i for i in asked if all(i.id in k and not math.isnan(k[i.id].distance) for k in known))
    return kept, tuple(i.name for i in asked if i not in kept)


def _weightings(goals: Sequence[Goal], figures: Sequence[Indicator]) -> tuple[tuple[Weighting, ...], np.ndarray]:
    """The weightings of the example, and their weights: (figures, weightings)."""
    made = [Weighting("Elk cijfer even zwaar", "als elk cijfer even zwaar telt")]
    made.append(Weighting("Elk doel even zwaar", "als elk doel even zwaar telt"))
    made += [Weighting(f"Doel {g.id} dubbel", f"als doel {g.id} dubbel telt") for g in goals]
    shares = np.ones((1 + len(goals), len(goals)))
    shares[1:] += (HEAVIER - 1) * np.eye(len(goals))
    each = np.ones((len(figures), 1)) / len(figures)
    return tuple(made), np.hstack([each, _of_goals(goals, figures, shares)])


def _of_goals(goals: Sequence[Goal], figures: Sequence[Indicator], shares: np.ndarray) -> np.ndarray:
    """Weights of figures from the shares of goals: (figures, combinations)."""
    groups = [i.goals for i in figures]
    one = [spread_over(groups, {g.id: float(s) for g, s in zip(goals, row, strict=True)}) for row in shares]
    return np.array(one).T


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lead(lines: Sequence[Line], placed: Sequence[Placed], benchmark: str) -> str:
    """What the page shows, in two sentences."""
    better, worse = KINDS.index("gunstiger"), KINDS.index("ongunstiger")
    sums = [[sum(goal[k] for goal in line.goals) for k in (better, worse)] for line in lines]
    mixed = sum(all(pair) for pair in sums)
    many = "Elke regio is" if mixed == len(lines) else f"{mixed} van de {len(lines)} regio’s zijn"
    first = f"{many} op sommige cijfers gunstiger en op andere ongunstiger dan {benchmark}."
    widest = max(placed, key=lambda p: p.worst - p.best)
    if widest.worst == widest.best:
        return first
    return (
        f"{first} Eén rapportcijfer verbergt dat: {widest.region.spoken} kan daarin op plaats {widest.best} staan, "
        f"maar ook op plaats {widest.worst}, naar gelang welk doel u zwaarder laat tellen."
    )


def _counted(definitions: Definitions) -> str:
    """What is counted, and what happens to a figure with several goals."""
    counted = whole(definitions)
    several = sum(len(i.goals) > 1 for i in counted)
    told = "elk bij één doel"
    if several:
        plural = several > 1
        told = f"{several} daarvan {'horen' if plural else 'hoort'} bij meer dan één doel en "
        told += f"{'tellen' if plural else 'telt'} bij elk mee"
    return f"Geteld zijn alle {len(counted)} cijfers in hun laatste jaar, {told}."


def _basis(definitions: Definitions, figures: Sequence[Indicator], corops: int) -> str:
    """What the example is made of, and how."""
    per_goal = [f"{sum(g.id in i.goals for i in figures)} bij doel {g.id}" for g in definitions.goals]
    return (
        f"Stel dat wij toch één rapportcijfer maken. Wij nemen de {len(figures)} kerncijfers die een betere kant "
        f"hebben en in alle elf regio’s te beoordelen zijn ({listing(per_goal)}). Van elk nemen wij het verschil met "
        f"Nederland, gedeeld door de spreiding tussen de {corops} COROP-gebieden, en daarvan het gemiddelde. "
        "Hoe zwaar elk cijfer telt, moet iemand kiezen. Dit gebeurt er met de plaatsen:"
    )


def _moved(most: Placed, weightings: Sequence[Weighting]) -> str:
    """What happens to the region whose place changes most between the weightings."""
    high, low = min(most.places), max(most.places)
    if low - high < 2:
        return "Bij deze gewichten blijft de rangorde vrijwel gelijk: geen regio schuift meer dan één plaats op."
    first, last = (weightings[most.places.index(p)].told for p in (high, low))
    return f"{_capital(most.region.spoken)} staat {high}e {first}, en {low}e {last}."


def _reach(placed: Sequence[Placed], tried: int, leaders: Sequence[Region]) -> str:
    """How far places range over all divisions of weight that were tried."""
    step, least = 100 / STEPS, 100 * LEAST / STEPS
    spans = [p.worst - p.best for p in placed]
    median = sorted(spans)[len(spans) // 2]
    many = sum(s >= median for s in spans)
    first = (
        f"{_capital(leaders[0].spoken)} staat altijd bovenaan"
        if len(leaders) == 1
        else f"Bovenaan kan dan {_listing_or([r.spoken for r in leaders])} staan"
    )
    return (
        f"De laatste kolom gaat over alle {tried} manieren om de gewichten over de doelen te verdelen in stappen van "
        f"{number(step, 0)}%, met voor elk doel ten minste {number(least, 0)}%. {first}. {many} van "
        f"de {len(placed)} regio’s schuiven {median} of meer plaatsen."
    )


def _listing_or(names: Sequence[str]) -> str:
    return " of ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _cancelled(g: Gatherer, country: Standings, figures: Sequence[Indicator]) -> Cancelled | None:
    """The pair, over all regions, whose nearer figure is farthest from the Netherlands while their mean is ordinary.

    Only judgements without a reservation (indicative, limited coverage, provisional) are asked.
    """
    best: tuple[float, Region, Standing, Standing] | None = None
    for region in g.definitions.regions:
        known = _by_id(country[region.id])
        own = [s for s in (known[i.id] for i in figures) if s.judgement.told == s.judgement.outcome]
        up = [s for s in own if s.judgement.outcome == "gunstiger"]
        down = [s for s in own if s.judgement.outcome == "ongunstiger"]
        for a in up:
            for b in down:
                size = min(abs(a.distance), abs(b.distance))
                ordinary = abs(a.distance + b.distance) / 2 < ORDINARY
                if ordinary and (best is None or size > best[0]):
                    best = (size, region, a, b)
    if best is None:
        return None
    _, region, a, b = best
    said = [_differs(s) for s in (a, b)]
    told = f"In {region.spoken} geldt: {a.indicator.when_better}, maar {b.indicator.when_worse} ({'; '.join(said)})."
    return Cancelled(
        region,
        a,
        b,
        f"{told} Gemiddeld komt de regio daarmee uit op ‘gewoon’, en dat is op geen van beide waar.",
        (g.tension(a.indicator, region.id), g.tension(b.indicator, region.id)),
    )


def _differs(s: Standing) -> str:
    shown = [sentences.shown(s.indicator, v) for v in (s.value, s.benchmark)]
    return f"{s.indicator.name.lower()} {shown[0]}, Nederland {shown[1]}"


def unmeasured(finding: Finding) -> bool:
    """Whether no figure measures what a finding says."""
    return all(x.expects == "meet-niet" for x in finding.indicators)


def _lost(
    definitions: Definitions,
    lines: Sequence[Line],
    country: Standings,
    figures: Sequence[Indicator],
    left_out: Sequence[str],
) -> tuple[str, ...]:
    """What else one number loses, counted."""
    cells = [goal for line in lines for goal in line.goals]
    blank, total = sum(goal[KINDS.index("niet te beoordelen")] for goal in cells), sum(map(sum, cells))
    dropped = f" In dit voorbeeld telt om die reden niet mee: {listing(list(left_out)).lower()}." if left_out else ""
    counted = whole(definitions)
    neutral = sum(i.direction == "geen" for i in counted)
    sampled = sum(sentences.method(i) != "registratie" for i in figures)
    ids = {i.id for i in figures}
    within = sum(s.judgement.uncertain for own in country.values() for s in own if s.indicator.id in ids)
    silent, said = sum(map(unmeasured, definitions.findings)), len(definitions.findings)
    return (
        f"Wat onbekend is. In de eerste tabel is {number(blank, 0)} van de {number(total, 0)} keer geen oordeel "
        f"mogelijk. Een rapportcijfer laat dat stil weg.{dropped}",
        f"Wat geen betere kant heeft. Bij {neutral} van de {len(counted)} cijfers is hoger niet beter of slechter. "
        "Zij zeggen wel wat er in een regio speelt, maar passen niet in een rapportcijfer.",
        f"Hoe zeker iets is. Van de {len(figures)} cijfers in het voorbeeld komen er {sampled} uit een enquête of "
        f"schatting. In {within} van de {number(len(figures) * len(lines), 0)} gevallen valt het verschil met "
        "Nederland binnen de marge. Een rapportcijfer telt het dan toch mee.",
        f"Wat mensen vertelden. Bij {silent} van de {said} bevindingen is er geen cijfer dat meet wat er is gezegd. "
        "Zij kunnen dus niet in een rapportcijfer zitten.",
    )
