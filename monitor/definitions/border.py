"""Typed, frozen models of figures that cross the border, and of which areas lie on either side of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, model_validator

from monitor.definitions.models import Direction, Frozen, Slug, SourceSpec, Text, Unit
from monitor.errors import DefinitionError
from monitor.nearest import meant

if TYPE_CHECKING:
    from monitor.definitions.loader import Definitions

CoropCode = Annotated[str, StringConstraints(pattern=r"^CR\d{2}$")]
NutsCode = Annotated[str, StringConstraints(pattern=r"^(BE|DE)[0-9A-Z]{3}$")]
FIGURES_FILE, REGIONS_FILE = "over_de_grens.yaml", "border_regions.yaml"


class CrossBorderFigure(Frozen):
    """One figure that Eurostat gives in the same way on both sides of the border.

    ``clause``: what is the case, with ``{value}`` where the number (or a span of numbers) stands. ``measures`` in
    ``source`` are Eurostat's own codes. ``not_comparable``: what one may not conclude from it.
    """

    id: Slug
    name: Text
    caption: Text
    clause: Text
    unit: Unit
    decimals: Annotated[int, Field(ge=-3, le=3)]
    direction: Direction = "geen"
    description: Text
    why: Text
    not_comparable: Annotated[tuple[Text, ...], Field(min_length=1)]
    source: SourceSpec

    @model_validator(mode="after")
    def _coherent(self) -> CrossBorderFigure:
        if "{value}" not in self.clause:
            raise ValueError("'clause' moet {value} bevatten")
        if self.source.per:
            raise ValueError("'source.per' kan niet: aantallen van over de grens zijn er niet")
        return self


class BorderRegion(Frozen):
    """What lies on either side of the border at one region.

    ``corop``: COROP regions of which most inhabitants live in the region; ``partly``: those with a municipality of
    the region, but with most inhabitants outside it. ``adjoining``: the regions across the border (NUTS 3, 2021)
    that touch any of these. ``note``: what a reader has to know about the border here.
    """

    id: Slug
    corop: Annotated[tuple[CoropCode, ...], Field(min_length=1)]
    partly: tuple[CoropCode, ...] = ()
    adjoining: Annotated[tuple[NutsCode, ...], Field(min_length=1)]
    note: Text | None = None

    @property
    def own(self) -> tuple[str, ...]:
        """All COROP regions in which a municipality of the region lies; those that are mostly its own come first."""
        return (*self.corop, *self.partly)


def check_border(d: Definitions) -> None:
    """Hold the figures and regions at the border against the other definitions.

    Raises:
        DefinitionError: a table, region or neighbour does not exist or is of another kind, an id is taken, or a
            region on the border is missing.
    """
    for f in d.cross_border:
        where = f"{FIGURES_FILE}, '{f.id}'"
        _need(where, "source.table", [f.source.table], [t.id for t in d.tables if t.reader == "eurostat"])
        if any(f.id == i.id for i in d.indicators):
            raise DefinitionError(
                f"{where}, veld 'id': zo heet ook een indicator.", "Geef het cijfer over de grens een andere naam."
            )
    at_border = {r.id: r.borders for r in d.regions if r.borders}
    country = {n.id: n.country for n in d.neighbours}
    for b in d.border_regions:
        where = f"{REGIONS_FILE}, '{b.id}'"
        _need(where, "id", [b.id], list(at_border))
        _need(where, "adjoining", b.adjoining, list(country))
        found = {country[n] for n in b.adjoining}
        if found != set(at_border[b.id]):
            raise DefinitionError(
                f"{where}, veld 'adjoining': noemt {', '.join(sorted(found))}, terwijl de regio volgens regions.yaml "
                f"grenst aan {', '.join(at_border[b.id])}.",
                "Verbeter een van beide.",
            )
    if d.cross_border:
        _need(REGIONS_FILE, "id", list(at_border), [b.id for b in d.border_regions])


def _need(where: str, field: str, used: Sequence[str], known: Sequence[str]) -> None:
    missing = next((u for u in used if u not in known), None)
    if missing is None:
        return
    # Not "does not exist": a table may exist and not be one of Eurostat's.
    hint = meant(missing, known, "Verbeter de naam of voeg de ingang toe.")
    raise DefinitionError(f"{where}, veld '{field}': '{missing}' staat er niet bij.", hint)
