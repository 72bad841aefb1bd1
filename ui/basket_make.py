"""Making a pack on the page of the basket: which documents, in whose style, with progress, and one zip."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from monitor.dates import today
from monitor.errors import MonitorError
from monitor.export.basket import DOCUMENTS, NAMES, Basket, DocumentId, as_yaml
from monitor.export.make import BASKET_FILE, make_files, zipped
from monitor.screens import basket as content
from monitor.screens import basket_html
from monitor.screens.basket import Piece
from monitor.screens.inert import inert, plain_label
from ui import uploader
from ui.basket_page import catalogue, do, materials
from ui.data import Data
from ui.frame import html, link

_log = logging.getLogger("regiomonitor")
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
# What a session holds: the region's own slides, what is wrong with the file that was chosen, and what was made.
_TEMPLATE, _FAULT, _MADE, _BUSY = "pakket-sjabloon", "pakket-sjabloon-fout", "pakket-gemaakt", "pakket-bezig"


@dataclass(frozen=True)
class _Template:
    name: str
    content: bytes


@dataclass(frozen=True)
class _Made:
    """A pack that was made: name and content of its zip, its files with their sizes, and what it was made from."""

    name: str
    zip: bytes
    files: dict[str, int]
    made_from: object


def documents(basket: Basket) -> None:
    """Which documents to make, with what each is."""
    for name in DOCUMENTS:
        _document(name, basket)


def _document(name: DocumentId, basket: Basket) -> None:
    key = f"pk-{name}"
    st.session_state[key] = name in basket.documents

    def changed() -> None:
        wanted = st.session_state[key]
        do(lambda b: replace(b, documents=tuple(x for x in DOCUMENTS if (wanted if x == name else x in b.documents))))

    with st.container(key=f"pk-document-{name}"):
        st.checkbox(NAMES[name], key=key, on_change=changed)
        html(f'<p class="sm mut">{escape(content.ABOUT[name])}</p>')


def template() -> None:
    """The region's own slides, for this visit only."""
    held: _Template | None = st.session_state.get(_TEMPLATE)
    title = f"Eigen huisstijl: ‘{plain_label(held.name)}’" if held else "Eigen huisstijl voor de presentatie"
    with st.expander(title, key="pk-huisstijl"):
        html(
            '<p class="sm">Kies een PowerPoint-bestand met de indelingen van het voorbeeld: uw logo, kleuren en '
            "letters komen dan in de presentatie. Het bestand blijft niet bewaard: laadt u de pagina opnieuw, dan "
            "kiest u het opnieuw.</p>"
        )
        st.download_button(
            "Voorbeeld (PowerPoint)", _example, "voorbeeld-huisstijl.pptx", PPTX, key="pk-voorbeeld", on_click="ignore"
        )
        if fault := st.session_state.get(_FAULT):
            html(basket_html.said(*fault, "alert"))
        if held:
            html(basket_html.said(f"‘{held.name}’ past: de presentatie komt in deze huisstijl."))
            st.button("Toch de huisstijl van de monitor", key="pk-huisstijl-weg", on_click=_drop_template)
        _choose_template()


def _example() -> bytes:
    from monitor.export.slides.template import read_template

    return read_template(None).content


def _choose_template() -> None:
    chosen = uploader.choose(f"Uw sjabloon (.pptx, hoogstens {uploader.MOST} MB)", "sjabloon")
    if not chosen:
        return
    # Loads the library for slides, which who only looks need not wait for.
    from monitor.export.slides.template import EXAMPLE, read_template

    name, raw = chosen
    st.session_state.pop(_FAULT, None)
    try:
        read_template(raw)
        st.session_state[_TEMPLATE] = _Template(name, raw)
    except MonitorError as error:
        way_out = error.way_out.replace(EXAMPLE, "Hierboven staat een voorbeeld.")
        st.session_state[_FAULT] = (f"‘{name}’ past niet. {error.message}", way_out)
    st.rerun()


def _drop_template() -> None:
    for key in (_TEMPLATE, _FAULT):
        st.session_state.pop(key, None)


def make(d: Data, basket: Basket, pieces: tuple[Piece, ...]) -> None:
    """The button that makes the pack, and what was made."""
    stopped = content.broken(pieces) or ("" if basket.documents else "Kies ten minste één document.")
    with st.container(key="pakket-maakbaar"):
        if stopped:
            html(basket_html.said(stopped))
    pressed = st.button("Maak het pakket", key="pakket-maak", type="primary", disabled=bool(stopped))
    held: _Template | None = st.session_state.get(_TEMPLATE)
    now = (as_yaml(basket), held and held.content, d.key, today())
    with st.container(key="pakket-uitkomst"):
        broken_off = st.session_state.pop(_BUSY, False)
        if pressed:
            st.session_state.pop(_MADE, None)
            _make(d, basket, held, now)
        elif broken_off:
            told = "Het maken is afgebroken, omdat u intussen iets veranderde. Druk nog eens op de knop."
            html(basket_html.said(told))
        if made := st.session_state.get(_MADE):
            _take_along(made, made.made_from == now)


def _make(d: Data, basket: Basket, held: _Template | None, now: object) -> None:
    own = materials(d, d.key)
    if held:
        own = replace(own, template=held.content)
    # A change during the work ends this run, and then nobody takes the mark away.
    st.session_state[_BUSY] = True
    names = ["Cijfers en bevindingen", *(NAMES[x] for x in basket.documents)]
    place = st.empty()
    with place.container():
        bar, steps = st.progress(0.0, "Het pakket wordt gemaakt …"), st.empty()

        def progress(done: int, total: int, what: str) -> None:
            bar.progress(done / total, f"Stap {done + 1} van {total}: {what} …" if what else "Bijna klaar …")
            steps.markdown(inert(basket_html.steps(names, done)), unsafe_allow_html=True)

        fault = ("", "")
        try:
            files = make_files(own, basket, base=link(""), today=today(), catalogue=catalogue(d), progress=progress)
            st.session_state[_MADE] = _made(files, now)
        except MonitorError as error:
            fault = (error.message, error.way_out)
        except Exception:
            _log.exception("onverwachte fout bij het maken van een pakket")
            fault = ("Er ging iets mis bij het maken.", "Probeer het nog eens, of kies minder stukken tegelijk.")
    place.empty()
    st.session_state.pop(_BUSY, None)
    if fault[0]:
        message, way_out = fault
        html(basket_html.said(f"Het pakket is niet gemaakt. {message}", f"{way_out} Uw pakket is bewaard.", "alert"))


def _made(files: dict[str, bytes], now: object) -> _Made:
    stem = next(n for n in files if n.endswith(BASKET_FILE)).removesuffix(f"-{BASKET_FILE}")
    sizes = {name: len(raw) for name, raw in files.items()}
    return _Made(content.zip_name(stem, today()), zipped(files, today()), sizes, now)


def _take_along(made: _Made, current: bool) -> None:
    told = f"Het pakket is klaar: {len(made.files)} bestanden, samen {content.size(len(made.zip))}."
    if not current:
        told = "Dit pakket is gemaakt vóór uw laatste wijziging. Maak het opnieuw om die mee te nemen."
    html(basket_html.said(told))
    html(basket_html.made(made.files))
    st.download_button(
        "Download het pakket (zip)", made.zip, made.name, "application/zip", key="pakket-download", on_click="ignore",
        type="primary",
    )  # fmt: skip
