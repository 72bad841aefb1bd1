"""Make the documents of a pack: all of them, or none."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from importlib import import_module

from monitor.errors import ExportError
from monitor.export.basket import NAMES, Basket, DocumentId, as_yaml
from monitor.export.catalogue import Catalogue
from monitor.export.compose import compose_pack
from monitor.export.pack import Materials, Pack

# Module and function that make a document, loaded when it is asked for, and the ending of its file.
_MAKERS: dict[DocumentId, tuple[str, str, str]] = {
    "presentatie": ("slides.presentation", "pptx_bytes", "pptx"),
    "oplegger": ("word.oplegger", "docx_bytes", "docx"),
    "plan": ("word.plan_document", "docx_bytes", "docx"),
    "werkboek": ("sheets.workbook", "xlsx_bytes", "xlsx"),
    "rapport": ("pdf.report", "pdf_bytes", "pdf"),
    "factsheet": ("pdf.factsheet", "pdf_bytes", "pdf"),
}
BASKET_FILE = "pakket.yaml"
Progress = Callable[[int, int, str], None]


def make_files(
    materials: Materials,
    basket: Basket,
    *,
    base: str = "",
    today: dt.date | None = None,
    catalogue: Catalogue | None = None,
    progress: Progress = lambda done, total, what: None,
) -> dict[str, bytes]:
    """Make every document that a basket asks for, and the basket itself as a file.

    Args:
        materials: definitions and edition; the region's own template.
        basket: what was chosen.
        base: address of the app, for links; empty when unknown.
        today: the day of the pack.
        catalogue: figures by reference, when there is one already.
        progress: told how many steps are done, of how many, and what is made now.

    Returns:
        File name -> content.

    Raises:
        MonitorError: one clear sentence; nothing has been written.
    """
    if not basket.documents:
        raise ExportError("Er is geen document gekozen.", "Kies ten minste één document.")
    total = len(basket.documents) + 1
    progress(0, total, "cijfers en bevindingen")
    pack = compose_pack(materials, basket, base, today, catalogue)
    files = {}
    for done, name in enumerate(basket.documents, 1):
        progress(done, total, NAMES[name])
        files[file_name(pack, name)] = document(pack, materials, name)
    files[f"{pack.file_stem}-{BASKET_FILE}"] = as_yaml(basket).encode()
    progress(total, total, "")
    return files


def document(pack: Pack, materials: Materials, name: DocumentId) -> bytes:
    """Make one document of a pack."""
    module, function, _ = _MAKERS[name]
    return bytes(getattr(import_module(f"monitor.export.{module}"), function)(pack, materials))


def file_name(pack: Pack, name: DocumentId) -> str:
    """The name of a document's file: 'achterhoek-doel-2-oplegger.docx'."""
    return f"{pack.file_stem}-{name}.{_MAKERS[name][2]}"


def zipped(files: Mapping[str, bytes], day: dt.date | None = None) -> bytes:
    """Files in one zip; the same files on the same day give the same bytes."""
    moment = (*(day or dt.date(1980, 1, 1)).timetuple()[:3], 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
