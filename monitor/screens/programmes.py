"""What the page of running programmes contains: the register per goal, a timeline, and the amounts as given."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.definitions import Definitions, Goal, Region
from monitor.definitions.programmes import (
    STATUSES,
    Amount,
    CalendarEntry,
    Period,
    Programme,
    ProgrammeStatus,
    span,
)
from monitor.figures.spec import ListFigure, Table
from monitor.notation import NBSP, UNKNOWN, listing, number, quantity
from monitor.state import State

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_ORDINALS = ("eerste", "tweede", "derde", "vierde")
_MILLION = 1_000_000
# More years than this cannot be named side by side.
LABELS = 12
LICENCE = "openbaar stuk; samengevat in eigen woorden"


@dataclass(frozen=True)
class TimelineRow:
    """One programme or planned date on the timeline; ``left`` and ``width`` in percent of its length.

    What is drawn solid is what the source says; ``open_start`` and ``open_end``: a dashed line to that side, because
    begin or end is unknown. ``anchor``: id of the programme below; empty for a planned date.
    """

    name: str
    told: str
    left: float
    width: float
    open_start: bool = False
    open_end: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class Timeline:
    """Programmes and the calendar on one axis; places in percent of its length.

    ``years``: those that are named, with the place of their first day. ``undated``: programmes without any year in
    the source.
    """

    years: tuple[tuple[int, float], ...]
    today: float
    today_told: str
    planned: tuple[TimelineRow, ...]
    rows: tuple[TimelineRow, ...]
    undated: tuple[Programme, ...]


@dataclass(frozen=True)
class GoalProgrammes:
    """The programmes of a goal, or those of all goals (``goal`` None); ``also``: told in full under another goal."""

    goal: Goal | None
    programmes: tuple[Programme, ...]
    also: tuple[Programme, ...]


@dataclass(frozen=True)
class ProgrammesPage:
    """Everything on the page; ``figure`` and ``amounts`` are None when the register is empty."""

    region: Region
    lead: str
    dated: str
    counts: tuple[tuple[ProgrammeStatus, int], ...]
    added: str
    no_total: str
    goals: tuple[GoalProgrammes, ...]
    timeline: Timeline
    rhythm: tuple[CalendarEntry, ...]
    calendar: tuple[CalendarEntry, ...]
    figure: ListFigure | None
    amounts: ListFigure | None
    today: dt.date


def spoken(moment: str) -> str:
    """A moment in words: '2025-Q2' -> 'het tweede kwartaal van 2025', '2025-04-03' -> '3 april 2025'."""
    year, _, rest = moment.partition("-")
    if not rest:
        return year
    if rest[0] in "HQ":
        part = "helft" if rest[0] == "H" else "kwartaal"
        return f"{'de' if part == 'helft' else 'het'} {_ORDINALS[int(rest[1]) - 1]} {part} van {year}"
    month = MONTHS[int(rest[:2]) - 1]
    return f"{int(rest[3:])} {month} {year}" if len(rest) > 2 else f"{month} {year}"


def spoken_day(day: dt.date) -> str:
    """A day in words: '3 april 2025'."""
    return spoken(day.isoformat())


def period_told(period: Period) -> str:
    """From when to when, with what is unknown named: 'vanaf 2024, einde onbekend'."""
    if period.start and period.start == period.end:
        return spoken(period.start)
    if period.start and period.end:
        return _between(period.start, period.end)
    if period.start:
        return f"vanaf {spoken(period.start)}, einde {UNKNOWN}"
    if period.end:
        return f"begin {UNKNOWN}, tot en met {spoken(period.end)}"
    return f"begin en einde {UNKNOWN}"


def _between(start: str, end: str) -> str:
    """Two moments in words; two quarters of a year share their words."""
    if start[:5] == end[:5] and start[5:6] == end[5:6] == "Q":
        one, two = (_ORDINALS[int(m[6]) - 1] for m in (start, end))
        return (
            f"het {one} {'en' if int(end[6]) - int(start[6]) == 1 else 'tot en met het'} {two} kwartaal van {start[:4]}"
        )
    return f"{spoken(start)} tot en met {spoken(end)}"


def planned_told(period: Period) -> str:
    """When something was planned: a moment, or the span of two."""
    if not period.start:
        return UNKNOWN
    return _between(period.start, period.end) if period.end else spoken(period.start)


def money(euro: int) -> str:
    """An amount in Dutch notation: '€ 25 miljoen', '€ 1.702.260'."""
    if euro >= _MILLION and euro % _MILLION == 0:
        return f"€{NBSP}{number(euro // _MILLION, 0)} miljoen"
    return quantity(euro, "euro", 0)


def amount_told(amount: Amount) -> str:
    """An amount with what it is counted per, and that the part of the region is unknown."""
    told = f"{money(amount.euro)} per {amount.per}" if amount.per else money(amount.euro)
    return f"{told} voor het hele land (deel voor de regio {UNKNOWN})" if amount.scope == "landelijk" else told


def amounts_told(programme: Programme) -> str:
    """All amounts of a programme in one line; 'onbekend' without."""
    return "; ".join(amount_told(a) for a in programme.amounts) or UNKNOWN


def compose_programmes(definitions: Definitions, region: Region, edition: str, today: dt.date) -> ProgrammesPage:
    """Gather the page of a region's running programmes.

    Args:
        definitions: registers and calendar.
        region: whose register.
        edition: name of the edition, for the files.
        today: the day on which the page is read.
    """
    own = definitions.programmes_for(region.id)
    planned = tuple(c for c in definitions.calendar if c.concerns(region.id))
    status = Counter(p.status for p in own)
    return ProgrammesPage(
        region=region,
        lead=_lead(region, own),
        dated=dated(own),
        counts=tuple((s, status[s]) for s in STATUSES if status[s]),
        added=_added(own),
        no_total=_no_total(own),
        goals=per_goal(definitions.goals, own),
        timeline=timeline(own, planned, today),
        rhythm=tuple(c for c in planned if c.kind == "ritme"),
        calendar=tuple(c for c in planned if c.kind != "ritme"),
        figure=_figure(definitions, region, own, edition) if own else None,
        amounts=_amounts(region, own, edition) if any(p.amounts for p in own) else None,
        today=today,
    )


def _lead(region: Region, own: Sequence[Programme]) -> str:
    if not own:
        return f"Het register van {region.spoken} is nog niet ingevuld."
    who = Counter(w for p in own for w in p.who)
    most = listing([w for w, _ in who.most_common(3)])
    return (
        f"In het register van {region.spoken} staan {len(own)} trajecten van Rijk, provincie en regio. "
        f"De meeste zijn van {most}."
    )


def dated(own: Sequence[Programme]) -> str:
    """Of when the register is; empty without entries."""
    if not own:
        return ""
    return f"Dit is de stand van {spoken(max(p.date for p in own)[:7])}."


def _added(own: Sequence[Programme]) -> str:
    known = sum(p.npvr is not None for p in own)
    return f"Bij {known} van de {len(own)} trajecten zegt de bron wat NPVR kan toevoegen." if own else ""


def _no_total(own: Sequence[Programme]) -> str:
    """Why the amounts are not added up, by the kinds of amounts that the register holds."""
    amounts = [a for p in own for a in p.amounts]
    if not amounts:
        return ""
    kinds = ["een vast bedrag"] if any(not a.per and a.scope == "regio" for a in amounts) else []
    kinds += list(dict.fromkeys(f"per {a.per}" for a in amounts if a.per))
    kinds += ["voor het hele land"] if any(a.scope == "landelijk" for a in amounts) else []
    silent = sum(not p.amounts for p in own)
    mixed = f"Het zijn verschillende soorten geld ({listing(kinds)}), uit verschillende jaren. " if kinds[1:] else ""
    return (
        f"Een totaal staat er bewust niet. {mixed}Bij {silent} van de {len(own)} trajecten is bovendien geen bedrag "
        "bekend. Een som zou meer zeggen dan wij weten."
    )


def per_goal(goals: Sequence[Goal], own: Sequence[Programme]) -> tuple[GoalProgrammes, ...]:
    """Programmes under their first goal, those of all goals apart at the end; completed ones last."""
    ordered = sorted(own, key=lambda p: p.status == "afgerond")
    made = []
    for goal in goals:
        mine = [p for p in ordered if goal.id in p.goals and len(p.goals) < len(goals)]
        first = tuple(p for p in mine if p.goals[0] == goal.id)
        made.append(GoalProgrammes(goal, first, tuple(p for p in mine if p not in first)))
    every = tuple(p for p in ordered if len(p.goals) == len(goals))
    return (*made, GoalProgrammes(None, every, ()))


def timeline(own: Sequence[Programme], planned: Sequence[CalendarEntry], today: dt.date) -> Timeline:
    """Place programmes and planned dates on one axis of whole years that holds every known year, and today's."""
    periods = [*(p.period for p in own), *(c.period for c in planned)]
    known = [day for p in periods for moment in (p.start, p.end) if moment for day in span(moment)]
    years = range(min([today, *known]).year, max([today, *known]).year + 1)
    start, end = dt.date(years[0], 1, 1), dt.date(years[-1] + 1, 1, 1)

    def place(day: dt.date) -> float:
        return 100 * (day - start).days / (end - start).days

    def row(name: str, told: str, period: Period, anchor: str = "") -> TimelineRow:
        # What is known of an open period: the moment itself, as long as the source is precise.
        known_ends = [m for m in (period.start, period.end) if m]
        first, last = span(known_ends[0])[0], span(known_ends[-1])[1]
        left = place(first)
        width = place(last + dt.timedelta(days=1)) - left
        return TimelineRow(name, told, left, width, not period.start, not period.end, anchor)

    dated_ = [p for p in own if p.period.start or p.period.end]
    moments = sorted(
        (c for c in planned if c.period.start), key=lambda c: (span(c.period.end or str(c.period.start)), c.id)
    )
    by_start = sorted(dated_, key=lambda p: (p.period.first or start, p.period.last or end))
    return Timeline(
        years=tuple((y, place(dt.date(y, 1, 1))) for y in years[:: -(-len(years) // LABELS)]),
        today=place(today),
        today_told=f"vandaag, {spoken_day(today)}",
        planned=tuple(
            TimelineRow(c.name, planned_told(c.period), r.left, r.width)
            for c in moments
            for r in (row(c.name, "", c.period),)
        ),
        rows=tuple(row(p.name, period_told(p.period), p.period, p.id) for p in by_start),
        undated=tuple(p for p in own if p not in dated_),
    )


def _end(moment: str | None) -> str:
    return spoken(moment) if moment else UNKNOWN


def _names(definitions: Definitions, themes: Sequence[str]) -> str:
    return ", ".join(definitions.theme(t).name for t in themes) or "geen vast thema"


def _figure(definitions: Definitions, region: Region, own: Sequence[Programme], edition: str) -> ListFigure:
    """The register as a table: a row per programme."""
    headers = (
        "Traject", "Wie", "Status", "Begin", "Einde", "Over de looptijd", "Bedrag", "Aantal", "Doelen", "Thema’s",
        "Waar het over gaat", "Wat NPVR kan toevoegen", "Wat onduidelijk is", "Bron", "Datum van de bron",
    )  # fmt: skip
    cells = tuple(
        (
            p.name,
            ", ".join(p.who),
            p.status,
            _end(p.period.start),
            _end(p.period.end),
            p.period.note or "–",
            amounts_told(p),
            "; ".join(f"{number(c.number, 0)} {c.what}" for c in p.counts) or "–",
            ", ".join(map(str, p.goals)),
            _names(definitions, p.themes),
            p.about,
            p.npvr or f"{UNKNOWN}: staat niet in de bron",
            p.note or "–",
            f"{p.source.title}, {p.source.section}",
            p.date,
        )
        for p in own
    )
    made = ListFigure.of(
        f"trajecten-{region.id}",
        f"Lopende trajecten in {region.spoken}",
        f"{len(own)} trajecten in het register van {region.spoken}. {dated(own)}",
        source=_source(own),
        edition=edition,
        link=State("trajecten", (region.id,)).link(),
        notes=("Doelen en thema’s zijn onze eigen lezing.", "Onbekend: het staat niet in de bron."),
        content=Table(headers, cells, cells, tuple(False for _ in headers)),
    )
    return replace(made, licence=LICENCE)


def _amounts(region: Region, own: Sequence[Programme], edition: str) -> ListFigure:
    """The amounts as a table: a row per amount, and one per municipality where the source gives its share."""
    names = {m.code: m.name for m in region.members}
    headers = ("Traject", "Gemeente", "Euro", "Per", "Voor wie", "Jaar van toekenning", "Waarvoor")
    cells, plain_ = [], []
    for p in own:
        for a in p.amounts:
            shares = [("alle samen" if len(a.shares) > 1 else "–", a.euro)] if len(a.shares) != 1 else []
            shares += [(names[s.municipality], s.euro) for s in a.shares]
            whose = "hele land" if a.scope == "landelijk" else "regio"
            tail = (a.per or "–", whose, str(a.year) if a.year else UNKNOWN, a.purpose)
            cells += [(p.name, who, number(euro, 0), *tail) for who, euro in shares]
            plain_ += [(p.name, who, str(euro), *tail) for who, euro in shares]
    made = ListFigure.of(
        f"trajecten-bedragen-{region.id}",
        f"Bedragen in het register van {region.spoken}",
        _no_total(own),
        source=_source(own),
        edition=edition,
        link=State("trajecten", (region.id,)).link(),
        notes=("Bedragen staan er zoals in de bron en zijn niet opgeteld.",),
        content=Table(headers, tuple(cells), tuple(plain_), tuple(h == "Euro" for h in headers)),
    )
    return replace(made, licence=LICENCE, part="bedragen")


def _source(own: Sequence[Programme]) -> str:
    return f"Bron: {'; '.join(dict.fromkeys(p.source.title for p in own))}"
