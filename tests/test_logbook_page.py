"""The page of the log in Streamlit’s own test bench: who sees what, and what happens when the database does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor import access
from monitor.access import Access, Identity
from monitor.logbook import about, store
from monitor.logbook.database import Database, database
from monitor.logbook.entry import FIELDS, Draft
from monitor.logbook.faults import LogbookFault
from monitor.logbook.store import Wanted
from tests.spec_table import cases
from tests.test_pages import check_sound, flat, markup, read, url, visit
from ui import identity

NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
WRITER = Identity("u", "medewerker A", frozenset({"achterhoek", "twente"}))
DRAFT = Draft("achterhoek", date(2026, 3, 12), "Een buurtbus.", "Op zaterdag vol.")


@pytest.fixture(autouse=True)
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.delenv("REGIOMONITOR_SNAPSHOT", raising=False)
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'logboek.sqlite'}")
    found = database()
    monkeypatch.setattr(found, "patience", 0.2)
    return found


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> list[Access]:
    """Signed in as somebody of Achterhoek and Twente; the list may be changed."""
    current = [Access(WRITER)]
    monkeypatch.setattr(identity, "look", lambda: current[0])
    return current


def note(db: Database, key: str, who: Identity = WRITER, **changes: Any) -> int:
    return store.add(db, replace(DRAFT, **changes), key, who, NOW).id


def press(test: AppTest, label: str, nth: int = 0) -> AppTest:
    found = [b for b in test.button if b.label == label]
    assert found, [b.label for b in test.button]
    return found[nth].click().run()


def field(test: AppTest, label: str, nth: int = 0) -> Any:
    found = [w for kind in ("text_area", "text_input") for w in getattr(test, kind) if w.label.startswith(label)]
    assert found, label
    return found[nth]


def fill(test: AppTest, **texts: str) -> AppTest:
    for name, text in texts.items():
        field(test, FIELDS[name]).input(text)
    return test


def alerts(test: AppTest) -> str:
    return flat(" ".join(m.value for m in test.markdown if 'role="alert"' in m.value))


# -- reading --------------------------------------------------------------------------------------------------


def test_an_empty_log_invites() -> None:
    page = check_sound(visit("logboek"))
    assert page.headings == ["Wat regio’s proberen en leren"]
    assert "Hier staat nog niets." in page.text
    assert identity.NO_SIGN_IN in page.text and "e-mailadres wordt niet opgeslagen" in page.text


def test_everybody_reads_newest_first_and_nobody_writes_without_sign_in(db: Database) -> None:
    note(db, "a", tried="Oud.", day=date(2026, 1, 1))
    note(db, "b", tried="Nieuw.", day=date(2026, 10, 1), region="twente")
    test = visit("logboek")
    page = check_sound(test)
    assert page.text.index("Nieuw.") < page.text.index("Oud.") and "2 aantekeningen, nieuwste eerst" in page.text
    assert not test.text_area and not [b for b in test.button if b.label in ("Wijzigen", "Intrekken", "Opslaan")]


def test_filters_come_from_the_link(db: Database) -> None:
    finding = next(f.id for f in _definitions().findings if 2 in f.goals and 3 not in f.goals)
    note(db, "a", tried="Over gewicht.", indicator="overgewicht")
    note(db, "b", tried="Over een bevinding.", finding=finding)
    note(db, "c", tried="In Twente.", region="twente")

    def seen(**query: str) -> set[str]:
        text = check_sound(visit("logboek", **query)).text
        return {t for t in ("Over gewicht.", "Over een bevinding.", "In Twente.") if t in text}

    assert seen(regio="twente") == {"In Twente."}
    assert seen(regio="achterhoek") == {"Over gewicht.", "Over een bevinding."}
    assert seen(indicator="overgewicht") == {"Over gewicht."}
    assert seen(bevinding=finding) == {"Over een bevinding."}
    assert seen(doel="3") == {"Over gewicht."} and seen(doel="2") == {"Over een bevinding."}
    test = visit("logboek", bevinding="bestaat-niet")
    assert "Niet herkend in de link: bevinding ‘bestaat-niet’" in check_sound(test).text
    test = visit("logboek", regio="achterhoek", indicator="overgewicht", bevinding=finding)
    assert 'href="logboek?regio=achterhoek&amp;indicator=overgewicht"' in markup(test)
    assert "Alleen aantekeningen over de bevinding" in read(test).text
    # Trends carries several regions: the list and the box both follow the first.
    test = visit("logboek", regio=["twente", "achterhoek"])
    text = check_sound(test).text
    assert "In Twente." in text and "Over gewicht." not in text
    assert next(s.value for s in test.selectbox if s.label == "Regio") == "twente"


def _definitions() -> Any:
    from tests.spec_table import definitions

    return definitions()


def test_the_figures_to_filter_by_are_those_that_entries_are_about(db: Database) -> None:
    note(db, "a", tried="Over gewicht.", indicator="overgewicht")
    note(db, "b", tried="Over de huisarts.", indicator="afstand-huisarts", region="twente")
    note(db, "c", tried="Over wat er niet meer is.", indicator="weg")

    def box(test: AppTest) -> Any:
        return next(s for s in test.selectbox if s.label == "Cijfer")

    names = {i.id: i.full_name for i in _definitions().indicators}
    test = visit("logboek")
    assert set(box(test).options) == {"Alle cijfers", names["overgewicht"], names["afstand-huisarts"]}
    box(test).set_value("overgewicht").run()
    assert url(test) == {"indicator": ["overgewicht"]} and len(box(test).options) == 3
    assert "Over gewicht." in read(test).text and "Over de huisarts." not in read(test).text
    # One that nobody wrote about yet, from a link, is in the box as well.
    test = visit("logboek", regio="twente", indicator="overgewicht")
    assert box(test).value == "overgewicht" and len(box(test).options) == 3
    assert "Bij deze keuze staat nog geen aantekening." in read(test).text and 'href="logboek?regio=twente"' in markup(
        test
    )
    box(test).set_value("").run()
    assert url(test) == {"regio": ["twente"]} and "Over de huisarts." in check_sound(test).text


def test_a_filter_goes_into_the_link(db: Database) -> None:
    test = visit("logboek", bevinding=_definitions().findings[0].id)
    next(s for s in test.selectbox if s.label == "Regio").set_value("twente").run()
    assert url(test) == {"regio": ["twente"], "bevinding": [_definitions().findings[0].id]}
    next(s for s in test.selectbox if s.label == "Doel").set_value("2").run()
    assert url(test)["doel"] == ["2"]


def test_a_long_log_is_shown_in_parts(db: Database) -> None:
    for k in range(23):
        note(db, f"k{k}", day=date(2026, 1, 1) + timedelta(days=k), tried=f"Proef {k:02d}.")
    test = visit("logboek")
    assert markup(test).count("<article") == 20 and "Proef 22." in markup(test)
    press(test, "Toon meer aantekeningen")
    assert markup(test).count("<article") == 23


# -- writing --------------------------------------------------------------------------------------------------


def test_a_link_fills_in_the_form(writer: list[Access]) -> None:
    finding = next(f for f in _definitions().findings if f.goals == (2,) and f.concerns("twente"))
    test = visit("logboek", regio="twente", bevinding=finding.id)
    chosen = {s.label: s.value for s in test.selectbox if s.key.startswith("lb-")}
    assert chosen == {"Regio": "twente", "Doel": 2, "Cijfer": None, "Bevinding": finding.id}
    own = next(s for s in test.selectbox if s.key.endswith("-region"))
    assert own.options == ["Twente", "Achterhoek"]
    # A region of somebody else is not filled in.
    test = visit("logboek", regio="zuid-limburg", indicator="overgewicht")
    chosen = {s.label: s.value for s in test.selectbox if s.key.startswith("lb-")}
    assert chosen["Regio"] in ("twente", "achterhoek") and (chosen["Cijfer"], chosen["Doel"]) == ("overgewicht", 3)


@pytest.mark.parametrize(
    ("query", "opened"),
    [({}, False), ({"regio": "twente", "indicator": "overgewicht"}, False), ({"bevinding": ""}, True)],
)
def test_the_form_is_open_for_who_came_to_write(
    query: dict[str, str], opened: bool, db: Database, writer: list[Access]
) -> None:
    note(db, "a")
    if "bevinding" in query:
        query = {"bevinding": next(f.id for f in _definitions().findings if f.concerns("twente"))}
    test = visit("logboek", **query)
    box = next(e for e in test.expander if e.label == "Nieuwe aantekening")
    assert box.proto.expanded == opened and check_sound(test)


def test_the_findings_to_choose_from_follow_the_region(writer: list[Access]) -> None:
    test = visit("logboek")
    mine = {f.title: f for f in _definitions().findings}

    def choice(name: str) -> Any:
        return next(s for s in test.selectbox if s.key.startswith("lb-") and s.key.endswith(name))

    offered = []
    for region in ("achterhoek", "twente"):
        choice("-region").set_value(region).run()
        offered.append(set(choice("-finding").options))
        assert all(mine[title].concerns(region) for title in offered[-1])
    assert offered[0] - offered[1] and offered[1] - offered[0]


def test_an_entry_about_what_is_gone_can_be_edited(db: Database, writer: list[Access]) -> None:
    entry = note(db, "a", indicator="weg-cijfer", finding="weg-bevinding")
    test = edit(visit("logboek"), entry)
    assert {about.GONE_FIGURE, about.GONE_FINDING} <= {s.format_func(s.value) for s in test.selectbox}
    typed(test, "Wat is geleerd").input("Anders.")
    press(test, "Opslaan", 1)
    assert "De wijziging is opgeslagen." in check_sound(test).text and "weg-cijfer" not in markup(test)
    draft = store.find(db, Wanted())[0].current.draft
    assert (draft.learned, draft.indicator, draft.finding) == ("Anders.", "weg-cijfer", "weg-bevinding")


def edit(test: AppTest, entry: int, verb: str = "wijzig") -> AppTest:
    return next(b for b in test.button if b.key == f"lb-{verb}-{entry}").click().run()


def typed(test: AppTest, label: str) -> Any:
    """The field of the form that is open for an edit; the one for a new entry stands above it."""
    found = [w for kind in ("text_area", "text_input") for w in getattr(test, kind) if w.label.startswith(label)]
    return found[-1]


def test_who_edits_what_a_colleague_withdraws_can_put_it_back_and_go_on(db: Database, writer: list[Access]) -> None:
    entry = note(db, "a")
    test = edit(visit("logboek"), entry)
    store.withdraw(db, entry, 1, "Dubbel.", WRITER, NOW)
    typed(test, "Wat is geleerd").input("Mijn tekst.")
    press(test, "Opslaan", 1)
    text = read(test).text
    assert "intussen ingetrokken" in text and "Reden: Dubbel." in text
    press(test, "Opslaan", 1)
    assert "Zet haar eerst terug." in alerts(test) and typed(test, "Wat is geleerd").value == "Mijn tekst."
    # A colleague is first: what the form then shows is how it is now.
    store.put_back(db, entry, 2, WRITER, NOW)
    store.withdraw(db, entry, 3, "Toch dubbel.", WRITER, NOW)
    press(test, "Terugzetten")
    assert "Reden: Toch dubbel." in read(test).text
    press(test, "Terugzetten")
    assert "De aantekening staat weer in het logboek. Sla nu uw eigen tekst op." in alerts(test)
    assert typed(test, "Wat is geleerd").value == "Mijn tekst." and "Wat nu is opgeslagen" not in read(test).text
    press(test, "Opslaan", 1)
    assert "De wijziging is opgeslagen." in check_sound(test).text
    history = store.histories(db, [entry])[entry]
    assert [(v.withdrawn, v.draft.learned) for v in history][-2:] == [(False, DRAFT.learned), (False, "Mijn tekst.")]


def test_what_was_changed_before_it_was_withdrawn_is_laid_beside(db: Database, writer: list[Access]) -> None:
    entry = note(db, "a")
    test = edit(visit("logboek"), entry)
    store.change(db, entry, 1, replace(DRAFT, learned="Van een collega."), WRITER, NOW)
    store.withdraw(db, entry, 2, "Dubbel.", WRITER, NOW)
    typed(test, "Wat is geleerd").input("Mijn tekst.")
    press(test, "Opslaan", 1)
    press(test, "Terugzetten")
    text = read(test).text
    assert "Van een collega." in text and "intussen gewijzigd" in text
    assert typed(test, "Wat is geleerd").value == "Mijn tekst."
    press(test, "Opslaan", 1)
    assert store.find(db, Wanted())[0].current.draft.learned == "Mijn tekst."


def test_the_reason_stays_when_the_entry_changed_meanwhile(db: Database, writer: list[Access]) -> None:
    entry = note(db, "a")
    test = edit(visit("logboek"), entry, "trek-in")
    store.change(db, entry, 1, replace(DRAFT, learned="Van een collega."), WRITER, NOW)
    field(test, "Waarom").input("Mijn reden.")
    press(test, "Intrekken", -1)
    text = read(test).text
    assert "nog niet ingetrokken" in alerts(test) and "Van een collega." in text
    assert field(test, "Waarom").value == "Mijn reden." and len(store.find(db, Wanted())) == 1
    press(test, "Intrekken", -1)
    (gone,) = store.find(db, Wanted(withdrawn=True))
    assert gone.current.reason == "Mijn reden." and gone.current.number == 3
    assert "De aantekening is ingetrokken." in read(test).text


def test_a_conflict_of_a_new_entry_leaves_an_open_edit_alone(db: Database, writer: list[Access]) -> None:
    entry = note(db, "a", tried="Bestaat al.")
    test = edit(visit("logboek", regio="achterhoek"), entry)
    typed(test, "Wat is geleerd").input("Half af.")
    typed(test, "Datum").input("gisteren")
    press(test, "Opslaan", 1)
    fill(test, tried="Nieuw.", learned="Les.")
    # It was saved, but the confirmation got lost; meanwhile the text was changed.
    key = test.session_state["lb-nieuw"].key
    first = note(db, key, tried="Nieuw, eerste keer.", learned="Les.")
    press(test, "Opslaan")
    text = read(test).text
    assert "intussen gewijzigd" in text and "Nieuw, eerste keer." in text
    values = [w.value for w in test.text_area]
    assert "Half af." in values and "Nieuw." in values
    press(test, "Opslaan")
    typed(test, "Datum").input("12-3-2026")
    press(test, "Opslaan", -1)
    found = {e.id: e.current for e in store.find(db, Wanted())}
    assert found[first].draft.tried == "Nieuw." and found[first].number == 2
    assert found[entry].draft.learned == "Half af."
    assert "lb-open" not in test.session_state and test.session_state["lb-nieuw"].base is None


def test_who_may_write_is_asked_again_at_every_step(db: Database, writer: list[Access]) -> None:
    entry = note(db, "a")
    store.withdraw(db, entry, 1, "Dubbel.", WRITER, NOW)
    test = visit("logboek")
    test.checkbox[0].check().run()
    for now, told in (
        (Access(None, "verlopen", offer_sign_in=True), "u bent niet meer aangemeld"),
        (Access(replace(WRITER, regions=frozenset({"twente"}))), "U mag voor deze regio niet schrijven."),
    ):
        writer[0] = now
        next(b for b in test.button if b.key == f"lb-terug-{entry}").click().run()
        assert told in read(test).text and store.find(db, Wanted()) == ()
        writer[0] = Access(WRITER)
        test.run()
        if not test.checkbox[0].value:
            test.checkbox[0].check().run()
    writer[0] = Access(replace(WRITER, name="medewerker Z"))
    next(b for b in test.button if b.key == f"lb-terug-{entry}").click().run()
    assert store.find(db, Wanted())[0].current.author == "medewerker Z"


def test_a_fault_of_the_software_is_noted_and_takes_no_text_away(
    db: Database, writer: list[Access], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entry = note(db, "a")
    test = fill(edit(visit("logboek"), entry), tried="Nieuwe tekst.", learned="Les.")

    def wrong(*given: object) -> None:
        raise LogbookFault("ProgrammingError 42601: x")

    monkeypatch.setattr(store, "_append", wrong)
    press(test, "Opslaan")
    assert "Er ging iets mis. Dit is niet opgeslagen." in alerts(test) and "bereikbaar" not in alerts(test)
    typed(test, "Wat is geleerd").input("Half af.")
    press(test, "Opslaan", 1)
    assert "Er ging iets mis. Dit is niet opgeslagen." in alerts(test)
    assert "ProgrammingError 42601" in caplog.text and "Nieuwe tekst." not in caplog.text
    # Likewise for reading: the page tells the general fault, below what somebody is typing.
    monkeypatch.setattr(store, "_entry", wrong)
    test.run()
    assert "Er ging iets mis bij het maken van deze pagina." in alerts(test) and "bereikbaar" not in read(test).text
    assert {"Nieuwe tekst.", "Half af."} <= {w.value for w in test.text_area}
    monkeypatch.undo()


def test_write_and_see_it_at_once(db: Database, writer: list[Access]) -> None:
    test = fill(visit("logboek", regio="twente"), tried="a\x00b", learned="c")
    press(test, "Opslaan")
    page = check_sound(test)
    assert "De aantekening is opgeslagen." in page.text and "ab" in page.text
    (entry,) = store.find(db, Wanted())
    assert (entry.region, entry.current.draft.tried, entry.founder) == ("twente", "ab", "medewerker A")
    assert all(not w.value for w in test.text_area), "the next form is empty"
    with db.read() as c:
        assert c.exec_driver_sql("SELECT subject FROM versions").scalar() == "u"


def test_what_is_wrong_is_told_and_the_text_stays(db: Database, writer: list[Access]) -> None:
    test = fill(visit("logboek"), learned="Geleerd.", changes="x" * 5000)
    field(test, "Datum").input("gisteren")
    press(test, "Opslaan")
    told = alerts(test)
    for part in ("‘Wat is geprobeerd’ is nog leeg.", "te lang: 5.000 tekens", "‘Datum’ is geen datum"):
        assert part in told, told
    assert field(test, "Wat is geleerd").value == "Geleerd." and len(field(test, "Wat verandert").value) == 5000
    assert store.find(db, Wanted()) == ()


def lock(db: Database) -> Callable[[], None]:
    held = db.engine.connect().execution_options(writes=True)
    held.begin()
    return held.close


def gone(db: Database) -> Callable[[], None]:
    moved = db.file.with_suffix(".weg")
    shutil.move(db.file, moved)
    return lambda: shutil.move(moved, db.file)


@pytest.mark.parametrize(
    ("breaks", "words"), [(lock, "Het logboek is even bezet."), (gone, "Het logboek is nu niet bereikbaar.")]
)
def test_a_database_that_does_not_answer_takes_no_text_away(
    db: Database, writer: list[Access], breaks: Callable[..., Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitor.logbook import database as databases

    monkeypatch.setattr(db, "engine", databases._engine(db.url, 0.2))
    kept = note(db, "a", tried="Bestaat al.")
    test = fill(visit("logboek"), tried="Nieuw.", learned="Les.")
    mend = breaks(db)
    press(test, "Opslaan")
    assert words in alerts(test) and "Uw tekst staat nog in het formulier." in alerts(test)
    assert field(test, "Wat is geprobeerd").value == "Nieuw."
    if breaks is lock:
        assert "Bestaat al." in read(test).text
    else:
        assert "De rest van de monitor werkt gewoon." in read(test).text
    mend()
    press(test, "Opslaan")
    assert "De aantekening is opgeslagen." in read(test).text
    assert {e.current.draft.tried for e in store.find(db, Wanted())} == {"Nieuw.", "Bestaat al."}
    # The same for an edit, whose card is not on the page while the database is away.
    next(b for b in test.button if b.key == f"lb-wijzig-{kept}").click().run()
    field(test, "Wat is geleerd", 1 if field(test, "Wat is geleerd").value == "" else 0).input("Gewijzigd.")
    mend = breaks(db)
    press(test, "Opslaan", 1)
    assert words in alerts(test)
    assert "Gewijzigd." in [w.value for w in test.text_area]
    mend()
    press(test, "Opslaan", 1)
    assert {e.current.draft.learned for e in store.find(db, Wanted()) if e.id == kept} == {"Gewijzigd."}


def test_a_reader_is_told_when_the_log_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", "postgresql://x:geheim@127.0.0.1:1/x")
    page = check_sound(visit("logboek"))
    assert "Het logboek is nu niet bereikbaar. De rest van de monitor werkt gewoon." in page.text
    assert "geheim" not in page.text and "127.0.0.1" not in page.text


def test_no_buttons_for_the_entries_of_another_region(db: Database, writer: list[Access]) -> None:
    other = Identity("x", "medewerker B", frozenset({"zuid-limburg"}))
    note(db, "a", who=other, region="zuid-limburg")
    mine = note(db, "b")
    test = visit("logboek")
    assert [b.key for b in test.button if b.label == "Wijzigen"] == [f"lb-wijzig-{mine}"]


def test_what_is_withdrawn_is_only_for_who_writes_for_the_region(db: Database, writer: list[Access]) -> None:
    other = Identity("x", "medewerker B", frozenset({"zuid-limburg"}))
    theirs, mine = note(db, "a", who=other, region="zuid-limburg", tried="Van hen."), note(db, "b", tried="Van ons.")
    store.withdraw(db, theirs, 1, "x", other, NOW)
    store.withdraw(db, mine, 1, "Dubbel.", WRITER, NOW)
    test = visit("logboek")
    assert "Van ons." not in read(test).text
    test.checkbox[0].check().run()
    text = check_sound(test).text
    assert "Van ons." in text and "Reden: Dubbel." in text and "Van hen." not in text
    writer[0] = Access(None, identity.PLEASE_SIGN_IN, offer_sign_in=True)
    test.run()
    assert "Van ons." not in read(test).text and not test.checkbox


def test_withdraw_with_a_reason_and_put_back(db: Database, writer: list[Access]) -> None:
    entry, other = note(db, "a", tried="Van ons."), note(db, "b", tried="Een andere.")
    test = visit("logboek")
    next(b for b in test.button if b.key == f"lb-trek-in-{entry}").click().run()
    assert all(b.disabled for b in test.button if b.key == f"lb-wijzig-{other}"), "one form at a time"
    last = len([b for b in test.button if b.label == "Intrekken"]) - 1
    press(test, "Intrekken", last)
    assert "Schrijf een reden op" in alerts(test)
    field(test, "Waarom").input("x" * 501)
    press(test, "Intrekken", last)
    assert "te lang: 501 tekens" in alerts(test)
    field(test, "Waarom").input("Dubbel.")
    press(test, "Intrekken", last)
    text = check_sound(test).text
    assert "De aantekening is ingetrokken." in text and "Van ons." not in text and "Een andere." in text
    test.checkbox[0].check().run()
    press(test, "Terugzetten")
    assert "De aantekening staat weer in het logboek." in read(test).text
    assert [(v.withdrawn, v.reason) for v in store.histories(db, [entry])[entry]] == [
        (False, ""), (True, "Dubbel."), (False, ""),
    ]  # fmt: skip


def test_a_sign_in_that_lapses_takes_no_text_away(db: Database, writer: list[Access]) -> None:
    test = fill(visit("logboek"), tried="Lange tekst.", learned="Les.")
    writer[0] = Access(None, "Uw aanmelding is verlopen; meld u opnieuw aan om te schrijven.", offer_sign_in=True)
    press(test, "Opslaan")
    assert "niet opgeslagen: u bent niet meer aangemeld" in alerts(test)
    assert field(test, "Wat is geprobeerd").value == "Lange tekst." and store.find(db, Wanted()) == ()


def test_somebody_without_a_region_reads_why(db: Database, writer: list[Access]) -> None:
    claims = {"sub": "u", "iat": datetime.now(UTC).timestamp(), "name": "medewerker C", "regios": "nergens"}
    writer[0] = access.from_claims(claims, ["achterhoek"], "regios", datetime.now(UTC))
    text = check_sound(visit("logboek")).text
    assert "Bij uw aanmelding hoort geen regio" in text and "Niet bekend als regio: ‘nergens’." in text
    assert "Nieuwe aantekening" not in text


@pytest.mark.parametrize(
    "row",
    cases("""
    what             | file        | text                      | sign-in
    no file          |             |                           | False
    without sign-in  | s.toml      | [anders]                  | False
    with sign-in     | s.toml      | [auth]                    | True
    half a file      | s.toml      | [auth                     | None
    a typing fault   | s.toml      | cookie_secret = geheim    | None
    not a text       | s.toml      | naam = "é"                | None
    a folder as file | map/        |                           | None
    a folder away    | weg         |                           | None
    """),
)
def test_a_sign_in_that_cannot_be_read_lets_nobody_write(
    row: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from streamlit import config
    from streamlit.runtime.secrets import Secrets

    found = Secrets()
    options = {"secrets.files": [str(tmp_path / (row["file"] or "niets.toml"))], "server.address": "localhost"}
    if row["file"] == "map/":
        (tmp_path / "map.toml").mkdir()
        options["secrets.files"] = [str(tmp_path / "map.toml")]
    elif row["text"]:
        (tmp_path / row["file"]).write_text(row["text"], encoding="latin-1")
    monkeypatch.setattr(identity.st, "secrets", found)
    monkeypatch.setattr(config, "get_option", lambda name, get=config.get_option: options.get(name) or get(name))
    monkeypatch.setattr(identity.st, "get_option", config.get_option)
    monkeypatch.setattr(Secrets, "_maybe_install_file_watchers", lambda self: None)
    monkeypatch.setenv("REGIOMONITOR_SINGLE_USER", "1")
    assert str(identity._sign_in_set()) == row["sign-in"]
    if row["sign-in"] == "None":
        assert identity.look() == Access(None, identity.BROKEN_SIGN_IN)


def test_the_page_says_that_the_sign_in_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_SINGLE_USER", "1")
    monkeypatch.setattr(identity, "_sign_in_set", lambda: None)
    test = visit("logboek")
    assert identity.BROKEN_SIGN_IN in check_sound(test).text
    assert not test.text_area and not [b for b in test.button if b.label == "Aanmelden"]


def test_one_person_without_loopback_reads_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_SINGLE_USER", "1")
    test = visit("logboek")
    assert "de monitor luistert niet alleen naar deze computer zelf" in check_sound(test).text
    assert not test.text_area


def test_the_page_of_a_region_counts_what_was_noted_about_a_figure(db: Database) -> None:
    assert "logboek?regio=twente&amp;indicator=overgewicht" not in markup(visit("regio", regio="twente"))
    note(db, "a", region="twente", indicator="overgewicht")
    shown = markup(visit("regio", regio="twente"))
    assert 'href="logboek?regio=twente&amp;indicator=overgewicht" target="_self">1 aantekening</a>' in shown
    assert "staat 1 aantekening over Twente" in shown
