"""Vergelijken: one region among the eleven, on one scale for all figures, with what stands out."""

from html import escape

import streamlit as st

from monitor import assessment as asm
from monitor import sentences
from monitor.profile import tally
from monitor.screens import compare_html as html
from monitor.screens import likeness_html
from monitor.screens.compare import PLACE_RULE, chosen_indicators, compose_comparison
from monitor.screens.likeness import compose_resemblance
from monitor.screens.striking import compose_striking
from ui import controls, downloads, frame
from ui.data import alike, likeness, small_multiples, standings

with frame.page("vergelijken", default_regions=("achterhoek",)) as (d, state):
    region = d.definitions.region(state.regions[0])
    benchmark = asm.benchmark_id(state.compare)
    indicators = chosen_indicators(d.definitions, state)
    years = sorted({y for i in indicators for y in d.known.years[i.id]})
    if state.since and state.since not in years:
        told = f"Over {state.since} heeft geen van deze cijfers een waarde; u ziet de hele reeks."
        frame.html(f'<p class="notice" role="status">{told}</p>')
        state = state.but(since=None)
    held = standings(d, d.key, benchmark, state.since)
    content = compose_comparison(d.composer, held, indicators, state)

    frame.html(f"<h1>{escape(region.name)} naast de andere regio’s</h1>")
    frame.html(f'<p class="lead">{escape(content.summary)}</p>')
    columns = st.columns(5)
    with columns[0]:
        controls.choose_region(d.definitions, state)
    with columns[1]:
        controls.choose_benchmark(state)
    with columns[2]:
        controls.choose_figures(d.definitions, state)
    with columns[3]:
        controls.choose_since(state, years)
    with columns[4]:
        controls.choose_order(state)

    frame.html(f"<h2>Wat opvalt in {escape(region.spoken)}</h2>")
    found = compose_striking(d.definitions, d.snapshot, region, held[region.id], benchmark, state.since)
    frame.html(html.striking(found, region, content.benchmark, content.compare))

    frame.html(
        "<h2>Alle regio’s op één schaal</h2><p>Elke stip is een regio. De afstand tot de streep is het verschil met "
        f"{escape(content.every)}, gedeeld door de spreiding tussen de 40 COROP-gebieden. Zo zijn cijfers met "
        "verschillende eenheden naast elkaar te zetten.</p>"
    )
    if content.rows:
        frame.html(html.legend(content))
        frame.html(html.table(content, () if state.order or state.theme or state.goal else d.definitions.goals))
        frame.html(f'<p class="xs mut">{escape(PLACE_RULE)}</p>')
        frame.html(html.left_out(content))
        frame.html('<h2 class="noprint">Meenemen</h2>')
        downloads.take_list(content.figure)
        downloads.table_on_demand(content.figure)
        downloads.source(content.figure)
        frame.html(
            f"<h2>Door de jaren</h2><p>Donkerblauw: {escape(region.spoken)}. Grijs: de andere regio’s. Zwart: "
            "Nederland. Elk vakje heeft zijn eigen schaal. Stippellijn: een breuk.</p>"
        )
        shown = tuple(r.indicator.id for r in content.rows)
        frame.html(html.multiples(small_multiples(d, d.key, shown, region.id)))
        counted = tally(standings(d, d.key, "nederland", None))
        told = sentences.trends_by_chance(counted.tested, counted.shown, counted.chance)
        frame.html(f'<p class="xs mut">{escape(told)}</p>')
    else:
        frame.html('<p class="notice">Voor deze keuze zijn er geen regiocijfers. Kies andere cijfers.</p>')

    frame.html("<h2>Vergelijkbare regio’s</h2>")
    frame.html(likeness_html.section(alike(d, d.key, region.id)))
    with st.expander("Hoe de elf regio’s op elkaar lijken"):
        frame.html(likeness_html.matrix(compose_resemblance(d.definitions, d.snapshot, likeness(d, d.key))))
