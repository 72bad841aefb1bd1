"""Controls whose truth is the URL: it sets them before they are drawn, and they write to it when changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from monitor.assessment import BENCHMARK_NAMES
from monitor.definitions import Definitions, Indicator
from monitor.state import State
from ui.data import Data, along, municipalities
from ui.frame import Enough, html


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

    if radio:
        st.radio(label, options, key=key, format_func=shown, on_change=changed, help=help_text)
    else:
        st.selectbox(
            label, options, key=key, format_func=shown, on_change=changed, help=help_text, placeholder="Kies"
        )  # fmt: skip


def indicators(d: Definitions, goal_first: bool = True) -> list[Indicator]:
    """Indicators in the order of goals, core figures first, then as defined."""
    return sorted(d.indicators, key=lambda i: (min(i.goals), not i.core)) if goal_first else list(d.indicators)


def choose_indicator(d: Definitions, state: State, empty: str | None = None) -> None:
    """Choose an indicator: searchable by goal, theme and name; the year falls back to the last.

    ``empty``: shown when nothing is chosen, which is then possible.
    """
    themes = {t.id: t.name for t in d.themes}
    names = {i.id: f"{i.full_name} · {themes[i.theme]} · doel {min(i.goals)}" for i in indicators(d)}
    key = "w-indicator"
    st.session_state[key] = state.indicator

    def changed() -> None:
        _write(state.but(indicator=st.session_state[key], year=None))

    st.selectbox(
        "Cijfer", list(names), key=key, format_func=lambda i: names[i], on_change=changed, placeholder=empty or "Kies",
        index=None if empty else 0, help="Typ om te zoeken op naam, thema of doel.",
    )  # fmt: skip


def need_figures(d: Data, state: State) -> None:
    """End a page about a figure that this edition does not have: say so, and offer another figure.

    Raises:
        Enough: it has none.
    """
    if state.indicator is None or d.known.years[state.indicator]:
        return
    name = d.definitions.indicator(state.indicator).name
    told = f"Dit cijfer is onbekend in editie {d.snapshot.edition}. Kies een ander cijfer, of een andere editie."
    html(f"<h1>{escape(name)}</h1>")
    html(f'<p class="notice" role="status">{escape(told)} <a href="edities" target="_self">Alle edities</a></p>')
    choose_indicator(d.definitions, state)
    raise Enough


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
        max_selections=most, placeholder="Kies een regio", select_all=False,
    )  # fmt: skip


def choose_benchmark(state: State, default: str = "nederland") -> None:
    """Choose what to compare with."""
    names: dict[str, str] = {k: f"{name[0].upper()}{name[1:]}" for k, name in BENCHMARK_NAMES.items()}
    choose(
        "Vergelijk met", "w-vergelijk", list(names), state.compare or default, lambda b: names[b],
        lambda b: state.but(compare=None if b == default else b),
        help_text="Vergelijkbare regio’s: de vijf gebieden buiten het programma die het meest lijken op deze regio, "
        "in leeftijd, dichtheid, afstanden, woningen en ligging aan de grens.",
    )  # fmt: skip


def choose_figures(d: Definitions, state: State) -> None:
    """Choose which figures to compare: the core figures, those of a goal, or those of a theme."""
    core = "kern"
    names = {core: "Kerncijfers", **{f"doel-{g.id}": f"Doel {g.id} · {g.name}" for g in d.goals}}
    names.update({t.id: f"Thema {t.name}" for t in d.themes})
    current = state.theme or (f"doel-{state.goal}" if state.goal else core)

    def chosen(name: str) -> State:
        goal = int(name.removeprefix("doel-")) if name.startswith("doel-") else None
        return state.but(goal=goal, theme=None if goal or name == core else name)

    choose("Cijfers", "w-cijfers", list(names), current, lambda n: names[n], chosen)


def choose_since(state: State, years: Sequence[int]) -> None:
    """Choose the year from which a change is told; without one the whole series counts."""
    options = ["", *(str(y) for y in years)]
    current = str(state.since) if state.since in years else ""
    choose(
        "Verandering vanaf", "w-vanaf", options, current, lambda y: y or "Hele reeks",
        lambda y: state.but(since=int(y) if y else None),
        help_text="Hele reeks: bij vijf of meer jaren een trend, anders het eerste naast het laatste jaar.",
    )  # fmt: skip


ORDER_NAMES = {
    "": "Per doel",
    "verschil": "Grootste verschil",
    "verandering": "Grootste verandering",
    "dekking": "Laagste dekking",
}


def choose_order(state: State) -> None:
    """Choose how rows are sorted."""
    choose(
        "Volgorde", "w-volgorde", list(ORDER_NAMES), state.order or "", lambda o: ORDER_NAMES[o],
        lambda o: state.but(order=o or None),
    )  # fmt: skip


def choose_municipality(d: Data, state: State) -> None:
    """Search one of the 342 municipalities; the page of that municipality follows."""
    names = municipalities(d, d.key)
    key = "w-gemeente"
    st.session_state[key] = state.municipality

    def changed() -> None:
        _write(state.but(municipality=st.session_state[key]))

    st.selectbox(
        "Gemeente", list(names), key=key, format_func=lambda c: names[c], on_change=changed, index=None,
        placeholder="Typ een naam",
    )  # fmt: skip


def go_to_municipality(d: Data) -> None:
    """Search a municipality and go to its page."""
    names = municipalities(d, d.key)
    chosen = st.selectbox(
        "Zoek een gemeente", list(names), format_func=lambda c: names[c], index=None, key="naar-gemeente",
        placeholder="Typ een naam",
    )  # fmt: skip
    if chosen:
        st.switch_page("pages/gemeente.py", query_params={"gemeente": chosen, **along()})


def go_to_region(d: Definitions) -> None:
    """Choose a region and go to its page."""
    names = {r.id: r.name for r in d.regions}
    chosen = st.selectbox(
        "Kies een regio", list(names), format_func=lambda r: names[r], index=None, key="naar-regio",
        placeholder="Een van de elf regio’s",
    )  # fmt: skip
    if chosen:
        st.switch_page("pages/regio.py", query_params={"regio": chosen, **along()})


KINDS = {
    "opgave": "Opgave", "kenmerk": "Kenmerk", "knelpunt": "Knelpunt", "behoefte": "Behoefte", "idee": "Idee",
    "verhaal": "Verhaal", "spanning": "Spanning",
}  # fmt: skip
_ALL = ""


def choose_region_or_all(d: Definitions, state: State) -> None:
    """Choose one region, or leave all of them in."""
    names = {_ALL: "Alle regio’s", **{r.id: r.name for r in d.regions}}
    choose(
        "Regio", "w-f-regio", list(names), state.regions[0] if state.regions else _ALL, lambda r: names[r],
        lambda r: state.but(regions=(r,) if r else ()),
    )  # fmt: skip


def choose_theme(d: Definitions, state: State) -> None:
    """Choose a theme of the findings, or leave all of them in."""
    used = {t for f in d.findings for t in f.themes}
    names = {_ALL: "Alle thema’s", **{t.id: t.name for t in d.themes if t.id in used}}
    choose(
        "Thema", "w-f-thema", list(names), state.theme or _ALL, lambda t: names[t],
        lambda t: state.but(theme=t or None),
    )  # fmt: skip


def finding_filters(d: Data, state: State) -> None:
    """Filters of the findings: region, kind, theme, goal and words."""
    kinds = {_ALL: "Alle soorten", **KINDS}
    goals = {_ALL: "Alle doelen", **{str(g.id): f"{g.id} · {g.name}" for g in d.definitions.goals}}
    columns = st.columns(5)
    with columns[0]:
        choose_region_or_all(d.definitions, state)
    with columns[1]:
        choose(
            "Soort",
            "w-f-soort",
            list(kinds),
            state.kind or _ALL,
            lambda k: kinds[k],
            lambda k: state.but(kind=k or None),
        )
    with columns[2]:
        choose_theme(d.definitions, state)
    with columns[3]:
        choose(
            "Doel", "w-f-doel", list(goals), str(state.goal or ""), lambda g: goals[g],
            lambda g: state.but(goal=int(g) if g else None),
        )  # fmt: skip
    with columns[4]:
        key = "w-f-zoek"
        st.session_state[key] = state.search

        def changed() -> None:
            _write(state.but(search=st.session_state[key].strip()))

        st.text_input("Zoek op woorden", key=key, on_change=changed, max_chars=80, placeholder="bijvoorbeeld: school")
