"""The basket in a real browser: kept over a full page load, worked by keyboard, made, on a phone and on paper."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from urllib.parse import urlsplit

import pytest
from docx import Document
from playwright.sync_api import expect
from pptx import Presentation

from monitor.export.basket import Basket, Item, as_text, read_text
from monitor.export.reference import Reference
from tests.spec_table import definitions
from tests.test_browser import PATIENCE, SIZES, faults_of, heading, save, settle, visit
from tests.test_print import CONTROLS, on_paper

pytestmark = pytest.mark.browser

ONE = Item(Reference("regio?regio=achterhoek&indicator=afstand-huisarts&jaar=2024"), "=1+1 <b>noot</b>")
TWO = Item(Reference("trends?regio=achterhoek&indicator=overgewicht"))
GONE = Item(Reference("trends?regio=achterhoek&indicator=bestaat-niet"))
FITS = "() => (e => e.scrollWidth <= e.clientWidth)(document.documentElement)"
REFUSED = re.compile("Uw browser bewaart geen cookies")


def with_basket(page: Any, server: Any, *items: Item, **named: Any) -> Basket:
    """Give the browser the cookie of a basket."""
    basket = Basket("achterhoek", items=items, **named)
    page.context.add_cookies([{"name": "pakket", "value": as_text(basket), "url": server.url, "sameSite": "Lax"}])
    return basket


def cookie(page: Any) -> dict[str, Any]:
    found = [c for c in page.context.cookies() if c["name"] == "pakket"]
    assert len(found) <= 1, "one cookie, whatever page wrote it"
    return found[0] if found else {}


def in_header(page: Any, count: int) -> Any:
    link = page.get_by_role("link", name=f"AB-pakket ({count})")
    expect(link).to_be_visible(timeout=PATIENCE)
    return link


def test_from_two_pages_to_a_pack_by_keyboard(page: Any) -> None:
    visit(page, "/kaart?indicator=overgewicht&regio=twente")
    assert page.get_by_role("link", name="AB-pakket").count() == 0, "nothing to go to yet"
    page.get_by_role("button", name="In AB-pakket", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="✓ In AB-pakket")).to_be_focused(timeout=PATIENCE)
    page.get_by_text("In het AB-pakket: 1 figuur.").wait_for()
    expect(page.get_by_role("button", name="Sluit deze melding")).to_be_visible()
    in_header(page, 1)
    kept = cookie(page)
    assert (kept["sameSite"], kept["path"]) == ("Lax", "/") and re.fullmatch(r"[\w-]+", kept["value"])

    # A plain link: the page loads anew, and with it the session.
    page.get_by_role("link", name="Hoe dit cijfer tot stand komt").click()
    page.wait_for_url("**/methode?**")
    settle(page)
    in_header(page, 1)
    visit(page, "/trends?indicator=overgewicht&regio=twente")
    page.get_by_role("button", name="In AB-pakket", exact=True).click()
    in_header(page, 2).click()
    page.get_by_role("heading", name="2. De figuren").wait_for()
    settle(page)
    assert heading(page) == "AB-pakket" and urlsplit(page.url).path == "/ab-pakket"

    page.get_by_label("Noot bij figuur 2").fill("Wat de lijn zegt")
    page.get_by_role("button", name="Hoger: figuur 2").focus()
    page.get_by_text("is nu figuur 1").wait_for(state="detached")
    page.keyboard.press("Enter")
    page.get_by_text("is nu figuur 1").wait_for()
    expect(page.get_by_role("button", name="Lager: figuur 1")).to_be_focused(timeout=PATIENCE)
    settle(page)
    note = page.get_by_label("Noot bij figuur 1")
    # The old and the new list stand side by side for a moment.
    expect(note).to_have_count(1, timeout=PATIENCE)
    expect(note).to_have_value("Wat de lijn zegt", timeout=PATIENCE)
    page.get_by_text("Rapport (PDF)").click()
    page.get_by_role("button", name="Maak het pakket").focus()
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"Stap \d van 6")).wait_for()
    done = page.get_by_role("button", name="Download het pakket (zip)")
    done.or_(page.get_by_text("Het pakket is niet gemaakt")).wait_for(timeout=PATIENCE)
    settle(page)
    assert page.get_by_text(re.compile(r"Stap \d van 6")).count() == 0
    name, raw = save(page, done)
    assert re.fullmatch(r"ab-pakket-twente-\d{4}-\d\d-\d\d\.zip", name)
    with zipfile.ZipFile(io.BytesIO(raw)) as pack:
        assert pack.testzip() is None
        endings = sorted(n.rpartition(".")[2] for n in pack.namelist())
        assert endings == ["docx", "pdf", "pdf", "pptx", "xlsx", "yaml"]
        assert len(Presentation(io.BytesIO(pack.read("twente-presentatie.pptx"))).slides) >= 4
        assert Document(io.BytesIO(pack.read("twente-oplegger.docx"))).paragraphs
        assert "noot: Wat de lijn zegt" in pack.read("twente-pakket.yaml").decode()

    link = page.get_by_label("Link naar dit pakket").input_value()
    assert link.startswith(page.url.partition("?")[0])
    basket = read_text(link.partition("pakket=")[2], definitions())
    assert [i.figure.link.partition("?")[0] for i in basket.items] == ["trends", "kaart"] and basket.region == "twente"
    assert cookie(page)["value"] == as_text(basket)


def test_a_link_of_a_colleague_and_a_figure_that_is_gone_on_a_phone(new_page: Any, server: Any) -> None:
    page = new_page(server, *SIZES["phone"])
    other = as_text(
        Basket("achterhoek", 2, items=(ONE, GONE), title="Arbeidsmarktparticipatiebevorderingsprogramma" * 3)
    )
    visit(page, "/ab-pakket")
    assert page.evaluate(FITS)
    visit(page, f"/ab-pakket?pakket={other}")
    page.get_by_text("De link is geopend: 2 figuren").wait_for()
    in_header(page, 2)
    assert page.evaluate(FITS) and "pakket=" not in page.url
    assert page.get_by_role("button", name="Maak het pakket").is_disabled()
    assert page.locator("body b", has_text="noot").count() == 0 and page.title() != "stuk"
    main = page.get_by_test_id("stMain").inner_text()
    assert not faults_of(re.sub(r"‘[^’]*’|https?://\S+", "", main)), "Dutch, also the chooser of files"
    for one in page.locator("[class*=st-key-pk-knoppen-] button").all():
        box = one.bounding_box()
        assert box["height"] >= 30 and box["x"] >= 0 and box["x"] + box["width"] <= SIZES["phone"][0]
    page.get_by_role("button", name="Haal weg: figuur 2").click()
    undo = page.get_by_role("button", name="Maak dit ongedaan")
    expect(undo).to_be_in_viewport(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Maak het pakket")).to_be_enabled()
    undo.click()
    page.get_by_text("Uw pakket staat er weer zoals het was.").wait_for()
    in_header(page, 2)

    # Now there is an own basket: another link asks first, and on no nothing changes.
    settle(page)
    visit(page, f"/ab-pakket?pakket={as_text(Basket('twente', items=(TWO,)))}")
    page.get_by_text("U hebt zelf een pakket met 2 figuren.").wait_for()
    page.get_by_role("button", name="Houd mijn pakket").click()
    page.get_by_text("U hebt zelf een pakket").wait_for(state="detached")
    settle(page)
    assert cookie(page)["value"] == other and "pakket=" not in page.url and page.evaluate(FITS)
    page.get_by_text("Een ander voorstel, of opnieuw beginnen").click()
    page.get_by_role("button", name="Leeg het pakket").click()
    page.get_by_text("Uw pakket is nog leeg").wait_for()
    expect(page.get_by_role("link", name=re.compile(r"AB-pakket \("))).to_have_count(0)


@pytest.mark.slow
def test_a_browser_without_cookies_is_told_and_keeps_the_basket_in_the_session(page: Any) -> None:
    page.context.new_cdp_session(page).send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    visit(page, "/trends?indicator=overgewicht&regio=twente")
    assert page.get_by_text(REFUSED).count() == 0
    page.get_by_role("button", name="In AB-pakket", exact=True).click()
    link = in_header(page, 1)
    expect(page.get_by_text(REFUSED)).to_be_visible()
    link.click()
    page.get_by_role("heading", name="2. De figuren").wait_for()
    assert not cookie(page)
    expect(page.get_by_label("Link naar dit pakket")).to_have_value(re.compile("pakket=[\\w-]+$"), timeout=PATIENCE)


@pytest.mark.slow
def test_a_damaged_cookie_is_told_once(page: Any, server: Any) -> None:
    page.context.add_cookies([{"name": "pakket", "value": "kapot", "url": server.url}])
    visit(page, "/methode")
    expect(page.get_by_text("is niet te lezen en daarom niet geopend")).to_be_visible()
    assert not cookie(page)
    visit(page, "/methode")
    assert page.get_by_text("is niet te lezen en daarom niet geopend").count() == 0


def test_a_basket_on_paper_is_its_figures_and_notes(page: Any, server: Any) -> None:
    with_basket(page, server, ONE, TWO, title="Voor de vergadering")
    with on_paper(page, "ab-pakket"):
        text = page.get_by_test_id("stMain").inner_text()
        assert "=1+1 <b>noot</b>" in text and "dichtstbijzijnde huisarts" in text
        hidden = (
            f"{CONTROLS}, .stButton, [data-testid=stCheckbox], [data-testid=stTextArea], [data-testid=stFileUploader]"
        )
        assert page.locator(hidden).evaluate_all("all => all.filter(e => e.offsetWidth > 0).length") == 0
