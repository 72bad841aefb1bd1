"""The search field, and the index of the edition in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

from monitor.definitions import Finding
from monitor.screens import search_field
from ui.data import Data, along

if TYPE_CHECKING:
    from monitor.search.index import Index


def box(value: str = "", name: str = "kop") -> None:
    """Draw the search field, for the header of every page; Enter leads to the page with results.

    A form of the browser, not a widget: ``st.switch_page`` writes the query into the history of the page one comes
    from, so that the back button would return to another page than was left; and a text field of Streamlit also acts
    when somebody only leaves it. ``st.html``, because in ``st.markdown`` a field with a value cannot be typed in.

    Args:
        value: what stands in it.
        name: makes it unique where a page draws a second one.
    """
    st.html(search_field.box(value, name, along().get("editie", "")))


def index(d: Data, own: Iterable[Finding] = ()) -> Index:
    """Return the index over everything in the edition; made once and shared by all sessions.

    Args:
        d: the edition.
        own: findings that an office added; a change in them makes a new index.

    Raises:
        DefinitionError: the everyday words are broken.
    """
    added = tuple(own)
    return _index(d, d.key, "".join(f.model_dump_json() for f in added), added)


@st.cache_resource(show_spinner=False, max_entries=4)
def _index(_d: Data, key: str, own_key: str, _own: tuple[Finding, ...]) -> Index:
    # Only who searches waits for what searching needs.
    from monitor.search.documents import documents
    from monitor.search.index import Index

    names = {c: _d.snapshot.names[c] for c in _d.snapshot.municipalities}
    return Index(documents(_d.definitions, names, _own))
