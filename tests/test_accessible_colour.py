"""Colours for who sees them otherwise: simulated colour blindness, grey print, contrast; and shape beside colour.

The simulation is that of Machado, Oliveira and Fernandes (2009, doi 10.1109/TVCG.2009.113) at full severity, in linear
sRGB; distances are CIE 1976 in CIELAB (D65), where about 2 is just seen side by side.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from monitor.figures import style
from monitor.screens import balance_html
from tests.test_print import lightness

SEEN_BY = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
# What classes of one map have to differ at least: in colour for everybody, and in lightness on grey paper.
CLASSES_APART, LIGHTNESS_APART = 12.0, 8.0
# Lines and marks also differ in dash and shape, so that colour is their second sign only.
SECOND_SIGN = 9.0
SCALES = {"values": style.SEQUENCE, "around": style.DIVERGING, "around, neutral": style.DIVERGING_NEUTRAL}


def linear(colour: str) -> Any:
    channels = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(colour: str, eye: str) -> Any:
    """Colour '#rrggbb' in CIELAB as an eye sees it."""
    xyz = TO_XYZ @ np.clip(SEEN_BY[eye] @ linear(colour), 0, 1) / (TO_XYZ @ np.ones(3))
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(a: str, b: str, eye: str) -> float:
    return float(np.linalg.norm(lab(a, eye) - lab(b, eye)))


def contrast(a: str, b: str) -> float:
    """Contrast as WCAG defines it."""
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def test_the_simulation_does_what_is_known_of_it() -> None:
    """White stays white, and red and green of one lightness become alike for who lacks either."""
    for eye in SEEN_BY:
        assert apart("#ffffff", "#ffffff", eye) == 0 and lab("#ffffff", eye)[0] == pytest.approx(100, abs=0.1)
    assert apart("#b04030", "#6a7a2a", "normal") > 50
    assert apart("#b04030", "#6a7a2a", "deuteranopia") < 0.5 * apart("#b04030", "#6a7a2a", "normal")
    assert lab("#808080", "normal")[0] == pytest.approx(lightness("#808080"), abs=0.2)


@pytest.mark.parametrize("eye", SEEN_BY)
@pytest.mark.parametrize("scale", SCALES)
def test_classes_of_a_map_differ_for_every_eye(scale: str, eye: str) -> None:
    found = {(a, b): apart(a, b, eye) for a, b in combinations(SCALES[scale], 2)}
    assert min(found.values()) >= CLASSES_APART, min(found, key=found.__getitem__)


@pytest.mark.parametrize("scale", SCALES)
def test_classes_of_a_map_differ_in_grey(scale: str) -> None:
    """All of them, also both sides of a benchmark: on grey paper a much higher one is not a much lower one."""
    steps = sorted(lightness(c) for c in (*SCALES[scale], style.UNKNOWN_FILL))
    assert min(b - a for a, b in pairwise(steps)) >= LIGHTNESS_APART, steps


@pytest.mark.parametrize("eye", SEEN_BY)
def test_lines_and_marks_differ_for_every_eye_and_never_by_colour_alone(eye: str) -> None:
    marks = {m.colour: m.shape for m in style.MARKS.values()}
    assert len(set(marks.values())) == len(marks), "another colour is another shape"
    dashes = dict(style.SERIES)
    assert len(set(dashes.values())) == len(dashes)
    for colours in (list(marks), list(dashes)):
        assert min(apart(a, b, eye) for a, b in combinations(colours, 2)) >= SECOND_SIGN


def test_parts_of_the_bar_of_judgements_differ_from_their_neighbours_in_grey() -> None:
    fills = [fill for fill, _ in balance_html._FILLS.values()]
    assert len(fills) == 5
    for a, b in pairwise(fills):
        assert abs(lightness(a) - lightness(b)) >= LIGHTNESS_APART, (a, b)


def test_texts_and_marks_have_enough_contrast() -> None:
    for colour in (style.INK, style.TEXT, style.MUTED):
        assert contrast(colour, "#ffffff") >= 4.5 and contrast(colour, style.SURFACE) >= 4.5, colour
    for mark in style.MARKS.values():
        assert contrast(mark.colour, "#ffffff") >= 3, mark
    for colour, _ in style.SERIES:
        assert contrast(colour, "#ffffff") >= 3, colour
    # The outline of what has the focus.
    assert contrast(style.INK, "#ffffff") >= 3 and contrast(style.INK, style.SURFACE) >= 3


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
