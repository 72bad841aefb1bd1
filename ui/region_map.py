"""The detailed map of one region with its neighbours, to pan and zoom (pydeck, without background tiles)."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import streamlit as st

from monitor.definitions import Definitions, Region
from monitor.figures import style
from monitor.figures.geometry import inner_point, polygons
from ui.data import Data, detail

_LETTER = 13  # pixels


def _rgb(colour: str, alpha: int = 255) -> list[int]:
    return [*(int(colour[k : k + 2], 16) for k in (1, 3, 5)), alpha]


def draw(d: Data, region: Region) -> None:
    """Draw the region's municipalities with their names; candidates light, surroundings grey."""
    alt = f"Kaart van {region.spoken} met de gemeenten {', '.join(d.snapshot.names[c] for c in region.codes)}."
    st.pydeck_chart(_deck(d, d.key, region.id), height=340, alt=alt)


@st.cache_resource(show_spinner=False, max_entries=64)
def _deck(_d: Data, key: str, region: str) -> Any:
    """The map of a region for all visitors; nobody changes it."""
    return _made(_d.definitions.region(region), detail(_d, key), _d.definitions, _d.snapshot.names)


def _made(region: Region, outlines: dict[str, Any], definitions: Definitions, names: dict[str, str]) -> Any:
    import pydeck
    import shapely

    own = shapely.union_all([outlines[c] for c in region.codes])
    west, south, east, north = own.bounds
    margin = 0.25 * max(east - west, north - south)
    window = shapely.box(west - margin, south - margin, east + margin, north + margin)
    candidates = {m.code for m in region.candidates}
    abroad = {n.id: n.name for n in definitions.neighbours}
    shapes, texts = [], []
    for code, outline in outlines.items():
        if not outline.intersects(window):
            continue
        inside = code in region.codes
        fill = style.LOCATION if inside else style.LOCATION_LIGHT if code in candidates else style.ABROAD
        if code.startswith("GM") and not inside and code not in candidates:
            fill = "#F7F8F9"
        name = names.get(code) or abroad.get(code, "")
        for rings in _rounded(outline):
            shapes.append({"polygon": rings, "fill": _rgb(fill), "naam": escape(name), "lid": inside})
        if inside or code in candidates:
            lon, lat = inner_point(outline)
            colour = _rgb(style.INK if inside else style.MUTED)
            texts.append({"position": [lon, lat], "text": name, "colour": colour, "size": outline.area, "lid": inside})
    view = pydeck.ViewState(
        longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=_zoom(west, south, east, north)
    )
    texts = _apart(texts, view.zoom)
    letters = "".join(sorted({c for t in texts for c in str(t["text"])}))
    outline_rings = [{"polygon": r[0]} for r in _rounded(own)]
    layers = [
        pydeck.Layer(
            "PolygonLayer",
            shapes,
            get_polygon="polygon",
            get_fill_color="fill",
            get_line_color=_rgb("#FFFFFF"),
            line_width_min_pixels=1,
            pickable=True,
            stroked=True,
            filled=True,
        ),
        pydeck.Layer(
            "PolygonLayer",
            outline_rings,
            get_polygon="polygon",
            filled=False,
            stroked=True,
            get_line_color=_rgb(style.TEXT),
            line_width_min_pixels=2,
        ),
        pydeck.Layer(
            "TextLayer",
            texts,
            get_position="position",
            get_text="text",
            get_color="colour",
            get_size=_LETTER,
            get_pixel_offset="offset",
            character_set=pydeck.types.String(letters),
            # A family with a digit in its name breaks the layer; this is Streamlit's name for the same letter.
            font_family=pydeck.types.String("Source Sans, Arial, sans-serif"),
            font_weight=600,
            background=True,
            get_background_color=[255, 255, 255, 190],
            background_padding=[3, 1, 3, 1],
        ),
    ]
    look = {"fontFamily": "Source Sans 3", "backgroundColor": "#fff", "color": style.TEXT}
    tooltip = {"html": "{naam}", "style": look}
    # Without a map provider nothing is fetched from outside.
    return pydeck.Deck(layers=layers, initial_view_state=view, map_provider=None, tooltip=tooltip)


def _rounded(geometry: Any) -> list[list[list[tuple[float, float]]]]:
    """Polygons to a metre: more decimals cannot be seen, and are half of what is sent."""
    return [[[(round(x, 5), round(y, 5)) for x, y in ring] for ring in rings] for rings in polygons(geometry)]


def _apart(texts: list[dict[str, Any]], zoom: float) -> list[dict[str, Any]]:
    """Shift names up or down until none overlaps; one that fits nowhere is left to the pointer and the chips.

    Members go before candidates and large municipalities before small ones.
    """
    scale = 512 * 2**zoom / 360
    placed: list[tuple[float, float, float]] = []
    kept = []
    for text in sorted(texts, key=lambda t: (not t["lid"], -t["size"])):
        lon, lat = text["position"]
        x, y = lon * scale, -_mercator(lat) * scale
        half = 0.28 * _LETTER * len(text["text"]) + 4
        height = _LETTER + 5
        for shift in (0, height, -height, 2 * height, -2 * height):
            if all(abs(x - a) > half + b or abs(y + shift - c) > height for a, b, c in placed):
                placed.append((x, half, y + shift))
                kept.append({**text, "offset": [0, shift]})
                break
    return kept


def _mercator(latitude: float) -> float:
    """Return the Mercator ordinate of a latitude, in degrees."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _zoom(west: float, south: float, east: float, north: float) -> float:
    """Zoom at which the region fills a frame of about 420 x 340 pixels."""
    across = 420 / 512 * 360 / ((east - west) * 1.25)
    up = 340 / 512 * 360 / ((_mercator(north) - _mercator(south)) * 1.25)
    return math.log2(min(across, up))
