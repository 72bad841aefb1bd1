"""Trends: chosen regions in colour, the others thin, the Netherlands in black."""

from html import escape

import streamlit as st

from monitor.assessment import BENCHMARKS
from monitor.figures import html, screen
from monitor.figures.style import SERIES
from ui import controls, downloads, frame
from ui.data import trend_spec

with frame.page("trends", default_indicator="vrijwilligerswerk", default_regions=("achterhoek",)) as (
    d,
    state,
):
    indicator = d.definitions.indicator(state.indicator)
    most = len(SERIES)
    regions = state.regions[:most]
    frame.html(f"<h1>{escape(indicator.name)} door de jaren</h1>")
    heading = st.container()

    choose, regions_box, benchmark_box = st.columns([1.1, 1.4, 0.8], gap="medium")
    with choose:
        controls.choose_indicator(d.definitions, state)
    with regions_box:
        controls.choose_regions(d.definitions, state.but(regions=regions), most)
    with benchmark_box:
        controls.choose_benchmark(state)
    if len(state.regions) > most:
        frame.html(
            f'<p class="notice">De link noemt {len(state.regions)} regio’s; de eerste {most} staan in kleur.</p>'
        )

    benchmark = state.compare if state.compare in BENCHMARKS else "nederland"
    figure = trend_spec(d, d.key, indicator.id, regions, benchmark)
    with heading:
        frame.html(f'<p class="lead">{escape(figure.sentence)}</p>')
    frame.html(f"<h3>{escape(figure.title)}</h3>")
    # Python does not know the width of the screen: both are sent, the stylesheet shows one.
    with st.container(key="trend-breed"):
        st.plotly_chart(screen.trend_figure(figure), theme=None, config=screen.CONFIG, key="trend", alt=figure.alt)
    with st.container(key="trend-smal"):
        frame.html(html.lines_legend(figure))
        small = screen.trend_figure(figure, small=True)
        st.plotly_chart(small, theme=None, config=screen.CONFIG, key="trend-klein", alt=figure.alt)
    for year, reason in figure.breaks:
        frame.html(f'<p class="sm"><b>Breuk in {year}.</b> {escape(reason)}</p>')
    frame.html(
        '<p class="xs mut">Grijze lijnen: de andere regio’s. Gekleurd vlak: marge van 95%, waar CBS die geeft.</p>'
    )

    frame.html("<h2>Meenemen</h2>")
    downloads.take_along(figure)
    with st.expander("Alle cijfers in een tabel"):
        downloads.table_twin(figure)
    downloads.source(figure)
