"""What is no longer there: areas, years, whole figures; and areas that nobody knows."""

from __future__ import annotations

import numpy as np

from monitor.definitions import Definitions
from monitor.export.changed.kinds import years_spoken
from monitor.notation import number
from monitor.refresh.models import Notice, Severity
from monitor.refresh.plausible_case import Case, Subject, counted
from monitor.statistics.aggregate import Bools

# So much of the areas of a level must keep a value, or the download is not whole.
KEPT = 0.90
# In a new year of a figure that rests on a sample: a municipality is published only where enough people answered.
KEPT_OF_SAMPLES = 0.70
LEVELS = {
    "GM": ("gemeente", "gemeenten"),
    "PV": ("provincie", "provincies"),
    "GG": ("GGD-regio", "GGD-regio’s"),
    "NL": ("land", "landen"),
}


def coverage(case: Case, definitions: Definitions) -> list[Notice]:
    """Areas, years and figures that lost their value.

    ``onmogelijk``: a whole figure that vanished; fewer than 90% of the areas of a level that had a value in the last
    year; the same in a new year, or 70% there for a figure from a sample. ``onwaarschijnlijk``: fewer areas than
    that (named), a year that vanished, a level without a value in a new year. Examples: docs/verversen-controles.md.
    """
    samples = {i.id for i in definitions.indicators if i.method != "register"}
    found: list[Notice] = []
    for subject in case.subjects.values():
        span = case.cells.spans.get(subject.id)
        if span is None:
            continue
        before, after = (~np.isnan(v[span]) for v in (case.cells.before, case.cells.after))
        if before.any() and not after.any():
            found.append(subject.notice("onmogelijk", "het hele cijfer is verdwenen: er is geen waarde meer."))
        elif before.any():
            found += _years(case, subject, before, after)
            limit = KEPT_OF_SAMPLES if subject.id in samples else KEPT
            for level in LEVELS:
                found += _level(case, subject, level, before, after, limit)
    return found


def _years(case: Case, subject: Subject, before: Bools, after: Bools) -> list[Notice]:
    years = case.cells.years[case.cells.spans[subject.id]]
    gone = [int(y) for y in years[before.any(axis=1) & ~after.any(axis=1)]]
    if not gone:
        return []
    what = f"{'het jaar' if len(gone) == 1 else 'de jaren'} {years_spoken(gone)}"
    verb = "is" if len(gone) == 1 else "zijn"
    return [subject.notice("onwaarschijnlijk", f"{what} {verb} uit de reeks verdwenen.", year=gone[-1])]


def _level(case: Case, subject: Subject, level: str, before: Bools, after: Bools, limit: float) -> list[Notice]:
    """Areas of one level that had a value in the last year, in that year and in the new ones."""
    own = case.cells.levels == level
    years = case.cells.years[case.cells.spans[subject.id]]
    rows = np.flatnonzero((before & own).any(axis=1))
    if not len(rows):
        return []
    last = int(rows[-1])
    had = before[last] & own
    found: list[Notice] = []
    if after[last].any():
        found += _lost(case, subject, level, had, after[last] & own, int(years[last]), KEPT)
    # The last new year only: it is the one that everything shows.
    newer = [k for k in range(last + 1, len(years)) if (after[k] & ~before[k]).any()]
    if newer and (after[newer[-1]] & own).any():
        found += _lost(case, subject, level, had, after[newer[-1]] & own, int(years[newer[-1]]), limit)
    elif newer:
        one, more = LEVELS[level]
        who = "Nederland" if level == "NL" else f"geen enkele {one}" if had.sum() == 1 else f"de {more}"
        text = f"in {years[newer[-1]]} is er geen waarde voor {who}, in {years[last]} nog wel."
        found.append(subject.notice("onwaarschijnlijk", text, year=int(years[newer[-1]])))
    return found


def kept_enough(had: int, kept: int, limit: float = KEPT) -> Severity | None:
    """What it means that ``kept`` of the ``had`` areas still have a value; None when all have."""
    if kept >= had:
        return None
    return "onmogelijk" if kept < limit * had - 1e-9 else "onwaarschijnlijk"


def _lost(case: Case, subject: Subject, level: str, had: Bools, has: Bools, year: int, limit: float) -> list[Notice]:
    gone = [case.cells.areas[k] for k in np.flatnonzero(had & ~has)]
    severity = kept_enough(int(had.sum()), int(had.sum()) - len(gone), limit)
    if severity is None:
        return []
    one, more = LEVELS[level]
    total = int(had.sum())
    if level == "NL":
        told = f"in {year} heeft Nederland geen waarde meer"
    else:
        verb = "mist" if len(gone) == 1 else "missen"
        told = f"in {year} {verb} {number(len(gone), 0)} van de {counted(total, one, more)} een waarde"
        told += f": {case.some(gone, more)}"
    return [subject.notice(severity, f"{told}.", gone[0], year)]


def unknown_areas(case: Case) -> list[Notice]:
    """Municipalities with a value that do not exist (any more) by the layout: ``onwaarschijnlijk``, named.

    Nothing without a layout. A municipality that the table of reorganisations has is known by name, and belongs on
    the layout of an earlier year.
    """
    if not case.current:
        return []
    c = case.cells
    strange = np.array([a.startswith("GM") and a not in case.current and a not in case.called for a in c.areas])
    if not strange.any():
        return []
    found = []
    for subject in case.subjects.values():
        span = c.spans.get(subject.id)
        if span is None:
            continue
        there = ~np.isnan(c.after[span]) & strange
        areas = [c.areas[k] for k in np.flatnonzero(there.any(axis=0))]
        if areas:
            year = int(c.years[span][there.any(axis=1)][-1])
            verb = "komt" if len(areas) == 1 else "komen"
            which = f"{counted(len(areas), 'code', 'codes')} van gemeenten"
            text = f"{which} {verb} in onze indeling niet voor: {case.some(areas)}."
            found.append(subject.notice("onwaarschijnlijk", text, areas[0], year))
    return found
