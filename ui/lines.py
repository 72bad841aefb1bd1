"""Lines over the years on the screen, in two sizes."""

from __future__ import annotations

from html import escape

import streamlit as st

from monitor.figures import html, screen
from monitor.figures.spec import TrendFigure
from ui import frame


def draw(figure: TrendFigure) -> None:
    """Draw lines twice: Python does not know the width of the screen, the stylesheet shows one."""
    frame.html(f'<p class="lgt">{escape(figure.title)}</p>')
    with st.container(key="trend-breed"):
        st.plotly_chart(screen.trend_figure(figure), theme=None, config=screen.CONFIG, key="trend", alt=figure.alt)
    with st.container(key="trend-smal"):
        frame.html(html.lines_legend(figure))
        small = screen.trend_figure(figure, small=True)
        st.plotly_chart(small, theme=None, config=screen.CONFIG, key="trend-klein", alt=figure.alt)
