"""Make an edition from source files: read, bring to the current layout, add up, write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from monitor import __version__
from monitor.definitions import Definitions, Indicator, SourceTable
from monitor.definitions.models import SourceSpec
from monitor.snapshot import store, swap
from monitor.snapshot.border import border_rows
from monitor.snapshot.derive import derive
from monitor.snapshot.layout import to_current
from monitor.sources import Library
from monitor.sources.boundaries import border_distances, write_geometry
from monitor.sources.shape import FIGURES, Reader

_WEIGHT = {"value": "weight"}
OLD_LAYOUT = "@rapportagejaar"


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
        """A quantity on the layout of each reporting year: area, year, value; the first source wins."""
        if name not in self._raw:
            parts = [
                self.reader(s.table).read(s)[["area", "year", "value"]] for s in self.definitions.quantity(name).sources
            ]
            joined = pd.concat(parts, ignore_index=True)
            self._raw[name] = joined.drop_duplicates(["area", "year"], keep="first")
        return self._raw[name]

    def weights(self, names: set[str] | None = None) -> pd.DataFrame:
        """Quantities on the current layout: quantity, area, year, value; all of them, or those with these names.

        Years with another layout are there a second time, as they were, under the quantity's name with
        ``OLD_LAYOUT`` behind it: a later refresh of such a year needs them.
        """
        parts = []
        for quantity in (q for q in self.definitions.quantities if names is None or q.id in names):
            raw = self.raw_quantity(quantity.id).assign(lower=float("nan"), upper=float("nan"))
            existing = self.raw_quantity("inwoners").rename(columns=_WEIGHT)
            moved = to_current(raw[FIGURES], existing, self.definitions.layout, self.current, "som")
            parts.append(moved[["area", "year", "value"]].assign(quantity=quantity.id))
            gone = raw["area"].str.startswith("GM") & ~raw["area"].isin(self.current)
            old = raw[raw["year"].isin(raw.loc[gone, "year"]) & raw["area"].str.startswith("GM")]
            parts.append(old[["area", "year", "value"]].assign(quantity=quantity.id + OLD_LAYOUT))
        return pd.concat(parts, ignore_index=True)[["quantity", "area", "year", "value"]]

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

    def observations(self, indicator: Indicator, tables: set[str] | None = None) -> pd.DataFrame:
        """Published figures of one indicator (columns OBSERVATION_COLUMNS, basis 'cbs').

        Args:
            indicator: its definition, with at least one source.
            tables: only these source tables; None for all.
        """
        parts = []
        for spec in indicator.sources:
            if tables is not None and spec.table not in tables:
                continue
            table = self.definitions.table(spec.table)
            parts.append(self.published(indicator, spec, table, self.reader(spec.table).read(spec)))
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else _published(pd.DataFrame(columns=FIGURES), indicator.id, None)
        )

    def published(
        self, indicator: Indicator, spec: SourceSpec, table: SourceTable, figures: pd.DataFrame
    ) -> pd.DataFrame:
        """What was read of a table (shape FIGURES) as published figures on the current layout."""
        if spec.per:
            base = self.raw_quantity(spec.per)
            figures = figures.merge(base.rename(columns=_WEIGHT), on=["area", "year"])
            figures["value"] = figures["value"] / figures["weight"]
            figures = figures[FIGURES]
        if table.layout == "rapportagejaar":
            weight = self.raw_quantity(indicator.aggregation.weight or "inwoners").rename(columns=_WEIGHT)
            kind = indicator.aggregation.kind
            figures = to_current(figures, weight, self.definitions.layout, self.current, kind)
        return _published(figures, indicator.id, table)


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


def _published(figures: pd.DataFrame, indicator: str, table: SourceTable | None) -> pd.DataFrame:
    year = figures["year"].astype("int64") if len(figures) else figures["year"]
    return figures.assign(
        indicator=indicator,
        status=[table.status.get(int(y), "definitief") if table else "definitief" for y in year],
        source=table.id if table else "",
        basis="cbs",
        coverage=1.0,
        members=1,
        missing="",
        weight_year=0,
    )[store.OBSERVATION_COLUMNS]


def quantity_table(definitions: Definitions, quantity: str, year: int) -> SourceTable:
    """Return the table from which a quantity's figure of a year comes."""
    specs = definitions.quantity(quantity).sources
    for spec in specs:
        table = definitions.table(spec.table)
        if year in (spec.years or ()) or (spec.years is None and table.year in (None, year)):
            return table
    return definitions.table(specs[0].table)


def published_ratios(definitions: Definitions, indicator: Indicator, weights: pd.DataFrame) -> pd.DataFrame:
    """Rows of a ``verhouding`` indicator with the source table of its numerator per year."""
    figures = ratios(indicator, weights)
    parts = [
        _published(rows, indicator.id, quantity_table(definitions, str(indicator.aggregation.numerator), year))
        for year, rows in ((int(y), figures[figures["year"] == y]) for y in figures["year"].unique())
    ]
    return pd.concat(parts, ignore_index=True)


def build(definitions: Definitions, root: Path, folder: Path, edition: str, made: str | None = None) -> store.Snapshot:
    """Make an edition from the files below ``root`` and put it in place of ``folder``.

    The same files, edition name and moment of making give the same bytes.

    Raises:
        SourceInvalid: a file is missing or does not hold what the definitions ask.
    """
    library = Library(definitions, root)
    areas = library.areas().areas()
    # Kilometres to the border; unknown for what is not a municipality.
    areas["border_km"] = areas["area"].map(border_distances(root)).astype("float64")
    current = set(areas.loc[areas["level"] == "gemeente", "area"])
    collector = Collector(definitions, library.reader, current)
    weights = collector.weights()
    parts = []
    for indicator in definitions.indicators:
        if indicator.aggregation.kind == "verhouding":
            parts.append(published_ratios(definitions, indicator, weights))
        else:
            parts.append(collector.observations(indicator))
    if definitions.cross_border:
        parts.append(border_rows(definitions, library.reader))
    published = pd.concat(parts, ignore_index=True)
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
