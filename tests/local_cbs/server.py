"""The local server: CBS (v3 and v4), PDOK and GISCO on one free port of 127.0.0.1, with faults and latency."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from tests.local_cbs import v3, v4
from tests.local_cbs.answer import HTML, PLAIN, Answer, Asked
from tests.local_cbs.edits import Edits
from tests.local_cbs.faults import PAGING, Fault, Faults
from tests.local_cbs.geo import Maps
from tests.local_cbs.query import matching
from tests.local_cbs.table import Table

_NOWHERE = "http://127.0.0.2:9"
_MOST_REMEMBERED = 64_000_000  # bytes of answers


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it; header names in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    client: str = ""
    at: float = 0.0


class _Http(ThreadingHTTPServer):
    """Knows its open connections, so that all threads can be ended."""

    daemon_threads = True
    block_on_close = True
    request_queue_size = 128
    owner: LocalCbs

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.open: set[socket.socket] = set()
        self.workers: list[threading.Thread] = []
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        self.workers = [w for w in self.workers if w.is_alive()]
        worker = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self.workers.append(worker)
        worker.start()

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def end(self) -> None:
        """Stop listening, break what is open and wait for all threads."""
        self.shutdown()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        for worker in self.workers:
            worker.join(timeout=5)


class LocalCbs(Edits):
    """A server for a test or a benchmark; runs while used as a context manager.

    Args:
        tables: by id, as ``from_edition`` or ``from_files`` gives them, or tables made by hand. They are copied:
            edits stay within this server.
        maps: what PDOK and GISCO answer; None for 404 there.
        latency: milliseconds that pass before each answer.
        page_size: rows per page of v3 (and the most that ODataApi gives).
        v4_page_size: rows per page of v4.
        port: 0 for any free one.
        gzipped: whether answers are compressed for clients that accept it.
        tls: certificate and key (PEM) to serve https with.
    """

    def __init__(
        self,
        tables: Mapping[str, Table] | Iterable[Table] = (),
        *,
        maps: Maps | None = None,
        latency: float = 0,
        page_size: int = v3.PAGE,
        v4_page_size: int = v4.PAGE,
        port: int = 0,
        gzipped: bool = True,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        given = tables.values() if isinstance(tables, Mapping) else tables
        self.tables = {t.id: t.copy() for t in given}
        self.maps, self.latency, self.gzipped = maps.copy() if maps else None, latency, gzipped
        self.page_size, self.v4_page_size = page_size, v4_page_size
        self.counts = True
        self.hang_for = 60.0
        self.drip_every = 1.0
        self.other_host = _NOWHERE
        #: What was asked so far, and how many at the same moment at most.
        self.requests: list[Seen] = []
        self.peak = 0
        self.bytes_sent = 0
        self._port, self._tls = port, tls
        self._busy = 0
        self._inside: dict[int, bool] = {}
        self._faults = Faults()
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
        self._size = 0
        self._found: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._long: dict[str, tuple[int, pd.DataFrame]] = {}

    # Running

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # 40 ms less per request
            wbufsize = -1

            def do_GET(self) -> None:
                with contextlib.suppress(OSError):
                    owner._serve(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = _Http(("127.0.0.1", self._port), Handler)
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._tls)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._http.end()
        self._thread.join()

    @property
    def url(self) -> str:
        """Base address of the v3 service (REGIOMONITOR_CBS_URL)."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self._http.server_port}"

    @property
    def v4_url(self) -> str:
        """Base address of the v4 service (REGIOMONITOR_CBS_V4_URL)."""
        return f"{self.url}/odata/v1"

    @property
    def pdok_url(self) -> str:
        """Base address of PDOK's 'gebiedsindelingen' (REGIOMONITOR_PDOK_URL)."""
        return f"{self.url}/pdok"

    @property
    def gisco_url(self) -> str:
        """Base address of GISCO (REGIOMONITOR_GISCO_URL)."""
        return f"{self.url}/gisco"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which the project finds this server."""
        return {
            "REGIOMONITOR_CBS_URL": self.url,
            "REGIOMONITOR_CBS_V4_URL": self.v4_url,
            "REGIOMONITOR_PDOK_URL": self.pdok_url,
            "REGIOMONITOR_GISCO_URL": self.gisco_url,
        }

    # What a test asks and says

    def fail(
        self,
        kind: str,
        on: str = "",
        *,
        table: str = "",
        times: int | None = None,
        after: int = 0,
        retry_after: str | int = "",
    ) -> Fault:
        """Put a fault in force: see ``faults``. ``retry_after='date'``: two seconds from now, as a date."""
        said = formatdate(time.time() + 2, usegmt=True) if retry_after == "date" else str(retry_after)
        return self._faults.add(Fault(kind, on, table, times, after, said))

    def heal(self) -> None:
        """End all faults."""
        self._faults.clear()

    def paths(self, ending: str = "", table: str = "") -> list[Seen]:
        """Requests so far whose path ends so, and about this table."""
        return [s for s in self.requests if s.path.endswith(ending) and (not table or f"/{table}" in s.path)]

    def forget(self) -> None:
        """Start counting requests anew."""
        with self._lock:
            self.requests.clear()
            self.peak, self.bytes_sent = self._busy, 0

    # Answering

    def _serve(self, http: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(http.path)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {k.lower(): v for k, v in http.headers.items()}
        with self._lock:
            self.requests.append(Seen(path, query, headers, f"{http.client_address[1]}", time.monotonic()))
            self._busy += 1
            self._inside[id(http)] = True
            self.peak = max(self.peak, self._busy)
        try:
            if self.latency:
                self._stop.wait(self.latency / 1000)
            self._reply(http, path, query, headers, self._faults.for_request(path))
            http.wfile.flush()
        finally:
            self._leave(http)

    def _leave(self, http: BaseHTTPRequestHandler) -> None:
        """Count a request as done: before its answer goes out, for its client may ask the next before we look up."""
        with self._lock:
            if self._inside.pop(id(http), None):
                self._busy -= 1

    def _reply(
        self,
        http: BaseHTTPRequestHandler,
        path: str,
        query: dict[str, str],
        headers: dict[str, str],
        fault: Fault | None,
    ) -> None:
        kind = fault.kind if fault else ""
        if kind == "hang":
            self._stop.wait(self.hang_for)
        if kind in ("hang", "drop"):
            http.close_connection = True
            http.connection.shutdown(socket.SHUT_RDWR)
            return
        if kind.startswith("http"):
            more = {"Retry-After": fault.retry_after} if fault and fault.retry_after else {}
            return self._send(http, Answer(int(kind[4:]), b"storing", PLAIN, more))
        if kind == "redirect":
            return self._send(http, Answer(302, b"", HTML, {"Location": self.other_host + http.path}))
        if kind == "html":
            return self._send(http, Answer(200, b"<html><body><h1>Onderhoud</h1></body></html>", HTML))
        scheme = "https" if self._tls else "http"
        own = f"{scheme}://{headers.get('host', urlsplit(self.url).netloc)}"
        asked = Asked(path, query, headers.get("accept", ""), own, kind if kind in PAGING else "", self.other_host)
        answer = self._answer(asked)
        if kind == "invalid_json":
            answer = Answer(200, answer.body[: len(answer.body) // 2], answer.kind)
        if kind in ("cut", "cut_chunked", "drip", "broken_gzip"):
            return self._damaged(http, answer, kind)
        packed = self.gzipped and len(answer.body) > 500 and "gzip" in headers.get("accept-encoding", "")
        if packed:
            answer = answer.packed
        self._send(http, answer)

    def _send(self, http: BaseHTTPRequestHandler, answer: Answer) -> None:
        self._leave(http)
        http.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, **answer.headers}.items():
            http.send_header(name, value)
        http.send_header("Content-Length", str(len(answer.body)))
        http.end_headers()
        http.wfile.write(answer.body)
        with self._lock:
            self.bytes_sent += len(answer.body)

    def _damaged(self, http: BaseHTTPRequestHandler, answer: Answer, kind: str) -> None:
        half = answer.body[: max(1, len(answer.body) // 2)]
        http.close_connection = True
        http.send_response(answer.status)
        http.send_header("Content-Type", answer.kind)
        if kind == "broken_gzip":
            http.send_header("Content-Encoding", "gzip")
        if kind == "cut_chunked":
            http.send_header("Transfer-Encoding", "chunked")
            http.end_headers()
            http.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
            return
        http.send_header("Content-Length", str(len(answer.body)))
        http.end_headers()
        if kind == "drip":
            for at in range(len(answer.body)):
                http.wfile.write(answer.body[at : at + 1])
                http.wfile.flush()
                if self._stop.wait(self.drip_every):
                    return
        else:
            http.wfile.write(half if kind == "cut" else answer.body)

    def _answer(self, asked: Asked) -> Answer:
        name = next((n for n in asked.path.split("/") if n in self.tables), "")
        revision = self.tables[name].revision if name else tuple(t.revision for t in list(self.tables.values()))
        maps = self.maps.revision if self.maps else 0
        sizes = (self.page_size, self.v4_page_size, self.counts, self.other_host, maps)
        key = (asked.path, tuple(asked.query.items()), "json" in asked.accept, asked.own, asked.fault, revision, sizes)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = self._make(asked)
        with self._lock:
            self._answers[key] = made
            self._size += len(made.body)
            while self._size > _MOST_REMEMBERED:
                self._size -= len(self._answers.popitem(last=False)[1].body)
        return made

    def _make(self, asked: Asked) -> Answer:
        made = v3.answer(asked, self.tables, self.page_size, self._rows, self.counts)
        if made is None:
            made = v4.answer(asked, self.tables, self.v4_page_size, self._rows, self._observations)
        if made is None and self.maps is not None:
            made = self.maps.answer(asked)
        return made or Answer(404, b"<html><head><title>404</title></head><body>Not Found</body></html>", HTML)

    def _rows(self, table: Table, query: Mapping[str, str], frame: pd.DataFrame) -> Any:
        """Row numbers that match; remembered, because every page of a query asks for them."""
        key = (table.id, table.revision, str(frame.columns[0]), query.get("$filter"), query.get("$orderby"))
        with self._lock:
            known = self._found.get(key)
        if known is None:
            known = matching(dict(query), frame)
            with self._lock:
                self._found[key] = known
                while len(self._found) > 50:
                    self._found.popitem(last=False)
        return known

    def _observations(self, table: Table) -> pd.DataFrame:
        """The table in long form, as v4 has it; made once."""
        known = self._long.get(table.id)
        if known is None or known[0] != table.revision:
            known = (table.revision, v4.observations(table))
            self._long[table.id] = known
        return known[1]
