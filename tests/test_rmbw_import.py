"""Import of an edition of the Regionale Monitor Brede Welvaart: every form of file, and what has no place.

The files are made here from the shipped edition's own rows.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import monitor.definitions
from monitor.definitions import Definitions
from monitor.definitions.models import LiveSpec
from monitor.errors import MonitorError, Refused, SourceInvalid, SourceUnavailable
from monitor.refresh import import_cli
from monitor.refresh.models import Fresh
from monitor.refresh.rmbw import refused_years, rmbw_fresh
from monitor.refresh.rmbw_names import used_measures
from monitor.refresh.rmbw_place import Placed, Zeros, place
from monitor.snapshot import store
from monitor.snapshot.compare import differences
from monitor.sources.rmbw_file import read_files
from monitor.sources.rmbw_labels import NAMES, code_key
from monitor.sources.rmbw_numbers import Notation, decide, number
from tests import small_editions
from tests.spec_table import cases, definitions, edition

TODAY = date(2026, 11, 23)
TEXTS = ("indicator", "area", "status", "source", "basis", "missing")
# Three figures that the small editions have as well: a median, kilometres, and a seam with another table.
FEW = ("mediaan-inkomen", "afstand-openbaar-vervoer", "afstand-cafe")
Rows = pd.DataFrame


@cache
def shipped() -> Rows:
    """What the shipped edition has of the monitor, as observations."""
    o = edition().observations
    return o[(o["source"] == "RMBW-2023") & (o["basis"] == "cbs")].astype(dict.fromkeys(TEXTS, str))


@cache
def exported(few: bool = True) -> Rows:
    """The same as CBS would give it: code, label, theme, area, year, value, lower, upper."""
    rows = shipped()
    rows = rows[rows["indicator"].isin(FEW)] if few else rows
    own = {i.id: (m, i) for m, used in used_measures(definitions()).items() for i in used}
    scale = {i.id: s.scale for i in definitions().indicators for s in i.sources if s.table == "RMBW-2023"}
    factor = rows["indicator"].map(scale)
    made = {
        "code": rows["indicator"].map({k: m for k, (m, _) in own.items()}),
        "label": rows["indicator"].map({k: NAMES[m] for k, (m, _) in own.items()}),
        "theme": rows["indicator"].map({k: definitions().theme(i.theme).name for k, (_, i) in own.items()}),
        "area": rows["area"],
        "year": rows["year"],
        **{c: rows[c] / factor for c in ("value", "lower", "upper")},
    }
    return pd.DataFrame(made).reset_index(drop=True)


def few_of(rows: Rows, *names: str) -> Rows:
    """Only some figures of observations."""
    return rows[rows["indicator"].isin(names or FEW)]


def as_csv(
    path: Path, rows: Rows, heads: dict[str, str], mark: str = ";", decimal: str = ".", encoding: str = "utf-8"
) -> Path:
    """Write some columns under the given headings."""
    rows = rows[list(heads)].rename(columns=heads)
    rows.to_csv(path, sep=mark, decimal=decimal, index=False, encoding=encoding)
    return path


def as_book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


LONG = {
    "area": "statcode", "year": "jaar", "code": "indicator", "label": "label", "theme": "thema", "value": "waarde",
    "lower": "ondergrens", "upper": "bovengrens",
}  # fmt: skip


def placed_from(*paths: Path, year: int = 2023, zeros: Zeros | None = None, notation: Notation | None = None) -> Placed:
    return place(definitions(), edition(), read_files(paths, notation), year, zeros)


def fresh_from(*paths: Path, year: int = 2023, zeros: Zeros | None = None) -> Fresh:
    return rmbw_fresh(definitions(), edition(), placed_from(*paths, year=year, zeros=zeros), year, TODAY)


def same_as_shipped(fresh: Fresh, few: bool = True) -> bool:
    before = few_of(shipped()) if few else shipped()
    return len(before) == len(fresh.observations) and differences(before, fresh.observations).empty


def text_file(folder: Path, text: str, name: str = "rmbw_2025.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def note(placed: Placed, reason: str) -> str:
    return next(n.text for n in placed.notes if n.reason == reason)


# -- every form that we know gives the shipped figures back ---------------------------------------------------------


def test_the_whole_edition_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    """As CBS spells its codes: an ampersand and a full stop where the definitions have an underscore."""
    rows = exported(few=False)
    spelled = {"09_E_V_12": "09_E&V_12", "09_E_V_13": "09_E&V_13", "07_K_E_03": "07_K&E_03", "01_07_NW": "01.07_NW"}
    rows = rows.assign(code=rows["code"].replace(spelled))
    fresh = fresh_from(as_csv(tmp_path / "indicatoren.csv", rows, LONG))
    assert same_as_shipped(fresh, few=False)
    assert set(fresh.observations["source"]) == {"RMBW-2023"}
    assert len(fresh.replaced) == shipped()["indicator"].nunique() == 31
    assert set(fresh.sources) == {"RMBW-2023"} and fresh.sources["RMBW-2023"]["rows"] == len(rows)
    plain = [i.id for i in definitions().indicators if all(s.scale == 1 for s in i.sources)]
    key = ["indicator", "area", "year"]
    sides = [f[f["indicator"].isin(plain)].sort_values(key) for f in (shipped(), fresh.observations)]
    for column in ("value", "lower", "upper"):
        first, second = (s[column].to_numpy(dtype=np.float64) for s in sides)
        assert np.array_equal(first, second, equal_nan=True)


def test_dutch_notation_padded_codes_and_windows_text(tmp_path: Path) -> None:
    rows = exported().assign(area=lambda r: r["area"] + "  ", year=lambda r: r["year"].astype(str) + "JJ00")
    heads = {
        "area": "RegioS",
        "year": "Perioden",
        "label": "Label",
        "value": "Waarde",
        "lower": "Onder",
        "upper": "Boven",
    }
    path = as_csv(tmp_path / "rmbw.csv", rows, heads, ";", ",", "cp1252")
    assert "café" not in path.read_bytes().decode("utf-8", "ignore") and same_as_shipped(fresh_from(path))


def test_tabs_quotes_bom_english_headings_and_thousands(tmp_path: Path) -> None:
    rows = exported()
    told = rows["value"].map(lambda v: f"{v:,.4f}")
    rows = rows.assign(value=told, area=rows["area"].str.replace("GM0", "gm"))
    heads = {"theme": "Theme", "code": "Indicator code", "area": "RegionCode", "year": "Year", "value": "Value"}
    path = as_csv(tmp_path / "rmbw.csv", rows[list(heads)], heads, "\t", ".", "utf-8-sig")
    path.write_text("sep=\t\n" + path.read_text("utf-8-sig"), encoding="utf-8-sig")
    fresh = fresh_from(path)
    before = few_of(shipped()).assign(lower=np.nan, upper=np.nan)
    assert len(fresh.observations) == len(before) and differences(before, fresh.observations).empty


def test_our_own_two_files_municipalities_by_code_and_provinces_by_english_label(tmp_path: Path) -> None:
    rows = exported()
    english = {s.measures[0]: s.province_label for i in definitions().indicators for s in i.sources if s.province_label}
    rows = rows.assign(label=rows["code"].map(english))
    municipal = rows["area"].str.startswith("GM")
    first = {
        "code": "indicator",
        "label": "label_en",
        "area": "statcode",
        "theme": "statnaam",
        "year": "jaar",
        "value": "waarde",
    }
    second = {"area": "statcode", "theme": "theme_en", "label": "label_en", "year": "jaar", "value": "waarde"}
    second |= {"lower": "onder", "upper": "boven"}
    paths = [
        as_csv(tmp_path / "rmbw_2023_gemeenten.csv", rows[municipal], first, ","),
        as_csv(tmp_path / "rmbw_2023_provincies.csv", rows[~municipal], second, ","),
    ]
    assert same_as_shipped(fresh_from(*paths))
    with pytest.raises(SourceInvalid, match="geen provincies"):
        fresh_from(paths[0])


def test_a_workbook_with_explanation_two_tables_and_numbers_as_text(tmp_path: Path) -> None:
    rows = exported()
    rows = rows[rows["code"] == "R_HN_AV_02"]
    body = [[None if v != v else v for v in r] for r in rows[list(LONG)].to_numpy(dtype=object).tolist()]
    as_text = [[a, str(y), *rest[:3], str(rest[3]).replace(".", ","), *rest[4:]] for a, y, *rest in body]
    half = len(body) // 2
    path = as_book(
        tmp_path / "rmbw_2023.xlsx",
        {
            "Toelichting": [["Regionale Monitor Brede Welvaart"], ["Jaar van uitgave", 2023]],
            "Cijfers": [["Editie 2023"], [], list(LONG.values()), *body[:half]],
            "Vervolg": [list(LONG.values()), *as_text[half:]],
        },
    )
    fresh = fresh_from(path)
    before = few_of(shipped(), "afstand-openbaar-vervoer")
    assert len(fresh.observations) == len(before) and differences(before, fresh.observations).empty


# -- numbers --------------------------------------------------------------------------------------------------------

NUMBERS = """
text       | nl       | en
12         | 12       | 12
-3         | -3       | -3
1,5        | 1.5      | -
1.5        | -        | 1.5
1.234      | 1234     | 1.234
1,234      | 1.234    | 1234
1.234,5    | 1234.5   | -
1,234.5    | -        | 1234.5
1.234.567  | 1234567  | -
,5         | 0.5      | -
2,5E+3     | 2500     | -
abc        | -        | -
1e999      | -        | -
1-2        | -        | -
"""


@pytest.mark.parametrize("case", cases(NUMBERS))
def test_a_number_is_read_in_one_notation(case: dict[str, str]) -> None:
    for notation in ("nl", "en"):
        assert number(case["text"], notation) == (None if case[notation] == "-" else float(case[notation]))


def test_the_notation_is_that_of_the_whole_file() -> None:
    assert decide(["1.234", "5", "2,5"], "x") == "nl" and decide(["1.234", "2.5"], "x") == "en"
    assert decide(["1", "2"], "x") == "en"
    with pytest.raises(SourceInvalid, match=r"twee notaties.*‘1,5’ en ‘2\.5’"):
        decide(["1,5", "2.5"], "x")
    with pytest.raises(SourceInvalid, match=r"duizendtal of een breuk.*--notation"):
        decide(["1.234", "7"], "x")


def test_thousands_without_a_fraction_need_a_word(tmp_path: Path) -> None:
    path = text_file(
        tmp_path, "statcode;jaar;indicator;waarde\nGM0197;2021;01_KL_H_36;31.400\nPV25;2021;01_KL_H_36;31.000\n"
    )
    with pytest.raises(SourceInvalid, match=r"31\.400"):
        placed_from(path)
    assert placed_from(path, notation="nl").rows["value"].tolist() == [31400.0, 31000.0]


# -- what has no place is told --------------------------------------------------------------------------------------

HEAD = "statcode;jaar;indicator;label;thema;waarde;ondergrens;bovengrens\n"
GOOD = "GM0197;2021;R_HN_SL_04;Afstand tot café e.d.;Wonen;1.5;;\n"
MANY = (
    HEAD
    + GOOD
    + GOOD.replace("Wonen", "Samenleving")
    + "CR01;2021;R_HN_SL_04;;;1.5;;\n"
    + "GM9999;2021;R_HN_SL_04;;;1.5;;\n"
    + "Aalten;2021;R_HN_SL_04;;;1.5;;\n"
    + "GM0197;2021;X_1;Afstand tot café;Wonen;1.5;;\n"
    + "GM0197;2021;X_2;Iets heel anders;Natuur;1.5;;\n"
    + "GM0197;2021;01_GZ_08;Overgewicht;Gezondheid;50.1;;\n"
    + "GM0197;2031;R_HN_SL_04;;;1.5;;\n"
    + "GM0197;2018/2021;R_HN_SL_04;;;1.5;;\n"
    + "".join(
        f"GM0197;{y};R_HN_SL_04;;;{mark};;\n"
        for y, mark in zip(range(2013, 2018), (".", "x", "-", "", "NA"), strict=True)
    )
    + "GM0222;2021;R_HN_SL_04;;;1.4;1.2;\n"
    + "GM0197;2022;Z_9;Vrijwilligerswerk;Samenleving;44.4;;\n"
)


def test_every_row_without_a_place_is_counted_with_its_reason(tmp_path: Path) -> None:
    placed = placed_from(text_file(tmp_path, MANY), year=2025)
    assert placed.left["reason"].value_counts().to_dict() == {
        "geen waarde": 5, "onbekend gebied": 2, "onbekende indicator": 2, "jaar": 2, "andere indeling": 1,
        "indicator niet in gebruik": 1, "dubbel": 1,
    }  # fmt: skip
    assert len(placed.rows) + len(placed.left) == placed.total == 17
    assert placed.rows[["measure", "area", "year", "value"]].to_numpy().tolist() == [
        ["R_HN_SL_04", "GM0197", 2021, 1.5],
        ["R_HN_SL_04", "GM0222", 2021, 1.4],
        ["01_KL_OK_10", "GM0197", 2022, 44.4],
    ]
    assert placed.rows[["lower", "upper"]].isna().all(axis=None)


TOLD = """
reason                    | words
andere indeling           | 1 rij; CR
onbekend gebied           | 2 rijen; GM9999; Aalten
onbekende indicator       | 2 indicatoren; ‘Afstand tot café’ (X_1, Wonen), lijkt op; ‘Iets heel anders’
indicator niet in gebruik | 1 indicator; Overgewicht
jaar                      | 2 rijen; 2031; 2018/2021; 1990 en 2025
geen waarde               | 5 rijen zonder waarde
dubbel                    | 1 rij; één keer
naam                      | ‘Vrijwilligerswerk’ (Z_9)
marge                     | 1 rij; één grens
thema                     | Afstand tot café: bij CBS ‘Wonen’; bij ons ‘Voorzieningen’
"""


@pytest.mark.parametrize("case", cases(TOLD))
def test_the_reasons_are_told_in_plain_words(tmp_path: Path, case: dict[str, str]) -> None:
    said = note(placed_from(text_file(tmp_path, MANY), year=2025), case["reason"])
    assert all(word in said for word in case["words"].split("; ")), said


def test_a_zero_where_there_never_was_one_asks_what_it_means(tmp_path: Path) -> None:
    """Trap: a stored 0 meant 'no value' in a dump of the edition of 2023."""
    rows = exported()
    wrong = (rows["year"] == 2022) & (rows["label"] == NAMES["R_HN_AV_02"])
    path = as_csv(tmp_path / "rmbw_2023.csv", rows.assign(value=rows["value"].mask(wrong, 0.0)), LONG)
    placed = placed_from(path)
    assert placed.zeros == ("R_HN_AV_02",)
    assert "Afstand tot halte of station (354 keer, 2022 helemaal)" in note(placed, "nul")
    with pytest.raises(SourceInvalid, match=r"--zeros leeg.*blijven in gebruik"):
        fresh_from(path)
    empty, real = (fresh_from(path, zeros=z).observations for z in ("leeg", "echt"))
    assert len(real) - len(empty) == wrong.sum() == 354 and (real["value"] == 0).sum() == 354


# -- files that are refused -----------------------------------------------------------------------------------------


def zipped(*parts: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BOOK = ("xl/workbook.xml", b"<workbook/>")
REFUSED: list[tuple[str, bytes | Callable[[], bytes], str]] = [
    ("leeg.csv", b" \n", "is leeg"),
    ("oud.xls", OLE, "oud Excel-bestand"),
    ("slot.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
    ("pak.zip", zipped(("a.csv", b"x")), "ingepakt bestand"),
    ("stuk.xlsx", b"PK\x03\x04 en verder niets", "beschadigd"),
    ("naam.xlsx", b"statcode;jaar", "geen Excel-bestand"),
    ("bom.xlsx", lambda: zipped(BOOK, ("xl/worksheets/sheet1.xml", b" " * (401 << 20))), "veel te groot"),
    ("dtd.xlsx", zipped(BOOK, ("xl/styles.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')), "andere inhoud"),
    ("utf16.csv", HEAD.encode("utf-16"), "verkeerde codering"),
    ("beeld.csv", b"\x89PNG\r\n\x1a\n\0\0", "geen tabel"),
    ("pagina.csv", b"<!DOCTYPE html><p>Storing</p>", "een webpagina"),
    ("api.csv", b'{"value": []}', "JSON"),
    ("brief.csv", b"Beste collega,\nhierbij de cijfers.\n", "de namen van de kolommen ontbreken"),
    ("breed.csv", b"statcode;label;2021;2022\nGM0197;x;1;2\n", "ontbreekt een kolom: jaar en waarde"),
    ("zonder.csv", b"statcode;jaar;waarde\nGM0197;2021;1\n", r"indicator \(code of label\)"),
    ("kop.csv", HEAD.encode(), "alleen de namen van de kolommen"),
    ("twee.csv", b"statcode;jaar;code;waarde;waarde\nGM0197;2021;R_HN_SL_04;1;2\n", "‘waarde’ er twee keer in"),
    ("cel.csv", (HEAD + GOOD + GOOD.replace("1.5", "veel")).encode(), "rij 3, kolom ‘waarde’: ‘veel’ is geen getal"),
    ("extra.csv", (HEAD + GOOD + "GM0197;2021;x;y;z;1;;;9\n").encode(), "rij 3 heeft meer cellen"),
    ("quote.csv", (HEAD + 'GM0197;2021;"R;x;y;1;;\n').encode(), "los aanhalingsteken"),
    ("noot.csv", (HEAD + GOOD.replace("GM0197", "Aalten")).encode(), "De enige rij.*‘Aalten’ kennen wij niet"),
    (
        "ander.csv",
        (HEAD + GOOD + GOOD.replace("1.5", "1.6")).encode(),
        "twee verschillende waarden.*, Aalten, 2021: 1,5 .*1,6 ",
    ),
    ("marge.csv", (HEAD + GOOD.replace(";;", ";1.6;1.8")).encode(), r"ligt buiten haar marge \(.*, Aalten, 2021\)"),
    ("schuif.csv", (HEAD + GOOD.replace("R_HN_SL_04", "R_HN_SL_03")).encode(), "Code en naam horen niet bij elkaar"),
]


@pytest.mark.parametrize(("name", "content", "reason"), REFUSED, ids=[r[0] for r in REFUSED])
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | Callable[[], bytes], reason: str
) -> None:
    (tmp_path / name).write_bytes(content() if callable(content) else content)
    with pytest.raises(SourceInvalid, match=reason) as caught:
        placed_from(tmp_path / name, year=2025)
    assert "\n" not in str(caught.value) and caught.value.way_out


def test_a_directory_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceInvalid, match="is een map"):
        read_files([tmp_path])
    with pytest.raises(SourceUnavailable, match="bestaat niet"):
        read_files([tmp_path / "weg.csv"])


def test_an_edition_that_cannot_be_or_is_older_is_refused(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "rmbw.csv", exported(), LONG)
    placed = placed_from(path)
    for year, reason in ((2022, "ouder dan editie 2023"), (2031, "bestaat niet"), (1999, "bestaat niet")):
        with pytest.raises(SourceInvalid, match=reason):
            rmbw_fresh(definitions(), edition(), placed, year, TODAY)


# -- which years are taken ------------------------------------------------------------------------------------------


def with_live(d: Definitions, indicator: str, table: str) -> Definitions:
    live = LiveSpec(table=table, measures=("X",), replaces=("RMBW-2023",))
    changed = tuple(i.model_copy(update={"live": (live,)}) if i.id == indicator else i for i in d.indicators)
    return replace(d, indicators=changed)


YEARS = """
indicator                 | refused                    | why
geregistreerde-misdrijven | 2023, 2024, 2025           | Geregistreerde misdrijven per gemeente
zonnevermogen-per-woning  | 2023, 2024, 2025           | Zonnepanelen per gemeente
netto-arbeidsparticipatie | 2023                       | Arbeidsdeelname
afstand-cafe              | 2024                       | Kerncijfers wijken en buurten 2024
afstand-basisschool       | 2022, 2023, 2024, 2025     | Kerncijfers wijken en buurten
vaak-onveilig             | -                          | -
tevredenheid-leven        | -                          | -
"""


@pytest.mark.parametrize("case", cases(YEARS))
def test_a_year_that_another_table_serves_stays_with_it(case: dict[str, str]) -> None:
    refused = refused_years(definitions(), edition(), case["indicator"], range(2013, 2026))
    assert ", ".join(map(str, refused)) == case["refused"].replace("-", "")
    if refused:
        assert case["why"] in refused[2023 if 2023 in refused else 2024]


def test_a_fetched_series_keeps_the_place_that_it_took() -> None:
    refused = refused_years(
        with_live(definitions(), "afstand-cafe", "KWB-2024"), edition(), "afstand-cafe", [2013, 2025]
    )
    assert list(refused) == [2013, 2025]
    refused = refused_years(
        with_live(definitions(), "afstand-cafe", "85005NED"), edition(), "afstand-cafe", [2013, 2025]
    )
    assert refused == {}  # it can be fetched, but never was


def test_provinces_do_not_stand_beside_nothing(tmp_path: Path) -> None:
    rows = exported()
    rows = rows[~((rows["year"] == 2022) & rows["area"].str.startswith("GM"))]
    assert 2022 not in set(fresh_from(as_csv(tmp_path / "rmbw.csv", rows, LONG)).observations["year"])


def test_municipalities_of_before_become_part_of_their_successor(tmp_path: Path) -> None:
    """Beemster became part of Purmerend in 2022; an edition of before has both, in all years."""
    rows = exported()
    own = rows[(rows["area"] == "GM0439") & (rows["code"] == "R_HN_SL_04")]
    rows = pd.concat([rows, own.assign(area="GM0370", value=own["value"] + 1.0)])
    fresh = fresh_from(as_csv(tmp_path / "rmbw.csv", rows, LONG)).observations
    pair = [f[(f["indicator"] == "afstand-cafe") & (f["area"] == "GM0439")] for f in (shipped(), fresh)]
    before, after = (p.set_index("year")["value"] for p in pair)
    grown = (after - before)[[2015, 2018, 2021]]
    assert ((grown > 0.05) & (grown < 0.2)).all()  # some 10,000 of 90,000 inhabitants
    elsewhere = differences(few_of(shipped()), fresh)
    assert set(elsewhere["area"]) == {"GM0439"} and "GM0370" not in set(fresh["area"])


def test_the_edition_of_a_year_is_described_as_the_newest_we_know() -> None:
    table = definitions().table("RMBW-2027")
    assert (table.id, table.title) == ("RMBW-2027", "Regionale Monitor Brede Welvaart, editie 2027")
    assert table.page == definitions().table("RMBW-2023").page and not table.file
    for name in ("RMBW-27", "RMBV-2027", "RMBW-2027x"):
        with pytest.raises(MonitorError):
            definitions().table(name)


def test_every_code_of_the_definitions_has_its_name() -> None:
    assert set(used_measures(definitions())) <= set(NAMES)
    assert all(code_key(c) == c for c in NAMES) and len(set(NAMES.values())) == len(NAMES)


# -- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small edition in force."""
    folder = tmp_path / "data" / "snapshot"
    small_editions.make(folder, "2026-11")
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    monkeypatch.setattr(monitor.definitions, "load", small_editions.small)
    return folder


def run(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    import_cli.add(parser.add_subparsers())
    chosen = parser.parse_args(["import", "rmbw", *map(str, arguments)])
    return int(chosen.run(chosen))


def newer(rows: Rows) -> Rows:
    """With a year more: Aalten's halts are a kilometre further off in it, all else is as in the year before."""
    last = rows[(rows["year"] == 2022) & (rows["label"] == NAMES["R_HN_AV_02"])]
    return pd.concat([rows, last.assign(year=2023, value=last["value"] + (last["area"] == "GM0197"))])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_check_changes_nothing_and_writes_the_list_that_was_asked(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = bytes_of(office)
    path = as_csv(tmp_path / "rmbw_2025.csv", pd.concat([newer(exported()), exported(few=False).head(500)]), LONG)
    assert run(path, "--check", "--report", tmp_path / "lijst.csv") == 0
    said = capsys.readouterr().out
    assert "editie 2025" in said and "Alleen gecontroleerd" in said and bytes_of(office) == before
    listed = list(csv.DictReader((tmp_path / "lijst.csv").open(encoding="utf-8-sig"), delimiter=";"))
    assert listed and {r["reden"] for r in listed} == {"indicator niet in gebruik"}
    assert f"De {len(listed):,} rijen".replace(",", ".") in said


def test_check_tells_what_the_import_then_does(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = as_csv(tmp_path / "rmbw_2025.csv", newer(exported()), LONG)
    assert run(path, "--check") == 0
    would = re.search(r"zou geven: (.*)", capsys.readouterr().out)
    assert run(path) == 0
    did = re.search(r"Overgenomen: (.*) Editie", capsys.readouterr().out)
    assert would and did and would[1] == did[1] != ""
    assert run(path, "--check") == 0
    assert "niets nieuws" in capsys.readouterr().out


def test_check_refuses_what_the_import_refuses(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, before = newer(exported()), bytes_of(office)
    rows.loc[(rows["year"] == 2023) & (rows["area"] == "GM0197"), "value"] = -5.0
    path = as_csv(tmp_path / "rmbw_2025.csv", rows, LONG)
    said = []
    for check in (("--check",), ()):
        assert run(path, *check) == 4
        said.append(capsys.readouterr().err)
    assert "Aalten" in said[0] and said[0] == said[1].replace("\r", "") and bytes_of(office) == before


def test_refusals_of_the_command(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = bytes_of(office)
    path = as_csv(tmp_path / "indicatoren.csv", exported(), LONG)
    for check in ((), ("--check",)):
        assert run(path, *check) == 4
        assert "geen jaar. Zeg met --edition" in capsys.readouterr().err
        assert run(path, "--edition", "2022", *check) == 4
        assert "ouder" in capsys.readouterr().err
    with pytest.raises(SourceUnavailable):
        run(tmp_path / "weg_2025.csv")
    assert bytes_of(office) == before and not (office.parent / "edities").exists()


@pytest.mark.parametrize("check", [(), ("--check",)])
def test_a_report_where_there_is_no_folder_is_refused_at_once(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], check: tuple[str, ...]
) -> None:
    before = bytes_of(office)
    with pytest.raises(Refused, match="De map van --report bestaat niet") as caught:
        run(
            as_csv(tmp_path / "rmbw_2025.csv", exported(), LONG), *check, "--report", tmp_path / "nergens" / "lijst.csv"
        )
    assert str(tmp_path / "nergens") in str(caught.value) and not (tmp_path / "nergens").exists()
    assert bytes_of(office) == before and capsys.readouterr().out == ""


def test_the_report_is_told_with_its_place_and_in_good_dutch(tmp_path: Path) -> None:
    place = tmp_path / "lijst.csv"
    assert "Elke rij heeft een plaats" in import_cli._listed(0, place) and str(place) in import_cli._listed(0, place)
    assert import_cli._listed(1, place) == f"De rij zonder plaats staat in ‘{place}’."
    assert import_cli._listed(1204, place) == f"De 1.204 rijen zonder plaats staan in ‘{place}’."


def test_a_year_in_the_name_that_no_edition_has_is_named(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(as_csv(tmp_path / "rmbw_1999.csv", exported(), LONG), "--check") == 4
    said = capsys.readouterr().err
    assert "Een editie 1999" in said and "bestaat niet" in said and "geen jaar" not in said


def test_municipalities_of_before_are_named(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = exported()
    own = rows[(rows["area"] == "GM0439") & (rows["code"] == "R_HN_SL_04")]
    path = as_csv(tmp_path / "rmbw_2025.csv", pd.concat([rows, own.assign(area="GM0370")]), LONG)
    run(path, "--check")
    assert "1 gemeente van vroeger (Beemster)" in capsys.readouterr().out


def test_a_newer_edition_comes_in_force_and_the_same_again_changes_nothing(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("monitor.refresh.changelog")
    path = as_csv(tmp_path / "rmbw_2025.csv", newer(exported()), LONG)
    assert run(path) == 0
    said = capsys.readouterr().out
    now = store.read(office)
    assert f"Editie {now.edition} is nu in gebruik" in said
    row = now.row("afstand-openbaar-vervoer", "GM0197", 2023)
    last = now.row("afstand-openbaar-vervoer", "GM0197", 2022)
    assert row and last and row["value"] == pytest.approx(last["value"] + 1) and row["source"] == "RMBW-2025"
    assert now.row("afstand-openbaar-vervoer", "achterhoek", 2023)
    sources = set(now.observations["source"].astype(str))
    assert "RMBW-2023" not in sources and "RMBW-2025" in sources and "RMBW-2025" in now.manifest["sources"]
    cafe = now.row("afstand-cafe", "GM0197", 2024)
    assert cafe and cafe["source"] == "KWB-2024"
    log = (office / store.CHANGES).read_text(encoding="utf-8")
    assert "Afstand tot halte of station" in log and "2023" in log
    assert "ingelezen uit ‘rmbw_2025.csv’ op " in log and "in plaats van editie 2023, die" in log
    # The screen and the log tell the same.
    head = re.search(r"^\*\*(.*)\*\*$", log, re.M)
    assert head and f"Overgenomen: {head[1]} Editie" in said
    before = bytes_of(office)
    assert run(path) == 3
    assert "Niets veranderd" in capsys.readouterr().out and bytes_of(office) == before
    assert [p.name for p in (office.parent / "edities").iterdir()] == ["2026-11"]
