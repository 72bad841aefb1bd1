"""Controls whose truth is the URL: it sets them before they are drawn, and they write to it when changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from monitor.definitions import Definitions, Indicator
from monitor.state import State


def _write(state: State) -> None:
    st.query_params.from_dict(state.query())


def choose(
    label: str,
    key: str,
    options: Sequence[str],
    current: str,
    shown: Callable[[str], str],
    change: Callable[[str], State],
    *,
    radio: bool = False,
    help_text: str | None = None,
) -> None:
    """A select box or radio group for one part of the state.

    Args:
        label: above the control.
        key: of the widget.
        options: values as in the URL.
        current: the value in force.
        shown: value -> text.
        change: value -> the state that belongs to it.
        radio: radio buttons instead of a select box.
        help_text: explanation behind a question mark.
    """
    st.session_state[key] = current

    def changed() -> None:
        _write(change(st.session_state[key]))

    draw = st.radio if radio else st.selectbox
    draw(label, options, key=key, format_func=shown, on_change=changed, help=help_text)


def indicators(d: Definitions, goal_first: bool = True) -> list[Indicator]:
    """Indicators in the order of goals, then as defined."""
    return sorted(d.indicators, key=lambda i: min(i.goals)) if goal_first else list(d.indicators)


def choose_indicator(d: Definitions, state: State, keep_year: bool = False) -> None:
    """Choose an indicator: searchable, with its goal in front; the year falls back to the last."""
    names = {i.id: f"Doel {min(i.goals)} · {i.name}" for i in indicators(d)}
    choose(
        "Indicator", "w-indicator", list(names), str(state.indicator), lambda i: names[i],
        lambda i: state.but(indicator=i, year=state.year if keep_year else None),
        help_text="Typ om te zoeken.",
    )  # fmt: skip


def choose_region(d: Definitions, state: State) -> None:
    """Choose one region."""
    names = {r.id: r.name for r in d.regions}
    choose(
        "Regio",
        "w-regio",
        list(names),
        state.regions[0],
        lambda r: names[r],
        lambda r: state.but(regions=(r,)),
    )


def choose_regions(d: Definitions, state: State, most: int) -> None:
    """Choose up to ``most`` regions for a comparison of lines."""
    names = {r.id: r.name for r in d.regions}
    key = "w-regios"
    st.session_state[key] = list(state.regions)

    def changed() -> None:
        _write(state.but(regions=tuple(st.session_state[key])))

    st.multiselect(
        f"Regio’s in kleur (hoogstens {most})", list(names), key=key, format_func=lambda r: names[r], on_change=changed,
        max_selections=most, placeholder="Kies een regio",
    )  # fmt: skip


def choose_benchmark(state: State, default: str = "nederland") -> None:
    """Choose what to compare with."""
    names = {
        "nederland": "Nederland",
        "provincie": "De eigen provincie",
        "elf-regios": "De elf regio’s samen",
    }
    choose(
        "Vergelijk met", "w-vergelijk", list(names), state.compare or default, lambda b: names[b],
        lambda b: state.but(compare=None if b == default else b),
    )  # fmt: skip
