"""The search field and its results as HTML; see ``figures.html`` for the rules."""

from __future__ import annotations

from html import escape

from monitor.figures.html import link
from monitor.notation import NBSP, listing
from monitor.search.documents import KINDS
from monitor.search.index import Found, Hit
from monitor.search.words import words
from monitor.state import State

# So many results of a kind stand in view; the rest is folded away.
_IN_VIEW = 6
# Letters of an excerpt, and how many of them go before the first word that was found.
_EXCERPT, _BEFORE = 220, 70


def heading(found: Found) -> str:
    """The heading with the query; without one, what can be searched."""
    if not found.asked:
        return f'<h1>Zoeken</h1><p class="lead">{_SEARCHED}</p>'
    return f'<h1 class="asked">Zoeken naar ‘{escape(found.asked)}’</h1>'


_SEARCHED = (
    "Typ een of meer woorden. De monitor zoekt in cijfers, gemeenten, regio’s, bevindingen, trajecten en "
    "pagina’s. Hoofdletters, accenten en meervouden maken niet uit."
)


def told(found: Found) -> str:
    """How much was found of each kind, what was searched, and what else could be asked; empty without a query."""
    if not found.asked:
        return ""
    if not found.words:
        return '<p class="notice" role="status">Typ een woord van ten minste twee letters.</p>'
    parts = []
    if found.hits:
        counts = listing([_count(kind, n) for kind, n in found.counts().items()])
        size = len(found.hits)
        parts.append(f'<p role="status"><b>{size}{NBSP}{"resultaat" if size == 1 else "resultaten"}:</b> {counts}.</p>')
    if found.hits and not found.complete:
        parts.append(
            '<p class="notice">Niets bevat al uw woorden. U ziet wat ten minste één van de woorden bevat, '
            f"met de meeste woorden bovenaan.{_unknown(found)}</p>"
        )
    if not found.hits:
        parts.append(
            '<div class="notice" role="status"><p><b>Niets gevonden.</b> Gezocht is in cijfers, gemeenten, regio’s, '
            "bevindingen, trajecten en pagina’s.</p><p>Probeer een ander of een korter woord, of alleen het "
            "eerste deel ervan.</p></div>"
        )
    if found.suggestions:
        other = " of ".join(link(State("zoeken", search=s).link(), s) for s in found.suggestions)
        parts.append(f'<p class="meant">Bedoelde u {other}?</p>')
    return "".join(parts)


def _unknown(found: Found) -> str:
    if not found.unknown:
        return ""
    return f" Nergens gevonden: {escape(listing([f'‘{w}’' for w in found.unknown]))}."


def _count(kind: str, n: int) -> str:
    one, several = KINDS.get(kind, (kind, kind))
    return f"{n}{NBSP}{escape(one if n == 1 else several)}"


def results(found: Found) -> str:
    """The results per kind, the kind with the best result first."""
    parts = []
    for kind in found.counts():
        hits = [h for h in found.hits if h.document.kind == kind]
        several = KINDS.get(kind, (kind, kind))[1]
        parts.append(
            f'<section class="found"><h2>{escape(several[0].upper() + several[1:])} <small>{len(hits)}</small></h2>'
            f"{_list(hits[:_IN_VIEW])}{_rest(kind, hits[_IN_VIEW:])}</section>"
        )
    return "".join(parts)


def _rest(kind: str, hits: list[Hit]) -> str:
    if not hits:
        return ""
    return f"<details><summary>Nog {_count(kind, len(hits))}</summary>{_list(hits)}</details>"


def _list(hits: list[Hit]) -> str:
    return f'<ul class="hits">{"".join(_hit(h) for h in hits)}</ul>'


def _hit(hit: Hit) -> str:
    d = hit.document
    more = " · ".join(link(address, text) for text, address in d.more)
    tail = f'<p class="sm hmore">{more}</p>' if more else ""
    excerpt = marked(_shortened(d.text, hit.matched), hit.matched)
    shown = f'<p class="sm">{excerpt}</p>' if excerpt else ""
    title = f'<a href="{escape(d.link, quote=True)}" target="_self">{marked(d.title, hit.matched)}</a>'
    kind = KINDS.get(d.kind, (d.kind, d.kind))[0]
    context = f" · {marked(d.context, hit.matched)}" if d.context else ""
    if not _has(hit.matched, d.title, d.text, d.context):
        also = next((w for w in d.words if _has(hit.matched, w)), "")
        context += f" · gevonden op: {marked(also, hit.matched)}" if also else ""
    return (
        f'<li><p class="htitle">{title}</p><p class="tag"><b>{escape(kind[0].upper() + kind[1:])}</b>{context}</p>'
        f"{shown}{tail}</li>"
    )


def _has(matched: frozenset[str], *texts: str) -> bool:
    return any(w.plain in matched for text in texts for w in words(text))


def marked(text: str, matched: frozenset[str]) -> str:
    """A text, escaped, with the words that were found between <mark>."""
    parts, done = [], 0
    for w in words(text):
        if w.plain in matched:
            parts += [escape(text[done : w.start]), f"<mark>{escape(text[w.start : w.end])}</mark>"]
            done = w.end
    return "".join([*parts, escape(text[done:])])


def _shortened(text: str, matched: frozenset[str]) -> str:
    """The part of a text around the first word that was found, cut between words."""
    if len(text) <= _EXCERPT:
        return text
    first = next((w.start for w in words(text) if w.plain in matched), 0)
    start = 0 if first <= _BEFORE else text.rfind(" ", 0, first - _BEFORE) + 1
    end = min(len(text), start + _EXCERPT)
    if end < len(text):
        end = text.rfind(" ", start, end)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
