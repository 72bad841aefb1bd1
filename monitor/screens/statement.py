"""The accessibility statement: one text for app, site and repository."""

from __future__ import annotations

from functools import cache

from monitor.paths import ROOT
from monitor.screens.document_html import with_tables


@cache
def statement() -> str:
    """docs/toegankelijkheidsverklaring.md as Markdown, with its tables as HTML."""
    return with_tables((ROOT / "docs" / "toegankelijkheidsverklaring.md").read_text(encoding="utf-8"))
