"""Every page in every state that people meet, and what axe-core says of it; for tests and docs/toegankelijk.py."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import axe_playwright_python

from tests.conftest import Server, running_server
from tests.navigation import TITLES
from tests.spec_table import definitions, edition
from tests.test_browser import PATIENCE, settle, until_map
from tests.test_own import GOOD, sheet_of
from tests.whole_editions import kept, shipped_in

# The rules of WCAG 2.0, 2.1 and 2.2 at the levels A and AA, and what axe calls good practice.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']})
    .then(found => { const told = rules => rules.map(r => [r.id, r.nodes.map(n => n.target.join(' ') + ' | '
            + n.html.slice(0, 200) + ' | ' + [...n.any, ...n.all, ...n.none].map(c => c.message).join('; '))]);
        return JSON.stringify({violations: told(found.violations), incomplete: told(found.incomplete),
            passes: found.passes.length}); })"""
OLD = "2026-08"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNNAMED = (
    "[aria-label=Open], [aria-label^=Fullscreen], [data-testid=stFileUploaderDropzone][role=presentation], "
    ".stToast[aria-labelledby], [data-testid=stMultiSelect] span[data-tag]:not([role])"
)
INPUT = "[data-testid=stFileUploaderDropzoneInput]"


@dataclass(frozen=True)
class Report:
    """What axe found: rule -> where."""

    violations: dict[str, list[str]]
    incomplete: dict[str, list[str]]
    passes: int


def audit(page: Any) -> Report:
    """Look at the page as it is now."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = json.loads(page.evaluate(RUN, list(TAGS)))
    return Report(dict(found["violations"]), dict(found["incomplete"]), found["passes"])


@dataclass(frozen=True)
class View:
    """A page in one state."""

    page: str
    state: str
    address: str
    act: Callable[[Any], None] | None = None
    width: int = 1280

    @property
    def name(self) -> str:
        return f"{self.page}, {self.state}" + ("" if self.width == 1280 else f", {self.width} px")


# -- what brings a page in a state ----------------------------------------------------------------------------


def open_all(page: Any) -> None:
    """Everything that folds is open."""
    for _ in range(12):
        closed = page.locator("[data-testid=stExpander] details:not([open]) > summary")
        if not closed.count():
            break
        closed.first.click()
        page.wait_for_timeout(250)
        settle(page)
    page.evaluate("document.querySelectorAll('main details:not([open])').forEach(e => e.open = true)")


def open_popover(page: Any) -> None:
    page.get_by_role("button", name="Tabel, bron en downloads").first.click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Cijfers (CSV)").wait_for(timeout=PATIENCE)
    settle(page)


def open_list(label: str) -> Callable[[Any], None]:
    """A select box shows its options."""

    def act(page: Any) -> None:
        page.get_by_role("combobox", name=label, exact=True).click()
        page.get_by_role("option").first.wait_for(timeout=PATIENCE)

    return act


def hover_help(page: Any) -> None:
    page.get_by_role("button", name=re.compile("^Uitleg bij ")).first.focus()
    page.get_by_test_id("stTooltipContent").first.wait_for(timeout=PATIENCE)


def into_basket(page: Any) -> None:
    page.get_by_role("button", name="In AB-pakket", exact=True).first.click()
    page.get_by_text("In het AB-pakket: 1 figuur.").wait_for(timeout=PATIENCE)


def uploads(*rows: dict[str, str], says: str) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        page.locator(INPUT).set_input_files({"name": "panel.xlsx", "mimeType": EXCEL, "buffer": sheet_of(*rows)})
        page.get_by_text(says).first.wait_for(timeout=PATIENCE)
        settle(page)

    return act


def saved_finding(page: Any) -> None:
    uploads(GOOD, says="1 rij klopt")(page)
    page.get_by_role("button", name="Bewaar 1 bevinding").click()
    page.get_by_text("1 bevinding is bewaard").wait_for(timeout=PATIENCE)
    settle(page)


def wrong_file(page: Any) -> None:
    page.locator(INPUT).set_input_files({"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG\x00"})
    page.get_by_text("‘foto.png’ is geen rekenblad").wait_for(timeout=PATIENCE)
    settle(page)


def new_entry(page: Any) -> None:
    page.get_by_text("Nieuwe aantekening").click()
    page.get_by_label("Wat is geleerd").fill("Dat het kan.")
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_text("‘Wat is geprobeerd’ is nog leeg.").wait_for(timeout=PATIENCE)
    settle(page)


def edit(page: Any) -> None:
    page.get_by_role("button", name="Wijzigen").first.click()
    page.locator(".st-key-lb-formulier").get_by_role("button", name="Opslaan").wait_for(timeout=PATIENCE)
    settle(page)


def withdraw(page: Any) -> None:
    page.get_by_role("button", name="Intrekken").first.click()
    page.locator(".st-key-lb-formulier").wait_for(timeout=PATIENCE)
    settle(page)


def drawn(page: Any) -> None:
    until_map(page)


def _basket() -> str:
    from monitor.export.basket import as_text
    from monitor.export.choose import basket_for
    from monitor.export.pack import Materials

    return as_text(basket_for(Materials(definitions(), edition()), "achterhoek", 2))


# -- the states -----------------------------------------------------------------------------------------------

DEFAULT = {
    **{name: f"/{name}" for name in TITLES},
    "gemeente": "/gemeente?gemeente=GM0294",
    "methode": "/methode?indicator=overgewicht",
    "trends": "/trends?indicator=ervaren-gezondheid&regio=achterhoek&regio=twente",
    "zoeken": "/zoeken?zoek=huisarts",
    "toegankelijkheid": "/toegankelijkheid",
}


def _more() -> Iterator[View]:
    yield View("overzicht", "alles open", "/overzicht", open_all)
    yield View("overzicht", "keuzelijst open", "/overzicht", open_list("Kies een regio"))
    yield View("kaart", "getekend", "/kaart?indicator=overgewicht", drawn)
    yield View("kaart", "keuzelijst open", "/kaart?indicator=overgewicht", open_list("Cijfer"))
    yield View("kaart", "regio’s, verschil", "/kaart?indicator=overgewicht&niveau=regios&vergelijk=nederland", drawn)
    yield View("kaart", "tabel open", "/kaart?indicator=overgewicht", open_all)
    yield View("kaart", "geen cijfer in dat jaar", "/kaart?indicator=overgewicht&jaar=2021")
    yield View("kaart", "geen regiocijfer", "/kaart?indicator=mediaan-inkomen&niveau=regios")
    yield View("kaart", "uitleg bij een veld", "/kaart?indicator=overgewicht", hover_help)
    yield View("kaart", "in het AB-pakket", "/kaart?indicator=overgewicht", into_basket)
    yield View("kaart", "oudere editie vastgehouden", f"/kaart?editie={OLD}&indicator=werkloosheid")
    yield View("kaart", "cijfer onbekend in die editie", f"/kaart?editie={OLD}&indicator=overgewicht")
    yield View("kaart", "editie die er niet is", "/kaart?editie=1999-01")
    yield View("trends", "tabel open", "/trends?indicator=overgewicht", open_all)
    yield View("trends", "maar één jaar", "/trends?indicator=levensverwachting&regio=twente")
    yield View("trends", "keuzelijst open", "/trends?indicator=overgewicht", open_list("Vergelijk met"))
    yield View(
        "vergelijken", "doel 2, grootste verschil", "/vergelijken?regio=twente&doel=2&volgorde=verschil", open_all
    )
    yield View("balans", "alles open", "/balans", open_all)
    yield View("regio", "onbekende namen", "/regio?regio=twnte&jaar=nooit")
    yield View("regio", "tabel bij een cijfer open", "/regio?regio=twente", open_popover)
    yield View("regio", "alles open", "/regio?regio=achterhoek", open_all)
    yield View("gemeente", "geen gekozen", "/gemeente")
    yield View("gemeente", "buiten de regio’s", "/gemeente?gemeente=GM0363&vergelijk=vergelijkbaar")
    yield View("eigen-regio", "leeg gemaakt", "/eigen-regio?samenstelling=geen")
    yield View("eigen-regio", "alles open", "/eigen-regio?regio=twente", open_all)
    yield View("over-de-grens", "Zuid-Limburg", "/over-de-grens?regio=zuid-limburg", open_all)
    yield View("over-de-grens", "regio zonder buurland", "/over-de-grens?regio=kop-van-noord-holland")
    yield View("cijfer-en-verhaal", "één regio, alles open", "/cijfer-en-verhaal?regio=achterhoek", open_all)
    yield View("regiodialoog", "gefilterd", "/regiodialoog?regio=twente&doel=2")
    yield View("regiodialoog", "niets gevonden", "/regiodialoog?zoek=bestaatvastniet")
    yield View("regiodialoog", "één bevinding", "/regiodialoog?bevinding=voorzieningen-verder-weg", open_all)
    yield View("eigen-bevindingen", "verkeerd bestand", "/eigen-bevindingen", wrong_file)
    wrong = uploads(GOOD, {**GOOD, "titel": "Twee", "thema’s": "gezondhied"}, says="1 rij klopt; in 1 rij")
    yield View("eigen-bevindingen", "een rij klopt niet", "/eigen-bevindingen", wrong)
    yield View("eigen-bevindingen", "bewaard", "/eigen-bevindingen", saved_finding)
    yield View("plan", "alles open", "/plan?regio=twente", open_all)
    yield View("trajecten", "alles open", "/trajecten?regio=achterhoek", open_all)
    yield View("trajecten", "regio zonder register", "/trajecten?regio=twente")
    yield View("logboek", "aangemeld, met geschiedenis", "/logboek", open_all)
    yield View("logboek", "nieuw, niet compleet", "/logboek?regio=achterhoek", new_entry)
    yield View("logboek", "wijzigen", "/logboek?regio=achterhoek", edit)
    yield View("logboek", "intrekken", "/logboek?regio=achterhoek", withdraw)
    yield View("ab-pakket", "gevuld", f"/ab-pakket?pakket={_basket()}")
    yield View("ab-pakket", "gevuld, alles open", f"/ab-pakket?pakket={_basket()}", open_all)
    yield View("methode", "geen cijfer gekozen, alles open", "/methode", open_all)
    yield View("edities", "twee vergeleken", f"/edities?van={OLD}&naar=2026-11", open_all)
    yield View("zoeken", "niets gevonden", "/zoeken?zoek=qqqqqq")
    yield View("zoeken", "typefout", "/zoeken?zoek=zeikenhuis")
    yield View("zoeken", "leeg", "/zoeken")


def views() -> list[View]:
    """All of them: every page as it opens, wide and on a phone, and the other states."""
    first = [View(name, "begin", address) for name, address in DEFAULT.items()]
    phone = [View(v.page, v.state, v.address, v.act, 390) for v in first]
    return [*first, *_more(), *phone]


def bring(page: Any, view: View) -> None:
    """Open a page and bring it in its state."""
    page.set_viewport_size({"width": view.width, "height": 900})
    page.goto(view.address)
    settle(page)
    if view.act:
        view.act(page)
    # The names of Streamlit's own buttons follow a moment after they were drawn (ui/assist.js).
    page.wait_for_timeout(150)
    page.wait_for_function(f"() => !document.querySelector('{UNNAMED}')", timeout=PATIENCE)


@contextmanager
def full_server(folder: Path) -> Iterator[Server]:
    """The app for one person who may write, with two editions and an entry in the log."""
    shelf = shipped_in(folder)

    def earlier(rows: Any) -> Any:
        return rows[rows["indicator"] != "overgewicht"]

    kept(shelf, OLD, earlier, made="2026-08-14")
    log = f"sqlite:///{folder / 'logboek.sqlite'}"
    _note(log)
    settings = {
        "REGIOMONITOR_DATABASE_URL": log,
        "REGIOMONITOR_SINGLE_USER": "1",
        "REGIOMONITOR_OWN": str(folder / "eigen"),
    }
    with running_server(shelf, settings=settings) as server:
        yield server


def _note(address: str) -> None:
    """One entry in the log, written twice so that it has a history."""
    from sqlalchemy.engine import make_url

    from monitor.access import Identity
    from monitor.logbook import store
    from monitor.logbook.database import Database
    from monitor.logbook.entry import Draft

    db = Database(make_url(address))
    who = Identity("voorbeeld", "lokale gebruiker", frozenset({"achterhoek"}))
    draft = Draft("achterhoek", date(2026, 11, 2), "Eerste proef.", "Eerste les.", goal=2, indicator="afstand-huisarts")
    entry = store.add(db, draft, "voorbeeld", who, datetime(2026, 11, 2, 9, tzinfo=UTC))
    later = Draft(**{**vars(draft), "changes": "Dit verandert.", "look_again": date(2027, 5, 1)})
    store.change(db, entry.id, 1, later, who, datetime(2026, 11, 9, 9, tzinfo=UTC))
