"""The page of the basket: what it is about, its figures in order, the meeting, and how it is kept and shared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from monitor import assessment as asm
from monitor.dates import today
from monitor.errors import MonitorError
from monitor.export.basket import LONGEST_NOTE, LONGEST_TITLE, Basket, as_text, as_yaml, read_text, read_yaml
from monitor.export.catalogue import Catalogue
from monitor.export.changed import changes
from monitor.export.choose import RULE, basket_for
from monitor.export.compose import usual_title
from monitor.export.pack import Materials
from monitor.export.reference import Reference
from monitor.screens import basket as content
from monitor.screens import basket_html
from monitor.screens.basket import Piece, Shown
from monitor.screens.inert import plain_label
from monitor.snapshot.compare import editions
from monitor.state import State
from ui import basket_kept, uploader
from ui.data import Data
from ui.frame import html, link

_ALL = ""
# What a session holds: a message, what an undo brings back, a file that was opened, which button gets the focus, and
# the basket that one begins with.
_SAID, _UNDO, _FILE, _FOCUS = "pakket-melding", "pakket-terug", "pakket-uit-bestand", "pakket-knop"
_FIRST = "pakket-begin"
Step = Callable[[Basket], Basket]


@st.cache_resource(show_spinner=False, max_entries=4)
def materials(_d: Data, key: str) -> Materials:
    """What documents are made from, in the house style."""
    return Materials(_d.definitions, _d.snapshot)


@st.cache_resource(show_spinner=False, max_entries=4)
def _library(_d: Data, key: str, day: str) -> Catalogue:
    return Catalogue(materials(_d, key), today())


def catalogue(d: Data) -> Catalogue:
    """Figures by reference; one for all visitors of a day."""
    return _library(d, d.key, today().isoformat())


@st.cache_data(show_spinner=False, max_entries=2000)
def _shown(_d: Data, key: str, day: str, reference: str) -> Shown:
    return content.look_up(catalogue(_d), Reference.read(reference))


def basket_of(state: State) -> Basket:
    """The basket, or an empty one for the region of the address."""
    first = st.session_state[_FIRST] = Basket(next(iter(state.regions), content.FIRST_REGION))
    return basket_kept.current() or first


def pieces(d: Data, basket: Basket) -> tuple[Piece, ...]:
    """The figures of the basket with what they show."""
    day = today().isoformat()
    return content.pieces_of(basket, [_shown(d, d.key, day, str(i.figure)) for i in basket.items])


# -- changes, and taking them back --------------------------------------------------------------------------------


def do(step: Step, said: str = "", undo: bool = False) -> None:
    """Change the basket, and say what was done; ``undo``: with a button that takes it back."""
    before = basket_kept.current()
    for key in (_SAID, _UNDO, _FOCUS):
        st.session_state.pop(key, None)
    first = st.session_state.get(_FIRST, Basket(content.FIRST_REGION))
    try:
        basket_kept.change(lambda b: step(b or first))
    except MonitorError as error:
        st.session_state[_SAID] = str(error)
        return
    st.session_state[_SAID] = said
    if undo and before and before.items:
        st.session_state[_UNDO] = before


def _undo() -> None:
    before = st.session_state.get(_UNDO)
    if before:
        do(lambda _: before, "Uw pakket staat er weer zoals het was.")


def messages() -> None:
    """What was done last, with the way back; and that the browser cannot keep the basket.

    Like every part that comes and goes it has a place that stays: else the browser would draw all below it again,
    and a field in which somebody types would lose the focus.
    """
    with st.container(key="pakket-melding"):
        if told := st.session_state.get(_SAID, ""):
            html(basket_html.said(told))
        if _UNDO in st.session_state:
            st.button("Maak dit ongedaan", key="pakket-terugzetten", on_click=_undo)
        if told := basket_kept.too_long():
            html(basket_html.said(told))


# -- a link or a file that holds another basket -------------------------------------------------------------------


def opened(d: Data) -> None:
    """Open the basket of a link or a file; ask first where it would take the place of one's own."""
    with st.container(key="pakket-vraag"):
        if "pakket" in st.query_params:
            try:
                _offered(d, "De link", read_text(st.query_params["pakket"], d.definitions))
            except MonitorError as error:
                _close()
                st.session_state[_SAID] = content.unreadable("De link", error)
        elif _FILE in st.session_state:
            _offered(d, "Het bestand", st.session_state[_FILE])


def _offered(d: Data, source: str, other: Basket) -> None:
    own = basket_kept.current()
    if own is None or not own.items or own == other:
        _close()
        do(lambda _: other, f"{source} is geopend: {content.about(other, d.definitions)}.")
        st.rerun()
    html(basket_html.said(content.question(own, source, other, d.definitions)))
    with st.container(horizontal=True):
        st.button(
            "Vervang mijn pakket", key="pakket-vervang", on_click=_replace, args=(other,),
            help="U kunt dit daarna nog ongedaan maken.",
        )  # fmt: skip
        st.button("Houd mijn pakket", key="pakket-houd", on_click=_close)


def _close() -> None:
    st.query_params.pop("pakket", None)
    st.session_state.pop(_FILE, None)


def _replace(other: Basket) -> None:
    _close()
    do(lambda _: other, "Uw pakket is vervangen.", undo=True)


# -- what the pack is about ---------------------------------------------------------------------------------------


def _pick(label: str, key: str, names: Mapping[str, str], now: str, step: Callable[[Basket, str], Basket],
          help_text: str | None = None) -> None:  # fmt: skip
    """A select box for one part of the basket."""
    st.session_state[key] = now

    def changed() -> None:
        chosen = st.session_state[key]
        do(lambda b: step(b, chosen))

    st.selectbox(label, list(names), key=key, format_func=lambda k: names[k], on_change=changed, help=help_text)


def _field(label: str, key: str, now: str, step: Callable[[Basket, str], Basket], placeholder: str = "") -> None:
    """A line of text for one part of the basket."""
    st.session_state[key] = now

    def changed() -> None:
        typed = st.session_state[key]
        do(lambda b: step(b, typed))

    st.text_input(label, key=key, max_chars=LONGEST_TITLE, placeholder=placeholder, on_change=changed)


def elsewhere(d: Data, basket: Basket) -> None:
    """That figures are about other regions than the pack."""
    with st.container(key="pakket-elders"):
        if told := content.elsewhere(basket, d.definitions):
            html(basket_html.said(told))


def choices(d: Data, basket: Basket) -> None:
    """Region, goal and benchmark of the pack."""
    regions = {r.id: r.name for r in d.definitions.regions}
    goals = {_ALL: "Alle doelen", **{str(g.id): f"{g.id} · {g.name}" for g in d.definitions.goals}}
    named = {k: f"{name[0].upper()}{name[1:]}" for k, name in asm.BENCHMARK_NAMES.items()}
    columns = st.columns(3)
    with columns[0]:
        _pick("Regio", "pk-regio", regions, basket.region, lambda b, r: replace(b, region=r))
    with columns[1]:
        _pick("Doel", "pk-doel", goals, str(basket.goal or _ALL), lambda b, g: replace(b, goal=int(g) if g else None))
    with columns[2]:
        _pick(
            "Vergelijk met", "pk-vergelijk", named, basket.benchmark,
            lambda b, v: replace(b, benchmark=asm.benchmark_id(v)),
            "Voor de samenvatting en de vragen. Een figuur houdt de vergelijking waarmee u haar koos.",
        )  # fmt: skip


def title(d: Data, basket: Basket) -> None:
    """The title on the documents."""
    _field("Titel van het pakket", "pk-titel", basket.title, content.titled, usual_title(d.definitions, basket))


def propose(d: Data, basket: Basket) -> None:
    """Fill the basket by the one rule, which stands beside it."""

    def proposed() -> None:
        whole = d, materials(d, d.key)
        do(lambda b: _proposal(*whole, b), "Dit is een voorstel: pas het aan zoals u wilt.", undo=True)

    first = not basket.items
    where = d.definitions.region(basket.region).spoken
    label = "Begin met een voorstel" if first else f"Vervang door een voorstel voor {where}"
    st.button(label, key="pakket-voorstel", type="primary" if first else "secondary", on_click=proposed)
    html(f'<p class="sm">{escape(RULE)}</p>')


def _proposal(d: Data, whole: Materials, basket: Basket) -> Basket:
    proposed = basket_for(whole, basket.region, basket.goal, basket.benchmark)
    return replace(basket, items=proposed.items)


# -- the figures --------------------------------------------------------------------------------------------------


def figures(shown: tuple[Piece, ...]) -> None:
    """The figures in order, each with its note and the buttons to move it."""
    for p in shown:
        _piece(p, len(shown))
    _keep_focus()


def _piece(p: Piece, most: int) -> None:
    mark = hashlib.sha256(p.mark.encode()).hexdigest()[:10]
    what = f"figuur {p.place}, {plain_label(p.shown.title)}"
    with st.container(key=f"pk-stuk-{mark}"):
        left, right = st.columns([1.5, 1], gap="large")
        with left:
            html(basket_html.piece(p))
            with st.container(horizontal=True, key=f"pk-knoppen-{mark}"):
                if not p.shown.fault:
                    for way, name, end in (("hoger", "Hoger", 1), ("lager", "Lager", most)):
                        st.button(
                            f"{name}: {what}", key=f"pk-{way}-{mark}", disabled=p.place == end, on_click=_move,
                            args=(p, way, mark),
                        )  # fmt: skip
                st.button(f"Haal weg: {what}", key=f"pk-weg-{mark}", on_click=_take_out, args=(p,))
        with right:
            _note(p, mark)
            html(basket_html.printed_note(p.item.note))


def _move(p: Piece, way: str, mark: str) -> None:
    step = -1 if way == "hoger" else 1
    to = p.place + step
    done = f"‘{p.shown.title}’ is nu figuur {to}."
    do(lambda b: content.moved(b, content.place_of(b, p), content.place_of(b, p) + step), done)
    basket = basket_kept.current()
    ends = (1, len(basket.items)) if basket else ()
    other = {"hoger": "lager", "lager": "hoger"}[way]
    st.session_state[_FOCUS] = f"pk-{other if to in ends else way}-{mark}"


def _take_out(p: Piece) -> None:
    done = f"Figuur {p.place} is uit het pakket."
    do(lambda b: content.without(b, content.place_of(b, p)), done, undo=True)


def _note(p: Piece, mark: str) -> None:
    key = f"pk-noot-{mark}"
    st.session_state[key] = p.item.note

    def changed() -> None:
        typed = st.session_state[key]
        do(lambda b: content.noted(b, content.place_of(b, p), typed))

    label = f"Noot bij figuur {p.place} (hoogstens {LONGEST_NOTE} tekens)"
    st.text_area(label, key=key, max_chars=LONGEST_NOTE, height=68, on_change=changed)


_GIVE_FOCUS = """
{
  let left = 20;
  const go = () => {
    const button = document.querySelector('.st-key-KEY button');
    if (button && !button.disabled) button.focus();
    else if (left-- > 0) setTimeout(go, 100);
  };
  setTimeout(go, 100);
}
"""


def _keep_focus() -> None:
    """Give the focus back to the button that moved a figure: the page draws it anew in another place."""
    key = st.session_state.pop(_FOCUS, "")
    with st.container(key="pakket-focus"):
        if key:
            # The same text twice would be done once.
            once = f"/* {basket_kept.kept().turn} */"
            st.html(f"<script>{once}{_GIVE_FOCUS.replace('KEY', key)}</script>", unsafe_allow_javascript=True)


# -- the meeting --------------------------------------------------------------------------------------------------

_FIELDS = (
    ("body", "Vergadering van", "bijvoorbeeld: Algemeen Bestuur"),
    ("day", "Datum", "bijvoorbeeld: 9 december 2026"),
    ("item", "Agendapunt", "bijvoorbeeld: 4"),
    ("subject", "Onderwerp", "leeg: de titel van het pakket"),
    ("holder", "Portefeuillehouder", ""),
)


def meeting(basket: Basket) -> None:
    """What is known of the meeting; the rest stays a marked field in the oplegger."""
    html('<p class="sm">Voor de oplegger. Wat u openlaat, blijft daar een gemarkeerd veld.</p>')
    rows = [st.columns(3), st.columns(2)]
    places = [column for row in rows for column in row]
    for place, (name, label, example) in zip(places, _FIELDS, strict=True):
        with place:
            _field(
                label, f"pk-{name}", getattr(basket.meeting, name), lambda b, t, n=name: content.meets(b, n, t), example
            )


@st.cache_data(show_spinner=False, max_entries=16)
def _choices(_d: Data, key: str, goal: int | None) -> dict[str, str]:
    goals = [g for g in _d.definitions.goals if goal in (None, g.id)]
    found = changes.choices(_d.definitions, _d.snapshot, editions(_d.snapshot.folder), goals)
    return {c.value: c.label for c in found}


def since(d: Data, basket: Basket) -> None:
    """From when to tell what changed."""
    names = {_ALL: "Dit komt er niet in", **_choices(d, d.key, basket.goal)}
    names.setdefault(basket.before, f"{basket.before} (niet te vergelijken)")
    _pick("Vertel wat er is veranderd sinds", "pk-sinds", names, basket.before, lambda b, v: replace(b, before=v))


# -- keeping and sharing ------------------------------------------------------------------------------------------


def share(d: Data, basket: Basket) -> None:
    """The basket as a file and as a link, and the way to open one."""
    html(basket_html.KEPT)
    try:
        address = link(f"{content.PAGE}?pakket={as_text(basket)}")
        st.session_state["pk-link"] = address
        st.text_input("Link naar dit pakket (kopieer deze hele regel)", key="pk-link")
    except MonitorError as error:
        html(basket_html.said(error.message, error.way_out))
    st.download_button(
        "Bewaar als bestand (YAML)", as_yaml(basket).encode(), f"{content.PAGE}-{basket.region}.yaml",
        "application/yaml", key="pk-bewaar", on_click="ignore",
    )  # fmt: skip


def empty() -> None:
    """Take everything out; it can be taken back."""
    st.button("Leeg het pakket", key="pakket-leeg", on_click=_empty)


def _empty() -> None:
    do(lambda b: Basket(b.region, b.goal, b.benchmark), "Het pakket is leeg.", undo=True)


def open_file(d: Data) -> None:
    """Open a basket that was kept as a file."""
    chosen = uploader.choose(f"Open een bestand (.yaml, hoogstens {uploader.MOST} MB)", "pakket")
    if chosen:
        name, raw = chosen
        st.session_state.pop(_UNDO, None)
        try:
            st.session_state[_FILE] = read_yaml(raw, d.definitions, name)
            st.session_state.pop(_SAID, None)
        except MonitorError as error:
            st.session_state[_SAID] = content.unreadable("Het bestand", error)
        st.rerun()
