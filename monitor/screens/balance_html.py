"""Pieces of the page Balans as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.figures import style
from monitor.figures.html import link, tension_mark
from monitor.figures.svg import icon, mark
from monitor.screens.balance import KINDS, Balance, Cancelled, Kind, Line, Placed, Unknown
from monitor.statistics.judge import Outcome

_MARKS: dict[Kind, Outcome] = {
    "gunstiger": "gunstiger",
    "vergelijkbaar": "vergelijkbaar",
    "ongunstiger": "ongunstiger",
    "hoger of lager": "hoger",
    "niet te beoordelen": "niet te beoordelen",
}
# Neighbours in a bar differ in lightness, so that grey print keeps them apart; the shape stands below with its number.
_FILLS: dict[Kind, tuple[str, str]] = {
    "gunstiger": (style.MARKS["gunstiger"].colour, style.MARKS["gunstiger"].colour),
    "vergelijkbaar": (style.MARKS["vergelijkbaar"].light, style.MARKS["vergelijkbaar"].colour),
    "ongunstiger": (style.MARKS["ongunstiger"].colour, style.MARKS["ongunstiger"].colour),
    "hoger of lager": (style.MARKS["hoger"].light, style.MARKS["hoger"].colour),
    "niet te beoordelen": ("#FFFFFF", style.MUTED),
}


def legend(benchmark: str) -> str:
    """What marks and bars mean."""
    words: dict[Kind, str] = {
        "gunstiger": f"gunstiger dan {benchmark}",
        "hoger of lager": "hoger of lager, zonder betere kant",
    }
    items = "".join(f"<li>{icon(_MARKS[k])}{escape(words.get(k, k))}</li>" for k in KINDS)
    return f'<ul class="key">{items}</ul>'


def table(balance: Balance) -> str:
    """Eleven rows, three goals: a bar and five counts in each cell."""
    heads = "".join(
        f'<th scope="col">{escape(goal.name)}<span class="hd"><span>doel {goal.id}</span></span></th>'
        for goal in balance.goals
    )
    rows = "".join(_row(balance, line) for line in balance.lines)
    caption = f"Per regio en doel: hoeveel cijfers gunstiger, vergelijkbaar of ongunstiger zijn dan {balance.benchmark}"
    return (
        f'<table class="ov bal"><caption class="sr">{escape(caption)}</caption><thead><tr><th scope="col">Regio</th>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(balance: Balance, line: Line) -> str:
    cells = "".join(
        f'<td><span class="gn">{escape(goal.name)}</span>{_bar(counts)}{_numbers(counts)}</td>'
        for goal, counts in zip(balance.goals, line.goals, strict=True)
    )
    head = link(line.link, line.region.name)
    return f'<tr data-area="{escape(line.region.id, quote=True)}"><th scope="row">{head}</th>{cells}</tr>'


def _bar(counts: Sequence[int]) -> str:
    """Shares of a whole, side by side; the numbers below tell the same to who cannot see it."""
    total, at, parts = sum(counts) or 1, 0.0, []
    for kind, count in zip(KINDS, counts, strict=True):
        width = 100 * count / total
        fill, edge = _FILLS[kind]
        if count:
            parts.append(f'<rect x="{at:.2f}%" y="1" width="{width:.2f}%" height="12" fill="{fill}" stroke="{edge}"/>')
        at += width
    return f'<svg class="st" width="100%" height="14" aria-hidden="true">{"".join(parts)}</svg>'


def _numbers(counts: Sequence[int]) -> str:
    items = "".join(
        f'<li title="{count} {kind}">{icon(_MARKS[kind])}{count}<span class="sr"> {kind}</span></li>'
        for kind, count in zip(KINDS, counts, strict=True)
    )
    return f'<ul class="oc num">{items}</ul>'


def unknown(reasons: Sequence[Unknown], regions: int) -> str:
    """Which figures are not judged, and why."""

    def named(name: str, count: int) -> str:
        return name if count == regions else f"{name} ({count} {'regio' if count == 1 else 'regio’s'})"

    items = "".join(
        f"<li><b>{escape(r.reason)}.</b> {escape('; '.join(named(*f) for f in r.figures))}.</li>" for r in reasons
    )
    return (
        f'<ul class="sm">{items}</ul><p class="sm mut">Zonder getal erbij geldt het voor alle {regions} regio’s. Een '
        "cijfer dat per gemeente wel bestaat, staat op de kaart en op de pagina van de gemeente.</p>"
    )


def places(balance: Balance) -> str:
    """The example as a table: a place per weighting, and how far each region can get."""
    heads = "".join(f'<th scope="col" class="n">{escape(w.name)}</th>' for w in balance.weightings)
    rows = "".join(_place_row(balance, p) for p in balance.placed)
    return (
        '<table class="gm wt"><caption class="sr">Rekenvoorbeeld: plaats van elke regio bij andere gewichten</caption>'
        f'<thead><tr><th scope="col">Regio</th>{heads}<th scope="col">Mogelijke plaatsen, 1 tot {len(balance.placed)}</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _place_row(balance: Balance, p: Placed) -> str:
    # The region that the sentence above the table is about stands out, with its best and worst place.
    told = {min(p.places), max(p.places)} if p is balance.most else set()
    css = ' class="told"' if told else ""

    def cell(name: str, place: int) -> str:
        strong = place in told
        text = f"<b>{place}</b>" if strong else str(place)
        return f'<td class="n" data-label="{escape(name, quote=True)}">{text}</td>'

    cells = "".join(cell(w.name, place) for w, place in zip(balance.weightings, p.places, strict=True))
    span = f"{p.best} tot {p.worst}" if p.best != p.worst else f"altijd {p.best}"
    return (
        f'<tr data-area="{escape(p.region.id, quote=True)}"{css}><th scope="row">{link(f"regio?regio={p.region.id}", p.region.name)}'
        f'</th>{cells}<td class="rg" data-label="Mogelijke plaatsen">{_reach(p, len(balance.placed))}{span}</td></tr>'
    )


def _reach(p: Placed, last: int) -> str:
    """From best to worst place on a line of all places; the text beside it says the same."""

    def at(place: int) -> float:
        return 4 + 92 * (place - 1) / max(last - 1, 1)

    ticks = "".join(
        f'<line x1="{at(k):.1f}%" x2="{at(k):.1f}%" y1="9" y2="13" stroke="{style.DOT_EDGE}"/>'
        for k in range(1, last + 1)
    )
    ends = "".join(f'<circle cx="{at(k):.1f}%" cy="11" r="5" fill="{style.INK}"/>' for k in {p.best, p.worst})
    return (
        f'<svg class="st" width="130" height="22" aria-hidden="true"><line x1="4%" x2="96%" y1="11" y2="11" '
        f'stroke="{style.LINE}"/>{ticks}<line x1="{at(p.best):.1f}%" x2="{at(p.worst):.1f}%" y1="11" y2="11" '
        f'stroke="{style.INK}" stroke-width="3"/>{ends}</svg>'
    )


def cancelled(c: Cancelled) -> str:
    """Two figures far apart and their mean, on one line around the Netherlands."""
    scale = 1.1 * max(abs(c.better.distance), abs(c.worse.distance))

    def at(distance: float) -> float:
        return 50 + 46 * distance / scale

    names = [
        escape(s.indicator.name) + tension_mark(s.indicator, tension)
        for s, tension in zip((c.better, c.worse), c.tensions, strict=True)
    ]
    rows: tuple[tuple[str, float, Outcome, str], ...] = (
        (names[0], c.better.distance, "gunstiger", c.better.judgement.told),
        (names[1], c.worse.distance, "ongunstiger", c.worse.judgement.told),
        ("Gemiddelde van die twee", c.mean, "vergelijkbaar", "vergelijkbaar"),
    )
    body = "".join(
        f'<tr><th scope="row">{name}<small>{escape(said)}</small></th><td class="s"><svg class="st" width="100%" height="26" aria-hidden="true">'
        f'<line x1="0" x2="100%" y1="13" y2="13" stroke="{style.LINE}"/><line x1="50%" x2="50%" y1="1" y2="25" '
        f'stroke="{style.INK}" stroke-width="1.5"/><svg x="{at(distance):.1f}%" y="13" overflow="visible">{mark(outcome)}</svg>'
        "</svg></td></tr>"
        for name, distance, outcome, said in rows
    )
    return (
        '<table class="cx"><caption class="sr">Twee cijfers en hun gemiddelde</caption><thead><tr><th scope="col">Cijfer</th>'
        '<th scope="col"><span class="hd"><span>◂ ongunstiger</span><b>Nederland</b><span>gunstiger ▸</span></span></th>'
        f"</tr></thead><tbody>{body}</tbody></table>"
    )


def lost(sentences: Sequence[str]) -> str:
    """What else disappears: the first words of each say what it is about."""
    items = []
    for sentence in sentences:
        head, _, rest = sentence.partition(". ")
        items.append(f"<li><b>{escape(head)}.</b> {escape(rest)}</li>")
    return f'<ul class="plainlist">{"".join(items)}</ul>'
