"""Longer texts on the pages, from the documents that ship with the project."""

from __future__ import annotations

from functools import cache

from monitor.paths import ROOT

# The method page shows its own, complete table of what was checked, and does not speak to developers.
_LEFT_OUT = ("Wat is nagerekend", "Voor wie verder bouwt")


@cache
def method_text() -> str:
    """The general part of docs/methode.md: the one text for page and repository."""
    text = (ROOT / "docs" / "methode.md").read_text(encoding="utf-8")
    parts = text.split("\n## ")[1:]
    kept = [p for p in parts if not p.startswith(_LEFT_OUT)]
    return "\n\n".join(f"## {p}" for p in kept)
