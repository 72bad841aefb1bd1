"""What a page says of itself where it is shared: the tags of Open Graph, and the picture that goes with them."""

from __future__ import annotations

from html import escape

from monitor.publish import cards
from monitor.publish.page import Page

NAME = "kaartje.png"


def image_path(page: Page) -> str:
    """Where the picture of a page stands below the root; empty for a page that is a file of its own (404.html)."""
    return "" if page.path.endswith(".html") else f"{page.path}{NAME}"


def tags(page: Page, base: str) -> str:
    """The tags for <head>: Open Graph and the card of X, with what the picture says.

    Args:
        page: of the site.
        base: full address of the site, ending in '/'; empty: without address and picture, for which the standard wants
            full addresses.
    """
    said = {
        "og:type": "website",
        "og:site_name": cards.BRAND,
        "og:locale": "nl_NL",
        "og:title": page.title,
        "og:description": page.description,
    }
    picture = image_path(page)
    if base:
        said["og:url"] = base + page.path
    if base and picture:
        said |= {
            "og:image": base + picture,
            "og:image:type": "image/png",
            "og:image:width": str(cards.WIDTH),
            "og:image:height": str(cards.HEIGHT),
            "og:image:alt": cards.alt(page),
        }
    made = [f'<meta property="{k}" content="{escape(v, quote=True)}">' for k, v in said.items() if v]
    kind = "summary_large_image" if base and picture else "summary"
    return "".join([*made, f'<meta name="twitter:card" content="{kind}">'])
