"""The basket: there and back by link and file, what is wrong with one in a sentence, and the steps of its page."""

from __future__ import annotations

import base64
import datetime as dt
import json
import random
import re
import zlib
from dataclasses import replace
from functools import cache
from typing import Any, get_args

import pytest

from monitor.assessment import BENCHMARKS
from monitor.errors import DefinitionError, ExportError, MonitorError, UnknownName
from monitor.export.basket import (
    DOCUMENTS,
    LONGEST_LINK,
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST,
    NAMES,
    Basket,
    DocumentId,
    Item,
    as_text,
    as_yaml,
    read_text,
    read_yaml,
)
from monitor.export.catalogue import Catalogue
from monitor.export.choose import basket_for
from monitor.export.pack import Materials, Meeting
from monitor.export.reference import Reference
from monitor.screens import basket as content
from monitor.screens import basket_html as html
from tests.navigation import TITLES
from tests.spec_table import ROOT, cases, definitions, edition
from tests.test_pack import REFERENCES

REGIONS = [r.id for r in definitions().regions]
# Signs that a format could take for its own, and what people type.
PIECES = (
    "Voorzieningen", "=1+1", "<b>", "&amp;", "‘naam’", '"', "'", ": ", "#", "- ", "\n", "é", "😀", "{}", "@", "%20",
    "null", "2026-12-09", "1e3", "yes", "|", "*a", "&b", "!!x", "\\", "Arbeidsmarktparticipatiebevordering",
)  # fmt: skip


@cache
def catalogue() -> Catalogue:
    return Catalogue(Materials(definitions(), edition()), dt.date(2026, 11, 21))


def packed(said: Any) -> str:
    """Anything as it would stand in a link."""
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


def some_basket(chance: random.Random) -> Basket:
    def text(most: int) -> str:
        return "".join(chance.choices(PIECES, k=chance.randrange(6)))[:most].strip()

    meeting = Meeting(text(80) or Meeting.body, *(text(LONGEST_TITLE) for _ in range(4)))
    items = (Item(Reference.read(r), text(90)) for r in chance.sample(REFERENCES, chance.randrange(len(REFERENCES))))
    return Basket(
        chance.choice(REGIONS), chance.choice((None, 1, 2, 3)), chance.choice(BENCHMARKS), text(LONGEST_TITLE), meeting,
        chance.choice(("", "2020", "2025-11")), tuple(d for d in DOCUMENTS if chance.random() < 0.5), tuple(items),
    )  # fmt: skip


def test_every_basket_comes_back_from_link_and_file_as_it_was() -> None:
    chance = random.Random(20261121)
    for _ in range(150):
        basket = some_basket(chance)
        text = as_text(basket)
        assert re.fullmatch(r"[A-Za-z0-9_-]+", text) and len(text) <= LONGEST_LINK, "safe in an address and a cookie"
        assert read_text(text, definitions()) == basket
        assert read_yaml(as_yaml(basket).encode(), definitions()) == basket
        assert as_text(read_yaml(as_yaml(basket).encode(), definitions())) == text


def test_a_basket_as_a_file_reads_as_dutch() -> None:
    basket = Basket(
        "twente", 2, "provincie", "Zorg", before="2020", items=(Item(Reference("balans", "rangorde"), "x"),)
    )
    assert as_yaml(basket).splitlines()[1:] == [
        "versie: 1", "regio: twente", "doel: 2", "vergelijk: provincie", "titel: Zorg", "sinds: '2020'", "stukken:",
        "- figuur: balans#rangorde", "  noot: x",
    ]  # fmt: skip
    assert read_yaml(b"regio: twente", definitions()) == Basket("twente"), "what is as usual need not stand there"


def test_the_example_in_the_documentation_is_a_basket_of_figures_that_exist() -> None:
    told = (ROOT / "docs" / "ab-pakket.md").read_text(encoding="utf-8")
    basket = read_yaml(told.partition("```yaml\n")[2].partition("```")[0].encode(), definitions())
    assert len(basket.items) == 2 and not [i for i in basket.items if content.look_up(catalogue(), i.figure).fault]
    assert all(name in told for name in content.PAGES.values())


def test_a_damaged_link_is_an_error_and_never_another_basket() -> None:
    basket = basket_for(catalogue().materials, "achterhoek", 2)
    text = as_text(basket)
    chance = random.Random(1)
    for place in chance.sample(range(len(text)), 60):
        other = chance.choice("ABCxyz019-_".replace(text[place], ""))
        for broken in (text[:place] + other + text[place + 1 :], text[:place], text[:place] + text[place + 1 :]):
            try:
                assert read_text(broken, definitions()) == basket, broken
            except MonitorError as error:
                assert error.message and error.way_out


@pytest.mark.parametrize(
    "said, kind, part",
    [
        ("", ExportError, "beschadigd"),
        ("geen pakket", ExportError, "beschadigd"),
        ("é", ExportError, "beschadigd"),
        (packed(b"\xff\xfe"), ExportError, "beschadigd"),
        (packed(b"[" * 90_000), ExportError, "beschadigd"),
        (packed(b" " * 300_000), ExportError, "beschadigd"),
        (packed([]), DefinitionError, "de link is geen pakket"),
        (packed({"versie": 1}), DefinitionError, "regio"),
        (packed({"versie": 2, "regio": "twente"}), DefinitionError, "versie"),
        (packed({"regio": "twente", "kleur": 1}), DefinitionError, "kleur"),
        (packed({"regio": "twente", "doel": 4}), DefinitionError, "doel"),
        (packed({"regio": "twente", "titel": "x" * (LONGEST_TITLE + 1)}), DefinitionError, "titel"),
        (packed({"regio": "twente", "documenten": ["film"]}), DefinitionError, "documenten"),
        (packed({"regio": "twente", "stukken": [{"figuur": "balans", "noot": "x" * 601}]}), DefinitionError, "noot"),
        (packed({"regio": "twente", "stukken": [{"figuur": "balans"}] * (MOST + 1)}), ExportError, "hoogstens 40"),
        (packed({"regio": "twnte"}), UnknownName, "twnte"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_link_is_one_sentence(said: str, kind: type[MonitorError], part: str) -> None:
    with pytest.raises(kind) as caught:
        read_text(said, definitions())
    assert part in caught.value.message and "\n" not in str(caught.value)
    told = content.unreadable("De link", caught.value)
    assert told and ".py" not in told and "Error" not in told


@pytest.mark.parametrize(
    "raw, kind, part",
    [
        (b"", DefinitionError, "eigen.yaml is geen pakket"),
        (b"- a\n- b", DefinitionError, "eigen.yaml is geen pakket"),
        (b"regio: [", DefinitionError, "geen geldige YAML bij regel 2"),
        (b"\x89PNG\r\n\x1a\n\x00", DefinitionError, "geen geldige YAML"),
        (b"regio: twente\nregio: twente", DefinitionError, "twee keer"),
        (b"regio: !!python/object/apply:os.getcwd []", DefinitionError, "geen geldige YAML"),
        (b"x" * 200_001, ExportError, "te groot"),
        # A file that would end the process of everybody.
        (b"[" * 100_000, DefinitionError, "eigen.yaml is geen pakket"),
        (b"{a: " * 40_000, DefinitionError, "eigen.yaml is geen pakket"),
        (b"- " * 60_000, DefinitionError, "eigen.yaml is geen pakket"),
        (b"regio: twente\nstukken:\n- figuur: balans\n  notitie: x", DefinitionError, "stukken.0.notitie"),
        (b"regio: nergens", UnknownName, "nergens"),
    ],
    ids=lambda value: repr(value)[:20] if isinstance(value, bytes) else "",
)
def test_what_is_wrong_with_a_file_is_one_sentence(raw: bytes, kind: type[MonitorError], part: str) -> None:
    with pytest.raises(kind) as caught:
        read_yaml(raw, definitions(), "eigen.yaml")
    assert part in caught.value.message
    told = content.unreadable("Het bestand", caught.value)
    assert ".py" not in told and "Error" not in told


def test_a_basket_that_does_not_fit_in_a_link_says_so_and_still_fits_in_a_file() -> None:
    chance = random.Random(3)
    notes = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=LONGEST_NOTE)).strip() for _ in range(MOST)]
    full = Basket("twente", items=tuple(Item(Reference(f"balans?x={k}"), n) for k, n in enumerate(notes)))
    with pytest.raises(ExportError, match="past zo niet in een link"):
        as_text(full)
    assert read_yaml(as_yaml(full).encode(), definitions()) == full


def test_a_full_basket_takes_no_more_and_a_figure_stands_in_it_once() -> None:
    basket = Basket("twente")
    for k in range(MOST):
        basket = basket.with_item(Reference(f"balans?x={k}"))
    assert basket.with_item(Reference("balans?x=3")) == basket
    with pytest.raises(ExportError, match="hoogstens 40 figuren; dit zijn er 41"):
        basket.with_item(Reference("balans"))


# -- the page -------------------------------------------------------------------------------------------------


def letters(basket: Basket) -> str:
    return "".join(i.figure.link for i in basket.items)


def of(text: str) -> Basket:
    return Basket("twente", items=tuple(Item(Reference(c), f"noot {c}") for c in text))


@pytest.mark.parametrize(
    "row",
    cases("""
    from | place | to | result
    abc  | 1     | 2  | bac
    abc  | 3     | 2  | acb
    abc  | 1     | 3  | bca
    abc  | 1     | 0  | abc
    abc  | 3     | 4  | abc
    a    | 1     | 2  | a
    """),
)
def test_a_figure_moves_to_its_place(row: dict[str, str]) -> None:
    moved = content.moved(of(row["from"]), int(row["place"]), int(row["to"]))
    assert letters(moved) == row["result"]
    assert all(i.note == f"noot {i.figure.link}" for i in moved.items), "a note stays with its figure"


def test_moving_about_loses_nothing_and_back_is_back() -> None:
    chance, basket = random.Random(2), of("abcdefg")
    for _ in range(200):
        a, b = chance.randint(1, 7), chance.randint(1, 7)
        moved = content.moved(basket, a, b)
        assert content.moved(moved, b, a) == basket and letters(moved)[b - 1] == letters(basket)[a - 1]
        assert sorted(letters(moved)) == list("abcdefg")
        basket = moved
    assert letters(content.without(of("abc"), 2)) == "ac"


def test_notes_and_lines_are_cut_and_cleaned() -> None:
    basket = content.noted(of("ab"), 2, f"  {'x' * 700}  ")
    assert basket.items[1].note == "x" * LONGEST_NOTE and basket.items[0].note == "noot a"
    assert content.titled(basket, "  Zorg \n dichtbij ").title == "Zorg dichtbij"
    assert len(content.titled(basket, "y " * 200).title) <= LONGEST_TITLE
    met = content.meets(content.meets(basket, "day", " 9 december "), "body", " ")
    assert (met.meeting.day, met.meeting.body) == ("9 december", Meeting.body)
    assert read_text(as_text(met), definitions()) == met


def test_a_piece_is_found_again_after_another_tab_changed_the_order() -> None:
    basket = Basket("twente", items=(Item(Reference("a")), Item(Reference("b")), Item(Reference("a"))))
    shown = [content.Shown(i.figure.link) for i in basket.items]
    first, second, third = content.pieces_of(basket, shown)
    assert len({first.mark, second.mark, third.mark}) == 3, "also where a figure stands in it twice"
    turned = content.moved(basket, 2, 1)
    assert content.place_of(turned, second) == 1 and content.place_of(turned, third) == 3
    with pytest.raises(ExportError, match="niet meer in het pakket"):
        content.place_of(content.without(basket, 2), second)


@pytest.mark.parametrize("text", REFERENCES)
def test_every_figure_is_shown_with_a_sentence_and_its_page(text: str) -> None:
    shown = content.look_up(catalogue(), Reference.read(text))
    path = text.partition("?")[0].partition("#")[0]
    assert not shown.fault and shown.title and shown.sentence.endswith((".", "!", "?"))
    assert shown.page == TITLES[path] and shown.address.partition("?")[0] == path


@pytest.mark.parametrize(
    "text",
    [
        "trends?regio=achterhoek&indicator=bestaat-niet",
        "trends?regio=nergens&indicator=overgewicht",
        "kaart?indicator=overgewicht&jaar=1850",
        "balans#bestaat-niet",
        "javascript:alert(1)",
        "//elders.nl/kaart",
        "<script>",
        "",
    ],
)
def test_a_figure_that_is_not_there_says_so_and_leads_nowhere(text: str) -> None:
    shown = content.look_up(catalogue(), Reference.read(text))
    assert shown.fault and shown.way_out and not shown.address
    (piece,) = content.pieces_of(Basket("twente", items=(Item(Reference.read(text)),)), [shown])
    drawn = html.piece(piece)
    assert "<a" not in drawn and "<script" not in drawn and content.broken([piece]).startswith("Figuur 1 bestaat")


def test_pages_and_documents_are_the_ones_there_are() -> None:
    assert set(content.PAGES) == set(catalogue()._pages) and all(TITLES[p] == n for p, n in content.PAGES.items())
    assert set(content.ABOUT) == set(NAMES) == set(get_args(DocumentId))


@pytest.mark.parametrize(
    "row",
    cases(
        """
    link                        | asked  | region
    trends?regio=twente         |        | twente
    kaart?indicator=overgewicht | twente | twente
    trends?regio=noard-fryslan  | twente | twente
    kaart?indicator=overgewicht | nergens | achterhoek
    gemeente?gemeente=GM0153    |        | twente
    gemeente?gemeente=GM0363    |        | achterhoek
    balans                      |        | achterhoek
    """,
        "link",
        "asked",
    ),
)
def test_a_new_basket_is_for_the_region_at_hand(row: dict[str, str]) -> None:
    figure = replace(catalogue().find(Reference("balans")).figure, link=row["link"])
    assert content.region_for(figure, [row["asked"]] if row["asked"] else [], definitions()) == row["region"]


def test_sentences_count_and_name() -> None:
    d = definitions()
    own, other = of("a"), replace(of("abcd"), region="achterhoek", goal=2, title="Zorg <dichtbij>")
    assert content.question(own, "De link", other, d) == (
        "U hebt zelf een pakket met 1 figuur. De link opent een ander pakket (‘Zorg <dichtbij>’): 4 figuren voor de "
        "Achterhoek, bij doel 2."
    )
    mixed = Basket("twente", items=tuple(Item(Reference.read(r)) for r in REFERENCES[:5]))
    assert content.elsewhere(mixed, d) == "2 figuren gaan over een andere regio (Achterhoek) dan uw pakket (Twente)."
    assert content.elsewhere(replace(mixed, region="achterhoek"), d) == ""
    gone = [content.Piece(k, str(k), Item(Reference("a")), content.Shown("", fault=f)) for k, f in enumerate("x y", 1)]
    assert content.broken([gone[0], gone[2]]).startswith("De figuren 1 en 3 bestaan niet meer.")
    assert content.broken([]) == ""
    assert content.zip_name("achterhoek-doel-2", dt.date(2026, 11, 21)) == "ab-pakket-achterhoek-doel-2-2026-11-21.zip"
    assert [content.size(n) for n in (12, 38_400, 999_999, 1_240_000)] == ["1 kB", "38 kB", "1.000 kB", "1,2 MB"]


def test_texts_of_people_are_escaped() -> None:
    bad = "<img src=x>"
    piece = content.Piece(1, "m", Item(Reference("a"), bad), content.Shown(bad, bad, bad, "kaart?x=\"'<"))
    drawn = (html.piece(piece), html.printed_note(bad), html.said(bad, bad), html.made({bad: 1}), html.steps([bad], 0))
    assert not [d for d in drawn if "<img" in d]
