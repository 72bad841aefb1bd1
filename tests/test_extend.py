"""Adding a figure is one entry in YAML: from a file that no code names to a region's page."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitor.assessment import assess
from monitor.definitions import Definitions, load
from monitor.errors import DefinitionError
from monitor.figures.compose import Composer
from monitor.figures.files import csv_bytes
from monitor.figures.paper import svg
from monitor.screens import method_html
from monitor.screens.method import compose_entry
from monitor.screens.municipality import compose_municipality
from monitor.screens.region import compose_region
from monitor.snapshot import store
from monitor.snapshot.build import build
from monitor.state import Known, parse
from monitor.yardstick import measure
from tests.spec_table import ROOT, SHARED, definitions, edition, needs_shared

TABLE, TOPIC, NAME = "91234NED", "WachttijdLoket", "wachttijd-loket"

SOURCE = f"""
- id: {TABLE}
  title: Wachttijden aan het gemeenteloket
  publisher: CBS
  page: https://opendata.cbs.nl/statline/#/CBS/nl/dataset/{TABLE}/table
  page_name: "Wachttijden aan het gemeenteloket; regio"
  newer: {{year: 2025, table: "{TABLE} Wachttijden aan het gemeenteloket"}}
  reader: odata
  file: cbs/odata-v3/{TABLE}.csv
  layout: rapportagejaar
  filters: {{Persoonskenmerken: "T009002"}}
  status: {{2024: voorlopig}}
"""

ENTRY = f"""
- id: {NAME}
  family: per-1000-inwoners
  name: Wachttijd aan het loket
  caption: Mensen die langer dan een kwartier wachten (per 1.000 inwoners)
  clause: wachten {{value}} mensen per 1.000 inwoners langer dan een kwartier
  when_worse: mensen wachten langer
  when_better: mensen wachten korter
  description: Hoeveel mensen langer dan een kwartier wachten.
  why: Wie lang wacht, komt minder vaak terug.
  goals: [2]
  core: true
  direction: lager-gunstig
  direction_reason: Kort wachten is prettiger.
  not_shown: Wie zich online meldt, staat er niet in.
  sources:
    - {{table: {TABLE}, measures: [{TOPIC}]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scratch copy of the definitions, and a place for source files."""
    shutil.copytree(ROOT / "data" / "definitions", tmp_path / "definitions")
    shutil.copytree(ROOT / "data" / "findings", tmp_path / "findings")
    (tmp_path / "data" / "cbs" / "odata-v3").mkdir(parents=True)
    return tmp_path


def append(folder: Path, name: str, text: str) -> None:
    """Write an entry at the end of a file of definitions."""
    path = folder / "definitions" / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def loaded(folder: Path) -> Definitions:
    """The scratch definitions, with everything else that they hold."""
    return load(folder / "definitions", folder / "findings")


def only(whole: Definitions, *names: str) -> Definitions:
    """The same with only some indicators and what these need: building all 139 takes minutes on a slow machine."""
    kept = tuple(whole.indicator(n) for n in names)
    quantities = {"inwoners"} | {i.aggregation.weight for i in kept}
    chosen = tuple(q for q in whole.quantities if q.id in quantities)
    tables = {"GEBIEDEN"} | {s.table for x in (*kept, *chosen) for s in x.sources}
    return replace(
        whole,
        indicators=kept,
        quantities=chosen,
        tables=tuple(t for t in whole.tables if t.id in tables),
        cross_border=(),
        findings=tuple(f for f in whole.findings if {x.id for x in f.indicators} <= set(names)),
    )


def values() -> dict[tuple[str, int], float]:
    """Waiting per municipality: long in the Achterhoek, elsewhere much the same, a little longer in 2024."""
    achterhoek = set(definitions().region("achterhoek").codes)
    return {
        (code, year): 20.0 + k % 7 + (30.0 if code in achterhoek else 0.0) + (year - 2022)
        for k, code in enumerate(edition().municipalities)
        for year in (2022, 2023, 2024)
        if code != "GM1714"  # Sluis has none
    }


def write_table(path: Path) -> None:
    """The table as the OData service returns it: padded codes, a column per dimension, a number behind the topic."""
    rows = [
        {"RegioS": code.ljust(6), "Persoonskenmerken": kind, "Perioden": f"{year}JJ00", f"{TOPIC}_1": value + extra}
        for (code, year), value in {**values(), ("NL01", 2024): 24.0}.items()
        for kind, extra in (("T009002", 0.0), ("3000   ", 100.0))  # all people, and men only: not asked for
    ]
    rows.append(
        {"RegioS": "GM0197", "Persoonskenmerken": "T009002", "Perioden": "2024KW03", f"{TOPIC}_1": 999.0}
    )  # a quarter is no year
    pd.DataFrame(rows).rename_axis("ID").reset_index().to_csv(path, index=False)


def no_code_names(word: str) -> bool:
    """Whether a word stands in none of our modules."""
    modules = [p for part in ("monitor", "ui", "pages") for p in (ROOT / part).rglob("*.py")]
    assert len(modules) > 40
    return not any(word in p.read_text(encoding="utf-8") for p in modules)


@needs_shared
def test_a_figure_from_a_table_that_no_code_names_reaches_every_page(folder: Path) -> None:
    """Two entries in YAML and a file: one for the table, one for the figure; nothing else."""
    assert all(no_code_names(word) for word in (TABLE, TOPIC, NAME))
    append(folder, "sources.yaml", SOURCE)
    append(folder, "indicators/voorzieningen.yaml", ENTRY)
    whole = loaded(folder)
    assert len(whole.indicators) == len(definitions().indicators) + 1
    assert whole.indicator(NAME).theme == "voorzieningen"

    root = folder / "data"
    for name in ("cbs/gebieden_in_nederland_2015_2026.csv", "cbs/03759ned_bevolking_2019_2026.csv", "geo"):
        (root / name).symlink_to(SHARED / "data" / name)
    write_table(root / "cbs" / "odata-v3" / f"{TABLE}.csv")
    d = only(whole, NAME)
    snapshot = build(d, root, folder / "snapshot", "proef")
    indicator, region = d.indicator(NAME), d.region("achterhoek")

    # The regional value: the mean of its municipalities by inhabitants, worked out here.
    weights = edition().weights.astype({"quantity": str, "area": str})
    people = weights[(weights["quantity"] == "inwoners") & (weights["year"] == 2024)].set_index("area")["value"]
    codes = list(region.codes)
    expected = np.average([values()[c, 2024] for c in codes], weights=people[codes])
    a = assess(snapshot, indicator, region)
    assert (a.value.year, a.value.value) == (2024, pytest.approx(expected)) and a.value.coverage == 1
    assert (a.value.status, a.value.source, a.value.basis) == ("voorlopig", TABLE, "gemeenten")
    assert (a.benchmark.value, a.benchmark.basis) == (24.0, "cbs")

    # The judgement, and one that misses a municipality.
    assert (a.judgement.outcome, a.judgement.indicative) == ("ongunstiger", False)
    zeeland = assess(snapshot, indicator, d.region("zeeuws-vlaanderen"))
    assert zeeland.value.missing == ("GM1714",) and zeeland.judgement.limited

    # The page of the region, of a municipality and of the method.
    composer = Composer(d, snapshot)
    page = compose_region(d, snapshot, composer, region, "nederland")
    (pair,) = page.goals[1].pairs
    assert pair.indicator.id == NAME and pair.figure.region and pair.figure.region.outcome == "ongunstiger"
    assert page.counts == (("ongunstiger", 1),) and "mensen wachten langer" in page.summary
    assert "langer dan een kwartier" in pair.figure.sentence and "<svg" in pair.spark
    town = compose_municipality(d, snapshot, composer, "GM0197")
    ((_, lines),) = town.goals[1][1]
    assert lines[0].row.value == pytest.approx(values()["GM0197", 2024])
    entry = compose_entry(d, snapshot, indicator, measure(d, snapshot))
    told = dict(entry.parts)
    assert (
        told["Jaren in deze editie"] == "2022, 2023, 2024."
        and "Kort wachten is prettiger." in told["Welke kant is beter"]
    )
    assert entry.sources[0].newer.startswith("CBS heeft al cijfers over 2025")
    assert entry.sources[0].status == "2024 voorlopig"
    assert "Wachttijden aan het gemeenteloket; regio" in method_html.entry(entry)

    # The figure as a file: numbers and drawing.
    rows = list(csv.reader(io.StringIO(csv_bytes(pair.figure, "link").decode("utf-8-sig")), delimiter=";"))
    own = next(r for r in rows if r and r[0] == "Achterhoek")
    assert (
        float(own[2].replace(",", ".")) == pytest.approx(expected, abs=0.05) and "ongunstiger (voorlopig cijfer)" in own
    )
    assert ["Titel", pair.figure.title] in rows and any(r[:1] == ["Bron"] and TABLE in r[1] for r in rows)
    assert b"<svg" in svg(pair.figure, None, "link")

    # And its link.
    known = Known([r.id for r in d.regions], [i.id for i in d.indicators], {NAME: snapshot.years(NAME)})
    state, notice = parse("kaart", {"indicator": [NAME], "jaar": ["2022"]}, known)
    assert (state.indicator, state.year, notice) == (NAME, 2022, "")
    assert composer.map(indicator, 2022, "gemeenten", "nederland").classes


KNOWN = """
- id: ongehuwden
  family: kwb-inwoners
  name: {name}
  caption: {name} (%)
  clause: is {{value}} van de inwoners ongehuwd
  description: Een kolom die al in het bestand staat.
  why: Een proef.
  goals: [3]
  direction_reason: Geen oordeel.
  sources:
    - {{table: KWB-2024, measures: [{column}]}}
"""


@needs_shared
def test_a_column_of_a_known_file_is_one_entry(folder: Path) -> None:
    """A column of the KWB that no figure uses: one entry, and the country, regions and COROP regions have it."""
    header = (SHARED / "data" / "cbs" / "kwb_2024_gemeenten.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    used = {m for i in definitions().indicators for s in i.sources for m in s.measures}
    column = "percentage_ongehuwd"
    assert column in header.split(",") and column not in used
    append(folder, "indicators/bevolking.yaml", KNOWN.format(name="Ongehuwde mensen", column=column))
    d = only(loaded(folder), "ongehuwden")
    snapshot = build(d, SHARED / "data", folder / "snapshot", "proef")
    for region in d.regions:
        a = assess(snapshot, d.indicator("ongehuwden"), region)
        assert 1 < a.value.value < 100 and a.judgement.outcome in ("hoger", "lager", "vergelijkbaar")
    assert snapshot.relevant_difference("ongehuwden") > 0
    assert store.read(folder / "snapshot").edition == "proef"


def test_without_an_entry_for_its_table_a_figure_is_refused_by_name(folder: Path) -> None:
    append(folder, "indicators/voorzieningen.yaml", ENTRY)
    with pytest.raises(DefinitionError, match=rf"'{NAME}'.*sources.table.*'{TABLE}' bestaat niet"):
        loaded(folder)
