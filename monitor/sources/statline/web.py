"""One polite way to ask something over the web: retried, limited in time and size, and never of another host."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter
from tenacity.before_sleep import before_sleep_log
from urllib3.exceptions import HTTPError as BrokenOff

from monitor.errors import MonitorError, SourceInvalid, SourceUnavailable
from monitor.sources.statline.failures import LATER, NETWORK, explain, is_lasting
from monitor.sources.statline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger(__name__)
_PIECE = 65_536
_MOST_REDIRECTS = 5
T = TypeVar("T")


class NotThere(SourceInvalid):
    """The service answered that the address does not exist (HTTP 404 or 410)."""


class Unreadable(ValueError):
    """An answer does not hold what was asked; the text ends the sentence 'het antwoord van ... '."""


class _Passing(Exception):
    """A failure that may pass; carries what to raise once the attempts are used up, and the pause asked for."""

    def __init__(self, final: MonitorError, pause: float | None = None) -> None:
        super().__init__(str(final))
        self.final, self.pause = final, pause


class _Room:
    """Room for so many requests at a time. Of those that wait, goes first what was begun first.

    The pages of a table come one after another: when all tables got in line for each page, the longest would take
    longest by far, and at the end everything would wait for it alone.
    """

    def __init__(self, places: int) -> None:
        self._free, self._number = places, count()
        self._waiting: list[tuple[int, int]] = []
        self._changed = threading.Condition()

    @contextmanager
    def place(self, turn: int) -> Iterator[None]:
        """Wait for a place, and give it back in the end."""
        with self._changed:
            own = (turn, next(self._number))
            self._waiting.append(own)
            try:
                self._changed.wait_for(lambda: self._free and min(self._waiting) == own)
                self._free -= 1
            finally:
                self._waiting.remove(own)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


class Web:
    """Asks services for data. Safe to use from several threads; connections are kept and shared.

    At most ``settings.parallel`` requests are under way at once, however many threads ask. Proxies and certificates
    are those of the environment (HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE).
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sent = 0
        self._here = threading.local()
        self._lock = threading.Lock()
        self._room = _Room(settings.parallel)
        self._turns = count()
        self._idle: deque[requests.Session] = deque()
        self._ended = threading.Event()

    @property
    def sent_here(self) -> int:
        """Requests that this thread sent, repeated ones included; ``sent`` counts those of all threads."""
        return getattr(self._here, "sent", 0)

    def begin(self) -> None:
        """What this thread asks from here on belongs together: it goes after what other threads began earlier."""
        self._here.turn = next(self._turns)

    def close(self) -> None:
        """End pauses between attempts and close the connections that are not in use; nothing is asked any more."""
        self._ended.set()
        while self._idle:
            self._idle.pop().close()

    def get_json(self, url: str, what: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Ask for a JSON object.

        Args:
            url: to ask; redirects are followed on the same host only.
            what: opens the sentence when something fails, as 'CBS-tabel 80305ned'.
            params: of the query.

        Raises:
            SourceUnavailable: no connection, too slow, HTTP 429 or 5xx, after all attempts; or access refused.
            SourceInvalid: the answer is no complete JSON object, too large or of another host; ``NotThere`` for 404.
        """
        return self.get(url, what, read_object, params)

    def get(
        self,
        url: str,
        what: str,
        read: Callable[[str], T],
        params: Mapping[str, str] | None = None,
        attempts: int | None = None,
    ) -> T:
        """Ask for a text and read it; as ``get_json``.

        Args:
            url: to ask.
            what: opens the sentence when something fails.
            read: makes the result of the text; a ValueError means that it cannot be read, and it is asked again.
            params: of the query.
            attempts: other than those of the settings.
        """
        tries = attempts or self.settings.attempts
        retry = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_attempt(tries),
            wait=self._pause,
            sleep=self._sleep,
            before_sleep=before_sleep_log(_LOG, logging.INFO),
            reraise=True,
        )
        try:
            result: T = retry(self._once, url, what, read, params, f"{tries} pogingen" if tries > 1 else "1 poging")
        except _Passing as failure:
            raise failure.final from failure.__cause__
        return result

    def _pause(self, state: RetryCallState) -> float:
        """Seconds until the next attempt: what the service asks, else longer each time and partly by chance."""
        s = self.settings
        usual = wait_exponential_jitter(multiplier=s.wait, max=s.max_wait, jitter=s.wait)(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.pause if isinstance(error, _Passing) else None
        return usual if asked is None else min(max(asked, usual), s.max_retry_after)

    def _sleep(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def _once(self, url: str, what: str, read: Callable[[str], T], params: Mapping[str, str] | None, tried: str) -> T:
        host = urlsplit(url).netloc.rpartition("@")[2]
        if self._ended.is_set():
            raise SourceUnavailable(f"{what}: het ophalen is gestopt.", LATER)
        try:
            with self._room.place(getattr(self._here, "turn", 0)), self._session() as session:
                text = self._text(session, url, what, params, tried)
        except (requests.RequestException, BrokenOff, OSError) as error:
            sentence, way_out = explain(error, host, self.settings.timeout)
            final = SourceUnavailable(f"{what}: {sentence} ({tried}).", way_out)
            if is_lasting(error):
                raise SourceUnavailable(f"{what}: {sentence}.", way_out) from error
            raise _Passing(final) from error
        try:
            return read(text)
        except (ValueError, RecursionError) as error:
            why = str(error) if isinstance(error, Unreadable) else _why_unreadable(text, error)
            raise _Passing(SourceInvalid(f"{what}: het antwoord van {host} {why} ({tried}).", LATER)) from error

    def _text(
        self, session: requests.Session, url: str, what: str, params: Mapping[str, str] | None, tried: str
    ) -> str:
        """The body of an answer with status 200; anything else is an error."""
        begun = time.monotonic()
        for _ in range(_MOST_REDIRECTS + 1):
            with self._lock:
                self.sent += 1
            self._here.sent = self.sent_here + 1
            wait = self.settings.timeout
            answer = session.get(url, params=params, timeout=wait, stream=True, allow_redirects=False)
            try:
                if answer.is_redirect:
                    url, params = own_address(urljoin(answer.url, answer.headers["Location"]), url, what), None
                    continue
                _hold_status(answer, what, tried)
                return self._body(answer, what, begun, tried)
            finally:
                answer.close()
        raise SourceInvalid(f"{what}: {urlsplit(url).netloc} blijft doorverwijzen.", LATER)

    def _body(self, answer: requests.Response, what: str, begun: float, tried: str) -> str:
        """Read piece by piece: a body may be endless, or arrive so slowly that no single piece is late."""
        host, pieces, size = urlsplit(answer.url).netloc, [], 0
        # read1 gives what has arrived; read and iter_content would wait for a whole piece, as long as bytes drip in.
        while piece := answer.raw.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self.settings.max_bytes:
                most = f"{self.settings.max_bytes / 1e6:.0f} MB"
                raise SourceInvalid(f"{what}: het antwoord van {host} is groter dan {most}; geweigerd.", LATER)
            if time.monotonic() - begun > self.settings.limit:
                slow = f"{what}: het antwoord van {host} was na {self.settings.limit:g} seconden nog niet compleet"
                raise _Passing(SourceUnavailable(f"{slow} ({tried}).", NETWORK))
        body = b"".join(pieces)
        pieces.clear()
        return body.decode("utf-8-sig", "replace")

    @contextmanager
    def _session(self) -> Iterator[requests.Session]:
        """Lend a session to one request: they are not made for use by two threads at once."""
        try:
            session = self._idle.pop()
        except IndexError:
            session = requests.Session()
            session.headers["User-Agent"] = self.settings.user_agent
            session.headers["Accept"] = "application/json, text/plain"
        try:
            yield session
        finally:
            self._idle.append(session)


def read_object(text: str) -> dict[str, Any]:
    """Read a JSON object; ValueError when it is none."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise Unreadable("is geen JSON-object")
    return found


def read_records(text: str) -> dict[str, Any]:
    """Read a page with a list of records in 'value', as OData has it; ValueError when it is none."""
    page = read_object(text)
    value = page.get("value")
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unreadable("is geen volledige, geldige JSON met rijen")
    return page


def own_address(link: str, base: str, what: str) -> str:
    """Return a link as one of the service that gave it: http in a link of an https service becomes https.

    Raises:
        SourceInvalid: it points to another host or port, or is no address.
    """
    try:
        to, own = urlsplit(link), urlsplit(base)
        same = to.hostname == own.hostname and _port(to) == _port(own)
    except ValueError:
        raise SourceInvalid(f"{what}: een pagina verwijst naar een onbruikbaar adres, {link}.", LATER) from None
    if not same:
        way_out = "Moet u eerst inloggen op het netwerk of de proxy? Doe dat, en probeer het opnieuw."
        raise SourceInvalid(f"{what}: er wordt verwezen naar een andere dienst, {to.netloc}; geweigerd.", way_out)
    safer = to.scheme == "https" and _port(to) is None
    return urlunsplit(to._replace(scheme="https" if safer else own.scheme, netloc=own.netloc))


def _port(parts: SplitResult) -> int | None:
    """The port, None for the usual ones: a service behind a gate may well write http in its links."""
    return None if parts.port in (80, 443) else parts.port


def _hold_status(answer: requests.Response, what: str, tried: str) -> None:
    """Raise for every status but 200."""
    status, host = answer.status_code, urlsplit(answer.url).netloc
    if status in (408, 425, 429) or status >= 500:
        busy = SourceUnavailable(f"{what}: {host} meldt drukte of storing ({status}; {tried}).", LATER)
        raise _Passing(busy, _asked_pause(answer.headers) if status in (429, 503) else None)
    if status in (404, 410):
        raise NotThere(f"{what} bestaat niet bij {host}.", "Controleer het adres en de code.")
    if status in (401, 403, 407):
        raise SourceUnavailable(f"{what}: {host} of een proxy weigert toegang ({status}).", NETWORK)
    if status != 200:
        way_out = "Controleer de gevraagde onderwerpen, codes en jaren in de definities."
        raise SourceInvalid(f"{what}: {host} wijst de vraag af ({status}).", way_out)


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds that Retry-After asks for; a date is held against the service's own clock, for ours may be off."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    until, now = _moment(said), _moment(headers.get("Date", "")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0) if until else None


def _moment(said: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _why_unreadable(text: str, error: Exception) -> str:
    begin = text[:200].lstrip()
    if begin.startswith("<"):
        return "is een webpagina in plaats van JSON: een storing, onderhoud of een inlogpagina van het netwerk"
    if not text.strip():
        return "is leeg in plaats van JSON"
    # Cut off: the parser came to the end, or to a text that never closes.
    if isinstance(error, json.JSONDecodeError) and (error.pos >= len(text) - 1 or "Unterminated" in error.msg):
        return "breekt halverwege de JSON af"
    return "is geen geldige JSON"
