"""The legend of a map on a slide: classes below each other, with what else the colours mean."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.export import fit
from monitor.export.slides.shapes import Drawing, Line
from monitor.figures import style
from monitor.figures.spec import MapClass

POINT, INCH = 12700, 914400
# Size of every text on a map, in points.
LABEL = 12.0
# Lower down the coast lies further west.
_NARROWER = 0.88


def legend(
    drawing: Drawing,
    rows: Sequence[tuple[MapClass, str]],
    below: Sequence[str],
    corner: tuple[float, float],
    room: float,
    heading: str = "",
) -> float:
    """Draw swatches with bounds and count, then what else must be said; returns the lower edge in EMU.

    Args:
        drawing: what it becomes part of.
        rows: class, and how many areas it holds in words; empty for no count.
        below: sentences.
        corner: left and top in EMU.
        room: width in EMU.
        heading: what the bounds are in; empty for none.
    """
    x, y = corner
    step, swatch = 1.45 * LABEL * POINT, 1.05 * LABEL * POINT
    start = x + 1.7 * swatch
    if heading:
        y = _sentence(drawing, "Kop van de legenda", heading, (x, y), room, bold=True)
    for found, counted in rows:
        place = (round(x), round(y + (step - swatch) / 2), round(1.35 * swatch), round(swatch))
        drawing.box(f"Kleur {found.label}", place, found.colour, Line(style.DOT_EDGE, 0.5))
        words = fit.wrapped(found.label, (room - (start - x)) / POINT, LABEL, True, fit.WIDEST)
        lines = [[(w, True)] for w in words]
        if counted:
            longer = fit.width(f"{words[-1]} ({counted})", LABEL, True, fit.WIDEST) * POINT <= room - (start - x)
            lines = [*lines[:-1], [(f"{words[-1]} ", True), (f"({counted})", False)]] if longer else [
                *lines, [(f"({counted})", False)]
            ]  # fmt: skip
        wide = room - (start - x)
        high = step * len(lines) * (1.0 if len(lines) == 1 else 0.85)
        drawing.text(f"Klasse {found.label}", (round(start), round(y), round(wide), round(high)), lines, LABEL)
        y += high
    for said in below:
        y = _sentence(drawing, "Toelichting", said, (x, y), _NARROWER * room)
    return y


def _sentence(
    drawing: Drawing, name: str, said: str, corner: tuple[float, float], room: float, *, bold: bool = False
) -> float:
    """Write a sentence in lines of ``room`` EMU; returns its lower edge."""
    x, y = corner
    lines = [[(t, bold)] for t in fit.wrapped(said, room / POINT, LABEL, bold, fit.WIDEST)]
    high = 1.45 * LABEL * POINT * (0.2 + 0.8 * len(lines))
    drawing.text(name, (round(x), round(y), round(room), round(high)), lines, LABEL)
    return y + high
