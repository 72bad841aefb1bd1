"""What stands beside a figure in a document: its conclusion, how it came about, and what was said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Indicator, Region
from monitor.dialogue.matrix import Voiced
from monitor.export.catalogue import Catalogue, Found
from monitor.export.pack import Exhibit
from monitor.export.questions import about_figure
from monitor.figures.spec import Figure, MapFigure, StripFigure, TrendFigure
from monitor.screens.number_voice import ordered
from monitor.state import address

_SOURCES = {"registratie": "een registratie", "enquête": "een enquête", "schatting": "een schatting"}
_TABLE = "De tabel is gemaakt met dezelfde cijfers en oordelen als de schermen van de monitor."
_UNKNOWN = "Wat onbekend is, staat er als onbekend."
_SURE = "Een verschil telt alleen als het zeker en groot genoeg is om ertoe te doen."


def exhibit(
    catalogue: Catalogue,
    region: Region,
    benchmark: asm.BenchmarkId,
    number: int,
    found: Found,
    note: str,
    voiced: Sequence[Voiced],
    base: str,
) -> Exhibit:
    """Put together what stands beside a figure.

    Args:
        catalogue: of the edition in force.
        region: whose pack it is.
        benchmark: of the pack, for the question.
        number: place in the pack.
        found: the figure.
        note: of the maker.
        voiced: what was said in the region, held against the figures.
        base: address of the app, empty when unknown.
    """
    d, indicator = catalogue.definitions, found.indicator
    said = of_figure(d, indicator, voiced) if indicator else ()
    judged = asm.assess(catalogue.snapshot, indicator, region, found.state.year, benchmark) if indicator else None
    return Exhibit(
        number,
        found.figure,
        conclusion(catalogue, found),
        method(d, indicator, found.figure),
        note,
        indicator,
        said,
        _question(catalogue, found, judged, said) if judged else "",
        address(base, found.figure.link),
    )


def _question(catalogue: Catalogue, found: Found, judged: asm.Assessment, said: Sequence[Voiced]) -> str:
    i, area = judged.indicator, judged.value.area
    course = asm.change_of(catalogue.snapshot, i, area)
    return about_figure(found.figure, judged, course, said, catalogue.definitions.tensions(i.id, [area]))


def of_figure(definitions: Definitions, indicator: Indicator, voiced: Sequence[Voiced]) -> tuple[Voiced, ...]:
    """What was said of a figure, or of the whole that it is a part of; contradictions first.

    Each with only what this figure says to it.
    """
    names = {indicator.id, indicator.part_of}
    own = [
        Voiced(v.finding, v.region, tuple(h for h in v.held if h.indicator in names))
        for v in voiced
        if any(h.indicator in names for h in v.held)
    ]
    return ordered(own)


def conclusion(catalogue: Catalogue, found: Found) -> str:
    """One sentence that says what a figure says, complete without the figure."""
    figure = found.figure
    if isinstance(figure, MapFigure):
        return _full(figure.headline.strip())
    if isinstance(figure, TrendFigure) and found.indicator:
        said = first_sentence(figure.sentence)
        return f"{found.indicator.full_name}: {said[0].lower()}{said[1:]}" if said else _full(figure.title)
    return first_sentence(figure.sentence) or _full(figure.title)


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z‘’(])", text.strip(), maxsplit=1)[0]


def _full(text: str) -> str:
    """A text with a full stop at its end."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def method(definitions: Definitions, indicator: Indicator | None, figure: Figure) -> str:
    """Two sentences: how a figure came about, and what it does not say."""
    if indicator is None:
        return f"{_TABLE} {_full(figure.notes[0]) if figure.notes else _UNKNOWN}"
    kind = _SOURCES[sentences.method(indicator)]
    how = (
        f"{indicator.full_name}: {kind}, {_added(definitions, indicator, isinstance(figure, StripFigure | MapFigure))}."
    )
    return f"{how} {_full(indicator.not_shown or indicator.caveat or _SURE)}"


def _added(definitions: Definitions, indicator: Indicator, areas: bool) -> str:
    a = indicator.aggregation
    if a.kind == "gewogen" and a.weight:
        stand_in = " (vervangend gewicht)" if a.substitute_weight else ""
        return f"voor de regio gewogen naar {definitions.quantity(a.weight).name}{stand_in}"
    if a.kind == "verhouding":
        return "voor de regio berekend uit opgetelde aantallen"
    if a.kind == "som":
        return "voor de regio opgeteld over de gemeenten"
    return "dat niet wordt opgeteld of gemiddeld tot een regio" if not areas else "per gemeente, niet per regio"
