"""A Word document of the monitor, written from top to bottom: headings, texts, tables, figures with captions, fields.

Every figure and table has a caption with a number that Word counts, and stands in a list whose result is filled in:
the document reads right when it is opened, without a question and without updating fields. Lists and contents show no
page numbers, because only Word knows where a page ends.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from monitor.export.pdf.typesetting import shortened
from monitor.export.stamp import stamped
from monitor.export.word import base as word_base
from monitor.export.word import figure as word_figure
from monitor.export.word import table as word_table
from monitor.export.word.base import AUTHOR, TEXT_WIDTH, TEXT_WIDTH_TURNED, TWIPS_PER_CM
from monitor.export.word.styles import NUMBERS
from monitor.export.word.xml import (
    DECLARED,
    FIELD_END,
    LANGUAGE,
    Blank,
    Bold,
    Link,
    Muted,
    Piece,
    Ref,
    Words,
    attribute,
    clean,
    control,
    field_begin,
    paragraph,
    pieces,
    run,
    simple_field,
)

CaptionKind = Literal["Figuur", "Tabel"]
WIDTH_CM = TEXT_WIDTH / TWIPS_PER_CM
_WEB = ("https://", "http://")
# Characters above a page: one line.
_HEADER = 90


@dataclass(frozen=True)
class _Entry:
    """A heading or caption that a list leads to."""

    bookmark: str
    text: str
    level: int = 1


@dataclass
class Paper:
    """A document in the making.

    Attributes:
        title: of the document, for its properties and above its pages.
        made: day on which it is made; the only date in it.
        footer: at the bottom left of every page.
        subject: what it is about, for its properties.
    """

    title: str
    made: dt.date
    footer: str = ""
    subject: str = ""
    _body: list[str | Callable[[], str]] = field(default_factory=list)
    _captions: dict[str, list[_Entry]] = field(default_factory=lambda: {"Figuur": [], "Tabel": []})
    _headings: list[_Entry] = field(default_factory=list)
    _blanks: dict[str, Blank] = field(default_factory=dict)
    _bookmarks: int = 0
    _controls: int = 0
    _drawings: int = 0
    _lists: int = NUMBERS
    _turned: bool = False

    def __post_init__(self) -> None:
        """Open the empty document."""
        from docx import Document

        self._document: Any = Document(io.BytesIO(word_base.document_bytes()))
        self._part: Any = self._document.part

    # -- text ----------------------------------------------------------------------------------------------------

    def runs(self, words: Words) -> str:
        """Pieces of text as runs, links, references and content controls."""
        return "".join(self._piece(p) for p in pieces(words))

    def _piece(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return run(piece)
        if isinstance(piece, Bold):
            return run(piece.text, "Zwaar")
        if isinstance(piece, Muted):
            return run(piece.text, "Bijtekst")
        if isinstance(piece, Link):
            return self._link(piece)
        if isinstance(piece, Ref):
            shown = f"{piece.label} {piece.number}"
            return field_begin(f"REF {_reference(piece.label, piece.number)} \\h") + run(shown) + FIELD_END
        return self._control(piece)

    def _link(self, link: Link) -> str:
        if not link.address.startswith(_WEB):
            return run(link.text)
        from docx.opc.constants import RELATIONSHIP_TYPE

        address = quote(clean(link.address), safe=":/?#[]@!$&'()*+,;=%~")
        key = self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return f'<w:hyperlink r:id="{key}" w:history="1">{run(link.text, "Hyperlink")}</w:hyperlink>'

    def _control(self, blank: Blank) -> str:
        self._controls += 1
        self._blanks.setdefault(blank.name, blank)
        return control(blank, self._controls)

    def text(self, words: Words, style: str = "", properties: str = "") -> None:
        """A paragraph; ``style``: id of a paragraph style."""
        self._body.append(paragraph(self.runs(words), style, properties))

    def heading(self, text: str, level: int, new_page: bool = False) -> None:
        """A heading of level 1, 2 or 3; ``new_page``: begins on one.

        Raises:
            ValueError: a level is skipped.
        """
        last = self._headings[-1].level if self._headings else 0
        if not 1 <= level <= min(last + 1, 3):
            raise ValueError(f"een kop van niveau {level} na een van niveau {last}")
        entry = _Entry(f"_Toc_kop_{len(self._headings) + 1}", clean(text).replace("\n", " "), level)
        self._headings.append(entry)
        break_ = "<w:pageBreakBefore/>" if new_page else ""
        self._body.append(paragraph(self._marked(entry.bookmark, run(entry.text)), f"Kop{level}", break_))

    def bullets(self, items: Sequence[Words]) -> None:
        """A list with bullets."""
        for words in items:
            self.text(words, "Lijstopsomteken")

    def signed(self, sign: str, words: Words) -> None:
        """A line of a list with a sign of its own instead of a bullet."""
        self._body.append(paragraph(run(sign) + "<w:r><w:tab/></w:r>" + self.runs(words), "Tekenregel"))

    def numbered(self, items: Sequence[tuple[Words, str]]) -> None:
        """A numbered list, from 1: what is said, and in smaller letters what it rests on."""
        self._lists += 1
        number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self._lists}"/></w:numPr>'
        for words, ground in items:
            keep = "<w:keepNext/>" if ground else ""
            self.text(words, "Lijstnummering", keep + number)
            if ground:
                self.text(ground, "Lijstvoortzetting")

    def raw(self, xml: str) -> None:
        """Finished paragraphs or tables, made with the functions of ``word_xml`` and ``word_table``."""
        self._body.append(xml)

    # -- figures and tables --------------------------------------------------------------------------------------

    def caption(self, kind: CaptionKind, text: str) -> int:
        """A caption with the next number of its kind, on one page with what follows it; returns that number."""
        number = len(self._captions[kind]) + 1
        shown = clean(text).replace("\n", " ")
        entry = _Entry(f"_Toc_{kind}_{number}", f"{kind} {number}. {shown}")
        self._captions[kind].append(entry)
        label = run(f"{kind} ") + simple_field(f"SEQ {kind} \\* ARABIC", str(number))
        content = self._marked(entry.bookmark, self._marked(_reference(kind, number), label) + run(f". {shown}"))
        self._body.append(paragraph(content, "Bijschrift"))
        return number

    def chart(self, xml: bytes, workbook: bytes, alt: str, height_cm: float) -> None:
        """A native chart over the whole width, with the workbook behind it."""
        self._drawings += 1
        size = (WIDTH_CM, height_cm)
        self.raw(paragraph(word_figure.chart(self._part, self._drawings, xml, workbook, alt, size), "Beeld"))

    def drawing(self, png: bytes, alt: str, width_cm: float) -> str:
        """A picture of some width, as a run for a paragraph; its height follows."""
        self._drawings += 1
        wide, high = word_figure.png_size(png)
        return word_figure.picture(self._part, self._drawings, png, alt, (width_cm, width_cm * high / wide))

    @property
    def width(self) -> int:
        """Width of the text on the paper as it lies now, in twentieths of a point."""
        return TEXT_WIDTH_TURNED if self._turned else TEXT_WIDTH

    def turn(self) -> None:
        """From here on the paper lies on its side, or stands again when it did."""
        self._body.append(paragraph("", "Bronregel", word_base.section(self._turned)))
        self._turned = not self._turned

    def table(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[Words]],
        numeric: Sequence[bool],
        title: str,
        weights: Sequence[float] = (),
    ) -> None:
        """A table over the whole width; columns by ``weights``, or by what stands in them."""
        if weights:
            widths = word_table.shared(weights, self.width)
        else:
            widths = word_table.fitted(headers, [[_plain(c) for c in row] for row in rows], self.width)
        made = [[self.runs(c) for c in row] for row in rows]
        self.raw(word_table.table([run(h) for h in headers], made, numeric, widths, title))

    # -- lists of what is in it ------------------------------------------------------------------------------------

    def contents(self, levels: int = 2) -> None:
        """The contents: headings up to a level, each leading to its place."""
        self._body.append(
            lambda: _listed(
                f'TOC \\o "1-{levels}" \\n \\h \\z',
                [(e, f"Inhopg{e.level}") for e in self._headings if e.level <= levels],
            )
        )

    def list_of(self, kind: CaptionKind) -> None:
        """The list of figures or of tables, each leading to its place; nothing when there are none."""
        self._body.append(
            lambda: _listed(
                f'TOC \\n \\h \\z \\c "{kind}"', [(e, "Lijstmetafbeeldingen") for e in self._captions[kind]]
            )
        )

    def _marked(self, name: str, content: str) -> str:
        self._bookmarks += 1
        number = self._bookmarks
        return f'<w:bookmarkStart w:id="{number}" w:name={attribute(name)}/>{content}<w:bookmarkEnd w:id="{number}"/>'

    # -- the file ------------------------------------------------------------------------------------------------

    def bytes(self) -> bytes:
        """The document as a file; the same content on the same day gives the same bytes."""
        from docx.oxml import parse_xml

        body = self._document.element.body
        written = "".join(x if isinstance(x, str) else x() for x in self._body)
        for k, element in enumerate(parse_xml(f"<w:body {DECLARED}>{written}</w:body>")):
            body.insert(k, element)
        self._number_lists()
        self._edges()
        word_base.add_prompts(self._part, list(self._blanks.values()))
        self._properties()
        out = io.BytesIO()
        self._document.save(out)
        return stamped(out.getvalue())

    def _number_lists(self) -> None:
        """Give every numbered list a count of its own."""
        from docx.oxml import parse_xml

        lists = self._part.numbering_part.element
        for number in range(NUMBERS + 1, self._lists + 1):
            again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
            lists.append(
                parse_xml(f'<w:num {DECLARED} w:numId="{number}"><w:abstractNumId w:val="{NUMBERS}"/>{again}</w:num>')
            )

    def _edges(self) -> None:
        """Above every page but the first the title, below each the footer and 'Pagina x van y'."""
        section = self._document.sections[0]
        count = run("\N{NO-BREAK SPACE}van\N{NO-BREAK SPACE}") + simple_field("NUMPAGES", "1")
        page = "<w:r><w:tab/></w:r>" + run("Pagina\N{NO-BREAK SPACE}") + simple_field("PAGE", "1") + count
        below = paragraph(run(self.footer) + page, "Voettekst")
        section.different_first_page_header_footer = True
        edges = (
            (section.header, paragraph(run(shortened(_short(self.title), _HEADER)), "Koptekst")),
            (section.footer, below),
            (section.first_page_header, paragraph("", "Koptekst")),
            (section.first_page_footer, below),
        )
        for edge, content in edges:
            _fill(edge, content)

    def _properties(self) -> None:
        properties = self._document.core_properties
        properties.title, properties.subject = _short(self.title), _short(self.subject)
        properties.author = properties.last_modified_by = AUTHOR
        properties.language, properties.revision = LANGUAGE, 1
        moment = dt.datetime(self.made.year, self.made.month, self.made.day)
        properties.created = properties.modified = moment


def _short(text: str) -> str:
    """A text as a property: on one line, and no longer than a property may be."""
    return " ".join(clean(text).split())[:255]


def _fill(edge: Any, content: str) -> None:
    from docx.oxml import parse_xml

    edge.is_linked_to_previous = False
    element = edge._element
    for child in list(element):
        element.remove(child)
    for child in parse_xml(f"<w:body {DECLARED}>{content}</w:body>"):
        element.append(child)


def _reference(label: str, number: int) -> str:
    """The bookmark around the label and number of a caption."""
    return f"_Ref_{label}_{number}"


def _plain(words: Words) -> str:
    """The text of pieces."""
    return "".join(
        p
        if isinstance(p, str)
        else p.prompt
        if isinstance(p, Blank)
        else f"{p.label} {p.number}"
        if isinstance(p, Ref)
        else p.text
        for p in pieces(words)
    )


def _listed(instruction: str, entries: Sequence[tuple[_Entry, str]]) -> str:
    """A field whose result is a list of links, one paragraph each; nothing without entries."""
    made = []
    for k, (entry, style) in enumerate(entries):
        link = f'<w:hyperlink w:anchor={attribute(entry.bookmark)} w:history="1">{run(entry.text)}</w:hyperlink>'
        begin = field_begin(instruction) if k == 0 else ""
        end = FIELD_END if k == len(entries) - 1 else ""
        made.append(paragraph(begin + link + end, style))
    return "".join(made)
