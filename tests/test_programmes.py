"""The register of running programmes: true to its source, honest about what is unknown, and drawn where it belongs."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.definitions import Definitions, load
from monitor.definitions.programmes import Amount, CalendarEntry, Period, Programme, span
from monitor.errors import DefinitionError
from monitor.figures.files import csv_bytes
from monitor.notation import NBSP
from monitor.screens import programmes_html as html
from monitor.screens.programmes import (
    amount_told,
    compose_programmes,
    money,
    per_goal,
    period_told,
    planned_told,
    spoken,
    timeline,
)
from tests.spec_table import ROOT, SHARED, cases, definitions
from tests.test_pages import check_sound, markup, visit

FOLDER = ROOT / "data" / "trajecten"
BUNDLE = SHARED / "bronnen" / "2025-03-05_achterhoek_bundel-algemeen-bestuur.txt"
TODAY = dt.date(2026, 11, 21)
needs_bundle = pytest.mark.skipif(not BUNDLE.is_file(), reason="de bundel staat niet naast het project")
SOURCE = {"document": "stuk", "title": "Een stuk", "section": "blz. 1"}


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)


def own() -> tuple[Programme, ...]:
    return definitions().programmes_for("achterhoek")


def by_id(name: str) -> Programme:
    return next(p for p in own() if p.id == name)


def made(id_: str = "proef", **fields: object) -> Programme:
    """A programme with what must be there, and the given fields."""
    base = {
        "id": id_, "region": "achterhoek", "name": id_, "who": ["BZK"], "status": "lopend", "about": "Iets.",
        "goals": [1], "source": SOURCE, "date": "2025-03-05",
    }  # fmt: skip
    return Programme.model_validate({**base, **fields})


def planned(name: str, **period: object) -> CalendarEntry:
    return CalendarEntry.model_validate(
        {"id": name, "kind": "moment", "name": name, "period": period, "about": "Iets.", "regions": ["alle"],
         "source": SOURCE, "date": "2025-03-05"}
    )  # fmt: skip


# -- the register of the Achterhoek against its source --------------------------------------------------------


@cache
def lines() -> list[str]:
    """The list of running programmes in the bundle, and the explanation of the process money, as lines of text."""
    text = BUNDLE.read_text(encoding="utf-8", errors="replace")
    return text[text.rindex("Lopende trajecten Achterhoek") : text.index("Bijeenkomst klankbordgroep")].splitlines()


def flat(text: str) -> str:
    return " ".join(text.split())


def forms(euro: int) -> list[str]:
    """How a source may write an amount."""
    dotted = f"{euro:,}".replace(",", ".")
    return [dotted, str(euro), f"{euro // 1_000_000} miljoen", f"{euro // 1_000_000} mln"]


@needs_bundle
def test_every_amount_stands_in_the_source_as_it_is_here() -> None:
    text = flat(" ".join(lines()))
    amounts = [(p.id, euro) for p in own() for a in p.amounts for euro in (a.euro, *(s.euro for s in a.shares))]
    assert len(amounts) >= 14
    for name, euro in amounts:
        assert any(re.search(rf"(?<![\d.]){re.escape(f)}(?![\d]|\.\d)", text) for f in forms(euro)), (name, euro)
    for count in (c.number for p in own() for c in p.counts):
        assert any(f in text for f in forms(count)), count


@needs_bundle
def test_no_amount_of_the_source_is_left_out() -> None:
    text = flat(" ".join(lines()))
    given = {int(m.replace(".", "")) for m in re.findall(r"€ ?(\d[\d.]*\d)", text)}
    given |= {int(m) * 1_000_000 for m in re.findall(r"(\d+) (?:miljoen|mln)", text)}
    given |= {int(m) for m in re.findall(r"(\d+) euro", text)}
    given.discard(200)  # '€ 200 mln': told as 200 million
    here = {euro for p in own() for a in p.amounts for euro in (a.euro, *(s.euro for s in a.shares))}
    assert given == here
    assert "351 woningen" in text and by_id("woningbouwimpuls-berkelland").counts[0].number == 351


# One word or two of the first column of every row of the list, as it stands there.
ROWS = (
    "NPVR BZK", "GROS BZK", "Rijkshuisvesting", "Programma Regio Deals", "Woningbouwimpuls",
    "Volkshuisvestingsfonds VRO",
    "Volkshuisvestingsfonds BZK", "isolatieprogramma", "BO MIRT", "Koplopersgroep", "Programma Slim",
    "Circulaire Economie",
    "Uitvoeringsagenda", "Contourennotitie", "Achterhoek cultuurregio", "Leerlingdaling", "voortijdig schoolverlaten",
    "Onderwijsvorming", "IZA en GALA", "Vervolg NPLG", "Deltaprogramma", "Fieldlab", "Netcongestie", "Actieagenda MKB",
    "Regioarrangement", "Achterhoek Regio Achterhoek",
)  # fmt: skip


@needs_bundle
def test_every_row_of_the_list_is_in_the_register() -> None:
    text = "\n".join(lines())
    assert all(row in text for row in ROWS), [r for r in ROWS if r not in text]
    told = Counter(re.sub(r", afspraak \d+$", "", p.source.section) for p in own())
    rows = {k: n for k, n in told.items() if k.startswith("bijlage 3")}
    # Two rows name two agreements each; the process money comes from another appendix.
    assert len(rows) == len(ROWS) and sorted(rows.values())[-3:] == [1, 2, 2]
    assert len(own()) == len(ROWS) + 2 + 1


@needs_bundle
def test_the_register_is_in_our_own_words() -> None:
    """No text shares seven words in a row with a source document."""

    def runs(text: str) -> set[tuple[str, ...]]:
        plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
        words = re.findall(r"\w+", plain)
        return {tuple(words[k : k + 7]) for k in range(len(words) - 6)}

    texts = [p.read_text(encoding="utf-8", errors="replace") for p in (SHARED / "bronnen").glob("*.txt")]
    texts += [re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", t) for t in texts]
    copied = set().union(*(runs(t) for t in texts))
    assert len(copied) > 10_000
    for x in (*definitions().programmes, *definitions().calendar):
        fields = [x.name, x.about, x.source.section, x.period.note]
        fields += [x.npvr, x.note, *(a.purpose for a in x.amounts)] if isinstance(x, Programme) else [x.reckoned]
        for text in fields:
            assert not runs(text or "") & copied, (x.id, text)


def test_shares_per_municipality_add_up_and_are_told_by_name() -> None:
    fund = by_id("volkshuisvestingsfonds-2021-achterhoek").amounts[0]
    assert fund.euro == 5_134_714 == sum(s.euro for s in fund.shares)
    region = definitions().region("achterhoek")
    names = {m.code: m.name for m in region.members}
    assert [(names[s.municipality], s.euro) for s in fund.shares] == [
        ("Berkelland", 1_753_226), ("Bronckhorst", 1_154_534), ("Doetinchem", 2_226_954),
    ]  # fmt: skip
    told = html.amounts(by_id("volkshuisvestingsfonds-2021-achterhoek"), names)
    assert f"Doetinchem: €{NBSP}2.226.954" in told and f"€{NBSP}5.134.714" in told


def test_what_the_source_does_not_say_is_unknown() -> None:
    deal = by_id("regio-deal-5-achterhoek")
    assert (deal.period.start, deal.period.end, deal.status) == ("2024", None, "lopend")
    first = by_id("regio-deal-1-achterhoek")
    assert (first.period.start, first.period.end, first.status) == (None, "2022", "afgerond")
    assert period_told(deal.period) == "vanaf 2024, einde onbekend"
    assert period_told(first.period) == "begin onbekend, tot en met 2022"
    content = compose_programmes(definitions(), definitions().region("achterhoek"), "2026-11", TODAY)
    tables = "".join(html.goal_table(g, content.region, TODAY) for g in content.goals)
    silent = sum(not p.amounts for p in own())
    cells = re.findall(r'data-label="Bedrag" class=unk><span class="mut">onbekend</span>', tables)
    assert len(cells) == silent == 19


def test_no_person_phone_or_address() -> None:
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text)
        assert not re.search(r"(?<![\d.])0\d{1,3}[ -]?\d{6,8}(?!\d)", text)
        assert not re.search(r"\b(de heer|mevrouw|dhr|mw)\b", text, re.IGNORECASE)


def test_every_region_has_a_file_of_its_own() -> None:
    assert {p.stem for p in FOLDER.glob("*.yaml")} == {r.id for r in definitions().regions} | {"programma"}


def test_the_calendar_holds_what_the_letter_and_the_region_planned() -> None:
    known = {c.id: (c.period.start, c.period.end) for c in definitions().calendar if c.kind != "ritme"}
    assert known["commissiedebat"] == ("2025-02-05", None)
    assert known["eerste-bestuurlijk-overleg"] == ("2025-03-20", None)
    assert known["startcongres"] == ("2025-04-03", None)
    assert known["procesmiddelen"] == ("2025", "2027")
    assert known["eerste-herijking"] == ("2029-Q4", None)
    reckoned = [c.id for c in definitions().calendar if c.reckoned]
    assert reckoned == ["eerste-herijking"]  # the one date that no source gives
    other = [c.id for c in definitions().calendar if c.concerns("twente")]
    assert "kernteam" not in other and "startcongres" in other


# -- moments and words ----------------------------------------------------------------------------------------

MOMENTS = """
moment     | first      | last       | told
2025       | 2025-01-01 | 2025-12-31 | 2025
2025-H2    | 2025-07-01 | 2025-12-31 | de tweede helft van 2025
2025-Q1    | 2025-01-01 | 2025-03-31 | het eerste kwartaal van 2025
2024-02    | 2024-02-01 | 2024-02-29 | februari 2024
2025-04-03 | 2025-04-03 | 2025-04-03 | 3 april 2025
"""


@pytest.mark.parametrize("row", cases(MOMENTS, "moment"))
def test_a_moment_is_as_long_as_it_is_precise(row: dict[str, str]) -> None:
    assert tuple(str(d) for d in span(row["moment"])) == (row["first"], row["last"])
    assert spoken(row["moment"]) == row["told"]


def test_a_period_names_what_is_unknown() -> None:
    assert period_told(Period()) == "begin en einde onbekend"
    assert period_told(Period.model_validate({"from": 2025, "to": 2027})) == "2025 tot en met 2027"
    assert (
        planned_told(Period.model_validate({"from": "2025-Q2", "to": "2025-Q3"}))
        == "het tweede en derde kwartaal van 2025"
    )
    assert planned_told(Period.model_validate({"from": "2025-Q1", "to": "2025-Q3"})) == (
        "het eerste tot en met het derde kwartaal van 2025"
    )
    assert planned_told(Period.model_validate({"from": "2025-Q4", "to": "2026-Q1"})) == (
        "het vierde kwartaal van 2025 tot en met het eerste kwartaal van 2026"
    )


def test_money_in_dutch_notation() -> None:
    assert [money(e) for e in (25_000_000, 1_702_260, 700, 1_500_000)] == [
        f"€{NBSP}25 miljoen", f"€{NBSP}1.702.260", f"€{NBSP}700", f"€{NBSP}1.500.000",
    ]  # fmt: skip
    yearly = Amount(euro=350_000, per="jaar", purpose="x")
    assert amount_told(yearly) == f"€{NBSP}350.000 per jaar"
    national = Amount(euro=200_000_000, scope="landelijk", purpose="x")
    assert amount_told(national) == f"€{NBSP}200 miljoen voor het hele land (deel voor de regio onbekend)"


def test_a_programme_may_run_until_its_known_end_has_passed() -> None:
    ends = {"2026": True, "2026-11-21": True, "2026-11-20": False, "2026-H1": False}
    for end, runs in ends.items():
        p = made(period={"to": end})
        assert p.runs(TODAY) is runs and p.overdue(TODAY) is not runs, end
    assert made().runs(TODAY) and not made(status="afgerond").runs(TODAY)
    assert not made(status="afgerond", period={"to": 2020}).overdue(TODAY)


# -- geometry -------------------------------------------------------------------------------------------------


def test_bars_lie_where_their_dates_lie() -> None:
    """On an axis of 2025 to 2028: 1461 days."""
    both = made("beide", period={"from": 2026, "to": 2027})
    begun = made("begonnen", period={"from": "2025-Q1"})
    ended = made("eindigt", period={"to": "2028-12-31"})
    none = made("niets")
    line = timeline([none, both, begun, ended], [planned("startdag", **{"from": "2025-04-03"})], TODAY)
    rows = {r.anchor: r for r in line.rows}
    assert list(line.undated) == [none] and set(rows) == {"beide", "begonnen", "eindigt"}
    assert line.years[0] == (2025, 0.0) and [y for y, _ in line.years] == [2025, 2026, 2027, 2028]
    assert rows["beide"].left == pytest.approx(100 * 365 / 1461)
    assert rows["beide"].width == pytest.approx(100 * 730 / 1461)
    assert not rows["beide"].open_start and not rows["beide"].open_end
    # Only what the source says is solid: of an open programme its first quarter, or its last day.
    assert (rows["begonnen"].left, rows["begonnen"].width) == (0.0, pytest.approx(100 * 90 / 1461))
    assert rows["begonnen"].open_end and not rows["begonnen"].open_start
    assert rows["eindigt"].open_start and rows["eindigt"].left + rows["eindigt"].width == pytest.approx(100)
    assert line.planned[0].left == pytest.approx(100 * 92 / 1461)
    assert line.today == pytest.approx(100 * (TODAY - dt.date(2025, 1, 1)).days / 1461)


def test_axis_holds_today_and_does_not_name_more_years_than_fit() -> None:
    line = timeline([made("lang", period={"from": 2021, "to": 2050})], [], TODAY)
    named = [y for y, _ in line.years]
    assert len(named) <= 12 and named[0] == 2021 and len({b - a for a, b in pairwise(named)}) == 1
    old = timeline([made("oud", period={"from": 2019, "to": 2020})], [], TODAY)
    assert old.years[0][0] == 2019 and 80 < old.today < 100


@pytest.mark.parametrize("region", [r.id for r in definitions().regions])
def test_nothing_on_the_timeline_of_a_region_leaves_the_axis(region: str) -> None:
    content = compose_programmes(definitions(), definitions().region(region), "2026-11", TODAY)
    assert len(content.timeline.planned) >= 8
    for r in (*content.timeline.planned, *content.timeline.rows):
        assert r.left >= 0 and r.width > 0 and r.left + r.width <= 100 + 1e-9, r


def test_every_programme_stands_in_full_under_one_goal_and_by_name_under_its_others() -> None:
    blocks = per_goal(definitions().goals, own())
    full = [p.id for b in blocks for p in b.programmes]
    assert sorted(full) == sorted(p.id for p in own())
    for b in blocks[:-1]:
        assert all(b.goal and b.goal.id == p.goals[0] for p in b.programmes)
        assert {p.id for p in (*b.programmes, *b.also)} == {
            p.id for p in own() if b.goal and b.goal.id in p.goals and len(p.goals) < 3
        }
    assert blocks[-1].goal is None and all(len(p.goals) == 3 for p in blocks[-1].programmes)


# -- a broken register: what is changed, and what the message then says ---------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the registers."""
    return Path(shutil.copytree(FOLDER, tmp_path / "trajecten"))


BROKEN = [
    ("unknown field", "achterhoek.yaml", "  counts:\n", "  kleur: rood\n  counts:\n",
     ["achterhoek.yaml", "'woningbouwimpuls-berkelland'", "veld 'kleur'", "bestaat niet"]),
    ("missing field", "achterhoek.yaml", "  status: afgerond\n", "",
     ["'regio-deal-1-achterhoek'", "veld 'status'", "ontbreekt"]),
    ("unknown status", "achterhoek.yaml", "status: afgerond", "status: klaar",
     ["'regio-deal-1-achterhoek'", "veld 'status'", "mag alleen", "'afgerond'"]),
    ("shares that do not add up", "achterhoek.yaml", "euro: 2226954", "euro: 2226955",
     ["'volkshuisvestingsfonds-2021-achterhoek'", "veld 'amounts.0'", "5134715", "5134714"]),
    ("an amount as text", "achterhoek.yaml", "euro: 25000000", 'euro: "25 miljoen"',
     ["'regio-deal-5-achterhoek'", "veld 'amounts.0.euro'", "geheel getal"]),
    ("a date that is none", "achterhoek.yaml", "{from: 2025, to: 2028,", '{from: "voorjaar", to: 2028,',
     ["'cultuurregio-achterhoek'", "veld 'period.from'", "niet de juiste vorm"]),
    ("a day that does not exist", "achterhoek.yaml", '"2025-12-31"', '"2025-11-31"',
     ["'netcongestie-achterhoek'", "veld 'period'", "2025-11-31 bestaat niet"]),
    ("an end before the beginning", "achterhoek.yaml", "{from: 2025, to: 2028,", "{from: 2025, to: 2024,",
     ["'cultuurregio-achterhoek'", "veld 'period'", "'to' (2024) ligt voor 'from' (2025)"]),
    ("a municipality elsewhere", "achterhoek.yaml", "GM1859", "GM0014",
     ["'volkshuisvestingsfonds-2021-achterhoek'", "veld 'amounts.shares.municipality'", "'GM0014' bestaat niet"]),
    ("an unknown theme", "achterhoek.yaml", "themes: [wonen]", "themes: [woningen]",
     ["'woningbouwimpuls-berkelland'", "veld 'themes'", "Bedoelde u 'wonen'?"]),
    ("a goal too many", "achterhoek.yaml", "goals: [2, 1]", "goals: [2, 4]",
     ["'slim-en-schoon'", "veld 'goals.1'", "te groot"]),
    ("a goal twice", "achterhoek.yaml", "goals: [2, 1]", "goals: [2, 2]", ["'slim-en-schoon'", "twee keer"]),
    ("an id twice", "achterhoek.yaml", "id: slim-en-schoon", "id: regioexpres",
     ["'regioexpres' staat er twee keer in"]),
    ("another region", "achterhoek.yaml", "- id: slim-en-schoon\n", "- id: slim-en-schoon\n  region: twente\n",
     ["'slim-en-schoon'", "veld 'region'", "'twente'"]),
    ("no list", "twente.yaml", "# Nog niet ingevuld", "naam: iets\n#", ["twente.yaml moet een lijst zijn"]),
    ("no fields", "twente.yaml", "# Nog niet ingevuld", "- alleen tekst\n#", ["twente.yaml, ingang 1", "velden"]),
    ("a moment without a date", "programma.yaml", '  period: {from: "2025-04-03"}\n', "",
     ["programma.yaml", "'startcongres'", "period.from"]),
    ("a region in the calendar", "programma.yaml", "regions: [achterhoek]", "regions: [achterhoek, achterhok]",
     ["programma.yaml", "veld 'regions'", "Bedoelde u 'achterhoek'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), [b[1:] for b in BROKEN], ids=[str(b[0]) for b in BROKEN])
def test_a_broken_register_is_named_by_file_entry_and_field(
    folder: Path, name: str, old: str, new: str, said: list[str]
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        _loaded(folder)
    for part in said:
        assert part in str(caught.value), str(caught.value)
    assert caught.value.way_out


def _loaded(folder: Path) -> Definitions:
    """The registers of a folder with the definitions that ship: reading those anew for every case takes long."""
    from monitor.definitions.programmes import check_programmes, read_calendar, read_programmes

    d = replace(definitions(), programmes=read_programmes(folder), calendar=read_calendar(folder))
    check_programmes(d)
    return d


def test_a_file_of_no_region_and_a_missing_folder_are_named(folder: Path, tmp_path: Path) -> None:
    (folder / "twente.yaml").rename(folder / "tukkerland.yaml")
    shutil.copy(folder / "achterhoek.yaml", folder / "tukkerland.yaml")
    (folder / "achterhoek.yaml").unlink()
    with pytest.raises(DefinitionError, match=r"tukkerland\.yaml: er is geen regio 'tukkerland'"):
        _loaded(folder)
    with pytest.raises(DefinitionError, match="lopende trajecten ontbreekt"):
        load(programmes=tmp_path / "weg")


def test_a_register_that_another_region_fills_is_loaded(folder: Path) -> None:
    (folder / "twente.yaml").write_text(
        "- id: proef-twente\n  name: Proef\n  who: [OCW]\n  status: lopend\n  period: {from: 2025, to: 2026}\n"
        "  amounts: [{euro: 1000, purpose: test}]\n  about: Iets.\n  goals: [3]\n  themes: [menselijk-kapitaal]\n"
        "  source: {document: stuk, title: Een stuk, section: blz. 1}\n  date: 2026-05-01\n",
        encoding="utf-8",
    )
    d = load(programmes=folder)
    found = d.programmes_for("twente")
    assert [p.region for p in found] == ["twente"] and found[0].period.last == dt.date(2026, 12, 31)
    content = compose_programmes(d, d.region("twente"), "2026-11", TODAY)
    assert content.dated == "Dit is de stand van mei 2026."
    assert content.figure and content.figure.content.cells[0][6] == f"€{NBSP}1.000"


def test_a_programme_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        own()[0].name = "anders"  # type: ignore[misc]


# -- no total -------------------------------------------------------------------------------------------------


def test_amounts_are_never_added_up() -> None:
    content = compose_programmes(definitions(), definitions().region("achterhoek"), "2026-11", TODAY)
    for kind in ("een vast bedrag", "per jaar", "per kwetsbare woningeigenaar", "voor het hele land"):
        assert kind in content.no_total
    given = [a.euro for p in own() for a in p.amounts]
    assert content.amounts
    shown = {row[2] for row in content.amounts.content.plain}
    assert str(sum(given)) not in shown
    rows = csv_bytes(content.amounts, "trajecten").decode("utf-8-sig").splitlines()
    assert "Volkshuisvestingsfonds 2021;Doetinchem;2226954;" in "\n".join(rows)
    assert "CC BY" not in "\n".join(rows)  # the licence of the figures is not that of these papers


# -- the page -------------------------------------------------------------------------------------------------


def test_page_of_the_achterhoek() -> None:
    test = visit("trajecten", regio="achterhoek")
    text = check_sound(test).text
    assert "Dit is de stand van maart 2025" in text and "29 trajecten" in text
    assert "einde onbekend" in text and "gepland, niet nagegaan" in text
    for p in own():
        assert f'id="traject-{p.id}"' in markup(test)
    links = set(re.findall(r'href="#traject-([a-z0-9-]+)"', markup(test)))
    assert links and links <= {p.id for p in own()}
    assert "De einddatum is voorbij" in text  # of the scheme that ended on 31 December 2025


def test_page_of_a_region_that_has_not_filled_its_register() -> None:
    test = visit("trajecten", regio="twente")
    text = check_sound(test).text
    assert "Nog niet ingevuld" in text and "twente.yaml" in text and "Startcongres" in text
    assert "Een totaal" not in text and "<table" not in markup(test)


def test_texts_of_a_register_are_escaped() -> None:
    bad = '<script>alert("x")</script>'
    p = made(
        "kwaad", name=bad, who=[bad], about=bad, note=bad, npvr=bad, period={"from": 2025, "note": bad},
        amounts=[{"euro": 5, "purpose": bad, "per": bad}], counts=[{"number": 3, "what": bad}],
        source={"document": bad, "title": bad, "section": bad},
    )  # fmt: skip
    c = CalendarEntry.model_validate(
        {"id": "x", "kind": "moment", "name": bad, "period": {"from": 2025, "note": bad}, "about": bad,
         "regions": ["alle"], "reckoned": bad, "source": SOURCE, "date": "2025-03-05"}
    )  # fmt: skip
    d = replace(definitions(), programmes=(p,), calendar=(c,))
    content = compose_programmes(d, d.region("achterhoek"), "2026-11", TODAY)
    drawn = "".join(html.goal_table(g, content.region, TODAY) for g in content.goals)
    drawn += html.timeline(content.timeline) + html.undated((p,)) + html.calendar([c]) + html.rhythm([c])
    assert "<script" not in drawn and "&lt;script&gt;" in drawn
