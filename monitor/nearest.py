"""What somebody probably meant by a name that does not exist: one measure of likeness for the whole monitor."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from monitor.errors import DefinitionError

# Share of the letters that two names have in common, in order, from which one may be a slip for the other.
ALIKE = 0.5


def nearest(name: str, known: Iterable[object], most: int = 1, alike: float = ALIKE) -> list[str]:
    """Return the names most like a name, the likest first; empty when none is like it.

    Args:
        name: as typed.
        known: names that exist.
        most: so many at most.
        alike: other than for names, for codes: any two share most of their characters.
    """
    return get_close_matches(name, [str(k) for k in known], n=most, cutoff=alike)


def meant(name: str, known: Iterable[object], otherwise: str) -> str:
    """Return "Bedoelde u 'twente'?", or what else to do when no name is like it."""
    near = nearest(name, known)
    return f"Bedoelde u '{near[0]}'?" if near else otherwise


def need(where: str, field: str, used: Iterable[object], known: Iterable[object], otherwise: str) -> None:
    """Hold the names that a definition uses against those that exist.

    Args:
        where: file and entry.
        field: that uses them.
        used: names in it.
        known: names that exist.
        otherwise: the way out when no name is like the missing one.

    Raises:
        DefinitionError: names the first that does not exist, and the nearest one that does.
    """
    names = list(known)
    missing = next((u for u in used if u not in names), None)
    if missing is not None:
        hint = meant(str(missing), names, otherwise)
        raise DefinitionError(f"{where}, veld '{field}': '{missing}' bestaat niet.", hint)
