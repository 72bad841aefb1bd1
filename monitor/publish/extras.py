"""What goes round the pages of the site: tags and box of a page, and files for readers, machines and servers.

``build`` asks ``head`` and ``below`` for every page and takes the pages and files that stand here along with its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

import PIL

from monitor.dates import told_date
from monitor.figures import style
from monitor.figures.spec import MapFigure, StripFigure, TrendFigure
from monitor.paths import MAP
from monitor.publish import cards, catalogue_dcat, downloads, embed, links, redirects, sitemap, social
from monitor.publish import digest as dg
from monitor.publish.edition import Edition
from monitor.publish.office import Office
from monitor.publish.page import File, Page
from monitor.screens.edition_age import made_on
from monitor.snapshot import compare, store

_HIDDEN = '<meta name="robots" content="noindex">\n'
NO_BASE = (
    "Zonder --base zijn er geen sitemap, feed, code om in te sluiten, kaartjes bij gedeelde links en metagegevens voor "
    "data.overheid.nl: die vragen het volledige adres van de website."
)


def told(base: str, office: Office | None, made: date | None) -> list[str]:
    """What the site lacks because nobody has told it, for who runs the command."""
    if not base:
        return [NO_BASE]
    lacking = catalogue_dcat.lacking(office, made)
    if not lacking:
        return []
    return [f"De metagegevens voor data.overheid.nl missen: {', '.join(lacking)}. {catalogue_dcat.HOW}"]


def head(page: Page, base: str) -> str:
    """Lines for <head>: Open Graph, and the script on pages that stand at an address of the app."""
    script = ""
    if redirects.forwards(page.path):
        script = f'<script src="{links.relative(redirects.SCRIPT, page.path)}" defer></script>\n'
    feed = ""
    if base and page.path in ("", links.DATA):
        address = escape(base + sitemap.FEED, quote=True)
        feed = f'<link rel="alternate" type="application/atom+xml" title="Edities" href="{address}">\n'
    hidden = _HIDDEN if redirects.only_forwards(page.path) else ""
    return f"{social.tags(page, base)}\n{feed}{hidden}{script}"


def below(page: Page, base: str) -> str:
    """HTML below the body of a page: how to embed its figure; of a region, what to take along."""
    kind, _, name = page.path.rstrip("/").partition("/")
    taken = ""
    if f"{kind}/" == links.REGION and name and "/" not in name:
        numbers, sheet = (escape(path, quote=True) for path in downloads.region_paths(name))
        taken = (
            f'<p class="noprint"><a class="button" href="/{sheet}" download>Factsheet (PDF)</a>'
            f'<a class="button" href="/{numbers}" download>Alle cijfers (CSV)</a></p>'
        )
    return f"{taken}{embed.box(page, base)}"


def data_links(ed: Edition) -> str:
    """Links for the page about the data: everything in one file, and per region."""
    regions = "".join(
        f'<li>{escape(r.name)}: <a href="/{numbers}" download>cijfers (CSV)</a>, '
        f'<a href="/{sheet}" download>factsheet (PDF)</a></li>'
        for r in ed.definitions.regions
        for numbers, sheet in [downloads.region_paths(r.id)]
    )
    return (
        '<h2 id="alles">Alles in één bestand</h2><p>Het datapakket: alle tabellen als CSV, met uitleg, bronnen en '
        f'voorwaarden.</p><p><a class="button" href="/{downloads.package_path(ed.name)}" download>Datapakket (ZIP)</a></p>'
        f'<h2 id="per-regio">Per regio</h2><ul class="cols">{regions}</ul>'
    )


def files(
    ed: Edition, made: Sequence[Page], base: str, app: str, office: Office | None, csvs: Mapping[str, str]
) -> list[File]:
    """Pictures, embeds, downloads and files for machines, each with the digest of what it depends on.

    Args:
        ed: the edition.
        made: all pages of the site, with digests.
        base: full address of the site, ending in '/'; empty when unknown.
        app: where the app is served, or empty.
        office: who publishes; None when nobody has told.
        csvs: path of a figure's CSV below the root -> title.
    """
    whole = next(p.digest for p in made if p.path == "")
    package = File(downloads.package_path(ed.name), partial(_package, ed), whole)
    # The package first: it takes longest, and the metadata beside it use what it made.
    found = [package]
    if base:
        # A picture can only be named by its full address.
        found += [*_for_machines(ed, made, base, office, csvs, whole), *_pictures(ed, made)]
    return [
        *found,
        *_regions(ed, base, app, whole),
        *_embeds(ed, made, base),
        *_for_servers(ed, base),
    ]


# What takes long and does not change while a site is made, once per process: (edition, what) -> content.
_ONCE: dict[tuple[int, str], Any] = {}


def _once(ed: Edition, what: str, make: Callable[[], Any]) -> Any:
    if (id(ed), what) not in _ONCE:
        _ONCE[id(ed), what] = make()
    return _ONCE[id(ed), what]


def _package(ed: Edition) -> bytes:
    made: bytes = _once(ed, "pakket", lambda: downloads.package_bytes(ed))
    return made


def _for_machines(
    ed: Edition, made: Sequence[Page], base: str, office: Office | None, csvs: Mapping[str, str], whole: str
) -> list[File]:
    """Metadata, sitemap and feed: what wants full addresses."""
    kept = [p for p in made if not redirects.only_forwards(p.path)]
    issued = _issued(ed)

    def metadata(name: str) -> bytes:
        package = catalogue_dcat.Download(
            downloads.package_path(ed.name), "Alle cijfers als datapakket",
            "Tabellen als CSV met uitleg, bronnen en voorwaarden (Frictionless, CSV on the Web).", len(_package(ed)),
        )  # fmt: skip
        figures = [
            catalogue_dcat.Download(path, title, "Alleen dit cijfer: de waarden per gemeente en regio.")
            for path, title in csvs.items()
        ]
        return catalogue_dcat.files(_described(ed, base), [package, *figures], office)[name]

    about = dg.of(whole, base, repr(office), sorted(csvs.items()))
    found = [File(name, partial(metadata, name), about) for name in (catalogue_dcat.TURTLE, catalogue_dcat.JSON_LD)]
    content = {sitemap.SITEMAP: sitemap.sitemap(kept, base, ed.day)}
    if issued:
        content[sitemap.FEED] = sitemap.feed(issued, base, links.DATA)
    return [*found, *(File(path, c, dg.of(c)) for path, c in content.items())]


def _described(ed: Edition, base: str) -> catalogue_dcat.Described:
    first, final = downloads.years(ed)
    d = ed.definitions
    text = (
        f"{len(d.indicators)} cijfers over brede welvaart van de {len(d.regions)} regio’s in het Nationaal Programma "
        f"Vitale Regio’s en van alle {len(ed.snapshot.municipalities)} gemeenten, met het oordeel naast Nederland en wat "
        "nodig is om een cijfer te begrijpen en na te rekenen."
    )
    return catalogue_dcat.Described(
        base, ed.name, ed.day, first, final, downloads.sources(ed), links.DATA, links.METHOD, text
    )


def _issued(ed: Edition) -> list[sitemap.Issued]:
    """The editions that are kept, with the day of their figures."""
    found = []
    for name, folder in compare.editions(ed.snapshot.folder):
        day = ed.day if name == ed.name else made_on(store.read_manifest(folder))
        if day:
            found.append(sitemap.Issued(name, day))
    return found


def _regions(ed: Edition, base: str, app: str, whole: str) -> list[File]:
    found = []
    for r in ed.definitions.regions:
        numbers, sheet = downloads.region_paths(r.id)
        found += [
            File(numbers, partial(downloads.region_csv, ed, r, base + links.region(r.id)), whole),
            File(sheet, partial(downloads.factsheet, ed, r, app), whole),
        ]
    return found


def _pictures(ed: Edition, made: Sequence[Page]) -> list[File]:
    lies = dg.of(
        repr(ed.snapshot.manifest.get("files", {}).get(MAP)), [(r.id, r.codes) for r in ed.definitions.regions]
    )
    found = [(p, social.image_path(p)) for p in made]
    return [File(path, partial(_card, ed, p), _card_digest(p, ed.name, lies)) for p, path in found if path]


def _card(ed: Edition, page: Page) -> bytes:
    ground = _once(ed, "ondergrond", lambda: cards.ground(ed.outlines, {r.id: r.codes for r in ed.definitions.regions}))
    return cards.card(page, ed.name, ground)


def _card_digest(page: Page, edition: str, lies: str) -> str:
    """Of what the picture shows, and no more: another sentence below on the page does not draw it again."""
    figure = page.figure
    shown: Any = page.path
    if isinstance(figure, MapFigure):
        shown = (figure.classed, figure.classes)
    elif isinstance(figure, TrendFigure):
        shown = figure.series
    elif isinstance(figure, StripFigure):
        shown = (figure.region, figure.municipalities, figure.benchmark)
    source = figure.source if figure else ""
    return dg.of(page.title, page.description, source, edition, lies, repr(shown), _drawn_with())


@cache
def _drawn_with() -> str:
    """The code and the library that draw the pictures."""
    own = [Path(str(m.__file__)).read_bytes() for m in (cards, style)]
    return dg.of(*own, PIL.__version__)


def _embeds(ed: Edition, made: Sequence[Page], base: str) -> list[File]:
    day = told_date(ed.day) if ed.day else ""

    def draw(page: Page) -> bytes:
        return embed.render(page, ed.shapes, day, base).encode()

    found = [(p, embed.embed_path(p)) for p in made]
    return [File(f"{path}index.html", partial(draw, p), dg.of("insluiten", p.digest)) for p, path in found if path]


def _for_servers(ed: Edition, base: str) -> list[File]:
    rules = redirects.server_files(redirects.redirects(ed.definitions, ed.snapshot.municipalities), base)
    rules[redirects.SCRIPT] = redirects.script()
    rules[sitemap.ROBOTS] = sitemap.robots(base)
    return [File(path, content, dg.of(content)) for path, content in rules.items()]
