"""The change log in docs/wijzigingslog-voorbeeld.md: the edition that ships, and one in which CBS revised a table.

Made anew with ``python -m tests.test_example_log`` when the wording or the edition changed.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from monitor import paths
from monitor.refresh.run import refresh
from monitor.snapshot import store
from tests import refreshing
from tests.local_cbs import LocalCbs, shipped
from tests.spec_table import definitions, edition

EXAMPLE = paths.ROOT / "docs" / "wijzigingslog-voorbeeld.md"
TABLE = "86137NED"
HEAD = (
    "> Voorbeeld. De nagebootste dienst van de tests gaf tabel 86137NED opnieuw uit, met drie verzonnen herzieningen: "
    "overgewicht in Winterswijk 2 procentpunt hoger, roken in Borne 1 lager, en van Terneuzen geen cijfer meer over "
    "mantelzorg. Al het andere is gelijk aan editie 2026-11.\n\n"
)


def made(folder: Path) -> str:
    """Refresh a copy of the shipped edition from a service with these revisions; the change log."""
    target = folder / "data" / "snapshot"
    shutil.copytree(edition().folder, target)
    with LocalCbs(shipped(TABLE)) as cbs:
        cbs.revise(TABLE, "GM0294", "Overgewicht", 2.0, Leeftijd="10000")
        cbs.revise(TABLE, "GM0147", "Rokers", -1.0, Leeftijd="10000")
        cbs.change(TABLE, "Mantelzorger", None, "GM0715", Leeftijd="10000")
        cbs.tables[TABLE].modified = "2026-12-01T02:00:00"
        when = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
        refresh(definitions(), target, only=[TABLE], settings=refreshing.settings(cbs, timeout=20), today=when)
    return HEAD + store.changes(target)


def test_the_example_is_what_a_refresh_writes(tmp_path: Path) -> None:
    text = made(tmp_path)
    assert text == EXAMPLE.read_text(encoding="utf-8")
    # By hand: Winterswijk has 54.2 in the shipped edition, and nobody else was revised.
    for part in ("Winterswijk", "Borne", "Terneuzen", "Achterhoek (2024): van 54,2%", "1 december 2026"):
        assert part in text, part


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        EXAMPLE.write_text(made(Path(name)), encoding="utf-8")
