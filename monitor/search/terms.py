"""Everyday words for what is searched, from data/definitions/zoekwoorden.yaml; and the pages as search results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from monitor import paths
from monitor.definitions.models import Frozen, MunicipalityCode, Slug, Text
from monitor.definitions.reading import model_of, read
from monitor.errors import DefinitionError
from monitor.nearest import need

FILE = "zoekwoorden.yaml"
_BETTER = "Verbeter de naam of haal de ingang weg."
Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class IndicatorWords(Frozen):
    """Words by which people look for these indicators."""

    words: Words
    ids: Annotated[tuple[Slug, ...], Field(min_length=1)]


class MunicipalityWords(Frozen):
    """Other names of a municipality."""

    code: MunicipalityCode
    words: Words


class PageWords(Frozen):
    """A page of the monitor: its path, its title, what it is about and other words for it."""

    id: Slug
    name: Text
    about: Text
    words: tuple[Text, ...] = ()


class _File(Frozen):
    indicators: tuple[IndicatorWords, ...]
    municipalities: tuple[MunicipalityWords, ...] = ()
    pages: tuple[PageWords, ...] = ()


@dataclass(frozen=True)
class Terms:
    """Everyday words per indicator id and municipality code, and the pages."""

    indicators: Mapping[str, tuple[str, ...]]
    municipalities: Mapping[str, tuple[str, ...]]
    pages: tuple[PageWords, ...]


def read_terms(indicators: Iterable[str], municipalities: Iterable[str], folder: Path = paths.DEFINITIONS) -> Terms:
    """Read the everyday words and hold them against what exists.

    Args:
        indicators: ids.
        municipalities: codes of the present layout.
        folder: with zoekwoorden.yaml.

    Raises:
        DefinitionError: the file breaks its schema or names what does not exist; names file, entry and field.
    """
    path = folder / FILE
    made = model_of(path, _File, read(path), "")
    per_indicator: dict[str, tuple[str, ...]] = {}
    for place, entry in enumerate(made.indicators, start=1):
        for name in entry.ids:
            need(f"{FILE}, indicators, ingang {place}", "ids", [name], indicators, _BETTER)
            per_indicator[name] = (*per_indicator.get(name, ()), *entry.words)
    for place, other in enumerate(made.municipalities, start=1):
        need(f"{FILE}, municipalities, ingang {place}", "code", [other.code], municipalities, _BETTER)
    twice = next((p.id for p in made.pages if [q.id for q in made.pages].count(p.id) > 1), None)
    if twice:
        raise DefinitionError(f"{FILE}, pages: '{twice}' staat er twee keer in.", "Haal de dubbele weg.")
    return Terms(per_indicator, {m.code: m.words for m in made.municipalities}, made.pages)
