"""From fetched tables to published figures on the current layout, and what gives way to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pandas as pd

from monitor.definitions import Definitions
from monitor.definitions.models import LiveSpec
from monitor.refresh.models import Fresh
from monitor.refresh.plan import TablePlan
from monitor.refresh.reorganised import check_layout
from monitor.snapshot import store
from monitor.snapshot.build import Collector, published_ratios
from monitor.sources.cbs_odata import ODataReader
from monitor.sources.shape import FIGURES, Reader
from monitor.sources.statline.service import Download

QUANTITY = ["quantity", "area", "year", "value"]


class Gathered:
    """Figures of the tables that came in so far, small enough to keep while the others are fetched."""

    def __init__(self) -> None:
        self.figures: list[tuple[TablePlan, str, LiveSpec, pd.DataFrame]] = []
        self.quantities: list[pd.DataFrame] = []
        self.sources: dict[str, dict[str, Any]] = {}
        self.statuses: dict[str, dict[int, str]] = {}

    def add(self, plan: TablePlan, download: Download, old: dict[str, Any], when: str) -> None:
        """Read out of a table what it is used for.

        Args:
            plan: what was asked.
            download: what came.
            old: the manifest entry of the table in the edition in force; empty without.
            when: today (ISO).

        Raises:
            SourceInvalid: the table does not hold what the definitions ask.
        """
        reader = ODataReader(plan.table, download.rows)
        unfinished = download.about.unfinished
        for indicator, spec in plan.indicators:
            self.figures.append((plan, indicator.id, spec, _read(reader, plan, spec, unfinished)))
        for quantity, spec in plan.quantities:
            rows = _read(reader, plan, spec, unfinished)
            self.quantities.append(rows.assign(quantity=quantity.id)[QUANTITY])
        self.statuses[plan.table.id] = dict(download.statuses)
        self.sources[plan.table.id] = _entry(plan, download, old, when)

    def fresh(self, definitions: Definitions, old: store.Snapshot) -> Fresh:
        """Bring everything to the current layout.

        Args:
            definitions: indicators and reorganisations.
            old: the edition that is built on; its weights are used where no newer ones came.
        """
        collector = Collector(definitions, _nothing, set(old.municipalities), known_weights=old.weights)
        quantities = pd.concat(self.quantities) if self.quantities else pd.DataFrame(columns=QUANTITY)
        self._check_layouts(definitions, old, quantities)
        for name, rows in quantities.groupby("quantity"):
            collector.renew(str(name), rows[["area", "year", "value"]])
        parts: list[pd.DataFrame] = []
        replaced: dict[str, frozenset[str]] = {}
        # In a fixed order, whichever table came in first: the same figures give the same edition.
        for plan, indicator, spec, figures in sorted(self.figures, key=lambda f: (f[1], f[0].live.id)):
            status = {**plan.table.status, **self.statuses[plan.table.id]}
            table = plan.table.model_copy(update={"status": status})
            parts.append(collector.published(definitions.indicator(indicator), spec, table, figures))
            replaced[indicator] = replaced.get(indicator, frozenset()) | {plan.table.id, *spec.replaces}
        rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=store.OBSERVATION_COLUMNS)
        return Fresh(rows, replaced, quantities, self.sources)

    def _check_layouts(self, definitions: Definitions, old: store.Snapshot, quantities: pd.DataFrame) -> None:
        """Refuse figures on a newer municipal layout than the edition has, before they bend a series."""
        done: set[str] = set()
        for plan, _, _, figures in self.figures:
            if plan.live.id not in done and len(figures):
                check_layout(definitions, old, f"Tabel {plan.live.id}", figures)
                done.add(plan.live.id)
        for name, rows in quantities.groupby("quantity"):
            check_layout(definitions, old, f"Hoeveelheid '{name}'", rows, complete=name == "inwoners")


def _nothing(table: str) -> Reader:
    raise AssertionError(f"every quantity is in the edition, {table} is not read")


def _read(reader: ODataReader, plan: TablePlan, spec: LiveSpec, unfinished: int | None) -> pd.DataFrame:
    """Figures of one spec: only its levels and years, without a year of which CBS has a part only."""
    figures = reader.read(spec)
    since = spec.since or plan.live.since
    levels = spec.levels or plan.live.levels
    keep = figures["area"].str[:2].isin(levels)
    if since:
        keep &= figures["year"] >= since
    if unfinished:
        keep &= figures["year"] != unfinished
    return figures.loc[keep, FIGURES].reset_index(drop=True)


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
            "topics": {k: {"title": t.title, "unit": t.unit} for k, t in download.topics.items()},
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
    gone = pd.Series(False, index=old.index)
    names = old["indicator"].astype(str)
    for indicator, tables in fresh.replaced.items():
        gone |= (names == indicator) & old["source"].isin(tables)
    taken = _cells(new).drop_duplicates()
    gone |= pd.MultiIndex.from_frame(_cells(old)).isin(pd.MultiIndex.from_frame(taken))
    kept = old[~gone]
    return pd.concat(
        [kept.astype(dict.fromkeys(_TEXTS, str)), new.astype(dict.fromkeys(_TEXTS, str))], ignore_index=True
    )


_TEXTS = ("indicator", "area", "status", "source", "basis", "missing")


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": rows["indicator"].astype(str),
            "level": rows["area"].astype(str).str[:2],
            "year": rows["year"].astype("int64"),
        }
    )


def merged_weights(definitions: Definitions, old: store.Snapshot, fresh: Fresh) -> pd.DataFrame:
    """Weights of the new edition: the fetched quantities brought to the current layout, the others as they were."""
    weights = old.weights[QUANTITY].astype({"quantity": str, "area": str})
    names = set(fresh.quantities["quantity"])
    if not names:
        return weights
    collector = Collector(definitions, _nothing, set(old.municipalities), known_weights=old.weights)
    for name, rows in fresh.quantities.groupby("quantity"):
        collector.renew(str(name), rows[["area", "year", "value"]])
    stays = ~weights["quantity"].str.partition("@")[0].isin(names)
    return pd.concat([weights[stays], collector.weights(names)], ignore_index=True)


def renewed_ratios(
    definitions: Definitions, published: pd.DataFrame, weights: pd.DataFrame, names: Iterable[str]
) -> pd.DataFrame:
    """Published rows in which the ratios of fetched quantities are calculated anew.

    Args:
        definitions: which ratio rests on which quantities.
        published: published rows, the ratios still as they were.
        weights: all quantities of the new edition.
        names: quantities that were fetched.
    """
    renewed = set(names)
    touched = [
        i
        for i in definitions.indicators
        if i.aggregation.kind == "verhouding" and renewed & {i.aggregation.numerator, i.aggregation.denominator}
    ]
    if not touched:
        return published
    made = pd.concat([published_ratios(definitions, i, weights) for i in touched], ignore_index=True)
    kept = published[~published["indicator"].isin([i.id for i in touched])]
    return pd.concat([kept, made], ignore_index=True)
