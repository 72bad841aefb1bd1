"""The names that a link may hold, in the edition in force."""

from __future__ import annotations

from monitor.definitions import Definitions
from monitor.screens.border import border_years
from monitor.snapshot.store import Snapshot
from monitor.state import Known


def known_of(definitions: Definitions, snapshot: Snapshot) -> Known:
    """Gather the names of definitions and edition, as ``state.parse`` asks them."""
    return Known(
        [r.id for r in definitions.regions],
        [i.id for i in definitions.indicators],
        {i.id: snapshot.years(i.id) for i in definitions.indicators},
        snapshot.municipalities,
        sorted({f.kind for f in definitions.findings}),
        [t.id for t in definitions.themes],
        [str(g.id) for g in definitions.goals],
        [f.id for f in definitions.cross_border],
        {f.id: border_years(definitions, snapshot, f) for f in definitions.cross_border},
        [f.id for f in definitions.findings],
    )
