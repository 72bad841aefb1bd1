"""Build the site: gather its pages and files, and make what changed in a few processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from monitor import paths
from monitor.dates import told_date
from monitor.figures.spec import MapFigure
from monitor.publish import digest as dg
from monitor.publish import (
    extras,
    findings,
    home,
    incremental,
    indicator,
    layout,
    method,
    more,
    municipality,
    redirects,
    region,
    search,
)
from monitor.publish.downloads_figure import figure_files
from monitor.publish.edition import Edition, read
from monitor.publish.incremental import Output, Written
from monitor.publish.layout import Frame
from monitor.publish.office import Office
from monitor.publish.page import File, Page
from monitor.state import home as with_slash

# Files that a process makes before it reports: what belongs together is made together and shares its work.
_TOGETHER = 4


@dataclass(frozen=True)
class Options:
    """What a reader of the command line chose.

    ``base``: where the site is served; ``app``: where the app is; both with one slash at the end, or empty.
    ``workers``: processes that make files. ``office``: who publishes, for the metadata; None when nobody has told.
    """

    base: str = ""
    app: str = ""
    workers: int = 2
    office: Office | None = None


def pages(ed: Edition, options: Options) -> list[Page]:
    """All pages of the site, each with its digest."""
    digests = dg.Digests(ed, options.base, options.app)
    made = [
        *home.pages(ed), *region.pages(ed), *more.pages(ed), *indicator.pages(ed), *findings.pages(ed),
        *municipality.pages(ed), *method.pages(ed, options.app), *search.pages(ed), *redirects.pages(ed.definitions),
    ]  # fmt: skip
    return [replace(p, digest=digests.page(p)) for p in made]


def files(ed: Edition, made: Sequence[Page], options: Options) -> list[File]:
    """What is no page: the files that pages share, and the downloads beside figures and municipalities."""
    shared = [File(path, content, dg.of(content)) for path, content in layout.assets().items()]
    per_path = {p.path: p for p in made}
    for i in indicator.shown(ed):
        page = per_path[indicator.links.indicator(i.id)]
        figure = page.figure
        if figure is not None:
            shared += figure_files(ed, i, figure, indicator.trend_of(ed, i), options.base, page.digest)  # type: ignore[arg-type]
    for code in ed.snapshot.municipalities:
        page = per_path[municipality.links.municipality(code)]
        shared.append(municipality.file_of(ed, code, options.base, page.digest))
    return shared


def outputs(ed: Edition, options: Options) -> list[Output]:
    """Everything that the site consists of: what pages use before pages."""
    made = pages(ed, options)
    frame = Frame(
        options.base, options.app, ed.name, told_date(ed.day) if ed.day else "",
        partial(extras.head, base=options.base), partial(extras.below, base=options.base),
    )  # fmt: skip
    own = files(ed, made, options)
    maps = {p.path: p.figure.title for p in made if isinstance(p.figure, MapFigure)}
    csvs = {
        f.path: maps[folder]
        for f in own
        for folder in [f"{f.path.rpartition('/')[0]}/"]
        if f.path.endswith(".csv") and folder in maps and "/kaart-" in f.path
    }
    around = extras.files(ed, made, options.base, options.app, options.office, csvs)
    # The files of a page go right before it: what is composed for one is at hand for the other.
    beside: dict[str, list[Output]] = {p.path: [] for p in made if p.path}
    first: list[Output] = []
    for f in (*around, *own):
        # The package goes first: it takes longest, and the metadata after it use what it made.
        folder = "" if f.path.endswith(".zip") else f"{f.path.rpartition('/')[0]}/"
        beside.get(folder, first).append(Output(f.file, f.digest, f.bytes))
    last = [[*beside.get(p.path, ()), Output(p.file, p.digest, partial(_bytes, p, frame))] for p in made]
    return [*first, *(o for group in last for o in group)]


def _bytes(page: Page, frame: Frame) -> bytes:
    return layout.render(page, frame).encode()


def build(out: Path, options: Options, folder: Path | None = None, everything: bool = False) -> Written:
    """Make the site of an edition in a folder, or bring it up to date.

    Args:
        out: the folder.
        options: see ``Options``.
        folder: the edition; the one in force by default.
        everything: make every file anew.

    Raises:
        MonitorError: the edition cannot be read, or the folder is none to write in.
    """
    options = replace(options, base=with_slash(options.base), app=with_slash(options.app))
    ed = read(folder or paths.snapshot_dir())
    return incremental.write(out, outputs(ed, options), _runner(options.workers), everything)


_work: Callable[[int], tuple[str, int]] | None = None


def _one(place: int) -> tuple[str, int]:
    assert _work is not None
    return _work(place)


def _runner(workers: int) -> incremental.Run:
    """Make files in some processes, which inherit all that is read; in this one where that cannot be."""
    count = min(workers, os.cpu_count() or 1)
    if count < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return incremental.serial
    return partial(_shared, count)


def _shared(count: int, todo: Sequence[Output], write: Callable[[Output, bytes], int]) -> Iterator[tuple[str, int]]:
    global _work
    if len(todo) < 2 * _TOGETHER:
        yield from incremental.serial(todo, write)
        return
    _work = lambda place: (todo[place].file, write(todo[place], todo[place].make()))  # noqa: E731
    with multiprocessing.get_context("fork").Pool(count, _quiet) as pool:
        yield from pool.imap(_one, range(len(todo)), chunksize=_TOGETHER)
    _work = None


def _quiet() -> None:
    """An interrupt is for the process that leads; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
