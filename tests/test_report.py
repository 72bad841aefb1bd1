"""The regional report: eight pages at most, with every number of the pack, tagged, in order."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from monitor.dialogue.hold import WORDS, WORDS_ONE
from monitor.export.changed.changes import HEADINGS, Changed, Changes
from monitor.export.pack import Exhibit, Pack
from monitor.export.pdf import report
from monitor.export.pdf.printed import ROUNDING
from monitor.export.pdf.typesetting import words
from monitor.figures.spec import MapFigure, StripFigure, TrendFigure
from monitor.notation import number
from tests.packs import BASE, COMPOUND, HARD, full_pack, materials, pack
from tests.pdf_reader import Pdf, check_accessible, plain
from tests.spec_table import definitions

TWO = [("achterhoek", 2), ("zeeuws-vlaanderen", None)]
EVERY = [(r.id, g) for r in definitions().regions for g in (None, 1, 2, 3)]
# A4 and its margins, in points.
WIDE, MARGIN = 595.28, 18 / 25.4 * 72


def made(p: Pack) -> Pdf:
    return Pdf(report.pdf_bytes(p, materials()))


@cache
def usual(region: str, goal: int | None) -> Pdf:
    return made(pack(region, goal))


def check_page(pdf: Pdf, most: int, least_size: float, margin: float = MARGIN) -> None:
    """Not too many pages, no small letters, nothing beyond the margins."""
    assert 1 <= len(pdf.pages) <= most
    for run in pdf.runs:
        assert run.size >= least_size - 0.01, run
        assert run.left >= margin - 1, run
        assert run.right <= WIDE - margin + 1 or not run.text.strip(), run
        assert 20 <= run.base <= 842 - 20, run


def check_numbers(pdf: Pdf, p: Pack) -> None:
    """Every core figure stands there with its value, benchmark and judgement, in that order."""
    for x in p.summary:
        wanted = [x.indicator.full_name, x.value, x.benchmark, x.judgement]
        found = ".{0,60}?".join(re.escape(plain(words(w))) for w in wanted)
        assert re.search(found, pdf.text), wanted


@pytest.mark.parametrize(("region", "goal"), TWO)
def test_report_is_accessible_and_short(region: str, goal: int | None) -> None:
    pdf = usual(region, goal)
    check_accessible(pdf)
    check_page(pdf, report.PAGES, 10)
    check_numbers(pdf, pack(region, goal))
    assert pdf.title == pack(region, goal).title


@pytest.mark.parametrize(("region", "goal"), TWO)
def test_structure_is_real(region: str, goal: int | None) -> None:
    pdf, p = usual(region, goal), pack(region, goal)
    roles = pdf.roles()
    assert roles["H1"] >= 6 and roles["H2"] >= len(p.exhibits)
    assert roles["Table"] >= 2 and roles["TH"] >= 8 and roles["TR"] > len(p.summary)
    assert roles["TD"] >= 6 * len(p.summary)
    assert roles["Link"] >= len(p.exhibits) and roles["L"] >= 3 and roles["LI"] >= len(p.questions)
    figures = [t for t in pdf.tags if t.role == "Figure"]
    drawn = [x for x in p.exhibits if isinstance(x.figure, MapFigure | StripFigure | TrendFigure)]
    assert [plain(t.alt)[:80] for t in figures] == [plain(words(x.figure.alt))[:80] for x in drawn]
    assert roles["Caption"] == len(p.exhibits)
    assert f"{BASE}{p.exhibits[0].figure.link}" in pdf.links
    headings = [t.title for t in pdf.tags if t.role == "H1"]
    wanted = ["Kerncijfers", "Wat opvalt", "Cijfer naast verhaal", "Figuren", "Vragen voor het bestuur"]
    assert headings[:5] == wanted and headings[-1] == "Verantwoording"
    assert pdf.bookmarks[0] == "Kerncijfers" and set(headings) <= set(pdf.bookmarks)


def test_every_page_says_which_it_is_and_which_edition() -> None:
    pdf, p = usual("achterhoek", 2), pack("achterhoek", 2)
    for k, text in enumerate(pdf.pages, 1):
        assert f"pagina {k} van {len(pdf.pages)}" in text
        assert f"editie {p.edition}" in text


def test_figures_stand_with_conclusion_source_and_numbers() -> None:
    pdf, p = usual("achterhoek", 2), pack("achterhoek", 2)
    flat = "".join(pdf.text.split())
    for x in p.exhibits:
        assert "".join(plain(words(x.conclusion)).split()) in flat
        assert f"Figuur {x.number}." in pdf.text
        assert "".join(words(x.figure.source).split()) in flat
        for said in numbers_of(x):
            assert said in pdf.text, (x.number, said)


def numbers_of(x: Exhibit) -> list[str]:
    """What a figure writes beside its marks."""
    f = x.figure
    if isinstance(f, StripFigure):
        return [plain(f"{r.name} {f.text(r.value)}") for r in (f.region, f.benchmark) if r]
    if isinstance(f, TrendFigure):
        named = [s for s in f.series if s.role != "overig"]
        return [plain(f"{s.name} {f.text(s.rows[-1].value)}") for s in named]
    if isinstance(f, MapFigure):
        return [plain(f"{label.text}") for label in f.labels] + [r.name for r in f.numbered]
    return [c for row in f.table().cells[:3] for c in row]


def test_marks_of_a_strip_lie_where_its_numbers_say() -> None:
    from monitor.export.pdf import drawn

    for region, goal in TWO:
        for x in pack(region, goal).exhibits:
            if not isinstance(x.figure, StripFigure):
                continue
            f, made_ = x.figure, drawn.strip(x.figure)
            values = sorted(m.value for m in f.municipalities)
            known = [*values, f.region.value, f.benchmark.value]  # type: ignore[union-attr]
            known += [v for v in (f.region.lower, f.region.upper) if not math.isnan(v)]  # type: ignore[union-attr]
            low, high = min(known), max(known)

            def at(value: float, low: float = low, high: float = high) -> float:
                return 3 + 94 * (value - low) / (high - low)

            assert [d[0] for d in made_["dots"]] == pytest.approx([at(v) for v in values], abs=0.01)
            assert made_["benchmark"] == pytest.approx(at(f.benchmark.value), abs=0.01)  # type: ignore[union-attr]
            assert made_["mark"]["at"] == pytest.approx(at(f.region.value), abs=0.01)  # type: ignore[union-attr]
            for tick in made_["ticks"]:
                value = float(tick["text"].replace(".", "").replace(",", "."))
                assert tick["at"] == pytest.approx(at(value), abs=0.6)


def test_lines_of_a_trend_lie_where_its_numbers_say() -> None:
    from monitor.export.pdf import drawn

    trends = [x.figure for r, g in TWO for x in pack(r, g).exhibits if isinstance(x.figure, TrendFigure)]
    assert trends
    for f in trends:
        made_ = drawn.trend(f)
        scale = [(t["at"], first_number(t["text"])) for t in made_["scale"]]
        (a, low), (b, high) = scale[0], scale[-1]
        breaks = tuple(y for y, _ in f.breaks)
        pieces = [p for s in f.series for p in s.pieces(breaks)]
        assert len(made_["lines"]) == len(pieces)
        wanted = sorted([round(r.value, 6) for r in p] for p in pieces)
        read = sorted(
            [round(low + (y - a) / (b - a) * (high - low), 6) for _, y in line["points"]] for line in made_["lines"]
        )
        for one, other in zip(read, wanted, strict=True):
            assert one == pytest.approx(other, abs=(high - low) * 1e-3)


def first_number(text: str) -> float:
    found = re.search(r"−?\d[\d.]*(?:,\d+)?", text)
    assert found
    return float(found[0].replace(".", "").replace(",", ".").replace("−", "-"))


def test_voices_stand_with_their_verdicts_contradictions_first() -> None:
    pdf, p = usual("zeeuws-vlaanderen", None), pack("zeeuws-vlaanderen", None)
    places = [pdf.text.index(f"{WORDS[v]} (") for v in ("spreken tegen", "bevestigen", "meten niet")]
    assert places == sorted(places)
    for verdict in ("spreken tegen", "bevestigen", "meten niet"):
        count = sum(v.stance == verdict for v in p.voices)
        assert f"{WORDS[verdict]} ({count})" in pdf.text
    for v in [v for v in p.voices if v.stance == "spreken tegen"][:2]:
        assert "".join(plain(words(v.finding.title)).split()) in "".join(pdf.text.split())
    assert "= Cijfers" not in pdf.text and "= Dit cijfer" not in pdf.text and "≠" not in pdf.text
    assert pdf.text.count("in onze eigen woorden") == 1


def test_beside_a_figure_the_verdict_is_about_that_figure() -> None:
    pdf, p = usual("zeeuws-vlaanderen", None), pack("zeeuws-vlaanderen", None)
    beside = [x.voices[0] for x in p.exhibits if x.voices]
    assert beside
    for v in beside:
        assert "".join(plain(words(f"‘{v.finding.title}’ {WORDS_ONE[v.stance]}.")).split()) in "".join(pdf.text.split())


def test_what_a_judgement_rests_on_stands_under_the_table_too() -> None:
    pdf = usual("zeeuws-vlaanderen", None)
    assert pdf.text.count(ROUNDING) == 2 and ROUNDING in report.JUDGING
    assert "lichter: beperkte dekking" in pdf.text


def test_questions_tensions_sources_and_composition_are_there() -> None:
    pdf, p = usual("achterhoek", 2), pack("achterhoek", 2)
    flat = "".join(pdf.text.split())
    for text in (*(q.text for q in p.questions), p.lead, p.attribution, *(m.name for m in p.region.members[:3])):
        assert "".join(plain(words(text)).split()) in flat
    for title in (f.title for f in p.tensions[:3]):
        assert "".join(words(title).split()) in flat
    assert "De Achterhoek bestaat in deze monitor uit 8 gemeenten: Aalten, Berkelland" in pdf.text


CHANGES = Changes(
    "2025",
    "2026",
    (
        *(Changed("nieuw", f"Nieuw cijfer {k} over 2026.", "overgewicht") for k in range(1, 9)),
        Changed("herzien", "CBS herzag = het cijfer over 2024 <opnieuw>."),
        Changed("grenzen", "De gemeente Voorbeeld is samengevoegd."),
    ),
    "",
)


def test_changes_stand_apart_by_kind() -> None:
    pdf = made(replace(pack("achterhoek", 2), changes=CHANGES))
    assert "Wat er veranderde" in pdf.bookmarks and "Van 2025 naar 2026." in pdf.text
    shown = [h for h in HEADINGS.values() if h in pdf.bookmarks]
    assert shown == [HEADINGS["nieuw"], HEADINGS["herzien"], HEADINGS["grenzen"]]
    assert "CBS herzag = het cijfer over 2024 <opnieuw>." in pdf.text
    assert "Wat hier niet meer past, staat in de notities bij de presentatie." in pdf.text
    nothing = made(replace(pack("achterhoek", 2), changes=Changes("2025", "2026", (), "Er veranderde niets.")))
    assert "Er veranderde niets." in nothing.text


def test_without_an_address_there_are_no_links_outside() -> None:
    pdf = made(pack("achterhoek", 2, ""))
    check_accessible(pdf)
    assert not pdf.links and "in de monitor" not in " ".join(t for t in pdf.text.split("Figuur")[2:4])


def test_two_runs_give_the_same_bytes() -> None:
    assert report.pdf_bytes(pack("achterhoek", 2), materials()) == usual("achterhoek", 2).content


# -- much, little and hard to print ---------------------------------------------------------------------------


def test_twelve_figures_of_every_kind_fit() -> None:
    pdf = made(full_pack("zeeuws-vlaanderen", None, 12, "Besproken in het overleg van de portefeuillehouders."))
    check_accessible(pdf)
    check_page(pdf, report.PAGES, 10)
    assert "Notitie van de maker. Besproken in het overleg" in pdf.text
    shown = max(k for k in range(1, 13) if f"Figuur {k}. " in pdf.text)
    assert shown >= 10
    assert shown == 12 or f"de eerste {shown} van de 12 gekozen figuren" in pdf.text


def test_more_figures_are_pointed_to() -> None:
    pdf = made(full_pack("achterhoek", 2, 20))
    check_page(pdf, report.PAGES, 10)
    found = re.search(r"de eerste (\d+) van de 20 gekozen figuren. Ze staan alle 20 in het werkboek", pdf.text)
    assert found and 8 <= int(found[1]) <= 12
    assert f"Figuur {found[1]}." in pdf.text and f"Figuur {int(found[1]) + 1}." not in pdf.text


def hard(p: Pack) -> Pack:
    """The same pack with texts that are hard to print everywhere that people write."""
    exhibits = [
        replace(x, conclusion=HARD, note=f"{HARD} {COMPOUND}", figure=replace(x.figure, title=f"{COMPOUND} {HARD}"))
        for x in p.exhibits
    ]
    return replace(p, title=f"{HARD} {COMPOUND}", lead=f"{COMPOUND}. {HARD}", exhibits=tuple(exhibits))


def test_hard_texts_are_printed_as_texts() -> None:
    pdf = made(hard(pack("achterhoek", 2)))
    check_accessible(pdf)
    check_page(pdf, report.PAGES, 10)
    assert "=1+1 #let *sterk* _schuin_ `code` $x^2$ <label> @verwijzing // geen opmerking" in pdf.text
    assert "#panic" not in pdf.text


def test_a_note_of_a_book_is_cut() -> None:
    p = pack("achterhoek", 2)
    long = replace(p, exhibits=tuple(replace(x, note="Dit is een zin. " * 3000) for x in p.exhibits))
    check_page(made(long), report.PAGES, 10)


def test_a_region_without_values_says_so() -> None:
    p = pack("achterhoek", 2)
    lines = tuple(
        replace(x, value="–", benchmark="–", judgement="niet te beoordelen", change="",
                standing=replace(x.standing, value=math.nan, benchmark=math.nan))
        for x in p.summary
    )  # fmt: skip
    pdf = made(replace(p, summary=lines))
    check_numbers(pdf, replace(p, summary=lines))
    assert "nan" not in pdf.text.lower().replace("financ", "").split()


def test_an_empty_pack_is_a_report_too() -> None:
    p = pack("achterhoek", 2)
    nothing = replace(p.stands, worse=(), better=(), worsened=(), improved=())
    empty = replace(p, exhibits=(), summary=(), voices=(), tensions=(), questions=(), stands=nothing, sources=())
    pdf = made(empty)
    check_accessible(pdf)
    assert "Uit deze cijfers en bevindingen volgt geen vraag." in pdf.text
    assert "Figuren" not in pdf.bookmarks


def test_columns_of_a_table_fit_the_page() -> None:
    headers = [f"Kolom {k}" for k in range(30)]
    cells = [[COMPOUND[:60] if k == 0 else number(k, 1) for k in range(30)]]
    shown, widths = report._columns(headers, cells, [k > 0 for k in range(30)])
    assert shown == list(range(len(shown))) and 5 < len(shown) < 30
    assert sum(widths) <= report.WIDE


# -- all of them ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("region", "goal"), EVERY)
def test_every_report_fits_with_every_number(region: str, goal: int | None) -> None:
    for p in (pack(region, goal), full_pack(region, goal, 12, "Een notitie van de maker. " * 20)):
        pdf = made(p)
        check_accessible(pdf)
        check_page(pdf, report.PAGES, 10)
        check_numbers(pdf, p)


@pytest.mark.slow
@pytest.mark.parametrize("region", [r.id for r in definitions().regions])
def test_every_report_fits_with_forty_figures_and_hard_texts(region: str) -> None:
    check_page(made(hard(full_pack(region, None, 40))), report.PAGES, 10)


def test_benchmarks_have_names_that_fit() -> None:
    """Also the longest: its name stands in a narrow head."""
    p: Any = replace(pack("zuid-limburg", None), benchmark="vergelijkbare regio’s")
    content = p.summary_figure.content
    headers = (*content.headers[:3], "Vergelijkbare regio’s", *content.headers[4:])
    figure = replace(p.summary_figure, content=replace(content, headers=headers))
    check_page(made(replace(p, summary_figure=figure)), report.PAGES, 10)
