"""Vergelijken in a real browser, wide and on a phone; see ``test_browser`` for the rules.

The ``new_page`` fixture fails every test on an error in the console and on any request that leaves the server.
"""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest

from tests.navigation import GROUPS
from tests.spec_table import definitions
from tests.test_browser import (
    PATIENCE,
    SIZES,
    THOROUGH,
    browser_test,
    choice,
    faults_of,
    flat,
    heading,
    save,
    settle,
    state,
    until,
    visit,
)

REGIONS = {r.id: r for r in definitions().regions}
CORE = [i.id for i in definitions().indicators if i.core and i.aggregation.kind not in ("geen", "som")]
ADDRESSES = (
    "/vergelijken",
    "/vergelijken?regio=noord-en-oost-groningen&thema=bevolking&vergelijk=vergelijkbaar",
    "/vergelijken?regio=zeeuws-vlaanderen&doel=3&vergelijk=provincie&volgorde=verschil&vanaf=2020",
)
# The words of every cell, as lines of text with their place; what is drawn counts as well.
CELLS = """table => [...table.querySelectorAll('tbody tr[data-indicator]')].map(row => ({
    name: row.dataset.indicator,
    box: (b => [b.left, b.top, b.right, b.bottom])(row.getBoundingClientRect()),
    cells: [...row.children].map(cell => {
        const range = document.createRange(); range.selectNodeContents(cell);
        const drawn = cell.querySelector('svg.st');
        const boxes = drawn ? [drawn.getBoundingClientRect()] : [...range.getClientRects()];
        return boxes.filter(b => b.width > 1 && b.height > 1).map(b => [b.left, b.top, b.right, b.bottom]);
    }),
}))"""


def overlap(a: list[float], b: list[float]) -> float:
    """The smaller side of what two boxes share, in pixels."""
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))


def pick(page: Any, label: str, typed: str) -> None:
    """Choose in a select box by typing."""
    page.get_by_role("combobox", name=label, exact=True).focus()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def test_the_measure_of_overlap_can_fail() -> None:
    assert overlap([0, 0, 10, 10], [8, 5, 20, 20]) == 2
    assert overlap([0, 0, 10, 10], [10, 0, 20, 10]) == 0 and overlap([0, 0, 10, 10], [0, 30, 10, 40]) < 0


@browser_test
@pytest.mark.parametrize("size", THOROUGH)
def test_the_page_fits_is_dutch_and_nothing_in_a_row_lies_over_anything_else(
    new_page: Any, server: Any, size: str
) -> None:
    page = new_page(server, *SIZES[size])
    for address in ADDRESSES:
        visit(page, address)
        assert page.evaluate("document.documentElement.lang") == "nl"
        assert heading(page).endswith("naast de andere regio’s")
        widths = page.evaluate(
            """() => [document.documentElement, document.body, document.querySelector('[data-testid=stMain]')]
                .map(e => [e.scrollWidth, e.clientWidth])"""
        )
        assert all(inner <= outer for inner, outer in widths), (address, widths)
        beyond = page.evaluate(
            """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => e.checkVisibility()
                && !e.closest('.scroll, svg') && e.getBoundingClientRect().width > 0
                && e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => e.tagName + '.' + e.className).slice(0, 5)"""
        )
        assert not beyond, (address, beyond)
        assert not faults_of(page.get_by_test_id("stMain").inner_text()), address
        assert page.get_by_role("alert").count() == 0
        check_nothing_overlaps(page, address)


def check_nothing_overlaps(page: Any, address: str) -> None:
    """Name, scale, value, benchmark, judgement, place and change: text as it is drawn, not the cell around it."""
    found = page.locator("table.cp").evaluate(CELLS)
    assert len(found) >= 10
    for k, row in enumerate(found):
        assert len(row["cells"]) == 7 and all(row["cells"]), row["name"]
        for a, cell in enumerate(row["cells"]):
            for other in row["cells"][a + 1 :]:
                shared = max(overlap(x, y) for x in cell for y in other)
                assert shared <= 1, (address, row["name"], a, shared)
            for x in cell:
                left, top, right, bottom = row["box"]
                inside = x[0] >= left - 1 and x[2] <= right + 1 and x[1] >= top - 1 and x[3] <= bottom + 1
                assert inside, (address, row["name"], a, x, row["box"])
        if k:
            assert row["box"][1] >= found[k - 1]["box"][3] - 1, "rows stand below each other"


@browser_test
@pytest.mark.parametrize("size", THOROUGH)
def test_every_scale_and_every_small_line_has_a_text(new_page: Any, server: Any, size: str) -> None:
    page = new_page(server, *SIZES[size])
    visit(page, "/vergelijken?regio=twente")
    rows = page.locator("table.cp tbody tr[data-indicator]")
    assert rows.count() == len(CORE)
    scales = page.locator("table.cp svg.st").evaluate_all("all => all.map(e => [e.getAttribute('role'), e.ariaLabel])")
    assert len(scales) == len(CORE)
    for role, label in scales:
        assert role == "img" and label.startswith("Twente: ")
        assert all(r.name in label for r in REGIONS.values())
    panels = page.locator("figure.smp")
    assert panels.count() >= 12
    for panel in panels.all():
        picture = panel.locator("svg")
        label = str(picture.get_attribute("aria-label"))
        assert picture.get_attribute("role") == "img" and label.startswith("Lijnen per regio door de jaren.")
        assert "Twente" in label
        box = picture.bounding_box()
        assert box and box["width"] > 80 and box["height"] > 60
        assert panel.locator("polyline").count() >= 3, "the region, the others and the country"


@browser_test
def test_small_lines_do_not_lie_over_each_other(new_page: Any, server: Any) -> None:
    page = new_page(server)
    for size in SIZES.values():
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        visit(page, "/vergelijken?regio=twente")
        boxes = page.locator("figure.smp").evaluate_all(
            "all => all.map(e => (b => [b.left, b.top, b.right, b.bottom])(e.getBoundingClientRect()))"
        )
        for k, one in enumerate(boxes):
            assert all(overlap(one, other) <= 0.5 for other in boxes[k + 1 :])


@browser_test
def test_each_row_of_the_navigation_fits_on_one_line_at_1280(new_page: Any, server: Any) -> None:
    page = new_page(server, 1280, 900)
    visit(page, "/vergelijken")
    boxes = page.get_by_test_id("stPageLink").evaluate_all(
        """all => all.map(e => { const b = e.getBoundingClientRect();
            return [e.innerText.trim(), b.left, b.top, b.right, b.bottom]; })"""
    )
    assert [b[0] for b in boxes] == [*GROUPS, *(title for title, _ in GROUPS["Cijfers"])]
    assert max(b[3] for b in boxes) <= 1280 and max(b[4] - b[2] for b in boxes) < 60, "no name breaks in two"
    for row in (boxes[: len(GROUPS)], boxes[len(GROUPS) :]):
        assert max(b[2] for b in row) - min(b[2] for b in row) <= 2, row
        for one, other in pairwise(row):
            assert one[3] <= other[1] + 0.5, (one, other)


@browser_test
@pytest.mark.slow
def test_back_restores_what_was_chosen_before(page: Any) -> None:
    visit(page, "/vergelijken?regio=twente")
    pick(page, "Vergelijk met", "De eigen")
    until(page, lambda: state(page).get("vergelijk") == ["provincie"], "the URL names the benchmark")
    settle(page)
    until(page, lambda: "de provincie Overijssel" in flat(page.locator(".lead").inner_text()), "the page follows")
    pick(page, "Volgorde", "Laagste")
    until(page, lambda: state(page).get("volgorde") == ["dekking"], "the URL names the order")
    settle(page)
    page.go_back()
    until(page, lambda: "volgorde" not in state(page), "the order is gone from the URL")
    until(page, lambda: choice(page, "Volgorde") == "Per doel", "and from the control")
    until(page, lambda: page.locator("table.cp tr.gl").count() == 3, "and the goals are back")
    assert choice(page, "Vergelijk met") == "De eigen provincie"
    page.go_back()
    until(page, lambda: choice(page, "Vergelijk met") == "Nederland", "the benchmark too")
    settle(page)
    assert state(page) == {"regio": ["twente"]}
    page.go_forward()
    until(page, lambda: choice(page, "Vergelijk met") == "De eigen provincie", "and forward again")


@browser_test
def test_a_link_shows_in_the_controls_what_it_says(page: Any) -> None:
    visit(page, ADDRESSES[2])
    expected = {
        "Regio": "Zeeuws-Vlaanderen",
        "Vergelijk met": "De eigen provincie",
        "Cijfers": "Doel 3 · ",
        "Verandering vanaf": "2020",
        "Volgorde": "Grootste verschil",
    }
    for label, wanted in expected.items():
        assert choice(page, label).startswith(wanted), label


@browser_test
def test_the_file_comes_down_with_its_name_and_its_rows(page: Any) -> None:
    visit(page, "/vergelijken?regio=twente&thema=wonen")
    name, content = save(page, page.get_by_role("button", name="Cijfers (CSV)"))
    assert name.startswith("vergelijken-twente-editie-") and name.endswith(".csv")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    shown = page.locator("table.cp tbody tr[data-indicator]").count()
    assert lines.index([]) == 1 + 11 * shown
    link = next(line[1] for line in lines if line[:1] == ["Link"])
    assert "regio=twente" in link and "thema=wonen" in link


@browser_test
def test_the_table_twin_comes_when_it_is_opened_and_scrolls_in_its_own_box(new_page: Any, server: Any) -> None:
    page = new_page(server, *SIZES["phone"])
    visit(page, "/vergelijken?regio=twente&thema=samenleving")
    twin = page.locator("table.twin").filter(
        has=page.locator("caption", has_text="Twente en de andere regio’s, vergeleken met Nederland")
    )
    assert twin.count() == 0
    page.get_by_text("Alle cijfers in een tabel").click()
    twin.wait_for(timeout=PATIENCE)
    settle(page)
    rows = twin.locator("tbody tr").count()
    assert rows == 11 * page.locator("table.cp tbody tr[data-indicator]").count()
    wide, room = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room


@browser_test
def test_a_figure_in_a_row_leads_to_its_trend(page: Any) -> None:
    visit(page, "/vergelijken?regio=twente")
    page.locator('table.cp tr[data-indicator="overgewicht"] th a').click()
    until(page, lambda: state(page).get("indicator") == ["overgewicht"], "the link leads to the figure")
    settle(page)
    assert "/trends" in page.url and state(page)["regio"] == ["twente"]
    assert "vergewicht" in heading(page)
