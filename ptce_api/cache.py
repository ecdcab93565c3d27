"""Answers ready to be sent, kept in memory up to a number of bytes; the least recently used goes first."""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from ptce_api.answers import CSP, Answer

_LEAST_COMPRESSED: Final = 1_000
_LEVEL: Final = 5
#: What a kept answer takes besides its content.
_OVERHEAD: Final = 1_500
#: An answer larger than this part of the memory is not kept: it would push out all others.
_LARGEST_PART: Final = 4
_COMPRESSIBLE: Final = (
    "text/",
    "application/json",
    "application/geo+json",
    "application/vnd.oai",
    "application/ld",
)

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Ready:
    """What goes over the wire."""

    status: int
    headers: Headers
    body: bytes


def ready(answer: Answer, compress: bool) -> Ready:
    """Encode an answer: its own headers, its length, gzip where asked and useful."""
    body = answer.body
    headers = [(b"content-type", answer.media_type.encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in answer.headers]
    if answer.media_type.startswith("text/html"):
        headers += [(b"content-security-policy", CSP.encode()), (b"referrer-policy", b"no-referrer")]
    if compress and len(body) >= _LEAST_COMPRESSED and answer.media_type.startswith(_COMPRESSIBLE):
        body = gzip.compress(body, _LEVEL, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    return Ready(answer.status, headers, body)


class Store:
    """Thread-safe memory of answers."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: LRUCache[object, Ready] = LRUCache(max(size, 1), getsizeof=_weight)
        self._lock = threading.Lock()

    def get(self, key: object) -> Ready | None:
        """The answer kept under `key`, or None."""
        with self._lock:
            return self._kept.get(key)

    def put(self, key: object, made: Ready) -> None:
        """Keep a successful answer that is not too large."""
        if made.status == 200 and _weight(made) * _LARGEST_PART <= self._size:
            with self._lock:
                self._kept[key] = made

    @property
    def bytes(self) -> int:
        """The memory taken."""
        return int(self._kept.currsize)


def _weight(made: Ready) -> int:
    return len(made.body) + _OVERHEAD
