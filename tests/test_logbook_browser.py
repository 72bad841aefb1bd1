"""The log as people use it: a real sign-in, and two people at work, in a real browser against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError
from sqlalchemy.engine import make_url

from monitor.access import Identity
from monitor.logbook import store
from monitor.logbook.database import Database
from monitor.logbook.entry import Draft
from monitor.logbook.store import Wanted
from tests import oidc_server
from tests.conftest import _free_port
from tests.test_browser import PATIENCE, faults_of, settle

browser_test = pytest.mark.browser

ATTACK = "<script>document.title = 'stuk'</script><b>vet</b> *ster* $x$ # kop [a](https://x.nl) :smile:"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(make_url(f"sqlite:///{tmp_path / 'logboek.sqlite'}"))


def address(db: Database) -> dict[str, str]:
    return {"REGIOMONITOR_DATABASE_URL": f"sqlite:///{db.file}"}


def main(page: Any) -> str:
    return str(page.get_by_test_id("stMain").inner_text())


def says(page: Any, words: str) -> None:
    page.get_by_test_id("stMain").get_by_text(words).first.wait_for(timeout=PATIENCE)
    settle(page)


def scope(page: Any, key: str) -> Any:
    return page.locator(f".st-key-{key}")


@browser_test
def test_sign_in_write_for_the_own_region_only_and_sign_out(
    start_server: Callable[..., Any], new_page: Callable[..., Any], db: Database, tmp_path: Path
) -> None:
    other = Identity("x", "medewerker Twente", frozenset({"twente"}))
    store.add(db, Draft("twente", date(2026, 5, 1), "Twentse proef.", "Les."), "k", other, datetime.now(UTC))
    port = _free_port()
    claims = {"sub": "u-1", "name": "Medewerker Achterhoek", "email": "iemand@voorbeeld.nl"}
    users = {"anne": {**claims, "rgs": ["achterhoek", "nergens"]}}
    with oidc_server.running(users, f"http://127.0.0.1:{port}/oauth2callback") as provider:
        file = tmp_path / "secrets.toml"
        file.write_text(provider.secrets_toml())
        settings = {**address(db), "REGIOMONITOR_REGIONS_CLAIM": "rgs", "REGIOMONITOR_SINGLE_USER": "1"}
        server = start_server(settings=settings, more_options=["--secrets.files", str(file)], port=port)
        new_page.watch.hosts.add(provider.host)
        page = new_page(server)

        # Reading is open; where a sign-in is set, the mode for one person does not count.
        page.goto("/logboek?regio=twente")
        says(page, "Twentse proef.")
        assert "Om te schrijven meldt u zich aan." in main(page) and "Nieuwe aantekening" not in main(page)

        page.get_by_role("button", name="Aanmelden").click()
        page.get_by_role("link", name="anne").click()
        # Back on the page that one came from, with its state.
        says(page, "Aangemeld als Medewerker Achterhoek.")
        page.wait_for_url(re.compile(r"/logboek\?regio=twente$"))
        shown = main(page)
        assert "U mag schrijven voor Achterhoek." in shown and "Niet bekend als regio: ‘nergens’." in shown
        assert "Twentse proef." in shown and page.get_by_role("button", name="Wijzigen").count() == 0
        assert "voorbeeld.nl" not in page.content()

        page.get_by_text("Nieuwe aantekening").click()
        page.get_by_role("combobox", name="Regio", exact=True).last.click()
        assert page.get_by_role("option").all_inner_texts() == ["Achterhoek"]
        page.keyboard.press("Escape")
        page.get_by_label("Wat is geprobeerd").fill("Achterhoekse proef.")
        # What is being typed survives another filter, and a form that is not complete.
        choose(page, page.get_by_role("combobox", name="Doel", exact=True).first, re.compile("^2 · "))
        page.wait_for_url(re.compile("doel=2"))
        settle(page)
        page.get_by_role("button", name="Opslaan").click()
        says(page, "‘Wat is geleerd’ is nog leeg.")
        assert page.get_by_label("Wat is geprobeerd").input_value() == "Achterhoekse proef."
        page.get_by_label("Wat is geleerd").fill("Dat het kan.")
        page.get_by_role("button", name="Opslaan").click()
        says(page, "De aantekening is opgeslagen.")
        assert "Achterhoekse proef." not in main(page), "that is another region"
        (entry,) = store.find(db, Wanted(("achterhoek",)))
        assert entry.current.draft.tried == "Achterhoekse proef." and entry.founder == "Medewerker Achterhoek"
        assert not faults_of(main(page))

        page.get_by_role("button", name="Afmelden").click()
        says(page, "Om te schrijven meldt u zich aan.")
        page.goto("/logboek")
        says(page, "Achterhoekse proef.")
        assert "Nieuwe aantekening" not in main(page) and page.get_by_role("button", name="Wijzigen").count() == 0
        assert provider.faults == []


def choose(page: Any, box: Any, option: str | re.Pattern[str]) -> None:
    """Choose in a select box; it closes when the page is made anew at that moment, and is then opened once more."""
    settle(page)
    box.click()
    offered = page.get_by_role("option", name=option)
    try:
        offered.wait_for(timeout=5_000)
    except TimeoutError:
        settle(page)
        box.click()
    offered.click()


def open_edit(page: Any) -> Any:
    page.get_by_role("button", name="Wijzigen").click()
    box = scope(page, "lb-formulier")
    box.get_by_role("button", name="Opslaan").wait_for()
    settle(page)
    return box


@browser_test
def test_one_person_at_home_two_windows_and_a_text_that_attacks(
    start_server: Callable[..., Any], new_page: Callable[..., Any], db: Database
) -> None:
    server = start_server(settings={**address(db), "REGIOMONITOR_SINGLE_USER": "1"})
    first, second = new_page(server), new_page(server, 390, 844)

    first.goto("/logboek?regio=achterhoek&indicator=overgewicht")
    says(first, "Aangemeld als lokale gebruiker.")
    first.get_by_text("Nieuwe aantekening").click()
    first.get_by_label("Wat is geleerd").fill("Les een.")
    # What was typed and not yet saved stays when the region, and with it the list of findings, changes.
    for name in ("Twente", "Achterhoek"):
        choose(first, first.get_by_role("combobox", name="Regio", exact=True).last, name)
        settle(first)
        assert first.get_by_label("Wat is geleerd").input_value() == "Les een."
    first.get_by_role("button", name="Opslaan").click()
    says(first, "‘Wat is geprobeerd’ is nog leeg.")
    assert first.get_by_label("Wat is geleerd").input_value() == "Les een."
    first.get_by_label("Wat is geprobeerd").fill(f"Eerste regel.\n{ATTACK}")
    first.get_by_role("button", name="Opslaan").click()
    says(first, "De aantekening is opgeslagen.")
    card = first.locator("article.log")
    assert ATTACK in card.inner_text() and card.locator("script, b, em, a[href*='x.nl'], .katex").count() == 0
    assert "Regiomonitor" in first.title()
    assert card.get_by_role("link", name="Overgewicht").get_attribute("href") == (
        "trends?regio=achterhoek&indicator=overgewicht"
    )
    assert store.find(db, Wanted())[0].current.draft.goal == 3

    # Two windows edit the same entry; the second is told, sees both, and loses nothing.
    second.goto("/logboek?regio=achterhoek")
    says(second, "Les een.")
    boxes = [open_edit(p) for p in (first, second)]
    boxes[0].get_by_label("Wat is geleerd").fill("Les van het eerste venster.")
    boxes[1].get_by_label("Wat is geleerd").fill("Les van het tweede venster.")
    boxes[0].get_by_role("button", name="Opslaan").click()
    says(first, "De wijziging is opgeslagen.")
    boxes[1].get_by_role("button", name="Opslaan").click()
    says(second, "iemand anders heeft deze aantekening intussen gewijzigd")
    assert "Les van het eerste venster." in scope(second, "lb-formulier").locator(".theirs").inner_text()
    assert boxes[1].get_by_label("Wat is geleerd").input_value() == "Les van het tweede venster."
    width = second.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1] and not faults_of(main(second))
    boxes[1].get_by_role("button", name="Opslaan").click()
    says(second, "De wijziging is opgeslagen.")
    (entry,) = store.find(db, Wanted())
    learned = [v.draft.learned for v in store.histories(db, [entry.id])[entry.id]]
    assert learned == ["Les een.", "Les van het eerste venster.", "Les van het tweede venster."]
    second.get_by_text("Geschiedenis: 3 versies").click()
    assert "Les van het eerste venster." in second.locator(".loghistory").inner_text()

    # The database goes away while somebody types: the page stays, and so does the text.
    box = open_edit(first)
    box.get_by_label("Wat is geleerd").fill("Tekst die niet weg mag.")
    db.file.rename(db.file.with_suffix(".weg"))
    box.get_by_role("button", name="Opslaan").click()
    says(first, "Het logboek is nu niet bereikbaar.")
    assert box.get_by_label("Wat is geleerd").input_value() == "Tekst die niet weg mag."
    db.file.with_suffix(".weg").rename(db.file)
    # The other window had saved a version: what was typed is laid beside it, and can then be saved.
    box.get_by_role("button", name="Opslaan").click()
    says(first, "iemand anders heeft deze aantekening intussen gewijzigd")
    box.get_by_role("button", name="Opslaan").click()
    says(first, "De wijziging is opgeslagen.")
    assert store.find(db, Wanted())[0].current.draft.learned == "Tekst die niet weg mag."

    # Somebody withdraws what is being edited: put back in the form, with what was typed since, and saved.
    box = open_edit(first)
    withdrawn = store.find(db, Wanted())[0]
    other = Identity("x", "medewerker B", frozenset({"achterhoek"}))
    store.withdraw(db, withdrawn.id, withdrawn.current.number, "Dubbel.", other, datetime.now(UTC))
    box.get_by_label("Wat is geleerd").fill("Eerste opzet.")
    box.get_by_role("button", name="Opslaan").click()
    says(first, "iemand anders heeft deze aantekening intussen ingetrokken")
    box.get_by_label("Wat is geleerd").fill("Getypt na de melding.")
    box.get_by_role("button", name="Terugzetten").click()
    says(first, "De aantekening staat weer in het logboek.")
    assert box.get_by_label("Wat is geleerd").input_value() == "Getypt na de melding."
    box.get_by_role("button", name="Opslaan").click()
    says(first, "De wijziging is opgeslagen.")
    assert store.find(db, Wanted())[0].current.draft.learned == "Getypt na de melding."

    # The same server, through something that passes requests on: reading only.
    third = new_page(server)
    third.context.set_extra_http_headers({"X-Forwarded-For": "192.0.2.1"})
    third.goto("/logboek")
    says(third, "Schrijven zonder aanmelden is uit: dit verzoek kwam via een doorgeefserver.")
    says(third, "Getypt na de melding.")
    assert "Nieuwe aantekening" not in main(third)
    assert third.get_by_role("button", name=re.compile("Aanmelden|Wijzigen")).count() == 0
