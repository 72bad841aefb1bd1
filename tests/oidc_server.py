"""A small OpenID Connect provider on loopback: discovery, authorize, token (RS256, PKCE), keys and sign-out.

Strict where a real one is: it checks client, secret, redirect address, code and verifier.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "regiomonitor", "geheim-van-de-test"


@dataclass
class Provider:
    """A running provider. ``users``: name -> claims; the sign-in page has a link for each."""

    users: Mapping[str, Mapping[str, Any]]
    redirect: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}))
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    host: str = ""

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://{self.host}"

    def secrets_toml(self) -> str:
        """What a monitor needs to use it."""
        return (
            f'[auth]\nredirect_uri = "{self.redirect}"\ncookie_secret = "{secrets.token_hex(24)}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{self.issuer}/.well-known/openid-configuration"\n'
        )

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def sign_in_page(self, asked: dict[str, str]) -> str:
        """A link for each user."""
        links = "".join(
            f'<p><a href="/approve?{escape(urlencode({**asked, "user": name}))}">{escape(name)}</a></p>'
            for name in self.users
        )
        return f'<!doctype html><html lang="nl"><title>Aanmelden</title><h1>Wie bent u?</h1>{links}</html>'

    def approve(self, asked: dict[str, str]) -> str | None:
        """Where to go with a code; None for a request that does not fit."""
        right = asked.get("client_id") == CLIENT and asked.get("redirect_uri") == self.redirect
        if not right or "openid" not in asked.get("scope", "").split() or asked.get("code_challenge_method") != "S256":
            self.faults.append(f"authorize: {asked}")
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = (asked["user"], asked)
        return f"{self.redirect}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str], basic: str) -> dict[str, Any] | None:
        """Tokens for a code, once; None for a request that does not fit."""
        user, asked = self.codes.pop(given.get("code", ""), ("", {}))
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if basic != wanted or not user or challenge != asked["code_challenge"]:
            self.faults.append(f"token: {given}")
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 3600, "nonce": asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, {**claims, **self.users[user]}, self.key)
        return {"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 3600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {k: v[-1] for k, v in parse_qs(address.query).items()}
        match address.path:
            case "/.well-known/openid-configuration":
                self._json(self.provider.metadata())
            case "/jwks":
                self._json({"keys": [self.provider.key.as_dict(private=False)]})
            case "/authorize":
                self._send(200, self.provider.sign_in_page(asked).encode(), "text/html; charset=utf-8")
            case "/approve":
                self._go(self.provider.approve(asked))
            case "/logout":
                self._go(asked.get("post_logout_redirect_uri"))
            case _:
                self._send(204, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        given = {k: v[-1] for k, v in parse_qs(body).items()}
        answer = self.provider.token(given, self.headers.get("Authorization", ""))
        self._json(answer) if answer else self._send(400, b'{"error":"invalid_grant"}', "application/json")

    def _json(self, content: dict[str, Any]) -> None:
        self._send(200, json.dumps(content).encode(), "application/json")

    def _go(self, address: str | None) -> None:
        if address is None:
            self._send(400, b"", "text/plain")
            return
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running(users: Mapping[str, Mapping[str, Any]], redirect: str) -> Iterator[Provider]:
    """Start a provider on a free port and end it afterwards."""
    provider = Provider(users, redirect)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    provider.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
