"""What changed in a region between two years, by the figures of one edition, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Goal, Indicator, Region
from monitor.errors import ExportError
from monitor.export.changed.kinds import (
    MOST,
    Changed,
    ChangeKind,
    Changes,
    Item,
    entries_of,
    figures_counted,
    figures_of,
    figures_spoken,
    headline_of,
    joined,
    marks,
    name_of,
    named,
    names_of,
    others,
    ranked,
    reorganised,
    summed_up,
    years_spoken,
)
from monitor.notation import listing
from monitor.profile import distance
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import PLAIN
from monitor.statistics.change import Change

# What a figure without a change is counted as.
Rest = Literal["gelijk", "onzeker", "onbekend", "geen nieuw jaar", "geen cijfer"]
_TONES = {"gunstiger": "Dat is gunstig.", "ongunstiger": "Dat is ongunstig."}
# How the definitions say that a break is not certain.
_PROBABLY = "Waarschijnlijk. "


def between_years(
    definitions: Definitions, snapshot: Snapshot, region: Region, goals: Sequence[Goal], before: int, after: int
) -> Changes:
    """Say what changed in a region between two years; every figure of the goals is told or counted once.

    A figure is followed from its last year up to ``before`` to its last year up to ``after``. A difference is called
    a change only where the judged change between those years is one.

    Args:
        definitions: of the figures.
        snapshot: an edition.
        region: one of the 11.
        goals: whose figures.
        before: the earlier year.
        after: the later year.

    Raises:
        ExportError: the earlier year is not the earlier one.
    """
    if before >= after:
        raise ExportError(f"{before} ligt niet voor {after}.", "Kies een eerder jaar om mee te vergelijken.")
    told = _Years(definitions, snapshot, region, before, after)
    found: dict[ChangeKind, list[Item]] = {"veranderd": [], "nieuw": [], "vervallen": [], "grenzen": []}
    rest: Counter[Rest] = Counter()
    broken: list[_Broken] = []
    waiting: list[_Waiting] = []
    for indicator in figures_of(definitions, goals):
        outcome = told.outcome(indicator)
        if isinstance(outcome, _Broken):
            broken.append(outcome)
        elif isinstance(outcome, _Waiting):
            waiting.append(outcome)
            rest["geen nieuw jaar"] += 1
        elif isinstance(outcome, tuple):
            found[outcome[0]].append(outcome[1])
        else:
            rest[outcome] += 1
    found = {kind: ranked(items) for kind, items in found.items()}
    areas = _reorganisations(definitions, snapshot, region, before, after)
    counts = tuple((k, len(items) + (len(broken) if k == "grenzen" else 0)) for k, items in found.items())
    entries: list[Changed] = []
    for kind, items in found.items():
        entries += _grounds(areas, broken, items) if kind == "grenzen" else entries_of(kind, items)
        entries += _waits(waiting) if kind == "vervallen" else []
    paragraph = _paragraph(told, figures_spoken(definitions, goals), found, rest, broken, len(areas[:-1]))
    headline = headline_of(str(before), counts, areas=bool(areas))
    return Changes(str(before), str(after), tuple(entries), paragraph, counts, headline)


@dataclass(frozen=True)
class _Broken:
    """A figure that a break keeps from being compared; ``year``: of the break."""

    indicator: Indicator
    year: int
    reason: str


@dataclass(frozen=True)
class _Waiting:
    """A figure that by its rhythm could have had a later year, and of which it is unknown whether that comes."""

    indicator: Indicator
    year: int


class _Years:
    """The figures of one region in one edition, followed between two years."""

    def __init__(self, definitions: Definitions, snapshot: Snapshot, region: Region, before: int, after: int) -> None:
        self.definitions, self.snapshot, self.region = definitions, snapshot, region
        self.before, self.after = before, after

    def outcome(self, i: Indicator) -> tuple[ChangeKind, Item] | _Broken | _Waiting | Rest:
        """What became of a figure."""
        if i.aggregation.kind == "geen":
            return "geen cijfer"
        rows = self.snapshot.series(i.id, self.region.id)
        known = sorted(int(y) for y in rows.loc[rows["value"].notna(), "year"] if y <= self.after)
        early = [y for y in known if y <= self.before]
        if not known:
            return "geen cijfer"
        if not early:
            return "nieuw", self._new(i, known)
        if known[-1] <= self.before:
            return self._ended(i, known)
        return self._followed(i, early[-1], known[-1])

    def _value(self, i: Indicator, year: int) -> asm.Value:
        return asm.value_of(self.snapshot, i, self.region.id, year, self.region.name)

    def _new(self, i: Indicator, known: Sequence[int]) -> Item:
        year = known[-1]
        a = asm.assess(self.snapshot, i, self.region, year)
        mark = marks(self.definitions, i, a.value, self.snapshot.names)
        # The definitions do not say since when the source has the figure.
        lead = f"{name_of(i)}: het eerste cijfer in de monitor is van {known[0]}; elders kan de bron eerdere hebben."
        short = f"{name_of(i)} ({year}: {sentences.shown(i, a.value.value)})"
        size = distance(self.snapshot, i, a.judgement.difference)
        return Item(i, joined([lead, sentences.reading(a, self.region), mark]), short, size)

    def _ended(self, i: Indicator, known: Sequence[int]) -> tuple[ChangeKind, Item] | _Waiting | Rest:
        """A figure without a value after ``before``: it stopped, or a new year may still come.

        It stopped where other areas have a later value, or where its own source goes on without it: by its own rhythm
        a later value was still to come at ``before``, and is overdue in the last year of that source. Without such
        evidence nobody knows, and that is said. What had no value in ``before`` itself did not stop since then.
        """
        last = self._value(i, known[-1])
        later = [y for y in self.snapshot.years(i.id) if y > last.year]
        if later and (last.year < self.before or later[0] > self.after):
            return "geen nieuw jaar"
        if later:
            missing = names_of(self._value(i, later[-1]).missing, self.snapshot.names)
            why = f"Over {later[-1]} hebben te weinig gemeenten een cijfer: het is er niet voor {missing}."
            return "vervallen", self._stopped(i, last, why if missing else "")
        gap = max((b - a for a, b in pairwise(known)), default=0)
        table = asm.source_table(self.definitions, last)
        published = table and table.newer and table.newer.year > last.year
        if not gap or published or not self.before - last.year <= gap < self.after - last.year:
            return "geen nieuw jaar"
        if min(self._last_of_source.get(last.source, 0), self.after) - last.year <= gap:
            return _Waiting(i, last.year)
        if last.year < self.before:
            return "geen nieuw jaar"
        rhythm = "elk jaar" if gap == 1 else f"minstens om de {gap} jaar"
        why = f"Tot dan was er {rhythm} een cijfer. De bron heeft latere jaren, maar dit cijfer niet meer."
        return "vervallen", self._stopped(i, last, why)

    def _stopped(self, i: Indicator, last: asm.Value, why: str) -> Item:
        lead = f"{name_of(i)}: het laatste cijfer is van {last.year} ({sentences.shown(i, last.value)})."
        return Item(i, joined([lead, why]), f"{name_of(i)} (laatste jaar {last.year})")

    @cached_property
    def _last_of_source(self) -> dict[str, int]:
        """The last year that any figure has from a source table."""
        rows = self.snapshot.observations
        rows = rows[rows["value"].notna()]
        return {str(k): int(y) for k, y in rows.groupby("source", observed=True)["year"].max().items()}

    def _followed(self, i: Indicator, first: int, last: int) -> tuple[ChangeKind, Item] | _Broken | Rest:
        """A figure with a value before and a later one after."""
        between = [b for b in i.breaks if first < b.year <= last]
        if between:
            return _Broken(i, between[-1].year, between[-1].reason)
        a, b = self._value(i, first), self._value(i, last)
        if set(a.missing) != set(b.missing) and min(a.coverage, b.coverage) < PLAIN - 1e-6:
            return "grenzen", self._other_members(i, a, b)
        c = asm.change_of(self.snapshot, i, self.region.id, first, last)
        if c.movement in ("gestegen", "gedaald"):
            return "veranderd", self._moved(i, c, a, b)
        if c.movement == "niet te beoordelen":
            return "onbekend"
        return "onzeker" if c.uncertain else "gelijk"

    def _moved(self, i: Indicator, c: Change, a: asm.Value, b: asm.Value) -> Item:
        country = asm.change_of(self.snapshot, i, COUNTRY, c.first, c.last)
        moved = sentences.movement(i, self.region, c, a.value, b.value)
        said = [f"{name_of(i)}.", moved, _TONES.get(c.tone, ""), sentences.country_too(c, country)]
        was, now = (asm.assess(self.snapshot, i, self.region, y).judgement.word for y in (c.first, c.last))
        verdict = ""
        if was != now:
            said.append(f"Het oordeel tegenover Nederland was ‘{was}’ en is nu ‘{now}’.")
            verdict = f"{name_of(i)} (nu ‘{now}’, eerst ‘{was}’)"
        if set(a.missing) != set(b.missing):
            said.append(self._members(a, b))
        said.append(marks(self.definitions, i, b, self.snapshot.names))
        values = [sentences.shown(i, v.value) for v in (a, b)]
        short = f"{name_of(i)} (van {values[0]} in {c.first} naar {values[1]} in {c.last})"
        return Item(i, joined(said), short, distance(self.snapshot, i, c.difference), verdict)

    def _other_members(self, i: Indicator, a: asm.Value, b: asm.Value) -> Item:
        values = [f"{sentences.shown(i, v.value)} over {v.year}" for v in (a, b)]
        said = f"{name_of(i)}: {values[0]} en {values[1]} zijn niet te vergelijken."
        return Item(i, joined([said, self._members(a, b)]), f"{name_of(i)} (andere gemeenten)")

    def _members(self, a: asm.Value, b: asm.Value) -> str:
        """That two values rest on other municipalities."""
        sides = []
        for v in (a, b):
            which = f"zonder {names_of(v.missing, self.snapshot.names)}" if v.missing else "met alle gemeenten"
            sides.append(f"dat van {v.year} {which}")
        return f"De cijfers steunen op andere gemeenten: {sides[0]}, {sides[1]}."


def _waits(waiting: Sequence[_Waiting]) -> list[Changed]:
    """One entry that names figures of which a new year may still come, or not; none without any."""
    if not waiting:
        return []
    ordered = sorted(waiting, key=lambda w: (not w.indicator.core, w.indicator.part_of is not None, w.year))
    told = named([f"{w.indicator.full_name} (laatste jaar {w.year})" for w in ordered])
    return [Changed("vervallen", f"Nog zonder nieuw jaar in deze editie: {told}. Of dat komt, weten wij niet.")]


def _breaks(broken: Sequence[_Broken]) -> list[tuple[Changed, int]]:
    """Breaks with the number of figures, figures with the same one together; core figures come first."""
    groups: dict[tuple[int, str], list[Indicator]] = {}
    for b in sorted(broken, key=lambda b: (not b.indicator.core, b.indicator.part_of is not None)):
        groups.setdefault((b.year, b.reason), []).append(b.indicator)
    made = []
    for (year, reason), figures in groups.items():
        names = [name_of(i) for i in figures]
        which = names[0] if len(names) == 1 else f"{len(names)} cijfers ({named(names)})"
        ground, why = f"door een breuk in {year}", reason
        if reason.startswith(_PROBABLY):
            ground, why = f"want in {year} was er waarschijnlijk een breuk", reason.removeprefix(_PROBABLY)
        said = f"{which}: niet te vergelijken met eerdere cijfers, {ground}. {why}"
        made.append((Changed("grenzen", said, figures[0].id if len(figures) == 1 else None), len(figures)))
    return made


def _grounds(areas: Sequence[str], broken: Sequence[_Broken], items: Sequence[Item]) -> list[Changed]:
    """What changed by boundaries or another way of counting: areas first, then the first few figures."""
    told = [*_breaks(broken), *((Changed("grenzen", x.sentence, x.indicator.id), 1) for x in items)]
    entries = [*(Changed("grenzen", sentence) for sentence in areas), *(c for c, _ in told[:MOST])]
    return [*entries, *others("grenzen", sum(n for _, n in told[MOST:]))]


def _mergers(number: int) -> str:
    return "1 herindeling van gemeenten" if number == 1 else f"{number} herindelingen van gemeenten"


def _reorganisations(
    definitions: Definitions, snapshot: Snapshot, region: Region, before: int, after: int
) -> list[str]:
    """Municipalities that became part of one of the region between two years, in sentences."""
    steps = [
        (r.name, r.date, tuple(t.code for t in r.to))
        for r in definitions.layout.reorganisations
        if before < int(r.date[:4]) <= after and any(t.code in region.codes for t in r.to)
    ]
    said = reorganised(steps, snapshot.names)
    return [*said, "Cijfers over eerdere jaren zijn omgerekend naar de gemeenten van nu."] if said else []


def _paragraph(
    told: _Years,
    about: str,
    found: dict[ChangeKind, list[Item]],
    rest: Counter[Rest],
    broken: Sequence[_Broken],
    mergers: int,
) -> str:
    moved, same, unsure = found["veranderd"], rest["gelijk"], rest["onzeker"]
    compared = len(moved) + same + unsure
    total = sum(map(len, found.values())) + rest.total() + len(broken)
    said = [_start(told, about, total, compared, len(moved)), summed_up("Veranderd", moved)]
    verdicts = [x.verdict for x in moved if x.verdict]
    if verdicts:
        said[-1] = f"{said[-1][:-1]}; het oordeel tegenover Nederland werd anders bij {named(verdicts)}."
    calm = [f"{figures_counted(same)} {'bleef' if same == 1 else 'bleven'} ongeveer gelijk"] if same else []
    calm += [f"bij {figures_counted(unsure)} valt het verschil binnen de marge"] if unsure else []
    told_calm = listing(calm)
    said.append(f"{told_calm[0].upper()}{told_calm[1:]}." if calm else "")
    said.append(_not_compared(found, rest, broken, mergers))
    ends = [summed_up("Nieuw in de monitor", found["nieuw"]), summed_up("Vervallen", found["vervallen"])]
    return joined([*said, *ends] if any(ends) else [*said, "Er kwam geen cijfer bij en er verviel er geen."])


def _not_compared(
    found: dict[ChangeKind, list[Item]], rest: Counter[Rest], broken: Sequence[_Broken], mergers: int
) -> str:
    """Which figures cannot be compared, and why, in one sentence; empty when all can and no area changed."""
    counts = [
        (len(broken), f"door een breuk ({years_spoken(b.year for b in broken)})"),
        (len(found["grenzen"]), "doordat er andere gemeenten in zitten"),
        (rest["geen nieuw jaar"], "zonder nieuw jaar"),
        (rest["geen cijfer"], "zonder cijfer voor de regio als geheel"),
        (rest["onbekend"], "waarvan de verandering niet te beoordelen is"),
        (len(found["nieuw"]), "nieuw in de monitor"),
        (len(found["vervallen"]), "vervallen"),
    ]
    reasons = [f"{number} {why}" for number, why in counts if number]
    number = sum(n for n, _ in counts)
    said = [f"niet te vergelijken: {figures_counted(number)}, namelijk {listing(reasons)}"] if reasons else []
    if mergers:
        said.append(f"in de regio {'was' if mergers == 1 else 'waren'} er {_mergers(mergers)}")
    told = "; ".join(said)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _start(told: _Years, about: str, total: int, compared: int, moved: int) -> str:
    """How many figures can be compared, and how many of these changed."""
    lead = f"Van de {total} {about} voor {told.region.spoken}"
    span = f"te vergelijken tussen {told.before} en {told.after}"
    if not compared:
        return f"{lead} is er geen {span}."
    certain = "zeker en genoeg om ertoe te doen"
    if compared == 1:
        return f"{lead} is er 1 {span}; dat veranderde {'' if moved else 'niet '}{certain}."
    changed = f"{'veranderden' if moved > 1 else 'veranderde'} er {moved or 'geen'}"
    return f"{lead} zijn er {compared} {span}; daarvan {changed} {certain}."
