"""Freeform shapes, lines and labels as DrawingML, written as text in one go: hundreds of outlines cost milliseconds.

Coordinates are whole EMU on the slide; inside an outline they are whole tenths of a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely

from monitor.export.slides.text import LANGUAGE, NAMESPACES, attribute, fill, tidy_inside

# A tenth of a point: finer than anybody sees.
GRAIN = 1270


@dataclass(frozen=True)
class Line:
    """How an edge is drawn: colour, width in points, dash of DrawingML ('sysDash'), empty for none."""

    colour: str
    width: float
    dash: str = ""

    def xml(self) -> str:
        """As DrawingML."""
        dash = f'<a:prstDash val="{self.dash}"/>' if self.dash else ""
        return f'<a:ln w="{round(self.width * 12700)}">{fill(self.colour)}{dash}<a:round/></a:ln>'


NO_LINE = "<a:ln><a:noFill/></a:ln>"


class Drawing:
    """Shapes that become one group on a slide.

    Args:
        left: of the group on the slide, in EMU.
        top: likewise.
        first: the first id that no shape on the slide has.
    """

    def __init__(self, left: int, top: int, first: int) -> None:
        self.left, self.top = left, top
        self._group, self._ids = first, count(first + 1)
        self._parts: list[str] = []

    def outline(self, name: str, parts: Sequence[Any], inside: str, edge: Line | None, alt: str = "") -> None:
        """A closed freeform: rings as arrays of shape (n, 2) in EMU, holes included; nothing without rings."""
        xml = _path(parts, closed=True)
        if xml:
            self._parts.append(
                self._shape(name, alt, xml, fill(inside) or "<a:noFill/>", edge.xml() if edge else NO_LINE)
            )

    def line(self, name: str, parts: Sequence[Any], edge: Line) -> None:
        """An open freeform: pieces as arrays of shape (n, 2) in EMU."""
        xml = _path(parts, closed=False)
        if xml:
            self._parts.append(self._shape(name, "", xml, "<a:noFill/>", edge.xml()))

    def box(
        self, name: str, place: tuple[int, int, int, int], inside: str, edge: Line | None = None, kind: str = "rect"
    ) -> None:
        """A rectangle ('rect') or another plain shape ('ellipse') at left, top, width, height in EMU."""
        preset = f'{_frame(*place)}<a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom>'
        self._parts.append(
            self._shape(name, "", preset, fill(inside) or "<a:noFill/>", edge.xml() if edge else NO_LINE)
        )

    def text(
        self,
        name: str,
        place: tuple[int, int, int, int],
        lines: Iterable[Sequence[tuple[str, bool]]],
        size: float,
        *,
        align: str = "l",
        colour: str = "tx1",
        inside: str = "",
    ) -> None:
        """A label: lines of (text, bold) that are never broken; left, top, width and height in EMU."""
        paragraphs = "".join(
            f'<a:p><a:pPr algn="{align}"><a:lnSpc><a:spcPct val="90000"/></a:lnSpc>'
            '<a:spcBef><a:spcPts val="0"/></a:spcBef></a:pPr>'
            + "".join(
                f'<a:r><a:rPr lang="{LANGUAGE}" sz="{round(size * 100)}" b="{int(bold)}">{fill(colour)}</a:rPr>'
                f"<a:t>{escape(tidy_inside(text))}</a:t></a:r>"
                for text, bold in line
            )
            + "</a:p>"
            for line in lines
        )
        self._parts.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{next(self._ids)}" name={attribute(name)}/><p:cNvSpPr txBox="1"/><p:nvPr/>'
            f'</p:nvSpPr><p:spPr>{_frame(*place)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            f"{fill(inside) or '<a:noFill/>'}</p:spPr><p:txBody>"
            '<a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/></a:bodyPr>'
            f"<a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
        )

    def group(self, name: str, alt: str, width: int, height: int) -> Any:
        """The group as an element, of the size given; its own coordinates are those of the slide."""
        from pptx.oxml import parse_xml

        frame = _frame(self.left, self.top, width, height)[:-9]
        inner = f'<a:chOff x="{self.left}" y="{self.top}"/><a:chExt cx="{width}" cy="{height}"/></a:xfrm>'
        return parse_xml(
            f'<p:grpSp {NAMESPACES}><p:nvGrpSpPr><p:cNvPr id="{self._group}" name={attribute(name)} '
            f"descr={attribute(alt)}/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>{frame}{inner}</p:grpSpPr>"
            f"{''.join(self._parts)}</p:grpSp>"
        )

    def _shape(self, name: str, alt: str, geometry: str, inside: str, edge: str) -> str:
        told = f" descr={attribute(alt)}" if alt else ""
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{next(self._ids)}" name={attribute(name)}{told}/><p:cNvSpPr/><p:nvPr/>'
            f"</p:nvSpPr><p:spPr>{geometry}{inside}{edge}</p:spPr></p:sp>"
        )


def _frame(left: int, top: int, width: int, height: int) -> str:
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _path(parts: Sequence[Any], closed: bool) -> str:
    """Place, size and path of a freeform; empty when nothing is left of it."""
    least = 4 if closed else 2
    # Rounded to the grain, points that fall together once, so that the file stays small.
    whole = [_thinned(np.rint(np.asarray(p) / GRAIN).astype(int)) for p in parts]
    whole = [p for p in whole if len(p) >= least]
    if not whole:
        return ""
    every = np.concatenate(whole)
    (x0, y0), (x1, y1) = every.min(axis=0).tolist(), every.max(axis=0).tolist()
    wide, high = max(x1 - x0, 1), max(y1 - y0, 1)
    drawn = []
    for part in whole:
        points = (part[:-1] if closed else part).tolist()
        drawn.append(f'<a:moveTo><a:pt x="{points[0][0] - x0}" y="{points[0][1] - y0}"/></a:moveTo>')
        drawn += [f'<a:lnTo><a:pt x="{x - x0}" y="{y - y0}"/></a:lnTo>' for x, y in points[1:]]
        if closed:
            drawn.append("<a:close/>")
    none = "" if closed else ' fill="none"'
    return (
        f"{_frame(x0 * GRAIN, y0 * GRAIN, wide * GRAIN, high * GRAIN)}<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/>"
        f'<a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" h="{high}"{none}>'
        f"{''.join(drawn)}</a:path></a:pathLst></a:custGeom>"
    )


def _thinned(points: Any) -> Any:
    """Points without those that repeat the one before."""
    if len(points) < 2:
        return points
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[kept]


def rings_of(geometry: Any) -> list[Any]:
    """Every ring of a polygon or multipolygon, holes included, as arrays of shape (n, 2) in its own coordinates."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return [np.asarray(r.coords)[:, :2] for p in parts for r in (p.exterior, *p.interiors)]
