"""The shipped letters as TrueType files: neither matplotlib nor Typst reads WOFF.

They are unpacked once to a folder below the temporary folder of this machine, which every process of this user shares.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor import paths
from monitor.errors import ExportError
from monitor.figures import style

# What every shipped face can show: the Latin subset of both families. A test holds it against the files.
LETTERS = frozenset(
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) + "ıŒœʻʼˆ˚˜\u2009–—‘’‚“”„•…′″‹›⁄€™↑↓−∕"
)


@dataclass(frozen=True)
class Face:
    """One weight of a family: ``name`` of its file without ending, as it ships in static/fonts."""

    family: str
    weight: int
    name: str

    @property
    def source(self) -> Path:
        """The packed file."""
        return paths.STATIC / "fonts" / f"{self.name}.woff"


FACES = (
    Face(style.SANS, 400, "source-sans-3-latin-400-normal"),
    Face(style.SANS, 600, "source-sans-3-latin-600-normal"),
    Face(style.SERIF, 400, "source-serif-4-latin-400-normal"),
    Face(style.SERIF, 600, "source-serif-4-latin-600-normal"),
)


def file(face: Face) -> Path:
    """The unpacked file of a face; see ``folder``."""
    return folder() / f"{face.name}.ttf"


@cache
def folder() -> Path:
    """Return the folder with every face as .ttf and nothing else that reads as a letter; unpacked when needed.

    Two processes may do so at once: a file comes into its place in one step, and is the same whoever put it there.

    Raises:
        ExportError: a letter that ships is missing or damaged, or no temporary folder can be written.
    """
    try:
        packed = {face: face.source.read_bytes() for face in FACES}
    except OSError as error:
        raise ExportError(f"De letter {error.filename} ontbreekt.", "Zet static/fonts terug met git.") from None
    digest = hashlib.sha256(b"".join(packed.values())).hexdigest()[:16]
    for base in _bases():
        try:
            place = _own(base / f"regiomonitor-letters-{digest}")
            for face, content in packed.items():
                _unpack(face, content, place / f"{face.name}.ttf")
            return place
        except OSError:
            continue
    raise ExportError(
        "De letters kunnen niet worden uitgepakt: in geen enkele tijdelijke map kan worden geschreven.",
        "Wijs met TMPDIR een map aan waarin schrijven mag.",
    )


def _bases() -> Iterator[Path]:
    """Where temporary files may go, the usual place first; the memory of the machine where that is a folder."""
    # There may be no usable folder at all.
    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir())
    yield Path("/dev/shm")


def _own(place: Path) -> Path:
    """Make the folder if need be; a folder of somebody else, or open to others, may hold anything: then a new one.

    Raises:
        OSError: neither works.
    """
    place.mkdir(mode=0o700, exist_ok=True)
    about = place.lstat()
    theirs = hasattr(os, "getuid") and about.st_uid != os.getuid()
    if theirs or not place.is_dir() or place.is_symlink() or (os.name == "posix" and about.st_mode & 0o022):
        return Path(tempfile.mkdtemp(prefix="regiomonitor-letters-", dir=place.parent))
    return place


def _unpack(face: Face, packed: bytes, target: Path) -> None:
    if target.is_file():
        return
    import io

    from fontTools.ttLib import TTFont, TTLibError

    try:
        font = TTFont(io.BytesIO(packed), recalcTimestamp=False)
        font.flavor = None
        handle, partial = tempfile.mkstemp(suffix=".deel", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                font.save(out)
            Path(partial).replace(target)
        finally:
            Path(partial).unlink(missing_ok=True)
    except (TTLibError, AssertionError, KeyError, ValueError):
        raise ExportError(f"De letter {face.source.name} is beschadigd.", "Zet static/fonts terug met git.") from None
