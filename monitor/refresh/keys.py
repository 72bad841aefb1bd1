"""Hold every topic that we use against what StatLine says, without fetching figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from difflib import get_close_matches

from monitor.definitions import Definitions
from monitor.errors import SourceInvalid
from monitor.refresh.plan import TablePlan, plan
from monitor.sources.statline import connect
from monitor.sources.statline.service import Described, StatLine
from monitor.sources.statline.settings import Settings


def check_keys(
    definitions: Definitions,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Return what does not fit, one Dutch sentence each; all tables are looked at, also those with uncertain keys.

    Args:
        definitions: which topics are used.
        only: ids of tables; empty for all.
        without: ids to leave out.
        settings: how to reach the service.
        say: told one line per table.

    Raises:
        UnknownName: a table that cannot be fetched.
        SourceUnavailable: the service could not be reached.
    """
    plans = plan(definitions, {}, only or [t.id for t in definitions.statline], without)
    with closing(connect(settings or Settings.from_environment())) as service:
        return _checked(service, plans, say)


def _checked(service: StatLine, plans: Sequence[TablePlan], say: Callable[[str], None]) -> list[str]:
    found: list[str] = []
    for one in plans:
        try:
            topics = service.describe(one.live.id)
        except SourceInvalid as error:
            found.append(str(error))
            say(f"{one.live.id}: niet in orde")
            continue
        wrong = [p for t in one.request.topics if (p := _problem(one, t, topics))]
        found += wrong
        say(f"{one.live.id}: {len(one.request.topics)} onderwerpen, {len(wrong) or 'geen'} die niet kloppen")
    return found


def _problem(one: TablePlan, topic: str, topics: tuple[Described, ...]) -> str:
    where = f"Tabel {one.live.id}, onderwerp {topic}:"
    match = next((t for t in topics if t.key == topic), None)
    if match is None:
        near = get_close_matches(topic, [t.key for t in topics], n=3, cutoff=0.5)
        return f"{where} bestaat niet. Het meest lijken: {', '.join(near) or 'geen'}. Pas statline.yaml aan."
    title, unit = one.request.expected[topic]
    if title is not None and title != match.title:
        return f"{where} heet bij CBS '{match.title}', niet '{title}'. Controleer of het hetzelfde meet."
    if unit is not None and unit != match.unit:
        return f"{where} heeft bij CBS de eenheid '{match.unit}', niet '{unit}'. Controleer 'scale'."
    return ""
