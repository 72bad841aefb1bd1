"""Reads a PDF as a test wants it: its structure tree, its texts with places and letters, and what is tagged."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pikepdf
from pypdf import PdfReader

OURS = {"SourceSans3-Regular", "SourceSans3-SemiBold", "SourceSerif4-Regular", "SourceSerif4-SemiBold"}


@dataclass(frozen=True)
class Tag:
    """One element of the structure tree: its role (mapped to a standard one), how deep it lies, and its texts."""

    role: str
    depth: int
    alt: str
    title: str
    parent: str
    element: Any


@dataclass(frozen=True)
class Run:
    """A piece of text on a page: size and place in points, from the left and from the bottom.

    ``mcid``: its number in the structure tree, None outside; ``artifact``: whether it is marked as no content.
    """

    page: int
    text: str
    size: float
    left: float
    right: float
    base: float
    mcid: int | None
    artifact: bool


class Pdf:
    """A PDF in memory, as Typst writes them."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def file(self) -> Any:
        return pikepdf.open(io.BytesIO(self.content))

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(io.BytesIO(self.content))

    @property
    def root(self) -> Any:
        return self.file.Root

    @cached_property
    def pages(self) -> list[str]:
        """Text per page in the order of reading, with ordinary spaces and without hyphens that only break a line."""
        return [plain(_joined([r for r in self.runs if r.page == k])) for k in range(len(self.file.pages))]

    @cached_property
    def text(self) -> str:
        """All text in one line: what lines and pages break apart is one again."""
        return " ".join(" ".join(self.pages).split())

    @cached_property
    def runs(self) -> list[Run]:
        """Every piece of text, in the order of the pages."""
        return [run for k, page in enumerate(self.file.pages) for run in _runs(k, page)]

    @cached_property
    def metadata(self) -> str:
        return bytes(self.root.Metadata.read_bytes()).decode("utf-8")

    @property
    def title(self) -> str:
        """The title in the properties of the document."""
        about = self.reader.xmp_metadata
        return about.dc_title["x-default"] if about and about.dc_title else ""

    @cached_property
    def tags(self) -> list[Tag]:
        """The structure tree in reading order."""
        return list(self._walk(self.root.StructTreeRoot.K, 0, ""))

    def _walk(self, node: Any, depth: int, parent: str) -> Iterator[Tag]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from self._walk(child, depth, parent)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            role = str(node.S).lstrip("/")
            mapped = self.root.StructTreeRoot.get("/RoleMap", {}).get(f"/{role}")
            role = str(mapped).lstrip("/") if mapped is not None else role
            yield Tag(role, depth, str(node.get("/Alt", "")), str(node.get("/T", "")), parent, node)
            yield from self._walk(node.get("/K", pikepdf.Array()), depth + 1, role)

    def roles(self) -> Counter[str]:
        return Counter(t.role for t in self.tags)

    @cached_property
    def bookmarks(self) -> list[str]:
        found: list[str] = []

        def walk(items: Any) -> None:
            for item in items:
                if isinstance(item, list):
                    walk(item)
                else:
                    found.append(plain(str(item.title)))

        walk(self.reader.outline)
        return found

    @cached_property
    def links(self) -> list[str]:
        """Addresses that the document leads to."""
        notes = [note for page in self.file.pages for note in page.get("/Annots", [])]
        return [str(n.A.URI) for n in notes if "/URI" in n.get("/A", {})]

    @cached_property
    def fonts(self) -> dict[str, bool]:
        """Names of all letters without their prefix, and whether they are embedded."""
        found = {}
        for font in self.file.objects:
            if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/FontDescriptor":
                name = str(font.FontName).lstrip("/").split("+")[-1]
                found[name] = any(k in font for k in ("/FontFile", "/FontFile2", "/FontFile3"))
        return found

    def untagged(self) -> list[Run]:
        """Text that stands outside of the structure tree and is marked as no artifact either."""
        numbers = {page.objgen: k for k, page in enumerate(self.file.pages)}
        known: set[tuple[int, int]] = set()
        for tag in self.tags:
            own, kids = tag.element.get("/Pg"), tag.element.get("/K", pikepdf.Array())
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary):
                    if "/MCID" in kid:
                        known.add((numbers[kid.get("/Pg", own).objgen], int(kid.MCID)))
                elif own is not None:
                    known.add((numbers[own.objgen], int(kid)))
        return [r for r in self.runs if not r.artifact and (r.page, r.mcid) not in known]


def plain(text: str) -> str:
    """Ordinary spaces, and no hyphens that only break a line."""
    for soft in ("\u00ad\n", "\u00ad", "\u200b\n", "\u200b"):
        text = text.replace(soft, "")
    return text.replace("\u00a0", " ").replace("\u2009", " ")


def _joined(runs: list[Run]) -> str:
    """Pieces of text as one: on a line of its own where the line or column is another."""
    parts: list[str] = []
    for before, run in zip([None, *runs], runs, strict=False):
        if before is not None:
            same = abs(before.base - run.base) < 1 and -1 < run.left - before.right < 0.3 * run.size
            parts.append("" if same else "\n")
        parts.append(run.text)
    return "".join(parts)


class _Font:
    """What the codes of a font stand for, and how wide they are (thousandths of the size)."""

    def __init__(self, font: Any) -> None:
        source = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
        self.letters = {}
        for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
            for code, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                self.letters[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
        assert "beginbfrange" not in source, "this reader knows single characters only"
        self.widths: dict[int, float] = {}
        entries = list(font.DescendantFonts[0].get("/W", []))
        while entries:
            first, second, *entries = entries
            if isinstance(second, pikepdf.Array):
                self.widths |= {int(first) + k: float(w) for k, w in enumerate(second)}
            else:
                width, *entries = entries
                self.widths |= {code: float(width) for code in range(int(first), int(second) + 1)}


def _runs(number: int, page: Any) -> Iterator[Run]:
    fonts = {name: _Font(font) for name, font in page.Resources.get("/Font", {}).items()}
    places: list[tuple[float, float]] = []
    shift, at, text_at = (0.0, 0.0), (0.0, 0.0), 0.0
    marked: list[Any] = []
    font, size = None, 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            places.append(shift)
        elif name == "Q":
            shift = places.pop()
        elif name == "cm":
            shift = (shift[0] + float(operands[4]), shift[1] + float(operands[5]))
        elif name in ("BDC", "BMC"):
            marked.append((str(operands[0]), operands[1] if len(operands) > 1 else {}))
        elif name == "EMC":
            marked.pop()
        elif name == "Tf":
            font, size = fonts[str(operands[0])], float(operands[1])
        elif name == "Tm":
            at, text_at = (float(operands[4]), float(operands[5])), 0.0
        elif name in ("Tj", "TJ"):
            assert font is not None
            text, start = "", text_at
            for part in operands[0] if name == "TJ" else [operands[0]]:
                if isinstance(part, pikepdf.String | bytes):
                    raw = bytes(part)
                    codes = [raw[k] << 8 | raw[k + 1] for k in range(0, len(raw), 2)]
                    text += "".join(font.letters.get(c, "") for c in codes)
                    text_at += sum(font.widths.get(c, 0.0) for c in codes) * size / 1000
                else:
                    text_at -= float(part) * size / 1000
            # Where one sign stands for several texts, the text itself is said apart.
            told = next((m["/ActualText"] for _, m in reversed(marked) if "/ActualText" in m), None)
            mcid = next((int(m["/MCID"]) for _, m in reversed(marked) if "/MCID" in m), None)
            yield Run(
                number,
                text if told is None else str(told),
                size,
                shift[0] + at[0] + start,
                # A space at the end of a line stands beyond the margin, and shows nothing.
                shift[0] + at[0] + text_at - (0.25 * size if text.endswith(" ") else 0),
                shift[1] + at[1],
                mcid,
                any(kind == "/Artifact" for kind, _ in marked),
            )


def check_accessible(pdf: Pdf) -> None:
    """What PDF/UA asks of every document, as far as the file itself can show it."""
    root = pdf.root
    assert bool(root.MarkInfo.Marked) is True
    assert str(root.Lang) == "nl"
    assert bool(root.ViewerPreferences.DisplayDocTitle) is True
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata
    assert pdf.title
    assert pdf.runs and not pdf.untagged()
    headings = [int(t.role[1:]) for t in pdf.tags if t.role[0] == "H" and t.role[1:].isdigit()]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    inside = {
        "TH": {"TR"},
        "TD": {"TR"},
        "TR": {"Table", "THead", "TBody", "TFoot"},
        "LI": {"L"},
        "LBody": {"LI"},
    }
    for tag in pdf.tags:
        assert tag.parent in inside.get(tag.role, {tag.parent}), tag
        assert tag.role != "Figure" or tag.alt, "a figure without words"
    assert pdf.fonts and all(pdf.fonts.values()) and set(pdf.fonts) <= OURS
