"""Compose figures: gather what a figure contains from edition and definitions. Nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor import assessment as asm
from monitor.assessment import Assessment, BenchmarkId, Value
from monitor.definitions import Definitions, Indicator, Region
from monitor.errors import Refused
from monitor.figures import sentences
from monitor.figures.classes import around, natural
from monitor.figures.spec import (
    MapFigure,
    RegionLabel,
    Role,
    Row,
    Series,
    StripFigure,
    TrendFigure,
)
from monitor.notation import difference, listing, quantity, rounded
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot
from monitor.state import State


class Composer:
    """Makes figures from one edition and its definitions."""

    def __init__(self, definitions: Definitions, snapshot: Snapshot) -> None:
        self.definitions = definitions
        self.snapshot = snapshot
        self._region_of = {c: r.id for r in definitions.regions for c in r.codes}

    # -- rows -----------------------------------------------------------------------------------------------

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

    # -- figures --------------------------------------------------------------------------------------------

    def map(self, indicator: Indicator, year: int | None, level: str, compare: bool) -> MapFigure:
        """A map of the country: municipalities or regions, values or differences from the Netherlands.

        Raises:
            Refused: regions asked for a figure that may not be added up.
            UnknownName: no figures for that year.
        """
        chosen = asm.check_year(self.snapshot, indicator, year)
        regional = level == "regios"
        if regional and indicator.aggregation.kind == "geen":
            raise Refused(
                f"{indicator.name} bestaat niet voor een regio. {indicator.aggregation.reason}", "Kies het niveau gemeenten."
            )
        regions = self.region_rows(indicator, chosen)
        municipal = tuple(
            self.row(indicator, asm.value_of(self.snapshot, indicator, c, chosen), region=self._region_of.get(c, ""))
            for c in self.snapshot.municipalities
        )
        country = asm.value_of(self.snapshot, indicator, COUNTRY, chosen, "Nederland")
        nl = self.row(indicator, country)
        by_region = {r.area: r for r in regions}
        own = {m.area: by_region[m.region].value if regional and m.region else m.value for m in municipal}
        if regional:
            own = {c: v for c, v in own.items() if c in self._region_of}
        d = indicator.decimals
        if compare and not math.isnan(nl.value):
            relevant = asm.rule_for(indicator, self.snapshot).relevant
            own = {c: rounded(v - nl.value, d) if not math.isnan(v) else v for c, v in own.items()}
            counted = [rounded(r.value - nl.value, d) for r in regions] if regional else list(own.values())
            classes = around(counted, relevant, indicator.direction, indicator.unit, d)
        else:
            compare = False
            classes = natural([r.value for r in regions] if regional else list(own.values()), d)
        title = f"{indicator.caption}, {chosen}"
        query = State("kaart", (), indicator.id, chosen, "regios" if regional else "gemeenten", "nederland" if compare else None)
        headline, lead = self.map_sentence(indicator, regions, municipal, nl)
        sentence = f"{headline}. {lead}".strip()
        rows = (nl, *sorted(regions, key=_order), *(() if regional else sorted(municipal, key=_order)))
        if indicator.aggregation.kind == "geen":
            rows = tuple(sorted(municipal, key=_order))
        about = next((v for v in (country, *self._values(indicator, chosen)) if v.source), country)
        return MapFigure(
            name=f"kaart-{indicator.id}-{chosen}" + ("-verschil" if compare else "") + ("-regios" if regional else ""),
            title=f"{title}: verschil met Nederland" if compare else title,
            sentence=sentence,
            alt=f"Kaart van Nederland met buurlanden. {sentence} Alle waarden staan in de tabel.",
            unit=indicator.unit,
            decimals=d,
            caption=indicator.caption,
            rows=rows,
            source=self.source(indicator, about),
            edition=self.snapshot.edition,
            link=query.link(),
            notes=self.notes(indicator, country, border=True),
            level="regios" if regional else "gemeenten",
            colours=tuple(own.items()),
            classes=classes,
            labels=self._labels(indicator, regions, nl if compare else None),
            compared="Nederland" if compare else "",
            numbered=regions,
            neighbours=self.definitions.neighbours,
            headline=headline,
            lead=lead,
        )

    def _values(self, indicator: Indicator, year: int) -> list[Value]:
        return [asm.value_of(self.snapshot, indicator, c, year) for c in self.snapshot.municipalities[:5]]

    def _labels(self, indicator: Indicator, regions: Sequence[Row], nl: Row | None) -> tuple[RegionLabel, ...]:
        places = {m.id: m for m in self.definitions.labels}
        made = []
        for k, row in enumerate(regions, start=1):
            place = places[row.area]
            if math.isnan(row.value):
                text = "geen regiocijfer" if indicator.aggregation.kind == "geen" else "onbekend"
            elif nl is not None:
                text = difference(row.value - nl.value, indicator.unit, indicator.decimals).replace("procentpunt", "pp")
            else:
                text = quantity(row.value, indicator.unit, indicator.decimals)
            made.append(RegionLabel(row.area, "\n".join(place.lines), text, k, place.lon, place.lat, place.align))
        return tuple(made)

    def map_sentence(
        self, indicator: Indicator, regions: Sequence[Row], municipal: Sequence[Row], nl: Row
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
        spoken = self.definitions.region(worst.area).spoken
        most = worst.value == max(r.value for r in known)
        extreme = ("het verst" if most else "het dichtst bij") if unit == "km" else "het meest" if most else "het minst"
        said = indicator.clause.format(value=quantity(worst.value, unit, d))
        lead = "" if math.isnan(nl.value) else f"In Nederland is het {quantity(nl.value, unit, d)} ({nl.year})."
        return f"In {spoken} {said}: {extreme} van de elf regio’s", f"{lead} {_counts(indicator, known)}".strip()

    def trend(self, indicator: Indicator, regions: Sequence[Region], benchmark: BenchmarkId = "nederland") -> TrendFigure:
        """Lines over the years: the chosen regions, the others thin, the Netherlands.

        Raises:
            Refused: the figure may not be added up to regions.
        """
        if indicator.aggregation.kind == "geen":
            raise Refused(
                f"{indicator.name} bestaat niet voor een regio. {indicator.aggregation.reason}",
                "Bekijk de gemeenten op de kaart.",
            )
        chosen = [r.id for r in regions]
        series = [self._series(indicator, r.id, r.name, "gekozen") for r in regions]
        series += [
            self._series(indicator, r.id, r.name, "overig") for r in self.definitions.regions if r.id not in chosen
        ]
        code, name = COUNTRY, "Nederland"
        if benchmark != "nederland" and regions:
            code, name = asm.benchmark_area(regions[0], benchmark, self.snapshot)
            name = name.removeprefix("de ").capitalize() if benchmark == "elf-regios" else name.removeprefix("de provincie ")
        series.append(self._series(indicator, code, name, "land"))
        years = self.snapshot.years(indicator.id)
        breaks = tuple((b.year, b.reason) for b in indicator.breaks if years[0] < b.year <= years[-1])
        said = " ".join(self._movements(indicator, regions))
        last = asm.value_of(self.snapshot, indicator, (chosen or [COUNTRY])[0], years[-1])
        return TrendFigure(
            name=f"trend-{indicator.id}-{years[0]}-{years[-1]}",
            title=f"{indicator.caption}, {years[0]}-{years[-1]}" if len(years) > 1 else f"{indicator.caption}, {years[0]}",
            sentence=said,
            alt=f"Lijnen per regio door de jaren. {said} Alle waarden staan in de tabel.",
            unit=indicator.unit,
            decimals=indicator.decimals,
            caption=indicator.caption,
            rows=tuple(r for s in _table_order(series) for r in s.rows),
            source=self.source(indicator, last),
            edition=self.snapshot.edition,
            link=State("trends", tuple(chosen), indicator.id, None, None, None if benchmark == "nederland" else benchmark).link(),
            notes=tuple([f"Breuk in {y}: {reason}" for y, reason in breaks] + list(self.notes(indicator, last))),
            series=tuple(series),
            breaks=breaks,
        )

    def _series(self, indicator: Indicator, area: str, name: str, role: Role) -> Series:
        frame = self.snapshot.series(indicator.id, area)
        values = [asm.value_of(self.snapshot, indicator, area, int(y), name) for y in frame["year"]]
        region = area if role != "land" else ""
        return Series(area, name, role, tuple(self.row(indicator, v, region=region) for v in values))

    def _movements(self, indicator: Indicator, regions: Sequence[Region]) -> list[str]:
        said = []
        for region in regions:
            c = asm.change_of(self.snapshot, indicator, region.id)
            first = asm.value_of(self.snapshot, indicator, region.id, c.first).value
            last = asm.value_of(self.snapshot, indicator, region.id, c.last).value
            said.append(sentences.movement(indicator, region.name, c, first, last))
        return said

    def strip(self, indicator: Indicator, region: Region, year: int | None = None, benchmark: BenchmarkId = "nederland") -> StripFigure:
        """One region on one scale: municipalities, region, benchmark; for ``geen`` the municipalities only."""
        a = asm.assess(self.snapshot, indicator, region, year, benchmark)
        chosen = a.value.year
        members = tuple(
            self.row(indicator, asm.value_of(self.snapshot, indicator, m.code, chosen, m.name), region=region.id)
            for m in region.members
            if m.membership == "lid"
        )
        own = None if indicator.aggregation.kind == "geen" else self.row(indicator, a.value, a, region.id)
        other = self.row(indicator, a.benchmark)
        about = a.value
        if own is None:
            listed = asm.spread(self.snapshot, indicator, region, chosen)
            sentence = (
                f"{indicator.name} is niet voor een regio te berekenen. "
                f"{sentences.municipal_spread(indicator, region, listed)}"
            )
            about = listed[0] if listed else a.value
        else:
            sentence = " ".join(s for s in (sentences.reading(a, region), sentences.margin(indicator, a.value)) if s)
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
            rows=(*rows, *sorted(members, key=_order)),
            source=self.source(indicator, about),
            edition=self.snapshot.edition,
            link=State("regio", (region.id,), indicator.id, chosen, None, None if benchmark == "nederland" else benchmark).link(),
            notes=self.notes(indicator, about, border=bool(region.borders)),
            region=own,
            municipalities=known,
            benchmark=None if math.isnan(other.value) else other,
        )


def _order(row: Row) -> tuple[bool, float]:
    """High to low, unknown last."""
    return (math.isnan(row.value), -row.value if not math.isnan(row.value) else 0.0)


def _table_order(series: Sequence[Series]) -> list[Series]:
    rank = {"gekozen": 0, "land": 1, "overig": 2}
    return sorted(series, key=lambda s: rank[s.role])


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
    return f"Van de {len(known)} regio’s met een cijfer {'is' if (worse or better or rest) == 1 else 'zijn'} {hint}{listing(parts)}."
