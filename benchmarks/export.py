"""The print figure: ours beside the same through Plotly, kaleido and Chromium."""

from __future__ import annotations

import shutil
import statistics
import textwrap
import time
from collections.abc import Sequence
from typing import Any

import kaleido
import plotly.graph_objects as go

from monitor import paths
from monitor.definitions import load
from monitor.figures import paper, screen, style
from monitor.figures.compose import Composer
from monitor.figures.spec import StripFigure, TrendFigure
from monitor.snapshot import store

# Pixels on screen; the file is 2,5 times as large: 1890 pixels, as ours.
WIDE, SCALE = 756, 2.5
_SYMBOLS = {"up": "triangle-up", "down": "triangle-down", "circle": "circle", "diamond": "diamond", "hollow": "circle"}


def in_plotly(figure: TrendFigure | StripFigure, height: int) -> go.Figure:
    """The same figure in Plotly: the drawing, with title, reading sentence, notes and source around it."""
    made = screen.trend_figure(figure) if isinstance(figure, TrendFigure) else _strip(figure)
    below = [part for text in (*figure.notes, f"{figure.source}. Editie {figure.edition}.")
             for part in textwrap.wrap(text, 130)]  # fmt: skip
    top, bottom = 96, 40 + 14 * len(below)
    made.update_layout(width=WIDE, height=height, margin={"t": top, "b": bottom, "l": 40})
    drawn = height - top - bottom

    def put(y: float, lines: list[str], size: float, colour: str) -> None:
        made.add_annotation(
            x=0, y=y, xref="paper", yref="paper", xanchor="left", yanchor="top", align="left", showarrow=False,
            text="<br>".join(lines), font={"size": size, "color": colour},
        )  # fmt: skip

    put(1 + (top - 6) / drawn, [f"<b>{t}</b>" for t in textwrap.wrap(figure.title, 76)], 16, style.INK)
    put(1 + (top - 32) / drawn, textwrap.wrap(figure.sentence, 108), 12, style.TEXT)
    put(-32 / drawn, below, 9.3, style.MUTED)
    return made


def _strip(figure: StripFigure) -> go.Figure:
    made = go.Figure()
    other, own = figure.benchmark, figure.region
    if other:
        made.add_vrect(other.value - figure.relevant, other.value + figure.relevant, fillcolor=style.BAND, line_width=0)
        said = f"{other.name} {figure.text(other.value)}"
        made.add_vline(other.value, line={"color": style.INK, "width": 2}, annotation_text=said)
    dots = [m.value for m in figure.municipalities]
    made.add_trace(go.Scatter(x=dots, y=[0] * len(dots), mode="markers", marker={"size": 10, "color": style.DOT}))
    if own and own.outcome:
        mark = style.MARKS[own.outcome]
        made.add_trace(
            go.Scatter(
                x=[own.lower, own.upper], y=[0, 0], mode="lines", line={"color": mark.colour}
            )
        )  # fmt: skip
        made.add_trace(
            go.Scatter(
                x=[own.value], y=[0], mode="markers+text", text=[f"{own.name} {figure.text(own.value)}, {own.word}"],
                textposition="bottom center", marker={"size": 16, "symbol": _SYMBOLS[mark.shape], "color": mark.colour},
            )
        )  # fmt: skip
    made.update_layout(template="none", showlegend=False)
    made.update_yaxes(visible=False, range=[-1, 1.1])
    return made


def _height(image: bytes) -> int:
    """Height of a PNG in pixels."""
    return int.from_bytes(image[20:24], "big")


Drawn = TrendFigure | StripFigure


def _timed(pairs: Sequence[Sequence[Drawn]], **more: Any) -> tuple[float, float]:
    """Median seconds of ours and of theirs for a trend and a strip.

    Each region's figures are drawn once by both, in turn: what was drawn before helps neither, and a slower moment of
    the machine hits both. The first region warms up.
    """
    times = []
    for figures in pairs:
        start = time.perf_counter()
        images = [paper.png(f) for f in figures]
        between = time.perf_counter()
        for figure, image in zip(figures, images, strict=True):
            height = round(_height(image) / SCALE)
            options = {"format": "png", "width": WIDE, "height": height, "scale": SCALE}
            kaleido.calc_fig_sync(in_plotly(figure, height), opts=options, **more)
        times.append((between - start, time.perf_counter() - between))
    first, second = zip(*times[1:], strict=True)
    return statistics.median(first), statistics.median(second)


def measure() -> list[tuple[str, str, str]]:
    """Measure a trend and a strip as PNG of the same size, warm; rows of the table: what, measured, asked."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return [("figuur voor papier", "niet gemeten: chromium ontbreekt", "")]
    definitions, snapshot = load(), store.read(paths.snapshot_dir())
    composer = Composer(definitions, snapshot)
    indicator = definitions.indicator("overgewicht")
    pairs = [(composer.trend(indicator, [r]), composer.strip(indicator, r)) for r in definitions.regions]
    browser: dict[str, Any] = {"path": chromium, "mathjax": False, "n": 1}
    kaleido.start_sync_server(**browser)
    try:
        own, kept = _timed(pairs)
    finally:
        kaleido.stop_sync_server()
    alone, opened = _timed(pairs[:4], kopts=browser)
    return [
        ("figuur voor papier: lijnen en strook als PNG, samen", f"{1000 * own:.0f} ms", ""),
        ("dezelfde met Plotly en kaleido, de browser blijft open", f"{1000 * kept:.0f} ms", ""),
        ("verhouding", f"{kept / own:.1f} keer zo snel", "≥ 5 keer"),
        ("idem, met elke keer een nieuwe browser", f"{opened / alone:.0f} keer zo snel", ""),
    ]
