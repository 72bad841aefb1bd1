"""Pieces of the page Cijfer en verhaal as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from monitor.definitions import Definitions, Region
from monitor.dialogue.hold import SIGNS, WORDS, Verdict
from monitor.dialogue.matrix import ORDER, Line
from monitor.figures.html import link, tension_mark
from monitor.notation import listing
from monitor.screens.number_voice import PAGE, Clash, Held, NumberVoice
from monitor.screens.voices_html import ORIGINS, voices
from monitor.state import State

_SHORT: dict[Verdict, str] = {"spreken tegen": "tegen", "bevestigen": "bevestigd", "meten niet": "niet gemeten"}


def legend() -> str:
    """What the signs mean."""
    words = {v: WORDS[v].replace(" dit", "") for v in ORDER}
    items = "".join(f'<li><span class="sg" aria-hidden="true">{SIGNS[v]}</span>{escape(words[v])}</li>' for v in ORDER)
    return f'<ul class="key nv">{items}</ul>'


def clashes(found: Sequence[Clash], definitions: Definitions, state: State) -> str:
    """Findings about which figures decide something: per figure and region a sign; on a phone as lists."""
    if not found:
        return '<p class="notice">Bij deze keuze is er geen.</p>'
    heads = "".join(f'<th scope="col"><span>{_region(r, state)}</span></th>' for r in definitions.regions)
    body = "".join(_grid(c, definitions, state) for c in found)
    lists = "".join(
        f'<article class="q">{_said(c)}{"".join(_listed(x, state) for x in c.figures)}</article>' for c in found
    )
    return (
        '<table class="mx cl"><caption class="sr">Wat er gezegd is, per cijfer en regio: spreekt het cijfer dit tegen, '
        f'bevestigt het dit, of meet het dit niet</caption><thead><tr><th scope="col">Bevinding en cijfer</th>{heads}'
        f'</tr></thead>{body}</table><div class="cl-small">{lists}</div>'
    )


def _said(c: Clash) -> str:
    f = c.finding
    return (
        f'<p class="tag"><b>{escape(f.kind.capitalize())}</b> · {escape(ORIGINS[f.origin])}</p>'
        f'<p class="voice">{escape(f.title)}</p><details><summary>Toelichting en bron</summary><p>{escape(f.summary)}</p>'
        f'<p class="xs mut">{escape(f.source.title)}, {escape(f.source.section)}.</p></details>'
    )


def _grid(c: Clash, definitions: Definitions, state: State) -> str:
    """One finding as rows of the table: what was said, and below it its figures."""
    width = len(definitions.regions) + 1
    rows = "".join(_signs(x, definitions, state) for x in c.figures)
    return f'<tbody><tr class="f"><th colspan="{width}" scope="rowgroup">{_said(c)}</th></tr>{rows}</tbody>'


def _signs(x: Held, definitions: Definitions, state: State) -> str:
    verdicts = {r.id: verdict for verdict, regions in x.regions.items() for r in regions}
    cells = []
    for region in definitions.regions:
        verdict = verdicts.get(region.id)
        if verdict is None:
            cells.append('<td><span class="mut" title="Hierover is daar niets gezegd">–</span></td>')
            continue
        words = escape(f"{region.name}: {WORDS[verdict].lower()}", quote=True)
        address = escape(state.but(regions=(region.id,)).link(), quote=True)
        cells.append(
            f'<td><a class="c{ORDER.index(verdict)}" href="{address}" target="_self" title="{words}" '
            f'aria-label="{words}"><b>{SIGNS[verdict]}</b></a></td>'
        )
    name = link(_trend(x, state), x.indicator.full_name)
    name += tension_mark(x.indicator, x.tension)
    return f'<tr><th scope="row">{name} <small>verwacht: {escape(x.expected)}</small></th>{"".join(cells)}</tr>'


def _trend(x: Held, state: State) -> str:
    first = (x.regions["spreken tegen"] or x.regions["bevestigen"])[0]
    return State("trends", (first.id,), x.indicator.id, compare=state.compare).link()


def _listed(x: Held, state: State) -> str:
    """The same for one figure as sentences."""
    name = link(_trend(x, state), x.indicator.full_name) + tension_mark(x.indicator, x.tension)
    told = [f'<p class="sm">{name}. Verwacht: {escape(x.expected)}.</p>']
    against, rest = x.regions["spreken tegen"], len(x.regions["bevestigen"])
    if against:
        told.append(
            _sentence("spreken tegen", f"<b>Spreekt dit tegen in</b> {listing([_region(r, state) for r in against])}.")
        )
    if rest:
        where = f"{rest} {'regio' if rest == 1 else 'regio’s'}"
        told.append(_sentence("bevestigen", f"<b>Bevestigt dit in</b> {where}."))
    return "".join(told)


def _sentence(verdict: Verdict, told: str) -> str:
    return f'<p class="ver"><span class="g" aria-hidden="true">{SIGNS[verdict]}</span><span>{told}</span></p>'


def _region(region: Region, state: State) -> str:
    return link(state.but(regions=(region.id,)).link(), region.name)


def table(lines: Sequence[Line], definitions: Definitions, state: State) -> str:
    """Themes by regions: per cell how many findings are contradicted, confirmed and not measured.

    On a phone only the column of all regions, or of the chosen region, is shown.
    """
    regions = definitions.regions
    own = state.regions[0] if state.regions else ""

    def css(region: str) -> str:
        return ' class="own"' if region == own else ' class="far"'

    heads = "".join(f'<th scope="col"{css(r.id)}><span>{_region(r, state)}</span></th>' for r in regions)
    body = []
    for line in lines:
        cells = "".join(
            f"<td{css(r.id)}>{_cell(line.cells[r.id], State(PAGE, (r.id,), theme=line.theme.id, compare=state.compare))}</td>"
            for r in regions
        )
        theme = link(State(PAGE, theme=line.theme.id, compare=state.compare).link(), line.theme.name)
        whole = _cell(line.total, State(PAGE, theme=line.theme.id, compare=state.compare))
        mine = ' class="cur"' if line.theme.id == state.theme else ""
        all_css = ' class="far"' if own else ' class="own"'
        body.append(f'<tr{mine}><th scope="row">{theme}</th><td{all_css}>{whole}</td>{cells}</tr>')
    all_head = ' class="far"' if own else ' class="own"'
    return (
        '<table class="mx"><caption class="sr">Per thema en regio: aantal bevindingen dat de cijfers tegenspreken, '
        f'bevestigen of niet meten</caption><thead><tr><th scope="col">Thema</th><th scope="col"{all_head}><span>'
        f"Alle elf</span></th>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _cell(counts: Counter[Verdict], target: State) -> str:
    """Three counts with their signs; the first two lead to the findings. Nothing said: a dash."""
    if not counts:
        return '<span class="mut" title="Hierover is niets gezegd">–</span>'
    said = ", ".join(f"{counts[v]} {_SHORT[v]}" for v in ORDER if counts[v])
    shown = "".join(f'<span class="c{k}"><i>{SIGNS[v]}</i>{counts[v]}</span>' for k, v in enumerate(ORDER) if counts[v])
    address = escape(target.link(), quote=True)
    label = escape(said, quote=True)
    return f'<a href="{address}" target="_self" title="{label}" aria-label="{label}">{shown}</a>'


def told(page: NumberVoice, region: Region, verdict: Verdict) -> str:
    """The findings of one region with this verdict, each with what the figures say."""
    own = [(v.finding, v.held) for v in page.chosen if v.stance == verdict]
    return f'<div class="voices">{voices(own, region)}</div>'


def heading(verdict: Verdict, count: int) -> str:
    """What stands above the findings with one verdict."""
    return f"{WORDS[verdict]}: {count} {'bevinding' if count == 1 else 'bevindingen'}"


def remainder(page: NumberVoice) -> str:
    """Of how many findings a figure can test something, and which stand in no row of the table."""
    return (
        f'<p class="sm mut">Van {page.tested} bevindingen verwacht de tekst iets dat een cijfer kan toetsen; de andere '
        f"meet geen cijfer. {page.untold} bevindingen hebben geen thema: zij zeggen wie meedoet, wat er in een plan "
        f"staat of wat nog moet komen. Alles staat op {link('regiodialoog', 'Regiodialoog')}.</p>"
    )
