"""How to reach the services that figures and outlines come from, as the environment says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from monitor import __version__
from monitor.errors import SettingInvalid

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
        SettingInvalid: a value that cannot work; the variable is named.
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
                way_out = f"Zet er een adres dat met http:// of https:// begint, zoals {type(self).__dict__[field]}."
                raise SettingInvalid(f"Instelling {PREFIX}{variable}: '{address}' is geen webadres.", way_out)
        if self.protocol not in get_args(Protocol):
            way_out = f"Kies tussen {' en '.join(get_args(Protocol))}."
            raise SettingInvalid(f"Instelling {PREFIX}CBS_PROTOCOL: '{self.protocol}' bestaat niet.", way_out)
        if not 0 < self.timeout < float("inf"):
            raise _no_number("CBS_TIMEOUT", f"{self.timeout:g}")
        if self.parallel < 1 or self.attempts < 1:
            raise _no_number("CBS_PARALLEL", f"{self.parallel}")

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
            raise _no_number("CBS_PARALLEL", _said("CBS_PARALLEL"))
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
        raise _no_number(variable, said)
    return value


# What a number has to be, in words, and one that is.
_NUMBERS = {
    "CBS_TIMEOUT": f"een aantal seconden boven 0, zoals {Settings.timeout}",
    "CBS_PARALLEL": f"een heel getal vanaf 1, zoals {Settings.parallel}",
}


def _no_number(variable: str, said: str) -> SettingInvalid:
    return SettingInvalid(f"Instelling {PREFIX}{variable}: '{said}' kan niet.", f"Zet er {_NUMBERS[variable]}.")
