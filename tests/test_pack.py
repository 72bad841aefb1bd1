"""The content of a pack: figures by reference, the proposal, the questions, and writing all or nothing."""

from __future__ import annotations

import datetime as dt
import errno
import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor import assessment as asm
from monitor import sentences
from monitor.errors import ExportError, UnknownName
from monitor.export import make
from monitor.export.basket import MOST, Basket, Item
from monitor.export.catalogue import Catalogue
from monitor.export.choose import LINES, STRIPS, basket_for
from monitor.export.compose import BESIDE, compose_pack
from monitor.export.exhibits import first_sentence
from monitor.export.make import make_files, zipped
from monitor.export.pack import Materials, Pack
from monitor.export.questions import MOST as MOST_QUESTIONS
from monitor.export.reference import Reference
from monitor.export.write import write_all
from monitor.figures.spec import MapFigure, StripFigure, TrendFigure
from monitor.profile import of_regions
from tests.spec_table import definitions, edition

DAY = dt.date(2026, 11, 21)


@cache
def materials() -> Materials:
    return Materials(definitions(), edition())


@cache
def catalogue() -> Catalogue:
    return Catalogue(materials(), DAY)


@cache
def pack(region: str = "achterhoek", goal: int | None = 2) -> Pack:
    return compose_pack(materials(), basket_for(materials(), region, goal), today=DAY, catalogue=catalogue())


# Every page with a figure to take along, and one link to each of its figures.
REFERENCES = (
    "kaart?indicator=afstand-huisarts&jaar=2024&niveau=gemeenten",
    "kaart?indicator=overgewicht&jaar=2022&niveau=regios&vergelijk=nederland",
    "trends?regio=achterhoek&regio=twente&indicator=vrijwilligerswerk",
    "regio?regio=achterhoek&indicator=afstand-huisarts&jaar=2024",
    "vergelijken?regio=achterhoek",
    "balans",
    "balans?vergelijk=provincie",
    "balans#rangorde",
    "plan?regio=achterhoek",
    "trajecten?regio=achterhoek",
    "trajecten?regio=achterhoek#bedragen",
    "gemeente?gemeente=GM0197",
    "cijfer-en-verhaal?regio=achterhoek",
    "eigen-regio?regio=achterhoek",
    "over-de-grens?regio=achterhoek&grenscijfer=leeftijd-15-24&jaar=2020",
    "over-de-grens?regio=achterhoek&grenscijfer=leeftijd-15-24&jaar=2020#door-de-jaren",
)


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_leads_to_its_figure_and_back(text):
    found = catalogue().find(Reference.read(text))
    assert found.figure.table().cells
    again = Reference.to(found.figure)
    assert repr(catalogue().find(again).figure) == repr(found.figure), "NaN equals nothing, so as text"
    assert str(again).split("?")[0].split("#")[0] == text.split("?")[0].split("#")[0]
    assert again.part == Reference.read(text).part


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kaart?indicator=afstand-sauna", "indicator ‘afstand-sauna’"),
        ("kaart?indicator=overgewicht&jaar=2031", "over 2031 heeft dit cijfer geen waarde"),
        ("regio?regio=achterhoekk&indicator=overgewicht", "bedoelde u ‘achterhoek’?"),
        ("regio?indicator=overgewicht", "noemt geen regio"),
        ("kaart", "noemt geen cijfer"),
        ("trends?regio=achterhoek&indicator=mediaan-inkomen", "bestaat niet voor een regio"),
        ("logboek", "is geen figuur van deze monitor"),
        ("balans#taart", "bestaat niet (meer)"),
        ("trajecten?regio=twente", "bestaat niet (meer)"),
        ("=cmd|'/c calc'!A1", "is geen figuur van deze monitor"),
        ("", "is geen figuur van deze monitor"),
    ],
)
def test_a_reference_to_nothing_is_told_in_one_sentence(text, said):
    with pytest.raises(ExportError) as error:
        catalogue().find(Reference.read(text))
    assert said in error.value.message
    assert error.value.way_out
    assert "\n" not in str(error.value)


def test_a_basket_names_the_place_of_a_vanished_figure():
    basket = Basket("achterhoek", 2, items=(Item(Reference("balans")), Item(Reference("kaart?indicator=weg"))))
    with pytest.raises(ExportError) as error:
        compose_pack(materials(), basket, today=DAY, catalogue=catalogue())
    assert error.value.message.startswith("Figuur 2 van het pakket: ")


def test_two_hundred_figures_are_refused_in_one_sentence():
    items = tuple(Item(Reference(f"kaart?indicator={i.id}")) for i in definitions().indicators)[:139] * 2
    with pytest.raises(ExportError) as error:
        compose_pack(materials(), Basket("achterhoek", items=items[:200]), today=DAY, catalogue=catalogue())
    assert error.value.message == f"Een pakket heeft hoogstens {MOST} figuren; dit zijn er 200."


@pytest.mark.parametrize("goal", [1, 2, 3, None])
def test_the_proposal_follows_its_rule(goal):
    """Against all standings, made the other way: for the 11 regions at once."""
    for region, standings in of_regions(definitions(), edition()).items():
        core = [s for s in standings if s.indicator.core and (goal is None or goal in s.indicator.goals)]
        by_distance = sorted(core, key=lambda s: math.inf if math.isnan(s.distance) else -abs(s.distance))
        items = basket_for(materials(), region, goal).items
        found = [catalogue().find(i.figure) for i in items]
        kinds = [type(f.figure) for f in found]
        assert kinds == [MapFigure, *[StripFigure] * STRIPS, *[TrendFigure] * LINES]
        assert found[0].indicator == by_distance[0].indicator
        strips = [f.indicator.id for f in found[1 : 1 + STRIPS]]
        if goal is None:
            assert {g for f in found[1 : 1 + STRIPS] for g in f.indicator.goals} == {1, 2, 3}
        else:
            assert strips == [s.indicator.id for s in by_distance[1 : 1 + STRIPS]]
        changed = [s for s in core if s.course.movement in ("gestegen", "gedaald") and s is not by_distance[0]]
        lines = {f.indicator.id for f in found[1 + STRIPS :]}
        assert len(lines & {s.indicator.id for s in changed}) == min(len(changed), LINES)


def test_the_summary_says_what_the_one_judgement_says():
    made = pack()
    assert {x.indicator.id for x in made.summary} == {i.id for i in definitions().indicators if i.core and 2 in i.goals}
    for line in made.summary:
        a = asm.assess(edition(), line.indicator, made.region)
        assert (line.value, line.benchmark) == (
            sentences.shown(line.indicator, a.value.value),
            sentences.shown(line.indicator, a.benchmark.value),
        )
        assert (line.judgement, line.year) == (a.judgement.told, str(a.value.year))
    # A value from CBS's own table (Kerncijfers wijken en buurten 2024, Nederland): 1.1 km to a general practitioner.
    huisarts = next(x for x in made.summary if x.indicator.id == "afstand-huisarts")
    assert (huisarts.value, huisarts.benchmark) == ("1,5\xa0km", "1,1\xa0km")


def test_the_lead_counts_what_the_pack_holds():
    made = pack()
    worse = sum(x.judgement.startswith("ongunstiger") for x in made.summary)
    against = sum(v.stance == "spreken tegen" for v in made.voices)
    assert f"Van de {len(made.summary)} kerncijfers" in made.lead
    assert f"{worse} ongunstiger" in made.lead
    assert f"cijfers spreken er {against or 'geen'} tegen" in made.lead


def test_every_exhibit_has_a_conclusion_a_method_and_its_own_voices():
    for region, goal in (("achterhoek", 2), ("zeeuws-vlaanderen", None), ("zuid-limburg", 1)):
        made = pack(region, goal)
        assert [x.number for x in made.exhibits] == list(range(1, 8))
        for x in made.exhibits:
            assert x.conclusion.endswith((".", "?", "!"))
            assert len(x.conclusion) < 260
            assert first_sentence(x.method) != x.method, "two sentences"
            assert all(v.region.id == region for v in x.voices)
            assert all(h.indicator in (x.indicator.id, x.indicator.part_of) for v in x.voices for h in v.held)
        conclusions = [x.conclusion for x in made.exhibits]
        assert len(set(conclusions)) == len(conclusions)


def test_contradictions_come_first_and_findings_are_not_repeated_where_others_remain():
    for made in (pack(), pack("zuid-limburg", 1)):
        seen: set[str] = set()
        for x in made.exhibits:
            stances = ["spreken tegen", "bevestigen", "meten niet"]
            order = [stances.index(v.stance) for v in x.voices]
            assert order == sorted(order)
            first = x.voices[:BESIDE]
            fresh = [v for v in x.voices if v.finding.id not in seen and v.stance == (first and first[0].stance)]
            if fresh:
                assert first[0].finding.id not in seen
            seen |= {v.finding.id for v in first}


@pytest.mark.parametrize(
    "regions",
    [
        pytest.param(("achterhoek", "twente"), id="two"),
        pytest.param(tuple(r.id for r in definitions().regions), id="all", marks=pytest.mark.slow),
    ],
)
def test_questions_ask_and_name_their_ground(regions):
    for region in regions:
        for goal in (1, 2, 3, None):
            made = pack(region, goal)
            assert 2 <= len(made.questions) <= MOST_QUESTIONS
            assert all(q.text.endswith("?") and q.ground for q in made.questions)
            assert len({q.text for q in made.questions}) == len(made.questions)


def test_a_pack_about_one_goal_holds_only_that_goal():
    made = pack()
    assert [g.goal.id for g in made.plan.goals] == [2]
    assert made.voices and all(2 in v.finding.goals and len(v.finding.goals) < 3 for v in made.voices)
    assert {len(v.finding.goals) for v in pack("achterhoek", None).voices} == {1, 2, 3}
    assert made.file_stem == "achterhoek-doel-2"
    assert pack("achterhoek", None).file_stem == "achterhoek"


def test_an_unknown_region_is_told():
    with pytest.raises(UnknownName, match="achterhoek"):
        basket_for(materials(), "achterhook", 2)


def test_a_pack_without_figures_can_be_made():
    made = compose_pack(materials(), Basket("twente", 1), today=DAY, catalogue=catalogue())
    assert made.exhibits == ()
    assert made.summary


def test_notes_and_titles_are_kept_as_they_are():
    item = Item(Reference("balans"), "=1+1 <b>& ‘x’")
    made = compose_pack(materials(), Basket("twente", 1, title="<=>", items=(item,)), today=DAY, catalogue=catalogue())
    assert (made.title, made.exhibits[0].note) == ("<=>", "=1+1 <b>& ‘x’")


def test_links_get_the_address_of_the_app():
    basket = Basket("twente", items=(Item(Reference("balans")),))
    made = compose_pack(materials(), basket, "https://monitor.example/app/", DAY, catalogue())
    assert made.exhibits[0].address == "https://monitor.example/app/balans"


def test_all_is_written_or_nothing(tmp_path: Path):
    folder = tmp_path / "stukken"
    write_all(folder, {"a.txt": b"1", "sub/b.txt": b"2"})
    assert (folder / "sub" / "b.txt").read_bytes() == b"2"
    (folder / "c.txt").mkdir()
    with pytest.raises(ExportError, match="map"):
        write_all(folder, {"a.txt": b"new", "c.txt": b"3"})
    (folder / "d").write_bytes(b"file")
    with pytest.raises(ExportError):
        write_all(folder, {"a.txt": b"new", "d/e.txt": b"3"})
    assert (folder / "a.txt").read_bytes() == b"1"
    assert sorted(p.name for p in folder.iterdir()) == ["a.txt", "c.txt", "d", "sub"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "bestand").write_text("")
    with pytest.raises(ExportError) as error:
        write_all(tmp_path / "bestand" / "map", {"a": b""})
    assert str(tmp_path / "bestand") in error.value.message
    assert error.value.way_out


def test_one_document_that_fails_leaves_no_file(tmp_path: Path, monkeypatch):
    def broken(pack, materials, name):
        if name == "werkboek":
            raise ExportError("Dit lukt niet.")
        return b"x"

    monkeypatch.setattr(make, "document", broken)
    told = []
    with pytest.raises(ExportError):
        make_files(
            materials(), basket_for(materials(), "achterhoek", 2), today=DAY, catalogue=catalogue(),
            progress=lambda done, total, what: told.append((done, total, what)),
        )  # fmt: skip
    assert told[0][:2] == (0, 5)
    assert told[-1][2] == "Werkboek (Excel)"


def test_a_pack_without_documents_is_refused():
    with pytest.raises(ExportError, match="geen document"):
        make_files(materials(), replace(basket_for(materials(), "achterhoek", 2), documents=()))


def test_the_zip_is_the_same_every_time():
    files = {"a.txt": b"1", "b.txt": b"2" * 1000}
    assert zipped(files, DAY) == zipped(files, DAY)


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "de schijf is vol"), (errno.EACCES, "dat mag niet"), (errno.EIO, "schrijven lukt niet")],
)
def test_why_writing_fails_is_told_in_dutch_and_nothing_is_left(tmp_path: Path, monkeypatch, number, said):
    def refuse(self, content):
        raise OSError(number, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(ExportError) as error:
        write_all(tmp_path / "nieuw", {"a": b"1"})
    assert f"kan niet worden geschreven: {said}. Er is niets opgeslagen." in error.value.message
    assert not (tmp_path / "nieuw").exists()
