"""Slides to test: a real pack, one with a figure of every kind, and one whose texts hold what should not break them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from pptx import Presentation

from monitor.export.catalogue import Catalogue
from monitor.export.choose import basket_for
from monitor.export.compose import compose_pack
from monitor.export.pack import Exhibit, Pack, Question
from monitor.export.slides.presentation import pptx_bytes
from tests import office_charts as office
from tests.slides_template import foreign

DAY = dt.date(2026, 11, 21)
BASE = "https://monitor.example"
LONG = "Grensoverschrijdendebereikbaarheidsverbeteringsprogrammacoördinatieoverlegvergaderingsvoorbereiding"
HOSTILE = f'=SOM(A1) <b>vet & schuin</b> \x0b\x07\ufffe ]]> "aan" {LONG}'
DECKS = ("real", "every kind", "hostile", "foreign", "foreign, every kind")


@cache
def catalogue() -> Catalogue:
    return Catalogue(office.materials(), DAY)


@cache
def real() -> Pack:
    """The pack of the Achterhoek for goal 2, with what changed since 2022."""
    basket = replace(basket_for(office.materials(), "achterhoek", 2), before="2022")
    return compose_pack(office.materials(), basket, BASE, DAY, catalogue())


@cache
def every_kind() -> Pack:
    """A figure of every kind, with what stands beside those of the real pack; about all goals."""
    basket = replace(basket_for(office.materials(), "zeeuws-vlaanderen"), items=())
    pack = compose_pack(office.materials(), basket, BASE, DAY, catalogue())
    kinds = [office.figure_of_kind(k) for k in office.KINDS]
    kinds += [real().summary_figure, real().plan.monitoring.figure]
    models = real().exhibits
    made = [
        replace(
            models[k % len(models)],
            number=k + 1,
            figure=figure,
            conclusion=figure.sentence.split(". ")[0],
            address=f"{BASE}/{figure.link}",
            note="" if k % 3 else "Dit is een noot van de maker.",
        )
        for k, figure in enumerate(kinds)
    ]
    return replace(pack, exhibits=tuple(made))


@cache
def hostile() -> Pack:
    """The real pack, with texts that hold markup, formulas, control characters and a word of 99 letters."""

    def spoilt(x: Exhibit) -> Exhibit:
        return replace(
            x,
            conclusion=f"{HOSTILE} {x.conclusion} {LONG} {x.conclusion} {LONG} {x.conclusion}",
            note=f"{HOSTILE} {'Een noot van vele woorden. ' * 30}",
            figure=replace(
                x.figure, title=f"{HOSTILE} {x.figure.title}", alt=HOSTILE, source=f"Bron: {HOSTILE} {LONG}"
            ),
            address="regio?regio=achterhoek",
        )

    asked = tuple(Question(f"{HOSTILE} {q.text}", f"{q.ground} {LONG}") for q in real().questions)
    exhibits = tuple(spoilt(x) for x in real().exhibits)
    meeting = replace(real().meeting, body=HOSTILE, day="9 december 2026", item="7")
    return replace(real(), title=HOSTILE, exhibits=exhibits, questions=asked, meeting=meeting, base="")


@cache
def content(name: str) -> bytes:
    """The slides of one of ``DECKS`` as .pptx."""
    pack = pack_of(name)
    template = foreign() if name.startswith("foreign") else None
    return pptx_bytes(pack, replace(office.materials(), template=template))


def pack_of(name: str) -> Pack:
    return {"hostile": hostile, "every kind": every_kind, "foreign, every kind": every_kind}.get(name, real)()


def deck(name: str) -> Any:
    """The same, opened by python-pptx."""
    return Presentation(io.BytesIO(content(name)))


def slides_of_figures(name: str) -> Iterator[tuple[Exhibit, Any]]:
    """Each figure of a deck with its slide."""
    pack, slides = pack_of(name), list(deck(name).slides)
    first = 1 + len(pack.goals)
    yield from zip(pack.exhibits, slides[first:], strict=False)


def rectangle(shape: Any) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a shape, its own or that of its layout."""
    return shape.left, shape.top, shape.left + shape.width, shape.top + shape.height


def field(slide: Any, name: str) -> Any:
    """The shape of a slide with a name; None without."""
    return next((s for s in slide.shapes if s.name == name), None)
