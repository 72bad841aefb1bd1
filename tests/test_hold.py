"""What was said held against the figures: they confirm it, contradict it, or do not measure it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest

from monitor.definitions.models import Finding
from monitor.dialogue.hold import SIGNS, WORDS, hold, level_verdict, movement_verdict
from monitor.statistics.change import SCATTERED, WITHIN, Change
from monitor.statistics.judge import Judgement
from tests.spec_table import cases, definitions, edition

OUTCOMES = ["gunstiger", "vergelijkbaar", "ongunstiger", "hoger", "lager", "niet te beoordelen"]
VERDICTS = {"yes": "bevestigen", "no": "spreken tegen", "?": "meten niet"}

# --- A level: what was expected (rows) against the judgement (columns) ---
# A figure with a direction gives gunstiger or ongunstiger; its difference is +1 or -1. Comparable is +0,1.

LEVELS = """
    expects   | outcome            | difference | verdict
    gunstig   | gunstiger          | 1          | yes
    gunstig   | ongunstiger        | -1         | no
    gunstig   | vergelijkbaar      | 0.1        | no
    gunstig   | niet te beoordelen | -          | ?
    ongunstig | ongunstiger        | 1          | yes
    ongunstig | ongunstiger        | -1         | yes
    ongunstig | gunstiger          | 1          | no
    ongunstig | vergelijkbaar      | -0.1       | no
    ongunstig | niet te beoordelen | -          | ?
    gunstig   | hoger              | 1          | ?
    ongunstig | lager              | -1         | ?
    hoger     | hoger              | 1          | yes
    hoger     | lager              | -1         | no
    hoger     | ongunstiger        | 1          | yes
    hoger     | gunstiger          | 1          | yes
    hoger     | gunstiger          | -1         | no
    hoger     | vergelijkbaar      | 0.1        | no
    hoger     | niet te beoordelen | -          | ?
    lager     | lager              | -1         | yes
    lager     | hoger              | 1          | no
    lager     | gunstiger          | -1         | yes
    lager     | ongunstiger        | 1          | no
    lager     | vergelijkbaar      | -0.1       | no
    lager     | niet te beoordelen | -          | ?
"""


@pytest.mark.parametrize("case", cases(LEVELS, "expects", "outcome", "difference"))
def test_a_level_is_confirmed_contradicted_or_not_measured(case: dict[str, str]) -> None:
    difference = math.nan if case["difference"] == "-" else float(case["difference"])
    for indicative in (False, True):
        judgement = Judgement(case["outcome"], "reden", difference, indicative)  # type: ignore[arg-type]
        assert level_verdict(case["expects"], judgement) == VERDICTS[case["verdict"]]
        # Within a margin nothing is decided, whatever was expected.
        if case["outcome"] == "vergelijkbaar":
            assert level_verdict(case["expects"], replace(judgement, uncertain=True)) == "meten niet"


# --- A movement ---

MOVEMENTS = """
    expects | movement           | verdict
    stijgt  | gestegen           | yes
    stijgt  | gedaald            | no
    stijgt  | ongeveer gelijk    | no
    stijgt  | niet te beoordelen | ?
    daalt   | gedaald            | yes
    daalt   | gestegen           | no
    daalt   | ongeveer gelijk    | no
    daalt   | niet te beoordelen | ?
"""


@pytest.mark.parametrize("case", cases(MOVEMENTS, "expects", "movement"))
def test_a_movement_is_confirmed_contradicted_or_not_measured(case: dict[str, str]) -> None:
    movement = Change(case["movement"], "reden", 2016, 2024, 1.0)  # type: ignore[arg-type]
    assert movement_verdict(case["expects"], movement) == VERDICTS[case["verdict"]]
    for reason in (WITHIN, SCATTERED) if case["movement"] == "ongeveer gelijk" else ():
        assert movement_verdict(case["expects"], replace(movement, reason=reason)) == "meten niet"


# --- A whole finding, on the figures that ship ---


def finding(*indicators: tuple[str, str], note: str | None = None) -> Finding:
    """A finding that expects something of figures."""
    said = [{"id": i, "expects": e, "note": note} for i, e in indicators]
    about = {
        "id": "test",
        "kind": "opgave",
        "title": "Titel",
        "summary": "Samenvatting",
        "regions": ["alle"],
        "themes": ["gezondheid"],
        "goals": [3],
        "source": {"document": "d", "title": "t", "section": "s"},
        "date": "2024-12",
        "origin": "dialoog",
    }
    return Finding.model_validate({**about, "indicators": said})


# Expected from the figures themselves: overweight 54 in the Achterhoek and 50 in the Netherlands (2024), hospital
# 6.8 and 4.9 km, WOZ value 336,000 and 379,000 euro (no direction), 65+ 20.9% (2015) and 25.6% (2025).
SHIPPED = """
    case                       | indicator          | expects   | verdict | the reason holds
    overweight is unfavourable | overgewicht        | ongunstig | yes     | 54,2% / 2024 / meer dan in Nederland (50,0%)
    overweight is not better   | overgewicht        | gunstig   | no      | 54,2% / meer dan in Nederland (50,0%)
    overweight is higher       | overgewicht        | hoger     | yes     | 54,2% / meer dan in Nederland (50,0%)
    hospital is further        | afstand-ziekenhuis | ongunstig | yes     | 6,8 km / dan in Nederland (4,9 km)
    value is lower             | woz-waarde         | lager     | yes     | € 336.000 / dan in Nederland (€ 379.000)
    value has no good or bad   | woz-waarde         | ongunstig | ?       | € 336.000
    65+ grew                   | aandeel-65-plus    | stijgt    | yes     | 20,9% / 2015 / 25,6% / 2025
    65+ did not fall           | aandeel-65-plus    | daalt     | no      | 20,9% / 2015 / 25,6% / 2025
    hospital has one year      | afstand-ziekenhuis | stijgt    | ?       | te weinig jaren
    an estimate has no trend   | vrijwilligerswerk  | daalt     | ?       | schatting zonder marge
    a median has no region     | mediaan-inkomen    | ongunstig | ?       | mag niet worden opgeteld of gemiddeld
    a median has no change     | mediaan-inkomen    | stijgt    | ?       | bestaat niet voor een regio
    it measures something else | werkloosheid       | meet-niet | ?       | .
"""


@pytest.mark.parametrize("case", cases(SHIPPED))
def test_a_finding_against_the_figures_of_the_achterhoek(case: dict[str, str]) -> None:
    said = finding((case["indicator"], case["expects"]))
    (held,) = hold(definitions(), edition(), said, definitions().region("achterhoek"))
    assert (held.verdict, held.indicator) == (VERDICTS[case["verdict"]], case["indicator"])
    for part in case["the reason holds"].split(" / "):
        assert part in held.reason.replace("\u00a0", " ")
    if held.verdict == "meten niet":
        assert "groot genoeg" not in held.reason


def test_a_note_goes_along_with_a_figure_that_does_measure() -> None:
    said = finding(("overgewicht", "ongunstig"), note="Alleen volwassenen.")
    (held,) = hold(definitions(), edition(), said, definitions().region("achterhoek"))
    assert held.verdict == "bevestigen" and held.reason.endswith(". Alleen volwassenen.")


def test_a_finding_without_figures_is_not_measured() -> None:
    held = hold(definitions(), edition(), finding(), definitions().region("twente"))
    assert [(h.verdict, h.indicator) for h in held] == [("meten niet", "")]
    assert held[0].reason.endswith(".")


def test_each_figure_gets_its_own_verdict_in_order() -> None:
    said = finding(("overgewicht", "ongunstig"), ("mediaan-inkomen", "ongunstig"), ("aandeel-65-plus", "daalt"))
    held = hold(definitions(), edition(), said, definitions().region("achterhoek"))
    assert [h.indicator for h in held] == ["overgewicht", "mediaan-inkomen", "aandeel-65-plus"]
    assert [h.verdict for h in held] == ["bevestigen", "meten niet", "spreken tegen"]


def test_the_note_of_a_finding_explains_why_a_figure_does_not_measure_it() -> None:
    said = finding(("werkloosheid", "meet-niet"), note="Dit cijfer telt geen vacatures.")
    (held,) = hold(definitions(), edition(), said, definitions().region("twente"))
    assert held.reason == "Dit cijfer telt geen vacatures."


@pytest.mark.parametrize("region", [r.id for r in definitions().regions])
def test_every_finding_holds_for_every_region_and_says_why(region: str) -> None:
    seen: Counter[str] = Counter()
    for said in definitions().findings:
        held = hold(definitions(), edition(), said, definitions().region(region))
        assert len(held) == max(len(said.indicators), 1)
        for h in held:
            seen[h.verdict] += 1
            assert h.reason.endswith(".") and not h.reason.endswith(".."), (said.id, h.reason)
            assert h.reason[0].isupper() and "nan" not in h.reason and "onbekend" not in h.reason
    assert seen["meten niet"] and seen["bevestigen"] + seen["spreken tegen"]


def test_every_verdict_has_a_sign_and_words() -> None:
    assert set(SIGNS) == set(WORDS) == set(VERDICTS.values())
    assert len(set(SIGNS.values())) == len(set(WORDS.values())) == 3
