"""One refresh in a process of its own: ``python -m benchmarks.refresh_child FOLDER HOW``.

Prints seconds, megabytes and how many rows came in. HOW: ``refresh`` (all tables), ``again`` (nothing changed since),
``whole`` (all years of all tables from 1900 on, also those that the definitions do not ask) or ``plain``
(``cbsodata.get_data`` of every table, one after another).
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from monitor.definitions import Definitions, Indicator
from monitor.definitions.models import Quantity

if TYPE_CHECKING:
    from monitor.refresh.models import Notice

EARLIEST = 1900
Entry = TypeVar("Entry", Indicator, Quantity)


def plain(address: str, tables: list[str]) -> None:
    """Fetch tables the plain way."""
    import cbsodata
    from cbsodata import cbsodata3
    from pandas import DataFrame

    cbsodata3.options.use_https = False
    with cbsodata.catalog(urlsplit(address).netloc, use_https=False):
        for table in tables:
            DataFrame(cbsodata.get_data(table, typed=True))


def all_years(definitions: Definitions) -> Definitions:
    """The definitions, asking for every year of every table from the first that an edition can hold."""

    def without(entry: Entry) -> Entry:
        # What ends in some year makes room for a table that goes on: that one now gives all years.
        live = tuple(s.model_copy(update={"since": EARLIEST}) for s in entry.live if s.until is None)
        sources = tuple(s.model_copy(update={"years": None}) for s in entry.sources)
        return entry.model_copy(update={"live": live, "sources": sources})

    return replace(
        definitions,
        indicators=tuple(without(i) for i in definitions.indicators),
        quantities=tuple(without(q) for q in definitions.quantities),
        statline=tuple(t.model_copy(update={"since": EARLIEST}) for t in definitions.statline),
    )


def refuse_nothing() -> None:
    """Check as always, but go on: years that were made up are beside the truth."""
    from monitor.refresh import install

    examine = install.examine

    def lenient(*frames: Any, **others: Any) -> tuple[Notice, ...]:
        return tuple(n for n in examine(*frames, **others) if n.severity != "onmogelijk")

    install.examine = lenient


def peak() -> float:
    """The most memory that this process ever held, in megabytes.

    From /proc: what getrusage says is inherited from the process that started this one.
    """
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def main(folder: str, how: str) -> None:
    """Do it, and say what it took."""
    from monitor.definitions import load
    from monitor.refresh.plan import plan
    from monitor.refresh.run import refresh
    from monitor.sources.statline.settings import Settings

    definitions, settings = load(), Settings.from_environment()
    if how == "whole":
        definitions = all_years(definitions)
        refuse_nothing()
    rows = [0]
    begun = time.perf_counter()
    if how == "plain":
        plain(settings.base_url, [p.live.id for p in plan(definitions, {})])
    else:
        refresh(definitions, Path(folder), settings=settings, progress=lambda step: rows.append(step.rows))
    took = time.perf_counter() - begun
    sys.stdout.write(json.dumps({"seconds": took, "megabytes": peak(), "rows": max(rows)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
