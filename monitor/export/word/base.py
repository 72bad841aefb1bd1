"""The document that every Word document of the monitor starts from: A4, Dutch, the house styles, the shipped letter.

Styles carry the ids and names that a Dutch Word gives them, so that a region can restyle a document in one place.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Sequence
from functools import cache
from typing import Any

from monitor.export.word import fonts as word_fonts
from monitor.export.word import styles as word_styles
from monitor.export.word.styles import HEAD
from monitor.export.word.xml import DECLARED, FILLED, LANGUAGE, Blank, attribute, paragraph, part_name, run

AUTHOR = "Regiomonitor Brede Welvaart"
# Twentieths of a point: A4 with 25 mm left and right.
PAGE_WIDTH, PAGE_HEIGHT, MARGIN, TOP, BOTTOM = 11906, 16838, 1417, 1417, 1304
TEXT_WIDTH, TEXT_WIDTH_TURNED = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN
TWIPS_PER_CM = 567
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_OFFICE}.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = uuid.UUID("0d5a9a34-8a1e-5c0c-9a43-0a0b8f4a6c11")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def document_bytes() -> bytes:
    """An empty document with everything that a document starts from."""
    return _empty()


@cache
def _empty() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in _parts().items():
            package.writestr(name, content if isinstance(content, bytes) else content.encode())
    return out.getvalue()


def _parts() -> dict[str, str | bytes]:
    letters = word_fonts.embedded()
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/numbering.xml": f"{_WORD}.numbering+xml",
        "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
        "/word/theme/theme1.xml": f"{_OFFICE}.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": f"{_OFFICE}.extended-properties+xml",
    }
    listed = "".join(f'<Override PartName="{n}" ContentType="{t}"/>' for n, t in overrides.items())
    types = (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="odttf" ContentType="{_OFFICE}.obfuscatedFont"/>{listed}</Types>'
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:language>{LANGUAGE}</dc:language></cp:coreProperties>'
    )
    app = (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Application>{AUTHOR}</Application></Properties>"
    )
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(
            (f"{_RELATIONS}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
        ),
        "word/document.xml": f"{HEAD}<w:document {DECLARED}><w:body>{section()}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            (f"{_RELATIONS}/styles", "styles.xml"),
            (f"{_RELATIONS}/settings", "settings.xml"),
            (f"{_RELATIONS}/numbering", "numbering.xml"),
            (f"{_RELATIONS}/fontTable", "fontTable.xml"),
            (f"{_RELATIONS}/theme", "theme/theme1.xml"),
        ),
        "word/styles.xml": word_styles.styles(),
        "word/settings.xml": word_styles.settings(),
        "word/numbering.xml": word_styles.numbering(),
        "word/fontTable.xml": f"{HEAD}<w:fonts {DECLARED}>{word_fonts.table(letters)}</w:fonts>",
        "word/_rels/fontTable.xml.rels": _relations(*((f"{_RELATIONS}/font", f"fonts/{x.file}") for x in letters)),
        **{f"word/fonts/{x.file}": x.content for x in letters},
        "word/theme/theme1.xml": word_styles.theme(),
        "docProps/core.xml": core,
        "docProps/app.xml": app,
    }


def section(turned: bool = False) -> str:
    """The page of a section: A4, ``turned`` for a wide table."""
    wide, high = (PAGE_HEIGHT, PAGE_WIDTH) if turned else (PAGE_WIDTH, PAGE_HEIGHT)
    way = ' w:orient="landscape"' if turned else ""
    return (
        f'<w:sectPr><w:pgSz w:w="{wide}" w:h="{high}"{way}/><w:pgMar w:top="{TOP}" w:right="{MARGIN}" '
        f'w:bottom="{BOTTOM}" w:left="{MARGIN}" w:header="709" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _relations(*found: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{k}" Type="{kind}" Target="{target}"/>' for k, (kind, target) in enumerate(found, 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def add_prompts(part: Any, blanks: Sequence[Blank]) -> None:
    """Keep the prompts of content controls in the document, so that one that is emptied asks again.

    Args:
        part: the document part of python-docx.
        blanks: each name once.
    """
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    if not blanks:
        return
    marked = f'{FILLED}<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/>'
    entries = "".join(
        f'<w:docPart><w:docPartPr><w:name w:val={attribute(part_name(b))}/><w:category><w:name w:val="Algemeen"/>'
        '<w:gallery w:val="placeholder"/></w:category><w:types><w:type w:val="bbPlcHdr"/></w:types><w:behaviors>'
        f'<w:behavior w:val="content"/></w:behaviors><w:guid w:val="{{{str(uuid.uuid5(_SPACE, b.name)).upper()}}}"/>'
        f"</w:docPartPr><w:docPartBody>{paragraph(run(b.prompt, properties=marked))}</w:docPartBody></w:docPart>"
        for b in blanks
    )
    content = f"{HEAD}<w:glossaryDocument {DECLARED}><w:docParts>{entries}</w:docParts></w:glossaryDocument>"
    kept = Part(
        PackURI("/word/glossary/document.xml"), f"{_WORD}.document.glossary+xml", content.encode(), part.package
    )
    part.relate_to(kept, f"{_RELATIONS}/glossaryDocument")
