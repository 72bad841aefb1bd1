"""Pieces of a page as HTML: table twins, legends, chips, voices, figure blocks.

Every text that goes in is escaped. Each function gives one line without blank lines, as Markdown asks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.assessment import BENCHMARK_NAMES
from monitor.definitions import Finding, Indicator
from monitor.figures import style
from monitor.figures.spec import Figure, MapFigure, Row, StripFigure, Table, TrendFigure, area_link
from monitor.figures.svg import icon, strip
from monitor.notation import difference, number, trailing
from monitor.state import State
from monitor.statistics.judge import Judgement, Outcome


def judgement(row: Row) -> str:
    """Mark and word of a row's judgement, with the reason on hover."""
    outcome = row.outcome or "niet te beoordelen"
    limited = "beperkte dekking" in row.word
    return f'<span class="j" title="{escape(row.reason)}">{icon(outcome, limited)}{escape(row.word or outcome)}</span>'


def judgement_of(j: Judgement) -> str:
    """Mark and words of a judgement, with the reason on hover."""
    return f'<span class="j" title="{escape(j.reason, quote=True)}">{icon(j.outcome, j.limited)}{escape(j.told)}</span>'


def link(address: str, text: str) -> str:
    """A text that leads to another page; the text alone without an address."""
    return f'<a href="{escape(address, quote=True)}" target="_self">{escape(text)}</a>' if address else escape(text)


def table(content: Table, caption: str) -> str:
    """A table twin: a real table with a caption, row headers and right-aligned numbers."""

    def cell(tag: str, text: str, is_number: bool, scope: str = "") -> str:
        css = ' class="n"' if is_number else ""
        return f"<{tag}{scope}{css}>{escape(text)}</{tag}>"

    head = "".join(cell("th", h, n, ' scope="col"') for h, n in zip(content.headers, content.numeric, strict=True))
    body = []
    links = content.links or ("",) * len(content.cells)
    for row, address in zip(content.cells, links, strict=True):
        first = f'<th scope="row">{link(address, row[0])}</th>'
        rest = "".join(cell("td", t, n) for t, n in zip(row[1:], content.numeric[1:], strict=True))
        body.append(f"<tr>{first}{rest}</tr>")
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}"><table class="twin">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def amount(text: str, indicator: Indicator) -> str:
    """A value as text, with what its unit is counted per behind it in small; an unknown value ('–') is per nothing."""
    per = "" if text == "–" else trailing(indicator.unit)
    return f"<b>{escape(text)}</b>{f' <small>{escape(per)}</small>' if per else ''}"


def tension_mark(indicator: Indicator, tension: str) -> str:
    """A mark beside a figure of which people said something that it cannot show; leads to the page that tells it."""
    if not tension:
        return ""
    address = escape(State("methode", indicator=indicator.id).link(), quote=True)
    told = escape(tension, quote=True)
    return f' <a class="sp" href="{address}" target="_self" title="{told}" aria-label="{told}">spanning</a>'


def explanation(indicator: Indicator, css: str, findings: Sequence[Finding] = ()) -> str:
    """What an indicator measures, what happens at the border, what it does not show, and what was said of that."""
    parts = [f'<p class="sm">{escape(indicator.description)}</p>']
    if indicator.border_note:
        parts.append(f'<p class="sm"><b>Let op bij de grens.</b> {escape(indicator.border_note)}</p>')
    if indicator.not_shown:
        parts.append(f'<p class="sm"><b>Wat dit cijfer niet laat zien.</b> {escape(indicator.not_shown)}</p>')
    return f'<div class="{css}">{"".join(parts)}{tensions(indicator, findings)}</div>'


def tensions(indicator: Indicator, findings: Sequence[Finding]) -> str:
    """What was said that a figure cannot show, each with why it cannot; nothing without."""
    if not findings:
        return ""
    items = "".join(
        f"<li><b>{escape(f.title)}.</b> "
        f"{escape(next((x.note for x in f.indicators if x.id == indicator.id and x.note), f.summary))}</li>"
        for f in findings
    )
    return f'<div class="ten"><p class="sm"><b>Spanning met wat er gezegd is</b></p><ul>{items}</ul></div>'


def lines_legend(figure: TrendFigure) -> str:
    """Names and last values of the lines, for a screen too narrow to write them at the ends."""
    chosen = [s for s in figure.series if s.role == "gekozen"]
    dashes = {"solid": "none", "dash": "6 4", "dot": "2 3", "dashdot": "6 3 2 3"}
    made = []
    for series in [*chosen, *(s for s in figure.series if s.role == "land" or s.named)]:
        colour, dash = style.COUNTRY if series.role == "land" else style.DOT_EDGE, "solid"
        if series.role == "gekozen":
            colour, dash = style.SERIES[chosen.index(series) % len(style.SERIES)]
        known = [r for r in series.rows if not math.isnan(r.value)]
        value = figure.text(known[-1].value) if known else "geen cijfer"
        line = (
            f'<line x1="0" x2="28" y1="6" y2="6" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes[dash]}"/>'
        )
        made.append(
            f'<li><svg width="28" height="12" aria-hidden="true">{line}</svg>{escape(series.name)} {escape(value)}</li>'
        )
    return f'<ul class="lines">{"".join(made)}</ul>'


def legend(figure: MapFigure) -> str:
    """The classes of a map with bounds and counts, above the map so that a phone shows it first."""
    items = "".join(
        f'<li><i style="background:{c.colour}"></i><b>{escape(c.label)}</b><span>{figure.count_text(c.count)}</span></li>'
        for c in figure.classes
    )
    kind = "leg wide" if figure.compared else "leg"
    blank = sum(1 for _, v in figure.colours if math.isnan(v))
    outside = ", of buiten de elf regio’s" if figure.compared == BENCHMARK_NAMES["vergelijkbaar"] else ""
    said = [f"Wit: geen cijfer{outside} ({blank} gemeenten)."] if blank else []
    if figure.level == "regios":
        said = ["Wit: gemeenten buiten de elf regio’s."]
    elif figure.compared:
        said.append("De kleur laat zien hoe groot het verschil is; gemeenten krijgen geen oordeel.")
    if figure.compared and figure.favourable:
        said.append("Blauw is gunstiger, oranje ongunstiger.")
    if any("%-punt" in x.text for x in figure.labels):
        said.append("%-punt: procentpunt.")
    tail = f'<p class="xs mut">{" ".join(said)}</p>' if said else ""
    return f'<p class="lgt">{escape(figure.title)}</p><ol class="{kind}" style="--n:{len(figure.classes) or 1}">{items}</ol>{tail}'


def class_rule(figure: MapFigure) -> str:
    """By what rule the classes of a map were made."""
    if figure.compared:
        size = difference(figure.relevant, figure.unit, figure.decimals).lstrip("+")
        return f"De stappen beginnen bij het kleinste verschil dat ertoe doet: {size}."
    return "De grenzen van de groepen liggen waar de cijfers een sprong maken."


def region_table(figure: MapFigure, strips: Sequence[StripFigure], indicator: str, compare: str | None = None) -> str:
    """The 11 regions as a table: value, municipalities on one scale, ends, judgement.

    Args:
        figure: the map above it; its numbers stand before the names on a small screen.
        strips: one per region, in the order of the map's numbers.
        indicator: id of the figure, kept in the links to the regions.
        compare: the benchmark, likewise; None for the default.
    """
    values = [m.value for s in strips for m in s.municipalities]
    values += [r.value for s in strips for r in (s.region, s.benchmark) if r and not math.isnan(r.value)]
    if not values:
        return ""
    low, high = min(values), max(values)
    numbered = list(enumerate(zip(figure.numbered, strips, strict=True), start=1))
    rows = []
    for place, (region, s) in sorted(
        numbered, key=lambda n: -math.inf if math.isnan(n[1][0].value) else -n[1][0].value
    ):
        own, slug = s.region, region.area
        ordered = sorted(s.municipalities, key=lambda m: m.value)
        ends = [ordered[0], ordered[-1]] if ordered else []
        extremes = [f"{link(area_link(m.area), m.name)} {number(m.value, s.decimals)}" for m in ends] or ["–", "–"]
        shown = number(own.value, s.decimals) if own and not math.isnan(own.value) else "–"
        verdict = judgement(own) if own else '<span class="mut">geen regiocijfer</span>'
        rows.append(
            f'<tr><th scope="row"><span class="rk">{place}</span>'
            f"{link(State('regio', (slug,), indicator, compare=compare).link(), region.name)}</th>"
            f'<td class="n num" data-area="{escape(slug)}">{shown}</td><td class="g">{strip(s, low, high, label=False)}</td>'
            f'<td class="w">{extremes[0]}</td><td class="w">{extremes[-1]}</td><td class="jj">{verdict}</td></tr>'
        )
    span = f"van {number(low, figure.decimals)} tot {number(high, figure.decimals)}"
    return (
        '<table class="tw"><thead><tr><th scope="col">Regio</th><th scope="col" class="n">Waarde</th>'
        f'<th scope="col">Gemeenten, {span}</th><th scope="col">Laagste</th><th scope="col">Hoogste</th>'
        f'<th scope="col">Vergeleken met {escape(figure.benchmark)}</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def marks_legend(own: str, country: str, rows: Sequence[Row]) -> str:
    """What the marks of a strip mean; stands once above a block of strips.

    ``rows``: the regions in the block; only marks that occur among them are explained.
    """
    dot = f'<svg class="ic" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><circle r="4.5" fill="{style.DOT}" stroke="{style.DOT_EDGE}"/></svg>'
    rule = f'<svg class="ic" width="6" height="16" aria-hidden="true"><line x1="3" x2="3" y1="0" y2="16" stroke="{style.INK}" stroke-width="2"/></svg>'
    present = {"hoger" if r.outcome == "lager" else r.outcome for r in rows}
    order: tuple[Outcome, ...] = ("gunstiger", "vergelijkbaar", "ongunstiger", "hoger", "niet te beoordelen")
    outcomes = [o for o in order if o in present]
    interval = any(not math.isnan(r.lower) for r in rows)
    words = {"hoger": "hoger of lager"}
    marks_ = "".join(f"<li>{icon(o)}{words.get(o, o)}</li>" for o in outcomes)
    whisker = "<li>⊢⊣ marge van 95%</li>" if interval else ""
    band = f'<svg class="ic" width="16" height="16" aria-hidden="true"><rect width="16" height="16" fill="{style.BAND}"/></svg>'
    small = f"<li>{band}te klein om ertoe te doen</li>"
    return f'<ul class="key"><li>{dot}gemeente</li><li>{rule}{escape(country)}</li>{small}<li class="mut">{escape(own)}:</li>{marks_}{whisker}</ul>'


def year_before(figure: TrendFigure, year: int) -> int:
    """The last year with values before a break."""
    return max(r.year for r in figure.rows if r.year < year)


def source_line(figure: Figure, skip: int = 0) -> str:
    """Source, edition and notes below a figure."""
    notes = "".join(f"<li>{escape(n)}</li>" for n in figure.notes[skip:])
    return (
        f'<div class="src"><p><b>{escape(figure.source)}</b>. '
        f"Editie {escape(figure.edition)}.</p>{f'<ul>{notes}</ul>' if notes else ''}</div>"
    )
