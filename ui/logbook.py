"""The page of the log: filters, list, downloads. Reading never needs a sign-in; forms stand in ui/logbook_form.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape

import streamlit as st

from monitor.access import Identity
from monitor.dates import today
from monitor.definitions import Definitions
from monitor.errors import MonitorError
from monitor.figures.html import link as html_link
from monitor.logbook import about, export
from monitor.logbook.database import database
from monitor.logbook.entry import Entry, Version
from monitor.logbook.store import Wanted, find, histories, indicators
from monitor.screens import logbook_html
from monitor.state import State
from ui import logbook_form as form
from ui import logbook_steps as steps
from ui.controls import choose
from ui.data import Data
from ui.frame import html, link

# So many cards stand on the page at first, and are added at a time.
_STEP = 20
_ALL = ""


@dataclass(frozen=True)
class _Read:
    """What was read: entries, the history of those that have one, the figures to choose from, and what went wrong."""

    entries: Sequence[Entry] = ()
    seen: Mapping[int, Sequence[Version]] = field(default_factory=dict)
    figures: frozenset[str] = frozenset()
    problem: str = ""


def page(d: Data, state: State, me: Identity | None) -> None:
    """Draw the page below its heading, for a reader or for somebody who may write."""
    # Links of other pages can carry several regions; here one is chosen, or all.
    state = state.but(regions=state.regions[:1])
    wanted = _wanted(d.definitions, state)
    try:
        found = _read(wanted, me)
    except Exception:
        # The page goes on to say that something is wrong; what somebody is typing has to stay on it.
        form.new(d, wanted, me)
        form.left_open(d, me, set())
        raise
    _filters(d.definitions, state, me, found.figures)
    steps.say_what_was_done([e.id for e in found.entries[: _limit()]])
    if found.problem:
        html(f'<p class="notice" role="status">{escape(found.problem)}</p>')
    form.new(d, wanted, me)
    drawn = set() if found.problem else _list(d, found, me, state)
    # An edit that is open stands with its card; where that is not drawn (any more), it stands here: nothing is lost.
    form.left_open(d, me, drawn)
    _take_along(d.definitions, found.entries, wanted)
    with st.expander("Wat wordt bewaard, en wie leest het?"):
        html(logbook_html.privacy())


def _wanted(d: Definitions, state: State) -> Wanted:
    withdrawn = bool(st.session_state.get("lb-ingetrokken"))
    return about.asked(d, Wanted(state.regions, state.goal, state.indicator, state.finding, withdrawn=withdrawn))


def _read(wanted: Wanted, me: Identity | None) -> _Read:
    """Read what is asked for. What was withdrawn is only for who writes for the region."""
    try:
        db = database()
        entries = [e for e in find(db, wanted) if not e.current.withdrawn or (me and me.may_write(e.region))]
        seen = histories(db, [e.id for e in entries[: _limit()] if e.current.number > 1])
        return _Read(entries, seen, indicators(db, replace(wanted, withdrawn=False)))
    except MonitorError as error:
        return _Read(problem=f"{error.message} De rest van de monitor werkt gewoon. {error.way_out}")


def _filters(d: Definitions, state: State, me: Identity | None, figures: frozenset[str]) -> None:
    """Choose a region, a goal and a figure that entries are about; a finding comes by a link only."""
    regions = {_ALL: "Alle regio’s", **{r.id: r.name for r in d.regions}}
    goals = {_ALL: "Alle doelen", **{str(g.id): f"{g.id} · {g.name}" for g in d.goals}}
    named = {_ALL: "Alle cijfers"}
    named |= {i.id: i.full_name for i in d.indicators if i.id in figures or i.id == state.indicator}
    columns = st.columns(3)
    with columns[0]:
        choose(
            "Regio", "w-lb-regio", list(regions), state.regions[0] if state.regions else _ALL, lambda r: regions[r],
            lambda r: state.but(regions=(r,) if r else ()),
        )  # fmt: skip
    with columns[1]:
        choose(
            "Doel", "w-lb-doel", list(goals), str(state.goal or _ALL), lambda g: goals[g],
            lambda g: state.but(goal=int(g) if g else None),
        )  # fmt: skip
    with columns[2]:
        choose(
            "Cijfer", "w-lb-cijfer", list(named), state.indicator or _ALL, lambda i: named[i],
            lambda i: state.but(indicator=i or None),
        )  # fmt: skip
    if me and me.regions:
        st.checkbox("Ook wat is ingetrokken in mijn regio’s", key="lb-ingetrokken")
    if state.finding:
        title = escape(about.finding_title(d, state.finding))
        more = html_link(state.but(finding=None).link(), "Toon ook de andere")
        html(f'<p class="sm">Alleen aantekeningen over de bevinding ‘{title}’. {more}.</p>')


def _list(d: Data, found: _Read, me: Identity | None, state: State) -> set[int]:
    """The cards, with buttons for who may write; returns the entries drawn with their forms."""
    entries = found.entries
    shown, drawn = entries[: _limit()], set()
    html("<h2>Aantekeningen</h2>")
    if not entries:
        html(f'<p class="notice">{_nothing_yet(state)}</p>')
        return drawn
    one = len(entries) == 1
    html(f'<p role="status"><b>{len(entries)} {"aantekening" if one else "aantekeningen"}</b>, nieuwste eerst</p>')
    held: list[str] = []
    for entry in shown:
        held.append(logbook_html.card(entry, d.definitions, found.seen.get(entry.id, ())))
        if me and me.may_write(entry.region):
            html(f'<div class="logs">{"".join(held)}</div>')
            held = []
            form.card_buttons(d, entry, me)
            drawn.add(entry.id)
    if held:
        html(f'<div class="logs">{"".join(held)}</div>')
    if len(entries) > len(shown):
        st.button("Toon meer aantekeningen", key="lb-meer", on_click=_more)
    return drawn


def _nothing_yet(state: State) -> str:
    if state.goal or state.indicator or state.finding:
        every = html_link(state.but(goal=None, indicator=None, finding=None).link(), "Toon alle aantekeningen")
        return f"Bij deze keuze staat nog geen aantekening. {every}."
    return (
        "Hier staat nog niets. Wat is er in uw regio geprobeerd, en wat leerde u ervan? De eerste aantekening helpt "
        "ook andere regio’s."
    )


def _limit() -> int:
    return int(st.session_state.get("lb-hoeveel", _STEP))


def _more() -> None:
    st.session_state["lb-hoeveel"] = _limit() + _STEP


def _take_along(d: Definitions, entries: Sequence[Entry], wanted: Wanted) -> None:
    """Download buttons: what the reader filtered, without what was withdrawn."""
    if not any(not e.current.withdrawn for e in entries):
        return
    choice, now = about.told(d, wanted), datetime.now(UTC)
    address = link(State("logboek", wanted.regions, wanted.indicator, goal=wanted.goal, finding=wanted.finding).link())
    name = "-".join(["logboek", *wanted.regions, today().isoformat()])
    makers = (
        ("Tabel (CSV)", "csv", "text/csv", export.csv_bytes),
        (
            "Document (Word)",
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            export.docx_bytes,
        ),
    )
    html("<h2>Meenemen</h2><p>Alles wat hierboven is gekozen, bijvoorbeeld voor de jaarlijkse leerbijeenkomst.</p>")
    with st.container(horizontal=True):
        for label, ending, mime, make in makers:
            st.download_button(
                label, lambda make=make: make(entries, d, choice, now, address), f"{name}.{ending}", mime,
                key=f"lb-{ending}", on_click="ignore",
            )  # fmt: skip
