"""How much room a text takes on a slide, so that nothing overflows: measured with the shipped letter, on the safe side.

A slide may be opened where the letter is missing, or with the letter of a region's own template. So every width is
multiplied by what the widest usual replacement takes (Arial; Verdana and the like for a template that asks for them).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.figures.fonts import FACES
from monitor.logbook.entry import clean

# Arial against Source Sans 3, measured over Dutch text: 1.07 and 1.11; Verdana 1.23 and 1.35.
_USUAL, _WIDE = (1.09, 1.13), (1.27, 1.42)
_WIDE_FAMILIES = ("verdana", "dejavu sans", "century gothic", "lucida sans", "tahoma", "trebuchet ms", "gill sans mt")
# To measure by where nothing may give way, such as the columns of a table: the widest letter that may come in place.
WIDEST = _WIDE_FAMILIES[0]
# Height of a line at the spacing of 90% that slides have: Source Sans 3 is tall (1.42), Arial 1.15.
LINE = 1.29
# A letter that the shipped font lacks, such as a sign of a judgement.
_OTHER = 1.0
# A word of more letters than this may be broken, where it would else run out of its column.
_LONG, _PIECE = 30, 12
ZERO_WIDTH = "\u200b"
_BREAK = re.compile(rf"(?<=[-–{ZERO_WIDTH}])(?=.)")


@dataclass(frozen=True)
class Run:
    """A piece of text in one way of writing.

    ``colour``: name of a theme colour ('tx2') or '#154273'; empty for that of the paragraph. ``link``: an address.
    ``whole``: nothing is put into long words, as in an address that is to be copied.
    """

    text: str
    bold: bool = False
    colour: str = ""
    link: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. ``size``: of the text around it (1.0), or smaller; ``before``: room above it, in lines."""

    runs: tuple[Run, ...]
    size: float = 1.0
    before: float = 0.0

    @classmethod
    def of(cls, text: str, bold: bool = False, *, size: float = 1.0, before: float = 0.0) -> Paragraph:
        """A paragraph in one way of writing."""
        return cls((Run(text, bold),), size, before)


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """A text as one line for a slide: no control characters, and words of more than 30 letters may be broken."""
    flat = " ".join(clean(text).split(" "))
    return re.sub(rf"[^\s{ZERO_WIDTH}]{{{_LONG + 1},}}", _in_pieces, flat.replace("\n", " "))


def _in_pieces(found: re.Match[str]) -> str:
    word = found[0]
    return ZERO_WIDTH.join(word[k : k + _PIECE] for k in range(0, len(word), _PIECE))


def factor(family: str) -> tuple[float, float]:
    """How much wider than the shipped letter a family may be: regular and bold."""
    return _WIDE if family.casefold().startswith(_WIDE_FAMILIES) else _USUAL


@cache
def _advances(bold: bool) -> dict[int, float]:
    """Width per character in the shipped font, in parts of its size."""
    from fontTools.ttLib import TTFont

    face = next(f for f in FACES if f.weight == (600 if bold else 400))
    font = TTFont(face.source, lazy=True)
    widths, unit = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: widths[name][0] / unit for code, name in font.getBestCmap().items()}


@lru_cache(maxsize=8192)
def _word(text: str, bold: bool) -> float:
    known = _advances(bold)
    return sum(0.0 if c == ZERO_WIDTH else known.get(ord(c), _OTHER) for c in text)


def width(text: str, size: float, bold: bool = False, family: str = "") -> float:
    """Width of a text on one line in points, on the safe side."""
    return _word(text, bold) * size * factor(family)[bold]


def pieces(text: str) -> list[str]:
    """What a text may be broken into: its words, and the parts of words with a hyphen."""
    return [p for word in text.split() for p in _BREAK.split(word)]


def lines(runs: Sequence[Run], room: float, size: float, family: str = "") -> int:
    """In how many lines a text falls that has ``room`` points per line; words that do not fit are broken anywhere."""
    count, used = 1, 0.0
    for run in runs:
        for k, word in enumerate(run.text.split(" ")):
            space = width(" ", size, run.bold, family) if k else 0.0
            for piece in _BREAK.split(word):
                wide = width(piece, size, run.bold, family)
                if used + space + wide <= room:
                    used += space + wide
                else:
                    extra = math.ceil(wide / room) if room > 0 else 1
                    count += extra - (0 if used else 1)
                    used = wide - (extra - 1) * room
                space = 0.0
    return count


def wrapped(text: str, room: float, size: float, bold: bool = False, family: str = "") -> list[str]:
    """A text as lines of at most ``room`` points, broken between words."""
    made: list[str] = []
    for word in text.split(" "):
        longer = f"{made[-1]} {word}" if made else word
        if made and width(longer, size, bold, family) <= room:
            made[-1] = longer
        else:
            made.append(word)
    return made


def height(paragraphs: Sequence[Paragraph], room: float, size: float, family: str = "", line: float = LINE) -> float:
    """Height of paragraphs in points, in a box of which ``room`` points per line are left."""
    total = 0.0
    for k, p in enumerate(paragraphs):
        own = size * p.size
        total += lines(p.runs, room, own, family) * own * line + (p.before * size * line if k else 0.0)
    return total


def fitting(
    paragraphs: Sequence[Paragraph],
    box: tuple[float, float],
    sizes: tuple[float, float],
    family: str = "",
    line: float = LINE,
) -> float | None:
    """The largest size (points, in halves) at which paragraphs fit a box; None when even the smallest is too large.

    Args:
        paragraphs: what must fit.
        box: width and height in points.
        sizes: the largest and the smallest size that will do.
        family: the font asked for.
        line: height of a line, in parts of the size.
    """
    size = sizes[0]
    while size >= sizes[1] - 1e-6:
        if height(paragraphs, box[0], size, family, line) <= box[1] + 1e-6:
            return size
        size -= 0.5
    return None


def shortened(text: str, fits: float) -> str:
    """The part of a text that takes ``fits`` (0-1) of it, cut between words and ended with an ellipsis."""
    if fits >= 1:
        return text
    kept = text[: max(int(len(text) * fits), 1)]
    cut = kept.rsplit(" ", 1)[0] if " " in kept else kept
    return f"{cut.rstrip(' ,;:.')}…"
