"""Composing a region in a real browser: in the list, on the map, and back; see ``test_browser`` for the rules."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.test_browser import PATIENCE, SIZES, THOROUGH, browser_test, heading, state, until, until_heading, visit

LOCHEM, WINTERSWIJK = "GM0262", "GM0294"
WITH_LOCHEM = "GM0197-GM0222-GM0262-GM0294-GM1509-GM1586-GM1859-GM1876-GM1955"


def until_drawn(page: Any, code: str) -> None:
    """Wait until the outline of a municipality is drawn."""
    page.wait_for_function(
        """code => [...document.querySelectorAll('.js-plotly-plot .choroplethlayer path')]
            .some(p => p.__data__ && p.__data__.loc === code && (p.getAttribute('d') || '').length > 10)""",
        arg=code,
        timeout=PATIENCE,
    )


def click_on(page: Any, code: str) -> None:
    """Click on the middle of a municipality on the map."""
    until_drawn(page, code)
    page.locator(".st-key-kaartbeeld-eigen").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    x, y = page.evaluate(
        """code => {
            const path = [...document.querySelectorAll('.js-plotly-plot .choroplethlayer path')]
                .find(p => p.__data__ && p.__data__.loc === code);
            const box = path.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }""",
        code,
    )
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def colour(page: Any, code: str) -> str:
    """The colour in which a municipality is painted."""
    return str(
        page.evaluate(
            """code => getComputedStyle([...document.querySelectorAll('.js-plotly-plot .choroplethlayer path')]
                .find(p => p.__data__ && p.__data__.loc === code)).fill""",
            code,
        )
    )


@browser_test
def test_adding_in_the_list_changes_the_url_and_back_restores(page: Any) -> None:
    visit(page, "/eigen-regio?regio=achterhoek")
    assert heading(page) == "Achterhoek"
    page.get_by_role("combobox", name=re.compile("Gemeenten in uw regio")).focus()
    page.keyboard.type("Lochem")
    page.get_by_role("option", name="Lochem", exact=True).wait_for()
    page.keyboard.press("Enter")
    until(page, lambda: "samenstelling" in state(page), "the URL names the choice")
    # Streamlit adds a choice to take them all, in English.
    assert page.get_by_role("option", name=re.compile("^Select")).count() == 0
    # While the list is open, the rest of the page is hidden from who hears it.
    page.keyboard.press("Tab")
    until_heading(page, lambda h: h == "Achterhoek met Lochem", "the name tells who joined")
    assert state(page) == {"regio": ["achterhoek"], "samenstelling": [WITH_LOCHEM]}
    page.go_back()
    until_heading(page, lambda h: h == "Achterhoek", "the region is back")
    assert state(page) == {"regio": ["achterhoek"]}
    page.go_forward()
    until_heading(page, lambda h: h == "Achterhoek met Lochem", "and the composition again")


@browser_test
def test_a_click_on_the_map_toggles_once(page: Any) -> None:
    visit(page, "/eigen-regio?regio=achterhoek")
    click_on(page, LOCHEM)
    until_heading(page, lambda h: h == "Achterhoek met Lochem", "a click adds")
    assert state(page)["samenstelling"] == [WITH_LOCHEM]
    until_drawn(page, LOCHEM)
    until(page, lambda: colour(page, LOCHEM) == colour(page, WINTERSWIJK), "it has the colour of the others")
    # Another control runs the page again: the click must not count once more.
    page.get_by_role("combobox", name="Vergelijk met", exact=True).focus()
    page.keyboard.type("provincie")
    page.keyboard.press("Enter")
    until(page, lambda: state(page).get("vergelijk") == ["provincie"], "the URL names the benchmark")
    until_heading(page, lambda h: h == "Achterhoek met Lochem", "nothing was toggled")
    assert state(page)["samenstelling"] == [WITH_LOCHEM]
    # The same municipality once more takes it out, and again adds it.
    click_on(page, LOCHEM)
    until_heading(page, lambda h: h == "Achterhoek", "a second click takes out")
    assert "samenstelling" not in state(page)
    click_on(page, LOCHEM)
    until_heading(page, lambda h: h == "Achterhoek met Lochem", "a third click adds again")
    click_on(page, WINTERSWIJK)
    until_heading(page, lambda h: h == "Achterhoek met Lochem, zonder Winterswijk", "a member can be taken out")
    page.go_back()
    until_heading(page, lambda h: h == "Achterhoek met Lochem", "back restores the member")


@browser_test
@pytest.mark.parametrize("size", THOROUGH)
def test_the_page_fits_and_its_map_is_named(new_page: Any, server: Any, size: str) -> None:
    page = new_page(server, *SIZES[size])
    for address in (
        f"/eigen-regio?regio=achterhoek&samenstelling={WITH_LOCHEM}&vergelijk=vergelijkbaar",
        "/eigen-regio?samenstelling=geen",
        "/eigen-regio?samenstelling=GM0294",
    ):
        visit(page, address)
        until_drawn(page, WINTERSWIJK)
        widths = page.evaluate(
            """() => [document.documentElement, document.body, document.querySelector('[data-testid=stMain]')]
                .map(e => [e.scrollWidth, e.clientWidth])"""
        )
        assert all(wide <= room for wide, room in widths), (address, widths)
        assert page.get_by_role("figure", name=re.compile("^Kaart van de")).count() == 1


@browser_test
def test_names_on_the_map_are_those_for_the_screen(new_page: Any, server: Any) -> None:
    page = new_page(server)
    for size, phone in (("wide", False), ("phone", True)):
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        visit(page, f"/eigen-regio?regio=achterhoek&samenstelling={WITH_LOCHEM}")
        until_drawn(page, LOCHEM)
        shown = page.evaluate(
            """() => [...document.querySelectorAll('.st-key-kaartbeeld-eigen text[data-unformatted]')]
                .filter(t => getComputedStyle(t).display !== 'none').map(t => t.getAttribute('data-unformatted'))"""
        )
        assert shown and all(t.startswith("\u200b") == phone for t in shown), shown
        assert "Lochem" in {t.strip("\u200b") for t in shown}


@browser_test
def test_a_case_from_practice_is_one_click(page: Any) -> None:
    visit(page, "/eigen-regio")
    page.get_by_role("link", name="Achterhoek met de Liemers", exact=True).click()
    until_heading(page, lambda h: h == "Achterhoek met de Liemers", "the case opens")
    assert state(page)["regio"] == ["achterhoek"] and "GM0221" in state(page)["samenstelling"][0]
