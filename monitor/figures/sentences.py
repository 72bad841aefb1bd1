"""Sentences about figures: what it says, in words that a board member reads at once."""

from __future__ import annotations

import math

from monitor.assessment import Assessment, Value
from monitor.definitions import Indicator, Region
from monitor.notation import NBSP, listing, number, quantity
from monitor.statistics.aggregate import coverage_word
from monitor.statistics.change import Change


def shown(indicator: Indicator, value: float) -> str:
    """A value of an indicator with its unit."""
    return quantity(value, indicator.unit, indicator.decimals)


def reading(a: Assessment, region: Region) -> str:
    """The reading sentence of a region's value: 'In de Achterhoek heeft 54,2% ... ; dat is meer dan ...'."""
    i, v = a.indicator, a.value
    if math.isnan(v.value):
        return f"Voor {region.spoken} is er geen cijfer over {v.year}: {a.judgement.reason}."
    said = i.clause.format(value=shown(i, v.value))
    return f"In {region.spoken} {said} ({v.year}); {comparison(a)}."


def comparison(a: Assessment) -> str:
    """The second half of a reading sentence: how the value compares with the benchmark."""
    i, j = a.indicator, a.judgement
    if j.outcome == "niet te beoordelen":
        return f"vergelijken met {a.benchmark.name} kan niet: {j.reason}"
    other = f"{a.benchmark.name} ({shown(i, a.benchmark.value)})"
    if j.outcome == "vergelijkbaar":
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
    share = f"{number(100 * value.coverage, 0)}%"
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
        return f"Gewogen naar {quantity_name} van {value.weight_year}; van {value.year} zijn die er niet."
    return f"Gewogen naar {quantity_name} van {value.year}."


def movement(indicator: Indicator, region_name: str, c: Change, first: float, last: float) -> str:
    """A sentence about the change between two years."""
    if not c.first:
        return f"Over de jaren: {c.reason}."
    span = f"van {shown(indicator, first)} in {c.first} naar {shown(indicator, last)} in {c.last}"
    if c.movement == "niet te beoordelen":
        return f"{region_name}: {span}. Of dat een echte verandering is, zeggen we niet: {c.reason}."
    if c.movement == "ongeveer gelijk":
        return f"{region_name}: {span}. Dat is ongeveer gelijk gebleven: {c.reason}."
    return f"{region_name}: {c.movement} {span}."


def method(indicator: Indicator) -> str:
    """One word for how the figure came about."""
    if indicator.judge_as:
        return "schatting"
    return {"register": "telling", "enquete": "enquête", "modelschatting": "schatting"}[indicator.method]


def year_and_method(indicator: Indicator, value: Value) -> str:
    """The small line below a figure: year, method, and whether it is provisional."""
    parts = [str(value.year), method(indicator)]
    if value.status and value.status != "definitief":
        parts.append(f"{value.status}{NBSP}cijfer")
    return ", ".join(parts)
