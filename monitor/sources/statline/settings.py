"""How to reach the services that figures and outlines come from, as the environment says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from monitor import __version__
from monitor.errors import SourceInvalid

Protocol = Literal["v3", "v4"]
PREFIX = "REGIOMONITOR_"
# Setting per variable, without the prefix.
_ADDRESSES = {"CBS_URL": "base_url", "CBS_V4_URL": "v4_url", "PDOK_URL": "pdok_url", "GISCO_URL": "gisco_url"}


@dataclass(frozen=True)
class Settings:
    """How to reach the services.

    ``timeout``: seconds for the connection and for each piece of an answer. ``attempts``: all tries of one request;
    the pause before the second is ``wait`` seconds plus up to as much again by chance, doubled each time up to
    ``max_wait``; a service that names a pause itself (Retry-After) gets it, up to ``max_retry_after``.
    ``parallel``: requests at the same moment. ``max_bytes``: of one answer, unpacked.

    Raises:
        SourceInvalid: a value that cannot work; the variable is named.
    """

    base_url: str = "https://opendata.cbs.nl"
    v4_url: str = "https://datasets.cbs.nl/odata/v1"
    pdok_url: str = "https://api.pdok.nl"
    gisco_url: str = "https://gisco-services.ec.europa.eu"
    protocol: Protocol = "v3"
    timeout: float = 30
    attempts: int = 4
    wait: float = 1.0
    max_wait: float = 20
    max_retry_after: float = 120
    parallel: int = 4
    max_bytes: int = 100_000_000
    user_agent: str = f"regiomonitor-brede-welvaart/{__version__}"

    def __post_init__(self) -> None:
        for variable, field in _ADDRESSES.items():
            address = getattr(self, field)
            try:
                parts = urlsplit(address)
                fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            except ValueError:  # a port that is no number
                fits = False
            if not fits:
                way_out = f"Zet in {PREFIX}{variable} een adres dat met http:// of https:// begint."
                raise SourceInvalid(f"'{address}' is geen webadres.", way_out)
        if self.protocol not in get_args(Protocol):
            way_out = f"Kies in {PREFIX}CBS_PROTOCOL tussen {' en '.join(get_args(Protocol))}."
            raise SourceInvalid(f"Het protocol '{self.protocol}' bestaat niet.", way_out)
        if not 0 < self.timeout < float("inf") or self.attempts < 1 or self.parallel < 1:
            values = f"wachttijd {self.timeout:g} seconden, {self.attempts} pogingen, {self.parallel} vragen tegelijk"
            way_out = f"Controleer {PREFIX}CBS_TIMEOUT (seconden) en {PREFIX}CBS_PARALLEL (een of meer)."
            raise SourceInvalid(f"Deze instellingen voor de CBS-dienst kunnen niet: {values}.", way_out)

    @property
    def limit(self) -> float:
        """Seconds that one answer may take in all, so that a body that only drips ends as well."""
        return 6 * self.timeout

    @classmethod
    def from_environment(cls) -> Settings:
        """The defaults, with what the REGIOMONITOR_ variables say in their place."""
        values = {field: _said(variable) for variable, field in _ADDRESSES.items()}
        values["protocol"] = _said("CBS_PROTOCOL").lower()
        given = {field: value for field, value in values.items() if value}
        timeout, parallel = _number("CBS_TIMEOUT", cls.timeout), _number("CBS_PARALLEL", cls.parallel)
        if parallel != int(parallel):
            raise SourceInvalid(f"{PREFIX}CBS_PARALLEL is geen heel getal: '{parallel:g}'.", "Zet er bijvoorbeeld 4.")
        return cls(**given, timeout=timeout, parallel=int(parallel))  # type: ignore[arg-type]


def _said(variable: str) -> str:
    return os.environ.get(PREFIX + variable, "").strip()


def _number(variable: str, otherwise: float) -> float:
    said = _said(variable)
    try:
        value = float(said or otherwise)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise SourceInvalid(f"{PREFIX}{variable} is geen getal: '{said}'.", "Zet er een getal, zoals 30.")
    return value
