"""All figures of any set of areas at once: added up, judged, placed on one scale, and followed through the years.

The 11 regions, a region that a user composes and what comes of it with one municipality more or less all come from
here, by the same functions as a single figure (``assessment``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from monitor import assessment as asm
from monitor.definitions import Definitions, Indicator, Region
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import Added, Floats
from monitor.statistics.change import Change, course
from monitor.statistics.judge import REASONS, UNUSABLE, Judged, Judgement, Rule, judge_many, said
from monitor.statistics.panel import Panel


@dataclass(frozen=True)
class Against:
    """What an area is held against.

    ``area``: code of the benchmark, in the edition or in the same composition. ``province``: whose margin says how
    certain an estimate is. ``sample``: the benchmark is a sample of other people, whose margin counts as well.
    """

    area: str
    province: str
    sample: bool = False


def against(region: Region, benchmark: asm.BenchmarkId, snapshot: Snapshot) -> Against:
    """What one of the 11 regions is held against."""
    code, _ = asm.benchmark_area(region, benchmark, snapshot)
    return Against(code, region.province, benchmark == "vergelijkbaar")


@dataclass(frozen=True)
class Standing:
    """One figure of one area in its last year.

    ``distance`` from the benchmark in standard deviations between COROP regions: positive is more favourable, or
    higher where a figure has no direction; NaN when not judged. ``course``: what the years say.
    """

    indicator: Indicator
    year: int
    value: float
    lower: float
    upper: float
    coverage: float
    benchmark: float
    judgement: Judgement
    distance: float
    course: Change


@dataclass(frozen=True)
class Sums:
    """Every figure of every year for some areas, added up.

    ``keys``: (indicator, year) per row; ``areas``: per column; ``added`` holds arrays of that shape.
    """

    keys: tuple[tuple[str, int], ...]
    areas: tuple[str, ...]
    added: Added

    @cached_property
    def rows(self) -> dict[str, list[int]]:
        """Per indicator its rows, in the order of years."""
        found: dict[str, list[int]] = {}
        for row, (indicator, _) in enumerate(self.keys):
            found.setdefault(indicator, []).append(row)
        return found


@dataclass(frozen=True)
class Everything(Sums):
    """The same, judged: ``judged`` and ``benchmark`` hold arrays of shape (keys, areas)."""

    judged: Judged
    benchmark: Floats

    def only(self, area: str) -> Everything:
        """One of the areas by itself."""
        k = [self.areas.index(area)]
        a, j = self.added, self.judged
        added = replace(
            a,
            value=a.value[:, k],
            lower=a.lower[:, k],
            upper=a.upper[:, k],
            coverage=a.coverage[:, k],
            has_weight=a.has_weight[:, k],
            known=a.known[:, k],
        )
        judged = Judged(**{f.name: np.broadcast_to(getattr(j, f.name), a.value.shape)[:, k] for f in fields(Judged)})
        return Everything(self.keys, (area,), added, judged, self.benchmark[:, k])


def panel_of(definitions: Definitions, snapshot: Snapshot) -> Panel:
    """Lay out the municipal figures of an edition, to add up any composition from."""
    return Panel.of(definitions.indicators, snapshot.observations, snapshot.weights, snapshot.municipalities)


def assess_all(
    definitions: Definitions,
    snapshot: Snapshot,
    composition: Mapping[str, Sequence[str]],
    held: Mapping[str, Against],
    panel: Panel | None = None,
) -> Everything:
    """Add up and judge all figures of any composition at once.

    Args:
        definitions: the indicators.
        snapshot: the edition in force.
        composition: area -> municipal codes.
        held: what each area is held against; an area that is left out is added up and held against the country.
        panel: municipal figures laid out before; made here when None.
    """
    panel = panel or panel_of(definitions, snapshot)
    added = panel.add_up(composition)
    by_id = {i.id: i for i in definitions.indicators}
    rules = {i: asm.rule_for(by_id[i], snapshot) for i in dict.fromkeys(i for i, _ in panel.keys)}
    areas = list(composition)
    chosen = [held.get(a, Against(COUNTRY, "")) for a in areas]
    benchmark = np.empty(added.value.shape)
    sampled = np.full(added.value.shape, math.nan)
    province = np.full(added.value.shape, math.nan)
    columns: dict[str, tuple[Floats, Floats]] = {}
    halves: dict[str, Floats] = {}
    for k, h in enumerate(chosen):
        if h.area not in columns:
            columns[h.area] = _benchmark(snapshot, panel, added, areas, h.area)
        value, half = columns[h.area]
        benchmark[:, k] = value
        if h.sample:
            sampled[:, k] = half
        if h.province not in halves:
            halves[h.province] = _half_widths(snapshot, panel, h.province, "cbs")
        province[:, k] = halves[h.province]
    nowhere = [False] * len(areas)
    unusable = {i: [bool(by_id[i].unusable_for(a, composition[a])) for a in areas] for i in rules if by_id[i].unusable}
    judged = judge_many(
        [rules[i] for i, _ in panel.keys],
        added.value,
        benchmark,
        added.lower,
        added.upper,
        added.coverage,
        province,
        np.array([unusable.get(i, nowhere) for i, _ in panel.keys]),
        members=added.known,
        benchmark_half_width=sampled,
        provisional=np.array([[snapshot.statuses.get(k, asm.FINAL) != asm.FINAL] for k in panel.keys]),
    )
    return Everything(panel.keys, tuple(areas), added, judged, benchmark)


def _benchmark(
    snapshot: Snapshot, panel: Panel, added: Added, areas: Sequence[str], code: str
) -> tuple[Floats, Floats]:
    """Values and half-widths of a benchmark per row: from the same composition, else from the edition."""
    if code in areas:
        k = areas.index(code)
        return added.value[:, k], (added.upper[:, k] - added.lower[:, k]) / 2
    cells = snapshot.cells(code, "value")
    return np.array([cells.get(k, math.nan) for k in panel.keys]), _half_widths(snapshot, panel, code, None)


def _half_widths(snapshot: Snapshot, panel: Panel, code: str, basis: str | None) -> Floats:
    lower, upper = snapshot.cells(code, "lower", basis=basis), snapshot.cells(code, "upper", basis=basis)
    return np.array([(upper.get(k, math.nan) - lower.get(k, math.nan)) / 2 for k in panel.keys])


def distance(snapshot: Snapshot, indicator: Indicator, difference: float) -> float:
    """A difference in standard deviations between COROP regions; positive is favourable (or higher)."""
    # The edition holds a quarter of it: the smallest relevant difference.
    spread = 4 * snapshot.relevant_difference(indicator.id)
    if not spread > 0:
        return math.nan
    return -difference / spread if indicator.direction == "lager-gunstig" else difference / spread


def courses(
    definitions: Definitions, snapshot: Snapshot, everything: Sums, since: int | None = None
) -> dict[str, tuple[Change, ...]]:
    """What the years say, per indicator and area: a trend, or with ``since`` the change from that year on."""
    found = {}
    for indicator in definitions.indicators:
        rows = everything.rows.get(indicator.id)
        if rows:
            found[indicator.id] = _courses(snapshot, indicator, everything, rows, since)
    return found


def _courses(
    snapshot: Snapshot, indicator: Indicator, everything: Sums, rows: Sequence[int], since: int | None
) -> tuple[Change, ...]:
    rule: Rule = asm.rule_for(indicator, snapshot)
    breaks, refused = [b.year for b in indicator.breaks], asm.trend_refused(indicator)
    years = [everything.keys[r][1] for r in rows]
    values = everything.added.value[rows].T.tolist()
    widths = (everything.added.upper[rows] - everything.added.lower[rows]).T.tolist()
    made = []
    for own, width in zip(values, widths, strict=True):
        points = [(y, v, w) for y, v, w in zip(years, own, width, strict=True) if v == v]
        made.append(course(rule, points, breaks, refused, since))
    return tuple(made)


def profiles(
    definitions: Definitions,
    snapshot: Snapshot,
    composition: Mapping[str, Sequence[str]],
    held: Mapping[str, Against],
    panel: Panel | None = None,
    since: int | None = None,
) -> dict[str, tuple[Standing, ...]]:
    """All figures of some areas in their last year, in the order of the definitions.

    Figures of class ``geen`` are left out: they have no regional value.

    Args:
        definitions: the indicators.
        snapshot: the edition in force.
        composition: area -> municipal codes.
        held: what each area is held against; see ``assess_all``.
        panel: municipal figures laid out before.
        since: the year from which the change is told; None for the whole series and its trend.
    """
    everything = assess_all(definitions, snapshot, composition, held, panel)
    return standings(definitions, snapshot, everything, courses(definitions, snapshot, everything, since))


def standings(
    definitions: Definitions,
    snapshot: Snapshot,
    everything: Everything,
    told: Mapping[str, Sequence[Change]],
) -> dict[str, tuple[Standing, ...]]:
    """The last year of everything, per area in the order of the definitions.

    ``told``: what ``courses`` says of it.
    """
    made: dict[str, list[Standing]] = {a: [] for a in everything.areas}
    for indicator in definitions.indicators:
        rows = everything.rows.get(indicator.id)
        if not rows:
            continue
        row = rows[-1]
        for k, area in enumerate(everything.areas):
            judgement = said(everything.judged, row, k)
            course_ = told[indicator.id][k]
            if judgement.reason == REASONS[UNUSABLE]:
                # What a figure does not say of a region, its years do not say either.
                course_ = Change(
                    "niet te beoordelen", judgement.reason, course_.first, course_.last, course_.difference
                )
            made[area].append(
                Standing(
                    indicator,
                    everything.keys[row][1],
                    float(everything.added.value[row, k]),
                    float(everything.added.lower[row, k]),
                    float(everything.added.upper[row, k]),
                    float(everything.added.coverage[row, k]),
                    float(everything.benchmark[row, k]),
                    judgement,
                    distance(snapshot, indicator, judgement.difference),
                    course_,
                )
            )
    return {area: tuple(found) for area, found in made.items()}


@dataclass(frozen=True)
class Tally:
    """How many series were tested for a trend, how many show one, and how many chance alone would give at most."""

    tested: int
    shown: int
    chance: float


def tally(standings: Mapping[str, Sequence[Standing]]) -> Tally:
    """Count trends over areas and figures.

    By chance: the sum over all series of how often the test rejects when nothing changes. That a trend must also be
    large enough makes it an upper bound; that successive years resemble each other works the other way.
    """
    tested = [s.course for own in standings.values() for s in own if s.course.slope]
    shown = sum(c.movement in ("gestegen", "gedaald") for c in tested)
    return Tally(len(tested), shown, math.fsum(c.slope.chance for c in tested if c.slope))


def of_regions(
    definitions: Definitions,
    snapshot: Snapshot,
    benchmark: asm.BenchmarkId = "nederland",
    panel: Panel | None = None,
    since: int | None = None,
) -> dict[str, tuple[Standing, ...]]:
    """All figures of the 11 regions; see ``profiles``."""
    composition = {r.id: r.codes for r in definitions.regions}
    held = {r.id: against(r, benchmark, snapshot) for r in definitions.regions}
    return profiles(definitions, snapshot, composition, held, panel, since)
