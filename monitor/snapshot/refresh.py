"""Refresh the figures of one table from CBS, and put the new edition in place in one step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from monitor import paths
from monitor.definitions import Definitions, Indicator, SourceTable
from monitor.errors import SourceInvalid, UnknownName
from monitor.snapshot import store
from monitor.snapshot.build import Collector, finish
from monitor.snapshot.compare import differences, kept_beside
from monitor.sources.cbs_live import Download, Settings, fetch
from monitor.sources.cbs_odata import ODataReader
from monitor.sources.shape import Reader

# What an area may not do between two downloads of one and the same table and year.
_MIN_SHARE = 0.9


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: the edition in force and the rows that are new, changed or gone."""

    edition: str
    table: str
    title: str
    new: int
    changed: int
    gone: int

    @property
    def unchanged(self) -> bool:
        """Whether the download holds the figures that were there already."""
        return not (self.new or self.changed or self.gone)


def refresh(
    definitions: Definitions,
    folder: Path,
    table_id: str,
    *,
    settings: Settings | None = None,
    today: date | None = None,
    keep: Path | None = None,
    progress: Callable[[str], None] = lambda said: None,
) -> Refreshed:
    """Fetch a table and make a new edition with its figures; all other figures stay as they are.

    Only a table whose figures go straight into indicators can be refreshed (not one that gives weights).
    Whatever fails, the edition in force stays. When that is damaged, the newest kept edition is the base.

    Args:
        definitions: what the table is used for.
        folder: the edition in force.
        table_id: for example '86137NED'.
        settings: address, timeout and retries of the CBS service; None for those of the environment.
        today: names the new edition; None for the date of today.
        keep: where the previous edition goes; None for data/edities beside the edition in force.
        progress: told in Dutch what happens.

    Returns:
        What changed. When nothing did, no new edition is made.

    Raises:
        UnknownName: the table is not in sources.yaml.
        SourceUnavailable: CBS could not be reached.
        SourceInvalid: the table does not hold what the definitions ask, or has far fewer areas than before.
        SnapshotError: the edition in force is missing or damaged.
    """
    table = definitions.table(table_id)
    used = [i for i in definitions.indicators if any(s.table == table.id for s in i.sources)]
    if table.reader != "odata" or not used:
        able = sorted(
            {s.table for i in definitions.indicators for s in i.sources if definitions.table(s.table).reader == "odata"}
        )
        raise UnknownName(f"Tabel {table.id} kan nog niet worden opgehaald.", f"Wel: {', '.join(able)}.")
    kept_editions = keep or kept_beside(folder)
    old = store.newest_readable(folder, kept_editions)
    if old.folder != folder:
        progress(f"De cijfers in gebruik zijn beschadigd; uitgangspunt is de bewaarde editie {old.edition}.")
    progress(f"Tabel {table.id} ({table.title}) ophalen bij CBS …")
    download = fetch(
        table.id,
        filters=_filter(table, used),
        settings=settings,
        progress=lambda n: progress(f"  {n} rijen ontvangen"),
    )
    fresh_rows = _observations(definitions, old, table, used, download)
    published = old.observations[old.observations["basis"].isin(store.PUBLISHED)]
    before = published[published["source"] == table.id]
    _plausible(table, before, fresh_rows)
    done = _compare(before, fresh_rows)
    if not any(done.values()) and old.folder == folder:
        return Refreshed(old.edition, table.id, table.title, **done)
    when = today or date.today()
    edition = _edition_name(when, fresh_rows)
    kept = pd.concat([published[published["source"] != table.id], fresh_rows], ignore_index=True)
    entry = {
        **old.manifest["sources"][table.id],
        "rows": len(download.rows),
        "sha256": hashlib.sha256(download.rows.to_csv(index=False).encode()).hexdigest(),
        "modified": str(download.info.get("Modified") or "") or None,
        "retrieved": when.isoformat(),
    }
    progress("Regio’s opnieuw berekenen en controleren …")
    with store.replacing(folder, kept_editions) as fresh:
        for name in (paths.MAP, paths.NEIGHBOURS, paths.DETAIL):
            (fresh / name).write_bytes((old.folder / name).read_bytes())
        sources = {**old.manifest["sources"], table.id: entry}
        finish(definitions, kept, old.weights, old.areas, sources, fresh, edition)
    return Refreshed(edition, table.id, table.title, **done)


def _filter(table: SourceTable, used: list[Indicator]) -> str | None:
    """Ask only for the values per dimension that are used; codes are padded, so by their beginning."""
    specs = [s for i in used for s in i.sources if s.table == table.id]
    asked: dict[str, list[str]] = {}
    for spec in specs:
        for name, code in {**table.filters, **spec.filters}.items():
            asked.setdefault(name, [])
            if code not in asked[name]:
                asked[name].append(code)
    told = [" or ".join(f"startswith({name},'{code}')" for code in sorted(codes)) for name, codes in asked.items()]
    if len(told) == 1 and " or " not in told[0]:
        return told[0]
    return " and ".join(f"({part})" for part in told) or None


def _observations(
    definitions: Definitions,
    old: store.Snapshot,
    table: SourceTable,
    used: list[Indicator],
    download: Download,
) -> pd.DataFrame:
    reader = ODataReader(table, download.rows)

    def only_this(table_id: str) -> Reader:
        if table_id != table.id:
            raise SourceInvalid(
                f"Tabel {table.id} kan niet alleen worden ververst: er is ook {table_id} voor nodig.",
                "Maak de cijfers opnieuw met 'snapshot build'.",
            )
        return reader

    collector = Collector(definitions, only_this, set(old.municipalities), known_weights=old.weights)
    return pd.concat([collector.observations(i, {table.id}) for i in used], ignore_index=True)


def _plausible(table: SourceTable, before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Refuse a download that lost areas or holds impossible values."""
    for level in ("GM", "PV", "NL"):
        had = before["area"].astype(str).str.startswith(level).sum()
        has = after["area"].astype(str).str.startswith(level).sum()
        if has < _MIN_SHARE * had:
            raise SourceInvalid(
                f"Tabel {table.id} geeft nog maar {has} waarden voor niveau {level}; dat waren er {had}.",
                "De oude cijfers blijven in gebruik. Kijk op StatLine wat er veranderd is.",
            )
    wrong = after[(after["value"] < 0) | (after["lower"] > after["value"]) | (after["upper"] < after["value"])]
    if len(wrong):
        row = wrong.iloc[0]
        raise SourceInvalid(
            f"Tabel {table.id} geeft een onmogelijke waarde: "
            f"{row['indicator']}, {row['area']}, {row['year']}: {row['value']}.",
            "De oude cijfers blijven in gebruik.",
        )


def _compare(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, int]:
    kinds = differences(before, after)["kind"].value_counts()
    told = {"new": "nieuw", "changed": "herzien", "gone": "vervallen"}
    return {name: int(kinds.get(kind, 0)) for name, kind in told.items()}


def _edition_name(when: date, rows: pd.DataFrame) -> str:
    """A date and a fingerprint of the new figures, so that two refreshes on a day differ."""
    content: Any = pd.util.hash_pandas_object(rows[["area", "value"]].astype({"area": str}), index=False).to_numpy()
    return f"{when.isoformat()}-{hashlib.sha256(content.tobytes()).hexdigest()[:6]}"
