"""Figures on an older municipal layout come onto the current one; nothing is guessed."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from monitor.definitions.reorganisations import Layout
from monitor.snapshot.layout import current_parts, to_current
from tests.spec_table import SHARED, cases, definitions, edition, frame, needs_shared, num

# The small country of these tests: GM01xx vanished, GM02xx is there today. 0199 went nobody knows where.
CURRENT = {"GM0200", "GM0201", "GM0202", "GM0203", "GM0209"}
REORGANISATIONS = """
    GM0101 -> GM0200 1
    GM0102 -> GM0200 1
    GM0103 -> GM0201 0.75, GM0202 0.25
    GM0104 -> GM0105 1
    GM0105 -> GM0203 1
    GM0106 -> GM0105 0.4, GM0202 0.6
    GM0107 -> GM0209 1
"""


def small_layout() -> Layout:
    """The reorganisations above as definitions."""
    made = []
    for line in REORGANISATIONS.strip().splitlines():
        old, to = line.strip().split(" -> ")
        parts = [dict(zip(("code", "share"), part.split(), strict=True)) for part in to.split(", ")]
        made.append({"from": old, "name": old, "date": "2020-01-01", "to": parts, "source": "gebieden", "check": "-"})
    unknown = [{"from": "GM0199", "name": "GM0199", "date": "2020-01-01", "reason": "-"}]
    return Layout.model_validate({"source": "test", "reorganisations": made, "unknown": unknown})


LAYOUT = small_layout()


def moved(kind: str, text: str) -> dict[str, float]:
    """What comes out of a table of area, weight (inhabitants of that year) and value: area -> value.

    A row with weight and without value is a municipality that existed and has no figure.
    """
    given = frame(text).assign(year=2019)
    given[["lower", "upper"]] = given.get(["lower", "upper"], math.nan)
    weights = given[["area", "year", "weight"]]
    figures = given[given["value"].notna()][["area", "year", "value", "lower", "upper"]]
    made = to_current(figures, weights, LAYOUT, CURRENT, kind)  # type: ignore[arg-type]
    assert made["area"].is_unique
    return dict(zip(made["area"], made["value"], strict=True))


def inputs(text: str) -> str:
    """A table from 'GM0101 100 x 40' steps: code, weight, value."""
    lines = ["area | year | weight | value"]
    for step in text.split(","):
        area, weight, value = step.split()
        lines.append(f"GM{area} | 2019 | {weight} | {value}")
    return "\n".join(lines)


# --- What becomes of a figure: per municipality its code, inhabitants and value ---

MOVES = """
    case                                       | class   | from                                | to
    merger, weighted by inhabitants            | gewogen | 0101 100 40, 0102 300 60            | GM0200 55
    merger, counts                             | som     | 0101 100 40, 0102 300 60            | GM0200 100
    merger of a median                         | geen    | 0101 100 40, 0102 300 60            |
    one part has no figure                     | gewogen | 0101 100 40, 0102 300 -             |
    one part has no count                      | som     | 0101 100 40, 0102 300 -             |
    parts with 80% of the weight               | gewogen | 0101 80 40, 0102 20 -               | GM0200 40
    parts with 79% of the weight               | gewogen | 0101 79 40, 0102 21 -               |
    a sum with 99%                             | som     | 0101 99 40, 0102 1 -                |
    receiver with 99%, as Amsterdam with Weesp | gewogen | 0103 4 -, 0202 99 80                | GM0202 80
    another code only, weighted                | gewogen | 0107 100 40                         | GM0209 40
    another code only, counts                  | som     | 0107 100 40                         | GM0209 40
    split, weighted                            | gewogen | 0103 100 40                         | GM0201 40 GM0202 40
    split, counts                              | som     | 0103 100 40                         | GM0201 30 GM0202 10
    part of a split joins another              | gewogen | 0103 100 40, 0202 75 80             | GM0201 40 GM0202 70
    part of a split joins, counts              | som     | 0103 100 40, 0202 75 80             | GM0201 30 GM0202 90
    receiver without a figure                  | gewogen | 0103 100 40, 0202 75 -              | GM0201 40
    chain of two                               | gewogen | 0104 100 40, 0105 300 60            | GM0203 55
    split, then a chain, counts                | som     | 0106 100 50, 0105 10 7              | GM0202 30 GM0203 27
    split, then a chain, weighted              | gewogen | 0106 100 50, 0105 10 100            | GM0202 50 GM0203 60
    successor unknown: left out                | gewogen | 0199 100 40, 0203 100 7             | GM0203 7
    successor unknown: counts too              | som     | 0199 100 40, 0203 100 7             | GM0203 7
    already current: nothing changes           | gewogen | 0203 100 7, 0209 1 8                | GM0203 7 GM0209 8
    median of an untouched municipality        | geen    | 0101 100 40, 0102 300 60, 0203 10 7 | GM0203 7
"""


@pytest.mark.parametrize("case", cases(MOVES))
def test_old_municipalities_come_onto_the_current_layout(case: dict[str, str]) -> None:
    got = moved(case["class"], inputs(case["from"]))
    words = case["to"].split()
    assert got == pytest.approx(dict(zip(words[::2], map(num, words[1::2]), strict=True)))


def test_a_merged_median_is_refused_even_when_all_parts_agree() -> None:
    assert moved("geen", inputs("0101 100 40, 0102 300 40")) == {}


# --- Years, levels and intervals ---


def test_each_year_keeps_its_own_layout_and_other_levels_pass() -> None:
    figures = frame("""
        area   | year | value | lower | upper
        GM0101 | 2019 | 40    | -     | -
        GM0102 | 2019 | 60    | -     | -
        GM0200 | 2021 | 58    | -     | -
        PV20   | 2019 | 51    | 50    | 52
        NL01   | 2019 | 52    | 51    | 53
    """)
    weights = frame("""
        area   | year | weight
        GM0101 | 2019 | 100
        GM0102 | 2019 | 300
        GM0200 | 2021 | 410
    """)
    made = to_current(figures, weights, LAYOUT, CURRENT, "gewogen")
    got = {(a, y): v for a, y, v in made[["area", "year", "value"]].itertuples(index=False)}
    assert got == {("GM0200", 2019): 55, ("GM0200", 2021): 58, ("PV20", 2019): 51, ("NL01", 2019): 52}
    assert made.set_index("area").loc["PV20", ["lower", "upper"]].tolist() == [50, 52]


def test_a_part_that_has_figures_in_other_years_is_missed_in_its_empty_year() -> None:
    figures = frame("""
        area   | year | value | lower | upper
        GM0101 | 2018 | 40    | -     | -
        GM0102 | 2018 | 60    | -     | -
        GM0101 | 2019 | 40    | -     | -
    """)
    weights = frame("""
        area   | year | weight
        GM0101 | 2018 | 100
        GM0102 | 2018 | 300
        GM0101 | 2019 | 100
        GM0102 | 2019 | 300
    """)
    made = to_current(figures, weights, LAYOUT, CURRENT, "gewogen")
    assert made[["area", "year", "value"]].to_numpy().tolist() == [["GM0200", 2018, 55.0]]


def test_a_part_without_a_weight_is_not_counted_as_nothing() -> None:
    figures = frame("""
        area   | year | value | lower | upper
        GM0101 | 2019 | 40    | -     | -
        GM0102 | 2019 | 60    | -     | -
    """)
    weights = frame("""
        area   | year | weight
        GM0101 | 2019 | 100
    """)
    assert to_current(figures, weights, LAYOUT, CURRENT, "gewogen").empty


MARGINS = """
    case                 | first      | second     | interval
    independent errors   | 200 40 ± 3 | 100 70 ± 8 | 50 ± 3.3333333
    one part without     | 200 40 ± 3 | 100 70 ± - | 50 ± -
    neither has a margin | 200 40 ± - | 100 70 ± - | 50 ± -
"""


@pytest.mark.parametrize("case", cases(MARGINS))
def test_margins_of_merged_municipalities_add_up_as_squares(case: dict[str, str]) -> None:
    # sqrt((200 x 3)^2 + (100 x 8)^2) / 300 = 10 / 3
    figures, weights = [], []
    for area, key in (("GM0101", "first"), ("GM0102", "second")):
        weight, value, _, half = case[key].split()
        figures.append((area, 2019, num(value), num(value) - num(half), num(value) + num(half)))
        weights.append((area, 2019, num(weight)))
    made = to_current(
        pd.DataFrame(figures, columns=["area", "year", "value", "lower", "upper"]),
        pd.DataFrame(weights, columns=["area", "year", "weight"]),
        LAYOUT,
        CURRENT,
        "gewogen",
    )
    value, _, half = case["interval"].split()
    expected = [num(value), num(value) - num(half), num(value) + num(half)]
    assert made.loc[0, ["value", "lower", "upper"]].tolist() == pytest.approx(expected, nan_ok=True)


def test_a_renamed_municipality_keeps_its_published_interval() -> None:
    figures = frame("""
        area   | year | value | lower | upper
        GM0107 | 2019 | 95    | 90    | 97
    """)
    weights = frame("""
        area   | year | weight
        GM0107 | 2019 | 100
    """)
    made = to_current(figures, weights, LAYOUT, CURRENT, "gewogen")
    assert made.loc[0, ["lower", "upper"]].tolist() == pytest.approx([90, 97])


# --- Parts of an old municipality ---

PARTS = """
    old    | parts
    GM0101 | GM0200 1
    GM0103 | GM0201 0.75 GM0202 0.25
    GM0104 | GM0203 1
    GM0106 | GM0202 0.6 GM0203 0.4
    GM0199 |
    GM0203 | GM0203 1
"""


@pytest.mark.parametrize("case", cases(PARTS))
def test_where_the_inhabitants_of_an_old_municipality_are_now(case: dict[str, str]) -> None:
    words = case["parts"].split()
    got = current_parts(LAYOUT, CURRENT, {case["old"]})
    assert dict(zip(got["successor"], got["share"], strict=True)) == pytest.approx(
        dict(zip(words[::2], map(num, words[1::2]), strict=True))
    )


# --- The table that ships ---


def shipped() -> Layout:
    """The reorganisations since 2006 that ship with the project; those before 2015 in test_layout_2006.py."""
    return definitions().layout


def test_every_successor_is_current_or_vanished_later() -> None:
    current = set(edition().municipalities)
    gone = {r.vanished: r.date for r in shipped().reorganisations}
    assert len(gone) == len(shipped().reorganisations) >= 60
    for r in shipped().reorganisations:
        assert r.vanished not in current, r.name
        for s in r.to:
            assert s.code in current or gone[s.code] > r.date, f"{r.name} -> {s.code}"


def test_every_vanished_municipality_is_wholly_somewhere_today_or_unknown() -> None:
    current = set(edition().municipalities)
    gone = {r.vanished for r in shipped().reorganisations}
    unknown = {u.vanished for u in shipped().unknown}
    parts = current_parts(shipped(), current, gone | unknown)
    assert set(parts["area"]) == gone and not gone & unknown
    assert parts.groupby("area")["share"].sum().tolist() == pytest.approx([1.0] * len(gone), abs=1e-3)
    assert set(parts["successor"]) <= current


# Shares as CBS's own text on reorganisations gives them: inhabitants handed over on that day.
CBS_SHARES = """
    name            | old    | new    | inhabitants | of
    Littenseradiel  | GM0140 | GM0080 | 3394        | 10683
    Littenseradiel  | GM0140 | GM1900 | 5411        | 10683
    Littenseradiel  | GM0140 | GM1949 | 1878        | 10683
    Weesp           | GM0457 | GM0363 | 20766       | 20766
    De Friese Meren | GM1921 | GM1940 | 1           | 1
    Vlagtwedde      | GM0048 | GM1950 | 15868       | 15868
"""


@pytest.mark.parametrize("case", cases(CBS_SHARES))
def test_shares_are_those_of_cbs(case: dict[str, str]) -> None:
    parts = current_parts(shipped(), set(edition().municipalities), {case["old"]}).set_index("successor")["share"]
    assert parts[case["new"]] == pytest.approx(int(case["inhabitants"]) / int(case["of"]), abs=1e-4)


def test_haaren_is_not_divided() -> None:
    # CBS's text does not say which part went to Boxtel, Oisterwijk, Tilburg and Vught.
    assert [u.vanished for u in shipped().unknown] == ["GM0788"]


@needs_shared
def test_every_code_that_vanished_since_2015_is_accounted_for() -> None:
    areas = pd.read_csv(SHARED / "data" / "cbs" / "gebieden_in_nederland_2015_2026.csv")
    last = areas["jaar"].max()
    vanished = set(areas["statcode"]) - set(areas.loc[areas["jaar"] == last, "statcode"])
    gone = (*shipped().reorganisations, *shipped().unknown)
    assert vanished == {r.vanished for r in gone if r.date > "2015-01-01"}
