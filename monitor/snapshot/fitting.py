"""Today's definitions as an earlier edition can use them: its regions have the municipalities that it was made with."""

from __future__ import annotations

from dataclasses import replace

from monitor.definitions import Definitions, Region
from monitor.definitions.models import Member
from monitor.snapshot.store import Snapshot


def fitting(definitions: Definitions, snapshot: Snapshot) -> Definitions:
    """Give every region the composition that an edition notes, within the municipalities that this edition has.

    An edition that notes none keeps today's, without municipalities that it does not know. All else stays of today.
    """
    noted = snapshot.manifest.get("compositions")
    known = noted if isinstance(noted, dict) else {}
    regions = tuple(_as_made(r, set(known.get(r.id) or r.codes), snapshot) for r in definitions.regions)
    return definitions if regions == definitions.regions else replace(definitions, regions=regions)


def _as_made(region: Region, codes: set[str], snapshot: Snapshot) -> Region:
    there = set(snapshot.municipalities)
    kept = [m for m in region.members if m.code in there and (m.code in codes or m.membership != "lid")]
    had = {m.code for m in kept if m.membership == "lid"}
    kept = [m for m in kept if m.membership == "lid" or m.code not in codes]
    more = [
        Member(
            code=code, name=snapshot.names[code], membership="lid", status="toen",
            ground=f"Zo was de regio samengesteld in editie {snapshot.edition}.",
        )
        for code in sorted(codes & there - had)
    ]  # fmt: skip
    members = (*kept, *more)
    return region if members == region.members else region.model_copy(update={"members": members})
