"""What report and factsheet say in the same way: core figures, judgements, findings with their verdicts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from monitor import state
from monitor.dialogue.hold import WORDS, WORDS_ONE, Verdict
from monitor.dialogue.matrix import Voiced
from monitor.export.pack import Line, Pack
from monitor.export.pdf.typesetting import Exact, shortened
from monitor.screens.plan import TASKS, told_first
from monitor.statistics.judge import Judgement

ROUNDING = "Oordelen zijn gemaakt met cijfers van vóór het afronden."
_ARROWS = {"↗": "up", "↘": "down", "→": "level"}


def judged(judgement: Judgement) -> dict[str, Any]:
    """A judgement as its shape and its word."""
    return {"outcome": judgement.outcome, "word": judgement.told, "limited": judgement.limited}


def line(x: Line) -> dict[str, Any]:
    """A core figure as a row; the arrow apart from the words of the change."""
    way = _ARROWS.get(x.change[:1], "")
    return {
        "name": x.indicator.full_name,
        "year": x.year,
        "per": "" if math.isnan(x.standing.value) else x.per,
        "value": x.value,
        "benchmark": x.benchmark,
        "judged": judged(x.standing.judgement) | {"word": x.judgement},
        "arrow": way,
        "change": x.change[1:].strip() if way else x.change,
    }


def by_goal(pack: Pack) -> list[tuple[str, list[Line]]]:
    """The core figures per goal, each once, under the first of its goals; of a pack about one goal without its name."""
    names = {g.id: f"Doel {g.id}: {g.name}" for g in pack.goals}
    found: dict[str, list[Line]] = {n: [] for n in names.values()}
    for x in pack.summary:
        own = next((g for g in x.indicator.goals if g in names), pack.goals[0].id)
        found[names[own]].append(x)
    if pack.goal:
        return [("", list(pack.summary))] if pack.summary else []
    return [(name, own) for name, own in found.items() if own]


def telling(voices: Sequence[Voiced], verdict: Verdict) -> list[Voiced]:
    """Findings of one verdict: those about this region first, and of these tasks and bottlenecks first."""
    own = [v for v in voices if v.stance == verdict]
    return sorted(own, key=lambda v: (v.finding.common, v.finding.kind not in TASKS))


def light(judgements: Iterable[Judgement]) -> str:
    """The first judgement that is drawn lighter, for the legend; empty when none is."""
    return next((j.outcome for j in judgements if j.limited and j.outcome != "niet te beoordelen"), "")


def voice(v: Voiced, summary: int, reason: int, *, one: bool = False) -> dict[str, Any]:
    """A finding with its verdict; ``summary`` and ``reason``: the most characters these may take, 0 to leave it out.

    ``one``: it stands beside a single figure, and what is held against it is that figure only.
    """
    held = told_first(v)
    mixed = " Een ander cijfer bevestigt dit wel." if v.mixed else ""
    return {
        "verdict": v.stance,
        "word": (WORDS_ONE if one else WORDS)[v.stance],
        "title": v.finding.title,
        "summary": shortened(v.finding.summary, summary) if summary else "",
        "reason": shortened(held.reason, reason) + mixed if reason else "",
        "source": v.finding.source.title,
    }


def address(base: str, link: str = "") -> Exact:
    """Full address of a page; empty when the place of the app is unknown, or is none that a browser opens."""
    whole = state.address(base, link)
    return Exact(whole if base and re.fullmatch(r"https?://[!-~]+", whole) else "")
