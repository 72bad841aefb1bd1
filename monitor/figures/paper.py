"""Draw a FigureSpec for paper with matplotlib: PNG (16 cm wide, 300 dpi) and SVG."""

from __future__ import annotations

import io
import math
import textwrap
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as MplFigure

from monitor.figures import border_paper, fonts, raster, style
from monitor.figures.area import Area, padded
from monitor.figures.border_map import Places
from monitor.figures.border_paper import patch
from monitor.figures.border_spec import BorderFigure
from monitor.figures.geometry import Outlines
from monitor.figures.spec import Figure, MapFigure, Row, StripFigure, TrendFigure
from monitor.figures.ticks import decimals_of, round_ticks
from monitor.notation import number

WIDTH_CM, DPI = 16.0, 300
# A whole number of pixels: 1890, which is 16 cm to within a hundredth of a millimetre.
_INCH = round(WIDTH_CM / 2.54 * DPI) / DPI
_SHAPES = {"up": "^", "down": "v", "circle": "o", "diamond": "D", "hollow": "o"}


class Sheet(MplFigure):
    """A sheet of paper that remembers what each mark stands for: id -> name and number."""

    titles: dict[str, str]


@cache
def _fonts() -> str:
    """Register the shipped letters with matplotlib; return the family."""
    for face in fonts.FACES:
        if face.family == style.SANS:
            font_manager.fontManager.addfont(str(fonts.file(face)))
            # The semibold calls itself a family of its own; here it is the bold of the family.
            entry = font_manager.fontManager.ttflist[-1]
            font_manager.fontManager.ttflist[-1] = replace(entry, name=face.family, weight=face.weight)
    return style.SANS


def _settings() -> dict[str, Any]:
    return {
        "font.family": _fonts(),
        "font.size": 9,
        "text.color": style.TEXT,
        "svg.fonttype": "none",
        "font.weight": 400,
        # At 300 dots per inch hinting only takes time; a dollar sign is a dollar sign.
        "text.hinting": "none",
        "text.parse_math": False,
        "svg.hashsalt": "regiomonitor",
        "axes.edgecolor": style.LINE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": style.TEXT,
        "ytick.color": style.TEXT,
    }


def png(figure: Figure, outlines: Outlines | Places | None = None, link: str = "") -> bytes:
    """Return the figure as PNG: 16 cm wide at 300 dpi (1890 pixels), with title, sentence, source and link."""
    with mpl.rc_context(_settings()):
        sheet = _draw(figure, outlines, link)
        return raster.png(sheet, {"Title": figure.title, "Description": figure.alt, "Source": figure.source})


def svg(figure: Figure, outlines: Outlines | Places | None = None, link: str = "") -> bytes:
    """Return the figure as SVG with real text; every mark has a title with its name and number."""
    with mpl.rc_context(_settings()):
        sheet = _draw(figure, outlines, link)
        canvas = FigureCanvasSVG(sheet)
        out = io.BytesIO()
        canvas.print_svg(out, metadata={"Title": figure.title, "Description": figure.alt, "Date": None})
        return _titled(out.getvalue(), sheet.titles)


def _titled(raw: bytes, titles: dict[str, str]) -> bytes:
    """Put a <title> in every element that has a known id, so that a pointer or screen reader gives the number."""
    space = "http://www.w3.org/2000/svg"
    ET.register_namespace("", space)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(raw)
    root.set("role", "img")
    for element in root.iter():
        said = titles.get(element.get("id", ""))
        if said:
            title = ET.Element(f"{{{space}}}title")
            title.text = said
            element.insert(0, title)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(ET.tostring(root, encoding="utf-8"))


def _draw(figure: Figure, outlines: Outlines | Places | None, link: str) -> Sheet:
    # The figure keeps its size; what must be said below it makes the sheet longer.
    own = {MapFigure: 17.5, TrendFigure: 9.5, StripFigure: 5.5}
    tall = border_paper.height_cm(figure, WIDTH_CM) + 2 if isinstance(figure, BorderFigure) else own[type(figure)]
    height = tall + 0.36 * len(_footer(figure, link))
    sheet = Sheet(figsize=(_INCH, height / 2.54), dpi=DPI)
    sheet.titles = {}
    top, bottom = _frame(sheet, figure, link, height)
    if isinstance(figure, MapFigure):
        if not isinstance(outlines, Outlines):
            raise ValueError("een kaart vraagt grenzen")
        _map(sheet, figure, outlines, top, bottom)
    elif isinstance(figure, TrendFigure):
        _trend(sheet, figure, top, bottom)
    elif isinstance(figure, StripFigure):
        _strip(sheet, figure, top, bottom)
    elif isinstance(figure, BorderFigure):
        if not isinstance(outlines, Places):
            raise ValueError("een kaart van over de grens vraagt de grenzen van beide kanten")
        border_paper.draw(sheet, figure, outlines, top, bottom)
    return sheet


def _frame(sheet: Sheet, figure: Figure, link: str, height: float) -> tuple[float, float]:
    """Title, reading sentence and footer; returns the bounds that are left for the figure (0-1)."""
    cm = 1 / height
    y = 1 - 0.35 * cm
    for text, size, weight, colour, width in (
        (figure.title, 12, 600, style.INK, 76),
        (figure.sentence, 9, 400, style.TEXT, 108),
    ):
        for part in textwrap.wrap(text, width):
            sheet.text(0.01, y, part, fontsize=size, fontweight=weight, color=colour, va="top")
            y -= 0.052 * size * cm
        y -= 0.1 * cm
    low = 0.25 * cm
    for part in reversed(_footer(figure, link)):
        sheet.text(0.01, low, part, fontsize=7, color=style.MUTED, va="bottom")
        low += 0.36 * cm
    return y - 0.1 * cm, low + 0.15 * cm


def _footer(figure: Figure, link: str) -> list[str]:
    """Every note, the source and the link, in lines that fit the width."""
    said = [*figure.notes, f"{figure.source}. Editie {figure.edition}."]
    return [part for text in said for part in textwrap.wrap(text, 130)] + ([link] if link else [])


def _map(sheet: Sheet, figure: MapFigure, outlines: Outlines, top: float, bottom: float) -> None:
    legend_height = 0.05
    axes = sheet.add_axes((0.0, bottom, 1.0, top - bottom - legend_height))
    axes.set_axis_off()
    axes.set_xlim(*style.LON)
    axes.set_ylim(*style.LAT)
    axes.set_aspect(1 / math.cos(math.radians(52.2)))
    values = dict(figure.colours)
    groups = {code: figure.classes[place] for code, place in figure.classed}
    names = dict(figure.names)
    for geometry in outlines.neighbours.values():
        axes.add_patch(patch(geometry, facecolor=style.ABROAD, edgecolor="white", linewidth=0.4))
    for code, geometry in outlines.municipalities.items():
        value = values.get(code, math.nan)
        found = groups.get(code)
        gid = f"gebied-{code}"
        colour = found.colour if found else style.UNKNOWN_FILL
        axes.add_patch(
            patch(
                geometry, facecolor=colour, edgecolor="white" if found else style.UNKNOWN_LINE, linewidth=0.3, gid=gid
            )
        )
        sheet.titles[gid] = f"{names.get(code, code)}: {figure.told(value)}"
    for geometry in outlines.regions.values():
        axes.add_patch(patch(geometry, facecolor="none", edgecolor="white", linewidth=1.9))
        axes.add_patch(patch(geometry, facecolor="none", edgecolor=style.TEXT, linewidth=0.9))
    _map_texts(axes, figure)
    _legend(sheet, figure, top)


def _map_texts(axes: Any, figure: MapFigure) -> None:
    # A box, not a stroke around the letters: a stroke would turn text into shapes in the SVG.
    halo = {"facecolor": "white", "alpha": 0.55, "linewidth": 0, "pad": 0.8}
    anchor = {"left": "left", "right": "right", "center": "center"}
    for label in figure.labels:
        text = f"{label.name}\n{label.text}".strip()
        axes.text(
            label.lon, label.lat, text, ha=anchor[label.align], va="center", fontsize=7.5, fontweight=600,
            linespacing=1.1, bbox=halo,
        )  # fmt: skip
    for text, lon, lat in (("BELGIË", 4.55, 50.9), ("DUITSLAND", 7.2, 51.62)):
        axes.text(lon, lat, text, fontsize=7, color=style.MUTED, ha="center")
    for n in figure.neighbours:
        axes.text(n.lon, n.lat, n.name, fontsize=5.8, color=style.MUTED, ha="center", va="center")


def _legend(sheet: Sheet, figure: MapFigure, top: float) -> None:
    axes = sheet.add_axes((0.01, top - 0.045, 0.98, 0.042))
    axes.set_axis_off()
    axes.set_xlim(0, len(figure.classes) or 1)
    axes.set_ylim(0, 1)
    for k, c in enumerate(figure.classes):
        axes.add_patch(
            mpl.patches.Rectangle((k, 0.62), 0.97, 0.36, facecolor=c.colour, edgecolor=style.DOT_EDGE, linewidth=0.4)
        )
        lines = textwrap.wrap(c.label, 26)
        axes.text(k, 0.5, "\n".join([*lines[:2], figure.count_text(c.count)]), fontsize=6.5, va="top")


def _trend(sheet: Sheet, figure: TrendFigure, top: float, bottom: float) -> None:
    rows = [r for s in figure.series for r in s.rows]
    bands = [r for s in figure.series if s.role == "gekozen" for r in s.rows]
    ticks = round_ticks([r.value for r in rows])
    low, high = padded([*(r.value for r in rows), *(v for r in bands for v in (r.lower, r.upper))], 0.05)
    up = min([low, *ticks]), max([high, *ticks])
    years = sorted({r.year for r in rows})
    area = Area(sheet, (0.085, bottom + 0.05, 0.66, top - bottom - 0.08), padded(years, 0.05), up)
    breaks = tuple(y for y, _ in figure.breaks)
    chosen = [s for s in figure.series if s.role == "gekozen"]
    ends = []
    order = [s for s in figure.series if s.role == "overig"] + chosen + [s for s in figure.series if s.role == "land"]
    for series in order:
        colour, dash, width = (style.DOT_EDGE, "-", 1.0) if series.named else (style.OTHER, "-", 0.7)
        if series.role == "land":
            colour, width = style.COUNTRY, 1.3
        elif series.role == "gekozen":
            colour, name = style.SERIES[chosen.index(series) % len(style.SERIES)]
            dash, width = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}[name], 1.8
        for k, piece in enumerate(series.pieces(breaks)):
            gid = f"lijn-{series.area}-{k}"
            area.line(
                [r.year for r in piece], [r.value for r in piece], color=colour, linestyle=dash, linewidth=width,
                gid=gid, marker="o", markersize=width * 1.6,
            )  # fmt: skip
            sheet.titles[gid] = "; ".join(_said(figure, series.name, r) for r in piece)
            band = [r for r in piece if not math.isnan(r.lower)]
            if series.role == "gekozen" and len(band) > 1:
                edge = [(r.year, r.lower) for r in band] + [(r.year, r.upper) for r in reversed(band)]
                area.shape(edge, facecolor=colour, alpha=0.13, linewidth=0)
        known = [r for r in series.rows if not math.isnan(r.value)]
        if known and (series.role != "overig" or series.named):
            ends.append((known[-1].value, known[-1].year, series.name, style.MUTED if series.named else colour))
    for year in breaks:
        before = max((y for y in years if y < year), default=year - 1)
        area.upright((before + year) / 2, color=style.MUTED, linewidth=0.7, linestyle=":")
        area.text((before + year) / 2, up[1], "breuk", fontsize=7, color=style.MUTED, ha="center", va="bottom")
    for tick in ticks:
        area.level(tick, color="#E9ECEF", linewidth=0.6, zorder=0.5)
    shown = years if len(years) <= 12 else years[:: math.ceil(len(years) / 6)]
    area.scale_across([(y, str(y)) for y in shown])
    area.scale_up([(t, number(t, decimals_of(ticks))) for t in ticks])
    gap, placed = 0.06 * (up[1] - up[0]), -math.inf
    for value, year, name, colour in sorted(ends):
        placed = max(value, placed + gap)
        said = f"{name} {figure.text(value)}"
        area.text(year, placed, said, 7, va="center", fontsize=8, fontweight=600, color=colour)


def _said(figure: TrendFigure, name: str, row: Row) -> str:
    limited = " (beperkte dekking)" if row.limited else ""
    return f"{name} {row.year}: {figure.text(row.value)}{limited}"


def _strip(sheet: Sheet, figure: StripFigure, top: float, bottom: float) -> None:
    own, other, relevant = figure.region, figure.benchmark, figure.relevant
    numbers = [m.value for m in figure.municipalities]
    if other:
        numbers += [other.value, *((other.value - relevant, other.value + relevant) if relevant > 0 else ())]
    if own and not math.isnan(own.value):
        numbers += [own.value, own.lower, own.upper]
    low, high = padded(numbers, 0.08)
    area = Area(sheet, (0.04, bottom + 0.1, 0.92, top - bottom - 0.16), (low, high), (-1, 1.1))
    for row in figure.municipalities:
        _dot(sheet, area, figure, row, "o", style.DOT, style.DOT_EDGE, 26, f"gemeente-{row.area}")
    if other:
        if relevant > 0:
            area.span(
                other.value - relevant, other.value + relevant, facecolor=style.BAND, linewidth=0, zorder=0,
                gid="te-klein",
            )  # fmt: skip
            sheet.titles["te-klein"] = figure.threshold
        said = f"{other.name} {figure.text(other.value)}"
        area.upright(other.value, color=style.INK, linewidth=1.2, gid="vergelijking")
        sheet.titles["vergelijking"] = f"{other.name}: {figure.text(other.value)}"
        area.text(other.value, 0.9, said, 3, fontsize=8, color=style.INK)
    if own and not math.isnan(own.value):
        mark = style.MARKS[own.outcome or "niet te beoordelen"]
        if not math.isnan(own.lower):
            area.line([own.lower, own.upper], [0, 0], color=mark.colour, linewidth=1.4, gid="marge")
            sheet.titles["marge"] = f"Marge: {figure.text(own.lower)} tot {figure.text(own.upper)}"
        face = "white" if mark.shape == "hollow" else mark.light if own.limited else mark.colour
        _dot(sheet, area, figure, own, _SHAPES[mark.shape], face, mark.colour, 80, f"regio-{own.area}")
        told = f"{own.name} {figure.text(own.value)}, {own.word}"
        area.text(own.value, -0.55, told, fontsize=8, ha="center", fontweight=600)
    ticks = [t for t in round_ticks([low, high]) if low <= t <= high]
    area.scale_across([(t, number(t, decimals_of(ticks))) for t in ticks])


def _dot(
    sheet: Sheet, area: Area, figure: Figure, row: Row, shape: str, face: str, edge: str, size: float, gid: str
) -> None:
    area.mark(row.value, 0, size, marker=shape, markerfacecolor=face, markeredgecolor=edge, zorder=3, gid=gid)
    sheet.titles[gid] = f"{row.name}: {figure.text(row.value)}"
