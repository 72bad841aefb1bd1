"""The pages of the figures: their list per goal and theme, and each with map, regions, lines and explanation."""

from __future__ import annotations

import math
from functools import partial
from html import escape

from monitor import assessment as asm
from monitor.definitions import Indicator
from monitor.figures import html
from monitor.figures.spec import MapFigure, TrendFigure
from monitor.publish import drawing, links
from monitor.publish.downloads_figure import figure_links
from monitor.publish.edition import BENCHMARK, Edition
from monitor.publish.layout import beside, contents, folded, neighbours, to
from monitor.publish.page import Page
from monitor.screens import method_html
from monitor.screens.method import compose_entry
from monitor.state import State

TRAIL = ((links.INDICATOR, "Cijfers"),)


def pages(ed: Edition) -> list[Page]:
    """The list of figures, and every figure that this edition has."""
    made = [
        Page(
            links.INDICATOR, f"Alle {len(shown(ed))} cijfers", "Alle cijfers van de monitor per doel en thema, elk met "
            "kaart, regio’s, jaren en uitleg.", partial(_list, ed), State("methode").link(),
        )
    ]  # fmt: skip
    for i in shown(ed):
        figure = ed.composer.map(i, None, "gemeenten", None)
        made.append(
            Page(
                links.indicator(i.id), i.full_name, f"{figure.headline}. {figure.title}.", partial(_body, ed, i, figure),
                State("kaart", indicator=i.id).link(), figure, trail=TRAIL,
            )
        )  # fmt: skip
    return made


def shown(ed: Edition) -> list[Indicator]:
    """The figures of which this edition has values, in the order of goal and theme."""
    d = ed.definitions
    there = [i for i in d.indicators if ed.snapshot.years(i.id)]
    return [i for goal in d.goals for t in d.themes for i in there if i.theme == t.id and min(i.goals) == goal.id]


def _list(ed: Edition) -> str:
    d = ed.definitions
    parts = [
        '<p class="lead">Kies een cijfer. Elk heeft een kaart van alle gemeenten, de elf regio’s op een rij, de jaren en '
        f"de uitleg.</p>{contents([(f'doel-{g.id}', g.name) for g in d.goals])}"
    ]
    for goal in d.goals:
        parts.append(
            f'<div class="gh" id="doel-{goal.id}"><h2><small>Doel {goal.id}</small>{escape(goal.name)}</h2></div>'
        )
        for theme in d.themes:
            own = [i for i in shown(ed) if i.theme == theme.id and min(i.goals) == goal.id]
            if own:
                items = "".join(f"<li>{to(links.indicator(i.id), i.full_name)}</li>" for i in own)
                parts.append(f'<h3>{escape(theme.name)}</h3><ul class="cols">{items}</ul>')
    return "".join(parts)


def _body(ed: Edition, i: Indicator, figure: MapFigure) -> str:
    additive = i.aggregation.kind != "geen"
    trend = trend_of(ed, i)
    tensions = ed.definitions.tensions(i.id)
    items = [("kaart-kop", "Kaart"), ("regios", "De elf regio’s")]
    items += [
        ("trend", "Door de jaren"),
        ("uitleg", "Uitleg"),
        ("methode", "Hoe dit cijfer tot stand komt"),
        ("downloads", "Downloads"),
    ]
    year = figure.numbered[0].year if figure.numbered else figure.rows[0].year
    strips = [ed.composer.strip(i, r, year, BENCHMARK) for r in ed.definitions.regions]
    regions = (
        f"{html.marks_legend('regio', figure.benchmark, figure.numbered)}{html.region_table(figure, strips, i.id)}"
    )
    same = [x for x in shown(ed) if x.theme == i.theme]
    row = [(links.indicator(x.id), x.full_name) for x in same]
    blank = "" if additive else '<p class="notice">Dit cijfer bestaat niet voor een regio; u ziet de gemeenten.</p>'
    return (
        f'<p class="lead">{escape(figure.headline)}. {escape(figure.lead)}</p>{blank}{contents(items)}'
        f'<h2 id="kaart-kop">Kaart</h2>{html.legend(figure)}{drawing.country_map(figure, ed.shapes)}'
        '<p class="xs mut">Donkere lijn: grens van een regio. Grijs: buurlanden, geen cijfer. '
        f"{html.class_rule(figure)}</p>{folded('Alle cijfers in een tabel', html.table(figure.table(), figure.title))}"
        f'<h2 id="regios">De elf regio’s op een rij</h2>{regions}{_lines(ed, i, trend)}'
        f'<h2 id="uitleg">Uitleg</h2>{html.explanation(i, "uitleg", tensions)}'
        f'<h2 id="methode">Hoe dit cijfer tot stand komt</h2>{_entry(ed, i)}'
        f'<h2 id="downloads">Downloads</h2>{figure_links(i, figure, trend)}{html.source_line(figure)}'
        f'<h2>Meer over dit thema</h2><ul class="cols">{_others(same, i)}</ul>'
        f"{neighbours(*beside(row, links.indicator(i.id)), 'Andere cijfers van dit thema')}"
    )


def _others(same: list[Indicator], own: Indicator) -> str:
    return "".join(f"<li>{to(links.indicator(x.id), x.full_name)}</li>" for x in same if x is not own)


def _entry(ed: Edition, i: Indicator) -> str:
    """Every choice behind the figure; its heading is the one of this part of the page."""
    told = method_html.entry(compose_entry(ed.definitions, ed.snapshot, i, ed.measured))
    return told.replace(f"<h2>{escape(i.name)}</h2>", "", 1)


def trend_of(ed: Edition, i: Indicator) -> TrendFigure | None:
    """Lines over the years with the regions that are highest and lowest in the last one; None without lines."""
    if i.id not in ed.trends:
        ed.trends[i.id] = _composed(ed, i)
    return ed.trends[i.id]


def _composed(ed: Edition, i: Indicator) -> TrendFigure | None:
    if i.aggregation.kind == "geen" or len(ed.snapshot.years(i.id)) < 2:
        return None
    year = max(asm.years_for(ed.snapshot, i, [r.id for r in ed.definitions.regions]), default=0)
    values = [(asm.value_of(ed.snapshot, i, r.id, year).value, r) for r in ed.definitions.regions] if year else []
    known = sorted(((v, r) for v, r in values if not math.isnan(v)), key=lambda pair: pair[0])
    ends = [known[-1][1], known[0][1]] if len(known) > 1 else [r for _, r in known]
    if not ends:
        return None
    figure = ed.composer.trend(i, ends, BENCHMARK)
    return figure if len({r.year for s in figure.series for r in s.rows if not math.isnan(r.value)}) > 1 else None


def _lines(ed: Edition, i: Indicator, figure: TrendFigure | None) -> str:
    """The lines with what interrupts them; why there are none where that is so."""
    head = '<h2 id="trend">Door de jaren</h2>'
    if figure is None:
        years = ed.snapshot.years(i.id)
        why = f"Van dit cijfer is er één jaar ({years[-1]}): te weinig voor een lijn."
        if i.aggregation.kind == "geen":
            why = f"Dit cijfer bestaat niet voor een regio. {i.aggregation.reason}"
        elif len(years) > 1:
            why = "Te weinig regio’s hebben dit cijfer in meer dan één jaar: een lijn is er niet."
        return f'{head}<p class="notice">{escape(why)}</p>'
    breaks = "".join(
        f'<p class="sm"><b>Breuk tussen {html.year_before(figure, year)} en {year}.</b> {escape(reason)}</p>'
        for year, reason in figure.breaks
    )
    return (
        f"{head}<p>{escape(figure.sentence)}</p>{html.lines_legend(figure)}"
        f'{drawing.lines(figure)}{breaks}<p class="xs mut">In kleur: de regio’s met het hoogste en het laagste cijfer van '
        "nu. Grijze lijnen: de andere regio’s. Zwart: Nederland.</p>"
        f"{folded('Alle jaren in een tabel', html.table(figure.table(), figure.title))}"
    )
