"""The pages in Streamlit’s own test bench: what they say, what they write to the URL, what they do without data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from monitor import paths
from monitor.assessment import spread, years_for
from monitor.definitions import load
from monitor.sentences import shown
from tests.navigation import TITLES
from tests.sample import by_kind
from tests.spec_table import cases, definitions, some

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(TITLES)
DEFINITIONS = definitions()
SAMPLE = [i.id for i in by_kind()]
INDICATORS = {i.id: i for i in DEFINITIONS.indicators}
REGIONS = {r.id: r for r in DEFINITIONS.regions}
WITHOUT_REGIONS = [i.id for i in DEFINITIONS.indicators if i.aggregation.kind == "geen"]


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)


@pytest.fixture
def fresh_caches() -> Iterator[None]:
    """Nothing of another test's data before, nothing of this test's data after."""
    for clear in (st.cache_resource.clear, st.cache_data.clear):
        clear()
    yield
    for clear in (st.cache_resource.clear, st.cache_data.clear):
        clear()


# -- reading a page -------------------------------------------------------------------------------------------


def visit(page: str, *opened: str, **query: str | list[str]) -> AppTest:
    """Open a page with a state in its URL; ``opened``: keys of boxes that are open."""
    test = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    for key in opened:
        test.session_state[key] = True
    return test.run()


def markup(test: AppTest) -> str:
    return "\n".join(m.value for m in test.markdown)


def flat(text: str) -> str:
    """A text with every run of white space, hard spaces included, as one space."""
    return " ".join(text.split())


class Plain(HTMLParser):
    """Collects headings, and the text of a page without its markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.words: list[str] = []
        self.roles: list[tuple[str, str]] = []
        self._stack: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._stack.append(tag)
        if tag == "h1":
            self.headings.append("")
        if role := dict(attrs).get("role"):
            self.roles.append((role, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "h1" in self._stack:
            self.headings[-1] += data

    @property
    def text(self) -> str:
        return flat("".join(self.words))


def read(test: AppTest) -> Plain:
    return Plain(markup(test))


def control(test: AppTest, kind: str, label: str) -> Any:
    """The one widget of a kind with a label."""
    found = [w for w in getattr(test, kind) if w.label == label]
    assert len(found) == 1, f"{len(found)} x {kind} {label!r}: {[w.label for w in getattr(test, kind)]}"
    return found[0]


def url(test: AppTest) -> dict[str, list[str]]:
    return {k: list(v) if isinstance(v, list) else [v] for k, v in dict(test.query_params).items()}


def check_sound(test: AppTest) -> Plain:
    """No exception, no fault, one heading, a footer with the edition, and no number that leaked as 'nan'."""
    assert not test.exception, [e.value for e in test.exception]
    assert not test.error
    page = read(test)
    assert 'role="alert"' not in markup(test), page.text[:300]
    assert len(page.headings) == 1 and page.headings[0].strip(), page.headings
    assert "Editie " in page.text
    assert not re.search(r"\b(nan|None|Traceback|NaT)\b", page.text)
    assert "de pagina" in page.text
    return page


def check_fault(test: AppTest, *parts: str) -> Plain:
    """A Dutch message with a way out instead of a page; no exception, no traceback, no path of this machine."""
    assert not test.exception, [e.value for e in test.exception]
    page = read(test)
    assert markup(test).count('role="alert"') == 1
    assert page.headings == ["Dit lukt nu niet"]
    for part in parts:
        assert part in page.text, page.text
    for leak in ("Traceback", "Error", "Exception", 'File "', str(ROOT), "/tmp/"):
        assert leak not in markup(test), leak
    return page


# -- every page, every state ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_by_itself(page: str) -> None:
    test = visit(page)
    check_sound(test)
    assert url(test) == {}, "a default writes nothing to the URL"


def test_app_begins_with_the_overview_inside_its_frame() -> None:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    page = read(test)
    assert "Regiomonitor Brede Welvaart" in page.text
    assert page.headings == read(visit("overzicht")).headings


@pytest.mark.parametrize("indicator", some(SAMPLE, 3))
def test_map_shows_every_kind_of_indicator_at_every_level(indicator: str) -> None:
    queries = ({}, {"niveau": "regios", "vergelijk": "nederland"})
    # Every third in both ways, the others in turn.
    k = SAMPLE.index(indicator)
    for query in queries if k % 3 == 0 else queries[k % 2 :][:1]:
        test = visit("kaart", indicator=indicator, **query)
        page = check_sound(test)
        assert control(test, "selectbox", "Cijfer").value == indicator
        assert INDICATORS[indicator].description in page.text
        if indicator not in WITHOUT_REGIONS:
            assert control(test, "radio", "Niveau").value == query.get("niveau", "gemeenten")


@pytest.mark.parametrize("indicator", some(SAMPLE[::2], 2))
def test_trends_show_every_kind_of_indicator(indicator: str) -> None:
    test = visit("trends", indicator=indicator, regio=["twente", "zeeuws-vlaanderen"])
    assert control(test, "selectbox", "Cijfer").value == indicator
    page = check_sound(test)
    assert INDICATORS[indicator].name in page.headings[0]
    if test.get("plotly_chart"):
        assert INDICATORS[indicator].caption in page.text
    else:
        assert "bestaat niet voor een regio" in page.text or "er één jaar" in page.text


@pytest.mark.parametrize("region", some(REGIONS, 4))
def test_region_page_opens_for_every_region(region: str) -> None:
    test = visit("regio", "overal", regio=region)
    page = check_sound(test)
    assert page.headings == [REGIONS[region].name]
    assert control(test, "selectbox", "Regio").value == region
    assert control(test, "selectbox", "Vergelijk met").value == "nederland"
    for goal in DEFINITIONS.goals:
        assert goal.name in page.text
    for indicator in INDICATORS.values():
        if indicator.core:
            assert indicator.caption in page.text
    for finding in DEFINITIONS.findings_for(region):
        assert page.text.count(finding.title) == 1, f"{finding.title} stands on the page once"
    names = [m.name for m in REGIONS[region].members if m.membership == "lid"]
    assert all(n in page.text for n in names)


@pytest.mark.parametrize(
    "region, benchmark",
    some([("noard-fryslan", "provincie"), ("zuid-limburg", "provincie"), ("noard-fryslan", "elf-regios")], 2),
)
def test_region_page_opens_with_another_benchmark(region: str, benchmark: str) -> None:
    test = visit("regio", regio=region, vergelijk=benchmark)
    assert check_sound(test).headings == [REGIONS[region].name]
    assert control(test, "selectbox", "Vergelijk met").value == benchmark


@pytest.mark.parametrize("region", some(REGIONS, 5))
def test_trends_open_for_every_region(region: str) -> None:
    test = visit("trends", indicator="overgewicht", regio=region, vergelijk="provincie")
    page = check_sound(test)
    assert control(test, "multiselect", "Regio’s in kleur (hoogstens 4)").value == [region]
    assert REGIONS[region].name in page.text


# -- controls write the URL -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["kaart", "trends"])
def test_choosing_an_indicator_writes_the_url(page: str) -> None:
    test = visit(page, regio="twente")
    before = read(test).headings
    control(test, "selectbox", "Cijfer").select("overgewicht").run()
    heading = check_sound(test).headings
    assert heading != before and "overgewicht" in heading[0].lower()
    assert url(test) == {"regio": ["twente"], "indicator": ["overgewicht"]}


def test_year_list_follows_the_indicator(snapshot: Any) -> None:
    test = visit("kaart")
    for indicator in SAMPLE[:8]:
        control(test, "selectbox", "Cijfer").select(indicator).run()
        years = [str(y) for y in reversed(snapshot.years(indicator))]
        chosen = control(test, "selectbox", "Jaar")
        assert chosen.options == years
        assert chosen.value == years[0]


def test_choosing_a_year_writes_the_url_and_the_last_year_takes_it_out() -> None:
    test = visit("kaart", indicator="overgewicht")
    control(test, "selectbox", "Jaar").select("2022").run()
    assert url(test) == {"indicator": ["overgewicht"], "jaar": ["2022"]}
    assert "(%), 2022" in check_sound(test).text
    control(test, "selectbox", "Jaar").select("2024").run()
    assert url(test) == {"indicator": ["overgewicht"]}
    assert "(%), 2024" in check_sound(test).text


def test_another_indicator_lets_the_year_go_and_keeps_level_and_colour() -> None:
    test = visit("kaart", indicator="overgewicht", jaar="2022", niveau="regios", vergelijk="nederland")
    control(test, "selectbox", "Cijfer").select("werkloosheid").run()
    assert url(test) == {"indicator": ["werkloosheid"], "niveau": ["regios"], "vergelijk": ["nederland"]}
    assert control(test, "radio", "Niveau").value == "regios"


@pytest.mark.parametrize(
    ("kind", "label", "key", "default", "other"),
    [
        ("radio", "Niveau", "niveau", "gemeenten", "regios"),
        ("selectbox", "Kleur", "vergelijk", "waarde", "nederland"),
        ("selectbox", "Kleur", "vergelijk", "waarde", "vergelijkbaar"),
    ],
)
def test_choosing_level_or_colour_writes_the_url(kind: str, label: str, key: str, default: str, other: str) -> None:
    test = visit("kaart", indicator="overgewicht")
    control(test, kind, label).set_value(other).run()
    check_sound(test)
    assert url(test) == {"indicator": ["overgewicht"], key: [other]}
    control(test, kind, label).set_value(default).run()
    assert url(test) == {"indicator": ["overgewicht"]}


def test_choosing_regions_writes_one_value_per_region() -> None:
    test = visit("trends", indicator="overgewicht")
    label = "Regio’s in kleur (hoogstens 4)"
    control(test, "multiselect", label).set_value(["twente", "zuid-limburg"]).run()
    assert url(test)["regio"] == ["twente", "zuid-limburg"]
    text = check_sound(test).text
    assert "Twente" in text and "Zuid-Limburg" in text
    control(test, "multiselect", label).set_value([]).run()
    check_sound(test)


def test_choosing_a_region_and_a_benchmark_writes_the_url() -> None:
    test = visit("regio")
    control(test, "selectbox", "Regio").select("midden-limburg").run()
    assert check_sound(test).headings == ["Midden-Limburg"]
    assert url(test) == {"regio": ["midden-limburg"]}
    control(test, "selectbox", "Vergelijk met").select("provincie").run()
    assert "Limburg" in check_sound(test).text
    assert url(test) == {"regio": ["midden-limburg"], "vergelijk": ["provincie"]}
    control(test, "selectbox", "Vergelijk met").select("nederland").run()
    assert url(test) == {"regio": ["midden-limburg"]}


def test_what_the_url_says_stands_in_the_controls() -> None:
    test = visit("kaart", indicator="overgewicht", jaar="2022", niveau="regios", vergelijk="nederland")
    text = check_sound(test).text
    assert control(test, "selectbox", "Cijfer").value == "overgewicht"
    assert control(test, "selectbox", "Jaar").value == "2022"
    assert control(test, "radio", "Niveau").value == "regios"
    assert control(test, "selectbox", "Kleur").value == "nederland"
    assert "2022: verschil met Nederland" in text


# -- figures that may not be added up -------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", WITHOUT_REGIONS[::2])
def test_map_of_regions_explains_that_the_figure_has_none(indicator: str) -> None:
    test = visit("kaart", indicator=indicator, niveau="regios")
    text = check_sound(test).text
    assert f"{INDICATORS[indicator].name} bestaat niet voor een regio; u ziet de gemeenten." in text
    assert INDICATORS[indicator].aggregation.reason in text
    assert not [r for r in test.radio if r.label == "Niveau"], "no level to choose"


@pytest.mark.parametrize("indicator", WITHOUT_REGIONS[::2])
def test_trend_explains_that_the_figure_has_no_regions(indicator: str) -> None:
    test = visit("trends", indicator=indicator, regio="twente")
    assert not test.exception
    page = read(test)
    assert f"{INDICATORS[indicator].name} bestaat niet voor een regio." in page.text
    assert INDICATORS[indicator].aggregation.reason in page.text
    assert "kaart" in page.text
    assert len(page.headings) == 1, page.headings
    control(test, "selectbox", "Cijfer").select("overgewicht").run()
    check_sound(test)


def test_region_page_shows_the_spread_of_municipalities_instead(snapshot: Any) -> None:
    region = REGIONS["achterhoek"]
    text = check_sound(visit("regio", regio=region.id)).text
    checked = 0
    for indicator in (INDICATORS[i] for i in WITHOUT_REGIONS):
        found = spread(snapshot, indicator, region, snapshot.years(indicator.id)[-1])
        if found:
            told = f"{indicator.name}: {shown(indicator, found[0].value)} tot {shown(indicator, found[-1].value)}"
            assert flat(told) in text
            checked += 1
        else:
            assert re.search(rf"{indicator.name}: –[^;]{{0,40}}per gemeente", text), indicator.name
    assert checked >= 2


# -- links with something unknown in them ---------------------------------------------------------------------

UNKNOWN = [
    ("kaart", {"indicator": "overgwicht"}, "indicator ‘overgwicht’ (bedoelde u ‘overgewicht’?)", {}),
    ("kaart", {"jaar": "vorig"}, "jaar ‘vorig’", {}),
    ("kaart", {"niveau": "wijken"}, "niveau ‘wijken’", {}),
    ("kaart", {"vergelijk": "belgie"}, "vergelijk ‘belgie’", {}),
    ("trends", {"regio": "twnte"}, "regio ‘twnte’ (bedoelde u ‘twente’?)", {}),
    ("trends", {"regio": ["twente", "atlantis"]}, "regio ‘atlantis’", {"regio": "twente"}),
    ("regio", {"regio": "randstad"}, "regio ‘randstad’", {}),
    ("gemeente", {"gemeente": "GM9999"}, "gemeente ‘GM9999’", {}),
    ("regiodialoog", {"thema": "wone"}, "thema ‘wone’ (bedoelde u ‘wonen’?)", {}),
    ("regiodialoog", {"soort": "klacht"}, "soort ‘klacht’", {}),
    ("regiodialoog", {"doel": "4"}, "doel ‘4’", {}),
    ("methode", {"indicator": "overgwicht"}, "indicator ‘overgwicht’", {}),
    ("overzicht", {"regio": "twnte"}, "regio ‘twnte’", {}),
]


@pytest.mark.parametrize(("page", "query", "named", "understood"), some(UNKNOWN, 2))
def test_unknown_names_open_the_default_and_are_named(
    page: str, query: dict[str, Any], named: str, understood: dict[str, Any]
) -> None:
    test = visit(page, **query)
    shown = check_sound(test)
    notices = [m.value for m in test.markdown if 'class="notice" role="status"' in m.value]
    assert len(notices) == 1
    said = Plain(notices[0]).text
    assert said.startswith("Niet herkend in de link: ") and named in said
    assert said.endswith("U ziet daarvoor de standaardkeuze.")
    assert shown.headings == check_sound(visit(page, **understood)).headings


@pytest.mark.parametrize("page", some(PAGES, 3))
def test_a_sound_link_gives_no_notice(page: str) -> None:
    # Income across the border ends in 2020.
    year = "2020" if page == "over-de-grens" else "2022"
    test = visit(page, indicator="overgewicht", jaar=year, regio="twente")
    assert 'class="notice" role="status"' not in markup(test) and "Niet herkend" not in markup(test)


def test_names_from_the_url_are_escaped() -> None:
    test = visit("kaart", indicator="<script>alert(1)</script>", regio="<img src=x onerror=alert(1)>")
    check_sound(test)
    assert "<script" not in markup(test) and "<img src=x" not in markup(test)
    assert "&lt;script&gt;" in markup(test)


def test_more_regions_than_colours_shows_the_first_and_says_so() -> None:
    names = list(REGIONS)[:6]
    test = visit("trends", indicator="overgewicht", regio=names)
    assert "De link noemt 6 regio’s; de eerste 4 staan in kleur." in check_sound(test).text
    assert control(test, "multiselect", "Regio’s in kleur (hoogstens 4)").value == names[:4]


# -- figures on the page --------------------------------------------------------------------------------------


def test_map_page_has_its_figure_with_alt_table_source_and_downloads(composer: Any) -> None:
    figure = composer.map(INDICATORS["overgewicht"], None, "gemeenten", None)
    test = visit("kaart", indicator="overgewicht")
    page = check_sound(test)
    assert page.headings == [figure.headline]
    assert flat(figure.lead) in page.text and figure.source in page.text
    for note in figure.notes:
        assert flat(note) in page.text
    labels = [b.label for b in test.get("download_button")]
    assert labels == ["Afbeelding (PNG)", "Tekening (SVG)", "Cijfers (CSV)"]
    (chart,) = test.get("plotly_chart")
    assert figure.alt in str(chart.proto)
    (box,) = [e for e in test.expander if e.label == "Alle cijfers in een tabel"]
    assert not box.markdown, "the table of 342 municipalities is sent when somebody opens it"


def test_trend_page_has_its_sentence_breaks_and_downloads(composer: Any) -> None:
    indicator = INDICATORS["ervaren-gezondheid"]
    figure = composer.trend(indicator, [REGIONS["twente"]])
    assert figure.breaks
    test = visit("trends", indicator=indicator.id, regio="twente")
    text = check_sound(test).text
    assert flat(figure.sentence) in text
    for year, reason in figure.breaks:
        assert re.search(rf"Breuk [a-z0-9 ]*{year}\.", text) and flat(reason) in text
    labels = [b.label for b in test.get("download_button")]
    assert labels == ["Afbeelding (PNG)", "Tekening (SVG)", "Cijfers (CSV)"]
    assert all(figure.alt in str(c.proto) for c in test.get("plotly_chart"))


def test_region_page_gives_every_core_figure_its_sentence(composer: Any) -> None:
    test = visit("regio", regio="zeeuws-vlaanderen")
    text = check_sound(test).text
    strips = [composer.strip(i, REGIONS["zeeuws-vlaanderen"]) for i in INDICATORS.values() if i.core]
    for figure in strips:
        assert flat(figure.sentence) in text
        if figure.region:
            assert figure.region.word in text
    assert any("beperkte dekking" in f.region.word for f in strips if f.region)


# -- Overzicht ------------------------------------------------------------------------------------------------


def test_overview_has_every_region_and_goal_and_leads_to_each(composer: Any) -> None:
    test = visit("overzicht")
    text = check_sound(test).text
    for region in REGIONS.values():
        links = re.findall(rf'href="regio\?regio={region.id}"', markup(test))
        assert len(links) == 2, f"{region.name}: once on the map, once in the table"
    for goal in DEFINITIONS.goals:
        assert text.count(goal.name) >= len(REGIONS), goal.name
    rows = re.findall(r'<tr data-area="([a-z-]+)">', markup(test))
    assert rows == list(REGIONS)


def test_overview_counts_what_the_figures_say(composer: Any) -> None:
    """The headline's counts are those of the judgements behind it."""
    page = check_sound(visit("overzicht"))
    outcomes = {
        i.id: [r.outcome for r in composer.region_rows(i, composer.snapshot.years(i.id)[-1])]
        for i in INDICATORS.values()
        if i.core and i.direction != "geen"
    }
    said = re.fullmatch(r"(.+) in (\d+) van de 11 regio’s, maar (.+) in (\d+)", flat(page.headings[0]))
    assert said, page.headings
    worse, n, better, m = said.groups()
    (first,) = [i for i in INDICATORS.values() if (i.when_worse or "").lower() == worse.lower() and i.id in outcomes]
    (second,) = [i for i in INDICATORS.values() if (i.when_better or "").lower() == better.lower() and i.id in outcomes]
    assert outcomes[first.id].count("ongunstiger") == int(n)
    assert outcomes[second.id].count("gunstiger") == int(m)


# -- Gemeente -------------------------------------------------------------------------------------------------


def test_municipality_shows_all_its_figures_beside_region_and_country(snapshot: Any) -> None:
    test = visit("gemeente", gemeente="GM0294")
    page = check_sound(test)
    assert page.headings == ["Winterswijk"]
    assert "provincie Gelderland" in page.text and 'href="regio?regio=achterhoek"' in markup(test)
    own = snapshot.observations
    own = own[(own["area"] == "GM0294") & own["value"].notna()]
    with_value = set(own["indicator"])
    assert len(with_value) > 100
    linked = re.findall(r'href="kaart\?indicator=([a-z0-9-]+)"', markup(test))
    assert sorted(linked) == sorted(with_value), "every figure that it has stands there once"
    for indicator in ("overgewicht", "geregistreerde-misdrijven", "woz-waarde"):
        year = int(own.loc[own["indicator"] == indicator, "year"].max())
        for area in ("GM0294", "achterhoek", "NL01"):
            value = float(snapshot.row(indicator, area, year)["value"])
            assert flat(shown(INDICATORS[indicator], value)) in page.text, (indicator, area)
    (missing,) = [t for m in test.markdown if (t := m.value) and "Geen cijfer voor deze gemeente" in t]
    for indicator in set(INDICATORS) - with_value:
        assert INDICATORS[indicator].name in missing


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("GM0080", "Of de gemeente bij de regio Noard-Fryslân hoort, is niet zeker; zij telt daar niet mee."),
        ("GM0363", "De gemeente hoort niet bij een van de elf regio’s."),
    ],
    ids=["candidate", "outside"],
)
def test_municipality_says_to_which_region_it_belongs(code: str, said: str) -> None:
    assert said in check_sound(visit("gemeente", gemeente=code)).text


@pytest.mark.parametrize(
    "query", [{}, {"gemeente": "GM9999"}, {"gemeente": "<b>x</b>"}], ids=["none", "unknown", "html"]
)
def test_without_a_municipality_there_is_a_chooser(query: dict[str, str]) -> None:
    test = visit("gemeente", **query)
    page = check_sound(test)
    assert page.headings == ["Kies een gemeente"]
    assert ("Niet herkend in de link: gemeente" in page.text) == bool(query)
    chooser = control(test, "selectbox", "Gemeente")
    assert len(chooser.options) == 342 and chooser.value is None
    chooser.select("GM0294").run()
    assert check_sound(test).headings == ["Winterswijk"]
    assert url(test) == {"gemeente": ["GM0294"]}


def test_municipalities_stand_in_the_order_of_the_alphabet() -> None:
    names = control(visit("gemeente"), "selectbox", "Gemeente").options
    assert "'s-Hertogenbosch" in names and "Súdwest-Fryslân" in names
    assert names[0].startswith("A") and names[-1].startswith("Z")
    place = names.index("'s-Hertogenbosch")
    assert [names[place - 1][:2], names[place + 1][:2]] == ["He", "He"], (
        "under the letter of its name, not of its article"
    )


# -- Regiodialoog ---------------------------------------------------------------------------------------------


def found(test: AppTest) -> tuple[int, int]:
    """The count in view: how many of how many."""
    said = re.search(r"(\d+) van (\d+) bevindingen", read(test).text)
    assert said
    return int(said[1]), int(said[2])


def titles_in(text: str) -> list[str]:
    """Titles of the findings in a piece of HTML."""
    return [unescape(t) for t in re.findall(r'<p class="voice">([^<]+)</p>', text)]


def cards(test: AppTest) -> list[str]:
    """Titles of the findings in view."""
    return titles_in(markup(test))


def test_dialogue_shows_every_finding_and_counts_them() -> None:
    test = visit("regiodialoog")
    text = check_sound(test).text
    assert found(test) == (len(DEFINITIONS.findings),) * 2
    assert len(cards(test)) == len(DEFINITIONS.findings)
    for finding in DEFINITIONS.findings:
        assert finding.title in text and flat(finding.summary) in text


FILTERS = [
    ("Regio", "regio", "twente", lambda f: f.concerns("twente")),
    ("Soort", "soort", "knelpunt", lambda f: f.kind == "knelpunt"),
    ("Thema", "thema", "wonen", lambda f: "wonen" in f.themes),
    ("Doel", "doel", "2", lambda f: 2 in f.goals),
]


@pytest.mark.parametrize(("label", "key", "value", "fits"), FILTERS, ids=[f[1] for f in FILTERS])
def test_each_filter_changes_the_count_and_stands_in_the_url(
    label: str, key: str, value: str, fits: Callable[[Any], bool]
) -> None:
    wanted = sum(fits(f) for f in DEFINITIONS.findings)
    assert 0 < wanted < len(DEFINITIONS.findings)
    test = visit("regiodialoog")
    control(test, "selectbox", label).select(value).run()
    check_sound(test)
    assert found(test) == (wanted, len(DEFINITIONS.findings)) and len(cards(test)) == wanted
    assert url(test) == {key: [value]}
    direct = visit("regiodialoog", **{key: value})
    assert sorted(cards(direct)) == sorted(cards(test))
    assert control(direct, "selectbox", label).value == value
    control(test, "selectbox", label).select("").run()
    assert url(test) == {} and found(test)[0] == len(DEFINITIONS.findings)


def test_filters_work_together_and_words_are_found_without_accents() -> None:
    test = visit("regiodialoog", regio="noard-fryslan", doel="2")
    wanted = [f for f in DEFINITIONS.findings if f.concerns("noard-fryslan") and 2 in f.goals]
    assert found(test)[0] == len(wanted)
    control(test, "text_input", "Zoek op woorden").input("  BUS ").run()
    assert url(test) == {"regio": ["noard-fryslan"], "doel": ["2"], "zoek": ["BUS"]}
    fewer = [f for f in wanted if "bus" in f"{f.title} {f.summary} {f.source.title} {f.source.section}".lower()]
    assert 0 < len(fewer) < len(wanted) and found(test)[0] == len(fewer)
    assert cards(visit("regiodialoog", zoek="fryslan")) == cards(visit("regiodialoog", zoek="Fryslân")) != []


def test_nothing_found_is_said_with_a_way_on() -> None:
    test = visit("regiodialoog", zoek="bestaatvastnietinhetverslag")
    text = check_sound(test).text
    assert found(test)[0] == 0 and cards(test) == []
    assert "Geen bevinding past bij deze keuze. Haal een filter weg of zoek op een ander woord." in text


def test_with_a_region_the_figures_answer() -> None:
    text = check_sound(visit("regiodialoog", regio="zuid-limburg")).text
    assert "Cijfers bevestigen dit." in text and "Cijfers meten dit niet." in text
    alone = check_sound(visit("regiodialoog")).text
    assert "Cijfers bevestigen dit." not in alone


# -- Methode --------------------------------------------------------------------------------------------------


def test_method_lands_on_the_entry_of_an_indicator() -> None:
    test = visit("methode", indicator="overgewicht")
    page = check_sound(test)
    assert control(test, "selectbox", "Cijfer").value == "overgewicht"
    assert markup(test).count('<article class="entry"') == 1 and 'id="overgewicht"' in markup(test)
    for part in ("Lager is gunstiger.", "2016, 2020, 2022, 2024.", "86137NED", "Enquête met een marge van 95%"):
        assert part in page.text
    assert flat(INDICATORS["overgewicht"].description) in page.text
    control(test, "selectbox", "Cijfer").select("woningen").run()
    assert url(test) == {"indicator": ["woningen"]}
    assert "Optellen; ontbreekt een gemeente, dan is er geen regiocijfer." in check_sound(test).text


@pytest.mark.parametrize("indicator", SAMPLE[::3])
def test_method_has_an_entry_for_every_kind_of_indicator(indicator: str) -> None:
    text = check_sound(visit("methode", indicator=indicator)).text
    for part in (INDICATORS[indicator].description, INDICATORS[indicator].aggregation.reason):
        assert flat(part) in text


def test_method_lists_every_figure_and_the_yardsticks() -> None:
    test = visit("methode")
    page = check_sound(test)
    (everything,) = [m.value for m in test.markdown if f"Alle {len(INDICATORS)} cijfers</caption>" in m.value]
    assert re.findall(r'href="methode\?indicator=([a-z0-9-]+)"', everything) == list(INDICATORS)
    assert '<article class="entry"' not in markup(test)
    (measured,) = [m.value for m in test.markdown if "Onze optelling naast wat CBS zelf publiceert" in m.value]
    checked = re.findall(r'href="methode\?indicator=([a-z0-9-]+)"', measured)
    assert {"overgewicht", "ervaren-gezondheid", "geregistreerde-misdrijven"} <= set(checked)
    assert "Nagerekend" in page.text


@pytest.mark.parametrize("page", ["kaart", "trends", "regio"])
def test_every_figure_leads_to_its_method(page: str) -> None:
    links = re.findall(r'href="methode\?indicator=([a-z0-9-]+)"', markup(visit(page, indicator="overgewicht")))
    assert "overgewicht" in links
    if page == "regio":
        assert set(links) >= {i.id for i in INDICATORS.values() if i.core}


# -- Kaart: what is not there is said -------------------------------------------------------------------------


def offers(test: AppTest) -> list[str]:
    """Addresses of years that the page offers instead."""
    return re.findall(r'href="([^"]+)"[^>]*>Bekijk \d{4}<', markup(test).replace("&amp;", "&"))


ABSENT = """
indicator | asked | near
overgewicht | 2021 | 2022
overgewicht | 2019 | 2020
overgewicht | 2030 | 2024
afstand-ziekenhuis | 2010 | 2024
"""


@pytest.mark.parametrize("case", cases(ABSENT, "indicator", "asked"))
def test_a_year_that_is_not_there_is_said_and_the_nearest_offered(case: dict[str, str], snapshot: Any) -> None:
    near = case["near"] if case["indicator"] == "overgewicht" else str(snapshot.years(case["indicator"])[-1])
    test = visit("kaart", indicator=case["indicator"], jaar=case["asked"])
    page = check_sound(test)
    assert page.headings == [INDICATORS[case["indicator"]].name]
    assert f"Over {case['asked']} heeft dit cijfer geen waarde." in page.text
    assert not test.get("plotly_chart"), "no other year is drawn instead"
    assert offers(test) == [f"kaart?indicator={case['indicator']}&jaar={near}"]
    assert "Niet herkend" not in page.text
    there = visit("kaart", indicator=case["indicator"], jaar=near)
    assert f", {near}" in check_sound(there).text and there.get("plotly_chart")


def test_the_page_offers_the_last_year_too_when_a_year_is_not_there() -> None:
    """The box for the year holds a year that can be chosen, and choosing it shows it."""
    test = visit("kaart", indicator="overgewicht", jaar="2021")
    box = control(test, "selectbox", "Jaar")
    assert box.value != "2024", "2024 stands there as chosen while it is not shown"


@pytest.mark.parametrize("page", ["trends", "regio", "methode"])
def test_a_year_that_is_not_there_does_no_harm_elsewhere(page: str) -> None:
    check_sound(visit(page, indicator="overgewicht", jaar="2021", regio="twente"))


@pytest.mark.parametrize("indicator", ["vaak-onveilig", "tevredenheid-woonomgeving"])
def test_regions_are_drawn_only_where_one_has_a_value(snapshot: Any, indicator: str) -> None:
    have = years_for(snapshot, INDICATORS[indicator], list(REGIONS))
    for year in snapshot.years(indicator)[-2:]:
        test = visit("kaart", indicator=indicator, niveau="regios", jaar=str(year))
        text = check_sound(test).text
        assert bool(test.get("plotly_chart")) == (year in have)
        assert (f"Over {year} heeft geen van de elf regio’s een waarde" in text) == (year not in have)
        if year not in have:
            said = re.search(r'href="([^"]+)"[^>]*>Bekijk de gemeenten', markup(test).replace("&amp;", "&"))
            assert said and said[1].startswith(f"kaart?indicator={indicator}") and "niveau" not in said[1]


def test_what_one_region_has_is_not_called_the_highest_of_eleven() -> None:
    """Of the eleven only Zuid-Limburg has a value."""
    page = check_sound(visit("kaart", indicator="vaak-onveilig", niveau="regios"))
    assert "van de elf regio’s" not in page.headings[0]
    assert "1 regio’s" not in page.text


def test_a_level_that_never_has_values_is_said() -> None:
    test = visit("kaart", indicator="tevredenheid-woning", niveau="regios")
    page = check_sound(test)
    assert "heeft geen van de elf regio’s een waarde" in page.text
    assert offers(test) == [] and not test.get("plotly_chart")


@pytest.mark.parametrize("indicator", ["woningen", "inwoners"])
def test_a_number_is_not_held_against_that_of_the_country(indicator: str) -> None:
    for level in ("gemeenten", "regios"):
        test = visit("kaart", indicator=indicator, niveau=level, vergelijk="nederland")
        text = check_sound(test).text
        assert "Een verschil is er bij dit cijfer niet; u ziet de waarde zelf." in text
        assert "verschil met Nederland (" not in text
        assert "dan Nederland" not in text.split("De elf regio’s op een rij")[0]


def test_a_click_on_the_map_names_the_municipality_and_leads_to_its_page() -> None:
    test = visit("kaart", indicator="overgewicht")
    test.session_state["aangewezen"] = "GM0294"
    text = check_sound(test.run()).text
    assert "Winterswijk: 54,2%. Alle cijfers van Winterswijk" in text
    assert 'href="gemeente?gemeente=GM0294"' in markup(test)


def test_picker_can_be_searched_by_name_theme_and_goal() -> None:
    """Streamlit searches in the text of an option: name, theme and goal stand in it."""
    for page in ("kaart", "trends", "methode"):
        options = control(visit(page), "selectbox", "Cijfer").options
        assert len(options) == len(INDICATORS)
        assert len(set(options)) == len(options), "two figures look the same"
        for indicator in INDICATORS.values():
            theme = DEFINITIONS.theme(indicator.theme).name
            fitting = [o for o in options if indicator.name in o and theme in o and f"doel {min(indicator.goals)}" in o]
            assert fitting, indicator.name


# -- Regio: other compositions, age groups, the rest ----------------------------------------------------------


def test_region_shows_what_it_would_be_with_a_candidate(snapshot: Any) -> None:
    text = check_sound(visit("regio", regio="noard-fryslan")).text
    assert text.count("Met Leeuwarden erbij:") > 10
    for indicator in ("overgewicht", "woz-waarde"):
        year = snapshot.years(indicator)[-1]
        value = float(snapshot.row(indicator, "noard-fryslan+GM0080", year)["value"])
        assert f"Met Leeuwarden erbij: {flat(shown(INDICATORS[indicator], value))}" in text
    assert "erbij:" not in check_sound(visit("regio", regio="achterhoek")).text, "no candidates, no other compositions"


def test_region_shows_age_groups_below_the_whole(snapshot: Any) -> None:
    text = check_sound(visit("regio", regio="achterhoek")).text
    assert text.count("Naar leeftijd.") >= 3
    for indicator in ("overgewicht-18-64", "overgewicht-65"):
        i = INDICATORS[indicator]
        value = float(snapshot.row(indicator, "achterhoek", snapshot.years(indicator)[-1])["value"])
        assert f"{i.group}: {flat(shown(i, value))} (Nederland" in text
        assert i.caption not in text, "an age group has no block of its own"


def test_region_lists_what_else_was_measured() -> None:
    test = visit("regio", regio="twente")
    text = check_sound(test).text
    assert text.count("Ook gemeten bij dit doel") == len(DEFINITIONS.goals)
    blocks = re.findall(r'<h3><a href="methode\?indicator=([a-z0-9-]+)"', markup(test))
    listed = re.findall(r'href="kaart\?regio=twente&(?:amp;)?indicator=([a-z0-9-]+)"', markup(test))
    whole = {i.id for i in INDICATORS.values() if not i.part_of}
    assert set(blocks) | set(listed) == whole, "every figure stands on the page"
    assert len(blocks) == len(set(blocks))


def test_groningen_says_that_its_dialogue_was_still_to_come() -> None:
    text = check_sound(visit("regio", regio="noord-en-oost-groningen")).text
    assert "Het gesprek in Groningen moest nog komen" in text
    assert "Het gesprek in Groningen moest nog komen" not in read(visit("regio", regio="twente")).text


@pytest.mark.parametrize("region", ["zuid-limburg", "twente"])
def test_what_was_said_of_all_regions_stands_together_once(region: str) -> None:
    test = visit("regio", "overal", regio=region)
    (box,) = [e for e in test.expander if e.label.startswith("Gezegd over alle regio’s samen")]
    inside = [t for m in box.markdown for t in titles_in(m.value)]
    assert box.label.endswith(f"({len(inside)})") and len(inside) > 3
    common = {f.title for f in DEFINITIONS.findings if f.common}
    assert set(inside) <= common
    voices = cards(test)
    assert len(voices) == len(set(voices)), "said twice"
    assert {f.title for f in DEFINITIONS.findings_for(region)} == set(voices)


# -- missing and damaged data ---------------------------------------------------------------------------------


def _copy(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data" / "snapshot", folder / "snapshot"))


def _empty(folder: Path) -> Path:
    (folder / "snapshot").mkdir()
    return folder / "snapshot"


def _without_weights(folder: Path) -> Path:
    copy = _copy(folder)
    (copy / "weights.parquet").unlink()
    return copy


def _changed(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        copy = _copy(folder)
        content = bytearray((copy / name).read_bytes())
        content[len(content) // 2] ^= 0xFF
        (copy / name).write_bytes(bytes(content))
        return copy

    return make


def _half_a_manifest(folder: Path) -> Path:
    copy = _copy(folder)
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    (copy / "manifest.json").write_text(text[: len(text) // 2], encoding="utf-8")
    return copy


BROKEN = [
    ("nothing there", lambda folder: folder / "snapshot", "manifest.json"),
    ("empty folder", _empty, "manifest.json"),
    ("one file missing", _without_weights, "weights.parquet"),
    ("observations damaged", _changed("observations.parquet"), "observations.parquet"),
    ("outlines damaged", _changed("municipalities.geojson"), "municipalities.geojson"),
    ("half a manifest", _half_a_manifest, "manifest.json"),
]


@pytest.mark.usefixtures("fresh_caches")
@pytest.mark.parametrize(("make", "file"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_snapshot_gives_a_message_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: Callable[[Path], Path], file: str
) -> None:
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(make(tmp_path)))
    for page in PAGES if file == "weights.parquet" else PAGES[:2]:
        check_fault(visit(page), file, "REGIOMONITOR_SNAPSHOT", "python -m monitor")


@pytest.mark.usefixtures("fresh_caches")
def test_a_snapshot_that_is_put_back_works_without_a_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = _empty(tmp_path)
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    test = visit("kaart")
    check_fault(test, "manifest.json")
    shutil.rmtree(folder)
    _copy(tmp_path)
    check_sound(test.run())


def _bad_yaml(text: str) -> str:
    return text + "\n- id: [niet, dicht"


def _bad_field(text: str) -> str:
    return text.replace("direction: lager-gunstig", "direction: omlaag", 1)


def _bad_reference(text: str) -> str:
    return text.replace("table: POLITIE", "table: INWONERS-WEG", 1)


@pytest.mark.usefixtures("fresh_caches")
@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (_bad_yaml, ["veiligheid.yaml is geen geldige YAML bij regel"]),
        (_bad_field, ["veiligheid.yaml, 'geregistreerde-misdrijven', veld 'direction'", "mag alleen"]),
        (_bad_reference, ["'INWONERS-WEG' bestaat niet"]),
        (None, ["sources.yaml ontbreekt"]),
    ],
    ids=["no yaml", "wrong value", "unknown name", "missing file"],
)
def test_broken_definitions_give_a_message_that_names_the_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: Callable[[str], str] | None, parts: list[str]
) -> None:
    folder = Path(shutil.copytree(paths.DEFINITIONS, tmp_path / "definitions"))
    file = folder / ("indicators/veiligheid.yaml" if change else "sources.yaml")
    if change is None:
        file.unlink()
    else:
        before = file.read_text(encoding="utf-8")
        assert change(before) != before
        file.write_text(change(before), encoding="utf-8")
    monkeypatch.setattr("ui.data.load", lambda: load(folder, paths.FINDINGS))
    for page in PAGES if change is None else PAGES[:2]:
        check_fault(visit(page), *parts)


@pytest.mark.usefixtures("fresh_caches")
def test_an_unexpected_fault_gives_a_message_and_goes_to_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("iets onverwachts")

    monkeypatch.setattr("monitor.figures.html.legend", fail)
    test = visit("kaart", indicator="overgewicht")
    assert not test.exception
    text = read(test).text
    assert "Er ging iets mis bij het maken van deze pagina." in text
    assert "Laad de pagina opnieuw." in text
    assert "iets onverwachts" not in text and "ZeroDivisionError" not in text
    assert "iets onverwachts" in caplog.text
