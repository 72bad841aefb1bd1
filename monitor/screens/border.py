"""What the page of both sides of the border contains: its areas, sentences, figures and what was said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.dates import runs
from monitor.definitions import Definitions, Finding, Region
from monitor.definitions.border import BorderRegion, CrossBorderFigure
from monitor.definitions.models import Unit
from monitor.dialogue.browse import choose
from monitor.dialogue.hold import Held, hold
from monitor.errors import UnknownName
from monitor.figures.border_map import Places, in_view, window
from monitor.figures.border_spec import COUNTRIES, COUNTRY_AREAS, BorderArea, BorderFigure, Country, Place
from monitor.figures.classes import natural
from monitor.figures.spec import Role, Row, Series, TrendFigure
from monitor.notation import listing, number, quantity, rounded
from monitor.snapshot.store import Snapshot
from monitor.state import State

PAGE = "over-de-grens"
# What holds for every figure on the page.
LIMITS = (
    "Hoe mensen hun gezondheid, hun leven of hun buurt ervaren, vraagt elk land op zijn eigen manier. Zulke cijfers "
    "over brede welvaart zijn over de grens niet te vergelijken, en staan hier daarom niet.",
    "Afstanden in deze monitor tellen alleen voorzieningen in Nederland: CBS telt geen huisarts, school of ziekenhuis "
    "over de grens. Wat daar dichtbij is, staat ook hier niet.",
    "Eurostat heeft geen cijfers per gemeente. Aan de Nederlandse kant staan daarom COROP-gebieden, en die vallen niet "
    "altijd samen met de regio.",
    "De gebieden zijn die van de Europese indeling van 2021 (NUTS 3). Zij zijn niet even groot: het ene heeft meer dan "
    "tien keer zoveel inwoners als het andere. Een grote stad kan het cijfer van haar hele gebied bepalen.",
    "Of een verschil zeker is, zeggen we hier niet: Eurostat geeft bij deze cijfers geen marges. Ook welke kant beter "
    "is, zeggen we niet.",
)
# A unit that not every reader knows, told at once.
_UNITS: dict[Unit, str] = {
    "koopkracht-euro": "KKS zijn euro’s van gelijke koopkracht: met één KKS koopt u in elk land evenveel.",
}
TOGETHER = "Bij elk gebied staat het eigen cijfer. Gebieden zijn niet bij elkaar opgeteld en niet gemiddeld."


@dataclass(frozen=True)
class BorderPage:
    """Everything that the page of one region and one figure shows.

    ``years``: those one can choose; ``limits``: what cannot be compared, of this figure first; ``same``: how the
    Dutch areas relate to the region; ``table`` and ``address``: of the table at Eurostat; ``voices``: what was said
    about the border, with what the figures say to it.
    """

    region: Region
    border: BorderRegion
    definition: CrossBorderFigure
    year: int
    years: tuple[int, ...]
    headline: str
    lead: str
    same: str
    figure: BorderFigure
    trend: TrendFigure
    limits: tuple[str, ...]
    table: str
    address: str
    voices: tuple[tuple[Finding, tuple[Held, ...]], ...]


def figure_of(definitions: Definitions, name: str) -> CrossBorderFigure:
    """Return a figure of both sides by id.

    Raises:
        UnknownName: there is none of that name.
    """
    found = next((f for f in definitions.cross_border if f.id == name), None)
    if found is None:
        raise UnknownName(f"Onbekend cijfer over de grens '{name}'.", "Kies een cijfer uit de lijst.")
    return found


def at_border(definitions: Definitions, region: str) -> BorderRegion | None:
    """What lies on either side at a region; None for one that does not touch the border."""
    return next((b for b in definitions.border_regions if b.id == region), None)


def border_years(definitions: Definitions, snapshot: Snapshot, figure: CrossBorderFigure) -> list[int]:
    """Years in which areas on both sides have a value."""
    rows = snapshot.indicator(figure.id)
    rows = rows[rows["value"].notna()]
    dutch = rows["area"].astype(str).str.startswith("CR")
    abroad = rows["area"].isin([n.id for n in definitions.neighbours])
    return sorted({int(y) for y in rows.loc[dutch, "year"]} & {int(y) for y in rows.loc[abroad, "year"]})


def compose_border(
    definitions: Definitions,
    snapshot: Snapshot,
    places: Places,
    region: Region,
    figure: CrossBorderFigure,
    year: int | None = None,
) -> BorderPage:
    """Put together the page of a region on the border.

    Args:
        definitions: names, neighbours and findings.
        snapshot: the edition in force.
        places: outlines of both sides.
        region: on the border.
        figure: what is compared.
        year: None for the last year in which every area compared has a value.

    Raises:
        UnknownName: the region does not touch the border, or there is no such year.
    """
    border = at_border(definitions, region.id)
    if border is None:
        raise UnknownName(f"{region.name} ligt niet aan de grens.", "Kies een regio die aan de grens ligt.")
    years = tuple(border_years(definitions, snapshot, figure))
    if not years:
        raise UnknownName(f"Van '{figure.name}' zijn er geen cijfers aan beide kanten.", "Kies een ander cijfer.")
    chosen = _last_whole(snapshot, figure, border, years) if year is None else year
    if chosen not in years:
        raise UnknownName(f"Over {chosen} heeft dit cijfer geen waarde.", f"Er zijn cijfers tot en met {years[-1]}.")
    gather = _Gatherer(definitions, snapshot, figure)
    areas = gather.areas(border, places, chosen)
    own = [a.row for a in areas if a.place == "eigen"]
    headline = _headline(region, figure, gather, own, [a.row for a in areas if a.place == "buur"])
    lead = " ".join(s for s in (gather.countries(areas, chosen), _UNITS.get(figure.unit, "")) if s)
    status = _status(snapshot, figure, border, chosen)
    notes = tuple(n for n in (border.note, status, *figure.not_comparable, TOGETHER) if n)
    title = f"{figure.caption}, {chosen}"
    drawn = BorderFigure(
        name=f"over-de-grens-{region.id}-{figure.id}-{chosen}",
        title=f"{title}: {region.name} en de buren",
        sentence=f"{headline}. {lead}",
        alt=f"Kaart van {region.spoken} en de buren over de grens. {headline}. {lead} Alle waarden staan in de tabel.",
        unit=figure.unit,
        decimals=figure.decimals,
        caption=figure.caption,
        rows=tuple(a.row for a in areas),
        source=gather.source,
        edition=snapshot.edition,
        link=State(PAGE, (region.id,), abroad=figure.id, year=chosen).link(),
        notes=notes,
        licence=gather.licence,
        region=region.id,
        outline=region.codes,
        areas=areas,
        classes=natural([a.row.value for a in areas if a.place != "land"], figure.decimals),
        window=window(places, [*border.own, *border.adjoining]),
    )
    found = choose(definitions.findings, regions=(region.id,), search="grens")
    return BorderPage(
        region=region,
        border=border,
        definition=figure,
        year=chosen,
        years=years,
        headline=headline,
        lead=lead,
        same=" ".join(s for s in (_same(snapshot, region, border), border.note, status) if s),
        figure=drawn,
        trend=gather.trend(region, border, years, drawn.link),
        limits=(*figure.not_comparable, *LIMITS),
        table=gather.table.id,
        address=gather.table.page,
        voices=tuple((f, tuple(hold(definitions, snapshot, f, region))) for f in found),
    )


class _Gatherer:
    """Rows, names and source of one figure in one edition."""

    def __init__(self, definitions: Definitions, snapshot: Snapshot, figure: CrossBorderFigure) -> None:
        self.snapshot = snapshot
        self.figure = figure
        self.country: dict[str, Country] = {n.id: n.country for n in definitions.neighbours}
        self.names = {
            **snapshot.names,
            **{n.id: n.name for n in definitions.neighbours},
            **{COUNTRY_AREAS[c]: name for c, name in COUNTRIES.items()},
        }
        self.table = definitions.table(figure.source.table)
        t = self.table
        self.source = f"Bron: {t.publisher}, {t.title} ({t.id}); bewerking Regiomonitor"
        self.licence = t.licence

    def text(self, value: float) -> str:
        """A value with its unit."""
        return quantity(value, self.figure.unit, self.figure.decimals)

    def row(self, area: str, year: int) -> Row:
        """One value, rounded to what may be shown; NaN where there is none."""
        found = self.snapshot.row(self.figure.id, area, year)
        value = rounded(float(found["value"]), self.figure.decimals) if found else math.nan
        status = str(found["status"]) if found else "definitief"
        return Row(area, self.names[area], year, value, status=status)

    def areas(self, border: BorderRegion, places: Places, year: int) -> tuple[BorderArea, ...]:
        """The areas compared from high to low, the countries, and what else lies on the map."""
        compared: list[tuple[str, Place]] = [
            *((c, "eigen") for c in border.corop),
            *((c, "deels") for c in border.partly),
            *((n, "buur") for n in border.adjoining),
        ]
        rows = sorted(((self.row(a, year), place) for a, place in compared), key=lambda p: _order(p[0]))
        made = [BorderArea(r, self._country(r.area), place, k) for k, (r, place) in enumerate(rows, start=1)]
        involved = dict.fromkeys(["NL", *(self.country[n] for n in border.adjoining)])
        made += [BorderArea(self.row(COUNTRY_AREAS[c], year), c, "land") for c in COUNTRIES if c in involved]
        known = {a for a, _ in compared}
        box = window(places, list(known))
        others = sorted((self.row(a, year) for a in in_view(places, box) if a not in known), key=_order)
        return (*made, *(BorderArea(r, self._country(r.area), "rand") for r in others))

    def countries(self, areas: Sequence[BorderArea], year: int) -> str:
        """One sentence about the countries as a whole."""
        told = [(a.row.name, a.row.value) for a in areas if a.place == "land" and not math.isnan(a.row.value)]
        if not told:
            return f"Over de landen als geheel is er geen cijfer over {year}."
        return f"Ter vergelijking, in {year}: {listing([f'{name} {self.text(v)}' for name, v in told])}."

    def trend(self, region: Region, border: BorderRegion, years: Sequence[int], link: str) -> TrendFigure:
        """Lines over the years: the region's own areas in colour, those across the border grey with their names."""
        everyone: list[tuple[str, Role, bool]] = [
            *((c, "gekozen", False) for c in border.own),
            (COUNTRY_AREAS["NL"], "land", False),
            *((n, "overig", True) for n in border.adjoining),
        ]
        series = tuple(
            Series(area, self.names[area], role, tuple(self.row(area, y) for y in years), named)
            for area, role, named in everyone
        )
        said = " ".join(self._movement(s) for s in series if s.role in ("gekozen", "land"))
        return TrendFigure(
            name=f"over-de-grens-{region.id}-{self.figure.id}-{years[0]}-{years[-1]}",
            title=f"{self.figure.caption}, {years[0]}-{years[-1]}: {region.name} en de buren",
            sentence=said,
            alt=f"Lijnen per gebied door de jaren. {said} Alle waarden staan in de tabel.",
            unit=self.figure.unit,
            decimals=self.figure.decimals,
            caption=self.figure.caption,
            rows=tuple(r for s in series for r in s.rows),
            source=self.source,
            edition=self.snapshot.edition,
            link=link,
            notes=(*self._gaps(series), *self._later(series, years[-1]), *self.figure.not_comparable, TOGETHER),
            licence=self.licence,
            part="door-de-jaren",
            series=series,
            breaks=(),
        )

    def _movement(self, series: Series) -> str:
        known = [r for r in series.rows if not math.isnan(r.value)]
        if len(known) < 2:
            return ""
        first, last = known[0], known[-1]
        span = f"van {self.text(first.value)} in {first.year} naar {self.text(last.value)} in {last.year}"
        where = series.name if series.role == "land" else f"het COROP-gebied {series.name}"
        return f"In {where} ging dit {span}."

    def _gaps(self, series: Sequence[Series]) -> tuple[str, ...]:
        """Which years are missing in which lines; lines that miss the same years are told together."""
        missing: dict[tuple[int, ...], list[str]] = {}
        for s in series:
            absent = tuple(r.year for r in s.rows if math.isnan(r.value))
            if absent:
                missing.setdefault(absent, []).append(s.name)
        return tuple(
            f"{listing(names)} {'heeft' if len(names) == 1 else 'hebben'} geen cijfer over {_told(years)}."
            for years, names in missing.items()
        )

    def _later(self, series: Sequence[Series], last: int) -> tuple[str, ...]:
        """A remark on later years, for which only one side of the border has values."""
        rows = self.snapshot.indicator(self.figure.id)
        rows = rows[rows["value"].notna() & (rows["year"] > last)]
        known = set(rows["area"].astype(str))
        names = [s.name for s in series if s.role != "land" and s.area in known]
        if not names:
            return ()
        years = _told(sorted({int(y) for y in rows["year"]}))
        return (
            f"Over {years} is er al wel een cijfer voor {listing(names)}, maar niet aan de andere kant van de grens.",
        )

    def _country(self, area: str) -> Country:
        return self.country.get(area, "NL")

    def span(self, rows: Sequence[Row]) -> str:
        """The value of one area, or from the lowest to the highest: '21.900 tot 32.000 KKS'; empty when unknown."""
        known = sorted(r.value for r in rows if not math.isnan(r.value))
        if not known:
            return ""
        if known[0] == known[-1]:
            return self.text(known[0])
        return f"{number(known[0], self.figure.decimals)} tot {self.text(known[-1])}"


def _order(row: Row) -> tuple[bool, float]:
    """High to low, unknown last."""
    return (math.isnan(row.value), 0.0 if math.isnan(row.value) else -row.value)


def _told(years: Sequence[int]) -> str:
    """Years in words, with three or more in a row as a span: '2000 tot en met 2002 en 2009'."""
    spans = [[f"{r[0]} tot en met {r[-1]}"] if len(r) > 2 else [str(y) for y in r] for r in runs(years)]
    return listing([text for span in spans for text in span])


def _last_whole(snapshot: Snapshot, figure: CrossBorderFigure, border: BorderRegion, years: Sequence[int]) -> int:
    """The last year in which every area compared has a value; else the last in which both sides have one."""
    areas = [*border.own, *border.adjoining]
    whole = [
        y
        for y in years
        if all((r := snapshot.row(figure.id, a, y)) and not math.isnan(float(r["value"])) for a in areas)
    ]
    return (whole or list(years))[-1]


def _headline(
    region: Region, figure: CrossBorderFigure, gather: _Gatherer, own: Sequence[Row], others: Sequence[Row]
) -> str:
    """The reading sentence: what is the case in the region's own areas, and across the border."""
    year = own[0].year
    here, there = gather.span(own), gather.span(others)
    where = (
        f"het COROP-gebied {own[0].name}" if len(own) == 1 else f"de COROP-gebieden {listing([r.name for r in own])}"
    )
    if not here:
        return f"Voor {where} is er geen cijfer over {year}"
    if not there:
        return f"In {where} {figure.clause.format(value=here)} ({year}); over de grens is er geen cijfer"
    return f"In {where} {figure.clause.format(value=here)}, over de grens {there} ({year})"


def _status(snapshot: Snapshot, figure: CrossBorderFigure, border: BorderRegion, year: int) -> str:
    """A warning when a value of the year is not final."""
    found = (snapshot.row(figure.id, a, year) for a in (*border.own, *border.adjoining))
    provisional = any(r and r["status"] != "definitief" for r in found)
    return f"De cijfers over {year} zijn nog voorlopig." if provisional else ""


def _same(snapshot: Snapshot, region: Region, border: BorderRegion) -> str:
    """How each COROP region of a region relates to it: the same, larger, or mostly outside."""
    municipal = snapshot.areas[snapshot.areas["level"] == "gemeente"]
    weights = snapshot.weights[snapshot.weights["quantity"] == "inwoners"]
    year = int(weights["year"].max())
    last = weights[weights["year"] == year]
    people = {str(a): float(v) for a, v in zip(last["area"], last["value"], strict=True)}
    said, whole = [], True
    for code in border.own:
        inside = set(municipal.loc[municipal["corop"] == code, "area"].astype(str))
        outside = sorted(inside - set(region.codes), key=lambda c: snapshot.names[c])
        if not outside:
            continue
        whole = False
        share = 100 * math.fsum(people[c] for c in outside) / math.fsum(people[c] for c in inside)
        names = listing([snapshot.names[c] for c in outside])
        belong = "hoort" if len(outside) == 1 else "horen"
        said.append(
            f"Bij het COROP-gebied {snapshot.names[code]} {belong} ook {names}, die niet in de regio liggen; "
            f"daar woont {number(share, 0)}% van de inwoners ({year})."
        )
    if whole:
        word = "dezelfde gemeenten als" if len(border.own) == 1 else "samen dezelfde gemeenten als"
        names = listing([snapshot.names[c] for c in border.own])
        return f"Het COROP-gebied {names} heeft {word} de regio." if len(border.own) == 1 else ""
    return " ".join(said)
