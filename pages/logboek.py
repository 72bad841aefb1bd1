"""Logboek: what regions tried, what they learned and what changes; to read for everybody, to write when signed in."""

from ui import frame, identity, logbook

with frame.page("logboek") as (d, state):
    frame.html(
        '<h1>Wat regio’s proberen en leren</h1><p class="lead">In het logboek schrijft een regio op wat is geprobeerd, '
        "wat daarvan is geleerd en wat er verandert. Zo is later te zien waarom een keuze is gemaakt.</p>"
    )
    me = identity.box(d.definitions)
    logbook.page(d, state, me)
