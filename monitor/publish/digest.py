"""What a page depends on, as a digest: when it is the same, the page is, and need not be made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from functools import cached_property

import numpy as np
import pandas as pd

from monitor.definitions import Definitions, Indicator
from monitor.paths import DEFINITIONS, DETAIL, MAP, NEIGHBOURS, ROOT, STATIC
from monitor.publish import links
from monitor.publish.edition import Edition
from monitor.publish.page import Page
from monitor.snapshot.store import AREAS

# Besides its definitions and its figures a site is made from these; a change in any of them makes every page anew.
_CODE = ("monitor/**/*.py", "monitor/publish/assets/*", "ui/style.css", "docs/methode.md", "docs/oordelen.md",
         "docs/toegankelijkheidsverklaring.md")  # fmt: skip
_APART = {"indicators", "findings", "programmes"}


def of(*parts: object) -> str:
    """The digest of some parts; a text or number stands for itself, bytes and models for what they hold."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else repr(part).encode())
        whole.update(b"\0")
    return whole.hexdigest()[:24]


class Digests:
    """The digests of the parts of an edition, and from these those of pages.

    Args:
        ed: the edition.
        options: what else every page depends on: where site and app are served.
    """

    def __init__(self, ed: Edition, *options: str) -> None:
        self._ed = ed
        self._options = options

    @cached_property
    def base(self) -> str:
        """What every page depends on: code, looks, options, the edition's name and day, and the small definitions."""
        d, manifest = self._ed.definitions, self._ed.snapshot.manifest
        files = manifest.get("files", {})
        about = {k: v for k, v in manifest.items() if k not in ("files", "relevant_differences")}
        small = [repr(getattr(d, f.name)) for f in fields(d) if f.name not in _APART]
        outlines = [files.get(name) for name in (AREAS, MAP, NEIGHBOURS, DETAIL)]
        there = [(i.id, i.full_name, i.theme, i.goals, bool(self._ed.snapshot.years(i.id))) for i in d.indicators]
        return of(*_code(), self._options, json.dumps(about, sort_keys=True, default=str), *small, outlines, there)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """Indicator and area of every observation, with the hash of the whole row."""
        frame = self._ed.snapshot.observations
        hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
        return pd.DataFrame({"indicator": frame["indicator"], "area": frame["area"].astype(str), "hash": hashes})

    @cached_property
    def figures(self) -> str:
        """All observations and weights."""
        return of(self._rows["hash"].to_numpy().tobytes(), self._weights)

    @cached_property
    def _weights(self) -> str:
        w = self._ed.snapshot.weights
        return of(pd.util.hash_pandas_object(w, index=False).to_numpy().tobytes())

    @cached_property
    def _per_indicator(self) -> dict[str, str]:
        groups = self._rows.groupby("indicator", observed=True)["hash"]
        return {str(k): of(np.asarray(v).tobytes()) for k, v in groups}

    @cached_property
    def _per_area(self) -> dict[str, str]:
        groups = self._rows.groupby("area", observed=True)["hash"]
        return {str(k): of(np.asarray(v).tobytes()) for k, v in groups}

    @cached_property
    def _larger(self) -> str:
        """Observations of all areas that are no municipality."""
        return of([(k, v) for k, v in self._per_area.items() if not k.startswith("GM")])

    @cached_property
    def _indicators(self) -> str:
        d, manifest = self._ed.definitions, self._ed.snapshot.manifest
        return of(d.indicators, json.dumps(manifest.get("relevant_differences"), sort_keys=True, default=str))

    @cached_property
    def _findings(self) -> str:
        return of(self._ed.definitions.findings)

    @cached_property
    def _programmes(self) -> str:
        return of(self._ed.definitions.programmes)

    @cached_property
    def _tensions(self) -> str:
        d = self._ed.definitions
        return of([(i.id, d.tensions(i.id)) for i in d.indicators])

    def page(self, page: Page) -> str:
        """The digest of a page: of its own words and of the parts that its place tells it depends on."""
        own = (self.base, page.path, page.title, page.description, page.app, page.trail)
        return of(*own, *self._parts(page.path))

    def _parts(self, path: str) -> Iterable[object]:
        d = self._ed.definitions
        kind, _, name = path.rstrip("/").partition("/")
        folder = f"{kind}/"
        if folder == links.INDICATOR and name:
            i = d.indicator(name)
            return (
                i,
                self._relevant(i.id),
                self._per_indicator.get(i.id),
                self._weights,
                d.tensions(i.id),
                _parts_of(d, i.id),
            )
        if folder == links.MUNICIPALITY and name:
            own = self._per_area.get(name.upper()), self._weights_per_area.get(name.upper())
            return self._indicators, self._tensions, self._larger, own
        if folder == links.REGION and name:
            region = d.region(name.partition("/")[0])
            codes = [*region.codes, *(m.code for m in region.candidates)]
            said = [f for f in d.findings if f.concerns(region.id)]
            return (
                self._indicators,
                self._tensions,
                self._larger,
                [self._per_area.get(c) for c in codes],
                self._weights,
                said,
            )
        if folder == links.FINDING:
            return self._finding(name)
        if folder == links.PROGRAMMES:
            return (self._programmes,)
        if folder == links.COMPARE:
            return self._indicators, self._tensions, self.figures
        if folder in (links.METHOD, links.BALANCE):
            return self._indicators, self._findings, self.figures
        if path in (links.REGION, links.INDICATOR, links.MUNICIPALITY, links.DATA, links.ACCESS) or path.endswith(
            ".html"
        ):
            return ()
        if path == links.SEARCH:
            return (
                self._indicators,
                self._findings,
                self._programmes,
                of((DEFINITIONS / "zoekwoorden.yaml").read_bytes()),
            )
        return self._indicators, self._findings, self._programmes, self.figures

    def _finding(self, name: str) -> Iterable[object]:
        """What the page of one finding shows: itself, names of others, and the figures that it is held against."""
        d = self._ed.definitions
        own = next(f for f in d.findings if f.id == name)
        ids = [x.id for x in own.indicators]
        rows = [(d.indicator(i), self._per_indicator.get(i), d.tensions(i), self._relevant(i)) for i in ids]
        return own, [(f.id, f.title) for f in d.findings], rows, self._weights

    def _relevant(self, indicator: str) -> object:
        return self._ed.snapshot.manifest.get("relevant_differences", {}).get(indicator)

    @cached_property
    def _weights_per_area(self) -> dict[str, str]:
        w = self._ed.snapshot.weights
        hashes = pd.Series(pd.util.hash_pandas_object(w, index=False).to_numpy())
        groups = hashes.groupby(w["area"].astype(str).to_numpy())
        return {str(k): of(np.asarray(v).tobytes()) for k, v in groups}


def _parts_of(d: Definitions, indicator: str) -> list[Indicator]:
    return [i for i in d.indicators if i.part_of == indicator]


def _code() -> list[str]:
    """What the site is made with."""
    paths = {p for pattern in _CODE for p in ROOT.glob(pattern) if p.is_file()}
    paths |= {p for p in (STATIC / "fonts").iterdir() if p.is_file()} | {STATIC / "merk.svg"}
    return [f"{p.relative_to(ROOT)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in sorted(paths)]
