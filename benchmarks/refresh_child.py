"""One refresh in a process of its own: ``python -m benchmarks.refresh_child FOLDER HOW``; prints seconds and megabytes.

HOW: ``refresh`` (all tables), ``again`` (nothing changed since) or ``plain`` (``cbsodata.get_data`` of every table, one
after another).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


def plain(address: str, tables: list[str]) -> None:
    """Fetch tables the plain way."""
    import cbsodata
    from cbsodata import cbsodata3
    from pandas import DataFrame

    cbsodata3.options.use_https = False
    with cbsodata.catalog(urlsplit(address).netloc, use_https=False):
        for table in tables:
            DataFrame(cbsodata.get_data(table, typed=True))


def main(folder: str, how: str) -> None:
    """Do it, and say what it took."""
    from monitor.definitions import load
    from monitor.refresh.run import refresh
    from monitor.sources.statline.settings import Settings

    definitions, settings = load(), Settings.from_environment()
    begun = time.perf_counter()
    if how == "plain":
        plain(settings.base_url, [t.id for t in definitions.statline])
    else:
        refresh(definitions, Path(folder), settings=settings)
    took = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": took, "megabytes": megabytes}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
