"""Areas of one year as bars of a native chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.export.charts.model import (
    LONGEST,
    ChartSeries,
    Look,
    NativeChart,
    fits,
    number_format,
    pick,
    provisional,
    unit_of,
)
from monitor.figures import style
from monitor.figures.border_spec import COUNTRIES, BorderArea, BorderFigure
from monitor.figures.spec import Figure, MapFigure, Row, StripFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.logbook.entry import clean
from monitor.notation import UNIT_LABELS, difference, parse, quantity
from monitor.snapshot.derive import COUNTRY

# More bars than this cannot carry names; they become thin columns from high to low.
MOST_BARS = 40
# A benchmark so many times the longest other bar squeezes those into nothing.
_SQUEEZES = 3
# More areas without a value than this are counted, not named.
_MOST_NAMED = 12
_BENCHMARK = Look(style.TEXT, style.TEXT)
_AREA = Look(style.DOT, style.DOT_EDGE)
_NOT_JUDGED = Look(style.LOCATION, style.INK)
_OWN = Look(style.INK, style.INK)
_PARTLY = Look(style.LOCATION_LIGHT, style.INK)
# The order in which signs are explained.
_SIGNS = "▲●▼◆○"


@dataclass(frozen=True)
class _Bar:
    """One bar: its row, how it looks, and what stands before and behind its name."""

    row: Row
    look: Look
    sign: str = ""
    after: str = ""


def strip_chart(figure: StripFigure) -> NativeChart:
    """The municipalities in grey, the region in the colour of its judgement, the benchmark dark."""
    judging = _judging([figure.region] if figure.region else [])
    looks = {id(figure.benchmark): _BENCHMARK}
    made = [_judged(r, judging) if r is figure.region else _Bar(r, looks.get(id(r), _AREA)) for r in figure.rows]
    told = ("Lichtgrijs: gemeenten.",) if figure.region and any(b.look is _AREA for b in made) else ()
    return _bars(figure, made, told, figure.benchmark.name if figure.benchmark else "")


def map_chart(figure: MapFigure) -> NativeChart:
    """The regions in the colours of their judgements and the country; of a map with differences those differences.

    A figure that does not exist for regions shows all of its municipalities as thin columns.
    """
    regions = [r for r in figure.rows if r.region and r.region == r.area]
    if not regions:
        told = ("Donker: gemeenten in de elf regio’s.",)
        return _bars(figure, [_Bar(r, _OWN if r.region else _AREA) for r in figure.rows], told, "")
    judging = _judging(regions)
    made = [_judged(r, judging) for r in regions]
    if figure.compared:
        # The benchmark is the line at zero here, and each region may have its own.
        shown = {x.region: parse(x.text.replace("%-punt", "")) for x in figure.labels}
        return _bars(figure, made, (), figure.benchmark, shown)
    country = [_Bar(r, _BENCHMARK) for r in figure.rows if r.area == COUNTRY]
    return _bars(figure, [*made, *country], (), figure.benchmark)


def border_chart(figure: BorderFigure) -> NativeChart:
    """The areas compared on either side of the border, and the countries."""
    return _bars(figure, [_abroad(a) for a in (*figure.compared, *figure.countries)], (), "")


def _abroad(area: BorderArea) -> _Bar:
    """An area on either side of the border; where it lies stands behind its name."""
    looks = {"eigen": _OWN, "deels": _PARTLY, "land": _BENCHMARK}
    told = {"eigen": "in de regio", "deels": "deels in de regio", "buur": COUNTRIES[area.country], "land": "land"}
    return _Bar(area.row, looks.get(area.place, _AREA), "", told.get(area.place, ""))


def _judging(rows: Iterable[Row]) -> bool:
    return any(r.outcome not in (None, "niet te beoordelen") for r in rows)


def _judged(row: Row, judging: bool) -> _Bar:
    """A region in the colour and with the sign of its judgement; in one quiet colour where nothing is judged."""
    if not judging:
        return _Bar(row, _NOT_JUDGED)
    mark = style.MARKS[row.outcome or "niet te beoordelen"]
    fill = style.UNKNOWN_FILL if mark.shape == "hollow" else mark.light if row.limited else mark.colour
    return _Bar(row, Look(fill, mark.colour), mark.sign)


def _bars(
    figure: Figure, bars: Sequence[_Bar], told: Sequence[str], benchmark: str, gaps: Mapping[str, float] | None = None
) -> NativeChart:
    """Bars from high to low; areas without a value have no bar and are named below.

    Args:
        figure: what they are of.
        bars: one per row.
        told: what the colours mean that no sign or name tells.
        benchmark: what the judgements are about, as it stands in a sentence; empty without.
        gaps: area -> difference from its benchmark, which is then drawn instead of the value.
    """
    kept, left_out = _without_giants(figure, bars)
    number = {id(b): b.row.value if gaps is None else gaps.get(b.row.area, math.nan) for b in kept}
    blank = [b for b in kept if math.isnan(number[id(b)])]
    # A figure of which nothing is known is not drawn at all; see ``native_chart``.
    kept = [b for b in kept if b not in blank] or kept
    kept = sorted(kept, key=lambda b: (math.isnan(number[id(b)]), -number[id(b)], b.row.name))
    rows, values = tuple(b.row for b in kept), tuple(number[id(b)] for b in kept)
    many, none = len(rows) > MOST_BARS, (math.nan,) * len(rows)
    compared = f"Verschil met {benchmark}"
    series = ChartSeries(
        name=unit_of(figure) if gaps is None else compared,
        area="",
        rows=rows,
        values=values,
        # The margin is that of the value, not of the difference.
        lower=pick(rows, "lower") if gaps is None else none,
        upper=pick(rows, "upper") if gaps is None else none,
        colour=kept[0].look.fill,
        looks=tuple(b.look for b in kept),
        labels="geen" if many else "alle",
    )
    ticks = tuple(round_ticks([0.0, *series.values, *series.lower, *series.upper]))
    gap_unit = "procentpunt" if figure.unit == "procent" else UNIT_LABELS[figure.unit]
    texts = [figure.text(v) if gaps is None else difference(v, figure.unit, figure.decimals) for v in values]
    return NativeChart(
        kind="column" if many else "bar",
        title=clean(figure.title),
        alt=clean(figure.alt),
        categories=_apart(_category(b) for b in kept),
        series=(series,),
        number_format=number_format(figure, None, gaps is not None),
        axis_format=number_format(figure, decimals_of(ticks), gaps is not None),
        ticks=ticks,
        unit=unit_of(figure) if gaps is None else f"{compared} ({gap_unit}): {fits(figure.caption, 110)}",
        key=(
            *_signs(kept, benchmark),
            *told,
            *_ends(figure, rows, many),
            *left_out,
            *_unknown(blank),
            *_margin(series),
            *provisional(rows),
        ),
        longest_label=max((len(t) for t, v in zip(texts, values, strict=True) if not math.isnan(v)), default=0),
        longest_tick=max((len(quantity(t, figure.unit, decimals_of(ticks))) for t in ticks), default=0),
    )


def _without_giants(figure: Figure, bars: Sequence[_Bar]) -> tuple[list[_Bar], tuple[str, ...]]:
    """Leave out a benchmark beside which nothing else can be seen (a count of the country), and tell it instead."""
    rest = [abs(b.row.value) for b in bars if b.look is not _BENCHMARK and not math.isnan(b.row.value)]
    limit = _SQUEEZES * max(rest, default=math.inf)
    giants = [b for b in bars if b.look is _BENCHMARK and abs(b.row.value) > limit]
    return [b for b in bars if b not in giants], tuple(f"{b.row.name}: {figure.text(b.row.value)}." for b in giants)


def _unknown(bars: Sequence[_Bar]) -> tuple[str, ...]:
    """The areas without a value, by name; of very many how many there are."""
    names = sorted(fits(b.row.name) for b in bars)
    if len(names) > _MOST_NAMED:
        return (f"Zonder cijfer: {len(names)} gebieden.",)
    return (f"Zonder cijfer: {', '.join(names)}.",) if names else ()


def _category(bar: _Bar) -> str:
    """Name of a bar with the sign of its judgement, and what a reader has to know of it."""
    marks = [bar.after] if bar.after else []
    if bar.row.limited:
        marks.append("beperkte dekking")
    behind = f" ({', '.join(marks)})" if marks else ""
    return f"{bar.sign} {fits(bar.row.name, LONGEST - len(behind))}{behind}".strip()


def _apart(names: Iterable[str]) -> tuple[str, ...]:
    """Names that all differ, so that a bar can be told by its name: a second one of the same gets a number."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} [{seen[name]}]")
    return tuple(made)


def _signs(bars: Sequence[_Bar], benchmark: str) -> tuple[str, ...]:
    """The signs that occur with their words, as in 'Vergeleken met Nederland: ▲ gunstiger, ▼ ongunstiger'."""
    pairs = dict.fromkeys((b.sign, b.row.word.split(" (")[0] or str(b.row.outcome)) for b in bars if b.sign)
    listed = ", ".join(f"{sign} {word}" for sign, word in sorted(pairs, key=lambda p: _SIGNS.index(p[0])))
    return (f"Vergeleken met {benchmark}: {listed}.",) if listed else ()


def _ends(figure: Figure, rows: Sequence[Row], many: bool) -> tuple[str, ...]:
    """Where bars are too many for names: what they are, and the first and the last."""
    known = [r for r in rows if not math.isnan(r.value)]
    if not many or not known:
        return ()
    first, last = (f"{r.name} ({figure.text(r.value)})" for r in (known[0], known[-1]))
    return (f"Elke balk is een gemeente, van {first} tot {last}.",)


def _margin(series: ChartSeries) -> tuple[str, ...]:
    return ("Streepje: marge van 95%.",) if series.intervals else ()
