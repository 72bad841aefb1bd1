"""Adding own findings in a real browser, by the one user of a monitor at home; see ``test_browser`` for the rules."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from monitor.screens.own_html import link_to
from tests.spec_table import definitions
from tests.test_browser import SIZES, browser_test, heading, settle
from tests.test_own import GOOD, entry, own_findings, sheet_of

UPLOADER_ENGLISH = re.compile(r"drag and drop|browse|upload|per file|add files|remove|file must|limit", re.IGNORECASE)
INPUT = "[data-testid=stFileUploaderDropzoneInput]"
IN_VIEW = """id => { const top = document.getElementById(id).getBoundingClientRect().top;
    return document.querySelector('[data-testid=stMain]').scrollTop > 0 && top >= 0 && top < innerHeight }"""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of own findings for the server that the test starts."""
    monkeypatch.setenv("REGIOMONITOR_OWN", str(tmp_path / "eigen"))
    monkeypatch.setenv("REGIOMONITOR_SINGLE_USER", "1")
    return tmp_path / "eigen"


def choose_file(page: Any, name: str, content: bytes, kind: str = EXCEL) -> None:
    """Choose a file once the uploader of the previous one is gone: the page shows both while it is made anew."""
    uploader = page.locator(INPUT)
    expect(uploader).to_have_count(1, timeout=30_000)
    uploader.set_input_files({"name": name, "mimeType": kind, "buffer": content})


def uploader_says(page: Any) -> str:
    """All that the uploader shows and tells, but for its own label and the names of its drawings."""
    return str(
        page.locator("[data-testid=stFileUploader]").evaluate(
            """box => [...box.querySelectorAll('*')].flatMap(e => [
                e.getAttribute('aria-label') || '', e.getAttribute('title') || '',
                ...(getComputedStyle(e).display === 'none' ? [] : [...e.childNodes].filter(n => n.nodeType === 3 &&
                    n.parentElement.offsetParent && !n.parentElement.closest('[data-testid=stIconMaterial]'))
                    .map(n => n.nodeValue))]).join('\\n')"""
        )
    )


def fits(page: Any) -> bool:
    """Whether nothing scrolls sideways, also on a phone."""
    found = []
    for size in SIZES.values():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(200)
        found.append(page.evaluate("() => (e => e.scrollWidth <= e.clientWidth)(document.documentElement)"))
    page.set_viewport_size({"width": 1280, "height": 900})
    return all(found)


@browser_test
def test_upload_preview_save_and_address(new_page: Any, start_server: Any, folder: Path) -> None:
    page = new_page(start_server())
    page.goto("/eigen-bevindingen")
    settle(page)
    assert heading(page) == "Eigen bevindingen"
    page.get_by_text("Er zijn nog geen eigen bevindingen").wait_for()
    assert not UPLOADER_ENGLISH.search(uploader_says(page)), uploader_says(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Sjabloon (Excel)").click()
    assert load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).sheetnames == ["Bevindingen", "Uitleg"]

    # Too large: the browser refuses it, in Dutch.
    large = folder.with_name("groot.xlsx")
    large.write_bytes(b"PK" + b"x" * (11 * 1024 * 1024))
    expect(page.locator(INPUT)).to_have_count(1)
    page.locator(INPUT).set_input_files(large)
    page.get_by_text("Dit bestand is groter dan 10 MB").wait_for()
    assert not UPLOADER_ENGLISH.search(uploader_says(page)), uploader_says(page)
    choose_file(page, "foto.png", b"\x89PNG\x00", "image/png")
    page.get_by_text("‘foto.png’ is geen rekenblad").wait_for()

    hostile = "<script>document.title='stuk'</script>"
    rows = ({**GOOD, "samenvatting": hostile}, {**GOOD, "titel": "Twee", "thema’s": "gezondhied"})
    choose_file(page, "Ons panel.xlsx", sheet_of(*rows))
    page.get_by_text("1 rij klopt; in 1 rij klopt iets niet.").wait_for()
    page.get_by_text("Rij 3, kolom ‘thema’s’: ‘gezondhied’ bestaat niet. Bedoelde u ‘gezondheid’?").wait_for()
    page.locator(".own").first.wait_for()
    assert page.locator(".own").count() == 1 and "Eigen bevinding" in page.locator(".own").inner_text()
    assert "Cijfers" in page.locator(".own").inner_text()
    assert own_findings(folder, definitions()).findings == () and fits(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="wat er niet klopt").click()
    assert "bestaat niet" in str(
        load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).active.cell(3, 20).value
    )

    page.get_by_role("button", name="Bewaar 1 bevinding").click()
    page.get_by_text("1 bevinding is bewaard in ‘ons-panel.yaml’").wait_for()
    settle(page)
    (saved,) = own_findings(folder, definitions()).findings
    assert saved.summary == hostile
    page.get_by_text("1 van 1", exact=False).wait_for()
    assert page.title() != "stuk" and hostile in page.locator(".own").inner_text()
    assert fits(page)

    # The same name once more: the previous version is kept, and said so before and after.
    page.get_by_text("Bevindingen toevoegen").click()
    choose_file(page, "Ons panel.xlsx", sheet_of({**GOOD, "titel": "Drie"}))
    page.get_by_text("Er is al een bestand ‘ons-panel.yaml’ met 1 bevinding.").wait_for()
    page.get_by_role("button", name="Bewaar 1 bevinding").click()
    page.get_by_text(re.compile("De vorige versie staat in ‘eerder/ons-panel-")).wait_for()
    assert [f.title for f in own_findings(folder, definitions()).findings] == ["Drie"]
    assert len(list((folder / "eerder").iterdir())) == 1

    # The address of a finding leads to it, also where it stands behind the line that counts the rest.
    text = "".join(entry(f"nummer-{n}", f"Nummer {n}") for n in range(16))
    (folder / "tweede.yaml").write_text(text, encoding="utf-8")
    last = own_findings(folder, definitions()).of_region("twente")[-1]
    page.goto(f"/{link_to(last)}")
    settle(page)
    card = page.locator(f"#{last.id}")
    card.wait_for(state="visible")
    page.wait_for_function(IN_VIEW, arg=last.id)
    assert page.locator(".own").count() == 16 and fits(page)
    page.goto("/eigen-bevindingen?regio=twente")
    settle(page)
    page.get_by_text("Nog 4 eigen bevindingen").wait_for()
    assert not card.is_visible()


@browser_test
@pytest.mark.slow
def test_who_may_not_write_takes_the_checked_file_along(
    new_page: Any, start_server: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGIOMONITOR_SINGLE_USER")
    page = new_page(start_server())
    page.goto("/eigen-bevindingen?regio=achterhoek")
    settle(page)
    page.get_by_text("Er zijn nog geen eigen bevindingen over Achterhoek").wait_for()
    choose_file(page, "panel.xlsx", sheet_of(GOOD))
    page.get_by_text("U mag hier niet schrijven").wait_for()
    assert page.get_by_role("button", name=re.compile("^Bewaar ")).count() == 0
    with page.expect_download() as taken:
        page.get_by_role("button", name="Nagekeken bestand (YAML)").click()
    assert taken.value.suggested_filename == "panel.yaml"
    # The manager puts it in the folder as it is.
    folder.mkdir()
    (folder / "panel.yaml").write_bytes(Path(taken.value.path()).read_bytes())
    assert [f.title for f in own_findings(folder, definitions()).findings] == [GOOD["titel"]]
    page.goto("/eigen-bevindingen?regio=achterhoek")
    settle(page)
    page.get_by_text(GOOD["titel"]).wait_for()
    assert "Cijfers bevestigen dit" in page.locator(".own").inner_text()
