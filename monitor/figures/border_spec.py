"""What a figure of both sides of the border contains; see ``spec`` for figures in general."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.figures.spec import Figure, MapClass, Row, Table
from monitor.notation import UNIT_LABELS, number, plain

Country = Literal["NL", "BE", "DE"]
Place = Literal["eigen", "deels", "buur", "land", "rand"]
COUNTRIES: dict[Country, str] = {"NL": "Nederland", "BE": "België", "DE": "Duitsland"}
# Under which code a country stands in an edition.
COUNTRY_AREAS: dict[Country, str] = {"NL": "NL01", "BE": "BE", "DE": "DE"}
PLACES: dict[Place, str] = {
    "eigen": "in de regio",
    "deels": "voor een deel in de regio",
    "buur": "over de grens",
    "land": "land als geheel",
    "rand": "ook op de kaart",
}


@dataclass(frozen=True)
class BorderArea:
    """One area on either side of the border.

    ``place``: its relation to the region. ``number`` stands for its name on a small map; 0 for areas without a name
    there.
    """

    row: Row
    country: Country
    place: Place
    number: int = 0

    @property
    def compared(self) -> bool:
        """Whether it is one of the areas that the figure compares: the region's own, and those that adjoin."""
        return self.place in ("eigen", "deels", "buur")


@dataclass(frozen=True)
class BorderFigure(Figure):
    """The areas on both sides of the border at one region, in one year: as a map and on one scale.

    Attributes:
        region: slug of the region.
        outline: municipal codes of the region.
        areas: those compared (high to low, unknown last), the countries, and what else lies on the map.
        classes: of the map, from low to high.
        window: what the map shows: degrees west, south, east, north.
    """

    region: str
    outline: tuple[str, ...]
    areas: tuple[BorderArea, ...]
    classes: tuple[MapClass, ...]
    window: tuple[float, float, float, float]

    @property
    def compared(self) -> tuple[BorderArea, ...]:
        """The region's own areas and those that adjoin, high to low."""
        return tuple(a for a in self.areas if a.compared)

    @property
    def countries(self) -> tuple[BorderArea, ...]:
        """The countries as a whole."""
        return tuple(a for a in self.areas if a.place == "land")

    @property
    def mapped(self) -> tuple[BorderArea, ...]:
        """Every area that the map colours."""
        return tuple(a for a in self.areas if a.place != "land")

    def table(self) -> Table:
        """The table twin: every number on the map and on the scale, with country and place."""
        headers = ("Gebied", "Land", "Ligging", "Jaar", f"Waarde ({UNIT_LABELS[self.unit]})")
        about = [(a.row.name, COUNTRIES[a.country], PLACES[a.place], str(a.row.year)) for a in self.areas]
        values = [a.row.value for a in self.areas]
        return Table(
            headers,
            tuple((*said, number(v, self.decimals)) for said, v in zip(about, values, strict=True)),
            tuple((*said, plain(v, self.decimals)) for said, v in zip(about, values, strict=True)),
            (False, False, False, False, True),
        )
