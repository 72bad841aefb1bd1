"""Strips, sparklines and marks as inline SVG.

Positions are in percent and shapes in pixels, so that a strip stretches and its text does not. Every text is
escaped; each function gives one line, as Markdown asks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.figures import style
from monitor.figures.spec import Row, Series, StripFigure
from monitor.statistics.judge import Outcome

_PATHS = {
    "up": "M0,-7L7,5.5L-7,5.5Z",
    "down": "M0,7L7,-5.5L-7,-5.5Z",
    "diamond": "M0,-7.2L7.2,0L0,7.2L-7.2,0Z",
}


def mark(outcome: Outcome, limited: bool = False, scale: float = 1.0) -> str:
    """The shape of an outcome, centred on 0,0; light filled at limited coverage, hollow when not judged."""
    m = style.MARKS[outcome]
    fill = m.light if limited else m.colour
    if m.shape == "hollow":
        return f'<circle r="{5.5 * scale:.1f}" fill="#fff" stroke="{m.colour}" stroke-width="1.5" stroke-dasharray="2.5 2"/>'
    if m.shape == "circle":
        return f'<circle r="{6 * scale:.1f}" fill="{fill}" stroke="{m.colour}" stroke-width="1.5"/>'
    zoom = f' transform="scale({scale})"' if scale != 1 else ""
    return f'<path d="{_PATHS[m.shape]}"{zoom} fill="{fill}" stroke="{m.colour}" stroke-width="1.2"/>'


def icon(outcome: Outcome, limited: bool = False) -> str:
    """A mark of 16 pixels to stand before its word."""
    return f'<svg class="ic" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">{mark(outcome, limited)}</svg>'


def _at(value: float, low: float, high: float) -> float:
    """Place of a value between 3% and 97% of the width."""
    return 50.0 if high <= low else 3 + 94 * (value - low) / (high - low)


def strip(figure: StripFigure, low: float | None = None, high: float | None = None, label: bool = True) -> str:
    """Municipalities as dots, the benchmark as a rule, the region's mark with its interval.

    Args:
        figure: what it contains.
        low: left end of the scale; the lowest number in the figure by default.
        high: right end, likewise.
        label: write the benchmark's name and value above its rule.
    """
    rows = [*figure.municipalities, *(r for r in (figure.region, figure.benchmark) if r)]
    numbers = [v for r in rows for v in (r.value, r.lower, r.upper) if not math.isnan(v)]
    if not numbers:
        return ""
    low = min(numbers) if low is None else low
    high = max(numbers) if high is None else high
    top = 20 if label else 0
    y, height = top + 14, top + 28
    parts = [f'<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{style.LINE}"/>']
    dots = "".join(
        f'<circle cx="{_at(m.value, low, high):.1f}%"><title>{escape(m.name)}: {escape(figure.text(m.value))}</title></circle>'
        for m in figure.municipalities
    )
    parts.append(f'<g class="d" transform="translate(0 {y})">{dots}</g>')
    if figure.benchmark:
        # Within this band a difference is too small to matter.
        edges = [figure.benchmark.value + sign * figure.relevant for sign in (-1, 1)]
        left, right = (min(100.0, max(0.0, _at(e, low, high))) for e in edges)
        if figure.relevant > 0:
            parts.insert(
                0,
                f'<rect class="bd" x="{left:.1f}%" width="{right - left:.1f}%" y="{top}" height="28" fill="{style.BAND}"/>',
            )
        x = _at(figure.benchmark.value, low, high)
        anchor = "start" if x < 25 else "end" if x > 75 else "middle"
        parts.append(
            f'<line x1="{x:.1f}%" x2="{x:.1f}%" y1="{top}" y2="{height}" stroke="{style.INK}" stroke-width="2"/>'
        )
        if label:
            said = f"{figure.benchmark.name} {figure.text(figure.benchmark.value)}"
            parts.append(
                f'<text x="{x:.1f}%" y="13" text-anchor="{anchor}" font-size="13.5" fill="{style.INK}">{escape(said)}</text>'
            )
    own = figure.region
    if own and not math.isnan(own.value) and own.outcome:
        colour = style.MARKS[own.outcome].colour
        if not math.isnan(own.lower):
            a, b = _at(own.lower, low, high), _at(own.upper, low, high)
            parts.append(f'<line x1="{a:.1f}%" x2="{b:.1f}%" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2.5"/>')
            for end in (a, b):
                parts.append(
                    f'<line x1="{end:.1f}%" x2="{end:.1f}%" y1="{y - 5}" y2="{y + 5}" stroke="{colour}" stroke-width="2"/>'
                )
        parts.append(
            f'<svg x="{_at(own.value, low, high):.1f}%" y="{y}" overflow="visible">{mark(own.outcome, own.limited)}'
            f"<title>{escape(own.name)}: {escape(figure.text(own.value))}</title></svg>"
        )
    # Without label it stands in a table, whose cells tell the same.
    told = f'role="img" aria-label="{escape(figure.alt, quote=True)}"' if label else 'aria-hidden="true"'
    return f'<svg class="st" width="100%" height="{height}" {told}>{"".join(parts)}</svg>'


def ends(figure: StripFigure) -> str:
    """Lowest and highest municipality below a strip."""
    ordered = sorted(figure.municipalities, key=lambda m: m.value)
    if not ordered:
        return ""
    low, high = ordered[0], ordered[-1]
    return (
        f'<div class="mm"><span>{escape(low.name)} {escape(figure.text(low.value))}</span>'
        f"<span>{escape(high.name)} {escape(figure.text(high.value))}</span></div>"
    )


def sparkline(own: Series, country: Series | None, breaks: Sequence[int], text: str, marker: str = "") -> str:
    """A region's line and the country's; fewer than three comparable points give no line but the reason.

    ``text`` is told to who cannot see it; ``marker`` stands below: which way it went, in a few words.
    """
    below = f'<p class="mk">{escape(marker)}</p>' if marker else ""
    known = [r for r in own.rows if not math.isnan(r.value)]
    pieces = own.pieces(tuple(breaks))
    if len(known) < 3 or max(len(p) for p in pieces) < 2:
        return f'<p class="nosp">Geen lijn: te weinig jaren om te vergelijken.</p>{below}'
    other = country.pieces(tuple(breaks)) if country else []
    values = [r.value for p in [*pieces, *other] for r in p]
    first, last = known[0].year, known[-1].year
    low, high = min(values), max(values)

    def points(piece: Sequence[Row]) -> str:
        span, size = (last - first) or 1, (high - low) or 1
        return " ".join(
            f"{4 + 138 * (r.year - first) / span:.1f},{38 - 32 * (r.value - low) / size:.1f}" for r in piece
        )

    drawn = [
        f'<polyline points="{points(p)}" fill="none" stroke="{style.MARKS["vergelijkbaar"].colour}" stroke-width="1.5"/>'
        for p in other
    ]
    drawn += [f'<polyline points="{points(p)}" fill="none" stroke="{style.INK}" stroke-width="2"/>' for p in pieces]
    x, y = points(known[-1:]).split(",")
    drawn.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{style.INK}"/>')
    for year in breaks:
        before = [r.year for r in known if r.year < year]
        if before and year <= last:
            at = 4 + 138 * ((before[-1] + min(r.year for r in known if r.year >= year)) / 2 - first) / (
                (last - first) or 1
            )
            drawn.append(
                f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="42" stroke="{style.MUTED}" stroke-dasharray="2 3"/>'
            )
    return (
        f'<svg width="148" height="42" role="img" aria-label="{escape(text, quote=True)}">{"".join(drawn)}</svg>'
        f'<div class="mm sp"><span>{first}</span><span>{last}</span></div>{below}'
    )
