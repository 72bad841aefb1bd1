"""A simulated browser: the real protocol of Streamlit (protobuf over a websocket), without drawing anything."""

from __future__ import annotations

import asyncio
import http.cookies
import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

# Streamlit's own browser waits so long before it gives a connection up.
_OPEN_TIMEOUT = 30.0
_FINISHED = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_SUCCESSFULLY")
_AGAIN = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")


class Lost(Exception):
    """The connection went away, or the app ended a run with a fault."""


@dataclass
class Visitor:
    """One browser with one page open.

    Attributes:
        address: of the proxy, 'http://127.0.0.1:8080'.
        page: path of the page.
        query: of the page, without a question mark.
        cookies: as a browser keeps them; ``plaats`` names the process.
        got: bytes of the messages since the page was opened, unpacked.
        messages: how many.
        told: the texts of the last run that a test may want to see.
    """

    address: str
    page: str = "kaart"
    query: str = "indicator=overgewicht"
    cookies: dict[str, str] = field(default_factory=dict)
    got: int = 0
    messages: int = 0
    session: str = ""
    told: list[str] = field(default_factory=list)
    keep_texts: bool = False
    _widgets: dict[str, tuple[str, list[str], str]] = field(default_factory=dict)
    _hash: str = ""
    _cached: dict[str, ForwardMsg] = field(default_factory=dict)
    _drawn: set[str] = field(default_factory=set)
    _socket: ClientConnection | None = None

    async def open(self) -> float:
        """Ask for the page as a browser does and wait until it is there; gives the seconds that took.

        Raises:
            Lost: it does not come.
        """
        start = time.perf_counter()
        await self._get(f"/{self.page}?{self.query}" if self.query else f"/{self.page}")
        await self._get("/_stcore/health")
        await self.connect()
        await self.run()
        return time.perf_counter() - start

    async def connect(self) -> None:
        """Open the websocket; with the id of the session when there was one, as a browser does that lost it."""
        words = ["streamlit", self.cookies.get("_streamlit_xsrf", "-"), *([self.session] if self.session else [])]
        host = urlsplit(self.address).netloc
        try:
            self._socket = await connect(
                f"ws://{host}/_stcore/stream",
                subprotocols=[websockets.Subprotocol(w) for w in words],
                additional_headers={"Cookie": self._cookie()},
                origin=websockets.Origin(self.address),
                open_timeout=_OPEN_TIMEOUT,
                ping_interval=None,
                max_size=None,
            )
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            raise Lost(f"verbinden: {type(error).__name__}") from error
        if self._socket.response:
            self._remember(self._socket.response.headers.get_all("Set-Cookie"))

    async def run(self, widget: str = "", value: str = "") -> float:
        """Ask for a run of the page, with a widget changed or not, and wait for its last message; gives the seconds.

        Args:
            widget: key of a select box, 'w-indicator'.
            value: one of its options, as it stands on the screen.

        Raises:
            Lost: the connection broke.
        """
        if self._socket is None:
            raise Lost("geen verbinding")
        if widget:
            found = self._widgets[widget]
            self._widgets[widget] = (found[0], found[1], value)
        message = self._message()
        start = time.perf_counter()
        self.told.clear()
        self._drawn.clear()
        try:
            await self._socket.send(message.SerializeToString())
            while not self._take(await self._socket.recv(decode=False)):
                pass
        except (OSError, websockets.WebSocketException) as error:
            raise Lost(f"bezig: {type(error).__name__}") from error
        seconds = time.perf_counter() - start
        # A widget that is no longer on the page has no state any more.
        self._widgets = {name: held for name, held in self._widgets.items() if name in self._drawn}
        return seconds

    def options(self, widget: str) -> list[str]:
        """The options of a select box."""
        return self._widgets[widget][1]

    async def close(self) -> None:
        """Close the page."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    def _message(self) -> BackMsg:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        if self._hash:
            state.page_script_hash = self._hash
        else:
            state.page_name = self.page
        for identity, _, value in self._widgets.values():
            if value:
                state.widget_states.widgets.add(id=identity, string_value=value)
        state.widget_states.SetInParent()
        state.cached_message_hashes.extend(self._cached)
        state.context_info.timezone, state.context_info.locale = "Europe/Amsterdam", "nl-NL"
        state.context_info.url, state.context_info.color_scheme = f"{self.address}/{self.page}", "light"
        return message

    def _take(self, raw: bytes) -> bool:
        """Take a message in; True when it ends the run."""
        self.got += len(raw)
        self.messages += 1
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message = self._cached.get(message.ref_hash, message)
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable and message.hash:
            self._cached[message.hash] = message
        if kind == "delta":
            self._delta(message)
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished":
            if message.script_finished == _FINISHED:
                return True
            if message.script_finished != _AGAIN:
                raise Lost("een run met een fout")
        return False

    def _delta(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("selectbox", "radio"):
            box = getattr(element, kind)
            options = list(box.options)
            name = box.id.split("-", 2)[-1]
            identity, _, before = self._widgets.get(name, ("", [], ""))
            if box.set_value:
                chosen = box.raw_value
            elif identity == box.id and before in options:
                chosen = before
            else:
                chosen = options[box.default] if options and box.HasField("default") else ""
            self._widgets[name] = (box.id, options, chosen)
            self._drawn.add(name)
        elif kind == "markdown" and self.keep_texts:
            self.told.append(element.markdown.body)

    # -- what a browser does over http --------------------------------------------------------------------------------

    async def _get(self, path: str) -> None:
        parts = urlsplit(self.address)
        try:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(parts.hostname, parts.port), timeout=_OPEN_TIMEOUT
            )
            head = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {self._cookie()}\r\n"
            writer.write(f"{head}Accept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
            answer = await asyncio.wait_for(reader.read(), timeout=_OPEN_TIMEOUT)
            writer.close()
        except (OSError, TimeoutError) as error:
            raise Lost(f"pagina: {type(error).__name__}") from error
        lines = answer.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
        if " 200 " not in f"{lines[0]} ":
            raise Lost(f"pagina: {lines[0]}")
        self._remember([line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("set-cookie:")])

    def _remember(self, set_cookies: list[str]) -> None:
        for text in set_cookies:
            jar = http.cookies.SimpleCookie(text)
            self.cookies.update({name: morsel.value for name, morsel in jar.items()})

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def other(options: list[str], chance: random.Random) -> str:
    """One of the options, at random."""
    return options[chance.randrange(len(options))]
