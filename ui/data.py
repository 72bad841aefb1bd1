"""Definitions, edition and outlines: read once per edition and shared, read-only, by all sessions."""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from monitor import paths, profile
from monitor.definitions import Definitions, load
from monitor.definitions.in_force import in_force
from monitor.dialogue.matrix import Voiced, hold_all
from monitor.errors import DefinitionError, MonitorError, SnapshotError
from monitor.figures.compose import Composer
from monitor.figures.geometry import Outlines, read_detail, read_outlines
from monitor.figures.layers import LAYERS, Layers, layer_files
from monitor.figures.spec import MapFigure, StripFigure, TrendFigure
from monitor.known import known_of
from monitor.notation import alphabetical
from monitor.screens.likeness import LikenessPage, compose_likeness, likeness_of
from monitor.screens.overview import Overview, compose_overview
from monitor.screens.overview_html import small_map as draw_small_map
from monitor.screens.region import RegionPage, compose_region
from monitor.snapshot import store
from monitor.snapshot.compare import editions, kept_beside
from monitor.snapshot.fitting import fitting
from monitor.snapshot.store import Snapshot
from monitor.state import Known
from monitor.statistics.panel import Panel
from monitor.structure import Likeness
from monitor.yardstick import Measured, measure

_log = logging.getLogger("regiomonitor")
# Where a session notes which edition its links keep.
_PIN = "editie-vast"


@dataclass(frozen=True)
class Data:
    """Everything a page draws from.

    ``definitions``: as this edition uses them; ``today``: as they are now, which differ in the compositions of regions.
    """

    definitions: Definitions
    snapshot: Snapshot
    composer: Composer
    outlines: Outlines
    layers: Layers
    known: Known
    key: str
    today: Definitions


@dataclass(frozen=True)
class View:
    """Which edition a page draws from, and why.

    ``pin``: name of the edition that the link pins, '' without one; all links keep it. ``missing``: an edition that the
    link asks for and that cannot be shown. ``in_force``: name of the edition in force, '' when that is damaged.
    ``damaged``: what is wrong with the edition in force, when another is shown because of that.
    """

    data: Data
    pin: str = ""
    missing: str = ""
    in_force: str = ""
    damaged: MonitorError | None = None


def data() -> Data:
    """Return the edition that the link pins, else the one in force; a new one is picked up at the next page view.

    Raises:
        MonitorError: a definition is broken, or no edition can be read.
    """
    return view().data


def view() -> View:
    """Return the edition to draw from: the pinned one, else the one in force, else the newest kept one that is sound.

    Raises:
        MonitorError: a definition is broken, or no edition can be read.
    """
    folder = paths.snapshot_dir()
    asked = (st.query_params.get_all("editie") or [""])[-1]
    place = _pinned(folder, asked, _name(folder)) if asked else None
    if place:
        try:
            return View(_of(place), pin=asked, in_force=_name(folder))
        except DefinitionError:
            raise
        except Exception:
            # Its files fit its manifest, and yet it cannot be used: a link must never take the monitor down.
            _log.exception("editie %s is niet te gebruiken", asked)
    try:
        found = _of(folder)
        return View(found, missing=asked, in_force=found.snapshot.edition)
    except SnapshotError as damaged:
        for _, kept in editions(folder):
            try:
                return View(_of(kept), missing=asked, damaged=damaged)
            except SnapshotError:
                continue
        raise


def along() -> dict[str, str]:
    """What every link inside the app takes along: the edition that this page is pinned to."""
    pin = st.session_state.get(_PIN, "")
    return {"editie": pin} if pin else {}


def hold(pin: str) -> None:
    """Note which edition the links of this page keep; '' for none."""
    st.session_state[_PIN] = pin


def _name(folder: Path) -> str:
    """Name of an edition by its manifest alone; '' when that cannot be read."""
    try:
        name = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))["edition"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return name if isinstance(name, str) else ""


def _pinned(folder: Path, name: str, in_force: str) -> Path | None:
    """Where an edition is, by name; None when there is no sound one."""
    if name == in_force and store.sound(folder) == name:
        return folder
    kept = kept_beside(folder)
    # The name comes from a link: it is looked up among what is there, and never becomes a path by itself.
    usual = next((p for p in kept.iterdir() if p.name == name), None) if kept.is_dir() else None
    if usual and store.sound(usual) == name:
        return usual
    return dict(editions(folder)).get(name)


def read() -> Data:
    """Return the edition in force; also outside a page.

    Raises:
        MonitorError: as ``view``.
    """
    return _of(paths.snapshot_dir())


def _of(folder: Path) -> Data:
    return _data(str(folder), store.fingerprint(folder))


# The edition in force and some that links pin. Without a message that it is being read: that cannot be shown where
# no page asks for it (ui/warm.py).
@st.cache_resource(show_spinner=False, max_entries=4)
def _data(folder: str, key: str) -> Data:
    definitions = load()
    snapshot = store.read(Path(folder))
    today = definitions
    if Path(folder) != paths.snapshot_dir():
        definitions = fitting(definitions, snapshot)
    definitions = in_force(definitions, snapshot)
    outlines = read_outlines(snapshot.folder, {r.id: r.codes for r in definitions.regions})
    layers = _served(outlines, definitions, snapshot.names, key)
    known = known_of(definitions, snapshot)
    made = Data(definitions, snapshot, Composer(definitions, snapshot), outlines, layers, known, key, today)
    _keep_out_of_collection()
    return made


def _keep_out_of_collection() -> None:
    """Take what is loaded by now out of what Python searches for garbage: it stays, and searching it takes 0.1 s.

    What an earlier call took out is searched once more, so that an edition that nobody asks for any more can go.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _served(outlines: Outlines, definitions: Definitions, names: dict[str, str], key: str) -> Layers:
    """Put the outlines where the browser fetches them once; where that cannot be written, send them along.

    The name of a file changes with the edition and with the composition of the regions.
    """
    mark = hashlib.sha256(f"{key}{[(r.id, r.name, r.codes) for r in definitions.regions]}".encode()).hexdigest()[:12]
    targets = {layer: paths.STATIC / "kaart" / f"{layer}-{mark}.geojson" for layer in LAYERS}
    served: dict[str, Any] = {layer: f"app/static/kaart/{target.name}" for layer, target in targets.items()}
    if not all(target.exists() for target in targets.values()):
        for layer, content in layer_files(outlines, definitions, names).items():
            try:
                partial = targets[layer].with_suffix(f".{os.getpid()}.deel")
                partial.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
                partial.replace(targets[layer])
            except OSError:
                served[layer] = content
    return Layers(**served)


# What follows is shared as it is, and nobody changes it: taking a copy for every visitor would cost more than making
# some of it.


@st.cache_resource(show_spinner=False, max_entries=256)
def map_spec(_d: Data, key: str, indicator: str, year: int | None, level: str, compare: Any) -> MapFigure:
    """Return a map's content."""
    return _d.composer.map(_d.definitions.indicator(indicator), year, level, compare)


@st.cache_resource(show_spinner=False, max_entries=256)
def strip_specs(_d: Data, key: str, indicator: str, year: int | None, benchmark: Any) -> tuple[StripFigure, ...]:
    """Return the strips of the 11 regions."""
    i = _d.definitions.indicator(indicator)
    return tuple(_d.composer.strip(i, region, year, benchmark) for region in _d.definitions.regions)


@st.cache_resource(show_spinner=False, max_entries=64)
def region_page(_d: Data, key: str, region: str, benchmark: Any) -> RegionPage:
    """Return the content of the page of a region."""
    return compose_region(_d.definitions, _d.snapshot, _d.composer, _d.definitions.region(region), benchmark)


@st.cache_resource(show_spinner=False, max_entries=4)
def municipalities(_d: Data, key: str) -> dict[str, str]:
    """Return code -> name in the order of the alphabet; a name that occurs twice does not exist today."""
    named = ((code, _d.snapshot.names[code]) for code in _d.snapshot.municipalities)
    return dict(sorted(named, key=lambda pair: alphabetical(pair[1])))


@st.cache_resource(show_spinner=False, max_entries=256)
def trend_spec(_d: Data, key: str, indicator: str, regions: tuple[str, ...], benchmark: Any) -> TrendFigure:
    """Return a trend's content."""
    chosen = [_d.definitions.region(r) for r in regions]
    return _d.composer.trend(_d.definitions.indicator(indicator), chosen, benchmark)


@st.cache_resource(show_spinner=False, max_entries=4)
def detail(_d: Data, key: str) -> dict[str, Any]:
    """Return the detailed outlines, for the map of one region."""
    return read_detail(_d.snapshot.folder)


@st.cache_resource(show_spinner=False, max_entries=16)
def overview(_d: Data, key: str, benchmark: Any) -> Overview:
    """Return the content of the start page."""
    return compose_overview(_d.definitions, _d.snapshot, _d.composer, benchmark)


@st.cache_resource(show_spinner=False, max_entries=4)
def small_map(_d: Data, key: str) -> str:
    """Return the map of the start page as SVG."""
    return draw_small_map(_d.outlines, _d.definitions)


@st.cache_resource(show_spinner=False, max_entries=4)
def panel(_d: Data, key: str) -> Panel:
    """Return the municipal figures laid out, to add up any composition from."""
    return profile.panel_of(_d.definitions, _d.snapshot)


@st.cache_resource(show_spinner=False, max_entries=32)
def standings(_d: Data, key: str, benchmark: Any, since: int | None) -> dict[str, tuple[profile.Standing, ...]]:
    """Return all figures of the 11 regions against a benchmark; ``since``: the year from which a change is told."""
    return profile.of_regions(_d.definitions, _d.snapshot, benchmark, panel(_d, key), since)


@st.cache_resource(show_spinner=False, max_entries=64)
def small_multiples(_d: Data, key: str, indicators: tuple[str, ...], region: str) -> list[tuple[TrendFigure, str]]:
    """Return the trends of several figures with a caption, of those that have three or more years."""
    chosen = _d.definitions.region(region)
    made = []
    for name in indicators:
        if len(_d.known.years[name]) >= 3:
            figure = _d.composer.trend(_d.definitions.indicator(name), [chosen])
            made.append((figure, figure.sentence))
    return made


@st.cache_resource(show_spinner=False, max_entries=4)
def likeness(_d: Data, key: str) -> Likeness:
    """Return the structural features of regions and COROP regions, and how far they lie apart."""
    return likeness_of(_d.definitions, _d.snapshot)


@st.cache_resource(show_spinner=False, max_entries=64)
def alike(_d: Data, key: str, region: str) -> LikenessPage:
    """Return what a region resembles."""
    return compose_likeness(_d.definitions, _d.snapshot, _d.definitions.region(region), likeness(_d, key))


@st.cache_resource(show_spinner=False, max_entries=16)
def voiced(_d: Data, key: str, benchmark: Any) -> tuple[Voiced, ...]:
    """Return every finding held against its figures in every region that it concerns."""
    return hold_all(_d.definitions, _d.snapshot, benchmark)


@st.cache_resource(show_spinner="De optellingen worden nagerekend …", max_entries=4)
def yardsticks(_d: Data, key: str) -> tuple[Measured, ...]:
    """Return how far our sums are from what CBS publishes."""
    return measure(_d.definitions, _d.snapshot)
