"""The page of the log: filters, list, downloads. Reading never needs a sign-in; forms stand in ui/logbook_form.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from monitor.access import Identity
from monitor.definitions import Definitions
from monitor.errors import MonitorError
from monitor.figures.html import link as html_link
from monitor.logbook import about, export
from monitor.logbook.database import Database, database
from monitor.logbook.entry import Entry, Version, today
from monitor.logbook.store import Wanted, find, histories
from monitor.screens import logbook_html
from monitor.state import State
from ui import logbook_form as form
from ui.controls import choose
from ui.data import Data
from ui.frame import html, link

# So many cards stand on the page at first, and are added at a time.
_STEP = 20
_ALL = ""


def page(d: Data, state: State, me: Identity | None) -> None:
    """Draw the page below its heading, for a reader or for somebody who may write."""
    _filters(d.definitions, state, me)
    wanted = _wanted(d.definitions, state)
    db, entries, seen, problem = _read(wanted, me)
    form.say_what_was_done([e.id for e in entries[: _limit()]])
    if problem:
        html(f'<p class="notice" role="status">{escape(problem)}</p>')
    form.new(db, d, state, me)
    drawn = _list(db, d, entries, seen, me) if db else set()
    # An edit that is open stands with its card; where that is not drawn (any more), it stands here: nothing is lost.
    form.left_open(db, d, me, drawn)
    if db:
        _take_along(d.definitions, entries, wanted)
    with st.expander("Wat wordt bewaard, en wie leest het?"):
        html(logbook_html.privacy())


def _wanted(d: Definitions, state: State) -> Wanted:
    withdrawn = bool(st.session_state.get("lb-ingetrokken"))
    return about.asked(d, Wanted(state.regions, state.goal, state.indicator, state.finding, withdrawn=withdrawn))


def _read(
    wanted: Wanted, me: Identity | None
) -> tuple[Database | None, Sequence[Entry], Mapping[int, Sequence[Version]], str]:
    """The entries that are asked for, the history of those that have one, and what went wrong.

    What was withdrawn is only for who writes for the region.
    """
    try:
        db = database()
        entries = [e for e in find(db, wanted) if not e.current.withdrawn or (me and me.may_write(e.region))]
        seen = histories(db, [e.id for e in entries[: _limit()] if e.current.number > 1])
        return db, entries, seen, ""
    except MonitorError as error:
        told = f"{error.message} De rest van de monitor werkt gewoon. {error.way_out}"
        return None, [], {}, told


def _filters(d: Definitions, state: State, me: Identity | None) -> None:
    regions = {_ALL: "Alle regio’s", **{r.id: r.name for r in d.regions}}
    goals = {_ALL: "Alle doelen", **{str(g.id): f"{g.id} · {g.name}" for g in d.goals}}
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
    if me and me.regions:
        with columns[2]:
            st.checkbox("Ook wat is ingetrokken in mijn regio’s", key="lb-ingetrokken")
    only = []
    if state.indicator:
        only.append(f"het cijfer ‘{escape(about.figure_name(d, state.indicator))}’")
    if state.finding:
        only.append(f"de bevinding ‘{escape(about.finding_title(d, state.finding))}’")
    if only:
        more = html_link(state.but(indicator=None, finding=None).link(), "Toon alle aantekeningen")
        html(f'<p class="sm">Alleen aantekeningen over {" en ".join(only)}. {more}.</p>')


def _list(
    db: Database, d: Data, entries: Sequence[Entry], seen: Mapping[int, Sequence[Version]], me: Identity | None
) -> set[int]:
    """The cards, with buttons for who may write; returns the entries drawn with their forms."""
    shown, drawn = entries[: _limit()], set()
    html("<h2>Aantekeningen</h2>")
    if not entries:
        html(
            '<p class="notice">Hier staat nog niets. Wat is er in uw regio geprobeerd, en wat leerde u ervan? '
            "De eerste aantekening helpt ook andere regio’s.</p>"
        )
        return drawn
    one = len(entries) == 1
    html(f'<p role="status"><b>{len(entries)} {"aantekening" if one else "aantekeningen"}</b>, nieuwste eerst</p>')
    held: list[str] = []
    for entry in shown:
        held.append(logbook_html.card(entry, d.definitions, seen.get(entry.id, ())))
        if me and me.may_write(entry.region):
            html(f'<div class="logs">{"".join(held)}</div>')
            held = []
            form.card_buttons(db, d, entry, me)
            drawn.add(entry.id)
    if held:
        html(f'<div class="logs">{"".join(held)}</div>')
    if len(entries) > len(shown):
        st.button("Toon meer aantekeningen", key="lb-meer", on_click=_more)
    return drawn


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
