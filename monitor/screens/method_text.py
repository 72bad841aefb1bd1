"""The longer texts of the method, from the documents that ship with the project."""

from __future__ import annotations

from functools import cache

from monitor.paths import ROOT
from monitor.screens.document_html import with_tables

# The method page shows its own, complete table of what was checked, and does not speak to developers.
_LEFT_OUT = ("Wat is nagerekend", "Voor wie verder bouwt")


@cache
def method_text() -> tuple[str, str]:
    """The general part of docs/methode.md, up to and with the judgement, and what comes after it; Markdown.

    The one text for app, site and repository.
    """
    text = (ROOT / "docs" / "methode.md").read_text(encoding="utf-8")
    parts = [p for p in text.split("\n## ")[1:] if not p.startswith(_LEFT_OUT)]
    after = next(k for k, p in enumerate(parts, 1) if p.startswith("Oordeel"))
    first, rest = (with_tables("\n\n".join(f"## {p}" for p in some)) for some in (parts[:after], parts[after:]))
    return first, rest


@cache
def judgement_examples() -> tuple[str, str]:
    """What docs/oordelen.md says before its tables, and the tables with their sentences; the same text as there."""
    text = (ROOT / "docs" / "oordelen.md").read_text(encoding="utf-8")
    before, after = text.removeprefix("# ").split("\n## ", 1)
    return f"## {before}", with_tables(f"### {after}".replace("\n## ", "\n### "))
