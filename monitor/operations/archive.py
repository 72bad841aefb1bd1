"""A copy of everything that is not in git, as one zip with checksums: written and read back with care."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.errors import SnapshotError, SourceInvalid, SourceUnavailable
from monitor.logbook.database import head
from monitor.snapshot import store

CONTENTS = "inhoud.json"
LOG, EDITION, KEPT, OWN = "logboek.jsonl", "editie/", "edities/", "eigen/"
FORM = 1
_TRIES = 20
# So much is ever unpacked of one part; the figures of ten times as many years take less.
_MOST = 500_000_000
_NAME = re.compile(r"(?:logboek\.jsonl|(?:editie|eigen|eigen/eerder|edities/[^/\\\0]+)/[^/\\\0]+)")
_OTHER = "Kies een kopie die ‘python -m monitor backup’ heeft gemaakt."


@dataclass(frozen=True)
class Archive:
    """What a copy holds.

    ``made``: when, in UTC. ``edition``: in force then. ``log``: version of the tables of the log. ``files``: name of
    each part -> its sha256.
    """

    path: Path
    made: datetime
    edition: str
    log: str
    files: Mapping[str, str]

    def names(self, begin: str) -> list[str]:
        """The names of the parts that begin so."""
        return [n for n in self.files if n.startswith(begin)]

    def read(self, name: str) -> bytes:
        """A part, when it is what was put in.

        Raises:
            SourceInvalid: it is not.
        """
        with _opened(self.path) as packed:
            return _part(packed, name, self.files[name], self.path.name)


def edition_files(folder: Path) -> dict[str, bytes]:
    """All files of an edition with its manifest, of one and the same edition also while another comes into force.

    Raises:
        SnapshotError: it is damaged.
    """
    for _ in range(_TRIES):
        manifest = store.read_manifest(folder)
        try:
            found = {n: (folder / n).read_bytes() for n in (*sorted(manifest["files"]), store.MANIFEST)}
        except OSError:
            continue
        sums = {n: hashlib.sha256(c).hexdigest() for n, c in found.items() if n != store.MANIFEST}
        if sums == manifest["files"] == json.loads(found[store.MANIFEST])["files"]:
            return found
    raise SnapshotError(f"De cijfers in {folder.name} veranderen steeds.", "Probeer het over een minuut opnieuw.")


def write(target: Path, parts: Mapping[str, bytes], edition: str, moment: datetime) -> Archive:
    """Write a copy: first under another name, then, when it is whole and on disk, under its own.

    Args:
        target: a file ending in .zip.
        parts: name -> content.
        edition: name of the edition in force.
        moment: with time zone.
    """
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    about = {
        "vorm": FORM, "gemaakt": moment.astimezone(UTC).isoformat(timespec="seconds"), "monitor": __version__,
        "editie": edition, "logboek": head(), "bestanden": sums,
    }  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.deel")
    try:
        with partial.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, content in parts.items():
                    packed.writestr(name, content)
                packed.writestr(CONTENTS, json.dumps(about, ensure_ascii=False, indent=1))
            out.flush()
            os.fsync(out.fileno())
        made = open_archive(partial)
        for name in made.files:
            made.read(name)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return Archive(target, made.made, made.edition, made.log, made.files)


def open_archive(path: Path) -> Archive:
    """Look what a copy holds; its parts are held against their checksums when they are read.

    Raises:
        SourceUnavailable: there is no such file.
        SourceInvalid: it is no copy, is damaged, or was made by newer software.
    """
    with _opened(path) as packed:
        try:
            about = json.loads(_read(packed, CONTENTS, path.name))
            files = {str(k): str(v) for k, v in about["bestanden"].items()}
            made = datetime.fromisoformat(about["gemaakt"])
            form, edition, log = int(about["vorm"]), str(about["editie"]), str(about["logboek"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _no_copy(path.name) from None
        there = set(packed.namelist()) - {CONTENTS}
    if form > FORM:
        raise SourceInvalid(f"‘{path.name}’ is gemaakt door een nieuwere monitor.", "Werk de monitor eerst bij.")
    strange = [n for n in files if not _NAME.fullmatch(n) or ".." in n.split("/")]
    if made.tzinfo is None or strange or there != set(files):
        raise _no_copy(path.name)
    return Archive(path, made, edition, log, files)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        content = path.open("rb")
    except OSError as error:
        why = "bestaat niet" if isinstance(error, FileNotFoundError) else "is niet te openen"
        raise SourceUnavailable(f"Bestand ‘{path.name}’ {why}.", "Kijk of de naam en de map kloppen.") from None
    with content:
        try:
            packed = zipfile.ZipFile(content)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise _no_copy(path.name) from None
        with packed:
            yield packed


def _part(packed: zipfile.ZipFile, name: str, expected: str, file: str) -> bytes:
    content = _read(packed, name, file)
    if hashlib.sha256(content).hexdigest() != expected:
        raise SourceInvalid(f"In ‘{file}’ is {name} beschadigd.", "Er is niets veranderd. Kies een andere kopie.")
    return content


def _read(packed: zipfile.ZipFile, name: str, file: str) -> bytes:
    try:
        if packed.getinfo(name).file_size > _MOST:
            raise ValueError
        return packed.read(name)
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise SourceInvalid(f"In ‘{file}’ is {name} niet te lezen.", f"Er is niets veranderd. {_OTHER}") from None
    except Exception as error:  # zlib.error and lzma's own, which have no common ancestor
        raise SourceInvalid(f"In ‘{file}’ is {name} beschadigd ({type(error).__name__}).", _OTHER) from None


def _no_copy(name: str) -> SourceInvalid:
    return SourceInvalid(f"‘{name}’ is geen kopie van de monitor, of zij is beschadigd.", _OTHER)


def about_of(archive: Archive) -> dict[str, Any]:
    """How many parts of each kind a copy holds."""
    kept = {n.split("/")[1] for n in archive.names(KEPT)}
    return {"editie": archive.edition, "bewaarde edities": len(kept), "eigen bestanden": len(archive.names(OWN))}
