"""A refresh from beginning to end: ask what changed, fetch, check, put in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor import dates
from monitor.definitions import Definitions
from monitor.disk import why
from monitor.errors import MonitorError, SnapshotError, SourceInvalid
from monitor.refresh.changelog import headline
from monitor.refresh.divisors import divided_by, publications
from monitor.refresh.download import ask, fetch
from monitor.refresh.install import install_on
from monitor.refresh.lean import give_back, lean
from monitor.refresh.lock import only_one
from monitor.refresh.merge import Gathered
from monitor.refresh.models import Fresh, Outcome, Progress, Step
from monitor.refresh.plan import TablePlan, plan
from monitor.refresh.status import Reporter
from monitor.snapshot import compare, store, swap
from monitor.sources.statline import connect
from monitor.sources.statline.service import About
from monitor.sources.statline.settings import Settings

_STAYS = "De oude cijfers blijven in gebruik."
# Which publication of a table was looked at last and held nothing new for the edition in force.
SEEN = ".verversen-gezien.json"


def refresh(
    definitions: Definitions,
    folder: Path,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    force: bool = False,
    settings: Settings | None = None,
    today: datetime | None = None,
    keep: Path | None = None,
    progress: Progress = lambda step: None,
) -> Outcome:
    """Fetch the tables that changed since the edition in force, and make a new edition with their figures.

    All other figures stay as they are. Whatever fails, the edition in force stays; when that is damaged, the newest
    kept edition is the base. One table that fails stops the whole refresh: an edition is never half fresh.

    Args:
        definitions: what the tables are used for.
        folder: the edition in force.
        only: ids of tables; empty for all of which the keys are known.
        without: ids of tables to leave out.
        force: fetch also what did not change.
        settings: how to reach the services; None for those of the environment.
        today: the moment of making, which names the edition; None for now.
        keep: where the previous edition goes; None for data/edities beside the edition in force.
        progress: told of every step, from more than one thread.

    Raises:
        Busy: another process is refreshing.
        UnknownName: a table that cannot be fetched.
        SourceUnavailable: a service could not be reached.
        SourceInvalid: a table does not hold what the definitions ask, or holds what cannot be.
        SnapshotError: neither the edition in force nor a kept one can be read.
    """
    settings = settings or Settings.from_environment()
    moment = today or datetime.now(UTC)
    plan(definitions, {}, only, without)  # a name that does not exist is no refresh that failed

    def work(base: _Base, kept: Path, tell: Progress) -> Outcome:
        plans = plan(definitions, _sources(base.manifest, _seen(folder, base.edition)), only, without)
        return _refreshed(definitions, folder, base, plans, force, settings, moment, kept, tell)

    return _alone(folder, keep, progress, work)


def refresh_boundaries(
    definitions: Definitions,
    folder: Path,
    year: int,
    *,
    settings: Settings | None = None,
    today: datetime | None = None,
    keep: Path | None = None,
    progress: Progress = lambda step: None,
) -> Outcome:
    """Fetch the outlines of a year, and make a new edition with them; on another layout everything is added up anew.

    Args:
        definitions: regions and reorganisations.
        folder: the edition in force.
        year: of the municipal layout, as of 1 January.
        settings: how to reach the services; None for those of the environment.
        today: the moment of making; None for now.
        keep: where the previous edition goes; None for data/edities beside the edition in force.
        progress: told of every step.

    Raises:
        As ``refresh``.
    """
    moment = today or datetime.now(UTC)

    def work(base: _Base, kept: Path, tell: Progress) -> Outcome:
        from monitor.refresh.boundaries import fresh_boundaries  # shapes take time and memory to load

        old = base.read()
        geometry, areas = fresh_boundaries(definitions, old, year, settings, tell, today=dates.today(moment))
        if geometry is None and old.folder == folder:
            return Outcome(old.edition, old.edition)
        nothing = old.observations.iloc[:0][store.OBSERVATION_COLUMNS]
        fresh = Fresh(nothing, geometry=geometry, areas=areas)
        return install_on(definitions, folder, old, fresh, today=moment, keep=kept, progress=tell)

    return _alone(folder, keep, progress, work)


@dataclass(frozen=True)
class _Base:
    """The edition to build on; its figures are read only when there is something to do with them."""

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, kept: Path) -> _Base:
        """The edition in force, or the newest kept one when that is damaged; errors as ``store.newest_readable``."""
        try:
            return cls(folder, store.read_manifest(folder))
        except SnapshotError:
            found = store.newest_readable(folder, kept)
            return cls(found.folder, found.manifest)

    @property
    def edition(self) -> str:
        return str(self.manifest["edition"])

    def read(self) -> store.Snapshot:
        return store.read(self.folder)


def _alone(
    folder: Path,
    keep: Path | None,
    progress: Progress,
    work: Callable[[_Base, Path, Progress], Outcome],
) -> Outcome:
    """Do something that may make an edition, with the lock in hand; note how it is doing and how it ended."""
    lean()
    with only_one(folder):
        reporter = Reporter(folder)

        def tell(step: Step) -> None:
            reporter.tell(step)
            progress(step)

        try:
            kept = keep or compare.kept_beside(folder)
            swap.clean_up(folder, kept)
            outcome = work(_Base.of(folder, kept), kept, tell)
        except KeyboardInterrupt:
            reporter.end("afgebroken", "Afgebroken; de cijfers zijn niet veranderd.")
            raise
        except MonitorError as error:
            reporter.end("geweigerd" if isinstance(error, SourceInvalid) else "mislukt", str(error))
            raise
        except OSError as error:
            reason, way_out = why(error)
            full = SnapshotError(f"De nieuwe editie kan niet worden geschreven: {reason}.", f"{_STAYS} {way_out}")
            reporter.end("mislukt", str(full))
            raise full from error
        except BaseException as error:
            said = f"Het verversen is mislukt ({type(error).__name__}). {_STAYS}"
            reporter.end("mislukt", said)
            raise
        reporter.end("ongewijzigd" if outcome.unchanged else "klaar", told(outcome), outcome.edition)
        return outcome


def _refreshed(
    definitions: Definitions,
    folder: Path,
    base: _Base,
    plans: tuple[TablePlan, ...],
    force: bool,
    settings: Settings,
    moment: datetime,
    keep: Path,
    progress: Progress,
) -> Outcome:
    whole = base.folder == folder
    with closing(connect(settings)) as service:
        abouts = ask(service, plans, settings.parallel, progress)
        moments = publications(plans, abouts, _sources(base.manifest, _seen(folder, base.edition)))
        rests = {p.live.id: divided_by(definitions, p, moments) for p in plans}
        changed = [
            replace(p, divided_by=rests[p.live.id])
            for p in plans
            if force or not whole or not _known(p, abouts[p.live.id]) or p.divided_by != rests[p.live.id]
        ]
        if not changed and whole:
            return Outcome(base.edition, base.edition)
        gathered: Gathered | None = None
        for table, download in fetch(service, changed, abouts, settings.parallel, progress):
            # Not before the first table is in: while others come there is time to read.
            gathered = gathered or Gathered(definitions, base.read(), changed)
            gathered.add(table, download, dates.today(moment).isoformat())
            del download
    gathered = gathered or Gathered(definitions, base.read())
    give_back()
    outcome = install_on(
        definitions, folder, gathered.old, gathered.fresh(), today=moment, keep=keep, progress=progress
    )
    if outcome.unchanged:
        _note_seen(folder, base.edition, gathered.sources)
    return outcome


def _known(table: TablePlan, about: About) -> bool:
    """Whether the edition holds this publication of a table already."""
    return bool(about.modified) and about.modified == table.modified


_NOTED = ("modified", "statline")


def recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """What earlier downloads said of the tables, without reading figures; empty for a damaged edition."""
    try:
        manifest = store.read_manifest(folder)
    except SnapshotError:
        return {}
    return _sources(manifest, _seen(folder, str(manifest["edition"])))


def _sources(manifest: Mapping[str, Any], seen: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Manifest entries, with what was learnt from downloads that changed no figure."""
    entries: dict[str, dict[str, Any]] = manifest["sources"]
    return {name: {**entries.get(name, {}), **seen.get(name, {})} for name in {*entries, *seen}}


def _seen(folder: Path, edition: str) -> dict[str, dict[str, Any]]:
    try:
        noted = json.loads((folder.parent / SEEN).read_text(encoding="utf-8"))
        tables = noted["tables"] if noted["edition"] == edition else {}
        return {str(k): {part: v[part] for part in _NOTED} for k, v in tables.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _note_seen(folder: Path, edition: str, fetched: Mapping[str, dict[str, Any]]) -> None:
    """Best effort: without the note the next refresh fetches these tables once more."""
    tables = {**_seen(folder, edition), **{k: {part: v[part] for part in _NOTED} for k, v in fetched.items()}}
    partial = folder.parent / f"{SEEN}.deel"
    try:
        partial.write_text(json.dumps({"edition": edition, "tables": tables}, ensure_ascii=False), encoding="utf-8")
        partial.replace(folder.parent / SEEN)
    except OSError:
        partial.unlink(missing_ok=True)


def told(outcome: Outcome) -> str:
    """What came of a refresh, in one or two sentences."""
    if outcome.comparison is None:
        looked = f" Opgehaald en vergeleken: {', '.join(outcome.codes)}." if outcome.codes else ""
        return f"Niets veranderd: editie {outcome.edition} is nog de nieuwste.{looked}"
    return f"Ververst: {headline(outcome.comparison)} Editie {outcome.edition}."
