"""Hold what was said against the figures: they confirm it, contradict it, or do not measure it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor import assessment as asm
from monitor import sentences
from monitor.definitions import Definitions, Finding, Region
from monitor.definitions.models import FindingIndicator
from monitor.snapshot.store import Snapshot
from monitor.statistics.change import Change
from monitor.statistics.judge import Judgement

Verdict = Literal["bevestigen", "spreken tegen", "meten niet"]
SIGNS: dict[Verdict, str] = {"bevestigen": "=", "spreken tegen": "≠", "meten niet": "?"}
WORDS: dict[Verdict, str] = {
    "bevestigen": "Cijfers bevestigen dit",
    "spreken tegen": "Cijfers spreken dit tegen",
    "meten niet": "Cijfers meten dit niet",
}

# Beside a single figure, which is not all that there is to say of a finding.
WORDS_ONE: dict[Verdict, str] = {
    "bevestigen": "Dit cijfer bevestigt dit",
    "spreken tegen": "Dit cijfer spreekt dit tegen",
    "meten niet": "Dit cijfer meet dit niet",
}


@dataclass(frozen=True)
class Held:
    """A finding held against one figure; ``indicator`` is empty when no figure belongs to it."""

    verdict: Verdict
    reason: str
    indicator: str = ""


def level_verdict(expects: str, j: Judgement) -> Verdict:
    """Compare an expected level with a judgement.

    ``gunstig`` and ``ongunstig`` ask for that outcome; ``hoger`` and ``lager`` for a difference that way that
    is certain and large enough. A difference too small to matter contradicts them; one that lies within a margin
    decides nothing.
    """
    if j.outcome == "niet te beoordelen" or j.uncertain:
        return "meten niet"
    if expects in ("gunstig", "ongunstig"):
        if j.outcome in ("hoger", "lager"):
            return "meten niet"
        return "bevestigen" if j.outcome == f"{expects}er" else "spreken tegen"
    differs = j.outcome != "vergelijkbaar"
    upward = j.difference > 0
    return "bevestigen" if differs and upward == (expects == "hoger") else "spreken tegen"


def movement_verdict(expects: str, c: Change) -> Verdict:
    """Compare an expected movement (``stijgt``, ``daalt``) with what the years say.

    A change too small to matter contradicts it; one that margins or scattered years leave open decides nothing.
    """
    if c.movement == "niet te beoordelen" or c.uncertain:
        return "meten niet"
    return "bevestigen" if c.movement == {"stijgt": "gestegen", "daalt": "gedaald"}[expects] else "spreken tegen"


def hold(
    definitions: Definitions,
    snapshot: Snapshot,
    finding: Finding,
    region: Region,
    benchmark: asm.BenchmarkId = "nederland",
) -> tuple[Held, ...]:
    """Hold a finding against its figures for one region, by the one judgement and the one change function.

    ``benchmark``: what a level is compared with; what rises or falls is compared with the region's own past.

    Returns:
        One entry per figure; a single 'meten niet' when the finding names none.
    """
    if not finding.indicators:
        return (Held("meten niet", "Hier is geen cijfer bij."),)
    return tuple(_one(definitions, snapshot, x, region, benchmark) for x in finding.indicators)


def _one(
    definitions: Definitions, snapshot: Snapshot, said: FindingIndicator, region: Region, benchmark: asm.BenchmarkId
) -> Held:
    indicator = definitions.indicator(said.id)
    if said.expects == "meet-niet":
        return Held("meten niet", said.note or indicator.not_shown or f"{indicator.name} meet iets anders.", said.id)
    if not snapshot.years(indicator.id):
        return Held("meten niet", f"{indicator.name} is onbekend in editie {snapshot.edition}.", said.id)
    if said.expects in ("stijgt", "daalt"):
        c = asm.change_of(snapshot, indicator, region.id)
        first = asm.value_of(snapshot, indicator, region.id, c.first).value
        last = asm.value_of(snapshot, indicator, region.id, c.last).value
        reason = f"{indicator.name}: {sentences.movement(indicator, region, c, first, last)}"
        return Held(movement_verdict(said.expects, c), _noted(reason, said), said.id)
    a = asm.assess(snapshot, indicator, region, None, benchmark)
    verdict = level_verdict(said.expects, a.judgement)
    reason = f"{indicator.name}: {a.judgement.reason}." if a.judgement.uncertain else sentences.reading(a, region)
    return Held(verdict, _noted(reason, said), said.id)


def _noted(reason: str, said: FindingIndicator) -> str:
    """The reason, and what the finding's own note says of the limits of this figure."""
    return f"{reason} {said.note}" if said.note else reason
