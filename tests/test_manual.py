"""The manual is true: what it names is on the screen, what it does can be done, and its images are the screens of now.

``REGIOMONITOR_WRITE_IMAGES=1`` (``make manual``) makes the images anew instead of comparing them.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests import manual
from tests.manual import FOLDER, GUIDES, Step, steps

WRITE = os.environ.get("REGIOMONITOR_WRITE_IMAGES") == "1"
# Images are compared at this width in grey: letters may be smoothed otherwise, a block that moved is seen.
COMPARED = (64, 45)
# Mean difference of grey, of 255. Measured on the images of the manual: the same screen again stays below this, the
# same page with another benchmark differs by 2.1, and another page by 4.0 or more.
MOST = 1.0


@pytest.mark.skipif(WRITE, reason="the images are being made")
def test_every_image_of_the_manual_is_there_and_every_file_is_used() -> None:
    named = {s.what for g in GUIDES for s in steps(g) if s.verb == "beeld"}
    there = {f"beelden/{p.name}" for p in (FOLDER / "beelden").glob("*.png")}
    assert named == there
    assert all(len(s.alt) > 20 for g in GUIDES for s in steps(g) if s.verb == "beeld")


def test_links_of_the_manual_lead_to_files() -> None:
    found = 0
    for path in FOLDER.glob("*.md"):
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).is_file(), f"{path.name}: {target}"
            found += 1
    assert found > 10


def test_an_unknown_step_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "gids.md").write_text("een\n<!-- dans: snel -->\n", encoding="utf-8")
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="line 2: unknown step 'dans'"):
        steps("gids")


@pytest.mark.browser
@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_names_is_on_the_screen(guide: str, new_page: Any, server: Any) -> None:
    walk(guide, new_page(server), lambda step, page: None)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("guide", GUIDES)
def test_the_images_of_a_guide_are_the_screens_of_now(guide: str, new_page: Any, server: Any) -> None:
    walk(guide, new_page(server, paints=True), lambda step, page: compare(step, page, guide))


# -- walking ------------------------------------------------------------------------------------------------


def walk(guide: str, page: Any, image: Callable[[Step, Any], None]) -> None:
    """Do what a guide does, and hand each of its images to ``image``; a text that is missing is named with its line."""
    missing = []
    for step in steps(guide):
        where = f"{guide}.md, line {step.line}: {step.verb} {step.what}"
        if step.verb == "breed":
            page.set_viewport_size({"width": int(step.what), "height": 844})
        elif step.verb == "nieuw":
            page.context.clear_cookies()
            page.goto("about:blank")
        elif step.verb == "open":
            page.goto(f"/{step.what}")
            drawn(page)
        elif step.verb == "vet":
            if not shown(page, step.what):
                missing.append(where)
        elif step.verb == "beeld":
            drawn(page)
            image(step, page)
        else:
            ACTIONS[step.verb](page, step.what)
            drawn(page)
    assert not missing, "\n".join(missing)


def drawn(page: Any) -> None:
    """Wait until the page is whole and at rest."""
    page.locator("footer.foot").wait_for()
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
    page.wait_for_timeout(300)


def shown(page: Any, text: str) -> bool:
    """Whether a text comes on the screen, as text or as what a control is called; a control may load after the page."""
    named = page.locator("body").get_by_text(re.compile(rf"(^|\W){re.escape(text)}(\W|$)"))
    for role in ("button", "combobox", "textbox", "link"):
        named = named.or_(page.get_by_role(role, name=text))
    for _ in range(40):
        if named.count():
            return True
        page.wait_for_timeout(250)
    return False


def click(page: Any, name: str) -> None:
    target = page.get_by_role("button", name=name).or_(page.locator("summary").filter(has_text=name)).first
    target.click()
    target.evaluate("e => window.scrollTo(0, 0) || e.scrollIntoView({block: 'start'})")


def choose(page: Any, what: str) -> None:
    label, _, option = what.partition(" = ")
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def bring(page: Any, what: str) -> None:
    kind, _, text = what.partition(" ")
    page.locator(kind).filter(has_text=text).first.evaluate("e => e.scrollIntoView({block: 'start'})")


ACTIONS = {
    "klik": click,
    "kies": choose,
    "deel": bring,
    "wacht": lambda page, text: page.get_by_text(text).first.wait_for(),
}


def compare(step: Step, page: Any, guide: str) -> None:
    """Hold the screen beside the image of the guide, or make the image."""
    page.wait_for_timeout(1200)
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = FOLDER / step.what
    if WRITE:
        seen.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
        return
    with Image.open(path) as kept:
        assert kept.size == seen.size, f"{guide}.md, line {step.line}: {step.what} has another size"
        apart = float(np.abs(grey(kept) - grey(seen)).mean())
    assert apart <= MOST, (
        f"{guide}.md, line {step.line}: {step.what} is no longer the screen ({apart:.1f}): make manual"
    )


def grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB").convert("L").resize(COMPARED, Image.Resampling.BOX), dtype=float)
