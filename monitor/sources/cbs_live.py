"""Fetch one CBS StatLine table (OData v3, ODataFeed) through ``cbsodata``, with its codes kept.

``cbsodata.get_data`` replaces codes by titles and so loses the municipality codes; this module calls the
layer below it (``get_info``, ``get_meta``, ``_download_metadata``) and adds what that layer lacks: a timeout,
retries, a user agent, compression, and checks on what comes back. Source: https://opendata.cbs.nl.
"""

from __future__ import annotations

import difflib
import importlib.util
import json
import logging
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pandas as pd
import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter
from tenacity.before_sleep import before_sleep_log

from monitor import __version__
from monitor.errors import MonitorError, SourceInvalid, SourceUnavailable

_LOG = logging.getLogger(__name__)
_MAX_PAGES = 2000  # the service gives 10 000 rows per page; no table comes near this
_LATER = "Probeer het later opnieuw; de al opgeslagen cijfers blijven bruikbaar."
_NETWORK = "Controleer de internetverbinding, de proxy en het certificaat, of probeer het later opnieuw."
_SETTINGS = "Controleer REGIOMONITOR_CBS_URL (een webadres) en REGIOMONITOR_CBS_TIMEOUT (seconden)."


@dataclass(frozen=True)
class Settings:
    """How to reach the service.

    ``timeout`` is in seconds, for the connection and for each piece of an answer; ``attempts`` counts all
    tries of one page; the pause before the second try is ``wait`` seconds plus up to as much jitter, and
    doubles from there to at most ``max_wait``. SourceInvalid is raised for values that cannot work.
    """

    base_url: str = "https://opendata.cbs.nl"
    timeout: float = 30
    attempts: int = 4
    wait: float = 1.0
    max_wait: float = 20
    user_agent: str = f"regiomonitor-brede-welvaart/{__version__}"

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SourceInvalid(f"'{self.base_url}' is geen webadres van de CBS-dienst.", _SETTINGS)
        if not self.timeout > 0 or self.attempts < 1:
            values = f"wachttijd {self.timeout} seconden, {self.attempts} pogingen"
            raise SourceInvalid(f"De instellingen voor de CBS-dienst kunnen niet: {values}.", _SETTINGS)

    @classmethod
    def from_environment(cls) -> Settings:
        """Return the defaults with REGIOMONITOR_CBS_URL and REGIOMONITOR_CBS_TIMEOUT (seconds) applied."""
        timeout = os.environ.get("REGIOMONITOR_CBS_TIMEOUT") or cls.timeout
        try:
            seconds = float(timeout)
        except ValueError:
            raise SourceInvalid(f"REGIOMONITOR_CBS_TIMEOUT is geen getal: '{timeout}'.", _SETTINGS) from None
        return cls(base_url=os.environ.get("REGIOMONITOR_CBS_URL") or cls.base_url, timeout=seconds)


@dataclass(frozen=True, eq=False)
class Download:
    """One table as the service gave it.

    Attributes:
        table: the table id, e.g. ``85012NED``.
        rows: TypedDataSet, one row per combination of dimension codes; codes keep their padding, topics are
            columns such as ``Overgewicht_10`` in the unit that ``properties`` gives, missing is NaN.
        info: the TableInfos record (Title, Modified, ...).
        properties: DataProperties, one row per dimension, topic or topic group (Key, Title, Unit, Type, ...).
    """

    table: str
    rows: pd.DataFrame
    info: dict[str, object]
    properties: pd.DataFrame


class _RetryableError(Exception):
    """A failure that may pass; carries the error to raise once the attempts are used up."""

    def __init__(self, final: MonitorError) -> None:
        super().__init__(str(final))
        self.final = final


class _Pages:
    """Stands where ``cbsodata`` expects a ``requests.Session``: gets each page, retried and checked."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        session: requests.Session,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.name, self.settings, self.session, self.progress = name, settings, session, progress
        self.expected: int | None = None  # rows to come according to $count, if it is known
        self.rows = 0
        self._seen: set[str] = set()

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """Return the answer to one page request, with the signature of ``requests.Session.send``.

        ``cbsodata`` prepares its requests without a session, so without default headers, and sends them with
        the proxies it saw at import and no CA bundle. Asking anew by URL brings both from the environment.
        """
        url = self._own(str(request.url))
        if url in self._seen or len(self._seen) >= _MAX_PAGES:
            raise SourceInvalid(f"{self.name}: de pagina's verwijzen in een kring naar {url}.", _LATER)
        self._seen.add(url)
        wait = self.settings.wait
        retry = Retrying(
            retry=retry_if_exception_type(_RetryableError),
            stop=stop_after_attempt(self.settings.attempts),
            wait=wait_exponential_jitter(multiplier=wait, max=self.settings.max_wait, jitter=wait),
            before_sleep=before_sleep_log(_LOG, logging.INFO),
            reraise=True,
        )
        try:
            answer, page = retry(self._once, url)
        except _RetryableError as failure:
            raise failure.final from failure.__cause__
        if urlsplit(url).path.endswith("/TypedDataSet"):
            self.rows += len(page["value"])
            surplus = self.expected is not None and self.rows > self.expected
            if surplus or (page.get("odata.nextLink") and not page["value"]):
                message = f"{self.name}: de pagina's herhalen zich of houden niet op (na {self.rows} rijen)."
                raise SourceInvalid(message, _LATER)
            if self.progress:
                self.progress(self.rows)
        return answer

    def _own(self, url: str) -> str:
        """Return ``url`` under the service's own scheme and host; refuse another host."""
        link, own = urlsplit(url), urlsplit(self.settings.base_url)
        ports = [None if parts.port in (80, 443) else parts.port for parts in (link, own)]
        if link.hostname != own.hostname or ports[0] != ports[1]:
            message = f"{self.name}: een pagina verwijst naar een andere dienst, {link.netloc}; geweigerd."
            raise SourceInvalid(message, _SETTINGS)
        return urlunsplit(link._replace(scheme=own.scheme, netloc=own.netloc))

    def _once(self, url: str) -> tuple[requests.Response, dict[str, Any]]:
        """Ask for one page once, and return the answer with its parsed content."""
        host, tried = urlsplit(url).netloc, f"{self.settings.attempts} pogingen"
        try:
            answer = self.session.get(url, timeout=self.settings.timeout)
        except requests.Timeout as error:
            slow = f"{self.name}: {host} antwoordde niet binnen {self.settings.timeout:g} seconden ({tried})."
            raise _RetryableError(SourceUnavailable(slow, _NETWORK)) from error
        except requests.RequestException as error:
            kind = type(error).__name__
            broken = f"{self.name}: geen verbinding met {host}, of zij brak af ({tried}; {kind})."
            raise _RetryableError(SourceUnavailable(broken, _NETWORK)) from error
        self._own(answer.url)  # after redirects
        status = answer.status_code
        if status == 429 or status >= 500:
            busy = f"{self.name}: {host} meldt drukte of storing ({status}; {tried})."
            raise _RetryableError(SourceUnavailable(busy, _LATER))
        if status == 404:
            way_out = "Controleer de tabelcode; hoofdletters en kleine letters tellen (zoals 85012NED)."
            raise SourceInvalid(f"{self.name} bestaat niet bij {host}.", way_out)
        if status in (401, 403, 407):
            raise SourceUnavailable(f"{self.name}: {host} of een proxy weigert toegang ({status}).", _NETWORK)
        if status != 200:
            message = f"{self.name}: {host} wijst de vraag af ({status}): {url}"
            raise SourceInvalid(message, "Controleer het filter en de gevraagde kolommen.")
        answer.encoding = "utf-8"
        try:
            page = json.loads(answer.text)
        except ValueError:
            page = None
        value = page.get("value") if isinstance(page, dict) else None
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            bad = f"{self.name}: het antwoord van {host} is geen volledige, geldige JSON ({tried})."
            raise _RetryableError(SourceInvalid(bad, _LATER))
        return answer, page

    def count(self, url: str, filters: str | None) -> int | None:
        """Return the number of rows the service announces, or None if it does not say; asked once."""
        try:
            params = {"$filter": filters} if filters else None
            answer = self.session.get(url, params=params, timeout=self.settings.timeout)
        except requests.RequestException:
            return None
        text = answer.content.decode("utf-8-sig", "replace").strip()
        return int(text) if answer.status_code == 200 and re.fullmatch("[0-9]+", text) else None


def fetch(
    table: str,
    *,
    columns: Sequence[str] | None = None,
    filters: str | None = None,
    settings: Settings | None = None,
    progress: Callable[[int], None] | None = None,
) -> Download:
    """Fetch one StatLine table with its description.

    Args:
        table: table id; upper and lower case matter.
        columns: dimension and topic keys to ask for (``$select``); all if None or empty.
        filters: OData v3 filter (``$filter``), e.g. ``substringof('GM',RegioS)``.
        settings: how to reach the service; from the environment if None.
        progress: called after each page with the number of rows so far; what it raises stops the download.

    Returns:
        The rows (at least one), the table's record and its properties; see ``Download``.

    Raises:
        SourceUnavailable: no connection, timeout, HTTP 429/5xx (after all attempts) or refused access.
        SourceInvalid: unknown table or column, rejected filter, no rows, unreadable answer, a repeated or
            missing page, or a page on another host.
    """
    settings = settings or Settings.from_environment()
    name = f"CBS-tabel {table}"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", table):
        raise SourceInvalid(f"'{table}' is geen CBS-tabelcode.", "Geef een code als 85012NED.")
    wanted = list(dict.fromkeys([columns] if isinstance(columns, str) else columns or []))
    with requests.Session() as session:
        session.headers.update({"User-Agent": settings.user_agent, "Accept": "application/json, text/plain"})
        pages = _Pages(name, settings, session, progress)
        client = _private_client(pages, settings)
        try:
            info = client.get_info(table)
            properties = pd.DataFrame(client.get_meta(table, "DataProperties"))
            if not info or "Key" not in properties:
                raise SourceInvalid(f"{name}: TableInfos of DataProperties is leeg of onvolledig.", _LATER)
            _require(name, wanted, ["ID", *properties["Key"].dropna().astype(str)])
            pages.expected = pages.count(client._get_table_url(table) + "TypedDataSet/$count", filters)
            data = client._download_metadata(table, "TypedDataSet", select=wanted, filters=filters)
        except requests.RequestException as error:  # cbsodata could not make a request of a next link
            message = f"{name}: een pagina verwijst naar een onbruikbaar adres ({error})."
            raise SourceInvalid(message, _LATER) from error
    if not data:
        asked = f" bij het filter {filters}" if filters else ""
        raise SourceInvalid(f"{name} geeft geen enkele rij{asked}.", "Controleer de tabelcode en het filter.")
    rows = pd.DataFrame(data)
    if pages.expected not in (None, len(rows)) or ("ID" in rows and rows["ID"].duplicated().any()):
        told = f"{len(rows)} rijen ontvangen, {pages.expected or 'onbekend aantal'} aangekondigd"
        raise SourceInvalid(f"{name}: er ontbreken rijen of rijen staan er dubbel ({told}).", _LATER)
    _require(name, wanted, list(rows.columns))
    empty = [column for column in rows if rows[column].isna().all()]
    return Download(table, rows.astype(dict.fromkeys(empty, float)), dict(info), properties)


def _private_client(pages: _Pages, settings: Settings) -> ModuleType:
    """Return a private copy of ``cbsodata.cbsodata3`` that sends through ``pages``.

    ``cbsodata`` offers no hook for a session, and keeps scheme and host in module globals (``options``). A
    second instance of the module per download leaves the shared one untouched, so downloads in several
    threads need no lock.
    """
    spec = importlib.util.find_spec("cbsodata.cbsodata3")  # imported here: only a live download needs it
    assert spec is not None and spec.loader is not None
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    scheme, _, host = settings.base_url.rstrip("/").partition("://")
    client.__dict__["Session"] = lambda: pages
    client.options.use_https = scheme == "https"
    client.options.catalog_url = host
    return client


def _require(name: str, wanted: Sequence[str], present: Sequence[str]) -> None:
    """Raise SourceInvalid if a wanted column is not present, naming the nearest that are."""
    for column in wanted:
        if column not in present:
            near = difflib.get_close_matches(column, present, n=3, cutoff=0.5) or list(present)[:5]
            way_out = f"Meest gelijkende kolommen: {', '.join(near)}. Pas de gevraagde kolom aan."
            raise SourceInvalid(f"{name} heeft geen kolom '{column}'.", way_out)
