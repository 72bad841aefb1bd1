"""Read the YAML definitions, findings and registers, and hold them against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor import paths
from monitor.definitions.border import (
    FIGURES_FILE,
    REGIONS_FILE,
    BorderRegion,
    CrossBorderFigure,
    check_border,
)
from monitor.definitions.compositions import COMPOSITIONS_FILE, Case, check_compositions
from monitor.definitions.features import FeatureGroup
from monitor.definitions.models import (
    Finding,
    Goal,
    Indicator,
    MapLabel,
    Neighbour,
    Quantity,
    Region,
    SourceTable,
    Theme,
)
from monitor.definitions.programmes import (
    CalendarEntry,
    Programme,
    check_programmes,
    read_calendar,
    read_programmes,
)
from monitor.definitions.reading import entries, entry_name, model_of, read
from monitor.definitions.reorganisations import Layout
from monitor.definitions.statline import STATLINE_FILE, LiveTable, check_statline
from monitor.errors import DefinitionError, UnknownName
from monitor.nearest import meant, nearest
from monitor.nearest import need as must_exist

Model = TypeVar("Model", bound=BaseModel)
RMBW = re.compile(r"RMBW-\d{4}")


@dataclass(frozen=True)
class Definitions:
    """All definitions and findings, validated and consistent with each other."""

    indicators: tuple[Indicator, ...]
    regions: tuple[Region, ...]
    themes: tuple[Theme, ...]
    goals: tuple[Goal, ...]
    tables: tuple[SourceTable, ...]
    quantities: tuple[Quantity, ...]
    layout: Layout
    neighbours: tuple[Neighbour, ...]
    labels: tuple[MapLabel, ...]
    cross_border: tuple[CrossBorderFigure, ...]
    border_regions: tuple[BorderRegion, ...]
    structure: tuple[FeatureGroup, ...]
    compositions: tuple[Case, ...]
    findings: tuple[Finding, ...]
    programmes: tuple[Programme, ...]
    calendar: tuple[CalendarEntry, ...]
    statline: tuple[LiveTable, ...] = ()

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {i.id: i for i in self.indicators}

    @cached_property
    def _regions(self) -> dict[str, Region]:
        return {r.id: r for r in self.regions}

    @cached_property
    def _tables(self) -> dict[str, SourceTable]:
        return {t.id: t for t in self.tables}

    @cached_property
    def _themes(self) -> dict[str, Theme]:
        return {t.id: t for t in self.themes}

    @cached_property
    def _quantities(self) -> dict[str, Quantity]:
        return {q.id: q for q in self.quantities}

    def indicator(self, name: str) -> Indicator:
        """Return an indicator by id.

        Raises:
            UnknownName: with the nearest valid ids.
        """
        return _lookup(self._indicators, name, "indicator")

    def region(self, name: str) -> Region:
        """Return a region by slug.

        Raises:
            UnknownName: with the nearest valid slugs.
        """
        return _lookup(self._regions, name, "regio")

    def table(self, name: str) -> SourceTable:
        """Return a source table by id; of an edition that was imported later, the description of the newest we know.

        Raises:
            UnknownName: with the nearest valid ids.
        """
        return another_edition(self._tables, name) or _lookup(self._tables, name, "brontabel")

    def quantity(self, name: str) -> Quantity:
        """Return a quantity by id.

        Raises:
            UnknownName: with the nearest valid ids.
        """
        return _lookup(self._quantities, name, "hoeveelheid")

    def theme(self, name: str) -> Theme:
        """Return a theme by id.

        Raises:
            UnknownName: with the nearest valid ids.
        """
        return _lookup(self._themes, name, "thema")

    def programmes_for(self, region: str) -> tuple[Programme, ...]:
        """The register of a region, in the order of its file; empty when it is not filled in yet."""
        return tuple(p for p in self.programmes if p.region == region)

    def findings_for(self, region: str, goal: int | None = None) -> tuple[Finding, ...]:
        """Findings about a region (or about all regions); those that name the region itself come first."""
        found = [f for f in self.findings if f.concerns(region) and (goal is None or goal in f.goals)]
        return tuple(sorted(found, key=lambda f: "alle" in f.regions))

    @cached_property
    def _tensions(self) -> dict[str, tuple[Finding, ...]]:
        found: dict[str, list[Finding]] = {}
        for f in self.findings:
            for x in f.indicators if f.kind == "spanning" else ():
                found.setdefault(x.id, []).append(f)
        return {k: tuple(v) for k, v in found.items()}

    def tensions(self, indicator: str, regions: Iterable[str] | None = None) -> tuple[Finding, ...]:
        """What was said that a figure cannot show: findings of kind 'spanning' that name it.

        Args:
            indicator: id.
            regions: only those about at least one of these, or about all regions; None for every one.
        """
        about = None if regions is None else ("alle", *regions)
        found = self._tensions.get(indicator, ())
        return tuple(f for f in found if about is None or any(map(f.concerns, about)))


def another_edition(tables: dict[str, SourceTable], name: str) -> SourceTable | None:
    """The table of an edition of the Regionale Monitor Brede Welvaart that sources.yaml does not name.

    Args:
        tables: those of sources.yaml.
        name: like 'RMBW-2025'; its description is that of the newest edition there, with its own year.
    """
    if name in tables or not RMBW.fullmatch(name):
        return None
    known = sorted(t for t in tables if RMBW.fullmatch(t))
    if not known:
        return None
    table, own = tables[known[-1]], name.removeprefix("RMBW-")
    title = table.title.replace(table.id.removeprefix("RMBW-"), own)
    return table.model_copy(update={"id": name, "title": title, "file": "", "extra_file": None, "status": {}})


def _lookup(entries: dict[str, Model], name: str, what: str) -> Model:
    if name in entries:
        return entries[name]
    near = nearest(name, entries, most=3)
    hint = f"Bedoelde u: {', '.join(near)}?" if near else f"Mogelijk zijn: {', '.join(entries)}."
    raise UnknownName(f"Onbekende {what} '{name}'.", hint)


def load(
    definitions: Path = paths.DEFINITIONS,
    findings: Path = paths.FINDINGS,
    programmes: Path = paths.PROGRAMMES,
) -> Definitions:
    """Read and check all definitions.

    Args:
        definitions: folder with regions.yaml, themes.yaml, goals.yaml, sources.yaml, quantities.yaml,
            neighbours.yaml, map_labels.yaml, structure.yaml, compositions.yaml, herindelingen.yaml,
            herindelingen_2006_2015.yaml, statline.yaml, families.yaml and a folder indicators with a file per theme.
        findings: folder with one or more YAML lists of findings.
        programmes: folder with a register of running programmes per region, and the calendar.

    Raises:
        DefinitionError: a file is missing, is not YAML, breaks its schema or names something that does not
            exist; the message names file, entry and field.
    """
    said: dict[str, tuple[str, Finding]] = {}
    if not findings.is_dir():
        raise DefinitionError(f"De map {findings.name} met bevindingen ontbreekt.", "Zet haar terug met git.")
    for path in sorted(findings.glob("*.yaml")):
        for finding in entries(path, Finding):
            if finding.id in said:
                raise DefinitionError(
                    f"{path.name}: bevinding '{finding.id}' staat er twee keer in, ook in {said[finding.id][0]}.",
                    "Geef elke bevinding een eigen id.",
                )
            said[finding.id] = (path.name, finding)
    themes = entries(definitions / "themes.yaml", Theme)
    loaded = Definitions(
        indicators=_indicators(definitions, themes),
        regions=entries(definitions / "regions.yaml", Region),
        themes=themes,
        goals=entries(definitions / "goals.yaml", Goal),
        tables=entries(definitions / "sources.yaml", SourceTable),
        quantities=entries(definitions / "quantities.yaml", Quantity),
        layout=_layout(definitions),
        neighbours=entries(definitions / "neighbours.yaml", Neighbour),
        labels=entries(definitions / "map_labels.yaml", MapLabel),
        cross_border=entries(definitions / FIGURES_FILE, CrossBorderFigure),
        border_regions=entries(definitions / REGIONS_FILE, BorderRegion),
        structure=entries(definitions / "structure.yaml", FeatureGroup),
        compositions=entries(definitions / COMPOSITIONS_FILE, Case),
        findings=tuple(f for _, f in said.values()),
        programmes=read_programmes(programmes),
        calendar=read_calendar(programmes),
        statline=entries(definitions / STATLINE_FILE, LiveTable),
    )
    _check_references(loaded, {k: name for k, (name, _) in said.items()})
    check_border(loaded)
    check_compositions(loaded)
    check_programmes(loaded)
    check_statline(loaded)
    return loaded


def _layout(folder: Path) -> Layout:
    """The reorganisations since 2015 and, from a file of their own, those before."""
    newer, older = (
        model_of(path, Layout, read(path), "")
        for path in (folder / "herindelingen.yaml", folder / "herindelingen_2006_2015.yaml")
    )
    try:
        return newer.with_older(older)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise DefinitionError(
            f"herindelingen_2006_2015.yaml past niet bij herindelingen.yaml: {reason}.",
            "Verbeter de code of de datum, of laat de dubbele regel weg.",
        ) from None


def _indicators(folder: Path, themes: tuple[Theme, ...]) -> tuple[Indicator, ...]:
    """Indicators in the order of the themes; each file in indicators/ is named after its theme.

    What several indicators share stands once in families.yaml; an indicator's own fields go before it.
    """
    families = read(folder / "families.yaml")
    if not isinstance(families, dict) or not all(isinstance(f, dict) for f in families.values()):
        raise DefinitionError("families.yaml moet uit namen met velden bestaan.", "Begin elke familie met 'naam:'.")
    order = [t.id for t in themes]
    files = sorted((folder / "indicators").glob("*.yaml"), key=lambda p: (p.stem not in order, p.stem))
    if not files:
        raise DefinitionError("De map indicators ontbreekt of is leeg.", "Zet haar terug met git.")
    if files[-1].stem not in order:
        raise DefinitionError(
            f"indicators/{files[-1].name}: er is geen thema '{files[-1].stem}'.", "Noem het bestand naar een thema."
        )
    found: dict[str, str] = {}
    built: list[Indicator] = []
    for path in sorted(files, key=lambda p: order.index(p.stem)):
        raw = read(path)
        if not isinstance(raw, list):
            raise DefinitionError(f"{path.name} moet een lijst zijn.", "Begin elke ingang met '- id: ...'.")
        for place, entry in enumerate(raw, start=1):
            whole = _with_family(path, entry, entry_name(entry, place), families)
            indicator = model_of(path, Indicator, {"theme": path.stem, **whole}, entry_name(entry, place))
            if indicator.id in found:
                raise DefinitionError(
                    f"{path.name}: indicator '{indicator.id}' staat er twee keer in, ook in {found[indicator.id]}.",
                    "Geef elke indicator een eigen id.",
                )
            if indicator.theme != path.stem:
                raise DefinitionError(
                    f"{path.name}, '{indicator.id}', veld 'theme': is '{indicator.theme}'.",
                    "Laat het veld weg of verplaats de indicator.",
                )
            found[indicator.id] = path.name
            built.append(indicator)
    return tuple(built)


def _with_family(path: Path, entry: Any, name: str, families: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The fields of an entry on top of those of its family; of nested fields (aggregation) likewise."""
    if not isinstance(entry, dict):
        raise DefinitionError(f"{path.name}, {name}: bestaat niet uit velden.", "Begin elke ingang met '- id: ...'.")
    own = {k: v for k, v in entry.items() if k != "family"}
    chosen = entry.get("family")
    if chosen is None:
        return own
    if chosen not in families:
        hint = meant(str(chosen), families, f"Mogelijk zijn: {', '.join(families)}.")
        raise DefinitionError(f"{path.name}, {name}, veld 'family': '{chosen}' bestaat niet.", hint)
    merged = dict(families[chosen])
    for key, value in own.items():
        shared = merged.get(key)
        merged[key] = {**shared, **value} if isinstance(shared, dict) and isinstance(value, dict) else value
    return merged


def _check_references(d: Definitions, finding_files: dict[str, str]) -> None:
    """Every name that a definition uses must exist; ``finding_files`` says in which file a finding stands."""
    themes = {t.id for t in d.themes}
    goals = {g.id for g in d.goals}
    regions = {r.id for r in d.regions} | {"alle"}
    indicators = {i.id for i in d.indicators}
    quantities = {q.id for q in d.quantities}
    tables = {t.id for t in d.tables}
    kinds = {f.id: f.kind for f in d.findings}

    need = partial(must_exist, otherwise="Verbeter de naam of voeg de definitie toe.")

    for i in d.indicators:
        where = f"indicators/{i.theme}.yaml, '{i.id}'"
        a = i.aggregation
        need(where, "theme", [i.theme], themes)
        need(where, "goals", i.goals, goals)
        need(where, "aggregation", [q for q in (a.weight, a.own_weight, a.numerator, a.denominator) if q], quantities)
        need(where, "sources.table", [s.table for s in i.sources], tables)
        need(where, "sources.per", [s.per for s in i.sources if s.per], quantities)
        need(where, "unusable.region", [u.region for u in i.unusable], regions - {"alle"})
        for u in i.unusable:
            own = [c for r in d.regions if r.id == u.region for c in r.codes]
            need(where, "unusable.municipality", [u.municipality] if u.municipality else [], own)
        need(where, "part_of", [i.part_of] if i.part_of else [], indicators)
    for q in d.quantities:
        need(f"quantities.yaml, '{q.id}'", "sources.table", [s.table for s in q.sources], tables)
        if not q.sources and not q.live:
            told = f"quantities.yaml, '{q.id}', veld 'sources': dit is leeg, en 'live' ook."
            raise DefinitionError(told, "Noem een bron, of bij 'live' een tabel van StatLine.")
    for f in d.findings:
        where = f"{finding_files[f.id]}, '{f.id}'"
        need(where, "regions", f.regions, regions)
        need(where, "themes", f.themes, themes)
        need(where, "goals", f.goals, goals)
        need(where, "indicators.id", [x.id for x in f.indicators], indicators)
        need(where, "serves", f.serves, kinds)
        wrong = next((x for x in f.serves if kinds[x] != "behoefte"), "")
        if wrong:
            hint = "Noem bij een idee alleen bevindingen van de soort 'behoefte'."
            raise DefinitionError(f"{where}, veld 'serves': '{wrong}' is geen behoefte.", hint)
    for g in d.structure:
        additive = [i.id for i in d.indicators if i.aggregation.kind in ("gewogen", "verhouding")]
        need(f"structure.yaml, '{g.id}'", "indicator", [f.indicator for f in g.features if f.indicator], additive)
    need("map_labels.yaml", "id", [r.id for r in d.regions], [m.id for m in d.labels])
    owner: dict[str, str] = {}
    for r in d.regions:
        for code in r.codes:
            if code in owner:
                raise DefinitionError(
                    f"regions.yaml: gemeente {code} is lid van '{owner[code]}' en van '{r.id}'.",
                    "Een gemeente hoort standaard bij hoogstens één regio.",
                )
            owner[code] = r.id
