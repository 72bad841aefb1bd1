"""What a chart in an Office document contains; made from figures by ``chart``, drawn by ``chart_office``.

Values stay as they are in the figure; NaN is unknown and is drawn as a gap. Colours and shapes: ``figures.style``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from monitor.figures.spec import Figure, Row
from monitor.logbook.entry import clean
from monitor.notation import quantity

Kind = Literal["line", "bar", "column"]
Labels = Literal["geen", "alle", "einde"]
# Longer than this a name takes half of the chart; the table beside it has it in full.
LONGEST = 52


@dataclass(frozen=True)
class Look:
    """Colours of one bar: its inside and its edge, which tells bars apart in grey as well."""

    fill: str
    edge: str


@dataclass(frozen=True)
class ChartSeries:
    """One line, or all bars.

    Attributes:
        name: as it stands in the workbook, and at the end of a line.
        area: code of the area of a line; empty for bars.
        rows: the rows of the figure behind the values, one per category; None where the figure has none.
        values: one per category, NaN for unknown.
        lower: 95% interval, NaN without; drawn as error bars.
        upper: likewise.
        colour: '#rrggbb' of the line, or of bars that all look the same.
        dash: 'solid', 'dash', 'dot' or 'dashdot'.
        width: of the line, in points.
        marker: shape of the points of a line.
        size: of the points of a line.
        looks: of the bars one by one; empty for a line.
        labels: which points carry their value; at the end of a line with the name of the series.
        hollow: places of points with limited coverage, drawn open.
    """

    name: str
    area: str
    rows: tuple[Row | None, ...]
    values: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    colour: str
    dash: str = "solid"
    width: float = 1.0
    marker: str = "circle"
    size: int = 3
    looks: tuple[Look, ...] = ()
    labels: Labels = "geen"
    hollow: tuple[int, ...] = ()

    @property
    def intervals(self) -> bool:
        """Whether any value has an interval."""
        return any(not math.isnan(x) for x in self.down)

    @property
    def down(self) -> tuple[float, ...]:
        """From the value down to the lower bound, as error bars ask; NaN without."""
        return tuple(round(v - x, 6) for v, x in zip(self.values, self.lower, strict=True))

    @property
    def up(self) -> tuple[float, ...]:
        """From the value up to the upper bound."""
        return tuple(round(x - v, 6) for v, x in zip(self.values, self.upper, strict=True))

    @property
    def labelled(self) -> tuple[int, ...]:
        """Places of the points that carry a label."""
        known = [k for k, v in enumerate(self.values) if not math.isnan(v)]
        return tuple({"geen": [], "alle": known, "einde": known[-1:]}[self.labels])


@dataclass(frozen=True)
class NativeChart:
    """What a chart in an Office document contains.

    Attributes:
        kind: 'line' over the years, 'bar' (lying, first category on top) or 'column' (standing, many and thin).
        title: of the figure.
        alt: text for who cannot see the chart.
        categories: years, or names of areas with the sign of their judgement; the same order as the values.
        series: lines from the back to the front, or one series of bars.
        number_format: of values; a Dutch Office writes '54,2%'.
        axis_format: of the numbers along the axis.
        ticks: round numbers along the axis, from low to high.
        unit: what the values are, with their unit.
        key: what signs, colours and lines mean: one sentence each. Empty when nothing needs to be told.
        longest_label: characters of the longest label beside a point.
        longest_tick: characters of the longest number along the axis.
        span: a line runs on over years for which the figure has no row; unknown values are left open either way.
    """

    kind: Kind
    title: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    number_format: str
    axis_format: str
    ticks: tuple[float, ...]
    unit: str
    key: tuple[str, ...]
    longest_label: int
    longest_tick: int
    span: bool = False

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return any(not math.isnan(v) for s in self.series for v in s.values)


def number_format(figure: Figure, decimals: int | None = None, difference: bool = False) -> str:
    """Number format of a figure's values for Office: Dutch separators, and the unit as it stands in a sentence.

    Args:
        figure: whose values.
        decimals: other than those of the figure, for an axis.
        difference: with a sign, and of a percentage in percentage points.
    """
    shown = max(figure.decimals if decimals is None else decimals, 0)
    digits = "#,##0" + ("." + "0" * shown if shown else "")
    before, _, after = quantity(0.0, figure.unit, 0).partition("0")
    if difference and figure.unit == "procent":
        after = ""

    def said(sign: str) -> str:
        return f"{DUTCH}{_quoted(sign + before)}{digits}{_quoted(after)}"

    return ";".join(said(sign) for sign in ("+", "\u2212", "")) if difference else said("")


# Before a number format: also a program in another language then writes a decimal comma.
DUTCH = "[$-413]"


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def unit_of(figure: Figure) -> str:
    """What the values are, with their unit, as it fits above a chart."""
    return fits(figure.caption, 110)


def fits(text: str, longest: int = LONGEST) -> str:
    """A text on one line, without signs that a document cannot hold, cut where it is too long for a chart."""
    kept = " ".join(clean(text).split())
    return kept if len(kept) <= longest else f"{kept[: longest - 1].rstrip()}…"


def pick(rows: Iterable[Row | None], name: str) -> tuple[float, ...]:
    """One number of every row: 'value', 'lower' or 'upper'; NaN without a row."""
    return tuple(math.nan if r is None else float(getattr(r, name)) for r in rows)


def provisional(rows: Iterable[Row]) -> tuple[str, ...]:
    """Which years are not final, in words."""
    known = [r for r in rows if not math.isnan(r.value)]
    words = dict.fromkeys(r.status for r in known if r.status not in ("", "definitief"))
    return tuple(
        f"{', '.join(str(y) for y in sorted({r.year for r in known if r.status == w}))}: {w} cijfer." for w in words
    )
