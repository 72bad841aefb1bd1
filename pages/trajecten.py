"""Lopende trajecten: the register of running programmes of a region, per goal and on a timeline."""

from html import escape

import streamlit as st

from monitor.dates import today
from monitor.screens import programmes_html as html
from monitor.screens.programmes import compose_programmes
from ui import anchors, controls, downloads, frame

with frame.page("trajecten", default_regions=("achterhoek",)) as (d, state):
    region = d.definitions.region(state.regions[0])
    content = compose_programmes(d.definitions, region, d.snapshot.edition, today())
    controls.choose_region(d.definitions, state)
    frame.html(f"<h1>Lopende trajecten in {escape(region.spoken)}</h1>")
    frame.html(f'<p class="lead">{escape(content.lead)}</p>')
    if content.figure:
        frame.html(
            f'<p class="notice"><b>{escape(content.dated)}</b> Wat daarna is gebeurd, staat er niet in. De regio houdt '
            "het register zelf bij. Doelen en thema’s zijn onze eigen lezing.</p>"
        )
        frame.html(html.counts(content.counts))
        frame.html(f"<p>{escape(content.added)} {escape(content.no_total)}</p>")
    else:
        frame.html(html.empty(region))

    frame.html("<h2>Op de tijdlijn</h2>")
    frame.html(html.timeline(content.timeline))
    frame.html(html.undated(content.timeline.undated))
    with st.expander("Waar staan deze data, en wat houden zij in?"):
        frame.html(html.calendar(content.calendar))
    frame.html("<h3>Wat terugkomt, en wat lang duurt</h3>")
    frame.html(html.rhythm(content.rhythm))

    if content.figure:
        frame.html(html.ministries(d.definitions.programmes_for(region.id)))
        for block in content.goals:
            frame.html(html.heading(block))
            frame.html(html.goal_table(block, region, content.today))
        frame.html("<h2>Het register meenemen</h2>")
        downloads.take_list(content.figure)
        downloads.table_on_demand(content.figure)
        if content.amounts:
            frame.html(f"<h3>Alleen de bedragen</h3><p>{escape(content.no_total)}</p>")
            downloads.take_list(content.amounts)
            downloads.table_on_demand(content.amounts)
        with st.expander("Hoe houdt een regio het register bij?"):
            frame.html(html.how_to_fill(region))
    frame.html(f'<p class="noprint">Verder: {html.onward(region)}</p>')
    anchors.follow()
