"""Numbers as text in a download: one notation per file, Dutch (1.234,5) or English (1,234.5), and never both."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

from monitor.errors import SourceInvalid

Notation = Literal["nl", "en"]
Cell = str | float | None
# What publishers write where there is no figure.
_NOTHING = {
    "", ".", "..", "...", "x", "-", "–", "—", "na", "nan", "n.b.", "nb", "n/a", "n.v.t.", "nvt", "null", "none",
    "#n/a", "#n/b", "geheim", "onbekend",
}  # fmt: skip
_LONGEST = 40
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"[+-]?\d+(?:[eE][+-]?\d+)?")
# A group of three behind one mark may be thousands in one notation and decimals in the other.
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_FORMS: dict[Notation, re.Pattern[str]] = {
    "nl": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:(?<=\d),?|,(?=\d))\d*(?:[eE][+-]?\d+)?"),
    "en": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:(?<=\d)\.?|\.(?=\d))\d*(?:[eE][+-]?\d+)?"),
}
_WAY_OUT = "Zeg het erbij met '--notation nl' (1.234,5) of '--notation en' (1,234.5)."


def clean(text: str) -> str:
    """A cell without padding, spaces between thousands and a typographic minus."""
    return _SPACES.sub("", text.strip().replace("−", "-"))


def is_nothing(cell: Cell) -> bool:
    """Whether a cell says that there is no figure: empty, or a mark for a suppressed one."""
    if isinstance(cell, str):
        return clean(cell).casefold() in _NOTHING
    return cell is None or math.isnan(cell)


def decide(texts: Iterable[str], name: str) -> Notation:
    """Tell the notation of a file from all its numbers together.

    Args:
        texts: cleaned, other than cells that hold nothing.
        name: of the file, for the messages.

    Raises:
        SourceInvalid: some numbers are Dutch and others English, or all can be read in both ways.
    """
    found: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        kind = _kind(text)
        found.setdefault(kind, text)
        if "nl" in found and "en" in found:
            raise SourceInvalid(
                f"‘{name}’ gebruikt twee notaties voor getallen: ‘{found['nl']}’ en ‘{found['en']}’.",
                "Bewaar het bestand opnieuw met overal een komma of overal een punt voor de decimalen.",
            )
    if "nl" in found:
        return "nl"
    if "en" not in found and "either" in found:
        raise SourceInvalid(
            f"Of ‘{found['either']}’ in ‘{name}’ een duizendtal of een breuk is, valt niet te zien.", _WAY_OUT
        )
    return "en"


def _kind(text: str) -> str:
    """'nl' or 'en' when only that notation can read it; 'either' when both give another number; '' otherwise."""
    if len(text) > _LONGEST or _PLAIN.fullmatch(text):
        return ""
    if _EITHER.fullmatch(text):
        return "either"
    fits = [n for n, form in _FORMS.items() if form.fullmatch(text)]
    return fits[0] if len(fits) == 1 else ""


def number(text: str, notation: Notation) -> float | None:
    """The number that a cleaned text stands for; None when it is none, also when it is not finite."""
    if len(text) > _LONGEST or not any(c.isdigit() for c in text) or not _FORMS[notation].fullmatch(text):
        return None
    thousands, mark = (".", ",") if notation == "nl" else (",", ".")
    value = float(text.replace(thousands, "").replace(mark, "."))
    return value if math.isfinite(value) else None
