"""The basket as HTML: its figures, what is proposed, what was made. Every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from monitor.figures.html import link
from monitor.screens.basket import Piece, size

LEAD = (
    '<p class="lead">Stukken voor een vergadering, uit figuren die u op andere pagina’s kiest: een presentatie, een '
    "oplegger, een werkboek en meer, in één bestand.</p>"
)
EMPTY = (
    "<p>Uw pakket is nog leeg. Kies op een andere pagina onder een figuur ‘In AB-pakket’, of begin hier met een "
    "voorstel.</p>"
)
MORE = (
    '<p class="sm noprint">In deze volgorde komen zij in de stukken. Meer figuren kiest u op andere pagina’s, met de '
    "knop ‘In AB-pakket’ onder een figuur.</p>"
)
KEPT = (
    '<p class="sm">Uw browser bewaart het pakket 30 dagen in één cookie, die nergens anders voor dient. Zo blijft het '
    "staan als u naar een andere pagina gaat. Wilt u het langer bewaren, of met een collega delen? Bewaar dan het "
    "bestand of de link.</p>"
)
NO_COOKIE = (
    '<p class="notice no-cookie noprint" role="status">Uw browser bewaart geen cookies. Het AB-pakket blijft daarom '
    "alleen staan zolang u deze pagina niet opnieuw laadt: neem op de pagina AB-pakket de link of het bestand mee.</p>"
)
BROKEN_COOKIE = "Het AB-pakket dat uw browser had bewaard, is niet te lezen en daarom niet geopend."


def said(message: str, way_out: str = "", role: str = "status") -> str:
    """A message to the reader."""
    bold = f"<b>{escape(message)}</b> {escape(way_out)}" if way_out else escape(message)
    return f'<p class="notice" role="{role}">{bold}</p>'


def piece(p: Piece) -> str:
    """A figure of the basket: its number, title with a link, what it says and where it stands."""
    number = f'<span class="pk-nr">{p.place}</span>'
    if p.shown.fault:
        told = f"<p><b>{escape(p.shown.fault)}</b> {escape(p.shown.way_out)}</p>"
        return f'<div class="pk gone"><h3>{number} {escape(p.shown.title)}</h3>{told}</div>'
    title = link(p.shown.address, p.shown.title)
    page = f'<p class="xs mut">Van de pagina {escape(p.shown.page)}</p>' if p.shown.page else ""
    return f'<div class="pk"><h3>{number} {title}</h3><p class="se">{escape(p.shown.sentence)}</p>{page}</div>'


def printed_note(note: str) -> str:
    """A note on paper, where no field is seen."""
    return f'<p class="only-print">{escape(note)}</p>' if note else ""


def made(files: Mapping[str, int]) -> str:
    """What is in a pack: names and sizes in bytes."""
    rows = "".join(f"<li><b>{escape(name)}</b> <span>{size(count)}</span></li>" for name, count in files.items())
    return f'<ul class="pk-files">{rows}</ul>'


def steps(names: Sequence[str], done: int) -> str:
    """The steps of making a pack: which are done, which one is going on."""
    marks = ["✓" if k < done else "…" if k == done else "○" for k in range(len(names))]
    rows = "".join(f"<li><span>{m}</span> {escape(name)}</li>" for m, name in zip(marks, names, strict=True))
    return f'<ul class="pk-files steps">{rows}</ul>'
