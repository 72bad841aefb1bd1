"""Pieces of the page of a region as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.definitions import Goal, Indicator, Region
from monitor.definitions.models import Theme
from monitor.figures.html import judgement, link, tension_mark
from monitor.figures.spec import Row, StripFigure, area_link
from monitor.figures.svg import ends, icon, strip
from monitor.notation import listing, number, trailing
from monitor.screens.region import Also, Aside
from monitor.state import State
from monitor.statistics.judge import Outcome


def chips(region: Region, inhabitants: dict[str, float]) -> str:
    """Municipalities as chips with inhabitants; uncertain ones dashed, their ground on hover and below."""
    made = []
    for m in sorted(region.members, key=lambda m: (m.membership != "lid", m.name)):
        if m.membership == "niet":
            continue
        uncertain = m.membership == "kandidaat" or "onzeker" in m.status
        css = "uncertain" if uncertain else "certain"
        count = number(inhabitants.get(m.code, math.nan), 0)
        tail = ", niet meegeteld" if m.membership == "kandidaat" else ""
        made.append(
            f'<li class="{css}" title="{escape(m.ground, quote=True)}">{link(area_link(m.code), m.name)} <span>{count}{tail}</span></li>'
        )
    return f'<ul class="chips">{"".join(made)}</ul>'


def grounds(region: Region) -> str:
    """Why the composition is as it is, in words: for who cannot hover."""
    told = "".join(f"<li><b>{escape(m.name)}</b> ({escape(m.status)}): {escape(m.ground)}</li>" for m in region.members)
    return (
        '<details class="grounds"><summary>Waarom deze gemeenten?</summary>'
        f"<p>{escape(region.ground)}</p><ul>{told}</ul></details>"
    )


def onward(region: Region, state: State) -> str:
    """Where to read on about a region: beside the others, in another composition, across the border."""
    links = [
        (State("vergelijken", (region.id,), compare=state.compare), "Wat opvalt, en naast de andere regio’s"),
        (State("eigen-regio", (region.id,), compare=state.compare), "Een eigen regio samenstellen"),
    ]
    links += [
        (State("cijfer-en-verhaal", (region.id,), compare=state.compare), "Waar cijfer en verhaal botsen"),
        (State("plan", (region.id,), compare=state.compare), "Bouwstenen voor het plan voor de regio"),
        (State("trajecten", (region.id,)), "Lopende trajecten"),
    ]
    if region.borders:
        links.append((State("over-de-grens", (region.id,)), "Over de grens"))
    items = "".join(f"<li>{link(s.link(), text)}</li>" for s, text in links)
    return f'<p class="sm noprint">Verder kijken:</p><ul class="sm noprint">{items}</ul>'


def log_line(entries: int | None, region: Region) -> str:
    """How many entries the log holds about a region; nothing when the log cannot be read."""
    if entries is None:
        return ""
    address = State("logboek", (region.id,)).link()
    count = "staat 1 aantekening" if entries == 1 else f"staan {entries or 'nog geen'} aantekeningen"
    return f'<p class="sm noprint">In het {link(address, "logboek")} {count} over {escape(region.spoken)}.</p>'


def log_mark(region: Region, indicator: Indicator, entries: int) -> str:
    """How many entries the log holds about a figure in a region, with the way there; nothing without."""
    if not entries:
        return ""
    address = escape(State("logboek", (region.id,), indicator.id).link(), quote=True)
    count = "1 aantekening" if entries == 1 else f"{entries} aantekeningen"
    return f' <a class="sp" href="{address}" target="_self">{count}</a>'


def to_log(region: Region, indicator: Indicator) -> str:
    """A link to write about a figure in the log of a region."""
    return f'<p class="sm">{link(State("logboek", (region.id,), indicator.id).link(), "Schrijf over dit cijfer in het logboek")}</p>'


def goal_heading(goal: Goal) -> str:
    """Number and name of a goal, above figures and voices."""
    name = f"<small>Doel {goal.id}</small>{escape(goal.name)}"
    return f'<div class="gh"><h2>{name}</h2><span class="t">Wat er gezegd is</span></div>'


def no_voice() -> str:
    """What stands where no finding goes with a figure."""
    return '<div class="q none"><p class="sm mut">Bij dit cijfer staat geen uitspraak.</p></div>'


def counts(outcomes: Sequence[tuple[Outcome, int]], region: str, benchmark: str, kind: str = "kerncijfers") -> str:
    """How often each outcome occurs, as marks and words."""
    total = sum(n for _, n in outcomes)
    tails: dict[Outcome, str] = {
        "vergelijkbaar": f"vergelijkbaar met {benchmark}",
        "niet te beoordelen": "niet te beoordelen",
    }
    tails["hoger"], tails["lager"] = (f"{o} dan {benchmark} (zonder oordeel)" for o in ("hoger", "lager"))
    items = "".join(f"<li>{icon(o)}<b>{n}</b> {escape(tails.get(o, f'{o} dan {benchmark}'))}</li>" for o, n in outcomes)
    return f'<p class="sm">{escape(region)} op {total} {kind}:</p><ul class="counts">{items}</ul>'


def figure_block(figure: StripFigure, spark: str, how: str, method: str, below: str = "", mark: str = "") -> str:
    """One figure of a region: name, judgement, value, strip, sparkline, reading sentence.

    ``method`` is the address of its entry on the method page; ``below`` is HTML that goes with it, ``mark``
    HTML beside the name.
    """
    own = figure.region
    value = figure.text(own.value) if own and not math.isnan(own.value) else "–"
    verdict = judgement(own) if own else '<span class="j mut">geen regiocijfer</span>'
    title = f'<a href="{escape(method, quote=True)}" target="_self">{escape(figure.caption)}</a>{mark}'
    return (
        f'<div class="fig" data-area="{escape(own.area if own else "")}"><div class="fh"><h3>{title}</h3>{verdict}</div>'
        f'<div class="fg"><div class="v num">{escape(value)}<small>{escape(how)}</small></div>'
        f'<div class="s">{strip(figure)}{ends(figure)}</div><div class="spk">{spark}</div></div>'
        f'<p class="se">{escape(figure.sentence)} <span class="xs mut">{escape(figure.threshold)}</span></p>{below}</div>'
    )


def _candidates(candidates: Sequence[Aside], own: Row) -> str:
    """What the value would be with each candidate; those that change nothing that is shown are taken together."""
    moved = [a for a in candidates if a.row.value != own.value or a.row.outcome != own.outcome]
    told = []
    for a in moved:
        verdict = f", {escape(a.row.word)}" if a.row.outcome != own.outcome else ""
        told.append(f"met {escape(a.label)} erbij: <b>{escape(a.text)}</b>{verdict}")
    still = [a.label for a in candidates if a not in moved]
    if still:
        told.append(
            f"met {escape(listing(still))} {'blijft het' if len(still) == 1 else 'elk apart blijft het'} gelijk"
        )
    said = "; ".join(told)
    return f"{said[0].upper()}{said[1:]}."


def asides(groups: Sequence[Aside], candidates: Sequence[Aside], own: Row | None) -> str:
    """Below a figure: the same for age groups, and for the region with a candidate municipality counted in."""
    parts = []
    if groups:
        told = "; ".join(
            f"{escape(a.label)}: <b>{escape(a.text)}</b>"
            + (f" ({escape(a.benchmark)})" if a.benchmark else "")
            + f" {icon(a.row.outcome or 'niet te beoordelen', a.row.limited)}{escape(a.row.word)}"
            for a in groups
        )
        parts.append(f'<p class="sm mut">Naar leeftijd. {told}.</p>')
    if candidates and own is not None:
        parts.append(f'<p class="xs mut">{_candidates(candidates, own)}</p>')
    return "".join(parts)


def also(themes: Sequence[tuple[Theme, Sequence[Also]]], link: str) -> str:
    """The other figures of a goal, one line each, per theme.

    Args:
        themes: what to tell.
        link: address of the map up to the indicator's id.
    """
    if not themes:
        return ""
    made = []
    for theme, figures in themes:
        items = "".join(f"<li>{line(a, link)}</li>" for a in figures)
        made.append(f'<div><h4>{escape(theme.name)}</h4><ul class="also">{items}</ul></div>')
    return f'<h3>Ook gemeten bij dit doel</h3><div class="alsos">{"".join(made)}</div>'


def line(a: Also, link: str) -> str:
    """A figure in one line: judgement, name, value, year; ``link``: address of its page up to the indicator's id."""
    outcome = a.row.outcome or "niet te beoordelen"
    word = "per gemeente" if a.indicator.aggregation.kind == "geen" else a.row.word
    unit = "" if a.text == "–" else f" {trailing(a.indicator.unit)}".rstrip()
    return (
        f'{icon(outcome, a.row.limited)}<span><a href="{escape(link + a.indicator.id, quote=True)}" target="_self">'
        f'{escape(a.indicator.name)}</a>{tension_mark(a.indicator, a.tension)}: <b class="num">{escape(a.text)}</b>{unit}, '
        f'<span title="{escape(a.row.reason, quote=True)}">{escape(word)}</span> ({a.row.year})</span>'
    )
