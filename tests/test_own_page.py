"""The page of own findings in the test bench: one region, few cards, held once, and a file that can be closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor import dates
from monitor.access import Access, Identity
from monitor.dialogue import own_rows
from tests.spec_table import ROOT, definitions
from tests.test_own import GOOD, TODAY, entry, sheet_of
from tests.test_pages import check_sound, markup, read
from ui import identity, own


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGIOMONITOR_OWN", str(tmp_path / "eigen"))
    monkeypatch.setattr(dates, "today", lambda: TODAY)
    (tmp_path / "eigen").mkdir()
    return tmp_path / "eigen"


def bench(chosen: own.Upload | None = None, **query: str | list[str]) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "eigen-bevindingen.py"), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    if chosen:
        test.session_state["eigen-bestand"] = chosen
    return test.run()


def fill(folder: Path, count: int, region: str = "twente") -> None:
    text = "".join(entry(f"nummer-{n}", f"Nummer {n}", region) for n in range(count))
    (folder / "panel.yaml").write_text(text, encoding="utf-8")


def labels(test: AppTest) -> list[str]:
    return [b.label for b in test.button]


def test_several_regions_in_the_link_become_the_first(folder: Path) -> None:
    (folder / "a.yaml").write_text(
        entry("in-twente", "In Twente") + entry("in-de-achterhoek", "In de Achterhoek", "achterhoek"), encoding="utf-8"
    )
    test = bench(regio=["twente", "achterhoek"])
    text = check_sound(test).text
    assert "In Twente" in text and "In de Achterhoek" not in text and "1 van 2" in text
    assert next(s.value for s in test.selectbox if s.label == "Regio") == "twente"


def test_many_findings_stand_behind_a_count_and_are_held_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, 15)
    held: list[str] = []
    hold = own.hold

    def note(*args: Any) -> Any:
        held.append(args[2].id)
        return hold(*args)

    monkeypatch.setattr(own, "hold", note)
    test = bench(regio="twente")
    check_sound(test)
    made = markup(test)
    assert made.count('class="own"') == 15 and "Nog 3 eigen bevindingen" in made
    assert made.partition('<details class="more">')[0].count('class="own"') == 12
    assert all(f'id="eigen-nummer-{n}"' in made for n in range(15)) and len(held) == 15
    test.run()
    bench(regio="twente")
    assert len(held) == 15
    # Another benchmark, and a changed folder, are held again.
    bench(regio="twente", vergelijk="elf-regios")
    assert len(held) == 30
    fill(folder, 16)
    bench(regio="twente")
    assert len(held) == 46


def test_the_box_to_sign_in_stands_above_the_uploader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "look", lambda: Access(None, identity.PLEASE_SIGN_IN, offer_sign_in=True))
    test = bench()
    order: list[str] = []

    def walk(block: Any) -> None:
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            else:
                order.append(f"{child.type} {getattr(child, 'label', '')}")

    walk(test.main)
    assert order.index("button Aanmelden") < next(k for k, o in enumerate(order) if o.startswith("file_uploader"))
    assert "Meld u dan aan vóór u uw bestand kiest" in read(test).text


def test_a_check_belongs_to_one_name_and_one_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    content = sheet_of(GOOD)
    assert own.Upload("a.xlsx", content).mark != own.Upload("b.xlsx", content).mark
    test = bench(own.Upload("a.xlsx", content))
    key = test.session_state["eigen-nagekeken"][0]
    data = own.identity.data()
    assert data.key in key and own.Upload("a.xlsx", content).mark in key
    calls: list[str] = []
    whole = own.read_and_check

    def note(*args: Any) -> Any:
        calls.append(args[1])
        return whole(*args)

    monkeypatch.setattr(own, "read_and_check", note)
    test.run()
    assert calls == []
    # The same content under another name is another file, with a name of its own to be saved under.
    test.session_state["eigen-bestand"] = own.Upload("b.xlsx", content)
    test.run()
    assert (
        calls == ["b.xlsx"]
        and test.text_input(key=f"eigen-naam-{own.Upload('b.xlsx', content).mark[:12]}").value == "b"
    )


def test_a_folder_that_is_a_file_leaves_the_page_usable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = frozenset(r.id for r in definitions().regions)
    monkeypatch.setattr(identity, "look", lambda: Access(Identity("x", "x", every), ""))
    folder.rmdir()
    folder.write_text("geen map", encoding="utf-8")
    test = bench(own.Upload("panel.xlsx", sheet_of(GOOD)))
    assert not test.exception
    text = read(test).text
    assert "is niet te lezen, of is geen map" in text and "niet te beschrijven; er is niets bewaard" in text
    assert "1 rij klopt" in text and not any(label.startswith("Bewaar ") for label in labels(test))
    test.button(key="eigen-sluiten").click().run()
    assert not test.exception and "1 rij klopt" not in read(test).text


def test_while_another_file_is_checked_one_can_try_again_or_close(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = own.read_and_check
    monkeypatch.setattr(own, "read_and_check", lambda *a: whole(*a, patience=0.05))
    with own_rows._TURN:
        test = bench(own.Upload("panel.xlsx", sheet_of(GOOD)))
    assert "de monitor kijkt nu een ander bestand na" in read(test).text
    assert {"Kijk nu na", "Dit bestand sluiten"} <= set(labels(test))
    test.button(key="eigen-opnieuw").click().run()
    assert "1 rij klopt" in read(test).text
