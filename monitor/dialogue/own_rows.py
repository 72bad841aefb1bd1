"""Hold the rows of a spreadsheet against what a finding must be: every fault with row and column, all at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.definitions import Definitions
from monitor.definitions.models import FindingIndicator
from monitor.dialogue import own_columns as columns
from monitor.dialogue.own import (
    CONTACT,
    LONGEST,
    NO_CONSENT,
    PREFIX,
    OwnFinding,
    cannot_expect,
    has_contact,
    is_day,
    one_line,
    source_of,
)
from monitor.dialogue.own_names import fold, parts, slug, suggestion
from monitor.dialogue.own_sheet import Row, Sheet
from monitor.errors import SourceInvalid
from monitor.notation import listing, number

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


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
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, key: str, text: str, way_out: str = "") -> None:
        self.faults.append(Fault(self.row.number, columns.name_of(key) if key else "", text, way_out))

    def text(self, key: str) -> str:
        return one_line(self.values.get(key, ""))


def check(
    sheet: Sheet,
    definitions: Definitions,
    today: dt.date,
    taken: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
) -> Checked:
    """Turn the rows of a sheet into findings.

    Args:
        sheet: what was read.
        definitions: what regions, themes, goals and indicators exist.
        today: a finding cannot be of a later day.
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
    for row in sheet.rows:
        values = {k: row.cells[place] for place, k in keys.items() if place < len(row.cells)}
        if _is_example(values):
            examples.append(row.number)
            continue
        reading = _Reading(row, values)
        _beside(reading, sheet, keys)
        finding = _finding(reading, choices, definitions, today, ids)
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


def _finding(
    r: _Reading, choices: columns.Choices, definitions: Definitions, today: dt.date, ids: _Ids
) -> OwnFinding | None:
    """The finding of a row; None when something is wrong, which then stands in ``r.faults``."""
    kind = _one(r, "kind", choices)
    texts = {key: _text(r, key) for key in ("title", "summary", "quote", "consent", "office", "source", "section")}
    regions = _many(r, "regions", choices)
    themes = _many(r, "themes", choices)
    goals = _many(r, "goals", choices)
    indicators = _figures(r, choices, definitions)
    date = _date(r, today)
    origin = _one(r, "origin", choices)
    if texts["quote"] and not texts["consent"]:
        r.wrong("consent", NO_CONSENT, "Vul het in, of laat het citaat weg.")
    if "alle" in regions and len(regions) > 1:
        r.wrong("regions", "‘alle’ staat naast een regio", "Kies ‘alle’ of noem de regio’s.")
    if r.faults:
        return None
    raw: dict[str, Any] = {
        "id": ids.of(texts["title"]),
        "kind": kind,
        "title": texts["title"],
        "summary": texts["summary"],
        "regions": regions,
        "themes": themes,
        "goals": [int(g) for g in goals],
        "indicators": indicators,
        "source": source_of(texts["source"], texts["section"], slug(texts["source"]) or "eigen-bron"),
        "date": date,
        "origin": origin,
        **{key: texts[key] or None for key in ("quote", "consent", "office")},
    }
    return OwnFinding.model_validate(raw)


def _text(r: _Reading, key: str) -> str:
    """A cell with free text: not too long, filled where it must be, without a telephone number or address."""
    text = r.text(key)
    most = LONGEST.get(key, LONGEST["source"])
    if not text and columns.BY_KEY[key].needed:
        r.wrong(key, "is leeg", "Vul deze cel in.")
    elif len(text) > most:
        r.wrong(key, f"is {number(len(text), 0)} tekens lang", f"Hoogstens {number(most, 0)} tekens passen.")
    elif has_contact(text):
        r.wrong(key, CONTACT, "Laat dat weg: niemand mag herkenbaar zijn.")
    return text


def _one(r: _Reading, key: str, choices: columns.Choices) -> str:
    """The one value of a cell that holds a name."""
    typed = r.text(key)
    if not typed:
        r.wrong(key, "is leeg", "Kies uit de lijst.")
        return ""
    found = choices.of(key).find(typed)
    if found is None:
        r.wrong(key, f"‘{typed[:60]}’ bestaat niet", choices.of(key).hint(typed))
    return found or ""


def _many(r: _Reading, key: str, choices: columns.Choices) -> list[str]:
    """The values of a cell that may hold several names, each once."""
    found: list[str] = []
    typed = parts(r.values.get(key, ""))
    if not typed and columns.BY_KEY[key].needed:
        r.wrong(key, "is leeg", "Vul ten minste één in.")
    for one in (one_line(t) for t in typed[:40]):
        value = choices.of(key).find(one)
        if value is None:
            r.wrong(key, f"‘{one[:60]}’ bestaat niet", choices.of(key).hint(one))
        elif value not in found:
            found.append(value)
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
            r.wrong(name, f"‘{r.text(name)[:80]}’ bestaat niet", choices.indicators.hint(r.text(name)))
        if not r.text(expects):
            r.wrong(expects, "is leeg", "Kies wat u van het cijfer verwacht; ‘meet dit niet’ kan ook.")
            continue
        expected = choices.expectations.find(r.text(expects))
        if expected is None:
            r.wrong(expects, f"‘{r.text(expects)[:60]}’ bestaat niet", choices.expectations.hint(r.text(expects)))
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


def _date(r: _Reading, today: dt.date) -> str:
    """A day or a month as 2026-03-04 or 2026-03."""
    typed = r.text("date")
    if not typed:
        r.wrong("date", "is leeg", "Vul een dag of maand in, zoals 4-3-2026 of 2026-03.")
        return ""
    found = read_date(typed)
    if not found:
        r.wrong("date", f"‘{typed[:40]}’ is geen datum", "Schrijf een dag als 4-3-2026, een maand als 2026-03.")
    elif found > today.isoformat()[: len(found)]:
        r.wrong("date", f"‘{typed[:40]}’ ligt in de toekomst", "Kijk het jaar na.")
    return found


def read_date(typed: str) -> str:
    """A day or month as people write it -> '2026-03-04' or '2026-03'; empty when it is none."""
    plain = fold(typed).replace("/", " ").replace(".", " ")
    day = re.fullmatch(r"(\d{1,2}) (\d{1,2}|[a-z]+) (\d{4})", plain)
    month = re.fullmatch(r"(\d{1,2}|[a-z]+) (\d{4})", plain)
    iso = re.fullmatch(r"(\d{4}) (\d{1,2})(?: (\d{1,2}))?", plain)
    made = ""
    if day:
        made = f"{day[3]}-{_month(day[2])}-{int(day[1]):02d}"
    elif month:
        made = f"{month[2]}-{_month(month[1])}"
    elif iso:
        made = f"{iso[1]}-{int(iso[2]):02d}" + (f"-{int(iso[3]):02d}" if iso[3] else "")
    return made if made and is_day(made) and int(made[:4]) >= 1900 else ""


def _month(typed: str) -> str:
    if typed.isdecimal():
        return f"{int(typed):02d}"
    places = [k for k, m in enumerate(_MONTHS, start=1) if m == typed or (len(typed) == 3 and m.startswith(typed))]
    return f"{places[0]:02d}" if len(places) == 1 else "00"


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
