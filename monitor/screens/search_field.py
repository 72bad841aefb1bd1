"""The search field in the header of every page; apart, so that a first page need not load the search itself."""

from __future__ import annotations

from html import escape

from monitor.state import LONGEST


def box(value: str, name: str, edition: str = "") -> str:
    """The search field: a form of the browser itself, so that Enter, history and the back button simply work.

    Args:
        value: what stands in it.
        name: makes the id of the field unique on the page.
        edition: the one that the page is pinned to, which the results keep.
    """
    own = f"zoek-{escape(name, quote=True)}"
    kept = f'<input type="hidden" name="editie" value="{escape(edition, quote=True)}">' if edition else ""
    return (
        '<form class="zoek noprint" action="zoeken" method="get" role="search">'
        f'<label for="{own}">Zoek in de monitor</label>'
        f'<input id="{own}" type="search" name="zoek" maxlength="{LONGEST}" value="{escape(value, quote=True)}" '
        f'placeholder="bijvoorbeeld: huisarts" autocomplete="off">{kept}<button type="submit">Zoek</button></form>'
    )
