"""A change log (Markdown) as HTML: headings, lists, tables, bold; all else, HTML and links included, is plain text."""

from __future__ import annotations

import re
from html import escape

from monitor.screens.document_html import Table, split, table_html

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_CODE = re.compile(r"`([^`\n]+)`")
_ITEM = re.compile(r"^(\s*)(?:[-*]|\d+[.)])\s+(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
# A change log is some pages; what is longer is cut off, with a remark.
LONGEST = 400_000


def change_log(text: str) -> list[tuple[str, str]]:
    """Cut a change log into parts.

    Args:
        text: Markdown, from a file that somebody may have changed.

    Returns:
        Per part its heading as plain text ('' for what stands before the first) and its content as HTML.
    """
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text[:LONGEST].splitlines():
        found = _HEADING.match(line)
        if found and len(found[1]) == 1:
            continue  # the title, which the page has of its own
        if found and len(found[1]) == 2:
            parts.append((found[2].strip(), []))
        else:
            parts[-1][1].append(line)
    made = [(heading, _content("\n".join(lines), heading)) for heading, lines in parts]
    if len(text) > LONGEST:
        made.append(("", "<p>Dit wijzigingslog is te lang voor deze pagina; de rest staat in het bestand zelf.</p>"))
    return [(heading, content) for heading, content in made if content or heading]


def _content(text: str, heading: str) -> str:
    made: list[str] = []
    for k, piece in enumerate(split(text), 1):
        if isinstance(piece, Table):
            name = f"Tabel: {piece.heading or heading or 'wijzigingen'}" + (f" ({k})" if k > 1 else "")
            made.append(table_html(piece, name))
        else:
            made.append(_blocks(piece))
    return "".join(made)


def _blocks(text: str) -> str:
    made: list[str] = []
    held: list[str] = []
    items: list[str] = []

    def close() -> None:
        if held:
            made.append(f"<p>{_inline(' '.join(held))}</p>")
            held.clear()
        if items:
            made.append(f"<ul>{''.join(f'<li>{_inline(x)}</li>' for x in items)}</ul>")
            items.clear()

    for line in text.splitlines():
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if heading:
            close()
            made.append(f"<h3>{_inline(heading[2].strip())}</h3>")
        elif item:
            if held:
                close()
            items.append(item[2].strip())
        elif not line.strip():
            close()
        elif items:
            items[-1] += f" {line.strip()}"
        else:
            held.append(line.strip())
    close()
    return "".join(made)


def _inline(text: str) -> str:
    """Bold and code of one line; escaped first, so that nothing else gets a meaning."""
    safe = escape(text, quote=True)
    # Streamlit reads Markdown in what it is given: its own signs must stay signs.
    safe = _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", safe))
    return re.sub(r"[\\\[\]_*`~$:!]", lambda m: f"&#{ord(m[0])};", safe)
