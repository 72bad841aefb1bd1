"""Vergelijken: what the rows hold, worked out once more from the edition, what stands out, and the page itself."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
import streamlit as st

from monitor import profile
from monitor.assessment import BENCHMARKS, BenchmarkId, assess, benchmark_area, change_of, value_of
from monitor.definitions import Indicator
from monitor.figures.compose import Composer
from monitor.figures.files import csv_bytes
from monitor.notation import UNIT_LABELS, difference
from monitor.profile import Standing
from monitor.screens import compare_html
from monitor.screens.compare import Comparison, chosen_indicators, compose_comparison
from monitor.screens.striking import MOST, PER_THEME, RULE, Stands, Striking, change_size, compose_striking
from monitor.state import State
from monitor.statistics.rank import Place
from tests.spec_table import cases, definitions, edition, some
from tests.test_figures import DOT_DECIMAL, ENGLISH
from tests.test_pages import check_sound, control, flat, markup, read, url, visit

REGIONS = {r.id: r for r in definitions().regions}
FIGURES = {i.id: i for i in definitions().indicators}
GOALS, THEMES = [g.id for g in definitions().goals], [t.id for t in definitions().themes]
SETS: dict[str, dict[str, Any]] = {
    "core": {},
    **{f"goal {g}": {"goal": g} for g in GOALS},
    **{t: {"theme": t} for t in THEMES},
}
# Each figure stands in one theme: the themes together hold them all.
BY_THEME = [s for s in SETS if s in THEMES]


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)


@cache
def composer() -> Composer:
    """Makes the figures of the shipped edition."""
    return Composer(definitions(), edition())


@cache
def panel() -> Any:
    """The municipal figures of the shipped edition."""
    return profile.panel_of(definitions(), edition())


@cache
def standings(benchmark: BenchmarkId, since: int | None = None) -> dict[str, tuple[Standing, ...]]:
    """All figures of the 11 regions."""
    return profile.of_regions(definitions(), edition(), benchmark, panel(), since)


@cache
def compared(region: str, benchmark: BenchmarkId, chosen: str, since: int | None = None, order: str = "") -> Comparison:
    """The content of the page."""
    state = State("vergelijken", (region,), compare=benchmark, since=since, order=order or None, **SETS[chosen])
    indicators = chosen_indicators(definitions(), state)
    return compose_comparison(composer(), standings(benchmark, since), indicators, state)


# -- worked out once more, from the rows of the edition -------------------------------------------------------


@cache
def corop_spread(indicator: str) -> float:
    """The standard deviation between COROP regions, in the last year in which at least 30 have a value."""
    rows = edition().indicator(indicator)
    rows = rows[rows["area"].astype(str).str.startswith("CR") & rows["value"].notna()]
    counts = rows.groupby("year").size()
    years = counts[counts >= 30].index
    return float(np.std(rows.loc[rows["year"] == max(years), "value"].to_numpy())) if len(years) else math.nan


def number_of(indicator: str, area: str, year: int, column: str = "value") -> float:
    row = edition().row(indicator, area, year)
    return float(row[column]) if row else math.nan


def half_width(i: Indicator, region: str, year: int) -> float:
    """Nothing for a count, its own margin for a survey, that of the province for an estimate."""
    if "register" in (i.method, i.judge_as):
        return 0.0
    area = region if i.method == "enquete" else REGIONS[region].province
    row = edition().row(i.id, area, year)
    if row is None or (i.method == "modelschatting" and row["basis"] != "cbs"):
        return math.nan
    return float(row["upper"] - row["lower"]) / 2


@cache
def last_value(indicator: str, region: str) -> float:
    """The value of a region in the last year of a figure."""
    return number_of(indicator, region, edition().years(indicator)[-1])


def covered(indicator: str, region: str, first: int) -> bool:
    """Whether all years with a value, from the first on, rest on 80% of the weight."""
    own = edition().series(indicator, region)
    return bool((own.loc[(own["year"] >= first) & own["value"].notna(), "coverage"] > 0.799).all())


def plain_places(indicator: str, relevant: float) -> dict[str, tuple[int, int, int]]:
    """The places of the 11 regions, by the words of the rule on the page."""
    i, year = FIGURES[indicator], edition().years(indicator)[-1]
    values = {r: number_of(indicator, r, year) for r in REGIONS if not i.unusable_for(r)}
    alone = "het is een schatting die op één gemeente steunt"
    refused = {r for r in values if assess(edition(), i, REGIONS[r], year).judgement.reason == alone}
    values = {r: v for r, v in values.items() if not math.isnan(v) and r not in refused}
    found = {}
    for r, own in values.items():
        ahead = behind = 0
        for other, v in values.items():
            gap = own - v
            margins = math.hypot(half_width(i, r, year), half_width(i, other, year))
            if abs(gap) >= relevant - 1e-9 and abs(gap) > margins:
                # Lower is ahead only where lower is better.
                ahead += (gap > 0) == (i.direction == "lager-gunstig")
                behind += (gap < 0) == (i.direction == "lager-gunstig")
        found[r] = (1 + ahead, len(values) - behind, len(values))
    return found


def triple(p: Place | None) -> tuple[int, int, int] | None:
    return (p.best, p.worst, p.of) if p else None


# -- the content ----------------------------------------------------------------------------------------------


# Two benchmarks go with every change; all four take as long as they take.
SLOW = pytest.mark.slow
SOME = ["nederland", *(pytest.param(b, marks=SLOW) for b in ("provincie", "elf-regios", "vergelijkbaar"))]


@pytest.mark.parametrize("benchmark", SOME)
def test_every_row_has_every_region_once_and_every_figure_stands_where_it_belongs(benchmark: BenchmarkId) -> None:
    for region in REGIONS:
        for chosen, wanted in SETS.items():
            c = compared(region, benchmark, chosen)
            whole = [i for i in definitions().indicators if not i.part_of]
            if "theme" in wanted:
                expected = [i for i in whole if i.theme == wanted["theme"]]
            else:
                expected = [i for i in whole if (wanted["goal"] in i.goals if wanted else i.core)]
            shown = [r.indicator.id for r in c.rows]
            comparable = [i for i in expected if i.aggregation.kind not in ("som", "geen")]
            regional = {i.id for i in comparable if any(not math.isnan(last_value(i.id, r)) for r in REGIONS)}
            assert set(shown) == regional and len(shown) == len(set(shown)), (chosen, region)
            assert set(c.counts) == {i.full_name for i in expected if i.aggregation.kind == "som"}
            left = {i.full_name for i in expected if i.id not in regional} - set(c.counts)
            assert set(c.without) == left
            for r in c.rows:
                assert r.own.region.id == region
                assert Counter([region, *(d.region.id for d in r.others)]) == Counter(list(REGIONS))
            assert c.benchmark == benchmark_area(REGIONS[region], benchmark, edition())[1]
            cells = [(x[0], x[1]) for x in c.figure.content.cells]
            assert cells == [(r.indicator.full_name, x.name) for r in c.rows for x in REGIONS.values()]


@pytest.mark.parametrize("benchmark", SOME)
def test_a_distance_is_the_difference_in_standard_deviations_between_corop_regions(benchmark: BenchmarkId) -> None:
    signs: Counter[bool] = Counter()
    for region in REGIONS:
        for theme in BY_THEME:
            for row in compared(region, benchmark, theme).rows:
                s, i = row.own.standing, row.indicator
                own = number_of(i.id, region, s.year)
                code, _ = benchmark_area(REGIONS[region], benchmark, edition())
                other = number_of(i.id, code, s.year)
                assert s.value == pytest.approx(own, abs=1e-8, nan_ok=True)
                assert s.benchmark == pytest.approx(other, abs=1e-8, nan_ok=True), (i.id, region)
                # Of victims and of feeling unsafe too few COROP regions have a figure: judged, but without a scale.
                spread = corop_spread(i.id)
                assert math.isnan(spread) == (row.band == 0)
                if s.judgement.outcome == "niet te beoordelen" or math.isnan(spread):
                    assert math.isnan(s.distance)
                    continue
                side = -1 if i.direction == "lager-gunstig" else 1
                assert s.distance == pytest.approx(side * (own - other) / spread, rel=1e-6, abs=1e-6), (i.id, region)
                if s.judgement.outcome not in ("vergelijkbaar", "niet te beoordelen"):
                    assert abs(s.distance) >= row.band - 1e-6, "a difference that counts lies outside the band"
                    assert (s.distance > 0) == (s.judgement.outcome in ("gunstiger", "hoger"))
                    signs[s.distance > 0] += 1
    assert signs[True] > 50 and signs[False] > 50


def test_the_dots_of_the_others_are_their_own_standings() -> None:
    """Each region is highlighted somewhere: its mark there is its dot elsewhere."""
    for benchmark in BENCHMARKS:
        marks = {
            (r.indicator.id, region): r.own for region in REGIONS for r in compared(region, benchmark, "core").rows
        }
        for region in ("twente", "zeeuws-vlaanderen"):
            for row in compared(region, benchmark, "core").rows:
                for d in row.others:
                    assert repr(d) == repr(marks[row.indicator.id, d.region.id])


def test_a_range_of_places_is_what_the_rule_on_the_page_says() -> None:
    """The same places against every benchmark: they compare regions with each other."""
    certain = wide = 0
    for benchmark in BENCHMARKS:
        for theme in BY_THEME:
            for row in compared("twente", benchmark, theme).rows:
                i = row.indicator
                relevant = row.band * 4 * edition().relevant_difference(i.id)
                expected = plain_places(i.id, round(relevant, 9))
                for d in (row.own, *row.others):
                    assert triple(d.place) == expected.get(d.region.id), (i.id, d.region.id)
                    if d.place:
                        certain, wide = certain + (d.place.best == d.place.worst), wide + (d.place.best < d.place.worst)
    assert certain > 400 and wide > 400


def test_the_first_place_is_the_most_favourable_region() -> None:
    """Violence: lower is better, so the region with the fewest is surely not behind one with clearly more."""
    for name in ("geregistreerde-misdrijven", "vrijwilligerswerk"):
        row = next(r for t in BY_THEME for r in compared("twente", "nederland", t).rows if r.indicator.id == name)
        dots = [d for d in (row.own, *row.others) if d.place]
        best = min(dots, key=lambda d: d.standing.value * (1 if row.indicator.direction == "lager-gunstig" else -1))
        assert best.place and best.place.best == 1


def test_a_figure_that_is_unusable_for_a_region_gives_it_no_place_and_the_others_one_less() -> None:
    """Whoever registers in Ter Apel counts as a move: those figures say something else for Groningen."""
    for benchmark in BENCHMARKS:
        rows = {r.indicator.id: r for r in compared("noord-en-oost-groningen", benchmark, "bevolking").rows}
        unusable = [i for i in definitions().indicators if i.unusable]
        assert len(unusable) == 2
        for i in unusable:
            own = rows[i.id].own
            assert own.place is None and math.isnan(own.standing.distance) and not math.isnan(own.standing.value)
            assert own.standing.judgement.reason == "dit cijfer is voor deze regio niet bruikbaar"
            assert all(d.place and d.place.of == 10 for d in rows[i.id].others)
            assert "geen plaats op de schaal" in compare_html.scale(rows[i.id])
            assert '<td class="num" data-label="Plaats">–</td>' in compare_html.table(
                compared("noord-en-oost-groningen", benchmark, "bevolking")
            )


def test_an_unknown_value_is_counted_per_nothing_and_a_known_one_per_what_its_unit_says() -> None:
    told = compare_html.table(compared("achterhoek", "nederland", "veiligheid"))
    assert "<b>–</b></td>" in told and "<b>–</b> <small>" not in told
    assert "<b>26,4</b> <small>per 1.000 inwoners</small>" in told


def test_a_figure_that_is_unusable_for_a_region_has_no_trend_there() -> None:
    rows = {r.indicator.id: r for r in compared("noord-en-oost-groningen", "nederland", "bevolking").rows}
    for i in (i for i in definitions().indicators if i.unusable):
        assert rows[i.id].own.standing.course.movement == "niet te beoordelen", rows[i.id].change


def test_an_estimate_that_is_not_judged_because_it_rests_on_one_municipality_has_no_place() -> None:
    """The margin of the province says nothing of a single municipality: so says the judgement in the same row."""
    rows = {r.indicator.id: r for r in compared("zeeuws-vlaanderen", "nederland", "core").rows}
    own = rows["vertrouwen-instituties"].own
    assert own.standing.judgement.reason == "het is een schatting die op één gemeente steunt"
    assert own.place is None


@pytest.mark.parametrize("since", [None, pytest.param(2018, marks=pytest.mark.slow), 2020])
def test_the_change_in_a_row_is_that_of_the_trend_page(since: int | None) -> None:
    seen: Counter[str] = Counter()
    for region in ("zuid-limburg", "noord-en-oost-groningen", "zeeuws-vlaanderen"):
        for theme in BY_THEME:
            for row in compared(region, "nederland", theme, since).rows:
                i = row.indicator
                c = change_of(edition(), i, region, since)
                own = row.own.standing.course
                assert (own.movement, own.reason, own.first, own.last, own.test) == (
                    *(c.movement, c.reason, c.first, c.last, c.test),
                )
                assert own.tone == row.tone == c.tone
                seen[c.movement] += 1
                if not c.first:
                    assert row.change in (c.reason, "te weinig jaren")
                    continue
                assert row.change.count(f"({c.first}-{c.last})") == 1
                assert difference(c.difference, i.unit, i.decimals) in row.change
                assert row.change.startswith(c.movement) == (c.movement != "niet te beoordelen")
                assert row.change.endswith("geen oordeel") == (c.movement == "niet te beoordelen")
                trend = c.slope is not None and c.movement in ("gestegen", "gedaald")
                assert (f"trend over {c.points} jaren" in row.change) == trend
                if since:
                    assert c.first == since and not trend
    assert min(seen.values()) > 5 and len(seen) == 4


def test_rows_stand_per_goal_or_as_the_reader_asks() -> None:
    for region in ("achterhoek", "zeeuws-vlaanderen", "zuidoost-fryslan"):
        for chosen in ("core", "goal 2", "wonen"):
            plain, gap, moved, covered = (
                compared(region, "provincie", chosen, None, order).rows
                for order in ("", "verschil", "verandering", "dekking")
            )
            for other in (gap, moved, covered):
                assert Counter(r.indicator.id for r in other) == Counter(r.indicator.id for r in plain)
            if chosen == "core":
                goals = [min(r.indicator.goals) for r in plain]
                assert goals == sorted(goals)
            gaps = [abs(r.own.standing.distance) for r in gap]
            known = [x for x in gaps if not math.isnan(x)]
            assert known == sorted(known, reverse=True) and gaps[: len(known)] == known, "the unknown ones come last"
            sizes = []
            for r in moved:
                c = r.own.standing.course
                total = c.difference if c.slope is None else c.slope.value * (c.last - c.first)
                judged = c.movement != "niet te beoordelen"
                sizes.append(abs(total) / corop_spread(r.indicator.id) if judged else -1.0)
            assert sizes == pytest.approx(sorted(sizes, reverse=True)) and sizes[0] > 0.2
            shares = [r.own.standing.coverage for r in covered]
            assert shares == sorted(shares)


def test_the_summary_counts_the_rows() -> None:
    for region in REGIONS:
        for chosen in ("core", "goal 1", "gezondheid"):
            c = compared(region, "elf-regios", chosen)
            counts = Counter(r.own.standing.judgement.outcome for r in c.rows)
            told = {word: int(n) for n, word in re.findall(r"(\d+) ([a-z ]+?)(?:,| en |\.$)", c.summary)}
            assert {k: v for k, v in told.items() if k in counts} == dict(counts)
            assert c.summary.startswith(f"De {len(c.rows)} cijfers hieronder, vergeleken met {c.benchmark}: ")
            assert c.summary.endswith(".")


def test_a_choice_without_a_single_row_has_a_sentence() -> None:
    state = State("vergelijken", ("twente",))
    c = compose_comparison(composer(), standings("nederland"), [FIGURES["inwoners"]], state)
    assert c.rows == () and c.summary == "Bij deze keuze is er voor Twente geen cijfer."


def test_what_is_named_as_without_a_regional_figure_has_none() -> None:
    c = compared("twente", "nederland", "bevolking")
    year = edition().years("inwoners")[-1]
    assert not math.isnan(number_of("inwoners", "twente", year))
    assert FIGURES["inwoners"].full_name not in c.without


def test_a_table_that_compares_each_region_with_its_own_province_does_not_name_one_province_for_all() -> None:
    """Twente is held against Overijssel; the title of the table of the Achterhoek says Gelderland."""
    c = compared("achterhoek", "provincie", "core")
    twente = next(d for d in c.rows[0].others if d.region.id == "twente").standing
    overijssel, gelderland = (number_of(twente.indicator.id, p, twente.year) for p in ("PV23", "PV25"))
    assert twente.benchmark == pytest.approx(overijssel) and overijssel != gelderland
    assert "vergeleken met de provincie Gelderland" not in c.figure.title


# -- on the scale ---------------------------------------------------------------------------------------------


def test_marks_dots_and_band_stand_where_the_distances_say() -> None:
    """3% to 97% is three standard deviations either side; whoever lies farther stands at the end."""

    def at(x: float) -> float:
        return 3 + 94 * (max(-3.0, min(3.0, x)) + 3) / 6

    beyond = 0
    for row in compared("zeeuws-vlaanderen", "nederland", "core").rows:
        drawn = compare_html.scale(row)
        left, width = re.search(r'<rect x="([\d.]+)%" width="([\d.]+)%"', drawn).groups()  # type: ignore[union-attr]
        assert float(left) == pytest.approx(at(-row.band), abs=0.06)
        assert float(width) == pytest.approx(at(row.band) - at(-row.band), abs=0.06)
        dots = {n: float(x) for x, n in re.findall(r'<circle cx="([\d.]+)%"[^>]*><title>([^:<]+):', drawn)}
        known = {d.region.name: d.standing.distance for d in row.others if not math.isnan(d.standing.distance)}
        assert dots == pytest.approx({n: at(x) for n, x in known.items()}, abs=0.06)
        own = row.own.standing.distance
        marks = re.findall(r'<svg x="([\d.]+)%"', drawn)
        assert [float(m) for m in marks] == pytest.approx([] if math.isnan(own) else [at(own)], abs=0.06)
        assert ("›" in drawn) == (own > 3) and ("‹" in drawn) == (own < -3)
        beyond += abs(own) > 3
        told = re.search(r'aria-label="([^"]*)"', drawn)
        assert told and all(r.name in told[1] for r in REGIONS.values())
        assert (f"{10 - len(known)} niet te beoordelen" in drawn) == (len(known) < 10)
    assert beyond


# -- the file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", SOME)
def test_the_file_holds_every_region_of_every_row_in_dutch_numbers(benchmark: BenchmarkId) -> None:
    c = compared("zuid-limburg", benchmark, "goal 3")
    text = csv_bytes(c.figure, "http://monitor/vergelijken").decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    end = lines.index([])
    head, body, about = lines[0], lines[1:end], {r[0]: r[1] for r in lines[end + 1 :]}
    assert len(body) == 11 * len(c.rows) and all(len(r) == len(head) == len(c.figure.content.numeric) for r in body)
    assert len(set(head)) == len(head)
    order = list(REGIONS)
    for k, cells in enumerate(body):
        row, region = c.rows[k // 11], order[k % 11]
        d = next(x for x in (row.own, *row.others) if x.region.id == region)
        s, i, told = d.standing, row.indicator, dict(zip(head, cells, strict=True))
        assert (told["Cijfer"], told["Regio"], told["Jaar"]) == (i.full_name, REGIONS[region].name, str(s.year))
        assert told["Eenheid"] == UNIT_LABELS[i.unit] and told["Oordeel"] == s.judgement.told
        for name, number, decimals in (
            ("Waarde", s.value, i.decimals),
            ("Ondergrens 95%", s.lower, i.decimals),
            ("Bovengrens 95%", s.upper, i.decimals),
            ("Vergelijking", s.benchmark, i.decimals),
            ("Verschil in standaardafwijkingen", s.distance, 2),
            ("Verandering", s.course.difference, i.decimals),
            ("Dekking (%)", 100 * s.coverage, 0),
        ):
            written = told[name]
            assert bool(written) == (not math.isnan(number)), (name, i.id)
            if written:
                digits = rf",\d{{{decimals}}}" if decimals > 0 else ""
                assert re.fullmatch(rf"-?\d+{digits}", written), (name, written)
                assert float(written.replace(",", ".")) == pytest.approx(number, abs=0.51 * 10.0**-decimals)
        place = (told["Plaats van"], told["Plaats tot"], told["Aantal regio’s"])
        assert place == (tuple(map(str, triple(d.place))) if d.place else ("", "", ""))  # type: ignore[arg-type]
        years = (told["Verandering vanaf"], told["Verandering tot"])
        assert years == ((str(s.course.first), str(s.course.last)) if s.course.first else ("", ""))
    assert about["Editie"] == edition().edition and "CBS" in about["Bron"] and "CC BY 4.0" in about["Bron"]


def test_the_file_leads_back_to_what_was_chosen() -> None:
    state = State("vergelijken", ("twente",), compare="provincie", theme="wonen", since=2018, order="dekking")
    c = compose_comparison(composer(), standings("provincie", 2018), chosen_indicators(definitions(), state), state)
    for part in ("regio=twente", "vergelijk=provincie", "thema=wonen", "vanaf=2018", "volgorde=dekking"):
        assert part in c.figure.link


# -- what stands out ------------------------------------------------------------------------------------------


@cache
def stands(region: str, benchmark: BenchmarkId, since: int | None = None) -> Stands:
    """What stands out in a region."""
    own = standings(benchmark, since)[region]
    return compose_striking(definitions(), edition(), REGIONS[region], own, benchmark, since)


def groups(found: Stands) -> list[tuple[str, bool, tuple[Striking, ...]]]:
    """Outcome, whether it is a change, and the list."""
    return [
        ("ongunstiger", False, found.worse),
        ("gunstiger", False, found.better),
        ("ongunstiger", True, found.worsened),
        ("gunstiger", True, found.improved),
    ]


@pytest.mark.parametrize("benchmark", SOME)
@pytest.mark.parametrize("since", [None, 2020])
def test_what_stands_out_follows_the_rule_that_stands_below_it(benchmark: BenchmarkId, since: int | None) -> None:
    assert f"de {MOST} grootste" in RULE and f"hoogstens {PER_THEME} per thema" in RULE and "80% of meer" in RULE
    assert (MOST, PER_THEME) == (5, 2)
    seen: Counter[tuple[str, bool]] = Counter()
    for region in REGIONS:
        by_id = {s.indicator.id: s for s in standings(benchmark, since)[region]}
        for outcome, changes, listed in groups(stands(region, benchmark, since)):
            sizes = {}
            for s in by_id.values():
                if s.indicator.part_of or s.coverage < 0.8:
                    continue
                if changes and s.course.tone == outcome and covered(s.indicator.id, region, s.course.first):
                    sizes[s.indicator.id] = change_size(edition(), s)
                elif not changes and s.judgement.outcome == outcome:
                    sizes[s.indicator.id] = abs(s.distance)
            # The rule, once more: the largest first, of a theme no more than two, five in all.
            expected, themes = [], Counter[str]()
            for name in sorted(sizes, key=lambda n: -sizes[n]):
                theme = FIGURES[name].theme
                if themes[theme] < 2 and len(expected) < 5:
                    themes[theme] += 1
                    expected.append(name)
            assert [x.indicator.id for x in listed] == expected, (region, outcome, changes)
            assert len(listed) <= 5 and max(Counter(x.indicator.theme for x in listed).values(), default=0) <= 2
            assert [x.size for x in listed] == sorted((x.size for x in listed), reverse=True)
            for x in listed:
                assert x.outcome == outcome and x.indicator.direction != "geen"
                seen[outcome, changes] += 1
                if not changes:
                    a = assess(edition(), x.indicator, REGIONS[region], None, benchmark)
                    assert a.judgement.outcome == outcome and a.value.coverage >= 0.8
                    gap = abs(a.value.value - a.benchmark.value) / corop_spread(x.indicator.id)
                    assert x.size == pytest.approx(gap, rel=1e-6)
    assert min(seen.values()) > 10 and len(seen) == 4


def sentences_told() -> list[tuple[str, str, bool, Striking]]:
    return [
        (region, benchmark, changes, x)
        for benchmark in BENCHMARKS
        for region in REGIONS
        for since in (None, 2018)
        for _, changes, listed in groups(stands(region, benchmark, since))
        for x in listed
    ]


def test_what_stands_out_is_told_in_whole_dutch_sentences() -> None:
    told = sentences_told()
    assert len(told) > 500
    for region, benchmark, changes, x in told:
        text = x.sentence
        assert text.endswith(".") and not text.endswith(".."), text
        assert "  " not in text and " ." not in text and " ," not in text, text
        assert text[0].isupper() and REGIONS[region].spoken in text
        assert not ENGLISH.search(text) and not DOT_DECIMAL.search(text), text
        assert not re.search(r"\b(nan|None|onbekend)\b", text), text
        # One decimal more for the pace of a trend.
        most = max(x.indicator.decimals, 0) + ("per jaar" in text)
        shown = text.replace(x.indicator.caption, "")
        assert all(len(d) <= most for d in re.findall(r"\d,(\d+)", shown)), text
        if not changes:
            name = benchmark_area(REGIONS[region], benchmark, edition())[1]  # type: ignore[arg-type]
            assert f"dan in {name} (" in text, text


def test_the_numbers_in_a_sentence_are_those_of_the_edition() -> None:
    for region, benchmark, changes, x in sentences_told():
        if changes:
            continue
        year = edition().years(x.indicator.id)[-1]
        code, _ = benchmark_area(REGIONS[region], benchmark, edition())  # type: ignore[arg-type]
        for area in (region, code):
            value = number_of(x.indicator.id, area, year)
            step = 10.0**-x.indicator.decimals
            found = [
                float(n.replace(".", "").replace(",", ".").replace("−", "-"))
                for n in re.findall(r"−?\d[\d.]*(?:,\d+)?", x.sentence)
            ]
            assert any(abs(n - value) <= 0.51 * step for n in found), (x.sentence, value)


def test_a_change_tells_whether_the_country_went_the_same_way() -> None:
    """A rise everywhere is not a rise of the region."""
    seen: Counter[str] = Counter()
    for region in REGIONS:
        for _, changes, listed in groups(stands(region, "nederland")):
            for x in listed if changes else ():
                country = change_of(edition(), x.indicator, "NL01").movement
                own = change_of(edition(), x.indicator, region).movement
                endings = {
                    own: "In Nederland ook.",
                    "ongeveer gelijk": "In Nederland bleef het ongeveer gelijk.",
                    "niet te beoordelen": ".",
                }
                other = "In Nederland daalde het." if country == "gedaald" else "In Nederland steeg het."
                assert x.sentence.endswith(endings.get(country, other)), x.sentence
                seen["same" if country == own else country] += 1
    assert seen["same"] > 20 and seen["ongeveer gelijk"] > 3


def test_both_ends_of_a_change_that_stands_out_have_the_coverage_that_the_rule_promises() -> None:
    seen = 0
    for region in REGIONS:
        for since in (None, 2016, 2018, 2020, 2022):
            for _, changes, listed in groups(stands(region, "nederland", since)):
                for x in listed if changes else ():
                    c = change_of(edition(), x.indicator, region, since)
                    ends = [value_of(edition(), x.indicator, region, y).coverage for y in (c.first, c.last)]
                    assert min(ends) >= 0.8 - 1e-6, (region, since, x.sentence, ends)
                    seen += 1
    assert seen > 100


def test_nothing_that_stands_out_is_said_as_such() -> None:
    html = compare_html.striking(Stands((), (), (), ()), REGIONS["twente"], "Nederland")
    assert html.count("Geen duidelijk verschil met Nederland.") == 2
    assert html.count("Geen duidelijke verandering.") == 2


# -- the page -------------------------------------------------------------------------------------------------

CONTROLS = """
    label             | key       | default    | other          | written
    Regio             | regio     | achterhoek | twente         | regio=twente
    Vergelijk met     | vergelijk | nederland  | provincie      | vergelijk=provincie
    Vergelijk met     | vergelijk | nederland  | elf-regios     | vergelijk=elf-regios
    Vergelijk met     | vergelijk | nederland  | vergelijkbaar  | vergelijk=vergelijkbaar
    Cijfers           | doel      | kern       | doel-2         | doel=2
    Cijfers           | thema     | kern       | wonen          | thema=wonen
    Verandering vanaf | vanaf     |            | 2020           | vanaf=2020
    Volgorde          | volgorde  |            | verschil       | volgorde=verschil
    Volgorde          | volgorde  |            | verandering    | volgorde=verandering
    Volgorde          | volgorde  |            | dekking        | volgorde=dekking
"""


@pytest.mark.parametrize("case", some(cases(CONTROLS, "label", "other"), 2))
def test_each_control_writes_the_url_and_the_url_sets_it(case: dict[str, str]) -> None:
    key, value = case["written"].split("=")
    test = visit("vergelijken")
    assert control(test, "selectbox", case["label"]).value == case["default"]
    control(test, "selectbox", case["label"]).select(case["other"]).run()
    chosen = check_sound(test)
    # The region in view goes along from the first choice on.
    assert url(test) == {"regio": ["achterhoek"], key: [value]}
    direct = visit("vergelijken", **{key: value})
    assert control(direct, "selectbox", case["label"]).value == case["other"]
    assert check_sound(direct).text == chosen.text, "a link opens what was chosen"
    control(test, "selectbox", case["label"]).select(case["default"]).run()
    assert url(test) == {"regio": ["achterhoek"]}, "what is the default does not stand in the link"


def test_choosing_keeps_everything_else_that_was_chosen() -> None:
    query = {"regio": "twente", "vergelijk": "elf-regios", "doel": "3", "vanaf": "2016", "volgorde": "verschil"}
    test = visit("vergelijken", **query)
    control(test, "selectbox", "Regio").select("zuid-limburg").run()
    assert url(test) == {k: [v] for k, v in {**query, "regio": "zuid-limburg"}.items()}
    control(test, "selectbox", "Cijfers").select("gezondheid").run()
    expected = {k: [v] for k, v in {**query, "regio": "zuid-limburg", "thema": "gezondheid"}.items() if k != "doel"}
    assert url(test) == expected, "a theme takes the place of a goal"
    control(test, "selectbox", "Cijfers").select("doel-1").run()
    assert url(test) == {**{k: v for k, v in expected.items() if k != "thema"}, "doel": ["1"]}
    control(test, "selectbox", "Cijfers").select("kern").run()
    assert not {"doel", "thema"} & set(url(test))


def shown_rows(test: Any) -> list[str]:
    return re.findall(r'<tr data-indicator="([a-z0-9-]+)">', markup(test))


def test_the_page_shows_the_rows_of_its_content_in_their_order() -> None:
    test = visit("vergelijken", regio="zuid-limburg", vergelijk="provincie", doel="3", volgorde="verschil")
    page = check_sound(test)
    c = compared("zuid-limburg", "provincie", "goal 3", None, "verschil")
    assert shown_rows(test) == [r.indicator.id for r in c.rows]
    assert page.headings == ["Zuid-Limburg naast de andere regio’s"] and flat(c.summary) in page.text
    for r in c.rows:
        for part in (r.value, r.benchmark, r.change, r.own.standing.judgement.told):
            assert flat(part) in page.text
    for _, _, listed in groups(stands("zuid-limburg", "provincie")):
        assert all(flat(x.sentence) in page.text for x in listed)
    assert flat(RULE) in page.text


def test_core_figures_stand_below_their_goals() -> None:
    test = visit("vergelijken")
    heads = re.findall(r'<tr class="gl"><th[^>]*>Doel (\d)', markup(test))
    assert heads == [str(g) for g in GOALS]
    assert sorted(shown_rows(test)) == sorted(r.indicator.id for r in compared("achterhoek", "nederland", "core").rows)
    for query in ({"volgorde": "dekking"}, {"thema": "wonen"}, {"doel": "2"}):
        assert '<tr class="gl">' not in markup(visit("vergelijken", **query))


@pytest.mark.parametrize(
    "chosen",
    [
        *some((f"doel-{g}" for g in GOALS), 3),
        *(pytest.param(t, marks=[pytest.mark.slow] if k % 4 else []) for k, t in enumerate(THEMES)),
    ],
)
def test_every_choice_of_figures_opens(chosen: str) -> None:
    query = {"doel": chosen.removeprefix("doel-")} if chosen.startswith("doel-") else {"thema": chosen}
    test = visit("vergelijken", regio="noord-en-oost-groningen", **query)
    check_sound(test)
    assert control(test, "selectbox", "Cijfers").value == chosen
    assert shown_rows(test)


UNKNOWN = """
    key       | value       | named
    regio     | twnte       | regio ‘twnte’ (bedoelde u ‘twente’?)
    vergelijk | duitsland   | vergelijk ‘duitsland’
    doel      | 9           | doel ‘9’
    thema     | wone        | thema ‘wone’ (bedoelde u ‘wonen’?)
    vanaf     | 1850        | vanaf ‘1850’
    vanaf     | vroeger     | vanaf ‘vroeger’
    volgorde  | omgekeerd   | volgorde ‘omgekeerd’
"""


@pytest.mark.parametrize("case", some(cases(UNKNOWN, "key", "value"), 3))
def test_what_the_link_got_wrong_is_named_and_the_default_shown(case: dict[str, str]) -> None:
    test = visit("vergelijken", **{case["key"]: case["value"]})
    page = check_sound(test)
    assert f"Niet herkend in de link: {case['named']}" in page.text
    assert page.headings == ["Achterhoek naast de andere regio’s"]
    assert shown_rows(test) == shown_rows(visit("vergelijken"))


def test_of_two_regions_in_a_link_the_first_is_highlighted() -> None:
    """A link from Trends may name several."""
    test = visit("vergelijken", regio=["twente", "zuid-limburg"])
    assert check_sound(test).headings == ["Twente naast de andere regio’s"]
    assert control(test, "selectbox", "Regio").value == "twente"


@pytest.mark.usefixtures("clean_caches")
def test_a_choice_without_regional_figures_gives_a_plain_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """No theme is empty today; one whose figures are all medians or counts would be."""
    monkeypatch.setattr("monitor.screens.compare.chosen_indicators", lambda d, s: [FIGURES["mediaan-inkomen"]])
    test = visit("vergelijken", thema="materiele-welvaart")
    page = check_sound(test)
    assert "Voor deze keuze zijn er geen regiocijfers. Kies andere cijfers." in page.text
    assert "Bij deze keuze is er voor de Achterhoek geen cijfer." in page.text
    assert not test.get("download_button") and not shown_rows(test)


@pytest.fixture
def clean_caches() -> Any:
    """Nothing of this test's data remains."""
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def test_the_file_and_the_table_can_be_taken_along() -> None:
    test = visit("vergelijken", regio="twente", thema="wonen", vergelijk="elf-regios")
    page = check_sound(test)
    assert [b.label for b in test.get("download_button")] == ["Cijfers (CSV)"]
    (box,) = [e for e in test.expander if e.label == "Alle cijfers in een tabel"]
    assert not box.markdown, "the table of all regions is sent when somebody opens it"
    assert flat(compared("twente", "elf-regios", "wonen").figure.source) in page.text
    assert "Meenemen" in page.text


def test_small_multiples_stand_for_every_figure_with_three_years_and_say_what_they_show() -> None:
    test = visit("vergelijken", regio="twente", thema="gezondheid")
    text = markup(test)
    rows = compared("twente", "nederland", "gezondheid").rows
    expected = [r.indicator for r in rows if len(edition().years(r.indicator.id)) >= 3]
    panels = re.findall(r'<figure class="smp">.*?</figure>', text)
    assert len(panels) == len(expected) >= 8
    for panel_, i in zip(panels, expected, strict=True):
        figure = composer().trend(i, [REGIONS["twente"]])
        assert figure.caption in read(test).text
        label = re.search(r'role="img" aria-label="([^"]+)"', panel_)
        assert label and label[1].startswith("Lijnen per regio door de jaren.")
        years = [r.year for s in figure.series for r in s.rows if not math.isnan(r.value)]
        assert f"<span>{min(years)}</span><span>{max(years)}</span>" in panel_
        assert panel_.count("stroke-dasharray") == len(figure.breaks)


def test_the_page_says_how_many_trends_chance_alone_would_give() -> None:
    text = check_sound(visit("vergelijken")).text
    told = re.search(r"Van (\d+) reeksen .*?; (\d+) laten een trend zien .*? hoogstens (\d+) geven", text)
    assert told
    tested = [s.course for own in standings("nederland").values() for s in own if s.course.slope]
    shown = [c for c in tested if c.movement in ("gestegen", "gedaald")]
    chance = sum(c.slope.chance for c in tested if c.slope)
    assert [int(n) for n in told.groups()] == [len(tested), len(shown), round(chance)]
    assert len(shown) > 3 * chance, "what is shown is not what chance gives"


def test_the_year_in_force_is_the_year_in_the_control() -> None:
    """Other themes have 2013, this one begins in 2015: choosing another theme keeps the year."""
    assert 2013 not in {y for i in definitions().indicators if i.theme == "gezondheid" for y in edition().years(i.id)}
    test = visit("vergelijken", thema="gezondheid", vanaf="2013")
    told = check_sound(test).text
    whole = control(test, "selectbox", "Verandering vanaf").value == ""
    assert whole != ("over 2013 is er geen cijfer" in told)


def test_names_from_the_url_are_escaped() -> None:
    test = visit("vergelijken", regio="<script>alert(1)</script>", thema="<img src=x onerror=alert(1)>")
    check_sound(test)
    assert "<script" not in markup(test) and "<img src=x" not in markup(test)


def test_links_in_a_row_lead_to_the_trend_of_that_figure_in_that_region() -> None:
    test = visit("vergelijken", regio="twente", thema="wonen")
    for name in shown_rows(test):
        assert f'href="trends?regio=twente&amp;indicator={name}"' in markup(test)
