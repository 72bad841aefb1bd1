"""Kaart: one indicator for the whole country, municipalities or regions, with the neighbours in view."""

from html import escape

import streamlit as st

from monitor.figures import html, screen
from ui import controls, downloads, frame
from ui.data import map_spec, strip_spec

with frame.page("kaart", default_indicator="afstand-ziekenhuis") as (d, state):
    indicator = d.definitions.indicator(state.indicator)
    additive = indicator.aggregation.kind != "geen"
    level = state.level if additive and state.level else "gemeenten"
    figure = map_spec(d, d.key, indicator.id, state.year, level, state.compare is not None)

    frame.html(f'<h1>{escape(figure.headline)}</h1><p class="lead">{escape(figure.lead)}</p>')
    if state.level == "regios" and not additive:
        frame.html(f'<p class="notice">{escape(indicator.name)} bestaat niet voor een regio; u ziet de gemeenten.</p>')
    if state.compare and not figure.compared:
        frame.html('<p class="notice">Voor Nederland is er geen cijfer; u ziet de waarde zelf.</p>')

    left, right = st.columns([1, 3.3], gap="large")
    with left:
        controls.choose_indicator(d.definitions, state)
        years = [str(y) for y in reversed(d.known.years[indicator.id])]
        controls.choose(
            "Jaar", "w-jaar", years, str(figure.numbered[0].year), str,
            lambda y: state.but(year=None if y == years[0] else int(y)),
        )  # fmt: skip
        if additive:
            names = {"gemeenten": "Gemeenten", "regios": "Regio’s"}
            controls.choose(
                "Niveau", "w-niveau", list(names), level, lambda n: names[n],
                lambda n: state.but(level=None if n == "gemeenten" else n), radio=True,
            )  # fmt: skip
            shown = {"waarde": "Waarde", "nederland": "Verschil met Nederland"}
            controls.choose(
                "Kleur", "w-kleur", list(shown), "nederland" if figure.compared else "waarde", lambda c: shown[c],
                lambda c: state.but(compare=None if c == "waarde" else "nederland"), radio=True,
            )  # fmt: skip
        frame.html(html.explanation(indicator, "only-wide"))
    with right:
        frame.html(html.legend(figure))
        with st.container(key="kaartbeeld"):
            drawn = screen.map_figure(figure, d.outlines, d.geojson, d.definitions)
            screen.number_labels(drawn, figure, d.outlines)
            st.plotly_chart(drawn, theme=None, config=screen.CONFIG, key="kaart", alt=figure.alt, height="stretch")
        frame.html(
            '<p class="xs mut">Donkere lijn: grens van een regio. Grijs: buurlanden, geen cijfer. '
            f"{html.class_rule(figure)}</p>"
        )
        frame.html(html.explanation(indicator, "only-small"))

    frame.html("<h2>De elf regio’s op een rij</h2>")
    frame.html(html.marks_legend("regio", "Nederland", figure.numbered))
    strips = [
        strip_spec(d, d.key, indicator.id, r.id, figure.numbered[0].year, "nederland") for r in d.definitions.regions
    ]
    frame.html(html.region_table(figure, strips, f"regio?indicator={indicator.id}&regio="))

    frame.html("<h2>Meenemen</h2>")
    frame.html('<p class="sm mut">Elk bestand bevat de kaart of de cijfers, het jaar, de bron en de uitleg.</p>')
    downloads.take_along(figure, d.outlines)
    with st.expander("Alle cijfers in een tabel"):
        downloads.table_twin(figure)
    downloads.source(figure)
