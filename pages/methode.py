"""Methode: how every figure came about; each figure links to its own entry here."""

import streamlit as st

from monitor.screens import method_html as html
from monitor.screens.method import compose_entry
from ui import controls, frame
from ui.data import yardsticks
from ui.texts import judgement_examples, method_text

with frame.page("methode") as (d, state):
    frame.html(
        '<h1>Hoe de cijfers tot stand komen</h1><p class="lead">Van elk cijfer staat hier wat het is, hoe het is '
        "opgeteld, wat het niet laat zien en waar het vandaan komt.</p>"
    )
    controls.choose_indicator(d.definitions, state, empty="Kies een cijfer")
    measured = yardsticks(d, d.key)
    if state.indicator:
        indicator = d.definitions.indicator(state.indicator)
        frame.html(html.entry(compose_entry(d.definitions, d.snapshot, indicator, measured)))
    frame.html("<h2>Alle cijfers</h2>")
    frame.html(html.all_figures(d.definitions, d.snapshot))
    how, more = method_text()
    before, examples = judgement_examples()
    frame.document(how)
    frame.document(before)
    with st.expander("Tabellen met voorbeelden"):
        frame.document(examples)
    frame.document(more)
    frame.html(
        "<h2>Nagerekend</h2><p>Wij tellen gemeenten op tot provincies en GGD-regio’s en leggen dat naast wat CBS "
        "daar zelf voor publiceert. Zo is te zien hoe ver onze optelling ernaast kan zitten. Meegeteld zijn gebieden "
        "waar ten minste 95% van het gewicht een cijfer heeft.</p>"
    )
    frame.html(html.checked(measured))
