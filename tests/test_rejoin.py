"""The first message of a session that this process does not know: the page first, unseen, then the message."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ptce_server.rejoin import Rejoin


def demand(*values: str) -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = "q=lille"
    for value in values:
        message.rerun_script.widget_states.widgets.add(id=f"$$ID-x-{value}", string_value=value)
    if values:
        message.rerun_script.fragment_id = "f"
        message.rerun_script.widget_states.widgets.add(id="$$ID-x-carte", json_value="{}")
    return message.SerializeToString()


def passed(first: bytes, former: str, is_known: bool) -> tuple[list[bytes], list[bytes]]:
    """What the application hears of `first` and of a second demand, and what the browser is told."""
    heard: list[bytes] = []
    told: list[bytes] = []
    coming = [first, demand("ensuite")]

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "bytes": coming.pop(0)}

    async def send(message: Any) -> None:
        told.append(message["bytes"])

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while coming or len(heard) < 2:
            heard.append((await receive())["bytes"])
            page = ForwardMsg()
            page.new_session.page_script_hash = str(len(heard))
            await send({"type": "websocket.send", "bytes": page.SerializeToString()})
            end = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
            await send({"type": "websocket.send", "bytes": end.SerializeToString()})

    named = b"streamlit, jeton" + (f", {former}".encode() if former else b"")
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"sec-websocket-protocol", named)]}
    asyncio.run(Rejoin(app, is_known=lambda session: is_known)(scope, receive, send))
    return heard, told


def test_a_lost_session_gets_its_page_then_what_its_reader_did() -> None:
    act = demand("tiers")
    heard, told = passed(act, "perdue", is_known=False)
    unseen = BackMsg.FromString(heard[0]).rerun_script
    assert [w.id for w in unseen.widget_states.widgets] == ["$$ID-x-carte"], (
        "la carte dit où elle est, sans rappel"
    )
    assert (unseen.query_string, unseen.fragment_id) == ("q=lille", "")
    assert heard[1:] == [act, demand("ensuite")]
    seen = [ForwardMsg.FromString(m).new_session.page_script_hash for m in told[::2]]
    assert seen == ["2", "3"], "le navigateur ne voit que la page qui suit le geste"


@pytest.mark.parametrize(
    ("first", "former", "is_known"),
    [
        (demand("tiers"), "reprise", True),
        (demand("tiers"), "", False),
        (demand(), "perdue", False),
        (b"\xff\xff", "perdue", True),
    ],
)
def test_everything_else_passes_as_it_is(first: bytes, former: str, is_known: bool) -> None:
    heard, told = passed(first, former, is_known)
    assert heard == [first, demand("ensuite")]
    assert len(told) == 4
