"""Days: today in the Netherlands, wherever the server stands; days and months as people type and read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_month_names

HOME = ZoneInfo("Europe/Amsterdam")


def today(now: datetime | None = None) -> date:
    """Return the date in the Netherlands.

    Args:
        now: a moment with time zone; None for this moment.
    """
    return (now or datetime.now(UTC)).astimezone(HOME).date()


def read_day(text: str) -> date:
    """Read a day as people type it: 2026-03-04, 4-3-2026, 04/03/2026, 4 maart 2026 or 4 mrt 2026.

    Raises:
        ValueError: it is no day that exists, or the year has no four digits.
    """
    first, month, last = _parts(text, 3)
    year, day = (first, last) if len(first) == 4 else (last, first)
    return date(_number(year, 4), _month(month), _number(day, 2))


def read_month(text: str) -> date:
    """Read a month as people type it, as its first day: 2026-03, 3-2026, maart 2026 or mrt 2026.

    Raises:
        ValueError: it is no month that exists, or the year has no four digits.
    """
    first, last = _parts(text, 2)
    year, month = (first, last) if _is_number(first, 4) else (last, first)
    return date(_number(year, 4), _month(month), 1)


def short_date(day: date | None) -> str:
    """Return a date as it stands in a form: '12-03-2026'; empty without one."""
    return day.strftime("%d-%m-%Y") if day else ""


def told_date(day: date) -> str:
    """Return a date as it stands in a sentence: '12 maart 2026'."""
    return str(format_date(day, "d MMMM y", locale="nl_NL"))


def told_moment(moment: datetime) -> str:
    """Return a moment in Dutch time: '12 maart 2026, 14:05 uur'.

    Args:
        moment: with time zone.
    """
    local = moment.astimezone(HOME)
    return f"{told_date(local.date())}, {local:%H:%M} uur"


def told_noted(noted: object) -> str:
    """Return a day or moment that a file notes (ISO 8601), with its time if it has one: '22 november 2026, 03:41'.

    Args:
        noted: with a time zone it is told in Dutch time; what is no day or moment gives ''.
    """
    text = str(noted or "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    local = moment.astimezone(HOME) if moment.tzinfo else moment
    return told_date(local.date()) + (f", {local:%H:%M}" if len(text) > len("2026-11-22") else "")


def _parts(text: str, count: int) -> list[str]:
    parts = re.split(r"[\s\-–/.]+", text.strip().lower())
    if len(parts) != count:
        raise ValueError(f"{len(parts)} delen in plaats van {count}")
    return parts


def _is_number(text: str, most: int) -> bool:
    return bool(re.fullmatch(rf"[0-9]{{{most if most == 4 else 1},{most}}}", text))


def _number(text: str, most: int) -> int:
    """A number of at most two digits, or of exactly four."""
    if not _is_number(text, most):
        raise ValueError(f"‘{text[:20]}’ is geen getal van {most} cijfers")
    return int(text)


def _month(text: str) -> int:
    """The number of a month by its number, its name, its abbreviation or the first letters of its name."""
    if _is_number(text, 2):
        return int(text)
    names, short = _month_names()
    found = [n for n, name in names.items() if len(text) >= 3 and name.startswith(text)]
    found = found or [n for n, name in short.items() if name == text]
    if len(found) != 1:
        raise ValueError(f"‘{text[:20]}’ is geen maand")
    return found[0]


@cache
def _month_names() -> tuple[dict[int, str], dict[int, str]]:
    """The names of the months and their abbreviations without a full stop, by number."""
    wide, short = (get_month_names(width, locale="nl_NL") for width in ("wide", "abbreviated"))
    return {n: wide[n] for n in range(1, 13)}, {n: short[n].rstrip(".") for n in range(1, 13)}


def runs(years: Sequence[int]) -> list[list[int]]:
    """Years that follow one another together: [2019, 2021, 2022] gives [[2019], [2021, 2022]].

    Args:
        years: ascending, each once.
    """
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return found
