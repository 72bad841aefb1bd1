"""The workbook of a pack: a sheet per figure with its own chart, all numbers tidy, and how each came about."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from collections.abc import Sequence

from monitor.dates import told_date
from monitor.export.pack import Line, Materials, Pack
from monitor.export.sheets.base import Book, Page
from monitor.export.sheets.cells import FONT, SIDEWAYS, SIZE, Column, cell_text, fitted
from monitor.export.sheets.data import DATA, METHOD, SOURCES, add_data, add_method, told_goals
from monitor.export.sheets.figure import Drawn, add_figure, name_of
from monitor.export.stamp import stamped
from monitor.figures.spec import ListFigure
from monitor.notation import UNIT_LABELS, rounded

GUIDE, SUMMARY = "Leeswijzer", "Samenvatting"
# Characters of the columns of the first sheet.
_GUIDE_WIDE = (15, 49, 49)
_LANGUAGE = b"<dc:language>nl-NL</dc:language>"


def xlsx_bytes(pack: Pack, materials: Materials) -> bytes:
    """Return the workbook of a pack as .xlsx.

    Numbers are numbers, unknown ones are empty cells with a remark, and every text is text. The same pack gives the
    same bytes.

    Args:
        pack: what goes into it.
        materials: definitions and edition, for where figures come from.
    """
    import xlsxwriter

    out = io.BytesIO()
    made = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # The letter of the workbook is what widths of columns are counted in.
            "default_format_properties": {"font_name": FONT, "font_size": SIZE, "font_scheme": False},
        },
    )
    made.set_properties(
        {
            "title": cell_text(pack.title)[:250],
            "subject": f"Cijfers over {pack.region.spoken}, editie {pack.edition}",
            "author": "Regiomonitor Brede Welvaart",
            "company": "Regiomonitor Brede Welvaart",
            "created": dt.datetime.combine(pack.made, dt.time()),
        }
    )
    book = Book(made)
    names = materials.snapshot.names
    _guide(book, pack)
    _summary(book, pack)
    charts = [add_figure(book, x, names) for x in pack.exhibits]
    add_data(book, pack, names)
    add_method(book, pack, materials)
    made.close()
    return _whole(out.getvalue(), [c for c in charts if c])


def _whole(raw: bytes, charts: Sequence[Drawn]) -> bytes:
    """Put in the drawings of the charts, which all Office documents share, and the language of the document."""
    drawn = {f"xl/charts/chart{k}.xml": c.xml for k, c in enumerate(charts, 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = drawn.get(entry.filename) or source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = content.replace(b"</cp:coreProperties>", _LANGUAGE + b"</cp:coreProperties>")
            target.writestr(entry.filename, content)
    return stamped(out.getvalue())


# -- first sheets ---------------------------------------------------------------------------------------------


def _guide(book: Book, pack: Pack) -> None:
    """What this workbook is, what each sheet holds, and under which terms."""
    page = Page(book, GUIDE, pack.title, upright=True)
    page.columns(0, _GUIDE_WIDE)
    wide = (0, 2)
    row = page.block(0, wide, pack.title, "titel", air=4)
    row = page.block(row, wide, pack.lead, "zin") + 1
    facts = [
        ("Regio", f"{pack.region.name} ({pack.inhabitants})" if pack.inhabitants else pack.region.name),
        ("Doel", told_goals(pack)),
        ("Vergeleken met", pack.benchmark),
        ("Editie", pack.edition),
        ("Gemaakt op", told_date(pack.made)),
    ]
    row = _told(page, row, facts)
    if pack.base:
        page.text(row, 0, "Monitor", "vet")
        row = page.block(row, (1, 2), pack.base, "tekst", pack.base)
    row = _contents(page, pack, row + 1)
    _told(page, row, _terms(pack), air=3)
    page.sheet.activate()


def _told(page: Page, row: int, told: Sequence[tuple[str, str]], air: float = 0) -> int:
    """A word and what it stands for, each line on a row of its own; returns the first row after it."""
    for label, text in told:
        page.text(row, 0, label, "vet")
        for line in text.split("\n"):
            row = page.block(row, (1, 2), line, air=air)
        row += bool(air)
    return row


def _contents(page: Page, pack: Pack, row: int) -> int:
    """The list of sheets, each with a link; returns the first row after it."""
    listed = [
        (SUMMARY, "De kerncijfers op een rij, met oordeel", ""),
        *((name_of(x), x.figure.title, x.conclusion) for x in pack.exhibits),
        (DATA, "Alle getallen uit de figuren onder elkaar", "Om zelf mee te rekenen of te filteren."),
        (METHOD, "Hoe elk cijfer tot stand komt", "Klasse, methode, gewicht, dekking, bron, licentie en breuken."),
        (SOURCES, "De tabellen achter de cijfers", "Met de jaren die eruit komen, en een link."),
    ]
    headers = ("Blad", "Wat erop staat", "In één zin")
    columns = [
        Column(h, [line[k] for line in listed], width=w)
        for k, (h, w) in enumerate(zip(headers, _GUIDE_WIDE, strict=True))
    ]
    below = page.table(row, 0, columns, filtered=False)
    for k, (name, _, _) in enumerate(listed, row + 1):
        page.link(k, 0, f"internal:'{name}'!A1", name, inside=True)
    return below + 1


def _terms(pack: Pack) -> list[tuple[str, str]]:
    """How to read the workbook, where its numbers come from, and under which terms."""
    tables = [name_of(x) for x in pack.exhibits if isinstance(x.figure, ListFigure)]
    reading = [
        "Een lege cel in een kolom met getallen betekent: geen cijfer. Dat is iets anders dan nul.",
        "Percentages staan als gewoon getal: 54,2 is 54,2%.",
        "De getallen zijn afgerond op wat het cijfer mag zeggen; oordelen rekenen met het getal van voor het afronden.",
        "Een grafiek tekent de cellen op haar eigen blad: wie een getal verandert, verandert de grafiek.",
    ]
    if tables:
        reading.append(f"Tabellen zonder grafiek: {', '.join(tables)}.")
    return [
        ("Zo leest u dit", "\n".join(reading)),
        ("Bronnen", "\n".join(s.removeprefix("Bron: ") for s in pack.sources)),
        ("Voorwaarden", pack.attribution),
    ]


def _summary(book: Book, pack: Pack) -> None:
    """The core figures as numbers, with what may be said about them."""
    page = Page(book, SUMMARY, pack.title)
    title = f"Kerncijfers: {pack.title}"
    lines = pack.summary
    if not lines:
        page.columns(0, [110])
        row = page.block(0, (0, 0), title, "titel")
        page.text(row + 1, 0, "Bij deze keuze horen geen kerncijfers.")
        return
    decimals = [x.indicator.decimals for x in lines]
    held = [_rounded(x.standing.benchmark, d) for x, d in zip(lines, decimals, strict=True)]
    values = [_rounded(x.standing.value, d) for x, d in zip(lines, decimals, strict=True)]
    columns = [
        Column("Cijfer", [x.indicator.full_name for x in lines]),
        Column("Eenheid", [UNIT_LABELS[x.indicator.unit] for x in lines]),
        Column("Jaar", [x.standing.year for x in lines], year=True, width=6),
        Column(pack.region.name, values, decimals, 9),
        Column("Ondergrens 95%", [_rounded(x.standing.lower, x.indicator.decimals) for x in lines], decimals, 9),
        Column("Bovengrens 95%", [_rounded(x.standing.upper, x.indicator.decimals) for x in lines], decimals, 9),
        Column(pack.benchmark[:1].upper() + pack.benchmark[1:], held, decimals, 9),
        # With a decimal more: a judgement is made before rounding.
        Column(
            "Verschil vóór afronden",
            [_gap(x, d + 1) for x, d in zip(lines, decimals, strict=True)],
            [d + 1 for d in decimals],
            9,
        ),
        Column("Oordeel", [x.judgement for x in lines]),
        Column("Reden van het oordeel", [x.standing.judgement.reason for x in lines]),
        Column("Dekking (%)", [_coverage(x.standing.value, x.standing.coverage) for x in lines], width=8),
        Column("Verandering", [x.change for x in lines]),
    ]
    kept, starts = fitted([c for c in columns if not c.empty], SIDEWAYS)
    wide = (0, page.under(kept, starts))
    row = page.block(0, wide, title, "titel") + 1
    below = page.table(row, 0, kept)
    page.freeze(row)
    end = page.block(below + 1, wide, "Een lege cel in een kolom met getallen betekent: geen cijfer.", "stil")
    end = page.block(end, wide, f"{pack.summary_figure.source}. Editie {pack.edition}.", "stil")
    page.paper(*page.parts(row, (below - 1, end - 1), max(wide[1], len(kept) - 1), starts))


def _rounded(value: float, decimals: int) -> float:
    return rounded(float(value), decimals)


def _gap(x: Line, decimals: int) -> float:
    """The value minus the benchmark, from what was not rounded yet."""
    return _rounded(x.standing.value - x.standing.benchmark, decimals)


def _coverage(value: float, share: float) -> float:
    return math.nan if math.isnan(value) else rounded(100 * float(share), 0)
