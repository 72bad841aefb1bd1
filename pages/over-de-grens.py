"""Over de grens: a region's COROP region beside the adjoining Belgian and German regions."""

from html import escape

import streamlit as st

from monitor.figures import html as figures
from monitor.screens import border_html as html
from monitor.screens import voices_html
from monitor.screens.border import PAGE, figure_of
from ui import controls, downloads, frame, lines
from ui.border import border_map, border_page, places


def choices(d, state, page):
    """Choose region, figure and year; the year falls back to the last with another figure."""
    regions = {b.id: d.definitions.region(b.id).name for b in d.definitions.border_regions}
    names = {f.id: f.name for f in d.definitions.cross_border}
    latest, *earlier = [str(y) for y in reversed(page.years)]
    columns = st.columns([1, 1.6, 0.7])
    with columns[0]:
        controls.choose(
            "Regio aan de grens", "w-grensregio", list(regions), page.region.id, lambda r: regions[r],
            lambda r: state.but(regions=(r,)),
        )  # fmt: skip
    with columns[1]:
        controls.choose(
            "Cijfer", "w-grenscijfer", list(names), page.definition.id, lambda f: names[f],
            lambda f: state.but(abroad=f, year=None),
        )  # fmt: skip
    with columns[2]:
        controls.choose(
            "Jaar", "w-grensjaar", [latest, *earlier], str(page.year), str, lambda y: state.but(year=int(y))
        )


def show(d, state, page):
    """Everything of one region and one figure."""
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        frame.html(html.legend(page.figure))
        frame.html(border_map(d, d.key, page.region.id, page.definition.id, page.year))
    with right:
        frame.html('<h2 class="h3">Op één schaal</h2>')
        frame.html(html.strip(page.figure))
        frame.html(f'<p class="sm">{escape(page.same)}</p>')
        frame.html(figures.source_line(page.figure, skip=len(page.figure.notes)))
    downloads.take_along(page.figure, places(d, d.key))
    downloads.table_on_demand(page.figure)

    frame.html("<h2>Door de jaren heen</h2>")
    frame.html(f"<p>{escape(page.trend.sentence)}</p>")
    lines.draw(page.trend)
    frame.html('<p class="xs mut">Kleur: COROP-gebieden van de regio. Grijs: over de grens. Zwart: Nederland.</p>')
    downloads.take_along(page.trend)
    frame.html(html.remarks(page))
    downloads.table_on_demand(page.trend)
    frame.html(figures.source_line(page.trend, skip=len(page.trend.notes)))

    frame.html("<h2>Wat dit cijfer is</h2>")
    frame.html(html.explanation(page))
    frame.html("<h2>Wat u hier niet kunt vergelijken</h2>")
    frame.html(html.limits(page))
    frame.html(f"<h2>Wat er over de grens is gezegd in {escape(page.region.spoken)}</h2>")
    cards = voices_html.voices(page.voices, page.region)
    frame.html(f'<div class="voices">{cards}</div>' if cards else "<p>Hierover is nog niets vastgelegd.</p>")
    address = "regiodialoog?zoek=grens"
    frame.html(f'<p class="sm noprint"><a href="{address}" target="_self">Alles wat er over de grens is gezegd</a></p>')


with frame.page(PAGE, default_regions=("achterhoek",), default_abroad="bbp-per-inwoner-koopkracht") as (d, state):
    region = d.definitions.region(state.regions[0])
    border = [d.definitions.region(b.id) for b in d.definitions.border_regions]
    if region not in border:
        frame.html(f"<h1>{escape(html.capital(region.spoken))} ligt niet aan de grens</h1>")
        frame.html('<p class="lead">Op deze pagina staan regio’s naast hun Belgische en Duitse buren. Kies er een:</p>')
        frame.html(html.elsewhere(border, state.abroad, PAGE))
    else:
        page = border_page(d, d.key, region.id, figure_of(d.definitions, state.abroad).id, state.year)
        frame.html(f'<h1>{escape(page.headline)}</h1><p class="lead">{escape(page.lead)}</p>')
        choices(d, state, page)
        show(d, state, page)
