"""Compose one region on one scale."""

from __future__ import annotations

import math

from monitor import assessment as asm
from monitor import sentences
from monitor.assessment import BenchmarkId
from monitor.definitions import Indicator, Region
from monitor.figures.gather import Gatherer, order
from monitor.figures.spec import StripFigure
from monitor.state import State
from monitor.structure import by_choice


def compose_strip(
    g: Gatherer,
    indicator: Indicator,
    region: Region,
    year: int | None = None,
    benchmark: BenchmarkId = "nederland",
) -> StripFigure:
    """One region on one scale: municipalities, region, benchmark; for ``geen`` the municipalities only."""
    a = asm.assess(g.snapshot, indicator, region, year, benchmark)
    chosen = a.value.year
    members = tuple(
        g.row(indicator, asm.value_of(g.snapshot, indicator, m.code, chosen, m.name), region=region.id)
        for m in region.members
        if m.membership == "lid"
    )
    own = None if indicator.aggregation.kind == "geen" else g.row(indicator, a.value, a, region.id)
    other = g.row(indicator, a.benchmark)
    about = a.value
    if own is None:
        listed = asm.spread(g.snapshot, indicator, region, chosen)
        sentence = (
            f"{indicator.name} is niet voor een regio te berekenen. "
            f"{sentences.municipal_spread(indicator, region, listed)}"
        )
        about = listed[0] if listed else a.value
    else:
        limited = sentences.coverage(a.value, g.snapshot.names, g.weight_unit(indicator)) if a.judgement.limited else ""
        said = (sentences.reading(a, region), sentences.margin(indicator, a.value), limited)
        sentence = " ".join(s for s in said if s)
    judged = own is not None and indicator.aggregation.kind != "som"
    relevant = asm.rule_for(indicator, g.snapshot).relevant if judged else 0.0
    threshold = sentences.threshold(indicator, relevant)
    chosen_by = by_choice(g.definitions, indicator.id) if benchmark == "vergelijkbaar" else ""
    known = tuple(m for m in members if not math.isnan(m.value))
    rows = [r for r in (own, other) if r is not None and not (r is other and math.isnan(r.value))]
    return StripFigure(
        name=f"{region.id}-{indicator.id}-{chosen}",
        title=f"{indicator.caption}, {region.name}, {chosen}",
        sentence=sentence,
        alt=sentence,
        unit=indicator.unit,
        decimals=indicator.decimals,
        caption=indicator.caption,
        rows=(*rows, *sorted(members, key=order)),
        source=g.source([about]),
        edition=g.snapshot.edition,
        link=State(
            "regio",
            (region.id,),
            indicator.id,
            chosen,
            None,
            None if benchmark == "nederland" else benchmark,
        ).link(),
        notes=(
            *((threshold,) if threshold else ()),
            *((chosen_by,) if chosen_by else ()),
            *g.notes(
                indicator,
                about,
                a.benchmark if a.benchmark_id == "nederland" else None,
                border=bool(region.borders),
            ),
        ),
        region=own,
        municipalities=known,
        benchmark=None if math.isnan(other.value) else other,
        relevant=relevant,
        threshold=threshold,
    )
