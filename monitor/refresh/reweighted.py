"""Figures that have got their own denominator as weight: their regions change, though nobody revised a figure."""

from __future__ import annotations

from monitor.definitions import Definitions
from monitor.refresh.models import Notice


def reweighted(before: Definitions, after: Definitions) -> tuple[Notice, ...]:
    """What to say in the change log of figures that are weighted otherwise than in the edition before.

    Args:
        before: the definitions as they are true for the edition that is built on.
        after: as they are true for the new one; the same indicators in the same order.
    """
    made = []
    for old, new in zip(before.indicators, after.indicators, strict=True):
        weight = new.aggregation.weight
        if weight and weight != old.aggregation.weight:
            told = f"gemiddelden van regio’s zijn nu gewogen naar {after.quantity(weight).name}"
            was = f"in de vorige editie naar {after.quantity(str(old.aggregation.weight)).name}"
            text = f"{new.full_name}: {told}, {was}. Ook daardoor veranderen zij."
            made.append(Notice("opmerking", "", text, new.id))
    return tuple(made)
