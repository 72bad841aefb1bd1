"""The frame of every page: language, style, header with navigation, footer, and errors in plain Dutch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from html import escape
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

from monitor import logs
from monitor.errors import MonitorError
from monitor.figures import style
from monitor.screens import basket_html, edition_bar
from monitor.screens.basket import PAGE as BASKET
from monitor.screens.inert import inert
from monitor.screens.page_title import SITE, page_title
from monitor.state import State, parse, pinned
from ui import assist, basket_kept, edition, search
from ui.data import Data, along, hold, view

_log = logging.getLogger("regiomonitor")


_NAME = "naam-van-de-pagina"


@cache
def _css() -> str:
    tokens = {
        "ink": style.INK, "text": style.TEXT, "muted": style.MUTED, "line": style.LINE, "surface": style.SURFACE,
        "location": style.LOCATION, "worse": style.MARKS["ongunstiger"].colour, "dot": style.DOT,
        "dot-edge": style.DOT_EDGE,
    }  # fmt: skip
    root = ":root{" + "".join(f"--{k}:{v};" for k, v in tokens.items()) + "}"
    return root + (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def html(text: str) -> None:
    """Put HTML on the page; the caller has escaped every text in it. Links keep the edition that the page pins."""
    st.markdown(inert(edition_bar.keep(text, along().get("editie", ""))), unsafe_allow_html=True)


def document(text: str) -> None:
    """Put Markdown on the page: a document that ships with the project, and never a text of a user."""
    st.markdown(edition_bar.keep(text, along().get("editie", "")), unsafe_allow_html=True)


def folded(title: str, key: str, content: Callable[[], str]) -> None:
    """A box that is closed at first; what is in it is made and sent only when a reader opens it."""
    box = st.expander(title, key=key, on_change="rerun")
    if box.open:
        with box:
            html(content())


def setup() -> None:
    """Set title, style and language; once per page view, before anything else."""
    logs.begin()
    st.set_page_config(page_icon="static/merk.svg", layout="wide", initial_sidebar_state="collapsed")
    st.html(f"<style>{_css()}</style>")
    st.html(f"<script>{assist.script()}{basket_kept.script()}</script>", unsafe_allow_javascript=True)


def _as_app(name: str) -> None:
    """Make sure the page runs inside app.py.

    Streamlit takes a folder called pages/ for its older kind of multipage app until st.navigation has run
    once in the process: the very first visitor of a fresh server who follows a link to a page would get it
    without its frame. That visitor's run starts again at once, now inside the app.
    """
    if not PagesManager.uses_pages_directory:
        return
    PagesManager.uses_pages_directory = False
    context = get_script_run_ctx()
    if context is not None:
        raise RerunException(
            RerunData(
                query_string=context.query_string,
                page_name=name,
                cached_message_hashes=context.cached_message_hashes,
                context_info=context.context_info,
            )
        )


def header(groups: dict[str, list[st.Page]], current: st.Page) -> None:
    """Brand, navigation and search: a row with the groups, and one with the pages of the group one is in.

    Links take the chosen region, indicator, municipality and benchmark along, and the edition that the page pins.
    """
    edition.note()
    st.session_state[_NAME] = current.title
    kept = {
        k: st.query_params.get_all(k) for k in ("regio", "indicator", "gemeente", "vergelijk") if k in st.query_params
    }
    kept |= {k: [v] for k, v in along().items()}

    def entry(page: st.Page, label: str, active: bool, row: str) -> None:
        # The log would open with the figure as a filter that nobody asked for.
        along = {k: v for k, v in kept.items() if not (k == "indicator" and page.url_path == "logboek")}
        with st.container(key=f"{row}-actief" if active else f"{row}-{page.url_path}", width="content"):
            st.page_link(page, label=label, query_params=along or None)

    own: list[st.Page] = next((pages for pages in groups.values() if current in pages), [])
    with st.container(key="kop", horizontal=True, vertical_alignment="center"):
        html(f'<p class="brand">{SITE}</p>')
        with st.container(key="hoofdmenu", horizontal=True, vertical_alignment="center"):
            for name, pages in groups.items():
                entry(pages[0], name, pages is own, "nav")
        if current.url_path != "zoeken":
            search.box()
        _basket(groups, current)
    if len(own) > 1:
        with st.container(key="subkop", horizontal=True, vertical_alignment="center"):
            for page in own:
                entry(page, page.title, page == current, "sub")


def _basket(groups: dict[str, list[st.Page]], current: st.Page) -> None:
    """The way to the basket, once there is something in it; and what is wrong with how it is kept.

    At the end of the header: what comes or goes before something else makes the browser draw all of that again.
    """
    count = basket_kept.count()
    if count:
        page = next(p for pages in groups.values() for p in pages if p.url_path == BASKET)
        with st.container(key="kop-pakket", width="content"):
            st.page_link(page, label=f"AB-pakket ({count})", query_params=along() or None)
        html(basket_html.NO_COOKIE)
    if basket_kept.broken_on(current.url_path):
        html(basket_html.said(basket_html.BROKEN_COOKIE))


def footer(d: Data) -> None:
    """Sources, terms and edition; stands below every page."""
    html(
        '<footer class="foot"><p><b>Bronnen van deze monitor:</b> CBS (CC BY 4.0) en waar genoemd GGD’en, RIVM, '
        "politie en Eurostat; bewerking Regiomonitor. Grenzen: CBS en Kadaster (CC BY 4.0), vereenvoudigd; buurlanden "
        "© EuroGeographics.</p>"
        "<p>Een officiële lijst van gemeenten per regio is niet gevonden. De gebruikte samenstelling staat per "
        f"gemeente, met de grond, op de pagina Regio.</p>{edition.footer_line(d)}"
        '<p><a href="toegankelijkheid" target="_self">Toegankelijkheid</a></p></footer>'
    )


class Enough(Exception):
    """A page has said all that there is to say; its footer still follows."""


@contextmanager
def page(
    name: str,
    default_indicator: str | None = None,
    default_regions: tuple[str, ...] = (),
    default_abroad: str | None = None,
) -> Iterator[tuple[Data, State]]:
    """Give a page its data and state; show what the link got wrong, and faults without a traceback."""
    _as_app(name)
    noted = logs.View(name)
    try:
        seen = view()
        d = seen.data
        noted.edition = d.snapshot.edition
        query, known = edition.asked(seen)
        if default_abroad and default_abroad not in known.abroad:
            default_abroad = known.abroad[0]
        state, notice = parse(name, query, known, default_indicator, default_regions, default_abroad)
        hold(seen.pin)
        _titled(page_title(st.session_state.get(_NAME, ""), state, d.definitions, d.snapshot.names))
        with st.container(key="inhoud"):
            edition.bars(seen, state)
            if notice:
                html(f'<p class="notice" role="status">{escape(notice)}</p>')
            if state.absent and name != "kaart":
                html(f'<p class="notice" role="status">Over {state.absent} heeft dit cijfer geen waarde.</p>')
            with suppress(Enough):
                yield d, state
        footer(d)
    except MonitorError as error:
        noted.outcome = "geweigerd"
        fault(error.message, error.way_out)
    except Exception:
        noted.outcome = "fout"
        _log.exception("onverwachte fout op pagina %s", name)
        if along():
            fault(
                f"Deze pagina kan editie {along()['editie']} niet tonen: zij mist cijfers die de pagina nodig heeft.",
                "Andere pagina’s kunnen dat misschien wel. Of ga op de pagina Edities naar de nieuwste cijfers.",
            )
        fault(
            "Er ging iets mis bij het maken van deze pagina.",
            "Laad de pagina opnieuw. Blijft het misgaan, meld het dan bij de beheerder.",
        )
    finally:
        noted.end()


def _titled(title: str) -> None:
    """Set what the tab of the browser says."""
    st.set_page_config(page_title=title)


def fault(message: str, way_out: str) -> NoReturn:
    """Say what is wrong and what to do, and end the page there."""
    _titled(f"Dit lukt nu niet · {SITE}")
    told = f"<p>{escape(message)}</p><p>{escape(way_out)}</p>"
    html(f'<div class="fault" role="alert"><h1>Dit lukt nu niet</h1>{told}</div>')
    st.stop()


def link(state_link: str) -> str:
    """Return the full address of a page with its state, for files that leave the app."""
    address = st.context.url or ""
    base = address.split("?")[0]
    root = base.rsplit("/", 1)[0] if base.count("/") > 2 else base
    return pinned(f"{root}/{state_link}", along().get("editie", ""))
