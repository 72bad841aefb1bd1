"""Styles, lists, settings and theme of the Word documents, in the colours and letters of ``figures.style``."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.export.word.xml import DECLARED, FILLED, LANGUAGE, PLACEHOLDER
from monitor.figures import style

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The lists of ``numbering``: bullets, and numbers that every list begins anew.
BULLETS, NUMBERS = 1, 2
# Below this a page is not readable on paper; sizes are in half points.
_BODY, _SMALL, _TABLE = 21, 17, 19


def hexed(colour: str) -> str:
    """A colour as Office writes it: '#154273' -> '154273'."""
    return colour.lstrip("#").upper()


INK, TEXT, MUTED = hexed(style.INK), hexed(style.TEXT), hexed(style.MUTED)
LINE, SURFACE = hexed(style.LINE), hexed(style.SURFACE)


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _space(before: int, after: int, line: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"' + (
        f' w:line="{line}" w:lineRule="auto"/>' if line else "/>"
    )


def _colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


_BOLD = "<w:b/><w:bCs/>"
_KEEP = "<w:keepNext/><w:keepLines/>"
_PLAIN_INK = f"{_BOLD}{_colour(INK)}"


@dataclass(frozen=True)
class Style:
    """A paragraph style.

    ``name``: as Word knows it; ``shape``: content of w:pPr; ``letter``: content of w:rPr; both in the order of the
    schema.
    """

    id: str
    name: str
    shape: str = ""
    letter: str = ""
    based: str = "Standaard"
    following: str = ""


def _outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


def _indent(left: int, hanging: int = 0) -> str:
    return f'<w:ind w:left="{left}"' + (f' w:hanging="{hanging}"/>' if hanging else "/>")


def _list(number: int) -> str:
    return f'<w:numPr><w:numId w:val="{number}"/></w:numPr>{_space(0, 60)}'


_AT_RIGHT = '<w:jc w:val="right"/>'
# At the right end of the text: A4 with margins of 25 mm.
_TO_THE_RIGHT = '<w:tabs><w:tab w:val="right" w:pos="9072"/></w:tabs>'
_AT_INDENT = '<w:tabs><w:tab w:val="left" w:pos="340"/></w:tabs>'
_BAR = f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="{INK}"/></w:pBdr>'
_TINT = f'<w:shd w:val="clear" w:color="auto" w:fill="{SURFACE}"/>'
_QUIET = _colour(MUTED) + _size(_SMALL)
_NEXT = {"following": "Standaard"}
_PARAGRAPHS = (
    Style("Titel", "Title", _KEEP + _space(0, 60, 240), _PLAIN_INK + _size(40), following="Ondertitel"),
    Style("Ondertitel", "Subtitle", _space(0, 240), _colour(MUTED) + _size(24), **_NEXT),
    Style("Kop1", "heading 1", _KEEP + _space(240, 120, 240) + _outline(0), _PLAIN_INK + _size(32), **_NEXT),
    Style("Kop2", "heading 2", _KEEP + _space(260, 80, 240) + _outline(1), _PLAIN_INK + _size(25), **_NEXT),
    Style("Kop3", "heading 3", _KEEP + _space(180, 60, 240) + _outline(2), _PLAIN_INK + _size(22), **_NEXT),
    Style("Kopvaninhoudsopgave", "TOC Heading", _outline(9), based="Kop2", **_NEXT),
    Style("Inhopg1", "toc 1", _space(60, 0), _BOLD, **_NEXT),
    Style("Inhopg2", "toc 2", _space(0, 0) + _indent(284), **_NEXT),
    Style("Inhopg3", "toc 3", _space(0, 20) + _indent(567), **_NEXT),
    Style("Lijstmetafbeeldingen", "table of figures", _space(0, 40), **_NEXT),
    Style("Bijschrift", "caption", _KEEP + _space(120, 80), _PLAIN_INK + _size(_TABLE), **_NEXT),
    Style("Lijstopsomteken", "List Bullet", _list(BULLETS)),
    Style("Lijstnummering", "List Number", _list(NUMBERS)),
    Style("Tekenregel", "Tekenregel", _AT_INDENT + _space(0, 60) + _indent(340, 340)),
    Style("Lijstvoortzetting", "List Continue", _space(0, 100) + _indent(340), _colour(MUTED) + _size(_TABLE)),
    Style("Koptekst", "header", _TO_THE_RIGHT + _space(0, 0), _QUIET),
    Style("Voettekst", "footer", _TO_THE_RIGHT + _space(0, 0), _QUIET),
    Style("Inleiding", "Inleiding", _space(0, 160), _size(23), **_NEXT),
    Style("Bronregel", "Bronregel", "<w:keepLines/>" + _space(40, 60), _QUIET, **_NEXT),
    Style("Beeld", "Beeld", "<w:keepNext/>" + _space(60, 80, 240), **_NEXT),
    Style("Kader", "Kader", "<w:keepLines/>" + _BAR + _TINT + _space(120, 140) + _indent(227), **_NEXT),
    Style("Formulierlabel", "Formulierlabel", "<w:keepNext/>" + _space(40, 40), _BOLD, **_NEXT),
    Style("Formuliertekst", "Formuliertekst", _space(40, 40)),
    Style("Formulierklein", "Formulierklein", _space(0, 60), _size(_TABLE)),
    Style("Tabeltekst", "Tabeltekst", '<w:suppressAutoHyphens w:val="0"/>' + _space(30, 30, 228), _size(_TABLE)),
    Style("Tabelgetal", "Tabelgetal", _AT_RIGHT, based="Tabeltekst"),
    Style("Tabelkop", "Tabelkop", "<w:keepNext/>", _PLAIN_INK, based="Tabeltekst"),
    Style("Tabelkopgetal", "Tabelkopgetal", _AT_RIGHT, based="Tabelkop"),
)
_CHARACTERS = (
    ("Zwaar", "Strong", _BOLD),
    ("Bijtekst", "Bijtekst", _colour(MUTED)),
    ("Hyperlink", "Hyperlink", f'{_colour(INK)}<w:u w:val="single"/>'),
    (PLACEHOLDER, "Placeholder Text", _colour(TEXT) + FILLED),
)
# What Word has of its own; a style with another name is marked as ours.
_BUILT_IN = {
    "Title", "Subtitle", "heading 1", "heading 2", "heading 3", "TOC Heading", "toc 1", "toc 2", "toc 3",
    "table of figures", "caption", "List Bullet", "List Number", "List Continue", "header", "footer", "Strong",
    "Hyperlink", "Placeholder Text",
}  # fmt: skip


def _letters(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def styles() -> str:
    """The part with styles."""
    language = f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_letters(style.SANS)}{_colour(TEXT)}{_size(_BODY)}{language}</w:rPr>"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    base = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Standaard"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr><w:suppressAutoHyphens/>{_space(0, 110, 240)}</w:pPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="Standaardalinea-lettertype">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="Geenlijst"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )
    paragraphs = "".join(_paragraph(s) for s in _PARAGRAPHS)
    characters = "".join(
        f'<w:style w:type="character" {_own(name)}w:styleId="{id_}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Standaardalinea-lettertype"/><w:qFormat/><w:rPr>{letter}</w:rPr></w:style>'
        for id_, name, letter in _CHARACTERS
    )
    return f"{HEAD}<w:styles {DECLARED}>{defaults}{base}{paragraphs}{characters}{_tables()}</w:styles>"


def _own(name: str) -> str:
    return "" if name in _BUILT_IN else 'w:customStyle="1" '


def _paragraph(s: Style) -> str:
    following = f'<w:next w:val="{s.following}"/>' if s.following else ""
    letter = f"<w:rPr>{s.letter}</w:rPr>" if s.letter else ""
    return (
        f'<w:style w:type="paragraph" {_own(s.name)}w:styleId="{s.id}"><w:name w:val="{s.name}"/>'
        f'<w:basedOn w:val="{s.based}"/>{following}<w:qFormat/><w:pPr>{s.shape}</w:pPr>{letter}</w:style>'
    )


def _tables() -> str:
    """Tables: the one that all are based on, one with lines between rows, and one without lines for a form."""
    cells = (
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="{0}" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="{0}" w:type="dxa"/></w:tblCellMar>'
    )
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'
    strong = f'w:val="single" w:sz="8" w:space="0" w:color="{INK}"'
    apart = f"<w:tblBorders><w:top {strong}/><w:bottom {rule}/><w:insideV {rule}/></w:tblBorders>"
    lines = f"<w:tblBorders><w:top {strong}/><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
    return (
        '<w:style w:type="table" w:default="1" w:styleId="Standaardtabel"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{cells.format(108)}</w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="Regiotabel"><w:name w:val="Regiotabel"/>'
        f'<w:basedOn w:val="Standaardtabel"/><w:qFormat/><w:tblPr>{lines}{cells.format(113)}</w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="Formulierkader"><w:name w:val="Formulierkader"/>'
        f'<w:basedOn w:val="Standaardtabel"/><w:qFormat/><w:tblPr>{apart}{cells.format(113)}</w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="Formulier"><w:name w:val="Formulier"/>'
        f'<w:basedOn w:val="Standaardtabel"/><w:qFormat/><w:tblPr>{cells.format(57)}</w:tblPr></w:style>'
    )


def numbering() -> str:
    """The part with lists: bullets and numbers."""

    def level(kind: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
            '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="340"/></w:pPr></w:lvl>'
        )

    kinds = ((BULLETS, "bullet", "•"), (NUMBERS, "decimal", "%1."))
    shapes = "".join(
        f'<w:abstractNum w:abstractNumId="{k}"><w:multiLevelType w:val="singleLevel"/>{level(kind, text)}'
        "</w:abstractNum>"
        for k, kind, text in kinds
    )
    lists = "".join(f'<w:num w:numId="{k}"><w:abstractNumId w:val="{k}"/></w:num>' for k, _, _ in kinds)
    return f"{HEAD}<w:numbering {DECLARED}>{shapes}{lists}</w:numbering>"


def settings() -> str:
    """The part with settings: Dutch, the letter inside, today's Word, and no question on opening."""
    return (
        f'{HEAD}<w:settings {DECLARED}><w:zoom w:percent="100"/><w:embedTrueTypeFonts/><w:saveSubsetFonts/>'
        '<w:defaultTabStop w:val="567"/><w:autoHyphenation/><w:consecutiveHyphenLimit w:val="2"/>'
        '<w:hyphenationZone w:val="284"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="15"/></w:compat><w:themeFontLang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" '
        'w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6" '
        'w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def theme() -> str:
    """The part with the theme: the house colours and letters, as Word offers them to who writes on."""
    series = [hexed(colour) for colour, _ in style.SERIES]
    marks = [hexed(style.MARKS[o].colour) for o in ("vergelijkbaar", "gunstiger")]
    named = {"dk1": TEXT, "lt1": "FFFFFF", "dk2": INK, "lt2": SURFACE}
    named |= {f"accent{k}": colour for k, colour in enumerate([*series, *marks], 1)}
    named |= {"hlink": INK, "folHlink": MUTED}
    colours = "".join(f'<a:{k}><a:srgbClr val="{v}"/></a:{k}>' for k, v in named.items())
    letter = f'<a:latin typeface="{style.SANS}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    edge = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Regiomonitor">'
        f'<a:themeElements><a:clrScheme name="Regiomonitor">{colours}</a:clrScheme><a:fontScheme name="Regiomonitor">'
        f"<a:majorFont>{letter}</a:majorFont><a:minorFont>{letter}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Regiomonitor"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{edge * 3}'
        f"</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )
