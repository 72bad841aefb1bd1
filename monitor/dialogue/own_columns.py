"""The columns of the spreadsheet of own findings: Dutch names, what they may hold, which must be filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from monitor.definitions import Definitions
from monitor.definitions.models import Expectation, FindingKind, Origin
from monitor.dialogue.own_names import Names, fold

# So many figures stand in the template; a sheet may have more such columns.
FIGURES_IN_TEMPLATE = 3
MOST_FIGURES = 9
# The column that we add to a sheet with faults; coming back it is passed over.
FAULTS = "wat er niet klopt"
EXAMPLE = "VOORBEELD"


@dataclass(frozen=True)
class Column:
    """One column: key in code, heading in the sheet, and what the explanation says of it."""

    key: str
    name: str
    needed: bool
    explained: str
    also: tuple[str, ...] = ()


COLUMNS = (
    Column("kind", "soort", True, "Wat voor bevinding het is. Kies uit de lijst."),
    Column("title", "titel", True, "In één korte zin wat er is gezegd, in uw eigen woorden."),
    Column("summary", "samenvatting", True, "Twee tot vier zinnen. Noem niemand en maak niemand herkenbaar."),
    Column("regions", "regio’s", True, "Een of meer regio’s met ; ertussen, of ‘alle’.", ("regio",)),
    Column("themes", "thema’s", False, "Een of meer thema’s met ; ertussen. Mag leeg.", ("thema",)),
    Column("goals", "doelen", True, "Een of meer doelen van het programma: 1; 2; 3.", ("doel",)),
    Column("source", "bron", True, "Hoe het verslag of stuk heet waarin dit staat."),
    Column("section", "plaats in de bron", False, "Hoofdstuk, bladzijde of tafel. Mag leeg.", ("plaats",)),
    Column("date", "datum", True, "Dag of maand: 4-3-2026, 2026-03-04 of 2026-03."),
    Column("origin", "herkomst", True, "Waar het vandaan komt. Kies uit de lijst."),
    Column("quote", "citaat", False, "Wat iemand letterlijk zei. Alleen met toestemming.", ("quote",)),
    Column("consent", "toestemming", False, "Bij een citaat verplicht: hoe en wanneer, zoals ‘op papier, 4-3-2026’."),
    Column("office", "bureau", False, "Welk bureau dit toevoegt. Mag leeg.", ("kantoor", "organisatie", "planbureau")),
)  # fmt: skip
BY_KEY = {c.key: c for c in COLUMNS}
_FIGURE = re.compile(r"^(indicator|cijfer|verwachting)(?: ([1-9]))?$")
_BY_NAME = {fold(name): c.key for c in COLUMNS for name in (c.name, *c.also)}


def key_of(heading: str) -> str | None:
    """The key of a heading: 'title', 'indicator-1', 'expects-1', 'faults'; None for one that we do not know."""
    plain = fold(heading)
    if plain == FAULTS:
        return "faults"
    figure = _FIGURE.match(plain)
    if figure:
        kind = "expects" if figure[1] == "verwachting" else "indicator"
        return f"{kind}-{figure[2] or '1'}"
    return _BY_NAME.get(plain)


def name_of(key: str) -> str:
    """The heading of a key, as it stands in a message."""
    kind, _, number = key.partition("-")
    if kind in ("indicator", "expects"):
        return f"{'indicator' if kind == 'indicator' else 'verwachting'} {number}"
    return BY_KEY[key].name


def headings() -> tuple[str, ...]:
    """The headings of the template, in order: the figures stand before the source."""
    before = [c.name for c in COLUMNS[:6]]
    figures = [name_of(f"{k}-{n}") for n in range(1, FIGURES_IN_TEMPLATE + 1) for k in ("indicator", "expects")]
    return (*before, *figures, *(c.name for c in COLUMNS[6:]))


EXPECTATIONS: dict[str, str] = {
    "gunstig": "gunstig",
    "ongunstig": "ongunstig",
    "hoger": "hoger",
    "lager": "lager",
    "stijgt": "stijgt",
    "daalt": "daalt",
    "meet-niet": "meet dit niet",
}
EXPECTATION_HELP: dict[str, str] = {
    "gunstig": "het cijfer is gunstiger dan waarmee u vergelijkt",
    "ongunstig": "het cijfer is ongunstiger dan waarmee u vergelijkt",
    "hoger": "het cijfer is hoger dan waarmee u vergelijkt",
    "lager": "het cijfer is lager dan waarmee u vergelijkt",
    "stijgt": "het cijfer is door de jaren gestegen",
    "daalt": "het cijfer is door de jaren gedaald",
    "meet-niet": "het cijfer gaat erover, maar kan niet zeggen of het klopt",
}


@dataclass(frozen=True)
class Choices:
    """What may stand in the columns that hold names."""

    kinds: Names
    regions: Names
    themes: Names
    goals: Names
    indicators: Names
    expectations: Names
    origins: Names

    def of(self, key: str) -> Names:
        """The names of a column."""
        kind = key.partition("-")[0]
        return {
            "kind": self.kinds, "regions": self.regions, "themes": self.themes, "goals": self.goals,
            "indicator": self.indicators, "expects": self.expectations, "origin": self.origins,
        }[kind]  # fmt: skip


def choices(definitions: Definitions) -> Choices:
    """What may stand in the columns, from the definitions."""
    goals = {str(g.id): f"{g.id}" for g in definitions.goals}
    goal_names = {f"doel {g.id}": str(g.id) for g in definitions.goals}
    goal_names |= {name: str(g.id) for g in definitions.goals for name in (g.name, g.short)}
    regions = {r.id: r.name for r in definitions.regions} | {"alle": "alle"}
    return Choices(
        kinds=Names({k: k for k in get_args(FindingKind)}),
        regions=Names(regions, {"alle regio's": "alle", **{r.spoken: r.id for r in definitions.regions}}),
        themes=Names({t.id: t.name for t in definitions.themes}),
        goals=Names(goals, goal_names),
        indicators=Names({i.id: i.full_name for i in definitions.indicators}),
        expectations=Names(EXPECTATIONS, {"meet niet": "meet-niet", "niet gemeten": "meet-niet"}),
        origins=Names({o: o for o in get_args(Origin)}),
    )


def missing(found: Sequence[str]) -> list[str]:
    """Headings that must be there and are not."""
    return [c.name for c in COLUMNS if c.needed and c.key not in found]


def filled(values: Mapping[str, str]) -> list[str]:
    """The numbers of the figures of which something is filled in, in order."""
    numbers = [k.partition("-")[2] for k in values if k.startswith(("indicator-", "expects-")) and values[k]]
    return sorted(set(numbers))


assert set(EXPECTATIONS) == set(get_args(Expectation))
