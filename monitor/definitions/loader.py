"""Read the YAML definitions and findings, and hold them against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
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
    Layout,
    MapLabel,
    Neighbour,
    Quantity,
    Region,
    SourceTable,
    Theme,
)
from monitor.errors import DefinitionError, UnknownName

Model = TypeVar("Model", bound=BaseModel)


# The loader in C reads ten times faster; PyYAML has it wherever libyaml is.
_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """SafeLoader that keeps dates as text, so that '2024-12' and '2021-01-01' stay what was written."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    """A mapping in which no field may stand twice: the second would silently win."""
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' staat er twee keer in", key.start_mark)
        seen.add(key.value)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


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
        """Return a source table by id.

        Raises:
            UnknownName: with the nearest valid ids.
        """
        return _lookup(self._tables, name, "brontabel")

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

    def findings_for(self, region: str, goal: int | None = None) -> tuple[Finding, ...]:
        """Findings about a region (or about all regions); those that name the region itself come first."""
        found = [f for f in self.findings if f.concerns(region) and (goal is None or goal in f.goals)]
        return tuple(sorted(found, key=lambda f: "alle" in f.regions))


def _lookup(entries: dict[str, Model], name: str, what: str) -> Model:
    if name in entries:
        return entries[name]
    near = get_close_matches(name, entries, n=3, cutoff=0.5)
    hint = f"Bedoelde u: {', '.join(near)}?" if near else f"Mogelijk zijn: {', '.join(entries)}."
    raise UnknownName(f"Onbekende {what} '{name}'.", hint)


def load(
    definitions: Path = paths.DEFINITIONS,
    findings: Path = paths.FINDINGS,
) -> Definitions:
    """Read and check all definitions.

    Args:
        definitions: folder with regions.yaml, themes.yaml, goals.yaml, sources.yaml, quantities.yaml,
            neighbours.yaml, map_labels.yaml, structure.yaml, compositions.yaml, herindelingen.yaml, families.yaml and
            a folder indicators with a file per theme.
        findings: folder with one or more YAML lists of findings.

    Raises:
        DefinitionError: a file is missing, is not YAML, breaks its schema or names something that does not
            exist; the message names file, entry and field.
    """
    said: dict[str, tuple[str, Finding]] = {}
    if not findings.is_dir():
        raise DefinitionError(f"De map {findings.name} met bevindingen ontbreekt.", "Zet haar terug met git.")
    for path in sorted(findings.glob("*.yaml")):
        for finding in _entries(path, Finding):
            if finding.id in said:
                raise DefinitionError(
                    f"{path.name}: bevinding '{finding.id}' staat er twee keer in, ook in {said[finding.id][0]}.",
                    "Geef elke bevinding een eigen id.",
                )
            said[finding.id] = (path.name, finding)
    themes = _entries(definitions / "themes.yaml", Theme)
    loaded = Definitions(
        indicators=_indicators(definitions, themes),
        regions=_entries(definitions / "regions.yaml", Region),
        themes=themes,
        goals=_entries(definitions / "goals.yaml", Goal),
        tables=_entries(definitions / "sources.yaml", SourceTable),
        quantities=_entries(definitions / "quantities.yaml", Quantity),
        layout=_model(definitions / "herindelingen.yaml", Layout, _read(definitions / "herindelingen.yaml"), ""),
        neighbours=_entries(definitions / "neighbours.yaml", Neighbour),
        labels=_entries(definitions / "map_labels.yaml", MapLabel),
        cross_border=_entries(definitions / FIGURES_FILE, CrossBorderFigure),
        border_regions=_entries(definitions / REGIONS_FILE, BorderRegion),
        structure=_entries(definitions / "structure.yaml", FeatureGroup),
        compositions=_entries(definitions / COMPOSITIONS_FILE, Case),
        findings=tuple(f for _, f in said.values()),
    )
    _check_references(loaded, {k: name for k, (name, _) in said.items()})
    check_border(loaded)
    check_compositions(loaded)
    return loaded


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise DefinitionError(f"{path.name} ontbreekt.", "Zet het bestand terug met git.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" bij regel {where.line + 1}" if where else ""
        twice = isinstance(error, yaml.constructor.ConstructorError) and "twee keer" in str(error.problem)
        why = f": veld {error.problem}" if twice and isinstance(error, yaml.MarkedYAMLError) else ""
        raise DefinitionError(f"{path.name} is geen geldige YAML{line}{why}.", "Herstel het bestand.") from None


def _entries(path: Path, model: type[Model]) -> tuple[Model, ...]:
    raw = _read(path)
    if not isinstance(raw, list):
        raise DefinitionError(f"{path.name} moet een lijst zijn.", "Begin elke ingang met '- id: ...'.")
    built = tuple(_model(path, model, entry, _name(entry, place)) for place, entry in enumerate(raw, start=1))
    twice = [k for k, n in Counter(getattr(e, "id", None) for e in built).items() if n > 1]
    if twice:
        raise DefinitionError(f"{path.name}: '{twice[0]}' staat er twee keer in.", "Geef elke ingang een eigen id.")
    return built


def _indicators(folder: Path, themes: tuple[Theme, ...]) -> tuple[Indicator, ...]:
    """Indicators in the order of the themes; each file in indicators/ is named after its theme.

    What several indicators share stands once in families.yaml; an indicator's own fields go before it.
    """
    families = _read(folder / "families.yaml")
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
        raw = _read(path)
        if not isinstance(raw, list):
            raise DefinitionError(f"{path.name} moet een lijst zijn.", "Begin elke ingang met '- id: ...'.")
        for place, entry in enumerate(raw, start=1):
            whole = _with_family(path, entry, _name(entry, place), families)
            indicator = _model(path, Indicator, {"theme": path.stem, **whole}, _name(entry, place))
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
        near = get_close_matches(str(chosen), families, n=1)
        hint = f"Bedoelde u '{near[0]}'?" if near else f"Mogelijk zijn: {', '.join(families)}."
        raise DefinitionError(f"{path.name}, {name}, veld 'family': '{chosen}' bestaat niet.", hint)
    merged = dict(families[chosen])
    for key, value in own.items():
        shared = merged.get(key)
        merged[key] = {**shared, **value} if isinstance(shared, dict) and isinstance(value, dict) else value
    return merged


def _name(entry: Any, place: int) -> str:
    return f"'{entry['id']}'" if isinstance(entry, dict) and "id" in entry else f"ingang {place}"


def _model(path: Path, model: type[Model], raw: Any, name: str) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(geheel)"
        fallback = "heeft een waarde die niet past"
        own = first["msg"] if first["type"] == "value_error" else fallback
        reason = _REASONS.get(first["type"], own)
        if first["type"] == "literal_error":
            reason = f"mag alleen {first['ctx']['expected']} zijn".replace(" or ", " of ")
        raise DefinitionError(
            f"{path.name}, {name or 'bestand'}, veld '{field}': {reason.removeprefix('Value error, ')}.",
            f"Verbeter het veld; de velden staan in {model.__module__.replace('.', '/')}.py.",
        ) from None


_REASONS = {
    "missing": "ontbreekt",
    "extra_forbidden": "bestaat niet",
    "string_pattern_mismatch": "heeft niet de juiste vorm",
    "string_too_short": "is leeg",
    "string_type": "moet tekst zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_type": "moet een geheel getal zijn",
    "int_from_float": "moet een geheel getal zijn",
    "float_type": "moet een getal zijn",
    "bool_parsing": "moet true of false zijn",
    "bool_type": "moet true of false zijn",
    "tuple_type": "moet een lijst zijn",
    "list_type": "moet een lijst zijn",
    "dict_type": "moet uit velden met een waarde bestaan",
    "model_type": "moet uit velden met een waarde bestaan",
    "model_attributes_type": "moet uit velden met een waarde bestaan",
    "float_parsing": "moet een getal zijn",
    "greater_than": "is te klein",
    "greater_than_equal": "is te klein",
    "less_than_equal": "is te groot",
}


def _check_references(d: Definitions, finding_files: dict[str, str]) -> None:
    """Every name that a definition uses must exist; ``finding_files`` says in which file a finding stands."""
    themes = {t.id for t in d.themes}
    goals = {g.id for g in d.goals}
    regions = {r.id for r in d.regions} | {"alle"}
    indicators = {i.id for i in d.indicators}
    quantities = {q.id for q in d.quantities}
    tables = {t.id for t in d.tables}

    def need(where: str, field: str, used: Iterable[object], known: Iterable[object]) -> None:
        missing = [u for u in used if u not in set(known)]
        if missing:
            near = get_close_matches(str(missing[0]), [str(k) for k in known], n=1, cutoff=0.5)
            hint = f"Bedoelde u '{near[0]}'?" if near else "Verbeter de naam of voeg de definitie toe."
            raise DefinitionError(f"{where}, veld '{field}': '{missing[0]}' bestaat niet.", hint)

    for i in d.indicators:
        where = f"indicators/{i.theme}.yaml, '{i.id}'"
        a = i.aggregation
        need(where, "theme", [i.theme], themes)
        need(where, "goals", i.goals, goals)
        need(where, "aggregation", [q for q in (a.weight, a.numerator, a.denominator) if q], quantities)
        need(where, "sources.table", [s.table for s in i.sources], tables)
        need(where, "sources.per", [s.per for s in i.sources if s.per], quantities)
        need(where, "unusable.region", [u.region for u in i.unusable], regions - {"alle"})
        for u in i.unusable:
            own = [c for r in d.regions if r.id == u.region for c in r.codes]
            need(where, "unusable.municipality", [u.municipality] if u.municipality else [], own)
        need(where, "part_of", [i.part_of] if i.part_of else [], indicators)
    for q in d.quantities:
        need(f"quantities.yaml, '{q.id}'", "sources.table", [s.table for s in q.sources], tables)
    for f in d.findings:
        where = f"{finding_files[f.id]}, '{f.id}'"
        need(where, "regions", f.regions, regions)
        need(where, "themes", f.themes, themes)
        need(where, "goals", f.goals, goals)
        need(where, "indicators.id", [x.id for x in f.indicators], indicators)
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
