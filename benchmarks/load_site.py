"""How many pages of the static site nginx gives per second: wrk on loopback, over a list of its pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load_serving import WIDE, children, cpu_seconds, only_proxy
from monitor.notation import number
from monitor.paths import ROOT

# Asks the pages one after the other, compressed, as browsers do.
_SCRIPT = """
local pages = {%s}
local k = math.random(#pages)
request = function()
  k = k %% #pages + 1
  return wrk.format('GET', pages[k], {['Accept-Encoding'] = 'gzip'})
end
"""
SECONDS, CONNECTIONS, ASKED = 10, 64, 3000


def pages(site: Path) -> list[str]:
    """Addresses of all pages of a site, below the proxy."""
    found = sorted(p.parent.relative_to(site).as_posix() for p in site.rglob("index.html"))
    return ["/publicatie/" + ("" if p == "." else f"{p}/") for p in found]


def measure(site: Path) -> list[str]:
    """Measure and tell, as lines of Markdown.

    Raises:
        SystemExit: there is no site in the folder.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        return ["De publicatie is niet gemeten: wrk ontbreekt."]
    addresses = pages(site)
    if not addresses:
        raise SystemExit(f"Fout: in {site} staat geen publicatie; maak haar met 'python -m monitor publish'.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # As deploy/container/start.py does after publishing, here on a copy.
        copy = Path(shutil.copytree(site, folder / "publicatie"))
        subprocess.run([sys.executable, str(ROOT / "deploy" / "container" / "compress.py"), str(copy)], check=True)
        folder.chmod(0o755)
        script = folder / "vraag.lua"
        script.write_text(_SCRIPT % ", ".join(f"'{a}'" for a in addresses), encoding="utf-8")
        with only_proxy(folder, "127.0.0.1:9", **{**WIDE, "RATE_PAGES": "1000000", "SITE": str(copy)}) as proxy:
            workers = children(proxy.proxy.pid) if proxy.proxy else []
            before, start = sum(map(cpu_seconds, workers)), time.perf_counter()
            said = subprocess.run(
                [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", str(script), proxy.url],
                capture_output=True, text=True, check=True, timeout=SECONDS + 30,
            ).stdout  # fmt: skip
            share = (sum(map(cpu_seconds, workers)) - before) / (time.perf_counter() - start)
    rate = float((re.search(r"Requests/sec:\s+([\d.]+)", said) or ["", "0"])[1])
    slow = (re.search(r"99%\s+(\S+)", said) or ["", "?"])[1]
    faults = re.search(r"(Non-2xx.*|Socket errors.*)", said)
    return [
        f"De publicatie ({number(len(addresses), 0)} pagina’s, gecomprimeerd): "
        f"**{number(rate, 0)} vragen per seconde** "
        f"(gevraagd: {number(ASKED, 0)}), 99 van de 100 binnen {slow.replace('.', ',')}; nginx gebruikt daarbij "
        f"{number(100 * share, 0)}% van een kern, en het meetprogramma de rest."
        + (f" Let op: {faults[0]}." if faults else "")
    ]
