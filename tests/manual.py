"""The manual as something that can be walked: its pages are opened and worked as the text says.

What a guide does stands in comments of its Markdown, which a reader does not see:

- ``<!-- open: kaart?indicator=x -->`` opens a page; ``<!-- nieuw -->`` before it takes a browser without memory;
- ``<!-- breed: 390 -->`` sets the width of the screen for what follows;
- ``<!-- klik: Alle cijfers in een tabel -->`` clicks the first button or box of that name;
- ``<!-- kies: Vergelijk met = De eigen provincie -->`` chooses in a select box;
- ``<!-- wacht: Download -->`` waits until a text is there;
- ``<!-- deel: h2 Meenemen -->`` brings a heading to the top of the next image.

Every **bold** text has to be on the screen that is open there, and every image is the screen at that moment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "handleiding"
GUIDES = ("bestuurder", "planbureau", "medewerker")
_PART = re.compile(
    r"<!-- (?P<verb>[a-z]+)(?:: (?P<what>.+?))? -->|!\[(?P<alt>[^\]]*)\]\((?P<image>[^)]+)\)|\*\*(?P<bold>[^*]+)\*\*"
)
VERBS = ("open", "nieuw", "breed", "klik", "kies", "wacht", "deel")


@dataclass(frozen=True)
class Step:
    """One thing to do or to look for.

    Attributes:
        verb: one of ``VERBS``, 'beeld' for an image, 'vet' for a text that has to be there.
        what: address, name, width, path of the image or text.
        line: where it stands in the guide, from 1.
        alt: of an image.
    """

    verb: str
    what: str
    line: int
    alt: str = ""


def steps(guide: str) -> list[Step]:
    """What a guide does, in its order; bold text on a line of a table and before the first page is left out.

    Raises:
        ValueError: a comment with an unknown verb.
    """
    text = (FOLDER / f"{guide}.md").read_text(encoding="utf-8")
    found = []
    for match in _PART.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["image"]:
            found.append(Step("beeld", match["image"], line, match["alt"]))
        elif match["bold"]:
            found.append(Step("vet", " ".join(match["bold"].split()), line))
        elif match["verb"] in VERBS:
            found.append(Step(match["verb"], match["what"] or "", line))
        else:
            raise ValueError(f"{guide}.md, line {line}: unknown step '{match['verb']}'")
    return found
