"""The building blocks for the plan in Word: order, rules and numbers of the page, and room for the region."""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise

import pytest
from docx import Document

from monitor.dialogue.hold import WORDS
from monitor.export.word import parts as word_parts
from monitor.export.word import plan_document
from monitor.figures.spec import ListFigure
from monitor.screens.plan import FIGURES_RULE, FINDINGS_RULE, MISSING_RULE
from monitor.screens.plan_html import AGENDA_OPEN, NOT_THE_PLAN, ORIGIN_RULE, PLAN_OPEN, lead, rules
from monitor.screens.plan_monitoring import RULE
from tests import office_charts as office
from tests import word_pack as packs
from tests.word_file import WordFile

PACKS = {"real": packs.real, "every goal": packs.every_goal, "bare": packs.bare, "hostile": packs.hostile}
BLOCKS = (
    "Onderdeel 2: cijfers die opvallen", "Onderdeel 2: opgaven en knelpunten", "Onderdeel 3: wat er loopt",
    "Onderdeel 3: wat mist?",
)  # fmt: skip


@cache
def file(name: str = "real") -> WordFile:
    return WordFile(plan_document.docx_bytes(PACKS[name](), office.materials()))


@pytest.mark.parametrize("name", PACKS)
def test_word_finds_nothing_to_repair(name: str) -> None:
    assert file(name).faults() == []
    document = Document(io.BytesIO(file(name).raw))
    region = PACKS[name]().region.spoken
    assert document.core_properties.language == "nl-NL"
    assert file(name).texts("Title") == [f"Bouwstenen voor het plan voor {region}"]


@pytest.mark.parametrize("name", PACKS)
def test_headings_stand_in_the_order_of_the_page(name: str) -> None:
    found = file(name).headings
    levels = [level for level, _ in found]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels))
    plan = PACKS[name]().plan
    goals = [f"Doel {g.goal.id}: {g.goal.name}" if g.goal else "Over alle doelen heen" for g in plan.goals]
    rest = [
        "Voor de uitvoeringsagenda: monitoring",
        "Dit vult de regio zelf in",
        "Hoe dit is gekozen",
        "Bijlage: figuren",
        "Bronnen",
    ]
    assert [t for level, t in found if level == 1] == [*goals, *rest]
    wanted = [b for g in plan.goals for b in (BLOCKS if g.goal else BLOCKS[1:])]
    assert [t for level, t in found if t in BLOCKS] == wanted


def test_the_contents_name_headings_of_two_levels() -> None:
    wanted = [(level, text) for level, text in file("every goal").headings if level < 3]
    entries = file("every goal").paragraphs("toc 1", "toc 2")
    assert len(entries) == len(wanted) > 20
    assert file("every goal").texts("toc 1", "toc 2") == [t for _, t in wanted]


def test_goals_follow_each_other_without_empty_pages_and_findings_name_their_source() -> None:
    found = file("every goal")
    assert not [e for e in found.body.iter() if e.tag.endswith("}pageBreakBefore")]
    assert found.text.count(word_parts.OWN_WORDS) == 1 and "Spanning" not in found.text
    said = [t for t in found.texts("Tekenregel") if any(w in t for w in WORDS.values())]
    assert said and all("Bron (" in t for t in said)


def test_the_same_rules_are_told_as_on_the_page() -> None:
    page = packs.real().plan
    for told in (FIGURES_RULE, FINDINGS_RULE, MISSING_RULE, RULE, ORIGIN_RULE):
        assert told in file().texts("List Bullet") and told in rules(page)
    assert NOT_THE_PLAN in file().text and NOT_THE_PLAN in lead(page)


def test_every_task_and_figure_of_the_page_is_there() -> None:
    pack, text = packs.every_goal(), file("every goal").text
    for goal in pack.plan.goals:
        for v in goal.tasks:
            assert v.finding.title in text
        for part in (
            (goal.stands.worse, goal.stands.better, goal.stands.worsened, goal.stands.improved) if goal.stands else ()
        ):
            assert all(s.sentence in text for s in part)
        for p in (*goal.programmes.programmes, *goal.programmes.also):
            assert p.name in text
        for m in goal.missing:
            assert m.question in text
    assert all(f.title in text for f in pack.plan.monitoring.tensions)
    assert all(f.title in text for g in pack.plan.monitoring.goals for f in g.silent)


def test_where_only_the_region_can_write_there_is_a_marked_field() -> None:
    blanks = file().blanks
    assert blanks and all(empty for empty, _ in blanks.values())
    plan = packs.real().plan
    followed = {f"streven-{f.indicator.id}" for g in plan.monitoring.goals for f in (*g.core, *g.named)}
    answers = {f"doel-2-mist-{m.theme.id}" for g in plan.goals for m in g.missing}
    own = {f"doel-2-{k}" for k in ("cijfers", "opgaven", "lopend", "aanpak")}
    parts = {f"plan-{k}" for k in range(1, len(PLAN_OPEN) + 1)} | {
        f"agenda-{k}" for k in range(1, len(AGENDA_OPEN) + 1)
    }
    assert set(blanks) == followed | answers | own | parts and answers
    for k, (name, asked) in enumerate(PLAN_OPEN, 1):
        assert blanks[f"plan-{k}"][1] == f"[in te vullen: {asked}]" and (3, name) in file().headings


def test_the_monitoring_table_is_that_of_the_page() -> None:
    plan = packs.real().plan
    (goal,) = (g for g in plan.monitoring.goals if g.goal)
    (table,) = (t for t in file().tables() if t[0][-1] == "Wat de regio wil bereiken")
    rows = [*goal.core, *goal.named]
    assert len(table) - 1 == len(rows) > 5
    for row, f in zip(table[1:], rows, strict=True):
        assert row[0].removesuffix(" *") == f.indicator.full_name
        assert row[1:3] == [str(f.years[-1]), str(len(f.years))] and row[3].startswith(f.following)
        assert row[4:6] == [f.method, f.threshold] and row[6] == "[in te vullen: wat, en wanneer]"


def test_of_an_empty_register_nothing_is_concluded() -> None:
    assert not packs.bare().plan.filled
    texts = file("bare").texts()
    assert "Het register is nog niet ingevuld." in texts
    assert "Zolang het register leeg is, is dit niet te zeggen." in texts
    assert not [t for t in file("bare").captions if "Wat er loopt" in t[2]]


@pytest.mark.parametrize("name", PACKS)
def test_every_caption_is_counted_and_listed(name: str) -> None:
    captions = file(name).captions
    for kind in ("Figuur", "Tabel"):
        assert [n for label, n, _ in captions if label == kind] == list(
            range(1, sum(label == kind for label, _, _ in captions) + 1)
        )
    listed = file(name).texts("table of figures")
    assert sorted(listed) == sorted(f"{label} {n}. {text}" for label, n, text in captions)
    assert sum(label == "Figuur" for label, _, _ in captions) == len(PACKS[name]().exhibits)


def test_charts_and_maps_are_those_of_the_pack() -> None:
    drawn = [x for x in packs.real().exhibits if not isinstance(x.figure, ListFigure)]
    assert len(Document(io.BytesIO(file().raw)).inline_shapes) == len(drawn)


def test_the_same_pack_gives_the_same_bytes() -> None:
    assert plan_document.docx_bytes(packs.real(), office.materials()) == file().raw
