"""What the page of one municipality contains: all its figures beside region and country."""

from __future__ import annotations

import math
from dataclasses import dataclass

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Goal, Indicator, Region
from monitor.definitions.models import Theme
from monitor.figures.compose import Composer
from monitor.figures.spec import ListFigure, Row, Table
from monitor.notation import UNIT_LABELS, plain
from monitor.snapshot.derive import COUNTRY, ELEVEN
from monitor.snapshot.store import Snapshot
from monitor.state import State

JUDGED = "Een gemeente krijgt een oordeel bij een telling en bij een enquête met marge, niet bij een schatting."
_HEADERS = ("Cijfer", "Eenheid", "Jaar", "Waarde", "Ondergrens 95%", "Bovengrens 95%", "Regio")


@dataclass(frozen=True)
class Line:
    """One figure: value, margin, region and country as text; '–' where there is none."""

    indicator: Indicator
    row: Row
    text: str
    margin: str
    region: str
    country: str
    tension: str = ""


@dataclass(frozen=True)
class MunicipalityPage:
    """Everything on the page of a municipality.

    ``region`` is the one that it belongs to, ``candidate_of`` those for which it is uncertain. ``without`` names the
    figures that it does not have.
    """

    code: str
    name: str
    province: str
    inhabitants: float
    region: Region | None
    candidate_of: tuple[Region, ...]
    goals: tuple[tuple[Goal, tuple[tuple[Theme, tuple[Line, ...]], ...]], ...]
    without: tuple[str, ...]
    figure: ListFigure
    benchmark: str


def benchmark_of(
    definitions: Definitions, snapshot: Snapshot, code: str, benchmark: asm.BenchmarkId
) -> tuple[tuple[str, str], bool]:
    """Code and name of what a municipality is held against, and whether these are other people.

    The Netherlands where it has no comparable regions.
    """
    region = next((r for r in definitions.regions if code in r.codes), None)
    if benchmark == "provincie":
        province = str(snapshot.areas.set_index("area").loc[code, "province"])
        return (province, f"de provincie {snapshot.names[province]}"), False
    if benchmark == "elf-regios":
        return (ELEVEN, asm.BENCHMARK_NAMES[benchmark]), region is None
    if benchmark == "vergelijkbaar" and region:
        return asm.benchmark_area(region, benchmark, snapshot), True
    return (COUNTRY, asm.BENCHMARK_NAMES["nederland"]), False


def compose_municipality(
    definitions: Definitions,
    snapshot: Snapshot,
    composer: Composer,
    code: str,
    benchmark: asm.BenchmarkId = "nederland",
) -> MunicipalityPage:
    """Gather the page of a municipality: each figure in the last year in which it has one."""
    held, sample = benchmark_of(definitions, snapshot, code, benchmark)
    area = snapshot.areas.set_index("area").loc[code]
    region = next((r for r in definitions.regions if code in r.codes), None)
    candidate_of = tuple(r for r in definitions.regions if code in {m.code for m in r.candidates})
    last: dict[str, int] = {}
    for (indicator, year), value in snapshot.cells(code, "value").items():
        if not math.isnan(value):
            last[indicator] = max(year, last.get(indicator, year))
    lines: dict[str, Line] = {}
    without = []
    for i in definitions.indicators:
        if i.id in last:
            lines[i.id] = _line(snapshot, composer, i, code, last[i.id], region, held, sample)
        else:
            without.append(i.name)
    goals = tuple(
        (
            goal,
            tuple(
                (theme, found)
                for theme in definitions.themes
                if (
                    found := tuple(
                        line
                        for line in lines.values()
                        if line.indicator.theme == theme.id and min(line.indicator.goals) == goal.id
                    )
                )
            ),
        )
        for goal in definitions.goals
    )
    people = snapshot.weights[(snapshot.weights["quantity"] == "inwoners") & (snapshot.weights["area"] == code)]
    name = str(area["name"])
    return MunicipalityPage(
        code,
        name,
        snapshot.names.get(str(area["province"]), ""),
        float(people.sort_values("year")["value"].iloc[-1]) if len(people) else math.nan,
        region,
        candidate_of,
        goals,
        tuple(without),
        _figure(snapshot, composer, name, code, tuple(lines.values()), held[1], benchmark),
        held[1],
    )


def _line(
    snapshot: Snapshot,
    composer: Composer,
    i: Indicator,
    code: str,
    year: int,
    region: Region | None,
    held: tuple[str, str],
    sample: bool,
) -> Line:
    a = asm.assess_municipality(snapshot, i, code, year, held, sample=sample)
    other = asm.value_of(snapshot, i, region.id, year).value if region else math.nan

    def text(value: float) -> str:
        return "–" if math.isnan(value) else sentences.shown(i, value)

    margin = "" if math.isnan(a.value.lower) else f"{text(a.value.lower)} tot {text(a.value.upper)}"
    return Line(
        i,
        composer.row(i, a.value, a),
        text(a.value.value),
        margin,
        text(other),
        text(a.benchmark.value),
        composer.tension(i, code),
    )


def _figure(
    snapshot: Snapshot,
    composer: Composer,
    name: str,
    code: str,
    lines: tuple[Line, ...],
    held: str,
    benchmark: asm.BenchmarkId,
) -> ListFigure:
    def cells(line: Line) -> tuple[str, ...]:
        i, row = line.indicator, line.row
        bounds = [plain(b, i.decimals) for b in (row.value, row.lower, row.upper)]
        others = (line.region, line.country)
        return (i.full_name, UNIT_LABELS[i.unit], str(row.year), *bounds, *others, row.word)

    content = tuple(cells(line) for line in lines)
    tables = composer.source([asm.value_of(snapshot, x.indicator, code, x.row.year) for x in lines])
    title = f"Alle cijfers van {name}"
    return ListFigure.of(
        name=f"gemeente-{code.lower()}{asm.file_suffix(benchmark)}",
        title=title,
        sentence=f"Elk cijfer van {name} in het laatste jaar dat er is, naast de regio en {held}.",
        source=tables,
        edition=snapshot.edition,
        link=State("gemeente", municipality=code, compare=asm.in_link(benchmark)).link(),
        notes=(JUDGED, *composer.tensions_of([x.indicator for x in lines], code)),
        content=Table(
            (*_HEADERS, f"{held[0].upper()}{held[1:]}", "Oordeel"),
            content,
            content,
            (False, False, False, True, True, True, True, True, False),
        ),
    )
