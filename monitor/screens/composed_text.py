"""What the page of a composed region says in words: summary, changes, what a reader has to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import composed as cmp
from monitor.composed import Composed, Recomposed, Shift
from monitor.definitions import Definitions
from monitor.notation import listing
from monitor.snapshot.store import Snapshot
from monitor.statistics.judge import Outcome

ALONE = (
    "Deze regio is één gemeente. Schattingen krijgen dan geen oordeel: van één gemeente is niet bekend hoe zeker een "
    "schatting is."
)
NOBODY = "Er zit nog geen gemeente in deze regio. Kies gemeenten in de lijst, of wijs ze aan op de kaart."
NOT_ALIKE = (
    "Van deze gemeenten is niet elk kenmerk bekend waarop we regio’s vergelijken. Daarom zijn er geen vergelijkbare "
    "regio’s gevonden. Kies een andere vergelijking."
)
# So many figures are named in the summary, and so many changed judgements in a line; the rest is counted.
_TOLD, _SHIFTS = 4, 3


@dataclass(frozen=True)
class Effect:
    """What one municipality more or less changes: ``first`` judgements named, the ``rest`` on demand.

    ``likely``: it may well belong to the region that the composition began with.
    """

    name: str
    joins: bool
    likely: bool
    count: int
    first: tuple[str, ...]
    rest: tuple[str, ...]


def municipalities(count: int) -> str:
    """A count of municipalities in words."""
    return f"{count} gemeente{'' if count == 1 else 'n'}"


def summary(snapshot: Snapshot, made: Recomposed, spoken: str) -> str:
    """What is less and what is more favourable than the benchmark among the core figures, largest differences first."""

    def told(outcome: Outcome) -> str:
        said = []
        for s in made.standings:
            if not s.indicator.core or s.judgement.outcome != outcome:
                continue
            words = s.indicator.when_worse if outcome == "ongunstiger" else s.indicator.when_better
            hint = "waarschijnlijk " if s.judgement.indicative else ""
            size = abs(s.judgement.difference) / asm.rule_for(s.indicator, snapshot).relevant
            said.append((size, f"{hint}{words}"))
        said.sort(key=lambda pair: -pair[0])
        words_ = [w for _, w in said[:_TOLD]]
        more = f"; en nog {len(said) - _TOLD}" if len(said) > _TOLD else ""
        return f"{', '.join(words_)}{more}" if more else listing(words_)

    other = made.benchmark.name
    worse, better = told("ongunstiger"), told("gunstiger")
    parts = [
        f"Minder goed dan in {other}: {worse}." if worse else "",
        f"Beter dan in {other}: {better}." if better else "",
    ]
    if worse or better:
        return " ".join(p for p in parts if p)
    if not any(s.indicator.core and s.judgement.outcome != "niet te beoordelen" for s in made.standings):
        return f"Geen van de kerncijfers is met {other} te vergelijken."
    return f"Op geen van de kerncijfers wijkt {spoken} duidelijk af van {other}."


def shift_text(shift: Shift) -> str:
    """A judgement that becomes another: 'overgewicht van ongunstiger naar vergelijkbaar'."""
    name = shift.indicator.full_name
    lowered = name[:1].lower() + name[1:] if name[1:2].islower() else name
    return f"{lowered} van {shift.before} naar {shift.after}"


def _by_weight(shifts: Sequence[Shift]) -> list[str]:
    """Core figures first, then judgements that turn round."""
    turned = {"gunstiger", "ongunstiger"}
    ordered = sorted(shifts, key=lambda s: (not s.indicator.core, {s.before, s.after} != turned))
    return [shift_text(s) for s in ordered]


def effect(names: Mapping[str, str], v: cmp.Variant, likely: Sequence[str]) -> Effect:
    """What a variant changes, in words; ``likely``: codes that may well belong to the region."""
    told = _by_weight(v.shifts)
    return Effect(names[v.code], v.joins, v.code in likely, len(told), tuple(told[:_SHIFTS]), tuple(told[_SHIFTS:]))


def changed(names: Mapping[str, str], definitions: Definitions, c: Composed, made: Recomposed) -> str:
    """What differs from the region it began with; empty when nothing was changed."""
    if c.start is None or c.same:
        return ""
    total, count = made.judged, len(made.shifts)
    how = f"Vergeleken met {c.start.spoken}"
    if c.recognisable:
        case = [x.name for x in definitions.compositions if x.region == c.start.id and set(x.add) == set(c.added)]
        parts = [
            f"met {case[0] if case else _who(c.added, names)} erbij" if c.added else "",
            f"zonder {_who(c.removed, names)}" if c.removed else "",
        ]
        how = " en ".join(p for p in parts if p)
        how = how[0].upper() + how[1:]
    if not count:
        return f"{how} verandert geen van de {total} oordelen."
    verb = "verandert" if count == 1 else "veranderen"
    told = _by_weight(made.shifts)
    more = f"; en nog {count - _SHIFTS}" if count > _SHIFTS else ""
    return f"{how} {verb} {count} van de {total} oordelen: {'; '.join(told[:_SHIFTS])}{more}."


def _who(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return listing([names[k] for k in codes]) if len(codes) <= _TOLD else municipalities(len(codes))


def about(snapshot: Snapshot, c: Composed, made: Recomposed) -> tuple[str, ...]:
    """What a reader has to know of the benchmark and of the composition."""
    b, told = made.benchmark, []
    if len(c.codes) == 1:
        told.append(ALONE)
    if len(b.provinces) > 1:
        where = listing([snapshot.names[p] for p in b.provinces])
        first = snapshot.names[b.provinces[0]]
        what = (
            "Daarmee vergelijken we" if b.id == "provincie" else "De marge van een schatting is die van die provincie"
        )
        told.append(
            f"Deze regio ligt in {len(b.provinces)} provincies: {where}. De meeste inwoners wonen in {first}. {what}."
        )
    if b.id == "vergelijkbaar":
        told.append(
            f"Vergelijkbaar zijn {listing(list(b.regions))}: de COROP-gebieden buiten de elf regio’s die het meest "
            "op deze samenstelling lijken in leeftijd, dichtheid, afstanden, woningen en ligging aan de grens."
            if b.regions
            else NOT_ALIKE
        )
    return tuple(told)
