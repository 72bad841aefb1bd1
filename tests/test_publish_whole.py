"""The whole site: every link of every page, every size, and a second build that makes what a full one would."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.publish import build, incremental, links
from monitor.publish.incremental import LOCK, STAND
from tests.test_publish import Reader, source, target

pytestmark = pytest.mark.slow
# Kilobytes of a page with its style and letters, as a server sends them (letters are packed already).
MOST = 150


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site of the shipped edition, made as the command makes it."""
    out = tmp_path_factory.mktemp("site") / "site"
    build.build(out, build.Options())
    yield out


def content(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name not in (STAND, LOCK)
    }


def test_no_dead_link_and_nothing_from_outside(site: Path) -> None:
    files = content(site)
    pages = {name: Reader(text.decode()) for name, text in files.items() if name.endswith(".html")}
    assert len(pages) > 900
    wrong = []
    for name, page in pages.items():
        own = name.removesuffix("index.html")
        wrong += [(name, "van buiten", a) for a in page.loaded if "//" in a]
        if len(set(page.ids)) != len(page.ids) or page.tags.count("h1") != 1:
            wrong.append((name, "dubbel", ""))
        for link in [*page.links, *page.loaded]:
            if link.startswith(("https://", "mailto:")):
                continue
            file, place = target(link.lstrip("/"), "" if link.startswith("/") else own)
            if file not in files:
                wrong.append((name, "dood", link))
            elif place and place not in pages[file].ids:
                wrong.append((name, "geen plaats", link))
            if links.state_of(link) is not None:
                wrong.append((name, "link van de app", link))
    assert not wrong


def test_every_page_is_light(site: Path) -> None:
    files = content(site)
    shared = sum(len(c) for n, c in files.items() if n.endswith(".woff2"))
    shared += sum(len(gzip.compress(c)) for n, c in files.items() if n.endswith(".css"))
    heavy = {
        name: size
        for name, c in files.items()
        if name.endswith(".html") and (size := (len(gzip.compress(c)) + shared) / 1000) > MOST
    }
    assert not heavy


def test_nothing_changed_nothing_made(site: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file() and p.name != LOCK}
    done = build.build(site, build.Options())
    assert (done.made, done.removed) == (0, 0)
    assert before == {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file() and p.name != LOCK}


def test_little_changed_gives_what_a_full_build_gives(site: Path, tmp_path: Path) -> None:
    """Another finding and another number: few files are made, and together they are the same site as a new one."""
    ed = source()
    d, frame = ed.definitions, ed.snapshot.observations.copy()
    finding = next(f for f in d.findings if f.regions == ("achterhoek",) and f.kind == "opgave")
    other = finding.model_copy(update={"title": f"{finding.title} en meer", "summary": f"{finding.summary} Ook dit."})
    new = replace(d, findings=tuple(other if f is finding else f for f in d.findings))
    at = frame.index[(frame["indicator"] == "woz-waarde") & (frame["area"] == "GM0197")][-1]
    frame.loc[at, "value"] = frame.loc[at, "value"] + 1000
    snapshot = replace(ed.snapshot, observations=frame)
    changed = replace(ed, definitions=new, snapshot=snapshot, composer=type(ed.composer)(new, snapshot))
    run = build._runner(2)
    full = tmp_path / "vol"
    incremental.write(full, build.outputs(changed, build.Options()), run)
    done = incremental.write(site, build.outputs(changed, build.Options()), run)
    assert 0 < done.made < 0.25 * done.total
    assert content(site) == content(full)
