"""Which tables to fetch, and what of each."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from monitor.definitions import Definitions, Indicator, SourceTable
from monitor.definitions.models import LiveSpec, Quantity
from monitor.definitions.statline import LiveTable, live_specs
from monitor.errors import UnknownName
from monitor.nearest import nearest
from monitor.sources.cbs_odata import LOWER, UPPER, VALUE
from monitor.sources.statline.service import Expected, Request, published_at


@dataclass(frozen=True)
class TablePlan:
    """One table to fetch.

    ``table``: its description in the form in which StatLine serves it. ``indicators``, ``quantities``: what it is for.
    ``modified``: CBS's moment of publication of what the edition holds, '' when unknown or when more is asked now.
    ``divided_by``: the publications of the counts that its figures were divided by (divisors.py).
    """

    live: LiveTable
    table: SourceTable
    indicators: tuple[tuple[Indicator, LiveSpec], ...]
    quantities: tuple[tuple[Quantity, LiveSpec], ...]
    request: Request
    modified: str
    divided_by: Mapping[str, str]

    @property
    def asked(self) -> str:
        """A mark of what is asked of the table: another mark, and it is fetched also when CBS changed nothing."""
        r = self.request
        filters = sorted((k, sorted(v)) for k, v in r.filters.items())
        return hashlib.sha256(repr((sorted(r.topics), sorted(r.levels), filters, r.since)).encode()).hexdigest()[:12]


def plan(
    definitions: Definitions,
    sources: Mapping[str, Mapping[str, Any]],
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> tuple[TablePlan, ...]:
    """Return the tables to fetch, in the order of statline.yaml.

    Args:
        definitions: what is used of each table.
        sources: the ``sources`` of the manifest of the edition in force.
        only: ids, as StatLine or as sources.yaml spells them, in any case; empty for all of which the keys are known.
        without: ids to leave out.

    Raises:
        UnknownName: a table that cannot be fetched; those that can are named.
    """
    known = {t.id.upper(): t for t in definitions.statline} | {t.source.upper(): t for t in definitions.statline}
    asked = [_known(name, known) for name in only]
    left_out = [_known(name, known) for name in without]
    chosen = [t for t in definitions.statline if t in asked or (not asked and t.known != "onbevestigd")]
    made = (_plan(definitions, t, sources.get(t.source, {})) for t in chosen if t not in left_out)
    return tuple(p for p in made if p.indicators or p.quantities)


def _known(name: str, known: Mapping[str, LiveTable]) -> LiveTable:
    found = known.get(name.strip().upper())
    if found is None:
        able = sorted({t.id for t in known.values()})
        near = nearest(name.upper(), [a.upper() for a in able], most=3)
        hint = f"Bedoelde u: {', '.join(a for a in able if a.upper() in near)}?" if near else f"Wel: {', '.join(able)}."
        raise UnknownName(f"Tabel '{name}' kan niet worden opgehaald.", hint)
    return found


def _plan(definitions: Definitions, live: LiveTable, entry: Mapping[str, Any]) -> TablePlan:
    table = live.as_source(definitions.table(live.source))
    indicators = tuple(
        (i, s) for i in definitions.indicators for s in live_specs(definitions, i) if s.table == table.id
    )
    quantities = tuple(
        (q, s) for q in definitions.quantities for s in live_specs(definitions, q) if s.table == table.id
    )
    specs = [s for _, s in indicators] + [s for _, s in quantities]
    topics = tuple(dict.fromkeys(m for s in specs for m in (*s.measures, *s.minus_if_any)))
    seen = entry.get("statline", {}).get("topics", {}) if entry.get("statline", {}).get("id") == live.id else {}
    request = Request(
        table=live.id,
        topics=topics,
        levels=tuple(dict.fromkeys(level for s in specs for level in s.levels or live.levels)),
        filters=_filters(table, specs),
        since=None if table.year else _since(live, specs),
        expected={t: _expected(live, t, seen.get(t, {})) for t in topics},
    )
    noted = entry.get("statline", {})
    moment = published_at(str(entry.get("modified") or ""))
    made = TablePlan(live, table, indicators, quantities, request, moment, noted.get("divided_by", {}))
    return made if noted.get("asked") == made.asked else replace(made, modified="")


def _filters(table: SourceTable, specs: list[LiveSpec]) -> dict[str, tuple[str, ...]]:
    """Per dimension every code that a spec needs."""
    asked: dict[str, dict[str, None]] = {}
    for spec in specs:
        for name, codes in {**table.filters, **spec.filters}.items():
            asked.setdefault(name, {}).update(dict.fromkeys([codes] if isinstance(codes, str) else codes))
    found = {name: tuple(codes) for name, codes in asked.items()}
    return {**found, "Marges": (VALUE, LOWER, UPPER)} if table.margins else found


def _since(live: LiveTable, specs: list[LiveSpec]) -> int | None:
    """The first year that any spec needs; None when one of them needs all."""
    years = [s.since or live.since for s in specs]
    return min((y for y in years if y), default=None) if all(years) else None


def _expected(live: LiveTable, topic: str, seen: Mapping[str, Any]) -> Expected:
    """What we know of a topic: as defined, else as the first download wrote down."""
    defined = live.topics[topic]
    known = (getattr(defined, part) or seen.get(part) for part in ("title", "unit", "group"))
    return Expected(*known)
