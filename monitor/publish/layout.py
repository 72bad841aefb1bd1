"""The shell of every page: head, header with navigation, breadcrumb, heading, footer. No page depends on a script."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from monitor.paths import STATIC
from monitor.publish import links, sheet
from monitor.publish.page import Page
from monitor.state import address

TITLE = "Regiomonitor Brede Welvaart"
ASSETS = "vast/"
_SCRIPT = Path(__file__).parent / "assets" / "zoek.js"
# Header: what it says, where it leads, and the folders that belong to it.
_NAVIGATION = (
    ("Overzicht", "", ()),
    ("Regio’s", links.REGION, (links.REGION, links.COMPARE, links.PLAN, links.PROGRAMMES, links.BORDER)),
    ("Cijfers", links.INDICATOR, (links.INDICATOR, links.BALANCE)),
    ("Gemeenten", links.MUNICIPALITY, (links.MUNICIPALITY,)),
    ("Gesprek", links.VOICES, (links.VOICES, links.FINDINGS, links.FINDING)),
    ("Methode", links.METHOD, (links.METHOD,)),
    ("Gegevens", links.DATA, (links.DATA,)),
    ("Zoeken", links.SEARCH, (links.SEARCH,)),
)
# What is left of a line when all its links led to what only the app has.
_IDLE = re.compile(r'<(p|ul) class="[^"]*">\s*</\1>')


@dataclass(frozen=True)
class Frame:
    """What all pages of a build share.

    Attributes:
        base: where the site is served ('https://host/map/'), empty when that is unknown.
        app: where the app is served, empty without one.
        edition: name of the edition.
        made: the day of the figures as it stands in a sentence; empty when unknown.
        head: more lines of <head> for a page, such as Open Graph.
        below: HTML below the body of a page, such as how to embed it.
    """

    base: str
    app: str
    edition: str
    made: str
    head: Callable[[Page], str] = field(default=lambda page: "")
    below: Callable[[Page], str] = field(default=lambda page: "")


def assets() -> dict[str, bytes]:
    """The files that pages share: path below the site -> content. Names change with the content of style and script."""
    files = {
        stylesheet(): sheet.css().encode(),
        drawings(): sheet.for_drawings().encode(),
        script(): _SCRIPT.read_bytes(),
        f"{ASSETS}merk.svg": (STATIC / "merk.svg").read_bytes(),
        f"{ASSETS}OFL.txt": (STATIC / "fonts" / "OFL.txt").read_bytes(),
    }
    for font in sorted((STATIC / "fonts").glob("*.woff2")):
        files[f"{ASSETS}{font.name}"] = font.read_bytes()
    return files


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def stylesheet() -> str:
    """Path of the stylesheet."""
    return f"{ASSETS}stijl-{_mark(sheet.css().encode())}.css"


def drawings() -> str:
    """Path of the style of drawings, which a page asks for at its end: it holds nothing that moves the page."""
    return f"{ASSETS}tekening-{_mark(sheet.for_drawings().encode())}.css"


def script() -> str:
    """Path of the script that filters the list of the search page."""
    return f"{ASSETS}zoek-{_mark(_SCRIPT.read_bytes())}.js"


def render(page: Page, frame: Frame) -> str:
    """A whole page, with links of the app rewritten to those of the site."""
    # A wrong address may lie at any depth: there every link begins at the root.
    lost = page.path.endswith(".html")
    root = (frame.base or "/") if lost else ""

    def at(path: str) -> str:
        return escape(f"{root}{path}" if lost else links.relative(path, page.path), quote=True)

    body = links.rewrite(_with_below(page.html(), frame.below(page)), page.path, frame.app, root)
    body = _IDLE.sub("", body)
    home = page.path == ""
    title = TITLE if home else f"{page.title} – {TITLE}"
    canonical = (
        f'<link rel="canonical" href="{escape(frame.base + page.path, quote=True)}">' if frame.base and not lost else ""
    )
    hidden = '<meta name="robots" content="noindex">' if lost else ""
    scripted = f'<script src="{at(script())}" defer></script>' if page.path == links.SEARCH else ""
    top = (
        '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<meta name="description" content="{escape(page.description, quote=True)}">\n'
        f'{canonical}{hidden}<link rel="icon" type="image/svg+xml" href="{at(ASSETS + "merk.svg")}">\n'
    )
    drawn = f'<link rel="stylesheet" href="{at(drawings())}">\n' if "<svg" in body else ""
    rest = (
        f"{frame.head(page)}{scripted}</head>\n<body>\n"
        '<a class="skip" href="#inhoud">Naar de inhoud</a>\n'
        f'{_header(page, at)}\n<main id="inhoud" class="t" tabindex="-1"><div class="wrap">\n{_trail(page, at)}'
        f"<h1>{escape(page.title)}</h1>\n{body}\n</div></main>\n{_footer(page, frame, at)}\n{drawn}</body>\n</html>\n"
    )
    return f"{top}<style>{sheet.for_page(top + rest, at(ASSETS))}</style>\n{rest}"


def _with_below(body: str, below: str) -> str:
    """A body with what goes below it: before the links to the page before and after, which close a page."""
    at = body.rfind('<nav class="next"')
    return f"{body}{below}" if at < 0 else f"{body[:at]}{below}{body[at:]}"


def _header(page: Page, at: Callable[[str], str]) -> str:
    items = []
    for text, path, folders in _NAVIGATION:
        here = page.path == path or any(page.path.startswith(f) for f in folders)
        current = ' aria-current="page"' if page.path == path else ' aria-current="true"' if here else ""
        items.append(f'<li><a href="{at(path)}"{current}>{escape(text)}</a></li>')
    return (
        f'<header class="top"><div class="wrap"><a class="brand" href="{at("")}">{TITLE}</a>'
        f'<nav aria-label="Hoofdmenu"><ul>{"".join(items)}</ul></nav></div></header>'
    )


def _trail(page: Page, at: Callable[[str], str]) -> str:
    if not page.trail:
        return ""
    above = "".join(
        f'<li><a href="{at(path)}">{escape(title)}</a></li>' for path, title in (("", "Overzicht"), *page.trail)
    )
    return f'<nav class="trail" aria-label="Kruimelpad"><ol>{above}<li aria-current="page">{escape(page.title)}</li></ol></nav>\n'


def _footer(page: Page, frame: Frame, at: Callable[[str], str]) -> str:
    app = ""
    if frame.app and page.app:
        full = escape(address(frame.app, page.app), quote=True)
        app = f'<li><a href="{full}">Deze pagina in de monitor, met eigen keuzes</a></li>'
    made = f", gemaakt op {escape(frame.made)}" if frame.made else ""
    return (
        f'<footer class="foot"><div class="wrap"><ul>{app}<li><a href="{at(links.METHOD)}">Hoe de cijfers tot stand komen</a></li>'
        f'<li><a href="{at(links.DATA)}">Gegevens en downloads</a></li><li><a href="{at(links.ACCESS)}">Toegankelijkheid</a></li></ul>'
        "<p><b>Bronnen van deze monitor:</b> CBS (CC BY 4.0) en waar genoemd GGD’en, RIVM, politie en Eurostat; bewerking "
        "Regiomonitor. Grenzen: CBS en Kadaster (CC BY 4.0), vereenvoudigd; buurlanden © EuroGeographics.</p>"
        "<p>Een officiële lijst van gemeenten per regio is niet gevonden. De gebruikte samenstelling staat per gemeente, "
        "met de grond, op de pagina van de regio.</p>"
        f"<p>Editie {escape(frame.edition)}{made}.</p></div></footer>"
    )


def contents(items: Sequence[tuple[str, str]]) -> str:
    """The list 'Op deze pagina': (id, text)."""
    listed = "".join(f'<li><a href="#{escape(key, quote=True)}">{escape(text)}</a></li>' for key, text in items)
    return f'<nav class="toc" aria-label="Op deze pagina"><p>Op deze pagina</p><ul>{listed}</ul></nav>'


def neighbours(before: tuple[str, str] | None, after: tuple[str, str] | None, what: str) -> str:
    """Links to the page before and after this one: (path, title)."""
    parts = []
    if before:
        parts.append(f'<a rel="prev" href="/{escape(before[0], quote=True)}">‹ {escape(before[1])}</a>')
    if after:
        parts.append(f'<a rel="next" href="/{escape(after[0], quote=True)}">{escape(after[1])} ›</a>')
    return f'<nav class="next" aria-label="{escape(what, quote=True)}">{"".join(parts)}</nav>' if parts else ""


def beside(paths: Sequence[tuple[str, str]], path: str) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """What stands before and after a path in a row of pages."""
    at = next(k for k, (own, _) in enumerate(paths) if own == path)
    return (paths[at - 1] if at else None), (paths[at + 1] if at + 1 < len(paths) else None)


def folded(title: str, content: str) -> str:
    """A box that is closed at first."""
    return f'<details class="fold"><summary>{escape(title)}</summary>{content}</details>'


def to(path: str, text: str) -> str:
    """A link to a page of the site."""
    return f'<a href="/{escape(path, quote=True)}">{escape(text)}</a>'
