"""What a refresh tells while it runs, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from monitor.snapshot.compare import Comparison

Phase = Literal["vragen", "ophalen", "controleren", "rekenen", "schrijven", "klaar"]
Severity = Literal["onmogelijk", "onwaarschijnlijk", "opmerking"]
Geometry = Callable[[Path], dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Step:
    """Where a refresh is.

    ``phase``: asking what changed, fetching, checking, adding up, writing, done. ``done`` of ``total`` tables;
    ``rows``: received so far, of all tables. ``now``: titles of the tables being fetched; ``coming``: of the next one,
    '' when there is none.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    rows: int = 0
    now: tuple[str, ...] = ()
    coming: str = ""


Progress = Callable[[Step], None]


@dataclass(frozen=True)
class Notice:
    """Something that a check found, as one Dutch sentence.

    ``onmogelijk`` refuses the refresh; ``onwaarschijnlijk`` goes into the change log, and so does ``opmerking``.
    ``table``: source id. ``indicator``, ``area``, ``year``: what it is about, where it is about one.
    """

    severity: Severity
    table: str
    text: str
    indicator: str = ""
    area: str = ""
    year: int | None = None


@dataclass(frozen=True, eq=False)
class Fresh:
    """New published figures, to go in place of older ones.

    ``observations``: columns ``store.OBSERVATION_COLUMNS``, on the current layout. ``replaced``: per indicator the
    source tables of which the rows give way (always those that the new rows come from). ``quantities``: quantity,
    area, year, value, on the layout of each reporting year; they take the place of the same area and year.
    ``sources``: manifest entries. ``geometry``: writes new outlines into a folder and returns their manifest entries;
    None leaves the old ones. ``weights``: the quantities on the municipal layout of the edition that is built on, where
    they were brought there already. ``notices``: what was found while the figures were made.
    """

    observations: pd.DataFrame
    replaced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    quantities: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["quantity", "area", "year", "value"])
    )
    sources: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    geometry: Geometry | None = None
    areas: pd.DataFrame | None = None
    weights: pd.DataFrame | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of it: the edition in force, what was fetched, what the checks found and what changed.

    ``comparison`` is None when nothing changed; ``tables``: ids of source tables that were downloaded;
    ``codes``: the same as their publisher spells them.
    """

    edition: str
    previous: str
    tables: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    comparison: Comparison | None = None
    codes: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the old edition is still in force."""
        return self.edition == self.previous
