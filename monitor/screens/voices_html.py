"""What was said, as HTML: one finding with what the figures say to it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.definitions import Definitions, Finding, Region
from monitor.dialogue.hold import SIGNS, WORDS, Held
from monitor.dialogue.matrix import ORDER, stance
from monitor.figures.html import link
from monitor.notation import listing
from monitor.state import State

ORIGINS = {
    "dialoog": "uit het gesprek",
    "interview": "uit een interview",
    "reflectie": "uit het verslag",
    "beleid": "uit beleid",
    "belangenbehartiging": "van belangenbehartigers",
}


def link_to(finding: Finding, region: str | None = None) -> str:
    """The address of one finding."""
    return State("regiodialoog", (region,) if region else (), finding=finding.id).link()


def whose(finding: Finding, region: Region) -> str:
    """Whom a finding is about, as it stands above it on the page of a region."""
    if "alle" in finding.regions:
        return "alle regio’s"
    if len(finding.regions) == 1:
        return region.name
    if finding.common:
        return f"gehoord in de gesprekken in {len(finding.regions)} regio’s"
    return f"{region.name} en {len(finding.regions) - 1} andere"


def card(finding: Finding, definitions: Definitions) -> str:
    """One finding by itself: kind, regions, what was said, the figures that it concerns, and its source."""
    if "alle" in finding.regions:
        who = "alle regio’s"
    else:
        who = listing([definitions.region(r).name for r in finding.regions])
    figures = [definitions.indicator(x.id) for x in finding.indicators]
    links = ", ".join(link(State("kaart", indicator=i.id).link(), i.name) for i in figures)
    near = f'<p class="sm">Cijfers hierbij: {links}.</p>' if links else '<p class="sm mut">Hier is geen cijfer bij.</p>'
    needs = [f for f in definitions.findings if f.id in finding.serves]
    served = ", ".join(link(link_to(f), f.title) for f in needs)
    serves = f'<p class="sm">Past bij de behoefte (onze lezing): {served}.</p>' if served else ""
    return (
        f'<article class="q"><p class="tag"><b>{escape(finding.kind.capitalize())}</b> · '
        f"{escape(ORIGINS[finding.origin])} · {escape(who)}</p>"
        f'<p class="voice">{escape(finding.title)}</p><p class="sm">{escape(finding.summary)}</p>{near}{serves}'
        f'<p class="xs mut">{escape(finding.source.title)}, {escape(finding.source.section)}.</p></article>'
    )


def voices(said: Sequence[tuple[Finding, Sequence[Held]]], region: Region, most: int | None = None) -> str:
    """Findings about a region with what the figures say to each.

    ``most``: so many in view, those that figures contradict first; the others behind a line that counts them.
    """
    told = sorted(said, key=lambda v: (ORDER.index(stance(v[1])), v[0].common)) if most else said
    cards = [voice(f, held, whose(f, region), to_log(region, f)) for f, held in told]
    shown, rest = "".join(cards[:most]), cards[most:] if most else []
    if not rest:
        return shown
    count = f"Nog {len(rest)} {'uitspraak' if len(rest) == 1 else 'uitspraken'} bij dit cijfer"
    return f'{shown}<details class="more"><summary>{count}</summary>{"".join(rest)}</details>'


def to_log(region: Region, finding: Finding) -> str:
    """Links to write about a finding in the log of a region, and to the finding itself."""
    address = escape(State("logboek", (region.id,), finding=finding.id).link(), quote=True)
    label = escape(f"Schrijf in het logboek over: {finding.title}", quote=True)
    return (
        f'<p class="sm noprint"><a href="{address}" target="_self" aria-label="{label}">Schrijf hierover in het '
        f"logboek</a> · {link(link_to(finding, region.id), 'Link naar deze bevinding')}</p>"
    )


def voice(finding: Finding, held: Sequence[Held], who: str, log: str = "") -> str:
    """One finding: kind and region, the voice, what the figures say to it, and where it comes from.

    ``who``: whom it is about (``whose``); ``log``: a link to the log (``to_log``).
    """

    def verdict(h: Held) -> str:
        return (
            f'<p class="ver"><span class="g" aria-hidden="true">{SIGNS[h.verdict]}</span>'
            f"<span><b>{WORDS[h.verdict]}.</b> {escape(h.reason)}</span></p>"
        )

    # What figures can say stands in view; of what they cannot measure, one reason is enough.
    measured = [h for h in held if h.verdict != "meten niet"]
    visible = measured or list(held[:1])
    rest = "".join(verdict(h) for h in held if h not in visible)
    verdicts = "".join(verdict(h) for h in visible)
    return (
        f'<article class="q"><p class="tag"><b>{escape(finding.kind.capitalize())}</b> · {escape(ORIGINS[finding.origin])} · {escape(who)}</p>'
        f'<p class="voice">{escape(finding.title)}</p>{verdicts}'
        f"<details><summary>Toelichting en bron</summary><p>{escape(finding.summary)}</p>{rest}"
        f'<p class="xs mut">{escape(finding.source.title)}, {escape(finding.source.section)}.</p>{log}</details></article>'
    )
