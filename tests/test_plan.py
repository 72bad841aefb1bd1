"""The building blocks of a regional plan: in the programme's order, by the shared judgement, and never a conclusion."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import replace
from functools import cache
from html import escape
from html.parser import HTMLParser

import pytest

from monitor import profile
from monitor.assessment import BENCHMARKS, BenchmarkId
from monitor.definitions import Finding, Theme
from monitor.definitions.programmes import Programme
from monitor.dialogue.hold import Held, hold
from monitor.dialogue.matrix import ORDER, Voiced, hold_all, stance
from monitor.profile import Standing
from monitor.screens import plan_html as html
from monitor.screens.plan import PlanPage, compose_plan, missing_themes, tasks_of, told_first, without_programme
from monitor.screens.plan_monitoring import following, rhythm
from monitor.screens.striking import compose_striking
from tests.spec_table import cases, definitions, edition
from tests.test_pages import check_sound, control, flat, markup, read, url, visit
from tests.test_programmes import made

TODAY = dt.date(2026, 11, 21)
REGIONS = [r.id for r in definitions().regions]


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)


@cache
def standings() -> dict[str, tuple[Standing, ...]]:
    return profile.of_regions(definitions(), edition())


@cache
def voiced() -> tuple[Voiced, ...]:
    return hold_all(definitions(), edition())


@cache
def page(region: str) -> PlanPage:
    d = definitions()
    return compose_plan(d, edition(), d.region(region), standings()[region], voiced(), "nederland", TODAY)


# -- the same judgements as everywhere ------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["achterhoek", "zeeuws-vlaanderen"])
def test_every_verdict_is_that_of_hold(region: str) -> None:
    d = definitions()
    seen: set[str] = set()
    for goal in page(region).goals:
        drawn = html.goal(goal, page(region))
        for v in goal.tasks:
            assert v.held == hold(d, edition(), v.finding, d.region(region))
            assert v.stance == stance(v.held) and told_first(v).verdict == v.stance
            entry = drawn[drawn.index(f'data-finding="{v.finding.id}"') :]
            in_view, rest = entry[: entry.index("</li>")].split("<details", 1)
            assert html.WORDS[v.stance] in in_view and html.SIGNS[v.stance] in in_view
            assert all(escape(h.reason) in rest for h in v.held)
            seen.add(v.finding.id)
    concerned = {f.id for f in d.findings_for(region) if f.kind in ("opgave", "knelpunt")}
    assert seen == concerned and len(seen) > 5


@pytest.mark.parametrize("region", REGIONS)
def test_contradictions_come_first_and_the_own_region_before_all_regions(region: str) -> None:
    for goal in page(region).goals:
        order = [(ORDER.index(v.stance), v.finding.common) for v in goal.tasks]
        assert order == sorted(order)
        for v in goal.tasks:
            number = goal.goal.id if goal.goal else None
            assert (len(v.finding.goals) == 3) is (number is None)
            assert number is None or number in v.finding.goals


def test_figures_that_stand_out_are_those_of_the_shared_rule_for_the_goal() -> None:
    d, region = definitions(), definitions().region("achterhoek")
    for goal in page("achterhoek").goals[:-1]:
        assert goal.goal and goal.stands
        own = [s for s in standings()["achterhoek"] if goal.goal.id in s.indicator.goals]
        assert goal.stands == compose_striking(d, edition(), region, own, "nederland")
        known = {s.indicator.id: s for s in own}
        for found in (*goal.stands.worse, *goal.stands.better):
            assert known[found.indicator.id].judgement.outcome == found.outcome
    assert page("achterhoek").goals[-1].stands is None


# -- what is missing ------------------------------------------------------------------------------------------


def finding(name: str, *themes: str) -> Finding:
    """A task with these themes."""
    one = next(f for f in definitions().findings if f.kind == "opgave")
    return one.model_copy(update={"id": name, "title": f"Titel {name}", "themes": themes, "indicators": ()})


def standing(indicator: str, outcome: str = "ongunstiger", coverage: float = 1.0, distance: float = -1.0) -> Standing:
    one = next(s for s in standings()["achterhoek"] if s.indicator.id == indicator)
    return replace(one, judgement=replace(one.judgement, outcome=outcome), coverage=coverage, distance=distance)


def themes(*names: str) -> list[Theme]:
    return [definitions().theme(n) for n in names]


def test_themes_without_a_programme_that_may_still_run() -> None:
    register: list[Programme] = [
        made("loopt", themes=["wonen"]),
        made("begint", themes=["milieu"], status="in voorbereiding"),
        made("onzeker", themes=["gezondheid"], status="onbekend"),
        made("klaar", themes=["veiligheid"], status="afgerond"),
        made("voorbij", themes=["bevolking"], period={"to": "2025-12-31"}),
        made("nog-net", themes=["samenleving"], period={"to": 2026}),
        made("overal", themes=[]),
    ]
    left = {t.id for t in without_programme(definitions(), register, TODAY)}
    assert left == {t.id for t in definitions().themes} - {"wonen", "milieu", "gezondheid", "samenleving"}


def test_what_is_missing_on_a_case_made_by_hand() -> None:
    uncovered = themes("veiligheid", "bevolking", "wonen")
    tasks = [
        finding("alleen", "veiligheid"),
        finding("half-gedekt", "veiligheid", "gezondheid"),
        finding("beide", "bevolking", "veiligheid"),
        finding("zonder-thema"),
        finding("gedekt", "gezondheid"),
    ]
    figures = [
        standing("geregistreerde-misdrijven", distance=-0.5),
        standing("woninginbraken", distance=-2.0),
        standing("vernielingen", "gunstiger"),
        standing("geweldsmisdrijven", coverage=0.7),
        standing("overgewicht"),
        standing("woz-waarde", "vergelijkbaar"),
    ]
    found = missing_themes(uncovered, tasks, figures)
    told = [(m.theme.id, [f.id for f in m.tasks], [s.indicator.id for s in m.worse]) for m in found]
    assert told == [
        ("veiligheid", ["alleen"], ["woninginbraken", "geregistreerde-misdrijven"]),
        ("bevolking", ["beide"], []),
    ]
    assert missing_themes([], tasks, figures) == ()
    for m in found:
        assert m.question.startswith("In het register staat geen traject dat nog kan lopen bij het thema ")
        assert m.question.endswith("Klopt dat?")


def test_an_empty_register_gives_no_list_of_what_is_missing() -> None:
    for region in REGIONS:
        if not definitions().programmes_for(region):
            assert not page(region).filled and all(g.missing == () for g in page(region).goals)
    drawn = html.goal(page("twente").goals[0], page("twente"))
    assert "nog niet ingevuld" in drawn and "Zolang het register leeg is" in drawn and "Klopt dat?" not in drawn


def test_missing_themes_of_the_achterhoek_have_no_running_programme() -> None:
    own = definitions().programmes_for("achterhoek")
    covered = {t for p in own if p.runs(TODAY) for t in p.themes}
    found = [m for g in page("achterhoek").goals for m in g.missing]
    assert found and not {m.theme.id for m in found} & covered
    assert all(m.tasks or m.worse for m in found)


# -- monitoring -----------------------------------------------------------------------------------------------

RHYTHMS = """
case          | years                    | newer | rhythm | next
every year    | 2019 2020 2021 2022      |       | 1      | over 2023
every four    | 2010 2014 2018 2022      |       | 4      | over 2026
since then    | 2001 2012 2016 2020 2024 |       | 4      | over 2028
uneven        | 2012 2016 2020 2022 2024 |       | 0      | onbekend
too short     | 2015 2024                |       | 0      | onbekend
one           | 2024                     |       | 0      | onbekend
already there | 2015 2024                | 2025  | 0      | over 2025 (is er al)
older         | 2019 2020 2021 2022      | 2021  | 1      | over 2023
"""


@pytest.mark.parametrize("row", cases(RHYTHMS, "case"))
def test_the_next_figure_is_said_only_with_a_rhythm(row: dict[str, str]) -> None:
    years, newer = ([int(y) for y in row[k].split()] for k in ("years", "newer"))
    assert rhythm(years) == int(row["rhythm"])
    assert following(years, newer) == row["next"]


@pytest.mark.parametrize("region", ["achterhoek", "noord-en-oost-groningen"])
def test_every_task_is_followed_by_a_figure_or_by_reflection(region: str) -> None:
    content = page(region).monitoring
    tasks = tasks_of(voiced(), definitions().region(region))
    silent = {f.id for g in content.goals for f in g.silent}
    assert silent == {v.finding.id for v in tasks if all(h.verdict == "meten niet" for h in v.held)}
    followed = {f.indicator.id for g in content.goals for f in (*g.core, *g.named)}
    asked = {
        x.id
        for v in tasks
        for x in v.finding.indicators
        if x.expects != "meet-niet" and not definitions().indicator(x.id).part_of
    }
    assert asked <= followed
    assert {i.id for i in definitions().indicators if i.core} <= followed
    assert f'href="logboek?regio={region}"' in html.monitoring(content, page(region))


def test_monitoring_gives_the_last_year_and_smallest_difference_of_the_edition() -> None:
    content = page("achterhoek").monitoring
    rows = {f.indicator.id: f for g in content.goals for f in g.core}
    own = rows["overgewicht"]
    assert own.years[-1] == max(edition().years("overgewicht")) and own.method == "enquête"
    assert flat(own.threshold) == "1,1 procentpunt"
    cells = {c[1]: c for c in content.figure.content.cells}
    assert cells["Overgewicht"][2] == str(own.years[-1]) and cells["Overgewicht"][7] == own.threshold


# -- the page -------------------------------------------------------------------------------------------------

BLOCKS = ("Cijfers die opvallen", "Opgaven en knelpunten", "Wat er loopt", "Wat mist?")


def places(text: str, parts: list[str]) -> list[int]:
    """Where parts stand, each searched from the one before."""
    found, at = [], 0
    for part in parts:
        at = text.index(part, at)
        found.append(at)
    return found


@pytest.mark.parametrize("region", ["achterhoek", "noord-en-oost-groningen", "twente"])
def test_sections_stand_in_the_order_of_the_programme(region: str) -> None:
    test = visit("plan", regio=region)
    check_sound(test)
    text = markup(test)
    parts = ['class="toc"']
    for goal in (1, 2, 3):
        parts += [f'id="doel-{goal}"', *(f"</small>{b}</h3>" for b in BLOCKS)]
    parts += ['id="alle-doelen"', *(f"</small>{b}</h3>" for b in BLOCKS[1:])]
    parts += ['id="monitoring"', "Doel 1", "Doel 2", "Doel 3", 'id="zelf"', 'id="regels"']
    places(text, parts)
    for name in re.findall(r'href="#([\w-]+)"', text):
        assert text.count(f'id="{name}"') == 1, name
    assert "Dit is niet het plan" in text


def test_what_only_the_region_can_write_is_left_open() -> None:
    test = visit("plan", regio="achterhoek")
    text = read(test).text
    assert "Dit vult de regio zelf in" in text
    assert markup(test).count('<span class="blank"></span>') == len(html.PLAN_OPEN) + len(html.AGENDA_OPEN) == 8
    for part in ("Introductie", "Visie", "Handelingsperspectief", "Organisatie", "Aanpak"):
        assert part in text


class InView(HTMLParser):
    """Collects the words that stand in view: what a click opens and what is looked up in a table is left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._closed = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._closed += tag in ("details", "table")

    def handle_endtag(self, tag: str) -> None:
        self._closed -= tag in ("details", "table")

    def handle_data(self, data: str) -> None:
        self.words += [] if self._closed else data.split()


@pytest.mark.parametrize("region", REGIONS)
def test_what_stands_in_view_is_read_within_five_minutes(region: str) -> None:
    """At 250 words a minute."""
    content = page(region)
    drawn = html.lead(content) + html.contents(content) + "".join(html.goal(g, content) for g in content.goals)
    drawn += html.monitoring(content.monitoring, content) + html.open_fields()
    assert 400 < len(InView(drawn).words) <= 1250


def test_everything_of_a_list_is_there_and_the_rest_is_counted() -> None:
    drawn = html.some(["a", "b", "c", "d"], 3, lambda x: f"<li>{x}</li>", "x")
    assert "en nog 1<" in drawn and drawn.count("<li>") == 4 and drawn.index("<li>d") > drawn.index("<details")
    assert "<details" not in html.some(["a", "b", "c"], 3, lambda x: f"<li>{x}</li>", "x")
    assert html.some([], 3, str, "x") == ""


@pytest.mark.parametrize("benchmark", [b for b in BENCHMARKS if b != "nederland"])
def test_another_benchmark_reaches_every_part(benchmark: BenchmarkId) -> None:
    test = visit("plan", regio="twente", vergelijk=benchmark)
    text = check_sound(test).text
    d = definitions()
    content = compose_plan(
        d, edition(), d.region("twente"), profile.of_regions(d, edition(), benchmark)["twente"],
        hold_all(d, edition(), benchmark), benchmark, dt.date.today(),
    )  # fmt: skip
    assert f"Vergeleken met {content.benchmark}." in text
    for goal in content.goals:
        for found in (goal.stands.worse if goal.stands else ())[:2]:
            assert flat(found.sentence) in text


def test_choosing_a_region_writes_the_url() -> None:
    test = visit("plan", regio="achterhoek")
    control(test, "selectbox", "Regio").set_value("twente").run()
    assert url(test)["regio"] == ["twente"] and "voor Twente" in read(test).headings[0]


def test_a_link_with_an_unknown_region_opens_the_default() -> None:
    text = check_sound(visit("plan", regio="mordor")).text
    assert "Niet herkend in de link" in text and "de Achterhoek" in text


def test_texts_are_escaped() -> None:
    bad = "<script>alert(1)</script>"
    content = page("achterhoek")
    goal = content.goals[0]
    v = replace(
        goal.tasks[0],
        finding=goal.tasks[0].finding.model_copy(update={"title": bad, "summary": bad}),
        held=(Held(goal.tasks[0].stance, bad, ""),),
    )
    p = made("kwaad", name=bad, who=[bad], npvr=bad, amounts=[{"euro": 1, "purpose": bad, "per": bad}])
    theme = definitions().themes[0].model_copy(update={"name": bad})
    missing = missing_themes([theme], [v.finding.model_copy(update={"themes": (theme.id,)})], [])
    evil = replace(
        goal, tasks=(v,), tensions=(v.finding,), programmes=replace(goal.programmes, programmes=(p,)), missing=missing
    )
    drawn = html.goal(evil, replace(content, overdue=(p,)))
    silent = replace(content.monitoring.goals[0], silent=(v.finding,))
    drawn += html.monitoring(replace(content.monitoring, goals=(silent,), tensions=(v.finding,)), content)
    assert "<script" not in drawn and drawn.count(escape(bad)) >= 8


def test_composing_a_page_takes_a_moment() -> None:
    """With the figures and verdicts that a server keeps: well below a second on this machine."""
    page("zuid-limburg")
    d = definitions()
    begun = time.perf_counter()
    content = compose_plan(
        d, edition(), d.region("zuid-limburg"), standings()["zuid-limburg"], voiced(), "nederland", TODAY
    )
    "".join(html.goal(g, content) for g in content.goals)
    html.monitoring(content.monitoring, content)
    assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize("region", [r.id for r in definitions().regions])
def test_every_finding_of_a_region_is_told_or_counted(region: str) -> None:
    content = page(region)
    told = {v.finding.id for g in content.goals for v in g.tasks}
    tense = {f.id for f in definitions().findings_for(region) if f.kind == "spanning"}
    every = {f.id for f in definitions().findings_for(region)}
    rest = [f for f in definitions().findings_for(region) if f.id not in told | tense]
    counted = {g.goal.id if g.goal else None: g.others for g in content.goals}
    for goal in definitions().goals:
        assert counted[goal.id] == sum(goal.id in f.goals and len(f.goals) < 3 for f in rest)
    assert counted[None] == sum(len(f.goals) == 3 for f in rest)
    assert told | tense | {f.id for f in rest} == every
