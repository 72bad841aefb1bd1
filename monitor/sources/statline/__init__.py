"""Tables of CBS StatLine, fetched from the open data service (protocol v3 or v4)."""

from __future__ import annotations

from monitor.sources.statline.service import StatLine
from monitor.sources.statline.settings import Settings


def connect(settings: Settings | None = None) -> StatLine:
    """Return the service that the settings choose: the day CBS ends v3 is a change of setting.

    Args:
        settings: how to reach it; those of the environment (REGIOMONITOR_CBS_PROTOCOL and others) when None.

    Raises:
        SourceInvalid: a setting that cannot work.
    """
    # Imported here: whoever only needs the contracts need not load an HTTP client.
    from monitor.sources.statline.v3 import StatLineV3
    from monitor.sources.statline.v4 import StatLineV4

    settings = settings or Settings.from_environment()
    return StatLineV4(settings) if settings.protocol == "v4" else StatLineV3(settings)
