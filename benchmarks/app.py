"""The app in a real browser beside a bare Streamlit page that draws the same map; its landing page; its memory.

Wall time on a machine that others use says little by itself: the two sides take turns, medians are divided, and the
seconds of computing of server and browser together are counted beside it.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from benchmarks.load_client import Visitor
from benchmarks.load_serving import cpu_seconds
from benchmarks.served import CHOICES, OURS, Program, Relay, Running, bare, server, started_by, until

COLD, WARM, CHANGES, SESSIONS = 7, 15, 20, 30
FLAGS = ["--no-sandbox", "--disable-background-networking"]
MAP = ".js-plotly-plot .choroplethlayer path"
# Numbers and colours of the map that is on the screen, '' while there is none.
DRAWN = """() => {
  const chart = document.querySelector('.js-plotly-plot');
  if (!chart || !chart._fullData || !chart.querySelector('.choroplethlayer path')) return '';
  return JSON.stringify(chart._fullData.filter(t => t.name === 'waarden').map(t => Array.from(t.z).slice(0, 9)));
}"""
TEXT = ("text/", "javascript", "json", "svg", "xml", "wasm")

Row = tuple[str, str, str]
Cost = tuple[float, float]


def computed() -> float:
    """Seconds of computing so far of everything that this process started: servers and browser."""
    return sum(cpu_seconds(pid) for pid in started_by(os.getpid()))


def cost(work: Callable[[], object]) -> Cost:
    """How long a piece of work takes: seconds by the clock, and seconds of computing."""
    before, start = computed(), time.perf_counter()
    work()
    return time.perf_counter() - start, computed() - before


def fresh(browser: Browser) -> Page:
    """A page of a visitor who was never here."""
    return browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL").new_page()


def see(page: Page, address: str) -> None:
    """Go somewhere and wait until the map is there."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector(MAP, state="visible", timeout=90_000)


def cold(browser: Browser, program: Program) -> Cost:
    """From starting the process to the first map of the first visitor."""
    with ExitStack() as stack:

        def work() -> None:
            running = stack.enter_context(server(program))
            until(running)
            page = fresh(browser)
            stack.callback(page.context.close)
            see(page, running.address + program.path)

        return cost(work)


def warm(browser: Browser, address: str) -> Cost:
    """The first map of a new visitor on a server that runs and has shown it before."""
    page = fresh(browser)
    try:
        return cost(lambda: see(page, address))
    finally:
        page.context.close()


def change(page: Page, name: str) -> Cost:
    """From choosing another figure to its map."""
    before = page.evaluate(DRAWN)
    box = page.get_by_role("combobox", name="Cijfer")
    box.click()
    box.fill(name)
    page.wait_for_timeout(400)

    def work() -> None:
        page.keyboard.press("Enter")
        page.wait_for_function(
            f"before => {{ const now = ({DRAWN})(); return now && now !== before; }}", arg=before, timeout=90_000
        )

    taken = cost(work)
    page.wait_for_timeout(300)
    return taken


def in_turn(times: int, *sides: Callable[[int], Cost]) -> list[list[Cost]]:
    """The same work on several sides by turns, so that a slower moment of the machine hits all."""
    found: list[list[Cost]] = [[] for _ in sides]
    for k in range(times):
        order = range(len(sides)) if k % 2 else reversed(range(len(sides)))
        for side in order:
            found[side].append(sides[side](k))
    return found


def compared(what: str, mine: Sequence[Cost], other: Sequence[Cost]) -> list[Row]:
    """Rows of a comparison with the bare page, by the clock and in computing."""
    (own, own_cpu), (plain, plain_cpu) = ([statistics.median(c) for c in zip(*s, strict=True)] for s in (mine, other))
    pairs = sorted(a / b for (a, _), (b, _) in zip(mine, other, strict=True))
    low, high = pairs[len(pairs) // 4], pairs[-1 - len(pairs) // 4]
    return [
        (what, f"{own:.2f} s; kaal {plain:.2f} s ({len(pairs)} keer om en om)", ""),
        ("verhouding", f"{own / plain:.2f} (middelste helft van de paren {low:.2f} tot {high:.2f})", "≤ 1,25"),
        ("rekentijd van server en browser samen", f"{own_cpu:.2f} s; kaal {plain_cpu:.2f} s", ""),
        ("verhouding van de rekentijd", f"{own_cpu / plain_cpu:.2f}", ""),
    ]


def per_change(page: Page, running: Running) -> float:
    """Seconds of computing of the server for a change, with everything shown before."""
    names = list(CHOICES)
    before = running.spent()
    for name in names:
        change(page, name)
    return (running.spent() - before) / len(names)


def beside_bare(browser: Browser, plain: Program) -> list[Row]:
    """First map and change, beside the bare page."""
    ours_cold, bare_cold = in_turn(COLD, lambda _: cold(browser, OURS), lambda _: cold(browser, plain))
    rows = compared("koud: van start van het proces tot de eerste kaart", ours_cold, bare_cold)
    with server(OURS) as one, server(plain) as other:
        places = (one.address + OURS.path, other.address)
        for running, place in zip((one, other), places, strict=True):
            until(running)
            warm(browser, place)
        found = in_turn(WARM, *(lambda _, a=a: warm(browser, a) for a in places))
        rows += compared("warm: eerste kaart van een nieuwe bezoeker, server draait al", *found)
        pages = [fresh(browser) for _ in places]
        for page, place in zip(pages, places, strict=True):
            see(page, place)
        names = list(CHOICES)
        for page in pages:
            for name in (*names[1:], names[0]):
                change(page, name)
        turns = in_turn(CHANGES, *(lambda k, p=p: change(p, names[(k + 1) % len(names)]) for p in pages))
        rows += compared("een ander cijfer kiezen, tot de nieuwe kaart er staat", *turns)
        used = [per_change(page, running) for page, running in zip(pages, (one, other), strict=True)]
        told = f"{1000 * used[0]:.0f} ms; kaal {1000 * used[1]:.0f} ms"
        rows.append(("rekentijd van de server alleen, bij een ander cijfer dat al eens gekozen is", told, ""))
        for page in pages:
            page.context.close()
    return rows


def socket_bytes(browser: Browser) -> tuple[list[int], list[int]]:
    """Bytes from the server when the reader chooses another indicator: on the wire, and unpacked."""
    wire, unpacked = [], []
    with server(OURS) as running:
        until(running)
        relay = Relay(running.port)
        page = fresh(browser)
        received: list[int] = []
        page.on("websocket", lambda ws: ws.on("framereceived", lambda payload: received.append(len(payload))))
        see(page, f"{relay.address}kaart")
        page.wait_for_timeout(2000)
        for name in list(CHOICES)[1:]:
            received.clear()
            relay.sent = 0
            change(page, name)
            page.wait_for_timeout(1500)
            wire.append(relay.sent)
            unpacked.append(sum(received))
        page.context.close()
        relay.close()
    return wire, unpacked


def landing(browser: Browser) -> tuple[int, int, list[str]]:
    """What a first visitor with an empty cache receives for the address without a page.

    Returns:
        Bytes with what is text compressed by gzip as a proxy does; bytes as Streamlit sends them itself; every path
        that was asked for.
    """
    with server(OURS) as running:
        until(running)
        relay = Relay(running.port)
        page = fresh(browser)
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(relay.address)
        page.wait_for_selector("footer.foot", timeout=90_000)
        page.wait_for_timeout(5000)
        saved = 0
        for answer in answers:
            kind = answer.headers.get("content-type", "")
            if any(t in kind for t in TEXT) and "content-encoding" not in answer.headers:
                body = answer.body()
                saved += max(0, len(body) - len(gzip.compress(body, 6)))
        asked = [a.url.removeprefix(relay.address) for a in answers]
        page.context.close()
        relay.close()
        return relay.sent - saved, relay.sent, asked


async def _visits(running: Running, count: int) -> tuple[float, float]:
    """Memory with one session and with ``count``, each of which saw a map and changed it three times."""
    visitors, first = [], 0.0
    for k in range(count):
        visitor = Visitor(running.address.rstrip("/"), query="")
        await visitor.open()
        options = visitor.options("w-indicator")
        for step in (1, 2):
            await visitor.run("w-indicator", options[(k + step) % 12])
        visitors.append(visitor)
        if k == 0:
            # What all sessions share is loaded by now; what they choose from is filled by the first.
            for step in range(12):
                await visitor.run("w-indicator", options[step])
            first = running.memory()
    # All at once, so that what their runs need at the same time counts as well.
    await asyncio.gather(*(v.run("w-indicator", v.options("w-indicator")[k % 12]) for k, v in enumerate(visitors)))
    last = running.memory()
    for visitor in visitors:
        await visitor.close()
    return first, last


def sessions() -> list[Row]:
    """Memory per session, and what is left when all are gone."""
    with server(OURS, "--server.disconnectedSessionTTL", "2") as running:
        until(running)
        first, last = asyncio.run(_visits(running, SESSIONS))
        time.sleep(8)
        asyncio.run(_visits(running, 1))
        time.sleep(8)
        left = running.memory()
        again = asyncio.run(_visits(running, SESSIONS))[1]
    each = (last - first) / (SESSIONS - 1)
    return [
        (f"geheugen per sessie erbij, {SESSIONS} sessies die elk vier kaarten zagen, de laatste tegelijk",
         f"{each:.1f} MB", "≤ 15 MB"),
        ("geheugen van de server: met één, met alle, en als alle weg zijn",
         f"{first:.0f}, {last:.0f} en {left:.0f} MB", ""),
        (f"idem, als er daarna weer {SESSIONS} komen", f"{again:.0f} MB", ""),
    ]  # fmt: skip


def measure() -> list[Row]:
    """Return rows of the table: what, measured, asked."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return [("schermmetingen", "niet gemeten: chromium ontbreekt", ""), *sessions()]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser: Any = play.chromium.launch(executable_path=chromium, args=FLAGS)
        rows = beside_bare(browser, bare(Path(folder)))
        wire, unpacked = socket_bytes(browser)
        packed, sent, asked = landing(browser)
        browser.close()
    plotly = [a for a in asked if "plotly" in a.lower()]
    rows += [
        ("over de lijn bij een ander cijfer, de grootste van vijf", f"{max(wire) / 1000:.0f} kB", "≤ 40 kB"),
        ("idem, uitgepakt", f"{max(unpacked) / 1000:.0f} kB", ""),
        (f"beginpagina, eerste bezoek, samengepakt door een proxy ({len(asked)} verzoeken)",
         f"{packed / 1e6:.2f} MB", "≤ 1,5 MB"),
        ("idem, zoals Streamlit het zelf verstuurt", f"{sent / 1e6:.2f} MB", ""),
        ("bestanden van Plotly op de beginpagina", ", ".join(plotly) or "geen", "geen"),
    ]  # fmt: skip
    return [*rows, *sessions()]
