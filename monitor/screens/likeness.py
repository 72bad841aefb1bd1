"""Which areas a region resembles, and on what: comparable regions outside the programme, and others within it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from monitor.definitions import Definitions, Region
from monitor.definitions.features import Feature, FeatureGroup
from monitor.figures.spec import Table
from monitor.notation import listing, number, plain, quantity, trailing
from monitor.snapshot.derive import compositions, last_inhabitants
from monitor.snapshot.store import Snapshot
from monitor.structure import Likeness, Match, Trait, features_measured, outside

# How alike two areas are, by how alike COROP regions are among themselves: of all 780 pairs of the 40 a tenth lie
# within 0.6 standard deviation of each other, a quarter within 0.9 and half within 1.25.
STRONG, FAIR, SLIGHT = 0.6, 0.9, 1.25
# The same within one group of features: a third of all pairs lies within 0.6, half within about 1.
ALIKE, DIFFERENT = 0.6, 1.0
# A single feature is told as a difference from one standard deviation on, at most so many of them.
TOLD, MOST = 1.0, 3
# How many regions of the programme are named.
WITHIN = 3
_LARGEST = 3

Word = Literal["lijkt sterk", "lijkt redelijk", "lijkt een beetje", "lijkt niet echt"]
GroupWord = Literal["lijkt", "iets anders", "anders"]


@dataclass(frozen=True)
class Group:
    """A group of features: how far two areas lie apart on it, and what that is called."""

    group: FeatureGroup
    distance: float
    word: GroupWord


@dataclass(frozen=True)
class Other:
    """An area that a region resembles.

    ``word``: how much, in words. ``about``: its largest municipalities, or empty. ``differs``: where the area lies
    clearly apart from the region, in words, the largest difference first. ``link``: its page, or empty.
    """

    area: str
    name: str
    distance: float
    word: Word
    about: str
    groups: tuple[Group, ...]
    differs: tuple[str, ...]
    link: str
    sentence: str


@dataclass(frozen=True)
class Point:
    """One feature of all areas in the profile: values in their own unit, and in standard deviations.

    ``texts`` and ``scaled``: the region first, then the others in the order of ``LikenessPage.outside``.
    """

    feature: Feature
    year: str
    texts: tuple[str, ...]
    scaled: tuple[float, ...]


@dataclass(frozen=True)
class LikenessPage:
    """What a region resembles: five areas outside the programme, three regions within, the profile and what to know."""

    region: Region
    headline: str
    outside: tuple[Other, ...]
    within: tuple[Other, ...]
    profile: tuple[Point, ...]
    twin: Table
    notes: tuple[str, ...]


def likeness_of(definitions: Definitions, snapshot: Snapshot) -> Likeness:
    """Features of the 11 regions and the 40 COROP regions of an edition, as the edition itself was made.

    Each feature in the last year in which any of these areas has it.
    """
    composition = compositions(definitions, snapshot.areas)
    areas = [r.id for r in definitions.regions] + [a for a in composition if a.startswith("CR")]
    years = {f.indicator: feature_year(definitions, snapshot, f) for g in definitions.structure for f in g.features}

    def value(indicator: str, area: str) -> float:
        row = snapshot.row(indicator, area, years[indicator])
        return float(row["value"]) if row else math.nan

    return Likeness(
        definitions, snapshot.areas, last_inhabitants(snapshot.weights), {a: composition[a] for a in areas}, value
    )


def feature_year(definitions: Definitions, snapshot: Snapshot, feature: Feature) -> int:
    """The year that a feature is of; for the border that of the inhabitants."""
    if feature.indicator is None:
        weights = snapshot.weights
        return int(weights.loc[weights["quantity"] == "inwoners", "year"].max())
    rows = snapshot.indicator(feature.indicator)
    wanted = rows["area"].isin([r.id for r in definitions.regions]) | rows["area"].astype(str).str.startswith("CR")
    years = rows.loc[wanted, "year"]
    return int(years.max()) if len(years) else 0


def compose_likeness(
    definitions: Definitions, snapshot: Snapshot, region: Region, likeness: Likeness | None = None
) -> LikenessPage:
    """Gather what a region resembles.

    Args:
        definitions: regions and features.
        snapshot: the edition in force.
        region: one of the 11.
        likeness: of this edition, made before (``likeness_of``); made here when None.
    """
    likeness = likeness or likeness_of(definitions, snapshot)
    beyond = likeness.most_like(region.id, outside(definitions, snapshot.areas))
    others = [r.id for r in definitions.regions if r.id != region.id]
    near = likeness.most_like(region.id, others, WITHIN)
    around = tuple(_other(definitions, snapshot, region, m) for m in beyond)
    return LikenessPage(
        region,
        _headline(region, around),
        around,
        tuple(_other(definitions, snapshot, region, m) for m in near),
        points := _profile(definitions, snapshot, likeness, beyond),
        _twin(definitions, region, around, points, beyond),
        _notes(definitions, sum(a.startswith("CR") for a in likeness.areas)),
    )


def word_for(distance: float) -> Word:
    """How much two areas are alike."""
    if distance < STRONG:
        return "lijkt sterk"
    if distance < FAIR:
        return "lijkt redelijk"
    return "lijkt een beetje" if distance < SLIGHT else "lijkt niet echt"


def group_word(distance: float) -> GroupWord:
    """How much two areas are alike on one group of features."""
    if distance < ALIKE:
        return "lijkt"
    return "iets anders" if distance < DIFFERENT else "anders"


def feature_text(definitions: Definitions, feature: Feature, value: float) -> str:
    """The value of a feature in its own unit."""
    if math.isnan(value):
        return "onbekend"
    if feature.indicator is None:
        return quantity(value, "procent", 0)
    i = definitions.indicator(feature.indicator)
    tail = trailing(i.unit)
    return f"{quantity(value, i.unit, i.decimals)} {tail}".strip() if tail else quantity(value, i.unit, i.decimals)


def _other(definitions: Definitions, snapshot: Snapshot, region: Region, match: Match) -> Other:
    groups = tuple(Group(g, d, group_word(d)) for g, d in match.groups)
    apart = sorted((t for t in match.traits if t.gap >= TOLD), key=lambda t: -t.gap)[:MOST]
    differs = tuple(_trait(definitions, t) for t in apart)
    inside = next((r for r in definitions.regions if r.id == match.area), None)
    name = inside.name if inside else snapshot.names[match.area]
    shared = listing([g.group.name.lower() for g in groups if g.word == "lijkt"])
    spoken = inside.spoken if inside else name
    first = f"{spoken[0].upper()}{spoken[1:]} {word_for(match.distance)} op {region.spoken}"
    hinge = "; wel in" if match.distance >= SLIGHT else ", vooral in"
    first += f"{hinge}: {shared}." if shared else "; op geen van de groepen kenmerken lijken zij echt."
    second = f" Verschil: {listing(list(differs))}." if differs else " Op geen enkel kenmerk is het verschil groot."
    return Other(
        match.area,
        name,
        match.distance,
        word_for(match.distance),
        "" if inside else _largest(snapshot, match.area),
        groups,
        differs,
        f"regio?regio={match.area}" if inside else "",
        first + second,
    )


def _trait(definitions: Definitions, trait: Trait) -> str:
    """Where another area differs, seen from the region: 'ziekenhuis verder weg (12,1 km; hier 7,4 km)'."""
    word = trait.feature.more if trait.other_scaled > trait.own_scaled else trait.feature.less
    there, here = (feature_text(definitions, trait.feature, v) for v in (trait.other, trait.own))
    return f"{word} ({there}; hier {here})"


def _largest(snapshot: Snapshot, corop: str) -> str:
    """The largest municipalities of a COROP region, for who does not know it by its name."""
    areas = snapshot.areas[(snapshot.areas["level"] == "gemeente") & (snapshot.areas["corop"] == corop)]
    people = last_inhabitants(snapshot.weights)
    codes = sorted(areas["area"], key=lambda c: -people.get(c, 0.0))
    return listing([snapshot.names[c] for c in codes[:_LARGEST]])


def _headline(region: Region, around: Sequence[Other]) -> str:
    """Whether anything outside the programme resembles the region."""
    if not around:
        return f"Voor {region.spoken} zijn geen vergelijkbare gebieden te kiezen: van een kenmerk is geen cijfer."
    first = around[0]
    if first.word == "lijkt niet echt":
        return (
            f"Buiten het programma lijkt geen gebied echt op {region.spoken}. {first.name} komt het dichtst in de "
            "buurt, maar niet dichter dan twee willekeurige gebieden in Nederland. Lees een vergelijking dus "
            "voorzichtig."
        )
    good = [o for o in around if o.word in ("lijkt sterk", "lijkt redelijk")]
    tail = {
        0: "Geen van de vijf lijkt er sterk of redelijk op.",
        len(around): "Alle vijf lijken er sterk of redelijk op.",
    }
    few = (
        f"{len(good)} van de {len(around)} gebieden {'lijkt' if len(good) == 1 else 'lijken'} er sterk of redelijk op."
    )
    return f"{first.name} {first.word} op {region.spoken}. {tail.get(len(good), few)}"


def _profile(
    definitions: Definitions, snapshot: Snapshot, likeness: Likeness, matches: Sequence[Match]
) -> tuple[Point, ...]:
    if not matches:
        return ()
    made = []
    for k, feature in enumerate(likeness.features):
        traits = [m.traits[k] for m in matches]
        values = [traits[0].own, *(t.other for t in traits)]
        year = feature_year(definitions, snapshot, feature)
        texts = tuple(feature_text(definitions, feature, v) for v in values)
        made.append(Point(feature, str(year), texts, (traits[0].own_scaled, *(t.other_scaled for t in traits))))
    return tuple(made)


def _twin(
    definitions: Definitions, region: Region, others: Sequence[Other], points: Sequence[Point], matches: Sequence[Match]
) -> Table:
    """The profile in numbers: a row per feature, a column per area, each value in its own unit."""
    cells = tuple((_capital(p.feature.name), p.year, *p.texts) for p in points)
    kept = []
    for k, p in enumerate(points):
        indicator = definitions.indicator(p.feature.indicator) if p.feature.indicator else None
        values = [matches[0].traits[k].own, *(m.traits[k].other for m in matches)]
        decimals = indicator.decimals if indicator else 0
        kept.append((_capital(p.feature.name), p.year, *(plain(v, decimals) for v in values)))
    headers = ("Kenmerk", "Jaar", region.name, *(f"{k}. {o.name}" for k, o in enumerate(others, start=1)))
    return Table(headers, cells, tuple(kept), (False, False, *(True for _ in headers[2:])))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _notes(definitions: Definitions, corops: int) -> tuple[str, ...]:
    """What a reader has to know of the choice."""
    groups = listing([g.name.lower() for g in definitions.structure])
    chosen = listing([i.name.lower() for i in features_measured(definitions)])
    scale = (
        f"Hoe sterk gebieden op elkaar lijken, meten wij aan de {len(definitions.structure)} groepen kenmerken samen. "
        "Een tiende van alle paren van COROP-gebieden ligt zo dicht bij elkaar dat wij ‘lijkt sterk’ zeggen. Bij een "
        "kwart zeggen wij ‘lijkt redelijk’ of beter, bij de helft ten minste ‘lijkt een beetje’."
    )
    return (
        f"Gekozen is op hoe een gebied in elkaar zit ({groups}), niet op hoe het er gaat: gezondheid, inkomen of "
        "tevredenheid tellen niet mee. Elke groep telt even zwaar.",
        scale,
        f"Gezocht is onder de COROP-gebieden: {corops} delen van Nederland waarvoor CBS cijfers geeft. Een "
        "COROP-gebied met een gemeente die bij het programma hoort of kan horen, doet niet mee.",
        f"Deze cijfers zijn zelf een kenmerk van de keuze: {chosen}. Daarop lijken de gebieden dus door de keuze.",
    )


@dataclass(frozen=True)
class Resemblance:
    """How much the 11 regions resemble each other: distances (11, 11) in standard deviations, and what stands out."""

    regions: tuple[Region, ...]
    distances: tuple[tuple[float, ...], ...]
    sentence: str


def compose_resemblance(definitions: Definitions, snapshot: Snapshot, likeness: Likeness | None = None) -> Resemblance:
    """Gather the distances between all regions; for the arguments see ``compose_likeness``."""
    likeness = likeness or likeness_of(definitions, snapshot)
    regions = definitions.regions
    at = [likeness.areas.index(r.id) for r in regions]
    own = likeness.distances[np.ix_(at, at)]
    apart = np.where(np.eye(len(at), dtype=bool), np.inf, np.nan_to_num(own, nan=np.inf))
    a, b = sorted(int(k) for k in np.unravel_index(int(apart.argmin()), apart.shape))
    if not np.isfinite(apart).any():
        unknown = "Hoe sterk regio’s op elkaar lijken, is in deze editie onbekend: er missen kenmerken."
        return Resemblance(regions, tuple(tuple(float(v) for v in row) for row in own), unknown)
    nearest = apart.min(axis=1)
    alone = int(np.where(np.isfinite(nearest), nearest, -np.inf).argmax())
    first = f"{_capital(regions[a].spoken)} en {regions[b].spoken} lijken het meest op elkaar"
    sentence = (
        f"{first} ({number(float(own[a, b]), 2)}). {_capital(regions[alone].spoken)} staat het meest op zichzelf: "
        f"de regio die er het meest op lijkt, ligt op {number(float(apart[alone].min()), 2)}."
    )
    return Resemblance(regions, tuple(tuple(float(v) for v in row) for row in own), sentence)
