"""Make the screenshots in docs/img: every page at 1280 and 390 pixels wide, from the shipped figures."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
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
    app = subprocess.Popen([sys.executable, "-m", "streamlit", "run", "app.py", *options], cwd=ROOT)
    try:
        wait(f"http://127.0.0.1:{port}/_stcore/health")
        photograph(f"http://127.0.0.1:{port}/", ROOT / "docs" / "img")
    finally:
        app.terminate()
        app.wait(timeout=20)


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
            for name, path in PAGES.items():
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
