"""Check new figures, add everything up again, write down what changed, and put the edition in force in one step."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from monitor import dates, paths
from monitor.definitions import Definitions
from monitor.definitions.in_force import in_force
from monitor.errors import SourceInvalid
from monitor.refresh.changelog import change_log
from monitor.refresh.changelog_sources import table_code
from monitor.refresh.lean import give_back
from monitor.refresh.lock import only_one
from monitor.refresh.merge import QUANTITY, merged_published, merged_weights, renewed_ratios
from monitor.refresh.models import Fresh, Notice, Outcome, Progress, Step
from monitor.refresh.plausible import examine
from monitor.refresh.relayout import on_layout
from monitor.refresh.reweighted import own_year, reweighted
from monitor.snapshot import compare, store, swap
from monitor.snapshot.build import finish
from monitor.snapshot.coded import numbered

_STAYS = "De oude cijfers blijven in gebruik."
_GEOMETRY = (paths.MAP, paths.NEIGHBOURS, paths.DETAIL)


def install(
    definitions: Definitions,
    folder: Path,
    fresh: Fresh,
    *,
    today: datetime | None = None,
    keep: Path | None = None,
    progress: Progress = lambda step: None,
) -> Outcome:
    """Make a new edition of the one in force and new figures; whatever fails, the old one stays in force.

    Args:
        definitions: how to add up.
        folder: the edition in force. When it is damaged, the newest kept one is built on.
        fresh: what came, and what gives way to it.
        today: the moment of making; None for now.
        keep: where the previous edition goes; None for data/edities beside the one in force.
        progress: told of every step.

    Returns:
        What changed; ``unchanged`` when the figures are the same, and then nothing is written.

    Raises:
        Busy: another process is making an edition.
        SourceInvalid: a check found something impossible.
        SnapshotError: neither the edition in force nor a kept one can be read.
    """
    with only_one(folder):
        kept = keep or compare.kept_beside(folder)
        swap.clean_up(folder, kept)
        old = store.newest_readable(folder, kept)
        return install_on(definitions, folder, old, fresh, today=today, keep=kept, progress=progress)


def install_on(
    definitions: Definitions,
    folder: Path,
    old: store.Snapshot,
    fresh: Fresh,
    *,
    today: datetime | None = None,
    keep: Path,
    progress: Progress = lambda step: None,
) -> Outcome:
    """The same as ``install``, for who holds the lock and has read the edition to build on."""
    total = len(fresh.sources)
    progress(Step("controleren", total, total))
    areas = old.areas if fresh.areas is None else fresh.areas
    base = on_layout(definitions, old, areas)
    before = base.observations[base.observations["basis"].isin(store.PUBLISHED)]
    weights = merged_weights(definitions, base, fresh)
    published = renewed_ratios(definitions, merged_published(before, fresh), weights, fresh)
    sources = {**old.manifest["sources"], **fresh.sources}
    # What is said of figures (breaks, the kind of figure) may go with the table that they came from.
    true = in_force(definitions, store.Snapshot(folder, published, weights, areas, {"sources": sources}))
    notices = fresh.notices + _examined(true, (before, published), (base.weights, weights), fresh, areas)
    notices += reweighted(in_force(definitions, base), true) + own_year(true, base.weights, weights, before)
    if _same(before, published, base.weights, weights) and fresh.geometry is None and old.folder == folder:
        return Outcome(old.edition, old.edition, tuple(fresh.sources), notices, codes=_codes(fresh))
    # What was fetched stands in ``published`` by now; memory is scarce from here on.
    fresh = replace(fresh, observations=fresh.observations.iloc[:0].copy(), weights=None)
    del before, base
    give_back()
    moment = today or datetime.now(UTC)
    edition = _name(moment, published, weights, old.edition)
    progress(Step("rekenen", total, total))
    with swap.replacing(folder, keep) as made:
        geometry = fresh.geometry(made) if fresh.geometry else _copied(old.folder, made)
        sources |= geometry
        stamp = moment.astimezone(UTC).isoformat(timespec="seconds")
        finish(true, published, weights, areas, sources, made, edition, made=stamp, follows=old.edition)
        del published, weights
        progress(Step("schrijven", total, total))
        new = store.read(made)
        comparison = compare.compare(true, old, new)
        text = change_log(true, comparison, notices, old, new, fresh.sources)
        (made / store.CHANGES).write_text(text, encoding="utf-8")
        store.seal(made, {k: v for k, v in new.manifest.items() if k != "files"})
    progress(Step("klaar", total, total))
    return Outcome(edition, old.edition, tuple(fresh.sources), notices, comparison, _codes(fresh))


def _copied(source: Path, target: Path) -> dict[str, dict[str, Any]]:
    for name in _GEOMETRY:
        (target / name).write_bytes((source / name).read_bytes())
    return {}


def _codes(fresh: Fresh) -> tuple[str, ...]:
    return tuple(table_code(name, entry) for name, entry in fresh.sources.items())


def _examined(
    definitions: Definitions,
    published: tuple[pd.DataFrame, pd.DataFrame],
    weights: tuple[pd.DataFrame, pd.DataFrame],
    fresh: Fresh,
    areas: pd.DataFrame,
) -> tuple[Notice, ...]:
    """What the checks found about what was fetched; raises when something is impossible."""
    names = set(fresh.replaced)
    before, after = (rows[rows["indicator"].isin(names)] for rows in published)
    counted = weights[1][weights[1]["quantity"].isin(set(fresh.quantities["quantity"]))]
    notices = examine(definitions, before, after, quantities_before=weights[0], quantities_after=counted, areas=areas)
    wrong = [n for n in notices if n.severity == "onmogelijk"]
    if wrong:
        more = f" En nog {len(wrong) - 1} zulke bevindingen." if len(wrong) > 1 else ""
        code = table_code(wrong[0].table, fresh.sources.get(wrong[0].table, {}))
        table = f"Tabel {code}: " if code and code not in wrong[0].text else ""
        raise SourceInvalid(
            f"{table}{wrong[0].text}{more}",
            f"{_STAYS} Kijk bij de bron wat er veranderd is.",
        )
    return notices


def _same(before: pd.DataFrame, after: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether figures, statuses, sources and weights are all as they were."""
    if len(compare.differences(before, after)):
        return False
    keys, others = _ordered(["indicator", "area", "source"], before, after)
    if not np.array_equal(keys, others):
        return False
    keys, others = _ordered(["quantity", "area"], old, new)
    return np.array_equal(keys, others) and not bool((np.abs(_values(old) - _values(new)) >= 1e-6).any())


def _ordered(texts: list[str], *frames: pd.DataFrame) -> list[np.ndarray]:
    """Per frame its texts as numbers and its years, in one order: (rows, columns)."""
    columns = [numbered(*(f[t] for f in frames))[0] for t in texts]
    found = []
    for k, frame in enumerate(frames):
        rows = np.column_stack([*(c[k] for c in columns), frame["year"].to_numpy(dtype=np.int64)])
        found.append(rows[np.lexsort(rows.T[::-1])])
    return found


def _values(weights: pd.DataFrame) -> np.ndarray:
    """Values of quantities, in the order of ``_ordered``."""
    (quantity,), _ = numbered(weights["quantity"])
    (area,), _ = numbered(weights["area"])
    found: np.ndarray = weights["value"].to_numpy()[np.lexsort((weights["year"], area, quantity))]
    return found


def _name(moment: datetime, published: pd.DataFrame, weights: pd.DataFrame, previous: str) -> str:
    """A date and a fingerprint of the figures, so that two refreshes on a day differ."""
    digest = hashlib.sha256(previous.encode())
    for frame, columns in ((published, ["indicator", "area", "year", "value"]), (weights, QUANTITY)):
        texts = dict.fromkeys(columns[:2], "category")
        digest.update(pd.util.hash_pandas_object(frame[columns].astype(texts), index=False).to_numpy().tobytes())
    return f"{dates.today(moment).isoformat()}-{digest.hexdigest()[:6]}"
