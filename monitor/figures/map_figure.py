"""Compose a map of the country."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor import assessment as asm
from monitor.definitions import Indicator
from monitor.errors import Refused
from monitor.figures.classes import around, natural
from monitor.figures.gather import Gatherer, order
from monitor.figures.spec import MapFigure, RegionLabel, Row
from monitor.notation import difference, listing, quantity, rounded
from monitor.snapshot.derive import COUNTRY
from monitor.state import State


def compose_map(g: Gatherer, indicator: Indicator, year: int | None, level: str, compare: bool) -> MapFigure:
    """A map of the country: municipalities or regions, values or differences from the Netherlands.

    Raises:
        Refused: regions asked for a figure that may not be added up.
        UnknownName: no figures for that year.
    """
    chosen = asm.check_year(g.snapshot, indicator, year)
    regional = level == "regios"
    if regional and indicator.aggregation.kind == "geen":
        raise Refused(
            f"{indicator.name} bestaat niet voor een regio. {indicator.aggregation.reason}",
            "Kies het niveau gemeenten.",
        )
    regions = g.region_rows(indicator, chosen)
    municipal = tuple(
        g.row(
            indicator,
            asm.value_of(g.snapshot, indicator, c, chosen),
            region=g.region_of.get(c, ""),
        )
        for c in g.snapshot.municipalities
    )
    country = asm.value_of(g.snapshot, indicator, COUNTRY, chosen, "Nederland")
    nl = g.row(indicator, country)
    by_region = {r.area: r for r in regions}
    own = {m.area: by_region[m.region].value if regional and m.region else m.value for m in municipal}
    if regional:
        own = {c: v for c, v in own.items() if c in g.region_of}
    d = indicator.decimals
    if compare and not math.isnan(nl.value):
        relevant = asm.rule_for(indicator, g.snapshot).relevant
        own = {c: rounded(v - nl.value, d) if not math.isnan(v) else v for c, v in own.items()}
        counted = [rounded(r.value - nl.value, d) for r in regions] if regional else list(own.values())
        classes = around(counted, relevant, indicator.direction, indicator.unit, d)
    else:
        compare = False
        classes = natural([r.value for r in regions] if regional else list(own.values()), d)
    title = f"{indicator.caption}, {chosen}"
    query = State(
        "kaart",
        (),
        indicator.id,
        chosen,
        "regios" if regional else "gemeenten",
        "nederland" if compare else None,
    )
    headline, lead = _sentence(g, indicator, regions, municipal, nl)
    sentence = f"{headline}. {lead}".strip()
    rows = (nl, *sorted(regions, key=order), *(() if regional else sorted(municipal, key=order)))
    if indicator.aggregation.kind == "geen":
        rows = tuple(sorted(municipal, key=order))
    codes = (COUNTRY, *g.snapshot.municipalities)
    values = (asm.value_of(g.snapshot, indicator, c, chosen) for c in codes)
    about = next((v for v in values if v.source), country)
    return MapFigure(
        name=f"kaart-{indicator.id}-{chosen}" + ("-verschil" if compare else "") + ("-regios" if regional else ""),
        title=f"{title}: verschil met Nederland" if compare else title,
        sentence=sentence,
        alt=f"Kaart van Nederland met buurlanden. {sentence} Alle waarden staan in de tabel.",
        unit=indicator.unit,
        decimals=d,
        caption=indicator.caption,
        rows=rows,
        source=g.source(indicator, about),
        edition=g.snapshot.edition,
        link=query.link(),
        notes=g.notes(indicator, country, border=True),
        level="regios" if regional else "gemeenten",
        colours=tuple(own.items()),
        classes=classes,
        labels=_labels(g, indicator, regions, nl if compare else None),
        compared="Nederland" if compare else "",
        numbered=regions,
        neighbours=g.definitions.neighbours,
        headline=headline,
        lead=lead,
    )


def _labels(g: Gatherer, indicator: Indicator, regions: Sequence[Row], nl: Row | None) -> tuple[RegionLabel, ...]:
    places = {m.id: m for m in g.definitions.labels}
    made = []
    for k, row in enumerate(regions, start=1):
        place = places[row.area]
        if math.isnan(row.value):
            text = "" if indicator.aggregation.kind == "geen" else "onbekend"
        elif nl is not None:
            text = difference(row.value - nl.value, indicator.unit, indicator.decimals).replace("procentpunt", "pp")
        else:
            text = quantity(row.value, indicator.unit, indicator.decimals)
        made.append(RegionLabel(row.area, "\n".join(place.lines), text, k, place.lon, place.lat, place.align))
    return tuple(made)


def _sentence(
    g: Gatherer, indicator: Indicator, regions: Sequence[Row], municipal: Sequence[Row], nl: Row
) -> tuple[str, str]:
    """What the map says: a headline about the most striking region, and a line about the others."""
    known = [r for r in regions if not math.isnan(r.value)]
    d, unit = indicator.decimals, indicator.unit
    if indicator.aggregation.kind == "geen" or not known:
        values = sorted((m for m in municipal if not math.isnan(m.value)), key=lambda m: m.value)
        if not values:
            return f"Over {nl.year} is er geen cijfer", ""
        low, high = values[0], values[-1]
        span = f"van {quantity(low.value, unit, d)} in {low.name} tot {quantity(high.value, unit, d)} in {high.name}"
        lead = f"Een cijfer per regio bestaat niet. {indicator.aggregation.reason}" if known == [] else ""
        return f"{indicator.name} loopt {span}", f"Dit gaat over {low.year}. {lead}".strip()
    worst = _most_striking(indicator, known, nl)
    spoken = g.definitions.region(worst.area).spoken
    most = worst.value == max(r.value for r in known)
    extreme = ("het verst" if most else "het dichtst bij") if unit == "km" else "het meest" if most else "het minst"
    said = indicator.clause.format(value=quantity(worst.value, unit, d))
    lead = "" if math.isnan(nl.value) else f"In Nederland is het {quantity(nl.value, unit, d)} ({nl.year})."
    return (
        f"In {spoken} {said}: {extreme} van de elf regio’s",
        f"{lead} {_counts(indicator, known)}".strip(),
    )


def _most_striking(indicator: Indicator, known: Sequence[Row], nl: Row) -> Row:
    """The least favourable region, or without a direction the one farthest from the country."""
    if indicator.direction == "lager-gunstig":
        return max(known, key=lambda r: r.value)
    if indicator.direction == "hoger-gunstig":
        return min(known, key=lambda r: r.value)
    base = nl.value if not math.isnan(nl.value) else 0.0
    return max(known, key=lambda r: abs(r.value - base))


def _counts(indicator: Indicator, known: Sequence[Row]) -> str:
    """How many regions stand out from the country, in a sentence."""
    if indicator.direction == "geen":
        return ""
    better = sum(1 for r in known if r.outcome == "gunstiger")
    worse = sum(1 for r in known if r.outcome == "ongunstiger")
    rest = len(known) - better - worse
    parts = [f"{n} {word}" for n, word in ((worse, "ongunstiger"), (better, "gunstiger"), (rest, "vergelijkbaar")) if n]
    hint = "indicatief " if indicator.method == "modelschatting" and not indicator.judge_as else ""
    verb = "is" if (worse or better or rest) == 1 else "zijn"
    return f"Van de {len(known)} regio’s met een cijfer {verb} {hint}{listing(parts)}."
