"""The figures in the data package: of regions with their judgement, of municipalities, and of both sides of the border.

Values stand as the edition holds them, not rounded; how many decimals say something stands with the indicator.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import get_args

import numpy as np
import pandas as pd

from monitor import assessment as asm
from monitor.definitions import Definitions, Region
from monitor.definitions.models import Status
from monitor.export.package.model import CBS, EUROSTAT, Column, Table, link, number
from monitor.snapshot.border import BASIS
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to
from monitor.snapshot.store import Snapshot
from monitor.statistics.aggregate import LIMITED, PLAIN
from monitor.statistics.judge import OUTCOMES, REASONS

Frame = dict[str, list[str]]
_WHERE = (
    Column("indicator", "tekst", "Het cijfer waar het om gaat.", required=True),
    Column("gebied", "tekst", "Code van het gebied.", required=True),
    Column("jaar", "jaar", "Het jaar waarover het cijfer gaat.", required=True),
)
_VALUE = Column("waarde", "getal", "Het cijfer, in de eenheid van de indicator en niet afgerond; leeg: onbekend.")
_MARGIN = (
    Column("ondergrens", "getal", "Ondergrens van de marge van 95%; alleen bij een enquête met marges."),
    Column("bovengrens", "getal", "Bovengrens van de marge van 95%."),
)
_STATUS = Column(
    "status", "tekst", "Of de uitgever het cijfer nog kan bijstellen.", required=True, options=get_args(Status)
)
_SOURCE = Column("bron", "tekst", "De tabel waar het cijfer uit komt.", required=True)
_KEY = ("indicator", "gebied", "jaar")
_LINKS = (
    link("indicator", "indicatoren", "indicator"),
    link("gebied", "gebieden", "code"),
    link("bron", "bronnen", "bron"),
)

REGIONS = Table(
    "waarnemingen-regios",
    "Cijfers van regio’s, met het oordeel, en van gebieden om mee te vergelijken",
    "Elke regel is een cijfer van een gebied in een jaar: de elf regio’s, de elf samen, Nederland, de provincies, en "
    "per regio de gebieden buiten het programma die erop lijken. Bij een regio staat het oordeel naast Nederland.",
    "Cijfers",
    (
        *_WHERE,
        _VALUE,
        *_MARGIN,
        _STATUS,
        Column("dekking", "getal", "Deel van het gewicht waarvan een cijfer bekend is, van 0 tot 1.", True, (), 0, 1),
        Column(
            "beperkte_dekking", "ja of nee", "Of de dekking tussen 50% en 80% ligt; onder 50% is er geen waarde.", True
        ),
        Column(
            "onderdelen",
            "geheel getal",
            "Uit hoeveel gemeenten (bij grondslag 'provincies': provincies) is opgeteld; 1 bij een cijfer zoals "
            "gepubliceerd.",
            True,
            least=1,
        ),
        Column("ontbrekend", "tekst", "Codes van gemeenten zonder cijfer, met een spatie ertussen."),
        Column("gewichtsjaar", "jaar", "Jaar van de gewichten; leeg als er niet is gewogen."),
        Column(
            "grondslag",
            "tekst",
            "cbs: zoals gepubliceerd; provincies: gewogen uit de 12 provincies; gemeenten: berekend uit de gemeenten.",
            True,
            ("cbs", "provincies", "gemeenten"),
        ),
        _SOURCE,
        Column("waarde_nederland", "getal", "Het cijfer van Nederland in hetzelfde jaar; alleen bij een regio."),
        Column("verschil", "getal", "Waarde min waarde_nederland; leeg als er niets te beoordelen is."),
        Column("oordeel", "tekst", "Wat er over het verschil met Nederland te zeggen is.", options=OUTCOMES),
        Column(
            "indicatief", "ja of nee", "Of het oordeel op een schatting steunt; noem het dan 'indicatief gunstiger'."
        ),
        Column("reden", "tekst", "Waarom het oordeel zo luidt.", options=REASONS),
    ),
    _KEY,
    _LINKS,
    (CBS,),
)
MUNICIPALITIES = Table(
    "waarnemingen-gemeenten",
    "Cijfers van de gemeenten",
    "Elke regel is een cijfer van een gemeente in een jaar, op de indeling van de 342 gemeenten sinds 2023.",
    "Cijfers",
    (*_WHERE, _VALUE, *_MARGIN, _STATUS, _SOURCE),
    _KEY,
    _LINKS,
    (CBS,),
)
BORDER = Table(
    "waarnemingen-grens",
    "Cijfers van beide kanten van de grens",
    "Cijfers van Eurostat over COROP-gebieden, over Belgische en Duitse gebieden bij de grens, en over de drie landen. "
    "Er is niets opgeteld en niets beoordeeld. Lees eerst bij de indicator wat niet te vergelijken is.",
    "Cijfers",
    (*_WHERE, _VALUE, _STATUS, _SOURCE),
    _KEY,
    (link("indicator", "indicatoren-grens", "indicator"), *_LINKS[1:]),
    (EUROSTAT,),
)
WEIGHTS = Table(
    "gewichten",
    "Aantallen waarmee gemeenten optellen",
    "Inwoners, woningen, huishoudens en oppervlakten per gemeente, op de indeling van nu. Hiermee is een regio na te "
    "rekenen, of een andere samenstelling te maken.",
    "Cijfers",
    (
        Column("hoeveelheid", "tekst", "Wat er is geteld.", required=True),
        *_WHERE[1:],
        Column("waarde", "getal", "Het aantal.", required=True, least=0),
    ),
    ("hoeveelheid", "gebied", "jaar"),
    (link("hoeveelheid", "hoeveelheden", "hoeveelheid"), link("gebied", "gebieden", "code")),
    (CBS,),
)


def regional(definitions: Definitions, snapshot: Snapshot, region: Region | None) -> Frame:
    """Rows of ``REGIONS``: all areas, or one region with what it is held against."""
    chosen = [region] if region else list(definitions.regions)
    areas = {COUNTRY, ELEVEN, *(r.id for r in chosen), *(comparable_to(r.id) for r in chosen)}
    provinces = snapshot.areas.loc[snapshot.areas["level"] == "provincie", "area"]
    areas |= {region.province} if region else {str(p) for p in provinces}
    rows = _rows(definitions, snapshot, areas)
    coverage = rows["coverage"].to_numpy()
    made = _shared(rows) | {
        # The edition holds it with fewer digits than a value: those, and no more, are written.
        "dekking": [number(c) for c in coverage],
        "beperkte_dekking": _yes_no((coverage >= LIMITED - 1e-9) & (coverage < PLAIN - 1e-9)),
        "onderdelen": [str(m) for m in rows["members"]],
        "ontbrekend": _words(rows["missing"]),
        "gewichtsjaar": [str(y) if y else "" for y in rows["weight_year"]],
        "grondslag": _words(rows["basis"]),
    }
    return made | _judged(definitions, snapshot, rows, {r.id: r for r in chosen})


def municipal(definitions: Definitions, snapshot: Snapshot, region: Region | None) -> Frame:
    """Rows of ``MUNICIPALITIES``: all, or those that belong or may belong to a region."""
    return _shared(_rows(definitions, snapshot, municipalities(snapshot, region)))


def border(definitions: Definitions, snapshot: Snapshot, region: Region | None) -> Frame:
    """Rows of ``BORDER``: all, or what lies at one region beside the countries; none where there is no border."""
    rows = snapshot.observations[snapshot.observations["basis"] == BASIS]
    if region:
        near = [a for b in definitions.border_regions if b.id == region.id for a in (*b.own, *b.adjoining)]
        rows = rows[rows["area"].isin([COUNTRY, *region.borders, *near] if near else [])]
    return _shared(rows)


def weights(definitions: Definitions, snapshot: Snapshot, region: Region | None) -> Frame:
    """Rows of ``WEIGHTS``: municipalities on the present layout."""
    known = [q.id for q in definitions.quantities]
    w = snapshot.weights
    w = w[w["quantity"].isin(known) & w["area"].isin(list(municipalities(snapshot, region)))]
    return {
        "hoeveelheid": _words(w["quantity"]),
        "gebied": _words(w["area"]),
        "jaar": [str(y) for y in w["year"]],
        "waarde": [number(v) for v in w["value"].to_numpy()],
    }


def municipalities(snapshot: Snapshot, region: Region | None) -> Collection[str]:
    """Codes of the municipalities that the package is about: of a region its members and candidates."""
    if region is None:
        return snapshot.municipalities
    return (*region.codes, *(m.code for m in region.candidates))


def _rows(definitions: Definitions, snapshot: Snapshot, areas: Collection[str]) -> pd.DataFrame:
    """Rows of the edition about some areas, without those of Eurostat; in the edition's order."""
    rows = snapshot.observations
    own = rows["indicator"].isin([i.id for i in definitions.indicators])
    return rows[own & rows["area"].isin(list(areas))]


def _words(column: pd.Series) -> list[str]:
    """A categorical column as texts."""
    names = [str(k) for k in column.cat.categories]
    return [names[k] for k in column.cat.codes]


def _yes_no(marks: np.ndarray) -> list[str]:
    return ["true" if m else "false" for m in marks]


def _shared(rows: pd.DataFrame) -> Frame:
    """The columns that all tables of figures have."""
    return {
        "indicator": _words(rows["indicator"]),
        "gebied": _words(rows["area"]),
        "jaar": [str(y) for y in rows["year"]],
        **{
            name: [number(v) for v in rows[column].to_numpy()]
            for name, column in (("waarde", "value"), ("ondergrens", "lower"), ("bovengrens", "upper"))
        },
        "status": _words(rows["status"]),
        "bron": _words(rows["source"]),
    }


def _judged(
    definitions: Definitions, snapshot: Snapshot, rows: pd.DataFrame, regions: dict[str, Region]
) -> dict[str, list[str]]:
    """What may be said of each region's value beside the Netherlands; empty for other areas."""
    names = ("waarde_nederland", "verschil", "oordeel", "indicatief", "reden")
    made: dict[str, list[str]] = {n: [] for n in names}
    by_id = {i.id: i for i in definitions.indicators}
    keys = zip(_words(rows["indicator"]), _words(rows["area"]), rows["year"].tolist(), strict=True)
    for indicator, area, year in keys:
        told = ("", "", "", "", "")
        if area in regions:
            a = asm.assess(snapshot, by_id[indicator], regions[area], year)
            j = a.judgement
            # A difference of two floats carries digits that mean nothing; the edition keeps nine decimals.
            difference = math.nan if math.isnan(j.difference) else round(j.difference, 9)
            told = (
                number(np.float64(a.benchmark.value)),
                number(np.float64(difference)),
                j.outcome,
                "true" if j.indicative else "false",
                j.reason,
            )
        for name, text in zip(names, told, strict=True):
            made[name].append(text)
    return made
