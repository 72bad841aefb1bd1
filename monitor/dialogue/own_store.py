"""Keep own findings as YAML files: written in one step, the previous version kept, one writer at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from monitor.access import Identity
from monitor.definitions import Definitions
from monitor.dialogue.own import OwnFinding, OwnFindings, one_line, own_findings
from monitor.dialogue.own_names import slug
from monitor.errors import MonitorError
from monitor.notation import listing

EARLIER = "eerder"
_LOCK = ".slot"
# The writer in C is ten times faster; PyYAML has it wherever libyaml is.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_ENDINGS = (".xlsx", ".xlsm", ".csv", ".txt", ".yaml", ".yml")


class NotKept(MonitorError):
    """The findings could not be saved; nothing in the folder has changed."""


class Overtaken(NotKept):
    """Somebody else saved the same file since it was looked at; nothing in the folder has changed."""


@dataclass(frozen=True)
class Kept:
    """What was saved. ``earlier``: name of the file in which the previous version is kept, empty for a new file."""

    file: str
    count: int
    earlier: str = ""


@dataclass(frozen=True)
class Before:
    """What stands in a file before it is replaced.

    Args:
        file: its name.
        mark: of its content; empty: no such file.
        findings: that it holds.
        fault: why it cannot be replaced, with the way out; empty when it can.
    """

    file: str
    mark: str = ""
    findings: tuple[OwnFinding, ...] = ()
    fault: str = ""

    def gone(self, findings: Sequence[OwnFinding]) -> tuple[OwnFinding, ...]:
        """Those of before that are not among these."""
        ids = {f.id for f in findings}
        return tuple(f for f in self.findings if f.id not in ids)


def file_name(name: str) -> str:
    """The YAML file that belongs to an uploaded file or to a chosen name: 'Dorp 1.xlsx' -> 'dorp-1.yaml'."""
    stem = name.rsplit(".", 1)[0] if name.lower().endswith(_ENDINGS) else name
    return f"{slug(stem) or 'eigen-bevindingen'}.yaml"


def as_yaml(findings: Sequence[OwnFinding], origin: str, today: dt.date) -> str:
    """Findings as a YAML file that the folder takes.

    Args:
        findings: to write.
        origin: name of the file from which they came.
        today: day on which they were read.
    """
    entries = [_entry(f) for f in findings]
    body = yaml.dump(entries, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)
    return f"# Eigen bevindingen, ingelezen uit {one_line(origin)[:120]} op {today.isoformat()}.\n{body}"


def _entry(finding: OwnFinding) -> dict[str, object]:
    """The fields as a mapping, without those that are empty and may be left out."""
    whole = finding.model_dump(mode="json", exclude_none=True)
    return {k: v for k, v in whole.items() if k not in ("indicators", "serves") or v}


def before(folder: Path, file: str, found: OwnFindings) -> Before:
    """Look at the file that would be replaced; ``found``: what the folder holds."""
    try:
        content = _content(folder / file)
    except NotKept as error:
        return Before(file, fault=str(error))
    fault = str(_partly(file)) if any(p.file == file for p in found.problems) else ""
    return Before(file, _mark(content), found.in_file(file), fault)


def _partly(file: str) -> NotKept:
    return NotKept(f"In ‘{file}’ is niet alles te lezen; er is niets bewaard.", "Kies een andere naam.")


def taken(found: OwnFindings, file: str, definitions: Definitions) -> set[str]:
    """Ids that a finding in this file cannot have, because another file or the monitor itself uses them."""
    others = {f.id for f in found.findings} - {f.id for f in found.in_file(file)}
    return others | {f.id for f in definitions.findings}


def not_allowed(identity: Identity | None, findings: Sequence[OwnFinding], definitions: Definitions) -> tuple[str, ...]:
    """Names of the regions for which this person may not write; a finding about all asks for every region."""
    wanted = {r for f in findings for r in f.regions}
    every = "alle" in wanted
    return tuple(
        r.name
        for r in definitions.regions
        if (every or r.id in wanted) and not (identity is not None and identity.may_write(r.id))
    )


def save(
    folder: Path,
    file: str,
    findings: Sequence[OwnFinding],
    origin: str,
    seen: str,
    identity: Identity | None,
    definitions: Definitions,
    now: dt.datetime,
) -> Kept:
    """Put findings in a file of the folder in one step; what stood in it is kept in the folder 'eerder'.

    Args:
        folder: of the own findings; made when it does not exist.
        file: name as ``file_name`` gives it.
        findings: to save.
        origin: name of the file from which they came.
        seen: the mark of the file when the user looked at it (``before``).
        identity: who saves; must be allowed to write for every region in the file, before and after.
        definitions: what regions, themes, goals and indicators exist.
        now: moment of saving.

    Raises:
        Overtaken: somebody else saved this file in the meantime.
        NotKept: this person may not write here, or the folder cannot be written.
    """
    target = folder / file_name(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(folder):
            content = _content(target)
            found = own_findings(folder, definitions)
            refused = not_allowed(identity, (*findings, *found.in_file(target.name)), definitions)
            if refused:
                raise NotKept(f"U mag niet schrijven voor {listing(list(refused))}.", "Er is niets bewaard.")
            if any(p.file == target.name for p in found.problems):
                # Of which regions the unreadable part is, nobody can tell, so nobody can be allowed to replace it.
                raise _partly(target.name)
            if _mark(content) != seen:
                raise Overtaken(
                    f"Iemand anders heeft ‘{target.name}’ intussen veranderd.",
                    "Er is nog niets bewaard. Kijk hierboven wat er nu in staat en bewaar daarna opnieuw.",
                )
            clash = {f.id for f in findings} & taken(found, target.name, definitions)
            if clash:
                raise Overtaken(
                    f"Een ander bestand kreeg intussen een bevinding met dezelfde id (‘{sorted(clash)[0]}’).",
                    "Er is nog niets bewaard. Bewaar nog een keer; de bevinding krijgt dan een andere id.",
                )
            earlier = _keep_earlier(folder, target, content, now) if content is not None else ""
            _write(target, as_yaml(findings, origin, now.date()).encode("utf-8"))
    except OSError as error:
        raise _no_folder() from error
    return Kept(target.name, len(findings), earlier)


def _content(path: Path) -> bytes | None:
    """What a file holds; None when there is none.

    Raises:
        NotKept: it is there and cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        if path.parent.is_dir() and os.access(path.parent, os.W_OK | os.X_OK):
            raise NotKept(
                f"Op de plaats van ‘{path.name}’ staat iets dat niet te lezen is; er is niets bewaard.",
                "Kies een andere naam.",
            ) from None
        raise _no_folder() from None


def _no_folder() -> NotKept:
    return NotKept(
        "De map met eigen bevindingen is nu niet te beschrijven; er is niets bewaard.",
        "Download het nagekeken bestand en geef het aan de beheerder.",
    )


def _mark(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _keep_earlier(folder: Path, target: Path, content: bytes, now: dt.datetime) -> str:
    """Put the content of a file aside under a name that does not exist yet."""
    aside = folder / EARLIER
    aside.mkdir(exist_ok=True)
    for n in range(1, 10_000):
        name = f"{target.stem}-{now:%Y%m%d-%H%M%S}{'' if n == 1 else f'-{n}'}.yaml"
        if not (aside / name).exists():
            _write(aside / name, content)
            return name
    raise OSError("geen vrije naam")


def _write(path: Path, content: bytes) -> None:
    """Write next to the file, make sure it is on disk, and put it in place in one step."""
    partial = path.with_name(f".{path.name}.deel")
    with partial.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one writer in at a time, also from other processes; the lock goes with the process that held it."""
    import fcntl

    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
