"""What pages contain: the start page, a region, a municipality and the method page; whatever draws them."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from monitor.assessment import assess, assess_with, value_of
from monitor.definitions import Definitions, Indicator
from monitor.dialogue.hold import hold
from monitor.figures.compose import Composer
from monitor.figures.files import csv_bytes
from monitor.notation import rounded
from monitor.screens import method_html, municipality_html, overview_html, region_html
from monitor.screens.method import Entry, compose_entry
from monitor.screens.municipality import Line, MunicipalityPage, compose_municipality
from monitor.screens.overview import Overview, compose_overview
from monitor.screens.region import RegionPage, compose_region
from monitor.snapshot.store import Snapshot
from monitor.yardstick import Measured, measure
from tests.spec_table import cases, definitions, edition, num

REGIONS = [r.id for r in definitions().regions]


@cache
def composer() -> Composer:
    """Makes the figures of the shipped edition."""
    return Composer(definitions(), edition())


def spaces(text: str) -> str:
    """A text with plain spaces."""
    return text.replace("\u00a0", " ")


def without_row(indicator: str, area: str) -> Snapshot:
    """The shipped edition in which one area has no value for one figure, for want of municipalities."""
    rows = edition().observations.copy()
    gone = (rows["indicator"] == indicator) & (rows["area"] == area)
    assert gone.any()
    rows.loc[gone, ["value", "lower", "upper"]] = math.nan
    rows.loc[gone, "coverage"] = 0.4
    return replace(edition(), observations=rows)


# --- The start page ---


@cache
def overview() -> Overview:
    """The start page of the shipped edition."""
    return compose_overview(definitions(), edition(), composer())


def test_the_start_page_has_a_line_per_region_with_a_mark_per_core_figure_that_has_a_better_side() -> None:
    expected = [
        {i.id for i in definitions().indicators if i.core and i.direction != "geen" and min(i.goals) == goal.id}
        for goal in definitions().goals
    ]
    assert [line.region.id for line in overview().lines] == REGIONS
    assert [{i.id for i in group} for group in overview().shown] == expected and all(len(e) >= 4 for e in expected)
    for line in overview().lines:
        assert [{m.indicator.id for m in marks} for marks in line.goals] == expected
        assert re.fullmatch(r"[\d.]+000 inwoners", spaces(line.inhabitants))


def test_a_mark_stands_on_the_side_of_its_judgement_and_as_far_as_the_figure_differs() -> None:
    for line in overview().lines:
        for mark in (m for marks in line.goals for m in marks):
            a = assess(edition(), mark.indicator, line.region)
            assert mark.row.outcome == a.judgement.outcome
            if a.judgement.outcome == "niet te beoordelen":
                assert math.isnan(mark.place)
                continue
            spread = 4 * edition().relevant_difference(mark.indicator.id)
            assert abs(mark.place) == pytest.approx(abs(a.judgement.difference) / spread, abs=0.5 / spread)
            if a.judgement.outcome != "vergelijkbaar":
                assert (mark.place > 0) == (a.judgement.outcome == "gunstiger"), (line.region.id, mark.indicator.id)


def test_the_headline_counts_judgements() -> None:
    """Each half names a figure and in how many regions it is so; both are counted again here."""
    told = re.fullmatch(r"(.+) in (\d+) van de 11 regio’s, maar (.+) in (\d+)", overview().headline)
    assert told
    for words, count, outcome in ((told[1], told[2], "ongunstiger"), (told[3], told[4], "gunstiger")):
        words = words[0].lower() + words[1:]
        figure = next(i for group in overview().shown for i in group if words in (i.when_worse, i.when_better))
        assert words == (figure.when_worse if outcome == "ongunstiger" else figure.when_better)
        outcomes = Counter(assess(edition(), figure, r).judgement.outcome for r in definitions().regions)
        assert outcomes[outcome] == int(count), figure.id
        assert any(figure.id in {x.id for x in f.indicators} for f in definitions().findings if f.common)


def test_the_lead_counts_the_inhabitants_of_the_eleven_regions() -> None:
    weights = edition().weights
    people = weights[(weights["quantity"] == "inwoners") & (weights["year"] == weights["year"].max())]
    people = dict(zip(people["area"].astype(str), people["value"], strict=True))
    total = sum(people[c] for r in definitions().regions for c in r.codes)
    said = spaces(overview().lead)
    assert f"{total / 1e6:.1f}".replace(".", ",") + " miljoen mensen" in said
    assert f"{100 * total / people['NL01']:.0f}% van alle inwoners" in said


def test_each_goal_has_one_figure_and_one_voice_with_verdicts_that_add_up() -> None:
    assert [h.goal.id for h in overview().highlights] == [1, 2, 3]
    for h in overview().highlights:
        assert h.indicator.core and min(h.indicator.goals) == h.goal.id and len(h.rows) == 11
        outcomes = Counter(r.outcome for r in h.rows)
        for count, outcome in re.findall(r"(\d+) (ongunstiger|gunstiger|hoger|lager|vergelijkbaar)", h.sentence):
            assert outcomes[outcome] == int(count)
        assert h.voice and h.voice.common and h.voice.origin == "dialoog"
        verdicts = Counter(
            x.verdict
            for r in definitions().regions
            for x in hold(definitions(), edition(), h.voice, r)
            if x.indicator == h.indicator.id
        )
        assert dict(h.verdicts) == verdicts and sum(verdicts.values()) == 11


def test_what_is_not_judged_is_a_hollow_mark_beside_the_line() -> None:
    """Trust in Zeeuws-Vlaanderen is an estimate that rests on Terneuzen alone; a figure without value is added here."""
    dashed = "stroke-dasharray"
    table = overview_html.table(overview(), definitions().goals)
    assert table.count(dashed) == 1 and table.count("<tr data-area=") == 11
    assert "Vertrouwen in instituties: het is een schatting die op één gemeente steunt" in table
    gap = without_row("afstand-ziekenhuis", "zeeuws-vlaanderen")
    made = compose_overview(definitions(), gap, Composer(definitions(), gap))
    line = next(x for x in made.lines if x.region.id == "zeeuws-vlaanderen")
    unknown = [m for marks in line.goals for m in marks if math.isnan(m.place)]
    assert {m.indicator.id for m in unknown} == {"afstand-ziekenhuis", "vertrouwen-instituties"}
    html = overview_html.table(made, definitions().goals)
    assert html.count(dashed) == 2
    row = html[html.index('data-area="zeeuws-vlaanderen"') :]
    assert "Afstand tot ziekenhuis: te weinig gemeenten hebben een cijfer" in row and dashed in row


def test_every_mark_is_told_in_words() -> None:
    table = overview_html.table(overview(), definitions().goals)
    for line in overview().lines:
        for marks in line.goals:
            label = next(
                x
                for x in re.findall(r'aria-label="([^"]*)"', table)
                if x.startswith(f"{line.region.name}: {marks[0].indicator.name}")
            )
            for m in marks:
                assert f"{m.indicator.name} {m.text}: {m.row.word}" in label
    assert "nan" not in table.lower().replace("nanne", "")


# --- A region ---


@cache
def region_page(region: str) -> RegionPage:
    """The page of a region, against the Netherlands."""
    return compose_region(definitions(), edition(), composer(), definitions().region(region), "nederland")


@pytest.mark.parametrize("region", REGIONS)
def test_every_finding_stands_on_the_page_once(region: str) -> None:
    page = region_page(region)
    places = [f.id for goal in page.goals for pair in goal.pairs for f, _ in pair.voices]
    places += [f.id for goal in page.goals for f, _ in goal.others]
    places += [f.id for f, _ in (*page.common, *page.everywhere)]
    assert Counter(places) == Counter(f.id for f in definitions().findings_for(region))
    # Beside a figure stands only what is about that figure, or about a part of it.
    for goal in page.goals:
        for pair in goal.pairs:
            for f, _ in pair.voices:
                own = {definitions().indicator(x.id).part_of or x.id for x in f.indicators}
                assert pair.indicator.id in own and goal.goal.id in f.goals
        assert all(f.goals == (goal.goal.id,) for f, _ in goal.others)


@pytest.mark.parametrize("region", ["achterhoek", "zeeuws-vlaanderen"])
def test_a_finding_stands_beside_a_core_figure_when_it_concerns_one(region: str) -> None:
    """So that most voices stand beside figures that every page has; what all regions share stands beside no other."""
    beside = {f.id: (f, p.indicator) for g in region_page(region).goals for p in g.pairs for f, _ in p.voices}
    elsewhere = 0
    for f in definitions().findings_for(region):
        concerned = [definitions().indicator(definitions().indicator(x.id).part_of or x.id) for x in f.indicators]
        fitting = [i for i in concerned if set(i.goals) & set(f.goals)]
        if any(i.core for i in fitting):
            assert beside[f.id][1].core, f.id
        elif fitting and not f.common:
            elsewhere += 1
            assert beside[f.id][1] in fitting
        else:
            assert f.id not in beside
    assert elsewhere and len(beside) > elsewhere


@pytest.mark.parametrize("region", ["noord-en-oost-groningen", "noard-fryslan", "zuid-limburg"])
def test_every_figure_stands_in_its_goal_with_block_or_line(region: str) -> None:
    page = region_page(region)
    whole = [i for i in definitions().indicators if not i.part_of]
    for block in page.goals:
        pairs = [p.indicator.id for p in block.pairs]
        also = [a.indicator.id for _, figures in block.also for a in figures]
        assert Counter(pairs + also) == Counter(i.id for i in whole if block.goal.id in i.goals)
        assert {i.id for i in whole if i.core and min(i.goals) == block.goal.id} <= set(pairs)
        assert all(a.indicator.theme == theme.id for theme, figures in block.also for a in figures)
    core = [p for g in page.goals for p in g.pairs if p.indicator.core and min(p.indicator.goals) == g.goal.id]
    counted = Counter(p.figure.region.outcome for p in core if p.figure.region)
    assert sum(n for _, n in page.counts) == page.core == len(core)
    assert dict(page.counts) == counted


def test_figures_in_one_line_carry_the_judgement_of_the_region() -> None:
    page, region = region_page("noard-fryslan"), definitions().region("noard-fryslan")
    for _, figures in (theme for goal in page.goals for theme in goal.also):
        for a in figures:
            made = assess(edition(), a.indicator, region)
            assert a.row.outcome == made.judgement.outcome and a.row.year == edition().years(a.indicator.id)[-1]
            if a.indicator.aggregation.kind == "geen":
                assert " tot " in a.text or a.text == "–"
            else:
                assert (a.text == "–") == math.isnan(made.value.value)


@pytest.mark.parametrize("name", ["woningen", "inwoners"])
def test_a_number_of_people_or_dwellings_has_no_verdict(name: str) -> None:
    """More people live in Twente than in the Kop van Noord-Holland; that is no judgement."""
    for region in ("twente", "kop-van-noord-holland"):
        lines = [a for g in region_page(region).goals for _, figures in g.also for a in figures]
        line = next(a for a in lines if a.indicator.id == name)
        assert line.row.outcome == "niet te beoordelen" and not math.isnan(line.row.value)
        assert line.row.reason == "een aantal is niet te vergelijken met dat van een ander gebied"


CANDIDATES = """
    figure                    | own    | with Leeuwarden
    geregistreerde-misdrijven | 22.2   | 35.4
    afstand-ziekenhuis        | 16.4   | 11.7
    woz-waarde                | 275000 | 264000
"""


@pytest.mark.parametrize("case", cases(CANDIDATES))
def test_beside_a_figure_of_noard_fryslan_stands_what_leeuwarden_would_make_of_it(case: dict[str, str]) -> None:
    page, region = region_page("noard-fryslan"), definitions().region("noard-fryslan")
    pair = next(p for g in page.goals for p in g.pairs if p.indicator.id == case["figure"])
    assert pair.figure.region and pair.figure.region.value == pytest.approx(num(case["own"]), rel=0.004)
    assert [a.label for a in pair.candidates] == [m.name for m in region.candidates]
    leeuwarden = next(a for a in pair.candidates if a.label == "Leeuwarden")
    assert leeuwarden.row.value == pytest.approx(num(case["with Leeuwarden"]), rel=0.001)
    candidate = next(m for m in region.candidates if m.name == "Leeuwarden")
    made = assess_with(edition(), pair.indicator, region, candidate, leeuwarden.row.year, "nederland")
    assert leeuwarden.row.outcome == made.judgement.outcome
    below = spaces(region_html.asides(pair.groups, pair.candidates, pair.figure.region))
    assert f"et Leeuwarden erbij: <b>{spaces(leeuwarden.text)}</b>" in below
    changed = leeuwarden.row.outcome != pair.figure.region.outcome
    assert (f"<b>{spaces(leeuwarden.text)}</b>, {leeuwarden.row.word}" in below) == changed


def test_a_candidate_can_turn_the_judgement_and_then_it_is_said() -> None:
    page = region_page("noard-fryslan")
    turned = [
        (pair, a)
        for g in page.goals
        for pair in g.pairs
        for a in pair.candidates
        if pair.figure.region and a.row.outcome != pair.figure.region.outcome
    ]
    assert turned
    for pair, a in turned:
        assert a.row.word in region_html.asides((), pair.candidates, pair.figure.region)


def test_a_region_without_candidates_says_nothing_of_them() -> None:
    region = next(r for r in definitions().regions if not r.candidates)
    assert all(p.candidates == () for g in region_page(region.id).goals for p in g.pairs)


def test_age_groups_stand_beside_their_figure_and_nowhere_else() -> None:
    page = region_page("noard-fryslan")
    parts = {i.id for i in definitions().indicators if i.part_of}
    assert not parts & {a.indicator.id for g in page.goals for _, figures in g.also for a in figures}
    assert not parts & {p.indicator.id for g in page.goals for p in g.pairs}
    seen = 0
    for pair in (p for g in page.goals for p in g.pairs):
        own = [i for i in definitions().indicators if i.part_of == pair.indicator.id]
        assert [a.label for a in pair.groups] == [i.group for i in own]
        for aside, i in zip(pair.groups, own, strict=True):
            seen += 1
            made = assess(edition(), i, definitions().region("noard-fryslan"))
            assert aside.row.outcome == made.judgement.outcome
            assert aside.row.value == rounded(made.value.value, i.decimals)
            below = spaces(region_html.asides(pair.groups, (), pair.figure.region))
            assert f"{i.group}: <b>{spaces(aside.text)}</b> ({spaces(aside.benchmark)})" in below
            assert spaces(aside.benchmark).startswith("Nederland ")
    assert seen >= 8


# --- A municipality ---


@cache
def municipality(code: str) -> MunicipalityPage:
    """The page of a municipality."""
    return compose_municipality(definitions(), edition(), composer(), code)


def lines(page: MunicipalityPage) -> dict[str, Line]:
    """Its figures by indicator."""
    return {x.indicator.id: x for _, themes in page.goals for _, found in themes for x in found}


SAMPLED = edition().municipalities[::17]


@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_every_municipality_has_a_page_that_holds_what_it_has(step: int) -> None:
    """Every seventeenth of the 342, and in the long run all of them."""
    owner = {c: r.id for r in definitions().regions for c in r.codes}
    known = set(zip(*(edition().observations[k].astype(str) for k in ("indicator", "area")), strict=True))
    assert len(edition().municipalities) == 342
    for code in edition().municipalities[::step]:
        page = compose_municipality(definitions(), edition(), composer(), code)
        found = lines(page)
        assert page.name == edition().names[code] and page.inhabitants > 900
        assert (page.region.id if page.region else None) == owner.get(code)
        assert {r.id for r in page.candidate_of} == {
            r.id for r in definitions().regions if code in {m.code for m in r.candidates}
        }
        assert len(found) + len(page.without) == len(definitions().indicators)
        for name, x in found.items():
            assert (name, code) in known and not math.isnan(x.row.value)
            assert x.text != "–" and "nan" not in f"{x.text}{x.margin}{x.region}{x.country}"
        html = municipality_html.belongs(page)
        assert ("hoort niet bij een van de elf regio’s" in html) == (not page.region and not page.candidate_of)


def test_each_figure_of_a_municipality_is_of_its_own_last_year_and_beside_region_and_country_of_that_year() -> None:
    page, region = municipality("GM0294"), definitions().region("achterhoek")
    for name, x in lines(page).items():
        own = edition().series(name, "GM0294")
        assert x.row.year == own.loc[own["value"].notna(), "year"].max()
        assert x.row.value == rounded(
            value_of(edition(), x.indicator, "GM0294", x.row.year).value, x.indicator.decimals
        )
        other = value_of(edition(), x.indicator, region.id, x.row.year).value
        assert (x.region == "–") == math.isnan(other)
        assert bool(x.margin) == (x.indicator.method == "enquete")


def test_a_municipality_outside_the_regions_has_no_column_for_a_region() -> None:
    page = municipality("GM0363")
    assert (page.region, page.candidate_of) == (None, ())
    assert "hoort niet bij een van de elf regio’s" in municipality_html.belongs(page)
    assert all(x.region == "–" for x in lines(page).values())
    goal, themes = page.goals[0]
    assert 'data-label="Regio"' not in municipality_html.goal_table(goal, themes, "", "kaart?indicator=")
    assert 'data-label="Regio"' in municipality_html.goal_table(goal, themes, "Twente", "kaart?indicator=")


def test_an_uncertain_municipality_is_told_to_be_uncertain_and_not_counted() -> None:
    page = municipality("GM0080")
    assert page.region is None and [r.id for r in page.candidate_of] == ["noard-fryslan"]
    assert "is niet zeker; zij telt daar niet mee" in municipality_html.belongs(page)


def test_a_municipality_is_never_judged_on_an_estimate_or_on_a_number() -> None:
    for code in ("GM0363", "GM0294", "GM0080", "GM0935"):
        found = lines(municipality(code))
        judged = Counter(x.row.outcome != "niet te beoordelen" for x in found.values())
        assert judged[True] > 80
        for x in found.values():
            i = x.indicator
            if i.method == "modelschatting" and i.judge_as is None and i.aggregation.kind != "geen":
                assert x.row.outcome == "niet te beoordelen" and x.row.word == "niet te beoordelen"
                assert x.row.reason in ("het is een schatting zonder marge", "er is geen cijfer om mee te vergelijken")
            if i.aggregation.kind in ("som", "geen"):
                assert x.row.outcome == "niet te beoordelen" and x.row.reason
            if x.row.outcome == "niet te beoordelen":
                assert x.row.reason, i.id


def test_a_survey_of_a_municipality_is_judged_by_its_own_margin() -> None:
    """The interval decides: only where the country lies outside it, a municipality is called different."""
    seen: Counter[bool] = Counter()
    for code in SAMPLED:
        for x in lines(municipality(code)).values():
            country = value_of(edition(), x.indicator, "NL01", x.row.year).value
            own = value_of(edition(), x.indicator, code, x.row.year)
            if x.indicator.method != "enquete" or math.isnan(own.lower) or math.isnan(country):
                continue
            inside = own.lower <= country <= own.upper
            seen[inside] += 1
            assert not inside or x.row.outcome == "vergelijkbaar", (code, x.indicator.id)
    assert seen[True] > 20 and seen[False] > 20


def test_the_file_of_a_municipality_holds_every_figure_with_its_unit() -> None:
    page = municipality("GM0294")
    text = csv_bytes(page.figure, "http://monitor/gemeente?gemeente=GM0294").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    end = rows.index([])
    head, body, about = rows[0], rows[1:end], {r[0]: r[1] for r in rows[end + 1 :]}
    assert head[:4] == ["Cijfer", "Eenheid", "Jaar", "Waarde"] and len(body) == len(lines(page))
    assert all(len(r) == len(head) for r in body)
    for row, x in zip(body, lines_in_order(page), strict=True):
        assert row[0].startswith(x.indicator.name) and row[2] == str(x.row.year) and row[-1] == x.row.word
        assert float(row[3].replace(",", ".")) == pytest.approx(x.row.value)
    assert len({r[0] for r in body}) == len(body), "an age group needs its own name"
    assert about["Titel"] == "Alle cijfers van Winterswijk" and about["Editie"] == edition().edition
    assert about["Link"].endswith("GM0294") and "CBS" in about["Bron"] and "CC BY 4.0" in about["Bron"]


def lines_in_order(page: MunicipalityPage) -> list[Line]:
    """Its figures in the order of the definitions."""
    found = lines(page)
    return [found[i.id] for i in definitions().indicators if i.id in found]


# --- The method page ---


@cache
def measured() -> tuple[Measured, ...]:
    """The yardstick of the shipped edition."""
    return measure(definitions(), edition())


@cache
def entries() -> dict[str, Entry]:
    """Every entry of the method page."""
    return {i.id: compose_entry(definitions(), edition(), i, measured()) for i in definitions().indicators}


ALWAYS = (
    *("Wat het is", "Waarom het ertoe doet", "Thema en doel", "Eenheid", "Jaren in deze editie"),
    *("Regio’s met een cijfer", "Soort cijfer", "Van gemeente naar regio", "Welke kant is beter"),
    "Vanaf welk verschil het ertoe doet",
)


def test_every_figure_has_an_entry_that_tells_every_choice_with_its_reason() -> None:
    for i in definitions().indicators:
        told = dict(entries()[i.id].parts)
        thin = [q for q in ALWAYS if not told.get(q)]
        # Without any regional value there is no spread between regions, so no threshold.
        few = {"tevredenheid-woning", "tevredenheid-woonomgeving"}
        assert thin == (["Vanaf welk verschil het ertoe doet"] if i.id in few else []), i.id
        assert i.direction_reason in told["Welke kant is beter"]
        assert i.aggregation.reason in told["Van gemeente naar regio"]
        assert (i.aggregation.substitute_weight or "") in told["Van gemeente naar regio"]
        if i.aggregation.weight:
            assert definitions().quantity(i.aggregation.weight).name in told["Van gemeente naar regio"]
        for b in i.breaks:
            assert told[f"Breuk in {b.year}"] == b.reason
        assert "nan" not in " ".join(told.values()).lower().replace("financi", "").split(), i.id


def test_every_entry_names_its_sources_by_the_publishers_own_name_with_the_years_used() -> None:
    for i in definitions().indicators:
        sources = entries()[i.id].sources
        assert sources
        used = {int(y) for s in sources for y in s.years.split(", ") if y}
        assert set(edition().years(i.id)) <= used, i.id
        html = method_html.entry(entries()[i.id])
        for s in sources:
            assert s.table.page_name and s.topics and s.table.page.startswith("https://")
            assert s.table.page in html.replace("&#x27;", "'").replace("&amp;", "&")


def test_a_newer_year_is_told_only_when_it_is_newer_than_ours() -> None:
    told = {name: s for name, e in entries().items() for s in e.sources if s.newer}
    assert len(told) > 20
    for name, s in told.items():
        newer = s.table.newer
        assert newer and str(newer.year) in s.newer and newer.table in s.newer
        assert newer.year > max(edition().years(name))
    # Of these the latest year comes from another table, or from none that has moved on.
    for name in ("overgewicht", "huizenprijs", "geregistreerde-misdrijven", "inwoners", "aandeel-65-plus"):
        assert name not in told


NEWER = """
    case                | newer | told
    a year after ours   | 2025  | yes
    far ahead           | 2030  | yes
    our own last year   | 2024  | no
    an older year       | 2023  | no
"""


@pytest.mark.parametrize("case", cases(NEWER))
def test_newer_depends_on_our_last_year(case: dict[str, str]) -> None:
    """Particuliere huur holds 2024, from one table."""
    table = definitions().table("KWB-2024")
    assert table.newer
    moved = table.model_copy(update={"newer": table.newer.model_copy(update={"year": int(case["newer"])})})
    other = replace_table(definitions(), moved)
    (source,) = compose_entry(other, edition(), other.indicator("particuliere-huur"), ()).sources
    assert bool(source.newer) == (case["told"] == "yes")


def replace_table(d: Definitions, table: object) -> Definitions:
    """The definitions with one source table changed."""
    return replace(d, tables=tuple(table if t.id == table.id else t for t in d.tables))  # type: ignore[attr-defined,misc]


def test_an_entry_tells_how_far_our_sum_is_from_what_cbs_publishes() -> None:
    checked = {m.indicator.id for m in measured()}
    for name, e in entries().items():
        assert ("Nagerekend" in dict(e.parts)) == (name in checked)
    said = dict(entries()["overgewicht"].parts)["Nagerekend"]
    assert "128 gevallen" in said and "Groningen 2022" in said
    table = method_html.yardsticks(measured())
    assert table.count("<tr>") == len(measured()) + 1 and ">nan<" not in table


def test_the_list_of_all_figures_leads_to_every_entry() -> None:
    html = method_html.all_figures(definitions(), edition())
    for i in definitions().indicators:
        assert html.count(f'methode?indicator={i.id}"') == 1
    assert f"Alle {len(definitions().indicators)} cijfers" in html


STATUS = """
    indicator       | table    | not final
    aardgasverbruik | 81528NED | 2022 nader voorlopig, 2023 nader voorlopig en 2024 voorlopig
    overgewicht     | 86137NED |
    fijnstof        | RMBW-2023 |
"""


@pytest.mark.parametrize("case", cases(STATUS))
def test_an_entry_says_which_years_are_not_final(case: dict[str, str]) -> None:
    source = next(s for s in entries()[case["indicator"]].sources if s.table.id == case["table"])
    assert source.status == case["not final"]


def kinds() -> list[Indicator]:
    """One indicator of every class."""
    return [
        next(i for i in definitions().indicators if i.aggregation.kind == k)
        for k in ("gewogen", "verhouding", "som", "geen")
    ]


@pytest.mark.parametrize("indicator", kinds(), ids=lambda i: i.aggregation.kind)
def test_how_a_figure_is_added_up_is_told_per_class(indicator: Indicator) -> None:
    said = dict(entries()[indicator.id].parts)["Van gemeente naar regio"]
    first = {"gewogen": "Gemiddelde, gewogen naar", "verhouding": "Opgeteld ", "som": "Optellen;", "geen": "Niet."}
    assert said.startswith(first[indicator.aggregation.kind])
