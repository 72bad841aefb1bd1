"""Rules about the code itself: what may import what, how long a file may be, what must be written down."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from monitor.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "monitor").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
UI = sorted((ROOT / "ui").rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(source: str) -> set[str]:
    """Top-level packages that a source imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@cache
def own_files() -> tuple[Path, ...]:
    """Files that are in git or will be; outside a clone every file but those that .gitignore names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / p.decode() for p in listed.stdout.split(b"\0") if p]
    else:
        skipped = {".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
        found = [p for p in ROOT.rglob("*") if not skipped & set(p.relative_to(ROOT).parts)]
    return tuple(p for p in found if p.is_file())


# -- the domain knows no screen -------------------------------------------------------------------------------


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 20 and len(PAGES) >= 3 and len(UI) >= 4


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_domain_does_not_name_streamlit_nor_the_app(path: Path) -> None:
    assert not imports(path.read_text(encoding="utf-8")) & {"streamlit", "ui", "pages", "app"}


def test_import_reader_sees_every_kind_of_import() -> None:
    source = "import streamlit.components as c\ndef f():\n    from ui.data import x\nfrom . import pages\n"
    assert imports(source) == {"streamlit", "ui"}


def test_importing_the_whole_domain_does_not_load_streamlit() -> None:
    """Also not by way of something else."""
    program = (
        "import importlib, pkgutil, sys, monitor\n"
        "names = [m.name for m in pkgutil.walk_packages(monitor.__path__, 'monitor.')]\n"
        "for n in names: importlib.import_module(n)\n"
        "print(len(names), 'streamlit' in sys.modules, *[n for n in sys.modules if n.split('.')[0] == 'ui'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    count, *loaded = done.stdout.split()
    # Migrations are no package: Alembic reads them, and only inside a transaction.
    assert int(count) >= len([m for m in MODULES if "migrations" not in m.parts]) - 1
    assert loaded == ["False"]


# -- pages only draw ------------------------------------------------------------------------------------------


def is_text(node: ast.expr) -> bool:
    """Whether an expression is plainly a text."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def calculates(node: ast.AST) -> bool:
    """Whether a node is a calculation; joining texts and the remainder of a division by two are none."""
    if isinstance(node, ast.BinOp):
        halves = isinstance(node.right, ast.Constant) and node.right.value == 2
        return not (
            isinstance(node.op, ast.BitOr)  # a type or a union of sets
            or (isinstance(node.op, ast.Add) and is_text(node))
            or (isinstance(node.op, ast.Mod) and (is_text(node.left) or halves))
        )
    if isinstance(node, ast.AugAssign):
        return not is_text(node.value)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sum", "round", "pow")


def arithmetic(source: str) -> list[str]:
    """Calculations in a source."""
    return [f"line {n.lineno}: {ast.unparse(n)}" for n in ast.walk(ast.parse(source)) if calculates(n)]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_has_no_arithmetic(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not arithmetic(source)
    assert not imports(source) & {"math", "statistics", "numpy", "pandas", "decimal"}


def test_arithmetic_reader_can_tell() -> None:
    allowed = "a = 'x' + y\nb = f'{y}' + z\nc = columns[k % 2]\ndef f(x: int | None): ...\nt = ''.join(q) + r\n"
    assert not arithmetic(allowed)
    for source in ("a = b + c", "a = b / 2", "a += 1", "a = k % 3", "a = sum(b)", "a = 100 * x", "a = b - 1"):
        assert arithmetic(source), source


# -- length ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("path", [*MODULES, *UI, ROOT / "app.py"], ids=name)
def test_module_is_of_readable_length(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


# -- nothing of this machine, nothing from elsewhere ----------------------------------------------------------

# Written in pieces, so that this file does not hold what it looks for.
OWN_PATHS = re.compile(
    rb"(?<![\w.:/-])/(?:"
    + b"|".join([b"home" + rb"/\w", b"Users" + rb"/\w", b"root" + rb"/", b"work" + rb"/\w"])
    + rb")"
    rb"|[A-Z]:\\" + rb"Users"
)


def test_no_file_holds_a_path_of_a_machine() -> None:
    files = own_files()
    assert len(files) > 60
    found = [f"{name(p)}: {m[0].decode()}" for p in files if (m := OWN_PATHS.search(p.read_bytes()))]
    assert not found


def test_path_reader_can_tell() -> None:
    for text in ("cd /ho" + "me/jan", '"/wo' + 'rk/main"', "see /Us" + "ers/x", "/ro" + "ot/.venv"):
        assert OWN_PATHS.search(text.encode()), text
    for text in ("https://example.nl/ho" + "me/x", "../wo" + "rk/x", "mens/ro" + "ot/"):
        assert not OWN_PATHS.search(text.encode()), text


TEXT_FILES = {".py", ".css", ".js", ".html", ".svg", ".json", ".geojson", ".toml"}
# A name, not an address: nothing is fetched from it.
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")


def addresses(text: str) -> list[str]:
    """Addresses in a text that a browser could fetch, those without a scheme included."""
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    found = re.findall(r"https?://[^\s\"'()<>]+", text)
    return found + re.findall(r"(?:url\(|src=|href=|@import)\s*[\"']?(//[^\s\"'()<>]+)", text)


def test_what_the_browser_gets_names_no_other_host() -> None:
    """Except pages of a source that are written down: links that a reader may follow.

    Outlines that a server made of an edition are figures, and not in git: with a hostile edition a test makes some.
    """
    documented = "\n".join(
        p.read_text(encoding="utf-8")
        for p in (*(ROOT / "docs").rglob("*.md"), *(ROOT / "data" / "definitions").glob("*.yaml"), ROOT / "README.md")
    )
    files = [
        p
        for d in ("ui", "static", "pages", ".streamlit")
        for p in (ROOT / d).rglob("*")
        if p.suffix in TEXT_FILES and p.suffix != ".geojson"
    ]
    assert len(files) > 8
    found = [f"{name(p)}: {a}" for p in files for a in addresses(p.read_text(encoding="utf-8")) if a not in documented]
    assert not found


def test_address_reader_can_tell() -> None:
    for text in ('url("https://fonts.example.nl/x.woff")', "src='//cdn.example.nl/x.js'", "@import '//x.nl/a.css'"):
        assert addresses(text), text
    assert not addresses('<svg xmlns="http://www.w3.org/2000/svg"> // a remark')


def test_streamlit_is_told_not_to_phone_home() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["enableStaticServing"] is True


# -- what must be written down --------------------------------------------------------------------------------


def requirements(path: Path) -> list[str]:
    """Names of the packages in a requirements file."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [re.split(r"[=<>!~\[; ]", line)[0] for line in lines if line and not line.startswith("-")]


def test_every_dependency_is_explained() -> None:
    told = (ROOT / "docs" / "afhankelijkheden.md").read_text(encoding="utf-8").lower()
    files = sorted(ROOT.glob("requirements*.txt"))
    names = [n for f in files for n in requirements(f)]
    assert len(files) >= 2 and len(names) > 15
    missing = [n for n in names if not re.search(rf"(?<![\w-]){re.escape(n.lower())}(?![\w-])", told)]
    assert not missing, f"not in docs/afhankelijkheden.md: {missing}"


def test_every_dependency_is_pinned() -> None:
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            kept = line.split("#")[0].strip()
            if kept and not kept.startswith("-"):
                assert re.fullmatch(r"[\w.\-\[\]]+==[\w.]+", kept), f"{path.name}: {line}"


def commands() -> list[str]:
    """Commands of the command line, from its own help."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    listed = done.stdout.split("OPDRACHT\n", 1)[1]
    return re.findall(r"^ {4}([a-z][\w-]*)(?= |$)", listed, re.MULTILINE)


def test_every_command_stands_in_the_readme() -> None:
    found = commands()
    assert {"value", "check", "snapshot", "refresh"} <= set(found)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [c for c in found if not re.search(rf"python -m monitor {re.escape(c)}\b", readme)]
    assert not missing, f"not in README.md: {missing}"


def test_every_command_has_help_in_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    for command in commands():
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith("gebruik:")
