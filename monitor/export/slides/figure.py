"""The slide of one chosen figure: conclusion, figure, what was said, the maker's note, a question, and the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.dialogue.hold import SIGNS, WORDS_ONE
from monitor.dialogue.matrix import Voiced
from monitor.export.charts.native import native_chart
from monitor.export.charts.office import add_chart
from monitor.export.fit import Paragraph, Run, shortened
from monitor.export.pack import Exhibit, Materials, Pack
from monitor.export.slides import template as tpl
from monitor.export.slides.frame import Deck, Leaf
from monitor.export.slides.shapes_map import add_map
from monitor.export.slides.table import add_table
from monitor.export.slides.text import QUIET
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import Figure, ListFigure, MapFigure
from monitor.logbook.entry import clean
from monitor.screens.basket import PAGES

# So many findings stand beside a figure.
_VOICES = 2
_SOURCE_LEAST = 9.0
# Findings are told, not quoted.
SAID = "Wat er is gezegd, in onze woorden"
_GAP = 0.55
_PAGES = {**PAGES, "methode": "Methode"}
# The first that a list of sources can do without.
_WORKED = re.compile(r"[;,] bewerking Regiomonitor$")


def add_exhibit(deck: Deck, pack: Pack, materials: Materials, exhibit: Exhibit) -> None:
    """Add the slide of a figure."""
    figure = exhibit.figure
    beside = _beside(exhibit)
    leaf = deck.add(_layout(figure, bool(beside[0])), exhibit.conclusion)
    leaf.write(tpl.SUBTITLE, *_about(exhibit), least=12.0)
    if tpl.TEXT in leaf.shapes:
        leaf.write(tpl.TEXT, *beside)
    _draw(leaf, pack, materials, figure)
    write_source(leaf, figure.source, pack.edition, exhibit.address)
    leaf.close(_notes(exhibit, pack))


def write_source(leaf: Leaf, source: str, edition: str, address: str) -> None:
    """The line at the foot: source, edition, and the page that shows it; its address stands in the notes."""
    # Without the address of the app a path leads nowhere: the page is named, and no link.
    link = address if "://" in address else ""
    told = [Run("In de monitor: "), Run(f"pagina {page_name(address)}", link=link)] if address else []
    variants = []
    for said in sources_in_short(source):
        first = Run(f"{said} Editie {edition}.")
        variants.append([Paragraph((first,)), *([Paragraph(tuple(told))] if told else [])])
        if told:
            variants.append([Paragraph((first, Run(" "), *told))])
    leaf.write(tpl.SOURCE, *variants, least=_SOURCE_LEAST)


def sources_in_short(source: str) -> list[str]:
    """A list of sources, the fullest first, in which no name is cut until nothing else is left to leave out.

    What goes stands in the speaker notes and on the last slide.
    """
    whole = source.rstrip(".")
    core = _WORKED.sub("", whole)
    names = core.split(" / ")
    fewer = [f"{' / '.join(names[:n])} en andere; zie Bronnen" for n in range(len(names) - 1, 0, -1)]
    cut = [shortened(names[0], share) for share in (0.8, 0.6, 0.4, 0.25)]
    return [f"{said}{'' if said.endswith('…') else '.'}" for said in (*dict.fromkeys((whole, core)), *fewer, *cut)]


def page_name(address: str) -> str:
    """The page of an address as the navigation calls it."""
    path = address.partition("?")[0].rstrip("/").rpartition("/")[2]
    return _PAGES.get(path, path.replace("-", " ").capitalize())


def _layout(figure: Figure, beside: bool) -> str:
    if isinstance(figure, MapFigure | BorderFigure):
        return tpl.MAP
    if isinstance(figure, ListFigure):
        return tpl.TABLE
    return tpl.VOICE if beside else tpl.WIDE


def _about(exhibit: Exhibit) -> list[list[Paragraph]]:
    """What the figure shows; where there is little room, its name is cut and what comes last, the year, stays."""
    said, status = f"Figuur {exhibit.number}. {exhibit.figure.title}", _status(exhibit.figure)
    name, comma, year = said.rpartition(", ")
    made = [f"{said}{status}"]
    if comma:
        made += [f"{shortened(name, share)}, {year}{status}" for share in (0.85, 0.7, 0.55, 0.4)]
    return [[Paragraph.of(t)] for t in made]


def _status(figure: Figure) -> str:
    """What stays visible about the values of a figure: that they may still change."""
    kinds = sorted({r.status for r in figure.rows if r.status not in ("definitief", "")})
    return f" ({' en '.join(kinds)})" if kinds else ""


def _draw(leaf: Leaf, pack: Pack, materials: Materials, figure: Figure) -> None:
    """Put the figure in its place: a map as shapes, a table, a native chart, or a sentence when there is no number."""
    ground = materials.ground(figure)
    if isinstance(figure, MapFigure | BorderFigure) and ground is not None:
        add_map(leaf, figure, ground, pack.region.id)
    elif isinstance(figure, ListFigure):
        add_table(leaf, figure.title, figure.alt, figure.content, pack.region.name)
    elif chart := native_chart(figure):
        box = leaf.room_for_figure()
        frame = add_chart(leaf.slide, chart, box.left, box.top, box.width, box.height, clean(figure.alt))
        frame.name = f"Grafiek: {clean(figure.title)}"
        leaf.replace(tpl.FIGURE, frame._element)
    else:
        leaf.write(tpl.FIGURE, [Paragraph.of(f"Er is geen cijfer om te tekenen. {figure.sentence}")])


def _beside(exhibit: Exhibit) -> list[list[Paragraph]]:
    """What stands beside a figure, the fullest first, so that what fits can be chosen."""
    voices = exhibit.voices[:_VOICES]
    note = exhibit.note.strip()
    brief = shortened(note, 220 / max(len(note), 1))
    made = [
        _texts(voices, note, exhibit.question),
        _texts(voices[:1], note, exhibit.question),
        _texts(voices[:1], brief, exhibit.question),
        _texts((), brief, exhibit.question),
        _texts((), brief, ""),
    ]
    return [m for m in made if m] or [[]]


def _texts(voices: Sequence[Voiced], note: str, question: str) -> list[Paragraph]:
    made: list[Paragraph] = []

    def block(heading: str, *paragraphs: Paragraph) -> None:
        made.append(Paragraph((Run(heading, True, "tx2"),), before=_GAP * 1.6 if made else 0))
        made.extend(paragraphs)

    if note:
        block("Toelichting", Paragraph.of(note, before=0.15))
    if voices:
        block(SAID, *(p for v in voices for p in voice(v)))
    if question:
        block("Vraag voor het gesprek", Paragraph.of(question, before=0.15))
    return made


def voice(v: Voiced) -> list[Paragraph]:
    """A finding in two paragraphs: what was said, and what this figure says to it."""
    return [
        Paragraph.of(f"‘{v.finding.title}’", before=0.35),
        Paragraph((Run(f"{SIGNS[v.stance]} ", True), Run(WORDS_ONE[v.stance], colour=QUIET)), before=0.05),
    ]


def _notes(exhibit: Exhibit, pack: Pack) -> list[str]:
    """What the speaker can tell: method, notes of the figure, what was said in full, and where it comes from."""
    figure = exhibit.figure
    told = [exhibit.method, figure.sentence, *figure.notes]
    if exhibit.note.strip():
        told.append(f"Toelichting van de maker: {exhibit.note.strip()}")
    for v in exhibit.voices:
        reasons = " ".join(dict.fromkeys(h.reason for h in v.held if h.verdict == v.stance))
        told.append(f"Gezegd, in onze woorden: ‘{v.finding.title}’. {WORDS_ONE[v.stance]}. {reasons}")
    if exhibit.question:
        told.append(f"Vraag voor het gesprek: {exhibit.question}")
    told.append(f"{figure.source.rstrip('.')}. Editie {pack.edition}. Licentie: {figure.licence}.")
    if exhibit.address:
        told.append(f"In de monitor: {exhibit.address}")
    return told
