"""The sheets that make every number of a workbook traceable: tidy data, how figures came about, and their sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from urllib.parse import parse_qs

from monitor import assessment as asm
from monitor.definitions import Indicator
from monitor.definitions.border import CrossBorderFigure
from monitor.export.pack import Exhibit, Materials, Pack
from monitor.export.sheets.base import Book, Page
from monitor.export.sheets.cells import SIDEWAYS, Column, fitted
from monitor.export.sheets.figure import coverage, remark
from monitor.figures.spec import Row
from monitor.notation import UNIT_LABELS, listing, rounded
from monitor.screens.method import Entry, compose_entry

DATA, METHOD, SOURCES = "Gegevens", "Verantwoording", "Bronnen"
CLASSES = {
    "som": "som: gemeenten bij elkaar opgeteld",
    "verhouding": "verhouding: opgetelde teller gedeeld door opgetelde noemer",
    "gewogen": "gewogen: gemiddelde van gemeenten, gewogen",
    "geen": "geen: wordt niet opgeteld of gemiddeld",
}


def add_data(book: Book, pack: Pack, names: dict[str, str]) -> None:
    """One row per figure, area and year: every number that stands in a figure of the pack.

    Codes stand last and are not printed: they are there to join tables by.
    """
    page = Page(book, DATA, pack.title)
    found = [(x, r) for x in pack.exhibits for r in x.figure.rows]
    rows = [r for _, r in found]
    decimals = [x.figure.decimals for x, _ in found]
    known = [not math.isnan(r.value) for r in rows]
    columns = [
        Column("figuur", [float(x.number) for x, _ in found], width=5),
        Column("naam", [x.indicator.full_name if x.indicator else x.figure.caption for x, _ in found]),
        Column("gebied", [r.name for r in rows]),
        Column("jaar", [r.year for r in rows], width=6, year=True),
        Column("waarde", [r.value for r in rows], decimals, 8),
        Column("ondergrens", [r.lower for r in rows], decimals, 8),
        Column("bovengrens", [r.upper for r in rows], decimals, 8),
        Column("dekking (%)", [coverage(r) for r in rows], width=8),
        Column("status", [_status(r) if k else "onbekend" for r, k in zip(rows, known, strict=True)]),
        Column("oordeel", [r.word for r in rows]),
        Column("eenheid", [UNIT_LABELS[x.figure.unit] for x, _ in found]),
        Column("opmerking", [remark(r, names) for r in rows]),
    ]
    columns, _ = fitted(columns, SIDEWAYS)
    printed = len(columns) - 1
    columns.append(Column("indicator id", [_id_of(x) for x, _ in found]))
    columns.append(Column("gebied code", [r.area for r in rows]))
    last = page.table(0, 0, columns) - 1
    page.freeze(0, 3)
    page.paper((0, 0, last, printed))


def _status(row: Row) -> str:
    return row.status or asm.FINAL


def _id_of(exhibit: Exhibit) -> str:
    """Id of what a figure shows: of an indicator, or of a figure across the border."""
    if exhibit.indicator:
        return exhibit.indicator.id
    return parse_qs(exhibit.figure.link.partition("?")[2]).get("grenscijfer", [""])[0]


def add_method(book: Book, pack: Pack, materials: Materials) -> None:
    """How each figure came about, and which tables it comes from."""
    indicators = _indicators(pack)
    entries = [compose_entry(materials.definitions, materials.snapshot, i, ()) for i in indicators]
    about = [_about(pack, materials, e) for e in entries]
    about += [_abroad(pack, materials, f) for f in _border_figures(pack, materials)]
    page = Page(book, METHOD, pack.title)
    told = [(a, topic, a[topic]) for a in about for topic in _TOPICS if a.get(topic)]
    columns = [
        Column("naam", [a["naam"] for a, _, _ in told], width=29),
        Column("onderwerp", [t for _, t, _ in told], width=26),
        Column("uitleg", [x for _, _, x in told], width=90),
        Column("indicator", [a["indicator"] for a, _, _ in told], width=24),
    ]
    starts = {k for k, (a, _, _) in enumerate(told) if k and told[k - 1][0] is not a}
    page.table(0, 0, columns, firsts=starts)
    page.freeze(0, 2)
    for k, (_, topic, x) in enumerate(told, 1):
        if topic == _LINK:
            page.link(k, 2, str(x), str(x), inside=True)
    _sources(book, pack, entries)


_LINK = "link naar de bron"
# What is told of each figure, in this order; nothing where there is nothing to tell.
_TOPICS = (
    "in figuur", "wat het is", "eenheid", "klasse", "reden van de klasse", "methode", "gewicht", "jaar",
    "dekking van de regio (%)", "brontabel", _LINK, "licentie", "editie", "breuken", "niet bruikbaar", "let op",
    "wat het niet laat zien",
)  # fmt: skip


def _indicators(pack: Pack) -> list[Indicator]:
    """Every indicator of the pack: those of figures first."""
    found = [x.indicator for x in pack.exhibits if x.indicator] + [x.indicator for x in pack.summary]
    return list({i.id: i for i in found}.values())


def _border_figures(pack: Pack, materials: Materials) -> list[CrossBorderFigure]:
    wanted = {_id_of(x) for x in pack.exhibits if x.indicator is None}
    return [f for f in materials.definitions.cross_border if f.id in wanted]


def _in_figures(pack: Pack, name: str) -> str:
    return ", ".join(str(x.number) for x in pack.exhibits if _id_of(x) == name)


def _about(pack: Pack, materials: Materials, entry: Entry) -> dict[str, str | float]:
    i, parts = entry.indicator, dict(entry.parts)
    year = _year(pack, materials, i)
    own = asm.value_of(materials.snapshot, i, pack.region.id, year) if year else None
    # The table that the latest year comes from is the last; all of them stand on the next sheet.
    tables = sorted(entry.sources, key=lambda s: s.years[-4:])
    table = tables[-1].table if tables else None
    return {
        "indicator": i.id,
        "naam": i.full_name,
        "in figuur": _in_figures(pack, i.id) or "alleen samenvatting",
        "wat het is": i.description,
        "eenheid": UNIT_LABELS[i.unit],
        "klasse": CLASSES[i.aggregation.kind],
        "reden van de klasse": i.aggregation.reason,
        "methode": parts.get("Soort cijfer", ""),
        "gewicht": _weight(materials, i),
        "jaar": str(year) if year else "",
        "dekking van de regio (%)": rounded(100 * own.coverage, 0) if own and not math.isnan(own.value) else "",
        "brontabel": f"{table.publisher}, {table.title} ({table.id})" if table else "",
        "link naar de bron": table.page if table else "",
        "licentie": table.licence if table else "",
        "editie": pack.edition,
        "breuken": " ".join(f"{b.year}: {b.reason}" for b in i.breaks),
        "niet bruikbaar": " ".join(f"{materials.definitions.region(u.region).name}: {u.reason}" for u in i.unusable),
        "let op": " ".join(x for x in (i.border_note, i.caveat) if x),
        "wat het niet laat zien": i.not_shown or "",
    }


def _year(pack: Pack, materials: Materials, indicator: Indicator) -> int | None:
    """The last year of an indicator in the pack."""
    shown = [r.year for x in pack.exhibits if x.indicator == indicator for r in x.figure.rows]
    years = materials.snapshot.years(indicator.id)
    return max(shown, default=years[-1] if years else None)


def _weight(materials: Materials, i: Indicator) -> str:
    a, quantity = i.aggregation, materials.definitions.quantity
    if a.kind == "verhouding":
        return f"{quantity(str(a.numerator)).name} / {quantity(str(a.denominator)).name}"
    if not a.weight:
        return "geen"
    return " ".join(x for x in (quantity(a.weight).name, a.substitute_weight) if x)


def _abroad(pack: Pack, materials: Materials, figure: CrossBorderFigure) -> dict[str, str | float]:
    """A figure across the border: there is nothing added up, and no judgement."""
    table = materials.definitions.table(figure.source.table)
    return {
        "indicator": figure.id,
        "naam": figure.name,
        "in figuur": _in_figures(pack, figure.id),
        "wat het is": figure.description,
        "eenheid": UNIT_LABELS[figure.unit],
        "klasse": "geen: zoals gepubliceerd",
        "reden van de klasse": "Een cijfer over de grens wordt niet opgeteld en krijgt geen oordeel.",
        "methode": f"Zoals {table.publisher} het aan beide kanten van de grens publiceert.",
        "gewicht": "geen",
        "brontabel": f"{table.publisher}, {table.title} ({table.id})",
        "link naar de bron": table.page,
        "licentie": table.licence,
        "editie": pack.edition,
        "let op": " ".join(figure.not_comparable),
    }


def _sources(book: Book, pack: Pack, entries: Sequence[Entry]) -> None:
    """Every table behind every figure, with the years that come from it."""
    found = [(e.indicator, s) for e in entries for s in e.sources]
    if not found:
        return
    page = Page(book, SOURCES, pack.title)
    columns = [
        Column("naam", [i.full_name for i, _ in found]),
        Column("tabel", [s.table.id for _, s in found]),
        Column("titel", [s.table.title for _, s in found]),
        Column("uitgever", [s.table.publisher for _, s in found]),
        Column("jaren", [s.years for _, s in found]),
        Column("nog niet definitief", [s.status for _, s in found]),
        Column("licentie", [s.table.licence for _, s in found]),
        Column("link", [s.table.page for _, s in found], width=34),
        Column("indicator", [i.id for i, _ in found]),
    ]
    columns, starts = fitted([c for c in columns if not c.empty], SIDEWAYS)
    last = page.table(0, 0, columns) - 1
    page.freeze(0)
    page.paper(*page.parts(0, (last, last + 1), len(columns) - 1, starts))
    # The address itself is text: as a link, LibreOffice would not wrap it.
    for k, (_, s) in enumerate(found, 1):
        page.link(k, 1, s.table.page, s.table.id, inside=True)


def told_goals(pack: Pack) -> str:
    """The goals of a pack in words: '2 (Voorzieningen)'."""
    return listing([f"{g.id} ({g.name})" for g in pack.goals])
