"""Speaker notes: their master, in Dutch, and the notes of one slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.export.fit import Paragraph, Run
from monitor.export.slides.text import NAMESPACES, body_xml, in_dutch

_SIZE = 12.0
_NAMES = {
    "hdr": "Koptekst", "dt": "Datum", "sldImg": "Dia", "body": "Notities", "ftr": "Voettekst", "sldNum": "Dianummer",
}  # fmt: skip
_PROMPTS = ("Klik om notities te maken", "Tweede niveau", "Derde niveau", "Vierde niveau", "Vijfde niveau")


def ready(presentation: Any) -> None:
    """See to a master of notes that has a place for text: the presentation's own, or one in Dutch."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT

    part, element = presentation.part, presentation.part._element
    key = next((k for k, r in part._rels.items() if r.reltype == RT.NOTES_MASTER), None)
    if key is not None and _has_text(part._rels[key].target_part):
        return
    if key is not None:
        part._rels.pop(key)
    for old in element.findall("{*}notesMasterIdLst"):
        element.remove(old)
    _translate(presentation.notes_master._element)
    key = next(k for k, r in part._rels.items() if r.reltype == RT.NOTES_MASTER)
    _list(element, key)


def _has_text(master: Any) -> bool:
    return any(f.get("type") == "body" for f in master._element.iter("{*}ph"))


def _translate(master: Any) -> None:
    """The master that the library brings is English."""
    texts = [t for t in master.iter("{*}t") if t.getparent().tag.endswith("}r")]
    for text, prompt in zip(texts, _PROMPTS, strict=False):
        text.text = prompt
    for shape in master.iter("{*}sp"):
        shape.find(".//{*}cNvPr").set("name", _NAMES[shape.find(".//{*}ph").get("type", "body")])
    in_dutch(master)


def _list(presentation: Any, key: str) -> None:
    """Name the master in the presentation itself, after the masters of slides; the library leaves that out."""
    from pptx.oxml import parse_xml

    listed = f'<p:notesMasterIdLst {NAMESPACES}><p:notesMasterId r:id="{key}"/></p:notesMasterIdLst>'
    presentation.find("{*}sldMasterIdLst").addnext(parse_xml(listed))


def write(slide: Any, told: Sequence[str]) -> None:
    """Write the notes of a slide, a paragraph for each thing told."""
    from pptx.oxml import parse_xml

    notes = slide.notes_slide
    for shape in notes.placeholders:
        kind = shape._element.find(".//{*}ph").get("type", "body")
        shape.name = _NAMES.get(kind, shape.name)
    body = notes.notes_placeholder._element
    plain = [Paragraph((Run(t, whole=True),)) for t in told if t]
    body.replace(body.txBody, parse_xml(body_xml(plain, _SIZE, None, lambda _: "")))
    in_dutch(notes._element)
