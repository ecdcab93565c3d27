"""What the operator of the API may set, by environment variables (docs/api.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import limits

#: Features of one page when the asker says nothing, and at most.
DEFAULT_ITEMS: Final = 100
MAX_ITEMS: Final = 10_000
#: The same for outlines: writing more at once would hold up the pages, which share the process.
MAX_OUTLINES: Final = 2_000
#: Rows of one HTML page at most: nobody reads more, and a browser would suffer.
MAX_HTML_ITEMS: Final = 200
MAX_URL: Final = 4_096
MAX_PARAMETERS: Final = 40
#: Requests of one client. GDAL 3.6 asks for pages of ten: all communes are 3,500 requests.
DEFAULT_RATE: Final = "6000/minute"
#: Requests that may wait for an answer that is not cached; more are sent away with 503.
MAX_WAITING: Final = 64
#: Answers made at the same time: the rest of the process belongs to the pages.
WORKERS: Final = 2

_ADDRESS: Final = re.compile(r"^https?://[A-Za-z0-9.\-]+(:\d{1,5})?(/[A-Za-z0-9._~\-]+)*/?$")


@dataclass(frozen=True)
class Settings:
    """`public_url`: address of the site without `/api`, None to follow each request. `rate`: requests per
    client, written as by the library `limits` ("6000/minute"), None for no limit. `cache_bytes`: memory of kept
    answers."""

    public_url: str | None = None
    rate: str | None = DEFAULT_RATE
    cache_bytes: int = 64 * 2**20


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `PTCE_PUBLIC_URL`, `PTCE_API_RATE` ("0": none) and `PTCE_API_CACHE_MB`.

    Raises ValueError with a French sentence for a value that cannot be used.
    """
    given = os.environ if environment is None else environment
    url = given.get("PTCE_PUBLIC_URL", "").strip() or None
    if url is not None and not _ADDRESS.match(url):
        raise ValueError("PTCE_PUBLIC_URL doit être une adresse http:// ou https:// sans paramètre.")
    rate = given.get("PTCE_API_RATE", "").strip() or DEFAULT_RATE
    memory = given.get("PTCE_API_CACHE_MB", "").strip() or "64"
    if not memory.isdecimal():
        raise ValueError("PTCE_API_CACHE_MB doit être un nombre entier de mégaoctets.")
    if rate != "0":
        try:
            limits.parse(rate)
        except ValueError:
            raise ValueError("PTCE_API_RATE doit être de la forme 6000/minute, ou 0.") from None
    return Settings(url.rstrip("/") if url else None, None if rate == "0" else rate, int(memory) * 2**20)
