"""Gather what figures are made of: rows, sources and notes, from an edition and its definitions."""

from __future__ import annotations

import math
from collections.abc import Iterable

from monitor import assessment as asm
from monitor import sentences
from monitor.assessment import Assessment, BenchmarkId, Value
from monitor.definitions import Definitions, Indicator
from monitor.figures.spec import Row
from monitor.notation import rounded
from monitor.snapshot.derive import COUNTRY, ELEVEN
from monitor.snapshot.store import Snapshot


class Gatherer:
    """Rows, sources and notes of one edition."""

    def __init__(self, definitions: Definitions, snapshot: Snapshot) -> None:
        self.definitions = definitions
        self.snapshot = snapshot
        self.regions = {r.id for r in definitions.regions}
        self.region_of = {c: r.id for r in definitions.regions for c in r.codes}

    def row(self, indicator: Indicator, value: Value, judged: Assessment | None = None, region: str = "") -> Row:
        """Round a value to what a figure may show, with its judgement."""
        d = indicator.decimals
        return Row(
            value.area,
            value.name,
            value.year,
            rounded(value.value, d),
            rounded(value.lower, d),
            rounded(value.upper, d),
            value.coverage,
            value.missing,
            value.status,
            judged.judgement.outcome if judged else None,
            judged.judgement.told if judged else "",
            judged.judgement.reason if judged else "",
            region,
        )

    def region_rows(self, indicator: Indicator, year: int, benchmark: BenchmarkId = "nederland") -> tuple[Row, ...]:
        """The 11 regions in a year, each judged, in the order of the definitions."""
        made = []
        for region in self.definitions.regions:
            a = asm.assess(self.snapshot, indicator, region, year, benchmark)
            made.append(self.row(indicator, a.value, a, region.id))
        return tuple(made)

    def source(self, values: Iterable[Value]) -> str:
        """Source line: publisher, title and id of every table that the values come from."""
        return self.source_of(v.source for v in values)

    def source_of(self, ids: Iterable[str]) -> str:
        """The same for ids of tables; empty ones are left out."""
        tables = [self.definitions.table(i) for i in dict.fromkeys(ids) if i]
        if not tables:
            return "Bron: CBS"
        publishers = list(dict.fromkeys(t.publisher for t in tables))
        # Only StatLine ids say something to a reader: 86137NED does, RMBW-2023 does not.
        titles = [f"{t.title} ({t.id})" if t.id[:1].isdigit() else t.title for t in tables]
        return f"Bron: {' / '.join(publishers)}, {' / '.join(titles)}; bewerking Regiomonitor"

    def weight_unit(self, indicator: Indicator) -> str:
        """In what the coverage of an indicator is counted: inwoners, woningen, hectare."""
        a = indicator.aggregation
        return self.definitions.quantity(a.denominator or a.weight or "inwoners").unit

    def tension(self, indicator: Indicator, area: str) -> str:
        """What was said that a figure cannot show, in one line.

        Of a region, or a municipality in it, only what concerns it; of a municipality elsewhere, or a composition,
        only what concerns all regions; of the country everything.
        """
        region = area if area in self.regions else self.region_of.get(area)
        own = (region,) if region else ()
        whole = area in (COUNTRY, ELEVEN)
        return sentences.tension(self.definitions.tensions(indicator.id, None if whole else own))

    def tensions_of(self, indicators: Iterable[Indicator], area: str) -> tuple[str, ...]:
        """The same for the figures of a list, each with its name; for a file that holds them all."""
        told = ((i, self.tension(i, area)) for i in indicators)
        return tuple(f"{i.full_name}. {said}" for i, said in told if said)

    def notes(
        self, indicator: Indicator, value: Value, country: Value | None = None, *, border: bool = False
    ) -> tuple[str, ...]:
        """What a reader has to know of a figure; ``country`` is the national value that stands in it."""
        a = indicator.aggregation
        unit = self.definitions.quantity(a.weight).name if a.weight else ""
        said = [
            self.tension(indicator, value.area),
            sentences.coverage(value, self.snapshot.names, self.weight_unit(indicator)),
            indicator.border_note if border else None,
            indicator.method_note,
            sentences.country_basis(country) if country else None,
            sentences.weight(indicator, value, unit),
            a.substitute_weight,
            indicator.caveat,
            f"Dit cijfer is nog {value.status}." if value.status not in ("", "definitief") else None,
        ]
        return tuple(s for s in said if s)


def order(row: Row) -> tuple[bool, float]:
    """High to low, unknown last."""
    return (math.isnan(row.value), -row.value if not math.isnan(row.value) else 0.0)
