"""Editions on the screen: age, a link that pins one, a damaged one, their page, and a refresh from the app."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from monitor import dates
from monitor.access import Access, Identity, may_refresh
from monitor.dialogue.hold import hold
from monitor.errors import Refused
from monitor.refresh import changelog as refresh_log
from monitor.refresh import runner
from monitor.refresh.describe import described
from monitor.refresh.lock import only_one
from monitor.refresh.models import Step
from monitor.refresh.status import Reporter, Status
from monitor.screens import edition_bar, refresh_html
from monitor.screens.change_log_html import change_log
from monitor.screens.edition_age import age_of
from monitor.screens.editions import difference_of, shelf_of
from monitor.snapshot import compare, store
from monitor.state import address, pinned
from tests.navigation import TITLES
from tests.spec_table import ROOT, cases, definitions, edition
from tests.test_browser import PATIENCE, SIZES, browser_test, settle, state
from tests.test_pages import check_fault, check_sound, control, markup, read, url, visit
from tests.whole_editions import damage, kept, shipped_in
from ui import identity

TODAY = date(2026, 11, 21)
OLD = "2026-08"
LOG = (
    "# Titel\n\nOp **deze** dag.\n\n## Herzien\n\n- Werkloosheid <script>alert(1)</script> ![x](https://elders/x.png)\n"
    "\n"
    "| cijfer | jaar |\n|---|---|\n| <b>Werkloosheid</b> | 2023 |\n"
)


def earlier(rows: Any) -> Any:
    """As it was before: no obesity yet, one year of distances less, unemployment of 2023 before its revision."""
    rows = rows[
        (rows["indicator"] != "overgewicht") & ~((rows["indicator"] == "afstand-huisarts") & (rows["year"] > 2022))
    ]
    rows = rows.copy()
    rows.loc[(rows["indicator"] == "werkloosheid") & (rows["year"] == 2023), "value"] += 0.4
    return rows


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped edition in force with an earlier one beside it; only read."""
    folder = shipped_in(tmp_path_factory.mktemp("twee"), made="2026-11-03T23:30:00+00:00", follows=OLD)
    composed = {r.id: list(r.codes) for r in definitions().regions}
    composed["twente"].remove("GM0153")
    kept(folder, OLD, earlier, log=LOG, made="2026-08-14", compositions=composed)
    return folder


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Makes a folder the edition in force of this test, on a known day."""
    monkeypatch.setattr(dates, "today", lambda: TODAY)

    def chosen(folder: Path) -> Path:
        monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
        return folder

    return chosen


@pytest.fixture(scope="module", autouse=True)
def room() -> Iterator[None]:
    """Editions of this module do not stay in memory."""
    yield
    st.cache_resource.clear()


# -- age ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    cases(
        """
        case            | edition       | made              | told                                             | old
        some days       | 2026-11       | 2026-11-03        | gemaakt op 3 november 2026, 18 dagen oud         | nee
        a moment        | 2026-11       | 2026-11-20T23:30Z | gemaakt op 21 november 2026, vandaag             | nee
        yesterday       | 2026-11       | 2026-11-20        | gemaakt op 20 november 2026, gisteren            | nee
        months          | 2026-08       | 2026-08-14        | gemaakt op 14 augustus 2026, 3 maanden oud       | nee
        over a year     | 2025-08       | 2025-08-14        | gemaakt op 14 augustus 2025, 15 maanden oud      | ja
        years           | 2023-01       | 2023-01-01        | gemaakt op 1 januari 2023, 3 jaar oud            | ja
        day in its name | 2026-11-03-ab | -                 | gemaakt op 3 november 2026, 18 dagen oud         | nee
        month only      | 2026-11       | -                 | van november 2026, de dag van maken is onbekend  | nee
        old month       | 2025-09       | -                 | van september 2025, de dag van maken is onbekend | ja
        nothing         | proef         | -                 | datum van maken onbekend                         | nee
        nonsense        | proef         | gisteren          | datum van maken onbekend                         | nee
        no such month   | 2026-13       | -                 | datum van maken onbekend                         | nee
        """
    ),
)
def test_age_in_words(row: dict[str, str]) -> None:
    manifest = {"edition": row["edition"], "made": None if row["made"] == "-" else row["made"]}
    age = age_of(manifest, TODAY)
    assert age.told == row["told"] and age.old == (row["old"] == "ja")


def test_a_clock_that_runs_behind_is_named_and_gives_no_age() -> None:
    for manifest in ({"edition": "x", "made": "2027-01-01"}, {"edition": "2027-01"}):
        told = age_of(manifest, TODAY).told
        assert "de klok van deze computer loopt achter" in told and "-" not in told and "oud" not in told.split(",")[0]


@pytest.mark.parametrize("days", range(62, 800, 7))
def test_age_never_says_one_months(days: int) -> None:
    told = age_of({"edition": "x", "made": (TODAY - timedelta(days)).isoformat()}, TODAY).told
    assert " 0 " not in told and " 1 maanden" not in told and " 1 jaar" not in told


# -- links ----------------------------------------------------------------------------------------------------


def test_links_keep_the_edition_once() -> None:
    assert pinned("kaart", OLD) == "kaart?editie=2026-08"
    assert pinned("regio?regio=twente#doel-1", OLD) == "regio?regio=twente&editie=2026-08#doel-1"
    assert pinned("kaart?editie=2026-05", OLD) == "kaart?editie=2026-05" and pinned("kaart", "") == "kaart"
    assert address("https://x.nl/?editie=2026-08", "kaart?jaar=2022") == "https://x.nl/kaart?jaar=2022&editie=2026-08"
    assert address("https://x.nl/m", "kaart") == "https://x.nl/m/kaart" and address("", "kaart") == "kaart"


def test_only_links_inside_the_app_are_kept() -> None:
    page = (
        '<a href="regio?regio=a&amp;jaar=1">a</a><a class="x" href="#onder">b</a><a href="https://cbs.nl/">c</a>'
        f'<a {edition_bar.NEWEST} href="kaart">d</a><a href="app/static/x.svg">e</a><p>href="kaart"</p>'
    )
    made = edition_bar.keep(page, OLD)
    assert made == page.replace("jaar=1", "jaar=1&amp;editie=2026-08") and edition_bar.keep(page, "") == page


# -- a pinned edition -----------------------------------------------------------------------------------------


def own_links(test: AppTest) -> list[str]:
    found = [a.split('"')[0] for a in markup(test).split('href="')[1:]]
    return [a for a in found if not a.startswith(("#", "http")) and a]


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_every_page_draws_from_the_pinned_edition_and_keeps_it(two: Path, use: Any, step: int) -> None:
    use(two)
    for page in list(TITLES)[-1::-step]:
        test = visit(page, editie=OLD)
        text = check_sound(test).text
        assert "U kijkt naar de bewaarde editie 2026-08, niet naar de nieuwste (2026-11)." in text, page
        assert "Editie 2026-08, gemaakt op 14 augustus 2026, 3 maanden oud." in text, page
        assert "Onbekend in deze editie: " in text and "Uit andere gemeenten dan nu bestond toen Twente." in text
        lost = [a for a in own_links(test) if "editie=" not in a]
        # The way back to the newest, and on the page of editions the row of the one in force.
        assert len(lost) <= (3 if page == "edities" else 1), (page, lost)


def test_figures_of_the_pinned_edition_are_its_own(two: Path, use: Any) -> None:
    use(two)
    latest, before = (
        visit("trends", indicator="afstand-huisarts"),
        visit("trends", indicator="afstand-huisarts", editie=OLD),
    )
    assert "2024" in read(latest).text.split("Editie")[0] and "(2024)" not in read(before).text
    for page in ("kaart", "trends"):
        text = check_sound(visit(page, indicator="overgewicht", editie=OLD)).text
        assert "Dit cijfer is onbekend in editie 2026-08." in text
    region = check_sound(visit("regio", regio="twente", editie=OLD)).text
    assert f"in {len(definitions().region('twente').codes) - 1} gemeenten" in region


def test_what_was_said_of_a_figure_that_is_not_there_stays_unmeasured() -> None:
    said = ((f, x) for f in definitions().findings for x in f.indicators if x.expects != "meet-niet")
    finding, expected = next(said)
    rows = edition().observations
    without = replace(edition(), observations=rows[rows["indicator"] != expected.id])
    held = hold(definitions(), without, finding, definitions().region("twente"))
    told = next(h for h in held if h.indicator == expected.id)
    name = definitions().indicator(expected.id).name
    assert (told.verdict, told.reason) == ("meten niet", f"{name} is onbekend in editie {without.edition}.")


def test_a_choice_keeps_the_edition_in_the_url(two: Path, use: Any) -> None:
    use(two)
    test = visit("regio", editie=OLD)
    control(test, "selectbox", "Regio").set_value("twente").run()
    assert url(test) == {"editie": [OLD], "regio": ["twente"]}


def test_pinning_the_newest_is_said_and_kept(two: Path, use: Any) -> None:
    use(two)
    text = check_sound(visit("balans", editie="2026-11")).text
    assert "Deze link houdt editie 2026-11 vast. Dat is nu ook de nieuwste." in text


@pytest.mark.parametrize("asked", ["2019-01", "../snapshot", "", "<script>" + "é" * 5000])
def test_an_edition_that_is_not_there_gives_the_newest(two: Path, use: Any, asked: str) -> None:
    use(two)
    test = visit("balans", editie=asked)
    text = check_sound(test).text
    assert ("bestaat hier niet (meer) of is beschadigd. U ziet editie 2026-11." in text) == bool(asked)
    assert "Editie 2026-11, gemaakt op 4 november 2026, 17 dagen oud." in text and "<script>" not in markup(test)


def test_a_damaged_kept_edition_gives_the_newest(tmp_path: Path, use: Any) -> None:
    folder = use(shipped_in(tmp_path))
    damage(kept(folder, OLD))
    assert "U ziet editie 2026-11." in check_sound(visit("balans", editie=OLD)).text
    assert "Beschadigd en daarom niet te openen: ‘2026-08’." in check_sound(visit("edities")).text


# -- a damaged edition in force -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [store.OBSERVATIONS, *(pytest.param(n, marks=pytest.mark.slow) for n in (store.MANIFEST, "verwijderd"))]
)
def test_a_damaged_edition_in_force_gives_the_newest_sound_one(tmp_path: Path, use: Any, name: str) -> None:
    folder = use(shipped_in(tmp_path))
    kept(folder, "2026-05", made="2026-05-02")
    kept(folder, OLD, made="2026-08-14")
    damage(kept(folder, "2026-09"))
    if name == "verwijderd":
        (folder / store.WEIGHTS).unlink()
    else:
        damage(folder, name)
    for page in ("balans", "edities"):
        text = check_sound(visit(page)).text
        assert "De nieuwste cijfers zijn beschadigd. U ziet de bewaarde editie 2026-08." in text
        assert "editions use NAAM" in text and "Editie 2026-08," in text


def test_when_no_edition_is_sound_the_error_stays(tmp_path: Path, use: Any) -> None:
    folder = use(shipped_in(tmp_path))
    damage(folder)
    damage(kept(folder, OLD))
    check_fault(visit("balans"), "is beschadigd of gewijzigd")


# -- the page of editions -------------------------------------------------------------------------------------


def test_the_only_edition_says_so(tmp_path: Path, use: Any) -> None:
    use(shipped_in(tmp_path))
    test = visit("edities")
    text = check_sound(test).text
    assert "Er is nu één editie." in text and "zij volgde niet op een andere" in text
    assert not [s for s in test.selectbox if s.label == "Van editie"]
    assert sum(t.title in text for t in definitions().tables if t.file) > 15


def test_editions_are_listed_and_the_pinned_one_shows_its_change_log(two: Path, use: Any) -> None:
    use(two)
    found = shelf_of(two, TODAY)
    assert found.names == ("2026-11", OLD) and found.editions[0].newer == 0 and found.editions[1].newer is None
    assert found.editions[0].figures == len(edition().observations) and found.editions[1].log
    test = visit("edities", editie=OLD)
    text = check_sound(test).text
    assert "Op deze dag." in text and "<script>" not in markup(test) and "<img" not in markup(test)
    assert [e.label for e in test.expander] == ["Herzien"]


def test_two_editions_are_compared_by_name(two: Path, use: Any) -> None:
    use(two)
    test = visit("edities", van=OLD, naar="2026-11")
    text = check_sound(test).text
    assert control(test, "selectbox", "Van editie").value == OLD
    assert "Herzien door de bron (1 indicator): Werkloosheid." in text and "Vervallen bij de bron: niets." in text
    assert "Twente bestaat uit andere gemeenten." in text
    found = difference_of(definitions(), two, OLD, "2026-11")
    lines = {x.indicator: x for x in found.lines}
    assert set(lines) == {"overgewicht", "afstand-huisarts", "werkloosheid"} and found.withdrawn == ()
    assert lines["werkloosheid"].years == (2023,) and lines["overgewicht"].counts["herzien"] == 0
    # The same counts and words as the change log has.
    read = [compare.read_edition(two, name) for name in (OLD, "2026-11")]
    log_ = refresh_log.change_log(definitions(), compare.compare(definitions(), *read), (), *read, {})
    assert f"**{found.headline}**" in log_ and found.explained in log_
    assert found.headline in text and found.explained in text
    back = difference_of(definitions(), two, "2026-11", OLD)
    assert back.withdrawn == tuple(sorted(["Afstand tot huisarts", "Overgewicht"]))
    assert "twee keer dezelfde editie" in check_sound(visit("edities", van=OLD, naar=OLD)).text
    wrong = check_sound(visit("edities", van="2019-01", naar=OLD)).text
    assert "Niet herkend in de link: van ‘2019-01’" in wrong


def test_a_table_goes_by_the_id_of_statline_and_a_day_has_its_time(tmp_path: Path, use: Any) -> None:
    entry = {**edition().manifest["sources"]["80305NED"], "title": "Nabijheid voorzieningen; afstand locatie"}
    told = {**edition().manifest["sources"], "80305NED": {**entry, "statline": {"id": "80305ned"}}}
    folder = use(shipped_in(tmp_path, made="2026-11-21T02:41:00+00:00", sources=told))
    kept(folder, OLD, made="2026-11-21T01:05:00+00:00")
    text = check_sound(visit("edities")).text
    assert "Nabijheid voorzieningen; afstand locatie 80305ned" in text and "80305NED" not in text
    assert "21 november 2026, 03:41, vandaag" in text and "21 november 2026, 02:05, vandaag" in text
    said = described(definitions(), store.read(folder))
    assert "80305ned        Nabijheid voorzieningen; afstand locatie" in said and "80305NED" not in said
    assert "gemaakt op 21 november 2026, 03:41." in said and "van 148 indicatoren (waarvan 9 over de grens)." in said


def test_a_change_log_is_text_and_nothing_else() -> None:
    hostile = (
        "# T\n\n## <img src=x onerror=alert(1)>\n\n[klik](javascript:alert(1)) **vet** `code` <b>x</b>\n"
        "\n- a\n  b\n- c\n"
    )
    ((heading, content),) = change_log(hostile)
    assert heading == "<img src=x onerror=alert(1)>" and "<b>vet</b>" in content and "<code>code</code>" in content
    assert (
        "<li>a b</li><li>c</li>" in content
        and "<img" not in content
        and "&lt;b&gt;x" in content
        and "](" not in content
    )


# -- a refresh from the app -----------------------------------------------------------------------------------

ALL = frozenset(r.id for r in definitions().regions)


def test_only_who_may_write_for_all_regions_may_refresh() -> None:
    assert may_refresh(Identity("a", "A", ALL), sorted(ALL))
    assert not may_refresh(Identity("a", "A", ALL - {"twente"}), sorted(ALL))
    assert not may_refresh(None, sorted(ALL)) and not may_refresh(Identity("a", "A", ALL), [])


def opened(monkeypatch: pytest.MonkeyPatch, who: Identity | None) -> AppTest:
    monkeypatch.setattr(identity, "look", lambda: Access(who, "" if who else identity.NO_SIGN_IN))
    return visit("edities")


def test_the_button_is_only_for_who_may(two: Path, use: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(two)
    started: list[Path] = []
    monkeypatch.setattr(runner, "start", started.append)
    for who in (None, Identity("a", "A", ALL - {"twente"})):
        test = opened(monkeypatch, who)
        assert "python -m monitor refresh" in check_sound(test).text
        assert "Cijfers verversen" not in [b.label for b in test.button]
    test = opened(monkeypatch, Identity("a", "A", ALL))
    control(test, "button", "Cijfers verversen").click().run()
    assert started == [two]
    # Who lost the right meanwhile cannot use a button that still stands there.
    test = opened(monkeypatch, Identity("a", "A", ALL))
    monkeypatch.setattr(identity, "look", lambda: Access(None, ""))
    control(test, "button", "Cijfers verversen").click().run()
    assert started == [two] and "U mag de cijfers niet (meer) verversen." in read(test).text


def test_a_running_refresh_is_shown_to_everybody(two: Path, use: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(two)
    step = Step("ophalen", 3, 12, 4567, ("Nabijheid <voorzieningen>",), "Zonnestroom")
    now = Status("bezig", datetime.now(UTC) - timedelta(minutes=3), step)
    monkeypatch.setattr(runner, "status", lambda folder: now)
    stopped: list[Path] = []
    monkeypatch.setattr(runner, "stop", stopped.append)
    text = check_sound(opened(monkeypatch, None)).text
    assert "4.567 rijen" in text and "Zonnestroom" in text and "3 minuten geleden" in text and "<voorzieningen>" in text
    test = opened(monkeypatch, Identity("a", "A", ALL))
    assert [b.label for b in test.button if "versen" in b.label] == []
    control(test, "button", "Afbreken").click().run()
    assert stopped == [two]


@pytest.mark.parametrize("kind", ["klaar", "ongewijzigd", "geweigerd", "mislukt", "afgebroken"])
def test_the_end_of_a_refresh_is_told(kind: Any) -> None:
    note = Status(kind, datetime(2026, 11, 3, 9, tzinfo=UTC), Step("klaar"), "Eén <b>zin</b>.")
    told = refresh_html.ended(note, "edities", may=True)
    # Why a service could not be reached names addresses: for who may refresh alone.
    others = refresh_html.ended(note, "edities", may=False)
    assert ("Eén" in others) == (kind != "mislukt") and ("wie de cijfers mag verversen" in others) == (
        kind == "mislukt"
    )
    assert "Eén &lt;b&gt;zin&lt;/b&gt;." in told and "3 november 2026, 10:00 uur" in told
    assert ("edities#wijzigingen" in told) == (kind == "klaar")
    assert ("blijft in gebruik" in told) == (kind in ("geweigerd", "mislukt", "afgebroken"))


def test_the_bar_goes_forward_and_a_clock_that_is_set_back_gives_no_negative_time() -> None:
    steps = [Step("vragen"), *(Step("ophalen", k, 4) for k in range(6)), Step("controleren"), Step("rekenen")]
    shares = [refresh_html.share(s) for s in (*steps, Step("schrijven"), Step("klaar"), Step("ophalen", 1, 0))]
    assert shares[:-1] == sorted(shares[:-1]) and all(0 <= s <= 1 for s in shares)
    now = datetime.now(UTC)
    assert refresh_html.lasted(now + timedelta(hours=5), now) == "0 seconden"


# -- the process ----------------------------------------------------------------------------------------------

SLOW = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from monitor.refresh.lock import only_one
from monitor.refresh.models import Step
from monitor.refresh.status import Reporter
folder = Path(sys.argv[1])
(folder / "manifest.json").touch()
with only_one(folder):
    told = Reporter(folder)
    told.tell(Step("ophalen", 1, 3, 10, ("Een",), "Twee"))
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        told.end("afgebroken", "Afgebroken; de cijfers zijn niet veranderd.")
"""


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    latest = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < latest, "waited in vain"
        time.sleep(0.05)


def state_of(folder: Path) -> str:
    now = runner.status(folder)
    return now.state if now else ""


def test_a_refresh_is_started_once_followed_and_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    folder.mkdir()
    command = [sys.executable, "-c", SLOW, str(folder)]
    assert runner.status(folder) is None
    runner.start(folder, command)
    assert state_of(folder) == "bezig", "also before it says anything itself"
    with pytest.raises(Refused, match="worden al ververst"):
        runner.start(folder, command)
    until(lambda: (runner.status(folder) or Status("bezig", datetime.now(UTC), Step("vragen"))).step.total == 3)
    runner.stop(folder)
    until(lambda: state_of(folder) == "afgebroken")
    runner.stop(folder)


def test_a_refresh_that_ends_without_a_word_is_a_failure_in_dutch(tmp_path: Path) -> None:
    for number, (program, told) in enumerate(
        (("1/0", "misgegaan"), ("print('Fout: Schijf vol.'); exit(1)", "Schijf vol."))
    ):
        folder = tmp_path / f"snapshot{number}"
        folder.mkdir()
        runner.start(folder, [sys.executable, "-c", program])
        until(lambda place=folder: state_of(place) == "mislukt")
        now = runner.status(folder)
        assert now and told in now.message and "Traceback" not in now.message


def test_a_refresh_from_elsewhere_is_stopped_only_when_it_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    folder.mkdir()
    (folder / store.MANIFEST).touch()
    with only_one(folder):
        Reporter(folder)  # this very process, which is no refresh
        assert state_of(folder) == "bezig"
        with pytest.raises(Refused, match="niet vanuit de monitor"):
            runner.stop(folder)
    assert state_of(folder) == "afgebroken"
    other = subprocess.Popen([sys.executable, "-c", SLOW, str(folder), "monitor", "refresh"], cwd=ROOT)
    try:
        until(lambda: state_of(folder) == "bezig" and (runner.status(folder) or other).pid == other.pid)
        runner.stop(folder)
        assert other.wait(timeout=60) == 0
    finally:
        other.kill()
        other.wait()
    assert state_of(folder) == "afgebroken"


@pytest.mark.skipif(os.name == "nt", reason="signalen van POSIX")
def test_a_refresh_that_is_deaf_to_ctrl_c_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the server was started in the background by a shell."""
    monkeypatch.setattr(runner, "_PATIENCE", 0.5)
    folder = tmp_path / "snapshot"
    folder.mkdir()
    deaf = SLOW.replace("signal.default_int_handler", "signal.SIG_IGN")
    runner.start(folder, [sys.executable, "-c", deaf, str(folder)])
    until(lambda: (runner.status(folder) or Status("bezig", datetime.now(UTC), Step("vragen"))).step.total == 3)
    runner.stop(folder)
    until(lambda: state_of(folder) == "afgebroken")


# -- in a browser ---------------------------------------------------------------------------------------------


@browser_test
def test_a_pinned_link_in_a_browser(new_page: Any, start_server: Any, two: Path) -> None:
    page = new_page(start_server(two), *SIZES["phone"])
    page.goto("/?editie=2026-08")
    settle(page)
    assert urlsplit(page.url).path == "/overzicht" and state(page) == {"editie": [OLD]}
    addresses = page.get_by_test_id("stPageLink").locator("a").evaluate_all("all => all.map(a => a.href)")
    assert all(parse_qs(urlsplit(a).query)["editie"] == [OLD] for a in addresses)
    page.get_by_role("searchbox").first.fill("huisarts")
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**/zoeken?**", timeout=PATIENCE)
    settle(page)
    assert state(page) == {"zoek": ["huisarts"], "editie": [OLD]}
    page.goto("/edities?editie=2026-08&van=2026-08&naar=2026-11")
    settle(page)
    page.get_by_text("Herzien door de bron").wait_for(timeout=PATIENCE)
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.documentElement)")
    page.get_by_role("link", name="Naar de nieuwste").click()
    page.wait_for_url(lambda url: "editie=" not in url, timeout=PATIENCE)
    settle(page)
    assert "Editie 2026-11" in page.locator("footer").inner_text()


@pytest.mark.slow
@browser_test
def test_a_refresh_that_was_started_elsewhere_is_followed_to_its_end(
    new_page: Any, start_server: Any, tmp_path: Path
) -> None:
    folder = shipped_in(tmp_path)
    page = new_page(start_server(folder, settings={"REGIOMONITOR_SINGLE_USER": "1"}))
    with only_one(folder):
        told = Reporter(folder)
        told.tell(Step("ophalen", 2, 8, 1234, ("Zonnestroom",), "Woningen"))
        page.goto("/edities")
        settle(page)
        page.get_by_text("2 van 8 tabellen").wait_for(timeout=PATIENCE)
        assert page.get_by_role("button", name="Cijfers verversen").count() == 0
        told.tell(Step("rekenen", 8, 8, 9876))
        page.get_by_text("9.876 rijen").wait_for(timeout=PATIENCE)
        told.end("klaar", "Er zijn 3 cijfers nieuw.", "2026-11")
    page.get_by_text("Er zijn 3 cijfers nieuw.").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Cijfers verversen").wait_for(timeout=PATIENCE)
