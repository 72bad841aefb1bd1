"""Who may write: the identity of a signed-in user, and the rule for a monitor that one person uses at home.

Pure: what the sign-in and the request say goes in, an identity or one Dutch sentence comes out.
"""

from __future__ import annotations

import ipaddress
import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

REGIONS_CLAIM = "REGIOMONITOR_REGIONS_CLAIM"
SINGLE_USER = "REGIOMONITOR_SINGLE_USER"
DEFAULT_CLAIM = "regios"
LOCAL_NAME = "lokale gebruiker"
NAMELESS = "een medewerker"
# The sign-in cookie lives for a month; what somebody may write must not outlive a working day.
VALID_FOR = timedelta(hours=12)
# Any of these means that something stands between the browser and the monitor.
FORWARDED = frozenset((
    "forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "cf-connecting-ip", "true-client-ip",
    "fly-client-ip", "fastly-client-ip", "x-originating-ip", "x-remote-ip", "x-remote-addr",
    "x-envoy-external-address",
))  # fmt: skip
FORWARDED_BEGIN = ("x-forwarded", "x-original-")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Identity:
    """Somebody who signed in. ``subject``: key that never changes; ``regions``: slugs for which they may write."""

    subject: str
    name: str
    regions: frozenset[str]

    def may_write(self, region_id: str) -> bool:
        """Whether this person may write for a region."""
        return region_id in self.regions


@dataclass(frozen=True)
class Access:
    """The outcome for one request.

    ``identity``: None when nobody may write. ``reason``: the Dutch sentence that says why; empty when all is well.
    ``offer_sign_in``: whether signing in would help. ``unknown``: names of regions in the sign-in that do not exist.
    """

    identity: Identity | None
    reason: str = ""
    offer_sign_in: bool = False
    unknown: tuple[str, ...] = ()


def may_refresh(identity: Identity | None, known: Sequence[str]) -> bool:
    """Whether somebody may fetch new figures: they are of all regions, so who may write for every one of them.

    Args:
        identity: who asks; None for a reader who did not sign in.
        known: slugs of all regions.
    """
    return identity is not None and bool(known) and all(identity.may_write(r) for r in known)


def claim_name() -> str:
    """The claim that holds the regions; REGIOMONITOR_REGIONS_CLAIM overrides it."""
    return os.environ.get(REGIONS_CLAIM, "").strip() or DEFAULT_CLAIM


def single_user_asked() -> bool:
    """Whether the setting for a single user is on: only the value 1 counts."""
    return os.environ.get(SINGLE_USER, "").strip() == "1"


def from_claims(claims: Mapping[str, object], known: Sequence[str], claim: str, now: datetime) -> Access:
    """Read who somebody is and for which regions they may write.

    Args:
        claims: of the identity token: ``iss``, ``sub``, ``iat``, ``name`` and the claim with the regions.
        known: slugs of all regions.
        claim: the claim that holds regions: a list, or a text of slugs with spaces or commas; ``*`` for all.
        now: with time zone.
    """
    subject = str(claims.get("sub") or "").strip()
    if not subject:
        return Access(None, "De aanmelding zegt niet wie u bent; vraag de beheerder om hulp.", offer_sign_in=True)
    issued = _moment(claims.get("iat"))
    if issued is None or now - issued > VALID_FOR:
        return Access(None, "Uw aanmelding is verlopen; meld u opnieuw aan om te schrijven.", offer_sign_in=True)
    asked = _slugs(claims.get(claim))
    regions = frozenset(known) if "*" in asked else frozenset(asked) & frozenset(known)
    unknown = tuple(s for s in asked if s != "*" and s not in known)
    identity = Identity(f"{claims.get('iss') or ''} {subject}".strip(), _name(claims), regions)
    if not regions:
        reason = "Bij uw aanmelding hoort geen regio waarvoor u mag schrijven; vraag de beheerder erom."
        return Access(identity, reason, unknown=unknown)
    return Access(identity, unknown=unknown)


def single_user(address: str | None, headers: Mapping[str, str], client: str | None, known: Sequence[str]) -> Access:
    """Let one person write without signing in, only where nobody else can reach the monitor.

    Args:
        address: to which the server is bound; None or empty is every network of the machine.
        headers: of the request, in any case.
        client: address of the browser; None when it is this machine.
        known: slugs of all regions.
    """
    reason = _refusal(address, {k.lower(): v for k, v in headers.items()}, client)
    if reason:
        return Access(None, reason)
    return Access(Identity("lokaal", LOCAL_NAME, frozenset(known)))


def _refusal(address: str | None, headers: Mapping[str, str], client: str | None) -> str:
    before = "Schrijven zonder aanmelden is uit:"
    if not address or not _loopback(address):
        return f"{before} de monitor luistert niet alleen naar deze computer zelf (server.address moet localhost zijn)."
    if any(name in FORWARDED or name.startswith(FORWARDED_BEGIN) for name in headers):
        return f"{before} dit verzoek kwam via een doorgeefserver."
    if client is not None and not _loopback(client):
        return f"{before} dit verzoek komt van een andere computer."
    if not _loopback(_host(headers.get("host", ""))) or not _loopback(_origin(headers.get("origin"))):
        return f"{before} open de monitor op deze computer zelf, via localhost."
    return ""


def _origin(value: str | None) -> str:
    """The host of the page that asks; without an Origin that of this computer. Empty for 'null' and what is none."""
    if value is None:
        return "localhost"
    try:
        parts = urlsplit(value.strip())
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _host(value: str) -> str:
    """The host of ``host:port``, also of ``[::1]:8501``."""
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0] if value.count(":") < 2 else value


def _loopback(host: str) -> bool:
    name = host.strip().strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None)
    return bool((inner or found).is_loopback)


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _slugs(value: object) -> tuple[str, ...]:
    """The slugs of a claim, each once; anything that is no text is left out."""
    parts: Iterable[object] = value if isinstance(value, (list, tuple, set)) else (value,)
    words = [w for part in parts if isinstance(part, str) for w in part.replace(",", " ").replace(";", " ").split()]
    return tuple(dict.fromkeys(w.lower() for w in words))


def _name(claims: Mapping[str, object]) -> str:
    """The name to show. A mail address is never shown, also not where a sign-in gives one as the name."""
    given = f"{claims.get('given_name') or ''} {claims.get('family_name') or ''}"
    for value in (claims.get("name"), given, claims.get("preferred_username")):
        text = str(value or "")
        plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
        name = " ".join(plain.split())[:_LONGEST_NAME]
        if name and "@" not in name:
            return name
    return NAMELESS
