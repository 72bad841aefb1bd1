"""Entries to take along to the yearly learning event: CSV for a spreadsheet, DOCX for Word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.dates import HOME, short_date, told_date, told_moment
from monitor.definitions import Definitions
from monitor.figures.files import as_data, csv_of
from monitor.logbook.about import figure_name, finding_title, goal_name, region_name
from monitor.logbook.entry import FIELDS, LOOK_AGAIN, Entry, clean

if TYPE_CHECKING:
    from monitor.export.word.paper import Paper

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
    from monitor.export.word.paper import Paper  # loads slowly, and only who downloads needs it
    from monitor.export.word.xml import Link

    shown = [e for e in entries if not e.current.withdrawn]
    count = f"{len(shown)} aantekening{'' if len(shown) == 1 else 'en'}"
    paper = Paper(TITLE, made.astimezone(HOME).date(), TITLE)
    paper.text(TITLE, "Titel")
    paper.text(f"Keuze: {clean(choice)}. {count}. Gemaakt op {told_moment(made)}.")
    paper.text("In het logboek schrijven regio’s op wat is geprobeerd, wat daarvan is geleerd en wat er verandert.")
    paper.text(("Bron: ", Link(link, link)))
    if not shown:
        paper.text(EMPTY)
    _look_again(paper, shown, d)
    for region in dict.fromkeys(e.region for e in sorted(shown, key=lambda e: region_name(d, e.region))):
        paper.heading(region_name(d, region), 1)
        for e in shown:
            if e.region == region:
                _section(paper, e, d)
    return paper.bytes()


def _look_again(paper: Paper, shown: Sequence[Entry], d: Definitions) -> None:
    """The follow-ups with a date, soonest first, as a table."""
    dated = sorted((e.current.draft.look_again, e.id, e) for e in shown if e.current.draft.look_again)
    if not dated:
        return
    title = "Om op terug te komen"
    paper.heading(title, 1)
    rows = [(told_date(day), region_name(d, e.region), clean(e.current.draft.follow_up) or "–") for day, _, e in dated]
    paper.table(("Wanneer", "Regio", "Vervolg"), rows, (False,) * 3, title, (1, 1.2, 3))


def _section(paper: Paper, e: Entry, d: Definitions) -> None:
    from monitor.export.word.xml import Bold

    draft = e.current.draft
    subject = figure_name(d, draft.indicator) or finding_title(d, draft.finding)
    paper.heading(f"{told_date(draft.day)}{f' – {subject}' if subject else ''}", 2)
    about = [
        ("Doel", goal_name(d, draft.goal)),
        ("Cijfer", figure_name(d, draft.indicator)),
        ("Bevinding", finding_title(d, draft.finding)),
        *((label, clean(getattr(draft, name))) for name, label in FIELDS.items()),
        (LOOK_AGAIN, told_date(draft.look_again) if draft.look_again else ""),
    ]
    for label, text in about:
        if text:
            paper.text((Bold(f"{label}: "), text))
    written = f"Aantekening {e.id}, geschreven door {clean(e.founder)} op {told_moment(e.first)}."
    if e.current.number > 1:
        written += f" Laatst gewijzigd door {clean(e.current.author)} op {told_moment(e.current.written)}."
    paper.text(written, "Bronregel")
