"""The editions that are there: which, how old, and putting a kept one in force again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import UnknownName
from monitor.refresh.lock import only_one
from monitor.snapshot import compare, store, swap


@dataclass(frozen=True)
class Edition:
    """One edition.

    ``made``: the moment of making with time zone, None where it was not noted. ``follows``: the edition before it, ''
    where unknown. ``size``: bytes on disk.
    """

    name: str
    folder: Path
    in_force: bool
    made: datetime | None
    follows: str
    size: int


def editions(folder: Path) -> tuple[Edition, ...]:
    """All editions that can be read: the one in force first, then the kept ones, newest first.

    Args:
        folder: of the edition in force.
    """
    return tuple(_edition(name, place, folder) for name, place in compare.editions(folder))


def _edition(name: str, place: Path, folder: Path) -> Edition:
    manifest = store.read_manifest(place)
    size = sum(p.stat().st_size for p in place.iterdir() if p.is_file())
    follows = str(manifest.get("follows") or "")
    return Edition(name, place, place == folder, made_at(manifest.get("made")), follows, size)


def made_at(text: object) -> datetime | None:
    """A moment from a manifest: ISO 8601, a day alone is its beginning in UTC; None when there is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def use(folder: Path, name: str, keep: Path | None = None) -> str:
    """Put a kept edition in force; the one that was in force is kept.

    Args:
        folder: of the edition in force.
        name: of a kept edition.
        keep: where editions are kept; None for beside the edition in force.

    Returns:
        The name of the edition that was in force before; '' when that could not be read.

    Raises:
        Busy: another process is making an edition.
        UnknownName: there is no such edition, it is damaged, or it is in force already.
        SnapshotError: the edition in force could not be kept; nothing changes.
    """
    with only_one(folder):
        kept = keep or compare.kept_beside(folder)
        swap.clean_up(folder, kept)
        there = dict(compare.editions(folder))
        before = store.sound(folder) or ""
        if name == before:
            raise UnknownName(f"Editie '{name}' is al in gebruik.")
        if name not in there:
            others = [n for n in there if n != before]
            raise compare.not_there(folder, name, others)
        with swap.replacing(folder, kept) as fresh:
            for path in there[name].iterdir():
                if path.is_file():
                    shutil.copyfile(path, fresh / path.name)
        return before
