"""Small figures and twins as HTML and inline SVG: strips, sparklines, marks, tables, chips, voices.

Every text that goes in is escaped. Each function gives one line without blank lines, as Markdown asks.
Positions are in percent and shapes in pixels, so that a strip stretches and its text does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.definitions import Finding, Region
from monitor.dialogue.hold import SIGNS, WORDS, Held
from monitor.figures import style
from monitor.figures.spec import Figure, MapFigure, Row, Series, StripFigure, Table
from monitor.notation import number
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


def judgement(row: Row) -> str:
    """Mark and word of a row's judgement, with the reason on hover."""
    outcome = row.outcome or "niet te beoordelen"
    limited = "beperkte dekking" in row.word
    return f'<span class="j" title="{escape(row.reason)}">{icon(outcome, limited)}{escape(row.word or outcome)}</span>'


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
    for m in figure.municipalities:
        parts.append(
            f'<circle cx="{_at(m.value, low, high):.2f}%" cy="{y}" r="4.5" fill="{style.DOT}" stroke="{style.DOT_EDGE}">'
            f"<title>{escape(m.name)}: {escape(figure.text(m.value))}</title></circle>"
        )
    if figure.benchmark:
        x = _at(figure.benchmark.value, low, high)
        anchor = "start" if x < 25 else "end" if x > 75 else "middle"
        parts.append(f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{height}" stroke="{style.INK}" stroke-width="2"/>')
        if label:
            said = f"{figure.benchmark.name} {figure.text(figure.benchmark.value)}"
            parts.append(f'<text x="{x:.2f}%" y="13" text-anchor="{anchor}" font-size="13.5" fill="{style.INK}">{escape(said)}</text>')
    own = figure.region
    if own and not math.isnan(own.value) and own.outcome:
        colour = style.MARKS[own.outcome].colour
        if not math.isnan(own.lower):
            a, b = _at(own.lower, low, high), _at(own.upper, low, high)
            parts.append(f'<line x1="{a:.2f}%" x2="{b:.2f}%" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2.5"/>')
            for end in (a, b):
                parts.append(f'<line x1="{end:.2f}%" x2="{end:.2f}%" y1="{y - 5}" y2="{y + 5}" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<svg x="{_at(own.value, low, high):.2f}%" y="{y}" overflow="visible">{mark(own.outcome, own.coverage < 0.8)}'
            f"<title>{escape(own.name)}: {escape(figure.text(own.value))}</title></svg>"
        )
    return f'<svg class="st" width="100%" height="{height}" role="img" aria-label="{escape(figure.alt, quote=True)}">{"".join(parts)}</svg>'


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


def sparkline(own: Series, country: Series | None, breaks: Sequence[int], text: str) -> str:
    """A region's line and the country's; fewer than three comparable points give no line but the reason."""
    known = [r for r in own.rows if not math.isnan(r.value)]
    pieces = own.pieces(tuple(breaks))
    if len(known) < 3 or max(len(p) for p in pieces) < 2:
        return '<p class="nosp">Geen lijn: te weinig jaren om te vergelijken.</p>'
    other = country.pieces(tuple(breaks)) if country else []
    values = [r.value for p in [*pieces, *other] for r in p]
    first, last = known[0].year, known[-1].year
    low, high = min(values), max(values)

    def points(piece: Sequence[Row]) -> str:
        span, size = (last - first) or 1, (high - low) or 1
        return " ".join(f"{4 + 138 * (r.year - first) / span:.1f},{38 - 32 * (r.value - low) / size:.1f}" for r in piece)

    drawn = [f'<polyline points="{points(p)}" fill="none" stroke="{style.MARKS["vergelijkbaar"].colour}" stroke-width="1.5"/>' for p in other]
    drawn += [f'<polyline points="{points(p)}" fill="none" stroke="{style.INK}" stroke-width="2"/>' for p in pieces]
    x, y = points(known[-1:]).split(",")
    drawn.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{style.INK}"/>')
    for year in breaks:
        before = [r.year for r in known if r.year < year]
        if before and year <= last:
            at = 4 + 138 * ((before[-1] + min(r.year for r in known if r.year >= year)) / 2 - first) / ((last - first) or 1)
            drawn.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="42" stroke="{style.MUTED}" stroke-dasharray="2 3"/>')
    return (
        f'<svg width="148" height="42" role="img" aria-label="{escape(text, quote=True)}">{"".join(drawn)}</svg>'
        f'<div class="mm sp"><span>{first}</span><span>{last}</span></div>'
    )


def table(content: Table, caption: str) -> str:
    """A table twin: a real table with a caption, row headers and right-aligned numbers."""
    def cell(tag: str, text: str, is_number: bool, scope: str = "") -> str:
        css = ' class="n"' if is_number else ""
        return f"<{tag}{scope}{css}>{escape(text)}</{tag}>"

    head = "".join(cell("th", h, n, ' scope="col"') for h, n in zip(content.headers, content.numeric, strict=True))
    body = []
    for row in content.cells:
        first = cell("th", row[0], False, ' scope="row"')
        rest = "".join(cell("td", t, n) for t, n in zip(row[1:], content.numeric[1:], strict=True))
        body.append(f"<tr>{first}{rest}</tr>")
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}"><table class="twin">'
        f'<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def legend(figure: MapFigure) -> str:
    """The classes of a map with bounds and counts, above the map so that a phone shows it first."""
    items = "".join(
        f'<li><i style="background:{c.colour}"></i><b>{escape(c.label)}</b><span>{c.count} {figure.counted}</span></li>'
        for c in figure.classes
    )
    kind = "leg wide" if figure.compared else "leg"
    blank = sum(1 for _, v in figure.colours if math.isnan(v))
    tail = f'<p class="xs mut">Wit: geen cijfer ({blank} gemeenten).</p>' if blank else ""
    return f'<p class="lgt">{escape(figure.title)}</p><ol class="{kind}" style="--n:{len(figure.classes) or 1}">{items}</ol>{tail}'


def region_table(figure: MapFigure, strips: Sequence[StripFigure], link: str) -> str:
    """The 11 regions as a table: value, municipalities on one scale, ends, judgement.

    Args:
        figure: the map above it; its numbers stand before the names on a small screen.
        strips: one per region, in the order of the map's numbers.
        link: address of the region page up to the region's slug.
    """
    values = [m.value for s in strips for m in s.municipalities]
    values += [r.value for s in strips for r in (s.region, s.benchmark) if r and not math.isnan(r.value)]
    if not values:
        return ""
    low, high = min(values), max(values)
    order = {r.area: k for k, r in enumerate(figure.numbered, start=1)}
    rows = []
    for s in sorted(strips, key=lambda s: -(s.region.value if s.region and not math.isnan(s.region.value) else -math.inf)):
        own = s.region
        slug = own.region if own else (s.municipalities[0].region if s.municipalities else "")
        name = own.name if own else next((r.name for r in figure.numbered if r.area == slug), slug)
        ordered = sorted(s.municipalities, key=lambda m: m.value)
        extremes = [f"{m.name} {number(m.value, s.decimals)}" for m in (ordered[:1] + ordered[-1:])] or ["–", "–"]
        shown = number(own.value, s.decimals) if own and not math.isnan(own.value) else "–"
        verdict = judgement(own) if own else '<span class="mut">geen regiocijfer</span>'
        rows.append(
            f'<tr><th scope="row"><span class="rk">{order.get(slug, "")}</span>'
            f'<a href="{escape(link + slug, quote=True)}" target="_self">{escape(name)}</a></th>'
            f'<td class="n num" data-area="{escape(slug)}">{shown}</td><td class="g">{strip(s, low, high, label=False)}</td>'
            f'<td class="w">{escape(extremes[0])}</td><td class="w">{escape(extremes[-1])}</td><td class="jj">{verdict}</td></tr>'
        )
    span = f"van {number(low, figure.decimals)} tot {number(high, figure.decimals)}"
    return (
        '<table class="tw"><thead><tr><th scope="col">Regio</th><th scope="col" class="n">Waarde</th>'
        f'<th scope="col">Gemeenten, {span}</th><th scope="col">Laagste</th><th scope="col">Hoogste</th>'
        f'<th scope="col">Vergeleken met Nederland</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def marks_legend(own: str, country: str, interval: bool = True) -> str:
    """What the marks of a strip mean; stands once above a block of strips."""
    dot = f'<svg class="ic" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><circle r="4.5" fill="{style.DOT}" stroke="{style.DOT_EDGE}"/></svg>'
    rule = f'<svg class="ic" width="6" height="16" aria-hidden="true"><line x1="3" x2="3" y1="0" y2="16" stroke="{style.INK}" stroke-width="2"/></svg>'
    outcomes: tuple[Outcome, ...] = ("gunstiger", "vergelijkbaar", "ongunstiger", "hoger", "niet te beoordelen")
    words = {"hoger": "hoger of lager"}
    marks_ = "".join(f"<li>{icon(o)}{words.get(o, o)}</li>" for o in outcomes)
    whisker = "<li>⊢⊣ marge van 95%</li>" if interval else ""
    return f'<ul class="key"><li>{dot}gemeente</li><li>{rule}{escape(country)}</li><li class="mut">{escape(own)}:</li>{marks_}{whisker}</ul>'


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
        made.append(f'<li class="{css}" title="{escape(m.ground, quote=True)}">{escape(m.name)} <span>{count}{tail}</span></li>')
    return f'<ul class="chips">{"".join(made)}</ul>'


def grounds(region: Region) -> str:
    """Why the composition is as it is, in words: for who cannot hover."""
    told = "".join(f"<li><b>{escape(m.name)}</b> ({escape(m.status)}): {escape(m.ground)}</li>" for m in region.members)
    return (
        '<details class="grounds"><summary>Waarom deze gemeenten?</summary>'
        f"<p>{escape(region.ground)}</p><ul>{told}</ul></details>"
    )


def voice(finding: Finding, held: Sequence[Held], region: Region) -> str:
    """One finding: kind and region, the voice, what the figures say to it, and where it comes from."""
    whose = "alle regio’s" if "alle" in finding.regions else region.name if len(finding.regions) == 1 else f"{region.name} en andere"
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
        f'<article class="q"><p class="tag"><b>{escape(finding.kind.capitalize())}</b> · {escape(whose)}</p>'
        f'<p class="voice">{escape(finding.title)}</p>{verdicts}'
        f'<details><summary>Toelichting en bron</summary><p>{escape(finding.summary)}</p>{rest}'
        f'<p class="xs mut">{escape(finding.source.title)}, {escape(finding.source.section)}.</p></details></article>'
    )


def no_voice() -> str:
    """What stands where nothing was said about a figure."""
    return '<div class="q none"><p class="sm mut">Hierover is nog geen bevinding vastgelegd.</p></div>'


def counts(outcomes: Sequence[tuple[Outcome, int]], region: str, benchmark: str) -> str:
    """How often each outcome occurs, as marks and words."""
    total = sum(n for _, n in outcomes)
    tails: dict[Outcome, str] = {"vergelijkbaar": f"vergelijkbaar met {benchmark}", "niet te beoordelen": "niet te beoordelen"}
    items = "".join(
        f"<li>{icon(o)}<b>{n}</b> {escape(tails.get(o, f'{o} dan {benchmark}'))}</li>" for o, n in outcomes
    )
    return f'<p class="sm">{escape(region)} op {total} cijfers:</p><ul class="counts">{items}</ul>'


def figure_block(figure: StripFigure, spark: str, how: str) -> str:
    """One figure of a region: name, judgement, value, strip, sparkline, reading sentence."""
    own = figure.region
    value = figure.text(own.value) if own and not math.isnan(own.value) else "–"
    verdict = judgement(own) if own else '<span class="j mut">geen regiocijfer</span>'
    title = figure.caption
    return (
        f'<div class="fig" data-area="{escape(own.area if own else "")}"><div class="fh"><h3>{escape(title)}</h3>{verdict}</div>'
        f'<div class="fg"><div class="v num">{escape(value)}<small>{escape(how)}</small></div>'
        f'<div class="s">{strip(figure)}{ends(figure)}</div><div class="spk">{spark}</div></div>'
        f'<p class="se">{escape(figure.sentence)}</p></div>'
    )


def source_line(figure: Figure) -> str:
    """Source, edition and notes below a figure."""
    notes = "".join(f"<li>{escape(n)}</li>" for n in figure.notes)
    return (
        f'<div class="src"><p><b>{escape(figure.source)}</b>. '
        f"Editie {escape(figure.edition)}.</p>{f'<ul>{notes}</ul>' if notes else ''}</div>"
    )
