"""Letters and Typst: what every PDF rests on."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from monitor.errors import ExportError
from monitor.export.pdf import typesetting
from monitor.export.pdf.typesetting import fitting, pdf, shortened, words
from monitor.figures import fonts
from tests.packs import COMPOUND, HARD
from tests.pdf_reader import Pdf, check_accessible

ROOT = Path(__file__).resolve().parent.parent
DAY = dt.date(2026, 11, 21)
UNPACK = "from monitor.figures import fonts; import hashlib; f = fonts.folder(); print(f); print(sorted((p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in f.glob('*.ttf')))"  # fmt: skip # noqa: E501


# -- letters --------------------------------------------------------------------------------------------------


def test_every_letter_that_may_be_shown_is_in_every_face() -> None:
    for face in fonts.FACES:
        inside = {chr(c) for c in TTFont(fonts.file(face)).getBestCmap()}
        assert not fonts.LETTERS - inside, face.name
        # What is left out: accents that stand alone, and marks that do not show.
        assert len(inside - fonts.LETTERS) <= 12, face.name


def test_the_folder_holds_letters_and_nothing_else() -> None:
    names = sorted(p.name for p in fonts.folder().iterdir())
    assert names == sorted(f"{f.name}.ttf" for f in fonts.FACES)


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", UNPACK],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_unpack_the_same(tmp_path: Path) -> None:
    running = [start(tmp_path), start(tmp_path)]
    said = [process.communicate(timeout=60) for process in running]
    assert [p.returncode for p in running] == [0, 0], said
    assert said[0][0] == said[1][0]
    assert said[0][0].startswith(str(tmp_path)) and ".deel" not in said[0][0]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Unpack anew, and forget it afterwards."""
    fonts.folder.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    fonts.folder.cache_clear()


def test_without_a_folder_to_write_in_there_is_one_sentence(fresh: Any, tmp_path: Path) -> None:
    fresh.setattr(fonts, "_bases", lambda: iter([tmp_path / "bestaat" / "niet", tmp_path / "file"]))
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="tijdelijke map") as error:
        fonts.folder()
    assert "TMPDIR" in error.value.way_out


def test_a_second_place_is_tried(fresh: Any, tmp_path: Path) -> None:
    fresh.setattr(fonts, "_bases", lambda: iter([tmp_path / "bestaat" / "niet", tmp_path]))
    assert fonts.folder().parent == tmp_path


@pytest.mark.skipif(os.name != "posix", reason="rights as on Unix")
def test_a_folder_that_others_may_write_in_is_not_trusted(fresh: Any, tmp_path: Path) -> None:
    fresh.setattr(fonts, "_bases", lambda: iter([tmp_path]))
    known = fonts.folder()
    (known / f"{fonts.FACES[0].name}.ttf").write_bytes(b"something else")
    known.chmod(0o777)
    fonts.folder.cache_clear()
    other = fonts.folder()
    assert other != known and (other / f"{fonts.FACES[0].name}.ttf").stat().st_size > 10_000


def test_a_damaged_letter_is_named(fresh: Any, tmp_path: Path) -> None:
    fresh.setattr(fonts, "_bases", lambda: iter([tmp_path / "temp"]))
    (tmp_path / "temp").mkdir()
    broken = tmp_path / "static"
    (broken / "fonts").mkdir(parents=True)
    for face in fonts.FACES:
        (broken / "fonts" / f"{face.name}.woff").write_bytes(b"wOFF, en dan niets")
    fresh.setattr(fonts.paths, "STATIC", broken)
    with pytest.raises(ExportError, match=r"source-sans-3-latin-400-normal\.woff is beschadigd"):
        fonts.folder()
    (broken / "fonts" / f"{fonts.FACES[1].name}.woff").unlink()
    with pytest.raises(ExportError, match="ontbreekt"):
        fonts.folder()


# -- texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("54,2% · € 336.000 · −0,4 km²", "54,2% · € 336.000 · −0,4 km²"),
        ("#let *x* _y_ <z> @q $1$ = `c`", "#let *x* _y_ <z> @q $1$ = `c`"),
        ("↗ trend omhoog", "↑ trend omhoog"),
        ("CO₂ ≥ 3", "CO2 >= 3"),
        ("Łódź, Göteborg, Şişli", "Lódz, Göteborg, Sisli"),
        ("Su\u0301dwest", "Súdwest"),
        ("a\tb\nc\x00d\x1fe", "a b c d e"),
        ("中 en 😀", "? en ?"),
        ("vast\u202fspatie, niet\u2011los, nul\u200dbreed", "vast\u00a0spatie, niet-los, nulbreed"),
    ],
)
def test_texts_come_in_letters_that_can_be_shown(text: str, shown: str) -> None:
    assert words(text) == shown
    assert set(words(text)) <= fonts.LETTERS | {"\u200b"}


def test_a_piece_without_a_break_may_be_broken() -> None:
    made = words(f"een {'x' * 100} woord")
    assert made.replace("\u200b", "") == f"een {'x' * 100} woord"
    assert max(map(len, made.replace("\u200b", " ").split())) <= 12
    assert words("arbeidsongeschiktheidsverzekering") == "arbeidsongeschiktheidsverzekering"


def test_shortened_keeps_whole_sentences_and_words() -> None:
    assert shortened("Kort.", 10) == "Kort."
    assert shortened("Een hele zin staat hier. En nog een zin die niet past.", 30) == "Een hele zin staat hier."
    assert shortened("Een zin zonder einde die veel te lang is", 20) == "Een zin zonder…"
    assert len(shortened("x" * 500, 40)) <= 40
    assert shortened("regel\neen   twee", 80) == "regel een twee"
    assert shortened("dat is €\u00a0336.000 waard", 80) == "dat is €\u00a0336.000 waard"


def test_the_first_try_that_fits_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "pages", lambda document: document[0])
    for sizes in ([1], [9, 8, 7, 3, 2, 1], [9, 9, 2], [9, 2], [9, 8, 8, 8, 8, 8, 8, 2, 1]):
        for start in range(len(sizes)):
            made: list[int] = []

            def make(size: int, made: list[int] = made) -> bytes:
                made.append(size)
                return bytes([size])

            assert fitting(sizes, make, 2, start)[0] == next(s for s in sizes if s <= 2)
            assert len(made) == len(set(made)) or len(sizes) > len(set(sizes))
            assert len(made) <= 5
    assert fitting([9, 8, 7], lambda size: bytes([size]), 2)[0] == 7
    once: list[int] = []
    fitting([1, 1, 1], lambda size: bytes([once.append(size) or size]), 2)
    assert once == [1], "what fits at once is not tried again"


# -- Typst ----------------------------------------------------------------------------------------------------


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give Typst a template of the test's own, under the name 'proef'."""
    real = typesetting._source

    def use(source: str) -> None:
        monkeypatch.setattr(typesetting, "_source", lambda n: source.encode() if n == "proef.typ" else real(n))

    return use


PLAIN = '#import "base.typ": data, document-style\n#show: document-style\n#title()\n= Kop\n#data.text\n'


@pytest.mark.parametrize("text", [HARD, COMPOUND, "#panic()", "= Kop\n- a", '"', "\\", "]", "}", "#", "$", "*"])
def test_a_text_is_never_read_as_source(template: Any, text: str) -> None:
    template(PLAIN)
    made = Pdf(pdf("proef", {"text": text}, title="Proef", made=DAY))
    check_accessible(made)
    shown = "".join(words(text).replace("\u200b", "").split())
    assert shown in "".join(made.text.split())
    assert [t.role for t in made.tags if t.role == "H1"] == ["H1"]


def test_a_title_is_never_read_as_source(template: Any) -> None:
    template(PLAIN)
    made = Pdf(pdf("proef", {"text": "x"}, title=HARD, made=DAY))
    assert made.title == words(HARD)
    about = made.reader.xmp_metadata
    assert about is not None and about.dc_creator == ["Regiomonitor Brede Welvaart"]
    assert about.xmp_create_date is not None and about.xmp_create_date.date() == DAY


def test_long_words_break_where_dutch_breaks_them(template: Any) -> None:
    template(PLAIN + "#block(width: 17mm, data.long)")
    made = pdf("proef", {"text": "", "long": "verantwoordelijkheid gemeenteraadsverkiezingen"}, title="Proef", made=DAY)
    runs = [r for r in Pdf(made).runs if not r.artifact and r.size == 10]
    lines = ["".join(r.text for r in runs if r.base == base) for base in sorted({r.base for r in runs}, reverse=True)]
    pieces = " ".join(line.strip() for line in lines).replace("\u00ad ", "|").split()
    assert [p.replace("|", "") for p in pieces] == ["verantwoordelijkheid", "gemeenteraadsverkiezingen"]
    assert len(lines) >= 6
    allowed = ["ver-ant-woor-de-lijk-heid", "ge-meen-te-raads-ver-kie-zin-gen"]
    for piece, whole in zip(pieces, allowed, strict=True):
        assert re.fullmatch(whole.replace("-", r"\|?"), piece), piece


def test_two_runs_give_the_same_bytes_and_another_day_others(template: Any) -> None:
    template(PLAIN)
    one, two = (pdf("proef", {"text": "x"}, title="Proef", made=DAY) for _ in range(2))
    assert one == two
    typesetting._compiler.cache_clear()
    assert pdf("proef", {"text": "x"}, title="Proef", made=DAY) == one
    assert pdf("proef", {"text": "x"}, title="Proef", made=dt.date(2026, 11, 22)) != one


def test_a_failure_of_typst_is_one_dutch_sentence(template: Any) -> None:
    template("#let x = 1 / 0")
    with pytest.raises(ExportError) as error:
        pdf("proef", {}, title="Zorg in Twente", made=DAY)
    assert "‘Zorg in Twente’" in error.value.message and error.value.way_out
    assert "typ" not in str(error.value).lower().replace("typst", "").replace("getypt", "")
    assert "error" not in str(error.value) and "divide" not in str(error.value)


def test_a_package_of_somebody_else_is_not_fetched(template: Any) -> None:
    template('#import "@preview/cetz:0.4.0"\nx')
    with pytest.raises(ExportError):
        pdf("proef", {}, title="Proef", made=DAY)


def test_templates_import_nothing_from_outside() -> None:
    for path in typesetting.TEMPLATES.glob("*.typ"):
        source = path.read_text(encoding="utf-8")
        assert "@preview" not in source and "http" not in source.replace("https://monitor", ""), path.name
        assert len(source.splitlines()) <= 400


def test_only_shipped_letters_are_used(template: Any) -> None:
    """Also when a template asks for another."""
    template(PLAIN + '#text(font: "Liberation Sans")[andere letter]')
    check_accessible(Pdf(pdf("proef", {"text": "x"}, title="Proef", made=DAY)))
