"""Paths that clients ask -> the few names that measures and logs keep.

A path may hold a file's secret name, a search or a thousand identifiers: neither measures (one series per
name) nor logs (read by others) may repeat it.
"""

from __future__ import annotations

import re
from typing import Final

#: First pattern that fits, below the base path. `{…}` stands for what the client wrote.
_KNOWN: Final = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"/healthz", "/healthz"),
        (r"/readyz", "/readyz"),
        (r"/metrics", "/metrics"),
        (r"/api/?", "/api"),
        (r"/api/(openapi|conformance|collections|catalogue\.jsonld|catalogue\.ttl|style\.css)/?", r"/api/\1"),
        (r"/api/collections/[^/]+/?", "/api/collections/{collection}"),
        (r"/api/collections/[^/]+/(queryables|schema|items)/?", r"/api/collections/{collection}/\1"),
        (r"/api/collections/[^/]+/items/[^/]+/?", "/api/collections/{collection}/items/{id}"),
        (r"/api/package(/.*)?", "/api/package/{file}"),
        (r"/api/.*", "/api/{other}"),
        (r"(?:/.*)?/_stcore/(stream|health|host-config|metrics)", r"/_stcore/\1"),
        (r"/_stcore/upload_file/.*", "/_stcore/upload_file/{file}"),
        (r"/_stcore/.*", "/_stcore/{other}"),
        (r"/media/.*", "/media/{file}"),
        (r"/app/static/(gen|own|vendor)/.*", r"/app/static/\1/{file}"),
        (r"/app/static/.*", "/app/static/{file}"),
        (r"/static/.*", "/static/{file}"),
        (r"/component/.*", "/component/{file}"),
        (r"/(oauth2callback|auth/.*)", "/auth"),
        (r"/", "/"),
        (r"/[a-z]{1,20}/?", "/{page}"),
    )
)
OTHER: Final = "{other}"
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"})
#: Answers to probes: no work of a user, nothing to wait for.
PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics", "/_stcore/health", "/_stcore/metrics"})
STREAM: Final = "/_stcore/stream"


def name(path: str, base: str = "") -> str:
    """The name of the route of `path`; `base`: base path of the site, without its last slash."""
    if base and (path == base or path.startswith(f"{base}/")):
        path = path[len(base) :] or "/"
    for pattern, template in _KNOWN:
        found = pattern.fullmatch(path)
        if found:
            return found.expand(template) if "\\" in template else template
    return OTHER


def method(asked: str) -> str:
    """The method, or `AUTRE` for one that HTTP does not know."""
    return asked if asked in METHODS else "AUTRE"
