"""The text of a CSV file as offices save it."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decoded(content: bytes) -> str | None:
    """UTF-8 with or without its mark, else Windows-1252, as Excel writes it; None when it is no text in either."""
    for coding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None
