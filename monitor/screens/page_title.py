"""What the tab of the browser says: what the page is about, its name, and that it is the monitor."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.definitions import Definitions
from monitor.state import State

SITE = "Regiomonitor Brede Welvaart"
# Pages about one figure; the others are about a region when they are about anything.
_OF_A_FIGURE = ("kaart", "trends", "methode")


def page_title(name: str, state: State, definitions: Definitions, municipalities: Mapping[str, str]) -> str:
    """Return the title of a page, the most telling part first, as a screen reader and a row of tabs want it.

    Args:
        name: of the page, as in the navigation.
        state: what it shows.
        definitions: names of figures, regions and findings.
        municipalities: code -> name.
    """
    return " · ".join(part for part in (_subject(state, definitions, municipalities), name, SITE) if part)


def _subject(state: State, definitions: Definitions, municipalities: Mapping[str, str]) -> str:
    if state.page == "gemeente":
        return municipalities.get(state.municipality or "", "")
    if state.page == "zoeken":
        return f"‘{state.search}’" if state.search else ""
    if state.page in _OF_A_FIGURE:
        return definitions.indicator(state.indicator).name if state.indicator else ""
    if state.finding and state.page == "regiodialoog":
        return next((f.title for f in definitions.findings if f.id == state.finding), "")
    return definitions.region(state.regions[0]).name if len(state.regions) == 1 else ""
