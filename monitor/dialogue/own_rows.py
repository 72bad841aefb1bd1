"""Hold the rows of a spreadsheet against what a finding must be: every fault with row and column, all at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from monitor import dates
from monitor.definitions import Definitions
from monitor.definitions.models import FindingIndicator
from monitor.dialogue import own_columns as columns
from monitor.dialogue.own import PREFIX, OwnFinding, Wrong, cannot_expect, one_line
from monitor.dialogue.own_names import Names, fold, parts, slug, suggestion
from monitor.dialogue.own_sheet import Row, Sheet, read_sheet
from monitor.errors import MonitorError, SourceInvalid
from monitor.notation import listing

# One file at a time is unpacked and checked in a process: anybody may offer one, and it takes the whole server.
_TURN = threading.Lock()
# Seconds that somebody waits for their turn.
PATIENCE = 10.0


# So many wrong names of a file get the nearest name with them: looking for it takes most of the time.
_MOST_HINTS = 300
# So many wrong names are told of one cell.
_MOST_WRONG = 3


class Busy(MonitorError):
    """Another file is being checked; nothing was done with this one."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and what may help."""

    row: int
    column: str
    text: str
    way_out: str = ""

    @property
    def told(self) -> str:
        """The fault as one line: 'Rij 7, kolom ‘thema’s’: ‘gezondhied’ bestaat niet. Bedoelde u ‘gezondheid’?'."""
        where = f"Rij {self.row}, kolom ‘{self.column}’" if self.column else f"Rij {self.row}"
        return f"{where}: {self.text}. {self.way_out}".strip()


@dataclass(frozen=True)
class Checked:
    """A sheet after the check: the good rows as findings, all faults, and what else the user should know."""

    sheet: Sheet
    findings: tuple[OwnFinding, ...] = ()
    rows: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def wrong_rows(self) -> int:
        """In how many rows something is wrong."""
        return len({f.row for f in self.faults})


@dataclass
class _Reading:
    """One row while it is read: what it holds and what is wrong."""

    row: Row
    values: Mapping[str, str]
    hinted: set[tuple[str, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Whether something is wrong in this column already."""
        return any(f.column == columns.name_of(key) for f in self.faults)

    def wrong(self, key: str, text: str, way_out: str = "") -> None:
        self.faults.append(Fault(self.row.number, columns.name_of(key) if key else "", text, way_out))

    def unknown(self, key: str, typed: str, names: Names) -> None:
        """A name that does not exist, with the nearest that does, as long as there are not too many."""
        kind = key.partition("-")[0]
        if len(self.hinted) < _MOST_HINTS:
            self.hinted.add((kind, typed))
        known = (kind, typed) in self.hinted
        hint = names.hint(typed[:80]) if known else "Kies een naam van het blad Uitleg."
        self.wrong(key, f"‘{typed[:80]}’ bestaat niet", hint)

    def text(self, key: str) -> str:
        return one_line(self.values.get(key, ""))


def read_and_check(
    content: bytes,
    name: str,
    definitions: Definitions,
    taken: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Checked:
    """Read an uploaded file and check its rows, while no other file is read in this process.

    Args:
        content: the bytes of the file.
        name: as the user knows it.
        definitions: what regions, themes, goals and indicators exist.
        taken: ids that other findings have.
        known: title -> id in an earlier version of the same file.
        patience: seconds to wait for another file.

    Raises:
        Busy: another file took longer than that.
        SourceInvalid: the file cannot be used (``read_sheet`` and ``check``).
    """
    if not _TURN.acquire(timeout=patience):
        raise Busy(f"‘{name}’ is nog niet nagekeken: de monitor kijkt nu een ander bestand na.", "Probeer het zo weer.")
    try:
        return check(read_sheet(content, name), definitions, taken, known)
    finally:
        _TURN.release()


def check(
    sheet: Sheet,
    definitions: Definitions,
    taken: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
) -> Checked:
    """Turn the rows of a sheet into findings.

    Args:
        sheet: what was read.
        definitions: what regions, themes, goals and indicators exist.
        taken: ids that other findings have.
        known: title -> id in an earlier version of the same file, which a finding keeps.

    Raises:
        SourceInvalid: a column that must be there is missing or stands twice.
    """
    keys, notes = _columns(sheet)
    choices = columns.choices(definitions)
    ids = _Ids(set(taken), dict(known or {}))
    titles: dict[str, int] = {}
    findings, rows, faults = [], [], []
    examples: list[int] = []
    hinted: set[tuple[str, str]] = set()
    for row in sheet.rows:
        values = {k: row.cells[place] for place, k in keys.items() if place < len(row.cells)}
        if _is_example(values):
            examples.append(row.number)
            continue
        reading = _Reading(row, values, hinted)
        _beside(reading, sheet, keys)
        finding = _finding(reading, choices, definitions, ids)
        same = titles.setdefault(fold(reading.text("title")), row.number)
        if same != row.number and reading.text("title"):
            reading.wrong("title", f"dezelfde titel staat al in rij {same}", "Geef elke bevinding een eigen titel.")
        notes += _formulas(row, keys)
        if finding is None or reading.faults:
            faults += reading.faults
            continue
        findings.append(finding)
        rows.append(row.number)
    if examples:
        notes.append(f"Rij {listing([str(n) for n in examples])} is de voorbeeldrij van het sjabloon en telt niet mee.")
    if not findings and not faults:
        raise SourceInvalid("Er staat alleen een voorbeeldrij in het blad.", "Vul daaronder uw bevindingen in.")
    return Checked(sheet, tuple(findings), tuple(rows), tuple(faults), tuple(notes))


# -- The columns --------------------------------------------------------------------------------------------------


def _columns(sheet: Sheet) -> tuple[dict[int, str], list[str]]:
    """Place -> key, and what there is to say of columns and sheets that are passed over."""
    keys: dict[int, str] = {}
    unknown: list[str] = []
    for place, heading in enumerate(sheet.headings):
        key = columns.key_of(heading)
        if key is None:
            unknown += [heading] if heading else []
        elif key in keys.values():
            raise SourceInvalid(f"De kolom ‘{columns.name_of(key)}’ staat er twee keer in.", "Haal er één weg.")
        elif key != "faults":
            keys[place] = key
    absent = columns.missing(list(keys.values()))
    if absent:
        names = listing([f"‘{n}’" for n in absent])
        told = f"De kolom {names} ontbreekt." if len(absent) == 1 else f"De kolommen {names} ontbreken."
        near = [f"‘{u}’: {suggestion(u, absent)}" for u in unknown if "Bedoelde" in suggestion(u, absent)]
        raise SourceInvalid(told, " ".join(near[:3]) or "Neem de namen van de kolommen over uit het sjabloon.")
    notes = []
    if unknown:
        names = listing([f"‘{one_line(u)[:40]}’" for u in unknown[:8]])
        notes.append(f"Wat in {names} staat, kent de monitor niet en slaat hij over.")
    named = {k for k, heading in enumerate(sheet.headings) if heading}
    if any(cell and k not in named for row in sheet.rows for k, cell in enumerate(row.cells)):
        notes.append("Er staat tekst in een kolom zonder naam; die slaat de monitor over.")
    if sheet.others:
        names = listing([f"‘{one_line(o)}’" for o in sheet.others[:8]])
        notes.append(f"Alleen het blad ‘{one_line(sheet.name)}’ is gelezen, niet {names}.")
    return keys, notes


def _is_example(values: Mapping[str, str]) -> bool:
    """Whether every filled cell says that it is an example: a row that somebody half changed is not passed over."""
    said = [v for v in values.values() if v]
    return bool(said) and all(v.startswith(columns.EXAMPLE) for v in said)


def _formulas(row: Row, keys: Mapping[int, str]) -> list[str]:
    return [
        f"Rij {row.number}, kolom ‘{columns.name_of(keys[p])}’: hier staat een formule. "
        "De monitor rekent die niet uit en leest haar als tekst."
        for p in row.formulas
        if p in keys
    ]


def _beside(reading: _Reading, sheet: Sheet, keys: Mapping[int, str]) -> None:
    """Merged cells: only the first one holds the text, so nobody can say what the others mean."""
    for reference, first, last in sheet.merged:
        if first <= reading.row.number <= last:
            reading.wrong("", f"de cellen {reference} zijn samengevoegd", "Splits ze en vul elke cel in.")


# -- One row ------------------------------------------------------------------------------------------------------


def _finding(r: _Reading, choices: columns.Choices, definitions: Definitions, ids: _Ids) -> OwnFinding | None:
    """The finding of a row; None when something is wrong, which then stands in ``r.faults``."""
    source = _text(r, "source")
    raw: dict[str, Any] = {
        "id": f"{PREFIX}rij",
        "kind": _one(r, "kind", choices),
        "title": _text(r, "title"),
        "summary": _text(r, "summary"),
        "regions": _many(r, "regions", choices),
        "themes": _many(r, "themes", choices),
        "goals": [int(g) for g in _many(r, "goals", choices)],
        "indicators": _figures(r, choices, definitions),
        "source": {
            "title": source,
            # Without a place it is about the whole document.
            "section": _text(r, "section") or "het geheel",
            "document": slug(source) or "eigen-bron",
        },
        "date": _date(r),
        "origin": _one(r, "origin", choices),
        **{key: _text(r, key) or None for key in ("quote", "consent", "office")},
    }
    try:
        finding = OwnFinding.model_validate(raw)
    except ValidationError as error:
        _told(r, error)
        return None
    return None if r.faults else finding.model_copy(update={"id": ids.of(finding.title)})


def _told(r: _Reading, error: ValidationError) -> None:
    """What the rules of a finding say of this row, each at its column, where nothing was wrong yet."""
    for one in error.errors():
        place = [str(part) for part in one["loc"]]
        key = "section" if place[:2] == ["source", "section"] else place[0] if place else ""
        if key not in columns.BY_KEY:
            key = ""
        cause = one.get("ctx", {}).get("error")
        if r.has(key) if key else r.faults:
            continue
        if isinstance(cause, Wrong):
            r.wrong(key, str(cause), cause.way_out)
        else:
            r.wrong(key, "past niet", "Kijk deze cel na." if key else "Kijk deze rij na.")


def _text(r: _Reading, key: str) -> str:
    """A cell with free text, filled where it must be."""
    text = r.text(key)
    if not text and columns.BY_KEY[key].needed:
        r.wrong(key, "is leeg", "Vul deze cel in.")
    return text


def _one(r: _Reading, key: str, choices: columns.Choices) -> str:
    """The one value of a cell that holds a name."""
    typed = r.text(key)
    if not typed:
        r.wrong(key, "is leeg", "Kies uit de lijst.")
        return ""
    found = choices.of(key).find(typed)
    if found is None:
        r.unknown(key, typed, choices.of(key))
    return found or ""


def _many(r: _Reading, key: str, choices: columns.Choices) -> list[str]:
    """The values of a cell that may hold several names, each once."""
    found: list[str] = []
    typed = parts(r.values.get(key, ""))
    if not typed and columns.BY_KEY[key].needed:
        r.wrong(key, "is leeg", "Vul ten minste één in.")
    wrong: list[str] = []
    for one in (one_line(t) for t in typed):
        value = choices.of(key).find(one)
        if value is None:
            wrong.append(one)
        elif value not in found:
            found.append(value)
    left = len(wrong) - _MOST_WRONG if len(wrong) > _MOST_WRONG + 1 else 0
    for one in wrong[: len(wrong) - left]:
        r.unknown(key, one, choices.of(key))
    if left:
        r.wrong(key, f"er staan nog {left} namen die niet bestaan", "Kies namen van het blad Uitleg.")
    return found


def _figures(r: _Reading, choices: columns.Choices, definitions: Definitions) -> list[dict[str, str]]:
    """The figures with what is expected of each."""
    found: list[dict[str, str]] = []
    for number_ in columns.filled(r.values):
        name, expects = f"indicator-{number_}", f"expects-{number_}"
        if not r.text(name):
            r.wrong(name, "is leeg, maar de verwachting ernaast is ingevuld", "Kies een cijfer of haal beide weg.")
            continue
        indicator = choices.indicators.find(r.text(name))
        if indicator is None:
            r.unknown(name, r.text(name), choices.indicators)
        if not r.text(expects):
            r.wrong(expects, "is leeg", "Kies wat u van het cijfer verwacht; ‘meet dit niet’ kan ook.")
            continue
        expected = choices.expectations.find(r.text(expects))
        if expected is None:
            r.unknown(expects, r.text(expects), choices.expectations)
        if indicator is None or expected is None:
            continue
        if any(f["id"] == indicator for f in found):
            r.wrong(name, "dit cijfer staat er al in deze rij", "Noem elk cijfer één keer.")
            continue
        said = {"id": indicator, "expects": expected}
        fault = cannot_expect(definitions, FindingIndicator.model_validate(said))
        if fault:
            r.wrong(expects, fault)
        found.append(said)
    return found


def _date(r: _Reading) -> str:
    """A day or a month as 2026-03-04 or 2026-03."""
    typed = r.text("date")
    if not typed:
        r.wrong("date", "is leeg", "Vul een dag of maand in, zoals 4-3-2026 of 2026-03.")
        return ""
    found = read_date(typed)
    if not found:
        r.wrong("date", f"‘{typed[:40]}’ is geen datum", "Schrijf een dag als 4-3-2026, een maand als 2026-03.")
    return found


def read_date(typed: str) -> str:
    """A day or month as people write it -> '2026-03-04' or '2026-03'; empty when it is none."""
    try:
        return dates.read_day(typed).isoformat()
    except ValueError:
        pass
    try:
        return dates.read_month(typed).isoformat()[:7]
    except ValueError:
        return ""


class _Ids:
    """Gives every finding an id of its own, from its title; one that stood in the file before keeps its id."""

    def __init__(self, taken: set[str], known: dict[str, str]) -> None:
        self._taken = taken
        self._known = {fold(title): name for title, name in known.items()}
        self._used: set[str] = set()

    def of(self, title: str) -> str:
        kept = self._known.get(fold(title))
        if kept and kept not in self._used and kept not in self._taken:
            self._used.add(kept)
            return kept
        base = f"{PREFIX}{slug(title) or 'bevinding'}"
        busy = self._taken | self._used | set(self._known.values())
        made, n = base, 1
        while made in busy:
            n += 1
            made = f"{base}-{n}"
        self._used.add(made)
        return made
