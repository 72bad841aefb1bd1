"""Which ground the areas of two editions cover: municipalities that merged, and regions that are made up otherwise.

An edition holds the municipal layout (``areas.parquet``) and, since November 2026, which municipalities its regions
were made of. For an older one the definitions say that, and each row says of how many; where these disagree, the
composition of that edition is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from monitor.definitions import Definitions, Region
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to, with_candidate
from monitor.snapshot.store import Snapshot

Codes = frozenset[str]
Steps = Callable[[str], tuple[str, ...]]
# More municipalities than this never became part of one region; trying every choice of them takes no time.
_MOST_LATER = 12
_LEVELS = ("corop", "province", "ggd")


@dataclass(frozen=True)
class Vanished:
    """A municipality that the later edition does not have.

    ``date``: when it ceased to exist (ISO), empty when the table of reorganisations does not have it. ``into``: codes
    of the municipalities of the later edition that it became part of; empty when that is unknown.
    """

    code: str
    name: str
    date: str
    into: tuple[str, ...]


@dataclass(frozen=True)
class Recomposed:
    """An area that covers other ground than before.

    ``lost`` and ``gained``: municipal codes; both empty where they are unknown (``known`` False), and where a member
    itself got other borders. ``members_before`` and ``members_after``: how many municipalities, 0 when unknown.
    """

    area: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    members_before: int
    members_after: int
    known: bool


class Territory:
    """The municipal layouts and compositions of two editions, laid beside each other.

    Municipalities that a reorganisation ties together form one piece of ground, by the table of reorganisations. All
    that is said here is the same in both directions, except what vanished and what appeared.

    Args:
        definitions: regions and reorganisations.
        old: the earlier edition.
        new: the later one.
    """

    def __init__(self, definitions: Definitions, old: Snapshot, new: Snapshot) -> None:
        self.definitions = definitions
        self.editions = (old, new)
        self._steps = {r.vanished: r for r in definitions.layout.reorganisations}
        self._alive = (frozenset(old.municipalities), frozenset(new.municipalities))
        self._piece = self._pieces()
        self.touched: Codes = frozenset(self._piece)
        self.compositions = tuple(_compositions(definitions, s, self._steps_of) for s in self.editions)

    def _pieces(self) -> dict[str, Codes]:
        """Per municipality that a reorganisation touched: all codes of its piece of ground, of both editions."""
        edges: dict[str, set[str]] = {}
        todo = sorted(self._alive[0] ^ self._alive[1])
        while todo:
            code = todo.pop()
            own = edges.setdefault(code, {code})
            for successor in self._steps_of(code):
                own.add(successor)
                if successor not in edges and not any(successor in alive for alive in self._alive):
                    todo.append(successor)
                edges.setdefault(successor, {successor}).add(code)
        pieces: dict[str, Codes] = {}
        for code in edges:
            if code in pieces:
                continue
            reached, front = set(), {code}
            while front:
                reached |= front
                front = set().union(*(edges[c] for c in front)) - reached
            pieces.update(dict.fromkeys(reached, frozenset(reached)))
        return pieces

    def _steps_of(self, code: str) -> tuple[str, ...]:
        step = self._steps.get(code)
        return tuple(t.code for t in step.to) if step else ()

    def ground(self, codes: Iterable[str]) -> Codes:
        """Municipalities as pieces of ground, each by its first code: the same in both editions."""
        return frozenset(min(self._piece[c]) if c in self._piece else c for c in codes)

    def same_members(self, area: str) -> bool | None:
        """Whether an area has the same municipalities in both, each unchanged; None when that is unknown."""
        old, new = (c.get(area, frozenset()) for c in self.compositions)
        if old is None or new is None:
            return None if old is new else False
        return old == new and not old & self.touched

    def same_ground(self, area: str) -> bool | None:
        """Whether an area covers the same ground in both; None when that is unknown."""
        old, new = (c.get(area, frozenset()) for c in self.compositions)
        if old is None or new is None:
            return None if old is new else False
        whole = all(
            self._piece[c] & alive <= own
            for own, alive in zip((old, new), self._alive, strict=True)
            for c in own & self.touched
        )
        return whole and self.ground(old) == self.ground(new)

    def members(self, area: str) -> Codes:
        """Municipalities of an area in either edition; empty when unknown."""
        old, new = (c.get(area) or frozenset() for c in self.compositions)
        return old | new

    @cached_property
    def vanished(self) -> tuple[Vanished, ...]:
        """Municipalities that only the earlier edition has, by code."""
        old = self.editions[0]
        made = []
        for code in sorted(self._alive[0] - self._alive[1]):
            step = self._steps.get(code)
            into = tuple(sorted(_ends(code, self._steps_of, self._alive[1]) & self._alive[1]))
            made.append(Vanished(code, old.names[code], step.date if step and into else "", into))
        return tuple(made)

    @cached_property
    def appeared(self) -> tuple[str, ...]:
        """Codes of municipalities that only the later edition has."""
        return tuple(sorted(self._alive[1] - self._alive[0]))

    @cached_property
    def recomposed(self) -> tuple[Recomposed, ...]:
        """Areas that cover other ground; where the composition is unknown: that have more or fewer municipalities."""
        made = []
        for area in sorted({*self.compositions[0], *self.compositions[1]}):
            if self.same_ground(area):
                continue
            if any(area not in c for c in self.compositions):
                continue  # an area that only one of them has was not made up otherwise
            old, new = (c[area] for c in self.compositions)
            first, last = (
                _count(s, area) if c is None else len(c) for s, c in zip(self.editions, (old, new), strict=True)
            )
            if old is not None and new is not None:
                made.append(Recomposed(area, tuple(sorted(old - new)), tuple(sorted(new - old)), first, last, True))
            elif old is not new or first != last:
                made.append(Recomposed(area, (), (), first, last, False))
        return tuple(made)


def _ends(code: str, steps: Steps, alive: Collection[str]) -> set[str]:
    """The municipalities among ``alive`` that a code became part of, by the table; others where the table ends."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = [code]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        further = () if here in alive else steps(here)
        todo.extend(further)
        if not further:
            found.add(here)
    return found


def _compositions(definitions: Definitions, snapshot: Snapshot, steps: Steps) -> dict[str, Codes | None]:
    """Per area its municipalities in an edition; None where the edition was made with others than the definitions say.

    Areas that are no union of municipalities, and municipalities themselves, are left out.
    """
    municipal = snapshot.areas[snapshot.areas["level"] == "gemeente"]
    found: dict[str, Codes | None] = {COUNTRY: frozenset(municipal["area"])}
    for level in _LEVELS:
        found.update({str(k): frozenset(g["area"]) for k, g in municipal.groupby(level)})
    for region in definitions.regions:
        own = _of_region(definitions, snapshot, region, steps)
        found[region.id] = own
        for m in region.candidates:
            found[with_candidate(region.id, m.code)] = None if own is None else own | {m.code}
        alike = [found.get(c) for c in snapshot.comparable(region.id)]
        if alike:
            found[comparable_to(region.id)] = _union(alike)
    found[ELEVEN] = _union([found[r.id] for r in definitions.regions])
    return found


def _union(parts: Iterable[Codes | None]) -> Codes | None:
    together: set[str] = set()
    for part in parts:
        if part is None:
            return None
        together |= part
    return frozenset(together)


def _of_region(definitions: Definitions, snapshot: Snapshot, region: Region, steps: Steps) -> Codes | None:
    """The municipalities of a region on the layout of an edition: as noted in it, or as its figures tell.

    Without a note: the one choice with which the figures agree.
    Those of the definitions, and of the ones that later became part of them so many that the number is right: nobody
    noted which of these were members then.
    """
    noted = snapshot.manifest.get("compositions", {}).get(region.id)
    if noted is not None:
        return frozenset(noted)
    current = set(region.codes)
    certain = current.intersection(snapshot.municipalities)
    later = [c for c in snapshot.municipalities if c not in current and _ends(c, steps, current) <= current]
    missing = (_count(snapshot, region.id) or len(certain) + len(later)) - len(certain)
    if not 0 <= missing <= len(later) <= _MOST_LATER:
        return None
    choices = [frozenset({*certain, *chosen}) for chosen in combinations(later, missing)]
    fitting = [codes for codes in choices if _adds_up(definitions, snapshot, region, codes)]
    return fitting[0] if len(fitting) == 1 else None


def _adds_up(definitions: Definitions, snapshot: Snapshot, region: Region, codes: Codes) -> bool:
    """Whether what a region counts is the sum of these municipalities: as many others would give another sum."""
    for indicator in (i for i in definitions.indicators if i.aggregation.kind == "som"):
        known = snapshot.series(indicator.id, region.id)
        known = known[known["value"].notna()]
        if known.empty:
            continue
        year, told = int(known["year"].iloc[-1]), float(known["value"].iloc[-1])
        rows = [snapshot.row(indicator.id, c, year) for c in codes]
        if not math.isclose(math.fsum(float(r["value"]) for r in rows if r), told, rel_tol=1e-9):
            return False
    return True


def _count(snapshot: Snapshot, area: str) -> int:
    """Of how many municipalities the rows of an area say that it is made; 0 without rows."""
    counts = snapshot.cells(area, "members", "gemeenten")
    return int(max(counts.values(), default=0))
