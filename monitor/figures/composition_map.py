"""The map on which a region is composed: members, likely candidates, surroundings; a click names a municipality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import shapely

from monitor.figures import style
from monitor.figures.layers import Layers
from monitor.figures.screen import map_layout

_SELECTED = {"marker": {"opacity": 1}}
ELSEWHERE = "#F7F8F9"
# Frames for which names are kept apart, in pixels; names for the small one begin with a space of no width.
WIDE, SMALL = (560, 460), (340, 330)
_LETTER = 14
# Width of the window for its height, in pixels: between that of both frames.
_SHAPE = 1.15
# A single municipality is shown with its neighbours: so many degrees across.
_LEAST = 0.7


def composition_map(
    layers: Layers,
    shapes: Mapping[str, Any],
    points: Mapping[str, tuple[float, float]],
    names: Mapping[str, str],
    members: Sequence[str],
    likely: Sequence[str],
    around: Sequence[str] = (),
) -> go.Figure:
    """Draw a composition in its surroundings.

    Args:
        layers: GeoJSON for the browser.
        shapes: municipal code -> polygon in degrees.
        points: municipal code -> where its name stands, (lon, lat).
        names: municipal code -> name.
        members: municipalities of the composition.
        likely: municipalities that may belong to it, drawn light and kept in view.
        around: what has to be in view as well, as the region that it began with.

    Returns:
        A Plotly figure; the municipal code of what is clicked is the point's ``location``.
    """
    frame = [shapes[c] for c in {*members, *likely, *around}] or list(shapes.values())
    window = shapely.box(*_window(*shapely.total_bounds(frame)))
    inside = [c for c, shape in shapes.items() if c not in members and shape.intersects(window)]
    light = [c for c in inside if c in likely]
    other = [c for c in inside if c not in likely]
    add, away, own = "klik om toe te voegen", "klik om weg te halen", layers.municipalities
    traces = [
        _fill("buurlanden", layers.neighbours, ["neighbours"], style.ABROAD, style.ABROAD_LINE, ""),
        *([_fill("andere", own, other, ELSEWHERE, style.UNKNOWN_LINE, add)] if other else []),
        *([_fill("misschien", own, light, style.LOCATION_LIGHT, "#FFFFFF", add)] if light else []),
        *([_fill("leden", own, list(members), style.LOCATION, "#FFFFFF", away)] if members else []),
    ]
    named = [*((c, True) for c in members), *((c, False) for c in light)]
    for mark, size in (("", WIDE), ("\u200b", SMALL)):
        kept = _apart(named, points, shapes, names, window.bounds, size)
        traces.append(
            {
                "type": "scattergeo",
                "name": "namen" if not mark else "namen smal",
                "lon": [points[c][0] for c, _ in kept],
                "lat": [points[c][1] for c, _ in kept],
                "mode": "text",
                "text": [f"{mark}{names[c]}" for c, _ in kept],
                "textfont": {"size": _LETTER, "color": [style.INK if own else style.MUTED for _, own in kept]},
                "hoverinfo": "skip",
            }
        )
    return go.Figure(traces, map_layout(window.bounds))


def _window(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """Bounds with a margin, in the proportions of the frame, so that no side of it stays blank."""
    tall = _mercator(north) - _mercator(south)
    across = max(1.2 * (east - west), 1.2 * tall * _SHAPE, _LEAST)
    up = across / _SHAPE * (north - south) / tall
    lon, lat = (west + east) / 2, (south + north) / 2
    return lon - across / 2, lat - up / 2, lon + across / 2, lat + up / 2


def _fill(name: str, layer: Any, codes: list[str], colour: str, line: str, told: str) -> dict[str, Any]:
    """Areas in one colour; ``told`` is what a click does, empty where it does nothing."""
    return {
        "type": "choropleth",
        "name": name,
        "geojson": layer,
        "locations": codes,
        "z": [0] * len(codes),
        "colorscale": [[0, colour], [1, colour]],
        "showscale": False,
        "marker": {"line": {"color": line, "width": 1}},
        "hovertemplate": f"<b>%{{properties.gemeenten}}</b><br>{told}<extra></extra>" if told else None,
        "hoverinfo": None if told else "skip",
        # A click on a municipality must not dim the others.
        "selected": _SELECTED,
        "unselected": _SELECTED,
    }


def _apart(
    named: Sequence[tuple[str, bool]],
    points: Mapping[str, tuple[float, float]],
    shapes: Mapping[str, Any],
    names: Mapping[str, str],
    bounds: tuple[float, float, float, float],
    size: tuple[int, int],
) -> list[tuple[str, bool]]:
    """The names that do not overlap in a frame: members before candidates, large before small."""
    west, south, east, north = bounds
    scale = min(size[0] / (east - west), size[1] / (_mercator(north) - _mercator(south)))
    placed: list[tuple[float, float, float]] = []
    kept = []
    for code, own in sorted(named, key=lambda n: (not n[1], -shapes[n[0]].area)):
        lon, lat = points[code]
        x, y, half = lon * scale, _mercator(lat) * scale, 0.27 * _LETTER * len(names[code])
        if all(abs(x - a) > half + b or abs(y - c) > _LETTER + 2 for a, b, c in placed):
            placed.append((x, half, y))
            kept.append((code, own))
    return kept


def _mercator(latitude: float) -> float:
    """Return the Mercator ordinate of a latitude, in degrees."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
