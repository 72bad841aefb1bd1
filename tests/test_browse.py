"""Choosing among findings: filters, and words whatever their accents, capitals and order."""

from __future__ import annotations

import pytest

from monitor.definitions import Finding
from monitor.definitions.models import FindingSource
from monitor.dialogue.browse import choose
from tests.spec_table import cases, definitions


def finding(name: str, title: str, summary: str = "Een zin.", **fields: object) -> Finding:
    """A finding with the fields that a case needs."""
    whole = {
        "kind": "knelpunt",
        "regions": ("twente",),
        "themes": ("wonen",),
        "goals": (1,),
        "source": FindingSource(document="d", title="Verslag van de gesprekken", section="paragraaf 2.1"),
        "date": "2024-11",
        "origin": "dialoog",
        **fields,
    }
    return Finding(id=name, title=title, summary=summary, **whole)  # type: ignore[arg-type]


MANY = tuple(r.id for r in definitions().regions[:9])
OWN = (
    finding("iedereen", "Bus weg, auto nodig", regions=("alle",), goals=(2, 3)),
    finding(
        "cafe", "Het café in Noardeast-Fryslân sloot", "De één ging, en Ljouwert ís ver.", regions=("noard-fryslan",)
    ),
    finding("huis", "Geen huis in eigen dorp", kind="verhaal", regions=("zuidoost-fryslan",), themes=("wonen",)),
    finding("zorg", "De zorg is ver", "Wie geen auto heeft, komt er niet.", themes=("gezondheid",), goals=(3,)),
    finding("negen", "Gehoord in negen regio’s", regions=MANY, themes=("samenleving",)),
)


def chosen(**asked: object) -> str:
    """The ids of what fits, in order."""
    return " ".join(f.id for f in choose(OWN, **asked))  # type: ignore[arg-type]


SEARCHES = """
    case                      | search                 | found
    nothing asked             |                        | iedereen cafe huis zorg negen
    only spaces               |                        | iedereen cafe huis zorg negen
    one word                  | dorp                   | huis
    capitals                  | CAFÉ                   | cafe
    without the accent        | cafe                   | cafe
    an accent too many        | dörp                   | huis
    circumflex                | fryslan                | cafe
    in the summary            | ljouwert               | cafe
    part of a word            | frys                   | cafe
    words in any order        | nodig auto             | iedereen
    words from both texts     | auto zorg              | zorg
    in one, not in another    | auto                   | iedereen zorg
    all words must be there   | auto dorp              |
    in the title of a source  | gesprekken             | iedereen cafe huis zorg negen
    in the section            | 2.1                    | iedereen cafe huis zorg negen
    curly or straight mark    | regio's                | negen
    curly mark                | regio’s                | negen
    nothing like it           | kernfusie              |
    a regular expression      | .*                     |
    a bracket                 | (                      |
    a comma belongs to a word | weg,                   | iedereen
"""


@pytest.mark.parametrize("case", cases(SEARCHES))
def test_words_are_found_whatever_accents_capitals_and_order(case: dict[str, str]) -> None:
    search = "   " if case["case"] == "only spaces" else case["search"]
    assert chosen(search=search) == case["found"]


FILTERS = [
    ("kind", {"kind": "verhaal"}, "huis"),
    ("theme", {"theme": "gezondheid"}, "zorg"),
    ("goal", {"goal": 3}, "iedereen zorg"),
    ("goal of several", {"goal": 2}, "iedereen"),
    # What names the region comes before what was heard everywhere.
    ("region", {"regions": ("twente",)}, "zorg iedereen negen"),
    ("either region", {"regions": ("noard-fryslan", "zuidoost-fryslan")}, "cafe huis iedereen negen"),
    ("a region outside the nine", {"regions": ("zeeuws-vlaanderen",)}, "iedereen"),
    ("region and goal", {"regions": ("twente",), "goal": 3}, "zorg iedereen"),
    ("kind and word", {"kind": "knelpunt", "search": "auto"}, "iedereen zorg"),
    (
        "all of it",
        {"kind": "knelpunt", "regions": ("twente",), "theme": "gezondheid", "goal": 3, "search": "ver"},
        "zorg",
    ),
    ("what excludes each other", {"kind": "verhaal", "theme": "gezondheid"}, ""),
    ("a kind that nobody has", {"kind": "spanning"}, ""),
]


@pytest.mark.parametrize(("asked", "found"), [f[1:] for f in FILTERS], ids=[f[0].replace(" ", "-") for f in FILTERS])
def test_what_is_asked_must_all_fit(asked: dict[str, object], found: str) -> None:
    assert chosen(**asked) == found


def test_of_what_ships_every_filter_keeps_something_and_leaves_something_out() -> None:
    every = definitions().findings
    assert choose(every) == every
    asked: list[dict[str, object]] = [{"kind": k} for k in sorted({f.kind for f in every})]
    asked += [{"theme": t} for t in sorted({t for f in every for t in f.themes})]
    asked += [{"goal": g.id} for g in definitions().goals]
    asked += [{"regions": (r.id,)} for r in definitions().regions]
    assert len(asked) > 25
    for one in asked:
        found = choose(every, **one)  # type: ignore[arg-type]
        assert 0 < len(found) < len(every), one
        assert len(set(found)) == len(found)


def test_every_finding_that_ships_is_found_by_its_own_title() -> None:
    for f in definitions().findings:
        for title in (f.title, f.title.upper(), " ".join(reversed(f.title.split()))):
            assert f in choose(definitions().findings, search=title), title


def test_the_findings_of_a_region_are_those_of_its_page() -> None:
    for region in definitions().regions:
        found = choose(definitions().findings, regions=(region.id,))
        assert set(found) == set(definitions().findings_for(region.id))
        common = [f.common for f in found]
        assert common == sorted(common) and False in common
