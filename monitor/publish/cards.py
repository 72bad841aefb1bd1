"""The picture that goes along when a page is shared: brand, title, conclusion, a small map or trend, source.

Drawn with Pillow on one prepared ground: the outlines are cut into pixels once, after which a map is a table of
colours (some milliseconds instead of a quarter of a second).
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFont

from monitor.export.pdf.typesetting import shortened, words
from monitor.figures import fonts, style
from monitor.figures.area import padded
from monitor.figures.geometry import Outlines, polygons
from monitor.figures.spec import MapFigure, StripFigure, TrendFigure
from monitor.publish.page import Page

WIDTH, HEIGHT = 1200, 630
BRAND = "Regiomonitor Brede Welvaart"
_LEFT, _FOOT, _TOP = 60, 562, 118
# The column of text, and that of the picture beside it: left, top, right, bottom.
_TEXT_WIDTH = 650
_PICTURE = (744, 24, 1184, 550)
# Title and conclusion in pixels, tried in this order: on a timeline of 360 pixels wide the smallest is still 10.
_SIZES = ((64, 36), (58, 36), (52, 34), (46, 34), (40, 32))
_LINE = {True: 1.14, False: 1.3}
# Twice as many pixels as shown, so that edges are smooth; a line of one of these is half a pixel.
_FINE = 2
_COLOURS, _LEVEL = 96, 4
# Beyond the neighbours' outlines this is sea.
_VIEW = (3.2, 50.68, 7.32, 53.62)
Box = tuple[int, int, int, int]
_NOTHING, _ABROAD, _SEAM, _EDGE, _FIRST = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Ground:
    """The map of the country in pixels: per pixel which area it is, as a number.

    Attributes:
        labels: shape (height, width), ``_FINE`` times the size shown: 0 sea, 1 abroad, 2 between municipalities,
            3 the edge of a region, from 4 on the place of a municipality in ``codes`` plus 4.
        codes: municipalities.
        regions: slug of a region -> its municipalities.
    """

    labels: NDArray[np.uint16]
    codes: tuple[str, ...]
    regions: Mapping[str, tuple[str, ...]]


def ground(outlines: Outlines, regions: Mapping[str, Sequence[str]]) -> Ground:
    """Cut the outlines into pixels.

    Args:
        outlines: of the edition.
        regions: slug -> municipal codes.
    """
    left, top, right, bottom = _PICTURE
    west, south, east, north = _VIEW
    flat = math.cos(math.radians((south + north) / 2))
    scale = _FINE * min((right - left) / ((east - west) * flat), (bottom - top) / (north - south))
    size = (round(scale * flat * (east - west)), round(scale * (north - south)))

    def place(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [((x - west) * flat * scale, (north - y) * scale) for x, y in ring]

    picture = Image.new("I", size, _NOTHING)
    pen = ImageDraw.Draw(picture)
    codes = tuple(outlines.municipalities)
    numbered = [(g, _ABROAD) for g in outlines.neighbours.values()]
    numbered += [(outlines.municipalities[c], k + _FIRST) for k, c in enumerate(codes)]
    for geometry, number in numbered:
        for outer, *_ in polygons(geometry):
            pen.polygon(place(outer), fill=number)
    for c in codes:
        for outer, *_ in polygons(outlines.municipalities[c]):
            pen.line(place(outer), fill=_SEAM, width=1)
    for width, number in ((5, _SEAM), (2, _EDGE)):
        for geometry in outlines.regions.values():
            for outer, *_ in polygons(geometry):
                pen.line(place(outer), fill=number, width=width)
    return Ground(np.asarray(picture).astype(np.uint16), codes, {s: tuple(c) for s, c in regions.items()})


def card(page: Page, edition: str, map_ground: Ground) -> bytes:
    """Draw the card of a page: PNG of 1200 by 630 pixels.

    Args:
        page: its title, description and figure are drawn.
        edition: name of the edition.
        map_ground: see ``ground``.
    """
    sheet = _blank(edition, _source(page)).copy()
    pen = ImageDraw.Draw(sheet)
    figure = page.figure
    if isinstance(figure, TrendFigure) and any(s.role != "overig" for s in figure.series):
        _trend(sheet, pen, figure)
    elif isinstance(figure, StripFigure) and figure.region and figure.municipalities:
        _strip(pen, figure)
    else:
        _map(sheet, map_ground, _colours(page, map_ground))
    _words(pen, page.title, page.description)
    return _packed(sheet)


def alt(page: Page) -> str:
    """What the card says, for who cannot see it."""
    shown = {
        MapFigure: "Met een kleine kaart.",
        TrendFigure: "Met de lijn door de jaren.",
        StripFigure: "Met de gemeenten op een rij.",
    }.get(type(page.figure), "Met een kaartje van Nederland.")
    return f"{page.title}. {shortened(page.description, 300)} {shown}"


def _source(page: Page) -> str:
    return page.figure.source.partition(";")[0] if page.figure else "Bron: CBS en anderen"


# -- words ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _letter(family: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    face = next(f for f in fonts.FACES if (f.family, f.weight) == (family, weight))
    return ImageFont.truetype(str(fonts.file(face)), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _word(word: str, font: ImageFont.FreeTypeFont) -> float:
    return float(font.getlength(word))


def _wide(text: str, font: ImageFont.FreeTypeFont) -> float:
    """The width of a text; that of a word is kept, because pages share most of theirs."""
    parts = text.split(" ")
    return sum(_word(w, font) for w in parts) + (len(parts) - 1) * _word(" ", font)


@lru_cache(maxsize=16)
def _blank(edition: str, source: str) -> Image.Image:
    """The sheet with what every card of a source has: brand above, source and edition below."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(sheet)
    _brand(sheet)
    pen.text((_LEFT + 58, 62), BRAND, fill=style.INK, font=_letter(style.SANS, 600, 32), anchor="lm")
    pen.rectangle((0, _FOOT, WIDTH, HEIGHT), fill=style.ABROAD)
    pen.rectangle((0, HEIGHT - 8, WIDTH, HEIGHT), fill=style.INK)
    small = _letter(style.SANS, 400, 25)
    said = f"Editie {edition}"
    room = WIDTH - 2 * _LEFT - _wide(f"  {said}", small)
    told = words(source)
    while _wide(told, small) > room:
        told = shortened(told, len(told) - 1)
    pen.text((_LEFT, 592), told, fill=style.MUTED, font=small, anchor="lm")
    pen.text((WIDTH - _LEFT, 592), said, fill=style.MUTED, font=small, anchor="rm")
    return sheet


def _brand(sheet: Image.Image) -> None:
    """The mark of static/merk.svg, 44 pixels."""
    fine = 4
    mark = Image.new("RGBA", (44 * fine, 44 * fine), (255, 255, 255, 0))
    pen, k = ImageDraw.Draw(mark), 44 * fine / 32
    pen.rounded_rectangle((0, 0, 44 * fine - 1, 44 * fine - 1), 6 * k, fill=style.INK)
    line = [(6 * k, 22 * k), (12 * k, 14 * k), (18 * k, 18 * k), (26 * k, 8 * k)]
    pen.line(line, fill="white", width=round(3 * k), joint="curve")
    for (x, y), r in ((line[0], 1.5), (line[-1], 3.0)):
        pen.ellipse((x - r * k, y - r * k, x + r * k, y + r * k), fill="white")
    small = mark.reduce(fine)
    sheet.paste(small, (_LEFT, 40), small)


def _words(pen: ImageDraw.ImageDraw, title: str, said: str) -> None:
    """Title and conclusion in the largest letters in which both fit; the conclusion is cut at a sentence."""
    room = _FOOT - 16 - _TOP
    # More never fits, and cutting it down word by word would take long.
    title_, said_ = words(shortened(title, 180)), words(shortened(said, 600))
    for big, small in _SIZES:
        heading, text = _letter(style.SERIF, 600, big), _letter(style.SANS, 400, small)
        above = _wrapped(title_, heading)
        left = int((room - len(above) * big * _LINE[True] - 22) // (small * _LINE[False]))
        below = _wrapped(said_, text)
        if len(above) <= 3 and len(below) <= left:
            break
    else:
        above, below = _cut(title_, heading, 4), _cut(said_, text, max(left, 2))
    y = float(_TOP)
    for part in above:
        pen.text((_LEFT, y), part, fill=style.INK, font=heading)
        y += big * _LINE[True]
    y += 22
    for part in below:
        pen.text((_LEFT, y), part, fill=style.TEXT, font=text)
        y += small * _LINE[False]


def _cut(text: str, font: ImageFont.FreeTypeFont, lines: int) -> list[str]:
    """A text in at most so many lines: whole sentences where these say enough."""
    kept, found = text, _wrapped(text, font)
    while len(found) > lines:
        kept = shortened(kept, int(0.95 * len(kept)) - 1)
        found = _wrapped(kept, font)
    return found


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """A text in lines that fit the column; a word that does not fit alone is broken."""
    lines = [""]
    for word in text.replace("\u200b", "").split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if _wide(joined, font) <= _TEXT_WIDTH:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while _word(word, font) > _TEXT_WIDTH:
            most = next(k for k in range(len(word), 0, -1) if _word(word[:k] + "-", font) <= _TEXT_WIDTH)
            lines[-1] = word[:most] + "-"
            lines.append("")
            word = word[most:]
        lines[-1] = word
    return lines


# -- pictures -------------------------------------------------------------------------------------------------


def _colours(page: Page, g: Ground) -> dict[str, str]:
    """Municipality -> colour: of the map that the page shows, else where the page's area lies."""
    figure = page.figure
    if isinstance(figure, MapFigure):
        return {code: figure.classes[k].colour for code, k in figure.classed}
    parts = page.path.split("/")
    slug = next((p for p in parts if p in g.regions), "")
    code = next((p.upper() for p in parts if p.upper() in g.codes), "")
    if code:
        slug = next((s for s, codes in g.regions.items() if code in codes), "")
    own = set(g.regions.get(slug, ())) if not code else {code}
    inside = {c for codes in g.regions.values() for c in codes}
    light = set(g.regions.get(slug, ())) if code else inside
    if not own and not code:
        own, light = inside, set()
    rest = style.BAND
    return {c: style.INK if c in own else style.LOCATION_LIGHT if c in light else rest for c in g.codes}


def _map(sheet: Image.Image, g: Ground, colours: Mapping[str, str]) -> None:
    table = np.full((_FIRST + len(g.codes), 4), 255, dtype=np.uint8)
    fixed = {_ABROAD: style.ABROAD, _SEAM: "#FFFFFF", _EDGE: style.TEXT}
    for k, colour in (*fixed.items(), *((k + _FIRST, colours.get(c, "")) for k, c in enumerate(g.codes))):
        # Unknown is white on paper too; here, where nothing explains it, a tint keeps the country whole.
        table[k, :3] = ImageColor.getrgb(colour or style.SURFACE)
    # Four bytes of colour as one number: that is looked up in a fifth of the time.
    pixels = table.view(np.uint32)[:, 0].take(g.labels)
    picture = Image.frombuffer("RGBA", pixels.shape[::-1], pixels, "raw", "RGBA", 0, 1).reduce(_FINE).convert("RGB")
    _, top, right, bottom = _PICTURE
    sheet.paste(picture, (right - picture.width, top + (bottom - top - picture.height) // 2))


def _trend(sheet: Image.Image, pen: ImageDraw.ImageDraw, figure: TrendFigure) -> None:
    """Lines through the years; the chosen regions and the country carry their name and last value."""
    left, top, right, bottom = 760, 150, 1140, 470
    rows = [r for s in figure.series for r in s.rows if not math.isnan(r.value)]
    low, high = padded([r.value for r in rows], 0.08)
    years = (min(r.year for r in rows), max(r.year for r in rows))

    def at(year: int, value: float) -> tuple[float, float]:
        across = (year - years[0]) / ((years[1] - years[0]) or 1)
        return left + across * (right - left), bottom - (value - low) / (high - low) * (bottom - top)

    chosen = [s for s in figure.series if s.role == "gekozen"]
    named = [*chosen, *(s for s in figure.series if s.role == "land")]
    fine = Image.new("RGB", ((WIDTH - 740) * _FINE, (bottom - top + 40) * _FINE), "white")
    lines = ImageDraw.Draw(fine)
    breaks = tuple(y for y, _ in figure.breaks)
    for s in [*(s for s in figure.series if s not in named), *named]:
        colour, width = (_line_colour(s.role, chosen.index(s) if s in chosen else 0), 7 if s in chosen else 5)
        if s not in named:
            colour, width = style.OTHER, 2
        for piece in s.pieces(breaks):
            points = [at(r.year, r.value) for r in piece]
            spots = [((x - 740) * _FINE, (y - top + 20) * _FINE) for x, y in points]
            if len(spots) > 1:
                lines.line(spots, fill=colour, width=width * _FINE, joint="curve")
            if s in named:
                r = (width + 1) * _FINE
                for x, y in spots[-1:] if len(spots) > 1 else spots:
                    lines.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    sheet.paste(fine.reduce(_FINE), (740, top - 20))
    _ends(pen, figure, named, chosen)
    small = _letter(style.SANS, 400, 26)
    for year, x, side in ((years[0], left, "l"), (years[1], right, "r")):
        pen.text((x, bottom + 40), str(year), fill=style.MUTED, font=small, anchor=f"{side}m")


def _line_colour(role: str, place: int) -> str:
    return style.SERIES[place % len(style.SERIES)][0] if role == "gekozen" else style.COUNTRY


def _ends(pen: ImageDraw.ImageDraw, figure: TrendFigure, named: Sequence[Any], chosen: Sequence[Any]) -> None:
    """Names and last values above the lines, in their colours."""
    y = 44
    for s in [*named[:2], *named[-1:]][: 3 if len(named) > 2 else len(named)]:
        known = [r for r in s.rows if not math.isnan(r.value)]
        if known:
            colour = _line_colour(s.role, chosen.index(s) if s in chosen else 0)
            said = f"{s.name} {figure.text(known[-1].value)}"
            pen.text((760, y), words(said), fill=colour, font=_letter(style.SANS, 600, 30))
            y += 38


def _strip(pen: ImageDraw.ImageDraw, figure: StripFigure) -> None:
    """The municipalities as dots from top to bottom, the benchmark as a rule, the region's value in large."""
    own = figure.region
    if own is None:
        return
    values = [m.value for m in figure.municipalities if not math.isnan(m.value)]
    values += [r.value for r in (own, figure.benchmark) if r and not math.isnan(r.value)]
    low, high = padded(values, 0.06)

    def up(value: float) -> float:
        return 520 - (value - low) / (high - low) * 380

    pen.line((850, 140, 850, 520), fill=style.LINE, width=3)
    for m in figure.municipalities:
        if not math.isnan(m.value):
            y = up(m.value)
            pen.ellipse((841, y - 9, 859, y + 9), fill=style.DOT, outline=style.DOT_EDGE, width=2)
    said = []
    if figure.benchmark and not math.isnan(figure.benchmark.value):
        y = up(figure.benchmark.value)
        pen.line((815, y, 885, y), fill=style.INK, width=5)
        said.append((y, f"{figure.benchmark.name} {figure.text(figure.benchmark.value)}", style.TEXT, 400))
    if not math.isnan(own.value):
        colour = style.MARKS[own.outcome or "niet te beoordelen"].colour
        y = up(own.value)
        pen.ellipse((833, y - 17, 867, y + 17), fill=colour, outline="white", width=4)
        said.append((y, figure.text(own.value), colour, 600))
    for place, (y, text, colour, weight) in enumerate(sorted(said)):
        near = len(said) > 1 and abs(said[0][0] - said[1][0]) < 50
        shift = (-26 if place == 0 else 26) if near else 0
        size = 44 if weight == 600 else 27
        pen.text((900, y + shift), words(text), fill=colour, font=_letter(style.SANS, weight, size), anchor="lm")


def _packed(sheet: Image.Image) -> bytes:
    """The sheet as PNG in few colours, which is a third of the size."""
    out = io.BytesIO()
    packed = sheet.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # Few colours come out as the mean of their neighbours: paper stays white.
    palette = packed.getpalette() or []
    paper = packed.getpixel((2, 2))
    if isinstance(paper, int):
        palette[3 * paper : 3 * paper + 3] = [255, 255, 255]
        packed.putpalette(palette)
    packed.save(out, "PNG", compress_level=_LEVEL)
    return out.getvalue()
