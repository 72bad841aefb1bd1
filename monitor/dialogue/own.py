"""Findings that a regional office adds itself: what they are, and reading them from YAML.

They have the fields of our findings, and besides them a quotation (only with consent) and the office. Their ids
begin with ``eigen-``, so that they never clash with ours, and they are never mixed with ours without that mark.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from monitor import dates
from monitor.definitions import Definitions, Finding, reading
from monitor.definitions.models import FindingIndicator, FindingSource, Text
from monitor.dialogue.own_names import suggestion
from monitor.errors import DefinitionError, MonitorError
from monitor.notation import number

PREFIX = "eigen-"
# The largest file that is read, uploaded or in the folder.
MOST_BYTES = 10 * 1024 * 1024
# The longest text per field, so that a card stays a card. ``source``: of its title and of the place in it.
LONGEST = {"title": 160, "summary": 2_000, "quote": 1_000, "consent": 200, "office": 120, "source": 300, "note": 300}
OLDEST = 1900
# One sign before the @ will do: more of them would make a long word slow.
_CONTACT = re.compile(r"[\w.+-]@[\w-]+\.\w{2,}|(?<![\d.])(?:\+31|0031|0)(?:[\s\-()]*[1-9])(?:[\s\-()]*\d){7,8}(?!\d)")
# A day in figures: with the number beside it, it can look like a telephone number.
_DAY = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d"
    r"|(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01]))(?!\d|[-/.]\d)"
)
NO_CONSENT = "bij een citaat hoort toestemming: hoe en wanneer die is gegeven"
CONTACT = "hier staat een telefoonnummer of e-mailadres"
# Signs that turn the direction of the text around them: nobody types them, and they can make a text lie.
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TIDY = str.maketrans({**dict.fromkeys((*range(32), *range(127, 160)), " "), **dict.fromkeys(_TURNING)})
# What stands for a folder that cannot be read, in place of its files.
_UNREADABLE = (("", 0, 0),)


class Wrong(ValueError):
    """What is wrong with a field, and what the writer can do about it; both in Dutch, without the name of the field."""

    def __init__(self, text: str, way_out: str = "") -> None:
        super().__init__(text)
        self.way_out = way_out


class OwnSource(FindingSource):
    """Where an own finding can be found."""

    @field_validator("title", "section")
    @classmethod
    def _free(cls, text: str) -> str:
        return free_text(text, LONGEST["source"])


class OwnFinding(Finding):
    """A finding of a regional office. Its rules hold for a row of a spreadsheet and for an entry of a file.

    Args:
        source: where it stands.
        quote: what somebody said, word for word; asks for ``consent``.
        consent: how and when consent for the quotation was given: 'schriftelijk, 2026-03-04'.
        office: which office added it.
    """

    source: OwnSource
    quote: Text | None = None
    consent: Annotated[Text | None, Field(validate_default=True)] = None
    office: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, raw: Any) -> Any:
        """Texts become one line: a blank line would end the HTML in which they stand."""
        tidied = _one_line(raw)
        if isinstance(tidied, dict) and isinstance(tidied.get("id"), str) and not tidied["id"].startswith(PREFIX):
            return {**tidied, "id": f"{PREFIX}{tidied['id']}"}
        return tidied

    @field_validator("title", "summary", "quote", "consent", "office")
    @classmethod
    def _free(cls, text: str | None, about: ValidationInfo) -> str | None:
        return None if text is None else free_text(text, LONGEST[str(about.field_name)])

    @field_validator("consent")
    @classmethod
    def _given(cls, consent: str | None, about: ValidationInfo) -> str | None:
        # A quotation that is refused itself is not among the data.
        if consent is None and about.data.get("quote", "refused"):
            raise Wrong(NO_CONSENT, "Vul het in, of laat het citaat weg.")
        return consent

    @field_validator("date")
    @classmethod
    def _past(cls, date: str) -> str:
        if not is_day(date):
            raise Wrong(f"{date} is geen dag of maand die bestaat")
        if int(date[:4]) < OLDEST:
            raise Wrong(f"‘{date}’ ligt voor {OLDEST}", "Kijk het jaar na.")
        if date > dates.today().isoformat()[: len(date)]:
            raise Wrong(f"‘{date}’ ligt in de toekomst", "Kijk het jaar na.")
        return date

    @field_validator("regions", "goals")
    @classmethod
    def _some(cls, names: tuple[Any, ...]) -> tuple[Any, ...]:
        if not names:
            raise Wrong("is leeg")
        if "alle" in names and len(names) > 1:
            raise Wrong("‘alle’ staat naast een regio", "Kies ‘alle’ of noem de regio’s.")
        return names

    @field_validator("indicators")
    @classmethod
    def _figures(cls, said: tuple[FindingIndicator, ...]) -> tuple[FindingIndicator, ...]:
        ids = [x.id for x in said]
        for one in said:
            if ids.count(one.id) > 1:
                raise Wrong(f"‘{one.id}’ staat er twee keer in", "Noem elk cijfer één keer.")
            free_text(one.note or "", LONGEST["note"])
        return said


def free_text(text: str, most: int) -> str:
    """The text itself, when it fits and holds no telephone number or address.

    Raises:
        Wrong: it does not.
    """
    if len(text) > most:
        raise Wrong(f"is {number(len(text), 0)} tekens lang; er passen er {number(most, 0)}", "Kort de tekst in.")
    if has_contact(text):
        raise Wrong(CONTACT, "Laat dat weg: niemand mag herkenbaar zijn.")
    return text


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file in the folder: one Dutch sentence that names it, and the way out."""

    file: str
    message: str
    way_out: str


@dataclass(frozen=True)
class OwnFindings:
    """The findings of the offices, in which file each stands, and what could not be read."""

    findings: tuple[OwnFinding, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def of_region(self, region: str) -> tuple[OwnFinding, ...]:
        """Those about a region, and about all regions; those that name the region come first."""
        found = [f for f in self.findings if f.concerns(region)]
        return tuple(sorted(found, key=lambda f: f.common))

    def in_file(self, name: str) -> tuple[OwnFinding, ...]:
        """Those that stand in a file."""
        ids = {i for i, file in self.files if file == name}
        return tuple(f for f in self.findings if f.id in ids)


def is_day(date: str) -> bool:
    """Whether '2026-03' or '2026-03-04' exists on the calendar."""
    try:
        dt.date.fromisoformat(date if len(date) == 10 else f"{date}-01")
    except ValueError:
        return False
    return True


def has_contact(text: str) -> bool:
    """Whether a text holds a telephone number or an e-mail address; a date is neither."""
    return bool(_CONTACT.search(_DAY.sub("|", text)))


def one_line(text: str) -> str:
    """A text on one line, without control characters and signs that turn its direction."""
    return " ".join(text.translate(_TIDY).split())


def _one_line(raw: Any) -> Any:
    if isinstance(raw, str):
        return one_line(raw)
    if isinstance(raw, dict):
        return {k: _one_line(v) for k, v in raw.items()}
    return [_one_line(v) for v in raw] if isinstance(raw, list) else raw


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file in the folder: changes when one does, or when the folder cannot be read."""
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
    except FileNotFoundError:
        return ()
    except OSError:
        return _UNREADABLE
    found = []
    for path in paths:
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((path.name, about.st_mtime_ns, about.st_size))
    return tuple(found)


def own_findings(folder: Path, definitions: Definitions) -> OwnFindings:
    """Read the findings of the offices; a broken file or entry is named and does not hide the others.

    Args:
        folder: with YAML lists of findings; a folder that does not exist holds none.
        definitions: what regions, themes, goals and indicators exist.
    """
    taken: dict[str, str] = {f.id: "de bevindingen van de monitor" for f in definitions.findings}
    findings: list[OwnFinding] = []
    problems: list[Problem] = []
    files = stamp(folder)
    if files == _UNREADABLE:
        told = f"De map met eigen bevindingen (‘{folder.name}’) is niet te lezen, of is geen map."
        return OwnFindings(problems=(Problem(folder.name, told, "Vraag de beheerder om naar de map te kijken."),))
    for name, _, size in files:
        if size > MOST_BYTES:
            problems.append(Problem(name, f"{name} is groter dan 10 MB.", "Verdeel het bestand."))
            continue
        try:
            entries = _list(folder / name)
        except MonitorError as error:
            problems.append(Problem(name, error.message, "Herstel het bestand of haal het uit de map."))
            continue
        for place, raw in enumerate(entries, start=1):
            try:
                finding = read_one(Path(name), raw, place, definitions)
            except MonitorError as error:
                problems.append(Problem(name, error.message, error.way_out))
                continue
            if finding.id in taken:
                told = f"{name}: de id ‘{reading.short(finding.id)}’ staat ook in {taken[finding.id]}."
                problems.append(Problem(name, told, "Geef elke bevinding een eigen id."))
                continue
            taken[finding.id] = name
            findings.append(finding)
    return OwnFindings(tuple(findings), tuple(problems), tuple((f.id, taken[f.id]) for f in findings))


def _list(path: Path) -> list[Any]:
    try:
        raw = reading.read(path)
    except OSError:
        raise DefinitionError(f"{path.name} is niet te lezen.") from None
    except (RecursionError, ValueError, TypeError, AttributeError):
        # What PyYAML itself trips over: nested too deep, or a key that is no text.
        raise DefinitionError(f"{path.name} is geen geldige YAML.") from None
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise DefinitionError(f"{path.name} moet een lijst zijn, met ‘- id: …’ aan het begin van elke bevinding.")
    return raw


def read_one(path: Path, raw: Any, place: int, definitions: Definitions) -> OwnFinding:
    """One entry of a YAML file as a finding.

    Raises:
        DefinitionError: names file, entry and field, and the nearest valid name.
    """
    name = reading.entry_name(raw, place)
    try:
        finding = reading.model_of(path, OwnFinding, raw, name)
    except DefinitionError as error:
        raise DefinitionError(error.message, "De velden staan in docs/eigen-bevindingen.md.") from None
    for field, used, known in (
        ("regions", finding.regions, [*(r.id for r in definitions.regions), "alle"]),
        ("themes", finding.themes, [t.id for t in definitions.themes]),
        ("indicators", [x.id for x in finding.indicators], [i.id for i in definitions.indicators]),
        ("serves", [s for s in finding.serves if not s.startswith(PREFIX)], [f.id for f in definitions.findings]),
    ):
        for wrong in (u for u in used if u not in known):
            raise DefinitionError(
                f"{path.name}, {name}, veld '{field}': ‘{reading.short(wrong)}’ bestaat niet.", suggestion(wrong, known)
            )
    for said in finding.indicators:
        fault = cannot_expect(definitions, said)
        if fault:
            raise DefinitionError(f"{path.name}, {name}, veld 'indicators': {fault}.", "Kies een andere verwachting.")
    return finding


def cannot_expect(definitions: Definitions, said: FindingIndicator) -> str:
    """Why a figure cannot answer what is expected of it; empty when it can."""
    indicator = definitions.indicator(said.id)
    if said.expects == "meet-niet":
        return ""
    if indicator.aggregation.kind not in ("gewogen", "verhouding"):
        return f"‘{indicator.full_name}’ krijgt voor een regio geen oordeel; alleen ‘meet-niet’ past hier"
    if said.expects in ("gunstig", "ongunstig") and indicator.direction == "geen":
        return f"‘{indicator.full_name}’ is niet gunstig of ongunstig; kies ‘hoger’, ‘lager’, ‘stijgt’ of ‘daalt’"
    return ""
