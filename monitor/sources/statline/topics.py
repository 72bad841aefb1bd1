"""Find the topics of a request among those that a table has, and hold them against what we know of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.definitions.statline import STATLINE_FILE
from monitor.errors import SourceInvalid
from monitor.nearest import nearest
from monitor.sources.statline.service import Described, Request

_ALIKE = 0.3  # titles are long: a few words in common already say something
_WAY_OUT = f"Ga na wat CBS veranderde, en pas {STATLINE_FILE} en de indicator aan."


def by_key(name: str, request: Request, present: Sequence[Described]) -> dict[str, Described]:
    """Find topics by their key, with or without its number (v3); never by where they stand.

    Raises:
        SourceInvalid: a topic is not there, more than one has its key, or its title or unit is another.
    """
    _hold_asked(name, request)
    found = {topic: _one_by_key(name, topic, request, present) for topic in request.topics}
    for topic, described in found.items():
        title, unit = request.expected.get(topic, (None, None))
        _hold(name, topic, "titel", title, described.title)
        _hold(name, topic, "eenheid", unit, described.unit)
    return found


def by_title(name: str, request: Request, present: Sequence[Described]) -> dict[str, Described]:
    """Find topics by their title and unit: in v4 a measure has a code of its own, and no topic key.

    Raises:
        SourceInvalid: the title is not known to us, is not there, stands there twice, or has another unit.
    """
    _hold_asked(name, request)
    return {topic: _one_by_title(name, topic, request, present) for topic in request.topics}


def hold_columns(name: str, wanted: Iterable[str], present: Iterable[str]) -> None:
    """Raise SourceInvalid when a dimension is not there; the nearest are named."""
    known = list(present)
    for column in wanted:
        if column not in known:
            near = ", ".join(nearest(column, known, 3)) or ", ".join(known)
            way_out = f"Zij heeft: {near}. Pas 'filters' aan in {STATLINE_FILE} of bij de indicator."
            raise SourceInvalid(f"{name} heeft geen dimensie '{column}'.", way_out)


def _hold_asked(name: str, request: Request) -> None:
    if not request.topics:
        raise SourceInvalid(f"{name}: er is geen onderwerp gevraagd.", f"Vul 'topics' in {STATLINE_FILE}.")


def _one_by_key(name: str, topic: str, request: Request, present: Sequence[Described]) -> Described:
    exact = [d for d in present if d.column == topic]
    found = exact or [d for d in present if d.key == topic]
    if len(found) == 1:
        return found[0]
    if found:
        columns = ", ".join(d.column for d in found)
        way_out = f"Zet in {STATLINE_FILE} welk van deze het is: {columns}."
        raise SourceInvalid(f"{name} heeft meer dan één onderwerp '{topic}'.", way_out)
    title, _ = request.expected.get(topic, (None, None))
    renamed = [d for d in present if title and d.title == title.strip()]
    if renamed:
        told = f"Hernoemd? '{title}' heet er nu '{renamed[0].key}'. {_WAY_OUT}"
        raise SourceInvalid(f"{name} heeft geen onderwerp '{topic}' meer.", told)
    near = ", ".join(nearest(topic, [d.key for d in present], 3)) or "geen"
    raise SourceInvalid(f"{name} heeft geen onderwerp '{topic}'.", f"Het meest lijken: {near}. {_WAY_OUT}")


def _one_by_title(name: str, topic: str, request: Request, present: Sequence[Described]) -> Described:
    title, unit = request.expected.get(topic, (None, None))
    if title is None:
        way_out = f"Protocol v4 zoekt op titel: vul 'title' en 'unit' in in {STATLINE_FILE}, of kies protocol v3."
        raise SourceInvalid(f"{name}: van onderwerp '{topic}' is geen titel bekend.", way_out)
    same = [d for d in present if d.title == title.strip()]
    if not same:
        near = ", ".join(f"'{t}'" for t in nearest(title, dict.fromkeys(d.title for d in present), 3, _ALIKE)) or "geen"
        message = f"{name} heeft geen onderwerp met de titel '{title}' ({topic})."
        raise SourceInvalid(message, f"Het meest lijken: {near}. {_WAY_OUT}")
    fitting = [d for d in same if unit is None or d.unit == unit.strip()]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        _hold(name, topic, "eenheid", unit, " of ".join(dict.fromkeys(d.unit for d in same)))
    told = ", ".join(f"{d.column} ({d.unit or 'zonder eenheid'})" for d in same)
    way_out = f"Het zijn {told}: vul de eenheid in, of kies protocol v3."
    raise SourceInvalid(f"{name} heeft meer dan één onderwerp '{title}' ({topic}).", way_out)


def _hold(name: str, topic: str, what: str, old: str | None, new: str) -> None:
    if old is not None and old.strip() != new:
        message = f"{name}: de {what} van onderwerp '{topic}' is veranderd van '{old}' in '{new}'."
        raise SourceInvalid(message, _WAY_OUT)
