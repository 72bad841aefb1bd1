"""What search engines and readers of feeds ask for: sitemap.xml, robots.txt and the feed of editions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from monitor.dates import told_date
from monitor.publish.page import Page

SITEMAP, ROBOTS, FEED = "sitemap.xml", "robots.txt", "edities.xml"
_TITLE = "Regiomonitor Brede Welvaart: edities"


@dataclass(frozen=True)
class Issued:
    """An edition in the feed: its name and the day of its figures."""

    name: str
    made: date


def sitemap(pages: Iterable[Page], base: str, made: date | None) -> bytes:
    """The addresses of all pages (sitemaps.org 0.9).

    Args:
        pages: of the site; a file of its own (404.html) is left out.
        base: full address of the site, ending in '/'.
        made: the day of the figures; None when unknown.
    """
    day = f"<lastmod>{made.isoformat()}</lastmod>" if made else ""
    listed = "\n".join(
        f"<url><loc>{escape(base + p.path)}</loc>{day}</url>" for p in pages if not p.path.endswith(".html")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{listed}\n</urlset>\n"
    ).encode()


def robots(base: str) -> bytes:
    """Everything may be read; where the sitemap stands when the address is known."""
    where = f"Sitemap: {base}{SITEMAP}\n" if base else ""
    return f"User-agent: *\nAllow: /\n{where}".encode()


def feed(issued: Sequence[Issued], base: str, page: str) -> bytes:
    """The editions as Atom (RFC 4287), newest first.

    Args:
        issued: editions with the day of their figures, at least one.
        base: full address of the site, ending in '/'.
        page: path of the page about the data.
    """
    ordered = sorted(issued, key=lambda x: x.made, reverse=True)
    entries = "".join(
        f"<entry><title>Editie {escape(x.name)}</title><id>{escape(f'{base}{FEED}#{x.name}')}</id>"
        f"<updated>{_moment(x.made)}</updated><link href={quoteattr(base + page)}/>"
        f"<summary>De cijfers van editie {escape(x.name)}, gemaakt op {told_date(x.made)}.</summary></entry>\n"
        for x in ordered
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl">\n'
        f"<title>{_TITLE}</title><id>{escape(base + FEED)}</id><updated>{_moment(ordered[0].made)}</updated>"
        f'<link rel="self" href={quoteattr(base + FEED)}/><link href={quoteattr(base)}/>'
        f"<author><name>Regiomonitor Brede Welvaart</name></author>\n{entries}</feed>\n"
    ).encode()


def _moment(day: date) -> str:
    """A day as the moment that the standard wants: noon."""
    return f"{day.isoformat()}T12:00:00Z"
