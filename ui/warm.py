"""Read the figures while the first visitor's browser is still fetching Streamlit: for ``serve.py``."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

_log = logging.getLogger("regiomonitor")
# What every page draws with.
_MODULES = ("ui.frame", "ui.controls", "ui.downloads", "ui.map_view", "ui.lines")


def _read() -> None:
    for module in _MODULES:
        importlib.import_module(module)
    from ui import data

    try:
        data.read()
    except Exception:
        # The page of the first visitor comes upon the same, and says what to do.
        _log.warning("de cijfers zijn bij de start niet te lezen")


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Begin to read when the server starts; who comes before it is done waits for the rest only."""
    threading.Thread(target=_read, name="lezen", daemon=True).start()
    yield
