"""From fetched tables to published figures on the current layout, and what gives way to them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.definitions.loader import RMBW
from monitor.definitions.models import LiveSpec
from monitor.definitions.statline import live_specs
from monitor.refresh.divisors import waiting
from monitor.refresh.models import Fresh
from monitor.refresh.plan import TablePlan
from monitor.refresh.reorganised import check_layout
from monitor.snapshot import store
from monitor.snapshot.build import OLD_LAYOUT, Collector, Entry, published_ratios
from monitor.snapshot.coded import TEXTS, among, category, numbered, stacked
from monitor.sources.cbs_odata import ODataReader
from monitor.sources.shape import FIGURES, Reader
from monitor.sources.statline.service import Download

QUANTITY = ["quantity", "area", "year", "value"]
_LAST = 9999


@dataclass(frozen=True, eq=False)
class _Counted:
    """Quantities as they came, the collector that holds them, and the same on the current layout (None without)."""

    quantities: pd.DataFrame
    collector: Collector
    weights: pd.DataFrame | None


class Gathered:
    """Figures of the tables that came in so far, small enough to keep while the others are fetched.

    Args:
        definitions: indicators and reorganisations.
        old: the edition that is built on; its weights are used where no newer ones came.
        plans: all tables that will come.
    """

    def __init__(self, definitions: Definitions, old: store.Snapshot, plans: Sequence[TablePlan] = ()) -> None:
        self.definitions, self.old = definitions, old
        self.figures: list[tuple[TablePlan, pd.DataFrame]] = []
        self._awaited = {p.live.id for p in plans if p.quantities}
        self._counted: _Counted | None = None
        self.sources: dict[str, dict[str, Any]] = {}
        self.statuses: dict[str, dict[int, str]] = {}

    def add(self, plan: TablePlan, download: Download, when: str) -> None:
        """Read out of a table what it is used for.

        Args:
            plan: what was asked.
            download: what came.
            when: today (ISO).

        Raises:
            SourceInvalid: the table does not hold what the definitions ask, or it or a quantity is on a newer
                municipal layout than the edition.
        """
        rows = _read(plan, download)
        own = rows[rows["entry"] < len(plan.indicators)]
        if len(own):
            one = own[own["entry"] == own["entry"].iloc[0]]
            check_layout(self.definitions, self.old, f"Tabel {plan.live.id}", one)
        self.figures.append((plan, rows))
        self.statuses[plan.table.id] = dict(download.statuses)
        known = self.old.manifest["sources"].get(plan.table.id, {})
        self.sources[plan.table.id] = _entry(plan, download, known, when)
        if self._awaited == {plan.live.id}:
            self._counted = self._count()  # now, for while other tables come there is time
        self._awaited.discard(plan.live.id)

    def fresh(self) -> Fresh:
        """Bring everything to the current layout; what was gathered is given up on the way.

        Raises:
            SourceInvalid: a quantity is on a newer municipal layout than the edition.
        """
        counted, self._counted = self._counted or self._count(), None  # a collector is large
        # In a fixed order, whichever table came in first: the same figures give the same edition.
        self.figures.sort(key=lambda f: f[0].live.id)
        entries, figures = self._taken()
        self.figures.clear()
        notices = waiting(self.definitions, entries, figures, counted.collector)
        rows = counted.collector.published_all(entries, figures)
        replaced: dict[str, frozenset[str]] = {}
        for e in entries:
            gone = {e.table.id, *self._replaced_by(e)}
            replaced[e.indicator.id] = replaced.get(e.indicator.id, frozenset()) | gone
        return Fresh(rows, replaced, counted.quantities, self.sources, weights=counted.weights, notices=notices)

    def _count(self) -> _Counted:
        """Bring the quantities to the current layout; their rows are given up on the way."""
        self.figures.sort(key=lambda f: f[0].live.id)
        quantities = self._quantities()
        collector = Collector(self.definitions, _nothing, set(self.old.municipalities), known_weights=self.old.weights)
        for name, rows in quantities.groupby("quantity"):
            # Figures on a newer layout are refused before they bend a series.
            check_layout(self.definitions, self.old, f"Hoeveelheid '{name}'", rows, complete=name == "inwoners")
            collector.renew(str(name), rows[["area", "year", "value"]])
        self.figures = [(plan, rows[rows["entry"] < len(plan.indicators)]) for plan, rows in self.figures]
        names = set(quantities["quantity"])
        return _Counted(quantities, collector, collector.weights(names) if names else None)

    def _replaced_by(self, entry: Entry) -> set[str]:
        """Tables that give way; the Regionale Monitor in whatever edition it came in since."""
        named = set(entry.spec.replaces) if isinstance(entry.spec, LiveSpec) else set()
        if any(RMBW.fullmatch(table) for table in named):
            named |= {table for table in self.old.manifest["sources"] if RMBW.fullmatch(table)}
        return named

    def _taken(self) -> tuple[list[Entry], pd.DataFrame]:
        """The figures of all tables by entry, ordered by indicator."""
        found: list[tuple[Entry, int, int]] = []
        for t, (plan, _) in enumerate(self.figures):
            status = {**plan.table.status, **self.statuses[plan.table.id]}
            table = plan.table.model_copy(update={"status": status})
            found += [(Entry(i, s, table), t, k) for k, (i, s) in enumerate(plan.indicators)]
        found.sort(key=lambda f: f[0].indicator.id)
        return [e for e, _, _ in found], self._of([(t, k) for _, t, k in found])

    def _quantities(self) -> pd.DataFrame:
        """The quantities of all tables: quantity, area, year, value."""
        counted = [
            (q.id, t, len(plan.indicators) + k)
            for t, (plan, _) in enumerate(self.figures)
            for k, (q, _) in enumerate(plan.quantities)
        ]
        counted.sort(key=lambda q: q[0])
        rows = self._of([(t, k) for _, t, k in counted])
        names, distinct = numbered(pd.Series([name for name, _, _ in counted], dtype=str))
        quantity = category(names[0][rows["entry"]], distinct)
        return rows.assign(quantity=quantity)[QUANTITY]

    def _of(self, chosen: list[tuple[int, int]]) -> pd.DataFrame:
        """The rows of some specs, each by table and place in its plan; ``entry`` is the place in the list."""
        place = {at: k for k, at in enumerate(chosen)}
        parts = [pd.DataFrame({c: [] for c in FIGURES}).astype({"area": str, "year": "int64"}).assign(entry=0)]
        for t, (plan, rows) in enumerate(self.figures):
            asked = len(plan.indicators) + len(plan.quantities)
            entry = np.array([place.get((t, k), -1) for k in range(asked)], dtype=np.int64)[rows["entry"]]
            parts.append(rows.assign(entry=entry)[entry >= 0])
        return stacked(parts, ["area"]).sort_values("entry", kind="stable", ignore_index=True)


def _nothing(table: str) -> Reader:
    raise AssertionError(f"every quantity is in the edition, {table} is not read")


def _read(plan: TablePlan, download: Download) -> pd.DataFrame:
    """Figures of all specs: only their levels and years, without a year of which CBS has a part only.

    Returns:
        ``FIGURES`` and ``entry``: the place of the spec among those of indicators and then of quantities.
    """
    specs = [s for _, s in (*plan.indicators, *plan.quantities)]
    figures = ODataReader(plan.table, download.rows).read_all(specs)
    entry, area = figures["entry"].to_numpy(), figures["area"].cat
    since = np.array([s.since or plan.live.since or 0 for s in specs], dtype=np.int64)
    level = [str(a)[:2] for a in area.categories]
    asked = np.array([[a in (s.levels or plan.live.levels) for a in level] for s in specs], dtype=bool)
    until = np.array([s.until or _LAST for s in specs], dtype=np.int64)
    year = figures["year"].to_numpy()
    keep = asked[entry, area.codes] & (year >= since[entry]) & (year <= until[entry])
    if download.about.unfinished:
        keep &= year != download.about.unfinished
    return figures.iloc[np.flatnonzero(keep)].reset_index(drop=True)


def _entry(plan: TablePlan, download: Download, old: dict[str, Any], when: str) -> dict[str, Any]:
    """The manifest entry of a fetched table; ``statline.topics`` is what later downloads are held to."""
    table, hashed = plan.table, pd.util.hash_pandas_object(download.rows, index=False).to_numpy()
    return {
        **old,
        "publisher": table.publisher,
        "title": download.about.title or table.title,
        "page": table.page,
        "licence": table.licence,
        "rows": len(download.rows),
        "sha256": hashlib.sha256(hashed.tobytes()).hexdigest(),
        "modified": download.about.modified or None,
        "retrieved": when,
        "statline": {
            "id": plan.live.id,
            "asked": plan.asked,
            "divided_by": dict(plan.divided_by),
            "topics": {k: {"title": t.title, "unit": t.unit, "group": t.group} for k, t in download.topics.items()},
        },
    }


def merged_published(old: pd.DataFrame, fresh: Fresh) -> pd.DataFrame:
    """Published rows of the new edition.

    The rows of a replaced table give way, as do those of any other source for an indicator, level and year that was
    fetched: one year of one figure comes from one table.

    Args:
        old: published rows (``store.PUBLISHED``) of the edition that is built on.
        fresh: what came.
    """
    new = fresh.observations
    indicators, names = numbered(old["indicator"], new["indicator"])
    sources, tables = numbered(old["source"])
    gives_way = np.zeros((len(names), len(tables)), dtype=bool)
    for k, name in enumerate(names):
        gives_way[k] = [t in fresh.replaced.get(name, ()) for t in tables]
    areas, codes = numbered(old["area"], new["area"])
    levels = np.unique([c[:2] for c in codes], return_inverse=True)[1]
    years = (f["year"].to_numpy(dtype=np.int64) for f in (old, new))
    cells = [(i * len(codes) + levels[a]) * 10_000 + y for i, a, y in zip(indicators, areas, years, strict=True)]
    gone = gives_way[indicators[0], sources[0]] | among(cells[0], cells[1])
    return stacked([old[~gone], new], TEXTS)


def merged_weights(definitions: Definitions, old: store.Snapshot, fresh: Fresh) -> pd.DataFrame:
    """Weights of the new edition: the fetched quantities brought to the current layout, the others as they were."""
    weights = old.weights[QUANTITY]
    names = set(fresh.quantities["quantity"])
    if not names:
        return weights
    made = fresh.weights if fresh.areas is None else None  # of another layout they must be made anew
    if made is None:
        collector = Collector(definitions, _nothing, set(old.municipalities), known_weights=old.weights)
        for name, rows in fresh.quantities.groupby("quantity"):
            collector.renew(str(name), rows[["area", "year", "value"]])
        made = collector.weights(names)
    stays = ~weights["quantity"].isin([*names, *(n + OLD_LAYOUT for n in names)])
    return stacked([weights[stays], made], QUANTITY[:2])


def renewed_ratios(
    definitions: Definitions, published: pd.DataFrame, weights: pd.DataFrame, fresh: Fresh
) -> pd.DataFrame:
    """Published rows in which the ratios of fetched quantities are calculated anew.

    Args:
        definitions: which ratio rests on which quantities.
        published: published rows, the ratios still as they were.
        weights: all quantities of the new edition.
        fresh: what came.
    """
    renewed = set(fresh.quantities["quantity"])
    touched = [
        i
        for i in definitions.indicators
        if i.aggregation.kind == "verhouding" and renewed & {i.aggregation.numerator, i.aggregation.denominator}
    ]
    if not touched:
        return published
    kept = published[~published["indicator"].isin([i.id for i in touched])]
    made = [
        _from_its_table(definitions, i, published_ratios(definitions, i, weights), published, fresh) for i in touched
    ]
    return stacked([kept, *made], TEXTS)


def _from_its_table(
    definitions: Definitions, indicator: Indicator, made: pd.DataFrame, before: pd.DataFrame, fresh: Fresh
) -> pd.DataFrame:
    """Ratios with the table of their numerator per year: fetched now, else the one of the edition before."""
    own = before[before["indicator"] == indicator.id].drop_duplicates("year")
    tables = dict(zip(own["year"].astype(int), own["source"].astype(str), strict=True))
    numerator = definitions.quantity(str(indicator.aggregation.numerator))
    table = next((s.table for s in live_specs(definitions, numerator) if s.table in fresh.sources), None)
    if table is not None:
        rows = fresh.quantities[fresh.quantities["quantity"] == numerator.id]
        tables |= dict.fromkeys((int(y) for y in rows["year"].unique()), table)
    known = zip(made["year"].astype(int), made["source"].astype(str), strict=True)
    return made.assign(source=pd.Categorical([tables.get(year, source) for year, source in known]))
