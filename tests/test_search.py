"""Search: which Dutch words match, what comes first, and that any query is only text."""

from __future__ import annotations

import random
import re
import string
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor import paths
from monitor.definitions import Finding
from monitor.definitions.models import FindingSource
from monitor.errors import DefinitionError
from monitor.screens import search_field
from monitor.screens import search_html as html
from monitor.search.documents import KINDS, OUTSIDE, Document, documents
from monitor.search.index import Found, Index
from monitor.search.terms import FILE, read_terms
from monitor.search.words import Fit, asked_words, fit, plain, stem, words
from monitor.state import LONGEST, Known, parse
from tests.navigation import TITLES
from tests.spec_table import ROOT, definitions, edition
from tests.test_pages import check_sound, markup, visit


@cache
def names() -> dict[str, str]:
    """Code -> name of the 342 municipalities."""
    return {c: edition().names[c] for c in edition().municipalities}


@cache
def index() -> Index:
    """The index over what ships."""
    return Index(documents(definitions(), names()))


def found(query: str) -> Found:
    return index().search(query)


def ids(query: str, kind: str) -> list[str]:
    """Ids of the results of a kind, best first."""
    return [h.document.id for h in found(query).hits if h.document.kind == kind]


# -- words ----------------------------------------------------------------------------------------------------

SAME = """
    ziekenhuis ziekenhuizen, huis huizen, school scholen, basisschool basisscholen, dorp dorpen, kind kinderen,
    kleinkind kleinkinderen, vereniging verenigingen, museum musea, woning woningen, stad steden, hoofdstad hoofdsteden,
    lid leden, weg wegen, snelweg snelwegen, dag dagen, schip schepen, glas glazen, brief brieven, prijs prijzen,
    bus bussen, bos bossen, boom bomen, man mannen, maan manen, tak takken, taak taken, baan banen, raad raden,
    bibliotheek bibliotheken, apotheek apotheken, huisarts huisartsen, winkel winkels, kamer kamers, café cafés,
    regio regio’s, auto autos, gemeente gemeenten, gemeente gemeentes, opgave opgaven, ziekte ziekten, halte haltes,
    jongere jongeren, oudere ouderen, idee ideeën, provincie provincies, provincie provinciën, centrum centra,
    mogelijkheid mogelijkheden, persoon personen, kantoor kantoren, onderdeel onderdelen, probleem problemen,
    zwembad zwembaden, zonnepaneel zonnepanelen, inbraak inbraken, misdrijf misdrijven, leraar leraren, club clubs,
    vrijwilliger vrijwilligers, groot grote, hoog hoge, goed goede, inkomen inkomens, steen stenen, middel middelen,
    wolf wolven, grens grenzen, mens mensen, zee zeeën, adres adressen, voorziening voorzieningen
"""
DIFFERENT = """
    kamer kam, kam kamer, bom boom, man maan, tak taak, rok rook, bek beek, rad raad, wek week, zon gezond, gezin zin,
    bus business, kust kost, zon zonder, bos boos, mens men, arts art, gemeente meen, woning woon, huis huid,
    wonen winnen, vis vies, ijs prijs, ban baan, eten gegeten
"""
COMPOUNDS = """
    asked        | word               | fit
    ziekenhuizen | streekziekenhuis   | END
    ziekenhuis   | ziekenhuizen       | WHOLE
    woning       | huurwoningen       | END
    huis         | huisarts           | START
    ziekenh      | ziekenhuis         | START
    frys         | fryslan            | START
    bus          | bushalte           | START
    bus          | buurtbus           | END
    bus          | business           | START
    school       | basisscholen       | END
    zorg         | mantelzorgers      | INSIDE
    museum       | streekmusea        | END
    zon          | zonnepanelen       | START
    zon          | gezondheid         | NONE
    ov           | overgewicht        | NONE
    ov           | ov                 | WHOLE
    kam          | kamer              | NONE
    meer         | minder             | NONE
"""


def pairs(text: str) -> list[tuple[str, str]]:
    made = [tuple(p.split()) for p in text.replace("\n", " ").split(",")]
    return [(one, two) for one, two in made]


def one(word: str) -> str:
    """A word as the index holds it."""
    return words(word)[0].plain


def test_plurals_and_forms_of_one_word_match_both_ways() -> None:
    assert len(pairs(SAME)) >= 40
    missed = [(a, b) for a, b in pairs(SAME) if fit(one(a), one(b)) is not Fit.WHOLE]
    missed += [(a, b) for a, b in pairs(SAME) if fit(one(b), one(a)) is not Fit.WHOLE]
    assert not missed


def test_other_words_do_not_match_as_a_whole() -> None:
    assert len(pairs(DIFFERENT)) >= 15
    mixed = [(a, b) for a, b in pairs(DIFFERENT) if fit(one(a), one(b)) is Fit.WHOLE]
    assert not mixed
    hidden = {("kam", "kamer"), ("zon", "gezond"), ("zon", "zonder"), ("ijs", "prijs"), ("kamer", "kam")}
    assert not [(a, b) for a, b in hidden if fit(a, b) is not Fit.NONE]


def test_compounds_and_beginnings() -> None:
    for line in COMPOUNDS.strip().splitlines()[1:]:
        asked, word, how = (cell.strip() for cell in line.split("|"))
        assert fit(asked, word) is Fit[how], line


def test_a_stem_of_a_stem_is_no_other_word() -> None:
    """Every word of what ships finds itself, and a stem is never empty."""
    for w in index()._shown:
        assert stem(w) and fit(w, w) is Fit.WHOLE


def test_words_know_their_place_whatever_the_signs() -> None:
    text = "’s-Hertogenbosch: regio’s in Fryslân (par. 2.1), café’s & e-bike; 1.234,5 ½ ﬁets"
    for w in words(text):
        assert w.plain in plain(text[w.start : w.end]).replace("'", "")
    got = [w.plain for w in words(text)]
    assert {"hertogenbosch", "regio", "fryslan", "2.1", "cafe", "bike", "1.234,5", "fiets"} <= set(got)


def test_words_that_say_nothing_are_left_out_while_others_remain() -> None:
    assert asked_words("de huizen in de Achterhoek") == ["huizen", "achterhoek"]
    assert asked_words("van de") == ["van", "de"]
    assert asked_words("a") == asked_words("?") == asked_words("") == []
    assert asked_words("bus bus BUS") == ["bus"]
    assert asked_words("binnen 5 km") == ["binnen", "5", "km"]


# -- ranking --------------------------------------------------------------------------------------------------


def document(name: str, title: str, text: str = "", kind: str = "bevinding", **more: Any) -> Document:
    return Document(kind, name, title, text, f"regiodialoog?zoek={name}", **more)


RANKED = Index(
    [
        document("inside", "Wie gezorgd heeft, verzorgingshuisplan"),
        document("business", "Business in de regio, business eerst"),
        document("start", "Een bushalte verderop"),
        document("end", "De buurtbus rijdt"),
        document("whole-text", "Vervoer", "Er rijdt geen bus meer."),
        document("whole", "De bussen rijden niet"),
        document("other", "Openbaar vervoer", words=("bus",)),
        document("title", "Bus", kind="pagina"),
    ]
)


def test_whole_words_go_before_beginnings_before_ends() -> None:
    got = [h.document.id for h in RANKED.search("bus").hits]
    assert got[:4] == ["title", "whole", "other", "whole-text"]
    assert set(got[4:6]) == {"start", "business"} and got[6:] == ["end"]


def test_the_order_of_words_does_not_matter_and_all_must_be_there() -> None:
    for query in ("rijdt bus", "bus rijdt", "BUSSEN, rijdt!"):
        answer = RANKED.search(query)
        assert answer.complete and {h.document.id for h in answer.hits} == {"whole-text", "end"}
    either = RANKED.search("bus verzorgingshuisplan")
    assert not either.complete and len(either.hits) == 8 and either.unknown == ()
    assert not RANKED.search("bus xyzzyq").complete and RANKED.search("bus xyzzyq").unknown == ("xyzzyq",)


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index([]).search("bus").hits == ()


# -- what ships -----------------------------------------------------------------------------------------------

QUERIES = """
    query                     | kind      | first of its kind
    ziekenhuizen              | cijfer    | afstand-ziekenhuis
    dokter                    | cijfer    | afstand-huisarts
    huisarts                  | cijfer    | afstand-huisarts
    fryslan                   | regio     | zuidoost-fryslan
    FRYSLÂN zuidoost          | regio     | zuidoost-fryslan
    ’s-Hertogenbosch          | gemeente  | GM0796
    s hertogenbosch           | gemeente  | GM0796
    den bosch                 | gemeente  | GM0796
    den haag                  | gemeente  | GM0518
    winterswijk               | gemeente  | GM0294
    sudwest fryslan           | gemeente  | GM1900
    zuid-limburg              | regio     | zuid-limburg
    zuidlimburg               | regio     | zuid-limburg
    twente                    | regio     | twente
    baanloos                  | cijfer    | werkloosheid
    sigaretten                | cijfer    | roken
    te dik                    | cijfer    | obesitas
    bus                       | cijfer    | afstand-openbaar-vervoer
    treinen                   | cijfer    | afstand-treinstation
    armoede                   | cijfer    | sociaal-minimum
    musea                     | cijfer    | afstand-museum
    inbraken in de woning     | cijfer    | woninginbraken
    regio's                   | pagina    | regio
    gemeente winterswijk      | gemeente  | GM0294
    regio twente              | regio     | twente
    gemeenten achterhoek      | gemeente  | GM0197
    logboeken                 | pagina    | logboek
    kaarten                   | pagina    | kaart
"""


@pytest.mark.parametrize("line", QUERIES.strip().splitlines()[1:])
def test_what_people_type_finds_what_they_mean(line: str) -> None:
    query, kind, first = (cell.strip() for cell in line.split("|"))
    assert found(query).complete, query
    assert ids(query, kind)[0] == first, ids(query, kind)[:4]


def test_a_plural_finds_a_compound_among_the_findings() -> None:
    compound = Index([document("a", "Het streekziekenhuis sluit"), document("b", "Ver van een ziekenhuis")])
    assert [h.document.id for h in compound.search("ziekenhuizen").hits] == ["b", "a"]


def test_the_name_of_a_kind_asks_for_that_kind_beside_other_words() -> None:
    assert next(iter(found("gemeenten achterhoek").counts())) == "gemeente"
    assert set(found("gemeente winterswijk").counts()) == {"gemeente"}
    assert next(iter(found("trajecten achterhoek").counts())) == "traject"
    assert found("gemeente").counts().get("gemeente", 0) == 0


def test_everything_is_found_by_its_own_title() -> None:
    for d in index().documents:
        query = d.title if len(d.title) <= LONGEST else d.title[:LONGEST].rpartition(" ")[0]
        hits = [(h.document.kind, h.document.id) for h in found(query).hits]
        assert (d.kind, d.id) in hits[:12], d.title


def test_every_kind_is_there_and_says_where_it_belongs() -> None:
    kinds = {d.kind for d in index().documents}
    assert kinds == {"regio", "gemeente", "cijfer", "bevinding", "pagina", "traject"} and kinds < set(KINDS)
    towns = {d.id: d for d in index().documents if d.kind == "gemeente"}
    assert len(towns) == 342
    members = {c: r.name for r in definitions().regions for c in r.codes}
    for code, d in towns.items():
        assert d.context == (f"regio {members[code]}" if code in members else OUTSIDE)
    for d in index().documents:
        if d.kind == "bevinding":
            finding = next(f for f in definitions().findings if f.id == d.id)
            assert d.context.startswith(f"{finding.kind}, ") and len(d.context) > len(finding.kind) + 4


def test_links_lead_to_pages_that_exist_and_keys_that_they_know() -> None:
    d = definitions()
    known = Known(
        [r.id for r in d.regions],
        [i.id for i in d.indicators],
        {},
        list(names()),
        findings=[f.id for f in d.findings],
    )
    for each in index().documents:
        for address in (each.link, *(a for _, a in each.more)):
            parts = urlsplit(address)
            assert (ROOT / "pages" / f"{parts.path}.py").is_file(), address
            _, notice = parse(parts.path, parse_qs(parts.query), known)
            assert notice == "", address


def test_the_link_of_a_finding_shows_that_finding() -> None:
    known = {f.id for f in definitions().findings}
    links = {d.id: d.link for d in index().documents if d.kind == "bevinding"}
    assert set(links) == known
    assert links == {k: f"regiodialoog?bevinding={k}" for k in known}


def test_findings_of_an_office_are_found_apart_from_ours() -> None:
    own = Finding(
        id="eigen-1",
        kind="verhaal",
        title="De zwaluwenkast bij het gemeentehuis",
        summary="Een zin.",
        regions=("twente",),
        themes=(),
        goals=(1,),
        date="2026-01",
        origin="dialoog",
        source=FindingSource(document="d", title="Verslag", section="1"),
    )
    with_own = Index(documents(definitions(), names(), [own]))
    hit = with_own.search("zwaluwenkasten").hits[0].document
    assert (hit.kind, hit.context) == ("eigen", "verhaal, Twente")
    assert hit.link == "eigen-bevindingen?regio=twente#eigen-1"


# -- any query is text ----------------------------------------------------------------------------------------

SILLY = [
    '"', "'", "*", "bus*", "-bus", "bus -trein", "NEAR(bus trein)", "NEAR", "AND", "OR NOT", "title:bus", "{title}:bus",
    "^bus", "(bus", "bus)", "bus AND", '"bus', 'bus" OR "a', "'; DROP TABLE document; --", "%", "_", "\\", "\x00bus",
    "<script>alert(1)</script>", "日本語", "🚌", "a b c d e", "ﬁets", "..." * 40, "bus " * 60, "x" * 5000, "é" * 200,
]  # fmt: skip


@pytest.mark.parametrize("query", SILLY, ids=range(len(SILLY)))
def test_signs_are_text(query: str) -> None:
    answer = found(query)
    assert len(answer.asked) <= LONGEST
    assert html.heading(answer).count("<h1") == 1 and "<script" not in html.told(answer) + html.results(answer)


def test_operators_do_not_work() -> None:
    bus = ids("bus", "bevinding")
    for query in ("bus*", '"bus"', "(bus)", "^bus", "-bus", "bus:"):
        assert ids(query, "bevinding") == bus, query
    assert found("title:bus").words == ("title", "bus")


def test_empty_and_too_short_queries_say_what_to_do() -> None:
    for query in ("", "   ", "\n"):
        assert found(query).asked == "" and "Typ een of meer woorden" in html.heading(found(query))
    for query in ("a", "?", "* b"):
        assert found(query).hits == () and "ten minste twee letters" in html.told(found(query))


SPELLING = [
    ("zeikenhuis", "ziekenhuis"), ("bibiotheek", "bibliotheek"), ("winterswik", "Winterswijk"),
    ("mantelzrog", "Mantelzorg"), ("gemente", "gemeente"), ("dorpsziekenhuis", "ziekenhuis"), ("twete", "Twente"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), SPELLING)
def test_a_typing_error_gets_a_suggestion_that_finds_something(typed: str, meant: str) -> None:
    answer = found(typed)
    assert plain(meant) in [plain(s) for s in answer.suggestions], answer.suggestions
    assert all(found(s).hits for s in answer.suggestions)
    assert "Bedoelde u <a href=" in html.told(answer)
    assert ("Niets gevonden" in html.told(answer)) == (not answer.hits)


def test_a_suggestion_keeps_the_other_words() -> None:
    assert found("gemente").suggestions == ("gemeente",), "found deep within another word only"
    assert "ziekenhuis Achterhoek" in found("zeikenhuis Achterhoek").suggestions
    assert found("qqqqqqqqwxz").suggestions == () and found("ziekenhuis").suggestions == ()


# -- everyday words -------------------------------------------------------------------------------------------


def terms(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    read_terms(["roken", "bijstand"], ["GM0294"], tmp_path)


FAULTS = [
    ("indicators:\n  - {words: [rook], ids: [rokn]}", "ingang 1, veld 'ids': 'rokn' bestaat niet. Bedoelde u 'roken'?"),
    ("indicators:\n  - {words: [], ids: [roken]}", "veld 'indicators.0.words'"),
    ("indicators:\n  - {woorden: [rook], ids: [roken]}", "veld 'indicators.0"),
    ("indicators: []\nmunicipalities:\n  - {code: GM0001, words: [x]}", "'GM0001' bestaat niet"),
    ("indicators: []\npages: [{id: a, name: A, about: b}, {id: a, name: A, about: b}]", "'a' staat er twee keer in"),
    ("indicators: [", "geen geldige YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_a_fault_in_the_everyday_words_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        terms(tmp_path, text)
    assert FILE in str(raised.value) and told in str(raised.value)


def test_everyday_words_are_not_in_the_name_already() -> None:
    """What a plural or a compound finds by itself need not be listed."""
    listed = read_terms([i.id for i in definitions().indicators], names(), paths.DEFINITIONS).indicators
    assert len(listed) > 60
    for i in definitions().indicators:
        title = [w.plain for w in words(i.full_name)]
        for phrase in listed.get(i.id, ()):
            sought = asked_words(phrase)
            assert sought and any(fit(w, t) is not Fit.WHOLE for w in sought for t in title), (i.id, phrase)
            assert i.id in ids(phrase, "cijfer"), (i.id, phrase)


def test_every_page_of_the_monitor_can_be_found_by_its_title() -> None:
    listed = {p.id: p.name for p in read_terms([i.id for i in definitions().indicators], names()).pages}
    assert listed == TITLES | {k: v for k, v in listed.items() if k not in TITLES}
    for page, title in TITLES.items():
        assert page in ids(title, "pagina")[:2], title
    assert not [page for page in listed if not (ROOT / "pages" / f"{page}.py").is_file()]


# -- threads and speed ----------------------------------------------------------------------------------------


def queries(n: int) -> list[str]:
    """Queries as people type them, long and silly ones among them; the same every time."""
    chance = random.Random(5)
    known = sorted(index()._shown)
    made = list(SILLY)
    while len(made) < n:
        chosen = chance.choices(known, k=chance.randint(1, 6))
        broken = chance.random() < 0.3
        letters = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 12)))
        made.append(" ".join([*chosen, letters] if broken else chosen))
    return made


def test_threads_get_what_one_thread_gets() -> None:
    asked = queries(160)
    alone = [[h.document.link for h in found(q).hits] for q in asked]
    shared = Index(documents(definitions(), names()))
    order = list(range(len(asked))) * 3
    random.Random(7).shuffle(order)
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda k: [h.document.link for h in shared.search(asked[k]).hits], order))
    assert all(got == alone[k] for k, got in zip(order, together, strict=True))


def test_the_index_cannot_be_written_to() -> None:
    with pytest.raises(Exception, match="readonly"):
        index()._database.execute("DELETE FROM document")


# -- the page -------------------------------------------------------------------------------------------------


def test_texts_are_escaped_and_found_words_marked() -> None:
    bad = Index([document("x", '<b>bus</b> & "co"', "Een <img src=x> bus’ en <script>bussen</script>.", context="<i>")])
    drawn = html.results(bad.search("bus"))
    assert "&lt;b&gt;<mark>bus</mark>&lt;/b&gt; &amp;" in drawn and "<mark>bussen</mark>" in drawn
    assert "<img" not in drawn and "<script" not in drawn and "<i>" not in drawn
    assert '"><' not in search_field.box('"><img src=x>', "kop").split("value=")[1].split("placeholder")[0]


def test_an_excerpt_is_short_and_holds_the_found_word() -> None:
    long = Index([document("x", "Titel", f"{'Een zin vooraf. ' * 30}Hier rijdt de bus. {'En nog iets. ' * 30}")])
    drawn = html.results(long.search("bus"))
    text = unescape(re.sub("<[^>]+>", "", drawn.split('<p class="sm">')[1]))
    assert "rijdt de bus" in text and text.startswith("… ") and len(text) < 260 and "<mark>bus</mark>" in drawn


def test_what_was_found_on_another_word_says_so() -> None:
    drawn = html.results(found("dokter"))
    assert "Afstand tot huisarts" in drawn and "gevonden op: <mark>dokter</mark>" in drawn


def test_the_page_shows_counts_kinds_and_links() -> None:
    test = visit("zoeken", zoek="ziekenhuizen")
    page = check_sound(test)
    assert page.headings == ["Zoeken naar ‘ziekenhuizen’"]
    assert "resultaten:" in page.text and " 2 cijfers" in " ".join(page.text.split())
    drawn = markup(test)
    for address in ("kaart?indicator=afstand-ziekenhuis", "trends?indicator=", "methode?indicator="):
        assert f'href="{address}' in drawn
    assert 'target="_self"' in drawn and "<mark>" in drawn


def test_the_page_without_a_query_and_without_results() -> None:
    assert check_sound(visit("zoeken")).headings == ["Zoeken"]
    nothing = check_sound(visit("zoeken", zoek="<script>zeikenhuis</script>"))
    assert "Zoeken naar ‘<script>zeikenhuis</script>’" in nothing.headings[0]
    either = check_sound(visit("zoeken", zoek="ziekenhuis qqqqzzz")).text
    assert "Niets bevat al uw woorden" in either and "Nergens gevonden: ‘qqqqzzz’" in either


@pytest.mark.browser
def test_enter_searches_and_back_returns(new_page: Any, server: Any) -> None:
    page = new_page(server, 390, 844)
    start = f"{server.url}/zoeken?zoek=winterswijk"
    page.goto(start)
    field = page.get_by_label("Zoek in de monitor").last
    field.wait_for()
    assert field.input_value() == "winterswijk"
    field.fill("bus & trein*")
    field.press("Enter")
    page.get_by_role("heading", name="Zoeken naar ‘bus & trein*’").wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"zoek": ["bus & trein*"]}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    page.get_by_role("heading", name="Zoeken naar ‘winterswijk’").wait_for()
    assert page.url == start
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("footer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
