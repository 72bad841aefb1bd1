"""The codebook and the findings belong together, and the agreement of two readers is what the formulas say."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from monitor.definitions import load
from monitor.definitions.models import Finding
from monitor.dialogue.agreement import Counts, SecondReading, compare, draw, read_second, table
from monitor.errors import DefinitionError
from monitor.paths import DEFINITIONS, FINDINGS, ROOT
from tests.spec_table import SHARED, cases, definitions, needs_shared

CODEBOOK = ROOT / "docs" / "codeerboek.md"
SAMPLE = ROOT / "data" / "codering" / "steekproef.yaml"
SECOND = ROOT / "data" / "codering" / "tweede-lezing.yaml"
REPORT = "2024-12_twynstragudde_eindrapport-regiodialogen"
BUNDLE = "2025-03-05_achterhoek_bundel-algemeen-bestuur"


@cache
def codebook() -> str:
    """The text of the codebook."""
    return CODEBOOK.read_text(encoding="utf-8")


@cache
def chapters() -> dict[str, list[list[str]]]:
    """Per document the rows of its table: heading, and the findings or the reason why there are none."""
    found = re.findall(r"^## [^\n]*\(`([\w.-]+)`\)\n(.*?)(?=^## |\Z)", codebook(), re.MULTILINE | re.DOTALL)
    lines = {document: re.findall(r"^\| (.+) \|$", text, re.MULTILINE)[1:] for document, text in found}
    return {document: [line.split(" | ") for line in rows] for document, rows in lines.items()}


def named(rows: list[list[str]]) -> set[str]:
    """The ids of findings in the rows of a table."""
    return {name for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row[1])}


@cache
def by_id() -> dict[str, Finding]:
    """The findings that ship."""
    return {f.id: f for f in definitions().findings}


# --- The codebook names every finding, and every heading ---


def test_the_codebook_has_a_table_for_every_document() -> None:
    assert set(chapters()) == {f.source.document for f in definitions().findings}
    assert all(len(row) == 2 for rows in chapters().values() for row in rows)


@pytest.mark.parametrize("document", sorted({f.source.document for f in definitions().findings}))
def test_every_finding_stands_under_its_document_and_every_name_is_a_finding(document: str) -> None:
    assert named(chapters()[document]) == {f.id for f in definitions().findings if f.source.document == document}


def test_a_heading_without_findings_says_why() -> None:
    for document, rows in chapters().items():
        for heading, text in rows:
            assert named([[heading, text]]) or re.match(r"Geen\. \S.{15,}\.$", text), (document, heading)


def test_the_counts_in_the_codebook_are_those_of_the_findings() -> None:
    findings = definitions().findings
    expects = Counter(x.expects for f in findings for x in f.indicators)
    silent = expects["meet-niet"]
    assert f"Er zijn {len(findings)} bevindingen." in codebook()
    text = " ".join(codebook().split())
    assert f"Er zijn {expects.total() - silent} verwijzingen naar een cijfer" in text
    assert f"en {silent} naar een cijfer" in text
    for counter in (Counter(f.kind for f in findings), Counter(f.origin for f in findings)):
        assert ", ".join(f"{name} {n}" for name, n in counter.most_common()) in codebook()
    for n in Counter(f.source.document for f in findings).values():
        assert f" | {n} |" in codebook()


# The headings of the report, in order, each by its first words (at most six, as the codebook shows them).
HEADINGS = """
    Spoken word / 1. Context van de opdracht / 1.1. Aanleiding / 1.2. Opdracht / Beoogd resultaat / 1.3. Aanpak
    Opzet van de regiodialoog: vanuit andere / Aanpak / Regiokaart / Interviews / Tweedaagse regiodialoog
    Regioreflectie / 2. De rode draden / 2.1. Inhoudelijke opgaves / Overeenkomsten / Aanvullende kenmerken
    Een glazen wand rond Zuid-Limburg / 2.2. Knelpunten in de interactie / Landelijke normen versus regionale praktijk
    Docent en leerlingen aan het woord / (on)bereikbaarheid / Sectorale oriëntatie conditioneert sectorale invulling
    Maatschappelijke impact is beperkt uit te / Kracht en kwetsbaarheid van het verenigingsleven
    Kortlopende middelen stimuleren kortetermijndenken / Een wankel evenwicht
    Transactionele samenwerking die komt en / Het belang van een gemeenschap / Beperkte kennis van elkaars praktijk
    Een Superjuf / Nationale aandacht afhankelijk van regionale / Structurele regionale vraagarticulatie en samenwerking
    Kansen? / Een economisch frame is hardnekkig / Het commitment stopt vaak bij de
    Beperkte capaciteit, kennis en competentie / Lichaam Nederland / 3. Behoeftes voor vervolg
    Committeer langjarig op de opgave / Werk aan onderling vertrouwen en verbinding
    Verschillende perspectieven op werk / Hanteer een lerende aanpak / Anders onderbouwen en verantwoorden bij
    Wonen en verenigingsleven / Rijksregie op hoofdlijnen, regio verzorgt / Maak uitzonderingen
    Helpen bij regionaal organiseren / Drentse Durf / 4. Concrete ideeën / Doorontwikkeling van RijksHubs tot RegioHubs
    Regioambassadeurs en Rijksverbinders / Interbestuurlijke programmateams
    Rijksvertegenwoordiger en bestuurlijk trekker met / Regionale klankbordgroep
    Structurele uitwisseling van medewerkers / Olievlekwerking / Samen monitoren / Geldstromen op doelniveau
    Interbestuurlijk leernetwerk / Jaarlijks leerevent / Reflectieve verantwoording / Kennisplatform vitale regio’s
    Regio-intervisienetwerk / Regiowandelingen / Perspectiefwissel in kaarten / Jaarlijkse regioreis
    5. Tot slot; reflecties op wat / Verschil en overeenkomst / Houvast en plannen bij complexe vraagstukken,
    Sturen zonder grip vraagt iets van / Van sturing tot andere waarde komen / Vergeet de mensen niet om wie
"""


def headings() -> list[str]:
    """The headings of the report, in order."""
    return [h.strip() for line in HEADINGS.strip().splitlines() for h in line.split(" / ")]


def test_the_table_of_the_report_has_every_heading_in_order() -> None:
    shown = [row[0].removesuffix(" …") for row in chapters()[REPORT]]
    assert shown == headings()


@cache
def source_lines(document: str) -> list[str]:
    """The lines of a source text, without spaces around them."""
    text = (SHARED / "bronnen" / f"{document}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.split("\n")]


@needs_shared
def test_the_headings_are_those_of_the_report() -> None:
    """Each heading in the list stands in the report, in this order, at the start of a line."""
    # A heading may run over two lines, with an empty one or a broken word between them.
    starts = [(i, line) for i, line in enumerate(source_lines(REPORT)) if line]
    joined = [(i, f"{line} {starts[k + 1][1] if k + 1 < len(starts) else ''}") for k, (i, line) in enumerate(starts)]
    plain = [(i, line.lstrip("‘").replace("bestuur- lijk", "bestuurlijk")) for i, line in joined]
    for heading in headings():
        assert any(line.startswith(heading) for _, line in plain), heading


@needs_shared
def test_no_heading_that_the_report_marks_itself_is_left_out() -> None:
    """What can be told a heading from the text alone: numbered, above an interview, or standing apart above prose."""
    lines = source_lines(REPORT)
    follow = {i: next((k for k in range(i + 1, len(lines)) if lines[k]), i) for i in range(len(lines))}
    marked = {line for line in lines if re.match(r"\d\.(\d\.)? ?[A-Z][^;]{3,40}$", line)}
    marked |= {lines[i - 1] for i, line in enumerate(lines) if re.match(r"(Interview|Uitspraken) uit", line)}
    for i, line in enumerate(lines[1:-1], start=1):
        apart = line and not lines[i - 1] and not lines[i + 1] and line[0].isupper() and line[-1] not in ".,;:-”"
        above = follow[i]
        if apart and len(lines[above]) > 55 and lines[above + 1]:
            marked.add(line)
    assert len(marked) > 25
    for line in marked:
        assert any(line.startswith(h) for h in headings()), line


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of seven words, without accents and capitals."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", plain)
    return {tuple(words[k : k + 7]) for k in range(len(words) - 6)}


@needs_shared
def test_the_codebook_is_in_our_own_words() -> None:
    copied = set().union(*(runs(p.read_text(encoding="utf-8")) for p in (SHARED / "bronnen").glob("*.txt")))
    pieces = [cell for rows in chapters().values() for row in rows for cell in row]
    pieces += re.split(r"\n\n", codebook().split("\n## Eindrapport")[0])
    for piece in pieces:
        assert not runs(piece) & copied, piece


# --- The findings keep the rules of the codebook ---


def test_the_sources_are_coded_completely() -> None:
    findings = definitions().findings
    kinds = Counter((f.kind, f.source.document) for f in findings)
    assert len(findings) >= 110
    assert kinds["idee", REPORT] == 17  # chapter 4 counts 17 ideas
    assert sum(f.id.startswith("doel-") for f in findings) == 3
    principles = [re.match(r"Uitgangspunt (\d):", f.title) for f in findings]
    assert [m[1] for m in principles if m] == list("123456")
    memo = [f for f in findings if f.source.document == BUNDLE and "onderdeel B, " in f.source.section]
    assert sum("opgave" in f.source.section for f in memo) == 5
    assert [f.title[:6] for f in memo if "knop" in f.source.section] == ["Knop 1", "Knop 2", "Knop 3"]
    advice = [f for f in findings if f.source.document.startswith("lvkk")]
    assert sum(f.title.startswith("Aanbeveling ") for f in advice) == 3
    assert {f.title.split(":")[0] for f in advice} >= {"Wat goed gaat", "Wat beter kan"}


def test_a_story_or_a_tension_expects_nothing_and_a_tension_names_its_figure() -> None:
    for f in definitions().findings:
        if f.kind in ("verhaal", "spanning", "idee", "behoefte"):
            assert all(x.expects == "meet-niet" for x in f.indicators), f.id
        assert f.kind != "spanning" or f.indicators, f.id


def test_every_link_to_a_figure_says_its_limit_and_no_figure_stands_twice() -> None:
    for f in definitions().findings:
        assert all(x.note and x.note.endswith(".") for x in f.indicators), f.id
        assert len({x.id for x in f.indicators}) == len(f.indicators), f.id


def test_titles_and_summaries_are_short() -> None:
    """A title of one sentence, a summary of one to four, none longer than a reader can keep in mind."""
    for f in definitions().findings:
        assert len(f.title) <= 110 and not f.title.endswith("."), f.id
        sentences = re.split(r"(?<=[.?!]) (?=[A-Z'])", f.summary)
        assert 1 <= len(sentences) <= 5, f.id
        assert max(len(s.split()) for s in sentences) <= 38, (f.id, max(sentences, key=len))


# The needs in the legend of chapter 4; which icon stood with which idea is lost in the text.
LEGEND = {
    "lang-betrokken-blijven",
    "vertrouwen-is-een-doel",
    "proberen-en-leren",
    "ook-ervaringen-tellen",
    "regio-vult-het-plan-in",
    "een-uitzondering-mag",
}


def test_every_idea_serves_a_need_and_the_codebook_says_that_this_is_our_reading() -> None:
    ideas = [f for f in definitions().findings if f.kind == "idee"]
    assert all(f.serves and len(set(f.serves)) == len(f.serves) for f in ideas)
    of_report = [f for f in ideas if f.source.document == REPORT]
    assert {n for f in of_report for n in f.serves} == LEGEND
    # Needs of one text are not served by an idea from another.
    assert all(by_id()[n].source.document == f.source.document for f in ideas for n in f.serves)
    text = " ".join(codebook().replace("**", "").split())
    assert "tekens zijn in de tekstversie verloren gegaan: wat hier staat, is onze eigen lezing" in text
    assert all(f"`{n}`" in text for n in LEGEND)


REFUSED = """
    case                  | finding             | serves                   | says
    an idea without need  | buurland-op-de-kaart | [er-is-geen-zo-een]     | 'er-is-geen-zo-een' bestaat niet
    one letter off        | buurland-op-de-kaart | [een-uitzondering-ma]   | Bedoelde u 'een-uitzondering-mag'
    it serves an idea     | buurland-op-de-kaart | [samen-in-een-team]     | 'samen-in-een-team' is geen behoefte
    a need serves nothing | proberen-en-leren    | [een-uitzondering-mag]  | alleen een bevinding van de soort 'idee'
"""


@pytest.mark.parametrize("case", cases(REFUSED))
def test_a_wrong_need_is_refused_with_file_and_finding(tmp_path: Path, case: dict[str, str]) -> None:
    copy = tmp_path / "findings"
    shutil.copytree(FINDINGS, copy)
    path = copy / "regiodialogen-behoeften-en-ideeen.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index(f"- id: {case['finding']}\n")
    entry = re.sub(r"  serves: .*\n", "", text[start:].split("\n- id: ")[0])
    changed = entry.replace("  source:\n", f"  serves: {case['serves']}\n  source:\n", 1)
    path.write_text(text[:start] + text[start:].replace(text[start:].split("\n- id: ")[0], changed, 1), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load(DEFINITIONS, copy)
    told = f"{caught.value.message} {caught.value.way_out}"
    assert path.name in told and f"'{case['finding']}'" in told and case["says"] in told


# --- The second reading: the sample ---


@cache
def sample() -> dict[str, Any]:
    """The drawn findings, as they lie in the repository."""
    return dict(yaml.safe_load(SAMPLE.read_text(encoding="utf-8")))


def test_the_sample_is_what_the_rule_draws() -> None:
    drawn = [d["finding"] for d in sample()["drawn"]]
    assert len(drawn) == len(set(drawn)) == 30 and set(drawn) <= set(by_id())
    assert [d["number"] for d in sample()["drawn"]] == list(range(1, 31))
    assert all(by_id()[d["finding"]].source.document == d["document"] for d in sample()["drawn"])
    if len(by_id()) == sample()["total"]:  # findings that are added later would change a new draw, not this one
        assert tuple(drawn) == draw(definitions().findings, 30)


@needs_shared
def test_every_passage_of_the_sample_stands_in_its_source() -> None:
    for d in sample()["drawn"]:
        lines = source_lines(d["document"])
        for part in d["lines"].split(", "):
            first, last = map(int, part.split("-"))
            assert 0 < first <= last <= len(lines) and any(lines[first - 1 : last]), d


def numbered(n: int, kind: str, document: str) -> list[Any]:
    """Findings with nothing but what the draw looks at."""
    source = SimpleNamespace(document=document)
    return [SimpleNamespace(id=f"{kind}-{document}-{k}", kind=kind, source=source) for k in range(n)]


def test_a_draw_follows_the_shares_and_not_the_order() -> None:
    # 6 : 3 : 1 of 10; of 5 drawn: 3, 1.5 and 0.5. Rounded down 3, 1, 0; the one left goes to the largest remainder,
    # which the last two share (0.5): the first by name, ('idee', 'a') before ('spanning', 'b').
    some = numbered(6, "verhaal", "a") + numbered(3, "idee", "a") + numbered(1, "spanning", "b")
    drawn = draw(some, 5)
    assert Counter(name.rsplit("-", 1)[0] for name in drawn) == {"verhaal-a": 3, "idee-a": 2}
    assert draw(reversed(some), 5) == drawn and len(draw(some, 10)) == 10
    for wrong in (0, 11):
        with pytest.raises(ValueError, match="more findings"):
            draw(some, wrong)


def test_a_draw_is_the_same_on_every_computer() -> None:
    # sha256sum gives 6f98... for 'x-d-0', 311f... for 'x-d-1' and 4659... for 'x-d-2'.
    assert draw(numbered(3, "x", "d"), 3) == ("x-d-1", "x-d-2", "x-d-0")


# --- The second reading: the agreement ---


def test_kappa_of_a_table_calculated_by_hand() -> None:
    # 20 both, 5 only the first, 10 only the second, 15 neither: po = 35/50 = 0.7; the first says yes 25 times, the
    # second 30 times: pe = 0.5 x 0.6 + 0.5 x 0.4 = 0.5; kappa = 0.2 / 0.5 = 0.4.
    counts = Counts(20, 5, 10, 15)
    assert counts.decisions == 50 and counts.observed == pytest.approx(0.7) and counts.kappa == pytest.approx(0.4)


KAPPAS = """
    case                       | both | first | second | neither | observed | kappa
    always agree               | 3    | 0     | 0      | 7       | 1        | 1
    never agree                | 0    | 5     | 5      | 0       | 0        | -1
    as chance would            | 1    | 1     | 1      | 1       | 0.5      | 0
    nobody ever says yes       | 0    | 0     | 0      | 9       | 1        | none
    both always say yes        | 9    | 0     | 0      | 0       | 1        | none
    one says yes once          | 0    | 1     | 0      | 3       | 0.75     | 0
    often agree, rare label    | 0    | 1     | 1      | 8       | 0.8      | -0.111111
"""


@pytest.mark.parametrize("case", cases(KAPPAS))
def test_kappa_at_the_edges(case: dict[str, str]) -> None:
    counts = Counts(*(int(case[k]) for k in ("both", "first", "second", "neither")))
    assert counts.observed == pytest.approx(float(case["observed"]))
    expected = None if case["kappa"] == "none" else pytest.approx(float(case["kappa"]), abs=1e-6)
    assert counts.kappa == expected


def sets(**said: str) -> dict[str, frozenset[Any]]:
    """Labels per finding, each label one letter."""
    return {name: frozenset(labels) for name, labels in said.items()}


FIRST = sets(f1="A", f2="AB", f3="B", f4="", f5="A")
OTHER = sets(f1="A", f2="A", f3="AB", f4="B", f5="A")


def test_two_readings_compared_by_hand() -> None:
    """Five findings, labels A, B and C, worked out on paper.

    A: both f1 f2 f5, only second f3, neither f4: po = 4/5, pe = (3x4 + 2x1)/25 = 14/25, kappa = (20-14)/(25-14) = 6/11.
    B: both f3, only first f2, only second f4, neither f1 f5: po = 3/5, pe = (2x2 + 3x3)/25 = 13/25, kappa = 2/12.
    C: nobody. Together 4, 1, 2, 8 of 15: po = 12/15, pe = (5x6 + 10x9)/225 = 120/225, kappa = 60/105 = 4/7.
    Identical: f1 and f5, 2 of 5. Jaccard: 1, 1/2, 1/2, 0, 1, mean 3/5.
    """
    found = compare(FIRST, OTHER, ["A", "B", "C"])
    per = dict(found.per_label)
    assert list(per) == ["A", "B", "C"] and found.findings == 5
    assert per["A"] == Counts(3, 0, 1, 1) and per["A"].kappa == pytest.approx(6 / 11)
    assert per["B"] == Counts(1, 1, 1, 2) and per["B"].kappa == pytest.approx(1 / 6)
    assert per["C"] == Counts(0, 0, 0, 5) and per["C"].kappa is None and per["C"].observed == 1
    assert found.overall == Counts(4, 1, 2, 8) and found.overall.kappa == pytest.approx(4 / 7)
    assert found.identical == pytest.approx(2 / 5) and found.jaccard == pytest.approx(3 / 5)


def test_turning_the_readers_round_changes_nothing_but_the_columns() -> None:
    one, other = compare(FIRST, OTHER, ["A", "B", "C"]), compare(OTHER, FIRST, ["A", "B", "C"])
    assert (one.identical, one.jaccard, one.overall.kappa) == (other.identical, other.jaccard, other.overall.kappa)
    assert one.overall.only_first == other.overall.only_second == 1


def test_two_empty_sets_are_alike() -> None:
    found = compare(sets(f1="", f2="A"), sets(f1="", f2="A"), ["A"])
    assert found.identical == found.jaccard == 1 and found.overall.kappa == 1


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [({}, {}, "A"), (sets(f1="A"), sets(f2="A"), "A"), (sets(f1="A"), sets(f1="X"), "A"), (FIRST, OTHER, "")],
    ids=["nothing", "other findings", "unknown label", "no labels"],
)
def test_what_cannot_be_compared_is_refused(first: Any, second: Any, labels: str) -> None:
    with pytest.raises(ValueError, match=r"needed|does not exist"):
        compare(first, second, list(labels))


READINGS = """
    case            | text                                                      | says
    unknown finding | - {finding: bestaat-niet, themes: [], goals: [1]}         | 'bestaat-niet': deze bevinding
    unknown theme   | - {finding: halte-zonder-bus, themes: [weer], goals: [1]} | 'weer' bestaat niet
    a fourth goal   | - {finding: halte-zonder-bus, themes: [], goals: [4]}     | goals
    goals left out  | - {finding: halte-zonder-bus, themes: []}                 | veld 'goals': ontbreekt
    no list         | finding: halte-zonder-bus                                 | moet een lijst zijn
"""


@pytest.mark.parametrize("case", cases(READINGS))
def test_a_wrong_second_reading_is_refused_in_one_sentence(tmp_path: Path, case: dict[str, str]) -> None:
    path = tmp_path / "tweede-lezing.yaml"
    path.write_text(case["text"] + "\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_second(path, definitions())
    assert path.name in caught.value.message and case["says"] in caught.value.message


def test_a_finding_read_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tweede-lezing.yaml"
    path.write_text("- {finding: halte-zonder-bus, themes: [], goals: [1]}\n" * 2, encoding="utf-8")
    with pytest.raises(DefinitionError, match="staat er twee keer in"):
        read_second(path, definitions())


def test_the_table_tells_the_agreement_in_dutch_notation() -> None:
    """A reader who repeats our codes agrees everywhere; one who leaves all themes out agrees where we gave none."""
    ours = [by_id()[d["finding"]] for d in sample()["drawn"]]
    same = [SecondReading(finding=f.id, themes=f.themes, goals=f.goals) for f in ours]
    text = table(definitions(), same)
    assert "Precies dezelfde thema's bij 100% van de 30 bevindingen; gemiddelde Jaccard 1,00." in text
    assert re.search(r"\| \*\*Alle thema's samen\*\* \| \d+ \| 0 \| 0 \| \d+ \| 100% \| 1,00 \|", text)
    empty = table(definitions(), [s.model_copy(update={"themes": ()}) for s in same])
    none = sum(not f.themes for f in ours)
    assert f"dezelfde thema's bij {round(100 * none / 30)}% van de 30" in empty
    assert "dezelfde doelen bij 100%" in empty and "nan" not in empty


def test_the_agreement_in_the_codebook_is_what_the_second_reading_gives() -> None:
    if not SECOND.exists():
        pytest.skip("De tweede lezing (data/codering/tweede-lezing.yaml) is er nog niet.")
    second = read_second(SECOND, definitions())
    assert {s.finding for s in second} == {d["finding"] for d in sample()["drawn"]}
    told = codebook().split("<!-- overeenkomst: begin -->\n")[1].split("<!-- overeenkomst: einde -->")[0]
    assert table(definitions(), second) in told
