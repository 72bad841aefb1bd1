"""No text of a user becomes markup; what comes in is bounded; nothing goes out; no secret stands in a file."""

from __future__ import annotations

import ast
import io
import re
import shutil
import time
import tomllib
import zipfile
import zlib
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from monitor import logs, paths
from monitor.access import Identity
from monitor.definitions import reading
from monitor.definitions.loader import Definitions
from monitor.dialogue import own, own_sheet
from monitor.dialogue.own_store import as_yaml
from monitor.errors import MonitorError
from monitor.export import basket
from monitor.export.slides import template
from monitor.logbook.entry import Draft, Entry, Version
from monitor.screens import basket_html, editions_html, logbook_html, own_html, refresh_html, search_html
from monitor.screens.change_log_html import change_log
from monitor.screens.inert import inert, plain_label
from monitor.search.documents import Document
from monitor.search.index import Index
from monitor.snapshot import store
from monitor.sources import rmbw_file
from monitor.state import KEYS, LONGEST
from tests.hostile import ALL, MARK, MARKS, Read, hostile, through_markdown
from tests.spec_table import ROOT, SNAPSHOT, definitions
from tests.test_architecture import own_files
from tests.test_pages import PAGES, visit
from ui import data

CODE = [p for folder in ("monitor", "ui", "pages") for p in sorted((ROOT / folder).rglob("*.py"))] + [ROOT / "app.py"]


def drawn(page: AppTest) -> list[str]:
    """Everything on a page that becomes HTML, as the browser gets it."""
    html = [h.proto.body for h in page.get("html") if "<script>" not in h.proto.body and "<style>" not in h.proto.body]
    return [through_markdown(m.value) for m in page.markdown] + html


def labels(page: AppTest) -> list[str]:
    """The labels of a page, which Streamlit reads as Markdown."""
    kinds = ("button", "selectbox", "radio", "checkbox", "text_input", "text_area", "multiselect", "expander", "toast")
    found = [getattr(w, "label", "") or getattr(w, "value", "") for kind in kinds for w in page.get(kind)]
    return [str(label) for label in found if label]


def sound(*pieces: str) -> str:
    """The text of pieces of HTML, in which nothing became an element or attribute."""
    read = [Read(piece) for piece in pieces]
    wrong = [w for r in read for w in r.wrong]
    assert not wrong, wrong
    return " ".join(r.text for r in read)


def check_page(page: AppTest) -> str:
    assert not page.exception, [e.value for e in page.exception]
    for label in labels(page):
        assert not re.search(r"(?<!\\)!?\[[^\]]*\]\(", label), label
        sound(through_markdown(label))
    return sound(*drawn(page))


# -- the reader can tell ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", MARKS)
def test_the_marks_work_where_nothing_is_escaped(mark: str) -> None:
    assert Read(through_markdown(f"<p>x\n\n{mark}</p>")).wrong or "javascript:" in mark


def test_markdown_finds_nothing_in_what_is_inert() -> None:
    for begin in ("<p>", "<div>", "<section class='a'>", "<h2>", "<b>", "", "<svg>", "\n\n   <p>", "<span>"):
        for gap in ("\n\n", "\n \t\n", "\r\r", "\r\n\r\n", "\n\n\n\n"):
            text = f"{begin}a{gap}![{MARK}](https://elders.example/x.png){gap}*b* <https://elders.example>"
            made = through_markdown(inert(text.replace("<https://elders.example>", "")))
            assert "![kwaad](https" in made and "<em>" not in made and "<code>" not in made, text
    assert through_markdown(plain_label(MARKS[2])) == f"<p>!{MARKS[2][1:]}</p>\n".replace("&", "&amp;")
    assert inert("") == "" and inert("<p>a\n\nb</p>") == "<p>a&#10;&#10;b</p>"


# -- addresses ----------------------------------------------------------------------------------------------------


def queries(turn: int) -> dict[str, str]:
    """Every key with a mark; in another turn other marks."""
    short = [m for m in MARKS if len(m) <= LONGEST]
    return {key: short[(k + turn) % len(short)] for k, key in enumerate(KEYS)}


@pytest.mark.parametrize(
    "page", [pytest.param(p, marks=[] if k % 4 == 0 else [pytest.mark.slow]) for k, p in enumerate(PAGES)]
)
def test_nothing_in_an_address_becomes_markup(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)
    for turn in (0, 1, 2)[: 1 if page == PAGES[0] else 3]:
        said = check_page(visit(page, **queries(turn)))
        assert "Niet herkend in de link" in said and "onerror" in said + str(queries(turn))


@pytest.mark.slow
@pytest.mark.parametrize("mark", MARKS)
def test_no_single_key_becomes_markup(mark: str) -> None:
    for k, key in enumerate(KEYS):
        check_page(visit(("zoeken", "logboek", "edities")[k % 3], **{key: mark}))


# -- definitions, findings and names of CBS -----------------------------------------------------------------------


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Definitions:
    """An edition of which all names, and definitions of which all texts, try to become markup."""
    folder = tmp_path / "snapshot"
    shutil.copytree(SNAPSHOT, folder)
    areas = pd.read_parquet(folder / store.AREAS)
    areas["name"] = areas["name"].astype(str) + f" {ALL}"
    areas.to_parquet(folder / store.AREAS)
    (folder / store.CHANGES).write_text(
        f"# x\n\n## Kop {ALL}\n\n- {ALL}\n\n| a |\n|---|\n| {ALL} |\n", encoding="utf-8"
    )
    manifest = store.read_manifest(SNAPSHOT)
    for entry in manifest["sources"].values():
        entry["title"] = f"{entry['title']} {ALL}"
    store.seal(folder, manifest)
    made = hostile(definitions())
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    monkeypatch.setattr(data, "load", lambda: made)
    return made  # type: ignore[no-any-return]


OFTEN = ("regio", "edities")


@pytest.mark.parametrize("page", [pytest.param(p, marks=[] if p in OFTEN else [pytest.mark.slow]) for p in PAGES])
def test_no_text_of_a_definition_or_of_cbs_becomes_markup(page: str, spoilt: Definitions) -> None:
    query = {"regio": "achterhoek", "indicator": "overgewicht", "gemeente": "GM1509", "zoek": "huisarts"}
    said = check_page(visit(page, **query))
    if page not in ("ab-pakket", "eigen-bevindingen", "logboek"):
        assert said.count(MARK) > 3


# -- what people write --------------------------------------------------------------------------------------------

SAID = "\n\n".join(MARKS)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def finding(**rest: str) -> own.OwnFinding:
    raw = {
        "id": "eigen-x", "kind": "knelpunt", "title": f"Titel {MARKS[0]}", "summary": SAID, "regions": ["achterhoek"],
        "themes": ["wonen"], "goals": [1], "indicators": [{"id": "overgewicht", "expects": "hoger", "note": SAID}],
        "source": {"document": "verslag", "title": f"B {MARKS[1]}", "section": MARKS[3]}, "date": "2026-03",
        "origin": "dialoog", "quote": SAID, "consent": MARKS[1], "office": f"Bureau {MARKS[0]}",
    }  # fmt: skip
    return own.OwnFinding.model_validate({**raw, **rest})


def test_an_own_finding_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = finding()
    region = definitions().region("achterhoek")
    problem = own.Problem("x.yaml", SAID, SAID)
    pieces = (
        own_html.card(found, definitions()), own_html.voice(found, (), own_html.whose(found, region)),
        own_html.problems([problem]), own_html.notes([SAID]), own_html.empty(SAID),
    )  # fmt: skip
    said = sound(*(through_markdown(inert(p)) for p in pieces))
    assert said.count(MARK) > 20
    (tmp_path / "bureau.yaml").write_text(as_yaml([found], f"naam {MARKS[4]}", date(2026, 11, 22)), encoding="utf-8")
    (tmp_path / "stuk <img src=x onerror=y>.yaml").write_text(f"- id: '{MARKS[0]}'\n", encoding="utf-8")
    monkeypatch.setenv("REGIOMONITOR_OWN", str(tmp_path))
    shown = check_page(visit("eigen-bevindingen", regio="achterhoek"))
    assert shown.count(MARK) > 10 and "stuk <img" in shown


def test_an_entry_of_the_log_stays_text() -> None:
    draft = Draft("achterhoek", date(2026, 3, 12), SAID, SAID, SAID, SAID, date(2026, 4, 1), 2, MARKS[1], MARKS[0])
    versions = [Version(k, draft, f"naam {MARKS[0]}", NOW, k == 2, SAID) for k in (1, 2, 3)]
    entry = Entry(1, versions[-1], NOW, f"naam {MARKS[1]}")
    pieces = [logbook_html.card(entry, definitions(), versions), logbook_html.theirs(entry, definitions())]
    withdrawn = Entry(1, versions[1], NOW, "naam")
    pieces += [logbook_html.card(withdrawn, definitions()), logbook_html.theirs(withdrawn, definitions())]
    assert sound(*(through_markdown(inert(p)) for p in pieces)).count(MARK) > 30


def test_an_entry_of_the_log_stays_text_on_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.logbook import store as log
    from monitor.logbook.database import database

    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'logboek.sqlite'}")
    writer = Identity("u", f"naam {MARKS[0]}", frozenset({"achterhoek"}))
    draft = Draft("achterhoek", date(2026, 3, 12), SAID, SAID, SAID, SAID, goal=2)
    log.add(database(), draft, "k", writer, NOW)
    assert check_page(visit("logboek")).count(MARK) > 10


def test_a_basket_that_somebody_shares_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import basket_kept

    figure = basket.Reference(f"trends?regio=achterhoek&indicator=overgewicht&zoek={MARKS[2]}")
    gone = basket.Reference(f"nergens?{MARKS[0]}", MARKS[2])
    items = (basket.Item(figure, SAID), basket.Item(gone, SAID))
    made = basket.Basket("achterhoek", title=MARKS[1], before=MARKS[0], items=items)
    assert basket.read_text(basket.as_text(made), definitions()).items[0].note == SAID
    kept = basket_kept.Kept(made)
    monkeypatch.setattr(basket_kept, "kept", lambda: kept)
    said = check_page(visit("ab-pakket"))
    assert said.count(MARK) > 10
    # The note of a link once ended the HTML around it, and fetched an image from elsewhere.
    assert "elders.example/x.png" in through_markdown(basket_html.printed_note(SAID))
    assert not Read(through_markdown(inert(basket_html.printed_note(SAID)))).wrong


def test_what_is_searched_and_found_stays_text() -> None:
    index = Index([Document("cijfer", "x", f"Titel {ALL}", SAID, "kaart?indicator=x", ALL, (ALL,), ((ALL, "kaart"),))])
    for asked in (*MARKS, "titel", "script", "kwaad alert onerror"):
        found = index.search(asked)
        pieces = (search_html.heading(found), search_html.told(found), search_html.results(found))
        sound(*(through_markdown(inert(p)) for p in pieces))
    assert MARK in search_html.results(index.search("titel"))


def test_what_a_refresh_and_an_edition_say_stays_text(tmp_path: Path) -> None:
    from monitor.refresh.models import Step
    from monitor.refresh.status import Status

    now = Status("mislukt", NOW, Step("ophalen", 1, 3, 5, (SAID,), SAID), SAID, ALL)
    pieces = [refresh_html.busy(now, NOW), refresh_html.ended(now, "edities", True), refresh_html.refused(SAID, SAID)]
    pieces += [content for _, content in change_log(f"## Kop\n\n{SAID}\n\n- {ALL}\n\n| x |\n|---|\n| {ALL} |\n")]
    pieces += [editions_html.sources_told([]), basket_html.said(SAID, SAID), basket_html.steps([ALL], 0)]
    assert sound(*(through_markdown(inert(p)) for p in pieces)).count(MARK) > 20
    assert refresh_html.bar_text(now.step).startswith("Nieuwe tabellen")


# -- where HTML goes to the browser -------------------------------------------------------------------------------


def calls(path: Path, name: str) -> list[str]:
    """The calls in a file of what ends with a name."""
    source = path.read_text(encoding="utf-8")
    if f"{name}(" not in source:
        return []
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    return [ast.unparse(n) for n in found if ast.unparse(n.func).endswith(name)]


def test_all_html_passes_what_makes_it_inert() -> None:
    found = {p.relative_to(ROOT).as_posix(): c for p in CODE for c in calls(p, ".markdown") if "unsafe_allow_html" in c}
    every = [(p.name, c) for p in CODE for c in calls(p, ".markdown")]
    assert set(found) == {"ui/frame.py", "ui/edition.py", "ui/basket_make.py"}
    assert sorted(name for name, c in every if "inert(" not in c) == ["frame.py"], "only frame.document"
    documents = [p.name for p in CODE for c in calls(p, "document") if c.startswith("frame.document(")]
    assert set(documents) == {"methode.py", "toegankelijkheid.py"}, (
        "Markdown is read only where a document of the project is shown"
    )


def test_javascript_is_ours_and_written_in_few_places() -> None:
    places = {p.relative_to(ROOT).as_posix() for p in CODE for c in calls(p, ".html") if "unsafe_allow_javascript" in c}
    assert places <= {"ui/frame.py", "ui/uploader.py", "ui/basket_page.py", "ui/anchors.py"}, places
    for p in CODE:
        assert not calls(p, "components.html") and not calls(p, "components.v1.html"), p


def test_nothing_from_outside_is_ever_run() -> None:
    """No pickle, no eval, no shell; YAML only through the safe loader, in one place."""
    for path in CODE:
        source = path.read_text(encoding="utf-8")
        for found in re.findall(r"(?<![\w.\"'])(?:eval|exec|os\.system|os\.popen|yaml\.\w*load\w*)\(", source):
            assert (path.name, found) in (("reading.py", "yaml.load("), ("office.py", "yaml.safe_load(")), path
        assert "shell=True" not in source and "pickle" not in source, path
    assert issubclass(reading._Loader, reading._Base) and reading._Base.__name__ in ("CSafeLoader", "SafeLoader")


# -- the static site --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_text_becomes_markup_on_the_site(spoilt: Definitions, monkeypatch: pytest.MonkeyPatch) -> None:
    """All pages of a site made from an edition and definitions that try to, but only some of the same kind."""
    from monitor.publish import build, edition, extras, layout

    monkeypatch.setattr(edition, "load", lambda: spoilt)
    ed = edition.read(paths.snapshot_dir())
    base = "https://monitor.example/"
    frame = layout.Frame(
        base, base, f"{ed.name} {ALL}", ALL, partial(extras.head, base=base), partial(extras.below, base=base)
    )
    seen: dict[str, int] = {}
    for page in build.pages(ed, build.Options(base, base)):
        kind = page.path.partition("/")[0]
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > 3:
            continue
        said = check_site(layout.render(page, frame))
        assert said.count(MARK) > 2, page.path
    assert len(seen) > 8


def check_site(html: str) -> str:
    """The text of a page of the site; its own scripts, styles and pictures come from the site itself."""
    read = Read(html)
    wrong = [w for w in read.wrong if w not in ("<script>", "<link>", "<meta>", "<img>", "<iframe>")]
    assert not wrong, wrong
    for tag, address in re.findall(r"<(script|link|img|iframe)\b[^>]*?\s(?:src|href)=[\"']?([^\"'\s>]*)", html):
        assert not address.startswith(("x", "//")) and "elders.example" not in address, f"<{tag} {address}>"
    return read.text


# -- what comes in is bounded -------------------------------------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def pptx(**parts: bytes) -> bytes:
    """The house template with parts put in."""
    out = io.BytesIO()
    with zipfile.ZipFile(template.SHIPPED) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            made.writestr(name, old.read(name))
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def sheet(rows: bytes) -> bytes:
    tail = b"</sheetData></worksheet>"
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return zipped(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=head + rows + tail)


def link(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


MANY = b"<b/>" * 2_000_000
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
REFUSED: dict[str, Any] = {
    "own: more than 10 MB": lambda: own_sheet.read_sheet(b"x;" * 6_000_000, "a.csv"),
    "own: a zip bomb": lambda: own_sheet.read_sheet(sheet(b"<row><c/></row>" * 2_000_000), "a.xlsx"),
    "own: more cells than may": lambda: own_sheet.read_sheet(sheet(b"<c/>" * 160_000 + b" " * 500_000), "a.xlsx"),
    "own: XML entities": lambda: own_sheet.read_sheet(
        zipped(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=LAUGHS), "a.xlsx"
    ),
    "own: thousands of parts": lambda: own_sheet.read_sheet(
        zipped(xl__workbook_dot_xml=b"<workbook/>", **{f"p{k}": b"" for k in range(2_100)}), "a.xlsx"
    ),
    "own: more rows than may": lambda: own_sheet.read_sheet(
        b"soort;titel;samenvatting\n" + b"a;b;c\n" * 2_001, "a.csv"
    ),
    "yaml: a bomb of aliases": lambda: reading.parsed("a.yaml", BOMB.encode()),
    "yaml: an alias of itself": lambda: reading.parsed("a.yaml", b"&a [*a]"),
    "yaml: deep brackets": lambda: reading.parsed("a.yaml", b"[" * 1_000_000),
    "yaml: deep lists": lambda: reading.parsed("a.yaml", b"- " * 1_000_000 + b"a"),
    "yaml: deep mappings": lambda: reading.parsed("a.yaml", b"\n".join(b" " * k + b"a:" for k in range(1_500))),
    "yaml: objects": lambda: reading.parsed("a.yaml", b"!!python/object/apply:os.system ['true']"),
    "basket: a large file": lambda: basket.read_yaml(b"x" * 300_000, definitions()),
    "basket: a bomb of aliases": lambda: basket.read_yaml(BOMB.encode(), definitions()),
    "basket: a link that unpacks to much": lambda: basket.read_text(link(b" " * 3_000_000), definitions()),
    "basket: a deep link": lambda: basket.read_text(link(b"[" * 150_000), definitions()),
    "template: more than 30 MB": lambda: template.read_template(b"PK" + b"\0" * 30_000_001),
    "template: a zip bomb": lambda: template.read_template(pptx(media_dot_bin=b"x" * 101_000_000)),
    "template: much XML": lambda: template.read_template(pptx(ppt__x_dot_xml=b"<a>" + MANY)),
    "template: XML under another name": lambda: template.read_template(pptx(ppt__x_dot_bin=b"  <a>" + MANY)),
    "template: no slides": lambda: template.read_template(zipped(mimetype=b"x")),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused_soon(name: str) -> None:
    began = time.process_time()
    with pytest.raises(MonitorError) as refused:
        REFUSED[name]()
    assert time.process_time() - began < 6, "it takes the whole server"
    assert refused.value.way_out and "Error" not in str(refused.value)


def test_entities_in_a_template_do_not_grow(tmp_path: Path) -> None:
    """A presentation with a bomb in a part that is read: refused, or read without what it would unpack to."""
    grown = "".join(f'<!ENTITY x{k} "{f"&x{k - 1};" * 10}">' for k in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x0 "0123456789">{grown}]>'
    with zipfile.ZipFile(template.SHIPPED) as old:
        parts = {n: old.read(n) for n in old.namelist()}
    name = "ppt/presentation.xml"
    body = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", parts[name])
    parts[name] = bomb.encode() + body.replace(b"<p:sldSz", b"<!-- -->&x9;<p:sldSz", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part, content in parts.items():
            made.writestr(part, content)
    began = time.process_time()
    try:
        assert len(template.read_template(out.getvalue()).content) < 3_000_000
    except MonitorError as error:
        assert error.way_out
    assert time.process_time() - began < 6


def test_a_large_rmbw_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rmbw_file, "MOST_BYTES", 100)
    path = tmp_path / "rmbw.csv"
    path.write_bytes(b"x" * 200)
    with pytest.raises(MonitorError, match="groter dan"):
        rmbw_file.read_files([path])


def test_the_server_bounds_what_is_sent_to_it() -> None:
    from ui import uploader

    server = config()["server"]
    assert server["maxUploadSize"] == uploader.MOST == own.MOST_BYTES >> 20
    # Streamlit's own guards against other sites are on unless somebody turns them off.
    assert server.get("enableXsrfProtection", True) and server.get("enableCORS", True)
    assert LONGEST == 80 and basket.LONGEST_LINK <= 4_000


# -- nothing goes out, and no secret is in ------------------------------------------------------------------------


def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_no_telemetry() -> None:
    assert config()["browser"]["gatherUsageStats"] is False
    named = " ".join(p.read_text(encoding="utf-8") for p in CODE).lower()
    for word in (
        "google-analytics",
        "googletagmanager",
        "matomo",
        "sentry",
        "posthog",
        "segment.com",
        "mixpanel",
        "hotjar",
    ):
        assert word not in named, word
    wanted = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    assert not re.search(r"^(sentry|posthog|opentelemetry|analytics|mixpanel)", wanted, re.M)


def test_no_error_details_reach_the_browser() -> None:
    assert config()["client"]["showErrorDetails"] == "none" and config()["client"]["toolbarMode"] == "minimal"


# In pieces, so that this file does not hold what it looks for.
SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE"
    + rb" KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{10,}"
    rb"|eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\."
)
# A value of a name that sounds like a secret; dots, stars and words between < > are examples.
NAMED = re.compile(
    rb"(?i)\b(?:password|passwd|wachtwoord|client_secret|cookie_secret|api[_-]?key|token)\b[\"']?\s*[:=]\s*[\"'](?!REGIOMONITOR_)([^\"'\s<>{}*.$]{8,})[\"']"
)


BINARY = frozenset((".parquet", ".png", ".woff2", ".pptx", ".xlsx", ".pdf", ".docx", ".zip"))


def test_no_secret_stands_in_a_file() -> None:
    found = []
    for path in own_files():
        if path.suffix in BINARY or "tests" in path.parts:
            continue
        content = path.read_bytes()
        found += [f"{path.name}: {m[0][:40]!r}" for pattern in (SECRETS, NAMED) for m in pattern.finditer(content)]
    assert not found, found
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".streamlit/secrets.toml" in ignored and not (ROOT / ".streamlit" / "secrets.toml").exists()


def test_the_reader_of_secrets_can_tell() -> None:
    assert SECRETS.search(b"-----BEGIN RSA PRIVATE" + b" KEY-----")
    assert NAMED.search(b'client_secret = "Zx81Qq77Lm"') and NAMED.search(b"password: 'hunter2hunter2'")
    assert not NAMED.search(b'client_secret = "..."') and not NAMED.search(b"token = something(x)")


def test_addresses_with_passwords_come_from_the_environment_alone() -> None:
    read = {n for p in CODE for n in re.findall(r"REGIOMONITOR_[A-Z0-9_]+", p.read_text(encoding="utf-8"))}
    assert {"REGIOMONITOR_DATABASE_URL", logs.FORM} <= read
    for path in CODE:
        for address in re.findall(r"postgres(?:ql)?(?:\+\w+)?://[^\s\"'`)]+", path.read_text(encoding="utf-8")):
            assert "gebruiker:wachtwoord@" in address or "@" not in address, f"{path.name}: {address}"
    assert paths.ROOT == ROOT
