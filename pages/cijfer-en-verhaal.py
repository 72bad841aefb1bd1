"""Cijfer en verhaal: every finding held against the figures, by theme and region; contradictions first."""

from html import escape

import streamlit as st

from monitor.assessment import benchmark_id
from monitor.dialogue.matrix import ORDER
from monitor.screens import number_voice_html as html
from monitor.screens.number_voice import PAGE, WHY, compose_number_voice
from ui import controls, downloads, frame, own
from ui.data import voiced

with frame.page(PAGE) as (d, state):
    held = voiced(d, d.key, benchmark_id(state.compare))
    content = compose_number_voice(d.definitions, d.snapshot, held, state)
    region = d.definitions.region(state.regions[0]) if state.regions else None
    where = f" in {region.spoken}" if region else ""
    frame.html(f'<h1>Waar cijfer en verhaal botsen{escape(where)}</h1><p class="lead">{escape(content.lead)}</p>')

    columns = st.columns(3)
    with columns[0]:
        controls.choose_region_or_all(d.definitions, state)
    with columns[1]:
        controls.choose_theme(d.definitions, state)
    with columns[2]:
        controls.choose_benchmark(state)
    frame.html(f'<p class="sm">{escape(WHY)}</p>')
    frame.html(html.legend())

    if region is None:
        frame.html(html.clashes(content.clashes, d.definitions, state))
        if content.agreed:
            title = html.heading("bevestigen", len(content.agreed))
            frame.folded(title, "bevestigd", lambda: html.clashes(content.agreed, d.definitions, state))
    else:
        for verdict in ORDER:
            if content.counts[verdict]:
                title = html.heading(verdict, content.counts[verdict])
                if verdict == "meten niet":
                    frame.folded(title, "niet-gemeten", lambda: html.told(content, region, "meten niet"))
                else:
                    frame.html(f"<h2>{escape(title)}</h2>{html.told(content, region, verdict)}")
        own.section(d, region, benchmark_id(state.compare))

    frame.html(
        "<h2>Alle thema’s en regio’s</h2><p>Per vak: hoeveel bevindingen de cijfers tegenspreken, bevestigen of niet "
        "meten. Thema’s met de meeste tegenspraak staan bovenaan. Een bevinding telt bij elk van haar thema’s.</p>"
    )
    frame.html(html.table(content.lines, d.definitions, state))
    frame.html(html.remainder(content))
    downloads.take_list(content.figure)
