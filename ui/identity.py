"""Who looks at the page, and the box to sign in and out. The rules are those of monitor/access.py."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.errors import StreamlitAuthError, StreamlitMissingAuthlibError

from monitor import access
from monitor.access import Access, Identity
from monitor.definitions import Definitions
from monitor.notation import listing
from ui import browser
from ui.data import along, data
from ui.frame import html

NO_SIGN_IN = "Schrijven kan hier niet: de beheerder heeft geen aanmelding ingesteld."
BROKEN_SIGN_IN = (
    "Schrijven kan hier niet: het bestand met de instellingen van de aanmelding is niet te lezen. Vraag de beheerder "
    "om hulp."
)
_WAY_BACK, _MOST_WAYS_BACK = 600.0, 1000
PLEASE_SIGN_IN = "Lezen kan iedereen. Om te schrijven meldt u zich aan."


def who() -> Identity | None:
    """Return who is signed in; None when nobody is, or when this request may not write."""
    return look().identity


def look() -> Access:
    """Return who is signed in, or why nobody is. A configured sign-in goes before the mode for a single user."""
    known = data().known.regions
    sign_in = _sign_in_set()
    if sign_in is None:
        return Access(None, BROKEN_SIGN_IN)
    if sign_in:
        if not st.user.get("is_logged_in", False):
            return Access(None, PLEASE_SIGN_IN, offer_sign_in=True)
        return access.from_claims(dict(st.user), known, access.claim_name(), datetime.now(UTC))
    if access.single_user_asked():
        address = st.get_option("server.address")
        return access.single_user(address, dict(st.context.headers), st.context.ip_address, known)
    return Access(None, NO_SIGN_IN)


def box(definitions: Definitions) -> Identity | None:
    """Draw who is signed in, with a button to sign in or out, and say why writing is not possible.

    Returns:
        Who may write; None when nobody may. The regions may be empty.
    """
    found = look()
    with st.container(key="aanmelding", horizontal=True, vertical_alignment="center"):
        html(_told(found, definitions))
        if found.offer_sign_in:
            st.button("Aanmelden", key="aanmelden", on_click=_sign_in)
        elif found.identity and _sign_in_set():
            st.button("Afmelden", key="afmelden", on_click=_sign_out)
    if message := st.session_state.pop("aanmelden-fout", ""):
        html(f'<p class="notice" role="status">{escape(message)}</p>')
    return found.identity


def _told(found: Access, definitions: Definitions) -> str:
    said = []
    if found.identity:
        said.append(f"Aangemeld als <b>{escape(found.identity.name)}</b>.")
        names = [r.name for r in definitions.regions if r.id in found.identity.regions]
        if len(names) == len(definitions.regions):
            said.append("U mag schrijven voor alle regio’s.")
        elif names:
            said.append(f"U mag schrijven voor {escape(listing(names))}.")
    if found.reason:
        said.append(escape(found.reason))
    if found.unknown:
        named = escape(listing([f"‘{u[:40]}’" for u in found.unknown[:4]]))
        said.append(f"Niet bekend als regio: {named}.")
    return f'<p class="sm who">{" ".join(said)}</p>'


def _sign_in_set() -> bool | None:
    """Whether the manager has configured a sign-in; None where that cannot be read, and so nobody may write."""
    try:
        if st.secrets.load_if_toml_exists():
            return "auth" in st.secrets
        # Streamlit says the same of files that are not there and of one that it cannot read.
        there = [f for f in st.get_option("secrets.files") if not f.endswith(".toml") or os.path.lexists(f)]
    except (OSError, ValueError):  # no access to it, or not a text
        return None
    return None if there else False


def begin(pages: Sequence[st.Page]) -> None:
    """Leave the address without a page: to where this browser signed in or out, or else to the first page."""
    back, when = _returns().pop(browser.mark(), ("", 0.0))
    path, _, query = back.partition("?")
    page = next((p for p in pages if p.url_path == path), None)
    if page is None or time.monotonic() - when > _WAY_BACK:
        st.switch_page(pages[0], query_params=along() or None)
    st.switch_page(page, query_params=parse_qs(query))


@st.cache_resource(show_spinner=False)
def _returns() -> dict[str, tuple[str, float]]:
    """Where a browser was when it left to sign in or out; Streamlit itself always comes back at the front page."""
    return {}


def _remember() -> None:
    held = _returns()
    while len(held) >= _MOST_WAYS_BACK:
        held.pop(next(iter(held)), None)
    page = (st.context.url or "").split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    query = urlencode({k: st.query_params.get_all(k) for k in st.query_params}, doseq=True)
    if browser.mark():
        held[browser.mark()] = (f"{page}?{query}", time.monotonic())


def _sign_out() -> None:
    _remember()
    st.logout()


def _sign_in() -> None:
    _remember()
    try:
        st.login()
    except (StreamlitAuthError, StreamlitMissingAuthlibError):
        st.session_state["aanmelden-fout"] = "Aanmelden lukt niet: de instelling is niet volledig. Vraag de beheerder."
