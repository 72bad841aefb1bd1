"""The factsheet: one page, with every core figure of the pack."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pytest

from monitor.dialogue.hold import WORDS
from monitor.dialogue.matrix import ORDER
from monitor.export.pack import Pack
from monitor.export.pdf import factsheet
from monitor.export.pdf.typesetting import words
from monitor.screens.plan import told_first
from tests.packs import BASE, COMPOUND, HARD, materials, pack
from tests.pdf_reader import Pdf, check_accessible, plain
from tests.spec_table import definitions, some
from tests.test_report import check_numbers, check_page

TWO = [("achterhoek", 2), ("zeeuws-vlaanderen", None)]
EVERY = [(r.id, g) for r in definitions().regions for g in (None, 1, 2, 3)]
MARGIN = 15 / 25.4 * 72


def made(p: Pack) -> Pdf:
    return Pdf(factsheet.pdf_bytes(p, materials()))


@cache
def usual(region: str, goal: int | None) -> Pdf:
    return made(pack(region, goal))


def flat(text: str) -> str:
    """A text as it is printed, without spaces."""
    return "".join(plain(words(text)).split())


def check(pdf: Pdf, p: Pack) -> None:
    assert len(pdf.pages) == 1
    check_page(pdf, 1, 9, MARGIN)
    check_numbers(pdf, p)
    check_apart(pdf)


def check_apart(pdf: Pdf) -> None:
    """The rule above the last lines stays clear of the content, and no line of text stands on another."""
    seen = [r for r in pdf.runs if r.text.strip()]
    last = next(k for k, r in enumerate(seen) if r.text.startswith("Editie"))
    # The rule lies at most this far above the base of the first line below it.
    rule = seen[last].base + 1.7 * seen[last].size
    assert min(r.base - 0.25 * r.size for r in seen[:last] if not r.artifact) >= rule
    for k, one in enumerate(seen):
        for other in seen[k + 1 :]:
            beside = one.right <= other.left + 1 or other.right <= one.left + 1
            gap = abs(one.base - other.base)
            assert beside or gap < 0.5 or gap >= 0.75 * min(one.size, other.size), (one, other)


@pytest.mark.parametrize(("region", "goal"), some(EVERY, 5))
def test_every_factsheet_is_one_page_with_every_number(region: str, goal: int | None) -> None:
    pdf, p = usual(region, goal), pack(region, goal)
    check(pdf, p)
    assert f"Editie {p.edition}" in pdf.text
    assert len(p.questions) == 0 or "Vragen voor het bestuur" in pdf.text
    assert sum(WORDS[v] in pdf.text for v in ORDER) >= 1, "what was said is there"
    assert "= Cijfers" not in pdf.text and "≠" not in pdf.text, "a sign that is drawn says nothing else when copied"
    below = pdf.text[pdf.text.index("Wat er gezegd is") :]
    assert "…" not in below, "questions and verdicts are told in full"
    told = [v for v in p.voices if flat(f"{v.finding.title}") in flat(below)]
    assert told and any(flat(told_first(v).reason) in flat(below) for v in told), "the evidence stands with it"
    assert not p.questions or any(flat(q.ground) in flat(below) for q in p.questions)
    judged = [x.standing.judgement for x in p.summary]
    limited = any(j.limited and j.outcome != "niet te beoordelen" for j in judged)
    assert ("lichter: beperkte dekking" in pdf.text) == limited


@pytest.mark.parametrize(("region", "goal"), TWO)
def test_factsheet_is_accessible(region: str, goal: int | None) -> None:
    pdf, p = usual(region, goal), pack(region, goal)
    check_accessible(pdf)
    assert pdf.title == f"Factsheet: {p.title}"
    roles = pdf.roles()
    assert roles["Table"] == 1 and roles["TH"] == 6 and roles["TD"] >= 6 * len(p.summary)
    figures = [t for t in pdf.tags if t.role == "Figure"]
    assert len(figures) == len(p.summary)
    for tag, x in zip(sorted(figures, key=lambda t: t.alt), sorted(p.summary, key=_name), strict=True):
        assert tag.alt.startswith(words(x.indicator.full_name))
        assert plain(x.value) in plain(tag.alt) and plain(x.benchmark) in plain(tag.alt), tag.alt
    assert roles["H1"] == 3 and pdf.bookmarks == [
        "Kerncijfers",
        "Wat er gezegd is, in onze eigen woorden",
        "Vragen voor het bestuur",
    ]
    assert f"{BASE}regio?regio={region}" in pdf.links


def _name(x: object) -> str:
    return str(x.indicator.full_name)  # type: ignore[attr-defined]


def test_contradictions_come_first_and_are_whole() -> None:
    pdf, p = usual("zeeuws-vlaanderen", None), pack("zeeuws-vlaanderen", None)
    against = next(v for v in p.voices if v.stance == "spreken tegen")
    for text in (against.finding.title, WORDS["spreken tegen"]):
        assert "".join(words(text).split()) in "".join(pdf.text.split())
    places = [pdf.text.index(WORDS[v]) for v in ORDER if WORDS[v] in pdf.text]
    assert places == sorted(places)
    mixed = next(v for v in p.voices if v.mixed and v.finding.title in pdf.text)
    assert "Een ander cijfer bevestigt dit wel." in pdf.text, mixed


def test_the_conclusion_is_one_sentence() -> None:
    pdf, p = usual("achterhoek", 2), pack("achterhoek", 2)
    first = p.lead.split(". ")[0] + "."
    assert plain(words(first)) in pdf.text
    assert "bevindingen bij dit doel" not in pdf.text


def test_strips_are_held_against_the_benchmark_of_the_pack() -> None:
    p = pack("achterhoek", 2)
    assert factsheet._benchmark_id(p, materials()) == "nederland"
    assert factsheet._benchmark_id(replace(p, benchmark="de provincie Gelderland"), materials()) == "provincie"
    assert factsheet._benchmark_id(replace(p, benchmark="vergelijkbare regio’s"), materials()) == "vergelijkbaar"


def test_two_runs_give_the_same_bytes() -> None:
    assert factsheet.pdf_bytes(pack("achterhoek", 2), materials()) == usual("achterhoek", 2).content


def hard(p: Pack) -> Pack:
    """The same with texts that are hard to print."""
    voices = tuple(
        replace(v, finding=v.finding.model_copy(update={"title": f"{HARD} {COMPOUND}", "summary": HARD * 5}))
        for v in p.voices[:4]
    )
    questions = tuple(replace(q, text=f"{HARD} {COMPOUND}?", ground=COMPOUND) for q in p.questions)
    return replace(
        p, title=f"{COMPOUND} {HARD}", lead=f"{HARD} {COMPOUND}. En meer.", voices=voices, questions=questions
    )


@pytest.mark.parametrize(("region", "goal"), TWO)
def test_hard_texts_still_give_one_page(region: str, goal: int | None) -> None:
    p = hard(pack(region, goal))
    pdf = made(p)
    check(pdf, p)
    check_accessible(pdf)
    assert "=1+1 #let *sterk* _schuin_" in pdf.text


def test_unknown_values_are_a_dash() -> None:
    p = pack("achterhoek", 2)
    lines = tuple(
        replace(x, value="–", benchmark="–", judgement="niet te beoordelen", change="",
                standing=replace(x.standing, value=math.nan, benchmark=math.nan))
        for x in p.summary
    )  # fmt: skip
    pdf = made(replace(p, summary=lines))
    check(pdf, replace(p, summary=lines))
    assert "nan" not in pdf.text.split()


def test_without_anything_there_still_is_a_page() -> None:
    p = replace(pack("achterhoek", 2), summary=(), voices=(), questions=())
    pdf = made(p)
    check_accessible(pdf)
    assert len(pdf.pages) == 1 and "Bij deze keuze zijn er geen kerncijfers." in pdf.text


def test_without_an_address_there_is_no_link() -> None:
    assert not made(pack("achterhoek", 2, "")).links


def test_shapes_and_words_go_together() -> None:
    """Grey print: every judgement stands there as a word, and the legend names the shapes."""
    pdf = usual("zeeuws-vlaanderen", None)
    for word in ("gunstiger", "vergelijkbaar", "ongunstiger", "hoger of lager", "niet te beoordelen"):
        assert word in pdf.text
