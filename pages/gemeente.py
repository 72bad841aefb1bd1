"""Gemeente: all figures of one of the 342 municipalities, beside its region and the Netherlands."""

from html import escape

import streamlit as st

from monitor.assessment import benchmark_id
from monitor.notation import number
from monitor.screens import municipality_html as html
from monitor.screens.municipality import JUDGED, compose_municipality
from ui import controls, downloads, frame

NO_REGION = (
    "Deze gemeente telt in geen van de elf regio’s mee: vergelijkbare regio’s zijn er niet voor. U ziet Nederland."
)


def show(content):
    """Everything of one municipality, per goal."""
    frame.html(f"<h1>{escape(content.name)}</h1>")
    frame.html(f"<p><b>{number(content.inhabitants, 0)} inwoners</b></p>{html.belongs(content)}")
    frame.html(f'<p class="sm mut">{JUDGED} Elk cijfer is van het laatste jaar dat er voor deze gemeente is.</p>')
    region = content.region.name if content.region else ""
    for goal, themes in content.goals:
        frame.html(html.goal_table(goal, themes, region, "kaart?indicator=", content.benchmark))
    if content.without:
        without = escape(", ".join(content.without))
        frame.html(f'<p class="sm mut"><b>Geen cijfer voor deze gemeente:</b> {without}.</p>')
    frame.html('<h2 class="noprint">Meenemen</h2>')
    downloads.take_list(content.figure)
    downloads.source(content.figure)


with frame.page("gemeente") as (d, state):
    if state.municipality is None:
        frame.html('<h1>Kies een gemeente</h1><p class="lead">Alle cijfers van één gemeente op een rij.</p>')
        controls.choose_municipality(d, state)
    else:
        one, two = st.columns(2)
        with one:
            controls.choose_municipality(d, state)
        with two:
            controls.choose_benchmark(state)
        held = benchmark_id(state.compare)
        content = compose_municipality(d.definitions, d.snapshot, d.composer, state.municipality, held)
        if held == "vergelijkbaar" and content.region is None:
            frame.html(f'<p class="notice">{NO_REGION}</p>')
        show(content)
