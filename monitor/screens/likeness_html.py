"""What a region resembles, as HTML and SVG; see ``figures.html`` for the rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from monitor.figures import style
from monitor.figures.html import link
from monitor.figures.html import table as twin
from monitor.notation import number
from monitor.screens.likeness import SLIGHT, STRONG, GroupWord, LikenessPage, Other, Point, Resemblance

_SIGNS: dict[GroupWord, str] = {"lijkt": "=", "iets anders": "≈", "anders": "≠"}
# Dots nearer to each other than this, in percent of the width, are stacked.
_NEAR = 7.0
_LEVELS = (0, -14, 14, -28, 28)


def section(content: LikenessPage) -> str:
    """The whole section below its heading: who, on what, the profile, regions to learn from, and what to know."""
    if not content.outside:
        return f"<p>{escape(content.headline)}</p>{_within(content)}{notes(content)}"
    return (
        f"<p>{escape(content.headline)}</p>{_five(content)}{_h3('Waarop zij lijken en verschillen')}{_key(content)}"
        f"{_profile(content)}<details><summary>Alle waarden in een tabel</summary>"
        f"{twin(content.twin, f'Kenmerken van {content.region.name} en van gebieden die erop lijken')}</details>"
        f"{_within(content)}{notes(content)}"
    )


def _h3(text: str) -> str:
    return f'<h3 class="lkh">{escape(text)}</h3>'


def links(content: LikenessPage) -> str:
    """In two lines: the five outside the programme, and links to the regions of the programme that resemble it."""
    five = ", ".join(escape(o.name) for o in content.outside)
    near = ", ".join(link(o.link, o.name) for o in content.within)
    told = f'<p class="sm">Vergelijkbare gebieden buiten het programma: {five}.</p>' if five else ""
    return f'{told}<p class="sm">Meest gelijkend binnen het programma: {near}.</p>'


def notes(content: LikenessPage) -> str:
    """What a reader has to know of the choice."""
    return f'<div class="src"><ul>{"".join(f"<li>{escape(n)}</li>" for n in content.notes)}</ul></div>'


def _five(content: LikenessPage) -> str:
    """The five as a table: how much, per group whether they are alike, and where they differ most."""
    groups = [g.group.name for g in content.outside[0].groups]
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in groups)
    rows = "".join(_row(k, other) for k, other in enumerate(content.outside, start=1))
    return (
        f'<table class="gm lk"><caption class="sr">Gebieden buiten het programma die lijken op {escape(content.region.name)}'
        f'</caption><thead><tr><th scope="col">Gebied</th><th scope="col">Hoe sterk</th>{heads}'
        f'<th scope="col">Grootste verschil</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(place: int, other: Other) -> str:
    cells = "".join(
        f'<td data-label="{escape(g.group.name, quote=True)}"><span aria-hidden="true">{_SIGNS[g.word]}</span> {g.word}</td>'
        for g in other.groups
    )
    differs = escape(other.differs[0]) if other.differs else "nergens groot"
    return (
        f'<tr><th scope="row"><b>{place}. {escape(other.name)}</b><small>o.a. {escape(other.about)}</small></th>'
        f'<td><b>{escape(other.word)}</b></td>{cells}<td data-label="Grootste verschil">{differs}</td></tr>'
    )


def _region_mark() -> str:
    return f'<path d="M0,-9L9,0L0,9L-9,0Z" fill="{style.INK}" stroke="#fff" stroke-width="1.5"/>'


def _dot(place: int) -> str:
    return (
        f'<circle r="6.5" fill="#fff" stroke="{style.DOT_EDGE}" stroke-width="1.5"/><text text-anchor="middle" y="3.5" '
        f'font-size="10.5" font-weight="600" fill="{style.TEXT}">{place}</text>'
    )


def _key(content: LikenessPage) -> str:
    """Which mark is which area."""

    def item(drawn: str, name: str) -> str:
        return f'<li><svg class="ic" width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true">{drawn}</svg>{escape(name)}</li>'

    dots = "".join(item(_dot(k), o.name) for k, o in enumerate(content.outside, start=1))
    rule = f'<line x1="0" x2="0" y1="-9" y2="9" stroke="{style.INK}" stroke-width="1.5"/>'
    mean = item(rule, "gemiddelde van de COROP-gebieden")
    return f'<ul class="key">{item(_region_mark(), content.region.name)}{dots}{mean}</ul>'


def _profile(content: LikenessPage) -> str:
    """A row per feature: the region and the five on one scale of standard deviations, 0 the mean of COROP regions."""
    values = [v for p in content.profile for v in p.scaled if not math.isnan(v)]
    # Room for the middle, also where all lie on one side of it.
    low, high = min(*values, -1.0), max(*values, 1.0)
    rows = "".join(
        f'<tr><th scope="row">{escape(p.feature.name[:1].upper() + p.feature.name[1:])}<small>hier {escape(p.texts[0])}</small>'
        f'</th><td class="s">{_strip(content, p, low, high)}</td></tr>'
        for p in content.profile
    )
    return (
        '<table class="cx lp"><caption class="sr">Kenmerken van de regio en van gebieden die erop lijken, op één schaal</caption><thead><tr>'
        '<th scope="col">Kenmerk</th><th scope="col"><span class="hd"><span>◂ lager</span>'
        "<span>hoger ▸</span></span></th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _strip(content: LikenessPage, point: Point, low: float, high: float) -> str:
    def at(value: float) -> float:
        return 3 + 94 * (value - low) / (high - low)

    own, *others = point.scaled
    placed: list[tuple[float, int]] = [(at(own), 0)]
    dots = []
    for k, (value, text) in enumerate(zip(others, point.texts[1:], strict=True), start=1):
        x = at(value)
        free = [y for y in _LEVELS if all(abs(x - p) > _NEAR or y != used for p, used in placed)]
        y = free[0] if free else _LEVELS[-1]
        placed.append((x, y))
        name = content.outside[k - 1].name
        dots.append((x, y, f"{_dot(k)}<title>{escape(f'{name}: {text}')}</title>"))
    reach = max(abs(y) for _, y in placed)
    middle = 12 + reach
    drawn = "".join(f'<svg x="{x:.1f}%" y="{middle + y}" overflow="visible">{inner}</svg>' for x, y, inner in dots)
    told = "; ".join(
        f"{n} {t}" for n, t in zip([content.region.name, *(o.name for o in content.outside)], point.texts, strict=True)
    )
    return (
        f'<svg class="st" width="100%" height="{2 * middle}" role="img" aria-label="{escape(f"{point.feature.name}: {told}", quote=True)}">'
        f'<line x1="0" x2="100%" y1="{middle}" y2="{middle}" stroke="{style.LINE}"/>'
        f'<line x1="{at(0):.1f}%" x2="{at(0):.1f}%" y1="2" y2="{2 * middle - 2}" stroke="{style.INK}" stroke-width="1.5"/>{drawn}'
        f'<svg x="{at(own):.1f}%" y="{middle}" overflow="visible">{_region_mark()}'
        f"<title>{escape(f'{content.region.name}: {point.texts[0]}')}</title></svg></svg>"
    )


def _within(content: LikenessPage) -> str:
    # The name in the sentence is the link.
    items = "".join(
        f"<li>{escape(o.sentence).replace(escape(o.name), link(o.link, o.name), 1)}</li>" for o in content.within
    )
    return f'{_h3("Om van te leren binnen het programma")}<ul class="plainlist">{items}</ul>'


def matrix(content: Resemblance) -> str:
    """All regions by all regions: how far they lie apart; what is near is darker and bold."""
    count = len(content.regions)
    heads = "".join(
        f'<th scope="col" class="n"><span aria-hidden="true">{k}</span><span class="sr">{escape(r.name)}</span></th>'
        for k, r in enumerate(content.regions, start=1)
    )
    rows = "".join(
        f'<tr><th scope="row">{k + 1}. {link(f"regio?regio={r.id}", r.name)}</th>'
        f"{''.join(_cell(content.distances[k], j, j == k) for j in range(count))}</tr>"
        for k, r in enumerate(content.regions)
    )
    caption = "Afstand tussen regio’s; 0 is gelijk. De nummers boven de kolommen zijn die van de rijen."
    return (
        f'<p>{escape(content.sentence)}</p><div class="scroll" role="region" tabindex="0" aria-label="Welke regio’s lijken op elkaar">'
        f'<table class="twin mx"><caption>{escape(caption)}</caption><thead><tr><th scope="col">Regio</th>{heads}</tr></thead>'
        f'<tbody>{rows}</tbody></table></div><ul class="key"><li>{_swatch(0)}lijkt sterk (onder {number(STRONG, 2)})</li>'
        f"<li>{_swatch(1)}lijkt redelijk of een beetje (onder {number(SLIGHT, 2)})</li><li>{_swatch(2)}lijkt niet echt</li></ul>"
    )


# Purple carries no judgement; light enough for dark text.
_SHADES: Sequence[str] = (style.SEQUENCE[1], style.SEQUENCE[0], "#FFFFFF")


def _shade(distance: float) -> int:
    return 0 if distance < STRONG else 1 if distance < SLIGHT else 2


def _swatch(shade: int) -> str:
    return (
        f'<svg class="ic" width="22" height="14" aria-hidden="true"><rect x="0.5" y="0.5" width="21" height="13" '
        f'fill="{_SHADES[shade]}" stroke="{style.DOT_EDGE}"/></svg>'
    )


def _cell(row: Sequence[float], j: int, same: bool) -> str:
    if same or math.isnan(row[j]):
        return '<td class="n">–</td>'
    shade, text = _shade(row[j]), number(row[j], 2)
    return f'<td class="n" style="background:{_SHADES[shade]}">{f"<b>{text}</b>" if shade == 0 else text}</td>'
