"""Compose a map of the country."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor import assessment as asm
from monitor.assessment import BenchmarkId
from monitor.definitions import Indicator
from monitor.errors import Refused
from monitor.figures.classes import around, class_of, natural
from monitor.figures.gather import Gatherer, order
from monitor.figures.spec import MapClass, MapFigure, RegionLabel, Row
from monitor.notation import difference, listing, quantity, rounded
from monitor.sentences import clause
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to
from monitor.state import State


def compose_map(
    g: Gatherer, indicator: Indicator, year: int | None, level: str, compare: BenchmarkId | None
) -> MapFigure:
    """A map of the country: municipalities or regions, values or differences from a benchmark (None: values).

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
    held = compare or "nederland"
    regions = g.region_rows(indicator, chosen, held)
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
    base = _bases(g, indicator, chosen, compare) if compare and indicator.aggregation.kind != "som" else {}
    # A count of a municipality beside that of the country says nothing.
    if all(math.isnan(b) for b in base.values()):
        compare = None
    if compare:
        own = {c: rounded(v - base.get(c, math.nan), d) for c, v in own.items()}
        classes, places = _differences(g, indicator, regions if regional else (), own, base)
    else:
        classes = natural([r.value for r in regions] if regional else list(own.values()), d)
        found = (class_of(v, classes) for v in own.values())
        places = {c: classes.index(k) for c, k in zip(own, found, strict=True) if k is not None}
    title = f"{indicator.caption}, {chosen}"
    query = State(
        "kaart",
        (),
        indicator.id,
        chosen,
        "regios" if regional else "gemeenten",
        compare,
    )
    name = asm.BENCHMARK_NAMES[held]
    headline, lead = _sentence(g, indicator, regions, municipal, nl, name)
    sentence = f"{headline}. {lead}".strip()
    rows = (nl, *sorted(regions, key=order), *(() if regional else sorted(municipal, key=order)))
    if indicator.aggregation.kind == "geen":
        rows = tuple(sorted(municipal, key=order))
    codes = (COUNTRY, *g.snapshot.municipalities)
    values = (asm.value_of(g.snapshot, indicator, c, chosen) for c in codes)
    about = next((v for v in values if v.source), country)
    return MapFigure(
        name=f"kaart-{indicator.id}-{chosen}" + _suffix(compare) + ("-regios" if regional else ""),
        title=f"{title}: verschil met {name}" if compare else title,
        sentence=sentence,
        alt=f"Kaart van Nederland met buurlanden. {sentence} Alle waarden staan in de tabel.",
        unit=indicator.unit,
        decimals=d,
        caption=indicator.caption,
        rows=rows,
        source=g.source([about]),
        edition=g.snapshot.edition,
        link=query.link(),
        notes=g.notes(indicator, country, country, border=True),
        level="regios" if regional else "gemeenten",
        colours=tuple(own.items()),
        classed=tuple(places.items()),
        classes=classes,
        labels=_labels(g, indicator, regions, base if compare else None),
        compared=name if compare else "",
        benchmark=name,
        relevant=asm.rule_for(indicator, g.snapshot).relevant,
        favourable=indicator.direction != "geen",
        numbered=regions,
        names=tuple((m.area, m.name) for m in municipal),
        neighbours=g.definitions.neighbours,
        headline=headline,
        lead=lead,
    )


def _suffix(compare: BenchmarkId | None) -> str:
    """What tells files with differences apart by their name."""
    return "" if compare is None else "-verschil" if compare == "nederland" else f"-verschil-{compare}"


def _bases(g: Gatherer, indicator: Indicator, year: int, compare: BenchmarkId) -> dict[str, float]:
    """Municipal code -> the benchmark's value, rounded as shown; regions that resemble exist for the 11 only."""
    d = indicator.decimals
    known: dict[str, float] = {}

    def value(code: str) -> float:
        if code not in known:
            known[code] = rounded(asm.value_of(g.snapshot, indicator, code, year).value, d)
        return known[code]

    areas = g.snapshot.areas
    province = dict(zip(areas["area"], areas["province"], strict=True))
    made = {}
    for code in g.snapshot.municipalities:
        region = g.region_of.get(code)
        if compare == "vergelijkbaar":
            made[code] = value(comparable_to(region)) if region else math.nan
        elif compare == "provincie":
            # A region is held against its own province, also the municipality of it that lies in another.
            made[code] = value(g.definitions.region(region).province if region else province[code])
        else:
            made[code] = value(COUNTRY if compare == "nederland" else ELEVEN)
    return made


def _differences(
    g: Gatherer, indicator: Indicator, regions: Sequence[Row], own: dict[str, float], base: dict[str, float]
) -> tuple[tuple[MapClass, ...], dict[str, int]]:
    """Classes of differences, and the class of every municipality; regions are classed by their judgement."""
    relevant = asm.rule_for(indicator, g.snapshot).relevant
    d = indicator.decimals
    if regions:
        values = [rounded(r.value - _base_of(g, r, base), d) for r in regions]
        outcomes = [r.outcome or "niet te beoordelen" for r in regions]
        classes, steps = around(values, relevant, indicator.direction, indicator.unit, d, outcomes)
        of_region = {r.area: k for r, k in zip(regions, steps, strict=True)}
        steps = [of_region[g.region_of[c]] for c in own]
    else:
        classes, steps = around(list(own.values()), relevant, indicator.direction, indicator.unit, d)
    return classes, {c: k for c, k in zip(own, steps, strict=True) if k is not None}


def _base_of(g: Gatherer, region: Row, base: dict[str, float]) -> float:
    """The benchmark of a region: that of its municipalities, which share one."""
    return base[g.definitions.region(region.area).codes[0]]


def _labels(
    g: Gatherer, indicator: Indicator, regions: Sequence[Row], base: dict[str, float] | None
) -> tuple[RegionLabel, ...]:
    places = {m.id: m for m in g.definitions.labels}
    made = []
    for k, row in enumerate(regions, start=1):
        place = places[row.area]
        if math.isnan(row.value):
            text = "" if indicator.aggregation.kind == "geen" else "onbekend"
        elif base is not None:
            gap = difference(row.value - _base_of(g, row, base), indicator.unit, indicator.decimals)
            text = gap.replace("procentpunt", "%-punt")
        else:
            text = quantity(row.value, indicator.unit, indicator.decimals)
        made.append(RegionLabel(row.area, "\n".join(place.lines), text, k, place.lon, place.lat, place.align))
    return tuple(made)


def _sentence(
    g: Gatherer, indicator: Indicator, regions: Sequence[Row], municipal: Sequence[Row], nl: Row, benchmark: str
) -> tuple[str, str]:
    """What the map says: a headline about the most striking region, and a line about the others."""
    known = [r for r in regions if not math.isnan(r.value)]
    d, unit = indicator.decimals, indicator.unit
    if not known:
        inside = [m for m in municipal if m.region] if indicator.aggregation.kind == "geen" else municipal
        values = sorted((m for m in inside if not math.isnan(m.value)), key=lambda m: m.value)
        if not values:
            return f"Over {nl.year} is er geen cijfer", ""
        low, high = values[0], values[-1]
        span = f"van {quantity(low.value, unit, d)} in {low.name} tot {quantity(high.value, unit, d)} in {high.name}"
        headline = f"In de elf regio’s loopt het cijfer {span}"
        return (
            headline,
            f"Het gaat om gemeenten in {low.year}; een cijfer per regio bestaat niet. {indicator.aggregation.reason}",
        )
    # A figure that is not usable for a region is shown there, and never the headline.
    known = [r for r in known if not indicator.unusable_for(r.area)] or known
    most = _most_striking(indicator, known, nl)
    highest = most.value == max(r.value for r in known)
    extreme = (
        ("de grootste afstand" if highest else "de kleinste afstand")
        if unit == "km"
        else ("het hoogste cijfer" if highest else "het laagste cijfer")
    )
    where = g.definitions.region(most.area).spoken
    headline = f"In {where} {clause(indicator, most.value)}: {_among(extreme, known, regions)}"
    lead = [
        _overlap(most, known),
        _missing(g, most),
        "" if math.isnan(nl.value) else f"Nederland: {quantity(nl.value, unit, d)} ({nl.year}).",
        _counts(indicator, known, benchmark),
    ]
    return headline, " ".join(part for part in lead if part)


def _among(extreme: str, known: Sequence[Row], regions: Sequence[Row]) -> str:
    """The extreme, among the regions that have a value."""
    if len(known) == 1:
        return "de andere regio’s hebben geen cijfer"
    among = (
        "van de elf regio’s" if len(known) == len(regions) else f"van de {len(known)} regio’s met een bruikbaar cijfer"
    )
    return f"{extreme} {among}"


def _overlap(most: Row, known: Sequence[Row]) -> str:
    """Warn that a survey cannot tell the first in rank from others whose interval overlaps with its own."""
    names = [r.name for r in known if r is not most and r.lower <= most.upper and r.upper >= most.lower]
    return f"De marge overlapt met die van {listing(names)}." if names else ""


def _missing(g: Gatherer, most: Row) -> str:
    """Say how much of the region in the headline has no value."""
    if not most.missing:
        return ""
    count = len(most.missing)
    return (
        f"{g.snapshot.names[most.missing[0]]} ontbreekt."
        if count == 1
        else f"{count} gemeenten in die regio ontbreken."
    )


def _most_striking(indicator: Indicator, known: Sequence[Row], nl: Row) -> Row:
    """The least favourable region, or without a direction the one farthest from the country."""
    if indicator.direction == "lager-gunstig":
        return max(known, key=lambda r: r.value)
    if indicator.direction == "hoger-gunstig":
        return min(known, key=lambda r: r.value)
    base = nl.value if not math.isnan(nl.value) else 0.0
    return max(known, key=lambda r: abs(r.value - base))


def _counts(indicator: Indicator, known: Sequence[Row], benchmark: str) -> str:
    """In how many regions the figure differs from the benchmark, in a sentence."""
    if indicator.direction == "geen":
        return ""
    better = sum(1 for r in known if r.outcome == "gunstiger")
    worse = sum(1 for r in known if r.outcome == "ongunstiger")
    rest = len(known) - better - worse
    counted = [(worse, "ongunstiger"), (better, "gunstiger"), (rest, "vergelijkbaar")]
    parts = [f"in {n} {word}" for n, word in counted if n]
    first = next(n for n, _ in counted if n)
    parts[0] = parts[0].replace(f"in {first} ", f"in {first} {'regio' if first == 1 else 'regio’s'} ")
    hint = "indicatief " if indicator.method == "modelschatting" and not indicator.judge_as else ""
    return f"Vergeleken met {benchmark} is dit {hint}{listing(parts)}."
