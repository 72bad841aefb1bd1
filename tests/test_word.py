"""The base of the Word documents: opens without repair, Dutch, fields, controls, charts, the letter inside."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import uuid
import zipfile
from functools import cache
from itertools import pairwise

import pytest
from docx import Document
from lxml import etree

from monitor.export.charts.native import native_chart
from monitor.export.charts.office import chart_parts
from monitor.export.word import table as word_table
from monitor.export.word.paper import WIDTH_CM, Paper
from monitor.export.word.xml import Blank, Bold, Link, Muted, Ref, clean, run
from monitor.figures import fonts, style
from monitor.figures.spec import ListFigure, MapFigure
from tests import office_charts as office
from tests.word_file import DOCUMENT, WP, R, W, WordFile, text_of

DAY = dt.date(2026, 11, 21)
LONG = "Grensoverschrijdendebereikbaarheidsverbeteringsprogrammacoördinatieoverlegvergaderingsvoorbereiding"
HOSTILE = f'=SOM(A1) <b>vet & schuin</b> \x0b\x07\ufffe ]]> "aan" {LONG} ≠ ▲ \u202eomgekeerd'
KINDS = [k for k in office.KINDS if not isinstance(office.figure_of_kind(k), ListFigure)]


def paper(title: str = "Proef") -> Paper:
    return Paper(title, DAY, "Onderaan", "Waarover")


@cache
def full() -> WordFile:
    """A document with everything that a document can hold."""
    p = paper(HOSTILE)
    p.text("Proef", "Titel")
    p.contents(3)
    p.list_of("Figuur")
    p.list_of("Tabel")
    p.heading(f"Kop {HOSTILE}", 1)
    p.text(
        (
            "Zie ",
            Ref("Figuur", 2),
            ", ",
            Link("hier", "https://voorbeeld.nl/a b?c=d&e=é#f"),
            " of ",
            Link("daar", "pad"),
        )
    )
    p.text((Bold(HOSTILE), Muted(HOSTILE), Blank("een", "een & <ander>"), Blank("twee", "iets", HOSTILE)))
    p.heading("Onder", 2)
    p.bullets(["a", "b"])
    p.numbered([("eerst", "omdat"), ("dan", "")])
    p.numbered([("opnieuw", "")])
    p.signed("▼", (Bold("Minder. "), "tekst"))
    p.heading("Dieper", 3)
    p.caption("Tabel", HOSTILE)
    p.table(("Naam", "Waarde"), [(HOSTILE, "1.234,5"), ((Blank("drie", "wat"), "x"), "–")], (False, True), HOSTILE)
    for kind in KINDS[:2]:
        chart = native_chart(office.figure_of_kind(kind))
        assert chart is not None
        p.caption("Figuur", chart.title)
        p.chart(*chart_parts(chart), HOSTILE, 7.5)
    p.turn()
    p.caption("Tabel", "Breed")
    p.table(("Kolom",) * 7, [("cel",) * 7], (False,) * 7, "Breed", (2, 1, 1, 1, 1, 1, 1))
    p.turn()
    return WordFile(p.bytes())


# -- the file -------------------------------------------------------------------------------------------------


def test_word_finds_nothing_to_repair() -> None:
    assert full().faults() == []


SPOILT = {
    "order in pPr": (rb'(<w:pStyle w:val="Bijschrift"/>)', rb"<w:keepNext/>\1", DOCUMENT),
    "order in rPr": (rb'<w:rPr>(<w:rStyle [^>]*/>)(<w:shd [^>]*/>)', rb"<w:rPr>\2\1", DOCUMENT),
    "order in tblPr": (rb"(<w:tblW [^>]*/>)(<w:tblLayout [^>]*/>)", rb"\2\1", DOCUMENT),
    "order in settings": (rb"(<w:zoom [^>]*/>)(<w:embedTrueTypeFonts/>)", rb"\2\1", "word/settings.xml"),
    "drawing": (rb'(<wp:docPr id=)"2"', rb'\1"1"', DOCUMENT),
    "control": (rb'(<w:id w:val=)"2"', rb'\1"1"', DOCUMENT),
    "bookmark": (rb'(w:name=)"_Toc_Figuur_2"', rb'\1"_Toc_Figuur_1"', DOCUMENT),
    "is no bookmark": (rb"REF _Ref_Figuur_2", rb"REF _Ref_Figuur_9", DOCUMENT),
    "is no style": (rb'w:val="Kop3"', rb'w:val="Kop9"', DOCUMENT),
    "is no list": (rb'<w:numId w:val="4"/>', rb'<w:numId w:val="44"/>', DOCUMENT),
    "is no relation": (rb'(<c:chart [^>]*r:id=)"rId\d+"', rb'\1"rId99"', DOCUMENT),
    "does not end": (rb'<w:fldChar w:fldCharType="end"/>', rb"", DOCUMENT),
    "other columns": (rb"<w:tc>.*?</w:tc>", rb"", DOCUMENT),
    "no content type": (rb'<Override PartName="/word/charts/chart1.xml"[^>]*/>', rb"", "[Content_Types].xml"),
    "leads to nothing": (rb"charts/chart2.xml", rb"charts/chart9.xml", "word/_rels/document.xml.rels"),
    "nothing leads to it": (rb'<Relationship [^>]*charts/chart2.xml"[^>]*/>', rb"", "word/_rels/document.xml.rels"),
}  # fmt: skip


@pytest.mark.parametrize("fault", SPOILT)
def test_the_reader_sees_what_is_wrong(fault: str) -> None:
    pattern, instead, part = SPOILT[fault]
    spoilt = WordFile(full().raw)
    spoilt.parts[part], count = re.subn(pattern, instead, spoilt.parts[part], count=1, flags=re.DOTALL)
    assert count == 1, "the fault is in the file"
    assert any(fault in f for f in spoilt.faults())


def test_it_opens_and_is_saved_again() -> None:
    out = io.BytesIO()
    document = Document(io.BytesIO(full().raw))
    document.save(out)
    assert WordFile(out.getvalue()).text == full().text


def test_the_same_content_gives_the_same_bytes() -> None:
    def made() -> bytes:
        p = paper()
        p.heading("Kop", 1)
        p.text(Blank("een", "iets"))
        return p.bytes()

    assert made() == made()
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        assert {i.date_time[:3] for i in package.infolist()} == {(1980, 1, 1)}


# -- language and page ----------------------------------------------------------------------------------------


def test_everything_is_dutch_and_nothing_else() -> None:
    found = {}
    for name in full().names:
        if name.startswith("word/") and name.endswith(".xml"):
            said = re.findall(rb"\b[a-z]{2}-[A-Z]{2}\b", full().parts[name])
            if said:
                found[name] = {x.decode() for x in said}
    assert {frozenset(v) for v in found.values()} == {frozenset({"nl-NL"})}
    assert {"word/styles.xml", "word/settings.xml", "word/charts/chart1.xml", "word/glossary/document.xml"} <= set(
        found
    )
    defaults = full().xml("word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert set(defaults.attrib.values()) == {"nl-NL"}


def test_properties_and_page() -> None:
    document = Document(io.BytesIO(full().raw))
    about = document.core_properties
    assert (about.language, about.author, about.created.date()) == ("nl-NL", "Regiomonitor Brede Welvaart", DAY)
    assert about.title.startswith("=SOM(A1) <b>vet & schuin</b>") and about.subject == "Waarover"
    sizes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections]
    assert sizes == [(210, 297), (297, 210), (210, 297)]
    assert {round(m.mm) for s in document.sections for m in (s.left_margin, s.right_margin)} == {25}


def test_every_page_has_its_number_and_all_but_the_first_the_title() -> None:
    footers = [n for n in full().names if n.startswith("word/footer")]
    assert len(footers) == 2
    for name in footers:
        root = full().xml(name)
        assert text_of(root).startswith("Onderaan\tPagina\N{NO-BREAK SPACE}")
        assert [f.get(f"{W}instr").strip() for f in root.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    headers = {text_of(full().xml(n)) for n in full().names if n.startswith("word/header")}
    assert "" in headers and len(headers) == 2


def test_word_asks_nothing_on_opening() -> None:
    settings = full().parts["word/settings.xml"]
    assert b"updateFields" not in settings and b"w:dirty" not in full().parts[DOCUMENT]
    assert b'w:name="compatibilityMode"' in settings and b'w:val="15"' in settings


# -- headings, captions, lists --------------------------------------------------------------------------------


def test_headings_do_not_skip_a_level() -> None:
    levels = [level for level, _ in full().headings]
    assert levels == [1, 2, 3]
    p = paper()
    with pytest.raises(ValueError, match="niveau 2"):
        p.heading("Te diep", 2)
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_captions_are_counted_and_stand_in_their_lists() -> None:
    captions = full().captions
    assert [(label, n) for label, n, _ in captions] == [("Tabel", 1), ("Figuur", 1), ("Figuur", 2), ("Tabel", 2)]
    listed = full().texts("table of figures")
    wanted = [f"{label} {n}. {text}" for kind in ("Figuur", "Tabel") for label, n, text in captions if label == kind]
    assert listed == wanted
    assert [f for f in full().instructions if f.startswith("TOC")] == [
        'TOC \\o "1-3" \\n \\h \\z', 'TOC \\n \\h \\z \\c "Figuur"', 'TOC \\n \\h \\z \\c "Tabel"'
    ]  # fmt: skip


def test_the_contents_list_every_heading_and_lead_to_it() -> None:
    entries = full().paragraphs("toc 1", "toc 2", "toc 3")
    assert [(int(full().style_of(p)[-1]), text_of(p)) for p in entries] == full().headings
    for p in (*entries, *full().paragraphs("table of figures")):
        anchor = p.find(f"{W}hyperlink").get(f"{W}anchor")
        (start,) = (b for b in full().body.iter(f"{W}bookmarkStart") if b.get(f"{W}name") == anchor)
        assert text_of(start.getparent()) == text_of(p)


def test_lists_of_nothing_are_not_there() -> None:
    p = paper()
    p.list_of("Figuur")
    p.contents()
    p.text("tekst")
    assert WordFile(p.bytes()).texts() == ["tekst"]


def test_a_reference_to_a_figure_is_a_field_with_its_number() -> None:
    (p,) = (p for p in full().paragraphs() if text_of(p).startswith("Zie "))
    assert text_of(p) == "Zie Figuur 2, hier of daar"
    assert [(t.text or "").strip() for t in p.iter(f"{W}instrText")] == ["REF _Ref_Figuur_2 \\h"]


def test_numbered_lists_each_begin_at_one() -> None:
    used = [n.get(f"{W}val") for n in full().body.iter(f"{W}numId")]
    assert len(used) == 3 and len(set(used)) == 2
    for number in full().xml("word/numbering.xml").iter(f"{W}num"):
        if number.get(f"{W}numId") in used:
            assert number.find(f"{W}lvlOverride/{W}startOverride").get(f"{W}val") == "1"


# -- links, controls, text ------------------------------------------------------------------------------------


def test_only_full_addresses_are_links() -> None:
    found = [(kind, target) for kind, target, outside in full().relations(DOCUMENT).values() if outside]
    assert found == [("hyperlink", "https://voorbeeld.nl/a%20b?c=d&e=%C3%A9#f")]


def test_what_is_to_be_filled_in_is_a_marked_control() -> None:
    blanks = full().blanks
    assert blanks["een"] == (True, "[in te vullen: een & <ander>]") and blanks["drie"][0]
    assert blanks["twee"] == (False, clean(HOSTILE).strip())
    for sdt in full().body.iter(f"{W}sdt"):
        properties = sdt.find(f"{W}sdtPr")
        assert properties.find(f"{W}alias").get(f"{W}val") and properties.find(f"{W}tag").get(f"{W}val")
        marked = sdt.find(f"{W}sdtContent").findall(f".//{W}shd")
        assert bool(marked) == (properties.find(f"{W}showingPlcHdr") is not None)


def test_an_emptied_control_asks_again() -> None:
    kept = full().xml("word/glossary/document.xml")
    prompts = {d.find(f".//{W}name").get(f"{W}val"): text_of(d) for d in kept.iter(f"{W}docPart")}
    asked = {
        s.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): s.find(f"{W}sdtPr/{W}placeholder/{W}docPart").get(f"{W}val")
        for s in full().body.iter(f"{W}sdt")
    }
    assert set(asked.values()) == set(prompts)
    assert all(prompts[part] == text for name, part in asked.items() for empty, text in [full().blanks[name]] if empty)


def test_bad_text_survives_and_nothing_of_it_is_markup() -> None:
    wanted = clean(HOSTILE).strip()
    assert LONG in wanted and "<b>vet & schuin</b>" in wanted and "\x07" not in wanted and "\u202e" not in wanted
    assert full().text.count(wanted) >= 4
    assert wanted.replace("\n", " ") in full().headings[0][1]
    for name in full().names:
        if name.endswith(".xml"):
            assert "vet & schuin" in full().parts[name].decode() or b"<b>vet" not in full().parts[name]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\r\nb\rc\x0bd", "a\nb\nc\nd"),
        (" x ", " x "),
        ("\t", " "),
        ("", ""),
        ("a\ud800b\ufffe", "ab"),
        ("van\xa0", "van\xa0"),
        ("\u200ea", "a"),
    ],
)
def test_clean(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_signs_that_the_letter_lacks_get_another_letter() -> None:
    made = etree.fromstring(f'<x xmlns:w="{W[1:-1]}">{run("▼ minder dan −0,4 ≠ 1/2")}</x>')
    other = {r.findtext(f"{W}t") for r in made if r.find(f"{W}rPr/{W}rFonts") is not None}
    assert other == {"▼", "≠"}, "what the letter has stays in it"
    assert "−" in fonts.LETTERS and "".join(t.text for t in made.iter(f"{W}t")) == "▼ minder dan −0,4 ≠ 1/2"


# -- tables ---------------------------------------------------------------------------------------------------


def test_table_headers_repeat_and_rows_stay_whole() -> None:
    tables = list(full().body.iter(f"{W}tbl"))
    assert len(tables) == 2
    for table in tables:
        first, *rest = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert not any(r.find(f"{W}trPr/{W}tblHeader") is not None for r in rest)
        assert all(r.find(f"{W}trPr/{W}cantSplit") is not None for r in (first, *rest))
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
    assert full().tables()[0][0] == ["Naam", "Waarde"] and full().tables()[0][1][1] == "1.234,5"


@pytest.mark.parametrize("total", [9072, 14004])
def test_columns_are_together_as_wide_as_the_page(total: int) -> None:
    headers = ("Cijfer", "Jaar", "Waarde", LONG)
    rows = [("Afstand tot een grote supermarkt", "2024", "−€\N{NO-BREAK SPACE}123.000", "x")]
    widths = word_table.fitted(headers, rows, total)
    assert sum(widths) == total and min(widths) > 0
    # The amount and its sign stay on one line: 10 characters of about 5 points, and the padding.
    assert widths[2] >= 10 * 100 + 200
    assert sum(word_table.shared((1, 1, 1.7), total)) == total


def test_only_columns_that_fit_are_kept() -> None:
    headers = tuple(f"Kolom{k}" for k in range(30))
    kept = word_table.fitting(headers, [tuple("1" for _ in headers)], 9072)
    assert 5 < kept < 30
    assert word_table.fitting((LONG,), [(LONG,)], 100) == 1


# -- charts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_in_word_holds_the_numbers_of_the_figure(kind: str) -> None:
    figure = office.figure_of_kind(kind)
    chart = native_chart(figure)
    assert chart is not None
    p = paper()
    p.chart(*chart_parts(chart), chart.alt, 7.5)
    file = WordFile(p.bytes())
    assert file.faults() == []
    drawn = office.Drawn(file.parts["word/charts/chart1.xml"])
    assert drawn.numbers(figure) == office.wanted(figure)
    ((kind_, sheet, _),) = file.relations("word/charts/chart1.xml").values()
    assert kind_ == "package"
    office.check_references(drawn, office.book(file.parts[sheet]))
    (about,) = file.body.iter(f"{WP}docPr")
    assert about.get("descr") == " ".join(chart.alt.split())


def test_a_picture_keeps_its_shape_and_has_a_text() -> None:
    from monitor.export.pdf import drawn, typesetting

    figure = office.country_map("overgewicht", "gemeenten")
    assert isinstance(figure, MapFigure)
    png = typesetting.png("kaart", {"map": drawn.country(figure, office.materials().outlines, "achterhoek")}, 230)
    assert png.startswith(b"\x89PNG")
    p = paper()
    p.raw(f"<w:p>{p.drawing(png, HOSTILE, 6.5)}</w:p>")
    file = WordFile(p.bytes())
    assert file.faults() == []
    shape = Document(io.BytesIO(file.raw)).inline_shapes[0]
    wide, high = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    assert shape.width.cm == pytest.approx(6.5, abs=0.01) and shape.height / shape.width == pytest.approx(
        high / wide, 0.01
    )
    assert wide / (6.5 / 2.54) > 300, "crisp on paper"


def test_a_chart_is_as_wide_as_the_text() -> None:
    shape = Document(io.BytesIO(full().raw)).inline_shapes[0]
    assert shape.width.cm == pytest.approx(WIDTH_CM, abs=0.01) and pytest.approx(16, abs=0.05) == WIDTH_CM


# -- the letter -----------------------------------------------------------------------------------------------


def test_the_letter_in_the_document_is_the_shipped_one() -> None:
    table = full().xml("word/fontTable.xml")
    named = {f.get(f"{W}name"): f for f in table.iter(f"{W}font")}
    own = named[style.SANS]
    assert own.find(f"{W}altName").get(f"{W}val") == "Arial"
    for role, weight in (("embedRegular", 400), ("embedBold", 600)):
        entry = own.find(f"{W}{role}")
        _, part, _ = full().relations("word/fontTable.xml")[entry.get(f"{R}id")]
        mixed = full().parts[part]
        key = uuid.UUID(entry.get(f"{W}fontKey")).bytes[::-1]
        plain = bytes(b ^ key[k % 16] for k, b in enumerate(mixed[:32])) + mixed[32:]
        face = next(f for f in fonts.FACES if (f.family, f.weight) == (style.SANS, weight))
        assert plain == fonts.file(face).read_bytes() and mixed[:4] != plain[:4]
    # The licence of a letter says whether a document may carry it: 0 is that it may.
    from fontTools.ttLib import TTFont

    assert all(TTFont(f.source)["OS/2"].fsType == 0 for f in fonts.FACES if f.family == style.SANS)


@pytest.mark.slow
@pytest.mark.skipif(
    any(shutil.which(p) is None for p in ("soffice", "pdffonts")), reason="LibreOffice of Poppler ontbreekt"
)
def test_libreoffice_opens_it_with_the_letter_inside(tmp_path) -> None:
    (tmp_path / "proef.docx").write_bytes(full().raw)
    program = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profiel", "--headless", "--convert-to", "pdf"]
    asked = [*program, "--outdir", str(tmp_path), str(tmp_path / "proef.docx")]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)
    found = subprocess.run(["pdffonts", str(tmp_path / "proef.pdf")], capture_output=True, text=True, check=True).stdout
    assert "SourceSans3-Regular" in found and "SourceSans3-SemiBold" in found
