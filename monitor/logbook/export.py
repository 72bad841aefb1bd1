"""Entries to take along to the yearly learning event: CSV for a spreadsheet, DOCX for Word."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monitor.dates import HOME, short_date, told_date, told_moment
from monitor.definitions import Definitions
from monitor.figures.files import as_data, csv_of
from monitor.logbook.about import figure_name, finding_title, goal_name, region_name
from monitor.logbook.entry import FIELDS, LOOK_AGAIN, Entry, clean

TITLE = "Logboek van de regio’s"
EMPTY = "Bij deze keuze staat nog geen aantekening in het logboek."
_HEADERS = (
    "Nummer", "Regio", "Datum", "Doel", "Cijfer", "Bevinding", *FIELDS.values(), LOOK_AGAIN,
    "Geschreven door", "Geschreven op", "Versie", "Laatst gewijzigd door", "Laatst gewijzigd op",
)  # fmt: skip


def csv_bytes(entries: Sequence[Entry], d: Definitions, choice: str, made: datetime, link: str) -> bytes:
    """Return entries as CSV, in the form of the other downloads; withdrawn ones are left out.

    Args:
        entries: in the order of the screen.
        d: for the names.
        choice: what the reader asked for, as a phrase.
        made: now, with time zone.
        link: address of the page with this choice.
    """
    about = [("Titel", TITLE), ("Keuze", choice), ("Gemaakt op", told_moment(made)), ("Link", link)]
    rows = [[as_data(cell) for cell in _row(e, d)] for e in entries if not e.current.withdrawn]
    return csv_of([_HEADERS, *rows, [], *([label, as_data(text)] for label, text in about)])


def _row(e: Entry, d: Definitions) -> list[str]:
    v, draft = e.current, e.current.draft
    return [
        str(e.id), region_name(d, e.region), short_date(draft.day), goal_name(d, draft.goal),
        figure_name(d, draft.indicator), finding_title(d, draft.finding),
        *(clean(getattr(draft, name)) for name in FIELDS), short_date(draft.look_again),
        e.founder, _stamp(e.first), str(v.number), v.author, _stamp(v.written),
    ]  # fmt: skip


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(HOME):%d-%m-%Y %H:%M}"


def docx_bytes(entries: Sequence[Entry], d: Definitions, choice: str, made: datetime, link: str) -> bytes:
    """Return entries as a Word document in Dutch: what was asked, what comes back, and the entries per region.

    Arguments as for ``csv_bytes``; withdrawn entries are left out.
    """
    from docx import Document  # loads slowly, and only who downloads needs it

    shown = [e for e in entries if not e.current.withdrawn]
    document = Document()
    _set_up(document, made)
    document.add_heading(TITLE, level=0)
    count = f"{len(shown)} aantekening{'' if len(shown) == 1 else 'en'}"
    document.add_paragraph(f"Keuze: {clean(choice)}. {count}. Gemaakt op {told_moment(made)}.")
    document.add_paragraph(
        "In het logboek schrijven regio’s op wat is geprobeerd, wat daarvan is geleerd en wat er verandert."
    )
    document.add_paragraph(f"Bron: {clean(link)}")
    if not shown:
        document.add_paragraph(EMPTY)
    _look_again(document, shown, d)
    for region in dict.fromkeys(e.region for e in sorted(shown, key=lambda e: region_name(d, e.region))):
        document.add_heading(region_name(d, region), level=1)
        for e in shown:
            if e.region == region:
                _section(document, e, d)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, made: datetime) -> None:
    """Language, title and page of the document; the template that the library brings is American."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    properties = document.core_properties
    properties.title, properties.language, properties.author = TITLE, "nl-NL", "Regiomonitor Brede Welvaart"
    properties.created = properties.modified = made
    properties.comments = ""
    for style in document.styles.element.iter(qn("w:rPr")):
        for language in style.findall(qn("w:lang")):
            style.remove(language)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    defaults.append(language)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)


def _look_again(document: Any, shown: Sequence[Entry], d: Definitions) -> None:
    """The follow-ups with a date, soonest first, as a table."""
    dated = sorted((e.current.draft.look_again, e.id, e) for e in shown if e.current.draft.look_again)
    if not dated:
        return
    document.add_heading("Om op terug te komen", level=1)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, name in zip(table.rows[0].cells, ("Wanneer", "Regio", "Vervolg"), strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(name).bold = True
    _repeat(table.rows[0])
    for day, _, e in dated:
        texts = (told_date(day), region_name(d, e.region), clean(e.current.draft.follow_up) or "–")
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text


def _repeat(row: Any) -> None:
    """Mark a row as the header of its table, also on the next page and for a screen reader."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _section(document: Any, e: Entry, d: Definitions) -> None:
    draft = e.current.draft
    subject = figure_name(d, draft.indicator) or finding_title(d, draft.finding)
    document.add_heading(f"{told_date(draft.day)}{f' – {subject}' if subject else ''}", level=2)
    about = [
        ("Doel", goal_name(d, draft.goal)),
        ("Cijfer", figure_name(d, draft.indicator)),
        ("Bevinding", finding_title(d, draft.finding)),
        *((label, clean(getattr(draft, name))) for name, label in FIELDS.items()),
        (LOOK_AGAIN, told_date(draft.look_again) if draft.look_again else ""),
    ]
    for label, text in about:
        if text:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{label}: ").bold = True
            paragraph.add_run(text)
    written = f"Aantekening {e.id}, geschreven door {clean(e.founder)} op {told_moment(e.first)}."
    if e.current.number > 1:
        written += f" Laatst gewijzigd door {clean(e.current.author)} op {told_moment(e.current.written)}."
    document.add_paragraph(written).runs[0].italic = True
