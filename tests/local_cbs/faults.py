"""What can go wrong, and when."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

#: Faults of the connection and of the answer as a whole; ``http`` + any status is one too.
WHOLE = (
    "hang",  # no answer until the client gives up
    "drip",  # the answer comes a byte at a time
    "drop",  # the connection is closed at once, without an answer
    "cut",  # the body ends halfway, shorter than its Content-Length
    "cut_chunked",  # the body ends halfway, in chunks, without the last one
    "broken_gzip",  # says that it is gzip, and is not
    "invalid_json",  # half of the JSON, whole according to its Content-Length
    "html",  # a page about maintenance with status 200
    "redirect",  # the answer is at another host
)
#: Faults of rows and paging.
PAGING = (
    "loop",  # the second page links to itself
    "repeat",  # every page holds the rows of the first, for ever
    "empty_pages",  # pages without rows, for ever
    "empty",  # no rows at all
    "short",  # the first page has no next one
    "other_host",  # the next page is at another host
    "plain_http",  # the link to the next page has scheme http and no port
    "relative",  # the link to the next page has no host
    "narrow",  # the last column asked for is left out
    "null_value",  # the answer is JSON, but no list of rows
)


@dataclass
class Fault:
    """A fault for requests whose path ends with ``on`` and that are about ``table`` ('' for all).

    ``after``: how many such requests pass first. ``times``: how many it then hits, None for all.
    ``retry_after``: header of 429 and 503: seconds, or a date as HTTP writes it.
    """

    kind: str
    on: str = ""
    table: str = ""
    times: int | None = None
    after: int = 0
    retry_after: str = ""
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in (*WHOLE, *PAGING) and not (self.kind[:4] == "http" and self.kind[4:].isdigit()):
            raise ValueError(f"no such fault: {self.kind}; there are: {', '.join((*WHOLE, *PAGING))}, http500 ...")

    def strikes(self, path: str) -> bool:
        """Whether this request is hit; counts it."""
        if not path.endswith(self.on) or (self.table and f"/{self.table}" not in path):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


@dataclass
class Faults:
    """The faults in force; the first that fits a request hits it."""

    active: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force."""
        with self.lock:
            self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Heal everything."""
        with self.lock:
            self.active.clear()

    def for_request(self, path: str) -> Fault | None:
        """The fault that hits this request, if any."""
        with self.lock:
            return next((f for f in self.active if f.strikes(path)), None)
