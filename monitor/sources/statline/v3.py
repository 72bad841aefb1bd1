"""StatLine over OData v3 (ODataFeed), through ``cbsodata``.

``cbsodata.get_data`` replaces codes by titles and so loses the municipality codes; the layer below it (``get_info``,
``get_meta``, ``_download_metadata``) makes the addresses and follows the pages. What that lacks is given by what stands
in the place of its session: time-outs, retries, a polite pace, and checks on what comes back. Source:
https://opendata.cbs.nl.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import requests

from monitor.errors import SourceInvalid
from monitor.sources.statline import table as common
from monitor.sources.statline.columns import Columns
from monitor.sources.statline.failures import LATER
from monitor.sources.statline.service import (
    PERIOD,
    REGION,
    About,
    Described,
    Download,
    Progress,
    Request,
    published_at,
)
from monitor.sources.statline.settings import Settings
from monitor.sources.statline.table import Dimension, text_of
from monitor.sources.statline.topics import by_key, group_paths, hold_columns
from monitor.sources.statline.web import NotThere, Web, own_address, read_records

_ROWS = "TypedDataSet"
_TOPIC = re.compile(r"(.+)_\d+")


class StatLineV3:
    """StatLine as ``service.StatLine`` describes it, over protocol v3.

    Args:
        settings: address, time-outs and pace.
        web: to share the limit on requests with other sources; its own when None.
    """

    def __init__(self, settings: Settings, web: Web | None = None) -> None:
        self.settings = settings
        self.web = web or Web(settings)

    def close(self) -> None:
        """Stop asking: pauses between attempts end, and what is asked after this fails."""
        self.web.close()

    def about(self, table: str) -> About:
        """What the service says of a table; one request. Errors as ``service.StatLine`` says."""
        with self._table(table) as t:
            return t.about()

    def describe(self, table: str) -> tuple[Described, ...]:
        """All topics of a table; one request."""
        with self._table(table) as t:
            return t.properties()[1]

    def fetch(self, request: Request, about: About | None = None, progress: Progress | None = None) -> Download:
        """Fetch a table.

        Sends one request for DataProperties, one for Perioden where the table has it, one for the number of rows, one
        per 10 000 rows, and one for TableInfos when ``about`` is None. Errors as ``service.StatLine`` says.
        """
        before = self.web.sent_here
        with self._table(request.table) as t:
            about = about or t.about()
            dims, present = t.properties()
            topics = by_key(t.name, request, present)
            hold_columns(t.name, [REGION], [d.name for d in dims])
            hold_columns(t.name, request.filters, [d.served for d in dims])
            periods = t.periods(dims)
            asked = common.conditions(t.name, request, dims, list(periods), "substringof('{text}',{column})")
            rows = t.rows(dims, topics, " and ".join(asked), progress)
            years_only = any(map(common.WHOLE_YEAR.fullmatch, periods))
            rows = common.narrowed(t.name, rows, request, dims, years_only, t.codes)
        sent = self.web.sent_here - before
        return Download(about, rows, topics, common.statuses(periods.items()), sent)

    @contextmanager
    def _table(self, table: str) -> Iterator[_Table]:
        """One table, asked through a copy of cbsodata of its own."""
        self.web.begin()
        asked = _Table(table, self.web, self.settings)
        try:
            yield asked
        except NotThere as error:
            raise common.gone(table, error) from error
        except requests.RequestException as error:  # cbsodata cannot make a request of a next link
            message = f"{asked.name}: een pagina verwijst naar een onbruikbaar adres ({error})."
            raise SourceInvalid(message, LATER) from error


class _Table:
    """The parts of one table, through cbsodata."""

    def __init__(self, table: str, web: Web, settings: Settings) -> None:
        self.table, self.name, self.web = table, common.named(table), web
        self.pages = _Pages(self.name, settings.base_url, web)
        self.client = _private_client(self.pages, settings)

    def about(self) -> About:
        info = self.client.get_info(self.table)
        if not info or not text_of(info, "Title"):
            raise SourceInvalid(f"{self.name}: TableInfos is leeg of onvolledig.", LATER)
        modified = published_at(text_of(info, "Modified"))
        return About(self.table, text_of(info, "Title"), modified, text_of(info, "Period"))

    def properties(self) -> tuple[tuple[Dimension, ...], tuple[Described, ...]]:
        """Dimensions and topics; of the topic groups only what they say of a topic."""
        records = self.client.get_meta(self.table, "DataProperties")
        kinds = [(text_of(r, "Key"), text_of(r, "Type")) for r in records]
        dims = common.dimensions((key, kind) for key, kind in kinds if key and not kind.startswith("Topic"))
        groups = group_paths((r for r in records if text_of(r, "Type") == "TopicGroup"), "ID", "ParentID")
        topics = tuple(_described(r, groups) for r in records if text_of(r, "Type") == "Topic" and text_of(r, "Key"))
        if not dims or not topics:
            raise SourceInvalid(f"{self.name}: DataProperties is leeg of onvolledig.", LATER)
        return dims, topics

    def periods(self, dims: tuple[Dimension, ...]) -> dict[str, object]:
        """Code and status of every period; empty for a table without."""
        time = next((d.served for d in dims if d.name == PERIOD), None)
        records = self.client.get_meta(self.table, time) if time else []
        return {text_of(r, "Key"): r.get("Status") for r in records}

    def codes(self, dimension: str) -> dict[str, str]:
        """Code and title; empty when the service does not list them."""
        try:
            return {text_of(r, "Key"): text_of(r, "Title") for r in self.client.get_meta(self.table, dimension)}
        except NotThere:
            return {}

    def rows(
        self, dims: tuple[Dimension, ...], topics: dict[str, Described], asked: str, progress: Progress | None
    ) -> pd.DataFrame:
        """The rows that meet a filter: a column of codes per dimension, and one of numbers per topic."""
        wanted = dict.fromkeys(described.column for described in topics.values())
        columns = Columns(self.name, [d.served for d in dims], list(wanted))
        url = f"{self.client._get_table_url(self.table)}{_ROWS}/$count"
        columns.expected = common.count(self.web, url, self.name, {"$filter": asked} if asked else {})
        self.pages.into(columns, progress)
        select = [*(d.served for d in dims), *wanted]
        self.client._download_metadata(self.table, _ROWS, select=select, filters=asked or None)
        columns.hold()
        found: dict[str, Any] = {d.name: columns.codes(d.served) for d in dims}
        return pd.DataFrame(found | {key: columns.figures(t.column) for key, t in topics.items()})


class _Pages:
    """Stands where cbsodata expects a ``requests.Session``: gets each page through ``Web``.

    cbsodata would keep every row as a dictionary. The rows of a page are put away as columns, and cbsodata gets the
    page without them, so that it still finds the way to the next one.
    """

    def __init__(self, name: str, base: str, web: Web) -> None:
        self.name, self.base, self.web = name, base, web
        self._columns: Columns | None = None
        self._progress: Progress | None = None
        self._seen: set[str] = set()

    def into(self, columns: Columns, progress: Progress | None) -> None:
        """From here on, put the rows of the table into columns."""
        self._columns, self._progress = columns, progress

    def send(self, request: requests.PreparedRequest, **_: Any) -> _Answer:
        """Return the answer to one page, with the signature of ``requests.Session.send``.

        cbsodata prepares its requests without a session, so without default headers, and sends them with the proxies
        that it saw when it was imported and no CA bundle. Asking anew by address brings both from the environment.
        """
        url = own_address(str(request.url), self.base, self.name)
        if url in self._seen:
            raise SourceInvalid(f"{self.name}: de pagina’s verwijzen in een kring naar {url}.", LATER)
        self._seen.add(url)
        if self._columns is None or not urlsplit(url).path.endswith(f"/{_ROWS}"):
            return _Answer(self.web.get(url, self.name, read_records))
        page, rows = self.web.get(url, self.name, self._columns.read)
        self._columns.add(rows, more=bool(page.get("odata.nextLink")))
        if self._progress:
            self._progress(self._columns.rows, self._columns.expected)
        return _Answer(page)


class _Answer:
    """As much of a ``requests.Response`` as cbsodata uses."""

    encoding: str | None = None

    def __init__(self, page: dict[str, Any]) -> None:
        self.text = json.dumps(page)

    def raise_for_status(self) -> None:
        """``Web`` let only good answers through."""


def _described(record: dict[str, Any], groups: dict[str, str]) -> Described:
    column = text_of(record, "Key")
    number = _TOPIC.fullmatch(column)
    key = number[1] if number else column
    group = groups.get(text_of(record, "ParentID"), "")
    return Described(key, text_of(record, "Title"), text_of(record, "Unit"), column, group)


def _private_client(pages: _Pages, settings: Settings) -> ModuleType:
    """Return a private copy of ``cbsodata.cbsodata3`` that sends through ``pages``.

    cbsodata offers no place for a session, and keeps scheme and host in globals of its module. A second instance of
    the module per table leaves the shared one untouched, so downloads in several threads need no lock.
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
