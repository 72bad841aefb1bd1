"""A new edition of the Regionale Monitor Brede Welvaart as figures to put in force, from a file that CBS offers.

Which years are taken from it, per indicator:

1. A year that another table serves stays with that table, in all areas: one year never mixes two tables.
2. Where the definition names the years that come from the monitor, no other year does.
3. A break in the definition parts two series. In the part after it the monitor has a place only if it has one already:
   recorded crimes come from the police from the break of 2023 on, and 2025 then does not come from the monitor again.
4. Where a series fetched from StatLine took the monitor's place (``replaces``), it keeps it.
5. A year that no municipality has would show provinces beside nothing.

All else of an indicator's earlier editions gives way: CBS estimates whole series anew, so editions are never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from monitor.definitions import Definitions
from monitor.definitions.models import Indicator, SourceSpec
from monitor.errors import SourceInvalid
from monitor.refresh.models import Fresh
from monitor.refresh.rmbw_names import FAMILY, used_measures
from monitor.refresh.rmbw_place import Placed
from monitor.snapshot import store
from monitor.snapshot.build import Collector
from monitor.snapshot.layout import to_current
from monitor.snapshot.store import Snapshot
from monitor.sources.shape import FIGURES, Reader, combine

FIRST_EDITION = 2020
_LEVELS = {"GM": "gemeenten", "PV": "provincies"}


def rmbw_fresh(definitions: Definitions, old: Snapshot, placed: Placed, edition_year: int, today: date) -> Fresh:
    """Make of placed rows the figures of an edition.

    Args:
        definitions: which indicators use which measure, and how they are scaled.
        old: the edition in force.
        placed: rows of the file, placed with the same definitions and edition.
        edition_year: of the Regionale Monitor Brede Welvaart, as in its name.
        today: the day of import, for the manifest.

    Returns:
        Observations on the current layout with source 'RMBW-<year>'; ``replaced`` names every edition of the monitor
        that the same indicators have so far.

    Raises:
        SourceInvalid: an older edition than that in force, a year that cannot be right, a 0 that nobody decided about,
            no figure left to take, or municipalities or provinces missing as a whole.
    """
    table = f"{FAMILY}{edition_year}"
    check_edition(old, edition_year, today)
    if placed.zeros:
        told = next(n.text for n in placed.notes if n.reason == "nul")
        raise SourceInvalid(told, "De oude cijfers blijven in gebruik.")
    described = definitions.table(table).model_copy(update={"layout": "huidig"})
    collector = Collector(definitions, _no_reader, set(old.municipalities), known_weights=old.weights)
    figures = _on_current_layout(definitions, old, placed, collector)
    parts = []
    for indicator, spec in _specs(definitions):
        if all(m in figures for m in spec.measures):
            read = combine(spec.model_copy(update={"years": None}), lambda m: _of(figures, m), described)
            rows = collector.published(indicator, spec, described, read)
            refused = refused_years(definitions, old, indicator.id, rows["year"].unique())
            parts.append(_with_municipalities(rows[~rows["year"].isin(refused)]))
    observations = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=store.OBSERVATION_COLUMNS)
    if observations.empty:
        raise SourceInvalid(
            f"Editie {edition_year} bevat geen jaar dat wij uit deze monitor halen.", "De oude cijfers blijven."
        )
    taken = [str(i) for i in observations["indicator"].unique()]
    earlier = _earlier(old)
    _levels_kept(old, observations, taken, earlier)
    return Fresh(
        observations[store.OBSERVATION_COLUMNS].reset_index(drop=True),
        {i: frozenset({table, *earlier.get(i, ())}) for i in taken},
        sources={table: _entry(definitions, table, placed, today)},
    )


def check_edition(old: Snapshot, edition_year: int, today: date) -> None:
    """Refuse an edition that cannot exist or that is older than the one in force.

    Raises:
        SourceInvalid: so.
    """
    if not FIRST_EDITION <= edition_year <= today.year + 1:
        raise SourceInvalid(
            f"Een editie {edition_year} van de Regionale Monitor Brede Welvaart bestaat niet.",
            f"Noem met --edition het jaar van de editie, van {FIRST_EDITION} tot en met {today.year}.",
        )
    newest = max((int(s.removeprefix(FAMILY)) for tables in _earlier(old).values() for s in tables), default=0)
    if edition_year < newest:
        raise SourceInvalid(
            f"Editie {edition_year} is ouder dan editie {newest}, die al in gebruik is.",
            "Een oudere editie zet u terug met 'python -m monitor editions use'.",
        )


def refused_years(definitions: Definitions, old: Snapshot, indicator: str, years: Iterable[int]) -> dict[int, str]:
    """Say which years of an indicator are not taken from the monitor, and why (rules 1 to 4 above).

    Args:
        definitions: sources, breaks and fetched series of the indicator.
        old: the edition in force: which table serves which year now.
        indicator: id.
        years: those that the file has.

    Returns:
        Year -> reason, as the end of a Dutch sentence.
    """
    entry = definitions.indicator(indicator)
    own = next(s for s in entry.sources if s.table.startswith(FAMILY))
    served = _served(old, indicator)
    monitor = {y for y, table in served.items() if table.startswith(FAMILY)}
    others = {y: table for y, table in served.items() if y not in monitor}
    others |= {y: s.table for s in entry.sources if not s.table.startswith(FAMILY) for y in s.years or ()}
    successor = _successor(entry, set(served.values()))
    found = {}
    for year in sorted({int(y) for y in years}):
        if successor:
            found[year] = f"de reeks komt nu uit ‘{definitions.table(successor).title}’"
        elif year in others:
            found[year] = f"dat jaar komt uit ‘{definitions.table(others[year]).title}’"
        elif own.years and year not in own.years:
            found[year] = "de definitie haalt dat jaar niet uit deze monitor"
        elif after := _other_after_break(entry, year, monitor, others):
            found[year] = f"na de breuk van {after[0]} komt de reeks uit ‘{definitions.table(after[1]).title}’"
    return found


def _other_after_break(
    entry: Indicator, year: int, monitor: set[int], others: Mapping[int, str]
) -> tuple[int, str] | None:
    """The break and the other table between which and the next break the monitor has no place; None without."""
    breaks = sorted(b.year for b in entry.breaks)
    start = max((b for b in breaks if b <= year), default=None)
    if start is None:
        return None
    end = min((b for b in breaks if b > year), default=9_999)
    if any(start <= y < end for y in monitor):
        return None
    table = next((others[y] for y in sorted(others, reverse=True) if start <= y < end), None)
    return (start, table) if table else None


def _successor(entry: Indicator, served: set[str]) -> str:
    """A fetched table that took the place of the monitor and is there; '' without."""
    takes = (s.table for s in entry.live if any(r.startswith(FAMILY) for r in s.replaces))
    return next((t for t in takes if t in served), "")


def _served(old: Snapshot, indicator: str) -> dict[int, str]:
    """Year -> the table from which its published figures come."""
    rows = old.indicator(indicator)
    rows = rows[rows["basis"] == "cbs"]
    one = rows.drop_duplicates(["year", "source"])
    # Should a year have two, the other table is what counts.
    ordered = sorted(((int(y), str(s)) for y, s in zip(one["year"], one["source"], strict=True)), key=_monitor_first)
    return dict(ordered)


def _monitor_first(entry: tuple[int, str]) -> tuple[int, bool]:
    return entry[0], not entry[1].startswith(FAMILY)


def _earlier(old: Snapshot) -> dict[str, set[str]]:
    """Indicator -> the editions of the monitor that it has in the edition in force."""
    rows = old.observations[["indicator", "source"]].drop_duplicates().astype(str)
    rows = rows[rows["source"].str.fullmatch(FAMILY + r"\d{4}")]
    return {str(i): set(part["source"]) for i, part in rows.groupby("indicator")}


def _specs(definitions: Definitions) -> list[tuple[Indicator, SourceSpec]]:
    """What the definitions take from the monitor."""
    return [(i, s) for i in definitions.indicators for s in i.sources if s.table.startswith(FAMILY)]


def _of(figures: Mapping[str, pd.DataFrame], measure: str) -> pd.DataFrame:
    # A file may lack what is subtracted where there is any.
    return figures.get(measure, pd.DataFrame(columns=FIGURES))


def _on_current_layout(
    definitions: Definitions, old: Snapshot, placed: Placed, collector: Collector
) -> dict[str, pd.DataFrame]:
    """Measure -> figures of shape ``FIGURES``; municipalities that no longer exist are part of their successors.

    The layout of a file is told by the codes that it holds in a year: an edition may carry one layout back over all its
    years, and a municipality that it does not name did not exist for it.
    """
    parts = {str(m): p[FIGURES].reset_index(drop=True) for m, p in placed.rows.groupby("measure")}
    if not placed.vanished:
        return parts
    current = set(old.municipalities)
    there = placed.rows[["area", "year"]].drop_duplicates()
    for measure, indicators in used_measures(definitions).items():
        if measure in parts:
            a = indicators[0].aggregation
            weight = collector.raw_quantity(a.weight or "inwoners").rename(columns={"value": "weight"})
            weight = weight.merge(there, on=["area", "year"])
            parts[measure] = to_current(parts[measure], weight, definitions.layout, current, a.kind)
    return parts


def _no_reader(table: str) -> Reader:
    raise AssertionError(f"every quantity is in the edition, {table} is not read")


def _with_municipalities(rows: pd.DataFrame) -> pd.DataFrame:
    municipal = set(rows.loc[rows["area"].str.startswith("GM"), "year"])
    return rows[rows["year"].isin(municipal)]


def _levels_kept(old: Snapshot, new: pd.DataFrame, taken: list[str], earlier: Mapping[str, set[str]]) -> None:
    """Refuse a file without any municipality or province where the editions that give way have them."""
    tables = {t for i in taken for t in earlier.get(i, ())}
    before = old.observations[old.observations["source"].isin(tables) & (old.observations["basis"] == "cbs")]
    before = before[before["indicator"].isin(taken)]
    had, has = (set(frame["area"].astype(str).str[:2].unique()) for frame in (before, new))
    lost = [_LEVELS[level] for level in _LEVELS if level in had - has]
    if lost:
        raise SourceInvalid(
            f"In het bestand staan geen {lost[0]}; die van de vorige editie zouden vervallen.",
            "Geef alle bestanden van de editie in één keer op.",
        )


def _entry(definitions: Definitions, table: str, placed: Placed, today: date) -> dict[str, Any]:
    described = definitions.table(table)
    return {
        "publisher": described.publisher,
        "title": described.title,
        "page": described.page,
        "licence": described.licence,
        "rows": placed.total,
        "files": list(placed.names),
        "sha256": placed.sha256,
        "modified": None,
        "retrieved": today.isoformat(),
    }
