"""The static site: links of the app, the stylesheet, drawings, pages, and what a second build rewrites."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monitor.__main__ import main
from monitor.errors import ExportError
from monitor.figures.compose import Composer
from monitor.figures.geometry import read_outlines
from monitor.paths import ROOT
from monitor.publish import build, drawing, incremental, layout, links, markdown, more, municipality, region, sheet
from monitor.publish import digest as dg
from monitor.publish.edition import Edition
from monitor.publish.incremental import STAND, Output
from monitor.publish.layout import Frame
from monitor.publish.page import Page
from monitor.state import State
from tests.spec_table import definitions, edition

FRAME = Frame("", "", "2026-11", "21 november 2026")


@cache
def source() -> Edition:
    d, s = definitions(), edition()
    return Edition(d, s, Composer(d, s), read_outlines(s.folder, {r.id: r.codes for r in d.regions}))


@cache
def pages() -> dict[str, Page]:
    return {p.path: p for p in build.pages(source(), build.Options())}


@cache
def files() -> frozenset[str]:
    return frozenset(o.file for o in build.outputs(source(), build.Options()))


# -- links ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("overzicht", ""),
        ("overzicht?vergelijk=provincie", ""),
        ("kaart?indicator=woz-waarde&jaar=2020&niveau=regios&vergelijk=nederland", "cijfer/woz-waarde/"),
        ("kaart", "cijfer/"),
        ("trends?indicator=roken&regio=twente&regio=achterhoek", "cijfer/roken/#trend"),
        ("methode?indicator=roken", "cijfer/roken/#methode"),
        ("methode", "methode/"),
        ("regio?regio=twente&vergelijk=elf-regios&editie=2026-08", "regio/twente/"),
        ("regio?regio=twente&doel=2", "regio/twente/doel-2/"),
        ("regio", "regio/"),
        ("gemeente?gemeente=GM0153", "gemeente/gm0153/"),
        ("regiodialoog?regio=twente&soort=idee", "bevindingen/regio/twente/"),
        ("regiodialoog?thema=wonen", "bevindingen/thema/wonen/"),
        ("regiodialoog?doel=3", "bevindingen/doel/3/"),
        ("regiodialoog?bevinding=x&regio=twente", "bevinding/x/"),
        ("cijfer-en-verhaal?regio=twente&thema=wonen", "cijfer-en-verhaal/twente/"),
        ("vergelijken?regio=twente&volgorde=dekking&vanaf=2015", "vergelijken/twente/"),
        ("over-de-grens?regio=twente&grenscijfer=x", "over-de-grens/twente/"),
        ("zoeken?zoek=dokter", "zoeken/"),
        ("edities?van=a&naar=b", "gegevens/"),
        ("eigen-regio?samenstelling=GM0153-GM0141&regio=twente", "regio/twente/"),
        ("logboek", "regio/"),
        ("eigen-bevindingen", "bevindingen/"),
    ],
)
def test_every_link_of_the_app_has_a_page(link: str, path: str) -> None:
    state = links.state_of(link)
    assert state is not None and links.site_path(state) == path


def test_every_page_of_the_app_is_known() -> None:
    assert {p.stem for p in (ROOT / "pages").glob("*.py")} | {"begin"} == links.PAGES


def test_nearest_pages_exist() -> None:
    """Also for themes, kinds and regions that a page of the app can name."""
    d = definitions()
    states = [State(p) for p in links.PAGES]
    states += [State(p, (r.id,)) for p in links.PAGES for r in d.regions if p != "over-de-grens" or r.borders]
    states += [State("regio", (r.id,), goal=g.id) for r in d.regions for g in d.goals]
    states += [State(p, indicator=i.id) for p in ("kaart", "trends", "methode") for i in d.indicators]
    states += [State("gemeente", municipality=c) for c in edition().municipalities]
    states += [State("regiodialoog", finding=f.id) for f in d.findings]
    states += [State("regiodialoog", theme=t) for t in {t for f in d.findings for t in f.themes}]
    states += [State("regiodialoog", kind=k) for k in {f.kind for f in d.findings}]
    missing = {p for s in states if (p := links.site_path(s).partition("#")[0]) not in pages()}
    assert not missing


HTML = (
    '<ul><li><a href="eigen-regio?regio=twente" target="_self">Stel samen</a></li><li>'
    '<a href="kaart?indicator=a&amp;jaar=2020" target="_self">Kaart</a></li></ul><p>'
    '<a href="logboek?regio=twente">Schrijf op</a> · <a href="#bron">Bron</a>'
    ' <a href="https://cbs.nl/x">CBS</a> <a href="/gegevens/#x">Gegevens</a></p>'
)


def test_links_are_rewritten_for_a_site_without_an_app() -> None:
    made = links.rewrite(HTML, "regio/twente/")
    assert re.findall('href="([^"]*)"', made) == [
        "../../cijfer/a/", "#bron", "https://cbs.nl/x", "../../gegevens/#x",
    ]  # fmt: skip
    assert "samen" not in made and "Schrijf" not in made and "_self" not in made and "<li></li>" not in made


def test_links_to_what_only_the_app_has_lead_there() -> None:
    made = links.rewrite(HTML, "", "https://app.nl/?editie=2026-11")
    found = [unescape(h) for h in re.findall('href="([^"]*)"', made)]
    assert found[0] == "https://app.nl/eigen-regio?regio=twente&editie=2026-11"
    assert found[1] == "cijfer/a/" and found[2].startswith("https://app.nl/logboek?")


# -- looks ----------------------------------------------------------------------------------------------------


def test_stylesheet_is_that_of_the_app_without_the_app() -> None:
    css = sheet.css()
    assert not re.search(r"data-testid|\.st-key|\.stMarkdown|app/static", css)
    assert css.count("{") == css.count("}") and "table.gm" in css and ".t h1" in css and "@media print" in css
    assert "http" not in css.replace("http://www.w3.org", "")
    named = set(re.findall(r'url\("([^"]+)"\)', css))
    assert {f"vast/{n}" for n in named} <= set(layout.assets())


def test_stylesheet_reader_keeps_what_is_shared() -> None:
    text = ".stMarkdown h1,.st-key-kop p{a:b}.x:is(.a,.b){c:d}@media(max-width:9px){.stButton{e:f}}@page{size:A4}"
    assert sheet.for_site(text) == ".t h1{a:b}.x:is(.a,.b){c:d}@page{size:A4}"


def test_page_carries_the_part_of_the_stylesheet_that_it_uses() -> None:
    html = '<body><main class="t"><p class="lead">x</p><table class="gm"></table></main></body>'
    css = sheet.for_page(html, "../vast/")
    for rule in (".t p.lead{", "table.gm{", "@media print{", 'url("../vast/source-sans', "a:focus-visible"):
        assert (rule in css) == (rule != "a:focus-visible"), rule
    assert "table.cp" not in css and ".smallmap" not in css and css.count("{") == css.count("}")
    assert len(css) < len(sheet.css()) / 2


def test_letters_in_waiting_have_measures() -> None:
    faces = re.findall(r"@font-face\{font-family:tv-[^}]*\}", sheet.css())
    assert len(faces) == 4 and all("size-adjust" in f and "ascent-override" in f for f in faces)


# -- drawings -------------------------------------------------------------------------------------------------


def walk(d: str) -> list[list[tuple[int, int]]]:
    """The points of the rings of a path."""
    found = []
    for ring in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", d):
        x, y = int(ring[0]), int(ring[1])
        points = [(x, y)]
        steps = [int(n) for n in re.findall(r"-?\d+", ring[2])]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        found.append(points)
    return found


def test_outlines_are_small_and_share_their_borders() -> None:
    shapes = source().shapes
    assert set(shapes.municipalities) == set(edition().municipalities)
    points = {c: {p for ring in walk(d) for p in ring} for c, d in shapes.municipalities.items()}
    assert all(len(p) > 2 for p in points.values())
    # Aalten lies against Oost Gelre and Winterswijk.
    assert points["GM0197"] & points["GM1586"] and points["GM0197"] & points["GM0294"]
    own = {p for c in definitions().region("achterhoek").codes for p in points[c]}
    outline = {p for ring in walk(shapes.regions["achterhoek"]) for p in ring}
    assert len(outline - own) <= 0.1 * len(outline)
    assert sum(map(len, shapes.municipalities.values())) < 60_000


def test_map_says_what_the_figure_says() -> None:
    figure = source().composer.map(definitions().indicator("woz-waarde"), None, "gemeenten", None)
    drawn = drawing.country_map(figure, source().shapes)
    assert f'<desc id="kaart-d">{figure.alt}</desc>' in unescape(drawn) and 'role="img"' in drawn
    groups = re.findall(r'<g class="mu" fill="([^"]+)">(.*?)</g>', drawn)
    assert [g[0] for g in groups] == [c.colour for c in figure.classes]
    assert [g[1].count("<path") for g in groups] == [c.count for c in figure.classes]
    assert drawn.count("<title>") == 342
    assert all(x.text in drawn and f">{x.number}</text>" in drawn for x in figure.labels)


def test_lines_are_drawn_for_two_widths_and_stop_at_a_break() -> None:
    i = next(i for i in definitions().indicators if i.breaks and len(edition().years(i.id)) > 4)
    figure = source().composer.trend(i, [definitions().region("twente")])
    drawn = drawing.lines(figure)
    assert drawn.count("<svg") == 2 and drawn.count(">breuk<") == 2 * len(figure.breaks)
    own = next(s for s in figure.series if s.role == "gekozen")
    pieces = own.pieces(tuple(y for y, _ in figure.breaks))
    line = re.search(r'stroke="#154273" stroke-width="2.8" d="([^"]+)"', drawn)
    assert line and line[1].count("M") == sum(len(p) > 1 for p in pieces)
    ids = re.findall(' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))


# -- pages ----------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a page holds: links, sources, ids, headings, tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {k: v or "" for k, v in attrs}
        self.tags.append(tag)
        if "id" in own:
            self.ids.append(own["id"])
        if tag == "a":
            self.links.append(own["href"])
        elif tag == "link" and own.get("rel") not in ("canonical", "alternate"):
            self.loaded.append(own["href"])
        elif "src" in own:
            self.loaded.append(own["src"])
        self.inline += [k for k in own if k.startswith("on")]


def whole(path: str, frame: Frame = FRAME) -> str:
    return layout.render(pages()[path], frame)


def target(link: str, page: str) -> tuple[str, str]:
    """The file that a relative link of a page leads to, and the place in it."""
    address, _, place = link.partition("#")
    folder = page.rpartition("/")[0]
    parts = folder.split("/") if folder else []
    for part in address.split("/") if address else []:
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    path = "/".join(parts)
    last = address.rpartition("/")[2]
    return (path if "." in last else f"{path}/index.html".lstrip("/")), place


def faults(text: str, page: str, known: frozenset[str]) -> list[str]:
    """What is wrong with the links and the structure of a page."""
    seen = Reader(text)
    found = [f"dubbele id {i}" for i in set(seen.ids) if seen.ids.count(i) > 1]
    found += [f"{n}x {tag}" for tag in ("h1", "main", "header", "footer") if (n := seen.tags.count(tag)) != 1]
    found += [f"regel in het element: {k}" for k in seen.inline]
    found += [f"van buiten: {a}" for a in seen.loaded if "//" in a]
    if text.count("<script") != (1 if page == links.SEARCH else 0):
        found.append("script")
    for link in [*seen.links, *seen.loaded]:
        if link.startswith(("https://", "mailto:")):
            continue
        file, place = target(link, page)
        if file not in known:
            found.append(f"dode link {link}")
        if place and file == pages()[page].file and place not in seen.ids and place != "inhoud":
            found.append(f"geen plaats {link}")
        if links.state_of(link) is not None:
            found.append(f"link van de app {link}")
    return found


SAMPLE = (
    "", "regio/", "regio/achterhoek/", "regio/achterhoek/doel-2/", "cijfer/", "cijfer/overgewicht/",
    "cijfer/mediaan-inkomen/", "gemeente/", "gemeente/gm0197/", "bevindingen/", "bevindingen/regio/zeeuws-vlaanderen/",
    "cijfer-en-verhaal/", "gegevens/", "zoeken/", "toegankelijkheid/", "trajecten/achterhoek/",
    "over-de-grens/achterhoek/", "plan/achterhoek/", "balans/",
)  # fmt: skip


@pytest.mark.parametrize("path", SAMPLE)
def test_page_is_whole_and_its_links_lead_somewhere(path: str) -> None:
    assert not faults(whole(path), path, files())


def test_fault_finder_can_tell() -> None:
    bad = (
        '<h1 id="a" onclick="x">a</h1><h1 id="a">b</h1><main></main><header></header><footer></footer>'
        '<a href="nergens/">x</a><a href="#weg">y</a><a href="kaart?indicator=a">z</a><img src="https://x.nl/a.png">'
    )
    found = " ".join(faults(bad, "", files()))
    for word in (
        "dubbele id a",
        "2x h1",
        "onclick",
        "https://x.nl",
        "dode link nergens/",
        "geen plaats #weg",
        "van de app",
    ):
        assert word in found


def test_shell_of_a_page() -> None:
    text = whole(
        "cijfer/overgewicht/", Frame("https://voorbeeld.nl/m/", "https://app.nl/", "2026-11", "21 november 2026")
    )
    assert '<html lang="nl">' in text and 'href="#inhoud">Naar de inhoud' in text and 'id="inhoud"' in text
    assert '<link rel="canonical" href="https://voorbeeld.nl/m/cijfer/overgewicht/">' in text
    assert 'href="https://app.nl/kaart?indicator=overgewicht"' in text
    assert 'aria-current="true">Cijfers' in text and 'aria-label="Kruimelpad"' in text and "CC BY 4.0" in text
    title = re.search("<title>(.*)</title>", text)
    assert title and title[1] == "Overgewicht – Regiomonitor Brede Welvaart"
    described = re.search('name="description" content="([^"]+)"', text)
    assert described and described[1].endswith(".")


def test_page_of_a_wrong_address_works_at_any_depth() -> None:
    seen = Reader(whole("404.html", Frame("https://voorbeeld.nl/m/", "", "2026-11", "")))
    own = [a for a in [*seen.links, *seen.loaded] if not a.startswith("#")]
    assert own and all(a.startswith("https://voorbeeld.nl/m/") for a in own)
    assert all(a.startswith(("/", "#")) for a in Reader(whole("404.html")).links)


def test_every_page_of_the_issue_is_there() -> None:
    d = definitions()
    expected = {links.region(r.id, g) for r in d.regions for g in (None, *(x.id for x in d.goals))}
    expected |= {links.indicator(i.id) for i in d.indicators if edition().years(i.id)}
    expected |= {links.municipality(c) for c in edition().municipalities} | {links.finding(f.id) for f in d.findings}
    expected |= {"", links.METHOD, links.DATA, links.SEARCH, links.ACCESS, "404.html"}
    assert expected <= set(pages())
    titles = [p.title for p in pages().values() if p.path.startswith(("regio/", "cijfer/"))]
    assert len(titles) == len(set(titles))
    assert all(p.description and p.title and p.digest for p in pages().values())


def test_search_list_holds_everyday_words() -> None:
    text = whole("zoeken/")
    assert text.count("data-w=") > 600 and 'data-w="dokter' in text and "GM0197" not in text
    assert 'href="../gemeente/gm0197/"' in text and "<form" in text and 'id="gevonden" role="status"' in text


def test_same_edition_same_bytes() -> None:
    d, s = definitions(), edition()
    again = Edition(d, s, Composer(d, s), source().outlines)
    made = {p.path: p for p in (*region.pages(again), *more.pages(again), *municipality.pages(again))}
    for path in ("regio/achterhoek/doel-2/", "plan/achterhoek/", "gemeente/gm0197/"):
        assert layout.render(made[path], FRAME) == whole(path)


def test_documents_become_html() -> None:
    made = markdown.html("# Een\n\nTekst met **nadruk**,\n[link](https://x.nl) en <b>.\n\n- a\n  vervolg\n- b `c`\n")
    assert made == (
        '<h1 id="een">Een</h1><p>Tekst met <b>nadruk</b>, <a href="https://x.nl">link</a> en &lt;b&gt;.</p>'
        '<ul class="list"><li>a vervolg</li><li>b <code>c</code></li></ul>'
    )


# -- what a second build makes -------------------------------------------------------------------------------------


def out(*names: str, made: list[str] | None = None, digest: str = "1") -> list[Output]:
    def make(name: str) -> bytes:
        if made is not None:
            made.append(name)
        return f"{name} {digest}".encode()

    return [Output(n, f"{n}{digest}", lambda n=n: make(n)) for n in names]  # type: ignore[misc]


def test_second_build_makes_only_what_changed(tmp_path: Path) -> None:
    place, made = tmp_path / "site", list[str]()
    assert incremental.write(place, out("a.html", "b/c.html", "oud/d.html")).made == 3
    again = incremental.write(place, out("a.html", "b/c.html", "oud/d.html", made=made))
    assert (again.made, again.kept, made) == (0, 3, [])
    (place / "eigen.txt").write_text("van iemand")
    changed = [*out("a.html", made=made), *out("b/c.html", "e.html", made=made, digest="2")]
    done = incremental.write(place, changed)
    assert made == ["b/c.html", "e.html"] and (done.made, done.kept, done.removed) == (2, 1, 1)
    assert not (place / "oud").exists() and (place / "eigen.txt").read_text() == "van iemand"
    assert (place / "b/c.html").read_text() == "b/c.html 2"
    (place / "a.html").unlink()
    assert incremental.write(place, changed).made == 1


def test_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_text("x")
    with pytest.raises(ExportError, match="niet leeg en is geen site"):
        incremental.write(tmp_path, out("a.html"))
    assert [p.name for p in tmp_path.iterdir()] == ["foto.jpg"]
    site = tmp_path / "site"
    incremental.write(site, out("a.html"))
    (site / "b.html").write_text("van iemand")
    with pytest.raises(ExportError, match=r"staat al b\.html"):
        incremental.write(site, out("a.html", "b.html"))
    assert (site / "b.html").read_text() == "van iemand"
    file = tmp_path / "bestand"
    file.write_text("")
    with pytest.raises(ExportError, match="geen map"):
        incremental.write(file, out("a.html"))


def breaking(outputs: list[Output], at: str) -> list[Output]:
    def stop() -> bytes:
        raise KeyboardInterrupt

    return [Output(o.file, o.digest, stop if o.file == at else o.make) for o in outputs]


def test_first_build_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        incremental.write(tmp_path / "site", breaking(out("a.html", "b.html"), "b.html"))
    assert not list(tmp_path.iterdir())


def test_later_build_that_breaks_off_is_finished_by_the_next(tmp_path: Path) -> None:
    site, names = tmp_path / "site", ("a.html", "b.html", "c.html")
    incremental.write(site, out(*names))
    with pytest.raises(KeyboardInterrupt):
        incremental.write(site, breaking(out("a.html", "b.html", "nieuw.html", digest="2"), "b.html"))
    read = {p.name: p.read_text() for p in site.glob("*.html")}
    assert read == {"a.html": "a.html 2", "b.html": "b.html 1", "c.html": "c.html 1"}
    # Back to what it was: the first file is of neither build for sure, and is made again.
    incremental.write(site, out(*names))
    assert {p.name: p.read_text() for p in site.glob("*.html")} == {n: f"{n} 1" for n in names}


def test_damaged_note_is_told(tmp_path: Path) -> None:
    site = tmp_path / "site"
    incremental.write(site, out("a.html"))
    (site / STAND).write_text("{")
    with pytest.raises(ExportError, match="beschadigd"):
        incremental.write(site, out("a.html"))


def test_two_builds_at_once(tmp_path: Path) -> None:
    site = tmp_path / "site"
    incremental.write(site, out("a.html"))

    def inside() -> bytes:
        with pytest.raises(ExportError, match="Een andere opdracht"):
            incremental.write(site, out("a.html", digest="3"))
        return b"x"

    incremental.write(site, [Output("a.html", "2", inside)])


def test_digest_follows_what_a_page_shows() -> None:
    """A finding of one region changes the pages that tell it, and no page of a municipality or of another figure."""
    from dataclasses import replace

    ed = source()
    d = ed.definitions
    kinds = {"spanning"}
    finding = next(f for f in d.findings if f.regions == ("achterhoek",) and f.kind not in kinds and f.indicators)
    other = finding.model_copy(update={"summary": f"{finding.summary} Anders."})
    changed = replace(ed, definitions=replace(d, findings=tuple(other if f is finding else f for f in d.findings)))
    before, after = dg.Digests(ed), dg.Digests(changed)
    moved = {path for path, p in pages().items() if before.page(p) != after.page(p)}
    assert {links.finding(finding.id), "regio/achterhoek/", links.FINDINGS, links.SEARCH, "cijfer-en-verhaal/"} <= moved
    assert not any(p.startswith(("gemeente/", "vergelijken/", "regio/twente/", "trajecten/")) for p in moved)


# -- the command -----------------------------------------------------------------------------------------------


def test_command_refuses_in_plain_dutch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--out", str(tmp_path / "site"), "--base", "voorbeeld.nl"]) == 1
    told = capsys.readouterr().err
    assert "--base voorbeeld.nl is geen adres" in told and "https://" in told and "Traceback" not in told
    assert not list(tmp_path.iterdir())
