"""The papers of the project: licences, changes, how to contribute, and the checks before a commit."""

from __future__ import annotations

import importlib.util
import re
import shutil
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.spec_table import ROOT


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "licences.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(text: str) -> dict[str, list[str]]:
    found = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    return {name: rest for name, *rest in found}


# What may be in something that a public body puts online under EUPL-1.2; each name as licenties.md spells it.
FINE = re.compile(
    r"MIT|MIT-0|MIT-CMU|BSD|[\w-]*BSD[\w-]*|3-Clause BSD License|Apache-2\.0|PSF-2\.0|ISC|Zlib|CC0-1\.0|HPND|MPL-2\.0"
    r"|LGPL-3\.0-only"
)


def test_the_list_of_licences_is_current(licences: ModuleType) -> None:
    """Packages that are pinned: name, version, licence. Of what they rest on the versions differ from day to day."""
    listed = rows((ROOT / "docs" / "licenties.md").read_text(encoding="utf-8"))
    for file in ("requirements.txt", "requirements-dev.txt"):
        for name, version in licences.pinned(file).items():
            expected = [version, licences.licence_of(name)]
            assert listed.get(name) == expected, f"{name}: run .venv/bin/python docs/licences.py"
    text = (ROOT / "docs" / "licenties.md").read_text(encoding="utf-8")
    for own in ("Source Sans 3", "SIL Open Font License", "CC BY 4.0", "EuroGeographics", "EUPL-1.2"):
        assert own in text
    assert (ROOT / "static" / "fonts" / "OFL.txt").exists()


def test_no_licence_that_does_not_fit(licences: ModuleType) -> None:
    app = licences.pinned("requirements.txt")
    for name in (*app, *licences.below(app)):
        for part in re.split(r" AND | OR ", licences.licence_of(name)):
            assert FINE.fullmatch(part), f"{name}: {part}"


def test_every_pinned_package_has_a_reason(licences: ModuleType) -> None:
    reasons = (ROOT / "docs" / "afhankelijkheden.md").read_text(encoding="utf-8")
    for file in ("requirements.txt", "requirements-dev.txt"):
        for name in licences.pinned(file):
            assert name in reasons, name


# -- the checks before a commit -----------------------------------------------------------------------------------


def hooks() -> list[dict[str, Any]]:
    said = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in said["repos"]} == {"local"}, "nothing is fetched"
    return [hook for repo in said["repos"] for hook in repo["hooks"]]


def test_the_checks_before_a_commit_are_our_own_commands() -> None:
    found = {hook["id"]: hook for hook in hooks()}
    assert set(found) == {"ruff-check", "ruff-format", "mypy", "monitor-check"}
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    for hook in found.values():
        program, *rest = hook["entry"].split()
        assert hook["language"] == "system" and program.startswith(".venv/bin/")
        assert shutil.which(str(ROOT / program)), program
        assert " ".join([program.removeprefix(".venv/bin/"), *rest]) in make, "make test checks the same"


def test_pre_commit_takes_the_file() -> None:
    from pre_commit.clientlib import load_config

    assert load_config(str(ROOT / ".pre-commit-config.yaml"))["repos"]


# -- changes and contributing -------------------------------------------------------------------------------------


def test_the_change_log() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert "## [Unreleased]" in text and version in text
    assert {"### Added", "### Security", "### Fixed"} <= set(re.findall(r"^### \w+", text, re.M))


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md", "docs/beheer.md", "docs/dreigingsmodel.md"])
def test_what_a_paper_names_exists(name: str) -> None:
    """Links, files, tests and commands."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", text):
        assert (path.parent / target).exists(), target
    for test in set(re.findall(r"`(test_\w+\.py)`", text)):
        assert (ROOT / "tests" / test).exists(), test
    for file in set(re.findall(r"`((?:monitor|ui|pages|tests|docs|data|benchmarks)/[\w/.-]+\.\w+)`", text)):
        assert (ROOT / file).exists() or Path(file).name.startswith("…"), file
    for command in set(re.findall(r"python -m monitor (\w+)", text)):
        assert f"python -m monitor {command}" in (ROOT / "README.md").read_text(encoding="utf-8"), command
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in set(re.findall(r"`make ([\w-]+)`", text)):
        assert f"\n{verb}:" in make, verb
