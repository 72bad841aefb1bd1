"""The pages of the municipalities: their list from A to Z, and each with all its figures."""

from __future__ import annotations

import unicodedata
from functools import partial
from html import escape

from monitor.figures.files import csv_bytes, file_name
from monitor.figures.html import source_line
from monitor.notation import number
from monitor.publish import links
from monitor.publish.edition import Edition
from monitor.publish.layout import beside, contents, neighbours, to
from monitor.publish.page import File, Page
from monitor.screens import municipality_html as html
from monitor.screens.municipality import JUDGED
from monitor.state import State

TRAIL = ((links.MUNICIPALITY, "Gemeenten"),)


def ordered(ed: Edition) -> list[tuple[str, str]]:
    """Codes and names from A to Z; what stands before an apostrophe does not count ('s-Hertogenbosch under H)."""
    return sorted(((c, ed.snapshot.names[c]) for c in ed.snapshot.municipalities), key=lambda pair: sorting(pair[1]))


def sorting(name: str) -> str:
    """A name as it is put in order: without accents, capitals and a leading ’s- or ’t."""
    plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()
    return plain.removeprefix("'s-").removeprefix("'t ").removeprefix("s-").strip("' ")


def pages(ed: Edition) -> list[Page]:
    """The list, and every municipality."""
    many = len(ed.snapshot.municipalities)
    made = [
        Page(
            links.MUNICIPALITY, "Alle gemeenten", f"De {many} gemeenten van Nederland van A tot Z, elk met al hun "
            "cijfers naast de regio en Nederland.", partial(_list, ed), State("gemeente").link(),
        )
    ]  # fmt: skip
    for code, name in ordered(ed):
        told = f"Alle cijfers van de gemeente {name} op een rij, naast de regio en Nederland."
        made.append(
            Page(
                links.municipality(code), name, told, partial(_body, ed, code),
                State("gemeente", municipality=code).link(), trail=TRAIL,
            )
        )  # fmt: skip
    return made


def _list(ed: Edition) -> str:
    letters: dict[str, list[tuple[str, str]]] = {}
    for code, name in ordered(ed):
        letters.setdefault(sorting(name)[0].upper(), []).append((code, name))
    owner = {c: r.name for r in ed.definitions.regions for c in r.codes}
    jump = "".join(f'<li><a href="#letter-{k.lower()}">{k}</a></li>' for k in letters)
    parts = [f'<nav aria-label="Naar een letter"><ul class="letters">{jump}</ul></nav>']
    for letter, found in letters.items():
        items = "".join(
            f"<li>{to(links.municipality(c), n)}{f' <small>{escape(owner[c])}</small>' if c in owner else ''}</li>"
            for c, n in found
        )
        parts.append(f'<h2 id="letter-{letter.lower()}">{letter}</h2><ul class="cols">{items}</ul>')
    return f'<p class="lead">Grijs staat erachter in welke van de elf regio’s een gemeente meetelt.</p>{"".join(parts)}'


def _body(ed: Edition, code: str) -> str:
    content = ed.municipality_page(code)
    region = content.region.name if content.region else ""
    tables = []
    for goal, themes in content.goals:
        told = html.goal_table(goal, themes, region, "kaart?indicator=", content.benchmark)
        tables.append(told.replace('<div class="gh">', f'<div class="gh" id="doel-{goal.id}">', 1))
    without = ""
    if content.without:
        named = escape(", ".join(content.without))
        without = f'<p class="sm mut"><b>Geen cijfer voor deze gemeente:</b> {named}.</p>'
    row = [(links.municipality(c), n) for c, n in ordered(ed)]
    file = f"{links.municipality(code)}{file_name(content.figure, 'csv')}"
    items = [*((f"doel-{g.id}", g.name) for g, _ in content.goals), ("downloads", "Downloads")]
    return (
        f"<p><b>{number(content.inhabitants, 0)} inwoners</b></p>{html.belongs(content)}"
        f'<p class="sm mut">{JUDGED} Elk cijfer is van het laatste jaar dat er voor deze gemeente is.</p>'
        f"{contents(items)}{''.join(tables)}{without}"
        f'<h2 id="downloads">Downloads</h2><p class="noprint"><a class="button" href="/{escape(file, quote=True)}" '
        f"download>Cijfers (CSV)</a></p>{source_line(content.figure)}"
        f"{neighbours(*beside(row, links.municipality(code)), 'Gemeenten van A tot Z')}"
    )


def file_of(ed: Edition, code: str, base: str, digest: str) -> File:
    """All figures of a municipality as CSV, beside its page."""
    name = f"{links.municipality(code)}gemeente-{code.lower()}-editie-{ed.name}.csv"
    return File(name, lambda: csv_bytes(ed.municipality_page(code).figure, f"{base}{links.municipality(code)}"), digest)
