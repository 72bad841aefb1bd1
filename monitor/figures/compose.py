"""Compose figures: say what each contains. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.assessment import BenchmarkId
from monitor.definitions import Indicator, Region
from monitor.figures.gather import Gatherer
from monitor.figures.map_figure import compose_map
from monitor.figures.spec import MapFigure, StripFigure, TrendFigure
from monitor.figures.strip_figure import compose_strip
from monitor.figures.trend_figure import compose_trend


class Composer(Gatherer):
    """Makes figures from one edition and its definitions."""

    def map(self, indicator: Indicator, year: int | None, level: str, compare: BenchmarkId | None) -> MapFigure:
        """A map of the country; see ``compose_map``."""
        return compose_map(self, indicator, year, level, compare)

    def trend(
        self, indicator: Indicator, regions: Sequence[Region], benchmark: BenchmarkId = "nederland"
    ) -> TrendFigure:
        """Lines over the years; see ``compose_trend``."""
        return compose_trend(self, indicator, regions, benchmark)

    def strip(
        self, indicator: Indicator, region: Region, year: int | None = None, benchmark: BenchmarkId = "nederland"
    ) -> StripFigure:
        """One region on one scale; see ``compose_strip``."""
        return compose_strip(self, indicator, region, year, benchmark)
