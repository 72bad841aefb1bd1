"""What a page says of the edition that it draws from, and which of the link’s names of editions exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from monitor import dates, paths
from monitor.errors import MonitorError
from monitor.screens import edition_bar
from monitor.screens.edition_age import Age, age_of
from monitor.screens.editions import differs_in
from monitor.screens.inert import inert
from monitor.snapshot.compare import editions
from monitor.state import Known, State
from ui.data import Data, View, along, hold, view


def note() -> None:
    """Before a page is drawn: note which edition its link pins, for the header. What is wrong the page itself says."""
    try:
        hold(view().pin)
    except MonitorError:
        hold("")


def asked(seen: View) -> tuple[dict[str, Sequence[str]], Known]:
    """The query of the link and the names that it may hold; an edition that is not there is told by ``bars``."""
    query: dict[str, Sequence[str]] = {k: st.query_params.get_all(k) for k in st.query_params}
    if seen.missing:
        query.pop("editie", None)
    names: tuple[str, ...] = (seen.pin,) if seen.pin else ()
    if "van" in query or "naar" in query:
        names = tuple(name for name, _ in editions(paths.snapshot_dir()))
    known = seen.data.known
    # An earlier edition may lack a figure of both sides of the border; that page has nothing else to show.
    abroad = [f for f in known.abroad if known.abroad_years[f]]
    return query, replace(known, editions=names, abroad=abroad or known.abroad)


def lacking(d: Data) -> list[str]:
    """Names of the figures of today that an edition does not have."""
    return [i.full_name for i in d.definitions.indicators if not d.known.years[i.id]]


def bars(seen: View, state: State) -> None:
    """Above a page: that its edition is not the one in force, and why."""
    d = seen.data
    told = []
    if seen.damaged:
        told.append(edition_bar.damaged_bar(seen.damaged.message, seen.damaged.way_out, d.snapshot.edition))
    if seen.missing:
        told.append(edition_bar.missing_bar(seen.missing, d.snapshot.edition))
    if seen.pin:
        other = differs_in(d.today, d.definitions)
        address = state.but(edition=None).link()
        told.append(edition_bar.pinned_bar(seen.pin, age(d), seen.in_force, address, other, lacking(d)))
    if told:
        st.markdown(inert(edition_bar.keep("".join(told), seen.pin)), unsafe_allow_html=True)


def age(d: Data) -> Age:
    """When the edition of a page was made."""
    return age_of(d.snapshot.manifest, dates.today())


def footer_line(d: Data) -> str:
    """The edition of a page with its age, for the footer."""
    return edition_bar.footer_line(d.snapshot.edition, age(d), bool(along()))
