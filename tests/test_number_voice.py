"""Cijfer en verhaal: every finding held in every region, counted by theme, contradictions first."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from functools import cache
from html import escape

import pytest

from monitor.assessment import BENCHMARKS, BenchmarkId
from monitor.dialogue.hold import Held, Verdict, hold
from monitor.dialogue.matrix import ORDER, Voiced, by_theme, hold_all, over_regions, regions_by_verdict, stance
from monitor.figures.compose import Composer
from monitor.figures.files import csv_bytes
from monitor.screens import number_voice_html as html
from monitor.screens.municipality import compose_municipality
from monitor.screens.number_voice import PAGE, NumberVoice, compose_number_voice
from monitor.state import State
from tests.spec_table import cases, definitions, edition
from tests.test_pages import markup, visit

REGIONS = [r.id for r in definitions().regions]


@cache
def everything(benchmark: BenchmarkId = "nederland") -> tuple[Voiced, ...]:
    return hold_all(definitions(), edition(), benchmark)


def page(**parts: object) -> NumberVoice:
    state = State(PAGE).but(**parts)
    return compose_number_voice(definitions(), edition(), everything(), state)


# --- One verdict out of several ---

# b: bevestigen, t: spreken tegen, m: meten niet
STANCES = """
    figures | together
    -       | m
    m       | m
    m m     | m
    b m     | b
    b b     | b
    t m     | t
    b t     | t
    m b t   | t
"""
LETTERS: dict[str, Verdict] = {"b": "bevestigen", "t": "spreken tegen", "m": "meten niet"}


@pytest.mark.parametrize("case", cases(STANCES))
def test_one_contradiction_outweighs_all_confirmations(case: dict[str, str]) -> None:
    held = [Held(LETTERS[x], "") for x in case["figures"].split() if x != "-"]
    assert stance(held) == LETTERS[case["together"]]


# --- Everything at once equals one by one ---


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_every_finding_is_held_in_exactly_the_regions_that_it_concerns(benchmark: BenchmarkId) -> None:
    found = everything(benchmark)
    wanted = [(f.id, r) for f in definitions().findings for r in REGIONS if f.concerns(r)]
    assert [(v.finding.id, v.region.id) for v in found] == wanted
    for v in found[:: 1 + len(found) // 60]:
        assert v.held == hold(definitions(), edition(), v.finding, v.region, benchmark)


def test_the_table_counts_each_finding_once_per_theme_and_region() -> None:
    lines = by_theme(definitions(), everything())
    for line in lines:
        for region in REGIONS:
            own = [v for v in everything() if v.region.id == region and line.theme.id in v.finding.themes]
            assert line.cells[region] == Counter(v.stance for v in own)
        about = {f.id for f in definitions().findings if line.theme.id in f.themes}
        assert sum(line.total.values()) == len(about)
    assert {x.theme.id for x in lines} == {t for f in definitions().findings for t in f.themes}


def test_themes_with_most_contradictions_come_first() -> None:
    found = [sum(c["spreken tegen"] for c in x.cells.values()) for x in by_theme(definitions(), everything())]
    assert found == sorted(found, reverse=True) and found[0] > 0


def test_a_finding_counts_as_contradicted_when_one_region_contradicts_it() -> None:
    for finding, verdict in over_regions(everything()):
        stances = {v.stance for v in everything() if v.finding.id == finding.id}
        assert verdict == next(x for x in ORDER if x in stances)


def test_the_regions_of_a_figure_are_told_once_each() -> None:
    for f in definitions().findings:
        for x in f.indicators:
            told = regions_by_verdict(everything(), f.id, x.id)
            assert sorted(r.id for regions in told.values() for r in regions) == sorted(
                r for r in REGIONS if f.concerns(r)
            )


# --- The page ---


def test_contradictions_and_confirmations_fill_the_page() -> None:
    p = page()
    assert p.counts == Counter(v for _, v in over_regions(everything()))
    assert len(p.clashes) == p.counts["spreken tegen"] > 0
    assert len(p.agreed) == p.counts["bevestigen"] > 0
    assert [c.places for c in p.clashes] == sorted((c.places for c in p.clashes), reverse=True)
    for c in p.clashes:
        first = [len(f.regions["spreken tegen"]) for f in c.figures]
        assert first == sorted(first, reverse=True) and first[0] > 0
    assert not any(f.regions["spreken tegen"] for c in p.agreed for f in c.figures)
    numbers = [int(n) for n in re.findall(r"\d+", p.lead)]
    assert numbers == [sum(p.counts.values()), *(p.counts[v] for v in ORDER)]


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_shows_its_own_findings_contradictions_first(region: str) -> None:
    p = page(regions=(region,))
    own = [v for v in everything() if v.region.id == region]
    assert sorted(v.finding.id for v in p.chosen) == sorted(v.finding.id for v in own)
    places = [ORDER.index(v.stance) for v in p.chosen]
    assert places == sorted(places)
    assert sum(p.counts.values()) == len(own) and not p.clashes
    assert definitions().region(region).spoken in p.lead


def test_a_theme_narrows_what_is_told_but_not_the_table() -> None:
    p = page(theme="voorzieningen")
    assert {t for c in (*p.clashes, *p.agreed) for t in c.finding.themes} >= {"voorzieningen"}
    assert all("voorzieningen" in c.finding.themes for c in (*p.clashes, *p.agreed))
    assert len(p.lines) == len(page().lines)


def test_the_file_holds_every_finding_region_and_figure_with_its_verdict() -> None:
    text = csv_bytes(page().figure, "https://example.org/").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    start = next(k for k, r in enumerate(rows) if r and r[0] == "Bevinding")
    body = [r for r in rows[start + 1 :] if len(r) == len(rows[start]) and r[6] in ORDER]
    assert len(body) == sum(len(v.held) for v in everything())
    assert Counter(r[6] for r in body) == Counter(h.verdict for v in everything() for h in v.held)


def test_the_signs_on_screen_are_the_verdicts() -> None:
    p, state = page(), State(PAGE)
    shown = html.clashes(p.clashes, definitions(), state)
    grid = shown.split('<div class="cl-small">')[0]
    wanted = Counter(v for c in p.clashes for f in c.figures for v, regions in f.regions.items() for _ in regions)
    assert Counter(re.findall(r"<b>([≠=?])</b>", grid)) == Counter(
        {{"spreken tegen": "≠", "bevestigen": "=", "meten niet": "?"}[v]: n for v, n in wanted.items()}
    )


def test_the_table_on_screen_is_the_table() -> None:
    lines = by_theme(definitions(), everything())
    shown = html.table(lines, definitions(), State(PAGE))
    for row, line in zip(re.findall(r"<tr><th scope=\"row\">.*?</tr>", shown), lines, strict=True):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
        for cell, counts in zip(cells[1:], (line.cells[r] for r in REGIONS), strict=True):
            found = {int(k): int(n) for k, n in re.findall(r'<span class="c(\d)"><i>.</i>(\d+)</span>', cell)}
            assert found == {k: counts[v] for k, v in enumerate(ORDER) if counts[v]}


def test_the_page_of_streamlit_shows_it() -> None:
    test = visit(PAGE)
    assert "Waar cijfer en verhaal botsen" in markup(test)
    test = visit(PAGE, "niet-gemeten", regio="achterhoek", thema="bevolking")
    assert "botsen in de Achterhoek" in markup(test)
    for v in page(regions=("achterhoek",), theme="bevolking").chosen:
        assert v.finding.title.replace("'", "&#x27;") in markup(test)


# --- What a figure cannot show stands with it everywhere ---


def tensions() -> list[tuple[str, str]]:
    return [(x.id, f.title) for f in definitions().findings if f.kind == "spanning" for x in f.indicators]


def test_a_tension_names_at_least_one_figure() -> None:
    said = [f for f in definitions().findings if f.kind == "spanning"]
    assert len(said) >= 4 and all(f.indicators for f in said)


@pytest.mark.parametrize("indicator", sorted({i for i, _ in tensions()}))
def test_a_tension_stands_with_its_figure(indicator: str) -> None:
    """On the map, with the lines, in the method, and in every file that a figure leaves in."""
    titles = [t for i, t in tensions() if i == indicator]
    composer = Composer(definitions(), edition())
    figure = composer.map(definitions().indicator(indicator), None, "gemeenten", None)
    note = next(n for n in figure.notes if n.startswith("Spanning met wat er gezegd is"))
    assert all(t in note for t in titles)
    told = csv_bytes(figure, "").decode("utf-8-sig")
    assert all(t in told for t in titles)
    for region in REGIONS:
        own = [f.title for f in definitions().tensions(indicator, [region])]
        strip = composer.strip(definitions().indicator(indicator), definitions().region(region), None, "nederland")
        said = [n for n in strip.notes if n.startswith("Spanning met wat er gezegd is")]
        assert len(said) == bool(own) and all(t in said[0] for t in own)
        assert not any(t in n for n in said for t in titles if t not in own)


@pytest.mark.parametrize("name", ["kaart", "trends", "methode"])
def test_a_tension_is_on_the_page_of_its_figure(name: str) -> None:
    for indicator, title in sorted(dict(tensions()).items())[::4]:
        if name == "trends" and definitions().indicator(indicator).aggregation.kind == "geen":
            continue
        concerned = next(f for f in definitions().tensions(indicator) if f.title == title)
        region = next(r for r in REGIONS if concerned.concerns(r))
        assert title.replace("'", "&#x27;") in markup(visit(name, indicator=indicator, regio=region)), indicator
        if name == "methode":
            break


@pytest.mark.parametrize(
    "name, query",
    [
        ("vergelijken", {"regio": "zuid-limburg", "thema": "voorzieningen"}),
        ("gemeente", {"gemeente": "GM0294"}),
        ("eigen-regio", {"regio": "achterhoek"}),
        ("regio", {"regio": "achterhoek"}),
        ("plan", {"regio": "achterhoek"}),
        ("cijfer-en-verhaal", {}),
    ],
)
def test_tables_of_figures_mark_a_tension(name: str, query: dict[str, str]) -> None:
    shown = markup(visit(name, **query))
    marked = set(re.findall(r'class="sp" href="methode\?indicator=([a-z0-9-]+)"', shown))
    assert "afstand-ziekenhuis" in marked and marked <= {i for i, _ in tensions()}


def test_the_start_page_tells_a_tension_with_its_mark() -> None:
    shown = markup(visit("overzicht"))
    assert shown.count("Spanning met wat er gezegd is") > 11


def test_a_municipality_elsewhere_gets_no_tension_of_a_single_region() -> None:
    composer = Composer(definitions(), edition())
    local = [(i, t) for i, t in tensions() for f in definitions().findings if f.title == t and "alle" not in f.regions]
    assert local
    for indicator, title in local:
        told = composer.tension(definitions().indicator(indicator), "GM0363")
        assert title not in told
        assert title in composer.tension(definitions().indicator(indicator), "NL01")


def test_lists_of_figures_take_tensions_along() -> None:
    content = compose_municipality(definitions(), edition(), Composer(definitions(), edition()), "GM0294", "nederland")
    told = csv_bytes(content.figure, "").decode("utf-8-sig")
    assert "Afstand tot ziekenhuis. Spanning met wat er gezegd is" in told


def test_every_finding_has_an_address_of_its_own() -> None:
    for f in (page().clashes[0].finding, next(x for x in definitions().findings if x.serves)):
        shown = markup(visit("regiodialoog", bevinding=f.id))
        assert f"<h1>{escape(f.title)}</h1>" in shown and escape(f.source.section) in shown
    assert "Past bij de behoefte (onze lezing)" in shown
    assert "Wat de cijfers zeggen, per regio" in markup(visit("regiodialoog", bevinding=page().clashes[0].finding.id))
    assert "Niet herkend in de link" in markup(visit("regiodialoog", bevinding="bestaat-niet"))


def test_a_finding_of_a_region_leads_to_the_log() -> None:
    shown = markup(visit(PAGE, "niet-gemeten", regio="twente"))
    links = set(re.findall(r'href="(logboek\?[^"]+)"', shown))
    assert links == {
        f"logboek?regio=twente&amp;bevinding={v.finding.id}" for v in everything() if v.region.id == "twente"
    }
