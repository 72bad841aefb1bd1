"""Is all well? The edition, the definitions, the log, the disk and the last refresh, each with one Dutch sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from monitor.definitions import load
from monitor.errors import MonitorError
from monitor.logbook.database import Database, database
from monitor.notation import listing, number
from monitor.refresh.status import read_status
from monitor.screens.edition_age import age_of
from monitor.snapshot import store, swap
from monitor.snapshot.compare import kept_beside

Grade = Literal["goed", "let op", "fout"]
GRADES: tuple[Grade, ...] = ("goed", "let op", "fout")
# Free space, in MB: below the first nothing new can be kept, below the second it is time to do something.
_FULL, _NEARLY = 100, 500
_ENDED = {
    "mislukt": "is mislukt",
    "geweigerd": "is geweigerd: wat CBS gaf, past niet",
    "afgebroken": "is afgebroken",
}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: how it is, what is said of it, and what to do when it is not good."""

    name: str
    grade: Grade
    message: str
    way_out: str = ""


@dataclass(frozen=True)
class Health:
    """All checks, and the name of the edition in force ('' when it cannot be read)."""

    edition: str
    checks: tuple[Check, ...]

    @property
    def grade(self) -> Grade:
        """That of the worst check."""
        return max((c.grade for c in self.checks), key=GRADES.index, default="goed")

    def as_json(self) -> dict[str, Any]:
        """For a program that watches."""
        told = [
            {"naam": c.name, "staat": c.grade, "melding": c.message, "uitweg": c.way_out or None} for c in self.checks
        ]
        return {"staat": self.grade, "editie": self.edition or None, "onderdelen": told}


def health(folder: Path, own: Path, today: date, free: Callable[[Path], int] | None = None) -> Health:
    """Look at everything; nothing is changed, and nothing raises.

    Args:
        folder: of the edition in force.
        own: folder of own findings.
        today: in the Netherlands.
        free: bytes that are free where a folder is; None for those of the disk.
    """
    checks = [_edition(folder), _definitions(), *_age(folder, today), *_kept(folder), _log()]
    checks += [*_disk(folder, own, free or (lambda place: shutil.disk_usage(place).free)), *_refresh(folder)]
    return Health(store.sound(folder) or "", tuple(checks))


def _edition(folder: Path) -> Check:
    try:
        found = store.read(folder)
    except MonitorError as error:
        return Check("editie", "fout", error.message, error.way_out)
    rows = number(len(found.observations), 0)
    return Check("editie", "goed", f"Editie {found.edition} is heel: {rows} waarnemingen, alle controlesommen kloppen.")


def _definitions() -> Check:
    try:
        found = load()
    except MonitorError as error:
        return Check("definities", "fout", error.message, error.way_out)
    return Check("definities", "goed", f"{len(found.indicators)} cijfers en {len(found.findings)} bevindingen.")


def _age(folder: Path, today: date) -> Iterator[Check]:
    try:
        age = age_of(store.read_manifest(folder), today)
    except MonitorError:
        return
    told = f"De editie is {age.told}." if age.told.startswith(("gemaakt", "van")) else f"Editie: {age.told}."
    way_out = "Ververs de cijfers: python -m monitor refresh." if age.old else ""
    yield Check("leeftijd", "let op" if age.old else "goed", told, way_out)


def _kept(folder: Path) -> Iterator[Check]:
    """Editions of before that are damaged, or that could not be moved to their place yet."""
    kept = kept_beside(folder)
    damaged, waiting = store.damaged_ones(kept), swap.waiting(folder)
    if damaged:
        told = f"Beschadigd in {kept.name}: {listing(list(damaged))}."
        yield Check("bewaarde edities", "let op", told, "Haal de map weg, of zet haar terug uit een reservekopie.")
    if waiting:
        places = listing([f"{name} ({place.name})" for name, place in waiting.items()])
        told = f"Nog niet bij de bewaarde edities: {places}."
        yield Check("bewaarde edities", "let op", told, f"Zorg dat {kept.name} te beschrijven is, en ververs opnieuw.")
    if not damaged and not waiting:
        count = len(store.sound_ones(kept))
        yield Check("bewaarde edities", "goed", f"{count} bewaarde editie{'' if count == 1 else 's'}, alle heel.")


def _log() -> Check:
    try:
        db: Database = database()
        if db.file is not None and not db.file.exists():
            return Check("logboek", "goed", "Er is nog niets in het logboek geschreven.")
        new = not db.reached()
    except MonitorError as error:
        return Check("logboek", "fout", error.message, error.way_out)
    except Exception as error:
        told = f"Het logboek is niet te lezen ({type(error).__name__})."
        return Check("logboek", "fout", told, "Kijk in het log van de server.")
    if new:
        told = "De database van het logboek is van een eerdere versie, of nog leeg."
        return Check("logboek", "let op", told, "Werk haar bij: python -m monitor logbook upgrade.")
    return Check("logboek", "goed", "De database van het logboek antwoordt.")


def _disk(folder: Path, own: Path, free: Callable[[Path], int]) -> Iterator[Check]:
    places = {"edities": folder.parent, "eigen bevindingen": own}
    try:
        file = database().file
    except MonitorError:
        file = None
    if file is not None:
        places["logboek"] = file.parent
    left: dict[str, float] = {}
    for name, place in places.items():
        there = next((p for p in (place, *place.parents) if p.exists()), None)
        try:
            left[name] = free(there) / 1e6 if there else 0.0
        except OSError:
            yield Check("schijf", "fout", f"De schijf van {name} is niet te bereiken.", "Kijk of zij is aangekoppeld.")
    low = {n: mb for n, mb in left.items() if mb < _NEARLY}
    if low:
        told = listing([f"{n}: {number(mb, 0)} MB vrij" for n, mb in low.items()])
        grade: Grade = "fout" if min(low.values()) < _FULL else "let op"
        yield Check("schijf", grade, f"De schijf raakt vol ({told}).", "Maak ruimte: haal oude edities of kopieën weg.")
    elif left:
        yield Check("schijf", "goed", f"Ten minste {number(min(left.values()) / 1000, 0)} GB vrij.")


def _refresh(folder: Path) -> Iterator[Check]:
    now = read_status(folder)
    if now is None:
        yield Check("verversing", "goed", "Er is hier nog niet ververst.")
    elif now.state in _ENDED:
        told = f"De laatste verversing ({now.started:%Y-%m-%d}) {_ENDED[now.state]}. {now.message}".strip()
        yield Check("verversing", "let op", told, "De cijfers van daarvoor zijn in gebruik; ververs opnieuw.")
    else:
        told = "loopt nu" if now.state == "bezig" else "is gelukt"
        yield Check("verversing", "goed", f"De laatste verversing ({now.started:%Y-%m-%d}) {told}.")
