"""Pieces of the start page as HTML and SVG; see ``figures.html`` for the rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from monitor.definitions import Definitions, Goal
from monitor.dialogue.hold import SIGNS, WORDS, Verdict
from monitor.figures import style
from monitor.figures.geometry import Outlines, rings
from monitor.figures.html import link, tension_mark
from monitor.figures.svg import icon, mark
from monitor.notation import trailing
from monitor.screens.overview import SCALE, Highlight, Line, Mark, Overview
from monitor.statistics.judge import Outcome

# Marks nearer to each other than this, in standard deviations, are stacked.
_NEAR = 0.42
_LEVELS = (0, -12, 12, -24, 24)
_ROW = 96
_WIDTH, _HEIGHT = 420, 440


def small_map(outlines: Outlines, definitions: Definitions) -> str:
    """The 11 regions in their country, the neighbours grey; each region is a link to its page."""
    west, east = style.LON
    south, north = (_mercator(lat) for lat in style.LAT)

    def at(lon: float, lat: float) -> tuple[float, float]:
        return (lon - west) / (east - west) * _WIDTH, (north - _mercator(lat)) / (north - south) * _HEIGHT

    def path(geometry: Any) -> str:
        parts = []
        for ring in rings(geometry.simplify(0.012)):
            if len(ring) > 3:
                parts.append("M" + "L".join("{:.0f} {:.0f}".format(*at(*point)) for point in ring) + "Z")
        return "".join(parts)

    abroad = "".join(path(g) for g in outlines.neighbours.values())
    land = "".join(path(g) for g in outlines.municipalities.values())
    drawn = [
        f'<path d="{abroad}" fill="{style.ABROAD}"/>',
        f'<path d="{land}" fill="#FAFBFC" stroke="{style.LINE}" stroke-width="0.6"/>',
    ]
    anchors = {"left": "start", "right": "end", "center": "middle"}
    for label in definitions.labels:
        region = definitions.region(label.id)
        x, y = at(label.lon, label.lat)
        lines = "".join(
            f'<tspan x="{x:.0f}" dy="{0 if k == 0 else 15}">{escape(text)} </tspan>'
            for k, text in enumerate(label.lines)
        )
        drawn.append(
            f'<a href="regio?regio={region.id}" target="_self" aria-label="{escape(region.name, quote=True)}">'
            f'<path d="{path(outlines.regions[region.id])}" fill="{style.LOCATION}" stroke="#fff" stroke-width="0.8"/>'
            f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchors[label.align]}" font-size="13.5" font-weight="600" '
            f'fill="{style.TEXT}">{lines}</text></a>'
        )
    for name, lon, lat in (("BELGIË", 4.55, 50.9), ("DUITSLAND", 7.1, 51.7)):
        x, y = at(lon, lat)
        drawn.append(
            f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-size="11" letter-spacing="2" '
            f'fill="{style.MUTED}">{name}</text>'
        )
    return (
        f'<svg class="smallmap" viewBox="-24 -8 {_WIDTH + 64} {_HEIGHT + 12}" width="100%" role="group" '
        f'aria-label="Kaart van de elf regio’s in Nederland">{"".join(drawn)}</svg>'
    )


def _mercator(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def highlight(h: Highlight) -> str:
    """One goal: a sentence on its figure, a mark per region, and what was said."""
    marks = "".join(
        f'<span title="{escape(r.name, quote=True)}: {escape(r.word or "niet te beoordelen", quote=True)}">'
        f"{icon(r.outcome or 'niet te beoordelen', r.limited)}</span>"
        for r in h.rows
    )
    voice = ""
    if h.voice:
        verdicts = "".join(_verdict(v, n) for v, n in h.verdicts)
        voice = (
            '<div class="q"><p class="tag">Gehoord in de gesprekken</p>'
            f'<p class="voice">{escape(h.voice.title)}</p>{verdicts}'
            f'<p class="xs mut">{escape(h.voice.source.title)}, {escape(h.voice.source.section)}.</p></div>'
        )
    return (
        f'<section class="hl"><p class="tag">Doel {h.goal.id}</p><h3>{escape(h.goal.name)}</h3>'
        f'<p class="hls">{escape(h.sentence)}</p><p class="hlm">{marks}</p>'
        f'<p class="xs"><a href="kaart?indicator={h.indicator.id}&amp;niveau=regios" target="_self">'
        f"{escape(h.indicator.caption)}</a>{tension_mark(h.indicator, h.tension)}</p>{voice}</section>"
    )


def _verdict(verdict: Verdict, count: int) -> str:
    return (
        f'<p class="ver"><span class="g" aria-hidden="true">{SIGNS[verdict]}</span>'
        f"<span><b>{WORDS[verdict]}</b> in {count} {'regio' if count == 1 else 'regio’s'}.</span></p>"
    )


def table(overview: Overview, goals: Sequence[Goal]) -> str:
    """Eleven rows, three goals: a mark per figure at its distance from the benchmark."""
    heads = "".join(
        f'<th scope="col">{escape(goal.name)}<span class="hd"><span>◂ ongunstiger</span><b>{escape(overview.benchmark)}</b>'
        "<span>gunstiger ▸</span></span></th>"
        for goal in goals
    )
    rows = "".join(_row(line, goals) for line in overview.lines)
    return (
        '<table class="ov"><caption class="sr">Per regio en doel: elk teken is een cijfer, de plaats is het verschil '
        f'met {escape(overview.benchmark)}</caption><thead><tr><th scope="col">Regio</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(line: Line, goals: Sequence[Goal]) -> str:
    cells = "".join(
        f'<td><span class="gn">{escape(goal.name)}</span>{_strip(line, marks)}</td>'
        for goal, marks in zip(goals, line.goals, strict=True)
    )
    return (
        f'<tr data-area="{line.region.id}"><th scope="row">{link(line.link, line.region.name)}'
        f"<small>{escape(line.inhabitants)}</small></th>{cells}</tr>"
    )


def _strip(line: Line, marks: Sequence[Mark]) -> str:
    """The marks of one goal: stacked where they would overlap, the largest difference named below."""
    judged = sorted((m for m in marks if not math.isnan(m.place)), key=lambda m: m.place)
    unknown = [m for m in marks if math.isnan(m.place)]
    y, end = 36, 87.0

    def at(place: float) -> float:
        # What is not judged stands beside the scale, which ends before it.
        return 1 + (end - 1) * (place + SCALE) / (2 * SCALE)

    parts = [
        f'<line x1="1%" x2="{end:.0f}%" y1="{y}" y2="{y}" stroke="{style.LINE}"/>',
        f'<line x1="{at(0):.1f}%" x2="{at(0):.1f}%" y1="{y - 18}" y2="{y + 18}" stroke="{style.INK}" stroke-width="1.5"/>',
    ]
    differing = [m for m in judged if m.row.outcome != "vergelijkbaar"]
    most = max(differing, key=lambda m: abs(m.place), default=None)
    placed: list[tuple[float, int]] = []
    for m in judged:
        place = max(-SCALE, min(SCALE, m.place))
        free = [v for v in _LEVELS if all(abs(place - p) > _NEAR or v != used for p, used in placed)]
        level = free[0] if free else _LEVELS[-1]
        placed.append((place, level))
        outcome = m.row.outcome or "niet te beoordelen"
        size = 1.0 if m is most else 0.72
        beyond = _beyond(m.place)
        said = f"{m.indicator.name}: {m.text} ({m.row.year}), {m.row.word}. {m.tension}".strip()
        parts.append(
            f'<svg x="{at(place):.1f}%" y="{y + level}" overflow="visible">{mark(outcome, m.row.limited, size)}'
            f"<title>{escape(said)}</title>{beyond}</svg>"
        )
    for k, m in enumerate(unknown):
        said = f"{m.indicator.name}: {m.row.reason or 'geen cijfer'}"
        parts.append(
            f'<svg x="{97 if k % 2 else 92}%" y="{y - 12 + 13 * (k // 2)}" overflow="visible">'
            f"{mark('niet te beoordelen', scale=0.72)}<title>{escape(said)}</title></svg>"
        )
    if most is not None:
        x = at(max(-SCALE, min(SCALE, most.place)))
        # At the side of the mark but at the edge of the cell: a long name must not run into the next cell.
        side, x = ("end", max(x, 96)) if x > 50 else ("start", min(x, 2))
        unit = trailing(most.indicator.unit).replace(" inwoners", "")
        parts.append(
            f'<text x="{x:.1f}%" y="{y + 48}" text-anchor="{side}" font-size="13.5" fill="{style.TEXT}">'
            f"{escape(f'{most.indicator.name} {most.text} {unit}'.strip())}</text>"
        )
    alt = "; ".join(f"{m.indicator.name} {m.text}: {m.row.word or 'niet te beoordelen'}" for m in marks)
    label = escape(f"{line.region.name}: {alt}", quote=True)
    return f'<svg class="st" width="100%" height="{_ROW}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _beyond(place: float) -> str:
    """A hook beside a mark that lies beyond the scale."""
    if abs(place) <= SCALE:
        return ""
    sign, x = ("›", 9) if place > 0 else ("‹", -15)
    return f'<text x="{x}" y="5" font-size="15" fill="{style.TEXT}">{sign}</text>'


def legend(benchmark: str) -> str:
    """What the marks of the table mean."""
    words: tuple[tuple[Outcome, str], ...] = (
        ("ongunstiger", f"ongunstiger dan {benchmark}"),
        ("vergelijkbaar", "vergelijkbaar"),
        ("gunstiger", "gunstiger"),
        ("niet te beoordelen", "niet te beoordelen"),
    )
    items = "".join(f"<li>{icon(o)}{escape(w)}</li>" for o, w in words)
    return f'<ul class="key">{items}<li>{icon("gunstiger", True)}lichte vulling: beperkte dekking</li></ul>'


def explained(overview: Overview, goals: Sequence[Goal]) -> str:
    """Which figures stand in the strips, and what the distance means."""
    listed = "".join(
        f"<li><b>{escape(goal.name)}</b>: {escape(', '.join(i.name.lower() for i in group))}.</li>"
        for goal, group in zip(goals, overview.shown, strict=True)
    )
    return (
        f'<ul class="sm">{listed}</ul><p class="sm mut">De afstand tot de streep is het verschil met '
        f"{escape(overview.benchmark)}, gedeeld "
        "door de spreiding tussen de 40 COROP-gebieden. Een haakje betekent: het verschil is groter dan de lijn lang is. "
        "Cijfers zonder betere kant, zoals het aandeel 65-plussers, staan op de pagina van de regio.</p>"
    )
