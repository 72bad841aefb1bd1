"""One figure as a page to show inside a page of somebody else, and the box that gives the code for it.

The page has no navigation and no script, works from 300 pixels wide and leads to its own page. Only the folder
``insluiten/`` may be framed; the server sees to that (the note in ``redirects``).
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from monitor.figures import html
from monitor.figures.spec import Figure, MapFigure, StripFigure, TrendFigure
from monitor.figures.svg import ends, strip
from monitor.publish import drawing, layout, links
from monitor.publish.page import Page
from monitor.publish.shapes import Shapes

FOLDER = "insluiten/"
# What a figure needs in pixels at a usual width, with title, sentence and source.
_HEIGHTS = {MapFigure: 1060, TrendFigure: 640, StripFigure: 420}


def embed_path(page: Page) -> str:
    """Where the figure of a page stands by itself; empty for a page without a figure that can be drawn so."""
    return f"{FOLDER}{page.path}" if isinstance(page.figure, tuple(_HEIGHTS)) else ""


def render(page: Page, shapes: Shapes, made: str = "", base: str = "") -> str:
    """The page with nothing but the figure.

    Args:
        page: a page of the site with a figure.
        shapes: the outlines, for a map.
        made: the day of the figures as it stands in a sentence; empty when unknown.
        base: full address of the site, ending in '/'; empty when unknown.

    Raises:
        ValueError: the page has no figure that can be drawn by itself.
    """
    figure, path = page.figure, embed_path(page)
    if figure is None or not path:
        raise ValueError(f"geen figuur om in te sluiten: {page.path}")
    at = links.relative(page.path, path)
    sheet, icon = (links.relative(f, path) for f in (layout.stylesheet(), f"{layout.ASSETS}merk.svg"))
    # A link in the table would open inside the frame.
    plain = replace(figure.table(), links=())
    canonical = f'<link rel="canonical" href="{escape(base + page.path, quote=True)}">\n' if base else ""
    day = f", gemaakt op {escape(made)}" if made else ""
    return (
        '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(figure.title)} – {layout.TITLE}</title>\n"
        f'<meta name="description" content="{escape(page.description, quote=True)}">\n'
        '<meta name="robots" content="noindex">\n'
        f"{canonical}"
        f'<link rel="icon" type="image/svg+xml" href="{escape(icon, quote=True)}">\n'
        f'<link rel="stylesheet" href="{escape(sheet, quote=True)}">\n</head>\n<body class="framed">\n'
        f'<main class="t"><h1>{escape(figure.title)}</h1><p class="said">{escape(figure.sentence)}</p>'
        f"{_drawn(figure, shapes)}"
        f"{layout.folded('Alle cijfers in een tabel', html.table(plain, figure.title))}"
        f'<p class="xs mut">{escape(figure.source)}. {escape(figure.licence)}. Editie {escape(figure.edition)}{day}.</p>'
        f'<p class="more"><a href="{escape(at, quote=True)}" target="_top" rel="noopener">Meer over dit cijfer in de '
        f"{layout.TITLE}</a></p></main>\n</body>\n</html>\n"
    )


def _drawn(figure: Figure, shapes: Shapes) -> str:
    if isinstance(figure, MapFigure):
        return f"{html.legend(figure)}{drawing.country_map(figure, shapes)}{_numbers(figure)}"
    if isinstance(figure, TrendFigure):
        return f"{html.lines_legend(figure)}{drawing.lines(figure)}"
    if isinstance(figure, StripFigure):
        return f"{strip(figure)}{ends(figure)}"
    return ""


def _numbers(figure: MapFigure) -> str:
    """What the numbers on a small map stand for."""
    names = {r.area: r.name for r in figure.numbered}
    items = "".join(
        f"<li><b>{x.number}</b> {escape(names.get(x.region, x.name))} {escape(x.text)}</li>"
        for x in sorted(figure.labels, key=lambda x: x.number)
    )
    return f'<ul class="nrs">{items}</ul>'


def box(page: Page, base: str) -> str:
    """How to show the figure of a page elsewhere: the code, ready to copy.

    Args:
        page: of the site.
        base: full address of the site, ending in '/'. Without one there is no code to give, and no box.
    """
    path = embed_path(page)
    if not path or not base or page.figure is None:
        return ""
    height = next(h for kind, h in _HEIGHTS.items() if isinstance(page.figure, kind))
    code = (
        f'<iframe src="{escape(base + path, quote=True)}" title="{escape(page.figure.alt, quote=True)}" '
        f'width="100%" height="{height}" style="border:0" loading="lazy"></iframe>'
    )
    told = (
        '<p class="sm"><label for="insluitcode">Zet deze code op uw eigen website. De figuur blijft gelijk met die op '
        "deze pagina.</label></p>"
        f'<textarea id="insluitcode" class="code" rows="5" readonly spellcheck="false">{escape(code)}</textarea>'
        f'<p class="sm"><a href="/{escape(path, quote=True)}">Bekijk de figuur zoals die dan te zien is</a></p>'
    )
    return layout.folded("Insluiten", told)
