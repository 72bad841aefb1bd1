"""What every StatLine service gives, whichever protocol it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

# Region and year in the rows of a download; other dimensions keep their own name.
REGION, PERIOD = "RegioS", "Perioden"
# Told after each page: rows so far, and rows to come in all (None where the service does not say).
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class About:
    """What the service says of a table.

    ``modified``: CBS's moment of publication as it stands there (ISO 8601), '' when not given. ``period``: the years
    in words ('2019 - 2025 (t/m Q2)').
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


@dataclass(frozen=True)
class Described:
    """A topic as the service describes it: key without number, title, unit, and the column or measure it stands in."""

    key: str
    title: str
    unit: str
    column: str


@dataclass(frozen=True)
class Request:
    """What to fetch.

    ``table``: the id as StatLine spells it. ``topics``: keys without number. ``filters``: per dimension the codes,
    without padding. ``levels``: the first letters of the region codes. ``since``: the first year, None for all.
    ``expected``: per topic the title and unit that it must have, None where unknown.
    """

    table: str
    topics: tuple[str, ...]
    levels: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    expected: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


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
