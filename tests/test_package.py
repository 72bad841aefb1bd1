"""The data package: read with the tools of both standards, broken on purpose, and held against the monitor itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest
import yaml
from csvw import CSVW

from monitor import assessment as asm
from monitor import profile
from monitor.__main__ import main
from monitor.dialogue.own import has_contact
from monitor.errors import UnknownName
from monitor.export.pack import Materials
from monitor.export.package.model import Column, Table, cell, csv_bytes
from monitor.export.package.package import make_package, write_package, zip_bytes
from monitor.export.package.standards import About
from monitor.export.package.texts import citation_cff
from monitor.figures.files import as_data
from monitor.snapshot.border import BASIS
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to
from tests.spec_table import ROOT, cases, definitions, edition, some

# The smallest of the regions on the border: three municipalities, and Belgium beside it.
SMALL = "zeeuws-vlaanderen"
DESCRIBED = {"datapackage.json", "csv-metadata.json", "LEESMIJ.md", "LICENTIE.txt", "CITATION.cff", "SHA256SUMS"}


@cache
def files(region: str | None = SMALL) -> dict[str, bytes]:
    return make_package(definitions(), edition(), region).files


def frame(name: str, region: str | None = SMALL) -> pd.DataFrame:
    """A table of the package as a researcher reads it: numbers exactly as written."""
    return pd.read_csv(io.BytesIO(files(region)[f"{name}.csv"]), low_memory=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written package of one region; tests only read it."""
    target = tmp_path_factory.mktemp("pakket")
    write_package(Materials(definitions(), edition()), target, SMALL)
    return target


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(folder, tmp_path / "kopie"))


def descriptor(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


# -- valid by both standards ----------------------------------------------------------------------------------


def test_frictionless_finds_the_package_and_every_row_valid(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])
    checked = {t.name: t.stats["rows"] for t in report.tasks}
    assert checked == {n.removesuffix(".csv"): rows_in(c) for n, c in files().items() if n.endswith(".csv")}
    assert len(checked) == 19 and sum(checked.values()) > 5000


def rows_in(content: bytes) -> int:
    return len(list(csv.reader(io.StringIO(content.decode())))) - 1


BROKEN = """
    table                  | what is done                          | error
    waarnemingen-gemeenten | an area that does not exist           | foreign-key
    waarnemingen-gemeenten | a source that does not exist          | foreign-key
    waarnemingen-gemeenten | a row twice                           | primary-key
    waarnemingen-gemeenten | a decimal comma                       | type-error
    waarnemingen-gemeenten | a year in words                       | type-error
    waarnemingen-gemeenten | no status                             | constraint-error
    waarnemingen-gemeenten | a cell too many                       | extra-cell
    waarnemingen-regios    | a word that is no judgement           | constraint-error
    waarnemingen-regios    | a coverage above 1                    | constraint-error
    indicatoren            | a part of a figure that does not exist| foreign-key
    indicatoren            | a weight that does not exist          | foreign-key
    bevindingen-doelen     | a goal in words                       | type-error
    bronnen                | a checksum cut short                  | constraint-error
"""
CHANGES: dict[str, tuple[str, str]] = {
    "an area that does not exist": ("gebied", "GM9999"),
    "a source that does not exist": ("bron", "00000NED"),
    "a decimal comma": ("waarde", "54,2"),
    "a year in words": ("jaar", "vorig jaar"),
    "no status": ("status", ""),
    "a word that is no judgement": ("oordeel", "geweldig"),
    "a coverage above 1": ("dekking", "1.01"),
    "a part of a figure that does not exist": ("deel_van", "bestaat-niet"),
    "a weight that does not exist": ("gewicht", "bestaat-niet"),
    "a goal in words": ("doel", "twee"),
    "a checksum cut short": ("sha256", "abc"),
}


def spoil(path: Path, what: str) -> None:
    """Break one row of a table."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    if what == "a row twice":
        rows.append(rows[1])
    elif what == "a cell too many":
        rows[1].append("x")
    else:
        column, value = CHANGES[what]
        rows[1][rows[0].index(column)] = value
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.mark.parametrize("case", some(cases(BROKEN, "table", "what is done"), 3))
def test_frictionless_sees_what_is_broken(copy: Path, case: dict[str, str]) -> None:
    spoil(copy / f"{case['table']}.csv", case["what is done"])
    told = descriptor(copy)
    for resource in told["resources"]:  # else the checksum alone would already tell
        del resource["hash"], resource["bytes"]
    (copy / "datapackage.json").write_text(json.dumps(told), encoding="utf-8")
    package = frictionless.Package(str(copy / "datapackage.json"))
    report = package.get_resource(case["table"]).validate()
    assert [e for [e] in report.flatten(["type"])] == [case["error"]]


def test_frictionless_sees_that_a_byte_changed(copy: Path) -> None:
    path = copy / "doelen.csv"
    path.write_bytes(path.read_bytes().replace(b"Veilig", b"Vellig"))
    report = frictionless.Package(str(copy / "datapackage.json")).get_resource("doelen").validate()
    assert [e for [e] in report.flatten(["type"])] == ["hash-count"]


def test_csv_on_the_web_is_valid_and_reads_the_same_rows(folder: Path) -> None:
    """Every cell of every table, read by two programs from two descriptions: the same value of the same kind."""
    read = CSVW(str(folder / "csv-metadata.json"), validate=True)
    assert not read.warnings
    package = frictionless.Package(str(folder / "datapackage.json"))
    cells = 0
    for table in read.tables:
        name = table.local_name.removesuffix(".csv")
        theirs = package.get_resource(name).read_rows()
        ours = list(table)
        assert len(ours) == len(theirs), name
        for a, b in zip(ours, theirs, strict=True):
            assert dict(a) == {k: as_csvw(package, name, k, v) for k, v in b.to_dict().items()}, name
            cells += len(a)
    assert cells > 50_000


def as_csvw(package: frictionless.Package, table: str, column: str, value: Any) -> Any:
    """A value of Frictionless as CSV on the Web has it: a year as text; text, number, date and truth alike."""
    kind = package.get_resource(table).schema.get_field(column).type
    return str(value) if kind == "year" and value is not None else value


def test_csv_on_the_web_checks_keys_and_links(copy: Path) -> None:
    """Of the longest tables the first rows: this tool reads a table once for every link."""
    for name in ("waarnemingen-regios", "waarnemingen-gemeenten", "bevindingen-regios"):
        lines = (copy / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (copy / f"{name}.csv").write_text("".join(lines[:300]), encoding="utf-8")
    read = CSVW(str(copy / "csv-metadata.json"), validate=True)
    assert read.is_valid, [str(w.message) for w in read.warnings]
    spoil(copy / "waarnemingen-gemeenten.csv", "an area that does not exist")
    with pytest.raises(ValueError, match="GM9999"):
        read.tablegroup.check_referential_integrity()


@pytest.mark.parametrize(
    ("table", "what", "error"),
    some(
        [
            ("bevindingen-themas", "a row twice", "duplicate primary key"),
            ("waarnemingen-gemeenten", "a decimal comma", "54,2"),
            ("waarnemingen-regios", "a word that is no judgement", "geweldig"),
            ("waarnemingen-gemeenten", "no status", "required"),
            ("waarnemingen-regios", "a coverage above 1", "must be <= 1"),
        ],
        2,
    ),
)
def test_csv_on_the_web_sees_what_is_broken(copy: Path, table: str, what: str, error: str) -> None:
    spoil(copy / f"{table}.csv", what)
    found = next(t for t in CSVW(str(copy / "csv-metadata.json")).tables if t.local_name == f"{table}.csv")
    with pytest.raises(ValueError, match=error):
        list(found)
        assert found.check_primary_key(), "the key of a row stands there twice"


def test_both_descriptions_say_the_same(folder: Path) -> None:
    group = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    tables = {t["url"]: t for t in group["tables"]}
    resources = descriptor(folder)["resources"]
    assert [r["path"] for r in resources] == list(tables)
    links = {True: 0, False: 0}
    for resource in resources:
        schema, other = resource["schema"], tables[resource["path"]]["tableSchema"]
        assert schema["primaryKey"] == other["primaryKey"]
        required = {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")}
        assert required == {c["name"] for c in other["columns"] if c.get("required")}
        for field, column in zip(schema["fields"], other["columns"], strict=True):
            assert (field["name"], field["description"]) == (column["name"], column["dc:description"])
        told = {(tuple(k["columnReference"]), k["reference"]["resource"]) for k in other.get("foreignKeys", [])}
        for key in schema.get("foreignKeys", []):
            target = key["reference"]["resource"] or resource["name"]
            # A link that may be empty is one that the other standard does not know.
            kept = required.issuperset(key["fields"])
            assert ((tuple(key["fields"]), f"{target}.csv") in told) == kept
            links[kept] += 1
    assert links[True] >= 25 and links[False] >= 5
    assert group["@context"][1] == {"@language": "nl"} and group["dc:hasVersion"] == edition().edition


# -- checksums, the same bytes --------------------------------------------------------------------------------


def test_checksums_and_sizes_are_those_of_the_files(folder: Path) -> None:
    for resource in descriptor(folder)["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    told = dict(reversed(line.split("  ")) for line in lines)
    assert set(told) == {p.name for p in folder.iterdir()} - {"SHA256SUMS"}
    assert all(hashlib.sha256((folder / n).read_bytes()).hexdigest() == s for n, s in told.items())


def test_two_runs_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Also in another process that orders its sets otherwise; and so does the zip."""
    done = run("--out", str(tmp_path / "los"), "--region", SMALL, PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    assert {p.name: p.read_bytes() for p in (tmp_path / "los").iterdir()} == files()
    assert main(["export", "package", "--out", str(tmp_path), "--region", SMALL, "--zip"]) == 0
    [archive] = tmp_path.glob("*.zip")
    assert archive.name == f"regiomonitor-brede-welvaart-{SMALL}-editie-{edition().edition}.zip"
    assert archive.read_bytes() == zip_bytes(files())
    with zipfile.ZipFile(archive) as opened:
        assert {n: opened.read(n) for n in opened.namelist()} == files()
        # When it was made is not in it.
        assert {i.date_time for i in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# -- the numbers are those of the edition, the judgements those of the monitor -----------------------------------


def observations(of: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """Rows of the edition, with plain text columns."""
    rows = edition().observations
    rows = rows[of(rows)].copy()
    for column in rows.columns[rows.dtypes == "category"]:
        rows[column] = rows[column].astype(str)
    return rows.reset_index(drop=True)


PAIRS = {"indicator": "indicator", "area": "gebied", "year": "jaar", "value": "waarde", "status": "status"}


def assert_equal(rows: pd.DataFrame, table: pd.DataFrame, pairs: dict[str, str]) -> None:
    """The columns of the edition are those of the package, to the last digit."""
    assert len(rows) == len(table) > 0
    for ours, theirs in pairs.items():
        a, b = rows[ours].to_numpy(), table[theirs].to_numpy()
        number = rows[ours].dtype.kind == "f"
        same = (a == b.astype(a.dtype)) | (pd.isna(a) & pd.isna(b)) if number else a == b
        assert same.all(), f"{ours}: {(~same).sum()} differ, the first in row {int((~same).argmax())}"


@pytest.mark.slow
def test_every_municipal_figure_is_that_of_the_edition() -> None:
    rows = observations(lambda o: o["area"].isin(edition().municipalities))
    pairs = {**PAIRS, "lower": "ondergrens", "upper": "bovengrens", "source": "bron"}
    assert_equal(rows, frame("waarnemingen-gemeenten", None), pairs)


def test_every_regional_figure_is_that_of_the_edition() -> None:
    known = {r.id for r in definitions().regions}
    provinces = set(edition().areas.query("level == 'provincie'")["area"])
    areas = {COUNTRY, ELEVEN, *known, *(comparable_to(r) for r in known), *provinces}
    rows = observations(lambda o: o["area"].isin(list(areas)) & (o["basis"] != BASIS))
    pairs = {**PAIRS, "lower": "ondergrens", "upper": "bovengrens", "source": "bron", "basis": "grondslag"}
    table = frame("waarnemingen-regios", None)
    assert_equal(rows, table, {**pairs, "coverage": "dekking", "members": "onderdelen"})
    assert set(table["gebied"]) == areas
    assert (table["ontbrekend"].fillna("") == rows["missing"]).all()
    assert (table["gewichtsjaar"].fillna(0) == rows["weight_year"]).all()
    limited = (rows["coverage"] >= 0.5) & (rows["coverage"] < 0.8)
    assert (table["beperkte_dekking"] == limited).all() and limited.any()


def test_figures_of_both_sides_of_the_border_stand_apart() -> None:
    table = frame("waarnemingen-grens", None)
    assert_equal(observations(lambda o: o["basis"] == BASIS), table, {**PAIRS, "source": "bron"})
    own = {f.id for f in definitions().cross_border}
    assert set(table["indicator"]) == own
    for name in ("waarnemingen-regios", "waarnemingen-gemeenten", "indicatoren"):
        assert not own & set(frame(name, None)["indicator"])


def test_judgements_are_those_of_every_screen() -> None:
    """The last year of every figure and region, as the screens add it up and judge it: by another way than here."""
    table = frame("waarnemingen-regios", None).set_index(["indicator", "gebied", "jaar"])
    told = 0
    for region, standings in profile.of_regions(definitions(), edition()).items():
        for s in standings:
            row = table.loc[(s.indicator.id, region, s.year)]
            j = s.judgement
            assert (row["oordeel"], row["reden"], bool(row["indicatief"])) == (j.outcome, j.reason, j.indicative)
            assert same(row["waarde"], s.value) and same(row["waarde_nederland"], s.benchmark)
            assert same(row["verschil"], j.difference)
            told += j.outcome != "niet te beoordelen"
    assert told > 1200


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or a == pytest.approx(b, abs=2e-9)


def test_earlier_years_are_judged_too() -> None:
    d, s = definitions(), edition()
    region = d.region(SMALL)
    table = frame("waarnemingen-regios")
    own = table[table["gebied"] == SMALL]
    assert own["jaar"].nunique() > 8
    for row in own.itertuples(index=False):
        j = asm.assess(s, d.indicator(row.indicator), region, row.jaar).judgement
        assert (row.oordeel, row.indicatief, row.reden) == (j.outcome, j.indicative, j.reason)
    assert table[table["gebied"] != SMALL]["oordeel"].isna().all()


def test_the_command_line_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["value", "overgewicht", "achterhoek", "--year", "2022", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    row = frame("waarnemingen-regios", None).query("indicator=='overgewicht' and gebied=='achterhoek' and jaar==2022")
    row = row.iloc[0]
    assert (row["oordeel"], row["waarde_nederland"]) == (said["judgement"], said["benchmark"]) == ("ongunstiger", 50.3)
    assert round(row["waarde"], 6) == said["value"] and round(row["ondergrens"], 6) == said["lower"]


def test_a_region_can_be_added_up_again_from_the_package_alone() -> None:
    """From municipal figures and weights, without the monitor: every regional figure of the smallest region."""
    about = frame("indicatoren").set_index("indicator")
    areas = frame("gebieden")
    members = areas.query(f"regio == '{SMALL}' and lidmaatschap == 'lid'")["code"].tolist()
    assert len(members) == 3
    value = frame("waarnemingen-gemeenten").set_index(["indicator", "jaar", "gebied"])["waarde"]
    weight = frame("gewichten").set_index(["hoeveelheid", "jaar", "gebied"])["waarde"]
    counted = dict.fromkeys(("som", "gewogen", "verhouding"), 0)
    for row in frame("waarnemingen-regios").query(f"gebied == '{SMALL}' and waarde.notna()").itertuples(index=False):
        i = about.loc[row.indicator]
        known = [m for m in members if (row.indicator, row.jaar, m) in value.index]
        if i["klasse"] == "verhouding":
            top, under = (math.fsum(weight[q, row.jaar, m] for m in known) for q in (i["teller"], i["noemer"]))
            expected = top / under * i["factor"]
        elif i["klasse"] == "som":
            expected = math.fsum(value[row.indicator, row.jaar, m] for m in known)
        else:
            w = [weight[i["gewicht"], int(row.gewichtsjaar), m] for m in known]
            v = [value[row.indicator, row.jaar, m] for m in known]
            expected = math.fsum(a * b for a, b in zip(v, w, strict=True)) / math.fsum(w)
        assert row.waarde == pytest.approx(expected, abs=1e-8), (row.indicator, row.jaar)
        counted[i["klasse"]] += 1
    assert min(counted.values()) >= 10 and counted["gewogen"] > 300


# -- what the tables say --------------------------------------------------------------------------------------


def test_definitions_are_those_of_the_monitor() -> None:
    d = definitions()
    table = frame("indicatoren").set_index("indicator")
    assert list(table.index) == [i.id for i in d.indicators]
    for i in d.indicators:
        row = table.loc[i.id]
        said = (row["naam"], row["thema"], row["richting"], row["klasse"], row["methode"], row["decimalen"])
        assert said == (i.full_name, i.theme, i.direction, i.aggregation.kind, i.method, i.decimals)
        rule = asm.rule_for(i, edition())
        if not math.isnan(row["relevant_verschil"]):
            assert row["relevant_verschil"] == rule.relevant
        else:
            assert i.aggregation.kind in ("geen", "som") or rule.relevant <= 10.0**-i.decimals
    goals = frame("indicatoren-doelen")
    assert {(i.id, g) for i in d.indicators for g in i.goals} == set(goals.itertuples(index=False, name=None))
    breaks = set(frame("breuken").itertuples(index=False, name=None))
    assert breaks == {(i.id, b.year, " ".join(b.reason.split())) for i in d.indicators for b in i.breaks}
    unusable = set(frame("niet-bruikbaar")[["indicator", "gebied"]].itertuples(index=False, name=None))
    assert {("binnenlands-verhuissaldo", a) for a in ("noord-en-oost-groningen", "GM1950")} <= unusable


def test_areas_say_who_belongs_and_why() -> None:
    table = frame("gebieden").set_index("code")
    for region in definitions().regions:
        assert table.loc[region.id, "niveau"] == "regio"
        for m in region.members:
            row = table.loc[m.code]
            assert (row["regio"], row["lidmaatschap"], row["grond"]) == (region.id, m.membership, m.ground)
    assert (table["niveau"] == "gemeente").sum() == 342 and (table["lidmaatschap"] == "lid").sum() == 83


def test_sources_have_licence_and_checksum_and_hold_no_outlines() -> None:
    table = frame("bronnen").set_index("bron")
    manifest = edition().manifest["sources"]
    assert set(manifest) - set(table.index) == {"GRENZEN", "BUURLANDEN"}
    for name, row in table.iterrows():
        assert (row["sha256"], row["licentie"]) == (manifest[name]["sha256"], manifest[name]["licence"])
    assert set(table["licentie"]) == {"CC BY 4.0", "hergebruik met bronvermelding"}


def test_nobody_is_named_and_nothing_of_an_office_is_in_it(tmp_path: Path) -> None:
    own = tmp_path / "eigen"
    own.mkdir()
    text = (ROOT / "docs" / "eigen-bevindingen.md").read_text(encoding="utf-8")
    example = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", text, re.S)[0])
    (own / "bureau.yaml").write_text(yaml.safe_dump(example, allow_unicode=True), encoding="utf-8")
    done = run("--out", str(tmp_path / "pakket"), "--region", SMALL, REGIOMONITOR_OWN=str(own))
    assert done.returncode == 0, done.stderr
    written = {p.name: p.read_bytes() for p in (tmp_path / "pakket").iterdir()}
    assert written == files()
    assert example[0]["title"] not in written["bevindingen.csv"].decode()
    texts = [c for n in ("bevindingen", "gebieden", "indicatoren") for c in cells_of(f"{n}.csv", "tekst")]
    assert not [t for t in texts if has_contact(t)]
    cited = yaml.safe_load(files()["CITATION.cff"])
    authors = [a for w in (cited, cited["preferred-citation"], *cited["references"]) for a in w["authors"]]
    # An organisation has a name; a person would have family names.
    assert all(set(a) == {"name"} for a in authors)


def test_findings_are_those_that_ship() -> None:
    d = definitions()
    assert set(frame("bevindingen", None)["bevinding"]) == {f.id for f in d.findings}
    assert set(frame("bevindingen")["bevinding"]) == {f.id for f in d.findings_for(SMALL)}
    linked = frame("bevindingen-indicatoren", None)[["bevinding", "indicator", "verwacht"]]
    told = {(f.id, x.id, x.expects) for f in d.findings for x in f.indicators}
    assert told == set(linked.itertuples(index=False, name=None))
    regions = frame("bevindingen-regios", None).groupby("bevinding")["regio"].apply(set)
    assert all(regions[f.id] == {r.id for r in d.regions if f.concerns(r.id)} for f in d.findings)


def cells_of(name: str, kind: str) -> Iterator[str]:
    """All cells of one kind of column."""
    told = {r["path"]: r for r in json.loads(files()["datapackage.json"])["resources"]}[name]["schema"]["fields"]
    wanted = {f["name"] for f in told if (f["type"] == "string") == (kind == "tekst")}
    for row in csv.DictReader(io.StringIO(files()[name].decode())):
        yield from (v for k, v in row.items() if k in wanted)


@pytest.mark.parametrize("name", sorted(n for n in files() if n.endswith(".csv")))
def test_cells_are_clean(name: str) -> None:
    """Texts on one line that no spreadsheet calculates; numbers in full, with a point."""
    for text in cells_of(name, "tekst"):
        assert as_data(text) == text and text == " ".join(text.split()), text
    for number in cells_of(name, "getal"):
        assert re.fullmatch(r"(-?\d+(\.\d+)?|true|false|\d{4}-\d{2}-\d{2})?", number), number


NUMBERS = """
    value   | cell
    54.2    | 54.2
    12.0    | 12
    -0.0    | 0
    1e-05   | 0.00001
    1.5e15  | 1500000000000000
    0.1     | 0.1
    -3.25   | -3.25
"""


@pytest.mark.parametrize("case", cases(NUMBERS))
def test_a_number_is_written_in_full(case: dict[str, str]) -> None:
    assert cell(float(case["value"])) == case["cell"]
    assert Decimal(case["cell"]) == Decimal(case["value"])


def test_unknown_is_empty_and_text_stays_text() -> None:
    assert [cell(v) for v in (math.nan, None, True, False, 3, "a\n b\u00a0c")] == [
        "",
        "",
        "true",
        "false",
        "3",
        "a b c",
    ]
    table = Table("t", "T", "T.", "Cijfers", (Column("a", "tekst", "A."), Column("b", "tekst", "B.")), ("a",))
    content = {"a": ['x"y', "p,q"], "b": ["=1+1", "<b>&"]}
    made = csv_bytes(table, content)
    assert list(csv.reader(io.StringIO(made.decode()))) == [["a", "b"], ['x"y', "=1+1"], ["p,q", "<b>&"]]
    with pytest.raises(ValueError):
        csv_bytes(table, {"a": ["1"], "b": []})


# -- licence and citation -------------------------------------------------------------------------------------


def test_licence_says_what_holds_for_what(folder: Path) -> None:
    terms = {r["name"]: [x["path"] for x in r["licenses"]] for r in descriptor(folder)["resources"]}
    by = "https://creativecommons.org/licenses/by/4.0/deed.nl"
    assert terms["waarnemingen-regios"] == terms["waarnemingen-gemeenten"] == terms["gewichten"] == [by]
    assert "eurostat" in terms["waarnemingen-grens"][0] and by not in terms["waarnemingen-grens"]
    # Of our own texts nothing more is settled than what the file says.
    assert terms["bevindingen"] == terms["indicatoren"] == ["LICENTIE.txt"]
    text = (folder / "LICENTIE.txt").read_text(encoding="utf-8")
    assert all(w in text for w in ("CC BY 4.0", "Bron: CBS", "Bron: Eurostat", "EUPL-1.2", "geen aparte licentie"))
    named = set(re.findall(r"[a-z-]+\.csv", text))
    assert named <= {r["path"] for r in descriptor(folder)["resources"]}


def test_citation_has_what_a_citation_needs() -> None:
    cited = yaml.safe_load(files(None)["CITATION.cff"])
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "dataset"
    assert "Regiomonitor Brede Welvaart" in cited["title"] and cited["version"] == edition().edition
    assert cited["license"] == "CC-BY-4.0" and "LICENTIE.txt" in cited["preferred-citation"]["notes"]
    year, month = map(int, edition().edition.split("-")[:2])
    assert (cited["preferred-citation"]["year"], cited["preferred-citation"]["month"]) == (year, month)
    assert len(cited["references"]) == len(frame("bronnen"))
    assert edition().edition in files(None)["LEESMIJ.md"].decode()
    assert edition().edition in json.loads(files(None)["datapackage.json"])["version"]


@pytest.mark.parametrize(
    ("name", "day", "year"),
    [
        ("2026-11", None, 2026),
        ("2026-11-21-a1b2c3", "2026-11-21", 2026),
        ("proef", None, None),
        ("2026-111", None, None),
    ],
)
def test_a_date_is_never_made_up(name: str, day: str | None, year: int | None) -> None:
    made = citation_cff(About("n", "T", "T.", name, "c", ()), [("CBS", "Tabel", "https://www.cbs.nl", "CC BY 4.0")])
    assert b"&" not in made  # a reader of this format need not know references within YAML
    cited = yaml.safe_load(made)
    assert cited.get("date-released") == day and cited["preferred-citation"].get("year") == year
    assert cited["version"] == name


def test_readme_and_docs_name_every_table() -> None:
    readme = files(None)["LEESMIJ.md"].decode()
    docs = (ROOT / "docs" / "datapakket.md").read_text(encoding="utf-8")
    for resource in json.loads(files(None)["datapackage.json"])["resources"]:
        rows = f"{rows_in(files(None)[resource['path']]):,}".replace(",", ".")
        assert f"| `{resource['path']}` | {resource['title']} | {rows} |" in readme
        assert all(f"`{f['name']}`" in readme for f in resource["schema"]["fields"])
        assert re.search(rf"(?<![\w-]){resource['name'].partition('-')[0]}", docs)
    assert {n for n in files(None) if not n.endswith(".csv")} == DESCRIBED


def test_the_example_in_the_docs_works(tmp_path: Path) -> None:
    write_package(Materials(definitions(), edition()), tmp_path / "datapakket", SMALL)
    docs = (ROOT / "docs" / "datapakket.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", docs, re.S)
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Zeeuws-Vlaanderen" in done.stdout and "ongunstiger" in done.stdout


# -- part of the figures --------------------------------------------------------------------------------------


def test_a_package_of_one_region_holds_what_belongs_to_it() -> None:
    region = definitions().region("noard-fryslan")
    whole = make_package(definitions(), edition(), region.id).files

    def areas(name: str) -> set[str]:
        return set(pd.read_csv(io.BytesIO(whole[f"{name}.csv"]))["gebied"])

    assert areas("waarnemingen-regios") == {region.id, comparable_to(region.id), COUNTRY, ELEVEN, "PV21"}
    assert areas("waarnemingen-gemeenten") == {*region.codes, *(m.code for m in region.candidates)}
    # It does not lie on the border: the table is there, with its columns and without rows.
    assert rows_in(whole["waarnemingen-grens.csv"]) == 0 and whole["waarnemingen-grens.csv"].startswith(b"indicator,")
    assert set(whole) == set(files(None))


def test_of_a_region_on_the_border_only_its_own_border() -> None:
    [b] = [b for b in definitions().border_regions if b.id == SMALL]
    assert set(frame("waarnemingen-grens")["gebied"]) == {COUNTRY, "BE", *b.own, *b.adjoining}


# -- the command line -----------------------------------------------------------------------------------------


def run(*arguments: str, limit: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command; ``limit``: no file may grow beyond so many bytes, as on a full disk."""

    def full() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "monitor", "export", "package", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=full if limit else None,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The message of a command that failed as it should."""
    assert done.returncode == 1 and not done.stdout
    [line] = done.stderr.strip().splitlines()
    assert line.startswith("Fout: ") and "Traceback" not in line
    return line


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "package", "--out", str(tmp_path / "a" / "b"), "--region", SMALL]) == 0
    said = capsys.readouterr().out
    assert f"editie {edition().edition}" in said and "19 tabellen" in said and str(tmp_path / "a" / "b") in said
    assert frictionless.Package(str(tmp_path / "a" / "b" / "datapackage.json")).resource_names


def test_the_command_has_help_in_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "package", "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and "gebruik:" in said and "usage" not in said
    assert all(w in said for w in ("--out MAP", "--region REGIO", "--zip", "waar het pakket komt"))


def test_an_unknown_region_is_one_sentence_with_the_nearest_name(tmp_path: Path) -> None:
    line = one_line(run("--out", str(tmp_path / "x"), "--region", "achterhoekk"))
    assert "achterhoekk" in line and "Bedoelde u: achterhoek?" in line
    assert not (tmp_path / "x").exists()
    with pytest.raises(UnknownName):
        write_package(Materials(definitions(), edition()), tmp_path / "x", "bestaat niet")


def test_a_file_in_the_place_of_the_folder_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bezet").write_text("van mij", encoding="utf-8")
    for target in (tmp_path / "bezet", tmp_path / "bezet" / "dieper"):
        assert main(["export", "package", "--out", str(target), "--region", SMALL]) == 1
        said = capsys.readouterr()
        assert str(target) in said.err and said.err.count("\n") == 1 and not said.out
    assert (tmp_path / "bezet").read_text(encoding="utf-8") == "van mij"
    assert [p.name for p in tmp_path.iterdir()] == ["bezet"]


@pytest.mark.skipif(os.name != "posix", reason="alleen hier is een volle schijf na te doen")
def test_a_full_disk_leaves_what_was_there(folder: Path, tmp_path: Path) -> None:
    """The first files fit and a later one does not: a new folder is gone again, an earlier package is whole."""
    assert "niets opgeslagen" in one_line(run("--out", str(tmp_path / "nieuw"), "--region", SMALL, limit=100_000))
    assert not (tmp_path / "nieuw").exists()
    target = Path(shutil.copytree(folder, tmp_path / "oud"))
    (target / "van-mij.txt").write_text("van mij", encoding="utf-8")
    before = {p.name: p.read_bytes() for p in target.iterdir()}
    one_line(run("--out", str(target), "--region", "twente", limit=100_000))
    assert {p.name: p.read_bytes() for p in target.iterdir()} == before


@pytest.mark.skipif(os.name != "posix", reason="rechten op een map werken hier anders")
def test_a_folder_without_rights_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        mine = os.geteuid()
        if mine == 0:  # for root every folder is open
            os.seteuid(65534)
        try:
            assert main(["export", "package", "--out", name, "--region", SMALL]) == 1
        finally:
            os.seteuid(mine)
            Path(name).chmod(0o755)
        assert not list(Path(name).iterdir())
    said = capsys.readouterr()
    assert not said.out and said.err.startswith("Fout: ") and name in said.err and said.err.count("\n") == 1


def test_the_app_does_not_need_the_tools_of_the_tests() -> None:
    program = (
        "import sys, monitor.export.package.package, monitor.export.package.cli\n"
        "print(sorted({'frictionless', 'csvw', 'streamlit', 'pptx', 'docx', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# -- the whole of it ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_whole_package_is_valid(tmp_path: Path) -> None:
    """By the command line of the tool, as a researcher would: some 250,000 rows."""
    assert run("--out", str(tmp_path)).returncode == 0
    command = [str(Path(sys.executable).with_name("frictionless")), "validate", str(tmp_path / "datapackage.json")]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=300)
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["valid"] and report["stats"]["errors"] == 0
    assert len(report["tasks"]) == 19 and sum(t["stats"]["rows"] for t in report["tasks"]) > 250_000


@pytest.mark.slow
@pytest.mark.parametrize("region", [r.id for r in definitions().regions])
def test_the_package_of_every_region_is_valid(tmp_path: Path, region: str) -> None:
    write_package(Materials(definitions(), edition()), tmp_path, region)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])
    read = CSVW(str(tmp_path / "csv-metadata.json"), validate=True)
    assert read.is_valid, [str(w.message) for w in read.warnings]
