"""The command ``python -m monitor import rmbw``: an edition's download becomes a new edition of the figures."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import Refused, SourceInvalid
from monitor.notation import listing, number

if TYPE_CHECKING:
    import pandas as pd

    from monitor.definitions import Definitions
    from monitor.refresh.models import Fresh, Outcome, Progress
    from monitor.refresh.rmbw_place import Placed
    from monitor.snapshot.store import Snapshot

IMPORTED, FAILED, UNCHANGED, REFUSED = 0, 1, 3, 4
Say = Callable[[str], None]


def add(commands: Any, say: Say = print) -> None:
    """Add the command to the command line; ``say`` gets what it tells."""
    importing = commands.add_parser("import", help="neem cijfers over uit een bestand dat u bij CBS haalde")
    parts = importing.add_subparsers(title="opdrachten", metavar="OPDRACHT", required=True)
    rmbw = parts.add_parser(
        "rmbw",
        help="een editie van de Regionale Monitor Brede Welvaart (CSV of Excel)",
        epilog=f"Afsluitcode {IMPORTED}: overgenomen (of alleen gecontroleerd); {UNCHANGED}: niets veranderd; "
        f"{REFUSED}: geweigerd; {FAILED}: mislukt. Bij {REFUSED} en {FAILED} blijven de oude cijfers.",
    )
    rmbw.add_argument("files", type=Path, nargs="+", metavar="BESTAND", help="alle bestanden van één editie")
    rmbw.add_argument("--edition", type=int, metavar="JAAR", help="jaar van de editie, als het niet in de naam staat")
    rmbw.add_argument("--check", action="store_true", help="alleen lezen en vertellen; er verandert niets")
    rmbw.add_argument("--report", type=Path, metavar="CSV", help="schrijf elke rij zonder plaats in dit bestand")
    rmbw.add_argument("--zeros", choices=("leeg", "echt"), help="wat een 0 is waar nooit een 0 stond")
    rmbw.add_argument("--notation", choices=("nl", "en"), help="getallen als 1.234,5 (nl) of 1,234.5 (en)")
    rmbw.set_defaults(run=lambda chosen: _rmbw(chosen, say))


def _rmbw(chosen: argparse.Namespace, say: Say) -> int:
    # Loads pandas and more, which other commands need not wait for.
    from monitor.refresh.cli import Screen, concluded

    if chosen.report and not chosen.report.absolute().parent.is_dir():
        raise Refused(
            f"De map van --report bestaat niet: {chosen.report.absolute().parent}.", "Maak die map, of kies een andere."
        )
    if not chosen.check:
        screen = Screen()
        return concluded(lambda: _imported(chosen, say, screen.show), screen, _told)
    try:
        _checked(chosen, say)
    except SourceInvalid as error:
        print(f"Geweigerd: {error}", file=sys.stderr)
        return REFUSED
    say("Alleen gecontroleerd; er is niets veranderd.")
    return IMPORTED


def _checked(chosen: argparse.Namespace, say: Say) -> None:
    """Do it in a copy of the edition, and tell what would come of it."""
    from monitor import paths
    from monitor.definitions import load
    from monitor.refresh.install import install_on
    from monitor.snapshot import compare, store

    definitions, folder, now = load(), paths.snapshot_dir(), datetime.now(UTC)
    base = store.newest_readable(folder, compare.kept_beside(folder)).folder
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data" / "snapshot"
        shutil.copytree(base, copy)
        old = store.read(copy)
        fresh = _fresh(chosen, definitions, old, now, say)
        outcome = install_on(definitions, copy, old, fresh, today=now, keep=compare.kept_beside(copy))
    say(_would(outcome))
    for notice in outcome.notices:
        say(f"  Let op: {notice.text}")


def _imported(chosen: argparse.Namespace, say: Say, progress: Progress) -> Outcome:
    from monitor import paths
    from monitor.definitions import load
    from monitor.refresh.install import install_on
    from monitor.refresh.lock import only_one
    from monitor.snapshot import compare, store, swap

    definitions, folder, now = load(), paths.snapshot_dir(), datetime.now(UTC)
    kept = compare.kept_beside(folder)
    with only_one(folder):
        swap.clean_up(folder, kept)
        old = store.newest_readable(folder, kept)
        fresh = _fresh(chosen, definitions, old, now, say)
        return install_on(definitions, folder, old, fresh, today=now, keep=kept, progress=progress)


def _fresh(chosen: argparse.Namespace, definitions: Definitions, old: Snapshot, now: datetime, say: Say) -> Fresh:
    """Read, place, tell what was placed and what not, and make the figures."""
    from monitor.refresh.rmbw import check_edition, rmbw_fresh
    from monitor.refresh.rmbw_place import place
    from monitor.sources.rmbw_file import read_files

    download = read_files(chosen.files, chosen.notation)
    edition = chosen.edition or edition_in(download.names)
    check_edition(old, edition, now.date())
    placed = place(definitions, old, download, edition, chosen.zeros)
    _tell(definitions, old, placed, chosen.report, say)
    return rmbw_fresh(definitions, old, placed, edition, now.date())


def edition_in(names: tuple[str, ...]) -> int:
    """The year of an edition as the names of its files tell it.

    Raises:
        SourceInvalid: no name holds a year, or they hold more than one.
    """
    years = {int(y) for n in names for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", n)}
    if len(years) != 1:
        told = "meer dan één jaar" if years else "geen jaar"
        files = listing([f"‘{n}’" for n in names])
        raise SourceInvalid(f"In de naam van {files} staat {told}.", "Zeg met --edition welke editie het is.")
    return years.pop()


def _tell(definitions: Definitions, old: Snapshot, placed: Placed, report: Path | None, say: Say) -> None:
    """What was read and placed, and what was not."""
    from monitor.refresh.rmbw_notes import many

    rows = placed.rows
    levels = rows["area"].str[:2]
    areas = rows.groupby(levels)["area"].nunique()
    what = [
        many(int(areas.get(level, 0)), one, more)
        for level, one, more in (("GM", "gemeente", "gemeenten"), ("PV", "provincie", "provincies"))
        if areas.get(level, 0)
    ]
    say(
        f"Regionale Monitor Brede Welvaart, editie {placed.edition}: {number(placed.total, 0)} rijen gelezen uit "
        f"{listing([f'‘{n}’' for n in placed.names])}."
    )
    say(
        f"Herkend: {number(len(rows), 0)} waarden van "
        f"{many(rows['measure'].nunique(), 'indicator', 'indicatoren')}, {listing(what)}, "
        f"{rows['year'].min()}-{rows['year'].max()}."
    )
    for text in [n.text for n in placed.notes] + _not_taken(definitions, old, rows):
        say(f"- {text}")
    if placed.vanished:
        gone = listing(sorted(r.name for r in definitions.layout.reorganisations if r.vanished in placed.vanished)[:5])
        say(f"- {many(len(placed.vanished), 'gemeente', 'gemeenten')} van vroeger ({gone}): bij de opvolger geteld.")
    if report is not None:
        placed.left.to_csv(report, sep=";", decimal=",", index=False, encoding="utf-8-sig", header=_REPORT)
        say(_listed(len(placed.left), report))


def _listed(rows: int, report: Path) -> str:
    """Where the rows without a place are."""
    if not rows:
        return f"Elke rij heeft een plaats; in ‘{report.absolute()}’ staan alleen de namen van de kolommen."
    told = f"De {number(rows, 0)} rijen zonder plaats staan" if rows > 1 else "De rij zonder plaats staat"
    return f"{told} in ‘{report.absolute()}’."


_REPORT = ["bestand", "rij", "reden", "gebied", "jaar", "code", "naam", "thema", "waarde"]


def _not_taken(definitions: Definitions, old: Snapshot, rows: pd.DataFrame) -> list[str]:
    """Years of indicators that stay with another table."""
    from monitor.refresh.rmbw import refused_years
    from monitor.refresh.rmbw_place import used_measures

    found = []
    for measure, indicators in used_measures(definitions).items():
        years = rows.loc[(rows["measure"] == measure) & rows["area"].str.startswith("GM"), "year"].unique()
        for indicator in indicators:
            reasons: dict[str, list[str]] = {}
            for year, why in refused_years(definitions, old, indicator.id, years).items():
                reasons.setdefault(why, []).append(str(year))
            found += [f"{indicator.name}: {listing(y)} niet overgenomen, want {why}." for why, y in reasons.items()]
    return found


def _told(outcome: Outcome) -> str:
    if (what := _changed(outcome)) is None:
        return f"Niets veranderd: editie {outcome.edition} heeft deze cijfers al."
    return f"Overgenomen: {what} Editie {outcome.edition} is nu in gebruik."


def _would(outcome: Outcome) -> str:
    what = _changed(outcome)
    return f"Overnemen zou geven: {what or 'niets nieuws, want de editie heeft deze cijfers al.'}"


def _changed(outcome: Outcome) -> str | None:
    """What changed, in the words of the change log; None for nothing."""
    if outcome.unchanged or outcome.comparison is None:
        return None
    from monitor.refresh.changelog import headline

    return headline(outcome.comparison)
