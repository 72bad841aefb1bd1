"""The cover note in Word: the form of the papers, filled from the pack, with nothing that the pack does not hold."""

from __future__ import annotations

import io
import math
import re
import time
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document

from monitor.dialogue.hold import WORDS, WORDS_ONE
from monitor.export.basket import NAMES
from monitor.export.pack import Meeting, Pack
from monitor.export.word import oplegger
from monitor.export.word import parts as word_parts
from monitor.export.word.xml import clean
from monitor.figures import style
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import ListFigure, MapFigure
from tests import office_charts as office
from tests import word_pack as packs
from tests.rendered import _as_pdf as as_pdf
from tests.rendered import needs_office
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
    told = [re.sub(r"Bron \([a-z]+\): .*", "", t) for t in (*file().texts(), *file("every goal").texts())]
    own = [t for t in told if "Bron:" not in t and "CC BY" not in t]
    assert not [t for t in own if packs.runs(t) & copied]


# -- the explanation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["real", "every goal", "bare"])
def test_every_number_of_the_summary_is_that_of_the_pack(name: str) -> None:
    pack = PACKS[name]()
    tables = [t for t in file(name).tables() if t[0][0] == "Cijfer" and t[0][4:] == ["Oordeel", "Door de jaren"]]
    if pack.goal is None:
        # The ten furthest stand in the note, all of them in the annex.
        first = tables.pop(0)
        assert len(first) == 11 and all(row in [r for t in tables for r in t] for row in first)
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
    stands = pack.stands
    shown = [s for part in (stands.worse, stands.better, stands.worsened, stands.improved) for s in part]
    assert sum(s.sentence in text.split("Bijlage 1: figuren\n")[0] for s in shown) == min(3, len(shown))
    assert all(q.text in text for q in pack.questions)
    assert pack.changes is not None and pack.changes.paragraph in text
    assert f"Wat is er veranderd sinds {pack.changes.before}" in [t for _, t in file().headings]
    assert all(f.title.rstrip(".") in text for f in pack.tensions[:3])


@pytest.mark.parametrize("name", ["real", "every goal", "bare"])
def test_the_explanation_starts_with_what_it_is_about(name: str) -> None:
    pack, texts = PACKS[name](), file(name).texts()
    start = texts[texts.index("Toelichting:") + 1]
    assert all(g.name in start for g in pack.goals) and "Nationaal Programma Vitale Regio’s heeft drie doelen" in start
    assert pack.goal is None or pack.goal.description.strip() in start
    assert "regiodialogen van 2024, in interviews en in beleidsstukken" in start
    assert texts[texts.index("Toelichting:") + 2] == pack.lead


@pytest.mark.parametrize("name", ["real", "every goal"])
def test_three_findings_are_told_in_our_words_contradictions_first(name: str) -> None:
    pack, text = PACKS[name](), file(name).text
    said = [t for t in file(name).texts("Tekenregel") if any(w in t for w in WORDS.values())]
    order = [next(v for v, w in WORDS.items() if w in t) for t in said]
    assert len(said) == 3 and order == sorted(order, key=["spreken tegen", "bevestigen"].index)
    assert order.count("spreken tegen") == min(3, sum(v.stance == "spreken tegen" for v in pack.voices))
    assert text.count(word_parts.OWN_WORDS) == 1
    for t in said:
        v = next(v for v in pack.voices if f"\t{WORDS[v.stance]}. {word_parts.ended(v.finding.title)}" in t)
        assert t.endswith(word_parts.ended(v.finding.source.title)) and f"Bron ({v.finding.origin}): " in t
        assert ("Een ander cijfer bevestigt dit wel." in t) == v.mixed


@pytest.mark.parametrize("name", ["real", "every goal"])
def test_a_question_gives_no_ground_that_stands_above(name: str) -> None:
    note = file(name).texts()
    note = note[: note.index("Procedure:")]
    asked = note[note.index("Vragen voor het gesprek") :]
    above = " ".join(note[: note.index("Vragen voor het gesprek")])
    assert sum(q.text in asked for q in PACKS[name]().questions) == min(5, len(PACKS[name]().questions))
    assert not [q for q in PACKS[name]().questions if q.ground in asked and q.ground in above]


def test_beside_one_figure_the_verdict_is_about_that_figure() -> None:
    texts = file().texts()
    annex = texts[texts.index("Figuren en tabellen in dit document") :]
    said = [t for t in annex if any(w in t for w in WORDS_ONE.values())]
    assert said and not [t for t in annex if any(w in t for w in WORDS.values())]
    assert "Spanning met" not in file().text and "Wat dit cijfer niet laat zien: ‘" in file().text


def test_annexes_are_numbered_and_the_form_ends_together() -> None:
    found, documents = file(), [n for n in packs.real().documents if n != NAMES["oplegger"]]
    assert (1, "Bijlage 1: figuren") in found.headings and "staan in bijlage 1" in found.text
    texts = found.texts()
    start = texts.index("Meegezonden:") + 1
    wanted = ["Bijlage 1: figuren", *(f"Bijlage {k}: {n}" for k, n in enumerate(documents, 2))]
    assert texts[start : start + len(wanted)] == wanted


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize(("name", "most"), [("real", 3), ("every goal", 4), ("bare", 3)])
def test_the_note_itself_is_short(name: str, most: int, tmp_path: Path) -> None:
    import pymupdf

    (tmp_path / "oplegger.docx").write_bytes(file(name).raw)
    pages = [p.get_text() for p in pymupdf.open(as_pdf(tmp_path / "oplegger.docx", tmp_path))]
    (annex,) = (k for k, t in enumerate(pages) if "Figuren en tabellen" in t or "Werkwijze en bronnen" in t[:200])
    assert annex <= most
    last = pages[annex - 1]
    assert "Hoe dit is gemaakt" in last and "Procedure:" in last and "Vervolgactie:" in last


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
    tables = len(pack.goals) + (pack.goal is None)
    assert [n for label, n, _ in captions if label == "Tabel"] == list(range(1, tables + 1))
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
        kept = [n for n in x.figure.notes if re.search("dekking|oorlopig|ndicatief|reuk in|Een verschil doet", n)]
        assert all(n in text for n in kept), "coverage, estimates, breaks and thresholds go with the figure"
        assert x.method in text
    assert "Mann en Kendall" not in file().text + file("every goal").text and "COROP" not in text
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
