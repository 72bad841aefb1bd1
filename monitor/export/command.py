"""Make packs from the command line: of one region, of a basket in a file, or of all regions at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from monitor import assessment as asm
from monitor import paths
from monitor.definitions import Definitions, load
from monitor.definitions.in_force import in_force
from monitor.errors import ExportError, Refused
from monitor.export.basket import DOCUMENTS, Basket, DocumentId, read_yaml
from monitor.export.choose import basket_for
from monitor.export.cli import EVERY
from monitor.export.make import make_files
from monitor.export.pack import Materials
from monitor.export.write import write_all
from monitor.nearest import meant
from monitor.notation import number
from monitor.snapshot import store


@dataclass(frozen=True)
class Asked:
    """What was asked on the command line; ``documents`` empty: the usual ones, or those of the basket."""

    region: str | None = None
    basket: Path | None = None
    goal: int | None = None
    benchmark: str | None = None
    since: str = ""
    documents: tuple[str, ...] = ()
    template: Path | None = None
    base: str = ""


def run(asked: Asked, folder: Path, say: Callable[[str], None]) -> list[Path]:
    """Make the documents and write them: all of them, or nothing.

    Raises:
        MonitorError: one clear sentence; nothing has been written.
    """
    definitions = load()
    regions = [r.id for r in definitions.regions]
    several = asked.region == EVERY
    files = _every(asked, regions, say) if several else _made(asked, definitions, say)
    written = write_all(folder, files)
    size = sum(p.stat().st_size for p in written) / 1e6
    say(_told(written, folder, size))
    return written


def _told(written: list[Path], folder: Path, size: float) -> str:
    lines = "\n".join(f"  {p.relative_to(folder)}" for p in written)
    return f"{len(written)} bestanden in {folder}, samen {number(size, 1)} MB:\n{lines}"


def _made(asked: Asked, definitions: Definitions, say: Callable[[str], None]) -> dict[str, bytes]:
    snapshot = store.read(paths.snapshot_dir())
    materials = Materials(in_force(definitions, snapshot), snapshot, _read(asked.template))

    def progress(done: int, total: int, what: str) -> None:
        if what:
            say(f"[{done + 1}/{total}] {what} …")

    return make_files(materials, _basket(asked, materials), base=asked.base, progress=progress)


def _every(asked: Asked, regions: list[str], say: Callable[[str], None]) -> dict[str, bytes]:
    """The packs of several regions, each in a folder of its own; made side by side."""
    files: dict[str, bytes] = {}
    _kept.clear()
    _materials(asked).panel  # noqa: B018  # laid out once, before the processes part
    with ProcessPoolExecutor(min(len(regions), os.cpu_count() or 1)) as workers:
        packs = workers.map(_one, [replace(asked, region=r) for r in regions])
        for k, (region, made) in enumerate(zip(regions, packs, strict=True), 1):
            say(f"[{k}/{len(regions)}] {region}")
            files |= {f"{region}/{name}": content for name, content in made.items()}
    return files


# What every pack of one run is made with; a process that is split off from this one has it already.
_kept: list[Materials] = []


def _materials(asked: Asked) -> Materials:
    if not _kept:
        snapshot = store.read(paths.snapshot_dir())
        _kept.append(Materials(in_force(load(), snapshot), snapshot, _read(asked.template)))
    return _kept[0]


def _one(asked: Asked) -> dict[str, bytes]:
    """The pack of one region."""
    materials = _materials(asked)
    return make_files(materials, _basket(asked, materials), base=asked.base)


def _basket(asked: Asked, materials: Materials) -> Basket:
    if asked.basket:
        if asked.goal or asked.benchmark:
            raise Refused("Bij --basket horen geen --goal en --benchmark: die staan in het pakket zelf.")
        basket = read_yaml(_read(asked.basket) or b"", materials.definitions, asked.basket.name)
    else:
        basket = basket_for(materials, str(asked.region), asked.goal, asm.benchmark_id(asked.benchmark))
    if asked.since:
        basket = replace(basket, before=asked.since)
    return replace(basket, documents=_documents(asked.documents)) if asked.documents else basket


def _documents(names: tuple[str, ...]) -> tuple[DocumentId, ...]:
    wrong = next((n for n in names if n not in DOCUMENTS), None)
    if wrong:
        raise ExportError(
            f"Het document ‘{wrong}’ bestaat niet.", meant(wrong, DOCUMENTS, f"Kies uit {', '.join(DOCUMENTS)}.")
        )
    return tuple(d for d in DOCUMENTS if d in names)


def _read(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        kinds = {
            FileNotFoundError: "bestaat niet",
            IsADirectoryError: "is een map",
            PermissionError: "mag niet gelezen worden",
        }
        reason = next((said for kind, said in kinds.items() if isinstance(error, kind)), "is niet te lezen")
        raise ExportError(f"Bestand {path} {reason}.", "Controleer de naam en de plaats.") from None
