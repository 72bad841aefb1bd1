"""Names as people type them: whatever capitals, accents, hyphens and apostrophes, and the nearest when none fits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from monitor.nearest import nearest

_APOSTROPHES = re.compile("['’‘`´]")


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """A name as it is compared: 'Zuid-Limburg', 'zuid limburg' and 'ZUID–LIMBURG' are the same."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\s\-–—_]+", " ", letters).split())


def slug(text: str, most: int = 60) -> str:
    """A text as a slug, cut off at a whole word; empty when nothing of it can stand in one."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(text)).split()
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:most]
        if len(longer) > most:
            break
        made = longer
    return made


def suggestion(typed: str, names: Iterable[str]) -> str:
    """'Bedoelde u ‘gezondheid’?' for the nearest name; else what is possible, when that is a short list."""
    options = list(dict.fromkeys(names))
    near = nearest(fold(typed), [fold(n) for n in options])
    if near:
        found = next(n for n in options if fold(n) == near[0])
        # A name typed without capitals is answered without capitals; both are accepted.
        return f"Bedoelde u ‘{found.lower() if typed == typed.lower() else found}’?"
    return f"Mogelijk zijn: {', '.join(options)}." if len(options) <= 8 else "Kies een naam van het blad Uitleg."


@lru_cache(maxsize=4_096)
def _near(typed: str, names: tuple[str, ...]) -> str:
    return suggestion(typed, names)


class Names:
    """The values that a column may hold: by slug, by Dutch name and by what people also write."""

    def __init__(self, shown: Mapping[str, str], also: Mapping[str, str] | None = None) -> None:
        """``shown``: value -> Dutch name; ``also``: another spelling -> value."""
        self.shown = dict(shown)
        self._found = {fold(v): v for v in shown} | {fold(n): v for v, n in shown.items()}
        self._found |= {fold(other): v for other, v in (also or {}).items()}

    def find(self, typed: str) -> str | None:
        """The value that is meant, or None."""
        return self._found.get(fold(typed))

    def hint(self, typed: str) -> str:
        """What may have been meant."""
        return _near(typed, tuple(self.shown.values()))


def parts(text: str) -> list[str]:
    """Several values in one cell, separated by ; or , or a new line."""
    return [p for p in (one.strip() for one in re.split(r"[;,\n\r]+", text)) if p]
