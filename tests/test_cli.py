"""The command line as a user meets it: output, errors, exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor import __main__ as command
from monitor import paths
from monitor.definitions import load

ROOT = paths.ROOT


def within(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The same command in this process: seconds less, where only words and exit code count."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code: object = command.main(arguments)
        except SystemExit as ended:  # argparse, after its own message
            code = ended.code
    return subprocess.CompletedProcess(arguments, int(str(code or 0)), out.getvalue(), err.getvalue())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a user starts it."""
    env = {**os.environ, **environment}
    whole = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(whole, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_value_as_json_keeps_the_contract() -> None:
    done = run("value", "overgewicht", "achterhoek", "--year", "2022", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    contract = "indicator region year value lower upper coverage method unit judgement benchmark source"
    assert set(contract.split()) <= set(said)
    assert said["value"] == pytest.approx(54.2, abs=0.05)
    assert said["lower"] < said["value"] < said["upper"]
    assert (said["benchmark"], said["judgement"], said["coverage"]) == (50.3, "ongunstiger", 1.0)
    assert said["method"] == "enquete" and said["unit"] == "procent" and "CBS" in said["source"]


def test_value_takes_the_last_year_by_default() -> None:
    assert json.loads(run("value", "overgewicht", "twente", "--json").stdout)["year"] == 2024


def test_value_in_words() -> None:
    done = run("value", "bebouwd-terrein", "zuid-limburg", "--year", "2017")
    assert done.stdout.startswith("In Zuid-Limburg is 23,2% van het land bebouwd terrein (2017)")
    assert "Oordeel: hoger" in done.stdout


@pytest.mark.parametrize(
    ("benchmark", "name"), [("provincie", "de provincie Gelderland"), ("elf-regios", "de elf regio’s samen")]
)
def test_another_benchmark(benchmark: str, name: str) -> None:
    done = within("value", "overgewicht", "achterhoek", "--benchmark", benchmark, "--json")
    assert json.loads(done.stdout)["benchmark_name"] == name


REFUSALS = [
    (("value", "mediaan-inkomen", "twente"), ["mediaan", "niet opgeteld of gemiddeld", "Enschede", "Dinkelland"]),
    (("value", "overgwicht", "achterhoek"), ["overgwicht", "Bedoelde u", "overgewicht"]),
    (("value", "overgewicht", "achterhoekk"), ["achterhoekk", "achterhoek"]),
    (("value", "overgewicht", "achterhoek", "--year", "2021"), ["2021", "2016, 2020, 2022, 2024"]),
    (("value", "overgewicht", "achterhoek", "--year", "veel"), ["veel", "geen geldige waarde"]),
    (("value", "overgewicht"), ["dit ontbreekt: regio"]),
    (("valu",), ["valu", "value"]),
    (("snapshot", "build", "--from", "/bestaat/niet", "--to", "/tmp/nergens"), ["ontbreekt", "--from"]),
    (("refresh", "--table", "12345NED"), ["12345NED"]),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSALS, ids=[" ".join(a) for a, _ in REFUSALS])
def test_a_refusal_is_one_clear_line(arguments: tuple[str, ...], words: list[str]) -> None:
    done = within(*arguments)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    error = done.stderr.strip().splitlines()[-1]
    assert error.startswith("Fout: ")
    assert all(w in error for w in words), error


@pytest.mark.parametrize(
    "words", [(), ("value",), ("check",), ("snapshot",), ("snapshot", "build"), ("refresh",)], ids=" ".join
)
def test_every_command_has_help_in_dutch(words: tuple[str, ...]) -> None:
    done = within(*words, "--help")
    assert done.returncode == 0
    assert "gebruik:" in done.stdout and "usage" not in done.stdout and "show this help" not in done.stdout


def test_no_command_prints_help_and_fails() -> None:
    done = run()
    assert done.returncode != 0 and "value" in done.stdout


def test_check_prints_counts_and_agrees() -> None:
    done = run("check")
    assert done.returncode == 0, done.stderr
    lines = [line.strip().split("  ", 1) for line in done.stdout.splitlines()]
    counted = {what: int(n) for n, what in (line for line in lines if len(line) == 2)}
    assert counted["indicatoren"] == len(load().indicators) >= 130
    assert counted["bevindingen"] == len(load().findings) >= 100
    assert counted["gemeenten in een regio"] == 83 and counted["regio’s"] == 11
    assert counted["met een waarde in 9 of meer van de 11 regio’s"] > 120
    assert done.stdout.rstrip().endswith("In orde: definities, bevindingen en cijfers horen bij elkaar.")


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    """A region member under another name than CBS uses: a copy of the project, with one definition changed."""
    copy = tmp_path / "project"
    for part in ("monitor", "data"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "edities"))
    regions = copy / "data" / "definitions" / "regions.yaml"
    text = regions.read_text(encoding="utf-8")
    assert "Winterswijk" in text
    regions.write_text(text.replace("Winterswijk", "Winterwijk"), encoding="utf-8")
    command = [sys.executable, "-m", "monitor", "check"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "GM0294 heet in deze editie Winterswijk, niet Winterwijk" in done.stderr


@pytest.mark.parametrize("damage", ["missing", "empty", "flipped"])
def test_a_broken_edition_gives_the_way_out(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "snapshot"
    if damage != "missing":
        shutil.copytree(ROOT / "data" / "snapshot", folder)
        target = folder / "observations.parquet"
        raw = target.read_bytes()
        target.write_bytes(b"" if damage == "empty" else raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:])
    done = run("value", "overgewicht", "achterhoek", REGIOMONITOR_SNAPSHOT=str(folder))
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "REGIOMONITOR_SNAPSHOT" in done.stderr and "editions use" in done.stderr
