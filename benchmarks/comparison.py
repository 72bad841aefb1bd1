"""All judgements and trends at once, and a region composed anew: ours, and the trends beside scipy."""

from __future__ import annotations

import math

from scipy import stats

from benchmarks.figures import REPEATS, seconds, tenfold
from monitor import paths
from monitor.assessment import BENCHMARKS, BenchmarkId
from monitor.composed import Composed, ground_of
from monitor.definitions import Definitions, load
from monitor.figures.compose import Composer
from monitor.figures.geometry import read_outlines
from monitor.profile import assess_all, courses, of_regions, panel_of
from monitor.screens import composed_html
from monitor.screens.composed import compose_page
from monitor.snapshot import store
from monitor.snapshot.store import Snapshot
from monitor.statistics.change import comparable_years
from monitor.statistics.panel import Panel


def with_scipy(definitions: Definitions, snapshot: Snapshot) -> list[tuple[float, float]]:
    """The same trends as anyone would test them: p-value and slope of every series, one by one."""
    found = []
    everything = assess_all(definitions, snapshot, {r.id: r.codes for r in definitions.regions}, {})
    for name, changes in courses(definitions, snapshot, everything).items():
        years = [everything.keys[row][1] for row in everything.rows[name]]
        breaks = [b.year for b in definitions.indicator(name).breaks]
        for area, change in enumerate(changes):
            if change.slope is None:
                continue
            values = everything.added.value[everything.rows[name], area]
            points = {y: float(v) for y, v in zip(years, values, strict=True) if not math.isnan(v)}
            chosen = comparable_years(list(points), breaks)
            own = [points[y] for y in chosen]
            p = stats.kendalltau(chosen, own, method="exact" if len(set(own)) == len(own) else "auto").pvalue
            found.append((float(p), float(stats.theilslopes(own, chosen).slope)))
            if len(set(own)) == len(own) and not math.isclose(p, change.slope.p, abs_tol=1e-9):
                raise SystemExit(f"{name}: onze kans is {change.slope.p}, die van scipy {p}.")
            if not math.isclose(found[-1][1], change.slope.value, rel_tol=1e-9, abs_tol=1e-12):
                raise SystemExit(f"{name}: onze helling is {change.slope.value}, die van scipy {found[-1][1]}.")
    return found


def recomposing(definitions: Definitions, snapshot: Snapshot, panel: Panel) -> float:
    """A region composed anew and its profile redrawn: content and HTML, the slowest of four benchmarks."""
    outlines = read_outlines(snapshot.folder, {r.id: r.codes for r in definitions.regions})
    ground = ground_of(definitions, snapshot, outlines.municipalities, panel)
    composer = Composer(definitions, snapshot)
    start = definitions.region("achterhoek")

    def once(benchmark: BenchmarkId) -> str:
        page = compose_page(
            definitions, snapshot, composer, ground, Composed(start, (*start.codes, "GM0262")), benchmark
        )
        tables = "".join(composed_html.goal_table(page, goal, themes) for goal, themes in page.goals)
        effects = composed_html.joining(page.joining, page.judged, page.benchmark)
        return tables + effects + composed_html.sensitivity(page.leaving, page.judged)

    return max(seconds(lambda b=b: once(b), REPEATS) for b in BENCHMARKS)


def measure() -> list[tuple[str, str, str]]:
    """Return rows of the table: what, measured, asked."""
    definitions, snapshot = load(), store.read(paths.snapshot_dir())
    snapshot.years("overgewicht"), snapshot.statuses
    panel = panel_of(definitions, snapshot)
    everything = assess_all(definitions, snapshot, {r.id: r.codes for r in definitions.regions}, {}, panel)
    tested = with_scipy(definitions, snapshot)
    whole = seconds(lambda: of_regions(definitions, snapshot), REPEATS)
    trends = seconds(lambda: courses(definitions, snapshot, everything), REPEATS)
    slow = seconds(lambda: with_scipy(definitions, snapshot), 3) - seconds(
        lambda: assess_all(definitions, snapshot, {r.id: r.codes for r in definitions.regions}, {}), 3
    )
    many, large = tenfold(definitions, snapshot)
    large.years("overgewicht"), large.statuses
    ten = seconds(lambda: of_regions(many, large), 3)
    again = recomposing(definitions, snapshot, panel)
    count = len(definitions.indicators)
    return [
        (
            f"alle oordelen en trends, 11 regio’s x {count} cijfers, vanaf de lange tabel",
            f"{1000 * whole:.0f} ms",
            "< 300 ms",
        ),
        ("tien keer zoveel rijen", f"{ten / whole:.1f} keer zo lang", "ongeveer 10"),
        (
            f"waarvan de jaren, met {len(tested)} trends (zelfde kansen en hellingen als scipy)",
            f"{1000 * trends:.0f} ms",
            "",
        ),
        ("een regio anders samenstellen en haar profiel tekenen", f"{1000 * again:.0f} ms", "< 150 ms"),
        ("dezelfde trends één voor één met scipy", f"{slow / trends:.0f} keer zo lang", ""),
    ]
