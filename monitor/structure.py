"""Which areas resemble each other: structural features, comparable regions outside the programme.

A feature says how an area is made up (age, density, distance to facilities, housing, border), never how its people
fare: comparing health between regions chosen for their health would be a circle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.definitions.features import Feature, FeatureGroup
from monitor.statistics.aggregate import Floats
from monitor.statistics.similar import distances, nearest, standardise

COMPARABLE = 5
# Value of a feature: (indicator, area) -> number, NaN when unknown.
Lookup = Callable[[str, str], float]


@dataclass(frozen=True)
class Trait:
    """A feature of an area beside that of another, in standard deviations between COROP regions."""

    feature: Feature
    own: float
    other: float
    own_scaled: float
    other_scaled: float

    @property
    def gap(self) -> float:
        """How far they are apart."""
        return abs(self.own_scaled - self.other_scaled)


@dataclass(frozen=True)
class Match:
    """An area that resembles another; ``distance`` in standard deviations, ``groups`` the same per group."""

    area: str
    distance: float
    groups: tuple[tuple[FeatureGroup, float], ...]
    traits: tuple[Trait, ...]


def outside(definitions: Definitions, areas: pd.DataFrame) -> list[str]:
    """COROP regions outside the programme: without any municipality that is, or may be, part of the 11 regions."""
    inside = {m.code for r in definitions.regions for m in r.members if m.membership != "niet"}
    municipal = areas[areas["level"] == "gemeente"]
    touched = set(municipal.loc[municipal["area"].isin(inside), "corop"])
    return sorted(set(municipal["corop"]) - touched)


def near_border(areas: pd.DataFrame, inhabitants: Mapping[str, float], codes: Sequence[str], within: float) -> float:
    """Share (%) of inhabitants in municipalities whose middle lies within so many kilometres of the border."""
    known = dict(zip(areas["area"], areas["border_km"], strict=True))
    total = math.fsum(inhabitants.get(c, math.nan) for c in codes)
    near = math.fsum(inhabitants.get(c, math.nan) for c in codes if known[c] <= within)
    return 100 * near / total if total else math.nan


def features_measured(definitions: Definitions) -> tuple[Indicator, ...]:
    """The figures that are themselves structural features."""
    used = [f.indicator for g in definitions.structure for f in g.features if f.indicator]
    return tuple(definitions.indicator(i) for i in used)


def by_choice(definitions: Definitions, indicator: str) -> str:
    """What to know when a figure is itself a feature that areas were chosen by; empty when it is not."""
    found = next((i for i in features_measured(definitions) if i.id == indicator), None)
    if found is None:
        return ""
    return (
        f"{found.name} is zelf een van de kenmerken waarop vergelijkbare regio’s zijn gekozen. Dat zij hierop op "
        "elkaar lijken, komt dus door de keuze."
    )


class Likeness:
    """Features of areas and the distances between them.

    Args:
        definitions: features and regions.
        areas: the current layout, with ``border_km``.
        inhabitants: per municipality.
        composition: area -> municipal codes, with all COROP regions among them: they set the scale.
        lookup: value of an indicator for an area.
    """

    def __init__(
        self,
        definitions: Definitions,
        areas: pd.DataFrame,
        inhabitants: Mapping[str, float],
        composition: Mapping[str, Sequence[str]],
        lookup: Lookup,
    ) -> None:
        self.groups = definitions.structure
        self.areas = list(composition)
        self._place = {a: k for k, a in enumerate(self.areas)}
        pairs = [(k, f) for k, g in enumerate(self.groups) for f in g.features]
        self.features = [f for _, f in pairs]
        columns = []
        for feature in self.features:
            if feature.within_km is not None:
                column = [near_border(areas, inhabitants, composition[a], feature.within_km) for a in self.areas]
            else:
                column = [lookup(str(feature.indicator), a) for a in self.areas]
            columns.append(column)
        self.values: Floats = np.array(columns, dtype=np.float64).T
        logs = np.array([f.scale == "log" for f in self.features])
        shaped = self.values.copy()
        shaped[:, logs] = np.log(shaped[:, logs])
        corops = [k for k, a in enumerate(self.areas) if a.startswith("CR")]
        self.scaled = standardise(shaped, corops)
        self._numbers = [k for k, _ in pairs]
        self.distances = distances(self.scaled, self._numbers)

    def most_like(self, area: str, candidates: Sequence[str], count: int = COMPARABLE) -> tuple[Match, ...]:
        """The candidates that resemble an area most, nearest first."""
        own = self._place[area]
        chosen = nearest(self.distances[own], [self._place[c] for c in candidates if c != area], count)
        return tuple(self._match(own, k) for k in chosen)

    def _match(self, own: int, other: int) -> Match:
        squared = (self.scaled[own] - self.scaled[other]) ** 2
        numbers = np.array(self._numbers)
        groups = tuple((g, float(np.sqrt(squared[numbers == k].mean()))) for k, g in enumerate(self.groups))
        traits = tuple(
            Trait(f, *(float(m[row, k]) for m in (self.values, self.scaled) for row in (own, other)))
            for k, f in enumerate(self.features)
        )
        return Match(self.areas[other], float(self.distances[own, other]), groups, traits)
