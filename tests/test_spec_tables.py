"""docs/oordelen.md is the specification of the judgement: every row of its tables is run here.

The page Methode shows the same document, so that text, page and software cannot differ.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any, get_args

import pandas as pd
import pytest

from monitor.dialogue.hold import Verdict, level_verdict, movement_verdict
from monitor.screens.document_html import Table, split, tables, with_tables
from monitor.statistics.change import Change, Movement, Test, change
from monitor.statistics.judge import LIMITED_COVERAGE, OUTCOMES, PROVISIONAL, REASONS, Judgement, Rule, judge
from tests.spec_table import ROOT
from tests.test_browser import visit as open_page
from tests.test_pages import check_sound, markup, visit
from ui.texts import judgement_examples, method_text

METHODS = {
    "telling": ("register", None),
    "enquête": ("enquete", None),
    "schatting": ("modelschatting", None),
    "arbeid en opleiding": ("modelschatting", "register"),
}
DIRECTIONS = {"hoger": "hoger-gunstig", "lager": "lager-gunstig", "geen": "geen"}
TRUE = {"ja": True, "nee": False}
# What a table may state of a case, and what it then says of it.
GIVEN = {
    "geval", "soort cijfer", "klasse", "beter is", "waarde", "marge", "vergelijking", "halve marge vergelijking",
    "halve marge provincie", "kleinste verschil", "dekking", "gemeenten met cijfer", "bruikbaar", "status",
}  # fmt: skip
JUDGED = {"oordeel", "reden"}
COURSE = {"reeks", "breuk", "vanaf"}
# What a finding expects, and what the figures then say to it.
SAID = {"verwacht", "cijfers"}
CHANGED = {"verandering", "van - tot", "reden", "toets", "betekent"}

Row = dict[str, str]


@cache
def document() -> str:
    """The text of the specification."""
    return (ROOT / "docs" / "oordelen.md").read_text(encoding="utf-8")


def usual(text: str) -> Row:
    """What holds for each case that does not say otherwise: the first table."""
    first, *_ = tables(text)
    (row,) = first.dicts()
    return row


def stated(text: str) -> list[tuple[str, Row]]:
    """Every case after the first table, with the heading that it stands under."""
    return [(t.heading, {**usual(text), **row}) for t in tables(text)[1:] for row in t.dicts()]


def num(text: str) -> float:
    """A number in Dutch notation; NaN for 'geen'."""
    return math.nan if text == "geen" else float(text.rstrip("%").replace(".", "").replace(",", "."))


def rule(row: Row) -> Rule:
    """The rule of a case."""
    method, judge_as = METHODS[row["soort cijfer"]]
    return Rule(row["klasse"], method, DIRECTIONS[row["beter is"]], num(row["kleinste verschil"]), judge_as)


def judged(row: Row) -> Judgement:
    """What the software says of a case."""
    lower, upper = ("geen", "geen") if row["marge"] == "geen" else row["marge"].split(" - ")
    return judge(
        rule(row),
        num(row["waarde"]),
        num(row["vergelijking"]),
        lower=num(lower),
        upper=num(upper),
        coverage=num(row["dekking"]) / 100,
        province_half_width=num(row["halve marge provincie"]),
        unusable=not TRUE[row["bruikbaar"]],
        members=int(row["gemeenten met cijfer"]),
        benchmark_half_width=num(row["halve marge vergelijking"]),
        provisional=row["status"] != "definitief",
    )


def changed(row: Row) -> Change:
    """What the software says of a series, written as 'year: value ± half-width; ...'."""
    points = []
    for step in row["reeks"].split("; "):
        year, told = step.split(": ")
        value, _, half = told.partition(" ± ")
        width = num(half) if half else math.nan
        points.append((int(year), num(value), num(value) - width, num(value) + width))
    frame = pd.DataFrame(points, columns=["year", "value", "lower", "upper"])
    breaks, since = ([] if row.get(k, "geen") == "geen" else [int(row[k])] for k in ("breuk", "vanaf"))
    return change(rule(row), frame, breaks, since=next(iter(since), None))


def differs(row: Row) -> list[str]:
    """Where a row and the software do not say the same."""
    if "oordeel" in row:
        told = judged(row)
        said = {"oordeel": told.told, "reden": told.reason}
        verdict = level_verdict(row["verwacht"], told) if "verwacht" in row else ""
    else:
        move = changed(row)
        years = f"{move.first} - {move.last}" if move.first else "geen"
        said = {"verandering": move.movement, "reden": move.reason, "van - tot": years}
        said |= {"toets": move.test or "geen", "betekent": move.tone}
        verdict = movement_verdict(row["verwacht"], move) if "verwacht" in row else ""
    said["cijfers"] = verdict
    return [f"{row['geval']}: {k} is '{v}', niet '{row[k]}'" for k, v in said.items() if row.get(k, v) != v]


def missing(text: str) -> set[str]:
    """Outcomes, reasons and marks of a judgement that no row has; empty when the document is complete."""
    found = [row for _, row in stated(text) if "oordeel" in row]
    reasons = {row["reden"] for row in found}
    told = " / ".join(row["oordeel"] for row in found)
    words = set(re.split(r" / | \(|, |\)", told))
    estimates = {f"indicatief {o}" for o in ("gunstiger", "vergelijkbaar", "ongunstiger")}
    return {*OUTCOMES, *estimates, LIMITED_COVERAGE, PROVISIONAL} - words | set(REASONS) - reasons


ROWS = [pytest.param(row, id=f"{heading}: {row['geval']}".replace(" ", "-")) for heading, row in stated(document())]


@pytest.mark.parametrize("row", ROWS)
def test_the_software_says_what_the_document_says(row: Row) -> None:
    assert not differs(row)


def test_every_outcome_and_every_reason_has_an_example() -> None:
    assert not missing(document())
    movements = {row["verandering"] for _, row in stated(document()) if "verandering" in row}
    assert movements == set(get_args(Movement))
    applied = {row["toets"] for _, row in stated(document()) if "toets" in row}
    assert applied == {name or "geen" for name in get_args(Test)}
    assert {row["cijfers"] for _, row in stated(document()) if "cijfers" in row} == set(get_args(Verdict))


def test_every_column_is_one_that_is_read() -> None:
    """A misspelled column would change nothing and be believed."""
    first, *rest = tables(document())
    assert set(first.columns) == GIVEN - {"geval", "waarde"}
    for table in rest:
        columns = set(table.columns)
        judgement, course = JUDGED <= columns <= GIVEN | JUDGED | SAID, COURSE | CHANGED | GIVEN | SAID
        assert columns >= SAID or not SAID & columns, table.heading
        assert judgement or {"reeks", "verandering", "reden"} <= columns <= course, table.heading
        assert table.columns[0] == "geval" and table.columns[-1] == "reden", table.heading
        names = [row["geval"] for row in table.dicts()]
        assert len(set(names)) == len(names) > 1, table.heading


@pytest.mark.parametrize("reason", REASONS)
def test_the_document_is_found_incomplete_without_a_reason(reason: str) -> None:
    lines = [line for line in document().splitlines() if not line.rstrip(" |").endswith(f"| {reason}")]
    assert missing("\n".join(lines)) >= {reason}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("| 51,0 | gunstiger |", "| 51,0 | vergelijkbaar |"),
        ("| net te klein | hoger | 50,9 |", "| net te klein | hoger | 51,9 |"),
        ("| 79% | definitief | gunstiger (beperkte dekking) |", "| 79% | definitief | gunstiger |"),
        ("| 55,0 | 49,0 - 61,0 | vergelijkbaar |", "| 55,0 | 51,0 - 61,0 | vergelijkbaar |"),
        ("| 4,0 | 1 | niet te beoordelen |", "| 4,0 | 2 | niet te beoordelen |"),
        ("| geen | 49% | ja |", "| geen | 50% | ja |"),
        ("55,1 ± 4,0", "54,9 ± 4,0"),
        ("| 2022 | gestegen | 2022 - 2024 |", "| geen | gestegen | 2022 - 2024 |"),
        ("Mann-Kendall | gedaald", "Mann-Kendall | gestegen"),
        ("verandering | gestegen | 2020", "Mann-Kendall | gestegen | 2020"),
        ("2018 - 2022 | lager |", "2018 - 2022 | hoger |"),
        ("| definitief |\n\n## Welke", "| voorlopig |\n\n## Welke"),
    ],
    ids=[
        "outcome",
        "value",
        "mark",
        "margin",
        "members",
        "coverage",
        "series",
        "break",
        "trend",
        "test",
        "tone",
        "usual",
    ],
)
def test_a_changed_cell_is_found(right: str, wrong: str) -> None:
    assert document().count(right) == 1
    text = document().replace(right, wrong)
    assert [d for _, row in stated(text) for d in differs(row)]


# --- On the page ---


def test_the_page_shows_the_document() -> None:
    page = visit("methode")
    shown = check_sound(page).text
    before, examples = judgement_examples()
    assert before in markup(page) and examples in markup(page)
    assert "Het oordeel in voorbeelden" in shown
    plain = " ".join(shown.split())
    for table in tables(document()):
        assert table.heading in plain
        assert all(cell in plain for row in table.rows for cell in row)
    # Tables scroll in their own box, which the keyboard reaches and which has a name.
    boxes = re.findall(r'<div class="scroll doc" role="region" tabindex="0" aria-label="([^"]+)">', examples)
    names = [re.sub(r" \(\d\)$", "", b) for b in boxes]
    assert names == [f"Tabel: {t.heading}" for t in tables(document())] and len(set(boxes)) == len(boxes)
    how, more = method_text()
    assert "<table" in how and not any(tables(part) for part in (examples, how, more))
    # It stands below the text that it goes with.
    assert how.split("\n## ")[-1].startswith("Oordeel")
    assert markup(page).index(how) < markup(page).index(before) < markup(page).index(more)


@pytest.mark.browser
def test_wide_tables_scroll_in_their_own_box_on_a_phone(new_page: Any, server: Any) -> None:
    page = new_page(server, 390, 844)
    open_page(page, "/methode")
    page.get_by_text("Tabellen met voorbeelden").click()
    boxes = page.get_by_role("region", name=re.compile("^Tabel: "))
    boxes.last.wait_for(state="visible")
    wide = boxes.evaluate_all("boxes => boxes.filter(b => b.scrollWidth > b.clientWidth).length")
    edges = boxes.evaluate_all("boxes => boxes.map(b => b.getBoundingClientRect().right)")
    assert wide >= 10 and max(edges) <= 390
    main = page.get_by_test_id("stMain").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert main[0] <= main[1] == 390


MARKDOWN = """## Kop
Een zin | geen tabel.

| a | b |
|---|--:|
| <i> & | 1,5 - 2,5 |
| x | 10% |

Einde
"""


def test_tables_are_cut_from_the_text_and_every_text_is_escaped() -> None:
    before, table, after = split(MARKDOWN)
    assert before == "## Kop\nEen zin | geen tabel.\n" and after == "\nEinde"
    assert table == Table("Kop", ("a", "b"), (("<i> &", "1,5 - 2,5"), ("x", "10%")))
    made = with_tables(MARKDOWN)
    assert '<th scope="row">&lt;i&gt; &amp;</th><td class="whole">1,5 - 2,5</td>' in made and "<i>" not in made
    assert split("geen tabel") == ["geen tabel"] and not tables("| a |\n| b |")
    with pytest.raises(ValueError, match="zip"):
        tables("| a | b |\n|---|---|\n| 1 |\n")[0].dicts()
