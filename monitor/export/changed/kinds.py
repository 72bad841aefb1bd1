"""What changed, as told: the kinds, one thing that changed, all of it; and the words that both comparisons share."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from monitor import sentences
from monitor.assessment import Value
from monitor.dates import told_date
from monitor.definitions import Definitions, Goal, Indicator
from monitor.notation import alphabetical, listing, trailing
from monitor.statistics.aggregate import coverage_word

ChangeKind = Literal["veranderd", "nieuw", "herzien", "vervallen", "grenzen"]
# The order in which they are told, with their headings. 'Veranderd' is about the region itself, and occurs between
# years only; 'herzien' is about what was published, and occurs between editions only.
HEADINGS: dict[ChangeKind, str] = {
    "veranderd": "Veranderde cijfers",
    "nieuw": "Nieuw in de monitor",
    "herzien": "Herziene cijfers",
    "vervallen": "Vervallen cijfers",
    "grenzen": "Niet te vergelijken: andere grenzen, indeling of telling",
}
# A municipality that ceased to exist: its name, the day (ISO) and the codes of its successors.
Gone = tuple[str, str, tuple[str, ...]]
# So many figures are told per kind; the others are counted.
MOST = 6
# So many figures are named in a sentence of the paragraph.
NAMED = 3
# How many of a kind there are: for one, for more, and after another kind has been counted.
_COUNTED: dict[ChangeKind, tuple[str, str, str]] = {
    "veranderd": ("veranderd cijfer", "veranderde cijfers", "veranderd"),
    "nieuw": ("nieuw cijfer", "nieuwe cijfers", "nieuw"),
    "herzien": ("herzien cijfer", "herziene cijfers", "herzien"),
    "vervallen": ("vervallen cijfer", "vervallen cijfers", "vervallen"),
    "grenzen": (
        "cijfer met andere grenzen, indeling of telling",
        "cijfers met andere grenzen, indeling of telling",
        "met andere grenzen, indeling of telling",
    ),
}


@dataclass(frozen=True)
class Changed:
    """One thing that changed, in sentences; ``indicator``: the figure it is about, None for several, or for areas."""

    kind: ChangeKind
    sentence: str
    indicator: str | None = None


@dataclass(frozen=True)
class Changes:
    """What changed between ``before`` and ``after`` (names of editions, or years), kinds apart.

    ``paragraph``: the same in three to six sentences for the oplegger; it says so when nothing changed. ``counts``: per
    kind how many figures there are, also those that ``entries`` only counts. ``headline``: all of it in a few words, as
    a title.
    """

    before: str
    after: str
    entries: tuple[Changed, ...]
    paragraph: str
    counts: tuple[tuple[ChangeKind, int], ...] = ()
    headline: str = ""

    @property
    def since(self) -> str:
        """Since when, as it stands in a sentence: '2022', 'editie 2026-08'."""
        return self.before if self.before.isdigit() else f"editie {self.before}"

    @property
    def summary(self) -> str:
        """The headline without since when: '3 nieuwe cijfers en 1 herzien'; 'niets' when nothing changed."""
        return self.headline.removeprefix(f"Sinds {self.since}: ") if self.entries else "niets"

    def of(self, kind: ChangeKind) -> tuple[Changed, ...]:
        """The changes of one kind."""
        return tuple(c for c in self.entries if c.kind == kind)

    def count(self, kind: ChangeKind) -> int:
        """How many figures changed in this way."""
        return dict(self.counts).get(kind, 0)


@dataclass(frozen=True)
class Item:
    """One figure that changed: in sentences, and in a few words for a sum-up.

    ``size``: how much it matters, in standard deviations between COROP regions; NaN when unknown. ``verdict``: in a few
    words how the judgement changed, empty when it did not.
    """

    indicator: Indicator
    sentence: str
    short: str
    size: float = math.nan
    verdict: str = ""

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Core figures first, parts of another figure last, and the larger before the smaller."""
        size = 0.0 if math.isnan(self.size) else abs(self.size)
        return not self.indicator.core, self.indicator.part_of is not None, -size


def ranked(items: Iterable[Item]) -> list[Item]:
    """Items in the order in which they are told."""
    return sorted(items, key=lambda x: x.rank)


def entries_of(kind: ChangeKind, items: Sequence[Item]) -> list[Changed]:
    """The first items of a kind told, the others counted."""
    made = [Changed(kind, x.sentence, x.indicator.id) for x in items[:MOST]]
    return [*made, *others(kind, len(items) - MOST)]


def others(kind: ChangeKind, number: int) -> list[Changed]:
    """That there are so many more figures of a kind; empty for none."""
    return [Changed(kind, f"En nog {figures_counted(number)}.")] if number > 0 else []


def named(all_: Sequence[str]) -> str:
    """The first of some names, the others counted: 'A, B, C en nog 3'."""
    rest = len(all_) - NAMED
    return listing([*all_[:NAMED], f"nog {rest}"] if rest > 0 else list(all_))


def summed_up(lead: str, items: Sequence[Item]) -> str:
    """One sentence that names the first items of a kind: 'Nieuw: A (2025), B (2025) en nog 3.'; empty without any."""
    return f"{lead}: {named([x.short for x in items])}." if items else ""


def counted(counts: Sequence[tuple[ChangeKind, int]], *, areas: bool = False) -> str:
    """How many figures changed in which way: '3 nieuwe cijfers, 2 herzien en 1 vervallen'; empty for none.

    Args:
        counts: figures per kind.
        areas: whether areas changed, apart from any figure.
    """
    told: list[str] = []
    for kind, number in ((k, n) for k, n in counts if n):
        told.append(f"{number} {_COUNTED[kind][2 if told else min(number, 2) - 1]}")
    if areas and not dict(counts).get("grenzen"):
        told.append("een andere indeling")
    return listing(told)


def headline_of(before: str, counts: Sequence[tuple[ChangeKind, int]], *, areas: bool = False) -> str:
    """All that changed in a few words: 'Sinds editie 2026-08: 3 nieuwe cijfers en 1 herzien cijfer'.

    Args:
        before: since when, as it stands in a sentence.
        counts: figures per kind.
        areas: whether areas changed, apart from any figure.
    """
    told = counted(counts, areas=areas)
    return f"Sinds {before}: {told}" if told else f"Sinds {before} veranderde er niets"


def figures_counted(number: int) -> str:
    """A number of figures: '1 cijfer', '12 cijfers'."""
    return "1 cijfer" if number == 1 else f"{number} cijfers"


def figures_of(definitions: Definitions, goals: Sequence[Goal]) -> list[Indicator]:
    """The figures of some goals, in the order of the definitions."""
    asked = {g.id for g in goals}
    return [i for i in definitions.indicators if asked & set(i.goals)]


def figures_spoken(definitions: Definitions, goals: Sequence[Goal]) -> str:
    """Which figures, as it stands in a sentence: 'cijfers van doel 2', 'cijfers van de drie doelen'."""
    if len(goals) == len(definitions.goals):
        return "cijfers van de drie doelen"
    numbers = [str(g.id) for g in goals]
    return f"cijfers van doel{'en' if len(numbers) > 1 else ''} {listing(numbers)}"


def years_spoken(years: Iterable[int]) -> str:
    """Years as they stand in a sentence, successive ones together: '2015, 2017 t/m 2019 en 2022'."""
    ordered = sorted(set(years))
    runs = [[y for _, y in run] for _, run in groupby(enumerate(ordered), key=lambda p: p[1] - p[0])]
    told = [[f"{run[0]} t/m {run[-1]}"] if len(run) > 2 else [str(y) for y in run] for run in runs]
    return listing([text for part in told for text in part])


def joined(said: Iterable[str]) -> str:
    """Sentences one after another; empty ones are left out."""
    return " ".join(s for s in said if s)


def name_of(indicator: Indicator) -> str:
    """The name of a figure with what its values are counted by: 'Nieuwe woningen per 1.000 woningen'."""
    unit = trailing(indicator.unit)
    return f"{indicator.full_name} {unit}" if unit.startswith("per ") else indicator.full_name


def marks(
    definitions: Definitions, indicator: Indicator, value: Value, names: dict[str, str], *, status: bool = True
) -> str:
    """What a reader has to know of a value: limited coverage, and that it is provisional; empty for neither.

    ``status``: False where the status has been told already.
    """
    a = indicator.aggregation
    unit = definitions.quantity(a.weight or a.denominator or "inwoners").unit
    limited = coverage_word(value.coverage) != "volledig"
    said = [sentences.coverage(value, names, unit) if limited else ""]
    said.append(f"Het cijfer over {value.year} is een {value.status} cijfer." if status and value.provisional else "")
    return joined(said)


def names_of(codes: Iterable[str], names: dict[str, str]) -> str:
    """Municipalities by name, as they stand in a sentence."""
    return listing(sorted((names.get(c, "een gemeente zonder naam") for c in codes), key=alphabetical))


def reorganised(gone: Iterable[Gone], names: dict[str, str]) -> list[str]:
    """Municipalities that ceased to exist, in sentences, in order of time; one sentence per day and successors.

    Args:
        gone: per municipality its name, the day (ISO, empty when unknown) and the codes of its successors.
        names: code -> name.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, date, into in gone:
        groups.setdefault((date, into), []).append(name)
    ordered = sorted(groups.items(), key=lambda g: (g[0][0], alphabetical(g[1][0])))
    return [_merged(sorted(found, key=alphabetical), names, date, into) for (date, into), found in ordered]


def _merged(gone: list[str], names: dict[str, str], date: str, into: tuple[str, ...]) -> str:
    one = len(gone) == 1
    if not into:
        where = f"waar zij bij {'hoort' if one else 'horen'}, is niet bekend"
        return f"{listing(gone)} {'staat' if one else 'staan'} niet meer in de indeling van gemeenten; {where}."
    when = f"Op {told_date(dt.date.fromisoformat(date))}" if date else "Sindsdien"
    if len(into) > 1:
        return f"{when} {'werd' if one else 'werden'} {listing(gone)} verdeeld over {names_of(into, names)}."
    return f"{when} {'ging' if one else 'gingen'} {listing(gone)} op in {names_of(into, names)}."
