"""What a reader does first on a replica that does not know their session: the page first, their act after.

When a replica dies, the browser reaches another one by itself and keeps showing its page. The reader's next act is
the first message of a new session, with the values of all widgets, and would be lost: a first run reads the address
(`ptce_ui.pagestate`) and calls no callback. So the new session first runs the page as its address says, unseen by
the browser, and then gets the message as if it had known the reader before.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from ptce_server import addresses, reruns
from ptce_server.watch import App, Message, Receive, Scope, Send

#: Longest wait for the unseen run, in seconds; the act is passed on after it in any case.
_LIMIT: Final = 30.0
#: What a component tells of itself (where a map stands, what was last clicked). It is no act: told with the unseen
#: run, it calls nothing back.
_TOLD: Final = "json_value"


class Rejoin:
    """The middleware. `base`: base path of the site; `is_known`: whether a session's id is one of this process."""

    def __init__(self, app: App, base: str = "", is_known: Callable[[str], bool] | None = None) -> None:
        self._app = app
        self._base = base
        self._is_known = is_known or _is_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request or one websocket through."""
        former = ""
        if scope["type"] == "websocket" and addresses.name(scope["path"], self._base) == addresses.STREAM:
            former = _former_session(scope)
        if not former:
            await self._app(scope, receive, send)
            return
        is_settled = is_hiding = False
        held: Message | None = None
        ended = asyncio.Event()

        async def heard() -> Message:
            nonlocal is_settled, is_hiding, held
            if held is not None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), _LIMIT)
                message, held, is_hiding = held, None, False
                return message
            message = await receive()
            if is_settled or not message.get("bytes"):
                return message
            first = _without_act(message["bytes"])
            if first is None:
                return message
            is_settled = True
            if not first or self._is_known(former):
                return message
            held, is_hiding = message, True
            return {**message, "bytes": first}

        async def told(message: Message) -> None:
            if is_hiding and message["type"] == "websocket.send":
                if message.get("bytes") and reruns.ends(message["bytes"]) == "run":
                    ended.set()
                return
            await send(message)

        await self._app(scope, heard, told)


def _former_session(scope: Scope) -> str:
    """The session that the browser had: the third of the subprotocols that Streamlit's frontend names."""
    for name, value in scope["headers"]:
        if name == b"sec-websocket-protocol":
            parts = value.decode("latin-1").split(",")
            return parts[2].strip() if len(parts) > 2 else ""
    return ""


def _without_act(data: bytes) -> bytes | None:
    """The demand for a page in `data` without the values of its widgets; empty where it holds none, None where
    `data` asks for no page."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    try:
        message = BackMsg.FromString(data)
    except Exception:
        return None
    if message.WhichOneof("type") != "rerun_script":
        return None
    asked = message.rerun_script
    if not asked.widget_states.widgets:
        return b""
    told = [state for state in asked.widget_states.widgets if state.WhichOneof("value") == _TOLD]
    del asked.widget_states.widgets[:]
    asked.widget_states.widgets.extend(told)
    asked.ClearField("fragment_id")
    return message.SerializeToString()


def _is_known(session: str) -> bool:
    """Whether Streamlit took this session up again: it does so before the first message."""
    from streamlit import runtime

    return runtime.exists() and runtime.get_instance().is_active_session(session)
