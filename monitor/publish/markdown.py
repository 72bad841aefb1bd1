"""The project's own documents as HTML: headings, paragraphs, lists, tables, code, links and emphasis; nothing else.

The documents ship with the project; what a visitor wrote never comes here.
"""

from __future__ import annotations

import re
from html import escape

from monitor.screens.document_html import with_tables

_ITEM = re.compile(r"^(\s*)([-*]|\d+\.)\s+(.*)$")
_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_PLACE = re.compile(r"[^a-z0-9]+")


def html(text: str, lower: int = 0, prefix: str = "") -> str:
    """A document as HTML.

    Args:
        text: Markdown; blocks of HTML in it, each on a line of its own that begins with '<', stay as they are.
        lower: how many levels its headings go down.
        prefix: begin of the ids of its headings, where several documents stand on one page.
    """
    parts: list[str] = []
    held: list[str] = []
    items: list[tuple[str, list[str]]] = []

    def close() -> None:
        if held:
            parts.append(f"<p>{_inline(' '.join(held))}</p>")
            held.clear()
        if items:
            tag = "ol" if items[0][0].endswith(".") else "ul"
            listed = "".join(f"<li>{_inline(' '.join(lines))}</li>" for _, lines in items)
            parts.append(f'<{tag} class="list">{listed}</{tag}>')
            items.clear()

    fenced: list[str] | None = None
    for line in with_tables(text).splitlines():
        if line.startswith("```"):
            if fenced is None:
                close()
                fenced = []
            else:
                code = escape("\n".join(fenced))
                parts.append(
                    f'<div class="across" role="region" tabindex="0" aria-label="Opdracht"><pre>{code}</pre></div>'
                )
                fenced = None
            continue
        if fenced is not None:
            fenced.append(line)
            continue
        item = _ITEM.match(line)
        if not line.strip():
            close()
        elif line.startswith("#"):
            close()
            level = len(line) - len(line.lstrip("#")) + lower
            said = line.lstrip("# ").strip()
            parts.append(f'<h{level} id="{prefix}{_place(said)}">{_inline(said)}</h{level}>')
        elif line.startswith("<"):
            close()
            parts.append(line)
        elif item:
            if held:
                close()
            items.append((item[2], [item[3]]))
        elif items:
            items[-1][1].append(line.strip())
        else:
            held.append(line.strip())
    close()
    return "".join(parts)


def _place(said: str) -> str:
    return _PLACE.sub("-", said.lower()).strip("-") or "deel"


def _inline(text: str) -> str:
    """Emphasis, code and links within a line; links to other documents of the project lose their link."""
    made = _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
    made = _BOLD.sub(r"<b>\1</b>", made)
    return _LINK.sub(_linked, made)


def _linked(found: re.Match[str]) -> str:
    said, address = found.groups()
    outside = address.startswith(("https://", "http://", "mailto:", "/", "#"))
    return f'<a href="{escape(address, quote=True)}">{said}</a>' if outside else said
