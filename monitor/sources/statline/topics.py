"""Find the topics of a request among those that a table has, and hold them against what we know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitor.definitions.statline import STATLINE_FILE
from monitor.errors import SourceInvalid
from monitor.nearest import nearest
from monitor.sources.statline.service import Described, Expected, Request
from monitor.sources.statline.table import text_of

_BETWEEN = " / "  # between the titles of a group and the one in it
_ALIKE = 0.3  # titles are long: a few words in common already say something
_ONCE_V3 = "haal de tabel één keer op met protocol v3 en --force: dat legt vast wat CBS zegt"
_WAY_OUT = f"Ga na wat CBS veranderde, en pas {STATLINE_FILE} en de indicator aan."


def by_key(name: str, request: Request, present: Sequence[Described]) -> dict[str, Described]:
    """Find topics by their key, with or without its number (v3); never by where they stand.

    Raises:
        SourceInvalid: a topic is not there, more than one has its key, or its title or unit is another.
    """
    _hold_asked(name, request)
    found = {topic: _one_by_key(name, topic, request, present) for topic in request.topics}
    for topic, described in found.items():
        known = request.expected.get(topic, Expected())
        _hold(name, topic, "titel", known.title, described.title)
        _hold(name, topic, "eenheid", known.unit, described.unit)
    return found


def by_title(name: str, request: Request, present: Sequence[Described]) -> dict[str, Described]:
    """Find topics by their title and unit: in v4 a measure has a code of its own, and no topic key.

    Where several have them, the group tells which it is.

    Raises:
        SourceInvalid: the title is not known to us, is not there, stands there twice and no group tells which, has
            another unit, or two topics turn out to be the same.
    """
    _hold_asked(name, request)
    found = {topic: _one_by_title(name, topic, request, present) for topic in request.topics}
    taken: dict[str, str] = {}
    for topic, described in found.items():
        other = taken.setdefault(described.column, topic)
        if other != topic:  # of two namesakes one is gone: the other must not pass for both
            message = f"{name} heeft nog maar één onderwerp '{described.title}' voor '{other}' en '{topic}'."
            raise SourceInvalid(message, _WAY_OUT)
    return found


def group_paths(records: Iterable[Mapping[str, Any]], number: str, parent: str) -> dict[str, str]:
    """Per topic group the titles from the outermost group to itself, joined by ' / '.

    Args:
        records: the groups, each with a Title.
        number: the field with the number of a group.
        parent: the field with the number of the group around it; empty at the outermost.
    """
    held = {text_of(r, number): (text_of(r, "Title"), text_of(r, parent)) for r in records}

    def titles(group: str) -> Iterable[str]:
        seen = set()
        while group in held and group not in seen:  # a ring of groups ends too
            seen.add(group)
            title, group = held[group]
            yield title

    return {group: _BETWEEN.join(reversed([t for t in titles(group) if t])) for group in held}


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
    title = request.expected.get(topic, Expected()).title
    renamed = [d for d in present if title and d.title == title.strip()]
    if renamed:
        told = f"Hernoemd? '{title}' heet er nu '{renamed[0].key}'. {_WAY_OUT}"
        raise SourceInvalid(f"{name} heeft geen onderwerp '{topic}' meer.", told)
    near = ", ".join(nearest(topic, [d.key for d in present], 3)) or "geen"
    raise SourceInvalid(f"{name} heeft geen onderwerp '{topic}'.", f"Het meest lijken: {near}. {_WAY_OUT}")


def _one_by_title(name: str, topic: str, request: Request, present: Sequence[Described]) -> Described:
    known = request.expected.get(topic, Expected())
    title, unit = known.title, known.unit
    if title is None:
        way_out = f"Protocol v4 zoekt op titel: vul 'title' en 'unit' in in {STATLINE_FILE}, of {_ONCE_V3}."
        raise SourceInvalid(f"{name}: van onderwerp '{topic}' is geen titel bekend.", way_out)
    same = [d for d in present if d.title == title.strip()]
    if not same:
        near = ", ".join(f"'{t}'" for t in nearest(title, dict.fromkeys(d.title for d in present), 3, _ALIKE)) or "geen"
        message = f"{name} heeft geen onderwerp met de titel '{title}' ({topic})."
        raise SourceInvalid(message, f"Het meest lijken: {near}. {_WAY_OUT}")
    fitting = [d for d in same if unit is None or d.unit == unit.strip()]
    if not fitting:
        _hold(name, topic, "eenheid", unit, " of ".join(dict.fromkeys(d.unit for d in same)))
    chosen = fitting if len(fitting) == 1 else _of_group(known.group, fitting)
    if len(chosen) == 1:
        return chosen[0]
    raise _namesakes(name, topic, known, fitting)


def _of_group(group: str | None, namesakes: Sequence[Described]) -> list[Described]:
    """Those of a group: with the same titles around it, else where one of both tells fewer of the outer ones."""
    if group is None:
        return []
    wanted = group.strip()
    exact = [d for d in namesakes if d.group == wanted]
    return exact or [d for d in namesakes if _ends_alike(d.group, wanted)]


def _ends_alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and long.endswith(f"{_BETWEEN}{short}")


def _namesakes(name: str, topic: str, known: Expected, found: Sequence[Described]) -> SourceInvalid:
    """The refusal of a title that several have: it names them, and what to write down to tell them apart."""
    told = "; ".join(
        f"{d.column} ({d.unit or 'zonder eenheid'}{f', groep {_quoted(d.group)}' if d.group else ''})" for d in found
    )
    groups = list(dict.fromkeys(_quoted(d.group) for d in found if d.group))
    if known.unit is None and len({d.unit for d in found}) > 1:
        line = f"vul in {STATLINE_FILE} de eenheid in bij {topic}"
    elif len(groups) > 1:
        line = f"zet in {STATLINE_FILE} bij {topic} de regel group: {' of group: '.join(groups)}"
    else:
        line = "hun groepen verschillen niet"
    message = f"{name} heeft meer dan één onderwerp '{known.title}' ({topic})"
    gone = f", en geen daarvan staat nog in de groep {_quoted(known.group)}" if known.group else ""
    way_out = f"Het zijn {told}: {line}, of {_ONCE_V3}."
    return SourceInvalid(f"{message}{gone}.", way_out)


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _hold(name: str, topic: str, what: str, old: str | None, new: str) -> None:
    if old is not None and old.strip() != new:
        message = f"{name}: de {what} van onderwerp '{topic}' is veranderd van '{old}' in '{new}'."
        raise SourceInvalid(message, _WAY_OUT)
