"""Page images of documents, by LibreOffice and Poppler, with the shipped letters and one font for signs: the same on
every machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from monitor.figures import fonts

PROGRAMS = ("soffice", "pdftoppm")
# Pixels per inch of the kept images: enough to see overlap, small enough for git.
DPI = 60
needs_office = pytest.mark.skipif(
    any(shutil.which(p) is None for p in PROGRAMS), reason="LibreOffice en Poppler staan niet op deze machine"
)


def page_images(document: Path, folder: Path, dpi: int = DPI) -> list[Path]:
    """Return an image (PNG) per page of a document, in order; ``folder`` gets them.

    Args:
        document: .pptx, .docx or .pdf.
        folder: where the images go, named after the document: 'x-01.png'.
        dpi: pixels per inch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pdf = document if document.suffix == ".pdf" else _as_pdf(document, Path(scratch))
        _run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(Path(scratch) / "page")])
        made = sorted(Path(scratch).glob("page*.png"), key=lambda p: int(p.stem.rpartition("-")[2]))
        return [Path(shutil.move(p, folder / f"{document.stem}-{k:02}.png")) for k, p in enumerate(made, 1)]


def _as_pdf(document: Path, folder: Path) -> Path:
    _run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(document),
        ],
        {"FONTCONFIG_FILE": str(_only_ours(folder))},
    )
    return folder / f"{document.stem}.pdf"


def _only_ours(folder: Path) -> Path:
    """Settings with which a program sees the shipped letters and no others."""
    target = folder / "fonts.conf"
    shipped = fonts.folder()
    target.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{shipped}</dir>'
        # For signs such as ▲, which an office takes from another font as well.
        f"<dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{folder}/cache</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return target


def _run(command: list[str], more: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env={**os.environ, **(more or {})}, capture_output=True, text=True, timeout=180, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
