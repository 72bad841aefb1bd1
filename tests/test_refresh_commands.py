"""What somebody meets at the command line: options, settings and folders that do not fit, and an edition that lasts."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from monitor import __main__ as command
from monitor.errors import SnapshotError
from monitor.refresh import cli
from monitor.refresh import editions as shelf
from monitor.refresh.models import Step
from monitor.snapshot import store, swap
from tests.local_cbs import LocalCbs
from tests.refreshing import AMSTERDAM, DISTANCE, HEALTH, WINTERSWIJK, content, left, run, small

Said = pytest.CaptureFixture[str]


@pytest.fixture
def asked(folder: Path, cbs: LocalCbs, monkeypatch: pytest.MonkeyPatch) -> LocalCbs:
    """The command line on the small edition and the local CBS."""
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(folder))
    for name, value in cbs.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli, "load", small)
    monkeypatch.setattr(cli.signal, "signal", lambda *a: None)
    return cbs


def kept(folder: Path) -> Path:
    return folder.parent / "edities"


def names(folder: Path) -> list[str]:
    return [e.name for e in shelf.editions(folder)]


# --- An edition is never lost ---


def locked(monkeypatch: pytest.MonkeyPatch, shut: Path) -> None:
    """Nothing can be moved into a folder, as when it belongs to somebody else."""
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if Path(target).parent == shut:
            raise PermissionError(errno.EPERM, "Operation not permitted", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("doing", ["refresh", "use"])
def test_where_nothing_can_be_kept_nothing_changes(
    asked: LocalCbs, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, doing: str
) -> None:
    asked.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    before, there = content(folder), names(folder)
    other = there[1]
    locked(monkeypatch, kept(folder))
    assert command.main(["refresh"] if doing == "refresh" else ["editions", "use", other]) == 1
    said = capsys.readouterr()
    assert "bewaard in" in said.err and str(kept(folder)) in said.err and "dat mag niet" in said.err
    assert "Operation" not in said.err and "is bewaard" not in said.out
    monkeypatch.undo()
    assert content(folder) == before and names(folder) == there and left(folder) == ["edities", "snapshot"]


@pytest.mark.parametrize("doing", ["refresh", "use"])
def test_what_could_not_be_kept_after_the_swap_is_told_and_kept_later(
    asked: LocalCbs, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, doing: str
) -> None:
    asked.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    before, previous = content(folder), store.read(folder).edition
    other = names(folder)[1]
    real = swap.shelve
    monkeypatch.setattr(swap, "shelve", lambda previous, keep: False)
    assert command.main(["refresh"] if doing == "refresh" else ["editions", "use", other]) == 0
    said = capsys.readouterr()
    place = swap.waiting(folder)[previous]
    assert f"editie {previous} kon niet" in said.err and str(place) in said.err and "is bewaard" not in said.out
    # Whatever comes next, as long as it cannot be moved it stays; and then it is kept.
    asked.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    assert command.main(["refresh"]) == 0
    assert content(place) == before and len(swap.waiting(folder)) == 2
    monkeypatch.setattr(swap, "shelve", real)
    assert command.main(["refresh"]) == 3
    assert content(kept(folder) / previous) == before and not swap.waiting(folder)
    assert left(folder) == ["edities", "snapshot"]


def test_a_name_that_is_taken_by_damaged_editions_loses_nothing(asked: LocalCbs, folder: Path) -> None:
    asked.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    before, name = content(folder), store.read(folder).edition
    for taken in (name, f"{name}-{store.fingerprint(folder)[:6]}"):
        (kept(folder) / taken).mkdir()
    run(folder, asked)
    assert before in [content(p) for p in kept(folder).iterdir()]


# --- Options ---


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--boundaries", "0"), "'0' kan niet"),
        (("--boundaries", "27"), "'27' kan niet"),
        (("--check", "--boundaries", "2027"), "--check gaat niet samen met --boundaries"),
        (("--check", "--force"), "--check gaat niet samen met --force"),
        (("--boundaries", "2027", "--table", DISTANCE), "--boundaries gaat niet samen met --table"),
        (("--boundaries", "2027", "--without", DISTANCE, "--force"), "samen met --without en --force"),
        (("--table", DISTANCE, "--without", DISTANCE.lower()), "geen tabel over"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_options_that_cannot_be_are_refused_before_anything_is_asked(
    asked: LocalCbs, folder: Path, capsys: Said, options: tuple[str, ...], words: str
) -> None:
    before = left(folder)
    with pytest.raises(SystemExit) as ended:
        command.main(["refresh", *options])
    said = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == cli.WRONG == 2 and said.startswith("Fout: ") and words in said
    assert not asked.requests and left(folder) == before


# --- Editions that are damaged ---


@pytest.mark.parametrize("lost", [store.WEIGHTS, store.CHANGES])
def test_a_damaged_kept_edition_is_listed_with_what_is_wrong(
    asked: LocalCbs, folder: Path, capsys: Said, lost: str
) -> None:
    asked.revise(HEALTH, WINTERSWIJK, "Overgewicht", 2.0)
    name = store.read(folder).edition
    run(folder, asked)
    (kept(folder) / name / lost).unlink()
    (kept(folder) / ".DS_Store").write_text("")
    assert command.main(["editions", "list"]) == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith(name))
    assert "beschadigd" in line and f"{lost} ontbreekt" in line
    for words in (("show", name), ("use", name), ("diff", name, names(folder)[0])):
        assert command.main(["editions", *words]) == 1
        said = capsys.readouterr().err
        assert f"Editie '{name}' is beschadigd." in said and f"{lost} ontbreekt" in said and "Bedoelde u" not in said


# --- Folders ---


@pytest.mark.parametrize("words", [("refresh",), ("editions", "use", "2026-11")], ids=" ".join)
@pytest.mark.parametrize("place", ["nergens/data/snapshot", "snapshots"])
def test_a_folder_without_figures_is_refused_and_nothing_is_made(
    asked: LocalCbs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, words: tuple[str, ...], place: str
) -> None:
    there = sorted(tmp_path.iterdir())
    monkeypatch.setenv("REGIOMONITOR_SNAPSHOT", str(tmp_path / place))
    assert command.main(list(words)) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / place) in said and "REGIOMONITOR_SNAPSHOT" in said and "git checkout" not in said
    assert sorted(tmp_path.iterdir()) == there and not asked.requests


def test_the_list_says_where_damaged_figures_are_and_the_way_out(asked: LocalCbs, folder: Path, capsys: Said) -> None:
    (folder / store.WEIGHTS).write_bytes(b"")
    assert command.main(["editions", "list"]) == 0
    said = capsys.readouterr().err
    assert str(folder) in said and store.WEIGHTS in said and "editions use" in said and "git checkout" not in said


def test_only_the_own_figures_of_the_project_come_back_with_git(tmp_path: Path) -> None:
    from monitor import paths

    assert "git checkout -- data/snapshot" in store.way_out(paths.ROOT / "data" / "snapshot")
    assert "git checkout" not in store.way_out(tmp_path)


def test_a_killed_swap_without_exchange_comes_back(asked: LocalCbs, folder: Path) -> None:
    before = content(folder)
    folder.rename(folder.with_name(".vorige-x"))
    assert command.main(["refresh"]) == 3
    assert content(folder) == before and left(folder) == ["edities", "snapshot"]


# --- Settings ---


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("CBS_URL", "opendata.cbs.nl", "https://opendata.cbs.nl"),
        ("CBS_PROTOCOL", "v5", "v3 en v4"),
        ("CBS_TIMEOUT", "abc", "zoals 30"),
        ("CBS_PARALLEL", "0", "zoals 4"),
        ("CBS_PARALLEL", "x", "zoals 4"),
        ("CBS_PARALLEL", "1.5", "zoals 4"),
    ],
)
def test_a_wrong_setting_is_a_failure_that_names_it(
    asked: LocalCbs, monkeypatch: pytest.MonkeyPatch, capsys: Said, name: str, value: str, advice: str
) -> None:
    monkeypatch.setenv(f"REGIOMONITOR_{name}", value)
    for words in (["refresh"], ["refresh", "--check"]):
        assert command.main(words) == cli.FAILED
        said = capsys.readouterr().err
        assert said.startswith("Fout: ") and f"REGIOMONITOR_{name}: '{value}'" in said and advice in said


# --- Words ---


def test_a_failure_of_the_disk_is_told_in_dutch(
    asked: LocalCbs, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    def shut(*_: object) -> str:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(folder))

    monkeypatch.setattr(shelf, "use", shut)
    assert command.main(["editions", "use", "x"]) == 1
    said = capsys.readouterr().err
    assert "Operation" not in said and "dat mag niet" in said and str(folder) in said


def test_the_help_is_dutch(capsys: Said) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    said = capsys.readouterr().out
    assert "toon de versie" in said and " and exit" not in said


def test_a_log_has_one_line_per_phase(asked: LocalCbs, capsys: Said) -> None:
    asked.revise(HEALTH, AMSTERDAM, "Overgewicht", 1.0)
    asked.touch(DISTANCE)
    assert command.main(["refresh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [x.split()[0] for x in lines[:6]] == ["Vragen", "Ophalen", "Nieuwe", "Regio’s", "Nagaan", "Klaar."]
    assert lines[6].startswith("Ververst: ")


def test_one_table_is_told_as_one() -> None:
    assert cli.said(Step("vragen", 0, 1)).endswith("0 van 1 tabel")
    assert cli.said(Step("ophalen", 1, 2)).endswith("1 van 2 tabellen klaar")


def test_topics_are_counted_in_good_dutch(asked: LocalCbs, capsys: Said) -> None:
    asked.rename(HEALTH, "Overgewicht", "TeZwaar")
    assert command.main(["refresh", "--check"]) == 4
    said = capsys.readouterr().out
    assert f"{HEALTH}: 1 onderwerp, en dat klopt niet" in said
    assert f"{DISTANCE}: 2 onderwerpen, alle in orde" in said


def test_an_edition_in_force_of_nobody_is_not_shelved_by_mistake(folder: Path) -> None:
    """A new edition that a killed process left is removed, though it is whole."""
    shutil.copytree(folder, folder.with_name(".nieuw-x"))
    swap.clean_up(folder, kept(folder))
    assert left(folder) == ["edities", "snapshot"]


def test_a_place_where_nothing_can_be_kept_is_said_before_the_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(monkeypatch, kept(folder))
    begun = False
    with pytest.raises(SnapshotError), swap.replacing(folder, kept(folder)):
        begun = True
    assert not begun


def test_a_refusal_of_figures_says_how_to_go_on_without_that_table(asked: LocalCbs, capsys: Said) -> None:
    asked.change(HEALTH, "Overgewicht", 180.0, WINTERSWIJK)
    assert command.main(["refresh"]) == 4
    said = capsys.readouterr().err
    assert HEALTH in said and said.endswith("Met --without TABEL laat u een tabel weg.\n")
