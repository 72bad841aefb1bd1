"""The basket of a pack: which figures, in which order, with which notes, for which documents.

It lives in a link or in a small YAML file, both of which somebody else can open.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import Field

from monitor.assessment import BENCHMARKS, BenchmarkId
from monitor.definitions import Definitions
from monitor.definitions.models import Frozen, Slug, Text
from monitor.definitions.reading import model_of, parsed
from monitor.errors import DefinitionError, ExportError
from monitor.export.pack import Meeting
from monitor.export.reference import Reference

DocumentId = Literal["presentatie", "oplegger", "plan", "werkboek", "rapport", "factsheet"]
DOCUMENTS: tuple[DocumentId, ...] = get_args(DocumentId)
NAMES: dict[DocumentId, str] = {
    "presentatie": "Presentatie (PowerPoint)",
    "oplegger": "AB-oplegger (Word)",
    "plan": "Bouwstenen voor het plan (Word)",
    "werkboek": "Werkboek (Excel)",
    "rapport": "Rapport (PDF)",
    "factsheet": "Factsheet van één pagina (PDF)",
}
# More figures than this make no papers that anybody reads, and no pack that is made while one waits.
MOST = 40
LONGEST_NOTE, LONGEST_TITLE = 600, 160
# A link and a cookie with more characters than this get lost on the way.
LONGEST_LINK = 3600
_LARGEST = 200_000
_DEEPEST = 20
_OTHER_FILE = "Kies een bestand dat op de pagina AB-pakket is bewaard."


@dataclass(frozen=True)
class Item:
    """A figure in the basket, by reference, with what its maker wrote beside it."""

    figure: Reference
    note: str = ""


@dataclass(frozen=True)
class Basket:
    """A basket. ``goal`` None: all goals. ``before``: the year or edition to tell changes since; empty for none."""

    region: str
    goal: int | None = None
    benchmark: BenchmarkId = "nederland"
    title: str = ""
    meeting: Meeting = field(default_factory=Meeting)
    before: str = ""
    documents: tuple[DocumentId, ...] = ("presentatie", "oplegger", "werkboek", "factsheet")
    items: tuple[Item, ...] = ()

    def with_item(self, figure: Reference) -> Basket:
        """The basket with a figure at its end; one that is there already stays where it is.

        Raises:
            ExportError: the basket is full.
        """
        if any(i.figure == figure for i in self.items):
            return self
        return replace(self, items=not_too_many((*self.items, Item(figure))))


def not_too_many(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items, when they are not too many.

    Raises:
        ExportError: there are more than ``MOST``.
    """
    if len(items) > MOST:
        raise ExportError(
            f"Een pakket heeft hoogstens {MOST} figuren; dit zijn er {len(items)}.",
            "Haal figuren weg, of maak er twee pakketten van.",
        )
    return items


class _Piece(Frozen):
    figuur: Text
    noot: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


class _Meeting(Frozen):
    orgaan: Annotated[str, Field(max_length=LONGEST_TITLE)] = Meeting.body
    datum: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    agendapunt: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    onderwerp: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    portefeuillehouder: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""


class _File(Frozen):
    """A basket as it stands in a file: Dutch names, because people read and write it."""

    versie: Literal[1] = 1
    regio: Slug
    doel: Annotated[int, Field(ge=1, le=3)] | None = None
    vergelijk: BenchmarkId = "nederland"
    titel: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    sinds: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    vergadering: _Meeting = _Meeting()
    documenten: tuple[DocumentId, ...] = Basket.documents
    stukken: tuple[_Piece, ...] = ()


def as_yaml(basket: Basket) -> str:
    """A basket as a file."""
    text = yaml.safe_dump(_plain(basket), allow_unicode=True, sort_keys=False, width=110)
    return f"# AB-pakket van de Regiomonitor Brede Welvaart. Open het op de pagina AB-pakket.\n{text}"


def read_yaml(content: bytes, definitions: Definitions, name: str = "pakket.yaml") -> Basket:
    """Read a basket from a file.

    Raises:
        DefinitionError: it is no YAML or does not have the form of a basket; names file, entry and field.
        UnknownName: its region does not exist.
        ExportError: it is too large, or has too many figures.
    """
    if len(content) > _LARGEST:
        raise ExportError(f"{name} is te groot voor een pakket.", "Kies een bestand dat hier is bewaard.")
    _not_too_deep(name, content)
    return _basket(name, parsed(name, content), definitions)


def _not_too_deep(name: str, content: bytes) -> None:
    """Hold a file that anybody may bring against a depth: the loader ends the whole process on one that is too deep.

    Raises:
        DefinitionError: lists or fields stand in each other deeper than a basket has them.
    """
    depth = 0
    try:
        for event in yaml.parse(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            starts, ends = yaml.events.CollectionStartEvent, yaml.events.CollectionEndEvent
            depth += isinstance(event, starts) - isinstance(event, ends)
            if depth > _DEEPEST:
                raise DefinitionError(f"{name} is geen pakket.", _OTHER_FILE)
    except yaml.YAMLError:
        return  # told with its place by who reads it


def as_text(basket: Basket) -> str:
    """A basket as it stands in a link: letters, digits, '-' and '_'.

    Raises:
        ExportError: it does not fit.
    """
    raw = json.dumps(_plain(basket), ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")
    if len(text) > LONGEST_LINK:
        raise ExportError(
            "Het pakket past zo niet in een link.",
            "Kort de noten in, haal figuren weg, of bewaar het als bestand en begin een tweede pakket.",
        )
    return text


def read_text(text: str, definitions: Definitions) -> Basket:
    """The reverse of ``as_text``.

    Raises:
        ExportError: the link is damaged.
        DefinitionError: as for ``read_yaml``.
        UnknownName: as for ``read_yaml``.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        raw = unpacking.decompress(packed, _LARGEST)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise ValueError
        said = json.loads(raw)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise ExportError("De link naar dit pakket is beschadigd.", "Vraag de maker om een nieuwe link.") from None
    return _basket("de link", said, definitions)


def _plain(basket: Basket) -> dict[str, Any]:
    """What a basket says, without what is as usual."""
    m = basket.meeting
    meeting = {
        "orgaan": m.body if m.body != Meeting.body else "",
        "datum": m.day,
        "agendapunt": m.item,
        "onderwerp": m.subject,
        "portefeuillehouder": m.holder,
    }
    pieces = [{"figuur": str(i.figure)} | ({"noot": i.note} if i.note else {}) for i in basket.items]
    said = {
        "versie": 1,
        "regio": basket.region,
        "doel": basket.goal,
        "vergelijk": basket.benchmark if basket.benchmark != BENCHMARKS[0] else None,
        "titel": basket.title,
        "sinds": basket.before,
        "vergadering": {k: v for k, v in meeting.items() if v},
        "documenten": list(basket.documents) if basket.documents != Basket.documents else None,
        "stukken": pieces,
    }
    return {k: v for k, v in said.items() if v or (k == "documenten" and v is not None)}


def _basket(name: str, said: Any, definitions: Definitions) -> Basket:
    if not isinstance(said, dict):
        raise DefinitionError(f"{name} is geen pakket.", _OTHER_FILE)
    read = model_of(Path(name), _File, said, "")
    definitions.region(read.regio)
    v = read.vergadering
    return Basket(
        read.regio,
        read.doel,
        read.vergelijk,
        read.titel.strip(),
        Meeting(v.orgaan or Meeting.body, v.datum, v.agendapunt, v.onderwerp, v.portefeuillehouder),
        read.sinds.strip(),
        tuple(d for d in DOCUMENTS if d in read.documenten),
        not_too_many(tuple(Item(Reference.read(p.figuur), p.noot.strip()) for p in read.stukken)),
    )
