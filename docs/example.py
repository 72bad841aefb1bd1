"""Make docs/voorbeeld again: the pack of the README's command, and an image of every page of it.

Asks LibreOffice and Poppler for the images.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "docs" / "voorbeeld"
COMMAND = ["export", "pack", "--region", "achterhoek", "--goal", "2", "--out", "docs/voorbeeld"]


def main() -> int:
    """Run the command, then photograph the pages."""
    from monitor.__main__ import main as monitor
    from tests.rendered import page_images

    code = monitor(COMMAND)
    if code:
        return code
    images = FOLDER / "beelden"
    for old in images.glob("*.png"):
        old.unlink()
    for document in sorted(FOLDER.glob("achterhoek-*")):
        if document.suffix in (".pptx", ".docx", ".pdf"):
            page_images(document, images)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
