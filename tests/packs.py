"""Packs for tests of documents: real ones, made once, and ones with texts and figures that are hard to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from monitor.export.basket import Basket, Item
from monitor.export.catalogue import Catalogue
from monitor.export.choose import basket_for
from monitor.export.compose import compose_pack
from monitor.export.pack import Materials, Pack
from monitor.export.reference import Reference
from tests.spec_table import definitions, edition

DAY = dt.date(2026, 11, 21)
BASE = "https://monitor.example.nl/"
# Every kind of figure that a page of the monitor shows.
KINDS = (
    "balans?regio={r}", "balans?regio={r}#rangorde", "vergelijken?regio={r}", "cijfer-en-verhaal", "plan?regio={r}",
    "over-de-grens?regio={r}", "trends?regio={r}&regio=twente&indicator=overgewicht",
    "kaart?indicator=overgewicht&niveau=regios", "kaart?indicator=mediaan-inkomen",
    "trends?regio={r}&indicator=ervaren-gezondheid", "gemeente?gemeente=GM0150",
)  # fmt: skip
HARD = "=1+1 #let *sterk* _schuin_ `code` $x^2$ <label> @verwijzing // geen opmerking /* en dit */ & \\ \x01\x1f einde"
COMPOUND = "arbeidsongeschiktheidsverzekeringsmaatschappijenvertegenwoordigingsorgaan" * 6


@cache
def materials() -> Materials:
    return Materials(definitions(), edition())


@cache
def catalogue() -> Catalogue:
    """Figures by reference, and what packs share: made once."""
    return Catalogue(materials(), DAY)


@cache
def pack(region: str, goal: int | None, base: str = BASE) -> Pack:
    """The proposed pack of a region and a goal, or all goals."""
    return compose_pack(materials(), basket_for(materials(), region, goal), base, DAY, catalogue())


def basket_of(region: str, goal: int | None, count: int, note: str = "") -> Basket:
    """A basket of so many figures: the proposal, then every kind of figure, then these again."""
    basket = basket_for(materials(), region, goal)
    borders = definitions().region(region).borders
    more = [k.format(r=region) for k in KINDS if borders or not k.startswith("over-de-grens")]
    items = [*basket.items, *(Item(Reference.read(k), note) for k in more)]
    return replace(basket, items=tuple((items * (1 + count // len(items)))[:count]))


@cache
def full_pack(region: str, goal: int | None, count: int, note: str = "") -> Pack:
    """A pack of so many figures of every kind."""
    return compose_pack(materials(), basket_of(region, goal, count, note), BASE, DAY, catalogue())
