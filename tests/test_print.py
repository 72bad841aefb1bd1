"""On paper: every page complete, without controls, in A4, and clear in grey.

Printing lays a page out at the width of the paper while its scripts stand still: what a script drew for the screen is
not drawn again. ``on_paper`` does the same, so that what is measured is what a printer gets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.test_browser import ADDRESSES, INDICATORS, PAGES, REGIONS, flat, traces, until_map, visit

pytestmark = pytest.mark.browser

# A4 in CSS pixels, and its margin of 14 mm.
WIDTH, HEIGHT, MARGIN = 794, 1123, 53
CONTROLS = (
    '[data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stRadio"], [data-testid="stTextInput"],'
    ' [data-testid="stDownloadButton"], [data-testid="stPopover"], [data-testid="stPageLink"], .modebar'
)
# What is longer than a screen takes more than a sheet.
SHEETS = {"overzicht": 2, "kaart": 2, "regio": 8, "gemeente": 5, "regiodialoog": 8, "methode": 6}
# Of every kind of content one; the other pages in make test-all.
FIRST = ("overzicht", "kaart", "regio", "plan", "methode")
# What has to be on paper.
CONTENT = {
    "overzicht": ("Elf regio’s, drie doelen", "Zeeuws-Vlaanderen", "Wat opvalt"),
    "kaart": ("De elf regio’s op een rij", "Bron: CBS", "Zuid-Limburg"),
    "trends": ("door de jaren", "Bron: CBS", "Achterhoek"),
    "regio": ("Noard-Fryslân", "Cijfer en stem naast elkaar", "Ook gemeten bij dit doel"),
    "gemeente": ("Winterswijk", "Overgewicht", "Een gezonde toekomst met kansen"),
    "vergelijken": ("Wat opvalt in de Achterhoek", "Alle regio’s op één schaal", "Vergelijkbare regio’s"),
    "eigen-regio": ("Achterhoek", "Wat als er één gemeente bij komt?", "Alle cijfers"),
    "over-de-grens": ("In het COROP-gebied Achterhoek", "Bron: Eurostat", "Wat u hier niet kunt vergelijken"),
    "balans": ("geen rapportcijfer", "Andere gewichten", "Wat er nog meer verdwijnt"),
    "cijfer-en-verhaal": ("Waar cijfer en verhaal botsen", "Alle thema’s en regio’s", "Zeeuws-Vlaanderen"),
    "eigen-bevindingen": ("Eigen bevindingen",),
    "plan": ("Bouwstenen voor het plan voor de Achterhoek", "Monitoring", "Dit vult de regio zelf in"),
    "trajecten": ("Lopende trajecten in de Achterhoek", "Op de tijdlijn", "Volkshuisvestingsfonds"),
    "logboek": ("Wat regio’s proberen en leren",),
    "ab-pakket": ("AB-pakket", "Uw pakket is nog leeg"),
    "regiodialoog": ("Wat er gezegd is", "Het gesprek in Groningen moest nog komen"),
    "methode": ("Hoe de cijfers tot stand komen", "Afstand tot attractie", "Nagerekend"),
    "edities": ("Edities van de cijfers", "Hoe oud is elke tabel?", "Twee edities vergelijken"),
}


@contextmanager
def on_paper(page: Any, name: str) -> Iterator[bytes]:
    """Open a page as on a screen, print it, and keep it laid out as it was printed for the block; gives the PDF."""
    visit(page, ADDRESSES[name])
    if name == "kaart":
        until_map(page)
    if name == "trends":
        traces(page)
    pdf = bytes(page.pdf(format="A4", prefer_css_page_size=True))
    margins = f"html{{box-sizing:border-box;padding:0 {MARGIN}px!important}}body{{margin:0!important}}"
    page.add_style_tag(content=f"@media print{{{margins}}}")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.emulate_media(media="print")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    try:
        yield pdf
    finally:
        page.emulate_media(media="null")
        session.detach()


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


MEASURE = """() => {
    const seen = e => e.checkVisibility({opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true});
    const out = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
        const aside = 'style, script, noscript, title, .sr, .gn, [data-testid="stIconMaterial"]';
        if (!text || !e || !seen(e) || e.closest(aside)) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const r of range.getClientRects()) {
            if (r.width < 1 || r.height < 1) continue;
            let left = MARGIN, right = innerWidth - MARGIN;
            for (let a = e; a && a !== document.body; a = a.parentElement) {
                const s = getComputedStyle(a);
                if (s.overflowX !== 'visible' && a.clientWidth) {
                    const b = a.getBoundingClientRect();
                    left = Math.max(left, b.left); right = Math.min(right, b.right);
                }
            }
            out.push({text: text.slice(0, 60), left: r.left, right: r.right, top: r.top, bottom: r.bottom,
                      cut: r.left < left - 1 || r.right > right + 1, drawn: !!e.closest('svg'),
                      row: (e.closest('tr') || {}).rowIndex ?? -1});
        }
    }
    return out;
}"""


def measure(page: Any) -> list[dict[str, Any]]:
    """Every line of text that is seen: where it stands, and whether it runs out of the paper or of its box."""
    return list(page.evaluate(MEASURE.replace("MARGIN", str(MARGIN))))


@pytest.mark.parametrize("name", [n if n in FIRST else pytest.param(n, marks=pytest.mark.slow) for n in PAGES])
def test_page_is_complete_on_paper(page: Any, name: str) -> None:
    with on_paper(page, name) as pdf:
        assert sheets(pdf) >= SHEETS.get(name, 1), "only the first screen is printed"
        pieces = measure(page)
        check_all_there(page, name, pieces)
        if name in ("overzicht", "regio"):
            check_texts_in_drawings(pieces)
        if name in ("trends", "kaart"):
            check_drawing(page, name)
        if name == "kaart":
            check_judgements(page)


def check_all_there(page: Any, name: str, pieces: list[dict[str, Any]]) -> None:
    """What has to be there is, no control is, and nothing is cut off or hidden in a box."""
    text = flat(page.locator("body").inner_text())
    for part in CONTENT[name]:
        assert part in text, part
    assert "Editie " in text
    shown = page.locator(CONTROLS).evaluate_all("all => all.filter(e => e.offsetWidth > 0).map(e => e.outerHTML)")
    assert not [s[:200] for s in shown], "controls on paper"
    # Some pages are short as long as nobody has added anything.
    assert len(pieces) > (10 if name in ("eigen-bevindingen", "logboek", "ab-pakket") else 30)
    cut = [p for p in pieces if p["cut"]]
    assert not cut, f"{len(cut)} texts are cut off sideways: {[(p['text'], p['left'], p['right']) for p in cut[:8]]}"
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.scroll, [data-testid=stMain], [data-testid=stAppViewContainer]')]
            .filter(e => e.offsetWidth && getComputedStyle(e).overflowY !== 'visible')
            .map(e => [e.className || e.dataset.testid, e.scrollHeight - e.clientHeight])"""
    )
    assert not [b for b in boxes if b[1] > 2], "a box that scrolls hides what is in it"


def overlaps(pieces: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of texts of which one lies over the other."""
    found = []
    for k, a in enumerate(pieces):
        for b in pieces[k + 1 :]:
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            along = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            lower = min(a["bottom"] - a["top"], b["bottom"] - b["top"])
            if across > 2 and along > lower / 2 and a["text"] != b["text"]:
                found.append((a["text"], b["text"]))
    return found


def check_texts_in_drawings(pieces: list[dict[str, Any]]) -> None:
    """They do not run into each other."""
    drawn = [p for p in pieces if p["drawn"]]
    assert len(drawn) > 5
    found = overlaps(drawn)
    assert not found, f"{len(found)} pairs: {found[:6]}"


def check_drawing(page: Any, name: str) -> None:
    """What Plotly drew for the screen is there in whole, inside the margins, and large enough to read."""
    (drawing,) = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].filter(e => e.getBoundingClientRect().width > 0)
            .map(e => { const shapes = [...e.querySelectorAll('path.js-line, .choroplethlayer path')]
                    .map(p => p.getBoundingClientRect()).filter(r => r.width > 0);
                return {shapes: shapes.length, left: Math.min(...shapes.map(r => r.left)),
                    right: Math.max(...shapes.map(r => r.right)),
                    letters: [...e.querySelectorAll('text')].filter(t => t.checkVisibility())
                        .map(t => t.getBoundingClientRect().height)}; })"""
    )
    assert drawing["shapes"] >= (11 if name == "trends" else 342), "an empty chart on paper"
    assert drawing["left"] >= MARGIN - 1 and drawing["right"] <= WIDTH - MARGIN + 1, "cut off sideways"
    assert drawing["right"] - drawing["left"] > 250
    # Lines of text: names of neighbours on the map are the smallest, a label on an axis has to be larger.
    assert min(h for h in drawing["letters"] if h) > (7 if name == "kaart" else 10), "too small to read"


def check_judgements(page: Any) -> None:
    """Each has a word and a shape."""
    rows = page.locator("table.tw tbody tr")
    assert rows.count() == len(REGIONS)
    for row in rows.all():
        cell = row.locator(".j")
        assert cell.is_visible() and cell.locator("svg").count() == 1
        assert re.search(r"gunstig|vergelijkbaar|hoger|lager|beoordelen", cell.inner_text())


def lightness(colour: str) -> float:
    """L* of a colour '#rrggbb': 0 is black, 100 is white."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("indicator", ["overgewicht", "afstand-ziekenhuis", "woz-waarde"])
def test_classes_of_a_map_differ_in_grey(composer: Any, indicator: str) -> None:
    figure = composer.map(INDICATORS[indicator], None, "gemeenten", None)
    scale = [lightness(c.colour) for c in figure.classes]
    assert len(scale) == 5
    steps = [a - b for a, b in zip([100.0, *scale], scale, strict=False)]
    assert all(s >= 10 for s in steps[1:]), f"darker step by step: {scale}"
    assert steps[0] > 5, "the lightest class is not the white of 'no figure'"
