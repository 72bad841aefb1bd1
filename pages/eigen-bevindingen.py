"""Eigen bevindingen: what regional offices added themselves, apart from ours, and the way to add more."""

from monitor.assessment import benchmark_id
from monitor.dialogue.browse import choose
from monitor.notation import NBSP
from monitor.screens import own_html
from ui import anchors, controls, frame, own

with frame.page("eigen-bevindingen") as (d, state):
    # The cards are held against the figures of one region; a link from Trends may carry several.
    state = state.but(regions=state.regions[:1])
    frame.html(
        '<h1>Eigen bevindingen</h1><p class="lead">Wat regionale bureaus zelf toevoegen uit hun gesprekken, panels en '
        "bezoeken. Zij staan apart van Regiodialoog; het bureau staat er zelf voor in.</p>"
    )
    found = own.own(d)
    frame.html(own_html.problems(found.problems))
    region = d.definitions.region(state.regions[0]) if state.regions else None
    if not found.findings:
        frame.html(own_html.empty(region.name if region else ""))
    own.add(d, found)
    if found.findings:
        controls.finding_filters(d, state)
        chosen = choose(
            found.findings,
            kind=state.kind,
            regions=state.regions,
            theme=state.theme,
            goal=state.goal,
            search=state.search,
        )
        count = f"{len(chosen)} van {len(found.findings)}{NBSP}eigen bevindingen"
        frame.html(f'<p role="status"><b>{count}</b></p>')
        if region:
            controls.choose_benchmark(state)
        if not chosen:
            frame.html('<p class="notice">Geen eigen bevinding past bij deze keuze. Haal een filter weg.</p>')
        frame.html(own.cards(d, chosen, region, benchmark_id(state.compare)))
    anchors.follow()
