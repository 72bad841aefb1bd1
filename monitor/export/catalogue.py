"""Every figure of the monitor by its reference: what a page shows, made again for a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs

from monitor import assessment as asm
from monitor import composed as cmp
from monitor import profile
from monitor.definitions import Indicator, Region
from monitor.dialogue.matrix import Voiced, hold_all
from monitor.errors import ExportError, MonitorError
from monitor.export.pack import Materials
from monitor.export.reference import Reference
from monitor.figures.compose import Composer
from monitor.figures.spec import Figure
from monitor.known import known_of
from monitor.nearest import meant
from monitor.screens.balance import compose_balance
from monitor.screens.border import PAGE as BORDER
from monitor.screens.border import compose_border, figure_of
from monitor.screens.compare import chosen_indicators, compose_comparison
from monitor.screens.composed import PAGE as COMPOSED
from monitor.screens.composed import compose_page
from monitor.screens.municipality import compose_municipality
from monitor.screens.number_voice import PAGE as NUMBER_VOICE
from monitor.screens.number_voice import compose_number_voice
from monitor.screens.plan import compose_plan
from monitor.screens.programmes import compose_programmes
from monitor.state import Known, State, parse


@dataclass(frozen=True)
class Found:
    """A figure by reference, the indicator that it shows (None for tables and across the border), and its state."""

    figure: Figure
    indicator: Indicator | None
    state: State


class Catalogue:
    """Makes figures from references; what several of them need is made once."""

    def __init__(self, materials: Materials, today: dt.date) -> None:
        self.materials = materials
        self.definitions, self.snapshot = materials.definitions, materials.snapshot
        self.today = today
        self.composer = Composer(self.definitions, self.snapshot)
        self._standings: dict[tuple[str, int | None], dict[str, tuple[profile.Standing, ...]]] = {}
        self._voiced: dict[str, tuple[Voiced, ...]] = {}
        self._pages: dict[str, Callable[[State], tuple[Figure, ...]]] = {
            "kaart": self._map,
            "trends": self._trend,
            "regio": self._strip,
            "vergelijken": self._comparison,
            "balans": self._balance,
            "plan": self._plan,
            "trajecten": self._programmes,
            "gemeente": self._municipality,
            NUMBER_VOICE: self._number_voice,
            COMPOSED: self._composition,
            BORDER: self._border,
        }

    @cached_property
    def known(self) -> Known:
        """The names that a reference may hold."""
        return known_of(self.definitions, self.snapshot)

    def standings(
        self, benchmark: asm.BenchmarkId, since: int | None = None
    ) -> dict[str, tuple[profile.Standing, ...]]:
        """All figures of the 11 regions against a benchmark; see ``profile.of_regions``."""
        key = (benchmark, since)
        if key not in self._standings:
            self._standings[key] = profile.of_regions(
                self.definitions, self.snapshot, benchmark, self.materials.panel, since
            )
        return self._standings[key]

    def of_region(self, region: Region, benchmark: asm.BenchmarkId) -> tuple[profile.Standing, ...]:
        """The figures of one region; the other ten are not added up for it."""
        if (benchmark, None) in self._standings:
            return self._standings[benchmark, None][region.id]
        held = {region.id: profile.against(region, benchmark, self.snapshot)}
        return profile.profiles(self.definitions, self.snapshot, {region.id: region.codes}, held, self.materials.panel)[
            region.id
        ]

    def voiced(self, benchmark: asm.BenchmarkId) -> tuple[Voiced, ...]:
        """Every finding held against its figures in every region; see ``hold_all``."""
        if benchmark not in self._voiced:
            self._voiced[benchmark] = hold_all(self.definitions, self.snapshot, benchmark)
        return self._voiced[benchmark]

    def find(self, reference: Reference) -> Found:
        """Make the figure that a reference names.

        Raises:
            ExportError: no page, figure, region, municipality or year of that name exists (any more).
            Refused: a rule forbids the figure.
        """
        path, _, query = reference.link.partition("?")
        page = self._pages.get(path)
        if page is None:
            raise ExportError(f"‘{reference}’ is geen figuur van deze monitor.", meant(path, self._pages, _WAY_OUT))
        abroad = self.known.abroad[0] if path == BORDER and self.known.abroad else None
        state, notice = parse(path, parse_qs(query), self.known, default_abroad=abroad)
        if state.absent:
            notice = f"over {state.absent} heeft dit cijfer geen waarde"
        if notice:
            raise ExportError(f"‘{reference}’ bestaat niet meer: {_because(notice)}.", _WAY_OUT)
        try:
            figures = page(state)
        except MonitorError as error:
            raise ExportError(f"‘{reference}’ kan niet in het pakket: {error.message}", _WAY_OUT) from None
        found = next((f for f in figures if f.part == reference.part), None)
        if found is None:
            raise ExportError(f"‘{reference}’ bestaat niet (meer).", _WAY_OUT)
        indicator = self.definitions.indicator(state.indicator) if path in _ONE and state.indicator else None
        return Found(found, indicator, state)

    def _indicator(self, state: State) -> Indicator:
        if state.indicator is None:
            raise ExportError("de link noemt geen cijfer.")
        return self.definitions.indicator(state.indicator)

    def _region(self, state: State) -> Region:
        if not state.regions:
            raise ExportError("de link noemt geen regio.")
        return self.definitions.region(state.regions[0])

    def _map(self, state: State) -> tuple[Figure, ...]:
        level = state.level or "gemeenten"
        compare = asm.benchmark_id(state.compare) if state.compare else None
        return (self.composer.map(self._indicator(state), state.year, level, compare),)

    def _trend(self, state: State) -> tuple[Figure, ...]:
        regions = [self.definitions.region(r) for r in state.regions]
        return (self.composer.trend(self._indicator(state), regions, asm.benchmark_id(state.compare)),)

    def _strip(self, state: State) -> tuple[Figure, ...]:
        benchmark = asm.benchmark_id(state.compare)
        return (self.composer.strip(self._indicator(state), self._region(state), state.year, benchmark),)

    def _comparison(self, state: State) -> tuple[Figure, ...]:
        held = self.standings(asm.benchmark_id(state.compare), state.since)
        self._region(state)
        return (compose_comparison(self.composer, held, chosen_indicators(self.definitions, state), state).figure,)

    def _balance(self, state: State) -> tuple[Figure, ...]:
        benchmark = asm.benchmark_id(state.compare)
        held, country = self.standings(benchmark), self.standings("nederland")
        made = compose_balance(self.definitions, self.composer, held, country, benchmark)
        return made.counts, made.ranking

    def _plan(self, state: State) -> tuple[Figure, ...]:
        region, benchmark = self._region(state), asm.benchmark_id(state.compare)
        held = self.standings(benchmark)[region.id]
        voiced = self.voiced(benchmark)
        made = compose_plan(self.definitions, self.snapshot, region, held, voiced, benchmark, self.today)
        return (made.monitoring.figure,)

    def _programmes(self, state: State) -> tuple[Figure, ...]:
        made = compose_programmes(self.definitions, self._region(state), self.snapshot.edition, self.today)
        return tuple(f for f in (made.figure, made.amounts) if f)

    def _number_voice(self, state: State) -> tuple[Figure, ...]:
        voiced = self.voiced(asm.benchmark_id(state.compare))
        return (compose_number_voice(self.definitions, self.snapshot, voiced, state).figure,)

    def _municipality(self, state: State) -> tuple[Figure, ...]:
        if state.municipality is None:
            raise ExportError("de link noemt geen gemeente.")
        benchmark = asm.benchmark_id(state.compare)
        page = compose_municipality(self.definitions, self.snapshot, self.composer, state.municipality, benchmark)
        return (page.figure,)

    def _composition(self, state: State) -> tuple[Figure, ...]:
        c = cmp.composed_of(self.definitions, state, "")
        if not c.codes:
            raise ExportError("de link noemt geen gemeenten.")
        ground = cmp.ground_of(
            self.definitions, self.snapshot, self.materials.outlines.municipalities, self.materials.panel
        )
        made = compose_page(self.definitions, self.snapshot, self.composer, ground, c, asm.benchmark_id(state.compare))
        return (made.figure,)

    def _border(self, state: State) -> tuple[Figure, ...]:
        if state.abroad is None:
            raise ExportError("de link noemt geen cijfer.")
        figure = figure_of(self.definitions, state.abroad)
        made = compose_border(
            self.definitions, self.snapshot, self.materials.places, self._region(state), figure, state.year
        )
        return made.figure, made.trend


# Pages whose figure shows one indicator.
_ONE = ("kaart", "trends", "regio")
_WAY_OUT = "Haal deze figuur uit het pakket, of kies haar opnieuw."


def _because(notice: str) -> str:
    """The reason out of a notice about a link: without its start, its end and a full stop."""
    text = notice.removeprefix("Niet herkend in de link: ").split(". U ziet daarvoor")[0]
    return text.rstrip(".")
