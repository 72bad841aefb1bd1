"""All cases of fuzzing of addresses, compositions, baskets and words: see tests/test_fuzz.py."""

from __future__ import annotations

import pytest

from tests.test_fuzz import whole

NAMES = ("state", "compositions", "basket links", "references", "search", "log")


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_around")
@pytest.mark.parametrize("name", NAMES)
def test_all_cases_end_in_a_value_or_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole(name, monkeypatch)
