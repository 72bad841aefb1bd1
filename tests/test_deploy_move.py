"""Three processes behind the proxy of deploy/, one falls out while people work: they go on at another."""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url

from benchmarks.load_client import Lost, Visitor, other
from benchmarks.load_serving import Serving, free_port, nginx, serving
from monitor.logbook import store
from monitor.logbook.database import Database
from monitor.logbook.store import Wanted
from tests import oidc_server, postgres
from tests.test_own import GOOD, sheet_of
from tests.test_own_browser import choose_file

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(nginx() is None, reason="no nginx: apt-get install nginx-light"),
]
VISITORS = 6
USERS = {"anne": {"sub": "a1", "name": "Medewerker Achterhoek", "regios": ["achterhoek"]}}
PATIENCE = 60_000


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """PostgreSQL, for which more processes are meant; SQLite on one disk where it is not installed."""
    programs = postgres.programs()
    if programs is None:
        yield ""
        return
    with postgres.running(programs) as address:
        yield address


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Serving]:
    """Three processes, with signing in."""
    folder, port = tmp_path_factory.mktemp("uitrol"), free_port()
    with ExitStack() as stack:
        provider = stack.enter_context(oidc_server.running(USERS, f"http://127.0.0.1:{port}/oauth2callback"))
        settings = {
            "REGIOMONITOR_AUTH_REDIRECT_URI": provider.redirect,
            "REGIOMONITOR_AUTH_COOKIE_SECRET": "een lange, willekeurige tekst van de test",
            "REGIOMONITOR_AUTH_CLIENT_ID": oidc_server.CLIENT,
            "REGIOMONITOR_AUTH_CLIENT_SECRET": oidc_server.SECRET,
            "REGIOMONITOR_AUTH_METADATA_URL": f"{provider.issuer}/.well-known/openid-configuration",
            **({"REGIOMONITOR_DATABASE_URL": database} if database else {}),
        }
        yield stack.enter_context(serving(3, folder, settings, port))


class Crowd:
    """Visitors that choose another figure all the time, in a thread of their own; who is cut off connects again."""

    def __init__(self, served: Serving) -> None:
        self.served = served
        self.changes: list[tuple[float, str]] = []
        self.cut: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(k) for k in range(VISITORS)))

    async def _one(self, mark: int) -> None:
        visitor, chance, connected = Visitor(self.served.url), random.Random(mark), False
        await asyncio.sleep(mark * 0.2)
        while not self._stop.is_set():
            try:
                if not connected:
                    await (visitor.connect() if visitor.session else visitor.open())
                    if visitor.session:
                        await visitor.run()
                    connected = True
                chosen = other(visitor.options("w-indicator"), chance)
                await visitor.run("w-indicator", chosen)
                self.changes.append((time.monotonic(), visitor.cookies["plaats"]))
                asked = visitor.query
                if not asked.startswith("indicator=") and asked:
                    self.wrong.append(f"{chosen}: {asked}")
                await asyncio.sleep(chance.uniform(2, 4))
            except Lost as lost:
                self.cut[str(lost)] += 1
                connected = False
                await asyncio.sleep(0.5)
        await visitor.close()

    def since(self, moment: float) -> Counter[str]:
        """How many changes arrived since a moment, by place."""
        return Counter(place for when, place in self.changes if when >= moment)

    def until(self, moment: float, enough: Callable[[Counter[str]], bool], seconds: float = 60.0) -> Counter[str]:
        """Wait until the changes since a moment are enough."""
        latest = time.monotonic() + seconds
        while not enough(self.since(moment)):
            assert time.monotonic() < latest, f"{self.since(moment)}, {self.cut}"
            time.sleep(0.2)
        return self.since(moment)


def place(page: Any) -> str:
    return next(c["value"] for c in page.context.cookies() if c["name"] == "plaats")


def says(page: Any, words: str) -> None:
    page.get_by_test_id("stMain").get_by_text(words).first.wait_for(timeout=PATIENCE)


def write(page: Any, tried: str, learned: str) -> None:
    page.get_by_label("Wat is geprobeerd").fill(tried)
    page.get_by_label("Wat is geleerd").fill(learned)


def number_of(place_name: str) -> int:
    return int(place_name.removeprefix("p")) - 1


def moved(page: Any, before: str) -> str:
    """Wait until a page talks to another process; gives where."""
    latest = time.monotonic() + 60
    while place(page) == before:
        assert time.monotonic() < latest, "the page stays where it was"
        page.wait_for_timeout(200)
    return place(page)


def in_a_thread(work: Coroutine[Any, Any, None]) -> None:
    """Playwright has an event loop of its own in this one."""
    thread = threading.Thread(target=lambda: asyncio.run(work))
    thread.start()
    thread.join()


async def _visit(visitor: Visitor) -> None:
    await visitor.open()
    await visitor.close()


def test_a_process_falls_out_while_people_work(served: Serving, browser: Any, database: str) -> None:
    """Its visitors go on elsewhere: what was saved is there once, what was typed too; a chosen file asks once more."""
    context = browser.new_context(base_url=served.url, locale="nl-NL", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/logboek?regio=achterhoek")
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_role("link", name="anne").click()
    says(page, "Aangemeld als Medewerker Achterhoek.")
    page.get_by_text("Nieuwe aantekening").click()
    write(page, "Voor de uitval.", "Dat het kan.")
    page.get_by_role("button", name="Opslaan").click()
    says(page, "De aantekening is opgeslagen.")
    page.get_by_text("Nieuwe aantekening").click()
    write(page, "Half ingevuld.", "Nog niet klaar.")
    before, address = place(page), page.url
    other_tab = context.new_page()
    other_tab.set_default_timeout(PATIENCE)
    other_tab.goto("/eigen-bevindingen")
    choose_file(other_tab, "panel.xlsx", sheet_of(GOOD))
    saving = other_tab.get_by_role("button", name=re.compile("^Bewaar 1"))
    saving.wait_for()
    assert place(other_tab) == before

    with Crowd(served) as crowd:
        crowd.until(0.0, lambda seen: seen.total() > 3 * VISITORS and len(seen) == 3)
        falls_out = served.apps[number_of(before)]
        falls_out.end(kill=True)
        gone = time.monotonic()
        left = crowd.until(gone + 3, lambda seen: seen.total() > 3 * VISITORS)
        assert before not in left and len(left) == 2, left
        assert crowd.cut and crowd.wrong == []

        # Both tabs of the browser move, to one and the same process: a file that one sends has to arrive there.
        now = moved(page, before)
        page.wait_for_timeout(3000)
        assert place(other_tab) == now and page.url == address
        says(page, "Aangemeld als Medewerker Achterhoek.")
        assert page.get_by_label("Wat is geprobeerd").input_value() == "Half ingevuld."
        page.get_by_label("Wat verandert er").fill("Na de uitval getypt.")
        page.get_by_role("button", name="Opslaan").click()
        # The new process did not know the form: it takes it over from what the browser sends.
        expect(page.locator("article.log")).to_have_count(2)
        entries = store.find(Database(make_url(served.apps[0].environment["REGIOMONITOR_DATABASE_URL"])), Wanted())
        assert sorted(e.current.draft.tried for e in entries) == ["Half ingevuld.", "Voor de uitval."]

        # The chosen file was in the memory of the process that is gone: nothing is saved, and it is asked once more.
        saving.click()
        expect(saving).to_have_count(0)
        assert not list((served.folder / "eigen").glob("*.yaml"))
        choose_file(other_tab, "panel.xlsx", sheet_of(GOOD))
        saving.click()
        other_tab.get_by_text("1 bevinding is bewaard in").wait_for()
        assert len(list((served.folder / "eigen").glob("*.yaml"))) == 1

        falls_out.start()
        falls_out.wait()
        back = time.monotonic()
        newcomer = browser.new_context(base_url=served.url).new_page()
        newcomer.set_default_timeout(PATIENCE)
        newcomer.goto("/kaart?indicator=roken")
        newcomer.locator("footer.foot").wait_for()
        # nginx asks a process that was gone again after five seconds; who has a place elsewhere keeps it.
        latest, visitor = time.monotonic() + 60, Visitor(served.url)
        while visitor.cookies.get("plaats") != before:
            assert time.monotonic() < latest, "nobody comes to the process that is back"
            visitor = Visitor(served.url)
            in_a_thread(_visit(visitor))
        newcomer.context.close()
        crowd.until(back, lambda seen: seen.total() > 2 * VISITORS)
        assert place(page) == now
    context.close()
