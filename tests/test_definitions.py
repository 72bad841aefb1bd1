"""The definitions that ship are whole; a broken one is named by file, entry and field."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from monitor.definitions import load
from monitor.errors import DefinitionError, UnknownName
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
    return folder / ("findings" if name == FINDING_FILE else "definitions") / name


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
        "indicators.yaml",
        "  unit: per-1000-inwoners\n",
        "  unit: per-1000-inwoners\n  kleur: rood\n",
        ["'geregistreerde-misdrijven'", "veld 'kleur'", "bestaat niet"],
    ),
    (
        "missing field",
        "indicators.yaml",
        "  unit: per-1000-inwoners\n",
        "",
        ["'geregistreerde-misdrijven'", "veld 'unit'", "ontbreekt"],
    ),
    (
        "text where a number is asked",
        "indicators.yaml",
        "  decimals: 1\n",
        "  decimals: veel\n",
        ["'geregistreerde-misdrijven'", "veld 'decimals'", "moet een geheel getal zijn"],
    ),
    (
        "number where text is asked",
        "indicators.yaml",
        "  name: Geregistreerde misdrijven\n",
        "  name: 12\n",
        ["'geregistreerde-misdrijven'", "veld 'name'", "moet tekst zijn"],
    ),
    (
        "a word that is no choice",
        "indicators.yaml",
        "  direction: lager-gunstig\n",
        "  direction: omlaag\n",
        ["'geregistreerde-misdrijven'", "veld 'direction'", "mag alleen", "'hoger-gunstig'", "of 'geen'"],
    ),
    (
        "unknown aggregation class",
        "indicators.yaml",
        "    class: gewogen\n",
        "    class: gemiddeld\n",
        ["'geregistreerde-misdrijven'", "veld 'aggregation.class'", "'verhouding'"],
    ),
    (
        "weighted without weight",
        "indicators.yaml",
        "    weight: inwoners\n",
        "",
        ["'geregistreerde-misdrijven'", "veld 'aggregation'", "vraagt het veld 'weight'"],
    ),
    (
        "no place for the value",
        "indicators.yaml",
        "registreerde de politie {value} misdrijven",
        "registreerde de politie veel misdrijven",
        ["'geregistreerde-misdrijven'", "'clause' moet {value} bevatten"],
    ),
    (
        "goal beyond three",
        "indicators.yaml",
        "  goals: [1]\n",
        "  goals: [4]\n",
        ["'geregistreerde-misdrijven'", "veld 'goals.0'", "te groot"],
    ),
    (
        "unknown theme",
        "indicators.yaml",
        "  theme: veiligheid\n",
        "  theme: veilighied\n",
        ["'geregistreerde-misdrijven'", "veld 'theme'", "'veilighied' bestaat niet", "Bedoelde u 'veiligheid'"],
    ),
    (
        "unknown weight",
        "indicators.yaml",
        "    weight: inwoners\n",
        "    weight: inwonners\n",
        ["'geregistreerde-misdrijven'", "'inwonners' bestaat niet", "Bedoelde u 'inwoners'"],
    ),
    (
        "unknown table of an indicator",
        "indicators.yaml",
        "    - table: RMBW-2023\n",
        "    - table: RMBW-2032\n",
        ["'geregistreerde-misdrijven'", "veld 'sources.table'", "'RMBW-2032' bestaat niet"],
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
        "indicators.yaml",
        "- id: vrijwilligerswerk\n",
        "- id: geregistreerde-misdrijven\n",
        ["'geregistreerde-misdrijven' staat er twee keer in"],
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
        "    - id: afstand-bioscoop\n",
        ["'voorzieningen-verder-weg'", "veld 'indicators.id'", "'afstand-bioscoop' bestaat niet"],
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
    text for a list     | indicators.yaml    | goals: [1]          | goals: gezond
    half a number       | indicators.yaml    | decimals: 1         | decimals: 1.5
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


@pytest.mark.parametrize("name", sorted(p.name for p in DEFINITIONS.glob("*.yaml")))
def test_a_missing_file_is_named_with_the_way_out(folder: Path, name: str) -> None:
    file_in(folder, name).unlink()
    error = refused(folder)
    assert error.message == f"{name} ontbreekt." and "git" in error.way_out


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
    table              | table     | RMBW-2024    | RMBW-2023
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


def test_twelve_indicators_each_with_reason_and_place() -> None:
    indicators = definitions().indicators
    assert len(indicators) == 12
    for i in indicators:
        assert i.goals and i.aggregation.reason and i.direction_reason and i.not_shown, i.id
        assert i.method == "register" or i.method_note, i.id
    assert {g for i in indicators for g in i.goals} == {1, 2, 3}


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
    assert len(findings) >= 12 and kinds["spanning"] >= 2 and len(kinds) >= 5
    for f in findings:
        assert f.source.title and f.source.section and f.regions and f.goals
    for region in REGIONS:
        assert definitions().findings_for(region), region


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
    """No title or summary shares eight words in a row with a source document."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[k : k + 8]) for k in range(len(words) - 7)}

    documents = list((SHARED / "bronnen").glob("*.txt"))
    assert documents
    copied = set().union(*(runs(p.read_text(encoding="utf-8", errors="replace")) for p in documents))
    assert len(copied) > 10_000
    for f in definitions().findings:
        assert not (runs(f.title) | runs(f.summary)) & copied, f.id


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
