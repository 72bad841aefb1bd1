"""What every StatLine service gives, whichever protocol it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import pandas as pd

from monitor.dates import HOME

# Region and year in the rows of a download; other dimensions keep their own name.
REGION, PERIOD = "RegioS", "Perioden"
# Told after each page: rows so far, and rows to come in all (None where the service does not say).
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class About:
    """What the service says of a table.

    ``modified``: CBS's moment of publication as ``published_at`` writes it, '' when not given. ``period``: the years in
    words ('2019 - 2025 (t/m Q2)').
    """

    table: str
    title: str
    modified: str
    period: str = ""

    @property
    def unfinished(self) -> int | None:
        """The last year, when the table holds a part of it only; None otherwise."""
        year = self.period.partition("(t/m")[0].strip()[-4:] if "(t/m" in self.period else ""
        return int(year) if year.isdigit() else None


def published_at(text: str) -> str:
    """A moment of publication in one form: Dutch time without zone (ISO 8601), as v3 gives it; v4 adds the zone.

    Args:
        text: as the service or a manifest has it; what is no moment with a zone comes back as it is.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(HOME).replace(tzinfo=None).isoformat() if moment.tzinfo else text


@dataclass(frozen=True)
class Described:
    """A topic as the service describes it: key without number, title, unit, and the column or measure it stands in.

    ``group``: the titles of the topic groups it stands in, from outside in, joined by ' / '; '' when it is in none.
    """

    key: str
    title: str
    unit: str
    column: str
    group: str = ""


@dataclass(frozen=True)
class Expected:
    """What we know of a topic; None where unknown.

    It must have this title and unit. ``group`` only tells namesakes apart: another group is no reason to refuse.
    """

    title: str | None = None
    unit: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Request:
    """What to fetch.

    ``table``: the id as StatLine spells it. ``topics``: keys without number. ``filters``: per dimension the codes,
    without padding. ``levels``: the first letters of the region codes. ``since``: the first year, None for all.
    ``expected``: per topic what we know of it.
    """

    table: str
    topics: tuple[str, ...]
    levels: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    expected: Mapping[str, Expected] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Download:
    """A table as fetched.

    ``rows``: a column per dimension (``REGION``, ``PERIOD`` and the others; codes without padding) and a float column
    per topic, named by its key without number; unknown is NaN. ``topics``: how the service described them.
    ``statuses``: per year 'definitief', 'voorlopig' or 'nader voorlopig', as far as the service says.
    ``requests``: how many were sent.
    """

    about: About
    rows: pd.DataFrame
    topics: Mapping[str, Described]
    statuses: Mapping[int, str]
    requests: int


class StatLine(Protocol):
    """A service that serves StatLine tables. Safe to use from several threads.

    Every method raises:
        SourceUnavailable: no connection, timeout, HTTP 429 or 5xx after all attempts, or refused access.
        SourceInvalid: unknown or withdrawn table, unreadable answer, a topic that is not there or has another title
            or unit, a dimension or code that is not there, repeated or missing pages, a page on another host.
    """

    def about(self, table: str) -> About:
        """What the service says of a table; one request."""

    def describe(self, table: str) -> tuple[Described, ...]:
        """All topics of a table."""

    def fetch(self, request: Request, about: About | None = None, progress: Progress | None = None) -> Download:
        """Fetch a table; ``about`` saves a request when it is known already. At least one row."""

    def close(self) -> None:
        """Ask nothing more; what waits for another attempt ends at once."""
