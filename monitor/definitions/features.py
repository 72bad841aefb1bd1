"""Models of data/definitions/structure.yaml: by which features areas resemble each other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from monitor.definitions.models import Frozen, Slug, Text


class Feature(Frozen):
    """A structural feature by which areas resemble each other.

    ``indicator``: the figure that measures it, or ``within_km``: the share of inhabitants that close to the border.
    ``more`` and ``less``: what it is called when an area lies above or below another.
    """

    id: Slug
    name: Text
    indicator: Slug | None = None
    within_km: Annotated[float, Field(gt=0)] | None = None
    scale: Literal["log", "gewoon"] = "gewoon"
    more: Text
    less: Text

    @model_validator(mode="after")
    def _measured(self) -> Feature:
        if (self.indicator is None) == (self.within_km is None):
            raise ValueError("vul 'indicator' of 'within_km' in, een van de twee")
        return self


class FeatureGroup(Frozen):
    """Features that count as one: age, density, facilities, housing, border."""

    id: Slug
    name: Text
    features: Annotated[tuple[Feature, ...], Field(min_length=1)]
