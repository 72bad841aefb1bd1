"""OData v4 as datasets.cbs.nl speaks it: figures in long form, measures by a code of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.local_cbs import write
from tests.local_cbs.answer import PLAIN, Answer, Asked, as_json, cut
from tests.local_cbs.query import BadQuery, matching, number, select
from tests.local_cbs.table import GEO, TIME, Dimension, Table, outer_groups

#: Rows per page.
PAGE = 100_000
_PATH = re.compile(r"/odata/v1/CBS/([^/]+)(?:/([^/]*))?(/\$count)?/?")
_CATALOG = re.compile(r"/odata/v1/(?:CBS/)?(Datasets|Catalogs)/?")
Found = Callable[[Table, Mapping[str, str], pd.DataFrame], Any]


def answer(
    asked: Asked,
    tables: Mapping[str, Table],
    page_size: int,
    found: Found,
    long: Callable[[Table], pd.DataFrame],
) -> Answer | None:
    """The answer to a v4 request, or None when the path is not of v4; ``long`` gives the observations of a table."""
    try:
        if (catalog := _CATALOG.fullmatch(asked.path)) is not None:
            value = [_info(t) for t in tables.values()] if catalog[1] == "Datasets" else [{"Identifier": "CBS"}]
            return _list(asked, catalog[1], value, f"{asked.own}/odata/v1")
        parts = _PATH.fullmatch(asked.path)
        if parts is None:
            return None
        name, entity, count = parts.groups()
        table = tables.get(name)
        if table is None:
            return _error(404, f"Dataset '{name}' is not known.")
        if not entity:
            return _service(asked, table)
        if entity == "Properties":
            return Answer(200, as_json({"@odata.context": f"{_base(asked)}/$metadata#Properties", **_info(table)}))
        if entity == "Observations":
            return _data(asked, table, bool(count), page_size, found, long(table))
        rows = _described(table, entity)
        if rows is None:
            return _error(404, f"Resource not found for the segment '{entity}'.")
        return _list(asked, entity, rows, _base(asked), bool(count))
    except BadQuery as error:
        return _error(400, str(error))


def _error(status: int, message: str) -> Answer:
    return Answer(
        status, as_json({"error": {"code": "", "message": message}}), "application/json; odata.metadata=minimal"
    )


def _base(asked: Asked) -> str:
    parts = _PATH.fullmatch(asked.path)
    assert parts is not None
    return f"{asked.own}/odata/v1/CBS/{parts[1]}"


def _service(asked: Asked, table: Table) -> Answer:
    names = ["MeasureGroups", "MeasureCodes", "Dimensions", "Observations"]
    for d in table.dimensions:
        names += [f"{d.key}Groups", f"{d.key}Codes"] if d.groups else [f"{d.key}Codes"]
    value = [{"name": n, "kind": "EntitySet", "url": n} for n in names]
    value.append({"name": "Properties", "kind": "Singleton", "url": "Properties"})
    return Answer(200, as_json({"@odata.context": f"{_base(asked)}/$metadata", "value": value}))


def _info(table: Table) -> dict[str, Any]:
    moment = table.modified if re.search(r"[Z+]", table.modified[10:]) else f"{table.modified}+01:00"
    return {
        "Identifier": table.id,
        "Title": table.title,
        "Description": table.summary,
        "Language": "nl",
        "Authority": "https://standaarden.overheid.nl/owms/terms/Centraal_Bureau_voor_de_Statistiek",
        "ContactPoint": "",
        "License": "https://creativecommons.org/licenses/by/4.0/",
        "Modified": moment,
        "Status": "Regulier",
        "TemporalCoverage": table.period,
        "Frequency": "Perjaar",
        "Publisher": "https://standaarden.overheid.nl/owms/terms/Centraal_Bureau_voor_de_Statistiek",
        "Catalog": "CBS",
        "DatasetType": "Numeric",
        "ObservationCount": len(table.rows) * len(table.topics),
        "ObservationsModified": moment,
    }


def _described(table: Table, entity: str) -> list[dict[str, Any]] | None:
    groups = outer_groups(table.topics)
    ids = {path: str(n) for n, (path, _, _) in enumerate(groups, start=1)}
    if entity == "MeasureGroups":
        return [
            {"Id": ids[path], "Index": n, "Title": title, "Description": "", "ParentId": ids.get(around)}
            for n, (path, around, title) in enumerate(groups, start=1)
        ]
    if entity == "MeasureCodes":
        return [
            {
                "Identifier": t.measure,
                "Index": n,
                "Title": t.title,
                "Description": "",
                "MeasureGroupId": ids.get(t.group),
                "DataType": "Long" if table.whole(t.column) else "Double",
                "Unit": t.unit,
                "Decimals": t.decimals,
                "PresentationType": "Relative" if "%" in t.unit else "Absolute",
            }
            for n, t in enumerate(table.topics, start=1)
        ]
    if entity == "Dimensions":
        return [
            {
                "Identifier": d.key,
                "Title": d.title,
                "Description": "",
                "Kind": d.kind,
                "ContainsGroups": bool(d.groups),
                "ContainsCodes": True,
                "ReleasePolicy": False,
                "MapYear": 2026 if d.kind == GEO else None,
            }
            for d in table.dimensions
        ]
    for d in table.dimensions:
        if entity == f"{d.key}Codes":
            return _codes(d)
        if entity == f"{d.key}Groups" and d.groups:
            return [
                {"Id": str(n), "Index": n, "Title": g, "Description": "", "ParentId": None}
                for n, g in enumerate(d.groups, start=1)
            ]
    return None


def _codes(dimension: Dimension) -> list[dict[str, Any]]:
    number_of = {g: str(n) for n, g in enumerate(dimension.groups, start=1)}
    return [
        {
            "Identifier": c.key.strip(),
            "Index": n,
            "Title": c.title,
            "Description": c.description,
            "DimensionGroupId": number_of.get(c.group or ""),
            **({"Status": c.status or "Definitief"} if dimension.kind == TIME else {}),
        }
        for n, c in enumerate(dimension.codes, start=1)
    ]


def _list(asked: Asked, entity: str, rows: list[dict[str, Any]], base: str, count: bool = False) -> Answer:
    frame = pd.DataFrame(rows)
    if rows and ("$filter" in asked.query or "$orderby" in asked.query):
        rows = [rows[i] for i in matching(asked.query, frame)]
    if count:
        return Answer(200, str(len(rows)).encode(), PLAIN)
    total = len(rows)
    skip, top = number(asked.query, "$skip") or 0, number(asked.query, "$top")
    rows = rows[skip : None if top is None else skip + top]
    if rows:
        columns = select(asked.query, list(frame.columns))
        rows = [{k: r[k] for k in columns} for r in rows]
    content: dict[str, Any] = {"@odata.context": f"{base}/$metadata#{entity}"}
    if asked.query.get("$count") == "true":
        content["@odata.count"] = total
    content["value"] = {"null_value": None, "empty": []}.get(asked.fault, rows)
    return Answer(200, as_json(content))


def observations(table: Table) -> pd.DataFrame:
    """The table in long form: Id, Measure, ValueAttribute, Value and the dimensions, codes without padding."""
    dims = {d.key: [c.key.strip() for c in d.codes] for d in table.dimensions}
    n, topics = len(table.rows), table.topics
    columns: dict[str, Any] = {"Id": np.arange(n * len(topics))}
    measures = [t.measure for t in topics]
    columns["Measure"] = pd.Categorical.from_codes(np.repeat(np.arange(len(topics)), n), categories=measures)
    values = np.concatenate([table.rows[t.column].to_numpy(dtype=float) for t in topics]) if topics else np.zeros(0)
    kinds = ["None", "Unknown"]
    columns["ValueAttribute"] = pd.Categorical.from_codes(np.isnan(values).astype(int), categories=kinds)
    columns["Value"] = values
    for key, codes in dims.items():
        numbers = np.tile(table.rows[key].cat.codes.to_numpy(), len(topics))
        columns[key] = pd.Categorical.from_codes(numbers, categories=codes)
    return pd.DataFrame(columns)


def _data(asked: Asked, table: Table, count: bool, page_size: int, found: Found, frame: pd.DataFrame) -> Answer:
    columns = select(asked.query, list(frame.columns))
    for name in ("$top", "$skip"):
        number(asked.query, name)
    at = found(table, asked.query, frame)
    if count:
        return Answer(200, str(len(at)).encode(), PLAIN)
    if asked.fault == "empty":
        at = at[:0]
    page = cut(asked, len(at), page_size)
    if asked.fault == "narrow":
        columns = columns[:-1]
    chosen = frame.iloc[at[page.start : page.stop]][columns]
    body = write.rows(chosen) if asked.fault != "null_value" else "null"
    parts = [f'"@odata.context":{write.text(f"{_base(asked)}/$metadata#Observations")}']
    if asked.query.get("$count") == "true":
        parts.append(f'"@odata.count":{len(at)}')
    parts.append(f'"value":{body}')
    if page.link:
        parts.append(f'"@odata.nextLink":{write.text(page.link)}')
    return Answer(200, ("{" + ",".join(parts) + "}").encode(), "application/json; odata.metadata=minimal")
