"""Classes of a map: natural breaks, or steps around a benchmark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import jenkspy
import numpy as np

from monitor.definitions.models import Direction, Unit
from monitor.figures.spec import MapClass
from monitor.figures.style import DIVERGING, DIVERGING_NEUTRAL, SEQUENCE
from monitor.notation import difference, number


def natural(values: Sequence[float], decimals: int, most: int = 5) -> tuple[MapClass, ...]:
    """Divide values into natural classes (Fisher-Jenks); bounds are the lowest and highest value in each.

    Args:
        values: rounded as shown; NaN is left out.
        decimals: for the labels.
        most: the number of classes; fewer when there are fewer different values.
    """
    known = np.array([v for v in values if not math.isnan(v)])
    different = np.unique(known)
    if not len(different):
        return ()
    n = min(most, len(different))
    # Fisher-Jenks needs fewer classes than values; with n values each is its own class.
    tops = jenkspy.jenks_breaks(known, n_classes=n)[1:] if n < len(different) else list(different)
    colours = _spread(SEQUENCE, n)
    made: list[MapClass] = []
    floor = -math.inf
    for top, colour in zip(tops, colours, strict=True):
        inside = known[(known > floor) & (known <= top)]
        low, high = float(inside.min()), float(inside.max())
        edge = low if not made else (made[-1].upper + low) / 2
        label = number(low, decimals) if low == high else f"{number(low, decimals)} – {number(high, decimals)}"
        made.append(MapClass(low, high, edge, colour, label, len(inside)))
        floor = top
    return tuple(made)


def around(
    differences: Sequence[float], relevant: float, direction: Direction, unit: Unit, decimals: int
) -> tuple[MapClass, ...]:
    """Divide differences from a benchmark into five steps: -4, -1, +1 and +4 times the relevant difference.

    Colours say favourable or unfavourable where the indicator has a direction; the label says so in words.
    """
    known = np.array([d for d in differences if not math.isnan(d)])
    if not len(known) or relevant <= 0:
        return ()
    edges = [-math.inf, -4 * relevant, -relevant, relevant, 4 * relevant, math.inf]
    colours: tuple[str, ...] = DIVERGING_NEUTRAL if direction == "geen" else DIVERGING
    low_word, high_word = "lager", "hoger"
    if direction == "lager-gunstig":
        colours = tuple(reversed(colours))
    if direction != "geen":
        low_word = "gunstiger" if direction == "lager-gunstig" else "ongunstiger"
        high_word = "ongunstiger" if direction == "lager-gunstig" else "gunstiger"
    far, near = difference(4 * relevant, unit, decimals)[1:], difference(relevant, unit, decimals)[1:]
    labels = (
        f"veel {low_word}: {far} of meer eronder",
        f"{low_word}: {near} of meer eronder",
        f"vergelijkbaar: minder dan {near} verschil",
        f"{high_word}: {near} of meer erboven",
        f"veel {high_word}: {far} of meer erboven",
    )
    made = []
    for k, (low, high) in enumerate(pairwise(edges)):
        inside = (known > low) & (known < high) if k == 2 else (known >= low) & (known < high)
        if k < 2:
            inside = (known > low) & (known <= high)
        made.append(MapClass(low, high, low, colours[k], labels[k], int(inside.sum())))
    return tuple(made)


def class_of(value: float, classes: Sequence[MapClass]) -> MapClass | None:
    """Return the class in which a value falls; None when it is unknown."""
    if math.isnan(value) or not classes:
        return None
    found = [c for c in classes if value >= c.edge]
    return found[-1] if found else classes[0]


def _spread(colours: Sequence[str], n: int) -> list[str]:
    """Take n colours from light to dark, always with the ends."""
    if n == 1:
        return [colours[2]]
    return [colours[round(k * (len(colours) - 1) / (n - 1))] for k in range(n)]
