"""The definitions that ship are whole; a broken one is named by file, entry and field."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from monitor.definitions import load
from monitor.errors import DefinitionError, UnknownName
from monitor.search.terms import FILE as WORDS_FILE
from monitor.search.terms import read_terms
from tests.spec_table import ROOT, SHARED, cases, definitions, edition, needs_shared

DEFINITIONS, FINDINGS = ROOT / "data" / "definitions", ROOT / "data" / "findings"
FINDING_FILE = "regiodialogen-2024.yaml"

REGIONS = [
    *("kop-van-noord-holland", "noord-en-oost-groningen", "zuidoost-fryslan", "noard-fryslan"),
    *("zuid-en-oost-drenthe", "twente", "achterhoek", "noord-limburg", "midden-limburg", "zuid-limburg"),
    "zeeuws-vlaanderen",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped definitions and findings."""
    shutil.copytree(DEFINITIONS, tmp_path / "definitions")
    shutil.copytree(FINDINGS, tmp_path / "findings")
    return tmp_path


def file_in(folder: Path, name: str) -> Path:
    """A file of the copy."""
    if name == FINDING_FILE:
        return folder / "findings" / name
    theme = folder / "definitions" / "indicators" / name
    return theme if theme.exists() else folder / "definitions" / name


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first occurrence of a text."""
    path = file_in(folder, name)
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(folder: Path) -> DefinitionError:
    """The error that loading the copy gives."""
    with pytest.raises(DefinitionError) as caught:
        load(folder / "definitions", folder / "findings")
    assert caught.value.way_out
    return caught.value


# --- A broken definition: what is changed, and what the message then says ---

BROKEN = [
    # case, file, find, replace, the message says
    (
        "unknown field",
        "wonen.yaml",
        "  unit: euro\n",
        "  unit: euro\n  kleur: rood\n",
        ["'woz-waarde'", "veld 'kleur'", "bestaat niet"],
    ),
    (
        "missing field",
        "wonen.yaml",
        "  unit: euro\n",
        "",
        ["'woz-waarde'", "veld 'unit'", "ontbreekt"],
    ),
    (
        "text where a number is asked",
        "wonen.yaml",
        "  decimals: -3\n",
        "  decimals: veel\n",
        ["'woz-waarde'", "veld 'decimals'", "moet een geheel getal zijn"],
    ),
    (
        "number where text is asked",
        "wonen.yaml",
        "  name: Gemiddelde WOZ-waarde\n",
        "  name: 12\n",
        ["'woz-waarde'", "veld 'name'", "moet tekst zijn"],
    ),
    (
        "a word that is no choice",
        "wonen.yaml",
        "  direction: geen\n",
        "  direction: omlaag\n",
        ["'woz-waarde'", "veld 'direction'", "mag alleen", "'hoger-gunstig'", "of 'geen'"],
    ),
    (
        "unknown aggregation class",
        "wonen.yaml",
        "    class: gewogen\n",
        "    class: gemiddeld\n",
        ["'woz-waarde'", "veld 'aggregation.class'", "'verhouding'"],
    ),
    (
        "weighted without weight",
        "wonen.yaml",
        "    weight: woningen\n",
        "",
        ["'woz-waarde'", "veld 'aggregation'", "vraagt het veld 'weight'"],
    ),
    (
        "a sum with a weight",
        "wonen.yaml",
        "    class: gewogen\n",
        "    class: som\n",
        ["'woz-waarde'", "veld 'aggregation'", "klasse 'som' kent geen gewicht"],
    ),
    (
        "no place for the value",
        "wonen.yaml",
        "is een woning gemiddeld {value} waard",
        "is een woning veel waard",
        ["'woz-waarde'", "'clause' moet {value} bevatten"],
    ),
    (
        "goal beyond three",
        "wonen.yaml",
        "  goals: [1]\n",
        "  goals: [4]\n",
        ["'woz-waarde'", "veld 'goals.0'", "te groot"],
    ),
    (
        "a theme that is not that of the file",
        "wonen.yaml",
        "  core: true\n",
        "  theme: veiligheid\n",
        ["'woz-waarde'", "veld 'theme'", "is 'veiligheid'"],
    ),
    (
        "yes or no that is neither",
        "wonen.yaml",
        "  core: true\n",
        "  core: misschien\n",
        ["'woz-waarde'", "veld 'core'", "moet true of false zijn"],
    ),
    (
        "a direction without words for it",
        "wonen.yaml",
        "  direction: geen\n",
        "  direction: hoger-gunstig\n",
        ["'woz-waarde'", "'when_worse' en 'when_better'"],
    ),
    (
        "a part without its group",
        "wonen.yaml",
        "  core: true\n",
        "  part_of: huizenprijs\n",
        ["'woz-waarde'", "'part_of' en 'group' horen bij elkaar"],
    ),
    (
        "a part of what does not exist",
        "wonen.yaml",
        "  core: true\n",
        "  part_of: huizenprijzen\n  group: dorpen\n",
        ["'woz-waarde'", "veld 'part_of'", "'huizenprijzen' bestaat niet", "Bedoelde u 'huizenprijs'"],
    ),
    (
        "unknown family",
        "wonen.yaml",
        "  family: kwb-woningen\n",
        "  family: kwb-woning\n",
        ["'koopwoningen'", "veld 'family'", "'kwb-woning' bestaat niet", "Bedoelde u 'kwb-woningen'"],
    ),
    (
        "unknown weight",
        "wonen.yaml",
        "    weight: woningen\n",
        "    weight: wonigen\n",
        ["'woz-waarde'", "'wonigen' bestaat niet", "Bedoelde u 'woningen'"],
    ),
    (
        "unknown quantity to divide by",
        "wonen.yaml",
        "      per: woningen\n",
        "      per: huizen\n",
        ["'nieuwbouw'", "veld 'sources.per'", "'huizen' bestaat niet"],
    ),
    (
        "unknown table of an indicator",
        "wonen.yaml",
        "    - table: KWB-REEKS\n",
        "    - table: KWB-REKS\n",
        ["'woz-waarde'", "veld 'sources.table'", "'KWB-REKS' bestaat niet"],
    ),
    (
        "unknown table of a quantity",
        "quantities.yaml",
        "table: GEBIEDEN",
        "table: GEBIED",
        ["'inwoners'", "veld 'sources.table'", "'GEBIED' bestaat niet"],
    ),
    (
        "the same indicator twice",
        "wonen.yaml",
        "- id: huizenprijs\n",
        "- id: woz-waarde\n",
        ["'woz-waarde' staat er twee keer in"],
    ),
    (
        "a code that is no code",
        "regions.yaml",
        "code: GM0400",
        "code: GM400",
        ["'kop-van-noord-holland'", "veld 'members.0.code'", "niet de juiste vorm"],
    ),
    (
        "a municipality in two regions",
        "regions.yaml",
        "code: GM0037",
        "code: GM0400",
        ["GM0400", "'kop-van-noord-holland'", "'noord-en-oost-groningen'"],
    ),
    (
        "empty text",
        "regions.yaml",
        'name: "Den Helder"',
        'name: ""',
        ["'kop-van-noord-holland'", "veld 'members.0.name'", "is leeg"],
    ),
    (
        "a region without a label on the map",
        "map_labels.yaml",
        "{id: twente,",
        "{id: tukkerland,",
        ["'twente' bestaat niet"],
    ),
    (
        "shares that do not add up",
        "herindelingen.yaml",
        "share: 0.317701",
        "share: 0.217701",
        ["GM0140", "tellen niet op tot 1"],
    ),
    (
        "unknown region in a finding",
        FINDING_FILE,
        "  regions: [alle]\n",
        "  regions: [achterhoekk]\n",
        ["'voorzieningen-verder-weg'", "veld 'regions'", "Bedoelde u 'achterhoek'"],
    ),
    (
        "unknown theme in a finding",
        FINDING_FILE,
        "  themes: [voorzieningen]\n",
        "  themes: [winkels]\n",
        ["'voorzieningen-verder-weg'", "veld 'themes'", "'winkels' bestaat niet"],
    ),
    (
        "unknown indicator in a finding",
        FINDING_FILE,
        "    - id: afstand-ziekenhuis\n",
        "    - id: afstand-casino\n",
        ["'voorzieningen-verder-weg'", "veld 'indicators.id'", "'afstand-casino' bestaat niet"],
    ),
    (
        "unknown expectation in a finding",
        FINDING_FILE,
        "      expects: ongunstig\n",
        "      expects: slecht\n",
        ["'voorzieningen-verder-weg'", "veld 'indicators.0.expects'", "mag alleen"],
    ),
    (
        "unknown kind of finding",
        FINDING_FILE,
        "  kind: opgave\n",
        "  kind: klacht\n",
        ["'voorzieningen-verder-weg'", "veld 'kind'", "'spanning'"],
    ),
    (
        "the same finding twice",
        FINDING_FILE,
        "- id: te-weinig-mensen-voor-het-werk\n",
        "- id: voorzieningen-verder-weg\n",
        ["'voorzieningen-verder-weg' staat er twee keer in"],
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "says"), [b[1:] for b in BROKEN], ids=[b[0].replace(" ", "-") for b in BROKEN]
)
def test_a_broken_definition_is_named(folder: Path, name: str, old: str, new: str, says: list[str]) -> None:
    edit(folder, name, old, new)
    message = str(refused(folder))
    for part in says:
        assert part in message
    assert "\n" not in message
    assert name in message


# --- Wrong types are said in Dutch as well ---

TYPES = """
    case                | file               | old                 | new
    text for a list     | wonen.yaml         | goals: [1]          | goals: gezond
    half a number       | wonen.yaml         | decimals: 1         | decimals: 1.5
    text for yes or no  | sources.yaml       | margins: true       | margins: soms
    text for a group    | sources.yaml       | {Leeftijd: "10000"} | volwassenen
    a broken first line | goals.yaml         | - id: 1             | - [1]
    text for a number   | map_labels.yaml    | lon: 4.5            | lon: west
    too much            | herindelingen.yaml | share: 1.0          | share: 1.5
    nothing             | herindelingen.yaml | share: 1.0          | share: 0
"""


@pytest.mark.parametrize("case", cases(TYPES))
def test_the_reason_is_dutch(folder: Path, case: dict[str, str]) -> None:
    edit(folder, case["file"], case["old"], case["new"])
    message = str(refused(folder))
    assert case["file"] in message
    assert not re.search(r"\b(should|input|valid|unable|expected|must|got)\b", message, re.IGNORECASE), message


def test_a_file_of_indicators_that_is_no_theme_is_named(folder: Path) -> None:
    file_in(folder, "wonen.yaml").rename(folder / "definitions" / "indicators" / "huizen.yaml")
    assert "indicators/huizen.yaml: er is geen thema 'huizen'" in str(refused(folder))


def test_the_same_indicator_in_two_files_is_named_with_both(folder: Path) -> None:
    edit(folder, "milieu.yaml", "- id: natuur-en-bos\n", "- id: woz-waarde\n")
    message = str(refused(folder))
    assert "'woz-waarde' staat er twee keer in" in message and "milieu.yaml" in message and "wonen.yaml" in message


def test_without_indicators_there_is_a_way_out(folder: Path) -> None:
    shutil.rmtree(folder / "definitions" / "indicators")
    error = refused(folder)
    assert "indicators" in error.message and "git" in error.way_out


def test_families_that_are_no_names_with_fields_are_refused(folder: Path) -> None:
    file_in(folder, "families.yaml").write_text("- afstand\n", encoding="utf-8")
    assert "families.yaml moet uit namen met velden bestaan" in str(refused(folder))


FAMILY = """
    case                        | id                         | field            | says
    from the family             | afstand-museum             | unit             | km
    its own goes before         | woninginbraken             | decimals         | 2
    nested, from the family     | ervaren-gezondheid         | aggregation.kind | gewogen
    nested, its own             | zwaarbelaste-mantelzorgers | aggregation.reason | Het cijfer is een deel van de mantelzorgers; een grote gemeente telt zwaarder mee.
    nested, beside its own      | zwaarbelaste-mantelzorgers | aggregation.weight | inwoners
"""  # noqa: E501


@pytest.mark.parametrize("case", cases(FAMILY))
def test_what_indicators_share_comes_from_their_family(case: dict[str, str]) -> None:
    found: object = definitions().indicator(case["id"])
    for part in case["field"].split("."):
        found = getattr(found, part)
    assert str(found) == case["says"]


def test_an_entry_that_is_a_loose_sentence_is_refused_in_dutch(folder: Path) -> None:
    path = file_in(folder, "neighbours.yaml")
    path.write_text("- zomaar een zin\n", encoding="utf-8")
    message = str(refused(folder))
    assert "neighbours.yaml" in message and "ingang 1" in message
    assert "Input should" not in message


# --- Files that cannot be read ---


def test_invalid_yaml_is_named_with_its_line(folder: Path) -> None:
    path = file_in(folder, "themes.yaml")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[6] = "\t" + lines[6].lstrip()
    path.write_text("\n".join(lines), encoding="utf-8")
    message = str(refused(folder))
    assert "themes.yaml is geen geldige YAML bij regel 7" in message


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    file_in(folder, "goals.yaml").write_bytes(b"\xff\xfe\x00kapot")
    assert "goals.yaml is geen geldige YAML" in str(refused(folder))


@pytest.mark.parametrize("name", sorted(p.name for p in DEFINITIONS.glob("*.yaml") if p.name != WORDS_FILE))
def test_a_missing_file_is_named_with_the_way_out(folder: Path, name: str) -> None:
    file_in(folder, name).unlink()
    error = refused(folder)
    assert error.message == f"{name} ontbreekt." and "git" in error.way_out


def test_missing_everyday_words_are_named_as_well(folder: Path) -> None:
    """Only the search needs them: the other pages work without."""
    file_in(folder, WORDS_FILE).unlink()
    load(folder / "definitions", folder / "findings")
    with pytest.raises(DefinitionError, match=f"{WORDS_FILE} ontbreekt"):
        read_terms([], [], folder / "definitions")


@pytest.mark.parametrize("content", ["", "id: los\n", "zin\n"], ids=["empty", "one entry, no list", "a sentence"])
def test_a_file_that_is_no_list_is_refused(folder: Path, content: str) -> None:
    file_in(folder, "themes.yaml").write_text(content, encoding="utf-8")
    assert "themes.yaml moet een lijst zijn" in str(refused(folder))


def test_an_office_adds_its_own_file_of_findings(folder: Path) -> None:
    own = (FINDINGS / FINDING_FILE).read_text(encoding="utf-8").split("\n- id:")[1]
    finding = "- id:" + own.replace(" voorzieningen-verder-weg", " uit-ons-eigen-dorp", 1)
    (folder / "findings" / "eigen.yaml").write_text(finding, encoding="utf-8")
    ids = [f.id for f in load(folder / "definitions", folder / "findings").findings]
    assert "uit-ons-eigen-dorp" in ids and len(ids) == len(definitions().findings) + 1
    (folder / "findings" / "eigen.yaml").write_text(
        finding.replace(" uit-ons-eigen-dorp", " voorzieningen-verder-weg"), encoding="utf-8"
    )
    assert "'voorzieningen-verder-weg' staat er twee keer in" in str(refused(folder))


# --- Names that do not exist ---

UNKNOWN = """
    case               | what      | name         | suggests
    indicator, one off | indicator | overgewigt   | overgewicht
    indicator, part    | indicator | misdrijven   | geregistreerde-misdrijven
    region, capital    | region    | Achterhoek   | achterhoek
    region, spaces     | region    | zuid limburg | zuid-limburg
    table              | table     | RMBV-2023    | RMBW-2023
    quantity           | quantity  | woning       | woningen
    theme              | theme     | gezond       | gezondheid
    nothing like it    | region    | qqq          | twente
"""


@pytest.mark.parametrize("case", cases(UNKNOWN))
def test_an_unknown_name_is_answered_with_the_nearest(case: dict[str, str]) -> None:
    with pytest.raises(UnknownName) as caught:
        getattr(definitions(), case["what"])(case["name"])
    assert f"'{case['name']}'" in caught.value.message
    expected = "Mogelijk zijn: " if case["case"] == "nothing like it" else "Bedoelde u: "
    assert caught.value.way_out.startswith(expected) and case["suggests"] in caught.value.way_out


def test_every_edition_of_the_regional_monitor_resolves_to_the_description_that_we_know() -> None:
    """An edition that is imported later has figures before sources.yaml knows it."""
    known, later = definitions().table("RMBW-2023"), definitions().table("RMBW-2031")
    assert (later.id, later.page, later.publisher) == ("RMBW-2031", known.page, known.publisher)
    assert "2031" in later.title and "2023" not in later.title and not later.file
    for name in ("RMBW-31", "RMBW-20311", "rmbw-2031"):
        with pytest.raises(UnknownName):
            definitions().table(name)


# --- What ships ---


def test_eleven_regions_with_83_municipalities_of_the_current_layout() -> None:
    regions = definitions().regions
    assert [r.id for r in regions] == REGIONS
    codes = [c for r in regions for c in r.codes]
    assert len(codes) == len(set(codes)) == 83
    assert set(codes) <= set(edition().municipalities)


def test_every_municipality_stands_in_a_region_on_a_stated_ground_and_under_its_own_name() -> None:
    for region in definitions().regions:
        for member in region.members:
            assert member.ground and member.status, member.code
            assert edition().names[member.code] == member.name


def test_a_candidate_is_not_in_the_default_composition() -> None:
    noard = definitions().region("noard-fryslan")
    assert "GM0080" in {m.code for m in noard.candidates}  # Leeuwarden would change every figure
    assert "GM0080" not in noard.codes


@needs_shared
def test_the_composition_is_the_one_of_the_list_with_grounds() -> None:
    given = pd.read_csv(SHARED / "data" / "regio" / "npvr_gemeenten.csv")
    word = {"ja": "lid", "kandidaat": "kandidaat", "nee": "niet"}
    expected = {(r, c): word[m] for r, c, m in given[["regio", "statcode", "lid"]].itertuples(index=False)}
    assert {(r.id, m.code): m.membership for r in definitions().regions for m in r.members} == expected


def test_every_indicator_has_its_reasons_and_its_place() -> None:
    indicators = definitions().indicators
    assert len(indicators) >= 130
    for i in indicators:
        assert i.goals and i.aggregation.reason and i.direction_reason and i.why and i.description, i.id
        assert i.not_shown or i.caveat, i.id
        assert i.method == "register" or i.method_note, i.id
        assert i.direction == "geen" or i.when_worse != i.when_better, i.id
    assert {g for i in indicators for g in i.goals} == {1, 2, 3}
    assert {i.theme for i in indicators} == {t.id for t in definitions().themes}
    for names in ([i.name for i in indicators if not i.part_of], [i.caption for i in indicators]):
        assert len(names) == len(set(names))


def test_a_core_figure_says_what_it_does_not_show() -> None:
    core = [i for i in definitions().indicators if i.core]
    for goal in (1, 2, 3):
        assert 4 <= len([i for i in core if min(i.goals) == goal]) <= 12
    for i in core:
        assert i.not_shown and not i.part_of and i.id, i.id


def test_an_age_group_is_told_as_its_whole() -> None:
    """Method, direction and breaks of an age group are those of the figure that it stands beside."""
    parts = [i for i in definitions().indicators if i.part_of]
    assert len(parts) == 14 and {i.group for i in parts} == {"18 tot 65 jaar", "65 jaar en ouder"}
    for part in parts:
        whole = definitions().indicator(str(part.part_of))
        assert not whole.part_of
        for field in ("method", "direction", "unit", "decimals", "theme", "goals"):
            assert getattr(part, field) == getattr(whole, field), (part.id, field)
        assert [b.year for b in part.breaks] == [b.year for b in whole.breaks], part.id


def test_every_source_has_the_name_of_its_page() -> None:
    for table in definitions().tables:
        assert table.page.startswith("https://") and table.page_name and table.publisher, table.id
        assert table.newer is None or table.newer.table[:1].isalnum(), table.id


def test_a_stand_in_weight_is_always_named() -> None:
    """A share of adults, workers or people from 15 that is weighted by all inhabitants says so."""
    narrower = {
        i.id
        for i in definitions().indicators
        if i.aggregation.weight == "inwoners"
        and re.search(r"[Vv]olwassenen|beroepsbevolking|\b15 (jaar|tot)", i.caption)
    }
    assert {"overgewicht", "ervaren-gezondheid", "netto-arbeidsparticipatie", "werkloosheid"} <= narrower
    for name in narrower:
        assert definitions().indicator(name).aggregation.substitute_weight, name


def test_findings_of_many_kinds_with_tensions_and_a_source() -> None:
    findings = definitions().findings
    kinds = Counter(f.kind for f in findings)
    assert len(findings) >= 40 and kinds["spanning"] >= 2 and len(kinds) >= 5
    assert len({f.title for f in findings}) == len(findings)
    for f in findings:
        assert f.source.title and f.source.section and f.regions and f.goals
    assert {f.origin for f in findings} >= {"dialoog", "interview", "beleid"}


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_is_named_by_at_least_three_findings(region: str) -> None:
    """Named itself: what is said of all regions, or of the ten that were visited, does not count."""
    own = [f for f in definitions().findings if region in f.regions and not f.common]
    assert len(own) >= 3, [f.id for f in own]
    assert set(own) <= set(definitions().findings_for(region))


def test_noord_en_oost_groningen_says_that_its_dialogue_still_had_to_take_place() -> None:
    own = [f for f in definitions().findings if "noord-en-oost-groningen" in f.regions]
    told = next(f for f in own if f.id == "gesprek-in-groningen-moest-nog-komen")
    assert told.regions == ("noord-en-oost-groningen",)
    assert re.search(r"moest nog|nog niet", f"{told.title} {told.summary}")
    # No finding of a dialogue is put in the mouth of a region that had none.
    assert not [f.id for f in own if f.origin in ("dialoog", "interview") and "alle" not in f.regions and f != told]


def test_a_finding_that_expects_something_of_a_figure_asks_what_the_figure_can_say() -> None:
    for f in definitions().findings:
        for x in f.indicators:
            indicator = definitions().indicator(x.id)
            if x.expects in ("gunstig", "ongunstig"):
                assert indicator.direction != "geen", (f.id, x.id)
            if x.expects != "meet-niet":
                assert indicator.aggregation.kind in ("gewogen", "verhouding"), (f.id, x.id)


def test_findings_about_the_region_itself_come_before_those_about_all() -> None:
    about = ["alle" in f.regions for f in definitions().findings_for("achterhoek")]
    assert True in about and False in about and about == sorted(about)


PHONE = re.compile(r"(?<![\d.])(?:\+31|0031|0)(?:[\s\-()]*[1-9])(?:[\s\-()]*\d){7,8}(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


@pytest.mark.parametrize("text", ["06-12345678", "06 12 34 56 78", "+31 6 1234 5678", "0314-123456", "(0314) 12 34 56"])
def test_the_phone_pattern_finds_phones(text: str) -> None:
    assert PHONE.search(text)


def test_no_finding_holds_a_phone_number_or_an_address() -> None:
    for path in sorted(FINDINGS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        assert not PHONE.search(text) and not MAIL.search(text)


@needs_shared
def test_a_finding_is_in_our_own_words() -> None:
    """No text of a finding shares seven words in a row with a source document, whatever the line ends and accents."""

    def runs(text: str) -> set[tuple[str, ...]]:
        plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
        words = re.findall(r"\w+", plain)
        return {tuple(words[k : k + 7]) for k in range(len(words) - 6)}

    documents = list((SHARED / "bronnen").glob("*.txt"))
    assert documents
    texts = [p.read_text(encoding="utf-8", errors="replace") for p in documents]
    # A word broken over a line end is one word.
    texts += [re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", t) for t in texts]
    copied = set().union(*(runs(t) for t in texts))
    assert len(copied) > 10_000
    for f in definitions().findings:
        notes = " . ".join(x.note or "" for x in f.indicators)
        for text in (f.title, f.summary, f.source.section, notes):
            assert not runs(text) & copied, f.id


@pytest.mark.parametrize("what", ["indicators", "regions", "findings", "tables", "layout"])
def test_definitions_cannot_be_changed(what: str) -> None:
    found = getattr(definitions(), what)
    one = found[0] if isinstance(found, tuple) else found
    field = next(iter(type(one).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(one, field, "anders")


def test_a_field_that_stands_twice_is_refused(folder: Path) -> None:
    edit(folder, "goals.yaml", "- id: 1\n", "- id: 1\n  name: Eerst\n")
    message = str(refused(folder))
    assert "goals.yaml" in message and "'name' staat er twee keer in" in message


def test_a_missing_folder_of_findings_is_named(folder: Path) -> None:
    with pytest.raises(DefinitionError, match="bevindingen ontbreekt"):
        load(folder, folder / "weg")
