"""The pages in Streamlit’s own test bench: what they say, what they write to the URL, what they do without data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from monitor import paths
from monitor.definitions import load

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("kaart", "trends", "regio")
DEFINITIONS = load()
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


def visit(page: str, **query: str | list[str]) -> AppTest:
    """Open a page with a state in its URL."""
    test = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
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


def test_app_leads_to_the_map_inside_its_frame() -> None:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    page = read(test)
    assert "Regiomonitor Brede Welvaart" in page.text
    assert page.headings == read(visit("kaart")).headings


@pytest.mark.parametrize("indicator", INDICATORS)
def test_map_shows_every_indicator_at_every_level(indicator: str, snapshot: Any) -> None:
    for query in ({}, {"niveau": "regios"}, {"vergelijk": "nederland"}, {"niveau": "regios", "vergelijk": "nederland"}):
        test = visit("kaart", indicator=indicator, **query)
        page = check_sound(test)
        assert control(test, "selectbox", "Indicator").value == indicator
        assert INDICATORS[indicator].description in page.text
        assert INDICATORS[indicator].caption in page.text
        if indicator not in WITHOUT_REGIONS:
            assert control(test, "radio", "Niveau").value == query.get("niveau", "gemeenten")
            assert control(test, "radio", "Kleur").value == query.get("vergelijk", "waarde")


@pytest.mark.parametrize("indicator", INDICATORS)
def test_trends_show_every_indicator(indicator: str) -> None:
    test = visit("trends", indicator=indicator, regio=["twente", "zeeuws-vlaanderen"])
    assert control(test, "selectbox", "Indicator").value == indicator
    if indicator in WITHOUT_REGIONS:
        return
    page = check_sound(test)
    assert INDICATORS[indicator].name in page.headings[0]
    assert INDICATORS[indicator].caption in page.text


@pytest.mark.parametrize("indicator", INDICATORS)
def test_region_page_opens_whatever_indicator_the_url_carries(indicator: str) -> None:
    page = check_sound(visit("regio", regio="twente", indicator=indicator))
    assert page.headings == ["Twente"]
    assert INDICATORS[indicator].caption in page.text


@pytest.mark.parametrize("region", REGIONS)
def test_region_page_opens_for_every_region(region: str) -> None:
    for query in ({}, {"vergelijk": "provincie"}, {"vergelijk": "elf-regios"}):
        test = visit("regio", regio=region, **query)
        page = check_sound(test)
        assert page.headings == [REGIONS[region].name]
        assert control(test, "selectbox", "Regio").value == region
        assert control(test, "selectbox", "Vergelijk met").value == query.get("vergelijk", "nederland")
        for goal in DEFINITIONS.goals:
            assert goal.name in page.text
        for indicator in INDICATORS.values():
            assert indicator.caption in page.text
        for finding in DEFINITIONS.findings_for(region):
            assert page.text.count(finding.title) == 1, f"{finding.title} stands on the page once"
        names = [m.name for m in REGIONS[region].members if m.membership == "lid"]
        assert all(n in page.text for n in names)


@pytest.mark.parametrize("region", REGIONS)
def test_trends_open_for_every_region(region: str) -> None:
    for query in ({}, {"vergelijk": "provincie"}, {"vergelijk": "elf-regios"}):
        test = visit("trends", indicator="overgewicht", regio=region, **query)
        page = check_sound(test)
        assert control(test, "multiselect", "Regio’s in kleur (hoogstens 4)").value == [region]
        assert REGIONS[region].name in page.text


# -- controls write the URL -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["kaart", "trends"])
def test_choosing_an_indicator_writes_the_url(page: str) -> None:
    test = visit(page, regio="twente")
    before = read(test).headings
    control(test, "selectbox", "Indicator").select("overgewicht").run()
    heading = check_sound(test).headings
    assert heading != before and "overgewicht" in heading[0].lower()
    assert url(test) == {"regio": ["twente"], "indicator": ["overgewicht"]}


def test_year_list_follows_the_indicator(snapshot: Any) -> None:
    test = visit("kaart")
    for indicator in INDICATORS:
        control(test, "selectbox", "Indicator").select(indicator).run()
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
    control(test, "selectbox", "Indicator").select("werkloosheid").run()
    assert url(test) == {"indicator": ["werkloosheid"], "niveau": ["regios"], "vergelijk": ["nederland"]}
    assert control(test, "radio", "Niveau").value == "regios"


@pytest.mark.parametrize(
    ("label", "key", "default", "other"),
    [("Niveau", "niveau", "gemeenten", "regios"), ("Kleur", "vergelijk", "waarde", "nederland")],
)
def test_choosing_level_or_colour_writes_the_url(label: str, key: str, default: str, other: str) -> None:
    test = visit("kaart", indicator="overgewicht")
    control(test, "radio", label).set_value(other).run()
    check_sound(test)
    assert url(test) == {"indicator": ["overgewicht"], key: [other]}
    control(test, "radio", label).set_value(default).run()
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
    assert control(test, "selectbox", "Indicator").value == "overgewicht"
    assert control(test, "selectbox", "Jaar").value == "2022"
    assert control(test, "radio", "Niveau").value == "regios"
    assert control(test, "radio", "Kleur").value == "nederland"
    assert "2022: verschil met Nederland" in text


# -- figures that may not be added up -------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", WITHOUT_REGIONS)
def test_map_of_regions_explains_that_the_figure_has_none(indicator: str) -> None:
    test = visit("kaart", indicator=indicator, niveau="regios")
    text = check_sound(test).text
    assert f"{INDICATORS[indicator].name} bestaat niet voor een regio; u ziet de gemeenten." in text
    assert INDICATORS[indicator].aggregation.reason in text
    assert not [r for r in test.radio if r.label == "Niveau"], "no level to choose"


@pytest.mark.parametrize("indicator", WITHOUT_REGIONS)
def test_trend_explains_that_the_figure_has_no_regions(indicator: str) -> None:
    test = visit("trends", indicator=indicator, regio="twente")
    assert not test.exception
    page = read(test)
    assert f"{INDICATORS[indicator].name} bestaat niet voor een regio." in page.text
    assert INDICATORS[indicator].aggregation.reason in page.text
    assert "kaart" in page.text
    assert len(page.headings) == 1, page.headings
    control(test, "selectbox", "Indicator").select("overgewicht").run()
    check_sound(test)


@pytest.mark.parametrize("indicator", WITHOUT_REGIONS)
def test_region_page_shows_the_spread_of_municipalities_instead(indicator: str) -> None:
    text = check_sound(visit("regio", regio="achterhoek")).text
    assert f"{INDICATORS[indicator].name} is niet voor een regio te berekenen. In de Achterhoek loopt dit van" in text


# -- links with something unknown in them ---------------------------------------------------------------------

UNKNOWN = [
    ("kaart", {"indicator": "overgwicht"}, "indicator ‘overgwicht’ (bedoelde u ‘overgewicht’?)", {}),
    ("kaart", {"indicator": "overgewicht", "jaar": "2021"}, "jaar 2021", {"indicator": "overgewicht"}),
    ("kaart", {"jaar": "vorig"}, "jaar ‘vorig’", {}),
    ("kaart", {"niveau": "wijken"}, "niveau ‘wijken’", {}),
    ("kaart", {"vergelijk": "belgie"}, "vergelijk ‘belgie’", {}),
    ("trends", {"regio": "twnte"}, "regio ‘twnte’ (bedoelde u ‘twente’?)", {}),
    ("trends", {"regio": ["twente", "atlantis"]}, "regio ‘atlantis’", {"regio": "twente"}),
    ("regio", {"regio": "randstad"}, "regio ‘randstad’", {}),
]


@pytest.mark.parametrize(("page", "query", "named", "understood"), UNKNOWN)
def test_unknown_names_open_the_default_and_are_named(
    page: str, query: dict[str, Any], named: str, understood: dict[str, Any]
) -> None:
    test = visit(page, **query)
    shown = check_sound(test)
    notices = [m.value for m in test.markdown if 'role="status"' in m.value]
    assert len(notices) == 1
    said = Plain(notices[0]).text
    assert said.startswith("Niet herkend in de link: ") and named in said
    assert said.endswith("U ziet daarvoor de standaardkeuze.")
    assert shown.headings == check_sound(visit(page, **understood)).headings


@pytest.mark.parametrize("page", PAGES)
def test_a_sound_link_gives_no_notice(page: str) -> None:
    test = visit(page, indicator="overgewicht", jaar="2022", regio="twente")
    assert 'role="status"' not in markup(test)


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
    figure = composer.map(INDICATORS["overgewicht"], None, "gemeenten", False)
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
    assert markup(test).count("<tr>") > len(figure.rows)


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


def test_region_page_gives_every_figure_its_sentence_and_downloads(composer: Any) -> None:
    test = visit("regio", regio="zeeuws-vlaanderen")
    text = check_sound(test).text
    strips = [composer.strip(i, REGIONS["zeeuws-vlaanderen"]) for i in INDICATORS.values()]
    for figure in strips:
        assert flat(figure.sentence) in text
        assert figure.source in text
        if figure.region:
            assert figure.region.word in text
    assert any("beperkte dekking" in f.region.word for f in strips if f.region)
    assert len(test.get("download_button")) == 3 * len(strips)


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
    for page in PAGES:
        check_fault(visit(page), file, "git checkout -- data/snapshot", "python -m monitor")


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
    return text.replace("method: register", "method: schatting", 1)


def _bad_reference(text: str) -> str:
    return text.replace("theme: veiligheid", "theme: veilighed", 1)


@pytest.mark.usefixtures("fresh_caches")
@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (_bad_yaml, ["indicators.yaml is geen geldige YAML bij regel"]),
        (_bad_field, ["indicators.yaml, 'geregistreerde-misdrijven', veld 'method'", "mag alleen"]),
        (_bad_reference, ["veld 'theme': 'veilighed' bestaat niet", "Bedoelde u 'veiligheid'?"]),
        (None, ["indicators.yaml ontbreekt"]),
    ],
    ids=["no yaml", "wrong value", "unknown name", "missing file"],
)
def test_broken_definitions_give_a_message_that_names_the_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: Callable[[str], str] | None, parts: list[str]
) -> None:
    folder = Path(shutil.copytree(paths.DEFINITIONS, tmp_path / "definitions"))
    file = folder / "indicators.yaml"
    if change is None:
        file.unlink()
    else:
        before = file.read_text(encoding="utf-8")
        assert change(before) != before
        file.write_text(change(before), encoding="utf-8")
    monkeypatch.setattr("ui.data.load", lambda: load(folder, paths.FINDINGS))
    for page in PAGES:
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
