"""The button under a figure that puts it in the basket, or takes it out."""

from __future__ import annotations

import re

import streamlit as st

from monitor.errors import MonitorError
from monitor.export.basket import Basket
from monitor.export.reference import Reference
from monitor.figures.spec import Figure
from monitor.screens import basket as content
from monitor.screens.inert import plain_label
from ui import basket_kept
from ui.data import data

_OUT = "pakket-eruit"
_FILLED = "<style>.st-key-KEY button{background:var(--ink)!important}.st-key-KEY button p{color:#fff!important}</style>"


def offer(figure: Figure) -> None:
    """The button under a figure; beside it nothing, so that it stands in a row with the downloads."""
    reference = Reference.to(figure)
    inside = content.holds(basket_kept.current(), reference)
    # Before the style: both stand outside the page, one after the other. Of a run that is broken off only a message
    # still reaches the browser, which gives up on the second of two when the first is not there.
    if said := st.session_state.pop(basket_kept.SAY, ""):
        st.toast(plain_label(said), duration="long")
    key = f"pakket-{figure.name}"
    st.button(
        "✓ In AB-pakket" if inside else "In AB-pakket",
        key=key,
        help="Klik nog eens om deze figuur eruit te halen." if inside else "Zet deze figuur in uw stukken.",
        on_click=_toggle,
        args=(figure,),
    )
    if inside:
        # A style and not another type: that would be another button, without the focus of this one.
        st.html(_FILLED.replace("KEY", re.sub(r"[^\w-]", "-", key)))


def _toggle(figure: Figure) -> None:
    reference = Reference.to(figure)
    try:
        definitions = data().definitions

        def step(basket: Basket | None) -> Basket:
            own = basket or Basket(content.region_for(figure, st.query_params.get_all("regio"), definitions))
            return _taken_out(own, reference) if content.holds(own, reference) else _put_in(own, reference)

        basket_kept.change(step)
        inside = content.holds(basket_kept.current(), reference)
        count = content.counted(basket_kept.count())
        done = f"In het AB-pakket: {count}." if inside else f"Uit het AB-pakket gehaald: nog {count}."
        st.session_state[basket_kept.SAY] = f"{done} {basket_kept.too_long()}".strip()
    except MonitorError as error:
        st.session_state[basket_kept.SAY] = str(error)


def _taken_out(basket: Basket, reference: Reference) -> Basket:
    """Without a figure; what stood with it is remembered, for who clicked by accident."""
    place = next(k for k, i in enumerate(basket.items, 1) if i.figure == reference)
    st.session_state.setdefault(_OUT, {})[reference] = (place, basket.items[place - 1].note)
    return content.without(basket, place)


def _put_in(basket: Basket, reference: Reference) -> Basket:
    """With a figure at its end, or in its place and with its note when it was taken out just before."""
    added = basket.with_item(reference)
    place, note = st.session_state.get(_OUT, {}).pop(reference, (len(added.items), ""))
    return content.moved(content.noted(added, len(added.items), note), len(added.items), place)
