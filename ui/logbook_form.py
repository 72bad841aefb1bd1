"""The forms of the log. Whatever goes wrong on saving, what somebody typed stays in the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from monitor.access import Identity
from monitor.errors import MonitorError
from monitor.logbook import about, store
from monitor.logbook.database import Database, LogbookUnavailable, database
from monitor.logbook.entry import (
    DAY,
    FIELDS,
    LONGEST_REASON,
    LOOK_AGAIN,
    REQUIRED,
    Draft,
    Entry,
    clean,
    read,
    short_date,
    today,
    told_date,
    too_long,
)
from monitor.logbook.store import Conflict
from monitor.screens import logbook_html
from monitor.state import State
from ui.data import Data
from ui.frame import html

_NEW, _OPEN, _DONE = "lb-nieuw", "lb-open", "lb-gedaan"
_HINTS = {
    "tried": "Wat heeft de regio gedaan, met wie en waarom?",
    "learned": "Wat werkte, wat niet, en hoe weet u dat?",
    "changes": "Wat doet u voortaan anders?",
    "follow_up": "Wat is de volgende stap, en wie zet die?",
}
_LAPSED = (
    "Uw aantekening is niet opgeslagen: u bent niet meer aangemeld. Uw tekst staat nog in het formulier. Kopieer de "
    "tekst, meld u opnieuw aan en plak haar terug."
)
_MAY_BE_EMPTY, _DAY_HINT = "(mag leeg blijven)", "dag-maand-jaar"
_KEPT = "Uw tekst staat nog in het formulier."


@dataclass(frozen=True)
class Form:
    """A form in use. ``key``: of its fields, and of the entry that it makes; ``base``: what an edit started from.

    ``rival``: what somebody else saved meanwhile; ``linked``: a new one about what a link led to.
    """

    key: str
    base: Entry | None = None
    withdraws: bool = False
    rival: Entry | None = None
    linked: bool = False


def say_what_was_done(shown: Sequence[int]) -> None:
    """Confirm, once, what the last step did: here, or with its entry when that is among those ``shown``."""
    told, entry = st.session_state.get(_DONE, ("", None))
    if told and entry not in shown:
        _confirm()


def _confirm() -> None:
    told, _ = st.session_state.pop(_DONE)
    html(f'<p class="notice" role="status">{escape(told)}</p>')


def _done(told: str, entry: Entry | None = None) -> None:
    st.session_state[_DONE] = (told, entry.id if entry else None)


def new(db: Database | None, d: Data, state: State, me: Identity | None) -> None:
    """A form for a new entry, for who may write; filled in with what the link is about."""
    form: Form | None = st.session_state.get(_NEW)
    # Streamlit forgets the fields of a form that was not drawn: the reader was away, and starts anew. What somebody is
    # typing reaches us only when it is saved, so a form that is on the page stays, whatever else changes there.
    here = form is not None and _name(form, "day") in st.session_state
    if me is None or not me.regions:
        if form is None or not _typed(form):
            return
    elif not here:
        form = Form(uuid4().hex, linked=bool(state.indicator or state.finding))
        st.session_state[_NEW] = form
        _fill(form, _prefilled(d, state, me))
    assert form is not None
    with st.expander("Nieuwe aantekening", expanded=form.linked, key=f"lb-{form.key}-box"):
        _fields(db, d, me, form)


def card_buttons(db: Database, d: Data, entry: Entry, me: Identity) -> None:
    """Buttons to change, withdraw or put back an entry, and its form when that is open."""
    form: Form | None = st.session_state.get(_OPEN)
    if form and form.base and form.base.id == entry.id:
        _open_form(db, d, me, form)
        return
    if st.session_state.get(_DONE, ("", None))[1] == entry.id:
        _confirm()
    with st.container(key=f"lb-knoppen-{entry.id}", horizontal=True):
        busy = form is not None
        told = "Rond eerst de andere aantekening af." if busy else None
        if entry.current.withdrawn:
            st.button(
                "Terugzetten", key=f"lb-terug-{entry.id}", on_click=_put_back, args=(db, entry, me), disabled=busy,
                help=told,
            )  # fmt: skip
            return
        st.button("Wijzigen", key=f"lb-wijzig-{entry.id}", on_click=_open, args=(entry,), disabled=busy, help=told)
        st.button(
            "Intrekken", key=f"lb-trek-in-{entry.id}", on_click=_open, args=(entry, True), disabled=busy, help=told
        )


def left_open(db: Database | None, d: Data, me: Identity | None, drawn: set[int]) -> None:
    """The form of an edit whose card is not on the page now."""
    form: Form | None = st.session_state.get(_OPEN)
    if form and form.base and form.base.id not in drawn:
        _open_form(db, d, me, form)


def _open_form(db: Database | None, d: Data, me: Identity | None, form: Form) -> None:
    entry = form.base
    assert entry is not None
    where = f"{about.region_name(d.definitions, entry.region)} · {told_date(entry.current.draft.day)}"
    verb = "intrekken" if form.withdraws else "wijzigen"
    with st.container(key="lb-formulier", border=True):
        html(f"<h3>Aantekening {verb}: {escape(where)}</h3>")
        if form.withdraws:
            _withdrawal(db, me, form)
        elif form.rival:
            html(
                '<p class="notice" role="alert">Uw tekst is nog niet opgeslagen: iemand anders heeft deze aantekening '
                "intussen gewijzigd. U ziet wat nu is opgeslagen, en daarnaast uw eigen tekst. Neem over wat u wilt "
                "houden en sla opnieuw op. De andere versie blijft in de geschiedenis.</p>"
            )
            left, right = st.columns(2)
            with left:
                html(logbook_html.theirs(form.rival, d.definitions))
            with right:
                html("<h3>Uw tekst</h3>")
                _fields(db, d, me, form)
        else:
            _fields(db, d, me, form)
        st.button("Annuleren", key=f"lb-{form.key}-weg", on_click=_close)


def _open(entry: Entry, withdraws: bool = False) -> None:
    form = Form(uuid4().hex, entry, withdraws)
    st.session_state[_OPEN] = form
    _fill(form, entry.current.draft)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def _prefilled(d: Data, state: State, me: Identity) -> Draft:
    """A new draft about what the link is about, for a region of the writer."""
    own = [r.id for r in d.definitions.regions if me.may_write(r.id)]
    region = next((r for r in state.regions if r in own), own[0])
    draft = Draft(region, today(), "", "", goal=state.goal, indicator=state.indicator, finding=state.finding)
    return about.empty_draft(d.definitions, draft)


def _name(form: Form, field: str) -> str:
    return f"lb-{form.key}-{field}"


def _fill(form: Form, draft: Draft) -> None:
    values: dict[str, Any] = {
        "region": draft.region, "day": short_date(draft.day), "look_again": short_date(draft.look_again),
        "goal": draft.goal, "indicator": draft.indicator, "finding": draft.finding,
        **{name: getattr(draft, name) for name in FIELDS},
    }  # fmt: skip
    for field, value in values.items():
        st.session_state[_name(form, field)] = value


def _typed(form: Form) -> bool:
    """Whether somebody typed a text in it."""
    return any(st.session_state.get(_name(form, field)) for field in FIELDS)


def _fields(db: Database | None, d: Data, me: Identity | None, form: Form) -> None:
    """The fields of an entry and the button that saves them."""
    definitions, base = d.definitions, form.base
    slot = st.container()
    with st.form(_name(form, "form"), border=False):
        own = [r for r in definitions.regions if (base.region == r.id if base else me and me.may_write(r.id))]
        # Beside what somebody else wrote there is no room for two columns.
        places = _places(1 if form.rival else 2)
        _chooser(next(places), form, "region", "Regio", {r.id: r.name for r in own}, base is not None)
        next(places).text_input(DAY, key=_name(form, "day"), placeholder=_DAY_HINT)
        for field, label in FIELDS.items():
            shown = label if field in REQUIRED else f"{label} {_MAY_BE_EMPTY}"
            next(places).text_area(shown, key=_name(form, field), placeholder=_HINTS[field], height=120)
        html(f'<p class="sm"><b>Waar gaat het over, en wanneer kijkt u weer?</b> Dit {_MAY_BE_EMPTY.strip("()")}.</p>')
        places = _places(1 if form.rival else 2)
        _chooser(next(places), form, "goal", "Doel", {g.id: f"{g.id} · {g.name}" for g in definitions.goals})
        _chooser(next(places), form, "indicator", "Cijfer", {i.id: i.full_name for i in definitions.indicators})
        mine = [f for f in definitions.findings if any(f.concerns(r.id) for r in own)]
        _chooser(next(places), form, "finding", "Bevinding", {f.id: f.title for f in mine})
        next(places).text_input(LOOK_AGAIN, key=_name(form, "look_again"), placeholder=_DAY_HINT)
        pressed = st.form_submit_button("Opslaan", type="primary")
    if pressed:
        with slot:
            _save(db, d, me, form)


def _places(columns: int) -> Iterator[Any]:
    """Places for fields, row by row."""
    while True:
        yield from st.columns(columns)


def _chooser(
    place: Any, form: Form, field: str, label: str, options: dict[Any, str], fixed: bool | None = None
) -> None:
    """A list to choose from; ``fixed``: None for one that may stay empty, True for one that cannot change."""
    key, optional = _name(form, field), fixed is None
    # A figure or finding that is not (or no longer) to be chosen is kept until somebody changes it.
    current = st.session_state.get(key)
    if current is not None and current not in options:
        options = {**options, current: str(current)}
    place.selectbox(
        label, list(options), key=key, format_func=lambda o: options[o], index=None if optional else 0,
        placeholder="Typ om te zoeken" if optional else None, disabled=bool(fixed),
    )  # fmt: skip


def _save(db: Database | None, d: Data, me: Identity | None, form: Form) -> None:
    """Check and save what was typed; say what is wrong when that fails."""
    values = {f: st.session_state.get(_name(form, f)) for f in ("region", "day", "look_again", "goal", "indicator")}
    values |= {f: st.session_state.get(_name(form, f)) for f in ("finding", *FIELDS)}
    draft, wrong = read(values, d.definitions, today())
    if me is None:
        _complain(_LAPSED)
    elif draft is None:
        _complain("Dit is nog niet opgeslagen.", *wrong)
    elif form.base is None:
        _step(
            db, form, lambda db: store.add(db, draft, form.key, me, datetime.now(UTC)), "De aantekening is opgeslagen."
        )
    else:
        _change(db, form, form.base, draft, me)


def _change(db: Database | None, form: Form, base: Entry, draft: Draft, me: Identity) -> None:
    if draft == base.current.draft and not form.rival:
        _done("Er is niets veranderd.", base)
        _close()
        st.rerun()
    number = (form.rival or base).current.number
    _step(
        db, form, lambda db: store.change(db, base.id, number, draft, me, datetime.now(UTC)),
        "De wijziging is opgeslagen.",
    )  # fmt: skip


def _withdrawal(db: Database | None, me: Identity | None, form: Form) -> None:
    entry = form.base
    assert entry is not None
    slot = st.container()
    with st.form(_name(form, "form"), border=False):
        label = "Waarom trekt u deze aantekening in?"
        st.text_input(label, key=_name(form, "reason"))
        pressed = st.form_submit_button("Intrekken", type="primary")
    if not pressed:
        return
    reason = clean(st.session_state.get(_name(form, "reason")) or "")
    with slot:
        if me is None:
            _complain(_LAPSED)
        elif not reason or (long := too_long("Reden", reason, LONGEST_REASON)):
            _complain(long if reason else "Schrijf een reden op: wie later terugkijkt, wil weten waarom.")
        else:
            _step(
                db, form,
                lambda db: store.withdraw(db, entry.id, entry.current.number, reason, me, datetime.now(UTC)),
                "De aantekening is ingetrokken. U kunt haar terugzetten.",
            )  # fmt: skip


def _step(db: Database | None, form: Form, make: Callable[[Database], Entry], done: str) -> None:
    """Write; on success the form closes, on failure it stays as it is."""
    try:
        if db is None:
            db = database()
        make(db)
    except Conflict as conflict:
        _conflict(form, conflict.current)
    except LogbookUnavailable as error:
        _complain(f"{error.message} Dit is niet opgeslagen. {_KEPT}", error.way_out)
        return
    except MonitorError as error:
        _complain(f"{error} {_KEPT}")
        return
    else:
        _done(done, form.base)
        st.session_state.pop(_NEW if form.base is None else _OPEN, None)
    st.rerun()


def _conflict(form: Form, current: Entry) -> None:
    """Go on from what somebody else saved, with one's own text still in the form."""
    if form.withdraws:
        _done(
            "Iemand anders heeft deze aantekening intussen gewijzigd. Lees haar nog eens, en trek haar dan pas in.",
            current,
        )
        _close()
        return
    st.session_state[_OPEN] = replace(form, base=form.base or current, rival=current)
    if form.base is None:
        st.session_state.pop(_NEW, None)


def _put_back(db: Database, entry: Entry, me: Identity) -> None:
    try:
        store.put_back(db, entry.id, entry.current.number, me, datetime.now(UTC))
        _done("De aantekening staat weer in het logboek.", entry)
    except MonitorError as error:
        _done(str(error), entry)


def _complain(*sentences: str) -> None:
    told = "".join(f"<p>{escape(s)}</p>" for s in sentences if s)
    html(f'<div class="notice" role="alert">{told}</div>')
