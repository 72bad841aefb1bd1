"""How many readers fit: simulated browsers behind the proxy of ``deploy/``, more and more of them.

``python -m benchmarks.load`` starts the app once, twice and three times behind nginx, lets visitors come who choose
another figure every ten seconds, and looks for the number at which 95 of 100 changes no longer arrive in 1.5 seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import load_site
from benchmarks.load_client import Lost, Visitor, other
from benchmarks.load_serving import Serving, children, cpu_seconds, memory, nginx, serving
from monitor.notation import number
from monitor.paths import ROOT

BEGIN, END = "<!-- belasting: begin -->", "<!-- belasting: einde -->"
WIDGET = "w-indicator"


@dataclass(frozen=True)
class Plan:
    """How to measure. Seconds, unless the name says otherwise.

    ``every``: between two changes of a visitor, on average. ``arrive``: visitors per second that come. ``most``:
    visitors at which it stops. ``limit``: what 95 of 100 changes may take. ``warm``: changes per process beforehand.
    """

    first: int = 40
    most: int = 400
    grow: float = 1.6
    every: float = 10.0
    seconds: float = 30.0
    arrive: float = 6.0
    limit: float = 1.5
    warm: int = 150


@dataclass
class Seen:
    """What happened so far: (moment it was asked, seconds it took), lost connections by kind, seconds of opening."""

    changes: list[tuple[float, float]] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    opened: list[float] = field(default_factory=list)
    waiting: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What was measured with a number of visitors.

    ``p50``, ``p95``, ``p99``: seconds. ``app``, ``proxy``, ``own``: share of one core. ``megabytes``: per process.
    ``lag``: seconds that the generator itself came too late, 95 of 100.
    """

    visitors: int
    changes: int
    p50: float
    p95: float
    p99: float
    lost: int
    app: float
    proxy: float
    own: float
    megabytes: tuple[float, ...]
    lag: float
    opening: float

    def holds(self, plan: Plan) -> bool:
        """Whether it was fast enough, without connections that broke."""
        return self.p95 <= plan.limit and self.lost <= self.changes // 500


def percentile(values: Sequence[float], part: float) -> float:
    """The value that a part of all does not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


class Crowd:
    """The visitors of one measurement."""

    def __init__(self, served: Serving, plan: Plan) -> None:
        self.served, self.plan, self.seen = served, plan, Seen()
        self._tasks: list[asyncio.Task[None]] = []
        self._lags: list[tuple[float, float]] = []
        self._chance = random.Random(8)

    @property
    def size(self) -> int:
        """How many visitors there are."""
        return len(self._tasks)

    async def become(self, visitors: int) -> None:
        """Let visitors come, some per second, or go, until there are so many."""
        while self.size > visitors:
            self._tasks.pop().cancel()
        while self.size < visitors:
            self._tasks.append(asyncio.create_task(self._stay(self.size, random.Random(self._chance.random()))))
            await asyncio.sleep(1 / self.plan.arrive)

    async def _stay(self, mark: int, chance: random.Random) -> None:
        visitor = Visitor(self.served.url)
        opened = False
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                try:
                    if not opened:
                        self.seen.opened.append(await visitor.open())
                        opened = True
                    await self._read(visitor, mark, chance)
                except Lost as lost:
                    self.seen.lost[str(lost)] += 1
                    self.seen.waiting.pop(mark, None)
                    opened = False
                    await asyncio.sleep(1.0)
        await visitor.close()

    async def _read(self, visitor: Visitor, mark: int, chance: random.Random) -> None:
        """Choose another figure now and then; the time counts from the moment that the reader wanted it."""
        due = time.perf_counter() + chance.uniform(0, self.plan.every)
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.seen.waiting[mark] = due
            await visitor.run(WIDGET, other(visitor.options(WIDGET), chance))
            now = time.perf_counter()
            del self.seen.waiting[mark]
            self.seen.changes.append((due, now - due))
            due = max(now, due + chance.uniform(0.7, 1.3) * self.plan.every)

    async def watch(self) -> None:
        """Note how late the generator itself is."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.05)
            self._lags.append((before, time.perf_counter() - before - 0.05))

    async def measure(self) -> Step:
        """Wait until all do what they do, and measure."""
        await asyncio.sleep(self.plan.every)
        apps = [app.pid for app in self.served.apps]
        proxy = self.served.proxy.pid if self.served.proxy else 0
        proxies = [proxy, *children(proxy)]

        def used() -> tuple[float, float, float]:
            return sum(map(cpu_seconds, apps)), sum(map(cpu_seconds, proxies)), time.process_time()

        start, before, lost = time.perf_counter(), used(), self.seen.lost.total()
        await asyncio.sleep(self.plan.seconds)
        end, after = time.perf_counter(), used()
        took = [seconds for asked, seconds in self.seen.changes if start <= asked < end]
        took += [end - asked for asked in self.seen.waiting.values() if start <= asked < end - 1]
        app, own_proxy, own = ((b - a) / (end - start) for a, b in zip(before, after, strict=True))
        return Step(
            visitors=self.size, changes=len(took), p50=percentile(took, 0.5), p95=percentile(took, 0.95),
            p99=percentile(took, 0.99), lost=self.seen.lost.total() - lost, app=app, proxy=own_proxy, own=own,
            megabytes=tuple(memory(pid) for pid in apps),
            lag=percentile([lag for when, lag in self._lags if start <= when < end], 0.95),
            opening=percentile(self.seen.opened, 0.95),
        )  # fmt: skip

    async def leave(self) -> None:
        """Everybody goes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def warm(served: Serving, plan: Plan) -> float:
    """Let every process make figures once; gives the seconds that one change takes then for who is alone."""

    async def one(place: int) -> None:
        visitor, chance = Visitor(served.url, cookies={"plaats": f"p{place + 1}"}), random.Random(place)
        await visitor.open()
        for _ in range(plan.warm):
            await visitor.run(WIDGET, other(visitor.options(WIDGET), chance))
        await visitor.close()

    await asyncio.gather(*(one(k) for k in range(len(served.apps))))
    visitor, chance, took = Visitor(served.url), random.Random(99), []
    await visitor.open()
    for _ in range(20):
        took.append(await visitor.run(WIDGET, other(visitor.options(WIDGET), chance)))
    await visitor.close()
    return statistics.median(took)


async def climb(served: Serving, plan: Plan) -> tuple[float, list[float], list[Step]]:
    """More and more visitors until it no longer holds, then one number in between.

    Returns:
        Seconds of a change for who is alone; megabytes per process before; the steps in the order of measuring.
    """
    alone = await warm(served, plan)
    empty = [memory(app.pid) for app in served.apps]
    crowd, steps = Crowd(served, plan), []
    watching = asyncio.create_task(crowd.watch())
    try:
        visitors, held, broke = plan.first, 0, 0
        while True:
            await crowd.become(visitors)
            steps.append(await crowd.measure())
            print("  " + told(steps[-1]), flush=True)
            if steps[-1].holds(plan):
                held = visitors
            else:
                broke = visitors
            if broke and held < broke * 0.85 and len(steps) < 12:
                # With a queue that grew all wait long; it has to be empty first.
                await crowd.become(min(held, visitors))
                await asyncio.sleep(plan.every)
                visitors = max(1, (held + broke) // 2)
            elif broke or visitors >= plan.most:
                return alone, empty, steps
            else:
                visitors = min(plan.most, int(visitors * plan.grow))
    finally:
        watching.cancel()
        await crowd.leave()


def told(step: Step) -> str:
    """A step on one line."""
    return (
        f"{step.visitors} bezoekers: p50 {step.p50:.2f} s, p95 {step.p95:.2f} s, {step.changes} keuzes, "
        f"{step.lost} verbroken, app {step.app:.0%}, nginx {step.proxy:.0%}, bezoekers zelf {step.own:.0%} van een kern"
    )


def rows(processes: int, alone: float, empty: Sequence[float], steps: Sequence[Step], plan: Plan) -> list[str]:
    """The lines of the table for a number of processes, in the order of the number of visitors."""
    made = []
    best = max((s.visitors for s in steps if s.holds(plan)), default=0)
    for step in sorted(steps, key=lambda s: s.visitors):
        mark = "**" if step.visitors == best else ""
        cells = [
            str(processes), f"{mark}{step.visitors}{mark}", f"{number(step.changes / plan.seconds, 1)}",
            f"{number(step.p50, 2)} s", f"{mark}{number(step.p95, 2)} s{mark}", f"{number(step.p99, 2)} s",
            number(step.lost, 0), f"{number(100 * step.app, 0)}%", f"{number(100 * step.proxy, 0)}%",
            f"{number(100 * step.own, 0)}%", " / ".join(number(m, 0) for m in step.megabytes),
        ]  # fmt: skip
        made.append("| " + " | ".join(cells) + " |")
    grown = [(sum(s.megabytes) - sum(empty)) / s.visitors for s in steps if s.visitors == best]
    print(
        f"  {processes} proces(sen): {best} bezoekers halen p95 ≤ {plan.limit} s; "
        f"alleen duurt een keuze {alone:.3f} s; "
        f"geheugen vooraf {sum(empty):.0f} MB, per bezoeker erbij {grown[0] if grown else 0:.1f} MB"
    )
    return made


HEAD = (
    "| processen | bezoekers | keuzes per seconde | p50 | p95 | p99 | verbroken | app | nginx | meetprogramma | "
    "MB per proces |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def write(text: str) -> None:
    """Put the table where docs/uitrol.md keeps it."""
    path = ROOT / "docs" / "uitrol.md"
    whole = path.read_text(encoding="utf-8")
    before, rest = whole.split(BEGIN, 1)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    plan = Plan()
    asked = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    asked.add_argument("--processes", default="1,2,3", help="numbers of processes to measure, with commas")
    asked.add_argument("--first", type=int, default=plan.first, help="visitors to begin with")
    asked.add_argument("--most", type=int, default=plan.most, help="visitors at which to stop")
    asked.add_argument("--seconds", type=float, default=plan.seconds, help="of measuring per number of visitors")
    asked.add_argument("--warm", type=int, default=plan.warm, help="changes per process beforehand")
    asked.add_argument("--every", type=float, default=plan.every, help="seconds between two changes of a visitor")
    asked.add_argument("--site", default="", help="folder of the static site, to measure that too (asks wrk)")
    asked.add_argument("--no-app", action="store_true", help="only the static site")
    asked.add_argument("--write", action="store_true", help="put the tables into docs/uitrol.md")
    return asked.parse_args()


def main() -> None:
    """Measure, print the table and write it when asked."""
    given = _arguments()
    if nginx() is None:
        raise SystemExit("Fout: nginx ontbreekt (Debian: apt-get install nginx-light).")
    plan = Plan(given.first, given.most, every=given.every, seconds=given.seconds, warm=given.warm)
    load = number(os.getloadavg()[0], 1)
    lines = [f"Gemeten op {os.cpu_count()} kernen, belasting vooraf {load}.", ""]
    if not given.no_app:
        lines.append(HEAD)
        for processes in (int(n) for n in given.processes.split(",")):
            print(f"{processes} proces(sen):", flush=True)
            with tempfile.TemporaryDirectory() as folder, serving(processes, Path(folder)) as served:
                lines += rows(processes, *asyncio.run(climb(served, plan)), plan)
    if given.site:
        lines += ["", *load_site.measure(Path(given.site))]
    text = "\n".join(lines)
    print(text)
    if given.write:
        write(text)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, subprocess.SubprocessError):
        main()
