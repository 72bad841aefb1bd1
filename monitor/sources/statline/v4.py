"""StatLine over OData v4 (datasets.cbs.nl): one row per figure, measures with codes of their own.

v4 knows no topic keys as v3 has them: a measure is found by its title and unit (see ``topics.by_title``),
and among namesakes by its group. Codes are not padded. Source: https://datasets.cbs.nl/odata/v1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pandas as pd

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
from monitor.sources.statline.topics import by_title, group_paths, hold_columns
from monitor.sources.statline.web import NotThere, Web, own_address, read_records

_MEASURE, _VALUE, _GROUP = "Measure", "Value", "MeasureGroupId"


class StatLineV4:
    """StatLine as ``service.StatLine`` describes it, over protocol v4.

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
        """All measures of a table, with their code as key; one request, and one for their groups if any."""
        with self._table(table) as t:
            return t.measures()

    def fetch(self, request: Request, about: About | None = None, progress: Progress | None = None) -> Download:
        """Fetch a table.

        Sends one request each for MeasureCodes, Dimensions, the groups of measures and the periods where the table has
        them, and the number of figures, one per 100 000 figures, and one for Properties when ``about`` is None. Errors
        as ``service.StatLine`` says.
        """
        before = self.web.sent_here
        with self._table(request.table) as t:
            topics = by_title(t.name, request, t.measures())
            about = about or t.about()
            dims = t.dimensions()
            hold_columns(t.name, [REGION], [d.name for d in dims])
            hold_columns(t.name, request.filters, [d.served for d in dims])
            periods = t.periods(dims)
            asked = common.conditions(t.name, request, dims, list(periods), "contains({column},'{text}')")
            wanted = " or ".join(f"{_MEASURE} eq '{d.column}'" for d in topics.values())
            rows = t.rows(dims, topics, " and ".join([*asked, f"({wanted})"]), progress)
            years_only = any(map(common.WHOLE_YEAR.fullmatch, periods))
            rows = common.narrowed(t.name, rows, request, dims, years_only, t.codes)
        sent = self.web.sent_here - before
        return Download(about, rows, topics, common.statuses(periods.items()), sent)

    @contextmanager
    def _table(self, table: str) -> Iterator[_Table]:
        self.web.begin()
        asked = _Table(table, self.web, self.settings.v4_url)
        try:
            yield asked
        except NotThere as error:
            raise common.gone(table, error) from error


class _Table:
    """The parts of one table."""

    def __init__(self, table: str, web: Web, base: str) -> None:
        self.table, self.name, self.web = table, common.named(table), web
        self.url = f"{base.rstrip('/')}/CBS/{table}"

    def about(self) -> About:
        record = self.web.get_json(f"{self.url}/Properties", self.name)
        record = next(iter(record.get("value") or []), record)  # an object; in a list at some servers
        if not text_of(record, "Title"):
            raise SourceInvalid(f"{self.name}: Properties is leeg of onvolledig.", LATER)
        modified = published_at(text_of(record, "Modified"))
        return About(self.table, text_of(record, "Title"), modified, text_of(record, "TemporalCoverage"))

    def measures(self) -> tuple[Described, ...]:
        """All measures, with their code as key."""
        records = self._list("MeasureCodes")
        if not records:
            raise SourceInvalid(f"{self.name}: MeasureCodes is leeg.", LATER)
        groups = self.groups() if any(text_of(r, _GROUP) for r in records) else {}
        return tuple(_described(r, groups) for r in records)

    def groups(self) -> dict[str, str]:
        """Per group of measures its titles from outside in; empty when the service does not list them."""
        try:
            return group_paths(self._list("MeasureGroups"), "Id", "ParentId")
        except NotThere:
            return {}

    def dimensions(self) -> tuple[Dimension, ...]:
        kinds = ((text_of(r, "Identifier"), text_of(r, "Kind")) for r in self._list("Dimensions"))
        return common.dimensions((name, kind) for name, kind in kinds if name)

    def periods(self, dims: Sequence[Dimension]) -> dict[str, object]:
        """Code and status of every period; empty for a table without."""
        time = next((d.served for d in dims if d.name == PERIOD), None)
        return {text_of(r, "Identifier"): r.get("Status") for r in self._list(f"{time}Codes")} if time else {}

    def codes(self, dimension: str) -> dict[str, str]:
        """Code and title; empty when the service does not list them."""
        try:
            return {text_of(r, "Identifier"): text_of(r, "Title") for r in self._list(f"{dimension}Codes")}
        except NotThere:
            return {}

    def rows(
        self, dims: Sequence[Dimension], topics: dict[str, Described], asked: str, progress: Progress | None
    ) -> pd.DataFrame:
        """The figures that meet a filter: a row per combination of dimensions, and a column per topic."""
        columns = Columns(self.name, [d.served for d in dims] + [_MEASURE], [_VALUE])
        url = f"{self.url}/Observations"
        columns.expected = common.count(self.web, f"{url}/$count", self.name, {"$filter": asked})
        select = ",".join([_MEASURE, _VALUE, *(d.served for d in dims)])
        for page, rows in self._pages(url, {"$filter": asked, "$select": select}, columns.read):
            columns.add(rows, more=bool(page.get("@odata.nextLink")))
            if progress:
                progress(columns.rows, columns.expected)
        return _wide(columns, dims, topics)

    def _list(self, part: str) -> list[dict[str, Any]]:
        return [row for page in self._pages(f"{self.url}/{part}", {}, read_records) for row in page["value"]]

    def _pages(self, url: str, params: dict[str, str], read: Any) -> Iterator[Any]:
        """All pages of a list; the first result of ``read`` may be the page itself or a pair that opens with it."""
        seen = set()
        while True:
            found = self.web.get(url, self.name, read, params)
            yield found
            link = (found[0] if isinstance(found, tuple) else found).get("@odata.nextLink")
            if not link:
                return
            seen.add(url)
            url, params = own_address(urljoin(url, str(link)), self.url, self.name), {}
            if url in seen:
                raise SourceInvalid(f"{self.name}: de pagina’s verwijzen in een kring naar {url}.", LATER)
            seen.add(url)


def _described(record: dict[str, Any], groups: dict[str, str]) -> Described:
    code, group = text_of(record, "Identifier"), groups.get(text_of(record, _GROUP), "")
    return Described(code, text_of(record, "Title"), text_of(record, "Unit"), code, group)


def _wide(columns: Columns, dims: Sequence[Dimension], topics: dict[str, Described]) -> pd.DataFrame:
    """One row per combination of dimensions: v4 sends a row per figure."""
    columns.hold()
    measure = columns.codes(_MEASURE)
    held = pd.DataFrame({d.name: columns.codes(d.served) for d in dims})
    place, first = columns.combinations([d.served for d in dims])
    values = columns.figures(_VALUE)
    rows = held.iloc[first].reset_index(drop=True)
    for key, described in topics.items():
        column = np.full(len(first), np.nan)
        of_this = np.asarray(measure == described.column)
        column[place[of_this]] = values[of_this]
        rows[key] = column
    return rows
