"""FigureSpec: one description of what a figure contains. Screen, print and files only draw it.

Numbers in a spec are rounded to what the figure may show, so that every outlet gives the same number.
NaN means unknown and is drawn as such.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from monitor.definitions.models import Neighbour, Unit
from monitor.notation import UNIT_LABELS, difference, number, plain, quantity
from monitor.snapshot.derive import ELEVEN
from monitor.state import State
from monitor.statistics.aggregate import coverage_word
from monitor.statistics.judge import Outcome

Role = Literal["gekozen", "land", "overig"]


def area_link(area: str) -> str:
    """The page of an area: of a municipality or a region; empty for other areas."""
    if area.startswith("GM"):
        return State("gemeente", municipality=area).link()
    return State("regio", (area,)).link() if area.islower() and area != ELEVEN else ""


@dataclass(frozen=True)
class Row:
    """One number of a figure: an area in a year, with its interval (NaN without), coverage and judgement."""

    area: str
    name: str
    year: int
    value: float
    lower: float = math.nan
    upper: float = math.nan
    coverage: float = 1.0
    missing: tuple[str, ...] = ()
    status: str = "definitief"
    outcome: Outcome | None = None
    word: str = ""
    reason: str = ""
    region: str = ""

    @property
    def limited(self) -> bool:
        """Whether the value rests on less than 80% of the weight, which is named wherever the value goes."""
        return not math.isnan(self.value) and coverage_word(self.coverage) == "beperkt"


@dataclass(frozen=True)
class Table:
    """A figure as a table: headers, cells as text on screen, and the same cells for a file.

    ``numeric`` says which columns hold numbers; ``links`` where the first cell of a row leads to, empty for nowhere.
    """

    headers: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """What every figure has.

    Attributes:
        name: for files, for example 'kaart-overgewicht-2024'.
        title: what is shown.
        sentence: the reading sentence.
        alt: text for who cannot see the figure: what it says, not what it looks like.
        unit: unit of the values.
        decimals: decimals of the values.
        caption: what the values are, with unit.
        rows: all numbers in the figure.
        source: publisher, table, year.
        edition: name of the edition.
        link: path and query of the page that shows this figure.
        notes: what a reader has to know: coverage, breaks, borders, estimates.
        licence: terms of the source, as they stand in a file.
        part: which figure of its page it is, where a page shows several with the same link; empty for the first.
    """

    name: str
    title: str
    sentence: str
    alt: str
    unit: Unit
    decimals: int
    caption: str
    rows: tuple[Row, ...]
    source: str
    edition: str
    link: str
    notes: tuple[str, ...]
    licence: str = field(default="CC BY 4.0", kw_only=True)
    part: str = field(default="", kw_only=True)

    def text(self, value: float) -> str:
        """A value with its unit, in Dutch notation."""
        return quantity(value, self.unit, self.decimals)

    def table(self) -> Table:
        """The table twin: every number in the figure."""
        intervals = any(not math.isnan(r.lower) for r in self.rows)
        judged = any(r.word for r in self.rows)
        covered = any(r.coverage < 1 - 1e-6 and not math.isnan(r.value) for r in self.rows)
        headers = ["Gebied", "Jaar", f"Waarde ({UNIT_LABELS[self.unit]})"]
        numeric = [False, False, True]
        if intervals:
            headers += ["Ondergrens 95%", "Bovengrens 95%"]
            numeric += [True, True]
        if covered:
            headers.append("Dekking (%)")
            numeric.append(True)
        if judged:
            headers.append("Oordeel")
            numeric.append(False)
        limited = any(r.limited for r in self.rows)
        if limited:
            headers.append("Let op")
            numeric.append(False)
        cells, files = [], []
        for row in self.rows:
            shown = [row.name, str(row.year), number(row.value, self.decimals)]
            kept = [row.name, str(row.year), plain(row.value, self.decimals)]
            if intervals:
                bounds = (row.lower, row.upper)
                shown += ["–" if math.isnan(b) else number(b, self.decimals) for b in bounds]
                kept += [plain(b, self.decimals) for b in bounds]
            if covered:
                shown.append(number(100 * row.coverage, 0))
                kept.append(plain(100 * row.coverage, 0))
            if judged:
                shown.append(row.word or "–")
                kept.append(row.word)
            if limited:
                shown.append("beperkte dekking" if row.limited else "")
                kept.append("beperkte dekking" if row.limited else "")
            cells.append(tuple(shown))
            files.append(tuple(kept))
        links = tuple(area_link(row.area) for row in self.rows)
        return Table(tuple(headers), tuple(cells), tuple(files), tuple(numeric), links)


@dataclass(frozen=True)
class MapClass:
    """One class of a map: bounds as shown (inclusive), colour, words and how many areas fall in it.

    ``edge`` is where the class begins on a continuous scale, halfway between neighbours. ``count`` is in areas of
    the map's level.
    """

    lower: float
    upper: float
    edge: float
    colour: str
    label: str
    count: int


@dataclass(frozen=True)
class RegionLabel:
    """Name and value of a region beside its outline; ``number`` stands for it on a small screen."""

    region: str
    name: str
    text: str
    number: int
    lon: float
    lat: float
    align: Literal["left", "right", "center"]


@dataclass(frozen=True)
class MapFigure(Figure):
    """A map of the country.

    Attributes:
        level: 'gemeenten' colours 342 municipalities, 'regios' the municipalities of 11 regions.
        colours: municipal code -> number that colours it (value, or difference from the benchmark).
        classed: municipal code -> place of its class in ``classes``; a code without class has no colour.
        classes: from low to high.
        labels: the 11 regions.
        compared: name of the benchmark when differences are shown, else empty.
        benchmark: what the regions are judged against.
        relevant: the smallest difference that matters, in the unit of the values.
        favourable: whether one side of the benchmark is the better one.
        numbered: the rows of the regions, in the order of their numbers.
        names: municipal code -> name, also of those that carry no value.
        neighbours: the regions across the border, with names and where these stand.
        headline: the first half of the reading sentence.
        lead: the second half.
    """

    level: Literal["gemeenten", "regios"]
    colours: tuple[tuple[str, float], ...]
    classed: tuple[tuple[str, int], ...]
    classes: tuple[MapClass, ...]
    labels: tuple[RegionLabel, ...]
    compared: str
    benchmark: str
    relevant: float
    favourable: bool
    numbered: tuple[Row, ...]
    names: tuple[tuple[str, str], ...]
    neighbours: tuple[Neighbour, ...]
    headline: str
    lead: str

    def told(self, value: float) -> str:
        """The number that colours an area, as text: a value, or a difference with its sign."""
        return difference(value, self.unit, self.decimals) if self.compared else self.text(value)

    def by_class(self) -> list[tuple[MapClass, list[tuple[str, float]]]]:
        """The coloured areas per class, in the order of the classes: (code, number)."""
        values = dict(self.colours)
        members: dict[int, list[tuple[str, float]]] = {}
        for code, place in self.classed:
            members.setdefault(place, []).append((code, values[code]))
        return [(c, members.get(k, [])) for k, c in enumerate(self.classes)]

    @property
    def counted(self) -> str:
        """What the classes count, in words."""
        return "gemeenten" if self.level == "gemeenten" else "regio’s"

    def count_text(self, count: int) -> str:
        """A count of areas in words: '1 gemeente', '11 regio’s'."""
        return f"{count} {self.counted if count != 1 else {'gemeenten': 'gemeente'}.get(self.counted, 'regio')}"


@dataclass(frozen=True)
class Series:
    """One line: the rows of an area, year by year; pieces between breaks are drawn apart.

    ``named``: carries its name at its end, also when it is none of the chosen ones.
    """

    area: str
    name: str
    role: Role
    rows: tuple[Row, ...]
    named: bool = False

    def pieces(self, breaks: tuple[int, ...]) -> list[list[Row]]:
        """The rows that may be joined by a line: known values, split at a break and at an unknown value."""
        parts: list[list[Row]] = [[]]
        for row in self.rows:
            if math.isnan(row.value):
                parts.append([])
                continue
            last = parts[-1][-1].year if parts[-1] else None
            if last is not None and any(last < b <= row.year for b in breaks):
                parts.append([])
            parts[-1].append(row)
        return [p for p in parts if p]


@dataclass(frozen=True)
class TrendFigure(Figure):
    """Lines over the years: chosen regions, the others thin, and the benchmark.

    ``breaks`` holds (year, reason); a line is interrupted there.
    """

    series: tuple[Series, ...]
    breaks: tuple[tuple[int, str], ...]

    @property
    def longest_end(self) -> int:
        """Characters of the longest name and value that stand at the end of a line."""
        ends = [(s.name, s.rows[-1].value) for s in self.series if s.rows and (s.role != "overig" or s.named)]
        return max((len(f"{name} {self.text(value)}") for name, value in ends), default=0)


@dataclass(frozen=True)
class StripFigure(Figure):
    """One region on one scale: its municipalities as dots, its own mark with interval, the benchmark.

    ``relevant``: the smallest difference from the benchmark that matters, 0 where nothing is judged; ``threshold``
    says so in a sentence.
    """

    region: Row | None
    municipalities: tuple[Row, ...]
    benchmark: Row | None
    relevant: float = 0.0
    threshold: str = ""


@dataclass(frozen=True)
class ListFigure(Figure):
    """Figures of several kinds in one table, each with its own unit; ``content`` is that table."""

    content: Table

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        sentence: str,
        *,
        source: str,
        edition: str,
        link: str,
        notes: tuple[str, ...],
        content: Table,
    ) -> ListFigure:
        """Make a list; unit and decimals stand in its cells, and the sentence is what it says."""
        return cls(
            name, title, sentence, sentence, "aantal", 0, title, (), source, edition, link, notes, content=content
        )

    def table(self) -> Table:
        """The table itself."""
        return self.content
