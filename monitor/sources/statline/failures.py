"""Why a service could not be reached, in words that name what to look at."""

from __future__ import annotations

import errno
import socket
import ssl

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError, ProxyError, ReadTimeoutError

LATER = "Probeer het later opnieuw; de al opgeslagen cijfers blijven bruikbaar."
NETWORK = "Controleer de internetverbinding, de proxy en het certificaat, of probeer het later opnieuw."
_PROXY = "Controleer HTTPS_PROXY, HTTP_PROXY en NO_PROXY, of vraag het de beheerder van het netwerk."
_BUNDLE = (
    "Staat er een proxy met een eigen certificaat tussen? Zet dan in REQUESTS_CA_BUNDLE waar het bestand met dat "
    "certificaat staat."
)
_NAME = "Controleer de internetverbinding, DNS en het adres in de instellingen (REGIOMONITOR_CBS_URL en verwante)."


def explain(error: Exception, host: str, timeout: float) -> tuple[str, str]:
    """Return the rest of the sentence 'CBS-tabel 80305ned: ...', without its full stop, and the way out."""
    chain = causes(error)
    if any(isinstance(e, (requests.exceptions.ProxyError, ProxyError)) for e in chain):
        return f"de proxy op weg naar {host} is niet te bereiken of weigert", _PROXY
    if _untrusted(chain):
        return f"het certificaat van {host} wordt niet vertrouwd", _BUNDLE
    if any("CA certificate bundle" in str(e) for e in chain):
        return "het bestand met certificaten in REQUESTS_CA_BUNDLE is er niet of is niet te lezen", _BUNDLE
    if any(isinstance(e, (NameResolutionError, socket.gaierror)) for e in chain):
        return f"de naam {host} is niet te vinden", _NAME
    if any(isinstance(e, (requests.Timeout, ReadTimeoutError, TimeoutError)) for e in chain):
        return f"{host} antwoordde niet binnen {timeout:g} seconden", NETWORK
    if any(isinstance(e, ConnectionRefusedError) or getattr(e, "errno", 0) == errno.ECONNREFUSED for e in chain):
        return f"geen verbinding met {host}: de verbinding wordt geweigerd", NETWORK
    if any(isinstance(e, NewConnectionError) for e in chain):
        return f"geen verbinding met {host}", NETWORK
    if any(isinstance(e, requests.exceptions.InvalidURL) for e in chain):
        return f"{host} is geen bruikbaar adres", _NAME
    return f"de verbinding met {host} brak af", NETWORK


def is_lasting(error: Exception) -> bool:
    """Whether trying again cannot help."""
    chain = causes(error)
    kinds = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidHeader)
    return _untrusted(chain) or any(isinstance(e, kinds) or "CA certificate bundle" in str(e) for e in chain)


def causes(error: BaseException) -> list[BaseException]:
    """The error and what lies below it: requests and urllib3 wrap one in another in three ways."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 20:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
    return found


def _untrusted(chain: list[BaseException]) -> bool:
    return any(isinstance(e, ssl.SSLCertVerificationError) for e in chain)
