"""What the page of both sides of the border draws from: outlines, content and map, kept per edition."""

from __future__ import annotations

import streamlit as st

from monitor.figures import border_map as drawing
from monitor.figures.border_map import Places, places_of
from monitor.screens.border import BorderPage, compose_border, figure_of
from ui.data import Data


@st.cache_resource(show_spinner=False, max_entries=4)
def places(_d: Data, key: str) -> Places:
    """Return the outlines of both sides."""
    return places_of(_d.outlines, _d.snapshot.areas, [n.id for n in _d.definitions.neighbours])


@st.cache_resource(show_spinner=False, max_entries=128)
def border_page(_d: Data, key: str, region: str, figure: str, year: int | None) -> BorderPage:
    """Return the content of the page of a region and a figure."""
    d = _d.definitions
    return compose_border(d, _d.snapshot, places(_d, key), d.region(region), figure_of(d, figure), year)


@st.cache_resource(show_spinner=False, max_entries=128)
def border_map(_d: Data, key: str, region: str, figure: str, year: int | None) -> str:
    """Return the map of a region and a figure as SVG."""
    return drawing.border_map(border_page(_d, key, region, figure, year).figure, places(_d, key))
