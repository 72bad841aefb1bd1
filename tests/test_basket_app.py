"""The basket in the test bench: add from pages, change, open, ask before replacing, two tabs, cookies, and making."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.errors import ExportError
from monitor.export.basket import MOST, Basket, Item, as_text, as_yaml, read_text, read_yaml
from monitor.export.reference import Reference
from monitor.export.slides.template import SHIPPED
from tests.spec_table import ROOT, definitions
from tests.test_pages import check_sound, markup, read, url
from ui import basket_kept, basket_make, browser, uploader

ONE = Reference("regio?regio=achterhoek&indicator=afstand-huisarts&jaar=2024")
TWO = Reference("trends?regio=achterhoek&indicator=overgewicht")
GONE = Reference("trends?regio=achterhoek&indicator=bestaat-niet")


@pytest.fixture(autouse=True)
def own_browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """One browser, with the cookie that a session begins with; a new server for each test."""
    held = {"cookie": "", "mark": "een browser"}
    monkeypatch.setattr(basket_kept, "_cookie", lambda: held["cookie"])
    monkeypatch.setattr(browser, "mark", lambda: held["mark"])
    basket_kept._browsers.clear()
    yield held
    basket_kept._browsers.clear()


def of(*references: Reference, **named: Any) -> Basket:
    return Basket("achterhoek", items=tuple(Item(r) for r in references), **named)


def visit(page: str = "ab-pakket", basket: Basket | None = None, *opened: str, **query: str | list[str]) -> AppTest:
    """Open a page in one more tab.

    Args:
        page: its path.
        basket: what this tab has; no other tab counts then.
        opened: keys of boxes that are open.
        query: of the address.
    """
    test = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    if basket:
        basket_kept._browsers.clear()
        test.session_state["pakket-bewaard"] = basket_kept.Kept(basket)
    for key, value in query.items():
        test.query_params[key] = value
    for key in opened:
        test.session_state[key] = True
    return test.run()


def kept(test: AppTest) -> Basket:
    """The basket of a session."""
    held = test.session_state["pakket-bewaard"].basket
    assert isinstance(held, Basket)
    return held


def figures(test: AppTest) -> list[Reference]:
    return [i.figure for i in kept(test).items]


def press(test: AppTest, label: str) -> AppTest:
    found = [b for b in test.button if b.label.startswith(label)]
    assert len(found) == 1, (label, [b.label for b in test.button])
    return found[0].click().run()


def toasts(test: AppTest) -> list[str]:
    return [t.value for t in test.toast]


# -- under a figure -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page, query",
    [
        ("kaart", {"indicator": "overgewicht", "regio": "twente"}),
        ("trends", {"regio": "twente"}),
        pytest.param("vergelijken", {"regio": "twente"}, marks=pytest.mark.slow),
        ("gemeente", {"gemeente": "GM0153"}),
        pytest.param("eigen-regio", {"regio": "twente"}, marks=pytest.mark.slow),
        pytest.param("plan", {"regio": "twente"}, marks=pytest.mark.slow),
        ("cijfer-en-verhaal", {"regio": "twente"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_figure_goes_in_and_out_from_its_page(page: str, query: dict[str, str]) -> None:
    test = visit(page, None, **query)
    press(test, "In AB-pakket")
    check_sound(test)
    assert toasts(test) == ["In het AB-pakket: 1 figuur."]
    (reference,) = figures(test)
    assert reference.link.partition("?")[0] == page and kept(test).region == "twente"
    # In another tab the figure is there, with what it says.
    other = visit()
    assert "Deze figuur is er niet meer" not in read(other).text
    assert [a.label.partition(" (")[0] for a in other.text_area] == ["Noot bij figuur 1"]
    press(test, "✓ In AB-pakket")
    assert figures(test) == [] and toasts(test) == ["Uit het AB-pakket gehaald: nog 0 figuren."]


@pytest.mark.parametrize(
    "page, query, count",
    [
        ("balans", {}, 2),
        ("trajecten", {"regio": "achterhoek"}, 2),
        pytest.param("over-de-grens", {}, 2, marks=pytest.mark.slow),
    ],
    ids=["balans", "trajecten", "over-de-grens"],
)
def test_a_page_with_several_figures_has_a_button_for_each(page: str, query: dict[str, str], count: int) -> None:
    test = visit(page, None, **query)
    buttons = [b.key for b in test.button if b.label == "In AB-pakket"]
    assert len(buttons) == count
    for key in buttons:
        test.button(key=key).click().run()
    assert len(set(figures(test))) == count
    assert [b.label for b in test.button if b.key in buttons] == ["✓ In AB-pakket"] * count
    assert "Deze figuur is er niet meer" not in read(visit()).text


def test_a_figure_of_a_region_stands_behind_its_box() -> None:
    test = visit("regio", None, "meer-twente-afstand-huisarts-2024", regio="twente")
    assert len([b for b in test.button if "AB-pakket" in b.label]) == 1, "the others are not even made"
    press(test, "In AB-pakket")
    assert figures(test) == [Reference("regio?regio=twente&indicator=afstand-huisarts&jaar=2024")]


def test_a_note_comes_back_when_a_figure_is_taken_out_and_put_in_again() -> None:
    basket = Basket("twente", items=(Item(TWO, "let op"), Item(ONE)))
    test = visit("trends", basket, regio="achterhoek", indicator="overgewicht")
    press(test, "✓ In AB-pakket")
    assert figures(test) == [ONE]
    press(test, "In AB-pakket")
    assert kept(test).items == basket.items


def test_a_full_basket_says_so_and_stays_as_it_is() -> None:
    full = Basket("twente", items=tuple(Item(Reference(f"balans?x={k}")) for k in range(MOST)))
    test = visit("trends", full, regio="twente")
    press(test, "In AB-pakket")
    (said,) = toasts(test)
    assert said.startswith(f"Een pakket heeft hoogstens {MOST} figuren; dit zijn er {MOST + 1}. Haal figuren weg, of")
    assert kept(test) == full and not test.exception


# -- the page -------------------------------------------------------------------------------------------------


def test_an_empty_basket_explains_itself_and_begins_with_a_proposal() -> None:
    test = visit("ab-pakket", None, regio="twente")
    assert "Uw pakket is nog leeg." in check_sound(test).text
    assert [b.label for b in test.button] == ["Begin met een voorstel"] and "Hoe gekozen" in read(test).text
    test.selectbox(key="pk-doel").select("2").run()
    press(test, "Begin met een voorstel")
    page = check_sound(test)
    basket = kept(test)
    assert (basket.region, basket.goal, len(basket.items)) == ("twente", 2, 7)
    assert "Dit is een voorstel" in page.text and page.text.count("Van de pagina") == 7
    assert url(test) == {"regio": ["twente"]}


def test_order_note_and_taking_out_and_back_again() -> None:
    test = visit("ab-pakket", of(ONE, TWO))
    check_sound(test)
    assert {b.label.partition(",")[0]: b.disabled for b in test.button if ":" in b.label} == {
        "Hoger: figuur 1": True, "Lager: figuur 1": False, "Haal weg: figuur 1": False,
        "Hoger: figuur 2": False, "Lager: figuur 2": True, "Haal weg: figuur 2": False,
    }  # fmt: skip
    press(test, "Lager: figuur 1")
    assert figures(test) == [TWO, ONE] and "is nu figuur 2." in read(test).text
    test.text_area[0].set_value("  =1+1 <b>  ").run()
    assert kept(test).items == (Item(TWO, "=1+1 <b>"), Item(ONE))
    assert "&lt;b&gt;" in markup(test) and "=1+1 <b>" not in markup(test)
    press(test, "Haal weg: figuur 1")
    assert figures(test) == [ONE] and "Figuur 1 is uit het pakket." in read(test).text
    press(test, "Maak dit ongedaan")
    assert kept(test).items == (Item(TWO, "=1+1 <b>"), Item(ONE))
    press(test, "Leeg het pakket")
    assert figures(test) == [] and "Uw pakket is nog leeg" in read(test).text
    press(test, "Maak dit ongedaan")
    assert figures(test) == [TWO, ONE]


def test_what_is_chosen_ends_up_in_the_basket_and_its_link() -> None:
    test = visit("ab-pakket", of(ONE))
    test.selectbox(key="pk-regio").select("twente").run()
    test.selectbox(key="pk-doel").select("2").run()
    test.selectbox(key="pk-vergelijk").select("provincie").run()
    test.text_input(key="pk-titel").set_value("Zorg  dichtbij").run()
    test.text_input(key="pk-day").set_value("9 december 2026").run()
    test.text_input(key="pk-holder").set_value("economie").run()
    test.selectbox(key="pk-sinds").select("2020").run()
    test.checkbox(key="pk-rapport").check().run()
    test.checkbox(key="pk-presentatie").uncheck().run()
    page = check_sound(test)
    basket = kept(test)
    assert (basket.region, basket.goal, basket.benchmark, basket.title) == ("twente", 2, "provincie", "Zorg dichtbij")
    assert (basket.meeting.day, basket.meeting.holder, basket.before) == ("9 december 2026", "economie", "2020")
    assert basket.documents == ("oplegger", "werkboek", "rapport", "factsheet")
    assert "1 figuur gaat over een andere regio (Achterhoek) dan uw pakket (Twente)." in page.text
    link = test.text_input(key="pk-link").value
    assert read_text(link.split("pakket=")[1], definitions()) == basket


def test_a_figure_that_is_gone_stands_there_and_stops_the_making() -> None:
    test = visit("ab-pakket", of(ONE, GONE, before="1850"))
    page = check_sound(test)
    assert "Figuur 2 bestaat niet meer. Haal dit eerst weg" in page.text and "bestaat-niet" in page.text
    assert test.button(key="pakket-maak").disabled
    assert "1850 (niet te vergelijken)" in test.selectbox(key="pk-sinds").options
    press(test, "Haal weg: figuur 2")
    assert not test.button(key="pakket-maak").disabled


def test_a_figure_twice_in_a_file_is_two_figures() -> None:
    test = visit("ab-pakket", Basket("twente", items=(Item(ONE, "a"), Item(ONE, "b"))))
    check_sound(test)
    assert [a.value for a in test.text_area] == ["a", "b"]
    press(test, "Haal weg: figuur 2")
    assert [i.note for i in kept(test).items] == ["a"]


# -- another basket -------------------------------------------------------------------------------------------


def test_a_link_opens_at_once_for_who_has_nothing() -> None:
    test = visit("ab-pakket", None, pakket=as_text(of(ONE, TWO, goal=2)))
    page = check_sound(test)
    assert figures(test) == [ONE, TWO] and "De link is geopend: 2 figuren voor de Achterhoek, bij doel 2." in page.text
    assert url(test) == {}, "who loads the page again goes on with the own basket"


def test_a_link_asks_before_it_takes_the_place_of_an_own_basket() -> None:
    own, other = of(ONE), of(TWO, GONE, title="Van een collega")
    test = visit("ab-pakket", own, pakket=as_text(other))
    page = check_sound(test)
    assert "U hebt zelf een pakket met 1 figuur. De link opent een ander pakket (‘Van een collega’)" in page.text
    assert kept(test) == own and "pakket" in url(test), "asked again when the page is loaded again"
    test.text_area[0].set_value("blijft").run()
    assert "U hebt zelf een pakket" in read(test).text
    press(test, "Houd mijn pakket")
    assert [i.note for i in kept(test).items] == ["blijft"] and url(test) == {}
    test = visit("ab-pakket", own, pakket=as_text(other))
    press(test, "Vervang mijn pakket")
    assert kept(test) == other and url(test) == {}
    press(test, "Maak dit ongedaan")
    assert kept(test) == own


def test_the_own_link_asks_nothing_and_a_damaged_one_is_a_sentence() -> None:
    own = of(ONE)
    test = visit("ab-pakket", own, pakket=as_text(own))
    assert kept(test) == own and "Vervang mijn pakket" not in [b.label for b in test.button]
    test = visit("ab-pakket", own, pakket="abc")
    page = check_sound(test)
    assert "De link naar dit pakket is beschadigd. Vraag de maker om een nieuwe link." in page.text
    assert kept(test) == own and url(test) == {}


@pytest.mark.parametrize("name, raw, part", [
    ("pakket.yaml", as_yaml(of(TWO)).encode(), "Het bestand opent een ander pakket: 1 figuur"),
    ("notulen.yaml", b"dit is geen pakket", "notulen.yaml is geen pakket. Kies een bestand"),
    ("foto.png", b"\x89PNG\x00", "foto.png is geen geldige YAML"),
    ("diep.yaml", b"[" * 60_000, "diep.yaml is geen pakket"),
], ids=["good", "text", "picture", "deep"])  # fmt: skip
def test_a_file_opens_or_says_why_not(name: str, raw: bytes, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [(name, raw)]
    monkeypatch.setattr(uploader, "choose", lambda label, n: given.pop() if n == "pakket" and given else None)
    test = visit("ab-pakket", of(ONE))
    page = check_sound(test)
    assert part in page.text and ".py" not in page.text and figures(test) == [ONE]
    if name == "pakket.yaml":
        press(test, "Vervang mijn pakket")
        assert figures(test) == [TWO]


# -- tabs and cookies -----------------------------------------------------------------------------------------


def test_two_tabs_change_one_basket_and_neither_loses_what_the_other_did() -> None:
    first, second = visit("trends", None, regio="achterhoek", indicator="overgewicht"), visit("balans")
    press(first, "In AB-pakket")
    second.button(key=next(b.key for b in second.button if "AB-pakket" in b.label)).click().run()
    assert [r.link.partition("?")[0] for r in figures(second)] == ["trends", "balans"]
    assert figures(first.run()) == figures(second)
    page, other = visit(), visit()
    # The first page still shows the old order; what it takes out is the one that was pointed at.
    press(other, "Lager: figuur 1")
    press(page, "Haal weg: figuur 1")
    assert [r.link.partition("?")[0] for r in figures(page)] == ["balans"]
    press(other, "Leeg het pakket")
    page.text_area[0].set_value("te laat").run()
    assert not page.exception and figures(page) == []
    assert "Deze figuur zit niet meer in het pakket" in read(page).text


def test_another_browser_has_its_own_basket(own_browser: dict[str, str]) -> None:
    press(visit("trends"), "In AB-pakket")
    own_browser["mark"] = "een andere browser"
    assert "Uw pakket is nog leeg" in read(visit()).text
    own_browser["mark"] = ""
    press(visit("trends"), "In AB-pakket")
    assert "Uw pakket is nog leeg" in read(visit()).text, "without a mark nothing is shared"


def test_the_cookie_brings_the_basket_to_a_new_server(own_browser: dict[str, str]) -> None:
    own_browser["cookie"] = as_text(of(ONE, TWO, title="Bewaard"))
    test = visit()
    assert figures(test) == [ONE, TWO] and kept(test).title == "Bewaard"


def test_a_page_that_loads_before_the_cookie_is_written_has_the_basket_too(own_browser: dict[str, str]) -> None:
    first = visit("trends")
    press(first, "In AB-pakket")
    own_browser["cookie"] = ""
    assert len(figures(visit())) == 1
    own_browser["cookie"] = as_text(kept(first))
    page = visit()
    page.text_area[0].set_value("nieuwer dan de cookie").run()
    assert kept(visit()).items[0].note == "nieuwer dan de cookie"


def test_a_cookie_that_another_server_wrote_counts(own_browser: dict[str, str]) -> None:
    first = visit("trends")
    press(first, "In AB-pakket")
    own_browser["cookie"] = as_text(of(ONE, TWO))
    assert figures(visit()) == [ONE, TWO] and figures(first.run()) == [ONE, TWO]


def test_a_cookie_that_was_emptied_long_ago_stays_empty(
    own_browser: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    press(visit("trends"), "In AB-pakket")
    monkeypatch.setattr(basket_kept, "_RECENT", -1.0)
    assert "Uw pakket is nog leeg" in read(visit()).text


def shell() -> None:
    """What the frame does with the basket."""
    import streamlit as st

    from ui import basket_kept

    st.text(basket_kept.script())
    st.text(f"{basket_kept.count()} {basket_kept.broken_on('kaart')} {basket_kept.broken_on('trends')}")


def frame(cookie: str = "", basket: Basket | None = None, **named: Any) -> list[str]:
    test = AppTest.from_function(shell)
    if basket:
        test.session_state["pakket-bewaard"] = basket_kept.Kept(basket, **named)
    return [t.value for t in test.run().text]


def test_the_script_writes_the_cookie_for_thirty_days_and_nothing_without_a_basket(own_browser: dict[str, str]) -> None:
    assert frame() == ["", "0 False False"]
    basket = replace(of(ONE), title="';alert(1)//</script>")
    made, told = frame(basket=basket, changed=True)
    assert f"const now = '{as_text(basket)}', force = true;" in made and "max-age=${now ? 2592000 : 0}" in made
    assert "SameSite=Lax" in made and "alert" not in made and "</" not in made and told.startswith("1 ")
    assert "@" not in made
    # A visit without a change only makes it last longer, when no other tab has written meanwhile.
    assert "force = false;" in frame(basket=basket)[0]


def test_a_damaged_cookie_is_told_once_and_removed(own_browser: dict[str, str]) -> None:
    for cookie in ("kapot", "é" * 20, "A" * 4000, as_text(of(ONE))[:-9]):
        own_browser["cookie"] = cookie
        made, told = frame()
        assert "const now = '', force = true;" in made and told == "0 True False", cookie


def test_a_basket_too_long_for_a_cookie_says_so_and_is_not_lost(own_browser: dict[str, str]) -> None:
    chance = random.Random(5)
    long = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=590)).strip() for _ in range(20)]
    basket = Basket("twente", items=tuple(Item(Reference(f"{ONE.link}&x={k}"), n) for k, n in enumerate(long)))
    test = visit("ab-pakket", basket)
    page = check_sound(test)
    assert page.text.count("Het pakket past zo niet in een link.") == 2, "as a message, and instead of the link"
    assert frame(basket=basket, changed=True)[0] == ""
    press(test, "Lager: figuur 1,")
    assert len(figures(visit())) == 20, "another tab of this browser has it"


# -- making ---------------------------------------------------------------------------------------------------


def made(test: AppTest) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(test.session_state["pakket-gemaakt"].zip))


def test_a_pack_is_made_with_its_basket_in_it_and_grows_old_with_a_change() -> None:
    basket = of(ONE, goal=2, documents=("werkboek", "oplegger"))
    test = visit("ab-pakket", basket)
    press(test, "Maak het pakket")
    page = check_sound(test)
    names = ["achterhoek-doel-2-werkboek.xlsx", "achterhoek-doel-2-oplegger.docx", "achterhoek-doel-2-pakket.yaml"]
    assert made(test).namelist() == names and made(test).testzip() is None
    assert "Het pakket is klaar: 3 bestanden, samen" in page.text and all(n in page.text for n in names)
    assert re.fullmatch(r"ab-pakket-achterhoek-doel-2-\d{4}-\d\d-\d\d\.zip", test.session_state["pakket-gemaakt"].name)
    assert read_yaml(made(test).read(names[2]), definitions()) == replace(basket, documents=("oplegger", "werkboek"))
    test.text_input(key="pk-titel").set_value("Anders").run()
    assert "gemaakt vóór uw laatste wijziging" in read(test).text and "is klaar" not in read(test).text


def test_what_goes_wrong_is_one_sentence_and_the_basket_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ExportError("Er is iets met het stuk.", "Doe het anders.")

    def stumble(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("division by zero")

    said = {refuse: "Er is iets met het stuk. Doe het anders.", stumble: "Er ging iets mis bij het maken."}
    for fails, part in said.items():
        monkeypatch.setattr(basket_make, "make_files", fails)
        test = visit("ab-pakket", of(ONE))
        press(test, "Maak het pakket")
        text = read(test).text
        assert not test.exception and part in text and "Uw pakket is bewaard." in text and "division" not in text
        assert figures(test) == [ONE] and "pakket-gemaakt" not in test.session_state


def test_no_document_and_work_that_was_broken_off() -> None:
    test = visit("ab-pakket", of(ONE, documents=()))
    assert "Kies ten minste één document." in read(test).text and test.button(key="pakket-maak").disabled
    test.checkbox(key="pk-werkboek").check().run()
    assert not test.button(key="pakket-maak").disabled
    test.session_state["pakket-bezig"] = True
    assert "Het maken is afgebroken" in read(test.run()).text
    assert "Het maken is afgebroken" not in read(test.run()).text


def test_an_own_template_is_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [("logo.pptx", SHIPPED.read_bytes()), ("kaal.pptx", b"PK geen presentatie")]
    monkeypatch.setattr(uploader, "choose", lambda label, n: given.pop() if n == "sjabloon" and given else None)
    test = visit("ab-pakket", of(ONE))
    text = read(test).text
    assert "‘kaal.pptx’ past niet." in text or "‘logo.pptx’ past" in text
    test.run()
    page = check_sound(test)
    assert "‘logo.pptx’ past: de presentatie komt in deze huisstijl." in page.text and "past niet" not in page.text
    assert "python" not in page.text
    press(test, "Toch de huisstijl van de monitor")
    assert "‘logo.pptx’" not in read(test).text
