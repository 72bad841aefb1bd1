"""Regiodialoog: everything that was said, as short cards with filters; the count is always in view."""

from monitor.assessment import benchmark_id
from monitor.dialogue.browse import choose
from monitor.dialogue.hold import hold
from monitor.notation import NBSP
from monitor.screens import voices_html as html
from ui import controls, frame

with frame.page("regiodialoog") as (d, state):
    frame.html(
        '<h1>Wat er gezegd is</h1><p class="lead">Bevindingen uit de regiodialogen van 2024 en uit stukken van regio '
        "en Rijk, in eigen woorden. Kies een regio om te zien wat de cijfers erbij zeggen.</p>"
    )
    controls.finding_filters(d, state)
    all_findings = d.definitions.findings
    found = choose(
        all_findings,
        kind=state.kind,
        regions=state.regions,
        theme=state.theme,
        goal=state.goal,
        search=state.search,
    )
    frame.html(f'<p role="status"><b>{len(found)} van {len(all_findings)}{NBSP}bevindingen</b></p>')
    if not found:
        frame.html(
            '<p class="notice">Geen bevinding past bij deze keuze. Haal een filter weg of zoek op een ander woord.</p>'
        )
    region = d.definitions.region(state.regions[0]) if state.regions else None
    if region:
        controls.choose_benchmark(state)
        held = [(f, hold(d.definitions, d.snapshot, f, region, benchmark_id(state.compare))) for f in found]
        cards = html.voices(held, region)
    else:
        cards = "".join(html.card(f, d.definitions) for f in found)
    frame.html(f'<div class="voices">{cards}</div>')
