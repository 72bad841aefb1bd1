"""What goes back to a client, and how a page of rows is cut and linked."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

JSON = "application/json;charset=utf-8"
HTML = "text/html;charset=utf-8"
XML = "application/xml;charset=utf-8"
PLAIN = "text/plain;charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """A status, a body and its kind."""

    status: int
    body: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def packed(self) -> Answer:
        """The same, compressed; made once."""
        headers = {**self.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Answer(self.status, gzip.compress(self.body, 1), self.kind, headers)


@dataclass(frozen=True)
class Asked:
    """One request, taken apart. ``own``: scheme and host as the client sees them. ``fault``: a fault of the paging."""

    path: str
    query: dict[str, str]
    accept: str
    own: str
    fault: str = ""
    other_host: str = ""


@dataclass(frozen=True)
class Page:
    """Rows ``start`` to ``stop`` of what matched, and the link to the next page ('' for the last)."""

    start: int
    stop: int
    link: str


def as_json(content: Any) -> bytes:
    """Content as JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False).encode()


def cut(asked: Asked, total: int, size: int) -> Page:
    """Cut a page out of ``total`` rows, bent by the fault that the request asks for."""
    skip, top = int(asked.query.get("$skip", 0)), asked.query.get("$top")
    last = total if top is None else min(total, skip + int(top))
    start, stop = min(skip, last), min(skip + size, last)
    fault = asked.fault
    if fault == "empty_pages":
        return Page(start, start, _link(asked, skip + size, None))
    if fault == "short":
        return Page(start, stop, "")
    if fault == "loop" and skip:
        return Page(start, stop, _link(asked, skip, None))
    if fault == "repeat":
        return Page(0, min(size, total), _link(asked, skip + size, None))
    rest = last - stop
    if not rest:
        return Page(start, stop, "")
    return Page(start, stop, _link(asked, stop, rest if top is not None else None))


def _link(asked: Asked, skip: int, top: int | None) -> str:
    host = {
        "other_host": asked.other_host,
        "plain_http": asked.own.replace("https://", "http://").rpartition(":")[0],
        "relative": "",
    }.get(asked.fault, asked.own)
    pairs = {k: v for k, v in asked.query.items() if k not in ("$skip", "$top")}
    pairs["$skip"] = str(skip)
    if top is not None:
        pairs["$top"] = str(top)
    return f"{host}{quote(asked.path)}?" + "&".join(f"{k}={quote(v)}" for k, v in pairs.items())
