"""Paragraphs as DrawingML: everything that goes in is cleaned and escaped here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from monitor.export.fit import Paragraph, Run, tidy
from monitor.logbook.entry import clean

LANGUAGE = "nl-NL"
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
# Text of less weight: that of the template, lighter on white and darker on black.
QUIET = "quiet"
_QUIET = '<a:schemeClr val="tx1"><a:satMod val="50000"/><a:lumMod val="75000"/><a:lumOff val="25000"/></a:schemeClr>'
# A thin rule: a light line on white, a dark one on black.
RULE = "rule"
_RULE = '<a:schemeClr val="tx1"><a:satMod val="50000"/><a:lumMod val="25000"/><a:lumOff val="75000"/></a:schemeClr>'


@lru_cache(maxsize=4096)
def attribute(text: str) -> str:
    """A text as the value of an attribute, with its quotes: cleaned, on one line."""
    return quoteattr(clean(text).replace("\n", " "))


def fill(colour: str) -> str:
    """A colour as DrawingML: '#154273', a theme colour ('tx2'), ``QUIET`` or ``RULE``; empty for none."""
    if not colour:
        return ""
    if colour.startswith("#"):
        return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>'
    made = {QUIET: _QUIET, RULE: _RULE}.get(colour, f'<a:schemeClr val="{colour}"/>')
    return f"<a:solidFill>{made}</a:solidFill>"


def run_xml(run: Run, size: float | None, link: Callable[[str], str]) -> str:
    """A run. ``size`` in points, None for that of the placeholder; ``link`` gives the relation of an address."""
    text = clean(run.text) if run.link or run.whole else tidy_inside(run.text)
    if not text:
        return ""
    about = f' sz="{round(size * 100)}"' if size else ""
    about += ' b="1"' if run.bold else ""
    leads = f"<a:hlinkClick r:id={quoteattr(link(run.link))}/>" if run.link else ""
    return f'<a:r><a:rPr lang="{LANGUAGE}"{about}>{fill(run.colour)}{leads}</a:rPr><a:t>{escape(text)}</a:t></a:r>'


def tidy_inside(text: str) -> str:
    """A text tidied, with the space at either end that joins it to its neighbours."""
    kept = tidy(text)
    if text and not kept:
        return " "
    before = " " if text[:1].isspace() and kept else ""
    after = " " if text[-1:].isspace() and kept else ""
    return f"{before}{kept}{after}"


def paragraph_xml(
    p: Paragraph,
    base: float,
    size: float | None,
    link: Callable[[str], str],
    *,
    first: bool,
    align: str = "",
    line: int = 0,
) -> str:
    """A paragraph without bullet or indent.

    Args:
        p: what it says.
        base: size in points of the text around it.
        size: what to write it in; None where the placeholder gives that size itself.
        link: gives the relation of an address.
        first: nothing goes above it.
        align: 'l', 'r' or 'ctr'; empty for that of the placeholder.
        line: height of a line in percent; 0 for that of the placeholder.
    """
    own = size * p.size if size else (base * p.size if p.size != 1.0 else None)
    room = 0 if first else round(p.before * base * 100)
    side = f' algn="{align}"' if align else ""
    high = f'<a:lnSpc><a:spcPct val="{line * 1000}"/></a:lnSpc>' if line else ""
    runs = "".join(run_xml(r, own, link) for r in p.runs)
    end = "" if runs else f'<a:endParaRPr lang="{LANGUAGE}"/>'
    return (
        f'<a:p><a:pPr marL="0" indent="0"{side}>{high}<a:spcBef><a:spcPts val="{room}"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="0"/></a:spcAft><a:buNone/></a:pPr>{runs}{end}</a:p>'
    )


def body_xml(paragraphs: Sequence[Paragraph], base: float, size: float | None, link: Callable[[str], str]) -> str:
    """The text of a placeholder; see ``paragraph_xml``."""
    made = "".join(paragraph_xml(p, base, size, link, first=k == 0) for k, p in enumerate(paragraphs))
    return f"<p:txBody {NAMESPACES}><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{made}</p:txBody>"


def in_dutch(element: Any) -> None:
    """Give every piece of text below an element the language nl-NL."""
    for kind in ("rPr", "endParaRPr", "defRPr"):
        for properties in element.iter(f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{kind}"):
            properties.set("lang", LANGUAGE)
