"""Pieces of the page of both sides of the border as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.definitions import Region
from monitor.figures import style
from monitor.figures.border_spec import COUNTRIES, BorderArea, BorderFigure
from monitor.figures.html import link
from monitor.notation import UNIT_LABELS, number
from monitor.screens.border import BorderPage
from monitor.state import State

# The countries as rules: told apart by dash, also in grey print.
_DASHES = {"NL": "none", "BE": "5 3", "DE": "1.5 3"}


def legend(figure: BorderFigure) -> str:
    """The classes of the map with bounds and counts, and what its lines and its white mean."""
    items = "".join(
        f'<li><i style="background:{c.colour}"></i><b>{escape(c.label)}</b>'
        f"<span>{c.count} {'gebied' if c.count == 1 else 'gebieden'}</span></li>"
        for c in figure.classes
    )
    blank = [a.row.name for a in figure.mapped if math.isnan(a.row.value)]
    white = f" Wit: geen cijfer over dit jaar ({escape(', '.join(blank))})." if blank else ""
    return (
        f'<p class="lgt">{escape(figure.caption)}, {figure.areas[0].row.year}</p>'
        f'<ol class="leg" style="--n:{len(figure.classes) or 1}">{items}</ol>'
        '<p class="xs mut">Dikke lijn: grens van de regio. Streepjes: landsgrens. '
        f"Grijs: Belgische en Duitse gebieden die de grens niet raken.{white}</p>"
    )


def strip(figure: BorderFigure) -> str:
    """All areas compared on one scale, from high to low: name, country, mark and value; the countries as rules."""
    known = [a.row.value for a in (*figure.compared, *figure.countries) if not math.isnan(a.row.value)]
    if not known:
        return '<p class="notice">Over dit jaar heeft geen van deze gebieden een cijfer.</p>'
    low, high = min(known), max(known)
    rules = [(_DASHES[a.country], _at(a.row.value, low, high)) for a in figure.countries if not math.isnan(a.row.value)]
    rows = "".join(_row(a, figure, rules, low, high) for a in figure.compared)
    span = f"Schaal van {number(low, figure.decimals)} tot {figure.text(high)}"
    head = (
        f'<tr><th scope="col">Gebied</th><th scope="col" class="g">{escape(span)}</th>'
        f'<th scope="col" class="n">{escape(capital(UNIT_LABELS[figure.unit]))}</th></tr>'
    )
    return (
        f'{key(figure)}<table class="bs"><caption class="sr">{escape(figure.title)}</caption><thead>{head}</thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def capital(text: str) -> str:
    """A text with its first letter as a capital, and the rest as it is."""
    return text[:1].upper() + text[1:]


def _at(value: float, low: float, high: float) -> float:
    """Place of a value between 3% and 97% of the width."""
    return 50.0 if high <= low else 3 + 94 * (value - low) / (high - low)


def _row(area: BorderArea, figure: BorderFigure, rules: Sequence[tuple[str, float]], low: float, high: float) -> str:
    own = area.place in ("eigen", "deels")
    lines = "".join(
        f'<line x1="{x:.1f}%" x2="{x:.1f}%" y1="0" y2="30" stroke="{style.TEXT}" stroke-width="1.5" stroke-dasharray="{dash}"/>'
        for dash, x in rules
    )
    mark = ""
    if not math.isnan(area.row.value):
        mark = f'<svg x="{_at(area.row.value, low, high):.1f}%" y="15" overflow="visible">{_mark(area)}</svg>'
    drawn = (
        f'<svg class="st" width="100%" height="30" aria-hidden="true"><line x1="0" x2="100%" y1="15" y2="15" '
        f'stroke="{style.LINE}"/>{lines}{mark}</svg>'
    )
    said = f"{COUNTRIES[area.country]}, voor een deel in de regio" if area.place == "deels" else COUNTRIES[area.country]
    value = number(area.row.value, figure.decimals) if not math.isnan(area.row.value) else "geen cijfer"
    css = ' class="own"' if own else ""
    return (
        f'<tr{css}><th scope="row"><span class="rk">{area.number}</span>{escape(area.row.name)} '
        f'<small>{escape(said)}</small></th><td class="g">{drawn}</td><td class="n num">{escape(value)}</td></tr>'
    )


def _mark(area: BorderArea) -> str:
    """The mark of an area: a filled circle for the region's own, light when it is only partly so, a square abroad."""
    if area.place == "buur":
        return f'<rect x="-5.5" y="-5.5" width="11" height="11" fill="{style.DOT}" stroke="{style.TEXT}"/>'
    fill = style.LOCATION_LIGHT if area.place == "deels" else style.INK
    return f'<circle r="7.5" fill="{fill}" stroke="{style.INK}" stroke-width="1.5"/>'


def key(figure: BorderFigure) -> str:
    """What the marks and rules mean, with the values of the countries."""
    kinds = {a.place: a for a in figure.compared}
    words = {
        "eigen": "COROP-gebied in de regio",
        "deels": "COROP-gebied dat er voor een deel in ligt",
        "buur": "over de grens",
    }
    marks = "".join(
        f'<li><svg class="ic" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">{_mark(kinds[p])}</svg>{words[p]}</li>'
        for p in ("eigen", "deels", "buur")
        if p in kinds
    )
    countries = "".join(
        f'<li><svg class="ic" width="8" height="18" aria-hidden="true"><line x1="4" x2="4" y1="0" y2="18" '
        f'stroke="{style.TEXT}" stroke-width="2" stroke-dasharray="{_DASHES[a.country]}"/></svg>'
        f"{escape(a.row.name)} <b>{escape(figure.text(a.row.value))}</b></li>"
        for a in figure.countries
    )
    return f'<ul class="key">{marks}{countries}</ul>'


def limits(page: BorderPage) -> str:
    """What one cannot compare: of this figure first, then what holds for every figure."""
    items = "".join(f"<li>{escape(t)}</li>" for t in page.limits)
    away = link("kaart?indicator=afstand-ziekenhuis", "Bekijk de afstanden op de kaart")
    return f'<ul class="plainlist">{items}</ul><p class="sm noprint">{away}.</p>'


def explanation(page: BorderPage) -> str:
    """What the figure is, and why it is here."""
    d = page.definition
    away = f'<a href="{escape(page.address, quote=True)}">Tabel {escape(page.table)} bij Eurostat</a>'
    return f'<p>{escape(d.description)} {escape(d.why)}</p><p class="sm">{away} (in het Engels).</p>'


def elsewhere(regions: Sequence[Region], abroad: str | None, page: str) -> str:
    """Links to the regions that do touch the border."""
    items = "".join(f"<li>{link(State(page, (r.id,), abroad=abroad).link(), r.name)}</li>" for r in regions)
    return f'<ul class="chips">{items}</ul>'


def remarks(page: BorderPage) -> str:
    """What is missing in the lines; empty when nothing is. What the figure cannot say stands elsewhere on the page."""
    told = [n for n in page.trend.notes if n not in page.figure.notes]
    return f'<p class="sm">{escape(" ".join(told))}</p>' if told else ""
