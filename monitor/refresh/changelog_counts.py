"""How much differs between two editions: the one count that the change log, the terminal and the page of editions tell.

A value is that of one indicator in one area and year. It counts as revised from where a reader can see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.definitions import Definitions
from monitor.notation import listing, number
from monitor.refresh.changelog_sources import outlines_differ
from monitor.snapshot import store
from monitor.snapshot.compare import KINDS, Comparison, Kind
from monitor.snapshot.derive import ELEVEN

# How many values are of a kind: for one and for more, before the word 'waarde' and on their own.
_WORDS: dict[Kind, tuple[str, str, str]] = {
    "nieuw": ("nieuwe", "nieuwe", "nieuw"),
    "herzien": ("herziene", "herziene", "herzien"),
    "vervallen": ("vervallen", "vervallen", "vervallen"),
    "grenzen": ("anders begrensde", "anders begrensde", "anders begrensd"),
}


@dataclass(frozen=True, eq=False)
class Counts:
    """What differs, counted.

    ``cells``: the changed cells of areas that are told of, those that nobody can see included; ``seen``: without
    those. ``years``: per indicator the years for which no area had a value before. ``values``: values per kind.
    ``unseen``: revised values that read the same. ``published``, ``added``, ``reweighted``: the revised values that
    the source itself gave otherwise, that we add up, and of the last those of which no municipality was revised.
    ``indicators``: of how many indicators. ``areas``, ``outlines``: whether areas are made up otherwise, or drawn so.
    """

    cells: pd.DataFrame
    seen: pd.DataFrame
    years: Mapping[str, tuple[int, ...]]
    values: Mapping[Kind, int]
    unseen: int
    unseen_indicators: int
    published: int
    added: int
    reweighted: int
    indicators: int
    areas: bool
    outlines: bool

    @property
    def headline(self) -> str:
        """All that changed in one sentence: '3 nieuwe jaren en 120 herziene waarden in 4 indicatoren' with a full stop.

        A year counts once per indicator; the values of such a year are not counted again.
        """
        years = sum(map(len, self.years.values()))
        parts = [f"{number(years, 0)} {'nieuw jaar' if years == 1 else 'nieuwe jaren'}"] if years else []
        counts = {**self.values, "nieuw": self._in_known_years}
        told = [(counts[kind], _WORDS[kind]) for kind in KINDS if counts[kind]]
        parts += [f"{number(n, 0)} {one if n == 1 else more}" for n, (one, more, _) in told]
        if not parts:
            return self._nothing
        if told:
            parts[-1] += " waarde" if told[-1][0] == 1 else " waarden"
        n = self.indicators
        return f"{listing(parts)} in {number(n, 0)} {'indicator' if n == 1 else 'indicatoren'}."

    @property
    def _in_known_years(self) -> int:
        fresh = self.seen[self.seen["kind"] == "nieuw"]
        pairs = pd.MultiIndex.from_frame(fresh[["indicator", "year"]])
        return len(fresh) - int(pairs.isin([(i, y) for i, found in self.years.items() for y in found]).sum())

    @property
    def _nothing(self) -> str:
        moved = [w for w, true in (("de indeling van gebieden", self.areas), ("de kaart", self.outlines)) if true]
        if self.unseen:
            which = _counted(self.unseen_indicators, "indicator", "indicatoren")
            only = f"{_counted(self.unseen, 'waarde', 'waarden')} in {which}"
            verb = "verschoof" if self.unseen == 1 else "verschoven"
            also = f" Wel {'is' if len(moved) == 1 else 'zijn'} {listing(moved)} anders." if moved else ""
            return f"Er veranderde niets zichtbaars: {only} {verb} alleen achter de laatste decimaal.{also}"
        if self.areas and self.outlines:
            return "De indeling van gebieden en de grenzen op de kaart zijn anders; geen waarde veranderde."
        if self.areas:
            return "De indeling van gebieden is anders; geen waarde veranderde."
        if self.outlines:
            return "De grenzen op de kaart zijn vernieuwd; geen waarde veranderde."
        return "Er veranderde geen waarde."

    @property
    def explained(self) -> str:
        """How many values are behind the headline, and why they changed; '' when it tells all of it."""
        told = [f"{number(self.values[k], 0)} {_WORDS[k][2]}" for k in KINDS if self.values[k]]
        if not told:
            return ""
        all_, one = sum(self.values.values()), "1 waarde"
        said = [f"Bij elkaar {one if all_ == 1 else f'{number(all_, 0)} waarden'}: {listing(told)}."]
        if not self.years:
            said = []  # the headline has these counts already
        if self.added:
            said.append(self._origin)
        if self.unseen:
            n, verb = number(self.unseen, 0), "verschoof" if self.unseen == 1 else "verschoven"
            said.append(f"Daarnaast {verb} {n} {'waarde' if self.unseen == 1 else 'waarden'} alleen iets achter de "
                        "laatste decimaal.")  # fmt: skip
        return " ".join(said)

    @property
    def _origin(self) -> str:
        """Which revised values the source gave otherwise, and which follow from adding up or from other weights."""
        rest = self.added - self.reweighted
        told = [
            (self.published, "gaf de bron zelf anders", "gaf de bron zelf anders"),
            (
                rest,
                "veranderde mee, omdat wij die uit gemeenten berekenen",
                "veranderden mee, omdat wij die uit gemeenten berekenen",
            ),
            (self.reweighted, "kreeg alleen een andere weging", "kregen alleen een andere weging"),
        ]
        parts = [f"{_counted(n, 'waarde', 'waarden')} {one if n == 1 else more}" for n, one, more in told if n]
        return f"Herzien: {listing(parts)}."


def counts_of(comparison: Comparison) -> Counts:
    """Count what differs between two editions.

    Left out are areas that are made only to compare a region with: COROP regions, the 11 together, regions with a
    candidate counted in, and comparable regions.
    """
    cells = own_cells(comparison)
    seen = cells[cells["visible"].to_numpy()]
    kinds = seen["kind"].value_counts()
    hidden = cells.loc[~cells["visible"].to_numpy(), "indicator"]
    revised = seen[seen["kind"] == "herzien"]
    published = revised["basis_before"].isin(store.PUBLISHED) | revised["basis_after"].isin(store.PUBLISHED)
    added = revised.loc[~published, ["indicator", "year"]]
    t = comparison.territory
    return Counts(
        cells=cells,
        seen=seen,
        years=new_years(comparison),
        values={kind: int(kinds.get(kind, 0)) for kind in KINDS},
        unseen=len(hidden),
        unseen_indicators=int(hidden.nunique()),
        published=int(published.sum()),
        added=len(added),
        reweighted=_without_revision(cells, added),
        indicators=int(seen["indicator"].nunique()),
        areas=bool(t.vanished or t.appeared or t.recomposed),
        outlines=outlines_differ(*t.editions),
    )


def _without_revision(cells: pd.DataFrame, added: pd.DataFrame) -> int:
    """How many values that we add up are of an indicator and year of which nothing published changed."""
    if added.empty:
        return 0
    own = cells["basis_before"].isin(store.PUBLISHED) | cells["basis_after"].isin(store.PUBLISHED)
    moved = pd.MultiIndex.from_frame(cells.loc[own, ["indicator", "year"]].drop_duplicates())
    return int((~pd.MultiIndex.from_frame(added).isin(moved)).sum())


def own_cells(comparison: Comparison) -> pd.DataFrame:
    """The changed cells of areas that are told of: not those that are made to compare a region with.

    Left out are COROP regions, the 11 together, regions with a candidate counted in, and comparable regions.
    """
    area = comparison.cells["area"].astype("category").cat
    told = [not (a.startswith("CR") or "~" in a or "+" in a or a == ELEVEN) for a in area.categories]
    return comparison.cells[np.array(told, dtype=bool)[area.codes.to_numpy()]]


def new_years(comparison: Comparison) -> dict[str, tuple[int, ...]]:
    """Per indicator the years for which no area had a value in the edition before."""
    before = comparison.territory.editions[0].observations
    known = before[before["value"].notna()].drop_duplicates(["indicator", "year"])
    had = set(zip(known["indicator"].astype(str), known["year"].astype(int), strict=True))
    fresh = comparison.of("nieuw").drop_duplicates(["indicator", "year"])
    found: dict[str, list[int]] = {}
    for indicator, year in zip(fresh["indicator"].astype(str), fresh["year"].astype(int), strict=True):
        if (indicator, year) not in had:
            found.setdefault(indicator, []).append(year)
    return {indicator: tuple(sorted(years)) for indicator, years in found.items()}


def described_by(definitions: Definitions, edition: store.Snapshot) -> tuple[set[str], str]:
    """The indicators that an edition has and the monitor describes, and how many: '148 indicatoren, waarvan 9 …'."""
    there = {str(i) for i in edition.observations["indicator"].unique()}
    border = there & {f.id for f in definitions.cross_border}
    known = border | (there & {i.id for i in definitions.indicators})
    across = f" (waarvan {number(len(border), 0)} over de grens)" if border else ""
    return known, f"{_counted(len(known), 'indicator', 'indicatoren')}{across}"


def _counted(count: int, one: str, more: str) -> str:
    return f"{number(count, 0)} {one if count == 1 else more}"
