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
    municipalities=["GM0197", "GM0294"],
    kinds=["knelpunt", "verhaal"],
    themes=["gezondheid", "wonen"],
    goals=["1", "2", "3"],
    abroad=["mediane-leeftijd"],
    abroad_years={"mediane-leeftijd": [2014, 2022], "bbp": [2000, 2020]},
    editions=["2026-08", "2026-11"],
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
    State("gemeente", municipality="GM0197"),
    State("regiodialoog", ("twente",), kind="verhaal", theme="wonen", goal=3, search="één café & plein"),
    State("eigen-regio", ("achterhoek",), members=("GM0197", "GM0294")),
    State("eigen-regio", members=()),
    State("vergelijken", ("twente",), compare="vergelijkbaar", since=2020, order="verandering", goal=2),
    State("over-de-grens", ("twente",), abroad="mediane-leeftijd"),
    State("edities", before="2026-08", after="2026-11", edition="2026-08"),
    *(State("kaart", level=level, compare=compare) for level in LEVELS for compare in COMPARISONS),
]


@pytest.mark.parametrize("state", STATES, ids=lambda s: s.link())
def test_a_link_brings_back_the_same_state(state: State) -> None:
    parts = urlsplit(state.link())
    again, notice = parse(parts.path, parse_qs(parts.query), KNOWN)
    assert (again, notice) == (state, "")
    assert again.link() == state.link()


def test_one_spelling_of_every_key() -> None:
    full = State(
        *("kaart", ("twente", "achterhoek"), "overgewicht", 2022, "gemeenten", "elf-regios"),
        *("GM0197", "verhaal", "wonen", 1, "lege winkels"),
        members=("GM0197", "GM0294"),
        abroad="mediane-leeftijd",
        since=2016,
        order="dekking",
        finding="krimp",
        before="2026-08",
        after="2026-11",
        edition="2026-11",
    )
    assert full.link() == (
        "kaart?regio=twente&regio=achterhoek&samenstelling=GM0197-GM0294&gemeente=GM0197&indicator=overgewicht"
        "&grenscijfer=mediane-leeftijd&jaar=2022&vanaf=2016&niveau=gemeenten&vergelijk=elf-regios&volgorde=dekking&soort=verhaal&thema=wonen&doel=1&bevinding=krimp&zoek=lege+winkels&van=2026-08&naar=2026-11&editie=2026-11"
    )
    assert tuple(full.query()) == KEYS


def test_what_is_default_stays_out_of_the_link() -> None:
    assert State("kaart").link() == "kaart"
    assert State("kaart", year=2022).but(year=None, level="regios").link() == "kaart?niveau=regios"


# --- A region that the reader composes ---

COMPOSED = """
    case                  | samenstelling        | members         | told
    two                   | GM0294-GM0197        | GM0197 GM0294   |
    named twice           | GM0197-GM0197-GM0294 | GM0197 GM0294   | Twee keer genoemd in de link: GM0197.
    one is unknown        | GM0197-GM9999        | GM0197          | Niet herkend in de link: gemeente ‘GM9999’
    unknown and twice     | GM0197-GM0197-GM9999 | GM0197          | Elke gemeente telt één keer.
    nobody is left        | geen                 | nobody          |
    none is known         | GM9999-GM8888        | -               | gemeente ‘GM8888’
    not a composition     | achterhoek           | -               | gemeente ‘achterhoek’
    empty                 |                      | -               | gemeente ‘’
"""


@pytest.mark.parametrize("case", cases(COMPOSED))
def test_a_composition_is_read_with_care(case: dict[str, str]) -> None:
    query = {"samenstelling": [case["samenstelling"]]}
    state, notice = parse("eigen-regio", query, KNOWN)
    expected = {"nobody": (), "-": None}.get(case["members"], tuple(case["members"].split()))
    assert state.members == expected
    assert case["told"] in notice and bool(case["told"]) == bool(notice)


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
    keys of other pages     | gemeente=GM0197&soort=verhaal&doel=3&zoek=x |                   | overgewicht | -
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
    year is a word       | jaar=vorig                             | jaar ‘vorig’
    negative year        | jaar=-2022                             | jaar ‘-2022’
    empty year           | jaar=                                  | jaar ‘’
    superscript digits   | jaar=²⁰²²                              | jaar ‘²⁰²²’
    five digits          | jaar=20222                             | jaar ‘20222’
    municipality         | gemeente=GM0198                        | gemeente ‘GM0198’ (bedoelde u ‘GM0197’?)
    a name for a code    | gemeente=Aalten                        | gemeente ‘Aalten’
    kind of finding      | soort=klacht                           | soort ‘klacht’
    theme                | thema=gezond                           | thema ‘gezond’ (bedoelde u ‘gezondheid’?)
    goal                 | doel=4                                 | doel ‘4’
"""


@pytest.mark.parametrize("case", cases(UNKNOWN))
def test_what_is_not_known_is_named_and_the_default_shown(case: dict[str, str]) -> None:
    state, notice = read(case["query"], regions=("zuid-limburg",))
    assert notice.startswith("Niet herkend in de link: ") and notice.endswith("standaardkeuze.")
    assert case["named"] in notice
    assert state.regions == ("zuid-limburg",)
    assert state.indicator in ("overgewicht", "woz-waarde", "afstand-ziekenhuis")
    assert (state.year, state.level, state.compare, state.absent) == (None, None, None, None)
    assert (state.municipality, state.kind, state.theme, state.goal) == (None, None, None, None)


ABSENT = """
    case                 | query                                  | absent
    year without figures | jaar=2021                              | 2021
    one year only        | indicator=afstand-ziekenhuis&jaar=2022 | 2022
    year of another      | indicator=woz-waarde&jaar=2016         | 2016
    long ago             | jaar=1066                              | 1066
"""


@pytest.mark.parametrize("case", cases(ABSENT))
def test_a_year_that_the_figure_lacks_is_kept_for_the_page_to_tell(case: dict[str, str]) -> None:
    """Who goes from one figure to another keeps the year; that is no mistake in the link."""
    state, notice = read(case["query"])
    assert (state.year, state.absent, notice) == (None, int(case["absent"]), "")
    assert "jaar" not in state.query()


def test_a_year_that_the_figure_has_is_not_absent() -> None:
    state, _ = read("jaar=2022")
    assert (state.year, state.absent) == (2022, None)


SEARCHES = """
    case           | asked           | kept
    words          | lege winkels    | lege winkels
    spaces         |  lege   winkels | lege winkels
    nothing        |                 |
    signs          | <b>&"           | <b>&"
"""


@pytest.mark.parametrize("case", cases(SEARCHES))
def test_a_search_is_any_text(case: dict[str, str]) -> None:
    state, notice = parse("regiodialoog", {"zoek": [case["asked"]]}, KNOWN)
    assert (state.search, notice) == (case["kept"], "")


def test_a_search_is_one_line_and_not_too_long() -> None:
    state, _ = parse("regiodialoog", {"zoek": ["twee\nregels " + "a" * 100_000]}, KNOWN)
    assert "\n" not in state.search and len(state.search) == 80


def test_everything_unknown_goes_in_one_line_and_the_rest_is_kept() -> None:
    state, notice = read("regio=twente&regio=mars&indicator=geluk&jaar=1066&niveau=wijk&vergelijk=nederland")
    assert notice.count("Niet herkend") == 1 and "\n" not in notice
    for name in ("mars", "geluk", "wijk"):
        assert name in notice
    assert "twente" not in notice and "1066" not in notice
    assert state == State("kaart", ("twente",), "overgewicht", None, None, "nederland", absent=1066)


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


@pytest.mark.parametrize("key", [k for k in KEYS if k != "zoek"])  # a search may hold anything
@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_never_breaks_a_page(key: str, value: str) -> None:
    state, notice = parse("kaart", {key: [value]}, KNOWN, "overgewicht")
    assert state == State("kaart", (), "overgewicht")
    assert notice and len(notice) < 200
    assert value[:40] in notice


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_in_a_search_comes_back_as_the_same_link(value: str) -> None:
    state, notice = parse("regiodialoog", {"zoek": [value]}, KNOWN)
    assert notice == "" and len(state.search) <= 80
    parts = urlsplit(state.link())
    assert parse(parts.path, parse_qs(parts.query), KNOWN)[0] == state


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


# --- A figure across the border ---

ABROAD = """
    case                    | query                                   | default          | abroad           | year | absent
    no figure, no year      |                                         | bbp              | bbp              | -    | -
    year of the default     | jaar=2020                               | bbp              | bbp              | 2020 | -
    year of the one named   | grenscijfer=mediane-leeftijd&jaar=2022  | bbp              | mediane-leeftijd | 2022 | -
    year that it lacks      | grenscijfer=mediane-leeftijd&jaar=2020  | bbp              | mediane-leeftijd | -    | 2020
    year of the indicator   | indicator=overgewicht&jaar=2016         | mediane-leeftijd | mediane-leeftijd | -    | 2016
    on another page         | grenscijfer=mediane-leeftijd&jaar=2016  | -                | mediane-leeftijd | 2016 | -
"""  # noqa: E501


@pytest.mark.parametrize("case", cases(ABROAD))
def test_the_year_is_that_of_the_figure_that_the_page_shows(case: dict[str, str]) -> None:
    default = None if case["default"] == "-" else case["default"]
    state, notice = parse("over-de-grens", parse_qs(case["query"]), KNOWN, "overgewicht", (), default)
    assert notice == "" and state.abroad == case["abroad"]
    assert (str(state.year or "-"), str(state.absent or "-")) == (case["year"], case["absent"])
