"""Own findings: one set of rules for rows and files by hand, hostile uploads that cost little, and the address."""

from __future__ import annotations

import datetime as dt
import io
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from monitor import dates
from monitor.__main__ import main
from monitor.check import check
from monitor.dialogue import own_rows, own_sheet
from monitor.dialogue import own_store as store
from monitor.dialogue.own import LONGEST, OwnFinding, has_contact, own_findings, stamp
from monitor.dialogue.own_rows import Busy, read_and_check
from monitor.screens import own_html
from tests.spec_table import cases, definitions, edition
from tests.test_own import (
    EVERYWHERE,
    GOOD,
    LAUGHS,
    NOW,
    TODAY,
    _day,  # noqa: F401  # the same day here as there
    checked,
    csv_of,
    entry,
    one,
    refused,
    repacked,
    sheet_of,
)

# --- Telephone numbers and dates ---

CONTACTS = """
    text                                     | contact
    schriftelijk, 04-03-2026 10:00           | nee
    Op 04-03-2026 12 mensen                  | nee
    04-03-2026 - 05-03-2026                  | nee
    04/03/2026 - 05/03/2026                  | nee
    van 2026-03-04 - 2026-03-05              | nee
    2026-03-04 10 mensen en 2026-03-05 12    | nee
    op papier, 4-3-2026                      | nee
    04.03.2026 12345                         | nee
    in 2024 en 2025, 120000 inwoners         | nee
    06-12345678                              | ja
    0543 123456                              | ja
    +31 6 12 34 56 78                        | ja
    (0543) 12 34 56                          | ja
    06-12-34-56-78                           | ja
    06 1234 5678                             | ja
    0031 6 12345678                          | ja
    Op 04-03-2026 gebeld met 06-12345678     | ja
    06-12345678 op 04-03-2026                | ja
    06-12345678, 04-03-2026                  | ja
    piet@voorbeeld.nl                        | ja
    mail naar a.b@c-d.nl                     | ja
    apenstaart @ niets                       | nee
"""


@pytest.mark.parametrize("case", cases(CONTACTS))
def test_a_number_to_call_is_no_date(case: dict[str, str]) -> None:
    assert has_contact(case["text"]) == (case["contact"] == "ja")


def test_a_long_word_is_looked_through_at_once() -> None:
    start = time.process_time()
    for text in ("a" * 30_000, "0" + "-" * 30_000, "0-" * 15_000, "04-03-" * 5_000):
        has_contact(text)
    assert time.process_time() - start < 1.0


# --- One set of rules ---

RULES = """
    field    | column       | value         | says
    title    | titel        | LONG          | tekens lang; er passen er 160
    summary  | samenvatting | LONG          | tekens lang; er passen er 2.000
    office   | bureau       | LONG          | tekens lang; er passen er 120
    quote    | citaat       | LONG          | tekens lang; er passen er 1.000
    consent  | toestemming  | LONG          | tekens lang; er passen er 200
    source   | bron         | LONG          | tekens lang; er passen er 300
    section  | plaats in de bron | LONG     | tekens lang; er passen er 300
    title    | titel        | bel 06-12345678 | telefoonnummer of e-mailadres
    summary  | samenvatting | bel 06-12345678 | telefoonnummer of e-mailadres
    office   | bureau       | bel 06-12345678 | telefoonnummer of e-mailadres
    consent  | toestemming  | bel 06-12345678 | telefoonnummer of e-mailadres
    source   | bron         | bel 06-12345678 | telefoonnummer of e-mailadres
    section  | plaats in de bron | bel 06-12345678 | telefoonnummer of e-mailadres
    date     | datum        | 2026-12       | ligt in de toekomst
    date     | datum        | 2026-11-22    | ligt in de toekomst
    date     | datum        | 1899-12       | ligt voor 1900
    regions  | regio’s      | alle; Twente  | ‘alle’ staat naast een regio
"""


@pytest.mark.parametrize("case", cases(RULES, "field", "value"))
def test_a_row_and_a_file_by_hand_have_the_same_rules(tmp_path: Path, case: dict[str, str]) -> None:
    value = "a" * 2_500 if case["value"] == "LONG" else case["value"]
    row = one(**{case["column"]: value, **({"toestemming": "op papier"} if case["field"] == "quote" else {})})
    (fault,) = row.faults
    assert fault.column == case["column"] and case["says"] in fault.text, fault.told

    good = one().findings[0].model_dump(mode="json", exclude_none=True)
    if case["field"] in ("source", "section"):
        good["source"] = {**good["source"], {"source": "title"}.get(case["field"], case["field"]): value}
    elif case["field"] == "regions":
        good["regions"] = ["alle", "twente"]
    else:
        good |= {case["field"]: value, **({"consent": "op papier"} if case["field"] == "quote" else {})}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump([good], allow_unicode=True), encoding="utf-8")
    found = own_findings(tmp_path, definitions())
    assert not found.findings and case["says"] in found.problems[0].message, found.problems


def test_exactly_as_long_as_allowed_and_today_are_accepted() -> None:
    assert not one(titel="a" * LONGEST["title"], datum=TODAY.isoformat()).faults


def test_a_quotation_that_is_refused_still_asks_for_consent() -> None:
    assert [f.column for f in one(citaat="bel 06-12345678").faults] == ["citaat", "toestemming"]


def test_a_figure_stands_once_and_its_note_follows_the_rules() -> None:
    good = one().findings[0].model_dump()
    with pytest.raises(ValidationError, match="twee keer"):
        OwnFinding.model_validate({**good, "indicators": good["indicators"] * 2})
    for note in ("a" * 301, "bel 06-12345678"):
        with pytest.raises(ValidationError, match=r"tekens|telefoonnummer"):
            OwnFinding.model_validate({**good, "indicators": [{**good["indicators"][0], "note": note}]})


def test_the_day_is_that_of_the_netherlands(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "toekomst" in one(datum="2026-11-22").faults[0].text
    monkeypatch.setattr(dates, "today", lambda: TODAY + dt.timedelta(1))
    assert not one(datum="2026-11-22").faults


# --- What an upload may cost ---


def test_twenty_megabytes_is_ample_for_the_longest_rows() -> None:
    rows = [{**GOOD, "titel": f"t{n}", "samenvatting": f"{n} {'woord ' * 300}"} for n in range(2_000)]
    content = sheet_of(*rows)
    start = time.process_time()
    found = read_sheet_rows(content)
    assert len(found) == 2_000 and time.process_time() - start < 8
    unpacked = sum(p.file_size for p in zipfile.ZipFile(io.BytesIO(content)).infolist())
    assert unpacked < own_sheet.MOST_UNPACKED == 20 * 1024 * 1024


def read_sheet_rows(content: bytes) -> tuple[own_sheet.Row, ...]:
    return own_sheet.read_sheet(content, "blad.xlsx").rows


def with_part(name: str, data: bytes) -> bytes:
    out = io.BytesIO(sheet_of(GOOD))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def test_a_sheet_of_very_many_cells_is_refused_before_it_is_read() -> None:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
    data = head + b"<c><v>1</v></c>" * 200_000 + b"</row></sheetData></worksheet>"
    start = time.process_time()
    assert "veel te groot" in refused(repacked(sheet_of(GOOD), "xl/worksheets/sheet1.xml", lambda _: data))
    assert time.process_time() - start < 1.5


def test_a_part_that_is_no_sheet_stays_small_whatever_its_name() -> None:
    styles = b"<styleSheet>" + b"<xf/>" * 300_000 + b"</styleSheet>"
    for name in ("xl/theme/x.xml", "xl/media/x.png", "xl/worksheets/x.xml"):
        assert "veel te groot" in refused(with_part(name, styles))


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"\n<!-- zo -->\n",
        b"<!--" + b"x" * 10_000 + b"-->",
        b"\xef\xbb\xbf",
    ],
    ids=["at once", "after a comment", "after a long comment", "after a mark"],
)
def test_a_document_type_is_found_in_the_first_kilobytes(begin: bytes) -> None:
    declared = begin + LAUGHS.partition(b"?>")[2]
    assert "voor de veiligheid" in refused(repacked(sheet_of(GOOD), "xl/theme/theme1.xml", lambda _: declared))
    wide = LAUGHS.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16")
    assert "voor de veiligheid" in refused(with_part("xl/media/plaatje.png", wide))


def test_only_the_first_kilobytes_of_a_part_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_part("customXml/item1.xml", b"<x>" + b"a" * 900_000 + b"</x>")
    read: list[str] = []
    whole = zipfile.ZipFile.read

    def note(self: zipfile.ZipFile, name: Any, *rest: Any) -> bytes:
        read.append(getattr(name, "filename", name))
        return whole(self, name, *rest)

    monkeypatch.setattr(zipfile.ZipFile, "read", note)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        own_sheet._unpacks_safely(archive, "blad.xlsx")
    assert read == []


def test_many_wrong_names_cost_little_and_are_told_in_few_words() -> None:
    rows = [
        {**GOOD, "titel": f"t{n}", "thema’s": ";".join(f"zomaar{n}x{k}" for k in range(30)), "doelen": f"x{n}"}
        for n in range(600)
    ]
    start = time.process_time()
    found = checked(csv_of(*rows), "blad.csv")
    assert time.process_time() - start < 4
    first = [f.told for f in found.faults if f.row == 2 and f.column == "thema’s"]
    assert len(first) == 4 and "er staan nog 27 namen die niet bestaan" in first[-1]
    goals = [f for f in found.faults if f.column == "doelen"]
    near = [f for f in goals if f.way_out == "Mogelijk zijn: 1, 2, 3."]
    # Beyond so many names, where to find them is said instead.
    assert len(goals) == 600 and 0 < len(near) < 300
    assert goals[-1].told.endswith("bestaat niet. Kies een naam van het blad Uitleg.")
    four = [f.text for f in one(**{"thema’s": "a; b; c; d"}).faults]
    assert four == [f"‘{x}’ bestaat niet" for x in "abcd"]


def test_one_file_at_a_time_is_checked() -> None:
    content = sheet_of(GOOD)
    assert own_rows._TURN.acquire(timeout=1)
    try:
        with pytest.raises(Busy, match="de monitor kijkt nu een ander bestand na"):
            read_and_check(content, "panel.xlsx", definitions(), patience=0.05)
        done: list[int] = []
        waiting = threading.Thread(
            target=lambda: done.append(len(read_and_check(content, "panel.xlsx", definitions()).findings))
        )
        waiting.start()
    finally:
        own_rows._TURN.release()
    waiting.join(timeout=10)
    assert done == [1]
    with pytest.raises(Exception, match="is leeg"):
        read_and_check(b"", "leeg.xlsx", definitions())
    assert not own_rows._TURN.locked()


# --- A folder or file that cannot be read ---


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    look = store.before(tmp_path, "panel.yaml", own_findings(tmp_path, definitions()))
    assert look.fault.startswith("Op de plaats van ‘panel.yaml’ staat iets dat niet te lezen is") and not look.findings
    with pytest.raises(store.NotKept, match="niet te lezen"):
        store.save(tmp_path, "panel.yaml", one().findings, "a.xlsx", "", EVERYWHERE, definitions(), NOW)


def test_a_folder_in_the_place_of_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "panel.yaml").mkdir()
    found = own_findings(tmp_path, definitions())
    assert [p.message for p in found.problems] == ["panel.yaml is niet te lezen."]
    assert "Kies een andere naam" in store.before(tmp_path, "panel.yaml", found).fault


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "eigen"
    assert stamp(folder) == () and not own_findings(folder, definitions()).problems
    folder.write_text("geen map", encoding="utf-8")
    found = own_findings(folder, definitions())
    assert "‘eigen’) is niet te lezen, of is geen map" in found.problems[0].message and found.problems[0].way_out
    assert "niet te beschrijven" in store.before(folder, "panel.yaml", found).fault
    # Mended, it is seen at the next look, although there are no files yet.
    before = stamp(folder)
    folder.unlink()
    folder.mkdir()
    assert stamp(folder) != before


def test_check_warns_of_a_broken_own_file_and_finds_no_fault_in_the_monitor(tmp_path: Path) -> None:
    (tmp_path / "stuk.yaml").write_text(entry(region="twentee"), encoding="utf-8")
    report = check(definitions(), edition(), tmp_path)
    assert not report.problems and len(report.warnings) == 1
    assert "stuk.yaml" in report.warnings[0] and "twentee" in report.warnings[0]
    assert check(definitions(), edition(), tmp_path / "weg").warnings == ()


def test_the_command_names_it_as_a_warning_and_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stuk.yaml").write_text("- id: [", encoding="utf-8")
    monkeypatch.setenv("REGIOMONITOR_OWN", str(tmp_path))
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("Let op: eigen bevindingen: stuk.yaml is geen geldige YAML") and "In orde" in told.out


# --- The address and the number of cards ---


def test_every_own_finding_has_an_address() -> None:
    here, all_over = one().findings[0], one(**{"regio’s": "alle"}).findings[0]
    assert own_html.link_to(here) == "eigen-bevindingen?regio=achterhoek#eigen-de-bus-komt-te-weinig"
    assert own_html.link_to(all_over) == "eigen-bevindingen#eigen-de-bus-komt-te-weinig"
    made = own_html.card(here, definitions())
    assert '<div class="own" id="eigen-de-bus-komt-te-weinig">' in made and own_html.link_to(here) in made
    # Before it is saved there is nothing to link to.
    assert "id=" not in own_html.voice(here, (), "x", addressed=False)


def test_twelve_cards_stand_in_view_and_the_rest_behind_a_count() -> None:
    pieces = [f"<i>{n}</i>" for n in range(14)]
    made = own_html.cards(pieces)
    shown, _, rest = made.partition('<details class="more">')
    assert shown.count("<i>") == 12 and rest.count("<i>") == 2 and "Nog 2 eigen bevindingen" in rest
    assert "<details" not in own_html.cards(pieces[:12]) and "Nog 1 eigen bevinding<" in own_html.cards(pieces[:13])
    assert "Hier staan er 14 van 1.020." in own_html.cards(pieces, 1_020)
    assert "Hier staan er" not in own_html.cards(pieces, 14)
