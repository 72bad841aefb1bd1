"""Make the screenshots in docs/img: every page at 1280 and 390 pixels wide, or those named on the command line."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGES = {
    "overzicht": "overzicht",
    "gemeente": "gemeente?gemeente=GM0294",
    "regiodialoog": "regiodialoog?regio=twente",
    "methode": "methode?indicator=overgewicht",
    "kaart": "kaart",
    "trends": "trends?indicator=ervaren-gezondheid&regio=achterhoek&regio=twente",
    "regio": "regio?regio=noard-fryslan",
    "vergelijken": "vergelijken?regio=achterhoek",
    "eigen-regio": "eigen-regio?regio=achterhoek&samenstelling="
    "GM0197-GM0222-GM0262-GM0294-GM1509-GM1586-GM1859-GM1876-GM1955",
    "over-de-grens": "over-de-grens?regio=zuid-limburg",
    "balans": "balans",
    "cijfer-en-verhaal": "cijfer-en-verhaal",
    "plan": "plan?regio=achterhoek",
    "trajecten": "trajecten?regio=achterhoek",
    "logboek": "logboek?regio=achterhoek",
    "logboek-schrijven": "logboek?regio=achterhoek&bevinding=voorzieningen-verder-weg",
    "eigen-bevindingen": "eigen-bevindingen",
    "ab-pakket": "ab-pakket",
    "zoeken": "zoeken?zoek=huisarts",
    "edities": "edities",
    "toegankelijkheid": "toegankelijkheid",
}
# A page of a region is long; its beginning shows how it looks.
LONGEST = 4200
WIDTHS = {1280: 900, 390: 844}
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]


def main() -> None:
    """Start the app on a free port, photograph it, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with tempfile.TemporaryDirectory() as folder:
        # A log and findings of its own: nobody's notes end up in a picture.
        os.environ["REGIOMONITOR_DATABASE_URL"] = f"sqlite:///{folder}/logboek.sqlite"
        os.environ |= {"REGIOMONITOR_SINGLE_USER": "1", "REGIOMONITOR_OWN": folder}
        note()
        PAGES["ab-pakket"] = f"ab-pakket?pakket={proposal()}"
        app = subprocess.Popen([sys.executable, "-m", "streamlit", "run", "app.py", *options], cwd=ROOT)
        try:
            wait(f"http://127.0.0.1:{port}/_stcore/health")
            photograph(f"http://127.0.0.1:{port}/", ROOT / "docs" / "img")
        finally:
            app.terminate()
            app.wait(timeout=20)


def note() -> None:
    """Put one entry in the log that says of itself that it is an example, written twice so that it has history."""
    from monitor.access import Identity
    from monitor.logbook import store
    from monitor.logbook.database import database
    from monitor.logbook.entry import Draft

    who = Identity("voorbeeld", "lokale gebruiker", frozenset({"achterhoek"}))
    example = Draft(
        "achterhoek",
        date(2026, 11, 2),
        tried="Voorbeeld, gemaakt voor deze afbeelding. Hier staat wat een regio heeft geprobeerd.",
        learned="Hier staat wat daarvan is geleerd, ook als het niet werkte.",
        goal=2,
        indicator="afstand-huisarts",
    )
    entry = store.add(database(), example, "voorbeeld", who, datetime(2026, 11, 2, 9, tzinfo=UTC))
    more = {"changes": "Hier staat wat er verandert.", "follow_up": "Hier staat wat er nu gebeurt."}
    later = Draft(**{**vars(example), **more, "look_again": date(2027, 5, 1)})
    store.change(database(), entry.id, 1, later, who, datetime(2026, 11, 9, 9, tzinfo=UTC))


def proposal() -> str:
    """The basket that the monitor proposes for the Achterhoek and goal 2, as it stands in a link."""
    from monitor import paths
    from monitor.definitions import load
    from monitor.export.basket import as_text
    from monitor.export.choose import basket_for
    from monitor.export.pack import Materials
    from monitor.snapshot import store

    return as_text(basket_for(Materials(load(), store.read(paths.snapshot_dir())), "achterhoek", 2))


def wait(address: str) -> None:
    """Wait until the app answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("De app start niet.")


def photograph(base: str, folder: Path) -> None:
    """Open every page at every width and store it whole."""
    from PIL import Image

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for width, height in WIDTHS.items():
            for name, path in ((n, p) for n, p in PAGES.items() if n in (sys.argv[1:] or PAGES)):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(base + path)
                page.wait_for_selector(".foot")
                page.wait_for_timeout(3000)
                whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": min(whole, LONGEST)})
                page.wait_for_timeout(2000)
                target = folder / f"{name}-{width}.png"
                page.screenshot(path=target)
                Image.open(target).convert("RGB").quantize(256).save(target, optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
