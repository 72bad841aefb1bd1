"""The cover note in Word: the form of the papers, filled from the pack, with nothing that the pack does not hold."""

from __future__ import annotations

import io
import math
import re
import time
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from docx import Document

from monitor.dialogue.hold import WORDS
from monitor.export.pack import Meeting, Pack
from monitor.export.word import oplegger
from monitor.export.word.xml import clean
from monitor.figures import style
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import ListFigure, MapFigure
from tests import office_charts as office
from tests import word_pack as packs
from tests.spec_table import SHARED, needs_shared
from tests.test_word import HOSTILE
from tests.word_file import DOCUMENT, WP, WordFile

PACKS = {"real": packs.real, "every goal": packs.every_goal, "bare": packs.bare, "hostile": packs.hostile}
# As they stand in the papers, in reading order.
LABELS = (
    "ALGEMEEN BESTUUR", "Vergadering d.d.", "Agendapunt", "Onderwerp", "Portefeuillehouder", "Voorstel:",
    "Toelichting:", "Procedure:", "Vervolgactie:", "communicatie:", "Mededeling beslissing aan:", "Bijlagen:",
    "Meegezonden:", "Ter inzage:", "Plaats van inzage:", "Consequenties:", "Financieel:", "Personeel:",
    "Nadere informatie bij:", "Tel.nr.:",
)  # fmt: skip
# What nobody but the board's own staff can write.
OPEN = {
    "besluit", "procedure", "vervolgactie", "communicatie", "mededeling", "andere-bijlagen", "ter-inzage",
    "plaats-van-inzage", "financieel", "personeel", "nadere-informatie", "telefoon",
}  # fmt: skip


def made(pack: Pack) -> WordFile:
    return WordFile(oplegger.docx_bytes(pack, office.materials()))


@cache
def file(name: str = "real") -> WordFile:
    return made(PACKS[name]())


@pytest.mark.parametrize("name", PACKS)
def test_word_finds_nothing_to_repair(name: str) -> None:
    assert file(name).faults() == []
    assert Document(io.BytesIO(file(name).raw)).core_properties.language == "nl-NL"


# -- the form -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["real", "every goal", "bare"])
def test_the_labels_of_the_form_stand_in_order(name: str) -> None:
    texts = [t for t in file(name).texts() if t in LABELS]
    assert texts == list(LABELS)


def test_what_is_known_of_the_meeting_is_filled_in() -> None:
    meeting = Meeting("Dagelijks Bestuur", "9 december 2026", "6", "Voorzieningen", "wethouder van wonen")
    found = made(replace(packs.real(), meeting=meeting))
    assert found.texts()[0] == "DAGELIJKS BESTUUR"
    wanted = {
        "vergadering": "9 december 2026",
        "agendapunt": "6",
        "onderwerp": "Voorzieningen",
        "portefeuillehouder": "wethouder van wonen",
    }
    assert {k: found.blanks[k] for k in wanted} == {k: (False, v) for k, v in wanted.items()}
    after = {label: found.texts()[found.texts().index(label) + 1] for label in LABELS[1:5]}
    assert list(after.values()) == [f": {v}" for v in wanted.values()]


@pytest.mark.parametrize("name", ["real", "every goal", "bare"])
def test_the_rest_is_marked_and_to_be_filled_in(name: str) -> None:
    found = file(name).blanks
    empty = {k for k, (is_empty, _) in found.items() if is_empty}
    assert empty == OPEN | {"vergadering", "agendapunt", "portefeuillehouder"}
    assert found["onderwerp"] == (False, PACKS[name]().title)
    assert all(found[k][1].startswith("[in te vullen: ") and found[k][1].endswith("]") for k in empty)


def test_the_proposal_takes_note_and_leaves_the_decision_open() -> None:
    texts = file().texts()
    proposal = texts[texts.index("Voorstel:") + 1 : texts.index("Toelichting:")]
    assert proposal == [
        "Kennis te nemen van de cijfers en bevindingen over voorzieningen die blijven en bereikbaar zijn in de "
        "Achterhoek.",
        "Het gesprek te voeren over de vragen in deze oplegger.",
        "[in te vullen: gevraagd besluit, of haal dit punt weg]",
    ]
    without = made(replace(packs.bare(), questions=()))
    assert "Het gesprek te voeren over de vragen in deze oplegger." not in without.texts()


@needs_shared
def test_nobody_of_the_source_is_named_and_nothing_copied() -> None:
    names = packs.source_names()
    assert len(names) > 3
    text = file().text + file("every goal").text
    assert not [n for n in names if re.search(rf"\b{re.escape(n)}\b", text)]
    assert not re.search(r"\b0\d{1,3}[ -]?\d{6,8}\b|\b06[ -]?\d{8}\b|[\w.]+@\w+\.\w+", text)
    documents = [p.read_text(encoding="utf-8", errors="replace") for p in (SHARED / "bronnen").glob("*.txt")]
    copied = set().union(*(packs.runs(t) for t in documents))
    assert len(copied) > 10_000
    # Names of tables and of documents are no sentences of a source.
    own = [t for t in file().texts() if "Bron:" not in t and "CC BY" not in t]
    assert not [t for t in own if packs.runs(t) & copied]


# -- the explanation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["real", "every goal", "bare"])
def test_every_number_of_the_summary_is_that_of_the_pack(name: str) -> None:
    pack = PACKS[name]()
    tables = [t for t in file(name).tables() if t[0][0] == "Cijfer" and t[0][4:] == ["Oordeel", "Door de jaren"]]
    assert len(tables) == len(pack.goals)
    rows = [row for t in tables for row in t[1:]]
    assert len(rows) == len(pack.summary)
    for line in pack.summary:
        (row,) = (r for r in rows if r[0].split(" (")[0] == line.indicator.full_name.split(" (")[0])
        mark = style.MARKS[line.standing.judgement.outcome].sign
        assert row[1:] == [line.year, line.value, line.benchmark, f"{mark} {line.judgement}", line.change or "–"]
        if math.isnan(line.standing.value):
            assert row[2] == "–"
    assert tables[0][0][2:4] == [pack.region.name, "Nederland"]


def test_the_explanation_tells_what_the_pack_holds() -> None:
    pack, text = packs.real(), file().text
    assert pack.lead in text and pack.attribution in text
    for part in (pack.stands.worse[:3], pack.stands.better[:2], pack.stands.worsened[:2], pack.stands.improved[:2]):
        assert all(s.sentence in text for s in part)
    for q in pack.questions:
        assert q.text in text and q.ground in text
    assert pack.changes is not None and pack.changes.paragraph in text
    assert f"Wat is er veranderd sinds {pack.changes.before}" in [t for _, t in file().headings]
    assert all(f.title.rstrip(".") in text for f in pack.tensions[:4])


def test_contradictions_come_first_and_are_all_told_as_such() -> None:
    said = [t for t in file().texts("Tekenregel") if any(w in t for w in WORDS.values())]
    told = said[: said.index(next(t for t in said if WORDS["meten niet"] in t))]
    order = [next(v for v, w in WORDS.items() if w in t) for t in told]
    assert order == sorted(order, key=["spreken tegen", "bevestigen", "meten niet"].index)
    for v in packs.real().voices:
        if v.stance == "spreken tegen":
            assert any(f"≠\t{WORDS[v.stance]}. ‘{v.finding.title}’." in t for t in said)


def test_nothing_is_told_of_changes_that_nobody_asked_for() -> None:
    assert not [t for t in file("bare").texts() if "veranderd sinds" in t]


@pytest.mark.parametrize("name", PACKS)
def test_headings_do_not_skip_a_level(name: str) -> None:
    levels = [level for level, _ in file(name).headings]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels))
    assert all(text.strip() for _, text in file(name).headings)


# -- the figures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_caption_is_counted_and_listed(name: str) -> None:
    pack = PACKS[name]()
    captions = file(name).captions
    figures = [(n, text) for label, n, text in captions if label == "Figuur"]
    assert figures == [(x.number, clean(x.figure.title).replace("\n", " ")) for x in pack.exhibits]
    assert [n for label, n, _ in captions if label == "Tabel"] == list(range(1, len(pack.goals) + 1))
    listed = file(name).texts("table of figures")
    assert sorted(listed) == sorted(f"{label} {n}. {text}" for label, n, text in captions)
    assert [t for t in listed if t.startswith("Figuur")] == [f"Figuur {n}. {text}" for n, text in figures]


@pytest.mark.parametrize("name", ["real", "every goal"])
def test_every_chart_holds_the_numbers_of_its_figure(name: str) -> None:
    found = file(name)
    charted = [
        x.figure for x in PACKS[name]().exhibits if not isinstance(x.figure, ListFigure | MapFigure | BorderFigure)
    ]
    charts = [found.relations(DOCUMENT)[e.get(e.keys()[0])][1] for e in found.body.iter(f"{office.C}chart")]
    assert len(charts) == len(charted) > 1
    for figure, part in zip(charted, charts, strict=True):
        drawn = office.Drawn(found.parts[part])
        assert drawn.numbers(figure) == office.wanted(figure)
        ((_, sheet, _),) = found.relations(part).values()
        office.check_references(drawn, office.book(found.parts[sheet]))


@pytest.mark.parametrize("name", PACKS)
def test_every_graphic_has_a_text_for_who_cannot_see_it(name: str) -> None:
    drawn = [x.figure for x in PACKS[name]().exhibits if not isinstance(x.figure, ListFigure)]
    texts = [e.get("descr") for e in file(name).body.iter(f"{WP}docPr")]
    assert len(texts) == len(drawn)
    for figure, text in zip(drawn, texts, strict=True):
        assert text.startswith(" ".join(clean(figure.alt).split())[:60]) or not isinstance(figure, MapFigure)
        assert len(text) > 20


def test_beside_a_figure_stand_its_sentence_source_and_the_note_of_the_maker() -> None:
    text = file().text
    for x in packs.real().exhibits:
        assert x.figure.sentence in text and f"{x.figure.source} ({x.figure.licence})." in text
        assert all(n in text for n in x.figure.notes), "coverage, estimates and breaks go with the figure"
        assert x.method in text
    assert "Opmerking van de maker. Let op: dit cijfer is van 2022." in text


def test_a_map_tells_what_its_numbers_are() -> None:
    (figure,) = (x.figure for x in packs.real().exhibits if isinstance(x.figure, MapFigure))
    (table,) = (t for t in file().tables() if t[0] == ["Regio", "Waarde", "Oordeel"])
    values = {label.region: label.text for label in figure.labels}
    assert [(r[0], r[1]) for r in table[1:]] == [
        (f"{k}. {r.name}", values[r.area]) for k, r in enumerate(figure.numbered, 1)
    ]
    assert [r[2][2:] for r in table[1:]] == [r.word for r in figure.numbered]


def test_a_wide_table_lies_on_its_side_and_tells_what_is_not_shown() -> None:
    found = file("every goal")
    (wide,) = (x.figure for x in packs.every_goal().exhibits if x.figure.name.startswith("vergelijk"))
    headers = wide.table().headers
    (table,) = (t for t in found.tables() if t[0][:3] == list(headers[:3]))
    assert list(headers[: len(table[0])]) == table[0] and len(table[0]) > 6
    assert {r[1] for r in table[1:]} == {"Achterhoek"}, "the own region first"
    rows, columns = len(wide.table().cells) - len(table) + 1, len(headers) - len(table[0])
    assert f"Niet getoond: {rows} andere rijen en {columns} andere kolommen." in found.text
    sections = Document(io.BytesIO(found.raw)).sections
    assert {s.page_width > s.page_height for s in sections} == {True, False}


def test_links_lead_to_the_monitor_only_when_it_is_known_where_it_stands() -> None:
    links = {t for kind, t, outside in file().relations(DOCUMENT).values() if outside and kind == "hyperlink"}
    assert {x.address for x in packs.real().exhibits} <= links
    assert all(a.startswith(packs.BASE) for a in links)
    assert not [t for _, t, outside in file("every goal").relations(DOCUMENT).values() if outside]


# -- bad text, speed ------------------------------------------------------------------------------------------


def test_bad_text_survives() -> None:
    wanted, text = clean(HOSTILE).strip(), file("hostile").text
    assert text.startswith(wanted.upper().replace("\n", " "))
    for name in ("vergadering", "agendapunt", "onderwerp", "portefeuillehouder"):
        assert file("hostile").blanks[name] == (False, wanted)
    assert text.count(wanted) > 20


def test_a_pack_without_anything_to_show_is_still_a_note() -> None:
    pack = replace(
        packs.bare(), summary=(), voices=(), tensions=(), questions=(), stands=type(packs.bare().stands)((), (), (), ())
    )
    found = made(pack)
    assert found.faults() == [] and found.captions == [] and "Procedure:" in found.texts()


def test_the_same_pack_gives_the_same_bytes_in_a_moment() -> None:
    first = file().raw
    start = time.perf_counter()
    assert oplegger.docx_bytes(packs.real(), office.materials()) == first
    assert time.perf_counter() - start < 2, "about 0,15 s on a slow machine"
