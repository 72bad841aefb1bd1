"""Set documents in PDF with Typst: tagged (PDF/UA-1), in Dutch, with the shipped letters only, and without a network.

A template (``typst/*.typ``) holds the form. Every text comes to it as data, in a JSON file that lives in memory: a text
is never part of the source of a template, so that no character in it can mean anything.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from monitor.errors import ExportError
from monitor.figures import fonts, style
from monitor.statistics.judge import Outcome

TEMPLATES = Path(__file__).with_name("typst")
# What the templates share; every one of them may import it.
COMMON = ("base.typ", "charts.typ")
STANDARD = "ua-1"
AUTHOR = "Regiomonitor Brede Welvaart"
# The signs of judgements with their words, as in docs/vormgeving.md.
LEGEND: tuple[tuple[Outcome, str], ...] = (
    ("gunstiger", "gunstiger"), ("vergelijkbaar", "vergelijkbaar"), ("ongunstiger", "ongunstiger"),
    ("hoger", "hoger of lager"), ("niet te beoordelen", "niet te beoordelen"),
)  # fmt: skip
# Signs outside the shipped letters, by what they mean; others lose their accent or become a question mark.
_SPOKEN = {
    "↗": "↑", "↘": "↓", "→": "–", "←": "–", "≠": "is niet", "≈": "ongeveer", "≤": "<=", "≥": ">=", "\u2010": "-",
    "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u202f": "\u00a0", "\u2007": "\u00a0", "▸": "–", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "✓": "v", "\ufeff": "", "\u200c": "", "\u200d": "", "\u2060": "",
}  # fmt: skip
# A piece of this many characters without a place to break may not fit a column; it may then be broken anywhere.
_UNBROKEN, _PIECE = 40, 12
# Two documents at once would share one Typst.
_LOCK = threading.Lock()


class Exact(str):
    """A text for the machine, an address or a drawing: it comes to a template as it is."""


def words(text: str) -> str:
    """Return a text as the letters can show it: every control character is a space, and no piece is too long.

    The shipped letters hold the Latin alphabet; a sign outside them is told in other signs, or as a question mark.
    """
    return " ".join(_piece(p) for p in _shown(text).split(" "))


@lru_cache(maxsize=8192)
def _shown(text: str) -> str:
    kept = unicodedata.normalize("NFC", text)
    if all(c in fonts.LETTERS for c in kept):
        return kept
    return "".join(c if c in fonts.LETTERS else _instead(c) for c in kept)


def _instead(sign: str) -> str:
    if sign in _SPOKEN:
        return _SPOKEN[sign]
    kind = unicodedata.category(sign)
    if kind[0] in "CZ":
        return "" if kind == "Cf" else " "
    plain = "".join(c for c in unicodedata.normalize("NFKD", sign) if c in fonts.LETTERS)
    return plain or ("" if kind[0] == "M" else "?")


def _piece(piece: str) -> str:
    """A word that hyphenation may not know how to break gets places where it may, which do not show."""
    if len(piece) <= _UNBROKEN or "\u200b" in piece:
        return piece
    return "\u200b".join(piece[k : k + _PIECE] for k in range(0, len(piece), _PIECE))


def shortened(text: str, most: int) -> str:
    """Return a text of at most ``most`` characters: whole sentences where these fill half of it, else ended by '…'."""
    # Not the spaces that hold '€ 336.000' together.
    kept = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
    if len(kept) <= most:
        return kept
    cut = kept[: max(most - 1, 0)]
    stop = max(cut.rfind(end) for end in (". ", "? ", "! "))
    if 2 * stop >= most:
        return cut[: stop + 1]
    whole = cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut
    return whole.rstrip(" ,;:.–-") + "…"


T = TypeVar("T")


def fitting(tries: Sequence[T], make: Callable[[T], bytes], most: int, start: int = 0) -> bytes:
    """Make a document of at most ``most`` pages, by the first of ``tries`` that gives one; they take ever less room.

    Args:
        tries: from roomy to tight, at least one.
        make: makes the document of a try.
        most: pages.
        start: place of the try that usually does; from there the halfway one of what is left is tried each time.

    Returns:
        The document; that of the last try, which is longer, when none fits.
    """
    low, high, at = 0, len(tries) - 1, start
    best = made = b""
    while low <= high:
        made = make(tries[at])
        if pages(made) <= most:
            best, high = made, at - 1
        else:
            low = at + 1
        at = (low + high) // 2
    return best or made


def pdf(template: str, data: Mapping[str, Any], *, title: str, made: dt.date) -> bytes:
    """Typeset a document.

    Args:
        template: name of the template in ``typst/``, without ending.
        data: what it shows: texts, numbers, lists and mappings of these; None for what is absent.
        title: of the document, for its properties.
        made: the day in its properties; the same day and data give the same bytes.

    Raises:
        ExportError: Typst refuses, or the letters cannot be unpacked.
    """
    import typst

    day = {"year": made.year, "month": made.month, "day": made.day}
    sources = _sources(template, data, {"title": title, "day": day})
    stamp = int(dt.datetime(made.year, made.month, made.day, 12, tzinfo=dt.UTC).timestamp())
    try:
        with _LOCK:
            made_ = _compiler().compile(
                input=sources,
                format="pdf",
                pdf_standards=STANDARD,
                timestamp=stamp,
            )
    except (typst.TypstError, RuntimeError, ValueError) as error:
        raise ExportError(
            f"Het PDF-bestand ‘{shortened(words(title), 80)}’ kan niet worden opgemaakt.",
            "Haal de figuren een voor een uit het pakket om te zien welke het tegenhoudt.",
        ) from error
    if not isinstance(made_, bytes):
        raise TypeError("Typst gave no file")
    return made_


def png(template: str, data: Mapping[str, Any], ppi: int = 300) -> bytes:
    """Typeset one picture, for a document that is not made with Typst; arguments as for ``pdf``.

    Raises:
        ExportError: Typst refuses, or the letters cannot be unpacked.
    """
    import typst

    sources = _sources(template, data, {})
    try:
        with _LOCK:
            made = _compiler().compile(input=sources, format="png", ppi=ppi)
    except (typst.TypstError, RuntimeError, ValueError) as error:
        raise ExportError("De kaart kan niet worden getekend.", "Haal de kaart uit het pakket.") from error
    return bytes(made)


def _sources(template: str, data: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, bytes]:
    """A template with what it imports, and the data that it shows."""
    told = {"author": AUTHOR, "sans": style.SANS, "serif": style.SERIF, **_look(), **about}
    content = json.dumps(_as_data({**data, "about": told}), ensure_ascii=False, allow_nan=False).encode()
    return {"main.typ": _source(f"{template}.typ"), **{n: _source(n) for n in COMMON}, "data.json": content}


def pages(document: bytes) -> int:
    """How many pages a document of ``pdf`` has, as its own metadata tell."""
    start = document.index(b"<xmpTPg:NPages>") + len(b"<xmpTPg:NPages>")
    return int(document[start : document.index(b"<", start)])


def _as_data(value: Any) -> Any:
    """The same with every text in letters that can be shown."""
    if isinstance(value, str):
        return str(value) if isinstance(value, Exact) else words(value)
    if isinstance(value, Mapping):
        return {k: _as_data(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_data(v) for v in value]
    return value


def _look() -> dict[str, Any]:
    """Colours, shapes and their words, so that a template holds none of its own."""
    outcomes = {k: {"shape": m.shape, "colour": m.colour, "light": m.light} for k, m in style.MARKS.items()}
    colours = {k: v for k, v in vars(style).items() if k.isupper() and isinstance(v, str) and v.startswith("#")}
    return {"outcomes": outcomes, "colours": colours, "legend": LEGEND}


@cache
def _source(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


@cache
def _compiler() -> Any:
    import typst

    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])
    # A folder without packages: nothing can be fetched, also when a template would ask for it.
    nothing = str(TEMPLATES)
    return typst.Compiler(
        font_paths=own, ignore_system_fonts=True, root=nothing, package_path=nothing, package_cache_path=nothing
    )
