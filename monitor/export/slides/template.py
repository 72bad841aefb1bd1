"""The slides that a pack is written on: the monitor's house template, or a region's own .pptx, checked.

A region's logo, fonts, colours and slide size come from its own file. Where things stand is taken from the
placeholders of its layouts, which are found by name.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from monitor.errors import ExportError
from monitor.export.slides import notes as slides_notes
from monitor.export.stamp import stamped
from monitor.notation import listing

SHIPPED = Path(__file__).with_name("huisstijl.pptx")
TITLE, SUBTITLE, FIGURE, TEXT, SOURCE = "Titel", "Ondertitel", "Figuur", "Tekst", "Bron"
LEFT, RIGHT = "Links", "Rechts"
COVER, WIDE, VOICE, MAP, TABLE, WORDS, COLUMNS = (
    "Titelblad", "Figuur", "Figuur en stem", "Kaart", "Tabel", "Tekst", "Twee kolommen",
)  # fmt: skip
# What a template must have: layouts, and in each the placeholders that are filled.
EXPECTED: Mapping[str, tuple[str, ...]] = {
    COVER: (TITLE, SUBTITLE, TEXT),
    WIDE: (TITLE, SUBTITLE, FIGURE, SOURCE),
    VOICE: (TITLE, SUBTITLE, FIGURE, TEXT, SOURCE),
    MAP: (TITLE, SUBTITLE, FIGURE, TEXT, SOURCE),
    TABLE: (TITLE, SUBTITLE, TEXT, FIGURE, SOURCE),
    WORDS: (TITLE, TEXT, SOURCE),
    COLUMNS: (TITLE, LEFT, RIGHT, SOURCE),
}
LARGEST = 30_000_000
# A file of this size that unpacks to more than this holds no slides. What is XML takes many times its size to read.
_UNPACKED, _ENTRIES = 100_000_000, 5000
_MOST_XML, _MOST_XML_PART = 24_000_000, 6_000_000
# One at a time is read in a process: anybody may offer one.
_TURN = threading.Lock()
EXAMPLE = "Een voorbeeld maakt u met: python -m monitor export template --out huisstijl.pptx"
_ANOTHER = f"Kies een PowerPoint-bestand dat als .pptx is bewaard. {EXAMPLE}"
# What a file of PowerPoint says that it is, with what we tell who brings another one.
_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_OTHERS = {
    "macroEnabled": (
        "Het sjabloon bevat macro’s; die neemt de monitor niet aan.",
        "Bewaar het als .pptx zonder macro’s.",
    ),
    "template.main": ("Het sjabloon is bewaard als .potx.", "Open het in PowerPoint en bewaar het als .pptx."),
    "slideshow.main": ("Het sjabloon is bewaard als voorstelling.", "Open het in PowerPoint en bewaar het als .pptx."),
}
_MACROS = "vbaProject.bin"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Office PowerPoint</Application></Properties>"
)
# The smallest share of a slide that a placeholder may take, in width and in height.
_LEAST = {FIGURE: (0.3, 0.3), TITLE: (0.3, 0.06), TEXT: (0.15, 0.06), LEFT: (0.2, 0.3), RIGHT: (0.2, 0.3)}
_LEAST_OTHER = (0.2, 0.025)


@dataclass(frozen=True)
class Template:
    """A checked template without slides. ``content``: as .pptx; ``own``: it is a region's own."""

    content: bytes
    own: bool

    def open(self) -> Any:
        """A new presentation on this template (``pptx.presentation.Presentation``)."""
        from pptx import Presentation

        return Presentation(io.BytesIO(self.content))


def read_template(content: bytes | None) -> Template:
    """Check a region's own template; None gives the house template.

    Args:
        content: a .pptx; slides in it are dropped, layouts without a use are left alone.

    Raises:
        ExportError: it is too large, damaged, of another kind, holds macros, or lacks a layout or placeholder.
    """
    if content is None:
        return _house()
    if len(content) > LARGEST:
        raise ExportError(
            f"Het sjabloon is groter dan {LARGEST // 1_000_000} MB.", "Maak de plaatjes in het sjabloon kleiner."
        )
    return _own(bytes(content))


@lru_cache(maxsize=1)
def _house() -> Template:
    try:
        return Template(SHIPPED.read_bytes(), own=False)
    except OSError:
        raise ExportError(f"Bestand {SHIPPED.name} ontbreekt.", "Zet monitor/export terug met git.") from None


def _own(content: bytes) -> Template:
    with _TURN:
        return _checked(content)


@lru_cache(maxsize=2)
def _checked(content: bytes) -> Template:
    _check_package(content)
    from pptx import Presentation

    try:
        presentation = Presentation(io.BytesIO(content))
        found = layouts(presentation)
        faults = list(_faults(presentation, found))
        if not faults:
            _empty(presentation)
            out = io.BytesIO()
            presentation.save(out)
            return Template(stamped(out.getvalue()), own=True)
    except Exception as error:  # a damaged package raises many kinds; each means the same to the user
        raise ExportError(
            "Het sjabloon is beschadigd: PowerPoint-delen ontbreken of zijn niet te lezen.", _ANOTHER
        ) from error
    raise ExportError(*_told(faults))


def _check_package(content: bytes) -> None:
    """Refuse what is no .pptx, before anything in it is read as such."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ExportError(
            "Het sjabloon is een oud bestand (.ppt), of er zit een wachtwoord op.",
            "Open het in PowerPoint, haal het wachtwoord eraf en bewaar het als .pptx.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > _ENTRIES or sum(e.file_size for e in entries) > _UNPACKED or _too_much_xml(packed):
                raise ExportError("Het sjabloon is uitgepakt te groot.", "Maak de plaatjes in het sjabloon kleiner.")
            names = [e.filename for e in entries]
            types = packed.read("[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise ExportError("Het sjabloon is geen PowerPoint-bestand, of het is beschadigd.", _ANOTHER) from None
    for kind, (message, way_out) in _OTHERS.items():
        if (
            f"{kind}+xml" in types
            if kind != "macroEnabled"
            else kind in types or any(n.endswith(_MACROS) for n in names)
        ):
            raise ExportError(message, way_out)
    if _MAIN not in types:
        raise ExportError("Het sjabloon is geen PowerPoint-bestand, maar een ander soort document.", _ANOTHER)


def _too_much_xml(packed: zipfile.ZipFile) -> bool:
    """Whether the parts that are XML, by what they begin with and not by what they are called, are too large."""
    sizes = []
    for entry in packed.infolist():
        with packed.open(entry) as opened:
            head = opened.read(64).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not head or head.startswith(b"<"):
            sizes.append(entry.file_size)
    return sum(sizes) > _MOST_XML or max(sizes, default=0) > _MOST_XML_PART


def layouts(presentation: Any) -> dict[str, Any]:
    """The expected layouts that a presentation has, by name, from all its masters."""
    by_name = {n.casefold(): n for n in EXPECTED}
    found: dict[str, Any] = {}
    for master in presentation.slide_masters:
        for layout in master.slide_layouts:
            # PowerPoint puts a number before the name of a layout that was copied in twice: '1_Kaart'.
            name = by_name.get(re.sub(r"^\d+_", "", layout.name.strip()).casefold())
            if name:
                found.setdefault(name, layout)
    return found


def fields(layout: Any) -> dict[str, Any]:
    """The placeholders of a layout by name; the title by its kind, whatever it is called."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    made: dict[str, Any] = {}
    for field in layout.placeholders:
        if field.placeholder_format.type in (KIND.TITLE, KIND.CENTER_TITLE):
            made[TITLE] = field
        else:
            # PowerPoint numbers the names of what is drawn: 'Bron 4'.
            name = re.sub(r"[\s\d]+$", "", field.name).strip().casefold()
            made.setdefault(name.capitalize(), field)
    return made


def number_field(layout: Any) -> Any | None:
    """The placeholder for the slide's number; None where a layout has none."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    return next((f for f in layout.placeholders if f.placeholder_format.type == KIND.SLIDE_NUMBER), None)


@dataclass(frozen=True)
class _Fault:
    """What is wrong with a layout: it is not there (no ``missing``), or lacks fields, or has some too small."""

    layout: str
    missing: tuple[str, ...] = ()
    small: tuple[str, ...] = ()


def _faults(presentation: Any, found: Mapping[str, Any]) -> Iterator[_Fault]:
    for name, wanted in EXPECTED.items():
        if name not in found:
            yield _Fault(name)
            continue
        present = fields(found[name])
        missing = tuple(w for w in wanted if w not in present)
        small = tuple(w for w in wanted if w in present and not _usable(presentation, w, present[w]))
        if missing or small:
            yield _Fault(name, missing, small)


def _usable(presentation: Any, name: str, field: Any) -> bool:
    """Whether a placeholder lies on the slide and is large enough to be read."""
    wide, high = presentation.slide_width, presentation.slide_height
    if None in (field.left, field.top, field.width, field.height):
        return False
    least = _LEAST.get(name, _LEAST_OTHER)
    inside = (
        field.left >= 0 and field.top >= 0 and field.left + field.width <= wide and field.top + field.height <= high
    )
    return bool(inside and field.width >= least[0] * wide and field.height >= least[1] * high)


def _told(faults: list[_Fault]) -> tuple[str, str]:
    """One sentence that names every layout and placeholder, and the way out."""

    def quoted(names: tuple[str, ...]) -> str:
        return listing([f"‘{n}’" for n in names])

    absent = tuple(f.layout for f in faults if not f.missing and not f.small)
    said = []
    if absent:
        said.append(f"de indeling{'en' if len(absent) > 1 else ''} {quoted(absent)}")
    said += [
        f"in de indeling ‘{f.layout}’ {'de vakken' if len(f.missing) > 1 else 'het vak'} {quoted(f.missing)}"
        for f in faults
        if f.missing
    ]
    several = len(absent) + sum(len(f.missing) for f in faults) > 1
    parts = [f"{'ontbreken' if several else 'ontbreekt'} {'; '.join(said)}"] if said else []
    parts += [
        f"{'zijn' if len(f.small) > 1 else 'is'} in de indeling ‘{f.layout}’ te klein of buiten de dia: "
        f"{quoted(f.small)}"
        for f in faults
        if f.small
    ]
    wanted = ". ".join(f"‘{f.layout}’ heeft de vakken {', '.join(EXPECTED[f.layout])}" for f in faults)
    return (
        f"In het sjabloon {'; en '.join(parts)}.",
        f"Geef indelingen en vakken in het diamodel precies deze namen. {wanted}. {EXAMPLE}",
    )


def _empty(presentation: Any) -> None:
    """Drop slides with all that refers to them: shows, sections, buttons on a layout, views and the thumbnail."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT

    part, element = presentation.part, presentation.part._element
    for child in list(element):
        if child.tag.endswith(("}sldIdLst", "}custShowLst")):
            element.remove(child)
    for extension in element.findall(".//{*}ext"):
        if extension.find("{*}sectionLst") is not None:
            extension.getparent().remove(extension)
    for shown in element.findall("{*}extLst"):
        if not len(shown):
            element.remove(shown)
    for owner in (part.package, part):
        for key, relation in list(owner._rels.items()):
            if relation.reltype in (RT.SLIDE, RT.VIEW_PROPS, RT.THUMBNAIL, RT.COMMENT_AUTHORS):
                owner._rels.pop(key)
    plain_properties(part.package)
    slides_notes.ready(presentation)
    for master in presentation.slide_masters:
        for owner in (master.part, *(layout.part for layout in master.slide_layouts)):
            _unlink(owner, RT.SLIDE)


def plain_properties(package: Any) -> None:
    """Put nothing but the program in the extended properties, which would name slides that are not there any more."""
    for relation in package._rels.values():
        if relation.reltype.endswith("/extended-properties"):
            relation.target_part._blob = _PROPERTIES.encode()


def _unlink(part: Any, kind: str) -> None:
    """Take away links from a master or layout to slides."""
    for key, relation in list(part._rels.items()):
        if relation.reltype == kind:
            for element in part._element.xpath(f'.//*[@r:id="{key}"]'):
                element.getparent().remove(element)
            part._rels.pop(key)
