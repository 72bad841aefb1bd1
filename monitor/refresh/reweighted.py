"""Figures that are weighted otherwise than before: their regions change, though nobody revised a figure."""

from __future__ import annotations

import pandas as pd

from monitor.definitions import Definitions
from monitor.notation import listing
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


def own_year(
    definitions: Definitions, before: pd.DataFrame, after: pd.DataFrame, published: pd.DataFrame
) -> tuple[Notice, ...]:
    """What to say of figures whose year has got a weight of its own, where the nearest year stood in.

    Args:
        definitions: which figure is weighted by what.
        before: weights of the edition that is built on (quantity, area, year, value).
        after: those of the new one.
        published: published rows of the edition that is built on.
    """
    old, new = ({str(q): set(g["year"]) for q, g in w.groupby("quantity", observed=True)} for w in (before, after))
    municipal = published[published["area"].astype(str).str.startswith("GM")]
    years = {str(i): set(g["year"]) for i, g in municipal.groupby("indicator", observed=True)}
    made = []
    for quantity in definitions.quantities:
        known = old.get(quantity.id, set())
        weighted = [i.id for i in definitions.indicators if i.aggregation.weight == quantity.id]
        there = set().union(*(years.get(i, set()) for i in weighted))
        gained = sorted((new.get(quantity.id, set()) - known) & there) if known else []
        if gained:
            when = listing([str(y) for y in gained])
            told = f"Voor {when} zijn er nu {quantity.name}. Gemiddelden van regio’s in die jaren zijn daarmee gewogen"
            made.append(Notice("opmerking", "", f"{told}, in de vorige editie met het dichtstbijzijnde jaar."))
    return tuple(made)
