"""The forms of the log: their fields, and where they stand. The steps that write stand in ui/logbook_steps.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from monitor.access import Identity
from monitor.dates import short_date, today, told_date
from monitor.definitions import Definitions
from monitor.logbook import about
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
    too_long,
)
from monitor.logbook.store import Wanted
from monitor.screens import logbook_html
from ui import logbook_steps as steps
from ui import regained
from ui.data import Data
from ui.frame import html
from ui.logbook_steps import NEW, OPEN, Form

_HINTS = {
    "tried": "Wat heeft de regio gedaan, met wie en waarom?",
    "learned": "Wat werkte, wat niet, en hoe weet u dat?",
    "changes": "Wat doet u voortaan anders?",
    "follow_up": "Wat is de volgende stap, en wie zet die?",
}
# What a browser sends of a form that another process drew, and where this session notes that it drew one itself.
_SENT, _DRAWN = re.compile("-lb-([0-9a-f]{32})-tried$"), "lb-getekend"
_REGAINED = "De verbinding met de monitor was even weg. Uw tekst staat er nog. Sla haar op als u klaar bent."
_MAY_BE_EMPTY, _DAY_HINT = "(mag leeg blijven)", "dag-maand-jaar"
_CHANGED = (
    "Uw tekst is nog niet opgeslagen: iemand anders heeft deze aantekening intussen gewijzigd. U ziet wat nu is "
    "opgeslagen, en daarnaast uw eigen tekst. Neem over wat u wilt houden en sla opnieuw op. De andere versie blijft "
    "in de geschiedenis."
)
_GONE = (
    "Uw tekst is nog niet opgeslagen: iemand anders heeft deze aantekening intussen ingetrokken. Wilt u haar toch "
    "wijzigen, zet haar dan eerst terug. Uw tekst blijft in het formulier staan."
)
_NOT_WITHDRAWN = (
    "Deze aantekening is nog niet ingetrokken: iemand anders heeft haar intussen gewijzigd. Lees wat nu is opgeslagen, "
    "en trek haar dan pas in."
)
_WITHDRAWN_ALREADY = (
    "Iemand anders heeft deze aantekening intussen al ingetrokken. U kunt dit formulier sluiten met Annuleren, of haar "
    "nog eens intrekken met uw eigen reden."
)


def new(d: Data, wanted: Wanted, me: Identity | None) -> None:
    """A form for a new entry, for who may write; filled in with what the link is about."""
    form = steps.open_form(NEW)
    # Streamlit forgets the fields of a form that was not drawn: the reader was away, and starts anew. What somebody is
    # typing reaches us only when it is saved, so a form that is on the page stays, whatever else changes there.
    here = form is not None and _name(form, "day") in st.session_state
    if me is None or not me.regions:
        if form is None or not _typed(form):
            return
    elif not here:
        own = [r.id for r in d.definitions.regions if me.may_write(r.id)]
        lost = "" if _DRAWN in st.session_state else regained.key(_SENT)
        # Open for who came to write about a finding; the filters of a reader come with every other link.
        form = Form(
            lost or uuid4().hex, linked=bool(lost) or wanted.finding is not None, told=(_REGAINED,) * bool(lost)
        )
        st.session_state[NEW] = form
        if not lost:
            _fill(form, about.empty_draft(d.definitions, own, wanted, today()))
    st.session_state[_DRAWN] = True
    assert form is not None
    if form.base:
        _open_form(d, me, form, "lb-formulier-nieuw")
        return
    with st.expander("Nieuwe aantekening", expanded=form.linked, key=f"lb-{form.key}-box"):
        _fields(d, me, form)


def card_buttons(d: Data, entry: Entry, me: Identity) -> None:
    """Buttons to change, withdraw or put back an entry, and its form when that is open."""
    form, fresh = steps.open_form(OPEN), steps.open_form(NEW)
    steps.say_with(entry)
    if form and form.base and form.base.id == entry.id:
        _open_form(d, me, form)
        return
    with st.container(key=f"lb-knoppen-{entry.id}", horizontal=True):
        busy = form is not None or bool(fresh and fresh.base)
        told = "Rond eerst de andere aantekening af." if busy else None
        if entry.current.withdrawn:
            st.button(
                "Terugzetten", key=f"lb-terug-{entry.id}", on_click=steps.put_back, args=(entry,), disabled=busy,
                help=told,
            )  # fmt: skip
            return
        st.button("Wijzigen", key=f"lb-wijzig-{entry.id}", on_click=_open, args=(entry,), disabled=busy, help=told)
        st.button(
            "Intrekken", key=f"lb-trek-in-{entry.id}", on_click=_open, args=(entry, True), disabled=busy, help=told
        )


def left_open(d: Data, me: Identity | None, drawn: set[int]) -> None:
    """The form of an edit whose card is not on the page now."""
    form = steps.open_form(OPEN)
    if form and form.base and form.base.id not in drawn:
        _open_form(d, me, form)


def _open(entry: Entry, withdraws: bool = False) -> None:
    form = Form(uuid4().hex, entry, withdraws)
    st.session_state[OPEN] = form
    _fill(form, entry.current.draft)


def _open_form(d: Data, me: Identity | None, form: Form, key: str = "lb-formulier") -> None:
    entry = form.base
    assert entry is not None
    where = f"{about.region_name(d.definitions, entry.region)} · {told_date(entry.current.draft.day)}"
    verb = "intrekken" if form.withdraws else "wijzigen"
    with st.container(key=key, border=True):
        html(f"<h3>Aantekening {verb}: {escape(where)}</h3>")
        _say_first(form)
        if form.withdraws:
            if form.rival:
                html(logbook_html.theirs(form.rival, d.definitions))
            _withdrawal(me, form, entry)
        elif form.rival:
            left, right = st.columns(2)
            with left:
                html(logbook_html.theirs(form.rival, d.definitions))
                if form.rival.current.withdrawn:
                    st.button("Terugzetten", key=f"lb-{form.key}-terug", on_click=steps.put_back_for, args=(form,))
            with right:
                html("<h3>Uw tekst</h3>")
                _fields(d, me, form)
        else:
            _fields(d, me, form)
        st.button("Annuleren", key=f"lb-{form.key}-weg", on_click=steps.drop, args=(form,))


def _say_first(form: Form) -> None:
    """What somebody has to know before going on in this form."""
    if form.told:
        steps.complain(*form.told)
        steps.keep(replace(form, told=()))
    if form.rival and form.withdraws:
        steps.complain(_WITHDRAWN_ALREADY if form.rival.current.withdrawn else _NOT_WITHDRAWN)
    elif form.rival:
        steps.complain(_GONE if form.rival.current.withdrawn else _CHANGED)


def _name(form: Form, field: str) -> str:
    return f"lb-{form.key}-{field}"


def _value(form: Form, field: str) -> Any:
    return st.session_state.get(_name(form, field))


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
    return any(_value(form, field) for field in FIELDS)


def _fields(d: Data, me: Identity | None, form: Form) -> None:
    """The fields of an entry and the button that saves them."""
    definitions, base = d.definitions, form.base
    slot = st.container()
    own = [r.id for r in definitions.regions if (base.region == r.id if base else me and me.may_write(r.id))]
    # Beside what somebody else wrote there is no room for two columns.
    columns = 1 if form.rival else 2
    # Outside the form: which findings there are to choose from follows the region at once.
    outside = base is None and len(own) > 1
    if outside:
        _region(st.columns(columns)[0], d, form, own)
    with st.form(_name(form, "form"), border=False):
        places = _places(columns)
        if not outside:
            _region(next(places), d, form, own)
        next(places).text_input(DAY, key=_name(form, "day"), placeholder=_DAY_HINT)
        if outside:
            next(places)
        for field, label in FIELDS.items():
            shown = label if field in REQUIRED else f"{label} {_MAY_BE_EMPTY}"
            next(places).text_area(shown, key=_name(form, field), placeholder=_HINTS[field], height=120)
        html(f'<p class="sm"><b>Waar gaat het over, en wanneer kijkt u weer?</b> Dit {_MAY_BE_EMPTY.strip("()")}.</p>')
        _subject(_places(columns), d, form)
        pressed = st.form_submit_button("Opslaan", type="primary")
    if pressed:
        with slot:
            _save(d, me, form)


def _region(place: Any, d: Data, form: Form, own: Sequence[str]) -> None:
    _chooser(place, d, form, "region", "Regio", own, about.region_name, form.base is not None)


def _subject(places: Iterator[Any], d: Data, form: Form) -> None:
    """Goal, figure and finding to choose from, and when to look again."""
    definitions, region = d.definitions, _value(form, "region")
    mine = [f.id for f in definitions.findings if f.concerns(region)]
    _chooser(next(places), d, form, "goal", "Doel", [g.id for g in definitions.goals], about.goal_name)
    _chooser(next(places), d, form, "indicator", "Cijfer", [i.id for i in definitions.indicators], about.figure_name)
    _chooser(next(places), d, form, "finding", "Bevinding", mine, about.finding_title)
    next(places).text_input(LOOK_AGAIN, key=_name(form, "look_again"), placeholder=_DAY_HINT)


def _places(columns: int) -> Iterator[Any]:
    """Places for fields, row by row."""
    while True:
        yield from st.columns(columns)


def _chooser(
    place: Any, d: Data, form: Form, field: str, label: str, options: Sequence[Any],
    named: Callable[[Definitions, Any], str], fixed: bool | None = None,
) -> None:  # fmt: skip
    """A list to choose from; ``fixed``: None for one that may stay empty, True for one that cannot change."""
    key, optional = _name(form, field), fixed is None
    # A figure or finding that is not (or no longer) to be chosen is kept until somebody changes it.
    before = [getattr(draft, field) for draft in _kept(form)] if optional else []
    kept = [v for v in (st.session_state.get(key), *before) if v is not None and v not in options]
    place.selectbox(
        label, [*options, *dict.fromkeys(kept)], key=key, format_func=lambda o: named(d.definitions, o),
        index=None if optional else 0, placeholder="Typ om te zoeken" if optional else None, disabled=bool(fixed),
    )  # fmt: skip


def _kept(form: Form) -> tuple[Draft, ...]:
    """What an edit started from, and what somebody else made of it."""
    return tuple(e.current.draft for e in (form.base, form.rival) if e)


def _save(d: Data, me: Identity | None, form: Form) -> None:
    """Check and save what was typed; say what is wrong when that fails."""
    names = ("region", "day", "look_again", "goal", "indicator", "finding", *FIELDS)
    draft, wrong = read({f: _value(form, f) for f in names}, d.definitions, today(), _kept(form))
    if me is None:
        steps.complain(steps.LAPSED)
    elif draft is None:
        steps.complain("Dit is nog niet opgeslagen.", *wrong)
    elif form.base is None:
        steps.add(form, draft)
    else:
        steps.change(form, form.base, draft)


def _withdrawal(me: Identity | None, form: Form, entry: Entry) -> None:
    slot = st.container()
    with st.form(_name(form, "form"), border=False):
        st.text_input("Waarom trekt u deze aantekening in?", key=_name(form, "reason"))
        pressed = st.form_submit_button("Intrekken", type="primary")
    if not pressed:
        return
    reason = clean(_value(form, "reason") or "")
    with slot:
        if me is None:
            steps.complain(steps.LAPSED)
        elif not reason or (long := too_long("Reden", reason, LONGEST_REASON)):
            steps.complain(long if reason else "Schrijf een reden op: wie later terugkijkt, wil weten waarom.")
        else:
            steps.withdraw(form, entry, reason)
