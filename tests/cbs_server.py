"""A small local stand-in for the CBS OData v3 service, with faults that can be switched on."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pandas as pd

Row = dict[str, Any]
Test = Callable[[Row], bool]

#: Faults that touch every request to a matching entity.
FAULTS = (
    "ok",
    "timeout",
    "http500",
    "http500_once",
    "http429_once",
    "truncated",
    "truncated_once",
    "empty",
    "html",
    "drop",
    "drop_once",
    "forbidden",
    # faults of the rows only
    "half",  # the second page answers 500
    "half_once",
    "short",  # the first page has no next link
    "repeat",  # every page holds the first page's rows, next links go on for ever
    "circle",  # the second page links to itself
    "empty_pages",  # pages without rows, next links go on for ever
    "other_host",  # the next link points elsewhere
    "plain_http",  # the next link names the host only, with scheme http
    "relative",  # the next link has no host
    "redirect",  # the answer is at another host
    "narrow",  # the last column asked for is left out
    "null_value",  # the answer is JSON, but no list of rows
)


@dataclass
class Seen:
    """One request as the server saw it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class CbsServer:
    """Serves ``/ODataFeed/odata/{id}/{entity}`` on 127.0.0.1 while used as a context manager.

    Args:
        tables: per table id the TypedDataSet rows.
        infos: per table id its TableInfos record; a title and a date if absent.
        properties: per table id its DataProperties; made from the columns if absent.
        page_size: rows per TypedDataSet page.
        hang: seconds an answer takes under the fault "timeout".
        counts: whether ``TypedDataSet/$count`` is answered.
    """

    tables: dict[str, pd.DataFrame]
    infos: dict[str, Row] = field(default_factory=dict)
    properties: dict[str, list[Row]] = field(default_factory=dict)
    page_size: int = 10_000
    hang: float = 5.0
    counts: bool = True
    mode: str = "ok"
    only: str = ""
    requests: list[Seen] = field(default_factory=list)
    other_host: str = "http://127.0.0.2:9"

    def __enter__(self) -> Self:
        owner = self
        self._stop = threading.Event()
        self._lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # 40 ms less per request

            def do_GET(self) -> None:
                owner._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Base address, for ``Settings.base_url``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def fail(self, mode: str, only: str = "") -> None:
        """Switch to a fault, for requests whose path ends with ``only``; modes ``*_once`` heal themselves."""
        if mode not in FAULTS:
            raise ValueError(mode)
        self.mode, self.only = mode, only

    def paths(self, ending: str = "") -> list[Seen]:
        """Return the requests so far whose path ends so."""
        return [seen for seen in self.requests if seen.path.endswith(ending)]

    # Answering

    def _answer(self, http: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(http.path)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        with self._lock:
            self.requests.append(Seen(path, query, dict(http.headers.items())))
            fault = self._fault(path, query)
        if fault == "timeout":
            self._stop.wait(self.hang)
            http.close_connection = True
            return
        if fault in ("http500", "http429", "forbidden"):
            return self._send(http, {"http500": 500, "http429": 429, "forbidden": 403}[fault], b"storing")
        if fault == "redirect":
            return self._send(http, 302, b"", location=self.other_host + http.path)
        if fault == "html":
            return self._send(http, 200, b"<html><body>Onderhoud</body></html>", "text/html")
        status, body, kind = self._content(path, query, fault, f"http://{http.headers['Host']}")
        if fault == "truncated":
            body = body[: len(body) // 2]
        self._send(http, status, body, kind, drop=fault == "drop")

    def _fault(self, path: str, query: dict[str, str]) -> str:
        """Return the fault for this request, and heal one that happens once."""
        if not path.endswith(self.only):
            return "ok"
        mode, first = self.mode.removesuffix("_once"), "$skip" not in query
        if mode == "half":
            if first or not path.endswith("/TypedDataSet"):
                return "ok"
            mode = "http500"
        if self.mode.endswith("_once"):
            self.mode = "ok"
        return mode

    @staticmethod
    def _send(
        http: BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        kind: str = "application/json;charset=utf-8",
        drop: bool = False,
        location: str = "",
    ) -> None:
        http.send_response(status)
        http.send_header("Content-Type", kind)
        http.send_header("Content-Length", str(len(body)))
        if location:
            http.send_header("Location", location)
        http.end_headers()
        http.wfile.write(body[: len(body) // 2] if drop else body)
        if drop:
            http.close_connection = True

    def _content(self, path: str, query: dict[str, str], fault: str, own: str) -> tuple[int, bytes, str]:
        kind = "application/json;charset=utf-8"
        found = re.fullmatch(r"/ODataFeed/odata/(\w+)/(\w*)(/\$count)?", path)
        if not found or found[1] not in self.tables:
            return 404, b"<html>Not found</html>", "text/html"
        table, entity, count = found.groups()
        if count and not self.counts:
            return 404, b"<html>Not found</html>", "text/html"
        rows = self._entity(table, entity)
        if rows is None:
            return 404, b"<html>Not found</html>", "text/html"
        try:
            if "$filter" in query:
                test = parse_filter(query["$filter"])
                rows = [row for row in rows if test(row)]
            if count:
                return 200, b"\xef\xbb\xbf" + str(len(rows)).encode(), "text/plain"
            skip = int(query.get("$skip", 0))
            top = int(query["$top"]) if "$top" in query else None
            rows = rows[:top] if top is not None else rows
            page = rows[0 if fault == "repeat" else skip :]
            if entity == "TypedDataSet":
                page = page[: self.page_size]
            if "$select" in query:
                page = [{key: row[key] for key in query["$select"].split(",")} for row in page]
        except (KeyError, ValueError) as error:
            return 400, json.dumps({"odata.error": str(error)}).encode(), kind
        if fault == "narrow":
            page = [dict(list(row.items())[:-1]) for row in page]
        if fault in ("empty", "empty_pages"):
            page = []
        answer: Row = {
            "odata.metadata": f"{own}/ODataFeed/odata/{table}/$metadata#{entity}",
            "value": page,
        }
        link = self._next(own, path, query, skip, len(rows), entity, fault)
        if link:
            answer["odata.nextLink"] = link
        if fault == "null_value":
            answer["value"] = None
        return 200, json.dumps(answer, ensure_ascii=False).encode("utf-8"), kind

    def _entity(self, table: str, entity: str) -> list[Row] | None:
        frame = self.tables[table]
        if entity == "TypedDataSet":
            records = frame.astype(object).where(frame.notna(), None).to_dict("records")
            return [{str(key): value for key, value in record.items()} for record in records]
        if entity == "TableInfos":
            default = {
                "ID": 0,
                "Identifier": table,
                "Title": f"Tabel {table}",
                "Modified": "2024-11-05T02:00:00",
            }
            return [self.infos.get(table, default)]
        if entity == "DataProperties":
            return self.properties.get(table) or [_property(i, str(key)) for i, key in enumerate(frame.columns)]
        return None

    def _next(
        self, own: str, path: str, query: dict[str, str], skip: int, total: int, entity: str, fault: str
    ) -> str | None:
        if entity != "TypedDataSet" or fault in ("short", "empty"):
            return None
        endless = fault in ("repeat", "circle", "empty_pages")
        if (not endless and skip + self.page_size >= total) or len(self.requests) > 100:
            return None
        offset = skip if fault == "circle" and skip else skip + self.page_size
        host = {"other_host": self.other_host, "plain_http": "http://127.0.0.1", "relative": ""}.get(fault, own)
        pairs = {**query, "$skip": str(offset)}
        return f"{host}{path}?" + "&".join(f"{key}={quote(value)}" for key, value in pairs.items())


def _property(position: int, key: str) -> Row:
    kind = {"RegioS": "GeoDimension", "Perioden": "TimeDimension"}.get(key, "Topic" if "_" in key else "Dimension")
    unit = "%" if kind == "Topic" else ""
    return {"ID": position, "Position": position, "Type": kind, "Key": key, "Title": key, "Unit": unit}


# $filter: eq, and, or, parentheses, substringof('x',Key), startswith(Key,'x')

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")


def parse_filter(text: str) -> Test:
    """Return a test on rows for an OData v3 filter; ValueError for what is not understood."""
    tokens: list[str] = []
    end = 0
    while match := _TOKEN.match(text, end):
        tokens.append(match[1])
        end = match.end()
    if text[end:].strip():
        raise ValueError(f"filter: {text[end:]}")

    def take(*expected: str) -> str:
        if not tokens or (expected and tokens[0] not in expected):
            raise ValueError(f"filter: {tokens[:1]} instead of {expected}")
        return tokens.pop(0)

    def literal() -> Any:
        token = take()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        return float(token)

    def term() -> Test:
        token = take()
        if token == "(":
            inner = either()
            take(")")
            return inner
        if token in ("substringof", "startswith"):
            take("(")
            first = literal() if token == "substringof" else take()
            take(",")
            second = take() if token == "substringof" else literal()
            take(")")
            if tokens[:2] == ["eq", "true"]:
                del tokens[:2]
            if token == "substringof":
                return lambda row: first in str(row[second])
            return lambda row: str(row[first]).startswith(second)
        take("eq")
        value = literal()
        return lambda row: bool(row[token] == value)

    def both() -> Test:
        parts = [term()]
        while tokens[:1] == ["and"]:
            take()
            parts.append(term())
        return lambda row: all(part(row) for part in parts)

    def either() -> Test:
        parts = [both()]
        while tokens[:1] == ["or"]:
            take()
            parts.append(both())
        return lambda row: any(part(row) for part in parts)

    result = either()
    if tokens:
        raise ValueError(f"filter: {tokens}")
    return result
