"""Each page against each of the four benchmarks: what it names, shows, judges and draws."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import pytest

from monitor import assessment as asm
from monitor.assessment import BENCHMARK_NAMES, BENCHMARKS, BenchmarkId, assess, benchmark_area, rule_for
from monitor.dialogue.hold import hold
from monitor.figures.compose import Composer
from monitor.figures.svg import strip
from monitor.notation import difference, parse, rounded
from monitor.screens.municipality import Line, MunicipalityPage, benchmark_of, compose_municipality
from monitor.screens.overview import compose_overview
from monitor.screens.region import RegionPage, compose_region
from monitor.sentences import shown
from monitor.statistics.judge import judge
from tests.spec_table import cases, definitions, edition, some
from tests.test_pages import check_sound, control, flat, markup, url, visit

REGIONS = {r.id: r for r in definitions().regions}
FIGURES = {i.id: i for i in definitions().indicators}
OWNER = {c: r for r in definitions().regions for c in r.codes}
PROVINCE = dict(zip(edition().areas["area"], edition().areas["province"], strict=True))
SHOWN = ("overgewicht", "vrijwilligerswerk", "geregistreerde-misdrijven", "afstand-ziekenhuis", "bebouwd-terrein")
# Page, what else stands in the link, control that chooses the benchmark, and what it shows without one.
PAGES: dict[str, tuple[dict[str, str], str, str]] = {
    "overzicht": ({}, "Vergelijk met", "nederland"),
    "kaart": ({"indicator": "overgewicht"}, "Kleur", "waarde"),
    "trends": ({"indicator": "vrijwilligerswerk", "regio": "zuid-limburg"}, "Vergelijk met", "nederland"),
    "regio": ({"regio": "zuid-limburg"}, "Vergelijk met", "nederland"),
    "gemeente": ({"gemeente": "GM0935"}, "Vergelijk met", "nederland"),
    "regiodialoog": ({"regio": "zuid-limburg"}, "Vergelijk met", "nederland"),
    "vergelijken": ({"regio": "zuid-limburg"}, "Vergelijk met", "nederland"),
}
# Of the pages about one region or municipality: all in Limburg.
NAMES = {
    "nederland": "Nederland",
    "provincie": "de provincie Limburg",
    "elf-regios": "de elf regio’s samen",
    "vergelijkbaar": "vergelijkbare regio’s",
}
LINES = {
    "nederland": "Nederland",
    "provincie": "Limburg",
    "elf-regios": "Elf regio’s",
    "vergelijkbaar": "Vergelijkbare",
}


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)


@cache
def composer() -> Composer:
    """Makes the figures of the shipped edition."""
    return Composer(definitions(), edition())


def number_of(indicator: str, area: str, year: int, column: str = "value") -> float:
    row = edition().row(indicator, area, year)
    return float(row[column]) if row else math.nan


def code_of(region: str, benchmark: str) -> str:
    """The area that a region is held against, by the words of the benchmark."""
    return {
        "nederland": "NL01",
        "provincie": REGIONS[region].province,
        "elf-regios": "npvr",
        "vergelijkbaar": f"{region}~",
    }[benchmark]


def name_on(page: str, benchmark: str) -> str:
    """How a page names its benchmark: about many regions at once, in a legend of lines, or about one."""
    if page in ("overzicht", "kaart"):
        return BENCHMARK_NAMES[benchmark]  # type: ignore[index]
    return LINES[benchmark] if page == "trends" else NAMES[benchmark]


# -- pages and their control ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page, benchmark", some([(p, b) for p in PAGES for b in BENCHMARKS], 3))
def test_a_page_opens_with_a_benchmark_names_it_and_shows_it_in_its_control(page: str, benchmark: str) -> None:
    query, label, _ = PAGES[page]
    test = visit(page, **query, vergelijk=benchmark)
    text = check_sound(test).text
    assert flat(name_on(page, benchmark)).lower() in text.lower()
    assert control(test, "selectbox", label).value == benchmark
    assert 'class="notice"' not in markup(test)


@pytest.mark.parametrize("page", some(PAGES, 3))
def test_choosing_a_benchmark_writes_the_url_and_the_default_takes_it_out(page: str) -> None:
    query, label, default = PAGES[page]
    test = visit(page, **query)
    assert control(test, "selectbox", label).value == default
    seen = set()
    for benchmark in ("provincie", "vergelijkbaar", "elf-regios"):
        control(test, "selectbox", label).select(benchmark).run()
        seen.add(check_sound(test).text)
        assert url(test) == {**{k: [v] for k, v in query.items()}, "vergelijk": [benchmark]}
    assert len(seen) == 3, "each benchmark changes what the page says"
    control(test, "selectbox", label).select(default).run()
    assert url(test) == {k: [v] for k, v in query.items()}


@pytest.mark.parametrize("page", some(PAGES, 4))
def test_an_unknown_benchmark_is_named_and_the_default_shown(page: str) -> None:
    query, label, default = PAGES[page]
    test = visit(page, **query, vergelijk="vergelijkbare")
    assert "Niet herkend in de link: vergelijk ‘vergelijkbare’ (bedoelde u ‘vergelijkbaar’?)" in check_sound(test).text
    assert control(test, "selectbox", label).value == default


def test_every_benchmark_has_the_same_name_in_every_control() -> None:
    for page, (query, label, _) in PAGES.items():
        options = [o.lower() for o in control(visit(page, **query), "selectbox", label).options]
        told = [o.removeprefix("verschil met ") for o in options if o != "waarde"]
        assert told == [n.lower() for n in BENCHMARK_NAMES.values()], page


def test_without_a_region_findings_are_held_against_nothing() -> None:
    test = visit("regiodialoog", vergelijk="provincie")
    check_sound(test)
    assert not [w for w in test.selectbox if w.label == "Vergelijk met"]


# -- the numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_a_region_is_held_against_the_area_that_the_benchmark_names(benchmark: BenchmarkId) -> None:
    for region in REGIONS.values():
        code, name = benchmark_area(region, benchmark, edition())
        assert code == code_of(region.id, benchmark)
        assert name == (NAMES[benchmark] if benchmark != "provincie" else f"de provincie {edition().names[code]}")
        for i in SHOWN:
            a = assess(edition(), FIGURES[i], region, None, benchmark)
            assert a.benchmark.value == pytest.approx(number_of(i, code, a.value.year), nan_ok=True)


def test_comparable_regions_are_five_areas_outside_the_programme_taken_together() -> None:
    """The mean of overweight, weighted by inhabitants of the year, over their municipalities."""
    areas = edition().areas
    weights = edition().weights
    people = weights[(weights["quantity"] == "inwoners") & (weights["year"] == 2024)]
    people = dict(zip(people["area"].astype(str), people["value"], strict=True))
    for region in REGIONS:
        like = edition().comparable(region)
        codes = areas.loc[areas["corop"].isin(like) & (areas["level"] == "gemeente"), "area"].tolist()
        assert len(set(like)) == 5 and not set(codes) & set(OWNER)
        total = sum(people[c] for c in codes)
        mean = sum(people[c] * number_of("overgewicht", c, 2024) for c in codes) / total
        assert number_of("overgewicht", f"{region}~", 2024) == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_a_judgement_is_that_of_value_margins_and_benchmark(benchmark: BenchmarkId) -> None:
    """By hand from the rows of the edition; only comparable regions bring a margin of their own."""
    for name in SHOWN:
        i, year = FIGURES[name], edition().years(name)[-1]
        for region in REGIONS.values():
            code = code_of(region.id, benchmark)
            row, province = edition().row(name, region.id, year), edition().row(name, region.province, year)
            assert row and province
            half = (province["upper"] - province["lower"]) / 2 if province["basis"] == "cbs" else math.nan
            other = (number_of(name, code, year, "upper") - number_of(name, code, year, "lower")) / 2
            own = judge(
                rule_for(i, edition()),
                row["value"],
                number_of(name, code, year),
                lower=row["lower"],
                upper=row["upper"],
                coverage=row["coverage"],
                province_half_width=half,
                members=row["members"] - len(str(row["missing"]).split()),
                benchmark_half_width=other if benchmark == "vergelijkbaar" else math.nan,
                provisional=row["status"] != "definitief",
            )
            assert repr(assess(edition(), i, region, None, benchmark).judgement) == repr(own), (name, region.id)


DIFFERS = """
    case                                   | figure                    | region            | benchmark
    most regions are safer than the cities | geregistreerde-misdrijven | achterhoek        | elf-regios
    far from a hospital                    | afstand-ziekenhuis        | zeeuws-vlaanderen | provincie
    empty country                          | bebouwd-terrein           | noard-fryslan     | vergelijkbaar
"""


@pytest.mark.parametrize("case", cases(DIFFERS))
def test_the_difference_is_another_one_against_another_benchmark(case: dict[str, str]) -> None:
    i, region = FIGURES[case["figure"]], REGIONS[case["region"]]
    country = assess(edition(), i, region).judgement
    other = assess(edition(), i, region, None, case["benchmark"]).judgement  # type: ignore[arg-type]
    assert country.outcome != "niet te beoordelen" and other.outcome != "niet te beoordelen"
    assert country.difference != pytest.approx(other.difference, rel=0.01)


def test_outcomes_differ_between_benchmarks_where_the_benchmarks_do() -> None:
    """Each pair of benchmarks disagrees somewhere, and never without another number behind it."""
    core = [i for i in definitions().indicators if i.core and i.aggregation.kind not in ("geen", "som")]
    disagree: dict[tuple[str, str], int] = {}
    for i in core:
        for region in REGIONS.values():
            found = {b: assess(edition(), i, region, None, b) for b in BENCHMARKS}
            for a in BENCHMARKS:
                for b in BENCHMARKS:
                    if a < b and found[a].judgement.outcome != found[b].judgement.outcome:
                        disagree[a, b] = disagree.get((a, b), 0) + 1
                        assert found[a].benchmark.value != found[b].benchmark.value
    assert len(disagree) == 6 and min(disagree.values()) > 10, disagree


# -- Overzicht ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_start_page_places_every_mark_by_its_own_benchmark(benchmark: BenchmarkId) -> None:
    content = compose_overview(definitions(), edition(), composer(), benchmark)
    assert content.benchmark == BENCHMARK_NAMES[benchmark]
    for line in content.lines:
        for mark in (m for marks in line.goals for m in marks):
            i = mark.indicator
            a = assess(edition(), i, line.region, None, benchmark)
            assert mark.row.outcome == a.judgement.outcome
            if math.isnan(mark.place):
                assert a.judgement.outcome == "niet te beoordelen"
                continue
            gap = number_of(i.id, line.region.id, a.value.year) - number_of(
                i.id, code_of(line.region.id, benchmark), a.value.year
            )
            side = -1 if i.direction == "lager-gunstig" else 1
            assert mark.place == pytest.approx(side * gap / (4 * edition().relevant_difference(i.id)), abs=1e-6)
    for h in content.highlights:
        outcomes = [assess(edition(), h.indicator, r, None, benchmark).judgement.outcome for r in REGIONS.values()]
        for count, outcome in re.findall(r"(\d+) (ongunstiger|gunstiger|hoger|lager|vergelijkbaar)", h.sentence):
            assert outcomes.count(outcome) == int(count), h.sentence  # type: ignore[arg-type]
        if h.voice:
            verdicts = [
                x.verdict
                for r in REGIONS.values()
                for x in hold(definitions(), edition(), h.voice, r, benchmark)
                if x.indicator == h.indicator.id
            ]
            assert {v: verdicts.count(v) for v in set(verdicts)} == dict(h.verdicts)


# -- Kaart ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
@pytest.mark.parametrize("name", ["overgewicht", "woz-waarde", "afstand-ziekenhuis"])
def test_a_municipality_is_coloured_by_its_difference_from_its_own_benchmark(name: str, benchmark: BenchmarkId) -> None:
    """In a region that of the region, also where the municipality lies in another province; else its own province."""
    i, year = FIGURES[name], edition().years(name)[-1]
    figure = composer().map(i, None, "gemeenten", benchmark)
    colours = dict(figure.colours)
    assert len(colours) == 342 and figure.compared == BENCHMARK_NAMES[benchmark]
    for code, told in colours.items():
        region = OWNER.get(code)
        if benchmark == "vergelijkbaar":
            base = f"{region.id}~" if region else ""
        elif benchmark == "provincie":
            base = region.province if region else PROVINCE[code]
        else:
            base = {"nederland": "NL01", "elf-regios": "npvr"}[benchmark]
        own, other = (rounded(number_of(name, a, year), i.decimals) for a in (code, base))
        assert told == pytest.approx(rounded(own - other, i.decimals), nan_ok=True), code
        if benchmark == "vergelijkbaar" and region is None:
            assert math.isnan(told) and code not in dict(figure.classed)
    if benchmark == "vergelijkbaar":
        assert {c for c, v in colours.items() if not math.isnan(v)} <= set(OWNER)


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_map_of_regions_colours_by_judgement_and_labels_the_difference(benchmark: BenchmarkId) -> None:
    i = FIGURES["overgewicht"]
    figure = composer().map(i, None, "regios", benchmark)
    step = dict(figure.classed)
    year = figure.numbered[0].year
    assert set(step) <= set(OWNER)
    for label in figure.labels:
        region = REGIONS[label.region]
        other = rounded(number_of(i.id, code_of(region.id, benchmark), year), i.decimals)
        gap = rounded(number_of(i.id, region.id, year), i.decimals) - other
        assert flat(label.text) == flat(difference(gap, i.unit, i.decimals)).replace("procentpunt", "%-punt")
        outcome = assess(edition(), i, region, None, benchmark).judgement.outcome
        places = {step[c] for c in region.codes}
        assert len(places) == 1
        # Five steps from lower to higher; overweight is better when lower.
        assert {"gunstiger": {0, 1}, "vergelijkbaar": {2}, "ongunstiger": {3, 4}}[outcome] >= places


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_map_page_counts_and_judges_against_the_benchmark(benchmark: BenchmarkId) -> None:
    test = visit("kaart", indicator="overgewicht", niveau="regios", vergelijk=benchmark)
    text = check_sound(test).text
    i = FIGURES["overgewicht"]
    outcomes = [assess(edition(), i, r, None, benchmark).judgement.outcome for r in REGIONS.values()]
    told = re.search(r"Vergeleken met ([^.]+?) is dit (in [^.]+)\.", text)
    assert told and told[1] == BENCHMARK_NAMES[benchmark]
    counted = {word: int(n) for n, word in re.findall(r"in (\d+) (?:regio’s |regio )?(\w+)", told[2])}
    assert counted == {o: outcomes.count(o) for o in set(outcomes)}  # type: ignore[arg-type]
    assert f"verschil met {BENCHMARK_NAMES[benchmark]}" in text
    assert f"Vergeleken met {BENCHMARK_NAMES[benchmark]}" in text


def test_a_count_shows_its_value_and_says_that_there_is_no_difference() -> None:
    for benchmark in BENCHMARKS:
        test = visit("kaart", indicator="inwoners", vergelijk=benchmark)
        assert "Een verschil is er bij dit cijfer niet; u ziet de waarde zelf." in check_sound(test).text


def test_the_legend_says_that_only_the_eleven_regions_have_comparable_ones() -> None:
    text = check_sound(visit("kaart", indicator="overgewicht", vergelijk="vergelijkbaar")).text
    blank = 342 - len([c for c in OWNER if not math.isnan(number_of("overgewicht", c, 2024))])
    assert f"of buiten de elf regio’s ({blank} gemeenten)" in text
    assert "buiten de elf regio’s (" not in check_sound(visit("kaart", indicator="overgewicht")).text


# -- Trends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_line_of_the_benchmark_has_its_numbers_and_its_name(benchmark: BenchmarkId) -> None:
    for name, region in (("overgewicht", "zuid-limburg"), ("werkloosheid", "noard-fryslan")):
        i = FIGURES[name]
        figure = composer().trend(i, [REGIONS[region]], benchmark)
        (line,) = [s for s in figure.series if s.role == "land"]
        code = code_of(region, benchmark)
        assert line.area == code
        for row in line.rows:
            wanted = rounded(number_of(name, code, row.year), i.decimals)
            assert row.value == pytest.approx(wanted, nan_ok=True)
        assert sum(not math.isnan(r.value) for r in line.rows) >= 3
        province = edition().names[REGIONS[region].province]
        assert line.name.startswith(province if benchmark == "provincie" else LINES[benchmark])
        assert (f"vergelijk={benchmark}" in figure.link) == (benchmark != "nederland")


# -- Regio and its strips -------------------------------------------------------------------------------------


@cache
def region_page(region: str, benchmark: BenchmarkId) -> RegionPage:
    return compose_region(definitions(), edition(), composer(), REGIONS[region], benchmark)


@pytest.mark.parametrize(
    "region, benchmark", some([(r, b) for b in BENCHMARKS for r in ("zuid-limburg", "noard-fryslan")], 3)
)
def test_every_figure_of_a_region_stands_beside_the_benchmark(region: str, benchmark: BenchmarkId) -> None:
    page = region_page(region, benchmark)
    checked = 0
    for pair in (p for g in page.goals for p in g.pairs):
        i, figure = pair.indicator, pair.figure
        if figure.region is None or figure.benchmark is None:
            continue
        code = code_of(region, benchmark)
        year = figure.region.year
        assert figure.benchmark.area == code
        assert figure.benchmark.value == rounded(number_of(i.id, code, year), i.decimals)
        a = assess(edition(), i, REGIONS[region], year, benchmark)
        assert figure.region.outcome == a.judgement.outcome
        if a.judgement.outcome != "niet te beoordelen":
            assert flat(f"{a.benchmark.name} ({shown(i, a.benchmark.value)})") in flat(figure.sentence)
        checked += 1
    assert checked > 15
    assert page.benchmark == benchmark_area(REGIONS[region], benchmark, edition())[1]
    for also in (a for g in page.goals for _, found in g.also for a in found):
        made = assess(edition(), also.indicator, REGIONS[region], None, benchmark)
        assert also.row.outcome == made.judgement.outcome
    for goal in page.goals:
        for finding, held in (v for p in goal.pairs for v in p.voices):
            assert held == hold(definitions(), edition(), finding, REGIONS[region], benchmark)


def scale_of(figure: Any) -> tuple[float, float]:
    """The ends of a strip: the lowest and highest number in it."""
    rows = [*figure.municipalities, figure.region, figure.benchmark]
    numbers = [v for r in rows if r for v in (r.value, r.lower, r.upper) if not math.isnan(v)]
    return min(numbers), max(numbers)


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_a_strip_has_the_band_of_the_smallest_relevant_difference_around_its_benchmark(benchmark: BenchmarkId) -> None:
    """3% to 97% of the width is the scale; the band may run on to the edge and no further."""
    bands = clipped = 0
    for region in ("zuid-limburg", "zeeuws-vlaanderen", "noard-fryslan"):
        for pair in (p for g in region_page(region, benchmark).goals for p in g.pairs):
            i, figure = pair.indicator, pair.figure
            drawn = strip(figure)
            found = re.findall(r'<rect class="bd" x="([\d.-]+)%" width="([\d.-]+)%"', drawn)
            judged = figure.region is not None and i.aggregation.kind not in ("som", "geen")
            relevant = rule_for(i, edition()).relevant
            if not (judged and figure.benchmark and relevant > 0):
                assert not found, i.id
                continue
            low, high = scale_of(figure)
            if high == low:
                # One municipality with the number of the benchmark: nothing to show a distance on.
                assert found == [("50.0", "0.0")]
                continue
            edges = [
                min(100.0, max(0.0, 3 + 94 * (figure.benchmark.value + side * relevant - low) / (high - low)))
                for side in (-1, 1)
            ]
            ((left, width),) = found
            assert float(left) == pytest.approx(edges[0], abs=0.06), i.id
            assert float(left) + float(width) == pytest.approx(edges[1], abs=0.11), i.id
            bands, clipped = bands + 1, clipped + (edges[0] == 0 or edges[1] == 100)
            # The band lies behind the rule of the benchmark, and the mark of a comparable count lies inside it.
            rule = re.search(r'<line x1="([\d.]+)%" x2="\1%" y1="20"', drawn)
            assert rule and float(left) - 0.1 <= float(rule[1]) <= float(left) + float(width) + 0.1
            assert drawn.index('class="bd"') < drawn.index("<line")
    assert bands > 50


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_threshold_is_told_with_the_number_that_decides(benchmark: BenchmarkId) -> None:
    for i in definitions().indicators:
        if not i.core:
            continue
        figure = composer().strip(i, REGIONS["zuid-limburg"], None, benchmark)
        relevant = rule_for(i, edition()).relevant
        if i.aggregation.kind in ("geen", "som"):
            assert figure.threshold == ""
            continue
        told = re.match(r"Een verschil doet ertoe vanaf (€?[^a-z%]*)", flat(figure.threshold))
        assert told and parse(told[1]) == pytest.approx(relevant), figure.threshold
        assert figure.threshold.endswith(".") and figure.threshold in figure.notes
        assert figure.relevant == relevant
        # What lies just inside is comparable, what lies on it is not.
        rule = rule_for(i, edition())
        if "register" in (rule.method, rule.judge_as):
            inside, on = (judge(rule, 100 + relevant * k, 100).outcome for k in (0.99, 1))
            assert (inside, on != "vergelijkbaar") == ("vergelijkbaar", True)


def test_a_strip_in_the_table_below_the_map_has_its_band_on_the_scale_of_the_table() -> None:
    """One scale for the 11: the band is as wide in each row, and lies around the benchmark of that row."""
    i = FIGURES["overgewicht"]
    drawn = markup(visit("kaart", indicator=i.id, vergelijk="provincie"))
    table = re.search(r'<table class="tw">.*?</table>', drawn)
    assert table
    rows = re.findall(r'data-area="([a-z-]+)">.*?<rect class="bd" x="([\d.]+)%" width="([\d.]+)%"', table[0])
    assert {r for r, _, _ in rows} == set(REGIONS)
    ends = re.search(r"Gemeenten, van ([\d,]+) tot ([\d,]+)", table[0])
    assert ends
    low, high = parse(ends[1]), parse(ends[2])
    relevant = rule_for(i, edition()).relevant
    for region, left, width in rows:
        held = rounded(number_of(i.id, REGIONS[region].province, 2024), i.decimals)
        middle = 3 + 94 * (held - low) / (high - low)
        assert float(left) + float(width) / 2 == pytest.approx(middle, abs=0.15), region
        assert float(width) == pytest.approx(2 * 94 * relevant / (high - low), abs=0.11), region


def test_an_age_group_stands_beside_the_benchmark_that_it_is_judged_against() -> None:
    page = region_page("zuid-limburg", "provincie")
    groups = [(p, a) for g in page.goals for p in g.pairs for a in p.groups]
    assert groups
    for pair, aside in groups:
        i = next(x for x in definitions().indicators if x.part_of == pair.indicator.id and x.group == aside.label)
        a = assess(edition(), i, REGIONS["zuid-limburg"], None, "provincie")
        assert aside.row.outcome == a.judgement.outcome
        assert aside.benchmark == f"de provincie Limburg {shown(i, a.benchmark.value)}", (i.id, aside.benchmark)


# -- Gemeente -------------------------------------------------------------------------------------------------


def lines_of(page: MunicipalityPage) -> dict[str, Line]:
    return {x.indicator.id: x for _, themes in page.goals for _, found in themes for x in found}


def municipality(code: str, benchmark: BenchmarkId) -> MunicipalityPage:
    return compose_municipality(definitions(), edition(), composer(), code, benchmark)


HELD = """
    municipality | where                  | benchmark     | against      | name
    GM0294       | Winterswijk            | nederland     | NL01         | Nederland
    GM0294       | Winterswijk            | provincie     | PV25         | de provincie Gelderland
    GM0294       | Winterswijk            | elf-regios    | npvr         | de elf regio’s samen
    GM0294       | Winterswijk            | vergelijkbaar | achterhoek~  | vergelijkbare regio’s
    GM0935       | Maastricht             | vergelijkbaar | zuid-limburg~ | vergelijkbare regio’s
    GM0363       | Amsterdam, outside     | nederland     | NL01         | Nederland
    GM0363       | Amsterdam, outside     | provincie     | PV27         | de provincie Noord-Holland
    GM0363       | Amsterdam, outside     | elf-regios    | npvr         | de elf regio’s samen
    GM0363       | Amsterdam, outside     | vergelijkbaar | NL01         | Nederland
    GM0080       | Leeuwarden, uncertain  | vergelijkbaar | NL01         | Nederland
"""


@pytest.mark.parametrize("case", cases(HELD, "where", "benchmark"))
def test_a_municipality_stands_beside_the_benchmark_in_numbers_and_in_words(case: dict[str, str]) -> None:
    page = municipality(case["municipality"], case["benchmark"])  # type: ignore[arg-type]
    assert page.benchmark == case["name"]
    for name, x in lines_of(page).items():
        other = number_of(name, case["against"], x.row.year)
        assert x.country == ("–" if math.isnan(other) else shown(FIGURES[name], other))
        if x.row.outcome in ("gunstiger", "ongunstiger", "hoger", "lager"):
            upward = number_of(name, case["municipality"], x.row.year) > other
            better = FIGURES[name].direction == ("hoger-gunstig" if upward else "lager-gunstig")
            neutral = FIGURES[name].direction == "geen"
            expected = ("hoger" if upward else "lager") if neutral else ("gunstiger" if better else "ongunstiger")
            assert x.row.outcome == expected, name
    assert case["name"].lower() in [h.lower() for h in page.figure.content.headers]


@pytest.mark.parametrize("code", ["GM0363", "GM0080"], ids=["outside", "uncertain"])
def test_a_municipality_outside_the_eleven_says_that_it_shows_the_netherlands(code: str) -> None:
    test = visit("gemeente", gemeente=code, vergelijk="vergelijkbaar")
    text = check_sound(test).text
    assert "vergelijkbare regio’s zijn er niet voor. U ziet Nederland." in text
    assert "Vergeleken met Nederland" in text and "Vergeleken met vergelijkbare regio’s" not in text
    for benchmark in ("nederland", "provincie", "elf-regios"):
        other = check_sound(visit("gemeente", gemeente=code, vergelijk=benchmark)).text
        assert "U ziet Nederland." not in other
    inside = check_sound(visit("gemeente", gemeente="GM0294", vergelijk="vergelijkbaar")).text
    assert "U ziet Nederland." not in inside and "Vergeleken met vergelijkbare regio’s" in inside


def test_a_survey_of_a_municipality_beside_comparable_regions_counts_both_margins() -> None:
    """As docs/oordelen.md says: they are a sample of other people. In 14 of 2,148 cases that turns the judgement."""
    wrong = []
    for code, region in OWNER.items():
        for i in definitions().indicators:
            if i.method != "enquete" or i.part_of:
                continue
            held, sample = benchmark_of(definitions(), edition(), code, "vergelijkbaar")
            assert sample and held == benchmark_area(region, "vergelijkbaar", edition())
            a = asm.assess_municipality(edition(), i, code, edition().years(i.id)[-1], held, sample=sample)
            if math.isnan(a.judgement.difference) or a.judgement.outcome == "vergelijkbaar":
                continue
            own = a.value.value - a.value.lower if a.judgement.difference > 0 else a.value.upper - a.value.value
            if abs(a.judgement.difference) <= math.hypot(own, a.benchmark.half_width):
                wrong.append((code, i.id))
    assert not wrong


def test_the_file_of_a_municipality_leads_back_to_its_benchmark() -> None:
    assert "vergelijk=provincie" in municipality("GM0294", "provincie").figure.link


def test_a_figure_that_is_unusable_because_of_a_municipality_is_not_judged_for_that_municipality() -> None:
    found = lines_of(municipality("GM1950", "nederland"))
    named = [i for i in definitions().indicators if any(u.municipality == "GM1950" for u in i.unusable)]
    assert len(named) == 2
    for i in named:
        assert found[i.id].row.outcome == "niet te beoordelen", found[i.id].row


# -- Regiodialoog ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_what_was_said_is_held_against_the_benchmark(benchmark: BenchmarkId) -> None:
    """A level is compared with the benchmark, a movement with the region's own past."""
    levels = 0
    for region, finding in ((r, f) for r in REGIONS.values() for f in definitions().findings_for(r.id)):
        plain = hold(definitions(), edition(), finding, region)
        held = hold(definitions(), edition(), finding, region, benchmark)
        for said, one, country in zip(finding.indicators, held, plain, strict=False):
            if said.expects in ("stijgt", "daalt", "meet-niet"):
                assert one == country, "the past is the same whatever it is compared with"
                continue
            a = assess(edition(), FIGURES[said.id], region, None, benchmark)
            outcome = a.judgement.outcome
            if outcome == "niet te beoordelen":
                assert one.verdict == "meten niet"
                continue
            levels += 1
            if said.expects in ("gunstig", "ongunstig") and outcome not in ("hoger", "lager"):
                assert (one.verdict == "bevestigen") == (outcome == f"{said.expects}er")
            if not a.judgement.uncertain:
                assert a.benchmark.name in one.reason
    assert levels > 30


def test_some_verdicts_turn_with_the_benchmark() -> None:
    turned = 0
    for region in REGIONS.values():
        for finding in definitions().findings_for(region.id):
            verdicts = {
                tuple(h.verdict for h in hold(definitions(), edition(), finding, region, b)) for b in BENCHMARKS
            }
            turned += len(verdicts) > 1
    assert turned > 5
