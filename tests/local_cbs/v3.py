"""OData v3 as opendata.cbs.nl speaks it: ODataFeed, ODataApi and ODataCatalog."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pandas as pd

from tests.local_cbs import write
from tests.local_cbs.answer import HTML, PLAIN, XML, Answer, Asked, as_json, cut
from tests.local_cbs.query import BadQuery, matching, number, select
from tests.local_cbs.table import GEO, TIME, Dimension, Table, outer_groups

#: Rows per page of ODataFeed; ODataApi refuses to give more than this.
PAGE = 10_000
_PATH = re.compile(r"/(ODataFeed|ODataApi)/[oO][dD]ata/([^/]+)(?:/([^/]*))?(/\$count)?/?")
_DATA = ("TypedDataSet", "UntypedDataSet")
Found = Callable[[Table, Mapping[str, str], pd.DataFrame], Any]


def answer(
    asked: Asked, tables: Mapping[str, Table], page_size: int, found: Found, counts: bool = True
) -> Answer | None:
    """The answer to a v3 request, or None when the path is not of v3.

    Args:
        asked: the request.
        tables: what the service has, by id; upper and lower case matter.
        page_size: rows per page of ODataFeed, and the most that ODataApi gives.
        found: row numbers that match a query (remembered by the server).
        counts: whether ``$count`` is answered.
    """
    try:
        if re.fullmatch(r"/ODataCatalog/(Tables)?/?", asked.path):
            return _catalog(asked, tables)
        parts = _PATH.fullmatch(asked.path)
        if parts is None:
            return None
        api, name, entity, count = parts.groups()
        table = tables.get(name)
        if table is None:
            return Answer(404, b"<html><head><title>404</title></head><body>Not Found</body></html>", HTML)
        if api == "ODataFeed" and not count and not _wants_json(asked):
            return Answer(200, _atom(asked, table), "application/atom+xml;charset=utf-8")
        if not entity:
            return _service(asked, table)
        if entity in _DATA:
            return _data(asked, table, api, entity, bool(count), page_size, found, counts)
        return _described(asked, table, entity, bool(count))
    except BadQuery as error:
        return _error(400, str(error))


def _wants_json(asked: Asked) -> bool:
    return asked.query.get("$format", "").lower() == "json" or "json" in asked.accept.lower()


def _error(status: int, message: str) -> Answer:
    return Answer(status, as_json({"odata.error": {"code": "", "message": {"lang": "nl-NL", "value": message}}}))


def _base(asked: Asked) -> str:
    parts = _PATH.fullmatch(asked.path)
    assert parts is not None
    return f"{asked.own}/{parts[1]}/odata/{parts[2]}"


def _atom(asked: Asked, table: Table) -> bytes:
    """What the feed gives to a client that forgets to ask for JSON."""
    return f'<?xml version="1.0"?><feed><title>{escape(table.title)}</title></feed>'.encode()


def _service(asked: Asked, table: Table) -> Answer:
    names = ["TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "CategoryGroups"]
    names += [d.key for d in table.dimensions]
    base = _base(asked)
    value = [{"name": n, "url": f"{base}/{n}"} for n in names]
    return Answer(200, as_json({"odata.metadata": f"{base}/$metadata", "value": value}))


def _described(asked: Asked, table: Table, entity: str, count: bool) -> Answer:
    rows: list[dict[str, Any]]
    if entity == "TableInfos":
        rows = [info(table)]
    elif entity == "DataProperties":
        rows = properties(table)
    elif entity == "CategoryGroups":
        rows = _groups(table)
    elif (dimension := table.dimension(entity)) is not None:
        rows = _codes(table, dimension)
    else:
        body = f"<m:error><m:code /><m:message>Resource not found for the segment '{escape(entity)}'.</m:message>"
        return Answer(404, (body + "</m:error>").encode(), XML)
    frame = pd.DataFrame(rows)
    if len(frame) and ("$filter" in asked.query or "$orderby" in asked.query):
        rows = [rows[i] for i in matching(asked.query, frame)]
    if count:
        return Answer(200, b"\xef\xbb\xbf" + str(len(rows)).encode(), PLAIN)
    skip, top = number(asked.query, "$skip") or 0, number(asked.query, "$top")
    rows = rows[skip : None if top is None else skip + top]
    if rows:
        columns = select(asked.query, list(rows[0]))
        rows = [{k: r[k] for k in columns if k in r} for r in rows]
    content: dict[str, Any] = {"odata.metadata": f"{_base(asked)}/$metadata#{entity}", "value": rows}
    if asked.fault == "null_value":
        content["value"] = None
    elif asked.fault == "empty":
        content["value"] = []
    return Answer(200, as_json(content))


def _data(
    asked: Asked, table: Table, api: str, entity: str, count: bool, page_size: int, found: Found, counts: bool
) -> Answer:
    columns = select(asked.query, table.columns)
    for name in ("$top", "$skip"):
        number(asked.query, name)
    at = found(table, asked.query, table.rows)
    if count:
        if not counts:
            return Answer(404, b"<html><body>Not Found</body></html>", HTML)
        return Answer(200, b"\xef\xbb\xbf" + str(len(at)).encode(), PLAIN)
    if asked.fault == "empty":
        at = at[:0]
    page = cut(asked, len(at), page_size)
    if api == "ODataApi" and page.link and not asked.fault:
        return _error(
            500, f"The query gives more than {page_size} records; ask for less, or use the feed for whole tables."
        )
    if asked.fault == "narrow":
        columns = columns[:-1]
    chosen = table.rows.iloc[at[page.start : page.stop]][columns]
    if entity == "UntypedDataSet":
        topics = {t.column: t for t in table.topics if t.column in columns}
        texts = {c: write.as_texts(chosen[c], topics[c].decimals) for c in topics}
        chosen = chosen.assign(**texts)
        whole: set[str] = set()
    else:
        whole = {t.column for t in table.topics if t.column in columns and table.whole(t.column)}
    body = write.rows(chosen, whole) if asked.fault != "null_value" else "null"
    parts = [f'"odata.metadata":{write.text(f"{_base(asked)}/$metadata#{entity}")}']
    if asked.query.get("$inlinecount") == "allpages":
        parts.append(f'"odata.count":"{len(at)}"')
    parts.append(f'"value":{body}')
    if page.link:
        parts.append(f'"odata.nextLink":{write.text(page.link)}')
    return Answer(200, ("{" + ",".join(parts) + "}").encode())


def info(table: Table) -> dict[str, Any]:
    """The record of TableInfos."""
    return {
        "ID": 0,
        "Title": table.title,
        "ShortTitle": table.title,
        "Identifier": table.id,
        "Summary": table.summary,
        "Modified": table.modified,
        "ReasonDelivery": "Actualisering",
        "ExplanatoryText": "",
        "Language": "nl",
        "Catalog": "CBS",
        "Frequency": "Perjaar",
        "Period": table.period,
        "ShortDescription": f"Proefdienst: {table.title}.",
        "Description": "Deze tabel staat in een proefdienst en is niet van StatLine zelf.",
        "DefaultPresentation": "",
        "DefaultSelection": "",
        "GraphTypes": "Table",
        "OutputStatus": "Regulier",
        "Source": "CBS.",
        "MetaDataModified": table.modified,
        "SearchPriority": "2",
    }


def properties(table: Table) -> list[dict[str, Any]]:
    """The records of DataProperties: dimensions, topic groups and the topics in them."""
    rows: list[dict[str, Any]] = []
    empty = {"ReleasePolicy": False, "Datatype": "", "Unit": "", "Decimals": 0, "Default": ""}

    def add(kind: str, key: str, title: str, parent: int | None, **more: Any) -> int:
        place = {"ID": len(rows), "Position": len(rows), "ParentID": parent, "Type": kind, "Key": key, "Title": title}
        rows.append({"odata.type": f"Cbs.OData.{kind}", **place, "Description": "", **empty, **more})
        return len(rows) - 1

    for d in table.dimensions:
        add(d.kind, d.key, d.title, None, **({"MapYear": "2026"} if d.kind == GEO else {}))
    parents: dict[str, int] = {}
    for t in table.topics:
        for path, around, title in outer_groups([t]):
            if path not in parents:
                parents[path] = add("TopicGroup", "", title, parents.get(around))
        kind = "Long" if table.whole(t.column) else "Double"
        add("Topic", t.column, t.title, parents.get(t.group), Datatype=kind, Unit=t.unit, Decimals=t.decimals)
    return rows


def _groups(table: Table) -> list[dict[str, Any]]:
    pairs = [(d, g) for d in table.dimensions if d.kind != TIME for g in d.groups]
    return [
        {"ID": n, "DimensionKey": d.key, "Title": g, "Description": "", "ParentID": None}
        for n, (d, g) in enumerate(pairs, start=1)
    ]


def _codes(table: Table, dimension: Dimension) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"Key": c.key, "Title": c.title, "Description": c.description} for c in dimension.codes
    ]
    if dimension.kind == TIME:
        return [{**r, "Status": c.status or "Definitief"} for r, c in zip(rows, dimension.codes, strict=True)]
    numbers = {(g["DimensionKey"], g["Title"]): g["ID"] for g in _groups(table)}
    return [
        {**r, "CategoryGroupID": numbers.get((dimension.key, c.group))}
        for r, c in zip(rows, dimension.codes, strict=True)
    ]


def _catalog(asked: Asked, tables: Mapping[str, Table]) -> Answer:
    if not asked.path.rstrip("/").endswith("Tables"):
        value = [{"name": "Tables", "url": f"{asked.own}/ODataCatalog/Tables"}]
        return Answer(200, as_json({"odata.metadata": f"{asked.own}/ODataCatalog/$metadata", "value": value}))
    rows = [
        {
            **info(table),
            "ID": n,
            "Updated": table.modified,
            "ColumnCount": len(table.columns),
            "RecordCount": len(table.rows),
            "ApiUrl": f"{asked.own}/ODataApi/odata/{table.id}",
            "FeedUrl": f"{asked.own}/ODataFeed/odata/{table.id}",
        }
        for n, table in enumerate(tables.values())
    ]
    frame = pd.DataFrame(rows)
    rows = [rows[i] for i in matching(asked.query, frame)] if rows else rows
    columns = select(asked.query, list(frame.columns))
    value = [{k: r[k] for k in columns} for r in rows]
    return Answer(200, as_json({"odata.metadata": f"{asked.own}/ODataCatalog/$metadata#Tables", "value": value}))
