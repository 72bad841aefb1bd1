"""The workbook of a pack: every number as a number in its cell, charts that draw those cells, text that stays text."""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from lxml import etree

from monitor.export.choose import basket_for
from monitor.export.compose import compose_pack
from monitor.export.pack import Exhibit, Pack
from monitor.export.sheets.workbook import xlsx_bytes
from monitor.figures.spec import Figure, ListFigure, TrendFigure
from monitor.notation import UNIT_LABELS, parse, rounded
from tests import office_charts as office
from tests.office_charts import KINDS, Drawn, materials
from tests.test_export_charts import BAD, CHARTS, check_order, spoiled

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BASE = "https://monitor.example.nl/"
FIRST, LAST = ["Leeswijzer", "Samenvatting"], ["Gegevens", "Verantwoording", "Bronnen"]


@cache
def real_pack() -> Pack:
    """The pack that the monitor proposes for the Achterhoek and goal 2."""
    return compose_pack(materials(), basket_for(materials(), "achterhoek", 2), BASE, office._today())


def exhibit(number: int, figure: Figure, **more: Any) -> Exhibit:
    """A figure of any kind as it stands in a pack."""
    query = re.search(r"indicator=([a-z0-9-]+)", figure.link)
    indicator = None if isinstance(figure, ListFigure) or not query else office._indicator(query[1])
    texts: dict[str, Any] = {
        "conclusion": figure.sentence, "method": "Zo gaat dat. En dit zegt het niet.", "note": "", "question": "",
    }  # fmt: skip
    texts |= more
    return Exhibit(number, figure, indicator=indicator, voices=(), address=BASE + figure.link, **texts)


@cache
def every_kind() -> Pack:
    """A pack with a figure of every kind."""
    figures = [office.figure_of_kind(k) for k in KINDS]
    return replace(real_pack(), exhibits=tuple(exhibit(k, f) for k, f in enumerate(figures, 1)))


def sheet_of(kind: str) -> str:
    return f"Figuur {list(KINDS).index(kind) + 1}"


@cache
def made() -> bytes:
    return xlsx_bytes(every_kind(), materials())


@cache
def opened() -> Any:
    return office.book(made())


@cache
def packed() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(made()))


def charts_on(name: str) -> list[Drawn]:
    """The chart parts of a sheet, followed from sheet to drawing to chart."""
    files = packed()
    place = opened().sheetnames.index(name) + 1
    found = []
    for drawing in _targets(files, f"xl/worksheets/sheet{place}.xml", "drawing"):
        for chart in _targets(files, drawing, "chart"):
            found.append(Drawn(files.read(chart)))
    return found


def _targets(files: zipfile.ZipFile, part: str, kind: str) -> list[str]:
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in files.namelist():
        return []
    return [
        posixpath.normpath(posixpath.join(folder, r.get("Target")))
        for r in etree.fromstring(files.read(relations))
        if r.get("Type").endswith(f"/{kind}")
    ]


def header_row(sheet: Any) -> int:
    """The row of the headers, from 1: where the filters are."""
    return int(re.match(r"[A-Z]+(\d+)", sheet.auto_filter.ref)[1])


def table_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of the table with filters, by header."""
    rows = [[c.value for c in row] for row in sheet[sheet.auto_filter.ref]]
    return [dict(zip(rows[0], r, strict=True)) for r in rows[1:]]


def number(cell: Any) -> float:
    """A cell as a number; NaN for an empty one."""
    assert cell is None or isinstance(cell, int | float), f"{cell!r} is no number"
    return math.nan if cell is None else float(cell)


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or a == b


# -- charts and tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CHARTS)
def test_the_chart_on_a_sheet_draws_the_numbers_of_the_figure(kind: str) -> None:
    figure = office.figure_of_kind(kind)
    (drawn,) = charts_on(sheet_of(kind))
    assert drawn.numbers(figure) == office.wanted(figure)
    office.check_references(drawn, opened())
    check_order_inside(drawn)
    for line in drawn.lines:
        assert all(r.startswith(f"'{sheet_of(kind)}'!") for r in line.references.values())


def check_order_inside(drawn: Drawn) -> None:
    check_order(drawn.root)
    assert drawn.root[-1].tag.endswith("txPr"), "the cells lie in this workbook, not in one inside it"


@pytest.mark.parametrize("kind", [k for k in CHARTS if "trend" not in k])
def test_the_table_of_areas_holds_every_row(kind: str) -> None:
    figure = office.figure_of_kind(kind)
    rows = table_of(opened()[sheet_of(kind)])
    assert len(rows) == len(figure.rows)
    value = f"Waarde ({UNIT_LABELS[figure.unit]})"
    left = list(rows)
    for row in figure.rows:
        found = next(r for r in left if r["Gebied"] == row.name and r["Jaar"] == row.year)
        left.remove(found)
        assert same(number(found[value]), row.value)
        for header, bound in (("Ondergrens 95%", row.lower), ("Bovengrens 95%", row.upper)):
            assert same(number(found.get(header)), bound)
        assert (found.get("Oordeel") or "") == row.word
        assert math.isnan(row.value) == ("geen cijfer" in (found.get("Opmerking") or ""))
        assert row.limited == ("beperkte dekking" in (found.get("Opmerking") or ""))
    assert not left


@pytest.mark.parametrize("kind", [k for k in CHARTS if "trend" in k])
def test_the_table_of_years_holds_every_row(kind: str) -> None:
    figure = office.figure_of_kind(kind)
    assert isinstance(figure, TrendFigure)
    rows = table_of(opened()[sheet_of(kind)])
    found: dict[tuple[str, int], float] = {}
    for row in rows:
        name = re.sub(r" \(tot en met \d{4}\)$", "", row["Gebied"])
        for year, cell in row.items():
            if isinstance(year, int) and cell is not None:
                assert (name, year) not in found
                found[name, year] = number(cell)
    assert found == office.wanted(figure)
    assert {re.sub(r" \(tot en met \d{4}\)$", "", r["Gebied"]) for r in rows} == {s.name for s in figure.series}
    for s in figure.series:
        said = " ".join(r.get("Opmerking") or "" for r in rows if r["Gebied"] == s.name)
        for r in s.rows:
            others = any(q.year == r.year and not math.isnan(q.value) for q in figure.rows)
            if math.isnan(r.value) and others:
                assert "geen cijfer" in said and str(r.year) in said


def test_margins_of_a_trend_stand_in_cells() -> None:
    figure = office.figure_of_kind("trend of a survey with a break")
    sheet = opened()[sheet_of("trend of a survey with a break")]
    rows = {str(row[0].value): [c.value for c in row[1:]] for row in sheet if row[0].value}
    head = [c.value for c in sheet[header_row(sheet)]][1:]
    chosen = [s for s in figure.series if s.role == "gekozen"]
    seen = 0
    for s in chosen:
        lines = {k: v for k, v in rows.items() if re.sub(r" \(.*\)", "", k).startswith(f"{s.name}: ")}
        for r in (r for r in s.rows if not math.isnan(r.lower)):
            column = head.index(r.year)
            assert r.lower in [v[column] for k, v in lines.items() if k.endswith("ondergrens 95%")]
            assert r.upper in [v[column] for k, v in lines.items() if k.endswith("bovengrens 95%")]
            seen += 1
    assert seen >= 6


def test_a_list_is_a_table_with_numbers_and_no_chart() -> None:
    figure = office.a_list()
    sheet = opened()[sheet_of("list")]
    assert charts_on(sheet_of("list")) == []
    rows = table_of(sheet)
    assert list(rows[0]) == list(figure.content.headers)
    assert len(rows) == len(figure.content.plain)
    for row, wanted in zip(rows, figure.content.plain, strict=True):
        for cell, text in zip(row.values(), wanted, strict=True):
            shown = "" if cell is None else cell if isinstance(cell, str) else number(cell)
            assert shown == (parse(text) if isinstance(shown, float) else text.strip())


def test_numbers_in_a_list_keep_their_decimals() -> None:
    figure = real_pack().summary_figure
    pack = replace(real_pack(), exhibits=(exhibit(1, figure),))
    sheet = office.book(xlsx_bytes(pack, materials()))["Figuur 1"]
    first = header_row(sheet)
    numeric = 0
    for k, wanted in enumerate(figure.content.plain, first + 1):
        for n, text in enumerate(wanted):
            cell = sheet.cell(k, n + 1)
            if figure.content.numeric[n] and re.fullmatch(r"-?\d+(,\d+)?", text):
                assert cell.data_type == "n" and cell.value == parse(text)
                decimals = len(text.partition(",")[2])
                assert cell.number_format.endswith("#,##0" + ("." + "0" * decimals if decimals else ""))
                numeric += 1
    assert numeric > 10


# -- tidy data and metadata -----------------------------------------------------------------------------------


def test_tidy_data_holds_every_number_once() -> None:
    pack = every_kind()
    rows = table_of(opened()["Gegevens"])
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for r in rows:
        key = (r["figuur"], r["gebied code"], r["jaar"])
        assert key not in found, f"{key} stands there twice"
        found[key] = r
    wanted = {(x.number, r.area, r.year): (x, r) for x in pack.exhibits for r in x.figure.rows}
    assert set(found) == set(wanted) and len(wanted) > 1000
    for key, (x, row) in wanted.items():
        r = found[key]
        assert same(number(r["waarde"]), row.value)
        assert same(number(r["ondergrens"]), row.lower) and same(number(r["bovengrens"]), row.upper)
        assert r["gebied"] == row.name
        assert (r["oordeel"] or "") == row.word
        assert r["eenheid"] == UNIT_LABELS[x.figure.unit]
        known = not math.isnan(row.value)
        assert r["status"] == ((row.status or "definitief") if known else "onbekend")
        assert ("geen cijfer" in (r["opmerking"] or "")) == (not known)
        coverage = number(r["dekking (%)"])
        assert same(coverage, rounded(100 * row.coverage, 0) if known else math.nan)
        assert r["indicator id"], "a number without a name cannot be traced"


def test_every_figure_can_be_traced_to_its_method_and_source() -> None:
    pack = every_kind()
    about: dict[str, dict[str, Any]] = {}
    for told in table_of(opened()["Verantwoording"]):
        about.setdefault(told["indicator"], {})[told["onderwerp"]] = told["uitleg"]
        assert told["uitleg"] is not None and told["naam"]
    ids = {r["indicator id"] for r in table_of(opened()["Gegevens"])}
    assert ids <= set(about)
    d = office.definitions()
    for x in pack.summary:
        assert x.indicator.id in about
    for i in (d.indicator(name) for name in ids if name in {i.id for i in d.indicators}):
        r = about[i.id]
        assert r["klasse"].startswith(i.aggregation.kind) and r["reden van de klasse"] == i.aggregation.reason
        assert r["eenheid"] == UNIT_LABELS[i.unit]
        assert r["methode"] and r["licentie"] and r["editie"] == pack.edition
        assert r["link naar de bron"].startswith("https://")
        assert all(str(b.year) in r["breuken"] for b in i.breaks)
        if i.aggregation.weight:
            assert d.quantity(i.aggregation.weight).name in r["gewicht"]
        figures = [str(x.number) for x in pack.exhibits if x.indicator == i]
        assert r["in figuur"] == ", ".join(figures)
    for f in d.cross_border:
        if f.id in ids:
            assert about[f.id]["wat het is"] == f.description
    sources = table_of(opened()["Bronnen"])
    assert {r["indicator"] for r in sources} >= {i.id for i in d.indicators} & ids
    assert all(r["link"].startswith("https://") and r["licentie"] for r in sources)


def test_summary_holds_numbers_and_judgements() -> None:
    pack = every_kind()
    rows = table_of(opened()["Samenvatting"])
    assert len(rows) == len(pack.summary) > 5
    for r, x in zip(rows, pack.summary, strict=True):
        assert r["Cijfer"] == x.indicator.full_name and r["Jaar"] == x.standing.year
        assert same(number(r["Achterhoek"]), parse(x.value) if x.value != "–" else math.nan)
        assert same(number(r["Nederland"]), parse(x.benchmark) if x.benchmark != "–" else math.nan)
        assert r["Oordeel"] == x.judgement


def test_a_summary_with_unknown_values_has_empty_cells() -> None:
    line = real_pack().summary[0]
    blank = replace(line, value="–", standing=replace(line.standing, value=math.nan, lower=math.nan, upper=math.nan))
    pack = replace(real_pack(), summary=(blank, *real_pack().summary[1:]))
    rows = table_of(office.book(xlsx_bytes(pack, materials()))["Samenvatting"])
    assert rows[0]["Achterhoek"] is None and rows[0]["Verschil vóór afronden"] is None
    assert rows[1]["Achterhoek"] is not None


# -- the workbook as a whole ----------------------------------------------------------------------------------


def test_sheets_have_valid_names_in_a_clear_order() -> None:
    names = opened().sheetnames
    assert names == [*FIRST, *(f"Figuur {k}" for k in range(1, len(KINDS) + 1)), *LAST]
    assert all(len(n) <= 31 and not re.search(r"[\[\]:*?/\\]", n) for n in names)


def test_the_guide_leads_to_every_sheet() -> None:
    sheet = opened()["Leeswijzer"]
    links = {c.hyperlink.location.split("!")[0].strip("'") for row in sheet for c in row if _inside(c)}
    assert links == set(opened().sheetnames) - {"Leeswijzer"}
    text = " ".join(str(c.value) for row in sheet for c in row if c.value)
    pack = every_kind()
    for said in (pack.title, pack.region.name, pack.edition, pack.attribution, pack.lead, pack.inhabitants):
        assert said in text
    assert "geen cijfer" in text and "CC BY 4.0" in text
    for x in pack.exhibits:
        assert x.figure.title in text


def _inside(cell: Any) -> bool:
    return bool(cell.hyperlink and cell.hyperlink.location)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_sheet_says_what_its_figure_says_and_where_it_comes_from(kind: str) -> None:
    sheet = opened()[sheet_of(kind)]
    x = every_kind().exhibits[list(KINDS).index(kind)]
    text = "\n".join(str(c.value) for row in sheet for c in row if c.value is not None)
    assert f"{sheet_of(kind)}. {x.figure.title}" in text
    for said in (x.conclusion, x.method, x.figure.edition, x.figure.licence, *x.figure.notes):
        assert said in text
    assert x.figure.source.removeprefix("Bron: ") in text
    assert any(c.hyperlink and (c.hyperlink.target or "").startswith(BASE) for row in sheet for c in row)


@pytest.mark.parametrize("name", [f"Figuur {k}" for k in range(1, len(KINDS) + 1)] + LAST + ["Samenvatting"])
def test_headers_stay_in_sight_and_paper_fits(name: str) -> None:
    sheet = opened()[name]
    head = header_row(sheet)
    assert int(re.sub(r"\D", "", sheet.freeze_panes)) == head + 1
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows in (None, f"${head}:${head}")
    assert sheet.print_title_rows or sheet.max_row < 100, "the headers of a long table come on every page"
    cells = list(sheet[sheet.auto_filter.ref])
    headers = [c.value for c in cells[0]]
    assert len(set(headers)) == len(headers), "a filter by name"
    widths = {}
    for d in sheet.column_dimensions.values():
        widths |= dict.fromkeys(range(d.min or 0, (d.max or 0) + 1), d.width)
    for row in cells[1:]:
        longest = max((len(w) for w in re.split(r"\s|(?<=-)", str(row[0].value or ""))), default=0)
        assert widths[row[0].column] >= longest, f"{row[0].value} is cut off"


@pytest.mark.parametrize("kind", CHARTS)
def test_nothing_lies_over_a_chart(kind: str) -> None:
    sheet = opened()[sheet_of(kind)]
    (chart,) = sheet._charts
    start, end = chart.anchor._from, chart.anchor.to
    inside = [
        c.coordinate
        for row in sheet.iter_rows(start.row + 1, end.row + 1, start.col + 1, end.col + 1)
        for c in row
        if c.value is not None
    ]
    assert not inside
    place = opened().sheetnames.index(sheet.title) + 1
    (drawing,) = _targets(packed(), f"xl/worksheets/sheet{place}.xml", "drawing")
    frames = [e for e in etree.fromstring(packed().read(drawing)).iter() if e.get("descr")]
    assert [e.get("descr") for e in frames] == [office.figure_of_kind(kind).alt]


def test_number_formats_are_dutch() -> None:
    seen = set()
    for sheet in opened():
        for cell in (c for row in sheet for c in row if c.data_type == "n" and c.value is not None):
            seen.add(cell.number_format)
    # '0' for years and 'General' for years as headers; the rest has a dot for thousands in Dutch.
    assert {f.removeprefix("[$-413]") for f in seen} <= {"0", "General", "#,##0", "#,##0.0", "#,##0.00"}
    assert "[$-413]#,##0.0" in seen


def test_properties_name_the_document_and_its_language() -> None:
    core = etree.fromstring(packed().read("docProps/core.xml"))
    said = {etree.QName(e).localname: e.text for e in core}
    assert said["title"] == every_kind().title
    assert said["language"] == "nl-NL"
    assert said["created"].startswith(every_kind().made.isoformat())


def test_every_part_is_sound_xml_and_no_formula_stands_in_it() -> None:
    for name in packed().namelist():
        if name.endswith((".xml", ".rels")):
            root = etree.fromstring(packed().read(name))
            assert not list(root.iter(f"{SPACE}f")), f"{name} calculates"
    assert packed().testzip() is None


def test_the_same_pack_gives_the_same_bytes() -> None:
    assert xlsx_bytes(real_pack(), materials()) == xlsx_bytes(real_pack(), materials())


def test_an_empty_pack_is_a_workbook_too() -> None:
    raw = xlsx_bytes(replace(real_pack(), exhibits=(), summary=()), materials())
    assert office.book(raw).sheetnames[:2] == FIRST


# -- bad texts ------------------------------------------------------------------------------------------------


def test_bad_texts_stay_text_and_every_number_stays() -> None:
    figures = [spoiled("strip"), spoiled("trend of four regions")]
    more = {"note": "\n".join(BAD), "conclusion": BAD[0], "method": BAD[3] * 3, "question": "=1+1"}
    pack = replace(
        real_pack(),
        title=f"{BAD[1]} & {BAD[3]}",
        exhibits=tuple(exhibit(k, f, **more) for k, f in enumerate(figures, 1)),
    )
    raw = xlsx_bytes(pack, materials())
    workbook = office.book(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as files:
        for name in files.namelist():
            content = files.read(name)
            assert not list(etree.fromstring(content).iter(f"{SPACE}f")), name
            assert b"_x0007_" not in content and not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", content), name
    for sheet in workbook:
        for cell in (c for row in sheet for c in row):
            assert cell.data_type in ("s", "n"), f"{sheet.title} {cell.coordinate}: {cell.value!r}"
    said = [str(c.value) for row in workbook["Figuur 1"] for c in row if c.value is not None]
    assert "=SUM(A1)" in said, "a text that looks like a formula is there, as text"
    values = sorted(number(r["Waarde (%)"]) for r in table_of(workbook["Figuur 1"]))
    assert values == sorted(r.value for r in figures[0].rows)


def test_a_link_without_a_place_of_the_app_is_text() -> None:
    x = replace(real_pack().exhibits[1], address="regio?regio=achterhoek")
    sheet = office.book(xlsx_bytes(replace(real_pack(), base="", exhibits=(x,)), materials()))["Figuur 2"]
    (cell,) = [c for row in sheet for c in row if c.value == "regio?regio=achterhoek"]
    assert cell.hyperlink is None
