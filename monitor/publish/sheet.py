"""The stylesheet of the site: the app's own, without what only Streamlit needs, and what a page of the site adds.

One look, written once: ``ui/style.css`` speaks of the containers of Streamlit; here the same rules speak of <main>.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.figures import style
from monitor.paths import ROOT

_APP = ROOT / "ui" / "style.css"
_OWN = Path(__file__).parent / "assets" / "site.css"
# What holds the text of a page in the app, with as much weight as its stand-in here.
_HOLDERS = ('[data-testid="stMarkdownContainer"]', ".stMarkdown")
_MAIN = ".t"
# Selectors of what only the app has.
_ONLY_APP = re.compile(r'\[data-testid|\.st-key|\[class\*="st-|\.st[A-Z]|\[data-unformatted|st-word-none')
_FACE = re.compile(r"@font-face\{[^}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Until a letter has come, one of the reader's own stands in, made as wide and as high: nothing on the page moves.
_STAND_IN = (
    (re.compile(r'"Source Sans 3"(,"Source Sans")?'), '"Source Sans 3",tv-sans'),
    (re.compile(r'"Source Serif 4"(,"Source Serif")?'), '"Source Serif 4",tv-serif'),
)


def variables() -> str:
    """The colours of the visual language as custom properties."""
    tokens = {
        "ink": style.INK, "text": style.TEXT, "muted": style.MUTED, "line": style.LINE, "surface": style.SURFACE,
        "location": style.LOCATION, "worse": style.MARKS["ongunstiger"].colour, "dot": style.DOT,
        "dot-edge": style.DOT_EDGE,
    }  # fmt: skip
    return ":root{" + "".join(f"--{k}:{v};" for k, v in tokens.items()) + "}"


@cache
def css() -> str:
    """The whole stylesheet; addresses in it are relative to where it stands (``vast/``)."""
    app = _COMMENT.sub("", _APP.read_text(encoding="utf-8"))
    own = _COMMENT.sub("", _OWN.read_text(encoding="utf-8"))
    tight = re.sub(r"\s*\n\s*", "", own)
    shared = for_site(_FACE.sub("", app))
    for letter, names in _STAND_IN:
        shared = letter.sub(names, shared)
    return f"{variables()}{shared}{tight}"


_CLASSES, _TAGS = re.compile(r'\sclass="([^"]*)"'), re.compile(r"<([a-z][a-z0-9]*)")
_ASKED_CLASS, _ASKED_TAG = re.compile(r"\.([\w-]+)"), re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9]*)")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_LETTER = re.compile(r'url\("')
# Properties of drawings that checkers of HTML do not know inside a page; they stand in a file of their own.
_DRAWN = re.compile(r"(?<![\w-])(?:paint-order|vector-effect|r):[^;}]+;?")


@dataclass(frozen=True)
class _Rule:
    """A rule within its @media ('' for none): per selector the classes and tags that a page must hold for it."""

    media: str
    selectors: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    body: str


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_read(css(), ""))


def _read(text: str, media: str) -> Iterator[_Rule]:
    for head, body in _blocks(text):
        if head.startswith("@media"):
            yield from _read(body, head)
        elif head.startswith("@"):
            yield _Rule(media, ((head, frozenset(), frozenset()),), body)
        else:
            yield _Rule(media, tuple(map(_asks, _apart(head))), body)


def _asks(selector: str) -> tuple[str, frozenset[str], frozenset[str]]:
    bare = _BRACKETS.sub("", _BRACKETS.sub("", selector))
    return selector, frozenset(_ASKED_CLASS.findall(bare)), frozenset(_ASKED_TAG.findall(bare))


def for_page(html: str, folder: str) -> str:
    """The part of the stylesheet that a page uses, to stand in the page: one request less before it shows.

    Args:
        html: the whole page, without style.
        folder: way from the page to where the letters stand.
    """
    classes = frozenset(c for found in _CLASSES.findall(html) for c in found.split())
    tags = frozenset(_TAGS.findall(html))
    made: list[str] = []
    media = ""
    for rule in _rules():
        kept = [s for s, asked, named in rule.selectors if asked <= classes and named <= tags]
        if not kept:
            continue
        if rule.media != media:
            made.append(f"{'}' if media else ''}{f'{rule.media}{{' if rule.media else ''}")
            media = rule.media
        body = rule.body if rule.selectors[0][0].startswith("@") else _DRAWN.sub("", rule.body)
        if body.strip():
            made.append(f"{','.join(kept)}{{{body}}}")
    return _LETTER.sub(f'url("{folder}', "".join(made) + ("}" if media else ""))


@cache
def for_drawings() -> str:
    """What a page leaves out of its own style: how lines and letters of drawings are painted; nothing moves by it."""
    made = []
    for rule in _rules():
        found = (
            ""
            if rule.selectors[0][0].startswith("@")
            else "".join(f"{d.rstrip(';')};" for d in _DRAWN.findall(rule.body))
        )
        if found:
            told = f"{','.join(s for s, _, _ in rule.selectors)}{{{found}}}"
            made.append(f"{rule.media}{{{told}}}" if rule.media else told)
    return "".join(made)


def for_site(text: str) -> str:
    """Rules of the app as rules of the site; those about parts that only the app has are left out."""
    made = []
    for head, body in _blocks(text):
        if head.startswith("@media"):
            inner = for_site(body)
            if inner:
                made.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            made.append(f"{head}{{{body.strip()}}}")
        else:
            kept = [s for s in map(_selector, _apart(head)) if s]
            if kept:
                made.append(f"{','.join(kept)}{{{body.strip()}}}")
    return "".join(made)


def _selector(selector: str) -> str:
    """A selector of the site; empty for one that only the app needs."""
    for holder in _HOLDERS:
        selector = selector.replace(holder, _MAIN)
    return "" if _ONLY_APP.search(selector) else selector


def _blocks(text: str) -> list[tuple[str, str]]:
    """Head and body of each block at the top level."""
    found, at = [], 0
    while (start := text.find("{", at)) >= 0:
        head = text[at:start].strip()
        depth, end = 1, start + 1
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found.append((" ".join(head.split()), text[start + 1 : end - 1]))
        at = end
    return found


def _apart(head: str) -> list[str]:
    """The selectors of a list; a comma between brackets belongs to one selector."""
    parts, depth, last = [], 0, 0
    for k, sign in enumerate(head):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if sign == "," and not depth:
            parts.append(head[last:k].strip())
            last = k + 1
    return [*parts, head[last:].strip()]
