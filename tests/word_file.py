"""Read a Word document as strictly as Word does: package, relations, order of elements, ids, styles, fields."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from functools import cached_property
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
DOCUMENT = "word/document.xml"

# The order of elements in the schema (ISO/IEC 29500-1, transitional); only what these documents can hold.
ORDER = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
        "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
        "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
        "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl "
        "cs em lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
        "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "tcPr": ("cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"),
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
        "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings"
    ),
    "sdt": "sdtPr sdtEndPr sdtContent",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex text richText",
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
        "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr"
    ),
    "styles": "docDefaults latentStyles style",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "num": "abstractNumId lvlOverride",
    "numbering": "numPicBullet abstractNum num",
    "font": ("altName panose1 charset family notTrueType pitch sig embedRegular embedBold embedItalic embedBoldItalic"),
    "settings": (
        "writeProtection view zoom removePersonalInformation removeDateAndTime displayBackgroundShape "
        "mirrorMargins embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData attachedTemplate "
        "linkStyles documentProtection defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone "
        "doNotHyphenateCaps evenAndOddHeaders characterSpacingControl footnotePr endnotePr compat docVars rsids "
        "mathPr themeFontLang clrSchemeMapping decimalSymbol listSeparator"
    ),
    "docPart": "docPartPr docPartBody",
    "docPartPr": "name style category types behaviors description guid",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
}
_PLACES = {name: {child: k for k, child in enumerate(order.split())} for name, order in ORDER.items()}
# Headers and footers may stand in any order among themselves.
_PLACES["sectPr"]["footerReference"] = _PLACES["sectPr"]["headerReference"]


class WordFile:
    """A .docx, with what is asked of it by tests."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            self.names = package.namelist()
            self.parts = {n: package.read(n) for n in self.names}

    def xml(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])

    @cached_property
    def body(self) -> Any:
        return self.xml(DOCUMENT).find(f"{W}body")

    @cached_property
    def styles(self) -> dict[str, str]:
        """Style id -> name."""
        return {
            s.get(f"{W}styleId"): s.find(f"{W}name").get(f"{W}val")
            for s in self.xml("word/styles.xml").iter(f"{W}style")
        }

    def style_of(self, paragraph: Any) -> str:
        """Name of the style of a paragraph."""
        found = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.styles[found.get(f"{W}val")] if found is not None else "Normal"

    def paragraphs(self, *styles: str) -> list[Any]:
        """Paragraphs in reading order, those in cells included; only of these styles when any are named."""
        return [p for p in self.body.iter(f"{W}p") if not styles or self.style_of(p) in styles]

    def texts(self, *styles: str) -> list[str]:
        return [text_of(p) for p in self.paragraphs(*styles)]

    @property
    def text(self) -> str:
        return "\n".join(self.texts())

    @property
    def headings(self) -> list[tuple[int, str]]:
        found = self.paragraphs("heading 1", "heading 2", "heading 3")
        return [(int(self.style_of(p)[-1]), text_of(p)) for p in found]

    def tables(self, style: str = "Regiotabel") -> list[list[list[str]]]:
        """Cells of tables of a style, without tables inside cells."""
        return [
            [[text_of(c) for c in row.findall(f"{W}tc")] for row in t.findall(f"{W}tr")]
            for t in self.body.iter(f"{W}tbl")
            if t.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == style
        ]

    @property
    def captions(self) -> list[tuple[str, int, str]]:
        """(label, number by its SEQ field, text behind it) of every caption."""
        made = []
        for p in self.paragraphs("caption"):
            (field,) = p.iter(f"{W}fldSimple")
            label = re.fullmatch(r" SEQ (Figuur|Tabel) \\\* ARABIC ", field.get(f"{W}instr"))
            assert label, "a caption is counted by a SEQ field"
            head, _, rest = text_of(p).partition(". ")
            assert head == f"{label[1]} {text_of(field)}"
            made.append((label[1], int(text_of(field)), rest))
        return made

    @property
    def blanks(self) -> dict[str, tuple[bool, str]]:
        """Name of a content control -> whether it is empty, and its text."""
        made = {}
        for sdt in self.body.iter(f"{W}sdt"):
            tag = sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
            empty = sdt.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
            made[tag] = (empty, text_of(sdt.find(f"{W}sdtContent")))
        return made

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Id -> (kind, target as the name of a part or an address, whether outside the package)."""
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self.parts:
            return {}
        found = {}
        for r in self.xml(rels).iter(_RELATION):
            outside = r.get("TargetMode") == "External"
            target = r.get("Target")
            if not outside:
                target = (
                    posixpath.normpath(posixpath.join(folder, target)).lstrip("/") if target[0] != "/" else target[1:]
                )
            assert r.get("Id") not in found, f"{rels}: {r.get('Id')} twice"
            found[r.get("Id")] = (r.get("Type").rpartition("/")[2], target, outside)
        return found

    # -- what would make Word repair it, or show something wrong -------------------------------------------------

    def faults(self) -> list[str]:
        return [*self._package(), *self._order(), *self._ids(), *self._references(), *self._tables(), *self._fields()]

    def _package(self) -> list[str]:
        faults = [f"{n}: twice in the package" for n, k in Counter(self.names).items() if k > 1]
        types = self.xml("[Content_Types].xml")
        defaults = {d.get("Extension").lower() for d in types.iter(f"{_TYPES}Default")}
        overrides = {o.get("PartName")[1:] for o in types.iter(f"{_TYPES}Override")}
        faults += [f"[Content_Types]: {n} does not exist" for n in overrides - set(self.names)]
        content = [n for n in self.names if n != "[Content_Types].xml"]
        faults += [
            f"{n}: no content type" for n in content if n not in overrides and n.rpartition(".")[2] not in defaults
        ]
        plain = [n for n in content if n.endswith(".xml") and n not in overrides]
        faults += [f"{n}: any XML has no content type of its own" for n in plain]
        for n in content:
            if n.endswith((".xml", ".rels")):
                etree.fromstring(self.parts[n])
        reached, ahead = set(), [t for _, t, outside in self.relations("").values() if not outside]
        while ahead:
            part = ahead.pop()
            if part in reached:
                continue
            reached.add(part)
            if part not in self.parts:
                faults.append(f"{part}: a relation leads to nothing")
                continue
            ahead += [t for _, t, outside in self.relations(part).values() if not outside]
        loose = {n for n in content if not n.endswith(".rels")} - reached
        return faults + [f"{n}: nothing leads to it" for n in loose]

    def _word_parts(self) -> list[tuple[str, Any]]:
        return [(n, self.xml(n)) for n in self.names if n.startswith("word/") and n.endswith(".xml")]

    def _order(self) -> list[str]:
        faults = []
        for part, root in self._word_parts():
            for element in root.iter(tag=etree.Element):
                name = etree.QName(element).localname
                if name not in _PLACES or not element.tag.startswith((W, f"{WP}inline")):
                    continue
                children = [etree.QName(c).localname for c in element]
                faults += [f"{part}: {c} in {name}" for c in children if c not in _PLACES[name]]
                places = [_PLACES[name].get(c, 0) for c in children]
                if places != sorted(places):
                    faults.append(f"{part}: order in {name}: {' '.join(children)}")
                once = Counter(c for c in children if c not in ("tr", "tc", "style", "lvl", "abstractNum", "num"))
                several = ("headerReference", "footerReference", "lvlOverride")
                faults += [f"{part}: {c} twice in {name}" for c, k in once.items() if k > 1 and c not in several]
        return faults

    def _ids(self) -> list[str]:
        def twice(what: str, found: list[str]) -> list[str]:
            return [f"{what} {k} occurs {n} times" for k, n in Counter(found).items() if n > 1]

        starts = list(self.body.iter(f"{W}bookmarkStart"))
        ends = [e.get(f"{W}id") for e in self.body.iter(f"{W}bookmarkEnd")]
        faults = twice("drawing", [e.get("id") for e in self.body.iter(f"{WP}docPr")])
        faults += twice("bookmark", [e.get(f"{W}id") for e in starts])
        faults += twice("bookmark", [e.get(f"{W}name") for e in starts])
        faults += twice("control", [e.get(f"{W}val") for e in self.body.iter(f"{W}id")])
        if sorted(ends) != sorted(e.get(f"{W}id") for e in starts):
            faults.append("a bookmark does not end")
        # Word cuts a longer name of a bookmark off.
        long = [e.get(f"{W}name") for e in starts if not re.fullmatch(r"[A-Za-z_]\w{0,39}", e.get(f"{W}name"))]
        return faults + [f"{n}: no name for a bookmark" for n in long]

    def _references(self) -> list[str]:
        faults = []
        for part, root in self._word_parts():
            related = self.relations(part)
            for element in root.iter(tag=etree.Element):
                for key, value in element.attrib.items():
                    if key.startswith(R) and value not in related:
                        faults.append(f"{part}: {value} is no relation")
            used = {v for e in root.iter(tag=etree.Element) for k, v in e.attrib.items() if k.startswith(R)}
            needed = {
                k for k, (kind, _, _) in related.items() if kind in ("chart", "image", "hyperlink", "font", "package")
            }
            faults += [f"{part}: nobody uses {k}" for k in needed - used]
            for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next"):
                for element in root.iter(f"{W}{tag}"):
                    if element.get(f"{W}val") not in self.styles:
                        faults.append(f"{part}: {element.get(f'{W}val')} is no style")
        lists = {n.get(f"{W}numId") for n in self.xml("word/numbering.xml").iter(f"{W}num")}
        faults += [
            f"{n.get(f'{W}val')} is no list" for n in self.body.iter(f"{W}numId") if n.get(f"{W}val") not in lists
        ]
        marks = {e.get(f"{W}name") for e in self.body.iter(f"{W}bookmarkStart")}
        places = {e.get(f"{W}anchor") for e in self.body.iter(f"{W}hyperlink")} - {None}
        places |= {f.split()[1] for f in self.instructions if f.startswith("REF ")}
        return faults + [f"{p} is no bookmark" for p in places - marks]

    def _tables(self) -> list[str]:
        faults = []
        for table in self.body.iter(f"{W}tbl"):
            columns = len(table.find(f"{W}tblGrid"))
            faults += [
                "a row with other columns" for r in table.findall(f"{W}tr") if len(r.findall(f"{W}tc")) != columns
            ]
            widths = [int(c.get(f"{W}w")) for c in table.find(f"{W}tblGrid")]
            if sum(widths) != int(table.find(f"{W}tblPr/{W}tblW").get(f"{W}w")) or min(widths) <= 0:
                faults.append("columns are not as wide as the table")
            cells = [c for r in table.findall(f"{W}tr") for c in r.findall(f"{W}tc")]
            faults += ["a cell does not end in a paragraph" for c in cells if c[-1].tag != f"{W}p"]
        return faults

    @property
    def instructions(self) -> list[str]:
        """What the fields of the body ask."""
        simple = [f.get(f"{W}instr").strip() for f in self.body.iter(f"{W}fldSimple")]
        return simple + [(f.text or "").strip() for f in self.body.iter(f"{W}instrText")]

    def _fields(self) -> list[str]:
        depth, faults = 0, []
        for mark in self.body.iter(f"{W}fldChar"):
            kind = mark.get(f"{W}fldCharType")
            depth += {"begin": 1, "separate": 0, "end": -1}[kind]
            if depth not in (0, 1):
                faults.append("fields do not begin and end in turn")
        return faults + (["a field does not end"] if depth else [])


def text_of(element: Any) -> str:
    """The text of an element, with line breaks; instructions of fields are no text."""
    made = []
    for e in element.iter(f"{W}t", f"{W}br", f"{W}tab", f"{W}noBreakHyphen"):
        if e.getparent().tag == f"{W}tabs":
            continue
        made.append({f"{W}t": e.text or "", f"{W}br": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "\u2011"}[e.tag])
    return "".join(made)
