"""Pieces of the page of a composed region as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor import sentences
from monitor.composed import Composed
from monitor.definitions import Definitions, Goal
from monitor.definitions.models import Theme
from monitor.figures import style
from monitor.figures.html import amount, judgement, link, tension_mark
from monitor.figures.svg import icon, mark
from monitor.notation import listing
from monitor.screens.composed import PAGE, ComposedPage, Line
from monitor.screens.composed_text import Effect
from monitor.screens.overview import SCALE
from monitor.state import State


def cases(definitions: Definitions, c: Composed, compare: str | None) -> str:
    """Compositions from practice as links; the one in force is plain text."""
    made = []
    for case in definitions.compositions:
        region = definitions.region(case.region)
        codes = tuple(sorted({*region.codes, *case.add}))
        name = f"{region.name} met {case.name}"
        address = State(PAGE, (region.id,), members=codes, compare=compare).link()
        here = c.start == region and c.codes == codes
        made.append(f"<li>{f'<b>{escape(name)}</b>' if here else link(address, name)}</li>")
    return f'<p class="sm cases">Uit de praktijk:</p><ul class="lines cases">{"".join(made)}</ul>'


def grounds(definitions: Definitions, c: Composed) -> str:
    """Why likely municipalities are uncertain, in words."""
    if c.start is None:
        return ""
    said = [(m.name, m.ground) for m in c.start.candidates]
    said += [
        (x.name[:1].upper() + x.name[1:], x.ground)
        for x in definitions.compositions
        if x.region == c.start.id and not {*x.add} <= {m.code for m in c.start.candidates}
    ]
    told = "".join(f"<li><b>{escape(name)}</b>: {escape(why)}</li>" for name, why in said)
    more = f"<ul>{told}</ul>" if told else ""
    return (
        '<details class="grounds"><summary>Wie hoort er bij '
        f"{escape(c.start.spoken)}?</summary><p>{escape(c.start.ground)}</p>{more}</details>"
    )


def facts(page: ComposedPage) -> str:
    """Inhabitants, what differs from the region it began with, and what a reader has to know of the benchmark."""
    changed = f'<p class="changed">{escape(page.changed)}</p>' if page.changed else ""
    about = "".join(f'<p class="sm mut">{escape(a)}</p>' for a in page.about)
    return f"<p><b>{escape(page.inhabitants)}</b>: {escape(listing(list(page.members)))}.</p>{changed}{about}"


def key(likely: bool) -> str:
    """What the colours of the map mean."""
    items = [(style.LOCATION, "in uw regio")]
    if likely:
        items.append((style.LOCATION_LIGHT, "hoort er misschien bij"))
    items += [("#F7F8F9", "andere gemeente"), (style.ABROAD, "buurland")]
    made = "".join(f'<li><i style="background:{colour}"></i>{text}</li>' for colour, text in items)
    return f'<ul class="key swatches">{made}</ul>'


# --- Sensitivity ---


def joining(effects: Sequence[Effect], judged: int, benchmark: str) -> str:
    """What each municipality that could join would change: likely ones first, then those that lie against it."""
    made = [
        f"<p>Per gemeente staat hier welke van de {judged} oordelen anders worden als alleen die gemeente erbij komt. "
        f"Elk oordeel blijft een vergelijking met {escape(benchmark)}.</p>"
    ]
    for title, group in (
        ("Horen er misschien bij", [e for e in effects if e.likely]),
        ("Liggen ertegenaan", [e for e in effects if not e.likely]),
    ):
        if group:
            made.append(f"<h3>{title}</h3>{sensitivity(group, judged)}")
    return "".join(made)


def sensitivity(effects: Sequence[Effect], judged: int) -> str:
    """One line per municipality that would change a judgement; those that change none in one sentence."""
    moving = [e for e in effects if e.count]
    items = "".join(f"<li>{_effect(e)}</li>" for e in moving)
    still = [e.name for e in effects if not e.count]
    tail = ""
    if still:
        how = "erbij" if effects[0].joins else "eruit"
        each = "" if len(still) == 1 else ", elk apart,"
        tail = f"<p>Met {escape(listing(still))} {how}{each} verandert geen van de {judged} oordelen.</p>"
    return f"{f'<ul class={chr(34)}sens{chr(34)}>{items}</ul>' if items else ''}{tail}"


def _effect(e: Effect) -> str:
    count = "1 oordeel" if e.count == 1 else f"{e.count} oordelen"
    head = f"<b>{escape(e.name)} {'erbij' if e.joins else 'eruit'}</b>: {count} anders: {escape('; '.join(e.first))}"
    if not e.rest:
        return f"{head}."
    rest = "; ".join(e.rest)
    return f"{head}. <details><summary>En nog {len(e.rest)}</summary><p>{escape(rest[:1].upper() + rest[1:])}.</p></details>"


# --- All figures ---


def goal_table(page: ComposedPage, goal: Goal, themes: Sequence[tuple[Theme, Sequence[Line]]]) -> str:
    """All figures of a goal: value, region it began with, benchmark, judgement, distance and years; a body per theme."""
    start = f'<th scope="col" class="n">{escape(page.started)}</th>' if page.started else ""
    other = page.benchmark[:1].upper() + page.benchmark[1:]
    head = (
        '<tr><th scope="col">Cijfer</th><th scope="col" class="n">Waarde</th>'
        f'{start}<th scope="col" class="n">{escape(other)}</th>'
        '<th scope="col">Oordeel</th><th scope="col" class="g"><span class="hd"><span>◂ minder goed</span><span>beter ▸'
        '</span></span></th><th scope="col" class="y">Over de jaren</th></tr>'
    )
    width = 6 + bool(page.started)
    bodies = []
    for theme, lines in themes:
        title = f'<tr><th colspan="{width}" scope="rowgroup" class="th">{escape(theme.name)}</th></tr>'
        bodies.append(f"<tbody>{title}{''.join(_row(page, line) for line in lines)}</tbody>")
    return (
        f'<div class="gh"><h2><small>Doel {goal.id}</small>{escape(goal.name)}</h2></div>'
        f'<table class="gm er"><thead>{head}</thead>{"".join(bodies)}</table>'
    )


def _row(page: ComposedPage, line: Line) -> str:
    i = line.indicator
    margin = f"<small>{escape(line.margin)}</small>" if line.margin else ""
    note = f"<small>{escape(line.note)}</small>" if line.note else ""
    address = escape(f"methode?indicator={i.id}", quote=True)
    told = sentences.marker(line.course)
    years = f'<span class="mut" title="{escape(line.course.reason, quote=True)}">–</span>'
    if told:
        years = f"{escape(told)} <small>{line.course.first}–{line.course.last}</small>"
    verdict = f'<span class="mut">{escape(line.row.word)}</span>' if line.spread else judgement(line.row)
    start = f'<td class="n num" data-label="{escape(page.started, quote=True)}">{escape(line.start)}</td>'
    cells = [
        f'<th scope="row"><a href="{address}" target="_self">{escape(i.full_name)}</a> <small>{line.row.year}</small>{tension_mark(i, line.tension)}</th>',
        f'<td class="n num" data-label="Waarde">{amount(line.text, i)} {margin}</td>',
        start if page.started else "",
        f'<td class="n num" data-label="{escape(page.benchmark[:1].upper() + page.benchmark[1:], quote=True)}">'
        f"{escape(line.benchmark)}</td>",
        f"<td>{verdict} {note}</td>",
        f'<td class="g">{_strip(line)}</td>',
        f'<td class="y" data-label="Over de jaren">{years}</td>',
    ]
    # With a space between: on a phone the cells stand in one line of text.
    return f'<tr data-figure="{i.id}">{" ".join(c for c in cells if c)}</tr>'


def _strip(line: Line) -> str:
    """The mark at its distance from the benchmark, on the scale of the overview; empty when not judged."""
    if math.isnan(line.place) or line.row.outcome is None or line.row.outcome == "niet te beoordelen":
        return ""
    place = max(-SCALE, min(SCALE, line.place))
    x = 6 + 88 * (place + SCALE) / (2 * SCALE)
    beyond = ""
    if abs(line.place) > SCALE:
        sign, at = ("›", 8) if place > 0 else ("‹", -13)
        beyond = f'<text x="{at}" y="5" font-size="15" fill="{style.TEXT}">{sign}</text>'
    return (
        f'<svg class="st" width="100%" height="18" aria-hidden="true"><line x1="2%" x2="98%" y1="9" y2="9" stroke="{style.LINE}"/>'
        f'<line x1="50%" x2="50%" y1="0" y2="18" stroke="{style.INK}" stroke-width="1.5"/>'
        f'<svg x="{x:.1f}%" y="9" overflow="visible">{mark(line.row.outcome, line.row.limited, 0.8)}{beyond}</svg></svg>'
    )


def reading_guide(page: ComposedPage) -> str:
    """How to read the tables."""
    shown = [o for o, _ in page.counts if o != "lager" or "hoger" not in dict(page.counts)]
    marks = "".join(f"<li>{icon(o)}{'hoger of lager' if o in ('hoger', 'lager') else o}</li>" for o in shown)
    return (
        f'<ul class="key">{marks}</ul><p class="sm mut">Elk cijfer is van het laatste jaar dat er is. De streep is '
        f"{escape(page.benchmark)}; hoe verder het teken ervan af staat, hoe groter het verschil. Een ruit (◆) heeft geen "
        "betere kant: rechts is hoger. Onder een waarde staat de marge van 95%. Een streepje bij ‘Over de jaren’: er zijn "
        "te weinig jaren, of het is een schatting zonder marge.</p>"
    )


def said_about(page: ComposedPage, slug: str, spoken: str) -> str:
    """How much was said about the region it began with, and that it concerns that region."""
    count = "1 bevinding" if page.said == 1 else f"{page.said} bevindingen"
    verb = "gaat" if page.said == 1 else "gaan"
    return (
        f"<p>Er {'is' if page.said == 1 else 'zijn'} {count} over {escape(spoken)}. Die {verb} over die regio, niet over "
        f"deze samenstelling; ook wat de cijfers ervan zeggen, gaat over die regio. Onder elk doel staan de eerste. "
        f'<a href="regiodialoog?regio={escape(slug, quote=True)}" target="_self">Lees alles op Regiodialoog</a>.</p>'
    )
