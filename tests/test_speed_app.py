"""What keeps the app light: what a visit asks for, what a change sends, and what is drawn once for everybody."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest
import streamlit

from benchmarks.load_client import Visitor
from benchmarks.served import CHOICES, OURS, Relay, server, until
from monitor.figures.compose import Composer
from tests.conftest import Server
from tests.spec_table import definitions
from ui import data, lines, map_view

FIGURES = {i.id: i for i in definitions().indicators}


def test_another_figure_sends_at_most_40_kb_also_as_it_is_served() -> None:
    """Counted on the wire, from the server that ``make run`` starts, which reads the figures before anybody comes."""

    async def choose(address: str, relay: Relay) -> dict[str, int]:
        visitor = Visitor(address.rstrip("/"), query="", keep_texts=True)
        await visitor.open()
        options = {o.split(" · ")[0]: o for o in visitor.options("w-indicator")}
        sent = {}
        for name in list(CHOICES)[1:]:
            relay.sent = 0
            await visitor.run("w-indicator", options[name])
            sent[name] = relay.sent
            assert any(f"indicator={CHOICES[name]}" in text for text in visitor.told), name
        await visitor.close()
        return sent

    with server(OURS) as running:
        until(running)
        relay = Relay(running.port)
        sent = asyncio.run(choose(relay.address, relay))
        relay.close()
    assert all(5_000 < n <= 40_000 for n in sent.values()), sent


def test_maps_and_lines_are_made_once_and_drawn_once() -> None:
    d = data.read()
    twice = [data.map_spec(d, d.key, "overgewicht", None, "gemeenten", None) for _ in range(2)]
    assert twice[0] is twice[1]
    drawn = [map_view._drawn(d, d.key, f.name, f) for f in twice]
    assert drawn[0] is drawn[1]
    other = data.map_spec(d, d.key, "overgewicht", None, "regios", None)
    assert map_view._drawn(d, d.key, other.name, other).to_json() != drawn[0].to_json()
    trends = [data.trend_spec(d, d.key, "overgewicht", ("twente",), "nederland") for _ in range(2)]
    assert lines._drawn(trends[0], False) is lines._drawn(trends[1], False)
    assert lines._drawn(trends[0], True) is not lines._drawn(trends[0], False)


def test_every_map_of_an_edition_has_a_name_of_its_own() -> None:
    """The drawing of a map is kept by its name."""
    d = data.read()
    composer = Composer(d.definitions, d.snapshot)
    kinds = [(level, held) for level in ("gemeenten", "regios") for held in (None, "nederland", "provincie")]
    made = [
        composer.map(FIGURES[i], year, level, held)  # type: ignore[arg-type]
        for i in ("overgewicht", "afstand-ziekenhuis")
        for year in d.known.years[i][-2:]
        for level, held in kinds
    ]
    assert len({f.name for f in made}) == len(made) > 12


def test_what_is_read_is_kept_out_of_the_search_for_garbage() -> None:
    data._data.clear()  # type: ignore[attr-defined]
    gc.unfreeze()
    d = data.read()
    held = gc.get_freeze_count()
    assert held > 100_000
    assert data.read() is d and gc.get_freeze_count() == held


@pytest.mark.browser
def test_the_landing_page_never_asks_for_plotly(tabs: Any, server: Server) -> None:
    """Neither for a drawing nor beforehand. (Last: while a browser runs, nothing else here can.)"""
    named = [f.name for f in (Path(streamlit.__file__).parent / "static").rglob("*.js") if "plotly" in f.name.lower()]
    assert named, "under this name Streamlit ships it"
    page = tabs.fresh(server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.locator("footer.foot").wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle", timeout=60_000)
    assert page.url.endswith("/overzicht") and len(asked) > 50
    assert not [a for a in asked if "plotly" in a.lower()]
    page.context.close()
