"""A local CBS: speaks OData v3 and v4 as StatLine does, and gives PDOK's and GISCO's outlines; see README.md."""

from __future__ import annotations

from functools import cache

from tests.local_cbs import handmade
from tests.local_cbs.faults import Fault
from tests.local_cbs.geo import Maps
from tests.local_cbs.handmade import grow
from tests.local_cbs.server import LocalCbs, Seen
from tests.local_cbs.table import Code, Dimension, Table, Topic, periods, records, regions

__all__ = [
    "Code",
    "Dimension",
    "Fault",
    "LocalCbs",
    "Maps",
    "Seen",
    "Table",
    "Topic",
    "grow",
    "handmade",
    "periods",
    "records",
    "regions",
    "shipped",
    "shipped_maps",
]


@cache
def shipped(*only: str) -> dict[str, Table]:
    """The StatLine tables of the definitions, made back from the edition that ships: all (seconds), or only these.

    Made once; not to be changed (a server copies its tables).
    """
    from tests.local_cbs.edition import from_edition
    from tests.spec_table import definitions, edition

    return from_edition(edition(), definitions(), only)


@cache
def shipped_maps(years: tuple[int, ...] = (2024, 2025, 2026)) -> Maps:
    """The outlines of the edition that ships, as those of these years; made once: ``.copy()`` before a change."""
    from tests.local_cbs.geo import from_snapshot
    from tests.spec_table import SNAPSHOT, definitions, edition

    return from_snapshot(SNAPSHOT, edition().areas, {n.id: n.name for n in definitions().neighbours}, years)
