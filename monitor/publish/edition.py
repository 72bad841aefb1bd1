"""What the site is made from: one edition with its definitions, read once, and what several pages share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from monitor import profile
from monitor.assessment import BenchmarkId
from monitor.definitions import Definitions, Region, load
from monitor.definitions.in_force import in_force
from monitor.dialogue.matrix import Voiced, hold_all
from monitor.figures.border_map import Places, places_of
from monitor.figures.compose import Composer
from monitor.figures.geometry import Outlines, read_detail, read_outlines
from monitor.figures.spec import TrendFigure
from monitor.profile import Standing
from monitor.publish.shapes import Shapes
from monitor.screens.edition_age import made_on
from monitor.screens.likeness import likeness_of
from monitor.screens.municipality import MunicipalityPage, compose_municipality
from monitor.screens.region import RegionPage, compose_region
from monitor.snapshot import store
from monitor.snapshot.fitting import fitting
from monitor.snapshot.store import Snapshot
from monitor.structure import Likeness
from monitor.yardstick import Measured, measure

BENCHMARK: BenchmarkId = "nederland"


@dataclass(frozen=True)
class Edition:
    """An edition as the site draws from it; what costs time is made when it is first asked for."""

    definitions: Definitions
    snapshot: Snapshot
    composer: Composer
    outlines: Outlines

    @property
    def name(self) -> str:
        """Name of the edition."""
        return self.snapshot.edition

    @cached_property
    def day(self) -> date | None:
        """The day on which the figures were made; None when the edition does not tell."""
        return made_on(self.snapshot.manifest)

    @cached_property
    def standings(self) -> dict[str, tuple[Standing, ...]]:
        """All figures of the 11 regions against the Netherlands."""
        panel = profile.panel_of(self.definitions, self.snapshot)
        return profile.of_regions(self.definitions, self.snapshot, BENCHMARK, panel, None)

    @cached_property
    def voiced(self) -> tuple[Voiced, ...]:
        """Every finding held against its figures in every region that it concerns."""
        return hold_all(self.definitions, self.snapshot, BENCHMARK)

    @cached_property
    def likeness(self) -> Likeness:
        """How far regions and COROP regions lie apart."""
        return likeness_of(self.definitions, self.snapshot)

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """How far our sums are from what CBS publishes."""
        return tuple(measure(self.definitions, self.snapshot))

    @cached_property
    def shapes(self) -> Shapes:
        """The outlines as paths of a drawing."""
        return Shapes.of(self.outlines)

    @cached_property
    def places(self) -> Places:
        """Outlines of both sides of the border."""
        ids = [n.id for n in self.definitions.neighbours]
        return places_of(self.outlines, self.snapshot.areas, ids)

    @cached_property
    def detail(self) -> dict[str, Any]:
        """Detailed outlines: area code -> polygon in degrees."""
        return read_detail(self.snapshot.folder)

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of areas, also across the border."""
        return {**{n.id: n.name for n in self.definitions.neighbours}, **self.snapshot.names}

    @cached_property
    def trends(self) -> dict[str, TrendFigure | None]:
        """Lines of figures that were composed before: indicator id -> figure; filled by the pages of figures."""
        return {}

    @cached_property
    def _municipalities(self) -> dict[str, MunicipalityPage]:
        return {}

    def municipality_page(self, code: str) -> MunicipalityPage:
        """The content of the page of a municipality; kept for its file, which is made beside it."""
        if code not in self._municipalities:
            self._municipalities.clear()
            self._municipalities[code] = compose_municipality(
                self.definitions, self.snapshot, self.composer, code, BENCHMARK
            )
        return self._municipalities[code]

    @cached_property
    def _regions(self) -> dict[str, RegionPage]:
        return {}

    def region_page(self, region: Region) -> RegionPage:
        """The content of the page of a region; its goals have pages of their own, made from the same."""
        if region.id not in self._regions:
            self._regions[region.id] = compose_region(self.definitions, self.snapshot, self.composer, region, BENCHMARK)
        return self._regions[region.id]

    def multiples(self, indicators: tuple[str, ...], region: Region) -> list[tuple[TrendFigure, str]]:
        """Trends of several figures with a caption, of those that have three or more years."""
        made = []
        for name in indicators:
            if len(self.snapshot.years(name)) >= 3:
                figure = self.composer.trend(self.definitions.indicator(name), [region])
                made.append((figure, figure.sentence))
        return made

    @property
    def about(self) -> dict[str, Any]:
        """What the manifest says of the edition."""
        return dict(self.snapshot.manifest)


def read(folder: Path) -> Edition:
    """Read an edition for the site.

    Raises:
        MonitorError: a definition is broken, or the edition cannot be read.
    """
    snapshot = store.read(folder)
    definitions = in_force(fitting(load(), snapshot), snapshot)
    outlines = read_outlines(snapshot.folder, {r.id: r.codes for r in definitions.regions})
    return Edition(definitions, snapshot, Composer(definitions, snapshot), outlines)
