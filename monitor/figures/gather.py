"""Gather what figures are made of: rows, sources and notes, from an edition and its definitions."""

from __future__ import annotations

import math

from monitor import assessment as asm
from monitor.assessment import Assessment, BenchmarkId, Value
from monitor.definitions import Definitions, Indicator
from monitor.figures import sentences
from monitor.figures.spec import Row
from monitor.notation import rounded
from monitor.snapshot.store import Snapshot


class Gatherer:
    """Rows, sources and notes of one edition."""

    def __init__(self, definitions: Definitions, snapshot: Snapshot) -> None:
        self.definitions = definitions
        self.snapshot = snapshot
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
            self._word(judged) if judged else "",
            judged.judgement.reason if judged else "",
            region,
        )

    @staticmethod
    def _word(a: Assessment) -> str:
        return f"{a.judgement.word} (beperkte dekking)" if a.judgement.limited else a.judgement.word

    def region_rows(self, indicator: Indicator, year: int, benchmark: BenchmarkId = "nederland") -> tuple[Row, ...]:
        """The 11 regions in a year, each judged, in the order of the definitions."""
        made = []
        for region in self.definitions.regions:
            a = asm.assess(self.snapshot, indicator, region, year, benchmark)
            made.append(self.row(indicator, a.value, a, region.id))
        return tuple(made)

    def source(self, indicator: Indicator, value: Value) -> str:
        """Source line: 'CBS, Gezondheidsmonitor; regio, 2022 (86137NED), 2022'."""
        table = asm.source_table(self.definitions, value)
        if table is None:
            return "Bron: CBS"
        own = "" if any(c in table.id for c in "-") or not table.id[:1].isdigit() else f" ({table.id})"
        return f"Bron: {table.publisher}, {table.title}{own}; bewerking Regiomonitor"

    def weight_unit(self, indicator: Indicator) -> str:
        """In what the coverage of an indicator is counted: inwoners, woningen, hectare."""
        a = indicator.aggregation
        return self.definitions.quantity(a.denominator or a.weight or "inwoners").unit

    def notes(self, indicator: Indicator, value: Value, *, border: bool = False) -> tuple[str, ...]:
        """What a reader has to know of a figure."""
        a = indicator.aggregation
        unit = self.definitions.quantity(a.weight).name if a.weight else ""
        said = [
            sentences.coverage(value, self.snapshot.names, self.weight_unit(indicator)),
            indicator.border_note if border else None,
            indicator.method_note,
            sentences.weight(indicator, value, unit),
            a.substitute_weight,
            indicator.caveat,
            "Dit cijfer is nog voorlopig." if value.status == "voorlopig" else None,
        ]
        return tuple(s for s in said if s)


def order(row: Row) -> tuple[bool, float]:
    """High to low, unknown last."""
    return (math.isnan(row.value), -row.value if not math.isnan(row.value) else 0.0)
