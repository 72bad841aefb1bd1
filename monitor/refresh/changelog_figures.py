"""The figures of a change log: new years, revisions and withdrawn values, by name, grouped and counted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from monitor import sentences
from monitor.definitions import Definitions
from monitor.export.changed.kinds import name_of, years_spoken
from monitor.notation import alphabetical, listing, number, quantity
from monitor.profile import distance
from monitor.snapshot.compare import Comparison
from monitor.snapshot.derive import COUNTRY, ELEVEN
from monitor.snapshot.store import Snapshot

# So many figures are told in full per kind; the others are only named, and of these, and of new ones, so many.
_FULL, _NAMED, _NEW = 25, 60, 20
# So many regions, and where no region changed so many municipalities, are told with their values.
_AREAS = 3
# Of more areas nobody sees the revision, because it is smaller than that of these.
_LOOKED = 50
_LEAST = 1e-9
_WORDS = (
    ("GM", "gemeente", "gemeenten"),
    ("regio", "regio", "regio’s"),
    ("PV", "provincie", "provincies"),
    ("GG", "GGD-regio", "GGD-regio’s"),
    ("anders", "gebied over de grens", "gebieden over de grens"),
)


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


class Told:
    """What changed in the figures, in lines of a list.

    Args:
        definitions: names, units and decimals.
        comparison: what differs.
        old: the edition before.
        new: the new one.
    """

    def __init__(self, definitions: Definitions, comparison: Comparison, old: Snapshot, new: Snapshot) -> None:
        self.definitions, self.comparison, self.old, self.new = definitions, comparison, old, new
        self.cells = own_cells(comparison)
        self.areas = {**old.names, **new.names, **{r.id: r.name for r in definitions.regions}}
        self.areas |= {b.id: b.name for b in definitions.neighbours}
        self.regions = {r.id for r in definitions.regions}
        self.indicators = {i.id: i for i in definitions.indicators}
        self.border = {f.id: f for f in definitions.cross_border}

    # --- names and values ---

    def name(self, indicator: str) -> str:
        """A figure by its name."""
        if indicator in self.indicators:
            return name_of(self.indicators[indicator])
        if indicator in self.border:
            return f"{self.border[indicator].name} (over de grens)"
        return "Een cijfer dat de monitor nu niet beschrijft"

    def shown(self, indicator: str, value: float) -> str:
        """A value with its unit."""
        if indicator in self.indicators:
            return sentences.shown(self.indicators[indicator], value)
        if indicator in self.border:
            figure = self.border[indicator]
            return quantity(value, figure.unit, figure.decimals)
        return number(value, 1)

    def _level(self, area: str) -> str:
        if area in self.regions:
            return "regio"
        return area[:2] if area[:2] in {w[0] for w in _WORDS} else "anders"

    def _counted(self, areas: Sequence[str]) -> str:
        """How many areas of which kind: '12 gemeenten, 3 regio’s en Nederland'."""
        there = set(areas)
        levels = pd.Series([self._level(a) for a in there if a != COUNTRY]).value_counts()
        told = [
            f"{number(int(levels[k]), 0)} {one if levels[k] == 1 else more}" for k, one, more in _WORDS if k in levels
        ]
        return listing([*told, *(["Nederland"] if COUNTRY in there else [])])

    # --- new ---

    def fresh(self) -> list[str]:
        """New figures, new years and values that came in years that were there already; the same years together."""
        cells = self.cells[self.cells["kind"] == "nieuw"]
        if cells.empty:
            return []
        had = set(self.old.observations["indicator"].astype(str).unique())
        groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        years = new_years(self.comparison)
        for indicator, found in years.items():
            kind = "nieuwe jaren" if indicator in had else "nieuw cijfer"
            groups.setdefault((kind, found), []).append(self.name(indicator))
        lines = []
        for (kind, found), names in sorted(groups.items(), key=lambda g: (g[0][0] != "nieuw cijfer", -g[0][1][-1])):
            lead = f"Nieuw in de monitor, met {years_spoken(found)}" if kind == "nieuw cijfer" else _years_lead(found)
            lines.append(f"- **{lead}**: {_names(names, _NEW)}.")
        return [*lines, *self._filled(cells, years)]

    def _filled(self, cells: pd.DataFrame, years: dict[str, tuple[int, ...]]) -> list[str]:
        """Values in years that other areas had already."""
        new = pd.MultiIndex.from_tuples([(i, y) for i, found in years.items() for y in found], names=["i", "y"])
        rest = cells[~pd.MultiIndex.from_frame(cells[["indicator", "year"]]).isin(new)] if len(new) else cells
        lines = []
        for indicator, own in rest.groupby("indicator", sort=True):
            over = years_spoken(int(y) for y in own["year"])
            lines.append(
                f"- {self.name(str(indicator))}: nu ook een waarde voor {self._counted(list(own['area']))} ({over})."
            )
        return _capped(lines)

    # --- revised ---

    def revised(self) -> list[str]:
        """Revised figures, the largest revision first: in how many areas, and the largest with old and new value."""
        seen = self.cells[(self.cells["kind"] == "herzien") & self.cells["visible"]]
        order = [(self._size(str(i), g), self.name(str(i)), str(i), g) for i, g in seen.groupby("indicator")]
        order.sort(key=lambda x: (-x[0], alphabetical(x[1])))
        lines = [f"- **{name}**: {self._revision(i, g)}" for _, name, i, g in order[:_FULL]]
        if rest := [f"{name} ({self._counted(list(g['area']))})" for _, name, i, g in order[_FULL:]]:
            lines.append(f"- Ook herzien: {_names(rest)}.")
        unseen = set(self._unseen) - set(seen["indicator"])
        if unseen:
            what = "1 cijfer" if len(unseen) == 1 else f"{number(len(unseen), 0)} cijfers"
            lines.append(f"- Bij {what} verschoof alleen iets achter de laatste decimaal die te zien is.")
        return lines

    @cached_property
    def _unseen(self) -> list[str]:
        hidden = self.cells[(self.cells["kind"] == "herzien") & ~self.cells["visible"]]
        return sorted(hidden["indicator"].astype(str).unique())

    def _size(self, indicator: str, cells: pd.DataFrame) -> float:
        """The largest revision, in standard deviations between COROP regions; next to nothing where that is unknown."""
        largest = float((cells["value_after"] - cells["value_before"]).abs().max())
        known = self.indicators.get(indicator)
        size = abs(distance(self.new, known, largest)) if known else math.nan
        # A value that moved goes before a margin or a status that did.
        return (_LEAST if largest > _LEAST else 0.0) if math.isnan(size) else size

    def _revision(self, indicator: str, cells: pd.DataFrame) -> str:
        years = years_spoken(int(y) for y in cells["year"])
        said = f"herzien voor {self._counted(list(cells['area']))}, over {years}."
        country, regions = (self._steps(indicator, cells[cells["area"].isin(a)]) for a in ({COUNTRY}, self.regions))
        others, what = len(regions) - _AREAS, ("regio", "regio’s")
        chosen = regions
        if not regions:
            towns = cells[cells["area"].str.startswith("GM")]
            chosen, what = self._steps(indicator, towns), ("gemeente", "gemeenten")
            others = int(towns["area"].nunique()) - _AREAS
        told = [*country, *chosen[:_AREAS]] or self._steps(indicator, cells)[:_AREAS]
        if not told:
            return f"{said} {self._only_status(cells)}"
        rest = f" en nog {number(others, 0)} {what[others > 1]}" if chosen and others > 0 else ""
        return f"{said} {'; '.join(told)}{rest}."

    def _steps(self, indicator: str, cells: pd.DataFrame) -> list[str]:
        """The largest revision that a reader sees of each area, with year and both values; the largest first."""
        if cells.empty:
            return []
        size = (cells["value_after"] - cells["value_before"]).abs()
        ordered = cells.assign(size=size).sort_values(["size", "year"], ascending=[False, False], kind="stable")
        told = []
        for c in ordered.drop_duplicates("area").head(_LOOKED).to_dict("records"):
            was, now = (self.shown(indicator, float(c[f"value_{side}"])) for side in ("before", "after"))
            if was != now:
                told.append(
                    f"{self.areas.get(str(c['area']), str(c['area']))} ({int(c['year'])}): van {was} naar {now}"
                )
        return told

    def _only_status(self, cells: pd.DataFrame) -> str:
        moved = cells[cells["status_before"] != cells["status_after"]]
        if moved.empty:
            return "De waarden bleven gelijk; alleen de marge veranderde."
        pairs = moved.drop_duplicates(["status_before", "status_after"])
        steps = zip(pairs["status_before"], pairs["status_after"], strict=True)
        told = [f"nu {after}, was {before}" for before, after in steps]
        return f"De waarden bleven gelijk; de status is {listing(told)}."

    # --- withdrawn, and by other boundaries ---

    def withdrawn(self) -> list[str]:
        """Figures that the new edition does not have any more, every one of them by name."""
        gone = self.cells[self.cells["kind"] == "vervallen"]
        lines = []
        left = self.new.observations
        for indicator, own in sorted(gone.groupby("indicator"), key=lambda g: alphabetical(self.name(str(g[0])))):
            rows = left[(left["indicator"] == indicator) & left["value"].notna()]
            years = sorted({int(y) for y in own["year"]})
            whole = [y for y in years if y not in set(rows["year"].astype(int))]
            lines.append(
                f"- **{self.name(str(indicator))}**: {self._gone(str(indicator), own, years, whole, rows.empty)}"
            )
        return _capped(lines)

    def _gone(self, indicator: str, cells: pd.DataFrame, years: list[int], whole: list[int], all_: bool) -> str:
        if all_:
            return f"alle cijfers zijn vervallen ({years_spoken(years)})."
        said = (
            [f"{years_spoken(whole)} {'is' if len(whole) == 1 else 'zijn'} vervallen voor alle gebieden"]
            if whole
            else []
        )
        part = cells[~cells["year"].isin(whole)]
        if len(part):
            over = years_spoken(int(y) for y in part["year"])
            said.append(f"vervallen voor {self._counted(list(part['area']))} ({over})")
            # The regions of the monitor first; municipalities where they are few.
            area = part["area"].astype(str)
            few = part[area.isin(self.regions)].drop_duplicates("area").head(_AREAS)
            own = part[area.str.startswith("GM")].drop_duplicates("area")
            few = pd.concat([few, own]) if len(own) <= _AREAS else few
            if len(few):
                pairs = zip(few["area"].astype(str), few["value_before"].astype(float), strict=True)
                said.append(listing([f"{self.areas.get(a, a)} had {self.shown(indicator, v)}" for a, v in pairs]))
        text = "; ".join(said)
        return f"{text}."

    def by_boundaries(self) -> list[str]:
        """Figures that differ because they are of other ground."""
        moved = self.cells[(self.cells["kind"] == "grenzen") & self.cells["visible"]]
        lines = []
        for ground, own in moved.groupby("ground", sort=True):
            names = sorted({self.name(str(i)) for i in own["indicator"].unique()}, key=alphabetical)
            why = _GROUNDS.get(str(ground), "door andere grenzen")
            lines.append(f"- Anders {why}, voor {self._counted(list(own['area']))}: {_names(names, 12)}.")
        return lines

    # --- the same ---

    def same(self) -> list[str]:
        """How many figures stayed as they were, in one line."""
        known = {str(i) for i in self.new.observations["indicator"].unique()} & {*self.indicators, *self.border}
        changed = set(self.cells["indicator"].astype(str).unique())
        same = len(known - changed)
        if not changed:
            return [f"Alle {number(len(known), 0)} cijfers zijn in alle gebieden en jaren gelijk gebleven."]
        if not same:
            return [f"Geen van de {number(len(known), 0)} cijfers is in alle gebieden en jaren gelijk gebleven."]
        what = f"{number(same, 0)} in alle gebieden en jaren gelijk gebleven"
        return [f"Van de {number(len(known), 0)} cijfers {'is' if same == 1 else 'zijn'} er {what}."]


_GROUNDS = {
    "gemeente": "doordat gemeenten zijn heringedeeld",
    "samenstelling": "doordat een gebied uit andere gemeenten bestaat",
    "dekking": "doordat andere gemeenten een cijfer hebben",
}


def _years_lead(years: Sequence[int]) -> str:
    return f"{'Nieuw jaar' if len(years) == 1 else 'Nieuwe jaren'} {years_spoken(years)}"


def _names(names: Sequence[str], most: int = _NAMED) -> str:
    """Names in alphabetical order, with semicolons as some have a comma; what is more than ``most`` is counted."""
    ordered = sorted(names, key=alphabetical)
    rest = len(ordered) - most
    return "; ".join(ordered[:most]) + (f" en nog {number(rest, 0)}" if rest > 0 else "")


def _capped(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _NAMED
    more = [f"- En nog {number(rest, 0)} cijfer{'s' if rest > 1 else ''}."] if rest > 0 else []
    return [*lines[:_NAMED], *more]
