"""The page of editions as HTML. Every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.dates import runs
from monitor.figures.html import link
from monitor.notation import listing, number
from monitor.screens.basket import size
from monitor.screens.edition_bar import newest
from monitor.screens.editions import PAGE, UNKNOWN, Difference, Kept, Line, Shelf, Source
from monitor.snapshot.compare import KINDS, Kind
from monitor.state import State

LEAD = (
    '<p class="lead">Een editie is een vaste verzameling van alle cijfers, zoals zij op één dag waren. Zo kunt u later '
    "nakijken welke cijfers bij een besluit lagen.</p>"
)
ONLY_ONE = "Er is nu één editie. Na de eerste verversing blijft zij bewaard, en kunt u hier twee edities vergelijken."
NO_LOG = "Bij deze editie hoort geen wijzigingslog: zij volgde niet op een andere."
NO_LOG_AFTER = "Bij deze editie is geen wijzigingslog bewaard."
_KINDS: dict[Kind, str] = {
    "nieuw": "Nieuw", "herzien": "Herzien", "vervallen": "Vervallen", "grenzen": "Anders begrensd",
}  # fmt: skip
# So many figures stand in the table; the others are counted.
MOST = 40
# So many names of figures are told in a sentence.
_NAMED = 12


def shelf(found: Shelf, shown: str) -> str:
    """All editions with what one may want to know, and the way to each; ``shown``: the one on this page."""
    body = "".join(_row(e, shown) for e in found.editions)
    head = "".join(
        f'<th scope="col"{css}>{h}</th>'
        for h, css in (
            ("Editie", ""), ("Gemaakt", ""), ("Waarden", ' class="n"'), ("Omvang", ' class="n"'),
            ("Tabellen anders dan in de editie ervoor", ""), ("Bekijken", ""),
        )
    )  # fmt: skip
    damaged = ""
    if found.damaged:
        names = escape(listing([f"‘{n}’" for n in found.damaged]))
        damaged = f'<p class="notice">Beschadigd en daarom niet te openen: {names}.</p>'
    if found.waiting:
        names = escape(listing([f"‘{n}’" for n in found.waiting]))
        damaged += (
            f'<p class="notice">Nog niet bij de bewaarde edities gezet: {names}. Er is niets kwijt; de volgende verversing '
            "probeert het opnieuw. Voor de beheerder: kijk of de map met edities te beschrijven is.</p>"
        )
    return (
        '<div class="scroll" role="region" tabindex="0" aria-label="Alle edities"><table class="twin ed">'
        f"<caption>Alle edities, de nieuwste boven</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{damaged}"
    )


def _row(e: Kept, shown: str) -> str:
    words = [w for w, true in (("in gebruik", e.in_force), ("u kijkt hiernaar", e.name == shown)) if true]
    marks = f" <small>{escape(listing(words))}</small>" if words else ""
    made = _capital(e.age.told.removeprefix("gemaakt op ").replace(e.age.made, e.made, 1))
    newer = "–" if e.newer is None else f"{number(e.newer, 0)} van {number(e.tables, 0)}"
    ways = [
        newest("overzicht", "Cijfers") if e.in_force else link(State("overzicht", edition=e.name).link(), "Cijfers")
    ]
    # Without a pin the page is about the edition in force.
    own = newest(f"{PAGE}#wijzigingen", "Wijzigingen en bronnen")
    if not e.in_force:
        own = link(f"{State(PAGE, edition=e.name).link()}#wijzigingen", "Wijzigingen en bronnen")
    return (
        f'<tr><th scope="row">{escape(e.name)}{marks}</th><td data-label="Gemaakt">{escape(made)}</td>'
        f'<td class="n" data-label="Waarden">{number(e.figures, 0)}</td>'
        f'<td class="n" data-label="Omvang">{escape(size(e.bytes))}</td>'
        f'<td data-label="Tabellen anders">{newer}</td><td data-label="Bekijken">{" · ".join([*ways, own])}</td></tr>'
    )


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def sources(found: Sequence[Source]) -> str:
    """Which table is how old."""
    body = "".join(
        f'<tr><th scope="row">{_table(s)}</th><td data-label="Bron">{escape(s.publisher)}</td>'
        f'<td data-label="Bijgewerkt door de bron">{escape(s.modified)}</td>'
        f'<td data-label="Opgehaald">{escape(s.retrieved)}</td><td data-label="Licentie">{escape(s.licence)}</td></tr>'
        for s in found
    )
    head = "".join(
        f'<th scope="col">{h}</th>'
        for h in ("Tabel", "Uitgever", "Bijgewerkt door de bron", "Opgehaald", "Licentie")
    )  # fmt: skip
    return (
        '<div class="scroll" role="region" tabindex="0" aria-label="Bronnen van deze editie"><table class="twin ed">'
        f"<caption>Bronnen, met de dag waarop de bron de tabel bijwerkte</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def sources_told(found: Sequence[Source]) -> str:
    """How much is known of the age of the sources, in one sentence."""
    without = sum(s.modified == UNKNOWN for s in found)
    if without == len(found):
        return "Van deze tabellen is niet bewaard wanneer de bron ze bijwerkte; dat begint bij de eerste verversing."
    if not without:
        return f"Van alle {len(found)} tabellen is bekend wanneer de bron ze bijwerkte."
    return f"Van {without} van de {len(found)} tabellen is niet bewaard wanneer de bron ze bijwerkte."


def _table(s: Source) -> str:
    name = f'<a href="{escape(s.page, quote=True)}">{escape(s.title)}</a>' if s.page else escape(s.title)
    return f"{name} <small>{escape(s.table)}</small>"


def suggestion(found: Shelf, state: State) -> str:
    """What to compare, as long as two have not been chosen: the newest two."""
    later, earlier = found.editions[0].name, found.editions[1].name
    address = state.but(before=earlier, after=later).link()
    return f"<p>Kies twee edities, of bekijk {link(address, f'wat er veranderde van {earlier} naar {later}')}.</p>"


def difference(d: Difference) -> str:
    """What differs between two editions: in a sentence, by name, and in a table by figure."""
    title = f"<p><b>Van editie {escape(d.before)} naar editie {escape(d.after)}</b></p>"
    areas = "".join(f"<li>{escape(a)}</li>" for a in (*d.outlines, *d.areas))
    areas = f"<ul>{areas}</ul>" if areas else ""
    told = f"<b>{escape(d.headline)}</b> {escape(d.explained)}".strip()
    if not sum(d.counts.values()):
        return f'{title}<p class="notice" role="status">{told}</p>{areas}'
    counts = "".join(f"<li><b>{number(d.counts[k], 0)}</b> {escape(_KINDS[k].lower())}</li>" for k in KINDS)
    return (
        f'{title}<p role="status">{told}</p><ul class="counts ed-counts">{counts}</ul>'
        f"{_by_name('Herzien door de bron', d.revised)}{_by_name('Vervallen bij de bron', d.withdrawn)}{areas}"
        f"{_lines(d.lines, d)}"
    )


def _figures(count: int) -> str:
    return "1 indicator" if count == 1 else f"{number(count, 0)} indicatoren"


def _by_name(what: str, names: Sequence[str]) -> str:
    if not names:
        return f'<p class="sm"><b>{what}:</b> niets.</p>'
    told = list(names[:_NAMED])
    rest = names[_NAMED:]
    whole = listing([*told, f"nog {len(rest)}"]) if rest else listing(told)
    more = f"<details><summary>Alle {len(names)} namen</summary><p>{escape(', '.join(names))}.</p></details>"
    return f'<p class="sm"><b>{what}</b> ({_figures(len(names))}): {escape(whole)}.</p>{more if rest else ""}'


def _lines(lines: Sequence[Line], d: Difference) -> str:
    first, rest = lines[:MOST], lines[MOST:]
    more = f"<details><summary>Nog {_figures(len(rest))}</summary>{_lines_table(rest, d, ' (vervolg)')}</details>"
    return _lines_table(first, d, "") + (more if rest else "")


def _lines_table(lines: Sequence[Line], d: Difference, mark: str) -> str:
    name = f"Verschillen per indicator, van {d.before} naar {d.after}{mark}"
    head = "".join(f'<th scope="col" class="n">{escape(_KINDS[k])}</th>' for k in KINDS)
    body = "".join(
        f'<tr><th scope="row">{_figure(x)}</th>'
        + "".join(
            f'<td class="n" data-label="{escape(_KINDS[k], quote=True)}">{number(x.counts[k], 0) if x.counts[k] else "–"}</td>'
            for k in KINDS
        )
        + f'<td data-label="Over">{escape(_years(x.years))}</td></tr>'
        for x in lines
    )
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(name, quote=True)}">'
        f'<table class="twin ed"><caption>{escape(name)} (aantal waarden)</caption><thead><tr>'
        f'<th scope="col">Indicator</th>{head}<th scope="col">Over</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _figure(x: Line) -> str:
    return link(State("methode", indicator=x.indicator).link(), x.name) if x.indicator else escape(x.name)


def _years(years: Sequence[int]) -> str:
    """Years as runs: '2019, 2021-2024'."""
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs(years))
