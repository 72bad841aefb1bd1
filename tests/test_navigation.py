"""From page to page, as people go: deep links, the back button, the map, the search boxes, what links keep."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.sentences import shown
from tests.navigation import TITLES, entries, go
from tests.spec_table import some
from tests.test_browser import (
    INDICATORS,
    PATIENCE,
    REGIONS,
    choice,
    flat,
    heading,
    settle,
    state,
    traces,
    until,
    until_heading,
    until_map,
    visit,
)

pytestmark = pytest.mark.browser

DEEP = {
    "/overzicht": "regio’s",
    "/kaart?indicator=overgewicht&niveau=regios": "overgewicht",
    "/trends?indicator=werkloosheid&regio=twente": "Werkloosheid door de jaren",
    "/regio?regio=zuid-limburg": "Zuid-Limburg",
    "/vergelijken?regio=twente": "Twente naast de andere regio’s",
    "/eigen-regio?regio=twente": "Twente",
    "/balans": "Waarom deze monitor geen rapportcijfer geeft",
    "/over-de-grens?regio=twente": "In het COROP-gebied Twente",
    "/gemeente?gemeente=GM0294": "Winterswijk",
    "/cijfer-en-verhaal?regio=twente&thema=voorzieningen": "Waar cijfer en verhaal botsen in Twente",
    "/regiodialoog?regio=twente&doel=2": "Wat er gezegd is",
    "/eigen-bevindingen?regio=twente": "Eigen bevindingen",
    "/plan?regio=twente": "Bouwstenen voor het plan voor Twente",
    "/trajecten?regio=achterhoek": "Lopende trajecten in de Achterhoek",
    "/logboek?regio=twente": "Wat regio’s proberen en leren",
    "/ab-pakket?regio=twente": "AB-pakket",
    "/methode?indicator=overgewicht": "Hoe de cijfers tot stand komen",
    "/edities": "Edities van de cijfers",
}


def at(page: Any, path: str) -> bool:
    return urlsplit(page.url).path == path


def choose(page: Any, label: str, typed: str, option: str) -> None:
    """Choose in a select box by typing."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.focus()
    page.keyboard.type(typed)
    page.get_by_role("option", name=re.compile(option)).first.wait_for(timeout=PATIENCE)
    page.keyboard.press("Enter")


# A page with a hyphen goes first: Streamlit takes those for pages that do not exist.
@pytest.mark.parametrize(
    "first, step",
    [("/over-de-grens?regio=twente", 7), pytest.param("/methode?indicator=overgewicht", 1, marks=pytest.mark.slow)],
)
def test_each_page_opens_by_a_deep_link_on_a_fresh_server(
    new_page: Any, start_server: Any, first: str, step: int
) -> None:
    """The first of these is the very first visit of this server; in the long run every page."""
    assert {urlsplit(address).path.strip("/") for address in DEEP} == set(TITLES)
    server = start_server()
    page = new_page(server)
    for address, said in [(first, DEEP[first]), *list(DEEP.items())[::step]]:
        visit(page, address)
        assert said in heading(page), address
        assert f"{urlsplit(page.url).path}?{urlsplit(page.url).query}".rstrip("?") == address
        path = urlsplit(address).path.strip("/")
        assert page.get_by_test_id("stPageLink").all_inner_texts() == entries(path), "the page stands in its frame"
        assert page.evaluate("document.documentElement.lang") == "nl"
        assert page.get_by_role("status").filter(has_text="Niet herkend").count() == 0
        assert page.get_by_role("dialog").count() == 0
    assert "Traceback" not in server.said()


@pytest.mark.slow
def test_back_goes_through_the_pages_again(page: Any) -> None:
    visit(page, "/overzicht")
    seen = [heading(page)]
    for name in ("Methode", "Regio", "Kaart"):
        go(page, name.lower())
        until(page, lambda n=name: at(page, f"/{n.lower()}"), f"the address is {name}")
        until_heading(page, lambda h: h != seen[-1], f"{name} has its own heading")
        seen.append(heading(page))
    for name, wanted in zip(("regio", "methode", "overzicht"), reversed(seen[:-1]), strict=True):
        page.go_back()
        until_heading(page, lambda h, w=wanted: h == w, f"{name} is back")
        assert at(page, f"/{name}")


def test_back_restores_filters_of_the_dialogue(page: Any) -> None:
    def count() -> str:
        return str(page.get_by_role("status").filter(has_text="bevindingen").inner_text())

    visit(page, "/regiodialoog")
    first = count()
    choose(page, "Soort", "Knel", "Knelpunt")
    until(page, lambda: count() != first, "the count changes")
    second = count()
    assert state(page) == {"soort": ["knelpunt"]}
    choose(page, "Regio", "Twen", "Twente")
    until(page, lambda: count() != second, "the count changes again")
    until(page, lambda: state(page) == {"soort": ["knelpunt"], "regio": ["twente"]}, "the URL names both")
    words = page.get_by_role("textbox", name="Zoek op woorden")
    words.fill("bestaatvastniet")
    words.press("Enter")
    page.get_by_text("Geen bevinding past bij deze keuze.").wait_for(timeout=PATIENCE)
    assert count().startswith("0 van")
    page.go_back()
    page.go_back()
    until(page, lambda: state(page) == {"soort": ["knelpunt"]}, "only the first filter is left in the URL")
    until(page, lambda: count() == second, "the count of the first filter is back")
    until(page, lambda: choice(page, "Soort") == "Knelpunt" and choice(page, "Regio") != "Twente", "so are the boxes")
    page.go_back()
    until(page, lambda: count() == first, "everything is back")


@pytest.mark.parametrize("names", some(["Kaart, Regio", "Kaart, Methode, Regio, Trends"], 2))
def test_links_keep_region_and_indicator(page: Any, names: str) -> None:
    """Choose on one page, find it on the next: in the URL and in the controls."""
    visit(page, "/trends?indicator=overgewicht&regio=zuid-limburg")
    for name in names.split(", "):
        before = heading(page)
        go(page, name.lower())
        until(page, lambda n=name: at(page, f"/{n.lower()}"), f"the address is {name}")
        until_heading(page, lambda h, b=before: h != b, f"{name} has its own heading")
        assert state(page) == {"indicator": ["overgewicht"], "regio": ["zuid-limburg"]}, name
        if name == "Regio":
            assert heading(page) == "Zuid-Limburg"
        else:
            assert choice(page, "Cijfer").startswith("Overgewicht")


def test_a_year_that_is_not_there_leads_to_the_nearest(page: Any) -> None:
    visit(page, "/kaart?indicator=overgewicht&jaar=2021")
    assert heading(page) == "Overgewicht"
    assert page.locator(".js-plotly-plot").count() == 0
    page.get_by_role("link", name="Bekijk 2022", exact=True).click()
    until_heading(page, lambda h: "overgewicht" in h, "the map of 2022 is there")
    assert state(page) == {"indicator": ["overgewicht"], "jaar": ["2022"]}
    assert choice(page, "Jaar") == "2022"
    until_map(page)


def test_a_click_on_the_map_names_the_municipality_and_leads_to_it(page: Any, snapshot: Any) -> None:
    """Winterswijk lies inside a region: the border drawn on top of it must not catch the click."""
    visit(page, "/kaart?indicator=overgewicht")
    until_map(page)
    place = page.evaluate(
        """() => { const p = [...document.querySelectorAll('.choroplethlayer path')]
                .find(p => p.__data__ && p.__data__.loc === 'GM0294');
            const r = p.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; }"""
    )
    page.mouse.move(*place)
    page.locator(".hoverlayer").get_by_text("Winterswijk").first.wait_for(timeout=PATIENCE)
    page.mouse.click(*place)
    told = page.get_by_role("status").filter(has_text="Winterswijk")
    told.wait_for(timeout=PATIENCE)
    value = float(snapshot.row("overgewicht", "GM0294", 2024)["value"])
    assert flat(shown(INDICATORS["overgewicht"], value)) in flat(told.inner_text())
    told.get_by_role("link", name="Alle cijfers van Winterswijk").click()
    until_heading(page, lambda h: h == "Winterswijk", "its page is there")
    assert at(page, "/gemeente") and state(page)["gemeente"] == ["GM0294"]


@pytest.mark.parametrize("start", some(["overzicht", "kaart"], 2))
def test_search_box_leads_to_the_municipality(page: Any, start: str) -> None:
    visit(page, f"/{start}")
    drawn(page, start)
    choose(page, "Zoek een gemeente", "winters", "Winterswijk")
    until_heading(page, lambda h: h == "Winterswijk", "its page is there")
    assert at(page, "/gemeente") and state(page)["gemeente"] == ["GM0294"]
    page.go_back()
    until(page, lambda: at(page, f"/{start}"), "back leads back")
    until_heading(page, lambda h: h != "Winterswijk", "with its own heading")
    drawn(page, start)


def drawn(page: Any, start: str) -> None:
    """Wait for the map: Plotly stumbles (without harm) over a drawing that is taken away half-way."""
    if start == "kaart":
        page.wait_for_selector(".choroplethlayer path", timeout=PATIENCE)


def test_overview_leads_to_a_region_by_box_and_map(page: Any) -> None:
    visit(page, "/overzicht")
    choose(page, "Kies een regio", "Twen", "Twente")
    until_heading(page, lambda h: h == "Twente", "the page of Twente is there")
    assert at(page, "/regio") and state(page)["regio"] == ["twente"]
    visit(page, "/overzicht")
    page.locator(".smallmap").get_by_role("link", name="Achterhoek").locator("text").click()
    until_heading(page, lambda h: h == "Achterhoek", "the page of the Achterhoek is there")


def test_picker_finds_by_name_theme_and_goal(page: Any) -> None:
    visit(page, "/kaart")
    box = page.get_by_role("combobox", name="Cijfer", exact=True)
    for typed, name in (("sociaal kapitaal", "Vertrouwen in anderen"), ("doel 2", "huisarts"), ("misdr", "misdrijven")):
        box.focus()
        page.keyboard.type(typed)
        page.get_by_role("option", name=re.compile(name)).first.wait_for(timeout=PATIENCE)
        offered = page.get_by_role("option").all_inner_texts()
        assert all(typed in o.lower() for o in offered[:2]), (typed, offered)
        if typed != "misdr":
            page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    until(page, lambda: state(page) == {"indicator": ["geregistreerde-misdrijven"]}, "the URL names the choice")


@pytest.mark.parametrize(
    "address, name",
    some(
        [
            ("/kaart?indicator=overgewicht", "Hoe dit cijfer tot stand komt"),
            ("/regio?regio=twente", INDICATORS["overgewicht"].caption),
        ],
        2,
    ),
)
def test_figures_lead_to_their_method(page: Any, address: str, name: str) -> None:
    visit(page, address)
    page.get_by_role("link", name=name, exact=True).click()
    until_heading(page, lambda h: h == "Hoe de cijfers tot stand komen", "the method page is there")
    assert at(page, "/methode") and state(page)["indicator"] == ["overgewicht"]
    assert page.locator("article#overgewicht").is_visible()
    assert choice(page, "Cijfer").startswith("Overgewicht")


def test_region_page_opens_its_table_and_its_voices_of_all_regions(page: Any) -> None:
    visit(page, "/regio?regio=twente")
    box = page.get_by_test_id("stExpander").filter(has_text="Gezegd over alle regio’s samen")
    inside = box.locator(".voice").first
    assert not inside.is_visible()
    box.locator("summary").first.click()
    inside.wait_for(timeout=PATIENCE)
    assert len(REGIONS) == 11 and box.locator(".voice").count() > 3


def test_trend_of_one_year_says_so_and_leads_to_the_map(page: Any) -> None:
    visit(page, "/trends?indicator=levensverwachting&regio=twente")
    assert page.locator(".js-plotly-plot").count() == 0
    page.get_by_role("link", name="Bekijk dit cijfer op de kaart").click()
    until(page, lambda: at(page, "/kaart"), "the map is there")
    settle(page)
    assert state(page)["indicator"] == ["levensverwachting"]
    assert traces(page)
