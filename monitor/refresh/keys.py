"""Hold every topic that we use against what StatLine says, without fetching figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from monitor.definitions import Definitions
from monitor.errors import SourceInvalid
from monitor.refresh.plan import TablePlan, plan
from monitor.sources.statline import connect
from monitor.sources.statline.service import Described, Request, StatLine
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.topics import by_key, by_title

Find = Callable[[str, Request, Sequence[Described]], Mapping[str, Described]]


def check_keys(
    definitions: Definitions,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    sources: Mapping[str, Mapping[str, Any]] | None = None,
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Return what does not fit, one Dutch sentence each; all tables are looked at, also those with uncertain keys.

    Args:
        definitions: which topics are used.
        only: ids of tables; empty for all.
        without: ids to leave out.
        sources: the ``sources`` of a manifest, for what earlier downloads said of the topics.
        settings: how to reach the service.
        say: told one line per table.

    Raises:
        UnknownName: a table that cannot be fetched.
        SourceUnavailable: the service could not be reached.
    """
    plans = plan(definitions, sources or {}, only or [t.id for t in definitions.statline], without)
    settings = settings or Settings.from_environment()
    find = by_title if settings.protocol == "v4" else by_key
    with closing(connect(settings)) as service:
        return _checked(service, find, plans, say)


def _checked(service: StatLine, find: Find, plans: Sequence[TablePlan], say: Callable[[str], None]) -> list[str]:
    found: list[str] = []
    for one in plans:
        try:
            topics = service.describe(one.live.id)
        except SourceInvalid as error:
            found.append(str(error))
            say(f"{one.live.id}: niet in orde")
            continue
        wrong = [p for t in one.request.topics if (p := _problem(find, one, (t,), topics))]
        wrong = wrong or [p for p in [_problem(find, one, one.request.topics, topics)] if p]
        found += wrong
        say(f"{one.live.id}: {_counted(len(one.request.topics), len(wrong))}")
    return found


def _counted(topics: int, wrong: int) -> str:
    """How many topics there are, and how many of them do not fit."""
    if topics == 1:
        return f"1 onderwerp, {'en dat klopt niet' if wrong else 'in orde'}"
    told = "1 klopt niet" if wrong == 1 else f"{wrong} kloppen niet"
    return f"{topics} onderwerpen, {told if wrong else 'alle in orde'}"


def _problem(find: Find, one: TablePlan, asked: tuple[str, ...], topics: tuple[Described, ...]) -> str:
    """What does not fit, in the words in which fetching would refuse it; '' when all is well."""
    try:
        find(f"Tabel {one.live.id}", replace(one.request, topics=asked), topics)
    except SourceInvalid as error:
        return str(error)
    return ""
