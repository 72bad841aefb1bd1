"""Other views of the app that need no choices: balance, regions beside each other, plan, programmes, the border."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape

from monitor.definitions import Region
from monitor.figures import border_map as border_drawing
from monitor.figures import html as figures
from monitor.profile import tally
from monitor.publish import drawing, links
from monitor.publish.edition import BENCHMARK, Edition
from monitor.publish.layout import beside, contents, folded, neighbours, to
from monitor.publish.page import Page
from monitor.screens import (
    balance_html,
    border_html,
    compare_html,
    likeness_html,
    plan_html,
    programmes_html,
    voices_html,
)
from monitor.screens.balance import compose_balance
from monitor.screens.border import border_years, compose_border, figure_of
from monitor.screens.compare import PLACE_RULE, chosen_indicators, compose_comparison
from monitor.screens.likeness import compose_likeness, compose_resemblance
from monitor.screens.plan import compose_plan
from monitor.screens.programmes import compose_programmes
from monitor.screens.striking import compose_striking
from monitor.sentences import trends_by_chance
from monitor.state import State

_EVERY = ((links.REGION, "Regio’s"),)
# Of both sides of the border the site shows these, the others are in the app.
_ABROAD = "bbp-per-inwoner-koopkracht"


def pages(ed: Edition) -> list[Page]:
    """All of them, with a list of regions for each kind."""
    balance = Page(
        links.BALANCE, "Waarom deze monitor geen rapportcijfer geeft", "Per regio en doel: hoe vaak cijfers beter, gelijk of "
        "minder goed zijn dan Nederland, en waarom daar geen rapportcijfer van te maken is.", partial(_balance, ed),
        State("balans").link(),
    )  # fmt: skip
    border = [r for r in ed.definitions.regions if any(b.id == r.id for b in ed.definitions.border_regions)]
    has_border = any(
        f.id == _ABROAD and border_years(ed.definitions, ed.snapshot, f) for f in ed.definitions.cross_border
    )
    return [
        balance,
        *_kind(ed, links.COMPARE, "vergelijken", "De regio’s naast elkaar", "{name} naast de andere regio’s",
               "Alle cijfers van {spoken} op één schaal, naast de andere regio’s en Nederland.", _compare),
        *_kind(ed, links.PLAN, "plan", "Bouwstenen voor een plan", "Bouwstenen voor het plan voor {spoken}",
               "Per doel de opgaven, de cijfers en wat er gezegd is in {spoken}.", _plan),
        *_kind(ed, links.PROGRAMMES, "trajecten", "Lopende trajecten", "Lopende trajecten in {spoken}",
               "Het register van lopende trajecten in {spoken}, per doel en op een tijdlijn.", _programmes),
        *(_kind(ed, links.BORDER, "over-de-grens", "Over de grens", "Over de grens bij {spoken}",
                "{name} naast de Belgische en Duitse buren.", _border, border) if has_border else []),
    ]  # fmt: skip


def _kind(
    ed: Edition, folder: str, page: str, title: str, heading: str, told: str, body: Callable[[Edition, Region], str],
    regions: Sequence[Region] | None = None,
) -> list[Page]:  # fmt: skip
    """The list of regions of a kind of page, and the page of each region."""
    chosen = list(ed.definitions.regions) if regions is None else list(regions)
    rows = [(f"{folder}{r.id}/", r.name) for r in chosen]
    items = "".join(f"<li>{to(path, name)}</li>" for path, name in rows)
    made = [
        Page(folder, title, f"{title}: kies een regio.", f'<p class="lead">Kies een regio.</p><ul class="cols">{items}</ul>',
             State(page).link(), trail=_EVERY)
    ]  # fmt: skip
    for r, (path, _) in zip(chosen, rows, strict=True):
        names = {"name": r.name, "spoken": r.spoken}
        trail = (*_EVERY, (links.region(r.id), r.name))

        def whole(r: Region = r, path: str = path) -> str:
            return f"{body(ed, r)}{neighbours(*beside(rows, path), 'Andere regio’s')}"

        made.append(
            Page(path, heading.format(**names), told.format(**names), whole, State(page, (r.id,)).link(), trail=trail)
        )
    return made


def _day(ed: Edition) -> dt.date:
    """The day that stands for today: that of the edition, so that the same edition always gives the same site."""
    if ed.day is not None:
        return ed.day
    year, month = (int(part) for part in ed.name.split("-")[:2])
    return dt.date(year, month, 1)


def _balance(ed: Edition) -> str:
    content = compose_balance(ed.definitions, ed.composer, ed.standings, ed.standings, BENCHMARK)
    names = ", ".join(i.name.lower() for i in content.figures)
    cancelled = ""
    if content.cancelled:
        cancelled = (
            f"<h2>Een gemiddelde wist verschillen uit</h2><p>{escape(content.cancelled.sentence)}</p>"
            f"{balance_html.cancelled(content.cancelled)}"
        )
    return (
        f'<p class="lead">{escape(content.lead)}</p><h2>Hoe vaak beter, gelijk of minder goed dan {escape(content.benchmark)}</h2>'
        f"<p>{escape(content.counted)} Een regio in de tabel leidt naar de cijfers zelf.</p>"
        f"{balance_html.legend(content.benchmark)}{balance_html.table(content)}"
        f"{folded('Wat is niet te beoordelen, en waarom?', balance_html.unknown(content.unknown, len(content.lines)))}"
        f"<h2>Andere gewichten, een andere rangorde</h2><p>{escape(content.basis)}</p>"
        f'<p class="lead"><b>{escape(content.moved)}</b></p>{balance_html.places(content)}<p class="sm">{escape(content.reach)}</p>'
        f"{folded('Welke cijfers zijn dit?', f'<p>{escape(names)}.</p>')}"
        f"{cancelled}<h2>Wat er nog meer verdwijnt</h2>{balance_html.lost(content.lost)}{figures.source_line(content.counts)}"
    )


def _compare(ed: Edition, region: Region) -> str:
    state = State("vergelijken", (region.id,))
    content = compose_comparison(ed.composer, ed.standings, chosen_indicators(ed.definitions, state), state)
    found = compose_striking(ed.definitions, ed.snapshot, region, ed.standings[region.id], BENCHMARK, None)
    shown = tuple(r.indicator.id for r in content.rows)
    counted = tally(ed.standings)
    chance = trends_by_chance(counted.tested, counted.shown, counted.chance)
    alike = compose_likeness(ed.definitions, ed.snapshot, region, ed.likeness)
    items = [
        ("opvalt", "Wat opvalt"),
        ("schaal", "Alle regio’s op één schaal"),
        ("jaren", "Door de jaren"),
        ("lijkt", "Vergelijkbare regio’s"),
    ]
    return (
        f'<p class="lead">{escape(content.summary)}</p>{contents(items)}'
        f'<h2 id="opvalt">Wat opvalt in {escape(region.spoken)}</h2>{compare_html.striking(found, region, content.benchmark)}'
        '<h2 id="schaal">Alle regio’s op één schaal</h2><p>Elke stip is een regio. De afstand tot de streep is het verschil '
        f"met {escape(content.every)}, gedeeld door de spreiding tussen de 40 COROP-gebieden. Zo zijn cijfers met "
        "verschillende eenheden naast elkaar te zetten.</p>"
        f"{compare_html.legend(content)}{compare_html.table(content, ed.definitions.goals)}"
        f'<p class="xs mut">{escape(PLACE_RULE)}</p>{compare_html.left_out(content)}{figures.source_line(content.figure)}'
        f'<h2 id="jaren">Door de jaren</h2><p>Donkerblauw: {escape(region.spoken)}. Grijs: de andere regio’s. Zwart: Nederland. '
        "Elk vakje heeft zijn eigen schaal. Stippellijn: een breuk.</p>"
        f'{compare_html.multiples(ed.multiples(shown, region))}<p class="xs mut">{escape(chance)}</p>'
        f'<h2 id="lijkt">Vergelijkbare regio’s</h2>{likeness_html.section(alike)}'
        + folded(
            "Hoe de elf regio’s op elkaar lijken",
            likeness_html.matrix(compose_resemblance(ed.definitions, ed.snapshot, ed.likeness)),
        )
    )


def _plan(ed: Edition, region: Region) -> str:
    content = compose_plan(ed.definitions, ed.snapshot, region, ed.standings[region.id], ed.voiced, BENCHMARK, _day(ed))
    return (
        f"{plan_html.lead(content)}{plan_html.contents(content)}{''.join(plan_html.goal(g, content) for g in content.goals)}"
        f"{plan_html.monitoring(content.monitoring, content)}{plan_html.open_fields()}{plan_html.rules(content)}"
    )


def _programmes(ed: Edition, region: Region) -> str:
    html = programmes_html
    content = compose_programmes(ed.definitions, region, ed.name, _day(ed))
    # A site is read long after it was made: its line is that of the edition, and says so.
    told = content.timeline.today_told.replace("vandaag", "dag van deze cijfers")
    timeline = replace(content.timeline, today_told=told)
    if content.figure:
        top = (
            f'<p class="notice"><b>{escape(content.dated)}</b> Wat daarna is gebeurd, staat er niet in. De regio houdt het '
            "register zelf bij. Doelen en thema’s zijn onze eigen lezing.</p>"
            f"{html.counts(content.counts)}<p>{escape(content.added)} {escape(content.no_total)}</p>"
        )
        goals = "".join(html.heading(b) + html.goal_table(b, region, content.today) for b in content.goals)
        register = f"{html.ministries(ed.definitions.programmes_for(region.id))}{goals}"
    else:
        top, register = html.empty(region), ""
    return (
        f'<p class="lead">{escape(content.lead)}</p>{top}<h2>Op de tijdlijn</h2>{html.timeline(timeline)}'
        f"{html.undated(content.timeline.undated)}"
        f"{folded('Waar staan deze data, en wat houden zij in?', html.calendar(content.calendar))}"
        f"<h3>Wat terugkomt, en wat lang duurt</h3>{html.rhythm(content.rhythm)}{register}"
    )


def _border(ed: Edition, region: Region) -> str:
    d = ed.definitions
    page = compose_border(d, ed.snapshot, ed.places, region, figure_of(d, _ABROAD))
    cards = voices_html.voices(page.voices, page.region)
    said = f'<div class="voices">{cards}</div>' if cards else "<p>Hierover is nog niets vastgelegd.</p>"
    return (
        f'<p class="lead">{escape(page.headline)}. {escape(page.lead)}</p><div class="two"><div>'
        f"{border_html.legend(page.figure)}{border_drawing.border_map(page.figure, ed.places)}</div>"
        f'<div><h2>Op één schaal</h2>{border_html.strip(page.figure)}<p class="sm">{escape(page.same)}</p>'
        f"{figures.source_line(page.figure, skip=len(page.figure.notes))}</div></div>"
        f"<h2>Door de jaren heen</h2><p>{escape(page.trend.sentence)}</p>{figures.lines_legend(page.trend)}"
        f"{drawing.lines(page.trend)}{border_html.remarks(page)}"
        f"{folded('Alle cijfers in een tabel', figures.table(page.figure.table(), page.figure.title))}"
        f"{folded('Alle jaren in een tabel', figures.table(page.trend.table(), page.trend.title))}"
        f"<h2>Wat dit cijfer is</h2>{border_html.explanation(page)}"
        f"<h2>Wat u hier niet kunt vergelijken</h2>{border_html.limits(page)}"
        f"<h2>Wat er over de grens is gezegd in {escape(page.region.spoken)}</h2>{said}"
    )
