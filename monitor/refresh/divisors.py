"""What figures of a table are divided by, and of which publication that was.

Births per 1,000 inhabitants rest on two tables. When CBS revises the inhabitants, or publishes them after the births,
the figures change although the table of births did not. So the manifest notes per table of which publication the counts
were that it was divided by, and a newer one makes that the table is fetched once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from monitor.definitions import Definitions
from monitor.definitions.models import LiveSpec
from monitor.definitions.statline import live_specs
from monitor.notation import listing
from monitor.refresh.models import Notice
from monitor.refresh.plan import TablePlan
from monitor.snapshot.build import Collector, Entry
from monitor.sources.statline.service import About, published_at

_FIRST, _LAST = 0, 9999


def publications(
    plans: Sequence[TablePlan], abouts: Mapping[str, About], sources: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """The publication of each fetched table as it will be after a refresh.

    Args:
        plans: the tables that take part.
        abouts: what the service says of them, by StatLine id.
        sources: manifest entries, for the tables that do not take part.

    Returns:
        Source id -> moment of publication; a table that was never fetched is not in it.
    """
    held = {name: published_at(str(e.get("modified") or "")) for name, e in sources.items() if "statline" in e}
    return held | {p.table.id: abouts[p.live.id].modified for p in plans}


def divided_by(definitions: Definitions, plan: TablePlan, published: Mapping[str, str]) -> dict[str, str]:
    """The other tables whose counts the figures of a table are divided by, with their publication.

    Args:
        definitions: which table gives which quantity in which years.
        plan: the table with the figures.
        published: as ``publications`` gives it.

    Returns:
        Source id -> moment of publication, '' for one that was not fetched.
    """
    found = set()
    for _, spec in plan.indicators:
        if spec.per:
            counts = live_specs(definitions, definitions.quantity(spec.per))
            found |= {c.table for c in counts if _overlap(spec.since or plan.live.since, spec.until, c)}
    return {t: published.get(t, "") for t in sorted(found - {plan.table.id})}


def _overlap(since: int | None, until: int | None, counts: LiveSpec) -> bool:
    return (counts.since or _FIRST) <= (until or _LAST) and (since or _FIRST) <= (counts.until or _LAST)


def waiting(
    definitions: Definitions, entries: Sequence[Entry], figures: pd.DataFrame, counts: Collector
) -> tuple[Notice, ...]:
    """Say which years came in while there is nothing yet to divide them by.

    Args:
        definitions: names of quantities.
        entries: what the figures are of.
        figures: ``year`` and ``entry``, the number of the entry.
        counts: the quantities.
    """
    came = figures.groupby("entry")["year"].unique()
    found: dict[tuple[str, str, tuple[int, ...]], list[str]] = {}
    for k, e in enumerate(entries):
        if e.per and k in came.index:
            late = set(came[k].tolist()) - set(counts.raw_quantity(e.per)["year"].tolist())
            if late:
                found.setdefault((e.table.id, e.per, tuple(sorted(late))), []).append(e.indicator.name)
    return tuple(
        Notice(
            "opmerking",
            table,
            f"{listing(sorted(names))}: de bron heeft al {listing([str(y) for y in years])}, maar "
            f"‘{definitions.quantity(base).name}’ van dat jaar is er nog niet. Het komt vanzelf mee zodra dat er is.",
        )
        for (table, base, years), names in found.items()
    )
