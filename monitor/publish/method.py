"""The pages about the site itself: method, data, accessibility, and that of a wrong address."""

from __future__ import annotations

from functools import partial
from html import escape

from monitor.publish import extras, links, markdown
from monitor.publish.edition import Edition
from monitor.publish.layout import contents, folded, to
from monitor.publish.page import Page
from monitor.screens import editions_html, method_html
from monitor.screens.editions import sources_of
from monitor.screens.method_text import judgement_examples, method_text
from monitor.screens.statement import statement
from monitor.state import State

LOST = "404.html"
_CHECKED = (
    "Wij tellen gemeenten op tot provincies en GGD-regio’s en leggen dat naast wat CBS daar zelf voor publiceert. Zo is "
    "te zien hoe ver onze optelling ernaast kan zitten. Meegeteld zijn gebieden waar ten minste 95% van het gewicht een "
    "cijfer heeft."
)


def pages(ed: Edition, app: str) -> list[Page]:
    """Method, data, accessibility and the page of a wrong address; ``app``: where the app is served."""
    return [
        Page(
            links.METHOD, "Hoe de cijfers tot stand komen", "Van bron naar regio: hoe de cijfers zijn opgeteld, wanneer een "
            "verschil ertoe doet, en hoe ze zijn nagerekend.", partial(_method, ed), State("methode").link(),
        ),
        Page(
            links.DATA, "Gegevens en downloads", f"De gegevens van editie {ed.name}: bestanden om mee te nemen, en hoe oud "
            "elke tabel is.", partial(_data, ed), State("edities").link(),
        ),
        Page(
            links.ACCESS, "Toegankelijkheid", "Hoe toegankelijk deze website is, wat nog niet voldoet en waar u dat meldt.",
            _access, State("toegankelijkheid").link(),
        ),
        Page(LOST, "Deze pagina is er niet", "Het adres bestaat niet op deze website.", partial(_lost, app)),
    ]  # fmt: skip


def _method(ed: Edition) -> str:
    how, more = method_text()
    before, examples = judgement_examples()
    items = [("alle-cijfers", "Alle cijfers"), ("algemeen", "Van bron naar oordeel"), ("nagerekend", "Nagerekend")]
    return (
        '<p class="lead">Van elk cijfer staat op zijn eigen pagina wat het is, hoe het is opgeteld, wat het niet laat zien '
        f"en waar het vandaan komt. Hier staat wat voor alle cijfers geldt.</p>{contents(items)}"
        f'<h2 id="alle-cijfers">Alle cijfers</h2>{method_html.all_figures(ed.definitions, ed.snapshot)}'
        f'<div id="algemeen">{markdown.html(how)}{markdown.html(before, prefix="oordeel-")}</div>'
        f"{folded('Tabellen met voorbeelden', markdown.html(examples, prefix='voorbeeld-'))}{markdown.html(more)}"
        f'<h2 id="nagerekend">Nagerekend</h2><p>{_CHECKED}</p>{method_html.checked(ed.measured)}'
    )


def _data(ed: Edition) -> str:
    sources = sources_of(ed.snapshot.manifest)
    return (
        '<p class="lead">Alle cijfers van deze website mogen vrij worden gebruikt (CC BY 4.0), met de bron erbij. Bij elk '
        "cijfer en bij elke gemeente staan de getallen als CSV en de kaart als SVG.</p>"
        f"<p>{to(links.INDICATOR, 'Alle cijfers')} · {to(links.MUNICIPALITY, 'Alle gemeenten')}</p>"
        f"{extras.data_links(ed)}"
        f'<h2 id="bronnen">Hoe oud is elke tabel?</h2><p>{escape(editions_html.sources_told(sources))}</p>'
        f"{editions_html.sources(sources)}"
    )


def _access() -> str:
    # The heading of the document is that of the page.
    return markdown.html(statement().partition("\n")[2])


def _lost(app: str) -> str:
    more = (
        f'<p>U zocht misschien <a href="{escape(app, quote=True)}">de monitor met eigen keuzes</a>.</p>' if app else ""
    )
    return (
        '<p class="lead">Het adres klopt niet, of de pagina is weggehaald.</p><ul class="list">'
        f"<li>{to('', 'Naar het overzicht')}</li><li>{to(links.SEARCH, 'Zoeken van A tot Z')}</li>"
        f"<li>{to(links.REGION, 'De elf regio’s')}</li><li>{to(links.INDICATOR, 'Alle cijfers')}</li>"
        f"<li>{to(links.MUNICIPALITY, 'Alle gemeenten')}</li></ul>{more}"
    )
