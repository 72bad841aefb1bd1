"""Statements about data (RDF) as Turtle and as JSON-LD; the same statements give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# What may not stand in an address between angle brackets.
_UNSAFE = '<>"{}|^`\\'


@dataclass(frozen=True)
class Link:
    """Another thing, by its full address."""

    address: str


@dataclass(frozen=True)
class Literal:
    """A value: a Dutch text, or a number or day of a kind of XML Schema ('date', 'decimal'); '' for plain text."""

    text: str
    kind: str = "nl"


Value = Link | Literal


@dataclass(frozen=True)
class Thing:
    """One thing: its full address, its classes and what is said of it, both with a prefix ('dct:title')."""

    address: str
    classes: tuple[str, ...]
    said: tuple[tuple[str, Value], ...] = ()


def turtle(things: Sequence[Thing]) -> bytes:
    """Things as Turtle."""
    head = [f"@prefix {p}: <{a}> ." for p, a in PREFIXES.items()]
    blocks = []
    for t in things:
        lines = [f"a {', '.join(t.classes)}", *(f"{p} {_turtle_value(v)}" for p, v in t.said)]
        blocks.append(f"{_bracketed(t.address)}\n    " + " ;\n    ".join(lines) + " .")
    return ("\n".join(head) + "\n\n" + "\n\n".join(blocks) + "\n").encode()


def _bracketed(address: str) -> str:
    safe = "".join(f"%{ord(c):02X}" if c in _UNSAFE or ord(c) <= 32 else c for c in address)
    return f"<{safe}>"


def _turtle_value(value: Value) -> str:
    if isinstance(value, Link):
        return _bracketed(value.address)
    text = value.text
    for sign, told in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(sign, told)
    return f'"{text}"' + (f"@{value.kind}" if value.kind == "nl" else f"^^xsd:{value.kind}" if value.kind else "")


def json_ld(things: Sequence[Thing]) -> bytes:
    """Things as JSON-LD, with its context in the file so that nothing need be fetched."""
    graph = []
    for t in things:
        made: dict[str, object] = {"@id": t.address, "@type": list(t.classes)}
        for name in dict.fromkeys(p for p, _ in t.said):
            values = [_json_value(v) for p, v in t.said if p == name]
            made[name] = values[0] if len(values) == 1 else values
        graph.append(made)
    return (json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def _json_value(value: Value) -> object:
    if isinstance(value, Link):
        return {"@id": value.address}
    if value.kind == "nl":
        return {"@value": value.text, "@language": "nl"}
    return {"@value": value.text, "@type": f"xsd:{value.kind}"} if value.kind else value.text
