"""Pages for who does not see, hear or point as most people do: axe-core, keyboard, zoom, spacing, colours of one's own.

What people meet is listed in ``tests.accessible``; here a part of it, and all of it in ``make test-all``. What axe
cannot decide is judged by hand in docs/toegankelijkheid.md, and a rule that is not judged there fails the test.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.definitions import Definitions
from monitor.screens.page_title import SITE, page_title
from monitor.state import State
from tests.accessible import DEFAULT, View, audit, bring, full_server, open_list, open_popover, views
from tests.spec_table import ROOT, definitions, edition
from tests.test_accessible_colour import contrast
from tests.test_browser import INDICATORS, REGIONS, browser_test, settle, visit

# Streamlit's own words, in names that are only heard.
ENGLISH_NAMES = re.compile(
    r"\b(open|close|clear|remove|select(ed)?|help|choose|option|upload|add files|notifications|skip|main content|view"
    r"|fullscreen|running|loading|previous|next|expand|collapse)\b",
    re.IGNORECASE,
)
QUICK = (
    View("overzicht", "begin", "/overzicht", width=390),
    View("kaart", "keuzelijst open", "/kaart?indicator=overgewicht", open_list("Cijfer")),
    View("regio", "tabel bij een cijfer open", "/regio?regio=twente", open_popover),
    View("over-de-grens", "begin", "/over-de-grens?regio=zuid-limburg"),
    View("eigen-bevindingen", "begin", "/eigen-bevindingen"),
    View("toegankelijkheid", "begin", "/toegankelijkheid"),
)
PARTS = 3


def judged() -> set[str]:
    """The rules of which docs/toegankelijkheid.md says what was found by hand."""
    text = (ROOT / "docs" / "toegankelijkheid.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([a-z-]+)` \|", text, flags=re.MULTILINE))


def check(page: Any, view: View) -> None:
    """No violation, nothing undecided that nobody looked at, and the frame of a page."""
    found = audit(page)
    assert not found.violations, (view.name, found.violations)
    assert set(found.incomplete) <= judged(), (view.name, found.incomplete)
    assert found.passes > 30
    check_frame(page, view.name)


def check_frame(page: Any, name: str) -> None:
    """Language, one heading at the top, landmarks with names, a title of its own, and no English that is heard."""
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert page.locator("h1:visible").count() == 1, name
    assert page.title().endswith(f" · {SITE}") and len(page.title()) > len(SITE) + 5, page.title()
    heard = page.evaluate(
        """() => [...document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')]
            .filter(e => e.checkVisibility()).flatMap(e => ['aria-label', 'title', 'alt', 'placeholder']
            .map(a => e.getAttribute(a)).filter(Boolean))"""
    )
    assert not [h for h in heard if ENGLISH_NAMES.search(h)], name


def landmarks(page: Any) -> dict[tuple[str, str], list[str]]:
    """(role, name) -> the links in it, as the browser gives them to a screen reader: with what each part owns."""
    session = page.context.new_cdp_session(page)
    nodes = {n["nodeId"]: n for n in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()

    def told(node: dict[str, Any], what: str) -> str:
        return str(node.get(what, {}).get("value", ""))

    def links(node: dict[str, Any]) -> list[str]:
        inside = [nodes[c] for c in node.get("childIds", []) if c in nodes]
        own = [told(n, "name") for n in inside if told(n, "role") == "link"]
        return own + [found for n in inside for found in links(n)]

    wanted = ("banner", "navigation", "main", "contentinfo", "search")
    return {(told(n, "role"), told(n, "name")): links(n) for n in nodes.values() if told(n, "role") in wanted}


# -- axe and the frame ----------------------------------------------------------------------------------------


@browser_test
def test_pages_have_no_violation_and_stand_in_their_frame(new_page: Any, server: Any) -> None:
    page = new_page(server)
    for view in QUICK:
        bring(page, view)
        check(page, view)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with full_server(tmp_path_factory.mktemp("toegankelijk")) as server:
        yield server


@browser_test
@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_in_every_state_has_no_violation(new_page: Any, everything: Any, part: int) -> None:
    page = new_page(everything)
    for view in views()[part::PARTS]:
        page.context.clear_cookies()
        bring(page, view)
        check(page, view)


@browser_test
@pytest.mark.slow
def test_a_fault_and_a_page_without_figures_have_no_violation(new_page: Any, start_server: Any, tmp_path: Any) -> None:
    page = new_page(start_server(tmp_path))
    page.goto("/kaart")
    page.get_by_role("alert").filter(has_text="Dit lukt nu niet").wait_for()
    page.wait_for_timeout(500)
    found = audit(page)
    assert not found.violations and page.title().startswith("Dit lukt nu niet")


def test_titles_of_pages_differ_and_say_what_they_are_about() -> None:
    d: Definitions = definitions()
    names = edition().names

    def title(name: str, state: State) -> str:
        return page_title(name, state, d, names)

    assert title("Kaart", State("kaart", indicator="overgewicht")) == f"Overgewicht · Kaart · {SITE}"
    assert title("Gemeente", State("gemeente", municipality="GM0294")) == f"Winterswijk · Gemeente · {SITE}"
    assert title("Regio", State("regio", ("twente",))) == f"Twente · Regio · {SITE}"
    assert title("Zoeken", State("zoeken", search="huisarts")) == f"‘huisarts’ · Zoeken · {SITE}"
    assert title("Balans", State("balans")) == f"Balans · {SITE}"
    made = [title(name, State(name, ("twente",), "overgewicht")) for name in DEFAULT]
    assert len(set(made)) == len(made) == 20


# -- landmarks and keyboard -----------------------------------------------------------------------------------

# How the element that has the focus, and what stands around it, looks; and where it stands in the page.
LOOK = """e => { const of = x => { const s = getComputedStyle(x);
        return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.borderColor, s.borderWidth, s.boxShadow,
                s.backgroundColor, s.textDecorationLine, s.fill].join('/'); };
    const all = []; for (let x = e, n = 0; x && n < 4; x = x.parentElement, n++) all.push(of(x)); return all; }"""
STOP = f"""() => {{ const e = document.activeElement; if (!e || e === document.body) return null;
    const look = {LOOK}; const before = window.lastStop, was = window.lastLook; const s = getComputedStyle(e);
    const changed = before && before.isConnected ? JSON.stringify(look(before)) !== JSON.stringify(was) : true;
    const order = before && before.isConnected ? !!(before.compareDocumentPosition(e) & 4) : true;
    window.lastStop = e; window.lastLook = look(e); e.dataset.reached = '1';
    return {{name: (e.getAttribute('aria-label') || e.innerText || e.tagName).trim().slice(0, 60), tag: e.tagName,
        changed, order,
        outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ? s.outlineColor : ''}}; }}"""
# Controls that the Tab key does not reach, though nothing else does their work.
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button]')]
    .filter(e => e.checkVisibility() && !e.disabled && !e.dataset.reached && !e.closest('[inert]')
        && !(e.type === 'radio' && !e.checked)
        && !(e.tabIndex < 0 && e.closest('[data-testid=stSelectbox], [data-testid=stMultiSelect],'
            + '[data-testid=stFileUploader], .js-plotly-plot')))
    .map(e => e.outerHTML.slice(0, 120))"""


@browser_test
def test_landmarks_skip_link_and_the_whole_page_by_keyboard(page: Any) -> None:
    visit(page, "/kaart?indicator=overgewicht")
    page.wait_for_selector(".choroplethlayer path")
    page.wait_for_selector("#deel-voet", state="attached")
    found = landmarks(page)
    pages = ["Kaart", "Trends", "Vergelijken", "Balans"]
    assert set(found) == {
        ("banner", "Kop van de pagina"),
        ("navigation", "Hoofdmenu"),
        ("navigation", "Pagina’s bij Cijfers"),
        ("search", ""),
        ("main", ""),
        ("contentinfo", "Bronnen en editie"),
    }
    assert found["banner", "Kop van de pagina"] == [*found["navigation", "Hoofdmenu"], *pages]
    assert "Toegankelijkheid" in found["contentinfo", "Bronnen en editie"]
    assert "Twente" in found["main", ""] and not {"Overzicht", "Trends", "Toegankelijkheid"} & set(found["main", ""])
    assert page.locator("[aria-current=page]").all_inner_texts() == ["Kaart"]
    stops = walk(page)
    assert stops[0]["name"] == "Naar de inhoud" and len(stops) > 60
    assert not [s["name"] for s in stops if not s["order"]], "the order of the page"
    assert not [s["name"] for s in stops if not s["changed"]], "what has the focus looks like what has not"
    outlined = [s for s in stops if s["outline"]]
    assert {s["tag"] for s in outlined} >= {"A", "BUTTON"}
    for colour in {s["outline"] for s in outlined}:
        channels = [int(n) for n in re.findall(r"\d+", colour)[:3]]
        assert contrast("#" + "".join(f"{c:02x}" for c in channels), "#ffffff") >= 3, colour
    assert page.evaluate(MISSED) == []
    # The twins of the map: a link for every region, and a box with every municipality.
    assert {r.name for r in REGIONS.values()} <= {s["name"] for s in stops}

    page.evaluate("document.activeElement.blur()")
    page.get_by_test_id("stSkipToContent").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#inhoud') !== null"), "past the menu"


@browser_test
def test_an_open_list_keeps_the_focus_and_lets_go_of_it(page: Any) -> None:
    """While it is open the rest is hidden from a screen reader; the Tab key closes it before it moves on."""
    visit(page, DEFAULT["overzicht"])
    open_list("Kies een regio")(page)
    hidden = "document.activeElement.closest('[aria-hidden=true]') !== null"
    assert page.locator("[aria-hidden=true] a").count() > 0 and not page.evaluate(hidden)
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("listbox", name="Kies een regio").count() == 1 and not page.evaluate(hidden)
    page.keyboard.press("Tab")
    page.get_by_role("listbox").wait_for(state="detached")
    assert not page.evaluate(hidden)


def walk(page: Any) -> list[dict[str, Any]]:
    """Go through the page with the Tab key, until the browser leaves it; a trap would never end."""
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0).length") == 0
    stops: list[dict[str, Any]] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop["name"] == stops[0]["name"]):
            return stops
        stops.append(stop)
    raise AssertionError(f"a trap: {[s['name'] for s in stops[-6:]]}")


@browser_test
def test_links_say_where_they_lead(page: Any) -> None:
    for name in ("regio", "cijfer-en-verhaal"):
        visit(page, DEFAULT[name])
        said = page.locator("main a").evaluate_all(
            "all => all.filter(e => e.checkVisibility()).map(e => (e.getAttribute('aria-label') || e.innerText).trim())"
        )
        assert len(said) > 30 and all(said), name
        vague = [s for s in said if re.fullmatch(r"(klik )?hier|meer|lees meer|verder|link|bekijk", s, re.IGNORECASE)]
        assert not vague, name


# -- zoom, narrow screens and spacing -------------------------------------------------------------------------

# What WCAG 1.4.12 lets a reader set.
SPACING = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-bottom:2em!important}"
)
LOST = """() => [...document.querySelectorAll('main *')].filter(e => {
    if (!e.checkVisibility() || e.closest('svg, .sr, .gn, [data-testid=stIconMaterial], [data-testid=stMultiSelect]'))
        return false;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) return false;
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    if (r.width < 2 || r.height < 2) return false;
    return (['hidden', 'clip'].includes(s.overflowX) && e.scrollWidth > e.clientWidth + 1)
        || (s.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2)
        || (r.right > innerWidth + 1 && !e.closest('.scroll')) || r.left < -1;
}).map(e => e.innerText.slice(0, 60))"""
SIDEWAYS = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .some(e => e.scrollWidth > e.clientWidth)"""
FEW = ("overzicht", "balans", "ab-pakket")


@browser_test
@pytest.mark.parametrize("names", [FEW, pytest.param(tuple(DEFAULT), marks=pytest.mark.slow)])
def test_nothing_is_lost_at_320_pixels_at_200_percent_or_with_more_space(
    new_page: Any, server: Any, names: tuple[str, ...]
) -> None:
    page = new_page(server, 320, 800)
    for name in names:
        page.set_viewport_size({"width": 320, "height": 800})
        visit(page, DEFAULT[name])
        page.wait_for_timeout(300)
        for width in (320, 640):  # 640 is a screen of 1280 at 200%
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(300)
            assert not page.evaluate(SIDEWAYS), (name, width)
            assert not page.evaluate(LOST), (name, width)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.add_style_tag(content=SPACING)
        page.wait_for_timeout(300)
        assert not page.evaluate(SIDEWAYS) and not page.evaluate(LOST), (name, "more space")


# -- settings of the reader -----------------------------------------------------------------------------------


@browser_test
def test_colours_of_the_reader_leave_maps_marks_and_choices_readable(page: Any) -> None:
    visit(page, "/kaart?indicator=overgewicht")
    page.wait_for_selector(".choroplethlayer path")
    try:
        page.emulate_media(forced_colors="active", color_scheme="dark", reduced_motion="reduce")
        paint = "all => all.map(e => getComputedStyle(e).backgroundColor)"
        swatches = page.locator("ol.leg i").evaluate_all(paint)
        assert len(swatches) == 5 and len(set(swatches)) == 5, "the legend keeps its colours"
        for where in (".stPlotlyChart", "table.tw svg.st", "ul.key svg"):
            assert set(page.locator(where).evaluate_all(paint)) == {"rgb(255, 255, 255)"}, where
        rings = (
            page.get_by_test_id("stRadio")
            .locator("label:has(input)")
            .evaluate_all(
                "all => all.map(e => [e.querySelector('input').checked, getComputedStyle(e).outlineStyle !== 'none'])"
            )
        )
        assert sorted(rings) == [[False, False], [True, True]], "which one is chosen shows without colour"
        verdicts = page.locator("table.tw .j").all_inner_texts()
        assert len(verdicts) == len(REGIONS) and all(verdicts), "a mark has its word"
        moving = page.evaluate(
            """() => Math.max(...[...document.querySelectorAll('main *')].flatMap(e => { const s = getComputedStyle(e);
                return (s.transitionDuration + ',' + s.animationDuration).split(',').map(parseFloat); }))"""
        )
        assert moving < 0.001, "nothing moves for who does not want that"
    finally:
        page.emulate_media(forced_colors="none", color_scheme="light", reduced_motion="reduce")


# -- what a figure says to who cannot see it ------------------------------------------------------------------


def test_the_text_of_a_figure_says_a_number_and_an_area(composer: Any) -> None:
    region = REGIONS["twente"]
    kinds: Counter[str] = Counter()
    for k, i in enumerate(INDICATORS.values()):
        figures: list[Any] = [composer.strip(i, region)]
        if i.aggregation.kind != "geen":
            figures.append(composer.trend(i, [region]))
        if k % 5 == 0:
            figures.append(composer.map(i, None, "gemeenten", None))
            if i.aggregation.kind != "geen":
                figures.append(composer.map(i, None, "regios", "nederland" if i.aggregation.kind != "som" else None))
        for figure in figures:
            if not any(not math.isnan(r.value) for r in figure.rows):
                continue
            kinds[type(figure).__name__] += 1
            assert re.search(r"\d", figure.alt), (i.id, figure.alt)
            areas = {r.name for r in figure.rows} | {"Nederland", region.name}
            assert any(a in figure.alt for a in areas), (i.id, figure.alt)
            assert not re.match(r"(afbeelding|plaatje|figuur|grafiek)\b", figure.alt, re.IGNORECASE)
    assert set(kinds) == {"MapFigure", "TrendFigure", "StripFigure"} and min(kinds.values()) > 20


@browser_test
def test_a_message_is_told_when_it_comes(page: Any) -> None:
    """A choice that leaves nothing over, and a link that is wrong, are told without a change of focus."""
    visit(page, "/regiodialoog?zoek=bestaatvastniet")
    assert page.get_by_role("status").filter(has_text="0 van").count() == 1
    visit(page, "/zoeken?zoek=qqqqqq")
    settle(page)
    assert page.get_by_role("status").count() >= 1
