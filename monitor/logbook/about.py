"""What entries are about, in words: region, goal, figure, finding; and what a reader asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

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


def empty_draft(d: Definitions, own: Sequence[str], wanted: Wanted, today: date) -> Draft:
    """A new draft about what a reader asked for.

    Args:
        d: for the goals of figures and findings.
        own: regions of the writer, at least one; the first that fits is filled in.
        wanted: what the link or the filters name. A finding about other regions is left out; so is a goal, unless it
            is named or is the only one of the figure or finding.
        today: in the Netherlands.
    """
    finding = next((f for f in d.findings if f.id == wanted.finding), None)
    fits = [r for r in own if finding is None or finding.concerns(r)]
    region = next((r for r in wanted.regions if r in own), next(iter(fits), own[0]))
    if finding is not None and not finding.concerns(region):
        finding = None
    goals: set[int] = set(finding.goals) if finding else set()
    goals.update(*(i.goals for i in d.indicators if i.id == wanted.indicator))
    goal = wanted.goal or (goals.pop() if len(goals) == 1 else None)
    chosen = finding.id if finding else None
    return Draft(region, today, "", "", goal=goal, indicator=wanted.indicator, finding=chosen)
