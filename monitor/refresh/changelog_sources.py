"""The sources of a change log: which tables and outlines came, what stood in their place, and by which code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.dates import told_noted
from monitor.notation import listing
from monitor.refresh.rmbw_names import FAMILY
from monitor.snapshot.store import Snapshot
from monitor.sources.statline.service import published_at

# Manifest entries of outlines; what they are of.
OUTLINES = {"GRENZEN": "gemeentegrenzen", "BUURLANDEN": "grenzen van buurlanden"}
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def table_code(table: str, entry: Mapping[str, Any]) -> str:
    """The id by which a reader finds a table: StatLine's own spelling where it was fetched, else ours.

    Args:
        table: name of the manifest entry.
        entry: the manifest entry.
    """
    statline = entry.get("statline")
    return str((statline.get("id") if isinstance(statline, Mapping) else None) or table)


def told_day(text: object) -> str:
    """The day in Dutch words of a moment or day as a manifest writes it (ISO 8601); '' when it is none."""
    return told_noted(text).partition(",")[0]


def plain(text: str) -> str:
    """A text of elsewhere on one line, without signs that Markdown would read."""
    return " ".join(text.replace("*", " ").replace("`", " ").replace("#", " ").replace("|", " ").split())


# --- tables ---


def fetched_lines(fetched: Mapping[str, Mapping[str, Any]], old: Snapshot, new: Snapshot) -> list[str]:
    """One line per table that came in: by which code, how old, and what stood in its place.

    Args:
        fetched: table -> manifest entry of what came.
        old: the edition before.
        new: the new one.
    """
    made = []
    for table, entry in sorted(fetched.items()):
        said = _of_file(table, entry, old, new) if table.startswith(FAMILY) else _of_service(table, entry, old)
        lead = f"{plain(str(entry.get('title') or '')) or 'Tabel'} ({table_code(table, entry)})"
        made.append(f"- {lead}: {'; '.join(said)}.")
    return made


def _of_service(table: str, entry: Mapping[str, Any], old: Snapshot) -> list[str]:
    now = str(entry.get("modified") or "")
    before = old.manifest["sources"].get(table, {})
    then = published_at(str(before.get("modified") or ""))
    told = [f"bijgewerkt op {told_day(now)}"] if told_day(now) else []
    if not before:
        return [*told, "in de vorige editie stond deze tabel niet"]
    if now and now == then:
        return [*told, "dezelfde versie als in de vorige editie"]
    if told_day(then):
        return [*told, f"in de vorige editie de versie van {told_day(then)}"]
    return [*told, "van de versie in de vorige editie is de datum niet bekend"]


def _of_file(table: str, entry: Mapping[str, Any], old: Snapshot, new: Snapshot) -> list[str]:
    """Of an edition of the Regionale Monitor that was read from files: which, when, and which edition gave way."""
    files = [plain(str(f)) for f in entry.get("files") or ()]
    day = told_day(entry.get("retrieved"))
    read = f"ingelezen uit {listing([f'‘{f}’' for f in files])}" if files else "ingelezen uit een bestand"
    told = [f"{read}{f' op {day}' if day else ''}"]
    gone = sorted(t.removeprefix(FAMILY) for t in _used(old) - _used(new) if t.startswith(FAMILY) and t != table)
    if gone:
        told.append(f"in plaats van editie {listing(gone)}, die de vorige editie had")
    elif table in old.manifest["sources"]:
        told.append("de vorige editie had deze editie ook al, uit een eerder bestand")
    return told


def _used(edition: Snapshot) -> set[str]:
    return {str(s) for s in edition.observations["source"].unique()}


# --- outlines ---


def outlines_differ(old: Snapshot, new: Snapshot) -> bool:
    """Whether the maps of two editions are drawn from other outlines."""
    return bool(outline_lines(old, new))


def outline_lines(old: Snapshot, new: Snapshot) -> list[str]:
    """Which outlines came in the place of which, with a warning when their layout is of an older year."""
    lines = []
    for name, what in OUTLINES.items():
        before, after = (s.manifest["sources"].get(name, {}) for s in (old, new))
        if not after or (before.get("sha256"), _layout(before)) == (after.get("sha256"), _layout(after)):
            continue
        was = f"daarvoor: {_described(before, what)}" if before else "daarvoor waren er geen"
        lines.append(f"- Nu: {_described(after, what)}; {was}.")
        then, now = _layout(before), _layout(after)
        if then and now and now < then:
            older = f"de indeling van {now} in plaats van {then}"
            lines.append(f"- **Let op**: deze {what} zijn ouder dan die van daarvoor: {older}.")
    return lines


def _described(entry: Mapping[str, Any], what: str) -> str:
    title = plain(str(entry.get("title") or "")) or what.capitalize()
    publisher = plain(str(entry.get("publisher") or ""))
    day = told_day(entry.get("retrieved"))
    when = f"opgehaald op {day}" if day else "niet bekend wanneer opgehaald"
    layout = _layout(entry)
    year = f", indeling {layout}" if layout and str(layout) not in title else ""
    return f"{title}{year} ({f'{publisher}, ' if publisher else ''}{when})"


def _layout(entry: Mapping[str, Any]) -> int:
    """The year of the layout of outlines; the last year in their title where it was not noted, 0 when unknown."""
    noted = entry.get("year")
    years = _YEAR.findall(str(entry.get("title") or ""))
    return int(noted) if isinstance(noted, int) else int(max(years, default="0"))
