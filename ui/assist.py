"""What Streamlit leaves out for who hears a page or goes through it by keyboard; ui/assist.js puts it in."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """The script: language, landmarks, the skip link, and Dutch names for Streamlit's own buttons."""
    return (Path(__file__).parent / "assist.js").read_text(encoding="utf-8")
