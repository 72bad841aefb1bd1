"""Take a figure along: PNG, SVG, CSV, or in the basket. Files are made only when somebody asks for them."""

from __future__ import annotations

import streamlit as st

from monitor.figures import files, html
from monitor.figures.geometry import Outlines
from monitor.figures.spec import Figure
from ui import basket
from ui.frame import html as show
from ui.frame import link


def take_along(figure: Figure, outlines: Outlines | None = None) -> None:
    """Three download buttons for a figure, and the one for the basket."""
    address = link(figure.link)
    makers = (
        ("Afbeelding (PNG)", "png", "image/png", lambda: _drawn("png", figure, outlines, address)),
        ("Tekening (SVG)", "svg", "image/svg+xml", lambda: _drawn("svg", figure, outlines, address)),
        ("Cijfers (CSV)", "csv", "text/csv", lambda: files.csv_bytes(figure, address)),
    )
    with st.container(horizontal=True):
        for label, ending, mime, make in makers:
            name = files.file_name(figure, ending)
            st.download_button(label, make, name, mime, key=f"{name}", on_click="ignore")
        basket.offer(figure)


def _drawn(kind: str, figure: Figure, outlines: Outlines | None, address: str) -> bytes:
    # Drawing for paper loads a large library; a visitor who only looks need not wait for it.
    from monitor.figures import paper

    return paper.png(figure, outlines, address) if kind == "png" else paper.svg(figure, outlines, address)


def take_list(figure: Figure) -> None:
    """One download button for a list of figures of several kinds: CSV; and the one for the basket."""
    address = link(figure.link)
    name = files.file_name(figure, "csv")
    with st.container(horizontal=True):
        st.download_button(
            "Cijfers (CSV)", lambda: files.csv_bytes(figure, address), name, "text/csv", key=name, on_click="ignore"
        )
        basket.offer(figure)


def table_twin(figure: Figure) -> None:
    """The figure as a table, with source and notes."""
    show(html.table(figure.table(), figure.title))


def table_on_demand(figure: Figure) -> None:
    """The table twin, sent only when a reader opens it: it holds every municipality."""
    box = st.expander("Alle cijfers in een tabel", key=f"tabel-{figure.name}", on_change="rerun")
    if box.open:
        with box:
            table_twin(figure)


def details_on_demand(figure: Figure, more: str = "") -> None:
    """Table, source and downloads of one figure among many, sent only when a reader opens them.

    ``more``: HTML below them.
    """
    box = st.popover("Tabel, bron en downloads", key=f"meer-{figure.name}", on_change="rerun")
    if box.open:
        with box:
            table_twin(figure)
            source(figure)
            take_along(figure)
            show(more)


def source(figure: Figure, skip: int = 0) -> None:
    """Source, edition and notes below a figure; ``skip`` leaves out the first notes, told elsewhere on the page."""
    show(html.source_line(figure, skip))
