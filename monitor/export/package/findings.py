"""What was said, in the data package: the findings that ship with the monitor, in its own words.

What an office added itself is never part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import get_args

from monitor.definitions import Definitions, Finding, Region
from monitor.definitions.models import Expectation, FindingKind, Origin
from monitor.export.package.definitions import GOAL
from monitor.export.package.model import SLUG, Column, Table, content_of, link

Frame = dict[str, list[str]]
_FINDING = Column("bevinding", "tekst", "De bevinding waar het om gaat.", required=True)

FINDINGS = Table(
    "bevindingen",
    "Wat er is gezegd",
    "Elke regel is een bevinding uit de regiodialogen of uit beleidsstukken, in de woorden van de Regiomonitor en niet "
    "in die van de bron.",
    "Wat er is gezegd",
    (
        Column("bevinding", "tekst", "Korte naam.", required=True, pattern=SLUG),
        Column("soort", "tekst", "Wat voor bevinding het is.", required=True, options=get_args(FindingKind)),
        Column("titel", "tekst", "De bevinding in één zin.", required=True),
        Column("samenvatting", "tekst", "De bevinding in een paar zinnen.", required=True),
        Column("alle_regios", "ja of nee", "Of zij over alle regio’s gaat en niet over enkele.", required=True),
        Column("herkomst", "tekst", "Uit welk soort bron zij komt.", required=True, options=get_args(Origin)),
        Column("datum", "tekst", "Maand of dag van het stuk.", required=True, pattern=r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?"),
        Column("stuk", "tekst", "Titel van het stuk.", required=True),
        Column("plaats", "tekst", "Waar zij in het stuk staat.", required=True),
    ),
    ("bevinding",),
)
_SAID = link("bevinding", "bevindingen", "bevinding")


def _pairs(what: str, title: str, text: str, column: Column, target: str, targets: str) -> Table:
    """A table that links findings to something else."""
    return Table(
        f"bevindingen-{what}",
        title,
        text,
        "Wat er is gezegd",
        (_FINDING, column),
        ("bevinding", column.name),
        (_SAID, link(column.name, target, targets)),
    )


FINDING_INDICATORS = Table(
    "bevindingen-indicatoren",
    "Welk cijfer een bevinding raakt",
    "Wat de bevinding van een cijfer verwacht, of dat het cijfer haar niet meet.",
    "Wat er is gezegd",
    (
        _FINDING,
        Column("indicator", "tekst", "Het cijfer.", required=True),
        Column("verwacht", "tekst", "Wat de bevinding doet verwachten.", required=True, options=get_args(Expectation)),
        Column("toelichting", "tekst", "Wat er tussen bevinding en cijfer zit."),
    ),
    ("bevinding", "indicator"),
    (_SAID, link("indicator", "indicatoren", "indicator")),
)
FINDING_THEMES = _pairs(
    "themas",
    "Bij welk thema een bevinding hoort",
    "Een bevinding kan bij meer thema’s horen.",
    Column("thema", "tekst", "Het thema.", required=True),
    "themas",
    "thema",
)
FINDING_GOALS = _pairs(
    "doelen",
    "Bij welk doel een bevinding hoort",
    "Een bevinding kan bij meer dan een doel horen.",
    GOAL,
    "doelen",
    "doel",
)
FINDING_REGIONS = _pairs(
    "regios",
    "Over welke regio’s een bevinding gaat",
    "Gaat zij over alle regio’s, dan staan ze er alle elf.",
    Column("regio", "tekst", "De regio.", required=True),
    "gebieden",
    "code",
)


def said(definitions: Definitions, region: Region | None) -> tuple[Finding, ...]:
    """The findings that the package holds: all, or those about a region or about all regions."""
    return tuple(f for f in definitions.findings if region is None or f.concerns(region.id))


def findings(chosen: Sequence[Finding]) -> Frame:
    """Rows of ``FINDINGS``."""
    return content_of(
        FINDINGS,
        (
            {
                "bevinding": f.id,
                "soort": f.kind,
                "titel": f.title,
                "samenvatting": f.summary,
                "alle_regios": "alle" in f.regions,
                "herkomst": f.origin,
                "datum": f.date,
                "stuk": f.source.title,
                "plaats": f.source.section,
            }
            for f in chosen
        ),
    )


def finding_indicators(chosen: Sequence[Finding]) -> Frame:
    """Rows of ``FINDING_INDICATORS``."""
    pairs = [(f, x) for f in chosen for x in f.indicators]
    return content_of(
        FINDING_INDICATORS,
        ({"bevinding": f.id, "indicator": x.id, "verwacht": x.expects, "toelichting": x.note} for f, x in pairs),
    )


def finding_themes(chosen: Sequence[Finding]) -> Frame:
    """Rows of ``FINDING_THEMES``."""
    return _linked(FINDING_THEMES, chosen, lambda f: f.themes)


def finding_goals(chosen: Sequence[Finding]) -> Frame:
    """Rows of ``FINDING_GOALS``."""
    return _linked(FINDING_GOALS, chosen, lambda f: f.goals)


def finding_regions(chosen: Sequence[Finding], definitions: Definitions) -> Frame:
    """Rows of ``FINDING_REGIONS``; of a package about one region also the other regions of a finding."""
    return _linked(FINDING_REGIONS, chosen, lambda f: [r.id for r in definitions.regions if f.concerns(r.id)])


def _linked(table: Table, chosen: Sequence[Finding], of: Callable[[Finding], Sequence[object]]) -> Frame:
    pairs = [(f.id, v) for f in chosen for v in dict.fromkeys(of(f))]
    return content_of(table, ({"bevinding": f, table.columns[1].name: v} for f, v in pairs))
