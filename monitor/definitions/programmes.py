"""Models of data/trajecten: the running programmes of a region, and the programme's own calendar; with their reader."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from monitor.definitions.models import FindingSource, Frozen, MunicipalityCode, Slug, Text
from monitor.definitions.reading import entries, entry_name, model_of, read
from monitor.errors import DefinitionError
from monitor.nearest import meant, need

if TYPE_CHECKING:
    from monitor.definitions.loader import Definitions

CALENDAR_FILE = "programma.yaml"
ProgrammeStatus = Literal["lopend", "afgerond", "in voorbereiding", "onbekend"]
STATUSES: tuple[ProgrammeStatus, ...] = ("lopend", "in voorbereiding", "onbekend", "afgerond")
CalendarKind = Literal["moment", "periode", "ritme"]
GoalNumber = Annotated[int, Field(ge=1, le=3)]
# A year, half year, quarter, month or day: as precise as the source is.
Moment = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    StringConstraints(pattern=r"^\d{4}(-(H[12]|Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?$"),
]


def span(moment: str) -> tuple[dt.date, dt.date]:
    """First and last day of a moment: '2025' and '2025-Q2' are as long as they are, '2025-04-03' is one day.

    Raises:
        ValueError: the day does not exist.
    """
    year, _, rest = moment.partition("-")
    first, last = 1, 12
    if rest[:1] == "H":
        first, last = (1, 6) if rest == "H1" else (7, 12)
    elif rest[:1] == "Q":
        last = 3 * int(rest[1])
        first = last - 2
    elif rest:
        first = last = int(rest[:2])
        if len(rest) > 2:
            day = dt.date(int(year), first, int(rest[3:]))
            return day, day
    return dt.date(int(year), first, 1), dt.date(int(year), last, calendar.monthrange(int(year), last)[1])


class Period(Frozen):
    """From when to when, as precise as the source is; what it does not say is left out and shown as unknown.

    The last day of ``to`` counts: '2027' means to the end of 2027. ``note``: what the years are the years of.
    """

    start: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        for moment in (self.start, self.end):
            if moment:
                _existing(moment)
        if self.start and self.end and span(self.end)[1] < span(self.start)[0]:
            raise ValueError(f"'to' ({self.end}) ligt voor 'from' ({self.start})")
        return self

    @property
    def first(self) -> dt.date | None:
        """The first day; None when unknown."""
        return span(self.start)[0] if self.start else None

    @property
    def last(self) -> dt.date | None:
        """The last day; None when unknown."""
        return span(self.end)[1] if self.end else None


def _existing(moment: str) -> None:
    try:
        span(moment)
    except ValueError:
        raise ValueError(f"de datum {moment} bestaat niet") from None


class Share(Frozen):
    """The part of an amount that is for one municipality, in euros."""

    municipality: MunicipalityCode
    euro: Annotated[int, Field(gt=0)]


class Amount(Frozen):
    """A sum of money in whole euros, as the source gives it.

    ``purpose``: what it is for. ``per``: what it is counted per ('jaar', 'woningeigenaar'); None for a whole.
    ``scope``: 'landelijk' when the region's part of it is unknown. ``year``: in which it was granted, where known.
    ``shares``: per municipality, where the source gives all of them; they add up to the amount.
    """

    euro: Annotated[int, Field(gt=0)]
    purpose: Text
    per: Text | None = None
    scope: Literal["regio", "landelijk"] = "regio"
    year: int | None = None
    shares: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Amount:
        total = sum(s.euro for s in self.shares)
        if self.shares and total != self.euro:
            raise ValueError(f"de delen per gemeente tellen op tot {total} en niet tot {self.euro} euro")
        return self


class Count(Frozen):
    """A number that is no money: dwellings, businesses."""

    number: Annotated[int, Field(gt=0)]
    what: Text


class Programme(Frozen):
    """One running programme of a region, in our own words.

    ``who``: ministry, province or region that leads or pays. ``note``: what the source leaves unclear. ``npvr``: what
    the programme (NPVR) could add, by the source; None when it says nothing. ``goals``: the main one first; our own
    reading. ``themes``: empty when it is about no theme in particular. ``date``: of the source.
    """

    id: Slug
    region: Slug
    name: Text
    who: Annotated[tuple[Text, ...], Field(min_length=1)]
    status: ProgrammeStatus
    period: Period = Period()
    amounts: tuple[Amount, ...] = ()
    counts: tuple[Count, ...] = ()
    about: Text
    npvr: Text | None = None
    note: Text | None = None
    goals: Annotated[tuple[GoalNumber, ...], Field(min_length=1)]
    themes: tuple[Slug, ...] = ()
    source: FindingSource
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]

    @model_validator(mode="after")
    def _sound(self) -> Programme:
        _existing(self.date)
        if len(set(self.goals)) < len(self.goals):
            raise ValueError("'goals' noemt een doel twee keer")
        return self

    def runs(self, today: dt.date) -> bool:
        """Whether it may still run: not completed by its source, and no known last day before today."""
        return self.status != "afgerond" and not self.overdue(today)

    def overdue(self, today: dt.date) -> bool:
        """Whether its known last day lies before today while the source did not call it completed."""
        last = self.period.last
        return self.status != "afgerond" and last is not None and last < today


class CalendarEntry(Frozen):
    """One date or rhythm of the programme itself, as planned in its source.

    ``regions``: 'alle', or the regions whose own planning it is. ``reckoned``: how we came to a date that the source
    does not give itself.
    """

    id: Slug
    kind: CalendarKind
    name: Text
    period: Period = Period()
    about: Text
    regions: Annotated[tuple[Slug, ...], Field(min_length=1)]
    reckoned: Text | None = None
    source: FindingSource
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]

    @model_validator(mode="after")
    def _dated(self) -> CalendarEntry:
        _existing(self.date)
        if self.kind != "ritme" and not self.period.start:
            raise ValueError("een moment of periode vraagt het veld 'period.from'")
        return self

    def concerns(self, region: str) -> bool:
        """Whether it is of all regions, or of this one."""
        return "alle" in self.regions or region in self.regions


def read_programmes(folder: Path) -> tuple[Programme, ...]:
    """Read the registers: a file per region, named after it; an empty file is a register not filled in yet.

    Raises:
        DefinitionError: the folder is missing, or an entry breaks its schema; names file, entry and field.
    """
    if not folder.is_dir():
        raise DefinitionError(f"De map {folder.name} met lopende trajecten ontbreekt.", "Zet haar terug met git.")
    found: dict[str, str] = {}
    built = []
    for path in sorted(p for p in folder.glob("*.yaml") if p.name != CALENDAR_FILE):
        for place, raw in enumerate(_list(path), start=1):
            name = entry_name(raw, place)
            if isinstance(raw, dict) and raw.get("region", path.stem) != path.stem:
                raise DefinitionError(
                    f"{path.name}, {name}, veld 'region': is '{raw['region']}'.",
                    "Laat het veld weg of zet het traject in het bestand van die regio.",
                )
            programme = model_of(path, Programme, {**raw, "region": path.stem} if isinstance(raw, dict) else raw, name)
            if programme.id in found:
                raise DefinitionError(
                    f"{path.name}: traject '{programme.id}' staat er twee keer in, ook in {found[programme.id]}.",
                    "Geef elk traject een eigen id.",
                )
            found[programme.id] = path.name
            built.append(programme)
    return tuple(built)


def _list(path: Path) -> list[Any]:
    raw = read(path)
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise DefinitionError(f"{path.name} moet een lijst zijn.", "Begin elke ingang met '- id: ...'.")
    return raw


def read_calendar(folder: Path) -> tuple[CalendarEntry, ...]:
    """Read the programme's own calendar.

    Raises:
        DefinitionError: the file is missing or an entry breaks its schema; names file, entry and field.
    """
    return entries(folder / CALENDAR_FILE, CalendarEntry)


def check_programmes(d: Definitions) -> None:
    """Hold registers and calendar against the other definitions.

    Raises:
        DefinitionError: a region, theme, goal or municipality does not exist; names file, entry and field.
    """
    regions, themes = {r.id: r for r in d.regions}, [t.id for t in d.themes]
    for p in d.programmes:
        where = f"{p.region}.yaml, '{p.id}'"
        if p.region not in regions:
            hint = meant(p.region, regions, f"Verbeter het bestand; mogelijk zijn: {', '.join(regions)}.")
            raise DefinitionError(f"{p.region}.yaml: er is geen regio '{p.region}'.", hint)
        _need(where, "themes", p.themes, themes)
        _need(where, "goals", p.goals, [g.id for g in d.goals])
        shared = [s.municipality for a in p.amounts for s in a.shares]
        _need(where, "amounts.shares.municipality", shared, [m.code for m in regions[p.region].members])
    for c in d.calendar:
        _need(f"{CALENDAR_FILE}, '{c.id}'", "regions", c.regions, ["alle", *regions])


def _need(where: str, field: str, used: Sequence[object], known: Sequence[object]) -> None:
    need(where, field, used, known, f"Verbeter de naam; mogelijk zijn: {', '.join(map(str, known))}.")
