"""Numbers in Dutch notation: the one place where a figure becomes text."""

from __future__ import annotations

import math
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_decimal

from monitor.definitions.models import Unit

NBSP = "\u00a0"
UNKNOWN = "onbekend"


def rounded(value: float, decimals: int) -> float:
    """Round half up to the decimals that a figure may show; negative decimals round to tens, hundreds, ...

    NaN stays NaN. Rounds the shortest decimal form of the float, so 0.25 becomes 0.3.
    """
    if math.isnan(value):
        return value
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return float(exact) + 0.0  # a zero has no sign


@lru_cache(maxsize=16_384)
def number(value: float, decimals: int) -> str:
    """Return a number in Dutch notation: 1234.5 -> '1.234,5'; NaN -> 'onbekend'."""
    if math.isnan(value):
        return UNKNOWN
    shown = max(decimals, 0)
    exact = Decimal(repr(rounded(value, decimals)))
    pattern = "#,##0" + ("." + "0" * shown if shown else "")
    text = str(format_decimal(exact, format=pattern, locale="nl_NL"))
    return text.replace("-", "−")


def quantity(value: float, unit: Unit, decimals: int) -> str:
    """Return a value with its unit as it stands in a sentence: '54,2%', '6,8 km', '€ 336.000', '26,4'."""
    text = number(value, decimals)
    if math.isnan(value):
        return text
    if unit == "euro":
        return f"€{NBSP}{text}"
    return f"{text}{_SUFFIXES.get(unit, '')}"


def trailing(unit: Unit) -> str:
    """The part of a unit that ``quantity`` does not carry: 'per 1.000 inwoners', 'per km²'; empty without one."""
    said = UNIT_LABELS[unit].removeprefix(_SUFFIXES.get(unit, "").strip()).strip()
    return said if "per " in said else ""


def difference(value: float, unit: Unit, decimals: int) -> str:
    """Return a difference with sign and unit: '+3,9 procentpunt', '−0,4 km'."""
    if math.isnan(value):
        return UNKNOWN
    size = quantity(abs(value), unit, decimals)
    if unit == "procent":
        size = f"{number(abs(value), decimals)}{NBSP}procentpunt"
    sign = "+" if rounded(value, decimals) > 0 else "−" if rounded(value, decimals) < 0 else ""
    return f"{sign}{size}"


def plain(value: float, decimals: int) -> str:
    """Return a number for a file that a spreadsheet reads: decimal comma, no thousands; empty when unknown."""
    if math.isnan(value):
        return ""
    return f"{rounded(value, decimals):.{max(decimals, 0)}f}".replace(".", ",")


def parse(text: str) -> float:
    """Read a number in Dutch notation, with or without unit; the reverse of ``number`` and ``quantity``."""
    kept = "".join(c for c in text.replace("−", "-") if c in "0123456789,-")
    return float(kept.replace(",", ".")) if kept.strip("-,") else math.nan


UNIT_LABELS: dict[Unit, str] = {
    "procent": "%",
    "km": "km",
    "euro": "euro",
    "aantal": "aantal",
    "jaar": "jaar",
    "score": "score",
    "klasse": "klasse 1-4",
    "m3": "m³",
    "kwh": "kWh",
    "watt-per-woning": "W per woning",
    "kw-per-1000-inwoners": "kW per 1.000 inwoners",
    "m2-per-inwoner": "m² per inwoner",
    "ha-per-1000-inwoners": "ha per 1.000 inwoners",
    "kg-per-km2": "kg per km²",
    "ton-per-inwoner": "ton per inwoner",
    "inwoners-per-km2": "inwoners per km²",
    "per-1000-inwoners": "per 1.000 inwoners",
    "per-1000-huishoudens": "per 1.000 huishoudens",
    "per-1000-woningen": "per 1.000 woningen",
    "koopkracht-euro": "euro van gelijke koopkracht (KKS)",
}
# What stands behind a value in a sentence; 'per 1.000 inwoners' and the like stand in the sentence itself.
_SUFFIXES: dict[Unit, str] = {
    "procent": "%",
    "km": f"{NBSP}km",
    "jaar": f"{NBSP}jaar",
    "m3": f"{NBSP}m³",
    "kwh": f"{NBSP}kWh",
    "watt-per-woning": f"{NBSP}W",
    "kw-per-1000-inwoners": f"{NBSP}kW",
    "m2-per-inwoner": f"{NBSP}m²",
    "ha-per-1000-inwoners": f"{NBSP}ha",
    "kg-per-km2": f"{NBSP}kg",
    "ton-per-inwoner": f"{NBSP}ton",
    "koopkracht-euro": f"{NBSP}KKS",
}


def alphabetical(name: str) -> str:
    """Return a name as it is sorted: without accents, capitals and a leading article such as ''s-'."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return plain.removeprefix("'s-").removeprefix("'t ").lstrip("'")


def listing(names: list[str]) -> str:
    """Join names as in a sentence: 'Aalten, Bronckhorst en Winterswijk'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} en {names[-1]}"
