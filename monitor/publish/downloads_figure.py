"""A figure to take along: its numbers as CSV and its map and lines as SVG, beside its page."""

from __future__ import annotations

from functools import partial
from html import escape

from monitor.definitions import Indicator
from monitor.figures import files, style
from monitor.figures.spec import Figure, MapFigure, TrendFigure
from monitor.publish import drawing, links
from monitor.publish.edition import Edition
from monitor.publish.page import File

_LOOK = (
    "svg{background:#fff;font-family:'Source Sans 3',Arial,sans-serif}path{vector-effect:non-scaling-stroke}"
    ".ab{fill:#EDEFF1;stroke:#fff}.mu{stroke:#fff;stroke-width:.6}.no{fill:#fff;stroke:#C3CBD3;stroke-width:.6}"
    f".r0{{fill:none;stroke:#fff;stroke-width:3.4}}.r1{{fill:none;stroke:{style.TEXT};stroke-width:1.6}}"
    f"text{{fill:{style.TEXT};paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}}"
    ".nm{font-size:18px;font-weight:600}.va{font-weight:400}.nr{display:none}"
    f".co{{font-size:15px;letter-spacing:4px;fill:{style.MUTED};text-anchor:middle}}"
    f".gr{{stroke:#E9ECEF;fill:none}}.br{{stroke:{style.MUTED};stroke-dasharray:2 3;fill:none}}.ax,.en{{font-size:15px;stroke-width:3px}}"
    ".en .va{font-weight:600}"
)


def _place(i: Indicator, figure: Figure, ending: str) -> str:
    return f"{links.indicator(i.id)}{files.file_name(figure, ending)}"


def figure_links(i: Indicator, figure: MapFigure, trend: TrendFigure | None) -> str:
    """Links to the files of a figure."""
    made: list[tuple[Figure, str, str]] = [
        (figure, "csv", "Cijfers van de kaart (CSV)"),
        (figure, "svg", "Kaart (SVG)"),
    ]
    if trend:
        made += [(trend, "csv", "Cijfers door de jaren (CSV)"), (trend, "svg", "Lijnen (SVG)")]
    buttons = "".join(
        f'<a class="button" href="/{escape(_place(i, f, ending), quote=True)}" download>{escape(text)}</a>'
        for f, ending, text in made
    )
    return f'<p class="noprint">{buttons}</p>'


def figure_files(
    ed: Edition, i: Indicator, figure: MapFigure, trend: TrendFigure | None, base: str, digest: str
) -> list[File]:
    """The files of a figure; ``base``: where the site is served, which stands in them as their origin."""
    link = f"{base}{links.indicator(i.id)}"
    made = [
        File(_place(i, figure, "csv"), partial(files.csv_bytes, figure, link), digest),
        File(_place(i, figure, "svg"), lambda: _alone(figure, drawing.country_map(figure, ed.shapes)), digest),
    ]
    if trend:
        made += [
            File(_place(i, trend, "csv"), partial(files.csv_bytes, trend, link), digest),
            File(_place(i, trend, "svg"), lambda: _alone(trend, drawing.lines(trend, small=False)), digest),
        ]
    return made


def _alone(figure: Figure, drawn: str) -> bytes:
    """A drawing as a file by itself: with its looks, its legend and its source."""
    legend = ""
    if isinstance(figure, MapFigure):
        legend = "".join(
            f'<rect x="-20" y="{20 + 26 * k}" width="26" height="18" fill="{c.colour}" stroke="#8A949E"/>'
            f'<text x="14" y="{35 + 26 * k}" font-size="16">{escape(c.label)}</text>'
            for k, c in enumerate(figure.classes)
        )
    source = escape(f"{figure.source}. Editie {figure.edition}. {figure.licence}")
    head = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    about = f"<metadata>{source}</metadata><style>{_LOOK}</style>"
    start = head.index(">") + 1
    # Title and description come first: that is where readers of a drawing look.
    whole = f"{head[:start]}{head[start:-6]}{about}{legend}</svg>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n{whole}\n'.encode()
