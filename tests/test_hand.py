"""docs/narekenen.py: three judgements by hand, from figures as CBS publishes them, agree with the software."""

from __future__ import annotations

import runpy
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.assessment import rule_for
from tests.spec_table import ROOT, cases, definitions, edition

SCRIPT = ROOT / "docs" / "narekenen.py"


def run(script: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script on this project."""
    command = [sys.executable, str(script), str(ROOT)]
    return subprocess.run(
        command, cwd=script.parent, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


def test_three_judgements_by_hand_agree_with_the_software() -> None:
    done = run(SCRIPT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 van de 3 oordelen komen met de hand hetzelfde uit." in done.stdout
    assert "VERSCHILT" not in done.stdout and done.stdout.count(": gelijk") == 5 + 3 + 3
    # A survey, a register figure and an estimate; steps are shown, in Dutch notation.
    for part in (
        "Oordeel: ongunstiger",
        "Oordeel: gunstiger",
        "Oordeel: indicatief ongunstiger",
        "gemiddelde: 16.390.686,4 / 302.458 = 54,1916",
        "halve marge: 1,96 x wortel van 0,50920 = 1,3986",
        "halve marge: (61,9 - 56,5) / 2 = 2,70",
        "Doet het ertoe? 11,22 is minstens 2,3.",
    ):
        assert part in done.stdout, part


def test_it_needs_nothing_but_the_standard_library() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    names = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= {*sys.stdlib_module_names, "__future__"}


CHANGED = """
    what                      | from                                        | to
    a municipal figure        | "Aalten": (52.5,                            | "Aalten": (53.5,
    a bound                   | 46.7, 54.5, 59623                           | 44.7, 54.5, 59623
    inhabitants               | (33.0, 27533)                               | (33.0, 72533)
    a province's figure       | (55.0, 62.3, 2909827)                       | (50.0, 62.3, 2909827)
    the province's margin     | FRYSLAN_BOVEN = 56.5, 61.9                  | FRYSLAN_BOVEN = 52.5, 65.9
    the smallest difference   | "geregistreerde-misdrijven": 2.3            | "geregistreerde-misdrijven": 12.3
"""


# Each runs the software three times: one case with every change, the others in the long run.
FIRST, *REST = cases(CHANGED)


@pytest.mark.parametrize("case", [FIRST, *(pytest.param(*c.values, id=c.id, marks=pytest.mark.slow) for c in REST)])
def test_a_changed_number_is_found(case: dict[str, str], tmp_path: Path) -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert text.count(case["from"]) == 1
    changed = tmp_path / "narekenen.py"
    changed.write_text(text.replace(case["from"], case["to"]), encoding="utf-8")
    done = run(changed)
    assert done.returncode == 1 and "VERSCHILT" in done.stdout
    assert "2 van de 3 oordelen komen met de hand hetzelfde uit." in done.stdout


# --- What stands in the script is what CBS publishes ---


@cache
def script() -> dict[str, Any]:
    """The data of the script."""
    return runpy.run_path(str(SCRIPT))


def published(indicator: str, area: str, year: int) -> tuple[float, float, float]:
    """Value and bounds as CBS gives them for a municipality, a province or the country."""
    row = edition().row(indicator, area, year)
    assert row is not None and (area.startswith("GM") or row["basis"] == "cbs")
    return row["value"], row["lower"], row["upper"]


def inhabitants(area: str, year: int) -> int:
    """Inhabitants on 1 January."""
    people = edition().weights
    people = people[(people["quantity"] == "inwoners") & (people["area"] == area) & (people["year"] == year)]
    return int(people["value"].item())


@pytest.mark.parametrize(
    ("data", "region", "indicator", "year"),
    [
        ("OVERGEWICHT_2024", "achterhoek", "overgewicht", 2024),
        ("MISDRIJVEN_2022", "zeeuws-vlaanderen", "geregistreerde-misdrijven", 2022),
        ("VERTROUWEN_2022", "zuidoost-fryslan", "vertrouwen-instituties", 2022),
    ],
    ids=["survey", "register", "estimate"],
)
def test_the_municipalities_are_those_of_the_region_with_their_published_figures(
    data: str, region: str, indicator: str, year: int
) -> None:
    codes = {m.name: m.code for m in definitions().region(region).members if m.membership == "lid"}
    assert set(script()[data]) == set(codes)
    for name, (*figures, people) in script()[data].items():
        assert tuple(figures) == published(indicator, codes[name], year)[: len(figures)], name
        assert people == inhabitants(codes[name], year), name
    assert script()["KLEINSTE_VERSCHIL"][indicator] == rule_for(definitions().indicator(indicator), edition()).relevant


def test_the_provinces_and_the_country_are_those_of_cbs() -> None:
    codes = {name: code for code, name in edition().names.items() if code.startswith("PV")}
    assert set(script()["PROVINCIES_2022"]) == set(codes) and len(codes) == 12
    for name, (crimes, trust, people) in script()["PROVINCIES_2022"].items():
        assert crimes == published("geregistreerde-misdrijven", codes[name], 2022)[0], name
        assert trust == published("vertrouwen-instituties", codes[name], 2022)[0], name
        assert people == inhabitants(codes[name], 2022), name
    margin = published("vertrouwen-instituties", codes["Fryslân"], 2022)[1:]
    assert (script()["FRYSLAN_ONDER"], script()["FRYSLAN_BOVEN"]) == margin
    assert script()["OVERGEWICHT_2024_NEDERLAND"] == published("overgewicht", "NL01", 2024)[0]
