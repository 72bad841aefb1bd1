"""When an edition was made and how old it is, in words; a clock that is wrong is named, never counted with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from monitor.dates import HOME, told_date

# After so many days a reader is pointed to newer figures.
_OLD = 365
_DAYS, _MONTHS = 62, 24
_NAMED = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?![0-9])")
_CLOCK = "de klok van deze computer loopt achter, dus hoe oud dat is, is niet te zeggen"
UNKNOWN = "datum van maken onbekend"


@dataclass(frozen=True)
class Age:
    """``made``: when, as it stands in a table; ``told``: that and how old, for a sentence; ``old``: over a year."""

    made: str
    told: str
    old: bool = False


def age_of(manifest: Mapping[str, Any], today: date) -> Age:
    """Say when an edition was made.

    Args:
        manifest: of the edition; ``made`` is a day or a moment (ISO 8601). Without it the name tells what it can.
        today: in the Netherlands.
    """
    named = _NAMED.match(str(manifest.get("edition", "")))
    day = made_on(manifest)
    if day is not None:
        return Age(told_date(day), f"gemaakt op {told_date(day)}, {_since(day, today)}", _days(day, today) > _OLD)
    month = _month(named[1], named[2]) if named else None
    if month is None:
        return Age("onbekend", UNKNOWN)
    told = str(format_date(month, "MMMM y", locale="nl_NL"))
    clock = f"; {_CLOCK}" if month > today else ""
    # The month may have ended only some weeks ago.
    return Age(told, f"van {told}, de dag van maken is onbekend{clock}", _days(month, today) > _OLD + 31)


def made_on(manifest: Mapping[str, Any]) -> date | None:
    """The day on which an edition was made: as noted, else as its name says; None when neither tells a day."""
    made = str(manifest.get("made") or "")
    try:
        moment = datetime.fromisoformat(made)
        return moment.date() if moment.tzinfo is None else moment.astimezone(HOME).date()
    except (ValueError, OverflowError):
        named = _NAMED.match(str(manifest.get("edition", "")))
    try:
        return date(int(named[1]), int(named[2]), int(named[3])) if named and named[3] else None
    except ValueError:
        return None


def _month(year: str, month: str) -> date | None:
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None


def _days(day: date, today: date) -> int:
    return (today - day).days


def _since(day: date, today: date) -> str:
    days = _days(day, today)
    if days < 0:
        return _CLOCK
    if days < 2:
        return ("vandaag", "gisteren")[days]
    if days < _DAYS:
        return f"{days} dagen oud"
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    return f"{months} maanden oud" if months < _MONTHS else f"{months // 12} jaar oud"
