"""The change log of a new edition: between real small editions with deliberate differences."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitor.refresh import changelog_figures
from monitor.refresh.changelog import change_log, headline, remarks
from monitor.refresh.changelog_counts import counts_of
from monitor.refresh.changelog_figures import _names
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
    new = replace(new, manifest={**new.manifest, "follows": old.edition})
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
        "- Een andere tabel (50120NED): in de vorige editie stond deze tabel niet.",
        "- Gezondheid per regio (85563NED): bijgewerkt op 3 november 2026; "
        "van de versie in de vorige editie is de datum niet bekend.",
    ]
    assert part(text, "Nieuw") == ["- **Nieuw jaar 2025**: Afstand tot huisarts."]
    revised = part(text, "Herzien")
    assert [re.sub(r"\s", " ", line) for line in revised] == [
        "- **Afstand tot supermarkt**: herzien voor 1 gemeente en 1 regio, over 2024. "
        "Achterhoek (2024): van 1,3 km naar 1,5 km. Winterswijk (2024): van 1,4 km naar 3,4 km.",
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
        "- Anders doordat andere gemeenten een waarde hebben, voor 1 regio: Afstand tot café."
    ]
    assert part(text, "Wat de controles opmerkten") == ["- **Overgewicht**: het jaar 2016 is uit de reeks verdwenen."]
    assert part(text, "Wat gelijk bleef") == ["Van de 8 indicatoren is er 1 in alle gebieden en jaren gelijk gebleven."]
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
    assert headline(comparison) == "Er veranderde geen waarde."
    text = change_log(small.small(), comparison, [], base, base, {})
    assert re.findall(r"^## (.*)$", text, re.M) == ["Wat gelijk bleef"]
    assert "Alle 8 indicatoren zijn in alle gebieden en jaren gelijk gebleven." in text


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
    assert headline(one) == "1 herziene waarde in 1 indicator."
    two = [AALTEN, WINTERSWIJK]
    _, more = after(base, tmp_path / "b", revise("mediaan-inkomen", 2021, two, 900.0))
    assert headline(more) == "2 herziene waarden in 1 indicator."

    def all_kinds(rows: Rows) -> Rows:
        rows = revise("mediaan-inkomen", 2021, two, 900.0)(rows)
        rows = rows[~pick(rows, "mediaan-inkomen", 2020, AALTEN)]
        extra = rows[pick(rows, "mediaan-inkomen", 2021)].assign(year=2022)
        return pd.concat([rows, extra], ignore_index=True)

    text, all_ = after(base, tmp_path / "c", all_kinds)
    assert headline(all_) == "1 nieuw jaar, 2 herziene en 1 vervallen waarde in 1 indicator."
    assert f"**{headline(all_)}**" in text
    _, hidden = after(base, tmp_path / "d", revise("mediaan-inkomen", 2021, two, 1.0))
    assert headline(hidden) == (
        "Er veranderde niets zichtbaars: 2 waarden in 1 indicator verschoven alleen achter de laatste decimaal."
    )


def test_values_that_come_in_a_year_that_was_there(base: store.Snapshot, tmp_path: Path) -> None:
    def fewer(rows: Rows) -> Rows:
        return rows[~pick(rows, "mediaan-inkomen", 2021, AALTEN)]

    old = small.make(tmp_path / "snapshot", "2026-07", fewer)
    comparison = compare(small.small(), old, base)
    assert headline(comparison) == "1 nieuwe waarde in 1 indicator."
    text = change_log(small.small(), comparison, [], old, base, {})
    assert part(text, "Nieuw") == ["- **Mediaan besteedbaar inkomen**: nu ook een waarde voor 1 gemeente (2021)."]


def test_a_figure_that_is_new_and_one_that_is_gone(base: store.Snapshot, tmp_path: Path) -> None:
    def without(rows: Rows) -> Rows:
        return rows[~pick(rows, "overgewicht")]

    other = small.make(tmp_path / "snapshot", "2027-01", without)
    gone, new = (compare(small.small(), a, b) for a, b in ((base, other), (other, base)))
    years = "2016, 2020, 2022 en 2024"
    text = change_log(small.small(), gone, [], base, other, {})
    assert part(text, "Vervallen") == [f"- **Overgewicht**: alle waarden zijn vervallen ({years})."]
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
    country, regions, towns_told = told.split(". ")
    places = re.findall(r"(?:^|; )([^;(]+) \(2024\): van ([\d,]+)% naar ([\d,]+)%", f"{country}; {regions}")
    assert len(places) == 4 and places[0][0] == "Nederland"
    steps = [float(b.replace(",", ".")) - float(a.replace(",", ".")) for _, a, b in places]
    assert steps[0] == pytest.approx(6.0) and steps[1:] == sorted(steps[1:], reverse=True)
    assert re.search(r" en nog \d regio(’s)?$", regions) and "Amsterdam" not in regions
    # Eight municipalities: the largest three with their values.
    assert towns_told.count("van ") == 3 and towns_told.endswith(" en nog 5 gemeenten.")
    # Without a region the municipalities are told.
    towns = [AMSTERDAM, AALTEN, "GM0141", "GM0153", "GM0362"]

    def larger(rows: Rows) -> Rows:
        rows = revise("mediaan-inkomen", 2021, towns, 900.0)(rows)
        return revise("mediaan-inkomen", 2021, [AMSTERDAM], 900.0)(rows)

    text, _ = after(base, tmp_path / "b", larger)
    (line,) = part(text, "Herzien")
    assert "over 2021. Amsterdam (2021): van " in line
    # Of a few municipalities each has its values.
    assert line.count(" (2021): van ") == 5 and "en nog" not in line
    # What nobody sees is named without values.
    text, _ = after(base, tmp_path / "c", revise("mediaan-inkomen", 2021, towns, 1.0))
    (line,) = part(text, "Herzien")
    moved = "- Bij 1 indicator verschoof alleen iets achter de laatste decimaal die te zien is: "
    assert line == f"{moved}Mediaan besteedbaar inkomen."


def test_a_merger_is_told_and_what_it_bends(base: store.Snapshot, tmp_path: Path) -> None:
    merged = small.merged_definitions()
    text, comparison = after(base, tmp_path, small.merger_and_revision, made_with=merged, areas=small.merged_areas())
    areas = part(text, "Andere gebieden")
    assert areas[0] == "- Op 1 januari 2027 ging Aalten op in Winterswijk."
    assert any("heringedeeld, voor 2 gemeenten: " in line and "Aantal inwoners" in line for line in areas)
    assert any(line.startswith("- Anders doordat een gebied uit andere gemeenten bestaat") for line in areas)
    (revised,) = part(text, "Herzien")
    assert "Amsterdam (2024)" in revised and "Winterswijk" not in revised
    assert " anders begrensde waarden in 8 indicatoren." in headline(comparison)


def test_a_log_stays_short_whatever_changed(base: store.Snapshot) -> None:
    """Figures without definition do not stop it."""
    everything = base.observations
    one = everything[(everything["year"] == 2024) & (everything["area"] == AALTEN)].head(1)
    many = pd.concat([one.astype({"indicator": str}).assign(indicator=f"oud-{k}") for k in range(70)])
    for column in ("indicator", "area", "status", "basis", "missing"):
        many[column] = many[column].astype(str).astype("category")
    many = many.sort_values(["indicator", "area", "year"])
    old = store.Snapshot(base.folder, many.reset_index(drop=True), base.weights, base.areas, base.manifest)
    comparison = compare(small.small(), old, base)
    gone = part(change_log(small.small(), comparison, [], old, base, {}), "Vervallen")
    assert gone == ["- Vervallen: 70 indicatoren die de monitor nu niet beschrijft."]


def test_remarks_are_grouped_ordered_and_capped() -> None:
    def notice(severity: Any, text: str) -> Notice:
        return Notice(severity, "X", text)

    names = ["Wandelen", "Fietsen", "Varen", "Lopen, 65 jaar en ouder", "Autorijden"]
    same = [
        notice("onwaarschijnlijk", f"{n}: in 2024 mist 1 van de 338 gemeenten een waarde: Terschelling.") for n in names
    ]
    told = remarks([notice("opmerking", "Zo maar."), *same, notice("onwaarschijnlijk", "Rijden: anders.")])
    assert told == [
        "- **Autorijden; Fietsen; Lopen, 65 jaar en ouder en nog 2 andere**: in 2024 mist 1 van de 338 gemeenten een "
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


# --- What a reader can see, and what is named ---


def with_values(base: store.Snapshot, indicator: str, values: dict[tuple[str, int], float]) -> store.Snapshot:
    """The same edition with other values of a figure."""
    rows = base.observations.copy()
    for (area, year), value in values.items():
        rows.loc[pick(rows, indicator, year, area), "value"] = value
    return replace(base, observations=rows)


def log_of(old: store.Snapshot, new: store.Snapshot, **more: Any) -> str:
    """The change log from one edition to another."""
    return change_log(small.small(), compare(small.small(), old, new), [], old, new, more.get("fetched", {}))


def test_of_each_region_the_year_is_told_in_which_a_reader_sees_most(base: store.Snapshot) -> None:
    """By hand: in 2020 every region moved by more, and reads the same (50,21 and 50,24); in 2024 it moved by less."""
    moved = ["twente", "achterhoek", "zuid-limburg", "noord-limburg", "midden-limburg"]
    old = {(r, 2020): 50.21 for r in moved} | {(r, 2024): 44.54 for r in moved}
    new = {(r, 2020): 50.24 for r in moved} | {(r, 2024): 44.55 for r in moved}
    old |= {("noard-fryslan", 2020): 50.21}
    new |= {("noard-fryslan", 2020): 50.24}
    text = log_of(with_values(base, "overgewicht", old), with_values(base, "overgewicht", new))
    (line,) = part(text, "Herzien")
    assert line.count("(2024): van 44,5% naar 44,6%") == 3 and line.endswith(" en nog 2 regio’s.")
    assert "2020" not in line and "Noard-Fryslân" not in line


def test_new_years_and_withdrawn_figures_are_all_named(base: store.Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelog_figures, "_LINES", 2)
    rows = base.observations
    fresh = rows[rows["year"] == rows.groupby("indicator", observed=True)["year"].transform("max")]
    later = replace(base, observations=pd.concat([rows, fresh.assign(year=2031)], ignore_index=True))
    names = [i.full_name for i in small.small().indicators]
    told = " ".join(part(log_of(base, later), "Nieuw"))
    gone = part(log_of(later, base), "Vervallen")
    assert all(n in told for n in names) and "en nog" not in told
    assert len(gone) == 3 and all(n in " ".join(gone) for n in names) and gone[2].startswith("- Ook vervallen: ")
    # Many indicators with a new year: each by its name, none counted only.
    assert _names([f"Cijfer {k:02}" for k in range(31)]).count("; ") == 30


def test_a_few_municipalities_are_named_and_of_more_the_largest(
    base: store.Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [AALTEN, WINTERSWIJK, AMSTERDAM]
    text, _ = after(base, tmp_path / "a", revise("mediaan-inkomen", 2021, few, 900.0))
    (line,) = part(text, "Herzien")
    assert all(re.search(rf"{n} \(2021\): van €\s[\d.]+ naar €\s[\d.]+", line) for n in ("Aalten", "Winterswijk"))
    many = [*few, "GM0141", "GM0153", "GM0362", "GM0363"]
    text, _ = after(base, tmp_path / "b", revise("mediaan-inkomen", 2021, many, 900.0))
    (line,) = part(text, "Herzien")
    assert line.count(" naar ") == 3 and line.endswith(" en nog 3 gemeenten.")
    # Also where so many figures were revised that this one is told without values.
    monkeypatch.setattr(changelog_figures, "_FULL", 0)
    text, _ = after(base, tmp_path / "c", revise("mediaan-inkomen", 2021, few, 900.0))
    assert part(text, "Herzien") == [
        "- Ook herzien: Mediaan besteedbaar inkomen (3 gemeenten: Aalten, Amsterdam en Winterswijk)."
    ]


def test_the_edition_before_is_the_one_that_it_followed(base: store.Snapshot) -> None:
    later = replace(base, manifest={**base.manifest, "edition": "2026-09", "follows": "2026-08"})
    other = replace(base, manifest={**base.manifest, "edition": "2026-10", "follows": "2026-09"})
    assert "De vorige editie is 2026-08" in log_of(base, later)
    back, over = log_of(later, base), log_of(base, other)
    for text in (back, over):
        assert "vorige editie" not in text and "Vergeleken met editie " in text
    assert "wat hier nieuw heet, is daar dus vervallen" in back and "wat hier nieuw heet" not in over
    assert over.startswith("# Editie 2026-10, vergeleken met editie 2026-08")
    assert "Dat is twee keer dezelfde editie." in log_of(base, base) and "orige" not in log_of(base, base)


def outlined(base: store.Snapshot, name: str, year: int | None, mark: str) -> store.Snapshot:
    """The same edition, drawn from outlines of a year."""
    entry = {
        "title": f"Gemeentegrenzen, indeling {year or '2023-2026'}",
        "publisher": "CBS en Kadaster", "sha256": mark, "retrieved": "2026-11-22" if year else None,
    } | ({"year": year} if year else {})  # fmt: skip
    sources = {**base.manifest["sources"], "GRENZEN": entry}
    return replace(base, manifest={**base.manifest, "edition": name, "sources": sources})


def test_other_outlines_are_told_with_their_year_and_what_was_there(base: store.Snapshot) -> None:
    was, now, back = (outlined(base, *x) for x in (("a", None, "1"), ("b", 2026, "2"), ("c", 2025, "3")))
    text = log_of(was, now)
    assert part(text, "Grenzen op de kaart") == [
        "- Nu: Gemeentegrenzen, indeling 2026 (CBS en Kadaster, opgehaald op 22 november 2026); "
        "daarvoor: Gemeentegrenzen, indeling 2023-2026 (CBS en Kadaster, niet bekend wanneer opgehaald)."
    ]
    assert headline(compare(small.small(), was, now)) == (
        "De grenzen op de kaart zijn vernieuwd; geen waarde veranderde."
    )
    older = part(log_of(now, back), "Grenzen op de kaart")
    assert older[1] == (
        "- **Let op**: deze gemeentegrenzen zijn ouder dan die van daarvoor: de indeling van 2025 in plaats van 2026."
    )
    assert "Grenzen op de kaart" not in log_of(now, now) and len(part(text, "Grenzen op de kaart")) == 1


def test_an_edition_of_the_monitor_says_its_file_and_what_gave_way(base: store.Snapshot) -> None:
    """A change in the third decimal: one story in the head, the list and what stayed the same."""
    rows = base.observations.astype({"source": str})
    rows.loc[rows["source"] == "RMBW-2023", "source"] = "RMBW-2024"
    new = replace(with_values(base, "overgewicht", {}), observations=rows.astype({"source": "category"}))
    value = base.row("afstand-openbaar-vervoer", AALTEN, 2022)
    assert value
    new = with_values(new, "afstand-openbaar-vervoer", {(AALTEN, 2022): value["value"] + 0.001})
    new = replace(new, manifest={**new.manifest, "edition": "2027-02", "follows": base.edition})
    entry = {"title": "Regionale Monitor Brede Welvaart, editie 2024", "files": ["rmbw_2024.csv"],
             "retrieved": "2027-02-01", "modified": None}  # fmt: skip
    text = log_of(base, new, fetched={"RMBW-2024": entry})
    assert part(text, "Opgehaald") == [
        "- Regionale Monitor Brede Welvaart, editie 2024 (RMBW-2024): ingelezen uit ‘rmbw_2024.csv’ "
        "op 1 februari 2027; in plaats van editie 2023, die de vorige editie had."
    ]
    assert "**Er veranderde niets zichtbaars: 1 waarde in 1 indicator verschoof alleen achter" in text
    assert part(text, "Herzien")[0].endswith("die te zien is: Afstand tot halte of station.")
    assert part(text, "Wat gelijk bleef") == [
        "Van de 8 indicatoren zijn er 7 in alle gebieden en jaren gelijk gebleven."
    ]


def test_a_table_goes_by_the_name_that_statline_gives_it(base: store.Snapshot) -> None:
    entry = {
        "title": "Nabijheid voorzieningen; afstand",
        "modified": "2026-11-03T02:00:00",
        "statline": {"id": "80305ned"},
    }
    later = replace(base, manifest={**base.manifest, "edition": "z", "follows": base.edition})
    text = log_of(base, later, fetched={"80305NED": entry})
    assert "(80305ned)" in text and "80305NED" not in text


def test_the_head_says_where_the_changed_values_come_from(base: store.Snapshot, tmp_path: Path) -> None:
    """Winterswijk was revised by its source, the Achterhoek follows; elsewhere only the weights are others."""
    _, comparison = after(base, tmp_path, revise("overgewicht", 2024, [WINTERSWIJK], 6.0))
    counts = counts_of(comparison)
    assert (counts.published, counts.added, counts.reweighted) == (1, 1, 0)
    assert "1 waarde gaf de bron zelf anders en 1 waarde veranderde mee" in counts.explained
    weighed = with_values(base, "overgewicht", {("twente", 2020): 10.0, ("twente", 2022): 10.0})
    counts = counts_of(compare(small.small(), base, weighed))
    assert (counts.published, counts.added, counts.reweighted) == (0, 2, 2)
    assert counts.explained == "Herzien: 2 waarden kregen alleen een andere weging."
