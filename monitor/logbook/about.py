"""What entries are about, in words: region, goal, figure, finding; and what a reader asked for."""

from __future__ import annotations

from dataclasses import replace

from monitor.definitions import Definitions
from monitor.logbook.entry import Draft
from monitor.logbook.store import Wanted
from monitor.notation import listing

GONE_FIGURE = "een cijfer dat er niet meer is"
GONE_FINDING = "een bevinding die er niet meer is"


def region_name(d: Definitions, region: str) -> str:
    """The name of a region; its slug when it is no longer defined."""
    return next((r.name for r in d.regions if r.id == region), region)


def goal_name(d: Definitions, goal: int | None) -> str:
    """The number and name of a goal; empty without one."""
    return next((f"{g.id} · {g.name}" for g in d.goals if g.id == goal), "")


def figure_name(d: Definitions, indicator: str | None) -> str:
    """The name of a figure; empty without one."""
    if indicator is None:
        return ""
    return next((i.full_name for i in d.indicators if i.id == indicator), GONE_FIGURE)


def finding_title(d: Definitions, finding: str | None) -> str:
    """The title of a finding; empty without one."""
    if finding is None:
        return ""
    return next((f.title for f in d.findings if f.id == finding), GONE_FINDING)


def asked(d: Definitions, wanted: Wanted) -> Wanted:
    """What is asked, with the figures and findings that belong to the goal."""
    if wanted.goal is None:
        return wanted
    return replace(
        wanted,
        near_indicators=frozenset(i.id for i in d.indicators if wanted.goal in i.goals),
        near_findings=frozenset(f.id for f in d.findings if wanted.goal in f.goals),
    )


def told(d: Definitions, wanted: Wanted) -> str:
    """What a reader asked for, as a phrase: 'Achterhoek; doel 1 · ...'."""
    parts = [listing([region_name(d, r) for r in wanted.regions]) or "alle regio’s"]
    if wanted.goal is not None:
        parts.append(f"doel {goal_name(d, wanted.goal)}")
    if wanted.indicator is not None:
        parts.append(f"cijfer ‘{figure_name(d, wanted.indicator)}’")
    if wanted.finding is not None:
        parts.append(f"bevinding ‘{finding_title(d, wanted.finding)}’")
    return "; ".join(parts)


def empty_draft(d: Definitions, draft: Draft) -> Draft:
    """A draft with the goal that its figure or finding belongs to, where that is only one."""
    goals: set[int] = set()
    goals.update(*(i.goals for i in d.indicators if i.id == draft.indicator))
    goals.update(*(f.goals for f in d.findings if f.id == draft.finding))
    return replace(draft, goal=goals.pop()) if draft.goal is None and len(goals) == 1 else draft
