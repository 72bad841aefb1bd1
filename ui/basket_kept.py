"""The basket of a visitor: kept in the session and in one cookie, and shared by the tabs of a browser.

A link inside the app loads a page anew, and the session is then lost: the cookie brings the basket back. A session
knows its cookie only as it was at its beginning. What another tab changed since comes from the memory of the server,
where the last change of a browser counts.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from monitor.errors import ExportError, MonitorError
from monitor.export.basket import LONGEST_LINK, Basket, as_text, read_text
from ui import browser
from ui.data import data

COOKIE = "pakket"
# What a page says in passing, after its header.
SAY = "pakket-melding-kort"
_KEY, _TOLD = "pakket-bewaard", "pakket-kapot"
_SECONDS = 30 * 24 * 3600
# Without a cookie, so long after a change it may be that the browser has not written it yet.
_RECENT = 600.0
_MOST_BROWSERS, _MOST_TEXTS = 1000, 50
# @FORCE@: this session has something to write. Without it a visit only makes the cookie last longer.
_WRITE = """
{
  const now = '@TEXT@', force = @FORCE@;
  const read = () => (document.cookie.match(/(?:^|; )@COOKIE@=([^;]*)/) || ['', ''])[1];
  let refused = true;
  try {
    const path = location.pathname.replace(/[^/]*$/, '');
    const rest = `path=${path}; max-age=${now ? @SECONDS@ : 0}; SameSite=Lax`;
    const safe = location.protocol === 'https:' ? '; Secure' : '';
    if (force || read() === now) document.cookie = `@COOKIE@=${now}; ${rest}${safe}`;
    refused = force && read() !== now;
  } catch (e) { refused = true; }
  document.documentElement.classList.toggle('no-cookies', refused);
}
"""
# What Streamlit says to who hears a passing message is English, and it comes a little later.
_DUTCH = """
{
  let left = 30;
  const dutch = () => {
    const name = (where, text) => document.querySelectorAll(where).forEach(e => e.setAttribute('aria-label', text));
    name('[data-testid=stToastContainer]', 'Meldingen');
    name('[data-testid=stToast] [aria-label=Close]', 'Sluit deze melding');
    if (left-- > 0) setTimeout(dutch, 100);
  };
  dutch();
}
"""


@dataclass
class Kept:
    """The basket of a session.

    ``turn``: of the last change it knows. ``cookie``: as it came. ``changed``: the browser has to write the cookie.
    ``broken``: the cookie could not be read.
    """

    basket: Basket | None = None
    turn: int = 0
    cookie: str = ""
    changed: bool = False
    broken: bool = False


@dataclass
class _Last:
    """The last basket of a browser, and the texts that its cookie may still hold."""

    basket: Basket | None
    turn: int
    when: float
    texts: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_TEXTS))


class _Browsers:
    """The last basket per browser."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._last: dict[str, _Last] = {}
        self._turn = 0

    def last(self, mark: str) -> _Last | None:
        return self._last.get(mark)

    def put(self, mark: str, basket: Basket | None, texts: tuple[str, ...]) -> int:
        """Note a change; returns its turn."""
        with self.lock:
            self._turn += 1
            if mark:
                before = self._last.pop(mark, None)
                while len(self._last) >= _MOST_BROWSERS:
                    self._last.pop(next(iter(self._last)), None)
                entry = _Last(basket, self._turn, time.monotonic())
                entry.texts.extend(dict.fromkeys((*(before.texts if before else ()), *texts)))
                self._last[mark] = entry
            return self._turn


@st.cache_resource(show_spinner=False)
def _browsers() -> _Browsers:
    return _Browsers()


def kept() -> Kept:
    """The basket of this session, with what another tab changed since.

    Raises:
        MonitorError: a cookie can only be read with the definitions, and these are broken.
    """
    held: Kept | None = st.session_state.get(_KEY)
    if held is None:
        held = st.session_state[_KEY] = _begin(_cookie())
    last = _browsers().last(browser.mark())
    if last and last.turn > held.turn:
        held.basket, held.turn, held.changed = last.basket, last.turn, True
    return held


def current() -> Basket | None:
    """The basket; None when there is none yet."""
    return kept().basket


def count() -> int:
    """How many figures are in the basket; 0 also when it cannot be read."""
    try:
        basket = current()
    except MonitorError:
        return 0
    return len(basket.items) if basket else 0


def change(step: Callable[[Basket | None], Basket | None]) -> None:
    """Change the basket; one tab after the other, each from what the other left.

    Raises:
        MonitorError: the step cannot be done; nothing has changed then.
    """
    with _browsers().lock:
        held = kept()
        basket = step(held.basket)
        held.turn = _browsers().put(browser.mark(), basket, (held.cookie, _text(basket) or ""))
        held.basket, held.changed, held.broken = basket, True, False


def too_long() -> str:
    """Why the browser cannot keep the basket, as a sentence; empty when it can."""
    basket = current()
    try:
        if basket:
            as_text(basket)
    except ExportError as error:
        return str(error)
    return ""


def script() -> str:
    """What makes the browser keep the basket; empty when there is nothing to keep or to remove."""
    try:
        held = kept()
    except MonitorError:
        return ""
    text = _text(held.basket)
    if text is None or not (text or held.changed):
        return ""
    parts = {"FORCE": json.dumps(held.changed), "COOKIE": COOKIE, "SECONDS": str(_SECONDS), "TEXT": text}
    made = _WRITE
    for name, value in parts.items():
        made = made.replace(f"@{name}@", value)
    return made + (_DUTCH if SAY in st.session_state else "")


def broken_on(page: str) -> bool:
    """Whether to say on a page that the cookie could not be read: on the page where the visit began."""
    held: Kept | None = st.session_state.get(_KEY)
    return bool(held and held.broken and st.session_state.setdefault(_TOLD, page) == page)


def _cookie() -> str:
    """The cookie as it came when this session began."""
    return str(st.context.cookies.get(COOKIE, ""))


def _begin(cookie: str) -> Kept:
    last = _browsers().last(browser.mark())
    if last and (cookie in last.texts if cookie else time.monotonic() - last.when < _RECENT):
        return Kept(last.basket, last.turn, cookie, changed=True)
    turn = last.turn if last else 0
    if not cookie:
        return Kept(turn=turn)
    definitions = data().definitions
    try:
        if len(cookie) > LONGEST_LINK:
            raise ExportError("te lang")
        basket = read_text(cookie, definitions)
    except MonitorError:
        # Nobody can do anything with it; it goes, so that it is told once.
        return Kept(None, turn, cookie, changed=True, broken=True)
    # Another process wrote it: it is what the other tabs have to see too.
    return Kept(basket, _browsers().put(browser.mark(), basket, (cookie,)) if last else turn, cookie)


def _text(basket: Basket | None) -> str | None:
    """A basket as a cookie: empty without one, None for one that does not fit."""
    try:
        return as_text(basket) if basket else ""
    except ExportError:
        return None
