"""The navigation as app.py states it, for tests that go from page to page."""

from __future__ import annotations

import ast
from typing import Any
from urllib.parse import urlsplit

from tests.spec_table import ROOT


def _stated() -> dict[str, list[tuple[str, str]]]:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    found = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == ["GROUPS"]
    )
    return dict(ast.literal_eval(found))


GROUPS = _stated()
# Path -> title, in the order of the navigation.
TITLES = {path: title for pages in GROUPS.values() for title, path in pages}


def group_of(path: str) -> str:
    return next(name for name, pages in GROUPS.items() if path in {p for _, p in pages})


def entries(path: str) -> list[str]:
    """The links in the header of a page: the groups, and the pages of its own group."""
    own = GROUPS[group_of(path)] if path in TITLES else []
    return [*GROUPS, *(title for title, _ in own if len(own) > 1)]


def go(page: Any, path: str) -> None:
    """Go to a page as a reader does: choose its group, then the page."""
    links = page.get_by_test_id("stPageLink")
    group, title = group_of(path), TITLES[path]
    here = urlsplit(page.url).path.strip("/")
    if here not in TITLES or group_of(here) != group:
        links.get_by_role("link", name=group, exact=True).first.click()
        if GROUPS[group][0][1] == path:
            return
    if len(GROUPS[group]) > 1:
        links.get_by_role("link", name=title, exact=True).last.click()
