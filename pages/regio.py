"""Regio: number and voice of one region side by side, per goal."""

from html import escape

import streamlit as st

from monitor.assessment import benchmark_id
from monitor.figures.html import marks_legend, tension_mark
from monitor.logbook.store import counts_for
from monitor.screens import likeness_html, voices_html
from monitor.screens import region_html as html
from ui import controls, downloads, frame, own
from ui.data import alike, region_page
from ui.region_map import draw

# So many findings stand beside a figure; the others are behind a line that counts them.
MOST = 2


def in_columns(voices, region):
    """Findings without a figure of their own, in two columns that keep their order on a phone."""
    return f'<div class="voices">{voices_html.voices(voices, region)}</div>'


with frame.page("regio", default_regions=("achterhoek",)) as (d, state):
    region = d.definitions.region(state.regions[0])
    content = region_page(d, d.key, region.id, benchmark_id(state.compare))

    left, right = st.columns([1.35, 1], gap="large")
    with left:
        one, two = st.columns(2)
        with one:
            controls.choose_region(d.definitions, state)
        with two:
            controls.choose_benchmark(state)
        frame.html(f"<h1>{escape(region.name)}</h1>")
        frame.html(f'<p class="lead">{escape(content.summary)}</p>')
        frame.html(f"<p><b>{escape(content.inhabitants)}</b> in {len(region.codes)} gemeenten</p>")
        frame.html(html.chips(region, content.population))
        frame.html(html.grounds(region))
    with right:
        draw(d, region)
        frame.html(html.counts(content.counts, region.name, content.benchmark))
        frame.html(html.onward(region, state))
        noted = counts_for(region.id)
        frame.html(html.log_line(noted.total if noted else None, region))
        frame.html(likeness_html.links(alike(d, d.key, region.id)))

    frame.html(
        "<h2>Cijfer en stem naast elkaar</h2><p>Links staat wat de cijfers zeggen, rechts wat er is "
        "gezegd of opgeschreven: in gesprekken, interviews en stukken van regio en Rijk. Soms klopt dat met elkaar, "
        "soms niet, en soms kan geen enkel cijfer het vangen. In de lijntjes is donkerblauw "
        f"{escape(region.spoken)} en grijs {escape(content.benchmark)}.</p>"
    )
    frame.html(marks_legend(region.name, content.benchmark, content.rows))
    for goal in content.goals:
        frame.html(html.goal_heading(goal.goal))
        for pair in goal.pairs:
            numbers, voices = st.columns([1.85, 1], gap="large")
            with numbers:
                below = html.asides(pair.groups, pair.candidates, pair.figure.region)
                method = f"methode?indicator={pair.indicator.id}"
                i = pair.indicator
                entries = noted.indicators.get(i.id, 0) if noted else 0
                mark = f"{tension_mark(i, pair.tension)}{html.log_mark(region, i, entries)}"
                frame.html(html.figure_block(pair.figure, pair.spark, pair.how, method, below, mark))
                downloads.details_on_demand(pair.figure, html.to_log(region, i))
            with voices:
                frame.html(voices_html.voices(pair.voices, region, MOST) or html.no_voice())
            frame.html('<div class="rule"></div>')
        frame.html(html.also(goal.also, f"kaart?regio={region.id}&indicator="))
        if goal.others:
            frame.html("<h3>Ook gezegd bij dit doel</h3>")
            frame.html(in_columns(goal.others, region))
    if content.common:
        frame.html(f'<div class="gh"><h2>Gezegd over {escape(region.spoken)}, over alle doelen heen</h2></div>')
        frame.html(in_columns(content.common, region))
    if content.everywhere:
        count = len(content.everywhere)
        frame.folded(
            f"Gezegd over alle regio’s samen ({count})", "overal", lambda: in_columns(content.everywhere, region)
        )
    own.section(d, region, benchmark_id(state.compare))
