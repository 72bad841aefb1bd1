"""The figures of a region that two editions give otherwise, each in sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Indicator, Region
from monitor.export.changed.kinds import Item, joined, marks, name_of, names_of, years_spoken
from monitor.notation import alphabetical, listing
from monitor.profile import distance
from monitor.snapshot.compare import Kind, compare
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot

_MUNICIPALITIES = 3


class EditionItems:
    """The figures of a region that two editions give otherwise, in words.

    Args:
        definitions: the same for both editions.
        old: the earlier edition.
        new: the later one.
        region: one of the 11.
        indicators: which figures.
    """

    def __init__(
        self, definitions: Definitions, old: Snapshot, new: Snapshot, region: Region, indicators: Sequence[Indicator]
    ) -> None:
        self.old, self.new, self.region, self.indicators = old, new, region, indicators
        self.definitions = definitions
        self.comparison = compare(definitions, old, new)
        self.names = {**old.names, **new.names}
        cells = self.comparison.cells
        self.own = cells[cells["area"] == region.id]
        self.country = cells[(cells["area"] == COUNTRY) & cells["visible"]]
        members = self.comparison.territory.members(region.id) or frozenset(region.codes)
        self.municipal = cells[cells["area"].isin(members)]

    def items(self, kind: Kind) -> list[Item]:
        """The figures of the region that changed in one way."""
        tell: dict[Kind, Callable[[Indicator, pd.DataFrame], Item]] = {
            "nieuw": self._new,
            "herzien": self._revised,
            "vervallen": self._withdrawn,
            "grenzen": self._by_boundaries,
        }
        made = []
        for indicator in self.indicators:
            spread = indicator.aggregation.kind == "geen"
            cells = self.municipal if spread else self.own
            cells = cells[(cells["indicator"] == indicator.id) & (cells["kind"] == kind) & cells["visible"]]
            if not cells.empty:
                made.append(self._per_municipality(indicator, kind, cells) if spread else tell[kind](indicator, cells))
        return made

    def _new(self, i: Indicator, cells: pd.DataFrame) -> Item:
        years, last = _years(cells), _last(cells)
        year = int(last["year"])
        known = self._known(self.old, i)
        if not known:
            lead = f"{name_of(i)} is nieuw in de monitor, met {_over(years)}."
        elif year > known[-1]:
            lead = f"{name_of(i)}: nieuw {'is' if len(years) == 1 else 'zijn'} {_over(years)}."
        else:
            return Item(i, f"{name_of(i)}: er kwamen oudere jaren bij: {years_spoken(years)}.", _short(i, years))
        a = asm.assess(self.new, i, self.region, year)
        said = [lead, sentences.reading(a, self.region), self._marks(i, year)]
        if known:
            was, now = asm.assess(self.old, i, self.region, known[-1]).judgement.word, a.judgement.word
            if was != now:
                said.append(f"Over {known[-1]} was het oordeel ‘{was}’, nu is het ‘{now}’.")
        size = distance(self.new, i, a.judgement.difference)
        return Item(i, joined(said), f"{name_of(i)} ({year}: {sentences.shown(i, a.value.value)})", size)

    def _revised(self, i: Indicator, cells: pd.DataFrame) -> Item:
        years, last = _years(cells), _last(cells)
        year = int(last["year"])
        before, after = (sentences.shown(i, last[f"value_{side}"]) for side in ("before", "after"))
        status = ""
        if last["status_before"] != last["status_after"]:
            status = f"{last['status_after']} (was {last['status_before']})"
        if before != after:
            what = f"herzien van {before} naar {after}{f', en nu {status}' if status else ''}"
            short = f"{name_of(i)} ({year}: van {before} naar {after})"
        elif status:
            what = f"het cijfer is nu {status} en bleef {after}"
            short = f"{name_of(i)} ({year}: nu {last['status_after']})"
        else:
            what = f"de marge is herzien: nu {_margin(i, last, 'after')}, was {_margin(i, last, 'before')}; "
            what += f"het cijfer zelf bleef {after}"
            short = f"{name_of(i)} ({year}: andere marge)"
        verdict = self._verdict(i, year)
        mark = self._marks(i, year, status=not status)
        said = [f"{name_of(i)} ({year}): {what}.", mark, _others_too(years[:-1], "herzien"), verdict.sentence]
        size = distance(self.new, i, last["value_after"] - last["value_before"])
        return Item(i, joined(said), short, size, verdict.short)

    def _withdrawn(self, i: Indicator, cells: pd.DataFrame) -> Item:
        years, last = _years(cells), _last(cells)
        left, year = self._known(self.new, i), int(last["year"])
        value = sentences.shown(i, last["value_before"])
        if not left:
            lead = f"{name_of(i)}: alle cijfers zijn vervallen. Het laatste was {value} ({year})."
        elif len(years) == 1:
            lead = f"{name_of(i)}: het cijfer over {year} ({value}) is vervallen."
        else:
            lead = f"{name_of(i)}: de cijfers over {years_spoken(years)} zijn vervallen; dat over {year} was {value}."
        said = [lead]
        if last["missing_after"]:
            said.append(
                f"Te weinig gemeenten hebben nog een cijfer: het is er niet voor {self._missing(last, 'after')}."
            )
        if left and left[-1] < year:
            newest = asm.value_of(self.new, i, self.region.id, left[-1]).value
            said.append(f"Het nieuwste cijfer is nu dat van {left[-1]}: {sentences.shown(i, newest)}.")
        return Item(i, joined(said), _short(i, years), distance(self.old, i, self._from_country(last)))

    def _by_boundaries(self, i: Indicator, cells: pd.DataFrame) -> Item:
        years, last = _years(cells), _last(cells)
        year = int(last["year"])
        before, after = (last[f"value_{side}"] for side in ("before", "after"))
        was, now = sentences.shown(i, before), sentences.shown(i, after)
        if math.isnan(before):
            what = f"nu {now}, eerder was er geen cijfer"
        elif math.isnan(after):
            what = f"nu geen cijfer, eerder was het {was}"
        elif was == now:
            what = f"het cijfer bleef {now}, met een andere marge of status"
        else:
            what = f"nu {now}, was {was}"
        verdict = self._verdict(i, year)
        said = [f"{name_of(i)} ({year}): {what}.", self._why(last), _others_too(years[:-1], "anders")]
        size = distance(self.new, i, after - before)
        short = f"{name_of(i)} ({year}: {what})"
        return Item(i, joined([*said, self._marks(i, year), verdict.sentence]), short, size, verdict.short)

    def _per_municipality(self, i: Indicator, kind: Kind, cells: pd.DataFrame) -> Item:
        """A figure that has no regional value: which municipalities, in the last year that changed."""
        years = _years(cells)
        rows = cells[cells["year"] == years[-1]]
        which = f"{len(rows)} gemeenten"
        if len(rows) <= _MUNICIPALITIES:
            values = zip(rows["area"], rows["value_before"], rows["value_after"], strict=True)
            told = {names_of([code], self.names): _step(i, before, after) for code, before, after in values}
            which = listing([f"{name} ({told[name]})" for name in sorted(told, key=alphabetical)])
        words: dict[Kind, str] = {
            "nieuw": "nieuw",
            "herzien": "herzien",
            "vervallen": "vervallen",
            "grenzen": "anders door grenzen of indeling",
        }
        said = f"{name_of(i)} ({years[-1]}): {words[kind]} voor {which}; voor de regio wordt dit cijfer niet opgeteld."
        return Item(i, joined([said, _others_too(years[:-1], words[kind])]), _short(i, years[-1:]))

    def judged_otherwise(self, told: Collection[str]) -> list[Item]:
        """Figures that stayed as they were, but are judged otherwise in their last year; ``told`` ones are left out."""
        made = []
        elsewhere = set(self.comparison.cells["indicator"])
        for i in (x for x in self.indicators if x.id not in told and x.aggregation.kind != "geen"):
            # A judgement rests on figures of other areas, and on the spread between them; no need to ask otherwise.
            if i.id not in elsewhere and asm.rule_for(i, self.old) == asm.rule_for(i, self.new):
                continue
            verdict = self._verdict(i)
            if not verdict.sentence:
                continue
            rows = self.country[(self.country["indicator"] == i.id) & (self.country["year"] == verdict.year)]
            value = sentences.shown(i, asm.value_of(self.new, i, self.region.id, verdict.year).value)
            why = "Dat komt door herziene cijfers van andere gebieden."
            if not rows.empty:
                was, now = (sentences.shown(i, rows.iloc[0][f"value_{side}"]) for side in ("before", "after"))
                why = f"Het cijfer van Nederland is herzien van {was} naar {now}." if was != now else why
            said = f"{name_of(i)} ({verdict.year}): het cijfer zelf bleef {value}."
            short = f"{name_of(i)} ({verdict.year}: alleen het oordeel)"
            made.append(Item(i, joined([said, verdict.sentence, why]), short, verdict=verdict.short))
        return made

    @property
    def unseen(self) -> int:
        """How many figures of the region were revised by less than a reader can see, and in no other way."""
        rows = self.own[self.own["indicator"].isin([i.id for i in self.indicators])]
        return len(set(rows["indicator"]) - set(rows.loc[rows["visible"], "indicator"]))

    def _known(self, snapshot: Snapshot, i: Indicator) -> list[int]:
        """Years in which the region has a value."""
        rows = snapshot.series(i.id, self.region.id)
        return sorted(int(y) for y in rows.loc[rows["value"].notna(), "year"])

    def _verdict(self, i: Indicator, year: int = 0) -> _Verdict:
        """How the judgement against the Netherlands changed, in this year or else in the last that both have."""
        both = sorted({*self._known(self.old, i)} & {*self._known(self.new, i)})
        for asked in (y for y in dict.fromkeys([year, *both[-1:]]) if y in both):
            was, now = (asm.assess(s, i, self.region, asked).judgement.word for s in (self.old, self.new))
            if was != now:
                over = "" if year in (0, asked) else f" over {asked}"
                told = f"Het oordeel tegenover Nederland{over} is nu ‘{now}’; eerst was dat ‘{was}’."
                return _Verdict(told, f"{name_of(i)} (nu ‘{now}’, eerst ‘{was}’)", asked)
        return _Verdict()

    def _marks(self, i: Indicator, year: int, *, status: bool = True) -> str:
        """What a reader has to know of the later value; nothing when there is none."""
        value = asm.value_of(self.new, i, self.region.id, year)
        return "" if math.isnan(value.value) else marks(self.definitions, i, value, self.names, status=status)

    def _missing(self, cell: Any, side: str) -> str:
        return names_of(cell[f"missing_{side}"].split(), self.names)

    def _why(self, cell: Any) -> str:
        """Why a regional value comes from other ground."""
        if cell["ground"] != "dekking":
            if self.comparison.territory.same_ground(self.region.id):
                return "Sindsdien zijn gemeenten heringedeeld."
            return "De regio bestaat in de cijfers uit andere gemeenten dan eerst."
        parts = [f"{'nu' if side == 'after' else 'eerder'} {self._without(cell, side)}" for side in ("after", "before")]
        return f"Het cijfer steunt op andere gemeenten: {', '.join(parts)}."

    def _without(self, cell: Any, side: str) -> str:
        return f"zonder {self._missing(cell, side)}" if cell[f"missing_{side}"] else "met alle gemeenten"

    def _from_country(self, cell: Any) -> float:
        """How far a withdrawn value was from that of the Netherlands."""
        row = self.old.row(cell["indicator"], COUNTRY, int(cell["year"]))
        return float(cell["value_before"] - row["value"]) if row else math.nan


@dataclass(frozen=True)
class _Verdict:
    """How a judgement changed: as a sentence and in a few words, both empty when it did not; and in which year."""

    sentence: str = ""
    short: str = ""
    year: int = 0


def _years(cells: pd.DataFrame) -> list[int]:
    return sorted({int(y) for y in cells["year"]})


def _last(cells: pd.DataFrame) -> pd.Series:
    """The cell of the last year."""
    return cells.sort_values("year").iloc[-1]


def _short(i: Indicator, years: Sequence[int]) -> str:
    return f"{name_of(i)} ({years_spoken(years)})"


def _step(i: Indicator, before: float, after: float) -> str:
    """From one value to another, or the only one of them that there is."""
    was, now = sentences.shown(i, before), sentences.shown(i, after)
    if math.isnan(before):
        return now
    return f"was {was}" if math.isnan(after) else f"van {was} naar {now}"


def _margin(i: Indicator, cell: Any, side: str) -> str:
    low, high = cell[f"lower_{side}"], cell[f"upper_{side}"]
    return "onbekend" if math.isnan(low) else f"{sentences.shown(i, low)} tot {sentences.shown(i, high)}"


def _over(years: Sequence[int]) -> str:
    return f"{'het cijfer' if len(years) == 1 else 'de cijfers'} over {years_spoken(years)}"


def _others_too(years: Sequence[int], what: str) -> str:
    """That other years changed in the same way; empty without any."""
    return f"Ook {_over(years)} {'is' if len(years) == 1 else 'zijn'} {what}." if years else ""
