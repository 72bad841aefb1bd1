"""A deck of slides on a template: fills placeholders by name, and keeps what every slide must have.

Nothing overflows: text is written as large as the template asks where that fits, else smaller, else shorter; what had
to be cut is told in full in the speaker notes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from monitor.export import fit
from monitor.export.fit import Paragraph
from monitor.export.slides import notes as slides_notes
from monitor.export.slides import template as tpl
from monitor.export.slides import text as slides_text
from monitor.export.stamp import stamped
from monitor.logbook.entry import clean

# Points per EMU.
_POINT = 12700
# The smallest type of running text and of a title, in points; a template that is smaller itself keeps its own.
BODY, TITLE = 14.0, 18.0
_TITLE_LINES = 3
_INSETS = {"lIns": 91440, "tIns": 45720, "rIns": 91440, "bIns": 45720}


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    def overlaps(self, other: Box) -> bool:
        """Whether two rectangles share more than an edge."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )

    def joined(self, other: Box) -> Box:
        """The smallest rectangle around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right = max(self.left + self.width, other.left + other.width)
        bottom = max(self.top + self.height, other.top + other.height)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Type:
    """How a placeholder writes: size in points, height of a line in parts of it, family, insets in EMU."""

    size: float
    line: float
    family: str
    bold: bool
    insets: tuple[int, int, int, int]


class Deck:
    """The presentation that is made."""

    def __init__(self, template: tpl.Template) -> None:
        self.presentation = template.open()
        self.layouts = tpl.layouts(self.presentation)
        self._known: dict[str, tuple[dict[str, Any], Any | None, dict[str, Box]]] = {}
        self.families = _families(self.presentation)
        self._titles: set[str] = set()
        self._types: dict[tuple[str, str], Type] = {}

    def add(self, layout: str, title: str) -> Leaf:
        """Add a slide with a title that no other slide has, also when it had to be cut."""
        leaf, plain = Leaf(self, layout), fit.tidy(title).removesuffix(".")
        wished = (t for n in count(2) for t in (f"{plain} ({n})", f"({n}) {plain}"))
        leaf.title(plain)
        while leaf.text(tpl.TITLE) in self._titles:
            leaf.full.clear()
            leaf.title(next(wished))
        self._titles.add(leaf.text(tpl.TITLE))
        return leaf

    def about(self, layout: str) -> tuple[dict[str, Any], Any | None, dict[str, Box]]:
        """The placeholders of a layout that are filled, that for the slide's number, and where the first lie."""
        if layout not in self._known:
            source = self.layouts[layout]
            fields = {n: f for n, f in tpl.fields(source).items() if n in tpl.EXPECTED[layout]}
            boxes = {n: Box(f.left, f.top, f.width, f.height) for n, f in fields.items()}
            self._known[layout] = (fields, tpl.number_field(source), boxes)
        return self._known[layout]

    def type_of(self, layout: str, name: str, field: Any) -> Type:
        """How a placeholder of a layout writes."""
        key = (layout, name)
        if key not in self._types:
            self._types[key] = _type_of(field, self.families[0 if name == tpl.TITLE else 1])
        return self._types[key]

    def save(self, title: str, made: Any) -> bytes:
        """Return the deck as .pptx. ``made``: the day on which it was made."""
        import datetime as dt

        about = self.presentation.core_properties
        about.title, about.author, about.language = clean(title), "Regiomonitor Brede Welvaart", slides_text.LANGUAGE
        about.last_modified_by, about.revision = about.author, 1
        about.subject = about.keywords = about.comments = about.category = ""
        about.created = about.modified = dt.datetime.combine(made, dt.time())
        out = io.BytesIO()
        self.presentation.save(out)
        return stamped(out.getvalue())


class Leaf:
    """One slide."""

    def __init__(self, deck: Deck, layout: str) -> None:
        self.deck, self.layout = deck, layout
        self.slide = deck.presentation.slides.add_slide(deck.layouts[layout])
        self.fields, number, self._boxes = deck.about(layout)
        own = {s.placeholder_format.idx: s for s in self.slide.placeholders}
        self.shapes = {n: own[f.placeholder_format.idx] for n, f in self.fields.items()}
        for shape in own.values():
            if shape not in self.shapes.values():
                shape._element.getparent().remove(shape._element)
        for name, shape in self.shapes.items():
            shape.name = name
        self.drawn: dict[str, list[Any]] = {n: [s._element] for n, s in self.shapes.items()}
        self.full: list[str] = []
        self._number(number)

    def box(self, name: str) -> Box:
        """Where a placeholder lies."""
        return self._boxes[name]

    def room_for_figure(self) -> Box:
        """Where the figure goes: its placeholder, and that for text with it where it stays empty and lies beside it.

        Only what is drawn after the text knows whether that place is free.
        """
        own = self.box(tpl.FIGURE)
        if tpl.TEXT not in self.shapes or self.text(tpl.TEXT).strip():
            return own
        both = own.joined(self.box(tpl.TEXT))
        others = [self.box(n) for n in self.fields if n not in (tpl.FIGURE, tpl.TEXT)]
        return own if any(both.overlaps(b) for b in others) else both

    def text(self, name: str) -> str:
        """What stands in a placeholder."""
        return str(self.shapes[name].text_frame.text)

    def title(self, text: str) -> None:
        """Write the title in at most three lines."""
        self.write(tpl.TITLE, [Paragraph.of(text)], least=TITLE, most_lines=_TITLE_LINES)

    def fits(self, name: str, paragraphs: Sequence[Paragraph], least: float = BODY) -> bool:
        """Whether paragraphs fit a placeholder in type of at least ``least`` points."""
        return self._size(name, paragraphs, least) is not None

    def write(
        self,
        name: str,
        *variants: Sequence[Paragraph],
        least: float = BODY,
        most: float = math.inf,
        most_lines: int | None = None,
        up_to: float = 0.0,
    ) -> float:
        """Fill a placeholder with the first of the variants that fits; the last of them is shortened when none does.

        Args:
            name: of the placeholder.
            variants: what to write, the fullest first; empty ones are passed over.
            least: the smallest type in points.
            most: the largest type in points, also where the template asks for more.
            most_lines: so many lines at most.
            up_to: type in points that may be taken where there is room, also where the template asks for less.

        Returns:
            The size of the type in points; 0 when there was nothing to write.
        """
        limits = (least, most, most_lines, up_to)
        usable = [v for v in variants if v]
        for paragraphs in usable:
            if size := self._size(name, paragraphs, *limits):
                return self._put(name, paragraphs, size)
        if not usable:
            return 0.0
        # Cut from the end; in the speaker notes it is told in full.
        self.full.append(" ".join("".join(r.text for r in p.runs) for p in usable[-1]))
        kept, share = list(usable[-1]), 1.0
        while not (size := self._size(name, kept, *limits)):
            share -= 0.06
            if share < 0.1 and len(kept) > 1:
                kept, share = list(usable[-1])[: len(kept) - 1], 1.0
                continue
            kept[-1] = _cut(usable[-1][len(kept) - 1], max(share, 0.01))
            if share < 0:
                size = least
                break
        return self._put(name, kept, size)

    def _size(
        self,
        name: str,
        paragraphs: Sequence[Paragraph],
        least: float,
        most: float = math.inf,
        most_lines: int | None = None,
        up_to: float = 0.0,
    ) -> float | None:
        """The type in points in which paragraphs fit a placeholder; None when they do not."""
        kind, room = self._kind(name), self._room(name)
        if kind.bold:
            paragraphs = [replace(p, runs=tuple(replace(r, bold=True) for r in p.runs)) for p in paragraphs]
        least = min(least, kind.size)
        size = fit.fitting(
            paragraphs, room, (min(max(kind.size, up_to), most), min(least, most)), kind.family, kind.line
        )
        while size and most_lines:
            if sum(fit.lines(p.runs, room[0], size * p.size, kind.family) for p in paragraphs) <= most_lines:
                break
            size = size - 0.5 if size - 0.5 >= least else None
        return size

    def drop(self, name: str) -> None:
        """Take a placeholder away that nothing goes into, or that something else takes the place of."""
        shape = self.shapes.pop(name)
        shape._element.getparent().remove(shape._element)
        self.drawn.pop(name)

    def replace(self, name: str, element: Any) -> None:
        """Say that something drawn on the slide stands where a placeholder was; the placeholder goes."""
        shape = self.shapes.pop(name, None)
        if shape is not None:
            shape._element.getparent().remove(shape._element)
            self.drawn[name] = []
        self.drawn[name].append(element)

    def link(self, address: str) -> str:
        """The relation of this slide to an address."""
        from pptx.opc.constants import RELATIONSHIP_TYPE as RT

        return str(self.slide.part.relate_to(address, RT.HYPERLINK, is_external=True))

    def next_id(self) -> int:
        """An id that no shape on the slide has."""
        return max(int(i) for i in self.slide.shapes._spTree.xpath("//p:cNvPr/@id")) + 1

    def close(self, notes: Sequence[str]) -> None:
        """Finish the slide: drop what stayed empty, put shapes in reading order, write the speaker notes."""
        for name in list(self.shapes):
            if not self.text(name).strip():
                self.drop(name)
        tree = self.slide.shapes._spTree
        placed = [e for elements in self.drawn.values() for e in elements]
        number = [e for e in tree.iterchildren() if e not in placed][2:]
        for name in tpl.EXPECTED[self.layout]:
            for element in self.drawn.get(name, []):
                tree.append(element)
        for element in number:
            tree.append(element)
        slides_text.in_dutch(tree)
        slides_notes.write(self.slide, [*notes, *self.full])

    def _kind(self, name: str) -> Type:
        return self.deck.type_of(self.layout, name, self.fields[name])

    def _room(self, name: str) -> tuple[float, float]:
        box, (left, top, right, bottom) = self.box(name), self._kind(name).insets
        return (box.width - left - right) / _POINT, (box.height - top - bottom) / _POINT

    def _put(self, name: str, paragraphs: Sequence[Paragraph], size: float) -> float:
        from pptx.oxml import parse_xml

        given = None if abs(size - self._kind(name).size) < 0.01 else size
        shape = self.shapes[name]._element
        shape.replace(shape.txBody, parse_xml(slides_text.body_xml(paragraphs, size, given, self.link)))
        return size

    def _number(self, field: Any | None) -> None:
        """The number of the slide, where its layout has a place for it."""
        if field is None:
            return
        from pptx.oxml import parse_xml

        self.slide.shapes._spTree.append(
            parse_xml(
                f'<p:sp {slides_text.NAMESPACES}><p:nvSpPr><p:cNvPr id="{self.next_id()}" name="Dianummer"/><p:cNvSpPr>'
                '<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldNum" sz="quarter" '
                f'idx="{field.placeholder_format.idx}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>'
                '<a:p><a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum">'
                f'<a:rPr lang="{slides_text.LANGUAGE}"/><a:t>{len(self.deck.presentation.slides)}</a:t></a:fld></a:p>'
                "</p:txBody></p:sp>"
            )
        )


def _cut(p: Paragraph, share: float) -> Paragraph:
    """A paragraph of which the end is left off."""
    text = "".join(r.text for r in p.runs)
    first = p.runs[0]
    return Paragraph((fit.Run(fit.shortened(text, share), first.bold, first.colour),), p.size, p.before)


def _families(presentation: Any) -> tuple[str, str]:
    """The fonts of titles and of text that a theme asks for."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT

    theme = presentation.slide_masters[0].part.part_related_by(RT.THEME).blob.decode("utf-8", "replace")
    found = [re.search(rf'<a:{k}Font>.*?<a:latin[^>]*typeface="([^"]*)"', theme, re.S) for k in ("major", "minor")]
    return tuple(m[1] if m else "" for m in found)  # type: ignore[return-value]


def _type_of(field: Any, family: str) -> Type:
    """Read size, spacing and insets from a placeholder, its master's placeholder and the styles of the master."""
    base = field._base_placeholder
    is_title = base is not None and base.placeholder_format.type == 1
    master = field.part.slide_layout.slide_master._element
    style = "titleStyle" if is_title or "TITLE" in str(field.placeholder_format.type) else "bodyStyle"
    levels = [f._element.find(".//{*}lstStyle/{*}lvl1pPr") for f in (field, base) if f is not None]
    levels.append(master.find(f"{{*}}txStyles/{{*}}{style}/{{*}}lvl1pPr"))
    sizes = [x.find("{*}defRPr").get("sz") for x in levels if x is not None and x.find("{*}defRPr") is not None]
    spaces = [x.find("{*}lnSpc/{*}spcPct") for x in levels if x is not None]
    size = next((int(s) / 100 for s in sizes if s), 18.0)
    space = next((int(s.get("val").rstrip("%")) / 100_000 for s in spaces if s is not None), 1.0)
    weights = [x.find("{*}defRPr").get("b") for x in levels if x is not None and x.find("{*}defRPr") is not None]
    bold = next((b in ("1", "true") for b in weights if b is not None), False)
    bodies = [f._element.find(".//{*}bodyPr") for f in (field, base) if f is not None]
    insets = tuple(
        next((int(b.get(k)) for b in bodies if b is not None and b.get(k) is not None), usual)
        for k, usual in _INSETS.items()
    )
    return Type(size, fit.LINE * max(space / 0.9, 1.0), family, bold, insets)  # type: ignore[arg-type]
