"""Pieces of the page Vergelijken as HTML and SVG; see ``figures.html`` for the rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.definitions import Goal, Region
from monitor.figures import style
from monitor.figures.html import amount, judgement_of, link, tension_mark
from monitor.figures.spec import Row, TrendFigure
from monitor.figures.svg import icon, mark
from monitor.screens.compare import CompareRow, Comparison, Dot
from monitor.screens.overview import SCALE
from monitor.screens.striking import RULE, Stands, Striking
from monitor.state import State
from monitor.statistics.judge import Outcome
from monitor.statistics.rank import Place

_HEIGHT = 44
_ARROWS: dict[Outcome, str] = {"gunstiger": "gunstig", "ongunstiger": "ongunstig"}


def _trend(region: Region, indicator: str, compare: str | None) -> str:
    return State("trends", (region.id,), indicator, compare=compare).link()


def striking(found: Stands, region: Region, benchmark: str, compare: str | None = None) -> str:
    """What stands out: unfavourable left, favourable right; differences first, then changes."""
    parts = []
    for title, differences, changes in (
        ("Ongunstig", found.worse, found.worsened),
        ("Gunstig", found.better, found.improved),
    ):
        parts.append(
            f"<section><h3>{title}</h3>"
            f"{_listed(region, compare, f'Verschil met {benchmark}', differences, f'Geen duidelijk verschil met {benchmark}.')}"
            f"{_listed(region, compare, 'Door de jaren', changes, 'Geen duidelijke verandering.')}</section>"
        )
    return (
        f'<div class="opv" role="group" aria-label="Wat opvalt in {escape(region.spoken, quote=True)}">{"".join(parts)}</div>'
        f'<p class="xs mut">{escape(RULE)}</p>'
    )


def _listed(region: Region, compare: str | None, title: str, found: Sequence[Striking], nothing: str) -> str:
    if not found:
        return f'<h4>{escape(title)}</h4><p class="sm mut">{escape(nothing)}</p>'
    items = "".join(
        f'<li>{icon(s.outcome)}<span>{escape(s.sentence)} <a href="{escape(_trend(region, s.indicator.id, compare), quote=True)}" target="_self" '
        f'aria-label="Trend van {escape(s.indicator.name, quote=True)}">Trend</a>{tension_mark(s.indicator, s.tension)}</span></li>'
        for s in found
    )
    return f'<h4>{escape(title)}</h4><ol class="opl">{items}</ol>'


def legend(c: Comparison) -> str:
    """What the marks on the scale mean."""
    dot = f'<svg class="ic" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><circle r="4.5" fill="{style.DOT}" stroke="{style.DOT_EDGE}"/></svg>'
    rule = f'<svg class="ic" width="6" height="16" aria-hidden="true"><line x1="3" x2="3" y1="0" y2="16" stroke="{style.INK}" stroke-width="2"/></svg>'
    band = f'<svg class="ic" width="16" height="16" aria-hidden="true"><rect width="16" height="16" fill="{style.BAND}"/></svg>'
    outcomes: tuple[Outcome, ...] = ("ongunstiger", "vergelijkbaar", "gunstiger", "hoger", "niet te beoordelen")
    present = {"hoger" if (o := r.own.standing.judgement.outcome) == "lager" else o for r in c.rows}
    words = {"hoger": "hoger of lager"}
    marks = "".join(f"<li>{icon(o)}{words.get(o, o)}</li>" for o in outcomes if o in present)
    return (
        f'<ul class="key"><li>{dot}andere regio</li><li>{rule}{escape(c.every)}</li>'
        f'<li>{band}te klein om ertoe te doen</li><li class="mut">{escape(c.region.name)}:</li>{marks}</ul>'
    )


def table(c: Comparison, goals: Sequence[Goal] = ()) -> str:
    """Figures as rows: the scale with all regions, and of the highlighted one value, judgement, place and change.

    ``goals``: those that head their rows; none when the rows are in another order.
    """
    rows = "" if goals else f"<tbody>{''.join(_row(r, c) for r in c.rows)}</tbody>"
    for goal in goals:
        own = [r for r in c.rows if min(r.indicator.goals) == goal.id]
        if own:
            head = f'<tr class="gl"><th colspan="7" scope="rowgroup">Doel {goal.id} · {escape(goal.name)}</th></tr>'
            rows += f"<tbody>{head}{''.join(_row(r, c) for r in own)}</tbody>"
    name = escape(c.region.name)
    held, every = (escape(f"{b[0].upper()}{b[1:]}") for b in (c.benchmark, c.every))
    return (
        f'<table class="cp"><caption class="sr">Elf regio’s per cijfer, als afstand tot {escape(c.every)}</caption>'
        f'<thead><tr><th scope="col">Cijfer</th><th scope="col"><span class="hd"><span>◂ ongunstiger of lager</span>'
        f"<b>{every}</b><span>gunstiger of hoger ▸</span></span></th>"
        f'<th scope="col" class="n">{name}</th><th scope="col" class="n">{held}</th><th scope="col">Oordeel</th>'
        f'<th scope="col">Plaats</th><th scope="col">Verandering</th></tr></thead>{rows}</table>'
    )


def left_out(c: Comparison) -> str:
    """Which of the chosen figures do not stand in the table, and why."""
    parts = []
    if c.without:
        parts.append(f"<b>Geen regiocijfer:</b> {escape(', '.join(c.without))}.")
    if c.counts:
        parts.append(f"<b>Een aantal is niet te vergelijken:</b> {escape(', '.join(c.counts))}.")
    return f'<p class="sm mut">{" ".join(parts)}</p>' if parts else ""


def place(p: Place | None) -> str:
    """The range of places in words: '2 tot 5 van 11'."""
    if p is None:
        return "–"
    return f"{p.best} van {p.of}" if p.best == p.worst else f"{p.best} tot {p.worst} van {p.of}"


def _row(r: CompareRow, c: Comparison) -> str:
    i, s = r.indicator, r.own.standing
    limited = " <small>beperkte dekking</small>" if s.judgement.limited else ""
    tone = f"{icon(r.tone)}" if r.tone not in ("niet te beoordelen", "vergelijkbaar") else ""
    said = f"<small>({_ARROWS[r.tone]})</small>" if r.tone in _ARROWS else ""
    return (
        f'<tr data-indicator="{i.id}"><th scope="row">{link(_trend(c.region, i.id, c.compare), i.full_name)} '
        f"<small>{s.year}</small>{tension_mark(i, r.tension)}</th>"
        f'<td class="g">{scale(r)}</td>'
        f'<td class="n num" data-label="{escape(c.region.name, quote=True)}">{amount(r.value, i)}{limited}</td>'
        f'<td class="n num" data-label="Vergelijking">{escape(r.benchmark)}</td>'
        f'<td data-label="Oordeel">{judgement_of(s.judgement)}</td>'
        f'<td class="num" data-label="Plaats">{place(r.own.place)}</td>'
        f'<td class="sm" data-label="Verandering" title="{escape(s.course.reason, quote=True)}">{tone} {escape(r.change)} {said}</td></tr>'
    )


def scale(r: CompareRow) -> str:
    """All regions on one scale of distance from the benchmark; the highlighted one with its mark."""
    y, half = 24, 14

    def at(distance: float) -> float:
        return 3 + 94 * (max(-SCALE, min(SCALE, distance)) + SCALE) / (2 * SCALE)

    parts = [
        f'<rect x="{at(-r.band):.1f}%" width="{at(r.band) - at(-r.band):.1f}%" y="{y - half}" height="{2 * half}" fill="{style.BAND}"/>',
        f'<line x1="3%" x2="97%" y1="{y}" y2="{y}" stroke="{style.LINE}"/>',
        f'<line x1="{at(0):.1f}%" x2="{at(0):.1f}%" y1="{y - half}" y2="{y + half}" stroke="{style.INK}" stroke-width="2"/>',
    ]
    known = [d for d in r.others if not math.isnan(d.standing.distance)]
    parts += [_dot(d, at(d.standing.distance), y) for d in known]
    unknown = sum(d.standing.judgement.outcome == "niet te beoordelen" for d in r.others)
    no_scale = "geen schaal: te weinig COROP-gebieden hebben dit cijfer"
    own = r.own.standing
    told = f"{r.own.region.name}: {r.value}, {own.judgement.told}"
    if math.isnan(own.distance):
        text = "geen plaats op de schaal" if own.judgement.outcome == "niet te beoordelen" else no_scale
        parts.append(
            f'<text x="3%" y="{y - 14}" font-size="12.5" fill="{style.MUTED}">{escape(r.own.region.name)}: {text}</text>'
        )
    else:
        beyond = "›" if own.distance > SCALE else "‹" if own.distance < -SCALE else ""
        hook = (
            f'<text x="{10 if beyond == "›" else -16}" y="5" font-size="15" fill="{style.TEXT}">{beyond}</text>'
            if beyond
            else ""
        )
        parts.append(
            f'<svg x="{at(own.distance):.1f}%" y="{y}" overflow="visible">{mark(own.judgement.outcome, own.judgement.limited)}'
            f"{hook}<title>{escape(told)}</title></svg>"
        )
    if unknown:
        parts.append(
            f'<text x="97%" y="{_HEIGHT - 1}" text-anchor="end" font-size="12" fill="{style.MUTED}">{unknown} niet te beoordelen</text>'
        )
    alt = "; ".join([told, *(f"{d.region.name} {_said(d)}" for d in r.others)])
    return f'<svg class="st" width="100%" height="{_HEIGHT}" role="img" aria-label="{escape(alt, quote=True)}">{"".join(parts)}</svg>'


def _said(d: Dot) -> str:
    return d.standing.judgement.word


def _dot(d: Dot, x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}%" cy="{y}" r="4.5" fill="{style.DOT}" stroke="{style.DOT_EDGE}">'
        f"<title>{escape(d.region.name)}: {escape(_said(d))}</title></circle>"
    )


def multiples(figures: Sequence[tuple[TrendFigure, str]]) -> str:
    """Small lines, one panel per figure: the highlighted region, the others and the country; ``figures`` with a caption."""
    panels = "".join(_panel(f, said) for f, said in figures)
    return f'<div class="sm-multiples">{panels}</div>' if panels else ""


def _panel(figure: TrendFigure, said: str) -> str:
    breaks = tuple(y for y, _ in figure.breaks)
    rows = [r for s in figure.series for r in s.rows if not math.isnan(r.value)]
    years = sorted({r.year for r in rows})
    low, high = min(r.value for r in rows), max(r.value for r in rows)
    span, size = (years[-1] - years[0]) or 1, (high - low) or 1

    def points(piece: Sequence[Row]) -> str:
        return " ".join(
            f"{2 + 96 * (r.year - years[0]) / span:.1f},{58 - 52 * (r.value - low) / size:.1f}" for r in piece
        )

    order = {"overig": (0, style.OTHER, 1.0), "land": (1, style.COUNTRY, 1.4), "gekozen": (2, style.INK, 2.4)}
    drawn = []
    for series in sorted(figure.series, key=lambda s: order[s.role][0]):
        _, colour, width = order[series.role]
        for piece in series.pieces(breaks):
            # A line of no length with round ends is a dot that the stretching leaves round.
            thick, piece = (width, piece) if len(piece) > 1 else (width + 2.5, piece * 2)
            drawn.append(
                f'<polyline points="{points(piece)}" fill="none" stroke="{colour}" stroke-width="{thick}" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
            )
    for year in breaks:
        before = [y for y in years if y < year]
        if before:
            x = 2 + 96 * ((before[-1] + min(y for y in years if y >= year)) / 2 - years[0]) / span
            drawn.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="60" stroke="{style.MUTED}" stroke-dasharray="2 3" vector-effect="non-scaling-stroke"/>'
            )
    return (
        f'<figure class="smp"><figcaption>{link(figure.link, figure.caption)}</figcaption>'
        f'<svg viewBox="0 0 100 60" preserveAspectRatio="none" width="100%" height="86" role="img" aria-label="{escape(figure.alt, quote=True)}">{"".join(drawn)}</svg>'
        f'<div class="mm"><span>{years[0]}</span><span>{years[-1]}</span></div>'
        f'<div class="mm"><span>{escape(figure.text(low))} tot {escape(figure.text(high))}</span></div>'
        f'<p class="xs mut">{escape(said)}</p></figure>'
    )
