"""Outlines as layers of GeoJSON for the browser, fetched once and coloured by every map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.definitions import Definitions
from monitor.figures.geometry import Outlines, collection, together
from monitor.state import LEVELS

MUNICIPALITIES, ABROAD, REGIONS = LAYERS = ("municipalities", "neighbours", "regions")


@dataclass(frozen=True)
class Layers:
    """Outlines as GeoJSON for the browser: each the address where the app serves it, or the content itself."""

    municipalities: str | Mapping[str, Any]
    neighbours: str | Mapping[str, Any]
    regions: str | Mapping[str, Any]


def layer_files(outlines: Outlines, definitions: Definitions, names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Make the GeoJSON of each layer: municipalities carry the labels that the pointer shows, by level."""
    region_of = {c: r.name for r in definitions.regions for c in r.codes}
    labels: dict[str, dict[str, str]] = {}
    for code in outlines.municipalities:
        name, region = names[code], region_of.get(code)
        own = (
            {"gemeenten": f"{name} ({region})", "regios": f"{region} ({name})"}
            if region
            else dict.fromkeys(LEVELS, name)
        )
        labels[code] = own
    return {
        MUNICIPALITIES: collection(outlines.municipalities, labels),
        # One shape each: then the figure need not name their parts.
        ABROAD: collection({ABROAD: together(outlines.neighbours.values())}),
        REGIONS: collection({REGIONS: together(outlines.regions.values())}),
    }
