"""Trends: chosen regions in colour, the others thin, the Netherlands in black."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from monitor.assessment import benchmark_id
from monitor.definitions import Finding, Indicator
from monitor.figures import html
from monitor.figures.spec import TrendFigure
from monitor.figures.style import SERIES
from ui import controls, downloads, frame, lines
from ui.data import trend_spec


def explain(text: str, indicator: Indicator) -> None:
    """Say why there are no lines, and where the values are."""
    link = f'<a href="kaart?indicator={indicator.id}" target="_self">Bekijk dit cijfer op de kaart</a>'
    frame.html(f'<p class="notice">{escape(text)} {link}.</p>')


def draw(figure: TrendFigure) -> None:
    """The lines, and below them what interrupts them."""
    lines.draw(figure)
    for year, reason in figure.breaks:
        frame.html(
            f'<p class="sm"><b>Breuk tussen {html.year_before(figure, year)} en {year}.</b> {escape(reason)}</p>'
        )
    frame.html(
        '<p class="xs mut">Grijze lijnen: de andere regio’s. Gekleurd vlak: marge van 95%, waar CBS die geeft.</p>'
    )


def show(figure: TrendFigure, indicator: Indicator, said: Sequence[Finding]) -> None:
    """The figure with what belongs to it and what was said of it; for a single year the values without lines."""
    if len({row.year for row in figure.rows}) > 1:
        draw(figure)
    else:
        explain(f"Van dit cijfer is er één jaar ({figure.rows[0].year}): te weinig voor een lijn.", indicator)
    frame.html(html.tensions(indicator, said))
    frame.html('<h2 class="noprint">Meenemen</h2>')
    downloads.take_along(figure)
    downloads.table_on_demand(figure)
    downloads.source(figure, skip=len(figure.breaks))
    link = f'<a href="methode?indicator={indicator.id}" target="_self">Hoe dit cijfer tot stand komt</a>'
    frame.html(f'<p class="sm noprint">{link}</p>')


with frame.page("trends", default_indicator="vrijwilligerswerk", default_regions=("achterhoek",)) as (d, state):
    controls.need_figures(d, state)
    indicator = d.definitions.indicator(state.indicator)
    most = len(SERIES)
    regions = state.regions[:most]
    several = len(d.known.years[indicator.id]) > 1 and indicator.aggregation.kind != "geen"
    frame.html(f"<h1>{escape(indicator.name)}{' door de jaren' if several else ''}</h1>")
    lead = st.container()

    choose, regions_box, benchmark_box = st.columns([1.1, 1.4, 0.8], gap="medium")
    with choose:
        controls.choose_indicator(d.definitions, state)
    with regions_box:
        controls.choose_regions(d.definitions, state.but(regions=regions), most)
    with benchmark_box:
        controls.choose_benchmark(state)
    if len(state.regions) > most:
        told = f"De link noemt {len(state.regions)} regio’s; de eerste {most} staan in kleur."
        frame.html(f'<p class="notice">{told}</p>')

    if indicator.aggregation.kind == "geen":
        explain(f"{indicator.name} bestaat niet voor een regio. {indicator.aggregation.reason}", indicator)
    else:
        figure = trend_spec(d, d.key, indicator.id, regions, benchmark_id(state.compare))
        with lead:
            if several:
                frame.html(f'<p class="lead">{escape(figure.sentence)}</p>')
        show(figure, indicator, d.definitions.tensions(indicator.id, regions or None))
