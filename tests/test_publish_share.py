"""What goes round the pages of the site: pictures for shared links, embeds, metadata, and links of the app."""

from __future__ import annotations

import datetime as dt
import functools
import html
import http.server
import io
import itertools
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from PIL import Image

from monitor.definitions import Definitions
from monitor.errors import DefinitionError
from monitor.figures.compose import Composer
from monitor.figures.geometry import Outlines, read_outlines
from monitor.publish import cards, catalogue_dcat, embed, extras, layout, links, rdf, redirects, sitemap, social
from monitor.publish.layout import Frame
from monitor.publish.office import Office, read_office
from monitor.publish.page import Page
from monitor.publish.shapes import Shapes
from monitor.state import State
from tests.spec_table import ROOT, SNAPSHOT, cases, definitions, edition

BASE = "https://monitor.voorbeeld.nl/"
LONG = "Arbeidsongeschiktheidsverzekeringsmaatschappijenoverleg en nog een titel die maar doorgaat " * 3
OFFICE = Office.model_validate(
    {
        "uitgever": {"naam": "Testbureau", "adres": "https://voorbeeld.nl/id/bureau"},
        "contact": {"naam": "Testbureau", "pagina": "https://voorbeeld.nl/contact"},
    }
)


@cache
def outlines() -> Outlines:
    return read_outlines(SNAPSHOT, {r.id: r.codes for r in definitions().regions})


@cache
def ground() -> cards.Ground:
    return cards.ground(outlines(), {r.id: r.codes for r in definitions().regions})


@cache
def page(kind: str) -> Page:
    """A page with a map, lines, a strip or no figure."""
    d, composer = definitions(), Composer(definitions(), edition())
    i, region = d.indicator("overgewicht"), d.region("achterhoek")
    if kind == "kaart":
        figure = composer.map(i, None, "gemeenten", None)
        return Page(links.indicator(i.id), i.full_name, figure.sentence, "", figure=figure, digest="a")
    if kind == "lijnen":
        trend = composer.trend(i, [region])
        return Page("x/lijnen/", trend.title, trend.sentence, "", figure=trend, digest="b")
    if kind == "strook":
        strip = composer.strip(i, region)
        return Page("x/strook/", strip.title, strip.sentence, "", figure=strip, digest="c")
    return {
        "regio": Page(links.region("achterhoek"), "Achterhoek", "De cijfers van de Achterhoek.", "", digest="d"),
        "gemeente": Page(links.municipality("GM0197"), "Aalten", "De cijfers van Aalten.", "", digest="e"),
        "lang": Page("x/lang/", LONG, "Een zin die vaker komt dan past. " * 40, "", digest="f"),
        "leeg": Page("methode/", "Methode", "", "", digest="g"),
    }[kind]


KINDS = ("kaart", "lijnen", "strook", "regio", "gemeente", "lang", "leeg")


# -- the picture ----------------------------------------------------------------------------------------------


@cache
def picture(kind: str) -> Image.Image:
    raw = cards.card(page(kind), "2026-11", ground())
    assert len(raw) <= 60_000, f"{kind}: {len(raw)} bytes"
    return Image.open(io.BytesIO(raw)).convert("RGB")


@pytest.mark.parametrize("kind", KINDS)
def test_picture_has_its_size_and_keeps_its_margins(kind: str) -> None:
    drawn = picture(kind)
    assert drawn.size == (1200, 630)
    white = (255, 255, 255)
    # Text stays in its column: nothing to the left of it, between it and the picture, or over the foot.
    for box in ((0, 0, 50, 560), (715, 0, 738, 560), (60, 550, 700, 560)):
        assert set(drawn.crop(box).get_flattened_data()) == {white}, (kind, box)
    assert drawn.crop((60, 110, 710, 550)).getcolors(100_000) != [(650 * 440, white)]


def test_picture_shows_the_colours_of_the_map() -> None:
    figure = page("kaart").figure
    seen = {c for _, c in picture("kaart").crop((740, 24, 1184, 550)).getcolors(200_000) or ()}
    for group in figure.classes:  # type: ignore[union-attr]
        wanted = tuple(bytes.fromhex(group.colour[1:]))
        nearest = min(sum(abs(a - b) for a, b in zip(wanted, c, strict=True)) for c in seen)
        assert nearest <= 12, group.colour


def test_picture_shows_where_a_region_and_a_municipality_lie() -> None:
    """The two differ from each other and from a page without a place, on the map alone."""
    maps = {k: picture(k).crop((740, 24, 1184, 550)).tobytes() for k in ("regio", "gemeente", "leeg")}
    assert len(set(maps.values())) == 3


def test_picture_is_the_same_every_time() -> None:
    assert cards.card(page("kaart"), "2026-11", ground()) == cards.card(page("kaart"), "2026-11", ground())


def test_picture_is_drawn_again_only_for_what_it_shows() -> None:
    own = page("kaart")
    changed = {
        "title": extras._card_digest(Page(own.path, "Anders", own.description, "", figure=own.figure), "x", ""),
        "body": extras._card_digest(Page(own.path, own.title, own.description, "meer", figure=own.figure), "x", ""),
    }
    before = extras._card_digest(own, "x", "")
    assert changed["body"] == before != changed["title"]


@pytest.mark.parametrize("kind", ["kaart", "lijnen", "lang"])
def test_picture_takes_little_time(kind: str) -> None:
    """40 ms of processor time each, so that 550 pages take half a minute at most; here with room for a busy machine."""
    picture(kind)
    began = time.process_time()
    for _ in range(5):
        cards.card(page(kind), "2026-11", ground())
    assert (time.process_time() - began) / 5 < 0.2


class Tags(HTMLParser):
    """The <meta> of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "meta":
            self.found[own.get("property") or own.get("name") or ""] = own["content"] or ""


def test_tags_say_what_the_page_says() -> None:
    odd = Page("regio/x/", 'Naam "tussen" <b>', "Zin & meer.", "")
    found = Tags(social.tags(odd, BASE)).found
    assert found["og:title"] == odd.title and found["og:description"] == odd.description
    assert found["og:image"] == f"{BASE}regio/x/kaartje.png" and found["og:url"] == f"{BASE}regio/x/"
    assert found["og:locale"] == "nl_NL" and found["twitter:card"] == "summary_large_image"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert odd.description in found["og:image:alt"]


def test_tags_name_no_picture_without_an_address() -> None:
    found = Tags(social.tags(page("kaart"), "")).found
    assert not [k for k in found if k.startswith("og:image") or k == "og:url"] and found["twitter:card"] == "summary"
    assert social.image_path(Page("404.html", "", "", "")) == ""


# -- embeds ---------------------------------------------------------------------------------------------------


@cache
def shapes() -> Shapes:
    return Shapes.of(outlines())


@pytest.mark.parametrize("kind", ["kaart", "lijnen", "strook"])
def test_embed_holds_one_figure_and_no_way_around(kind: str) -> None:
    own = page(kind)
    made = embed.render(own, shapes(), "21 november 2026", BASE)
    figure = own.figure
    assert figure is not None
    for said in (figure.title, figure.sentence, figure.source, figure.edition, "21 november 2026"):
        assert html.escape(said) in made, said
    assert made.count("<h1") == 1 and "<nav" not in made and "<script" not in made and "<header" not in made
    assert '<meta name="robots" content="noindex">' in made and '<html lang="nl">' in made
    assert made.count("<tr>") == len(figure.table().cells) + 1
    # One link, to its page, out of the frame.
    assert re.findall(r'<a href="([^"]*)" target="_top"', made) == [links.relative(own.path, embed.embed_path(own))]
    assert made.count("<a ") == 1


def test_embed_code_is_ready_to_copy() -> None:
    own = page("kaart")
    code = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", embed.box(own, BASE))[0])
    frame = ET.fromstring(code)
    assert frame.tag == "iframe" and frame.get("src") == f"{BASE}insluiten/{own.path}"
    assert own.figure is not None and frame.get("title") == own.figure.alt
    assert embed.box(own, "") == "" and embed.box(page("leeg"), BASE) == ""


# -- for machines ---------------------------------------------------------------------------------------------


def described() -> catalogue_dcat.Described:
    return catalogue_dcat.Described(
        BASE, "2026-11", dt.date(2026, 11, 21), 2000, 2026, ("CBS, Een tabel",), links.DATA, links.METHOD, "Cijfers."
    )


DOWNLOADS = (
    catalogue_dcat.Download("gegevens/pakket.zip", "Alles", "Alle tabellen.", 1234),
    catalogue_dcat.Download("cijfer/a/kaart-a.csv", 'Met "teken" \\ en\nregel', "Een cijfer."),
)


def graph(office: Office | None, made: dt.date | None = dt.date(2026, 11, 21)) -> rdflib.Graph:
    about = catalogue_dcat.Described(**{**vars(described()), "made": made})
    return rdflib.Graph().parse(data=catalogue_dcat.files(about, DOWNLOADS, office)["dcat.ttl"], format="turtle")


def checked(found: rdflib.Graph) -> tuple[bool, str]:
    """Whether a description keeps to the standard, and what is wrong."""
    import pyshacl

    shapes_ = rdflib.Graph().parse(Path(__file__).with_name("dcat_ap_nl.ttl"), format="turtle")
    fine, _, told = pyshacl.validate(found, shacl_graph=shapes_)
    return bool(fine), str(told)


def test_metadata_keep_to_the_standard() -> None:
    fine, told = checked(graph(OFFICE))
    assert fine, told


def test_metadata_say_the_same_in_both_forms() -> None:
    files = catalogue_dcat.files(described(), DOWNLOADS, OFFICE)
    first = rdflib.Graph().parse(data=files["dcat.ttl"], format="turtle")
    second = rdflib.Graph().parse(data=files["dcat.jsonld"], format="json-ld")
    assert set(first) == set(second) and len(first) > 80
    titles = {str(o) for o in first.objects(None, rdflib.DCTERMS.title)}
    assert DOWNLOADS[1].title in titles


@pytest.mark.parametrize(
    "case",
    cases(
        """
        property     | on
        accessRights | Dataset
        identifier   | Dataset
        license      | Distribution
        publisher    | Catalog
        language     | CatalogRecord
        """,
        "property",
        "on",
    ),
)
def test_check_of_the_standard_can_fail(case: dict[str, str]) -> None:
    found = graph(OFFICE)
    own = next(found.subjects(rdflib.RDF.type, rdflib.DCAT[case["on"]]))
    found.remove((own, rdflib.DCTERMS[case["property"]], None))
    fine, told = checked(found)
    assert not fine and case["property"] in told


def test_unknown_publisher_is_left_out_and_told() -> None:
    found = graph(None, None)
    assert not list(found.subject_objects(rdflib.DCTERMS.publisher)) and not list(
        found.subject_objects(rdflib.DCAT.contactPoint)
    )
    assert not list(found.subjects(rdflib.RDF.type, rdflib.DCAT.CatalogRecord))
    (told,) = extras.told(BASE, None, None)
    assert "uitgever, vervaardiger, contactpunt, de dag van de cijfers" in told and "--office" in told
    assert extras.told(BASE, OFFICE, dt.date(2026, 11, 21)) == [] and "--base" in extras.told("", None, None)[0]


@pytest.mark.parametrize(
    "case",
    cases(
        """
        text                                                   | said
        uitgever: {naam: ""}                                   | uitgever.naam
        uitgever: {naam: A, adres: nergens}                    | uitgever.adres
        contact: {naam: A}                                     | uitgever
        {uitgever: {naam: A}, baas: B}                         | baas
        {uitgever: {naam: A}, contact: {naam: A, email: "a b"}} | contact.email
        [a                                                     | YAML
        los                                                    | velden
        """,
        "said",
    ),
)
def test_file_of_the_office_is_refused_in_a_sentence(case: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "bureau.yaml"
    path.write_text(case["text"], encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_office(path)
    assert "bureau.yaml" in refused.value.message and case["said"] in refused.value.message and refused.value.way_out


def test_turtle_escapes_what_would_end_a_value() -> None:
    thing = rdf.Thing("https://x.nl/a b>", ("dcat:Dataset",), (("dct:title", rdf.Literal('"\\\n\t.')),))
    found = rdflib.Graph().parse(data=rdf.turtle([thing]), format="turtle")
    assert [str(o) for o in found.objects(None, rdflib.DCTERMS.title)] == ['"\\\n\t.']


def test_sitemap_and_feed_can_be_read() -> None:
    kept = [page("kaart"), page("regio"), Page("404.html", "", "", ""), Page("", "Thuis", "", "")]
    found = ET.fromstring(sitemap.sitemap(kept, BASE, dt.date(2026, 11, 21)))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [x.text for x in found.iter(f"{space}loc")] == [
        f"{BASE}cijfer/overgewicht/",
        f"{BASE}regio/achterhoek/",
        BASE,
    ]
    issued = [sitemap.Issued("2026-08", dt.date(2026, 8, 1)), sitemap.Issued("2026-11", dt.date(2026, 11, 21))]
    atom = ET.fromstring(sitemap.feed(issued, BASE, links.DATA))
    a = "{http://www.w3.org/2005/Atom}"
    assert [x.text for x in atom.iter(f"{a}title")][1:] == ["Editie 2026-11", "Editie 2026-08"]
    assert atom.find(f"{a}updated").text == "2026-11-21T12:00:00Z"  # type: ignore[union-attr]
    assert sitemap.robots(BASE).decode().endswith(f"Sitemap: {BASE}sitemap.xml\n")


# -- links of the app -----------------------------------------------------------------------------------------


@cache
def rules() -> tuple[redirects.Redirect, ...]:
    return redirects.redirects(definitions(), edition().municipalities)


def some_states(d: Definitions) -> list[State]:
    """States of every page with every key that a link may have."""
    values: list[dict[str, object]] = [
        {}, {"regions": ("twente",)}, {"regions": ("twente",), "goal": 2}, {"indicator": "overgewicht"},
        {"theme": "wonen"}, {"municipality": "GM0197"}, {"kind": "idee"}, {"goal": 3}, {"finding": d.findings[0].id},
        {"regions": ("zuid-limburg",), "indicator": "woz-waarde", "municipality": "GM0197"},
    ]  # fmt: skip
    return [State(p).but(**v) for p in sorted(links.PAGES) for v in values]


def led_to(state: State) -> str:
    """Where the rules lead a state, read as a server reads them."""
    own = next((r for r in rules() if r.page == state.page), None)
    if own is None:  # a page at its own address, whatever is asked
        return f"{state.page}/"
    query = {k: v[0] for k, v in state.query().items()}
    for rule in own.rules:
        found = [re.fullmatch(pattern, query.get(k, "")) for k, pattern in rule.keys]
        if all(found):
            return rule.target.format("", *(m[1] for m in found if m))
    return own.default


def test_rules_lead_where_the_site_itself_leads() -> None:
    d = definitions()
    wrong = [(s.link(), led_to(s), links.site_path(s)) for s in some_states(d) if led_to(s) != links.site_path(s)]
    assert not wrong


def test_region_away_from_the_border_leads_to_the_list() -> None:
    assert led_to(State("over-de-grens", ("noard-fryslan",))) == "over-de-grens/"
    assert led_to(State("over-de-grens", ("twente",))) == "over-de-grens/twente/"


def test_every_page_of_the_app_has_an_address_on_the_site() -> None:
    folders = {p.path for p in redirects.pages(definitions())}
    own = {links.site_path(State(p)).partition("#")[0] for p in links.PAGES}
    assert {f"{p}/" for p in links.PAGES} <= folders | own
    assert not folders & own


def _free() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


NGINX = """{2}daemon off; worker_processes 1; pid {0}/pid; error_log {0}/fouten; events {{}}
http {{ access_log off; client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c;
uwsgi_temp_path {0}/d; scgi_temp_path {0}/e; default_type text/html; include {0}/site/.server/nginx-http.conf;
server {{ listen 127.0.0.1:{1}; root {0}/site; include {0}/site/.server/nginx-server.conf; }} }}
"""
CADDY = """{{
admin off
auto_https off
}}
http://127.0.0.1:{1} {{
root * {0}/site
import {0}/site/.server/Caddyfile
file_server
}}
"""


@pytest.fixture(params=["nginx", "caddy"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A server with the rules, for a site of a few pages."""
    program = shutil.which(request.param)
    if not program:
        pytest.skip(f"{request.param} staat niet op deze computer")
    for name in ("regio", "zoeken", "kaart"):
        (tmp_path / "site" / name).mkdir(parents=True)
        (tmp_path / "site" / name / "index.html").write_text(name)
    for path, content in redirects.server_files(rules(), "").items():
        (tmp_path / "site" / path).parent.mkdir(exist_ok=True)
        (tmp_path / "site" / path).write_bytes(content)
    port, made = _free(), tmp_path / "server.conf"
    # Who starts it as root gets another user for the work, who may not read this folder.
    user = "user root; " if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    made.write_text((NGINX if request.param == "nginx" else CADDY).format(tmp_path, port, user))
    command = (
        [program, "-c", str(made)]
        if request.param == "nginx"
        else [program, "run", "--config", str(made), "--adapter", "caddyfile"]
    )
    home = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    with (tmp_path / "gezegd").open("wb") as said:
        running = subprocess.Popen(command, stdout=said, stderr=said, env=home)
        try:
            for _ in range(150):
                with socket.socket() as s:
                    if s.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert running.poll() is None, (tmp_path / "gezegd").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(20)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:  # type: ignore[override]
        return None


def answer(address: str) -> tuple[int, str]:
    try:
        with urllib.request.build_opener(Stay).open(address, timeout=20) as got:
            return got.status, ""
    except urllib.error.HTTPError as other:
        return other.code, other.headers.get("Location") or ""


def test_real_server_leads_links_of_the_app_to_the_site(server: str) -> None:
    asked = {
        "/regio?regio=twente": (302, "/regio/twente/"),
        "/regio?doel=2&x=y&regio=twente": (302, "/regio/twente/doel-2/"),
        "/regio?regio=nergens": (302, "/regio/"),
        "/regio/?regio=twente": (302, "/regio/twente/"),
        "/regio/": (200, ""),
        "/kaart?indicator=woz-waarde&jaar=2024": (302, "/cijfer/woz-waarde/"),
        "/gemeente?gemeente=GM0197": (302, "/gemeente/gm0197/"),
        "/gemeente?gemeente=GM9999": (302, "/gemeente/"),
        "/trends?regio=twente&indicator=overgewicht": (302, "/cijfer/overgewicht/#trend"),
        "/regiodialoog?thema=wonen&regio=twente": (302, "/bevindingen/regio/twente/"),
        "/regio?regio=twente%7Cx": (302, "/regio/"),
        "/overzicht": (302, "/"),
        "/zoeken/?zoek=a": (200, ""),
        "/.server/Caddyfile": (404, ""),
    }
    found = {path: answer(server + path) for path in asked}
    assert found == asked


@pytest.mark.slow
@pytest.mark.browser
def test_page_of_the_site_forwards_a_link_of_the_app(tmp_path: Path) -> None:
    """By its few lines of script, and only to what it lists; without them it is a list."""
    from playwright.sync_api import sync_playwright

    frame = Frame("", "", "2026-11", "", lambda p: extras.head(p, ""))
    listed = Page(
        "regio/", "Regio’s", "", "".join(layout.to(links.region(r.id), r.name) for r in definitions().regions)
    )
    for own in (listed, *redirects.pages(definitions())):
        target = tmp_path / own.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(layout.render(own, frame), encoding="utf-8")
    for path, content in {**layout.assets(), redirects.SCRIPT: redirects.script()}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    asked = {
        "regio/?regio=twente": "regio/twente/",
        "regio/?regio=twente&doel=2": "regio/twente/doel-2/",
        "regio/?regio=nergens": "regio/?regio=nergens",
        "kaart/?indicator=woz-waarde&regio=twente": "cijfer/woz-waarde/",
        "trends/?indicator=woz-waarde": "cijfer/woz-waarde/#trend",
        "kaart/?indicator=%22%5D": "kaart/?indicator=%22%5D",
    }
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as p:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = {}
        for link in asked:
            tab = browser.new_page()
            tab.goto(base + link)
            tab.wait_for_load_state("networkidle")
            found[link] = tab.url.removeprefix(base)
        without = browser.new_context(java_script_enabled=False).new_page()
        without.goto(f"{base}kaart/")
        assert without.locator("main li a").count() == len(definitions().indicators)
        server.shutdown()
    assert found == asked


# -- the whole site -------------------------------------------------------------------------------------------


def values_of(pattern: str) -> list[str]:
    """The values that a pattern of a rule stands for."""
    inner = re.search(r"\(((?!\?)[^()]*)\)$", pattern)
    assert inner
    return inner[1].replace("\\", "").split("|")


@pytest.mark.slow
def test_built_site_has_all_that_it_promises(tmp_path: Path) -> None:
    """Every rule leads to a page, every page has its picture, what machines read is complete and exists."""
    site, office = tmp_path / "site", tmp_path / "bureau.yaml"
    office.write_text(OFFICE.model_dump_json(exclude_none=True))
    command = [sys.executable, "-m", "monitor", "publish", "--out", str(site), "--base", BASE, "--office", str(office)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "missen" not in done.stdout, done.stdout + done.stderr

    def there(path: str) -> bool:
        return (site / path.partition("#")[0] / "index.html").is_file()

    gone = [r.default for r in rules() if not there(r.default)]
    for r in rules():
        for rule in r.rules:
            for values in itertools.product(*(values_of(p) for _, p in rule.keys)):
                path = rule.target.format("", *values)
                gone += [path] if not there(path) else []
    assert not gone
    listed = re.findall("<loc>(.*?)</loc>", (site / "sitemap.xml").read_text())
    assert len(listed) > 800 and all(there(x.removeprefix(BASE)) for x in listed)
    found = rdflib.Graph().parse(site / "dcat.ttl")
    fine, told = checked(found)
    assert fine, told
    downloads_ = [str(o).removeprefix(BASE) for o in found.objects(None, rdflib.DCAT.downloadURL)]
    assert len(downloads_) > 130 and all((site / x).is_file() for x in downloads_)
    for path in site.rglob("index.html"):
        text = path.read_text(encoding="utf-8")
        tags_ = Tags(text).found
        if "insluiten" in path.relative_to(site).parts:
            assert tags_["robots"] == "noindex" and "og:image" not in tags_
        else:
            assert (site / tags_["og:image"].removeprefix(BASE)).is_file(), path
            for code in re.findall(r"&lt;iframe src=&quot;(.*?)&quot;", text):
                assert there(code.removeprefix(BASE)), path
    pictures = [p.stat().st_size for p in site.rglob("kaartje.png")]
    assert len(pictures) > 800 and max(pictures) <= 60_000
    for r in definitions().regions:
        assert (site / "regio" / r.id / "factsheet.pdf").read_bytes().startswith(b"%PDF")
        numbers = (site / "regio" / r.id / f"{r.id}-cijfers.csv").read_text(encoding="utf-8-sig")
        assert numbers.startswith("Cijfer;Eenheid;Jaar;Waarde") and numbers.count("\n") > 100


def test_png_has_no_text_of_this_machine() -> None:
    """Only the parts that a picture needs."""
    raw, parts, at = cards.card(page("leeg"), "2026-11", ground()), [], 8
    while at < len(raw):
        (size,) = struct.unpack(">I", raw[at : at + 4])
        parts.append(raw[at + 4 : at + 8])
        at += 12 + size
    assert set(parts) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
