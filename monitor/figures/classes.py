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
from monitor.statistics.judge import Outcome


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
    differences: Sequence[float],
    relevant: float,
    direction: Direction,
    unit: Unit,
    decimals: int,
    outcomes: Sequence[Outcome] | None = None,
) -> tuple[tuple[MapClass, ...], list[int | None]]:
    """Divide differences from a benchmark into five steps: -4, -1, +1 and +4 times the relevant difference.

    With ``outcomes`` the middle step holds what is judged comparable and nothing else, so that colour and word
    agree; without, the steps say size only. Blue is favourable where the indicator has a direction.

    Args:
        differences: value minus benchmark, rounded as shown; NaN has no class.
        relevant: the smallest relevant difference.
        direction: of the indicator.
        unit: for the labels.
        decimals: for the labels.
        outcomes: the judgement of each area.

    Returns:
        The classes, and for each difference the place of its class.
    """
    if relevant <= 0 or all(math.isnan(d) for d in differences):
        return (), [None] * len(differences)
    edges = [-math.inf, -4 * relevant, -relevant, relevant, 4 * relevant, math.inf]
    places = [_step(d, relevant, outcomes[k] if outcomes is not None else None) for k, d in enumerate(differences)]
    colours: tuple[str, ...] = DIVERGING_NEUTRAL if direction == "geen" else DIVERGING
    low_word, high_word = "lager", "hoger"
    if direction == "lager-gunstig":
        colours = tuple(reversed(colours))
    if direction != "geen" and outcomes is not None:
        low_word, high_word = (
            ("gunstiger", "ongunstiger") if direction == "lager-gunstig" else ("ongunstiger", "gunstiger")
        )
    far, near = difference(4 * relevant, unit, decimals)[1:], difference(relevant, unit, decimals)[1:]
    middle = "vergelijkbaar" if outcomes is not None else f"minder dan {near} verschil"
    labels = (f"veel {low_word}: {far} of meer", low_word, middle, high_word, f"veel {high_word}: {far} of meer")
    if outcomes is None:
        labels = (
            f"{far} of meer lager",
            f"{near} of meer lager",
            middle,
            f"{near} of meer hoger",
            f"{far} of meer hoger",
        )
    made = tuple(
        MapClass(low, high, low, colours[k], labels[k], places.count(k))
        for k, (low, high) in enumerate(pairwise(edges))
    )
    return made, places


def _step(value: float, relevant: float, outcome: Outcome | None) -> int | None:
    """The place of a difference among the five steps."""
    if math.isnan(value) or outcome == "niet te beoordelen":
        return None
    if outcome == "vergelijkbaar" or (outcome is None and abs(value) < relevant):
        return 2
    far = abs(value) >= 4 * relevant
    return (0 if far else 1) if value < 0 else (4 if far else 3)


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
