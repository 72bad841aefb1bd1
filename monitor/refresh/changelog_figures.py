"""The figures of a change log: new years, revisions and withdrawn values, by name, grouped and counted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from monitor import sentences
from monitor.definitions import Definitions
from monitor.export.changed.kinds import name_of, years_spoken
from monitor.notation import alphabetical, listing, number, quantity
from monitor.profile import distance
from monitor.refresh.changelog_counts import Counts, described_by
from monitor.snapshot.compare import as_shown
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot

# So many figures are told in full; the others are only named, every one of them.
_FULL, _LINES = 25, 60
# So many regions and municipalities are told with their values; of a few municipalities all are named.
_AREAS, _FEW = 3, 5
_LEAST = 1e-9
_WORDS = (
    ("GM", "gemeente", "gemeenten"),
    ("regio", "regio", "regio’s"),
    ("PV", "provincie", "provincies"),
    ("GG", "GGD-regio", "GGD-regio’s"),
    ("anders", "gebied over de grens", "gebieden over de grens"),
)


class Told:
    """What changed in the figures, in lines of a list.

    Args:
        definitions: names, units and decimals.
        counts: what differs.
        old: the edition before.
        new: the new one.
    """

    def __init__(self, definitions: Definitions, counts: Counts, old: Snapshot, new: Snapshot) -> None:
        self.definitions, self.counts, self.old, self.new = definitions, counts, old, new
        self.cells = counts.cells
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
        return _UNDESCRIBED

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

    def _counted(self, areas: Iterable[str]) -> str:
        """How many areas of which kind: '12 gemeenten, 3 regio’s en Nederland'."""
        there = {str(a) for a in areas}
        levels = pd.Series([self._level(a) for a in there if a != COUNTRY]).value_counts()
        told = [
            f"{number(int(levels[k]), 0)} {one if levels[k] == 1 else more}" for k, one, more in _WORDS if k in levels
        ]
        return listing([*told, *(["Nederland"] if COUNTRY in there else [])])

    def _who(self, areas: Iterable[str]) -> str:
        """How many areas, and a few municipalities by name."""
        there = [str(a) for a in areas]
        towns = sorted((self.areas.get(a, a) for a in there if a.startswith("GM")), key=alphabetical)
        return self._counted(there) + (f": {listing(towns)}" if 0 < len(towns) <= _FEW else "")

    # --- new ---

    def fresh(self) -> list[str]:
        """New figures, new years and values that came in years that were there already; the same years together."""
        cells = self.cells[self.cells["kind"] == "nieuw"]
        if cells.empty:
            return []
        had = set(self.old.observations["indicator"].astype(str).unique())
        groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        years = self.counts.years
        for indicator, found in years.items():
            kind = "nieuwe jaren" if indicator in had else "nieuw"
            groups.setdefault((kind, found), []).append(self.name(indicator))
        lines = []
        for (kind, found), names in sorted(groups.items(), key=lambda g: (g[0][0] != "nieuw", -g[0][1][-1])):
            lead = f"Nieuw in de monitor, met {years_spoken(found)}" if kind == "nieuw" else _years_lead(found)
            lines.append(f"- **{lead}**: {_names(names)}.")
        return [*lines, *self._filled(cells, years)]

    def _filled(self, cells: pd.DataFrame, years: Mapping[str, tuple[int, ...]]) -> list[str]:
        """Values in years that other areas had already."""
        new = pd.MultiIndex.from_tuples([(i, y) for i, found in years.items() for y in found], names=["i", "y"])
        rest = cells[~pd.MultiIndex.from_frame(cells[["indicator", "year"]]).isin(new)] if len(new) else cells
        lines = {}
        for indicator, own in rest.groupby("indicator", sort=True):
            over = years_spoken(int(y) for y in own["year"].unique())
            lines[str(indicator)] = f"nu ook een waarde voor {self._counted(own['area'].unique())} ({over})."
        return self._lines("nu ook een waarde voor meer gebieden", lines)

    def _lines(self, what: str, told: Mapping[str, str]) -> list[str]:
        """A line per figure; of more than a reader reads the names, every one of them."""
        ordered = sorted((i for i in told if self.name(i) != _UNDESCRIBED), key=lambda i: alphabetical(self.name(i)))
        lines = [f"- **{self.name(i)}**: {told[i]}" for i in ordered[:_LINES]]
        rest = [self.name(i) for i in (*ordered[_LINES:], *(set(told) - set(ordered)))]
        if not rest:
            return lines
        lead = f"Ook {what}" if lines else f"{what[:1].upper()}{what[1:]}"
        return [*lines, f"- {lead}: {_names(rest)}."]

    # --- revised ---

    def revised(self) -> list[str]:
        """Revised figures, the largest revision first: in how many areas, and the largest with old and new value."""
        seen = self.cells[(self.cells["kind"] == "herzien") & self.cells["visible"]]
        order = [(self._size(str(i), g), self.name(str(i)), str(i), g) for i, g in seen.groupby("indicator")]
        order.sort(key=lambda x: (-x[0], alphabetical(x[1])))
        lines = [f"- **{name}**: {self._revision(i, g)}" for _, name, i, g in order[:_FULL]]
        if rest := [f"{name} ({self._who(g['area'].unique())})" for _, name, _, g in order[_FULL:]]:
            lines.append(f"- Ook herzien: {_names(rest)}.")
        unseen = set(self._unseen) - set(seen["indicator"])
        if unseen:
            what = "1 indicator" if len(unseen) == 1 else f"{number(len(unseen), 0)} indicatoren"
            names = _names([self.name(i) for i in unseen])
            lines.append(f"- Bij {what} verschoof alleen iets achter de laatste decimaal die te zien is: {names}.")
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
        """In how many areas, and the largest: the country, regions, and municipalities; all of these where few."""
        years = years_spoken(int(y) for y in cells["year"].unique())
        said = f"herzien voor {self._counted(cells['area'].unique())}, over {years}."
        area = cells["area"].astype(str)
        groups = [cells[area == COUNTRY], cells[area.isin(self.regions)], cells[area.str.startswith("GM")]]
        told: list[str] = []
        same: list[str] = []
        for own, most, one, more in zip(
            groups, (1, _AREAS, _FEW), ("", "regio", "gemeente"), ("", "regio’s", "gemeenten"), strict=True
        ):
            text, unmoved = self._steps(indicator, own, most, one, more)
            told += [text] if text else []
            same += unmoved
        if not told:
            text, same = self._steps(indicator, cells, _AREAS, "gebied", "gebieden")
            told = [text] if text else []
        if not told:
            return f"{said} {self._only_status(cells)}"
        if same:
            told.append(f"Bij {self._counted(same)} veranderde alleen de marge of de status")
        return f"{said} {'. '.join(told)}."

    def _steps(self, indicator: str, cells: pd.DataFrame, most: int, one: str, more: str) -> tuple[str, list[str]]:
        """The largest revision that a reader sees of each area, with year and both values; the largest first.

        Args:
            indicator: id.
            cells: its visible revisions in areas of one kind.
            most: so many are all told; of more, the first few, and the others are counted.
            one: what an area is called.
            more: the same for more of them.

        Returns:
            It as text, and the areas of which no value reads otherwise.
        """
        if cells.empty:
            return "", []
        # Row by row through arrays: there are many figures with few rows each, and a frame of each would cost more.
        area, year = cells["area"].to_numpy(), cells["year"].to_numpy()
        before, after = (cells[f"value_{side}"].to_numpy(dtype=np.float64) for side in ("before", "after"))
        # Of each area the year with the largest change among those that read otherwise when rounded.
        read = [as_shown(v, 10.0 ** self._decimals(indicator)) for v in (before, after)]
        seen = np.flatnonzero(read[0] != read[1])
        size = np.round(np.abs(after - before), 9)  # beyond that noise would choose the year
        largest: dict[str, int] = {}
        for at in seen[np.lexsort((-year[seen], -size[seen]))]:
            largest.setdefault(str(area[at]), int(at))
        told = list(largest.items())[: most if len(largest) <= most else _AREAS]
        said = "; ".join(self._step(indicator, a, int(year[at]), before[at], after[at]) for a, at in told)
        if (rest := len(largest) - len(told)) > 0:
            said += f" en nog {number(rest, 0)} {one if rest == 1 else more}"
        return said, sorted({str(a) for a in area} - set(largest))

    def _step(self, indicator: str, area: str, year: int, before: float, after: float) -> str:
        was, now = self.shown(indicator, float(before)), self.shown(indicator, float(after))
        return f"{self.areas.get(area, area)} ({year}): van {was} naar {now}"

    def _decimals(self, indicator: str) -> int:
        """With how many decimals a figure is read."""
        known = self.indicators.get(indicator) or self.border.get(indicator)
        return known.decimals if known else 1

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
        lines = {}
        left = self.new.observations
        for indicator, own in gone.groupby("indicator"):
            rows = left[(left["indicator"] == indicator) & left["value"].notna()]
            years = sorted({int(y) for y in own["year"].unique()})
            whole = [y for y in years if y not in set(rows["year"].astype(int))]
            lines[str(indicator)] = self._gone(str(indicator), own, years, whole, rows.empty)
        return self._lines("vervallen", lines)

    def _gone(self, indicator: str, cells: pd.DataFrame, years: list[int], whole: list[int], all_: bool) -> str:
        if all_:
            return f"alle waarden zijn vervallen ({years_spoken(years)})."
        said = (
            [f"{years_spoken(whole)} {'is' if len(whole) == 1 else 'zijn'} vervallen voor alle gebieden"]
            if whole
            else []
        )
        part = cells[~cells["year"].isin(whole)]
        if len(part):
            over = years_spoken(int(y) for y in part["year"])
            said.append(f"vervallen voor {self._counted(part['area'].unique())} ({over})")
            # The regions of the monitor first; municipalities where they are few.
            area = part["area"].astype(str)
            few = part[area.isin(self.regions)].drop_duplicates("area").head(_AREAS)
            own = part[area.str.startswith("GM")].drop_duplicates("area")
            few = pd.concat([few, own if len(own) <= _FEW else own.head(_AREAS)])
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
            lines.append(f"- Anders {why}, voor {self._counted(own['area'].unique())}: {_names(names)}.")
        return lines

    # --- the same ---

    def same(self) -> list[str]:
        """How many figures stayed as they were, in one line."""
        known, all_ = described_by(self.definitions, self.new)
        changed = set(self.cells["indicator"].astype(str).unique())
        same = len(known - changed)
        if not changed:
            return [f"Alle {all_} zijn in alle gebieden en jaren gelijk gebleven."]
        if not same:
            return [f"Geen van de {all_} is in alle gebieden en jaren gelijk gebleven."]
        what = f"{number(same, 0)} in alle gebieden en jaren gelijk gebleven"
        return [f"Van de {all_} {'is' if same == 1 else 'zijn'} er {what}."]


_UNDESCRIBED = "Een indicator die de monitor nu niet beschrijft"
_GROUNDS = {
    "gemeente": "doordat gemeenten zijn heringedeeld",
    "samenstelling": "doordat een gebied uit andere gemeenten bestaat",
    "dekking": "doordat andere gemeenten een waarde hebben",
}


def _years_lead(years: Sequence[int]) -> str:
    return f"{'Nieuw jaar' if len(years) == 1 else 'Nieuwe jaren'} {years_spoken(years)}"


def _names(names: Sequence[str]) -> str:
    """Names in alphabetical order, every one of them, with semicolons as some have a comma."""
    known = sorted((n for n in names if n != _UNDESCRIBED), key=alphabetical)
    others = len(names) - len(known)
    which = f"{number(others, 0)} indicatoren" if others > 1 else "1 indicator"
    verb = "die de monitor nu niet beschrijft"
    return "; ".join([*known, f"{which} {verb}"] if others else known)
