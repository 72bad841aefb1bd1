"""The log in its database: the same tests on SQLite and on PostgreSQL.

All tests of PostgreSQL stand in this file, so that a run starts one server. Without PostgreSQL they skip.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count as counter
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, text

from monitor.access import Identity
from monitor.errors import Refused
from monitor.logbook import database as databases
from monitor.logbook import faults, store
from monitor.logbook.database import Database, database
from monitor.logbook.entry import Draft, Entry
from monitor.logbook.faults import Clash, LogbookFault, LogbookUnavailable
from monitor.logbook.store import Conflict, Wanted
from monitor.logbook.tables import metadata
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
ANNE = Identity("uitgever anne", "medewerker A", frozenset({"achterhoek", "twente"}))
BERT = Identity("uitgever bert", "medewerker B", frozenset({"achterhoek"}))
NOW = datetime(2026, 11, 21, 13, 5, 30, 123456, tzinfo=UTC)
DRAFT = Draft("achterhoek", date(2026, 3, 12), "Een proef met een buurtbus.", "Op zaterdag zat de bus vol.")
_number = counter(1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server; skips where it is not installed."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL staat niet op deze computer; installeer het pakket postgresql")
    with postgres.running(programs) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database, set as the monitor's."""
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'log boek' / 'logboek.sqlite'}"
    else:
        found = postgres.new_database(request.getfixturevalue("server"), f"logboek-{next(_number)}")
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", found)
    return found


@pytest.fixture
def db(address: str) -> Iterator[Database]:
    """A database brought up to date."""
    found = database()
    found.upgrade()
    yield found
    found.engine.dispose()


def one(db: Database, entry: int) -> Entry:
    return next(e for e in store.find(db, Wanted(withdrawn=True)) if e.id == entry)


def is_sqlite(db: Database) -> bool:
    return db.file is not None


def add(db: Database, draft: Draft = DRAFT, who: Identity = ANNE, now: datetime = NOW) -> Entry:
    return store.add(db, draft, f"sleutel-{next(_number)}", who, now)


def quick(db: Database) -> Database:
    """The same database for somebody with little patience."""
    return Database(db.url, patience=0.15)


# -- made and kept --------------------------------------------------------------------------------------------


def test_tables_and_migrations_agree(db: Database) -> None:
    with db.engine.connect() as c:
        context = MigrationContext.configure(c, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_comparison_can_tell(db: Database) -> None:
    with db.engine.connect().execution_options(writes=True) as c, c.begin():
        c.execute(text("ALTER TABLE versions ADD COLUMN extra INTEGER"))
        c.execute(text("DROP INDEX ix_versions_date"))
    with db.engine.connect() as c:
        found = compare_metadata(MigrationContext.configure(c), metadata)
    assert {change[0] for change in found} == {"remove_column", "add_index"}


def test_a_confirmed_entry_survives_by_setting(db: Database) -> None:
    with db.read() as c:
        if is_sqlite(db):
            settings = [
                c.exec_driver_sql(f"PRAGMA {n}").scalar() for n in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert settings == ["wal", 2, 1]
        else:
            assert c.execute(text("SHOW synchronous_commit")).scalar() == "on"
            assert c.execute(text("SHOW fsync")).scalar() == "on"


def test_an_entry_comes_back_as_it_was_noted(db: Database) -> None:
    odd = "O’Neil; DROP TABLE entries; -- \"x\" 'y' % \\ 🚲 é\nregel twee <script>alert(1)</script> =1+1"
    draft = replace(
        DRAFT, tried=odd, changes="c", follow_up="v", look_again=date(2027, 1, 1), goal=2, indicator="overgewicht",
        finding="een-bevinding",
    )  # fmt: skip
    entry = add(db, draft)
    assert entry == one(db, entry.id) == store.find(db, Wanted())[0]
    assert entry.current.draft == draft
    assert (entry.current.number, entry.current.author, entry.founder) == (1, "medewerker A", "medewerker A")
    assert entry.first == entry.current.written == NOW and entry.first.tzinfo is not None


def test_other_time_zones_are_kept_as_utc(db: Database) -> None:
    local = NOW.astimezone(databases_zone())
    assert add(db, now=local).first == NOW
    with db.read() as c:
        assert str(c.execute(text("SELECT written FROM versions")).scalar()).startswith("2026-11-21 13:05:30")


def databases_zone() -> object:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Kolkata")


def test_every_version_stays_and_nothing_is_deleted_or_overwritten(db: Database) -> None:
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cur, sql, *rest: said.append(sql.lstrip()))
    entry = add(db)
    later = [NOW + timedelta(days=k) for k in range(1, 5)]
    store.change(db, entry.id, 1, replace(DRAFT, learned="Anders."), BERT, later[0])
    store.withdraw(db, entry.id, 2, "dubbel", ANNE, later[1])
    assert store.find(db, Wanted()) == ()
    (gone,) = store.find(db, Wanted(withdrawn=True))
    assert gone.current.withdrawn and gone.current.reason == "dubbel" and gone.current.draft.learned == "Anders."
    store.put_back(db, entry.id, 3, BERT, later[2])
    store.change(db, entry.id, 4, replace(DRAFT, learned="Toch zo."), ANNE, later[3])
    history = store.histories(db, [entry.id])[entry.id]
    assert [(v.number, v.author, v.withdrawn, v.reason, v.draft.learned) for v in history] == [
        (1, "medewerker A", False, "", DRAFT.learned),
        (2, "medewerker B", False, "", "Anders."),
        (3, "medewerker A", True, "dubbel", "Anders."),
        (4, "medewerker B", False, "", "Anders."),
        (5, "medewerker A", False, "", "Toch zo."),
    ]
    assert [v.written for v in history] == [NOW, *later]
    assert one(db, entry.id).founder == "medewerker A" and one(db, entry.id).first == NOW
    words = [sql.split()[:2] for sql in said]
    assert any(w[0] == "INSERT" for w in words)
    assert not [w for w in words if w[0] in ("DELETE", "DROP", "TRUNCATE", "REPLACE") or w == ["UPDATE", "versions"]]


# -- who may do what ------------------------------------------------------------------------------------------


def test_only_for_own_regions(db: Database) -> None:
    twente = add(db, replace(DRAFT, region="twente"))
    for forbidden in (
        lambda: add(db, replace(DRAFT, region="twente"), BERT),
        lambda: store.change(db, twente.id, 1, replace(DRAFT, region="twente", tried="x"), BERT, NOW),
        lambda: store.withdraw(db, twente.id, 1, "x", BERT, NOW),
        lambda: store.put_back(db, twente.id, 1, BERT, NOW),
    ):
        with pytest.raises(Refused, match="U mag voor deze regio niet schrijven"):
            forbidden()
    assert store.find(db, Wanted(withdrawn=True)) == (twente,)
    with pytest.raises(Refused, match="kan niet veranderen"):
        store.change(db, twente.id, 1, DRAFT, ANNE, NOW)
    with pytest.raises(Refused, match="bestaat niet"):
        store.withdraw(db, 999, 1, "x", ANNE, NOW)
    store.withdraw(db, twente.id, 1, "x", ANNE, NOW)
    with pytest.raises(Refused, match="ingetrokken"):
        store.change(db, twente.id, 2, replace(DRAFT, region="twente", tried="x"), ANNE, NOW)


# -- two at once ----------------------------------------------------------------------------------------------


def test_the_second_editor_is_told_and_sees_what_the_first_wrote(db: Database) -> None:
    entry = add(db)
    store.change(db, entry.id, 1, replace(DRAFT, learned="van A"), ANNE, NOW)
    with pytest.raises(Conflict) as told:
        store.change(db, entry.id, 1, replace(DRAFT, learned="van B"), BERT, NOW)
    assert told.value.current.current.draft.learned == "van A" and told.value.current.current.author == "medewerker A"
    assert "Iemand anders" in str(told.value)
    # Having seen it, B may go on; both versions stay.
    store.change(db, entry.id, 2, replace(DRAFT, learned="van B"), BERT, NOW)
    assert [v.draft.learned for v in store.histories(db, [entry.id])[entry.id]] == [DRAFT.learned, "van A", "van B"]
    with pytest.raises(Conflict):
        store.withdraw(db, entry.id, 1, "x", ANNE, NOW)


def at_once(tasks: list[Callable[[], object]]) -> list[object]:
    """Run tasks at the same moment; their results or errors."""
    ready, results = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(k: int) -> None:
        ready.wait()
        try:
            results[k] = tasks[k]()
        except Exception as error:
            results[k] = error

    threads = [threading.Thread(target=run, args=(k,)) for k in range(len(tasks))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(30)
    return results


def test_of_many_who_edit_at_the_same_moment_one_succeeds(db: Database) -> None:
    entry = add(db)
    edits = [
        lambda k=k: store.change(db, entry.id, 1, replace(DRAFT, tried=f"poging {k}"), (ANNE, BERT)[k % 2], NOW)
        for k in range(6)
    ]
    results = at_once(edits)
    saved = [r for r in results if isinstance(r, Entry)]
    assert len(saved) == 1 and sum(isinstance(r, Conflict) for r in results) == 5, results
    assert one(db, entry.id) == saved[0]
    assert len(store.histories(db, [entry.id])[entry.id]) == 2


def test_saving_a_form_twice_gives_one_entry(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = store._append

    def slowly(*given: object) -> None:
        time.sleep(0.2)  # the others look for the key meanwhile, and do not find it
        noted(*given)

    monkeypatch.setattr(store, "_append", slowly)
    results = at_once([lambda: store.add(db, DRAFT, "dezelfde", ANNE, NOW)] * 4)
    (kept,) = store.find(db, Wanted())
    assert results == [kept] * 4
    with pytest.raises(Conflict):
        store.add(db, replace(DRAFT, tried="iets anders"), "dezelfde", ANNE, NOW)


def test_who_edits_what_was_withdrawn_and_put_back_meanwhile_sees_how_it_is_now(db: Database) -> None:
    entry = add(db)
    gone = store.withdraw(db, entry.id, 1, "dubbel", BERT, NOW)
    back = store.put_back(db, entry.id, 2, BERT, NOW)
    with pytest.raises(Conflict) as told:
        store.change(db, entry.id, gone.current.number, replace(DRAFT, learned="van A"), ANNE, NOW)
    assert told.value.current == back and not back.current.withdrawn


def test_the_key_of_a_sign_in_may_have_any_length(db: Database) -> None:
    entry = add(db, who=replace(ANNE, subject="https://uitgever.voorbeeld/" + "s" * 5000))
    with db.read() as c:
        assert len(c.execute(text("SELECT subject FROM versions")).scalar_one()) == 5027
    assert one(db, entry.id) == entry


def test_a_step_whose_confirmation_got_lost_may_be_done_again(db: Database) -> None:
    entry = add(db)
    draft = replace(DRAFT, tried="nieuw")
    once = store.change(db, entry.id, 1, draft, ANNE, NOW)
    assert store.change(db, entry.id, 1, draft, ANNE, NOW + timedelta(seconds=5)) == once
    with pytest.raises(Conflict):
        store.change(db, entry.id, 1, draft, BERT, NOW)
    once = store.withdraw(db, entry.id, 2, "r", ANNE, NOW)
    assert store.withdraw(db, entry.id, 2, "r", ANNE, NOW) == once
    assert len(store.histories(db, [entry.id])[entry.id]) == 3


STARTER = """
import sys
from monitor.logbook.database import database
db = database()
print("klaar", flush=True)
sys.stdin.readline()
print(db.upgrade(), flush=True)
"""


def test_processes_that_start_at_once_do_not_clash(address: str) -> None:
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([sys.executable, "-c", STARTER], cwd=ROOT, **options) for _ in range(2)]
    try:
        for p in started:
            assert p.stdout.readline() == "klaar\n", p.stderr.read()
        for p in started:
            p.stdin.write("nu\n")
            p.stdin.flush()
        for p in started:
            out, wrong = p.communicate(timeout=60)
            assert (out.strip(), p.returncode) == (databases.head(), 0), wrong
    finally:
        for p in started:
            p.kill()
            p.wait()
    add(database())


# -- killed ---------------------------------------------------------------------------------------------------

WRITER = """
from datetime import UTC, date, datetime
from monitor.access import Identity
from monitor.logbook import store
from monitor.logbook.database import database
from monitor.logbook.entry import Draft
who, db, made = Identity("s", "n", frozenset({"achterhoek"})), database(), 0
for k in range(200):
    draft = Draft("achterhoek", date(2026, 3, 12), f"poging {k}", "x" * 2000)
    if k % 4 == 3:  # every fourth write is an edit of the one before
        e = store.change(db, made, 1, draft, who, datetime.now(UTC))
    else:
        e = store.add(db, draft, f"k{k}", who, datetime.now(UTC))
    made = e.id
    print(k, e.id, e.current.number, flush=True)
"""


def test_a_killed_process_loses_no_confirmed_write(db: Database) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    confirmed = [process.stdout.readline() for _ in range(90)]
    process.send_signal(signal.SIGKILL)
    confirmed += process.stdout.readlines()
    process.stdout.close()
    assert process.wait(20) == -signal.SIGKILL
    told = [tuple(map(int, line.split())) for line in confirmed if line.endswith("\n")]
    assert 90 <= len(told) < 200, "the process has to die in the middle"
    found = store.find(db, Wanted())
    histories = store.histories(db, [e.id for e in found])
    for k, entry, number in told:
        assert histories[entry][number - 1].draft.tried == f"poging {k}"
    # One write may have been saved without its confirmation having come through; none is half.
    assert 0 <= sum(map(len, histories.values())) - len(told) <= 1
    for e in found:
        assert [v.number for v in histories[e.id]] == list(range(1, e.current.number + 1))
    with db.read() as c:
        stray = "SELECT count(*) FROM entries WHERE id NOT IN (SELECT entry FROM versions)"
        assert c.execute(text(stray)).scalar() == 0
        if is_sqlite(db):
            assert c.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    add(db)


# -- find -----------------------------------------------------------------------------------------------------


def test_filters_order_and_counts(db: Database) -> None:
    def note(day: int, **about: object) -> int:
        return add(db, replace(DRAFT, day=date(2026, 5, day), **about), now=NOW + timedelta(minutes=day)).id

    old = note(1, goal=1)
    by_figure = note(3, indicator="overgewicht")
    by_finding = note(2, finding="bus", region="twente")
    other = note(4, goal=2, indicator="overgewicht")
    gone = note(5, goal=3)
    store.withdraw(db, gone, 1, "x", ANNE, NOW)

    def ids(wanted: Wanted) -> list[int]:
        return [e.id for e in store.find(db, wanted)]

    assert ids(Wanted()) == [other, by_figure, by_finding, old]
    assert ids(Wanted(withdrawn=True)) == [gone, other, by_figure, by_finding, old]
    assert ids(Wanted(("twente",))) == [by_finding] and len(ids(Wanted(("twente", "achterhoek")))) == 4
    assert ids(Wanted(indicator="overgewicht")) == [other, by_figure]
    assert ids(Wanted(finding="bus")) == [by_finding]
    # Without a goal of its own an entry is about the goal of its figure or finding; with one, about that alone.
    near = {"near_indicators": frozenset({"overgewicht"}), "near_findings": frozenset({"bus"})}
    assert ids(Wanted(goal=3, **near)) == [by_figure, by_finding]
    assert ids(Wanted(goal=2)) == [other]
    assert store.indicators(db, Wanted(indicator="geen")) == {"overgewicht"}
    assert store.indicators(db, Wanted(("twente",))) == store.indicators(db, Wanted(goal=1)) == frozenset()
    assert store.counts_for("achterhoek") == store.Counts(3, {"overgewicht": 2}, {})
    assert store.counts_for("twente") == store.Counts(1, {}, {"bus": 1})
    assert store.counts_for("zeeuws-vlaanderen") == store.Counts()


# -- what goes wrong ------------------------------------------------------------------------------------------


def lock(db: Database) -> Callable[[], None]:
    """Hold the lock that writers need; gives the function that lets it go."""
    held = db.engine.connect().execution_options(writes=True)
    held.begin()
    if not is_sqlite(db):
        held.execute(text("LOCK TABLE entries IN SHARE ROW EXCLUSIVE MODE"))
    return held.close


def test_while_somebody_holds_the_lock_reading_goes_on_and_writing_says_so(db: Database) -> None:
    entry, hurried = add(db), quick(db)
    hurried.prepare()
    release = lock(db)
    try:
        assert store.find(hurried, Wanted()) == (entry,)
        start = time.monotonic()
        with pytest.raises(LogbookUnavailable, match="even bezet") as told:
            add(hurried)
        assert time.monotonic() - start < 2 and "opnieuw" in told.value.way_out
    finally:
        release()
    add(hurried)
    assert len(store.find(db, Wanted())) == 2
    hurried.engine.dispose()


def test_a_read_only_database_can_be_read(db: Database) -> None:
    entry = add(db)
    readers = quick(db)
    if is_sqlite(db):
        event.listen(readers.engine, "connect", lambda c, r: c.execute("PRAGMA query_only=ON"))
    else:
        with db.engine.connect() as c, c.begin():
            c.execute(text(f'ALTER DATABASE "{db.url.database}" SET default_transaction_read_only = on'))
    assert store.find(readers, Wanted()) == (entry,)
    with pytest.raises(LogbookUnavailable, match="alleen gelezen"):
        add(readers)
    readers.engine.dispose()


def test_a_database_that_has_gone_is_told_and_never_replaced_by_an_empty_one(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(db)
    if db.file:
        for file in db.file.parent.iterdir():
            file.unlink()
    else:
        nobody = db.url.set(port=postgres._free_port())
        monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", nobody.render_as_string(hide_password=False))
        db = database()
    for attempt in (lambda: store.find(db, Wanted()), lambda: add(db)):
        with pytest.raises(LogbookUnavailable, match="niet bereikbaar"):
            attempt()
    start = time.monotonic()
    assert store.counts_for("achterhoek") is None
    assert time.monotonic() - start < 0.05  # it does not try again at once
    assert not (db.file and db.file.exists())


SECRET = "Wat iemand schreef, hoort niet in het logbestand."


def fill_up(db: Database) -> None:
    """A value that does not fit its column, which SQLite does not mind."""
    store.add(db, replace(DRAFT, tried=SECRET, indicator="x" * 500), "lang", ANNE, NOW)


def drop_tables(db: Database) -> None:
    with db.engine.connect().execution_options(writes=True) as c, c.begin():
        c.execute(text("DROP TABLE versions"))


def test_a_fault_of_the_software_is_not_told_as_a_database_that_is_away(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def fails(kind: type[Exception], words: str, step: Callable[[], object]) -> None:
        with pytest.raises(kind, match=words) as fault:
            step()
        assert not isinstance(fault.value, LogbookUnavailable) and fault.value.__cause__ is None
        told.append(str(fault.value))

    fails(LogbookFault, "ValueError: a moment needs", lambda: add(db, replace(DRAFT, tried=SECRET), now=datetime.now()))
    fails(Clash, "versions", lambda: add(db, replace(DRAFT, tried=SECRET, learned=None)))
    if not is_sqlite(db):
        fails(LogbookFault, "StringDataRightTruncation 22001", lambda: fill_up(db))
    assert store.find(db, Wanted()) == () and store.counts_for("achterhoek") == store.Counts()
    drop_tables(db)
    for step in (lambda: store.find(db, Wanted()), lambda: add(db, replace(DRAFT, tried=SECRET))):
        fails(LogbookFault, "versions", step)
    assert not caplog.records, "what goes on to the page is noted there"
    # A line on another page is not worth an error there.
    assert store.counts_for("achterhoek") is None and "could not count" in caplog.text
    assert not db.resting
    assert not [part for part in (*told, caplog.text) if "iemand schreef" in part]


def test_a_fault_of_the_database_is_noted_on_the_server_without_text_or_password(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    hurried = quick(db)
    hurried.prepare()
    release = lock(db)
    try:
        with pytest.raises(LogbookUnavailable):
            add(hurried, replace(DRAFT, tried=SECRET))
    finally:
        release()
        hurried.engine.dispose()
    (record,) = caplog.records
    assert record.name == "monitor.logbook.database" and record.levelname == "WARNING"
    assert ("SQLITE_BUSY" if is_sqlite(db) else "LockNotAvailable 55P03") in record.getMessage()
    caplog.clear()
    if not is_sqlite(db):
        away = db.url.set(port=postgres._free_port(), password="geheim-woord")
        with pytest.raises(LogbookUnavailable):
            store.find(Database(away), Wanted())
        assert "OperationalError" in caplog.text and "refused" in caplog.text and len(caplog.records) == 1
    assert "iemand schreef" not in caplog.text and "geheim-woord" not in caplog.text


@pytest.mark.parametrize(
    ("message", "described"),
    [
        ("fout met geheim in http://geheim@x", "ProgrammingError 42601: fout met *** in http://***@x"),
        ("eerste regel\nDETAIL:  Failing row contains (tekst).", "ProgrammingError 42601: eerste regel"),
        ("", "ProgrammingError 42601"),
        ("x" * 900, "ProgrammingError 42601: " + "x" * 200),
    ],
)
def test_what_the_manager_reads(message: str, described: str) -> None:
    from sqlalchemy.exc import ProgrammingError

    origin = type("ProgrammingError", (Exception,), {"sqlstate": "42601"})(message)
    error = ProgrammingError("INSERT", {"tried": "tekst"}, origin)
    assert faults.described(error, "geheim") == described and faults.kind_of(error) is None
    assert "tekst" not in faults.described(OSError(13, "Permission denied", "/pad/tekst"), None)


def test_of_many_who_wait_for_a_database_that_is_gone_one_tries(
    lite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def gone(patience: float) -> None:
        tries.append(patience)
        time.sleep(0.3)
        raise OSError(5, "gone")

    monkeypatch.setattr(lite, "_upgrade", gone)
    results = at_once([lambda: store.find(lite, Wanted())] * 6)
    assert len(tries) == 1 and all("niet bereikbaar" in str(r) for r in results), results
    # Later it is tried again.
    monkeypatch.delattr(lite, "_upgrade")
    lite._rest_until = 0.0
    assert store.find(lite, Wanted()) == ()


def test_counting_does_not_wait_for_who_brings_the_database_up_to_date(lite: Database) -> None:
    lite.file.touch()
    found: list[object] = []
    counting = threading.Thread(target=lambda: found.append(store.counts_for("achterhoek")), daemon=True)
    with lite._lock:
        counting.start()
        counting.join(2)
        assert found == [None]
    assert not lite.resting and store.counts_for("achterhoek") == store.Counts()


def test_software_that_is_older_than_the_database_refuses(db: Database, address: str) -> None:
    with db.write() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    databases._database.cache_clear()
    with pytest.raises(LogbookUnavailable, match="nieuwere versie"):
        store.find(database(), Wanted())
    assert store.counts_for("achterhoek") is None


@pytest.mark.parametrize(
    ("state", "words"),
    [("53100", "schijf van het logboek is vol"), ("53300", "even bezet"), ("28P01", "niet bereikbaar"), (None, "niet")],
)
def test_what_postgresql_says_in_plain_words(state: str | None, words: str) -> None:
    import psycopg
    from sqlalchemy.exc import OperationalError

    origin = psycopg.errors.lookup(state)("x") if state else psycopg.OperationalError("x")
    assert words in faults.unavailable(faults.kind_of(OperationalError("INSERT", {}, origin)) or "").message


# -- only SQLite ----------------------------------------------------------------------------------------------


@pytest.fixture
def lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'logboek.sqlite'}")
    return database()


def test_a_full_disk_loses_nothing(lite: Database) -> None:
    entry = add(lite)
    event.listen(lite.engine, "connect", lambda c, r: c.execute("PRAGMA max_page_count=1"))
    with pytest.raises(LogbookUnavailable, match="schijf van het logboek is vol"):
        for _ in range(50):
            add(lite, replace(DRAFT, tried="x" * 4000))
    kept = store.find(lite, Wanted())
    assert entry in kept and all(e.current.draft.learned == DRAFT.learned for e in kept)


def test_a_damaged_file_is_told(lite: Database) -> None:
    lite.file.write_bytes(b"dit is geen database" * 500)
    with pytest.raises(LogbookUnavailable, match="beschadigd"):
        store.find(lite, Wanted())
    assert store.counts_for("twente") is None
    assert lite.file.read_bytes().startswith(b"dit is geen database")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bestand").write_text("x")
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'bestand' / 'map' / 'x.sqlite'}")
    with pytest.raises(LogbookUnavailable):
        store.find(database(), Wanted())


def test_counting_makes_no_database(lite: Database) -> None:
    assert store.counts_for("achterhoek") == store.Counts()
    assert not lite.file.exists()


def test_a_copy_while_in_use(lite: Database, tmp_path: Path) -> None:
    entry, target = add(lite), tmp_path / "kopie.sqlite"
    release = lock(lite)
    databases.backup(lite, target)
    release()
    with sqlite3.connect(target) as c:
        assert c.execute("SELECT tried FROM versions").fetchall() == [(entry.current.draft.tried,)]
    assert not list(tmp_path.glob("*.deel"))


@pytest.mark.parametrize(
    "setting",
    ["", "geen adres", "mysql://gebruiker:geheim@adres/naam", "sqlite://", "sqlite:///:memory:", "sqlite+x:///a"],
)
def test_the_setting(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", setting)
    if not setting:
        assert database().file == databases.DEFAULT and databases.DEFAULT.parent.name == "logboek"
        return
    with pytest.raises(LogbookUnavailable, match="REGIOMONITOR_DATABASE_URL") as told:
        database()
    assert "geheim" not in str(told.value)
    assert store.counts_for("twente") is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_by_any_of_its_names(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"{scheme}://wie@127.0.0.1:1/naam")
    assert database().url.drivername == "postgresql+psycopg"


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from monitor.__main__ import main

    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", f"sqlite:///{tmp_path / 'x.sqlite'}")
    assert main(["logbook", "upgrade"]) == 0 and (tmp_path / "x.sqlite").exists()
    assert capsys.readouterr().out == f"De database van het logboek is bij: versie {databases.head()}.\n"
    assert main(["logbook", "backup", str(tmp_path / "kopie.sqlite")]) == 0 and (tmp_path / "kopie.sqlite").exists()
    assert "De kopie staat in" in capsys.readouterr().out
    monkeypatch.setenv("REGIOMONITOR_DATABASE_URL", "postgresql://wie:geheim@127.0.0.1:1/naam")
    for command in (["upgrade"], ["backup", str(tmp_path / "kopie2.sqlite")]):
        assert main(["logbook", *command]) == 1
        wrong = capsys.readouterr().err
        assert wrong.startswith("Fout: ") and "geheim" not in wrong and "Traceback" not in wrong
