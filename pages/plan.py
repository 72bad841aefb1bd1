"""Plan voor de regio: the building blocks that the programme asks of a regional plan, on one page."""

from html import escape

import streamlit as st

from monitor.assessment import benchmark_id
from monitor.dates import today
from monitor.screens import plan_html as html
from monitor.screens.plan import compose_plan
from ui import anchors, controls, downloads, frame, own
from ui.data import standings, voiced

with frame.page("plan", default_regions=("achterhoek",)) as (d, state):
    region = d.definitions.region(state.regions[0])
    benchmark = benchmark_id(state.compare)
    held = standings(d, d.key, benchmark, None)[region.id]
    said = voiced(d, d.key, benchmark)
    content = compose_plan(d.definitions, d.snapshot, region, held, said, benchmark, today())
    one, two = st.columns(2)
    with one:
        controls.choose_region(d.definitions, state)
    with two:
        controls.choose_benchmark(state)
    frame.html(f"<h1>Bouwstenen voor het plan voor {escape(region.spoken)}</h1>")
    frame.html(html.lead(content))
    frame.html(html.contents(content))
    frame.html("".join(html.goal(g, content) for g in content.goals))
    frame.html(html.monitoring(content.monitoring, content))
    downloads.take_list(content.monitoring.figure)
    own.section(d, region, benchmark)
    frame.html(html.open_fields())
    frame.html(html.rules(content))
    anchors.follow()
