"""What the page Vergelijken contains: indicators as rows, regions as marks on one standardised scale."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Indicator, Region
from monitor.figures.gather import Gatherer
from monitor.figures.spec import ListFigure, Table
from monitor.notation import UNIT_LABELS, difference, listing, number, plain
from monitor.profile import Standing
from monitor.screens.striking import change_size
from monitor.snapshot.store import Snapshot
from monitor.state import State
from monitor.statistics.judge import ALONE, REASONS, UNUSABLE, Outcome
from monitor.statistics.rank import Place, places

PLACE_RULE = (
    "Een plaats staat er als bereik. Vóór een regio staan de regio’s die duidelijk gunstiger zijn (of hoger, waar een "
    "cijfer geen betere kant heeft), na haar de regio’s die duidelijk ongunstiger zijn: het verschil is groot genoeg "
    "en groter dan de marges. Wie daar niet bij hoort, kan aan beide kanten staan."
)
_HEADERS = (
    "Cijfer", "Regio", "Jaar", "Eenheid", "Waarde", "Ondergrens 95%", "Bovengrens 95%", "Vergelijking",
    "Vergeleken met", "Verschil in standaardafwijkingen", "Oordeel", "Plaats van", "Plaats tot", "Aantal regio’s",
    "Verandering vanaf", "Verandering tot", "Verandering", "Oordeel over de verandering", "Dekking (%)",
)  # fmt: skip
_NUMERIC = (
    *(False, False, True, False, True, True, True, True, False, True, False, True, True, True),
    *(True, True, True, False, True),
)  # fmt: skip


@dataclass(frozen=True)
class Dot:
    """One region on the row of a figure; ``place`` None without a value."""

    region: Region
    standing: Standing
    place: Place | None


@dataclass(frozen=True)
class CompareRow:
    """One figure: all regions with a value on one scale, the highlighted one apart.

    ``band``: half the width of the band in which a difference is too small, in standard deviations.
    """

    indicator: Indicator
    own: Dot
    others: tuple[Dot, ...]
    band: float
    value: str
    benchmark: str
    change: str
    tone: Outcome
    tension: str


@dataclass(frozen=True)
class Comparison:
    """Everything that compares one region with the others.

    ``benchmark``: what the region is held against; ``every``: the same for all of them, each with its own;
    ``compare``: the same in a link. ``without`` names figures without a regional value, ``counts`` those that are
    never compared.
    """

    region: Region
    benchmark: str
    every: str
    compare: str | None
    summary: str
    rows: tuple[CompareRow, ...]
    without: tuple[str, ...]
    counts: tuple[str, ...]
    figure: ListFigure


def chosen_indicators(definitions: Definitions, state: State) -> list[Indicator]:
    """The figures that a page shows: of a theme, of a goal, or else the core figures; in the order of goals."""
    whole = [i for i in definitions.indicators if not i.part_of]
    if state.theme:
        return [i for i in whole if i.theme == state.theme]
    if state.goal:
        return [i for i in whole if state.goal in i.goals]
    return sorted((i for i in whole if i.core), key=lambda i: min(i.goals))


def compose_comparison(
    g: Gatherer,
    standings: Mapping[str, Sequence[Standing]],
    indicators: Sequence[Indicator],
    state: State,
) -> Comparison:
    """Compare a region with the others.

    Args:
        g: of the edition in force.
        standings: region -> all its figures, against the benchmark of the state.
        indicators: the figures to show.
        state: its first region is highlighted; ``order`` sorts the rows; ``since`` is the year of a change.
    """
    definitions, snapshot = g.definitions, g.snapshot
    region = definitions.region(state.regions[0])
    benchmark = asm.benchmark_id(state.compare)
    _, name = asm.benchmark_area(region, benchmark, snapshot)
    by_id = {r: {s.indicator.id: s for s in own} for r, own in standings.items()}
    rows, dots_of = [], {}
    for i in indicators:
        if i.id not in by_id[region.id] or i.aggregation.kind == "som":
            continue
        if all(math.isnan(by_id[r.id][i.id].value) for r in definitions.regions):
            continue
        dots = _dots(definitions, snapshot, i, [by_id[r.id][i.id] for r in definitions.regions])
        dots_of[i.id] = dots
        rows.append(_row(snapshot, i, region, dots, g.tension(i, region.id)))
    rows = _ordered(snapshot, rows, state.order)
    left = [i for i in indicators if i.id not in dots_of]
    counts = tuple(i.full_name for i in left if i.aggregation.kind == "som")
    return Comparison(
        region,
        name,
        asm.BENCHMARK_NAMES[benchmark],
        asm.in_link(benchmark),
        _summary(region, name, rows),
        tuple(rows),
        tuple(i.full_name for i in left if i.full_name not in counts),
        counts,
        _figure(g, region, benchmark, [dots_of[r.indicator.id] for r in rows], state),
    )


def _dots(definitions: Definitions, snapshot: Snapshot, i: Indicator, standings: Sequence[Standing]) -> tuple[Dot, ...]:
    """The regions with their places."""
    halves = [_half_width(snapshot, i, r, s) for r, s in zip(definitions.regions, standings, strict=True)]
    # A figure that is not usable for a region, or rests on one municipality, has no place there.
    unfit = (REASONS[UNUSABLE], REASONS[ALONE])
    values = [math.nan if s.judgement.reason in unfit else s.value for s in standings]
    rule = asm.rule_for(i, snapshot)
    found = places(values, halves, rule.relevant, high_first=i.direction != "lager-gunstig")
    return tuple(Dot(*parts) for parts in zip(definitions.regions, standings, found, strict=True))


def _half_width(snapshot: Snapshot, i: Indicator, region: Region, s: Standing) -> float:
    """How uncertain a value is, as in its judgement: none, its own margin, or that of the province."""
    method = i.judge_as or i.method
    if method == "register":
        return 0.0
    if method == "enquete":
        return (s.upper - s.lower) / 2
    province = asm.value_of(snapshot, i, region.province, s.year)
    return province.half_width if province.basis == "cbs" else math.nan


def _row(snapshot: Snapshot, i: Indicator, region: Region, dots: Sequence[Dot], tension: str) -> CompareRow:
    own = next(d for d in dots if d.region is region)
    s = own.standing
    spread = 4 * snapshot.relevant_difference(i.id)
    return CompareRow(
        i,
        own,
        tuple(d for d in dots if d.region is not region),
        asm.rule_for(i, snapshot).relevant / spread if spread > 0 else 0.0,
        "–" if math.isnan(s.value) else sentences.shown(i, s.value),
        "–" if math.isnan(s.benchmark) else sentences.shown(i, s.benchmark),
        _change(i, s),
        s.course.tone,
        tension,
    )


def _change(i: Indicator, s: Standing) -> str:
    """The change in a few words: '+0,9 procentpunt, 2013-2022: trend'."""
    c = s.course
    if not c.first:
        return "te weinig jaren" if "te weinig jaren" in c.reason else c.reason
    size = difference(c.difference, i.unit, i.decimals)
    span = f"{size} ({c.first}-{c.last})"
    if c.movement == "niet te beoordelen":
        return f"{span}; geen oordeel"
    word = {"gestegen": "gestegen", "gedaald": "gedaald"}.get(c.movement, "ongeveer gelijk")
    return f"{word}, {span}" + (f"; trend over {c.points} jaren" if c.slope and c.tone != "vergelijkbaar" else "")


def _ordered(snapshot: Snapshot, rows: list[CompareRow], order: str | None) -> list[CompareRow]:
    """Rows as the reader asked: the clearest gap first, the largest change, or the lowest coverage."""
    if order == "verschil":
        return sorted(rows, key=lambda r: -_known(abs(r.own.standing.distance)))
    if order == "verandering":
        return sorted(rows, key=lambda r: -_known(change_size(snapshot, r.own.standing)))
    if order == "dekking":
        return sorted(rows, key=lambda r: r.own.standing.coverage)
    return rows


def _known(size: float) -> float:
    return -1.0 if math.isnan(size) else size


def _summary(region: Region, name: str, rows: Sequence[CompareRow]) -> str:
    counts = Counter(r.own.standing.judgement.outcome for r in rows)
    order: tuple[Outcome, ...] = ("ongunstiger", "gunstiger", "vergelijkbaar", "hoger", "lager", "niet te beoordelen")
    told = [f"{counts[o]} {o}" for o in order if counts[o]]
    if not told:
        return f"Bij deze keuze is er voor {region.spoken} geen cijfer."
    return f"De {len(rows)} cijfers hieronder, vergeleken met {name}: {listing(told)}."


def _figure(
    g: Gatherer, region: Region, benchmark: asm.BenchmarkId, rows: Sequence[Sequence[Dot]], state: State
) -> ListFigure:
    """All regions with value, judgement, place and change: the table twin and the file."""
    cells, files = [], []
    for dots in rows:
        for d in dots:
            shown, kept = _cells(d, asm.benchmark_area(d.region, benchmark, g.snapshot)[1])
            cells.append(shown)
            files.append(kept)
    title = f"{region.name} en de andere regio’s, vergeleken met {asm.BENCHMARK_NAMES[benchmark]}"
    about = [
        asm.value_of(g.snapshot, d.standing.indicator, d.region.id, d.standing.year) for dots in rows for d in dots
    ]
    return ListFigure.of(
        name=f"vergelijken-{region.id}{asm.file_suffix(benchmark)}",
        title=title,
        sentence=f"Per cijfer de elf regio’s: waarde, oordeel, plaats met onzekerheid en verandering. {PLACE_RULE}",
        source=g.source(about),
        edition=g.snapshot.edition,
        link=state.link(),
        notes=(PLACE_RULE, *g.tensions_of([dots[0].standing.indicator for dots in rows], region.id)),
        content=Table(_HEADERS, tuple(cells), tuple(files), _NUMERIC),
    )


def _cells(d: Dot, held: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    s = d.standing
    i, c = s.indicator, s.course
    low, high, of = (str(d.place.best), str(d.place.worst), str(d.place.of)) if d.place else ("", "", "")
    span = (str(c.first), str(c.last)) if c.first else ("", "")
    moved = "" if not c.first else f"{c.movement} ({c.test})" if c.test else c.movement
    numbers = ((s.value, i.decimals), (s.lower, i.decimals), (s.upper, i.decimals), (s.benchmark, i.decimals))

    def made(text: Callable[[float, int], str]) -> tuple[str, ...]:
        return (
            *(i.full_name, d.region.name, str(s.year), UNIT_LABELS[i.unit]),
            *(text(v, k) for v, k in numbers),
            held,
            *(text(s.distance, 2), s.judgement.told, low, high, of, *span),
            *(text(c.difference, i.decimals), moved, text(100 * s.coverage, 0)),
        )

    return made(lambda v, k: "–" if math.isnan(v) else number(v, k)), made(plain)
