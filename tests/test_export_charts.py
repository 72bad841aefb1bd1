"""Native charts: every number of a figure is in the chart and in its cells, nothing else is, and Office can read it."""

from __future__ import annotations

import io
import itertools
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Cm

from monitor.export.charts.native import native_chart
from monitor.export.charts.office import RELATION, add_chart, chart_parts
from monitor.figures import style
from monitor.figures.spec import ListFigure, Row, StripFigure, TrendFigure
from tests import office_charts as office
from tests.office_charts import A, C, Drawn, R
from tests.sample import by_kind
from tests.test_print import lightness

CHARTS = [k for k in office.KINDS if k != "list"]
BAD = (
    "=SUM(A1)", "<b>vet & schuin</b>", "bel\x07 en \x0bregel\ufffe", "Overheidsdienstverlening" * 8 + "sbeleid",
    '"aanhaling" \'enkel\' ]]>', "@plus +min -31", "naam\nop twee regels", " ",
)  # fmt: skip


def drawn_of(kind: str) -> tuple[Any, Drawn, bytes]:
    figure = office.figure_of_kind(kind)
    chart = native_chart(figure)
    assert chart is not None
    xml, workbook = chart_parts(chart)
    return figure, Drawn(xml), workbook


def slide_with(figure: Any) -> Any:
    """A presentation with one chart, written and read again; returns the frame of the chart."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    add_chart(slide, native_chart(figure), Cm(1), Cm(2), Cm(23), Cm(12), figure.alt)
    kept = io.BytesIO()
    deck.save(kept)
    frames = [s for s in Presentation(io.BytesIO(kept.getvalue())).slides[0].shapes if s.has_chart]
    assert len(frames) == 1
    return frames[0]


# -- numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_holds_the_numbers_of_its_figure(kind: str) -> None:
    figure, drawn, workbook = drawn_of(kind)
    wanted = office.wanted(figure)
    assert len(wanted) > 3
    assert drawn.numbers(figure) == wanted
    office.check_references(drawn, office.book(workbook))


@pytest.mark.parametrize("kind", CHARTS)
def test_on_a_slide_python_pptx_reads_the_same_numbers(kind: str) -> None:
    figure = office.figure_of_kind(kind)
    frame = slide_with(figure)
    plot = frame.chart.plots[0]
    categories = [str(c) for c in plot.categories]
    found = {}
    for series in plot.series:
        for category, value in zip(categories, series.values, strict=True):
            if value is not None:
                trend = isinstance(figure, TrendFigure)
                name = re.sub(r" \(tot en met \d{4}\)$", "", series.name) if trend else office.plain_name(category)
                found[name, int(category) if trend else figure.rows[0].year] = value
    assert found == office.wanted(figure)
    embedded = frame.chart.part.chart_workbook.xlsx_part.blob
    office.check_references(Drawn(etree.tostring(frame.chart._chartSpace)), office.book(embedded))


@pytest.mark.parametrize("indicator", [i.id for i in by_kind()])
def test_every_kind_of_indicator_can_be_drawn(indicator: str) -> None:
    i = office.definitions().indicator(indicator)
    figures: list[Any] = [office.country_map(indicator, "gemeenten")]
    figures += [office.strip(indicator, r) for r in ("achterhoek", "zeeuws-vlaanderen")]
    if i.aggregation.kind != "geen":
        figures += [office.trend(indicator, "achterhoek", "zuidoost-fryslan"), office.country_map(indicator, "regios")]
    for figure in figures:
        chart = native_chart(figure)
        if chart is None:
            assert not office.wanted(figure), "nothing is known, nothing is drawn"
            continue
        drawn = Drawn(chart_parts(chart)[0])
        assert drawn.numbers(figure) == office.wanted(figure), figure.title
        check_order(drawn.root)


@pytest.mark.parametrize("kind", CHARTS)
def test_what_is_unknown_stays_unknown(kind: str) -> None:
    figure, drawn, workbook = drawn_of(kind)
    numbers = drawn.numbers(figure)
    assert not [k for k in office.unknown(figure) if k in numbers]
    if not isinstance(figure, TrendFigure):
        names = {name for name, _ in office.unknown(figure)}
        assert not [c for line in drawn.lines for c in line.categories if office.plain_name(c) in names], "no empty bar"
        told = " ".join(drawn.texts)
        if len(names) > 12:
            assert f"Zonder cijfer: {len(names)} gebieden." in told
        else:
            assert ("Zonder cijfer" in told) == bool(names)
            assert not names or f"Zonder cijfer: {', '.join(sorted(names))}." in told
    for sheet in office.book(workbook):
        assert not [c.value for row in sheet for c in row if c.value in ("nan", "#NUM!", "onbekend")]


def test_the_kinds_hold_what_is_unknown() -> None:
    """Else the test above has nothing to look at."""
    assert office.unknown(office.figure_of_kind("strip with limited coverage"))
    assert office.unknown(office.figure_of_kind("trend with unknown years"))
    assert office.unknown(office.figure_of_kind("border trend"))


def test_a_list_and_a_figure_without_numbers_have_no_chart() -> None:
    assert native_chart(office.a_list()) is None
    figure = office.strip("overgewicht", "achterhoek")
    rows = tuple(replace(r, value=math.nan) for r in figure.rows)
    assert native_chart(replace(figure, rows=rows, region=None, benchmark=None, municipalities=())) is None


@pytest.mark.parametrize("kind", [k for k in CHARTS if "trend" in k])
def test_no_line_runs_over_a_break_or_an_unknown_year(kind: str) -> None:
    figure, drawn, _ = drawn_of(kind)
    blanks = drawn.all("dispBlanksAs")[0].get("val")
    rows = {(s.name, r.year): r.value for s in figure.series for r in s.rows}
    for line in drawn.lines:
        name = re.sub(r" \(tot en met \d{4}\)$", "", line.name)
        years = [int(c) for c, v in zip(line.categories, line.values, strict=True) if not math.isnan(v)]
        for year, _ in figure.breaks:
            assert all(y < year for y in years) or all(y >= year for y in years), f"{line.name} runs over {year}"
        between = [y for y in range(years[0], years[-1] + 1) if math.isnan(rows.get((name, y), 0.0))] if years else []
        assert blanks == "gap" or not between, f"{line.name} is joined over {between}"
        if blanks == "gap":
            absent = [y for y in range(years[0], years[-1] + 1) if (name, y) not in rows] if years else []
            assert not absent, "a year that was never measured cuts the line in two"
    categories = drawn.lines[0].categories
    assert list(categories) == [str(y) for y in range(int(categories[0]), int(categories[-1]) + 1)]


def test_both_ways_of_leaving_blanks_occur() -> None:
    ways = {k: drawn_of(k)[1].all("dispBlanksAs")[0].get("val") for k in CHARTS if "unknown years" in k}
    assert set(ways.values()) == {"gap", "span"}


@pytest.mark.parametrize("kind", ["strip", "map of municipalities", "trend of a survey with a break"])
def test_margins_are_drawn_to_their_bounds(kind: str) -> None:
    figure, drawn, _ = drawn_of(kind)
    rows = {(r.name, r.year): r for r in figure.rows}
    found = 0
    for line in drawn.lines:
        for category, value, up, down in zip(line.categories, line.values, line.up, line.down, strict=False):
            if math.isnan(up):
                continue
            trend = isinstance(figure, TrendFigure)
            name = re.sub(r" \(tot en met \d{4}\)$", "", line.name) if trend else office.plain_name(category)
            row = rows[name, int(category) if trend else figure.rows[0].year]
            assert value + up == pytest.approx(row.upper, abs=1e-6)
            assert value - down == pytest.approx(row.lower, abs=1e-6)
            found += 1
    assert found >= 6
    assert any("marge van 95%" in t for t in drawn.texts)


@pytest.mark.parametrize("kind", ["strip", "map of municipalities"])
def test_values_stand_clear_of_the_margins(kind: str) -> None:
    """A label begins behind its bar; it moves at least as far as the margin reaches beyond the bar."""
    _, drawn, _ = drawn_of(kind)
    (line,) = drawn.lines
    layout = drawn.all("plotArea")[0].find(f"{C}layout/{C}manualLayout")
    across = float(layout.find(f"{C}w").get("val"))
    low, high = (float(drawn.all(n)[0].get("val")) for n in ("min", "max"))
    moved = {
        int(e.find(f"{C}idx").get("val")): float(e.find(f"{C}layout/{C}manualLayout/{C}x").get("val"))
        for e in line.element.findall(f"{C}dLbls/{C}dLbl")
    }
    margins = {k: up for k, up in enumerate(line.up) if not math.isnan(up)}
    assert margins and set(margins) == set(moved)
    assert all(moved[k] > up / (high - low) * across + 0.005 for k, up in margins.items())


# -- looks ----------------------------------------------------------------------------------------------------


def test_chosen_regions_differ_in_dash_marker_and_colour() -> None:
    _, drawn, _ = drawn_of("trend of four regions")
    last: dict[str, Any] = {line.name: line.element for line in drawn.lines}
    looks = []
    for name in ("Achterhoek", "Twente", "Zuid-Limburg", "Noord- en Oost-Groningen"):
        line = last[name].find(f"{C}spPr/{A}ln")
        dash = line.find(f"{A}prstDash").get("val")
        marker = last[name].find(f"{C}marker/{C}symbol").get("val")
        looks.append((line.find(f"{A}solidFill/{A}srgbClr").get("val"), dash, marker, line.get("w")))
    for k in range(3):
        assert len({look[k] for look in looks}) == 4, looks
    assert [f"#{look[0]}" for look in looks] == [colour for colour, _ in style.SERIES]
    thin = [e.find(f"{C}spPr/{A}ln").get("w") for name, e in last.items() if name == "Noard-Fryslân"]
    assert int(thin[0]) < int(looks[0][3]) / 2


def test_pieces_of_a_line_look_the_same() -> None:
    _, drawn, _ = drawn_of("trend of a survey with a break")
    looks: dict[str, set[bytes]] = {}
    for line in drawn.lines:
        name = re.sub(r" \(tot en met \d{4}\)$", "", line.name)
        parts = [etree.tostring(line.element.find(f"{C}{p}")) for p in ("spPr", "marker")]
        looks.setdefault(name, set()).add(b"".join(parts))
    assert len(drawn.lines) > len(looks)
    assert all(len(found) == 1 for found in looks.values())


@pytest.mark.parametrize("kind", [k for k in CHARTS if "trend" in k])
def test_lines_carry_their_name_at_the_end(kind: str) -> None:
    figure, drawn, _ = drawn_of(kind)
    named = [s.name for s in figure.series if s.role != "overig" or s.named]
    known = {s.name for s in figure.series if any(not math.isnan(r.value) for r in s.rows)}
    labels = [line for line in drawn.lines if line.element.find(f"{C}dLbls/{C}dLbl") is not None]
    assert sorted(line.name for line in labels) == sorted(n for n in named if n in known)
    for line in labels:
        label = line.element.find(f"{C}dLbls/{C}dLbl")
        last = max(k for k, v in enumerate(line.values) if not math.isnan(v))
        assert int(label.find(f"{C}idx").get("val")) == last
        assert label.find(f"{C}showSerName").get("val") == label.find(f"{C}showVal").get("val") == "1"


def test_bars_run_from_high_to_low_and_carry_colour_and_sign_of_their_judgement() -> None:
    figure, drawn, _ = drawn_of("map of municipalities")
    (line,) = drawn.lines
    assert list(line.values) == sorted(line.values, reverse=True)
    rows = {r.name: r for r in figure.rows}
    looks = {int(p.find(f"{C}idx").get("val")): p for p in line.element.findall(f"{C}dPt")}
    for k, category in enumerate(line.categories):
        row = rows[office.plain_name(category)]
        fill = looks[k].find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val")
        if row.outcome:
            mark = style.MARKS[row.outcome]
            assert category.startswith(f"{mark.sign} ")
            assert f"#{fill}" == mark.colour
        else:
            assert category == row.name == "Nederland"
    key = next(t for t in drawn.texts if "Vergeleken met Nederland" in t)
    for outcome in {r.outcome for r in figure.numbered if r.outcome}:
        assert f"{style.MARKS[outcome].sign} {outcome}" in " ".join(drawn.texts), key


def test_a_strip_tells_region_municipalities_and_benchmark_apart_in_grey() -> None:
    figure, drawn, _ = drawn_of("strip")
    assert isinstance(figure, StripFigure)
    (line,) = drawn.lines
    fills = {}
    for point in line.element.findall(f"{C}dPt"):
        colour = point.find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val")
        fills[office.plain_name(line.categories[int(point.find(f"{C}idx").get("val"))])] = lightness(f"#{colour}")
    members = {fills[m.name] for m in figure.municipalities}
    assert len(members) == 1
    scale = sorted([members.pop(), fills["Achterhoek"], fills["Nederland"]])
    assert all(b - a > 15 for a, b in itertools.pairwise(scale)), scale


def test_limited_coverage_is_drawn_lightly_and_said() -> None:
    figure, drawn, _ = drawn_of("strip with limited coverage")
    (line,) = drawn.lines
    place = next(k for k, c in enumerate(line.categories) if "Zeeuws-Vlaanderen" in c)
    assert "beperkte dekking" in line.categories[place]
    mark = style.MARKS[figure.region.outcome]
    point = next(p for p in line.element.findall(f"{C}dPt") if p.find(f"{C}idx").get("val") == str(place))
    assert f"#{point.find(f'{C}spPr/{A}solidFill/{A}srgbClr').get('val')}" == mark.light
    assert any("indicatief" in t for t in drawn.texts)


def test_years_that_are_not_final_are_named() -> None:
    figure, drawn, _ = drawn_of("trend")
    years = {r.year for r in figure.rows if r.status != "definitief" and not math.isnan(r.value)}
    assert years
    assert all(any(str(y) in t and "voorlopig" in " ".join(drawn.texts) for t in drawn.texts) for y in years)


def test_a_benchmark_that_would_squeeze_all_bars_is_told_in_words() -> None:
    figure, drawn, _ = drawn_of("map of a count")
    country = next(r for r in figure.rows if r.area == "NL01")
    assert not any("Nederland" in c for line in drawn.lines for c in line.categories)
    assert any(figure.text(country.value) in t for t in drawn.texts)


@pytest.mark.parametrize("kind", CHARTS)
def test_number_formats_are_dutch_and_carry_the_unit(kind: str) -> None:
    figure, drawn, _ = drawn_of(kind)
    codes = {e.get("formatCode") for e in drawn.all("numFmt")} - {"General"}
    assert codes and all("#,##0" in c for c in codes)
    if figure.unit == "procent" and not getattr(figure, "compared", ""):
        assert any('"%"' in c for c in codes), "the value stays 54.2, and the sign stands behind it"
    assert not [c for c in codes if re.search(r"0(\.0+)?%", c)], "a bare % sign would multiply by a hundred"


@pytest.mark.parametrize("kind", CHARTS)
def test_letters_are_large_enough_and_nothing_is_a_default(kind: str) -> None:
    _, drawn, _ = drawn_of(kind)
    sizes = [int(e.get("sz")) for e in drawn.root.iter() if e.get("sz") and e.tag.startswith(A)]
    assert sizes and min(sizes) >= 1000
    for line in drawn.lines:
        assert line.element.find(f"{C}spPr") is not None, "Office would choose a colour"
    assert drawn.root.find(f"{C}lang").get("val") == "nl-NL"


def test_labels_at_the_same_year_are_pushed_apart() -> None:
    figure, drawn, _ = drawn_of("border trend")
    layout = drawn.all("plotArea")[0].find(f"{C}layout/{C}manualLayout")
    top, height = (float(layout.find(f"{C}{n}").get("val")) for n in ("y", "h"))
    scale = [float(drawn.all(n)[0].get("val")) for n in ("max", "min")]
    places = []
    for line in drawn.lines:
        label = line.element.find(f"{C}dLbls/{C}dLbl")
        if label is not None:
            value = line.values[int(label.find(f"{C}idx").get("val"))]
            moved = label.find(f"{C}layout/{C}manualLayout/{C}y")
            down = 0.0 if moved is None else float(moved.get("val"))
            places.append(top + height * (scale[0] - value) / (scale[0] - scale[1]) + down)
    places.sort()
    assert len(places) >= 8
    # The frame is 9 cm high, a letter 10 points.
    gaps = [(b - a) * 9 / 2.54 * 72 for a, b in itertools.pairwise(places)]
    assert min(gaps) >= 12, gaps
    assert places[0] > 0 and places[-1] < 1
    assert figure.series


# -- what Office asks -----------------------------------------------------------------------------------------

# The order in which the schema wants the children of an element (ECMA-376 part 1, 21.2); others have one order only.
ORDER = {
    "chartSpace": "date1904 lang roundedCorners chart spPr txPr externalData",
    "chart": "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
    "title": "tx layout overlay",
    "plotArea": "layout lineChart barChart catAx valAx spPr",
    "lineChart": "grouping varyColors ser dLbls marker axId",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap axId",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls errBars cat val smooth",
    "dPt": "idx invertIfNegative marker bubble3D spPr",
    "marker": "symbol size spPr",
    "dLbls": "dLbl numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize "
    "extLst",
    "dLbl": "idx layout numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize separator",
    "errBars": "errDir errBarType errValType noEndCap plus minus spPr",
    "catAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses auto lblAlgn lblOffset tickLblSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossBetween majorUnit",
    "scaling": "orientation max min",
    "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h",
    "strRef": "f strCache",
    "numRef": "f numCache",
    "numCache": "formatCode ptCount pt",
    "strCache": "ptCount pt",
}


def check_order(root: Any) -> None:
    for element in root.iter():
        name = etree.QName(element).localname
        if element.tag.startswith(C) and name in ORDER and len(element):
            allowed = ORDER[name].split()
            found = [etree.QName(e).localname for e in element]
            assert all(f in allowed for f in found), f"{name} may not hold {set(found) - set(allowed)}"
            assert [allowed.index(f) for f in found] == sorted(allowed.index(f) for f in found), f"{name}: {found}"


@pytest.mark.parametrize("kind", CHARTS)
def test_elements_stand_in_the_order_of_the_schema(kind: str) -> None:
    _, drawn, _ = drawn_of(kind)
    check_order(drawn.root)
    axes = [e.get("val") for e in drawn.all("axId")]
    assert len(axes) == 4 and len(set(axes)) == 2
    assert drawn.root[-1].tag == f"{C}externalData" and drawn.root[-1].get(f"{R}id") == RELATION
    for line in drawn.lines:
        assert len(line.values) == len(line.categories)
    assert [e.get("val") for e in drawn.all("legend")] == []


def test_a_slide_holds_a_frame_with_alt_text_and_its_own_workbook() -> None:
    figure = office.figure_of_kind("strip")
    frame = slide_with(figure)
    about = frame._element.nvGraphicFramePr.cNvPr
    assert about.get("descr") == figure.alt
    relations = frame.chart.part.rels
    assert [r.rId for r in relations.values()] == [RELATION]
    assert relations[RELATION].target_part.blob[:2] == b"PK"
    latin = frame.chart._chartSpace.find(f".//{A}latin").get("typeface")
    assert latin == "+mn-lt", "the letter of the theme of the slides"


def test_two_charts_on_a_slide_keep_their_own_numbers() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    figures = [office.figure_of_kind(k) for k in ("strip", "trend")]
    for k, figure in enumerate(figures):
        add_chart(slide, native_chart(figure), Cm(1 + 12 * k), Cm(2), Cm(11), Cm(10), figure.alt)
    frames = [s for s in slide.shapes if s.has_chart]
    assert len({f.shape_id for f in slide.shapes}) == len(slide.shapes)
    names = [f.chart.part.partname for f in frames] + [f.chart.part.chart_workbook.xlsx_part.partname for f in frames]
    assert len(set(names)) == 4
    for frame, figure in zip(frames, figures, strict=True):
        assert Drawn(etree.tostring(frame.chart._chartSpace)).numbers(figure) == office.wanted(figure)


def test_the_same_figure_gives_the_same_bytes() -> None:
    chart = native_chart(office.figure_of_kind("strip"))
    assert chart is not None and chart_parts(chart) == chart_parts(chart)


# -- bad texts ------------------------------------------------------------------------------------------------


def spoiled(kind: str) -> Any:
    """A figure with texts in its names and titles that no chart is made for."""
    figure = office.figure_of_kind(kind)
    names = {r.area: BAD[k % len(BAD)] for k, r in enumerate(figure.rows)}

    def named(row: Row) -> Row:
        return replace(row, name=names[row.area])

    texts = {"title": BAD[0] + BAD[2], "caption": BAD[1] + " " + BAD[3], "alt": BAD[2]}
    if isinstance(figure, TrendFigure):
        series = tuple(
            replace(s, name=BAD[k % len(BAD)], rows=tuple(named(r) for r in s.rows))
            for k, s in enumerate(figure.series)
        )
        return replace(figure, series=series, rows=tuple(r for s in series for r in s.rows), **texts)
    region, other = figure.region, figure.benchmark
    rows = tuple(named(r) for r in figure.rows)
    made = dict(zip((id(r) for r in figure.rows), rows, strict=True))
    return replace(figure, rows=rows, region=made[id(region)], benchmark=made[id(other)], **texts)


@pytest.mark.parametrize("kind", ["strip", "trend", "trend of four regions"])
def test_bad_texts_stay_text(kind: str) -> None:
    figure = spoiled(kind)
    frame = slide_with(figure)
    chart = frame.chart
    values = [v for s in chart.plots[0].series for v in s.values if v is not None]
    assert sorted(values) == sorted(office.wanted(office.figure_of_kind(kind)).values()), "every number is still there"
    said = "".join(chart._chartSpace.itertext())
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]|_x00", said)
    names = [str(c) for c in chart.plots[0].categories]
    if isinstance(figure, TrendFigure):
        names = [s.name for s in chart.plots[0].series]
    assert max(len(n) for n in names) <= 75, "a name is cut before it takes the whole chart"
    if isinstance(figure, StripFigure):
        assert len(set(names)) == len(names), "a bar can be told by its name"
        assert len(chart.plots[0].series[0].name) <= 110
    for sheet in office.book(chart.part.chart_workbook.xlsx_part.blob):
        for cell in (c for row in sheet for c in row):
            assert cell.data_type in ("s", "n"), f"{cell.value!r} is taken for {cell.data_type}"


def test_a_list_is_a_list() -> None:
    assert isinstance(office.figure_of_kind("list"), ListFigure)
