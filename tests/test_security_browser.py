"""In a real browser: what somebody shares is text there too, and asks nothing of anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from monitor.export.basket import Item
from monitor.export.reference import Reference
from tests.hostile import MARKS
from tests.test_basket_browser import with_basket
from tests.test_browser import PATIENCE, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_shared_basket_asks_nothing_of_another_host(page: Any, server: Any) -> None:
    asked: list[str] = []
    page.context.route("https://elders.example/**", lambda route: (asked.append(route.request.url), route.abort())[1])
    page.context.on("request", lambda r: None if r.url.startswith((server.url, "data:")) else asked.append(r.url))
    note = "\n\n".join(MARKS)[:580]
    with_basket(page, server, Item(Reference("trends?regio=achterhoek&indicator=overgewicht"), note), title=MARKS[2])
    visit(page, "/ab-pakket")
    page.get_by_role("heading", name="2. De figuren").wait_for()
    expect(page.locator("p.only-print")).to_have_count(1, timeout=PATIENCE)
    assert "![kwaad](https://elders.example/x.png)" in page.locator("p.only-print").text_content()
    assert page.locator("main img, main iframe, [onerror], [onmouseover]").count() == 0
    visit(page, f"/zoeken?zoek={MARKS[2]}")
    page.get_by_role("heading", name="Zoeken naar").wait_for()
    assert not asked
