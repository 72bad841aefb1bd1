"""The map of the country on the screen: legend, drawing, what a click names, and what stands where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from monitor import assessment as asm
from monitor.figures import html, screen
from monitor.figures.spec import MapFigure
from monitor.state import State
from ui import frame
from ui.data import Data

_KEY, _CLICKED = "kaart", "aangewezen"


def no_figures(text: str, state: State, years: Sequence[int], asked: int) -> None:
    """Say that there is nothing to draw, and offer the nearest year that has figures."""
    near = asm.nearest_year(years, asked)
    way = ""
    if near is not None:
        address = escape(state.but(year=near, absent=None).link(), quote=True)
        way = f' <a href="{address}" target="_self">Bekijk {near}</a>, het dichtstbijzijnde jaar.'
    frame.html(f'<p class="notice" role="status">{escape(text)}{way}</p>')


@st.cache_resource(show_spinner=False, max_entries=256)
def _drawn(_d: Data, key: str, name: str, _figure: MapFigure) -> Any:
    """The map as Plotly draws it; ``name`` tells it apart from every other of the edition."""
    drawn = screen.map_figure(_figure, _d.layers)
    screen.number_labels(drawn, _figure, _d.outlines)
    return drawn


def draw(d: Data, figure: MapFigure) -> None:
    """The map with its legend; a click names the municipality and leads to its page."""
    frame.html(html.legend(figure))
    with st.container(key="kaartbeeld"):
        drawn = _drawn(d, d.key, figure.name, figure)
        st.plotly_chart(
            drawn, theme=None, config=screen.CONFIG, key=_KEY, alt=figure.alt, height="stretch",
            on_select=_clicked, selection_mode="points",
        )  # fmt: skip
    code = st.session_state.get(_CLICKED)
    if code in d.snapshot.names:
        name = escape(d.snapshot.names[code])
        value = next((figure.text(r.value) for r in figure.rows if r.area == code), "")
        told = f"<b>{name}</b>{': ' + escape(value) if value else ''}. "
        link = f'<a href="gemeente?gemeente={code}" target="_self">Alle cijfers van {name}</a>'
        frame.html(f'<p class="notice" role="status">{told}{link}</p>')
    frame.html(
        '<p class="xs mut">Donkere lijn: grens van een regio. Grijs: buurlanden, geen cijfer. '
        f'{html.class_rule(figure)} <span class="noprint">Klik op een gemeente voor al haar cijfers.</span></p>'
    )


def _clicked() -> None:
    """Remember which municipality was clicked."""
    points = st.session_state[_KEY].selection.points
    st.session_state[_CLICKED] = next((p["location"] for p in points if "location" in p), None)
