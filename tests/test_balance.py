"""The page Balans: counts that add up, an example whose arithmetic is checked elsewhere, no number typed in a text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.stats import rankdata

from monitor import assessment as asm
from monitor import profile
from monitor.assessment import BENCHMARKS, BenchmarkId
from monitor.figures.compose import Composer
from monitor.figures.files import csv_bytes
from monitor.profile import Standing
from monitor.screens import balance_html as html
from monitor.screens.balance import (
    HEAVIER,
    KINDS,
    LEAST,
    ORDINARY,
    STEPS,
    Balance,
    Placed,
    _cancelled,
    _moved,
    compose_balance,
    unmeasured,
    whole,
)
from monitor.statistics.composite import composite, grid, places, spread_over
from tests.spec_table import cases, definitions, edition
from tests.test_pages import check_sound, control, markup, read, url, visit

REGIONS = [r.id for r in definitions().regions]


@cache
def standings(benchmark: BenchmarkId) -> dict[str, tuple[Standing, ...]]:
    return profile.of_regions(definitions(), edition(), benchmark)


@cache
def balance(benchmark: BenchmarkId = "nederland") -> Balance:
    composer = Composer(definitions(), edition())
    return compose_balance(definitions(), composer, standings(benchmark), standings("nederland"), benchmark)


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)


# -- arithmetic -----------------------------------------------------------------------------------------------


def test_a_composite_is_a_weighted_mean() -> None:
    distances = np.random.default_rng(1).normal(size=(11, 7))
    weights = np.array([1.0, 2, 3, 4, 5, 6, 0.5])
    got = composite(distances, weights)
    assert np.allclose(got, np.average(distances, axis=1, weights=weights))
    by_hand = [sum(w * d for w, d in zip(weights, row, strict=True)) / sum(weights) for row in distances.tolist()]
    assert np.allclose(got, by_hand)
    both = composite(distances, np.stack([weights, np.ones(7)], axis=1))
    assert np.allclose(both[:, 0], got) and np.allclose(both[:, 1], distances.mean(axis=1))


def test_places_are_those_of_rankdata_ties_included() -> None:
    scores = np.random.default_rng(2).integers(-3, 4, size=(11, 40)).astype(float)
    assert np.array_equal(places(scores), rankdata(-scores, method="min", axis=0))
    assert places(np.array([1.0, 3.0, 3.0, 2.0])).tolist() == [4, 1, 1, 3]
    # What differs only in the last digits of the machine shares a place.
    assert places(np.array([0.1 + 0.2, 0.3])).tolist() == [1, 1]


SHARES = """
    groups    | shares  | weights
    1 1 2     | 1 1     | 0.25 0.25 0.5
    1 1 2     | 2 1     | 0.333333 0.333333 0.333333
    1 12 2    | 1 1     | 0.25 0.5 0.25
    1 1 1     | 1 5     | 0.333333 0.333333 0.333333
"""


@pytest.mark.parametrize("case", cases(SHARES, "groups", "shares"))
def test_the_share_of_a_goal_is_divided_over_its_figures(case: dict[str, str]) -> None:
    groups = [[int(c) for c in g] for g in case["groups"].split()]
    shares = {k: float(s) for k, s in enumerate(case["shares"].split(), start=1)}
    assert spread_over(groups, shares) == pytest.approx([float(w) for w in case["weights"].split()], abs=1e-5)


@pytest.mark.parametrize(("groups", "steps", "least"), [(3, 20, 2), (3, 20, 0), (2, 5, 1), (1, 4, 1)])
def test_the_grid_holds_every_division_once(groups: int, steps: int, least: int) -> None:
    found = [tuple(row) for row in grid(groups, steps, least).tolist()]
    every = [c for c in product(range(steps + 1), repeat=groups) if sum(c) == steps and min(c) >= least]
    assert sorted(found) == sorted(every)


# -- counts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_counts_are_those_of_the_judgements_of_every_whole_figure(benchmark: BenchmarkId) -> None:
    """Counted another way: each figure judged by itself, a count per outcome."""
    for line in (balance(benchmark).lines[k] for k in (0, 3, 10)):
        region = definitions().region(line.region.id)
        for goal, counts in zip(definitions().goals, line.goals, strict=True):
            own = [i for i in definitions().indicators if not i.part_of and goal.id in i.goals]
            outcomes = [
                "niet te beoordelen"
                if i.aggregation.kind == "geen"
                else asm.assess(edition(), i, region, None, benchmark).judgement.outcome
                for i in own
            ]
            expected = [
                sum(o in (("hoger", "lager") if k == "hoger of lager" else (k,)) for o in outcomes) for k in KINDS
            ]
            assert list(counts) == expected


def test_every_region_has_every_figure_and_one_with_more_goals_counts_under_each() -> None:
    per_goal = [sum(g.id in i.goals for i in whole(definitions())) for g in definitions().goals]
    assert all([sum(counts) for counts in line.goals] == per_goal for line in balance().lines)
    assert f"alle {len(whole(definitions()))} cijfers" in balance().counted


def test_a_figure_without_regional_value_is_unknown_with_its_own_reason() -> None:
    names = {i.name: i for i in whole(definitions()) if i.aggregation.kind == "geen"}
    assert names
    for name, indicator in names.items():
        found = [u for u in balance().unknown if (name, len(REGIONS)) in u.figures]
        assert len(found) == 1 and found[0].reason == indicator.aggregation.reason.rstrip(".")
    counted = sum(counts[KINDS.index("niet te beoordelen")] for line in balance().lines for counts in line.goals)
    assert counted == sum(n * len(definitions_of(name).goals) for u in balance().unknown for name, n in u.figures)


def definitions_of(name: str) -> Any:
    return next(i for i in whole(definitions()) if i.name == name)


def test_a_figure_that_serves_two_goals_counts_under_both_and_that_is_said() -> None:
    changed = tuple(
        i.model_copy(update={"goals": (1, 3)}) if i.id == "overgewicht" else i for i in definitions().indicators
    )
    d = replace(definitions(), indicators=changed)
    held = profile.of_regions(d, edition())
    made = compose_balance(d, Composer(d, edition()), held, held, "nederland")
    before, after = (sum(map(sum, page.lines[0].goals)) for page in (balance(), made))
    assert after == before + 1
    assert "1 daarvan hoort bij meer dan één doel en telt bij elk mee" in made.counted
    assert "elk bij één doel" in balance().counted
    assert len(made.figures) == len(balance().figures)


# -- the example ----------------------------------------------------------------------------------------------


def table_of_distances() -> np.ndarray:
    ids = [i.id for i in balance().figures]
    known = [{s.indicator.id: s for s in standings("nederland")[r]} for r in REGIONS]
    return np.array([[own[i].distance for i in ids] for own in known])


def test_the_example_takes_core_figures_with_a_better_side_that_are_judged_everywhere() -> None:
    for i in balance().figures:
        assert i.core and i.direction != "geen" and not i.part_of
    assert not np.isnan(table_of_distances()).any()
    left = [i for i in whole(definitions()) if i.core and i.direction != "geen" and i not in balance().figures]
    for i in left:
        outcomes = [s.judgement.outcome for own in standings("nederland").values() for s in own if s.indicator == i]
        assert "niet te beoordelen" in outcomes
        assert i.name.lower() in " ".join(balance().lost).lower()


def test_the_places_are_those_of_plain_arithmetic() -> None:
    distances, goals = table_of_distances(), [i.goals for i in balance().figures]
    means = np.array(
        [[np.mean([d for d, g in zip(row, goals, strict=True) if k in g]) for k in (1, 2, 3)] for row in distances]
    )
    shares = [(1, 1, 1), (HEAVIER, 1, 1), (1, HEAVIER, 1), (1, 1, HEAVIER)]
    expected = [distances.mean(axis=1), *(means @ np.array(s) / sum(s) for s in shares)]
    for k, scores in enumerate(expected):
        assert [p.places[k] for p in balance().placed] == rankdata(-np.round(scores, 9), method="min").tolist()
    divisions = [(a, b, STEPS - a - b) for a, b in product(range(LEAST, STEPS), repeat=2) if STEPS - a - b >= LEAST]
    assert balance().tried == len(divisions)
    ranks = np.array([rankdata(-np.round(means @ np.array(s) / STEPS, 9), method="min") for s in divisions])
    assert [p.best for p in balance().placed] == ranks.min(axis=0).tolist()
    assert [p.worst for p in balance().placed] == ranks.max(axis=0).tolist()


def test_a_goal_that_counts_double_stands_within_the_reach() -> None:
    """Those that count one goal double, at 50 and twice 25 percent, are part of the grid."""
    for p in balance().placed:
        assert 1 <= p.best <= min(p.places[2:]) and max(p.places[2:]) <= p.worst <= len(REGIONS)


def test_the_sentence_is_about_the_region_that_moves_most() -> None:
    most = balance().most
    spans = [max(p.places) - min(p.places) for p in balance().placed]
    assert max(most.places) - min(most.places) == max(spans)
    high, low = min(most.places), max(most.places)
    assert f" staat {high}e als " in balance().moved and f", en {low}e als " in balance().moved
    for place in (high, low):
        told = balance().weightings[most.places.index(place)].told
        assert f"{place}e {told}" in balance().moved


MOVED = """
    places    | says
    3 3 3 3 3 | vrijwel gelijk
    3 4 3 3 3 | vrijwel gelijk
    3 5 3 3 3 | staat 3e als elk cijfer even zwaar telt, en 5e als elk doel even zwaar telt
    9 8 8 8 2 | staat 2e als doel 3 dubbel telt, en 9e als elk cijfer even zwaar telt
"""


@pytest.mark.parametrize("case", cases(MOVED, "places"))
def test_it_is_said_when_places_hardly_move(case: dict[str, str]) -> None:
    under = tuple(int(p) for p in case["places"].split())
    said = _moved(Placed(definitions().regions[0], under, min(under), max(under)), balance().weightings)
    assert case["says"] in said


def test_without_a_pair_that_cancels_out_none_is_shown() -> None:
    assert _cancelled(Composer(definitions(), edition()), standings("nederland"), balance().figures[:1]) is None


def test_the_example_does_not_depend_on_the_benchmark() -> None:
    assert all(balance(b).placed == balance().placed for b in BENCHMARKS)


def test_the_pair_that_cancels_out_is_chosen_by_its_rule() -> None:
    c = balance().cancelled
    assert c is not None
    assert c.better.judgement.told == "gunstiger" and c.worse.judgement.told == "ongunstiger"
    assert abs(c.mean) < ORDINARY
    size = min(c.better.distance, -c.worse.distance)
    ids = {i.id for i in balance().figures}
    for own in standings("nederland").values():
        sure = [s for s in own if s.indicator.id in ids and s.judgement.told in ("gunstiger", "ongunstiger")]
        for a, b in product(sure, repeat=2):
            if a.distance > 0 > b.distance and abs(a.distance + b.distance) / 2 < ORDINARY:
                assert min(a.distance, -b.distance) <= size
    assert c.better.indicator.when_better and c.better.indicator.when_better in c.sentence
    assert c.worse.indicator.when_worse and c.worse.indicator.when_worse in c.sentence


def test_what_is_lost_is_counted() -> None:
    unknown, neutral, sure, voice = balance().lost
    blank = sum(counts[KINDS.index("niet te beoordelen")] for line in balance().lines for counts in line.goals)
    assert f"{blank} van de" in unknown
    assert f"Bij {sum(i.direction == 'geen' for i in whole(definitions()))} van de" in neutral
    assert f"Van de {len(balance().figures)} cijfers" in sure
    silent = [f for f in definitions().findings if not [x for x in f.indicators if x.expects != "meet-niet"]]
    assert f"Bij {len(silent)} van de {len(definitions().findings)} bevindingen" in voice
    assert all(unmeasured(f) for f in silent)


# -- html and files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_table_has_a_row_per_region_that_leads_to_it(benchmark: BenchmarkId) -> None:
    made = html.table(balance(benchmark))
    assert made.count("<tr data-area=") == len(REGIONS) and made.count('<th scope="col">') == 4
    for line in balance(benchmark).lines:
        address = line.link.replace("&", "&amp;")
        assert f'<a href="{address}" target="_self">' in made
        assert ("vergelijk=" in address) == (benchmark != "nederland")
        for counts in line.goals:
            for kind, count in zip(KINDS, counts, strict=True):
                assert f'title="{count} {kind}"' in made
    assert "\n" not in made and made.count('class="oc num"') == 33


def test_the_file_holds_every_count_with_source_and_edition() -> None:
    text = csv_bytes(balance().counts, "https://voorbeeld.nl/balans").decode("utf-8-sig")
    head, *rows = text.split("\r\n\r\n")[0].split("\r\n")
    assert head.split(";")[2:7] == [k[0].upper() + k[1:] for k in KINDS]
    assert len(rows) == 33
    first = rows[0].split(";")
    assert [int(c) for c in first[2:7]] == list(balance().lines[0].goals[0]) and int(first[7]) == sum(
        balance().lines[0].goals[0]
    )
    assert "Bron: CBS" in text and edition().edition in text
    ranking = csv_bytes(balance().ranking, "").decode("utf-8-sig")
    assert "De monitor rangschikt regio’s niet." in ranking and len(ranking.split("\r\n\r\n")[0].split("\r\n")) == 12


# -- the page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_page_opens_with_every_benchmark(benchmark: BenchmarkId) -> None:
    query = {} if benchmark == "nederland" else {"vergelijk": benchmark}
    test = visit("balans", **query)
    page = check_sound(test)
    assert page.headings == ["Waarom deze monitor geen rapportcijfer geeft"]
    assert control(test, "selectbox", "Vergelijk met").value == benchmark
    made = balance(benchmark)
    for text in (made.lead, made.counted, made.moved, made.reach, *(g.name for g in made.goals)):
        assert " ".join(text.split()) in page.text
    assert not re.search(r"\d\.\d{4}|\d,\d{3,}", page.text), "a number that was not rounded"
    assert markup(test).count("<tr data-area=") == 22
    assert not re.search(r"\b(the|and|ranking|composite|favourable|unknown)\b", page.text)


def test_choosing_a_benchmark_writes_the_url() -> None:
    test = visit("balans")
    assert url(test) == {}
    control(test, "selectbox", "Vergelijk met").select("provincie").run()
    check_sound(test)
    assert url(test) == {"vergelijk": ["provincie"]}
    assert "dan de eigen provincie" in read(test).text
