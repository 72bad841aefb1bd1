"""The spreadsheet that we offer: an empty template with explanation and lists, and a sheet back with what is wrong.

Every text is written as text, never as a formula, also when it begins with '='.
"""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

from monitor.definitions import Definitions
from monitor.dialogue import own_columns as columns
from monitor.dialogue.own_rows import Checked
from monitor.dialogue.own_sheet import MOST_ROWS, SHEET

EXPLANATION = "Uitleg"
# Excel's widest sheet of rows that a list is attached to.
_LAST = MOST_ROWS + 1
_WIDE = {"titel": 44, "samenvatting": 60, "citaat": 40, "toestemming": 30, "bron": 34, "regio’s": 26, "thema’s": 24}
_SEVERAL = ("regio’s", "thema’s", "doelen")


def template(definitions: Definitions) -> bytes:
    """An empty sheet with headings, lists to choose from and one row that is clearly an example, as .xlsx."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    explained = book.create_sheet(EXPLANATION)
    headings = columns.headings()
    grey = PatternFill("solid", start_color="FFEDEFF1")
    for place, heading in enumerate(headings, start=1):
        _write(sheet, 1, place, heading).font = Font(bold=True)
        cell = _write(sheet, 2, place, _example(heading))
        cell.font, cell.fill = Font(italic=True, color="FF566472"), grey
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = _WIDE.get(heading, 20)
        # As text, so that '2026-03' stays a month and '1,3' stays two goals.
        sheet.column_dimensions[letter].number_format = "@"
        for row in range(3, 203):
            below = sheet.cell(row, place)
            below.number_format, below.alignment = "@", Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    lists = _explain(explained, definitions)
    for place, heading in enumerate(headings, start=1):
        found = lists.get(heading.rsplit(" ", 1)[0] if heading[-1].isdigit() else heading)
        if found:
            _attach(sheet, sheet.cell(1, place).column_letter, found, heading)
    return _bytes(book)


def _example(heading: str) -> str:
    """What stands in the example row: the mark, and what to fill in there; no content that could pass for real."""
    key = columns.key_of(heading) or ""
    if key.startswith("indicator"):
        return f"{columns.EXAMPLE}: kies een cijfer (mag leeg)"
    if key.startswith("expects"):
        return f"{columns.EXAMPLE}: wat u van dat cijfer verwacht"
    return f"{columns.EXAMPLE}: {columns.BY_KEY[key].explained}"


def _explain(sheet: Any, definitions: Definitions) -> dict[str, str]:
    """Fill the sheet of explanation; gives per column the cells that its list consists of."""
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 44, 90
    at = 1

    def line(first: str, second: str = "", bold: bool = False) -> None:
        nonlocal at
        for place, text in enumerate((first, second), start=1):
            cell = _write(sheet, at, place, text)
            cell.font = Font(bold=bold)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        at += 1

    for text in _INTRODUCTION:
        line(text)
        sheet.merge_cells(start_row=at - 1, start_column=1, end_row=at - 1, end_column=2)
        sheet.row_dimensions[at - 1].height = 32 if len(text) > 110 else 16
    line("")
    line("Kolom", "Wat u invult", bold=True)
    for column in columns.COLUMNS:
        line(column.name, column.explained)
    line("indicator 1, 2, 3 …", "Het cijfer waar de bevinding over gaat. Kies uit de lijst; mag leeg.")
    line("verwachting 1, 2, 3 …", "Wat de bevinding van dat cijfer verwacht. Verplicht bij een indicator.")
    choices = columns.choices(definitions)
    found: dict[str, str] = {}
    for heading, names, note in (
        ("soort", choices.kinds, "soort"),
        ("regio’s", choices.regions, "regio"),
        ("thema’s", choices.themes, "thema"),
        ("doelen", choices.goals, "doel"),
        ("verwachting", choices.expectations, "verwachting"),
        ("herkomst", choices.origins, "herkomst"),
        ("indicator", choices.indicators, "indicator"),
    ):
        line("")
        line(f"Mogelijk bij {note}", "Hetzelfde in het kort; u mag beide gebruiken", bold=True)
        first = at
        for value, shown in names.shown.items():
            line(shown, _meaning(heading, value, definitions))
        found[heading] = f"{EXPLANATION}!$A${first}:$A${at - 1}"
    return found


_INTRODUCTION = (
    "Zo voegt u eigen bevindingen toe aan de Regiomonitor.",
    "Vul op het blad Bevindingen één bevinding per rij in, vanaf rij 3. Rij 2 is een voorbeeldrij en telt niet mee.",
    "Schrijf in uw eigen woorden. Noem geen namen en maak niemand herkenbaar, bijvoorbeeld door beroep en dorp.",
    "Een citaat mag alleen met toestemming van wie het zei. Schrijf bij toestemming hoe en wanneer die is gegeven.",
    "Meer waarden in één cel scheidt u met een puntkomma (;). Hoofdletters en accenten maken niet uit.",
)


def _meaning(heading: str, value: str, definitions: Definitions) -> str:
    if heading == "verwachting":
        return f"{value}: {columns.EXPECTATION_HELP[value]}"
    if heading == "doelen":
        return next(g.name for g in definitions.goals if str(g.id) == value)
    return value


def _attach(sheet: Any, letter: str, cells: str, heading: str) -> None:
    """A list to choose from; where several values may stand, another text is allowed."""
    from openpyxl.worksheet.datavalidation import DataValidation

    several = heading in _SEVERAL
    rule = DataValidation(type="list", formula1=cells, allow_blank=True, showErrorMessage=not several)
    rule.errorTitle, rule.error = "Dit staat niet in de lijst", "Kies een naam uit de lijst of van het blad Uitleg."
    if several:
        rule.promptTitle, rule.prompt = "Een of meer", "Kies er één, of typ er meer met ; ertussen."
        rule.showInputMessage = True
    rule.add(f"{letter}3:{letter}{_LAST}")
    sheet.add_data_validation(rule)


def with_faults(checked: Checked) -> bytes:
    """The sheet as it came, with a column that tells what is wrong in each row, as .xlsx."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    told: dict[int, list[str]] = defaultdict(list)
    for fault in checked.faults:
        told[fault.row].append(fault.told.partition(", ")[2] if fault.column else fault.told.partition(": ")[2])
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    headings = checked.sheet.headings
    keep = [k for k, h in enumerate(headings) if columns.key_of(h) != "faults"]
    widest = max((len(r.cells) for r in checked.sheet.rows), default=0)
    keep += range(len(headings), widest)
    for place, k in enumerate(keep, start=1):
        _write(sheet, 1, place, headings[k] if k < len(headings) else "").font = Font(bold=True)
    last = len(keep) + 1
    _write(sheet, 1, last, columns.FAULTS).font = Font(bold=True)
    sheet.column_dimensions[sheet.cell(1, last).column_letter].width = 80
    for row in checked.sheet.rows:
        # At its own number, so that what the screen says of row 7 stands in row 7.
        at = max(row.number, 2)
        for place, k in enumerate(keep, start=1):
            _write(sheet, at, place, row.cells[k] if k < len(row.cells) else "")
        cell = _write(sheet, at, last, "\n".join(told.get(row.number, [])))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    return _bytes(book)


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """Put a text in a cell as text: a spreadsheet must not take it for a formula, also not after an edit."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text) or None
    if text:
        cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@", "\t"):
        cell.quotePrefix = True
    cell.number_format = "@"
    return cell


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
