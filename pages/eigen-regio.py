"""Eigen regio: compose a region from municipalities, with all its figures at once."""

from html import escape

import streamlit as st

from monitor import composed as cmp
from monitor.assessment import benchmark_id
from monitor.screens import composed_html as html
from monitor.screens import region_html, voices_html
from monitor.screens.composed import DEFAULT, PAGE
from monitor.screens.composed_text import NOBODY
from ui import controls, downloads, frame
from ui.composed import choose_members, choose_on_map, choose_start, composed_page


def compose(d, state, c, content):
    """The controls, in a list and on a map."""
    left, right = st.columns([1.1, 1], gap="large")
    with left:
        one, two = st.columns(2)
        with one:
            choose_start(d, state, c)
        with two:
            controls.choose_benchmark(state)
        choose_members(d, state, c)
        frame.html(html.cases(d.definitions, c, state.compare))
        frame.html(html.grounds(d.definitions, c))
        if content:
            frame.html(region_html.counts(content.counts, content.name, content.benchmark, "cijfers"))
    with right:
        choose_on_map(d, state, c, cmp.name_of(c, d.snapshot.names, d.definitions.compositions))


def sensitivity(content):
    """Which judgements would change with one municipality more or less."""
    frame.html("<h2>Wat als er één gemeente bij komt?</h2>")
    frame.html(html.joining(content.joining, content.judged, content.benchmark))
    if content.leaving:
        with st.expander("En als er één gemeente uit gaat?"):
            frame.html(html.sensitivity(content.leaving, content.judged))


def show(c, content):
    """Everything of a composition."""
    sensitivity(content)
    frame.html(f"<h2>Alle cijfers</h2>{html.reading_guide(content)}")
    if content.said:
        frame.html(html.said_about(content, c.start.id, c.start.spoken))
    for goal, themes in content.goals:
        frame.html(html.goal_table(content, goal, themes))
        said = content.voices.get(goal.id, ())
        if said:
            frame.html(f"<h3>Gezegd over {escape(c.start.spoken)} bij dit doel</h3>")
            frame.html(f'<div class="voices">{voices_html.voices(said, c.start)}</div>')
    frame.html('<h2 class="noprint">Meenemen</h2>')
    downloads.take_list(content.figure)
    downloads.source(content.figure)


with frame.page(PAGE) as (d, state):
    composition = cmp.composed_of(d.definitions, state, DEFAULT)
    if composition.codes:
        start = composition.start.id if composition.start else ""
        page = composed_page(d, d.key, start, composition.codes, benchmark_id(state.compare))
        frame.html(f'<h1>{escape(page.name)}</h1><p class="lead">{escape(page.summary)}</p>')
        frame.html(html.facts(page))
        compose(d, state, composition, page)
        show(composition, page)
    else:
        frame.html(f'<h1>Eigen regio</h1><p class="lead">{NOBODY}</p>')
        compose(d, state, composition, None)
