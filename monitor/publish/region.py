"""The pages of the regions: their list, a region as a whole, and one goal in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from monitor.definitions import Goal, Region
from monitor.figures.html import marks_legend, source_line, table, tension_mark
from monitor.publish import links
from monitor.publish.edition import BENCHMARK, Edition
from monitor.publish.layout import beside, contents, folded, neighbours, to
from monitor.publish.page import Page
from monitor.publish.region_map import region_map
from monitor.screens import compare_html, likeness_html, voices_html
from monitor.screens import region_html as html
from monitor.screens.likeness import compose_likeness
from monitor.screens.region import Also, GoalBlock, Pair, Voice
from monitor.screens.striking import compose_striking
from monitor.state import State

# So many findings stand beside a figure; the others are behind a line that counts them.
MOST = 2
# What leads to the page of a figure, up to its id.
MAP = "kaart?indicator="
TRAIL = ((links.REGION, "Regio’s"),)


def pages(ed: Edition) -> list[Page]:
    """The list of regions; every region; every goal in every region."""
    made = [
        Page(
            links.REGION, "De elf regio’s", "De elf regio’s van het Nationaal Programma Vitale Regio’s, elk met hun "
            "cijfers, hun gemeenten en wat er gezegd is.", partial(_list, ed), State("overzicht").link(),
        )
    ]  # fmt: skip
    for r in ed.definitions.regions:
        told = _stands_out(ed, r) or f"Hoe {r.spoken} ervoor staat in cijfers en in wat er gezegd is."
        made.append(
            Page(links.region(r.id), r.name, told, partial(_region, ed, r), State("regio", (r.id,)).link(), trail=TRAIL)
        )
        for goal in ed.definitions.goals:
            told = _stands_out(ed, r, goal) or f"{goal.name} in {r.spoken}: de cijfers en wat er gezegd is."
            made.append(
                Page(
                    links.region(r.id, goal.id), f"{r.name}: {goal.name[0].lower()}{goal.name[1:]}", told,
                    partial(_goal, ed, r, goal), State("regio", (r.id,)).link(),
                    trail=(*TRAIL, (links.region(r.id), r.name)),
                )
            )  # fmt: skip
    return made


def _stands_out(ed: Edition, region: Region, goal: Goal | None = None) -> str:
    """The clearest difference from the Netherlands to either side; what a shared link says of the page."""
    own = [s for s in ed.standings[region.id] if goal is None or goal.id in s.indicator.goals]
    found = compose_striking(ed.definitions, ed.snapshot, region, own, BENCHMARK, None)
    return " ".join(x.sentence for x in (*found.worse[:1], *found.better[:1]))


def _list(ed: Edition) -> str:
    rows = "".join(
        f"<li>{to(links.region(r.id), r.name)} <small>{len(r.codes)} gemeenten</small></li>"
        for r in ed.definitions.regions
    )
    return (
        f'<ul class="cols">{rows}</ul><p>{to(links.BALANCE, "Hoe vaak de regio’s beter, gelijk of minder goed zijn dan Nederland")}. '
        f"{to(links.COMPARE, 'De regio’s naast elkaar')}.</p>"
    )


def _region(ed: Edition, region: Region) -> str:
    content = ed.region_page(region)
    found = compose_striking(ed.definitions, ed.snapshot, region, ed.standings[region.id], BENCHMARK, None)
    goals = "".join(_in_short(region, goal.goal, goal.pairs) for goal in content.goals)
    said = ""
    if content.common:
        said += f'<h2 id="gezegd">Gezegd over {escape(region.spoken)}, over alle doelen heen</h2>{_columns(content.common, region)}'
    if content.everywhere:
        said += folded(
            f"Gezegd over alle regio’s samen ({len(content.everywhere)})", _columns(content.everywhere, region)
        )
    row = [(links.region(r.id), r.name) for r in ed.definitions.regions]
    items = [("opvalt", "Wat opvalt"), *((f"doel-{g.goal.id}", g.goal.name) for g in content.goals)]
    return (
        f'<div class="two"><div><p class="lead">{escape(content.summary)}</p>'
        f"<p><b>{escape(content.inhabitants)}</b> in {len(region.codes)} gemeenten</p>"
        f"{html.chips(region, content.population)}{html.grounds(region)}{contents(items)}</div>"
        f"<div>{region_map(region, ed.detail, ed.names)}{html.counts(content.counts, region.name, content.benchmark)}</div></div>"
        f'<h2 id="opvalt">Wat opvalt in {escape(region.spoken)}</h2>{compare_html.striking(found, region, content.benchmark)}'
        f"{goals}{said}<h2>Verder kijken</h2>{html.onward(region, State('regio'))}"
        f"{likeness_html.links(compose_likeness(ed.definitions, ed.snapshot, region, ed.likeness))}"
        f"{neighbours(*beside(row, links.region(region.id)), 'Andere regio’s')}"
    )


def _in_short(region: Region, goal: Goal, pairs: tuple[Pair, ...]) -> str:
    """A goal on the page of the whole region: its figures in a line each, and the way to all there is."""
    lines = "".join(f"<li>{html.line(_also(p), MAP)}</li>" for p in pairs)
    where = links.region(region.id, goal.id)
    return (
        f'<div class="gh" id="doel-{goal.id}"><h2><small>Doel {goal.id}</small>{escape(goal.name)}</h2></div>'
        f'<ul class="also cols">{lines}</ul><p>{to(where, f"Alle cijfers en stemmen bij doel {goal.id}")}</p>'
    )


def _also(pair: Pair) -> Also:
    own = pair.figure.region or pair.figure.rows[0]
    text = pair.figure.text(own.value) if pair.figure.region else "–"
    return Also(pair.indicator, own, text, pair.tension)


def _columns(voices: Sequence[Voice], region: Region) -> str:
    return f'<div class="voices">{voices_html.voices(voices, region)}</div>'


def _goal(ed: Edition, region: Region, goal: Goal) -> str:
    content = ed.region_page(region)
    block = next(g for g in content.goals if g.goal.id == goal.id)
    rows = tuple(p.figure.region for p in block.pairs if p.figure.region)
    others = f"<h2>Ook gezegd bij dit doel</h2>{_columns(block.others, region)}" if block.others else ""
    goals = [(links.region(region.id, g.id), f"Doel {g.id}: {g.name}") for g in ed.definitions.goals]
    regions = "".join(
        f"<li>{to(links.region(r.id, goal.id), r.name)}</li>" for r in ed.definitions.regions if r.id != region.id
    )
    return (
        f'<p class="tag">Doel {goal.id}</p><p class="lead">Bij elk cijfer staat wat er is gezegd of opgeschreven: in '
        "gesprekken, interviews en stukken van regio en Rijk. Soms klopt dat met elkaar, soms niet, en "
        f"soms kan geen enkel cijfer het vangen. In de lijntjes is donkerblauw {escape(region.spoken)} en grijs "
        f"{escape(content.benchmark)}.</p>{marks_legend(region.name, content.benchmark, rows)}"
        f'<h2 id="cijfers">Cijfer en stem naast elkaar</h2>{"".join(_pair(p, region) for p in block.pairs)}'
        f"{_also_measured(block)}{others}"
        f'<h2>Dit doel in een andere regio</h2><ul class="cols">{regions}</ul>'
        f"{neighbours(*beside(goals, links.region(region.id, goal.id)), 'Andere doelen')}"
    )


def _also_measured(block: GoalBlock) -> str:
    """The other figures of the goal, one heading higher than in the app, where they stand below that of the goal."""
    told = html.also(block.also, MAP)
    return told.replace("<h3>", "<h2>").replace("</h3>", "</h2>").replace("<h4>", "<h3>").replace("</h4>", "</h3>")


def _pair(pair: Pair, region: Region) -> str:
    """A figure with its table, and beside it what was said."""
    below = html.asides(pair.groups, pair.candidates, pair.figure.region)
    method = f"{MAP}{pair.indicator.id}"
    block = html.figure_block(
        pair.figure, pair.spark, pair.how, method, below, tension_mark(pair.indicator, pair.tension)
    )
    twin = f"<details><summary>Tabel en bron</summary>{table(pair.figure.table(), pair.figure.title)}{source_line(pair.figure)}</details>"
    said = voices_html.voices(pair.voices, region, MOST) or html.no_voice()
    return f'<div class="pair"><div>{block}{twin}</div><div>{said}</div></div>'
