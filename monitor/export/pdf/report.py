"""The regional report in PDF: at most eight pages, whatever is chosen; what does not fit is pointed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.dates import told_date
from monitor.definitions import Definitions
from monitor.dialogue.hold import WORDS
from monitor.dialogue.matrix import ORDER
from monitor.export.changed.changes import HEADINGS
from monitor.export.compose import varied
from monitor.export.exhibits import first_sentence
from monitor.export.pack import Exhibit, Materials, Pack
from monitor.export.pdf import drawn, printed
from monitor.export.pdf.typesetting import fitting, pdf, shortened
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import Figure, ListFigure, MapFigure, StripFigure, TrendFigure
from monitor.notation import listing
from monitor.screens.striking import Striking

PAGES, FIGURES = 8, 12
# A longer source line stands in the list of sources only.
LONG_SOURCE = 200
# Millimetres between the margins.
WIDE = 174
JUDGING = (
    "Een oordeel vraagt twee dingen: het verschil is zeker genoeg, en het is groot genoeg om ertoe te doen. Bij een "
    "enquête moet het verschil buiten de marge vallen. Bij een schatting moet het groter zijn dan de marge die CBS "
    "voor de provincie geeft; dan staat er ‘indicatief’ bij. Bij een registratie is er geen marge. ‘Beperkte dekking’: "
    f"niet elke gemeente heeft een cijfer. ‘Voorlopig’: de bron kan het cijfer nog bijstellen. {printed.ROUNDING}"
)


@dataclass(frozen=True)
class Limits:
    """How much the report tells of what there is: counts of items, and of characters of longer texts.

    ``dense``: strips and trends stand two beside each other.
    """

    dense: bool = False
    beside: int = 1
    stands: int = 4
    verdicts: tuple[int, int, int] = (4, 4, 2)
    summary: int = 200
    reason: int = 260
    changes: int = 5
    tensions: int = 6
    rows: int = 12
    note: int = 500
    methods: int = FIGURES
    figures: int = FIGURES


# Tried in this order until the report fits; after that figures give way, the last ones first.
_TIGHTER = (
    Limits(),
    Limits(True, stands=4, verdicts=(4, 4, 2), tensions=5),
    Limits(True, stands=3, verdicts=(4, 3, 2), tensions=5, changes=4, rows=9, note=400),
    Limits(True, 0, 3, (3, 2, 2), summary=170, reason=200, tensions=4, changes=3, rows=7, note=300, methods=8),
    Limits(True, 0, 2, (3, 2, 1), summary=140, reason=170, tensions=3, changes=2, rows=5, note=200, methods=5),
)


def pdf_bytes(pack: Pack, materials: Materials) -> bytes:
    """Make the report.

    Raises:
        ExportError: it cannot be typeset.
    """
    chosen = min(len(pack.exhibits), FIGURES)
    figures: dict[int, dict[str, Any]] = {}

    def make(limits: Limits) -> bytes:
        return pdf("rapport", _content(pack, materials, limits, figures), title=_title(pack), made=pack.made)

    return fitting([*_TIGHTER, *(replace(_TIGHTER[-1], figures=n) for n in range(chosen - 1, -1, -1))], make, PAGES)


def _title(pack: Pack) -> str:
    return shortened(pack.title, 160)


def _content(pack: Pack, materials: Materials, limits: Limits, kept: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Everything the template shows. ``kept``: figures that an earlier try has drawn."""
    shown = varied(pack.exhibits[: limits.figures])
    headers = pack.summary_figure.content.headers
    return {
        "title": _title(pack),
        "region": pack.region.name,
        "edition": pack.edition,
        "facts": _facts(pack),
        "lead": pack.lead,
        "summary": {
            "headers": list(headers),
            "goals": [{"name": n, "lines": [printed.line(x) for x in own]} for n, own in printed.by_goal(pack)],
        },
        "stands": _stands(pack, limits),
        "voices": _voices(pack, limits),
        "figures": [_figure(x, pack, materials, limits, kept) for x in shown],
        "dense": limits.dense,
        "more_figures": _more(len(shown), len(pack.exhibits)),
        "questions": [{"text": q.text, "ground": shortened(q.ground, 300)} for q in pack.questions],
        "changes": _changes(pack, limits),
        "tensions": [{"title": f.title, "text": f.summary} for f in pack.tensions[: limits.tensions]],
        "more_tensions": max(0, len(pack.tensions) - limits.tensions),
        "sources": sources_told(pack, materials.definitions),
        "attribution": pack.attribution,
        "judging": JUDGING,
        "rounding": printed.ROUNDING,
        "light": _light(pack, shown),
        "methods": _methods(shown, limits),
        "composition": _composition(pack),
        "method_page": printed.address(pack.base, "methode"),
    }


def _facts(pack: Pack) -> str:
    goal = f"doel {pack.goal.id}" if pack.goal else "alle doelen"
    return " · ".join(
        [
            pack.region.name,
            goal,
            pack.inhabitants,
            f"vergeleken met {pack.benchmark}",
            f"editie {pack.edition}",
            f"gemaakt op {told_date(pack.made)}",
        ]
    )


def _light(pack: Pack, shown: Sequence[Exhibit]) -> str:
    """The first judgement of limited coverage anywhere in the report; empty when there is none."""
    found = printed.light(x.standing.judgement for x in pack.summary)
    rows = [
        r
        for f in (x.figure for x in shown)
        for r in (f.numbered if isinstance(f, MapFigure) else [f.region] if isinstance(f, StripFigure) else [])
    ]
    return found or next((r.outcome for r in rows if r and r.limited and r.outcome), "")


def _stands(pack: Pack, limits: Limits) -> list[dict[str, Any]]:
    s = pack.stands
    differs, changed = "Geen cijfer verschilt zeker en genoeg.", "Geen cijfer veranderde zeker en genoeg."
    lists: tuple[tuple[str, Sequence[Striking], str], ...] = (
        (f"Ongunstiger dan {pack.benchmark}", s.worse, differs),
        (f"Gunstiger dan {pack.benchmark}", s.better, differs),
        ("Door de jaren ongunstiger", s.worsened, changed),
        ("Door de jaren gunstiger", s.improved, changed),
    )
    return [
        {
            "title": title,
            "items": [
                {"outcome": x.outcome, "name": x.indicator.full_name, "text": x.sentence, "tension": x.tension}
                for x in found[: limits.stands]
            ],
            "none": none,
        }
        for title, found, none in lists
    ]


def _voices(pack: Pack, limits: Limits) -> list[dict[str, Any]]:
    made = []
    for verdict, most in zip(ORDER, limits.verdicts, strict=True):
        own = printed.telling(pack.voices, verdict)
        if own:
            made.append(
                {
                    "verdict": verdict,
                    "title": f"{WORDS[verdict]} ({len(own)})",
                    "items": [printed.voice(v, limits.summary, limits.reason) for v in own[:most]],
                    "more": max(0, len(own) - most),
                }
            )
    return made


def _figure(
    x: Exhibit, pack: Pack, materials: Materials, limits: Limits, kept: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    if x.number not in kept:
        kept[x.number] = _drawn(x, pack, materials)
    figure = x.figure
    made = {
        "number": x.number,
        "conclusion": shortened(x.conclusion, 240),
        "caption": shortened(figure.title, 200) + _thin(figure),
        "alt": shortened(figure.alt or figure.title, 600),
        "sentence": shortened(_sentence(x), 420),
        "source": f"{figure.source}." if len(figure.source) <= LONG_SOURCE else "Bron: zie de bronnen achterin.",
        "note": shortened(x.note, limits.note),
        "voices": [printed.voice(v, 0, 0, one=True) for v in x.voices[: limits.beside]],
        "link": printed.address(pack.base and x.address),
        **kept[x.number],
    }
    if isinstance(figure, ListFigure):
        made |= _table(figure, pack.region.name, limits.rows)
    return made


def _sentence(x: Exhibit) -> str:
    """The reading sentence without what the conclusion above it already says; of a strip also its municipalities."""
    text = x.figure.sentence
    first = first_sentence(text)
    if text.startswith(x.conclusion):
        text = text.removeprefix(x.conclusion)
    elif first.casefold() in x.conclusion.casefold():
        text = text.removeprefix(first)
    spread = drawn.spread(x.figure) if isinstance(x.figure, StripFigure) else ""
    return f"{text.strip()} {spread}".strip()


def _thin(figure: Figure) -> str:
    """What the thin lines of a trend are."""
    others = isinstance(figure, TrendFigure) and any(s.role == "overig" and not s.named for s in figure.series)
    return ". Dunne lijnen: de andere regio’s." if others else ""


def _drawn(x: Exhibit, pack: Pack, materials: Materials) -> dict[str, Any]:
    """A figure as its kind and its drawing."""
    figure = x.figure
    if isinstance(figure, MapFigure):
        table = drawn.regions_table(figure, pack.region.id)
        return {"kind": "map", "drawing": drawn.country(figure, materials.outlines, pack.region.id), "table": table}
    if isinstance(figure, BorderFigure):
        table = drawn.border_table(figure)
        return {"kind": "border", "drawing": drawn.border(figure, materials.places), "table": table}
    if isinstance(figure, TrendFigure):
        return {"kind": "trend", "drawing": drawn.trend(figure)}
    if isinstance(figure, StripFigure):
        return {"kind": "strip", "drawing": drawn.strip(figure)}
    return {"kind": "table"}


def _table(figure: ListFigure, own: str, most: int) -> dict[str, Any]:
    """The first rows of a table, those of the own region before others, and the columns for which there is room."""
    content = figure.content
    rows = sorted(content.cells, key=lambda row: own not in row)[:most]
    cells = [[shortened(c, 120) for c in row] for row in rows]
    shown, widths = _columns(content.headers, cells, content.numeric)
    left, away = len(content.cells) - len(rows), len(content.headers) - len(shown)
    lacking = [
        ("één andere rij" if left == 1 else f"{left} andere rijen") if left else "",
        ("één andere kolom" if away == 1 else f"{away} andere kolommen") if away else "",
    ]
    told = listing([t for t in lacking if t])
    return {
        "headers": [content.headers[k] for k in shown],
        "numeric": [content.numeric[k] for k in shown],
        "widths": widths,
        "cells": [[row[k] for k in shown] for row in cells],
        "more": f"Niet getoond: {told}. De hele tabel staat in het werkboek (Excel)." if told else "",
    }


def _columns(
    headers: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> tuple[list[int], list[float]]:
    """Which columns fit on the page, those on the left first, and how wide each is: millimetres, to be stretched."""
    shown: list[int] = []
    widths: list[float] = []
    for k, header in enumerate(headers):
        longest = max((len(row[k]) for row in cells), default=1)
        word = max(map(len, header.split() or [""]))
        needed = max(min(word, 13), longest if numeric[k] else min(longest, 24))
        width = 2.5 + 1.85 * needed
        if sum(widths) + width <= WIDE:
            shown.append(k)
            widths.append(round(width, 1))
    return shown, widths


def _more(shown: int, chosen: int) -> str:
    """That not every figure fits, and where the others stand."""
    if shown == chosen:
        return ""
    some = f"de eerste {shown} van de {chosen} gekozen figuren" if shown else f"geen van de {chosen} gekozen figuren"
    return f"In dit rapport passen {some}. Ze staan alle {chosen} in het werkboek (Excel) van dit pakket."


def _changes(pack: Pack, limits: Limits) -> dict[str, Any] | None:
    if pack.changes is None:
        return None
    c = pack.changes
    kinds = []
    for kind, title in HEADINGS.items():
        found = c.of(kind)
        if found:
            told = [x.sentence for x in found[: limits.changes]]
            kinds.append({"title": title, "items": told, "more": len(found) > limits.changes})
    return {"before": c.since, "after": c.after, "kinds": kinds, "paragraph": "" if kinds else c.paragraph}


def sources_told(pack: Pack, definitions: Definitions) -> list[str]:
    """Every table once, per publisher; a source that names no known table stays as it is."""
    by_publisher: dict[str, list[str]] = {}
    whole = []
    for text in pack.sources:
        named = [t for t in definitions.tables if t.title in text]
        for t in named:
            told = f"{t.title} ({t.id})" if t.id[:1].isdigit() else t.title
            by_publisher.setdefault(f"{t.publisher} ({t.licence})", []).append(told)
        if not named:
            whole.append(text.removeprefix("Bron: "))
    return [f"{p}: {'; '.join(sorted(set(titles)))}." for p, titles in by_publisher.items()] + whole


def _methods(shown: Sequence[Exhibit], limits: Limits) -> list[dict[str, str]]:
    """How the figures came about, a text that several share once."""
    found: dict[str, list[str]] = {}
    for x in shown:
        if x.method:
            found.setdefault(x.method, []).append(str(x.number))
    told = list(found.items())[: limits.methods]
    return [{"about": f"Figuur {', '.join(numbers)}", "text": text} for text, numbers in told]


def _composition(pack: Pack) -> dict[str, Any]:
    names = [m.name for m in pack.region.members if m.membership == "lid"]
    where = pack.region.spoken
    counted = f"{len(names)} gemeenten" if len(names) != 1 else "één gemeente"
    return {
        "told": f"{where[:1].upper()}{where[1:]} bestaat in deze monitor uit {counted}: {listing(names)}.",
        "ground": pack.region.ground,
        "candidates": [{"name": m.name, "ground": m.ground} for m in pack.region.candidates],
    }
