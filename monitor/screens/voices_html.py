"""What was said, as HTML: one finding with what the figures say to it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.definitions import Definitions, Finding, Region
from monitor.dialogue.hold import SIGNS, WORDS, Held
from monitor.notation import listing

ORIGINS = {
    "dialoog": "uit het gesprek",
    "interview": "uit een interview",
    "reflectie": "uit het verslag",
    "beleid": "uit beleid",
    "belangenbehartiging": "van belangenbehartigers",
}


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
    links = ", ".join(f'<a href="kaart?indicator={i.id}" target="_self">{escape(i.name)}</a>' for i in figures)
    near = f'<p class="sm">Cijfers hierbij: {links}.</p>' if links else '<p class="sm mut">Hier is geen cijfer bij.</p>'
    return (
        f'<article class="q"><p class="tag"><b>{escape(finding.kind.capitalize())}</b> · '
        f"{escape(ORIGINS[finding.origin])} · {escape(who)}</p>"
        f'<p class="voice">{escape(finding.title)}</p><p class="sm">{escape(finding.summary)}</p>{near}'
        f'<p class="xs mut">{escape(finding.source.title)}, {escape(finding.source.section)}.</p></article>'
    )


def voice(finding: Finding, held: Sequence[Held], who: str) -> str:
    """One finding: kind and region, the voice, what the figures say to it, and where it comes from.

    ``who``: whom it is about (``whose``).
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
        f'<p class="xs mut">{escape(finding.source.title)}, {escape(finding.source.section)}.</p></details></article>'
    )
