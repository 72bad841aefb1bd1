"""The data package in the words of two standards: Frictionless Data Package (v1) and CSV on the Web (W3C).

Version 1 of Data Package, because the released R package reads no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.export.package.model import Column, Kind, Table, Terms

DATAPACKAGE, CSVW = "datapackage.json", "csv-metadata.json"
PUBLISHER = "Regiomonitor Brede Welvaart"
_FRICTIONLESS: dict[Kind, dict[str, str]] = {
    "tekst": {"type": "string"},
    "geheel getal": {"type": "integer"},
    "getal": {"type": "number"},
    "jaar": {"type": "year"},
    "ja of nee": {"type": "boolean"},
    "datum": {"type": "date"},
    "adres": {"type": "string", "format": "uri"},
}
_CSVW: dict[Kind, str] = {
    "tekst": "string",
    "geheel getal": "integer",
    # Not 'double': the cells are exact, and a decimal knows bounds in every reader.
    "getal": "decimal",
    "jaar": "gYear",
    "ja of nee": "boolean",
    "datum": "date",
    "adres": "anyURI",
}


@dataclass(frozen=True)
class About:
    """What both standards say of the package as a whole.

    ``sources``: (title, address) of every table that figures come from.
    """

    name: str
    title: str
    text: str
    edition: str
    citation: str
    sources: tuple[tuple[str, str], ...]


def frictionless_json(about: About, tables: Sequence[Table], files: Mapping[str, bytes]) -> bytes:
    """``datapackage.json``.

    Args:
        about: the package as a whole.
        tables: in order.
        files: name -> content, for size and checksum of each table.
    """
    package = {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "description": about.text,
        "version": about.edition,
        "keywords": ["brede welvaart", "regio’s", "gemeenten", "Nationaal Programma Vitale Regio’s"],
        "licenses": [_licence(t) for t in _all_terms(tables)],
        "contributors": [{"title": PUBLISHER, "role": "publisher"}],
        "sources": [{"title": title, "path": address} for title, address in about.sources],
        "citation": about.citation,
        "resources": [_resource(t, files[t.file]) for t in tables],
    }
    return _json(package)


def csvw_json(about: About, tables: Sequence[Table]) -> bytes:
    """``csv-metadata.json``; for the arguments see ``frictionless_json``."""
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "dc:title": about.title,
        "dc:description": about.text,
        "dc:language": "nl",
        "dc:publisher": PUBLISHER,
        "dc:identifier": about.name,
        "dc:hasVersion": about.edition,
        "dc:bibliographicCitation": about.citation,
        "dc:license": [{"@id": t.path} for t in _all_terms(tables)],
        "dc:source": [{"@id": address} for address in dict.fromkeys(a for _, a in about.sources)],
        "lang": "nl",
        "dialect": {"encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "tables": [_csvw_table(t) for t in tables],
    }
    return _json(group)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _all_terms(tables: Sequence[Table]) -> list[Terms]:
    return list(dict.fromkeys(t for table in tables for t in table.terms))


def _licence(terms: Terms) -> dict[str, str]:
    name = {"name": terms.name} if terms.name else {}
    return {**name, "title": terms.title, "path": terms.path}


def _resource(table: Table, content: bytes) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(c) for c in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.links:
        schema["foreignKeys"] = [
            {
                "fields": list(k.columns),
                # An empty name is the table itself.
                "reference": {"resource": "" if k.table == table.name else k.table, "fields": list(k.targets)},
            }
            for k in table.links
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file,
        "title": table.title,
        "description": table.text,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "licenses": [_licence(t) for t in table.terms],
        "schema": schema,
    }


def _field(column: Column) -> dict[str, object]:
    rules = {
        "required": column.required or None,
        "enum": list(column.options) or None,
        "minimum": column.least,
        "maximum": column.most,
        "pattern": column.pattern or None,
    }
    constraints = {k: v for k, v in rules.items() if v is not None}
    made: dict[str, object] = {"name": column.name, **_FRICTIONLESS[column.kind], "description": column.text}
    return made | ({"constraints": constraints} if constraints else {})


def _csvw_table(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {
        "columns": [_csvw_column(c) for c in table.columns],
        "primaryKey": list(table.key),
    }
    # In this standard every row must have what it points to, so that a column that may be empty cannot be a link.
    required = {c.name for c in table.columns if c.required}
    links = [k for k in table.links if required.issuperset(k.columns)]
    if links:
        schema["foreignKeys"] = [
            {
                "columnReference": list(k.columns),
                "reference": {"resource": f"{k.table}.csv", "columnReference": list(k.targets)},
            }
            for k in links
        ]
    return {
        "url": table.file,
        "dc:title": table.title,
        "dc:description": table.text,
        "dc:license": [{"@id": t.path} for t in table.terms],
        "tableSchema": schema,
    }


def _csvw_column(column: Column) -> dict[str, object]:
    datatype: dict[str, object] = {"base": _CSVW[column.kind]}
    # This standard knows no list of values; a pattern says the same.
    pattern = column.pattern or "|".join(_literal(o) for o in column.options)
    rules = {"format": pattern or None, "minimum": column.least, "maximum": column.most}
    datatype |= {k: v for k, v in rules.items() if v is not None}
    made: dict[str, object] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.text,
        "datatype": datatype if len(datatype) > 1 else datatype["base"],
    }
    return made | ({"required": True} if column.required else {})


def _literal(text: str) -> str:
    """A text as a regular expression that every dialect reads alike."""
    return "".join(f"\\{c}" if c in r"\.^$|?*+()[]{}" else c for c in text)
