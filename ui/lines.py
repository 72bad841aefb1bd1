"""Lines over the years on the screen, in two sizes."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

import streamlit as st

from monitor.figures import html, screen
from monitor.figures.spec import TrendFigure
from ui import frame


# Drawn once for all visitors; nobody changes it.
@lru_cache(maxsize=256)
def _drawn(figure: TrendFigure, small: bool) -> Any:
    return screen.trend_figure(figure, small)


def draw(figure: TrendFigure) -> None:
    """Draw lines twice: Python does not know the width of the screen, the stylesheet shows one."""
    frame.html(f'<p class="lgt">{escape(figure.title)}</p>')
    with st.container(key="trend-breed"):
        st.plotly_chart(_drawn(figure, False), theme=None, config=screen.CONFIG, key="trend", alt=figure.alt)
    with st.container(key="trend-smal"):
        frame.html(html.lines_legend(figure))
        st.plotly_chart(_drawn(figure, True), theme=None, config=screen.CONFIG, key="trend-klein", alt=figure.alt)
