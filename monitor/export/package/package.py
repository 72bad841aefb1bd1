"""The figures as a data package: tables with their meaning, licence and citation, for who works without the monitor.

Two runs over the same edition and definitions give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.definitions import Definitions, Region
from monitor.export.pack import Materials
from monitor.export.package import areas as areas
from monitor.export.package import definitions as about_figures
from monitor.export.package import figures as figures
from monitor.export.package import findings as findings
from monitor.export.package import texts as texts
from monitor.export.package.model import LICENCE_FILE, Content, Table, csv_bytes
from monitor.export.package.standards import CSVW, DATAPACKAGE, PUBLISHER, About, csvw_json, frictionless_json
from monitor.export.write import write_all
from monitor.snapshot.store import Snapshot

NAME = "regiomonitor-brede-welvaart"
# The earliest moment that a zip can hold: when it was made must not change its bytes.
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Package:
    """The package as files: name -> content, in the order in which they are written. ``rows``: of all tables."""

    name: str
    edition: str
    files: dict[str, bytes]
    tables: int
    rows: int


def write_package(materials: Materials, folder: Path, region: str | None = None) -> list[Path]:
    """Write the data package into a folder: all files or none.

    Args:
        materials: definitions and edition.
        folder: made when it is not there.
        region: slug of a region, for its figures only; None for all.

    Returns:
        The paths written.

    Raises:
        UnknownName: there is no such region; the nearest is named.
        ExportError: the folder cannot be written to; then nothing in it has changed.
    """
    return write_all(folder, make_package(materials.definitions, materials.snapshot, region).files)


def make_package(definitions: Definitions, snapshot: Snapshot, region: str | None = None) -> Package:
    """Make the data package in memory; for arguments and errors see ``write_package``."""
    chosen = definitions.region(region) if region else None
    contents = _contents(definitions, snapshot, chosen)
    tables = list(contents)
    rows = {t.name: len(content[t.columns[0].name]) for t, content in contents.items()}
    about = _about(definitions, snapshot, chosen)
    files = {t.file: csv_bytes(t, content) for t, content in contents.items()}
    files[DATAPACKAGE] = frictionless_json(about, tables, files)
    files[CSVW] = csvw_json(about, tables)
    files[LICENCE_FILE] = texts.licence_txt(about)
    files[texts.CITATION] = texts.citation_cff(about, _publishers(definitions, snapshot))
    files[texts.README] = texts.readme_md(about, tables, rows)
    files[texts.SUMS] = texts.sums({k: hashlib.sha256(v).hexdigest() for k, v in files.items()})
    return Package(about.name, about.edition, files, len(tables), sum(rows.values()))


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Files as one zip; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _NO_MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, content)
    return out.getvalue()


def _about(definitions: Definitions, snapshot: Snapshot, region: Region | None) -> About:
    """What the package is, in words."""
    what = f"cijfers van {region.spoken}" if region else "cijfers van regio’s en gemeenten"
    whose = (
        f"{region.spoken}, een van de elf regio’s in het Nationaal Programma Vitale Regio’s, en van de gemeenten daar"
        if region
        else "de elf regio’s in het Nationaal Programma Vitale Regio’s en van alle gemeenten"
    )
    text = (
        f"Cijfers over brede welvaart van {whose}. Met het oordeel naast Nederland, wat nodig is om een cijfer te "
        "begrijpen en na te rekenen, en wat er in de regiodialogen en in beleidsstukken is gezegd."
    )
    return About(
        f"{NAME}-{region.id}" if region else NAME,
        f"{PUBLISHER}: {what}",
        text,
        snapshot.edition,
        texts.citation(snapshot.edition, region.spoken if region else ""),
        tuple((f"{who}: {title}", page) for who, title, page, _ in _publishers(definitions, snapshot)),
    )


def _publishers(definitions: Definitions, snapshot: Snapshot) -> list[tuple[str, str, str, str]]:
    """Publisher, title with id, address and licence of every source of figures."""
    s = areas.sources(definitions, snapshot)
    rows = zip(s["bron"], s["uitgever"], s["titel"], s["adres"], s["licentie"], strict=True)
    return [(who, f"{title} ({name})", page, licence) for name, who, title, page, licence in rows]


def _contents(d: Definitions, s: Snapshot, region: Region | None) -> dict[Table, Content]:
    """Every table with what stands in it, in the order of the package."""
    said = findings.said(d, region)
    return {
        figures.REGIONS: figures.regional(d, s, region),
        figures.MUNICIPALITIES: figures.municipal(d, s, region),
        figures.BORDER: figures.border(d, s, region),
        figures.WEIGHTS: figures.weights(d, s, region),
        about_figures.INDICATORS: about_figures.indicators(d, s),
        about_figures.INDICATOR_GOALS: about_figures.indicator_goals(d),
        about_figures.BREAKS: about_figures.breaks(d),
        about_figures.UNUSABLE: about_figures.unusable(d),
        about_figures.QUANTITIES: about_figures.quantities(d, s),
        about_figures.BORDER_INDICATORS: about_figures.border_indicators(d),
        about_figures.THEMES: about_figures.themes(d),
        about_figures.GOALS: about_figures.goals(d),
        areas.AREAS: areas.areas(d, s),
        areas.SOURCES: areas.sources(d, s),
        findings.FINDINGS: findings.findings(said),
        findings.FINDING_INDICATORS: findings.finding_indicators(said),
        findings.FINDING_THEMES: findings.finding_themes(said),
        findings.FINDING_GOALS: findings.finding_goals(said),
        findings.FINDING_REGIONS: findings.finding_regions(said, d),
    }
