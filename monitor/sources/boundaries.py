"""Boundaries: municipalities (CBS/Kadaster) and the regions across the border (Eurostat GISCO).

Simplified once, as a coverage, so that neighbours keep their common line and no gaps appear; then held against what
they were made of (``coverage``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from shapely.geometry import mapping

from monitor.errors import SourceInvalid
from monitor.paths import DETAIL, MAP, NEIGHBOURS
from monitor.sources import coverage
from monitor.sources.outlines import Outlines, of_file, polygons, to_degrees

MUNICIPAL_FILE = "geo/gemeenten_cbs_gegeneraliseerd_lijnen2022_codes2025.geojson"
NEIGHBOUR_FILE = "geo/nuts3_2021_be_de.geojson"
# What a map of the country shows: degrees west, south, east, north.
EXTENT = (2.9, 50.5, 7.65, 53.75)
_WHAT = "Gemeentegrenzen"


@dataclass(frozen=True)
class _Step:
    """How far to simplify: metres, decimals of a degree, how much an area may change, how much may overlap (m2)."""

    tolerance: float
    decimals: int
    change: float
    slack: float
    what: str


# Measured on the lines of 2022: the map changes an area by 4.7% at most, the detail by 0.15%.
_MAP = _Step(400.0, 3, 0.10, coverage.ROUNDING, f"{_WHAT}, landkaart")
_DETAIL = _Step(60.0, 4, 0.01, 1.0, f"{_WHAT}, regiokaart")


@dataclass(frozen=True, eq=False)
class Drawn:
    """Simplified outlines, checked and ready to write: degrees, rings clockwise outside."""

    codes: tuple[str, ...]
    coarse: list[Any]
    fine: list[Any]
    abroad: tuple[str, ...]
    near: list[Any]

    def write(self, folder: Path) -> None:
        """Write ``municipalities.geojson``, ``neighbours.geojson`` and ``detail.parquet`` (area, wkb)."""
        _write(folder / MAP, self.codes, self.coarse, [{} for _ in self.codes])
        _write(folder / NEIGHBOURS, self.abroad, self.near, [{"country": i[:2]} for i in self.abroad])
        wkb = [shapely.to_wkb(s) for s in [*self.fine, *self.near]]
        frame = pd.DataFrame({"area": [*self.codes, *self.abroad], "wkb": wkb})
        frame.to_parquet(folder / DETAIL, compression="zstd", index=False)


def draw(municipalities: Outlines, neighbours: Outlines, whole: list[Any] | None = None) -> Drawn:
    """Simplify outlines for the map of the country and for regional maps, and check the result.

    Args:
        municipalities: the whole country.
        neighbours: NUTS 3 regions of Belgium and Germany; those within ``EXTENT`` are kept.
        whole: the municipalities as ``coverage.mended`` gives them, when that was asked already.

    Raises:
        SourceInvalid: the outlines overlap, have a gap, or come out damaged; the municipalities are named.
    """
    source = coverage.mended(municipalities, _WHAT) if whole is None else whole
    coverage.check_size(source, _WHAT)
    coarse, fine = (_simplified(municipalities, source, step) for step in (_MAP, _DETAIL))
    window = shapely.box(*EXTENT)
    inside = [(i, s) for i, s in zip(neighbours.codes, neighbours.shapes, strict=True) if s.intersects(window)]
    near = [shapely.orient_polygons(polygons(s.intersection(window)), exterior_cw=True) for _, s in inside]
    near = [shapely.transform(s, lambda xy: xy.round(3)) for s in near]
    return Drawn(municipalities.codes, coarse, fine, tuple(i for i, _ in inside), near)


def _simplified(municipalities: Outlines, source: list[Any], step: _Step) -> list[Any]:
    simple = to_degrees(shapely.coverage_simplify(source, step.tolerance))
    rounded = [shapely.transform(s, lambda xy: xy.round(step.decimals)) for s in simple]
    made = [shapely.orient_polygons(polygons(shapely.make_valid(s)), exterior_cw=True) for s in rounded]
    coverage.check_result(municipalities, source, made, step.change, step.slack, step.what)
    return made


def _write(path: Path, ids: tuple[str, ...], shapes: list[Any], extra: list[dict[str, Any]]) -> None:
    features = [
        {"type": "Feature", "id": i, "properties": e, "geometry": mapping(s)}
        for i, s, e in zip(ids, shapes, extra, strict=True)
        if not s.is_empty
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


def distances(municipalities: Outlines, neighbours: Outlines) -> dict[str, float]:
    """Kilometres from the middle of each municipality to Belgium or Germany, to one decimal.

    The middle is the centre of the largest circle within the outline. Water borders count like any other; the coast
    does not.
    """
    abroad = shapely.union_all(neighbours.metres)
    shapely.prepare(abroad)
    middles = [shapely.get_point(shapely.maximum_inscribed_circle(m, tolerance=100), 0) for m in municipalities.metres]
    pairs = zip(municipalities.codes, middles, strict=True)
    return {c: round(float(shapely.distance(p, abroad)) / 1000, 1) for c, p in pairs}


def entry_of_municipalities(outlines: Outlines) -> dict[str, Any]:
    """Manifest entry GRENZEN; without year, address and date of retrieval, which only a download has."""
    return {
        "publisher": "CBS en Kadaster",
        "title": "Gemeentegrenzen, gegeneraliseerd, indeling 2023-2026",
        "page": "https://www.pdok.nl/introductie/-/article/cbs-gebiedsindelingen",
        "licence": "CC BY 4.0",
        "rows": len(outlines.codes),
        "sha256": outlines.fingerprint,
        "modified": None,
        "retrieved": None,
    }


def entry_of_neighbours(outlines: Outlines, drawn: Drawn) -> dict[str, Any]:
    """Manifest entry BUURLANDEN; ``rows``: regions within the map."""
    return {
        "publisher": "Eurostat GISCO, (c) EuroGeographics",
        "title": "Grenzen van NUTS 3-gebieden 2021 in België en Duitsland",
        "page": "https://ec.europa.eu/eurostat/web/gisco/geodata/statistical-units",
        "licence": "(c) EuroGeographics voor de bestuurlijke grenzen; voor commercieel gebruik toestemming vragen",
        "rows": len(drawn.abroad),
        "sha256": outlines.fingerprint,
        "modified": None,
        "retrieved": None,
    }


# -- from the files of ``snapshot build`` ---------------------------------------------------------------------


def _files(root: Path) -> tuple[Outlines, Outlines]:
    return (
        of_file(root / MUNICIPAL_FILE, "statcode", "statnaam"),
        of_file(root / NEIGHBOUR_FILE, "NUTS_ID", "NAME_LATN"),
    )


def border_distances(root: Path) -> dict[str, float]:
    """As ``distances``, from the files below ``root``.

    Raises:
        SourceInvalid: a file is missing or damaged.
    """
    return distances(*_files(root))


def write_geometry(root: Path, folder: Path, expected: Collection[str]) -> dict[str, dict[str, Any]]:
    """Write the outlines that ship with an edition, from the files below ``root``.

    Args:
        root: folder as given to ``snapshot build --from``.
        folder: where ``Drawn.write`` writes.
        expected: codes of the current municipal layout.

    Returns:
        Manifest entries of the two sources.

    Raises:
        SourceInvalid: a file is missing, does not hold the expected municipalities, or fails a check.
    """
    municipalities, neighbours = _files(root)
    wrong = sorted(set(municipalities.codes) ^ set(expected))
    if wrong:
        raise SourceInvalid(
            f"{MUNICIPAL_FILE} heeft {len(municipalities.codes)} gemeenten, geen {len(set(expected))}; "
            f"het verschil: {coverage.some(wrong)}.",
            "Gebruik grenzen met de indeling van het laatste jaar in de lijst van gebieden.",
        )
    drawn = draw(municipalities, neighbours)
    drawn.write(folder)
    # Of a file its own checksum, so that anybody can compare it.
    sums = [hashlib.sha256((root / name).read_bytes()).hexdigest() for name in (MUNICIPAL_FILE, NEIGHBOUR_FILE)]
    return {
        "GRENZEN": {**entry_of_municipalities(municipalities), "sha256": sums[0]},
        "BUURLANDEN": {**entry_of_neighbours(neighbours, drawn), "sha256": sums[1]},
    }
