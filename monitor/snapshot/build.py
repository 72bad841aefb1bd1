"""Make an edition from source files: read, bring to the current layout, add up, write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from monitor import __version__
from monitor.definitions import Definitions, Indicator, SourceTable
from monitor.definitions.models import AggregationClass, SourceSpec
from monitor.snapshot import store, swap
from monitor.snapshot.border import border_rows
from monitor.snapshot.coded import TEXTS, category, numbered, stacked
from monitor.snapshot.derive import derive
from monitor.snapshot.layout import to_current
from monitor.sources import Library
from monitor.sources.shape import FIGURES, Reader

_WEIGHT = {"value": "weight"}
OLD_LAYOUT = "@rapportagejaar"
_YEARS = 10_000


@dataclass(frozen=True)
class Entry:
    """Of which indicator figures are, and of which table; ``spec`` is None for what is calculated."""

    indicator: Indicator
    spec: SourceSpec | None
    table: SourceTable

    @property
    def per(self) -> str | None:
        """The quantity to divide by."""
        return self.spec.per if self.spec else None


class Collector:
    """Collects published figures on the current layout.

    Args:
        definitions: what to collect.
        reader: gives the opened table for a table id.
        current: codes of the current municipal layout.
        known_weights: quantities of an existing edition (quantity, area, year, value), used instead of
            reading them.
    """

    def __init__(
        self,
        definitions: Definitions,
        reader: Callable[[str], Reader],
        current: set[str],
        known_weights: pd.DataFrame | None = None,
    ) -> None:
        self.definitions = definitions
        self.reader = reader
        self.current = current
        self._raw: dict[str, pd.DataFrame] = {}
        if known_weights is not None:
            groups = {str(k): g for k, g in known_weights.groupby("quantity", observed=True)}
            for name in (q.id for q in definitions.quantities if q.id in groups):
                old = groups.get(name + OLD_LAYOUT, groups[name].iloc[:0])
                # Provinces and the country stand on no municipal layout.
                municipal = groups[name]["area"].astype(str).str.startswith("GM")
                rest = groups[name][~(municipal & groups[name]["year"].isin(old["year"]))]
                self._raw[name] = pd.concat([old, rest])[["area", "year", "value"]].astype({"area": str})

    def raw_quantity(self, name: str) -> pd.DataFrame:
        """A quantity on the layout of each reporting year: area, year, value; the first source wins.

        Empty for a quantity that is only fetched.
        """
        if name not in self._raw:
            parts = [
                self.reader(s.table).read(s)[["area", "year", "value"]] for s in self.definitions.quantity(name).sources
            ]
            joined = pd.concat(parts, ignore_index=True) if parts else _no_counts()
            self._raw[name] = joined.drop_duplicates(["area", "year"], keep="first")
        return self._raw[name]

    def weights(self, names: set[str] | None = None) -> pd.DataFrame:
        """Quantities on the current layout: quantity, area, year, value; all of them, or those with these names.

        Years with another layout are there a second time, as they were, under the quantity's name with
        ``OLD_LAYOUT`` behind it: a later refresh of such a year needs them.
        """
        chosen = [q.id for q in self.definitions.quantities if names is None or q.id in names]
        raw = pd.concat([self.raw_quantity(q).assign(entry=k) for k, q in enumerate(chosen)], ignore_index=True)
        raw = raw.assign(lower=float("nan"), upper=float("nan"), area=raw["area"].astype("category"))
        existing = self.raw_quantity("inwoners").rename(columns=_WEIGHT)
        layout, current = self.definitions.layout, self.current
        moved = to_current(raw[[*FIGURES, "entry"]], existing, layout, current, "som", by="entry")
        codes = raw["area"].cat.categories
        municipal = raw["area"].isin(codes[codes.str.startswith("GM")])
        when = raw["entry"] * _YEARS + raw["year"]
        old = raw[municipal & when.isin(when[municipal & ~raw["area"].isin(current)])]
        parts = [
            rows[["area", "year", "value"]].assign(
                quantity=category(rows["entry"].to_numpy(), [q + ending for q in chosen])
            )
            for rows, ending in ((moved, ""), (old, OLD_LAYOUT))
        ]
        return stacked(parts, ["quantity", "area"])[["quantity", "area", "year", "value"]]

    def renew(self, quantity: str, figures: pd.DataFrame) -> None:
        """Put figures of a quantity in the place of what is known of the same years, per level of area.

        Args:
            quantity: its name.
            figures: area, year, value, on the layout of each year.
        """
        old, new = (_levelled(f) for f in (self.raw_quantity(quantity), figures))
        stays = ~pd.MultiIndex.from_frame(old[["level", "year"]]).isin(
            pd.MultiIndex.from_frame(new[["level", "year"]].drop_duplicates())
        )
        self._raw[quantity] = pd.concat([old[stays], new], ignore_index=True)[["area", "year", "value"]]

    def observations(self, indicators: Sequence[Indicator]) -> pd.DataFrame:
        """Published figures of indicators, one after another (columns OBSERVATION_COLUMNS, basis 'cbs').

        Args:
            indicators: definitions with at least one source each.
        """
        specs = [(i, s) for i in indicators for s in i.sources]
        if not specs:
            kinds = {"area": "str", "year": "int64", "value": "float64", "lower": "float64", "upper": "float64"}
            return _published([], pd.DataFrame(columns=[*FIGURES, "entry"]).astype({**kinds, "entry": "int64"}))
        parts = [self.reader(s.table).read(s).assign(entry=k) for k, (_, s) in enumerate(specs)]
        entries = [Entry(i, s, self.definitions.table(s.table)) for i, s in specs]
        return self.published_all(entries, stacked(parts, ["area"]))

    def published(
        self, indicator: Indicator, spec: SourceSpec, table: SourceTable, figures: pd.DataFrame
    ) -> pd.DataFrame:
        """What was read of a table (shape FIGURES) as published figures on the current layout."""
        return self.published_all([Entry(indicator, spec, table)], figures.assign(entry=0))

    def published_all(self, entries: Sequence[Entry], figures: pd.DataFrame) -> pd.DataFrame:
        """What was read of tables as published figures on the current layout, in the order of the entries.

        Args:
            entries: what the figures are of.
            figures: shape FIGURES (area as a category), and ``entry``: the number of the entry.
        """
        figures = self._per(entries, figures)
        alike: dict[tuple[str, AggregationClass] | None, list[int]] = {}
        for k, e in enumerate(entries):
            a = e.indicator.aggregation
            own = e.table.layout == "rapportagejaar"
            alike.setdefault((a.weight or "inwoners", a.kind) if own else None, []).append(k)
        parts = [figures.iloc[:0]]
        for how, numbers in alike.items():
            rows = figures[np.isin(figures["entry"], numbers)]
            if how is not None:
                weight = self.raw_quantity(how[0]).rename(columns=_WEIGHT)
                rows = to_current(rows, weight, self.definitions.layout, self.current, how[1], by="entry")
            parts.append(rows if how is not None else self._of_today(rows))
        together = stacked(parts, ["area"]).sort_values("entry", kind="stable", ignore_index=True)
        return _published(entries, together)

    def _of_today(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Figures of a table on one layout; who merged since that layout has none until CBS makes a newer table."""
        areas = figures["area"].astype("category").cat
        gone = np.array([str(a).startswith("GM") and a not in self.current for a in areas.categories], dtype=bool)
        return figures[~gone[areas.codes]] if gone.any() else figures

    def _per(self, entries: Sequence[Entry], figures: pd.DataFrame) -> pd.DataFrame:
        """Figures that are to be divided by a quantity, divided; those without one are left out."""
        for base in {e.per for e in entries if e.per}:
            here = np.isin(figures["entry"], [k for k, e in enumerate(entries) if e.per == base])
            weight = self.raw_quantity(base).rename(columns=_WEIGHT)
            own = figures[here].astype({"area": str}).merge(weight, on=["area", "year"])
            own["value"] = own["value"] / own["weight"]
            figures = stacked([figures[~here], own[list(figures.columns)]], ["area"])
        return figures


def _no_counts() -> pd.DataFrame:
    return pd.DataFrame({"area": [], "year": [], "value": []}).astype(
        {"area": str, "year": "int64", "value": "float64"}
    )


def _levelled(figures: pd.DataFrame) -> pd.DataFrame:
    return figures.assign(level=figures["area"].astype(str).str[:2])


def ratios(indicator: Indicator, weights: pd.DataFrame) -> pd.DataFrame:
    """Published counts as a ratio, for every area and year that has both: basis 'cbs', class ``verhouding``."""
    a = indicator.aggregation
    keys = ["area", "year"]
    top = weights[weights["quantity"] == a.numerator].set_index(keys)["value"]
    bottom = weights[weights["quantity"] == a.denominator].set_index(keys)["value"]
    value = (a.factor * top / bottom[bottom > 0]).dropna()
    frame = value.rename("value").reset_index()
    frame["lower"] = frame["upper"] = float("nan")
    return frame[FIGURES]


def _published(entries: Sequence[Entry], figures: pd.DataFrame) -> pd.DataFrame:
    """Figures on the current layout with what the definitions say of them."""
    entry, year = (figures[c].to_numpy(dtype=np.int64) for c in ("entry", "year"))
    told, place = np.unique(entry * _YEARS + year, return_inverse=True)
    status = [entries[k // _YEARS].table.status.get(int(k % _YEARS), "definitief") for k in told]
    texts = {
        "indicator": (entry, [e.indicator.id for e in entries]),
        "status": (place, status),
        "source": (entry, [e.table.id for e in entries]),
    }
    made = {}
    for column, (at, names) in texts.items():
        numbers, distinct = numbered(pd.Series(names, dtype=str))
        made[column] = category(numbers[0][at], distinct)
    nothing = np.zeros(len(figures), dtype=np.int16)
    return figures.assign(
        **made,
        basis=category(nothing, ["cbs"]),
        coverage=np.ones(len(figures), dtype=np.float32),
        members=nothing + np.int16(1),
        missing=category(nothing, [""]),
        weight_year=nothing,
    )[store.OBSERVATION_COLUMNS]


def quantity_table(definitions: Definitions, quantity: str, year: int) -> SourceTable:
    """Return the table from which a quantity's figure of a year comes."""
    specs = definitions.quantity(quantity).sources or definitions.quantity(quantity).live
    for spec in specs:
        table = definitions.table(spec.table)
        if year in (spec.years or ()) or (spec.years is None and table.year in (None, year)):
            return table
    return definitions.table(specs[0].table)


def published_ratios(definitions: Definitions, indicator: Indicator, weights: pd.DataFrame) -> pd.DataFrame:
    """Rows of a ``verhouding`` indicator with the source table of its numerator per year."""
    figures = ratios(indicator, weights)
    years, entry = np.unique(figures["year"].to_numpy(dtype=np.int64), return_inverse=True)
    tables = [quantity_table(definitions, str(indicator.aggregation.numerator), int(y)) for y in years]
    return _published([Entry(indicator, None, t) for t in tables], figures.assign(entry=entry))


def build(definitions: Definitions, root: Path, folder: Path, edition: str, made: str | None = None) -> store.Snapshot:
    """Make an edition from the files below ``root`` and put it in place of ``folder``.

    The same files, edition name and moment of making give the same bytes.

    Raises:
        SourceInvalid: a file is missing or does not hold what the definitions ask.
    """
    from monitor.sources.boundaries import border_distances, write_geometry  # shapes take time and memory to load

    library = Library(definitions, root)
    areas = library.areas().areas()
    # Kilometres to the border; unknown for what is not a municipality.
    areas["border_km"] = areas["area"].map(border_distances(root)).astype("float64")
    current = set(areas.loc[areas["level"] == "gemeente", "area"])
    collector = Collector(definitions, library.reader, current)
    weights = collector.weights()
    ratio = {i.id for i in definitions.indicators if i.aggregation.kind == "verhouding"}
    parts = [collector.observations([i for i in definitions.indicators if i.id not in ratio])]
    parts += [published_ratios(definitions, i, weights) for i in definitions.indicators if i.id in ratio]
    if definitions.cross_border:
        parts.append(border_rows(definitions, library.reader))
    published = stacked(parts, TEXTS)
    sources = {t.id: _source_entry(library, t) for t in definitions.tables if t.file}
    with swap.replacing(folder) as fresh:
        geometry = write_geometry(root, fresh, current)
        finish(definitions, published, weights, areas, {**sources, **geometry}, fresh, edition, made=made)
    return store.read(folder)


def finish(
    definitions: Definitions,
    published: pd.DataFrame,
    weights: pd.DataFrame,
    areas: pd.DataFrame,
    sources: dict[str, dict[str, Any]],
    fresh: Path,
    edition: str,
    *,
    made: str | None = None,
    follows: str | None = None,
) -> None:
    """Add up, write the frames and the manifest; geometry must already be there.

    Args:
        definitions: what to add up, and how.
        published: what was published (``store.OBSERVATION_COLUMNS``).
        weights: quantity, area, year, value.
        areas: the municipal layout.
        sources: manifest entries per source table.
        fresh: the folder to write.
        edition: its name.
        made: the moment of making, ISO 8601; None where it is not to be told.
        follows: name of the edition that this one takes the place of.
    """
    derived = derive(definitions, published, weights, areas)
    store.write_frames(fresh, derived.observations, weights, areas)
    manifest = {
        "edition": edition,
        "made": made,
        "follows": follows,
        "compositions": {r.id: sorted(r.codes) for r in definitions.regions},
        "made_with": f"regiomonitor-brede-welvaart {__version__}",
        "relevant_differences": derived.relevant,
        "comparable": derived.comparable,
        "sources": sources,
        "licence": "CC BY 4.0, bron: CBS; cijfers van over de grens: Eurostat, hergebruik met bronvermelding; "
        "grenzen van buurlanden: (c) EuroGeographics (zie BUURLANDEN)",
    }
    store.seal(fresh, manifest)


def _source_entry(library: Library, table: SourceTable) -> dict[str, Any]:
    digest = hashlib.sha256()
    rows = 0
    for path in library.paths(table):
        content = path.read_bytes()
        digest.update(content)
        rows += max(content.count(b"\n") - 1, 0)
    return {
        "publisher": table.publisher,
        "title": table.title,
        "page": table.page,
        "licence": table.licence,
        "rows": rows,
        "sha256": digest.hexdigest(),
        "modified": None,
        "retrieved": None,
    }
