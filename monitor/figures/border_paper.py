"""Draw a figure of both sides of the border for paper: the map on the left, all areas on one scale on the right."""

from __future__ import annotations

import math
from typing import Any

import shapely
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from monitor.figures import style
from monitor.figures.border_map import Places
from monitor.figures.border_spec import COUNTRIES, BorderArea, BorderFigure
from monitor.figures.classes import class_of
from monitor.figures.geometry import inner_point, polygons
from monitor.notation import number

# Part of the width that the map takes.
_MAP = 0.56
_DASHES: dict[str, Any] = {"NL": "-", "BE": (0, (5, 3)), "DE": (0, (1, 2))}


def height_cm(figure: BorderFigure, width_cm: float) -> float:
    """Height that map and scale take, legend included, in centimetres."""
    west, south, east, north = figure.window
    shape = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    return max(_MAP * width_cm * shape, 1.1 * len(figure.compared) + 1.6) + 1.4


def draw(sheet: Any, figure: BorderFigure, places: Places, top: float, bottom: float) -> None:
    """Draw within the bounds that the frame leaves (0-1); every area gets a title with name and number."""
    _legend(sheet, figure, top)
    top -= 0.09
    axes = sheet.add_axes((0.01, bottom, _MAP, top - bottom))
    axes.set_axis_off()
    west, south, east, north = figure.window
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(1 / math.cos(math.radians((south + north) / 2)), anchor="NW")
    for geometry in places.rest:
        axes.add_patch(patch(geometry, facecolor=style.ABROAD, edgecolor="white", linewidth=0.4))
    frame = shapely.box(*figure.window)
    for area in figure.mapped:
        found = class_of(area.row.value, figure.classes)
        gid = f"gebied-{area.row.area}"
        axes.add_patch(
            patch(
                places.areas[area.row.area],
                facecolor=found.colour if found else style.UNKNOWN_FILL,
                edgecolor="white" if found else style.UNKNOWN_LINE,
                linewidth=0.5,
                gid=gid,
            )
        )
        sheet.titles[gid] = f"{area.row.name}: {figure.text(area.row.value)}"
    for part in shapely.get_parts(places.border):
        if part.geom_type == "LineString":
            axes.plot(*part.xy, color="white", linewidth=1.8, zorder=2)
            axes.plot(*part.xy, color=style.TEXT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=2)
    region = shapely.union_all([places.municipalities[c] for c in figure.outline])
    for colour, width in (("white", 2.0), (style.TEXT, 1.1)):
        axes.add_patch(patch(region, facecolor="none", edgecolor=colour, linewidth=width, zorder=3))
    for area in figure.compared:
        lon, lat = inner_point(_whole(places.areas[area.row.area].intersection(frame)))
        box = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.6}
        axes.text(lon, lat, str(area.number), ha="center", va="center", fontsize=8, fontweight=600, bbox=box, zorder=4)
    _scale(sheet, figure, top, bottom)


def _scale(sheet: Any, figure: BorderFigure, top: float, bottom: float) -> None:
    """All areas compared in rows, from high to low, with the countries as lines."""
    known = [a.row.value for a in (*figure.compared, *figure.countries) if not math.isnan(a.row.value)]
    if not known:
        return
    room = min(top - bottom, (top - bottom) * (1.1 * len(figure.compared) + 1.6) / 6)
    axes = sheet.add_axes((_MAP + 0.2, top - room, 0.97 - _MAP - 0.2, room))
    axes.set_axis_off()
    low, high = min(known), max(known)
    margin = 0.08 * (high - low or abs(high) or 1.0)
    axes.set_xlim(low - margin, high + margin)
    rows = len(figure.compared)
    axes.set_ylim(rows + 0.3, -1.5)
    # The edge between names and rows, in the fractions of this drawing.
    left = -0.2 / (0.97 - _MAP - 0.2)
    for k, area in enumerate(a for a in figure.countries if not math.isnan(a.row.value)):
        gid = f"land-{area.country}"
        axes.plot([area.row.value] * 2, [-0.4, rows - 0.5], color=style.TEXT, linewidth=0.9, gid=gid,
                  linestyle=_DASHES[area.country])  # fmt: skip
        said = f"{area.row.name} {figure.text(area.row.value)}"
        sheet.titles[gid] = said
        y = -1.3 + 0.32 * k
        axes.plot([left, left + 0.08], [y, y], color=style.TEXT, linewidth=0.9, linestyle=_DASHES[area.country],
                  transform=axes.get_yaxis_transform(), clip_on=False)  # fmt: skip
        axes.text(left + 0.12, y, said, fontsize=7, va="center", transform=axes.get_yaxis_transform())
    for k, area in enumerate(figure.compared):
        axes.plot([low, high], [k, k], color=style.LINE, linewidth=0.6, zorder=0)
        weight = 400 if area.place == "buur" else 600
        where = axes.get_yaxis_transform()
        axes.text(left, k - 0.1, f"{area.number}  {area.row.name}", fontsize=7.5, fontweight=weight, transform=where)
        axes.text(left, k + 0.25, f"     {_about(area, figure)}", fontsize=6.5, color=style.MUTED, transform=where)
        if not math.isnan(area.row.value):
            gid = f"schaal-{area.row.area}"
            face = {"eigen": style.INK, "deels": style.LOCATION_LIGHT}.get(area.place, style.DOT)
            shape, size = ("s", 22) if area.place == "buur" else ("o", 42)
            axes.scatter([area.row.value], [k], marker=shape, s=size, facecolor=face, edgecolor=style.TEXT,
                         linewidth=0.7, zorder=3, gid=gid)  # fmt: skip
            sheet.titles[gid] = f"{area.row.name}: {figure.text(area.row.value)}"


def _about(area: BorderArea, figure: BorderFigure) -> str:
    value = "geen cijfer" if math.isnan(area.row.value) else number(area.row.value, figure.decimals)
    return f"{COUNTRIES[area.country]}, {value}"


def _legend(sheet: Any, figure: BorderFigure, top: float) -> None:
    axes = sheet.add_axes((0.01, top - 0.06, 0.7, 0.05))
    axes.set_axis_off()
    axes.set_xlim(0, len(figure.classes) or 1)
    axes.set_ylim(0, 1)
    for k, c in enumerate(figure.classes):
        axes.add_patch(Rectangle((k, 0.6), 0.97, 0.38, facecolor=c.colour, edgecolor=style.DOT_EDGE, linewidth=0.4))
        axes.text(k, 0.45, c.label, fontsize=6.5, va="top")


def _whole(geometry: Any) -> Any:
    return shapely.multipolygons([g for g in shapely.get_parts(geometry) if g.geom_type == "Polygon"])


def patch(geometry: Any, **options: Any) -> PathPatch:
    """A polygon in degrees, with its holes, as a shape to draw."""
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for outline in polygons(geometry):
        for ring in outline:
            vertices += ring
            codes += [Outline.MOVETO] + [Outline.LINETO] * (len(ring) - 2) + [Outline.CLOSEPOLY]
    return PathPatch(Outline(vertices, codes), **options)
