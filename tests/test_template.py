"""The house template, a region's own that is used in its place, and what is said of one that cannot be used."""

from __future__ import annotations

import argparse
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from monitor.errors import ExportError
from monitor.export.slides import template as tpl
from monitor.export.slides import template_cli
from monitor.export.slides.template import EXPECTED, LARGEST, SHIPPED, read_template
from monitor.export.slides.template_build import LAYOUTS, build
from monitor.figures import style
from tests.slides_pack import content, deck, field, rectangle
from tests.slides_template import foreign, logo


def opened(raw: bytes) -> Any:
    return Presentation(io.BytesIO(raw))


def saved(presentation: Any) -> bytes:
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def outline(raw: bytes) -> list[Any]:
    """What matters of a template: size, layouts, and of each its placeholders with place and name."""
    p = opened(raw)
    return [
        (p.slide_width, p.slide_height),
        *((x.name, [(f.name, f.placeholder_format.idx, str(f.placeholder_format.type), rectangle(f))
                    for f in x.placeholders]) for x in p.slide_layouts),
    ]  # fmt: skip


# -- the house template ---------------------------------------------------------------------------------------


def test_what_ships_is_what_is_built() -> None:
    assert outline(build()) == outline(SHIPPED.read_bytes())
    with zipfile.ZipFile(io.BytesIO(build())) as made, zipfile.ZipFile(SHIPPED) as kept:
        assert made.namelist() == kept.namelist()
        assert not [n for n in kept.namelist() if made.read(n) != kept.read(n)]


def test_building_again_gives_the_same_bytes() -> None:
    assert build() == build()


def test_it_has_the_expected_layouts_and_no_others() -> None:
    p = opened(SHIPPED.read_bytes())
    assert [x.name for x in p.slide_layouts] == list(EXPECTED) == list(LAYOUTS)
    assert len(p.slides) == 0 and p.slide_width * 9 == pytest.approx(p.slide_height * 16, rel=1e-4)
    for layout in p.slide_layouts:
        assert set(EXPECTED[layout.name]) <= set(tpl.fields(layout))
    assert read_template(None).content == SHIPPED.read_bytes() and not read_template(None).own


def test_its_theme_is_that_of_the_house_style_and_nothing_in_it_is_english() -> None:
    with zipfile.ZipFile(SHIPPED) as packed:
        theme = packed.read("ppt/theme/theme1.xml").decode()
        for colour in (style.TEXT, style.INK, style.SURFACE, *(c for c, _ in style.SERIES)):
            assert colour.lstrip("#") in theme
        assert theme.count(f'typeface="{style.SANS}"') == 2 and "Calibri" not in theme and "Office" not in theme
        every = b"".join(packed.read(n) for n in packed.namelist() if n.startswith("ppt/slide"))
        assert not re.search(rb"Click|level|Placeholder|en-US|datetime", every)
        assert b'lang="nl-NL"' in packed.read("ppt/presentation.xml")
        assert not [n for n in packed.namelist() if "printer" in n or "thumbnail" in n]


def test_no_placeholder_of_a_layout_lies_over_another_or_over_a_rule() -> None:
    p = opened(SHIPPED.read_bytes())
    for layout in p.slide_layouts:
        drawn = [s for s in p.slide_master.shapes if not s.is_placeholder] if layout.name != tpl.COVER else []
        boxes = [(s.name, rectangle(s)) for s in (*layout.shapes, *drawn)]
        for k, (a, x) in enumerate(boxes):
            assert x[0] >= 0 and x[1] >= 0 and x[2] <= p.slide_width and x[3] <= p.slide_height, (layout.name, a)
            for b, y in boxes[k + 1 :]:
                assert x[2] <= y[0] or y[2] <= x[0] or x[3] <= y[1] or y[3] <= x[1], (layout.name, a, b)


# -- a region's own -------------------------------------------------------------------------------------------


def test_a_template_of_a_region_gives_size_letter_colour_and_logo() -> None:
    p = deck("foreign")
    assert (p.slide_width, p.slide_height) == (9_144_000, 6_858_000)
    pictures = [s for s in p.slide_master.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert [x.image.blob for x in pictures] == [logo()]
    with zipfile.ZipFile(io.BytesIO(content("foreign"))) as packed:
        theme = packed.read("ppt/theme/theme1.xml").decode()
        slides = b"".join(packed.read(n) for n in packed.namelist() if re.match(r"ppt/slides/[^/]*\.xml", n))
    assert "Verdana" in theme and "8A1538" in theme and style.SANS not in theme
    # Texts take their letter from the theme.
    assert b"<a:latin" not in slides


def test_places_are_those_of_the_layout() -> None:
    for slide in deck("foreign").slides:
        layout = tpl.fields(slide.slide_layout)
        for name in EXPECTED[next(n for n in EXPECTED if n.casefold() in slide.slide_layout.name.casefold())]:
            shape = field(slide, name)
            if shape is not None:
                assert rectangle(shape) == rectangle(layout[name])
        for frame in (s for s in slide.shapes if s.has_chart):
            assert rectangle(frame) == rectangle(layout[tpl.FIGURE])


def test_slides_that_were_in_it_are_gone_with_all_that_refers_to_them() -> None:
    raw = foreign()
    assert len(opened(raw).slides) == 2
    read = read_template(raw)
    assert read.own and len(read.open().slides) == 0
    for made in (read.content, content("foreign")):
        with zipfile.ZipFile(io.BytesIO(made)) as packed:
            every = b"".join(packed.read(n) for n in packed.namelist())
            names = packed.namelist()
        assert b"Oude dia" not in every and b"Oude notitie" not in every and b"sectionLst" not in every
        assert b"hlinksldjump" not in every and len(names) == len(set(names))
    assert b"Oude dia" in b"".join(zipfile.ZipFile(io.BytesIO(raw)).read(n) for n in ["ppt/slides/slide1.xml"])


def test_names_may_carry_the_numbers_of_powerpoint() -> None:
    p = opened(foreign())
    assert "1_KAART " in [x.name for x in p.slide_layouts]
    assert set(tpl.layouts(p)) == set(EXPECTED)
    assert set(EXPECTED[tpl.MAP]) <= set(tpl.fields(tpl.layouts(p)[tpl.MAP]))


def test_a_template_without_a_place_for_notes_gets_one() -> None:
    p = opened(SHIPPED.read_bytes())
    for shape in list(p.notes_master.placeholders):
        shape._element.getparent().remove(shape._element)
    read = read_template(saved(p)).open()
    assert any(f.placeholder_format.type.name == "BODY" for f in read.notes_master.placeholders)


# -- what cannot be used --------------------------------------------------------------------------------------


def without(layout: str, *names: str) -> bytes:
    """The house template without a layout, or without placeholders of it."""
    p = opened(SHIPPED.read_bytes())
    found = next(x for x in p.slide_layouts if x.name == layout)
    if not names:
        p.slide_layouts.remove(found)
    for shape in list(found.placeholders):
        if shape.name in names:
            shape._element.getparent().remove(shape._element)
    return saved(p)


def moved(layout: str, name: str, **place: int) -> bytes:
    p = opened(SHIPPED.read_bytes())
    shape = next(s for x in p.slide_layouts if x.name == layout for s in x.placeholders if s.name == name)
    for key, value in place.items():
        setattr(shape, key, value)
    return saved(p)


def retyped(old: bytes, new: bytes, extra: str = "") -> bytes:
    """The house template with another content type, or with one more file."""
    out = io.BytesIO()
    with zipfile.ZipFile(SHIPPED) as packed, zipfile.ZipFile(out, "w") as made:
        for n in packed.namelist():
            raw = packed.read(n)
            made.writestr(n, raw.replace(old, new) if n == "[Content_Types].xml" else raw)
        if extra:
            made.writestr(extra, b"x")
    return out.getvalue()


def damaged() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(SHIPPED) as packed, zipfile.ZipFile(out, "w") as made:
        for n in packed.namelist():
            made.writestr(n, b"<p:broken" if "slideMaster1.xml" in n and "rels" not in n else packed.read(n))
    return out.getvalue()


def a_document() -> bytes:
    from docx import Document

    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


MAIN = b"presentationml.presentation.main+xml"
BAD = {
    "nothing": (lambda: b"", "geen PowerPoint-bestand"),
    "a text": (lambda: b"dit is geen sjabloon", "geen PowerPoint-bestand"),
    "half a file": (lambda: SHIPPED.read_bytes()[:9000], "geen PowerPoint-bestand"),
    "a zip of something else": (lambda: a_zip(), "geen PowerPoint-bestand"),
    "a document": (a_document, "een ander soort document"),
    "an old file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "oud bestand (.ppt), of er zit"),
    "macros": (lambda: retyped(MAIN, b"ms-powerpoint.presentation.macroEnabled.main+xml"), "macro’s"),
    "a file of macros": (lambda: retyped(b"", b"", "ppt/vbaProject.bin"), "macro’s"),
    "a .potx": (lambda: retyped(MAIN, b"presentationml.template.main+xml"), ".potx"),
    "a show": (lambda: retyped(MAIN, b"presentationml.slideshow.main+xml"), "voorstelling"),
    "a broken part": (damaged, "beschadigd"),
    "too large": (lambda: b"PK" + b"\0" * LARGEST, "groter dan 30 MB"),
    "English layouts": (lambda: saved(Presentation()), "ontbreken de indelingen ‘Titelblad’, ‘Figuur’"),
    "a layout less": (lambda: without("Kaart"), "ontbreekt de indeling ‘Kaart’."),
    "a placeholder less": (lambda: without("Figuur", "Bron"), "ontbreekt in de indeling ‘Figuur’ het vak ‘Bron’."),
    "placeholders less": (
        lambda: without("Figuur en stem", "Bron", "Figuur"),
        "ontbreken in de indeling ‘Figuur en stem’ de vakken ‘Figuur’ en ‘Bron’.",
    ),
    "beside the slide": (
        lambda: moved("Kaart", "Figuur", left=9_000_000),
        "is in de indeling ‘Kaart’ te klein of buiten de dia: ‘Figuur’.",
    ),
    "too small": (lambda: moved("Tekst", "Tekst", width=500_000), "te klein of buiten de dia: ‘Tekst’."),
}  # fmt: skip


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("lees.txt", b"niets")
    return out.getvalue()


@pytest.mark.parametrize("name", list(BAD))
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(name: str) -> None:
    make, said = BAD[name]
    raw = make()
    with pytest.raises(ExportError) as refused:
        read_template(raw)
    message, way_out = refused.value.message, refused.value.way_out
    assert said in message and way_out
    assert re.fullmatch(r"[^.]*(\.ppt\w?|\.potx)?[^.]*\.", message), "one sentence"
    assert not re.search(r"Error|Traceback|slideMaster|xml|None|layout|placeholder", f"{message} {way_out}")


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tpl, "_UNPACKED", 20_000)
    with pytest.raises(ExportError, match="uitgepakt te groot"):
        read_template(SHIPPED.read_bytes())


def test_who_lacks_a_layout_is_told_what_it_holds_and_where_an_example_is() -> None:
    with pytest.raises(ExportError) as refused:
        read_template(without("Kaart"))
    assert "‘Kaart’ heeft de vakken Titel, Ondertitel, Figuur, Tekst, Bron." in refused.value.way_out
    assert "python -m monitor export template --out huisstijl.pptx" in refused.value.way_out


# -- the command ----------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, list[str]]:
    told: list[str] = []
    parser = argparse.ArgumentParser()
    template_cli.add(parser.add_subparsers(), told.append)
    chosen = parser.parse_args(["template", *words])
    return chosen.run(chosen), told


def test_the_command_writes_the_house_template(tmp_path: Path) -> None:
    target = tmp_path / "nieuw" / "huisstijl.pptx"
    code, told = run("--out", str(target))
    assert code == 0 and target.read_bytes() == SHIPPED.read_bytes()
    assert str(target) in told[0] and "Titelblad" in told[0]
    assert read_template(target.read_bytes()).own


def test_the_command_asks_for_a_name_that_powerpoint_opens(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"eindigt niet op \.pptx"):
        run("--out", str(tmp_path / "huisstijl.ppt"))
    assert not list(tmp_path.iterdir())


def test_the_command_says_when_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "vol").write_text("een bestand, geen map")
    with pytest.raises(ExportError, match="kan niet worden geschreven"):
        run("--out", str(tmp_path / "vol" / "huisstijl.pptx"))
