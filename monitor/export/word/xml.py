"""Texts and pieces of text as WordprocessingML: everything that goes in is cleaned and escaped here.

Word is strict about the order of elements and about characters; the order is that of ISO/IEC 29500-1, annex A.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from monitor.figures import fonts
from monitor.logbook import entry
from monitor.notation import NBSP

LANGUAGE = "nl-NL"
NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
}
DECLARED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
_SPECIAL = {"\n": "<w:br/>", "\u2011": "<w:noBreakHyphen/>"}
# Behind what has to be filled in.
FILLED = '<w:shd w:val="clear" w:color="auto" w:fill="FFF2B3"/>'
PLACEHOLDER = "Tekstvantijdelijkeaanduiding"
_SPLIT = re.compile("([\n\u2011])")
SIGNS = "Segoe UI Symbol"
_SIGNS = f'<w:rFonts w:ascii="{SIGNS}" w:hAnsi="{SIGNS}" w:eastAsia="{SIGNS}" w:cs="{SIGNS}"/>'
# The longest name that Word keeps for a content control.
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Bold:
    """A piece of text that stands out."""

    text: str


@dataclass(frozen=True)
class Muted:
    """A piece of text of less weight: a year, a source."""

    text: str


@dataclass(frozen=True)
class Link:
    """A piece of text that leads to an address; plain text when there is no full address."""

    text: str
    address: str


@dataclass(frozen=True)
class Ref:
    """A cross reference to a caption: 'Figuur 3'; it follows when figures are moved and fields are updated."""

    label: str
    number: int


@dataclass(frozen=True)
class Blank:
    """What somebody fills in, as a content control: marked while it is empty.

    ``name``: a slug, for who fills documents by program. ``asked``: what is to be filled in: 'portefeuillehouder'.
    ``value``: what is known already.
    """

    name: str
    asked: str
    value: str = ""

    @property
    def prompt(self) -> str:
        """What stands there while it is empty."""
        return f"[in te vullen: {self.asked}]"


Piece = str | Bold | Muted | Link | Ref | Blank
Words = Piece | tuple[Piece, ...]


def pieces(words: Words) -> tuple[Piece, ...]:
    """The pieces of a text, also of a text of one piece."""
    return words if isinstance(words, tuple) else (words,)


def clean(text: str) -> str:
    """Return a text without what XML forbids or what hides text; white space at its ends stays, as one space."""
    kept = entry.clean(text.replace("\x0b", "\n").replace("\u2028", "\n"))
    if not kept:
        return _edge(text[:1])
    return f"{_edge(text[:1])}{kept}{_edge(text[-1:])}"


def _edge(character: str) -> str:
    """The space that a character at the end of a text leaves; a hard space stays one."""
    return character if character == NBSP else " " * character.isspace()


def attribute(text: str) -> str:
    """A text as the value of an attribute, in quotes and on one line."""
    return quoteattr(" ".join(clean(text).split()))


def run(text: str, style: str = "", properties: str = "") -> str:
    """A text as runs: signs that the letter lacks get a letter that has them.

    Args:
        text: any text.
        style: id of a character style.
        properties: what stands in w:rPr after w:rFonts, in the order of the schema.
    """
    made = []
    for sign, part in _by_letter(clean(text)):
        inside = (f'<w:rStyle w:val="{style}"/>' if style else "") + (_SIGNS if sign else "") + properties
        made.append(f"<w:r>{f'<w:rPr>{inside}</w:rPr>' if inside else ''}{_content(part)}</w:r>")
    return "".join(made)


def _by_letter(text: str) -> list[tuple[bool, str]]:
    """Cut a text where the letter has to change: (whether it is of signs, text)."""
    parts: list[tuple[bool, str]] = []
    for c in text:
        sign = unicodedata.category(c) in ("Sm", "So") and c not in fonts.LETTERS
        if parts and parts[-1][0] == sign:
            parts[-1] = (sign, parts[-1][1] + c)
        else:
            parts.append((sign, c))
    return parts


def _content(text: str) -> str:
    return "".join(
        _SPECIAL[part] if part in _SPECIAL else f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in _SPLIT.split(text)
        if part
    )


def simple_field(instruction: str, result: str) -> str:
    """A field with its result filled in, so that it reads right before it is ever updated."""
    return f"<w:fldSimple w:instr={quoteattr(f' {instruction} ')}>{run(result)}</w:fldSimple>"


def field_begin(instruction: str) -> str:
    """The beginning of a field whose result spans paragraphs; ends with ``FIELD_END``."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """A paragraph of finished runs.

    Args:
        content: runs, fields and the like.
        style: id of a paragraph style; the default without.
        properties: what stands in w:pPr after w:pStyle, in the order of the schema.
    """
    inside = (f'<w:pStyle w:val="{style}"/>' if style else "") + properties
    return f"<w:p>{f'<w:pPr>{inside}</w:pPr>' if inside else ''}{content}</w:p>"


def control(blank: Blank, number: int) -> str:
    """A content control; while it is empty it shows what is asked, marked.

    No kind is stated (w:text): LibreOffice 7.4 shows a plain-text control without its mark.

    Args:
        blank: what is asked.
        number: unique in the document, from 1.
    """
    name, asked = (attribute(t[:_LONGEST_NAME]) for t in (blank.name, blank.asked[:1].upper() + blank.asked[1:]))
    empty = not clean(blank.value).strip()
    shown = run(blank.prompt, PLACEHOLDER, FILLED) if empty else run(clean(blank.value).strip())
    hint = f"<w:placeholder><w:docPart w:val={attribute(part_name(blank))}/></w:placeholder>"
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val={asked}/><w:tag w:val={name}/><w:id w:val="{number}"/>{hint}'
        f"{'<w:showingPlcHdr/>' if empty else ''}</w:sdtPr>"
        f"<w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    )


def part_name(blank: Blank) -> str:
    """The name under which the prompt of a content control is kept, so that it comes back when it is emptied."""
    return f"invulveld-{blank.name}"
