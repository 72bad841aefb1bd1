"""Numbers back: every outlet of a figure shows the numbers of its specification, and nothing else.

Drawings are read as a reader sees them: positions are measured against the axis' own tick labels, fills against
the legend. Nothing here repeats how a figure is composed, only what it must show.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor.figures import files, html, layers, paper, screen, svg
from monitor.figures.geometry import polygons
from monitor.figures.style import MARKS, UNKNOWN_FILL
from monitor.notation import UNKNOWN, parse, rounded
from tests.sample import by_kind
from tests.spec_table import definitions, some

DEFINITIONS = definitions()
REGIONS = DEFINITIONS.regions
INDICATORS = by_kind()
ALL = [i.id for i in INDICATORS]
REGIONAL = [i.id for i in INDICATORS if i.aggregation.kind != "geen"]
WITHOUT_REGIONS = [i.id for i in INDICATORS if i.aggregation.kind == "geen"]
# A number of people or houses is never held against that of another area.
COMPARABLE = [i.id for i in INDICATORS if i.aggregation.kind not in ("geen", "som")]
SUMS = [i.id for i in INDICATORS if i.aggregation.kind == "som"]
LINK = "https://monitor.example.nl/kaart?indicator=overgewicht&jaar=2024"
# (level, compared with the Netherlands)
KINDS = [("gemeenten", False), ("gemeenten", True), ("regios", False), ("regios", True)]
MAPS = [(i, *kind) for i in COMPARABLE for kind in KINDS]
MAPS += [(i, level, False) for i in SUMS for level in ("gemeenten", "regios")]
MAPS += [(i, "gemeenten", False) for i in WITHOUT_REGIONS]
LAYERS = layers.Layers("gemeenten.geojson", "buurlanden.geojson", "regios.geojson")
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


# -- figures, each composed once ------------------------------------------------------------------------------


@dataclass
class Figures:
    """Makes figures by name and keeps them; drawings, which take long, for all workers of this run.

    Maps are drawn with a box for every municipality: colours, names and numbers are the same, and it takes a
    quarter of the time. One test draws the outlines themselves.
    """

    definitions: Any
    composer: Any
    outlines: Any
    folder: Path
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def _once(self, *key: Any) -> Any:
        if key not in self.kept:
            self.kept[key] = getattr(self, f"_{key[0]}")(*key[1:])
        return self.kept[key]

    def map(self, indicator: str, level: str = "gemeenten", compare: bool = False, year: int | None = None) -> Any:
        return self._once("map", indicator, level, compare, year)

    def trend(self, indicator: str, *regions: str) -> Any:
        return self._once("trend", indicator, regions)

    def strip(self, indicator: str, region: str) -> Any:
        return self._once("strip", indicator, region)

    def labels(self) -> dict[str, dict[str, str]]:
        """Municipal code -> the names that travel with the outlines, by level."""
        return self._once("labels")

    def _labels(self) -> dict[str, dict[str, str]]:
        made = layers.layer_files(self.outlines, self.definitions, self.composer.snapshot.names)
        return {f["id"]: f["properties"] for f in made["municipalities"]["features"]}

    def svg(self, figure: Any) -> ET.Element:
        key = ("svg", figure.name)
        if key not in self.kept:
            drawn = self.folder / f"{figure.name}.svg"
            if not drawn.exists():
                partial = drawn.with_suffix(f".{os.getpid()}")
                partial.write_bytes(paper.svg(figure, self.outlines, LINK))
                partial.replace(drawn)
            self.kept[key] = ET.fromstring(drawn.read_bytes())
        return self.kept[key]

    def plot(self, figure: Any) -> Any:
        key = ("plot", figure.name)
        if key not in self.kept:
            if hasattr(figure, "series"):
                self.kept[key] = screen.trend_figure(figure)
            else:
                self.kept[key] = screen.map_figure(figure, LAYERS)
        return self.kept[key]

    def _map(self, indicator: str, level: str, compare: bool, year: int | None) -> Any:
        return self.composer.map(self.definitions.indicator(indicator), year, level, "nederland" if compare else None)

    def _trend(self, indicator: str, regions: tuple[str, ...]) -> Any:
        chosen = [self.definitions.region(r) for r in regions]
        return self.composer.trend(self.definitions.indicator(indicator), chosen)

    def _strip(self, indicator: str, region: str) -> Any:
        return self.composer.strip(self.definitions.indicator(indicator), self.definitions.region(region))

    def maps(self, indicator: str) -> list[Any]:
        return [self.map(*kind) for kind in MAPS if kind[0] == indicator]

    def strips(self, indicator: str) -> list[Any]:
        return [self.strip(indicator, r.id) for r in self.definitions.regions]

    def trends(self, indicator: str) -> list[Any]:
        return [self.trend(indicator, "achterhoek", "twente")] if indicator in REGIONAL else []

    def all(self, indicator: str) -> list[Any]:
        return [*self.maps(indicator), *self.trends(indicator), *self.strips(indicator)]


@pytest.fixture(scope="module")
def figures(definitions: Any, composer: Any, outlines: Any, tmp_path_factory: Any) -> Figures:
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "svg"
    folder.mkdir(exist_ok=True)
    boxes = {code: geometry.envelope for code, geometry in outlines.municipalities.items()}
    regions = {slug: geometry.envelope for slug, geometry in outlines.regions.items()}
    neighbours = dict(list(outlines.neighbours.items())[:1])
    return Figures(
        definitions, composer, replace(outlines, municipalities=boxes, regions=regions, neighbours=neighbours), folder
    )


def expected_colours(figure: Any, definitions: Any, municipalities: Iterable[str]) -> dict[str, float]:
    """Municipal code -> the number that its colour stands for, from the rows; NaN where there is none."""
    rows = {r.area: r for r in (*figure.rows, *figure.numbered)}
    wanted: dict[str, float] = {}
    for code in municipalities:
        area = code
        if figure.level == "regios":
            area = next((r.id for r in definitions.regions if code in r.codes), "")
        value = rows[area].value if area in rows else math.nan
        wanted[code] = rounded(value - rows["NL01"].value, figure.decimals) if figure.compared else value
    return wanted


def expected_fills(figure: Any, wanted: dict[str, float]) -> dict[str, str]:
    """Municipal code -> colour of its class, as the legend words the classes; what has no class is left out."""
    outcomes = {r.area: r.outcome for r in figure.numbered}
    region_of = {c: r.id for r in REGIONS for c in r.codes}
    fills: dict[str, str] = {}
    for code, value in wanted.items():
        if math.isnan(value):
            continue
        if not figure.compared:
            found = [c for c in figure.classes if c.lower <= value <= c.upper]
            assert len(found) == 1, f"{value} lies in {len(found)} classes"
            fills[code] = found[0].colour.lower()
            continue
        # 'x of meer lager', 'minder dan x verschil', 'x of meer hoger': a bound belongs to the outer class.
        relevant, far = figure.classes[3].lower, figure.classes[4].lower
        middle = abs(value) < relevant
        if figure.level == "regios":
            outcome = outcomes[region_of[code]]
            if outcome == "niet te beoordelen":
                continue
            middle = outcome == "vergelijkbaar"
        step = 2 if middle else (2 + (2 if abs(value) >= far else 1) * (1 if value > 0 else -1))
        fills[code] = figure.classes[step].colour.lower()
    return fills


def first_number(text: str) -> float:
    """The first number in a text, with its sign; NaN without one."""
    found = re.search(r"[+−-]?(?:€\s)?\d[\d.]*(?:,\d+)?", text)
    return parse(found[0]) if found else math.nan


# -- readers --------------------------------------------------------------------------------------------------


class Tables(HTMLParser):
    """Reads the rows of cells, and the caption, of every table in a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.caption = ""
        self.scopes: list[str | None] = []
        self._in: str = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._in = tag
            if tag == "th":
                self.scopes.append(dict(attrs).get("scope"))
        elif tag == "caption":
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "caption":
            self.caption += data
        elif self._in:
            self.rows[-1][-1] += data


@dataclass(frozen=True)
class CsvFile:
    """A CSV file as a Dutch spreadsheet reads it."""

    headers: list[str]
    rows: list[list[str]]
    about: list[list[str]]

    def said(self, label: str) -> list[str]:
        return [value for name, value in self.about if name == label]


def read_csv(raw: bytes) -> CsvFile:
    assert raw.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    empty = lines.index([])
    return CsvFile(lines[0], lines[1:empty], lines[empty + 1 :])


def titles(root: ET.Element) -> dict[str, str]:
    """Id of an SVG element -> its title."""
    return {
        e.get("id", ""): t.text or "" for e in root.iter() if e.get("id") and (t := e.find(f"{SVG}title")) is not None
    }


def by_id(root: ET.Element, name: str) -> ET.Element:
    return next(e for e in root.iter() if e.get("id") == name)


def uses(element: ET.Element) -> list[tuple[float, float]]:
    """Places of the marks in an SVG group."""
    return [(float(u.get("x", "nan")), float(u.get("y", "nan"))) for u in element.iter(f"{SVG}use")]


def path_points(element: ET.Element) -> list[tuple[float, float]]:
    """Corners of the first path directly in an SVG group."""
    path = element.find(f"{SVG}path")
    assert path is not None
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path.get("d", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def fill_of(element: ET.Element) -> str:
    path = element.find(f"{SVG}path")
    assert path is not None
    found = re.search(r"fill: (#[0-9a-f]{6})", path.get("style", ""))
    assert found, path.get("style")
    return found[1]


class Axis:
    """A linear axis, rebuilt from its first and last tick label: place on paper -> number."""

    def __init__(self, root: ET.Element, letter: str, at_least: int = 2) -> None:
        self.ticks: list[tuple[float, float]] = []
        for group in (e for e in root.iter() if re.fullmatch(rf"{letter}tick_\d+", e.get("id", ""))):
            text = next(group.iter(f"{SVG}text")).text or ""
            self.ticks.append((uses(group)[0][letter == "y"], parse(text)))
        assert len(self.ticks) >= at_least, f"{letter} axis has fewer than {at_least} labels"
        self.span = abs(self.ticks[-1][1] - self.ticks[0][1])

    def number(self, place: float) -> float:
        (first, low), (last, high) = self.ticks[0], self.ticks[-1]
        if first == last:
            return low + (place - first)
        return low + (place - first) / (last - first) * (high - low)


def percent(text: str | None) -> float:
    assert text and text.endswith("%")
    return float(text[:-1])


def same(a: float, b: float) -> bool:
    """Equal numbers, or both unknown."""
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


# -- specifications -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", ALL)
def test_rows_of_a_map_are_the_observations_of_the_edition(figures: Figures, snapshot: Any, indicator: str) -> None:
    frame = snapshot.observations
    frame = frame[frame["indicator"] == indicator]
    decimals = figures.definitions.indicator(indicator).decimals
    for year in snapshot.years(indicator):
        stored = dict(zip(*frame.loc[frame["year"] == year, ["area", "value"]].to_dict("list").values(), strict=True))
        rows = figures.map(indicator, year=year).rows
        assert len({r.area for r in rows}) == len(rows)
        assert {r.area for r in rows} >= set(snapshot.municipalities)
        for row in rows:
            value = stored.get(row.area, math.nan)
            assert same(row.value, rounded(float(value), decimals)), (row.area, year)


# -- maps -----------------------------------------------------------------------------------------------------


def pointed(figures: Figures, trace: Any) -> dict[str, str]:
    """Municipal code -> what the pointer shows there: the template, filled in as the browser does."""
    names = figures.labels()
    told = trace.customdata if trace.customdata is not None else [""] * len(trace.locations)
    found = {}
    for code, own in zip(trace.locations, told, strict=True):
        text = re.sub(r"%\{properties\.(\w+)\}", lambda m, c=code: names[c][m[1]], trace.hovertemplate)
        found[code] = text.replace("%{customdata}", own).removesuffix("<extra></extra>")
        assert "%{" not in found[code], found[code]
    return found


def screen_areas(figures: Figures, figure: Any) -> dict[str, tuple[float, str, str]]:
    """Municipal code -> number, colour and hover text of an area that has a class on the screen."""
    found: dict[str, tuple[float, str, str]] = {}
    for trace in (t for t in figures.plot(figure).data if t.name == "waarden"):
        colours = {c.lower() for _, c in trace.colorscale}
        assert len(colours) == 1, "a class has one colour"
        texts = pointed(figures, trace)
        for code, z in zip(trace.locations, trace.z, strict=True):
            assert code not in found
            found[code] = (float(z), next(iter(colours)), texts[code])
    return found


@pytest.mark.parametrize(("indicator", "level", "compare"), MAPS)
def test_screen_map_holds_the_rows(figures: Figures, snapshot: Any, indicator: str, level: str, compare: bool) -> None:
    figure = figures.map(indicator, level, compare)
    assert bool(figure.compared) == compare
    wanted = expected_colours(figure, figures.definitions, snapshot.municipalities)
    fills = expected_fills(figure, wanted)
    shown = screen_areas(figures, figure)
    assert {c: z for c, (z, _, _) in shown.items()} == {c: wanted[c] for c in fills}
    for code, (z, _, text) in shown.items():
        assert first_number(text.split("<br>")[1]) == z, text
        assert snapshot.names[code] in text.split("<br>")[0], text
    blank = {
        c: text
        for t in figures.plot(figure).data
        if t.name in ("geen cijfer", "buiten de elf regio’s")
        for c, text in pointed(figures, t).items()
    }
    assert set(blank) == set(wanted) - set(fills), "what is unknown is drawn as unknown"
    outside = {c for c in wanted if level == "regios" and not any(c in r.codes for r in figures.definitions.regions)}
    for code, text in blank.items():
        assert math.isnan(wanted[code]) == ("geen cijfer" in text or code in outside), text
        assert (code in outside) == ("buiten de elf regio’s" in text), text


@pytest.mark.parametrize(("indicator", "level", "compare"), MAPS)
def test_screen_map_colours_each_area_by_its_class(
    figures: Figures, snapshot: Any, indicator: str, level: str, compare: bool
) -> None:
    figure = figures.map(indicator, level, compare)
    wanted = expected_colours(figure, figures.definitions, snapshot.municipalities)
    fills = expected_fills(figure, wanted)
    assert {c: colour for c, (_, colour, _) in screen_areas(figures, figure).items()} == fills


@pytest.mark.parametrize(("indicator", "level", "compare"), some(MAPS, 5))
def test_paper_map_holds_the_rows(figures: Figures, snapshot: Any, indicator: str, level: str, compare: bool) -> None:
    figure = figures.map(indicator, level, compare)
    wanted = expected_colours(figure, figures.definitions, snapshot.municipalities)
    fills = expected_fills(figure, wanted)
    root = figures.svg(figure)
    groups = {e.get("id", ""): e for e in root.iter() if e.get("id", "").startswith("gebied-")}
    said = {k.removeprefix("gebied-"): t for k, t in titles(root).items() if k in groups}
    assert set(said) == set(wanted)
    drawn: dict[str, set[str]] = {}
    for code, text in said.items():
        name, number = text.rsplit(": ", 1)
        assert snapshot.names[code] in name, f"{text} does not name {snapshot.names[code]}"
        assert same(first_number(number), wanted[code]), text
        colour = fill_of(groups[f"gebied-{code}"])
        assert colour == fills.get(code, UNKNOWN_FILL.lower()), text
        if code in fills:
            area = code if level == "gemeenten" else next(r.id for r in figures.definitions.regions if code in r.codes)
            drawn.setdefault(colour, set()).add(area)
    counts = {c.colour.lower(): c.count for c in figure.classes if c.count}
    assert {colour: len(areas) for colour, areas in drawn.items()} == counts, "the legend counts what is drawn"
    assert UNKNOWN_FILL.lower() not in {c.colour.lower() for c in figure.classes}


def test_paper_map_draws_the_outlines(figures: Figures, outlines: Any) -> None:
    """Corner by corner: what is drawn is one linear image of longitude and latitude, north up, east right."""
    root = ET.fromstring(paper.svg(figures.map("overgewicht"), outlines, LINK))
    pairs: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for code, geometry in outlines.municipalities.items():
        corners = [c for polygon in polygons(geometry) for ring in polygon for c in ring[:-1]]
        drawn = path_points(by_id(root, f"gebied-{code}"))
        assert len(drawn) == len(corners), code
        pairs += zip(corners, drawn, strict=True)
    assert len(pairs) > 5000
    for axis, sign in ((0, 1), (1, -1)):
        (low, start), (high, end) = (pick(pairs, key=lambda p: p[0][axis]) for pick in (min, max))
        scale = (end[axis] - start[axis]) / (high[axis] - low[axis])
        assert scale * sign > 0
        for place, point in pairs:
            assert point[axis] == pytest.approx(start[axis] + (place[axis] - low[axis]) * scale, abs=0.01)


@pytest.mark.parametrize("indicator, level", some([(i, x) for i in COMPARABLE for x in ("gemeenten", "regios")], 3))
def test_a_difference_is_told_as_a_difference(figures: Figures, indicator: str, level: str) -> None:
    """With its sign, and of a percentage in percentage points: '+3,9 procentpunt', never '3,9%'."""
    figure = figures.map(indicator, level, compare=True)
    values = dict(figure.colours)
    screened = ((c, text.split("<br>")[1]) for c, (_, _, text) in screen_areas(figures, figure).items())
    printed = (
        (name.removeprefix("gebied-"), text.rsplit(": ", 1)[1])
        for name, text in titles(figures.svg(figure)).items()
        if name.startswith("gebied-")
    )
    for code, said in (*screened, *printed):
        value = values.get(code, math.nan)
        if math.isnan(value):
            continue
        assert value == 0 or said.startswith("+" if value > 0 else "−"), (code, said)
        if figure.unit == "procent":
            assert re.search(r"procentpunt|%-punt", said), (code, said)


@pytest.mark.parametrize(("indicator", "level", "compare"), MAPS)
def test_legend_has_every_class_with_bounds_colour_and_count(
    figures: Figures, indicator: str, level: str, compare: bool
) -> None:
    figure = figures.map(indicator, level, compare)
    root = ET.fromstring(f"<div>{html.legend(figure)}</div>")
    items = list(root.iter("li"))
    assert len(items) == len(figure.classes) > 0
    for item, c in zip(items, figure.classes, strict=True):
        text = " ".join(item.itertext())
        assert c.label in text
        assert c.colour in ET.tostring(item, encoding="unicode")
        counted = {"gemeenten": "gemeente", "regio’s": "regio"}[figure.counted] if c.count == 1 else figure.counted
        assert re.search(rf"\b{c.count} {counted}(?!\w|’)", text), text
        if not compare:
            low, *high = c.label.split(" – ")
            assert (parse(low), parse((high or [low])[0])) == (c.lower, c.upper)


@pytest.mark.parametrize("indicator", REGIONAL)
def test_map_labels_give_the_regional_values(figures: Figures, indicator: str) -> None:
    for figure in figures.maps(indicator):
        rows = {r.area: r for r in figure.rows}
        drawn = next(t for t in figures.plot(figure).data if t.name == "namen regio’s")
        assert len(figure.labels) == len(figures.definitions.regions)
        for label, text in zip(figure.labels, drawn.text, strict=True):
            value = rows[label.region].value
            wanted = rounded(value - rows["NL01"].value, figure.decimals) if figure.compared else value
            assert same(first_number(label.text), wanted), label
            assert text.endswith(label.text)


@pytest.mark.parametrize("indicator", some(ALL, 4))
def test_paper_map_writes_its_labels_as_text(figures: Figures, indicator: str) -> None:
    """Names and values can be read, searched and changed in the SVG: they are letters, not shapes."""
    figure = figures.map(indicator)
    printed = {"".join(e.itertext()).strip() for e in figures.svg(figure).iter(f"{SVG}text")}
    for label in figure.labels:
        for part in (*label.name.split("\n"), label.text):
            assert any(part in p for p in printed), f"{part!r} is not a text in the drawing"
    for c in figure.classes:
        assert any(c.label.split(":")[0] in p for p in printed), c.label


# -- trends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", REGIONAL)
def test_screen_trend_holds_the_rows(figures: Figures, indicator: str) -> None:
    figure = figures.trend(indicator, "achterhoek", "twente")
    lines = {t.meta: t for t in figures.plot(figure).data if t.meta}
    assert set(lines) == {s.area for s in figure.series}
    assert len(lines) == len(figures.definitions.regions) + 1
    for series in figure.series:
        trace = lines[series.area]
        points = [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
        known = [(r.year, r.value) for r in series.rows if not math.isnan(r.value)]
        assert points == known, series.name
        texts = [t for t in trace.customdata if t]
        assert [first_number(t.split("<br>")[1]) for t in texts] == [v for _, v in known]
    ticks = figures.plot(figure).layout.yaxis
    assert [first_number(t) for t in ticks.ticktext] == pytest.approx(list(ticks.tickvals)), "a tick label is rounded"


@pytest.mark.parametrize("indicator", REGIONAL)
def test_small_trend_holds_the_same_lines(figures: Figures, indicator: str) -> None:
    figure = figures.trend(indicator, "achterhoek", "twente")

    def lines(plot: Any) -> dict[str, Any]:
        return {t.meta: (t.x, t.y, t.customdata) for t in plot.data if t.meta}

    assert lines(screen.trend_figure(figure, small=True)) == lines(figures.plot(figure))
    items = [" ".join(e.itertext()) for e in ET.fromstring(html.lines_legend(figure)).iter("li")]
    named = [s for s in figure.series if s.role != "overig"]
    assert len(items) == len(named)
    for item, series in zip(items, named, strict=True):
        last = [r.value for r in series.rows if not math.isnan(r.value)][-1]
        assert item.strip().startswith(series.name)
        assert first_number(item.replace(series.name, "")) == last


@pytest.mark.parametrize("indicator", REGIONAL)
def test_paper_trend_is_drawn_where_the_axes_say(figures: Figures, indicator: str) -> None:
    """Titles hold the rows; lines and marks, measured against the tick labels, lie where the rows are."""
    figure = figures.trend(indicator, "achterhoek", "twente")
    root = figures.svg(figure)
    years = {r.year for s in figure.series for r in s.rows}
    # With a single year there is a single tick, right below the marks.
    across, up = Axis(root, "x", at_least=min(len(years), 2)), Axis(root, "y")
    for axis in (across, up):
        for place, number in axis.ticks:
            assert axis.number(place) == pytest.approx(number, abs=axis.span * 1e-4), "a tick label is rounded"
    said = {k: t for k, t in titles(root).items() if k.startswith("lijn-")}
    for series in figure.series:
        read: list[tuple[int, float]] = []
        for k in range(len(said)):
            name = f"lijn-{series.area}-{k}"
            if name not in said:
                break
            parts = [re.fullmatch(r"(.+) (\d{4}): (.+)", p) for p in said[name].split("; ")]
            assert all(p and p[1] == series.name for p in parts), said[name]
            piece = [(int(p[2]), first_number(p[3])) for p in parts if p]
            read += piece
            group = by_id(root, name)
            for points in (path_points(group), uses(group)):
                assert len(points) == len(piece)
                for (x, y), (year, value) in zip(points, piece, strict=True):
                    assert across.number(x) == pytest.approx(year, abs=0.01), (name, year)
                    assert up.number(y) == pytest.approx(value, abs=up.span * 1e-3), (name, year)
        assert read == [(r.year, r.value) for r in series.rows if not math.isnan(r.value)], series.name


@pytest.mark.parametrize("indicator", REGIONAL)
def test_trend_is_split_at_a_break(figures: Figures, indicator: str) -> None:
    """No drawn piece of a line has years on both sides of a break, on screen or paper; the reason is told."""
    years = figures.composer.snapshot.years(indicator)
    breaks = [b for b in figures.definitions.indicator(indicator).breaks if years[0] < b.year <= years[-1]]
    figure = figures.trend(indicator, "achterhoek", "twente")
    assert [y for y, _ in figure.breaks] == [b.year for b in breaks]
    pieces: list[list[int]] = []
    for trace in (t for t in figures.plot(figure).data if t.meta or (t.name or "").startswith("marge ")):
        pieces.append([])
        for x in trace.x:
            if x is None:
                pieces.append([])
            else:
                pieces[-1].append(x)
    for name, text in titles(figures.svg(figure)).items():
        if name.startswith("lijn-"):
            pieces.append([int(y) for y in re.findall(r" (\d{4}): ", text)])
    for b in breaks:
        assert any(p and max(p) < b.year for p in pieces) and any(p and min(p) >= b.year for p in pieces)
        assert not [p for p in pieces if p and min(p) < b.year <= max(p)], f"a line crosses the break of {b.year}"
        assert any(str(b.year) in n and b.reason in n for n in figure.notes)
        assert any(a.hovertext == b.reason for a in figures.plot(figure).layout.annotations)
        printed = " ".join("".join(e.itertext()) for e in figures.svg(figure).iter(f"{SVG}text"))
        assert "breuk" in printed


def test_there_are_breaks_to_test(figures: Figures) -> None:
    assert [i for i in REGIONAL if figures.trend(i, "achterhoek", "twente").breaks]


@pytest.mark.parametrize("indicator", REGIONAL)
def test_screen_trend_band_is_the_interval(figures: Figures, indicator: str) -> None:
    figure = figures.trend(indicator, "achterhoek", "twente")
    corners = {
        (t.name.removeprefix("marge "), x, y)
        for t in figures.plot(figure).data
        if (t.name or "").startswith("marge ")
        for x, y in zip(t.x, t.y, strict=True)
    }
    breaks = tuple(y for y, _ in figure.breaks)
    wanted = set()
    for series in (s for s in figure.series if s.role == "gekozen"):
        for piece in series.pieces(breaks):
            rows = [r for r in piece if not math.isnan(r.lower)]
            if len(rows) > 1:
                wanted |= {(series.name, r.year, v) for r in rows for v in (r.lower, r.upper)}
    assert corners == wanted
    if figures.definitions.indicator(indicator).method == "enquete":
        assert wanted, "a survey's trend has a band"


def test_a_year_without_a_value_leaves_the_line_open(figures: Figures) -> None:
    """Nothing is drawn through a year that is known to be unknown."""
    figure = figures.trend("overgewicht", "achterhoek", "twente")
    own = figure.series[0]
    unknown = own.rows[1].year
    rows = tuple(
        replace(r, value=math.nan, lower=math.nan, upper=math.nan) if r.year == unknown else r for r in own.rows
    )
    trace = next(
        t
        for t in screen.trend_figure(replace(figure, series=(replace(own, rows=rows), *figure.series[1:]))).data
        if t.meta == own.area
    )
    drawn = list(zip(trace.x, trace.y, strict=True))
    before, after = (
        next(k for k, (x, _) in enumerate(drawn) if x is not None and (x > unknown) == later) for later in (False, True)
    )
    assert not any(x == unknown and y is not None for x, y in drawn)
    assert any(y is None for _, y in drawn[before:after]), f"the line runs on through {unknown}"


# -- strips and sparklines ------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", ALL)
def test_screen_strip_is_drawn_to_scale(figures: Figures, indicator: str) -> None:
    """Titles hold the rows; places in percent, rebuilt from two of them, lie where the rows are."""
    for figure in figures.strips(indicator):
        if not (figure.municipalities or figure.region or figure.benchmark):
            assert svg.strip(figure) == "", "nothing is known, nothing is drawn"
            continue
        root = ET.fromstring(svg.strip(figure))
        assert root.get("aria-label") == figure.alt
        dots = [
            (c.findtext("title") or "", percent(c.get("cx"))) for c in root.iter("circle") if "%" in c.get("cx", "")
        ]
        members = list(figure.municipalities)
        assert [t.rsplit(": ", 1)[0] for t, _ in dots] == [m.name for m in members]
        assert [first_number(t.rsplit(": ", 1)[1]) for t, _ in dots] == [m.value for m in members]
        assert not any(math.isnan(m.value) for m in members)
        points = [(m.value, x) for m, (_, x) in zip(members, dots, strict=True)]
        rules = [e for e in root.findall("line") if e.get("x1") == e.get("x2")]
        if figure.benchmark:
            said = root.findtext("text") or ""
            assert said.startswith(figure.benchmark.name)
            assert first_number(said.removeprefix(figure.benchmark.name)) == figure.benchmark.value
            points.append((figure.benchmark.value, percent(rules[0].get("x1"))))
        own = figure.region
        if own and not math.isnan(own.value):
            inner = root.find("svg")
            assert inner is not None
            said = inner.findtext("title") or ""
            assert said.rsplit(": ", 1)[0] == own.name and first_number(said.rsplit(": ", 1)[1]) == own.value
            points.append((own.value, percent(inner.get("x"))))
            if not math.isnan(own.lower):
                whisker = next(e for e in root.findall("line")[1:] if e.get("x1") != e.get("x2"))
                points += [(own.lower, percent(whisker.get("x1"))), (own.upper, percent(whisker.get("x2")))]
        assert len(points) == len(members) + sum(
            1 for r in (own, figure.benchmark) if r and not math.isnan(r.value)
        ) + 2 * bool(own and not math.isnan(own.lower))
        (low, left), (high, right) = min(points), max(points)
        if low == high:
            assert left == right
            continue
        assert left < right
        for value, x in points:
            assert x == pytest.approx(left + (value - low) / (high - low) * (right - left), abs=0.11), figure.title


@pytest.mark.parametrize("indicator", ALL)
def test_paper_strip_is_drawn_where_the_axis_says(figures: Figures, indicator: str) -> None:
    for region in ("achterhoek", "zuidoost-fryslan", "zeeuws-vlaanderen"):
        figure = figures.strip(indicator, region)
        root = figures.svg(figure)
        axis = Axis(root, "x")
        said = titles(root)
        rows = {f"gemeente-{m.area}": m for m in figure.municipalities}
        if figure.region and not math.isnan(figure.region.value):
            rows[f"regio-{figure.region.area}"] = figure.region
        assert {k for k in said if k.startswith(("gemeente-", "regio-"))} == set(rows)
        for name, row in rows.items():
            assert said[name].rsplit(": ", 1)[0] == row.name
            assert first_number(said[name].rsplit(": ", 1)[1]) == row.value
            (place,) = uses(by_id(root, name))
            assert axis.number(place[0]) == pytest.approx(row.value, abs=axis.span * 1e-3), said[name]
        if figure.benchmark:
            assert first_number(said["vergelijking"].rsplit(": ", 1)[1]) == figure.benchmark.value
            ends = path_points(by_id(root, "vergelijking"))
            for x, _ in ends:
                assert axis.number(x) == pytest.approx(figure.benchmark.value, abs=axis.span * 1e-3)
        own = figure.region
        if own and not math.isnan(own.lower):
            low, high = (first_number(t) for t in said["marge"].removeprefix("Marge: ").split(" tot "))
            assert (low, high) == (own.lower, own.upper)
            places = [axis.number(x) for x, _ in path_points(by_id(root, "marge"))]
            assert places == pytest.approx([own.lower, own.upper], abs=axis.span * 1e-3)
        else:
            assert "marge" not in said


@pytest.mark.parametrize("indicator", REGIONAL)
def test_sparkline_follows_the_rows(figures: Figures, indicator: str) -> None:
    """Corners of the lines are one linear image of (year, value); too few years give words, not a line."""
    for region in figures.definitions.regions:
        figure = figures.trend(indicator, region.id)
        own = next(s for s in figure.series if s.role == "gekozen")
        land = next(s for s in figure.series if s.role == "land")
        breaks = tuple(y for y, _ in figure.breaks)
        drawn = svg.sparkline(own, land, breaks, figure.sentence)
        known = [r for r in own.rows if not math.isnan(r.value)]
        if "<svg" not in drawn:
            assert len(known) < 3 and "te weinig jaren" in drawn
            continue
        root = ET.fromstring(f"<div>{drawn}</div>")
        corners = [
            tuple(float(n) for n in p.split(","))
            for line in root.iter("polyline")
            for p in line.get("points", "").split()
        ]
        rows = [r for s in (land, own) for piece in s.pieces(breaks) for r in piece]
        assert len(corners) == len(rows)
        for axis, values in ((0, [float(r.year) for r in rows]), (1, [r.value for r in rows])):
            low, high = values.index(min(values)), values.index(max(values))
            a, b = corners[low][axis], corners[high][axis]
            assert abs(b - a) > 20
            for corner, value in zip(corners, values, strict=True):
                wanted = a + (value - values[low]) / (values[high] - values[low]) * (b - a)
                assert corner[axis] == pytest.approx(wanted, abs=0.11)
        texts = [t for t in root.itertext() if t.strip()]
        assert texts == [str(known[0].year), str(known[-1].year)]


# -- tables and files -----------------------------------------------------------------------------------------


def numbers_of(figure: Any, headers: Sequence[str]) -> list[list[float]]:
    """What the columns with numbers must hold, row by row, by their headers."""
    columns = []
    for header in headers:
        if header.startswith("Waarde"):
            columns.append([r.value for r in figure.rows])
        elif header.startswith("Ondergrens"):
            columns.append([r.lower for r in figure.rows])
        elif header.startswith("Bovengrens"):
            columns.append([r.upper for r in figure.rows])
        elif header.startswith("Dekking"):
            columns.append([rounded(100 * r.coverage, 0) for r in figure.rows])
    return [list(row) for row in zip(*columns, strict=True)]


def check_cells(figure: Any, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    wide = [k for k, h in enumerate(headers) if h.startswith(("Waarde", "Ondergrens", "Bovengrens", "Dekking"))]
    assert any(h.startswith("Waarde") for h in headers)
    if any(not math.isnan(r.lower) for r in figure.rows):
        assert {h.split()[0] for h in headers} >= {"Ondergrens", "Bovengrens"}
    assert [(r[0], r[1]) for r in rows] == [(r.name, str(r.year)) for r in figure.rows]
    for row, wanted in zip(rows, numbers_of(figure, headers), strict=True):
        assert all(same(parse(row[k]), w) for k, w in zip(wide, wanted, strict=True)), (row, wanted)


@pytest.mark.parametrize("indicator", ALL)
def test_table_twin_holds_the_rows(figures: Figures, indicator: str) -> None:
    for figure in figures.all(indicator):
        twin = Tables(html.table(figure.table(), figure.title))
        assert twin.caption == figure.title
        check_cells(figure, twin.rows[0], twin.rows[1:])
        assert twin.scopes == ["col"] * len(twin.rows[0]) + ["row"] * len(figure.rows)
        for cells, row in zip(twin.rows[1:], figure.rows, strict=True):
            assert (cells[2] == UNKNOWN) == math.isnan(row.value), "unknown is a word, not an empty cell"
            assert row.word in cells or not row.word


@pytest.mark.parametrize("indicator", ALL)
def test_csv_holds_the_rows_and_says_where_they_come_from(figures: Figures, indicator: str) -> None:
    for figure in figures.all(indicator):
        file = read_csv(files.csv_bytes(figure, LINK))
        check_cells(figure, file.headers, file.rows)
        for cells in file.rows:
            assert all(re.fullmatch(r"(-?\d+(,\d+)?)?", c) for c in cells[2:3]), f"not a Dutch number: {cells}"
            assert not any(re.fullmatch(r"-?\d+\.\d+", c) for c in cells), cells
        assert file.said("Titel") == [figure.title]
        assert file.said("Leeszin") == [figure.sentence]
        assert file.said("Editie") == [figure.edition] and figure.edition
        assert file.said("Link") == [LINK]
        (source,) = file.said("Bron")
        assert figure.source in source and "CBS" in source and "CC BY 4.0" in source
        assert file.said("Let op") == list(figure.notes)


@pytest.mark.parametrize("indicator", some(ALL, 3))
def test_tables_of_other_years_hold_the_rows_too(figures: Figures, snapshot: Any, indicator: str) -> None:
    for year in snapshot.years(indicator)[:-1]:
        figure = figures.map(indicator, year=year)
        file = read_csv(files.csv_bytes(figure, LINK))
        check_cells(figure, file.headers, file.rows)
        twin = Tables(html.table(figure.table(), figure.title))
        check_cells(figure, twin.rows[0], twin.rows[1:])
        assert {r[1] for r in file.rows} == {str(year)}


@pytest.mark.parametrize("indicator", ALL)
def test_region_table_holds_the_rows(figures: Figures, indicator: str) -> None:
    figure = figures.map(indicator)
    text = html.region_table(figure, figures.strips(indicator), indicator)
    rows = {r.area: r for r in figure.numbered}
    shown = dict(re.findall(r'data-area="([^"]+)">([^<]*)<', text))
    assert set(shown) == set(rows)
    for slug, cell in shown.items():
        assert same(parse(cell), rows[slug].value), (slug, cell)
    assert set(re.findall(rf'href="regio\?regio=([^"&]+)&amp;indicator={indicator}"', text)) == set(rows)


def chunks(raw: bytes) -> dict[bytes, bytes]:
    """First chunk of each kind of a PNG."""
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(raw):
        (size,) = struct.unpack(">I", raw[at : at + 4])
        found.setdefault(raw[at + 4 : at + 8], raw[at + 8 : at + 8 + size])
        at += size + 12
    return found


@pytest.mark.parametrize("kind", ["map", "difference", "trend", "strip"])
def test_png_is_16_cm_wide_at_300_dots_per_inch(figures: Figures, kind: str) -> None:
    figure = {
        "map": lambda: figures.map("overgewicht"),
        "difference": lambda: figures.map("overgewicht", "regios", True),
        "trend": lambda: figures.trend("ervaren-gezondheid", "achterhoek", "twente"),
        "strip": lambda: figures.strip("overgewicht", "achterhoek"),
    }[kind]()
    found = chunks(paper.png(figure, figures.outlines, LINK))
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    across, up, metres = struct.unpack(">IIB", found[b"pHYs"])
    assert width == 1890
    assert height > 600
    assert metres == 1 and across == up == pytest.approx(300 / 0.0254, abs=1)
    assert width / across == pytest.approx(0.16, abs=0.0005)


def test_png_is_not_blank(figures: Figures, outlines: Any) -> None:
    """The colours of the classes are in the picture."""
    import matplotlib.image

    figure = figures.map("overgewicht")
    picture = matplotlib.image.imread(io.BytesIO(paper.png(figure, outlines, LINK)), format="png")
    seen = {tuple(p) for p in (picture[::7, ::7, :3] * 255).round().astype(int).reshape(-1, 3).tolist()}
    for c in figure.classes:
        assert tuple(int(c.colour[k : k + 2], 16) for k in (1, 3, 5)) in seen, c.label


# -- words ----------------------------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(the|and|with|from|for|value|year|years|regions|municipality|municipalities|unknown|missing|coverage|"
    r"source|edition|weight|higher|lower|better|worse|crimes|recorded|none|nan|null|true|false|inf|"
    r"undefined|to|not|by|than|average|trend line|difference|share)\b",
    re.IGNORECASE,
)
# 12.34 and 0.5 are no Dutch numbers; 1.234 and 12.345.678 are.
DOT_DECIMAL = re.compile(r"(?<![\d.,])\d+\.(?!\d{3}(?!\d))\d+")


def faults_in(text: str) -> list[str]:
    """What may not stand in a text that a user reads."""
    text = re.sub(r"CC BY 4\.0|https?://\S+", "CBS", text)
    text = re.sub(r"<[^>]+>", "", text.replace("<br>", " "))
    found = [m[0] for m in (*ENGLISH.finditer(text), *DOT_DECIMAL.finditer(text))]
    return found + [p for p in ("{", "}", "  ", "..", " .", " ,", "()") if p in text]


def test_the_check_on_words_can_fail() -> None:
    assert faults_in("the value") == ["the", "value"]
    assert faults_in("van 12.34% naar 0.5") == ["12.34", "0.5"]
    assert faults_in("nan procent") == ["nan"]
    assert faults_in("van 1.234 naar 12.345.678,5 in 2024 (CC BY 4.0).") == []


def texts_of(figure: Any) -> list[str]:
    """Every text in a figure's specification."""
    said = [figure.title, figure.sentence, figure.alt, figure.caption, figure.source, *figure.notes]
    for row in figure.rows:
        said += [row.name, row.word, row.reason, row.status]
    table = figure.table()
    said += [*table.headers, *(c for row in table.cells for c in row)]
    if hasattr(figure, "classes"):
        said += [figure.headline, figure.lead, *(c.label for c in figure.classes)]
        said += [x.text for x in figure.labels] + [x.name.replace("\n", " ") for x in figure.labels]
    if hasattr(figure, "breaks"):
        said += [reason for _, reason in figure.breaks]
    return said


@pytest.mark.parametrize("indicator", ALL)
def test_every_text_is_dutch_in_dutch_notation(figures: Figures, indicator: str) -> None:
    wrong = {
        (text, *faults) for figure in figures.all(indicator) for text in texts_of(figure) if (faults := faults_in(text))
    }
    assert not wrong


@pytest.mark.parametrize("indicator", ALL)
def test_texts_on_screen_are_dutch_in_dutch_notation(figures: Figures, indicator: str) -> None:
    """Plotly's hover texts, labels and ticks; titles in strips."""
    said: set[str] = set()
    for figure in (*figures.maps(indicator), *figures.trends(indicator)):
        plot = figures.plot(figure)
        for trace in plot.data:
            said |= {t for t in (*(trace.customdata or ()), *(trace.text or ())) if t}
            if trace.name in ("waarden", "geen cijfer", "buiten de elf regio’s"):
                said |= set(pointed(figures, trace).values())
        said |= {a.text for a in plot.layout.annotations}
        said |= set(plot.layout.yaxis.ticktext or ())
    for figure in figures.strips(indicator):
        said |= set(ET.fromstring(svg.strip(figure) or "<svg/>").itertext())
    assert len(said) > 300
    assert not {(t, *faults) for t in said if (faults := faults_in(t.replace("\u200b", "")))}


@pytest.mark.parametrize("indicator", some(ALL, 3))
def test_texts_on_paper_are_dutch_in_dutch_notation(figures: Figures, indicator: str) -> None:
    said: set[str] = set()
    for figure in (
        *figures.maps(indicator),
        *figures.trends(indicator),
        figures.strip(indicator, "achterhoek"),
    ):
        root = figures.svg(figure)
        said |= {"".join(e.itertext()).strip() for tag in ("text", "title") for e in root.iter(f"{SVG}{tag}")}
    assert len(said) > 300
    assert not {(t, *faults) for t in said if (faults := faults_in(t))}


@pytest.mark.parametrize("indicator", ALL)
def test_alt_text_says_what_the_figure_says(figures: Figures, indicator: str) -> None:
    for figure in figures.all(indicator):
        assert len(figure.sentence) > 30 and figure.sentence.endswith(".")
        assert figure.sentence in figure.alt
        assert UNKNOWN not in figure.sentence
        if figure.name.startswith("kaart"):
            assert figure.sentence == f"{figure.headline}. {figure.lead}".strip()
    for figure in figures.strips(indicator):
        own = figure.region
        if own and not math.isnan(own.value):
            assert figure.text(own.value) in figure.sentence
            if figure.benchmark and own.outcome != "niet te beoordelen":
                assert figure.text(figure.benchmark.value) in figure.sentence
    for figure in figures.trends(indicator):
        sentences = re.split(r"(?<=\.) ", figure.sentence)
        assert all(a != b for a, b in pairwise(sentences)), f"said twice: {figure.sentence}"
        if len(figures.composer.snapshot.years(indicator)) > 1:
            for series in (s for s in figure.series if s.role == "gekozen"):
                assert series.name in figure.sentence


@pytest.mark.parametrize("indicator", ALL)
def test_paper_carries_title_sentence_source_edition_and_link(figures: Figures, indicator: str) -> None:
    for figure in (figures.map(indicator), *figures.trends(indicator), figures.strip(indicator, "achterhoek")):
        lines = [e for e in figures.svg(figure).iter(f"{SVG}text") if e.get("y")]
        lines.sort(key=lambda e: float(e.get("y", "0")))
        # Lines may end at a hyphen, so compare without any space.
        printed = "".join("".join("".join(e.itertext()).split()) for e in lines)
        for part in (figure.title, figure.sentence, f"{figure.source}. Editie {figure.edition}.", LINK):
            assert "".join(part.split()) in printed, part
        assert figures.svg(figure).findtext(f"{SVG}title") == figure.title


@pytest.mark.parametrize("indicator", ALL)
def test_paper_says_what_changes_the_meaning_of_a_number(figures: Figures, indicator: str) -> None:
    """A break, limited coverage, a stand-in weight, a provisional figure: none is left out for want of room."""
    weighty = ("Breuk in", "Beperkte dekking", "Vervangend gewicht", "Dit cijfer is nog voorlopig")
    for figure in (figures.map(indicator), *figures.trends(indicator), figures.strip(indicator, "zeeuws-vlaanderen")):
        lines = [e for e in figures.svg(figure).iter(f"{SVG}text") if e.get("y")]
        lines.sort(key=lambda e: float(e.get("y", "0")))
        printed = "".join("".join("".join(e.itertext()).split()) for e in lines)
        missing = [n for n in figure.notes if n.startswith(weighty) and "".join(n.split()) not in printed]
        assert not missing, figure.name


# -- unknown and limited --------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", ALL)
def test_limited_coverage_is_named_with_the_value(figures: Figures, indicator: str) -> None:
    """A value on 50-80% of the weight carries the words in the table, the file and the drawings."""
    for figure in figures.all(indicator):
        twin = Tables(html.table(figure.table(), figure.title)).rows[1:]
        file = read_csv(files.csv_bytes(figure, LINK)).rows
        for k, row in enumerate(figure.rows):
            limited = row.coverage < 0.8 and not math.isnan(row.value)
            for cells in (twin[k], file[k]):
                assert ("beperkte dekking" in " ".join(cells)) == limited, (figure.name, cells)


@pytest.mark.parametrize("indicator", REGIONAL)
def test_limited_coverage_is_named_in_the_lines(figures: Figures, indicator: str) -> None:
    figure = figures.trend(indicator, "achterhoek", "twente")
    said = {t.meta: [x for x in t.customdata if x] for t in figures.plot(figure).data if t.meta}
    printed = titles(figures.svg(figure))
    for series in figure.series:
        known = [r for r in series.rows if not math.isnan(r.value)]
        limited = [r.coverage < 0.8 for r in known]
        assert ["beperkte dekking" in t for t in said[series.area]] == limited
        parts = [
            p for k in range(len(known)) if (text := printed.get(f"lijn-{series.area}-{k}")) for p in text.split("; ")
        ]
        assert ["beperkte dekking" in p for p in parts] == limited, f"paper, {series.name}"


def test_there_is_limited_coverage_to_test(figures: Figures) -> None:
    rows = [r for i in REGIONAL for r in figures.trend(i, "achterhoek", "twente").rows]
    assert [r for r in rows if r.coverage < 0.8 and not math.isnan(r.value)]


@pytest.mark.parametrize("indicator", ALL)
def test_judgement_is_never_colour_alone(figures: Figures, indicator: str) -> None:
    """A judged row has a word, a shape of its own and, where it cannot be judged, the reason."""
    for figure in figures.strips(indicator):
        own = figure.region
        if own is None:
            continue
        assert own.outcome and own.word.removesuffix(" (beperkte dekking)").removeprefix("indicatief ")
        assert own.reason
        said = html.judgement(own)
        assert own.word in re.sub(r"<[^>]+>", "", said)
        assert "<path" in said or "<circle" in said
    assert len({m.shape for m in MARKS.values()}) >= 5


@pytest.mark.parametrize("indicator", WITHOUT_REGIONS)
def test_what_may_not_be_added_up_has_no_regional_number(figures: Figures, indicator: str) -> None:
    from monitor.errors import Refused

    definition = figures.definitions.indicator(indicator)
    with pytest.raises(Refused, match="bestaat niet voor een regio"):
        figures.composer.map(definition, None, "regios", None)
    with pytest.raises(Refused, match="bestaat niet voor een regio"):
        figures.composer.trend(definition, [figures.definitions.region("twente")])
    slugs = {r.id for r in figures.definitions.regions}
    figure = figures.map(indicator)
    assert not {r.area for r in figure.rows} & slugs
    assert all(math.isnan(r.value) for r in figure.numbered)
    assert not any(re.search(r"\d", x.text) for x in figure.labels)
    assert all(s.region is None for s in figures.strips(indicator))


# --- From a table to the page of a municipality or a region ---


AREAS = [("GM0294", "gemeente?gemeente=GM0294"), ("twente", "regio?regio=twente")]


@pytest.mark.parametrize(("area", "address"), AREAS)
def test_a_row_of_the_table_twin_leads_to_the_page_of_its_area(figures: Figures, area: str, address: str) -> None:
    figure = figures.map("roken")
    content = figure.table()
    assert dict(zip((r.area for r in figure.rows), content.links, strict=True))[area] == address
    assert f'<a href="{address}" target="_self">' in html.table(content, figure.title)


def test_the_country_has_no_page_of_its_own(figures: Figures) -> None:
    figure = figures.map("roken")
    assert dict(zip((r.area for r in figure.rows), figure.table().links, strict=True))["NL01"] == ""


def test_the_table_of_regions_leads_to_its_lowest_and_highest_municipality(figures: Figures) -> None:
    indicator = figures.definitions.indicator("afstand-ziekenhuis")
    figure = figures.map("afstand-ziekenhuis")
    strips = [figures.composer.strip(indicator, r, 2024) for r in figures.definitions.regions]
    made = html.region_table(figure, strips, "overgewicht")
    assert '<a href="gemeente?gemeente=GM0294" target="_self">Winterswijk</a> 2,9' in made
