"""Build the monitor's own house template: one master and a few named layouts, 16:9, in Dutch.

It starts from the package that python-pptx brings, of which the English layouts in 4:3 are replaced. What ships is
``huisstijl.pptx``; a test holds it against what is built here.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import Any

from monitor.export.slides import notes as slides_notes
from monitor.export.slides.template import plain_properties
from monitor.export.slides.text import NAMESPACES, QUIET, RULE, fill
from monitor.export.stamp import stamped
from monitor.figures import style

# Places are in hundredths of an inch.
_UNIT = 9144
# Of a slide in 16:9, in EMU.
WIDE, HIGH = 12_192_000, 750 * _UNIT
_LEFT, _WHOLE = 60, 1213
_SUBTITLE, _TITLE, _SOURCE = (_LEFT, 38, _WHOLE, 28), (_LEFT, 68, _WHOLE, 108), (_LEFT, 694, 1130, 44)
_NUMBER = (1203, 694, 70, 44)
_TOP, _TALL = 188, 492
_TITLE_SIZE, _TEXT_SIZE, _SUBTITLE_SIZE, _SOURCE_SIZE = 2600, 1600, 1500, 1100

Place = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Field:
    """A placeholder of a layout: name, place, kind (title, body, obj), text size and theme colour."""

    name: str
    place: Place
    kind: str = "body"
    size: int = _TEXT_SIZE
    colour: str = "tx1"
    bold: bool = False
    anchor: str = "t"


def _title(place: Place = _TITLE, size: int = _TITLE_SIZE, anchor: str = "t") -> _Field:
    return _Field("Titel", place, "title", size, "tx2", True, anchor)


_ABOUT = _Field("Ondertitel", _SUBTITLE, size=_SUBTITLE_SIZE, colour=QUIET)
_FROM = _Field("Bron", _SOURCE, size=_SOURCE_SIZE, colour=QUIET)
LAYOUTS: dict[str, tuple[_Field, ...]] = {
    "Titelblad": (
        _title((100, 150, 1080, 200), 4000, "b"),
        _Field("Ondertitel", (100, 372, 1080, 90), size=2200),
        _Field("Tekst", (100, 560, 1080, 110), size=1600, colour=QUIET),
    ),
    "Figuur": (_title(), _ABOUT, _Field("Figuur", (_LEFT, _TOP, _WHOLE, _TALL), "obj"), _FROM),
    "Figuur en stem": (
        _title(),
        _ABOUT,
        _Field("Figuur", (_LEFT, _TOP, 790, _TALL), "obj"),
        _Field("Tekst", (885, _TOP, 388, _TALL)),
        _FROM,
    ),
    "Kaart": (
        _title(),
        _ABOUT,
        _Field("Figuur", (_LEFT, _TOP, 820, _TALL), "obj"),
        _Field("Tekst", (915, _TOP, 358, _TALL)),
        _FROM,
    ),
    "Tabel": (
        _title(),
        _ABOUT,
        _Field("Tekst", (_LEFT, _TOP, _WHOLE, 96)),
        _Field("Figuur", (_LEFT, 288, _WHOLE, 384), "obj"),
        _FROM,
    ),
    "Tekst": (_title(), _Field("Tekst", (_LEFT, _TOP, _WHOLE, _TALL), size=1800), _FROM),
    "Twee kolommen": (
        _title(),
        _Field("Links", (_LEFT, _TOP, 580, _TALL)),
        _Field("Rechts", (693, _TOP, 580, _TALL)),
        _FROM,
    ),
}
_PROMPTS = {"title": "Klik om een titel te maken", "body": "Klik om tekst te maken", "obj": "Hier komt de figuur"}


def build() -> bytes:
    """Return the house template as .pptx, without slides; the same bytes every time."""
    from pptx import Presentation
    from pptx.util import Length

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Length(WIDE), Length(HIGH)
    # It says of the size of the library's package what it is called.
    presentation.part._element.find("{*}sldSz").attrib.pop("type", None)
    layouts = list(presentation.slide_layouts)
    for spare in layouts[len(LAYOUTS) :]:
        presentation.slide_layouts.remove(spare)
    _theme(presentation)
    _master(presentation)
    for layout, (name, fields) in zip(layouts, LAYOUTS.items(), strict=False):
        _replace(layout._element, _layout_xml(name, fields))
    slides_notes.ready(presentation)
    _trim(presentation)
    out = io.BytesIO()
    presentation.save(out)
    return stamped(out.getvalue())


def _replace(element: Any, xml: str) -> None:
    """Put what an element holds in place of what another one holds; relations of its part stay as they are."""
    from pptx.oxml import parse_xml

    fresh = parse_xml(xml)
    for child in list(element):
        element.remove(child)
    for name in list(element.attrib):
        del element.attrib[name]
    for name, value in fresh.attrib.items():
        element.set(name, value)
    element.extend(list(fresh))


def _theme(presentation: Any) -> None:
    """Colours and fonts of the house style in place of those of Office."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT

    part = presentation.slide_master.part.part_related_by(RT.THEME)
    part._blob = themed(part.blob.decode("utf-8")).encode("utf-8")


def themed(xml: str) -> str:
    """A theme with the colours and fonts of the house style."""
    accents = [colour for colour, _ in style.SERIES] + [style.MARKS["vergelijkbaar"].colour, style.SEQUENCE[2]]
    named = [
        ("dk1", style.TEXT), ("lt1", "#FFFFFF"), ("dk2", style.INK), ("lt2", style.SURFACE),
        *((f"accent{k}", c) for k, c in enumerate(accents, 1)), ("hlink", style.INK), ("folHlink", style.SERIES[2][0]),
    ]  # fmt: skip
    colours = "".join(f'<a:{n}><a:srgbClr val="{c.lstrip("#")}"/></a:{n}>' for n, c in named)
    # The classification of the letter, by which Office finds the nearest one where it is missing.
    known = 'panose="020B0503030403020204" pitchFamily="34" charset="0"'
    font = f'<a:latin typeface="{style.SANS}" {known}/><a:ea typeface=""/><a:cs typeface=""/>'
    xml = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>", f'<a:clrScheme name="Regiomonitor">{colours}</a:clrScheme>', xml, flags=re.S
    )
    fonts = (
        f'<a:fontScheme name="Regiomonitor"><a:majorFont>{font}</a:majorFont>'
        f"<a:minorFont>{font}</a:minorFont></a:fontScheme>"
    )
    xml = re.sub(r"<a:fontScheme.*?</a:fontScheme>", fonts, xml, flags=re.S)
    # Shapes and lines that a user adds start from these; the shadows and gradients of Office do not belong here.
    xml = re.sub(
        r"<a:objectDefaults>.*?</a:objectDefaults>|<a:objectDefaults/>", "<a:objectDefaults/>", xml, flags=re.S
    )
    return re.sub(r'(<a:(?:theme|fmtScheme)\b[^>]*?\bname=)"[^"]*"', r'\1"Regiomonitor"', xml)


def _master(presentation: Any) -> None:
    """The master: a rule in ink above, thin rule at the foot, and the styles of title and text."""
    from pptx.oxml import parse_xml

    element = presentation.slide_master._element
    tree = element.cSld.spTree
    for child in list(tree)[2:]:
        tree.remove(child)
    body = (_LEFT, _TOP, _WHOLE, _TALL)
    drawn = (
        _field_xml(2, _Field("Titel", _TITLE, "title", _TITLE_SIZE, "tx2", True), "title", master=True),
        _field_xml(3, _Field("Tekst", body), 'body" idx="1', master=True),
        _number_xml(4),
        _bar_xml(5, "Streep boven", (_LEFT, 24, 72, 5), "tx2"),
        _bar_xml(6, "Lijn onder", (_LEFT, 688, _WHOLE, 1), RULE),
    )
    tree.extend(parse_xml(x) for x in drawn)
    for extension in element.findall(".//{*}extLst"):
        extension.getparent().remove(extension)
    styles = element.find("{*}txStyles")
    fresh = parse_xml(
        f"<p:txStyles {NAMESPACES}><p:titleStyle>{_level(1, _TITLE_SIZE, 'tx2', True)}</p:titleStyle>"
        f"<p:bodyStyle>{''.join(_level(k, _TEXT_SIZE, 'tx1') for k in range(1, 6))}</p:bodyStyle>"
        f"<p:otherStyle>{_level(1, 1400, 'tx1')}</p:otherStyle></p:txStyles>"
    )
    element.replace(styles, fresh)
    defaults = presentation.part._element.find("{*}defaultTextStyle")
    for properties in defaults.iter("{*}defRPr"):
        properties.set("lang", "nl-NL")


def _level(number: int, size: int, colour: str, bold: bool = False) -> str:
    indent = 228600 * (number - 1)
    return (
        f'<a:lvl{number}pPr marL="{indent}" indent="0" algn="l" rtl="0">'
        '<a:lnSpc><a:spcPct val="90000"/></a:lnSpc><a:spcBef><a:spcPts val="600"/></a:spcBef><a:buNone/>'
        f'<a:defRPr lang="nl-NL" sz="{size}" b="{int(bold)}" kern="1200">{fill(colour)}'
        f'<a:latin typeface="+{"mj" if bold else "mn"}-lt"/></a:defRPr></a:lvl{number}pPr>'
    )


def _frame_xml(place: Place) -> str:
    x, y, cx, cy = (round(v * _UNIT) for v in place)
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'


def _field_xml(identity: int, field: _Field, kind: str, master: bool = False) -> str:
    """A placeholder; the text of a region's own template takes its size from here."""
    shape = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>' if master else ""
    level = (
        f'<a:lvl1pPr marL="0" indent="0"><a:buNone/><a:defRPr lang="nl-NL" sz="{field.size}" b="{int(field.bold)}">'
        f"{fill(field.colour)}</a:defRPr></a:lvl1pPr>"
    )
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{identity}" name="{field.name}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{_frame_xml(field.place)}{shape}</p:spPr><p:txBody>"
        f'<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{field.anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{level}</a:lstStyle>"
        f'<a:p><a:r><a:rPr lang="nl-NL"/><a:t>{_PROMPTS[field.kind]}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def _number_xml(identity: int, master: bool = True) -> str:
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{identity}" name="Dianummer"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldNum" sz="quarter" idx="12"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{_frame_xml(_NUMBER)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
        '<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/><a:lstStyle><a:lvl1pPr algn="r">'
        f'<a:defRPr lang="nl-NL" sz="1200">{fill(QUIET)}</a:defRPr></a:lvl1pPr></a:lstStyle><a:p>'
        '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr lang="nl-NL"/><a:t>‹nr.›</a:t>'
        "</a:fld></a:p></p:txBody></p:sp>"
    )


def _bar_xml(identity: int, name: str, place: Place, colour: str) -> str:
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{identity}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{_frame_xml(place)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill(colour)}'
        '<a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="nl-NL"/></a:p>'
        "</p:txBody></p:sp>"
    )


def _layout_xml(name: str, fields: tuple[_Field, ...]) -> str:
    made = []
    for k, field in enumerate(fields):
        kind = {"title": "title", "body": f'body" sz="quarter" idx="{10 + 3 * k}', "obj": 'obj" idx="20'}[field.kind]
        made.append(_field_xml(k + 2, field, kind))
    first = name == "Titelblad"
    number = "" if first else _number_xml(len(fields) + 2)
    kind = ' type="title" showMasterSp="0"' if first else ""
    band = _bar_xml(len(fields) + 2, "Band links", (0, 0, 36, 750), "tx2") if first else ""
    return (
        f'<p:sldLayout {NAMESPACES}{kind} preserve="1" userDrawn="1"><p:cSld name="{name}"><p:spTree>'
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
        f"{band}{''.join(made)}{number}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def _trim(presentation: Any) -> None:
    """Leave out what the library's package brings along and nobody needs; set the properties."""
    package = presentation.part.package
    for owner in (package, presentation.part):
        for key, relation in list(owner._rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/printerSettings", "/viewProps")):
                owner._rels.pop(key)
    plain_properties(package)
    about = presentation.core_properties
    about.title, about.author, about.language = "Huisstijl van de Regiomonitor", "Regiomonitor Brede Welvaart", "nl-NL"
    about.last_modified_by, about.revision, about.subject, about.keywords, about.comments = about.author, 1, "", "", ""
    about.created = about.modified = dt.datetime(2026, 1, 1)
