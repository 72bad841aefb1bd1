"""A small edition, small definitions and a local CBS: a refresh from end to end in about a second."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from monitor.definitions import Definitions
from monitor.refresh.models import Outcome
from monitor.refresh.run import refresh
from monitor.snapshot import store
from monitor.sources.statline.settings import Settings
from tests import small_editions
from tests.local_cbs import LocalCbs
from tests.local_cbs.edition import from_edition
from tests.local_cbs.table import Table
from tests.spec_table import definitions

HEALTH, DISTANCE = "86137NED", "80305ned"
INDICATORS = ("inwoners", "overgewicht", "overgewicht-65", "afstand-huisarts", "afstand-supermarkt")
QUANTITIES = ("inwoners", "inwoners-65-plus")
MOMENT = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
# A city without influence on the 11 regions, one in the Achterhoek.
AMSTERDAM, WINTERSWIJK = "GM0363", "GM0294"


@cache
def small() -> Definitions:
    """The shipped definitions with a few indicators, their weights, and two StatLine tables."""
    d = definitions()
    return replace(
        d,
        indicators=tuple(i for i in d.indicators if i.id in INDICATORS),
        quantities=tuple(q.model_copy(update={"live": ()}) for q in d.quantities if q.id in QUANTITIES),
        statline=tuple(t for t in d.statline if t.id in (HEALTH, DISTANCE)),
        cross_border=(),
    )


@cache
def _ready(place: str) -> Path:
    """An edition that was refreshed once: its manifest knows the moments of publication."""
    folder = Path(place) / "data" / "snapshot"

    def chosen(rows):
        return rows[rows["indicator"].isin(INDICATORS)]

    small_editions.make(folder, "2026-11", chosen, small())
    with serve(tables(place)) as cbs:
        run(folder, cbs, today=datetime(2026, 11, 30, tzinfo=UTC))
    return folder


@cache
def tables(place: str) -> dict[str, Table]:
    """What the local CBS serves: the figures of the small edition."""
    return from_edition(store.read(Path(place) / "data" / "snapshot"), small())


def ready(template: Path, target: Path) -> Path:
    """A fresh copy of the small edition below ``target``.

    Args:
        template: a folder that lives as long as the test session.
        target: the folder of the test.
    """
    shutil.copytree(_ready(str(template)).parent, target / "data", ignore=shutil.ignore_patterns(".*"))
    return target / "data" / "snapshot"


@contextmanager
def serve(made: dict[str, Table], **options: object) -> Iterator[LocalCbs]:
    """The local CBS with these tables."""
    with LocalCbs(made, **options) as cbs:  # type: ignore[arg-type]
        yield cbs


def settings(cbs: LocalCbs, **options: object) -> Settings:
    """Quick to give up, so that a test of a fault takes no time."""
    chosen = {"timeout": 0.5, "attempts": 2, "wait": 0.01, "max_wait": 0.02, "max_retry_after": 0.3, **options}
    return Settings(
        base_url=cbs.url,
        v4_url=cbs.v4_url,
        pdok_url=cbs.pdok_url,
        gisco_url=cbs.gisco_url,
        **chosen,  # type: ignore[arg-type]
    )


def run(folder: Path, cbs: LocalCbs, **options: object) -> Outcome:
    """Refresh the small edition."""
    chosen = {"settings": settings(cbs), "today": MOMENT, **options}
    return refresh(small(), folder, **chosen)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, bytes]:
    """Every file of an edition, byte by byte."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def left(folder: Path) -> list[str]:
    """What lies beside the edition in force, apart from the notes of a refresh."""
    return sorted(p.name for p in folder.parent.iterdir() if not p.name.startswith(".verversen"))
