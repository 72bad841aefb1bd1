"""A plot area on a sheet of paper: two scales with ticks, and lines, marks and texts at numbers.

Axes of matplotlib do the same and much more, and take a third of the time of a figure; these few artists look alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT
from matplotlib.patches import Polygon
from matplotlib.text import Text

from monitor.figures import style

Range = tuple[float, float]
# In points, as axes have them: the line of a scale, its ticks, and the distance to their labels.
_SPINE, _TICK, _PAD, _LABEL = 0.8, 2.0, 3.5, 8


def padded(values: Iterable[float], part: float) -> Range:
    """The range of the known values with a part of it on both sides; a half around a single value, 0 to 1 for none."""
    known = [v for v in values if not math.isnan(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    pad = part * (high - low) or 0.5
    return low - pad, high + pad


class _Tick(Artist):
    """A tick and its label: one group in an SVG."""

    def __init__(self, name: str, line: Line2D, label: Text) -> None:
        super().__init__()
        self.set_gid(name)
        self.set_zorder(2.01)
        self._parts = (line, label)

    def set_figure(self, fig: Any) -> None:
        super().set_figure(fig)
        for part in self._parts:
            part.set_figure(fig)
            part.set_transform(fig.transSubfigure)

    def draw(self, renderer: Any) -> None:
        renderer.open_group("tick", gid=self.get_gid())
        for part in self._parts:
            part.draw(renderer)
        renderer.close_group("tick")


class Area:
    """A part of a sheet on which numbers have a place.

    Args:
        sheet: the figure of matplotlib.
        bounds: left, bottom, width and height on the sheet (0-1).
        across: numbers at the left and right end.
        up: numbers at the bottom and top.
    """

    def __init__(self, sheet: Any, bounds: tuple[float, float, float, float], across: Range, up: Range) -> None:
        self._sheet = sheet
        self._left, self._bottom, self._width, self._height = bounds
        self._across, self._up = across, up
        # A point of type as a part of the sheet.
        self._point = tuple(1 / (72 * inches) for inches in sheet.get_size_inches())

    def x(self, value: float) -> float:
        """Place of a number on the scale across, as a part of the sheet."""
        low, high = self._across
        return self._left + (value - low) / (high - low) * self._width

    def y(self, value: float) -> float:
        """Place of a number on the scale up."""
        low, high = self._up
        return self._bottom + (value - low) / (high - low) * self._height

    def line(self, across: Sequence[float], up: Sequence[float], **options: Any) -> None:
        """A line through numbers; options are those of ``Line2D``."""
        self._sheet.add_artist(Line2D([self.x(v) for v in across], [self.y(v) for v in up], **options))

    def upright(self, value: float, **options: Any) -> None:
        """A line over the whole height."""
        self.line([value, value], self._up, **options)

    def level(self, value: float, **options: Any) -> None:
        """A line over the whole width."""
        self.line(self._across, [value, value], **options)

    def shape(self, corners: Sequence[tuple[float, float]], **options: Any) -> None:
        """A filled shape with corners at numbers; options are those of ``Polygon``."""
        self._sheet.add_artist(Polygon([(self.x(a), self.y(b)) for a, b in corners], closed=True, **options))

    def span(self, low: float, high: float, **options: Any) -> None:
        """A shape over the whole height."""
        bottom, top = self._up
        self.shape([(low, bottom), (high, bottom), (high, top), (low, top)], **options)

    def mark(self, value: float, height: float, size: float, **options: Any) -> None:
        """A mark; ``size``: of its area in square points, as ``scatter`` counts."""
        self.line([value], [height], linestyle="none", markersize=math.sqrt(size), markeredgewidth=0.8, **options)

    def text(self, value: float, height: float, said: str, shift: float = 0.0, **options: Any) -> None:
        """A text at a number, ``shift`` points to the right; options are those of ``Text``."""
        self._sheet.text(self.x(value) + shift * self._point[0], self.y(height), said, **options)

    def scale_across(self, ticks: Sequence[tuple[float, str]]) -> None:
        """The line at the bottom with its ticks and labels."""
        self.level(self._up[0], color=style.LINE, linewidth=_SPINE, zorder=2.5, solid_capstyle="projecting")
        down = (_TICK + _PAD) * self._point[1]
        for k, (value, said) in enumerate(ticks, 1):
            at = self.x(value), self._bottom
            label = Text(at[0], at[1] - down, said, fontsize=_LABEL, color=style.TEXT, ha="center", va="top")
            self._tick(f"xtick_{k}", at, TICKDOWN, label)

    def scale_up(self, ticks: Sequence[tuple[float, str]]) -> None:
        """The line at the left with its ticks and labels."""
        low, high = self._across[0], self._across[0]
        self.line([low, high], self._up, color=style.LINE, linewidth=_SPINE, zorder=2.5, solid_capstyle="projecting")
        left = (_TICK + _PAD) * self._point[0]
        for k, (value, said) in enumerate(ticks, 1):
            at = self._left, self.y(value)
            label = Text(at[0] - left, at[1], said, fontsize=_LABEL, color=style.TEXT, ha="right", va="center_baseline")
            self._tick(f"ytick_{k}", at, TICKLEFT, label)

    def _tick(self, name: str, at: tuple[float, float], marker: Any, label: Text) -> None:
        line = Line2D(
            [at[0]], [at[1]], linestyle="none", marker=marker, markersize=_TICK, color=style.TEXT,
            markeredgewidth=mpl.rcParams["xtick.major.width"],
        )  # fmt: skip
        self._sheet.add_artist(_Tick(name, line, label))
