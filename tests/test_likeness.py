"""Which areas resemble each other: the arithmetic, the choice in the edition, and what the screen says of it."""

from __future__ import annotations

import html as markup
import math
import re
import shutil
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import zscore

from monitor.definitions import load
from monitor.definitions.features import Feature, FeatureGroup
from monitor.errors import DefinitionError
from monitor.screens import likeness_html as html
from monitor.screens.likeness import (
    ALIKE,
    DIFFERENT,
    FAIR,
    SLIGHT,
    STRONG,
    TOLD,
    LikenessPage,
    compose_likeness,
    compose_resemblance,
    group_word,
    likeness_of,
    word_for,
)
from monitor.statistics.similar import distances, nearest, standardise
from monitor.structure import COMPARABLE, Likeness, by_choice, near_border, outside
from tests.spec_table import ROOT, cases, definitions, edition, num

REGIONS = [r.id for r in definitions().regions]


@cache
def likeness() -> Likeness:
    return likeness_of(definitions(), edition())


@cache
def page(region: str) -> LikenessPage:
    return compose_likeness(definitions(), edition(), definitions().region(region), likeness())


@cache
def resemblance_html() -> str:
    return html.matrix(compose_resemblance(definitions(), edition(), likeness()))


# -- arithmetic -----------------------------------------------------------------------------------------------


def random(rows: int, columns: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, columns)) * [10.0**k for k in range(columns)]


def test_standardised_is_the_z_score_of_the_reference() -> None:
    values = random(12, 4)
    got = standardise(values, range(12))
    assert np.allclose(got, zscore(values, axis=0))
    # A scale set by some of the areas is used for the others as well.
    some = [0, 2, 4, 6, 8]
    got = standardise(values, some)
    assert np.allclose(got[some], zscore(values[some], axis=0))
    mean, spread = values[some].mean(axis=0), values[some].std(axis=0)
    assert np.allclose(got[1], (values[1] - mean) / spread)


def test_one_feature_per_group_gives_the_euclidean_distance_per_root_of_their_number() -> None:
    scaled = standardise(random(9, 5), range(9))
    got = distances(scaled, range(5))
    assert np.allclose(got, squareform(pdist(scaled)) / math.sqrt(5))
    assert np.allclose(got, cdist(scaled, scaled) / math.sqrt(5))


def test_groups_count_the_same_however_many_features_they_hold() -> None:
    """Against scipy with weights: one over the size of the group, over the number of groups."""
    scaled, groups = standardise(random(9, 6), range(9)), [0, 0, 0, 1, 2, 2]
    weights = np.array([1 / 9, 1 / 9, 1 / 9, 1 / 3, 1 / 6, 1 / 6])
    assert np.allclose(distances(scaled, groups), squareform(pdist(scaled, "minkowski", p=2, w=weights)))
    # The same feature three times in a group says no more than once.
    once, thrice = scaled[:, [0, 3]], scaled[:, [0, 0, 0, 3]]
    assert np.allclose(distances(once, [0, 1]), distances(thrice, [0, 0, 0, 1]))


def test_a_difference_in_a_large_group_weighs_no_more_than_in_a_small_one() -> None:
    base = [0.0, 0, 0, 0]
    got = distances(np.array([base, [2, 2, 2, 0], [0, 0, 0, 2]]), [0, 0, 0, 1])
    assert got[0, 1] == got[0, 2] == pytest.approx(math.sqrt(2))


def test_an_area_that_lacks_a_feature_resembles_nothing() -> None:
    values = random(5, 3)
    values[2, 1] = math.nan
    scaled = standardise(values, [0, 1, 3, 4])
    got = distances(scaled, [0, 0, 1])
    assert np.isnan(got[2]).all() and np.isnan(got[:, 2]).all()
    assert not np.isnan(np.delete(np.delete(got, 2, 0), 2, 1)).any()
    assert 2 not in nearest(got[0], range(1, 5), 9) and nearest(got[2], range(5), 3) == []


def test_a_feature_in_which_the_reference_does_not_differ_counts_for_nothing() -> None:
    values = random(6, 2)
    values[:5, 1] = 4.0  # and another value in an area outside the reference
    scaled = standardise(values, range(5))
    assert (scaled[:, 1] == 0).all()
    assert np.allclose(distances(scaled, [0, 1]), cdist(scaled[:, :1], scaled[:, :1]) / math.sqrt(2))


NEAREST = """
    distances     | candidates | count | chosen
    0 3 1 2       | 1 2 3      | 2     | 2 3
    0 2 2 2       | 3 2 1      | 2     | 1 2
    0 - 5 1       | 1 2 3      | 3     | 3 2
    0 1 2 3       | 3          | 5     | 3
"""


@pytest.mark.parametrize("case", cases(NEAREST, "distances", "candidates"))
def test_nearest_first_and_the_unknown_never(case: dict[str, str]) -> None:
    row = np.array([num(d) for d in case["distances"].split()])
    candidates = [int(c) for c in case["candidates"].split()]
    assert nearest(row, candidates, int(case["count"])) == [int(c) for c in case["chosen"].split()]


# -- the choice in the edition --------------------------------------------------------------------------------


@pytest.mark.parametrize("region", REGIONS)
def test_the_five_of_the_edition_are_those_computed_here(region: str) -> None:
    found = tuple(o.area for o in page(region).outside)
    assert len(found) == COMPARABLE and found == edition().comparable(region)


def test_distances_are_those_of_plain_arithmetic_on_the_figures_of_the_edition() -> None:
    """From the observations on: values, logarithm, scale of the COROP regions, mean within and between groups."""
    like = likeness()
    corops = [k for k, a in enumerate(like.areas) if a.startswith("CR")]
    assert len(corops) == 40
    squares = []
    for group in definitions().structure:
        own = []
        for feature in group.features:
            column = like.values[:, like.features.index(feature)]
            if feature.indicator:
                year = max(
                    y
                    for y in edition().years(feature.indicator)
                    if edition().row(feature.indicator, like.areas[0], y) is not None
                )
                expected = [edition().row(feature.indicator, a, year) for a in like.areas]
                assert column.tolist() == [row["value"] for row in expected if row]
            shaped = np.log(column) if feature.scale == "log" else column
            scaled = (shaped - shaped[corops].mean()) / shaped[corops].std()
            own.append((scaled[:, None] - scaled[None, :]) ** 2)
        squares.append(sum(own) / len(own))
    assert np.allclose(like.distances, np.sqrt(sum(squares) / len(squares)))


@pytest.mark.parametrize("region", REGIONS)
def test_none_of_the_five_holds_a_municipality_of_the_programme(region: str) -> None:
    inside = {m.code for r in definitions().regions for m in r.members if m.membership in ("lid", "kandidaat")}
    areas = edition().areas
    for other in page(region).outside:
        held = set(areas.loc[(areas["corop"] == other.area) & (areas["level"] == "gemeente"), "area"])
        assert held and not held & inside


def test_outside_leaves_out_what_a_candidate_touches_and_keeps_the_rest() -> None:
    areas = pd.DataFrame(
        {
            "area": ["GM0080", "GM0009", "GM0008", "CR90"],
            "level": ["gemeente", "gemeente", "gemeente", "corop"],
            "corop": ["CR04", "CR90", "CR90", ""],
        }
    )
    assert "GM0080" in {m.code for r in definitions().regions for m in r.candidates}
    assert outside(definitions(), areas) == ["CR90"]


def test_share_near_the_border_by_hand() -> None:
    """The Achterhoek: the inhabitants of the municipalities whose middle lies within 15 km, over all."""
    region, areas, weights = definitions().region("achterhoek"), edition().areas, edition().weights
    last = weights[(weights["quantity"] == "inwoners") & (weights["year"] == weights["year"].max())]
    near = total = 0.0
    for code in region.codes:
        people = float(last.loc[last["area"] == code, "value"].iloc[0])
        total += people
        if float(areas.loc[areas["area"] == code, "border_km"].iloc[0]) <= 15:
            near += people
    assert 0 < near < total
    column = [f.id for f in likeness().features].index("grens")
    assert likeness().values[likeness().areas.index("achterhoek"), column] == pytest.approx(100 * near / total)


def test_share_near_the_border_is_unknown_without_inhabitants() -> None:
    areas = pd.DataFrame({"area": ["a", "b"], "border_km": [3.0, 40.0]})
    assert near_border(areas, {"a": 1.0, "b": 3.0}, ["a", "b"], 15) == 25
    assert math.isnan(near_border(areas, {"a": 1.0}, ["a", "b"], 15))


# -- words ----------------------------------------------------------------------------------------------------


def corop_pairs() -> np.ndarray:
    like = likeness()
    at = [k for k, a in enumerate(like.areas) if a.startswith("CR")]
    own = like.distances[np.ix_(at, at)]
    return own[np.triu_indices(len(at), 1)]


def test_words_have_the_reach_that_the_notes_tell() -> None:
    """A tenth of all pairs of COROP regions lie within the first bound, a quarter and half within the next."""
    pairs = corop_pairs()
    assert len(pairs) == 780
    for bound, share in ((STRONG, 0.10), (FAIR, 0.25), (SLIGHT, 0.50)):
        assert (pairs < bound).mean() == pytest.approx(share, abs=0.01)


def test_words_for_groups_have_their_reach_as_well() -> None:
    like = likeness()
    corops = [a for a in like.areas if a.startswith("CR")]
    found = np.array([d for a in corops for m in like.most_like(a, corops, 39) for _, d in m.groups])
    assert (found < ALIKE).mean() == pytest.approx(1 / 3, abs=0.03)
    assert (found < DIFFERENT).mean() == pytest.approx(1 / 2, abs=0.03)


WORDS = """
    distance | areas            | group
    0        | lijkt sterk      | lijkt
    0.59     | lijkt sterk      | lijkt
    0.6      | lijkt redelijk   | iets anders
    0.9      | lijkt een beetje | iets anders
    1.0      | lijkt een beetje | anders
    1.25     | lijkt niet echt  | anders
"""


@pytest.mark.parametrize("case", cases(WORDS))
def test_a_distance_in_words(case: dict[str, str]) -> None:
    distance = float(case["distance"])
    assert word_for(distance) == case["areas"] and group_word(distance) == case["group"]


ENGLISH = re.compile(r"\b(the|and|of the|more|less|alike|different|region|distance|nan|None)\b")


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_five_and_three_and_sentences_in_dutch(region: str) -> None:
    content = page(region)
    assert len(content.outside) == 5 and len(content.within) == 3
    assert region not in {o.area for o in content.within}
    assert [o.distance for o in content.within] == sorted(o.distance for o in content.within)
    told = [content.headline, *content.notes, *(o.sentence for o in (*content.outside, *content.within))]
    told += [d for o in content.outside for d in o.differs]
    for text in told:
        assert not ENGLISH.search(text), text
        assert not re.search(r"\d\.\d{1,2}(?!\d)|\d,\d{3,}|\d{5,}", text), text
    assert definitions().region(region).spoken in content.headline


def test_who_stands_alone_is_told_to() -> None:
    alone = [r for r in REGIONS if page(r).outside[0].distance >= SLIGHT]
    for region in REGIONS:
        said = "Buiten het programma lijkt geen gebied echt op" in page(region).headline
        assert said == (region in alone)
    assert "zeeuws-vlaanderen" in alone


@pytest.mark.parametrize("region", REGIONS)
def test_what_differs_is_what_differs_most_and_says_which_way(region: str) -> None:
    like = likeness()
    for other in (*page(region).outside, *page(region).within):
        gaps = like.scaled[like.areas.index(other.area)] - like.scaled[like.areas.index(region)]
        order = [int(k) for k in np.argsort(-np.abs(gaps), kind="stable") if abs(gaps[k]) >= TOLD][:3]
        assert len(other.differs) == len(order)
        for k, text in zip(order, other.differs, strict=True):
            feature = like.features[k]
            assert text.startswith(f"{feature.more if gaps[k] > 0 else feature.less} (")


def test_without_a_feature_there_are_no_comparable_regions_and_that_is_said() -> None:
    empty = replace(definitions(), structure=(*definitions().structure, _unknown_group()))
    region = definitions().region("twente")
    with_gap = likeness_of(empty, edition())
    assert np.isnan(with_gap.distances).all()
    content = compose_likeness(empty, edition(), region, with_gap)
    assert content.outside == () == content.within
    assert "zijn geen vergelijkbare gebieden te kiezen" in content.headline
    assert content.headline in markup.unescape(html.section(content))
    assert "<ul" in html.links(content) or "<p" in html.links(content)


def _unknown_group() -> FeatureGroup:
    """A feature that no region has: a figure without regional value."""
    feature = Feature(
        id="x",
        name="x",
        indicator="levensverwachting",
        more="hogere levensverwachting",
        less="lagere levensverwachting",
    )
    return FeatureGroup(id="x", name="X", features=(feature,))


def test_a_figure_that_is_a_feature_is_alike_by_choice() -> None:
    used = {f.indicator for g in definitions().structure for f in g.features if f.indicator}
    for i in definitions().indicators:
        assert bool(by_choice(definitions(), i.id)) == (i.id in used)
    for name in used:
        assert definitions().indicator(name).name.lower() in page("twente").notes[-1]


# -- html -----------------------------------------------------------------------------------------------------


class Tables(HTMLParser):
    """Rows of every table, as text, with how many of its cells are headers with a scope."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.without_scope = 0
        self._cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            self._cell = True
            self.without_scope += tag == "th" and not dict(attrs).get("scope")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


@pytest.mark.parametrize("region", REGIONS)
def test_section_has_real_tables_with_headers_on_one_line(region: str) -> None:
    made = html.section(page(region))
    assert "\n" not in made and not re.search(r"\b(nan|None)\b", made)
    read = Tables(made)
    five, profile, twin = read.tables
    assert not read.without_scope
    assert len(five) == 6 and len({len(row) for row in five}) == 1
    features = [f for g in definitions().structure for f in g.features]
    assert len(profile) == len(twin) == 1 + len(features)
    assert len({len(row) for row in twin}) == 1 and len(twin[0]) == 2 + 1 + COMPARABLE
    assert made.count('role="img"') == len(features)
    for other in page(region).within:
        assert made.count(f'<a href="regio?regio={other.area}" target="_self">') == 1
        assert f'<a href="regio?regio={other.area}" target="_self">' in html.links(page(region))
    for other in page(region).outside:
        assert other.name in markup.unescape(html.links(page(region)))


def test_twin_gives_values_in_their_own_unit() -> None:
    cells = {row[0]: row for row in page("zeeuws-vlaanderen").twin.cells}
    assert cells["Afstand tot treinstation"][2].endswith("km")
    assert cells["Inwoners per km²"][2].endswith("inwoners per km²")
    assert cells["Aandeel inwoners binnen 15 km van de landsgrens"][2] == "100%"
    row = edition().row("afstand-treinstation", "zeeuws-vlaanderen", int(cells["Afstand tot treinstation"][1]))
    assert row is not None
    assert cells["Afstand tot treinstation"][2].startswith(f"{row['value']:.1f}".replace(".", ","))


def test_matrix_is_symmetric_and_has_every_region_as_row_and_column() -> None:
    rows = Tables(resemblance_html()).tables[0]
    assert len(rows) == 12 and all(len(r) == 12 for r in rows)
    body = [row[1:] for row in rows[1:]]
    for j in range(11):
        assert body[j][j] == "–"
        for k in range(11):
            assert body[j][k] == body[k][j]
    like = likeness()
    expected = like.distances[like.areas.index("twente"), like.areas.index("noord-limburg")]
    assert body[REGIONS.index("twente")][REGIONS.index("noord-limburg")] == f"{expected:.2f}".replace(".", ",")
    for region in definitions().regions:
        assert (
            f'<a href="regio?regio={region.id}" target="_self">{markup.escape(region.name)}</a>' in resemblance_html()
        )


def test_matrix_tells_the_nearest_pair_and_who_stands_alone() -> None:
    like = likeness()
    at = [like.areas.index(r) for r in REGIONS]
    own = like.distances[np.ix_(at, at)] + np.diag([math.inf] * 11)
    j, k = divmod(int(own.argmin()), 11)
    sentence = compose_resemblance(definitions(), edition(), like).sentence.lower()
    for place in (j, k, int(own.min(axis=1).argmax())):
        assert definitions().regions[place].spoken.lower() in sentence


def test_names_are_escaped() -> None:
    content = page("twente")
    nasty = replace(content.outside[0], name="<b>A&B</b>", about="<i>", differs=("<u>",))
    other = replace(content.within[0], name="<s>", sentence="<s> lijkt")
    made = html.section(replace(content, outside=(nasty, *content.outside[1:]), within=(other,)))
    for raw in ("<b>A", "<i>", "<u>", "<s>"):
        assert raw not in made
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in made


# -- a broken structure.yaml ----------------------------------------------------------------------------------

BROKEN = [
    (
        "unknown field",
        "  name: Leeftijd\n",
        "  name: Leeftijd\n  kleur: rood\n",
        ["'leeftijd'", "veld 'kleur'", "bestaat niet"],
    ),
    (
        "without features",
        "  name: Dichtheid\n  features:\n",
        "  name: Dichtheid\n  kenmerken:\n",
        ["'dichtheid'", "veld 'features'", "ontbreekt"],
    ),
    (
        "neither figure nor border",
        "indicator: afstand-supermarkt, ",
        "",
        ["'voorzieningen'", "veld 'features.0'", "een van de twee"],
    ),
    (
        "both",
        "within_km: 15,",
        "within_km: 15, indicator: koopwoningen,",
        ["'grens'", "veld 'features.0'", "een van de twee"],
    ),
    (
        "a distance below zero",
        "within_km: 15,",
        "within_km: -15,",
        ["'grens'", "veld 'features.0.within_km'", "is te klein"],
    ),
    ("a word that is no choice", "scale: log", "scale: wortel", ["'dichtheid'", "veld 'features.0.scale'", "'log'"]),
    (
        "unknown figure",
        "indicator: koopwoningen,",
        "indicator: koopwoning,",
        ["'wonen'", "veld 'indicator'", "'koopwoning' bestaat niet"],
    ),
    (
        "a figure that has no regional value",
        "indicator: koopwoningen,",
        "indicator: mediaan-inkomen,",
        ["'wonen'", "'mediaan-inkomen'"],
    ),
    ("empty word", "more: meer jongeren,", "more: '',", ["'leeftijd'", "veld 'features.1.more'", "is leeg"]),
    ("the same group twice", "- id: wonen\n", "- id: leeftijd\n", ["'leeftijd' staat er twee keer in"]),
]


@pytest.mark.parametrize(("case", "old", "new", "parts"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_broken_structure_is_named_by_file_entry_and_field(
    tmp_path: Path, case: str, old: str, new: str, parts: list[str]
) -> None:
    for folder in ("definitions", "findings"):
        shutil.copytree(ROOT / "data" / folder, tmp_path / folder)
    path = tmp_path / "definitions" / "structure.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"structure.yaml no longer holds {old!r} once"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path / "definitions", tmp_path / "findings")
    assert "structure.yaml" in caught.value.message and caught.value.way_out
    for part in parts:
        assert part in caught.value.message, caught.value.message
    assert "{" not in caught.value.way_out, "a way out that a reader can follow"
