"""The app as people use it: in a real browser, against a real server.

The ``page`` fixture fails every test here on an error in the console, an error on the page, and any request that
leaves the server.
"""

from __future__ import annotations

import io
import math
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.figures import screen
from monitor.notation import parse
from tests.conftest import Watch
from tests.navigation import TITLES, entries
from tests.spec_table import definitions
from tests.test_figures import (
    DOT_DECIMAL,
    ENGLISH,
    Tables,
    check_cells,
    chunks,
    expected_colours,
    expected_fills,
    read_csv,
    titles,
)

browser_test = pytest.mark.browser

DEFINITIONS = definitions()
INDICATORS = {i.id: i for i in DEFINITIONS.indicators}
REGIONS = {r.id: r for r in DEFINITIONS.regions}
PAGES = tuple(TITLES)
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
# What is visited page by page: on a phone, where things break first; on a wide screen in make test-all.
THOROUGH = ["phone", pytest.param("wide", marks=pytest.mark.slow)]
STATE = "indicator=overgewicht&jaar=2022&niveau=regios&vergelijk=nederland"
# How long anything may take (ms): the first page of a server takes long on a busy machine.
PATIENCE = 60_000


# -- looking at a page ----------------------------------------------------------------------------------------


def settle(page: Any) -> None:
    """Wait until the page is complete: its footer stands and nothing is running."""
    page.locator("footer").wait_for(timeout=PATIENCE)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE)


def visit(page: Any, address: str) -> None:
    page.goto(address)
    settle(page)
    # The navigation is drawn by a script of its own, which may come after the rest of the page.
    page.wait_for_function(
        "n => document.querySelectorAll('[data-testid=stPageLink]').length >= n",
        arg=len(entries(urlsplit(page.url).path.strip("/"))),
        timeout=PATIENCE,
    )


def heading(page: Any) -> str:
    """The one heading of the page."""
    found = page.get_by_role("heading", level=1).all_inner_texts()
    assert len(found) == 1, found
    return flat(found[0])


def flat(text: str) -> str:
    return " ".join(text.split())


def until(page: Any, condition: Callable[[], bool], what: str) -> None:
    """Wait for something that only Python can judge."""
    for _ in range(PATIENCE // 100):
        if condition():
            return
        page.wait_for_timeout(100)
    pytest.fail(f"waited in vain until {what}")


def until_heading(page: Any, wanted: Callable[[str], bool], what: str) -> None:
    def there() -> bool:
        found = page.get_by_role("heading", level=1).all_inner_texts()
        return len(found) == 1 and wanted(flat(found[0]))

    until(page, there, what)
    settle(page)


def state(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choice(page: Any, label: str) -> str:
    """What a select box shows as chosen."""
    return str(page.get_by_role("combobox", name=label, exact=True).input_value())


def radio(page: Any, label: str) -> str:
    """Which of a group of radio buttons is chosen."""
    chosen: list[str] = []

    def read() -> bool:
        chosen[:] = page.get_by_role("radiogroup", name=label, exact=True).evaluate(
            "group => [...group.querySelectorAll('input:checked')].map(i => i.closest('label').innerText.trim())"
        )
        return len(chosen) == 1 and bool(chosen[0])

    until(page, read, f"{label} shows what is chosen")
    return chosen[0]


def traces(page: Any) -> list[dict[str, Any]]:
    """What the visible Plotly chart holds, once it has drawn."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('.js-plotly-plot')].some(e => e.offsetWidth > 0 && e._fullData"
        " && e.querySelector('path'))",
        timeout=PATIENCE,
    )
    return list(
        page.evaluate(
            """() => {
                const chart = [...document.querySelectorAll('.js-plotly-plot')].find(e => e.offsetWidth > 0);
                const plain = a => a == null ? null : Array.from(a);
                return chart._fullData.map(t => ({type: t.type, name: t.name, meta: t.meta,
                    locations: plain(t.locations), z: plain(t.z), x: plain(t.x), y: plain(t.y)}));
            }"""
        )
    )


def areas_drawn(page: Any) -> dict[str, str]:
    """Municipal code -> colour as painted."""
    drawn = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot .choroplethlayer path')]
            .filter(p => p.__data__ && p.__data__.loc)
            .map(p => [p.__data__.loc, getComputedStyle(p).fill, (p.getAttribute('d') || '').length])"""
    )
    found = {}
    for code, fill, length in drawn:
        if not code.startswith("GM"):
            continue
        assert length > 10, f"{code} has no outline"
        channels = [int(n) for n in re.findall(r"\d+", fill)[:3]]
        found[code] = "#" + "".join(f"{c:02x}" for c in channels)
    return found


def until_map(page: Any) -> dict[str, str]:
    page.wait_for_function(
        "() => document.querySelectorAll('.js-plotly-plot .choroplethlayer path').length > 300", timeout=PATIENCE
    )
    return areas_drawn(page)


def save(page: Any, button: Any) -> tuple[str, bytes]:
    with page.expect_download(timeout=PATIENCE) as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def table_rows(page: Any, caption: str) -> list[list[str]]:
    """Cells of the table with a caption."""
    found = page.locator("table").filter(has=page.locator("caption", has_text=re.compile(f"^{re.escape(caption)}$")))
    assert found.count() == 1
    return Tables(found.evaluate("e => e.outerHTML")).rows


# -- every page -----------------------------------------------------------------------------------------------


ADDRESSES = {
    **{name: f"/{name}" for name in PAGES},
    "gemeente": "/gemeente?gemeente=GM0294",
    "gemeente, none chosen": "/gemeente",
    "regio": "/regio?regio=noard-fryslan",
    "methode": "/methode?indicator=overgewicht",
    "kaart, no such year": "/kaart?indicator=overgewicht&jaar=2021",
}


# These are looked at on a phone in a test of their own as well; here in make test-all.
ELSEWHERE = ("vergelijken", "eigen-regio", "over-de-grens", "ab-pakket", "logboek", "edities")


@browser_test
@pytest.mark.parametrize(
    "size, names",
    [
        pytest.param("phone", [n for n in ADDRESSES if n not in ELSEWHERE], id="phone"),
        pytest.param("phone", [n for n in ADDRESSES if n in ELSEWHERE], id="phone, the others", marks=pytest.mark.slow),
        pytest.param("wide", list(ADDRESSES), id="wide", marks=pytest.mark.slow),
    ],
)
def test_pages_fit_are_dutch_have_one_heading_and_show_focus(
    new_page: Any, server: Any, size: str, names: list[str]
) -> None:
    page = new_page(server, *SIZES[size])
    for name in names:
        visit(page, ADDRESSES[name])
        assert page.evaluate("document.documentElement.lang") == "nl", name
        assert heading(page)
        assert "Regiomonitor" in page.title()
        if name in ("kaart", "trends"):
            traces(page)
        widths = page.evaluate(
            """() => [document.documentElement, document.body, document.querySelector('[data-testid=stMain]')]
                .map(e => [e.scrollWidth, e.clientWidth])"""
        )
        assert all(inner <= outer for inner, outer in widths), f"{name} scrolls sideways: {widths}"
        # Piece by piece: cells of a table stand side by side without a space.
        text = page.get_by_test_id("stMain").evaluate(
            """main => { const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT); const found = [];
                while (walker.nextNode()) { const e = walker.currentNode.parentElement;
                    if (!e.closest('style, script, [data-testid=stIconMaterial]')) found.push(e.checkVisibility()
                        ? walker.currentNode.textContent : ''); }
                return found.filter(t => t.trim()).join('\\n'); }"""
        )
        assert len(text) > 300, name
        assert not faults_of(text), name
        assert page.get_by_role("alert").count() == 0, name
        assert page.get_by_test_id("stException").count() == 0, name
        assert "Traceback" not in text, name
        check_focus(page, name)


# Of the element that has the focus: its name, whether it is marked, and whether it is in view.
FOCUSED = """() => { const e = document.activeElement; const s = getComputedStyle(e);
    const box = e.closest('[data-baseweb]') || e, b = getComputedStyle(box), r = e.getBoundingClientRect();
    return {tag: e.tagName, name: (e.getAttribute('aria-label') || e.innerText || '').trim().slice(0, 60),
            outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
            box: b.outlineStyle !== 'none' || b.boxShadow !== 'none',
            seen: r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth}; }"""


def check_focus(page: Any, name: str) -> None:
    """The first stops of the Tab key are controls, in view, with an outline or a border of their own."""
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(10):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert {s["tag"] for s in stops} & {"A", "INPUT", "BUTTON"}, name
    named = [s["name"] for s in stops if s["tag"] == "A"]
    assert named[named.index("Overzicht") + 1] == "Cijfers", name
    assert not [n for n in named if faults_of(n)], f"{name}: the names of links are Dutch"
    links = [s for s in stops if s["tag"] in ("A", "BUTTON")]
    unseen = [s for s in links if not (s["outline"] or s["box"]) or not s["seen"]]
    assert not unseen, (name, unseen)


def faults_of(text: str) -> set[str]:
    """English words of the framework, numbers that leaked, and numbers in another notation."""
    # A licence, and the number of a paragraph.
    text = re.sub(r"CC BY 4\.0|(par\.|paragraaf) \d\.\d", "", text)
    found = {m[0] for m in ENGLISH.finditer(text)} | {m[0] for m in DOT_DECIMAL.finditer(text)}
    found |= {m[0] for m in re.finditer(r"\b(Choose|Select|options?|Press|Enter|Loading|Running|results)\b", text)}
    return found | {m[0] for m in re.finditer(r"\d,\d{4,}", text)}


def test_the_check_on_faults_can_fail() -> None:
    assert faults_of("12.345678") and faults_of("12,345678") and faults_of("Choose an option") and faults_of("nan")
    assert not faults_of("1.234 inwoners, 12,3%, € 1.234.567, 0,25 en CC BY 4.0")


@browser_test
def test_root_leads_to_the_overview(page: Any) -> None:
    visit(page, "/")
    until(page, lambda: urlsplit(page.url).path == "/overzicht", "the address is /overzicht")
    assert "regio’s" in heading(page)
    assert page.locator("table.ov tbody tr").count() == len(REGIONS)


# -- numbers back from the screen -----------------------------------------------------------------------------


@browser_test
def test_map_on_screen_has_the_numbers_and_colours_of_the_rows(page: Any, composer: Any, snapshot: Any) -> None:
    """Every municipality is drawn, holds its own number, and has the colour of the class of that number."""
    for indicator, level, compare in (
        ("overgewicht", "gemeenten", False),
        ("overgewicht", "gemeenten", True),
        ("woz-waarde", "regios", True),
        ("geregistreerde-misdrijven", "regios", False),
    ):
        figure = composer.map(INDICATORS[indicator], None, level, "nederland" if compare else None)
        visit(page, f"/kaart?indicator={indicator}&niveau={level}{'&vergelijk=nederland' * compare}")
        wanted = expected_colours(figure, DEFINITIONS, snapshot.municipalities)
        painted = until_map(page)
        assert set(painted) == set(wanted) and len(painted) > 300
        fills = expected_fills(figure, wanted)
        held = {
            code: z
            for t in traces(page)
            if t["name"] == "waarden"
            for code, z in zip(t["locations"], t["z"], strict=True)
        }
        assert held == {c: wanted[c] for c in fills}, indicator
        wrong = {c: (held[c], painted[c], fills[c]) for c in fills if painted[c] != fills[c]}
        assert not wrong, f"{indicator}, {level}: {len(wrong)} areas in the colour of another class: {wrong}"
        classes = {c.colour.lower() for c in figure.classes}
        assert not {painted[c] for c in set(wanted) - set(fills)} & classes, "unknown looks like a class"


@browser_test
@pytest.mark.parametrize("size", THOROUGH)
def test_lines_on_screen_have_the_numbers_of_the_rows(new_page: Any, server: Any, composer: Any, size: str) -> None:
    page = new_page(server, *SIZES[size])
    for indicator in ("ervaren-gezondheid", "geregistreerde-misdrijven"):
        figure = composer.trend(INDICATORS[indicator], [REGIONS["twente"], REGIONS["zuid-limburg"]])
        visit(page, f"/trends?indicator={indicator}&regio=twente&regio=zuid-limburg")
        lines = {t["meta"]: t for t in traces(page) if t["meta"]}
        assert set(lines) == {s.area for s in figure.series}
        for series in figure.series:
            trace = lines[series.area]
            points = [(x, y) for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
            assert points == [(r.year, r.value) for r in series.rows if not math.isnan(r.value)], series.name
        breaks, drawn = page.evaluate(
            """() => {
                const chart = [...document.querySelectorAll('.js-plotly-plot')].find(e => e.offsetWidth > 0);
                const sides = p => { const r = p.getBoundingClientRect(); return [r.left, r.right]; };
                return [[...chart.querySelectorAll('.shapelayer path')].map(sides),
                        [...chart.querySelectorAll('.scatterlayer path.js-line')].map(sides)];
            }"""
        )
        assert len(breaks) == len(figure.breaks) > 0
        years = tuple(y for y, _ in figure.breaks)
        assert len(drawn) >= sum(len(p) > 1 for s in figure.series for p in s.pieces(years)) > len(figure.series)
        for place, _ in breaks:
            crossing = [(left, right) for left, right in drawn if left < place - 2 and right > place + 2]
            assert not crossing, f"{len(crossing)} lines run on across the break"


@browser_test
def test_table_twin_on_the_map_page_has_the_rows(page: Any, composer: Any) -> None:
    figure = composer.map(INDICATORS["overgewicht"], None, "gemeenten", None)
    visit(page, "/kaart?indicator=overgewicht")
    page.get_by_text("Alle cijfers in een tabel").click()
    page.get_by_role("row", name=re.compile("^Schiermonnikoog")).wait_for()
    rows = table_rows(page, figure.title)
    assert tuple(map(tuple, rows)) == (figure.table().headers, *figure.table().cells)
    check_cells(figure, rows[0], rows[1:])


@browser_test
def test_regions_table_has_the_rows_and_leads_to_the_region(page: Any, composer: Any) -> None:
    figure = composer.map(INDICATORS["overgewicht"], None, "gemeenten", None)
    visit(page, "/kaart?indicator=overgewicht")
    for row in figure.numbered:
        shown = page.get_by_role("row").filter(has=page.get_by_role("link", name=row.name, exact=True))
        assert parse(shown.locator("[data-area]").inner_text()) == row.value
        assert row.word in shown.inner_text()
    page.get_by_role("table").get_by_role("link", name="Zuid-Limburg", exact=True).click()
    until_heading(page, lambda h: h == "Zuid-Limburg", "the page of Zuid-Limburg is there")
    assert urlsplit(page.url).path == "/regio"
    assert state(page)["regio"] == ["zuid-limburg"]


@browser_test
def test_region_page_has_its_figures_and_a_map_that_is_drawn(new_page: Any, server: Any, composer: Any) -> None:
    import matplotlib.image

    page = new_page(server, paints=True)
    visit(page, "/regio?regio=twente")
    assert heading(page) == "Twente"
    text = flat(page.locator("body").inner_text())
    for indicator in (i for i in INDICATORS.values() if i.core):
        figure = composer.strip(indicator, REGIONS["twente"])
        assert flat(figure.sentence) in text
        if figure.region:
            assert flat(figure.text(figure.region.value)) in text
    drawing = page.get_by_role("figure", name=re.compile("^Kaart van Twente met de gemeenten"))
    alt = drawing.get_attribute("aria-label")
    assert all(m.name in alt for m in REGIONS["twente"].members if m.membership == "lid")
    canvas = page.locator("canvas")
    canvas.first.wait_for()
    assert canvas.count() >= 1

    def colours() -> int:
        picture = matplotlib.image.imread(io.BytesIO(canvas.first.screenshot()), format="png")
        return len({tuple(p) for p in (picture[::4, ::4, :3] * 255).astype(int).reshape(-1, 3).tolist()})

    until(page, lambda: colours() > 8, "the canvas shows more than its background")


# -- state, links and navigation ------------------------------------------------------------------------------


@browser_test
def test_choosing_by_keyboard_changes_url_and_heading_and_back_restores(page: Any, composer: Any) -> None:
    before, after = (
        flat(composer.map(INDICATORS[i], None, "gemeenten", None).headline) for i in ("overgewicht", "werkloosheid")
    )
    visit(page, "/kaart?indicator=overgewicht")
    assert heading(page) == before
    page.get_by_role("combobox", name="Cijfer", exact=True).focus()
    page.keyboard.type("werkl")
    page.get_by_role("option", name=re.compile("Werkloosheid")).wait_for()
    page.keyboard.press("Enter")
    until_heading(page, lambda h: h == after, "the heading is about unemployment")
    until(page, lambda: state(page) == {"indicator": ["werkloosheid"]}, "the URL names the choice")
    assert "Werkloosheid" in choice(page, "Cijfer")
    page.go_back()
    until_heading(page, lambda h: h == before, "the first indicator is back")
    assert state(page) == {"indicator": ["overgewicht"]}
    until(page, lambda: "Overgewicht" in choice(page, "Cijfer"), "the select box is back as well")


@browser_test
def test_a_link_with_state_sets_the_controls(page: Any, composer: Any) -> None:
    visit(page, f"/kaart?{STATE}")
    assert "Overgewicht" in choice(page, "Cijfer")
    assert choice(page, "Jaar") == "2022"
    assert radio(page, "Niveau") == "Regio’s"
    assert choice(page, "Kleur") == "Verschil met Nederland"
    figure = composer.map(INDICATORS["overgewicht"], 2022, "regios", "nederland")
    assert figure.title in page.locator("body").inner_text()
    assert heading(page) == flat(figure.headline)
    box = page.get_by_role("combobox", name="Kleur", exact=True)
    box.focus()
    page.keyboard.type("Waarde")
    page.get_by_role("option", name="Waarde", exact=True).wait_for(timeout=PATIENCE)
    page.keyboard.press("Enter")
    until(page, lambda: "vergelijk" not in state(page), "the URL follows the select box")
    settle(page)
    assert state(page) == {"indicator": ["overgewicht"], "jaar": ["2022"], "niveau": ["regios"]}


@browser_test
def test_unknown_names_are_named_in_one_line(page: Any) -> None:
    visit(page, "/regio?regio=twnte&jaar=nooit")
    said = page.get_by_role("status").filter(has_text="Niet herkend").inner_text()
    assert "regio ‘twnte’ (bedoelde u ‘twente’?)" in said and "jaar ‘nooit’" in said
    assert said.endswith("U ziet daarvoor de standaardkeuze.")
    assert heading(page) == "Achterhoek"


# -- downloads ------------------------------------------------------------------------------------------------


def check_downloads(page: Any, figure: Any, scope: Any) -> str:
    """PNG, SVG and CSV hold the figure; returns the link that they carry."""
    name, raw = save(page, scope.get_by_role("button", name="Cijfers (CSV)"))
    assert re.fullmatch(rf"{re.escape(figure.name)}-editie-[\w-]+\.csv", name)
    file = read_csv(raw)
    check_cells(figure, file.headers, file.rows)
    (link,) = file.said("Link")
    assert urlsplit(link).netloc == urlsplit(page.url).netloc

    name, raw = save(page, scope.get_by_role("button", name="Afbeelding (PNG)"))
    assert name.startswith(figure.name) and name.endswith(".png")
    assert struct.unpack(">I", chunks(raw)[b"IHDR"][:4]) == (1890,)

    name, raw = save(page, scope.get_by_role("button", name="Tekening (SVG)"))
    assert name.startswith(figure.name) and name.endswith(".svg")
    root = ET.fromstring(raw)
    printed = flat(" ".join("".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")))
    assert flat(figure.title) in printed and link in printed
    assert len([t for t in titles(root).values() if re.search(r": .*\d", t)]) >= 5
    return link


@browser_test
def test_downloads_of_the_map_and_the_link_inside(page: Any, composer: Any) -> None:
    figure = composer.map(INDICATORS["overgewicht"], 2022, "regios", "nederland")
    visit(page, f"/kaart?{STATE}")
    link = check_downloads(page, figure, page)
    before = heading(page)
    assert parse_qs(urlsplit(link).query) == parse_qs(STATE)
    visit(page, link)
    assert heading(page) == before
    assert choice(page, "Jaar") == "2022" and radio(page, "Niveau") == "Regio’s"
    assert choice(page, "Kleur") == "Verschil met Nederland"
    assert page.get_by_role("status").filter(has_text="Niet herkend").count() == 0


@browser_test
@pytest.mark.slow
def test_downloads_of_the_trend_and_the_link_inside(page: Any, composer: Any) -> None:
    figure = composer.trend(
        INDICATORS["ervaren-gezondheid"], [REGIONS["twente"], REGIONS["zuid-limburg"]], "elf-regios"
    )
    visit(page, "/trends?indicator=ervaren-gezondheid&regio=twente&regio=zuid-limburg&vergelijk=elf-regios")
    link = check_downloads(page, figure, page)
    before = heading(page)
    visit(page, link)
    assert heading(page) == before
    assert choice(page, "Vergelijk met") == "De elf regio’s samen"
    assert state(page)["regio"] == ["twente", "zuid-limburg"]
    assert flat(figure.sentence) in flat(page.locator("body").inner_text())


@browser_test
def test_downloads_of_a_region_and_the_link_inside(page: Any, composer: Any) -> None:
    indicator = next(iter(INDICATORS.values()))
    figure = composer.strip(indicator, REGIONS["twente"], None, "provincie")
    visit(page, "/regio?regio=twente&vergelijk=provincie")
    page.get_by_role("button", name="Tabel, bron en downloads").first.click()
    box = page.get_by_test_id("stPopoverBody")
    box.get_by_role("button", name="Cijfers (CSV)").wait_for()
    rows = Tables(box.locator("table").evaluate("e => e.outerHTML")).rows
    assert tuple(map(tuple, rows)) == (figure.table().headers, *figure.table().cells)
    link = check_downloads(page, figure, box)
    visit(page, link)
    assert heading(page) == "Twente"
    assert choice(page, "Vergelijk met") == "De eigen provincie"
    assert page.get_by_role("status").filter(has_text="Niet herkend").count() == 0


# -- servers of their own -------------------------------------------------------------------------------------


@browser_test
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_missing_snapshot_gives_a_message_on_every_page(
    new_page: Any, start_server: Any, tmp_path: Path, step: int
) -> None:
    server = start_server(tmp_path)
    page = new_page(server)
    for address in ("/", "/kaart", "/gemeente", "/methode")[::step]:
        page.goto(address)
        page.get_by_role("alert").filter(has_text="Dit lukt nu niet").wait_for(timeout=PATIENCE)
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE)
        assert heading(page) == "Dit lukt nu niet"
        text = page.locator("body").inner_text()
        assert "De cijfers ontbreken" in text and "REGIOMONITOR_SNAPSHOT" in text
        assert "Traceback" not in text and "error" not in text.lower()
        assert page.get_by_test_id("stException").count() == 0
        assert page.get_by_role("link", name="Cijfers", exact=True).count() == 1
    assert "Traceback" not in server.said()


# -- the watch itself -----------------------------------------------------------------------------------------


def test_watch_sees_what_leaves_the_server_and_nothing_else() -> None:
    watch = Watch({"127.0.0.1:8501"})
    for url in ("http://127.0.0.1:8501/x", "ws://127.0.0.1:8501/_stcore/stream", "data:image/png;base64,x", "blob:x"):
        watch.request(url)
    assert watch.faults == []
    for url in ("https://cdn.plot.ly/world_110m.json", "http://127.0.0.1:8502/x", "wss://example.nl/"):
        watch.request(url)
    assert len(watch.faults) == 3


def test_watch_lets_two_known_probes_pass_and_nothing_else() -> None:
    watch = Watch({"127.0.0.1:8501"})
    missing = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    for path in ("kaart/_stcore/health", "regio/_stcore/host-config"):
        watch.console("error", missing, f"http://127.0.0.1:8501/{path}")
    watch.console("warning", "slow", "http://127.0.0.1:8501/kaart")
    assert watch.faults == []
    for path in ("_stcore/health", "kaart/_stcore/other", "kaart/app/static/x.geojson", "a/b/_stcore/health"):
        watch.console("error", missing, f"http://127.0.0.1:8501/{path}")
    watch.console("error", missing.replace("404", "500"), "http://127.0.0.1:8501/kaart/_stcore/health")
    watch.console("error", "TypeError", "")
    assert len(watch.faults) == 6


def test_the_app_serves_the_empty_world_map() -> None:
    """Without it Plotly would fetch one from a CDN: blank when offline."""
    folder = Path(__file__).parent.parent / "static" / screen.CONFIG["topojsonURL"].removeprefix("app/static/")
    assert (folder / "world_110m.json").is_file()
