"""The steps of the log that write. Whatever goes wrong, what somebody typed stays in the form.

Every step asks anew who is signed in: between drawing a page and pressing its button that can change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape

import streamlit as st

from monitor.access import Identity
from monitor.errors import MonitorError
from monitor.logbook import store
from monitor.logbook.database import Database, database
from monitor.logbook.entry import Draft, Entry
from monitor.logbook.faults import MANAGER, LogbookUnavailable
from monitor.logbook.store import Conflict
from ui import identity
from ui.frame import html

NEW, OPEN, _DONE = "lb-nieuw", "lb-open", "lb-gedaan"
LAPSED = (
    "Uw aantekening is niet opgeslagen: u bent niet meer aangemeld. Uw tekst staat nog in het formulier. Kopieer de "
    "tekst, meld u opnieuw aan en plak haar terug."
)
_NOBODY = "Dit is niet gelukt: u bent niet meer aangemeld. Meld u opnieuw aan."
_KEPT = "Uw tekst staat nog in het formulier."
_RETURNED = "De aantekening staat weer in het logboek."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Form:
    """A form in use. ``key``: of its fields, and of the entry that it makes; ``base``: what an edit started from.

    ``rival``: what somebody else saved meanwhile; ``linked``: a new one about what a link led to; ``told``: what to
    say in it once.
    """

    key: str
    base: Entry | None = None
    withdraws: bool = False
    rival: Entry | None = None
    linked: bool = False
    told: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The version that is about to be followed by what stands in the form; 0 for a new entry."""
        seen = self.rival or self.base
        return seen.current.number if seen else 0


def open_form(slot: str) -> Form | None:
    """The form that is in use in a place: NEW for a new entry, OPEN for an edit."""
    found: Form | None = st.session_state.get(slot)
    return found


def keep(form: Form) -> None:
    """Keep a form where it was."""
    st.session_state[_slot(form)] = form


def drop(form: Form) -> None:
    """Close a form."""
    st.session_state.pop(_slot(form), None)


def _slot(form: Form) -> str:
    new = open_form(NEW)
    return NEW if new and new.key == form.key else OPEN


def complain(*sentences: str) -> None:
    """Say what is wrong, here."""
    told = "".join(f"<p>{escape(s)}</p>" for s in sentences if s)
    html(f'<div class="notice" role="alert">{told}</div>')


def done(told: str, entry: Entry | None = None) -> None:
    """Have the next drawing confirm a step: with its entry, or at the top of the page."""
    st.session_state[_DONE] = (told, entry.id if entry else None)


def say_what_was_done(shown: Sequence[int]) -> None:
    """Confirm, once, what the last step did: here, or with its entry when that is among those ``shown``."""
    told, entry = st.session_state.get(_DONE, ("", None))
    if told and entry not in shown:
        _confirm()


def say_with(entry: Entry) -> None:
    """Confirm, once, what the last step did with this entry."""
    if st.session_state.get(_DONE, ("", None))[1] == entry.id:
        _confirm()


def _confirm() -> None:
    told, _ = st.session_state.pop(_DONE)
    html(f'<p class="notice" role="status">{escape(told)}</p>')


def _tried(make: Callable[[Database, Identity], Entry], nobody: str) -> tuple[Entry | None, tuple[str, ...]]:
    """Write as who is signed in now: the entry as it then is, or what went wrong.

    A fault of the software is told here as well, and not left to the page: that would take away the forms below.

    Raises:
        Conflict: somebody else was first.
    """
    try:
        me = identity.who()
        return (make(database(), me), ()) if me else (None, (nobody,))
    except Conflict:
        raise
    except LogbookUnavailable as error:
        return None, (f"{error.message} Dit is niet opgeslagen.", error.way_out)
    except MonitorError as error:
        return None, (str(error),)
    except Exception:
        _log.exception("onverwachte fout bij het schrijven in het logboek")
        return None, ("Er ging iets mis. Dit is niet opgeslagen.", MANAGER)


def add(form: Form, draft: Draft) -> None:
    """Save a new entry."""
    _step(form, lambda db, me: store.add(db, draft, form.key, me, datetime.now(UTC)), "De aantekening is opgeslagen.")


def change(form: Form, base: Entry, draft: Draft) -> None:
    """Save an edit, if there is one."""
    if draft == base.current.draft and not form.rival:
        done("Er is niets veranderd.", base)
        drop(form)
        st.rerun()
    _step(
        form, lambda db, me: store.change(db, base.id, form.number, draft, me, datetime.now(UTC)),
        "De wijziging is opgeslagen.",
    )  # fmt: skip


def withdraw(form: Form, base: Entry, reason: str) -> None:
    """Withdraw an entry."""
    _step(
        form, lambda db, me: store.withdraw(db, base.id, form.number, reason, me, datetime.now(UTC)),
        "De aantekening is ingetrokken. U kunt haar terugzetten.",
    )  # fmt: skip


def _step(form: Form, make: Callable[[Database, Identity], Entry], told: str) -> None:
    """Write; on success the form closes, on failure it stays as it is, beside what somebody else wrote."""
    try:
        entry, wrong = _tried(make, LAPSED)
    except Conflict as conflict:
        keep(replace(form, base=form.base or conflict.current, rival=conflict.current, told=()))
        st.rerun()
    if entry is None:
        complain(*wrong, "" if wrong == (LAPSED,) else _KEPT)
        return
    done(told, form.base)
    drop(form)
    st.rerun()


def put_back(entry: Entry) -> None:
    """Put a withdrawn entry back, from its card."""
    try:
        found, wrong = _tried(lambda db, me: _returned(db, entry, me), _NOBODY)
    except Conflict as conflict:
        found, wrong = None, (str(conflict),)
    done(_RETURNED if found else " ".join(wrong), entry)


def put_back_for(form: Form) -> None:
    """Put back what somebody else withdrew while the form was open, and go on from there; the fields stay."""
    base, rival = form.base, form.rival
    if base is None or rival is None:
        return
    try:
        entry, wrong = _tried(lambda db, me: _returned(db, rival, me), _NOBODY)
    except Conflict as conflict:
        keep(replace(form, rival=conflict.current, told=()))
        return
    if entry is None:
        keep(replace(form, told=(*wrong, _KEPT)))
        return
    # What somebody else changed before withdrawing it is still laid beside one's own text.
    same = entry.current.draft == base.current.draft
    keep(replace(form, base=entry, rival=None if same else entry, told=(f"{_RETURNED} Sla nu uw eigen tekst op.",)))


def _returned(db: Database, entry: Entry, me: Identity) -> Entry:
    return store.put_back(db, entry.id, entry.current.number, me, datetime.now(UTC))
