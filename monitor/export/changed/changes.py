"""What changed since the last meeting, in words: between two editions, or between two years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.definitions import Definitions, Goal, Region
from monitor.errors import ExportError, MonitorError
from monitor.export.changed.editions import between_editions
from monitor.export.changed.kinds import HEADINGS, Changed, ChangeKind, Changes, figures_of
from monitor.export.changed.years import between_years
from monitor.nearest import meant
from monitor.snapshot import compare
from monitor.snapshot.store import Snapshot

if TYPE_CHECKING:
    from monitor.export.pack import Materials

__all__ = [
    "HEADINGS",
    "ChangeKind",
    "Changed",
    "Changes",
    "Choice",
    "between_editions",
    "between_years",
    "choices",
    "since",
]

# So many years back are offered; older ones may be asked for.
_MOST_YEARS = 10


@dataclass(frozen=True)
class Choice:
    """Something to compare with: ``value`` is what a basket holds, ``label`` what a reader sees."""

    value: str
    label: str


def choices(
    definitions: Definitions,
    snapshot: Snapshot,
    editions: Sequence[tuple[str, Path]],
    goals: Sequence[Goal] | None = None,
) -> tuple[Choice, ...]:
    """What changes can be told since: kept editions, then years, the newest of each first.

    Args:
        definitions: of the figures.
        snapshot: the edition in force, which is itself no choice.
        editions: as ``compare.editions`` gives them.
        goals: whose figures; None for all.
    """
    kept = [name for name, _ in editions if name != snapshot.edition and not _is_year(name)]
    made = [Choice(name, f"Editie {name}") for name in kept]
    years = _years(definitions, snapshot, goals or definitions.goals)
    return (*made, *(Choice(str(y), f"Het jaar {y}") for y in reversed(years[-_MOST_YEARS - 1 : -1])))


def since(materials: Materials, region: Region, goals: Sequence[Goal], before: str) -> Changes:
    """Say what changed in the figures of a region since a year, or since an earlier edition.

    Args:
        materials: definitions and the edition in force.
        region: one of the 11.
        goals: whose figures.
        before: a year ('2022', compared with the last one) or the name of an edition. Four digits are a year.

    Raises:
        ExportError: there is no such year or edition; those that exist are named.
    """
    definitions, snapshot = materials.definitions, materials.snapshot
    asked = before.strip()
    years = _years(definitions, snapshot, goals)
    if _is_year(asked):
        if int(asked) not in years[:-1]:
            raise ExportError(f"Veranderingen sinds {asked} zijn niet te geven.", _there(years, ()))
        return between_years(definitions, snapshot, region, goals, int(asked), years[-1])
    found = dict(compare.editions(snapshot.folder))
    others = [name for name in found if name != snapshot.edition]
    if asked not in others:
        why = "is de editie in gebruik" if asked == snapshot.edition else "bestaat niet of is beschadigd"
        hint = f"{meant(asked, others, '')} {_there(years, others)}".strip()
        raise ExportError(f"Editie '{asked}' {why}; veranderingen sindsdien zijn niet te geven.", hint)
    try:
        old = compare.read_edition(snapshot.folder, asked)
    except MonitorError as error:
        raise ExportError(error.message, error.way_out) from None
    return between_editions(definitions, old, snapshot, region, goals)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def _years(definitions: Definitions, snapshot: Snapshot, goals: Sequence[Goal]) -> list[int]:
    """Years from the first to the last figure of some goals; what was known in a year without figures is older."""
    years = [y for i in figures_of(definitions, goals) for y in snapshot.years(i.id)]
    return list(range(min(years), max(years) + 1)) if years else []


def _there(years: Sequence[int], others: Sequence[str]) -> str:
    """What can be compared with, as the way out."""
    told = [f"een jaar van {years[0]} tot en met {years[-2]}" if len(years) > 1 else ""]
    told.append(f"een bewaarde editie ({', '.join(others)})" if others else "")
    found = [t for t in told if t]
    return f"Kies {' of '.join(found)}." if found else "Er is niets om mee te vergelijken."
