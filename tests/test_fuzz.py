"""Whatever comes in ends in a value or in one clear sentence: 20,000 cases in make test-all, hundreds in make test."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml
from hypothesis import strategies as st

from monitor import composed as cmp
from monitor import paths, profile
from monitor.definitions import load, loader, reading
from monitor.dialogue.own import own_findings
from monitor.dialogue.own_rows import read_and_check
from monitor.dialogue.own_template import template, with_faults
from monitor.errors import DefinitionError, MonitorError
from monitor.export import basket
from monitor.export.catalogue import Catalogue
from monitor.export.pack import Materials
from monitor.export.reference import Reference
from monitor.figures.geometry import read_outlines
from monitor.known import known_of
from monitor.logbook import entry
from monitor.refresh.rmbw_place import place
from monitor.screens import basket_html, logbook_html, own_html, search_html
from monitor.search.documents import documents
from monitor.search.index import Index
from monitor.sources.rmbw_file import read_files
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.v3 import StatLineV3
from monitor.sources.statline.v4 import StatLineV4
from monitor.sources.statline.web import Web
from monitor.state import KEYS, Known, parse
from tests import test_rmbw_import as rmbw
from tests import test_statline_client as cbs
from tests.fuzzing import NASTY, Target, broken, changed, run, text, values
from tests.local_cbs import LocalCbs
from tests.spec_table import SNAPSHOT, definitions, edition

WHOLE = 20_000


@cache
def known() -> Known:
    return replace(known_of(definitions(), edition()), editions=("2026-11", "2026-11-22"))


# -- the state in an address --------------------------------------------------------------------------------------


@cache
def some_of(key: str) -> st.SearchStrategy[str]:
    """Values that a key can have, and others."""
    k = known()
    years = [str(y) for y in range(2004, 2028)]
    good = {
        "regio": [*k.regions], "gemeente": [*k.municipalities[:20]], "indicator": [*k.indicators[:20]],
        "grenscijfer": [*k.abroad], "jaar": years, "vanaf": years, "niveau": ["gemeenten", "regios"],
        "vergelijk": ["nederland", "provincie", "elf-regios", "vergelijkbaar"], "volgorde": ["verschil", "dekking"],
        "soort": [*k.kinds], "thema": [*k.themes], "doel": ["1", "2", "3"], "bevinding": [*k.findings[:20]],
        "van": [*k.editions], "naar": [*k.editions], "editie": [*k.editions], "zoek": ["bus  rijdt", " "],
        "samenstelling": ["geen", "-".join(k.municipalities[:3]), "GM0001-GM0001", "-", ""],
    }  # fmt: skip
    any_text = st.one_of(text(100), st.sampled_from([str(n) for n in NASTY]))
    return st.one_of(st.sampled_from(good[key]), st.sampled_from(good[key]), any_text) if key in good else any_text


_SOME_KEYS = st.lists(st.one_of(st.sampled_from(KEYS), st.sampled_from(KEYS), text(8)), max_size=5)


@st.composite
def queries(draw: Any) -> tuple[str, dict[str, list[str]]]:
    page = draw(st.sampled_from(["kaart", "trends", "over-de-grens", "regio", "eigen-regio", "zoeken"]))
    found: dict[str, list[str]] = {}
    for key in draw(_SOME_KEYS):
        found[key] = [draw(some_of(key)) for _ in range(draw(st.integers(0, 2)))]
    return page, found


def state(given: tuple[str, dict[str, list[str]]]) -> None:
    page, query = given
    rest: dict[str, Any] = {"default_abroad": known().abroad[0]} if page == "over-de-grens" else {}
    if page == "kaart":
        rest["default_indicator"] = "overgewicht"
    made, notice = parse(page, query, known(), **rest)
    assert len(notice) < 1_000 and "\n" not in notice
    # A link says the same as the state that it was made from, apart from a year that the figure does not have.
    again, unknown = parse(page, parse_qs(urlsplit(made.link()).query), known(), **rest)
    assert again == replace(made, absent=None) and not unknown, made.link()


# -- a region that a reader composes ------------------------------------------------------------------------------


@cache
def ground() -> cmp.Ground:
    d, snapshot = definitions(), edition()
    outlines = read_outlines(SNAPSHOT, {r.id: r.codes for r in d.regions})
    return cmp.ground_of(d, snapshot, outlines.municipalities, profile.panel_of(d, snapshot))


@st.composite
def compositions(draw: Any) -> tuple[dict[str, list[str]], str]:
    codes = draw(st.lists(st.sampled_from([*known().municipalities, "GM9999", "", "é"]), max_size=8))
    query = {"samenstelling": ["-".join(codes) or "geen"]}
    if draw(st.booleans()):
        query["regio"] = [draw(st.sampled_from([*known().regions, "nergens"]))]
    return query, draw(st.sampled_from(["nederland", "provincie", "elf-regios", "vergelijkbaar"]))


def composition(given: tuple[dict[str, list[str]], str]) -> None:
    query, benchmark = given
    made, _ = parse("eigen-regio", query, known())
    c = cmp.composed_of(definitions(), made, "achterhoek")
    name = cmp.name_of(c, edition().names, definitions().compositions)
    assert name and cmp.spoken(c, name)
    link = cmp.state_of(made, c.start, c.codes)
    assert cmp.composed_of(definitions(), link, "achterhoek") == c
    if c.codes and len(c.codes) <= 4:
        found = cmp.recompose(definitions(), edition(), ground(), c, benchmark)  # type: ignore[arg-type]
        assert len(found.standings) > 50


# -- the basket: in a link, in a cookie, in a file ----------------------------------------------------------------

PAPERS = {
    "versie": 1, "regio": "achterhoek", "doel": 2, "vergelijk": "provincie", "titel": "Een titel", "sinds": "2020",
    "vergadering": {"orgaan": "AB", "datum": "12 maart", "agendapunt": "4", "onderwerp": "x", "portefeuillehouder": ""},
    "documenten": ["oplegger", "werkboek"],
    "stukken": [
        {"figuur": "trends?regio=achterhoek&indicator=overgewicht", "noot": "Een noot."},
        {"figuur": "balans#rangorde"}, {"figuur": "kaart?indicator=woz-waarde&jaar=2024"},
    ],
}  # fmt: skip


def as_link(said: object) -> str:
    raw = json.dumps(said, default=str).encode()
    return urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


@st.composite
def links(draw: Any) -> str:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return draw(st.one_of(text(200), st.from_regex(r"[A-Za-z0-9_-]{0,120}", fullmatch=True)))
    if kind == 1:
        good = as_link(PAPERS)
        at = draw(st.integers(0, len(good) - 1))
        return good[:at] + draw(text(3)) + good[at + draw(st.integers(0, 4)) :]
    return as_link(changed(draw, PAPERS))


def link(given: str) -> None:
    made = basket.read_text(given, definitions())
    assert basket.read_text(basket.as_text(made), definitions()) == made
    assert basket.read_yaml(basket.as_yaml(made).encode(), definitions()) == made


@st.composite
def basket_files(draw: Any) -> bytes:
    said = changed(draw, PAPERS) if draw(st.booleans()) else PAPERS
    try:
        good = yaml.safe_dump(said, allow_unicode=True, sort_keys=False).encode()
    except (yaml.YAMLError, ValueError, UnicodeEncodeError):
        good = basket.as_yaml(basket.read_text(as_link(PAPERS), definitions())).encode()
    return broken(draw, good) if said is PAPERS or draw(st.booleans()) else good


def basket_file(given: bytes) -> None:
    made = basket.read_yaml(given, definitions())
    assert basket.read_yaml(basket.as_yaml(made).encode(), definitions()) == made
    assert all(basket_html.printed_note(i.note) is not None for i in made.items)


@cache
def catalogue() -> Catalogue:
    import datetime as dt

    return Catalogue(Materials(definitions(), edition()), dt.date(2026, 11, 22))


@st.composite
def references(draw: Any) -> str:
    page = draw(st.sampled_from(["kaart", "trends", "regio", "gemeente", "balans", "trajecten", "elders", ""]))
    query = draw(
        st.dictionaries(st.sampled_from(KEYS), st.one_of(text(20), st.sampled_from(["GM1509", "achterhoek", "2024"])))
    )
    if draw(st.booleans()):
        query |= {"regio": "achterhoek", "indicator": draw(st.sampled_from(["overgewicht", "mediaan-inkomen"]))}
    part = draw(st.one_of(st.just(""), text(8)))
    return f"{page}?{urlencode(query)}" + (f"#{part}" if part else "")


def reference(given: str) -> None:
    found = catalogue().find(Reference.read(given))
    assert found.figure.title and Reference.read(str(Reference.to(found.figure))) == Reference.to(found.figure)


# -- files that offices bring -------------------------------------------------------------------------------------

ROW = {
    "soort": "knelpunt", "titel": "De bus rijdt niet", "samenvatting": "In het dorp rijdt de bus niet meer na zes uur.",
    "regio’s": "achterhoek", "thema’s": "wonen", "doelen": "2", "bron": "Verslag", "plaats in de bron": "tafel 3",
    "datum": "2026-03", "herkomst": "dialoog", "citaat": "", "toestemming": "", "bureau": "Bureau",
    "indicator 1": "overgewicht", "verwachting 1": "hoger",
}  # fmt: skip


@cache
def good_sheet() -> bytes:
    return template(definitions())


@st.composite
def sheets(draw: Any) -> tuple[bytes, str]:
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return broken(draw, good_sheet()), "sjabloon.xlsx"
    rows = [list(ROW), *([str(v) for v in changed(draw, ROW).values()] for _ in range(draw(st.integers(1, 3))))]
    if kind == 1:
        return packed(rows, draw), "rijen.xlsx"
    if kind == 2:
        return draw(st.binary(max_size=300)), draw(st.sampled_from(["a.csv", "a.xlsx", "a.xls", ""]))
    mark = draw(st.sampled_from([";", ",", "\t"]))
    lines = "\n".join(mark.join(f'"{c}"' if draw(st.booleans()) else c for c in row) for row in rows)
    content = lines.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])), "replace")
    return (broken(draw, content) if kind == 3 else content), "rijen.csv"


def packed(rows: list[list[str]], draw: Any) -> bytes:
    """A workbook of which now and then a part is replaced."""
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([ILLEGAL_CHARACTERS_RE.sub("", c)[:32_000] for c in row])
    out = io.BytesIO()
    book.save(out)
    if draw(st.booleans()):
        return out.getvalue()
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w") as new:
        chosen = draw(st.sampled_from(old.namelist()))
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, broken(draw, content) if name == chosen else content)
    return made.getvalue()


def sheet(given: tuple[bytes, str]) -> None:
    checked = read_and_check(*given, definitions())
    assert len(checked.findings) + checked.wrong_rows >= 1 or checked.notes
    said = own_html.outcome(checked) + own_html.faults(checked.faults) + own_html.notes(checked.notes)
    assert said
    if checked.faults:
        assert with_faults(checked)[:2] == b"PK"


FINDING = [
    {
        "id": "eigen-bus", "kind": "knelpunt", "title": "De bus", "summary": "De bus rijdt niet na zes uur.",
        "regions": ["achterhoek"], "themes": ["wonen"], "goals": [2],
        "indicators": [{"id": "overgewicht", "expects": "hoger"}],
        "source": {"document": "verslag", "title": "Verslag", "section": "3"}, "date": "2026-03", "origin": "dialoog",
    }
]  # fmt: skip


@st.composite
def finding_files(draw: Any) -> bytes:
    good = yaml.safe_dump(FINDING, allow_unicode=True).encode()
    if draw(st.booleans()):
        return broken(draw, good)
    try:
        return yaml.safe_dump(changed(draw, FINDING), allow_unicode=True).encode()
    except (yaml.YAMLError, ValueError, UnicodeEncodeError):
        return good


def finding_file(given: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bureau.yaml").write_bytes(given)
        found = own_findings(Path(folder), definitions())
    assert own_html.problems(found.problems) is not None
    for f in found.findings:
        assert own_html.card(f, definitions())
    for p in found.problems:
        raise DefinitionError(p.message, p.way_out)


# -- definitions --------------------------------------------------------------------------------------------------


@cache
def shipped_yaml() -> dict[Path, Any]:
    folders = (paths.DEFINITIONS, paths.FINDINGS, paths.PROGRAMMES)
    return {p: reading.read(p) for folder in folders for p in sorted(folder.rglob("*.yaml"))}


@st.composite
def definition_files(draw: Any) -> tuple[Path, bytes]:
    found = shipped_yaml()
    path = draw(st.sampled_from([p for p in found if found[p]]))
    whole = found[path]
    if draw(st.integers(0, 3)) == 0:
        return path, broken(draw, path.read_bytes())
    if isinstance(whole, list):
        # One entry changed among all: the others still refer to it.
        at = draw(st.integers(0, len(whole) - 1))
        made: Any = [*whole[:at], changed(draw, [whole[at]]), *whole[at + 1 :]]
        made[at : at + 1] = made[at] if isinstance(made[at], list) else [made[at]]
    else:
        made = changed(draw, whole)
    try:
        return path, yaml.dump(made, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()
    except (yaml.YAMLError, ValueError, UnicodeEncodeError):
        return path, b"- id: [1, 2"


def definition_file(monkeypatch: pytest.MonkeyPatch, given: tuple[Path, bytes]) -> None:
    path, content = given
    whole = shipped_yaml()

    def read(asked: Path) -> Any:
        return reading.parsed(asked.name, content) if asked == path else whole[asked]

    with monkeypatch.context() as patch:
        for module in (reading, loader):
            if hasattr(module, "read"):
                patch.setattr(module, "read", read)
        try:
            load()
        except MonitorError as error:
            assert isinstance(error, DefinitionError) and ".yaml" in error.message, str(error)
            raise


# -- answers of CBS -----------------------------------------------------------------------------------------------


class Played(Web):
    """Answers from memory, in the place of a network."""

    def __init__(self, settings: Settings, kept: dict[str, str]) -> None:
        super().__init__(settings)
        self.kept = kept

    def _text(self, session: Any, url: str, what: str, params: Any, tried: str) -> str:
        return self.kept.get(address(url, params), "")


def address(url: str, params: Any) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}{urlencode(sorted((params or {}).items()))}"


@cache
def recorded() -> tuple[Settings, dict[str, dict[str, str]]]:
    """What a good service answers to one fetch, per protocol; and where it was, which its answers refer to."""
    found: dict[str, dict[str, str]] = {"v3": {}, "v4": {}}
    with LocalCbs([cbs.small_table()], page_size=7, v4_page_size=14) as server:
        for name, kept in found.items():
            here = cbs.quick(server, name)

            class Recording(Web):
                def _text(self, session: Any, url: str, what: str, params: Any, tried: str, kept: Any = kept) -> str:
                    kept[address(url, params)] = body = super()._text(session, url, what, params, tried)
                    return body

            client = reader(name, here, Recording(here))
            assert len(client.fetch(cbs.REQUEST).rows) == 18
    return replace(here, attempts=1), found


def reader(protocol: str, settings: Settings, web: Web) -> Any:
    return (StatLineV3 if protocol == "v3" else StatLineV4)(settings, web)


@st.composite
def answers(draw: Any) -> tuple[str, str, str]:
    protocol = draw(st.sampled_from(["v3", "v4"]))
    kept = recorded()[1][protocol]
    key = draw(st.sampled_from(sorted(kept)))
    how = draw(st.integers(0, 3))
    if how == 0:
        return protocol, key, broken(draw, kept[key].encode()).decode("utf-8", "replace")
    if how == 1:
        return protocol, key, draw(st.one_of(text(), st.sampled_from(["[]", "null", "{}", "1", "<html>", "[" * 5000])))
    try:
        return protocol, key, json.dumps(changed(draw, json.loads(kept[key])))
    except ValueError:
        return protocol, key, str(draw(values()))


def answer(given: tuple[str, str, str]) -> None:
    protocol, key, body = given
    settings, kept = recorded()
    web = Played(settings, {**kept[protocol], key: body})
    found = reader(protocol, settings, web).fetch(cbs.REQUEST)
    assert {"RegioS", "Perioden", "Overgewicht", "Roker"} <= set(found.rows)


# -- the yearly RMBW ----------------------------------------------------------------------------------------------


@cache
def good_rmbw() -> str:
    return str(rmbw.exported().head(40).rename(columns=rmbw.LONG).to_csv(sep=";", index=False))


@st.composite
def editions(draw: Any) -> tuple[bytes, str]:
    good = good_rmbw()
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return broken(draw, good.encode()), "rmbw_2023.csv"
    lines = [line.split(";") for line in good.splitlines()]
    for _ in range(draw(st.integers(1, 5))):
        row = draw(st.sampled_from(lines))
        row[draw(st.integers(0, len(row) - 1))] = str(draw(values()))
    if kind == 1:
        return packed(lines[:12], draw), "rmbw_2023.xlsx"
    return "\n".join(";".join(row) for row in lines).encode(), draw(st.sampled_from(["rmbw_2023.csv", "a.xlsx", "b"]))


def rmbw_edition(given: tuple[bytes, str]) -> None:
    content, name = given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        found = read_files([path])
    placed = place(definitions(), edition(), found, 2023)
    assert len(placed.rows) <= len(found.rows)


# -- search, and the form of the log ------------------------------------------------------------------------------


@cache
def index() -> Index:
    names = {c: edition().names[c] for c in edition().municipalities}
    return Index(documents(definitions(), names))


@st.composite
def questions(draw: Any) -> str:
    words = st.sampled_from(
        ["huisarts", "achterhoek", "bus", "woz", "AND", "OR", "NEAR(", "*", '"', "'", "--", "winterswijk"]
    )
    return " ".join(draw(st.lists(st.one_of(words, text(12), st.sampled_from([str(n) for n in NASTY])), max_size=6)))


def question(given: str) -> None:
    found = index().search(given)
    assert len(found.asked) <= 80
    assert search_html.heading(found) + search_html.told(found) + search_html.results(found)


@st.composite
def forms(draw: Any) -> dict[str, Any]:
    good = {
        "region": "achterhoek", "goal": 2, "indicator": "overgewicht", "finding": None, "day": "12-3-2026",
        "look_again": "", "tried": "Een bus.", "learned": "Hij was vol.", "changes": "", "follow_up": "",
    }  # fmt: skip
    for key in draw(st.lists(st.sampled_from(list(good)), max_size=4)):
        # The three choices come from lists, of which the browser sends a place: never something else than is in them.
        any_text = st.one_of(text(200), st.sampled_from([n for n in NASTY if isinstance(n, str)]))
        good[key] = draw(st.one_of(st.none(), st.integers()) if key == "goal" else any_text)
    return good


def form(given: dict[str, Any]) -> None:
    import datetime as dt

    made, wrong = entry.read(given, definitions(), dt.date(2026, 11, 22))
    assert (made is None) == bool(wrong) and all(len(w) < 400 for w in wrong)
    if made:
        now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
        kept = entry.Entry(1, entry.Version(1, made, "medewerker", now), now, "medewerker")
        assert logbook_html.card(kept, definitions())


# -- all of them --------------------------------------------------------------------------------------------------

TARGETS = {
    "state": Target(queries, state, 6_000, 150),
    "compositions": Target(compositions, composition, 500, 12),
    "basket links": Target(links, link, 2_500, 80),
    "basket files": Target(basket_files, basket_file, 1_500, 50),
    "references": Target(references, reference, 500, 20),
    "sheets": Target(sheets, sheet, 1_500, 35),
    "own findings": Target(finding_files, finding_file, 1_500, 40),
    "cbs answers": Target(answers, answer, 2_000, 60),
    "rmbw": Target(editions, rmbw_edition, 1_000, 30),
    "search": Target(questions, question, 1_500, 50),
    "log": Target(forms, form, 1_000, 40),
}
DEFINITIONS = (500, 10)


def target(name: str, monkeypatch: pytest.MonkeyPatch) -> Target:
    if name == "definitions":
        return Target(definition_files, partial(definition_file, monkeypatch), *DEFINITIONS)
    return TARGETS[name]


def test_the_whole_is_twenty_thousand_cases() -> None:
    """``make test-all`` has them in two files, for two workers: each target in one of them."""
    from tests import test_fuzz_files, test_fuzz_links

    assert sum(t.whole for t in TARGETS.values()) + DEFINITIONS[0] >= WHOLE
    assert sorted((*test_fuzz_links.NAMES, *test_fuzz_files.NAMES)) == sorted((*TARGETS, "definitions"))


def whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All cases of a target."""
    chosen = target(name, monkeypatch)
    ran, refused = run(chosen, chosen.whole)
    assert ran >= chosen.whole, "fewer cases than were asked"
    # Both kinds of ending occur: a target that refuses all, or takes all, does not look at what comes in.
    if name not in ("state", "compositions", "search", "log"):
        assert 0 < refused < ran


@pytest.mark.usefixtures("nothing_around")
@pytest.mark.parametrize("name", [*TARGETS, "definitions"])
def test_some_cases_end_in_a_value_or_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = target(name, monkeypatch)
    ran, _ = run(chosen, chosen.quick)
    assert ran >= chosen.quick
