"""An entry of the log as a person fills it in: cleaned, checked, and told in Dutch what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from monitor.dates import read_day, short_date
from monitor.definitions import Definitions
from monitor.notation import number

# Texts of an entry, in the order in which they stand on screen.
FIELDS: Mapping[str, str] = {
    "tried": "Wat is geprobeerd",
    "learned": "Wat is geleerd",
    "changes": "Wat verandert er",
    "follow_up": "Vervolg",
}
REQUIRED = ("tried", "learned")
DAY, LOOK_AGAIN = "Datum", "Opnieuw bekijken op"
LONGEST = 4000
LONGEST_REASON = 500
OLDEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


@dataclass(frozen=True)
class Draft:
    """What somebody notes. Texts may be empty; ``goal``, ``indicator`` and ``finding`` say what it is about."""

    region: str
    day: date
    tried: str
    learned: str
    changes: str = ""
    follow_up: str = ""
    look_again: date | None = None
    goal: int | None = None
    indicator: str | None = None
    finding: str | None = None


@dataclass(frozen=True)
class Version:
    """One version of an entry: the draft, who wrote it and when (UTC), and whether it withdrew the entry."""

    number: int
    draft: Draft
    author: str
    written: datetime
    withdrawn: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry with its current version. ``first``: when the first version was written (UTC), by ``founder``."""

    id: int
    current: Version
    first: datetime
    founder: str

    @property
    def region(self) -> str:
        """The region that the entry is of; it never changes."""
        return self.current.draft.region


def clean(text: str) -> str:
    """Return a text without control characters and outer white space; lines end with one kind of line break."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    # Cc: control; Cs: half a character; Cf without the joiners of scripts and emoji: marks that turn or hide text.
    kept = (c for c in lines if c == "\n" or c in "\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
    joined = "".join(c for c in kept if ord(c) not in (0xFFFE, 0xFFFF))
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def cleaned(draft: Draft) -> Draft:
    """Return the draft with its texts cleaned."""
    texts: dict[str, Any] = {name: clean(getattr(draft, name)) for name in FIELDS}
    return replace(draft, **texts)


def read(
    form: Mapping[str, Any], definitions: Definitions, today: date, kept: Sequence[Draft] = ()
) -> tuple[Draft | None, tuple[str, ...]]:
    """Read a filled-in form.

    Args:
        form: ``region``, ``goal``, ``indicator``, ``finding``, the texts of ``FIELDS``, and ``day`` and ``look_again``
            as people type a date.
        definitions: to know regions, goals, figures and findings by.
        today: in the Netherlands.
        kept: what an edit started from; the figure and finding of these may stay, also when they are gone.

    Returns:
        The cleaned draft, None when something is wrong; and what is wrong: Dutch sentences that name the field.
    """
    day, again = (clean(form.get(name) or "") for name in ("day", "look_again"))
    on, look_again = _day_of(day), _day_of(again)
    wrong = [
        f"‘{label}’ is geen datum; schrijf bijvoorbeeld {short_date(today)}."
        for label, text, found in ((DAY, day, on), (LOOK_AGAIN, again, look_again))
        if found is None and (text or label == DAY)
    ]
    rest: dict[str, Any] = {name: form.get(name) or "" for name in ("region", *FIELDS)}
    rest |= {name: form.get(name) for name in ("goal", "indicator", "finding")}
    draft = cleaned(Draft(day=on or today, look_again=look_again, **rest))
    found = (*problems(draft, definitions, today, kept), *wrong)
    return (None if found else draft), found


def _day_of(text: str) -> date | None:
    """A day as people type it; None when it is none."""
    try:
        return read_day(text)
    except ValueError:
        return None


def problems(draft: Draft, definitions: Definitions, today: date, kept: Sequence[Draft] = ()) -> tuple[str, ...]:
    """Return what is wrong with a cleaned draft: Dutch sentences that name the field; empty when nothing is.

    Args:
        draft: to check.
        definitions: to know regions, goals, figures and findings by.
        today: in the Netherlands.
        kept: see ``read``.
    """
    empty = [FIELDS[name] for name in REQUIRED if not getattr(draft, name)]
    found = [f"‘{name}’ is nog leeg." for name in empty]
    found += [m for name, label in FIELDS.items() if (m := too_long(label, getattr(draft, name), LONGEST))]
    if draft.region not in {r.id for r in definitions.regions}:
        found.append("Kies een regio.")
    found += _about(draft, definitions, kept)
    if not OLDEST <= draft.day <= today:
        found.append(f"‘{DAY}’ ligt vóór 2000 of na vandaag.")
    if draft.look_again is not None and not draft.day <= draft.look_again < LATEST:
        found.append(f"‘{LOOK_AGAIN}’ ligt vóór de datum van de aantekening, of te ver weg.")
    return tuple(found)


def _about(draft: Draft, d: Definitions, kept: Sequence[Draft]) -> list[str]:
    """What is wrong with goal, figure and finding, as far as they are not kept from before."""

    def new(name: str) -> bool:
        value = getattr(draft, name)
        return value is not None and all(getattr(k, name) != value for k in kept)

    found = []
    if new("goal") and draft.goal not in {g.id for g in d.goals}:
        found.append("Dit doel bestaat niet.")
    if new("indicator") and draft.indicator not in {i.id for i in d.indicators}:
        found.append("Dit cijfer bestaat niet.")
    if new("finding"):
        finding = next((f for f in d.findings if f.id == draft.finding), None)
        spoken = next((r.spoken for r in d.regions if r.id == draft.region), "")
        if finding is None:
            found.append("Deze bevinding bestaat niet.")
        elif spoken and not finding.concerns(draft.region):
            found.append(f"De gekozen bevinding gaat niet over {spoken}. Kies een andere, of maak dat veld leeg.")
    return found


def too_long(label: str, text: str, longest: int) -> str:
    """Return a sentence when a text is longer than it may be; empty when it is not."""
    if len(text) <= longest:
        return ""
    return (
        f"‘{label}’ is te lang: {number(len(text), 0)} tekens, en er passen er {number(longest, 0)}. Kort de tekst in."
    )
