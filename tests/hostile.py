"""Texts that try to become markup, put everywhere, and a reader that finds out whether they did."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt
from pydantic import BaseModel

# Each ends in a word by which a text is recognised; the address would be asked by the browser if it became an image.
MARK = "kwaad"
MARKS = (
    f"<img src=x onerror=alert(1)>{MARK}",
    f"\"><script>alert(1)</script>'onmouseover='{MARK}",
    f"![{MARK}](https://elders.example/x.png)",
    f"[{MARK}](javascript:alert(1))",
    f"</p></div>\n\n<iframe src=//elders.example></iframe>{MARK}\n\n![x](//elders.example/y.png)",
    f"<b onclick=x>{MARK}</b> <https://elders.example> $x$ :red[{MARK}]",
)
# In one text all of them; one line, as most of our texts are.
ALL = " ".join(" ".join(m.split()) for m in MARKS)
# What stays as it is: names that the code itself uses.
_NAMES = frozenset((
    "id", "theme", "themes", "regions", "region", "goals", "indicators", "kind", "file", "table", "reader", "code",
    "article", "date", "month", "starts", "ends", "source_table", "weight", "denominator", "numerator", "method",
    "direction", "province", "document", "origin", "url", "group", "part_of", "unit", "country", "status",
))  # fmt: skip
# Codes of areas begin so.
_CODES = ("GM", "PV", "GG", "CR", "NL", "BE", "DE")
_ELEMENTS = frozenset(
    ("script", "iframe", "object", "embed", "img", "base", "link", "meta", "frame", "applet", "video")
)


class Read(HTMLParser):
    """The elements of a page, what is wrong with them, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.words: list[str] = []
        self._raw = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._raw = tag in ("script", "style")
        if tag in _ELEMENTS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or not name.replace("-", "").replace(":", "").isalnum():
                self.wrong.append(f"<{tag} {name}>")
            if name in ("href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data") and (
                address.startswith(("javascript:", "data:", "vbscript:")) or "elders.example" in address.split("?")[0]
            ):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name == "style" and "url(" in address:
                self.wrong.append(f"<{tag} style={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.wrong.append("<!--")

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def through_markdown(text: str) -> str:
    """A text as Streamlit’s Markdown makes HTML of it: CommonMark in which HTML stays HTML."""
    return str(
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(text)
    )


def hostile(thing: Any, mark: str = f" {ALL}") -> Any:
    """The same definitions with the marks behind every text that is for people."""
    if isinstance(thing, BaseModel):
        return thing.model_copy(update={n: _part(n, getattr(thing, n), mark) for n in type(thing).model_fields})
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{f.name: _part(f.name, getattr(thing, f.name), mark) for f in fields(thing) if f.init})
    if isinstance(thing, tuple):
        return tuple(hostile(x, mark) for x in thing)
    return thing


def _part(name: str, value: Any, mark: str) -> Any:
    if isinstance(value, str):
        slug = value.replace("-", "").isalnum() and (value == value.lower() or value[:2] in _CODES)
        return value if name in _NAMES or slug or not value or value.startswith("https://") else value + mark
    return hostile(value, mark)
