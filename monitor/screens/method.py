"""What the method page says of one indicator: every choice behind a figure, with its reason."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Indicator, SourceTable
from monitor.definitions.models import SourceSpec
from monitor.notation import UNIT_LABELS, difference, listing, number
from monitor.snapshot.store import Snapshot
from monitor.statistics.change import comparable_years
from monitor.statistics.trend import ENOUGH_YEARS
from monitor.yardstick import NARROWEST, WIDEST, Measured

_DIRECTIONS = {"hoger-gunstig": "Hoger is gunstiger.", "lager-gunstig": "Lager is gunstiger.", "geen": "Geen richting."}
_METHODS = {
    "register": "Telling uit een registratie: geen steekproef, dus geen marge.",
    "enquete": "Enquête met een marge van 95% die CBS per gemeente geeft.",
    "modelschatting": "Schatting van CBS uit een enquête, per gemeente zonder marge.",
}


@dataclass(frozen=True)
class Source:
    """One table behind a figure, with the years that come from it and the latest year known to be at CBS."""

    table: SourceTable
    years: str
    topics: str
    status: str
    newer: str


@dataclass(frozen=True)
class Entry:
    """Everything about one figure: question and answer pairs, and its sources."""

    indicator: Indicator
    parts: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]


def compose_entry(
    definitions: Definitions, snapshot: Snapshot, indicator: Indicator, measured: tuple[Measured, ...]
) -> Entry:
    """Gather the entry of an indicator."""
    i = indicator
    years = snapshot.years(i.id)
    theme = definitions.theme(i.theme).name
    goals = listing([f"{g.id} ({g.name})" for g in definitions.goals if g.id in i.goals])
    parts = [
        ("Wat het is", i.description),
        ("Waarom het ertoe doet", i.why),
        ("Thema en doel", f"{theme}; doel {goals}."),
        ("Eenheid", f"{UNIT_LABELS[i.unit]}, {_digits(i)}."),
        ("Jaren in deze editie", f"{', '.join(map(str, years))}." if years else "Geen."),
        ("Regio’s met een cijfer", _regions(definitions, snapshot, i, years)),
        ("Soort cijfer", " ".join(x for x in (_METHODS[i.method], i.method_note) if x)),
        ("Van gemeente naar regio", _adding(definitions, i)),
        ("Welke kant is beter", f"{_DIRECTIONS[i.direction]} {i.direction_reason}"),
        ("Vanaf welk verschil het ertoe doet", _threshold(snapshot, i)),
        ("Verandering door de jaren", _change(i, years)),
        *((f"Breuk in {b.year}", b.reason) for b in i.breaks),
        *((f"Niet bruikbaar voor {definitions.region(u.region).name}", u.reason) for u in i.unusable),
        ("Bij de grens", i.border_note or ""),
        ("Wat dit cijfer niet laat zien", i.not_shown or ""),
        ("Spanning met wat er gezegd is", _tensions(definitions, i)),
        ("Let op", i.caveat or ""),
        ("Nagerekend", _checked(i, measured)),
        ("Onze marge naast die van CBS", _margins(i, measured)),
    ]
    return Entry(i, tuple((q, a) for q, a in parts if a), _sources(definitions, snapshot, i))


def _tensions(definitions: Definitions, i: Indicator) -> str:
    """What was said that the figure cannot show, each with why it cannot and where it was said."""
    told = []
    for f in definitions.tensions(i.id):
        note = next((x.note for x in f.indicators if x.id == i.id and x.note), f.summary)
        told.append(f"{f.title}. {note} ({f.source.title}, {f.source.section}.)")
    return " ".join(told)


def _digits(i: Indicator) -> str:
    if i.decimals > 0:
        return f"met {i.decimals} {'decimaal' if i.decimals == 1 else 'decimalen'}"
    return "in hele getallen" if i.decimals == 0 else f"afgerond op {number(10.0**-i.decimals, 0)}"


def _regions(definitions: Definitions, snapshot: Snapshot, i: Indicator, years: list[int]) -> str:
    if i.aggregation.kind == "geen":
        return "Geen: dit cijfer wordt niet opgeteld of gemiddeld. U ziet de spreiding van de gemeenten."
    if not years:
        return ""
    rows = [asm.value_of(snapshot, i, r.id, years[-1], r.name) for r in definitions.regions]
    absent = [v.name for v in rows if v.value != v.value]
    n = len(rows) - len(absent)
    told = f"{n} van de {len(rows)} in {years[-1]}"
    return f"{told}; geen cijfer voor {listing(absent)}." if absent else f"{told}."


def _adding(definitions: Definitions, i: Indicator) -> str:
    a = i.aggregation
    if a.kind == "geen":
        return f"Niet. {a.reason}"
    if a.kind == "som":
        return f"Optellen; ontbreekt een gemeente, dan is er geen regiocijfer. {a.reason}"
    if a.kind == "verhouding":
        top, bottom = definitions.quantity(str(a.numerator)).name, definitions.quantity(str(a.denominator)).name
        factor = f", maal {number(a.factor, 0)}" if a.factor != 1 else ""
        return f"Opgeteld {top} gedeeld door opgeteld {bottom}{factor}. {a.reason}"
    said = f"Gemiddelde, gewogen naar {definitions.quantity(str(a.weight)).name}. {a.reason}"
    return f"{said} {a.substitute_weight}" if a.substitute_weight else said


def _threshold(snapshot: Snapshot, i: Indicator) -> str:
    if i.aggregation.kind == "geen":
        return "Er is geen drempel, want er is geen regiocijfer."
    size = difference(asm.rule_for(i, snapshot).relevant, i.unit, i.decimals).lstrip("+")
    if i.relevant_difference:
        return f"{size}. {i.relevant_difference.reason}"
    entry = snapshot.manifest["relevant_differences"].get(i.id)
    if not entry:
        return ""
    return (
        f"{size}: een kwart van de standaardafwijking tussen {entry['corops']} COROP-gebieden in {entry['year']}, "
        "afgerond op wat het cijfer laat zien."
    )


def _change(i: Indicator, years: list[int]) -> str:
    if i.aggregation.kind == "geen":
        return ""
    if i.no_trend:
        return f"Wordt niet beoordeeld: {i.no_trend[0].lower()}{i.no_trend[1:].rstrip('.')}."
    if i.method == "modelschatting" and not i.judge_as:
        return "Wordt niet beoordeeld: het is een schatting zonder marge."
    comparable = comparable_years(years, [b.year for b in i.breaks])
    if len(comparable) < 2:
        after = f" na de breuk van {max(b.year for b in i.breaks)}" if len(years) > 1 and i.breaks else ""
        return f"Er is één jaar{after}; over een verandering is niets te zeggen."
    first, last = comparable[0], comparable[-1]
    if len(comparable) < ENOUGH_YEARS:
        return f"Te weinig jaren voor een trend; wij vergelijken {first} en {last}."
    test = (
        "een lijn door de jaren, gewogen naar de marge"
        if i.method == "enquete"
        else "de toets van Mann en Kendall, met de helling van Theil en Sen"
    )
    return f"Trend over {len(comparable)} vergelijkbare jaren ({first}-{last}), met {test}."


def shown_decimals(i: Indicator) -> int:
    """Decimals for a difference between two sums: finer than the figure itself shows."""
    return i.decimals + 2 if i.decimals > 0 else 1 if i.decimals == 0 else 0


def _checked(i: Indicator, measured: tuple[Measured, ...]) -> str:
    found = next((m for m in measured if m.indicator.id == i.id), None)
    if found is None:
        return ""
    d = shown_decimals(i)
    p95, largest = number(found.p95, d), number(found.largest, d)
    per_year = ", ".join(f"{year} {number(p, d)}" for year, _, p, _ in found.years)
    return (
        f"Uit de gemeenten opgeteld en naast wat CBS zelf publiceert gelegd ({found.against}, {found.cells} gevallen): "
        f"in 95% van de gevallen verschilt het hoogstens {p95}; het meest {largest} ({found.at}). Per jaar: {per_year}."
    )


def _margins(i: Indicator, measured: tuple[Measured, ...]) -> str:
    years = [y for m in measured if m.indicator.id == i.id for y in m.margins]
    if not years:
        return ""
    shares = listing([f"{number(100 * y.within, 0)}% ({y.year})" for y in years])
    bounds = f"{number(NARROWEST, 2)} tot {number(WIDEST, 2)}"
    return (
        f"Deel van de provincies en GGD-regio’s waar onze marge {bounds} keer die van CBS is: {shares}. "
        f"{margin_reason(i)}"
    ).strip()


def margin_reason(i: Indicator) -> str:
    """Why margins differ in some years, with those years; empty where they do not."""
    note = i.margin_note
    return f"Over {listing([str(y) for y in note.years])}: {note.reason}" if note else ""


def _sources(definitions: Definitions, snapshot: Snapshot, i: Indicator) -> tuple[Source, ...]:
    a = i.aggregation
    specs: list[SourceSpec] = list(i.sources)
    if a.kind == "verhouding":
        for quantity in (a.numerator, a.denominator):
            specs += definitions.quantity(str(quantity)).sources
    rows = snapshot.indicator(i.id)
    per_table = _years_per_table(rows)
    made: dict[str, Source] = {}
    for spec in specs:
        table = definitions.table(spec.table)
        years = per_table.get(table.id) or [y for y in (spec.years or (table.year,)) if y]
        last = max(snapshot.years(i.id), default=0)
        topics = ", ".join(spec.measures)
        if table.id in made:
            topics = f"{made[table.id].topics}; {topics}"
        newer = ""
        if table.newer and table.newer.year > last and max(years, default=0) == last:
            newer = f"CBS heeft al cijfers over {table.newer.year}: {table.newer.table}."
        unsettled = [f"{y} {s}" for y, s in sorted(table.status.items()) if y in years]
        made[table.id] = Source(
            table,
            ", ".join(map(str, years)),
            topics,
            listing(unsettled),
            newer,
        )
    return tuple(made.values())


def _years_per_table(rows: pd.DataFrame) -> dict[str, list[int]]:
    municipal = rows[rows["area"].astype(str).str.startswith("GM")]
    pairs = municipal[["source", "year"]].astype({"source": str}).drop_duplicates()
    return {str(k): sorted(int(y) for y in g["year"]) for k, g in pairs.groupby("source")}


def summary_row(i: Indicator, snapshot: Snapshot) -> tuple[str, str, str]:
    """Method, aggregation and years of an indicator in a few words, for the list of all figures."""
    years = snapshot.years(i.id)
    span = "" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]} ({len(years)} jaren)"
    return sentences.method(i), i.aggregation.kind, span
