"""Kaart: one indicator for the whole country, municipalities or regions, with the neighbours in view."""

from html import escape

import streamlit as st

from monitor import assessment as asm
from monitor.figures import html
from ui import controls, downloads, frame, map_view
from ui.data import map_spec, strip_specs

with frame.page("kaart", default_indicator="afstand-ziekenhuis") as (d, state):
    controls.need_figures(d, state)
    indicator = d.definitions.indicator(state.indicator)
    additive = indicator.aggregation.kind != "geen"
    level = state.level if additive and state.level else "gemeenten"
    figure = map_spec(d, d.key, indicator.id, state.year, level, state.compare)
    year = figure.numbered[0].year
    regional_years = asm.years_for(d.snapshot, indicator, [r.id for r in d.definitions.regions])
    tensions = d.definitions.tensions(indicator.id)
    empty = additive and level == "regios" and year not in regional_years

    if state.absent:
        frame.html(f"<h1>{escape(indicator.name)}</h1>")
    else:
        frame.html(f'<h1>{escape(figure.headline)}</h1><p class="lead">{escape(figure.lead)}</p>')
    if state.level == "regios" and not additive:
        frame.html(f'<p class="notice">{escape(indicator.name)} bestaat niet voor een regio; u ziet de gemeenten.</p>')
    if state.compare and not figure.compared:
        frame.html('<p class="notice">Een verschil is er bij dit cijfer niet; u ziet de waarde zelf.</p>')

    left, right = st.columns([1.2, 3.3], gap="large")
    with left:
        controls.choose_indicator(d.definitions, state)
        latest, *earlier = [str(y) for y in reversed(d.known.years[indicator.id])]
        asked = [str(state.absent)] if state.absent else []
        controls.choose(
            "Jaar", "w-jaar", [*asked, latest, *earlier], asked[0] if asked else str(year),
            lambda y: f"{y} (geen cijfer)" if y in asked else y,
            lambda y: state.but(year=None if y == latest else int(y)),
        )  # fmt: skip
        if additive:
            names = {"gemeenten": "Gemeenten", "regios": "Regio’s"}
            controls.choose(
                "Niveau", "w-niveau", list(names), level, lambda n: names[n],
                lambda n: state.but(level=None if n == "gemeenten" else n), radio=True,
            )  # fmt: skip
        if additive and indicator.aggregation.kind != "som":
            shown = {"waarde": "Waarde", **{b: f"Verschil met {name}" for b, name in asm.BENCHMARK_NAMES.items()}}
            controls.choose(
                "Kleur", "w-kleur", list(shown), state.compare if figure.compared else "waarde",
                lambda c: shown[c], lambda c: state.but(compare=None if c == "waarde" else c),
            )  # fmt: skip
        frame.html(html.explanation(indicator, "only-wide", tensions))
        controls.go_to_municipality(d)
    with right:
        if state.absent:
            have = d.known.years[indicator.id]
            text = f"Over {state.absent} heeft dit cijfer geen waarde."
            map_view.no_figures(text, state.but(level=state.level), have, state.absent)
        elif empty:
            text = f"Over {year} heeft geen van de elf regio’s een waarde: te weinig gemeenten hebben een cijfer."
            map_view.no_figures(text, state.but(level=level), regional_years, year)
            address = escape(state.but(level=None).link(), quote=True)
            frame.html(f'<p><a href="{address}" target="_self">Bekijk de gemeenten die wel een cijfer hebben</a></p>')
        else:
            map_view.draw(d, figure)
        frame.html(html.explanation(indicator, "only-small", tensions))

    if not state.absent:
        frame.html("<h2>De elf regio’s op een rij</h2>")
        frame.html(html.marks_legend("regio", figure.benchmark, figure.numbered))
        held = asm.benchmark_id(state.compare)
        strips = strip_specs(d, d.key, indicator.id, year, held)
        frame.html(html.region_table(figure, strips, indicator.id, asm.in_link(held)))

        frame.html('<h2 class="noprint">Meenemen</h2>')
        frame.html(
            '<p class="sm mut noprint">Elk bestand bevat de kaart of de cijfers, het jaar, de bron en de uitleg.</p>'
        )
        downloads.take_along(figure, d.outlines)
        downloads.table_on_demand(figure)
        downloads.source(figure)
    link = f'<a href="methode?indicator={indicator.id}" target="_self">Hoe dit cijfer tot stand komt</a>'
    frame.html(f'<p class="sm noprint">{link}</p>')
