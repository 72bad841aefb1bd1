"""Take a figure along: PNG, SVG, CSV. Files are made only when somebody asks for them."""

from __future__ import annotations

import streamlit as st

from monitor.figures import files, html, paper
from monitor.figures.geometry import Outlines
from monitor.figures.spec import Figure
from ui.frame import html as show
from ui.frame import link


def take_along(figure: Figure, outlines: Outlines | None = None) -> None:
    """Three download buttons for a figure."""
    address = link(figure.link)
    makers = (
        ("Afbeelding (PNG)", "png", "image/png", lambda: paper.png(figure, outlines, address)),
        ("Tekening (SVG)", "svg", "image/svg+xml", lambda: paper.svg(figure, outlines, address)),
        ("Cijfers (CSV)", "csv", "text/csv", lambda: files.csv_bytes(figure, address)),
    )
    with st.container(horizontal=True):
        for label, ending, mime, make in makers:
            name = files.file_name(figure, ending)
            st.download_button(label, make, name, mime, key=f"{name}", on_click="ignore")


def take_list(figure: Figure) -> None:
    """One download button for a list of figures of several kinds: CSV."""
    address = link(figure.link)
    name = files.file_name(figure, "csv")
    st.download_button(
        "Cijfers (CSV)", lambda: files.csv_bytes(figure, address), name, "text/csv", key=name, on_click="ignore"
    )


def table_twin(figure: Figure) -> None:
    """The figure as a table, with source and notes."""
    show(html.table(figure.table(), figure.title))


def source(figure: Figure, skip: int = 0) -> None:
    """Source, edition and notes below a figure; ``skip`` leaves out the first notes, told elsewhere on the page."""
    show(html.source_line(figure, skip))
