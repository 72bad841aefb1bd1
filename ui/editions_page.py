"""What the page of editions needs of Streamlit: kept comparisons, the choice of two editions, the change log."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from monitor import dates, paths
from monitor.definitions import Definitions
from monitor.errors import MonitorError
from monitor.screens import editions_html as pieces
from monitor.screens.change_log_html import change_log
from monitor.screens.editions import Difference, Shelf, difference_of, shelf_of
from monitor.screens.inert import plain_label
from monitor.snapshot import store
from monitor.state import State
from ui.controls import choose
from ui.data import Data
from ui.frame import html

_NONE = ""


def shelf() -> Shelf:
    """All editions of this monitor."""
    return shelf_of(paths.snapshot_dir(), dates.today())


@st.cache_data(show_spinner="De edities worden vergeleken …", max_entries=8)
def _difference(_definitions: Definitions, folder: str, before: str, after: str, marks: tuple[str, str]) -> Difference:
    return difference_of(_definitions, Path(folder), before, after)


def compare(d: Data, state: State, found: Shelf) -> None:
    """Choose two editions and show what differs between them; the choice stands in the URL."""
    if len(found.editions) < 2:
        html(f"<p>{escape(pieces.ONLY_ONE)}</p>")
        return
    before = state.before if state.before in found.names else _NONE
    after = state.after if state.after in found.names else _NONE
    names = {_NONE: "Kies een editie", **{e.name: f"{e.name} ({e.made})" for e in found.editions}}
    columns = st.columns(2)
    with columns[0]:
        choose("Van editie", "w-van", list(names), before, lambda n: names[n], lambda n: state.but(before=n or None))
    with columns[1]:
        choose("Naar editie", "w-naar", list(names), after, lambda n: names[n], lambda n: state.but(after=n or None))
    if not (before and after):
        html(pieces.suggestion(found, state))
    elif before == after:
        html('<p class="notice" role="status">Dat is twee keer dezelfde editie. Kies twee verschillende.</p>')
    else:
        _differ(d, found, before, after)


def _differ(d: Data, found: Shelf, before: str, after: str) -> None:
    places = {e.name: e.folder for e in found.editions}
    try:
        marks = (store.fingerprint(places[before]), store.fingerprint(places[after]))
        html(pieces.difference(_difference(d.definitions, str(paths.snapshot_dir()), before, after, marks)))
    except MonitorError as error:
        html(f'<p class="notice" role="status"><b>{escape(error.message)}</b> {escape(error.way_out)}</p>')


def log(d: Data) -> None:
    """The change log of the edition of this page: its beginning at once, each further part behind its heading."""
    text = store.changes(d.snapshot.folder)
    if not text.strip():
        follows = d.snapshot.manifest.get("follows")
        html(f"<p>{escape(pieces.NO_LOG_AFTER if follows else pieces.NO_LOG)}</p>")
        return
    for k, (heading, content) in enumerate(change_log(text)):
        if not heading:
            html(f'<div class="ed-log">{content}</div>')
        else:
            with st.expander(plain_label(heading), key=f"log-{k}"):
                html(f'<div class="ed-log">{content}</div>')
