"""A region that a reader composes: who is in it, what it is called, all its figures, and how sensitive these are.

The region is added up and judged by the same functions as the 11 (``profile``); so is every variant of it with one
municipality more or less, all in one go.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor import profile
from monitor.assessment import BENCHMARKS, BenchmarkId
from monitor.definitions import Definitions, Indicator, Region
from monitor.definitions.compositions import Case
from monitor.figures.geometry import inner_point, touching
from monitor.notation import listing
from monitor.profile import Against, Everything, Standing, Sums
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to, compositions, last_inhabitants
from monitor.snapshot.store import Snapshot
from monitor.state import State
from monitor.statistics.judge import OUTCOMES, Judgement, Outcome, said
from monitor.statistics.panel import Panel
from monitor.structure import Likeness, outside

OWN, START = "eigen", "begin"
# So many municipalities more or less are named; of more the number is told.
_NAMED = 2
_REFUSED = OUTCOMES.index("niet te beoordelen")


@dataclass(frozen=True)
class Composed:
    """A composition: the region that it began with (None for none) and its municipalities, ordered by code."""

    start: Region | None
    codes: tuple[str, ...]

    @property
    def added(self) -> tuple[str, ...]:
        """Municipalities that the region it began with does not have."""
        return tuple(c for c in self.codes if self.start is None or c not in self.start.codes)

    @property
    def removed(self) -> tuple[str, ...]:
        """Municipalities of the region it began with that were taken out."""
        return tuple(c for c in self.start.codes if c not in self.codes) if self.start else ()

    @property
    def same(self) -> bool:
        """Whether it is just the region that it began with."""
        return self.start is not None and not self.added and not self.removed

    @property
    def recognisable(self) -> bool:
        """Whether at least half of the region it began with is still there."""
        return self.start is not None and 2 * len(self.removed) <= len(self.start.codes)


def composed_of(definitions: Definitions, state: State, default: str) -> Composed:
    """Read a composition from a state; without municipalities it is the region itself.

    ``default``: the region to begin with when the state names neither region nor municipalities.
    """
    slug = state.regions[0] if state.regions else default if state.members is None else None
    start = definitions.region(slug) if slug else None
    if state.members is None and start:
        return Composed(start, tuple(sorted(start.codes)))
    return Composed(start, tuple(sorted(state.members or ())))


def state_of(state: State, start: Region | None, codes: Sequence[str]) -> State:
    """The state of a page with a composition; a region as it is needs no municipalities."""
    members = tuple(sorted(set(codes)))
    plain = start is not None and set(members) == set(start.codes)
    return state.but(regions=(start.id,) if start else (), members=None if plain else members)


def toggled(codes: Sequence[str], code: str) -> tuple[str, ...]:
    """The municipalities with this one taken out when it is among them, else with it added."""
    return tuple(sorted(set(codes) ^ {code}))


def name_of(c: Composed, names: Mapping[str, str], cases: Sequence[Case] = ()) -> str:
    """What a composition is called: 'Achterhoek met Lochem', 'Eigen regio van 5 gemeenten'.

    Args:
        c: the composition.
        names: municipal code -> name.
        cases: compositions that have a name of their own: 'Achterhoek met de Liemers'.
    """
    if c.start is None or not c.recognisable:
        if len(c.codes) == 1:
            return f"Eigen regio: alleen {names[c.codes[0]]}"
        return f"Eigen regio van {_count(len(c.codes))}" if c.codes else "Eigen regio zonder gemeenten"
    if c.same:
        return c.start.name
    known = [x.name for x in cases if x.region == c.start.id and set(x.add) == set(c.added)]
    more = known[0] if known else _told(c.added, names)
    less = _told(c.removed, names)
    parts = [f"met {more}" if more else "", f"zonder {less}" if less else ""]
    return f"{c.start.name} {', '.join(p for p in parts if p)}"


def spoken(c: Composed, name: str) -> str:
    """The name as it stands in a sentence: 'de Achterhoek met Lochem', 'deze eigen regio'."""
    if c.start is None or not c.recognisable:
        return "deze eigen regio"
    return f"{c.start.article} {name}".strip()


def _told(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return listing([names[k] for k in codes]) if len(codes) <= _NAMED else _count(len(codes))


def _count(number: int) -> str:
    return f"{number} gemeente{'' if number == 1 else 'n'}"


# --- What all compositions of an edition share ---


@dataclass(frozen=True)
class Ground:
    """What any composition is made from; gathered once per edition.

    ``last``: the panel with only last years. ``touching``: code -> municipalities that lie against it.
    ``inhabitants``: of the last year. ``provinces``: code -> province. ``sources``: indicator -> table of its last
    year. ``corops``: COROP region -> municipalities; ``outside``: those outside the programme. ``features``:
    (indicator, COROP region) -> value of the last year. ``border``: area, border_km of municipalities.
    ``points``: code -> a point well inside it, (lon, lat).
    """

    panel: Panel
    last: Panel
    touching: Mapping[str, frozenset[str]]
    inhabitants: Mapping[str, float]
    provinces: Mapping[str, str]
    sources: Mapping[str, str]
    corops: Mapping[str, Sequence[str]]
    features: Mapping[tuple[str, str], float]
    outside: Sequence[str]
    border: pd.DataFrame
    points: Mapping[str, tuple[float, float]]


def ground_of(
    definitions: Definitions, snapshot: Snapshot, shapes: Mapping[str, object], panel: Panel | None = None
) -> Ground:
    """Gather what compositions are made from.

    Args:
        definitions: indicators and regions.
        snapshot: the edition in force.
        shapes: municipal code -> polygon in degrees.
        panel: municipal figures laid out before.
    """
    panel = panel or profile.panel_of(definitions, snapshot)
    municipal = snapshot.areas[snapshot.areas["level"] == "gemeente"]
    corops = {a: c for a, c in compositions(definitions, snapshot.areas).items() if a.startswith("CR")}
    last = panel.last()
    years = dict(last.keys)
    features = {}
    for indicator in {f.indicator for g in definitions.structure for f in g.features if f.indicator}:
        for area in corops:
            row = snapshot.row(indicator, area, years[indicator]) if indicator in years else None
            features[indicator, area] = float(row["value"]) if row else math.nan
    # Ordered by indicator, area and year: the last row of an indicator is of its last year.
    rows = snapshot.observations[snapshot.observations["area"].isin(snapshot.municipalities)]
    tables = rows.drop_duplicates(["indicator"], keep="last")
    return Ground(
        panel,
        last,
        touching(shapes),
        last_inhabitants(snapshot.weights),
        dict(zip(municipal["area"], municipal["province"], strict=True)),
        {str(i): str(s) for i, s in zip(tables["indicator"], tables["source"], strict=True)},
        corops,
        features,
        outside(definitions, snapshot.areas),
        # As plain objects: a frame with Arrow strings is slow to walk through.
        municipal[["area", "border_km"]].astype(object),
        {code: inner_point(shape) for code, shape in shapes.items()},
    )


# --- Benchmarks ---


@dataclass(frozen=True)
class Benchmark:
    """What a composition is held against.

    ``area``: its code, in the edition or (comparable regions) to be added up from ``codes``. ``name``: as it stands in
    a sentence. ``regions``: names of the comparable regions. ``provinces``: codes, most inhabitants first.
    """

    id: BenchmarkId
    area: str
    name: str
    codes: tuple[str, ...]
    regions: tuple[str, ...]
    provinces: tuple[str, ...]


def provinces_of(ground: Ground, codes: Sequence[str]) -> tuple[str, ...]:
    """The provinces in which a composition lies, the one with most of its inhabitants first."""
    counts: dict[str, float] = {}
    for code in codes:
        people = ground.inhabitants.get(code, 0.0)
        counts[ground.provinces[code]] = counts.get(ground.provinces[code], 0.0) + people
    return tuple(sorted(counts, key=lambda p: (-counts[p], p)))


def benchmark_of(
    definitions: Definitions, snapshot: Snapshot, ground: Ground, codes: Sequence[str], kind: BenchmarkId
) -> Benchmark:
    """What a composition of at least one municipality is held against."""
    provinces = provinces_of(ground, codes)
    if kind == "provincie":
        return Benchmark(kind, provinces[0], f"de provincie {snapshot.names[provinces[0]]}", (), (), provinces)
    if kind == "elf-regios":
        return Benchmark(kind, ELEVEN, "de elf regio’s samen", (), (), provinces)
    if kind == "vergelijkbaar":
        found = comparable(definitions, ground, codes)
        members = tuple(c for a in found for c in ground.corops[a])
        regions = tuple(snapshot.names[a] for a in found)
        return Benchmark(kind, comparable_to(OWN), "vergelijkbare regio’s", members, regions, provinces)
    return Benchmark(BENCHMARKS[0], COUNTRY, "Nederland", (), (), provinces)


def comparable(definitions: Definitions, ground: Ground, codes: Sequence[str]) -> tuple[str, ...]:
    """COROP regions outside the programme that resemble a composition most; none when a feature is unknown."""
    added = ground.last.only(codes).add_up({OWN: tuple(codes)})
    own = {i: float(v) for (i, _), v in zip(ground.last.keys, added.value[:, 0], strict=True)}

    def lookup(indicator: str, area: str) -> float:
        return own.get(indicator, math.nan) if area == OWN else ground.features.get((indicator, area), math.nan)

    areas = {OWN: tuple(codes), **ground.corops}
    likeness = Likeness(definitions, ground.border, ground.inhabitants, areas, lookup)
    return tuple(m.area for m in likeness.most_like(OWN, ground.outside))


# --- All figures, and what would change them ---


@dataclass(frozen=True)
class Shift:
    """A judgement that becomes another one."""

    indicator: Indicator
    before: Outcome
    after: Outcome


@dataclass(frozen=True)
class Variant:
    """The composition with one municipality more (``joins``) or less, and the judgements that change then."""

    code: str
    joins: bool
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class Recomposed:
    """All figures of a composition.

    ``missing``: indicator -> its municipalities without a value in the last year. ``earlier``: indicator -> the last
    year in which the composition has a value, for figures without one in the last year (0 for never). ``start``:
    indicator -> value and judgement of the region it began with, against the same benchmark. ``shifts``: what changed
    since. ``judged``: how many figures have a judgement, here or in that region. ``variants``: candidates first.
    """

    benchmark: Benchmark
    standings: tuple[Standing, ...]
    missing: Mapping[str, tuple[str, ...]]
    earlier: Mapping[str, int]
    start: Mapping[str, tuple[float, Judgement]]
    shifts: tuple[Shift, ...]
    judged: int
    variants: tuple[Variant, ...]


def likely(definitions: Definitions, start: Region | None) -> tuple[str, ...]:
    """Municipalities that may well belong to a region: its candidates, and those of cases from practice."""
    if start is None:
        return ()
    cases = [code for case in definitions.compositions if case.region == start.id for code in case.add]
    return tuple(dict.fromkeys([*(m.code for m in start.candidates), *cases]))


def candidates_of(definitions: Definitions, ground: Ground, c: Composed, names: Mapping[str, str]) -> tuple[str, ...]:
    """Municipalities that could join: likely ones first, then those that lie against it, by name."""
    first = [code for code in likely(definitions, c.start) if code not in c.codes]
    around = {code for member in c.codes for code in ground.touching.get(member, ())} - {*c.codes, *first}
    return (*first, *sorted(around, key=lambda code: names[code]))


def recompose(
    definitions: Definitions, snapshot: Snapshot, ground: Ground, c: Composed, kind: BenchmarkId = "nederland"
) -> Recomposed:
    """Add up and judge all figures of a composition of at least one municipality, and of every variant of it.

    All are held against the same benchmark, and by the margin of the same province.
    """
    benchmark = benchmark_of(definitions, snapshot, ground, c.codes, kind)
    held = Against(benchmark.area, benchmark.provinces[0], kind == "vergelijkbaar")
    members = ground.panel.only(c.codes)
    years = Sums(members.keys, (OWN,), members.add_up({OWN: c.codes}))
    told = profile.courses(definitions, snapshot, years)

    joining = candidates_of(definitions, ground, c, snapshot.names)
    leaving = c.codes if len(c.codes) > 1 else ()
    more = [(code, True, (*c.codes, code)) for code in joining]
    less = [(code, False, tuple(k for k in c.codes if k != code)) for code in leaving]
    areas: dict[str, Sequence[str]] = {OWN: c.codes}
    if benchmark.codes:
        areas[benchmark.area] = benchmark.codes
    if c.start:
        areas[START] = c.start.codes
    areas.update({f"{OWN} {code}": codes for code, _, codes in (*more, *less)})
    at_once = profile.assess_all(
        definitions,
        snapshot,
        areas,
        {a: held for a in areas if a != benchmark.area},
        ground.last.only(code for codes in areas.values() for code in codes),
    )
    standings = profile.standings(definitions, snapshot, at_once.only(OWN), told)[OWN]
    own = at_once.areas.index(OWN)
    start: dict[str, tuple[float, Judgement]] = {}
    shifts: tuple[Shift, ...] = ()
    judged: np.ndarray = at_once.judged.outcome[:, own] != _REFUSED
    if c.start:
        k = at_once.areas.index(START)
        rows = enumerate(at_once.keys)
        start = {i: (float(at_once.added.value[row, k]), said(at_once.judged, row, k)) for row, (i, _) in rows}
        shifts = _shifts(definitions, at_once, k, own)
        judged |= at_once.judged.outcome[:, k] != _REFUSED
    variants = tuple(
        Variant(code, joins, _shifts(definitions, at_once, own, at_once.areas.index(f"{OWN} {code}")))
        for code, joins, _ in (*more, *less)
    )
    missing, earlier = _gaps(years, members, c.codes)
    return Recomposed(benchmark, standings, missing, earlier, start, shifts, int(judged.sum()), variants)


def _shifts(definitions: Definitions, everything: Everything, before: int, after: int) -> tuple[Shift, ...]:
    """The judgements that differ between two columns of last years, in the order of the definitions."""
    outcome = everything.judged.outcome
    return tuple(
        Shift(
            definitions.indicator(everything.keys[row][0]),
            OUTCOMES[outcome[row, before]],
            OUTCOMES[outcome[row, after]],
        )
        for row in np.flatnonzero(outcome[:, before] != outcome[:, after]).tolist()
    )


def _gaps(everything: Sums, panel: Panel, codes: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Which members have no value in the last year, and the last year with a value where that one has none."""
    place = {code: k for k, code in enumerate(panel.codes)}
    columns = [place[c] for c in codes]
    values = everything.added.value[:, 0]
    missing, earlier = {}, {}
    for indicator, rows in everything.rows.items():
        absent = everything.added.absent[rows[-1], columns]
        if absent.any():
            missing[indicator] = tuple(c for c, gone in zip(codes, absent.tolist(), strict=True) if gone)
        if math.isnan(values[rows[-1]]):
            known = [everything.keys[r][1] for r in rows if not math.isnan(values[r])]
            earlier[indicator] = max(known, default=0)
    return missing, earlier
