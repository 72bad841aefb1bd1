"""The search page: everything from A to Z, with the everyday words; a small script filters it, and nothing needs that."""

from __future__ import annotations

from functools import partial
from html import escape

from monitor.publish import links
from monitor.publish.edition import Edition
from monitor.publish.municipality import sorting
from monitor.publish.page import Page
from monitor.search.documents import KINDS, Document, documents
from monitor.state import State


def pages(ed: Edition) -> list[Page]:
    """The search page."""
    return [
        Page(
            links.SEARCH, "Zoeken", "Alles op deze website van A tot Z: regio’s, gemeenten, cijfers, bevindingen, trajecten "
            "en pagina’s.", partial(_body, ed), State("zoeken").link(),
        )
    ]  # fmt: skip


def found(ed: Edition) -> list[Document]:
    """What the list holds, from A to Z: what the app finds, without what only the app has."""
    names = {c: ed.snapshot.names[c] for c in ed.snapshot.municipalities}
    # A figure without values in this edition has no page.
    there = [
        d
        for d in documents(ed.definitions, names)
        if d.link.partition("?")[0] not in links.INTERACTIVE and (d.kind != "cijfer" or ed.snapshot.years(d.id))
    ]
    return sorted(there, key=lambda d: (_letter(d), sorting(d.title), d.kind, d.id))


def _letter(d: Document) -> str:
    first = sorting(d.title)[:1].upper()
    return first if first.isalpha() else "0-9"


def _body(ed: Edition) -> str:
    letters: dict[str, list[Document]] = {}
    for d in found(ed):
        letters.setdefault(_letter(d), []).append(d)
    jump = "".join(f'<li><a href="#letter-{k.lower()}">{k}</a></li>' for k in letters)
    parts = [
        f'<section aria-labelledby="letter-{k.lower()}"><h2 id="letter-{k.lower()}">{k}</h2>'
        f'<ul class="list">{"".join(map(_item, own))}</ul></section>'
        for k, own in letters.items()
    ]
    return (
        '<p class="lead">Alles op deze website van A tot Z. Zoeken in de pagina kan ook met de zoekfunctie van uw browser.</p>'
        '<form id="zoekvak" class="zoek" role="search"><label for="zoekveld">Zoek in deze lijst</label>'
        '<input id="zoekveld" name="zoek" type="search" maxlength="80" autocomplete="off"></form>'
        '<div id="gevonden" role="status"></div>'
        f'<nav id="letters" aria-label="Naar een letter"><ul class="letters">{jump}</ul></nav>'
        f'<div id="lijst">{"".join(parts)}</div>'
    )


def _item(d: Document) -> str:
    words = escape(" ".join((*d.words, d.context)), quote=True)
    kind = KINDS.get(d.kind, (d.kind, d.kind))[0]
    return f'<li data-w="{words}"><a href="{escape(d.link, quote=True)}">{escape(d.title)}</a> <small>{escape(kind)}</small></li>'
