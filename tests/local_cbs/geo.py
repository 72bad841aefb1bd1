"""Outlines as PDOK (OGC API Features) and GISCO give them, from those of the shipped edition."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from tests.local_cbs.answer import JSON, Answer, Asked, as_json

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
GEOJSON = "application/geo+json"
_ITEMS = re.compile(r"/pdok(?:/cbs/gebiedsindelingen/ogc/v1)?/collections(?:/([^/]+))?(/items)?/?")
_NUTS = re.compile(r"/gisco/distribution/v2/nuts/geojson/NUTS_RG_(\d\dM)_(\d{4})_(\d+)_LEVL_(\d)\.geojson")
_LEVELS = {
    "gemeente_gegeneraliseerd": "gemeente",
    "coropgebied_gegeneraliseerd": "corop",
    "provincie_gegeneraliseerd": "province",
    "ggdregio_gegeneraliseerd": "ggd",
}
_KNOWN = {"f", "limit", "cursor", "crs", "bbox", "bbox-crs", "datetime", "profile", "jaarcode", "statcode", "statnaam"}
_MOST = 1000
_SCALES = ("01M", "03M", "10M", "20M", "60M")
# A square at sea, under a code that does not exist: a country that is no neighbour.
_ELSEWHERE = shapely.box(-4.0, 44.0, -3.0, 45.0)


@dataclass
class Maps:
    """What PDOK and GISCO have: per year the municipalities, and the regions across the border.

    ``names``: code -> name. ``shapes``: code -> polygon in degrees (longitude, latitude). ``parents``: per
    municipality its COROP region, province and GGD region. ``nuts``: NUTS 3 code -> (name, polygon).
    """

    names: dict[int, dict[str, str]]
    shapes: dict[int, dict[str, Any]]
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    area_names: dict[str, str] = field(default_factory=dict)
    nuts: dict[str, tuple[str, Any]] = field(default_factory=dict)
    nuts_year: int = 2021
    revision: int = 0

    def copy(self) -> Self:
        """The same maps, to change."""
        return type(self)(
            {y: dict(n) for y, n in self.names.items()},
            {y: dict(s) for y, s in self.shapes.items()},
            {c: dict(p) for c, p in self.parents.items()},
            dict(self.area_names),
            dict(self.nuts),
            self.nuts_year,
            self.revision,
        )

    # What changed

    def add_year(self, year: int) -> Self:
        """A year with the municipalities of the last one."""
        last = max(self.names)
        self.names[year], self.shapes[year] = dict(self.names[last]), dict(self.shapes[last])
        return self._done()

    def merge(self, year: int, new: str, name: str, old: list[str]) -> Self:
        """A reorganisation: from ``year`` on these municipalities are one, under a new (or one of their) code."""
        if year not in self.names:
            self.add_year(year)
        for y in (y for y in self.names if y >= year):
            self.shapes[y][new] = shapely.union_all([self.shapes[y][c] for c in old])
            self.names[y][new] = name
            for code in (c for c in old if c != new):
                del self.shapes[y][code], self.names[y][code]
        self.parents[new] = dict(self.parents[old[0]])
        return self._done()

    def lose(self, year: int, code: str) -> Self:
        """Leave out a municipality."""
        del self.shapes[year][code], self.names[year][code]
        return self._done()

    def move(self, year: int, code: str, dx: float, dy: float) -> Self:
        """Shift an outline (degrees), so that it overlaps its neighbours and leaves a gap."""
        self.shapes[year][code] = shapely.transform(self.shapes[year][code], lambda xy: xy + np.array([dx, dy]))
        return self._done()

    def rename(self, year: int, code: str, name: str) -> Self:
        """Another name."""
        self.names[year][code] = name
        return self._done()

    def _done(self) -> Self:
        self.revision += 1
        return self

    # Answering

    def answer(self, asked: Asked) -> Answer | None:
        """The answer to a request to PDOK or GISCO, or None when the path is of neither."""
        if (nuts := _NUTS.fullmatch(asked.path)) is not None:
            return self._gisco(*nuts.groups())
        if (found := _ITEMS.fullmatch(asked.path)) is None:
            return None
        collection, items = found.groups()
        if collection is None:
            return Answer(200, as_json({"collections": [self._about(asked, c) for c in _LEVELS]}))
        if collection not in _LEVELS:
            return _problem(404, "Not Found", f"collection {collection} doesn't exist in this features service")
        return self._items(asked, collection) if items else Answer(200, as_json(self._about(asked, collection)))

    @staticmethod
    def _about(asked: Asked, collection: str) -> dict[str, Any]:
        href = f"{asked.own}{asked.path.split('/collections')[0]}/collections/{collection}"
        return {
            "id": collection,
            "title": collection,
            "crs": [CRS84, RD],
            "storageCrs": RD,
            "itemType": "feature",
            "links": [{"rel": "items", "type": GEOJSON, "href": f"{href}/items?f=json"}],
        }

    def _items(self, asked: Asked, collection: str) -> Answer:
        unknown = sorted(set(asked.query) - _KNOWN)
        if unknown:
            return _problem(400, "Bad Request", f"unknown query parameter(s) found: {'&'.join(unknown)}")
        crs = asked.query.get("crs", CRS84)
        limit, cursor = asked.query.get("limit", "10"), asked.query.get("cursor", "0")
        if crs not in (CRS84, RD) or not limit.isdigit() or int(limit) < 1 or not cursor.isalnum():
            return _problem(400, "Bad Request", "a query parameter has a value that does not fit")
        features = self._features(collection, crs, self.revision)
        for name in ("jaarcode", "statcode", "statnaam"):
            if name in asked.query:
                features = [f for f in features if str(f[0][name]) == asked.query[name]]
        if "datetime" in asked.query:
            features = [f for f in features if str(f[0]["jaarcode"]) == asked.query["datetime"][:4]]
        size = min(int(limit), _MOST)
        start = int(cursor, 36)
        if asked.fault == "repeat":
            start = 0
        page = [] if asked.fault in ("empty", "empty_pages") else features[start : start + size]
        own = f"{asked.own}{asked.path}"
        rest = "&".join(f"{k}={v}" for k, v in asked.query.items() if k != "cursor")
        links = [{"rel": "self", "title": "This document as GeoJSON", "type": GEOJSON, "href": f"{own}?{rest}"}]
        following = _following(asked, int(cursor, 36), size, len(features))
        if following is not None:
            host = {"other_host": asked.other_host + asked.path, "relative": asked.path}.get(asked.fault, own)
            href = f"{host}?cursor={np.base_repr(following, 36)}&{rest}"
            links.append({"rel": "next", "title": "Next page", "type": GEOJSON, "href": href})
        head = {"type": "FeatureCollection", "timeStamp": "2026-02-03T10:00:00Z", "coordRefSys": crs, "links": links}
        body = json.dumps({**head, "numberReturned": len(page)}, ensure_ascii=False)[:-1]
        listed = "null" if asked.fault == "null_value" else "[" + ",".join(text for _, text in page) + "]"
        return Answer(200, f'{body},"features":{listed}}}'.encode(), GEOJSON, {"Content-Crs": f"<{crs}>"})

    def _features(self, collection: str, crs: str, revision: int) -> list[tuple[dict[str, Any], str]]:
        """Properties and text of all features; those of a year that is as before are not written again."""
        level = _LEVELS[collection]
        made: list[tuple[dict[str, Any], str]] = []
        for year in sorted(self.names):
            names, shapes = self.names[year], self.shapes[year]
            if level != "gemeente":
                names, shapes = self._dissolved(level, year)
            for code in sorted(names):
                about = {
                    "id": len(made) + 1,
                    "jaarcode": year,
                    "jrstatcode": f"{year}{code}",
                    "rubriek": level,
                    "statcode": code,
                    "statnaam": names[code],
                }
                whole = {"type": "Feature", "id": str(len(made) + 1), "properties": about}
                head = json.dumps(whole, ensure_ascii=False)[:-1]
                made.append((about, f'{head},"geometry":{_written(shapes[code], crs)}}}'))
        return made

    def _dissolved(self, level: str, year: int) -> tuple[dict[str, str], dict[str, Any]]:
        groups: dict[str, list[Any]] = {}
        for code, shape in self.shapes[year].items():
            groups.setdefault(self.parents[code][level], []).append(shape)
        return {g: self.area_names.get(g, g) for g in groups}, {g: shapely.union_all(s) for g, s in groups.items()}

    def _gisco(self, scale: str, year: str, crs: str, level: str) -> Answer:
        if scale not in _SCALES or int(year) != self.nuts_year or crs != "4326" or level != "3":
            return Answer(404, b"<html><body>404 Not Found</body></html>", "text/html")
        features = []
        for code, (name, shape) in [*self.nuts.items(), ("FR999", ("Proefgebied", _ELSEWHERE))]:
            about = {
                "NUTS_ID": code,
                "LEVL_CODE": 3,
                "CNTR_CODE": code[:2],
                "NAME_LATN": name,
                "NUTS_NAME": name,
                "MOUNT_TYPE": 4,
                "URBN_TYPE": 2,
                "COAST_TYPE": 3,
            }
            head = json.dumps({"type": "Feature", "id": code, "properties": about}, ensure_ascii=False)[:-1]
            features.append(f'{head},"geometry":{_written(shape, CRS84)}}}')
        crs_text = json.dumps({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}})
        body = f'{{"type":"FeatureCollection","crs":{crs_text},"features":[{",".join(features)}]}}'
        return Answer(200, body.encode(), JSON)


def _following(asked: Asked, start: int, size: int, total: int) -> int | None:
    if asked.fault == "short":
        return None
    if asked.fault == "loop" and start:
        return start
    if asked.fault in ("repeat", "empty_pages"):
        return start + size
    return start + size if start + size < total else None


def _problem(status: int, title: str, detail: str) -> Answer:
    return Answer(status, as_json({"status": status, "title": title, "detail": detail}), "application/problem+json")


@lru_cache(maxsize=5000)
def _written(shape: Any, crs: str) -> str:
    """A shape as GeoJSON: degrees with 7 decimals, or metres with 3, as every shape with the same corners."""
    if crs == RD:
        shape = shapely.transform(shape, _to_rd)
    digits = 3 if crs == RD else 7
    return str(shapely.to_geojson(shapely.transform(shape, lambda xy: np.round(xy, digits))))


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs(4326, 28992, always_xy=True)


def _to_rd(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(_transformer().transform(xy[:, 0], xy[:, 1]))


def from_snapshot(folder: Path, areas: pd.DataFrame, neighbours: dict[str, str], years: tuple[int, ...]) -> Maps:
    """Maps of an edition, the same in each of these years.

    Args:
        folder: the edition; its ``detail.parquet`` holds the outlines.
        areas: frame ``areas`` of the edition.
        neighbours: names of regions across the border; others go by their code.
        years: for which there are outlines.
    """
    detail = pd.read_parquet(folder / "detail.parquet")
    shapes = dict(zip(detail["area"], shapely.from_wkb(detail["wkb"].to_numpy()), strict=True))
    named = dict(zip(areas["area"], areas["name"], strict=True))
    own = areas[areas["level"] == "gemeente"].set_index("area")
    municipal = {c: s for c, s in shapes.items() if c in own.index}
    return Maps(
        {y: {c: named[c] for c in municipal} for y in years},
        {y: dict(municipal) for y in years},
        own[["corop", "province", "ggd"]].astype(str).to_dict("index"),
        named,
        {c: (neighbours.get(c, c), s) for c, s in shapes.items() if c not in municipal},
    )
