"""Overzicht: what stands out in the 11 regions, a pair of figure and voice per goal, and all regions in rows."""

from html import escape

import streamlit as st

from monitor.assessment import benchmark_id
from monitor.screens import overview_html as html
from ui import controls, frame
from ui.data import overview, small_map

with frame.page("overzicht") as (d, state):
    content = overview(d, d.key, benchmark_id(state.compare))
    left, right = st.columns([1.3, 1], gap="large")
    with left:
        frame.html(f"<h1>{escape(content.headline)}</h1>")
        frame.html(f'<p class="lead">{escape(content.lead)}</p>')
        frame.html(
            "<p>Deze monitor zet naast elkaar wat cijfers laten zien en wat mensen in de regio vertelden. "
            "Wat niemand weet, heet hier onbekend.</p>"
        )
        controls.go_to_region(d.definitions)
        controls.go_to_municipality(d)
    with right:
        frame.html(small_map(d, d.key))

    frame.html(
        '<h2>Wat opvalt</h2><p class="mut">Boven het cijfer, daaronder wat er in de gesprekken is gezegd. '
        "Elk teken is één regio.</p>"
    )
    columns = st.columns(len(content.highlights), gap="large")
    for column, one in zip(columns, content.highlights, strict=True):
        with column:
            frame.html(html.highlight(one))

    narrow, _ = st.columns([1, 2.2])
    with narrow:
        controls.choose_benchmark(state)
    frame.html(
        "<h2>Elf regio’s, drie doelen</h2><p>Elk teken is één cijfer. Hoe verder van de streep, hoe groter het "
        f"verschil met {escape(content.benchmark)}. Van het grote teken staat de waarde eronder.</p>"
    )
    frame.html(html.legend(content.benchmark))
    frame.html(html.table(content, d.definitions.goals))
    with st.expander("Welke cijfers zijn dit?"):
        frame.html(html.explained(content, d.definitions.goals))
