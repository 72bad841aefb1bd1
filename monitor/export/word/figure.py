"""Figures in Word documents: native charts that can be edited, and pictures."""

from __future__ import annotations

from typing import Any

from monitor.export.word.xml import DECLARED, NAMESPACES, attribute

_EMU = 360_000
_FIRST = "rId1"
_RELATIONS = NAMESPACES["r"]
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


def chart(part: Any, number: int, xml: bytes, workbook: bytes, alt: str, size: tuple[float, float]) -> str:
    """Embed a chart and its workbook; return the run that shows it.

    Args:
        part: the document part of python-docx.
        number: of the drawing, unique in the document, from 1.
        xml: the chart.
        workbook: the numbers behind it, as a workbook that Word opens for 'edit data'.
        alt: text for who cannot see it.
        size: width and height in centimetres.
    """
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = part.package
    sheet = Part(PackURI(f"/word/embeddings/werkblad{number}.xlsx"), _SHEET, workbook, package)
    made = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, _leading_to(xml, _FIRST), package)
    # The only relation of the chart, so that it gets this key.
    made.relate_to(sheet, f"{_RELATIONS}/package")
    reference = part.relate_to(made, f"{_RELATIONS}/chart")
    drawn = f'<a:graphicData uri="{NAMESPACES["c"]}"><c:chart r:id="{reference}"/></a:graphicData>'
    return _inline(drawn, number, f"Grafiek {number}", alt, size, "<wp:cNvGraphicFramePr/>")


def _leading_to(xml: bytes, key: str) -> bytes:
    """A chart that finds its workbook: c:externalData, in its place in the order of the schema."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    root = parse_xml(xml)
    space = f"{{{NAMESPACES['c']}}}"
    for old in root.findall(f"{space}externalData"):
        root.remove(old)
    leads = parse_xml(f'<c:externalData {DECLARED} r:id="{key}"><c:autoUpdate val="0"/></c:externalData>')
    after = [e for e in root if e.tag in (f"{space}printSettings", f"{space}userShapes", f"{space}extLst")]
    root.insert(root.index(after[0]) if after else len(root), leads)
    return bytes(serialize_part_xml(root))


def picture(part: Any, number: int, png: bytes, alt: str, size: tuple[float, float]) -> str:
    """Put a picture in; return the run that shows it. Arguments as for ``chart``."""
    import io

    reference, _ = part.get_or_add_image(io.BytesIO(png))
    name = f"Afbeelding {number}"
    width, height = (round(x * _EMU) for x in size)
    inside = (
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name={attribute(name)} descr={attribute(alt)}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{reference}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
    frame = '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    drawn = f'<a:graphicData uri="{NAMESPACES["pic"]}">{inside}</a:graphicData>'
    return _inline(drawn, number, name, alt, size, frame)


def _inline(graphic: str, number: int, name: str, alt: str, size: tuple[float, float], frame: str) -> str:
    width, height = (round(x * _EMU) for x in size)
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="{number}" name={attribute(name)} '
        f"descr={attribute(alt)}/>{frame}<a:graphic>{graphic}</a:graphic></wp:inline></w:drawing></w:r>"
    )


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
