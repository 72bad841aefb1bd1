"""Refreshing the figures from the app: the button for who may, how far it is, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from monitor import access, paths
from monitor.errors import MonitorError, Refused
from monitor.refresh import runner
from monitor.screens import refresh_html
from monitor.screens.editions import PAGE
from ui import identity
from ui.data import Data, data
from ui.frame import html

_SAID, _SEEN = "verversen-melding", "verversen-bezig"
# Seconds between two looks at a running refresh.
_EVERY = 1.5


def box(d: Data) -> None:
    """Draw the box; while a refresh runs it looks again by itself, also when a timer or a terminal started it."""
    found = identity.look()
    may = access.may_refresh(found.identity, d.known.regions)
    html(refresh_html.ABOUT)
    if not may:
        html(refresh_html.who_can("" if found.reason == identity.NO_SIGN_IN else found.reason))
    with st.container(key="verversen"):
        now = runner.status(paths.snapshot_dir())
        busy = now is not None and now.state == "bezig"
        st.session_state[_SEEN] = busy
        st.fragment(_look, run_every=_EVERY if busy else None)(may)
    if found.identity or found.offer_sign_in:
        with st.container(key="verversen-aanmelding"):
            identity.box(d.definitions)


def _look(may: bool) -> None:
    """The part that changes while a refresh runs; at its end the whole page is drawn again, with the new figures."""
    folder = paths.snapshot_dir()
    now = runner.status(folder)
    busy = now is not None and now.state == "bezig"
    if busy != st.session_state.get(_SEEN):
        st.rerun()
    if told := st.session_state.pop(_SAID, ""):
        html(refresh_html.refused(told))
    if now is not None and busy:
        st.progress(refresh_html.share(now.step), refresh_html.bar_text(now.step))
        html(refresh_html.busy(now, datetime.now(UTC)))
        if may:
            st.button("Afbreken", key="verversen-stop", on_click=_do, args=(runner.stop, folder))
        return
    if now is not None:
        html(refresh_html.ended(now, PAGE, may))
    if may:
        st.button("Cijfers verversen", key="verversen-start", type="primary", on_click=_do, args=(runner.start, folder))


def _do(step: Callable[[Path], None], folder: Path) -> None:
    """Start or stop; what goes wrong is told on the page. Whoever signed in may have lost that right meanwhile."""
    st.session_state.pop(_SAID, None)
    try:
        if not access.may_refresh(identity.look().identity, data().known.regions):
            raise Refused("U mag de cijfers niet (meer) verversen.", "Meld u opnieuw aan.")
        step(folder)
    except MonitorError as error:
        st.session_state[_SAID] = str(error)
    except OSError:
        st.session_state[_SAID] = "Het verversen kan hier niet beginnen. Vraag de beheerder om hulp."
