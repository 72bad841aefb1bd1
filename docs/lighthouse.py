"""Measure the static website and write docs/lighthouse.md: Lighthouse, the Nu HTML checker, the weight of all pages.

    python docs/lighthouse.py --site site/      of a site that is there; without --site one is built first

Lighthouse is taken from LIGHTHOUSE or the PATH, else through npx (pinned below); the checker from VNU_JAR (asks Java)
or ``vnu`` on the PATH. What is not there is left out of the table, and the table says so. The site is served on this
computer, compressed with gzip; Lighthouse slows processor and network down to those of a phone (its defaults).
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import json
import mimetypes
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from monitor.notation import number  # noqa: E402

REPORT = ROOT / "docs" / "lighthouse.md"
# The version that the numbers in the report come from; another one weighs its checks otherwise.
LIGHTHOUSE = "lighthouse@12"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# What is promised: seconds, shift, kilobytes (of 1 000 bytes).
MOST_LCP, MOST_CLS, MOST_WEIGHT = 1.5, 0.02, 150.0
KINDS = (
    ("Overzicht", ""),
    ("Alle regio’s", "regio/"),
    ("Regio", "regio/zuid-en-oost-drenthe/"),
    ("Regio en doel", "regio/achterhoek/doel-2/"),
    ("Alle cijfers", "cijfer/"),
    ("Cijfer, enquête", "cijfer/overgewicht/"),
    ("Cijfer, door de jaren", "cijfer/woz-waarde/"),
    ("Gemeente", "gemeente/gm0197/"),
    ("Regio’s naast elkaar", "vergelijken/twente/"),
    ("Cijfer en verhaal", "cijfer-en-verhaal/noard-fryslan/"),
    ("Over de grens", "over-de-grens/achterhoek/"),
    ("Methode", "methode/"),
    ("Gegevens", "gegevens/"),
    ("Zoeken", "zoeken/"),
    ("Figuur om in te sluiten", "insluiten/cijfer/overgewicht/"),
)
_TEXTUAL = (".html", ".css", ".js", ".svg", ".xml", ".json", ".jsonld", ".ttl", ".csv", ".txt")
# What a browser fetches for a page: style, scripts, pictures; the letters stand in the style.
_ASKED = re.compile(r'<(?:link[^>]*rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"')
_UNKNOWN = re.compile(r"CSS: .*Property .(?:vector-effect|paint-order). doesn.t exist")
_LETTER = re.compile(r'url\("?([^")]+\.woff2)"?\)')


def over(m: Measured) -> list[str]:
    """What a page has more of than was promised."""
    told = (
        ("LCP", m.lcp, MOST_LCP, 2, " s"),
        ("CLS", m.cls, MOST_CLS, 3, ""),
        ("gewicht", m.weight, MOST_WEIGHT, 0, " kB"),
    )
    return [f"{name} is {number(value, d + 1)}{unit}" for name, value, most, d, unit in told if value > most]


@dataclass(frozen=True)
class Measured:
    """What Lighthouse found on a page: scores of 0 to 100, LCP in seconds, CLS, weight in kB; failed checks by name."""

    title: str
    path: str
    scores: tuple[int, ...]
    lcp: float
    cls: float
    weight: float
    failed: tuple[str, ...]


@functools.lru_cache(maxsize=4096)
def packed(path: Path) -> bytes:
    """A file as it goes over the line."""
    content = path.read_bytes()
    return gzip.compress(content, 6) if path.suffix in _TEXTUAL else content


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        if not found:
            path = Path(str(self.directory)) / "404.html"
        if not path.is_file():
            self.send_error(404)
            return
        content = packed(path)
        self.send_response(200 if found else 404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if path.suffix in _TEXTUAL else kind)
        if path.suffix in _TEXTUAL:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "public, max-age=31536000" if "/vast/" in self.path else "no-cache")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this computer; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


# -- Lighthouse -----------------------------------------------------------------------------------------------


def lighthouse_command() -> list[str]:
    """How to run Lighthouse here; empty when it cannot be."""
    own = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if own:
        return [own]
    npx = shutil.which("npx")
    return [npx, "--yes", LIGHTHOUSE] if npx else []


def lighthouse(command: list[str], address: str, title: str, path: str, times: int) -> Measured:
    """Measure a page; of several times the middle one counts, for each number."""
    runs = [_once(command, address + path) for _ in range(times)]

    def middle(audit: str) -> float:
        return statistics.median(r["audits"][audit]["numericValue"] for r in runs)

    scores = tuple(round(100 * statistics.median(r["categories"][c]["score"] or 0 for r in runs)) for c in CATEGORIES)
    return Measured(
        title, path, scores, middle("largest-contentful-paint") / 1000, middle("cumulative-layout-shift"),
        middle("total-byte-weight") / 1000, _failed(runs[0]),
    )  # fmt: skip


def _once(command: list[str], address: str) -> dict[str, Any]:
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome") or ""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "uit.json"
        done = subprocess.run(
            [*command, address, "--output=json", f"--output-path={out}", "--quiet",
             f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"],
            env={**os.environ, "CHROME_PATH": chrome}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        if not out.is_file():
            raise SystemExit(f"Lighthouse gaf geen uitkomst voor {address}: {done.stderr[-400:]}")
        report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def _failed(report: dict[str, Any]) -> tuple[str, ...]:
    """The checks of other categories than speed that a page does not pass, with the first place where."""
    found = []
    for category in CATEGORIES[1:]:
        for ref in report["categories"][category]["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                items = (audit.get("details") or {}).get("items") or [{}]
                where = (items[0].get("node") or {}).get("snippet", "") or str(items[0].get("description", ""))
                found.append(" ".join(f"{ref['id']} {where}".split())[:160])
    return tuple(found)


# -- weight and HTML ------------------------------------------------------------------------------------------


def weight(site: Path, page: Path) -> float:
    """What a browser fetches for a page at most, compressed, in kB: with all letters that the style names."""
    text = page.read_text(encoding="utf-8")
    files = {page} | {(page.parent / f).resolve() for f in _LETTER.findall(text)}
    for link in _ASKED.findall(text):
        own = (page.parent / link).resolve() if not link.startswith("/") else site / link[1:]
        if own.is_file():
            files.add(own)
            if own.suffix == ".css":
                files |= {(own.parent / f).resolve() for f in _LETTER.findall(own.read_text(encoding="utf-8"))}
    return sum(len(packed(f)) for f in files if f.is_file()) / 1000


def checker_command() -> list[str]:
    """How to run the Nu HTML checker here; empty when it cannot be."""
    jar = os.environ.get("VNU_JAR")
    if jar and shutil.which("java"):
        return ["java", "-Xss2m", "-jar", jar]
    own = shutil.which("vnu")
    return [own] if own else []


def invalid(command: list[str], site: Path) -> list[str]:
    """What the checker finds wrong in all pages: file and message."""
    done = subprocess.run(
        [*command, "--errors-only", "--skip-non-html", "--format", "json", str(site)], capture_output=True, text=True
    )
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        raise SystemExit(f"De controle van HTML gaf geen uitkomst: {done.stderr[-400:]}") from None
    # Both are CSS (SVG 2); the checker's list of properties is older.
    messages = [m for m in messages if not _UNKNOWN.match(m["message"])]
    return [f"{m.get('url', '').partition(str(site))[2].lstrip('/')}: {m['message']}" for m in messages]


# -- report ---------------------------------------------------------------------------------------------------


def report(found: list[Measured], weights: dict[str, float], wrong: list[str] | None, version: str, times: int) -> str:
    """The report in Markdown."""
    heaviest = sorted(weights.items(), key=lambda x: -x[1])
    over = [p for p, w in heaviest if w > MOST_WEIGHT]
    lines = [
        "# De website gemeten",
        "",
        "Gemaakt door `make lighthouse`; niet met de hand bijwerken. De website staat op deze computer en gaat met",
        "gzip over de lijn. Lighthouse doet een telefoon na: een trage processor en een mobiel netwerk.",
        "",
        f"Beloofd: het grootste deel van de pagina staat er binnen {number(MOST_LCP, 1)} s (LCP), niets verspringt",
        f"(CLS hoogstens {number(MOST_CLS, 2)}), hoogstens {number(MOST_WEIGHT, 0)} kB per pagina, toegankelijkheid "
        "100 en geldige HTML.",
        "",
        f"## Lighthouse{f' {version}' if version else ''}",
        "",
    ]
    if found:
        many = "één keer" if times == 1 else f"{times} keer, de middelste telt"
        lines += [
            f"Elke pagina is {many} gemeten.",
            "",
            "| pagina | LCP (s) | CLS | gewicht (kB) | snelheid | toegankelijkheid | goed gebruik | vindbaarheid |",
            "|---|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for m in found:
            values = (number(m.lcp, 2), number(m.cls, 3), number(m.weight, 0), *map(str, m.scores))
            lines.append(f"| {m.title} (`/{m.path}`) | {' | '.join(values)} |")
        failed = [f"- `/{m.path}`: {f}" for m in found for f in (*over(m), *m.failed)]
        lines += ["", *(["Wat niet voldoet:", "", *failed] if failed else ["Geen enkele controle zakte."]), ""]
    else:
        lines += ["Niet gemeten: Lighthouse is hier niet te vinden.", ""]
    lines += [
        "## Gewicht van alle pagina’s",
        "",
        f"{number(len(weights), 0)} pagina’s, met stijl, letters en beeldmerk erbij, gecomprimeerd: van "
        f"{number(min(weights.values()), 0)} tot {number(heaviest[0][1], 0)} kB, de middelste "
        f"{number(statistics.median(weights.values()), 0)} kB. "
        + (f"Boven {number(MOST_WEIGHT, 0)} kB: {len(over)}." if over else "Geen enkele pagina is te zwaar."),
        "",
        "| zwaarste pagina’s | kB |",
        "|---|--:|",
        *(f"| `/{p}` | {number(w, 0)} |" for p, w in heaviest[:5]),
        "",
        "## HTML",
        "",
    ]
    if wrong is None:
        lines.append("Niet gecontroleerd: de Nu HTML Checker is hier niet te vinden.")
    elif wrong:
        lines += [f"De Nu HTML Checker vindt {len(wrong)} fouten, zoals:", "", *(f"- {w}" for w in wrong[:10])]
    else:
        lines.append(f"De Nu HTML Checker vindt in alle {number(len(weights), 0)} pagina’s geen fouten.")
        lines.append(
            "Niet meegeteld: twee eigenschappen van SVG 2 die hij niet kent, `vector-effect` en `paint-order`."
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, write the report, and say whether all that is promised is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, help="a site that is there; by default one is built")
    parser.add_argument("--times", type=int, default=1, help="how often each page is measured")
    parser.add_argument("--only", help="measure only pages whose path begins so")
    parser.add_argument("--report", type=Path, default=REPORT)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = (chosen.site or Path(folder) / "site").resolve()
        if not chosen.site:
            command = [sys.executable, "-m", "monitor", "publish", "--out", str(site), "--base", "http://127.0.0.1/"]
            subprocess.run(command, cwd=ROOT, check=True)
        return measure(site, chosen.times, chosen.only, chosen.report)


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def measure(site: Path, times: int, only: str | None, target: Path) -> int:
    """Measure a site and write the report; 1 when something promised is not kept."""
    weights = {
        p.relative_to(site).as_posix().removesuffix("index.html"): weight(site, p) for p in sorted(site.rglob("*.html"))
    }
    say(f"{len(weights)} pagina's, zwaarste {max(weights.values()):.0f} kB")
    checker = checker_command()
    wrong = invalid(checker, site) if checker else None
    say(f"HTML: {'niet gecontroleerd' if wrong is None else f'{len(wrong)} fouten'}")
    command, found, version = lighthouse_command(), [], ""
    if command:
        told = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=300)
        version = told.stdout.strip()
        with served(site) as address:
            for title, path in KINDS:
                if (site / path / "index.html").is_file() and (only is None or path.startswith(only)):
                    found.append(lighthouse(command, address, title, path, times))
                    say(str(found[-1]))
    target.write_text(report(found, weights, wrong, version, times), encoding="utf-8")
    # A figure to embed asks search engines to leave it out, which Lighthouse counts against it.
    kept = all(
        m.lcp <= MOST_LCP and m.cls <= MOST_CLS and m.weight <= MOST_WEIGHT and m.scores[1] == 100 for m in found
    )
    return 0 if kept and not wrong and max(weights.values()) <= MOST_WEIGHT else 1


if __name__ == "__main__":
    raise SystemExit(main())
