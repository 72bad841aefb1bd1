"""The state of a page in its URL: read with care, written in one spelling."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.state import COMPARISONS, KEYS, LEVELS, Known, State, parse
from tests.spec_table import cases

KNOWN = Known(
    regions=["achterhoek", "twente", "zuid-limburg"],
    indicators=["overgewicht", "woz-waarde", "afstand-ziekenhuis"],
    years={"overgewicht": [2016, 2020, 2022], "woz-waarde": [2015, 2024], "afstand-ziekenhuis": [2024]},
)


def read(query: str, indicator: str | None = "overgewicht", regions: tuple[str, ...] = ()) -> tuple[State, str]:
    """Read the query part of a URL."""
    return parse("kaart", parse_qs(query, keep_blank_values=True), KNOWN, indicator, regions)


# --- There and back ---

STATES = [
    State("kaart"),
    State("kaart", indicator="woz-waarde", year=2024, level="regios", compare="nederland"),
    State("trends", ("achterhoek", "twente", "zuid-limburg"), "overgewicht", 2020),
    State("regio", ("zuid-limburg",), compare="provincie"),
    *(State("kaart", level=level, compare=compare) for level in LEVELS for compare in COMPARISONS),
]


@pytest.mark.parametrize("state", STATES, ids=lambda s: s.link())
def test_a_link_brings_back_the_same_state(state: State) -> None:
    parts = urlsplit(state.link())
    again, notice = parse(parts.path, parse_qs(parts.query), KNOWN)
    assert (again, notice) == (state, "")
    assert again.link() == state.link()


def test_one_spelling_of_every_key() -> None:
    full = State("kaart", ("twente", "achterhoek"), "overgewicht", 2022, "gemeenten", "elf-regios")
    assert full.link() == (
        "kaart?regio=twente&regio=achterhoek&indicator=overgewicht&jaar=2022&niveau=gemeenten&vergelijk=elf-regios"
    )
    assert tuple(full.query()) == KEYS == ("regio", "indicator", "jaar", "niveau", "vergelijk")


def test_what_is_default_stays_out_of_the_link() -> None:
    assert State("kaart").link() == "kaart"
    assert State("kaart", year=2022).but(year=None, level="regios").link() == "kaart?niveau=regios"


# --- What a URL says, and what is read ---

READ = """
    case                    | query                                       | regions           | indicator   | year
    nothing                 |                                             |                   | overgewicht | -
    all                     | regio=twente&indicator=woz-waarde&jaar=2024 | twente            | woz-waarde  | 2024
    several regions         | regio=twente&regio=achterhoek               | twente achterhoek | overgewicht | -
    the same region twice   | regio=twente&regio=achterhoek&regio=twente  | twente achterhoek | overgewicht | -
    year of the default     | jaar=2016                                   |                   | overgewicht | 2016
    the last year wins      | jaar=2016&jaar=2022                         |                   | overgewicht | 2022
    the last indicator wins | indicator=overgewicht&indicator=woz-waarde  |                   | woz-waarde  | -
    keys of others          | utm_source=mail&REGIO=twente                |                   | overgewicht | -
"""


@pytest.mark.parametrize("case", cases(READ))
def test_a_good_link_is_read_without_a_word(case: dict[str, str]) -> None:
    state, notice = read(case["query"])
    assert notice == ""
    assert " ".join(state.regions) == case["regions"]
    assert state.indicator == case["indicator"]
    assert state.year == (None if case["year"] == "-" else int(case["year"]))


UNKNOWN = """
    case                 | query                                  | named
    region               | regio=twentje                          | regio ‘twentje’ (bedoelde u ‘twente’?)
    region in capitals   | regio=Achterhoek                       | (bedoelde u ‘achterhoek’?)
    region like nothing  | regio=qqq                              | regio ‘qqq’
    indicator            | indicator=overgewigt                   | (bedoelde u ‘overgewicht’?)
    level                | niveau=wijken                          | niveau ‘wijken’
    comparison           | vergelijk=belgie                       | vergelijk ‘belgie’
    year without figures | jaar=2021                              | 2021 (deze indicator heeft 2016 tot en met 2022
    one year only        | indicator=afstand-ziekenhuis&jaar=2022 | jaar 2022 (deze indicator heeft 2024)
    year is a word       | jaar=vorig                             | jaar ‘vorig’
    negative year        | jaar=-2022                             | jaar ‘-2022’
    empty year           | jaar=                                  | jaar ‘’
    year of another      | indicator=woz-waarde&jaar=2016         | jaar 2016
    superscript digits   | jaar=²⁰²²                              | jaar ‘²⁰²²’
"""


@pytest.mark.parametrize("case", cases(UNKNOWN))
def test_what_is_not_known_is_named_and_the_default_shown(case: dict[str, str]) -> None:
    state, notice = read(case["query"], regions=("zuid-limburg",))
    assert notice.startswith("Niet herkend in de link: ") and notice.endswith("standaardkeuze.")
    assert case["named"] in notice
    assert state.regions == ("zuid-limburg",)
    assert state.indicator in ("overgewicht", "woz-waarde", "afstand-ziekenhuis")
    assert (state.year, state.level, state.compare) == (None, None, None)


def test_everything_unknown_goes_in_one_line_and_the_rest_is_kept() -> None:
    state, notice = read("regio=twente&regio=mars&indicator=geluk&jaar=1066&niveau=wijk&vergelijk=nederland")
    assert notice.count("Niet herkend") == 1 and "\n" not in notice
    for name in ("mars", "geluk", "1066", "wijk"):
        assert name in notice
    assert "twente" not in notice
    assert state == State("kaart", ("twente",), "overgewicht", None, None, "nederland")


# --- Garbage ---

GARBAGE = {
    "html": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "path": "../../etc/passwd",
    "percent": "%00%ff",
    "format": "{value}%s{0}",
    "emoji": "🏛️" * 50,
    "long": "a" * 100_000,
    "empty": "",
    "space": " ",
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_never_breaks_a_page(key: str, value: str) -> None:
    state, notice = parse("kaart", {key: [value]}, KNOWN, "overgewicht")
    assert state == State("kaart", (), "overgewicht")
    assert notice and len(notice) < 200
    assert value[:40] in notice


def test_a_year_of_five_thousand_digits_is_not_known() -> None:
    state, notice = read("jaar=" + "9" * 5000)
    assert state.year is None and "jaar" in notice


def test_a_line_end_in_a_name_does_not_make_a_second_line() -> None:
    _, notice = read("regio=twen%0Ate&indicator=over%0D%0Agewicht")
    assert len(notice.splitlines()) == 1


def test_many_unknown_names_do_not_fill_the_page() -> None:
    _, notice = read("&".join(f"regio=plaats{k}" for k in range(1000)))
    assert len(notice) < 1000


def test_a_known_name_within_garbage_is_not_known() -> None:
    state, notice = read("regio=twente%20&indicator=overgewicht%00")
    assert state.regions == () and state.indicator == "overgewicht" and "regio" in notice and "indicator" in notice
