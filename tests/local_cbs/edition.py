"""StatLine tables made back from an edition: a refresh from them must find that nothing changed.

What an indicator publishes is ``scale * (sum of measures - sum of what is subtracted) / per``; here that is undone.
Around the figures stand others that must not get in: topics with a longer key, other codes, regions and periods. Only
inhabitants by age are not in the edition; they are invented (ages.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.definitions.models import LiveSpec, Quantity, SourceTable
from monitor.definitions.statline import LiveTable, live_specs
from monitor.snapshot import store
from tests.local_cbs import ages
from tests.local_cbs.layout import COLUMNS, Territory
from tests.local_cbs.table import Code, Dimension, Table, Topic, periods, regions

MARGINS = {"value": "MW00000", "lower": "MOG0095", "upper": "MBG0095"}
_MARGIN_TITLES = {"MW00000": "Waarde", "MOG0095": "Ondergrens 95%-interval", "MBG0095": "Bovengrens 95%-interval"}
_UNITS = {"procent": "%", "km": "km", "euro": "euro", "m3": "m³", "kwh": "kWh", "jaar": "jaar"}
# Region codes are padded to six places, but not in every table.
_WIDER = {"82972NED": 7}
# Regions that no figure of ours is about.
_OTHER = {"LD01": "Noord-Nederland (LD)", "CR01": "Oost-Groningen (CR)", "ES01": "Achterhoek (RES)"}
_STRANGE = ("lower", "upper")
Cells = dict[str, pd.DataFrame]  # topic key -> frame with index (area, year) and columns value, lower, upper


@dataclass(frozen=True)
class _Use:
    """One use of a table: by whom, what is asked, and what was published."""

    entry: Indicator | Quantity
    spec: LiveSpec
    figures: pd.DataFrame
    codes: tuple[tuple[str, ...], ...]


def from_edition(snapshot: store.Snapshot, definitions: Definitions, only: Collection[str] = ()) -> dict[str, Table]:
    """Every table of ``definitions.statline`` that the edition has figures for, by StatLine's id; or ``only`` these."""
    if not (_last and _last[0].snapshot is snapshot and _last[0].definitions is definitions):
        _last[:] = [_Base(snapshot, definitions)]
    base = _last[0]
    made = (_Builder(base, t).table() for t in definitions.statline if not only or t.id in only)
    return {t.id: t for t in made if t is not None}


class _Base:
    """What all tables need of the edition, made once."""

    def __init__(self, snapshot: store.Snapshot, definitions: Definitions) -> None:
        self.snapshot, self.definitions = snapshot, definitions
        self.territory = Territory(definitions.layout, set(snapshot.municipalities))
        self._quantities: dict[str, pd.DataFrame] = {}
        rows = snapshot.observations
        rows = rows[(rows["basis"] == "cbs") & rows["value"].notna()]
        rows = rows[rows["area"].cat.codes.isin(self._published_areas(rows))]
        plain = {"area": str, "source": str, "year": "int64"}
        self.published = rows[["indicator", "source", "status", *COLUMNS]].astype(plain)
        self._place = dict(iter(self.published.groupby("indicator", observed=True)))

    @staticmethod
    def _published_areas(rows: pd.DataFrame) -> list[int]:
        return [n for n, a in enumerate(rows["area"].cat.categories) if str(a)[:2] in ("NL", "PV", "GG", "GM")]

    def indicator(self, name: str) -> pd.DataFrame:
        """What was published of an indicator, whatever the source."""
        return self._place.get(name, self.published.iloc[:0])

    def quantity(self, name: str) -> pd.DataFrame:
        """A quantity on the layout of each reporting year."""
        if name not in self._quantities:
            self._quantities[name] = raw_quantity(self.snapshot, name)
        return self._quantities[name]


def raw_quantity(snapshot: store.Snapshot, name: str) -> pd.DataFrame:
    """A quantity on the layout of each reporting year, or with '@vandaag' on that of today: area, year, value."""
    w = snapshot.weights
    if name.endswith("@vandaag"):
        rows = w[w["quantity"] == name.removesuffix("@vandaag")]
        return rows[["area", "year", "value"]].astype({"area": str, "year": "int64"})
    own = w[w["quantity"] == name]
    old = w[w["quantity"] == f"{name}@rapportagejaar"]
    rest = own[~(own["year"].isin(old["year"]) & own["area"].astype(str).str.startswith("GM"))]
    joined = pd.concat([old, rest])[["area", "year", "value"]].astype({"area": str, "year": "int64"})
    return joined.drop_duplicates(["area", "year"]).reset_index(drop=True)


# What the last edition asked for needs; tests ask for its tables one by one.
_last: list[_Base] = []


class _Builder:
    def __init__(self, base: _Base, live: LiveTable) -> None:
        self.base, self.live, self.definitions = base, live, base.definitions
        self.source: SourceTable = live.as_source(base.definitions.table(live.source))
        self.dims: list[str] = []
        self.statuses: dict[int, str] = {}
        self.cells: dict[tuple[str, ...], Cells] = {}
        self.ages: tuple[str, ...] = ()

    def table(self) -> Table | None:
        """The table, or None when the edition holds nothing of it."""
        entries: list[Indicator | Quantity] = [*self.definitions.indicators, *self.definitions.quantities]
        asked = [(e, s) for e in entries for s in self._specs(e)]
        self.dims = list(dict.fromkeys(d for _, s in asked for d in (*self.source.filters, *s.filters)))
        self.ages = ages.asked(self.definitions, self.live.source)
        uses = [self._use(e, s) for e, s in asked if e.sources or not isinstance(e, Quantity)]
        uses = [u for u in uses if len(u.figures)]
        if not uses:
            return None
        for use in sorted(uses, key=_first_placed):
            self._place(use)
        return self._assemble(uses)

    def _specs(self, entry: Indicator | Quantity) -> list[LiveSpec]:
        """What is asked of this table for an entry; asked twice it counts once, with all that it replaces."""
        found: dict[str, LiveSpec] = {}
        for spec in live_specs(self.definitions, entry):
            if spec.table == self.live.source:
                key = spec.model_dump_json(exclude={"since", "replaces", "levels"})
                same = found.get(key, spec)
                found[key] = spec.model_copy(update={"replaces": tuple({*same.replaces, *spec.replaces})})
        return list(found.values())

    # From what was published to what the table says

    def _use(self, entry: Indicator | Quantity, spec: LiveSpec) -> _Use:
        figures = self._published(entry, spec)
        if self.source.year:
            figures = figures[figures["year"] == self.source.year]
        if len(figures):
            if isinstance(entry, Indicator) and self.source.layout == "rapportagejaar":
                weight = entry.aggregation.weight or "inwoners"
                self.base.territory.add(weight, self.base.quantity(weight))
                figures = self.base.territory.to_reporting(figures, weight, entry.aggregation.kind)
            figures = self._undo(figures, spec)
        filters = {**self.source.filters, **spec.filters}
        codes = tuple((c,) if isinstance(c, str) else c for c in (filters.get(d, "T") for d in self.dims))
        return _Use(entry, spec, figures, codes)

    def _published(self, entry: Indicator | Quantity, spec: LiveSpec) -> pd.DataFrame:
        if isinstance(entry, Quantity):
            # A table on one layout for all years has the municipalities of today in each.
            rows = self.base.quantity(entry.id if self.source.layout == "rapportagejaar" else entry.id + "@vandaag")
            return rows.assign(lower=np.nan, upper=np.nan)[COLUMNS]
        rows = self.base.indicator(entry.id)
        own = rows[rows["source"].isin([self.live.source, *spec.replaces])]
        rows = own if len(own) else rows
        for year, status in rows.drop_duplicates("year")[["year", "status"]].itertuples(index=False):
            self.statuses.setdefault(int(year), str(status))
        return rows[COLUMNS].reset_index(drop=True)

    def _undo(self, figures: pd.DataFrame, spec: LiveSpec) -> pd.DataFrame:
        figures = figures.copy()
        base: np.ndarray | float = 1.0
        if spec.per:
            per = self.base.quantity(spec.per).rename(columns={"value": "base"})
            figures = figures.merge(per, on=["area", "year"])
            base = figures.pop("base").to_numpy(dtype=float)
        for column in ("value", "lower", "upper"):
            figures[column] = _plain_number(figures[column].to_numpy(dtype=float), spec.scale, base)
        return figures

    def _place(self, use: _Use) -> None:
        """Write the figures into the cells of the topics and codes that add up to them."""
        index = pd.MultiIndex.from_frame(use.figures[["area", "year"]])
        wanted = use.figures[["value", "lower", "upper"]].set_axis(index)
        combinations = list(product(*use.codes))
        for n, combination in enumerate(combinations):
            if n < len(combinations) - 1:
                part = wanted.where(False)
                part["value"] = np.floor(wanted["value"] / 4)
                wanted = wanted.assign(value=wanted["value"] - part["value"])
            else:
                part = wanted
            self._share(self.cells.setdefault(combination, {}), use.spec, part)

    @staticmethod
    def _share(cells: Cells, spec: LiveSpec, wanted: pd.DataFrame) -> None:
        known = {m: cells[m].reindex(wanted.index)["value"] if m in cells else None for m in spec.measures}
        rest = wanted["value"].copy()
        for n, minus in enumerate(spec.minus_if_any):
            if minus in cells:
                rest = rest + cells[minus].reindex(wanted.index)["value"].fillna(0.0)
            elif n == 0:
                # Something to subtract, for every other area; the others have nothing of it.
                some = pd.Series(np.where(np.arange(len(rest)) % 2, 64.0, np.nan), index=rest.index)
                _fill(cells, minus, some.to_frame("value").assign(lower=np.nan, upper=np.nan))
                rest = rest + some.fillna(0.0)
        for column in known.values():
            rest = rest - (column.fillna(0.0) if column is not None else 0.0)
        free = [m for m in spec.measures if known[m] is None or known[m].isna().any()]
        for left, measure in enumerate(reversed(free)):
            share = np.floor(rest / (len(free) - left)) if left < len(free) - 1 else rest
            part = wanted.assign(value=share)
            if len(spec.measures) > 1 or spec.minus_if_any:
                part[list(_STRANGE)] = np.nan
            if known[measure] is not None:
                part = part[known[measure].isna()]
                share = share.where(known[measure].isna(), 0.0)
            _fill(cells, measure, part)
            rest = rest - share

    # The table around the figures

    def _assemble(self, uses: list[_Use]) -> Table:
        years = sorted({int(y) for u in uses for y in u.figures["year"].unique()})
        names = self._names(sorted(set().union(*(u.figures["area"].unique() for u in uses))))
        region = regions(names, _WIDER.get(self.live.id, 6))
        dims = [self._dimension(n, d) for n, d in enumerate(self.dims)]
        if self.source.margins:
            dims.append(Dimension("Marges", "Marges", tuple(Code(c, t) for c, t in _MARGIN_TITLES.items())))
        dims.append(region)
        if not self.source.year:
            dims.append(self._time(years))
        topics, columns = self._topics(uses)
        asked = {k for u in uses for k in (*u.spec.measures, *u.spec.minus_if_any)}
        rows = self._rows(dims, columns, asked)
        if self.ages:
            inhabitants = self.base.quantity("inwoners")
            dims, rows = ages.added(dims, rows, self.ages, inhabitants, self.base.snapshot.areas)
        return Table(self.live.id, self.source.title, dims, topics, rows, summary=self.source.title)

    def _names(self, codes: Iterable[str]) -> dict[str, str]:
        known = self.base.snapshot.names
        old = {r.vanished: r.name for r in self.definitions.layout.reorganisations}
        order = {"NL": 0, "PV": 2, "GG": 3, "GM": 5}
        names = {c: known.get(c) or old.get(c, c) for c in sorted(codes, key=lambda c: (order.get(c[:2], 4), c))}
        other = {c: n for c, n in _OTHER.items() if c not in names}
        national = {c: n for c, n in names.items() if c.startswith("NL")}
        return {**national, **other, **names}

    def _dimension(self, place: int, key: str) -> Dimension:
        used = list(dict.fromkeys(c[place] for c in self.cells))
        # One that begins with a code in use, and one that has nothing to do with it.
        others = [f"{used[0]}5", "X" + used[0][1:]]
        codes = used + [c for c in dict.fromkeys(others) if c not in used]
        width = max(map(len, codes))
        titles = [f"{_words(key)} {c}" for c in codes]
        return Dimension(key, _words(key), tuple(Code(c.ljust(width), t) for c, t in zip(codes, titles, strict=True)))

    def _time(self, years: list[int]) -> Dimension:
        last = max(years)
        since = self.live.since
        keys = [f"{since - 1}JJ00"] if since and since <= min(years) else []
        keys += [f"{y}JJ00" for y in years]
        keys += [f"{last}HJ01", f"{last}KW04", f"{last}MM12"]
        told = {y: self.statuses.get(y) or str(self.source.status.get(y, "definitief")) for y in years}
        own = self.base.published[self.base.published["source"] == self.live.source].drop_duplicates("year")
        told |= {int(y): str(s) for y, s in own[["year", "status"]].itertuples(index=False)}
        return periods(keys, told)

    def _topics(self, uses: list[_Use]) -> tuple[list[Topic], dict[str, str]]:
        """The topics, and per column the key that it is known by here."""
        units = {m: getattr(u.entry, "unit", "") for u in reversed(uses) for m in u.spec.measures}
        keys = list(dict.fromkeys([*self.live.topics, *(k for cells in self.cells.values() for k in cells)]))
        columns = _numbered(keys)
        topics = []
        for column, key in columns.items():
            known = self.live.topics.get(key)
            name = _named(key)
            title = (known.title if known else None) or _words(name)
            like = units.get(key) or next((u for k, u in units.items() if _named(k) == name), "")
            unit = (known.unit if known else None) or _UNITS.get(like, "aantal")
            # Namesakes stand in groups of their own.
            group = f"Onderwerpen / Onderwerpen {column.rpartition('_')[2]}" if column == key else "Onderwerpen"
            topics.append(Topic(column, title, unit, 1 if unit in ("%", "km") else 0, group))
        return topics, columns

    def _combinations(self, own: list[Dimension]) -> list[tuple[str, ...]]:
        """Combinations of codes: those in use, and for each other code one that differs from the first in it."""
        padded = [{c.key.strip(): c.key for c in d.codes} for d in own]
        chosen = [tuple(p[c] for p, c in zip(padded, codes, strict=True)) for codes in self.cells]
        first = chosen[0]
        for n, d in enumerate(own):
            used = {c[n] for c in chosen}
            chosen += [(*first[:n], c.key, *first[n + 1 :]) for c in d.codes if c.key not in used]
        return chosen

    def _rows(self, dims: list[Dimension], columns: dict[str, str], asked: set[str]) -> pd.DataFrame:
        """All regions and periods, for each combination of codes."""
        own, rest = dims[: len(self.dims)], dims[len(self.dims) :]
        combinations = self._combinations(own)
        codes = [[c.key for c in d.codes] for d in rest]
        times = codes[-1] if not self.source.year else [f"{self.source.year}JJ00"]
        areas = [c.strip() for c in codes[-1 if self.source.year else -2]]
        shape = (len(combinations), len(codes[0]) if self.source.margins else 1, len(areas), len(times))
        at_region = {c: n for n, c in enumerate(areas)}
        at_time = {int(t[:4]): n for n, t in enumerate(times) if t.endswith("JJ00")}
        strange = np.zeros(shape, dtype=bool)
        strange[len(self.cells) :] = True
        strange[:, :, [n for n, c in enumerate(areas) if c[:2] not in ("NL", "PV", "GG", "GM")]] = True
        strange[..., [n for n, t in enumerate(times) if not t.endswith("JJ00")]] = True
        step = (np.arange(strange.size) % 97).astype(float).reshape(shape)
        grid: dict[str, np.ndarray] = {}
        for n, d in enumerate(own):
            grid[d.key] = np.repeat(np.array([c[n] for c in combinations], dtype=object), strange[0].size)
        others = np.meshgrid(*(np.arange(len(c)) for c in codes), indexing="ij")
        for d, keys, place in zip(rest, codes, others, strict=True):
            grid[d.key] = np.tile(np.array(keys, dtype=object)[place.ravel()], len(combinations))
        for n, (column, key) in enumerate(columns.items()):
            # What nobody asks for, and what is of another code, region or period, would be noticed if it got in.
            values = np.where(strange, 200_000.0 + n + step, np.nan) if key in asked else 100_000.0 + step
            for number, cells in enumerate(self.cells.values()):
                if key in cells:
                    self._write(values[number], cells[key], at_region, at_time)
            grid[column] = values.ravel()
        return pd.DataFrame(grid)

    def _write(self, block: np.ndarray, cell: pd.DataFrame, at_region: dict[str, int], at_time: dict[int, int]) -> None:
        areas, years = cell.index.get_level_values(0), cell.index.get_level_values(1)
        region = np.array([at_region[a] for a in areas])
        time = np.array([at_time[y] for y in years])
        for n, kind in enumerate(MARGINS if self.source.margins else ("value",)):
            block[n, region, time] = cell[kind].to_numpy()


def _numbered(keys: list[str]) -> dict[str, str]:
    """Columns in the order of their numbers, each with its key.

    A key that ends with a number stands more than once in the table, so it gets a namesake. Others around them: one
    in front, so that numbers shift, and one whose key begins with a key in use.
    """
    fixed = {int(k.rpartition("_")[2]): k for k in keys if re.search(r"_\d+$", k)}
    names = {k.rpartition("_")[0] for k in fixed.values()}
    alone = [n for n in names if sum(k.rpartition("_")[0] == n for k in fixed.values()) == 1]
    plain = [k for k in keys if k not in fixed.values()]
    loose = iter(["AnderOnderwerp", *plain, *alone, f"{re.sub(r'_[0-9]+$', '', keys[0])}Totaal"])
    columns: dict[str, str] = {}
    number, left = 1, len(plain) + len(alone) + 2
    while left or fixed:
        if number in fixed:
            key = fixed.pop(number)
            columns[key] = key
        elif left:
            key = next(loose)
            left -= 1
            columns[f"{key}_{number}"] = f"{key} (ander)" if key in alone else key
        number += 1
    return columns


def _first_placed(use: _Use) -> tuple[bool, bool, int]:
    """Figures of one topic first, so that those that add several up take what is left; counts before what uses them."""
    several = len(use.spec.measures) + len(use.spec.minus_if_any)
    return several > 1, isinstance(use.entry, Indicator), several


def _fill(cells: Cells, key: str, part: pd.DataFrame) -> None:
    """Write what a topic does not have yet."""
    cells[key] = cells[key].combine_first(part) if key in cells else part.copy()


def _named(key: str) -> str:
    """What namesakes have in common: the key without its number, and without what tells them apart here."""
    return re.sub(r"_\d+$", "", key.removesuffix(" (ander)"))


def _words(key: str) -> str:
    """A title made from a key: 'TotaalBebouwdTerrein' -> 'Totaal bebouwd terrein'."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", key) or [key]
    text = " ".join(p if p.isupper() else p.lower() for p in parts)
    return text[:1].upper() + text[1:]


def _plain_number(values: np.ndarray, scale: float, base: np.ndarray | float) -> np.ndarray:
    """The number with the fewest decimals that gives the published value again."""
    raw = values * base / scale
    found = raw.copy()
    open_ = ~np.isnan(raw)
    for decimals in range(7):
        tried = np.round(raw, decimals)
        fits = open_ & (np.abs(tried * scale / base - values) < 4e-10)
        found[fits] = tried[fits]
        open_ &= ~fits
    return found
