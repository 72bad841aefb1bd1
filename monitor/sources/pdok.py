"""Outlines of Dutch areas from PDOK (CBS gebiedsindelingen), through its OGC API Features.

Asked is ``collections/{collection}/items?f=json&jaarcode=YEAR&limit=1000``; the answer is GeoJSON in degrees (CRS84,
the default) with the properties ``statcode``, ``statnaam`` and ``jaarcode``. The service counts in cursors, so that the
only way to the next page is its link with ``rel`` 'next'. Source: https://api.pdok.nl/cbs/gebiedsindelingen/ogc/v1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from monitor.errors import SourceInvalid
from monitor.sources.outlines import Outlines, of_features
from monitor.sources.statline.web import NotThere, Web, own_address

PATH = "/cbs/gebiedsindelingen/ogc/v1/collections"
Collection = Literal[
    "gemeente_gegeneraliseerd",
    "coropgebied_gegeneraliseerd",
    "provincie_gegeneraliseerd",
    "ggdregio_gegeneraliseerd",
]
# Code of an area, without its digits, and what a message calls the areas.
_KINDS: dict[str, tuple[str, str]] = {
    "gemeente_gegeneraliseerd": ("GM", "Gemeentegrenzen"),
    "coropgebied_gegeneraliseerd": ("CR", "COROP-gebieden"),
    "provincie_gegeneraliseerd": ("PV", "Provincies"),
    "ggdregio_gegeneraliseerd": ("GG", "GGD-regio’s"),
}
# The most that the service gives at once; all municipalities fit, but a page may be smaller.
_LIMIT = 1000
_MOST_PAGES = 200
_LATER = "Probeer het later opnieuw; de grenzen die er al zijn blijven in gebruik."


def page_url(base: str, collection: Collection = "gemeente_gegeneraliseerd") -> str:
    """Where the items of a collection are, below the address of the service."""
    return f"{base.rstrip('/')}{PATH}/{collection}/items"


def fetch_outlines(
    web: Web,
    year: int,
    collection: Collection = "gemeente_gegeneraliseerd",
    progress: Callable[[int], None] | None = None,
) -> Outlines:
    """Fetch the outlines of one year.

    Args:
        web: asks; ``web.settings.pdok_url`` is the service.
        year: of the layout, as of 1 January.
        collection: which areas.
        progress: told after each page how many areas there are so far.

    Returns:
        Codes (without padding), names, and polygons in degrees (EPSG:4326).

    Raises:
        SourceUnavailable: the service cannot be reached.
        SourceInvalid: no areas for that year; areas of another year or kind; pages that repeat, go round in a circle
            or point to another host; a damaged outline.
    """
    prefix, kind = _KINDS[collection]
    what = f"{kind} {year} (PDOK)"
    features: list[dict[str, Any]] = []
    for page in _pages(web, page_url(web.settings.pdok_url, collection), year, what):
        features += page
        if progress:
            progress(len(features))
    if not features:
        raise SourceInvalid(f"{what}: PDOK heeft (nog) geen grenzen van {year}.", "Kies een eerder jaar.")
    for feature in features:
        _hold(feature.get("properties"), year, prefix, what)
    return of_features(features, "statcode", "statnaam", what)


def _pages(web: Web, url: str, year: int, what: str) -> list[list[dict[str, Any]]]:
    """The features of all pages, each page once."""
    params: dict[str, str] | None = {"f": "json", "jaarcode": str(year), "limit": str(_LIMIT)}
    seen: set[str] = set()
    pages: list[list[dict[str, Any]]] = []
    at: str | None = url
    while at is not None:
        if at in seen or len(seen) >= _MOST_PAGES:
            raise SourceInvalid(f"{what}: de pagina’s verwijzen in een kring naar elkaar.", _LATER)
        seen.add(at)
        try:
            answer = web.get_json(at, what, params)
        except NotThere:
            raise SourceInvalid(
                f"{what}: deze grenzen zijn bij PDOK niet op het bekende adres te vinden.",
                "Controleer REGIOMONITOR_PDOK_URL; klopt dat, dan heeft PDOK de dienst veranderd.",
            ) from None
        page, following = _read(answer, what)
        if page in pages:
            raise SourceInvalid(f"{what}: een pagina komt twee keer.", _LATER)
        if following and not page:
            raise SourceInvalid(f"{what}: een pagina is leeg, maar verwijst verder.", _LATER)
        pages.append(page)
        at, params = (own_address(following, at, what), None) if following else (None, None)
    return pages


def _read(answer: dict[str, Any], what: str) -> tuple[list[dict[str, Any]], str | None]:
    features, links = answer.get("features"), answer.get("links", [])
    if (
        not isinstance(features, list)
        or not isinstance(links, list)
        or not all(isinstance(x, dict) for x in [*features, *links])
    ):
        raise SourceInvalid(f"{what}: het antwoord van PDOK is geen lijst van gebieden.", _LATER)
    told = answer.get("numberReturned")
    if isinstance(told, int) and told != len(features):
        raise SourceInvalid(f"{what}: een pagina noemt {told} gebieden en heeft er {len(features)}.", _LATER)
    following = [x.get("href") for x in links if x.get("rel") == "next"]
    return features, str(following[0]) if following and following[0] else None


def _hold(about: Any, year: int, prefix: str, what: str) -> None:
    """Refuse an area of another year or kind."""
    if not isinstance(about, dict):
        raise SourceInvalid(f"{what}: een gebied heeft geen code en naam.", _LATER)
    code, told = str(about.get("statcode", "")).strip(), about.get("jaarcode")
    if not (code.startswith(prefix) and code[2:].isdigit()):
        raise SourceInvalid(f"{what}: '{code}' is geen code van zo’n gebied.", _LATER)
    if told is not None and str(told) != str(year):
        raise SourceInvalid(f"{what}: {about.get('statnaam', code)} hoort bij {told}, niet bij {year}.", _LATER)
