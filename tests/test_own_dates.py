"""Days and months as people type them, for every page and file that asks for one."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor import dates
from tests.spec_table import cases

DAYS = """
    typed             | day
    2026-03-04        | 2026-03-04
    2026-3-4          | 2026-03-04
    4-3-2026          | 2026-03-04
    04/03/2026        | 2026-03-04
    4.3.2026          | 2026-03-04
    4 - 3 - 2026      | 2026-03-04
    4 maart 2026      | 2026-03-04
    4 mrt 2026        | 2026-03-04
    4 Mrt. 2026       | 2026-03-04
    4-maart-2026      | 2026-03-04
    1 sept 2026       | 2026-09-01
    1 juni 2026       | 2026-06-01
    1 jul 2026        | 2026-07-01
    29 februari 2024  | 2024-02-29
"""
MONTHS = """
    typed       | day
    2026-03     | 2026-03-01
    3-2026      | 2026-03-01
    maart 2026  | 2026-03-01
    mrt. 2026   | 2026-03-01
    2026 maart  | 2026-03-01
"""
NEITHER = ("", "31-2-2026", "2026-13", "2026-13-01", "ergens in maart", "4-3-26", "0000-01", "0000-01-01", "12",
           "4 ju 2026", "4 j 2026", "-4-3-2026", "٤-٣-٢٠٢٦", "4-3-2026-",
           "29 februari 2026", "4 march 2026")  # fmt: skip


@pytest.mark.parametrize("case", cases(DAYS))
def test_a_day_is_read_as_people_type_it(case: dict[str, str]) -> None:
    assert dates.read_day(case["typed"]).isoformat() == case["day"]


@pytest.mark.parametrize("case", cases(MONTHS))
def test_a_month_is_read_as_people_type_it(case: dict[str, str]) -> None:
    assert dates.read_month(case["typed"]).isoformat() == case["day"]


@pytest.mark.parametrize("typed", NEITHER)
def test_what_is_no_day_and_no_month_is_refused(typed: str) -> None:
    for read in (dates.read_day, dates.read_month):
        with pytest.raises(ValueError):
            read(typed)


def test_a_day_is_no_month_and_a_month_is_no_day() -> None:
    with pytest.raises(ValueError):
        dates.read_month("4-3-2026")
    with pytest.raises(ValueError):
        dates.read_day("maart 2026")


def test_every_month_has_a_name_and_it_is_dutch() -> None:
    for n in range(1, 13):
        day = dt.date(2026, n, 1)
        assert dates.read_day(f"1 {dates._month_names()[0][n]} 2026") == day
        assert dates.read_day(f"1 {dates._month_names()[1][n]} 2026") == day
