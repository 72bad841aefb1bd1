"""Own findings: the template, every fault with row and column, hostile files, the YAML folder, and saving."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pydantic import ValidationError

from monitor import dates
from monitor.access import Identity
from monitor.dialogue import own_columns as columns
from monitor.dialogue import own_store as store
from monitor.dialogue.hold import hold
from monitor.dialogue.own import PREFIX, OwnFinding, own_findings
from monitor.dialogue.own_names import fold, slug
from monitor.dialogue.own_rows import Checked, check, read_date
from monitor.dialogue.own_sheet import MOST_ROWS, Sheet, read_sheet
from monitor.dialogue.own_template import EXPLANATION, template, with_faults
from monitor.errors import SourceInvalid
from monitor.screens import own_html
from tests.spec_table import ROOT, cases, definitions, edition

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 15, 0)
EVERYWHERE = Identity("lokaal", "lokaal", frozenset(r.id for r in definitions().regions))
ENGLISH = re.compile(r"\b(should|input|valid|unable|expected|must|got|file|row|column|error|sheet)\b", re.IGNORECASE)
GOOD = {
    "soort": "knelpunt",
    "titel": "De bus komt te weinig",
    "samenvatting": "Wie geen auto heeft, komt de deur niet uit.",
    "regio’s": "Achterhoek",
    "thema’s": "Voorzieningen",
    "doelen": "2",
    "indicator 1": "Afstand tot huisarts",
    "verwachting 1": "ongunstig",
    "bron": "Verslag van ons panel",
    "datum": "2026-03-04",
    "herkomst": "dialoog",
}


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same day whenever the tests run."""
    monkeypatch.setattr(dates, "today", lambda: TODAY)


def sheet_of(*rows: dict[str, Any], headings: list[str] | None = None) -> bytes:
    """An .xlsx with these rows; a value of None leaves the cell empty."""
    book = Workbook()
    sheet = book.active
    names = headings or list(columns.headings())
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(n) for n in names])
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(*rows: dict[str, Any], mark: str = ";", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns.headings()), delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def checked(content: bytes, name: str = "blad.xlsx", **options: Any) -> Checked:
    return check(read_sheet(content, name), definitions(), **options)


def one(**changes: Any) -> Checked:
    """The check of one good row with some cells changed; an underscore in a name is a space."""
    return checked(sheet_of({**GOOD, **{k.replace("_", " "): v for k, v in changes.items()}}))


def refused(content: bytes, name: str = "blad.xlsx") -> str:
    with pytest.raises(SourceInvalid) as caught:
        checked(content, name)
    assert caught.value.message and caught.value.way_out
    assert not ENGLISH.search(str(caught.value).replace(name, "")), caught.value
    return str(caught.value)


# --- The template ---


def test_a_filled_template_comes_back_as_findings() -> None:
    book = load_workbook(io.BytesIO(template(definitions())))
    sheet = book["Bevindingen"]
    assert [c.value for c in sheet[1]] == list(columns.headings())
    for place, heading in enumerate(columns.headings(), start=1):
        sheet.cell(3, place).value = GOOD.get(heading)
    found = checked(saved(book))
    assert not found.faults and found.rows == (3,)
    assert found.notes == ("Rij 2 is de voorbeeldrij van het sjabloon en telt niet mee.",)
    f = found.findings[0]
    assert (f.id, f.kind, f.regions, f.themes, f.goals) == (
        "eigen-de-bus-komt-te-weinig", "knelpunt", ("achterhoek",), ("voorzieningen",), (2,),
    )  # fmt: skip
    assert [(x.id, x.expects) for x in f.indicators] == [("afstand-huisarts", "ongunstig")]
    assert (f.source.title, f.source.section, f.date) == ("Verslag van ons panel", "het geheel", "2026-03-04")


def test_the_template_holds_nothing_that_could_pass_for_a_finding() -> None:
    sheet = load_workbook(io.BytesIO(template(definitions())))["Bevindingen"]
    filled = [[c.value for c in row if c.value] for row in sheet.iter_rows(min_row=2)]
    assert all(str(v).startswith("VOORBEELD") for v in filled[0]) and not any(filled[1:])
    assert "alleen een voorbeeldrij" in refused(template(definitions()))


def test_an_example_row_that_somebody_half_changed_is_not_passed_over() -> None:
    found = one(soort="VOORBEELD: kies")
    assert not found.findings and found.faults[0].column == "soort"


def test_the_lists_of_the_template_hold_every_allowed_value_and_all_of_them_are_accepted() -> None:
    book = load_workbook(io.BytesIO(template(definitions())))
    explained, rules = book[EXPLANATION], book["Bevindingen"].data_validations.dataValidation
    assert book.sheetnames == ["Bevindingen", EXPLANATION]
    assert len(rules) == 6 + 2 * columns.FIGURES_IN_TEMPLATE - 1
    choices = columns.choices(definitions())
    headings = list(columns.headings())
    seen = set()
    for rule in rules:
        first, last = re.findall(r"\d+", rule.formula1)
        letters = str(rule.sqref).split(":")[0].rstrip("0123456789")
        heading = headings[book["Bevindingen"][f"{letters}1"].column - 1]
        key = columns.key_of(heading)
        values = [explained.cell(n, 1).value for n in range(int(first), int(last) + 1)]
        short = [explained.cell(n, 2).value for n in range(int(first), int(last) + 1)]
        names = choices.of(str(key))
        assert [names.find(str(v)) for v in values] == list(names.shown), heading
        if key not in ("goals", "expects-1", "expects-2", "expects-3"):
            assert short == list(names.shown), heading
        seen.add(str(key).split("-")[0])
    assert seen == {"kind", "regions", "themes", "goals", "indicator", "expects", "origin"}


# --- Names ---

ACCEPTED = """
    column      | typed                          | field   | becomes
    regio’s     | ZUID LIMBURG                   | regions | zuid-limburg
    regio’s     | noard fryslân                  | regions | noard-fryslan
    regio’s     | noard-fryslan, de Achterhoek   | regions | noard-fryslan achterhoek
    regio’s     | Twente; twente;                | regions | twente
    regio’s     | Alle regio's                   | regions | alle
    thema’s     | materiele welvaart; wonen      | themes  | materiele-welvaart wonen
    thema’s     |                                | themes  |
    doelen      | 1, 3                           | goals   | 1 3
    doelen      | doel 2                         | goals   | 2
    soort       | OPGAVE                         | kind    | opgave
    herkomst    | Interview                      | origin  | interview
    datum       | 4-3-2026                       | date    | 2026-03-04
    datum       | 4 maart 2026                   | date    | 2026-03-04
    datum       | maart 2026                     | date    | 2026-03
    datum       | 2026-03                        | date    | 2026-03
"""


@pytest.mark.parametrize("case", cases(ACCEPTED))
def test_names_are_accepted_as_people_type_them(case: dict[str, str]) -> None:
    found = one(**{case["column"]: case["typed"]})
    assert not found.faults, found.faults
    value = getattr(found.findings[0], case["field"])
    assert (value if isinstance(value, str) else " ".join(str(v) for v in value)) == case["becomes"]


def test_what_excel_makes_of_dates_and_goals_is_understood() -> None:
    """'1,3' becomes a number in a Dutch Excel, and a day becomes a date."""
    found = one(doelen=1.3, datum=dt.datetime(2026, 3, 4))
    assert found.findings[0].goals == (1, 3) and found.findings[0].date == "2026-03-04"
    assert one(doelen=2).findings[0].goals == (2,)


@pytest.mark.parametrize("typed", ["31-2-2026", "2026-13", "ergens in maart", "4-3-26", "0000-01", "12"])
def test_what_is_no_date_is_none(typed: str) -> None:
    assert read_date(typed) == ""


def test_slugs_end_at_a_word() -> None:
    assert slug("Één huisarts, té ver!") == "een-huisarts-te-ver" and slug("!!!") == ""
    assert len(slug("woord " * 40)) <= 60 and not slug("woord " * 40).endswith("-")
    assert fold("Noord- en Oost–Groningen") == fold("noord en oost groningen")


# --- Faults ---

FAULTS = """
    column        | typed            | says
    thema’s       | gezondhied       | Rij 2, kolom ‘thema’s’: ‘gezondhied’ bestaat niet. Bedoelde u ‘gezondheid’?
    regio’s       | Achterhoeck      | Rij 2, kolom ‘regio’s’: ‘Achterhoeck’ bestaat niet. Bedoelde u ‘Achterhoek’?
    regio’s       | alle; Twente     | Rij 2, kolom ‘regio’s’: ‘alle’ staat naast een regio. Kies ‘alle’ of noem de regio’s.
    soort         | klacht           | Rij 2, kolom ‘soort’: ‘klacht’ bestaat niet. Mogelijk zijn: opgave, kenmerk, knelpunt, behoefte, idee, verhaal, spanning.
    doelen        | 4                | Rij 2, kolom ‘doelen’: ‘4’ bestaat niet. Mogelijk zijn: 1, 2, 3.
    datum         | 31-2-2026        | Rij 2, kolom ‘datum’: ‘31-2-2026’ is geen datum.
    datum         | 2026-12          | Rij 2, kolom ‘datum’: ‘2026-12’ ligt in de toekomst. Kijk het jaar na.
    titel         |                  | Rij 2, kolom ‘titel’: is leeg. Vul deze cel in.
    soort         |                  | Rij 2, kolom ‘soort’: is leeg. Kies uit de lijst.
    indicator 1   | Overgewigt       | Rij 2, kolom ‘indicator 1’: ‘Overgewigt’ bestaat niet. Bedoelde u ‘Overgewicht’?
    indicator 1   |                  | Rij 2, kolom ‘indicator 1’: is leeg, maar de verwachting ernaast is ingevuld.
    verwachting 1 |                  | Rij 2, kolom ‘verwachting 1’: is leeg. Kies wat u van het cijfer verwacht
    verwachting 1 | stijgd           | Rij 2, kolom ‘verwachting 1’: ‘stijgd’ bestaat niet. Bedoelde u ‘stijgt’?
    citaat        | Ik kom nergens   | Rij 2, kolom ‘toestemming’: bij een citaat hoort toestemming
    samenvatting  | Bel 0314-123456  | Rij 2, kolom ‘samenvatting’: hier staat een telefoonnummer of e-mailadres.
    samenvatting  | a@bc.nl zegt dit | Rij 2, kolom ‘samenvatting’: hier staat een telefoonnummer of e-mailadres.
"""  # noqa: E501


@pytest.mark.parametrize("case", cases(FAULTS))
def test_a_fault_names_row_and_column(case: dict[str, str]) -> None:
    found = one(**{case["column"]: case["typed"] or None})
    assert not found.findings
    assert [f.told for f in found.faults if f.told.startswith(case["says"])], [f.told for f in found.faults]
    assert not any(ENGLISH.search(f.told) for f in found.faults)


def test_what_a_figure_cannot_answer_is_refused() -> None:
    without = next(i for i in definitions().indicators if i.direction == "geen" and i.aggregation.kind == "gewogen")
    found = one(indicator_1=without.id, verwachting_1="gunstig")
    assert "niet gunstig of ongunstig" in found.faults[0].told
    counted = next(i for i in definitions().indicators if i.aggregation.kind == "geen")
    assert "geen oordeel" in one(indicator_1=counted.full_name, verwachting_1="stijgt").faults[0].told
    assert not one(indicator_1=counted.full_name, verwachting_1="meet dit niet").faults


def test_a_figure_twice_and_a_fourth_figure() -> None:
    twice = one(indicator_2="afstand-huisarts", verwachting_2="stijgt")
    assert twice.faults[0].column == "indicator 2"
    names = [*columns.headings(), "cijfer 4", "verwachting 4"]
    more = checked(sheet_of({**GOOD, "cijfer 4": "Overgewicht", "verwachting 4": "hoger"}, headings=names))
    assert [x.id for x in more.findings[0].indicators] == ["afstand-huisarts", "overgewicht"]


def test_all_faults_come_at_once_and_the_good_rows_too() -> None:
    other = {**GOOD, "titel": "De bus komt te laat"}
    found = checked(sheet_of({**GOOD, "soort": "x", "doelen": "9", "datum": ""}, GOOD, {**GOOD, "regio’s": "q"}, other))
    assert {(f.row, f.column) for f in found.faults} >= {(2, "soort"), (2, "doelen"), (2, "datum"), (4, "regio’s")}
    assert found.rows == (5,) and found.findings[0].title == "De bus komt te laat"
    # The title of row 3 stands in row 2 as well.
    assert next(f for f in found.faults if f.row == 3).told.startswith("Rij 3, kolom ‘titel’: dezelfde titel staat al")
    assert found.wrong_rows == 3


def test_a_text_that_is_too_long_names_its_length() -> None:
    assert "is 2.500 tekens lang; er passen er 2.000. Kort de tekst in." in one(samenvatting="a" * 2_500).faults[0].told


def test_the_file_comes_back_whole_with_what_is_wrong_and_can_be_sent_again() -> None:
    names = [*columns.headings(), "opmerking"]
    rows = ({**GOOD, "opmerking": "bewaar mij"}, {**GOOD, "titel": "=1+1", "thema’s": "gezondhied"})
    first = checked(sheet_of(*rows, headings=names))
    assert "‘opmerking’" in first.notes[0]
    back = with_faults(first)
    sheet = load_workbook(io.BytesIO(back)).active
    assert [c.value for c in sheet[1]][-2:] == ["opmerking", "wat er niet klopt"]
    assert sheet.cell(2, len(names)).value == "bewaar mij" and not sheet.cell(2, len(names) + 1).value
    assert "‘gezondhied’ bestaat niet" in str(sheet.cell(3, len(names) + 1).value)
    # What was a formula is text now: a spreadsheet shows it and never works it out.
    cell = sheet.cell(3, names.index("titel") + 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    again = checked(back)
    assert [f.told for f in again.faults] == [f.told for f in first.faults]
    assert not any("wat er niet klopt" in n for n in again.notes)


# --- Columns ---


def test_missing_columns_are_named_with_the_nearest() -> None:
    names = [h for h in columns.headings() if h not in ("titel", "bron")] + ["tittel"]
    told = refused(sheet_of({**GOOD, "tittel": "x"}, headings=names))
    assert told == "De kolommen ‘titel’ en ‘bron’ ontbreken. ‘tittel’: Bedoelde u ‘titel’?"


def test_a_column_that_stands_twice_is_named() -> None:
    assert "‘titel’ staat er twee keer in" in refused(sheet_of(GOOD, headings=[*columns.headings(), "Titel"]))


def test_headings_may_stand_lower_and_be_written_otherwise() -> None:
    book = Workbook()
    book.active.append(["Panel van het voorjaar"])
    book.active.append([])
    book.active.append([h.replace("’", "'").upper() for h in columns.headings()])
    book.active.append([])
    book.active.append([GOOD.get(h) for h in columns.headings()])
    found = checked(saved(book))
    assert found.rows == (5,) and not found.faults


def test_text_in_a_column_without_a_name_and_other_sheets_are_told() -> None:
    book = load_workbook(io.BytesIO(sheet_of(GOOD)))
    book.active.cell(2, len(columns.headings()) + 2).value = "los"
    book.create_sheet("Kladblok")
    notes = " ".join(checked(saved(book)).notes)
    assert "kolom zonder naam" in notes and "‘Kladblok’" in notes


# --- Hostile and damaged files ---


def test_a_formula_is_text_and_told() -> None:
    found = one(titel='=HYPERLINK("http://example.org","klik")')
    assert found.findings[0].title == '=HYPERLINK("http://example.org","klik")'
    assert found.notes[0].startswith("Rij 2, kolom ‘titel’: hier staat een formule.")
    assert one(datum="=TODAY()").faults[0].column == "datum"
    told = checked(csv_of({**GOOD, "titel": "=1+1"}), "blad.csv")
    assert told.findings[0].title == "=1+1" and "formule" in told.notes[0]


def test_script_is_shown_as_text() -> None:
    hostile = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    found = one(titel=hostile, samenvatting=f"{hostile}\n\n# kop", citaat=hostile, toestemming=hostile, bureau=hostile)
    f = found.findings[0]
    assert "\n" not in f.summary
    region = definitions().region("achterhoek")
    held = hold(definitions(), edition(), f, region)
    for made in (own_html.voice(f, held, own_html.whose(f, region)), own_html.card(f, definitions())):
        assert "<script" not in made and "<img" not in made and "&lt;script&gt;" in made and "\n" not in made
        assert "Eigen bevinding" in made
    wrong = one(soort=hostile)
    assert "<script" not in own_html.faults(wrong.faults) + own_html.notes([hostile])


def test_signs_that_turn_or_end_a_line_are_taken_out() -> None:
    book = load_workbook(io.BytesIO(sheet_of({**GOOD, "titel": "De bus\u202eregel\u2066 komt\tte\nweinig"})))
    assert checked(saved(book)).findings[0].title == "De busregel komt te weinig"


def repacked(content: bytes, part: str, change: Any) -> bytes:
    """The same workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == part else data)
    return out.getvalue()


def bomb() -> bytes:
    """A small file that unpacks to more than 20 MB."""
    out = io.BytesIO(sheet_of(GOOD))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x", "w") as part:
        for _ in range(21):
            part.write(b"\0" * 1024 * 1024)
    return out.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    content = bomb()
    assert len(content) < 1_000_000
    assert "veel te groot" in refused(content)


def test_entities_in_a_workbook_are_refused() -> None:
    content = repacked(sheet_of(GOOD), "xl/worksheets/sheet1.xml", lambda _: LAUGHS)
    assert "voor de veiligheid" in refused(content)
    head = LAUGHS[: LAUGHS.index(b"]>") + 2]
    styles = repacked(sheet_of(GOOD), "xl/styles.xml", lambda d: head + d[d.index(b"<styleSheet") :])
    assert "voor de veiligheid" in refused(styles)


def ole(inside: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + inside.encode("utf-16-le") + b"\0" * 600


def other_zip(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")
    return out.getvalue()


FILES = (
    ("empty", b"", "blad.xlsx", "is leeg"),
    ("too large", b"a" * (10 * 1024 * 1024 + 1), "blad.csv", "groter dan 10 MB"),
    ("protected", ole("EncryptedPackage"), "blad.xlsx", "wachtwoord"),
    ("old Excel", ole("Workbook"), "blad.xls", "oud Excel-bestand"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00", "blad.csv", "geen rekenblad"),
    ("text with another name", b"zomaar tekst", "blad.xlsx", "geen Excel-bestand, ook al heet het zo"),
    ("a document", other_zip("word/document.xml"), "blad.xlsx", "geen Excel-werkmap"),
    ("OpenDocument", other_zip("mimetype"), "blad.ods", "geen Excel-werkmap"),
    ("half a workbook", sheet_of(GOOD)[:3000], "blad.xlsx", "geen Excel-werkmap"),
    ("no headings", b"a;b;c\n1;2;3\n", "blad.csv", "de kolommen van het sjabloon niet"),
    ("only headings", ";".join(columns.headings()).encode(), "blad.csv", "alleen de namen van de kolommen"),
    ("UTF-16", "soort;titel".encode("utf-16"), "blad.csv", "geen rekenblad"),
)


@pytest.mark.parametrize(("content", "name", "says"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(content: bytes, name: str, says: str) -> None:
    assert says in refused(content, name)


def test_rows_beyond_what_a_file_says_of_its_own_size_are_read() -> None:
    rows = [{**GOOD, "titel": f"Nummer {n}"} for n in range(5)]
    content = repacked(
        sheet_of(*rows),
        "xl/worksheets/sheet1.xml",
        lambda d: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', d),
    )
    assert len(checked(content).findings) == 5


def test_a_sheet_that_goes_on_for_ever_is_refused() -> None:
    book = load_workbook(io.BytesIO(sheet_of(GOOD)))
    book.active.cell(1_000_000, 1).value = "hier"
    assert "loopt door tot na rij 20.000" in refused(saved(book))


def test_a_damaged_part_is_told_as_a_file_that_cannot_be_read() -> None:
    content = repacked(sheet_of(GOOD), "xl/worksheets/sheet1.xml", lambda d: d[: len(d) // 2])
    assert "geen Excel-werkmap die wij kunnen lezen" in refused(content)


def test_more_rows_than_allowed_are_refused_and_exactly_as_many_are_not() -> None:
    most = csv_of(*[{**GOOD, "titel": f"t{n}"} for n in range(MOST_ROWS)])
    assert len(read_sheet(most, "a.csv").rows) == MOST_ROWS
    more = most + csv_of(GOOD).split(b"\r\n", 1)[1]
    assert "meer dan 2.000 rijen" in refused(more, "a.csv")


def test_merged_cells_are_told_for_the_rows_that_they_cover() -> None:
    book = load_workbook(io.BytesIO(sheet_of(GOOD, {**GOOD, "titel": "Twee"}, {**GOOD, "titel": "Drie"})))
    book.active.merge_cells("D2:D3")
    found = checked(saved(book))
    assert found.rows == (4,)
    assert [f.told for f in found.faults if "samengevoegd" in f.text] == [
        f"Rij {n}: de cellen D2:D3 zijn samengevoegd. Splits ze en vul elke cel in." for n in (2, 3)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_in_the_ways_that_spreadsheets_write_it(encoding: str, mark: str) -> None:
    row = {**GOOD, "regio’s": "Noard-Fryslân; Zuidoost-Fryslân", "samenvatting": "Eén regel,\nnog één; klaar"}
    found = checked(csv_of(row, mark=mark, encoding=encoding), "blad.csv")
    assert not found.faults and found.findings[0].regions == ("noard-fryslan", "zuidoost-fryslan")
    assert found.findings[0].summary == "Eén regel, nog één; klaar"


def test_a_sheet_can_be_read_whatever_its_name_is() -> None:
    assert isinstance(read_sheet(sheet_of(GOOD), "<b>x</b>.bin"), Sheet)


# --- The folder ---

YAML = """
- id: {id}
  kind: verhaal
  title: "{title}"
  summary: "Eerste regel."
  regions: [{region}]
  themes: []
  goals: [1]
  source: {{document: panel, title: "Panel", section: "vraag 3"}}
  date: "2026-03"
  origin: dialoog
"""


def entry(name: str = "op-het-plein", title: str = "Op het plein", region: str = "twente", more: str = "") -> str:
    return YAML.format(id=name, title=title, region=region) + more


def test_a_folder_without_files_or_without_itself_holds_nothing(tmp_path: Path) -> None:
    assert own_findings(tmp_path / "weg", definitions()).findings == ()
    (tmp_path / "leeg.yaml").write_text("# nog niets\n", encoding="utf-8")
    assert own_findings(tmp_path, definitions()).problems == ()


def test_a_file_by_hand_is_read_and_its_ids_never_clash_with_ours(tmp_path: Path) -> None:
    ours = definitions().findings[0].id
    (tmp_path / "a.yaml").write_text(entry(ours), encoding="utf-8")
    found = own_findings(tmp_path, definitions())
    assert [f.id for f in found.findings] == [f"{PREFIX}{ours}"] and not found.problems
    assert not any(f.id.startswith(PREFIX) for f in definitions().findings)
    assert found.of_region("twente") and not found.of_region("achterhoek")


BROKEN = """
    case             | text                                  | says
    no yaml          | - id: [                               | is geen geldige YAML
    no list          | id: los                               | moet een lijst zijn
    only a text      | zomaar                                | moet een lijst zijn
    unknown field    | FIELD                                 | veld 'kleur': bestaat niet
    unknown region   | REGION                                | ‘twentee’ bestaat niet
    no consent       | QUOTE                                 | bij een citaat hoort toestemming
    no such day      | DAY                                   | geen dag of maand die bestaat
    a field twice    | TWICE                                 | staat er twee keer in
"""


@pytest.mark.parametrize("case", cases(BROKEN))
def test_a_broken_file_is_named_and_does_not_hide_the_others(tmp_path: Path, case: dict[str, str]) -> None:
    made = {
        "FIELD": entry(more="  kleur: rood\n"),
        "REGION": entry(region="twentee"),
        "QUOTE": entry(more='  quote: "Ja"\n'),
        "DAY": entry().replace("2026-03", "2026-13"),
        "TWICE": entry(more="  themes: []\n"),
    }
    (tmp_path / "stuk.yaml").write_text(made.get(case["text"], case["text"]), encoding="utf-8")
    (tmp_path / "zgoed.yaml").write_text(entry("nog-een"), encoding="utf-8")
    found = own_findings(tmp_path, definitions())
    assert [f.id for f in found.findings] == ["eigen-nog-een"]
    (problem,) = found.problems
    assert problem.file == "stuk.yaml" and problem.message.startswith("stuk.yaml") and case["says"] in problem.message
    assert problem.way_out and not ENGLISH.search(problem.message + problem.way_out)
    assert "stuk.yaml" in own_html.problems(found.problems)


def test_one_broken_entry_leaves_the_rest_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(entry() + entry("twee", region="twentee") + entry("drie"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(entry("drie"), encoding="utf-8")
    found = own_findings(tmp_path, definitions())
    assert [f.id for f in found.findings] == ["eigen-op-het-plein", "eigen-drie"]
    assert "'twee'" in found.problems[0].message and "staat ook in a.yaml" in found.problems[1].message


def test_a_quotation_without_consent_cannot_exist() -> None:
    good = one(citaat="Ik kom nergens", toestemming="op papier, 2026-03-04").findings[0]
    assert good.quote == "Ik kom nergens"
    with pytest.raises(ValidationError, match="toestemming"):
        OwnFinding.model_validate({**good.model_dump(), "consent": None})
    made = own_html.card(good, definitions())
    assert "‘Ik kom nergens’" in made and "op papier, 2026-03-04" in made


def test_the_example_in_the_docs_is_a_finding_and_cannot_pass_for_a_real_one(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "eigen-bevindingen.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "voorbeeld.yaml").write_text(example, encoding="utf-8")
    found = own_findings(tmp_path, definitions())
    assert not found.problems and found.findings[0].title.startswith("VOORBEELD")
    for column in columns.COLUMNS:
        assert f"| {column.name.replace('’', chr(39))} |" in text, column.name


def test_the_folder_stays_out_of_git_but_for_its_readme() -> None:
    rules = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "data/eigen/*" in rules and "!data/eigen/README.md" in rules and (ROOT / "data/eigen/README.md").is_file()


# --- Saving ---


def save(folder: Path, found: Checked, seen: str = "", who: Identity | None = EVERYWHERE) -> store.Kept:
    return store.save(folder, "panel.yaml", found.findings, "panel.xlsx", seen, who, definitions(), NOW)


def look(folder: Path) -> store.Before:
    return store.before(folder, "panel.yaml", own_findings(folder, definitions()))


def test_what_is_saved_is_what_was_read(tmp_path: Path) -> None:
    row = {**GOOD, "citaat": "Ja: 'zo' is het # echt", "toestemming": "op papier, 4-3-2026", "bureau": "Ons bureau"}
    found = checked(sheet_of(row, {**GOOD, "titel": "=2+2", "datum": "2026-03", "regio’s": "alle"}))
    folder = tmp_path / "nieuw"
    kept = save(folder, found)
    assert kept == store.Kept("panel.yaml", 2)
    assert own_findings(folder, definitions()).findings == found.findings
    assert [p.name for p in folder.iterdir() if not p.name.startswith(".")] == ["panel.yaml"]
    assert not list(folder.glob("*.deel"))


def test_a_second_upload_keeps_the_first_and_its_ids(tmp_path: Path) -> None:
    first = checked(sheet_of(GOOD, {**GOOD, "titel": "Weg straks"}))
    save(tmp_path, first)
    before = (tmp_path / "panel.yaml").read_bytes()
    found = look(tmp_path)
    known = {f.title: f.id for f in found.findings}
    taken = store.taken(own_findings(tmp_path, definitions()), "panel.yaml", definitions())
    second = checked(sheet_of({**GOOD, "samenvatting": "Nu anders."}), known=known, taken=taken)
    assert second.findings[0].id == first.findings[0].id
    assert [f.title for f in found.gone(second.findings)] == ["Weg straks"]
    told = own_html.replaces(found, second.findings)
    assert "met 2 bevindingen" in told and "Weg straks" in told
    kept = save(tmp_path, second, found.mark)
    assert kept.earlier == "panel-20261121-150000.yaml"
    assert (tmp_path / "eerder" / kept.earlier).read_bytes() == before
    # What is kept of before is not shown again.
    assert own_findings(tmp_path, definitions()).findings == second.findings
    third = save(tmp_path, first, look(tmp_path).mark)
    assert third.earlier == "panel-20261121-150000-2.yaml"


def test_who_comes_second_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    save(tmp_path, one())
    with pytest.raises(store.Overtaken, match=r"Iemand anders heeft ‘panel.yaml’ intussen veranderd"):
        save(tmp_path, one(titel="Anders"))
    assert own_findings(tmp_path, definitions()).findings == one().findings
    assert not (tmp_path / "eerder").exists()


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Everybody looks and saves until it is in: every version is in force or kept."""
    versions = [one(samenvatting=f"Versie {n}.") for n in range(8)]

    def write(found: Checked) -> None:
        while True:
            try:
                save(tmp_path, found, look(tmp_path).mark)
                return
            except store.Overtaken:
                continue

    threads = [threading.Thread(target=write, args=(v,)) for v in versions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    texts = [p.read_text(encoding="utf-8") for p in [tmp_path / "panel.yaml", *(tmp_path / "eerder").iterdir()]]
    assert len(texts) == 8 and all(sum(f"Versie {n}." in t for t in texts) == 1 for n in range(8))


def test_an_id_that_another_file_has_is_avoided_or_refused(tmp_path: Path) -> None:
    (tmp_path / "ander.yaml").write_text(entry("de-bus-komt-te-weinig"), encoding="utf-8")
    with pytest.raises(store.Overtaken, match="eigen-de-bus-komt-te-weinig"):
        save(tmp_path, one())
    taken = store.taken(own_findings(tmp_path, definitions()), "panel.yaml", definitions())
    other = checked(sheet_of(GOOD), taken=taken)
    assert other.findings[0].id == "eigen-de-bus-komt-te-weinig-2"
    save(tmp_path, other)
    assert len(own_findings(tmp_path, definitions()).findings) == 2


def test_only_who_may_write_for_every_region_saves(tmp_path: Path) -> None:
    twente = Identity("x", "x", frozenset({"twente"}))
    both = one(**{"regio’s": "Twente; Achterhoek"})
    assert store.not_allowed(twente, both.findings, definitions()) == ("Achterhoek",)
    assert len(store.not_allowed(twente, one(**{"regio’s": "alle"}).findings, definitions())) == 10
    assert store.not_allowed(EVERYWHERE, one(**{"regio’s": "alle"}).findings, definitions()) == ()
    for who, found in ((None, both), (twente, both)):
        with pytest.raises(store.NotKept, match="U mag niet schrijven"):
            save(tmp_path, found, who=who)
    # Nor may the findings of another region be replaced.
    save(tmp_path, one())
    mine = one(**{"regio’s": "Twente"})
    mark = look(tmp_path).mark
    with pytest.raises(store.NotKept, match="Achterhoek"):
        save(tmp_path, mine, mark, twente)
    assert own_findings(tmp_path, definitions()).findings == one().findings


def test_a_file_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "panel.yaml").write_text("- id: [", encoding="utf-8")
    assert "niet alles te lezen" in look(tmp_path).fault
    with pytest.raises(store.NotKept, match="niet alles te lezen"):
        save(tmp_path, one(), look(tmp_path).mark)
    assert (tmp_path / "panel.yaml").read_text(encoding="utf-8") == "- id: ["


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "eigen").write_text("geen map", encoding="utf-8")
    with pytest.raises(store.NotKept, match="niet te beschrijven"):
        save(tmp_path / "eigen", one())


def test_a_failure_halfway_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, one())
    mark = look(tmp_path).mark

    def fail(*_: object) -> None:
        raise OSError("schijf vol")

    monkeypatch.setattr(store, "as_yaml", lambda *_: "half")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(store.NotKept):
        save(tmp_path, one(titel="Anders"), mark)
    assert own_findings(tmp_path, definitions()).findings == one().findings


@pytest.mark.parametrize(
    ("name", "file"),
    [("Dorp 1.xlsx", "dorp-1.yaml"), ("../../etc/x.csv", "etc-x.yaml"), ("….xlsx", "eigen-bevindingen.yaml")],
)
def test_a_name_stays_in_the_folder(name: str, file: str) -> None:
    assert store.file_name(name) == file
    assert store.file_name(file) == file
