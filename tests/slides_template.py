"""A region's own template for tests: other size, fonts, colours, a logo, slides that must go, and layouts by name."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Any

from monitor.export.slides.template import SHIPPED


def logo() -> bytes:
    """A PNG of 40 by 20 pixels in one colour."""
    rows = b"".join(b"\0" + b"\x8a\x15\x38" * 40 for _ in range(20))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def foreign(family: str = "Verdana", wide: int = 9_144_000, high: int = 6_858_000) -> bytes:
    """A template in 4:3 with its own letter, colours and logo; two slides, a section and a button to a slide in it."""
    from lxml import etree
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT
    from pptx.util import Pt

    presentation = Presentation(str(SHIPPED))
    across, down = wide / presentation.slide_width, high / presentation.slide_height
    presentation.slide_width, presentation.slide_height = wide, high
    master = presentation.slide_master
    for owner in (master, *master.slide_layouts):
        for shape in owner.shapes:
            shape.left, shape.width = round(shape.left * across), round(shape.width * across)
            shape.top, shape.height = round(shape.top * down), round(shape.height * down)
            if shape.is_placeholder and shape.name in ("Titel", "Ondertitel"):
                # The logo stands to the right of it.
                shape.width = min(shape.width, round(0.8 * wide) - shape.left)
    theme = master.part.part_related_by(RT.THEME)
    text = theme.blob.decode("utf-8").replace("Source Sans 3", family).replace("154273", "8A1538")
    theme._blob = re.sub(r' panose="[^"]*"', "", text).encode("utf-8")
    picture = master.part.get_or_add_image_part(io.BytesIO(logo()))[1]
    _logo(master, picture, wide)
    kaart = next(x for x in master.slide_layouts if x.name == "Kaart")
    kaart._element.cSld.set("name", "1_KAART ")
    for shape in kaart.placeholders:
        shape.name = f"{shape.name} {shape.shape_id}"
    for k in range(2):
        slide = presentation.slides.add_slide(master.slide_layouts[5])
        slide.shapes.title.text = f"Oude dia {k}"
        slide.notes_slide.notes_text_frame.text = "Oude notitie"
        slide.placeholders[13].text_frame.paragraphs[0].font.size = Pt(20)
    _button(master.slide_layouts[5], presentation.slides[0].part)
    _section(presentation, etree)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def _logo(master: Any, relation: str, wide: int) -> None:
    from pptx.oxml.shapes.picture import CT_Picture

    made = CT_Picture.new_pic(90, "Logo", "", relation, round(0.84 * wide), 260_000, 900_000, 450_000)
    master.shapes._spTree.append(made)


def _button(layout: Any, part: Any) -> None:
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    key = layout.part.relate_to(part, RT.SLIDE)
    properties = layout.placeholders[0]._element.nvSpPr.cNvPr
    action = f'<a:hlinkClick {nsdecls("a", "r")} r:id="{key}" action="ppaction://hlinksldjump"/>'
    properties.append(parse_xml(action))


def _section(presentation: Any, etree: Any) -> None:
    office = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    main = presentation.part._element.nsmap["p"]
    ids = "".join(f'<x:sldId id="{s.slide_id}"/>' for s in presentation.slides)
    xml = (
        f'<p:extLst xmlns:p="{main}"><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
        f'<x:sectionLst xmlns:x="{office}"><x:section name="Oud" id="{{6A8E3A53-19D2-4B26-8A53-5A3B1E1F0001}}">'
        f"<x:sldIdLst>{ids}</x:sldIdLst></x:section></x:sectionLst></p:ext></p:extLst>"
    )
    for old in presentation.part._element.findall(f"{{{main}}}extLst"):
        presentation.part._element.remove(old)
    presentation.part._element.append(etree.fromstring(xml))
