"""Our own PNG of a sheet beside that of matplotlib's canvas: the same picture, in a file that others can read."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from monitor.figures import paper, raster
from monitor.figures.area import padded
from monitor.figures.compose import Composer
from tests.spec_table import definitions, edition


@pytest.fixture(scope="module")
def figures() -> list[Any]:
    made = Composer(definitions(), edition())
    indicator, region = definitions().indicator("overgewicht"), definitions().region("achterhoek")
    return [made.trend(indicator, [region]), made.strip(indicator, region)]


def opened(content: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=np.int16)


def test_picture_is_that_of_matplotlib(figures: list[Any]) -> None:
    for figure in figures:
        with mpl.rc_context(paper._settings()):
            out = io.BytesIO()
            FigureCanvasAgg(paper._draw(figure, None, "")).print_png(out)
        theirs, ours = opened(out.getvalue()), opened(paper.png(figure))
        assert ours.shape == theirs.shape
        # Words lie a part of a pixel beside theirs; everything else is the same.
        assert np.abs(ours - theirs).mean() < 2.5
        small = [
            np.asarray(Image.fromarray(p.astype(np.uint8)).resize((189, 90)), dtype=np.int16) for p in (ours, theirs)
        ]
        assert np.abs(small[0] - small[1]).max() < 75
        assert np.abs(small[0] - small[1]).mean() < 1


def test_file_carries_what_it_is_about(figures: list[Any]) -> None:
    image = Image.open(io.BytesIO(paper.png(figures[0])))
    image.load()
    assert image.size[0] == 1890
    assert image.info["Title"] == figures[0].title and image.info["Source"] == figures[0].source
    assert image.info["Description"] == figures[0].alt


def test_a_dollar_sign_is_no_formula(figures: list[Any]) -> None:
    from dataclasses import replace

    for draw in (paper.png, paper.svg):
        assert draw(replace(figures[1], title="Kosten $x^2$ en $ 5 <b>"))


@pytest.mark.parametrize("text", ["nnn pnnn", "nnn jnn,nnn", "nnn Hnnn", "nnn 1nnn"])
@pytest.mark.parametrize("height", [0.5, 0.503, 0.5071])
def test_words_on_one_line_stand_on_it(text: str, height: float) -> None:
    """A word with a tail or a capital ends in letters that stand as high as those of the first word."""
    with mpl.rc_context(paper._settings()):
        sheet = paper.Sheet(figsize=(1, 0.5), dpi=300)
        sheet.text(0.05, height, text, fontsize=9)
        dark = opened(raster.png(sheet, {})).sum(axis=2) < 300
    across = np.flatnonzero(dark.any(axis=0))
    first, last = dark[:, across[0] : across[0] + 20], dark[:, across[-1] - 20 :]
    assert np.flatnonzero(first.any(axis=1)).max() == np.flatnonzero(last.any(axis=1)).max()


def test_padding_of_a_scale() -> None:
    assert padded([1.0, 3.0], 0.5) == (0.0, 4.0)
    assert padded([2.0, float("nan")], 0.1) == (1.5, 2.5)
    assert padded([], 0.1) == pytest.approx((-0.1, 1.1))
