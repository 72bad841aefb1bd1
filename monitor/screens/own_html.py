"""Own findings as HTML: our cards inside a dashed rule, with the words 'eigen bevinding' and the office."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.definitions import Definitions, Finding, Region
from monitor.dialogue.hold import Held
from monitor.dialogue.own import OwnFinding, Problem
from monitor.dialogue.own_rows import Checked, Fault
from monitor.dialogue.own_store import Before
from monitor.figures.html import link
from monitor.notation import NBSP, number
from monitor.screens import voices_html
from monitor.state import State

PAGE = "eigen-bevindingen"
# So many faults stand on the screen; all of them stand in the file to take along.
MOST_FAULTS = 40
# So many cards stand in view, and so many on a page at all; a filter leads to the others.
MOST_IN_VIEW, MOST_CARDS = 12, 200


def link_to(finding: Finding) -> str:
    """The address of an own finding: its place on the page of a region that it is about, or of all together."""
    regions = () if finding.common else finding.regions[:1]
    return f"{State(PAGE, regions).link()}#{finding.id}"


def card(finding: OwnFinding, definitions: Definitions) -> str:
    """An own finding by itself, with its mark and address."""
    return _marked(finding, voices_html.card(finding, definitions), addressed=True)


def voice(finding: OwnFinding, held: Sequence[Held], who: str, addressed: bool = True) -> str:
    """An own finding with what the figures say to it, with its mark.

    Args:
        finding: to show.
        held: what the figures say to it.
        who: whom it is about (``whose``).
        addressed: whether it can be linked to; not before it is saved.
    """
    return _marked(finding, voices_html.voice(finding, held, who), addressed)


def _marked(finding: OwnFinding, inner: str, addressed: bool) -> str:
    office = f" · {escape(finding.office)}" if finding.office else ""
    quote = ""
    if finding.quote:
        quote = (
            f'<blockquote class="own-quote">‘{escape(finding.quote)}’'
            f'<span class="xs mut">Citaat met toestemming: {escape(finding.consent or "")}</span></blockquote>'
        )
    place, address = "", ""
    if addressed:
        place = f' id="{finding.id}"'
        address = f'<p class="sm noprint">{link(link_to(finding), "Link naar deze bevinding")}</p>'
    return (
        f'<div class="own"{place}><p class="own-mark"><b>Eigen bevinding</b>{office}</p>{inner}{quote}{address}</div>'
    )


def whose(finding: OwnFinding, region: Region) -> str:
    """Whom a finding is about, and of which region the figures beside it are."""
    who = voices_html.whose(finding, region)
    return who if who == region.name else f"{who}; cijfers van {region.name}"


def cards(pieces: Sequence[str], count: int | None = None) -> str:
    """Cards in columns: the first in view, the rest behind a line that counts them.

    ``count``: how many there are, when these are not all.
    """
    shown, rest = pieces[:MOST_IN_VIEW], pieces[MOST_IN_VIEW:]
    made = f'<div class="voices">{"".join(shown)}</div>'
    if rest:
        some = "Nog 1 eigen bevinding" if len(rest) == 1 else f"Nog {len(rest)} eigen bevindingen"
        inner = f'<div class="voices">{"".join(rest)}</div>'
        made += f'<details class="more"><summary>{some}</summary>{inner}</details>'
    left = (count or 0) - len(pieces)
    if left > 0:
        made += (
            f'<p class="sm">Hier staan er {number(len(pieces), 0)} van {number(len(pieces) + left, 0)}. De andere ziet u '
            f"op de pagina {link(PAGE, 'Eigen bevindingen')}, met een filter of een woord om op te zoeken.</p>"
        )
    return made


def empty(region: str = "") -> str:
    """What stands where there are no own findings yet."""
    about = f" over {escape(region)}" if region else ""
    return (
        f'<p class="notice">Er zijn nog geen eigen bevindingen{about}. Hieronder leest u hoe een regionaal bureau ze '
        "toevoegt: uit eigen gesprekken, een panel of een bezoek aan een dorp.</p>"
    )


def problems(found: Sequence[Problem]) -> str:
    """Files that could not be read, each with the way out; the rest is shown all the same."""
    if not found:
        return ""
    items = "".join(f"<li>{escape(p.message)} {escape(p.way_out)}</li>" for p in found[:20])
    more = f"<li>En nog {len(found) - 20}.</li>" if len(found) > 20 else ""
    return (
        '<div class="notice" role="status"><p>Niet alles in de map met eigen bevindingen is te lezen. '
        f'De andere bevindingen staan hier wel.</p><ul class="plainlist">{items}{more}</ul></div>'
    )


def outcome(checked: Checked) -> str:
    """What the check of an uploaded sheet gave, in one line."""
    good, wrong = len(checked.findings), checked.wrong_rows
    rows = "rij klopt" if good == 1 else "rijen kloppen"
    if not wrong:
        return f'<p role="status"><b>{number(good, 0)}{NBSP}{rows}.</b> Er is niets gevonden dat niet klopt.</p>'
    bad = "rij klopt iets niet" if wrong == 1 else "rijen klopt iets niet"
    return f'<p role="status"><b>{number(good, 0)}{NBSP}{rows}; in {number(wrong, 0)}{NBSP}{bad}.</b></p>'


def faults(found: Sequence[Fault]) -> str:
    """All faults, by row; beyond what a screen can hold, how many more there are."""
    if not found:
        return ""
    ordered = sorted(found, key=lambda f: f.row)
    items = "".join(f"<li>{escape(f.told)}</li>" for f in ordered[:MOST_FAULTS])
    left = len(found) - MOST_FAULTS
    more = f'<p class="sm">En nog {number(left, 0)}; die staan in het bestand hieronder.</p>' if left > 0 else ""
    return f'<h2 class="h3 own-h">Wat er niet klopt</h2><ul class="plainlist own-faults">{items}</ul>{more}'


def notes(found: Sequence[str]) -> str:
    """What the user should know and need not mend."""
    if not found:
        return ""
    more = f"<li>En nog {len(found) - 12} zulke meldingen.</li>" if len(found) > 12 else ""
    return f'<ul class="plainlist sm">{"".join(f"<li>{escape(n)}</li>" for n in found[:12])}{more}</ul>'


def replaces(found: Before, findings: Sequence[OwnFinding]) -> str:
    """What saving does to a file that already exists; empty for a new one."""
    if not found.mark:
        return ""
    gone = found.gone(findings)
    lost = ""
    if gone:
        names = "".join(f"<li>{escape(f.title)}</li>" for f in gone[:8])
        more = f"<li>en nog {len(gone) - 8}</li>" if len(gone) > 8 else ""
        lost = f'<p>Deze staan niet in uw nieuwe bestand:</p><ul class="plainlist sm">{names}{more}</ul>'
    some = "1 bevinding" if len(found.findings) == 1 else f"{len(found.findings)} bevindingen"
    return (
        f'<div class="notice"><p>Er is al een bestand ‘{escape(found.file)}’ met {some}. Bewaart u, dan komt het nieuwe '
        f"ervoor in de plaats. De vorige versie blijft bewaard in de map ‘eerder’.</p>{lost}</div>"
    )


STEPS = (
    '<ol class="plainlist"><li>Download het sjabloon en vul één bevinding per rij in.</li>'
    "<li>Kies uw bestand hieronder. De monitor kijkt elke rij na en laat zien hoe de bevindingen eruit komen te zien. "
    "Er wordt dan nog niets bewaard.</li>"
    "<li>Klopt het? Dan bewaart u het. Wie niet mag schrijven, geeft het nagekeken bestand aan de beheerder.</li></ol>"
    '<p class="sm"><b>Privacy.</b> Noem geen namen en schrijf niets waaraan iemand te herkennen is. Een citaat mag '
    "alleen met toestemming van wie het zei.</p>"
)
