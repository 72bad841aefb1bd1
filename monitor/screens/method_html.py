"""Pieces of the method page as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.definitions import Definitions, Indicator
from monitor.notation import number
from monitor.screens.method import Entry, Source, margin_reason, shown_decimals, summary_row
from monitor.snapshot.store import Snapshot
from monitor.yardstick import ENOUGH, NARROWEST, WIDEST, Measured

_KINDS = {
    "som": "optellen",
    "verhouding": "opgetelde teller / opgetelde noemer",
    "gewogen": "gewogen gemiddelde",
    "geen": "niet optellen",
}
_YARDSTICK = (
    ("Cijfer", False),
    ("Naast", False),
    ("Jaren", False),
    ("Gevallen", True),
    ("95% verschilt hoogstens", True),
    ("Grootste verschil", True),
    ("Waar", False),
)
_MARGINS = ("Jaar", "Gebieden", "Binnen de grenzen", "Middelste", "Kleinste", "Grootste")


def entry(e: Entry) -> str:
    """The entry of one indicator: questions, answers and sources."""
    parts = "".join(f"<dt>{escape(q)}</dt><dd>{escape(a)}</dd>" for q, a in e.parts)
    sources = "".join(_source(s) for s in e.sources)
    return (
        f'<article class="entry" id="{e.indicator.id}"><h2>{escape(e.indicator.name)}</h2>'
        f'<p class="lead">{escape(e.indicator.caption)}</p>'
        f"<dl>{parts}<dt>Bronnen</dt><dd><ul>{sources}</ul></dd></dl></article>"
    )


def _source(s: Source) -> str:
    t = s.table
    table = f"tabel {escape(t.id)}; " if t.id[:1].isdigit() else ""
    tail = f" Nog niet definitief: {escape(s.status)}." if s.status else ""
    newer = f" {escape(s.newer)}" if s.newer else ""
    return (
        f'<li>{escape(t.publisher)}, <a href="{escape(t.page, quote=True)}">{escape(t.page_name)}</a>; {table}'
        f"jaren: {escape(s.years)}; onderwerp: {escape(s.topics)}.{tail}{newer}</li>"
    )


def checked(measured: Sequence[Measured]) -> str:
    """What was laid beside CBS's own figures: the sums, and the margins."""
    return yardsticks(measured) + margins(measured)


def yardsticks(measured: Sequence[Measured]) -> str:
    """How far our sums are from what CBS publishes, per indicator."""
    head = "".join(f'<th scope="col"{_right(n)}>{h}</th>' for h, n in _YARDSTICK)
    rows = "".join(_measured(m) for m in measured)
    return _table("Onze optelling naast wat CBS zelf publiceert, in de eenheid van het cijfer", head, rows)


def _measured(m: Measured) -> str:
    shown = shown_decimals(m.indicator)
    span = str(m.first) if m.first == m.last else f"{m.first}-{m.last}"
    cells = (m.against, span, str(m.cells), number(m.p95, shown), number(m.largest, shown), m.at)
    told = "".join(f"<td{_right(n)}>{escape(c)}</td>" for c, (_, n) in zip(cells, _YARDSTICK[1:], strict=True))
    return f'<tr><th scope="row">{_name(m.indicator)}</th>{told}</tr>'


def margins(measured: Sequence[Measured]) -> str:
    """Our half-width beside CBS's, per survey figure and year, in words and as a table; the reason where it differs."""
    surveys = [m for m in measured if m.margins]
    years = [y for m in surveys for y in m.margins]
    cells = sum(y.cells for y in years)
    inside = sum(round(y.cells * y.within) for y in years)
    bounds = f"{number(NARROWEST, 2)} tot {number(WIDEST, 2)}"
    told = (
        f"Van {len(surveys)} cijfers uit enquêtes geeft CBS ook voor provincies en GGD-regio’s een marge, samen in "
        f"{len(years)} combinaties van cijfer en jaar. In {sum(y.agrees for y in years)} daarvan is onze marge in ten "
        f"minste {number(100 * ENOUGH, 0)}% van de gebieden {bounds} keer die van CBS. Van alle {number(cells, 0)} "
        f"gevallen zijn dat er {number(inside, 0)}. CBS rondt grenzen af op 0,1: bij een smalle marge verklaart dat "
        "het grootste deel van het verschil."
    )
    reasons = "".join(
        f"<li>{_name(m.indicator)}. {escape(margin_reason(m.indicator))}</li>"
        for m in surveys
        if m.indicator.margin_note
    )
    head = '<th scope="col">Cijfer</th>' + "".join(f'<th scope="col" class="n">{h}</th>' for h in _MARGINS)
    table = _table(f"Onze marge gedeeld door die van CBS; grenzen {bounds}", head, "".join(map(_margin_rows, surveys)))
    why = f"<p>Waar het niet klopt, en waarom:</p><ul>{reasons}</ul>" if reasons else ""
    return f"<h3>Onze marge naast die van CBS</h3><p>{told}</p>{why}{table}"


def _margin_rows(m: Measured) -> str:
    made = []
    for k, y in enumerate(m.margins):
        name = f'<th scope="row" rowspan="{len(m.margins)}">{_name(m.indicator)}</th>' if k == 0 else ""
        within = f"{number(100 * y.within, 0)}%"
        shown = within if y.agrees else f"<b>{within}, zie de reden</b>"
        ratios = (number(r, 2) for r in (y.median, y.lowest, y.highest))
        cells = (str(y.year), str(y.cells), shown, *ratios)
        made.append(f"<tr>{name}" + "".join(f'<td class="n">{c}</td>' for c in cells) + "</tr>")
    return "".join(made)


def _right(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _name(i: Indicator) -> str:
    return f'<a href="methode?indicator={i.id}" target="_self">{escape(i.full_name)}</a>'


def _table(caption: str, head: str, rows: str) -> str:
    return (
        f'<div class="scroll tall" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}">'
        f'<table class="twin"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def all_figures(definitions: Definitions, snapshot: Snapshot) -> str:
    """Every indicator with theme, method, aggregation and years; each leads to its entry."""
    rows = []
    for i in definitions.indicators:
        how, kind, span = summary_row(i, snapshot)
        goals = ", ".join(map(str, i.goals))
        rows.append(
            f'<tr><th scope="row">{_name(i)}</th><td>{escape(definitions.theme(i.theme).name)}</td><td>{goals}</td>'
            f"<td>{escape(how)}</td><td>{_KINDS[kind]}</td><td>{escape(span)}</td></tr>"
        )
    heads = ("Cijfer", "Thema", "Doel", "Soort", "Van gemeente naar regio", "Jaren")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    return _table(f"Alle {len(rows)} cijfers", head, "".join(rows))
