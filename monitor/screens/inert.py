"""HTML on its way through Markdown, in which nothing is Markdown any more; and labels in which nothing is.

Streamlit reads what it shows as Markdown, also where that holds HTML: a blank line in a text of a user ends the HTML
around it, and from there on ``![](https://elsewhere/x.png)`` is an image that the browser fetches from elsewhere.
By CommonMark a piece that begins with a block element and holds no blank line is HTML from beginning to end.
"""

from __future__ import annotations

import re

# The elements of CommonMark's HTML blocks of the sixth kind.
_BLOCKS = (
    "address|article|aside|blockquote|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|"
    "figure|footer|form|h[1-6]|header|hr|legend|li|main|menu|nav|ol|optgroup|option|p|search|section|summary|table|"
    "tbody|td|tfoot|th|thead|title|tr|ul"
)
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?:[\s>]|/>|$)", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t\f\v]*(?:\n[ \t\f\v]*)+")
# What begins something in a label: links and images, emphasis, code, formulas and HTML.
_SIGNS = re.compile(r"([\\`*_\[\]<>$~])")


def inert(html: str) -> str:
    """HTML in which Markdown finds nothing; the browser shows the same.

    Args:
        html: with every text escaped.
    """
    lines = html.replace("\r\n", "\n").replace("\r", "\n").strip()
    whole = _BLANK.sub(lambda found: "&#10;" * found[0].count("\n"), lines)
    return whole if not whole or _BLOCK.match(whole) else f"<p>{whole}</p>"


def plain_label(text: str) -> str:
    """A text of somebody else as the label of a button or a box: on one line, and shown sign for sign."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
