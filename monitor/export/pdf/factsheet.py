"""The factsheet in PDF: one page about a region, or about a region and a goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitor import assessment as asm
from monitor.assessment import BenchmarkId
from monitor.dates import told_date
from monitor.dialogue.matrix import ORDER, Voiced
from monitor.errors import ExportError
from monitor.export.exhibits import first_sentence
from monitor.export.pack import Line, Materials, Pack
from monitor.export.pdf import drawn, printed
from monitor.export.pdf.typesetting import fitting, pages, pdf, shortened
from monitor.figures.compose import Composer
from monitor.figures.spec import StripFigure
from monitor.screens.plan import told_first
from monitor.state import State

# Up to so many core figures have a row with the names of the lowest and highest municipality.
ROOMY = 12
# More characters than this do not fit below a strip: then the values stand there alone.
NAMED = 32


# Longer than any text of a question or finding in the definitions: these are told in full.
WHOLE = 340


@dataclass(frozen=True)
class Limits:
    """How much stands below the table: counts, and characters of longer texts (0: left out)."""

    voices: int = 3
    summary: int = WHOLE
    reason: int = WHOLE
    questions: int = 3
    ground: int = WHOLE
    title: int = 110


# Tried in this order until everything stands on one page: fewer items in full before texts are cut, and the last three
# only for texts that are far longer than those of the monitor itself.
_TIGHTER = (
    Limits(),
    Limits(summary=0),
    Limits(summary=0, questions=2),
    Limits(voices=2, summary=0),
    Limits(voices=2, summary=0, questions=2),
    Limits(voices=1, summary=0, questions=2),
    Limits(voices=1, summary=0, questions=1),
    Limits(voices=1, summary=0, reason=160, questions=1, ground=160),
    Limits(voices=1, summary=0, reason=0, questions=1, ground=0, title=60),
    Limits(voices=0, questions=0, title=60),
)


def pdf_bytes(pack: Pack, materials: Materials) -> bytes:
    """Make the factsheet: exactly one A4 page.

    Raises:
        ExportError: it cannot be typeset, or even its core figures do not fit on a page.
    """
    composer = Composer(materials.definitions, materials.snapshot)
    strips = _with_strips(pack, composer, _benchmark_id(pack, materials))
    rows = [{"name": name, "lines": [_row(x, s) for x, s in own]} for name, own in strips]
    title = shortened(f"Factsheet: {pack.title}", 160)

    def make(limits: Limits) -> bytes:
        return pdf("factsheet", _content(pack, rows, limits), title=title, made=pack.made)

    document = fitting(_TIGHTER, make, 1, start=0 if len(pack.summary) <= ROOMY else 4)
    if pages(document) > 1:
        raise ExportError(
            f"De factsheet van {pack.region.name} past niet op één pagina.", "Kies één doel in plaats van alle doelen."
        )
    return document


def _benchmark_id(pack: Pack, materials: Materials) -> BenchmarkId:
    """Which benchmark the pack compares with, by its name."""
    named = {asm.benchmark_area(pack.region, b, materials.snapshot)[1]: b for b in asm.BENCHMARKS}
    return named.get(pack.benchmark, "nederland")


def _with_strips(
    pack: Pack, composer: Composer, benchmark: BenchmarkId
) -> list[tuple[str, list[tuple[Line, StripFigure]]]]:
    return [
        (name, [(x, composer.strip(x.indicator, pack.region, x.standing.year, benchmark)) for x in own])
        for name, own in printed.by_goal(pack)
    ]


def _row(x: Line, strip: StripFigure) -> dict[str, Any]:
    """A core figure with its strip; ``low`` and ``high``: the outer municipalities by value."""
    ordered = sorted(strip.municipalities, key=lambda m: m.value)
    outer = ordered[:1] + ordered[-1:] if len(ordered) > 1 else ordered
    ends = [f"{m.name} {strip.text(m.value)}" for m in outer]
    if sum(map(len, ends)) > NAMED:
        ends = [strip.text(m.value) for m in outer]
    said = " ".join([drawn.spread(strip) or "; ".join(ends), *drawn.strip(strip)["said"].values()]).strip()
    return printed.line(x) | {
        "strip": drawn.strip(strip) if ordered else None,
        "ends": ends,
        "alt": f"{x.indicator.full_name}. {said}" if ordered else "",
    }


def _content(pack: Pack, rows: list[dict[str, Any]], limits: Limits) -> dict[str, Any]:
    headers = pack.summary_figure.content.headers
    link = State("regio", (pack.region.id,)).link()
    voices = _voices(pack)[: limits.voices]
    # What stands with its finding is not told again under the question that follows from it.
    told = {told_first(v).reason for v in voices} if limits.reason else set()
    goal = [f"doel {pack.goal.id}" if pack.goal else "alle doelen"]
    return {
        "title": shortened(pack.title, limits.title),
        "conclusion": shortened(first_sentence(pack.lead), 240),
        "facts": " · ".join([pack.region.name, *goal, pack.inhabitants, f"vergeleken met {pack.benchmark}"]),
        "headers": list(headers[:5]),
        "rounding": printed.ROUNDING,
        "light": printed.light(x.standing.judgement for x in pack.summary),
        "goals": rows,
        "roomy": len(pack.summary) <= ROOMY,
        "voices": [printed.voice(v, limits.summary, limits.reason) for v in voices],
        "questions": [
            {
                "text": shortened(q.text, 200),
                "ground": "" if q.ground in told or not limits.ground else shortened(q.ground, limits.ground),
            }
            for q in pack.questions[: limits.questions]
        ],
        "source": shortened(pack.attribution, 220),
        "edition": f"Editie {pack.edition}, gemaakt op {told_date(pack.made)}.",
        "link": printed.address(pack.base, link),
    }


def _voices(pack: Pack) -> list[Voiced]:
    """Findings that figures decide, contradictions first; then what they do not measure."""
    return [v for verdict in ORDER for v in printed.telling(pack.voices, verdict)]
