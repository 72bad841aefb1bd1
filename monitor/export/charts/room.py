"""Divide the frame of a native chart, so that no text lies over another: all sizes follow from the texts themselves."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.export.charts.model import NativeChart

# EMU per point and per centimetre.
POINT, CM = 12_700, 360_000
# The smallest letters, in points, that are legible on paper.
_SMALLEST = 10.0
# Width of an average character as a part of its height, with room for a wider letter than ours (Arial).
_CHARACTER = 0.54


@dataclass(frozen=True)
class Room:
    """How a chart of a size is laid out.

    Width and height are in points, as is the size of letters (``points``); the place of the plot is in parts of them.
    ``tilted``: years do not fit beside each other.
    """

    points: float
    width: float
    height: float
    left: float
    top: float
    across: float
    down: float
    unit: tuple[str, ...]
    key: tuple[str, ...]
    tilted: bool


def room_of(chart: NativeChart, width: int, height: int, asked: float) -> Room:
    """Divide the frame: the unit on top, names on the left, labels on the right, what signs mean below."""
    wide, high = width / POINT, height / POINT
    crowded = chart.kind == "bar" and len(chart.categories) * 1.35 * asked > 0.8 * high
    points = _SMALLEST if crowded else max(asked, _SMALLEST)
    letter = _CHARACTER * points
    # LibreOffice breaks a title at two thirds of the width, wherever that falls.
    most = max(20, int(0.7 * wide / (0.5 * points)))
    unit, key = _even(chart.unit, most), _even(" ".join(chart.key), most)
    line = 1.25 * points
    label = min(chart.longest_label * letter * 1.04 + 10, 0.4 * wide)
    longest = max(len(c) for c in chart.categories)
    left = min(longest * letter + 10, 0.42 * wide) if chart.kind == "bar" else (chart.longest_tick + 1) * letter + 6
    right = label if chart.kind != "column" else 8.0
    top = line * len(unit) + 12
    tilted = chart.kind == "line" and len(chart.categories) * 5.5 * letter > wide - left - right
    bottom = line * (len(key) + (0 if chart.kind == "column" else 2 if tilted else 1)) + 16
    return Room(
        points, wide, high, left / wide, top / high,
        (wide - left - right) / wide, max(high - top - bottom, 0.3 * high) / high, unit, key, tilted,
    )  # fmt: skip


def _even(text: str, most: int) -> tuple[str, ...]:
    """A text in as few lines as fit, about equally long, so that no word stands alone on the last."""
    lines = textwrap.wrap(text, most)
    for width in range(math.ceil(len(text) / len(lines)) if lines else most, most):
        if len(found := textwrap.wrap(text, width)) <= len(lines):
            return tuple(found)
    return tuple(lines)


def lines_high(room: Room, lines: Sequence[str]) -> float:
    """Height of lines of text in parts of the frame, with some room around them."""
    return (1.25 * room.points * len(lines) + 8) / room.height


def pushed_apart(chart: NativeChart, room: Room) -> dict[int, float]:
    """Series -> how far its label moves down (part of the frame) so that labels at the same year do not overlap."""
    if len(chart.ticks) < 2:
        return {}
    low, high = chart.ticks[0], chart.ticks[-1]
    step = 1.3 * room.points / room.height
    ends: dict[int, list[tuple[float, int]]] = {}
    for k, series in enumerate(chart.series):
        for p in series.labelled:
            at = room.top + room.down * (high - series.values[p]) / (high - low)
            ends.setdefault(p, []).append((at, k))
    moved: dict[int, float] = {}
    for found in ends.values():
        placed = _spread([at for at, _ in sorted(found)], step, room.top + room.down)
        moved |= {k: new - at for (at, k), new in zip(sorted(found), placed, strict=True)}
    return moved


def _spread(places: Sequence[float], step: float, bottom: float) -> list[float]:
    """Places from top to bottom with at least a step between them, none below the bottom if that can be."""
    made: list[float] = []
    for at in places:
        made.append(max(at, made[-1] + step) if made else at)
    for k in range(len(made) - 1, -1, -1):
        limit = bottom if k == len(made) - 1 else made[k + 1] - step
        made[k] = min(made[k], limit)
    return made
