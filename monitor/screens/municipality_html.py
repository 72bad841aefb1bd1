"""Pieces of the page of a municipality as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.definitions import Goal
from monitor.definitions.models import Theme
from monitor.figures.html import amount, judgement, tension_mark
from monitor.screens.municipality import Line, MunicipalityPage


def belongs(page: MunicipalityPage) -> str:
    """Where a municipality lies: province, and its region as a link."""

    def link(slug: str, name: str) -> str:
        return f'<a href="regio?regio={slug}" target="_self">{escape(name)}</a>'

    parts = [f"{escape(page.name)} ligt in de provincie {escape(page.province)}."]
    if page.region:
        parts.append(f"De gemeente telt mee in de regio {link(page.region.id, page.region.name)}.")
    parts += [
        f"Of de gemeente bij de regio {link(r.id, r.name)} hoort, is niet zeker; zij telt daar niet mee."
        for r in page.candidate_of
    ]
    if len(parts) == 1:
        parts.append("De gemeente hoort niet bij een van de elf regio’s.")
    return f"<p>{' '.join(parts)}</p>"


def goal_table(
    goal: Goal, themes: Sequence[tuple[Theme, Sequence[Line]]], region: str, link: str, benchmark: str = "Nederland"
) -> str:
    """All figures of a goal: value with margin, region, country and judgement; a body per theme.

    Args:
        goal: the goal.
        themes: what to tell.
        region: name of the region, empty when the municipality belongs to none.
        link: address of the map up to the indicator's id.
        benchmark: what it is held against.
    """
    held = escape(f"{benchmark[0].upper()}{benchmark[1:]}")
    own = f'<th scope="col" class="n">{escape(region)}</th>' if region else ""
    # Goals without surveys have no margins, and then no empty column for them.
    margins = any(line.margin for _, lines in themes for line in lines)
    margin = '<th scope="col">Marge</th>' if margins else ""
    head = (
        '<tr><th scope="col">Cijfer</th><th scope="col" class="n">Waarde</th>'
        f'{margin}{own}<th scope="col" class="n">{held}</th><th scope="col">Vergeleken met {escape(benchmark)}</th></tr>'
    )
    width = 4 + bool(region) + margins
    bodies = []
    for theme, lines in themes:
        rows = "".join(_row(line, bool(region), margins, link, held) for line in lines)
        title = f'<tr><th colspan="{width}" scope="rowgroup" class="th">{escape(theme.name)}</th></tr>'
        bodies.append(f"<tbody>{title}{rows}</tbody>")
    return (
        f'<div class="gh"><h2><small>Doel {goal.id}</small>{escape(goal.name)}</h2></div>'
        f'<table class="gm"><thead>{head}</thead>{"".join(bodies)}</table>'
    )


def _row(line: Line, region: bool, margins: bool, link: str, held: str) -> str:
    i = line.indicator
    cells = [
        f'<th scope="row"><a href="{escape(link + i.id, quote=True)}" target="_self">{escape(i.full_name)}</a> '
        f"<small>{line.row.year}</small>{tension_mark(i, line.tension)}</th>",
        f'<td class="n num" data-label="Waarde">{amount(line.text, i)}</td>',
        f'<td class="num" data-label="Marge">{escape(line.margin)}</td>' if margins else "",
        f'<td class="n num" data-label="Regio">{escape(line.region)}</td>' if region else "",
        f'<td class="n num" data-label="{held}">{escape(line.country)}</td>',
        f"<td>{judgement(line.row)}</td>",
    ]
    # With a space between: on a phone the cells stand in one line of text.
    return f"<tr>{' '.join(c for c in cells if c)}</tr>"
