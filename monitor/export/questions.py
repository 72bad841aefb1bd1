"""The questions that figures and findings raise, by stated rules. They ask; they conclude nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from monitor.assessment import Assessment
from monitor.definitions import Finding
from monitor.dialogue.matrix import Voiced
from monitor.export.pack import Line, Question
from monitor.figures.spec import Figure, Row, StripFigure, TrendFigure
from monitor.screens.plan import PlanPage, told_first
from monitor.screens.striking import Stands, Striking
from monitor.statistics.change import Change

MOST = 7
RULE = (
    "Hoe de vragen zijn gekozen: waar cijfers tegenspreken wat er is gezegd, wat het ongunstigst is, wat het meest "
    "verslechtert, wat een cijfer niet kan laten zien, waar geen traject bij bekend is, en wat niet te beoordelen is. "
    f"Hoogstens {MOST}."
)
_EITHER = "Meet het cijfer iets anders, of is het beeld veranderd?"
_SEEN = "Herkent u dat in de regio?"
_NOTICED = "Wat merken inwoners hiervan, en wat kan de regio er zelf aan doen?"


def questions(
    benchmark: str,
    voices: Sequence[Voiced],
    stands: Stands,
    summary: Sequence[Line],
    tensions: Sequence[Finding],
    plan: PlanPage,
) -> tuple[Question, ...]:
    """Choose the questions of a pack, by ``RULE``."""
    asked = [
        *[_clash(v) for v in voices if v.stance == "spreken tegen"][:2],
        *_worst(benchmark, stands, summary),
        *(_worsened(x) for x in stands.worsened[:1]),
        *(_unseen(f) for f in tensions[:1]),
        *(Question(m.question, _why(m.tasks)) for g in plan.goals for m in g.missing[:1]),
        *(_unknown(x) for x in summary if x.standing.judgement.outcome == "niet te beoordelen"),
    ]
    return tuple(asked[:MOST])


def about_figure(
    figure: Figure,
    judged: Assessment,
    course: Change,
    said: Sequence[Voiced],
    tensions: Sequence[Finding],
) -> str:
    """The question beside one figure; empty when nothing follows from it.

    Args:
        figure: a map, lines or a strip.
        judged: the region's value against the benchmark of the pack.
        course: what its years say.
        said: what was said of the figure in the region, contradictions first.
        tensions: what the figure cannot show there.
    """
    if said and said[0].stance == "spreken tegen":
        return f"Er is gezegd, in onze woorden: ‘{said[0].finding.title}’. Dit cijfer spreekt dat tegen. {_EITHER}"
    if isinstance(figure, TrendFigure):
        return "Wat zit hierachter, en zet het door?" if course.tone == "ongunstiger" else _unseen_by(tensions)
    known = [r for r in figure.municipalities if not math.isnan(r.value)] if isinstance(figure, StripFigure) else []
    if len(known) > 1:
        high, low = known_ends(known)
        if high.value > low.value:
            ends = f"van {_at(figure, low, known)} tot {_at(figure, high, known)}"
            return f"Tussen gemeenten loopt dit uiteen {ends}. Waar vraagt dit de meeste aandacht?"
    if judged.judgement.outcome == "ongunstiger":
        return _NOTICED
    if judged.judgement.outcome == "niet te beoordelen":
        return "Hoe weet de regio hoe het hiermee staat?"
    return _unseen_by(tensions)


def _at(figure: Figure, end: Row, rows: Sequence[Row]) -> str:
    """A value with the municipality that has it, and how many others have the same one as shown."""
    others = sum(r.value == end.value for r in rows) - 1
    return f"{figure.text(end.value)} in {end.name}{f' en nog {others}' if others else ''}"


def _unseen_by(tensions: Sequence[Finding]) -> str:
    return f"Wat dit cijfer niet laat zien: ‘{tensions[0].title}’. {_SEEN}" if tensions else ""


def known_ends(rows: Sequence[Row]) -> tuple[Row, Row]:
    """The rows with the highest and the lowest value; the first of several."""
    return max(rows, key=lambda r: r.value), min(rows, key=lambda r: r.value)


def _clash(v: Voiced) -> Question:
    several = sum(h.verdict == "spreken tegen" for h in v.held) > 1
    who = "Cijfers spreken dat tegen" if several else "Een cijfer spreekt dat tegen"
    if v.mixed:
        who += ", een ander bevestigt het"
    return Question(f"Er is gezegd, in onze woorden: ‘{v.finding.title}’. {who}. {_EITHER}", told_first(v).reason)


def _worst(benchmark: str, stands: Stands, summary: Sequence[Line]) -> list[Question]:
    """About what is most unfavourable: two core figures, else others that stand out."""
    core = [x for x in furthest(summary) if x.standing.judgement.outcome == "ongunstiger"]
    others = [x for x in stands.worse if not x.indicator.core]
    return [*(_worse(x, benchmark) for x in core), *(_stands_out(x, benchmark) for x in others)][:2]


def _stands_out(x: Striking, benchmark: str) -> Question:
    return Question(f"{x.indicator.full_name}: ongunstiger dan in {benchmark}. {_NOTICED}", x.sentence)


def furthest(lines: Sequence[Line]) -> list[Line]:
    """Lines that are judged, the furthest from the benchmark first."""
    judged = [x for x in lines if not math.isnan(x.standing.distance)]
    return sorted(judged, key=lambda x: -abs(x.standing.distance))


def _worse(x: Line, benchmark: str) -> Question:
    ground = f"{x.value}{f' {x.per}' if x.per else ''} in {x.year}; {benchmark} {x.benchmark}."
    return Question(f"{x.indicator.full_name}: {x.judgement} dan in {benchmark}. {_NOTICED}", ground)


def _worsened(x: Striking) -> Question:
    return Question(
        f"{x.indicator.full_name}: in de loop van de jaren ongunstiger geworden. Wat zit daarachter?", x.sentence
    )


def _unseen(f: Finding) -> Question:
    return Question(f"Wat de cijfers niet laten zien: ‘{f.title}’. {_SEEN}", f.summary)


def _why(tasks: Sequence[Finding]) -> str:
    return f"Bij dit thema is opgeschreven: ‘{tasks[0].title}’." if tasks else "Bij dit thema is een cijfer ongunstig."


def _unknown(x: Line) -> Question:
    j = x.standing.judgement
    return Question(
        f"{x.indicator.full_name} is niet te beoordelen. Hoe weet de regio hoe het hiermee staat?",
        f"{j.reason[0].upper()}{j.reason[1:]}.",
    )
