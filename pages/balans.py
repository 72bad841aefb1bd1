"""Balans: per goal how often regions do better, alike or worse, and why no single score is made of it."""

from html import escape

import streamlit as st

from monitor import assessment as asm
from monitor.figures import html as figures
from monitor.screens import balance_html as html
from monitor.screens.balance import compose_balance
from ui import controls, downloads, frame
from ui.data import standings

with frame.page("balans") as (d, state):
    benchmark = asm.benchmark_id(state.compare)
    held = standings(d, d.key, benchmark, None)
    content = compose_balance(d.definitions, d.composer, held, standings(d, d.key, "nederland", None), benchmark)
    frame.html(f'<h1>Waarom deze monitor geen rapportcijfer geeft</h1><p class="lead">{escape(content.lead)}</p>')
    controls.choose_benchmark(state)

    frame.html(f"<h2>Hoe vaak beter, gelijk of minder goed dan {escape(content.benchmark)}</h2>")
    frame.html(f"<p>{escape(content.counted)} Een regio in de tabel leidt naar de cijfers zelf.</p>")
    frame.html(html.legend(content.benchmark))
    frame.html(html.table(content))
    with st.expander("Wat is niet te beoordelen, en waarom?"):
        frame.html(html.unknown(content.unknown, len(content.lines)))
    downloads.take_list(content.counts)
    downloads.table_on_demand(content.counts)

    frame.html("<h2>Andere gewichten, een andere rangorde</h2>")
    frame.html(f"<p>{escape(content.basis)}</p>")
    frame.html(f'<p class="lead"><b>{escape(content.moved)}</b></p>')
    frame.html(html.places(content))
    frame.html(f'<p class="sm">{escape(content.reach)}</p>')
    with st.expander("Welke cijfers zijn dit?"):
        names = ", ".join(i.name.lower() for i in content.figures)
        frame.html(f'<p class="sm">{escape(names)}.</p>')
    downloads.take_list(content.ranking)

    if content.cancelled:
        frame.html("<h2>Een gemiddelde wist verschillen uit</h2>")
        frame.html(f"<p>{escape(content.cancelled.sentence)}</p>")
        frame.html(html.cancelled(content.cancelled))
        frame.html(
            '<p class="sm mut">Gekozen is, onder de oordelen zonder voorbehoud, het paar dat het verst van Nederland '
            "ligt en gemiddeld toch niet opvalt.</p>"
        )

    frame.html("<h2>Wat er nog meer verdwijnt</h2>")
    frame.html(html.lost(content.lost))
    frame.html(figures.source_line(content.counts))
