"""The change log of a new edition: between real small editions with deliberate differences."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitor.refresh.changelog import change_log, headline, remarks
from monitor.refresh.models import Notice
from monitor.screens.change_log_html import change_log as as_html
from monitor.snapshot import store
from monitor.snapshot.compare import Comparison, compare
from tests import small_editions as small
from tests.small_editions import AALTEN, AMSTERDAM, WINTERSWIJK, Rows, pick

TITLES = [
    "Opgehaald",
    "Nieuw",
    "Herzien",
    "Vervallen",
    "Andere gebieden",
    "Wat de controles opmerkten",
    "Wat gelijk bleef",
]
FETCHED: dict[str, dict[str, Any]] = {
    "85563NED": {"title": "Gezondheid per regio", "modified": "2026-11-03T02:00:00"},
    "50120NED": {"title": "Een *andere* tabel", "modified": None},
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[store.Snapshot, store.Snapshot, Comparison]:
    """Two editions with one of every difference."""
    old, new = small.pair(tmp_path_factory.mktemp("example") / "snapshot", small.example_old, small.example_new)
    return old, new, compare(small.small(), old, new)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> store.Snapshot:
    """A small edition as it was."""
    return small.make(tmp_path_factory.mktemp("base") / "snapshot", "2026-08")


def after(base: store.Snapshot, folder: Path, change: small.Change, **more: Any) -> tuple[str, Comparison]:
    """The change log of an edition with a change, and what it tells of."""
    new = small.make(folder / "snapshot", "2027-02-01-aaaaaa", change, **more)
    made_with = more.get("made_with", small.small())
    comparison = compare(made_with, base, new)
    return change_log(made_with, comparison, [], base, new, {}), comparison


def part(text: str, heading: str) -> list[str]:
    """The lines of one part of a change log."""
    found = re.search(rf"^## {heading}\n\n(.*?)(?=\n\n##|\Z)", text, re.S | re.M)
    return found[1].strip().split("\n") if found else []


def test_the_whole_log(example: tuple[store.Snapshot, store.Snapshot, Comparison]) -> None:
    old, new, comparison = example
    notice = Notice(
        "onwaarschijnlijk", "85563NED", "Overgewicht: het jaar 2016 is uit de reeks verdwenen.", "overgewicht"
    )
    text = change_log(small.small(), comparison, [notice], old, new, FETCHED)
    lines = text.splitlines()
    assert lines[0] == "# Wijzigingen in editie 2026-12-01-abc123"
    assert "Editie 2026-12-01-abc123 is gemaakt op 1 december 2026. De vorige editie is 2026-08." in lines
    assert f"**{headline(comparison)}**" in lines
    assert re.findall(r"^## (.*)$", text, re.M) == TITLES
    assert part(text, "Opgehaald") == [
        "- Een andere tabel (50120NED): van de versie in de vorige editie is de datum niet bekend.",
        "- Gezondheid per regio (85563NED): bijgewerkt op 3 november 2026; "
        "van de versie in de vorige editie is de datum niet bekend.",
    ]
    assert part(text, "Nieuw") == ["- **Nieuw jaar 2025**: Afstand tot huisarts."]
    revised = part(text, "Herzien")
    assert [re.sub(r"\s", " ", line) for line in revised] == [
        "- **Afstand tot supermarkt**: herzien voor 1 gemeente en 1 regio, over 2024. "
        "Achterhoek (2024): van 1,3 km naar 1,5 km.",
        "- **Mediaan besteedbaar inkomen**: herzien voor 1 gemeente, over 2021. "
        "Aalten (2021): van € 29.800 naar € 30.700.",
        "- **Afstand tot halte of station**: herzien voor 342 gemeenten, 11 regio’s, 12 provincies en Nederland, "
        "over 2022. De waarden bleven gelijk; de status is nu definitief, was voorlopig.",
        "- **Overgewicht, 65 jaar en ouder**: herzien voor 1 gemeente en 1 regio, over 2024. "
        "De waarden bleven gelijk; alleen de marge veranderde.",
    ]
    assert part(text, "Vervallen") == [
        "- **Afstand tot café**: vervallen voor 1 gemeente (2024); Berkelland had 2,5\u00a0km.",
        "- **Overgewicht**: 2016 is vervallen voor alle gebieden.",
    ]
    assert part(text, "Andere gebieden") == [
        "- Anders doordat andere gemeenten een cijfer hebben, voor 1 regio: Afstand tot café."
    ]
    assert part(text, "Wat de controles opmerkten") == ["- **Overgewicht**: het jaar 2016 is uit de reeks verdwenen."]
    assert part(text, "Wat gelijk bleef") == ["Van de 8 cijfers is er 1 in alle gebieden en jaren gelijk gebleven."]
    # A revision that nobody can see is not told, nor any code name.
    assert "2019" not in text and not re.search(r"\b(nan|None|GM\d{4}|NL01|achterhoek)\b", text)


def test_the_page_shows_every_line(example: tuple[store.Snapshot, store.Snapshot, Comparison]) -> None:
    old, new, comparison = example
    text = change_log(small.small(), comparison, [], old, new, FETCHED)
    shown = as_html(text)
    assert [heading for heading, _ in shown] == ["", *[t for t in TITLES if t in text]]
    assert sum(content.count("<li>") for _, content in shown) == text.count("\n- ")


def test_nothing_changed(base: store.Snapshot) -> None:
    comparison = compare(small.small(), base, base)
    assert headline(comparison) == "Er veranderde geen cijfer."
    text = change_log(small.small(), comparison, [], base, base, {})
    assert re.findall(r"^## (.*)$", text, re.M) == ["Wat gelijk bleef"]
    assert "Alle 8 cijfers zijn in alle gebieden en jaren gelijk gebleven." in text


def test_the_day_and_the_version_before_are_told(example: tuple[store.Snapshot, store.Snapshot, Comparison]) -> None:
    old, new, comparison = example
    entry = {**old.manifest["sources"]["85563NED"], "modified": "2026-05-01T02:00:00"}
    before = store.Snapshot(
        old.folder, old.observations, old.weights, old.areas, {**old.manifest, "sources": {"85563NED": entry}}
    )
    made = {**new.manifest, "made": "2026-12-01T23:30:00+00:00"}
    now = store.Snapshot(new.folder, new.observations, new.weights, new.areas, made)
    text = change_log(small.small(), comparison, [], before, now, {"85563NED": FETCHED["85563NED"]})
    assert part(text, "Opgehaald") == [
        "- Gezondheid per regio (85563NED): bijgewerkt op 3 november 2026; "
        "in de vorige editie de versie van 1 mei 2026."
    ]
    assert "is gemaakt op 2 december 2026" in text  # past midnight in the Netherlands
    same = {"85563NED": {**FETCHED["85563NED"], "modified": "2026-05-01T02:00:00"}}
    assert "dezelfde versie als in de vorige editie" in change_log(small.small(), comparison, [], before, now, same)


# --- Counts ---


@cache
def frame() -> pd.DataFrame:
    """What was published of the small figures."""
    return small.published()


def revise(indicator: str, year: int, areas: list[str], by: float) -> small.Change:
    """A revision of some areas."""

    def change(rows: Rows) -> Rows:
        rows.loc[pick(rows, indicator, year) & rows["area"].isin(areas), "value"] += by
        return rows

    return change


def test_the_headline_counts(base: store.Snapshot, tmp_path: Path) -> None:
    """A median is not added up: one municipality, one figure."""
    _, one = after(base, tmp_path / "a", revise("mediaan-inkomen", 2021, [AALTEN], 900.0))
    assert headline(one) == "1 herzien cijfer in 1 indicator."
    two = [AALTEN, WINTERSWIJK]
    _, more = after(base, tmp_path / "b", revise("mediaan-inkomen", 2021, two, 900.0))
    assert headline(more) == "2 herziene cijfers in 1 indicator."

    def all_kinds(rows: Rows) -> Rows:
        rows = revise("mediaan-inkomen", 2021, two, 900.0)(rows)
        rows = rows[~pick(rows, "mediaan-inkomen", 2020, AALTEN)]
        extra = rows[pick(rows, "mediaan-inkomen", 2021)].assign(year=2022)
        return pd.concat([rows, extra], ignore_index=True)

    text, all_ = after(base, tmp_path / "c", all_kinds)
    assert headline(all_) == "1 nieuw jaar, 2 herziene en 1 vervallen cijfer in 1 indicator."
    assert f"**{headline(all_)}**" in text
    _, hidden = after(base, tmp_path / "d", revise("mediaan-inkomen", 2021, two, 1.0))
    assert headline(hidden) == "Er veranderde geen cijfer."


def test_values_that_come_in_a_year_that_was_there(base: store.Snapshot, tmp_path: Path) -> None:
    def fewer(rows: Rows) -> Rows:
        return rows[~pick(rows, "mediaan-inkomen", 2021, AALTEN)]

    old = small.make(tmp_path / "snapshot", "2026-07", fewer)
    comparison = compare(small.small(), old, base)
    assert headline(comparison) == "1 nieuw cijfer in 1 indicator."
    text = change_log(small.small(), comparison, [], old, base, {})
    assert part(text, "Nieuw") == ["- Mediaan besteedbaar inkomen: nu ook een waarde voor 1 gemeente (2021)."]


def test_a_figure_that_is_new_and_one_that_is_gone(base: store.Snapshot, tmp_path: Path) -> None:
    def without(rows: Rows) -> Rows:
        return rows[~pick(rows, "overgewicht")]

    other = small.make(tmp_path / "snapshot", "2027-01", without)
    gone, new = (compare(small.small(), a, b) for a, b in ((base, other), (other, base)))
    years = "2016, 2020, 2022 en 2024"
    text = change_log(small.small(), gone, [], base, other, {})
    assert part(text, "Vervallen") == [f"- **Overgewicht**: alle cijfers zijn vervallen ({years})."]
    text = change_log(small.small(), new, [], other, base, {})
    assert part(text, "Nieuw") == [f"- **Nieuw in de monitor, met {years}**: Overgewicht."]
    assert headline(new) == "4 nieuwe jaren in 1 indicator."


def test_the_country_and_the_regions_come_first_the_largest_before(base: store.Snapshot, tmp_path: Path) -> None:
    """Winterswijk counts in a region, Amsterdam does not; the country is published of its own."""
    codes = [AALTEN, WINTERSWIJK, AMSTERDAM, "GM0141", "GM0153", "GM0935", "GM1680", "GM0047", "NL01"]
    text, _ = after(base, tmp_path, revise("overgewicht", 2024, codes, 6.0))
    (line,) = part(text, "Herzien")
    told = line.split("2024. ")[1]
    assert told.startswith("Nederland (2024): van ")
    places = re.findall(r"(?:^|; )([^;(]+) \(2024\): van ([\d,]+)% naar ([\d,]+)%", told)
    assert len(places) == 4 and places[0][0] == "Nederland"
    steps = [float(b.replace(",", ".")) - float(a.replace(",", ".")) for _, a, b in places]
    assert steps[0] == pytest.approx(6.0) and steps[1:] == sorted(steps[1:], reverse=True)
    assert re.search(r" en nog \d regio(’s)?\.$", told) and "Amsterdam" not in told
    # Without a region the municipalities are told.
    towns = [AMSTERDAM, AALTEN, "GM0141", "GM0153", "GM0362"]

    def larger(rows: Rows) -> Rows:
        rows = revise("mediaan-inkomen", 2021, towns, 900.0)(rows)
        return revise("mediaan-inkomen", 2021, [AMSTERDAM], 900.0)(rows)

    text, _ = after(base, tmp_path / "b", larger)
    (line,) = part(text, "Herzien")
    assert "over 2021. Amsterdam (2021): van " in line and line.endswith("en nog 2 gemeenten.")
    # What nobody sees is counted only.
    text, _ = after(base, tmp_path / "c", revise("mediaan-inkomen", 2021, towns, 1.0))
    (line,) = part(text, "Herzien")
    assert line == "- Bij 1 cijfer verschoof alleen iets achter de laatste decimaal die te zien is."


def test_a_merger_is_told_and_what_it_bends(base: store.Snapshot, tmp_path: Path) -> None:
    merged = small.merged_definitions()
    text, comparison = after(base, tmp_path, small.merger_and_revision, made_with=merged, areas=small.merged_areas())
    areas = part(text, "Andere gebieden")
    assert areas[0] == "- Op 1 januari 2027 ging Aalten op in Winterswijk."
    assert any("heringedeeld, voor 2 gemeenten: " in line and "Aantal inwoners" in line for line in areas)
    assert any(line.startswith("- Anders doordat een gebied uit andere gemeenten bestaat") for line in areas)
    (revised,) = part(text, "Herzien")
    assert "Amsterdam (2024)" in revised and "Winterswijk" not in revised
    assert " anders begrensde cijfers in 8 indicatoren." in headline(comparison)


def test_a_log_stays_short_whatever_changed(base: store.Snapshot) -> None:
    """Sixty withdrawn figures are named, more are counted; figures without definition do not stop it."""
    everything = base.observations
    one = everything[(everything["year"] == 2024) & (everything["area"] == AALTEN)].head(1)
    many = pd.concat([one.astype({"indicator": str}).assign(indicator=f"oud-{k}") for k in range(70)])
    for column in ("indicator", "area", "status", "basis", "missing"):
        many[column] = many[column].astype(str).astype("category")
    many = many.sort_values(["indicator", "area", "year"])
    old = store.Snapshot(base.folder, many.reset_index(drop=True), base.weights, base.areas, base.manifest)
    comparison = compare(small.small(), old, base)
    gone = part(change_log(small.small(), comparison, [], old, base, {}), "Vervallen")
    assert len(gone) == 61 and gone[-1] == "- En nog 10 cijfers."


def test_remarks_are_grouped_ordered_and_capped() -> None:
    def notice(severity: Any, text: str) -> Notice:
        return Notice(severity, "X", text)

    names = ["Wandelen", "Fietsen", "Varen", "Lopen, 65 jaar en ouder", "Autorijden"]
    same = [
        notice("onwaarschijnlijk", f"{n}: in 2024 mist 1 van de 338 gemeenten een waarde: Terschelling.") for n in names
    ]
    told = remarks([notice("opmerking", "Zo maar."), *same, notice("onwaarschijnlijk", "Rijden: anders.")])
    assert told == [
        "- **Autorijden; Fietsen; Lopen, 65 jaar en ouder en nog 2 cijfers**: in 2024 mist 1 van de 338 gemeenten een "
        "waarde: Terschelling.",
        "- **Rijden**: anders.",
        "- Zo maar.",
    ]
    lines = remarks([notice("onwaarschijnlijk", f"Cijfer: opmerking {k}.") for k in range(35)])
    assert len(lines) == 31 and lines[-1] == "- En nog 5 opmerkingen."
    assert remarks([]) == []


def test_only_a_margin_or_a_status_is_said_so(base: store.Snapshot, tmp_path: Path) -> None:
    def provisional(rows: Rows) -> Rows:
        rows.loc[pick(rows, "mediaan-inkomen", 2021), "status"] = "voorlopig"
        return rows

    def margin(rows: Rows) -> Rows:
        rows.loc[pick(rows, "overgewicht-65", 2024, AMSTERDAM), ["lower", "upper"]] += np.array([-1.0, 1.0])
        return rows

    text, _ = after(base, tmp_path / "a", provisional)
    assert "De waarden bleven gelijk; de status is nu voorlopig, was definitief." in part(text, "Herzien")[0]
    text, _ = after(base, tmp_path / "b", margin)
    assert part(text, "Herzien")[0].endswith("De waarden bleven gelijk; alleen de marge veranderde.")
