"""Who publishes the site, as an office writes it in a small file; the metadata for data.overheid.nl need it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints, ValidationError

from monitor.definitions.models import Frozen, Text
from monitor.errors import DefinitionError

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]
Mail = Annotated[str, StringConstraints(pattern=r"^[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+$")]
EXAMPLE = "uitgever: {naam: ..., adres: https://...}, contact: {naam: ..., pagina: https://...}"
_FIELDS = {
    "missing": "ontbreekt",
    "extra_forbidden": "bestaat niet",
    "string_pattern_mismatch": "heeft een andere vorm dan verwacht",
    "string_too_short": "is leeg",
}


class Organisation(Frozen):
    """An organisation. ``adres``: its identifier as an address, for example in the register of the government."""

    naam: Text
    adres: Address | None = None


class Contact(Frozen):
    """Where questions about the data go: a page, a mail address of the office, or both."""

    naam: Text
    pagina: Address | None = None
    email: Mail | None = None


class Office(Frozen):
    """Publisher, maker (the publisher by default) and contact of the data."""

    uitgever: Organisation
    vervaardiger: Organisation | None = None
    contact: Contact | None = None


def read_office(path: Path) -> Office:
    """Read who publishes the site.

    Raises:
        DefinitionError: the file cannot be read, or a field is missing or wrong.
    """
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        raise DefinitionError(f"Bestand {path.name} is niet te lezen.", "Controleer de naam en de plaats.") from None
    except yaml.YAMLError:
        raise DefinitionError(f"Bestand {path.name} is geen geldige YAML.", f"Schrijf: {EXAMPLE}.") from None
    if not isinstance(content, dict):
        raise DefinitionError(f"Bestand {path.name} heeft geen velden.", f"Schrijf: {EXAMPLE}.")
    try:
        return Office.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(p) for p in first["loc"])
        reason = _FIELDS.get(first["type"], "klopt niet")
        raise DefinitionError(f"{path.name}: het veld ‘{field}’ {reason}.", f"Schrijf: {EXAMPLE}.") from None


def missing(office: Office | None) -> list[str]:
    """What the standard asks and the office has not told, in words for a message; empty when nothing is missing."""
    if office is None:
        return ["uitgever", "vervaardiger", "contactpunt"]
    return [] if office.contact else ["contactpunt"]
