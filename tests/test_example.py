"""The example in docs/voorbeeld: made by the command of the README, still right, and drawn as it was when looked at."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from docx import Document
from PIL import Image, ImageFilter
from pptx import Presentation

from docs.example import COMMAND
from monitor.export.basket import read_yaml
from monitor.export.choose import basket_for
from monitor.export.compose import compose_pack
from monitor.export.make import document, file_name
from monitor.export.pack import Materials
from tests.rendered import needs_office, page_images
from tests.spec_table import ROOT, definitions, edition

FOLDER = ROOT / "docs" / "voorbeeld"
IMAGES = FOLDER / "beelden"
# Of 255, averaged over a page; and the share of places that differ clearly. Letters may shift by a pixel.
MEAN, CLEAR, SHARE = 2.0, 60, 0.012


def made_on() -> date:
    """The day on which the example was made, as its slides know it."""
    properties = Presentation(str(FOLDER / "achterhoek-doel-2-presentatie.pptx")).core_properties
    return properties.created.date()


def materials() -> Materials:
    return Materials(definitions(), edition())


def test_the_readme_names_the_command_that_makes_the_example() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    command = f"python -m monitor {' '.join(COMMAND[: COMMAND.index('--out')])} --out"
    assert command in told
    names = {p.name for p in FOLDER.iterdir() if p.is_file()}
    kinds = {"presentatie.pptx", "oplegger.docx", "werkboek.xlsx", "factsheet.pdf", "pakket.yaml"}
    assert names == {f"achterhoek-doel-2-{kind}" for kind in kinds}


def test_the_example_holds_the_basket_and_the_figures_of_today() -> None:
    own = materials()
    basket = read_yaml((FOLDER / "achterhoek-doel-2-pakket.yaml").read_bytes(), own.definitions)
    assert basket == basket_for(own, "achterhoek", 2)
    pack = compose_pack(own, basket, today=made_on())
    oplegger = Document(str(FOLDER / "achterhoek-doel-2-oplegger.docx"))
    cells = [[c.text for c in row.cells] for table in oplegger.tables for row in table.rows]
    for line in pack.summary:
        row = next(r for r in cells if r[0].startswith(line.indicator.full_name))
        assert line.value in row and line.benchmark in row
    slides = Presentation(str(FOLDER / "achterhoek-doel-2-presentatie.pptx")).slides
    titles = [s.shapes.title.text for s in slides]
    assert len(slides) == 12
    assert all(any(x.conclusion.rstrip(".") in re.sub(r"\xad|\u200b", "", t) for t in titles) for x in pack.exhibits)


def test_every_page_has_its_image() -> None:
    kept = sorted(p.name for p in IMAGES.glob("*.png"))
    assert sum("presentatie" in n for n in kept) == 12
    assert sum("factsheet" in n for n in kept) == 1
    assert 4 <= sum("oplegger" in n for n in kept) <= 12


def grey(image: Image.Image) -> np.ndarray:
    """A page as brightness from 0 to 255, softened so that the edge of a letter does not count."""
    return np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1.5)), dtype=float)


def unlike(first: Image.Image, second: Image.Image) -> str:
    """How two page images differ, in words; empty when they are alike."""
    if first.size != second.size:
        return f"sizes {first.size} and {second.size}"
    gap = np.abs(grey(first) - grey(second))
    mean, share = gap.mean(), (gap > CLEAR).mean()
    return f"mean {mean:.2f}, clearly other {share:.2%}" if mean > MEAN or share > SHARE else ""


def test_the_comparison_sees_a_shifted_block_and_forgives_a_pixel() -> None:
    page = Image.open(IMAGES / "achterhoek-doel-2-presentatie-04.png")
    moved = page.copy()
    moved.paste(page.crop((0, 100, page.width // 2, 300)), (60, 130))
    nudged = Image.new("RGB", page.size, "white")
    nudged.paste(page, (1, 0))
    assert unlike(page, moved)
    assert unlike(page, Image.open(IMAGES / "achterhoek-doel-2-presentatie-05.png"))
    assert not unlike(page, nudged)


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("name", ["presentatie", "oplegger", "factsheet"])
def test_pages_look_as_they_did(name: str, tmp_path: Path) -> None:
    """Made anew with the date of the example, drawn by LibreOffice, and compared with the images that were kept."""
    own = materials()
    pack = compose_pack(own, basket_for(own, "achterhoek", 2), today=made_on())
    target = tmp_path / file_name(pack, name)  # type: ignore[arg-type]
    target.write_bytes(document(pack, own, name))  # type: ignore[arg-type]
    fresh = page_images(target, tmp_path / "beelden")
    kept = sorted(IMAGES.glob(f"achterhoek-doel-2-{name}-*.png"))
    assert [p.name for p in fresh] == [p.name for p in kept]
    told = {
        p.name: unlike(Image.open(io.BytesIO(p.read_bytes())), Image.open(k)) for p, k in zip(fresh, kept, strict=True)
    }
    assert not any(told.values()), told
