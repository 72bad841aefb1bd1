"""Read native charts back from Office files, and figures of every kind to draw; used by several tests.

What must stand in a chart is worked out here from the rows of the figure alone, not from how charts are made.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import openpyxl
from lxml import etree

from monitor.export.pack import Materials
from monitor.figures.compose import Composer
from monitor.figures.spec import Figure, ListFigure, MapFigure, Row, StripFigure, TrendFigure
from monitor.notation import parse
from monitor.screens.border import compose_border, figure_of
from tests.spec_table import definitions, edition

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SIGNS = "▲●▼◆○"
SUFFIXES = (
    "geen cijfer", "beperkte dekking", "in de regio", "deels in de regio", "land", "Nederland", "België", "Duitsland",
)  # fmt: skip
Numbers = dict[tuple[str, int], float]


# -- figures of every kind ------------------------------------------------------------------------------------


@cache
def materials() -> Materials:
    return Materials(definitions(), edition())


@cache
def composer() -> Composer:
    return Composer(definitions(), edition())


def _indicator(name: str) -> Any:
    return definitions().indicator(name)


def trend(indicator: str, *regions: str) -> TrendFigure:
    return composer().trend(_indicator(indicator), [definitions().region(r) for r in regions])


def strip(indicator: str, region: str) -> StripFigure:
    return composer().strip(_indicator(indicator), definitions().region(region))


def country_map(indicator: str, level: str, compare: Any = None) -> MapFigure:
    return composer().map(_indicator(indicator), None, level, compare)


def border(region: str, figure: str, lines: bool = False) -> Figure:
    d = definitions()
    page = compose_border(d, edition(), materials().places, d.region(region), figure_of(d, figure))
    return page.trend if lines else page.figure


def with_unknown_years(indicator: str, *regions: str) -> TrendFigure:
    """A trend in which the second year of the first region, and the third of all, are known to be unknown."""
    figure = trend(indicator, *regions)
    years = sorted({r.year for s in figure.series for r in s.rows})
    series = tuple(
        replace(s, rows=tuple(_blanked(r) if r.year in ((years[2],) if k else years[1:3]) else r for r in s.rows))
        for k, s in enumerate(figure.series)
    )
    return replace(figure, series=series, rows=tuple(r for s in series for r in s.rows))


def _blanked(row: Row) -> Row:
    return replace(row, value=math.nan, lower=math.nan, upper=math.nan)


@cache
def a_list() -> ListFigure:
    from monitor.screens.programmes import compose_programmes

    page = compose_programmes(definitions(), definitions().region("achterhoek"), edition().edition, _today())
    assert page.figure is not None
    return page.figure


def _today() -> Any:
    import datetime as dt

    return dt.date(2026, 11, 2)


_EUROSTAT = [f.id for f in definitions().cross_border]
KINDS: dict[str, Callable[[], Figure]] = {
    "map of municipalities": lambda: country_map("overgewicht", "gemeenten"),
    "map of regions": lambda: country_map("woz-waarde", "regios"),
    "map of municipalities, difference": lambda: country_map("afstand-ziekenhuis", "gemeenten", "nederland"),
    "map of regions, difference": lambda: country_map("overgewicht", "regios", "provincie"),
    "map of what regions do not have": lambda: country_map("mediaan-inkomen", "gemeenten"),
    "map of a count": lambda: country_map("woningen", "gemeenten"),
    "trend": lambda: trend("geregistreerde-misdrijven", "achterhoek"),
    "trend of a survey with a break": lambda: trend("ervaren-gezondheid", "achterhoek", "twente"),
    "trend of four regions": lambda: trend(
        "overgewicht", "achterhoek", "twente", "zuid-limburg", "noord-en-oost-groningen"
    ),
    "trend with unknown years": lambda: with_unknown_years("geregistreerde-misdrijven", "achterhoek", "twente"),
    "trend of a survey with unknown years": lambda: with_unknown_years("overgewicht", "achterhoek"),
    "trend of one year": lambda: trend(_of_one_year(), "achterhoek"),
    "strip": lambda: strip("overgewicht", "achterhoek"),
    "strip of what regions do not have": lambda: strip("mediaan-inkomen", "zuid-limburg"),
    "strip with limited coverage": lambda: strip("tevredenheid-leven", "zeeuws-vlaanderen"),
    "strip of a count": lambda: strip("woningen", "achterhoek"),
    "border": lambda: border("zuid-limburg", _EUROSTAT[1]),
    "border trend": lambda: border("zuid-limburg", _EUROSTAT[1], lines=True),
    "list": a_list,
}


def _of_one_year() -> str:
    return next(
        i.id for i in definitions().indicators if i.aggregation.kind != "geen" and len(edition().years(i.id)) == 1
    )


@cache
def figure_of_kind(kind: str) -> Figure:
    return KINDS[kind]()


# -- what must be drawn ---------------------------------------------------------------------------------------


def wanted(figure: Figure) -> Numbers:
    """(name of the area, year) -> the number that a chart of the figure must hold; unknown ones left out."""
    if isinstance(figure, TrendFigure):
        return {(s.name, r.year): r.value for s in figure.series for r in s.rows if not math.isnan(r.value)}
    rows = [r for r in figure.rows if not math.isnan(r.value)]
    if isinstance(figure, MapFigure):
        regions = {r.area for r in figure.numbered}
        if figure.compared:
            told = {x.region: parse(x.text.replace("%-punt", "")) for x in figure.labels}
            return {(r.name, r.year): told[r.area] for r in rows if r.area in regions}
        if any(r.area in regions for r in rows):
            rows = [r for r in rows if r.area in regions or r.area == "NL01"]
    elif hasattr(figure, "areas"):
        compared = {a.row.area for a in (*figure.compared, *figure.countries)}
        rows = [r for r in rows if r.area in compared]
    if figure.unit == "aantal":
        # A count of the country stands in words, or the bars of the others would be nothing.
        rows = [r for r in rows if r.area != "NL01"]
    return {(r.name, r.year): r.value for r in rows}


def unknown(figure: Figure) -> set[tuple[str, int]]:
    """(name, year) of what is known to be unknown and has a place in a chart."""
    if isinstance(figure, TrendFigure):
        return {(s.name, r.year) for s in figure.series for r in s.rows if math.isnan(r.value)}
    drawn = {name for name, _ in wanted(figure)}
    charted = figure.rows
    if isinstance(figure, MapFigure) and any(r.region == r.area for r in figure.rows):
        charted = tuple(r for r in figure.rows if r.region == r.area)
    elif hasattr(figure, "areas"):
        charted = tuple(a.row for a in (*figure.compared, *figure.countries))
    return {(r.name, r.year) for r in charted if math.isnan(r.value) and r.name not in drawn}


# -- what is drawn --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One series of a chart as the file holds it; NaN for a point without a number."""

    name: str
    categories: tuple[str, ...]
    values: tuple[float, ...]
    up: tuple[float, ...]
    down: tuple[float, ...]
    references: dict[str, str]
    element: Any


class Drawn:
    """A chart part, read as Office reads it."""

    def __init__(self, xml: bytes) -> None:
        self.root = etree.fromstring(xml)

    def all(self, path: str) -> list[Any]:
        return list(self.root.iter(*(f"{C}{p}" for p in path.split())))

    @cached_property
    def kind(self) -> str:
        found = [e for e in self.root.iter() if e.tag in (f"{C}lineChart", f"{C}barChart")]
        assert len(found) == 1
        return str(etree.QName(found[0]).localname)

    @cached_property
    def lines(self) -> list[Line]:
        return [_line(e) for e in self.all("ser")]

    @property
    def texts(self) -> list[str]:
        """What stands in its titles."""
        return ["".join(t.itertext()).strip() for t in self.root.iter(f"{A}p")]

    def numbers(self, figure: Figure) -> Numbers:
        """(name of the area, year) -> number, as a reader of the chart finds it; a number twice is a fault."""
        found: Numbers = {}
        for line in self.lines:
            for category, value in zip(line.categories, line.values, strict=True):
                if math.isnan(value):
                    continue
                trend_ = isinstance(figure, TrendFigure)
                name = _without_end(line.name) if trend_ else plain_name(category)
                key = (name, int(category) if trend_ else figure.rows[0].year)
                assert key not in found, f"{key} is drawn twice"
                found[key] = value
        return found


def _without_end(name: str) -> str:
    return re.sub(r" \(tot en met \d{4}\)$", "", name)


def plain_name(category: str) -> str:
    """The name of an area without its sign and what is said behind it."""
    text = re.sub(rf"^[{SIGNS}] ", "", category)
    found = re.fullmatch(r"(.*) \(([^()]*)\)", text)
    if found and all(part in SUFFIXES for part in found[2].split(", ")):
        return found[1]
    return text


def _line(element: Any) -> Line:
    references: dict[str, str] = {}

    def cache_of(path: str) -> list[str | None]:
        holder = element.find("/".join(f"{C}{p}" for p in path.split("/")))
        if holder is None:
            return []
        source = holder[0]
        references[path.split("/")[-1]] = source.findtext(f"{C}f")
        kept = source[1]
        points = {int(p.get("idx")): p.findtext(f"{C}v") for p in kept.iter(f"{C}pt")}
        return [points.get(k) for k in range(int(kept.find(f"{C}ptCount").get("val")))]

    def numbers(path: str) -> tuple[float, ...]:
        return tuple(math.nan if v is None else float(v) for v in cache_of(path))

    (name,) = cache_of("tx")
    categories = tuple(c or "" for c in cache_of("cat"))
    return Line(
        name or "", categories, numbers("val"), numbers("errBars/plus"), numbers("errBars/minus"), references, element
    )


def book(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw))


def cells(workbook: Any, reference: str) -> list[Any]:
    """The values of the cells that a reference such as "'Figuur 1'!$B$2:$B$9" names."""
    sheet, _, place = reference.rpartition("!")
    found = workbook[sheet.strip("'")][place.replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [c.value for row in rows for c in (row if isinstance(row, tuple) else (row,))]


def check_references(drawn: Drawn, workbook: Any) -> None:
    """What a chart keeps of its numbers and names is what stands in the cells that it refers to."""
    for line in drawn.lines:
        assert cells(workbook, line.references["tx"]) == [line.name]
        assert [str(v) for v in cells(workbook, line.references["cat"])] == list(line.categories)
        for key, kept in (("val", line.values), ("plus", line.up), ("minus", line.down)):
            if key in line.references:
                found = cells(workbook, line.references[key])
                assert len(found) == len(kept) == len(line.categories)
                for cell, value in zip(found, kept, strict=True):
                    assert (cell is None) == math.isnan(value), "unknown is an empty cell, and only that"
                    assert cell is None or float(cell) == value
