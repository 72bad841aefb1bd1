"""Ask which tables changed, and fetch those: a few at a time, and told as it goes."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

from monitor.refresh.models import Progress, Step
from monitor.refresh.plan import TablePlan
from monitor.sources.statline.service import About, Download, StatLine

Result = TypeVar("Result")


# Tables at a time per request at a time, of which the service keeps count: while one table is read, another asks.
_HANDS = 2


class _Stopped(Exception):
    """Another table failed, or somebody stopped the refresh."""


class Tally:
    """Counts what came in over all tables, and tells it; safe to use from several threads."""

    def __init__(self, plans: Sequence[TablePlan], progress: Progress) -> None:
        self._plans, self._progress = list(plans), progress
        self._rows: dict[str, int] = {}
        self._busy: list[str] = []
        self._done = 0
        self._lock = threading.Lock()
        self.stop = threading.Event()

    def begin(self, plan: TablePlan) -> None:
        """A table is being fetched from now on."""
        with self._lock:
            self._busy.append(plan.live.id)
            self._tell()

    def rows(self, plan: TablePlan, rows: int) -> None:
        """So many rows of a table are in; raises when there is no need for more."""
        if self.stop.is_set():
            raise _Stopped
        with self._lock:
            self._rows[plan.live.id] = rows
            self._tell()

    def end(self, plan: TablePlan) -> None:
        """A table is in."""
        with self._lock:
            self._busy.remove(plan.live.id)
            self._done += 1
            self._tell()

    def _tell(self) -> None:
        title = {p.live.id: f"{p.table.title} ({p.live.id})" for p in self._plans}
        begun = self._done + len(self._busy)
        coming = self._plans[begun].live.id if begun < len(self._plans) else ""
        now = tuple(title[b] for b in self._busy)
        rows = sum(self._rows.values())
        self._progress(Step("ophalen", self._done, len(self._plans), rows, now, title.get(coming, "")))


@contextmanager
def _workers(parallel: int, stop: threading.Event) -> Iterator[ThreadPoolExecutor]:
    """Threads that are not waited for when something goes wrong: an answer may take long to come."""
    pool = ThreadPoolExecutor(max_workers=_HANDS * max(1, parallel), thread_name_prefix="cbs")
    try:
        yield pool
    except BaseException:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _each(
    plans: Sequence[TablePlan], work: Callable[[TablePlan], Result], parallel: int, stop: threading.Event
) -> Iterator[tuple[TablePlan, Result]]:
    """Do the work for every table, at most ``parallel`` at a time; in the order in which they are done."""
    with _workers(parallel, stop) as pool:
        futures: dict[Future[Result], TablePlan] = {pool.submit(work, p): p for p in plans}
        for future in as_completed(futures):
            plan = futures.pop(future)
            yield plan, future.result()
            del future  # a download is large; what was handled may go


def ask(service: StatLine, plans: Sequence[TablePlan], parallel: int, progress: Progress) -> dict[str, About]:
    """What the service says of every table: one request each.

    Raises:
        SourceUnavailable, SourceInvalid: as ``StatLine``.
    """
    found: dict[str, About] = {}
    progress(Step("vragen", 0, len(plans)))
    for plan, about in _each(plans, lambda p: service.about(p.live.id), parallel, threading.Event()):
        found[plan.live.id] = about
        progress(Step("vragen", len(found), len(plans)))
    return found


def _size(plan: TablePlan) -> int:
    """How large a table will be beside others: of how many combinations of codes it asks the areas and years."""
    return math.prod(len(codes) for codes in plan.request.filters.values())


def fetch(
    service: StatLine, plans: Sequence[TablePlan], abouts: dict[str, About], parallel: int, progress: Progress
) -> Iterator[tuple[TablePlan, Download]]:
    """Fetch tables; each is given as soon as it is in. Memory holds those that are under way.

    Raises:
        SourceUnavailable, SourceInvalid: as ``StatLine``; the others are then stopped.
    """
    # The pages of one table come one after another: the longest table goes first, or all wait for it at the end. Before
    # it goes what holds quantities, for those can be brought to the current layout while other tables come.
    plans = sorted(plans, key=lambda p: (bool(p.quantities), _size(p)), reverse=True)
    tally = Tally(plans, progress)

    def one(plan: TablePlan) -> Download:
        tally.begin(plan)
        found = service.fetch(plan.request, abouts[plan.live.id], lambda rows, _: tally.rows(plan, rows))
        tally.end(plan)
        return found

    yield from _each(plans, one, parallel, tally.stop)
