"""What the page of a composed region needs of Streamlit: kept content, the controls in list and map."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from monitor import composed as cmp
from monitor.composed import Composed, Ground
from monitor.figures import screen
from monitor.figures.composition_map import composition_map
from monitor.notation import alphabetical, listing
from monitor.screens import composed_html as html
from monitor.screens.composed import ComposedPage, compose_page
from monitor.state import State
from ui import controls, frame
from ui.data import Data, panel

_EMPTY = ""


@st.cache_resource(show_spinner=False, max_entries=4)
def ground(_d: Data, key: str) -> Ground:
    """Return what compositions are made from."""
    return cmp.ground_of(_d.definitions, _d.snapshot, _d.outlines.municipalities, panel(_d, key))


@st.cache_resource(show_spinner=False, max_entries=64)
def composed_page(_d: Data, key: str, start: str, codes: tuple[str, ...], benchmark: Any) -> ComposedPage:
    """Return the content of a composition; ``start`` is empty when it began with no region."""
    c = Composed(_d.definitions.region(start) if start else None, codes)
    return compose_page(_d.definitions, _d.snapshot, _d.composer, ground(_d, key), c, benchmark)


def choose_start(d: Data, state: State, c: Composed) -> None:
    """Choose the region to begin with, or an empty one; what was composed gives way to it."""
    names = {r.id: r.name for r in d.definitions.regions} | {_EMPTY: "Leeg: geen gemeenten"}

    def begin(slug: str) -> State:
        return state.but(regions=(slug,) if slug else (), members=None if slug else ())

    controls.choose("Begin met", "w-begin", list(names), c.start.id if c.start else _EMPTY, lambda r: names[r], begin)


def choose_members(d: Data, state: State, c: Composed) -> None:
    """Choose municipalities in a list."""
    names = dict(
        sorted(((k, d.snapshot.names[k]) for k in d.snapshot.municipalities), key=lambda p: alphabetical(p[1]))
    )
    key = "w-samenstelling"
    st.session_state[key] = [k for k in names if k in c.codes]

    def changed() -> None:
        _write(state, c, tuple(st.session_state[key]))

    st.multiselect(
        "Gemeenten in uw regio", list(names), key=key, format_func=lambda k: names[k], on_change=changed,
        placeholder="Typ de naam van een gemeente", help="Typ een naam om toe te voegen; het kruisje haalt weg.",
        select_all=False,
    )  # fmt: skip


def choose_on_map(d: Data, state: State, c: Composed, name: str) -> None:
    """Choose municipalities on a map: a click adds one or takes it out.

    A chart keeps what was clicked. With another composition it is another chart, so that a click counts once.
    """
    likely = cmp.likely(d.definitions, c.start)
    around = c.start.codes if c.start else ()
    shapes, points = d.outlines.municipalities, ground(d, d.key).points
    drawn = composition_map(d.layers, shapes, points, d.snapshot.names, c.codes, likely, around)
    mark = hashlib.sha256("-".join((c.start.id if c.start else "", *c.codes)).encode()).hexdigest()[:12]
    key = f"eigen-kaart-{mark}"
    members = sorted((d.snapshot.names[k] for k in c.codes), key=alphabetical)
    who = listing(members) if members else "nog geen gemeenten"
    alt = f"Kaart van {cmp.spoken(c, name)} met {who}. De lijst met gemeenten doet hetzelfde."

    def clicked() -> None:
        points = st.session_state[key].selection.points
        code = next((p["location"] for p in points if p.get("location") in d.snapshot.municipalities), None)
        if code:
            _write(state, c, cmp.toggled(c.codes, code))

    frame.html(html.key(bool(set(likely) - set(c.codes))))
    with st.container(key="kaartbeeld-eigen"):
        st.plotly_chart(
            drawn, theme=None, config=screen.CONFIG, key=key, alt=alt, height="stretch", on_select=clicked,
            selection_mode="points",
        )  # fmt: skip
    frame.html('<p class="xs mut noprint">Klik op een gemeente om haar toe te voegen of weg te halen.</p>')


def _write(state: State, c: Composed, codes: tuple[str, ...]) -> None:
    st.query_params.from_dict(cmp.state_of(state, c.start, codes).query())
