"""Changes that stand out: of one municipality among all, of all municipalities together, and another unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from monitor.export.changed.kinds import years_spoken
from monitor.notation import number
from monitor.refresh.models import Notice
from monitor.refresh.plausible_case import MOST, NOISE, Case, Subject, counted, some
from monitor.statistics.aggregate import Bools, Floats

# A change is a jump beyond so many robust deviations.
DEVIATIONS = 5.0
# A robust deviation is the median absolute deviation times this, or else the mean one times the other: both give the
# standard deviation of a normal distribution.
_MAD, _MEAN = 1.4826, 1.2533
# With fewer municipalities there is no distribution to speak of.
ENOUGH = 30
_DISTINCT = 10
# A change that is told of all municipalities needs so many earlier changes to compare with.
EARLIER = 2
# Rank correlation of municipalities: usual between years, too low between years, too low after a revision.
IN_ORDER, REORDERED, REVISED_ORDER = 0.8, 0.5, 0.8
# The typical municipality does not become this many times as much from one value to the next: another unit.
FACTOR = 5.0


def deviation(changes: Floats, step: float) -> float:
    """The robust standard deviation of changes, never less than ``step``; ``step`` without any change.

    Examples: docs/verversen-controles.md.

    Args:
        changes: without NaN.
        step: what the figure can show, or what it is rounded to.
    """
    if not len(changes):
        return step
    off = np.abs(changes - np.median(changes))
    # Where most municipalities do not change at all, the median deviation is nought and says nothing.
    usual = _MAD * float(np.median(off)) or _MEAN * float(off.mean())
    return max(usual, step)


def outlying(subject: Subject, old: Floats, new: Floats) -> Floats:
    """By how many robust deviations each change lies from the typical one; NaN where a value is missing.

    Percentages, scores and figures that go below zero are compared by their difference, sums by their ratio, and
    everything else by both: a change has to stand out in both, because a far distance changes more than a short one.
    """
    known = ~(np.isnan(old) | np.isnan(new))
    found = np.full(len(old), np.nan)
    if known.sum() < ENOUGH:
        return found
    a, b = old[known], new[known]
    differences = b - a
    size = np.abs(differences - np.median(differences)) / deviation(differences, _rounding(subject, a, b))
    if not (subject.below_zero or subject.unit in ("procent", "score", "klasse", "jaar")):
        both = (a > 0) & (b > 0)
        if both.sum() >= ENOUGH:
            ratio = np.log(b[both] / a[both])
            by_ratio = np.abs(ratio - np.median(ratio)) / deviation(ratio, 1e-3)
            size[both] = by_ratio if subject.kind == "som" else np.minimum(size[both], by_ratio)
    found[known] = size
    return found


def _rounding(subject: Subject, old: Floats, new: Floats) -> float:
    """What a figure is rounded to, as the values themselves show; not less than what the monitor shows."""
    gaps = [np.diff(np.unique(np.round(v, 6))) for v in (old, new)]
    # A few values that differ say nothing of how they were rounded.
    return max(subject.step, *(float(g.min()) for g in gaps if len(g) >= _DISTINCT), 0.0)


@dataclass(frozen=True)
class _Jump:
    """A change that stands out: of which area, from which year to which, from what to what, by how many deviations."""

    area: str
    first: int
    last: int
    old: float
    new: float
    size: float


def _pairs(case: Case, subject: Subject, *, over_breaks: bool = False) -> Iterator[tuple[int, int]]:
    """Successive years with values of municipalities, as rows of the grid; not across a break unless asked."""
    cells = case.cells
    span = cells.spans[subject.id]
    known = (~np.isnan(cells.after[span][:, cells.municipal])).any(axis=1)
    rows = np.flatnonzero(known) + span.start
    for a, b in pairwise(rows):
        if over_breaks or not any(cells.years[a] < year <= cells.years[b] for year in subject.breaks):
            yield int(a), int(b)


def jumps(case: Case) -> list[Notice]:
    """Municipalities of which a figure changes far more than of others: ``onwaarschijnlijk``.

    From one year to the next, where one of both is new or revised; and from the old value of a year to the new one.
    One notice per figure and kind, the most extreme first.
    """
    found = []
    for subject in case.subjects.values():
        if subject.id not in case.cells.spans:
            continue
        over_years = [x for a, b in _pairs(case, subject) for x in _over_years(case, subject, a, b)]
        span = case.cells.spans[subject.id]
        revised = [x for row in range(span.start, span.stop) for x in _revised(case, subject, row)]
        if over_years:
            found.append(_told(case, subject, over_years, f"verandert {_between(over_years)} veel sterker dan elders"))
        if revised:
            found.append(_told(case, subject, revised, "is veel sterker herzien dan elders"))
    return found


def _over_years(case: Case, subject: Subject, a: int, b: int) -> list[_Jump]:
    c = case.cells
    fresh = (c.fresh[a] | c.fresh[b]) & c.municipal
    return _beyond(case, subject, c.after[a], c.after[b], fresh, (int(c.years[a]), int(c.years[b])))


def _revised(case: Case, subject: Subject, row: int) -> list[_Jump]:
    c = case.cells
    year = int(c.years[row])
    return _beyond(case, subject, c.before[row], c.after[row], c.fresh[row] & c.municipal, (year, year))


def _beyond(
    case: Case, subject: Subject, old: Floats, new: Floats, asked: Bools, years: tuple[int, int]
) -> list[_Jump]:
    if not (asked & ~np.isnan(old)).any():
        return []
    municipal = np.flatnonzero(case.cells.municipal)
    size = outlying(subject, old[municipal], new[municipal])
    return [
        _Jump(case.cells.areas[k], *years, float(old[k]), float(new[k]), float(s))
        for k, s in zip(municipal, size, strict=True)
        if s > DEVIATIONS and asked[k]
    ]


def _between(found: list[_Jump]) -> str:
    """Between which years: 'van jaar op jaar' only where they follow one another."""
    years = sorted({(j.first, j.last) for j in found})
    if all(last == first + 1 for first, last in years):
        return "van jaar op jaar"
    if len(years) == 1:
        return f"van {years[0][0]} op {years[0][1]}"
    return "van het ene jaar met cijfers op het volgende"


def _told(case: Case, subject: Subject, found: list[_Jump], what: str) -> Notice:
    """The most extreme change of each municipality, the largest first."""
    largest: dict[str, _Jump] = {}
    for jump in sorted(found, key=lambda j: -j.size):
        largest.setdefault(jump.area, jump)
    first = next(iter(largest.values()))
    told = [f"{case.name(j.area)} ({_step(subject, j)})" for j in list(largest.values())[:MOST]]
    told += [""] * (len(largest) - len(told))
    text = f"het cijfer van {counted(len(largest), 'gemeente', 'gemeenten')} {what}: {some(told)}."
    return subject.notice("onwaarschijnlijk", text, first.area, first.last)


def _step(subject: Subject, jump: _Jump) -> str:
    was, now = subject.show(jump.old), subject.show(jump.new)
    if jump.first == jump.last:
        return f"{jump.last}: van {was} naar {now}"
    return f"{was} in {jump.first}, {now} in {jump.last}"


def shifts(case: Case) -> list[Notice]:
    """Years in which all municipalities change otherwise than they ever did: ``onwaarschijnlijk``.

    Another definition or another topic, which no municipality betrays by itself. The typical change, or the spread of
    the changes, is beyond five robust deviations of what it was between earlier years; or municipalities stand in
    quite another order (rank correlation) than in the year before, or than in the old edition.
    """
    found = []
    for subject in case.subjects.values():
        if subject.id in case.cells.spans:
            found += [*_shifts(case, subject), *_reordered(case, subject)]
    return found


def same_order(old: Floats, new: Floats) -> float:
    """The rank correlation (-1 to 1) of values that both have; 1 for fewer than 30, or when all are the same."""
    both = ~(np.isnan(old) | np.isnan(new))
    if both.sum() < ENOUGH:
        return 1.0
    a, b = (_ranks(v[both]) for v in (old, new))
    spread = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / spread if spread else 1.0


def _ranks(values: Floats) -> Floats:
    """The rank of each value, less the mean rank; equal values share theirs. As pandas ranks, at a tenth of the time.

    A refresh ranks each year of each figure, hundreds of times.
    """
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    found: Floats = (np.cumsum(times) - (times + len(values)) / 2)[place]
    return found


def _shifts(case: Case, subject: Subject) -> list[Notice]:
    c, municipal = case.cells, case.cells.municipal
    found: list[Notice] = []
    earlier: list[tuple[float, float, float]] = []
    for a, b in _pairs(case, subject):
        years = int(c.years[b] - c.years[a])
        old, new = c.after[a][municipal], c.after[b][municipal]
        changes = (new - old)[~np.isnan(new - old)]
        if len(changes) < ENOUGH:
            continue
        middle, spread = float(np.median(changes)) / years, deviation(changes, subject.step) / math.sqrt(years)
        order = same_order(old, new)
        if len(earlier) >= EARLIER and (c.fresh[b] & c.municipal).sum() > len(changes) / 2:
            middles, spreads, orders = np.array(earlier).T
            usual = float(np.median(spreads))
            far = abs(middle - float(np.median(middles))) > DEVIATIONS * max(deviation(middles, 0.0), usual)
            shuffled = order < REORDERED and float(np.median(orders)) > IN_ORDER
            if far or spread > DEVIATIONS * usual or shuffled:
                told = f"in {c.years[b]} verandert bijna elke gemeente veel sterker dan in eerdere jaren"
                text = f"{told} (doorsnee {subject.difference(middle * years)} sinds {c.years[a]})."
                found.append(subject.notice("onwaarschijnlijk", text, year=int(c.years[b])))
        earlier.append((middle, spread, order))
    return found


def _reordered(case: Case, subject: Subject) -> list[Notice]:
    """Years that were revised so much that other municipalities come first."""
    c, municipal = case.cells, case.cells.municipal
    span = c.spans[subject.id]
    years = [
        int(c.years[row])
        for row in range(span.start, span.stop)
        if (c.fresh[row] & municipal & ~np.isnan(c.before[row])).any()
        and same_order(c.before[row][municipal], c.after[row][municipal]) < REVISED_ORDER
    ]
    if not years:
        return []
    text = f"over {years_spoken(years)} lijken de nieuwe waarden van gemeenten nauwelijks op de oude."
    return [subject.notice("onwaarschijnlijk", text, year=years[-1])]


def units(case: Case) -> list[Notice]:
    """Figures that became many times as large or small in the typical municipality: ``onmogelijk``.

    The median of new divided by old, over all municipalities where both are above zero: five or more, or a fifth or
    less. Of the same year; and of a new year against the one before it, also over a break, unless the figure can go
    below zero. Examples: docs/verversen-controles.md.
    """
    found = []
    for subject in case.subjects.values():
        if subject.id in case.cells.spans:
            notice = _unit(case, subject)
            found += [notice] if notice else []
    return found


def _unit(case: Case, subject: Subject) -> Notice | None:
    c = case.cells
    span = c.spans[subject.id]
    for row in range(span.start, span.stop):
        ratio = typical_ratio(c.before[row][c.municipal], c.after[row][c.municipal])
        if beyond_factor(ratio):
            return _other_unit(subject, ratio, f"over {c.years[row]} is", "in de oude editie", int(c.years[row]))
    for a, b in [] if subject.below_zero else list(_pairs(case, subject, over_breaks=True)):
        if not (c.fresh[a] | c.fresh[b])[c.municipal].any():
            continue
        ratio = typical_ratio(c.after[a][c.municipal], c.after[b][c.municipal])
        if beyond_factor(ratio):
            return _other_unit(subject, ratio, f"in {c.years[b]} is", f"in {c.years[a]}", int(c.years[b]))
    return None


def typical_ratio(old: Floats, new: Floats) -> float:
    """The median of new / old where both are above zero; NaN for fewer than 30 of them."""
    with np.errstate(invalid="ignore"):
        both = (old > NOISE) & (new > NOISE) & np.isfinite(new)
    return float(np.median(new[both] / old[both])) if both.sum() >= ENOUGH else math.nan


def beyond_factor(ratio: float) -> bool:
    """Whether a ratio says that the unit is another."""
    return not math.isnan(ratio) and not 1 / FACTOR < ratio < FACTOR


def _other_unit(subject: Subject, ratio: float, when: str, than: str, year: int) -> Notice:
    times = max(ratio, 1 / ratio)
    power = 10.0 ** round(math.log10(times))
    about = power if 0.8 < times / power < 1.25 else times
    size = "groot" if ratio > 1 else "klein"
    text = f"{when} de waarde van de doorsnee gemeente ongeveer {number(about, 0)} keer zo {size} als {than}"
    unit = f" (wij lezen het als {subject.spoken})"
    return subject.notice("onmogelijk", f"{text}; de eenheid is waarschijnlijk veranderd{unit}.", year=year)
