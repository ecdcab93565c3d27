"""One open page without a browser: Streamlit's websocket messages, sent and read as its frontend does.

Only what a load needs is kept of an answer: its bytes, its widgets, its text when asked for. The messages are those
of the installed Streamlit (`streamlit.proto`); a version that changes them makes `Tab.open` fail, not measure wrong.
"""

from __future__ import annotations

import asyncio
import time
import urllib.parse
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

#: Longest wait for one run of a page, in seconds.
LIMIT = 60.0


@dataclass
class Run:
    """What one run of a page sent: seconds from the demand to its end, bytes, and whether it failed."""

    seconds: float
    size: int
    failed: bool


@dataclass
class Tab:
    """A page open on `address`; `headers` go with the handshake (a cookie, for instance)."""

    address: str
    page: str = "carte"
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    #: The session this tab had, as a browser names it that lost its connection.
    former: str = ""
    #: Label of a widget -> its id.
    widgets: dict[str, str] = field(default_factory=dict)
    #: Values that this tab has changed, as the frontend would send them again.
    states: dict[str, WidgetState] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    session_id: str = ""
    keeps_texts: bool = False
    connection: ClientConnection | None = None
    replied_cookies: list[str] = field(default_factory=list)

    async def open(self) -> Run:
        """Connect and run the page once."""
        await self.connect()
        return await self.run()

    async def connect(self) -> None:
        """Connect, and ask for nothing yet."""
        parts = urllib.parse.urlsplit(self.address)
        path = f"{parts.path.rstrip('/')}/_stcore/stream"
        self.connection = await connect(
            f"ws://{parts.netloc}{path}",
            subprotocols=[
                Subprotocol(part) for part in ("streamlit", "PLACEHOLDER_AUTH_TOKEN", self.former) if part
            ],
            additional_headers=self.headers,
            origin=f"http://{parts.netloc}",  # type: ignore[arg-type]
            max_size=None,
            open_timeout=LIMIT,
        )
        if self.connection.response is not None:
            self.replied_cookies = self.connection.response.headers.get_all("Set-Cookie")

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        if self.connection is not None:
            await self.connection.close()

    async def set_text(self, label: str, value: str) -> Run:
        """Type a text into the field of this label, press Enter, wait for the page."""
        self.states[self.widgets[label]] = WidgetState(id=self.widgets[label], string_value=value)
        return await self.run()

    async def choose(self, label: str, values: list[str]) -> Run:
        """Choose these values (as shown) in the multiselect of this label, wait for the page."""
        made = WidgetState(id=self.widgets[label])
        made.string_array_value.data.extend(values)
        self.states[self.widgets[label]] = made
        return await self.run()

    async def run(self) -> Run:
        """Ask for the page with the values of this tab and read until it is done."""
        assert self.connection is not None
        message = BackMsg()
        client = message.rerun_script
        client.query_string = self.query
        client.page_name = self.page
        client.widget_states.CopyFrom(WidgetStates(widgets=list(self.states.values())))
        started = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        return await asyncio.wait_for(self._read(started), LIMIT)

    async def _read(self, started: float) -> Run:
        assert self.connection is not None
        size, failed = 0, False
        while True:
            data = await self.connection.recv()
            assert isinstance(data, bytes)
            size += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                failed |= self._delta(message)
            elif kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
                self.texts.clear()
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return Run(time.perf_counter() - started, size, failed or message.script_finished == 1)

    def _delta(self, message: ForwardMsg) -> bool:
        """Keep widgets and texts; tell whether it is an exception."""
        if not message.delta.HasField("new_element"):
            return False
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        part = getattr(element, kind or "empty", None)
        if kind in ("text_input", "multiselect", "selectbox", "file_uploader"):
            self.widgets[part.label] = part.id
        elif self.keeps_texts and kind in ("markdown", "alert", "heading"):
            self.texts.append(part.body)
        return kind == "exception"
