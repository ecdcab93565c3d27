"""What Streamlit's websocket messages tell: a page run asked, a page run done.

Streamlit offers no measure of its own for it. The messages are its protobufs, read with its classes; one that
cannot be read is left uncounted.
"""

from __future__ import annotations

from typing import Final

#: `script_finished` and answers of operations hold a word or an address; larger messages are content.
_SMALL: Final = 1_024
_ASKED: Final = 65_536


def asks(data: bytes) -> str | None:
    """What a message from the browser starts: "run", "operation", or None."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    if len(data) > _ASKED:
        return "run"
    try:
        kind = BackMsg.FromString(data).WhichOneof("type")
    except Exception:
        return None
    return {"rerun_script": "run", "backend_operation_request": "operation"}.get(kind or "")


def ends(data: bytes) -> str | None:
    """What a message to the browser ends: "run", "operation", or None."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    if len(data) > _SMALL:
        return None
    try:
        message = ForwardMsg.FromString(data)
    except Exception:
        return None
    kind = message.WhichOneof("type")
    # A run that gives way to the next one: that one is still to come.
    if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
        return "run"
    return "operation" if kind == "backend_operation_response" else None
