"""What can be found, as plain documents: indicators, areas, findings, programmes and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.definitions import Definitions, Finding, Indicator, Region
from monitor.definitions.programmes import Programme
from monitor.figures.spec import area_link
from monitor.notation import listing
from monitor.screens.own_html import link_to as own_link
from monitor.screens.programmes_html import link_to as programme_link
from monitor.screens.voices_html import link_to
from monitor.search.terms import PageWords, Terms, read_terms
from monitor.state import State

# Kind -> one and several, in the order in which equals are shown.
KINDS = {
    "regio": ("regio", "regio’s"),
    "gemeente": ("gemeente", "gemeenten"),
    "cijfer": ("cijfer", "cijfers"),
    "bevinding": ("bevinding", "bevindingen"),
    "eigen": ("eigen bevinding", "eigen bevindingen"),
    "traject": ("traject", "trajecten"),
    "pagina": ("pagina", "pagina’s"),
}
OUTSIDE = "geen NPVR-regio"


@dataclass(frozen=True)
class Document:
    """One thing that can be found.

    Args:
        kind: key of ``KINDS``.
        id: unique within its kind.
        title: what is shown as the link.
        text: what is searched besides the title; an excerpt of it is shown.
        link: page and query, relative to where the app is served.
        context: shown with it and not searched: kind of finding, region, theme.
        words: other words by which it is found; shown only where nothing else says why.
        more: further links, text and address.
    """

    kind: str
    id: str
    title: str
    text: str
    link: str
    context: str = ""
    words: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


def documents(
    definitions: Definitions,
    municipalities: Mapping[str, str],
    own: Iterable[Finding] = (),
) -> tuple[Document, ...]:
    """Return everything that can be found.

    Args:
        definitions: indicators, regions, findings and programmes.
        municipalities: code -> name, of the present layout.
        own: findings that an office added itself.

    Raises:
        DefinitionError: the everyday words name what does not exist.
    """
    terms = read_terms([i.id for i in definitions.indicators], municipalities)
    return (
        *(_region(r) for r in definitions.regions),
        *_municipalities(definitions, municipalities, terms),
        *(_indicator(i, definitions, terms) for i in definitions.indicators),
        *(_finding(f, definitions, "bevinding") for f in definitions.findings),
        *(_finding(f, definitions, "eigen") for f in own),
        *(_programme(p, definitions) for p in definitions.programmes),
        *(_page(p) for p in terms.pages),
    )


def _region(r: Region) -> Document:
    names = [m.name for m in r.members if m.membership == "lid"]
    return Document("regio", r.id, r.name, f"Met {listing(names)}.", area_link(r.id), "NPVR-regio")


def _municipalities(definitions: Definitions, names: Mapping[str, str], terms: Terms) -> list[Document]:
    owner = {code: r for r in definitions.regions for code in r.codes}
    made = []
    for code, name in names.items():
        region = owner.get(code)
        also = (*terms.municipalities.get(code, ()), *([region.name] if region else []))
        more = ((f"Regio {region.name}", area_link(region.id)),) if region else ()
        context = f"regio {region.name}" if region else OUTSIDE
        made.append(Document("gemeente", code, name, "", area_link(code), context, also, more))
    return made


def _indicator(i: Indicator, definitions: Definitions, terms: Terms) -> Document:
    theme = definitions.theme(i.theme).name
    at = {page: State(page, indicator=i.id).link() for page in ("kaart", "trends", "methode")}
    more = (("Trends", at["trends"]), ("Methode", at["methode"]))
    words = (*terms.indicators.get(i.id, ()), i.caption, theme)
    return Document("cijfer", i.id, i.full_name, i.description, at["kaart"], f"thema {theme}", words, more)


def _finding(f: Finding, definitions: Definitions, kind: str) -> Document:
    where = listing([definitions.region(r).name for r in f.regions if r != "alle"]) or "alle regio’s"
    if f.common:
        where = "alle regio’s" if "alle" in f.regions else f"{len(f.regions)} regio’s"
    names = tuple(definitions.region(r).name for r in f.regions if r != "alle") if not f.common else ()
    link = own_link(f) if kind == "eigen" else link_to(f)
    return Document(kind, f.id, f.title, f.summary, link, f"{f.kind}, {where}", (*names, f.source.section))


def _programme(p: Programme, definitions: Definitions) -> Document:
    region = definitions.region(p.region).name
    text = " ".join(t for t in (p.about, p.npvr or "") if t)
    return Document(
        "traject", f"{p.region}/{p.id}", p.name, text, programme_link(p),
        f"{p.status}, regio {region}", (region, *p.who),
    )  # fmt: skip


def _page(p: PageWords) -> Document:
    return Document("pagina", p.id, p.name, p.about, p.id, "pagina van deze monitor", p.words)
