"""Write a site: only what changed, every file whole at once, and nothing that is not its own.

What a site consists of stands in ``.stand.json``: per file the digest of what it was made from and its size. A first
site is made beside its place and put there in one step. Later ones replace file by file: first what pages use, then
pages, and only at the end goes what is no longer there, so that a build that breaks off leaves whole pages whose links
work; the next build finishes it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import ExportError

STAND, LOCK, NEW = ".stand.json", ".bezig.slot", ".nieuwe-site-"
_VERSION = 1


@dataclass(frozen=True)
class Output:
    """A file of the site: where it stands below the folder, what it is made from (digest), and how it is made."""

    file: str
    digest: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Written:
    """What a build did: files of the site, files made now, files that stayed, files removed."""

    total: int
    made: int
    kept: int
    removed: int


Run = Callable[[Sequence[Output], Callable[[Output, bytes], int]], Iterable[tuple[str, int]]]


def serial(outputs: Sequence[Output], write: Callable[[Output, bytes], int]) -> Iterator[tuple[str, int]]:
    """Make one file after another."""
    for output in outputs:
        yield output.file, write(output, output.make())


def write(out: Path, outputs: Sequence[Output], run: Run = serial, everything: bool = False) -> Written:
    """Bring a folder up to date with a site.

    Args:
        out: the folder.
        outputs: all files of the site, in the order in which they are put there: what pages use before pages.
        run: makes files and writes each; yields file and size.
        everything: make every file anew, also what did not change.

    Raises:
        ExportError: the folder holds something else, a file in the way is not the site's own, or another build is at work.
    """
    files = [o.file for o in outputs]
    if len(set(files)) != len(files):
        twice = next(f for f in files if files.count(f) > 1)
        raise ExportError(
            f"Twee delen van de site willen hetzelfde bestand schrijven: {twice}.", "Meld dit bij de makers."
        )
    if _is_site(out):
        with _only_one(out):
            return _update(out, outputs, run, everything)
    return _first(out, outputs, run)


def _is_site(out: Path) -> bool:
    """Whether a folder holds a site; refuse one that holds anything else."""
    if out.is_symlink() and not out.exists():
        raise ExportError(f"{out} wijst naar een map die er niet is.", "Kies een andere map met --out.")
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out} is een bestand en geen map.", "Kies een andere map met --out.")
    if not out.exists() or not any(out.iterdir()):
        return False
    if (out / STAND).is_file():
        return True
    raise ExportError(
        f"De map {out} is niet leeg en is geen site van deze monitor; er is niets veranderd.",
        "Kies met --out een lege of nieuwe map.",
    )


def _first(out: Path, outputs: Sequence[Output], run: Run) -> Written:
    """Make a site beside its place and put it there in one step."""
    place = out.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=NEW, dir=place.parent))
    try:
        fresh.chmod(0o755)
        digests = {o.file: o.digest for o in outputs}
        made = {file: [digests[file], size] for file, size in run(outputs, _writer(fresh))}
        _note(fresh, made)
        fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Written(len(outputs), len(outputs), 0, 0)


def _update(out: Path, outputs: Sequence[Output], run: Run, everything: bool) -> Written:
    before = _noted(out)
    due = [o for o in outputs if everything or not _current(out, before.get(o.file), o)]
    for o in due:
        if o.file not in before and (out / o.file).exists():
            raise ExportError(
                f"In de map staat al {o.file}, en dat is niet door de monitor gemaakt; er is niets veranderd.",
                "Verplaats dat bestand, of kies met --out een andere map.",
            )
    gone = sorted(set(before) - {o.file for o in outputs})
    if not due and not gone:
        return Written(len(outputs), 0, len(outputs), 0)
    now: dict[str, list[Any]] = dict(before)
    # Noted first as being of the site but of unknown content: after a break-off the next build makes them again.
    now.update({o.file: ["", 0] for o in due})
    _note(out, now)
    digests = {o.file: o.digest for o in due}
    for file, size in run(due, _writer(out)):
        now[file] = [digests[file], size]
    for file in gone:
        with suppress(FileNotFoundError):
            (out / file).unlink()
        _prune(out, (out / file).parent)
        del now[file]
    _note(out, now)
    return Written(len(outputs), len(due), len(outputs) - len(due), len(gone))


def _current(out: Path, noted: list[Any] | None, output: Output) -> bool:
    """Whether a file is there as it was made, from what it would be made from now."""
    if noted is None or noted[0] != output.digest or not output.digest:
        return False
    try:
        return (out / output.file).stat().st_size == int(noted[1])
    except OSError:
        return False


def _noted(out: Path) -> dict[str, list[Any]]:
    try:
        stand = json.loads((out / STAND).read_text(encoding="utf-8"))
        if stand["versie"] == _VERSION and isinstance(stand["bestanden"], dict):
            return dict(stand["bestanden"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ExportError(
        f"{out / STAND} is beschadigd: welke bestanden van de site zijn, is niet te zien.",
        "Maak de site in een nieuwe map, en zet die in de plaats van deze.",
    )


def _note(out: Path, files: dict[str, list[Any]]) -> None:
    text = json.dumps({"versie": _VERSION, "bestanden": files}, ensure_ascii=False, sort_keys=True, indent=0)
    put(out / STAND, text.encode())


def _writer(out: Path) -> Callable[[Output, bytes], int]:
    def one(output: Output, content: bytes) -> int:
        put(out / output.file, content)
        return len(content)

    return one


def put(path: Path, content: bytes) -> None:
    """Write a file whole at once: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=".deel-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _prune(out: Path, folder: Path) -> None:
    """Remove folders that became empty."""
    while folder != out:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


@contextmanager
def _only_one(out: Path) -> Iterator[None]:
    """One build at a time in a folder; the system frees the lock when a build ends, however it ends."""
    import fcntl

    handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ExportError("Een andere opdracht werkt nu aan deze site.", "Wacht tot die klaar is.") from None
        yield
    finally:
        os.close(handle)
