"""Regiodialoog: everything that was said, as short cards with filters, or one finding by itself."""

from html import escape

from monitor.assessment import benchmark_id
from monitor.dialogue.browse import choose
from monitor.dialogue.hold import hold
from monitor.figures.html import link
from monitor.notation import NBSP
from monitor.screens import number_voice_html
from monitor.screens import voices_html as html
from monitor.screens.number_voice import PAGE, compose_finding
from monitor.state import State
from ui import controls, frame
from ui.data import voiced


def one(d, state):
    """One finding by itself: what was said, and what the figures say to it in every region."""
    finding = next(f for f in d.definitions.findings if f.id == state.finding)
    benchmark = benchmark_id(state.compare)
    frame.html(f"<h1>{escape(finding.title)}</h1>")
    told = compose_finding(d.definitions, voiced(d, d.key, benchmark), finding, state)
    own = told.own
    frame.html(html.voices([(finding, own.held)], own.region) if own else html.card(finding, d.definitions))
    controls.choose_benchmark(state)
    if told.decided:
        frame.html(f"<h2>Wat de cijfers zeggen, per regio</h2>{number_voice_html.legend()}")
        frame.html(number_voice_html.clashes(told.decided, d.definitions, State(PAGE, compare=state.compare)))
    else:
        frame.html('<p class="notice">Geen enkel cijfer bevestigt dit of spreekt het tegen.</p>')
    frame.html(f'<p class="noprint">{link(state.but(finding=None).link(), "Alle bevindingen")}</p>')


def everything(d, state):
    """All findings, with filters."""
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


with frame.page("regiodialoog") as (d, state):
    (one if state.finding else everything)(d, state)
