"""What the page of the basket contains: its figures with what they say, and the steps that change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from monitor.definitions import Definitions
from monitor.errors import DefinitionError, ExportError, MonitorError
from monitor.export.basket import LONGEST_NOTE, LONGEST_TITLE, Basket, DocumentId, Item
from monitor.export.pack import Meeting
from monitor.export.reference import Reference
from monitor.figures.spec import Figure
from monitor.notation import listing, number

if TYPE_CHECKING:
    from monitor.export.catalogue import Catalogue

PAGE = "ab-pakket"
# A basket that nobody chose a region for.
FIRST_REGION = "achterhoek"
GONE = "Deze figuur is er niet meer"
# Pages that show figures, as the navigation calls them.
PAGES: Mapping[str, str] = {
    "kaart": "Kaart",
    "trends": "Trends",
    "vergelijken": "Vergelijken",
    "balans": "Balans",
    "regio": "Regio",
    "gemeente": "Gemeente",
    "eigen-regio": "Eigen regio",
    "over-de-grens": "Over de grens",
    "cijfer-en-verhaal": "Cijfer en verhaal",
    "plan": "Plan voor de regio",
    "trajecten": "Lopende trajecten",
}
ABOUT: Mapping[DocumentId, str] = {
    "presentatie": "Per figuur een dia met een conclusie als titel. Grafieken en tabellen zijn te bewerken.",
    "oplegger": "Het voorblad voor de vergadering: voorstel, toelichting en vragen. Wat alleen u weet, blijft een "
    "gemarkeerd veld.",
    "plan": "Wat cijfers en gesprekken aandragen voor het Plan voor de regio.",
    "werkboek": "Elke figuur op een eigen blad, met grafiek, cijfers, bron en uitleg.",
    "rapport": "Hoogstens acht pagina’s om te lezen of te mailen.",
    "factsheet": "De kerncijfers op één pagina.",
}


@dataclass(frozen=True)
class Shown:
    """A figure of a basket as the page shows it: title, one sentence, its page, its address.

    ``fault`` and ``way_out``: why it cannot be made (any more), and what to do; then it has no address.
    """

    title: str
    sentence: str = ""
    page: str = ""
    address: str = ""
    fault: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class Piece:
    """An item of a basket in its place (from 1).

    ``mark`` tells it apart from the others, also where a figure stands in the basket twice.
    """

    place: int
    mark: str
    item: Item
    shown: Shown


def look_up(catalogue: Catalogue, reference: Reference) -> Shown:
    """Say what a reference shows, or why it shows nothing."""
    # Every page knows the basket; only who looks at it waits for what makes the figures.
    from monitor.export.exhibits import conclusion

    try:
        found = catalogue.find(reference)
    except MonitorError as error:
        return Shown(GONE, fault=error.message, way_out=error.way_out)
    figure = found.figure
    return Shown(figure.title, conclusion(catalogue, found), PAGES.get(found.state.page, ""), figure.link)


def pieces_of(basket: Basket, shown: Sequence[Shown]) -> tuple[Piece, ...]:
    """The items of a basket with what they show, in order."""
    every = zip(_marks(basket), basket.items, shown, strict=True)
    return tuple(Piece(place, mark, item, look) for place, (mark, item, look) in enumerate(every, 1))


def _marks(basket: Basket) -> list[str]:
    """What tells the items apart: their reference, and which of its kind."""
    seen: dict[Reference, int] = {}
    made = []
    for item in basket.items:
        seen[item.figure] = seen.get(item.figure, 0) + 1
        made.append(f"{item.figure}~{seen[item.figure]}")
    return made


def place_of(basket: Basket, piece: Piece) -> int:
    """Where a figure stands now (from 1): another tab may have changed the order since it was drawn.

    Raises:
        ExportError: it is not in the basket any more.
    """
    marks = _marks(basket)
    if piece.mark not in marks:
        raise ExportError("Deze figuur zit niet meer in het pakket: u haalde haar in een ander tabblad weg.")
    return marks.index(piece.mark) + 1


# -- steps ------------------------------------------------------------------------------------------------------


def region_for(figure: Figure, asked: Sequence[str], definitions: Definitions) -> str:
    """The region of a new basket: that of the page or of its figure, that of its municipality, else the first one.

    Args:
        figure: the first one in the basket.
        asked: regions in the address of the page.
        definitions: what regions there are.
    """
    said = parse_qs(figure.link.partition("?")[2])
    known = {r.id for r in definitions.regions}
    named = [r for r in (*asked, *said.get("regio", ())) if r in known]
    codes = set(said.get("gemeente", ()))
    around = [r.id for r in definitions.regions if codes & set(r.codes)]
    return next(iter((*named, *around)), FIRST_REGION)


def holds(basket: Basket | None, reference: Reference) -> bool:
    """Whether a figure is in a basket."""
    return basket is not None and any(i.figure == reference for i in basket.items)


def without(basket: Basket, place: int) -> Basket:
    """The basket without the figure at a place (places count from 1)."""
    return replace(basket, items=basket.items[: place - 1] + basket.items[place:])


def moved(basket: Basket, place: int, to: int) -> Basket:
    """The basket with the figure at a place at another one; before the first is the first, after the last the last."""
    items = list(basket.items)
    items.insert(max(to, 1) - 1, items.pop(place - 1))
    return replace(basket, items=tuple(items))


def noted(basket: Basket, place: int, note: str) -> Basket:
    """The basket with a note beside the figure at a place; what is too long is cut off."""
    items = list(basket.items)
    items[place - 1] = replace(items[place - 1], note=note.strip()[:LONGEST_NOTE].rstrip())
    return replace(basket, items=tuple(items))


def titled(basket: Basket, title: str) -> Basket:
    """The basket with a title of its own; empty for the one that the monitor makes."""
    return replace(basket, title=_line(title))


def meets(basket: Basket, field: str, text: str) -> Basket:
    """The basket with a field of its meeting filled in (a name of ``Meeting``)."""
    said = _line(text) or (Meeting.body if field == "body" else "")
    return replace(basket, meeting=replace(basket.meeting, **{field: said}))


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TITLE].rstrip()


# -- sentences --------------------------------------------------------------------------------------------------


def counted(count: int) -> str:
    """A count of figures: '1 figuur', '7 figuren'."""
    return "1 figuur" if count == 1 else f"{count} figuren"


def about(basket: Basket, definitions: Definitions) -> str:
    """What a basket is, in a few words: '7 figuren voor de Achterhoek, bij doel 2'."""
    goal = f"bij doel {basket.goal}" if basket.goal else "bij alle doelen"
    return f"{counted(len(basket.items))} voor {definitions.region(basket.region).spoken}, {goal}"


def question(own: Basket, source: str, other: Basket, definitions: Definitions) -> str:
    """What is asked before another basket takes the place of one's own; ``source``: 'De link', 'Het bestand'."""
    titled_ = f" (‘{other.title}’)" if other.title else ""
    return (
        f"U hebt zelf een pakket met {counted(len(own.items))}. {source} opent een ander pakket{titled_}: "
        f"{about(other, definitions)}."
    )


def unreadable(source: str, error: MonitorError) -> str:
    """Why a link or a file does not open; ``source``: 'De link', 'Het bestand'."""
    if not isinstance(error, DefinitionError):
        return str(error)
    if source == "De link":
        return "De link naar dit pakket klopt niet. Vraag de maker om een nieuwe link."
    return f"{error.message} Kies een bestand dat op deze pagina is bewaard, of verbeter het."


def elsewhere(basket: Basket, definitions: Definitions) -> str:
    """Say which figures are about other regions than the basket; empty when none are."""
    names = {r.id: r.name for r in definitions.regions}
    others: list[str] = []
    count = 0
    for item in basket.items:
        asked = parse_qs(item.figure.link.partition("?")[2]).get("regio", [])
        if asked and basket.region not in asked:
            count += 1
            others += [names[r] for r in asked if r in names and names[r] not in others]
    if not count:
        return ""
    some = "1 figuur gaat" if count == 1 else f"{count} figuren gaan"
    return f"{some} over een andere regio ({listing(others)}) dan uw pakket ({names[basket.region]})."


def broken(pieces: Sequence[Piece]) -> str:
    """Say that figures that do not exist any more stop the making; empty when all exist."""
    places = [str(p.place) for p in pieces if p.shown.fault]
    if not places:
        return ""
    which = f"Figuur {places[0]} bestaat" if len(places) == 1 else f"De figuren {listing(places)} bestaan"
    return f"{which} niet meer. Haal dit eerst weg; dan kan het pakket worden gemaakt."


def zip_name(stem: str, day: dt.date) -> str:
    """The name of a pack: 'ab-pakket-achterhoek-doel-2-2026-11-21.zip'."""
    return f"{PAGE}-{stem}-{day.isoformat()}.zip"


def size(count: int) -> str:
    """A number of bytes as people say it: '38 kB', '1,2 MB'."""
    return f"{number(count / 1e6, 1)} MB" if count >= 1e6 else f"{number(max(count / 1e3, 1), 0)} kB"
