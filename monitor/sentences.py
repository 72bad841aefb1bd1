"""Sentences about figures: what it says, in words that a board member reads at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor.assessment import Assessment, Value
from monitor.definitions import Finding, Indicator, Region
from monitor.notation import NBSP, difference, listing, number, quantity, rounded, trailing
from monitor.statistics.aggregate import coverage_word
from monitor.statistics.change import CONSTANT, SCATTERED, WITHIN, Change


def shown(indicator: Indicator, value: float) -> str:
    """A value of an indicator with its unit."""
    return quantity(value, indicator.unit, indicator.decimals)


def clause(indicator: Indicator, value: float) -> str:
    """What is the case, without place and year: 'doet naar schatting 50,9% van de mensen ... vrijwilligerswerk'."""
    hint = "naar schatting " if indicator.method == "modelschatting" else ""
    return indicator.clause.format(value=f"{hint}{shown(indicator, value)}")


def reading(a: Assessment, region: Region) -> str:
    """The reading sentence of a region's value: 'In de Achterhoek heeft 54,2% ... ; dat is meer dan ...'."""
    v = a.value
    if math.isnan(v.value):
        return f"Voor {region.spoken} is er geen cijfer over {v.year}: {a.judgement.reason}."
    return f"In {region.spoken} {clause(a.indicator, v.value)} ({v.year}); {comparison(a)}."


def comparison(a: Assessment) -> str:
    """The second half of a reading sentence: how the value compares with the benchmark."""
    i, j = a.indicator, a.judgement
    if j.outcome == "niet te beoordelen":
        return f"vergelijken met {a.benchmark.name} kan niet: {j.reason}"
    other = f"{a.benchmark.name} ({shown(i, a.benchmark.value)})"
    if j.outcome == "vergelijkbaar":
        # 'Vergelijkbaar met vergelijkbare regio’s' says nothing.
        if a.benchmark_id == "vergelijkbaar":
            return f"dat is niet duidelijk anders dan in {other}"
        return f"dat is vergelijkbaar met {other}"
    word = i.more if j.difference > 0 else i.less
    hint = "waarschijnlijk " if j.indicative else ""
    return f"dat is {hint}{word} dan in {other}"


def municipal_spread(indicator: Indicator, region: Region, values: list[Value]) -> str:
    """For figures that may not be added up: from the lowest to the highest municipality."""
    if not values:
        return f"Voor de gemeenten in {region.spoken} is er geen cijfer."
    low, high = values[0], values[-1]
    return (
        f"In {region.spoken} loopt dit van {shown(indicator, low.value)} in {low.name} "
        f"tot {shown(indicator, high.value)} in {high.name} ({low.year})."
    )


def margin(indicator: Indicator, value: Value) -> str:
    """The 95% interval in words; empty without one."""
    if math.isnan(value.lower):
        return ""
    return f"Marge: {shown(indicator, value.lower)} tot {shown(indicator, value.upper)}."


def coverage(value: Value, names: dict[str, str], weight_unit: str) -> str:
    """What is missing behind a regional value; empty when every municipality has one.

    ``weight_unit`` is what the share is counted in: 'inwoners', 'woningen', 'hectare'.
    """
    if not value.missing:
        return ""
    absent = listing([names.get(c, c) for c in value.missing])
    # 49,6% must not read as the 50% that would have been enough.
    whole = coverage_word(rounded(value.coverage, 2)) == coverage_word(value.coverage)
    share = f"{number(100 * value.coverage, 0 if whole else 1)}%"
    start = "Beperkte dekking: " if coverage_word(value.coverage) == "beperkt" else ""
    if math.isnan(value.value):
        start = "Te weinig dekking: "
    said = f"{start}het cijfer steunt op {share} van de {weight_unit}; zonder {absent}."
    return said[0].upper() + said[1:]


def weight(indicator: Indicator, value: Value, quantity_name: str) -> str:
    """With which weights, and of which year when that is another year than the figure's."""
    if indicator.aggregation.kind != "gewogen" or not value.weight_year:
        return ""
    if value.weight_year != value.year:
        return f"Gewogen naar {quantity_name} {value.weight_year}; van {value.year} zijn die er niet."
    return f"Grote gemeenten tellen zwaarder mee: gewogen naar {quantity_name} {value.year}."


def country_basis(value: Value) -> str:
    """How the national figure came about, when CBS did not publish it itself."""
    if math.isnan(value.value) or value.basis == "cbs":
        return ""
    return f"Nederland: {value.basis_text}; CBS publiceert dit landelijke cijfer niet in deze bron."


def threshold(indicator: Indicator, relevant: float) -> str:
    """From which difference on it matters; empty for a figure that is not judged."""
    if not relevant > 0 or indicator.aggregation.kind in ("geen", "som"):
        return ""
    size = difference(relevant, indicator.unit, indicator.decimals).lstrip("+")
    unit = trailing(indicator.unit)
    return f"Een verschil doet ertoe vanaf {size}{f' {unit}' if unit else ''}."


def movement(indicator: Indicator, region: Region, c: Change, first: float, last: float) -> str:
    """A sentence about the change between two years, or about the trend through all of them."""
    if not c.first:
        return f"Over de jaren is voor {region.spoken} niets te zeggen: {c.reason}."
    before, after = shown(indicator, first), shown(indicator, last)
    span = f"van {before} in {c.first} naar {after} in {c.last}"
    if c.movement == "niet te beoordelen":
        return f"In {region.spoken} ging dit {span}. Of dat een echte verandering is, zeggen we niet: {c.reason}."
    if before == after and c.slope is None:
        return f"In {region.spoken} bleef dit gelijk: {before} in {c.first} en in {c.last}."
    if c.reason == WITHIN:
        return f"Of dit in {region.spoken} veranderde, is niet zeker: het ging {span}, en {WITHIN}."
    if c.movement == "ongeveer gelijk":
        if _steady(c):
            return f"In {region.spoken} bleef dit ongeveer gelijk: {span}; {c.reason}."
        return f"In {region.spoken} is er geen duidelijke trend: {span}; {c.reason}."
    verb = "steeg" if c.movement == "gestegen" else "daalde"
    if c.slope is None:
        return f"In {region.spoken} {verb} dit {span}."
    pace = per_year(indicator, c)
    if (c.slope.value > 0) != (c.difference > 0):
        way = "omhoog" if c.movement == "gestegen" else "omlaag"
        return (
            f"In {region.spoken} wijzen {c.points} jaren samen {way} ({pace}), al ging het van het eerste naar het "
            f"laatste jaar {span}."
        )
    return f"In {region.spoken} {verb} dit {span}; de {c.points} jaren wijzen samen één kant op ({pace})."


def _steady(c: Change) -> bool:
    """Of 'ongeveer gelijk': whether little changed, or the years go up and down too much for a trend."""
    return c.reason != SCATTERED


_TONES = {"gunstiger": ", gunstig", "ongunstiger": ", ongunstig"}


def marker(c: Change) -> str:
    """The movement in a few words, to stand below a line: '↗ trend omhoog, gunstig'; empty when not judged."""
    if c.movement == "niet te beoordelen":
        return ""
    tone = _TONES.get(c.tone, "")
    if c.movement == "ongeveer gelijk":
        if c.reason == CONSTANT:
            return f"→ {CONSTANT.replace('zijn ', '')}"
        if c.reason == WITHIN:
            return "→ verandering niet zeker"
        return "→ ongeveer gelijk" if _steady(c) else "→ geen duidelijke trend"
    up = c.movement == "gestegen"
    arrow = "↗" if up else "↘"
    return f"{arrow} trend {'omhoog' if up else 'omlaag'}{tone}" if c.slope else f"{arrow} {c.movement}{tone}"


def country_too(own: Change, country: Change) -> str:
    """Whether the Netherlands went the same way: a rise everywhere is not a rise of the region; empty when unknown."""
    if own.movement not in ("gestegen", "gedaald") or country.movement == "niet te beoordelen":
        return ""
    if country.movement == own.movement:
        return "In Nederland ook."
    words = {"gestegen": "In Nederland steeg het.", "gedaald": "In Nederland daalde het."}
    return words.get(country.movement, "In Nederland bleef het ongeveer gelijk.")


def test_of(indicator: Indicator, c: Change) -> str:
    """By which test a trend was judged, for who wants to check it; empty for a change between two years."""
    if c.slope is None:
        return ""
    # An exact probability may be smaller than what its digits can show.
    p = number(100 * c.slope.p, 1) if c.slope.p >= 0.001 else "minder dan 0,1"
    name = "toets van Mann en Kendall, helling van Theil en Sen" if c.test == "Mann-Kendall" else "gewogen lijn"
    slope = difference(c.slope.value, indicator.unit, indicator.decimals + 2)
    return f"{name}, {c.points} jaren ({c.first}-{c.last}): {slope} per jaar, kans op toeval {p}%"


def trends_by_chance(tested: int, shown_: int, chance: float) -> str:
    """How many of the trends chance alone would give, in words."""
    if not tested:
        return ""
    return (
        f"Van {tested} reeksen (een cijfer in een regio, met vijf of meer vergelijkbare jaren) is getoetst of de jaren "
        f"één kant op wijzen; {shown_} laten een trend zien die groot genoeg is. Veranderde er nergens iets, dan zou "
        f"het toeval er hoogstens {number(chance, 0)} geven. Jaren die op elkaar volgen lijken op elkaar; daardoor kan "
        "het er iets meer zijn."
    )


def per_year(indicator: Indicator, c: Change) -> str:
    """The slope of a trend in words: 'gemiddeld +0,6 procentpunt per jaar'."""
    if c.slope is None:
        return ""
    return f"gemiddeld {difference(c.slope.value, indicator.unit, indicator.decimals + 1)} per jaar"


def method(indicator: Indicator) -> str:
    """One word for how the figure came about."""
    if indicator.judge_as:
        return "schatting"
    return {"register": "registratie", "enquete": "enquête", "modelschatting": "schatting"}[indicator.method]


def year_and_method(indicator: Indicator, value: Value) -> str:
    """The small line below a figure: year, method, and whether it is provisional."""
    parts = [str(value.year), method(indicator)]
    if value.status and value.status != "definitief":
        parts.append(f"{value.status}{NBSP}cijfer")
    return ", ".join(parts)


def tension(findings: Sequence[Finding]) -> str:
    """What was said that a figure cannot show, in one line; empty without."""
    return f"Spanning met wat er gezegd is: {'; '.join(f'‘{f.title}’' for f in findings)}." if findings else ""
