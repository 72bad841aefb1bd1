"""The first page: what stands out, and the ways in: region, figure, municipality."""

from __future__ import annotations

from html import escape

from monitor.publish import links
from monitor.publish.edition import BENCHMARK, Edition
from monitor.publish.layout import TITLE, folded, to
from monitor.publish.page import Page
from monitor.screens import overview_html as html
from monitor.screens.overview import Overview, compose_overview
from monitor.state import State


def pages(ed: Edition) -> list[Page]:
    """The first page."""
    content = compose_overview(ed.definitions, ed.snapshot, ed.composer, BENCHMARK)
    return [
        Page(
            "", content.headline, f"{TITLE}: cijfers en verhalen over de elf regio’s van het Nationaal Programma "
            "Vitale Regio’s naast elkaar.", lambda: _body(ed, content), State("overzicht").link(),
        )
    ]  # fmt: skip


def _body(ed: Edition, content: Overview) -> str:
    d = ed.definitions
    regions = "".join(f"<li>{to(links.region(r.id), r.name)}</li>" for r in d.regions)
    counts = (len(d.indicators), len(ed.snapshot.municipalities), len(d.findings))
    return (
        f'<div class="two"><div><p class="lead">{escape(content.lead)}</p>'
        "<p>Deze monitor zet naast elkaar wat cijfers laten zien en wat mensen in de regio vertelden. "
        "Wat niemand weet, heet hier onbekend.</p>"
        f'<h2 id="regio">Kies een regio</h2><ul class="cols">{regions}</ul>'
        '<h2 id="verder">Of zoek zelf</h2><ul class="list">'
        f"<li>{to(links.INDICATOR, f'Alle {counts[0]} cijfers')}, per doel en thema, elk met een kaart</li>"
        f"<li>{to(links.MUNICIPALITY, f'Alle {counts[1]} gemeenten')}, elk met al hun cijfers</li>"
        f"<li>{to(links.FINDINGS, f'Alle {counts[2]} bevindingen')}: wat er gezegd en opgeschreven is</li>"
        f"<li>{to(links.VOICES, 'Waar cijfer en verhaal botsen')}</li>"
        f"<li>{to(links.SEARCH, 'Zoeken')} in alles van A tot Z</li></ul></div>"
        f"<div>{html.small_map(ed.outlines, d)}</div></div>"
        '<h2 id="opvalt">Wat opvalt</h2><p class="mut">Boven het cijfer, daaronder wat er in de gesprekken is gezegd. '
        f'Elk teken is één regio.</p><div class="three">{"".join(map(html.highlight, content.highlights))}</div>'
        '<h2 id="doelen">Elf regio’s, drie doelen</h2><p>Elk teken is één cijfer. Hoe verder van de streep, hoe groter '
        f"het verschil met {escape(content.benchmark)}. Van het grote teken staat de waarde eronder.</p>"
        f"{html.legend(content.benchmark)}{html.table(content, d.goals)}"
        f"{folded('Welke cijfers zijn dit?', html.explained(content, d.goals))}"
    )
