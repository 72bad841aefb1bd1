"""Packs to write Word documents of: the real one, one with tables and maps, a bare one, and one with bad texts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache

from monitor.export.basket import Basket, Item
from monitor.export.catalogue import Catalogue
from monitor.export.choose import basket_for
from monitor.export.compose import compose_pack
from monitor.export.pack import Meeting, Pack, Question
from monitor.export.reference import Reference
from tests import office_charts as office
from tests.spec_table import SHARED
from tests.test_word import DAY, HOSTILE, LONG

BASE = "https://monitor.example/"
REFERENCES = (
    "kaart?indicator=woz-waarde&niveau=regios&vergelijk=nederland",
    "vergelijken?regio=achterhoek",
    "balans#rangorde",
    "trajecten?regio=achterhoek",
    "over-de-grens?regio=achterhoek",
    "regio?regio=achterhoek&indicator=mediaan-inkomen",
    "trends?regio=achterhoek&regio=twente&indicator=overgewicht",
)


@cache
def catalogue() -> Catalogue:
    return Catalogue(office.materials(), DAY)


@cache
def real() -> Pack:
    """The pack of the Achterhoek for goal 2, with what changed since 2022 and a note of the maker."""
    basket = replace(basket_for(office.materials(), "achterhoek", 2), before="2022")
    made = compose_pack(office.materials(), basket, BASE, DAY, catalogue())
    first, *rest = made.exhibits
    return replace(made, exhibits=(replace(first, note="Let op: dit cijfer is van 2022."), *rest))


@cache
def every_goal() -> Pack:
    """A pack about all goals with tables and maps; where the app stands is unknown."""
    items = tuple(Item(Reference.read(r)) for r in REFERENCES)
    return compose_pack(office.materials(), Basket("achterhoek", None, items=items), "", DAY, catalogue())


@cache
def bare() -> Pack:
    """A pack of a region whose register is empty, without figures; nothing is known of the meeting."""
    return compose_pack(office.materials(), Basket("zeeuws-vlaanderen", 1), "", DAY, catalogue())


@cache
def hostile() -> Pack:
    """The real pack with texts that hold markup, formulas, control characters and a word of 99 letters."""
    pack = real()
    exhibits = tuple(
        replace(x, note=HOSTILE, question=HOSTILE, figure=replace(x.figure, title=f"{HOSTILE} {x.number}", alt=HOSTILE))
        for x in pack.exhibits
    )
    asked = tuple(Question(f"{HOSTILE} {q.text}", f"{q.ground} {LONG}") for q in pack.questions)
    meeting = Meeting(body=HOSTILE, day=HOSTILE, item=HOSTILE, subject=HOSTILE, holder=HOSTILE)
    return replace(pack, title=HOSTILE, lead=HOSTILE, exhibits=exhibits, questions=asked, meeting=meeting)


def source_names() -> set[str]:
    """Persons who are named in the form of the bundle: after ': De heer' and below 'Nadere informatie bij:'."""
    text = next((SHARED / "bronnen").glob("*bundel-algemeen-bestuur.txt")).read_text(encoding="utf-8")
    held = re.findall(r": (?:De heer|Mevrouw) (.+)", text)
    told = re.findall(r"Nadere informatie bij: *\n+ *(.+)", text)
    # Initials and first names are words that anybody may write; a family name is not.
    return {n.split()[-1].strip() for n in (*held, *told) if n.split()}


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of seven words, without accents and capitals."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", plain)
    return {tuple(words[k : k + 7]) for k in range(len(words) - 6)}
