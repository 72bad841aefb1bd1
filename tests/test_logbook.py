"""The log without its database: who may write, what may be noted, how it is shown and taken along."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from docx import Document

from monitor import access, dates
from monitor.access import Identity, from_claims, single_user
from monitor.figures.files import as_data
from monitor.logbook import about, entry, export
from monitor.logbook.entry import Draft, Entry, Version
from monitor.logbook.store import Wanted
from monitor.screens import logbook_html
from tests.spec_table import cases, definitions

D = definitions()
REGIONS = [r.id for r in D.regions]
NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CLAIMS = {"iss": "https://uitgever.voorbeeld", "sub": "u1", "iat": NOW.timestamp(), "name": "medewerker A"}
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)> & \"x\" 'y'"
DRAFT = Draft("achterhoek", date(2026, 3, 12), "Geprobeerd.", "Geleerd.")


# -- who may write --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "regions", "unknown"),
    [
        (["achterhoek", "twente"], {"achterhoek", "twente"}, ()),
        ("achterhoek twente", {"achterhoek", "twente"}, ()),
        ("Achterhoek, twente;achterhoek", {"achterhoek", "twente"}, ()),
        ("*", set(REGIONS), ()),
        (["*", "nergens"], set(REGIONS), ("nergens",)),
        ("achterhoek graafschap", {"achterhoek"}, ("graafschap",)),
        (["achterhoek", 3, None, {"a": 1}], {"achterhoek"}, ()),
        (None, set(), ()),
        ("", set(), ()),
        ({"achterhoek": True}, set(), ()),
        (True, set(), ()),
    ],
)
def test_regions_of_a_claim(value: object, regions: set[str], unknown: tuple[str, ...]) -> None:
    found = from_claims({**CLAIMS, "regios": value}, REGIONS, "regios", NOW)
    assert found.identity and found.identity.regions == regions and found.unknown == unknown
    assert bool(found.reason) == (not regions)
    assert all(found.identity.may_write(r) == (r in regions) for r in [*REGIONS, "nergens", "*", ""])


def test_the_claim_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert access.claim_name() == "regios"
    monkeypatch.setenv("REGIOMONITOR_REGIONS_CLAIM", "https://voorbeeld.nl/regios")
    claims = {**CLAIMS, access.claim_name(): "twente", "regios": "*"}
    assert from_claims(claims, REGIONS, access.claim_name(), NOW).identity.regions == {"twente"}


def test_a_person_is_known_by_issuer_and_subject_and_never_by_mail() -> None:
    def name(**claims: str) -> str:
        return from_claims({**CLAIMS, "name": None, **claims}, REGIONS, "regios", NOW).identity.name

    assert from_claims(CLAIMS, REGIONS, "regios", NOW).identity.subject == "https://uitgever.voorbeeld u1"
    assert name(name="iemand@voorbeeld.nl", preferred_username="iemand@voorbeeld.nl") == access.NAMELESS
    assert name(name="i@v.nl", given_name="A.", family_name="Bee") == "A. Bee"
    assert name(preferred_username="abee", email="i@v.nl") == "abee"
    assert name(name="A\x00\u202e\n" + "b" * 500) == "A " + "b" * 118
    for without in ({"sub": ""}, {"sub": None}):
        assert from_claims({**CLAIMS, **without}, REGIONS, "regios", NOW).identity is None


def test_a_sign_in_lasts_a_working_day() -> None:
    def at(moment: object) -> access.Access:
        return from_claims({**CLAIMS, "iat": moment, "regios": "*"}, REGIONS, "regios", NOW)

    assert at((NOW - timedelta(hours=11, minutes=59)).timestamp()).identity
    for moment in ((NOW - timedelta(hours=12, seconds=1)).timestamp(), None, "x", True, 1e300):
        assert at(moment).identity is None and "verlopen" in at(moment).reason and at(moment).offer_sign_in


LOCAL = {"Host": "localhost:8501", "Origin": "http://localhost:8501", "User-Agent": "x"}


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1", "127.8.8.8"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:80", "[::1]:8501", "LOCALHOST:1"])
@pytest.mark.parametrize("client", [None, "127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_one_person_at_home_may_write(address: str, host: str, client: str | None) -> None:
    headers = {"host": host, "origin": f"http://{host}"}
    found = single_user(address, headers, client, REGIONS)
    assert found.identity == Identity("lokaal", "lokale gebruiker", frozenset(REGIONS)) and not found.reason


@pytest.mark.parametrize(
    "row",
    cases("""
    what              | address   | header            | value           | client      | words
    no address        |           |                   |                 |             | luistert niet alleen
    all networks      | 0.0.0.0   |                   |                 |             | luistert niet alleen
    all networks, 6   | ::        |                   |                 |             | luistert niet alleen
    a name            | monitor   |                   |                 |             | luistert niet alleen
    nearly local      | localhost.nl |                |                 |             | luistert niet alleen
    forwarded for     | localhost | X-Forwarded-For   | 127.0.0.1       |             | doorgeefserver
    forwarded         | localhost | forwarded         | for=127.0.0.1   |             | doorgeefserver
    real ip           | 127.0.0.1 | X-REAL-IP         | 127.0.0.1       |             | doorgeefserver
    forwarded host    | localhost | X-Forwarded-Host  | localhost       |             | doorgeefserver
    forwarded proto   | localhost | X-Forwarded-Proto | https           |             | doorgeefserver
    via               | localhost | Via               | 1.1 x           |             | doorgeefserver
    empty but there   | localhost | X-Forwarded-For   |                 |             | doorgeefserver
    other computer    | localhost |                   |                 | 192.168.1.4 | andere computer
    not an address    | localhost |                   |                 | onbekend    | andere computer
    other host        | localhost | Host              | monitor.nl:8501 |             | via localhost
    rebound host      | localhost | Host              | 127.0.0.1.x.nl  |             | via localhost
    no host           | localhost | Host              |                 |             | via localhost
    other origin      | localhost | Origin            | https://x.nl    |             | via localhost
    origin null       | localhost | Origin            | null            |             | via localhost
    origin empty      | localhost | Origin            |                 |             | via localhost
    origin a file     | localhost | Origin            | file://         |             | via localhost
    origin a program  | localhost | Origin            | app://localhost |             | via localhost
    origin no address | localhost | Origin            | http://[::1     |             | via localhost
    origin in disguise | localhost | Origin           | http://localhost@x.nl |       | via localhost
    origin looks local | localhost | Origin           | http://localhost.x.nl |       | via localhost
    origin in capitals | localhost | ORIGIN           | NULL            |             | via localhost
    forwarded prefix  | localhost | X-Forwarded-Prefix | /              |             | doorgeefserver
    forwarded user    | localhost | x-forwarded-user  | iemand          |             | doorgeefserver
    forwarded bare    | localhost | X-Forwarded       | for=127.0.0.1   |             | doorgeefserver
    forwarded other   | localhost | X-FORWARDED-WAT-OOK | x             |             | doorgeefserver
    original host     | localhost | X-Original-Host   | localhost       |             | doorgeefserver
    original for      | localhost | x-original-for    | 127.0.0.1       |             | doorgeefserver
    original url      | localhost | X-Original-URL    | /               |             | doorgeefserver
    fly               | localhost | Fly-Client-IP     | 127.0.0.1       |             | doorgeefserver
    fastly            | localhost | Fastly-Client-IP  | 127.0.0.1       |             | doorgeefserver
    cluster           | localhost | X-Cluster-Client-IP | 127.0.0.1     |             | doorgeefserver
    cloudflare        | localhost | CF-Connecting-IP  | 127.0.0.1       |             | doorgeefserver
    true client       | localhost | True-Client-IP    | 127.0.0.1       |             | doorgeefserver
    """),
)
def test_one_person_is_refused_where_others_could_come(row: dict[str, str]) -> None:
    headers = {k: v for k, v in LOCAL.items() if k.lower() != row["header"].lower()}
    if row["header"]:
        headers[row["header"]] = row["value"]
    found = single_user(row["address"] or None, headers, row["client"] or None, REGIONS)
    assert found.identity is None and row["words"] in found.reason and found.reason.count(".") >= 1
    assert not found.offer_sign_in


def test_without_an_origin_or_with_a_local_one_there_is_no_objection() -> None:
    bare = {"Host": "localhost:8501", "User-Agent": "x", "Sec-WebSocket-Key": "x", "X-Requested-With": "x"}
    for origin in (
        {},
        {"Origin": "http://localhost:3000"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": "http://[::1]:1"},
    ):
        assert single_user("localhost", {**bare, **origin}, None, REGIONS).identity, origin


@pytest.mark.parametrize("value", ["", "0", "true", "ja", "11", None])
def test_only_the_value_1_asks_for_one_person(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv("REGIOMONITOR_SINGLE_USER", value)
    assert not access.single_user_asked()
    monkeypatch.setenv("REGIOMONITOR_SINGLE_USER", "1")
    assert access.single_user_asked()


# -- what may be noted ----------------------------------------------------------------------------------------


def form(**changes: object) -> dict[str, object]:
    return {
        "region": "achterhoek", "day": "12-3-2026", "look_again": "", "goal": None, "indicator": None, "finding": None,
        "tried": "a", "learned": "b", "changes": None, "follow_up": "", **changes,
    }  # fmt: skip


def test_a_form_becomes_a_draft() -> None:
    finding = next(f.id for f in D.findings if f.concerns("achterhoek"))
    filled = form(
        look_again="1 september 2027", goal=2, indicator="overgewicht", finding=finding, changes="c", follow_up=" d\n"
    )
    draft, wrong = entry.read(filled, D, TODAY)
    assert wrong == ()
    assert draft == Draft(
        "achterhoek", date(2026, 3, 12), "a", "b", "c", "d", date(2027, 9, 1), 2, "overgewicht", finding
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tried": " \n\t"}, ["‘Wat is geprobeerd’ is nog leeg."]),
        ({"tried": "", "learned": ""}, ["‘Wat is geprobeerd’ is nog leeg.", "‘Wat is geleerd’ is nog leeg."]),
        ({"tried": "\u200b\x00\u202e"}, ["‘Wat is geprobeerd’ is nog leeg."]),
        (
            {"changes": "x" * 4001},
            ["‘Wat verandert er’ is te lang: 4.001 tekens, en er passen er 4.000. Kort de tekst in."],
        ),
        ({"day": ""}, ["‘Datum’ is geen datum; schrijf bijvoorbeeld 21-11-2026."]),
        ({"day": "31-2-2026"}, ["‘Datum’ is geen datum; schrijf bijvoorbeeld 21-11-2026."]),
        ({"day": "22-11-2026"}, ["‘Datum’ ligt vóór 2000 of na vandaag."]),
        ({"day": "31-12-1999"}, ["‘Datum’ ligt vóór 2000 of na vandaag."]),
        ({"look_again": "gauw"}, ["‘Opnieuw bekijken op’ is geen datum; schrijf bijvoorbeeld 21-11-2026."]),
        (
            {"look_again": "11-3-2026"},
            ["‘Opnieuw bekijken op’ ligt vóór de datum van de aantekening, of te ver weg."],
        ),
        ({"region": "nergens"}, ["Kies een regio."]),
        ({"region": None}, ["Kies een regio."]),
        ({"goal": 4}, ["Dit doel bestaat niet."]),
        ({"indicator": "x"}, ["Dit cijfer bestaat niet."]),
        ({"finding": "x"}, ["Deze bevinding bestaat niet."]),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], told: list[str]) -> None:
    draft, wrong = entry.read(form(**changes), D, TODAY)
    assert draft is None and list(wrong) == told


def test_a_finding_about_another_region_is_refused() -> None:
    elsewhere = next(f.id for f in D.findings if not f.concerns("achterhoek"))
    for region, wrong in (("achterhoek", 1), (next(r for r in REGIONS if _finding(elsewhere).concerns(r)), 0)):
        draft, told = entry.read(form(region=region, finding=elsewhere), D, TODAY)
        assert len(told) == wrong and bool(draft) == (not wrong)
    _, (told,) = entry.read(form(finding=elsewhere), D, TODAY)
    assert told == "De gekozen bevinding gaat niet over de Achterhoek. Kies een andere, of maak dat veld leeg."


def _finding(name: str) -> Any:
    return next(f for f in D.findings if f.id == name)


def test_what_is_gone_may_stay_in_an_edit_and_nowhere_else() -> None:
    elsewhere = next(f.id for f in D.findings if not f.concerns("achterhoek"))
    for gone in ({"indicator": "weg"}, {"finding": "weg"}, {"goal": 9}, {"finding": elsewhere}):
        base = replace(DRAFT, **gone)
        draft, told = entry.read(form(**gone), D, TODAY, (DRAFT, base))
        assert told == () and draft and all(getattr(draft, k) == v for k, v in gone.items())
        assert entry.read(form(**gone), D, TODAY, (DRAFT,))[0] is None and entry.read(form(**gone), D, TODAY)[0] is None
    assert entry.read(form(indicator="anders-weg"), D, TODAY, (replace(DRAFT, indicator="weg"),))[0] is None


def test_the_longest_text_and_the_nearest_dates_are_allowed() -> None:
    assert entry.read(form(tried="x" * 4000, day="21-11-2026", look_again="21-11-2026"), D, TODAY)[0]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12-3-2026", date(2026, 3, 12)),
        ("12/03/2026", date(2026, 3, 12)),
        (" 12 . 3 . 2026 ", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("12 maart 2026", date(2026, 3, 12)),
        ("12 Mrt 2026", date(2026, 3, 12)),
        ("1 sept. 2026", date(2026, 9, 1)),
        ("1 ma 2026", None),
        ("29-2-2027", None),
        ("12-3-26", None),
        ("morgen", None),
        ("", None),
        ("3-12", None),
    ],
)
def test_dates_as_people_type_them(typed: str, day: date | None) -> None:
    made, wrong = entry.read(
        {"region": "twente", "tried": "Proef.", "learned": "Les.", "day": typed}, definitions(), date(2026, 11, 21)
    )
    assert (made.day if made else None) == day and bool(wrong) == (day is None)
    if day:
        assert dates.read_day(dates.short_date(day)) == dates.read_day(dates.told_date(day)) == day


def test_control_characters_are_removed_and_the_rest_stays() -> None:
    assert entry.clean("\x00a\x1b[31m\tb\r\nc\rd\u202eé\ud800 🚲\ufeff\n\n\n\ne\x7f\x9f") == "a[31m b\nc\ndé 🚲\n\ne"
    assert entry.clean("<b>x</b> =1+1 & ’") == "<b>x</b> =1+1 & ’"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_today_is_the_day_in_the_netherlands(moment: datetime, day: date) -> None:
    assert dates.today(moment) == day
    assert abs(dates.today() - datetime.now(UTC).date()) <= timedelta(days=1)


def test_moments_are_told_in_dutch_time() -> None:
    assert dates.told_moment(NOW) == "21 november 2026, 14:05 uur"
    assert dates.told_moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juli 2026, 00:30 uur"


def test_the_goal_follows_from_what_the_link_is_about() -> None:
    def draft(*own: str, **asked: object) -> Draft:
        return about.empty_draft(D, own or ("achterhoek",), Wanted(**asked), TODAY)

    assert draft(indicator="overgewicht").goal == 3 and draft(indicator="overgewicht", goal=1).goal == 1
    assert draft().goal is None and draft().day == TODAY
    assert draft("achterhoek", "twente", regions=("twente",)).region == "twente"
    assert draft("achterhoek", "twente", regions=("zuid-limburg",)).region == "achterhoek"
    own = next(f for f in D.findings if f.concerns("twente") and not f.concerns("achterhoek") and len(f.goals) == 1)
    filled = draft("achterhoek", "twente", finding=own.id)
    assert (filled.region, filled.finding, filled.goal) == ("twente", own.id, own.goals[0])
    assert draft("achterhoek", finding=own.id) == draft("achterhoek"), "it would be refused"
    asked = about.asked(D, Wanted(goal=3))
    assert "overgewicht" in asked.near_indicators and "afstand-huisarts" not in asked.near_indicators
    assert about.told(D, Wanted()) == "alle regio’s"
    told = about.told(D, Wanted(("achterhoek",), 3, "overgewicht", "onbekend"))
    assert told.startswith("Achterhoek; doel 3 · ") and "‘Overgewicht’" in told and about.GONE_FINDING in told


# -- on screen ------------------------------------------------------------------------------------------------


def made(number: int = 1, *, id: int = 7, **changes: object) -> Entry:
    """An entry as the store gives it."""
    withdrawn = bool(changes.pop("withdrawn", False))
    author = str(changes.pop("author", "medewerker A"))
    version = Version(
        number, replace(DRAFT, **changes), author, NOW, withdrawn, f"een\n\ntwee {ATTACK}" if withdrawn else ""
    )
    return Entry(id, version, NOW - timedelta(days=1), author)


FULL = {
    "tried": ATTACK, "learned": f"een\ntwee {ATTACK}", "changes": ATTACK, "follow_up": ATTACK, "author": ATTACK,
    "indicator": "overgewicht", "goal": 3, "look_again": date(2027, 9, 1),
}  # fmt: skip


@pytest.mark.parametrize("withdrawn", [False, True])
def test_markup_in_an_entry_is_shown_as_text_everywhere(withdrawn: bool) -> None:
    e = made(3, withdrawn=withdrawn, **FULL)
    history = (made(1, **FULL).current, made(2, **{**FULL, "tried": "x"}).current, e.current)
    for text in (logbook_html.card(e, D, history), logbook_html.theirs(e, D)):
        assert "<script" not in text and "<img" not in text and "onerror=alert(1)&gt;" in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "\n" not in text


def test_a_card_says_what_it_is_about_and_who_wrote_it() -> None:
    finding = D.findings[0]
    text = logbook_html.card(made(indicator="overgewicht", goal=3, finding=finding.id, look_again=date(2027, 9, 1)), D)
    assert "<h3>Achterhoek · 12 maart 2026</h3>" in text and 'id="aantekening-7"' in text
    assert 'href="trends?regio=achterhoek&amp;indicator=overgewicht"' in text
    assert "Doel 3 · " in text and "Bevinding: " in text and "Opnieuw bekijken op 1 september 2027." in text
    assert "Geschreven door medewerker A op 20 november 2026, 14:05 uur." in text
    assert "<details>" not in text and "Wat verandert er" not in text
    gone = logbook_html.card(made(indicator="weg", finding="weg"), D)
    assert about.GONE_FIGURE in gone and about.GONE_FINDING in gone and "href" not in gone


def test_history_tells_what_each_version_changed() -> None:
    versions = (
        made(1).current,
        made(2, learned="Iets anders.").current,
        made(3, learned="Iets anders.", withdrawn=True).current,
        made(4, learned="Iets anders.").current,
        made(5, learned="Iets anders.", goal=2, changes="").current,
    )
    text = logbook_html.card(Entry(7, versions[-1], NOW, "medewerker A"), D, versions)
    items = text.split("<li><p><b>Versie ")[1:]
    assert [i[0] for i in items] == list("54321")
    assert (
        "Doel: 2 · " in items[0]
        and "Teruggezet." in items[1]
        and "Ingetrokken. Reden: een<br><br>twee &lt;script" in items[2]
    )
    assert "Iets anders." in items[3] and "Geprobeerd." not in items[3] and "Geprobeerd." in items[4]
    assert "Geschiedenis: 5 versies" in text


# -- to take along --------------------------------------------------------------------------------------------

LINK = "http://localhost:8501/logboek?regio=achterhoek"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\n=1", "＝1", "|x", "%x"])
def test_a_formula_in_a_cell_is_data(start: str) -> None:
    assert as_data(start) == f"'{start}"


@pytest.mark.parametrize("text", ["", "a=b", "1", "’t Gooi", "é", "<b>"])
def test_a_plain_cell_stays_as_it_is(text: str) -> None:
    assert as_data(text) == text


def test_csv_for_a_spreadsheet() -> None:
    entries = [
        made(tried='=HYPERLINK("http://x";"y")', learned="een\n=twee;drie", author="@iemand", indicator="overgewicht"),
        made(2, id=8, withdrawn=True),
    ]
    raw = export.csv_bytes(entries, D, "=keuze", NOW, LINK)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["Regio"] == "Achterhoek" and row["Datum"] == "12-03-2026" and row["Cijfer"] == "Overgewicht"
    assert row["Wat is geprobeerd"] == '\'=HYPERLINK("http://x";"y")'
    assert row["Wat is geleerd"] == "een\n=twee;drie" and row["Geschreven door"] == "'@iemand"
    assert row["Geschreven op"] == "20-11-2026 14:05"
    assert rows[2] == [] and rows[4] == ["Keuze", "'=keuze"] and rows[6] == ["Link", LINK]
    assert len(rows) == 7  # what is withdrawn is not taken along
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for r in rows for cell in r)


def test_docx_for_word() -> None:
    entries = [
        made(**{**FULL, "learned": f"een\ntwee {ATTACK} \x0b"}),
        made(2, id=8, region="twente", tried="Twents."),
        made(2, id=9, withdrawn=True, tried="Weg."),
    ]
    raw = export.docx_bytes(entries, D, "alle regio’s", NOW, LINK)
    document = Document(io.BytesIO(raw))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings == [
        ("Title", "Logboek van de regio’s"),
        ("Heading 1", "Om op terug te komen"),
        ("Heading 1", "Achterhoek"),
        ("Heading 2", "12 maart 2026 – Overgewicht"),
        ("Heading 1", "Twente"),
        ("Heading 2", "12 maart 2026"),
    ]
    texts = "\n".join(p.text for p in document.paragraphs)
    assert ATTACK in texts and "Twents." in texts and "Weg." not in texts
    assert "Keuze: alle regio’s. 2 aantekeningen. Gemaakt op 21 november 2026, 14:05 uur." in texts and LINK in texts
    (table,) = document.tables
    assert [c.text for c in table.rows[1].cells] == ["1 september 2027", "Achterhoek", ATTACK]
    properties = document.core_properties
    assert (properties.title, properties.language) == ("Logboek van de regio’s", "nl-NL")
    styles = zipfile.ZipFile(io.BytesIO(raw)).read("word/styles.xml").decode()
    assert 'w:lang w:val="nl-NL"' in styles and "en-US" not in styles
    assert (document.sections[0].page_width.mm, document.sections[0].page_height.mm) == pytest.approx((210, 297), abs=1)


def test_docx_of_nothing_says_so() -> None:
    texts = [p.text for p in Document(io.BytesIO(export.docx_bytes([], D, "x", NOW, LINK))).paragraphs]
    assert export.EMPTY in texts and "Keuze: x. 0 aantekeningen." in "\n".join(texts)
