"""All cases of fuzzing of files, definitions and answers of CBS: see tests/test_fuzz.py."""

from __future__ import annotations

import pytest

from tests.test_fuzz import whole

NAMES = ("basket files", "sheets", "own findings", "cbs answers", "rmbw", "definitions")


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_around")
@pytest.mark.parametrize("name", NAMES)
def test_all_cases_end_in_a_value_or_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole(name, monkeypatch)
